/**
 * Functions of a program as one WebAssembly module: each function itself, a way into it for its driver, and ways into its loops.
 *
 * The module imports its memory, which is the guest's behind one private page, and nothing else.
 */
import { REGISTER_BYTES, type ValueType } from '../isa-spec/index.js';
import type { VerifiedProgram } from '../vm/index.js';
import { decodedFunction } from '../vm/internal/index.js';
import { loopHeads } from './blocks.js';
import { CELL, FRAMES, WHY } from './layout.js';
import { type CodeMark, compiledSignature, Lowering, type Surroundings } from './lower.js';
import { WASM, WasmModule, type WasmFunction } from './wasm.js';

/** Words of the largest function that is compiled: beyond, the host's compiler takes too long. */
export const COMPILED_WORDS_MAX = 8000;

/** A place at which compiled code may be entered: a `check` of a function. */
export interface EntryPlace {
  readonly function: number;
  readonly pc: number;
}

/** A module and what its driver needs to know of it. */
export interface CompiledModule {
  readonly bytes: Uint8Array;
  /** The entries that the module has, as exports named by `entryName`. */
  readonly entries: readonly EntryPlace[];
  /** For each WebAssembly function: the guest's function, and its instructions by their place in the code. */
  readonly functions: ReadonlyMap<number, { readonly function: number; readonly marks: readonly CodeMark[]; readonly start: number }>;
}

/** The export of an entry. */
export function entryName({ function: index, pc }: EntryPlace): string {
  return `${index}:${pc}`;
}

/** Words of a function. */
export function wordsOf(program: VerifiedProgram, index: number): number {
  return (program.starts[index + 1] as number) - (program.starts[index] as number);
}

const STORES: Readonly<Record<ValueType, number>> = { i32: 0x36, i64: 0x37, f64: 0x39 };
const LOADS: Readonly<Record<ValueType, number>> = { i32: 0x28, i64: 0x29, f64: 0x2b };
const NOTHING = { parameters: [], results: [] };

/**
 * Compiles functions.
 * @param functions those to compile, by index; the ones that cannot be are left out
 * @param loops the loop heads at which running functions are to be entered
 */
export function compile(program: VerifiedProgram, functions: readonly number[], loops: readonly EntryPlace[]): CompiledModule {
  let chosen = functions.filter((index) => wordsOf(program, index) <= COMPILED_WORDS_MAX);
  for (;;) {
    const attempt = write(program, chosen, loops);
    if (!Array.isArray(attempt)) return attempt;
    const irreducible = new Set(attempt);
    chosen = chosen.filter((index) => !irreducible.has(index));
  }
}

/** @returns the module, or the functions whose control flow has no structure */
function write(program: VerifiedProgram, chosen: readonly number[], loops: readonly EntryPlace[]): CompiledModule | number[] {
  const module = new WasmModule();
  module.importMemory('guest', 'memory', 1);
  const { table, signatures } = program.program;
  const targets = new Map<number, WasmFunction>(chosen.map((index) => [index, module.function(compiledSignature(program.signatureOf(index)))]));
  const around: Surroundings = {
    module,
    functionOf: (index) => targets.get(index)?.index,
    signatureOf: (index) => program.signatureOf(index),
    signature: (index) => signatures[index] as (typeof signatures)[number],
    table,
  };
  if (table.length > 0 && table.every((index) => targets.has(index))) module.table(table.map((index) => targets.get(index)?.index as number));

  const written: { readonly lowering: Lowering; readonly target: WasmFunction }[] = [];
  const irreducible: number[] = [];
  for (const [index, target] of targets) {
    const lowering = new Lowering(around, index, program.registersOf(index), decodedFunction(program, index), target, 0, false);
    if (lowering.isReducible) written.push({ lowering, target });
    else irreducible.push(index);
  }
  if (irreducible.length > 0) return irreducible;
  for (const { lowering } of written) lowering.write();

  const entries: EntryPlace[] = [];
  // A function whose first `check` is a loop's is entered there with all its registers, like any loop.
  const wholes: EntryPlace[] = [];
  for (const [index, target] of targets) {
    const place = { function: index, pc: 0 };
    if (loopHeads(decodedFunction(program, index)).includes(0)) {
      wholes.push(place);
      continue;
    }
    module.exportFunction(entryName(place), writeEntry(module, program, index, target));
    entries.push(place);
  }
  for (const place of [...wholes, ...loops]) {
    if (!targets.has(place.function)) continue;
    const target = module.function(NOTHING);
    const lowering = new Lowering(
      around,
      place.function,
      program.registersOf(place.function),
      decodedFunction(program, place.function),
      target,
      place.pc,
      true,
    );
    if (!lowering.isReducible) {
      // A loop inside a loop may be entered from two sides once it is where execution begins: then it is entered at the outer one.
      target.code.raw(WASM.unreachable);
      continue;
    }
    lowering.write();
    module.exportFunction(entryName(place), target.index);
    entries.push(place);
    written.push({ lowering, target });
  }
  const { bytes, codeStarts } = module.build();
  return {
    bytes,
    entries,
    functions: new Map(
      written.map(({ lowering, target }) => [target.index, { function: lowering.index, marks: lowering.marks, start: codeStarts.get(target.index) as number }]),
    ),
  };
}

/** The way into a function from its driver: parameters, fuel and room from the private memory, results and fuel back to it. */
function writeEntry(module: WasmModule, program: VerifiedProgram, index: number, target: WasmFunction): number {
  const entry = module.function(NOTHING);
  const { code } = entry;
  const { parameters, results } = program.signatureOf(index);
  const fuel = entry.local('i32');
  const loadCell = (at: number): void => {
    code.raw(WASM.i32_const).s32(0).raw(LOADS.i32, 2).u32(at);
  };
  parameters.forEach((type, at) =>
    code
      .raw(WASM.i32_const)
      .s32(0)
      .raw(LOADS[type], 0)
      .u32(FRAMES + at * REGISTER_BYTES),
  );
  loadCell(CELL.fuel);
  loadCell(CELL.room);
  code.raw(WASM.call).u32(target.index).raw(WASM.local_tee).u32(fuel);
  // Negative fuel: the frames and the cell are written, and what stands for results is nothing.
  code.raw(WASM.i32_const).s32(0).raw(0x48, WASM.if, WASM.empty, WASM.return, WASM.end);
  const locals = results.map((type) => entry.local(type));
  for (const local of [...locals].reverse()) code.raw(WASM.local_set).u32(local);
  results.forEach((type, at) => {
    code
      .raw(WASM.i32_const)
      .s32(0)
      .raw(WASM.local_get)
      .u32(locals[at] as number)
      .raw(STORES[type], 0)
      .u32(FRAMES + at * REGISTER_BYTES);
  });
  code.raw(WASM.i32_const).s32(0).raw(WASM.local_get).u32(fuel).raw(STORES.i32, 2).u32(CELL.fuel);
  code.raw(WASM.i32_const).s32(0).raw(WASM.i32_const).s32(WHY.returned).raw(STORES.i32, 2).u32(CELL.why);
  return entry.index;
}
