/** Encoding and decoding of every row; words written out by hand; what is not canonical is refused. */
import { describe, expect, it } from '@jest/globals';
import { BOOK, decode, encode, fits, layoutOf, rowNamed, rowOfWord, shortest, wordCount, type Instruction, type OperandValue } from '../../isa-spec/index.js';
import { boundaryInstructions } from './samples.js';

const hex = (words: Int32Array): string => [...words].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join(' ');
const words = (text: string): Int32Array => Int32Array.from(text.split(' ').map((word) => Number.parseInt(word, 16) | 0));

describe('every row', () => {
  it.each(BOOK.map((row) => [row.name, row] as const))('%s: encode and decode are inverse', (_, row) => {
    for (const instruction of boundaryInstructions(row)) {
      const code = encode(instruction);
      expect(rowOfWord(code[0] as number)).toBe(row);
      expect(wordCount(row, code, 0)).toBe(code.length);
      expect(decode(code, 0)).toEqual(instruction);
      const amid = Int32Array.from([-1, -1, ...code, -1]);
      expect(decode(amid, 2)).toEqual(instruction);
      expect(wordCount(row, amid, 2)).toBe(code.length);
      for (let end = 0; end < code.length; end++) expect(decode(code, 0, end)).toBeUndefined();
    }
  });

  it.each(BOOK.map((row) => [row.name, row] as const))('%s: a flipped bit decodes to nothing, or to what encodes to the same words', (_, row) => {
    const code = encode(boundaryInstructions(row).find(({ operands }) => operands.every((value) => !Array.isArray(value) || value.length < 9)) as Instruction);
    for (let bit = 0; bit < code.length * 32; bit++) {
      const changed = Int32Array.from([...code, 0, 0, 0, 0]);
      changed[bit >> 5] = (changed[bit >> 5] as number) ^ (1 << (bit & 31));
      const found = decode(changed, 0);
      if (found === undefined) continue;
      const again = encode(found);
      expect(hex(again)).toBe(hex(changed.subarray(0, again.length)));
    }
  });
});

describe('words written by hand from the specification', () => {
  const cases: readonly (readonly [string, readonly OperandValue[], string])[] = [
    ['trap', [2], '00000200'],
    ['check', [], '00000001'],
    ['jump', [-2], 'fffffe02'],
    ['jump', [0x123456], '12345602'],
    ['jump_table', [5, [10, -3, 7]], '00020503 0000000a fffffffd 00000007'],
    ['call', [[1, 2, 3, 4, 5], [9], 0x1234], '00010504 00001234 04030201 00000005 00000009'],
    ['call', [[], [], 3], '00000004 00000003'],
    ['call_table', [7, [1], [2, 3], 4], '02010705 00000004 00000001 00000302'],
    ['ret', [[]], '00000006'],
    ['ret', [[8, 9]], '00000206 00000908'],
    ['mov_i32', [1, 2], '00020107'],
    ['const_i32', [3, -2], '0000030a fffffffe'],
    ['const_i32_short', [3, -2], 'fffe030b'],
    ['const_i64', [3, 0x1122334455667788n], '0000030c 55667788 11223344'],
    ['const_i64', [3, -1n], '0000030c ffffffff ffffffff'],
    ['const_f64', [4, 1], '0000040e 00000000 3ff00000'],
    ['const_f64', [4, Number.NaN], '0000040e 00000000 7ff80000'],
    ['select_i32', [1, 2, 3, 4], '0302010f 00000004'],
    ['add_i32', [1, 2, 3], '03020112'],
    ['add_i32_imm', [1, 2, 1000], '00020121 000003e8'],
    ['add_i32_imm8', [1, 2, -1], 'ff020122'],
    ['br_lt_i32', [1, 2, -300], '00020143 fffffed4'],
    ['br_lt_i32_near', [1, 2, -3], 'fd020144'],
    ['br_gt_i32_imm', [1, 1000, 9], '00000153 000003e8 00000009'],
    ['br_gt_i32_imm_near', [1, -1, 9], '09ff0154'],
    ['load_i32', [1, 2, 0xfffffff0], '00020192 fffffff0'],
    ['load_i32_near', [1, 2, 255], 'ff020193'],
    ['load_i32_absolute', [1, 4096], '00000194 00001000'],
    ['store_i32', [1, 256, 2], '000201a7 00000100'],
    ['store_i32_near', [1, 8, 2], '020801a8'],
    ['store_i32_absolute', [4096, 2], '000002a9 00001000'],
    ['clz_i32', [1, 2], '020100ff'],
    ['div_i64', [1, 2, 3], '02010dff 00000003'],
    ['load8_i64', [1, 2, 5], '020130ff 00000005'],
    ['memory_bytes', [1], '000150ff'],
    ['copy', [1, 2, 3], '020151ff 00000003'],
    ['bell', [6], '000658ff'],
    ['wait', [1, 2], '020159ff'],
  ];
  it.each(cases)('%s %j', (name, operands, text) => {
    const instruction = { row: rowNamed(name), operands };
    expect(hex(encode(instruction))).toBe(text);
    expect(decode(words(text), 0)).toEqual(instruction);
  });
});

describe('what is not canonical is refused', () => {
  it.each([
    ['filling of check', '00000101'],
    ['filling of trap', '00010200'],
    ['filling of mov_i32', '01020107'],
    ['filling of const_i32', '0001030a 00000000'],
    ['filling of div_i64', '02010dff 00000103'],
    ['filling of a list of registers', '00000206 00010908'],
    ['filling of call', '01010504 00001234 04030201 00000005 00000009'],
    ['a NaN that is not the canonical one', '0000040e 00000001 7ff80000'],
    ['a NaN with its sign', '0000040e 00000000 fff80000'],
    ['a signalling NaN', '0000040e 00000001 7ff00000'],
    ['a reserved opcode', '000000b6'],
    ['a reserved opcode behind the escape byte', '000080ff'],
    ['the escape byte twice', '0000ffff'],
  ])('%s', (_, text) => expect(decode(words(text), 0)).toBeUndefined());

  it('where there are no words', () => {
    expect(decode(new Int32Array(0), 0)).toBeUndefined();
    expect(decode(words('00000001'), 1)).toBeUndefined();
    expect(decode(words('00000001 00000001'), 1, 1)).toBeUndefined();
  });
});

describe('shortest', () => {
  const form = (name: string, ...operands: OperandValue[]): string => shortest({ row: rowNamed(name), operands }).row.name;
  it('takes the short form exactly when all operands fit', () => {
    expect(form('const_i32', 0, 32767)).toBe('const_i32_short');
    expect(form('const_i32', 0, 32768)).toBe('const_i32');
    expect(form('const_i32', 0, -32769)).toBe('const_i32');
    expect(form('const_i64', 0, -32768n)).toBe('const_i64_short');
    expect(form('const_i64', 0, 2n ** 40n)).toBe('const_i64');
    expect(form('add_i32_imm', 0, 0, 127)).toBe('add_i32_imm8');
    expect(form('add_i32_imm', 0, 0, 128)).toBe('add_i32_imm');
    expect(form('br_eq_i32', 0, 0, -128)).toBe('br_eq_i32_near');
    expect(form('br_eq_i32', 0, 0, -129)).toBe('br_eq_i32');
    expect(form('br_eq_i32_imm', 0, 127, 127)).toBe('br_eq_i32_imm_near');
    expect(form('br_eq_i32_imm', 0, 128, 127)).toBe('br_eq_i32_imm');
    expect(form('br_eq_i32_imm', 0, 127, 128)).toBe('br_eq_i32_imm');
    expect(form('load_i32', 0, 0, 255)).toBe('load_i32_near');
    expect(form('load_i32', 0, 0, 256)).toBe('load_i32');
    expect(form('add_i32', 0, 0, 0)).toBe('add_i32');
  });

  it('encodes a 64-bit constant in its short form as it was', () => {
    for (const value of [-32768n, -1n, 0n, 1n, 32767n]) {
      const short = shortest({ row: rowNamed('const_i64'), operands: [7, value] });
      const [, found] = (decode(encode(short), 0) as Instruction).operands;
      expect(BigInt(found as number | bigint)).toBe(value);
    }
  });
});

describe('encode', () => {
  it.each([
    ['add_i32', [0, 0, 256]],
    ['add_i32', [-1, 0, 0]],
    ['add_i32_imm8', [0, 0, 128]],
    ['const_i32', [0, 2 ** 31]],
    ['jump', [0x800000]],
    ['br_eq_i32_near', [0, 0, -129]],
    ['load_i32', [0, 0, -1]],
    ['load_i32', [0, 0, 2 ** 32]],
    ['trap', [256]],
  ] as const)('refuses %s %j', (name, operands) => expect(() => encode({ row: rowNamed(name), operands })).toThrow(RangeError));

  it('names a row that the book does not have', () => {
    expect(() => rowNamed('add_i99')).toThrow(/no row add_i99/);
    expect(() => layoutOf({ ...rowNamed('add_i32') })).toThrow(/not a row of the book/);
  });

  it('knows what fits', () => {
    expect([fits('imm8', -128), fits('imm8', 127), fits('imm8', 128), fits('offset8', -1), fits('imm64', 0n)]).toEqual([true, true, false, false, true]);
  });
});
