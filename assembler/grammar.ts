/**
 * The grammar: tokens to syntax tree, one top-level item or one statement at a time.
 *
 * An `EmbeddedActionsParser` whose actions build the tree at once. A statement that is wrong costs one diagnostic: the
 * rest of its line is skipped, its braces are counted. Operator chains are read flat and climbed by a precedence table.
 * Instructions are a word and operands here; what they mean is for later stages. One parser serves all runs.
 */
import { EMPTY_ALT, EmbeddedActionsParser, EOF, isRecognitionException, tokenLabel, type IToken, type ParserMethod, type TokenType } from 'chevrotain';
import { PROTOCOLS, SIDES, VALUE_TYPES, type ValueType } from '../isa-spec/index.js';
import type {
  BinaryOperator,
  Condition,
  DataType,
  Expression,
  FunctionItem,
  Item,
  Modifiers,
  Name,
  Operand,
  Path,
  PortItem,
  Span,
  Statement,
  TextValue,
  TypedName,
} from './ast.js';
import type { DiagnosticCode, Report } from './diagnostics.js';
import { bytesOf, characterOf, isFault, numberOf, type Constant, type LiteralFault } from './literals.js';
import { TAKES_LIST } from './mnemonics.js';
import type { Source } from './source.js';
import { RESERVED, TOKENS } from './tokens.js';

const DEPTH_MAX = 64;
const OPERATORS_MAX = 256;

/** Units that may follow a number. */
export const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['B', 1n],
  ['KiB', 1024n],
  ['MiB', 1024n ** 2n],
  ['GiB', 1024n ** 3n],
  ['pages', 65536n],
]);

/** How tightly the operators bind. */
const PRECEDENCE: Readonly<Record<BinaryOperator, number>> = {
  '|': 1,
  '^': 2,
  '&': 3,
  '<<': 4,
  '>>': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '%': 6,
};

/** Words that begin a declaration. */
export const DECLARATIONS = ['use', 'memory', 'const', 'port', 'data', 'type', 'table', 'func', 'export', 'keep'] as const;

/** The types of data elements. */
export const DATA_TYPES: readonly DataType[] = ['i8', 'i16', 'i32', 'i64', 'f32', 'f64'];

/** A fault of the text at hand: thrown by a rule, caught where the line is given up. */
class SyntaxFault {
  constructor(
    readonly code: DiagnosticCode,
    readonly start: number,
    readonly end: number,
    readonly message: string,
    readonly notes: readonly string[],
  ) {}
}

/** A function under construction. */
interface OpenFunction {
  readonly body: Statement[];
  readonly lost: string[];
  incomplete: boolean;
}

/** What opened a block. */
type BlockKind = 'if' | 'else' | 'loop' | 'broken';
type Leaving = Pick<Extract<Statement, { kind: 'break' | 'continue' }>, 'loop' | 'condition'>;

const KEEPABLE: ReadonlySet<string> = new Set(['func', 'data', 'table', 'type']);
const PORT_OPTIONS = ['depth', 'message', 'version'] as const;
const LINE_END: ReadonlySet<TokenType> = new Set<TokenType>([TOKENS.Newline, EOF]);
const STATEMENT_END: ReadonlySet<TokenType> = new Set<TokenType>([TOKENS.Newline, TOKENS.RBrace, EOF]);
const BODY_START: ReadonlySet<TokenType> = new Set<TokenType>([TOKENS.LBrace]);
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const VALUE_START: ReadonlySet<TokenType> = new Set<TokenType>([TOKENS.Word, TOKENS.Number, TOKENS.Character, TOKENS.LParen, TOKENS.Sign, TOKENS.Tilde]);
const OPERAND_START: ReadonlySet<TokenType> = new Set<TokenType>([...VALUE_START, TOKENS.LBracket]);
const STATEMENT_START: ReadonlySet<TokenType> = new Set<TokenType>([
  TOKENS.Word,
  TOKENS.If,
  TOKENS.Loop,
  TOKENS.RBrace,
  TOKENS.Break,
  TOKENS.Continue,
  TOKENS.Local,
  TOKENS.Call,
]);

class Grammar extends EmbeddedActionsParser {
  /** Offset of the tokens' text in the file. */
  #base = 0;
  #source!: Source;
  #report!: Report;
  #tokens: readonly IToken[] = [];
  #items: Item[] = [];
  #depth = 0;
  #operators = 0;

  constructor() {
    super(Object.values(TOKENS), {
      maxLookahead: 1,
      recoveryEnabled: false,
      skipValidations: true,
      errorMessageProvider: {
        buildMismatchTokenMessage: ({ expected }) => `expected ${tokenLabel(expected)}`,
        buildNotAllInputParsedMessage: () => '',
        buildNoViableAltMessage: () => 'expected something else',
        buildEarlyExitMessage: () => 'expected something else',
      },
    });
    this.performSelfAnalysis();
  }

  /** Parses the tokens of a piece of a file; the declarations found are added to `items`. */
  parse(source: Source, tokens: IToken[], base: number, items: Item[], report: Report): void {
    this.#base = base;
    this.#source = source;
    this.#report = report;
    this.#tokens = tokens;
    this.#items = items;
    this.input = tokens;
    this.chunk();
  }

  // ---- faults

  #fail(code: DiagnosticCode, at: Span, message: string, ...notes: string[]): never {
    throw new SyntaxFault(code, at.start, at.end, message, notes);
  }

  /** Fails at the next token unless it may stand here. */
  #expect(allowed: ReadonlySet<TokenType>, what: string): void {
    if (this.RECORDING_PHASE || allowed.has(this.LA(1).tokenType)) return;
    this.#fail('syntax', this.#spanOf(this.LA(1)), `expected ${what}`);
  }

  #spanOf(token: IToken): Span {
    const start = this.#base + token.startOffset;
    if (token.tokenType !== EOF) return { start, end: start + token.image.length };
    const last = this.#tokens.findLast(({ tokenType }) => tokenType !== EOF);
    const end = last === undefined ? this.#base : this.#base + last.startOffset + last.image.length;
    return { start: end, end };
  }

  /** Reports what stopped a rule. */
  #reportFault(fault: unknown): void {
    if (fault instanceof SyntaxFault) {
      const token = this.LA(1);
      const span = this.#spanOf(token);
      if (fault.code === 'syntax' && span.start === fault.start && span.end === fault.end) this.#reportToken(token, fault.message, fault.notes);
      else this.#report.error(fault.code, this.#source, fault.start, fault.end, fault.message, ...fault.notes);
    } else if (fault instanceof Error && isRecognitionException(fault)) {
      this.#reportToken(this.LA(1), fault.message, []);
    } else {
      throw fault;
    }
  }

  /** Reports a token that cannot stand where it does; for what is no token of the language, that. */
  #reportToken(token: IToken, expected: string, notes: readonly string[]): void {
    const { start, end } = this.#spanOf(token);
    const error = (code: DiagnosticCode, message: string, ...more: string[]): void => this.#report.error(code, this.#source, start, end, message, ...more);
    const shown = token.image.length > 40 ? `${token.image.slice(0, 40)}...` : token.image;
    switch (token.tokenType) {
      case TOKENS.Stray:
        if (token.image === "'")
          return error('unterminated_text', 'a character constant without its closing quote', "write one character between quotes, as 'a' or '\\n'");
        return error(
          'unexpected_character',
          `unexpected \`${shown}\``,
          'names are made of A-Z, a-z, 0-9 and _; any character may stand in comments and strings',
        );
      case TOKENS.OpenText:
        return error('unterminated_text', 'a string without its closing quote', 'close it with " on the same line; \\n stands for a line break');
      case TOKENS.Newline:
      case EOF: {
        const before = this.LA(0);
        const more = before.tokenType === TOKENS.Comma ? ['the comma before says that something follows'] : [];
        return error('syntax', `${expected} before the end of the line`, ...notes, ...more);
      }
      default: {
        const more = RESERVED.has(token.image) ? [`\`${token.image}\` is a reserved word`] : [];
        return error('syntax', `${expected}, found \`${shown}\``, ...notes, ...more);
      }
    }
  }

  // ---- names and expressions

  #word(token: IToken): Name {
    const start = this.#base + token.startOffset;
    return { kind: 'name', start, end: start + token.image.length, name: token.image };
  }

  #literal<T extends Constant | Uint8Array>(token: IToken, value: T | LiteralFault): T {
    if (!isFault(value)) return value;
    const start = this.#base + token.startOffset + value.at;
    return this.#fail(value.code, { start, end: start + value.length }, value.message, value.note);
  }

  #number(token: IToken, unit: IToken | undefined): Expression {
    const start = this.#base + token.startOffset;
    const value = this.#literal(token, numberOf(token.image));
    if (unit === undefined) return { kind: 'constant', start, end: start + token.image.length, value };
    const factor = UNITS.get(unit.image);
    const place = this.#word(unit);
    if (factor === undefined)
      return this.#fail(
        'unknown_unit',
        place,
        `\`${unit.image}\` is no unit`,
        ...this.#report.suggest(unit.image, UNITS.keys()),
        `units are ${[...UNITS.keys()].join(', ')}`,
      );
    return { kind: 'constant', start, end: place.end, value: typeof value === 'bigint' ? value * factor : value * Number(factor) };
  }

  /** A name, with members and indexes. */
  readonly path: ParserMethod<[], Path> = this.RULE('path', () => {
    let path: Path = this.#word(this.CONSUME(TOKENS.Word));
    let depth = 0;
    this.MANY(() => {
      path = this.SUBRULE(this.suffix, { ARGS: [path] });
      if (++depth > DEPTH_MAX) this.#tooDeep(path);
    });
    return path;
  });

  /** A member or an index of a path. */
  readonly suffix: ParserMethod<[Path], Path> = this.RULE('suffix', (path: Path) =>
    this.OR([
      {
        ALT: (): Path => {
          this.CONSUME(TOKENS.Dot);
          const name = this.#word(this.CONSUME(TOKENS.Word));
          return { kind: 'member', start: path?.start, end: name.end, of: path, name };
        },
      },
      {
        ALT: (): Path => {
          this.CONSUME(TOKENS.LBracket);
          const index = this.SUBRULE(this.expression);
          const end = this.#base + this.CONSUME(TOKENS.RBracket).startOffset + 1;
          return { kind: 'index', start: path?.start, end, of: path, index };
        },
      },
    ]),
  );

  /** A value without operators, or with operators before it. */
  readonly primary: ParserMethod<[], Expression> = this.RULE('primary', () => {
    let prefixes: Name[] | undefined;
    this.MANY(() => {
      const token = this.OR1([{ ALT: () => this.CONSUME(TOKENS.Sign) }, { ALT: () => this.CONSUME(TOKENS.Tilde) }]);
      this.ACTION(() => {
        prefixes ??= [];
        prefixes.push(this.#word(token));
        if (prefixes.length > DEPTH_MAX) this.#tooDeep(this.#word(token));
      });
    });
    this.#expect(VALUE_START, 'a value');
    const value = this.OR2<Expression>([
      {
        ALT: () => {
          const token = this.CONSUME(TOKENS.Number);
          const unit = this.OPTION(() => this.CONSUME2(TOKENS.Word));
          return this.ACTION(() => this.#number(token, unit));
        },
      },
      {
        ALT: () => {
          const token = this.CONSUME(TOKENS.Character);
          return this.ACTION(() => ({ kind: 'constant', ...this.#spanOf(token), value: this.#literal(token, characterOf(token.image)) }));
        },
      },
      {
        ALT: () => {
          const word = this.#word(this.CONSUME(TOKENS.Word));
          return this.OR3<Expression>([
            {
              ALT: () => {
                this.CONSUME(TOKENS.LParen);
                const of = this.SUBRULE(this.path);
                const end = this.#base + this.CONSUME(TOKENS.RParen).startOffset + 1;
                return { kind: 'apply', start: word.start, end, name: word, of };
              },
            },
            {
              ALT: () => {
                let path: Path = word;
                let depth = 0;
                this.MANY2(() => {
                  path = this.SUBRULE(this.suffix, { ARGS: [path] });
                  if (++depth > DEPTH_MAX) this.#tooDeep(path);
                });
                return path;
              },
            },
          ]);
        },
      },
      {
        ALT: () => {
          this.CONSUME2(TOKENS.LParen);
          const inner = this.SUBRULE(this.expression);
          this.CONSUME2(TOKENS.RParen);
          return inner;
        },
      },
    ]);
    if (prefixes === undefined) return value;
    return this.ACTION(() =>
      (prefixes as Name[]).reduceRight<Expression>((of, { start, name }) => ({ kind: 'unary', start, end: of.end, operator: name as '-', value: of }), value),
    );
  });

  #tooDeep(at: Span): never {
    return this.#fail(
      'nesting_too_deep',
      at,
      `an expression that is nested too deep or too long`,
      `at most ${DEPTH_MAX} parentheses and signs inside one another and ${OPERATORS_MAX} operators are allowed; name parts of it by const`,
    );
  }

  /** Values and operators between them. */
  readonly expression: ParserMethod<[], Expression> = this.RULE('expression', () => {
    if (this.#depth++ === 0) this.#operators = 0;
    if (this.#depth > DEPTH_MAX) this.ACTION(() => this.#tooDeep(this.#spanOf(this.LA(1))));
    const first = this.SUBRULE1(this.primary);
    let operators: BinaryOperator[] | undefined;
    let values: Expression[] | undefined;
    this.MANY(() => {
      const token = this.OR([{ ALT: () => this.CONSUME(TOKENS.Operator) }, { ALT: () => this.CONSUME(TOKENS.Sign) }]);
      operators ??= [];
      values ??= [first];
      operators.push(token.image as BinaryOperator);
      if (++this.#operators > OPERATORS_MAX) this.#tooDeep(this.#spanOf(token));
      values.push(this.SUBRULE2(this.primary));
    });
    this.#depth--;
    if (operators === undefined || values === undefined) return first;
    const chain = { operators, values };
    return this.ACTION(() => climb(chain.operators, chain.values));
  });

  /** What an instruction works on. */
  readonly operand: ParserMethod<[], Operand> = this.RULE('operand', () => {
    this.ACTION(() => {
      const next = this.LA(1);
      if (next.tokenType !== TOKENS.Text) return;
      this.#fail(
        'operand_kind',
        this.#spanOf(next),
        'a string cannot be an operand',
        'put it into memory by `data name = "..."` and use its name, which is its address',
      );
    });
    this.#expect(OPERAND_START, 'a value or an address');
    return this.OR<Operand>([
      {
        ALT: () => {
          const start = this.#base + this.CONSUME(TOKENS.LBracket).startOffset;
          const address = this.SUBRULE1(this.expression);
          const end = this.#base + this.CONSUME(TOKENS.RBracket).startOffset + 1;
          return { kind: 'memory', start, end, address };
        },
      },
      { ALT: () => this.SUBRULE2(this.expression) },
    ]);
  });

  // ---- statements

  /** A comparison of two values, or a register that is not zero. */
  readonly condition: ParserMethod<[], Condition> = this.RULE('condition', () => {
    let negated = false;
    let start = -1;
    this.OPTION1(() => {
      start = this.#base + this.CONSUME(TOKENS.Not).startOffset;
      negated = true;
    });
    const word = this.#word(this.CONSUME(TOKENS.Word));
    const operands: Operand[] = [];
    this.OPTION2(() => {
      operands.push(this.SUBRULE1(this.operand));
      this.CONSUME(TOKENS.Comma);
      operands.push(this.SUBRULE2(this.operand));
    });
    const end = operands[1]?.end ?? word.end;
    return { start: start < 0 ? word.start : start, end, negated, word, operands };
  });

  /** Names with types: `a, b: i32, x: f64`. Names before a comma share the type that follows. */
  readonly typedNames: ParserMethod<[boolean], TypedName[]> = this.RULE('typedNames', (overLines: boolean) => {
    const names: TypedName[] = [];
    let waiting: Name[] = [];
    const one = (name: IToken, type: IToken | undefined): void => {
      waiting.push(this.#word(name));
      if (type === undefined) return;
      const found = this.#valueType(type);
      for (const { name, start, end } of waiting) names.push({ name, start, end, type: found });
      waiting = [];
    };
    const first = this.CONSUME1(TOKENS.Word);
    const firstType = this.OPTION1(() => this.SUBRULE1(this.annotation));
    this.ACTION(() => one(first, firstType));
    this.MANY(() => {
      this.CONSUME(TOKENS.Comma);
      this.OPTION2({ GATE: () => overLines, DEF: () => this.CONSUME(TOKENS.Newline) });
      const name = this.CONSUME2(TOKENS.Word);
      const type = this.OPTION3(() => this.SUBRULE2(this.annotation));
      this.ACTION(() => one(name, type));
    });
    this.ACTION(() => {
      if (waiting.length === 0) return;
      this.#fail(
        'syntax',
        this.#spanOf(this.LA(1)),
        'expected `:` and a type',
        `types are ${VALUE_TYPES.join(', ')}; names before a comma share the type that follows`,
      );
    });
    return names;
  });

  /** The type after a colon. */
  readonly annotation: ParserMethod<[], IToken> = this.RULE('annotation', () => {
    this.CONSUME(TOKENS.Colon);
    return this.CONSUME(TOKENS.Word);
  });

  /** The register type that a word names; `undefined` after reporting that it names none. */
  #valueType(token: IToken): ValueType | undefined {
    if ((VALUE_TYPES as readonly string[]).includes(token.image)) return token.image as ValueType;
    const { start, end } = this.#spanOf(token);
    const notes = [...this.#report.suggest(token.image, VALUE_TYPES), `register types are ${VALUE_TYPES.join(', ')}`];
    this.#report.error('unknown_type', this.#source, start, end, `\`${token.image}\` is no register type`, ...notes);
    return undefined;
  }

  /** One entry of a function's body. */
  readonly statement: ParserMethod<[BlockKind | undefined], Statement> = this.RULE('statement', (inside: BlockKind | undefined) => {
    const token = this.LA(1);
    const start = this.#base + token.startOffset;
    const end = start + token.image.length;
    this.#expect(STATEMENT_START, 'an instruction or a statement');
    return this.OR1<Statement>([
      { ALT: () => this.SUBRULE(this.instruction) },
      { ALT: () => this.SUBRULE(this.callStatement) },
      {
        ALT: () => {
          this.CONSUME(TOKENS.If);
          const condition = this.SUBRULE1(this.condition);
          this.CONSUME1(TOKENS.LBrace);
          return { kind: 'if', start, end, condition };
        },
      },
      {
        ALT: () => {
          this.CONSUME(TOKENS.Loop);
          const condition = this.OPTION1(() => {
            this.CONSUME1(TOKENS.While);
            return this.SUBRULE2(this.condition);
          });
          this.CONSUME2(TOKENS.LBrace);
          return { kind: 'loop', start, end, condition };
        },
      },
      {
        ALT: () => {
          this.CONSUME(TOKENS.RBrace);
          return this.OR2<Statement>([
            {
              ALT: () => {
                const place = this.#spanOf(this.CONSUME(TOKENS.Else));
                this.ACTION(() => {
                  if (inside !== 'if' && inside !== 'broken') this.#fail('syntax', place, '`else` after a block that is no `if`');
                });
                const condition = this.OPTION2(() => {
                  this.CONSUME2(TOKENS.If);
                  return this.SUBRULE3(this.condition);
                });
                this.CONSUME3(TOKENS.LBrace);
                return condition === undefined ? { kind: 'else', ...place } : { kind: 'else_if', ...place, condition };
              },
            },
            {
              ALT: () => {
                const place = this.#spanOf(this.CONSUME2(TOKENS.While));
                this.ACTION(() => {
                  if (inside !== 'loop' && inside !== 'broken')
                    this.#fail('not_a_loop', place, '`while` after a block that is no loop', 'begin the block with `loop {`');
                });
                return { kind: 'end', ...place, condition: this.SUBRULE4(this.condition) };
              },
            },
            { ALT: () => ({ kind: 'end', start, end, condition: undefined }) },
          ]);
        },
      },
      { ALT: () => this.#leave('break', this.CONSUME(TOKENS.Break), this.SUBRULE1(this.leaving)) },
      { ALT: () => this.#leave('continue', this.CONSUME(TOKENS.Continue), this.SUBRULE2(this.leaving)) },
      {
        ALT: () => {
          this.CONSUME(TOKENS.Local);
          return { kind: 'local', start, end, names: this.SUBRULE(this.typedNames, { ARGS: [false] }) };
        },
      },
    ]);
  });

  #leave(kind: 'break' | 'continue', token: IToken, rest: Leaving): Statement {
    return { kind, ...this.#spanOf(token), ...rest };
  }

  /** What may follow `break` and `continue`: a loop's name, a condition. */
  readonly leaving: ParserMethod<[], Leaving> = this.RULE('leaving', () => {
    const loop = this.OPTION1(() => this.#word(this.CONSUME(TOKENS.Word)));
    const condition = this.OPTION2(() => {
      this.CONSUME(TOKENS.If);
      return this.SUBRULE(this.condition);
    });
    return { loop, condition };
  });

  /** A label, or an instruction and its operands. */
  readonly instruction: ParserMethod<[], Statement> = this.RULE('instruction', (): Statement => {
    const word = this.CONSUME(TOKENS.Word);
    const start = this.#base + word.startOffset;
    const end = start + word.image.length;
    const operands: Operand[] = [];
    let label = false;
    this.OR([
      {
        ALT: () => {
          this.CONSUME(TOKENS.Colon);
          label = true;
        },
      },
      {
        ALT: () => {
          operands.push(this.SUBRULE1(this.operand));
          this.MANY(() => {
            this.CONSUME(TOKENS.Comma);
            this.OPTION({ GATE: () => TAKES_LIST.has(word.image), DEF: () => this.CONSUME(TOKENS.Newline) });
            operands.push(this.SUBRULE2(this.operand));
          });
        },
      },
      { ALT: EMPTY_ALT() },
    ]);
    return label ? { kind: 'label', start, end, name: word.image } : { kind: 'instruction', start, end, word: word.image, operands };
  });

  /** `call text.upper(p, n) -> x`, `call binary[i](a, b) -> x` */
  readonly callStatement: ParserMethod<[], Statement> = this.RULE('callStatement', (): Statement => {
    const place = this.#spanOf(this.CONSUME(TOKENS.Call));
    const callee = this.SUBRULE(this.path);
    const values: Operand[] = [];
    const results: Name[] = [];
    this.CONSUME(TOKENS.LParen);
    this.OPTION1(() => {
      values.push(this.SUBRULE1(this.operand));
      this.MANY1(() => {
        this.CONSUME1(TOKENS.Comma);
        this.OPTION2(() => this.CONSUME(TOKENS.Newline));
        values.push(this.SUBRULE2(this.operand));
      });
    });
    this.CONSUME(TOKENS.RParen);
    this.OPTION3(() => {
      this.CONSUME(TOKENS.Arrow);
      results.push(this.#word(this.CONSUME1(TOKENS.Word)));
      this.MANY2(() => {
        this.CONSUME2(TOKENS.Comma);
        results.push(this.#word(this.CONSUME2(TOKENS.Word)));
      });
    });
    return { kind: 'call', ...place, callee, values, results };
  });

  /** A function's body up to its closing brace. */
  #body(open: Span, into: OpenFunction): void {
    const blocks: { readonly kind: BlockKind; readonly start: number }[] = [];
    const enter = (kind: BlockKind, start: number): void => void blocks.push({ kind, start });
    while (!this.#report.full) {
      const first = this.LA(1);
      if (first.tokenType === EOF) {
        const { start } = blocks.at(-1) ?? open;
        const what = blocks.length === 0 ? 'the function' : 'this block';
        this.#report.error('missing_brace', this.#source, start, start + 1, `${what} is never closed`, 'close it by a `}`');
        into.incomplete = true;
        return;
      }
      if (first.tokenType === TOKENS.Newline || (first.tokenType === TOKENS.RBrace && blocks.length === 0)) {
        this.SKIP_TOKEN();
        if (first.tokenType === TOKENS.RBrace) return;
        continue;
      }
      let given = first;
      this.#depth = 0;
      try {
        const statement = this.SUBRULE(this.statement, { ARGS: [blocks.at(-1)?.kind] });
        given = this.LA(1);
        into.body.push(statement);
        switch (statement.kind) {
          case 'if':
          case 'loop':
            enter(statement.kind, statement.start);
            break;
          case 'else_if':
          case 'else': {
            const { start } = blocks.pop() as { start: number };
            enter(statement.kind === 'else' ? 'else' : 'if', start);
            break;
          }
          case 'end':
            blocks.pop();
            break;
          case 'label':
            break;
          default:
            if (!STATEMENT_END.has(given.tokenType)) this.#fail('syntax', this.#spanOf(given), 'expected `,` or the end of the line');
        }
      } catch (fault) {
        this.#reportFault(fault);
        into.incomplete = true;
        if (this.#skipStatement(given, blocks, into)) return;
      }
    }
  }

  /**
   * Gives up what is left of a line from a token on, and counts its braces.
   * @returns whether one of them closed the function
   */
  #skipStatement(from: IToken, blocks: { readonly kind: BlockKind; readonly start: number }[], into: OpenFunction): boolean {
    // A fault may lie beyond a line break that a comma allowed: the line ends where the parser stands, or later.
    const reached = this.LA(1);
    const local = from.tokenType === TOKENS.Local;
    for (let at = this.#indexOf(from); ; at++) {
      const token = this.#tokens[at];
      const passed = token === undefined || token.tokenType === EOF || token.startOffset >= reached.startOffset || reached.tokenType === EOF;
      if (token === undefined || token.tokenType === EOF || (passed && token.tokenType === TOKENS.Newline)) return false;
      const place = this.#spanOf(token);
      if (passed) this.SKIP_TOKEN();
      if (token.tokenType === TOKENS.LBrace) {
        blocks.push({ kind: 'broken', start: place.start });
        into.body.push({ kind: 'broken', ...place });
      } else if (token.tokenType === TOKENS.RBrace) {
        if (blocks.pop() === undefined) return true;
        into.body.push({ kind: 'end', ...place, condition: undefined });
      } else if (local && token.tokenType === TOKENS.Word) {
        into.lost.push(token.image);
      }
    }
  }

  #indexOf(token: IToken): number {
    let low = 0;
    let high = this.#tokens.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      const found = this.#tokens[middle] as IToken;
      if (found.tokenType !== EOF && found.startOffset <= token.startOffset) low = middle;
      else high = middle;
    }
    return low;
  }

  // ---- declarations

  /** The declarations of a piece of a file. */
  readonly chunk: ParserMethod<[], void> = this.RULE('chunk', () => {
    if (this.RECORDING_PHASE) {
      this.SUBRULE(this.item);
      this.SUBRULE(this.statement);
      return;
    }
    while (!this.#report.full) {
      const first = this.LA(1);
      if (first.tokenType === EOF) return;
      if (first.tokenType === TOKENS.Newline) {
        this.SKIP_TOKEN();
        continue;
      }
      this.#depth = 0;
      try {
        if (!(DECLARATIONS as readonly string[]).includes(first.image)) this.#unknownDeclaration(first);
        this.#items.push(this.SUBRULE(this.item));
        const next = this.LA(1);
        if (next.tokenType !== TOKENS.Newline && next.tokenType !== EOF) this.#fail('syntax', this.#spanOf(next), 'expected the end of the line');
      } catch (fault) {
        this.#reportFault(fault);
        this.#skipDeclaration();
      }
    }
  });

  #unknownDeclaration(token: IToken): never {
    const place = this.#spanOf(token);
    if (token.tokenType === TOKENS.RBrace) this.#fail('unexpected_brace', place, 'a `}` that closes nothing', 'a `}` above closes the function already');
    if (token.tokenType === TOKENS.Stray || token.tokenType === TOKENS.OpenText) this.#fail('syntax', place, 'expected a declaration');
    this.#fail(
      'unknown_declaration',
      place,
      `\`${token.image.slice(0, 40)}\` begins no declaration`,
      ...this.#report.suggest(token.image, DECLARATIONS),
      `outside functions a line begins with ${DECLARATIONS.join(', ')}`,
    );
  }

  /** Gives up everything before the next line that begins with a declaration's word. */
  #skipDeclaration(): void {
    for (let token = this.LA(1); token.tokenType !== EOF; token = this.SKIP_TOKEN()) {
      const begins = token.tokenType === TOKENS.Newline && (DECLARATIONS as readonly string[]).includes(this.LA(2).image);
      if (begins && this.LA(3).tokenType !== TOKENS.Colon) return;
    }
  }

  /** One declaration with what stands before its word. */
  readonly item: ParserMethod<[], Item> = this.RULE('item', () => {
    const start = this.#base + this.LA(1).startOffset;
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
            if (modifier.image !== 'export') this.#fail('syntax', names[0] as Name, 'a name for hosts after `keep`', 'names for hosts follow `export`');
            exported?.push(...names);
          });
        });
      },
    });
    const modifiers: Modifiers = { exports: exported, keep };
    const word = this.LA(1);
    const is = (name: string) => (): boolean => this.LA(1).image === name;
    this.ACTION(() => {
      const known = (DECLARATIONS as readonly string[]).includes(word.image);
      if (!known) this.#unknownDeclaration(word);
      const able = (exported === undefined || word.image === 'func' || word.image === 'data') && (!keep || KEEPABLE.has(word.image));
      if (!able)
        this.#fail(
          'syntax',
          this.#spanOf(word),
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
    if (this.RECORDING_PHASE) return this.#word(token);
    return { kind: 'name', ...this.#spanOf(token), name: this.#text(token) };
  }

  /** The characters of a string, where bytes that are no text make no sense. */
  #text(token: IToken): string {
    const bytes = this.#literal(token, bytesOf(token.image));
    try {
      return utf8.decode(bytes);
    } catch {
      return this.#fail('bad_escape', this.#spanOf(token), 'a name that is not valid UTF-8', '\\xNN stands for a byte; \\u{N} for a character');
    }
  }

  /** `use "text" as t` */
  readonly useItem: ParserMethod<[], Item> = this.RULE('useItem', (): Item => {
    const start = this.#base + this.CONSUME1(TOKENS.Word).startOffset;
    const text = this.CONSUME(TOKENS.Text);
    const alias = this.OPTION(() => {
      const as = this.CONSUME2(TOKENS.Word);
      this.ACTION(() => {
        if (as.image !== 'as') this.#fail('syntax', this.#spanOf(as), 'expected `as` and a name, or the end of the line');
      });
      return this.#word(this.CONSUME3(TOKENS.Word));
    });
    return this.ACTION(() => {
      const targetSpan = this.#spanOf(text);
      return { kind: 'use', start, end: alias?.end ?? targetSpan.end, target: this.#text(text), targetSpan, alias };
    });
  });

  /** `memory 1 MiB .. 64 MiB` */
  readonly memoryItem: ParserMethod<[], Item> = this.RULE('memoryItem', (): Item => {
    const start = this.#base + this.CONSUME(TOKENS.Word).startOffset;
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
    const name = this.#word(this.CONSUME2(TOKENS.Word));
    let value: Expression | undefined;
    this.#attempt(() => {
      this.CONSUME(TOKENS.Equals);
      value = this.SUBRULE(this.expression);
      this.#expect(LINE_END, 'an operator or the end of the line');
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
      this.#reportFault(fault);
      this.#skipDeclaration();
      return false;
    }
  }

  /** `port from[1..16]: pu server at 8192 { depth 4, message 64 KiB }` */
  readonly portItem: ParserMethod<[], Item> = this.RULE('portItem', (): Item => {
    this.CONSUME1(TOKENS.Word);
    const visible = this.OPTION5(() => this.#exportName(this.CONSUME(TOKENS.Text)));
    const name = this.#word(this.CONSUME2(TOKENS.Word));
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
      const protocolWord = this.#word(this.CONSUME3(TOKENS.Word));
      this.ACTION(() => this.#oneOf(protocolWord, PROTOCOLS, 'protocol'));
      const sideWord = this.#word(this.CONSUME4(TOKENS.Word));
      this.ACTION(() => this.#oneOf(sideWord, SIDES, 'side'));
      this.OPTION3(() => {
        const word = this.#word(this.CONSUME5(TOKENS.Word));
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
                const option = this.#word(this.CONSUME6(TOKENS.Word));
                this.ACTION(() => this.#oneOf(option, PORT_OPTIONS, 'option'));
                options.push({ name: option, value: this.SUBRULE4(this.expression) });
              },
            },
          ]);
        });
        this.CONSUME(TOKENS.RBrace);
      });
      this.#expect(LINE_END, '`at`, `{` or the end of the line');
      protocol = protocolWord;
      side = sideWord;
    });
    return { kind: 'port', start: name.start, end: name.end, name, visible, first, last, protocol, side, at, options };
  });

  #oneOf(word: Name, names: readonly string[], what: string): void {
    if (names.includes(word.name)) return;
    this.#fail('syntax', word, `\`${word.name}\` is no ${what}`, ...this.#report.suggest(word.name, names), `expected ${names.join(', ')}`);
  }

  /** `data table at 8192: i32 = 1, 2, 3` */
  readonly dataItem: ParserMethod<[Modifiers], Item> = this.RULE('dataItem', (modifiers: Modifiers): Item => {
    this.CONSUME1(TOKENS.Word);
    const name = this.#word(this.CONSUME2(TOKENS.Word));
    let at: Expression | undefined;
    let align: Expression | undefined;
    let type: DataType | undefined;
    let count: Expression | undefined;
    let values: (Expression | TextValue)[] = [];
    const whole = this.#attempt(() => {
      this.MANY1(() => {
        const word = this.#word(this.CONSUME3(TOKENS.Word));
        this.ACTION(() => this.#oneOf(word, ['at', 'align'], 'option'));
        const value = this.SUBRULE1(this.expression);
        if (word.name === 'at') at = value;
        else align = value;
      });
      this.OPTION1(() => {
        this.CONSUME(TOKENS.Colon);
        this.OPTION2(() => {
          const word = this.#word(this.CONSUME4(TOKENS.Word));
          this.ACTION(() => {
            if ((DATA_TYPES as readonly string[]).includes(word.name)) type = word.name as DataType;
            else
              this.#fail(
                'unknown_type',
                word,
                `\`${word.name}\` is no data type`,
                ...this.#report.suggest(word.name, DATA_TYPES),
                `data types are ${DATA_TYPES.join(', ')}`,
              );
          });
        });
        this.OPTION3(() => {
          this.CONSUME(TOKENS.LBracket);
          count = this.SUBRULE2(this.expression);
          this.CONSUME(TOKENS.RBracket);
        });
      });
      this.OPTION4(() => {
        this.CONSUME(TOKENS.Equals);
        values = this.SUBRULE(this.dataValues);
      });
      this.#expect(LINE_END, '`,`, an operator or the end of the line');
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
  readonly dataValue: ParserMethod<[], Expression | TextValue> = this.RULE('dataValue', () =>
    this.OR<Expression | TextValue>([
      {
        ALT: () => {
          const token = this.CONSUME(TOKENS.Text);
          return this.ACTION(() => ({ kind: 'text', ...this.#spanOf(token), bytes: this.#literal(token, bytesOf(token.image)) }));
        },
      },
      { ALT: () => this.SUBRULE(this.expression) },
    ]),
  );

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
    return this.#fail(
      'unknown_type',
      this.#spanOf(token),
      `\`${image}\` is no register type`,
      ...this.#report.suggest(image, VALUE_TYPES),
      `register types are ${VALUE_TYPES.join(', ')}`,
    );
  }

  /** `type binary(i32, i32) -> i32` */
  readonly typeItem: ParserMethod<[Modifiers], Item> = this.RULE('typeItem', (modifiers: Modifiers): Item => {
    this.CONSUME1(TOKENS.Word);
    const name = this.#word(this.CONSUME2(TOKENS.Word));
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
      this.#expect(LINE_END, '`->` or the end of the line');
    });
    return { kind: 'type', start: name.start, end: name.end, ...modifiers, name, parameters, results, broken: !whole };
  });

  /** `table add2, text.upper` */
  readonly tableItem: ParserMethod<[Modifiers], Item> = this.RULE('tableItem', (modifiers: Modifiers): Item => {
    const place = this.#spanOf(this.CONSUME(TOKENS.Word));
    const entries = [this.SUBRULE1(this.path)];
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
    const name = this.#word(this.CONSUME2(TOKENS.Word));
    let header: Pick<FunctionItem, 'parameters' | 'results'> = { parameters: [], results: [] };
    let broken = false;
    const into: OpenFunction = { body: [], lost: [], incomplete: false };
    try {
      header = this.SUBRULE(this.header);
      broken = header?.parameters?.some(({ type }) => type === undefined);
      this.#expect(BODY_START, '`->` or `{`');
    } catch (fault) {
      if (this.RECORDING_PHASE) throw fault;
      this.#reportFault(fault);
      broken = true;
      for (let token = this.LA(1); !BODY_START.has(token.tokenType) && !LINE_END.has(token.tokenType); ) token = this.SKIP_TOKEN();
    }
    this.OPTION(() => {
      const open = this.#spanOf(this.CONSUME(TOKENS.LBrace));
      this.ACTION(() => this.#body(open, into));
    });
    return { kind: 'func', start, end: name.end, ...modifiers, name, ...header, ...into, broken };
  });
}

/** Builds the tree of a flat chain of operators: tighter ones first, equal ones from the left. */
function climb(operators: readonly BinaryOperator[], values: readonly Expression[]): Expression {
  const pending: BinaryOperator[] = [];
  const built = [values[0] as Expression];
  const reduce = (least: number): void => {
    while (pending.length > 0 && PRECEDENCE[pending.at(-1) as BinaryOperator] >= least) {
      const operator = pending.pop() as BinaryOperator;
      const right = built.pop() as Expression;
      const left = built.pop() as Expression;
      built.push({ kind: 'binary', start: left.start, end: right.end, operator, left, right });
    }
  };
  operators.forEach((operator, index) => {
    reduce(PRECEDENCE[operator]);
    pending.push(operator);
    built.push(values[index + 1] as Expression);
  });
  reduce(0);
  return built[0] as Expression;
}

let grammar: Grammar | undefined;

/** Parses a piece of a file's text; `base` is its offset. The declarations found are added to `items`, faults to the report. */
export function parseTokens(source: Source, tokens: IToken[], base: number, items: Item[], report: Report): void {
  grammar ??= new Grammar();
  grammar.parse(source, tokens, base, items, report);
}
