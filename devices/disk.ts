/**
 * A disk for tests: memory behind a volatile write cache, with failures, delays and crashes where a test wants them.
 *
 * A write is in the cache until a flush. A crash decides about each cached write, and clients see the disk restart.
 */
import { STATUS } from '../isa-spec/index.js';
import { checkBytes, checkFunction, checkOptions, checkWhole } from '../vm/arguments/index.js';
import type { Client, Device, DeviceRequest, Session } from '../vm/index.js';
import { checkDiskSize, diskRequest, diskSpecs } from './blocks.js';

/** What a `DiskMock` is made of. */
export interface DiskMockConfig {
  /** From 0 to 2^32 - 1. */
  readonly entries: number;
  /** 512 by default. */
  readonly entryBytes?: number;
  /** The first bytes of the disk; zeros follow. */
  readonly contents?: Uint8Array;
}

/** How a request is to fail. */
export interface DiskFault {
  /** One of `STATUS`; `device_failed` by default. */
  readonly status?: number;
  /** Payload bytes of a write that reach the cache nevertheless: a torn write. None by default. */
  readonly bytesWritten?: number;
}

/** A write that no flush has made durable. */
export interface CachedWrite {
  readonly entry: number;
  readonly bytes: Uint8Array;
}

/** A device of protocol `disk` in memory. */
export class DiskMock implements Device {
  readonly serves = { protocol: 'disk', version: 1 } as const;
  readonly entries: number;
  readonly entryBytes: number;
  readonly #contents: Uint8Array;
  readonly #durable: Uint8Array;
  #cache: CachedWrite[] = [];
  readonly #faults = new Map<number, DiskFault>();
  readonly #clients = new Set<Client>();
  #held: { readonly client: Client; readonly request: DeviceRequest }[] = [];
  #holding = false;
  #requestCount = 0;

  /** @throws TypeError or RangeError if the size is not one, the contents are no bytes or larger, or this computer has not that much memory */
  constructor(config: DiskMockConfig) {
    checkOptions('config', config, ['entries', 'entryBytes', 'contents']);
    const { entries, entryBytes = 512, contents = new Uint8Array(0) } = config;
    checkDiskSize({ entries, entryBytes });
    checkBytes('contents', contents);
    if (contents.length > entries * entryBytes) throw new RangeError(`contents: ${contents.length} bytes; the disk has ${entries * entryBytes}`);
    this.entries = entries;
    this.entryBytes = entryBytes;
    this.#contents = new Uint8Array(entries * entryBytes);
    this.#contents.set(contents);
    this.#durable = this.#contents.slice();
  }

  /** What reads see: a copy. */
  get contents(): Uint8Array {
    return this.#contents.slice();
  }
  /** What is sure to survive a crash: a copy. */
  get durable(): Uint8Array {
    return this.#durable.slice();
  }
  /** What reads of some entries see: a copy. Fewer bytes where the disk ends before. */
  read(entry: number, count = 1): Uint8Array {
    return this.#contents.slice(entry * this.entryBytes, (entry + count) * this.entryBytes);
  }
  /** Writes that a crash may lose, one entry each, in order. */
  get cached(): readonly CachedWrite[] {
    return this.#cache;
  }
  /** Requests carried out so far, failed ones too. */
  get requestCount(): number {
    return this.#requestCount;
  }
  /** Requests that are held back. */
  get heldCount(): number {
    return this.#held.length;
  }

  /** Makes the request with this number fail; the first one that the disk carries out is 1. @throws TypeError or RangeError for a fault that is none */
  failRequest(number: number, fault: DiskFault = {}): void {
    checkWhole('number', number, 1, Number.MAX_SAFE_INTEGER);
    checkOptions('fault', fault, ['status', 'bytesWritten']);
    if (fault.status !== undefined) checkWhole('fault.status', fault.status, 0, 0xffffffff);
    if (fault.bytesWritten !== undefined) checkWhole('fault.bytesWritten', fault.bytesWritten, 0, Number.MAX_SAFE_INTEGER);
    this.#faults.set(number, fault);
  }
  /** From now on requests wait for `release`. */
  hold(): void {
    this.#holding = true;
  }
  /** Carries out held requests, all by default and then no longer holding. @throws TypeError or RangeError for what is no count */
  release(count?: number): void {
    if (count !== undefined) checkWhole('count', count, 0, Number.MAX_SAFE_INTEGER);
    if (count === undefined) this.#holding = false;
    for (const { client, request } of this.#held.splice(0, count ?? this.#held.length)) this.#carryOut(client, request);
  }
  /**
   * Power fails and comes back: held requests are gone, and clients see the disk restart. What was flushed is kept.
   * @param survives for each cached write, in order, how many bytes of it from its beginning reach the medium; 0 by default. See `crashChoices`
   * @throws TypeError or RangeError if it is no function or gives no such count; then nothing has happened
   */
  crash(survives: (write: CachedWrite, index: number) => number = () => 0): void {
    checkFunction('survives', survives);
    const kept = this.#cache.map((write, index) => {
      const bytes = survives(write, index);
      checkWhole('survives(...)', bytes, 0, Number.MAX_SAFE_INTEGER);
      return write.bytes.subarray(0, bytes);
    });
    this.#cache.forEach(({ entry }, index) => {
      this.#durable.set(kept[index] as Uint8Array, entry * this.entryBytes);
    });
    this.#cache = [];
    this.#held = [];
    this.#contents.set(this.#durable);
    for (const client of this.#clients) client.reset();
  }

  open(client: Client): Session {
    this.#clients.add(client);
    return {
      send: (request) => {
        if (this.#holding) this.#held.push({ client, request });
        else this.#carryOut(client, request);
      },
      cancel: (tag) => {
        this.#held = this.#held.filter((held) => held.client !== client || held.request.tag !== tag);
      },
      close: () => {
        this.#clients.delete(client);
        this.#held = this.#held.filter((held) => held.client !== client);
      },
    };
  }

  #carryOut(client: Client, request: DeviceRequest): void {
    const { tag, bytes } = request;
    const asked = diskRequest(this, request);
    const fault = this.#faults.get(++this.#requestCount);
    if (typeof asked === 'number') return client.complete({ tag, status: asked });
    if (asked.kind === 'write') this.#write(asked.entry, bytes.subarray(0, fault === undefined ? bytes.length : (fault.bytesWritten ?? 0)));
    if (fault !== undefined) return client.complete({ tag, status: fault.status ?? STATUS.device_failed });
    switch (asked.kind) {
      case 'specs':
        return client.complete({ tag, status: STATUS.ok, bytes: diskSpecs(this) });
      case 'read': {
        const start = asked.entry * this.entryBytes;
        return client.complete({ tag, status: STATUS.ok, bytes: this.#contents.slice(start, start + asked.count * this.entryBytes) });
      }
      case 'write':
        return client.complete({ tag, status: STATUS.ok });
      case 'flush':
        for (const { entry, bytes: written } of this.#cache.splice(0)) this.#durable.set(written, entry * this.entryBytes);
        return client.complete({ tag, status: STATUS.ok });
    }
  }

  #write(first: number, bytes: Uint8Array): void {
    this.#contents.set(bytes, first * this.entryBytes);
    for (let at = 0; at < bytes.length; at += this.entryBytes) {
      this.#cache.push({ entry: first + at / this.entryBytes, bytes: bytes.slice(at, at + this.entryBytes) });
    }
  }
}
