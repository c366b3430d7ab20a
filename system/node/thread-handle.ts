/**
 * A PU's thread as the host sees it: commands that are answered, rings that lead to devices, words that tell how it stands.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { type MessagePort, Worker } from 'node:worker_threads';
import { Bell, makeBell, waker } from '../carrier/bell.js';
import { RingChannel } from '../carrier/ring.js';
import { PU_STATES, SHARED, type Command, type EngineName, type PuState, type Report, type ThreadData } from './thread-data.js';

/** What became of a command. */
export interface Answer {
  /** Why it was not carried out. */
  readonly refusal: string | undefined;
  readonly fuelUsed: number;
}

const GONE: Answer = { refusal: 'the thread has ended', fuelUsed: 0 };

/** The file that a thread starts with: beside the doors of the package. */
function threadFile(): string {
  return path.join(path.dirname(createRequire(import.meta.url).resolve('infracore/package.json')), 'dist', 'thread.js');
}

/** One PU's thread. */
export class Thread {
  readonly name: string;
  /** Who brings it news rings here; undefined without shared memory. */
  readonly bell: SharedArrayBuffer | undefined;
  /** Where it rings when it has news for the host. */
  readonly hostBell: SharedArrayBuffer | undefined;
  readonly exited: Promise<void>;
  /** Called when a program has ended or has waited for a while. */
  onReport: (report: Extract<Report, { kind: 'idle' | 'ended' }>) => void = () => undefined;
  readonly #worker: Worker;
  readonly #shared = new Int32Array(new SharedArrayBuffer(SHARED.words * 4));
  readonly #wake: () => void;
  readonly #rest: Bell | undefined;
  readonly #rings: RingChannel[] = [];
  #asked = 0;
  #hasExited = false;
  readonly #answers = new Map<number, (answer: Answer) => void>();

  /** Starts a thread without a program. @param onError called where the thread itself breaks, and then ends */
  constructor(name: string, engine: EngineName, sharesMemory: boolean, onError: (error: Error) => void) {
    this.name = name;
    this.bell = sharesMemory ? makeBell() : undefined;
    this.hostBell = sharesMemory ? makeBell() : undefined;
    this.#rest = this.hostBell === undefined ? undefined : new Bell(this.hostBell);
    this.#wake = this.bell === undefined ? () => undefined : waker(this.bell);
    const workerData: ThreadData = { name, engine, bell: this.bell, shared: this.#shared };
    this.#worker = new Worker(threadFile(), { workerData, name });
    this.#worker.on('message', (report: Report) => this.#hear(report));
    this.#worker.on('error', onError);
    this.exited = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        this.#hasExited = true;
        for (const answer of this.#answers.values()) answer(GONE);
        this.#answers.clear();
        resolve();
      });
    });
    this.#rest?.rest(() => false);
  }

  get state(): PuState {
    return PU_STATES[Atomics.load(this.#shared, SHARED.state)] as PuState;
  }
  /** Rises whenever the PU begins to compute. */
  get turns(): number {
    return Atomics.load(this.#shared, SHARED.turns);
  }
  /** Frames that it sent in messages, less those that it received. */
  get balance(): number {
    return Atomics.load(this.#shared, SHARED.sent) - Atomics.load(this.#shared, SHARED.received);
  }

  /** Commands something. @returns when it has taken effect, or the thread has ended */
  command(command: Command, transfer: readonly MessagePort[] = []): Promise<Answer> {
    if (this.#hasExited) return Promise.resolve(GONE);
    const id = ++this.#asked;
    return new Promise((resolve) => {
      this.#answers.set(id, resolve);
      this.#worker.postMessage({ id, command }, [...transfer]);
      Atomics.store(this.#shared, SHARED.command, 1);
      this.#wake();
    });
  }
  /** Ends the thread wherever it is. */
  terminate(): void {
    void this.#worker.terminate();
  }

  /** The host's end of a ring that leads to this thread. */
  ring(out: SharedArrayBuffer, into: SharedArrayBuffer, messageBytesMax: number): RingChannel {
    const channel = new RingChannel({ out, into, wake: this.#wake, messageBytesMax });
    this.#rings.push(channel);
    return channel;
  }

  #hear(report: Report): void {
    if (report.kind === 'ring') {
      do for (const ring of this.#rings) ring.pump();
      while (this.#rest?.rest(() => this.#rings.some(({ isIdle }) => !isIdle)) === false);
    } else if (report.kind === 'done') {
      this.#answers.get(report.id)?.(report);
      this.#answers.delete(report.id);
    } else {
      this.onReport(report);
    }
  }
}
