/**
 * The drivers and mocks that a deployment names, for hosts in Node: a row for each kind and protocol.
 *
 * Mocks whose time is virtual stand on the computer's time here, so a deployment may mix them with drivers.
 */
import path from 'node:path';
import { readFileSync } from 'node:fs';
import { ClockMock, DiskMock, TerminalMock } from '../../devices/index.js';
import {
  AudioFileDriver,
  ChildProcessDriver,
  ClockDriver,
  DiskDriver,
  KeyboardDriver,
  ScreenFilesDriver,
  ScreenTerminalDriver,
  type SocketAddress,
  SocketClientDriver,
  SocketServerDriver,
  TerminalDriver,
} from '../../devices/node/index.js';
import type { Device } from '../../vm/index.js';
import type { Backing, Deployment, Settings, TopologyDevice } from '../topology.js';
import type { ClientDevice } from './workers.js';

/** A device of a deployment that could not be made. */
export class DriverError extends Error {
  override readonly name = 'DriverError';
}

/** What stands behind the devices of a deployment. */
export interface Drivers {
  readonly devices: Readonly<Record<string, Device>>;
  readonly clients: Readonly<Record<string, ClientDevice>>;
  /** Once the system is connected: resolves when all that listens does. @throws Error of the host where something can't */
  started(): Promise<void>;
  /** Whether nobody reads standard output any more. */
  readonly outputClosed: () => boolean;
  /** Ends all, once what they accepted is done: files are flushed and closed. @throws DriverError naming what could not be */
  close(): Promise<void>;
}

interface Maker {
  readonly device: TopologyDevice;
  readonly settings: Settings;
  /** A path from the folder of the description. */
  readonly resolve: (file: string) => string;
  readonly terminal: () => TerminalDriver;
  readonly closers: (() => void | Promise<void>)[];
  /** What begins to listen once it is connected. */
  readonly starting: Promise<void>[];
}
type Made = Device | { readonly listens: ClientDevice };

const SECTOR_BYTES = 512;

const number = (settings: Settings, name: string): number | undefined => (typeof settings[name] === 'number' ? settings[name] : undefined);
const text = (settings: Settings, name: string): string | undefined => (typeof settings[name] === 'string' ? settings[name] : undefined);
const texts = (settings: Settings, name: string): readonly string[] => {
  const value = settings[name];
  return typeof value === 'string' ? [value] : Array.isArray(value) ? (value as readonly string[]) : [];
};
/** Settings of those names that are numbers. */
const numbers = (settings: Settings, ...names: readonly string[]): Record<string, number> =>
  Object.fromEntries(names.flatMap((name) => (typeof settings[name] === 'number' ? [[name, settings[name]]] : [])));

function kept<T extends { close(): void | Promise<void> }>(driver: T, closers: Maker['closers']): T {
  closers.push(() => driver.close());
  return driver;
}

function socket(address: SocketAddress, connects: boolean, starting: Promise<void>[]): Made {
  if (connects) return new SocketClientDriver({ address });
  return {
    listens: (device) => {
      const driver = new SocketServerDriver({ address, device });
      starting.push(driver.started);
      return () => driver.close();
    },
  };
}

/** By `drive` or `mock` with the kind, then by protocol. */
const MAKERS: Readonly<Record<string, Readonly<Record<string, (maker: Maker) => Made>>>> = {
  'drive terminal': {
    pu: ({ terminal }) => terminal(),
    screen: ({ device: { settings }, closers }) => kept(new ScreenTerminalDriver(numbers(settings, 'density')), closers),
    keyboard: ({ device: { settings }, closers }) => kept(new KeyboardDriver(numbers(settings, 'history')), closers),
  },
  'drive tcp': {
    pu: ({ settings, starting }) =>
      socket({ port: number(settings, 'port') as number, host: text(settings, 'host') ?? '127.0.0.1' }, settings.connect === true, starting),
  },
  'drive unix': { pu: ({ settings, resolve, starting }) => socket({ path: resolve(text(settings, 'path') as string) }, settings.connect === true, starting) },
  'drive child': {
    pu: ({ settings }) => {
      const [command = '', ...values] = texts(settings, 'command');
      return new ChildProcessDriver({ command, values });
    },
  },
  'drive file': {
    disk: ({ device, settings, resolve, closers }) => {
      const { size: entryBytes, entries } = numbers(device.settings, 'size', 'entries');
      const config = { ...(entries === undefined ? {} : { entries }), ...(entryBytes === undefined ? {} : { entryBytes }) };
      return kept(new DiskDriver({ path: resolve(text(settings, 'file') as string), ...config }), closers);
    },
  },
  'drive clock': { clock: () => new ClockDriver() },
  'drive png': {
    screen: ({ device, settings, resolve, closers }) => {
      const file = resolve(text(settings, 'file') as string);
      const { width = 640, height = 480, ...density } = numbers(device.settings, 'width', 'height', 'density');
      return kept(new ScreenFilesDriver({ path: () => file, width, height, ...density }), closers);
    },
  },
  'drive wav': {
    audio: ({ device, settings, resolve, closers }) => {
      const { rate, delay } = numbers(device.settings, 'rate', 'delay');
      const specs = { ...(rate === undefined ? {} : { rate }), ...(delay === undefined ? {} : { minimum: delay }) };
      return kept(new AudioFileDriver({ path: resolve(text(settings, 'file') as string), ...specs }), closers);
    },
  },
  'mock memory': {
    disk: ({ device, settings, resolve }) => {
      const file = text(settings, 'file') ?? text(device.settings, 'contents');
      const contents = file === undefined ? new Uint8Array(0) : new Uint8Array(readFileSync(resolve(file)));
      const entryBytes = number(device.settings, 'size') ?? SECTOR_BYTES;
      return new DiskMock({ entries: number(device.settings, 'entries') ?? Math.ceil(contents.length / entryBytes), entryBytes, contents });
    },
  },
  'mock script': {
    pu: ({ settings, resolve }) => {
      const file = text(settings, 'file');
      const input = [
        ...texts(settings, 'input').map((part) => new TextEncoder().encode(part)),
        ...(file === undefined ? [] : [new Uint8Array(readFileSync(resolve(file)))]),
      ];
      return new TerminalMock({ input, open: settings.open === true });
    },
  },
  'mock clock': { clock: ({ settings }) => new ClockMock({ time: BigInt(number(settings, 'start') ?? 0) }) },
};

/**
 * Makes what a deployment names.
 * @param folder where its paths start
 * @throws DriverError naming a device whose driver does not exist on this host, or could not be opened
 */
export async function openDrivers({ topology, backings }: Deployment, folder: string): Promise<Drivers> {
  const devices: Record<string, Device> = {};
  const clients: Record<string, ClientDevice> = {};
  const closers: (() => void | Promise<void>)[] = [];
  const starting: Promise<void>[] = [];
  let terminal: TerminalDriver | undefined;
  const close = async (): Promise<void> => {
    let failure: unknown;
    for (const closer of closers.splice(0).reverse()) {
      try {
        await closer();
      } catch (error) {
        failure ??= error;
      }
    }
    if (failure !== undefined) throw new DriverError(`a device could not be closed: ${(failure as Error).message}`);
  };
  const openTerminal = (): TerminalDriver => {
    terminal ??= kept(new TerminalDriver(), closers);
    return terminal;
  };
  for (const { device: name, how, kind, settings } of backings) {
    const device = topology.devices.find((one) => one.name === name) as TopologyDevice;
    try {
      const make = makerOf(how, kind, device);
      const made = make({ device, settings, resolve: (file) => path.resolve(folder, file), terminal: openTerminal, closers, starting });
      if ('listens' in made) clients[name] = made.listens;
      else devices[name] = made;
    } catch (error) {
      await close();
      throw error instanceof DriverError ? error : new DriverError(`${name}: ${(error as Error).message}`);
    }
  }
  const started = async (): Promise<void> => void (await Promise.all(starting));
  return { devices, clients, started, outputClosed: () => terminal?.outputClosed === true, close };
}

function makerOf(how: Backing['how'], kind: string, { name, protocol }: TopologyDevice): (maker: Maker) => Made {
  const key = `${how} ${kind}`;
  const make = Object.hasOwn(MAKERS, key) ? MAKERS[key]?.[protocol] : undefined;
  if (make !== undefined) return make;
  const known = Object.keys(MAKERS).filter((one) => Object.hasOwn(MAKERS[one] as object, protocol));
  throw new DriverError(`${name}: there is no ${key} of protocol ${protocol} outside of the simulation; there are ${known.join(', ') || 'none'}`);
}
