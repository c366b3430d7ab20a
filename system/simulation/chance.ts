/**
 * Chance: everything that a seed decides, apart from the order of equal times.
 *
 * Each question has a stream of numbers of its own, named by what it is about. So leaving out one fault, to see whether it mattered, does
 * not change what is drawn for the others.
 */
import { mix, SplitMix64 } from '../random.js';

/** 64 bits of a text: FNV-1a over its UTF-16 units. */
function hashOf(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (let at = 0; at < text.length; at++) hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(at))) * 0x100000001b3n);
  return hash;
}

/** One question's answers. */
export class Stream {
  readonly #numbers: SplitMix64;

  constructor(seed: bigint) {
    this.#numbers = new SplitMix64(seed);
  }
  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number {
    return least + this.#numbers.below(most - least + 1);
  }
  /** Whether something happens that happens with a probability from 0 to 1. */
  happens(rate: number): boolean {
    return Number(this.#numbers.next() >> 11n) < rate * 2 ** 53;
  }
}

/** What a seed decides. */
export class Chance {
  readonly #seed: bigint;

  constructor(seed: bigint) {
    this.#seed = mix(seed);
  }
  /** The stream of a question. */
  stream(question: string): Stream {
    return new Stream(this.#seed ^ hashOf(question));
  }
}
