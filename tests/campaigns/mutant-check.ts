/**
 * What every mutant has to survive: the fast tests of the instruction set, the conformance vectors on all engines, and a short differential run.
 *
 * Ends with status 0 if all pass; otherwise with 1, having named what failed.
 */
import '../isa/book.test.js';
import '../isa/encoding.test.js';
import '../isa/binary.test.js';
import '../isa/operators.test.js';
import { generate } from './generate.js';
import { runTests } from './jest-in-node.js';
import { judge } from './judge.js';
import { Random } from './random.js';

const PROGRAMS = 600;

function differential(): string | undefined {
  for (let index = 0; index < PROGRAMS; index++) {
    const different = judge(generate(new Random(1, index), { portShare: 0.05 }), new Random(2, index));
    if (different !== undefined) return `differential, case ${index}: ${different.what}`;
  }
  return undefined;
}

const failed = await runTests();
const found = failed === undefined ? differential() : failed.name;
if (found !== undefined) {
  process.stdout.write(`${found}\n`);
  process.exitCode = 1;
}
