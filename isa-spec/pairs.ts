/**
 * Pairs of instructions that an interpreter may execute in one dispatch. No part of the instruction set: a binary never holds one.
 *
 * Counted over programs of several kinds: the benchmarks' loops, hashing, sorting, counting words, fractals. The first of a pair neither branches nor
 * calls nor has lists, and both stand before the escape byte. More pairs make the interpreter's loop larger, which has a limit (docs/decisions/interpreter-loop.md).
 */
export const PAIRS: readonly (readonly [string, string])[] = Object.freeze([
  ['mul_f64', 'add_f64'],
  ['mul_f64', 'mul_f64'],
  ['add_f64', 'add_f64'],
  ['add_f64', 'sub_f64'],
  ['sub_f64', 'add_f64'],
  ['add_f64', 'br_lt_f64'],
  ['load_f64_near', 'load_f64_near'],
  ['load_f64_near', 'mul_f64'],
  ['xor_i32', 'add_i32'],
  ['add_i32', 'add_i32'],
  ['add_i32', 'xor_i32'],
  ['and_i32', 'xor_i32'],
  ['xor_i32', 'and_i32'],
  ['xor_i32', 'rotl_i32_imm'],
  ['rotl_i32_imm', 'xor_i32'],
  ['rotl_i32_imm', 'rotl_i32_imm'],
  ['add_i32', 'rotl_i32_imm'],
  ['shru_i32_imm', 'xor_i32'],
  ['mov_i32', 'mov_i32'],
  ['add_i32', 'load_i32_near'],
  ['load_i32_near', 'add_i32'],
  ['add_i32_imm8', 'br_lt_i32_near'],
  ['add_i32_imm8', 'br_ltu_i32_near'],
  ['add_i32_imm8', 'br_neq_i32_imm_near'],
  ['add_i32_imm8', 'br_gtu_i32_imm_near'],
  ['add_i32', 'br_ltu_i32_near'],
  ['add_i32', 'add_i32_imm8'],
  ['add_i32_imm', 'br_ltu_i32_near'],
  ['load8u_i32_near', 'add_i32_imm8'],
  ['load8u_i32_near', 'br_eq_i32_imm_near'],
  ['store8_i32_near', 'add_i32_imm8'],
  ['store_i32_near', 'add_i32_imm8'],
  ['xor_i64', 'shru_i64_imm'],
  ['shru_i64_imm', 'xor_i64'],
  ['shl_i64_imm', 'xor_i64'],
  ['mul_i64', 'add_i64'],
]);
