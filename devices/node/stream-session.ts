/**
 * A session of a `pu` device whose server is a stream outside: a connection, or a child process. What the requests mean is on the protocol's page under
 * "a stream as server"; mistakes of the stream become statuses.
 */
import { STATUS } from '../../isa-spec/index.js';
import type { Client, DeviceRequest, Session } from '../../vm/index.js';
import { ReadQueue, streamRequest } from '../index.js';
import type { StreamPair } from './stream-host.js';

/** Milliseconds that a stream that was ended may take until it is cut off. */
const LINGER = 1000;

/** Codes of a write that nobody can read any more. */
const NOBODY_READS: readonly unknown[] = ['EPIPE', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END'];

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException).code;

/** Opens a stream for a client. Until a request asks for it nothing is read. */
export function openStreamSession(client: Client, connect: () => StreamPair): Session {
  let streams: StreamPair;
  try {
    streams = connect();
  } catch {
    return failedSession(client);
  }
  return new StreamSession(client, streams);
}

/** A session of which every request fails. */
function failedSession(client: Client): Session {
  return {
    send: (request) => {
      const asked = streamRequest(request);
      client.complete({ tag: request.tag, status: asked === 'not_supported' ? STATUS.not_supported : STATUS.device_failed });
    },
    cancel: () => {},
    close: () => {},
  };
}

class StreamSession implements Session {
  readonly #client: Client;
  readonly #streams: StreamPair;
  readonly #reads = new ReadQueue();
  #inputEnded = false;
  #outputEnded = false;
  #failed = false;

  constructor(client: Client, streams: StreamPair) {
    this.#client = client;
    this.#streams = streams;
    try {
      this.#listen();
    } catch {
      this.#fail();
    }
  }

  #listen(): void {
    const { input, output } = this.#streams;
    // Listening for data would let it flow.
    input.pause();
    input.on('data', (chunk: Uint8Array) => {
      this.#reads.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length));
      this.#flow();
    });
    input.on('end', () => this.#endReads(STATUS.end));
    input.on('error', () => this.#fail());
    input.on('close', () => this.#endReads(STATUS.end));
    if (output !== (input as unknown)) output.on('error', () => {});
  }

  send(request: DeviceRequest): void {
    const { tag, bytes } = request;
    switch (streamRequest(request)) {
      case 'write':
        return this.#write(tag, bytes);
      case 'read':
        this.#reads.read(this.#client, request);
        return this.#flow();
      case 'nothing':
        return this.#client.complete({ tag, status: STATUS.ok });
      case 'not_supported':
        return this.#client.complete({ tag, status: STATUS.not_supported });
    }
  }

  cancel(tag: number): void {
    this.#reads.cancel(this.#client, tag);
    this.#flow();
  }

  /** What was written goes out; what still comes in is dropped. */
  close(): void {
    this.#reads.close(this.#client);
    const { input, output } = this.#streams;
    const timer = setTimeout(() => this.#destroy(), LINGER);
    timer.unref();
    input.on('close', () => clearTimeout(timer));
    try {
      output.end();
      input.resume();
    } catch {
      this.#destroy();
    }
  }

  #write(tag: number, bytes: Uint8Array): void {
    const written = (error: Error | null | undefined): void => {
      if (NOBODY_READS.includes(codeOf(error ?? {}))) this.#outputEnded = true;
      this.#client.complete({ tag, status: error === null || error === undefined ? STATUS.ok : this.#status() });
    };
    if (this.#failed || this.#outputEnded) return this.#client.complete({ tag, status: this.#status() });
    try {
      this.#streams.output.write(bytes, written);
    } catch (error) {
      written(error as Error);
    }
  }

  #status(): number {
    return this.#outputEnded && !this.#failed ? STATUS.end : STATUS.device_failed;
  }

  /** Nothing follows; the first reason counts. */
  #endReads(status: number): void {
    if (this.#inputEnded) return;
    this.#inputEnded = true;
    this.#reads.end(status);
  }

  /** Lets input flow while a read waits for it. */
  #flow(): void {
    try {
      if (this.#reads.readers > 0) this.#streams.input.resume();
      else this.#streams.input.pause();
    } catch {
      this.#fail();
    }
  }

  #fail(): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#endReads(STATUS.device_failed);
    this.#destroy();
  }

  #destroy(): void {
    try {
      this.#streams.destroy();
    } catch {
      // It is cut off from here already: nobody reads or writes it any more.
    }
  }
}
