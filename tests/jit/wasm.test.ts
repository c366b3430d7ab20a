/**
 * The emitter: LEB128 written out by hand from the WebAssembly specification, modules byte by byte, and modules that another
 * implementation (wabt) and the host accept and run.
 */
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import wabtOf from 'wabt';
import { WASM, WASM_TYPES, WasmBytes, WasmModule, type WasmSignature } from '../../jit/index.js';

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
const I32_TO_I32: WasmSignature = { parameters: ['i32'], results: ['i32'] };

let wabt: Awaited<ReturnType<typeof wabtOf>>;
beforeAll(async () => {
  wabt = await wabtOf();
});

function check(bytes: Uint8Array): void {
  const module = wabt.readWasm(bytes, {});
  module.validate();
  module.destroy();
}

async function instantiate(module: WasmModule, imports: WebAssembly.Imports = {}): Promise<Record<string, (...values: unknown[]) => unknown>> {
  const bytes = module.toBytes();
  check(bytes);
  const { instance } = await WebAssembly.instantiate(new Uint8Array(bytes), imports);
  return instance.exports as Record<string, (...values: unknown[]) => unknown>;
}

describe('numbers by hand', () => {
  it.each([
    [0, '00'],
    [127, '7f'],
    [128, '80 01'],
    [624485, 'e5 8e 26'],
    [0xffffffff, 'ff ff ff ff 0f'],
  ])('u32 %d', (value, bytes) => expect(hex(new WasmBytes().u32(value).toBytes())).toBe(bytes));

  it.each([
    [0, '00'],
    [63, '3f'],
    [64, 'c0 00'],
    [-1, '7f'],
    [-64, '40'],
    [-65, 'bf 7f'],
    [-123456, 'c0 bb 78'],
    [0x7fffffff, 'ff ff ff ff 07'],
    [-0x80000000, '80 80 80 80 78'],
  ])('s32 %d', (value, bytes) => expect(hex(new WasmBytes().s32(value).toBytes())).toBe(bytes));

  it.each([
    [0n, '00'],
    [-1n, '7f'],
    [-123456n, 'c0 bb 78'],
    [2n ** 63n - 1n, 'ff ff ff ff ff ff ff ff ff 00'],
    [-(2n ** 63n), '80 80 80 80 80 80 80 80 80 7f'],
  ])('s64 %d', (value, bytes) => expect(hex(new WasmBytes().s64(value).toBytes())).toBe(bytes));

  it.each([
    [1, '00 00 00 00 00 00 f0 3f'],
    [-0, '00 00 00 00 00 00 00 80'],
    [Number.NaN, '00 00 00 00 00 00 f8 7f'],
  ])('f64 %d', (value, bytes) => expect(hex(new WasmBytes().f64(value).toBytes())).toBe(bytes));

  it('names are counted in bytes of UTF-8', () => expect(hex(new WasmBytes().name('é☃').toBytes())).toBe('05 c3 a9 e2 98 83'));

  it('grows past any size, in one piece and byte by byte', () => {
    const written = new WasmBytes().append(new Uint8Array(10_000).fill(7));
    for (let count = 0; count < 10_000; count++) written.raw(9);
    const bytes = written.toBytes();
    expect([written.length, bytes.length, bytes[9999], bytes[10_000], bytes[19_999]]).toEqual([20_000, 20_000, 7, 9, 9]);
  });
});

describe('constants come back from the host', () => {
  it('i32, i64 and f64', async () => {
    const numbers = fc.array(fc.tuple(fc.integer(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.double()), { minLength: 1, maxLength: 50 });
    await fc.assert(
      fc.asyncProperty(numbers, async (rows) => {
        const module = new WasmModule();
        rows.forEach(([small, large, real], index) => {
          const give = (name: string, type: 'i32' | 'i64' | 'f64', write: (code: WasmBytes) => void): void => {
            const made = module.function({ parameters: [], results: [type] });
            write(made.code);
            module.exportFunction(`${name}${index}`, made.index);
          };
          give('i32_', 'i32', (code) => code.raw(WASM.i32_const).s32(small));
          give('i64_', 'i64', (code) => code.raw(WASM.i64_const).s64(large));
          give('f64_', 'f64', (code) => code.raw(WASM.f64_const).f64(real));
        });
        const exports = await instantiate(module);
        rows.forEach((row, index) => {
          const found = ['i32_', 'i64_', 'f64_'].map((name) => exports[`${name}${index}`]?.());
          expect(found).toEqual(row);
        });
      }),
      { numRuns: 20 },
    );
  });
});

describe('modules', () => {
  it('the empty module is magic and version', () => {
    expect(hex(new WasmModule().toBytes())).toBe('00 61 73 6d 01 00 00 00');
  });

  it('every section, by hand', () => {
    const module = new WasmModule();
    const log = module.importFunction('e', 'l', { parameters: ['i32'], results: [] });
    module.memory(1, 2);
    const made = module.function(I32_TO_I32);
    made.local('i64');
    made.local('i64');
    made.local('f32');
    made.code.raw(WASM.local_get).u32(0).raw(WASM.call).u32(log).raw(WASM.local_get).u32(0);
    module.exportFunction('f', made.index);
    module.exportMemory('m');
    expect(hex(module.toBytes())).toBe(
      [
        '00 61 73 6d 01 00 00 00',
        '01 0a 02 60 01 7f 00 60 01 7f 01 7f', // two signatures
        '02 07 01 01 65 01 6c 00 00', // e.l, a function of signature 0
        '03 02 01 01', // one function of signature 1
        '05 04 01 01 01 02', // 1 to 2 pages
        '07 09 02 01 66 00 01 01 6d 02 00', // f: function 1; m: memory 0
        '0a 0e 01 0c 02 02 7e 01 7d 20 00 10 00 20 00 0b', // 2 x i64, 1 x f32, code
      ].join(' '),
    );
    check(module.toBytes());
  });

  it('functions call each other in any order', async () => {
    const module = new WasmModule();
    const even = module.function(I32_TO_I32);
    const odd = module.function(I32_TO_I32);
    for (const [made, other, atZero] of [
      [even, odd, 1],
      [odd, even, 0],
    ] as const) {
      made.code.raw(WASM.local_get).u32(0).raw(WASM.if, WASM_TYPES.i32);
      made.code.raw(WASM.local_get).u32(0).raw(WASM.i32_const).s32(-1).raw(0x6a, WASM.call).u32(other.index);
      made.code.raw(WASM.else, WASM.i32_const).s32(atZero).raw(WASM.end);
    }
    module.exportFunction('even', even.index);
    const exports = await instantiate(module);
    expect([0, 1, 10, 1001].map((value) => exports.even?.(value))).toEqual([1, 0, 1, 0]);
  });

  it('a loop with a local, a branch, and two results', async () => {
    const module = new WasmModule();
    const made = module.function({ parameters: ['i32'], results: ['i32', 'i32'] });
    const sum = made.local('i32');
    made.code.raw(WASM.loop, WASM.empty);
    made.code.raw(WASM.local_get).u32(sum).raw(WASM.local_get).u32(0).raw(0x6a, WASM.local_set).u32(sum);
    made.code.raw(WASM.local_get).u32(0).raw(WASM.i32_const).s32(-1).raw(0x6a, WASM.local_tee).u32(0).raw(WASM.br_if).u32(0).raw(WASM.end);
    made.code.raw(WASM.local_get).u32(sum).raw(WASM.local_get).u32(0);
    module.exportFunction('sum', made.index);
    const exports = await instantiate(module);
    expect(exports.sum?.(100)).toEqual([5050, 0]);
  });

  it('imports a memory and a function', async () => {
    const module = new WasmModule();
    module.importMemory('host', 'memory', 1);
    const tell = module.importFunction('host', 'tell', { parameters: ['i64'], results: [] });
    const made = module.function({ parameters: [], results: [] });
    made.code.raw(WASM.i32_const).s32(8).raw(0x29, 3, 0, WASM.call).u32(tell);
    module.exportFunction('run', made.index);
    const memory = new WebAssembly.Memory({ initial: 1 });
    new DataView(memory.buffer).setBigInt64(8, -5n, true);
    const told: unknown[] = [];
    const exports = await instantiate(module, { host: { memory, tell: (value: unknown) => told.push(value) } });
    exports.run?.();
    expect(told).toEqual([-5n]);
  });

  it('equal signatures are one', () => {
    const module = new WasmModule();
    expect([
      module.signature(I32_TO_I32),
      module.signature({ parameters: ['i32', 'i32'], results: [] }),
      module.signature({ parameters: ['i32'], results: ['i32'] }),
    ]).toEqual([0, 1, 0]);
  });
});

describe('misuse is named at once', () => {
  it('an import after a function', () => {
    const module = new WasmModule();
    module.function(I32_TO_I32);
    expect(() => module.importFunction('a', 'b', I32_TO_I32)).toThrow(new TypeError("import a.b must come before the module's own functions"));
  });

  it('two memories, or none', () => {
    const module = new WasmModule();
    expect(() => module.exportMemory('m')).toThrow(new TypeError('export m: the module has no memory'));
    module.memory(1);
    expect(() => module.importMemory('a', 'b', 1)).toThrow(new TypeError('a module has one memory'));
  });

  it('an export of no function', () => {
    expect(() => new WasmModule().exportFunction('f', 0)).toThrow(new RangeError('export f: index 0 of 0 functions'));
  });
});
