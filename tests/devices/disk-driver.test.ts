/**
 * The disk driver on an operating system in memory, with every call of it failing in turn, and on real files.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { DiskDriver, DiskError } from '../../devices/node/index.js';
import { Caller } from './client.js';
import { MockHost } from './mock-host.js';

const [OK, BAD_REQUEST, DEVICE_FAILED, NO_SPACE, NOT_SUPPORTED] = [0, 4, 6, 7, 8];
const [SPECS, READ, WRITE, FLUSH] = [1, 2, 3, 4];
const IMAGE = '/images/disk.img';
const LOCK = `${IMAGE}.lock`;

function onMock(contents: string, more: { entries?: number; entryBytes?: number } = {}, host = new MockHost()) {
  host.file(IMAGE, contents);
  const disk = new DiskDriver({ path: IMAGE, entryBytes: 4, host, ...more });
  return { host, disk, caller: new Caller(disk) };
}

/** What a call threw. */
function thrown(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('entries', () => {
  it('are as many as the file holds, the last one filled up with zeros', async () => {
    const { disk, caller } = onMock('aaaabbbbcc');
    expect([disk.entries, disk.entryBytes, disk.readOnly, disk.failed]).toEqual([3, 4, false, false]);
    expect((await caller.ask({ operation: SPECS, replyBytes: 8 })).bytes).toEqual(Uint8Array.of(3, 0, 0, 0, 4, 0, 0, 0));
    expect(await caller.ask({ operation: READ, argument: 1n, replyBytes: 8 })).toMatchObject({ status: OK, text: 'bbbbcc\0\0' });
    expect(await caller.ask({ operation: READ, argument: 2n, replyBytes: 8 })).toMatchObject({ status: NO_SPACE });
  });

  it('a file may be empty', () => expect(onMock('').disk.entries).toBe(0));

  it('fewer may be used than there are, or more: they read as zeros and the file grows when they are written', async () => {
    expect(onMock('aaaabbbb', { entries: 1 }).disk.entries).toBe(1);
    const { host, caller } = onMock('aa', { entries: 5 });
    expect(await caller.ask({ operation: READ, argument: 0n, replyBytes: 20 })).toMatchObject({ status: OK, text: `aa${'\0'.repeat(18)}` });
    expect(host.files.get(IMAGE)?.bytes.length).toBe(2);
    expect((await caller.ask({ operation: WRITE, argument: 2n, bytes: 'XXXX' })).status).toBe(OK);
    expect(host.text(IMAGE)).toBe('aa......XXXX');
  });

  it('move in pieces if the system moves no more at once', async () => {
    const { host, caller } = onMock('aaaabbbbcccc');
    host.chunk = 3;
    expect((await caller.ask({ operation: WRITE, argument: 1n, bytes: 'XXXXYYYY' })).status).toBe(OK);
    expect(await caller.ask({ operation: READ, argument: 0n, replyBytes: 12 })).toMatchObject({ status: OK, text: 'aaaaXXXXYYYY' });
  });

  it('requests that are none', async () => {
    const { caller } = onMock('aaaabbbb');
    expect((await caller.ask({ operation: READ, replyBytes: 3 })).status).toBe(BAD_REQUEST);
    expect((await caller.ask({ operation: WRITE, bytes: 'x' })).status).toBe(BAD_REQUEST);
    expect((await caller.ask({ operation: WRITE, argument: 2n, bytes: 'xxxx' })).status).toBe(NO_SPACE);
    expect((await caller.ask({ operation: 9 })).status).toBe(NOT_SUPPORTED);
  });

  it('default to 512 bytes', () => {
    const host = new MockHost();
    host.file(IMAGE, new Uint8Array(1025));
    expect(new DiskDriver({ path: IMAGE, host })).toMatchObject({ entries: 3, entryBytes: 512, serves: { protocol: 'disk', version: 1 } });
  });
});

describe('order', () => {
  it('requests are carried out one after another as they came, whatever session they are of', async () => {
    const { host, disk, caller } = onMock('....');
    const other = new Caller(disk);
    for (let index = 0; index < 5; index++) {
      caller.send({ operation: WRITE, bytes: `a${index}..` });
      other.send({ operation: READ, replyBytes: 4 });
    }
    caller.send({ operation: FLUSH });
    await caller.completion(6);
    expect(other.got.map(({ text }) => text)).toEqual(['a0..', 'a1..', 'a2..', 'a3..', 'a4..']);
    expect(host.log.filter((call) => call === 'sync').length).toBe(1);
    expect(new TextDecoder().decode(host.files.get(IMAGE)?.durable)).toBe('a4..');
  });

  it('a cancelled request that has not begun is not carried out', async () => {
    const { host, caller } = onMock('....');
    const first = caller.send({ operation: WRITE, bytes: '1111' });
    const second = caller.send({ operation: WRITE, bytes: '2222' });
    caller.send({ operation: READ, replyBytes: 4 });
    caller.session.cancel(second);
    caller.session.cancel(first);
    await caller.ask({ operation: FLUSH });
    expect([host.text(IMAGE), caller.got.map(({ tag }) => tag)]).toEqual(['1111', [1, 3, 4]]);
  });

  it('ten thousand requests that end at once do not exhaust the stack', async () => {
    const { caller } = onMock('....');
    caller.send({ operation: READ, replyBytes: 4 });
    for (let index = 0; index < 10_000; index++) caller.send({ operation: SPECS, replyBytes: 8 });
    await caller.completion(10_001);
    expect(caller.got.length).toBe(10_001);
  });
});

describe('failures', () => {
  it.each([
    ['EIO', DEVICE_FAILED],
    ['ENOSPC', NO_SPACE],
    ['EDQUOT', NO_SPACE],
    ['EFBIG', NO_SPACE],
  ])('a write that fails with %s', async (code, status) => {
    const { host, caller } = onMock('aaaa');
    host.fails = (_, name) => (name === 'write' ? code : undefined);
    expect((await caller.ask({ operation: WRITE, bytes: 'xxxx' })).status).toBe(status);
    host.fails = () => undefined;
    expect((await caller.ask({ operation: WRITE, bytes: 'yyyy' })).status).toBe(OK);
  });

  it('a write that moves nothing, and a read that fails', async () => {
    const { host, caller } = onMock('aaaa');
    host.chunk = 0;
    expect((await caller.ask({ operation: WRITE, bytes: 'xxxx' })).status).toBe(DEVICE_FAILED);
    host.fails = (_, name) => (name === 'read' ? 'EIO' : undefined);
    expect((await caller.ask({ operation: READ, replyBytes: 4 })).status).toBe(DEVICE_FAILED);
  });

  it('after a failed flush the device fails for good, waiting requests too', async () => {
    const { host, disk, caller } = onMock('aaaa');
    host.fails = (_, name) => (name === 'sync' ? 'EIO' : undefined);
    caller.send({ operation: WRITE, bytes: 'xxxx' });
    caller.send({ operation: FLUSH });
    caller.send({ operation: READ, replyBytes: 4 });
    caller.send({ operation: SPECS, replyBytes: 8 });
    await caller.completion(4);
    host.fails = () => undefined;
    await caller.ask({ operation: FLUSH });
    expect([caller.statuses, disk.failed]).toEqual([[OK, DEVICE_FAILED, DEVICE_FAILED, DEVICE_FAILED, DEVICE_FAILED], true]);
    await disk.close();
    expect([host.descriptors.size, host.texts.size]).toEqual([0, 0]);
  });

  it.each(['EACCES', 'EPERM', 'EROFS'])('a file that may not be written (%s) is read, without a lock', async (refuse) => {
    const host = new MockHost();
    host.file(IMAGE, 'aaaa', { refuse });
    const disk = new DiskDriver({ path: IMAGE, entryBytes: 4, host });
    const caller = new Caller(disk);
    expect([disk.readOnly, host.texts.size]).toEqual([true, 0]);
    caller.send({ operation: READ, replyBytes: 4 });
    caller.send({ operation: WRITE, bytes: 'xxxx' });
    caller.send({ operation: FLUSH });
    await caller.completion(3);
    expect([caller.statuses, host.log.includes('write'), host.log.includes('sync')]).toEqual([[OK, DEVICE_FAILED, OK], false, false]);
  });

  it('every call of the system failing once, then for good: a named error or a status, nothing left open, nothing lost that was flushed', async () => {
    const run = async (path: string, fails: MockHost['fails']): Promise<MockHost> => {
      const host = new MockHost();
      host.file(IMAGE, 'aaaabbbb');
      host.fails = fails;
      let disk: DiskDriver;
      try {
        disk = new DiskDriver({ path, entries: 4, entryBytes: 4, host });
      } catch (error) {
        expect((error as NodeJS.ErrnoException).code).toMatch(/^E|^locked$/);
        expect(host.descriptors.size).toBe(0);
        return host;
      }
      const caller = new Caller(disk);
      for (const request of [{ operation: WRITE, argument: 1n, bytes: 'XXXX' }, { operation: FLUSH }, { operation: READ, replyBytes: 16 }])
        caller.send(request);
      await caller.completion(3);
      const [wrote, flushed, read] = caller.statuses;
      if (wrote === OK && flushed === OK) expect(host.files.get(path)?.durable.slice(4, 8)).toEqual(new TextEncoder().encode('XXXX'));
      if (read === OK && wrote === OK) expect(caller.got[2]?.text.slice(4, 8)).toBe('XXXX');
      await disk.close().catch((error: NodeJS.ErrnoException) => expect(error.code).toBe('EIO'));
      expect(host.descriptors.size).toBe(0);
      expect(host.exits.size).toBe(0);
      return host;
    };
    for (const path of [IMAGE, '/images/new.img']) {
      const calls = (await run(path, () => undefined)).log.length;
      expect(calls).toBeGreaterThan(9);
      for (let call = 1; call <= calls; call++) {
        await run(path, (number) => (number === call ? 'EIO' : undefined));
        await run(path, (number) => (number >= call ? 'EIO' : undefined));
      }
    }
  });
});

describe('opening', () => {
  it('makes a file that is not there, with a durable name', async () => {
    const host = new MockHost();
    const disk = new DiskDriver({ path: IMAGE, entries: 3, entryBytes: 4, host });
    expect(host.log).toEqual(['resolve', 'kind', 'createText', 'open create', 'truncate', 'syncFolder']);
    expect([host.text(IMAGE), disk.entries]).toEqual(['............', 3]);
    await disk.close();
    expect([host.texts.size, host.files.size]).toEqual([0, 1]);
  });

  it('what fails half-way leaves no file and no lock', () => {
    const host = new MockHost();
    host.fails = (_, name) => (name === 'truncate' ? 'ENOSPC' : undefined);
    expect(thrown(() => new DiskDriver({ path: IMAGE, entries: 3, host }))).toMatchObject({ code: 'ENOSPC' });
    expect([host.texts.size, host.files.size, host.descriptors.size]).toEqual([0, 0, 0]);
  });

  it.each<[string, ConstructorParameters<typeof DiskDriver>[0], string]>([
    ['no file and no number of entries', { path: '/none' }, 'no_file'],
    ['a block device without a number of entries', { path: '/dev/block' }, 'no_size'],
    ['a pipe', { path: '/dev/pipe' }, 'not_a_disk'],
  ])('refuses %s', (_, config, code) => {
    const host = new MockHost();
    host.file('/dev/block', '', { kind: 'block_device' });
    host.file('/dev/pipe', '', { kind: 'other' });
    const error = thrown(() => new DiskDriver({ ...config, host }));
    expect(error).toBeInstanceOf(DiskError);
    expect(error).toMatchObject({ code, name: 'DiskError' });
    expect([host.texts.size, host.descriptors.size]).toEqual([0, 0]);
  });

  it('a block device is opened without a lock file', () => {
    const host = new MockHost();
    host.file('/dev/block', 'aaaabbbb', { kind: 'block_device' });
    expect(new DiskDriver({ path: '/dev/block', entries: 2, entryBytes: 4, host }).entries).toBe(2);
    expect(host.texts.size).toBe(0);
  });

  it('refuses sizes that are none before it touches the system', () => {
    const host = new MockHost();
    for (const config of [{ entries: -1 }, { entries: 2 ** 32 }, { entryBytes: 0 }, { entries: 2 ** 32 - 1, entryBytes: 2 ** 24 }]) {
      expect(() => new DiskDriver({ path: IMAGE, host, ...config })).toThrow(RangeError);
    }
    expect(host.log).toEqual([]);
  });

  it('refuses a file with more entries than a disk can have, and lets it go', () => {
    const host = new MockHost();
    host.file(IMAGE, 'a');
    host.size = () => 2 ** 33;
    expect(() => new DiskDriver({ path: IMAGE, entryBytes: 1, host })).toThrow(/^entries: 8589934592/);
    expect([host.texts.size, host.descriptors.size]).toEqual([0, 0]);
  });
});

describe('the lock', () => {
  const locked = (host: MockHost): unknown => thrown(() => new DiskDriver({ path: IMAGE, host }));

  it('keeps a second opener away until the first has closed, in one process too', async () => {
    const { host, disk } = onMock('aaaa');
    expect(host.texts.get(LOCK)).toBe('100 5 here\n');
    expect(locked(host)).toMatchObject({ code: 'locked', message: expect.stringContaining('process 100') });
    expect(host.descriptors.size).toBe(1);
    await disk.close();
    await disk.close();
    expect(host.texts.size).toBe(0);
    expect(locked(host)).toBeUndefined();
  });

  it('is given back when the process ends without closing', () => {
    const { host } = onMock('aaaa');
    for (const callback of host.exits) callback();
    expect(host.texts.size).toBe(0);
  });

  it('of a dead process is taken over; of a living, a foreign or an unknown one it is not', () => {
    const host = new MockHost();
    host.file(IMAGE, 'aaaa');
    host.dead.add(7);
    for (const [text, who] of [
      ['8 5 here\n', 'process 8'],
      ['7 5 there\n', 'process 7 of there'],
      ['', 'another process'],
      ['7 5 here', 'another process'],
    ] as const) {
      host.texts.set(LOCK, text);
      expect(locked(host)).toMatchObject({ code: 'locked', message: expect.stringContaining(who) });
      expect(host.texts.get(LOCK)).toBe(text);
    }
    host.texts.set(LOCK, '7 5 here\n');
    expect(locked(host)).toBeUndefined();
    expect([...host.texts]).toEqual([[LOCK, '100 5 here\n']]);
  });

  it('is taken over by one process at a time', () => {
    const host = new MockHost();
    host.file(IMAGE, 'aaaa');
    host.dead.add(7);
    host.texts.set(LOCK, '7 5 here\n');
    host.texts.set(`${LOCK}.old`, '8 5 here\n');
    expect(locked(host)).toMatchObject({ code: 'locked', message: expect.stringContaining(`remove ${LOCK}.old`) });
    expect(host.texts.size).toBe(2);
  });

  it('that another process renewed meanwhile is left alone', () => {
    const host = new MockHost();
    host.file(IMAGE, 'aaaa');
    host.dead.add(7);
    host.texts.set(LOCK, '7 5 here\n');
    // Between reading the dead one's lock and making the guard, somebody else takes it over.
    host.fails = (_, name) => {
      if (name === 'createText' && host.log.filter((call) => call === 'createText').length === 2) host.texts.set(LOCK, '8 5 here\n');
      return undefined;
    };
    expect(locked(host)).toMatchObject({ code: 'locked' });
    expect([...host.texts]).toEqual([[LOCK, '8 5 here\n']]);
  });

  it('that somebody removed by hand and another one made is not removed', async () => {
    const { host, disk } = onMock('aaaa');
    host.texts.set(LOCK, '8 5 here\n');
    await disk.close();
    expect(host.texts.get(LOCK)).toBe('8 5 here\n');
    const gone = onMock('aaaa', {}, new MockHost());
    gone.host.texts.clear();
    await gone.disk.close();
  });
});

describe('closing', () => {
  it('finishes what was accepted, and refuses what follows', async () => {
    const { host, disk, caller } = onMock('aaaa');
    caller.send({ operation: WRITE, bytes: 'xxxx' });
    caller.session.close();
    const closed = disk.close();
    const late = new Caller(disk);
    expect((await late.ask({ operation: READ, replyBytes: 4 })).status).toBe(DEVICE_FAILED);
    await closed;
    expect([host.text(IMAGE), host.descriptors.size]).toEqual(['xxxx', 0]);
    expect((await late.ask({ operation: READ, replyBytes: 4 })).status).toBe(DEVICE_FAILED);
  });

  it('tells when the system fails to close, and gives the lock back all the same', async () => {
    const { host, disk } = onMock('aaaa');
    host.fails = (_, name) => (name === 'close' ? 'EIO' : undefined);
    await expect(disk.close()).rejects.toMatchObject({ code: 'EIO' });
    expect(host.texts.size).toBe(0);
  });
});

describe('on real files', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'disk-driver-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (name: string): string => path.join(folder, name);

  it('makes a sparse file, writes, reads, flushes, and opens it again', async () => {
    const disk = new DiskDriver({ path: file('new.img'), entries: 2 ** 21 });
    expect(statSync(file('new.img'))).toMatchObject({ size: 2 ** 30 });
    expect(statSync(file('new.img')).blocks).toBeLessThan(2 ** 16);
    const caller = new Caller(disk);
    const last = BigInt(2 ** 21 - 1);
    caller.send({ operation: WRITE, argument: last, bytes: 'x'.repeat(512) });
    caller.send({ operation: FLUSH });
    expect(await caller.ask({ operation: READ, argument: last - 1n, replyBytes: 1024 })).toMatchObject({
      status: OK,
      text: `${'\0'.repeat(512)}${'x'.repeat(512)}`,
    });
    await disk.close();
    expect(existsSync(file('new.img.lock'))).toBe(false);
    const again = new DiskDriver({ path: file('new.img') });
    expect((await new Caller(again).ask({ operation: READ, argument: last, replyBytes: 512 })).text).toBe('x'.repeat(512));
    await again.close();
  });

  it('locks a file under all its symbolic names', async () => {
    writeFileSync(file('one.img'), 'abcd');
    symlinkSync(file('one.img'), file('other.img'));
    const disk = new DiskDriver({ path: file('other.img') });
    expect(thrown(() => new DiskDriver({ path: file('one.img') }))).toMatchObject({ code: 'locked' });
    await disk.close();
  });

  it('takes a lock over from a process that has ended, also if its number is in use again', async () => {
    writeFileSync(file('stale.img'), 'abcd');
    const computer = hostname();
    const ended = spawnSync(process.execPath, ['-e', '']).pid;
    // Only a system with /proc tells when a process started.
    const startsAreKnown = existsSync('/proc/self/stat');
    for (const holder of [`${ended} 1 ${computer}\n`, ...(startsAreKnown ? [`${process.pid} 1 ${computer}\n`] : [])]) {
      writeFileSync(file('stale.img.lock'), holder);
      const disk = new DiskDriver({ path: file('stale.img') });
      expect(readFileSync(file('stale.img.lock'), 'utf8')).toContain(`${process.pid} `);
      await disk.close();
    }
    writeFileSync(file('stale.img.lock'), `${process.ppid}  ${computer}\n`);
    expect(thrown(() => new DiskDriver({ path: file('stale.img') }))).toMatchObject({ code: 'locked' });
  });

  it('gives the lock back when the process exits, and leaves no handler behind when it closed before', async () => {
    const script = file('exit.mjs');
    const door = fileURLToPath(new URL('../../devices/node/index.ts', import.meta.url));
    const contents = `
      import { existsSync } from 'node:fs';
      import { DiskDriver } from ${JSON.stringify(door)};
      const path = process.argv[2];
      const handlers = process.listenerCount('exit');
      const added = () => process.listenerCount('exit') - handlers;
      await new DiskDriver({ path, entries: 1 }).close();
      const seen = [existsSync(path + '.lock'), added()];
      new DiskDriver({ path });
      process.stdout.write(JSON.stringify([...seen, existsSync(path + '.lock'), added()]));`;
    await build({ stdin: { contents, resolveDir: folder }, bundle: true, platform: 'node', format: 'esm', outfile: script, logLevel: 'silent' });
    const { stdout, status } = spawnSync(process.execPath, [script, file('exit.img')], { encoding: 'utf8' });
    expect([stdout, status, existsSync(file('exit.img.lock'))]).toEqual(['[false,0,true,1]', 0, false]);
  });

  it('names the process that holds it: its number, when it started, its computer', async () => {
    writeFileSync(file('named.img'), 'abcd');
    const disk = new DiskDriver({ path: file('named.img') });
    const [number, started, computer] = readFileSync(file('named.img.lock'), 'utf8').trim().split(' ');
    expect([number, computer]).toEqual([String(process.pid), hostname()]);
    // Field 22 of the line, which this process's name does not break up.
    if (existsSync('/proc/self/stat'))
      expect(started).toBe(
        readFileSync('/proc/self/stat', 'utf8')
          .replace(/\(.*\)/, 'name')
          .split(' ')[21],
      );
    await disk.close();
  });

  it('folders, missing folders, pipes, and files that may only be read', () => {
    expect(thrown(() => new DiskDriver({ path: folder }))).toMatchObject({ code: 'EISDIR' });
    expect(thrown(() => new DiskDriver({ path: file('none/disk.img'), entries: 1 }))).toMatchObject({ code: 'ENOENT' });
    expect(thrown(() => new DiskDriver({ path: file('none.img') }))).toMatchObject({ code: 'no_file' });
    expect(thrown(() => new DiskDriver({ path: '/dev/null' }))).toMatchObject({ code: 'not_a_disk' });
    writeFileSync(file('locked.img'), 'abcd');
    chmodSync(file('locked.img'), 0o444);
    // For the superuser every file may be written.
    const disk = new DiskDriver({ path: file('locked.img') });
    expect(disk.readOnly).toBe(process.getuid?.() !== 0);
    return disk.close();
  });
});
