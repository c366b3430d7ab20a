/**
 * The mocks that a deployment names, made from their backings: what stands behind a device while it is simulated, and what can be seen of it.
 */
import { AudioMock, ClockMock, DiskMock, KeyboardMock, keyOf, ScreenMock, TerminalMock } from '../../devices/index.js';
import type { Device } from '../../vm/index.js';
import { OPERATIONS } from '../../isa-spec/index.js';
import type { Backing, TopologyDevice } from '../topology.js';
import { numberOf } from './faults.js';
import type { StationTime } from './station.js';

/** What a mock is made from. */
export interface MockSetting {
  readonly device: TopologyDevice;
  readonly backing: Backing;
  readonly time: StationTime;
  /** Gives a file that the deployment names. @throws RangeError if it is not there */
  readonly read: (path: string) => Uint8Array;
}

/** A mock, and what can be seen of it. */
export interface Mock {
  readonly device: Device;
  /** A disk's mock, for faults of disks. */
  readonly disk?: DiskMock;
  /** What was written to a stream, or answered to what opens sessions itself. */
  readonly output?: () => Uint8Array;
  /** What reads of a disk see. */
  readonly contents?: () => Uint8Array;
  /** What is to be seen on a screen: 0x00RRGGBB little-endian a pixel, row by row. */
  readonly screen?: () => Uint8Array;
  /** What was played: 32-bit floats. */
  readonly samples?: () => Float32Array;
  /** Power fails. @param draw a whole number from 0 to a most, which decides what is lost */
  readonly crash?: (draw: (most: number) => number) => void;
  /** A clock's time of day is set, by so many nanoseconds. */
  readonly jump?: (by: bigint) => void;
  /** Opens a session at a server. */
  readonly connect?: (device: Device) => void;
}

type MakeMock = (setting: MockSetting) => Mock;

const SECTOR_BYTES = 512;
/** When clocks begin to whom nobody gave a date: 2026-01-01 00:00 UTC. */
const CLOCK_START = 1_767_225_600_000_000_000n;
/** From one key of a script to the next. */
const KEY_NS = 10_000_000n;
/** Most bytes of an answer to a script. */
const ANSWER_BYTES_MAX = 2 ** 24;

/** By kind, then by protocol. */
const MOCKS: Readonly<Record<string, Readonly<Record<string, MakeMock>>>> = {
  memory: {
    disk: ({ device: { settings }, backing, read }) => {
      const path = backing.settings.file ?? settings.contents;
      const contents = typeof path === 'string' ? read(path) : new Uint8Array(0);
      const entryBytes = numberOf(settings, 'size', SECTOR_BYTES);
      const mock = new DiskMock({ entries: numberOf(settings, 'entries', Math.ceil(contents.length / entryBytes)), entryBytes, contents });
      const survives = (draw: (most: number) => number, bytes: number): number => Math.min(draw(Math.ceil(bytes / SECTOR_BYTES)) * SECTOR_BYTES, bytes);
      return {
        device: mock,
        disk: mock,
        contents: () => mock.contents,
        crash: (draw) => mock.crash(({ bytes }) => survives(draw, bytes.length)),
      };
    },
  },
  script: {
    pu: ({ backing, read }) => {
      const input = chunksOf(backing, read);
      const mock = new TerminalMock({ input, open: backing.settings.open === true });
      const answers: Uint8Array[] = [];
      return {
        device: mock,
        output: () => joined([mock.output, ...answers]),
        connect: (device) => converse(device, input, backing.settings.open === true, answers),
      };
    },
    keyboard: ({ device: { settings }, backing, time, read }) => {
      const text = new TextDecoder().decode(joined(chunksOf(backing, read)));
      const script = [...text].flatMap((character) => {
        const code = keyOf(character.codePointAt(0) as number);
        return [
          { after: KEY_NS, code, pressed: true },
          { code, pressed: false },
        ];
      });
      const counts = Object.fromEntries(['characters', 'history'].flatMap((name) => (typeof settings[name] === 'number' ? [[name, settings[name]]] : [])));
      return { device: new KeyboardMock({ ...counts, script, time }) };
    },
  },
  clock: {
    clock: ({ backing: { settings }, time }) => {
      const mock = new ClockMock({ time: typeof settings.start === 'string' ? timeOf(settings.start) : CLOCK_START, source: time });
      return { device: mock, jump: (by) => mock.set(mock.time + by) };
    },
  },
  record: {
    screen: ({ device: { settings }, time }) => {
      const density = typeof settings.density === 'number' ? { density: settings.density } : {};
      const mock = new ScreenMock({ width: numberOf(settings, 'width', 640), height: numberOf(settings, 'height', 480), ...density, time });
      return { device: mock, screen: () => new Uint8Array(mock.pixels.buffer.slice(0)) };
    },
    audio: ({ device: { settings }, time }) => {
      const minimum = typeof settings.delay === 'number' ? { minimum: settings.delay } : {};
      const mock = new AudioMock({ rate: numberOf(settings, 'rate', 48_000), ...minimum, time });
      return { device: mock, samples: () => mock.samples };
    },
  },
};

function chunksOf({ settings: { input, file } }: Backing, read: (path: string) => Uint8Array): Uint8Array[] {
  const texts = typeof input === 'string' ? [input] : Array.isArray(input) ? (input as readonly string[]) : [];
  const chunks = texts.map((text) => new TextEncoder().encode(text));
  return typeof file === 'string' ? [...chunks, read(file)] : chunks;
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** Opens a session, sends one message after the other, each when the one before is answered, and closes it unless it is to stay open. */
function converse(device: Device, messages: readonly Uint8Array[], staysOpen: boolean, answers: Uint8Array[]): void {
  let place = 0;
  const next = (): void => {
    const bytes = messages[place++];
    if (bytes !== undefined) session.send({ operation: OPERATIONS.pu.message, tag: place, bytes: bytes.slice(), replyBytes: ANSWER_BYTES_MAX, argument: 0n });
    else if (place === messages.length + 1 && !staysOpen) session.close();
  };
  const session = device.open({
    complete: ({ bytes }) => {
      if (bytes !== undefined) answers.push(bytes);
      next();
    },
    // What was under way is lost; the next message goes to the new incarnation.
    reset: () => {
      if (place <= messages.length) next();
    },
  });
  next();
}

const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d))?Z?)?$/;

/** Nanoseconds from 1970 to a date in UTC. @throws RangeError if the text is none */
function timeOf(text: string): bigint {
  const [, year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = (DATE.exec(text) ?? []).map((part) => Number(part ?? 0));
  // A year that begins with March has its leap day at its end (Neri and Schneider, 2022).
  const [shifted, moved] = month <= 2 ? [year - 1, month + 9] : [year, month - 3];
  const leapDays = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  const days = 365 * shifted + leapDays + Math.floor((153 * moved + 2) / 5) + day - 1 - DAYS_BEFORE_1970;
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59) {
    throw new RangeError(`the clock's start is ${JSON.stringify(text)}; a date is needed, such as 2026-11-25 or 2026-11-25T17:30:00`);
  }
  return BigInt(((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000_000_000n;
}
/** From the first of March of the year 0. */
const DAYS_BEFORE_1970 = 719_468;

/**
 * Makes the mock behind a device.
 * @throws RangeError if there is none of this kind for its protocol
 */
export function makeMock(setting: MockSetting): Mock {
  const { device, backing } = setting;
  const protocols = Object.hasOwn(MOCKS, backing.kind) ? (MOCKS[backing.kind] as Readonly<Record<string, MakeMock>>) : {};
  const make = Object.hasOwn(protocols, device.protocol) ? protocols[device.protocol] : undefined;
  if (make === undefined) {
    const kinds = Object.keys(MOCKS).filter((kind) => Object.hasOwn(MOCKS[kind] as object, device.protocol));
    throw new RangeError(`the ${device.protocol} ${device.name} has no mock ${backing.kind}; there are ${kinds.join(', ') || 'none'}`);
  }
  return make(setting);
}
