/**
 * Meanings: what an instruction does, as a short tree in a closed vocabulary.
 *
 * An expression computes; an effect changes something. Both are closed unions: every consumer
 * (reference evaluator, interpreter generator, compiler) ends its switch in a `never` check.
 * Nothing here knows an instruction, an encoding or an engine.
 */
import type { Operator } from './operators.js';
import type { TrapKind } from './traps.js';
import type { ExpressionType, Value } from './types.js';

/** A memory access: how many bytes, how they become a value of `type`. */
export type Access =
  | 'i32.load' | 'i32.load8_s' | 'i32.load8_u' | 'i32.load16_s' | 'i32.load16_u'
  | 'i64.load' | 'i64.load8_s' | 'i64.load8_u' | 'i64.load16_s' | 'i64.load16_u' | 'i64.load32_s' | 'i64.load32_u'
  | 'f64.load' | 'f32.load'
  | 'i32.store' | 'i32.store8' | 'i32.store16'
  | 'i64.store' | 'i64.store8' | 'i64.store16' | 'i64.store32'
  | 'f64.store' | 'f32.store';

/** One access: bytes touched and the type of the value on the register side. */
export interface AccessRow {
  readonly bytes: 1 | 2 | 4 | 8;
  readonly type: ExpressionType;
}

/** Every access. Memory is little-endian; any alignment is allowed. */
export const ACCESSES: Readonly<Record<Access, AccessRow>> = Object.freeze({
  'i32.load':     { bytes: 4, type: 'i32' },
  'i32.load8_s':  { bytes: 1, type: 'i32' },
  'i32.load8_u':  { bytes: 1, type: 'i32' },
  'i32.load16_s': { bytes: 2, type: 'i32' },
  'i32.load16_u': { bytes: 2, type: 'i32' },
  'i64.load':     { bytes: 8, type: 'i64' },
  'i64.load8_s':  { bytes: 1, type: 'i64' },
  'i64.load8_u':  { bytes: 1, type: 'i64' },
  'i64.load16_s': { bytes: 2, type: 'i64' },
  'i64.load16_u': { bytes: 2, type: 'i64' },
  'i64.load32_s': { bytes: 4, type: 'i64' },
  'i64.load32_u': { bytes: 4, type: 'i64' },
  'f64.load':     { bytes: 8, type: 'f64' },
  'f32.load':     { bytes: 4, type: 'f32' },
  'i32.store':    { bytes: 4, type: 'i32' },
  'i32.store8':   { bytes: 1, type: 'i32' },
  'i32.store16':  { bytes: 2, type: 'i32' },
  'i64.store':    { bytes: 8, type: 'i64' },
  'i64.store8':   { bytes: 1, type: 'i64' },
  'i64.store16':  { bytes: 2, type: 'i64' },
  'i64.store32':  { bytes: 4, type: 'i64' },
  'f64.store':    { bytes: 8, type: 'f64' },
  'f32.store':    { bytes: 4, type: 'f32' },
});

/**
 * An expression. `operand` reads the operand of that name: a register's value, or an immediate.
 * `load` takes the unsigned sum of an optional i32 base and an unsigned offset, without wrap; not
 * wholly inside memory it traps `memory_access` before anything is written.
 */
export type Expression =
  | { readonly kind: 'operand'; readonly name: string }
  | { readonly kind: 'constant'; readonly type: ExpressionType; readonly value: Value }
  | { readonly kind: 'apply'; readonly operator: Operator; readonly values: readonly Expression[] }
  | { readonly kind: 'select'; readonly condition: Expression; readonly then: Expression; readonly otherwise: Expression }
  | { readonly kind: 'load'; readonly access: Access; readonly base: Expression | undefined; readonly offset: Expression }
  | { readonly kind: 'memory_bytes' };

/**
 * An effect. Operand names are those of the row. Traps stand before writes in every row.
 *
 * - `set` writes a register. `store` writes memory.
 * - `branch` goes to a target when its condition is not zero; `jump` always; `jump_table` by an
 *   unsigned index, the last target standing for all indexes past the cases.
 * - `call`, `call_table`, `return`: frames. `trap` stops with the kind an immediate names.
 * - `check`: out of fuel, suspend here; else charge one.
 * - `copy`, `fill`: bulk memory; charge one unit for each 64 bytes begun.
 * - `bell`, `wait`, `poll`: the only doors to the world.
 */
export type Effect =
  | { readonly kind: 'set'; readonly to: string; readonly value: Expression }
  | { readonly kind: 'store'; readonly access: Access; readonly base: Expression | undefined; readonly offset: Expression; readonly value: Expression }
  | { readonly kind: 'trap_if'; readonly condition: Expression; readonly trap: TrapKind }
  | { readonly kind: 'trap'; readonly code: string }
  | { readonly kind: 'branch'; readonly condition: Expression; readonly target: string }
  | { readonly kind: 'jump'; readonly target: string }
  | { readonly kind: 'jump_table'; readonly index: Expression; readonly targets: string }
  | { readonly kind: 'call'; readonly callee: string; readonly values: string; readonly results: string }
  | { readonly kind: 'call_table'; readonly index: Expression; readonly signature: string; readonly values: string; readonly results: string }
  | { readonly kind: 'return'; readonly values: string }
  | { readonly kind: 'check' }
  | { readonly kind: 'copy'; readonly to: Expression; readonly from: Expression; readonly bytes: Expression }
  | { readonly kind: 'fill'; readonly to: Expression; readonly value: Expression; readonly bytes: Expression }
  | { readonly kind: 'bell'; readonly port: Expression }
  | { readonly kind: 'wait'; readonly to: string; readonly mask: Expression }
  | { readonly kind: 'poll'; readonly to: string; readonly mask: Expression };

/** Reads an operand. */
export const operand = (name: string): Expression => ({ kind: 'operand', name });
/** A constant of a type. */
export const constant = (type: ExpressionType, value: Value): Expression => ({ kind: 'constant', type, value });
/** Applies an operator. */
export const apply = (operator: Operator, ...values: Expression[]): Expression => ({ kind: 'apply', operator, values });
/** `then` if the i32 condition is not zero, else `otherwise`; both are evaluated. */
export const select = (condition: Expression, then: Expression, otherwise: Expression): Expression =>
  ({ kind: 'select', condition, then, otherwise });
/** Loads from memory. */
export const load = (access: Access, base: Expression | undefined, offset: Expression): Expression =>
  ({ kind: 'load', access, base, offset });
/** An f64 with the canonical NaN in place of any NaN: stands wherever bits become visible. */
export const canonical = (value: Expression): Expression =>
  select(apply('f64.eq', value, value), value, constant('f64', Number.NaN));

/** Whether an expression is `canonical` of its `then`. */
export const isCanonical = (expression: Expression): boolean =>
  expression.kind === 'select' && expression.otherwise.kind === 'constant' && Number.isNaN(expression.otherwise.value) &&
  expression.condition.kind === 'apply' && expression.condition.operator === 'f64.eq' &&
  expression.condition.values.every((value) => value === expression.then);

/** Writes a register. */
export const set = (to: string, value: Expression): Effect => ({ kind: 'set', to, value });
/** Writes memory. */
export const store = (access: Access, base: Expression | undefined, offset: Expression, value: Expression): Effect =>
  ({ kind: 'store', access, base, offset, value });
/** Traps when the i32 condition is not zero. */
export const trapIf = (condition: Expression, trap: TrapKind): Effect => ({ kind: 'trap_if', condition, trap });
