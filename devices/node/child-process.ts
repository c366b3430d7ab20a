/**
 * A child process as a device of protocol `pu`: a stream of what it writes to its standard output, and of what it reads from its standard input.
 *
 * A session is a process of its own. When the session closes, the process's input ends; if it does not end then it is killed.
 */
import { checkArray, checkOptions, checkString } from '../../vm/arguments/index.js';
import type { Client, Device, Session } from '../../vm/index.js';
import { NODE_STREAM_HOST, type StreamHost } from './stream-host.js';
import { openStreamSession } from './stream-session.js';

/** What a `ChildProcessDriver` is made of. */
export interface ChildProcessDriverConfig {
  /** The program to run. No shell is involved. */
  readonly command: string;
  /** Its arguments; none by default. */
  readonly values?: readonly string[];
  /** The operating system, unless a test gives another. */
  readonly host?: StreamHost;
}

/** A program of the operating system as a device. */
export class ChildProcessDriver implements Device {
  readonly serves = { protocol: 'pu', version: 1 } as const;
  readonly #command: string;
  readonly #values: readonly string[];
  readonly #host: StreamHost;
  readonly #endings: (number | null)[] = [];

  /** Nothing is started before a session opens. @throws TypeError naming what is wrong */
  constructor(config: ChildProcessDriverConfig) {
    checkOptions('config', config, ['command', 'values', 'host']);
    const { command, values = [], host = NODE_STREAM_HOST } = config;
    checkString('command', command);
    checkArray('values', values);
    for (const value of values) checkString('values', value);
    this.#command = command;
    this.#values = values;
    this.#host = host;
  }

  /** Exit statuses of the processes that have ended, in that order; null for one that a signal ended. */
  get endings(): readonly (number | null)[] {
    return this.#endings;
  }

  open(client: Client): Session {
    return openStreamSession(client, () => this.#host.spawn(this.#command, this.#values, (status) => void this.#endings.push(status)));
  }
}
