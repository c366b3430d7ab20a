/**
 * The interpreter's loop stays far below the size from which V8 no longer optimises a function (61,440 bytes of bytecode;
 * beyond it the loop is about thirty times slower), and its labels are numbers.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { generate } from '../../vm/interpreter/generate.js';

it('has less than 58,000 bytes of bytecode', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'infracore-bytecode-'));
  try {
    const outfile = path.join(folder, 'loop.mjs');
    // A `check` without fuel: the loop is compiled, and ends at once.
    const contents = `
      import { CODE } from './vm/interpreter/code.ts';
      import { run } from './vm/interpreter/run.generated.ts';
      CODE[0] = 1;
      run(new DataView(new ArrayBuffer(0)), 0, 0, 0, 0, 0, 0);`;
    await build({ stdin: { contents, resolveDir: process.cwd(), loader: 'ts' }, bundle: true, format: 'esm', platform: 'node', outfile, logLevel: 'error' });
    const printed = execFileSync(process.execPath, ['--print-bytecode', '--print-bytecode-filter=interpretLoop', outfile], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    const lengths = [...printed.matchAll(/Bytecode length: (\d+)/g)].map(([, length]) => Number(length));
    const longest = Math.max(...lengths);
    expect(longest).toBeGreaterThan(20_000);
    expect(longest).toBeLessThan(58_000);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it('has no label that is not a number', () => {
  const labels = [...generate().matchAll(/^ *case (\S+):/gm)].map(([, label]) => label);
  expect(labels.length).toBeGreaterThan(250);
  expect(labels.filter((label) => !/^\d+$/.test(label as string))).toEqual([]);
});
