/**
 * A channel of messages between threads, where there is no shared memory: slower than rings, the same otherwise.
 */
import type { MessagePort } from 'node:worker_threads';
import type { Channel, Frame } from '../carrier/channel.js';

/** Counts what goes and comes. */
export interface FrameCount {
  /** A frame goes. */
  sent(): void;
  /** A frame has come, and is delivered next. */
  received(): void;
}

/** A channel over a message port, which is then its own. Frames arrive through the event loop. */
export class MessageChannelEnd implements Channel {
  onFrame: (frame: Frame) => void = () => undefined;
  readonly #port: MessagePort;
  readonly #count: FrameCount;

  /** One end. */
  constructor(port: MessagePort, count: FrameCount) {
    this.#port = port;
    this.#count = count;
    port.on('message', (frame: Frame) => {
      count.received();
      this.onFrame(frame);
    });
  }

  send(frame: Frame): void {
    this.#count.sent();
    this.#port.postMessage(frame);
  }

  /** Ends the channel; nothing arrives any more. */
  close(): void {
    this.#port.close();
  }
}
