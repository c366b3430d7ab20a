/**
 * `format` and `parse`: numbers to text and back, against JavaScript's numbers and bigints.
 */
import { describe, expect, it } from '@jest/globals';
import { Guest, random, SEED } from './library.js';

const format32 = ['signed', 'unsigned'];
const format64 = ['signed64', 'unsigned64'];
const guest = new Guest(`
use "format"
use "parse"
export data area: [256]
${format32.map((name) => `export func ${name}(address: i32, value: i32) -> i32 {\n  call format.${name}(address, value) -> value\n  ret value\n}`).join('\n')}
${format64.map((name) => `export func ${name}(address: i32, value: i64) -> i32 {\n  call format.${name}(address, value) -> address\n  ret address\n}`).join('\n')}
export func padded(address: i32, value: i32, digits: i32) -> i32 {
  call format.padded(address, value, digits) -> value
  ret value
}
export func column(address: i32, value: i64, width: i32) -> i32 {
  call format.column(address, value, width) -> width
  ret width
}
export func hex(address: i32, value: i32, digits: i32) -> i32 {
  call format.hex(address, value, digits) -> value
  ret value
}
export func hex64(address: i32, value: i64, digits: i32) -> i32 {
  call format.hex64(address, value, digits) -> digits
  ret digits
}
export func hex_bytes(address: i32, from: i32, bytes: i32) -> i32 {
  call format.hex_bytes(address, from, bytes) -> bytes
  ret bytes
}
export func decimal(address: i32, bytes: i32) -> i32, i32 {
  local value, status: i32
  call parse.decimal(address, bytes) -> value, status
  ret value, status
}
export func decimal64(address: i32, bytes: i32) -> i64, i32 {
  local value: i64, status: i32
  call parse.decimal64(address, bytes) -> value, status
  ret value, status
}
`);
const AREA = guest.address('area');

/** What a routine writes; the byte behind must stay as it was. */
function written(name: string, ...values: (number | bigint)[]): string {
  guest.write(AREA, new Uint8Array(64).fill(0x7e));
  const [bytes] = guest.call(name, AREA, ...values) as [number];
  expect(guest.text(AREA + bytes, 1)).toBe('~');
  return guest.text(AREA, bytes);
}

const WORDS = [0, 1, 9, 10, 11, 99, 100, 12345, 999_999_999, 1_000_000_000, 2 ** 31 - 1, -1, -9, -10, -(2 ** 31)];
const LONGS = [0n, 1n, 999_999_999n, 1_000_000_000n, 2n ** 32n, 10n ** 18n - 1n, 10n ** 18n, 2n ** 63n - 1n, -1n, -(10n ** 9n), -(2n ** 63n)];

describe(`numbers (seed ${SEED})`, () => {
  const numbers = random(1);
  const words = [...WORDS, ...Array.from({ length: 100 }, () => numbers.i32() >> numbers.below(32))];
  const longs = [...LONGS, ...Array.from({ length: 100 }, () => numbers.i64() >> BigInt(numbers.below(64)))];

  it('decimal is what JavaScript writes', () => {
    for (const word of words) {
      expect(written('signed', word)).toBe(String(word));
      expect(written('unsigned', word)).toBe(String(word >>> 0));
    }
    for (const long of longs) {
      expect(written('signed64', long)).toBe(String(long));
      expect(written('unsigned64', long)).toBe(String(BigInt.asUintN(64, long)));
    }
  });

  it('padded and column fill up, and never cut off', () => {
    for (const word of words) for (const digits of [0, 1, 2, 10, 12]) expect(written('padded', word, digits)).toBe(String(word >>> 0).padStart(digits, '0'));
    for (const long of longs)
      for (const width of [0, 1, 7, 20, 25]) expect(written('column', long, width)).toBe(String(BigInt.asUintN(64, long)).padStart(width, ' '));
  });

  it('hexadecimal has the digits that were asked for', () => {
    for (const word of words) {
      const all = (word >>> 0).toString(16).padStart(8, '0');
      for (const digits of [0, 1, 2, 7, 8]) expect(written('hex', word, digits)).toBe(all.slice(8 - digits));
    }
    for (const long of longs) {
      const all = BigInt.asUintN(64, long).toString(16).padStart(16, '0');
      for (const digits of [0, 1, 8, 9, 16]) expect(written('hex64', long, digits)).toBe(all.slice(16 - digits));
    }
    const bytes = numbers.bytes(20);
    guest.write(AREA + 128, bytes);
    expect(written('hex_bytes', AREA + 128, 20)).toBe(Buffer.from(bytes).toString('hex'));
    expect(written('hex_bytes', AREA + 128, 0)).toBe('');
  });

  const parsed = (name: string, text: string): readonly (number | bigint)[] => {
    guest.write(AREA, Buffer.from(`${text}5`));
    return guest.call(name, AREA, text.length);
  };

  it('parse reads back what can be written', () => {
    for (const word of words) expect(parsed('decimal', String(word))).toEqual([word, 0]);
    for (const long of longs) expect(parsed('decimal64', String(long))).toEqual([long, 0]);
  });

  it('parse accepts signs and leading zeros', () => {
    expect(parsed('decimal', '+7')).toEqual([7, 0]);
    expect(parsed('decimal', '-0')).toEqual([0, 0]);
    expect(parsed('decimal', `-${'0'.repeat(50)}12`)).toEqual([-12, 0]);
  });

  it('parse says what is no number', () => {
    for (const text of ['', '+', '-', '+-1', '1 ', ' 1', '1x', 'x', '0x10', '1.5', '/', ':', '99999999999999999999999x']) {
      expect([text, ...parsed('decimal', text)]).toEqual([text, 0, 1]);
      expect([text, ...parsed('decimal64', text)]).toEqual([text, 0n, 1]);
    }
  });

  it('parse says what does not fit', () => {
    for (const text of ['2147483648', '-2147483649', '4294967296', '9223372036854775808']) expect(parsed('decimal', text)).toEqual([0, 2]);
    for (const text of ['9223372036854775808', '-9223372036854775809', '18446744073709551616', '99999999999999999999', `1${'0'.repeat(60)}`]) {
      expect([text, ...parsed('decimal64', text)]).toEqual([text, 0n, 2]);
    }
  });
});
