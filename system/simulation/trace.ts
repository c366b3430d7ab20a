/**
 * The trace: what crossed the links, when and between whom, as a hash that is equal for equal runs and, where asked for, as a list.
 */

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

/** A 64-bit hash of numbers and bytes, in two halves. */
export class Hash {
  #low = 0x2545f491;
  #high = 0x6c8e9cf5;

  /** Adds a whole number. */
  number(value: number): void {
    this.#word(value | 0);
    this.#word(Math.floor(value / 2 ** 32) | 0);
  }
  /** Adds 64 bits. */
  long(value: bigint): void {
    this.number(Number(BigInt.asUintN(32, value)));
    this.number(Number(BigInt.asUintN(32, value >> 32n)));
  }
  /** Adds bytes, and how many there are. */
  bytes(bytes: Uint8Array): void {
    this.number(bytes.length);
    for (let at = 0; at < bytes.length; at++) this.#word(bytes[at] as number);
  }
  /** 16 hexadecimal digits. */
  get digits(): string {
    return [this.#high, this.#low].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
  }

  #word(value: number): void {
    const low = Math.imul(this.#low ^ value, 0x9e3779b1);
    this.#low = low ^ (low >>> 15);
    const high = Math.imul(this.#high ^ value, 0x85ebca77) + this.#low;
    this.#high = high ^ (high >>> 13);
  }
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
