/**
 * The clock driver on clocks and timers of a test, and once on the real ones.
 */
import { describe, expect, it } from '@jest/globals';
import { ClockDriver } from '../../devices/node/index.js';
import { Caller } from './client.js';

const [OK, BAD_REQUEST] = [0, 4];
const [SPECS, TIME, SLEEP] = [1, 2, 3];

/** Clocks that stand still until a test moves them, and timers that the test lets fire. */
function testClock() {
  const found = {
    utc: 1_795_540_954_123,
    now: 0n,
    timers: [] as { milliseconds: number; callback: () => void }[],
    /** Lets the oldest timer fire after so many nanoseconds. */
    fire(nanoseconds: bigint): void {
      found.now += nanoseconds;
      found.timers.shift()?.callback();
    },
  };
  const clock = new ClockDriver({
    utc: () => found.utc,
    monotonic: () => found.now,
    startTimer: (milliseconds, callback) => {
      const timer = { milliseconds, callback };
      found.timers.push(timer);
      return () => void found.timers.splice(found.timers.indexOf(timer), 1);
    },
  });
  return { found, clock, caller: new Caller(clock) };
}

describe('time', () => {
  it('is the time of day in milliseconds, exact', () => {
    const { found, caller } = testClock();
    caller.send({ operation: SPECS, replyBytes: 8 });
    for (const argument of [0n, -3n, -9n, 4n, 16n]) caller.send({ operation: TIME, argument });
    found.utc = 8.64e15;
    caller.send({ operation: TIME, argument: -3n });
    expect(caller.got[0]?.bytes).toEqual(Uint8Array.of(0xfd, 0xff, 0xff, 0xff, 15, 0, 0, 0));
    expect(caller.got.slice(1).map(({ status, argument }) => [status, argument])).toEqual([
      [OK, 1_795_540_954n],
      [OK, 1_795_540_954_123n],
      [OK, 540_954_123_000_000n],
      [OK, 1_795_540_000n],
      [BAD_REQUEST, 0n],
      [OK, 640_000_000_000_000n],
    ]);
  });
});

describe('sleep', () => {
  it('rounds up to milliseconds and never ends early', () => {
    const { found, caller } = testClock();
    caller.send({ operation: SLEEP, argument: 1_500_000n });
    expect(found.timers[0]?.milliseconds).toBe(2);
    found.fire(1_400_000n);
    expect([caller.got, found.timers[0]?.milliseconds]).toEqual([[], 1]);
    found.fire(100_000n);
    expect([caller.statuses, found.timers]).toEqual([[OK], []]);
    caller.send({ operation: SLEEP, argument: 1_000_001n });
    caller.send({ operation: SLEEP, argument: 2_000_000n });
    expect(found.timers.map(({ milliseconds }) => milliseconds)).toEqual([2, 2]);
  });

  it('of nothing, or less, completes at once', () => {
    const { found, caller } = testClock();
    caller.send({ operation: SLEEP, argument: 0n });
    caller.send({ operation: SLEEP, argument: -(2n ** 63n) });
    expect([caller.statuses, found.timers]).toEqual([[OK, OK], []]);
  });

  it('beyond the reach of a timer takes several', () => {
    const { found, caller } = testClock();
    const day = 86_400_000_000_000n;
    caller.send({ operation: SLEEP, argument: 60n * day });
    const used: number[] = [];
    while (found.timers.length > 0) {
      const { milliseconds } = found.timers[0] as { milliseconds: number };
      used.push(milliseconds);
      found.fire(BigInt(milliseconds) * 1_000_000n);
    }
    expect([used, caller.statuses]).toEqual([[2147483647, 2147483647, 889032706], [OK]]);
    caller.send({ operation: SLEEP, argument: 2n ** 63n - 1n });
    expect(found.timers[0]?.milliseconds).toBe(2147483647);
  });

  it('ends neither when it is cancelled nor when its session closes', () => {
    const { found, clock, caller } = testClock();
    const other = new Caller(clock);
    caller.send({ operation: SLEEP, argument: 5n });
    caller.send({ operation: SLEEP, argument: 6n });
    other.send({ operation: SLEEP, argument: 7n });
    other.send({ operation: SLEEP, argument: 8n });
    caller.session.cancel(1);
    caller.session.cancel(99);
    other.session.close();
    expect(found.timers.length).toBe(1);
    found.fire(6n);
    expect([caller.got.map(({ tag }) => tag), other.got]).toEqual([[2], []]);
  });

  it('on the real clock', async () => {
    const caller = new Caller(new ClockDriver());
    const before = BigInt(Date.now());
    const start = process.hrtime.bigint();
    const [long, short] = [caller.send({ operation: SLEEP, argument: 5_000_000n }), caller.send({ operation: SLEEP, argument: 1n })];
    await caller.completion(long);
    expect(caller.got.map(({ tag }) => tag)).toEqual([short, long]);
    expect(process.hrtime.bigint() - start).toBeGreaterThanOrEqual(5_000_000n);
    const { argument } = await caller.ask({ operation: TIME, argument: -3n });
    expect(argument).toBeGreaterThanOrEqual(before);
    expect(argument).toBeLessThanOrEqual(BigInt(Date.now()));
  });
});
