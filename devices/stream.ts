/**
 * The two directions of a byte stream that plays a `pu` device: which request is a read and which a write, and the reads
 * that wait for bytes. Mock and drivers share it; where the bytes come from and go to is theirs.
 */
import { OPERATIONS, STATUS } from '../isa-spec/index.js';
import { check64, checkBytes, checkMethods, checkObject, checkWhole } from '../vm/arguments/index.js';
import type { Client, DeviceRequest } from '../vm/index.js';

/** What a request asks of a stream. An empty one without room for an answer asks for nothing. @throws TypeError for what is no request */
export function streamRequest(request: DeviceRequest): 'write' | 'read' | 'nothing' | 'not_supported' {
  checkObject('request', request);
  const { operation, bytes, replyBytes } = request;
  if (operation !== OPERATIONS.pu.message) return 'not_supported';
  if (bytes.length > 0) return 'write';
  return replyBytes > 0 ? 'read' : 'nothing';
}

interface Reader {
  readonly client: Client;
  readonly tag: number;
  readonly bytesMax: number;
}

/** Bytes that arrived and were not read, and reads that found none: never both. */
export class ReadQueue {
  #chunks: Uint8Array[] = [];
  #readers: Reader[] = [];
  #ended: { readonly status: number; readonly argument: bigint } | undefined;

  /** How many reads wait. */
  get readers(): number {
    return this.#readers.length;
  }

  /** Appends a chunk; a read gets bytes of one chunk only. @throws TypeError for what is no bytes */
  push(chunk: Uint8Array): void {
    checkBytes('chunk', chunk);
    if (chunk.length > 0) this.#chunks.push(chunk);
    this.#serve();
  }
  /** Nothing follows: reads behind the last byte complete with this status and argument. @throws TypeError or RangeError for what a completion can't have */
  end(status: number = STATUS.end, argument = 0n): void {
    checkWhole('status', status, 0, 0xffffffff);
    check64('argument', argument);
    this.#ended = { status, argument };
    this.#serve();
  }
  /** Answers a read now or when there are bytes for it. @throws TypeError for what is no client or no request */
  read(client: Client, request: DeviceRequest): void {
    checkMethods('client', client, ['complete'], 'a Client');
    checkObject('request', request);
    const { tag, replyBytes } = request;
    this.#readers.push({ client, tag, bytesMax: replyBytes });
    this.#serve();
  }
  /** Forgets a read. Bytes that come for it go to the next one. */
  cancel(client: Client, tag: number): void {
    this.#readers = this.#readers.filter((reader) => reader.client !== client || reader.tag !== tag);
  }
  /** Forgets all reads of a client. */
  close(client: Client): void {
    this.#readers = this.#readers.filter((reader) => reader.client !== client);
  }

  #serve(): void {
    while (this.#readers.length > 0) {
      const chunk = this.#chunks[0];
      if (chunk === undefined && this.#ended === undefined) return;
      const { client, tag, bytesMax } = this.#readers.shift() as Reader;
      if (chunk === undefined) {
        client.complete({ tag, ...(this.#ended as { readonly status: number; readonly argument: bigint }) });
        continue;
      }
      if (chunk.length > bytesMax) this.#chunks[0] = chunk.subarray(bytesMax);
      else this.#chunks.shift();
      client.complete({ tag, status: STATUS.ok, bytes: chunk.subarray(0, bytesMax) });
    }
  }
}
