/**
 * What the lowering of one function needs to know of the others: which are compiled, and by what signatures they call each other.
 */
import type { Signature } from '../isa-spec/index.js';
import type { VerifiedProgram } from '../vm/index.js';
import type { PlacedInstruction } from '../vm/internal/index.js';
import { factsOf } from './facts.js';
import type { WasmModule, WasmSignature } from './wasm.js';

/** The program and the module that it is written to. */
export interface Surroundings {
  readonly module: WasmModule;
  readonly program: VerifiedProgram;
  /** The WebAssembly function of a guest's function, or undefined where it is not compiled. */
  functionOf(index: number): number | undefined;
  /** Whether every instruction is to be found in the code, for people who read it. */
  readonly marksAll: boolean;
  /** Whether the functions of the program's table are all compiled, so that calls through it can be. */
  readonly hasTable: boolean;
}

/** The signature of a compiled function: the guest's, with fuel and room behind the parameters, and fuel behind the results. */
export function compiledSignature({ parameters, results }: Signature): WasmSignature {
  return { parameters: [...parameters, 'i32', 'i32'], results: [...results, 'i32'] };
}

/** Whether an instruction ends compiled execution: what it does is not, or cannot be, compiled. */
export function leavesCompiled({ row, operands }: PlacedInstruction, around: Surroundings): boolean {
  const { isLeavable, isCheck, places } = factsOf(row);
  if (!isLeavable || isCheck) return false;
  return row.does.some((effect) => {
    switch (effect.kind) {
      case 'bell':
      case 'wait':
      case 'poll':
        return true;
      case 'call':
        return around.functionOf(operands[places.get(effect.callee) as number] as number) === undefined;
      case 'call_table':
        return !around.hasTable;
      default:
        return false;
    }
  });
}
