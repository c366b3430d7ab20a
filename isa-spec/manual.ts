/**
 * The generated chapters of the specification, as text made of the book: `instructions.md` and `tables.md`.
 *
 * A tool, not part of the `isa` door. Whatever the book says is taken from it; what stands here is only how to say it, and the words for
 * operators and effects, which are checked to be complete. `npm run generate` writes the files.
 */
import { ALIASES, BOOK, NEGATED } from './book.js';
import { ESCAPE, layoutOf, shortFormOf } from './encoding.js';
import * as limits from './limits.js';
import { ACCESSES, type Effect, type Expression } from './meaning.js';
import { OPERATORS, type Operator } from './operators.js';
import { GROUPS, type Operand, type OperandKind, type Row } from './row.js';
import { TRAPS, type TrapKind } from './traps.js';
import { VALUE_TYPES, type ValueType } from './types.js';

const GENERATED = '<!-- Generated from the book (isa-spec/*.ts) by manual.ts. Edit those, then `npm run generate`. -->\n';
const hex = (value: number, digits = 2): string => value.toString(16).padStart(digits, '0');
const code = (text: string): string => `\`${text}\``;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`).join('');

/** The bytes of an opcode as they lie in the first word: `22`, or `ff 0d` behind the escape byte. */
const opcodeBytes = ({ opcode }: Row): string => (opcode > 0xff ? `${hex(ESCAPE)} ${hex(opcode & 0xff)}` : hex(opcode));

/** Words of an instruction, with what its lists add. */
function lengthOf(row: Row): string {
  const jumps = row.operands.some(({ kind }) => kind === 'targets');
  const lists = row.operands.flatMap(({ kind, name }) => (kind === 'values' || kind === 'results' ? [`${name} / 4`] : []));
  return [String(layoutOf(row).words + (jumps ? 1 : 0)), ...(jumps ? ['cases'] : []), ...lists].join(' + ');
}

// ---- meanings in words

/** Characters of a drawn byte. */
const CELL = 17;

/** What an access does beside moving bytes. */
function accessWords(name: string): string {
  if (name.includes('store')) return /store\d/.test(name) ? 'the low bytes of the value' : 'the value';
  return name.endsWith('_s') ? 'sign-extended' : name.endsWith('_u') ? 'zero-extended' : 'as it is';
}

const isNaNConstant = (expression: Expression): boolean => expression.kind === 'constant' && Number.isNaN(expression.value);
const address = (base: Expression | undefined, offset: Expression): string => (base === undefined ? phrase(offset) : `${phrase(base)} + ${phrase(offset)}`);

/** An expression in the notation that the manual explains. */
function phrase(expression: Expression): string {
  switch (expression.kind) {
    case 'operand':
      return expression.name;
    case 'constant':
      return Object.is(expression.value, -0) ? '-0' : String(expression.value);
    case 'apply':
      return `${expression.operator}(${expression.values.map(phrase).join(', ')})`;
    case 'select':
      if (isNaNConstant(expression.otherwise)) return `canonical(${phrase(expression.then)})`;
      return `${phrase(expression.then)} if ${phrase(expression.condition)} <> 0 else ${phrase(expression.otherwise)}`;
    case 'load':
      return `${expression.access}[${address(expression.base, expression.offset)}]`;
    case 'memory_bytes':
      return 'memory.bytes';
    default:
      return expression satisfies never;
  }
}

/** An effect in the notation that the manual explains. */
function sentence(effect: Effect): string {
  switch (effect.kind) {
    case 'set':
      return `${effect.to} := ${phrase(effect.value)}`;
    case 'store':
      return `${effect.access}[${address(effect.base, effect.offset)}] := ${phrase(effect.value)}`;
    case 'trap_if':
      return `trap ${effect.trap} if ${phrase(effect.condition)}`;
    case 'trap':
      return `trap ${effect.code}`;
    case 'branch':
      return `go to ${effect.target} if ${phrase(effect.condition)}`;
    case 'jump':
      return `go to ${effect.target}`;
    case 'jump_table':
      return `go to ${effect.targets}[${phrase(effect.index)}]`;
    case 'call':
      return `${effect.results} := call ${effect.callee}(${effect.values})`;
    case 'call_table':
      return `${effect.results} := call table[${phrase(effect.index)}]: ${effect.signature} (${effect.values})`;
    case 'return':
      return `return ${effect.values}`;
    case 'check':
      return 'check';
    case 'copy':
      return `copy(${phrase(effect.to)}, ${phrase(effect.from)}, ${phrase(effect.bytes)})`;
    case 'fill':
      return `fill(${phrase(effect.to)}, ${phrase(effect.value)}, ${phrase(effect.bytes)})`;
    case 'bell':
      return `bell(${phrase(effect.port)})`;
    case 'wait':
    case 'poll':
      return `${effect.to} := ${effect.kind}(${phrase(effect.mask)})`;
    default:
      return effect satisfies never;
  }
}

const EFFECTS: Readonly<Record<Effect['kind'], readonly [written: string, means: string]>> = {
  set: ['d := x', 'Register `d` gets the value `x`.'],
  store: [
    'access[e] := x',
    'Writes the value to memory at the effective address `e`. Traps `memory_access` unless all its bytes are inside memory ([Memory](execution-model.md#4-memory)).',
  ],
  trap_if: ['trap kind if c', 'Traps if the i32 `c` is not 0.'],
  trap: ['trap k', 'Traps with the kind whose code is `k` ([table](tables.md#trap-kinds)).'],
  branch: ['go to target if c', 'If the i32 `c` is not 0, execution goes on at `target`, else behind the instruction.'],
  jump: ['go to target', 'Execution goes on at `target`.'],
  jump_table: [
    'go to targets[a]',
    '`targets` are those of the cases from 0 on, and last the default. If `a`, unsigned, is below the number of cases, execution goes on at that case, else at the default.',
  ],
  call: ['results := call f(values)', 'Calls a function ([Frames and calls](execution-model.md#5-frames-and-calls)). Traps `frame_overflow`.'],
  call_table: [
    'results := call table[a]: signature (values)',
    'Calls entry `a`, unsigned, of the function table ([Frames and calls](execution-model.md#5-frames-and-calls)). Traps `undefined_function`, `signature_mismatch`, `frame_overflow`, in this order.',
  ],
  return: ['return values', 'Returns to the caller ([Frames and calls](execution-model.md#5-frames-and-calls)).'],
  check: ['check', 'Suspends here if there is no fuel left, else charges 1 ([Fuel](fuel.md)).'],
  copy: [
    'copy(to, from, n)',
    'Copies `n` bytes as if all were read before any is written; all three are unsigned. Traps `memory_access`, having changed nothing, unless both ranges are inside memory. Charges `n / 64`, rounded up.',
  ],
  fill: ['fill(to, x, n)', 'Sets `n` bytes to the low byte of `x`; `to` and `n` are unsigned. Traps and charges as `copy` does.'],
  bell: [
    'bell(p)',
    'Publishes what the program put into the rings of port `p`, unsigned ([Ports](ports.md)). Traps `undeclared_port`. Charges payload bytes / 64, rounded up.',
  ],
  wait: [
    'd := wait(m)',
    '`m` is a set of ports: bit *n* is port *n*. Delivers what has arrived for them; `d` gets those that have news, or the PU is suspended here until one has ([Ports](ports.md)). Traps `undeclared_port`. Charges as `bell` does.',
  ],
  poll: ['d := poll(m)', 'As `wait`, but `d` gets 0 where `wait` would suspend.'],
};

const INTEGER: Readonly<Record<string, string>> = {
  add: '(a + b) modulo 2^N',
  sub: '(a - b) modulo 2^N',
  mul: '(a * b) modulo 2^N',
  div_s: 'a / b toward zero, both signed; applied only where b <> 0 and the quotient fits',
  div_u: 'a / b toward zero, both unsigned; applied only where b <> 0',
  rem_s: 'a - b * (a / b toward zero), both signed: has the sign of a; 0 for b = -1; applied only where b <> 0',
  rem_u: 'a modulo b, both unsigned; applied only where b <> 0',
  and: 'bitwise and',
  or: 'bitwise or',
  xor: 'bitwise exclusive or',
  shl: 'a shifted left by (b modulo N), zeros coming in',
  shr_s: 'a shifted right by (b modulo N), copies of its sign bit coming in',
  shr_u: 'a shifted right by (b modulo N), zeros coming in',
  rotl: 'a rotated left by (b modulo N)',
  rotr: 'a rotated right by (b modulo N)',
  clz: 'zero bits above the highest one bit; N for 0',
  ctz: 'zero bits below the lowest one bit; N for 0',
  popcnt: 'one bits',
  extend8_s: 'the low 8 bits, sign-extended',
  extend16_s: 'the low 16 bits, sign-extended',
  extend32_s: 'the low 32 bits, sign-extended',
  eqz: '1 if a = 0, else 0',
  eq: '1 if a = b, else 0',
  ne: '1 if a <> b, else 0',
  lt_s: '1 if a < b, both signed, else 0',
  le_s: '1 if a <= b, both signed, else 0',
  gt_s: '1 if a > b, both signed, else 0',
  ge_s: '1 if a >= b, both signed, else 0',
  lt_u: '1 if a < b, both unsigned, else 0',
  le_u: '1 if a <= b, both unsigned, else 0',
  gt_u: '1 if a > b, both unsigned, else 0',
  ge_u: '1 if a >= b, both unsigned, else 0',
  wrap_i64: 'a modulo 2^32',
  extend_i32_s: 'a, sign-extended',
  extend_i32_u: 'a, zero-extended',
  trunc_sat_f64_s: 'a toward zero to a whole number; the least or greatest signed value where that is beyond; 0 for NaN',
  trunc_sat_f64_u: 'a toward zero to a whole number; 0 or the greatest unsigned value where that is beyond; 0 for NaN',
  reinterpret_f64: 'the 64 bits of a',
  reinterpret_f32: 'the 32 bits of a',
};
const FLOAT: Readonly<Record<string, string>> = {
  add: 'IEEE 754 addition',
  sub: 'IEEE 754 subtraction',
  mul: 'IEEE 754 multiplication',
  div: 'IEEE 754 division',
  sqrt: 'IEEE 754 square root: exact, then rounded',
  min: 'NaN if a or b is NaN, else the lesser; -0 is less than +0',
  max: 'NaN if a or b is NaN, else the greater; -0 is less than +0',
  copysign: 'a with the sign of b',
  neg: 'a with the other sign, also of 0 and NaN',
  abs: 'a with the positive sign',
  floor: 'the greatest integral value <= a; keeps infinities and the sign of 0',
  ceil: 'the least integral value >= a; keeps infinities and the sign of 0; -0 for -1 < a < 0',
  trunc: 'the integral value nearest to a that is not greater in magnitude; keeps infinities and the sign, also of a result 0',
  nearest: 'the integral value nearest to a, of two equally near the even one; keeps infinities and the sign, also of a result 0',
  eq: '1 if a = b, else 0; 0 if either is NaN; -0 = +0',
  ne: '1 if a <> b or either is NaN, else 0',
  lt: '1 if a < b, else 0; 0 if either is NaN',
  le: '1 if a <= b, else 0; 0 if either is NaN',
  convert_i32_s: 'a, signed',
  convert_i32_u: 'a, unsigned',
  convert_i64_s: 'a, signed, rounded once to nearest, ties to even',
  convert_i64_u: 'a, unsigned, rounded once to nearest, ties to even',
  reinterpret_i64: 'the binary64 number with these bits',
  reinterpret_i32: 'the binary32 number with these bits',
  demote_f64: 'a rounded to binary32, ties to even: overflow gives an infinity, underflow a subnormal or 0; NaN stays NaN',
  promote_f32: 'a, exactly; NaN stays NaN',
};

/** What an operator computes, in words. @throws Error if there are none for it: every operator needs them */
function operatorWords(operator: Operator): string {
  const [type = '', name = ''] = operator.split('.');
  const words = (type.startsWith('i') ? INTEGER : FLOAT)[name];
  if (words === undefined) throw new Error(`the manual has no words for ${operator}`);
  return words.replaceAll('N', (found, at: number, whole: string) => (whole.startsWith('NaN', at) ? found : type.slice(1)));
}

/** The kinds of trap that an instruction can raise, in the order of their tests. */
function trapsOf(row: Row): TrapKind[] {
  const loads = (expression: Expression): boolean =>
    expression.kind === 'load' ||
    (expression.kind === 'apply' && expression.values.some(loads)) ||
    (expression.kind === 'select' && [expression.condition, expression.then, expression.otherwise].some(loads));
  const found = row.does.flatMap((effect): TrapKind[] => {
    switch (effect.kind) {
      case 'trap_if':
        return [effect.trap];
      case 'store':
      case 'copy':
      case 'fill':
        return ['memory_access'];
      case 'set':
        return loads(effect.value) ? ['memory_access'] : [];
      case 'call':
        return ['frame_overflow'];
      case 'call_table':
        return ['undefined_function', 'signature_mismatch', 'frame_overflow'];
      case 'bell':
      case 'wait':
      case 'poll':
        return ['undeclared_port'];
      case 'trap':
      case 'branch':
      case 'jump':
      case 'jump_table':
      case 'return':
      case 'check':
        return [];
      default:
        return effect satisfies never;
    }
  });
  return [...new Set(found)];
}

// ---- instructions.md

const CHAPTERS = [
  'Control',
  'Copies and constants',
  'i32 arithmetic and logic',
  'i64 arithmetic and logic',
  'f64 arithmetic',
  'Comparisons',
  'Branches',
  'Conversions',
  'Memory',
  'Ports',
] as const;

function chapterOf(row: Row): (typeof CHAPTERS)[number] {
  const last = row.does[row.does.length - 1] as Effect;
  switch (last.kind) {
    case 'trap':
    case 'trap_if':
    case 'jump':
    case 'jump_table':
    case 'call':
    case 'call_table':
    case 'return':
    case 'check':
      return 'Control';
    case 'branch':
      return 'Branches';
    case 'store':
    case 'copy':
    case 'fill':
      return 'Memory';
    case 'bell':
    case 'wait':
    case 'poll':
      return 'Ports';
    case 'set':
      return chapterOfValue(last.value);
    default:
      return last satisfies never;
  }
}

function chapterOfValue(value: Expression): (typeof CHAPTERS)[number] {
  if (value.kind === 'load' || value.kind === 'memory_bytes') return 'Memory';
  if (value.kind !== 'apply') return 'Copies and constants';
  if (value.values.some((inner) => inner.kind === 'load')) return 'Memory';
  const { operator } = value;
  if (/\.(convert|trunc_sat|reinterpret|wrap|promote|demote|extend_i)/.test(operator)) return 'Conversions';
  if (/\.(eq|ne|[lg][te])(_[su])?$/.test(operator)) return 'Comparisons';
  const type = operator.slice(0, 3) as ValueType;
  return type === 'f64' ? 'f64 arithmetic' : `${type} arithmetic and logic`;
}

/** What an operand is, in words. */
function operandWords({ kind, type, name }: Operand): string {
  const words: Readonly<Record<OperandKind, string>> = {
    write: `an ${type} register, written`,
    read: `an ${type} register, read`,
    imm8: `a constant of 8 bits, signed, as ${type}`,
    imm16: `a constant of 16 bits, signed, as ${type}`,
    imm32: 'a constant of 32 bits',
    imm64: 'a constant of 64 bits',
    float64: 'a binary64 constant',
    offset8: 'a constant of 8 bits, unsigned',
    offset32: 'a constant of 32 bits, unsigned',
    branch8: 'words from this instruction, 8 bits, signed',
    branch24: 'words from this instruction, 24 bits, signed',
    branch32: 'words from this instruction, 32 bits, signed',
    targets: 'a list of words from this instruction, 32 bits each, signed',
    function: 'the index of a function',
    signature: 'the index of a signature',
    trap: 'the code of a trap kind',
    values: 'a list of registers, read',
    results: 'a list of registers, written',
  };
  return `${code(name)} ${words[kind]}`;
}

/** The words of a row, drawn: byte 0, the one at the lowest address, on the left. */
function drawing(row: Row): string {
  const { places, words, lastByteWord } = layoutOf(row);
  const cells: string[] = row.opcode > 0xff ? [hex(ESCAPE), hex(row.opcode & 0xff)] : [hex(row.opcode)];
  const widths = cells.map(() => 1);
  const put = (text: string, width: number): void => void (cells.push(text), widths.push(width));
  for (const { operand, byte } of places) {
    if (byte < 0) continue;
    const { kind, name } = operand;
    if (kind === 'imm16') put(name, 2);
    else if (kind === 'branch24') put(name, 3);
    else if (kind === 'targets') put('cases', 2);
    else put(kind === 'values' || kind === 'results' ? `count of ${name}` : name, 1);
  }
  const used = widths.reduce((sum, width) => sum + width, 0);
  for (let byte = used; byte < (lastByteWord + 1) * 4; byte++) put('00', 1);

  const lines: string[] = [];
  let line = '';
  let filled = 0;
  cells.forEach((text, index) => {
    const width = widths[index] as number;
    line += `| ${text.padEnd(width * (CELL + 2) - 2)}`;
    filled += width;
    if (filled % 4 === 0) {
      lines.push(`${line}|`);
      line = '';
    }
  });
  const whole = (text: string): void => void lines.push(`| ${text.padEnd(4 * (CELL + 2) - 2)}|`);
  for (const { operand, word } of places) {
    if (word < 0) continue;
    if (operand.kind === 'imm64' || operand.kind === 'float64') ['the low 32 bits', 'the high 32 bits'].forEach((half) => whole(`${operand.name}, ${half}`));
    else whole(operand.name);
  }
  if (lines.length !== words) throw new Error(`${row.name}: ${lines.length} words are drawn, ${words} laid out`);
  for (const { kind, name } of row.operands) {
    if (kind === 'targets') whole(`${name}: one word for each case, one for the default`);
    if (kind === 'values' || kind === 'results') whole(`${name}: one byte for each register, the last word filled with 00`);
  }
  return lines.map((text) => `    ${text}\n`).join('');
}

function formText(row: Row): string {
  const short = shortFormOf(row);
  const notes = [
    `opcode ${code(opcodeBytes(row))}`,
    `words: ${lengthOf(row)}`,
    `group ${code(row.group)}`,
    ...(row.shortens === undefined ? [] : [`must be used in place of ${code(row.shortens)} whenever its operands fit`]),
    ...(short === undefined ? [] : [`only where ${code(short.name)} does not fit`]),
  ];
  const traps = trapsOf(row);
  return [
    row.name === row.mnemonic ? '' : `#### ${code(row.name)}\n`,
    `${row.doc}\n`,
    `${notes.join('; ')}.\n`,
    drawing(row),
    row.operands.length === 0 ? '' : `Operands: ${row.operands.map(operandWords).join('; ')}.\n`,
    `Meaning:\n`,
    row.does.map((effect) => `    ${sentence(effect)}\n`).join(''),
    traps.length === 0 ? '' : `Traps: ${traps.map(code).join(', ')}.\n`,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function instructions(): string {
  const chapters = CHAPTERS.map((title) => {
    const rows = BOOK.filter((row) => chapterOf(row) === title);
    const mnemonics = [...new Set(rows.map(({ mnemonic }) => mnemonic))];
    const entries = mnemonics.map(
      (mnemonic) =>
        `### ${mnemonic}\n\n${rows
          .filter((row) => row.mnemonic === mnemonic)
          .map(formText)
          .join('\n')}`,
    );
    const index = table(
      ['instruction', 'opcode', 'words', 'group', 'what it does'],
      rows.map((row) => [`[${code(row.name)}](#${row.mnemonic})`, code(opcodeBytes(row)), lengthOf(row), row.group, row.doc]),
    );
    return `## ${title}\n\n${index}\n${entries.join('\n')}`;
  });
  const aliases = [...ALIASES].map(([written, { mnemonic, exchange }]) => [
    code(written),
    code(mnemonic),
    exchange[0] === 0 ? 'the first two' : 'the last two',
  ]);
  return `${GENERATED}
# Instructions

${BOOK.length} instructions in ${Object.keys(GROUPS).length} groups. Several forms of one mnemonic stand together; how operands become bytes and words is in
[encoding.md](encoding.md), where all layouts, opcodes and limits are listed in [tables.md](tables.md).

## Reading an entry

Words are drawn byte by byte, the byte at the lowest address on the left; numbers in them are hexadecimal. "Words" tells the length of the instruction; where a list
adds to it, divisions round up.

A meaning is a list of effects, in order. Operands are read before any effect. Expressions are

${table(
  ['written', 'means'],
  [
    ['`a`', 'the value of the operand: of the register that it names, or the constant itself'],
    ['`i32.add(a, b)`', 'an operator ([table](#operators))'],
    [
      '`i32.load8_s[a + offset]`',
      'a load from the effective address: the unsigned sum, which does not wrap ([table](#memory-accesses)). Traps `memory_access` unless all its bytes are inside memory',
    ],
    ['`a if c <> 0 else b`', 'one of two values; both are read'],
    ['`canonical(x)`', 'x, or the canonical NaN if x is a NaN ([NaN](execution-model.md#33-nan))'],
    ['`memory.bytes`', 'the size of memory in bytes, unsigned'],
  ],
)}
Effects are

${table(
  ['written', 'means'],
  Object.values(EFFECTS).map(([written, means]) => [code(written), means]),
)}
${chapters.join('\n')}
## Operators

N is the number of bits of the operator's type.

${table(
  ['operator', 'takes', 'gives', 'value'],
  (Object.keys(OPERATORS) as Operator[]).map((operator) => {
    const { takes, gives } = OPERATORS[operator];
    return [code(operator), takes.join(', '), gives, operatorWords(operator)];
  }),
)}
## Memory accesses

Memory is little-endian.

${table(
  ['access', 'bytes', 'type of the value', 'how'],
  Object.entries(ACCESSES).map(([name, { bytes, type }]) => [code(name), String(bytes), type, accessWords(name)]),
)}
## Other spellings

*Informative.* Assemblers may accept comparisons that are not encoded, as the instruction with two operands exchanged, and the subtraction of a constant as the
addition of its negative (${[...NEGATED].map(([written, meant]) => `${code(written)} as ${code(meant)}`).join(', ')}).

${table(['written', 'encoded as', 'operands exchanged'], aliases)}`;
}

// ---- tables.md

const LIMITS: readonly (readonly [number, string])[] = [
  [limits.PAGE_BYTES, 'bytes of a page of memory'],
  [limits.PAGES_MAX, 'pages of memory'],
  [limits.REGISTERS_MAX, 'registers of a function, its parameters included'],
  [limits.PARAMETERS_MAX, 'parameters of a function'],
  [limits.RESULTS_MAX, 'results of a function'],
  [limits.FUNCTION_WORDS_MAX, 'words of code of a function'],
  [limits.CODE_WORDS_MAX, 'words of code of a program'],
  [limits.ENTRIES_MAX, 'functions, signatures, table entries, data segments, exports and symbols of a program, each'],
  [limits.PORTS_MAX, 'ports of a program'],
  [limits.JUMP_CASES_MAX, 'cases of a jump table, beside the default'],
  [limits.DISCOVERY_BYTES, 'bytes of the discovery page: data and windows lie above it'],
  [limits.BYTES_PER_FUEL, 'bytes moved for one unit of fuel'],
  [limits.FRAME_TRAILER_BYTES, 'bytes of a frame beside its registers'],
  [limits.REGISTER_BYTES, 'bytes of a register in a frame'],
];

const KINDS: Readonly<Record<OperandKind, readonly [place: string, bits: string, value: string]>> = {
  write: ['byte', '8', 'a register that is written'],
  read: ['byte', '8', 'a register that is read'],
  imm8: ['byte', '8', 'signed'],
  imm16: ['2 bytes', '16', 'signed'],
  imm32: ['word', '32', 'signed'],
  imm64: ['2 words, low first', '64', 'signed'],
  float64: ['2 words, low first', '64', 'the bits of a binary64 number; a NaN only as the canonical one'],
  offset8: ['byte', '8', 'unsigned'],
  offset32: ['word', '32', 'unsigned'],
  branch8: ['byte', '8', 'signed, words from the first word of the instruction'],
  branch24: ['3 bytes', '24', 'signed, words from the first word of the instruction'],
  branch32: ['word', '32', 'signed, words from the first word of the instruction'],
  targets: ['2 bytes, and a list', '16', 'unsigned: the number of cases. The list: a branch32 for each case, then one for the default'],
  function: ['word', '32', 'unsigned, index of a function'],
  signature: ['word', '32', 'unsigned, index of a signature'],
  trap: ['byte', '8', 'unsigned, code of a trap kind'],
  values: ['byte, and a list', '8', 'unsigned: the number of registers. The list: a byte for each, four to a word'],
  results: ['byte, and a list', '8', 'unsigned: the number of registers. The list: a byte for each, four to a word'],
};

/** The layout of a row in one line: bytes, then `|`, then words, then lists. */
function layoutText(row: Row): string {
  const { places, lastByteWord } = layoutOf(row);
  const bytes = opcodeBytes(row).split(' ');
  const after: string[] = [];
  const lists: string[] = [];
  for (const {
    operand: { name, kind },
    byte,
    word,
  } of places) {
    if (byte >= 0)
      bytes.push(
        kind === 'imm16'
          ? `${name}:16`
          : kind === 'branch24'
            ? `${name}:24`
            : kind === 'targets'
              ? 'cases:16'
              : kind === 'values' || kind === 'results'
                ? `#${name}`
                : name,
      );
    if (word >= 0) after.push(...(kind === 'imm64' || kind === 'float64' ? [`${name}:low`, `${name}:high`] : [name]));
    if (kind === 'targets' || kind === 'values' || kind === 'results') lists.push(`${name}...`);
  }
  const count = bytes.reduce((sum, text) => sum + (text.endsWith(':16') ? 2 : text.endsWith(':24') ? 3 : 1), 0);
  for (let byte = count; byte < (lastByteWord + 1) * 4; byte++) bytes.push('00');
  return code([bytes.join(' '), ...after, ...lists].join(' / '));
}

function opcodeMap(rows: readonly (Row | undefined)[]): string {
  const digits = [...'0123456789abcdef'];
  return table(
    ['', ...digits],
    digits
      .map((high, line) => [code(`${high}_`), ...digits.map((_, column) => rows[line * 16 + column]?.name ?? '')])
      .filter((cells) => cells.slice(1).some((cell) => cell !== '')),
  );
}

function ranges(numbers: readonly number[]): string {
  const found: [number, number][] = [];
  for (const number of numbers) {
    const last = found.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else found.push([number, number]);
  }
  return found.map(([from, to]) => (from === to ? code(hex(from)) : `${code(hex(from))} to ${code(hex(to))}`)).join(', ');
}

function tables(): string {
  const primary: (Row | undefined)[] = new Array(256);
  const escaped: (Row | undefined)[] = new Array(256);
  for (const row of BOOK) (row.opcode > 0xff ? escaped : primary)[row.opcode & 0xff] = row;
  const free = (rows: readonly (Row | undefined)[], most: number): string =>
    ranges(Array.from({ length: most }, (_, index) => index).filter((index) => rows[index] === undefined));
  const raised = new Set(BOOK.flatMap(trapsOf));
  return `${GENERATED}
# Tables

## Types

${table(
  ['code', 'type'],
  VALUE_TYPES.map((type, index) => [String(index), code(type)]),
)}
## Conformance groups

${table(
  ['group', 'version', 'instructions'],
  Object.entries(GROUPS).map(([name, version]) => [code(name), String(version), String(BOOK.filter(({ group }) => group === name).length)]),
)}
## Trap kinds

${table(
  ['code', 'kind', 'when', 'raised by'],
  Object.entries(TRAPS).map(([kind, { code: number, doc }]) => {
    const by = BOOK.filter((row) => trapsOf(row).includes(kind as TrapKind));
    const mnemonics = [...new Set(by.map(({ mnemonic }) => mnemonic))];
    return [String(number), code(kind), doc, `${raised.has(kind as TrapKind) ? `${mnemonics.map(code).join(', ')}; ` : ''}${code('trap')}`];
  }),
)}
Codes that are not listed name no kind; the verifier refuses them.

## Limits

At most, unless the words say otherwise:

${table(
  ['', ''],
  LIMITS.map(([value, words]) => [String(value), words]),
)}
## Operand kinds

${table(
  ['kind', 'where', 'bits', 'value'],
  Object.entries(KINDS).map(([kind, cells]) => [code(kind), ...cells]),
)}
## Opcodes

The first byte; ${code(hex(ESCAPE))} is the escape byte. ${free(primary, 255)} are reserved.

${opcodeMap(primary)}
The second byte behind the escape byte. All others (${free(escaped, 256)}) are reserved, ${code('80')} to ${code('a7')} of them for instructions on binary32.

${opcodeMap(escaped)}
## Layouts

Bytes from the lowest address on, divided by blanks; \`name:16\` and \`name:24\` are wider, low byte first; \`#name\` is the length of a list. After \`/\` come words; \`name...\` is the list.

${table(
  ['instruction', 'layout', 'short form of'],
  BOOK.map((row) => [code(row.name), layoutText(row), row.shortens === undefined ? '' : code(row.shortens)]),
)}`;
}

/** The generated chapters: path from the top of the repository, and what makes the text. */
export const MANUAL: readonly { readonly file: string; readonly make: () => string }[] = Object.freeze([
  { file: 'isa-spec/instructions.md', make: instructions },
  { file: 'isa-spec/tables.md', make: tables },
]);
