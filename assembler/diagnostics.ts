/**
 * Diagnostics: what is wrong with a source text, as values. A report collects all of them; nothing here throws.
 *
 * Every code has one row in `DIAGNOSTICS`, so that documentation, tests and editors can list them. A message says what is
 * wrong, a note says what would be right. Near names are offered from the names that were in reach.
 */
import type { Source } from './source.js';

const rows = {
  // reading
  cannot_read: 'a file that is used cannot be read',
  unexpected_character: 'a character that begins nothing in the language',
  unterminated_text: 'a string or character whose closing quote is missing on its line',
  bad_escape: 'an escape that strings do not have',
  bad_character: 'a character constant that is not exactly one character',
  bad_number: 'a number that is not written as numbers are',
  number_too_large: 'an integer of more than 1024 bits, or a float beyond binary64',
  // grammar
  syntax: 'something else was expected here',
  unknown_declaration: 'a line outside functions that begins no declaration',
  missing_brace: 'a `{` that is never closed',
  unexpected_brace: 'a `}` that closes nothing',
  nesting_too_deep: 'parentheses nested deeper than 64, or an expression of more than 256 operators',
  too_many_errors: 'more errors than one run reports',
  // names
  duplicate_name: 'a name that is declared twice',
  unknown_name: 'a name that nothing has',
  unknown_instruction: 'a line that begins with no instruction or statement',
  unknown_type: 'a word where a type is needed',
  unknown_unit: 'a word after a number that is no unit',
  unknown_trap: 'a trap kind that the instruction set does not have',
  unknown_library: 'a library that does not exist',
  bad_namespace: 'a file whose base name cannot be a namespace',
  used_before_local: 'a register that is used before its `local` line',
  wrong_kind: 'a name of another kind than is needed here',
  // constants
  constant_cycle: 'a constant that depends on itself',
  constant_depth: 'constants that depend on one another through more than 1000 names and operators',
  constant_type: 'an operator that its operands do not allow',
  division_by_zero: 'a constant division by zero',
  out_of_range: 'a constant that does not fit where it stands',
  address_not_known: 'an address where only constants known before layout are allowed',
  // declarations
  duplicate_memory: 'memory is declared twice',
  memory_size: 'a memory size that is no whole number of pages, or too small or too large',
  bad_alignment: 'an alignment that is no power of two',
  bad_placement: 'data or a window at a place that is taken or not allowed',
  empty_data: 'data without a value, or with a count of 0 and without `at`',
  bad_port: 'a port with options that the specification does not allow',
  too_many_ports: 'more than 64 ports',
  too_many_registers: 'a function that needs more than 256 registers',
  too_many_parameters: 'more than 32 parameters or 16 results',
  too_large: 'code, a function or a table beyond the limits of the specification',
  nothing_to_run: 'a program without an exported or kept function',
  main_signature: 'a `main` that takes parameters, or gives anything but nothing or one integer',
  // instructions
  operand_count: 'too few or too many operands',
  operand_kind: 'an operand that cannot stand here',
  type_mismatch: 'a register of another type than is needed',
  bad_address: 'an address that is not register + constant',
  not_far: '`far(label)` where the short form of the branch reaches the label',
  unknown_label: 'a branch to a label that the function does not have',
  bad_condition: 'a condition that is neither a comparison nor a register',
  not_in_loop: 'a `break` or `continue` outside loops, or of a loop that is not around it',
  not_a_loop: '`while` after a block that is no loop',
  missing_return: 'a function with results whose end can be reached',
} as const satisfies Record<string, string>;

/** The stable code of a diagnostic. */
export type DiagnosticCode = keyof typeof rows;

/** Every code with what it means, in one line. */
export const DIAGNOSTICS: Readonly<Record<DiagnosticCode, string>> = Object.freeze(rows);

/** One thing that is wrong with a source text. */
export interface Diagnostic {
  /** Stable across versions; `DIAGNOSTICS` lists them. */
  readonly code: DiagnosticCode;
  readonly severity: 'error' | 'warning';
  /** One sentence without a full stop. */
  readonly message: string;
  /** The file, as it was named to `assemble` or by `use`; `<name>` for the standard library. */
  readonly path: string;
  /** Offsets in the file's text, in UTF-16 units; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** UTF-16 units of the span that lie on its first line, at least 1. */
  readonly length: number;
  /** Remedies and related places, one sentence each. */
  readonly notes: readonly string[];
}

/** Most errors that one run reports. */
export const ERRORS_MAX = 10_000;
/** Characters compared for suggestions in one run, so that many unknown names among many names stay fast. */
const SUGGESTION_BUDGET = 50_000_000;

/** Collects the diagnostics of one run. */
export class Report {
  readonly #found: { readonly source: Source; readonly diagnostic: Diagnostic }[] = [];
  #budget = SUGGESTION_BUDGET;

  /** How many there are. */
  get count(): number {
    return this.#found.length;
  }
  /** Whether no more are taken: stages may stop early. */
  get full(): boolean {
    return this.#found.length >= ERRORS_MAX;
  }

  /** Adds an error at a span of a source. */
  error(code: DiagnosticCode, source: Source, start: number, end: number, message: string, ...notes: readonly string[]): void {
    if (this.#found.length >= ERRORS_MAX) return;
    const place = source.placeOf(start);
    const length = Math.max(1, Math.min(end, source.endOfLine(place.line)) - start);
    const diagnostic: Diagnostic = {
      code,
      severity: 'error',
      message: spoken(message),
      path: source.path,
      start,
      end,
      ...place,
      length,
      notes: notes.map(spoken),
    };
    this.#found.push({ source, diagnostic });
  }

  /** A note that offers the name nearest to a wrong one, if any is near; otherwise none. */
  suggest(wrong: string, names: Iterable<string>): string[] {
    let best: string | undefined;
    // A name of which nothing is left is no near one.
    let bestDistance = Math.min(Math.max(1, Math.floor(wrong.length / 3)) + 1, wrong.length);
    for (const name of names) {
      if (this.#budget <= 0) break;
      this.#budget -= 4;
      if (Math.abs(name.length - wrong.length) >= bestDistance) continue;
      const cost = name.length * wrong.length;
      if (cost > this.#budget) continue;
      this.#budget -= cost;
      const distance = editDistance(wrong, name, bestDistance);
      if (distance < bestDistance) {
        best = name;
        bestDistance = distance;
      }
    }
    return best === undefined ? [] : [`did you mean \`${best}\`?`];
  }

  /** All of them, by file in the order in which files were read, then by place. */
  take(): readonly Diagnostic[] {
    const found = [...this.#found];
    const last = found.at(-1);
    found.sort((left, right) => left.source.order - right.source.order || left.diagnostic.start - right.diagnostic.start);
    // What stands once may be used twice, as the condition of a loop is.
    const diagnostics = found.map(({ diagnostic }) => diagnostic).filter((diagnostic, index, all) => !sameFault(diagnostic, all[index - 1]));
    if (last !== undefined && this.full) {
      diagnostics.push({ ...last.diagnostic, code: 'too_many_errors', message: `more than ${ERRORS_MAX} errors; the rest is not shown`, notes: [] });
    }
    return diagnostics;
  }
}

function sameFault(one: Diagnostic, other: Diagnostic | undefined): boolean {
  return other !== undefined && one.code === other.code && one.start === other.start && one.message === other.message && one.path === other.path;
}

/** Insertions, deletions, replacements and exchanges of neighbours that turn one text into the other, or `limit` when that many do not suffice. */
function editDistance(left: string, right: string, limit: number): number {
  let before: number[] = [];
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let at = 1; at <= left.length; at++) {
    const next = [at];
    let least = at;
    for (let to = 1; to <= right.length; to++) {
      const same = left[at - 1] === right[to - 1] ? 0 : 1;
      let distance = Math.min((row[to] as number) + 1, (next[to - 1] as number) + 1, (row[to - 1] as number) + same);
      if (at > 1 && to > 1 && left[at - 1] === right[to - 2] && left[at - 2] === right[to - 1]) distance = Math.min(distance, (before[to - 2] as number) + 1);
      next.push(distance);
      least = Math.min(least, distance);
    }
    if (least >= limit) return limit;
    before = row;
    row = next;
  }
  return row[right.length] as number;
}

/** Most characters of a name, string or path in a message. */
const QUOTED_MAX = 80;
/** Stands where something was left out. */
const CUT = '...';
/** What may be long in a message: what stands in quotes, and words. */
const QUOTED = /`[^`]*`|"(?:[^"\\]|\\.)*"|\S+/g;
/** What would move the cursor, turn the direction of text or change a terminal. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

/** A message with nothing overlong and nothing unprintable from the source text in it. */
function spoken(message: string): string {
  const short = message.length <= QUOTED_MAX ? message : message.replace(QUOTED, shortenedQuote);
  return Array.from(short, escaped).join('');
}

/** A long text without its middle. */
function shortenedQuote(text: string): string {
  if (text.length <= QUOTED_MAX) return text;
  const half = Math.floor((QUOTED_MAX - CUT.length) / 2);
  return `${text.slice(0, half)}${CUT}${text.slice(-half)}`;
}

/** A character as it may be shown: an escape for one that cannot be seen or does more than be seen. */
function escaped(character: string): string {
  return UNPRINTABLE.test(character) ? `\\u{${(character.codePointAt(0) as number).toString(16)}}` : character;
}

const CODES = { red: 31, blue: 34, bold: 1 } as const;
/** Characters of a line that are shown, and of those before the place if the line is longer. */
const LINE_MAX = 160;
const BEFORE_MAX = 60;
/** Characters that take two columns: East Asian wide ones, and pictures. */
const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6\p{Emoji_Presentation}]/u;
/** Characters that stand on the one before. */
const COMBINING = /[\p{Mn}\p{Me}]/u;

/** A piece of a line as it is shown. */
const shownText = (text: string): string => Array.from(text, (character) => (character === '\t' ? character : escaped(character))).join('');

/** Columns that a shown text takes; a tab counts as one. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) if (!COMBINING.test(character)) width += WIDE.test(character) ? 2 : 1;
  return width;
}

/** The part of a diagnostic's line that is shown: what stands before its span, the span, and what follows. */
function excerptOf(diagnostic: Diagnostic, sourceText: string): { readonly before: string; readonly span: string; readonly after: string } {
  const { start, path, line, column, length } = diagnostic;
  const lineStart = start - (column - 1);
  const before = sourceText.slice(lineStart, start);
  const atLineStart = lineStart === 0 ? line === 1 : lineStart > 0 && /[\r\n]/.test(sourceText.charAt(lineStart - 1));
  if (!atLineStart || before.length !== column - 1 || /[\r\n]/.test(before)) {
    throw new TypeError(`sourceText: this is not the text of ${path}, which has a line ${line} with ${column - 1} characters before the place`);
  }
  const rest = /^[^\r\n]*/.exec(sourceText.slice(start, start + LINE_MAX + 1))?.[0] as string;
  const cutBefore = before.length + rest.length > LINE_MAX && before.length > BEFORE_MAX;
  const head = cutBefore ? CUT + before.slice(-BEFORE_MAX) : before;
  const tail = head.length + rest.length > LINE_MAX ? rest.slice(0, LINE_MAX - head.length) + CUT : rest;
  const spanEnd = Math.min(length, tail.length);
  return { before: shownText(head), span: shownText(tail.slice(0, spanEnd)), after: shownText(tail.slice(spanEnd)) };
}

/**
 * A diagnostic as text: code and message, place, the line with a caret under the span, the notes. Of a long line the part around the
 * span is shown; characters that would do something to a terminal, or turn the direction of text, are shown as `\u{...}`.
 * @param sourceText the text of the file that `diagnostic.path` names; without it, the line is left out
 * @throws TypeError if an argument is not of its type, or the text is none that the diagnostic can be of
 */
export function formatDiagnostic(diagnostic: Diagnostic, sourceText?: string, options: { readonly color?: boolean } = {}): string {
  if (typeof diagnostic?.message !== 'string' || typeof diagnostic.start !== 'number' || !Array.isArray(diagnostic.notes))
    throw new TypeError('diagnostic: one of the diagnostics of an assembly is needed');
  if (sourceText !== undefined && typeof sourceText !== 'string') throw new TypeError('sourceText: a string is needed, or undefined');
  if (typeof options !== 'object' || options === null) throw new TypeError('options: an object is needed');
  const paint = (style: keyof typeof CODES, text: string): string => (options.color === true ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text);
  const { code, severity, message, path, line, column, notes } = diagnostic;
  const lines = [`${paint('red', `${severity}[${code}]`)}: ${paint('bold', message)}`];
  const margin = ' '.repeat(String(line).length);
  lines.push(`${margin}${paint('blue', '-->')} ${Array.from(path, escaped).join('')}:${line}:${column}`);
  if (sourceText !== undefined) {
    const { before, span, after } = excerptOf(diagnostic, sourceText);
    // Tabs stay tabs, so that the caret stands right whatever they are wide.
    const indent = before.replace(/[^\t]+/g, (text) => ' '.repeat(widthOf(text)));
    const bar = paint('blue', '|');
    lines.push(`${margin} ${bar}`);
    lines.push(`${paint('blue', String(line))} ${bar} ${before}${span}${after}`);
    lines.push(`${margin} ${bar} ${indent}${paint('red', '^'.repeat(Math.max(1, widthOf(span))))}`);
  }
  for (const note of notes) lines.push(`${margin} ${paint('blue', '=')} ${note}`);
  return lines.join('\n');
}
