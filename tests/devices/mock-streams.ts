/**
 * An operating system for sockets and child processes, in memory: it counts its calls, those of its streams too, and lets any of them fail.
 *
 * A call fails by throwing, or where a stream takes it, by an `error` event in a later turn of the event loop.
 */
import { PassThrough, type Writable } from 'node:stream';
import type { Listening, ListeningEvents, SocketAddress, StreamHost, StreamPair } from '../../devices/node/index.js';

/** The far end of a stream pair. */
export interface FarEnd {
  /** What the driver wrote. */
  readonly received: () => string;
  /** Sends bytes to the driver. */
  readonly send: (text: string) => void;
  /** Sends no more. */
  readonly end: () => void;
  /** Breaks the connection. */
  readonly break: (error: Error) => void;
  readonly destroyed: () => boolean;
  /** Whether the driver has ended its output. */
  readonly ended: () => boolean;
}

export class MockStreamHost implements StreamHost {
  /** The calls made, in order. */
  readonly log: string[] = [];
  readonly ends: FarEnd[] = [];
  /** Whether the call with this number, from 1, is to fail. */
  fails: (call: number, name: string) => boolean = () => false;
  listener: ListeningEvents | undefined;
  isListening = false;

  #call(name: string): void {
    this.log.push(name);
    if (this.fails(this.log.length, name)) throw Object.assign(new Error(`mock: ${name}`), { code: 'EIO' });
  }

  /** Two streams of which the driver gets one side. */
  pair(): StreamPair {
    const input = new PassThrough();
    const output = new PassThrough();
    let received = '';
    let destroyed = false;
    output.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1');
    });
    const counted = <T extends PassThrough>(stream: T, side: string, names: readonly ('pause' | 'resume' | 'write' | 'end')[]): T => {
      for (const name of names) {
        const call = (stream[name] as (...values: unknown[]) => unknown).bind(stream);
        Object.assign(stream, {
          [name]: (...values: unknown[]) => {
            this.#call(`${side}.${name}`);
            return call(...values);
          },
        });
      }
      return stream;
    };
    this.ends.push({
      received: () => received,
      send: (text) => void input.write(Buffer.from(text, 'latin1')),
      end: () => void input.end(),
      break: (error) => void input.destroy(error),
      destroyed: () => destroyed,
      ended: () => output.writableEnded,
    });
    return {
      input: counted(input, 'input', ['pause', 'resume']),
      output: counted(output, 'output', ['write', 'end']) as Writable,
      destroy: () => {
        destroyed = true;
        this.#call('destroy');
        input.destroy();
        output.destroy();
      },
    };
  }

  listen(_: SocketAddress, events: ListeningEvents): Listening {
    this.#call('listen');
    this.listener = events;
    this.isListening = true;
    queueMicrotask(events.listening);
    return {
      address: () => ({ port: 1 }),
      close: () => {
        this.isListening = false;
      },
    };
  }
  connect(): StreamPair {
    this.#call('connect');
    return this.pair();
  }
  spawn(_: string, __: readonly string[], ended: (status: number | null) => void): StreamPair {
    this.#call('spawn');
    const pair = this.pair();
    pair.input.on('close', () => ended(0));
    return pair;
  }
}

/** Lets everything happen that is on its way. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}
