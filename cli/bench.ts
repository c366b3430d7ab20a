/**
 * `pbs bench`: a program on each engine, side by side: how long it runs, compiling included.
 *
 * Each run is a process of its own, as a user would start it, with the same words and the same input; rounds are interleaved, so that a slow minute of
 * the computer hits all engines. The time is that of the run without the start of the process. All must write the same and end alike.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EXIT, Failure } from './failure.js';
import { nameOf, writeOut } from './files.js';
import { loadProgram } from './load.js';

/** Options of `pbs bench`. */
export interface BenchOptions {
  readonly rounds: number;
}

const ENGINES = ['interpreter', 'jit', 'auto'] as const;
/** Most bytes that a program may write in one run. */
const OUTPUT_BYTES_MAX = 2 ** 28;

interface Ran {
  readonly seconds: number;
  readonly fuel: number;
  readonly status: number | null;
  readonly output: Buffer;
}

const middle = (numbers: readonly number[]): number => [...numbers].sort((left, right) => left - right)[numbers.length >> 1] as number;

/** Measures a program. @returns the exit status. @throws Failure where it cannot be run, or engines disagree */
export async function bench(file: string, values: readonly string[], { rounds }: BenchOptions): Promise<number> {
  if (file === '-') throw new Failure(EXIT.usage, 'pbs bench runs its program many times', 'give it a file; standard input is for the program');
  // What is wrong with the program is said once, not by every run.
  await loadProgram(file);
  const input = process.stdin.isTTY ? Buffer.alloc(0) : readFileSync(0);
  const folder = mkdtempSync(path.join(tmpdir(), 'pbs-bench-'));
  try {
    const report = path.join(folder, 'report.json');
    const runOn = (engine: string): Ran => {
      const words = [process.argv[1] as string, 'run', '--engine', engine, '--report', report, '--', file, ...values];
      const { status, stdout, stderr } = spawnSync(process.execPath, words, { input, maxBuffer: OUTPUT_BYTES_MAX });
      try {
        const { seconds, fuel } = JSON.parse(readFileSync(report, 'utf8')) as { readonly seconds: number; readonly fuel: number };
        return { seconds, fuel, status, output: stdout };
      } catch {
        throw new Failure(status ?? EXIT.internal, `${nameOf(file)} cannot be run on ${engine}: ${stderr.toString().trim()}`);
      }
    };
    const runs = new Map<string, Ran[]>(ENGINES.map((engine) => [engine, []]));
    for (let round = 0; round < rounds; round++) for (const engine of ENGINES) runs.get(engine)?.push(runOn(engine));
    const all = [...runs.values()].flat();
    const first = all[0] as Ran;
    const alike = all.every(({ status, fuel, output }) => status === first.status && fuel === first.fuel && output.equals(first.output));
    if (!alike)
      throw new Failure(
        EXIT.data,
        'the runs differ in what they wrote, in their fuel or in their status',
        'a program that looks at the clock may do so; else please report it',
      );
    const times = ENGINES.map((engine) => ({ engine, seconds: middle((runs.get(engine) as Ran[]).map(({ seconds }) => seconds)) }));
    const slowest = (times[0] as (typeof times)[number]).seconds;
    const lines = times.map(
      ({ engine, seconds }) =>
        `${engine.padEnd(12)}${(1000 * seconds).toFixed(1).padStart(10)} ms${(slowest / seconds).toFixed(2).padStart(8)} times as fast as interpreted`,
    );
    writeOut(
      '-',
      `${nameOf(file)}: ${first.fuel} units of fuel, exit status ${first.status}; the middle of ${rounds} rounds, compiling included\n${lines.join('\n')}\n`,
    );
    return EXIT.ok;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
