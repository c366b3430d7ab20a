/** Integers as bytes: both ways of computing them, against bytes written by hand, and what is refused before the package sees it. */
import { describe, expect, it } from '@jest/globals';
import { integerBytes } from '../../assembler/bigint-bytes.js';

describe.each([true, false])("with Node's Buffer: %s", (useBuffer) => {
  it.each<[bigint, number, readonly number[]]>([
    [0n, 1, [0]],
    [1n, 4, [1, 0, 0, 0]],
    [-1n, 4, [255, 255, 255, 255]],
    [-2n, 2, [254, 255]],
    [0x0102030405060708n, 8, [8, 7, 6, 5, 4, 3, 2, 1]],
    [-(2n ** 63n), 8, [0, 0, 0, 0, 0, 0, 0, 128]],
    [2n ** 64n + 5n, 8, [5, 0, 0, 0, 0, 0, 0, 0]],
    [0xabcn, 3, [0xbc, 0x0a, 0]],
  ])('%d in %d bytes', (value, width, bytes) => {
    expect([...integerBytes(value, width, useBuffer)]).toEqual(bytes);
  });

  it('takes 1 to 64 bytes', () => {
    expect(integerBytes(-1n, 64, useBuffer)).toEqual(new Uint8Array(64).fill(255));
    for (const width of [0, 65, 300, 1.5, Number.NaN, -1]) expect(() => integerBytes(1n, width, useBuffer)).toThrow(RangeError);
  });

  it('refuses what is no bigint', () => {
    for (const value of [null, undefined, 1, '1']) expect(() => integerBytes(value as never, 8, useBuffer)).toThrow(TypeError);
  });
});
