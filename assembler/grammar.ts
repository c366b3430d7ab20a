/**
 * The grammar: tokens to syntax tree. This is its top, the declarations; values and statements have files of their own.
 *
 * An `EmbeddedActionsParser` whose actions build the tree at once. Words that begin declarations are no reserved words:
 * they are told by their place. A declaration that is wrong after its name still declares the name, so that uses of it are
 * not wrong too. One parser serves all runs; it is made when it is first needed.
 */
import { EOF, type ILookaheadStrategy, type IParserConfig, type IToken, type ParserMethod, type TokenType } from 'chevrotain';
import { PROTOCOLS, SIDES, VALUE_TYPES, type ValueType } from '../isa-spec/index.js';
import type { DataType, Expression, FunctionItem, Item, Modifiers, Name, PortItem, TextValue, TypedName } from './ast.js';
import type { Report } from './diagnostics.js';
import { VALUE_START } from './grammar-expressions.js';
import { StatementGrammar, type OpenFunction } from './grammar-statements.js';
import { bytesOf } from './literals.js';
import type { Source } from './source.js';
import { TOKENS } from './tokens.js';

/** How data with values is written. */
const dataHint = ({ name }: Name, type: DataType | undefined): string =>
  `values stand after = without brackets: data ${name}${type === undefined ? '' : `: ${type}`} = 1, 2, 3`;

/** Words that begin a declaration. */
const DECLARATIONS: readonly string[] = ['use', 'memory', 'const', 'port', 'data', 'type', 'table', 'func', 'export', 'keep'];
const KEEPABLE: readonly string[] = ['func', 'data', 'table', 'type'];
const EXPORTABLE: readonly string[] = ['func', 'data'];
const DATA_TYPES: readonly string[] = ['i8', 'i16', 'i32', 'i64', 'f32', 'f64'] satisfies DataType[];
const PORT_OPTIONS: readonly string[] = ['depth', 'message', 'version'];

const LINE_END: ReadonlySet<TokenType> = new Set([TOKENS.Newline, EOF]);
const DATA_VALUE_START: ReadonlySet<TokenType> = new Set([TOKENS.Text, ...VALUE_START]);
const BODY_START: ReadonlySet<TokenType> = new Set([TOKENS.LBrace]);
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

class Grammar extends StatementGrammar {
  #items: Item[] = [];

  constructor(options: Partial<IParserConfig> = {}) {
    super(options);
    this.performSelfAnalysis();
  }

  /** Parses the tokens of a piece of a file; the declarations found are added to `items`. */
  parse(source: Source, tokens: IToken[], base: number, items: Item[], report: Report): void {
    this.base = base;
    this.source = source;
    this.report = report;
    this.pieceTokens = tokens;
    this.#items = items;
    this.input = tokens;
    this.chunk();
  }

  // ---- declarations

  /** The declarations of a piece of a file. */
  readonly chunk: ParserMethod<[], void> = this.RULE('chunk', () => {
    if (this.RECORDING_PHASE) {
      this.SUBRULE(this.item);
      this.SUBRULE(this.instruction);
      this.SUBRULE(this.statement);
      return;
    }
    while (!this.report.full) {
      const first = this.LA(1);
      if (first.tokenType === EOF) return;
      if (first.tokenType === TOKENS.Newline) {
        this.SKIP_TOKEN();
        continue;
      }
      this.depth = 0;
      try {
        if (!DECLARATIONS.includes(first.image)) this.#unknownDeclaration(first);
        this.#items.push(this.SUBRULE(this.item));
        const next = this.LA(1);
        if (next.tokenType !== TOKENS.Newline && next.tokenType !== EOF) this.fail('syntax', this.spanOf(next), 'expected the end of the line');
      } catch (fault) {
        this.reportFault(fault);
        this.#skipDeclaration();
      }
    }
  });

  #unknownDeclaration(token: IToken): never {
    const place = this.spanOf(token);
    if (token.tokenType === TOKENS.RBrace) this.fail('unexpected_brace', place, 'a `}` that closes nothing', 'a `}` above closes the function already');
    if (token.tokenType === TOKENS.Stray || token.tokenType === TOKENS.OpenText) this.fail('syntax', place, 'expected a declaration');
    this.fail(
      'unknown_declaration',
      place,
      `\`${token.image}\` begins no declaration`,
      ...this.report.suggest(token.image, DECLARATIONS),
      `outside functions a line begins with ${DECLARATIONS.join(', ')}`,
    );
  }

  /**
   * Gives up the rest of a declaration: to the end of the line, of its braces and of the lines that commas lead to, or to
   * the next line that begins with a declaration's word.
   */
  #skipDeclaration(): void {
    let braces = 0;
    let last = this.LA(0).tokenType;
    for (let token = this.LA(1); token.tokenType !== EOF; token = this.SKIP_TOKEN()) {
      if (token.tokenType === TOKENS.LBrace) braces++;
      else if (token.tokenType === TOKENS.RBrace) braces--;
      else if (token.tokenType === TOKENS.Newline) {
        const goesOn = braces > 0 || last === TOKENS.Comma;
        const begins = DECLARATIONS.includes(this.LA(2).image) && this.LA(3).tokenType !== TOKENS.Colon;
        if (!goesOn || begins) return;
      }
      last = token.tokenType;
    }
  }

  /** One declaration with what stands before its word. */
  readonly item: ParserMethod<[], Item> = this.RULE('item', () => {
    const start = this.base + this.LA(1).startOffset;
    let exported: Name[] | undefined;
    let keep = false;
    this.MANY1({
      GATE: () => this.LA(1).image === 'export' || this.LA(1).image === 'keep',
      DEF: () => {
        const modifier = this.CONSUME(TOKENS.Word);
        if (modifier.image === 'keep') keep = true;
        else exported ??= [];
        this.OPTION(() => {
          const names = [this.#exportName(this.CONSUME1(TOKENS.Text))];
          this.MANY2(() => {
            this.CONSUME(TOKENS.Comma);
            names.push(this.#exportName(this.CONSUME2(TOKENS.Text)));
          });
          this.ACTION(() => {
            if (modifier.image !== 'export') this.fail('syntax', names[0] as Name, 'a name for hosts after `keep`', 'names for hosts follow `export`');
            exported?.push(...names);
          });
        });
      },
    });
    const modifiers: Modifiers = { exports: exported, keep };
    const word = this.LA(1);
    const is = (name: string) => (): boolean => this.LA(1).image === name;
    this.ACTION(() => {
      const known = DECLARATIONS.includes(word.image);
      if (!known) this.#unknownDeclaration(word);
      const able = (exported === undefined || EXPORTABLE.includes(word.image)) && (!keep || KEEPABLE.includes(word.image));
      if (!able)
        this.fail(
          'syntax',
          this.spanOf(word),
          `\`${word.image}\` cannot be ${exported === undefined ? 'kept' : 'exported'}`,
          'export goes with func and data; keep with func, data, table and type',
        );
    });
    return this.OR<Item>([
      { GATE: is('func'), ALT: () => this.SUBRULE(this.functionItem, { ARGS: [start, modifiers] }) },
      { GATE: is('data'), ALT: () => this.SUBRULE(this.dataItem, { ARGS: [modifiers] }) },
      { GATE: is('const'), ALT: () => this.SUBRULE(this.constItem) },
      { GATE: is('use'), ALT: () => this.SUBRULE(this.useItem) },
      { GATE: is('port'), ALT: () => this.SUBRULE(this.portItem) },
      { GATE: is('table'), ALT: () => this.SUBRULE(this.tableItem, { ARGS: [modifiers] }) },
      { GATE: is('type'), ALT: () => this.SUBRULE(this.typeItem, { ARGS: [modifiers] }) },
      { GATE: is('memory'), ALT: () => this.SUBRULE(this.memoryItem) },
    ]);
  });

  #exportName(token: IToken): Name {
    if (this.RECORDING_PHASE) return this.word(token);
    return { kind: 'name', ...this.spanOf(token), name: this.#text(token) };
  }

  /** The characters of a string, where bytes that are no text make no sense. */
  #text(token: IToken): string {
    const bytes = this.literal(token, bytesOf(token.image));
    try {
      return utf8.decode(bytes);
    } catch {
      return this.fail('bad_escape', this.spanOf(token), 'a name that is not valid UTF-8', '\\xNN stands for a byte; \\u{N} for a character');
    }
  }

  /** `use "text" as t` */
  readonly useItem: ParserMethod<[], Item> = this.RULE('useItem', (): Item => {
    const start = this.base + this.CONSUME1(TOKENS.Word).startOffset;
    const text = this.CONSUME(TOKENS.Text);
    const alias = this.OPTION(() => {
      const as = this.CONSUME2(TOKENS.Word);
      this.ACTION(() => {
        if (as.image !== 'as') this.fail('syntax', this.spanOf(as), 'expected `as` and a name, or the end of the line');
      });
      return this.word(this.CONSUME3(TOKENS.Word));
    });
    return this.ACTION(() => {
      const targetSpan = this.spanOf(text);
      return { kind: 'use', start, end: alias?.end ?? targetSpan.end, target: this.#text(text), targetSpan, alias };
    });
  });

  /** `memory 1 MiB .. 64 MiB` */
  readonly memoryItem: ParserMethod<[], Item> = this.RULE('memoryItem', (): Item => {
    const start = this.base + this.CONSUME(TOKENS.Word).startOffset;
    const least = this.SUBRULE1(this.expression);
    const most = this.OPTION(() => {
      this.CONSUME(TOKENS.Range);
      return this.SUBRULE2(this.expression);
    });
    return { kind: 'memory', start, end: (most ?? least)?.end, least, most };
  });

  /** `const LIMIT = 1 << 20` */
  readonly constItem: ParserMethod<[], Item> = this.RULE('constItem', (): Item => {
    this.CONSUME1(TOKENS.Word);
    const name = this.word(this.CONSUME2(TOKENS.Word));
    let value: Expression | undefined;
    this.#attempt(() => {
      this.CONSUME(TOKENS.Equals);
      value = this.SUBRULE(this.expression);
      this.expect(LINE_END, 'an operator or the end of the line');
    });
    return { kind: 'const', start: name.start, end: name.end, name, value };
  });

  /**
   * Runs what follows a declaration's name: a fault in it is reported, but the name stays declared.
   * @returns whether there was none
   */
  #attempt(rest: () => void): boolean {
    try {
      rest();
      return true;
    } catch (fault) {
      if (this.RECORDING_PHASE) throw fault;
      this.reportFault(fault);
      this.#skipDeclaration();
      return false;
    }
  }

  /** `port from[1..16]: pu server at 8192 { depth 4, message 64 KiB }` */
  readonly portItem: ParserMethod<[], Item> = this.RULE('portItem', (): Item => {
    this.CONSUME1(TOKENS.Word);
    const visible = this.OPTION5(() => this.#exportName(this.CONSUME(TOKENS.Text)));
    const name = this.word(this.CONSUME2(TOKENS.Word));
    let first: Expression | undefined;
    let last: Expression | undefined;
    let protocol: Name | undefined;
    let side: Name | undefined;
    let at: Expression | undefined;
    const options: PortItem['options'][number][] = [];
    this.#attempt(() => {
      this.OPTION1(() => {
        this.CONSUME(TOKENS.LBracket);
        first = this.SUBRULE1(this.expression);
        this.OPTION2(() => {
          this.CONSUME(TOKENS.Range);
          last = this.SUBRULE2(this.expression);
        });
        this.CONSUME(TOKENS.RBracket);
      });
      this.CONSUME(TOKENS.Colon);
      const protocolWord = this.word(this.CONSUME3(TOKENS.Word));
      this.ACTION(() => this.#oneOf(protocolWord, PROTOCOLS, 'protocol'));
      const sideWord = this.word(this.CONSUME4(TOKENS.Word));
      this.ACTION(() => this.#oneOf(sideWord, SIDES, 'side'));
      this.OPTION3(() => {
        const word = this.word(this.CONSUME5(TOKENS.Word));
        this.ACTION(() => this.#oneOf(word, ['at'], 'option'));
        at = this.SUBRULE3(this.expression);
      });
      this.OPTION4(() => {
        this.CONSUME(TOKENS.LBrace);
        this.MANY(() => {
          this.OR([
            { ALT: () => this.CONSUME(TOKENS.Newline) },
            { ALT: () => this.CONSUME(TOKENS.Comma) },
            {
              ALT: () => {
                const option = this.word(this.CONSUME6(TOKENS.Word));
                this.ACTION(() => this.#oneOf(option, PORT_OPTIONS, 'option'));
                options.push({ name: option, value: this.SUBRULE4(this.expression) });
              },
            },
          ]);
        });
        this.CONSUME(TOKENS.RBrace);
      });
      this.expect(LINE_END, '`at`, `{` or the end of the line');
      protocol = protocolWord;
      side = sideWord;
    });
    return { kind: 'port', start: name.start, end: name.end, name, visible, first, last, protocol, side, at, options };
  });

  #oneOf(word: Name, names: readonly string[], what: string): void {
    if (names.includes(word.name)) return;
    this.fail('syntax', word, `\`${word.name}\` is no ${what}`, ...this.report.suggest(word.name, names), `expected ${names.join(', ')}`);
  }

  /** `data table at 8192: i32 = 1, 2, 3` */
  readonly dataItem: ParserMethod<[Modifiers], Item> = this.RULE('dataItem', (modifiers: Modifiers): Item => {
    this.CONSUME1(TOKENS.Word);
    const name = this.word(this.CONSUME2(TOKENS.Word));
    let at: Expression | undefined;
    let align: Expression | undefined;
    let type: DataType | undefined;
    let count: Expression | undefined;
    let values: (Expression | TextValue)[] = [];
    const whole = this.#attempt(() => {
      this.MANY1(() => {
        const word = this.word(this.CONSUME3(TOKENS.Word));
        this.ACTION(() => {
          if (DATA_TYPES.includes(word.name)) this.fail('syntax', word, 'a type without a colon before it', `write data ${name.name}: ${word.name}`);
          this.#oneOf(word, ['at', 'align'], 'option');
        });
        const value = this.SUBRULE1(this.expression);
        if (word.name === 'at') at = value;
        else align = value;
      });
      this.OPTION1(() => {
        this.CONSUME(TOKENS.Colon);
        this.OPTION2(() => {
          const word = this.word(this.CONSUME4(TOKENS.Word));
          this.ACTION(() => {
            if (DATA_TYPES.includes(word.name)) type = word.name as DataType;
            else
              this.fail(
                'unknown_type',
                word,
                `\`${word.name}\` is no data type`,
                ...this.report.suggest(word.name, DATA_TYPES),
                `data types are ${DATA_TYPES.join(', ')}`,
              );
          });
        });
        this.OPTION3(() => {
          this.CONSUME(TOKENS.LBracket);
          count = this.SUBRULE2(this.expression);
          this.ACTION(() => {
            if (this.LA(1).tokenType === TOKENS.Comma) this.fail('syntax', this.spanOf(this.LA(1)), 'expected one count', dataHint(name, type));
          });
          this.CONSUME(TOKENS.RBracket);
        });
      });
      this.OPTION4(() => {
        this.CONSUME(TOKENS.Equals);
        this.ACTION(() => {
          const next = this.LA(1);
          if (next.tokenType === TOKENS.LBracket || next.tokenType === TOKENS.LBrace)
            this.fail('syntax', this.spanOf(next), 'expected a value', dataHint(name, type));
        });
        values = this.SUBRULE(this.dataValues);
      });
      this.ACTION(() => {
        if (values.length > 0 || count !== undefined) this.expect(LINE_END, '`,`, an operator or the end of the line');
        else if (!LINE_END.has(this.LA(1).tokenType))
          this.fail('syntax', this.spanOf(this.LA(1)), 'expected `=` and values, or a count in brackets', dataHint(name, type));
      });
    });
    return { kind: 'data', start: name.start, end: name.end, ...modifiers, name, at, align, type, count, values, broken: !whole };
  });

  /** The values of data, over several lines if they end in commas. */
  readonly dataValues: ParserMethod<[], (Expression | TextValue)[]> = this.RULE('dataValues', () => {
    const values = [this.SUBRULE1(this.dataValue)];
    this.MANY(() => {
      this.CONSUME(TOKENS.Comma);
      this.OPTION(() => this.CONSUME(TOKENS.Newline));
      values.push(this.SUBRULE2(this.dataValue));
    });
    return values;
  });

  /** One value, or the bytes of a string. */
  readonly dataValue: ParserMethod<[], Expression | TextValue> = this.RULE('dataValue', () => {
    this.expect(DATA_VALUE_START, 'a value or a string');
    return this.OR<Expression | TextValue>([
      {
        ALT: () => {
          const token = this.CONSUME(TOKENS.Text);
          return this.ACTION(() => ({ kind: 'text', ...this.spanOf(token), bytes: this.literal(token, bytesOf(token.image)) }));
        },
      },
      { ALT: () => this.SUBRULE(this.expression) },
    ]);
  });

  /** The types of results after an arrow. */
  readonly results: ParserMethod<[], ValueType[]> = this.RULE('results', () => {
    const types: ValueType[] = [];
    this.CONSUME(TOKENS.Arrow);
    const first = this.CONSUME1(TOKENS.Word);
    this.ACTION(() => types.push(this.#neededType(first)));
    this.MANY(() => {
      this.CONSUME(TOKENS.Comma);
      const next = this.CONSUME2(TOKENS.Word);
      this.ACTION(() => types.push(this.#neededType(next)));
    });
    return types;
  });

  #neededType(token: IToken): ValueType {
    const { image } = token;
    if ((VALUE_TYPES as readonly string[]).includes(image)) return image as ValueType;
    return this.fail(
      'unknown_type',
      this.spanOf(token),
      `\`${image}\` is no register type`,
      ...this.report.suggest(image, VALUE_TYPES),
      `register types are ${VALUE_TYPES.join(', ')}`,
    );
  }

  /** `type binary(i32, i32) -> i32` */
  readonly typeItem: ParserMethod<[Modifiers], Item> = this.RULE('typeItem', (modifiers: Modifiers): Item => {
    this.CONSUME1(TOKENS.Word);
    const name = this.word(this.CONSUME2(TOKENS.Word));
    const parameters: ValueType[] = [];
    let results: ValueType[] = [];
    const whole = this.#attempt(() => {
      this.CONSUME(TOKENS.LParen);
      this.OPTION1(() => {
        const first = this.CONSUME3(TOKENS.Word);
        this.ACTION(() => parameters.push(this.#neededType(first)));
        this.MANY(() => {
          this.CONSUME(TOKENS.Comma);
          const next = this.CONSUME4(TOKENS.Word);
          this.ACTION(() => parameters.push(this.#neededType(next)));
        });
      });
      this.CONSUME(TOKENS.RParen);
      this.OPTION2(() => {
        results = this.SUBRULE(this.results);
      });
      this.expect(LINE_END, '`->` or the end of the line');
    });
    return { kind: 'type', start: name.start, end: name.end, ...modifiers, name, parameters, results, broken: !whole };
  });

  /** `table add2, text.upper` */
  readonly tableItem: ParserMethod<[Modifiers], Item> = this.RULE('tableItem', (modifiers: Modifiers): Item => {
    const place = this.spanOf(this.CONSUME(TOKENS.Word));
    const entries = [this.SUBRULE1(this.path)];
    this.ACTION(() => {
      const next = this.LA(1);
      if (next.tokenType === TOKENS.Colon || next.tokenType === TOKENS.Equals)
        this.fail('syntax', this.spanOf(next), 'expected `,` or the end of the line', 'there is one function table, without a name: table f, g');
    });
    this.MANY(() => {
      this.CONSUME(TOKENS.Comma);
      this.OPTION(() => this.CONSUME(TOKENS.Newline));
      entries.push(this.SUBRULE2(this.path));
    });
    return { kind: 'table', ...place, ...modifiers, entries };
  });

  /** What a function takes and gives. */
  readonly header: ParserMethod<[], Pick<FunctionItem, 'parameters' | 'results'>> = this.RULE('header', () => {
    let parameters: TypedName[] = [];
    let results: ValueType[] = [];
    this.CONSUME(TOKENS.LParen);
    this.OPTION1(() => this.CONSUME(TOKENS.Newline));
    this.OPTION2(() => {
      parameters = this.SUBRULE(this.typedNames, { ARGS: [true] });
    });
    this.OPTION3(() => this.CONSUME2(TOKENS.Newline));
    this.CONSUME(TOKENS.RParen);
    this.OPTION4(() => {
      results = this.SUBRULE(this.results);
    });
    return { parameters, results };
  });

  /** A function. */
  readonly functionItem: ParserMethod<[number, Modifiers], Item> = this.RULE('functionItem', (start: number, modifiers: Modifiers): Item => {
    this.CONSUME1(TOKENS.Word);
    const name = this.word(this.CONSUME2(TOKENS.Word));
    let header: Pick<FunctionItem, 'parameters' | 'results'> = { parameters: [], results: [] };
    let broken = false;
    const into: OpenFunction = { body: [], lost: [], incomplete: false };
    try {
      header = this.SUBRULE(this.header);
      broken = header?.parameters?.some(({ type }) => type === undefined);
      this.expect(BODY_START, '`->` or `{`');
    } catch (fault) {
      if (this.RECORDING_PHASE) throw fault;
      this.reportFault(fault);
      broken = true;
      for (let token = this.LA(1); !BODY_START.has(token.tokenType) && !LINE_END.has(token.tokenType); ) token = this.SKIP_TOKEN();
    }
    this.OPTION(() => {
      const open = this.spanOf(this.CONSUME(TOKENS.LBrace));
      this.ACTION(() => this.functionBody(open, into));
    });
    return { kind: 'func', start, end: name.end, ...modifiers, name, ...header, ...into, broken };
  });
}

let grammar: Grammar | undefined;

/** Parses a piece of a file's text; `base` is its offset. The declarations found are added to `items`, faults to the report. */
export function parseTokens(source: Source, tokens: IToken[], base: number, items: Item[], report: Report): void {
  grammar ??= new Grammar();
  grammar.parse(source, tokens, base, items, report);
}

/**
 * Makes a grammar with chevrotain's own validation of it, and with another way to look ahead.
 * @throws Error naming what is ambiguous or cannot be reached
 */
export function checkGrammar(lookahead: ILookaheadStrategy): void {
  new Grammar({ skipValidations: false, lookaheadStrategy: lookahead });
}
