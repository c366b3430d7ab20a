/** Instructions: which row and form a line becomes. The expectations are written from the book's list of rows. */
import { describe, expect, it } from '@jest/globals';
import { ALIASES, BOOK, NEGATED, type Row } from '../../isa-spec/index.js';
import { MNEMONICS, WORDS } from '../../assembler/mnemonics.js';
import { diagnosticsOf, rowsOfBody } from './helpers.js';

// Registers: i j k are 0 1 2, x y z are 3 4 5, f g h are 6 7 8; 9 and up hold constants.
describe('a line becomes', () => {
  it.each<[string, readonly string[]]>([
    // types pick the mnemonic
    ['add i, j, k', ['add_i32 0 1 2']],
    ['add x, y, z', ['add_i64 3 4 5']],
    ['add f, g, h', ['add_f64 6 7 8']],
    ['add_i64 x, y, z', ['add_i64 3 4 5']],
    ['eq i, x, y', ['eq_i64 0 3 4']],
    ['convert f, i', ['convert_f64_i32 6 0']],
    ['convert f, x', ['convert_f64_i64 6 3']],
    ['convert i, f', ['convert_i32_f64 0 6']],
    ['bits x, f', ['bits_i64_f64 3 6']],
    ['extend x, i', ['extend_i64 3 0']],
    ['wrap i, x', ['wrap_i32 0 3']],
    ['select f, i, g, h', ['select_f64 6 0 7 8']],
    ['mov f, g', ['mov_f64 6 7']],
    // constants pick the form, the short one when it fits
    ['add i, j, 127', ['add_i32_imm8 0 1 127']],
    ['add i, j, 128', ['add_i32_imm 0 1 128']],
    ['add i, j, -128', ['add_i32_imm8 0 1 -128']],
    ['add i, j, 0xffffffff', ['add_i32_imm8 0 1 -1']],
    ['and i, j, 0x80000000', ['and_i32_imm 0 1 -2147483648']],
    ['shl i, j, 31', ['shl_i32_imm 0 1 31']],
    ['mov i, 32767', ['const_i32_short 0 32767']],
    ['mov i, 32768', ['const_i32 0 32768']],
    ['mov x, -32768', ['const_i64_short 3 -32768']],
    ['mov x, 0xffffffffffffffff', ['const_i64_short 3 -1']],
    ['mov x, 4294967295', ['const_i64 3 4294967295']],
    ['mov f, 2', ['const_f64 6 2']],
    ['mov f, -0.5', ['const_f64 6 -0.5']],
    ['const_i32 i, 5', ['const_i32_short 0 5']],
    ['lt i, j, 5', ['lt_i32_imm 0 1 5']],
    ['gt i, j, 5', ['gt_i32_imm 0 1 5']],
    ['add x, y, 127', ['add_i64_imm 3 4 127']],
    // a constant without a form goes into a hidden register
    ['div i, j, 3', ['const_i32_short 9 3', 'div_i32 0 1 9']],
    ['div i, 3, j', ['const_i32_short 9 3', 'div_i32 0 9 1']],
    ['add x, y, 128', ['const_i64_short 9 128', 'add_i64 3 4 9']],
    ['mul x, 3, 4', ['const_i64_short 9 3', 'const_i64_short 10 4', 'mul_i64 3 9 10']],
    ['mul f, g, 2.5', ['const_f64 9 2.5', 'mul_f64 6 7 9']],
    ['lt i, j, 200', ['const_i32_short 9 200', 'lt_i32 0 1 9']],
    ['copy i, 64, 32', ['const_i32_short 9 64', 'const_i32_short 10 32', 'copy 0 9 10']],
    ['neg f, 1', ['const_f64 9 1', 'neg_f64 6 9']],
    ['bell 3', ['const_i32_short 9 3', 'bell 9']],
    ['wait x, 1', ['const_i64_short 9 1', 'wait 3 9']],
    // hidden registers are used again
    [
      'div i, j, 3\ndiv x, y, 4\ndiv i, i, 5',
      ['const_i32_short 9 3', 'div_i32 0 1 9', 'const_i64_short 10 4', 'div_i64 3 4 10', 'const_i32_short 9 5', 'div_i32 0 0 9'],
    ],
    // other spellings
    ['gt i, j, k', ['lt_i32 0 2 1']],
    ['gteu i, y, z', ['lteu_i64 0 5 4']],
    ['gte i, f, g', ['lte_f64 0 7 6']],
    ['gt i, 5, j', ['lt_i32_imm 0 1 5']],
    ['lt i, 5, j', ['gt_i32_imm 0 1 5']],
    ['sub i, j, 5', ['add_i32_imm8 0 1 -5']],
    ['sub i, j, -128', ['add_i32_imm 0 1 128']],
    ['sub i, j, 128', ['add_i32_imm8 0 1 -128']],
    ['sub i, j, 0x80000000', ['add_i32_imm 0 1 -2147483648']],
    ['sub x, y, 128', ['add_i64_imm 3 4 -128']],
    ['sub x, y, -128', ['const_i64_short 9 -128', 'sub_i64 3 4 9']],
    ['sub i, 5, j', ['const_i32_short 9 5', 'sub_i32 0 9 1']],
    ['sub i, j, k', ['sub_i32 0 1 2']],
    // memory
    ['load i, [j]', ['load_i32_near 0 1 0']],
    ['load i, [j + 255]', ['load_i32_near 0 1 255']],
    ['load i, [j + 256]', ['load_i32 0 1 256']],
    ['load i, [8 + j + 4 - 2]', ['load_i32_near 0 1 10']],
    ['load i, [4096]', ['load_i32_absolute 0 4096']],
    ['load i, [0xffffffff]', ['load_i32_absolute 0 4294967295']],
    ['load x, [i]', ['load_i64_near 3 0 0']],
    ['load8u x, [i + 4]', ['load8u_i64 3 0 4']],
    ['load32 f, [i]', ['load32_f64 6 0 0']],
    ['store [i + 4], f', ['store_f64_near 0 4 6']],
    ['store16 [i], x', ['store16_i64 0 0 3']],
    ['store [i], 7', ['const_i32_short 9 7', 'store_i32_near 0 0 9']],
    ['store8 [4096], 7', ['const_i32_short 9 7', 'store8_i32_absolute 4096 9']],
    ['store [i], 7.0', ['const_f64 9 7', 'store_f64_near 0 0 9']],
    ['store_i64 [i], 7', ['const_i64_short 9 7', 'store_i64_near 0 0 9']],
    // branches
    ['br_lt i, j, a\na:', ['br_lt_i32_near 0 1 1']],
    ['br_gt i, j, a\na:', ['br_lt_i32_near 1 0 1']],
    ['br_gt i, 5, a\na:', ['br_gt_i32_imm_near 0 5 1']],
    ['br_gt i, 500, a\na:', ['br_gt_i32_imm 0 500 3']],
    ['br_lt 5, i, a\na:', ['br_gt_i32_imm_near 0 5 1']],
    ['br_lt x, 5, a\na:', ['const_i64_short 9 5', 'br_lt_i64 3 9 2']],
    ['br_ngte f, g, a\na:', ['br_nlte_f64 7 6 2']],
    ['jump a\na:', ['jump 1']],
    ['jump_table i, a, b,\n  a\na: add j, j, 1\nb:', ['jump_table 0 (4 5 4)', 'add_i32_imm8 1 1 1']],
    // no operands, a trap kind
    ['check\ncheck', ['check']],
    ['trap overflow\na: jump b\nb:', ['trap 3', 'jump 1']],
    ['memory_bytes i', ['memory_bytes 0']],
  ])('%s', (line, rows) => expect(rowsOfBody(line)).toEqual(rows));

  it('an address or a size by name', () => {
    const more = 'data d: i32 = 1, 2, 3';
    expect(rowsOfBody('mov i, d', 'i: i32', more)).toEqual(['const_i32_short 0 4096']);
    expect(rowsOfBody('load i, [d + 4 * 2]', 'i: i32', more)).toEqual(['load_i32_absolute 0 4104']);
    expect(rowsOfBody('load i, [i + d]', 'i: i32', more)).toEqual(['load_i32 0 0 4096']);
    expect(rowsOfBody('add i, i, len(d)', 'i: i32', more)).toEqual(['add_i32_imm8 0 0 12']);
  });
});

describe('the words', () => {
  it('cover every row that is not a call, by mnemonic and by family', () => {
    for (const row of BOOK) {
      const isCall = row.operands.some(({ kind }) => kind === 'function' || kind === 'signature');
      expect([row.name, MNEMONICS.has(row.mnemonic), WORDS.has(row.mnemonic), WORDS.has(row.family)]).toEqual([row.name, !isCall, !isCall, !isCall]);
    }
    for (const name of [...ALIASES.keys(), ...NEGATED.keys()]) expect(WORDS.has(name)).toBe(true);
  });

  it('have operands of one shape in all forms and types of a family', () => {
    for (const { word, mnemonics } of WORDS.values()) {
      const kinds = mnemonics.map(({ slots }) => slots.map(({ kind }) => kind).join());
      expect([word, new Set(kinds).size]).toEqual([word, 1]);
      for (const { slots, forms } of mnemonics) for (const { demands } of forms) expect(demands).toHaveLength(slots.length);
    }
  });

  it('take an offset to be of the register just before it, as the meaning of the row has it', () => {
    for (const row of BOOK) {
      const at = row.operands.findIndex(({ kind }) => kind === 'offset8' || kind === 'offset32');
      if (at < 0) continue;
      const text = JSON.stringify(row.does);
      const based = row.operands[at - 1]?.kind === 'read';
      const base = based ? (row.operands[at - 1] as Row['operands'][number]).name : undefined;
      expect([row.name, text.includes(`"base":{"kind":"operand","name":"${base}"}`)]).toEqual([row.name, based]);
    }
  });
});

describe('what is wrong is told with both types', () => {
  const found = (line: string): string[] =>
    diagnosticsOf(`func f(i, j: i32, x: i64, f: f64) {\n${line}\n}\nfunc main() {}`).flatMap(({ code, message, notes }) => [code, message, ...notes]);
  it.each([
    ['add i, x, j', 'type_mismatch', '`x` is i64 where add_i32 takes i32', '`i` is i32, which makes it add_i32'],
    ['add i, j, f', 'type_mismatch', '`f` is f64 where add_i32 takes i32'],
    ['add_i64 x, x, i', 'type_mismatch', '`i` is i32 where add_i64 takes i64'],
    ['add i, j, 1.5', 'constant_type', '1.5 is a float where i32 is needed'],
    ['load i, [x]', 'type_mismatch', '`x` is i64 where an address is i32'],
    ['store8 [i], f', 'type_mismatch', '`f` is f64 where store8_i32 takes i32'],
    ['wrap x, i', 'type_mismatch', '`x` is i64 where wrap_i32 takes i32'],
    ['sqrt i, f', 'type_mismatch', '`i` is i32 where sqrt_f64 takes f64'],
    ['const_i32 i, j', 'operand_kind', '`const_i32` takes a constant here'],
    ['br_nlt i, j, a\na:', 'type_mismatch', '`i` is i32 where br_nlt_f64 takes f64'],
  ])('%s', (line, code, message, ...notes) => expect(found(line)).toEqual(expect.arrayContaining([code, message, ...notes])));
});
