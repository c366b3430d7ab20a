/**
 * The screen protocol: images that are taken over at any time and shown at the beginning of a frame; and the screen for tests.
 *
 * `FrameScreen` is what mock and drivers share: requests, frames, who waits. Where an image goes is theirs. No timer runs while nobody waits for a frame
 * and no image is new, so an idle screen costs nothing.
 */
import { OPERATIONS, STATUS } from '../isa-spec/index.js';
import { checkBytes, checkFunction, checkObject, checkOptions, checkWhole, shown } from '../vm/arguments/index.js';
import type { Client, Device, DeviceRequest, Session } from '../vm/index.js';
import { checkTime, checkVirtualTime, type TimeSource, VirtualTime } from './virtual-time.js';

/** How large a screen is. Width times height is at most 2^22. */
export interface ScreenSize {
  /** Pixels, from 1 to 65535. */
  readonly width: number;
  /** Pixels, from 1 to 65535. */
  readonly height: number;
  /** Pixels per metre, the same both ways; 1920 / 0.508 by default. */
  readonly density?: number;
}

const PIXELS_MAX = 2 ** 22;
const DENSITY_DEFAULT = 1920 / 0.508;
const FRAMES_PER_SECOND_DEFAULT = 60;
const SECOND = 10n ** 9n;

/**
 * Checks a size that an embedder gives.
 * @throws TypeError or RangeError naming the argument
 */
export function checkScreenSize(size: ScreenSize): void {
  checkObject('size', size);
  const { width, height, density = DENSITY_DEFAULT } = size;
  checkWhole('width', width, 1, 65535);
  checkWhole('height', height, 1, 65535);
  if (width * height > PIXELS_MAX) throw new RangeError(`width times height: ${width * height}; at most ${PIXELS_MAX} pixels are possible`);
  if (typeof density !== 'number') throw new TypeError(`density: ${shown(density)}; a number is needed`);
  if (!(density > 0 && density < Number.POSITIVE_INFINITY)) throw new RangeError(`density: ${density}; a positive number is needed`);
}

/** Bytes of a pixel. */
export const PIXEL_BYTES = 4;

/** The sixteen bytes that `specs` answers. @throws TypeError or RangeError for a size that is none */
export function screenSpecs(size: ScreenSize): Uint8Array {
  checkScreenSize(size);
  const { width, height, density = DENSITY_DEFAULT } = size;
  const bytes = new DataView(new ArrayBuffer(16));
  bytes.setUint32(0, width, true);
  bytes.setUint32(4, height, true);
  bytes.setFloat64(8, density, true);
  return new Uint8Array(bytes.buffer);
}

/** What is asked for, or the status to refuse it with. @throws TypeError for what is no size or no request */
export function screenRequest(size: ScreenSize, request: DeviceRequest): keyof typeof OPERATIONS.screen | number {
  checkObject('size', size);
  checkObject('request', request);
  const { width, height } = size;
  const { operation, bytes } = request;
  const { specs, display, synchronize } = OPERATIONS.screen;
  if (operation === display) return bytes.length === width * height * PIXEL_BYTES ? 'display' : STATUS.bad_request;
  if (operation !== specs && operation !== synchronize) return STATUS.not_supported;
  if (bytes.length > 0) return STATUS.bad_request;
  return operation === specs ? 'specs' : 'synchronize';
}

/** What a `FrameScreen` is made of. */
export interface FrameScreenConfig extends ScreenSize {
  /** Whole frames per second, from 1 to 1000; 60 by default. */
  readonly framesPerSecond?: number;
  readonly time: TimeSource;
  /**
   * Shows an image, 0x00RRGGBB little-endian a pixel, at the beginning of a frame. Frames are left out until `done` was called, with whether the
   * image is shown.
   */
  readonly show: (image: Uint8Array, frame: bigint, done: (shown: boolean) => void) => void;
}

interface Waiter {
  readonly client: Client;
  readonly tag: number;
}

/** The part of a screen that is the same for all of them. */
export class FrameScreen implements Device {
  readonly serves = { protocol: 'screen', version: 1 } as const;
  readonly size: Required<ScreenSize>;
  readonly #time: TimeSource;
  readonly #framesPerSecond: bigint;
  readonly #show: FrameScreenConfig['show'];
  readonly #begin: bigint;
  /** The image that the next frame shows, if it is a new one. */
  #image: Uint8Array | undefined;
  #waiters: Waiter[] = [];
  #stopTimer: (() => void) | undefined;
  #showing = false;
  /** Whether an image could not be shown and nobody was told. */
  #failed = false;
  #isOpen = true;
  #idle: (() => void)[] = [];

  /** @throws TypeError or RangeError naming what is out of range */
  constructor(config: FrameScreenConfig) {
    checkOptions('config', config, ['width', 'height', 'density', 'framesPerSecond', 'time', 'show']);
    const { width, height, density = DENSITY_DEFAULT, framesPerSecond = FRAMES_PER_SECOND_DEFAULT, time, show } = config;
    this.size = { width, height, density };
    checkScreenSize(this.size);
    checkWhole('framesPerSecond', framesPerSecond, 1, 1000);
    checkTime('time', time);
    checkFunction('show', show);
    this.#framesPerSecond = BigInt(framesPerSecond);
    this.#time = time;
    this.#show = show;
    this.#begin = time.now();
  }

  /** Shows what was taken over, then takes nothing any more: requests complete with `device_failed`. */
  close(): Promise<void> {
    this.#isOpen = false;
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    return new Promise((resolve) => {
      this.#idle.push(resolve);
      if (!this.#showing) this.#frame(this.#nextFrame());
    });
  }

  open(client: Client): Session {
    return {
      send: (request) => this.#send(client, request),
      cancel: (tag) => this.#forget((waiter) => waiter.client === client && waiter.tag === tag),
      close: () => this.#forget((waiter) => waiter.client === client),
    };
  }

  #forget(gone: (waiter: Waiter) => boolean): void {
    this.#waiters = this.#waiters.filter((waiter) => !gone(waiter));
  }

  #send(client: Client, request: DeviceRequest): void {
    const { tag, bytes } = request;
    const asked = screenRequest(this.size, request);
    if (typeof asked === 'number') return client.complete({ tag, status: asked });
    if (asked === 'specs') return client.complete({ tag, status: STATUS.ok, bytes: screenSpecs(this.size) });
    if (this.#failed || !this.#isOpen) {
      this.#failed = false;
      return client.complete({ tag, status: STATUS.device_failed });
    }
    if (asked === 'display') this.#image = bytes;
    else this.#waiters.push({ client, tag });
    this.#schedule();
    if (asked === 'display') client.complete({ tag, status: STATUS.ok });
  }

  /** When a frame begins, since the screen began. */
  #startOf(frame: bigint): bigint {
    return (frame * SECOND) / this.#framesPerSecond;
  }
  /** The first frame that begins later than now. */
  #nextFrame(): bigint {
    const passed = this.#time.now() - this.#begin;
    const frame = (passed * this.#framesPerSecond) / SECOND + 1n;
    return this.#startOf(frame) > passed ? frame : frame + 1n;
  }

  #schedule(): void {
    if (this.#showing || this.#stopTimer !== undefined || !this.#isOpen) return;
    const frame = this.#nextFrame();
    this.#stopTimer = this.#time.after(this.#startOf(frame) - (this.#time.now() - this.#begin), () => {
      this.#stopTimer = undefined;
      // A timer may ring late: it is the latest frame that has begun by then.
      this.#frame(this.#nextFrame() - 1n);
    });
  }

  #frame(frame: bigint): void {
    const image = this.#image;
    const waiters = this.#waiters.splice(0);
    this.#image = undefined;
    this.#showing = true;
    const done = (shown: boolean): void => {
      this.#showing = false;
      if (!shown && waiters.length === 0) this.#failed = true;
      for (const { client, tag } of waiters) client.complete(shown ? { tag, status: STATUS.ok, argument: frame } : { tag, status: STATUS.device_failed });
      const more = this.#image !== undefined || this.#waiters.length > 0;
      if (this.#isOpen && more) this.#schedule();
      else if (more) this.#frame(this.#nextFrame());
      else if (!this.#isOpen) for (const resolve of this.#idle.splice(0)) resolve();
    };
    if (image === undefined) done(true);
    else this.#show(image, frame, done);
  }
}

/** What a `ScreenMock` is made of. */
export interface ScreenMockConfig extends ScreenSize {
  /** 60 by default. */
  readonly framesPerSecond?: number;
  /** What lets frames begin, where other devices share it; by default one of its own. */
  readonly time?: VirtualTime;
}

/** An image that was shown. */
export interface ShownImage {
  /** The number of the frame. */
  readonly frame: bigint;
  /** When it was shown, nanoseconds of the screen's time. */
  readonly time: bigint;
  /** 0x00RRGGBB a pixel, row by row. */
  readonly pixels: Uint32Array;
}

/** A screen for tests: it keeps what it shows. */
export class ScreenMock implements Device {
  readonly serves = { protocol: 'screen', version: 1 } as const;
  readonly time: VirtualTime;
  readonly size: Required<ScreenSize>;
  readonly #screen: FrameScreen;
  readonly #shown: ShownImage[] = [];

  /**
   * A black screen.
   * @throws TypeError or RangeError naming what is out of range
   */
  constructor(config: ScreenMockConfig) {
    checkOptions('config', config, ['width', 'height', 'density', 'framesPerSecond', 'time']);
    const { time = new VirtualTime(), ...size } = config;
    checkVirtualTime('time', time);
    this.time = time;
    this.#screen = new FrameScreen({
      ...size,
      time,
      show: (image, frame, done) => {
        this.#shown.push({ frame, time: time.now(), pixels: pixelsOf(image) });
        done(true);
      },
    });
    this.size = this.#screen.size;
  }

  /** Every image that was shown, in order. */
  get shown(): readonly ShownImage[] {
    return this.#shown;
  }
  /** The image that is to be seen now: black where none was shown. */
  get pixels(): Uint32Array {
    return this.#shown.at(-1)?.pixels ?? new Uint32Array(this.size.width * this.size.height);
  }
  /** The pixel in a column and row that is to be seen now. */
  pixel(x: number, y: number): number {
    checkWhole('x', x, 0, this.size.width - 1);
    checkWhole('y', y, 0, this.size.height - 1);
    return this.pixels[y * this.size.width + x] as number;
  }

  open(client: Client): Session {
    return this.#screen.open(client);
  }
}

/** The pixels of an image as it comes over a port: 0x00RRGGBB each, row by row. @throws TypeError for what is no Uint8Array */
export function pixelsOf(image: Uint8Array): Uint32Array {
  checkBytes('image', image);
  const view = new DataView(image.buffer, image.byteOffset, image.length);
  return Uint32Array.from({ length: Math.floor(image.length / PIXEL_BYTES) }, (_, index) => view.getUint32(PIXEL_BYTES * index, true) & 0xffffff);
}
