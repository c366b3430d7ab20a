/** The screen: frames at exact times, images that are seen or never seen, who waits, and a screen that fails or falls behind. */
import { describe, expect, it } from '@jest/globals';
import { FrameScreen, ScreenMock, VirtualTime } from '../../devices/index.js';
import { Caller } from './client.js';

const [OK, BAD_REQUEST, DEVICE_FAILED, NOT_SUPPORTED] = [0, 4, 6, 8];
const [SPECS, DISPLAY, SYNCHRONIZE] = [1, 2, 3];

/** One pixel as it comes over a port. */
const pixel = (colour: number): Uint8Array => new Uint8Array(Uint32Array.of(colour).buffer);

describe('ScreenMock', () => {
  it('is black, then shows the last image from the beginning of the next frame on', () => {
    const screen = new ScreenMock({ width: 1, height: 1, framesPerSecond: 10 });
    const caller = new Caller(screen);
    caller.send({ operation: DISPLAY, bytes: pixel(0xff00ff00) });
    caller.send({ operation: DISPLAY, bytes: pixel(0x123456) });
    expect([caller.statuses, screen.pixel(0, 0)]).toEqual([[OK, OK], 0]);
    screen.time.advance(99_999_999n);
    expect(screen.shown).toEqual([]);
    screen.time.advance(1n);
    expect(screen.shown).toEqual([{ frame: 1n, time: 100_000_000n, pixels: Uint32Array.of(0x123456) }]);
    expect([screen.pixel(0, 0), screen.time.next]).toEqual([0x123456, undefined]);
    expect(screen.size).toEqual({ width: 1, height: 1, density: 1920 / 0.508 });
  });

  it('frames begin where the rate puts them, without drift: 60 a second', () => {
    const screen = new ScreenMock({ width: 1, height: 1, time: new VirtualTime(7n) });
    const caller = new Caller(screen);
    const begun: bigint[] = [];
    for (let frame = 1; frame <= 60; frame++) {
      caller.send({ operation: SYNCHRONIZE });
      screen.time.advanceToNext();
      begun.push(screen.time.now() - 7n);
    }
    expect(caller.got.map(({ argument }) => argument)).toEqual(Array.from({ length: 60 }, (_, index) => BigInt(index + 1)));
    expect([begun[0], begun[1], begun[2], begun[59]]).toEqual([16_666_666n, 33_333_333n, 50_000_000n, 1_000_000_000n]);
  });

  it('all who wait go on at the same frame; who cancelled or closed does not', () => {
    const screen = new ScreenMock({ width: 1, height: 1, framesPerSecond: 1 });
    const [one, two, gone] = [new Caller(screen), new Caller(screen), new Caller(screen)];
    one.send({ operation: SYNCHRONIZE });
    one.send({ operation: SYNCHRONIZE });
    gone.send({ operation: SYNCHRONIZE });
    screen.time.advance(500_000_000n);
    two.send({ operation: SYNCHRONIZE });
    one.session.cancel(2);
    gone.session.close();
    screen.time.advanceToNext();
    expect([one.got.map(({ tag, argument }) => [tag, argument]), two.got[0]?.argument, gone.got]).toEqual([[[1, 1n]], 1n, []]);
  });

  it('frames that nobody waits for count', () => {
    const screen = new ScreenMock({ width: 1, height: 1, framesPerSecond: 1 });
    const caller = new Caller(screen);
    screen.time.advance(10_000_000_000n);
    caller.send({ operation: SYNCHRONIZE });
    screen.time.advanceToNext();
    expect([caller.got[0]?.argument, screen.time.now()]).toEqual([11n, 11_000_000_000n]);
  });

  it('refuses what is no request, in order', () => {
    const caller = new Caller(new ScreenMock({ width: 2, height: 1 }));
    caller.send({ operation: 4, bytes: 'x' });
    caller.send({ operation: SPECS, bytes: 'x' });
    caller.send({ operation: SYNCHRONIZE, bytes: 'x' });
    for (const length of [0, 4, 12]) caller.send({ operation: DISPLAY, bytes: new Uint8Array(length) });
    caller.send({ operation: SPECS, replyBytes: 16 });
    expect(caller.statuses).toEqual([NOT_SUPPORTED, BAD_REQUEST, BAD_REQUEST, BAD_REQUEST, BAD_REQUEST, BAD_REQUEST, OK]);
    expect(caller.got.at(-1)?.bytes.slice(0, 8)).toEqual(Uint8Array.of(2, 0, 0, 0, 1, 0, 0, 0));
  });

  it.each([
    { width: 0, height: 1 },
    { width: 1, height: 65536 },
    { width: 2049, height: 2048 },
    { width: 1, height: 1, density: 0 },
    { width: 1, height: 1, density: Number.POSITIVE_INFINITY },
    { width: 1, height: 1, framesPerSecond: 0 },
  ])('refuses %p', (config) => expect(() => new ScreenMock(config)).toThrow(RangeError));

  it('takes the largest image of a message: 2^22 pixels', () => {
    const screen = new ScreenMock({ width: 2048, height: 2048 });
    const caller = new Caller(screen);
    caller.send({ operation: DISPLAY, bytes: new Uint8Array(2 ** 24).fill(1) });
    screen.time.advanceToNext();
    expect([caller.statuses, screen.pixel(2047, 2047)]).toEqual([[OK], 0x010101]);
  });
});

describe('FrameScreen', () => {
  /** A screen that shows when the test says so. */
  function slowScreen() {
    const time = new VirtualTime();
    const shows: { image: number; frame: bigint; done: (shown: boolean) => void }[] = [];
    const screen = new FrameScreen({
      width: 1,
      height: 1,
      framesPerSecond: 1,
      time,
      show: (image, frame, done) => void shows.push({ image: image[0] as number, frame, done }),
    });
    return { time, shows, screen, caller: new Caller(screen) };
  }

  it('leaves frames out while it shows one, and keeps the last image', () => {
    const { time, shows, caller } = slowScreen();
    caller.send({ operation: DISPLAY, bytes: pixel(1) });
    caller.send({ operation: SYNCHRONIZE });
    time.advanceToNext();
    expect([shows.length, caller.got.length]).toEqual([1, 1]);
    for (const image of [2, 3]) caller.send({ operation: DISPLAY, bytes: pixel(image) });
    time.advance(5_500_000_000n);
    expect(shows.length).toBe(1);
    shows[0]?.done(true);
    expect(caller.got.find(({ tag }) => tag === 2)?.argument).toBe(1n);
    time.advanceToNext();
    expect(shows[1]).toMatchObject({ image: 3, frame: 7n });
  });

  it('tells whoever waits that an image could not be shown, or else the next request', () => {
    const { time, shows, caller } = slowScreen();
    const frame = (): void => {
      time.advanceToNext();
      shows.at(-1)?.done(false);
    };
    caller.send({ operation: DISPLAY, bytes: pixel(1) });
    caller.send({ operation: SYNCHRONIZE });
    frame();
    expect(caller.statuses).toEqual([OK, DEVICE_FAILED]);
    caller.send({ operation: DISPLAY, bytes: pixel(2) });
    frame();
    caller.send({ operation: SPECS, replyBytes: 16 });
    caller.send({ operation: DISPLAY, bytes: pixel(3) });
    caller.send({ operation: DISPLAY, bytes: pixel(4) });
    expect(caller.statuses.slice(2)).toEqual([OK, OK, DEVICE_FAILED, OK]);
  });

  it('closing shows what was taken over, and nothing more is taken', async () => {
    const { time, shows, screen, caller } = slowScreen();
    caller.send({ operation: DISPLAY, bytes: pixel(1) });
    caller.send({ operation: SYNCHRONIZE });
    time.advanceToNext();
    caller.send({ operation: DISPLAY, bytes: pixel(2) });
    caller.send({ operation: SYNCHRONIZE });
    const closed = screen.close();
    caller.send({ operation: DISPLAY, bytes: pixel(3) });
    expect(caller.statuses.at(-1)).toBe(DEVICE_FAILED);
    shows[0]?.done(true);
    shows[1]?.done(true);
    await closed;
    await screen.close();
    expect([shows.map(({ image }) => image), caller.got.find(({ tag }) => tag === 4)?.status, time.next]).toEqual([[1, 2], OK, undefined]);
  });
});
