/**
 * A clock for tests and simulations: time stands still until somebody advances it.
 */
import { STATUS } from '../isa-spec/index.js';
import { checkBigint, checkOptions } from '../vm/arguments/index.js';
import type { Client, Device, Session } from '../vm/index.js';
import { answerClock } from './time.js';
import { checkVirtualTime, VirtualTime } from './virtual-time.js';

/** What a `ClockMock` is made of. */
export interface ClockMockConfig {
  /** Nanoseconds since 1970-01-01 00:00 UTC at the beginning; 0 by default. */
  readonly time?: bigint;
  /** What lets time pass, where other devices share it; by default one of its own. */
  readonly source?: VirtualTime;
}

/** A device of protocol `clock` with virtual time. */
export class ClockMock implements Device {
  readonly serves = { protocol: 'clock', version: 1 } as const;
  readonly #source: VirtualTime;
  /** The time of day less the source's time. */
  #offset: bigint;

  /** A clock at that time, without sleepers. @throws TypeError if the config is none */
  constructor(config: ClockMockConfig = {}) {
    checkOptions('config', config, ['time', 'source']);
    const { time = 0n, source = new VirtualTime() } = config;
    checkBigint('time', time);
    checkVirtualTime('source', source);
    this.#source = source;
    this.#offset = time - source.now();
  }

  /** Nanoseconds since 1970-01-01 00:00 UTC. */
  get time(): bigint {
    return this.#source.now() + this.#offset;
  }
  /** When the next sleeper wakes, or something else that shares the source happens, if anything does. */
  get nextWake(): bigint | undefined {
    const next = this.#source.next;
    return next === undefined ? undefined : next + this.#offset;
  }

  /** Sets the time without a time passing: nobody wakes, and sleepers still sleep for as long as they asked. @throws TypeError for what is no bigint */
  set(time: bigint): void {
    checkBigint('time', time);
    this.#offset = time - this.#source.now();
  }

  /** Lets time pass and wakes who slept long enough, in order, each at its own time. @throws TypeError or RangeError for what is no bigint from 0 on */
  advance(nanoseconds: bigint): void {
    checkBigint('nanoseconds', nanoseconds, 0n);
    this.#source.advance(nanoseconds);
  }

  /** Lets time pass until the next sleeper wakes. @returns whether there was one */
  advanceToNext(): boolean {
    return this.#source.advanceToNext();
  }

  open(client: Client): Session {
    const sleeps = new Map<number, () => void>();
    const source = {
      resolution: -9,
      now: () => this.time,
      sleep: (tag: number, nanoseconds: bigint): void => {
        const wake = (): void => {
          sleeps.delete(tag);
          client.complete({ tag, status: STATUS.ok });
        };
        sleeps.set(tag, this.#source.after(nanoseconds, wake));
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
