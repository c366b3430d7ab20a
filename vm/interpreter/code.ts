/**
 * Code as the interpreter runs it: the programs of this realm in one array of fixed size.
 *
 * A program is copied word for word, so a pc means the same here and in the binary. Before a function first runs it is prepared: pairs of instructions
 * get a fused opcode in the first one's place, signatures in table calls become comparable numbers, an opcode of its own stands where to stop. The array is a cache: when it is full it is
 * emptied, and programs come back when they run.
 *
 * A loaded program is `[table entries][count of table entries][place of the table][descriptors][code]` and is known by the place of its descriptors.
 * A descriptor is four words: place of the first instruction, words of a frame, registers to clear, number of the signature.
 */
import { CODE_WORDS_MAX, ENTRIES_MAX, layoutOf, PAIRS, ROWS, rowNamed, type Place, type Row } from '../../isa-spec/index.js';
import { decodedFunction, hasRegister } from '../decoded.js';
import { frameWords } from '../frames.js';
import type { Stops } from '../state.js';
import type { VerifiedProgram } from '../verify.js';

/** Words of a descriptor. */
export const DESCRIPTOR_WORDS = 8;
const ARENA_WORDS = CODE_WORDS_MAX + ENTRIES_MAX * (DESCRIPTOR_WORDS + 1) + 2;

/** The array. */
export const CODE = new Int32Array(ARENA_WORDS);

/** In a descriptor's third word: the function has not been prepared. Otherwise first register to clear, and above bit 16 one past the last. */
export const UNPREPARED = -1;
/** The opcode that stands where to stop. */
export const BREAKPOINT_OPCODE = 0xfe;

const FIRST_FREE_OPCODE = Math.max(...[...ROWS.values()].map(({ opcode }) => opcode).filter((opcode) => opcode < 0x100)) + 1;

/** A pair of rows with the opcode that stands for both. */
export interface FusedPair {
  readonly opcode: number;
  readonly first: Row;
  readonly second: Row;
  /** The operand of the second that must be the register which the first writes; undefined where any will do. */
  readonly linked: string | undefined;
}
/** The fused pairs. */
export const FUSED: readonly FusedPair[] = PAIRS.map(([first, second, linked], index) => ({
  opcode: FIRST_FREE_OPCODE + index,
  first: rowNamed(first),
  second: rowNamed(second),
  linked,
}));
/** By first and second row: linked ones first. */
const fusedOf = new Map<Row, Map<Row, FusedPair[]>>();
for (const pair of [...FUSED].sort((left, right) => Number(left.linked === undefined) - Number(right.linked === undefined))) {
  const bySecond = fusedOf.get(pair.first) ?? new Map<Row, FusedPair[]>();
  fusedOf.set(pair.first, bySecond.set(pair.second, [...(bySecond.get(pair.second) ?? []), pair]));
}

/** The register that an operand names, of the instruction at a place in the array. */
function registerAt(at: number, row: Row, name: string): number {
  const { byte } = layoutOf(row).places.find(({ operand }) => operand.name === name) as Place;
  return ((CODE[at + (byte >> 2)] as number) >>> (8 * (byte & 3))) & 0xff;
}
/** The opcode that stands for two instructions at places in the array that follow each other, if there is one. */
function fusedOpcode(first: Row, at: number, second: Row, then: number): number | undefined {
  const written = first.operands.find(({ kind }) => kind === 'write')?.name as string;
  const suits = ({ linked }: FusedPair): boolean => linked === undefined || registerAt(at, first, written) === registerAt(then, second, linked);
  return fusedOf.get(first)?.get(second)?.find(suits)?.opcode;
}

let next = 0;
let places = new WeakMap<VerifiedProgram | Stops, number>();

/** The place of a program's descriptors, after loading it where needed. With places to stop at it has a copy of its own. */
export function load(program: VerifiedProgram, wanted: Stops | undefined): number {
  const key = wanted ?? program;
  const found = places.get(key);
  if (found !== undefined) return found;
  const { functions, code, table } = program.program;
  const words = table.length + 2 + functions.length * DESCRIPTOR_WORDS + code.length;
  if (next + words > ARENA_WORDS) {
    places = new WeakMap();
    next = 0;
  }
  const descriptors = next + table.length + 2;
  const start = descriptors + functions.length * DESCRIPTOR_WORDS;
  CODE.set(table, next);
  CODE[descriptors - 2] = table.length;
  CODE[descriptors - 1] = next;
  const signatures = signatureNumbers(program);
  functions.forEach(({ registers, signature }, index) => {
    const place = descriptors + index * DESCRIPTOR_WORDS;
    CODE[place] = start + (program.starts[index] as number);
    CODE[place + 1] = frameWords(registers.length);
    CODE[place + 2] = UNPREPARED;
    CODE[place + 3] = signatures[signature] as number;
    CODE[place + 4] = 2 + ((program.signatureOf(index).parameters.length + 3) >> 2);
  });
  CODE.set(code, start);
  next += words;
  places.set(key, descriptors);
  return descriptors;
}

const numbered = new WeakMap<VerifiedProgram, readonly number[]>();

/** For each signature of a program a number; equal signatures have equal numbers. */
function signatureNumbers(program: VerifiedProgram): readonly number[] {
  let numbers = numbered.get(program);
  if (numbers === undefined) {
    const known = new Map<string, number>();
    numbers = program.program.signatures.map(({ parameters, results }) => {
      const key = `${parameters.join()}:${results.join()}`;
      if (!known.has(key)) known.set(key, known.size);
      return known.get(key) as number;
    });
    numbered.set(program, numbers);
  }
  return numbers;
}

/** Makes a function of a loaded program ready to run. */
export function prepare(program: VerifiedProgram, wanted: Stops | undefined, index: number): void {
  const descriptor = load(program, wanted) + index * DESCRIPTOR_WORDS;
  if (CODE[descriptor + 2] !== UNPREPARED) return;
  const start = CODE[descriptor] as number;
  const decoded = decodedFunction(program, index);
  CODE[descriptor + 2] = registersToClear(program, index);

  const stops = wanted?.places.get(index);
  const { pcs } = decoded;
  for (let at = 0; at < pcs.length; at++) {
    const pc = pcs[at] as number;
    const row = decoded.rowAt(pc);
    for (const { operand, word } of layoutOf(row).places) {
      if (operand.kind === 'signature') CODE[start + pc + word] = signatureNumbers(program)[decoded.code[pc + word] as number] as number;
    }
    const second = pcs[at + 1];
    const fused = second === undefined ? undefined : fusedOpcode(row, start + pc, decoded.rowAt(second), start + second);
    if (fused === undefined || stops?.has(second as number) === true) continue;
    CODE[start + pc] = ((CODE[start + pc] as number) & ~0xff) | fused;
    at++;
  }
  for (const pc of stops ?? []) {
    CODE[start + pc] = ((CODE[start + pc] as number) & ~0xff) | BREAKPOINT_OPCODE;
  }
}

/** The least range of registers that holds all that may be read before they are written, parameters apart. */
function registersToClear(program: VerifiedProgram, index: number): number {
  const { parameters } = program.signatureOf(index);
  const decoded = decodedFunction(program, index);
  const live = decoded.liveBefore(0);
  let first = 0;
  let end = 0;
  for (let register = parameters.length; register < decoded.registers; register++) {
    if (!hasRegister(live, register)) continue;
    if (end === 0) first = register;
    end = register + 1;
  }
  return first | (end << 16);
}
