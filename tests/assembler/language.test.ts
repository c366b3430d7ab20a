/**
 * The reference of the language says what is so: its programs assemble, its fragments emit what stands below them, and its
 * table of diagnostics has every code that the assembler knows.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DIAGNOSTICS, disassemble } from '../../assembler/index.js';
import { LIBRARY } from '../../stdlib/index.js';
import { programOf } from './helpers.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
const TEXT = readFileSync(path.join(ROOT, 'docs/language.md'), 'utf8');
const BLOCKS = [...TEXT.matchAll(/^```([\w ]*)\n([\s\S]*?)^```$/gm)].map((match, index) => ({
  kind: match[1] as string,
  text: match[2] as string,
  index,
  line: TEXT.slice(0, match.index).split('\n').length,
}));

/** Where fragments stand in the program around them. */
const PLACE = '    ; the fragment\n';
const FRAME = BLOCKS.find(({ text }) => text.includes(PLACE))?.text as string;

/** What a fragment emits, as the reference shows it. */
function emitted(fragment: string): string {
  const lines = disassemble(programOf(FRAME.replace(PLACE, () => fragment))).split('\n');
  const start = lines.findIndex((line) => line.startsWith('export func fragment('));
  const body = lines.slice(start + 1, lines.indexOf('}', start)).filter((line) => !line.startsWith('    local '));
  const entry = body.indexOf('    check');
  return body
    .filter((_, index) => index !== entry)
    .slice(0, -1)
    .map((line) => `${line}\n`)
    .join('');
}

describe('the reference of the language', () => {
  it('has listings of known kinds only', () => {
    expect(new Set(BLOCKS.map(({ kind }) => kind))).toEqual(new Set(['pbs', 'pbs body', 'emits', 'ebnf']));
  });

  for (const { kind, text, index, line } of BLOCKS) {
    if (kind === 'pbs') it(`has a program in line ${line} that assembles`, () => expect(programOf(text, { library: LIBRARY }).functions).not.toHaveLength(0));
    if (kind !== 'pbs body') continue;
    it(`shows what the fragment in line ${line} emits`, () => {
      const next = BLOCKS[index + 1];
      const shown = next?.kind === 'emits' ? next.text : undefined;
      expect(shown).toBe(emitted(text));
    });
  }

  it('lists every diagnostic, and no other', () => {
    const section = TEXT.slice(TEXT.indexOf('\n## Diagnostics'), TEXT.indexOf('\n## Grammar'));
    const listed = [...section.matchAll(/^\| `(\w+)` \| (.*) \|$/gm)].map(([, code, meaning]) => [code, meaning]);
    expect(listed).toEqual(Object.entries(DIAGNOSTICS));
  });

  it('lists diagnostics that are reported somewhere', () => {
    const folder = path.join(ROOT, 'assembler');
    const sources = readdirSync(folder).filter((file) => file.endsWith('.ts'));
    const source = sources.map((file) => readFileSync(path.join(folder, file), 'utf8')).join('\n');
    expect(Object.keys(DIAGNOSTICS).filter((code) => !source.includes(`'${code}'`))).toEqual([]);
  });
});
