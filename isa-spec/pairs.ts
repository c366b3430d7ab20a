/**
 * Pairs of instructions that an interpreter may execute in one dispatch. No part of the instruction set: a binary never holds one.
 *
 * Counted over programs of several kinds: the benchmarks' loops, hashing, sorting, counting words, fractals (bench/pairs.mjs). A pair with a third name is
 * linked: it stands only where that operand of the second is the register that the first writes, and the value need not be read back. The first neither branches nor
 * calls nor has lists, and both stand before the escape byte. More pairs make the interpreter's loop larger, which has a limit (docs/decisions/interpreter-loop.md).
 */
export const PAIRS: readonly (readonly [first: string, second: string, linked?: string])[] = Object.freeze([
  ['mul_f64', 'add_f64', 'b'],
  ['xor_i32', 'add_i32', 'b'],
  ['add_i32_imm8', 'br_lt_i32_near', 'a'],
  ['rotl_i32_imm', 'xor_i32', 'b'],
  ['add_i32', 'br_ltu_i32_near', 'a'],
  ['add_i32_imm8', 'br_ltu_i32_near', 'a'],
  ['sub_f64', 'add_f64', 'a'],
  ['load8u_i32_near', 'add_i32_imm8'],
  ['shru_i32_imm', 'br_neq_i32_imm_near', 'a'],
  ['and_i32_imm8', 'add_i32', 'b'],
  ['add_i32_imm8', 'br_neq_i32_imm_near', 'a'],
  ['load_i32_near', 'br_eq_i32_near', 'a'],
  ['load_i32_near', 'xor_i32', 'a'],
  ['load_f64_near', 'load_f64_near'],
  ['xor_i64', 'shru_i64_imm'],
  ['mul_i32', 'shru_i32_imm'],
  ['add_i32_imm8', 'br_neq_i32_near', 'a'],
  ['sub_i32', 'and_i32', 'a'],
  ['rotl_i32_imm', 'and_i32', 'a'],
  ['add_i32_imm8', 'add_i32_imm'],
  ['load_i32_near', 'br_eq_i32_imm_near', 'a'],
  ['add_i32_imm8', 'br_eq_i32_near', 'a'],
  ['mul_i64', 'add_i64', 'a'],
  ['load_i32_near', 'br_lte_i32_near', 'a'],
  ['load_i32_near', 'add_i32', 'b'],
  ['load_i32_near', 'br_neq_i32_near', 'b'],
  ['and_i32', 'sub_i32', 'b'],
  ['or_i32', 'shru_i32_imm', 'a'],
  ['or_i32', 'or_i32', 'a'],
  ['add_i32_imm8', 'store8_i32_near', 'value'],
  ['xor_i32_imm8', 'and_i32', 'a'],
  ['load8u_i32_near', 'br_eq_i32_imm_near', 'a'],
  ['load_f64_near', 'mul_f64', 'a'],
  ['shl_i64_imm', 'xor_i64', 'a'],
  ['shru_i64_imm', 'xor_i64', 'b'],
  ['add_i64', 'xor_i64', 'b'],
  ['shru_i64_imm', 'add_i64', 'b'],
  ['mov_i64', 'xor_i64'],
  ['add_i32_imm8', 'call'],
]);
