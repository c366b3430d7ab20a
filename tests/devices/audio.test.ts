/** The audio device: a queue that time empties, exactly. */
import { describe, expect, it } from '@jest/globals';
import { AudioMock, clampSample } from '../../devices/index.js';
import { Caller } from './client.js';

const [OK, BAD_REQUEST, NOT_SUPPORTED] = [0, 4, 8];
const [SPECS, DELAY, WRITE, DRAIN] = [1, 2, 3, 4];
const SECOND = 1_000_000_000n;

const samples = (count: number, value = 0.5): Uint8Array => new Uint8Array(Float32Array.from({ length: count }, () => value).buffer);

describe('AudioMock', () => {
  it('plays 48000 samples a second and wants a fifth of a second queued, unless told otherwise', () => {
    const caller = new Caller(new AudioMock());
    caller.send({ operation: SPECS, replyBytes: 8 });
    expect(caller.got[0]?.bytes).toEqual(Uint8Array.of(0x80, 0xbb, 0, 0, 0x80, 0x25, 0, 0));
  });

  it('the delay falls with time, from the first sample on, and not below 0', () => {
    const audio = new AudioMock({ rate: 10, minimum: 5 });
    const caller = new Caller(audio);
    const delay = (): bigint | undefined => {
      caller.send({ operation: DELAY });
      return caller.got.at(-1)?.argument;
    };
    audio.time.advance(3n * SECOND);
    caller.send({ operation: WRITE, bytes: samples(5) });
    expect(delay()).toBe(5n);
    audio.time.advance(99_999_999n);
    expect(delay()).toBe(5n);
    audio.time.advance(1n);
    expect(delay()).toBe(4n);
    caller.send({ operation: WRITE, bytes: samples(9) });
    expect([caller.got.at(-1)?.argument, audio.delay]).toEqual([6n, 10]);
    audio.time.advance(100n * SECOND);
    expect(delay()).toBe(0n);
    caller.send({ operation: WRITE, bytes: samples(2) });
    audio.time.advance(SECOND / 10n);
    expect(delay()).toBe(1n);
    expect(audio.writes.map(({ time, samples }) => [time, samples.length])).toEqual([
      [3n * SECOND, 5],
      [3n * SECOND + SECOND / 10n, 6],
      [103n * SECOND + SECOND / 10n, 2],
    ]);
  });

  it('drains complete at the exact sample, later if more is written, and never if they are cancelled', () => {
    const audio = new AudioMock({ rate: 3, minimum: 2 });
    const [caller, gone] = [new Caller(audio), new Caller(audio)];
    caller.send({ operation: WRITE, bytes: samples(3) });
    caller.send({ operation: DRAIN, argument: 0n });
    caller.send({ operation: DRAIN, argument: 1n });
    caller.send({ operation: DRAIN, argument: 3n });
    caller.send({ operation: DRAIN, argument: 2n ** 64n - 1n });
    caller.send({ operation: DRAIN, argument: 0n });
    gone.send({ operation: DRAIN, argument: 0n });
    expect(caller.got.map(({ tag }) => tag)).toEqual([1, 4, 5]);
    caller.session.cancel(6);
    gone.session.close();
    audio.time.advance(666_666_666n);
    expect(caller.got.length).toBe(3);
    audio.time.advance(1n);
    expect(caller.got.map(({ tag }) => tag)).toEqual([1, 4, 5, 3]);
    caller.send({ operation: WRITE, bytes: samples(3) });
    audio.time.advance(SECOND);
    expect(caller.got.map(({ tag }) => tag)).toEqual([1, 4, 5, 3, 7]);
    expect(audio.time.advanceToNext()).toBe(true);
    expect([audio.time.now(), caller.got.at(-1)?.tag, gone.got]).toEqual([2n * SECOND, 2, []]);
    expect(audio.time.next).toBeUndefined();
  });

  it('keeps what was written, of all sessions in order', () => {
    const audio = new AudioMock({ rate: 10, minimum: 2 });
    const [one, two] = [new Caller(audio), new Caller(audio)];
    one.send({ operation: WRITE, bytes: samples(1, 2) });
    two.send({ operation: WRITE, bytes: samples(2, -0.25) });
    one.send({ operation: WRITE, bytes: samples(9, 1) });
    two.send({ operation: WRITE, bytes: samples(1, 1) });
    expect([...audio.samples]).toEqual([2, -0.25, -0.25, 1]);
    expect([one, two].map(({ got }) => got.map(({ argument }) => argument))).toEqual([
      [1n, 1n],
      [2n, 0n],
    ]);
  });

  it('refuses what is no request', () => {
    const caller = new Caller(new AudioMock());
    caller.send({ operation: 5, bytes: 'x' });
    for (const operation of [SPECS, DELAY, DRAIN]) caller.send({ operation, bytes: 'xxxx' });
    for (const length of [0, 1, 6]) caller.send({ operation: WRITE, bytes: new Uint8Array(length) });
    caller.send({ operation: DELAY });
    expect(caller.statuses).toEqual([NOT_SUPPORTED, ...Array(6).fill(BAD_REQUEST), OK]);
  });

  it.each([{ rate: 0 }, { rate: 2 ** 20 + 1 }, { minimum: 0 }, { minimum: 10, capacity: 19 }])('refuses %p', (config) =>
    expect(() => new AudioMock(config)).toThrow(RangeError),
  );

  it('a sample is played within -1 and 1', () => {
    expect([0.5, 2, -3, Number.POSITIVE_INFINITY, Number.NaN].map(clampSample)).toEqual([0.5, 1, -1, 1, 0]);
  });
});
