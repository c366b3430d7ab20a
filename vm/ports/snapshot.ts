/**
 * The ports' part of a snapshot as bytes: a writer, and a reader that trusts nothing.
 *
 * The layout is in isa-spec/ports.md. Counts are checked against the bytes that are left before anything is allocated, and
 * every refusal names the rule that was broken.
 */

/** The version of the layout. */
export const PORTS_SNAPSHOT_VERSION = 1;

/** Why the ports' part of a snapshot was refused. */
export class PortsRefusal extends Error {
  override readonly name = 'PortsRefusal';

  /**
   * @param rule a stable name of the rule that was broken
   * @param offset bytes from the start of the part, up to which it was read
   */
  constructor(
    readonly rule: string,
    readonly offset: number,
    message: string,
  ) {
    super(message);
  }
}

/** Appends numbers and bytes. */
export class PortWriter {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  #add(part: Uint8Array): void {
    this.#parts.push(part);
    this.#length += part.length;
  }
  u32(value: number): void {
    const part = new DataView(new ArrayBuffer(4));
    part.setUint32(0, value, true);
    this.#add(new Uint8Array(part.buffer));
  }
  u64(value: bigint): void {
    const part = new DataView(new ArrayBuffer(8));
    part.setBigUint64(0, value, true);
    this.#add(new Uint8Array(part.buffer));
  }
  /** A length and the bytes. */
  bytes(bytes: Uint8Array): void {
    this.u32(bytes.length);
    this.#add(bytes);
  }
  finish(): Uint8Array {
    const all = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }
}

/** Takes numbers and bytes from an untrusted array. Every method throws `PortsRefusal` when too few bytes are left. */
export class PortReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  /** Refuses unless a condition holds. */
  check(holds: boolean, rule: string, message: string): void {
    if (!holds) throw new PortsRefusal(rule, this.#at, message);
  }
  #take(count: number): number {
    const at = this.#at;
    const left = this.#bytes.length - at;
    this.check(count <= left, 'truncated', `${count} bytes are needed, ${left} are left`);
    this.#at = at + count;
    return at;
  }
  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }
  u64(): bigint {
    return this.#view.getBigUint64(this.#take(8), true);
  }
  /** A count of items that take at least so many bytes each. */
  count(itemBytesMin: number): number {
    const count = this.u32();
    const left = this.#bytes.length - this.#at;
    this.check(count * itemBytesMin <= left, 'truncated', `${count} items are more than ${left} bytes can hold`);
    return count;
  }
  /** A length and the bytes, copied. */
  bytes(): Uint8Array {
    const count = this.u32();
    const at = this.#take(count);
    return this.#bytes.slice(at, at + count);
  }
  /** Refuses bytes that nothing asked for. */
  finish(): void {
    const left = this.#bytes.length - this.#at;
    this.check(left === 0, 'length', `${left} bytes follow where the ports end`);
  }
}
