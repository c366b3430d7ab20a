/**
 * The JIT as an engine: runs compiled code where there is some, and the interpreter where there is none.
 *
 * Both work on the same frames. The interpreter stops at each `check` at which compiled code may be entered; the innermost frame is then handed
 * over through the private memory, and what comes back is its results, or the frames of all functions in progress with the instruction at which they stand.
 * Nothing else is shared, so either may go on from wherever the other was. Where the host forbids compiling, everything is interpreted.
 */
import { PAGE_BYTES, trapOfCode, type TrapKind } from '../isa-spec/index.js';
import type { Engine, Exit, State, Stops, VerifiedProgram } from '../vm/index.js';
import { charge, decodedFunction, frameWords, giveResults, interpret, WORDS } from '../vm/internal/index.js';
import { loopHeads } from './blocks.js';
import { compile, entryName, COMPILED_WORDS_MAX, type CompiledModule, type EntryPlace, wordsOf } from './compile.js';
import { ALLOWANCE, BIAS, CELL, FRAMES, WHY } from './layout.js';
import { placesOf } from './lower.js';

/** What an embedder may choose. */
export interface JitOptions {
  /**
   * - `all`: every function is compiled before the program runs.
   * - `hot`: a function is compiled once it has taken that much time that compiling pays.
   */
  readonly compile?: 'all' | 'hot';
  /** Units of fuel that the interpreter runs before it looks whether to compile, in mode `hot`; 16,384 by default. */
  readonly sampleFuel?: number;
  /** Samples of a function, or of one of its loops, before it is compiled, in mode `hot`; 3 by default. */
  readonly samples?: number;
}

/** What compiled code did for a program, for reports. */
export interface JitReport {
  /** Functions that are compiled, and the ways into them. */
  readonly functions: number;
  readonly entries: number;
  /** Bytes of the module in force. */
  readonly bytes: number;
  /** How often the program was compiled, more of it each time. */
  readonly compilations: number;
  /** Why nothing is compiled, where the host forbids it. */
  readonly refusal: string | undefined;
}

/** An engine that compiles. */
export interface JitEngine extends Engine {
  /** What it did for a program so far. */
  report(program: VerifiedProgram): JitReport;
}

/** Fuel after which compiled code is left and entered anew, so that the host's better code for it comes into force. */
const SLICE = 2 ** 22;
/** Words that are compiled, at most, for each sample's fuel that was interpreted before. */
const WORDS_PER_SAMPLE = 2048;
/** With at least so much fuel, compiled code does not stop for want of it: more than the copies of an unrolled loop. */
const UNITS_AT_ONCE = 64;
/**
 * Memory from this size on is made where compiled code reaches it, since moving it would touch all of it. Smaller memory moves when its program is
 * first compiled: hosts give out only some thousand memories of that kind.
 */
const MOVED_BYTES_MAX = 2 ** 22;
/** Words of one program that are compiled at most; the rest stays interpreted. */
const MODULE_WORDS_MAX = 100_000;

/** Makes a JIT. Its name is `jit` when it compiles everything, else `auto`. */
export function createJit(options: JitOptions = {}): JitEngine {
  const { compile: mode = 'hot', sampleFuel = 2 ** 14, samples = 3 } = options;
  const units = new WeakMap<VerifiedProgram, Unit>();
  const unitOf = (program: VerifiedProgram): Unit => {
    let unit = units.get(program);
    if (unit === undefined) {
      unit = new Unit(program, samples);
      units.set(program, unit);
      if (mode === 'all') unit.compileAll();
    }
    return unit;
  };
  return Object.freeze({
    name: mode === 'all' ? 'jit' : 'auto',
    report: (program: VerifiedProgram) => unitOf(program).report,
    memory: (bytes: number) => (bytes < MOVED_BYTES_MAX || typeof WebAssembly === 'undefined' ? new Uint8Array(bytes) : makeMemory(bytes)),
    run(state: State): Exit {
      if (state.breakpoints !== undefined) return interpret(state, state.breakpoints);
      return run(state, unitOf(state.program), mode === 'all' ? Infinity : sampleFuel);
    },
  });
}

function run(state: State, unit: Unit, sampleFuel: number): Exit {
  const { frames } = state;
  frames.moveIn();
  for (;;) {
    const entry = unit.entryAt(frames.function, frames.pc);
    if (entry !== undefined) {
      if (state.fuel < 1) return 'fuel';
      const exit = unit.enter(state, entry);
      if (exit === 'scarce') return interpret(state, undefined);
      if (exit !== undefined) return exit;
      continue;
    }
    const held = Math.max(state.fuel - sampleFuel, 0);
    state.fuel -= held;
    const exit = interpret(state, unit.stops);
    const paid = Math.min(state.debt, held);
    state.debt -= paid;
    state.fuel += held - paid;
    if (exit === 'fuel' && state.fuel >= 1) unit.sample(frames.function, frames.pc);
    else if (exit !== 'breakpoint') return exit;
  }
}

/** One program: what of it is compiled, and its instances, one for each PU that runs it. */
class Unit {
  readonly #functions = new Set<number>();
  readonly #loops = new Map<string, EntryPlace>();
  readonly #heat = new Map<string, number>();
  readonly #instances = new WeakMap<State, Instance>();
  #words = 0;
  #loopWords = 0;
  /** Samples since the last compilation. */
  #sampled = 0;
  /** Whether there is something to compile that is not in the module. */
  #isStale = false;
  #compilations = 0;
  #refusal: string | undefined;
  #module: WebAssembly.Module | undefined;
  #compiled: CompiledModule | undefined;
  #entries = new Map<number, Map<number, string>>();
  /** The places at which the interpreter stops. */
  stops: Stops | undefined;

  constructor(
    readonly program: VerifiedProgram,
    readonly samples: number,
  ) {}

  get report(): JitReport {
    const entries = this.#compiled?.entries ?? [];
    return {
      functions: entries.filter(({ pc }) => pc === 0).length,
      entries: entries.length,
      bytes: this.#compiled?.bytes.length ?? 0,
      compilations: this.#compilations,
      refusal: this.#refusal,
    };
  }

  /** The export by which compiled code is entered at a `check`, if there is one. */
  entryAt(index: number, pc: number): string | undefined {
    return this.#entries.get(index)?.get(pc);
  }

  compileAll(): void {
    this.program.program.functions.forEach((_, index) => {
      this.#add(index);
    });
    for (const index of this.#functions) for (const pc of loopHeads(decodedFunction(this.program, index))) this.#addLoop({ function: index, pc });
    this.#compile();
  }

  /** A sample of where the interpreter is, at a `check`. Often enough in one place, that place is compiled. */
  sample(index: number, pc: number): void {
    this.#sampled++;
    const isCompiled = this.#functions.has(index);
    const place = isCompiled ? entryName({ function: index, pc }) : String(index);
    const heat = (this.#heat.get(place) ?? 0) + 1;
    this.#heat.set(place, heat);
    if (heat === this.samples && (isCompiled || this.#addReachable(index))) {
      if (pc !== 0) this.#addLoop({ function: index, pc });
      this.#isStale = true;
    }
    // All is compiled anew each time: what that costs must have been earned, or a program could make its host compile for ever.
    if (this.#isStale && this.#sampled * WORDS_PER_SAMPLE >= this.#words + this.#loopWords) this.#compile();
  }

  /** Adds a way into a loop, which costs its function's size once more. */
  #addLoop(place: EntryPlace): void {
    const words = wordsOf(this.program, place.function);
    if (place.pc === 0 || this.#loopWords + words > MODULE_WORDS_MAX) return;
    this.#loopWords += words;
    this.#loops.set(entryName(place), place);
  }

  /** @returns whether the function is among those to compile */
  #add(index: number): boolean {
    if (this.#functions.has(index)) return true;
    const words = wordsOf(this.program, index);
    if (words > COMPILED_WORDS_MAX || this.#words + words > MODULE_WORDS_MAX) return false;
    this.#words += words;
    this.#functions.add(index);
    return true;
  }

  /** Adds a function and all that it may call. @returns whether the function itself could be added */
  #addReachable(index: number): boolean {
    if (!this.#add(index)) return false;
    const work = [index];
    for (let at = 0; at < work.length; at++) {
      for (const { row, operands } of decodedFunction(this.program, work[at] as number).instructions) {
        row.operands.forEach(({ kind }, position) => {
          const callees = kind === 'function' ? [operands[position] as number] : kind === 'signature' ? this.program.program.table : [];
          for (const callee of callees) if (!this.#functions.has(callee) && this.#add(callee)) work.push(callee);
        });
      }
    }
    return true;
  }

  #compile(): void {
    this.#isStale = false;
    this.#sampled = 0;
    if (this.#functions.size === 0 || this.#refusal !== undefined) return;
    const compiled = compile(this.program, [...this.#functions], [...this.#loops.values()]);
    try {
      this.#module = new WebAssembly.Module(compiled.bytes as Uint8Array<ArrayBuffer>);
    } catch (error) {
      // A policy of the host: what it says is passed on, and the program runs as before.
      this.#refusal = error instanceof Error ? error.message : String(error);
      return;
    }
    this.#compilations++;
    this.#compiled = compiled;
    this.#entries = new Map();
    for (const place of compiled.entries) {
      const entries = this.#entries.get(place.function) ?? new Map<number, string>();
      this.#entries.set(place.function, entries.set(place.pc, entryName(place)));
    }
    this.stops = { places: new Map([...this.#entries].map(([index, entries]) => [index, new Set(entries.keys())])) };
  }

  /**
   * Runs compiled code from the `check` in progress.
   * @returns why to stop, undefined to go on, or `scarce` where the fuel of the whole grant is less than compiled code takes at a time
   */
  enter(state: State, name: string): Exit | 'scarce' | undefined {
    const { frames } = state;
    const instance = this.#instanceFor(state);
    const { words } = instance;
    const granted = Math.min(state.fuel, SLICE);
    // Frames are multiples of 8 bytes: what is left beyond one is of no use, and would put them where words are not.
    const room = Math.min(frames.bytesLeft & ~7, ALLOWANCE);
    words[CELL.fuel >> 2] = granted;
    words[CELL.room >> 2] = room;
    words[CELL.debt >> 2] = 0;
    words.set(WORDS.subarray(frames.fp, frames.fp + frames.size), FRAMES >> 2);
    try {
      (instance.exports[name] as () => void)();
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      this.#locate(state, error);
      state.trap = 'memory_access';
      return 'trapped';
    }
    charge(state, granted - (words[CELL.fuel >> 2] as number) + (words[CELL.debt >> 2] as number));
    const why = words[CELL.why >> 2] as number;
    if (why === WHY.returned) {
      const { results } = this.program.signatureOf(frames.function);
      return giveResults(state, words.slice(FRAMES >> 2, (FRAMES >> 2) + 2 * results.length)) ? 'returned' : undefined;
    }
    const start = (FRAMES + ALLOWANCE - room) >> 2;
    const left = words.subarray(start, start + ((room - (words[CELL.room >> 2] as number)) >> 2));
    frames.replaceInnermost(left, frameWords(this.program.registersOf(left[left.length - 2] as number).length));
    switch (why) {
      case WHY.fuel:
        if (state.fuel < 1) return 'fuel';
        return state.fuel < UNITS_AT_ONCE ? 'scarce' : undefined;
      case WHY.port:
        return 'port';
      case WHY.call:
        return undefined;
      default:
        state.trap = trapOfCode(why - WHY.trap) as TrapKind;
        return 'trapped';
    }
  }

  #instanceFor(state: State): Instance {
    let instance = this.#instances.get(state);
    if (instance === undefined || instance.module !== this.#module || instance.memory.buffer !== state.memory.buffer) {
      instance = instantiate(this.#module as WebAssembly.Module, reachableMemory(state));
      this.#instances.set(state, instance);
    }
    return instance;
  }

  /** After a trap in the host: puts the functions in progress on the frames as far as the host's stack tells. Their registers are lost. */
  #locate({ frames }: State, { stack = '' }: Error): void {
    const found: (readonly [index: number, pc: number])[] = [];
    for (const [, wasmIndex, offset] of stack.matchAll(/wasm-function\[(\d+)\]:0x([0-9a-f]+)/g)) {
      const made = this.#compiled?.functions.get(Number(wasmIndex));
      if (made === undefined) continue;
      const at = Number.parseInt(offset as string, 16) - made.start;
      const mark = made.marks.findLast((place) => place.offset <= at);
      if (mark !== undefined) found.push(...[...placesOf(mark)].reverse());
    }
    const outermost = found.at(-1);
    if (outermost !== undefined && outermost[0] === frames.function) {
      frames.pc = outermost[1];
      found.pop();
    }
    for (const [index, pc] of found.reverse()) {
      if (!frames.push(index, frameWords(this.program.registersOf(index).length))) return;
      frames.pc = pc;
    }
  }
}

/** A module at work for one PU. */
interface Instance {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly exports: WebAssembly.Exports;
  /** The private memory. */
  readonly words: Int32Array;
}

function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Instance {
  const { exports } = new WebAssembly.Instance(module, { guest: { memory } });
  return { module, memory, exports, words: new Int32Array(memory.buffer, 0, BIAS >> 2) };
}

/** The memories that were made for guests, by what a guest's memory shows of them. */
const memories = new WeakMap<ArrayBufferLike, WebAssembly.Memory>();

/** Memory that compiled code can reach, behind one private page. */
function makeMemory(bytes: number): Uint8Array {
  const pages = (bytes + BIAS) / PAGE_BYTES;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  memories.set(memory.buffer, memory);
  return new Uint8Array(memory.buffer, BIAS);
}

/** The memory of a PU where compiled code can reach it, moved there if it is elsewhere. */
function reachableMemory(state: State): WebAssembly.Memory {
  if (!memories.has(state.memory.buffer)) {
    const moved = makeMemory(state.memory.length);
    moved.set(state.memory);
    state.memory = moved;
    state.view = new DataView(moved.buffer, BIAS);
  }
  return memories.get(state.memory.buffer) as WebAssembly.Memory;
}
