/**
 * Differential campaign: random verified programs on every engine; see `judge.ts` for what is compared.
 *
 * Case n of a seed is the same program on every host. A difference is shrunk and printed with the command that brings it back.
 */
import { readCommand, runCases } from './command.js';
import { show } from './draft.js';
import { generate } from './generate.js';
import { judge } from './judge.js';
import { Random } from './random.js';
import { shrink } from './shrink.js';

const campaign = readCommand('differential', 100_000);
let failures = 0;
const start = performance.now();
const done = runCases(campaign, (index) => {
  const draft = generate(new Random(campaign.seed, index), { portShare: 0.1 });
  const ways = (): Random => new Random(campaign.seed ^ 0x5bd1e995, index);
  const different = judge(draft, ways());
  if (different === undefined) return true;
  const smallest = shrink(draft, (candidate) => {
    const again = judge(candidate, ways());
    return again !== undefined && again.what !== 'verify' && (again.what === 'exception') === (different.what === 'exception');
  });
  const { what, wanted, found } = judge(smallest, ways()) ?? different;
  process.stdout.write(`\nDIFFERENCE in case ${index}: ${what}\n  wanted ${wanted}\n  found  ${found}\n${show(smallest)}\n`);
  process.stdout.write(`again: node tests/campaigns/run.mjs differential --seed ${campaign.seed} --first ${index} --count 1\n`);
  failures++;
  return failures < 5;
});
const seconds = (performance.now() - start) / 1000;
process.stdout.write(`${done} programs, ${failures} differences, ${seconds.toFixed(1)} s (${Math.round(done / seconds)} a second); seed ${campaign.seed}\n`);
process.exitCode = failures === 0 ? 0 : 1;
