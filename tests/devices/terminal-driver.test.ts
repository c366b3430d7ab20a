/**
 * The terminal driver on streams of a test, and on the standard streams of real processes: pipes, files, a reader that goes away.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { TerminalDriver, type TerminalDriverConfig } from '../../devices/node/index.js';
import { Caller } from './client.js';

const [OK, END, DEVICE_FAILED, NOT_SUPPORTED] = [0, 1, 6, 8];
type Write = NonNullable<TerminalDriverConfig['write']>;

/** An output that takes what the plan says: a count, an error's code; everything where the plan ends. */
function output(...plan: (number | string)[]): { written: string; calls: number; write: Write } {
  const found = {
    written: '',
    calls: 0,
    write: ((bytes, done) => {
      found.calls++;
      const next = plan.shift() ?? bytes.length;
      setImmediate(() => {
        if (typeof next === 'string') return done(Object.assign(new Error(next), { code: next }), 0);
        found.written += new TextDecoder().decode(bytes.subarray(0, next));
        return done(null, Math.min(next, bytes.length));
      });
    }) as Write,
  };
  return found;
}

describe('output', () => {
  it('is written in order, in as many pieces as it takes', async () => {
    const out = output(2, 1, 7);
    const caller = new Caller(new TerminalDriver({ write: out.write }));
    caller.send({ bytes: 'one ' });
    caller.send({ bytes: 'two ' });
    await caller.ask({ bytes: 'three' });
    expect([out.written, out.calls, caller.statuses]).toEqual(['one two three', 5, [OK, OK, OK]]);
  });

  it('that takes nothing now is tried again', async () => {
    const out = output('EAGAIN', 'EAGAIN', 2, 'EAGAIN');
    const caller = new Caller(new TerminalDriver({ write: out.write }));
    expect((await caller.ask({ bytes: 'abc' })).status).toBe(OK);
    expect(out.written).toBe('abc');
  });

  it('without a reader ends: the write, those that wait, those that follow; and a flag tells the tool', async () => {
    const out = output(1, 'EPIPE');
    const terminal = new TerminalDriver({ write: out.write });
    const caller = new Caller(terminal);
    expect(terminal.outputClosed).toBe(false);
    caller.send({ bytes: 'abc' });
    caller.send({ bytes: 'def' });
    await caller.completion(2);
    expect((await caller.ask({ bytes: 'ghi' })).status).toBe(END);
    expect([caller.statuses, terminal.outputClosed, out.calls]).toEqual([[END, END, END], true, 2]);
    expect(terminal.outputError).toBeUndefined();
  });

  it('that fails, or takes nothing and does not say why, fails the request and no other', async () => {
    const out = output('EIO', 0, 'ENOSPC');
    const terminal = new TerminalDriver({ write: out.write });
    const caller = new Caller(terminal);
    expect(terminal.outputError).toBeUndefined();
    for (const bytes of ['a', 'b', 'c', 'd']) caller.send({ bytes });
    await caller.completion(4);
    expect([caller.statuses, out.written]).toEqual([[DEVICE_FAILED, DEVICE_FAILED, DEVICE_FAILED, OK], 'd']);
    expect(terminal.outputError).toMatchObject({ code: 'EIO' });
    const silent = new TerminalDriver({ write: output(0).write });
    await new Caller(silent).ask({ bytes: 'a' });
    expect(silent.outputError?.message).toBe('it takes nothing');
  });

  it('that was accepted is written though the session closes; close waits for it', async () => {
    const out = output(1, 'EAGAIN');
    const terminal = new TerminalDriver({ write: out.write });
    const caller = new Caller(terminal);
    caller.send({ bytes: 'last ' });
    caller.send({ bytes: 'words' });
    caller.session.close();
    await terminal.close();
    expect(out.written).toBe('last words');
    await terminal.close();
  });

  it('that is cancelled before it begins is not written', async () => {
    const out = output();
    const caller = new Caller(new TerminalDriver({ write: out.write }));
    caller.send({ bytes: 'a' });
    caller.session.cancel(caller.send({ bytes: 'b' }));
    await caller.ask({ bytes: 'c' });
    expect(out.written).toBe('ac');
  });
});

describe('input', () => {
  it('is opened at the first read, flows only while a read waits, and ends for good', async () => {
    const input = new PassThrough();
    let opened = 0;
    const caller = new Caller(new TerminalDriver({ input: () => (opened++, input) }));
    caller.send();
    expect([opened, caller.statuses]).toEqual([0, [OK]]);
    input.write('hello ');
    expect((await caller.ask({ replyBytes: 100 })).text).toBe('hello ');
    expect(input.isPaused()).toBe(true);
    input.write('world');
    const waiting = [caller.send({ replyBytes: 3 }), caller.send({ replyBytes: 100 })];
    expect((await caller.completion(waiting[1] as number)).text).toBe('ld');
    expect(caller.got.map(({ text }) => text)).toEqual(['', 'hello ', 'wor', 'ld']);
    const last = caller.send({ replyBytes: 1 });
    input.end();
    expect((await caller.completion(last)).status).toBe(END);
    expect((await caller.ask({ replyBytes: 1 })).status).toBe(END);
    expect(opened).toBe(1);
  });

  it('that comes when the read for it was cancelled goes to the next one', async () => {
    const input = new PassThrough();
    const caller = new Caller(new TerminalDriver({ input: () => input }));
    caller.session.cancel(caller.send({ replyBytes: 9 }));
    expect(input.isPaused()).toBe(true);
    input.write('kept');
    expect((await caller.ask({ replyBytes: 9 })).text).toBe('kept');
  });

  it('stops when its session closes or the driver does', async () => {
    const [one, two] = [new PassThrough(), new PassThrough()];
    const caller = new Caller(new TerminalDriver({ input: () => one }));
    caller.send({ replyBytes: 9 });
    caller.session.close();
    const terminal = new TerminalDriver({ input: () => two });
    new Caller(terminal).send({ replyBytes: 9 });
    await terminal.close();
    expect([one.isPaused(), two.isPaused()]).toEqual([true, true]);
  });

  it('that fails fails its reads; one that is destroyed has ended', async () => {
    const terminal = new TerminalDriver({
      input: () =>
        new Readable({
          read() {
            this.destroy(new Error('EIO'));
          },
        }),
    });
    const failing = new Caller(terminal);
    expect((await failing.ask({ replyBytes: 9 })).status).toBe(DEVICE_FAILED);
    expect((await failing.ask({ replyBytes: 9 })).status).toBe(DEVICE_FAILED);
    expect(terminal.inputError?.message).toBe('EIO');
    const destroyed = new Caller(
      new TerminalDriver({
        input: () =>
          new Readable({
            read() {
              this.destroy();
            },
          }),
      }),
    );
    expect((await destroyed.ask({ replyBytes: 9 })).status).toBe(END);
  });

  it('that ends without being closed has ended', async () => {
    const caller = new Caller(
      new TerminalDriver({
        input: () =>
          new Readable({
            autoDestroy: false,
            read() {
              this.push(null);
            },
          }),
      }),
    );
    expect((await caller.ask({ replyBytes: 9 })).status).toBe(END);
  });

  it('another operation', async () => {
    expect((await new Caller(new TerminalDriver({})).ask({ operation: 2, replyBytes: 9 })).status).toBe(NOT_SUPPORTED);
  });
});

describe('of a process', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'terminal-driver-'));
  const script = path.join(folder, 'copy.mjs');
  afterAll(() => rmSync(folder, { recursive: true }));
  // Copies input to output in messages of 64 KiB, then says what it saw; `idle` reads and does not wait for it.
  beforeAll(async () => {
    const source = `
      import { TerminalDriver } from ${JSON.stringify(fileURLToPath(new URL('../../devices/node/index.ts', import.meta.url)))};
      const terminal = new TerminalDriver();
      const waiting = new Map();
      const session = terminal.open({ complete: (completion) => waiting.get(completion.tag)(completion), reset() {} });
      let tag = 0;
      const ask = (bytes, replyBytes) => new Promise((resolve) => {
        waiting.set(++tag, resolve);
        session.send({ operation: 1, tag, bytes, replyBytes, argument: 0n });
      });
      if (process.argv[2] === 'idle') {
        let ticks = 0;
        void ask(new Uint8Array(0), 10);
        setInterval(() => { if (++ticks === 3) process.exit(7); }, 1);
      } else if (process.argv[2] === 'leave') {
        void ask(new Uint8Array(0), 10);
        await ask(new TextEncoder().encode('bye'), 0);
        session.close();
        await terminal.close();
        process.exitCode = 8;
      } else {
        let status = 0;
        let size = 0n;
        while (status === 0) {
          const read = await ask(new Uint8Array(0), 65536);
          ({ status, argument: size } = read);
          if (status === 0) status = (await ask(read.bytes, 0)).status;
        }
        process.stderr.write(\`status \${status} size \${size} closed \${terminal.outputClosed}\`);
      }`;
    await build({ stdin: { contents: source, resolveDir: folder }, bundle: true, platform: 'node', format: 'esm', outfile: script, logLevel: 'silent' });
  });
  const bytes = new Uint8Array(3_000_001).map((_, index) => (index * 7919) >> 3);

  const run = (how: 'copy' | 'idle' | 'leave', input: 'pipe' | number, out: 'pipe' | number) => {
    const child = spawn(process.execPath, [script, how], { stdio: [input, out, 'pipe'] });
    let said = '';
    child.stderr?.on('data', (chunk) => (said += String(chunk)));
    const ended = new Promise<{ code: number | null; said: string }>((resolve) => child.on('close', (code) => resolve({ code, said })));
    return { child, ended };
  };
  const collect = async (stream: Readable | null): Promise<Buffer> => {
    const chunks: Buffer[] = [];
    for await (const chunk of stream as Readable) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  };

  it('copies a pipe into a pipe', async () => {
    const { child, ended } = run('copy', 'pipe', 'pipe');
    child.stdin?.end(bytes);
    const copied = await collect(child.stdout);
    expect([copied.equals(bytes), await ended]).toEqual([true, { code: 0, said: 'status 1 size 0 closed false' }]);
  });

  it('copies a file into a file', async () => {
    const [from, to] = [path.join(folder, 'from'), path.join(folder, 'to')];
    writeFileSync(from, bytes);
    const { ended } = run('copy', openSync(from, 'r'), openSync(to, 'w'));
    expect(await ended).toEqual({ code: 0, said: 'status 1 size 3000002 closed false' });
    expect(readFileSync(to).equals(bytes)).toBe(true);
  });

  it('ends quietly when the reader goes', async () => {
    const { child, ended } = run('copy', 'pipe', 'pipe');
    child.stdin?.on('error', () => {});
    child.stdin?.write(bytes);
    child.stdout?.once('data', () => child.stdout?.destroy());
    expect(await ended).toEqual({ code: 0, said: 'status 1 size undefined closed true' });
  });

  it('can exit while a read waits, and can end by itself when the session closes', async () => {
    const idle = run('idle', 'pipe', 'pipe');
    expect(await idle.ended).toEqual({ code: 7, said: '' });
    const leave = run('leave', 'pipe', 'pipe');
    expect(String(await collect(leave.child.stdout))).toBe('bye');
    expect(await leave.ended).toEqual({ code: 8, said: '' });
  });
});
