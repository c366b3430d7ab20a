/**
 * Connections that a program makes: a device of protocol `pu`, a stream whose other end is a server of the network or of this computer.
 *
 * A session is a connection of its own. It begins with the session and ends with it; one that breaks is not made anew.
 */
import { checkOptions } from '../../vm/arguments/index.js';
import type { Client, Device, Session } from '../../vm/index.js';
import { checkAddress, NODE_STREAM_HOST, type SocketAddress, type StreamHost } from './stream-host.js';
import { openStreamSession } from './stream-session.js';

/** What a `SocketClientDriver` is made of. */
export interface SocketClientDriverConfig {
  /** Where the server is. */
  readonly address: SocketAddress;
  /** The operating system, unless a test gives another. */
  readonly host?: StreamHost;
}

/** A server elsewhere as a device. */
export class SocketClientDriver implements Device {
  readonly serves = { protocol: 'pu', version: 1 } as const;
  readonly #address: SocketAddress;
  readonly #host: StreamHost;

  /** Nothing is connected before a session opens. @throws TypeError or RangeError naming what is wrong */
  constructor(config: SocketClientDriverConfig) {
    checkOptions('config', config, ['address', 'host']);
    const { address, host = NODE_STREAM_HOST } = config;
    checkAddress(address);
    this.#address = address;
    this.#host = host;
  }

  open(client: Client): Session {
    return openStreamSession(client, () => this.#host.connect(this.#address));
  }
}
