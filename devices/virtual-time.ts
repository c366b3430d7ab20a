/**
 * Time for devices: what a device asks of it, and the kind for tests and simulations, which stands still until somebody advances it.
 *
 * Devices that share one `VirtualTime` see the same order of what happens, and the same at every run.
 */

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

/** Time that passes when it is told to. */
export class VirtualTime implements TimeSource {
  #now: bigint;
  /** By the time at which they ring; of equal ones the first to be set first. */
  readonly #timers: Timer[] = [];

  /** @param now the time at the beginning, in nanoseconds */
  constructor(now = 0n) {
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

  /** Lets time pass; what rings on the way rings in order, each at its own time, also what is set meanwhile. */
  advance(nanoseconds: bigint): void {
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
