/**
 * What is wrong with a description, as values: all of it, each with its place, with the place of the other end (in another file, if it is there), and
 * with the remedy. Places, suggestions and the look are the assembler's.
 *
 * A replicator may say the same wrong thing many times: of one statement each message is kept once, and a note counts the others.
 */
import { DIAGNOSTICS, type Diagnostic, type DiagnosticCode, formatDiagnostic } from '../../assembler/index.js';
import { Report, type Source } from '../../assembler/internal/index.js';

const rows = {
  // reading
  syntax: 'something else was expected here',
  bad_model: 'a JSON model that does not have the shape that the schema asks for',
  bad_text: 'a string that is no valid UTF-8',
  nesting_too_deep: 'blocks or parentheses nested deeper than 64',
  not_here: 'a statement that does not belong into this block',
  cannot_read: 'a file that is named cannot be read',
  bad_program: 'a program that is neither source text nor a valid binary',
  constant_cycle: 'a constant that depends on itself',
  too_large: 'a description that expands to more than the limits',
  // names
  duplicate_name: 'a name that is declared twice',
  reserved_name: 'a name that stands for something else already',
  unknown_name: 'a name that nothing has',
  unknown_port: 'a port that the program does not declare',
  unknown_program: 'a program that is not declared',
  unknown_box: 'a box that is not declared',
  unknown_protocol: 'a protocol that does not exist',
  unknown_index: 'an element that the array does not have',
  wrong_kind: 'a name of another kind than is needed here',
  // numbers and settings
  bad_number: 'a number that does not fit where it stands',
  bad_unit: 'a unit that does not fit where it stands, or that is missing',
  bad_range: 'a range whose end comes before its beginning, or with too many elements',
  unknown_setting: 'a setting that does not exist here',
  duplicate_setting: 'a setting that is given twice',
  missing_setting: 'a setting that is needed',
  bad_setting: 'a setting with a value of another type',
  // boxes
  recursive_box: 'a box that contains itself',
  // links
  wrong_protocol: 'a link between ends of different protocols',
  wrong_side: 'a link that does not lead from a client to a server',
  wrong_version: 'a link between ends of different versions of a protocol',
  missing_link: 'a client port that leads nowhere',
  unlinked_server: 'a server port or device that nobody uses',
  two_links: 'a client with more than one link',
  call_cycle: 'programs that wait for one another in a circle',
  small_ring: 'a limit that is too small for what the other end sends, or above what a program declares',
  // PUs and computers
  bad_memory: 'memory of a size that the program cannot have',
  over_budget: 'more memory or PUs on a computer than it has',
  unplaced_pu: 'a PU or device that is on no computer, or that no host carries',
  two_controllers: 'a PU with more than one controller',
  no_arguments: 'arguments for a program that takes none, or has too little room for them',
  // deployments
  two_hosts: 'a deployment with more than one host',
  unknown_host: 'a host that does not exist',
  undriven_device: 'a device with neither a mock nor a driver',
  two_backings: 'a device with more than one mock or driver',
  unknown_kind: 'a mock, driver, fault or expectation that does not exist',
  wrong_target: 'a mock, driver, fault or expectation of something that it cannot be of',
} as const satisfies Record<string, string>;

/** The stable code of what can be wrong with a description. */
export type SystemCode = keyof typeof rows;
/** Every code with what it means, in one line. */
export const SYSTEM_DIAGNOSTICS: Readonly<Record<SystemCode, string>> = Object.freeze(rows);

/** Another place that a diagnostic speaks of, such as a port's declaration. */
export interface RelatedPlace extends Pick<Diagnostic, 'path' | 'start' | 'end' | 'line' | 'column' | 'length'> {
  /** What is there, one sentence without a full stop. */
  readonly message: string;
}

/** One thing that is wrong with a description or with a program that it names. */
export interface SystemDiagnostic extends Omit<Diagnostic, 'code'> {
  /** Of a program's text, the assembler's code. */
  readonly code: SystemCode | DiagnosticCode;
  readonly related: readonly RelatedPlace[];
}

/** A place in a file. */
export interface Place {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/** What may follow a message. */
export interface Remarks {
  /** Remedies, one sentence each. */
  readonly notes?: readonly string[];
  /** Other places with what is there; those without a place become notes. */
  readonly related?: readonly { readonly place: Place | undefined; readonly message: string }[];
}

/** Most diagnostics of one run. */
const DIAGNOSTICS_MAX = 1000;

/** A span that is placed, its texts fit to be shown. */
function placed({ source, start, end }: Place, message: string, notes: readonly string[] = []): Diagnostic {
  const report = new Report();
  report.error('syntax', source, start, end, message, ...notes);
  return report.take()[0] as Diagnostic;
}

interface Found {
  readonly order: number;
  diagnostic: SystemDiagnostic;
  repeated: number;
}

/** Collects what is wrong. */
export class SystemReport {
  readonly #found = new Map<string, Found>();
  readonly #near = new Report();
  #errors = 0;

  /** How many errors there are. */
  get errors(): number {
    return this.#errors;
  }
  /** Whether no more are taken. */
  get full(): boolean {
    return this.#found.size >= DIAGNOSTICS_MAX;
  }

  error(code: SystemCode, place: Place, message: string, remarks: Remarks = {}): undefined {
    this.#add(code, 'error', place, message, remarks);
    return undefined;
  }
  warning(code: SystemCode, place: Place, message: string, remarks: Remarks = {}): void {
    this.#add(code, 'warning', place, message, remarks);
  }

  #add(code: SystemCode, severity: 'error' | 'warning', place: Place, message: string, { notes = [], related = [] }: Remarks): void {
    if (severity === 'error') this.#errors++;
    const key = `${code} ${place.source.path} ${place.start} ${place.end}`;
    const known = this.#found.get(key);
    if (known !== undefined) {
      known.repeated++;
      return;
    }
    if (this.full) return;
    const more = related.flatMap(({ place: other, message: text }) => (other === undefined ? [text] : []));
    const places = related.flatMap(({ place: other, message: text }): RelatedPlace[] => {
      if (other === undefined) return [];
      const { message: shown, path, start, end, line, column, length } = placed(other, text);
      return [{ message: shown, path, start, end, line, column, length }];
    });
    const diagnostic: SystemDiagnostic = { ...placed(place, message, [...more, ...notes]), code, severity, related: places };
    this.#found.set(key, { order: place.source.order, diagnostic, repeated: 0 });
  }

  /** Adds what the assembler found in a program's text. */
  assembled(diagnostics: readonly Diagnostic[], order: number): void {
    for (const diagnostic of diagnostics) {
      if (diagnostic.severity === 'error') this.#errors++;
      if (this.full) return;
      const key = `${diagnostic.code} ${diagnostic.path} ${diagnostic.start} ${diagnostic.end} ${diagnostic.message}`;
      if (!this.#found.has(key)) this.#found.set(key, { order, diagnostic: { ...diagnostic, related: [] }, repeated: 0 });
    }
  }

  /** A note that offers the name nearest to a wrong one, if any is near; otherwise none. */
  suggest(wrong: string, names: Iterable<string>): string[] {
    return this.#near.suggest(wrong, names);
  }

  /** All of them, by file and place. */
  take(): SystemDiagnostic[] {
    return [...this.#found.values()]
      .sort((left, right) => left.order - right.order || left.diagnostic.start - right.diagnostic.start)
      .map(({ diagnostic, repeated }) =>
        repeated === 0
          ? diagnostic
          : { ...diagnostic, notes: [...diagnostic.notes, `the same holds ${repeated === 1 ? 'once more' : `${repeated} more times`} for this statement`] },
      );
  }
}

/** Whether a code is one of descriptions rather than of programs. */
export const isSystemCode = (code: string): code is SystemCode => Object.hasOwn(rows, code);

/** What a code means, in one line. */
export const meaningOf = (code: SystemCode | DiagnosticCode): string => (isSystemCode(code) ? rows[code] : DIAGNOSTICS[code]);

/**
 * A diagnostic as text: code and message, place, the line with a caret under the span, the other places in the same way, the notes.
 * @param textOf the text of a file, by the path that a diagnostic names; lines of files without one are left out
 */
export function formatSystemDiagnostic(
  diagnostic: SystemDiagnostic,
  textOf: (path: string) => string | undefined,
  options: { readonly color?: boolean } = {},
): string {
  const main = formatDiagnostic({ ...diagnostic, notes: [] } as unknown as Diagnostic, textOf(diagnostic.path), options);
  const others = diagnostic.related.map(({ message, ...place }) => {
    const shown = formatDiagnostic({ ...place, code: 'syntax', severity: 'error', message, notes: [] }, textOf(place.path), options);
    return `  ${message}:\n${shown.slice(shown.indexOf('\n') + 1)}`;
  });
  return [main, ...others, ...diagnostic.notes.map((note) => `  = ${note}`)].join('\n');
}
