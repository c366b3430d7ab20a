/// <reference path="./bigint-buffer.d.ts" />
/**
 * Integers of any width as little-endian bytes: the one place where bigint-buffer is used.
 *
 * Only its pure JavaScript entry: its native addon ends the process on arguments that it does not expect. Arguments are
 * checked and negative values masked first, which it does not do. It needs Node's `Buffer`; where there is none, as in
 * browsers, the same is computed byte by byte.
 */
import { toBufferLE } from 'bigint-buffer/dist/browser.js';

const WIDTH_MAX = 64;
const hasBuffer = 'Buffer' in globalThis;

function checkWidth(width: number): void {
  if (!Number.isInteger(width) || width < 1 || width > WIDTH_MAX) throw new RangeError(`width: ${width} bytes; 1 to ${WIDTH_MAX} are possible`);
}

/**
 * The low bytes of an integer in two's complement, the lowest first.
 * @throws TypeError if `value` is not a bigint, RangeError if `width` is not 1 to 64
 */
export function integerBytes(value: bigint, width: number, useBuffer = hasBuffer): Uint8Array {
  if (typeof value !== 'bigint') throw new TypeError(`value: a bigint is needed, not ${typeof value}`);
  checkWidth(width);
  const masked = BigInt.asUintN(8 * width, value);
  if (useBuffer) return Uint8Array.from(toBufferLE(masked, width));
  return Uint8Array.from({ length: width }, (_, index) => Number((masked >> BigInt(8 * index)) & 0xffn));
}
