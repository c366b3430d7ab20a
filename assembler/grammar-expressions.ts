/**
 * The grammar of values: names and paths, constant expressions, operands, conditions.
 *
 * Operator chains are read flat and climbed by a precedence table. A lone name or number, which most values are, is taken
 * without going through the rules. Depth and length are limited, so that no later stage can run out of stack.
 */
import { EOF, type IToken, type IOrAlt, type ParserMethod, type TokenType } from 'chevrotain';
import type { BinaryOperator, Condition, Expression, Name, Operand, Path, Span } from './ast.js';
import { GrammarBase } from './grammar-base.js';
import { characterOf, numberOf, type Constant } from './literals.js';
import { TOKENS } from './tokens.js';

/** Most parentheses, and most signs, inside one another. */
const DEPTH_MAX = 64;
/** Most operators of one expression with all that it contains. */
const OPERATORS_MAX = 256;
/** Numbers remembered. */
const NUMBERS_MAX = 4096;

/** Units that may follow a number. */
const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['B', 1n],
  ['KiB', 1024n],
  ['MiB', 1024n ** 2n],
  ['GiB', 1024n ** 3n],
  ['pages', 65536n],
]);

/** Words after a number that are no units, neither right nor wrong ones. */
const AFTER_NUMBER: ReadonlySet<string> = new Set(['at', 'align']);

/** How tightly the operators bind. */
const PRECEDENCE: Readonly<Record<BinaryOperator, number>> = { '|': 1, '^': 2, '&': 3, '<<': 4, '>>': 4, '+': 5, '-': 5, '*': 6, '/': 6, '%': 6 };

const types = (...list: TokenType[]): ReadonlySet<TokenType> => new Set(list);
/** What a value may begin with. */
export const VALUE_START = types(TOKENS.Word, TOKENS.Number, TOKENS.Character, TOKENS.LParen, TOKENS.Sign, TOKENS.Tilde);
const OPERAND_START = types(...VALUE_START, TOKENS.LBracket);
/** What may follow a value that is a single token. */
const VALUE_END = types(TOKENS.Comma, TOKENS.Newline, TOKENS.RBracket, TOKENS.RParen, TOKENS.LBrace, TOKENS.RBrace, EOF);
const SUFFIX_START = types(TOKENS.Dot, TOKENS.LBracket, TOKENS.LParen);

/** The rules for values. */
export class ExpressionGrammar extends GrammarBase {
  /** Expressions around the one at hand. */
  protected depth = 0;
  #operators = 0;
  /** Values of numbers by their text: programs use few different ones, many times. */
  readonly #numbers = new Map<string, Constant>();

  #number(token: IToken, unit: IToken | undefined): Expression {
    const start = this.base + token.startOffset;
    let value = this.#numbers.get(token.image);
    if (value === undefined) {
      value = this.literal(token, numberOf(token.image));
      if (this.#numbers.size >= NUMBERS_MAX) this.#numbers.clear();
      this.#numbers.set(token.image, value);
    }
    if (unit === undefined) return { kind: 'constant', start, end: start + token.image.length, value };
    const factor = UNITS.get(unit.image);
    const place = this.word(unit);
    if (factor === undefined) {
      const near = this.report.suggest(unit.image, UNITS.keys());
      return this.fail('unknown_unit', place, `\`${unit.image}\` is no unit`, ...near, `units are ${[...UNITS.keys()].join(', ')}`);
    }
    return { kind: 'constant', start, end: place.end, value: typeof value === 'bigint' ? value * factor : value * Number(factor) };
  }

  #tooDeep(at: Span): never {
    const limits = `at most ${DEPTH_MAX} parentheses and signs inside one another and ${OPERATORS_MAX} operators are allowed`;
    return this.fail('nesting_too_deep', at, 'an expression that is nested too deep or too long', `${limits}; name parts of it by const`);
  }

  /** The value that a token is by itself: a name, or a number met before. */
  #single(token: IToken): Expression | undefined {
    if (token.tokenType === TOKENS.Word) return this.word(token);
    if (token.tokenType !== TOKENS.Number) return undefined;
    const value = this.#numbers.get(token.image);
    if (value === undefined) return undefined;
    const start = this.base + token.startOffset;
    return { kind: 'constant', start, end: start + token.image.length, value };
  }

  /** Tokens of the operand that `plainOperand` gave. */
  protected plainTokens = 1;

  /**
   * The operand that begins with the token at a distance, if it is as simple as most: a name, a number, `[name]`,
   * `[name + number]`. Nothing is taken; what follows is for the caller to look at.
   */
  protected plainOperand(at: number): Operand | undefined {
    const token = this.LA(at);
    if (token.tokenType !== TOKENS.LBracket) {
      this.plainTokens = 1;
      return this.#single(token);
    }
    const base = this.LA(at + 1);
    if (base.tokenType !== TOKENS.Word) return undefined;
    const left = this.word(base);
    const start = this.base + token.startOffset;
    const sign = this.LA(at + 2);
    if (sign.tokenType === TOKENS.RBracket) {
      this.plainTokens = 3;
      return { kind: 'memory', start, end: this.base + sign.startOffset + 1, address: left };
    }
    const close = this.LA(at + 4);
    if (sign.tokenType !== TOKENS.Sign || close.tokenType !== TOKENS.RBracket) return undefined;
    const right = this.#single(this.LA(at + 3));
    if (right === undefined) return undefined;
    this.plainTokens = 5;
    const address: Expression = { kind: 'binary', start: left.start, end: right.end, operator: sign.image as BinaryOperator, left, right };
    return { kind: 'memory', start, end: this.base + close.startOffset + 1, address };
  }

  /** A value that is a lone name or number; undefined, and nothing taken, if the next one is not. */
  protected lone(): Expression | undefined {
    if (this.RECORDING_PHASE || !VALUE_END.has(this.LA(2).tokenType)) return undefined;
    const value = this.#single(this.LA(1));
    if (value !== undefined) this.SKIP_TOKEN();
    return value;
  }

  /** A name, with members and indexes. */
  readonly path: ParserMethod<[], Path> = this.RULE('path', () => {
    const name = this.word(this.CONSUME(TOKENS.Word));
    return this.SUBRULE(this.suffixes, { ARGS: [name] });
  });

  /** The members and indexes after a name. */
  readonly suffixes: ParserMethod<[Name], Path> = this.RULE('suffixes', (name: Name) => {
    let path: Path = name;
    let depth = 0;
    this.MANY(() => {
      path = this.OR<Path>([
        {
          ALT: () => {
            this.CONSUME(TOKENS.Dot);
            const member = this.word(this.CONSUME(TOKENS.Word));
            return { kind: 'member', start: path?.start, end: member.end, of: path, name: member };
          },
        },
        {
          ALT: () => {
            this.CONSUME(TOKENS.LBracket);
            const index = this.SUBRULE(this.expression);
            const end = this.base + this.CONSUME(TOKENS.RBracket).startOffset + 1;
            return { kind: 'index', start: path?.start, end, of: path, index };
          },
        },
      ]);
      if (++depth > DEPTH_MAX) this.#tooDeep(path);
    });
    return path;
  });

  /** What may follow a name in an expression: `len(x)`, `from[3].number`. */
  readonly named: ParserMethod<[Name], Expression> = this.RULE('named', (name: Name) =>
    this.OR<Expression>([
      {
        ALT: () => {
          this.CONSUME(TOKENS.LParen);
          const of = this.SUBRULE(this.path);
          const end = this.base + this.CONSUME(TOKENS.RParen).startOffset + 1;
          return { kind: 'apply', start: name?.start, end, name, of };
        },
      },
      { ALT: () => this.SUBRULE(this.suffixes, { ARGS: [name] }) },
    ]),
  );

  /** Signs before a value. */
  readonly prefixes: ParserMethod<[], Name[]> = this.RULE('prefixes', () => {
    const found: Name[] = [];
    this.AT_LEAST_ONE(() => {
      const token = this.OR([{ ALT: () => this.CONSUME(TOKENS.Sign) }, { ALT: () => this.CONSUME(TOKENS.Tilde) }]);
      this.ACTION(() => {
        found.push(this.word(token));
        if (found.length > DEPTH_MAX) this.#tooDeep(this.word(token));
      });
    });
    return found;
  });

  readonly #values: IOrAlt<Expression>[] = [
    {
      ALT: () => {
        const token = this.CONSUME(TOKENS.Number);
        const unit = this.OPTION2({ GATE: () => !AFTER_NUMBER.has(this.LA(1).image), DEF: () => this.CONSUME(TOKENS.Word) });
        return this.ACTION(() => this.#number(token, unit));
      },
    },
    {
      ALT: () => {
        const token = this.CONSUME(TOKENS.Character);
        return this.ACTION(() => ({ kind: 'constant', ...this.spanOf(token), value: this.literal(token, characterOf(token.image)) }));
      },
    },
    {
      ALT: () => {
        const name = this.word(this.CONSUME2(TOKENS.Word));
        if (!this.RECORDING_PHASE && !SUFFIX_START.has(this.LA(1).tokenType)) return name;
        return this.SUBRULE(this.named, { ARGS: [name] });
      },
    },
    {
      ALT: () => {
        this.CONSUME(TOKENS.LParen);
        const inner = this.SUBRULE(this.expression);
        this.CONSUME(TOKENS.RParen);
        return inner;
      },
    },
  ];

  /** A value without operators between values. */
  readonly primary: ParserMethod<[], Expression> = this.RULE('primary', () => {
    const prefixes = this.OPTION1(() => this.SUBRULE(this.prefixes));
    this.expect(VALUE_START, 'a value');
    const value = this.OR(this.#values);
    if (prefixes === undefined) return value;
    return this.ACTION(() =>
      prefixes.reduceRight<Expression>((of, { start, name }) => ({ kind: 'unary', start, end: of.end, operator: name as '-', value: of }), value),
    );
  });

  /** Values and operators between them. */
  readonly expression: ParserMethod<[], Expression> = this.RULE('expression', () => {
    const lone = this.lone();
    if (lone !== undefined) return lone;
    if (this.depth++ === 0) this.#operators = 0;
    if (this.depth > DEPTH_MAX) this.ACTION(() => this.#tooDeep(this.spanOf(this.LA(1))));
    const first = this.SUBRULE1(this.primary);
    const operators: BinaryOperator[] = [];
    const values: Expression[] = [first];
    this.MANY(() => {
      const token = this.OR([{ ALT: () => this.CONSUME(TOKENS.Operator) }, { ALT: () => this.CONSUME(TOKENS.Sign) }]);
      operators.push(token.image as BinaryOperator);
      if (++this.#operators > OPERATORS_MAX) this.#tooDeep(this.spanOf(token));
      values.push(this.SUBRULE2(this.primary));
    });
    this.depth--;
    return operators.length === 0 ? first : this.ACTION(() => climb(operators, values));
  });

  readonly #operands: IOrAlt<Operand>[] = [
    {
      ALT: () => {
        const start = this.base + this.CONSUME(TOKENS.LBracket).startOffset;
        const address = this.SUBRULE1(this.expression);
        const end = this.base + this.CONSUME(TOKENS.RBracket).startOffset + 1;
        return { kind: 'memory', start, end, address };
      },
    },
    { ALT: () => this.SUBRULE2(this.expression) },
  ];

  /** What an instruction works on. */
  readonly operand: ParserMethod<[], Operand> = this.RULE('operand', () => {
    this.ACTION(() => {
      const next = this.LA(1);
      if (next.tokenType !== TOKENS.Text) return;
      const remedy = 'put it into memory by `data name = "..."` and use its name, which is its address';
      this.fail('operand_kind', this.spanOf(next), 'a string cannot be an operand', remedy);
    });
    this.expect(OPERAND_START, 'a value or an address');
    return this.OR(this.#operands);
  });

  /** A comparison of two values, or a register that is not zero. */
  readonly condition: ParserMethod<[], Condition> = this.RULE('condition', () => {
    const not = this.OPTION1(() => this.CONSUME(TOKENS.Not));
    const word = this.word(this.CONSUME(TOKENS.Word));
    let operands: Operand[] = [];
    this.OPTION2(() => {
      const left = this.lone() ?? this.SUBRULE1(this.operand);
      this.CONSUME(TOKENS.Comma);
      operands = [left, this.lone() ?? this.SUBRULE2(this.operand)];
    });
    const start = not === undefined ? word.start : this.base + not.startOffset;
    return { start, end: operands[1]?.end ?? word.end, negated: not !== undefined, word, operands };
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
