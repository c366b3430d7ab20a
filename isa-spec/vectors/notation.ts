/**
 * The notation of the conformance vectors: programs as lists of instructions, cases with their runs, as text.
 *
 * It is not the assembly language: a line is a row of the book with its operands, in the form that the row names, and
 * nothing is chosen or added. Programs are encoded here; what they must do is never computed here. `README.md` explains the notation;
 * generators and people write it, `build.ts` turns it into the JSON files.
 */
import {
  compareNames,
  encode,
  GROUPS,
  type Instruction,
  type Operand,
  type OperandValue,
  type PortDeclaration,
  PROTOCOLS,
  type Program,
  type Row,
  rowNamed,
  shortFormOf,
  type Signature,
  SIDES,
  TRAPS,
  type TrapKind,
  VALUE_TYPES,
  type ValueType,
} from '../index.js';

/** A value in a vector: an i32 as a number, an i64 as a decimal string, an f64 as `0x` and its 16 hexadecimal digits. */
export type VectorValue = number | string;

/** Bytes at an address, in hexadecimal. */
export interface Bytes {
  readonly address: number;
  readonly bytes: string;
}

/** One start of a PU with what must come of it; exactly one of `out`, `trap` and `suspended` is there. */
export interface Run {
  readonly in: readonly VectorValue[];
  readonly out?: readonly VectorValue[];
  readonly trap?: TrapKind;
  readonly suspended?: 'fuel' | 'waiting';
  /** Name of the function that must have trapped. */
  readonly function?: string;
  /** Fuel used at the end. */
  readonly fuel?: number;
  /** Grants, one after another; all but the last must run out. One unlimited grant if absent. */
  readonly grants?: readonly number[];
  /** Pages of memory; the program's least if absent. */
  readonly pages?: number;
  /** Bytes of all frames; an implementation's own default if absent. */
  readonly frameLimit?: number;
  /** Written by the host before the start. */
  readonly before?: readonly Bytes[];
  /** What memory must hold at the end. */
  readonly after?: readonly Bytes[];
  /** What the frames part of a snapshot must be at the end, in hexadecimal. */
  readonly frames?: string;
  /** Debt at the end. */
  readonly debt?: number;
}

/** Runs of one entry of one program. */
export interface Case {
  readonly name: string;
  readonly program: string;
  readonly entry: string;
  readonly runs: readonly Run[];
}

/** A program as text and as bytes. */
export interface VectorProgram {
  readonly listing: readonly string[];
  readonly pbx: string;
}

/** A file of vectors. */
export interface VectorFile {
  readonly $schema: string;
  readonly version: 1;
  readonly about: string;
  readonly source: string;
  readonly programs: Readonly<Record<string, VectorProgram>>;
  readonly cases: readonly Case[];
}

/** The file of binaries that must be refused or accepted. */
export interface BinariesFile {
  readonly $schema: string;
  readonly version: 1;
  readonly about: string;
  readonly source: string;
  readonly refused: readonly {
    readonly name: string;
    readonly pbx: string;
    readonly rule: string;
    readonly section: string;
    readonly offset: number;
    readonly function?: number;
  }[];
  readonly accepted: readonly { readonly name: string; readonly pbx: string }[];
}

const SIGNATURE = /^\(([^)]*)\)->\(([^)]*)\)$/;
const typesOf = (text: string): ValueType[] =>
  text
    .split(',')
    .filter((word) => word !== '')
    .map((word) => {
      if (!(VALUE_TYPES as readonly string[]).includes(word)) throw new SyntaxError(`${word} is no type`);
      return word as ValueType;
    });
function signatureOf(text: string): Signature {
  const [, parameters, results] = SIGNATURE.exec(text) ?? [];
  if (parameters === undefined || results === undefined) throw new SyntaxError(`${text} is no signature`);
  return { parameters: typesOf(parameters), results: typesOf(results) };
}
const fromHex = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const words = (line: string): string[] => line.match(/\[[^\]]*\]|\S+/g) ?? [];
const doubles = new DataView(new ArrayBuffer(8));
const isLabel = (line: string): boolean => /^\S+:$/.test(line.trim());

interface Body {
  readonly name: string;
  readonly signature: number;
  readonly registers: readonly ValueType[];
  readonly lines: string[];
}

/**
 * The program that a listing describes. All functions are exported.
 * @throws SyntaxError if the listing is not in the notation.
 */
export function parseProgram(listing: readonly string[]): Program {
  const signatures: Signature[] = [];
  const signatureIndex = (text: string): number => {
    const wanted = signatureOf(text);
    const key = ({ parameters, results }: Signature): string => `${parameters.join()}>${results.join()}`;
    const found = signatures.findIndex((signature) => key(signature) === key(wanted));
    return found >= 0 ? found : signatures.push(wanted) - 1;
  };
  let memory = { pagesMin: 1, pagesMax: 1 };
  const data: { address: number; bytes: Uint8Array }[] = [];
  const ports: PortDeclaration[] = [];
  const bodies: Body[] = [];
  let tableNames: string[] = [];
  for (const line of listing) {
    const [first = '', ...rest] = words(line);
    const [a = '', b = '', c = '', d = '', e = '', f = ''] = rest;
    if (first === 'memory') memory = { pagesMin: Number(a), pagesMax: Number(b) };
    else if (first === 'data') data.push({ address: Number(a), bytes: fromHex(b) });
    else if (first === 'table') tableNames = rest;
    else if (first === 'port') {
      const protocol = PROTOCOLS.find((name) => name === b);
      const side = SIDES.find((name) => name === c);
      if (protocol === undefined || side === undefined) throw new SyntaxError(`${line}: no such protocol or side`);
      ports.push({ name: a, protocol, side, version: 1, window: Number(d), depth: Number(e), messageBytes: Number(f) });
    } else if (first === 'func') {
      const signature = signatureIndex(b);
      const registers = [...(signatures[signature] as Signature).parameters, ...rest.slice(2).flatMap(typesOf)];
      bodies.push({ name: a, signature, registers, lines: [] });
    } else if (first !== '') {
      const body = bodies.at(-1);
      if (body === undefined) throw new SyntaxError(`${line}: an instruction outside a function`);
      // `repeat N INSTRUCTION` stands for N lines.
      const [, count = '1', instruction = line] = /^\s*repeat (\d+) (.*)$/.exec(line) ?? [];
      body.lines.push(...new Array<string>(Number(count)).fill(instruction));
    }
  }

  const names = new Map(bodies.map(({ name }, index) => [name, index]));
  const functionIndex = (name: string): number => {
    const index = names.get(name);
    if (index === undefined) throw new SyntaxError(`no function ${name}`);
    return index;
  };
  const groups = new Set<string>(['base']);
  const code: number[] = [];
  const functions = bodies.map(({ signature, registers, lines }) => {
    const labels = new Map<string, number>();
    let at = 0;
    for (const line of lines) {
      if (isLabel(line)) labels.set(line.trim().slice(0, -1), at);
      else at += encode(instructionOf(line, () => 0, functionIndex, signatureIndex)).length;
    }
    let pc = 0;
    for (const line of lines) {
      if (isLabel(line)) continue;
      const here = pc;
      const target = (label: string): number => {
        const found = labels.get(label);
        if (found === undefined) throw new SyntaxError(`${line}: no label ${label}`);
        return found - here;
      };
      const instruction = instructionOf(line, target, functionIndex, signatureIndex);
      groups.add(instruction.row.group);
      const encoded = encode(instruction);
      code.push(...encoded);
      pc += encoded.length;
    }
    return { signature, registers, words: pc };
  });

  return {
    groups: [...groups].sort(compareNames).map((name) => ({ name, version: GROUPS[name as keyof typeof GROUPS] })),
    signatures,
    functions,
    code: Int32Array.from(code),
    table: tableNames.map(functionIndex),
    memory,
    data,
    ports,
    exports: [...names].map(([name, index]) => ({ name, function: index })).sort((left, right) => compareNames(left.name, right.name)),
    symbols: [],
  };
}

type Resolve = (name: string) => number;

function instructionOf(line: string, target: Resolve, functionIndex: Resolve, signatureIndex: Resolve): Instruction {
  const [name = '', ...texts] = words(line);
  const row = rowNamed(name);
  if (texts.length !== row.operands.length) throw new SyntaxError(`${line}: ${row.operands.length} operands are needed`);
  const operands = row.operands.map(({ kind }, index): OperandValue => {
    const text = texts[index] as string;
    const list = (): string[] =>
      text
        .slice(1, -1)
        .split(' ')
        .filter((word) => word !== '');
    const register = (word: string): number => {
      if (!/^r\d+$/.test(word)) throw new SyntaxError(`${line}: ${word} is no register`);
      return Number(word.slice(1));
    };
    switch (kind) {
      case 'write':
      case 'read':
        return register(text);
      case 'values':
      case 'results':
        return list().map(register);
      case 'imm8':
      case 'imm16':
      case 'imm32':
      case 'offset8':
      case 'offset32':
        return Number(text);
      case 'imm64':
        return BigInt(text);
      case 'float64':
        doubles.setBigUint64(0, BigInt(text));
        return doubles.getFloat64(0);
      case 'branch8':
      case 'branch24':
      case 'branch32':
        return target(text);
      case 'targets':
        return list().map(target);
      case 'function':
        return functionIndex(text);
      case 'signature':
        return signatureIndex(text);
      case 'trap':
        return TRAPS[text as TrapKind].code;
      default:
        return kind satisfies never;
    }
  });
  return { row, operands };
}

const isImmediate = ({ kind }: Operand): boolean => !['write', 'read', 'branch8', 'branch24', 'branch32'].includes(kind);

/**
 * The function that makes one row runnable: parameters are the registers that the row reads, in order, the
 * result is what it writes; a branch gives 1 if it was taken and 0 if not, far enough away where the row has a near form.
 */
export function functionOfRow(row: Row, immediates: readonly string[]): string[] {
  const reads = row.operands.filter(({ kind }) => kind === 'read');
  const written = row.operands.find(({ kind }) => kind === 'write');
  const branches = row.does.some(({ kind }) => kind === 'branch');
  const result = branches ? 'i32' : written?.type;
  const constants = [...immediates];
  let next = 0;
  const operands = row.operands.map((operand) => {
    if (operand.kind === 'read') return `r${next++}`;
    if (operand.kind === 'write') return `r${reads.length}`;
    return isImmediate(operand) ? (constants.shift() ?? '') : 't';
  });
  const head = `func ${[row.name, ...immediates].join(':')} (${reads.map(({ type }) => type).join()})->(${result ?? ''})${result === undefined ? '' : ` ${result}`}`;
  const body = ['check', [row.name, ...operands].join(' ')];
  const d = `r${reads.length}`;
  if (branches) {
    body.push(`const_i32_short ${d} 0`, `ret [${d}]`);
    // Words that are never reached, so that the near form does not fit.
    if (shortFormOf(row) !== undefined) body.push(`jump_table r0 [${new Array<string>(127).fill('t').join(' ')}]`);
    body.push('t:', `const_i32_short ${d} 1`);
  }
  return [head, ...[...body, `ret [${result === undefined ? '' : d}]`].map((line) => (isLabel(line) ? line : `  ${line}`))];
}

const parseValue = (text: string, type: ValueType): VectorValue => {
  if (type === 'i32' ? !/^-?\d+$/.test(text) : type === 'i64' ? !/^-?\d+$/.test(text) : !/^0x[0-9a-f]{16}$/.test(text))
    throw new SyntaxError(`${text} is no ${type}`);
  return type === 'i32' ? Number(text) : text;
};

function valuesOf(texts: readonly string[], types: readonly ValueType[]): VectorValue[] {
  if (texts.length !== types.length) throw new SyntaxError(`${texts.join(' ')}: ${types.length} values are needed`);
  return texts.map((text, index) => parseValue(text, types[index] as ValueType));
}

function runOf(line: string, { parameters, results }: Signature): Run {
  const [start = '', ...extras] = line.split('|').map((part) => part.trim());
  const parts = words(start);
  const at = parts.findIndex((word) => ['=', '!', '~'].includes(word));
  if (at < 0) throw new SyntaxError(`${line}: a run needs =, ! or ~`);
  const given = valuesOf(parts.slice(0, at), parameters);
  const after = parts.slice(at + 1);
  const end =
    parts[at] === '=' ? { out: valuesOf(after, results) } : parts[at] === '!' ? { trap: after[0] as TrapKind } : { suspended: after[0] as 'fuel' | 'waiting' };
  const found: { -readonly [Key in keyof Run]?: Run[Key] } = {};
  const before: Bytes[] = [];
  const later: Bytes[] = [];
  for (const extra of extras) {
    const [key = '', ...rest] = words(extra);
    const [first = '', ...others] = rest;
    if (key === 'fuel' || key === 'pages' || key === 'frameLimit' || key === 'debt') found[key] = Number(first);
    else if (key === 'grants') found.grants = rest.map(Number);
    else if (key === 'function') found.function = first;
    else if (key === 'frames') found.frames = rest.join('');
    else if (key === 'before') before.push({ address: Number(first), bytes: others.join('') });
    else if (key === 'after') later.push({ address: Number(first), bytes: others.join('') });
    else throw new SyntaxError(`${line}: no such property ${key}`);
  }
  return { in: given, ...end, ...found, ...(before.length > 0 ? { before } : {}), ...(later.length > 0 ? { after: later } : {}) };
}

/**
 * What a text of vectors says: programs by name with their listings, and cases.
 * @throws SyntaxError naming the line that is not in the notation.
 */
export function parseVectors(text: string): { programs: Map<string, string[]>; cases: Case[] } {
  const programs = new Map<string, string[]>();
  const cases: { name: string; program: string; entry: string; runs: Run[]; lines: string[] }[] = [];
  let current = '';
  let inProgram = true;
  const listingOf = (name: string): string[] => {
    const found = programs.get(name) ?? [];
    programs.set(name, found);
    return found;
  };
  for (const raw of text.split('\n')) {
    const line = raw.replace(/;.*$/, '').trimEnd();
    const [first = '', ...rest] = words(line);
    if (first === '') continue;
    if (first === 'program') {
      current = rest[0] ?? '';
      inProgram = true;
    } else if (first === 'case') {
      cases.push({ name: rest.join(' '), program: current, entry: rest[0] ?? '', runs: [], lines: [] });
      inProgram = false;
    } else if (first === 'op') {
      const row = rowNamed(rest[0] ?? '');
      const entry = rest.join(':');
      const listing = listingOf(row.group);
      if (!cases.some((other) => other.program === row.group && other.entry === entry)) listing.push(...functionOfRow(row, rest.slice(1)));
      cases.push({ name: rest.join(' '), program: row.group, entry, runs: [], lines: [] });
      inProgram = false;
    } else if (inProgram) listingOf(current).push(line);
    else cases.at(-1)?.lines.push(line);
  }
  const signatures = new Map<string, Map<string, Signature>>();
  for (const [name, listing] of programs) {
    const program = parseProgram(listing);
    signatures.set(
      name,
      new Map(program.exports.map((entry) => [entry.name, program.signatures[program.functions[entry.function]?.signature ?? -1] as Signature])),
    );
  }
  for (const { program, entry, runs, lines } of cases) {
    const signature = signatures.get(program)?.get(entry);
    if (signature === undefined) throw new SyntaxError(`program ${program} has no function ${entry}`);
    runs.push(...lines.map((line) => runOf(line, signature)));
  }
  return { programs, cases: cases.map(({ lines: _, ...rest }) => rest) };
}
