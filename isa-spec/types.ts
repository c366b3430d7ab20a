/**
 * Value types: what a register can hold, and the one transient type of an expression.
 *
 * A register has one declared type for the whole life of its frame. `f32` never lives in a
 * register: it is what stands between a narrowing and a widening inside one meaning.
 */

/** A register's type: two's-complement integers of 32 and 64 bits, and IEEE 754 binary64. */
export type ValueType = 'i32' | 'i64' | 'f64';

/** A type inside an expression: a register's type, or the transient binary32. */
export type ExpressionType = ValueType | 'f32';

/** The register types in the order of their codes in a binary: the code is the index. */
export const VALUE_TYPES: readonly ValueType[] = Object.freeze(['i32', 'i64', 'f64']);

/** A value as the slow, exact engines hold it: `i64` is a signed bigint, the others are numbers. */
export type Value = number | bigint;
