/**
 * Mutations: small wrong edits of source text, made mechanically, so that nobody picks the bugs by hand.
 *
 * Two kinds of text are known. Rows of the book and of its tables are edited by what their columns mean: another operator of the
 * same type, operands exchanged, a width or a sign, a trap, a group, an opcode. Everything else is edited by tokens:
 * a constant plus or minus one, an operator for its neighbour. Edits that give the same meaning by the laws of arithmetic (operands of a
 * commutative operator exchanged) are not made.
 */
import { ACCESSES, GROUPS, OPERATORS, TRAPS, type Access, type Operator } from '../../isa-spec/index.js';

/** One wrong edit. */
export interface Mutant {
  /** Path from the project's top. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** What kind of edit it is. */
  readonly kind: string;
  /** The line before and after. */
  readonly before: string;
  readonly after: string;
  /** The second line of an exchange, and what it becomes. */
  readonly also?: { readonly line: number; readonly after: string };
}

/** An edit of one line: what it is called and what the line becomes. */
type Edit = readonly [kind: string, after: string];

const COMMUTATIVE = /\.(add|mul|and|or|xor|eq|ne|min|max)$/;

function* everyMatch(line: string, pattern: RegExp, replacements: (match: RegExpMatchArray) => Iterable<string>, kind: string): Generator<Edit> {
  for (const match of line.matchAll(pattern)) {
    for (const replacement of replacements(match)) {
      yield [kind, line.slice(0, match.index) + replacement + line.slice(match.index + match[0].length)];
    }
  }
}

const alike = (operator: Operator): Operator[] => {
  const shape = (name: Operator): string => `${OPERATORS[name].takes.join()}>${OPERATORS[name].gives}`;
  return (Object.keys(OPERATORS) as Operator[]).filter((other) => other !== operator && shape(other) === shape(operator));
};
const alikeAccesses = (access: Access): Access[] =>
  (Object.keys(ACCESSES) as Access[]).filter(
    (other) => other !== access && ACCESSES[other].type === ACCESSES[access].type && other.includes('load') === access.includes('load'),
  );

const BOOK_ROW = /^ {2}\w+: +\{ opcode: 0x[0-9a-f]+/;

/** Edits of one row of the book. */
function* rowEdits(line: string): Generator<Edit> {
  yield* everyMatch(line, /apply\('([\w.]+)'/g, ([, name]) => alike(name as Operator).map((other) => `apply('${other}'`), 'operator swapped');
  yield* everyMatch(
    line,
    /apply\('([\w.]+)', (\w+), (\w+)\)/g,
    ([, name, left, right]) => (COMMUTATIVE.test(name as string) ? [] : [`apply('${name}', ${right}, ${left})`]),
    'operands exchanged',
  );
  yield* everyMatch(line, /select\((\w+), (\w+), (\w+)\)/g, ([, condition, left, right]) => [`select(${condition}, ${right}, ${left})`], 'operands exchanged');
  yield* everyMatch(line, /'([if]\d\d\.(?:load|store)\w*)'/g, ([, access]) => alikeAccesses(access as Access).map((other) => `'${other}'`), 'access changed');
  yield* everyMatch(
    line,
    /constant\('(i32|i64)', (-?\d+)(n?)\)/g,
    ([, type, value, suffix]) => [1n, -1n].map((by) => `constant('${type}', ${BigInt(value as string) + by}${suffix})`),
    'constant changed',
  );
  yield* everyMatch(line, /trapIf\((?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*\), /g, () => [''], 'trap dropped');
  yield* everyMatch(
    line,
    /, '(\w+)'\)(?=, (?:trapIf|set))/g,
    ([, trap]) =>
      Object.keys(TRAPS)
        .filter((other) => other !== trap)
        .map((other) => `, '${other}')`),
    'trap changed',
  );
  yield* everyMatch(
    line,
    /group: '(\w+)'/g,
    ([, group]) =>
      Object.keys(GROUPS)
        .filter((other) => other !== group)
        .map((other) => `group: '${other}'`),
    'group changed',
  );
  yield* everyMatch(line, /canonical\((\w+)\)/g, ([, name]) => [name as string], 'canonical NaN dropped');
  yield* everyMatch(line, /, shortens: '\w+'/g, () => [''], 'short form dropped');
  yield* everyMatch(line, /imm8\(/g, () => ['imm16('], 'width of immediate changed');
  yield* everyMatch(
    line,
    /opcode: (0x[0-9a-f]+)/g,
    ([, opcode]) => [0xf0, 0x1f0].filter((free) => free > 0xff === Number(opcode) > 0xff).map((free) => `opcode: 0x${free.toString(16)}`),
    'opcode changed',
  );
  yield* everyMatch(
    line,
    /read\('(\w+)', '(\w+)'\), read\('(\w+)', '(\w+)'\)/g,
    ([, first, one, second, two]) =>
      COMMUTATIVE.test(/apply\('([\w.]+)', a, b\)/.exec(line)?.[1] ?? '') ? [] : [`read('${second}', '${two}'), read('${first}', '${one}')`],
    'operand places exchanged',
  );
}

/** Edits by tokens, for text that is not rows of the book. */
const TOKENS: readonly (readonly [pattern: RegExp, replacements: readonly string[]])[] = [
  [/ \+ /g, [' - ']],
  [/ - /g, [' + ']],
  [/ \* /g, [' + ']],
  [/ \/ /g, [' * ']],
  [/ % /g, [' / ']],
  [/ <= /g, [' < ', ' >= ']],
  [/ >= /g, [' > ', ' <= ']],
  [/ < /g, [' <= ', ' > ']],
  [/ > /g, [' >= ', ' < ']],
  [/ === /g, [' !== ']],
  [/ !== /g, [' === ']],
  [/ && /g, [' || ']],
  [/ \|\| /g, [' && ']],
  [/ & /g, [' | ']],
  [/(?<!') \| (?!')/g, [' & ']],
  [/ \^ /g, [' & ', ' | ']],
  [/ << /g, [' >> ']],
  [/ >> /g, [' << ', ' >>> ']],
  [/ >>> /g, [' >> ']],
  [/'<<'|'>>'|'>>>'/g, ["'>>'", "'<<'"]],
  [/\b(Math\.)?floor\(/g, ['Math.ceil(']],
  [/\bunsigned\(/g, ['binary(']],
  [/\bucompare\(/g, ['compare(']],
  [/\bushift\(/g, ['shift(']],
];

function* tokenEdits(line: string): Generator<Edit> {
  for (const [pattern, replacements] of TOKENS) {
    yield* everyMatch(line, pattern, ([found]) => replacements.filter((replacement) => replacement !== found), 'operator swapped');
  }
  yield* everyMatch(line, /\b(a|b)\.(low|high)\b/g, ([, name, half]) => [`${name}.${half === 'low' ? 'high' : 'low'}`], 'half exchanged');
  yield* everyMatch(
    line,
    /(?<![\w.$])(0x[0-9a-f]+|\d+)(n?)(?![\w.])/g,
    ([, digits, suffix]) => {
      const value = BigInt(digits as string);
      return [value + 1n, value - 1n].map((changed) => `${changed < 0n ? `(${changed})` : changed}${suffix}`);
    },
    'constant changed',
  );
}

/** Lines that say something when the program runs: no comments, imports or types. */
const isCode = (line: string): boolean => !/^\s*(\/\/|\*|\/\*\*|import |\||readonly |(export )?(type|interface) |export \* )/.test(line) && line.trim() !== '';

/** Every mutant of a file of the project. */
export function mutantsOf(file: string, text: string): Mutant[] {
  const lines = text.split('\n');
  const isBook = file.endsWith('isa-spec/book.ts');
  const found: Mutant[] = [];
  const make = (index: number, kind: string, after: string, also?: Mutant['also']): void => {
    const before = lines[index] as string;
    if (after !== before) found.push({ file, line: index + 1, kind, before, after, ...(also === undefined ? {} : { also }) });
  };
  const rows = lines.flatMap((line, index) => (BOOK_ROW.test(line) ? [index] : []));
  lines.forEach((line, index) => {
    if (isBook && !rows.includes(index)) return;
    if (!isCode(line)) return;
    for (const [kind, after] of isBook ? rowEdits(line) : tokenEdits(line)) make(index, kind, after);
  });
  const opcode = /opcode: 0x[0-9a-f]+/;
  rows.forEach((index, place) => {
    const other = rows[(place + 1) % rows.length] as number;
    const [mine, theirs] = [lines[index] as string, lines[other] as string];
    const [own, foreign] = [opcode.exec(mine)?.[0] as string, opcode.exec(theirs)?.[0] as string];
    make(index, 'opcodes exchanged', mine.replace(own, foreign), { line: other + 1, after: theirs.replace(foreign, own) });
  });
  return found;
}

/** The text of a file with a mutant of it in force. */
export function mutate(text: string, { line, after, also }: Mutant): string {
  const lines = text.split('\n');
  lines[line - 1] = after;
  if (also !== undefined) lines[also.line - 1] = also.after;
  return lines.join('\n');
}
