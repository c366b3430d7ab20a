/**
 * The README's listings do what it says: its programs are saved under the names in their first lines, its console sessions are
 * typed and must print what stands there. Needs the build, which `npm test` makes.
 */
import { copyFileSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Folder } from '../cli/pbs.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
const README = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
const BLOCKS = [...README.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, kind, text]) => ({ kind: kind as string, text: text as string }));

const folder = new Folder();
afterAll(() => folder.remove());
folder.shell('mkdir node_modules');
symlinkSync(ROOT, path.join(folder.path, 'node_modules/infracore'));
for (const name of ['client.pbs', 'server.pbs']) copyFileSync(path.join(ROOT, 'examples/systems/echo', name), path.join(folder.path, name));

describe('the README', () => {
  it('has listings of known kinds only', () => {
    expect(new Set(BLOCKS.map(({ kind }) => kind))).toEqual(new Set(['sh', 'pbs', 'sys', 'console', 'js']));
  });

  for (const { kind, text } of BLOCKS) {
    if (kind === 'pbs' || kind === 'sys' || kind === 'js') {
      const name = /^(?:;|\/\/) (\S+)/.exec(text)?.[1] as string;
      it(`saves ${name}`, () => folder.write(name, text));
    }
    if (kind === 'console') {
      for (const session of text.split(/^(?=\$ )/m)) {
        const [command, ...printed] = session.slice(2).split('\n');
        it(`types ${command}`, () => {
          const { stdout, stderr } = folder.shell(command as string);
          expect(stdout + stderr).toBe(printed.join('\n'));
        });
      }
    }
    if (kind === 'sh') {
      it('names scripts that exist', () => {
        const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
        for (const [, script] of text.matchAll(/npm (?:run )?(start|test|\w+(?=$))/gm))
          if (script !== 'ci') expect([script, scripts[script as string] !== undefined]).toEqual([script, true]);
      });
    }
  }

  it('links to files that exist', () => {
    const links = [...README.matchAll(/\]\((?!#|https?:)([^)]+)\)/g)].map(([, link]) => link as string);
    const { stdout } = folder.shell(links.map((link) => `test -e '${path.join(ROOT, link)}' || echo '${link}'`).join('\n'));
    expect(stdout).toBe('');
  });
});
