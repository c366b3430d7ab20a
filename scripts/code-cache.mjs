/**
 * Leaves V8's code cache beside the tool's files: runs a small program with them and keeps what was compiled. Part of the build:
 * `node scripts/code-cache.mjs dist/cli.cjs`.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const { scripts, start } = createRequire(import.meta.url)(path.resolve(process.argv[2]));
process.argv.splice(2, Number.POSITIVE_INFINITY, 'run', fileURLToPath(new URL('../examples/hello.pbs', import.meta.url)));
process.on('exit', () => {
  for (const [file, script] of scripts) {
    writeFileSync(`${file}.new`, script.createCachedData());
    renameSync(`${file}.new`, `${file}.cache`);
  }
});
start();
