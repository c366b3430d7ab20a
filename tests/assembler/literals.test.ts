/** Literals as written, against values worked out by hand. */
import { describe, expect, it } from '@jest/globals';
import { bytesOf, characterOf, numberOf } from '../../assembler/literals.js';

describe('numbers', () => {
  it.each<[string, bigint | number]>([
    ['0', 0n],
    ['42', 42n],
    ['007', 7n],
    ['1_000_000', 1000000n],
    ['0xff', 255n],
    ['0XFF_FF', 65535n],
    ['0b1010_1010', 170n],
    ['0o17', 15n],
    ['18446744073709551616', 2n ** 64n],
    ['0xffffffffffffffff', 2n ** 64n - 1n],
    ['1.5', 1.5],
    ['1_0.2_5', 10.25],
    ['2e3', 2000],
    ['2E-3', 0.002],
    ['1.7976931348623157e308', 1.7976931348623157e308],
    ['5e-324', 5e-324],
    ['1e-400', 0],
  ])('%s', (image, value) => expect(numberOf(image)).toBe(value));

  it.each([
    ['0x', 'bad_number'],
    ['0b2', 'bad_number'],
    ['0o8', 'bad_number'],
    ['12abc', 'bad_number'],
    ['1e', 'bad_number'],
    ['0x_', 'bad_number'],
    ['1e309', 'number_too_large'],
    [`1${'0'.repeat(400)}`, 'number_too_large'],
    [`0x${'f'.repeat(257)}`, 'number_too_large'],
    ['9'.repeat(1_000_000), 'number_too_large'],
  ])('%.20s is refused: %s', (image, code) => expect(numberOf(image)).toMatchObject({ code }));

  it('takes integers up to 1024 bits', () => expect(numberOf(`0x${'f'.repeat(256)}`)).toBe(2n ** 1024n - 1n));
});

describe('characters', () => {
  it.each<[string, bigint]>([
    ["'a'", 97n],
    ["' '", 32n],
    ["'\"'", 34n],
    ["'\\''", 39n],
    ["'\\n'", 10n],
    ["'\\0'", 0n],
    ["'\\x7f'", 127n],
    ["'\\xff'", 255n],
    ["'\\u{20ac}'", 0x20acn],
    ["'€'", 0x20acn],
    ["'😀'", 0x1f600n],
  ])('%s', (image, value) => expect(characterOf(image)).toBe(value));

  it.each([
    ["''", 'bad_character'],
    ["'ab'", 'bad_character'],
    ["'\\q'", 'bad_escape'],
    ["'\\xg0'", 'bad_escape'],
    ["'\\u{110000}'", 'bad_escape'],
    ["'\\u{d800}'", 'bad_escape'],
    ["'\\u{}'", 'bad_escape'],
    ["'\ud800'", 'bad_escape'],
  ])('%j is refused: %s', (image, code) => expect(characterOf(image)).toMatchObject({ code }));
});

describe('strings', () => {
  it.each<[string, readonly number[]]>([
    ['""', []],
    ['"Hi\\n"', [72, 105, 10]],
    ['"\\r\\t\\0\\\\\\"\\\'"', [13, 9, 0, 92, 34, 39]],
    ['"é€😀"', [0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80]],
    ['"\\u{e9}\\xe9\\x41"', [0xc3, 0xa9, 0xe9, 0x41]],
  ])('%s', (image, bytes) => expect(bytesOf(image)).toEqual(Uint8Array.from(bytes)));

  it.each(['"\\x4"', '"\\u{zz}"', '"\ud83d"', '"a\udc00\\n"'])('%j is refused', (image) => expect(bytesOf(image)).toMatchObject({ code: 'bad_escape' }));

  it('says where an escape is wrong', () => expect(bytesOf('"abc\\qd"')).toMatchObject({ at: 4, length: 2, message: '`\\q` is no escape' }));
});
