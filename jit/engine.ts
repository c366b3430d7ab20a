/**
 * The JIT as an engine: runs compiled code where there is some, and the interpreter where there is none.
 *
 * Both work on the same frames. The interpreter stops at each `check` at which compiled code may be entered; the innermost frame is then handed
 * over through the private memory, and what comes back is its results, or the frames of all functions in progress with the instruction at which they stand.
 * Nothing else is shared, so either may go on from wherever the other was. Where the host forbids compiling, everything is interpreted.
 */
import type { Engine, Exit, State, Stops, VerifiedProgram } from '../vm/index.js';
import { interpret } from '../vm/internal/index.js';
import { makeMemory } from './instance.js';
import type { JitReport } from './report.js';
import { type Settings, Unit } from './unit.js';

/** What an embedder may choose. */
export interface JitOptions {
  /**
   * - `all`: every function is compiled before the program runs.
   * - `hot`, by default: a function is compiled once it has taken that much time that compiling pays.
   */
  readonly compile?: 'all' | 'hot';
  /**
   * Whether compiling never keeps the host for longer than some milliseconds: it is then done in steps between runs, and programs are interpreted
   * until it is done. By default where there is a document, since browsers refuse to compile more than a little at once there.
   */
  readonly asynchronous?: boolean;
  /** Units of fuel that the interpreter runs before it looks whether to compile, in mode `hot`; 16,384 by default. */
  readonly sampleFuel?: number;
  /** Samples of a function, or of one of its loops, before it is compiled, in mode `hot`; 3 by default. */
  readonly samples?: number;
  /** Milliseconds of any beginning, `performance.now` for example; only for the times in reports. */
  readonly clock?: () => number;
  /** Called once if the host forbids compiling, with what it says; programs are then interpreted. */
  readonly onRefusal?: (reason: string) => void;
}

/** An engine that compiles. */
export interface JitEngine extends Engine {
  /** What it did for a program so far. */
  report(program: VerifiedProgram): JitReport;
}

/**
 * Memory from this size on is made where compiled code reaches it, since moving it would touch all of it. Smaller memory moves when its program is
 * first compiled: hosts give out only some thousand memories of that kind.
 */
const MOVED_BYTES_MAX = 2 ** 22;

/** Makes a JIT. Its name is `jit` when it compiles everything, else `auto`. */
export function createJit(options: JitOptions = {}): JitEngine {
  const { compile: mode = 'hot', sampleFuel = 2 ** 14, samples = 3, asynchronous = 'document' in globalThis, clock = () => 0, onRefusal } = options;
  let isRefused = false;
  const refused = (reason: string): void => {
    if (!isRefused) onRefusal?.(reason);
    isRefused = true;
  };
  const settings: Settings = { samples, asynchronous, clock, refused };
  const units = new WeakMap<VerifiedProgram, Unit>();
  const unitOf = (program: VerifiedProgram): Unit => {
    let unit = units.get(program);
    if (unit === undefined) {
      unit = new Unit(program, settings);
      units.set(program, unit);
      if (mode === 'all') unit.compileAll();
    }
    return unit;
  };
  // What is compiled in between can be entered only if the interpreter looks up.
  const unitsAtOnce = mode === 'all' && !asynchronous ? Infinity : sampleFuel;
  return Object.freeze({
    name: mode === 'all' ? 'jit' : 'auto',
    report: (program: VerifiedProgram) => unitOf(program).report,
    memory: (bytes: number) => (bytes < MOVED_BYTES_MAX || typeof WebAssembly === 'undefined' ? new Uint8Array(bytes) : makeMemory(bytes)),
    run(state: State): Exit {
      if (state.breakpoints !== undefined) return interpret(state, state.breakpoints);
      return run(state, unitOf(state.program), unitsAtOnce);
    },
  });
}

function interpretCounted(state: State, unit: Unit, stops: Stops | undefined): Exit {
  const before = state.fuel - state.debt;
  const exit = interpret(state, stops);
  unit.interpreted(before - (state.fuel - state.debt));
  return exit;
}

function run(state: State, unit: Unit, unitsAtOnce: number): Exit {
  const { frames } = state;
  frames.moveIn();
  for (;;) {
    const entry = unit.entryAt(frames.function, frames.pc);
    const instance = entry === undefined ? undefined : unit.instanceFor(state);
    if (entry !== undefined && instance !== undefined) {
      if (state.fuel < 1) return 'fuel';
      const exit = unit.enter(state, instance, entry);
      if (exit === 'scarce') return interpretCounted(state, unit, undefined);
      if (exit !== undefined) return exit;
      continue;
    }
    const held = Math.max(state.fuel - unitsAtOnce, 0);
    state.fuel -= held;
    const exit = interpretCounted(state, unit, unit.instanceFor(state) === undefined ? undefined : unit.stops);
    const paid = Math.min(state.debt, held);
    state.debt -= paid;
    state.fuel += held - paid;
    if (exit === 'fuel' && state.fuel >= 1) unit.sample(frames.function, frames.pc);
    else if (exit !== 'breakpoint') return exit;
  }
}
