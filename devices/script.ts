/**
 * A peer of a `pu` link for tests, either side of it: a server that expects requests and gives the answers that are written down, and a client
 * that sends what is written down and expects answers.
 *
 * What does not go by the script is kept as text in `faults`, for the test to look at; nothing throws.
 */
import { OPERATIONS, STATUS } from '../isa-spec/index.js';
import { checkArray, checkMethods, checkOptions } from '../vm/arguments/index.js';
import type { Client, Device, DeviceCompletion, DeviceRequest, Session } from '../vm/index.js';

/** Bytes, or text whose UTF-8 they are. */
export type Message = string | Uint8Array;

const bytesOf = (message: Message): Uint8Array => (typeof message === 'string' ? new TextEncoder().encode(message) : message);
const shown = (bytes: Uint8Array): string => JSON.stringify(new TextDecoder().decode(bytes));
const equal = (one: Uint8Array, other: Uint8Array): boolean => one.length === other.length && one.every((byte, index) => byte === other[index]);

function checkSteps(what: string, steps: unknown, names: readonly string[]): void {
  checkArray(what, steps);
  for (const step of steps) checkOptions(what, step, names);
}

/** A request that a server expects, and what it answers. */
export interface ExpectedRequest {
  /** Any by default. */
  readonly expect?: Message;
  /** None by default. */
  readonly answer?: Message;
  /** One of `STATUS`; ok by default. */
  readonly status?: number;
  /** Whether to give no answer before `release`. */
  readonly hold?: boolean;
}

/** What a `PuMock` is made of. */
export interface PuMockConfig {
  /** What each session expects, in the order in which they open; sessions beyond the last expect nothing. */
  readonly sessions: readonly (readonly ExpectedRequest[])[];
}

/** The server's side: a device of protocol `pu` that goes by a script. */
export class PuMock implements Device {
  readonly serves = { protocol: 'pu', version: 1 } as const;
  /** What was not expected, in words, in order. */
  readonly faults: string[] = [];
  readonly #sessions: readonly (readonly ExpectedRequest[])[];
  readonly #places: number[] = [];
  #closed = 0;
  #held: (() => void)[] = [];

  /** Nobody has connected yet. @throws TypeError if the config is none */
  constructor(config: PuMockConfig) {
    checkOptions('config', config, ['sessions']);
    const { sessions } = config;
    checkArray('sessions', sessions);
    for (const expected of sessions) checkSteps('sessions', expected, ['expect', 'answer', 'status', 'hold']);
    this.#sessions = sessions;
  }

  /** How many sessions opened. */
  get opened(): number {
    return this.#places.length;
  }
  /** How many of them closed. */
  get closed(): number {
    return this.#closed;
  }
  /** Whether everything happened that was expected, and nothing else. */
  get finished(): boolean {
    return this.faults.length === 0 && this.#sessions.every((expected, index) => this.#places[index] === expected.length);
  }

  /** Gives the answers that were held back, in order. */
  release(): void {
    for (const give of this.#held.splice(0)) give();
  }

  open(client: Client): Session {
    const session = this.#places.push(0) - 1;
    const expected = this.#sessions[session] ?? [];
    const gone = new Set<number>();
    return {
      send: ({ operation, tag, bytes }: DeviceRequest) => {
        const place = this.#places[session] as number;
        const next = expected[place];
        const wanted = next?.expect === undefined ? undefined : bytesOf(next.expect);
        if (operation !== OPERATIONS.pu.message) return client.complete({ tag, status: STATUS.not_supported });
        if (next === undefined || (wanted !== undefined && !equal(wanted, bytes))) {
          this.faults.push(`session ${session}, request ${place}: ${shown(bytes)} came, ${wanted === undefined ? 'nothing' : shown(wanted)} was expected`);
          return client.complete({ tag, status: STATUS.bad_request });
        }
        this.#places[session] = place + 1;
        const give = (): void => {
          if (!gone.has(tag)) client.complete({ tag, status: next.status ?? STATUS.ok, bytes: bytesOf(next.answer ?? '') });
        };
        if (next.hold === true) this.#held.push(give);
        else give();
      },
      cancel: (tag) => void gone.add(tag),
      close: () => {
        this.#closed++;
      },
    };
  }
}

/** A request that a client sends, and what it expects. */
export interface ScriptedRequest {
  /** None by default, which reads from a stream. */
  readonly send?: Message;
  /** Most bytes of the answer; 65536 by default. */
  readonly replyBytes?: number;
  /** Any answer by default. */
  readonly expect?: Message;
  /** One of `STATUS`; ok by default. */
  readonly status?: number;
}

const REPLY_BYTES_DEFAULT = 65536;

/** The client's side: it sends each request when the one before is answered. */
export class PuCallerMock implements Client {
  /** What was not expected, in words, in order. */
  readonly faults: string[] = [];
  readonly #script: readonly ScriptedRequest[];
  readonly #session: Session;
  #place = -1;
  #sending = false;
  #closed = false;

  /**
   * Opens a session at a device, such as a server port: `machine.port('client')`; and sends the first request.
   * @throws TypeError for what is no device or no script
   */
  constructor(device: Device, script: readonly ScriptedRequest[]) {
    checkMethods('device', device, ['open'], 'a device');
    checkSteps('script', script, ['send', 'replyBytes', 'expect', 'status']);
    this.#script = script;
    this.#session = device.open(this);
    this.#next();
  }

  /** Whether every request was sent and answered as expected. */
  get finished(): boolean {
    return this.faults.length === 0 && this.#place === this.#script.length;
  }

  /** Ends the session. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#session.close();
  }

  complete({ tag, status, bytes = new Uint8Array(0) }: DeviceCompletion): void {
    const { expect, status: wanted = STATUS.ok } = this.#script[tag - 1] as ScriptedRequest;
    if (status !== wanted) this.faults.push(`answer ${tag - 1}: status ${status} came, ${wanted} was expected`);
    if (expect !== undefined && !equal(bytesOf(expect), bytes))
      this.faults.push(`answer ${tag - 1}: ${shown(bytes)} came, ${shown(bytesOf(expect))} was expected`);
    this.#next();
  }

  reset(): void {
    this.faults.push(`answer ${this.#place}: the peer restarted`);
  }

  /** Sends what is next. An answer that comes inside `send` makes no call deeper. */
  #next(): void {
    this.#place++;
    if (this.#sending) return;
    this.#sending = true;
    for (let sent = -1; sent !== this.#place; ) {
      sent = this.#place;
      const next = this.#script[sent];
      if (next === undefined || this.#closed) break;
      const { send = '', replyBytes = REPLY_BYTES_DEFAULT } = next;
      this.#session.send({ operation: OPERATIONS.pu.message, tag: sent + 1, bytes: bytesOf(send), replyBytes, argument: 0n });
    }
    this.#sending = false;
  }
}
