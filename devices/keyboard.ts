/**
 * The keyboard protocol: a history of events for each session; and the keyboard for tests.
 *
 * `KeyHistories` is what mock and driver share. Where events come from is theirs.
 */
import { KEY, OPERATIONS, STATUS } from '../isa-spec/index.js';
import { check64, checkArray, checkBigint, checkBoolean, checkObject, checkOptions, checkString, checkWhole } from '../vm/arguments/index.js';
import type { Client, Device, DeviceRequest, Session } from '../vm/index.js';
import { checkVirtualTime, VirtualTime } from './virtual-time.js';

/** Something that happened to a key. */
export interface KeyEvent {
  /** A Unicode code point, or one of `KEY`. */
  readonly code: number;
  readonly pressed: boolean;
}

const EVENT_BYTES = 8;
const HISTORY_DEFAULT = 20;
const CODE_LEAST = KEY.backspace;
const CODE_MOST = 0x10ffff;
/** Code points that are characters: all but the surrogates. */
const CHARACTERS = 0x110000 - 0x800;
/** All control keys. */
const ALL_CONTROLS = (1n << BigInt(-CODE_LEAST)) - 1n;

/** A set of control keys as the protocol tells it. @throws TypeError or RangeError for a code that is none */
export function controlSet(codes: readonly number[]): bigint {
  checkArray('codes', codes);
  let set = 0n;
  for (const code of codes) {
    checkWhole('codes', code, CODE_LEAST, -1);
    set |= 1n << BigInt(-code - 1);
  }
  return set;
}

function checkEvent(code: unknown, pressed: unknown): void {
  checkWhole('code', code, CODE_LEAST, CODE_MOST);
  if (code === 0) throw new RangeError('code: 0; no key has it');
  checkBoolean('pressed', pressed);
}

/** What a `KeyHistories` is made of. */
export interface KeyHistoriesConfig {
  /** Events that are kept for each session, from 1 to 2^20; 20 by default. */
  readonly history?: number;
  /** How many different characters it can send; all of Unicode by default. */
  readonly characters?: number;
  /** The control keys that it has; all by default. */
  readonly controls?: bigint;
}

const HISTORIES_OPTIONS = ['history', 'characters', 'controls'] as const;

interface History {
  readonly client: Client;
  events: KeyEvent[];
  lost: number;
  /** Requests that wait for an event, the first to be asked first. */
  readers: { readonly tag: number; readonly eventsMax: number }[];
}

/** The part of a keyboard that is the same for all of them. */
export class KeyHistories implements Device {
  readonly serves = { protocol: 'keyboard', version: 1 } as const;
  readonly #specs: Uint8Array;
  readonly #historyMax: number;
  readonly #histories = new Set<History>();
  #failed = false;

  /** @throws TypeError or RangeError naming what is out of range */
  constructor(config: KeyHistoriesConfig = {}) {
    checkOptions('config', config, HISTORIES_OPTIONS);
    const { history = HISTORY_DEFAULT, characters = CHARACTERS, controls = ALL_CONTROLS } = config;
    checkWhole('history', history, 1, 2 ** 20);
    checkWhole('characters', characters, 0, CHARACTERS);
    check64('controls', controls);
    this.#historyMax = history;
    const specs = new DataView(new ArrayBuffer(16));
    specs.setUint32(0, characters, true);
    specs.setUint32(4, history, true);
    specs.setBigUint64(8, controls, true);
    this.#specs = new Uint8Array(specs.buffer);
  }

  /**
   * Something happened to a key.
   * @throws TypeError or RangeError for a code that is none
   */
  add(event: KeyEvent): void {
    checkObject('event', event);
    const { code, pressed } = event;
    checkEvent(code, pressed);
    for (const history of [...this.#histories]) {
      history.events.push({ code, pressed });
      if (history.events.length > this.#historyMax) {
        history.events.shift();
        history.lost++;
      }
      this.#serve(history);
    }
  }
  /** The keyboard is gone: what came before is still told. */
  fail(): void {
    this.#failed = true;
    for (const history of [...this.#histories]) this.#serve(history);
  }

  open(client: Client): Session {
    const history: History = { client, events: [], lost: 0, readers: [] };
    this.#histories.add(history);
    return {
      send: (request) => this.#send(history, request),
      cancel: (tag) => {
        history.readers = history.readers.filter((reader) => reader.tag !== tag);
      },
      close: () => {
        this.#histories.delete(history);
      },
    };
  }

  #send(history: History, { operation, tag, bytes, replyBytes }: DeviceRequest): void {
    const { client } = history;
    const { specs, events, next } = OPERATIONS.keyboard;
    if (operation !== specs && operation !== events && operation !== next) return client.complete({ tag, status: STATUS.not_supported });
    if (bytes.length > 0) return client.complete({ tag, status: STATUS.bad_request });
    if (operation === specs) return client.complete({ tag, status: STATUS.ok, bytes: this.#specs.slice() });
    if (replyBytes === 0 || replyBytes % EVENT_BYTES !== 0) return client.complete({ tag, status: STATUS.bad_request });
    const eventsMax = replyBytes / EVENT_BYTES;
    if (operation === events && history.events.length === 0 && this.#failed) return client.complete({ tag, status: STATUS.device_failed });
    if (operation === events) return this.#answer(history, tag, eventsMax);
    history.readers.push({ tag, eventsMax });
    this.#serve(history);
  }

  #serve(history: History): void {
    while (history.readers.length > 0 && (history.events.length > 0 || this.#failed)) {
      const { tag, eventsMax } = history.readers.shift() as History['readers'][number];
      if (history.events.length > 0) this.#answer(history, tag, eventsMax);
      else history.client.complete({ tag, status: STATUS.device_failed });
    }
  }

  #answer(history: History, tag: number, eventsMax: number): void {
    const events = history.events.splice(0, eventsMax);
    const lost = BigInt(history.lost);
    history.lost = 0;
    const bytes = new DataView(new ArrayBuffer(EVENT_BYTES * events.length));
    events.forEach(({ code, pressed }, index) => {
      bytes.setInt32(EVENT_BYTES * index, code, true);
      bytes.setUint32(EVENT_BYTES * index + 4, pressed ? 1 : 0, true);
    });
    history.client.complete({ tag, status: STATUS.ok, bytes: new Uint8Array(bytes.buffer), argument: lost });
  }
}

const NAMED_CHARACTERS: ReadonlyMap<number, number> = new Map([
  [0x20, KEY.space],
  [0x09, KEY.tab],
  [0x0a, KEY.line_feed],
  [0x0d, KEY.carriage_return],
]);

/** The code of a character's key: space, tab and line ends have keys of their own. @throws TypeError or RangeError for what is no code point */
export function keyOf(character: number): number {
  checkWhole('character', character, 0, CODE_MOST);
  return NAMED_CHARACTERS.get(character) ?? character;
}

/** An event of a script, and how long after the one before it comes. */
export interface ScriptedKey extends KeyEvent {
  /** Nanoseconds after the event before, or after the beginning; 0 by default. */
  readonly after?: bigint;
}

/** What a `KeyboardMock` is made of. */
export interface KeyboardMockConfig extends KeyHistoriesConfig {
  /** What happens by itself as time passes. Nothing by default. */
  readonly script?: readonly ScriptedKey[];
  /** What lets the script go on, where other devices share it; by default one of its own. */
  readonly time?: VirtualTime;
}

/** A keyboard for tests: keys are pressed by a script, or by calls. */
export class KeyboardMock implements Device {
  readonly serves = { protocol: 'keyboard', version: 1 } as const;
  readonly time: VirtualTime;
  readonly #keys: KeyHistories;

  /**
   * A keyboard that nobody has touched. Nothing of the script happens before time passes.
   * @throws TypeError or RangeError naming what is out of range
   */
  constructor(config: KeyboardMockConfig = {}) {
    checkOptions('config', config, [...HISTORIES_OPTIONS, 'script', 'time']);
    const { script = [], time = new VirtualTime(), ...histories } = config;
    checkArray('script', script);
    checkVirtualTime('time', time);
    this.time = time;
    this.#keys = new KeyHistories(histories);
    let at = 0n;
    for (const event of script) {
      checkObject('script', event);
      const { after = 0n, code, pressed } = event;
      checkBigint('after', after, 0n);
      checkEvent(code, pressed);
      at += after;
      time.after(at, () => this.#keys.add({ code, pressed }));
    }
  }

  /** Presses a key. */
  press(code: number): void {
    this.#keys.add({ code, pressed: true });
  }
  /** Releases a key. */
  release(code: number): void {
    this.#keys.add({ code, pressed: false });
  }
  /** Presses and releases a key. */
  stroke(code: number): void {
    this.press(code);
    this.release(code);
  }
  /** Presses and releases the key of each character of a text, in order. */
  type(text: string): void {
    checkString('text', text);
    for (const character of text) this.stroke(keyOf(character.codePointAt(0) as number));
  }
  /** Takes the keyboard away. */
  unplug(): void {
    this.#keys.fail();
  }

  open(client: Client): Session {
    return this.#keys.open(client);
  }
}
