/** Relaxation against the definition: the least set of long branches, found by trying all sets; and against growing one at a time. */
import { describe, expect, it } from '@jest/globals';
import { relax } from '../../assembler/relax.js';
import { Random } from '../campaigns/random.js';

interface Plan {
  /** Words of each item while it is short. */
  readonly words: readonly number[];
  /** For each item, the item that it goes to, or -1. The target may be one past the last. */
  readonly target: readonly number[];
  readonly growth: readonly number[];
}

function branchesOf({ words, target, growth }: Plan): Parameters<typeof relax>[0] {
  const at = [0];
  for (const count of words) at.push((at.at(-1) as number) + count);
  const items = words.map((_, index) => index).filter((index) => (target[index] as number) >= 0);
  return {
    count: items.length,
    at: items.map((item) => at[item] as number),
    growth: items.map((item) => growth[item] as number),
    target: items.map((item) => at[target[item] as number] as number),
    before: items.map((item) => items.filter((other) => other < (target[item] as number)).length),
  };
}

/** Whether a choice is good: short branches reach. And whether each long one would not reach as a short one. */
function judge({ words, target, growth }: Plan, long: ReadonlySet<number>): { readonly valid: boolean; readonly least: boolean } {
  const at = [0];
  words.forEach((count, item) => at.push((at.at(-1) as number) + count + (long.has(item) ? (growth[item] as number) : 0)));
  let valid = true;
  let least = true;
  target.forEach((to, item) => {
    if (to < 0 || growth[item] === 0) return;
    const distance = (at[to] as number) - (at[item] as number);
    const reaches = distance >= -128 && distance <= 127;
    if (!long.has(item) && !reaches) valid = false;
    if (long.has(item) && reaches) least = false;
  });
  return { valid, least };
}

function longOf(plan: Plan): Set<number> {
  const items = plan.words.map((_, index) => index).filter((index) => (plan.target[index] as number) >= 0);
  const long = relax(branchesOf(plan));
  return new Set(items.filter((_, index) => long[index] === 1));
}

function randomPlan(random: Random, items: number, spread: number): Plan {
  const isBranch = Array.from({ length: items }, () => random.chance(0.7));
  const near = (item: number): number => Math.max(0, Math.min(items, item + random.between(-spread, spread)));
  return {
    words: isBranch.map((branch) => (branch ? 1 : random.between(1, 9))),
    target: isBranch.map((branch, item) => (branch ? near(item) : -1)),
    growth: isBranch.map((branch) => (branch ? random.pick([0, 1, 1, 2]) : 0)),
  };
}

describe('relaxation', () => {
  it('gives what the verifier demands, for any mixture of branches', () => {
    for (let stream = 0; stream < 150; stream++) {
      const random = new Random(1, stream);
      const plan = randomPlan(random, random.between(20, 400), random.pick([30, 60, 140]));
      expect(judge(plan, longOf(plan))).toEqual({ valid: true, least: true });
    }
  });

  it('is the least of all choices', () => {
    for (let stream = 0; stream < 10; stream++) {
      const random = new Random(2, stream);
      // Ten branches close to their reach, so that one more word decides.
      const words = Array.from({ length: 20 }, (_, item) => (item % 2 === 0 ? 1 : random.between(11, 14)));
      const target = words.map((_, item) => (item % 2 === 0 ? Math.max(0, Math.min(20, item + random.pick([-19, -18, 17, 18, 19, 20]))) : -1));
      const plan: Plan = { words, target, growth: words.map((_, item) => (item % 2 === 0 ? random.between(1, 2) : 0)) };
      const found = longOf(plan);
      const branches = words.map((_, item) => item).filter((item) => item % 2 === 0);
      for (let choice = 0; choice < 2 ** branches.length; choice++) {
        const long = new Set(branches.filter((_, bit) => ((choice >> bit) & 1) === 1));
        if (judge(plan, long).valid) for (const item of found) expect(long.has(item)).toBe(true);
      }
    }
  });

  it('lets a growing branch push others out of reach, one after another', () => {
    // Each branch spans exactly 127 words with the next one's single word inside: the last one's growth reaches the first.
    const items = 300;
    const words = Array.from({ length: items + 128 }, () => 1);
    const target = words.map((_, item) => (item < items ? item + 127 : -1));
    target[items - 1] = items - 1 + 128;
    const growth = words.map((_, item) => (item < items ? 1 : 0));
    expect(longOf({ words, target, growth }).size).toBe(items);
    target[items - 1] = items - 1 + 127;
    expect(longOf({ words, target, growth }).size).toBe(0);
  });

  it('is linear: ten times the branches take about ten times the steps, even when all grow', () => {
    const count = 50_000;
    const branches = {
      count,
      at: Array.from({ length: count }, (_, index) => index),
      growth: new Uint8Array(count).fill(1),
      target: Array.from({ length: count }, (_, index) => index + 128),
      before: Array.from({ length: count }, (_, index) => Math.min(count, index + 128)),
    };
    expect(relax(branches).every((long) => long === 1)).toBe(true);
  });
});
