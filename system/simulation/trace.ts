/**
 * The trace: what crossed the links, when and between whom, as a hash that is equal for equal runs and, where asked for, as a list.
 */

import { Hash } from '../hash.js';

/** What a message on a link does. */
export const MESSAGE_KINDS = ['open', 'send', 'cancel', 'close', 'complete', 'reset'] as const;
/** What a message on a link does: the first four go to the server, the last two to the client. */
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** One message on a link. */
export interface TraceMessage {
  /** Full name of the link's client port. */
  readonly link: string;
  readonly kind: MessageKind;
  /** Nanoseconds since the beginning at which it was sent. */
  readonly sent: number;
  /** When it arrives; undefined if it was lost, or who sent it or was to get it crashed. */
  arrives: number | undefined;
  /** The request's number within its session; 0 where it is about the session. */
  readonly tag: number;
  /** The protocol's operation of a `send`, the status of a `complete`, else 0. */
  readonly code: number;
  readonly bytes: number;
}

/** Keeps the trace of a run. */
export class Trace {
  readonly #hash = new Hash();
  readonly #messages: TraceMessage[] | undefined;
  #count = 0;

  /** @param keeps whether the messages are kept beside the hash */
  constructor(keeps: boolean) {
    this.#messages = keeps ? [] : undefined;
  }
  /** Messages that were sent. */
  get count(): number {
    return this.#count;
  }
  /** All of them, if they are kept. */
  get messages(): readonly TraceMessage[] {
    return this.#messages ?? [];
  }
  /** 16 hexadecimal digits. */
  get digits(): string {
    return this.#hash.digits;
  }

  /** Notes a message. @param link number of the link */
  message(link: number, message: TraceMessage, payload: Uint8Array, argument: bigint): void {
    this.#count++;
    this.#messages?.push(message);
    const hash = this.#hash;
    hash.number(link * MESSAGE_KINDS.length + MESSAGE_KINDS.indexOf(message.kind));
    hash.number(message.sent);
    hash.number(message.arrives ?? -1);
    hash.number(message.tag);
    hash.number(message.code);
    hash.long(argument);
    hash.bytes(payload);
  }
  /** Notes how something went on: whose number, what happened to it, when. */
  note(who: number, what: number, time: number): void {
    this.#hash.number(who);
    this.#hash.number(what);
    this.#hash.number(time);
  }
}
