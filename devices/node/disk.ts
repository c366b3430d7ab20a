/**
 * A disk in a file or on a block device.
 *
 * Requests are carried out one after another in the order in which they came, whole entries each. What is written is durable once
 * a later flush has completed. After a failed flush nobody can know what the medium holds, so the device fails for good.
 */
import { STATUS } from '../../isa-spec/index.js';
import type { Client, Device, DeviceRequest, Session } from '../../vm/index.js';
import { checkDiskSize, diskRequest, diskSpecs } from '../index.js';
import { type Done, type FileHost, NODE_FILE_HOST } from './file-host.js';
import { DiskError, takeLock } from './lock.js';

/** What a `DiskDriver` is made of. */
export interface DiskDriverConfig {
  /** A file or block device. */
  readonly path: string;
  /** Number of entries; by default as many as the file holds, the last one perhaps in part. Needed to make a file, and for a block device. */
  readonly entries?: number;
  /** Bytes of an entry, 512 by default. */
  readonly entryBytes?: number;
  /** The operating system, unless a test gives another. */
  readonly host?: FileHost;
}

const ENTRY_BYTES_DEFAULT = 512;
/** Refusals of the host that mean: reading may be allowed nevertheless. */
const NO_WRITING: readonly unknown[] = ['EACCES', 'EPERM', 'EROFS'];
/** Refusals of the host that mean: there is no room. */
const NO_ROOM: readonly unknown[] = ['ENOSPC', 'EDQUOT', 'EFBIG'];

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

interface OpenFile {
  readonly fd: number;
  readonly readOnly: boolean;
  readonly release: () => void;
}

interface Work {
  readonly client: Client;
  readonly request: DeviceRequest;
}

/** A device of protocol `disk` in a file. */
export class DiskDriver implements Device {
  readonly serves = { protocol: 'disk', version: 1 } as const;
  readonly entries: number;
  readonly entryBytes: number;
  /** Whether the file may only be read: writes complete with `device_failed`. */
  readonly readOnly: boolean;
  readonly #host: FileHost;
  readonly #file: OpenFile;
  #queue: Work[] = [];
  #busy = false;
  #failed = false;
  #closing: { readonly resolve: () => void; readonly reject: (error: unknown) => void }[] = [];
  #isOpen = true;

  /**
   * Opens the file, for this process alone if it may be written, or makes it.
   * @throws RangeError if the size is not one
   * @throws DiskError if another process has it open, or it can't be a disk
   * @throws the host's error, with its `code`
   */
  constructor({ path, entries, entryBytes = ENTRY_BYTES_DEFAULT, host = NODE_FILE_HOST }: DiskDriverConfig) {
    checkDiskSize({ entries: entries ?? 0, entryBytes });
    if ((entries ?? 0) * entryBytes > Number.MAX_SAFE_INTEGER)
      throw new RangeError(`entries times entryBytes is ${(entries ?? 0) * entryBytes}; no file is that large`);
    this.#host = host;
    const { file, size } = openFile(host, path, entries, entryBytes);
    this.#file = file;
    this.entries = size;
    this.entryBytes = entryBytes;
    this.readOnly = file.readOnly;
  }

  /** Whether a flush failed: all requests complete with `device_failed`. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Finishes what was accepted, without a flush, and closes the file. Requests that follow complete with `device_failed`. Rejects with the host's error. */
  close(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#closing.push({ resolve, reject });
      this.#next();
    });
  }

  open(client: Client): Session {
    return {
      send: (request) => {
        if (this.#failed || this.#closing.length > 0 || !this.#isOpen) return client.complete({ tag: request.tag, status: STATUS.device_failed });
        this.#queue.push({ client, request });
        this.#next();
      },
      cancel: (tag) => {
        this.#queue = this.#queue.filter((work) => work.client !== client || work.request.tag !== tag);
      },
      // What was accepted is carried out: a program may end before its writes are done.
      close: () => {},
    };
  }

  /** Begins what is next. A request that ends at once makes no call deeper. */
  #next(): void {
    while (!this.#busy) {
      const work = this.#queue.shift();
      if (work === undefined) return this.#closeIfAsked();
      this.#busy = true;
      let atOnce = true;
      this.#carryOut(work.request, (status, bytes) => {
        this.#busy = false;
        work.client.complete({ tag: work.request.tag, status, ...(bytes === undefined ? {} : { bytes }) });
        if (!atOnce) this.#next();
      });
      atOnce = false;
    }
  }

  #carryOut(request: DeviceRequest, end: (status: number, bytes?: Uint8Array) => void): void {
    const asked = this.#failed ? STATUS.device_failed : diskRequest(this, request);
    if (typeof asked === 'number') return end(asked);
    const { fd } = this.#file;
    switch (asked.kind) {
      case 'specs':
        return end(STATUS.ok, diskSpecs(this));
      case 'read': {
        const bytes = new Uint8Array(asked.count * this.entryBytes);
        // Where the file ends early the entry reads as zeros.
        return this.#move('read', bytes, asked.entry * this.entryBytes, (error) => (error === null ? end(STATUS.ok, bytes) : end(STATUS.device_failed)));
      }
      case 'write':
        if (this.readOnly) return end(STATUS.device_failed);
        return this.#move('write', request.bytes, asked.entry * this.entryBytes, (error, left) => {
          if (error === null) end(left === 0 ? STATUS.ok : STATUS.device_failed);
          else end(NO_ROOM.includes(error.code) ? STATUS.no_space : STATUS.device_failed);
        });
      case 'flush':
        if (this.readOnly) return end(STATUS.ok);
        return this.#host.sync(fd, (error) => {
          this.#failed = error !== null;
          end(this.#failed ? STATUS.device_failed : STATUS.ok);
        });
    }
  }

  /** Repeats a call that may move fewer bytes than asked, until all have moved, none moves, or it fails. `done` gets what is left. */
  #move(call: 'read' | 'write', bytes: Uint8Array, position: number, done: Done): void {
    if (bytes.length === 0) return done(null, 0);
    this.#host[call](this.#file.fd, bytes, position, (error, count) => {
      if (error !== null || count === 0) done(error, bytes.length);
      else this.#move(call, bytes.subarray(count), position + count, done);
    });
  }

  #closeIfAsked(): void {
    const asked = this.#closing.splice(0);
    if (asked.length === 0) return;
    try {
      if (this.#isOpen) {
        this.#isOpen = false;
        closeFile(this.#host, this.#file);
      }
      for (const { resolve } of asked) resolve();
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  }
}

function closeFile(host: FileHost, { fd, release }: OpenFile): void {
  try {
    host.close(fd);
  } finally {
    release();
  }
}

function openFile(host: FileHost, path: string, entries: number | undefined, entryBytes: number): { file: OpenFile; size: number } {
  const resolved = host.resolve(path);
  let kind: ReturnType<FileHost['kind']>;
  try {
    kind = host.kind(resolved);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    if (entries === undefined) throw new DiskError('no_file', 'there is no such file; with a number of entries it is made');
    return { file: createFile(host, resolved, entries * entryBytes), size: entries };
  }
  if (kind === 'other') throw new DiskError('not_a_disk', 'it is neither a file nor a block device');
  if (kind === 'block_device' && entries === undefined) throw new DiskError('no_size', 'it is a block device, which tells no size: give the number of entries');

  const { fd, readOnly } = openForMost(host, resolved, kind);
  let release = (): void => {};
  try {
    if (!readOnly && kind === 'file') release = takeLock(host, resolved);
    const size = entries ?? Math.ceil(host.size(fd) / entryBytes);
    checkDiskSize({ entries: size, entryBytes });
    return { file: { fd, readOnly, release }, size };
  } catch (error) {
    closeFile(host, { fd, readOnly, release });
    throw error;
  }
}

/** Opens for writing, or where that is not allowed for reading. */
function openForMost(host: FileHost, file: string, kind: 'file' | 'block_device'): { fd: number; readOnly: boolean } {
  try {
    return { fd: host.open(file, 'write', kind), readOnly: false };
  } catch (error) {
    if (!NO_WRITING.includes(codeOf(error))) throw error;
    return { fd: host.open(file, 'read', kind), readOnly: true };
  }
}

/** Makes a file that reads as zeros, takes no room and has a durable name. What fails half-way leaves no file. */
function createFile(host: FileHost, file: string, bytes: number): OpenFile {
  const release = takeLock(host, file);
  try {
    const fd = host.open(file, 'create', 'file');
    try {
      host.truncate(fd, bytes);
      host.syncFolder(file);
      return { fd, readOnly: false, release };
    } catch (error) {
      try {
        host.close(fd);
      } finally {
        host.remove(file);
      }
      throw error;
    }
  } catch (error) {
    release();
    throw error;
  }
}
