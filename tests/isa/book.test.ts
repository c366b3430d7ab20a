/** The book is well-formed, and `checkBook` says so only of a book that is. */
import { describe, expect, it } from '@jest/globals';
import {
  ACCESSES,
  ALIASES,
  apply,
  BOOK,
  checkBook,
  constant,
  GROUPS,
  NEGATED,
  operand,
  OPERATORS,
  OPPOSITES,
  ROWS,
  set,
  store,
  TRAPS,
  trapIf,
  trapOfCode,
  type Effect,
  type Expression,
  type Row,
} from '../../isa-spec/index.js';

const broken = (name: string, change: Partial<Row>): string[] => checkBook(BOOK.map((row) => (row.name === name ? { ...row, ...change } : row)));
const rowOf = (name: string): Row => ROWS.get(name) as Row;
const a = operand('a');
const b = operand('b');

describe('the book', () => {
  it('has no fault', () => expect(checkBook()).toEqual([]));

  it('uses every operator, every access and every group', () => {
    const operators = new Set<string>();
    const accesses = new Set<string>();
    const walk = (expression: Expression): void => {
      if (expression.kind === 'apply') {
        operators.add(expression.operator);
        expression.values.forEach(walk);
      }
      if (expression.kind === 'select') [expression.condition, expression.then, expression.otherwise].forEach(walk);
      if (expression.kind === 'load') accesses.add(expression.access);
    };
    const walkEffect = (effect: Effect): void => {
      if (effect.kind === 'store') accesses.add(effect.access);
      for (const part of Object.values(effect)) if (part !== null && typeof part === 'object' && 'kind' in part) walk(part as Expression);
    };
    for (const row of BOOK) row.does.forEach(walkEffect);
    expect(Object.keys(OPERATORS).filter((name) => !operators.has(name))).toEqual([]);
    expect(Object.keys(ACCESSES).filter((name) => !accesses.has(name))).toEqual([]);
    expect([...new Set(BOOK.map(({ group }) => group))].sort()).toEqual(Object.keys(GROUPS).sort());
  });

  it('has a branch for every condition of every type', () => {
    for (const [types, kind] of [
      [['i32', 'i64'], 'integer'],
      [['f64'], 'float'],
    ] as const) {
      for (const type of types) {
        for (const condition of Object.keys(OPPOSITES[kind])) {
          const mnemonic = `br_${condition}_${type}`;
          expect([mnemonic, BOOK.some((row) => row.mnemonic === mnemonic) || ALIASES.has(mnemonic)]).toEqual([mnemonic, true]);
        }
      }
    }
  });

  it('splits names into family, mnemonic and form', () => {
    const parts = (name: string): string[] => [rowOf(name).family, rowOf(name).mnemonic];
    expect(parts('br_lt_i32_imm_near')).toEqual(['br_lt', 'br_lt_i32']);
    expect(parts('load8u_i64_absolute')).toEqual(['load8u', 'load8u_i64']);
    expect(parts('convert_f64_i64')).toEqual(['convert', 'convert_f64_i64']);
    expect(parts('add_i32_imm8')).toEqual(['add', 'add_i32']);
    expect(parts('memory_bytes')).toEqual(['memory_bytes', 'memory_bytes']);
  });

  it('keeps aliases to pairs that exchange operands of one type', () => {
    expect(ALIASES.size).toBe(22);
    for (const [
      written,
      {
        mnemonic,
        exchange: [first, second],
      },
    ] of ALIASES) {
      const row = BOOK.find((found) => found.mnemonic === mnemonic) as Row;
      expect([written, row.operands[first]?.type]).toEqual([written, row.operands[second]?.type]);
      expect(ROWS.has(written)).toBe(false);
    }
    expect([...NEGATED]).toEqual([
      ['sub_i32', 'add_i32'],
      ['sub_i64', 'add_i64'],
    ]);
  });

  it('gives every trap a code that leads back to it', () => {
    for (const [kind, { code }] of Object.entries(TRAPS)) expect([code, trapOfCode(code)]).toEqual([code, kind]);
    expect([0, 9, 15, 23, 255, 256].map((code) => trapOfCode(code))).toEqual(new Array(6).fill(undefined));
  });
});

describe('checkBook refuses', () => {
  const add = rowOf('add_i32');
  const cases: Record<string, readonly [string, Partial<Row>, RegExp]> = {
    'an opcode used twice': ['sub_i32', { opcode: 0x12 }, /opcode 18 is that of add_i32/],
    'the escape byte as an opcode': ['add_i32', { opcode: 0xff }, /not encodable/],
    'an opcode out of range': ['add_i32', { opcode: 0x200 }, /not encodable/],
    'two operands of one name': ['add_i32', { operands: [...add.operands.slice(0, 2), add.operands[1]!] }, /two operands have one name/],
    'an operand that is not used': ['add_i32', { does: [set('d', a)] }, /operand b is not used/],
    'a read of what is not there': ['add_i32', { does: [set('d', apply('i32.add', a, operand('z')))] }, /reads operand z/],
    'a read of what is written': ['add_i32', { does: [set('d', apply('i32.add', a, apply('i32.add', b, operand('d'))))] }, /reads operand d/],
    'a write of what is read': ['add_i32', { does: [set('a', apply('i32.add', a, b))] }, /operand a should be write/],
    'an argument of another type': ['add_i32', { does: [set('d', apply('i32.add', a, constant('i64', 1n))), set('d', b)] }, /i64 where i32 is needed/],
    'a result of another type': ['add_i32', { does: [set('d', apply('i64.extend_i32_s', apply('i32.add', a, b)))] }, /i64 where i32 is needed/],
    'too few arguments': ['add_i32', { does: [set('d', apply('i32.add', a)), set('d', b)] }, /takes 2 values/],
    'a trap after a write': ['add_i32', { does: [set('d', apply('i32.add', a, b)), trapIf(b, 'overflow')] }, /trap stands after a write/],
    'a trap after a store': [
      'store_i32',
      { does: [store('i32.store', a, operand('offset'), operand('value')), trapIf(a, 'overflow')] },
      /trap stands after a write/,
    ],
    'an effect after a jump': ['jump', { does: [...rowOf('jump').does, { kind: 'check' }] }, /jump is not the last effect/],
    'a branch to what is no target': [
      'br_eq_i32',
      { does: [{ kind: 'branch', condition: apply('i32.eq', a, b), target: 'a' }] },
      /operand a should be branch8 or branch32/,
    ],
    'a short form that means another': ['add_i32_imm8', { does: [set('d', apply('i32.sub', a, operand('k')))] }, /means something else than add_i32_imm/],
    'a short form of nothing': ['add_i32_imm8', { shortens: 'add_i99' }, /shortens add_i99, which does not exist/],
    'a short form with other operands': [
      'const_i32_short',
      { operands: [{ ...rowOf('const_i32_short').operands[0]!, name: 'x' }, rowOf('const_i32_short').operands[1]!] },
      /other operands than const_i32/,
    ],
    'a short form behind the escape': ['add_i32_imm8', { opcode: 0x1f0 }, /short form stands behind the escape byte/],
    'a select of two types': [
      'add_i32',
      { does: [set('d', { kind: 'select', condition: a, then: b, otherwise: constant('f64', 0) })] },
      /f64 where i32 is needed/,
    ],
    'a set mask of another type': ['poll', { operands: [rowOf('poll').operands[0]!, { name: 'a', kind: 'read', type: 'i32' }] }, /i32 where i64 is needed/],
  };
  for (const [what, [name, change, message]] of Object.entries(cases)) {
    it(what, () => expect(broken(name, change)).toContainEqual(expect.stringMatching(message)));
  }
});
