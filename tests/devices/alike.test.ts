/**
 * A mock can't be told from a driver: random requests, good ones and bad ones, cancels and passing time, get the same completions from both.
 */
import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { AudioMock, controlSet, KeyboardMock, ScreenMock, TerminalMock, VirtualTime } from '../../devices/index.js';
import { AudioFileDriver, KeyboardDriver, ScreenFilesDriver, ScreenTerminalDriver, SocketClientDriver } from '../../devices/node/index.js';
import { TERMINAL_CONTROLS } from '../../devices/node/keys.js';
import type { Device } from '../../vm/index.js';
import { Random } from '../campaigns/random.js';
import { Caller, type Got } from './client.js';
import { MockHost } from './mock-host.js';
import { MockStreamHost, settle } from './mock-streams.js';

const SEED = process.env.SEED === undefined ? Date.now() >>> 0 : Number(process.env.SEED);

/** A device under test with what happens to it from outside. */
interface Side {
  readonly device: Device;
  readonly time: VirtualTime;
  /** Something comes in: a key, bytes. */
  readonly input?: (text: string) => void;
}

/** Plays the same random script to each, and compares what its two clients got, completion by completion. */
async function alike(stream: number, sides: () => readonly Side[], payloads: readonly number[], replies: readonly number[]): Promise<void> {
  const random = new Random(SEED, stream);
  let worked = 0;
  for (let round = 0; round < 20; round++) {
    const made = sides().map((side) => ({ ...side, callers: [new Caller(side.device), new Caller(side.device)] as const }));
    const steps = random.between(5, 30);
    for (let step = 0; step < steps; step++) {
      const [what, who, operation] = [random.below(10), random.below(2), random.below(6)];
      const [bytes, replyBytes] = [random.bytes(random.pick(payloads)), random.pick(replies)];
      const argument = BigInt(random.pick([0, 1, 5, 1000]));
      const text = random.pick(['a', 'Z', '\x7f', '\x1b[A']);
      const tag = random.between(1, 20);
      const passed = BigInt(random.below(200_000_000));
      for (const { callers, time, input } of made) {
        if (what < 6) callers[who as 0 | 1].send({ operation, bytes, replyBytes, argument });
        else if (what === 6) callers[who as 0 | 1].session.cancel(tag);
        else if (what === 7) input?.(text);
        else time.advance(passed);
      }
      await settle();
    }
    for (const { time } of made) time.advance(10_000_000_000n);
    await settle();
    const seen = made.map(({ callers }) => callers.map(({ got }) => got.map(({ tag, status, bytes, argument }: Got) => [tag, status, [...bytes], argument])));
    for (const other of seen.slice(1)) expect(other).toEqual(seen[0]);
    worked += seen[0]?.flat().filter(([, status]) => status === 0).length ?? 0;
  }
  expect(worked).toBeGreaterThan(20);
}

describe(`mock and driver (seed ${SEED})`, () => {
  it('of a screen: PNG files, a terminal', () =>
    alike(
      1,
      () => {
        const [size, rest] = [{ width: 2, height: 2, density: 4000 }, { framesPerSecond: 10 }];
        const times = [new VirtualTime(), new VirtualTime(), new VirtualTime()] as const;
        return [
          { device: new ScreenMock({ ...size, ...rest, time: times[0] }), time: times[0] },
          {
            device: new ScreenFilesDriver({
              ...size,
              ...rest,
              time: times[1],
              path: (frame) => `/${frame}.png`,
              host: new MockHost(),
              compress: (bytes, done) => done(null, bytes),
            }),
            time: times[1],
          },
          {
            device: new ScreenTerminalDriver({ columns: 2, rows: 1, density: 4000, ...rest, time: times[2], write: (bytes, done) => done(null, bytes.length) }),
            time: times[2],
          },
        ];
      },
      [0, 0, 16, 16, 15],
      [0, 15, 16],
    ));

  it('of a keyboard', () =>
    alike(
      2,
      () => {
        const times = [new VirtualTime(), new VirtualTime()] as const;
        const keyboard = new KeyboardMock({ time: times[0], controls: controlSet(TERMINAL_CONTROLS), history: 5 });
        const input = new PassThrough();
        const keys: Readonly<Record<string, number>> = { a: 97, Z: 90, '\x7f': -47, '\x1b[A': -3 };
        return [
          { device: keyboard, time: times[0], input: (text) => keyboard.stroke(keys[text] as number) },
          { device: new KeyboardDriver({ input: () => input, time: times[1], history: 5 }), time: times[1], input: (text) => void input.write(text, 'latin1') },
        ];
      },
      [0, 0, 0, 3],
      [0, 8, 16, 80, 12],
    ));

  it('of an audio device', () =>
    alike(
      3,
      () => {
        const times = [new VirtualTime(), new VirtualTime()] as const;
        const specs = { rate: 1000, minimum: 20 };
        return [
          { device: new AudioMock({ ...specs, time: times[0] }), time: times[0] },
          { device: new AudioFileDriver({ ...specs, time: times[1], path: '/a.wav', host: new MockHost() }), time: times[1] },
        ];
      },
      [0, 0, 4, 40, 160, 6],
      [0, 7, 8],
    ));

  it('of a stream: a terminal, a socket', () =>
    alike(
      4,
      () => {
        const terminal = new TerminalMock({ open: true });
        const host = new MockStreamHost();
        // A stream has one reader: what the second client sends goes to a stream of its own.
        const split = (first: Device, second: Device): Device => {
          let opened = 0;
          return { open: (client) => (opened++ === 0 ? first : second).open(client) };
        };
        const socket = new SocketClientDriver({ address: { port: 1 }, host });
        return [
          { device: split(terminal, new TerminalMock({ open: true })), time: new VirtualTime(), input: (text) => terminal.type(text) },
          { device: socket, time: new VirtualTime(), input: (text) => host.ends[0]?.send(text) },
        ];
      },
      [0, 0, 1, 5],
      [0, 1, 9],
    ));
});
