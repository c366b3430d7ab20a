/**
 * `sort` against JavaScript's own sort of the same lines, with counts around the lengths at which it changes its method.
 */
import { describe, expect, it } from '@jest/globals';
import { Guest, random, SEED } from './library.js';

const TEXT_BYTES = 65536;
const guest = new Guest(`
use "sort"
export data text: [${TEXT_BYTES}]
data spare: [16]
export data entries: [${8 * TEXT_BYTES}]
data scratch: [${8 * TEXT_BYTES}]
export func sort_text(bytes: i32, most: i32) -> i32 {
  local n, end: i32
  add end, bytes, text
  call sort.split(text, end, entries, most) -> n
  if eq n, -1 { ret n }
  call sort.order(entries, scratch, n)
  ret n
}
`);
const TEXT = guest.address('text');
const ENTRIES = guest.address('entries');

/** The lines in the order of the entries; each line is one of the text's, and none comes twice. */
function sorted(lines: readonly Buffer[]): string[] {
  const text = Buffer.concat(lines.map((line) => Buffer.concat([line, Buffer.from('\n')])));
  guest.write(TEXT, text);
  // What lies behind the text must not matter.
  guest.write(TEXT + text.length, Buffer.from('\n\n\n\n'));
  expect(guest.call('sort_text', text.length, lines.length)).toEqual([lines.length]);
  const view = new DataView(guest.machine.memory.buffer);
  const addresses = lines.map((_, index) => view.getUint32(ENTRIES + 8 * index, true));
  expect(new Set(addresses).size).toBe(lines.length);
  return addresses.map((address) => {
    const start = address - TEXT;
    return text.toString('latin1', start, text.indexOf(10, start));
  });
}
const expected = (lines: readonly Buffer[]): string[] => [...lines].sort(Buffer.compare).map((line) => line.toString('latin1'));

describe(`sort (seed ${SEED})`, () => {
  const check = (lines: readonly Buffer[]): void => expect(sorted(lines)).toEqual(expected(lines));
  const texts = (...lines: string[]): Buffer[] => lines.map((line) => Buffer.from(line, 'latin1'));

  it('orders by unsigned bytes, a line before those that it begins', () => {
    check(texts('b', 'a', '', 'ab', 'a\xff', 'a\x01', 'B', '\xff', '\x7f', 'abcdefgh', 'abcdefg', 'abcd', 'abc', 'abcde'));
  });

  it('tells lines apart that end where others have NUL bytes', () => {
    check(texts('a\0', 'a', 'a\0\0', '', '\0', '\0\0\0\0', '\0\0\0', '\0\0\0\0\0', 'abcd\0', 'abcd', 'abcd\0\0\0\0\0', 'abc', 'abc\0', '\0\0'));
    const numbers = random(1);
    check(Array.from({ length: 300 }, () => Buffer.alloc(numbers.below(12))));
    check(Array.from({ length: 700 }, () => Buffer.from(Array.from({ length: numbers.below(10) }, () => numbers.pick([0, 0, 0, 1])))));
  });

  it.each([1, 2, 3, 7, 8, 9, 15, 16, 17, 100, 511, 512, 513, 1500])('orders %i lines', (count) => {
    const numbers = random(100 + count);
    const alphabets = [[97], [97, 98], [0, 1, 255], Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => byte !== 10)];
    for (const alphabet of alphabets) {
      const longest = numbers.pick([3, 9, 30]);
      check(Array.from({ length: count }, () => Buffer.from(Array.from({ length: numbers.below(longest + 1) }, () => numbers.pick(alphabet)))));
    }
  });

  it('keeps sorted lines, turns reversed ones round, and takes lines that are all the same', () => {
    const ordered = Array.from({ length: 600 }, (_, index) => Buffer.from(String(index).padStart(6, '0')));
    check(ordered);
    check([...ordered].reverse());
    check(Array.from({ length: 600 }, () => Buffer.from('the same line')));
    check(Array.from({ length: 600 }, () => Buffer.alloc(0)));
  });

  it('takes long lines that differ at the end, and each the beginning of the next', () => {
    const long = 'x'.repeat(5000);
    check(texts(`${long}b`, `${long}a`, long, `${long}aa`));
    check(Array.from({ length: 150 }, (_, index) => Buffer.alloc(1 + ((index * 67) % 150), 'y')));
  });

  it('says when there are more lines than entries', () => {
    guest.write(TEXT, Buffer.from('c\nb\na\n'));
    expect(guest.call('sort_text', 6, 2)).toEqual([-1]);
    expect(guest.call('sort_text', 6, 3)).toEqual([3]);
  });
});
