/**
 * What a row of the book is made of: operands, groups, and the shape of one row.
 *
 * Operands have no positions of their own: `encoding.ts` lays them out from their order and kinds.
 */
import type { Effect } from './meaning.js';
import type { ValueType } from './types.js';

/**
 * The kind of an operand: how many bits, how they are read, what they may be.
 *
 * In the instruction's bytes: `write` and `read` (a register), `imm8` (signed), `imm16` (signed),
 * `offset8` (unsigned), `branch8` and `branch24` (signed words from the instruction itself), `trap`.
 * In words that follow: `imm32`, `imm64`, `float64`, `offset32` (unsigned), `branch32`, `function`,
 * `signature`. Lists: `targets` (u16 count of cases, then one branch32 for each case and the default), `values` and
 * `results` (u8 count, registers packed four to a word).
 */
export type OperandKind =
  | 'write' | 'read'
  | 'imm8' | 'imm16' | 'imm32' | 'imm64' | 'float64'
  | 'offset8' | 'offset32'
  | 'branch8' | 'branch24' | 'branch32' | 'targets'
  | 'function' | 'signature' | 'trap'
  | 'values' | 'results';

/** One operand of an instruction. */
export interface Operand {
  /** The name that the row's meaning uses. */
  readonly name: string;
  readonly kind: OperandKind;
  /** The type of the register or immediate, where it has one. */
  readonly type?: ValueType;
}

/** A conformance group: an engine has all of a group or none; a binary names those it uses. */
export type Group = 'base' | 'int64' | 'float64' | 'float32' | 'bulk' | 'ports';

/** The groups with the version that this book describes. */
export const GROUPS: Readonly<Record<Group, number>> = Object.freeze({
  base: 1, int64: 1, float64: 1, float32: 1, bulk: 1, ports: 1,
});

/** One row as the book writes it. */
export interface RowText {
  /** 0 to 254: the first byte. 0x100 to 0x1ff: the second byte, behind the escape byte 0xff. */
  readonly opcode: number;
  readonly operands: readonly Operand[];
  readonly group: Group;
  /** One line: what it does. */
  readonly doc: string;
  readonly does: readonly Effect[];
  /** The row of which this is a short form; it must be used whenever its operands fit. */
  readonly shortens?: string;
}

/** One instruction: the row with all that its name tells. */
export interface Row extends RowText {
  /** The row's key, for example `br_lt_i32_imm_near`. */
  readonly name: string;
  /** The mnemonic whose form the encoder picks: `br_lt_i32`. */
  readonly mnemonic: string;
  /** The mnemonic without types, by which source text may call it: `br_lt`. */
  readonly family: string;
}
