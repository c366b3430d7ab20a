/**
 * The devices for tests: what isa-spec/devices says of each protocol, and what the mocks add for tests.
 */
import { describe, expect, it } from '@jest/globals';
import {
  answerClock,
  checkDiskSize,
  ClockMock,
  clockTime,
  DiskMock,
  diskRequest,
  diskSpecs,
  ReadQueue,
  streamRequest,
  TerminalMock,
} from '../../devices/index.js';
import { ClockDriver, TerminalDriver } from '../../devices/node/index.js';
import { Caller } from './client.js';

const [OK, END, BAD_REQUEST, DEVICE_FAILED, NO_SPACE, NOT_SUPPORTED] = [0, 1, 4, 6, 7, 8];

describe('every device', () => {
  it('says what it serves', () => {
    const serves = [new TerminalMock(), new ClockMock(), new DiskMock({ entries: 1 }), new TerminalDriver(), new ClockDriver()].map((device) => device.serves);
    expect(serves.map(({ protocol, version }) => [protocol, version])).toEqual([
      ['pu', 1],
      ['clock', 1],
      ['disk', 1],
      ['pu', 1],
      ['clock', 1],
    ]);
  });
});

describe('TerminalMock', () => {
  it('answers each read with one chunk, in order, then end for ever', () => {
    const caller = new Caller(new TerminalMock({ input: ['one\n', '', Uint8Array.of(116, 119, 111)] }));
    for (let count = 0; count < 4; count++) caller.send({ replyBytes: 100 });
    expect(caller.got.map(({ status, text }) => [status, text])).toEqual([
      [OK, 'one\n'],
      [OK, 'two'],
      [END, ''],
      [END, ''],
    ]);
  });

  it('cuts a chunk where the reader has room for less', () => {
    const caller = new Caller(new TerminalMock({ input: ['abcdefg'] }));
    for (const replyBytes of [3, 1, 9]) caller.send({ replyBytes });
    expect(caller.got.map(({ text }) => text)).toEqual(['abc', 'd', 'efg']);
  });

  it('lets reads wait for what is typed, and writes pass them', () => {
    const terminal = new TerminalMock({ open: true });
    const caller = new Caller(terminal);
    caller.send({ replyBytes: 9 });
    caller.send({ replyBytes: 9 });
    caller.send({ bytes: 'prompt> ' });
    expect(caller.got).toMatchObject([{ tag: 3, status: OK, text: '' }]);
    terminal.type('x');
    terminal.end();
    expect(caller.got.slice(1)).toMatchObject([
      { tag: 1, status: OK, text: 'x' },
      { tag: 2, status: END },
    ]);
    expect([terminal.text, terminal.messageCount]).toEqual(['prompt> ', 1]);
  });

  it('keeps bytes for the next read when one is cancelled or its session closes', () => {
    const terminal = new TerminalMock({ open: true });
    const [gone, caller] = [new Caller(terminal), new Caller(terminal)];
    caller.send({ replyBytes: 9 });
    gone.send({ replyBytes: 9 });
    caller.session.cancel(1);
    gone.session.close();
    terminal.type('kept');
    caller.send({ replyBytes: 9 });
    expect([gone.got, caller.got]).toMatchObject([[], [{ tag: 2, text: 'kept' }]]);
  });

  it('an empty request without room, another operation, an output that is closed', () => {
    const terminal = new TerminalMock();
    const caller = new Caller(terminal);
    caller.send();
    caller.send({ operation: 2, bytes: 'x' });
    caller.send({ bytes: 'kept' });
    terminal.closeOutput();
    caller.send({ bytes: 'lost' });
    expect([caller.statuses, terminal.text]).toEqual([[OK, NOT_SUPPORTED, OK, END], 'kept']);
  });
});

describe('time of the clock protocol', () => {
  // 2026-11-24 17:22:34.123456789 UTC
  const now = 1_795_540_954_123_456_789n;
  it.each([
    [0n, 1_795_540_954n],
    [1n, 1_795_540_950n],
    [3n, 1_795_540_000n],
    [9n, 1_000_000_000n],
    [10n, 0n],
    [15n, 0n],
    // modulo 10^14 seconds in tenths, ..., modulo 10^6 seconds in nanoseconds
    [-1n, 17_955_409_541n],
    [-3n, 1_795_540_954_123n],
    [-6n, 795_540_954_123_456n],
    [-9n, 540_954_123_456_789n],
  ])('n = %d', (n, expected) => expect(clockTime(now, n)).toBe(expected));
  it.each([-10n, 16n, 2n ** 63n - 1n, -(2n ** 63n)])('n = %d is none', (n) => expect(clockTime(now, n)).toBeUndefined());
  it('before 1970 it rounds down too, and the fraction counts up', () => {
    expect(clockTime(-1n, 0n)).toBe(-1n);
    expect(clockTime(-1n, 2n)).toBe(-100n);
    expect(clockTime(-1n, -9n)).toBe(999_999_999_999_999n);
    expect(clockTime(0n, 5n)).toBe(0n);
  });
  it('large times are exact', () => {
    expect(clockTime(2n ** 70n, -9n)).toBe(2n ** 70n % 10n ** 15n);
    expect(clockTime(2n ** 70n, 2n)).toBe((2n ** 70n / 10n ** 11n) * 100n);
  });
});

describe('ClockMock', () => {
  it('tells specs and time, and refuses what is no request', () => {
    const caller = new Caller(new ClockMock({ time: 12_345_678_901n }));
    caller.send({ operation: 1, replyBytes: 8 });
    caller.send({ operation: 2, argument: -3n });
    caller.send({ operation: 2, argument: 0n });
    caller.send({ operation: 2, argument: 16n });
    caller.send({ operation: 2, bytes: 'x' });
    caller.send({ operation: 4 });
    expect(caller.got[0]?.bytes).toEqual(Uint8Array.of(0xf7, 0xff, 0xff, 0xff, 15, 0, 0, 0));
    expect(caller.got.map(({ status, argument }) => [status, argument])).toEqual([
      [OK, 0n],
      [OK, 12_345n],
      [OK, 12n],
      [BAD_REQUEST, 0n],
      [BAD_REQUEST, 0n],
      [NOT_SUPPORTED, 0n],
    ]);
  });

  it('wakes sleepers in the order of their ends, equal ones in the order of asking, each at its time', () => {
    const clock = new ClockMock({ time: 100n });
    const caller = new Caller(clock);
    for (const argument of [30n, 10n, 20n, 10n, 0n, -5n]) caller.send({ operation: 3, argument });
    expect(caller.got.map(({ tag }) => tag)).toEqual([5, 6]);
    expect(clock.nextWake).toBe(110n);
    clock.advance(9n);
    expect(caller.got.length).toBe(2);
    clock.advance(11n);
    expect(caller.got.map(({ tag }) => tag)).toEqual([5, 6, 2, 4, 3]);
    expect([clock.advanceToNext(), clock.time, clock.advanceToNext()]).toEqual([true, 130n, false]);
  });

  it('a cancelled sleep and one of a closed session never end', () => {
    const clock = new ClockMock();
    const [one, two] = [new Caller(clock), new Caller(clock)];
    one.send({ operation: 3, argument: 5n });
    one.send({ operation: 3, argument: 5n });
    two.send({ operation: 3, argument: 5n });
    one.session.cancel(1);
    two.session.close();
    clock.advance(10n);
    expect([one.got.map(({ tag }) => tag), two.got]).toEqual([[2], []]);
  });

  it('set moves the time of day, not the sleeps', () => {
    const clock = new ClockMock({ time: 50n });
    const caller = new Caller(clock);
    caller.send({ operation: 3, argument: 10n });
    clock.set(1000n);
    clock.advance(9n);
    expect(caller.got).toEqual([]);
    clock.advance(1n);
    expect([caller.statuses, clock.time]).toEqual([[OK], 1010n]);
  });
});

describe('DiskMock', () => {
  const [SPECS, READ, WRITE, FLUSH] = [1, 2, 3, 4];
  const disk = (contents = 'aabbcc') => new DiskMock({ entries: 4, entryBytes: 2, contents: new TextEncoder().encode(contents) });
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes).replaceAll('\0', '.');

  it('specs, reads and writes of several entries, flush', () => {
    const caller = new Caller(disk());
    caller.send({ operation: SPECS, replyBytes: 8 });
    caller.send({ operation: READ, argument: 1n, replyBytes: 4 });
    caller.send({ operation: WRITE, argument: 2n, bytes: 'XXYY' });
    caller.send({ operation: READ, argument: 0n, replyBytes: 8 });
    caller.send({ operation: FLUSH });
    expect(caller.got[0]?.bytes).toEqual(Uint8Array.of(4, 0, 0, 0, 2, 0, 0, 0));
    expect(caller.got.map(({ status, text: found }) => [status, found]).slice(1)).toEqual([
      [OK, 'bbcc'],
      [OK, ''],
      [OK, 'aabbXXYY'],
      [OK, ''],
    ]);
  });

  it.each([
    [{ operation: READ, replyBytes: 0 }, BAD_REQUEST],
    [{ operation: READ, replyBytes: 3 }, BAD_REQUEST],
    [{ operation: READ, replyBytes: 2, bytes: 'xx' }, BAD_REQUEST],
    [{ operation: READ, replyBytes: 2, argument: 4n }, NO_SPACE],
    [{ operation: READ, replyBytes: 4, argument: 3n }, NO_SPACE],
    [{ operation: READ, replyBytes: 2, argument: -1n }, NO_SPACE],
    [{ operation: READ, replyBytes: 3, argument: 4n }, BAD_REQUEST],
    [{ operation: WRITE }, BAD_REQUEST],
    [{ operation: WRITE, bytes: 'xxx' }, BAD_REQUEST],
    [{ operation: WRITE, bytes: 'xx', argument: 4n }, NO_SPACE],
    [{ operation: WRITE, bytes: 'xxyy', argument: 3n }, NO_SPACE],
    [{ operation: WRITE, bytes: 'xx', argument: 2n ** 63n }, NO_SPACE],
    [{ operation: FLUSH, bytes: 'x' }, BAD_REQUEST],
    [{ operation: SPECS, bytes: 'x' }, BAD_REQUEST],
    [{ operation: 5 }, NOT_SUPPORTED],
    [{ operation: 0 }, NOT_SUPPORTED],
  ])('%o gives %d and changes nothing', (request, status) => {
    const found = disk();
    const caller = new Caller(found);
    caller.send(request);
    expect([caller.statuses, text(found.contents)]).toEqual([[status], 'aabbcc..']);
  });

  it('a crash loses what no flush has made durable, or as much as the test says', () => {
    const found = disk();
    const caller = new Caller(found);
    caller.send({ operation: WRITE, argument: 0n, bytes: '11' });
    caller.send({ operation: FLUSH });
    caller.send({ operation: WRITE, argument: 1n, bytes: '2233' });
    caller.send({ operation: WRITE, argument: 1n, bytes: '44' });
    expect(found.cached.map(({ entry, bytes }) => [entry, text(bytes)])).toEqual([
      [1, '22'],
      [2, '33'],
      [1, '44'],
    ]);
    expect([text(found.contents), text(found.durable)]).toEqual(['114433..', '11bbcc..']);
    found.crash((_, index) => [2, 1, 0][index] as number);
    expect([text(found.contents), text(found.durable), found.cached, caller.resets]).toEqual(['11223c..', '11223c..', [], 1]);
    caller.send({ operation: WRITE, argument: 3n, bytes: '55' });
    found.crash();
    expect([text(found.contents), caller.resets]).toEqual(['11223c..', 2]);
    caller.send({ operation: WRITE, argument: 0n, bytes: '66' });
    caller.send({ operation: WRITE, argument: 2n, bytes: '7788' });
    caller.send({ operation: FLUSH });
    found.crash();
    expect(text(found.contents)).toBe('66227788');
  });

  it('fails the request that a test names, torn where it says so', () => {
    const found = disk();
    found.failRequest(2);
    found.failRequest(3, { bytesWritten: 1 });
    found.failRequest(4, { status: NO_SPACE });
    found.failRequest(6);
    const caller = new Caller(found);
    caller.send({ operation: WRITE, bytes: '11' });
    caller.send({ operation: WRITE, bytes: '22' });
    expect(text(found.contents)).toBe('11bbcc..');
    caller.send({ operation: WRITE, bytes: '33' });
    caller.send({ operation: READ, replyBytes: 2 });
    caller.send({ operation: READ, replyBytes: 2 });
    caller.send({ operation: FLUSH });
    expect([caller.statuses, found.requestCount]).toEqual([[OK, DEVICE_FAILED, DEVICE_FAILED, NO_SPACE, OK, DEVICE_FAILED], 6]);
    expect([text(found.contents), text(found.durable)]).toEqual(['31bbcc..', 'aabbcc..']);
  });

  it('holds requests until they are released, some or all; cancelled and closed ones are never carried out', () => {
    const found = disk();
    const [caller, gone] = [new Caller(found), new Caller(found)];
    found.hold();
    for (const bytes of ['11', '22', '33', '44']) caller.send({ operation: WRITE, bytes });
    gone.send({ operation: WRITE, argument: 1n, bytes: '!!' });
    expect([caller.got, found.heldCount]).toEqual([[], 5]);
    found.release(1);
    expect([caller.statuses, text(found.contents)]).toEqual([[OK], '11bbcc..']);
    caller.session.cancel(4);
    gone.session.close();
    found.release();
    expect([caller.got.map(({ tag }) => tag), text(found.contents)]).toEqual([[1, 2, 3], '33bbcc..']);
    caller.send({ operation: FLUSH });
    expect(caller.got.length).toBe(4);
    found.hold();
    caller.send({ operation: FLUSH });
    found.crash();
    expect([found.heldCount, caller.resets, gone.resets]).toEqual([0, 1, 0]);
  });

  it('refuses sizes that are none', () => {
    for (const entries of [-1, 1.5, 2 ** 32, Number.NaN]) expect(() => new DiskMock({ entries })).toThrow(RangeError);
    for (const entryBytes of [0, 0.5, 2 ** 24 + 1]) expect(() => new DiskMock({ entries: 1, entryBytes })).toThrow(/^entryBytes/);
    expect(() => new DiskMock({ entries: 1, entryBytes: 2, contents: new Uint8Array(3) })).toThrow(/^contents: 3 bytes; the disk has 2$/);
    expect(new DiskMock({ entries: 3 }).contents.length).toBe(1536);
  });
});

describe('wrong use', () => {
  const disk = (): DiskMock => new DiskMock({ entries: 2 });
  const client = new Caller(new TerminalMock());
  const request = { operation: 1, tag: 1, bytes: new Uint8Array(0), replyBytes: 0, argument: 0n };
  const odd = [null, Symbol('x'), Object.create(null), ['x']];
  const numbers = [...odd, '1', 1n, Number.NaN, 0.5, -1];
  const bigints = [...odd, 1, '1'];
  const objects = [null, Symbol('x'), ['x'], 'x', 5];
  const bytes = [...odd, 5, new ArrayBuffer(4), new Int32Array(1)];

  it.each<readonly [call: string, argument: string, values: readonly unknown[], use: (value: never) => unknown]>([
    ['ClockMock', 'config', objects, (value) => new ClockMock(value)],
    ['ClockMock', 'time', bigints, (value) => new ClockMock({ time: value })],
    ['ClockMock', 'source', objects, (value) => new ClockMock({ source: value })],
    ['set', 'time', [...bigints, undefined], (value) => new ClockMock().set(value)],
    ['advance', 'nanoseconds', [...bigints, undefined, -1n], (value) => new ClockMock().advance(value)],
    ['TerminalMock', 'config', objects, (value) => new TerminalMock(value)],
    ['TerminalMock', 'input', [null, 'text', 5, new Uint8Array(2)], (value) => new TerminalMock({ input: value })],
    ['TerminalMock', 'open', [null, 1, 'yes'], (value) => new TerminalMock({ open: value })],
    ['TerminalMock', 'chunk', bytes, (value) => new TerminalMock({ input: ['a', value] })],
    ['type', 'chunk', [...bytes, undefined], (value) => new TerminalMock().type(value)],
    ['DiskMock', 'config', [...objects, undefined], (value) => new DiskMock(value)],
    ['DiskMock', 'entries', [...numbers, undefined, 2 ** 32], (value) => new DiskMock({ entries: value })],
    ['DiskMock', 'entryBytes', [...numbers, 0, 2 ** 24 + 1], (value) => new DiskMock({ entries: 1, entryBytes: value })],
    ['DiskMock', 'contents', [...bytes, 'text', new Uint8Array(513)], (value) => new DiskMock({ entries: 1, contents: value })],
    ['failRequest', 'number', [...numbers, 0, undefined], (value) => disk().failRequest(value)],
    ['failRequest', 'fault', objects, (value) => disk().failRequest(1, value)],
    ['failRequest', 'fault.status', [...numbers, 'device_failed', 2 ** 32], (value) => disk().failRequest(1, { status: value })],
    ['failRequest', 'fault.bytesWritten', numbers, (value) => disk().failRequest(1, { bytesWritten: value })],
    ['release', 'count', numbers, (value) => disk().release(value)],
    ['crash', 'survives', [...objects, Object.create(null)], (value) => disk().crash(value)],
    ['checkDiskSize', 'size', [...objects, undefined], checkDiskSize],
    ['diskSpecs', 'size', [...objects, undefined], diskSpecs],
    ['diskRequest', 'size', [...objects, undefined], (value) => diskRequest(value, request)],
    ['diskRequest', 'request', [...objects, undefined], (value) => diskRequest(disk(), value)],
    ['streamRequest', 'request', [...objects, undefined], streamRequest],
    ['push', 'chunk', [...bytes, 'text', undefined], (value) => new ReadQueue().push(value)],
    ['end', 'status', [...numbers, 2 ** 32], (value) => new ReadQueue().end(value)],
    ['end', 'argument', [...bigints, 2n ** 64n], (value) => new ReadQueue().end(0, value)],
    ['read', 'client', [...objects, undefined, {}], (value) => new ReadQueue().read(value, request)],
    ['read', 'request', [...objects, undefined], (value) => new ReadQueue().read(client, value)],
    ['clockTime', 'nanoseconds', [...bigints, undefined], (value) => clockTime(value, 0n)],
    ['clockTime', 'n', [...bigints, undefined], (value) => clockTime(0n, value)],
    ['answerClock', 'client', [...objects, undefined, {}], (value) => answerClock(value, { resolution: 0, now: () => 0n, sleep: () => undefined }, request)],
    ['answerClock', 'source', [...objects, undefined, {}], (value) => answerClock(client, value, request)],
    ['answerClock', 'request', [...objects, undefined], (value) => answerClock(client, { resolution: 0, now: () => 0n, sleep: () => undefined }, value)],
  ])('%s: %s', (_, argument, values, use) => {
    for (const value of values) {
      let error: unknown;
      try {
        use(value as never);
      } catch (thrown) {
        error = thrown;
      }
      const name = error instanceof Error ? error.name : 'nothing thrown';
      expect([typeof value, name]).toEqual([typeof value, expect.stringMatching(/^(Type|Range)Error$/)]);
      expect((error as Error).message).toMatch(new RegExp(`^${argument.replace('.', '\\.')}: `));
    }
  });

  it('a crash that is told nonsense has not happened', () => {
    const mock = disk();
    const caller = new Caller(mock);
    caller.send({ operation: 3, bytes: new Uint8Array(512).fill(7) });
    expect(mock.cached).toHaveLength(1);
    expect(() => mock.crash(() => Number.NaN)).toThrow(new RangeError('survives(...): NaN; a whole number from 0 to 9007199254740991 is needed'));
    expect([mock.cached.length, caller.resets]).toEqual([1, 0]);
  });

  it('an unknown option is told, with what it may have been', () => {
    expect(() => new DiskMock({ entries: 1, entrybytes: 4 } as never)).toThrow(new TypeError('config: there is no "entrybytes"; did you mean entryBytes?'));
    expect(() => new TerminalMock({ inputs: [] } as never)).toThrow(/did you mean input\?/);
    expect(() => new ClockMock({ zone: 1 } as never)).toThrow(/there are time, source$/);
  });
});
