/**
 * Runs the examples as users do: the built tool in a process of its own, standard input from a file or a pipe.
 *
 * Beside it, what the Unix tools print, worked out anew in JavaScript; where GNU's own tools are installed they are asked too.
 */
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const TOOL = path.resolve('dist/cli.cjs');
const LIMIT = 2 ** 28;

/** A folder of its own for the files of a test file; `remove` deletes it. */
export class Scratch {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'examples-'));

  file(name: string, bytes: Uint8Array | string): string {
    const file = path.join(this.folder, name);
    writeFileSync(file, bytes);
    return file;
  }
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Runs a command with a file as standard input. */
export function withFile(file: string, command: string, ...values: string[]): SpawnSyncReturns<Buffer> {
  const input = openSync(file, 'r');
  try {
    return spawnSync(command, values, { stdio: [input, 'pipe', 'pipe'], maxBuffer: LIMIT, env: { ...process.env, LC_ALL: 'C' } });
  } finally {
    closeSync(input);
  }
}

/** Runs a command with bytes through a pipe as standard input. */
export function withPipe(input: Uint8Array, command: string, ...values: string[]): SpawnSyncReturns<Buffer> {
  return spawnSync(command, values, { input, maxBuffer: LIMIT, env: { ...process.env, LC_ALL: 'C' } });
}

/** The words that run a program. */
export const program = (file: string, ...values: string[]): [string, ...string[]] => [process.execPath, TOOL, 'run', file, ...values];
/** The words that run an example. */
export const example = (name: string, ...values: string[]): [string, ...string[]] => program(`examples/${name}.pbs`, ...values);

/** Whether the GNU tools are there to be asked. */
export const HAS_GNU = ['wc', 'sort', 'sha256sum'].every((tool) => spawnSync(tool, ['--version'], { encoding: 'utf8' }).stdout?.includes('GNU coreutils'));

const isBlank = (byte: number): boolean => byte === 32 || (byte >= 9 && byte <= 13);

/** What `wc` counts in the C locale: lines, words, bytes. A word begins at a printable byte and ends at a blank. */
export function counts(bytes: Uint8Array): [number, number, number] {
  let [lines, words, inside] = [0, 0, false];
  for (const byte of bytes) {
    if (byte === 10) lines++;
    if (isBlank(byte)) inside = false;
    else if (byte > 32 && byte < 127 && !inside) {
      inside = true;
      words++;
    }
  }
  return [lines, words, bytes.length];
}

/** What `wc` prints: columns as wide as the size of a file needs, 7 for a pipe. */
export function wcText(bytes: Uint8Array, isFile: boolean): string {
  const width = isFile ? String(bytes.length).length : 7;
  return `${counts(bytes)
    .map((count) => String(count).padStart(width))
    .join(' ')}\n`;
}

/** What `LC_ALL=C sort` prints. */
export function sortText(bytes: Uint8Array): Buffer {
  const lines: Buffer[] = [];
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < all.length; ) {
    const end = all.indexOf(10, at);
    lines.push(all.subarray(at, end < 0 ? all.length : end));
    at = end < 0 ? all.length : end + 1;
  }
  const feed = Buffer.from('\n');
  return Buffer.concat(lines.sort(Buffer.compare).flatMap((line) => [line, feed]));
}

/** The digest alone and a line end. */
export const shaText = (bytes: Uint8Array): string => `${createHash('sha256').update(bytes).digest('hex')}\n`;
