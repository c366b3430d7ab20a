/**
 * `wc`, `sort` and `sha256` print what the Unix tools print, byte for byte, on all kinds of input.
 */
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Random } from '../campaigns/random.js';
import { counts, example, HAS_GNU, program, Scratch, shaText, sortText, wcText, withFile, withPipe } from './tool.js';

const SEED = process.env.SEED === undefined ? Date.now() >>> 0 : Number(process.env.SEED);
const numbers = new Random(SEED);
const scratch = new Scratch();
/** Milliseconds for a test with large input: three processes that do hundreds of millions of instructions. */
const LONG = 300_000;
afterAll(() => scratch.remove());

const WORDS = 'a processing unit runs one program in its own memory and sees only ports Ärger naïve 0123 x'.split(' ');

/** Text of words and lines, about as long as asked for. */
function text(bytes: number): Buffer {
  const lines: string[] = [];
  for (let length = 0; length < bytes; ) {
    const line = Array.from({ length: numbers.below(14) }, () => numbers.pick(WORDS) + (numbers.chance(0.3) ? numbers.below(100000) : '')).join(
      numbers.pick([' ', ' ', '\t', '  ']),
    );
    lines.push(line);
    length += line.length + 1;
  }
  return Buffer.from(`${lines.join('\n')}\n`);
}

const INPUTS: Readonly<Record<string, Uint8Array>> = {
  nothing: new Uint8Array(0),
  'one byte': Buffer.from('x'),
  'one line end': Buffer.from('\n'),
  'one line without its end': Buffer.from('a line that does not end'),
  text: text(20_000),
  'text without the last line end': Buffer.from('b\nc\n\na'),
  'random bytes': numbers.bytes(30_000),
  'all bytes': Uint8Array.from({ length: 4096 }, (_, index) => (index * 41) & 255),
  'NUL bytes': Uint8Array.from({ length: 5000 }, () => numbers.pick([0, 0, 0, 10, 97])),
  CRLF: Buffer.from('one two\r\nthree\r\n\r\nfour'),
  'the same line again and again': Buffer.from('the same line\n'.repeat(3000)),
  'empty lines': Buffer.from('\n'.repeat(3000)),
  'long lines': Buffer.from(`${'y'.repeat(100_000)}b\n${'y'.repeat(100_000)}a\n${'z '.repeat(70_000)}\n`),
  'no word but control characters': Uint8Array.of(1, 2, 32, 127, 128, 255, 10, 0x1f, 33, 1, 33),
};

describe(`filters (seed ${SEED})`, () => {
  const same = (found: { status: number | null; stdout: Buffer; stderr: Buffer }, expected: Buffer): void => {
    expect([found.status, found.stderr.toString()]).toEqual([0, '']);
    expect(found.stdout.equals(expected)).toBe(true);
  };

  it.each(Object.entries(INPUTS))('%s', (name, bytes) => {
    const file = scratch.file(name.replaceAll(' ', '-'), bytes);
    const expected = { wc: Buffer.from(wcText(bytes, true)), sort: sortText(bytes), sha256: Buffer.from(shaText(bytes)) };
    if (HAS_GNU) {
      same(withFile(file, 'wc'), expected.wc);
      same(withFile(file, 'sort'), expected.sort);
      same(withPipe(bytes, 'wc'), Buffer.from(wcText(bytes, false)));
      expect(withFile(file, 'sha256sum').stdout.toString().slice(0, 64)).toBe(shaText(bytes).trim());
    }
    same(withFile(file, ...example('wc')), expected.wc);
    same(withFile(file, ...example('sort')), expected.sort);
    same(withFile(file, ...example('sha256')), expected.sha256);
    same(withPipe(bytes, ...example('wc')), Buffer.from(wcText(bytes, false)));
  });

  it(
    '20 MB of text, from a file',
    () => {
      const bytes = Buffer.alloc(20_000_000, text(1_000_003));
      const file = scratch.file('large-text', bytes);
      same(withFile(file, ...example('wc')), Buffer.from(wcText(bytes, true)));
      same(withFile(file, ...example('sort')), sortText(bytes));
      same(withFile(file, ...example('sha256')), Buffer.from(shaText(bytes)));
    },
    LONG,
  );

  it(
    '5 MB of random bytes, through a pipe',
    () => {
      const bytes = Buffer.alloc(5_000_000, numbers.bytes(999_983));
      same(withPipe(bytes, ...example('wc')), Buffer.from(wcText(bytes, false)));
      same(withPipe(bytes, ...example('sort')), sortText(bytes));
      same(withPipe(bytes, ...example('sha256')), Buffer.from(shaText(bytes)));
    },
    LONG,
  );

  it('sort says what to do when memory is too small', () => {
    const whole = readFileSync('examples/sort.pbs', 'utf8');
    const small = whole.replace('memory 512 MiB .. 3 GiB', 'memory 8 MiB').replace('[508 MiB]', '[4 MiB]');
    expect(small).toHaveLength(whole.length - 'memory 512 MiB .. 3 GiB[508 MiB]'.length + 'memory 8 MiB[4 MiB]'.length);
    const command = program(scratch.file('small-sort.pbs', small));
    const fitting = Buffer.alloc(100_000, '\n');
    same(withPipe(fitting, ...command), fitting);
    // The text fits, what the program notes of each line does not.
    const found = withPipe(Buffer.alloc(400_000, '\n'), ...command);
    expect(found.status).toBe(70);
    expect(found.stdout.toString()).toContain('--memory');
    expect(counts(found.stdout)[0]).toBe(1);
  });
});
