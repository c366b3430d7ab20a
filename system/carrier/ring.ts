/**
 * A channel in shared memory: one ring of bytes each way, and doorbells that ring only for who sleeps.
 *
 * A ring has one writer and one reader, each with an index of its own that only it moves; a frame counts from when the writer's index
 * passed it. Each shared value is read once and then checked. What has no room waits in the writer's own memory, in order,
 * which the credits of the port bound; what is larger than a quarter of the ring travels in pieces. A ring is in a link,
 * never in a program's memory.
 */
import type { Channel, Frame } from './channel.js';

/** Places of the words of a ring, each on a cache line of its own. */
const PRODUCED = 0;
const CONSUMED = 16;
const WANTS_ROOM = 32;
const WORDS = 48;
const HEADER_BYTES = WORDS * 4;

/** A frame's head: bytes of payload in this piece, kind with `PIECE`, code, tag, reply bytes, session, argument. Frames begin at multiples of it. */
const HEAD_BYTES = 32;
/** Beside the kind: more pieces of the payload follow. */
const PIECE = 0x100;

const RING_BYTES_MIN = 2 ** 12;
const RING_BYTES_MAX = 2 ** 18;

/** Bytes of a ring for a link with that depth and largest message. */
export function ringBytes(depth: number, messageBytes: number): number {
  const wanted = depth * (HEAD_BYTES + messageBytes);
  let bytes = RING_BYTES_MIN;
  while (bytes < wanted && bytes < RING_BYTES_MAX) bytes *= 2;
  return bytes;
}

/** Memory for a ring. @param bytes a power of two from 4096 on */
export function makeRing(bytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(HEADER_BYTES + bytes);
}

/** Whether nothing is in a ring, for who looks on: neither its writer nor its reader. */
export function isRingEmpty(buffer: SharedArrayBuffer): boolean {
  const words = new Int32Array(buffer, 0, WORDS);
  return Atomics.load(words, PRODUCED) === Atomics.load(words, CONSUMED);
}

/** How the other end of a ring is woken, if it sleeps. */
export type Wake = () => void;

/** What a peer did to a ring that it may not do. */
export class RingFault extends Error {
  override readonly name = 'RingFault';
}

class Ring {
  readonly words: Int32Array;
  readonly data: Uint8Array;
  readonly heads: Int32Array;
  readonly arguments: BigUint64Array;
  readonly bytes: number;

  constructor(buffer: SharedArrayBuffer) {
    this.bytes = buffer.byteLength - HEADER_BYTES;
    if (this.bytes < RING_BYTES_MIN || (this.bytes & (this.bytes - 1)) !== 0) throw new RangeError(`buffer: a ring of ${this.bytes} bytes`);
    this.words = new Int32Array(buffer, 0, WORDS);
    this.data = new Uint8Array(buffer, HEADER_BYTES);
    this.heads = new Int32Array(buffer, HEADER_BYTES);
    this.arguments = new BigUint64Array(buffer, HEADER_BYTES);
  }
}

const roundUp = (bytes: number): number => (bytes + HEAD_BYTES - 1) & -HEAD_BYTES;

/** The end of a ring that frames go into. */
export class RingWriter {
  readonly #ring: Ring;
  readonly #wake: Wake;
  #produced: number;
  #consumed: number;
  /** What had no room, and how much of the first one's payload has gone. */
  readonly #waiting: Frame[] = [];
  #sent = 0;

  /** The one writer of a ring. */
  constructor(buffer: SharedArrayBuffer, wake: Wake) {
    this.#ring = new Ring(buffer);
    this.#wake = wake;
    this.#produced = Atomics.load(this.#ring.words, PRODUCED);
    this.#consumed = Atomics.load(this.#ring.words, CONSUMED);
  }

  /** Whether frames wait for room. */
  get isFull(): boolean {
    return this.#waiting.length > 0;
  }

  /** Sends a frame, or keeps it until `flush` finds room. */
  write(frame: Frame): void {
    if (this.#waiting.length > 0 || !this.#put(frame, 0)) this.#waiting.push(frame);
    this.#wake();
  }

  /** Sends what waits, as far as there is room. */
  flush(): void {
    const before = this.#produced;
    for (let frame = this.#waiting[0]; frame !== undefined; frame = this.#waiting[0]) {
      if (!this.#put(frame, this.#sent)) break;
      this.#waiting.shift();
      this.#sent = 0;
    }
    if (this.#produced !== before) this.#wake();
  }

  /** Puts a frame into the ring, its payload from an offset on. @returns false where room ended first; `#sent` tells how far it came */
  #put({ kind, session, code, tag, replyBytes, argument, bytes }: Frame, from: number): boolean {
    const { heads, data } = this.#ring;
    const pieceMax = (this.#ring.bytes >> 2) - HEAD_BYTES;
    let at = from;
    for (;;) {
      const length = Math.min(bytes.length - at, pieceMax);
      const isLast = at + length === bytes.length;
      const size = HEAD_BYTES + roundUp(length);
      if (!this.#hasRoom(size)) {
        this.#sent = at;
        return false;
      }
      const mask = this.#ring.bytes - 1;
      const head = this.#produced & mask;
      const word = head >> 2;
      heads[word] = length;
      heads[word + 1] = isLast ? kind : kind | PIECE;
      heads[word + 2] = code;
      heads[word + 3] = tag;
      heads[word + 4] = replyBytes;
      heads[word + 5] = session;
      this.#ring.arguments[(head >> 3) + 3] = argument;
      const start = (head + HEAD_BYTES) & mask;
      const first = Math.min(length, this.#ring.bytes - start);
      if (length > 0) {
        data.set(first === bytes.length ? bytes : bytes.subarray(at, at + first), start);
        if (first < length) data.set(bytes.subarray(at + first, at + length), 0);
      }
      this.#produced = (this.#produced + size) | 0;
      Atomics.store(this.#ring.words, PRODUCED, this.#produced);
      if (isLast) return true;
      at += length;
    }
  }

  #hasRoom(size: number): boolean {
    const { words, bytes } = this.#ring;
    const left = (): number => bytes - ((this.#produced - this.#consumed) >>> 0);
    if (left() >= size) return true;
    this.#consumed = this.#readConsumed();
    if (left() >= size) return true;
    Atomics.store(words, WANTS_ROOM, 1);
    this.#consumed = this.#readConsumed();
    if (left() < size) return false;
    Atomics.store(words, WANTS_ROOM, 0);
    return true;
  }
  #readConsumed(): number {
    const consumed = Atomics.load(this.#ring.words, CONSUMED);
    const inside = (this.#produced - consumed) >>> 0;
    if (inside > (this.#produced - this.#consumed) >>> 0) throw new RingFault(`the reader's index ${consumed >>> 0} went back, or beyond the writer's`);
    return consumed;
  }
}

/** The end of a ring that frames come out of. */
export class RingReader {
  readonly #ring: Ring;
  readonly #wake: Wake;
  readonly #messageBytesMax: number;
  #consumed: number;
  #pieces: Uint8Array[] = [];
  #piecesBytes = 0;

  /** The one reader of a ring. @param messageBytesMax the largest payload that may come */
  constructor(buffer: SharedArrayBuffer, wake: Wake, messageBytesMax: number) {
    this.#ring = new Ring(buffer);
    this.#wake = wake;
    this.#messageBytesMax = messageBytesMax;
    this.#consumed = Atomics.load(this.#ring.words, CONSUMED);
  }

  /** Whether nothing has arrived. */
  get isEmpty(): boolean {
    return Atomics.load(this.#ring.words, PRODUCED) === this.#consumed;
  }

  /**
   * Takes what has arrived.
   * @returns whether there was anything
   * @throws RingFault where the writer broke the rules; the link is then to be closed
   */
  read(take: (frame: Frame) => void): boolean {
    const { words, heads, data, bytes: ringSize } = this.#ring;
    const produced = Atomics.load(words, PRODUCED);
    if (produced === this.#consumed) return false;
    const arrived = (produced - this.#consumed) >>> 0;
    if (arrived > ringSize || (produced & (HEAD_BYTES - 1)) !== 0) throw new RingFault(`the writer's index ${produced >>> 0} is impossible`);
    const mask = ringSize - 1;
    for (let left = arrived; left > 0; ) {
      const head = this.#consumed & mask;
      const word = head >> 2;
      const length = heads[word] as number;
      const kind = heads[word + 1] as number;
      const size = HEAD_BYTES + roundUp(length);
      if (length < 0 || length > ringSize || size > left) throw new RingFault(`a frame of ${length} bytes where ${left} arrived`);
      if (this.#piecesBytes + length > this.#messageBytesMax) throw new RingFault(`a message of more than ${this.#messageBytesMax} bytes`);
      const code = (heads[word + 2] as number) >>> 0;
      const tag = (heads[word + 3] as number) >>> 0;
      const replyBytes = (heads[word + 4] as number) >>> 0;
      const argument = this.#ring.arguments[(head >> 3) + 3] as bigint;
      const session = (heads[word + 5] as number) >>> 0;
      const start = (head + HEAD_BYTES) & mask;
      let payload = new Uint8Array(length);
      const first = Math.min(length, ringSize - start);
      if (length > 0) {
        payload.set(data.subarray(start, start + first));
        if (first < length) payload.set(data.subarray(0, length - first), first);
      }
      this.#consumed = (this.#consumed + size) | 0;
      left -= size;
      if ((kind & PIECE) !== 0) {
        this.#pieces.push(payload);
        this.#piecesBytes += length;
        if (left === 0 || this.#piecesBytes > ringSize >> 1) this.#release();
        continue;
      }
      if (this.#pieces.length > 0) payload = this.#join(payload);
      if (left === 0) this.#release();
      take({ kind, session, tag, code, replyBytes, argument, bytes: payload });
    }
    this.#release();
    return true;
  }

  /** Gives the room back that has been read. */
  #release(): void {
    const { words } = this.#ring;
    Atomics.store(words, CONSUMED, this.#consumed);
    if (Atomics.load(words, WANTS_ROOM) !== 0 && Atomics.exchange(words, WANTS_ROOM, 0) !== 0) this.#wake();
  }
  #join(last: Uint8Array): Uint8Array<ArrayBuffer> {
    const whole = new Uint8Array(this.#piecesBytes + last.length);
    let at = 0;
    for (const piece of [...this.#pieces, last]) {
      whole.set(piece, at);
      at += piece.length;
    }
    this.#pieces = [];
    this.#piecesBytes = 0;
    return whole;
  }
}

/** A channel of two rings. */
export class RingChannel implements Channel {
  onFrame: (frame: Frame) => void = () => undefined;
  readonly #writer: RingWriter;
  readonly #reader: RingReader;

  /** One end: writes into `out`, reads from `into`, and wakes the other end. */
  constructor({
    out,
    into,
    wake,
    messageBytesMax,
  }: { readonly out: SharedArrayBuffer; readonly into: SharedArrayBuffer; readonly wake: Wake; readonly messageBytesMax: number }) {
    this.#writer = new RingWriter(out, wake);
    this.#reader = new RingReader(into, wake, messageBytesMax);
  }

  /** Whether nothing has arrived. */
  get isIdle(): boolean {
    return this.#reader.isEmpty;
  }
  /** Whether frames wait for room on their way out. */
  get isFull(): boolean {
    return this.#writer.isFull;
  }

  send(frame: Frame): void {
    this.#writer.write(frame);
  }

  /** Delivers what arrived and sends what waited for room. @returns whether anything arrived @throws RingFault where the other end broke the rules */
  pump(): boolean {
    if (this.#writer.isFull) this.#writer.flush();
    return this.#reader.read(this.onFrame);
  }
}
