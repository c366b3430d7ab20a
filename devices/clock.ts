/**
 * A clock for tests and simulations: time stands still until somebody advances it.
 */
import { STATUS } from '../isa-spec/index.js';
import type { Client, Device, Session } from '../vm/index.js';
import { answerClock } from './time.js';

/** What a `ClockMock` is made of. */
export interface ClockMockConfig {
  /** Nanoseconds since 1970-01-01 00:00 UTC at the beginning; 0 by default. */
  readonly time?: bigint;
}

interface Sleeper {
  readonly client: Client;
  readonly tag: number;
  readonly until: bigint;
}

/** A device of protocol `clock` with virtual time. */
export class ClockMock implements Device {
  readonly serves = { protocol: 'clock', version: 1 } as const;
  #time: bigint;
  /** By the time at which they wake; of equal ones the first to sleep first. */
  #sleepers: Sleeper[] = [];

  /** A clock at that time, without sleepers. */
  constructor({ time = 0n }: ClockMockConfig = {}) {
    this.#time = time;
  }

  /** Nanoseconds since 1970-01-01 00:00 UTC. */
  get time(): bigint {
    return this.#time;
  }
  /** When the next sleeper wakes, if there is one. */
  get nextWake(): bigint | undefined {
    return this.#sleepers[0]?.until;
  }

  /** Sets the time without a time passing: nobody wakes, and sleepers still sleep for as long as they asked. */
  set(time: bigint): void {
    const shift = time - this.#time;
    this.#time = time;
    this.#sleepers = this.#sleepers.map((sleeper) => ({ ...sleeper, until: sleeper.until + shift }));
  }

  /** Lets time pass and wakes who slept long enough, in order, each at its own time. */
  advance(nanoseconds: bigint): void {
    const end = this.#time + nanoseconds;
    for (let next = this.#sleepers[0]; next !== undefined && next.until <= end; next = this.#sleepers[0]) {
      this.#sleepers.shift();
      this.#time = next.until;
      next.client.complete({ tag: next.tag, status: STATUS.ok });
    }
    this.#time = end;
  }

  /** Lets time pass until the next sleeper wakes. @returns whether there was one */
  advanceToNext(): boolean {
    const next = this.nextWake;
    if (next === undefined) return false;
    this.advance(next - this.#time);
    return true;
  }

  open(client: Client): Session {
    const source = {
      resolution: -9,
      now: () => this.#time,
      sleep: (tag: number, nanoseconds: bigint): void => {
        const until = this.#time + nanoseconds;
        const later = this.#sleepers.findIndex((sleeper) => sleeper.until > until);
        this.#sleepers.splice(later < 0 ? this.#sleepers.length : later, 0, { client, tag, until });
      },
    };
    const forget = (gone: (sleeper: Sleeper) => boolean): void => {
      this.#sleepers = this.#sleepers.filter((sleeper) => sleeper.client !== client || !gone(sleeper));
    };
    return {
      send: (request) => answerClock(client, source, request),
      cancel: (tag) => forget((sleeper) => sleeper.tag === tag),
      close: () => forget(() => true),
    };
  }
}
