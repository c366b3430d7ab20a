/**
 * Standard input and output as a terminal: a device of protocol `pu` that is a stream.
 *
 * Input is read only while a request waits for it. It comes from Node's stream, whose reads of pipes and terminals can be given up:
 * a read in a thread of its own would keep the process from ending. Output goes through asynchronous writes of the file
 * descriptor, so that a slow reader of it holds up nothing else.
 */
import { createReadStream, fstatSync, write } from 'node:fs';
import type { Readable } from 'node:stream';
import { STATUS } from '../../isa-spec/index.js';
import type { Client, Device, DeviceRequest, Session } from '../../vm/index.js';
import { ReadQueue, streamRequest } from '../index.js';

/** What a `TerminalDriver` is made of: the process's standard streams unless a test gives others. */
export interface TerminalDriverConfig {
  /** Gives the input stream; called at the first read. */
  readonly input?: () => Readable;
  /** Writes some of the bytes, and tells how many. */
  readonly write?: (bytes: Uint8Array, done: (error: NodeJS.ErrnoException | null, count: number) => void) => void;
}

/** How many bytes standard input has, where that is known before it is read: it is a file. */
function standardInputBytes(): number | undefined {
  try {
    const input = fstatSync(0);
    return input.isFile() ? input.size : undefined;
  } catch {
    // Standard input is closed: reading it will tell.
    return undefined;
  }
}

/** Node's stream of standard input takes a directory, or a block device, for a file that is empty; reading tells what it is. */
function standardInput(): Readable {
  const kind = fstatSync(0);
  return kind.isDirectory() || kind.isBlockDevice() ? createReadStream('', { fd: 0, autoClose: false }) : process.stdin;
}

/** Milliseconds until a write is tried again where the output took nothing: first, most. */
const RETRY = [1, 32] as const;

interface Write {
  readonly client: Client;
  readonly tag: number;
  bytes: Uint8Array;
}

/** The process's standard input and output. */
export class TerminalDriver implements Device {
  readonly serves = { protocol: 'pu', version: 1 } as const;
  readonly #openInput: () => Readable;
  readonly #inputBytes: () => number | undefined;
  readonly #writeSome: NonNullable<TerminalDriverConfig['write']>;
  readonly #reads = new ReadQueue();
  #input: Readable | undefined;
  #inputEnded = false;
  #writes: Write[] = [];
  #writing: Write | undefined;
  #outputClosed = false;
  #inputError: Error | undefined;
  #outputError: Error | undefined;
  #retry: number = RETRY[0];
  #idle: (() => void)[] = [];

  /** Nothing is read or written before a request asks for it. */
  constructor({ input, write: writeSome = (bytes, done) => write(1, bytes, done) }: TerminalDriverConfig = {}) {
    this.#openInput = input ?? standardInput;
    this.#inputBytes = input === undefined ? standardInputBytes : () => undefined;
    this.#writeSome = writeSome;
  }

  /** Whether the reader of the output has gone (a broken pipe): writes complete with `end`, and a tool ends quietly. */
  get outputClosed(): boolean {
    return this.#outputClosed;
  }

  /** The host's error that ended the input, if one did: reads complete with `device_failed`. */
  get inputError(): Error | undefined {
    return this.#inputError;
  }

  /** The host's error of the first write that failed, if one did: it completed with `device_failed`. A broken pipe is none. */
  get outputError(): Error | undefined {
    return this.#outputError;
  }

  /** Stops reading. Resolves when everything that was accepted is written, or can't be. */
  close(): Promise<void> {
    this.#input?.pause();
    if (this.#writing === undefined) return Promise.resolve();
    return new Promise((resolve) => void this.#idle.push(resolve));
  }

  open(client: Client): Session {
    return {
      send: (request) => this.#send(client, request),
      cancel: (tag) => {
        this.#reads.cancel(client, tag);
        this.#flow();
        this.#writes = this.#writes.filter((waiting) => waiting.client !== client || waiting.tag !== tag);
      },
      // Writes that were accepted go on: a program may end before its output is out.
      close: () => {
        this.#reads.close(client);
        this.#flow();
      },
    };
  }

  #send(client: Client, request: DeviceRequest): void {
    const { tag, bytes } = request;
    switch (streamRequest(request)) {
      case 'write':
        this.#writes.push({ client, tag, bytes });
        return this.#writeNext();
      case 'read':
        this.#reads.read(client, request);
        return this.#flow();
      case 'nothing':
        return client.complete({ tag, status: STATUS.ok });
      case 'not_supported':
        return client.complete({ tag, status: STATUS.not_supported });
    }
  }

  /** Lets input flow while a read waits for it. */
  #flow(): void {
    if (this.#inputEnded) return;
    if (this.#reads.readers === 0) return void this.#input?.pause();
    this.#input ??= this.#listen();
    this.#input.resume();
  }

  #listen(): Readable {
    const input = this.#openInput();
    // The end of a stream whose size was known tells the size plus one, so that an empty file is not taken for a pipe.
    const bytes = this.#inputBytes();
    const size = bytes === undefined ? 0n : BigInt(bytes) + 1n;
    const end = (status: number): void => {
      if (this.#inputEnded) return;
      this.#inputEnded = true;
      this.#reads.end(status, status === STATUS.end ? size : 0n);
    };
    input.on('data', (chunk: Uint8Array) => {
      this.#reads.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length));
      this.#flow();
    });
    input.on('end', () => end(STATUS.end));
    input.on('error', (error) => {
      if (!this.#inputEnded) this.#inputError = error;
      end(STATUS.device_failed);
    });
    input.on('close', () => end(STATUS.end));
    return input;
  }

  #writeNext(): void {
    if (this.#writing !== undefined) return;
    const next = this.#writes.shift();
    this.#writing = next;
    if (next === undefined) {
      for (const resolve of this.#idle.splice(0)) resolve();
    } else if (this.#outputClosed) {
      this.#written(next, STATUS.end);
    } else {
      this.#continue(next);
    }
  }

  #continue(current: Write): void {
    this.#writeSome(current.bytes, (error, count) => {
      if (error?.code === 'EAGAIN') {
        setTimeout(() => this.#continue(current), this.#retry);
        this.#retry = Math.min(2 * this.#retry, RETRY[1]);
        return;
      }
      this.#retry = RETRY[0];
      if (error?.code === 'EPIPE') this.#outputClosed = true;
      if (error !== null || count === 0) {
        if (!this.#outputClosed) this.#outputError ??= error ?? new Error('it takes nothing');
        return this.#written(current, this.#outputClosed ? STATUS.end : STATUS.device_failed);
      }
      current.bytes = current.bytes.subarray(count);
      if (current.bytes.length > 0) this.#continue(current);
      else this.#written(current, STATUS.ok);
    });
  }

  #written({ client, tag }: Write, status: number): void {
    this.#writing = undefined;
    client.complete({ tag, status });
    this.#writeNext();
  }
}
