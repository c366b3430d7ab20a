/**
 * The computer's clock: time of day in milliseconds, and sleeps by timers.
 *
 * A sleep is measured on the monotonic clock, so setting the time of day neither shortens nor lengthens it; it never ends
 * early. A timer of the host reaches 2^31 - 1 milliseconds, so a longer sleep takes several.
 */
import { STATUS } from '../../isa-spec/index.js';
import type { Client, Device, Session } from '../../vm/index.js';
import { answerClock } from '../index.js';

/** What a `ClockDriver` needs of its host: the process's clocks and timers unless a test gives others. */
export interface ClockDriverConfig {
  /** Milliseconds since 1970-01-01 00:00 UTC. */
  readonly utc?: () => number;
  /** Nanoseconds since some moment, never going back. */
  readonly monotonic?: () => bigint;
  /** Calls back after that many milliseconds, at most 2^31 - 1. @returns what takes it back */
  readonly startTimer?: (milliseconds: number, callback: () => void) => () => void;
}

const TIMER_MAX = 2n ** 31n - 1n;
const MILLISECOND = 1_000_000n;

function startNodeTimer(milliseconds: number, callback: () => void): () => void {
  const timer = setTimeout(callback, milliseconds);
  return () => clearTimeout(timer);
}

/** The computer's clock as a device of protocol `clock`. */
export class ClockDriver implements Device {
  readonly serves = { protocol: 'clock', version: 1 } as const;
  readonly #utc: () => number;
  readonly #monotonic: () => bigint;
  readonly #startTimer: NonNullable<ClockDriverConfig['startTimer']>;

  /** The computer's clock. */
  constructor({ utc = Date.now, monotonic = process.hrtime.bigint, startTimer = startNodeTimer }: ClockDriverConfig = {}) {
    this.#utc = utc;
    this.#monotonic = monotonic;
    this.#startTimer = startTimer;
  }

  open(client: Client): Session {
    const sleeps = new Map<number, () => void>();
    const source = {
      resolution: -3,
      now: () => BigInt(Math.floor(this.#utc())) * MILLISECOND,
      sleep: (tag: number, nanoseconds: bigint): void => {
        const end = this.#monotonic() + nanoseconds;
        const rest = (): void => {
          const left = end - this.#monotonic();
          if (left <= 0n) {
            sleeps.delete(tag);
            client.complete({ tag, status: STATUS.ok });
            return;
          }
          const whole = (left + MILLISECOND - 1n) / MILLISECOND;
          sleeps.set(tag, this.#startTimer(Number(whole < TIMER_MAX ? whole : TIMER_MAX), rest));
        };
        rest();
      },
    };
    const stop = (tag: number): void => {
      sleeps.get(tag)?.();
      sleeps.delete(tag);
    };
    return {
      send: (request) => answerClock(client, source, request),
      cancel: stop,
      close: () => {
        for (const tag of sleeps.keys()) stop(tag);
      },
    };
  }
}
