/** What an operand of each kind can hold, by hand from the specification: its ends fit, what lies beyond does not. */
import { describe, expect, it } from '@jest/globals';
import { encode, fits, type OperandKind, rowNamed } from '../../isa-spec/index.js';

const RANGES: readonly (readonly [kind: OperandKind, least: number, most: number])[] = [
  ['write', 0, 255],
  ['read', 0, 255],
  ['imm8', -128, 127],
  ['imm16', -32768, 32767],
  ['imm32', -2147483648, 2147483647],
  ['offset8', 0, 255],
  ['offset32', 0, 4294967295],
  ['branch8', -128, 127],
  ['branch24', -8388608, 8388607],
  ['branch32', -2147483648, 2147483647],
  ['function', 0, 4294967295],
  ['signature', 0, 4294967295],
  ['trap', 0, 255],
];

describe('an operand holds', () => {
  it.each(RANGES)('%s', (kind, least, most) => {
    expect([least - 1, least, most, most + 1].map((value) => fits(kind, value))).toEqual([false, true, true, false]);
  });

  it('nothing that would be cut off', () => {
    expect(() => encode({ row: rowNamed('const_i32'), operands: [0, 2 ** 31] })).toThrow(RangeError);
    expect(() => encode({ row: rowNamed('br_lt_i32'), operands: [0, 1, 2 ** 31] })).toThrow(RangeError);
    expect(() => encode({ row: rowNamed('add_i32'), operands: [0, 256, 0] })).toThrow(RangeError);
  });
});
