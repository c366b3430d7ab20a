/**
 * A module at work for one PU: the guest's memory where compiled code reaches it, and the way in and out of that code.
 *
 * The innermost frame is handed over through the private memory, and what comes back is its results, or the frames of all functions in progress with the
 * instruction at which they stand.
 */
import { PAGE_BYTES, trapOfCode, type TrapKind } from '../isa-spec/index.js';
import type { Exit, State } from '../vm/index.js';
import { charge, frameWords, giveResults, WORDS } from '../vm/internal/index.js';
import type { CompiledModule } from './compile.js';
import { ALLOWANCE, BIAS, CELL, FRAMES, WHY } from './layout.js';
import { placesOf } from './lower.js';
import type { Figures, Leaving } from './report.js';

/** Fuel after which compiled code is left and entered anew, so that the host's better code for it comes into force. */
const SLICE = 2 ** 22;
/** With at least so much fuel, compiled code does not stop for want of it: more than the copies of an unrolled loop. */
const UNITS_AT_ONCE = 64;

const REASONS: readonly Leaving[] = ['fuel', 'returned', 'port', 'call'];

/** What is compiled and accepted by the host. */
export interface Built extends CompiledModule {
  readonly module: WebAssembly.Module;
}

/** A module at work for one PU. */
export class Instance {
  /** The private memory. */
  readonly #words: Int32Array;

  constructor(
    readonly built: Built,
    readonly memory: WebAssembly.Memory,
    readonly exports: WebAssembly.Exports,
  ) {
    this.#words = new Int32Array(memory.buffer, 0, BIAS >> 2);
  }

  /** Whether it is the module in force, at work on the PU's memory. */
  serves(built: Built, { memory }: State): boolean {
    return this.built === built && this.memory.buffer === memory.buffer;
  }

  /**
   * Runs compiled code from the `check` in progress.
   * @returns why to stop, undefined to go on, or `scarce` where the fuel of the whole grant is less than compiled code takes at a time
   */
  enter(state: State, name: string, figures: Figures): Exit | 'scarce' | undefined {
    const { frames, program } = state;
    const words = this.#words;
    const granted = Math.min(state.fuel, SLICE);
    // Frames are multiples of 8 bytes: what is left beyond one is of no use, and would put them where words are not.
    const room = Math.min(frames.bytesLeft & ~7, ALLOWANCE);
    words[CELL.fuel >> 2] = granted;
    words[CELL.room >> 2] = room;
    words[CELL.debt >> 2] = 0;
    words.set(WORDS.subarray(frames.fp, frames.fp + frames.size), FRAMES >> 2);
    try {
      (this.exports[name] as () => void)();
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      figures.left.trap++;
      this.#locate(state, error);
      state.trap = 'memory_access';
      return 'trapped';
    }
    const used = granted - (words[CELL.fuel >> 2] as number) + (words[CELL.debt >> 2] as number);
    figures.compiledFuel += used;
    charge(state, used);
    const why = words[CELL.why >> 2] as number;
    figures.left[REASONS[why] ?? 'trap']++;
    if (why === WHY.returned) {
      const { results } = program.signatureOf(frames.function);
      return giveResults(state, words.slice(FRAMES >> 2, (FRAMES >> 2) + 2 * results.length)) ? 'returned' : undefined;
    }
    const start = (FRAMES + ALLOWANCE - room) >> 2;
    const left = words.subarray(start, start + ((room - (words[CELL.room >> 2] as number)) >> 2));
    frames.replaceInnermost(left, frameWords(program.registersOf(left[left.length - 2] as number).length));
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

  /** After a trap in the host: puts the functions in progress on the frames as far as the host's stack tells. Their registers are lost. */
  #locate({ frames, program }: State, { stack = '' }: Error): void {
    const found: (readonly [index: number, pc: number])[] = [];
    for (const [, wasmIndex, offset] of stack.matchAll(/wasm-function\[(\d+)\]:0x([0-9a-f]+)/g)) {
      const made = this.built.functions.get(Number(wasmIndex));
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
      if (!frames.push(index, frameWords(program.registersOf(index).length))) return;
      frames.pc = pc;
    }
  }
}

/** Puts a module to work for a PU, at once. */
export function instantiate(built: Built, state: State): Instance {
  const memory = reachableMemory(state);
  return new Instance(built, memory, new WebAssembly.Instance(built.module, { guest: { memory } }).exports);
}

/** Puts a module to work for a PU without keeping the host from other work. */
export async function instantiateLater(built: Built, state: State): Promise<Instance> {
  const memory = reachableMemory(state);
  const { exports } = await WebAssembly.instantiate(built.module, { guest: { memory } });
  return new Instance(built, memory, exports);
}

/** The memories that were made for guests, by what a guest's memory shows of them. */
const memories = new WeakMap<ArrayBufferLike, WebAssembly.Memory>();

/** Memory that compiled code can reach, behind one private page. */
export function makeMemory(bytes: number): Uint8Array {
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
