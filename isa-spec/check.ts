/**
 * Proves the book well-formed: opcodes, names, operand types, the order of effects, short forms, aliases.
 *
 * It returns every fault in words. A book without faults can be encoded without ambiguity and evaluated without
 * surprise; whether a meaning is the intended one is for the conformance vectors to say.
 */
import { ALIASES, BOOK, NEGATED, OPPOSITES, ROWS } from './book.js';
import { ESCAPE } from './encoding.js';
import { ACCESSES, type Effect, type Expression } from './meaning.js';
import { OPERATORS } from './operators.js';
import type { Operand, Row } from './row.js';
import { TRAPS } from './traps.js';
import type { ExpressionType } from './types.js';

/** Every fault of the book, in words; none when it is well-formed. */
export function checkBook(book: readonly Row[] = BOOK): string[] {
  const faults: string[] = [];
  const opcodes = new Map<number, string>();
  for (const row of book) {
    const fault = (text: string): void => void faults.push(`${row.name}: ${text}`);
    const taken = opcodes.get(row.opcode);
    if (taken !== undefined) fault(`opcode ${row.opcode} is that of ${taken}`);
    opcodes.set(row.opcode, row.name);
    if (row.opcode === ESCAPE || row.opcode < 0 || row.opcode > 0x1ff) fault(`opcode ${row.opcode} is not encodable`);
    if (new Set(row.operands.map(({ name }) => name)).size !== row.operands.length) fault('two operands have one name');
    checkEffects(row, fault);
    checkShortForm(row, fault);
  }
  for (const [written, { mnemonic }] of ALIASES) {
    if (!book.some((row) => row.mnemonic === mnemonic)) faults.push(`alias ${written}: no mnemonic ${mnemonic}`);
  }
  for (const [written, meant] of NEGATED) {
    if (!book.some((row) => row.mnemonic === meant)) faults.push(`negated ${written}: no mnemonic ${meant}`);
  }
  for (const [kind, pairs] of Object.entries(OPPOSITES)) {
    for (const [condition, opposite] of Object.entries(pairs)) {
      if (pairs[opposite] !== condition) faults.push(`${kind} condition ${condition}: the opposite of ${opposite} is not ${condition}`);
    }
  }
  const codes = Object.values(TRAPS).map(({ code }) => code);
  if (new Set(codes).size !== codes.length) faults.push('two trap kinds have one code');
  return faults;
}

function checkShortForm(row: Row, fault: (text: string) => void): void {
  if (row.shortens === undefined) return;
  const long = ROWS.get(row.shortens);
  if (long === undefined) return fault(`shortens ${row.shortens}, which does not exist`);
  if (JSON.stringify(long.does) !== JSON.stringify(row.does)) fault(`means something else than ${long.name}`);
  const shape = ({ operands }: Row): string => operands.map(({ name, type }) => `${name}:${type}`).join();
  if (shape(long) !== shape(row)) fault(`has other operands than ${long.name}`);
  if (row.opcode > 0xff) fault('a short form stands behind the escape byte');
}

const TERMINAL = new Set<Effect['kind']>(['jump', 'jump_table', 'return', 'trap', 'branch', 'call', 'call_table', 'check', 'wait']);

function checkEffects(row: Row, fault: (text: string) => void): void {
  const used = new Set<string>();
  const find = (name: string): Operand | undefined => {
    used.add(name);
    return row.operands.find((operand) => operand.name === name);
  };
  const kindIs = (name: string, ...kinds: string[]): void => {
    const found = find(name);
    if (found === undefined || !kinds.includes(found.kind)) fault(`operand ${name} should be ${kinds.join(' or ')}`);
  };
  const expect = (expression: Expression, type: ExpressionType): void => {
    const found = typeOf(expression);
    if (found !== type) fault(`an expression is ${found} where ${type} is needed`);
  };
  const typeOf = (expression: Expression): ExpressionType | undefined => {
    switch (expression.kind) {
      case 'operand': {
        const found = find(expression.name);
        if (found === undefined || found.kind === 'write') fault(`reads operand ${expression.name}`);
        return found?.kind === 'offset8' || found?.kind === 'offset32' ? 'i32' : found?.type;
      }
      case 'constant':
        return expression.type;
      case 'apply': {
        const { takes, gives } = OPERATORS[expression.operator];
        if (takes.length !== expression.values.length) fault(`${expression.operator} takes ${takes.length} values`);
        expression.values.forEach((value, index) => expect(value, takes[index] as ExpressionType));
        return gives;
      }
      case 'select':
        expect(expression.condition, 'i32');
        expect(expression.otherwise, typeOf(expression.then) as ExpressionType);
        return typeOf(expression.then);
      case 'load':
        if (expression.base !== undefined) expect(expression.base, 'i32');
        expect(expression.offset, 'i32');
        return ACCESSES[expression.access].type;
      case 'memory_bytes':
        return 'i32';
      default:
        return expression satisfies never;
    }
  };

  let written = false;
  row.does.forEach((effect, index) => {
    if (TERMINAL.has(effect.kind) && index !== row.does.length - 1) fault(`${effect.kind} is not the last effect`);
    switch (effect.kind) {
      case 'set':
        kindIs(effect.to, 'write');
        expect(effect.value, row.operands.find(({ name }) => name === effect.to)?.type as ExpressionType);
        written = true;
        return;
      case 'store':
        if (effect.base !== undefined) expect(effect.base, 'i32');
        expect(effect.offset, 'i32');
        expect(effect.value, ACCESSES[effect.access].type);
        written = true;
        return;
      case 'trap_if':
        if (written) fault('a trap stands after a write');
        return expect(effect.condition, 'i32');
      case 'trap':
        return kindIs(effect.code, 'trap');
      case 'branch':
        expect(effect.condition, 'i32');
        return kindIs(effect.target, 'branch8', 'branch32');
      case 'jump':
        return kindIs(effect.target, 'branch24', 'branch32');
      case 'jump_table':
        expect(effect.index, 'i32');
        return kindIs(effect.targets, 'targets');
      case 'call':
        kindIs(effect.callee, 'function');
        kindIs(effect.values, 'values');
        return kindIs(effect.results, 'results');
      case 'call_table':
        expect(effect.index, 'i32');
        kindIs(effect.signature, 'signature');
        kindIs(effect.values, 'values');
        return kindIs(effect.results, 'results');
      case 'return':
        return kindIs(effect.values, 'values');
      case 'check':
        return;
      case 'copy':
        return [effect.to, effect.from, effect.bytes].forEach((value) => expect(value, 'i32'));
      case 'fill':
        return [effect.to, effect.value, effect.bytes].forEach((value) => expect(value, 'i32'));
      case 'bell':
        return expect(effect.port, 'i32');
      case 'wait':
      case 'poll':
        kindIs(effect.to, 'write');
        return expect(effect.mask, 'i64');
      default:
        return effect satisfies never;
    }
  });
  for (const { name } of row.operands) if (!used.has(name)) fault(`operand ${name} is not used`);
}
