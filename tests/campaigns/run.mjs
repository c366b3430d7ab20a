/**
 * Runs a campaign in plain Node: bundles its TypeScript with esbuild into a temporary file and imports that.
 * Campaigns execute millions of instructions, which a test runner's sandbox would slow down by orders.
 *
 *     node tests/campaigns/run.mjs differential --seed 1 --count 100000
 *     node tests/campaigns/run.mjs malformed-binaries --seed 1 --count 200000
 *     node tests/campaigns/run.mjs mutants --seed 1 --count 200
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const name = process.argv[2] ?? '';
const entry = join(here, `${name}.ts`);
if (!/^[a-z-]+$/.test(name) || !existsSync(entry)) {
  process.stderr.write('usage: node tests/campaigns/run.mjs differential|malformed-binaries|mutants [--seed N] [--count N] ...\n');
  process.exit(2);
}

const { outputFiles } = await build({
  entryPoints: [entry],
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: 'inline',
  logLevel: 'warning',
  external: ['esbuild'],
  // What a bundled CommonJS package needs to reach Node's own modules.
  banner: { js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);" },
  define: { CAMPAIGN_ROOT: JSON.stringify(join(here, '../..')) },
});
const directory = mkdtempSync(join(tmpdir(), 'campaign-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
const file = join(directory, `${name}.mjs`);
writeFileSync(file, outputFiles[0].text);
process.argv.splice(1, 2, entry);
process.setSourceMapsEnabled(true);
await import(pathToFileURL(file).href);
