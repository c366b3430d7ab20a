/**
 * Functions of a program as one WebAssembly module: each function itself, a way into it for its driver, and ways into its loops.
 *
 * The module imports its memory, which is the guest's behind one private page, and nothing else.
 */
import { REGISTER_BYTES } from '../isa-spec/index.js';
import type { VerifiedProgram } from '../vm/index.js';
import { loopHeads } from './blocks.js';
import { CELL, FRAMES, WHY } from './layout.js';
import { type CodeMark, Lowering } from './lower.js';
import { LOADS, STORES } from './numbers.js';
import { shapeOf } from './shape.js';
import { compiledSignature, type Surroundings } from './surroundings.js';
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
  /** Instructions of all functions that were written, each as often as it was. */
  readonly instructions: number;
  /** For each WebAssembly function where its code begins, and the guest's instructions by their place in it. */
  readonly functions: ReadonlyMap<number, { readonly marks: readonly CodeMark[]; readonly start: number }>;
}

/** The export of an entry. */
export function entryName({ function: index, pc }: EntryPlace): string {
  return `${index}:${pc}`;
}

/** Words of a function. */
export function wordsOf(program: VerifiedProgram, index: number): number {
  return (program.starts[index + 1] as number) - (program.starts[index] as number);
}

/** Tables beyond this size are called by the interpreter. */
const TABLE_MAX = 1024;
const NOTHING = { parameters: [], results: [] };

/** Compiles functions at once: see `compileInSteps`. */
export function compile(program: VerifiedProgram, functions: readonly number[], loops: readonly EntryPlace[], marksAll = false): CompiledModule {
  const steps = compileInSteps(program, functions, loops, marksAll);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/**
 * Compiles functions, in steps that take some milliseconds at most.
 * @param functions those to compile, by index; the ones that are too large are left out
 * @param loops the loop heads at which running functions are to be entered
 * @param marksAll whether every instruction gets a mark, not only those that may trap in the host
 */
export function* compileInSteps(
  program: VerifiedProgram,
  functions: readonly number[],
  loops: readonly EntryPlace[],
  marksAll = false,
): Generator<undefined, CompiledModule> {
  const module = new WasmModule();
  module.importMemory('guest', 'memory', 1);
  const { table } = program.program;
  const chosen = functions.filter((index) => wordsOf(program, index) <= COMPILED_WORDS_MAX);
  const targets = new Map<number, WasmFunction>(chosen.map((index) => [index, module.function(compiledSignature(program.signatureOf(index)))]));
  const hasTable = table.length > 0 && table.length <= TABLE_MAX && table.every((index) => targets.has(index));
  const around: Surroundings = { module, program, functionOf: (index) => targets.get(index)?.index, hasTable, marksAll };
  if (hasTable) module.table(table.map((index) => targets.get(index)?.index as number));

  const heads = new Map<number, number[]>();
  for (const { function: index, pc } of loops) heads.set(index, [...(heads.get(index) ?? []), pc]);
  const written: (readonly [wasmIndex: number, marks: readonly CodeMark[]])[] = [];
  const entries: EntryPlace[] = [];
  let instructions = 0;
  for (const [index, target] of targets) {
    const shape = shapeOf(index, around);
    const write = function* (into: WasmFunction, root: number, isEntry: boolean): Generator<undefined, void> {
      const lowering = new Lowering(around, shape, into, root, isEntry);
      yield* lowering.write();
      written.push([into.index, lowering.marks]);
      instructions += shape.scope.body.pcs.length;
    };
    const enter = (pc: number, entry: number): void => {
      const place = { function: index, pc };
      module.exportFunction(entryName(place), entry);
      entries.push(place);
    };
    yield* write(target, 0, false);
    // A function whose first `check` is a loop's is entered there with all its registers, like any loop.
    const startsWithLoop = loopHeads(shape.scope.body).includes(0);
    if (!startsWithLoop) enter(0, writeEntry(module, program, index, target));
    for (const pc of [...(startsWithLoop ? [0] : []), ...(heads.get(index) ?? [])]) {
      const entry = module.function(NOTHING);
      yield* write(entry, pc, true);
      enter(pc, entry.index);
    }
  }
  const { bytes, codeStarts } = module.build();
  return {
    bytes,
    entries,
    instructions,
    functions: new Map(written.map(([index, marks]) => [index, { marks, start: codeStarts.get(index) as number }])),
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
