/**
 * Screens and sound that go into files, and the screen in a terminal: what comes out, byte by byte, and every call of the system failing in turn.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import zlib, { deflateSync, inflateSync } from 'node:zlib';
import { afterAll, describe, expect, it } from '@jest/globals';
import { VirtualTime } from '../../devices/index.js';
import { AudioFileDriver, NODE_TIME, ScreenFilesDriver, ScreenTerminalDriver, terminalText } from '../../devices/node/index.js';
import { Caller } from './client.js';
import { MockHost } from './mock-host.js';
import { settle } from './mock-streams.js';

const [OK, DEVICE_FAILED] = [0, 6];
const [SPECS, DISPLAY, SYNCHRONIZE] = [1, 2, 3];
const [DELAY, WRITE] = [2, 3];

const folder = mkdtempSync(path.join(tmpdir(), 'output-'));
afterAll(() => rmSync(folder, { recursive: true }));

const image = (...pixels: number[]): Uint8Array => new Uint8Array(Uint32Array.from(pixels).buffer);

/** The parts of a PNG file: type and data of each chunk, their checks checked by Node's own CRC. */
function chunksOf(file: Uint8Array): [string, Buffer][] {
  const bytes = Buffer.from(file);
  expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  const chunks: [string, Buffer][] = [];
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    // Older versions of Node have no CRC of their own.
    if ('crc32' in zlib) expect(bytes.readUInt32BE(at + 8 + length)).toBe(zlib.crc32(bytes.subarray(at + 4, at + 8 + length)));
    chunks.push([bytes.toString('latin1', at + 4, at + 8), bytes.subarray(at + 8, at + 8 + length)]);
    at += 12 + length;
  }
  return chunks;
}

describe('ScreenFilesDriver', () => {
  it('writes each image that is shown as a PNG file', async () => {
    const time = new VirtualTime();
    const file = (frame: bigint): string => path.join(folder, `frame-${frame}.png`);
    const screen = new ScreenFilesDriver({ width: 3, height: 2, density: 3779.5, framesPerSecond: 10, path: file, time });
    const caller = new Caller(screen);
    caller.send({ operation: DISPLAY, bytes: image(0xff0000, 0x00ff00, 0x0000ff, 0x010203, 0xffffff, 0) });
    const waiting = caller.send({ operation: SYNCHRONIZE });
    time.advanceToNext();
    expect(await caller.completion(waiting)).toMatchObject({ status: OK, argument: 1n });
    const chunks = chunksOf(readFileSync(file(1n)));
    expect(chunks.map(([type]) => type)).toEqual(['IHDR', 'pHYs', 'IDAT', 'IEND']);
    expect(Array.from(chunks[0]?.[1] ?? [])).toEqual([0, 0, 0, 3, 0, 0, 0, 2, 8, 2, 0, 0, 0]);
    expect(Array.from(chunks[1]?.[1] ?? [])).toEqual([0, 0, 0x0e, 0xc4, 0, 0, 0x0e, 0xc4, 1]);
    expect([...inflateSync(chunks[2]?.[1] as Buffer)]).toEqual([0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 1, 2, 3, 255, 255, 255, 0, 0, 0]);
    expect([screen.fileCount, screen.size.density]).toEqual([1, 3779.5]);
  });

  it('overwrites what is there, and writes the last image when it closes', async () => {
    const host = new MockHost();
    host.file('/one.png', 'something longer that was there before');
    const screen = new ScreenFilesDriver({ width: 1, height: 1, path: () => '/one.png', host, time: new VirtualTime() });
    const caller = new Caller(screen);
    caller.send({ operation: DISPLAY, bytes: image(5) });
    await screen.close();
    expect([screen.fileCount, host.descriptors.size]).toEqual([1, 0]);
    expect([...inflateSync(chunksOf(host.files.get('/one.png')?.bytes as Uint8Array)[2]?.[1] as Buffer)]).toEqual([0, 0, 0, 5]);
    expect((await caller.ask({ operation: DISPLAY, bytes: image(6) })).status).toBe(DEVICE_FAILED);
  });

  it('every call of the system failing once, then from there on: told, nothing left open, no part of a file', async () => {
    const run = async (file: string, fails: MockHost['fails']): Promise<MockHost> => {
      const host = new MockHost();
      const time = new VirtualTime();
      host.file('/old.png', 'old');
      host.chunk = 30;
      host.fails = fails;
      const screen = new ScreenFilesDriver({
        width: 1,
        height: 1,
        path: () => file,
        host,
        time,
        compress: (bytes, done) => {
          host.log.push('compress');
          const code = host.fails(host.log.length, 'compress');
          if (code === 'throw') throw new Error('mock');
          setImmediate(() => done(code === undefined ? null : new Error(code), deflateSync(bytes)));
        },
      });
      const caller = new Caller(screen);
      for (const pixel of [1, 2]) {
        const display = caller.send({ operation: DISPLAY, bytes: image(pixel) });
        const waiting = caller.send({ operation: SYNCHRONIZE });
        time.advanceToNext();
        expect((await caller.completion(display)).status).toBe(OK);
        expect([OK, DEVICE_FAILED]).toContain((await caller.completion(waiting)).status);
      }
      await screen.close();
      const failures = caller.statuses.filter((status) => status === DEVICE_FAILED).length;
      expect([host.descriptors.size, screen.fileCount]).toEqual([0, 2 - failures]);
      return host;
    };
    for (const file of ['/new.png', '/old.png']) {
      const calls = (await run(file, () => undefined)).log.length;
      expect(calls).toBeGreaterThan(9);
      for (let call = 1; call <= calls; call++) {
        for (const code of ['EIO', 'throw']) {
          await run(file, (number) => (number === call ? code : undefined));
          await run(file, (number) => (number >= call ? code : undefined));
        }
      }
    }
  });
});

describe('the text for a terminal', () => {
  const size = { width: 2, height: 3 };
  const [RED, GREEN, BLACK] = [0xff0000, 0x00ff00, 0];

  it('is two pixels a character, and colours only where they change', () => {
    const text = terminalText(size, Uint32Array.of(RED, RED, GREEN, GREEN, RED, BLACK));
    expect(text).toBe('\x1b[1;1H\x1b[38;2;255;0;0m\x1b[48;2;0;255;0m▀▀\x1b[2;1H\x1b[48;2;0;0;0m▀\x1b[38;2;0;0;0m▀');
  });

  it('is only what changed', () => {
    const before = Uint32Array.of(RED, RED, GREEN, GREEN, RED, BLACK);
    expect(terminalText(size, before, before)).toBe('');
    expect(terminalText(size, Uint32Array.of(RED, RED, GREEN, 0x010203, RED, BLACK), before)).toBe('\x1b[1;2H\x1b[38;2;255;0;0m\x1b[48;2;1;2;3m▀');
    expect(terminalText(size, Uint32Array.of(RED, RED, GREEN, GREEN, RED, GREEN), before)).toBe('\x1b[2;2H\x1b[38;2;0;255;0m\x1b[48;2;0;0;0m▀');
  });
});

describe('ScreenTerminalDriver', () => {
  it('takes the terminal at the first image and gives it back at the end', async () => {
    let written = '';
    const screen = new ScreenTerminalDriver({
      columns: 1,
      rows: 1,
      time: new VirtualTime(),
      write: (bytes, done) => {
        written += Buffer.from(bytes).toString();
        done(null, bytes.length);
      },
    });
    const caller = new Caller(screen);
    caller.send({ operation: SPECS, replyBytes: 16 });
    expect([caller.got[0]?.bytes.slice(0, 8), written]).toEqual([Uint8Array.of(1, 0, 0, 0, 2, 0, 0, 0), '']);
    caller.send({ operation: DISPLAY, bytes: image(1, 2) });
    await screen.close();
    expect(written).toBe('\x1b[?1049h\x1b[?25l\x1b[2J\x1b[1;1H\x1b[38;2;0;0;1m\x1b[48;2;0;0;2m▀\x1b[0m\x1b[?25h\x1b[?1049l');
  });

  it('that showed nothing leaves the terminal alone', async () => {
    const screen = new ScreenTerminalDriver({
      columns: 1,
      rows: 1,
      time: new VirtualTime(),
      write: () => {
        throw new Error('nothing is to be written');
      },
    });
    await screen.close();
  });

  it('writes on where the terminal is slow, and draws all of it again after a failure', async () => {
    const time = new VirtualTime();
    const pieces: string[] = [];
    let mood: 'slow' | 'broken' | 'good' = 'slow';
    let calls = 0;
    const screen = new ScreenTerminalDriver({
      columns: 1,
      rows: 1,
      time,
      write: (bytes, done) => {
        calls++;
        if (mood === 'broken') return done(Object.assign(new Error('gone'), { code: 'EIO' }), 0);
        if (mood === 'slow' && calls % 2 === 1) return done(Object.assign(new Error('busy'), { code: 'EAGAIN' }), 0);
        const count = mood === 'slow' ? 10 : bytes.length;
        pieces.push(Buffer.from(bytes.subarray(0, count)).toString());
        done(null, Math.min(count, bytes.length));
      },
    });
    const caller = new Caller(screen);
    const show = async (...pixels: number[]): Promise<number> => {
      caller.send({ operation: DISPLAY, bytes: image(...pixels) });
      const waiting = caller.send({ operation: SYNCHRONIZE });
      time.advanceToNext();
      return (await caller.completion(waiting)).status;
    };
    expect(await show(1, 2)).toBe(OK);
    expect(pieces.join('')).toBe('\x1b[?1049h\x1b[?25l\x1b[2J\x1b[1;1H\x1b[38;2;0;0;1m\x1b[48;2;0;0;2m▀');
    mood = 'broken';
    expect(await show(3, 4)).toBe(DEVICE_FAILED);
    mood = 'good';
    pieces.length = 0;
    expect(await show(3, 4)).toBe(OK);
    expect(pieces.join('')).toBe('\x1b[1;1H\x1b[38;2;0;0;3m\x1b[48;2;0;0;4m▀');
    mood = 'broken';
    await screen.close();
  });

  it('a terminal that throws, or takes no bytes, has failed', async () => {
    const time = new VirtualTime();
    const outcomes = await Promise.all(
      [
        () => {
          throw 'no error object';
        },
        (_: Uint8Array, done: (error: null, count: number) => void) => done(null, 0),
      ].map((write) => {
        const caller = new Caller(new ScreenTerminalDriver({ columns: 1, rows: 1, time, write }));
        caller.send({ operation: DISPLAY, bytes: image(1, 2) });
        const waiting = caller.send({ operation: SYNCHRONIZE });
        time.advanceToNext();
        return caller.completion(waiting);
      }),
    );
    expect(outcomes.map(({ status }) => status)).toEqual([DEVICE_FAILED, DEVICE_FAILED]);
  });

  it('has the size of standard output, or 80 by 24 characters', () => {
    const { size } = new ScreenTerminalDriver();
    expect([size.width, size.height]).toEqual([process.stdout.columns ?? 80, 2 * (process.stdout.rows ?? 24)]);
  });
});

describe('AudioFileDriver', () => {
  const samples = (...values: number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);

  it('writes a WAV file that can be played at any time', async () => {
    const host = new MockHost();
    const time = new VirtualTime();
    const audio = new AudioFileDriver({ path: '/a.wav', host, time, rate: 8, minimum: 4 });
    const caller = new Caller(audio);
    await settle();
    const view = (): Buffer => Buffer.from(host.files.get('/a.wav')?.bytes as Uint8Array);
    expect([view().length, view().readUInt32LE(40), view().readUInt32LE(4)]).toEqual([44, 0, 36]);
    expect(await caller.ask({ operation: WRITE, bytes: samples(0, 1, -1, 0.5, 2, Number.NaN) })).toMatchObject({ status: OK, argument: 6n });
    await settle();
    const file = view();
    expect(file.toString('latin1', 0, 4) + file.toString('latin1', 8, 16) + file.toString('latin1', 36, 40)).toBe('RIFFWAVEfmt data');
    expect([file.readUInt32LE(4), file.readUInt32LE(16), file.readUInt16LE(20), file.readUInt16LE(22)]).toEqual([48, 16, 1, 1]);
    expect([file.readUInt32LE(24), file.readUInt32LE(28), file.readUInt16LE(32), file.readUInt16LE(34), file.readUInt32LE(40)]).toEqual([8, 16, 2, 16, 12]);
    expect([0, 1, 2, 3, 4, 5].map((index) => file.readInt16LE(44 + 2 * index))).toEqual([0, 32767, -32767, 16384, 32767, 0]);
    time.advance(500_000_000n);
    expect((await caller.ask({ operation: DELAY })).argument).toBe(2n);
    caller.send({ operation: WRITE, bytes: samples(-0.5) });
    await audio.close();
    await audio.close();
    expect([view().readUInt32LE(40), view().readInt16LE(56), host.descriptors.size]).toEqual([14, -16383, 0]);
    expect((await caller.ask({ operation: WRITE, bytes: samples(1) })).status).toBe(DEVICE_FAILED);
  });

  it('never counts samples in its header that are not in the file', async () => {
    const host = new MockHost();
    host.chunk = 3;
    const audio = new AudioFileDriver({ path: '/a.wav', host, time: new VirtualTime(), rate: 8, minimum: 4 });
    const caller = new Caller(audio);
    for (let count = 0; count < 3; count++) caller.send({ operation: WRITE, bytes: samples(0.1, 0.2) });
    for (let turn = 0; turn < 60; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
      const file = Buffer.from(host.files.get('/a.wav')?.bytes as Uint8Array);
      if (file.length >= 44) expect(file.readUInt32LE(40)).toBeLessThanOrEqual(file.length - 44);
    }
    await audio.close();
    expect(host.files.get('/a.wav')?.bytes.length).toBe(44 + 12);
  });

  it('every call of the system failing once, then from there on: an error or a status, and nothing left open', async () => {
    const run = async (fails: MockHost['fails']): Promise<MockHost> => {
      const host = new MockHost();
      host.file('/a.wav', 'old');
      host.fails = fails;
      let audio: AudioFileDriver;
      try {
        audio = new AudioFileDriver({ path: '/a.wav', host, time: new VirtualTime(), rate: 8, minimum: 4 });
      } catch (error) {
        expect([(error as NodeJS.ErrnoException).code, host.descriptors.size <= 1]).toEqual(['EIO', true]);
        return host;
      }
      const caller = new Caller(audio);
      for (let count = 0; count < 3; count++) {
        expect([OK, DEVICE_FAILED]).toContain((await caller.ask({ operation: WRITE, bytes: samples(1) })).status);
        await settle();
      }
      expect(audio.failed).toBe(host.log.some((name, index) => name === 'write' && fails(index + 1, name) !== undefined));
      await audio.close().catch((error: NodeJS.ErrnoException) => expect(error.code).toBe('EIO'));
      return host;
    };
    const calls = (await run(() => undefined)).log.length;
    expect(calls).toBeGreaterThan(9);
    for (let call = 1; call <= calls; call++) {
      await run((number) => (number === call ? 'EIO' : undefined));
      await run((number) => (number >= call ? 'EIO' : undefined));
    }
  });

  it('a system whose writes throw, or take no bytes', async () => {
    for (const write of [
      () => {
        throw new Error('mock');
      },
      (_: number, __: Uint8Array, ___: number, done: (error: null, count: number) => void) => done(null, 0),
    ]) {
      const host = Object.assign(new MockHost(), { write });
      const audio = new AudioFileDriver({ path: '/a.wav', host, time: new VirtualTime() });
      expect(audio.failed).toBe(true);
      expect((await new Caller(audio).ask({ operation: WRITE, bytes: samples(1) })).status).toBe(DEVICE_FAILED);
      await audio.close();
    }
  });

  it('a folder that does not exist', () => {
    expect(() => new AudioFileDriver({ path: path.join(folder, 'none', 'a.wav') })).toThrow(/ENOENT/);
  });

  it('in the real time, on the real system', async () => {
    const file = path.join(folder, 'real.wav');
    const audio = new AudioFileDriver({ path: file, rate: 1000, minimum: 5 });
    const caller = new Caller(audio);
    caller.send({ operation: WRITE, bytes: samples(...Array(10).fill(0.25)) });
    expect((await caller.ask({ operation: 4, argument: 0n })).status).toBe(OK);
    await audio.close();
    expect([readFileSync(file).length, readFileSync(file).readUInt32LE(40)]).toEqual([64, 20]);
  });
});

describe('NODE_TIME', () => {
  it('rings no earlier than it is asked to, and not when it is taken back', async () => {
    const begin = NODE_TIME.now();
    let stopped = false;
    const stop = NODE_TIME.after(1_000_000n, () => {
      stopped = true;
    });
    stop();
    await new Promise<void>((resolve) => void NODE_TIME.after(3_000_000n, resolve));
    expect([NODE_TIME.now() - begin >= 3_000_000n, stopped]).toEqual([true, false]);
    await new Promise<void>((resolve) => void NODE_TIME.after(0n, resolve));
  });
});
