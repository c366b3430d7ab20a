/**
 * What is going to happen, in the order of virtual time: a binary heap.
 *
 * Time is in whole nanoseconds since the simulation began, exact as a number up to `TIME_MAX`, 104 days; what is later never happens. At
 * equal times a hash of the seed, the time and who acts decides, so that seeds try different orders; what one actor does at one time
 * keeps the order in which it was scheduled.
 */

/** The last nanosecond that a simulation can reach. */
export const TIME_MAX = Number.MAX_SAFE_INTEGER;

interface Entry {
  readonly time: number;
  readonly tie: number;
  readonly sequence: number;
  readonly happen: () => void;
}

function isBefore(left: Entry, right: Entry): boolean {
  if (left.time !== right.time) return left.time < right.time;
  if (left.tie !== right.tie) return left.tie < right.tie;
  return left.sequence < right.sequence;
}

/** Mixes 32 bits (the finaliser of MurmurHash3). */
function scramble(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** The queue, and the time. */
export class EventQueue {
  readonly #seed: number;
  readonly #heap: Entry[] = [];
  #sequence = 0;
  #now = 0;

  /** @param seed decides about equal times; its low 32 bits count */
  constructor(seed: bigint) {
    this.#seed = Number(BigInt.asUintN(32, seed ^ (seed >> 32n)));
  }

  /** Nanoseconds since the beginning. */
  get now(): number {
    return this.#now;
  }
  /** When something happens next, if anything does. */
  get nextTime(): number | undefined {
    return this.#heap[0]?.time;
  }
  /** How much has been taken from the queue. */
  get length(): number {
    return this.#heap.length;
  }

  /**
   * Lets something happen.
   * @param time not before now
   * @param actor a number of who acts
   */
  schedule(time: number, actor: number, happen: () => void): void {
    if (time < this.#now) throw new Error(`an event at ${time} is scheduled when it is already ${this.#now}`);
    if (time > TIME_MAX) return;
    const tie = scramble(scramble(this.#seed ^ Math.imul(actor + 1, 0x9e3779b1)) ^ (time | 0) ^ scramble(Math.floor(time / 2 ** 32))) >>> 0;
    this.#push({ time, tie, sequence: this.#sequence++, happen });
  }

  /** Moves to the next event and lets it happen. @returns false if there is none until a time */
  step(until: number): boolean {
    const first = this.#heap[0];
    if (first === undefined || first.time > until) return false;
    this.#pop();
    this.#now = first.time;
    first.happen();
    return true;
  }
  /** Lets time pass without anything happening. */
  advance(time: number): void {
    this.#now = Math.max(this.#now, time);
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as Entry;
      if (!isBefore(entry, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as Entry;
    const count = heap.length;
    if (count === 0) return;
    let at = 0;
    for (let child = 1; child < count; child = 2 * at + 1) {
      if (child + 1 < count && isBefore(heap[child + 1] as Entry, heap[child] as Entry)) child++;
      const below = heap[child] as Entry;
      if (!isBefore(below, last)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = last;
  }
}
