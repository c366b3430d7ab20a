/**
 * Short forms, by their names: `x_near`, `x_short` and `x_imm8` are short for `x` or `x_imm`, and a binary must use them wherever
 * their operands fit. The pairs come from the names, so that a row that forgets what it shortens is noticed.
 */
import { describe, expect, it } from '@jest/globals';
import { BOOK, encode, type OperandValue, type Row, rowNamed, type Signature, shortest } from '../../isa-spec/index.js';
import { verify } from '../../vm/index.js';

const longName = (name: string): string => name.replace(/_(near|short)$/, '').replace(/_imm8$/, '_imm');
const pairs = BOOK.filter(({ name }) => /_(imm8|short|near)$/.test(name)).map((short): readonly [string, Row, Row] => [
  short.name,
  short,
  rowNamed(longName(short.name)),
]);

/** Operands that fit both forms. Branches go to the instruction itself, which is a check, so it must be the one before. */
const small = (row: Row): OperandValue[] =>
  row.operands.map(({ kind, type }) => {
    if (kind === 'read' || kind === 'write') return ['i32', 'i64', 'f64'].indexOf(type as string);
    if (kind.startsWith('branch')) return -1;
    return type === 'i64' && kind === 'imm64' ? 5n : 5;
  });

const VOID: Signature = { parameters: [], results: [] };
const verdict = (row: Row): string => {
  const code = [
    ...encode({ row: rowNamed('check'), operands: [] }),
    ...encode({ row, operands: small(row) }),
    ...encode({ row: rowNamed('ret'), operands: [[]] }),
  ];
  const found = verify({
    groups: ['base', 'float64', 'int64'].map((name) => ({ name, version: 1 })),
    signatures: [VOID],
    functions: [{ signature: 0, registers: ['i32', 'i64', 'f64'], words: code.length }],
    code: Int32Array.from(code),
    table: [],
    memory: { pagesMin: 1, pagesMax: 1 },
    data: [],
    ports: [],
    exports: [],
    symbols: [],
  });
  return 'rejection' in found ? found.rejection.rule : 'accepted';
};

describe('short forms', () => {
  it('are 35, and none has a short form of its own', () => {
    expect(pairs.length).toBe(35);
    for (const [, short] of pairs) expect(BOOK.filter(({ shortens }) => shortens === short.name)).toEqual([]);
  });

  it.each(pairs)('%s must be used where it fits', (_, short, long) => {
    expect(shortest({ row: long, operands: small(long) }).row).toBe(short);
    expect([verdict(short), verdict(long)]).toEqual(['accepted', 'short_form']);
  });
});
