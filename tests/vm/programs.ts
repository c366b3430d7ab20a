/** Small programs for the tests of the machine, encoded by hand from rows of the book. */
import { encode, type OperandValue, type Program, rowNamed, shortest, type Signature, type ValueType } from '../../isa-spec/index.js';
import { type VerifiedProgram, verify } from '../../vm/index.js';

/** One instruction: the row's name and its operands. */
export type Line = readonly [name: string, ...operands: OperandValue[]];

/** A function to be encoded. */
export interface Body {
  readonly signature: Signature;
  readonly registers: readonly ValueType[];
  readonly lines: readonly Line[];
}

/** The words of lines, each in its shortest form. */
export const wordsOf = (lines: readonly Line[]): number[] => lines.flatMap(([name, ...operands]) => [...encode(shortest({ row: rowNamed(name), operands }))]);

/** A verified program; function 0 is exported as `main`, function n as `fn`. */
export function programOf(bodies: readonly Body[], more: Partial<Program> = {}): VerifiedProgram {
  const keys = [...new Set(bodies.map(({ signature }) => JSON.stringify(signature)))];
  const codes = bodies.map(({ lines }) => wordsOf(lines));
  const program: Program = {
    groups: ['base', 'bulk', 'float32', 'float64', 'int64', 'ports'].map((name) => ({ name, version: 1 })),
    signatures: keys.map((key) => bodies.find(({ signature }) => JSON.stringify(signature) === key)?.signature as Signature),
    functions: bodies.map(({ signature, registers }, index) => ({
      signature: keys.indexOf(JSON.stringify(signature)),
      registers,
      words: codes[index]?.length ?? 0,
    })),
    code: Int32Array.from(codes.flat()),
    table: [],
    memory: { pagesMin: 1, pagesMax: 4 },
    data: [],
    ports: [],
    exports: bodies.map((_, index) => ({ name: index === 0 ? 'main' : `f${index}`, function: index })).sort((a, b) => (a.name < b.name ? -1 : 1)),
    symbols: [],
    ...more,
  };
  const verified = verify(program);
  if ('rejection' in verified) throw new Error(JSON.stringify(verified.rejection));
  return verified.program;
}

const I32: Signature = { parameters: ['i32'], results: ['i32'] };

/** fib(n): 2 fib(n + 1) - 1 calls. */
export const FIB = programOf([
  {
    signature: I32,
    registers: ['i32', 'i32', 'i32'],
    lines: [
      ['check'],
      ['br_gte_i32_imm', 0, 2, 3],
      ['ret', [0]],
      ['add_i32_imm', 1, 0, -1],
      ['call', [1], [1], 0],
      ['add_i32_imm', 2, 0, -2],
      ['call', [2], [2], 0],
      ['add_i32', 1, 1, 2],
      ['ret', [1]],
    ],
  },
]);

/** main(n): the sum of n, n - 1, ..., 1, added in a register that was never written before. */
export const SUM = programOf([
  {
    signature: I32,
    registers: ['i32', 'i32'],
    lines: [['check'], ['check'], ['add_i32', 1, 1, 0], ['add_i32_imm', 0, 0, -1], ['br_neq_i32_imm', 0, 0, -3], ['ret', [1]]],
  },
]);

/** main(n): calls itself n deep, returns n. */
export const DEEP = programOf([
  {
    signature: I32,
    registers: ['i32', 'i32'],
    lines: [['check'], ['br_neq_i32_imm', 0, 0, 3], ['ret', [0]], ['add_i32_imm', 1, 0, -1], ['call', [1], [1], 0], ['add_i32_imm', 1, 1, 1], ['ret', [1]]],
  },
]);

/** main(address): loads the word at an address. */
export const LOAD = programOf([{ signature: I32, registers: ['i32', 'i32'], lines: [['check'], ['load_i32', 1, 0, 0], ['ret', [1]]] }]);
