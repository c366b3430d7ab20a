/**
 * A client of a device, by hand: sends requests, keeps completions in the order in which they came.
 */
import type { Client, Device, Session } from '../../vm/index.js';

/** What a request may leave out. */
export interface Ask {
  readonly operation?: number;
  readonly bytes?: Uint8Array | string;
  readonly replyBytes?: number;
  readonly argument?: bigint;
}

/** A completion, bytes as text. */
export interface Got {
  readonly tag: number;
  readonly status: number;
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly argument: bigint;
}

export class Caller implements Client {
  readonly got: Got[] = [];
  resets = 0;
  readonly session: Session;
  #tag = 0;
  #wake: (() => void) | undefined;

  constructor(device: Device) {
    this.session = device.open(this);
  }
  complete({ tag, status, bytes = new Uint8Array(0), argument = 0n }: Parameters<Client['complete']>[0]): void {
    this.got.push({ tag, status, text: new TextDecoder().decode(bytes), bytes, argument });
    this.#wake?.();
  }
  reset(): void {
    this.resets++;
  }
  /** Sends a request. @returns its tag */
  send({ operation = 1, bytes = '', replyBytes = 0, argument = 0n }: Ask = {}): number {
    const payload = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes;
    this.session.send({ operation, tag: ++this.#tag, bytes: payload, replyBytes, argument: BigInt.asUintN(64, argument) });
    return this.#tag;
  }
  /** The completion of a request, when it is there. */
  async completion(tag: number): Promise<Got> {
    for (;;) {
      const found = this.got.find((each) => each.tag === tag);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
  /** Sends a request and waits for its completion. */
  ask(request: Ask = {}): Promise<Got> {
    return this.completion(this.send(request));
  }
  /** Statuses of all completions so far. */
  get statuses(): number[] {
    return this.got.map(({ status }) => status);
  }
}
