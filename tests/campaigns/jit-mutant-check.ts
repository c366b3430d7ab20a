/**
 * What every mutant of the JIT has to survive: random programs under both compiling engines, the JIT's own tests, the conformance vectors on all engines, more random programs.
 *
 * Ends with status 0 if all pass; otherwise with 1, having named what failed.
 */
import '../jit/engine.test.js';
import '../jit/operators.test.js';
import '../jit/wasm.test.js';
import '../vm/vectors.test.js';
import { generate } from './generate.js';
import { runTests } from './jest-in-node.js';
import { ENGINES, judge } from './judge.js';
import { Random } from './random.js';

/** Programs before and after the tests: most wrong compilers fail at once. */
const PROGRAMS_BEFORE = 60;
const PROGRAMS = 400;
const COMPILING = Object.entries(ENGINES).flatMap(([name, engine]) => (name.startsWith('jit') ? [engine] : []));

function differential(from: number, to: number): string | undefined {
  for (let index = from; index < to; index++) {
    const different = judge(generate(new Random(1, index), { portShare: 0.05 }), new Random(2, index), COMPILING);
    if (different !== undefined) return `differential, case ${index}: ${different.what}`;
  }
  return undefined;
}

async function tests(): Promise<string | undefined> {
  const failed = await runTests();
  if (failed === undefined) return undefined;
  return `${failed.name}\n${failed.error instanceof Error ? failed.error.message : String(failed.error)}`;
}

const found = differential(0, PROGRAMS_BEFORE) ?? (await tests()) ?? differential(PROGRAMS_BEFORE, PROGRAMS);
if (found !== undefined) {
  process.stdout.write(`${found}\n`);
  process.exitCode = 1;
}
