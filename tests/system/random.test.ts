/** The numbers that seeds give. */
import { describe, expect, it } from '@jest/globals';
import { SplitMix64 } from '../../system/index.js';

describe('SplitMix64', () => {
  // From the reference implementation by Sebastiano Vigna (2015) with seed 1234567.
  it('gives the published numbers', () => {
    const random = new SplitMix64(1234567n);
    expect(Array.from({ length: 5 }, () => random.next())).toEqual([
      6457827717110365317n,
      3203168211198807973n,
      9817491932198370423n,
      4593380528125082431n,
      16408922859458223821n,
    ]);
  });
  it('stays below', () => {
    const random = new SplitMix64(1n);
    const counts = [0, 0, 0];
    for (let turn = 0; turn < 3000; turn++) (counts[random.below(3)] as number)++;
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(3000);
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
    expect(random.below(1)).toBe(0);
    expect(random.below(2 ** 53)).toBeLessThan(2 ** 53);
  });
});
