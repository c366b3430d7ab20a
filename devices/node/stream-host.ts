/**
 * The calls to the operating system that sockets and child processes need, each one function, so that a test can let any of them fail.
 *
 * What they give are Node's streams: everything that goes wrong later is an `error` event of one of them.
 */
import { spawn } from 'node:child_process';
import net from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { checkOptions, checkString, checkWhole } from '../../vm/arguments/index.js';

/** Where a socket is: a TCP port of a computer, this one by default, or a path (a Unix socket, or a named pipe of Windows). */
export type SocketAddress = { readonly port: number; readonly host?: string } | { readonly path: string };

/** Checks where a socket is. @throws TypeError or RangeError naming what is wrong */
export function checkAddress(address: SocketAddress): void {
  checkOptions('address', address, ['port', 'host', 'path']);
  if ('path' in address) return checkString('path', address.path);
  checkWhole('port', address.port, 0, 65535);
  if (address.host !== undefined) checkString('host', address.host);
}

/** Two directions of bytes. */
export interface StreamPair {
  /** What comes in. Its `close` event is the last thing that happens. */
  readonly input: Readable;
  /** What goes out. */
  readonly output: Writable;
  /** Ends both at once. */
  destroy(): void;
}

/** Something that waits for connections. */
export interface Listening {
  /** Where it is: the port that was given if 0 was asked for. */
  address(): SocketAddress;
  /** Takes no more connections; those that there are stay. */
  close(): void;
}

/** What happens to something that waits for connections. */
export interface ListeningEvents {
  /** It has begun. */
  readonly listening: () => void;
  /** Somebody has connected. */
  readonly connection: (streams: StreamPair) => void;
  /** It could not begin, or can't go on. */
  readonly error: (error: Error) => void;
}

/** The calls. */
export interface StreamHost {
  /** Waits for connections. */
  listen(address: SocketAddress, events: ListeningEvents): Listening;
  /** A connection; what is written before it is there goes out when it is. */
  connect(address: SocketAddress): StreamPair;
  /** A process: its standard output and input. Its standard error is this process's. A process that can't be started is an `error` of its output. */
  spawn(command: string, values: readonly string[], ended: (status: number | null) => void): StreamPair;
}

const pairOf = (socket: net.Socket): StreamPair => ({ input: socket, output: socket, destroy: () => void socket.destroy() });

/** The host that Node runs on. */
export const NODE_STREAM_HOST: StreamHost = {
  listen(address, { listening, connection, error }) {
    const server = net.createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => connection(pairOf(socket)));
    server.on('listening', listening);
    server.on('error', error);
    // Without a computer it is this one alone: nobody else can connect.
    server.listen('path' in address ? address : { host: '127.0.0.1', ...address });
    return {
      address() {
        const found = server.address();
        return typeof found === 'object' && found !== null ? { port: found.port, host: found.address } : address;
      },
      close: () => void server.close(() => {}),
    };
  },
  connect: (address) => pairOf(net.connect({ ...address, allowHalfOpen: true })),
  spawn(command, values, ended) {
    const child = spawn(command, values, { stdio: ['pipe', 'pipe', 'inherit'] });
    child.on('exit', ended);
    child.on('error', (error) => child.stdout.destroy(error));
    return {
      input: child.stdout,
      output: child.stdin,
      destroy: () => {
        child.kill('SIGKILL');
        child.stdin.destroy();
        child.stdout.destroy();
      },
    };
  },
};
