/**
 * The audio protocol: a queue of samples that a rate empties; and the audio device for tests.
 *
 * `SampleQueue` is what mock and drivers share. It counts samples and time; where the samples go is theirs. A timer runs only while somebody waits in a
 * `drain`.
 */
import { OPERATIONS, STATUS } from '../isa-spec/index.js';
import { checkFunction, checkOptions, checkWhole } from '../vm/arguments/index.js';
import type { Client, Device, DeviceRequest, Session } from '../vm/index.js';
import { checkTime, checkVirtualTime, type TimeSource, VirtualTime } from './virtual-time.js';

const SAMPLE_BYTES = 4;
const SECOND = 10n ** 9n;
const RATE_DEFAULT = 48000;

/** How an audio device plays. */
export interface AudioSpecs {
  /** Samples per second, from 1 to 2^20; 48000 by default. */
  readonly rate?: number;
  /** The minimum delay in samples, from 1 to 2^24; a fifth of a second by default. */
  readonly minimum?: number;
  /** Most samples that are queued, at least twice the minimum, which is the default. */
  readonly capacity?: number;
}

/** What a `SampleQueue` is made of. */
export interface SampleQueueConfig extends AudioSpecs {
  readonly time: TimeSource;
  /** Gets the samples that were taken, as they were written. @returns whether they could be; if not the write fails */
  readonly take: (samples: Float32Array) => boolean;
}

const SPECS_OPTIONS = ['rate', 'minimum', 'capacity'] as const;

interface Waiter {
  readonly client: Client;
  readonly tag: number;
  readonly most: bigint;
}

/** A sample as it is played: from -1 to 1, and 0 for what is no number. */
export function clampSample(sample: number): number {
  return Number.isNaN(sample) ? 0 : Math.min(Math.max(sample, -1), 1);
}

/** The part of an audio device that is the same for all of them. */
export class SampleQueue implements Device {
  readonly serves = { protocol: 'audio', version: 1 } as const;
  readonly rate: number;
  readonly minimum: number;
  readonly #capacity: bigint;
  readonly #time: TimeSource;
  readonly #take: SampleQueueConfig['take'];
  /** Since when the queue was never empty, and how many samples were written since. */
  #since = 0n;
  #written = 0n;
  /** By how much may be queued, the most first: they are through first. */
  #waiters: Waiter[] = [];
  #stopTimer: (() => void) | undefined;

  /** @throws TypeError or RangeError naming what is out of range */
  constructor(config: SampleQueueConfig) {
    checkOptions('config', config, [...SPECS_OPTIONS, 'time', 'take']);
    const { rate = RATE_DEFAULT, time, take } = config;
    checkWhole('rate', rate, 1, 2 ** 20);
    const { minimum = Math.ceil(rate / 5) } = config;
    checkWhole('minimum', minimum, 1, 2 ** 24);
    const { capacity = 2 * minimum } = config;
    checkWhole('capacity', capacity, 2 * minimum, 2 ** 32);
    checkTime('time', time);
    checkFunction('take', take);
    this.rate = rate;
    this.minimum = minimum;
    this.#capacity = BigInt(capacity);
    this.#time = time;
    this.#take = take;
  }

  /** Samples that are queued and not yet played. */
  get delay(): bigint {
    const played = ((this.#time.now() - this.#since) * BigInt(this.rate)) / SECOND;
    return played >= this.#written ? 0n : this.#written - played;
  }

  /** The device plays no more: those who wait are told. */
  fail(): void {
    for (const { client, tag } of this.#waiters.splice(0)) client.complete({ tag, status: STATUS.device_failed });
    this.#schedule();
  }

  open(client: Client): Session {
    const forget = (gone: (waiter: Waiter) => boolean): void => {
      this.#waiters = this.#waiters.filter((waiter) => waiter.client !== client || !gone(waiter));
      this.#schedule();
    };
    return {
      send: (request) => this.#send(client, request),
      cancel: (tag) => forget((waiter) => waiter.tag === tag),
      close: () => forget(() => true),
    };
  }

  #send(client: Client, { operation, tag, bytes, argument }: DeviceRequest): void {
    const { specs, delay, write, drain } = OPERATIONS.audio;
    const complete = (status: number, answer = 0n): void => client.complete({ tag, status, argument: answer });
    if (operation === write) {
      if (bytes.length === 0 || bytes.length % SAMPLE_BYTES !== 0) return complete(STATUS.bad_request);
      const taken = this.#write(bytes);
      return taken === undefined ? complete(STATUS.device_failed) : complete(STATUS.ok, taken);
    }
    if (operation !== specs && operation !== delay && operation !== drain) return complete(STATUS.not_supported);
    if (bytes.length > 0) return complete(STATUS.bad_request);
    if (operation === delay) return complete(STATUS.ok, this.delay);
    if (operation === specs) return client.complete({ tag, status: STATUS.ok, bytes: this.#specs() });
    if (this.delay <= argument) return complete(STATUS.ok);
    this.#waiters.push({ client, tag, most: argument });
    this.#waiters.sort((one, other) => Number(other.most - one.most));
    this.#schedule();
  }

  #specs(): Uint8Array {
    const bytes = new DataView(new ArrayBuffer(8));
    bytes.setUint32(0, this.rate, true);
    bytes.setUint32(4, this.minimum, true);
    return new Uint8Array(bytes.buffer);
  }

  #write(bytes: Uint8Array): bigint | undefined {
    const queued = this.delay;
    const room = Number(this.#capacity - queued);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const samples = Float32Array.from({ length: Math.min(bytes.length / SAMPLE_BYTES, room) }, (_, index) => view.getFloat32(SAMPLE_BYTES * index, true));
    if (samples.length > 0 && !this.#take(samples)) return undefined;
    if (queued === 0n) {
      this.#since = this.#time.now();
      this.#written = 0n;
    }
    this.#written += BigInt(samples.length);
    return BigInt(samples.length);
  }

  /** Rings when the first of those who wait could be through. Writes may have come meanwhile: then it rings again. */
  #schedule(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    const first = this.#waiters[0];
    if (first === undefined) return;
    // So many samples are played when at least this time has passed.
    const end = this.#since + ((this.#written - first.most) * SECOND + BigInt(this.rate) - 1n) / BigInt(this.rate);
    this.#stopTimer = this.#time.after(end - this.#time.now(), () => {
      const delay = this.delay;
      const through = this.#waiters.filter((waiter) => delay <= waiter.most);
      this.#waiters = this.#waiters.filter((waiter) => delay > waiter.most);
      this.#schedule();
      for (const { client, tag } of through) client.complete({ tag, status: STATUS.ok });
    });
  }
}

/** What an `AudioMock` is made of. */
export interface AudioMockConfig extends AudioSpecs {
  /** What lets samples be played, where other devices share it; by default one of its own. */
  readonly time?: VirtualTime;
}

/** An audio device for tests: it keeps what it takes, and plays as time passes. */
export class AudioMock implements Device {
  readonly serves = { protocol: 'audio', version: 1 } as const;
  readonly time: VirtualTime;
  readonly #queue: SampleQueue;
  readonly #taken: { readonly time: bigint; readonly samples: Float32Array }[] = [];

  /**
   * A silent device.
   * @throws TypeError or RangeError naming what is out of range
   */
  constructor(config: AudioMockConfig = {}) {
    checkOptions('config', config, [...SPECS_OPTIONS, 'time']);
    const { time = new VirtualTime(), ...specs } = config;
    checkVirtualTime('time', time);
    this.time = time;
    this.#queue = new SampleQueue({
      ...specs,
      time,
      take: (samples) => {
        this.#taken.push({ time: time.now(), samples });
        return true;
      },
    });
  }

  /** All samples that were taken, as they were written. */
  get samples(): Float32Array {
    const all = new Float32Array(this.#taken.reduce((sum, { samples }) => sum + samples.length, 0));
    let at = 0;
    for (const { samples } of this.#taken) {
      all.set(samples, at);
      at += samples.length;
    }
    return all;
  }
  /** Writes that took samples: when, and which. */
  get writes(): readonly { readonly time: bigint; readonly samples: Float32Array }[] {
    return this.#taken;
  }
  /** Samples that are queued and not yet played. */
  get delay(): number {
    return Number(this.#queue.delay);
  }

  open(client: Client): Session {
    return this.#queue.open(client);
  }
}
