/**
 * The disassembler: a program as source text that assembles back to the same code, data, table, ports, exports and memory.
 *
 * Names come from exports, ports and debug information where they can be names in the language; others get one by their
 * number. Everything is placed and kept, so nothing moves when the text is assembled.
 */
import {
  decode,
  fits,
  functionStarts,
  layoutOf,
  rowNamed,
  shortFormOf,
  wordCount,
  windowBytes,
  WINDOWS_START,
  type DataSymbol,
  type Instruction,
  type Operand,
  type Program,
  type Signature,
  type ValueType,
} from '../isa-spec/index.js';
import { BUILT_IN } from './constants.js';
import { isIdentifier } from './modules.js';
import { isMainSignature } from './reach.js';
import { farBranches } from './relax.js';
import { instructionText, quoted } from './text.js';

/** The lists that every program has. */
const PARTS = ['functions', 'signatures', 'table', 'data', 'ports', 'exports', 'symbols'] as const satisfies (keyof Program)[];

/** Hands out names, each once. */
class Names {
  readonly #taken = new Set<string>(BUILT_IN.keys());

  /** The wanted name if it can be had, else one like it. */
  take(wanted: string, otherwise: string): string {
    const like = wanted
      .replace(/[^A-Za-z0-9_]/g, '_')
      .replace(/^(?=\d)/, '_')
      .slice(0, 200);
    for (const name of [wanted, like, otherwise]) if (isIdentifier(name) && name.length <= 200 && this.#take(name)) return name;
    for (let count = 2; ; count++) if (this.#take(`${otherwise}_${count}`)) return `${otherwise}_${count}`;
  }
  #take(name: string): boolean {
    if (this.#taken.has(name)) return false;
    this.#taken.add(name);
    return true;
  }
}

const exportPrefix = (name: string, visible: readonly string[]): string => {
  if (visible.length === 0) return '';
  return visible.length === 1 && visible[0] === name ? 'export ' : `export ${visible.map(quoted).join(', ')} `;
};
const typesText = (types: readonly ValueType[]): string => types.join(', ');
const resultsText = ({ results }: Signature): string => (results.length === 0 ? '' : ` -> ${typesText(results)}`);

/** The instructions of a function, and the words where they begin. */
type Body = readonly { readonly at: number; readonly instruction: Instruction }[];

function instructionsOf({ code }: Program, start: number, end: number): Body {
  const found: { at: number; instruction: Instruction }[] = [];
  for (let at = start; at < end; ) {
    const instruction = decode(code, at, end);
    if (instruction === undefined) throw new RangeError(`program: no instruction begins at word ${at}; a program is verified before it is disassembled`);
    found.push({ at, instruction });
    at += layoutOf(instruction.row).hasLists ? wordCount(instruction.row, code, at) : layoutOf(instruction.row).words;
  }
  return found;
}

const operandOf = ({ row, operands }: Instruction, kind: string): number | undefined => {
  const index = row.operands.findIndex((operand) => operand.kind === kind);
  return index < 0 ? undefined : (operands[index] as number);
};

/** Distances to all targets of an instruction. */
function targetsOf({ row, operands }: Instruction): readonly number[] {
  for (const [index, { kind }] of row.operands.entries()) {
    if (kind === 'branch8' || kind === 'branch24' || kind === 'branch32') return [operands[index] as number];
    if (kind === 'targets') return operands[index] as readonly number[];
  }
  return [];
}

/**
 * A program as source text.
 * @param program one that the verifier accepts
 * @throws TypeError if it is no program; RangeError if its code cannot be decoded
 */
export function disassemble(program: Program): string {
  if (program instanceof Uint8Array) throw new TypeError('program: a decoded program is needed, not its bytes: decodeProgram gives one');
  if (!(program?.code instanceof Int32Array) || PARTS.some((part) => !Array.isArray(program[part])) || typeof program.memory !== 'object')
    throw new TypeError('program: a decoded program is needed');
  const { functions, signatures, table, memory, ports, debug } = program;
  const names = new Names();
  const starts = functionStarts(program);
  const bodies = functions.map((_, index) => instructionsOf(program, starts[index] as number, starts[index + 1] as number));
  const lines: string[] = [];
  const section = (...more: readonly string[]): void => {
    if (more.length > 0) lines.push(...(lines.length === 0 ? [] : ['']), ...more);
  };

  section(`memory ${memory.pagesMin} pages .. ${memory.pagesMax} pages`);
  section(...ports.map((port) => portText(port, names)));

  const exported: string[][] = functions.map(() => []);
  for (const { name, function: index } of program.exports) exported[index]?.push(name);
  const functionNames = functions.map(({ signature }, index) => {
    const visible = exported[index] as string[];
    const other = `f${index}`;
    // `main` is exported of itself: only what is exported under this name, and may be called so, has it.
    if (visible.includes('main') && isMainSignature(signatures[signature] as Signature)) return names.take('main', other);
    const wanted = visible[0] ?? debug?.functions[index] ?? other;
    return names.take(wanted === 'main' ? other : wanted, other);
  });

  const signatureNames = signatures.map((_, index) => names.take(`t${index}`, `t${index}`));
  const keepTypes = !inOrderOfUse(program, bodies);
  const called = new Set(bodies.flat().map(({ instruction }) => operandOf(instruction, 'signature')));
  section(
    ...signatures.flatMap((signature, index) =>
      keepTypes || called.has(index)
        ? [`${keepTypes ? 'keep ' : ''}type ${signatureNames[index]}(${typesText(signature.parameters)})${resultsText(signature)}`]
        : [],
    ),
  );

  section(...dataText(program, names));
  if (table.length > 0)
    section(
      `keep table ${wrapped(
        table.map((index) => functionNames[index] as string),
        8,
      )}`,
    );

  const reached = reachedFrom(program, bodies);
  functions.forEach((body, index) => {
    const name = functionNames[index] as string;
    const signature = signatures[body.signature] as Signature;
    const visible = exported[index] as string[];
    const prefix = visible.length === 1 && name === 'main' && visible[0] === 'main' ? '' : exportPrefix(name, visible);
    const registers = registerNames(body.registers, debug?.registers[index]);
    const parameters = signature.parameters.map((type, at) => `${registers[at]}: ${type}`).join(', ');
    section(
      `${prefix}${reached.has(index) ? '' : 'keep '}func ${name}(${parameters})${resultsText(signature)} {`,
      ...localLines(body.registers, registers, signature.parameters.length),
      ...bodyLines(bodies[index] as Body, registers, functionNames, signatureNames),
      '}',
    );
  });
  return `${lines.join('\n')}\n`;
}

function portText({ name, protocol, side, version, window, depth, messageBytes }: Program['ports'][number], names: Names): string {
  const [, root = name, index = ''] = /^(.*?)(\[(?:0|[1-9]\d{0,8})\])?$/.exec(name) ?? [];
  const own = index === '' ? names.take(root, 'p') : names.take(`${root}_${index.slice(1, -1)}`, 'p');
  const shown = own === name ? own : `${quoted(name)} ${own}`;
  return `port ${shown}: ${protocol} ${side} at ${window} { depth ${depth}, message ${messageBytes}, version ${version} }`;
}

/** Items in lines of some, which end in commas. */
function wrapped(items: readonly string[], perLine: number): string {
  const rows: string[] = [];
  for (let at = 0; at < items.length; at += perLine) rows.push(items.slice(at, at + perLine).join(', '));
  return rows.join(',\n    ');
}

/** Whether the assembler would number the signatures as the program does, without being told. */
function inOrderOfUse({ functions, signatures }: Program, bodies: readonly Body[]): boolean {
  const used = new Set<number>();
  functions.forEach(({ signature }, index) => {
    used.add(signature);
    for (const { instruction } of bodies[index] as Body) {
      const called = operandOf(instruction, 'signature');
      if (called !== undefined) used.add(called);
    }
  });
  return used.size === signatures.length && [...used].every((signature, position) => signature === position);
}

/** The functions that exports, the table and calls lead to. */
function reachedFrom(program: Program, bodies: readonly Body[]): ReadonlySet<number> {
  const reached = new Set<number>([...program.exports.map(({ function: index }) => index), ...program.table]);
  // The set grows while it is walked.
  for (const index of reached) {
    for (const { instruction } of bodies[index] as Body) {
      const callee = operandOf(instruction, 'function');
      if (callee !== undefined) reached.add(callee);
    }
  }
  return reached;
}

function registerNames(types: readonly ValueType[], known: readonly string[] | undefined): string[] {
  const names = new Names();
  return types.map((_, index) => names.take(known?.[index] ?? '', `r${index}`));
}

const LOCALS_PER_LINE = 16;

function localLines(types: readonly ValueType[], names: readonly string[], from: number): string[] {
  const lines: string[] = [];
  for (let at = from; at < types.length; ) {
    let end = at + 1;
    while (end < types.length && types[end] === types[at] && end - at < LOCALS_PER_LINE) end++;
    lines.push(`    local ${names.slice(at, end).join(', ')}: ${types[at]}`);
    at = end;
  }
  return lines;
}

function bodyLines(body: Body, registers: readonly string[], functions: readonly string[], signatures: readonly string[]): string[] {
  const start = body[0]?.at ?? 0;
  const targets = new Set(body.flatMap(({ at, instruction }) => targetsOf(instruction).map((distance) => at + distance)));
  const far = farOf(body);
  const label = (at: number): string => `L${at - start}`;
  return body.flatMap(({ at, instruction }) => {
    const text = instructionText(instruction, {
      register: (index) => registers[index] as string,
      function: (index) => functions[index] as string,
      signature: (index) => signatures[index] as string,
      target: (distance) => (far.has(at) ? `far(${label(at + distance)})` : label(at + distance)),
    });
    return targets.has(at) ? [`${label(at)}:`, `    ${text}`] : [`    ${text}`];
  });
}

/** Words of the branches that are long although the assembler would not make them so. */
function farOf(body: Body): ReadonlySet<number> {
  // Branches that have a choice, and the words by which those before each could be shorter.
  const ats: number[] = [];
  const targets: number[] = [];
  const growth: number[] = [];
  const long: number[] = [];
  const savings = [0];
  for (const { at, instruction } of body) {
    const { row, operands } = instruction;
    const [distance] = targetsOf(instruction);
    const longRow = row.shortens === undefined ? row : rowNamed(row.shortens);
    const short = shortFormOf(longRow);
    if (distance === undefined || short === undefined) continue;
    if (operands.slice(0, -1).some((value, index) => !fits((short.operands[index] as Operand).kind, value))) continue;
    const words = layoutOf(longRow).words - layoutOf(short).words;
    ats.push(at);
    targets.push(at + distance);
    growth.push(words);
    long.push(row === longRow ? 1 : 0);
    savings.push((savings.at(-1) as number) + (row === longRow ? words : 0));
  }
  if (!long.includes(1)) return new Set();
  const before = targets.map((target) => countBelow(ats, target));
  const branches = {
    count: ats.length,
    at: ats.map((at, branch) => at - (savings[branch] as number)),
    growth,
    target: targets.map((target, branch) => target - (savings[before[branch] as number] as number)),
    before,
  };
  const far = farBranches(branches, long);
  return new Set(ats.filter((_, branch) => far[branch] === 1));
}

/** How many of some ascending numbers are below one. */
function countBelow(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] as number) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

const VALUES_PER_LINE = 16;
const TEXT_LEAST = 4;

/** Bytes as strings and numbers. */
function bytesText(bytes: Uint8Array): string {
  const items: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    let end = at;
    while (end < bytes.length && end - at < 64 && isPrintable(bytes[end] as number)) end++;
    if (end - at >= TEXT_LEAST) {
      items.push(quoted(String.fromCharCode(...bytes.subarray(at, end))));
      at = end;
    } else {
      items.push(String(bytes[at++]));
    }
  }
  return wrapped(items, VALUES_PER_LINE);
}

const isPrintable = (byte: number): boolean => (byte >= 32 && byte < 127) || byte === 10;

function dataText({ data, symbols, ports }: Program, names: Names): string[] {
  const lines: string[] = [];
  const placed = new Set<DataSymbol>();
  const namesAt = (address: number, bytes: number): string[] =>
    symbols.flatMap((symbol) => {
      if (symbol.address !== address || symbol.bytes !== bytes || placed.has(symbol)) return [];
      placed.add(symbol);
      return [symbol.name];
    });
  const line = (address: number, visible: readonly string[], rest: string): void => {
    const own = names.take(visible[0] ?? '', `d${address}`);
    lines.push(`${exportPrefix(own, visible)}data ${own} at ${address}${rest}`);
  };
  for (const { address, bytes } of data) line(address, namesAt(address, bytes.length), ` = ${bytesText(bytes)}`);

  // What is left names memory that is zero, or lies across other things: that cannot be said in the language.
  const taken = [
    ...data.map(({ address, bytes }) => [address, address + bytes.length] as const),
    ...ports.map(({ window, depth }) => [window, window + windowBytes(depth)] as const),
  ];
  for (const { name, address, bytes } of symbols.filter((symbol) => !placed.has(symbol))) {
    const visible = namesAt(address, bytes);
    if (visible.length === 0) continue;
    const clear = address >= WINDOWS_START && !taken.some(([start, end]) => address < end && address + bytes > start && bytes > 0);
    if (clear) {
      taken.push([address, address + bytes]);
      line(address, visible, `: [${bytes}]`);
    } else {
      lines.push(`; the symbol ${quoted(name)} at ${address}, ${bytes} bytes, lies across other things and is left out`);
    }
  }
  return lines;
}
