/**
 * Differential campaign: random verified programs on every engine; see `judge.ts` for what is compared.
 *
 * Case n of a seed is the same program on every host. `--engine NAME` runs every program on that engine beside the reference; without it all run
 * on the interpreter and a few on the compiling engines, which need far longer. A difference is shrunk and printed with the command that brings it back.
 */
import { readCommand, runCases } from './command.js';
import { type Draft, show } from './draft.js';
import { generate } from './generate.js';
import { type Difference, ENGINES, judge, someEngines } from './judge.js';
import { Random } from './random.js';
import { shrink } from './shrink.js';

const campaign = readCommand('differential', 100_000);
const named = campaign.engine === undefined ? undefined : ENGINES[campaign.engine];
if (campaign.engine !== undefined && named === undefined) {
  process.stderr.write(`--engine ${campaign.engine} is none of ${Object.keys(ENGINES).join(', ')}\n`);
  process.exit(2);
}
const again = campaign.engine === undefined ? '' : ` --engine ${campaign.engine}`;
let failures = 0;
const start = performance.now();
const done = runCases(campaign, (index) => {
  const draft = generate(new Random(campaign.seed, index), { portShare: 0.1 });
  const judgeAlike = (candidate: Draft): Difference | undefined => {
    const random = new Random(campaign.seed ^ 0x5bd1e995, index);
    const drawn = someEngines(random);
    return judge(candidate, random, named === undefined ? drawn : [named]);
  };
  const different = judgeAlike(draft);
  if (different === undefined) return true;
  const smallest = shrink(draft, (candidate) => {
    const still = judgeAlike(candidate);
    return still !== undefined && still.what !== 'verify' && (still.what === 'exception') === (different.what === 'exception');
  });
  const { what, wanted, found } = judgeAlike(smallest) ?? different;
  process.stdout.write(`\nDIFFERENCE in case ${index}: ${what}\n  wanted ${wanted}\n  found  ${found}\n${show(smallest)}\n`);
  process.stdout.write(`again: node tests/campaigns/run.mjs differential --seed ${campaign.seed} --first ${index} --count 1${again}\n`);
  failures++;
  return failures < 5;
});
const seconds = (performance.now() - start) / 1000;
process.stdout.write(`${done} programs, ${failures} differences, ${seconds.toFixed(1)} s (${Math.round(done / seconds)} a second); seed ${campaign.seed}\n`);
process.exitCode = failures === 0 ? 0 : 1;
