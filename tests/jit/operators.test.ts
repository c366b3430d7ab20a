/**
 * Every value operator, compiled alone through the emitter, gives in the host's WebAssembly what its reference meaning says:
 * on boundary values, all pairs, and on random ones.
 */
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import wabtOf from 'wabt';
import { OPERATORS, type ExpressionType, type Operator, type Value } from '../../isa-spec/index.js';
import { OPERATOR_BYTES, WASM, WasmModule } from '../../jit/index.js';

const NAMES = Object.keys(OPERATORS) as Operator[];
const BOUNDARIES: Readonly<Record<ExpressionType, readonly Value[]>> = {
  i32: [0, 1, 2, 31, 32, 127, 128, 0x7fffffff, -0x80000000, -1, -2, -128, -129],
  i64: [0n, 1n, 63n, 64n, 2n ** 31n, 2n ** 32n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n), -1n, -129n, 2n ** 40n + 2n ** 16n + 1n],
  f32: [0, -0, 1.5, -2.5, Infinity, -Infinity, Number.NaN, 2 ** -149, 3.4028234663852886e38],
  f64: [0, -0, 0.5, 1.5, 2.5, -2.5, 1e308, Number.MIN_VALUE, Infinity, -Infinity, Number.NaN, 2 ** 31, -(2 ** 31) - 1, 2 ** 63, 2 ** 64, 4503599627370495.5],
};
const RANDOM: Readonly<Record<ExpressionType, fc.Arbitrary<Value>>> = {
  i32: fc.integer(),
  i64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  f32: fc.float(),
  f64: fc.double(),
};

type Run = (...values: readonly Value[]) => Value;
let native: Record<string, Run>;

beforeAll(async () => {
  const module = new WasmModule();
  for (const name of NAMES) {
    const { takes, gives } = OPERATORS[name];
    const made = module.function({ parameters: takes, results: [gives] });
    takes.forEach((_, index) => made.code.raw(WASM.local_get).u32(index));
    made.code.raw(...OPERATOR_BYTES[name]);
    module.exportFunction(name, made.index);
  }
  const bytes = module.toBytes();
  (await wabtOf()).readWasm(bytes, {}).validate();
  const { instance } = await WebAssembly.instantiate(new Uint8Array(bytes));
  native = instance.exports as Record<string, Run>;
});

/** Division by zero and the one overflow: WebAssembly traps, the meaning of our rows tests before. */
function traps(name: Operator, values: readonly Value[]): boolean {
  if (!/^i.*\.(div|rem)_/.test(name)) return false;
  const [a, b] = values.map(BigInt) as [bigint, bigint];
  return b === 0n || (name.endsWith('div_s') && b === -1n && a === -(2n ** (name.startsWith('i32') ? 31n : 63n)));
}

describe('every operator gives in WebAssembly what its meaning says', () => {
  it.each(NAMES)('%s', (name) => {
    const { takes, evaluate } = OPERATORS[name];
    const agree = (values: readonly Value[]): void => {
      if (traps(name, values)) expect(() => native[name]?.(...values)).toThrow(WebAssembly.RuntimeError);
      else expect([name, values, native[name]?.(...values)]).toEqual([name, values, (evaluate as Run)(...values)]);
    };
    const tuples = takes.reduce<Value[][]>((before, type) => before.flatMap((start) => BOUNDARIES[type].map((value) => [...start, value])), [[]]);
    for (const values of tuples) agree(values);
    fc.assert(fc.property(fc.tuple(...takes.map((type) => RANDOM[type])), agree), { numRuns: 200 });
  });
});
