/**
 * Additions to addresses that are put off: `[a]`, `a := a + 8`, `[a]` becomes `[a]`, `[a + 8]`, with the constant in the access, and one addition at the end.
 *
 * A guest's address wraps around at 2^32 and the offset of an access does not, so this is only done where no wrapping is possible: after an access through
 * the same value, which was inside memory, whose end is a page below 2^32. Constants are positive, so nothing reaches below the guest's address 0 either.
 * What is put off is known while code is written in a straight line; where control flow meets, and where code may be left, nothing is.
 */
import { PAGE_BYTES, PAGES_MAX } from '../isa-spec/index.js';

/** Most that is put off: an address inside memory and this much do not wrap. */
const DEFERRED_MAX = 2 ** 32 - PAGES_MAX * PAGE_BYTES - 1;

/** What is put off at one place in the code, by the WebAssembly local. */
export class Increments {
  readonly #deferred: Map<number, number>;
  /** Locals through which memory was accessed since they were set. */
  readonly #accessed: Set<number>;

  constructor(from?: Increments) {
    this.#deferred = new Map(from === undefined ? [] : from.#deferred);
    this.#accessed = new Set(from === undefined ? [] : from.#accessed);
  }

  /** What has to be added to a local to have the register's value. */
  of(local: number): number {
    return this.#deferred.get(local) ?? 0;
  }

  /** All that is put off. */
  get all(): readonly (readonly [local: number, by: number])[] {
    return [...this.#deferred];
  }

  /** Memory was accessed through a local and what is to be added to it. */
  access(local: number): void {
    this.#accessed.add(local);
  }

  /** A local was set. */
  forget(local: number): void {
    this.#deferred.delete(local);
    this.#accessed.delete(local);
  }

  /** Puts an addition off. @returns whether it may be */
  defer(local: number, by: number): boolean {
    const sum = this.of(local) + by;
    if (by <= 0 || sum > DEFERRED_MAX || !this.#accessed.has(local)) return false;
    this.#deferred.set(local, sum);
    return true;
  }
}
