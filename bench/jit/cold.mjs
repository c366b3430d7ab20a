/**
 * Programs of about a second, each run in a process of its own with compiling included, under `auto` and under `jit`; and how long the tool takes for a small
 * program under `auto` and under `interpreter`.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, ROOT } from '../library.mjs';

/** Repetitions of about a second. */
const SECOND = { loops: 1000, sieve: 350, fib: 350, mandel: 550, sha: 15000, rng64: 1500, matmul: 2200 };
const ONCE = fileURLToPath(new URL('once.mjs', import.meta.url));

/** For each program the middle of the ratios of `auto` to `jit`, and the times. */
export function autoToJit(rounds) {
  const rows = Object.entries(SECOND).map(([name, reps]) => ({ name, reps, jit: [], auto: [] }));
  for (let round = 0; round < rounds; round++) {
    for (const row of rows) {
      const lines = ['jit', 'auto'].map((engine) => {
        const { milliseconds, line } = JSON.parse(execFileSync(process.execPath, [ONCE, engine, row.name, String(row.reps)], { encoding: 'utf8' }));
        row[engine].push(milliseconds);
        return line;
      });
      if (lines[0] !== lines[1]) throw new Error(`checksums differ: ${lines.join(', ')}`);
    }
  }
  return rows.map(({ name, reps, jit, auto }) => ({
    name,
    reps,
    jit: median(jit),
    auto: median(auto),
    ratio: median(auto.map((time, round) => time / jit[round])),
  }));
}

/** Milliseconds by which `pbs run hello.pbs` takes longer under `auto` than under `interpreter`: the middle of pairs in changing order. */
export function startDifference(pairs) {
  const tool = path.join(ROOT, 'dist', 'cli.cjs');
  const hello = path.join(ROOT, 'examples', 'hello.pbs');
  const milliseconds = (engine) => {
    const start = process.hrtime.bigint();
    const { status } = spawnSync(process.execPath, [tool, 'run', '--engine', engine, hello]);
    if (status !== 0) throw new Error(`pbs run --engine ${engine} ended with status ${status}`);
    return Number(process.hrtime.bigint() - start) / 1e6;
  };
  milliseconds('auto');
  milliseconds('interpreter');
  const times = Array.from({ length: pairs }, (_, index) => {
    if (index % 2 === 0) {
      const auto = milliseconds('auto');
      return { auto, interpreter: milliseconds('interpreter') };
    }
    const interpreter = milliseconds('interpreter');
    return { auto: milliseconds('auto'), interpreter };
  });
  return {
    auto: median(times.map(({ auto }) => auto)),
    interpreter: median(times.map(({ interpreter }) => interpreter)),
    difference: median(times.map(({ auto, interpreter }) => auto - interpreter)),
  };
}
