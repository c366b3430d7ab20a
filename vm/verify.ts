/**
 * The verifier: proves in one pass over the binary everything that the engines rely on.
 *
 * A `VerifiedProgram` is the only thing that an engine accepts, and this module is the only one that makes it. What is proved
 * is listed in the verification chapter of the specification, rule by rule; a rejection names the rule.
 * Nothing here runs code, and nothing is proved about what a program computes.
 */
import {
  compareNames,
  decode,
  decodeProgram,
  encodeProgram,
  functionStarts,
  GROUPS,
  layoutOf,
  PAGE_BYTES,
  PAGES_MAX,
  rowOfWord,
  shortest,
  trapOfCode,
  windowBytes,
  wordCount,
  WINDOWS_START,
  FUNCTION_WORDS_MAX,
  type Group,
  type Instruction,
  type Operand,
  type Program,
  type ProgramFunction,
  type Rejection,
  type SectionName,
  type Signature,
  type ValueType,
} from '../isa-spec/index.js';
import { checkArray, checkObject, checkWhole, isBytes, shown } from './arguments/index.js';

class Refusal extends Error {
  constructor(readonly rejection: Rejection) {
    super(rejection.message);
  }
}

const SEAL = Symbol('verified');
const proved = new WeakSet<object>();

/** Whether a value is a VerifiedProgram that `verify` made. */
export function isVerified(value: unknown): value is VerifiedProgram {
  return typeof value === 'object' && value !== null && proved.has(value);
}

/** A program whose every property that the engines rely on has been proved. Made by `verify` alone. */
export class VerifiedProgram {
  /** Index of the first code word of each function, and one past the last. */
  readonly starts: readonly number[];

  /** @throws TypeError: use `verify`. */
  constructor(
    /** The program, read from its binary and shared with nobody; whoever changes it breaks the proof. */
    readonly program: Program,
    /** For each function, whether it reaches no port instruction: the same values then always give the same results. */
    readonly computational: readonly boolean[],
    seal: symbol,
  ) {
    if (seal !== SEAL) throw new TypeError('a VerifiedProgram is made by verify()');
    this.starts = functionStarts(program);
    proved.add(this);
  }

  /** The types of a function's registers. @throws RangeError if there is no such function */
  registersOf(index: number): readonly ValueType[] {
    return this.#function(index).registers;
  }

  /** The signature of a function. @throws RangeError if there is no such function */
  signatureOf(index: number): Signature {
    return this.program.signatures[this.#function(index).signature] as Signature;
  }

  #function(index: number): ProgramFunction {
    const { functions } = this.program;
    if (!Number.isInteger(index) || index < 0 || index >= functions.length) checkWhole('index', index, 0, functions.length - 1);
    return functions[index] as ProgramFunction;
  }
}

/**
 * Verifies a `.pbx` binary, or a program by way of its binary, so that the format's limits hold for it too and
 * later changes of the object that was handed in don't matter.
 * @returns the verified program, or the first rule that is broken with its place; never throws for bad bytes.
 * @throws TypeError for what is neither bytes nor a program
 * @throws RangeError for a program object that no binary can hold.
 */
export function verify(source: Uint8Array | Program): { readonly program: VerifiedProgram } | { readonly rejection: Rejection } {
  const decoded = decodeProgram(isBytes(source) ? source : encoded(source));
  if ('rejection' in decoded) return decoded;
  const { program } = decoded;
  try {
    return { program: new VerifiedProgram(program, prove(program), SEAL) };
  } catch (error) {
    if (error instanceof Refusal) return { rejection: error.rejection };
    throw error;
  }
}

const LISTS = ['groups', 'signatures', 'functions', 'table', 'data', 'ports', 'exports', 'symbols'] as const satisfies readonly (keyof Program)[];

function encoded(source: Program): Uint8Array {
  checkObject('source', source, 'a Uint8Array or a Program');
  if (source instanceof ArrayBuffer) throw new TypeError(`source: ${shown(source)}; a Uint8Array or a Program is needed`);
  for (const name of LISTS) checkArray(`source.${name}`, source[name]);
  if (!(source.code instanceof Int32Array)) throw new TypeError(`source.code: ${shown(source.code)}; an Int32Array is needed`);
  checkObject('source.memory', source.memory);
  try {
    return encodeProgram(source);
  } catch (cause) {
    if (cause instanceof RangeError) throw new RangeError(`source: ${cause.message}`, { cause });
    throw new TypeError('source: no Program, since something in its lists is not of its type', { cause });
  }
}

type Refuse = (rule: string, offset: number, message: string) => never;

function refuseIn(section: SectionName, at?: number): Refuse {
  return (rule, offset, message) => {
    throw new Refusal({ rule, section, offset, message, ...(at === undefined ? {} : { function: at }) });
  };
}

function prove(program: Program): boolean[] {
  const named = proveGroups(program);
  proveSignatures(program);
  proveFunctions(program);
  proveMemory(program);
  provePorts(program);
  proveNames(program);
  proveDebug(program);
  return proveCode(program, named);
}

function ascending(names: readonly string[], what: string, rule: string, refuse: Refuse): void {
  names.forEach((name, index) => {
    if (index > 0 && compareNames(names[index - 1] as string, name) >= 0)
      refuse(rule, index, `${what} ${name} must come before ${names[index - 1]}: names ascend and differ`);
  });
}

function proveGroups({ groups }: Program): ReadonlySet<string> {
  const refuse = refuseIn('groups');
  ascending(
    groups.map(({ name }) => name),
    'group',
    'group_order',
    refuse,
  );
  groups.forEach(({ name, version }, index) => {
    const known = Object.hasOwn(GROUPS, name) ? GROUPS[name as Group] : undefined;
    if (known === undefined) refuse('group_unknown', index, `group ${name} is unknown; known are ${Object.keys(GROUPS).join(', ')}`);
    else if (version !== known) refuse('group_version', index, `version ${version} of group ${name}; this reader has version ${known}`);
  });
  return new Set(groups.map(({ name }) => name));
}

/** Signatures differ, so that engines may compare their indexes. */
function proveSignatures({ signatures }: Program): void {
  const seen = new Map<string, number>();
  signatures.forEach(({ parameters, results }, index) => {
    const key = `${parameters.join()}>${results.join()}`;
    const before = seen.get(key);
    if (before !== undefined) refuseIn('signatures')('signature_repeated', index, `signature ${index} repeats signature ${before}`);
    seen.set(key, index);
  });
}

function proveFunctions({ functions, signatures, code, table }: Program): void {
  const refuse = refuseIn('functions');
  let words = 0;
  functions.forEach((body, index) => {
    const signature = signatures[body.signature];
    if (signature === undefined) return refuse('signature_index', index, `function ${index} names signature ${body.signature} of ${signatures.length}`);
    if (signature.parameters.some((type, at) => body.registers[at] !== type)) {
      refuse('parameter_registers', index, `the first registers of function ${index} must be its parameters: ${signature.parameters.join(', ')}`);
    }
    if (body.words < 1 || body.words > FUNCTION_WORDS_MAX)
      refuse('function_words', index, `function ${index} has ${body.words} words; 1 to ${FUNCTION_WORDS_MAX} are allowed`);
    words += body.words;
  });
  if (words !== code.length) refuseIn('code')('code_length', 0, `the functions have ${words} words in all, the code section ${code.length}`);
  table.forEach((entry, index) => {
    if (entry >= functions.length) refuseIn('table')('table_index', index, `table entry ${index} names function ${entry} of ${functions.length}`);
  });
}

function proveMemory({ memory, data }: Program): void {
  const { pagesMin, pagesMax } = memory;
  if (pagesMin < 1 || pagesMin > pagesMax || pagesMax > PAGES_MAX) {
    refuseIn('memory')('memory_limits', 0, `memory of ${pagesMin} to ${pagesMax} pages; 1 <= least <= most <= ${PAGES_MAX} is needed`);
  }
  const refuse = refuseIn('data');
  let end = WINDOWS_START;
  data.forEach(({ address, bytes }, index) => {
    if (address < end)
      refuse('data_order', index, `segment ${index} at ${address} must not begin below ${end}: segments ascend, lie apart and above the discovery page`);
    if (bytes.length === 0) refuse('data_empty', index, `segment ${index} is empty and must be left out`);
    end = address + bytes.length;
    if (end > pagesMin * PAGE_BYTES) refuse('data_range', index, `segment ${index} ends at ${end}, beyond the least memory of ${pagesMin * PAGE_BYTES} bytes`);
  });
}

const PORT_NAME = /^[A-Za-z_][A-Za-z0-9_]*(\[\d+\])?$/;
const MESSAGE_BYTES_MAX = 2 ** 24;

function provePorts({ ports, memory, data }: Program): void {
  const refuse = refuseIn('ports');
  const names = new Set<string>();
  const taken: { start: number; end: number; what: string; port?: number }[] = data.map(({ address, bytes }, index) => ({
    start: address,
    end: address + bytes.length,
    what: `data segment ${index}`,
  }));
  ports.forEach(({ name, version, window, depth, messageBytes }, index) => {
    if (!PORT_NAME.test(name) || name.length > 31)
      refuse('port_name', index, `port name ${JSON.stringify(name)}; 1 to 31 ASCII letters, digits and _ with an optional [n] are allowed`);
    if (names.has(name)) refuse('port_name', index, `two ports are called ${name}`);
    names.add(name);
    if (version < 1) refuse('port_version', index, `port ${name} has protocol version ${version}; versions start at 1`);
    if (depth < 1 || depth > 1024 || (depth & (depth - 1)) !== 0)
      refuse('port_depth', index, `port ${name} has depth ${depth}; a power of two from 1 to 1024 is needed`);
    if (messageBytes > MESSAGE_BYTES_MAX)
      refuse('port_message', index, `port ${name} has messages of ${messageBytes} bytes; at most ${MESSAGE_BYTES_MAX} are allowed`);
    if (window % 64 !== 0 || window < WINDOWS_START)
      refuse('port_window', index, `the window of port ${name} is at ${window}; a multiple of 64 from ${WINDOWS_START} is needed`);
    const end = window + windowBytes(depth);
    if (end > memory.pagesMin * PAGE_BYTES) refuse('port_window', index, `the window of port ${name} ends at ${end}, beyond the least memory`);
    taken.push({ start: window, end, what: `the window of port ${name}`, port: index });
  });
  taken.sort((left, right) => left.start - right.start);
  taken.forEach(({ start, what, port }, index) => {
    const before = taken[index - 1];
    if (before !== undefined && start < before.end) refuse('port_overlap', port ?? before.port ?? 0, `${what} and ${before.what} overlap`);
  });
}

function proveNames({ exports, symbols, functions, memory }: Program): void {
  const refuseExport = refuseIn('exports');
  ascending(
    exports.map(({ name }) => name),
    'export',
    'export_order',
    refuseExport,
  );
  exports.forEach(({ name, function: index }, at) => {
    if (index >= functions.length) refuseExport('export_index', at, `export ${name} names function ${index} of ${functions.length}`);
  });
  const refuseSymbol = refuseIn('symbols');
  ascending(
    symbols.map(({ name }) => name),
    'symbol',
    'symbol_order',
    refuseSymbol,
  );
  symbols.forEach(({ name, address, bytes }, at) => {
    if (address + bytes > memory.pagesMin * PAGE_BYTES) refuseSymbol('symbol_range', at, `symbol ${name} ends at ${address + bytes}, beyond the least memory`);
  });
}

function proveDebug({ debug, functions, code }: Program): void {
  if (debug === undefined) return;
  const refuse = refuseIn('debug');
  if (debug.functions.length !== functions.length) refuse('debug_functions', 0, `${debug.functions.length} names for ${functions.length} functions`);
  if (debug.registers.length !== functions.length)
    refuse('debug_registers', 0, `${debug.registers.length} lists of register names for ${functions.length} functions`);
  debug.registers.forEach((names, index) => {
    if (names.length !== (functions[index] as ProgramFunction).registers.length)
      refuse('debug_registers', index, `${names.length} register names for function ${index}`);
  });
  let last = -1;
  debug.lines.forEach(({ word, file, line, column }, index) => {
    if (word <= last || word >= code.length) refuse('debug_lines', index, `line entry ${index} is for word ${word}; entries ascend and lie within the code`);
    if (file >= debug.files.length || line < 1 || column < 1)
      refuse('debug_lines', index, `line entry ${index} names file ${file}, line ${line}, column ${column}`);
    last = word;
  });
}

/** What stands at a word of a function. */
const INSIDE = 0;
const INSTRUCTION = 1;
const CHECK = 2;

const TERMINAL = new Set(['trap', 'jump', 'jump_table', 'return']);

/** @returns for each function whether it is computational */
function proveCode(program: Program, named: ReadonlySet<string>): boolean[] {
  const { functions, code } = program;
  const callers: number[][] = functions.map(() => []);
  const reachesPort: boolean[] = functions.map(() => false);
  let callsTable: number[] = [];
  let start = 0;
  functions.forEach((body, index) => {
    const facts = proveFunction(program, index, start, named);
    for (const callee of facts.callees) (callers[callee] as number[]).push(index);
    if (facts.usesPorts) reachesPort[index] = true;
    if (facts.callsTable) callsTable.push(index);
    start += body.words;
  });
  if (start !== code.length) throw new Error('the functions cover the code: proved before');

  const inTable = new Set(program.table);
  const work = functions.map((_, index) => index).filter((index) => reachesPort[index]);
  let tableReaches = false;
  for (let at = 0; at < work.length; at++) {
    const index = work[at] as number;
    const reached = [...(callers[index] as number[])];
    if (!tableReaches && inTable.has(index)) {
      tableReaches = true;
      reached.push(...callsTable);
      callsTable = [];
    }
    for (const caller of reached) {
      if (reachesPort[caller]) continue;
      reachesPort[caller] = true;
      work.push(caller);
    }
  }
  return reachesPort.map((reaches) => !reaches);
}

function proveFunction(
  program: Program,
  index: number,
  start: number,
  named: ReadonlySet<string>,
): {
  callees: ReadonlySet<number>;
  usesPorts: boolean;
  callsTable: boolean;
} {
  const { functions, signatures, code } = program;
  const body = functions[index] as ProgramFunction;
  const signature = signatures[body.signature] as Signature;
  const end = start + body.words;
  const refuse = refuseIn('code', index);
  const kinds = new Uint8Array(body.words);
  const branches: number[] = [];
  const callees = new Set<number>();
  let usesPorts = false;
  let callsTable = false;
  let goesOn = true;

  const register = (at: number, operand: Operand | string, number: number, type: ValueType | undefined): void => {
    const name = typeof operand === 'string' ? operand : operand.name;
    const found = body.registers[number];
    if (found === undefined) refuse('register_index', at, `operand ${name} is register ${number} of ${body.registers.length}`);
    if (type !== undefined && found !== type) refuse('register_type', at, `operand ${name} is register ${number} of type ${found} where ${type} is needed`);
  };
  const registers = (at: number, what: string, rule: string, numbers: readonly number[], types: readonly ValueType[]): void => {
    if (numbers.length !== types.length) refuse(rule, at, `${numbers.length} ${what} where ${types.length} are needed`);
    numbers.forEach((number, position) => register(at, `${what}[${position}]`, number, types[position] as ValueType));
  };

  for (let at = 0; at < body.words; ) {
    const instruction = decode(code, start + at, end);
    if (instruction === undefined) return refuseWord(program, start + at, end, at, refuse);
    const { row, operands } = instruction;
    if (shortest(instruction) !== instruction)
      refuse('short_form', at, `${row.name} has operands that fit ${shortest(instruction).row.name}, which must be used`);
    if (!named.has(row.group)) refuse('group_missing', at, `${row.name} belongs to group ${row.group}, which the binary does not name`);
    if (row.group === 'ports') usesPorts = true;

    let callSignature: Signature | undefined;
    row.operands.forEach((operand, position) => {
      const value = operands[position];
      switch (operand.kind) {
        case 'write':
        case 'read':
          return register(at, operand, value as number, operand.type);
        case 'branch8':
        case 'branch24':
        case 'branch32':
          return void branches.push(at, value as number);
        case 'targets':
          for (const target of value as readonly number[]) branches.push(at, target);
          return;
        case 'function': {
          const callee = functions[value as number];
          if (callee === undefined) return refuse('callee_index', at, `${row.name} names function ${value} of ${functions.length}`);
          callees.add(value as number);
          callSignature = signatures[callee.signature] as Signature;
          return;
        }
        case 'signature':
          callSignature = signatures[value as number];
          if (callSignature === undefined) refuse('signature_index', at, `${row.name} names signature ${value} of ${signatures.length}`);
          callsTable = true;
          return;
        case 'trap':
          if (trapOfCode(value as number) === undefined) refuse('trap_code', at, `trap code ${value} is unknown`);
          return;
        case 'imm8':
        case 'imm16':
        case 'imm32':
        case 'imm64':
        case 'float64':
        case 'offset8':
        case 'offset32':
        case 'values':
        case 'results':
          return;
        default:
          return operand.kind satisfies never;
      }
    });
    row.operands.forEach(({ kind }, position) => {
      const list = operands[position] as readonly number[];
      if (kind === 'values' && callSignature === undefined) registers(at, 'values', 'return_values', list, signature.results);
      else if (kind === 'values') registers(at, 'values', 'call_values', list, (callSignature as Signature).parameters);
      else if (kind === 'results') registers(at, 'results', 'call_results', list, (callSignature as Signature).results);
    });

    const last = row.does[row.does.length - 1]?.kind;
    kinds[at] = last === 'check' ? CHECK : INSTRUCTION;
    goesOn = !TERMINAL.has(last as string);
    at += wordCount(row, code, start + at);
  }
  if (kinds[0] !== CHECK) refuse('check_entry', 0, 'a function must begin with check');
  if (goesOn) refuse('falls_off', body.words - 1, 'the last instruction must not go on beyond the function');
  for (let at = 0; at < branches.length; at += 2) {
    const from = branches[at] as number;
    const target = from + (branches[at + 1] as number);
    if (target < 0 || target >= body.words || kinds[target] === INSIDE)
      refuse('branch_target', from, `a branch to word ${target}, where no instruction of the function begins`);
    if (target <= from && kinds[target] !== CHECK) refuse('check_target', from, `a backward branch to word ${target}, where no check stands`);
  }
  return { callees, usesPorts, callsTable };
}

function refuseWord({ code }: Program, at: number, end: number, offset: number, refuse: Refuse): never {
  const row = rowOfWord(code[at] as number);
  if (row === undefined) return refuse('opcode', offset, `word 0x${((code[at] as number) >>> 0).toString(16)} begins no instruction`);
  if (at + layoutOf(row).words > end || at + wordCount(row, code, at) > end)
    return refuse('truncated_instruction', offset, `${row.name} runs beyond the function`);
  return refuse('filling', offset, `${row.name} has filling that is not zero, or a NaN that is not the canonical one`);
}

/** The instruction at a word of a function. @throws RangeError if none begins there. */
export function instructionAt(program: VerifiedProgram, index: number, pc: number): { instruction: Instruction; words: number } {
  const start = program.starts[index] as number;
  const { code } = program.program;
  const instruction = decode(code, start + pc, program.starts[index + 1] as number);
  if (instruction === undefined) throw new RangeError(`no instruction begins at word ${pc} of function ${index}`);
  return { instruction, words: wordCount(instruction.row, code, start + pc) };
}
