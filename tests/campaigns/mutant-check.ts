/**
 * What every mutant has to survive: the fast tests of the instruction set, the conformance vectors on all engines, and a short differential run.
 *
 * Ends with status 0 if all pass; otherwise with 1, having named what failed.
 */
import '../vm/vectors.test.js';
import '../isa/operators.test.js';
import '../isa/book.test.js';
import '../isa/encoding.test.js';
import '../isa/short-forms.test.js';
import '../isa/operand-ranges.test.js';
import { generate } from './generate.js';
import { runTests } from './jest-in-node.js';
import { judge } from './judge.js';
import { Random } from './random.js';

/** Programs before and after the tests: most wrong engines fail at once. */
const PROGRAMS_BEFORE = 100;
const PROGRAMS = 700;

function differential(from: number, to: number): string | undefined {
  for (let index = from; index < to; index++) {
    const different = judge(generate(new Random(1, index), { portShare: 0.05 }), new Random(2, index));
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
