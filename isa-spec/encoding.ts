/**
 * Encoding: where the operands of a row lie in its words, how words become operands and back.
 *
 * One rule lays out every instruction. Bytes first: the opcode (two bytes behind the escape byte), then the
 * byte operands in order, low byte first; `values` and `results` put their counts here, `targets` its u16 count. The last
 * such word is filled with zero. Then, each beginning a new word and in order: 32-bit operands, 64-bit
 * operands low word first, lists of registers four to a word, jump targets a word each.
 * Nothing here knows a program: register and branch ranges are the verifier's.
 */
import { BOOK, ROWS } from './book.js';
import { CANONICAL_NAN_BITS } from './operators.js';
import type { Operand, OperandKind, Row } from './row.js';

/** The byte that announces a two-byte opcode. */
export const ESCAPE = 0xff;

/** An operand's value: lists are arrays; `imm64` is a signed bigint; all else is a number. */
export type OperandValue = number | bigint | readonly number[];

/** One decoded instruction. */
export interface Instruction {
  readonly row: Row;
  /** Values in the order of `row.operands`. Branch targets are words relative to the instruction. */
  readonly operands: readonly OperandValue[];
}

const BYTES: Readonly<Record<OperandKind, number>> = {
  write: 1,
  read: 1,
  imm8: 1,
  imm16: 2,
  imm32: 0,
  imm64: 0,
  float64: 0,
  offset8: 1,
  offset32: 0,
  branch8: 1,
  branch24: 3,
  branch32: 0,
  targets: 2,
  function: 0,
  signature: 0,
  trap: 1,
  values: 1,
  results: 1,
};
const WORDS: Readonly<Record<OperandKind, number>> = {
  write: 0,
  read: 0,
  imm8: 0,
  imm16: 0,
  imm32: 1,
  imm64: 2,
  float64: 2,
  offset8: 0,
  offset32: 1,
  branch8: 0,
  branch24: 0,
  branch32: 1,
  targets: 0,
  function: 1,
  signature: 1,
  trap: 0,
  values: 0,
  results: 0,
};

/** Where one operand lies. Lists after a list have no fixed place, so theirs is that of their count. */
export interface Place {
  readonly operand: Operand;
  /** Byte index within the instruction of a byte operand or a count, else -1. */
  readonly byte: number;
  /** Word index of a word operand, else -1. */
  readonly word: number;
}

/** How a row lies in its words. */
export interface Layout {
  readonly places: readonly Place[];
  /** Words before any list. */
  readonly words: number;
  /** Index of the last word that holds bytes. */
  readonly lastByteWord: number;
  /** The bits of that word that belong to no operand; they are zero in every instruction. */
  readonly filling: number;
  /** Whether lists follow, so that the length depends on counts. */
  readonly hasLists: boolean;
}

function layOut(row: Row): Layout {
  let byte = row.opcode > 0xff ? 2 : 1;
  const bytePlaces = row.operands.map((operand) => {
    const at = BYTES[operand.kind] > 0 ? byte : -1;
    byte += BYTES[operand.kind];
    return at;
  });
  let word = (byte + 3) >> 2;
  const lastByteWord = word - 1;
  const filling = byte % 4 === 0 ? 0 : -1 << (8 * (byte % 4));
  const places = row.operands.map((operand, index) => {
    const at = WORDS[operand.kind] > 0 ? word : -1;
    word += WORDS[operand.kind];
    return { operand, byte: bytePlaces[index] as number, word: at };
  });
  const hasLists = row.operands.some(({ kind }) => kind === 'targets' || kind === 'values' || kind === 'results');
  return Object.freeze({ places: Object.freeze(places), words: word, lastByteWord, filling, hasLists });
}

const layouts: ReadonlyMap<Row, Layout> = new Map(BOOK.map((row) => [row, layOut(row)]));

/** The layout of a row of the book. */
export function layoutOf(row: Row): Layout {
  const layout = layouts.get(row);
  if (layout === undefined) throw new TypeError(`not a row of the book: ${row.name}`);
  return layout;
}

const primary: (Row | undefined)[] = new Array(256);
const escaped: (Row | undefined)[] = new Array(256);
for (const row of BOOK) (row.opcode > 0xff ? escaped : primary)[row.opcode & 0xff] = row;

/** The row that a first word names, or undefined. */
export function rowOfWord(word: number): Row | undefined {
  const opcode = word & 0xff;
  return opcode === ESCAPE ? escaped[(word >>> 8) & 0xff] : primary[opcode];
}

/** Words of the instruction that starts with the word at `at`, lists included. */
export function wordCount(row: Row, words: Int32Array, at: number): number {
  const layout = layoutOf(row);
  let count = layout.words;
  if (!layout.hasLists) return count;
  for (const { operand, byte } of layout.places) {
    if (operand.kind === 'targets') count += readBytes(words, at, byte, 2) + 1;
    else if (operand.kind === 'values' || operand.kind === 'results') count += (readBytes(words, at, byte, 1) + 3) >> 2;
  }
  return count;
}

function readBytes(words: Int32Array, at: number, byte: number, count: number): number {
  let value = 0;
  for (let index = count - 1; index >= 0; index--) {
    const place = byte + index;
    value = value * 256 + (((words[at + (place >> 2)] as number) >>> ((place & 3) * 8)) & 0xff);
  }
  return value;
}

const signed = (value: number, bits: number): number => (value << (32 - bits)) >> (32 - bits);
const doubles = new DataView(new ArrayBuffer(8));
const CANONICAL_NAN_HIGH = Number(CANONICAL_NAN_BITS >> 32n);

/**
 * The instruction at word `at`, or undefined where there is none: an unknown opcode, words that
 * end too early, filling that is not zero, or a NaN that is not the canonical one.
 */
export function decode(words: Int32Array, at: number, end: number = words.length): Instruction | undefined {
  const row = at < end ? rowOfWord(words[at] as number) : undefined;
  if (row === undefined) return undefined;
  const layout = layoutOf(row);
  if (at + layout.words > end || at + wordCount(row, words, at) > end) return undefined;
  if (((words[at + layout.lastByteWord] as number) & layout.filling) !== 0) return undefined;

  let list = at + layout.words;
  let canonical = true;
  const operands = layout.places.map(({ operand, byte, word }): OperandValue => {
    const low = word < 0 ? 0 : (words[at + word] as number);
    switch (operand.kind) {
      case 'write':
      case 'read':
      case 'offset8':
      case 'trap':
        return readBytes(words, at, byte, 1);
      case 'imm8':
      case 'branch8':
        return signed(readBytes(words, at, byte, 1), 8);
      case 'imm16':
        return signed(readBytes(words, at, byte, 2), 16);
      case 'branch24':
        return signed(readBytes(words, at, byte, 3), 24);
      case 'imm32':
      case 'branch32':
        return low;
      case 'offset32':
      case 'function':
      case 'signature':
        return low >>> 0;
      case 'imm64':
        return BigInt.asIntN(64, (BigInt(words[at + word + 1] as number) << 32n) | BigInt(low >>> 0));
      case 'float64': {
        const high = words[at + word + 1] as number;
        doubles.setInt32(0, high);
        doubles.setInt32(4, low);
        const value = doubles.getFloat64(0);
        if (Number.isNaN(value) && (high !== CANONICAL_NAN_HIGH || low !== 0)) canonical = false;
        return value;
      }
      case 'targets': {
        const count = readBytes(words, at, byte, 2) + 1;
        const found = Array.from(words.subarray(list, list + count));
        list += count;
        return found;
      }
      case 'values':
      case 'results': {
        const count = readBytes(words, at, byte, 1);
        const found: number[] = [];
        for (let index = 0; index < count; index++) found.push(readBytes(words, list, index, 1));
        list += (count + 3) >> 2;
        if ((count & 3) !== 0 && ((words[list - 1] as number) & (-1 << (8 * (count & 3)))) !== 0) canonical = false;
        return found;
      }
      default:
        return operand.kind satisfies never;
    }
  });
  return canonical ? { row, operands } : undefined;
}

const RANGES: Partial<Record<OperandKind, readonly [number, number]>> = {
  write: [0, 255],
  read: [0, 255],
  offset8: [0, 255],
  trap: [0, 255],
  imm8: [-128, 127],
  branch8: [-128, 127],
  imm16: [-32768, 32767],
  branch24: [-0x800000, 0x7fffff],
  imm32: [-0x80000000, 0x7fffffff],
  branch32: [-0x80000000, 0x7fffffff],
  offset32: [0, 0xffffffff],
  function: [0, 0xffffffff],
  signature: [0, 0xffffffff],
};

/** Whether a value can be encoded as an operand of a kind. */
export function fits(kind: OperandKind, value: OperandValue): boolean {
  const range = RANGES[kind];
  if (range === undefined) return true;
  const scalar = value as number;
  return scalar >= range[0] && scalar <= range[1];
}

/** Words that an instruction takes. */
export function encodedWords(row: Row, operands: readonly OperandValue[]): number {
  const layout = layoutOf(row);
  let count = layout.words;
  if (!layout.hasLists) return count;
  layout.places.forEach(({ operand }, index) => {
    if (operand.kind === 'targets') count += (operands[index] as readonly number[]).length;
    else if (operand.kind === 'values' || operand.kind === 'results') count += ((operands[index] as readonly number[]).length + 3) >> 2;
  });
  return count;
}

/**
 * The words of an instruction.
 * @throws RangeError if an operand does not fit its kind.
 */
export function encode(instruction: Instruction): Int32Array {
  const words = new Int32Array(encodedWords(instruction.row, instruction.operands));
  encodeInto(instruction.row, instruction.operands, words, 0);
  return words;
}

/** Puts the low `count` bytes of a value at a byte of an instruction whose words are zero there. */
function putBytes(words: Int32Array, at: number, byte: number, count: number, value: number): void {
  for (let index = 0; index < count; index++) {
    const place = byte + index;
    const word = at + (place >> 2);
    words[word] = (words[word] as number) | (((value >> (8 * index)) & 0xff) << ((place & 3) * 8));
  }
}

/**
 * Writes the words of an instruction at word `at`; there must be room for `encodedWords` of them.
 * @returns the word index after them
 * @throws RangeError if an operand does not fit its kind.
 */
export function encodeInto(row: Row, operands: readonly OperandValue[], words: Int32Array, at: number): number {
  const layout = layoutOf(row);
  const { places } = layout;
  let list = at + layout.words;
  for (let word = at; word < list; word++) words[word] = 0;
  words[at] = row.opcode > 0xff ? ESCAPE | ((row.opcode & 0xff) << 8) : row.opcode;

  for (let index = 0; index < places.length; index++) {
    const { operand, byte, word } = places[index] as Place;
    const value = operands[index] as OperandValue;
    if (!fits(operand.kind, value)) throw new RangeError(`${row.name}: operand ${operand.name} = ${value} does not fit ${operand.kind}`);
    switch (operand.kind) {
      case 'write':
      case 'read':
      case 'offset8':
      case 'trap':
      case 'imm8':
      case 'branch8':
        putBytes(words, at, byte, 1, value as number);
        break;
      case 'imm16':
        putBytes(words, at, byte, 2, value as number);
        break;
      case 'branch24':
        putBytes(words, at, byte, 3, value as number);
        break;
      case 'imm32':
      case 'branch32':
      case 'offset32':
      case 'function':
      case 'signature':
        words[at + word] = (value as number) | 0;
        break;
      case 'imm64':
        words[at + word] = Number(BigInt.asIntN(32, value as bigint));
        words[at + word + 1] = Number(BigInt.asIntN(32, (value as bigint) >> 32n));
        break;
      case 'float64':
        // A NaN that an engine read from elsewhere may carry other bits: only the canonical one is written.
        doubles.setFloat64(0, Number.isNaN(value) ? Number.NaN : (value as number));
        words[at + word] = doubles.getInt32(4);
        words[at + word + 1] = doubles.getInt32(0);
        break;
      case 'targets': {
        const targets = value as readonly number[];
        putBytes(words, at, byte, 2, targets.length - 1);
        for (const target of targets) words[list++] = target;
        break;
      }
      case 'values':
      case 'results': {
        const registers = value as readonly number[];
        putBytes(words, at, byte, 1, registers.length);
        const end = list + ((registers.length + 3) >> 2);
        for (let word = list; word < end; word++) words[word] = 0;
        registers.forEach((register, position) => putBytes(words, list, position, 1, register));
        list = end;
        break;
      }
      default:
        operand.kind satisfies never;
    }
  }
  return list;
}

const shorterForms: ReadonlyMap<Row, Row> = new Map(BOOK.filter((row) => row.shortens !== undefined).map((row) => [rowNamed(row.shortens as string), row]));

/** The short form of a row, if the book has one. */
export function shortFormOf(row: Row): Row | undefined {
  return shorterForms.get(row);
}

/** The instruction in its shortest form: the only one that a binary may hold. */
export function shortest(instruction: Instruction): Instruction {
  const form = shortFormOf(instruction.row);
  if (form === undefined) return instruction;
  const suits = form.operands.every((operand, index) => fits(operand.kind, instruction.operands[index] as OperandValue));
  if (!suits) return instruction;
  // Only `imm64` holds a bigint: a short form of it holds a number.
  return { row: form, operands: instruction.operands.map((value) => (typeof value === 'bigint' ? Number(value) : value)) };
}

/** The row of a name. @throws TypeError if the book has none. */
export function rowNamed(name: string): Row {
  const row = ROWS.get(name);
  if (row === undefined) throw new TypeError(`the book has no row ${name}`);
  return row;
}
