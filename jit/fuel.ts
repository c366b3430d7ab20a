/**
 * How compiled code counts fuel: a local that holds the units left. The places where it is tested and changed are in this file alone, so that the same code can be
 * written without, to know what counting costs.
 */
import { I32 } from './numbers.js';
import { WASM, type WasmBytes } from './wasm.js';

/** Leaves, as `leaveIf` writes it, if fewer than `units` are left; else takes them. */
export function chargeOrLeave(code: WasmBytes, fuel: number, units: number, leaveIf: () => void): void {
  code.raw(WASM.local_get).u32(fuel).raw(WASM.i32_const).s32(units).raw(I32.lt_s);
  leaveIf();
  code.raw(WASM.local_get).u32(fuel).raw(WASM.i32_const).s32(units).raw(I32.sub, WASM.local_set).u32(fuel);
}

/** Takes a unit; the number on the stack becomes negative if there was none. */
export function chargeOnto(code: WasmBytes, fuel: number): void {
  code.raw(WASM.local_get).u32(fuel).raw(WASM.i32_const).s32(1).raw(I32.sub, WASM.local_tee).u32(fuel).raw(I32.or);
}

/** Gives units back. */
export function refund(code: WasmBytes, fuel: number, units: number): void {
  if (units > 0) code.raw(WASM.local_get).u32(fuel).raw(WASM.i32_const).s32(units).raw(I32.add, WASM.local_set).u32(fuel);
}
