/**
 * Everybody at work: the seven programs on each side, warmed up, in interleaved rounds.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { geometricMean, median, PROGRAMS } from '../library.mjs';

/** Repetitions that take the JIT a tenth of a second or two. */
const REPETITIONS = { loops: 160, sieve: 50, fib: 60, mandel: 90, sha: 2400, rng64: 240, matmul: 350 };
export const NAMES = Object.keys(REPETITIONS);
const WARM_UP = 12;

/** The checksums of one repetition, as the C programs gave them once. */
function expectedLines() {
  const rows = readFileSync(path.join(PROGRAMS, 'EXPECTED.txt'), 'utf8').trim().split('\n');
  return new Map(rows.map((row) => row.replace(/^.*1 rep: /, '')).map((line) => [line.split(' ')[0], line]));
}

const repsOf = ({ share = 1 }, name) => Math.max(1, Math.round(REPETITIONS[name] * (typeof share === 'number' ? share : (share[name] ?? 1))));

/**
 * Times all sides.
 * @returns for each program and side the milliseconds of one repetition, one for each round
 */
export function timeAll(sides, rounds) {
  const expected = expectedLines();
  for (const name of NAMES) {
    for (const side of sides) {
      const line = side.run(name, 1);
      if (line !== expected.get(name)) throw new Error(`${side.name} prints "${line}", not "${expected.get(name)}"`);
      if (side.isProcess) continue;
      for (let turn = 0; turn < WARM_UP; turn++) side.run(name, Math.max(1, repsOf(side, name) >> 3));
    }
  }
  console.log(`all checksums of one repetition agree: ${sides.map(({ name }) => name).join(', ')}`);
  const times = Object.fromEntries(NAMES.map((name) => [name, Object.fromEntries(sides.map((side) => [side.name, []]))]));
  for (let round = 1; round <= rounds; round++) {
    for (const name of NAMES) {
      const lines = new Map();
      for (const side of sides) {
        const reps = repsOf(side, name);
        const start = process.hrtime.bigint();
        const line = side.run(name, reps);
        times[name][side.name].push(Number(process.hrtime.bigint() - start) / 1e6 / reps);
        if ((lines.get(reps) ?? line) !== line) throw new Error(`${side.name} prints "${line}", another "${lines.get(reps)}"`);
        lines.set(reps, line);
      }
    }
    console.log(`round ${round} of ${rounds}`);
  }
  return times;
}

/** One side's time as a part of another's: for each program the middle of the rounds' ratios, and their geometric means with and without `fib`. */
export function ratios(times, side, other) {
  if (times[NAMES[0]][side] === undefined || times[NAMES[0]][other] === undefined) return undefined;
  const each = Object.fromEntries(NAMES.map((name) => [name, median(times[name][side].map((time, round) => time / times[name][other][round]))]));
  const without = NAMES.filter((name) => name !== 'fib').map((name) => each[name]);
  return {
    each,
    mean: geometricMean(Object.values(each)),
    withoutFib: geometricMean(without),
    most: Math.max(...Object.values(each)),
    mostWithoutFib: Math.max(...without),
  };
}
