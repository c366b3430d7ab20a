/**
 * Arithmetic that has no short spelling in JavaScript: what the generated interpreter calls.
 *
 * i64 values come and go as halves: a function returns the low half and leaves the high one in `HIGH[0]`. Globals are held as constants,
 * since some hosts make every look-up of a global slow. Division by zero and overflow are tested before these are called.
 */

/** The high half of the last i64 result. */
export const HIGH = new Int32Array(1);
/** The powers of two as i64: a product with one is a shift. */
export const POWERS = BigInt64Array.from({ length: 64 }, (_, index) => 1n << BigInt(index));

export const { imul, clz32, min, max, abs, sqrt, floor, ceil, trunc, fround } = Math;
export const toBig = BigInt;
const toNumber = Number;
export const { asIntN } = BigInt;
const notANumber = Number.isNaN;

const TWO_32 = 4294967296;
const scratch = new DataView(new ArrayBuffer(8));

function give(value: bigint): number {
  HIGH[0] = toNumber(asIntN(32, value >> 32n));
  return toNumber(asIntN(32, value));
}
const signed = (low: number, high: number): bigint => (toBig(high) << 32n) | toBig(low >>> 0);
const unsigned = (low: number, high: number): bigint => (toBig(high >>> 0) << 32n) | toBig(low >>> 0);

/** Whether both values are from 0 to 2^53 - 1, where doubles divide integers exactly. */
const bothSafe = (ah: number, bh: number): boolean => ah >>> 0 < 0x200000 && bh >>> 0 < 0x200000;

function giveSafe(value: number): number {
  HIGH[0] = floor(value / TWO_32);
  return value | 0;
}

export function divide64(al: number, ah: number, bl: number, bh: number): number {
  if (bothSafe(ah, bh)) return giveSafe(floor((ah * TWO_32 + (al >>> 0)) / (bh * TWO_32 + (bl >>> 0))));
  return give(signed(al, ah) / signed(bl, bh));
}
export function divideUnsigned64(al: number, ah: number, bl: number, bh: number): number {
  if (bothSafe(ah, bh)) return giveSafe(floor((ah * TWO_32 + (al >>> 0)) / (bh * TWO_32 + (bl >>> 0))));
  return give(unsigned(al, ah) / unsigned(bl, bh));
}
export function remainder64(al: number, ah: number, bl: number, bh: number): number {
  if (bothSafe(ah, bh)) return giveSafe((ah * TWO_32 + (al >>> 0)) % (bh * TWO_32 + (bl >>> 0)));
  return give(signed(al, ah) % signed(bl, bh));
}
export function remainderUnsigned64(al: number, ah: number, bl: number, bh: number): number {
  if (bothSafe(ah, bh)) return giveSafe((ah * TWO_32 + (al >>> 0)) % (bh * TWO_32 + (bl >>> 0)));
  return give(unsigned(al, ah) % unsigned(bl, bh));
}

export function countTrailingZeros(a: number): number {
  return a === 0 ? 32 : 31 - clz32(a & -a);
}
export function countOnes(a: number): number {
  let bits = a - ((a >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

export function copysign(a: number, b: number): number {
  const magnitude = abs(a);
  return b < 0 || (b === 0 && 1 / b < 0) ? -magnitude : magnitude;
}
export function nearest(a: number): number {
  const whole = floor(a);
  const rest = a - whole;
  if (rest === 0 || notANumber(rest)) return a;
  const rounded = rest > 0.5 || (rest === 0.5 && whole % 2 !== 0) ? whole + 1 : whole;
  return copysign(rounded, a);
}

export function truncateToI32(a: number): number {
  return a >= 2147483648 ? 2147483647 : a < -2147483648 ? -2147483648 : a | 0;
}
export function truncateToU32(a: number): number {
  return a >= TWO_32 ? -1 : a > 0 ? a | 0 : 0;
}
export function truncateToI64(a: number): number {
  if (notANumber(a)) return giveSafe(0);
  if (a >= 2 ** 63) {
    HIGH[0] = 0x7fffffff;
    return -1;
  }
  if (a < -(2 ** 63)) {
    HIGH[0] = -0x80000000;
    return 0;
  }
  const whole = trunc(a);
  const high = floor(whole / TWO_32);
  HIGH[0] = high;
  return (whole - high * TWO_32) | 0;
}
export function truncateToU64(a: number): number {
  if (!(a > 0)) return giveSafe(0);
  if (a >= 2 ** 64) {
    HIGH[0] = -1;
    return -1;
  }
  const whole = trunc(a);
  const high = floor(whole / TWO_32);
  HIGH[0] = high;
  return (whole - high * TWO_32) | 0;
}

/**
 * i64 to binary32 in one rounding. From 2^53 on, a set bit among the low 11 is kept as bit 11 of a value whose low bits are
 * cleared: that fits a double exactly and lies on the same side of every tie of binary32.
 */
export function i64ToF32(low: number, high: number): number {
  const value = high * TWO_32 + (low >>> 0);
  if (value > -(2 ** 53) && value < 2 ** 53) return fround(value);
  const kept = (low & ~0x7ff) | ((low & 0x7ff) === 0 ? 0 : 0x800);
  return fround(high * TWO_32 + (kept >>> 0));
}
export function u64ToF32(low: number, high: number): number {
  const value = (high >>> 0) * TWO_32 + (low >>> 0);
  if (value < 2 ** 53) return fround(value);
  const kept = (low & ~0x7ff) | ((low & 0x7ff) === 0 ? 0 : 0x800);
  return fround((high >>> 0) * TWO_32 + (kept >>> 0));
}

/** The bits of a number, any NaN as the canonical one: a JavaScript number does not tell one NaN from another. */
export function bitsOfF64(a: number): number {
  if (notANumber(a)) {
    HIGH[0] = 0x7ff80000;
    return 0;
  }
  scratch.setFloat64(0, a);
  HIGH[0] = scratch.getInt32(0);
  return scratch.getInt32(4);
}
export function f64OfBits(low: number, high: number): number {
  scratch.setInt32(0, high);
  scratch.setInt32(4, low);
  return scratch.getFloat64(0);
}
export function bitsOfF32(a: number): number {
  if (notANumber(a)) return 0x7fc00000;
  scratch.setFloat32(0, a);
  return scratch.getInt32(0);
}
export function f32OfBits(bits: number): number {
  scratch.setInt32(0, bits);
  return scratch.getFloat32(0);
}

let memory: Uint8Array = new Uint8Array(0);
function bytesOf(view: DataView): Uint8Array {
  if (memory.buffer !== view.buffer) memory = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  return memory;
}

/** Copies within memory, as if through a buffer. @returns whether both ranges lie inside */
export function copyBytes(view: DataView, to: number, from: number, bytes: number): boolean {
  if (to + bytes > view.byteLength || from + bytes > view.byteLength) return false;
  bytesOf(view).copyWithin(to, from, from + bytes);
  return true;
}
/** Sets bytes to the low byte of a value. @returns whether the range lies inside */
export function fillBytes(view: DataView, to: number, value: number, bytes: number): boolean {
  if (to + bytes > view.byteLength) return false;
  bytesOf(view).fill(value & 0xff, to, to + bytes);
  return true;
}
