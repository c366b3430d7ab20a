/**
 * Files of systems as bytes: a writer, and a reader that trusts nothing. Recordings and snapshots of simulations are made of this.
 *
 * Eight bytes come first, magic and version. Then numbers take one byte for each 7 bits, the lowest first; bytes and texts have their length in
 * front. Every count is checked against the bytes that are left before anything is made of it.
 */

/** Why a file was refused. */
export interface FileRejection {
  /** A stable name of the rule that was broken. */
  readonly rule: string;
  readonly message: string;
  /** Bytes from the beginning. */
  readonly offset: number;
}

const HEAD_BYTES = 8;

class Refusal extends Error {
  constructor(readonly rejection: FileRejection) {
    super(rejection.message);
  }
}

/** What a reader threw, as a value. @throws what is no refusal */
export function refusalOf(error: unknown): FileRejection {
  if (error instanceof Refusal) return error.rejection;
  throw error;
}

/** Bytes that grow. */
export class Writer {
  #bytes = new Uint8Array(256);
  #length = 0;

  #room(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
  /** The first eight bytes of a file. */
  head(magic: number, version: number): void {
    this.#room(HEAD_BYTES);
    const view = new DataView(this.#bytes.buffer);
    view.setUint32(0, magic, true);
    view.setUint32(4, version, true);
    this.#length = HEAD_BYTES;
  }
  /** A whole number from 0. */
  number(value: number): void {
    this.#room(8);
    let left = value;
    while (left >= 128) {
      this.#bytes[this.#length++] = (left % 128) | 128;
      left = Math.floor(left / 128);
    }
    this.#bytes[this.#length++] = left;
  }
  /** 64 bits. */
  long(value: bigint): void {
    if (value === 0n) {
      this.number(0);
      return this.number(0);
    }
    const whole = BigInt.asUintN(64, value);
    this.number(Number(whole & 0xffffffffn));
    this.number(Number(whole >> 32n));
  }
  /** A length and so many bytes. */
  bytes(bytes: Uint8Array): void {
    this.number(bytes.length);
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }
  /** A text as UTF-8. */
  text(text: string): void {
    this.bytes(new TextEncoder().encode(text));
  }
  /** All of it. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }
}

/** Takes what a `Writer` wrote, from bytes that nobody vouches for. */
export class Reader {
  #at = 0;
  readonly #end: number;

  /** @param what the kind of file, with which the names of its rules begin */
  constructor(
    readonly what: string,
    readonly file: Uint8Array,
    from = 0,
    end = file.length,
  ) {
    this.#at = from;
    this.#end = end;
  }
  /** Takes the first eight bytes. */
  head(magic: number, version: number, otherwise: string): void {
    this.check(this.file.length >= HEAD_BYTES, 'truncated', `${this.file.length} bytes; there are at least ${HEAD_BYTES}`);
    const view = new DataView(this.file.buffer, this.file.byteOffset, this.file.byteLength);
    this.check(view.getUint32(0, true) === magic, 'magic', otherwise);
    this.check(view.getUint32(4, true) === version, 'version', `version ${view.getUint32(4, true)}; this reader knows version ${version}`);
    this.#at = HEAD_BYTES;
  }
  /** Refuses. */
  refuse(rule: string, message: string): never {
    throw new Refusal({ rule: `${this.what}_${rule}`, message, offset: this.#at });
  }
  /** Refuses unless a condition holds. */
  check(holds: boolean, rule: string, message: string): void {
    if (!holds) this.refuse(rule, message);
  }
  /** A whole number. */
  number(most: number = Number.MAX_SAFE_INTEGER): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.file[this.#at];
      if (byte === undefined || this.#at >= this.#end) return this.refuse('truncated', 'a number goes on beyond the end');
      this.#at++;
      value += (byte & 127) * scale;
      if (!Number.isSafeInteger(value) || value > most) return this.refuse('number', `${value} is too large; at most ${most} is possible here`);
      if (byte < 128) {
        // One way to write each number, so that equal recordings are equal files.
        if (byte === 0 && scale > 1) return this.refuse('number', 'a number has zeros in front');
        return value;
      }
    }
  }
  /** 64 bits. */
  long(): bigint {
    const low = BigInt(this.number(0xffffffff));
    return low | (BigInt(this.number(0xffffffff)) << 32n);
  }
  /** A count of things that take at least one byte each. */
  count(): number {
    const count = this.number();
    this.check(count <= this.#end - this.#at, 'truncated', `${count} items are more than ${this.#end - this.#at} bytes can hold`);
    return count;
  }
  /** A part that is read by its own reader. */
  part(): Reader {
    const length = this.count();
    const from = this.#at;
    this.#at += length;
    return new Reader(this.what, this.file, from, this.#at);
  }
  /** A length and so many bytes, copied. */
  bytes(): Uint8Array {
    const length = this.count();
    this.#at += length;
    return new Uint8Array(this.file.subarray(this.#at - length, this.#at));
  }
  /** A text as UTF-8. */
  text(): string {
    const bytes = this.bytes();
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return this.refuse('text', 'a text is not UTF-8');
    }
  }
  /** Refuses bytes that nothing asked for. */
  finish(): void {
    this.check(this.#at === this.#end, 'length', `${this.#end - this.#at} bytes follow where a part ends`);
  }
}
