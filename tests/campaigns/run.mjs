/**
 * Runs a campaign in plain Node: bundles its TypeScript and imports the bundle.
 * Campaigns execute millions of instructions, which a test runner's sandbox would slow down by orders.
 *
 *     node tests/campaigns/run.mjs differential --seed 1 --count 100000
 *     node tests/campaigns/run.mjs malformed-binaries --seed 1 --count 200000
 *     node tests/campaigns/run.mjs mutants --seed 1 --count 200
 *     node tests/campaigns/run.mjs hostile-rings --seed 1 --count 20000
 *     node tests/campaigns/run.mjs simulations --seed 1 --count 1000
 */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle, bundleFolder, ROOT } from './bundle.mjs';

const name = process.argv[2] ?? '';
const entry = `tests/campaigns/${name}.ts`;
if (!/^[a-z-]+$/.test(name) || !existsSync(join(ROOT, entry))) {
  process.stderr.write(
    'usage: node tests/campaigns/run.mjs differential|malformed-binaries|mutants|hostile-rings|limits|simulations|malformed-recordings|malformed-systems|malformed-images [--seed N] [--count N] ...\n',
  );
  process.exit(2);
}
const file = join(bundleFolder(), `${name}-${process.pid}.mjs`);
process.on('exit', () => rmSync(file, { force: true }));
writeFileSync(file, await bundle(entry));
process.argv.splice(1, 2, file);
process.setSourceMapsEnabled(true);
await import(pathToFileURL(file).href);
