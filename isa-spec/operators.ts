/**
 * Value operators: the closed vocabulary of meanings. Names and semantics are WebAssembly's own.
 *
 * This table gives signatures and the reference meaning, exact and slow: i64 is a signed bigint, i32
 * a signed number, f32 a number that binary32 can hold. Each engine spells every operator once more
 * in its own table, keyed by `Operator`, so that a forgotten row does not compile. No operator here
 * traps: a meaning tests first (`trapIf`) what would.
 */
import type { ExpressionType, Value } from './types.js';

/** One operator: argument types, result type, meaning. */
export interface OperatorRow {
  readonly takes: readonly ExpressionType[];
  readonly gives: ExpressionType;
  /** The exact result; arguments are in range of their types. */
  readonly evaluate: (...values: never[]) => Value;
}

const scratch = new DataView(new ArrayBuffer(8));
const s64 = (value: bigint): bigint => BigInt.asIntN(64, value);
const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);
const s32 = (value: bigint): number => Number(BigInt.asIntN(32, value));
const u32 = (value: number): bigint => BigInt.asUintN(32, BigInt(value));
const bit = (condition: boolean): number => (condition ? 1 : 0);

const leadingZeros = (value: bigint, width: number): number => width - (value === 0n ? 0 : value.toString(2).length);
function trailingZeros(value: bigint, width: number): number {
  let count = 0;
  while (count < width && ((value >> BigInt(count)) & 1n) === 0n) count++;
  return count;
}
const setBits = (value: bigint): number => value.toString(2).replaceAll('0', '').length * bit(value !== 0n);
const rotate = (value: bigint, by: bigint, width: bigint): bigint => (value << by) | (value >> ((width - by) % width));

function saturate(value: number, low: bigint, high: bigint): bigint {
  if (Number.isNaN(value)) return 0n;
  if (value === Infinity) return high;
  if (value === -Infinity) return low;
  const whole = BigInt(Math.trunc(value));
  return whole < low ? low : whole > high ? high : whole;
}

function nearest(value: number): number {
  if (!Number.isFinite(value) || Math.abs(value) >= 2 ** 52) return value;
  const below = Math.floor(value);
  const rest = value - below;
  const up = rest > 0.5 || (rest === 0.5 && below % 2 !== 0);
  const rounded = up ? below + 1 : below;
  return rounded === 0 && (value < 0 || Object.is(value, -0)) ? -0 : rounded;
}

/** i64 to binary32 in one rounding (through binary64 it would round twice), ties to even. */
function roundToF32(value: bigint): number {
  const magnitude = value < 0n ? -value : value;
  const shift = BigInt(Math.max(magnitude.toString(2).length - 24, 0));
  let kept = magnitude >> shift;
  const rest = magnitude - (kept << shift);
  const half = shift === 0n ? 1n : 1n << (shift - 1n);
  if (rest > half || (rest === half && shift > 0n && (kept & 1n) === 1n)) kept += 1n;
  const result = Number(kept << shift);
  return value < 0n ? -result : result;
}

const i32 = {
  unary:   (evaluate: (a: number) => number) => ({ takes: ['i32'], gives: 'i32', evaluate }) as const,
  binary:  (evaluate: (a: bigint, b: bigint) => bigint) =>
    ({ takes: ['i32', 'i32'], gives: 'i32', evaluate: (a: number, b: number) => s32(evaluate(BigInt(a), BigInt(b))) }) as const,
  unsigned: (evaluate: (a: bigint, b: bigint) => bigint) =>
    ({ takes: ['i32', 'i32'], gives: 'i32', evaluate: (a: number, b: number) => s32(evaluate(u32(a), u32(b))) }) as const,
  shift:   (evaluate: (a: bigint, by: bigint) => bigint) =>
    ({ takes: ['i32', 'i32'], gives: 'i32', evaluate: (a: number, b: number) => s32(evaluate(BigInt(a), BigInt(b) & 31n)) }) as const,
  ushift:  (evaluate: (a: bigint, by: bigint) => bigint) =>
    ({ takes: ['i32', 'i32'], gives: 'i32', evaluate: (a: number, b: number) => s32(evaluate(u32(a), BigInt(b) & 31n)) }) as const,
  compare: (evaluate: (a: number, b: number) => boolean) =>
    ({ takes: ['i32', 'i32'], gives: 'i32', evaluate: (a: number, b: number) => bit(evaluate(a, b)) }) as const,
  ucompare: (evaluate: (a: bigint, b: bigint) => boolean) =>
    ({ takes: ['i32', 'i32'], gives: 'i32', evaluate: (a: number, b: number) => bit(evaluate(u32(a), u32(b))) }) as const,
};
const i64 = {
  unary:   (evaluate: (a: bigint) => bigint) => ({ takes: ['i64'], gives: 'i64', evaluate: (a: bigint) => s64(evaluate(a)) }) as const,
  binary:  (evaluate: (a: bigint, b: bigint) => bigint) =>
    ({ takes: ['i64', 'i64'], gives: 'i64', evaluate: (a: bigint, b: bigint) => s64(evaluate(a, b)) }) as const,
  unsigned: (evaluate: (a: bigint, b: bigint) => bigint) =>
    ({ takes: ['i64', 'i64'], gives: 'i64', evaluate: (a: bigint, b: bigint) => s64(evaluate(u64(a), u64(b))) }) as const,
  shift:   (evaluate: (a: bigint, by: bigint) => bigint) =>
    ({ takes: ['i64', 'i64'], gives: 'i64', evaluate: (a: bigint, b: bigint) => s64(evaluate(a, b & 63n)) }) as const,
  ushift:  (evaluate: (a: bigint, by: bigint) => bigint) =>
    ({ takes: ['i64', 'i64'], gives: 'i64', evaluate: (a: bigint, b: bigint) => s64(evaluate(u64(a), b & 63n)) }) as const,
  compare: (evaluate: (a: bigint, b: bigint) => boolean) =>
    ({ takes: ['i64', 'i64'], gives: 'i32', evaluate: (a: bigint, b: bigint) => bit(evaluate(a, b)) }) as const,
  ucompare: (evaluate: (a: bigint, b: bigint) => boolean) =>
    ({ takes: ['i64', 'i64'], gives: 'i32', evaluate: (a: bigint, b: bigint) => bit(evaluate(u64(a), u64(b))) }) as const,
};
const f64 = {
  unary:   (evaluate: (a: number) => number) => ({ takes: ['f64'], gives: 'f64', evaluate }) as const,
  binary:  (evaluate: (a: number, b: number) => number) => ({ takes: ['f64', 'f64'], gives: 'f64', evaluate }) as const,
  compare: (evaluate: (a: number, b: number) => boolean) =>
    ({ takes: ['f64', 'f64'], gives: 'i32', evaluate: (a: number, b: number) => bit(evaluate(a, b)) }) as const,
};

const rows = {
  'i32.add':          i32.binary((a, b) => a + b),
  'i32.sub':          i32.binary((a, b) => a - b),
  'i32.mul':          i32.binary((a, b) => a * b),
  'i32.div_s':        i32.binary((a, b) => a / b),
  'i32.div_u':        i32.unsigned((a, b) => a / b),
  'i32.rem_s':        i32.binary((a, b) => a % b),
  'i32.rem_u':        i32.unsigned((a, b) => a % b),
  'i32.and':          i32.binary((a, b) => a & b),
  'i32.or':           i32.binary((a, b) => a | b),
  'i32.xor':          i32.binary((a, b) => a ^ b),
  'i32.shl':          i32.shift((a, by) => a << by),
  'i32.shr_s':        i32.shift((a, by) => a >> by),
  'i32.shr_u':        i32.ushift((a, by) => a >> by),
  'i32.rotl':         i32.ushift((a, by) => rotate(a, by, 32n)),
  'i32.rotr':         i32.ushift((a, by) => rotate(a, (32n - by) % 32n, 32n)),
  'i32.clz':          i32.unary((a) => leadingZeros(u32(a), 32)),
  'i32.ctz':          i32.unary((a) => trailingZeros(u32(a), 32)),
  'i32.popcnt':       i32.unary((a) => setBits(u32(a))),
  'i32.extend8_s':    i32.unary((a) => Number(BigInt.asIntN(8, BigInt(a)))),
  'i32.extend16_s':   i32.unary((a) => Number(BigInt.asIntN(16, BigInt(a)))),
  'i32.eqz':          i32.unary((a) => bit(a === 0)),
  'i32.eq':           i32.compare((a, b) => a === b),
  'i32.ne':           i32.compare((a, b) => a !== b),
  'i32.lt_s':         i32.compare((a, b) => a < b),
  'i32.le_s':         i32.compare((a, b) => a <= b),
  'i32.gt_s':         i32.compare((a, b) => a > b),
  'i32.ge_s':         i32.compare((a, b) => a >= b),
  'i32.lt_u':         i32.ucompare((a, b) => a < b),
  'i32.le_u':         i32.ucompare((a, b) => a <= b),
  'i32.gt_u':         i32.ucompare((a, b) => a > b),
  'i32.ge_u':         i32.ucompare((a, b) => a >= b),

  'i64.add':          i64.binary((a, b) => a + b),
  'i64.sub':          i64.binary((a, b) => a - b),
  'i64.mul':          i64.binary((a, b) => a * b),
  'i64.div_s':        i64.binary((a, b) => a / b),
  'i64.div_u':        i64.unsigned((a, b) => a / b),
  'i64.rem_s':        i64.binary((a, b) => a % b),
  'i64.rem_u':        i64.unsigned((a, b) => a % b),
  'i64.and':          i64.binary((a, b) => a & b),
  'i64.or':           i64.binary((a, b) => a | b),
  'i64.xor':          i64.binary((a, b) => a ^ b),
  'i64.shl':          i64.shift((a, by) => a << by),
  'i64.shr_s':        i64.shift((a, by) => a >> by),
  'i64.shr_u':        i64.ushift((a, by) => a >> by),
  'i64.rotl':         i64.ushift((a, by) => rotate(a, by, 64n)),
  'i64.rotr':         i64.ushift((a, by) => rotate(a, (64n - by) % 64n, 64n)),
  'i64.clz':          i64.unary((a) => BigInt(leadingZeros(u64(a), 64))),
  'i64.ctz':          i64.unary((a) => BigInt(trailingZeros(u64(a), 64))),
  'i64.popcnt':       i64.unary((a) => BigInt(setBits(u64(a)))),
  'i64.extend8_s':    i64.unary((a) => BigInt.asIntN(8, a)),
  'i64.extend16_s':   i64.unary((a) => BigInt.asIntN(16, a)),
  'i64.extend32_s':   i64.unary((a) => BigInt.asIntN(32, a)),
  'i64.eq':           i64.compare((a, b) => a === b),
  'i64.ne':           i64.compare((a, b) => a !== b),
  'i64.lt_s':         i64.compare((a, b) => a < b),
  'i64.le_s':         i64.compare((a, b) => a <= b),
  'i64.lt_u':         i64.ucompare((a, b) => a < b),
  'i64.le_u':         i64.ucompare((a, b) => a <= b),

  'f64.add':          f64.binary((a, b) => a + b),
  'f64.sub':          f64.binary((a, b) => a - b),
  'f64.mul':          f64.binary((a, b) => a * b),
  'f64.div':          f64.binary((a, b) => a / b),
  'f64.min':          f64.binary((a, b) => Math.min(a, b)),
  'f64.max':          f64.binary((a, b) => Math.max(a, b)),
  'f64.copysign':     f64.binary((a, b) => (b < 0 || Object.is(b, -0) ? -Math.abs(a) : Math.abs(a))),
  'f64.neg':          f64.unary((a) => -a),
  'f64.abs':          f64.unary((a) => Math.abs(a)),
  'f64.sqrt':         f64.unary((a) => Math.sqrt(a)),
  'f64.floor':        f64.unary((a) => Math.floor(a)),
  'f64.ceil':         f64.unary((a) => Math.ceil(a)),
  'f64.trunc':        f64.unary((a) => Math.trunc(a)),
  'f64.nearest':      f64.unary(nearest),
  'f64.eq':           f64.compare((a, b) => a === b),
  'f64.ne':           f64.compare((a, b) => a !== b),
  'f64.lt':           f64.compare((a, b) => a < b),
  'f64.le':           f64.compare((a, b) => a <= b),

  'i32.wrap_i64':         { takes: ['i64'], gives: 'i32', evaluate: (a: bigint) => s32(a) },
  'i64.extend_i32_s':     { takes: ['i32'], gives: 'i64', evaluate: (a: number) => BigInt(a) },
  'i64.extend_i32_u':     { takes: ['i32'], gives: 'i64', evaluate: (a: number) => u32(a) },
  'f64.convert_i32_s':    { takes: ['i32'], gives: 'f64', evaluate: (a: number) => a },
  'f64.convert_i32_u':    { takes: ['i32'], gives: 'f64', evaluate: (a: number) => Number(u32(a)) },
  'f64.convert_i64_s':    { takes: ['i64'], gives: 'f64', evaluate: (a: bigint) => Number(a) },
  'f64.convert_i64_u':    { takes: ['i64'], gives: 'f64', evaluate: (a: bigint) => Number(u64(a)) },
  'i32.trunc_sat_f64_s':  { takes: ['f64'], gives: 'i32', evaluate: (a: number) => s32(saturate(a, -(2n ** 31n), 2n ** 31n - 1n)) },
  'i32.trunc_sat_f64_u':  { takes: ['f64'], gives: 'i32', evaluate: (a: number) => s32(saturate(a, 0n, 2n ** 32n - 1n)) },
  'i64.trunc_sat_f64_s':  { takes: ['f64'], gives: 'i64', evaluate: (a: number) => saturate(a, -(2n ** 63n), 2n ** 63n - 1n) },
  'i64.trunc_sat_f64_u':  { takes: ['f64'], gives: 'i64', evaluate: (a: number) => s64(saturate(a, 0n, 2n ** 64n - 1n)) },
  'i64.reinterpret_f64':  { takes: ['f64'], gives: 'i64', evaluate: (a: number) => (scratch.setFloat64(0, a), scratch.getBigInt64(0)) },
  'f64.reinterpret_i64':  { takes: ['i64'], gives: 'f64', evaluate: (a: bigint) => (scratch.setBigInt64(0, a), scratch.getFloat64(0)) },
  'i32.reinterpret_f32':  { takes: ['f32'], gives: 'i32', evaluate: (a: number) => (scratch.setFloat32(0, a), scratch.getInt32(0)) },
  'f32.reinterpret_i32':  { takes: ['i32'], gives: 'f32', evaluate: (a: number) => (scratch.setInt32(0, a), scratch.getFloat32(0)) },
  'f32.demote_f64':       { takes: ['f64'], gives: 'f32', evaluate: (a: number) => Math.fround(a) },
  'f64.promote_f32':      { takes: ['f32'], gives: 'f64', evaluate: (a: number) => a },
  'f32.convert_i64_s':    { takes: ['i64'], gives: 'f32', evaluate: (a: bigint) => roundToF32(a) },
  'f32.convert_i64_u':    { takes: ['i64'], gives: 'f32', evaluate: (a: bigint) => roundToF32(u64(a)) },
} as const satisfies Record<string, OperatorRow>;

/** The name of a value operator, spelt as in WebAssembly. */
export type Operator = keyof typeof rows;

/** Every operator with its signature and reference meaning. */
export const OPERATORS: Readonly<Record<Operator, OperatorRow>> = Object.freeze(rows);

/** The canonical NaN of binary64, as its 64 bits. */
export const CANONICAL_NAN_BITS = 0x7ff8000000000000n;
