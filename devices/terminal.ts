/**
 * A terminal for tests: input that is written down beforehand or typed while the test runs, output that is kept.
 *
 * Each chunk of input answers at most one read, so a test decides how a stream is cut into pieces.
 */
import { STATUS } from '../isa-spec/index.js';
import { checkArray, checkBoolean, checkOptions, copied, isBytes, shown } from '../vm/arguments/index.js';
import type { Client, Device, Session } from '../vm/index.js';
import { ReadQueue, streamRequest } from './stream.js';

/** What a `TerminalMock` is made of. */
export interface TerminalMockConfig {
  /** Chunks of input; text is UTF-8. None by default. */
  readonly input?: readonly (string | Uint8Array)[];
  /** Whether the input stays open behind the last chunk, for `type`; by default it ends there. */
  readonly open?: boolean;
}

/** A device of protocol `pu` that a test reads and writes. */
export class TerminalMock implements Device {
  readonly serves = { protocol: 'pu', version: 1 } as const;
  readonly #input = new ReadQueue();
  readonly #output: Uint8Array[] = [];
  #closed = false;

  /** A terminal with that input and no output yet. @throws TypeError if the config is none */
  constructor(config: TerminalMockConfig = {}) {
    checkOptions('config', config, ['input', 'open']);
    const { input = [], open = false } = config;
    checkArray('input', input);
    checkBoolean('open', open);
    for (const chunk of input) this.type(chunk);
    if (!open) this.end();
  }

  /** Everything that was written, in order. */
  get output(): Uint8Array {
    const all = new Uint8Array(this.#output.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const chunk of this.#output) {
      all.set(chunk, at);
      at += chunk.length;
    }
    return all;
  }
  /** The output as text; bytes that are no UTF-8 show as U+FFFD. */
  get text(): string {
    return new TextDecoder().decode(this.output);
  }
  /** How many messages were written. */
  get messageCount(): number {
    return this.#output.length;
  }

  /** Appends a chunk of input, copied. @throws TypeError for what is no text and no bytes */
  type(chunk: string | Uint8Array): void {
    if (typeof chunk === 'string') return this.#input.push(new TextEncoder().encode(chunk));
    if (!isBytes(chunk)) throw new TypeError(`chunk: ${shown(chunk)}; a string or a Uint8Array is needed`);
    this.#input.push(copied('chunk', chunk));
  }
  /** Ends the input. */
  end(): void {
    this.#input.end();
  }
  /** From now on nobody reads the output: a write completes with `end`. */
  closeOutput(): void {
    this.#closed = true;
  }

  open(client: Client): Session {
    return {
      send: (request) => {
        const { tag, bytes } = request;
        switch (streamRequest(request)) {
          case 'write':
            if (!this.#closed) this.#output.push(bytes);
            return client.complete({ tag, status: this.#closed ? STATUS.end : STATUS.ok });
          case 'read':
            return this.#input.read(client, request);
          case 'nothing':
            return client.complete({ tag, status: STATUS.ok });
          case 'not_supported':
            return client.complete({ tag, status: STATUS.not_supported });
        }
      },
      cancel: (tag) => this.#input.cancel(client, tag),
      close: () => this.#input.close(client),
    };
  }
}
