/**
 * A hash that tells whether two runs or states are equal. It is quick and guards against mistakes; against somebody who wants two equal ones it does not.
 */

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
    const { length } = bytes;
    this.number(length);
    const at = (index: number): number => bytes[index] as number;
    let next = 0;
    for (; next + 4 <= length; next += 4) this.#word(at(next) | (at(next + 1) << 8) | (at(next + 2) << 16) | (at(next + 3) << 24));
    for (; next < length; next++) this.#word(at(next));
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
