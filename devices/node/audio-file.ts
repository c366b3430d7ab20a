/**
 * An audio device that is a WAV file: 16 bits a sample, one channel. Samples are played at their rate, which is how fast a program can write them; where the
 * queue runs empty nothing is written, so silence of gaps is not in the file.
 *
 * The header is written again behind the samples of each write, so that a process that is killed leaves a file that can be played up to there.
 */
import { checkOptions, checkString } from '../../vm/arguments/index.js';
import type { Client, Device, Session } from '../../vm/index.js';
import { type AudioSpecs, clampSample, SampleQueue, type TimeSource } from '../index.js';
import { type FileHost, NODE_FILE_HOST } from './file-host.js';
import { openAnew, writeAll } from './output.js';
import { NODE_TIME } from './time.js';

/** What an `AudioFileDriver` is made of. */
export interface AudioFileDriverConfig extends AudioSpecs {
  /** A file that is there is overwritten. */
  readonly path: string;
  /** The computer's time unless a test gives another. */
  readonly time?: TimeSource;
  /** The operating system, unless a test gives another. */
  readonly host?: FileHost;
}

const HEADER_BYTES = 44;
const SAMPLE_BYTES = 2;
const SAMPLE_MOST = 32767;
/** The sizes in the header are 32 bits. */
const DATA_BYTES_MAX = 0xffffffff - HEADER_BYTES;

function wavHeader(rate: number, dataBytes: number): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  const text = (at: number, word: string): void => bytes.set(new TextEncoder().encode(word), at);
  text(0, 'RIFF');
  view.setUint32(4, HEADER_BYTES - 8 + dataBytes, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  // PCM, one channel.
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * SAMPLE_BYTES, true);
  view.setUint16(32, SAMPLE_BYTES, true);
  view.setUint16(34, 8 * SAMPLE_BYTES, true);
  text(36, 'data');
  view.setUint32(40, dataBytes, true);
  return bytes;
}

/** Samples as 16-bit numbers. */
function pcm(samples: Float32Array): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(SAMPLE_BYTES * samples.length));
  samples.forEach((sample, index) => bytes.setInt16(SAMPLE_BYTES * index, Math.round(SAMPLE_MOST * clampSample(sample)), true));
  return new Uint8Array(bytes.buffer);
}

/** A device of protocol `audio` in a file. */
export class AudioFileDriver implements Device {
  readonly serves = { protocol: 'audio', version: 1 } as const;
  readonly #queue: SampleQueue;
  readonly #host: FileHost;
  readonly #fd: number;
  /** Samples that are not written yet. */
  #waiting: Uint8Array[] = [];
  #writing = false;
  /** Bytes of samples that were taken, and that are in the file. */
  #takenBytes = 0;
  #writtenBytes = 0;
  #failed = false;
  #isOpen = true;
  #idle: (() => void)[] = [];

  /**
   * Makes the file, without samples.
   * @throws TypeError or RangeError naming what is out of range
   * @throws the host's error, with its `code`
   */
  constructor(config: AudioFileDriverConfig) {
    checkOptions('config', config, ['path', 'rate', 'minimum', 'capacity', 'time', 'host']);
    const { path, time = NODE_TIME, host = NODE_FILE_HOST, ...specs } = config;
    checkString('path', path);
    this.#queue = new SampleQueue({ ...specs, time, take: (samples) => this.#take(samples) });
    this.#host = host;
    this.#fd = openAnew(host, path);
    this.#waiting.push(new Uint8Array(0));
    this.#next();
  }

  /** Whether the file could not be written: writes complete with `device_failed`. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Writes what was taken and closes the file. Rejects with the host's error. */
  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (this.#writing) await new Promise<void>((resolve) => this.#idle.push(resolve));
    this.#queue.fail();
    this.#host.close(this.#fd);
  }

  open(client: Client): Session {
    return this.#queue.open(client);
  }

  #take(samples: Float32Array): boolean {
    const bytes = pcm(samples);
    if (this.#failed || !this.#isOpen || this.#takenBytes + bytes.length > DATA_BYTES_MAX) return false;
    this.#takenBytes += bytes.length;
    this.#waiting.push(bytes);
    this.#next();
    return true;
  }

  /** Writes samples, then the header that counts them in. */
  #next(): void {
    if (this.#writing) return;
    const bytes = this.#waiting.shift();
    if (bytes === undefined) {
      for (const resolve of this.#idle.splice(0)) resolve();
      return;
    }
    this.#writing = true;
    const end = (error: Error | null): void => {
      this.#writing = false;
      if (error !== null) {
        this.#failed = true;
        this.#waiting = [];
        this.#queue.fail();
      }
      this.#next();
    };
    const header = (): void => writeAll(this.#host, this.#fd, wavHeader(this.#queue.rate, this.#writtenBytes), 0, end);
    if (bytes.length === 0) return header();
    writeAll(this.#host, this.#fd, bytes, HEADER_BYTES + this.#writtenBytes, (error) => {
      if (error !== null) return end(error);
      this.#writtenBytes += bytes.length;
      header();
    });
  }
}
