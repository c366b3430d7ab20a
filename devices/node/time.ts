/**
 * The computer's time for devices: the monotonic clock and timers.
 */
import type { TimeSource } from '../index.js';

const MILLISECOND = 1_000_000n;
/** A timer of Node reaches no further; what is later takes several. */
const TIMER_MAX = 2n ** 31n - 1n;

/** Time that passes by itself. Nothing rings early. */
export const NODE_TIME: TimeSource = {
  now: () => process.hrtime.bigint(),
  after(nanoseconds, callback) {
    const end = process.hrtime.bigint() + nanoseconds;
    let timer: NodeJS.Timeout;
    const wait = (): void => {
      const left = end - process.hrtime.bigint();
      const milliseconds = left > 0n ? (left + MILLISECOND - 1n) / MILLISECOND : 0n;
      timer = setTimeout(ring, Number(milliseconds < TIMER_MAX ? milliseconds : TIMER_MAX));
    };
    const ring = (): void => (process.hrtime.bigint() < end ? wait() : callback());
    wait();
    return () => clearTimeout(timer);
  },
};
