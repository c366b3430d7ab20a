/**
 * Pseudo-random numbers from a seed, the same on every host: SplitMix64 (Steele, Lea and Flood, 2014).
 *
 * The state is a 64-bit counter that grows by 0x9e3779b97f4a7c15; each output mixes it by two multiplications. Not for secrets.
 */

const WORD = 64;

/** One step of SplitMix64's mixing: a bijection of 64-bit words. */
export function mix(value: bigint): bigint {
  let mixed = BigInt.asUintN(WORD, value);
  mixed = BigInt.asUintN(WORD, (mixed ^ (mixed >> 30n)) * 0xbf58476d1ce4e5b9n);
  mixed = BigInt.asUintN(WORD, (mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn);
  return mixed ^ (mixed >> 31n);
}

/** A stream of numbers. */
export class SplitMix64 {
  #state: bigint;

  /**
   * The stream that belongs to a seed.
   * @param seed any 64 bits
   */
  constructor(seed: bigint) {
    this.#state = BigInt.asUintN(WORD, seed);
  }
  /** The next 64 bits, unsigned. */
  next(): bigint {
    this.#state = BigInt.asUintN(WORD, this.#state + 0x9e3779b97f4a7c15n);
    return mix(this.#state);
  }
  /** A whole number from 0 to `count` - 1: the upper half of the product of the next 64 bits and `count`, at most 2^53. */
  below(count: number): number {
    return Number((this.next() * BigInt(count)) >> 64n);
  }
}
