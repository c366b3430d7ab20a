/** Faults for any device, faults of disks, states after a crash, virtual time, and peers that go by a script. */
import { describe, expect, it } from '@jest/globals';
import {
  ClockMock,
  corruptedRead,
  corruptedWrite,
  crashChoices,
  DISK_FULL,
  DiskMock,
  type FaultRule,
  keepFirst,
  keepOnly,
  misdirected,
  PuCallerMock,
  PuMock,
  TerminalMock,
  tear,
  torn,
  VirtualTime,
  withFaults,
} from '../../devices/index.js';
import { Caller } from './client.js';

const [OK, BAD_REQUEST, DEVICE_FAILED, NO_SPACE, NOT_SUPPORTED] = [0, 4, 6, 7, 8];
const [READ, WRITE, FLUSH] = [2, 3, 4];

describe('withFaults', () => {
  const disk = (): DiskMock => new DiskMock({ entries: 4, entryBytes: 1, contents: Buffer.from('abcd') });
  const faulty = (rules: readonly FaultRule[], device = disk()): { device: DiskMock; caller: Caller } => ({
    device,
    caller: new Caller(withFaults(device, rules)),
  });
  const text = (device: DiskMock): string => Buffer.from(device.contents).toString();

  it('without a rule that fits is the device itself', () => {
    const { device, caller } = faulty([{ fault: { kind: 'failed' }, at: 9 }]);
    caller.send({ operation: WRITE, bytes: 'x', argument: 1n });
    caller.send({ operation: READ, replyBytes: 4 });
    expect([caller.statuses, caller.got[1]?.text, device.requestCount]).toEqual([[OK, OK], 'axcd', 2]);
    expect(withFaults(device, []).serves).toEqual({ protocol: 'disk', version: 1 });
    expect(withFaults({ open: (client) => device.open(client) }, []).serves).toBeUndefined();
  });

  it('fails the request with a number, those of an operation from a number on, and those that a function picks', () => {
    const { device, caller } = faulty([
      { fault: { kind: 'failed', status: NO_SPACE }, at: 2 },
      { fault: { kind: 'failed' }, operation: WRITE, from: 2 },
      { fault: DISK_FULL, when: ({ argument }, number) => argument === 3n && number > 1 },
    ]);
    caller.send({ operation: READ, replyBytes: 1, argument: 3n });
    caller.send({ operation: READ, replyBytes: 1 });
    for (const argument of [0n, 1n, 2n]) caller.send({ operation: WRITE, bytes: 'x', argument });
    caller.send({ operation: READ, replyBytes: 1 });
    caller.send({ operation: READ, replyBytes: 1, argument: 3n });
    // The third write is the second of its kind from number 2 on; the request with number 2 was a read.
    expect([caller.statuses, text(device)]).toEqual([[OK, NO_SPACE, OK, DEVICE_FAILED, DEVICE_FAILED, OK, NO_SPACE], 'xbcd']);
  });

  it('counts the requests of all sessions together', () => {
    const device = withFaults(disk(), [{ fault: { kind: 'failed' }, at: 2 }]);
    const [one, two] = [new Caller(device), new Caller(device)];
    one.send({ operation: FLUSH });
    two.send({ operation: FLUSH });
    one.send({ operation: FLUSH });
    expect([one.statuses, two.statuses]).toEqual([[OK, OK], [DEVICE_FAILED]]);
  });

  it('hangs, loses, changes and answers otherwise', () => {
    const { device, caller } = faulty([
      { fault: { kind: 'unanswered' }, at: 1 },
      { fault: { kind: 'lost' }, at: 2 },
      { fault: misdirected(2), at: 3 },
      { fault: corruptedWrite(1), at: 4 },
      { fault: corruptedRead(8), at: 5 },
      { fault: { kind: 'answered', answer: (completion) => ({ ...completion, status: DEVICE_FAILED }) }, at: 6 },
      { fault: corruptedRead(0), at: 7 },
    ]);
    for (const argument of [0n, 0n, 0n, 1n]) caller.send({ operation: WRITE, bytes: 'x', argument });
    expect([caller.got.map(({ tag, status }) => [tag, status]), text(device)]).toEqual([
      [
        [2, OK],
        [3, OK],
        [4, OK],
      ],
      'azxd',
    ]);
    caller.send({ operation: READ, replyBytes: 2 });
    expect(caller.got.at(-1)?.text).toBe('a{');
    caller.send({ operation: WRITE, bytes: 'w', argument: 3n });
    caller.send({ operation: FLUSH });
    expect([caller.statuses.slice(-2), text(device)]).toEqual([[DEVICE_FAILED, OK], 'azxw']);
  });

  it('is slow: carried out at once, answered later, unless it is cancelled or the session closes', () => {
    const time = new VirtualTime();
    const device = disk();
    const slow = withFaults(device, [{ fault: { kind: 'slow', nanoseconds: 10n }, operation: WRITE }], { time });
    const [caller, gone] = [new Caller(slow), new Caller(slow)];
    caller.send({ operation: WRITE, bytes: 'x' });
    caller.send({ operation: WRITE, bytes: 'y', argument: 1n });
    caller.send({ operation: READ, replyBytes: 2 });
    gone.send({ operation: WRITE, bytes: 'z', argument: 2n });
    expect([caller.got.map(({ tag, text }) => [tag, text]), text(device)]).toEqual([[[3, 'xy']], 'xyzd']);
    caller.session.cancel(1);
    gone.session.close();
    time.advance(10n);
    expect([caller.got.map(({ tag }) => tag), gone.got, time.next]).toEqual([[3, 2], [], undefined]);
    expect(() => withFaults(device, [{ fault: { kind: 'slow', nanoseconds: 1n } }])).toThrow(TypeError);
    expect(() => withFaults(device, [{ fault: { kind: 'lost' }, at: 0 }])).toThrow(RangeError);
  });

  it('a device that seems to restart, and one that does while it is slow', () => {
    const time = new VirtualTime();
    const device = disk();
    const caller = new Caller(
      withFaults(
        device,
        [
          { fault: { kind: 'slow', nanoseconds: 10n }, at: 1 },
          { fault: { kind: 'reset' }, at: 2 },
        ],
        { time },
      ),
    );
    caller.send({ operation: FLUSH });
    device.crash();
    expect([caller.resets, time.next]).toEqual([1, undefined]);
    caller.send({ operation: FLUSH });
    expect([caller.resets, caller.got, device.requestCount]).toEqual([2, [], 1]);
  });

  it('serves any protocol', () => {
    const terminal = new Caller(withFaults(new TerminalMock({ input: ['a', 'b'] }), [{ fault: { kind: 'failed' }, at: 1 }]));
    terminal.send({ replyBytes: 1 });
    terminal.send({ replyBytes: 1 });
    const clock = new Caller(
      withFaults(new ClockMock({ time: 5n }), [{ fault: { kind: 'answered', answer: (one) => ({ ...one, argument: 9n }) }, operation: 2 }]),
    );
    clock.send({ operation: 2, argument: -9n });
    expect([terminal.got.map(({ status, text }) => [status, text]), clock.got[0]?.argument]).toEqual([
      [
        [DEVICE_FAILED, ''],
        [OK, 'a'],
      ],
      9n,
    ]);
  });
});

describe('a disk', () => {
  const big = (): DiskMock => new DiskMock({ entries: 2, entryBytes: 1536, contents: new Uint8Array(3072).fill(1) });

  it('tears a write at 512 bytes: the rest is what was there', () => {
    const disk = big();
    const caller = new Caller(withFaults(disk, [{ fault: torn(disk, 1000), operation: WRITE }]));
    caller.send({ operation: WRITE, bytes: new Uint8Array(3072).fill(2) });
    expect([caller.statuses, disk.contents]).toEqual([[OK], Uint8Array.from({ length: 3072 }, (_, index) => (index < 512 ? 2 : 1))]);
    caller.send({ operation: WRITE, bytes: new Uint8Array(1536), argument: 9n });
    caller.send({ operation: WRITE, bytes: new Uint8Array(3072), argument: 1n });
    expect(caller.statuses).toEqual([OK, NO_SPACE, NO_SPACE]);
  });

  it('a crash keeps what was flushed, and of the rest what is chosen', () => {
    const survivors = (choice: Parameters<DiskMock['crash']>[0]): string => {
      const disk = new DiskMock({ entries: 4, entryBytes: 1, contents: Buffer.from('....') });
      const caller = new Caller(disk);
      caller.send({ operation: WRITE, bytes: 'f' });
      caller.send({ operation: FLUSH });
      for (const [entry, bytes] of ['a', 'b', 'c'].entries()) caller.send({ operation: WRITE, argument: BigInt(entry + 1), bytes });
      disk.crash(choice);
      caller.send({ operation: READ, replyBytes: 4 });
      return caller.got.at(-1)?.text as string;
    };
    expect([survivors(undefined), survivors(keepFirst(2)), survivors(keepOnly([0, 2])), survivors(keepFirst(9))]).toEqual(['f...', 'fab.', 'fa.c', 'fabc']);
  });

  it('a write may survive in part', () => {
    const disk = big();
    const caller = new Caller(disk);
    caller.send({ operation: WRITE, bytes: new Uint8Array(3072).fill(2) });
    disk.crash(tear(keepFirst(1), 1, 1100));
    expect(disk.contents).toEqual(Uint8Array.from({ length: 3072 }, (_, index) => (index < 1536 + 1024 ? 2 : 1)));
  });

  it('the states worth a test: every subset of few writes, first parts and drawn ones of many, torn ones', () => {
    const writes = (count: number, bytes: number) => Array.from({ length: count }, (_, entry) => ({ entry, bytes: new Uint8Array(bytes) }));
    const states = (count: number, bytes: number, below?: (count: number) => number): string[] => {
      const cached = writes(count, bytes);
      return [...crashChoices(cached, below)].map((choice) => cached.map((write, index) => choice(write, index)).join());
    };
    expect(states(0, 1)).toEqual(['']);
    expect(states(2, 1)).toEqual(['0,0', '1,0', '0,1', '1,1']);
    expect(new Set(states(4, 1)).size).toBe(16);
    expect(states(2, 1024)).toEqual(['0,0', '1024,0', '0,1024', '1024,1024', '512,0', '1024,512']);
    let turn = 0;
    const drawn = states(6, 1, (count) => turn++ % count);
    expect(drawn.length).toBe(7 + 16);
    expect(drawn.slice(0, 8)).toEqual(['0,0,0,0,0,0', '1,0,0,0,0,0', '1,1,0,0,0,0', '1,1,1,0,0,0', '1,1,1,1,0,0', '1,1,1,1,1,0', '1,1,1,1,1,1', '0,1,0,1,0,1']);
    expect(() => states(5, 1)).toThrow(TypeError);
  });
});

describe('VirtualTime', () => {
  it('rings in order, each at its own time, and what was set first where times are equal', () => {
    const time = new VirtualTime(100n);
    const rang: [string, bigint][] = [];
    const ring = (name: string) => () => void rang.push([name, time.now()]);
    time.after(20n, ring('late'));
    time.after(10n, ring('first'));
    time.after(10n, ring('second'));
    const stop = time.after(15n, ring('stopped'));
    time.after(-5n, () => time.after(10n, ring('third')));
    expect(rang).toEqual([]);
    stop();
    stop();
    time.advance(12n);
    expect([rang, time.now(), time.next]).toEqual([
      [
        ['first', 110n],
        ['second', 110n],
        ['third', 110n],
      ],
      112n,
      120n,
    ]);
    expect([time.advanceToNext(), time.now(), time.advanceToNext(), time.now()]).toEqual([true, 120n, false, 120n]);
  });
});

describe('peers that go by a script', () => {
  it('PuMock answers as written, session by session, and keeps what was not expected', () => {
    const server = new PuMock({
      sessions: [
        [
          { expect: 'hi', answer: 'there' },
          { answer: Uint8Array.of(1), status: 42 },
        ],
        [{ expect: 'x', hold: true, answer: 'y' }],
      ],
    });
    const [one, two, three] = [new Caller(server), new Caller(server), new Caller(server)];
    one.send({ bytes: 'hi' });
    one.send({ bytes: 'whatever' });
    one.send({ operation: 2 });
    two.send({ bytes: 'x' });
    expect([one.got.map(({ status, text }) => [status, text]), two.got, server.finished]).toEqual([
      [
        [OK, 'there'],
        [42, '\x01'],
        [NOT_SUPPORTED, ''],
      ],
      [],
      true,
    ]);
    server.release();
    expect([two.got[0]?.text, server.opened, server.closed]).toEqual(['y', 3, 0]);
    three.send({ bytes: 'more' });
    two.session.close();
    expect([server.finished, server.faults, three.statuses, server.closed]).toEqual([
      false,
      ['session 2, request 0: "more" came, nothing was expected'],
      [BAD_REQUEST],
      1,
    ]);
  });

  it('PuMock gives no held answer to a request that was cancelled', () => {
    const server = new PuMock({ sessions: [[{ hold: true }]] });
    const caller = new Caller(server);
    caller.session.cancel(caller.send({ bytes: 'x' }));
    server.release();
    expect(caller.got).toEqual([]);
  });

  it('PuCallerMock sends one after another and keeps what was not expected', () => {
    const server = new PuMock({
      sessions: [
        [
          { expect: 'a', answer: 'A' },
          { expect: '', answer: 'B', hold: true },
          { answer: 'C', status: 1 },
        ],
      ],
    });
    const client = new PuCallerMock(server, [{ send: 'a', expect: 'A' }, { expect: 'B' }, { send: 'c', expect: 'c' }]);
    expect([client.finished, client.faults]).toEqual([false, []]);
    server.release();
    expect([client.finished, client.faults]).toEqual([false, ['answer 2: status 1 came, 0 was expected', 'answer 2: "C" came, "c" was expected']]);
    client.close();
    client.close();
    expect(server.closed).toBe(1);
  });

  it('both together are finished when all went by the scripts, and a restart is a fault', () => {
    const server = new PuMock({ sessions: [[{ expect: 'a', answer: 'A' }]] });
    const client = new PuCallerMock(server, [{ send: 'a', expect: 'A', status: OK }]);
    expect([client.finished, server.finished]).toEqual([true, true]);
    const restarting = new DiskMock({ entries: 0 });
    const other = new PuCallerMock({ open: (one) => restarting.open(one) }, []);
    restarting.crash();
    expect([other.finished, other.faults]).toEqual([false, ['answer 0: the peer restarted']]);
  });
});
