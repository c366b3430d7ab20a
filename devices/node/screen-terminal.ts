/**
 * A screen in a terminal: each character is two pixels, one above the other, as an upper half block in 24-bit colours. Only what has changed is drawn.
 *
 * It takes the terminal's other screen while it is open, and gives it back when it is closed. Frames are left out while the terminal is busy.
 */
import { write } from 'node:fs';
import { checkFunction, checkOptions, checkWhole } from '../../vm/arguments/index.js';
import type { Client, Device, Session } from '../../vm/index.js';
import { FrameScreen, pixelsOf, type ScreenSize, type TimeSource } from '../index.js';
import { type WriteSome, writeFully } from './output.js';
import { NODE_TIME } from './time.js';

/** What a `ScreenTerminalDriver` is made of. */
export interface ScreenTerminalDriverConfig {
  /** Characters in a row: the width in pixels. That of the terminal by default, or 80. */
  readonly columns?: number;
  /** Rows of characters: half the height in pixels. Those of the terminal by default, or 24. */
  readonly rows?: number;
  /** Pixels per metre, as far as anybody can tell. */
  readonly density?: number;
  /** 30 by default. */
  readonly framesPerSecond?: number;
  /** The computer's time unless a test gives another. */
  readonly time?: TimeSource;
  /** Writes to the terminal; to standard output by default. */
  readonly write?: WriteSome;
}

const FRAMES_PER_SECOND_DEFAULT = 30;
const [COLUMNS_DEFAULT, ROWS_DEFAULT] = [80, 24];

const ENTER = '\x1b[?1049h\x1b[?25l\x1b[2J';
const LEAVE = '\x1b[0m\x1b[?25h\x1b[?1049l';
const HALF_BLOCK = '\u2580';

const colour = (kind: 38 | 48, rgb: number): string => `\x1b[${kind};2;${rgb >> 16};${(rgb >> 8) & 0xff};${rgb & 0xff}m`;

/** What to write to a terminal that shows `before`, or anything, so that it shows `after`. */
export function terminalText({ width, height }: ScreenSize, after: Uint32Array, before?: Uint32Array): string {
  const below = (pixels: Uint32Array, x: number, y: number): number => (y + 1 < height ? (pixels[(y + 1) * width + x] as number) : 0);
  let text = '';
  let [foreground, background] = [-1, -1];
  for (let y = 0; y < height; y += 2) {
    let cursor = -1;
    for (let x = 0; x < width; x++) {
      const [upper, lower] = [after[y * width + x] as number, below(after, x, y)];
      if (before !== undefined && before[y * width + x] === upper && below(before, x, y) === lower) continue;
      if (cursor !== x) text += `\x1b[${y / 2 + 1};${x + 1}H`;
      if (foreground !== upper) text += colour(38, upper);
      if (background !== lower) text += colour(48, lower);
      text += HALF_BLOCK;
      [foreground, background, cursor] = [upper, lower, x + 1];
    }
  }
  return text;
}

/** A device of protocol `screen` in a terminal. */
export class ScreenTerminalDriver implements Device {
  readonly serves = { protocol: 'screen', version: 1 } as const;
  readonly size: Required<ScreenSize>;
  readonly #screen: FrameScreen;
  readonly #write: WriteSome;
  #shown: Uint32Array | undefined;
  /** Whether the terminal's other screen is in use. */
  #entered = false;

  /**
   * The terminal stays as it is until an image is shown. Its size counts now; it does not follow later changes.
   * @throws TypeError or RangeError naming what is out of range
   */
  constructor(config: ScreenTerminalDriverConfig = {}) {
    checkOptions('config', config, ['columns', 'rows', 'density', 'framesPerSecond', 'time', 'write']);
    const {
      columns = process.stdout.columns ?? COLUMNS_DEFAULT,
      rows = process.stdout.rows ?? ROWS_DEFAULT,
      density,
      framesPerSecond = FRAMES_PER_SECOND_DEFAULT,
      time = NODE_TIME,
      write: writeSome = (bytes, done) => write(1, bytes, done),
    } = config;
    checkWhole('columns', columns, 1, 65535);
    checkWhole('rows', rows, 1, 32767);
    checkFunction('write', writeSome);
    this.#write = writeSome;
    this.#screen = new FrameScreen({
      width: columns,
      height: 2 * rows,
      ...(density === undefined ? {} : { density }),
      framesPerSecond,
      time,
      show: (image, _, done) => this.#show(pixelsOf(image), done),
    });
    this.size = this.#screen.size;
  }

  /** Shows the last image, then gives the terminal back. */
  async close(): Promise<void> {
    await this.#screen.close();
    if (!this.#entered) return;
    this.#entered = false;
    await new Promise<void>((resolve) => this.#send(LEAVE, () => resolve()));
  }

  open(client: Client): Session {
    return this.#screen.open(client);
  }

  #show(pixels: Uint32Array, done: (shown: boolean) => void): void {
    const text = `${this.#entered ? '' : ENTER}${terminalText(this.size, pixels, this.#shown)}`;
    this.#entered = true;
    this.#send(text, (error) => {
      // After a failure nobody knows what the terminal shows: all of the next image is drawn.
      this.#shown = error === null ? pixels : undefined;
      done(error === null);
    });
  }

  #send(text: string, done: (error: Error | null) => void): void {
    writeFully(this.#write, new TextEncoder().encode(text), done);
  }
}
