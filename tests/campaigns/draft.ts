/**
 * Drafts: programs as the campaigns make, shrink and print them, one step above `Program`.
 *
 * In a draft a branch names the index of the instruction it goes to, every row stands in its long form, and `check`s
 * may be missing. `build` lays it out as the verifier demands: checks at entries and backward targets, shortest forms, the
 * groups that are used. So a draft stays buildable whatever is taken out of it, which is what shrinking needs.
 */
import {
  encode,
  fits,
  GROUPS,
  layoutOf,
  rowNamed,
  shortFormOf,
  shortest,
  TRAPS,
  type DataSegment,
  type Instruction,
  type OperandKind,
  type OperandValue,
  type PortDeclaration,
  type Program,
  type Row,
  type Signature,
  type Value,
  type ValueType,
} from '../../isa-spec/index.js';

/** One instruction: long form; branch operands and `targets` are indexes into the body. */
export interface DraftInstruction {
  readonly row: Row;
  readonly operands: readonly OperandValue[];
}

/** One function. */
export interface DraftFunction {
  /** Index into the draft's signatures. */
  readonly signature: number;
  readonly registers: readonly ValueType[];
  readonly body: readonly DraftInstruction[];
}

/** A program and how it is to be run. Function 0 is exported as `main`. */
export interface Draft {
  readonly signatures: readonly Signature[];
  readonly functions: readonly DraftFunction[];
  readonly table: readonly number[];
  readonly pagesMin: number;
  readonly pagesMax: number;
  readonly data: readonly DataSegment[];
  readonly ports: readonly PortDeclaration[];
  /** Arguments of `main`. */
  readonly values: readonly Value[];
  /** Units of fuel of a whole run. */
  readonly fuel: number;
  /** Bytes of all frames; undefined for the machine's default. */
  readonly frameBytesMax: number | undefined;
  /** Bytes of memory; undefined for the machine's default. */
  readonly memoryBytes: number | undefined;
  /** What the mock devices do is drawn from this. */
  readonly deviceSeed: number;
}

const CHECK: DraftInstruction = { row: rowNamed('check'), operands: [] };
const UNREACHABLE: DraftInstruction = { row: rowNamed('trap'), operands: [TRAPS.unreachable.code] };
const ENDS = new Set(['trap', 'jump', 'jump_table', 'return']);

/** Whether an operand of the kind goes to one instruction. */
export const isBranch = (kind: OperandKind): boolean => kind === 'branch8' || kind === 'branch24' || kind === 'branch32';

/** The operands with every target replaced. */
export function retarget({ row, operands }: DraftInstruction, change: (target: number) => number): OperandValue[] {
  return operands.map((value, index) => {
    const kind = row.operands[index]?.kind as OperandKind;
    if (isBranch(kind)) return change(value as number);
    if (kind === 'targets') return (value as readonly number[]).map(change);
    return value;
  });
}

const forEachTarget = (instruction: DraftInstruction, visit: (target: number) => void): void => void retarget(instruction, (target) => (visit(target), target));

/** The body as it will stand in the program: a check wherever the verifier wants one, an end that does not go on, targets inside. */
export function complete(body: readonly DraftInstruction[]): DraftInstruction[] {
  const lastRow = body[body.length - 1]?.row;
  const ended = lastRow !== undefined && ENDS.has(lastRow.does[lastRow.does.length - 1]?.kind as string) ? body : [...body, UNREACHABLE];
  const clamp = (target: number): number => Math.min(Math.max(target, 0), ended.length - 1);
  const isCheck = (index: number): boolean => ended[index]?.row === CHECK.row;
  const wanted = new Set<number>(isCheck(0) ? [] : [0]);
  ended.forEach((instruction, index) =>
    forEachTarget(instruction, (target) => {
      if (clamp(target) <= index && !isCheck(clamp(target))) wanted.add(clamp(target));
    }),
  );
  let shift = 0;
  // A target that gets a check moves to the check, not behind it.
  const moved = ended.map((_, index) => {
    const at = index + shift;
    if (wanted.has(index)) shift++;
    return at;
  });
  return ended.flatMap((instruction, index) => {
    const kept = { row: instruction.row, operands: retarget(instruction, (target) => moved[clamp(target)] as number) };
    return wanted.has(index) ? [CHECK, kept] : [kept];
  });
}

function lengthOf({ row, operands }: DraftInstruction): number {
  let words = layoutOf(row).words;
  row.operands.forEach(({ kind }, index) => {
    if (kind === 'targets') words += (operands[index] as readonly number[]).length;
    else if (kind === 'values' || kind === 'results') words += ((operands[index] as readonly number[]).length + 3) >> 2;
  });
  return words;
}

/** The encoded words of a completed body, and at which word each instruction starts. */
function layOut(body: readonly DraftInstruction[]): { readonly words: number[]; readonly starts: readonly number[] } {
  // Every branch is assumed near until it proves not to be. Lengths only grow, so what was once too far stays too far,
  // and each instruction ends in the shortest form that fits, as the verifier demands.
  const rows = body.map(({ row }) => shortFormOf(row) ?? row);
  const starts = new Array<number>(body.length);
  let growing = true;
  while (growing) {
    growing = false;
    let at = 0;
    rows.forEach((row, index) => {
      starts[index] = at;
      at += lengthOf({ row, operands: (body[index] as DraftInstruction).operands });
    });
    rows.forEach((row, index) => {
      const instruction = body[index] as DraftInstruction;
      if (row === instruction.row) return;
      const operands = retarget(instruction, (target) => (starts[target] as number) - (starts[index] as number));
      if (row.operands.every(({ kind }, position) => fits(kind, operands[position] as OperandValue))) return;
      rows[index] = instruction.row;
      growing = true;
    });
  }
  const words: number[] = [];
  body.forEach((instruction, index) => {
    const operands = retarget(instruction, (target) => (starts[target] as number) - (starts[index] as number));
    words.push(...encode(shortest({ row: instruction.row, operands } as Instruction)));
  });
  return { words, starts };
}

/** A built draft: the program, and where its instructions lie. */
export interface Built {
  readonly program: Program;
  /** For each function: the completed body, and the word at which each instruction starts. */
  readonly bodies: readonly (readonly DraftInstruction[])[];
  readonly starts: readonly (readonly number[])[];
}

/** The program of a draft. */
export function build(draft: Draft): Built {
  const bodies = draft.functions.map(({ body }) => complete(body));
  const laidOut = bodies.map(layOut);
  const groups = new Set<keyof typeof GROUPS>(['base']);
  for (const body of bodies) for (const { row } of body) groups.add(row.group);
  const program: Program = {
    groups: [...groups].sort().map((name) => ({ name, version: GROUPS[name] })),
    signatures: draft.signatures,
    functions: draft.functions.map(({ signature, registers }, index) => ({
      signature,
      registers,
      words: (laidOut[index] as { words: number[] }).words.length,
    })),
    code: Int32Array.from(laidOut.flatMap(({ words }) => words)),
    table: draft.table,
    memory: { pagesMin: draft.pagesMin, pagesMax: draft.pagesMax },
    data: draft.data,
    ports: draft.ports,
    exports: [{ name: 'main', function: 0 }],
    symbols: [],
  };
  return { program, bodies, starts: laidOut.map(({ starts }) => starts) };
}

const showValue = (value: Value): string => (typeof value === 'bigint' ? `${value}n` : Object.is(value, -0) ? '-0' : String(value));

function showOperand(kind: OperandKind, value: OperandValue): string {
  switch (kind) {
    case 'write':
    case 'read':
      return `r${value}`;
    case 'values':
    case 'results':
      return `(${(value as readonly number[]).map((register) => `r${register}`).join(', ')})`;
    case 'targets':
      return `[${(value as readonly number[]).map((target) => `@${target}`).join(', ')}]`;
    case 'branch8':
    case 'branch24':
    case 'branch32':
      return `@${value}`;
    case 'function':
      return `function ${value}`;
    case 'signature':
      return `signature ${value}`;
    default:
      return showValue(value as Value);
  }
}

/** The draft for a reader: every function with its instructions, their index and their word. */
export function show(draft: Draft): string {
  const { bodies, starts } = build(draft);
  const signature = (index: number): string => {
    const { parameters, results } = draft.signatures[index] as Signature;
    return `(${parameters.join(', ')}) -> (${results.join(', ')})`;
  };
  const lines = [
    `main(${draft.values.map(showValue).join(', ')}), fuel ${draft.fuel}, memory ${draft.pagesMin} to ${draft.pagesMax} pages${
      draft.memoryBytes === undefined ? '' : `, given ${draft.memoryBytes} bytes`
    }${draft.frameBytesMax === undefined ? '' : `, frames at most ${draft.frameBytesMax} bytes`}`,
    ...draft.signatures.map((_, index) => `signature ${index}: ${signature(index)}`),
    ...(draft.table.length === 0 ? [] : [`table: functions ${draft.table.join(', ')}`]),
    ...draft.data.map(({ address, bytes }) => `data at ${address}: ${Buffer.from(bytes).toString('hex')}`),
    ...draft.ports.map((port, index) => `port ${index}: ${JSON.stringify(port)}`),
    ...(draft.ports.length === 0 ? [] : [`devices drawn from seed ${draft.deviceSeed}`]),
  ];
  draft.functions.forEach(({ signature: index, registers }, at) => {
    lines.push(`function ${at} ${signature(index)}, registers ${registers.join(' ')}`);
    (bodies[at] as readonly DraftInstruction[]).forEach(({ row, operands }, position) => {
      const shown = row.operands.map(({ kind, name }, place) => `${name}=${showOperand(kind, operands[place] as OperandValue)}`);
      lines.push(`  @${String(position).padEnd(3)} word ${String(starts[at]?.[position]).padEnd(4)} ${row.name} ${shown.join(' ')}`);
    });
  });
  return lines.join('\n');
}
