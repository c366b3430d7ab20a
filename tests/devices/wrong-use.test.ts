/** Wrong use of mocks and drivers: a TypeError or RangeError at once, which names the argument, before anything has happened. */
import { describe, expect, it } from '@jest/globals';
import {
  AudioMock,
  controlSet,
  corruptedRead,
  corruptedWrite,
  crashChoices,
  DiskMock,
  FrameScreen,
  KeyboardMock,
  KeyHistories,
  keepFirst,
  keyOf,
  misdirected,
  PucDriver,
  PucMock,
  PuCallerMock,
  PuMock,
  pixelsOf,
  ScreenMock,
  SampleQueue,
  screenRequest,
  screenSpecs,
  tear,
  TerminalMock,
  torn,
  VirtualTime,
  withFaults,
} from '../../devices/index.js';
import {
  AudioFileDriver,
  ChildProcessDriver,
  KeyboardDriver,
  ScreenFilesDriver,
  ScreenTerminalDriver,
  SocketClientDriver,
  SocketServerDriver,
} from '../../devices/node/index.js';

const odd = [null, Symbol('x'), Object.create(null), ['x']];
const numbers = [...odd, '1', 1n, Number.NaN, 0.5];
const bigints = [...odd, 1, '1'];
const objects = [null, Symbol('x'), ['x'], 'x', 5];
const lists = [null, 'x', 5, {}];
const functions = [null, 'x', 5, {}];
const strings = [null, 5, {}, ['x']];
const size = { width: 1, height: 1 };
const time = new VirtualTime();
const terminal = new TerminalMock();
const disk = new DiskMock({ entries: 1 });
const path = (): string => '/none';

type Row = readonly [what: string, argument: string, values: readonly unknown[], use: (value: never) => unknown];

const MOCKS: readonly Row[] = [
  ['ScreenMock', 'config', objects, (value) => new ScreenMock(value)],
  ['ScreenMock', 'width', [...numbers, undefined, 0], (value) => new ScreenMock({ ...size, width: value })],
  ['ScreenMock', 'height', [...numbers, undefined, 65536], (value) => new ScreenMock({ ...size, height: value })],
  ['ScreenMock', 'density', [...odd, '1', 1n, Number.NaN, 0, -1], (value) => new ScreenMock({ ...size, density: value })],
  ['ScreenMock', 'framesPerSecond', [...numbers, 0, 1001], (value) => new ScreenMock({ ...size, framesPerSecond: value })],
  ['ScreenMock', 'time', objects, (value) => new ScreenMock({ ...size, time: value })],
  ['pixel', 'x', [...numbers, undefined, 1], (value) => new ScreenMock(size).pixel(value, 0)],
  ['pixel', 'y', [...numbers, undefined, -1], (value) => new ScreenMock(size).pixel(0, value)],
  ['FrameScreen', 'time', [...objects, undefined, {}], (value) => new FrameScreen({ ...size, time: value, show: () => undefined })],
  ['FrameScreen', 'show', [...functions, undefined], (value) => new FrameScreen({ ...size, time, show: value })],
  ['screenSpecs', 'size', [...objects, undefined], (value) => screenSpecs(value)],
  ['screenRequest', 'request', [...objects, undefined], (value) => screenRequest(size, value)],
  ['pixelsOf', 'image', [...odd, 5, new Int32Array(1)], (value) => pixelsOf(value)],
  ['KeyboardMock', 'config', objects, (value) => new KeyboardMock(value)],
  ['KeyboardMock', 'script', [...lists, [5]], (value) => new KeyboardMock({ script: value })],
  ['KeyboardMock', 'after', [...bigints, -1n], (value) => new KeyboardMock({ script: [{ code: 1, pressed: true, after: value }] })],
  ['KeyboardMock', 'code', [...numbers, undefined, 0, -48], (value) => new KeyboardMock({ script: [{ code: value, pressed: true }] })],
  ['KeyboardMock', 'pressed', [null, 1, undefined], (value) => new KeyboardMock({ script: [{ code: 1, pressed: value }] })],
  ['KeyboardMock', 'time', objects, (value) => new KeyboardMock({ time: value })],
  ['KeyHistories', 'controls', [...bigints, -(2n ** 64n)], (value) => new KeyHistories({ controls: value })],
  ['KeyHistories', 'characters', [...numbers, -1], (value) => new KeyHistories({ characters: value })],
  ['KeyHistories.add', 'event', [...objects, undefined], (value) => new KeyHistories().add(value)],
  ['type', 'text', [...strings, undefined], (value) => new KeyboardMock().type(value)],
  ['controlSet', 'codes', [...lists, [0], [-48], ['x']], (value) => controlSet(value)],
  ['keyOf', 'character', [...numbers, undefined, -1], (value) => keyOf(value)],
  ['AudioMock', 'config', objects, (value) => new AudioMock(value)],
  ['AudioMock', 'rate', [...numbers, 0], (value) => new AudioMock({ rate: value })],
  ['AudioMock', 'minimum', [...numbers, 0], (value) => new AudioMock({ minimum: value })],
  ['AudioMock', 'capacity', [...numbers, 1], (value) => new AudioMock({ capacity: value })],
  ['AudioMock', 'time', objects, (value) => new AudioMock({ time: value })],
  ['SampleQueue', 'take', [...functions, undefined], (value) => new SampleQueue({ time, take: value })],
  ['PucMock', 'config', [...objects, undefined], (value) => new PucMock(value)],
  ['PucMock', 'count', [...numbers, -1], (value) => new PucMock({ programs: [], count: value })],
  ['PucMock', 'programs', [...lists, undefined, [5], [[5]]], (value) => new PucMock({ programs: value })],
  ['PucMock', 'runs', [...bigints, -1n], (value) => new PucMock({ programs: [[{ runs: value }]] })],
  ['PucMock', 'trap', [...numbers, 0], (value) => new PucMock({ programs: [[{ trap: value }]] })],
  ['PucMock.state', 'pu', [...numbers, undefined, 1], (value) => new PucMock({ programs: [] }).state(value)],
  ['PucMock.begun', 'program', [...numbers, undefined, 0], (value) => new PucMock({ programs: [] }).begun(value)],
  ['PucDriver', 'host', [...objects, undefined, {}], (value) => new PucDriver(value)],
  ['PuMock', 'config', [...objects, undefined], (value) => new PuMock(value)],
  ['PuMock', 'sessions', [...lists, undefined, [5], [[5]]], (value) => new PuMock({ sessions: value })],
  ['PuCallerMock', 'device', [...objects, undefined, {}], (value) => new PuCallerMock(value, [])],
  ['PuCallerMock', 'script', [...lists, undefined, [5]], (value) => new PuCallerMock(terminal, value)],
  ['withFaults', 'device', [...objects, undefined, {}], (value) => withFaults(value, [])],
  ['withFaults', 'rules', [...lists, undefined, [5]], (value) => withFaults(terminal, value)],
  ['withFaults', 'fault', [...objects, undefined], (value) => withFaults(terminal, [{ fault: value }])],
  ['withFaults', 'at', [...numbers, 0], (value) => withFaults(terminal, [{ fault: { kind: 'lost' }, at: value }])],
  ['withFaults', 'from', [...numbers, 0], (value) => withFaults(terminal, [{ fault: { kind: 'lost' }, from: value }])],
  ['withFaults', 'options', objects, (value) => withFaults(terminal, [], value)],
  ['withFaults', 'time', [...objects, {}], (value) => withFaults(terminal, [], { time: value })],
  ['torn', 'bytes', [...numbers, undefined, -1], (value) => torn(disk, value)],
  ['misdirected', 'entries', [...numbers, undefined], (value) => misdirected(value)],
  ['corruptedRead', 'bit', [...numbers, undefined, -1], (value) => corruptedRead(value)],
  ['corruptedWrite', 'bit', [...numbers, undefined, -1], (value) => corruptedWrite(value)],
  ['keepFirst', 'count', [...numbers, undefined, -1], (value) => keepFirst(value)],
  ['tear', 'place', [...numbers, undefined, -1], (value) => tear(keepFirst(0), value, 0)],
  ['crashChoices', 'cached', [...lists, undefined], (value) => [...crashChoices(value)]],
  ['VirtualTime', 'now', bigints, (value) => new VirtualTime(value)],
  ['VirtualTime.after', 'nanoseconds', [...bigints, undefined], (value) => time.after(value, () => undefined)],
  ['VirtualTime.after', 'callback', [...functions, undefined], (value) => time.after(1n, value)],
  ['VirtualTime.advance', 'nanoseconds', [...bigints, undefined, -1n], (value) => time.advance(value)],
];

const DRIVERS: readonly Row[] = [
  ['ScreenFilesDriver', 'config', [...objects, undefined], (value) => new ScreenFilesDriver(value)],
  ['ScreenFilesDriver', 'path', [...functions, undefined], (value) => new ScreenFilesDriver({ ...size, path: value })],
  ['ScreenFilesDriver', 'width', [...numbers, 0], (value) => new ScreenFilesDriver({ ...size, path, width: value })],
  ['ScreenTerminalDriver', 'config', objects, (value) => new ScreenTerminalDriver(value)],
  ['ScreenTerminalDriver', 'columns', [...numbers, 0], (value) => new ScreenTerminalDriver({ columns: value })],
  ['ScreenTerminalDriver', 'rows', [...numbers, 0], (value) => new ScreenTerminalDriver({ rows: value })],
  ['ScreenTerminalDriver', 'write', functions, (value) => new ScreenTerminalDriver({ write: value })],
  ['KeyboardDriver', 'config', objects, (value) => new KeyboardDriver(value)],
  ['KeyboardDriver', 'input', functions, (value) => new KeyboardDriver({ input: value })],
  ['KeyboardDriver', 'history', [...numbers, 0], (value) => new KeyboardDriver({ history: value })],
  ['KeyboardDriver', 'time', [...objects, {}], (value) => new KeyboardDriver({ time: value })],
  ['AudioFileDriver', 'config', [...objects, undefined], (value) => new AudioFileDriver(value)],
  ['AudioFileDriver', 'path', [...strings, undefined], (value) => new AudioFileDriver({ path: value })],
  ['AudioFileDriver', 'rate', [...numbers, 0], (value) => new AudioFileDriver({ path: '/none/a.wav', rate: value })],
  ['SocketClientDriver', 'config', [...objects, undefined], (value) => new SocketClientDriver(value)],
  ['SocketClientDriver', 'address', [...objects, undefined], (value) => new SocketClientDriver({ address: value })],
  ['SocketClientDriver', 'port', [...numbers, undefined, 65536], (value) => new SocketClientDriver({ address: { port: value } })],
  ['SocketClientDriver', 'path', strings, (value) => new SocketClientDriver({ address: { path: value } })],
  ['ChildProcessDriver', 'config', [...objects, undefined], (value) => new ChildProcessDriver(value)],
  ['ChildProcessDriver', 'command', [...strings, undefined], (value) => new ChildProcessDriver({ command: value })],
  ['ChildProcessDriver', 'values', [...lists, [5]], (value) => new ChildProcessDriver({ command: 'x', values: value })],
  ['SocketServerDriver', 'config', [...objects, undefined], (value) => new SocketServerDriver(value)],
  ['SocketServerDriver', 'device', [...objects, undefined, {}], (value) => new SocketServerDriver({ address: { port: 0 }, device: value })],
  ['SocketServerDriver', 'messageBytes', [...numbers, 0], (value) => new SocketServerDriver({ address: { port: 0 }, device: terminal, messageBytes: value })],
];

describe.each([
  ['of mocks', MOCKS],
  ['of drivers', DRIVERS],
])('%s', (_, rows) => {
  it.each(rows)('%s: %s', (_, argument, values, use) => {
    for (const value of values) {
      let error: unknown;
      try {
        use(value as never);
      } catch (thrown) {
        error = thrown;
      }
      expect([typeof value, error instanceof Error ? error.name : 'nothing thrown']).toEqual([typeof value, expect.stringMatching(/^(Type|Range)Error$/)]);
      expect((error as Error).message).toMatch(new RegExp(`^${argument}: `));
    }
  });
});

describe('an unknown option', () => {
  it('is told, with what it may have been', () => {
    expect(() => new ScreenMock({ ...size, heigth: 1 } as never)).toThrow(new TypeError('config: there is no "heigth"; did you mean height?'));
    expect(() => new PucMock({ programs: [[{ run: 1n }]] } as never)).toThrow(/did you mean runs\?/);
    expect(() => withFaults(terminal, [{ fault: { kind: 'lost' }, wen: () => true } as never])).toThrow(/did you mean when\?/);
    expect(() => new SocketClientDriver({ adress: { port: 1 } } as never)).toThrow(/did you mean address\?/);
  });
});
