/**
 * The other examples: greeting, picture, clock, disk, and the pair of a server and its client.
 */
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from '@jest/globals';
import { assemble } from '../../assembler/index.js';
import { TerminalMock } from '../../devices/index.js';
import { LIBRARY } from '../../stdlib/index.js';
import { Machine, verify, type Device } from '../../vm/index.js';
import { example, Scratch, withPipe } from './tool.js';

const scratch = new Scratch();
afterAll(() => scratch.remove());

function run(name: string, ...values: string[]): [number | null, string] {
  const { status, stdout } = withPipe(new Uint8Array(0), ...example(name, ...values));
  return [status, stdout.toString('latin1')];
}

describe('hello', () => {
  it('says hello', () => {
    expect(run('hello')).toEqual([0, 'Hello, world!\n']);
  });
});

describe('mandelbrot', () => {
  /** The same points by JavaScript's own arithmetic, which is the same binary64. */
  function picture(width: number, height: number): string {
    const greys: number[] = [];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [cr, ci] = [x * (3 / width) - 2.25, y * (2.5 / height) - 1.25];
        let [zr, zi, left] = [0, 0, 255];
        for (; left > 0 && zr * zr + zi * zi <= 4; left--) [zr, zi] = [zr * zr - zi * zi + cr, 2 * zr * zi + ci];
        greys.push(left);
      }
    }
    return `P5\n${width} ${height}\n255\n${Buffer.from(greys).toString('latin1')}`;
  }

  it.each([
    [1, 1],
    [64, 48],
    [3, 200],
    [301, 2],
  ])('draws %i by %i points', (width, height) => {
    expect(run('mandelbrot', String(width), String(height))).toEqual([0, picture(width, height)]);
  });

  it.each([[], ['64'], ['1', '2', '3'], ['0', '5'], ['5', '-5'], ['x', '5'], ['5', '5.5'], ['5', '32769'], ['65536', '65536'], ['', '']])(
    'ends with status 2 and its usage for the arguments %p %p %p',
    (...values) => {
      const [status, output] = run('mandelbrot', ...(values as string[]).filter((value) => value !== undefined));
      expect([status, output]).toEqual([2, 'usage: mandelbrot WIDTH HEIGHT, each a whole number from 1 to 32768\n']);
    },
  );
});

describe('clock', () => {
  it('prints the time, waits a second, and prints it again', () => {
    const before = Date.now();
    const [status, output] = run('clock');
    const after = Date.now();
    expect(status).toBe(0);
    const times = /^(\d\d):(\d\d):(\d\d)\n(\d\d):(\d\d):(\d\d)\n$/.exec(output)?.slice(1).map(Number) as number[];
    const [first, second] = [0, 3].map((at) => (times[at] as number) * 3600 + (times[at + 1] as number) * 60 + (times[at + 2] as number)) as [number, number];
    const DAY = 86400;
    expect([1, 2, 3].includes((second - first + DAY) % DAY)).toBe(true);
    const sinceBefore = (first - (Math.floor(before / 1000) % DAY) + DAY) % DAY;
    expect(sinceBefore).toBeLessThanOrEqual(Math.ceil((after - before) / 1000));
  });
});

describe('read-disk', () => {
  const read = (contents: Uint8Array | string, geometry = ''): [number | null, string] => {
    const file = scratch.file('disk', contents);
    const [command, tool, verb, program] = example('read-disk') as [string, string, string, string];
    const { status, stdout } = withPipe(new Uint8Array(0), command, tool, verb, '--disk', `storage=${file}${geometry}`, program);
    return [status, stdout.toString('latin1')];
  };

  it('prints the text that the disk begins with', () => {
    expect(read('Hello from a disk.\n')).toEqual([0, 'Hello from a disk.\n']);
    expect(read(Buffer.from('up to here\0and not further'))).toEqual([0, 'up to here']);
  });

  it('prints a whole entry where no NUL ends the text', () => {
    expect(read('0123456789', ':5:2')).toEqual([0, '01']);
  });
});

describe('echo-upper and hello-client', () => {
  function machineOf(name: string, ports: Record<string, Device>): Machine {
    const read = (file: string): string | undefined => (file === name ? readFileSync(`examples/${name}`, 'utf8') : undefined);
    const { binary, diagnostics } = assemble(name, { read, library: LIBRARY });
    if (binary === undefined) throw new Error(JSON.stringify(diagnostics));
    const verified = verify(binary);
    if ('rejection' in verified) throw new Error(JSON.stringify(verified.rejection));
    return new Machine(verified.program, { ports });
  }

  it('talk to each other, one client after another', () => {
    const server = machineOf('echo-upper.pbs', {});
    server.start();
    expect(server.run().kind).toBe('waiting');
    for (let turn = 0; turn < 3; turn++) {
      const terminal = new TerminalMock();
      const client = machineOf('hello-client.pbs', { server: server.port('client'), terminal });
      client.start();
      expect(client.run().kind).toBe('waiting');
      expect(server.run().kind).toBe('waiting');
      expect(client.run()).toEqual({ kind: 'returned', values: [0] });
      expect(terminal.text).toBe('HELLO, WORLD!\n');
    }
  });

  it('the server refuses what is no message', () => {
    const server = machineOf('echo-upper.pbs', {});
    const completions: unknown[] = [];
    const session = server.port('client').open({ complete: (one) => void completions.push(one), reset: () => {} });
    session.send({ operation: 99, tag: 1, bytes: Uint8Array.of(97), replyBytes: 8, argument: 0n });
    session.send({ operation: 1, tag: 2, bytes: Uint8Array.of(97), replyBytes: 8, argument: 0n });
    server.start();
    expect(server.run().kind).toBe('waiting');
    expect(completions).toEqual([
      { tag: 1, status: 8, bytes: new Uint8Array(0), argument: 0n },
      { tag: 2, status: 0, bytes: Uint8Array.of(65), argument: 0n },
    ]);
  });
});
