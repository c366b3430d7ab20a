/**
 * The keyboard of a terminal: standard input in raw mode.
 *
 * Input is read while a session is open. Ctrl-C is no key: it interrupts, as it does where the terminal is not in raw mode. The terminal's mode is
 * given back when the driver closes and when the process ends.
 */
import type { Readable } from 'node:stream';
import { checkFunction, checkOptions } from '../../vm/arguments/index.js';
import type { Client, Device, Session } from '../../vm/index.js';
import { checkTime, controlSet, KeyHistories, type TimeSource } from '../index.js';
import { KeyParser, TERMINAL_CONTROLS } from './keys.js';
import { NODE_TIME } from './time.js';

/** A stream that may be a terminal's input. */
export type KeyInput = Readable & {
  readonly isTTY?: boolean;
  /** Lets each key come at once and as it is, or line by line again. */
  setRawMode?(raw: boolean): unknown;
};

/** What a `KeyboardDriver` is made of: the process's standard input unless a test gives something else. */
export interface KeyboardDriverConfig {
  /** Gives the input stream; called when the first session opens. */
  readonly input?: () => KeyInput;
  /** Events that are kept for each session; 20 by default. */
  readonly history?: number;
  /** Called for Ctrl-C; by default the process gets the signal. */
  readonly onInterrupt?: () => void;
  /** The computer's time unless a test gives another. */
  readonly time?: TimeSource;
  /** Calls back when the process ends, unless what this gives was called before. */
  readonly onExit?: (callback: () => void) => () => void;
}

/** How long an escape stays alone before it is the escape key: sequences come in one piece. */
const ESCAPE_ALONE = 50_000_000n;

function onNodeExit(callback: () => void): () => void {
  process.once('exit', callback);
  return () => void process.off('exit', callback);
}

/** A device of protocol `keyboard` in a terminal. */
export class KeyboardDriver implements Device {
  readonly serves = { protocol: 'keyboard', version: 1 } as const;
  readonly #keys: KeyHistories;
  readonly #openInput: () => KeyInput;
  readonly #onInterrupt: () => void;
  readonly #time: TimeSource;
  readonly #onExit: (callback: () => void) => () => void;
  readonly #parser = new KeyParser();
  #input: KeyInput | undefined;
  #sessions = 0;
  #stopTimer: (() => void) | undefined;
  #forgetExit: (() => void) | undefined;
  #isOpen = true;

  /**
   * Nothing is read before a session opens.
   * @throws TypeError or RangeError naming what is out of range
   */
  constructor(config: KeyboardDriverConfig = {}) {
    checkOptions('config', config, ['input', 'history', 'onInterrupt', 'time', 'onExit']);
    const {
      input = () => process.stdin,
      history,
      onInterrupt = () => void process.kill(process.pid, 'SIGINT'),
      time = NODE_TIME,
      onExit = onNodeExit,
    } = config;
    for (const [name, value] of Object.entries({ input, onInterrupt, onExit })) checkFunction(name, value);
    checkTime('time', time);
    this.#keys = new KeyHistories({ controls: controlSet(TERMINAL_CONTROLS), ...(history === undefined ? {} : { history }) });
    this.#openInput = input;
    this.#onInterrupt = onInterrupt;
    this.#time = time;
    this.#onExit = onExit;
  }

  /** Stops reading, and gives the terminal's mode back. Whoever waits for a key is told that the keyboard is gone. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#rest();
    this.#keys.fail();
  }

  open(client: Client): Session {
    const session = this.#keys.open(client);
    this.#sessions++;
    if (this.#isOpen) this.#listen();
    return {
      ...session,
      close: () => {
        session.close();
        this.#sessions--;
        if (this.#sessions === 0) this.#rest();
      },
    };
  }

  #listen(): void {
    try {
      this.#input ??= this.#begin();
      this.#setRaw(true);
      this.#input.resume();
    } catch {
      // Without its input the keyboard is gone; whoever asks is told.
      this.#gone();
    }
  }

  #begin(): KeyInput {
    const input = this.#openInput();
    input.on('data', (chunk: Uint8Array) => this.#take(chunk, false));
    for (const event of ['end', 'error', 'close']) input.on(event, () => this.#gone());
    return input;
  }

  #take(chunk: Uint8Array, isLast: boolean): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    const { events, interrupted } = this.#parser.take(chunk, isLast);
    for (const event of events) this.#keys.add(event);
    if (this.#parser.isPending) this.#stopTimer = this.#time.after(ESCAPE_ALONE, () => this.#take(new Uint8Array(0), true));
    if (interrupted) this.#onInterrupt();
  }

  #gone(): void {
    this.#take(new Uint8Array(0), true);
    this.#isOpen = false;
    this.#rest();
    this.#keys.fail();
  }

  /** Reads no more, for now or for good. */
  #rest(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    for (const step of [() => this.#input?.pause(), () => this.#setRaw(false)]) {
      try {
        step();
      } catch {
        // The terminal is gone, and with it its mode.
      }
    }
  }

  #setRaw(raw: boolean): void {
    const input = this.#input;
    if (input?.isTTY !== true || raw === (this.#forgetExit !== undefined)) return;
    this.#forgetExit?.();
    this.#forgetExit = raw ? this.#onExit(() => this.#rest()) : undefined;
    input.setRawMode?.(raw);
  }
}
