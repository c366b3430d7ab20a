/**
 * Time for devices: what a device asks of it, and the kind for tests and simulations, which stands still until somebody advances it.
 *
 * Devices that share one `VirtualTime` see the same order of what happens, and the same at every run.
 */

import { checkBigint, checkFunction, checkMethods, shown } from '../vm/arguments/index.js';

/** Where a device has its time from. */
export interface TimeSource {
  /** Nanoseconds since some moment, never going back. */
  now(): bigint;
  /** Calls back when that many nanoseconds have passed, at once for none, but never inside this call. @returns what takes it back */
  after(nanoseconds: bigint, callback: () => void): () => void;
}

interface Timer {
  readonly at: bigint;
  readonly callback: () => void;
}

/** Checks a source of time. @throws TypeError naming the argument */
export function checkTime(what: string, time: unknown): void {
  checkMethods(what, time, ['now', 'after'], 'a source of time');
}

/** Checks time that a test advances. @throws TypeError naming the argument */
export function checkVirtualTime(what: string, time: unknown): void {
  if (!(time instanceof VirtualTime)) throw new TypeError(`${what}: ${shown(time)}; a VirtualTime is needed`);
}

/** Time that passes when it is told to. */
export class VirtualTime implements TimeSource {
  #now: bigint;
  /** By the time at which they ring; of equal ones the first to be set first. */
  readonly #timers: Timer[] = [];

  /**
   * Time that stands still.
   * @param now the time at the beginning, in nanoseconds
   * @throws TypeError for what is no bigint
   */
  constructor(now = 0n) {
    checkBigint('now', now);
    this.#now = now;
  }

  now(): bigint {
    return this.#now;
  }
  /** When the next timer rings, if there is one. */
  get next(): bigint | undefined {
    return this.#timers[0]?.at;
  }

  after(nanoseconds: bigint, callback: () => void): () => void {
    checkBigint('nanoseconds', nanoseconds);
    checkFunction('callback', callback);
    const timer = { at: this.#now + (nanoseconds > 0n ? nanoseconds : 0n), callback };
    // Most timers ring later than those that are set: search from the end.
    let place = this.#timers.length;
    while (place > 0 && (this.#timers[place - 1] as Timer).at > timer.at) place--;
    this.#timers.splice(place, 0, timer);
    return () => {
      const found = this.#timers.indexOf(timer);
      if (found >= 0) this.#timers.splice(found, 1);
    };
  }

  /** Lets time pass; what rings on the way rings in order, each at its own time, also what is set meanwhile. @throws TypeError or RangeError for what is no bigint from 0 on */
  advance(nanoseconds: bigint): void {
    checkBigint('nanoseconds', nanoseconds, 0n);
    const end = this.#now + nanoseconds;
    for (let next = this.#timers[0]; next !== undefined && next.at <= end; next = this.#timers[0]) {
      this.#timers.shift();
      this.#now = next.at;
      next.callback();
    }
    this.#now = end;
  }
  /** Lets time pass until the next timer rings, and those of the same moment. @returns whether there was one */
  advanceToNext(): boolean {
    const next = this.next;
    if (next === undefined) return false;
    this.advance(next - this.#now);
    return true;
  }
}
