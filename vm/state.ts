/**
 * The state of one PU as engines see it, and the contract between an engine and the machine that drives it.
 *
 * An engine runs until something happens that is not its business: the fuel is used up, the outermost function returned, a trap,
 * a port instruction, a breakpoint. It then leaves the state as the specification describes a suspended PU, so that any engine can go on.
 */
import type { TrapKind } from '../isa-spec/index.js';
import type { FrameStack } from './frames.js';
import type { VerifiedProgram } from './verify.js';

/**
 * Why an engine stopped.
 * - `fuel`: at a `check`, nothing of it charged or done.
 * - `returned`: results stand in the first registers of the outermost frame.
 * - `trapped`: `state.trap` says which; function and pc are those of the instruction.
 * - `port`: at a port instruction, nothing of it done.
 * - `breakpoint`: at an instruction that has one, nothing of it done.
 */
export type Exit = 'fuel' | 'returned' | 'trapped' | 'port' | 'breakpoint';

/** Places at which to stop. A new object for each set of places. */
export interface Stops {
  /** For each function that has some: the pcs. */
  readonly places: ReadonlyMap<number, ReadonlySet<number>>;
}

/** One PU. Engines change `frames`, `fuel`, `debt` and `trap`; the rest is the machine's. */
export interface State {
  readonly program: VerifiedProgram;
  readonly frames: FrameStack;
  /** The guest's memory, its address 0 first. An engine may put another array of the same contents in its place. */
  memory: Uint8Array;
  /** The same bytes. */
  view: DataView;
  /** Units left of this grant. */
  fuel: number;
  /** Units owed beyond the grant: taken from the next one. */
  debt: number;
  /** The kind, where the exit was `trapped`. */
  trap: TrapKind | undefined;
  /** Where the debugger wants to stop. */
  breakpoints: Stops | undefined;
}

/** Something that runs programs. Engines hold no state of a PU between runs. */
export interface Engine {
  /** As named on the command line and in reports. */
  readonly name: string;
  /**
   * Makes memory for a PU: that many bytes, all zero. Without it, or wherever the memory came from, an engine takes any array.
   * @throws RangeError if the host has not enough
   */
  memory?(bytes: number): Uint8Array;
  /** Runs until something happens. */
  run(state: State): Exit;
}

/** Takes fuel for bulk work that is already done; what is missing becomes a debt. */
export function charge(state: State, units: number): void {
  state.fuel -= units;
  if (state.fuel < 0) {
    state.debt -= state.fuel;
    state.fuel = 0;
  }
}
