/**
 * How a run ended, told to a person and to a tool.
 *
 * The text says what happened and where, shows the source line, lists who called, and adds what helps where something does. The
 * report is one JSON object with the same facts.
 */
import { TRAPS, type TrapKind } from '../isa-spec/index.js';
import type { CodePlace, Outcome } from '../vm/index.js';
import { EXIT } from './failure.js';
import { formatSize } from './sizes.js';
import { paint } from './streams.js';

/** How a run ended: as the machine says, or waiting for what can never come. */
export type End =
  | Extract<Outcome, { readonly kind: 'returned' | 'trapped' | 'out_of_fuel' }>
  | ({ readonly kind: 'deadlock'; readonly ports: readonly string[] } & CodePlace);

/** What a run used, and how much of it there was. */
export interface Usage {
  readonly file: string;
  readonly engine: string;
  readonly fuel: number;
  readonly seconds: number;
  readonly memoryBytes: number;
  readonly memoryBytesMax: number;
  readonly frameBytesMax: number;
}

/** The exit status: the program's own value modulo 256 if it is a whole number, else why there is none. */
export function statusOf(end: End): number {
  switch (end.kind) {
    case 'returned': {
      const [value] = end.values;
      return typeof value === 'bigint' ? Number(value & 0xffn) : Number.isInteger(value) ? (value as number) & 0xff : EXIT.ok;
    }
    case 'trapped':
    case 'deadlock':
      return EXIT.trap;
    case 'out_of_fuel':
      return EXIT.fuel;
    default:
      return end satisfies never;
  }
}

const placeText = ({ name, pc, position }: CodePlace): string =>
  position === undefined ? `${name}, word ${pc}` : `${name} at ${position.file}:${position.line}:${position.column}`;

/** The source line of a place with a caret under its column, or nothing where the text is not at hand. */
function lineText({ position }: CodePlace, textOf: (file: string) => string | undefined): string[] {
  const line = position === undefined ? undefined : textOf(position.file)?.split('\n')[position.line - 1]?.trimEnd();
  if (position === undefined || line === undefined) return [];
  const margin = ' '.repeat(String(position.line).length);
  const indent = line.slice(0, position.column - 1).replace(/[^\t]/g, ' ');
  return [`${paint('blue', `${position.line} |`)} ${line}`, `${margin} ${paint('blue', '|')} ${indent}${paint('red', '^')}`];
}

/** What to do about a trap, where the command line can do something. */
function remedyOf(trap: TrapKind, { memoryBytes, memoryBytesMax, frameBytesMax }: Usage): string | undefined {
  if (trap === 'frame_overflow') return `frames may take ${formatSize(frameBytesMax)}; --frames SIZE allows more, if the recursion ends at all`;
  if ((trap === 'memory_access' || trap === 'unable_to_allocate') && memoryBytes < memoryBytesMax) {
    return `the memory has ${formatSize(memoryBytes)}; --memory SIZE gives it more, up to ${formatSize(memoryBytesMax)}`;
  }
  return undefined;
}

/** Callers shown before the rest is only counted. */
const CALLERS_SHOWN = 10;

/** What to tell a person on standard error; empty for a program that returned. */
export function describeEnd(end: End, usage: Usage, textOf: (file: string) => string | undefined): string {
  const head = (text: string): string => paint('bold', paint('red', text));
  const help = (text: string | undefined): string[] => (text === undefined ? [] : [`${paint('bold', 'help')}: ${text}`]);
  switch (end.kind) {
    case 'returned':
      return '';
    case 'trapped': {
      const callers = end.backtrace.slice(1, 1 + CALLERS_SHOWN).map((place) => `  called by ${placeText(place)}`);
      const more = end.depth - 1 - callers.length;
      return [
        `${head(`trap ${end.trap}`)}: ${TRAPS[end.trap].doc}`,
        `  in ${placeText(end)}`,
        ...lineText(end, textOf).map((line) => `  ${line}`),
        ...callers,
        ...(more > 0 ? [`  and ${more} more`] : []),
        ...help(remedyOf(end.trap, usage)),
      ].join('\n');
    }
    case 'deadlock':
      return [
        `${head('deadlock')}: the program waits for ${end.ports.length === 0 ? 'no port' : end.ports.join(', ')}, where nothing is under way and nothing can come`,
        `  in ${placeText(end)}`,
        ...lineText(end, textOf).map((line) => `  ${line}`),
        ...help('send a request before waiting for its answer'),
      ].join('\n');
    case 'out_of_fuel':
      return [`${head('out of fuel')} after ${usage.fuel} units`, ...help('--fuel COUNT allows more')].join('\n');
    default:
      return end satisfies never;
  }
}

const placeJson = ({ name, pc, position }: CodePlace): object => ({
  function: name,
  pc,
  file: position?.file ?? null,
  line: position?.line ?? null,
  column: position?.column ?? null,
});

/** The report: one JSON object, 64-bit values as decimal text. */
export function reportJson(end: End, { file, engine, fuel, seconds, memoryBytes }: Usage): string {
  const values = end.kind === 'returned' ? end.values.map((value) => (typeof value === 'bigint' ? String(value) : value)) : [];
  const report = {
    file,
    engine,
    outcome: end.kind,
    exitValue: values[0] ?? null,
    exitStatus: statusOf(end),
    trap: end.kind === 'trapped' ? { kind: end.trap, ...placeJson(end), depth: end.depth, backtrace: end.backtrace.map(placeJson) } : null,
    waitingFor: end.kind === 'deadlock' ? end.ports : null,
    fuel,
    seconds,
    memoryBytes,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
