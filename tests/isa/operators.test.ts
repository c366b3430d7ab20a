/**
 * The operators' reference meanings against another implementation: the host's own WebAssembly, whose operators
 * have the same names. One module is written for all of them; the values are each type's boundaries, all pairs.
 */
import { beforeAll, describe, expect, it } from '@jest/globals';
import wabtOf from 'wabt';
import { OPERATORS, type ExpressionType, type Operator, type Value } from '../../isa-spec/index.js';

const VALUES: Readonly<Record<ExpressionType, readonly Value[]>> = {
  i32: [
    0, 1, 2, 3, 7, 8, 31, 32, 33, 127, 128, 255, 32767, 32768, 65535, 0x12345678, 0x7fffffff, -0x80000000, -0x7fffffff, -1, -2, -7, -32, -128, -129, -32769,
  ],
  i64: [
    0n,
    1n,
    2n,
    7n,
    31n,
    63n,
    64n,
    65n,
    127n,
    128n,
    32768n,
    2n ** 31n - 1n,
    2n ** 31n,
    2n ** 32n - 1n,
    2n ** 32n,
    2n ** 53n,
    2n ** 53n + 1n,
    2n ** 63n - 1n,
    -(2n ** 63n),
    1n - 2n ** 63n,
    -1n,
    -2n,
    -63n,
    -64n,
    -128n,
    -129n,
    -(2n ** 31n) - 1n,
    -(2n ** 53n) - 1n,
    0x123456789abcdefn,
    2n ** 24n + 1n,
    2n ** 40n + 2n ** 16n,
    2n ** 40n + 2n ** 16n + 1n,
    2n ** 62n + 2n ** 38n + 1n,
    -(2n ** 62n) - 2n ** 38n,
  ],
  f64: [
    0,
    -0,
    1,
    -1,
    0.5,
    -0.5,
    1.5,
    -1.5,
    2.5,
    -2.5,
    3.5,
    0.49999999999999994,
    -0.49999999999999994,
    1e308,
    -1e308,
    Number.MIN_VALUE,
    -Number.MIN_VALUE,
    Number.MAX_VALUE,
    -Number.MAX_VALUE,
    Infinity,
    -Infinity,
    Number.NaN,
    2 ** 31 - 1,
    2 ** 31,
    2 ** 31 + 0.5,
    -(2 ** 31),
    -(2 ** 31) - 0.9,
    -(2 ** 31) - 1,
    2 ** 32 - 0.5,
    2 ** 32,
    2 ** 52 + 0.5,
    2 ** 52 + 1,
    4503599627370495.5,
    2 ** 53,
    2 ** 63,
    -(2 ** 63),
    9223372036854774784,
    2 ** 64,
    18446744073709549568,
    0.1,
    1 / 3,
    16777217,
    3.4028235677973366e38,
    1e-46,
    2 ** -1022,
  ],
  f32: [
    0,
    -0,
    1,
    -1,
    1.5,
    -2.5,
    Infinity,
    -Infinity,
    Number.NaN,
    2 ** -149,
    -(2 ** -149),
    2 ** -126,
    3.4028234663852886e38,
    -3.4028234663852886e38,
    Math.fround(0.1),
    16777216,
  ],
};

const names = Object.keys(OPERATORS) as Operator[];
const native = new Map<string, (...values: readonly Value[]) => Value>();

beforeAll(async () => {
  const text = names
    .map((name) => {
      const { takes, gives } = OPERATORS[name];
      return `(func (export "${name}") (param ${takes.join(' ')}) (result ${gives}) ${takes.map((_, index) => `local.get ${index}`).join(' ')} ${name})`;
    })
    .join('\n');
  const wabt = await wabtOf();
  const module = wabt.parseWat('operators.wat', `(module ${text})`);
  const { buffer } = module.toBinary({});
  const { instance } = await WebAssembly.instantiate(new Uint8Array(buffer));
  for (const name of names) native.set(name, instance.exports[name] as () => Value);
});

const undefinedFor = (name: Operator, values: readonly Value[]): boolean => {
  if (!/\.(div|rem)_/.test(name) || name.startsWith('f64')) return false;
  const [a, b] = values.map(BigInt) as [bigint, bigint];
  return b === 0n || (name.endsWith('div_s') && b === -1n && a === (name.startsWith('i32') ? -(2n ** 31n) : -(2n ** 63n)));
};

describe('every operator gives what WebAssembly gives', () => {
  it.each(names)('%s', (name) => {
    const { takes, evaluate } = OPERATORS[name];
    const run = evaluate as (...values: readonly Value[]) => Value;
    const tuples = takes.reduce<Value[][]>((before, type) => before.flatMap((start) => VALUES[type].map((value) => [...start, value])), [[]]);
    const different: unknown[] = [];
    for (const values of tuples) {
      if (undefinedFor(name, values)) continue;
      const wanted = native.get(name)?.(...values);
      const found = run(...values);
      if (!Object.is(found, wanted)) different.push({ values: values.map(String), found: String(found), wanted: String(wanted) });
    }
    expect(different).toEqual([]);
    expect(tuples.length).toBeGreaterThan(10);
  });
});
