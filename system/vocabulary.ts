/**
 * The words of descriptions that mean something to hosts: settings of everything that has some, kinds of mocks, drivers, faults and expectations. One
 * row each, with the types by which `.sys` text is checked. A new mock, driver or fault needs a row here and its maker in the host.
 */
import { type Protocol, TRAPS } from '../isa-spec/index.js';
import type { HostKind, Target } from './topology.js';

/**
 * What a setting may be, and what it comes out as: `count` a whole number; `bytes`, `time` (nanoseconds) and `rate` (a second) whole numbers with
 * units; `chance` a number from 0 to 1; `number` any number; `flag` a boolean; `text`, `texts` strings; `path` a file's, from the description's folder; `names`
 * of PUs. A list of words is one of them.
 */
export type SettingType = 'count' | 'bytes' | 'time' | 'rate' | 'chance' | 'number' | 'flag' | 'text' | 'texts' | 'path' | 'names' | readonly string[];

/** A setting. */
export interface SettingRow {
  readonly type: SettingType;
  /** Whether `A..B` may be written, from which a host draws. */
  readonly range?: true;
  readonly least?: number;
  readonly most?: number;
  readonly needed?: true;
  readonly doc: string;
}
/** Settings by name. */
export type SettingRows = Readonly<Record<string, SettingRow>>;

/** A mock, driver, fault or expectation. */
export interface KindRow {
  /** What it can be of. */
  readonly of: readonly Target['kind'][];
  /** Protocols of the devices that it can be of; all if left out. */
  readonly protocols?: readonly Protocol[];
  /** The setting that a value right behind the word is. */
  readonly value?: string;
  readonly settings: SettingRows;
  readonly doc: string;
}
/** Kinds by name. */
export type KindRows = Readonly<Record<string, KindRow>>;

/** Most of what a whole number can hold exactly. */
const MOST = Number.MAX_SAFE_INTEGER;
const U32_MAX = 2 ** 32 - 1;
const MESSAGE_MAX = 2 ** 24;

/** Settings of a PU. */
export const PU_SETTINGS = {
  memory: { type: 'bytes', least: 0, most: 2 ** 32, doc: "bytes of memory, a multiple of 64 KiB; the program's least by default" },
  frames: { type: 'bytes', least: 0, most: 2 ** 32, doc: 'bytes that calls in progress may take' },
  speed: { type: 'rate', least: 1, most: 1e12, doc: 'units of fuel in a second of virtual time, 1 GHz by default' },
  starts: { type: 'flag', doc: 'whether a PU with a controller runs from the beginning' },
  arguments: { type: 'texts', doc: 'words that the program finds in its data `arguments`' },
  restart: { type: 'count', least: 1, most: 1e6, doc: 'how many times the host restarts it after a trap' },
  within: { type: 'time', least: 1, most: MOST, doc: 'time in which `restart` counts, 1 min by default' },
} as const satisfies SettingRows;

/** Settings of a computer. */
export const COMPUTER_SETTINGS = {
  memory: { type: 'bytes', least: 0, most: MOST, doc: 'most bytes of memory and frames of all its PUs together' },
  pus: { type: 'count', least: 0, most: 1e6, doc: 'most PUs' },
} as const satisfies SettingRows;

/** Settings of a link. */
export const LINK_SETTINGS = {
  depth: { type: 'count', least: 1, most: 1024, doc: 'messages in flight, at most what the programs declare' },
  message: { type: 'bytes', least: 0, most: MESSAGE_MAX, doc: 'bytes of the largest message, at most what the programs declare' },
  lossy: { type: 'flag', doc: 'messages may be lost and come twice' },
  asynchronous: { type: 'flag', doc: 'the client does not wait for the answer, so a circle of such links is none of calls' },
} as const satisfies SettingRows;

/** Settings of devices. */
export const DEVICE_SETTINGS = {
  disk: {
    entries: { type: 'count', least: 0, most: U32_MAX, doc: 'how many entries; by default as many as its contents fill' },
    size: { type: 'bytes', least: 1, most: MESSAGE_MAX, doc: 'bytes of an entry, 512 by default' },
    contents: { type: 'path', doc: 'a file with its first contents' },
  },
  screen: {
    width: { type: 'count', least: 1, most: 65535, doc: 'pixels, 640 by default' },
    height: { type: 'count', least: 1, most: 65535, doc: 'pixels, 480 by default' },
    density: { type: 'number', least: 1e-9, most: 1e9, doc: 'pixels a metre' },
  },
  keyboard: {
    characters: { type: 'count', least: 0, most: U32_MAX, doc: 'how many different characters it can send' },
    history: { type: 'count', least: 1, most: 2 ** 20, doc: 'events that it keeps, 20 by default' },
  },
  clock: {
    resolution: { type: 'number', least: -9, most: 9, doc: 'exponent of the step of its time' },
    digits: { type: 'count', least: 1, most: 18, doc: 'digits of its time' },
  },
  audio: {
    rate: { type: 'rate', least: 1, most: 2 ** 20, doc: 'samples a second, 48 kHz by default' },
    delay: { type: 'count', least: 1, most: 2 ** 24, doc: 'samples that must always be queued' },
  },
  pu: {},
  puc: {
    slots: { type: 'count', least: 0, most: 65536, doc: 'PUs of the protocol, as many as programs by default' },
    programs: { type: 'names', needed: true, doc: 'PUs of its computer that it controls, in the order of their numbers' },
  },
} as const satisfies Readonly<Record<Protocol, SettingRows>>;

/** Settings of `all on HOST`. */
export const HOST_SETTINGS = {
  simulation: {
    seed: { type: 'count', least: 0, most: MOST, doc: 'what is left to chance follows from it, 0 by default' },
    until: { type: 'time', least: 1, most: MOST, doc: 'virtual time at which it ends' },
  },
  workers: {},
  processes: {},
} as const satisfies Readonly<Record<HostKind, SettingRows>>;

/** Mocks. */
export const MOCKS: KindRows = {
  memory: {
    of: ['device'],
    protocols: ['disk'],
    value: 'file',
    settings: { file: { type: 'path', doc: 'a file with its first contents' } },
    doc: 'a disk in memory',
  },
  script: {
    of: ['device'],
    protocols: ['pu', 'keyboard'],
    value: 'input',
    settings: {
      input: { type: 'texts', doc: 'what comes in; each string is one message' },
      file: { type: 'path', doc: 'a file with what comes in' },
      open: { type: 'flag', doc: 'whether it stays open after the last message' },
    },
    doc: 'a stream or keyboard that follows a script and keeps what is written',
  },
  clock: {
    of: ['device'],
    protocols: ['clock'],
    value: 'start',
    settings: {
      start: { type: 'text', doc: 'when it begins, in UTC: "2026-11-25" or "2026-11-25T17:30:00"; the beginning of 2026 by default' },
    },
    doc: 'a clock of virtual time',
  },
  record: {
    of: ['device'],
    protocols: ['screen', 'audio'],
    settings: {},
    doc: 'keeps what is shown or played',
  },
};

/** Drivers. */
export const DRIVERS: KindRows = {
  terminal: { of: ['device'], protocols: ['pu', 'screen', 'keyboard'], settings: {}, doc: 'standard input and output, or the terminal' },
  tcp: {
    of: ['device'],
    protocols: ['pu'],
    value: 'port',
    settings: {
      port: { type: 'count', least: 0, most: 65535, needed: true, doc: 'the number of the port' },
      host: { type: 'text', doc: 'the address, 127.0.0.1 by default' },
      connect: { type: 'flag', doc: 'whether it connects; otherwise it listens' },
    },
    doc: 'a TCP port; each connection is a session',
  },
  unix: {
    of: ['device'],
    protocols: ['pu'],
    value: 'path',
    settings: {
      path: { type: 'path', needed: true, doc: 'the path of the socket' },
      connect: { type: 'flag', doc: 'whether it connects; otherwise it listens' },
    },
    doc: 'a Unix socket; each connection is a session',
  },
  child: {
    of: ['device'],
    protocols: ['pu'],
    value: 'command',
    settings: { command: { type: 'texts', needed: true, doc: 'the program and its arguments' } },
    doc: 'a process of the host: what is written is its input, what it writes is read',
  },
  file: {
    of: ['device'],
    protocols: ['disk'],
    value: 'file',
    settings: { file: { type: 'path', needed: true, doc: 'the file; it is made if it is not there' } },
    doc: 'a disk that is a file',
  },
  clock: { of: ['device'], protocols: ['clock'], settings: {}, doc: "the host's clock" },
  png: {
    of: ['device'],
    protocols: ['screen'],
    value: 'file',
    settings: { file: { type: 'path', needed: true, doc: 'the file, written anew with each frame' } },
    doc: 'a screen that is a PNG file',
  },
  wav: {
    of: ['device'],
    protocols: ['audio'],
    value: 'file',
    settings: { file: { type: 'path', needed: true, doc: 'the file' } },
    doc: 'an audio device that is a WAV file',
  },
};

/** Times at which a fault strikes. */
const OCCASIONS = {
  at: { type: 'time', range: true, least: 0, most: MOST, doc: 'when it strikes first' },
  every: { type: 'time', range: true, least: 1, most: MOST, doc: 'from the end of one to the beginning of the next; without `at` also before the first' },
  for: { type: 'time', range: true, least: 0, most: MOST, doc: 'how long it lasts' },
} as const satisfies SettingRows;
const RATE = {
  rate: { type: 'chance', least: 0, most: 1, needed: true, doc: 'how probable it is for each message or request' },
} as const satisfies SettingRows;
const BY = { by: { type: 'time', range: true, least: 0, most: MOST, needed: true, doc: 'how much' } } as const satisfies SettingRows;

/** Faults, for the simulation. */
export const FAULTS: KindRows = {
  delay: { of: ['link'], value: 'by', settings: BY, doc: 'messages take time, each a time of its own; their order stays' },
  loss: { of: ['link'], value: 'rate', settings: RATE, doc: 'messages are lost, if the link is lossy' },
  duplicate: { of: ['link'], value: 'rate', settings: RATE, doc: 'messages come twice, if the link is lossy' },
  partition: { of: ['link'], settings: OCCASIONS, doc: 'nothing gets through for a while' },
  fail: { of: ['device'], protocols: ['disk'], value: 'rate', settings: RATE, doc: 'a request fails' },
  torn: { of: ['device'], protocols: ['disk'], value: 'rate', settings: RATE, doc: 'a write is carried out in part, and reported as done' },
  misdirected: { of: ['device'], protocols: ['disk'], value: 'rate', settings: RATE, doc: 'a write goes to other entries' },
  lost: { of: ['device'], protocols: ['disk'], value: 'rate', settings: RATE, doc: 'a write is not carried out, and reported as done' },
  corrupted: { of: ['device'], protocols: ['disk'], value: 'rate', settings: RATE, doc: 'a read gives wrong bytes' },
  slow: { of: ['device'], protocols: ['disk'], value: 'by', settings: BY, doc: 'requests take time' },
  full: { of: ['device'], protocols: ['disk'], value: 'rate', settings: RATE, doc: 'a write finds no room' },
  crash: { of: ['pu', 'device', 'computer'], settings: OCCASIONS, doc: 'it stops at once, and starts again after a while' },
  jump: {
    of: ['device'],
    protocols: ['clock'],
    value: 'by',
    settings: { ...OCCASIONS, by: { ...BY.by, least: -MOST } },
    doc: 'the time of day is set to another',
  },
};

/** Expectations. */
export const EXPECTATIONS: KindRows = {
  output: {
    of: ['device'],
    protocols: ['pu'],
    value: 'text',
    settings: { text: { type: 'text', doc: 'all of the output' }, file: { type: 'path', doc: 'a file with all of it' } },
    doc: 'what was written to a stream',
  },
  contents: {
    of: ['device'],
    protocols: ['disk'],
    value: 'file',
    settings: { file: { type: 'path', needed: true, doc: 'a file with what is expected of its beginning' } },
    doc: 'what is on a disk',
  },
  screen: {
    of: ['device'],
    protocols: ['screen'],
    value: 'file',
    settings: { file: { type: 'path', needed: true, doc: 'a file with four bytes a pixel: blue, green, red, 0; row by row' } },
    doc: 'what is to be seen at the end',
  },
  trace: {
    of: ['link'],
    value: 'text',
    settings: { text: { type: 'text', doc: 'all of the messages' }, file: { type: 'path', doc: 'a file with all of them' } },
    doc: 'what crossed a link: a line for each message, such as `send 1 5`: what it is, operation or status, bytes',
  },
  returned: {
    of: ['pu'],
    value: 'value',
    settings: { value: { type: 'number', least: -(2 ** 31), most: U32_MAX, doc: 'the first result; any by default' } },
    doc: 'the PU returns',
  },
  trapped: {
    of: ['pu'],
    value: 'trap',
    settings: { trap: { type: Object.keys(TRAPS), doc: 'the kind of the trap; any by default' } },
    doc: 'the PU traps, which otherwise is a violation',
  },
};
