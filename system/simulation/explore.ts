/**
 * Exploration: a system under many seeds, and what led to the first failure made smaller.
 *
 * A failure is made smaller by leaving out faults that struck, as many at a time as can be missed, as long as the same thing is violated of the
 * same PU or device; a link's or disk's varying delays count as one fault and shrink to the least.
 */
import type { Deployment } from '../topology.js';
import type { Violation } from './expectations.js';
import { simulate, type SimulationOptions, type SimulationResult } from './simulation.js';

/** Which seeds to try, and what else may be chosen. */
export interface ExplorationOptions extends Omit<SimulationOptions, 'seed' | 'suppressed'> {
  /** The first and the last seed. */
  readonly seeds: readonly [number | bigint, number | bigint];
  /** Told after each seed. */
  readonly onSeed?: (result: SimulationResult) => void;
  /** Most runs to make a failure smaller, 500 by default. */
  readonly shrinkRunsMax?: number;
}

/** A failure. */
export interface Failure {
  readonly seed: bigint;
  /** The run as the seed gives it. */
  readonly result: SimulationResult;
  /** The run with the fewest faults that still fails in the same way. */
  readonly smallest: SimulationResult;
  /** What to suppress to get it. */
  readonly suppressed: ReadonlySet<string>;
}

/** What came of an exploration. */
export interface ExplorationResult {
  /** Seeds that were tried. */
  readonly seedCount: number;
  /** The first failure, if there is one: the exploration stopped there. */
  readonly failure: Failure | undefined;
  /** Faults that struck in all seeds, by kind. */
  readonly faults: Readonly<Record<string, number>>;
}

const SHRINK_RUNS_MAX = 500;

/**
 * Tries seeds until one fails.
 * @throws RangeError if the deployment cannot be simulated, or the last seed is before the first
 */
export function explore(deployment: Deployment, { seeds, onSeed, shrinkRunsMax = SHRINK_RUNS_MAX, ...options }: ExplorationOptions): ExplorationResult {
  const [first, last] = [BigInt(seeds[0]), BigInt(seeds[1])];
  if (last < first) throw new RangeError(`seeds: ${first} to ${last}; the last is before the first`);
  const faults: Record<string, number> = {};
  let seedCount = 0;
  for (let seed = first; seed <= last; seed++) {
    const result = simulate(deployment, { ...options, seed });
    seedCount++;
    for (const { kind } of result.faults) faults[kind] = (faults[kind] ?? 0) + 1;
    onSeed?.(result);
    if (result.kind === 'violated') return { seedCount, faults, failure: shrink(deployment, options, result, shrinkRunsMax) };
  }
  return { seedCount, faults, failure: undefined };
}

/** Leaves out what can be missed. */
export function shrink(deployment: Deployment, options: SimulationOptions, result: SimulationResult, runsMax: number = SHRINK_RUNS_MAX): Failure {
  const { seed } = result;
  const wanted = keyOf(result.violations[0] as Violation);
  let suppressed: ReadonlySet<string> = new Set();
  let smallest = result;
  let runs = 0;
  /** Runs without some more faults. @returns whether it still fails in the same way; then it is the smallest */
  const without = (ids: readonly string[]): boolean => {
    if (runs++ >= runsMax) return false;
    const more = new Set([...suppressed, ...ids]);
    const found = simulate(deployment, { ...options, seed, suppressed: more });
    if (!found.violations.some((violation) => keyOf(violation) === wanted)) return false;
    suppressed = more;
    smallest = found;
    return true;
  };
  const left = (): string[] => smallest.faults.map(({ id }) => id);
  for (let size = left().length; size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < left().length && runs < runsMax; ) {
      if (!without(left().slice(from, from + size))) from += size;
    }
  }
  return { seed, result, smallest, suppressed };
}

function keyOf({ kind, target }: Violation): string {
  return `${kind} ${target}`;
}
