/**
 * How a thread sleeps until somebody has news for it, and is not woken when it is awake.
 *
 * Two shared words: whether it sleeps, and how often it was woken. Who sleeps says so and looks once more before it does; who brings news
 * brings it first and then looks whether the other sleeps. Both by sequentially consistent operations, so no news is missed.
 */

const ASLEEP = 0;
const RINGS = 1;

/** Memory for a bell. */
export function makeBell(): SharedArrayBuffer {
  return new SharedArrayBuffer(8);
}

/**
 * Wakes the owner of a bell if it sleeps.
 * @param ring how; by default as `sleep` waits for it
 */
export function waker(buffer: SharedArrayBuffer, ring?: () => void): () => void {
  const words = new Int32Array(buffer);
  return () => {
    if (Atomics.load(words, ASLEEP) === 0 || Atomics.exchange(words, ASLEEP, 0) === 0) return;
    Atomics.add(words, RINGS, 1);
    if (ring === undefined) Atomics.notify(words, RINGS);
    else ring();
  };
}

/** The owner's side of a bell. */
export class Bell {
  readonly #words: Int32Array;

  /** The bell in that memory. */
  constructor(buffer: SharedArrayBuffer) {
    this.#words = new Int32Array(buffer);
  }

  /**
   * Blocks the thread until it is woken, unless there is news already.
   * @param milliseconds most time, without limit by default
   * @returns false if the time ended it
   */
  sleep(hasNews: () => boolean, milliseconds = Number.POSITIVE_INFINITY): boolean {
    const words = this.#words;
    const rings = Atomics.load(words, RINGS);
    Atomics.store(words, ASLEEP, 1);
    const wasWoken = hasNews() || Atomics.wait(words, RINGS, rings, milliseconds) !== 'timed-out';
    Atomics.store(words, ASLEEP, 0);
    return wasWoken;
  }

  /** For a thread with an event loop: it wants to be rung. @returns false where there is news already */
  rest(hasNews: () => boolean): boolean {
    Atomics.store(this.#words, ASLEEP, 1);
    if (!hasNews()) return true;
    Atomics.store(this.#words, ASLEEP, 0);
    return false;
  }
}
