/**
 * The few WebAssembly opcodes that the code around the guest's instructions is made of, and loads and stores of whole registers.
 */
import type { ValueType } from '../isa-spec/index.js';

/** Opcodes on i32. */
export const I32 = Object.freeze({
  store: 0x36,
  load: 0x28,
  sub: 0x6b,
  add: 0x6a,
  and: 0x71,
  or: 0x72,
  shl: 0x74,
  shr_u: 0x76,
  lt_s: 0x48,
  ge_u: 0x4f,
  eqz: 0x45,
});
/** Opcodes on i64, and to it. */
export const I64 = Object.freeze({ extend_u: 0xad, add: 0x7c, sub: 0x7d, shl: 0x86, gt_u: 0x56 });
/** What stores a register to its frame. */
export const STORES: Readonly<Record<ValueType, number>> = { i32: 0x36, i64: 0x37, f64: 0x39 };
/** What loads a register from its frame. */
export const LOADS: Readonly<Record<ValueType, number>> = { i32: 0x28, i64: 0x29, f64: 0x2b };
