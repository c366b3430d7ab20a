/**
 * The disassembler: its text assembles back to the same program. Every row of the book at its boundary operands, random
 * programs, the examples, and names that the language does not have.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { assemble, disassemble } from '../../assembler/index.js';
import { BOOK, encode, rowNamed, shortest, trapOfCode, type Instruction, type Program, type Row, type ValueType } from '../../isa-spec/index.js';
import { LIBRARY } from '../../stdlib/index.js';
import { verify } from '../../vm/verify.js';
import { build } from '../campaigns/draft.js';
import { generate } from '../campaigns/generate.js';
import { Random } from '../campaigns/random.js';
import { boundaryInstructions, EVERY_SECTION } from '../isa/samples.js';
import { programOf } from './helpers.js';

/** All of a program but debug information, which cannot come back. */
function essence({ debug: _, groups: __, ...rest }: Program): unknown {
  return { ...rest, code: [...rest.code], data: rest.data.map(({ address, bytes }) => [address, [...bytes]]) };
}

function again(program: Program): Program {
  const text = disassemble(program);
  const { program: back, diagnostics } = assemble('back.pbs', { read: () => text });
  if (back === undefined) throw new Error(`${diagnostics.map(({ code, line, message }) => `${line}: ${code} ${message}`).join('\n')}\n${text.slice(0, 2000)}`);
  return back;
}

/**
 * A program around an instruction that the verifier accepts: branches lead to instructions, callees exist, registers have the
 * types that are asked for. Undefined where the operands cannot be part of any program.
 */
function programAround(given: Instruction): Program | undefined {
  const check = rowNamed('check');
  const types: ValueType[] = new Array<ValueType>(256).fill('i32');
  const signatures = [{ parameters: [] as ValueType[], results: [] as ValueType[] }];
  const typed = new Map<number, ValueType>();
  const operands = [...given.operands];
  let lists = { values: [] as readonly number[], results: [] as readonly number[] };
  given.row.operands.forEach(({ kind, type, name }, index) => {
    const value = operands[index];
    if ((kind === 'read' || kind === 'write') && type !== undefined) {
      // One register cannot have two types: another one is taken.
      let register = value as number;
      while (typed.has(register) && typed.get(register) !== type) register = (register + 1) % 256;
      typed.set(register, type);
      operands[index] = register;
    } else if (kind === 'values' || kind === 'results') {
      lists = { ...lists, [name]: value as readonly number[] };
    } else if (kind === 'function' || kind === 'signature') {
      operands[index] = 1;
    } else if (kind === 'targets') {
      // Cases go forward past the table itself.
      const cases = value as readonly number[];
      operands[index] = cases.map((distance) => (distance >= 0 ? distance + 1 + cases.length : distance));
    }
  });
  for (const [register, type] of typed) types[register] = type;
  const called = given.row.operands.some(({ kind }) => kind === 'function' || kind === 'signature');
  if (lists.values.length > (called ? 32 : 16) || lists.results.length > 16) return undefined;
  if (given.row.operands.some(({ kind }, index) => kind === 'trap' && trapOfCode(operands[index] as number) === undefined)) return undefined;
  if (called)
    signatures.push({
      parameters: lists.values.map((register) => types[register] as ValueType),
      results: lists.results.map((register) => types[register] as ValueType),
    });
  else if (lists.values.length > 0) signatures[0] = { parameters: [], results: lists.values.map((register) => types[register] as ValueType) };

  // Checks before and after, as many as its branches span: each is a place to go to.
  const spans = given.row.operands.flatMap(({ kind }, index) =>
    kind.startsWith('branch') ? [operands[index] as number] : kind === 'targets' ? (operands[index] as readonly number[]) : [],
  );
  const short = shortest({ row: given.row, operands });
  const words = encode(short).length;
  const before = Math.max(1, ...spans.map((span) => -span));
  const after = Math.max(0, ...spans.map((span) => span - words + 1));
  if (before + after > 33_000) return undefined;
  // A branch to itself or into itself is none: it must lead to a check.
  if (spans.some((span) => span >= 0 && span < words)) return undefined;
  const finish = signatures[0]?.results.length === 0 ? encode({ row: rowNamed('ret'), operands: [[]] }) : encode({ row: rowNamed('trap'), operands: [1] });
  const checks = (count: number): number[] => new Array<number>(count).fill(encode({ row: check, operands: [] })[0] as number);
  const code = [...checks(before), ...encode(short), ...checks(after), ...finish];
  const functions = [{ signature: 0, registers: types, words: code.length }];
  if (called) {
    const callee = signatures[1] as (typeof signatures)[number];
    functions.push({ signature: 1, registers: callee.parameters, words: 2 });
    code.push(...checks(1), encode({ row: rowNamed('trap'), operands: [1] })[0] as number);
    if (JSON.stringify(signatures[0]) === JSON.stringify(callee)) {
      signatures.pop();
      functions[1] = { signature: 0, registers: [], words: 2 };
      if (given.row.operands.some(({ kind }) => kind === 'signature')) return undefined;
    }
  }
  const groups = [...new Set(['base', given.row.group])].sort().map((name) => ({ name, version: 1 }));
  const exports = functions.map((_, index) => ({ name: `f${index}`, function: index }));
  return {
    groups,
    signatures,
    functions,
    code: Int32Array.from(code),
    table: [],
    memory: { pagesMin: 1, pagesMax: 2 },
    data: [],
    ports: [],
    exports,
    symbols: [],
  };
}

describe('every row', () => {
  it.each(BOOK.map((row) => [row.name, row] as const))('%s at its boundary operands', (_, row: Row) => {
    let tried = 0;
    const seen = new Set<string>();
    for (const instruction of boundaryInstructions(row)) {
      const program = programAround(instruction);
      if (program === undefined) continue;
      const key = JSON.stringify([...program.code.subarray(0, 600)]);
      if (seen.has(key)) continue;
      seen.add(key);
      const verified = verify(program);
      if ('rejection' in verified) throw new Error(JSON.stringify(verified.rejection));
      expect(essence(again(program))).toEqual(essence(program));
      tried++;
    }
    expect(tried).toBeGreaterThan(0);
  });
});

describe('branches that are long without need', () => {
  it('come back by far(label)', () => {
    // 126 checks between: a short branch would reach, but the long one, a word longer, does not and keeps itself long.
    const check = encode({ row: rowNamed('check'), operands: [] })[0] as number;
    const code = Int32Array.from([
      check,
      ...encode({ row: rowNamed('br_eq_i32'), operands: [0, 0, 128] }),
      ...new Array<number>(126).fill(check),
      ...encode({ row: rowNamed('ret'), operands: [[]] }),
    ]);
    const program: Program = {
      groups: [{ name: 'base', version: 1 }],
      signatures: [{ parameters: [], results: [] }],
      functions: [{ signature: 0, registers: ['i32'], words: code.length }],
      code,
      table: [],
      memory: { pagesMin: 1, pagesMax: 1 },
      data: [],
      ports: [],
      exports: [{ name: 'main', function: 0 }],
      symbols: [],
    };
    expect(verify(program)).toHaveProperty('program');
    const text = disassemble(program);
    expect(text).toContain('br_eq_i32 r0, r0, far(L129)');
    expect(essence(again(program))).toEqual(essence(program));
    const shorter = text.replace('far(L129)', 'L129');
    expect(assemble('x', { read: () => shorter }).program?.code.length).toBe(code.length - 1);
    const wrong = text.replace('    check\n'.repeat(2), '    check\n');
    expect(assemble('x', { read: () => wrong }).diagnostics.map(({ code: found }) => found)).toEqual(['not_far']);
  });
});

describe('whole programs', () => {
  it('that are random come back', () => {
    for (let stream = 0; stream < 60; stream++) {
      const { program } = build(generate(new Random(3, stream), { portShare: 0.3 }));
      expect(essence(again(program))).toEqual(essence(program));
    }
  });

  it('of the examples come back', () => {
    for (const file of readdirSync('examples').filter((name) => name.endsWith('.pbs'))) {
      const { program } = assemble(`examples/${file}`, { read: (path) => readFileSync(path, 'utf8'), library: LIBRARY });
      expect(essence(again(program as Program))).toEqual(essence(program as Program));
    }
  });

  it('with every section come back', () => {
    expect(essence(again(EVERY_SECTION))).toEqual({ ...(essence(EVERY_SECTION) as object) });
  });
});

describe('names', () => {
  const base = programOf('export func f(a: i32) -> i32 {\nlocal b: i64\nmov b, 1\ncall g()\nret a\n}\nfunc g() { }\nexport data d: i32 = 1');
  const named = (more: Partial<Program>): string => {
    const program = { ...base, ...more };
    expect(essence(again(program))).toEqual(essence(program));
    return disassemble(program);
  };

  it('are those of exports, symbols and debug information', () => {
    expect(named({})).toBe(`memory 1 pages .. 65535 pages

export data d at 4096 = 1, 0, 0, 0

export func f(a: i32) -> i32 {
    local b: i64
    check
    const_i64 b, 1
    call g()
    ret a
}

func g() {
    check
    ret
}
`);
  });

  it('that the language does not have are exported as strings, and replaced inside', () => {
    const text = named({
      exports: [
        { name: '', function: 1 },
        { name: 'loop', function: 0 },
        { name: 'naïve ☃\n"', function: 0 },
      ],
      symbols: [
        { name: 'a b', address: 4096, bytes: 4 },
        { name: 'zero', address: 5000, bytes: 100 },
      ],
      debug: { ...(base.debug as NonNullable<Program['debug']>), functions: ['x y', 'nan'], registers: [['if', 'if'], []] },
    });
    expect(text).toContain('export "loop", "naïve ☃\\n\\"" func f0(r0: i32) -> i32 {');
    expect(text).toContain('export "" func f1() {');
    expect(text).toContain('export "a b" data a_b at 4096');
    expect(text).toContain('export data zero at 5000: [100]');
  });

  it('of debug information cannot turn a function into main', () => {
    const text = named({ exports: [{ name: 'run', function: 0 }], debug: { ...(base.debug as NonNullable<Program['debug']>), functions: ['f', 'main'] } });
    expect(text).not.toContain('main');
  });

  it('of an export called main that cannot be main are left to hosts', () => {
    const program = programOf('export "main" func area(r: f64) -> f64 { mul r, r, r\nret r }');
    expect(disassemble(program)).toContain('export "main" func f0(r: f64) -> f64 {');
    expect(again(program).exports).toEqual([{ name: 'main', function: 0 }]);
  });

  it('of ports come back, whatever they are', () => {
    const port = (name: string, window: number): Program['ports'][number] => ({
      name,
      protocol: 'pu',
      side: 'client',
      version: 3,
      window,
      depth: 2,
      messageBytes: 7,
    });
    const text = named({ ports: [port('f', 8192), port('loop', 8448), port('from[3]', 8704), port('from[03]', 8960), port('from', 9216), port('d[0]', 9472)] });
    expect(text).toContain('port f: pu client at 8192 { depth 2, message 7, version 3 }');
    expect(text).toContain('export "f" func f0(');
  });

  it('of symbols that lie across other things are left out, which is said', () => {
    const program = {
      ...base,
      symbols: [
        { name: 'd', address: 4096, bytes: 4 },
        { name: 'low', address: 0, bytes: 4 },
        { name: 'part', address: 4097, bytes: 1 },
      ],
    };
    expect(disassemble(program)).toMatch(/; the symbol "low" at 0, 4 bytes.*\n; the symbol "part" at 4097, 1 bytes/);
    expect(again(program).symbols.map(({ name }) => name)).toEqual(['d']);
  });
});

describe('what stands in no section of its own', () => {
  it('functions that nothing reaches are kept', () => {
    const program = programOf('keep func a() { call b() }\nfunc b() { }\nkeep func c() { }\nfunc main() { }');
    expect(disassemble(program).match(/^(?:keep )?func \w+/gm)).toEqual(
      ['keep func a', 'func b', 'keep func c', 'func main'].map((line, index) => (index === 1 ? 'keep func b' : line)),
    );
    expect(essence(again(program))).toEqual(essence(program));
  });

  it('signatures are told when their order would be another', () => {
    const program = programOf('keep type t(f64)\nkeep type u() -> i64\nfunc main() { }');
    expect(disassemble(program)).toContain('keep type t0(f64)\nkeep type t1() -> i64\nkeep type t2()');
    expect(essence(again(program))).toEqual(essence(program));
  });

  it('bytes are strings where they are text', () => {
    const program = programOf('keep data a = "Hello, world!\\n", 0, 255, "ab"\nkeep data b = "\\"\\\\ quoted"\nfunc main() { }');
    const text = disassemble(program);
    expect(text).toContain('= "Hello, world!\\n", 0, 255, 97, 98');
    expect(text).toContain('= "\\"\\\\ quoted"');
    expect(essence(again(program))).toEqual(essence(program));
  });

  it("code that is none is the embedder's mistake", () => {
    const program = programOf('func main() { }');
    expect(() => disassemble({ ...program, code: Int32Array.from([0xfe, 0]) })).toThrow(RangeError);
  });
});
