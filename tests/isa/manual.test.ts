/** The text of the specification: fresh where it is generated, complete where it is not, and right in its examples and links. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { BOOK, decode, decodeProgram, encode, encodeProgram, GROUPS, OPERATORS, TRAPS } from '../../isa-spec/index.js';
import { MANUAL } from '../../isa-spec/manual.js';

const ROOT = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');
const chapters = readdirSync(new URL('isa-spec/', ROOT), { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.md'));
/** The cells of every table row of a text. */
const rowsOf = (text: string): string[][] => [...text.matchAll(/^\| (.*) \|$/gm)].map(([, row = '']) => row.split(' | ').map((cell) => cell.trim()));
const firstNames = (text: string): string[] =>
  rowsOf(text)
    .map(([first = '']) => /^`([a-z0-9_]+)`$/.exec(first)?.[1] ?? '')
    .filter((name) => name !== '');

describe('generated chapters', () => {
  it.each(MANUAL.map(({ file, make }) => [file, make] as const))('%s is what the book says', (file, make) => {
    expect(read(file) === make()).toBe(true);
  });

  it('describe every instruction, operator, group and trap', () => {
    const instructions = read('isa-spec/instructions.md');
    const tables = read('isa-spec/tables.md');
    for (const { name, mnemonic } of BOOK) {
      expect(instructions).toContain(`[\`${name}\`](#${mnemonic})`);
      expect(instructions).toContain(name === mnemonic ? `\n### ${name}\n` : `\n#### \`${name}\`\n`);
      expect(tables).toContain(`| \`${name}\` |`);
    }
    for (const operator of Object.keys(OPERATORS)) expect(instructions).toContain(`| \`${operator}\` |`);
    for (const name of [...Object.keys(GROUPS), ...Object.keys(TRAPS)]) expect(tables).toContain(`| \`${name}\` |`);
  });

  it('say of one instruction what a reader needs', () => {
    const [, entry = ''] = /\n### div_i32\n([^#]*)/.exec(read('isa-spec/instructions.md')) ?? [];
    expect(entry).toBe(`
d := a / b, signed, toward zero

opcode \`15\`; words: 1; group \`base\`.

    | 15               | d                | a                | b                |

Operands: \`d\` an i32 register, written; \`a\` an i32 register, read; \`b\` an i32 register, read.

Meaning:

    trap divide_by_zero if i32.eqz(b)
    trap overflow if i32.and(i32.eq(a, -2147483648), i32.eq(b, -1))
    d := i32.div_s(a, b)

Traps: \`divide_by_zero\`, \`overflow\`.

`);
  });
});

describe('rules', () => {
  /** Names that stand first in a refusal. */
  const refusedIn = (path: string): string[] => {
    const source = read(path)
      .replace(/refuseIn\([^)]*\)\(/g, 'refuse(')
      .replace(/refuseIn\([^)]*\)/g, '');
    const direct = [...source.matchAll(/\brefuse\w*\(\s*'(\w+)'/g)].map(([, rule = '']) => rule);
    const handedOn = [...source.matchAll(/(?:registers\(\s*at,\s*'\w+',|ascending\([^;]*?'\w+',)\s*'(\w+)'/g)].map(([, rule = '']) => rule);
    return [...direct, ...handedOn];
  };
  const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();

  it('verification.md has each rule that the reader and the verifier refuse by, and no other', () => {
    const text = read('isa-spec/verification.md');
    expect(sorted(firstNames(text))).toEqual(sorted([...refusedIn('isa-spec/binary.ts'), ...refusedIn('vm/verify.ts')]));
    for (const name of refusedIn('vm/verify.ts')) expect(text).toContain(`\`${name}\``);
  });

  it('snapshot.md has each rule by which snapshots are refused, and no other', () => {
    const listed = [...read('isa-spec/snapshot.md').matchAll(/^\| `(snapshot_\w+)` \|/gm)].map(([, rule = '']) => rule);
    const byReader = [...read('vm/snapshot.ts').matchAll(/\brefuse\(\s*'(\w+)'/g)].map(([, rule = '']) => `snapshot_${rule}`);
    expect(sorted(listed)).toEqual(sorted([...byReader, 'snapshot_ports']));
    expect(read('vm/machine.ts')).toContain("'snapshot_ports'");
  });

  it('execution-model.md names each place where a NaN becomes visible', () => {
    const entries = read('isa-spec/instructions.md').split('\n### ').slice(1);
    const families = entries.filter((entry) => entry.includes('canonical(')).map((entry) => entry.split('\n')[0] ?? '');
    const text = read('isa-spec/execution-model.md');
    for (const name of families) expect(text).toContain(`\`${name}\``);
    expect(families.sort()).toEqual(['bits32_i32_f64', 'bits_i64_f64', 'copysign_f64', 'store32_f64', 'store_f64']);
  });
});

describe('examples', () => {
  const examples = rowsOf(read('isa-spec/encoding.md')).filter(([name = '', , words = '']) => /^`\w+`$/.test(name) && /^`[0-9a-f ]+`$/.test(words));
  it.each(examples)('of encoding.md: %s %s', (name, operands, words) => {
    const code = Int32Array.from(
      words
        .slice(1, -1)
        .split(' ')
        .map((word) => Number.parseInt(word, 16) | 0),
    );
    const found = decode(code, 0);
    expect(found?.row.name).toBe(name.slice(1, -1));
    expect(found?.operands.flat().map(Number)).toEqual((operands.match(/-?(0x[0-9a-f]+|\d+)/g) ?? []).map(Number));
    expect(found && encode(found)).toEqual(code);
  });
  it('of encoding.md are there', () => expect(examples.length).toBeGreaterThan(15));

  it('of binary-format.md is the program that it says', () => {
    const text = read('isa-spec/binary-format.md');
    const [, block = ''] = /returns 7, 128 bytes:\n\n((?: {4}.*\n)+)/.exec(text) ?? [];
    const bytes = Uint8Array.from(
      [...block.matchAll(/^ +((?:[0-9a-f]{2} {1,2})+)/gm)].flatMap(([, line = '']) => line.trim().split(/ +/)).map((byte) => Number.parseInt(byte, 16)),
    );
    expect(bytes.length).toBe(128);
    const found = decodeProgram(bytes);
    expect(found).toMatchObject({ program: { exports: [{ name: 'main', function: 0 }], functions: [{ words: 4 }] } });
    if ('program' in found) expect(encodeProgram(found.program)).toEqual(bytes);
  });
});

describe('links', () => {
  /** Anchors of a chapter, as GitHub makes them of headings. */
  const anchorsOf = (text: string): Set<string> =>
    new Set(
      [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
        title
          .toLowerCase()
          .replace(/[^\p{L}\p{N} _-]/gu, '')
          .replaceAll(' ', '-'),
      ),
    );

  it.each(chapters)('of isa-spec/%s lead somewhere', (name) => {
    const here = new URL(`isa-spec/${name}`, ROOT);
    const broken = [...readFileSync(here, 'utf8').matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link = '']) => link)
      .filter((link) => {
        if (/^https?:/.test(link)) return false;
        const target = new URL(link, here);
        const anchor = target.hash.slice(1);
        target.hash = '';
        if (!existsSync(target)) return true;
        return anchor !== '' && !anchorsOf(readFileSync(target, 'utf8')).has(anchor);
      });
    expect(broken).toEqual([]);
  });
});
