/**
 * A program as data: what a `.pbx` binary holds. The assembler makes one, the verifier judges one.
 *
 * `binary.ts` turns it into bytes and back. Nothing here is checked beyond its type.
 */
import type { PortDeclaration } from './ports.js';
import type { ValueType } from './types.js';

/** What a function takes and gives. */
export interface Signature {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** One function. */
export interface ProgramFunction {
  /** Index into the program's signatures. */
  readonly signature: number;
  /** The type of each register; the first ones are the parameters. */
  readonly registers: readonly ValueType[];
  /** Words of code; the functions' code lies in order without gaps. */
  readonly words: number;
}

/** Bytes laid into memory before the program starts. */
export interface DataSegment {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/** A place in memory that hosts may find by name, for example `arguments`. */
export interface DataSymbol {
  readonly name: string;
  readonly address: number;
  readonly bytes: number;
}

/** A function that hosts may start by name. */
export interface FunctionExport {
  readonly name: string;
  readonly function: number;
}

/** From this word of code to the next entry, the source place is this one. */
export interface LineEntry {
  /** Word index in the program's code. */
  readonly word: number;
  /** Index into `files`. */
  readonly file: number;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** Names and source places; no engine needs them. */
export interface DebugInformation {
  readonly files: readonly string[];
  /** A name for each function. */
  readonly functions: readonly string[];
  /** The names of each function's registers, in order; empty where a register has none. */
  readonly registers: readonly (readonly string[])[];
  /** Ascending by word. */
  readonly lines: readonly LineEntry[];
}

/** A conformance group and its version, as a binary names it. */
export interface GroupUse {
  readonly name: string;
  readonly version: number;
}

/** A whole program. */
export interface Program {
  /** Ascending by name. */
  readonly groups: readonly GroupUse[];
  readonly signatures: readonly Signature[];
  readonly functions: readonly ProgramFunction[];
  /** The code of all functions, one after another. */
  readonly code: Int32Array;
  /** The function table: indexes of functions. */
  readonly table: readonly number[];
  /** Least and most pages of memory. */
  readonly memory: { readonly pagesMin: number; readonly pagesMax: number };
  /** Ascending by address, apart from each other, inside the least memory. */
  readonly data: readonly DataSegment[];
  readonly ports: readonly PortDeclaration[];
  /** Ascending by name. */
  readonly exports: readonly FunctionExport[];
  /** Ascending by name. */
  readonly symbols: readonly DataSymbol[];
  readonly debug?: DebugInformation;
}

/** Index of the first code word of each function, and one past the last. */
export function functionStarts(program: Pick<Program, 'functions'>): number[] {
  const starts = [0];
  for (const { words } of program.functions) starts.push((starts[starts.length - 1] as number) + words);
  return starts;
}

/** Orders names as their UTF-8 bytes do (by code points, not by UTF-16 units): negative if `left` comes first, 0 if they are equal. */
export function compareNames(left: string, right: string): number {
  const [these, those] = [Array.from(left), Array.from(right)];
  for (let index = 0; index < Math.min(these.length, those.length); index++) {
    const difference = ((these[index] as string).codePointAt(0) as number) - ((those[index] as string).codePointAt(0) as number);
    if (difference !== 0) return difference;
  }
  return these.length - those.length;
}
