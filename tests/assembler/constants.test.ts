/** Constant expressions, through the bytes and instructions that they give. Values are worked out by hand. */
import { describe, expect, it } from '@jest/globals';
import { diagnosticsOf, programOf, rowsOfBody } from './helpers.js';

const DECLARATIONS = `
const LIMIT = 1 << 20
const HUGE = 1 << 200
const THIRD = 1.0 / 3
port terminal: pu client { depth 4, message 3 KiB }
port plain: pu server
port from[2..3]: pu server { depth 1, message 0 }
data greeting = "Hello", 0
keep func one() {}
keep func two() {}
table one, two, one
`;

function integerOf(expression: string): bigint {
  const { data } = programOf(`${DECLARATIONS}\nexport data value at 65536: i64 = ${expression}`);
  const { bytes } = data.find(({ address }) => address === 65536) as { bytes: Uint8Array };
  return new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(0, true);
}
function floatOf(expression: string): number {
  const { data } = programOf(`${DECLARATIONS}\nexport data value at 65536: f64 = ${expression}`);
  const { bytes } = data.find(({ address }) => address === 65536) as { bytes: Uint8Array };
  return new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0, true);
}
const codesOf = (expression: string): string[] => diagnosticsOf(`${DECLARATIONS}\nexport data value: i64 = ${expression}`).map(({ code }) => code);

describe('integers', () => {
  it.each<[string, bigint]>([
    ['1 + 2 * 3', 7n],
    ['(1 + 2) * 3', 9n],
    ['10 - 3 - 2', 5n],
    ['100 / 10 / 5', 2n],
    ['-7 / 2', -3n],
    ['-7 % 2', -1n],
    ['7 % -2', 1n],
    ['1 << 4 + 1', 32n],
    ['1 << 4 << 1', 32n],
    ['-16 >> 2', -4n],
    ['1 | 2 ^ 3 & 1', 3n],
    ['6 & 3', 2n],
    ['~0', -1n],
    ['- - 5', 5n],
    ['-~+5', 6n],
    ['2 * -3', -6n],
    ['LIMIT', 1048576n],
    ['HUGE >> 190', 1024n],
    ['(HUGE + 1) - HUGE', 1n],
    ['HUGE / (HUGE >> 1)', 2n],
    ["'a' + 1", 98n],
    ['4 KiB', 4096n],
    ['3 MiB / 1 KiB', 3072n],
    ['1 GiB', 1073741824n],
    ['2 pages', 131072n],
    ['7 B', 7n],
    ['len(greeting)', 6n],
    ['end(greeting) - greeting', 6n],
    ['index(one)', 0n],
    ['index(two)', 1n],
    ['terminal', 4096n],
    ['terminal.number', 0n],
    ['terminal.depth', 4n],
    ['terminal.message', 3072n],
    ['plain.number', 1n],
    ['plain.depth', 8n],
    ['plain.message', 65536n],
    ['from[2].number', 2n],
    ['from[1 + 2].number', 3n],
    // The windows: 64 + 2 * 40 * depth bytes, a multiple of 64.
    ['plain', 4096n + 384n],
    ['from[2]', 4096n + 384n + 704n],
    ['from[3] - from[2]', 192n],
    ['greeting', 4096n + 384n + 704n + 192n + 192n],
    ['0xffffffffffffffff', -1n],
    ['-9223372036854775808', -(2n ** 63n)],
  ])('%s', (expression, value) => expect(integerOf(expression)).toBe(value));

  it.each([
    ['1 / 0', 'division_by_zero'],
    ['1 % 0', 'division_by_zero'],
    ['1 << -1', 'out_of_range'],
    ['1 << 1025', 'out_of_range'],
    ['1 >> 99999999999999999999', 'out_of_range'],
    ['(1 << 1024) * 1', 'number_too_large'],
    ['HUGE', 'out_of_range'],
    ['18446744073709551616', 'out_of_range'],
    ['-9223372036854775809', 'out_of_range'],
    ['1.5', 'constant_type'],
    ['~1.5', 'constant_type'],
    ['1.5 & 1', 'constant_type'],
    ['1 << 1.5', 'constant_type'],
    ['nothing', 'unknown_name'],
    ['terminal.size', 'unknown_name'],
    ['from', 'wrong_kind'],
    ['from[1]', 'out_of_range'],
    ['from[2.5]', 'out_of_range'],
    ['from.number', 'wrong_kind'],
    ['LIMIT.number', 'wrong_kind'],
    ['greeting[0]', 'wrong_kind'],
    ['len(LIMIT)', 'wrong_kind'],
    ['len(nothing)', 'unknown_name'],
    ['index(greeting)', 'wrong_kind'],
    ['size(greeting)', 'unknown_name'],
    ['one', 'wrong_kind'],
    ['5 KB', 'unknown_unit'],
  ])('%s is refused: %s', (expression, code) => expect(codesOf(expression)).toEqual([code]));
});

describe('floats', () => {
  it.each<[string, number]>([
    ['1', 1],
    ['1.5', 1.5],
    ['1 + 0.5', 1.5],
    ['3 * 0.5 - 1', 0.5],
    ['3.0 / 2', 1.5],
    ['3 / 2', 1],
    ['THIRD', 1 / 3],
    ['-0.0', -0],
    ['1 / 0.0', Infinity],
    ['infinity', Infinity],
    ['-infinity', -Infinity],
    ['nan', Number.NaN],
    ['infinity - infinity', Number.NaN],
    ['9007199254740993', 9007199254740992],
    ['1 << 1000', 2 ** 1000],
  ])('%s', (expression, value) => expect(floatOf(expression)).toBe(value));

  it('writes any NaN as the canonical one', () => {
    const { data } = programOf('export data value: f64 = nan, -nan\nkeep func f() {}');
    expect([...(data[0]?.bytes ?? [])]).toEqual([0, 0, 0, 0, 0, 0, 248, 127, 0, 0, 0, 0, 0, 0, 248, 127]);
  });
});

describe('names', () => {
  it('may be used before they are declared, and depend on one another', () => {
    expect(rowsOfBody('mov i, A', 'i: i32', 'const A = B * 2\nconst B = C + 1\nconst C = 20')).toEqual(['const_i32_short 0 42']);
  });

  it('may not depend on themselves', () => {
    const found = diagnosticsOf('const A = B\nconst B = C + 1\nconst C = A\nfunc main() {}');
    expect(found.map(({ code, line }) => [code, line])).toEqual([['constant_cycle', 3]]);
  });

  it('are hidden by registers, and a built-in name by a declaration', () => {
    expect(rowsOfBody('mov i, size', 'i, size: i32', 'const size = 5')).toEqual(['mov_i32 0 1']);
    expect(rowsOfBody('mov i, nan', 'i: i32', 'const nan = 5')).toEqual(['const_i32_short 0 5']);
  });

  it('go through chains of any length in order of declaration, and of 300 against it', () => {
    const chain = (count: number): string[] => Array.from({ length: count }, (_, index) => `const C${index} = ${index === 0 ? 0 : `C${index - 1} + 1`}`);
    expect(rowsOfBody('mov i, C4999', 'i: i32', chain(5000).join('\n'))).toEqual(['const_i32_short 0 4999']);
    expect(rowsOfBody('mov i, C299', 'i: i32', chain(300).reverse().join('\n'))).toEqual(['const_i32_short 0 299']);
    expect(diagnosticsOf(`${chain(5000).reverse().join('\n')}\nfunc main() {}`).map(({ code }) => code)).toContain('constant_depth');
  });

  it('are not known as addresses where addresses are computed from', () => {
    const codes = (text: string): string[] => diagnosticsOf(`${text}\ndata d = 0\nport p: pu client\nfunc main() {}`).map(({ code }) => code);
    for (const text of ['data b: [d]', 'data b at d = 1', 'data b align d = 1', 'port q: pu client { depth d }', 'data b: [p]', 'const A = d\ndata b: [A]']) {
      expect([text, codes(text)]).toEqual([text, ['address_not_known']]);
    }
    expect(codes('data b: [p.message]')).toEqual([]);
    // Memory is sized after layout.
    expect(codes('memory d - d + 1 MiB')).toEqual([]);
  });
});

describe('depth and length', () => {
  it('are limited by a diagnostic', () => {
    const nested = (depth: number): string => `${'('.repeat(depth)}1${')'.repeat(depth)}`;
    expect(integerOf(nested(60))).toBe(1n);
    expect(codesOf(nested(100_000))).toEqual(['nesting_too_deep']);
    expect(codesOf(`${'-'.repeat(100_000)}1`)).toEqual(['nesting_too_deep']);
    expect(codesOf(`1${' + 1'.repeat(100_000)}`)).toEqual(['nesting_too_deep']);
    expect(codesOf(`from${'[from'.repeat(100_000)}`)).toEqual(['nesting_too_deep']);
    expect(codesOf(`from${'.from'.repeat(100_000)}`)).toEqual(['nesting_too_deep']);
    expect(integerOf(`1${' + 1'.repeat(250)}`)).toBe(251n);
  });
});
