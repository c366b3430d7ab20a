/**
 * Hostile programs at their ports, and hostile peers: random cases of `tests/vm/hostile.ts`, which says what must hold.
 *
 *     node tests/campaigns/run.mjs hostile-rings --seed 1 --count 100000
 */
import { KINDS, runHostile, type Step } from '../vm/hostile.js';
import { readCommand, runCases } from './command.js';
import { Random } from './random.js';

const STEPS_MAX = 200;

const campaign = readCommand('hostile-rings', 20_000);
let failed = false;
const done = runCases(campaign, (index) => {
  const random = new Random(campaign.seed, index);
  const word = (): number => random.i32() >>> 0;
  const steps = Array.from({ length: random.between(1, STEPS_MAX) }, (): Step => [random.below(KINDS), word(), word(), word()]);
  try {
    runHostile(steps);
  } catch (error) {
    failed = true;
    process.stdout.write(`FAILED: case ${index} of seed ${campaign.seed}: ${error instanceof Error ? error.stack : String(error)}\n`);
  }
  return !failed;
});
process.stdout.write(`${done} cases, ${failed ? 'the last one failed' : 'no promise broken'}\n`);
process.exitCode = failed ? 1 : 0;
