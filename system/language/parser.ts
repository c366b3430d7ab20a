/**
 * The grammar of `.sys`: text to a model, with the place of everything that a later message may speak of. It stands on the assembler's lexer.
 *
 * By hand and by recursive descent: each rule takes what it knows. A statement that is wrong is reported and left out, the next one goes on. What
 * names and numbers mean is not looked at here.
 */
import { bytesOf, isFault, numberOf, RESERVED, Source, Tokenizer, TOKENS } from '../../assembler/internal/index.js';
import type { FaultEntry, ModelSettings, PlainValue, Range, Scalar, Statement, SystemModel, Value } from '../model.js';
import { ALLOWED, MODEL_VERSION, PLACE_NAMES } from '../model.js';
import type { Place, SystemReport } from './diagnostics.js';
import { type Expression, expressionText, type Operator, OPERATORS, type Reference, referenceText, type Segment, UNITS } from './expression.js';

type Token = ReturnType<Tokenizer['tokenize']>[number];

/** Places of the parts of a statement, an entry or a block of settings, by the name of the part; `whole` is all of it. */
export type Places = WeakMap<object, Readonly<Record<string, Place>>>;

/** Most blocks, or parentheses, inside one another. */
const DEPTH_MAX = 64;
/** Words that begin a statement, so that they are no values. */
const KEYWORDS: ReadonlySet<string> = new Set([
  'use',
  'program',
  'const',
  'computer',
  'box',
  'pu',
  'device',
  'export',
  'for',
  'deploy',
  'all',
  'mock',
  'drive',
  'play',
  'fault',
  'expect',
]);

/** Where a block stands. */
type Block = keyof typeof ALLOWED;

class Fault {
  constructor(
    readonly code: 'syntax' | 'bad_unit' | 'bad_number' | 'bad_text' | 'nesting_too_deep',
    readonly place: Place,
    readonly message: string,
    readonly notes: readonly string[],
  ) {}
}

/** What a parse gives. */
export interface Parsed {
  readonly model: SystemModel;
  readonly places: Places;
}

/** The model of a text. Faults go to the report; what could be read is in the model. */
export function parseSystem(source: Source, report: SystemReport): Parsed {
  const parser = new Parser(source, report);
  const model: SystemModel = { version: MODEL_VERSION, statements: parser.file() };
  return { model, places: parser.places };
}

/** The tree of an expression's text, or undefined where it is none. */
export function parseExpression(text: string): Expression | undefined {
  return alone(text, (parser) => parser.expression());
}
/** The path that a text is, or undefined where it is none. */
export function parseReference(text: string): Reference | undefined {
  return alone(text, (parser) => parser.reference());
}

function alone<T>(text: string, rule: (parser: Parser) => T): T | undefined {
  const parser = new Parser(new Source('', text, 0));
  try {
    const found = rule(parser);
    return parser.atEnd ? found : undefined;
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

class Parser {
  readonly places: Places = new WeakMap();
  readonly #source: Source;
  readonly #report: SystemReport | undefined;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(source: Source, report?: SystemReport) {
    this.#source = source;
    this.#report = report;
    this.#tokens = new Tokenizer().tokenize(source.text);
  }

  get atEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  // Tokens

  #peek(distance = 0): Token | undefined {
    return this.#tokens[this.#at + distance];
  }
  #is(type: Token['tokenType'], distance = 0): boolean {
    return this.#peek(distance)?.tokenType === type;
  }
  #isWord(word?: string, distance = 0): boolean {
    const token = this.#peek(distance);
    return token?.tokenType === TOKENS.Word && (word === undefined || token.image === word);
  }
  #placeOf(token: Token | undefined): Place {
    const source = this.#source;
    if (token !== undefined) return { source, start: token.startOffset, end: token.startOffset + token.image.length };
    const last = this.#tokens.at(-1);
    const end = last === undefined ? 0 : last.startOffset + last.image.length;
    return { source, start: end, end };
  }
  #from(start: number): Place {
    const last = this.#tokens[this.#at - 1];
    return { source: this.#source, start, end: last === undefined ? start : Math.max(start, last.startOffset + last.image.length) };
  }
  get #start(): number {
    return this.#placeOf(this.#peek()).start;
  }

  #fail(code: Fault['code'], place: Place, message: string, ...notes: string[]): never {
    throw new Fault(code, place, message, notes);
  }
  #expected(what: string, ...notes: string[]): never {
    const token = this.#peek();
    const place = this.#placeOf(token);
    if (token === undefined) return this.#fail('syntax', place, `expected ${what} before the end of the file`, ...notes);
    if (token.tokenType === TOKENS.Newline) return this.#fail('syntax', place, `expected ${what} before the end of the line`, ...notes);
    if (token.tokenType === TOKENS.OpenText) return this.#fail('syntax', place, 'a string without its closing quote', 'close it with " on the same line');
    if (RESERVED.has(token.image)) return this.#fail('syntax', place, `expected ${what}; \`${token.image}\` is a reserved word`, ...notes);
    return this.#fail('syntax', place, `expected ${what}, found \`${token.image}\``, ...notes);
  }
  #take(type: Token['tokenType'], what: string): Token {
    if (!this.#is(type)) this.#expected(what);
    return this.#tokens[this.#at++] as Token;
  }
  #takeIf(type: Token['tokenType']): boolean {
    if (!this.#is(type)) return false;
    this.#at++;
    return true;
  }
  #newlines(): void {
    while (this.#takeIf(TOKENS.Newline));
  }
  #deeper<T>(rule: () => T): T {
    if (++this.#depth > DEPTH_MAX)
      this.#fail('nesting_too_deep', this.#placeOf(this.#peek()), 'blocks or parentheses nested too deep', `at most ${DEPTH_MAX} may be inside one another`);
    try {
      return rule();
    } finally {
      this.#depth--;
    }
  }

  // Values

  #name(what: string): { readonly text: string; readonly place: Place } {
    const token = this.#take(TOKENS.Word, what);
    return { text: token.image, place: this.#placeOf(token) };
  }

  #text(what: string): { readonly text: string; readonly place: Place } {
    const token = this.#take(TOKENS.Text, what);
    const place = this.#placeOf(token);
    const bytes = bytesOf(token.image);
    if (isFault(bytes))
      return this.#fail('bad_text', { ...place, start: place.start + bytes.at, end: place.start + bytes.at + bytes.length }, bytes.message, bytes.note);
    try {
      return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), place };
    } catch {
      return this.#fail('bad_text', place, 'a string that is no valid UTF-8', 'name a file that holds such bytes');
    }
  }

  #number(): Expression {
    const negative = this.#is(TOKENS.Sign) && this.#peek()?.image === '-';
    if (negative) this.#at++;
    const token = this.#take(TOKENS.Number, 'a number');
    const place = this.#placeOf(token);
    const literal = numberOf(token.image);
    if (isFault(literal)) return this.#fail('bad_number', place, literal.message, literal.note);
    const value = Number(literal);
    if (typeof literal === 'bigint' && !Number.isSafeInteger(value))
      this.#fail('bad_number', place, `${token.image} is too large`, `whole numbers go to ${Number.MAX_SAFE_INTEGER}`);
    const signed = negative && value !== 0 ? -value : value;
    const unit = this.#isWord() ? (this.#peek() as Token) : undefined;
    if (unit !== undefined && UNITS.has(unit.image)) {
      this.#at++;
      return { kind: 'number', value: signed, unit: unit.image };
    }
    if (unit !== undefined && !this.#beginsSomething(1)) {
      const near = this.#report?.suggest(unit.image, UNITS.keys()) ?? [];
      this.#fail(
        'bad_unit',
        this.#placeOf(unit),
        `\`${unit.image}\` is no unit`,
        ...near,
        `units are ${[...UNITS.keys()].join(', ')}; a comma stands between settings`,
      );
    }
    return { kind: 'number', value: signed };
  }

  /** Whether what stands behind a word shows that it is the name of a setting or begins a statement. */
  #beginsSomething(distance: number): boolean {
    const next = this.#peek(distance)?.tokenType;
    return this.#isValueStart(distance) || next === TOKENS.Arrow || next === TOKENS.Dot || next === TOKENS.LBracket || next === TOKENS.LBrace;
  }
  #isValueStart(distance = 0): boolean {
    const type = this.#peek(distance)?.tokenType;
    return type === TOKENS.Word || type === TOKENS.Number || type === TOKENS.Text || type === TOKENS.LParen || type === TOKENS.Sign;
  }

  #operator(): Operator | undefined {
    const token = this.#peek();
    if (token?.tokenType !== TOKENS.Sign && token?.tokenType !== TOKENS.Operator) return undefined;
    return OPERATORS.find((operator) => operator === token.image);
  }

  /** An expression whose operators bind at least so tightly. */
  expression(least = 1): Expression {
    return this.#deeper(() => {
      let left = this.#operand();
      for (let operator = this.#operator(); operator !== undefined; operator = this.#operator()) {
        const strength = operator === '+' || operator === '-' ? 1 : 2;
        if (strength < least) break;
        this.#at++;
        left = { kind: 'operation', operator, left, right: this.expression(strength + 1) };
        if (++this.#operations > OPERATIONS_MAX)
          this.#fail('nesting_too_deep', this.#placeOf(this.#peek()), 'too many operators', `at most ${OPERATIONS_MAX} are allowed in one statement`);
      }
      return left;
    });
  }
  #operations = 0;

  #operand(): Expression {
    if (this.#takeIf(TOKENS.LParen)) {
      const inner = this.expression();
      this.#take(TOKENS.RParen, '`)`');
      return inner;
    }
    if (this.#is(TOKENS.Number) || this.#is(TOKENS.Sign)) return this.#number();
    return { kind: 'name', name: this.#name('a number or a name').text };
  }

  #scalar(): Scalar {
    return scalarOf(this.expression());
  }

  #range(): Range {
    const least = this.#scalar();
    this.#take(TOKENS.Range, '`..`');
    return [least, this.#scalar()];
  }

  /** `[1..4]` */
  #rangeOf(): { readonly range?: Range } {
    if (!this.#takeIf(TOKENS.LBracket)) return {};
    const range = this.#range();
    this.#take(TOKENS.RBracket, '`]`');
    return { range };
  }

  /** A path of names. */
  reference(): Reference {
    const segments: Segment[] = [];
    do {
      const { text: name } = this.#name('a name');
      if (!this.#takeIf(TOKENS.LBracket)) {
        segments.push({ name });
        continue;
      }
      const isAll = this.#is(TOKENS.Operator) && this.#peek()?.image === '*';
      if (isAll) this.#at++;
      segments.push({ name, index: isAll ? '*' : this.expression() });
      this.#take(TOKENS.RBracket, '`]`');
    } while (this.#takeIf(TOKENS.Dot));
    return segments;
  }
  #path(): { readonly text: string; readonly place: Place } {
    const start = this.#start;
    const text = referenceText(this.reference());
    return { text, place: this.#from(start) };
  }

  /** What stands behind the name of a setting; undefined if nothing does: then it is `true`. */
  #value(): Value {
    if (!this.#isValueStart()) return true;
    if (this.#isNames()) {
      const names = [this.#path().text];
      while (this.#isListComma(0)) {
        this.#at++;
        names.push(this.#path().text);
      }
      return { names };
    }
    return this.#plain();
  }
  /** Whether names stand here: a path, or a list. */
  #isNames(): boolean {
    const next = this.#peek(1)?.tokenType;
    const isTruth = this.#isWord('true') || this.#isWord('false');
    return this.#isWord() && (next === TOKENS.Dot || next === TOKENS.LBracket || (!isTruth && this.#isListComma(1)));
  }
  #plain(): PlainValue {
    if (this.#is(TOKENS.Text)) {
      const texts = [this.#text('a string').text];
      while (this.#is(TOKENS.Comma) && this.#is(TOKENS.Text, 1)) {
        this.#at++;
        texts.push(this.#text('a string').text);
      }
      return texts.length === 1 ? (texts[0] as string) : texts;
    }
    if (this.#isWord('true') || this.#isWord('false')) return this.#take(TOKENS.Word, 'true or false').image === 'true';
    const least = this.#scalar();
    return this.#takeIf(TOKENS.Range) ? { range: [least, this.#scalar()] } : least;
  }
  /** Whether a comma is there and what follows is another name of a list, not the next setting. */
  #isListComma(distance: number): boolean {
    return this.#is(TOKENS.Comma, distance) && this.#isWord(undefined, distance + 1) && !this.#isValueStart(distance + 2);
  }

  /** `{ depth 64, message 4 KiB }`, or nothing. */
  #settings(): { readonly settings?: ModelSettings } {
    if (!this.#takeIf(TOKENS.LBrace)) return {};
    const list = new SettingList();
    this.#newlines();
    while (!this.#is(TOKENS.RBrace)) {
      this.#setting(list);
      while (this.#takeIf(TOKENS.Comma) || this.#takeIf(TOKENS.Newline));
    }
    this.#take(TOKENS.RBrace, '`}`');
    return this.#settingsOf(list);
  }
  #setting(list: SettingList): void {
    const start = this.#start;
    const { text: name, place } = this.#name('a setting or `}`');
    const value = this.#value();
    const before = list.places[name];
    if (before === undefined) list.add(name, value, this.#from(start));
    else this.#report?.error('duplicate_setting', place, `\`${name}\` is given twice`, { related: [{ place: before, message: 'the first one is here' }] });
  }
  #settingsOf(list: SettingList): { readonly settings?: ModelSettings } {
    if (list.entries.length === 0) return {};
    const settings: ModelSettings = Object.fromEntries(list.entries);
    this.places.set(settings, list.places);
    return { settings };
  }

  /** A value behind a kind, if there is one: no word that begins the next statement. */
  #valueHere(): { readonly value?: PlainValue } {
    const next = this.#peek(1)?.tokenType;
    const isNext = this.#isWord() && (KEYWORDS.has(this.#peek()?.image ?? '') || next === TOKENS.Dot || next === TOKENS.LBracket || next === TOKENS.Arrow);
    return this.#isValueStart() && !isNext ? { value: this.#plain() } : {};
  }

  // Statements

  /** All of a file. */
  file(): Statement[] {
    const statements: Statement[] = [];
    for (;;) {
      this.#statements('file', statements);
      if (this.atEnd) return statements;
      this.#report?.error('syntax', this.#placeOf(this.#peek()), 'a `}` that closes nothing', { notes: ['blocks open with `{`'] });
      this.#at++;
    }
  }

  /** Statements up to a `}` or the end. With `settings`, those of the block stand among them. */
  #statements(block: Block, into: Statement[], settings?: SettingList): void {
    for (;;) {
      this.#newlines();
      while (this.#takeIf(TOKENS.Comma) || this.#takeIf(TOKENS.Newline));
      if (this.atEnd || this.#is(TOKENS.RBrace) || this.#report?.full === true) {
        if (this.#report?.full === true) this.#at = this.#tokens.length;
        return;
      }
      const before = this.#at;
      try {
        this.#operations = 0;
        if (settings !== undefined && this.#isSetting()) this.#setting(settings);
        else this.#statement(block, into);
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        this.#report?.error(error.code, error.place, error.message, { notes: error.notes });
        this.#skip(before);
      }
    }
  }

  /** Goes to the end of a line on which something is wrong, over whole blocks. */
  #skip(before: number): void {
    if (this.#at === before) this.#at++;
    for (let depth = this.#openedSince(before); !this.atEnd; this.#at++) {
      if (this.#is(TOKENS.LBrace)) depth++;
      else if (this.#is(TOKENS.RBrace) && --depth < 0) return;
      else if (this.#is(TOKENS.Newline) && depth <= 0) return;
    }
  }
  #openedSince(before: number): number {
    let depth = 0;
    for (let at = before; at < this.#at; at++) {
      const type = this.#tokens[at]?.tokenType;
      if (type === TOKENS.LBrace) depth++;
      else if (type === TOKENS.RBrace) depth--;
    }
    return Math.max(0, depth);
  }

  /** Whether a word with a value stands here, among statements. */
  #isSetting(): boolean {
    const next = this.#peek(1)?.tokenType;
    return this.#isWord() && (next === TOKENS.Number || next === TOKENS.Text || next === TOKENS.LParen);
  }

  #block(block: Block, settings?: SettingList): Statement[] {
    const open = this.#take(TOKENS.LBrace, '`{`');
    const statements: Statement[] = [];
    this.#deeper(() => this.#statements(block, statements, settings));
    if (!this.#takeIf(TOKENS.RBrace)) this.#fail('syntax', this.#placeOf(open), 'a `{` that is never closed', 'close the block with `}`');
    return statements;
  }

  #statement(block: Block, into: Statement[]): void {
    const start = this.#start;
    const parts: Record<string, Place> = {};
    const statement = this.#oneOf(parts, block);
    const whole = this.#from(start);
    if (statement === undefined) return;
    this.places.set(statement, { whole, ...parts });
    if (ALLOWED[block].has(statement.kind)) into.push(statement);
    else
      this.#report?.error(
        'not_here',
        { ...whole, end: this.#source.endOfLine(this.#source.lineOf(start)) },
        `\`${keywordOf(statement)}\` cannot stand ${PLACE_NAMES[block]}`,
        { notes: [homeOf(statement)] },
      );
  }

  #oneOf(parts: Record<string, Place>, block: Block): Statement | undefined {
    const named = (what: string): string => {
      const { text, place } = this.#name(what);
      parts.name = place;
      return text;
    };
    const path = (part: string): string => {
      const { text, place } = this.#path();
      parts[part] = place;
      return text;
    };
    const word = (part: string, what: string): string => {
      const { text, place } = this.#name(what);
      parts[part] = place;
      return text;
    };
    const text = (part: string, what: string): string => {
      const found = this.#text(what);
      parts[part] = found.place;
      return found.text;
    };

    const next = this.#peek(1)?.tokenType;
    const isPath = next === TOKENS.Arrow || next === TOKENS.Dot || next === TOKENS.LBracket;
    const keyword = this.#isWord() && !isPath ? (this.#peek() as Token).image : '';
    if (KEYWORDS.has(keyword)) this.#at++;
    switch (keyword) {
      case 'use': {
        const target = text('path', 'the path of a .sys file, in quotes');
        if (!this.#isWord('as')) return { kind: 'use', path: target };
        this.#at++;
        return { kind: 'use', path: target, as: named('a name') };
      }
      case 'program':
        return { kind: 'program', name: named('a name for the program'), path: text('path', 'the path of a .pbs or .pbx file, in quotes') };
      case 'const': {
        const name = named('a name for the constant');
        this.#take(TOKENS.Equals, '`=`');
        return { kind: 'const', name, value: this.#scalar() };
      }
      case 'computer': {
        const name = named('a name for the computer');
        const range = this.#rangeOf();
        const list = new SettingList();
        const statements = this.#block('computer', list);
        return { kind: 'computer', name, ...range, ...this.#settingsOf(list), statements };
      }
      case 'box':
        return this.#box(named, word);
      case 'pu': {
        const name = named('a name for the PU');
        const range = this.#rangeOf();
        if (!this.#isWord('runs')) this.#expected('`runs`', 'a PU runs a program: pu NAME runs PROGRAM');
        this.#at++;
        const program = path('program');
        return { kind: 'pu', name, ...range, program, ...this.#settings() };
      }
      case 'device': {
        const name = named('a name for the device');
        const range = this.#rangeOf();
        this.#take(TOKENS.Colon, '`:`');
        return { kind: 'device', name, ...range, protocol: word('protocol', 'a protocol'), ...this.#settings() };
      }
      case 'export': {
        const name = path('name');
        this.#take(TOKENS.Equals, '`=`');
        return { kind: 'export', name, of: path('of') };
      }
      case 'for': {
        const variable = named('a name for the variable');
        if (!this.#isWord('in')) this.#expected('`in`', 'write for i in 1..4 { ... }');
        this.#at++;
        const start = this.#start;
        const range = this.#range();
        parts.range = this.#from(start);
        return { kind: 'for', variable, range, statements: this.#block(block) };
      }
      case 'deploy':
        return { kind: 'deploy', name: named('a name for the deployment'), statements: this.#block('deploy') };
      case 'all':
        if (!this.#isWord('on')) this.#expected('`on`', 'write all on simulation, all on workers or all on processes');
        this.#at++;
        return { kind: 'all', host: word('host', 'a host'), ...this.#settings() };
      case 'mock':
      case 'drive': {
        const target = path('target');
        const how = word('how', `the kind of the ${keyword === 'mock' ? 'mock' : 'driver'}`);
        return { kind: keyword, target, how, ...this.#valueHere(), ...this.#settings() };
      }
      case 'play': {
        const target = path('target');
        if (!this.#isWord('by')) this.#expected('`by`', 'write play DEVICE by PU.PORT');
        this.#at++;
        return { kind: 'play', target, by: path('by') };
      }
      case 'fault':
        return { kind: 'fault', target: path('target'), faults: this.#faults() };
      case 'expect': {
        const target = path('target');
        const what = word('what', 'what is expected');
        return { kind: 'expect', target, what, ...this.#valueHere(), ...this.#settings() };
      }
      default:
        return this.#link(path);
    }
  }

  #box(named: (what: string) => string, word: (part: string, what: string) => string): Statement {
    const name = named('a name for the box');
    const range = this.#rangeOf();
    if (this.#takeIf(TOKENS.Colon)) {
      const first = word('box', 'the name of a box');
      let box = first;
      while (this.#takeIf(TOKENS.Dot)) box += `.${this.#name('a name').text}`;
      return { kind: 'place', name, ...range, box, ...this.#settings() };
    }
    const parameters: string[] = [];
    if (this.#takeIf(TOKENS.LParen)) {
      do parameters.push(this.#name('a parameter').text);
      while (this.#takeIf(TOKENS.Comma));
      this.#take(TOKENS.RParen, '`)`');
    }
    return { kind: 'box', name, ...(parameters.length === 0 ? {} : { parameters }), statements: this.#block('box') };
  }

  #faults(): FaultEntry[] {
    this.#take(TOKENS.LBrace, '`{`');
    const faults: FaultEntry[] = [];
    this.#newlines();
    while (!this.#is(TOKENS.RBrace)) {
      const start = this.#start;
      const { text: kind, place } = this.#name('a kind of fault or `}`');
      const value = this.#isValueStart() ? { value: this.#plain() } : {};
      const entry: FaultEntry = { kind, ...value, ...this.#settings() };
      this.places.set(entry, { whole: this.#from(start), kind: place });
      faults.push(entry);
      while (this.#takeIf(TOKENS.Comma) || this.#takeIf(TOKENS.Newline));
    }
    this.#take(TOKENS.RBrace, '`}`');
    return faults;
  }

  #link(path: (part: string) => string): Statement {
    if (!this.#isWord()) this.#expected('a statement');
    const start = this.#peek() as Token;
    const before = this.#at;
    const from = path('from');
    if (!this.#takeIf(TOKENS.Arrow)) {
      if (this.#report === undefined || this.#at > before + 1) return this.#expected('`->`', 'a link is written CLIENT -> SERVER');
      const near = this.#report.suggest(start.image, KEYWORDS);
      this.#fail('syntax', this.#placeOf(start), `\`${start.image}\` begins no statement`, ...near, 'a link is written CLIENT -> SERVER');
    }
    return { kind: 'link', from, to: path('to'), ...this.#settings() };
  }
}

/** Most operators of one statement. */
const OPERATIONS_MAX = 256;

class SettingList {
  readonly entries: [string, Value][] = [];
  readonly places: Record<string, Place> = Object.create(null) as Record<string, Place>;

  add(name: string, value: Value, place: Place): void {
    this.entries.push([name, value]);
    this.places[name] = place;
  }
}

/** A number as JSON has it, anything else as its text. */
export function scalarOf(expression: Expression): Scalar {
  return expression.kind === 'number' && expression.unit === undefined ? expression.value : { expression: expressionText(expression) };
}

/** The word that begins a statement. */
export const keywordOf = ({ kind }: Statement): string => (kind === 'place' ? 'box' : kind === 'link' ? '->' : kind);

function homeOf({ kind }: Statement): string {
  const homes = (Object.keys(ALLOWED) as Block[]).filter((block) => ALLOWED[block].has(kind)).map((block) => PLACE_NAMES[block]);
  return `it stands ${homes.join(' or ')}`;
}
