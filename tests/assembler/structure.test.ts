/**
 * Blocks, labels, checks and calls: what each becomes, instruction by instruction. Branch operands are distances in words
 * from the branch; the expectations are written by hand from the language reference.
 */
import { describe, expect, it } from '@jest/globals';
import { diagnosticsOf, programOf, rowsOf } from './helpers.js';

/** All rows of a function with this body. i and j are 0 and 1. */
const rows = (body: string, results = ''): string[] => rowsOf(programOf(`export func f(i, j: i32)${results} {\n${body}\n}`));
const codes = (body: string, results = ''): string[] => diagnosticsOf(`export func f(i, j: i32)${results} {\n${body}\n}`).map(({ code }) => code);

describe('if', () => {
  it.each<[string, readonly string[]]>([
    ['if lt i, j { add i, i, 1 }', ['check', 'br_lte_i32_near 1 0 2', 'add_i32_imm8 0 0 1', 'ret ()']],
    ['if lt i, 5 { add i, i, 1 }', ['check', 'br_gte_i32_imm_near 0 5 2', 'add_i32_imm8 0 0 1', 'ret ()']],
    ['if i { add i, i, 1 }', ['check', 'br_eq_i32_imm_near 0 0 2', 'add_i32_imm8 0 0 1', 'ret ()']],
    ['if not i { add i, i, 1 }', ['check', 'br_neq_i32_imm_near 0 0 2', 'add_i32_imm8 0 0 1', 'ret ()']],
    ['if not lt i, 5 { add i, i, 1 }', ['check', 'br_lt_i32_imm_near 0 5 2', 'add_i32_imm8 0 0 1', 'ret ()']],
    [
      'if eq i, 1 { add i, i, 1 } else { add i, i, 2 }\nadd i, i, 3',
      ['check', 'br_neq_i32_imm_near 0 1 3', 'add_i32_imm8 0 0 1', 'jump 2', 'add_i32_imm8 0 0 2', 'add_i32_imm8 0 0 3', 'ret ()'],
    ],
    [
      'if eq i, 1 {\nadd i, i, 1\n} else if eq i, 2 {\nadd i, i, 2\n} else {\nadd i, i, 3\n}',
      [
        'check',
        'br_neq_i32_imm_near 0 1 3',
        'add_i32_imm8 0 0 1',
        'jump 5',
        'br_neq_i32_imm_near 0 2 3',
        'add_i32_imm8 0 0 2',
        'jump 2',
        'add_i32_imm8 0 0 3',
        'ret ()',
      ],
    ],
    // After a part that never goes on there is no jump over the other.
    ['if i { ret } else { add i, i, 1 }', ['check', 'br_eq_i32_imm_near 0 0 2', 'ret ()', 'add_i32_imm8 0 0 1', 'ret ()']],
    ['if i { }', ['check', 'br_eq_i32_imm_near 0 0 1', 'ret ()']],
    ['if i { } else { }', ['check', 'br_eq_i32_imm_near 0 0 2', 'jump 1', 'ret ()']],
  ])('%s', (body, expected) => expect(rows(body)).toEqual(expected));

  it('of floats has the opposite that NaN demands', () => {
    const program = programOf('export func f(a, b: f64) {\nif lt a, b { ret }\nif gte a, b { ret }\nif ngt a, b { ret }\n}');
    expect(rowsOf(program)).toEqual(['check', 'br_nlt_f64 0 1 3', 'ret ()', 'br_nlte_f64 1 0 3', 'ret ()', 'br_lt_f64 1 0 3', 'ret ()', 'ret ()']);
  });

  it('ends a function with results when both parts do', () => {
    expect(rows('if i { ret 1 } else { trap overflow }', ' -> i32')).toEqual(['check', 'br_eq_i32_imm_near 0 0 4', 'const_i32_short 2 1', 'ret (2)', 'trap 3']);
    expect(codes('if i { ret 1 }', ' -> i32')).toEqual(['missing_return']);
  });
});

describe('loop', () => {
  it.each<[string, readonly string[]]>([
    ['loop { add i, i, 1 }', ['check', 'add_i32_imm8 0 0 1', 'jump -2']],
    ['add i, i, 1\nloop { break if eq i, j }', ['check', 'add_i32_imm8 0 0 1', 'check', 'br_eq_i32_near 0 1 2', 'jump -2', 'ret ()']],
    ['loop {\nbreak\n}', ['check', 'jump 2', 'jump -2', 'ret ()']],
    ['loop {\ncontinue if i\nadd i, i, 1\n}', ['check', 'br_neq_i32_imm_near 0 0 -1', 'add_i32_imm8 0 0 1', 'jump -3']],
    // Tested before: once above, then below.
    ['loop while lt i, j { add i, i, 1 }', ['check', 'br_lte_i32_near 1 0 4', 'check', 'add_i32_imm8 0 0 1', 'br_lt_i32_near 0 1 -2', 'ret ()']],
    [
      'loop while lt i, j {\ncontinue if eq i, 3\nadd i, i, 1\n}',
      ['check', 'br_lte_i32_near 1 0 5', 'check', 'br_eq_i32_imm_near 0 3 2', 'add_i32_imm8 0 0 1', 'br_lt_i32_near 0 1 -3', 'ret ()'],
    ],
    // Tested after.
    ['loop { add i, i, 1 } while lt i, j', ['check', 'add_i32_imm8 0 0 1', 'br_lt_i32_near 0 1 -2', 'ret ()']],
    ['loop {\ncontinue if i\nadd i, i, 1\n} while j', ['check', 'br_neq_i32_imm_near 0 0 2', 'add_i32_imm8 0 0 1', 'br_neq_i32_imm_near 1 0 -3', 'ret ()']],
    [
      'outer: loop {\nloop {\nbreak outer if i\ncontinue outer if j\nbreak\n}\n}',
      ['check', 'br_neq_i32_imm_near 0 0 5', 'br_neq_i32_imm_near 1 0 -2', 'jump 2', 'jump -4', 'jump -5', 'ret ()'],
    ],
  ])('%s', (body, expected) => expect(rows(body)).toEqual(expected));

  it('has an end that is reached only by leaving it', () => {
    expect(codes('loop { ret 1 }', ' -> i32')).toEqual([]);
    expect(codes('loop { break if i }', ' -> i32')).toEqual(['missing_return']);
    expect(codes('loop while i { ret 1 }', ' -> i32')).toEqual(['missing_return']);
  });

  it.each([
    ['break', 'not_in_loop'],
    ['if i { continue }', 'not_in_loop'],
    ['a: loop { break b }', 'not_in_loop'],
    ['a: add i, i, 1\nloop { break a }', 'not_in_loop'],
    ['if i { } while j', 'not_a_loop'],
    ['loop while i { } while j', 'syntax'],
    ['loop { } else { }', 'syntax'],
    ['if i { } else { } else { }', 'syntax'],
    ['if nothing { }', 'unknown_name'],
    ['if lt { }', 'operand_count'],
    ['if lt i { }', 'syntax'],
    ['if less i, j { }', 'bad_condition'],
    ['if nlt i, j { }', 'bad_condition'],
    ['if lt [i], j { }', 'operand_kind'],
    ['if 1 { }', 'syntax'],
  ])('%s is refused: %s', (body, code) => expect(codes(body)).toEqual([code]));

  it('may be nested without limit', () => {
    const depth = 20_000;
    const program = programOf(`export func f(i: i32) {\n${'loop {\n'.repeat(depth)}break if i\n${'}\n'.repeat(depth)}}`);
    expect(program.functions[0]?.words).toBe(1 + 1 + depth);
    expect(codes('if i {\n'.repeat(depth))).toEqual(['missing_brace']);
  });
});

describe('checks', () => {
  it.each<[string, readonly string[]]>([
    ['', ['check', 'ret ()']],
    ['check', ['check', 'ret ()']],
    ['check\ncheck', ['check', 'check', 'ret ()']],
    // A label that nothing goes back to needs none.
    ['add i, i, 1\na:\nadd i, i, 1', ['check', 'add_i32_imm8 0 0 1', 'add_i32_imm8 0 0 1', 'ret ()']],
    ['jump a\nadd i, i, 1\na:\nadd i, i, 1', ['check', 'jump 2', 'add_i32_imm8 0 0 1', 'add_i32_imm8 0 0 1', 'ret ()']],
    ['add i, i, 1\na:\nadd i, i, 1\njump a', ['check', 'add_i32_imm8 0 0 1', 'check', 'add_i32_imm8 0 0 1', 'jump -2']],
    ['add i, i, 1\na:\ncheck\nadd i, i, 1\njump a', ['check', 'add_i32_imm8 0 0 1', 'check', 'add_i32_imm8 0 0 1', 'jump -2']],
    // At the top of a function one check is both.
    ['a:\nadd i, i, 1\njump a', ['check', 'add_i32_imm8 0 0 1', 'jump -2']],
    ['a:\nb:\ncheck\nbr_lt i, j, a\njump b', ['check', 'br_lt_i32_near 0 1 -1', 'jump -2']],
    ['a: jump a', ['check', 'jump -1']],
    // A hidden constant comes after the check.
    ['add i, i, 1\na:\ndiv i, i, 3\njump a', ['check', 'add_i32_imm8 0 0 1', 'check', 'const_i32_short 2 3', 'div_i32 0 0 2', 'jump -3']],
    ['a:\njump_table i, a, b, a\nb:', ['check', 'jump_table 0 (-1 4 -1)', 'ret ()']],
  ])('%j', (body, expected) => expect(rows(body)).toEqual(expected));
});

describe('ends of functions', () => {
  it.each<[string, readonly string[]]>([
    ['ret', ['check', 'ret ()']],
    ['jump a\na:', ['check', 'jump 1', 'ret ()']],
    ['ret\na:', ['check', 'ret ()']],
    ['trap overflow', ['check', 'trap 3']],
  ])('%j', (body, expected) => expect(rows(body)).toEqual(expected));
});

describe('calls', () => {
  const more = `
type binary(i32, i32) -> i32
func two(a: i32, b: f64) -> i64, f64 { ret 1, b }
func nothing() { }
func add2(a, b: i32) -> i32 { add a, a, b
ret a }
table add2, add2`;
  const body = (text: string): string[] => rowsOf(programOf(`export func f(i, j: i32, x: i64, g: f64) {\n${text}\n}${more}`)).slice(1, -1);
  const found = (text: string): string[] => diagnosticsOf(`export func f(i, j: i32, x: i64, g: f64) {\n${text}\n}${more}`).map(({ code }) => code);

  it.each<[string, readonly string[]]>([
    ['call two(i, g) -> x, g', ['call (0 3) (2 3) 1']],
    ['call two(7, 0.5) -> _, g', ['const_i32_short 4 7', 'const_f64 5 0.5', 'call (4 5) (6 3) 1']],
    ['call nothing()', ['call () () 1']],
    ['call binary[i](i, j) -> j', ['call_table 0 (0 1) (1) 1']],
    ['call binary[index(add2) + 1](i, 5) -> _', ['const_i32_short 4 1', 'const_i32_short 5 5', 'call_table 4 (0 5) (6) 1']],
    ['call two(\n  i,\n  g\n) -> x, g', ['call (0 3) (2 3) 1']],
  ])('%s', (text, expected) => {
    const rows = body(text);
    // The callee's index depends on what else is reached.
    expect(rows.map((row) => row.replace(/^(call .*) \d+$/, '$1 1'))).toEqual(expected);
  });

  it.each([
    ['call two(i) -> x, g', 'operand_count'],
    ['call two(i, g, g) -> x, g', 'operand_count'],
    ['call two(i, g) -> x', 'operand_count'],
    ['call two(i, g)', 'operand_count'],
    ['call two(x, g) -> x, g', 'type_mismatch'],
    ['call two(i, g) -> i, g', 'type_mismatch'],
    ['call two(1.5, g) -> x, g', 'constant_type'],
    ['call two([i], g) -> x, g', 'operand_kind'],
    ['call tow(i, g) -> x, g', 'unknown_name'],
    ['call binary(i, j) -> i', 'wrong_kind'],
    ['call two[i](i, g) -> x, g', 'wrong_kind'],
    ['call i()', 'unknown_name'],
    ['call binary[x](i, j) -> i', 'type_mismatch'],
    ['two i, g', 'unknown_instruction'],
    ['ret 1', 'operand_count'],
  ])('%s is refused: %s', (text, code) => expect(found(text)).toEqual([code]));

  it('find functions that a register of the same name hides elsewhere', () => {
    expect(rowsOf(programOf('export func f(g: i32) { call g(g) -> g }\nfunc g(a: i32) -> i32 { ret a }'))).toEqual(['check', 'call (0) (0) 1', 'ret ()']);
  });
});

describe('registers', () => {
  it('are numbered: parameters, locals in order, hidden ones', () => {
    const program = programOf('export func f(a: i64, b: i32) {\ndiv b, b, 7\nlocal c, d: f64, e: i32\ndiv e, b, 9\nlocal h: i64\nmul c, d, 2.0\n}');
    expect(program.functions[0]?.registers).toEqual(['i64', 'i32', 'f64', 'f64', 'i32', 'i64', 'i32', 'f64']);
    expect(rowsOf(program)).toEqual([
      'check',
      'const_i32_short 6 7',
      'div_i32 1 1 6',
      'const_i32_short 6 9',
      'div_i32 4 1 6',
      'const_f64 7 2',
      'mul_f64 2 3 7',
      'ret ()',
    ]);
  });

  it('are at most 256', () => {
    const names = (count: number): string => Array.from({ length: count }, (_, index) => `r${index}`).join(', ');
    expect(programOf(`export func f() {\nlocal ${names(256)}: i32\nadd r255, r254, r0\n}`).functions[0]?.registers).toHaveLength(256);
    expect(diagnosticsOf(`export func f() {\nlocal ${names(257)}: i32\nadd r256, r0, r0\n}`).map(({ code }) => code)).toEqual(['too_many_registers']);
    expect(diagnosticsOf(`export func f() {\nlocal ${names(256)}: i32\ndiv r1, r0, 3\n}`).map(({ code }) => code)).toEqual(['too_many_registers']);
  });

  it.each([
    ['add k, i, 1\nlocal k: i32', 'used_before_local'],
    ['local i: i32', 'duplicate_name'],
    ['local k: i32\nlocal k: f64', 'duplicate_name'],
    ['local k', 'syntax'],
    ['local k: i33', 'unknown_type'],
    ['local _: i32', 'wrong_kind'],
    ['a:\na:', 'duplicate_name'],
    ['jump nowhere', 'unknown_label'],
    ['jump 5', 'operand_kind'],
  ])('%j is refused: %s', (body, code) => expect(codes(body)).toEqual([code]));
});
