/**
 * Boundary operands for any row, and small programs for the binary format. Inputs only: what they must
 * give is stated by the tests that use them.
 */
import { fits, type Instruction, type OperandKind, type OperandValue, type Program, type Row } from '../../isa-spec/index.js';

/** Values at and beside the ends of each operand kind. */
export const BOUNDARIES: Readonly<Record<OperandKind, readonly OperandValue[]>> = {
  write: [0, 1, 127, 128, 254, 255],
  read: [0, 1, 127, 128, 254, 255],
  imm8: [-128, -127, -1, 0, 1, 126, 127],
  imm16: [-32768, -32767, -129, -1, 0, 1, 255, 32766, 32767],
  imm32: [-0x80000000, -0x7fffffff, -32769, -1, 0, 1, 65535, 0x7ffffffe, 0x7fffffff],
  imm64: [-(2n ** 63n), 1n - 2n ** 63n, -(2n ** 32n), -1n, 0n, 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 63n - 1n],
  float64: [0, -0, 1, -1, 0.1, Number.MIN_VALUE, Number.MAX_VALUE, Infinity, -Infinity, Number.NaN, 2 ** -1022],
  offset8: [0, 1, 127, 128, 254, 255],
  offset32: [0, 1, 255, 256, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff],
  branch8: [-128, -1, 0, 1, 127],
  branch24: [-0x800000, -32769, -1, 0, 1, 127, 128, 0x7fffff],
  branch32: [-0x80000000, -129, -1, 0, 1, 128, 0x7fffffff],
  targets: [[0], [1, -1], [5, 4, 3], [-0x80000000, 0x7fffffff, 0, 7], Array.from({ length: 300 }, (_, index) => index - 150)],
  function: [0, 1, 0x7fffffff, 0x80000000, 0xffffffff],
  signature: [0, 1, 0xffffffff],
  trap: [0, 1, 8, 22, 255],
  values: [[], [0], [1, 2], [1, 2, 3], [255, 254, 253, 252], [1, 2, 3, 4, 5], Array.from({ length: 255 }, (_, index) => 255 - index)],
  results: [[], [0], [255, 0], [9, 8, 7], [4, 3, 2, 1], [1, 2, 3, 4, 5, 6, 7, 8, 9]],
};

/** Instructions of a row: each operand at each of its boundaries, the others at changing ones. */
export function boundaryInstructions(row: Row): Instruction[] {
  const choices = row.operands.map(({ kind }) => BOUNDARIES[kind]);
  const most = Math.max(1, ...choices.map(({ length }) => length));
  const found: Instruction[] = [];
  for (let shift = 0; shift < 3; shift++) {
    for (let turn = 0; turn < most; turn++) {
      const operands = choices.map((values, index) => values[(turn + index * shift) % values.length] as OperandValue);
      found.push({ row, operands });
    }
  }
  return found.filter(({ operands }) => row.operands.every(({ kind }, index) => fits(kind, operands[index] as OperandValue)));
}

const base: Program = {
  groups: [{ name: 'base', version: 1 }],
  signatures: [{ parameters: [], results: ['i32'] }],
  functions: [{ signature: 0, registers: ['i32'], words: 3 }],
  // check; const_i32_short r0, 7; ret r0 (its list word would be a fourth: see `three`)
  code: Int32Array.from([0x00000001, 0x0007000b, 0x00000106, 0x00000000]),
  table: [],
  memory: { pagesMin: 1, pagesMax: 1 },
  data: [],
  ports: [],
  exports: [{ name: 'main', function: 0 }],
  symbols: [],
};

/** The least program that returns 7. */
export const SEVEN: Program = { ...base, functions: [{ signature: 0, registers: ['i32'], words: 4 }] };

/** A program in which every section is present. */
export const EVERY_SECTION: Program = {
  groups: [
    { name: 'base', version: 1 },
    { name: 'bulk', version: 1 },
    { name: 'ports', version: 1 },
  ],
  signatures: [
    { parameters: [], results: [] },
    { parameters: ['i32', 'i64', 'f64'], results: ['f64', 'i32'] },
  ],
  functions: [
    { signature: 0, registers: [], words: 2 },
    { signature: 1, registers: ['i32', 'i64', 'f64', 'i32'], words: 3 },
  ],
  code: Int32Array.from([0x00000001, 0x00000006, 0x00000001, 0x00000206, 0x00000002]),
  table: [0, 1, 1],
  memory: { pagesMin: 1, pagesMax: 16 },
  data: [
    { address: 8192, bytes: Uint8Array.of(72, 105, 0) },
    { address: 9000, bytes: new Uint8Array(70).fill(0xff) },
  ],
  ports: [
    { name: 'terminal', protocol: 'pu', side: 'client', version: 1, window: 4096, depth: 8, messageBytes: 65536 },
    { name: 'from[1]', protocol: 'disk', side: 'server', version: 1, window: 4800, depth: 1, messageBytes: 0 },
  ],
  exports: [
    { name: 'f', function: 1 },
    { name: 'main', function: 0 },
  ],
  symbols: [
    { name: 'arguments', address: 8192, bytes: 3 },
    { name: 'naïve ☃', address: 9000, bytes: 70 },
  ],
  debug: {
    files: ['main.pbs', 'terminal'],
    functions: ['main', 'f'],
    registers: [[], ['a', 'b', '', 'd']],
    lines: [
      { word: 0, file: 0, line: 3, column: 1 },
      { word: 2, file: 0, line: 7, column: 5 },
    ],
  },
};

/** No function at all: the format allows it, the verifier judges it. */
export const EMPTY: Program = { ...base, groups: [], signatures: [], functions: [], code: new Int32Array(0), exports: [] };

/** The corpus of the truncation and bit-flip tests. */
export const CORPUS: Readonly<Record<string, Program>> = { SEVEN, EVERY_SECTION, EMPTY };
