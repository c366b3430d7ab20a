/**
 * Pairs of instructions that an interpreter may execute in one dispatch. No part of the instruction set: a binary never holds one.
 *
 * The pairs were counted over programs of several kinds (see `bench/README.md`); the first of a pair neither branches nor calls nor has lists.
 */
export const PAIRS: readonly (readonly [string, string])[] = Object.freeze([
  ['add_i32_imm8', 'br_lt_i32_near'],
  ['add_i32', 'br_lt_i32_near'],
  ['check', 'load_i32_near'],
  ['check', 'load8u_i32_near'],
]);
