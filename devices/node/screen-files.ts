/**
 * A screen of PNG files: each image that is shown becomes one.
 *
 * Frames are left out while a file is written, so a program that synchronizes goes no faster than the files. A file that could not be written whole is removed.
 */
import { deflate } from 'node:zlib';
import { checkFunction, checkOptions } from '../../vm/arguments/index.js';
import type { Client, Device, Session } from '../../vm/index.js';
import { FrameScreen, type ScreenSize, type TimeSource } from '../index.js';
import { type FileHost, NODE_FILE_HOST } from './file-host.js';
import { openAnew, writeAll } from './output.js';
import { pngFile, pngRows } from './png.js';
import { NODE_TIME } from './time.js';

/** What a `ScreenFilesDriver` is made of. */
export interface ScreenFilesDriverConfig extends ScreenSize {
  /** The file for the image of a frame. A file that is there is overwritten. */
  readonly path: (frame: bigint) => string;
  /** 60 by default. */
  readonly framesPerSecond?: number;
  /** The computer's time unless a test gives another. */
  readonly time?: TimeSource;
  /** The operating system, unless a test gives another. */
  readonly host?: FileHost;
  /** Compresses as zlib does; Node's own by default. */
  readonly compress?: (bytes: Uint8Array, done: (error: Error | null, compressed: Uint8Array) => void) => void;
}

/** A device of protocol `screen` that writes files. */
export class ScreenFilesDriver implements Device {
  readonly serves = { protocol: 'screen', version: 1 } as const;
  readonly size: Required<ScreenSize>;
  readonly #screen: FrameScreen;
  readonly #host: FileHost;
  #fileCount = 0;

  /**
   * No file is written before an image is shown.
   * @throws TypeError or RangeError naming what is out of range
   */
  constructor(config: ScreenFilesDriverConfig) {
    checkOptions('config', config, ['width', 'height', 'density', 'path', 'framesPerSecond', 'time', 'host', 'compress']);
    const { path, time = NODE_TIME, host = NODE_FILE_HOST, compress = deflate, ...size } = config;
    checkFunction('path', path);
    checkFunction('compress', compress);
    this.#host = host;
    this.#screen = new FrameScreen({
      ...size,
      time,
      show: (image, frame, done) => {
        try {
          compress(pngRows(this.size, image), (error, compressed) => {
            if (error !== null) done(false);
            else this.#write(() => path(frame), pngFile(this.size, compressed), done);
          });
        } catch {
          done(false);
        }
      },
    });
    this.size = this.#screen.size;
  }

  /** How many files were written. */
  get fileCount(): number {
    return this.#fileCount;
  }

  /** Writes the last image, then shows nothing any more. */
  close(): Promise<void> {
    return this.#screen.close();
  }

  open(client: Client): Session {
    return this.#screen.open(client);
  }

  #write(path: () => string, bytes: Uint8Array, done: (shown: boolean) => void): void {
    const host = this.#host;
    let [file, fd] = ['', 0];
    try {
      file = path();
      fd = openAnew(host, file);
    } catch {
      return done(false);
    }
    writeAll(host, fd, bytes, 0, (error) => {
      let worked = error === null;
      try {
        host.close(fd);
      } catch {
        // What was written may not be there: the file does not count.
        worked = false;
      }
      if (worked) this.#fileCount++;
      else removeIfPossible(host, file);
      done(worked);
    });
  }
}

function removeIfPossible(host: FileHost, file: string): void {
  try {
    host.remove(file);
  } catch {
    // A part of an image stays behind; that it is none was told.
  }
}
