/**
 * What `jit/fuel.ts` would write if nothing were counted. Such code cannot be stopped; it is there to know what counting costs.
 */
import { I32 } from '../../jit/numbers.js';
import { WASM, type WasmBytes } from '../../jit/wasm.js';

export function chargeOrLeave(): void {}

/** The fuel that is there is never negative. */
export function chargeOnto(code: WasmBytes, fuel: number): void {
  code.raw(WASM.local_get).u32(fuel).raw(I32.or);
}

export function refund(): void {}
