/**
 * Leaves V8's code cache beside the tool's files: runs a small program with them and keeps what was compiled. Part of the build.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const { scripts, start } = createRequire(import.meta.url)('../dist/cli.cjs');
process.argv.splice(2, Number.POSITIVE_INFINITY, 'run', fileURLToPath(new URL('../examples/hello.pbs', import.meta.url)));
process.on('exit', () => {
  for (const [file, script] of scripts) {
    writeFileSync(`${file}.new`, script.createCachedData());
    renameSync(`${file}.new`, `${file}.cache`);
  }
});
start();
