/**
 * Malformed images: bytes that are no image, or nearly one. Reading ends in a rejection that names its rule, its section and a place inside the file, or in
 * an image whose encoding is the same bytes. Half of the cases get their last hash right, so that what lies behind it is met.
 */
import { writeSync } from 'node:fs';
import { LIBRARY } from '../../stdlib/index.js';
import { decodeImage, encodeImage, imagesOf, loadSystem, sha256 } from '../../system/index.js';
import { readCommand, runCases } from './command.js';
import { EVERYTHING, PROGRAMS } from './malformed-systems-corpus.js';
import { bitFlips, scatter, truncations } from './mutate-bytes.js';
import { Random } from './random.js';

const campaign = readCommand('malformed-images', 20_000);
const files: Readonly<Record<string, string>> = {
  ...PROGRAMS,
  'main.sys': EVERYTHING.replaceAll('{ entries entries }', '{ entries entries, contents "disk.img" }'),
};
const { topology, diagnostics } = loadSystem('main.sys', { read: (path) => files[path], library: LIBRARY });
if (topology === undefined) throw new Error(`the description is not good: ${diagnostics[0]?.message}`);
const samples = imagesOf(topology, () => new Uint8Array(64)).map(encodeImage);
const HASH_BYTES = 32;

function makeCase(random: Random): Uint8Array {
  const bytes = random.pick(samples);
  const changed = random.weighted<() => Uint8Array>([
    [1, () => truncations(bytes).make(random.below(bytes.length))],
    [1, () => bitFlips(bytes).make(random.below(bytes.length * 8))],
    [6, () => scatter(random, bytes)],
    [0.2, () => random.bytes(random.below(200))],
  ])();
  if (changed.length > 2 * HASH_BYTES && random.chance(0.5))
    changed.set(sha256(changed.subarray(0, changed.length - HASH_BYTES - 8)), changed.length - HASH_BYTES);
  return changed;
}

const counts = new Map<string, number>();
let failures = 0;
const done = runCases(campaign, (index) => {
  const bytes = makeCase(new Random(campaign.seed, index));
  try {
    const found = decodeImage(bytes);
    if ('image' in found) {
      if (Buffer.compare(encodeImage(found.image), bytes) !== 0) throw new Error('accepted bytes are not the encoding of the image');
    } else {
      const { rule, section, offset, message } = found.rejection;
      if (!/^[a-z_]+$/.test(rule) || section.length === 0 || message === '' || !(offset >= 0 && offset <= bytes.length))
        throw new Error(`a rejection without a name or place: ${JSON.stringify(found.rejection)}`);
    }
    const what = 'image' in found ? 'accepted' : found.rejection.rule;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  } catch (error) {
    failures++;
    writeSync(
      1,
      `\nFAILURE in case ${index}: ${(error as Error).stack}\nagain: node tests/campaigns/run.mjs malformed-images --seed ${campaign.seed} --first ${index} --count 1\n`,
    );
  }
  return failures < 5;
});
for (const [what, times] of [...counts].sort()) process.stdout.write(`  ${String(times).padStart(7)} ${what}\n`);
process.stdout.write(`${done} cases, ${failures} failures; seed ${campaign.seed}\n`);
process.exitCode = failures === 0 ? 0 : 1;
