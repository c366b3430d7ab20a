/**
 * The mocks that a deployment names, made from their backings: what stands behind a device while it is simulated, and what can be seen of it.
 */
import { ClockMock, DiskMock, TerminalMock } from '../../devices/index.js';
import type { Device } from '../../vm/index.js';
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
  /** What was written to a stream. */
  readonly output?: () => Uint8Array;
  /** What reads of a disk see. */
  readonly contents?: () => Uint8Array;
  /** Power fails. @param draw a whole number from 0 to a most, which decides what is lost */
  readonly crash?: (draw: (most: number) => number) => void;
  /** A clock's time of day is set, by so many nanoseconds. */
  readonly jump?: (by: bigint) => void;
}

type MakeMock = (setting: MockSetting) => Mock;

const SECTOR_BYTES = 512;
/** A start date for clocks that nobody gave one: 2026-01-01 00:00 UTC. */
const CLOCK_START = 1_767_225_600_000_000_000n;

/** By protocol, then by the kind of the mock. */
const MOCKS: Readonly<Record<string, Readonly<Record<string, MakeMock>>>> = {
  disk: {
    memory: ({ device, backing, read }) => {
      const { settings } = device;
      const path = backing.settings.file ?? settings.contents;
      const entryBytes = numberOf(settings, 'size', SECTOR_BYTES);
      const mock = new DiskMock({ entries: numberOf(settings, 'entries', 0), entryBytes, ...(typeof path === 'string' ? { contents: read(path) } : {}) });
      return {
        device: mock,
        contents: () => mock.contents,
        crash: (draw) => mock.crash(({ bytes }) => Math.min(draw(Math.ceil(bytes.length / SECTOR_BYTES)) * SECTOR_BYTES, bytes.length)),
      };
    },
  },
  pu: {
    script: ({ backing, read }) => {
      const { input, file } = backing.settings;
      const chunks = Array.isArray(input) ? input : typeof input === 'string' ? [input] : typeof file === 'string' ? [read(file)] : [];
      const mock = new TerminalMock({ input: chunks, open: backing.settings.open === true });
      return { device: mock, output: () => mock.output };
    },
  },
  clock: {
    clock: ({ backing, time }) => {
      const { start } = backing.settings;
      const mock = new ClockMock({ time: typeof start === 'number' ? BigInt(start) : CLOCK_START, source: time });
      return { device: mock, jump: (by) => mock.set(mock.time + by) };
    },
  },
};

/**
 * Makes the mock behind a device.
 * @throws RangeError if there is none of this kind for its protocol
 */
export function makeMock(setting: MockSetting): Mock {
  const { device, backing } = setting;
  const kinds = MOCKS[device.protocol] ?? {};
  const make = Object.hasOwn(kinds, backing.kind) ? kinds[backing.kind] : undefined;
  if (make === undefined) {
    throw new RangeError(`the ${device.protocol} ${device.name} has no mock ${backing.kind}; there are ${Object.keys(kinds).join(', ') || 'none'}`);
  }
  return make(setting);
}
