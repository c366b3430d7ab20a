/**
 * Connections that others make, as sessions of a device of protocol `pu`: usually a server port of a program. What comes in is sent as messages, and the
 * answers go out; the protocol's page says how, under "connections".
 *
 * One message of a connection is under way at a time, and nothing more is read meanwhile: a program that is slow slows its clients down.
 */
import { OPERATIONS, STATUS } from '../../isa-spec/index.js';
import { checkMethods, checkOptions, checkWhole } from '../../vm/arguments/index.js';
import type { Client, Device, DeviceCompletion, Session } from '../../vm/index.js';
import { checkAddress, type Listening, NODE_STREAM_HOST, type SocketAddress, type StreamHost, type StreamPair } from './stream-host.js';

/** What a `SocketServerDriver` is made of. */
export interface SocketServerDriverConfig {
  /** Where to listen. Port 0 takes one that is free; without a host only this computer can connect. */
  readonly address: SocketAddress;
  /** What gets the sessions: `machine.port('client')`. */
  readonly device: Device;
  /** Most bytes of a message, what the device can take at least; 4096 by default. */
  readonly messageBytes?: number;
  /** Most bytes of an answer; 65536 by default. */
  readonly replyBytes?: number;
  /** Most connections at a time; others are closed at once. 1024 by default. */
  readonly connectionsMax?: number;
  /** The operating system, unless a test gives another. */
  readonly host?: StreamHost;
}

const MESSAGE_BYTES_DEFAULT = 4096;
const REPLY_BYTES_DEFAULT = 65536;
const CONNECTIONS_DEFAULT = 1024;

/** Something that listens, whose connections are sessions. */
export class SocketServerDriver {
  readonly #config: Required<Pick<SocketServerDriverConfig, 'device' | 'messageBytes' | 'replyBytes' | 'connectionsMax'>>;
  readonly #connections = new Set<Connection>();
  readonly #started: Promise<void>;
  #listening: Listening | undefined;
  #error: Error | undefined;
  #isOpen = true;

  /**
   * Begins to listen: `started` tells when it does.
   * @throws TypeError or RangeError naming what is out of range
   */
  constructor(config: SocketServerDriverConfig) {
    checkOptions('config', config, ['address', 'device', 'messageBytes', 'replyBytes', 'connectionsMax', 'host']);
    const {
      address,
      device,
      messageBytes = MESSAGE_BYTES_DEFAULT,
      replyBytes = REPLY_BYTES_DEFAULT,
      connectionsMax = CONNECTIONS_DEFAULT,
      host = NODE_STREAM_HOST,
    } = config;
    checkAddress(address);
    checkMethods('device', device, ['open'], 'a device');
    checkWhole('messageBytes', messageBytes, 1, 2 ** 24);
    checkWhole('replyBytes', replyBytes, 0, 2 ** 24);
    checkWhole('connectionsMax', connectionsMax, 1, 2 ** 20);
    this.#config = { device, messageBytes, replyBytes, connectionsMax };
    this.#started = new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        this.#error ??= error;
        reject(error);
      };
      try {
        this.#listening = host.listen(address, { listening: resolve, connection: (streams) => this.#connect(streams), error: fail });
      } catch (error) {
        fail(error as Error);
      }
    });
    // Whoever does not ask whether it started is not told by an uncaught rejection: `error` says so too.
    this.#started.catch(() => {});
  }

  /** Resolves when it listens; rejects with the host's error if it can't. */
  get started(): Promise<void> {
    return this.#started;
  }
  /** What went wrong with listening, if anything did. */
  get error(): Error | undefined {
    return this.#error;
  }
  /** Where it listens, once it does. */
  get address(): SocketAddress | undefined {
    return this.#listening?.address();
  }
  /** How many connections there are. */
  get connectionCount(): number {
    return this.#connections.size;
  }

  /** Takes no more connections, and ends those that there are. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    for (const connection of [...this.#connections]) connection.destroy();
    this.#listening?.close();
  }

  #connect(streams: StreamPair): void {
    if (!this.#isOpen || this.#connections.size >= this.#config.connectionsMax) return destroyQuietly(streams);
    const connection = new Connection(this.#config, streams, () => void this.#connections.delete(connection));
    this.#connections.add(connection);
    connection.begin();
  }
}

function destroyQuietly(streams: StreamPair): void {
  streams.input.on('error', () => {});
  try {
    streams.destroy();
  } catch {
    // Nobody reads or writes it any more.
  }
}

/** One connection: the client of a session. */
class Connection implements Client {
  readonly #config: Pick<SocketServerDriverConfig, 'device'> & { readonly messageBytes: number; readonly replyBytes: number };
  readonly #streams: StreamPair;
  readonly #gone: () => void;
  #session: Session | undefined;
  #waiting: Uint8Array[] = [];
  #tag = 0;
  /** The message that is under way, if one is. */
  #message: number | undefined;
  /** The empty request by which the server may send what nobody asked for. */
  #push: number | undefined;
  #inputEnded = false;
  #ended = false;

  constructor(
    config: Pick<SocketServerDriverConfig, 'device'> & { readonly messageBytes: number; readonly replyBytes: number },
    streams: StreamPair,
    gone: () => void,
  ) {
    this.#config = config;
    this.#streams = streams;
    this.#gone = gone;
  }

  begin(): void {
    try {
      this.#listen();
      this.#session = this.#config.device.open(this);
      this.#sendPush();
      this.#next();
    } catch {
      this.destroy();
    }
  }

  #listen(): void {
    const { input, output } = this.#streams;
    input.on('error', () => this.destroy());
    input.on('close', () => this.destroy());
    if (output !== (input as unknown)) output.on('error', () => this.destroy());
    // Listening for data would let it flow.
    input.pause();
    input.on('data', (chunk: Uint8Array) => {
      const { messageBytes } = this.#config;
      for (let at = 0; at < chunk.length; at += messageBytes) this.#waiting.push(Uint8Array.from(chunk.subarray(at, at + messageBytes)));
      this.#next();
    });
    input.on('end', () => {
      this.#inputEnded = true;
      this.#next();
    });
  }

  complete({ tag, status, bytes = new Uint8Array(0) }: DeviceCompletion): void {
    if (this.#ended) return;
    const isPush = tag === this.#push;
    if (isPush) this.#push = undefined;
    else if (tag === this.#message) this.#message = undefined;
    else return;
    if (status === STATUS.end) return this.#end(bytes);
    if (status !== STATUS.ok) {
      // A server that knows nothing of pushing refuses the empty request: it will not push. Another failure ends the connection.
      if (!isPush) this.destroy();
      return;
    }
    this.#write(bytes, () => {
      if (!isPush) this.#next();
      else if (bytes.length > 0) this.#sendPush();
    });
  }

  /** The server started anew and knows nothing of what was under way. */
  reset(): void {
    this.destroy();
  }

  /** Ends the connection at once. */
  destroy(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#gone();
    this.#waiting = [];
    try {
      this.#session?.close();
    } finally {
      destroyQuietly(this.#streams);
    }
  }

  #sendPush(): void {
    if (this.#ended) return;
    this.#push = ++this.#tag;
    this.#send(this.#push, new Uint8Array(0));
  }

  /** Sends what is next, or lets more come in, or ends what has come to its end. */
  #next(): void {
    if (this.#ended || this.#message !== undefined) return;
    const bytes = this.#waiting.shift();
    try {
      if (bytes !== undefined) {
        this.#streams.input.pause();
        this.#message = ++this.#tag;
        this.#send(this.#message, bytes);
      } else if (this.#inputEnded) {
        this.#end(new Uint8Array(0));
      } else {
        this.#streams.input.resume();
      }
    } catch {
      this.destroy();
    }
  }

  #send(tag: number, bytes: Uint8Array): void {
    this.#session?.send({ operation: OPERATIONS.pu.message, tag, bytes, replyBytes: this.#config.replyBytes, argument: 0n });
  }

  /** Writes the last bytes, and ends when they are out. */
  #end(bytes: Uint8Array): void {
    this.#write(bytes, () => {
      try {
        this.#streams.output.end(() => this.destroy());
      } catch {
        this.destroy();
      }
    });
  }

  #write(bytes: Uint8Array, done: () => void): void {
    if (bytes.length === 0) return done();
    try {
      this.#streams.output.write(bytes, (error) => {
        if (error !== null && error !== undefined) this.destroy();
        else if (!this.#ended) done();
      });
    } catch {
      this.destroy();
    }
  }
}
