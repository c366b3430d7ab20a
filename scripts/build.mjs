/**
 * Builds the package into `dist`: `node scripts/build.mjs [--code]`; with `--code` the types are left out, which take longest.
 *
 * The build is made aside and moved file by file, so that whoever runs `dist/cli.cjs` meanwhile finds the tool whole. The files
 * that `cli.cjs` loads have a hash in their names and move before it does; those of the build before stay until a tool that started with it has
 * loaded what it needs. A build that fails changes nothing.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = path.join(ROOT, 'dist');
const TOOL = 'cli.cjs';
/** Milliseconds in which a tool loads its files. */
const LOADING = 1000;

const codeOnly = process.argv.includes('--code');
const isTypes = (file) => /\.d\.c?ts$/.test(file);

/** The files in a folder and below, by their paths from it. */
function filesOf(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)));
}

/** Moves a build to where it is used. @returns the files that belong to no build any more */
function moveIn(made) {
  const files = filesOf(made).sort((left, right) => Number(left === TOOL) - Number(right === TOOL));
  const stale = filesOf(DIST).filter((file) => !files.includes(file) && !(codeOnly && isTypes(file)));
  for (const file of files) {
    mkdirSync(path.dirname(path.join(DIST, file)), { recursive: true });
    renameSync(path.join(made, file), path.join(DIST, file));
  }
  return stale;
}

// Beside `dist`, so that the source maps' relative paths hold and a rename moves.
const made = mkdtempSync(path.join(ROOT, 'dist.new-'));
try {
  const rollup = fileURLToPath(import.meta.resolve('rollup/dist/bin/rollup'));
  const { status } = spawnSync(process.execPath, [rollup, '--config', '--silent'], {
    cwd: ROOT,
    env: { ...process.env, BUILD_FOLDER: made, ...(codeOnly ? { CODE_ONLY: '1' } : {}) },
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
  const stale = status === 0 ? moveIn(made) : [];
  if (stale.length > 0) await setTimeout(LOADING);
  for (const file of stale) rmSync(path.join(DIST, file), { force: true });
} finally {
  rmSync(made, { recursive: true, force: true });
}
