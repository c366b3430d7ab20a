/**
 * What a run ends with, and where a program stands: values for embedders, made from the state of a PU.
 */
import type { DebugInformation, TrapKind, Value, ValueType } from '../isa-spec/index.js';
import type { VerifiedProgram } from './verify.js';

/** A place in source text, from a binary's debug section. */
export interface SourcePosition {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** An instruction of a program. */
export interface CodePlace {
  /** Index of the function. */
  readonly function: number;
  /** The function's name from the debug section, or `function N`. */
  readonly name: string;
  /** Words from the function's first. */
  readonly pc: number;
  /** Where the binary says the instruction comes from. */
  readonly position?: SourcePosition;
}

/** One function in progress. */
export interface FrameView extends CodePlace {
  /** Its registers in order. The name is empty where the binary has none. */
  readonly registers: readonly { readonly name: string; readonly type: ValueType; readonly value: Value }[];
}

/** Why a run ended. */
export type Outcome =
  /** The function that was started returned. i64 values are bigints. */
  | { readonly kind: 'returned'; readonly values: readonly Value[] }
  /** The program stopped for good. The backtrace is innermost first, at most `BACKTRACE_MAX` places of the `depth` there were; of a `memory_access` in compiled code, those that the host tells. */
  | ({ readonly kind: 'trapped'; readonly trap: TrapKind; readonly backtrace: readonly CodePlace[]; readonly depth: number } & CodePlace)
  /** The grant is used up; another run goes on. */
  | { readonly kind: 'out_of_fuel' }
  /** At a `wait` for news of these ports, by number. Another run looks again. */
  | { readonly kind: 'waiting'; readonly ports: readonly number[] }
  /** Before an instruction that has a breakpoint. Another run goes on with it. */
  | ({ readonly kind: 'breakpoint' } & CodePlace)
  /** One instruction was executed; this is the next one. */
  | ({ readonly kind: 'stepped' } & CodePlace);

/** Most places of a backtrace. */
export const BACKTRACE_MAX = 64;

/** Where an instruction is, with its name and source position if the binary has them. */
export function placeOf(program: VerifiedProgram, index: number, pc: number): CodePlace {
  const { debug } = program.program;
  const position = debug === undefined ? undefined : positionOf(debug, (program.starts[index] as number) + pc);
  const name = debug?.functions[index];
  return {
    function: index,
    name: name === undefined || name === '' ? `function ${index}` : name,
    pc,
    ...(position === undefined ? {} : { position }),
  };
}

function positionOf({ files, lines }: DebugInformation, word: number): SourcePosition | undefined {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((lines[middle]?.word as number) <= word) low = middle + 1;
    else high = middle;
  }
  const entry = lines[low - 1];
  if (entry === undefined) return undefined;
  return { file: files[entry.file] as string, line: entry.line, column: entry.column };
}
