/**
 * How a run ended, told to a person and to a tool.
 *
 * The text says what happened and where, shows the source line, lists who called, and adds what helps where something does. The
 * report is one JSON object with the same facts.
 */
import { TRAPS, type Fault, type TrapKind } from '../isa-spec/index.js';
import type { CodePlace, Outcome } from '../vm/index.js';
import { EXIT } from './failure.js';
import { formatSize } from './sizes.js';
import { paint } from './streams.js';
import { shown, shownAround } from './text.js';

/** How a run ended: as the machine says, or waiting for what can never come. */
export type End =
  | Extract<Outcome, { readonly kind: 'returned' | 'trapped' | 'out_of_fuel' }>
  | ({ readonly kind: 'deadlock'; readonly ports: readonly string[]; readonly faults: readonly PortFault[] } & CodePlace);

/** A port that moves nothing any more, because the program broke a rule of it. */
export interface PortFault {
  readonly port: string;
  readonly rule: Exclude<Fault, 'none'>;
}

const FAULTS: Readonly<Record<PortFault['rule'], string>> = Object.freeze({
  bad_producer: 'more requests than there was credit for, or an index that went back',
  bad_consumer: 'more completions consumed than had come, or an index that went back',
  bad_buffer: 'a payload or a buffer for an answer that is not wholly inside memory',
  message_too_large: "a message larger than the port's limit",
  bad_tag: 'a tag of a request that is still under way',
  bad_operation: 'an operation that the program may not send',
});

/** Which engine was asked for, and what executed the program. */
export interface EngineUse {
  readonly asked: string;
  readonly ran: readonly string[];
  /** Why nothing could be compiled, where the host forbids it. */
  readonly refusal: string | null;
}

/** What a run used, and how much of it there was. */
export interface Usage {
  readonly file: string;
  readonly engine: EngineUse;
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
  position === undefined ? `${shown(name)}, word ${pc}` : `${shown(name)} at ${shown(position.file)}:${position.line}:${position.column}`;

/** The source line of a place with a caret under its column, or nothing where the text is not at hand. */
function lineText({ position }: CodePlace, textOf: (file: string) => string | undefined): string[] {
  const line = position === undefined ? undefined : textOf(position.file)?.split('\n')[position.line - 1]?.trimEnd();
  if (position === undefined || line === undefined) return [];
  const margin = ' '.repeat(String(position.line).length);
  const [before, after] = shownAround(line, position.column);
  const indent = before.replace(/[^\t]/g, ' ');
  return [`${paint('blue', `${position.line} |`)} ${before}${after}`, `${margin} ${paint('blue', '|')} ${indent}${paint('red', '^')}`];
}

/** What to do about a trap, where the command line can do something. */
function remedyOf(trap: TrapKind, { memoryBytes, memoryBytesMax, frameBytesMax }: Usage): string | undefined {
  if (trap === 'frame_overflow') return `frames may take ${formatSize(frameBytesMax)}; --frames SIZE allows more, if the recursion ends at all`;
  if ((trap === 'memory_access' || trap === 'unable_to_allocate') && memoryBytes < memoryBytesMax) {
    return `the memory has ${formatSize(memoryBytes)}; --memory SIZE gives it more, up to ${formatSize(memoryBytesMax)}`;
  }
  return undefined;
}

/** What a trap's description says for those who know the specification's older names. */
const PUBLISHED_NAME = / \(published: .*\)$/;

/** Callers shown before the rest is only counted. */
const CALLERS_SHOWN = 10;

const faultText = ({ port, rule }: PortFault): string => `${port} broke a rule and moves nothing any more: ${rule}, ${FAULTS[rule]}`;

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
        `${head(`trap ${end.trap}`)}: ${TRAPS[end.trap].doc.replace(PUBLISHED_NAME, '')}`,
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
        ...help(end.faults.length === 0 ? 'send a request before waiting for its answer' : end.faults.map(faultText).join('; ')),
      ].join('\n');
    case 'out_of_fuel':
      return [`${head('out of fuel')} after ${usage.fuel === 1 ? '1 unit' : `${usage.fuel} units`}`, ...help('--fuel COUNT allows more')].join('\n');
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
export function reportJson(end: End, exitStatus: number, { file, engine, fuel, seconds, memoryBytes }: Usage): string {
  const values = end.kind === 'returned' ? end.values.map((value) => (typeof value === 'bigint' ? String(value) : value)) : [];
  const report = {
    file,
    engine,
    outcome: end.kind,
    exitValue: values[0] ?? null,
    exitStatus,
    trap: end.kind === 'trapped' ? { kind: end.trap, ...placeJson(end), depth: end.depth, backtrace: end.backtrace.map(placeJson) } : null,
    waitingFor: end.kind === 'deadlock' ? end.ports : null,
    faults: end.kind === 'deadlock' ? end.faults : null,
    fuel,
    seconds,
    memoryBytes,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
