/** The tool's start: the code cache that the build leaves is taken, and is never needed. */
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Folder, TOOL } from './pbs.js';

const folder = new Folder({ 'seven.pbs': 'func main() -> i32 {\n  ret 7\n}\n' });
const copied = path.join(folder.path, 'copy', path.basename(TOOL));
const caches = (): string[] => {
  const place = path.join(path.dirname(copied), 'cli');
  return readdirSync(place)
    .filter((name) => name.endsWith('.cache'))
    .map((name) => path.join(place, name));
};
const run = (): unknown => folder.shell(`'${process.execPath}' '${copied}' run seven.pbs`);

beforeAll(() => {
  cpSync(TOOL, copied);
  cpSync(path.join(path.dirname(TOOL), 'cli'), path.join(path.dirname(copied), 'cli'), { recursive: true });
});
afterAll(() => folder.remove());

describe('the code cache', () => {
  it('is there after a build, and V8 takes it', () => {
    expect(caches().length).toBeGreaterThan(1);
    folder.write(
      'taken.cjs',
      `const { scripts, start } = require(${JSON.stringify(copied)});
       process.on('exit', () => console.log([...scripts.values()].map((script) => script.cachedDataRejected).join()));
       process.argv = [process.execPath, 'pbs', 'run', 'seven.pbs'];
       start();`,
    );
    // One word for each file of the tool that `run` of a source loads: how many there are is the bundler's affair.
    expect(folder.shell(`'${process.execPath}' taken.cjs`)).toEqual({ status: 7, stdout: expect.stringMatching(/^false(,false)+\n$/), stderr: '' });
  });
  it('of a tool that cannot be loaded is no matter: one line says why', () => {
    const place = path.join(path.dirname(copied), 'cli');
    const main = path.join(place, readdirSync(place).find((name) => /^main-.*\.cjs$/.test(name)) as string);
    const text = readFileSync(main);
    rmSync(main);
    const { status, stderr } = folder.shell(`'${process.execPath}' '${copied}' run seven.pbs`);
    writeFileSync(main, text);
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^pbs: cannot start: ENOENT.*\n$/)]);
  });
  it('may be cut off, or not be there', () => {
    for (const file of caches()) writeFileSync(file, readFileSync(file).subarray(0, 1000));
    expect(run()).toEqual({ status: 7, stdout: '', stderr: '' });
    for (const file of caches()) rmSync(file);
    expect(run()).toEqual({ status: 7, stdout: '', stderr: '' });
  });
});
