/**
 * Seeded random numbers for the campaigns: the same seed and stream give the same numbers on every host, so that one
 * printed line brings a failure back.
 *
 * The generator is sfc32 (Chris Doty-Humphrey, PractRand): 128 bits of state of which one word counts, so its period is at
 * least 2^32. State comes from seed and stream, and twelve steps mix it, as its author advises. Every case of a
 * campaign has a stream of its own: case 70,123 can be made without the 70,123 before it.
 */

/** A source of random numbers that depends on nothing but its seed and stream. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** Both arguments are taken modulo 2^32. */
  constructor(
    readonly seed: number,
    readonly stream = 0,
  ) {
    this.#a = seed | 0;
    this.#b = stream | 0;
    this.#c = 0x9e3779b9 | 0;
    for (let step = 0; step < 12; step++) this.i32();
  }

  /** 32 random bits as a signed number. */
  i32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum;
  }

  /** An integer from 0 to `count` - 1; `count` is 1 to 2^32. The bias is below 2^-21 for the counts used here. */
  below(count: number): number {
    return Math.floor(((this.i32() >>> 0) / 0x100000000) * count);
  }

  /** An integer from `least` to `most`, both possible. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** True with that probability. */
  chance(probability: number): boolean {
    return this.i32() >>> 0 < probability * 0x100000000;
  }

  /** One of the items, each as likely. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('nothing to pick from');
    return items[this.below(items.length)] as T;
  }

  /** One of the items, as likely as its weight says. */
  weighted<T>(items: readonly (readonly [number, T])[]): T {
    let rest = ((this.i32() >>> 0) / 0x100000000) * items.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, item] of items) {
      rest -= weight;
      if (rest < 0) return item;
    }
    return (items[items.length - 1] as readonly [number, T])[1];
  }

  /** 64 random bits as a signed bigint. */
  i64(): bigint {
    return (BigInt(this.i32()) << 32n) | BigInt(this.i32() >>> 0);
  }

  /** That many random bytes. */
  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.i32() & 0xff);
  }
}
