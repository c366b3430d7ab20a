/**
 * The PUs of a controller on threads: its programs have a thread each, and run when they are on a slot.
 */
import type { PuCondition, PuDone, PuHost } from '../../devices/index.js';
import { TRAPS } from '../../isa-spec/index.js';
import type { Command, Ending } from './thread-data.js';

/** What a controller needs of a program of its own. */
export interface SlotProgram {
  readonly state: 'computing' | 'waiting' | 'other';
  /** How it came to its end, unless it was set back since. */
  readonly ending: Ending | undefined;
  command(kind: Extract<Command['kind'], 'start' | 'stop' | 'reset'>, done: PuDone): void;
  /** Calls back when the program has come to its end. */
  onEnd(callback: () => void): void;
}

/** The slots of one controller. */
export class ThreadSlots implements PuHost {
  readonly count: number;
  readonly programs: number;
  readonly #programs: readonly SlotProgram[];
  readonly #placed: (number | undefined)[];
  #ended: (slot: number) => void = () => undefined;

  /** @param starting positions of the programs that run from the beginning: they stand on the first slots */
  constructor(programs: readonly SlotProgram[], starting: readonly number[], slots: number) {
    this.#programs = programs;
    this.count = slots;
    this.programs = programs.length;
    this.#placed = Array.from({ length: slots }, (_, slot) => starting[slot]);
    programs.forEach((program, number) => {
      program.onEnd(() => {
        const slot = this.#placed.indexOf(number);
        if (slot >= 0) this.#ended(slot);
      });
    });
  }

  set(slot: number, program: number | undefined, done: PuDone): void {
    this.#placed[slot] = program;
    done(true);
  }
  start(slot: number, done: PuDone): void {
    this.#on(slot).command('start', done);
  }
  stop(slot: number, done: PuDone): void {
    this.#on(slot).command('stop', done);
  }
  reset(slot: number, done: PuDone): void {
    this.#on(slot).command('reset', done);
  }
  programOn(slot: number): number | undefined {
    return this.#placed[slot];
  }
  state(slot: number): PuCondition {
    if (this.#placed[slot] === undefined) return { state: 'empty', detail: 0 };
    const { state, ending } = this.#on(slot);
    if (ending?.kind === 'trapped') return { state: 'exception', detail: TRAPS[ending.trap].code };
    if (ending?.kind === 'returned') {
      const [value] = ending.values;
      return { state: 'returned', detail: typeof value === 'number' && Number.isInteger(value) ? value : 0 };
    }
    return { state: state === 'other' ? 'stopped' : state, detail: 0 };
  }
  onEnded(callback: (slot: number) => void): void {
    this.#ended = callback;
  }

  #on(slot: number): SlotProgram {
    return this.#programs[this.#placed[slot] as number] as SlotProgram;
  }
}
