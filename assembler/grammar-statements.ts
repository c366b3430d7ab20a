/**
 * The grammar of function bodies: one rule for a statement, and a loop over them that is no rule.
 *
 * Blocks are counted on a list instead of the stack, so they may nest without limit. A statement that is wrong costs one
 * diagnostic: the rest of its line is given up, its braces are counted.
 */
import { EMPTY_ALT, EOF, type IOrAlt, type IToken, type ParserMethod, type TokenType } from 'chevrotain';
import { VALUE_TYPES, type ValueType } from '../isa-spec/index.js';
import type { Name, Operand, Span, Statement, TypedName } from './ast.js';
import { ExpressionGrammar } from './grammar-expressions.js';
import { TAKES_LIST } from './mnemonics.js';
import { TOKENS } from './tokens.js';

/** A function under construction. */
export interface OpenFunction {
  readonly body: Statement[];
  readonly lost: string[];
  incomplete: boolean;
}

/** What opened a block. */
type BlockKind = 'if' | 'else' | 'loop' | 'broken';
interface OpenBlock {
  readonly kind: BlockKind;
  readonly start: number;
}
type Leaving = Pick<Extract<Statement, { kind: 'break' | 'continue' }>, 'loop' | 'condition'>;

const types = (...list: TokenType[]): ReadonlySet<TokenType> => new Set(list);
const STATEMENT_END = types(TOKENS.Newline, TOKENS.RBrace, EOF);
const STATEMENT_START = types(TOKENS.Word, TOKENS.If, TOKENS.Loop, TOKENS.RBrace, TOKENS.Break, TOKENS.Continue, TOKENS.Local, TOKENS.Call);
/** Statements after which another may stand on the same line. */
const BLOCK_KINDS: ReadonlySet<Statement['kind']> = new Set<Statement['kind']>(['if', 'else_if', 'else', 'loop', 'end', 'label']);
const NO_OPERANDS: readonly Operand[] = [];

/** The rules for statements. */
export class StatementGrammar extends ExpressionGrammar {
  /** The operands of the instruction at hand. */
  readonly #operands: Operand[] = [];
  #operandCount = 0;
  /** The block around the statement at hand. */
  #inside: BlockKind | undefined;

  /** Names with types: `a, b: i32, x: f64`. Names before a comma share the type that follows. */
  readonly typedNames: ParserMethod<[boolean], TypedName[]> = this.RULE('typedNames', (overLines: boolean) => {
    const names: TypedName[] = [];
    let waiting: Name[] = [];
    const one = (name: IToken, type: IToken | undefined): void => {
      waiting.push(this.word(name));
      if (type === undefined) return;
      const found = this.valueType(type);
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
      this.fail(
        'syntax',
        this.spanOf(this.LA(1)),
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
  protected valueType(token: IToken): ValueType | undefined {
    if ((VALUE_TYPES as readonly string[]).includes(token.image)) return token.image as ValueType;
    const { start, end } = this.spanOf(token);
    const notes = [...this.report.suggest(token.image, VALUE_TYPES), `register types are ${VALUE_TYPES.join(', ')}`];
    this.report.error('unknown_type', this.source, start, end, `\`${token.image}\` is no register type`, ...notes);
    return undefined;
  }

  readonly #statements: IOrAlt<Statement>[] = [
    { ALT: () => this.SUBRULE(this.instruction) },
    { ALT: () => this.SUBRULE(this.callStatement) },
    {
      ALT: () => {
        const place = this.spanOf(this.CONSUME1(TOKENS.If));
        const condition = this.SUBRULE1(this.condition);
        this.#expectBlock();
        this.CONSUME1(TOKENS.LBrace);
        return { kind: 'if', start: place.start, end: place.end, condition };
      },
    },
    {
      ALT: () => {
        const place = this.spanOf(this.CONSUME(TOKENS.Loop));
        const condition = this.OPTION1(() => {
          this.CONSUME1(TOKENS.While);
          return this.SUBRULE2(this.condition);
        });
        this.#expectBlock();
        this.CONSUME2(TOKENS.LBrace);
        return { kind: 'loop', start: place.start, end: place.end, condition };
      },
    },
    {
      ALT: () => {
        const place = this.spanOf(this.CONSUME(TOKENS.RBrace));
        return this.SUBRULE(this.closing, { ARGS: [place] });
      },
    },
    { ALT: () => this.#leave('break', this.CONSUME(TOKENS.Break), this.SUBRULE1(this.leaving)) },
    { ALT: () => this.#leave('continue', this.CONSUME(TOKENS.Continue), this.SUBRULE2(this.leaving)) },
    {
      ALT: () => {
        const place = this.spanOf(this.CONSUME(TOKENS.Local));
        return { kind: 'local', start: place.start, end: place.end, names: this.SUBRULE(this.typedNames, { ARGS: [false] }) };
      },
    },
  ];

  /** A block begins here, after a condition that is one comparison with its word first. */
  #expectBlock(): void {
    this.ACTION(() => {
      const next = this.LA(1);
      if (next.tokenType === TOKENS.LBrace || next.tokenType === TOKENS.Newline || next.tokenType === EOF) return;
      this.fail(
        'syntax',
        this.spanOf(next),
        'expected `{`',
        'a condition is one comparison, eq a, b, or one register; more of them are blocks inside one another',
      );
    });
  }

  /** One entry of a function's body. */
  readonly statement: ParserMethod<[], Statement> = this.RULE('statement', () => {
    this.ACTION(() => {
      const { tokenType, image } = this.LA(1);
      if (tokenType !== TOKENS.Else && tokenType !== TOKENS.While) return;
      const before = `\`${image}\` stands on the line of the \`}\` before it`;
      const remedy = tokenType === TOKENS.While ? `${before}, or after \`loop\`: loop while lt a, b { }` : before;
      this.fail('syntax', this.spanOf(this.LA(1)), 'expected an instruction or a statement', remedy);
    });
    this.expect(STATEMENT_START, 'an instruction or a statement');
    return this.OR(this.#statements);
  });

  /** What may follow a closing brace: `else`, `else if`, `while`. */
  readonly closing: ParserMethod<[Span], Statement> = this.RULE('closing', (brace: Span) =>
    this.OR<Statement>([
      {
        ALT: () => {
          const place = this.spanOf(this.CONSUME(TOKENS.Else));
          this.ACTION(() => {
            if (this.#inside !== 'if' && this.#inside !== 'broken') this.fail('syntax', place, '`else` after a block that is no `if`');
          });
          const condition = this.OPTION(() => {
            this.CONSUME(TOKENS.If);
            return this.SUBRULE1(this.condition);
          });
          this.#expectBlock();
          this.CONSUME(TOKENS.LBrace);
          const { start, end } = place;
          return condition === undefined ? { kind: 'else', start, end } : { kind: 'else_if', start, end, condition };
        },
      },
      {
        ALT: () => {
          const place = this.spanOf(this.CONSUME(TOKENS.While));
          this.ACTION(() => {
            if (this.#inside === 'loop' || this.#inside === 'broken') return;
            this.fail('not_a_loop', place, '`while` after a block that is no loop', 'begin the block with `loop {`');
          });
          return { kind: 'end', start: place.start, end: place.end, condition: this.SUBRULE2(this.condition) };
        },
      },
      { ALT: () => ({ kind: 'end', start: brace?.start, end: brace?.end, condition: undefined }) },
    ]),
  );

  #leave(kind: 'break' | 'continue', token: IToken, rest: Leaving): Statement {
    const { start, end } = this.spanOf(token);
    return { kind, start, end, loop: rest?.loop, condition: rest?.condition };
  }

  /** What may follow `break` and `continue`: a loop's name, a condition. */
  readonly leaving: ParserMethod<[], Leaving> = this.RULE('leaving', () => {
    const loop = this.OPTION1(() => this.word(this.CONSUME(TOKENS.Word)));
    const condition = this.OPTION2(() => {
      this.CONSUME(TOKENS.If);
      return this.SUBRULE(this.condition);
    });
    return { loop, condition };
  });

  readonly #afterWord: IOrAlt<void>[] = [
    { ALT: () => void this.CONSUME(TOKENS.Colon) },
    {
      ALT: () => {
        const list = TAKES_LIST.has(this.LA(0).image);
        this.#take(this.lone() ?? this.SUBRULE1(this.operand));
        this.MANY(() => {
          this.CONSUME(TOKENS.Comma);
          if (list && this.LA(1).tokenType === TOKENS.Newline) this.SKIP_TOKEN();
          this.#take(this.lone() ?? this.SUBRULE2(this.operand));
        });
      },
    },
    { ALT: EMPTY_ALT() },
  ];

  #take(operand: Operand): void {
    this.#operands[this.#operandCount++] = operand;
  }

  /** A label, or an instruction and its operands. */
  readonly instruction: ParserMethod<[], Statement> = this.RULE('instruction', (): Statement => {
    const word = this.CONSUME(TOKENS.Word);
    this.#operandCount = 0;
    const label = this.LA(1).tokenType === TOKENS.Colon;
    this.OR(this.#afterWord);
    return label ? this.#labelOf(word) : this.#instructionOf(word);
  });

  /** `call text.upper(p, n) -> x`, `call binary[i](a, b) -> x` */
  readonly callStatement: ParserMethod<[], Statement> = this.RULE('callStatement', (): Statement => {
    const place = this.spanOf(this.CONSUME(TOKENS.Call));
    const callee = this.SUBRULE(this.path);
    const values: Operand[] = [];
    const results: Name[] = [];
    this.CONSUME(TOKENS.LParen);
    this.OPTION4(() => this.CONSUME2(TOKENS.Newline));
    this.OPTION1(() => {
      values.push(this.lone() ?? this.SUBRULE1(this.operand));
      this.MANY1(() => {
        this.CONSUME1(TOKENS.Comma);
        this.OPTION2(() => this.CONSUME(TOKENS.Newline));
        values.push(this.lone() ?? this.SUBRULE2(this.operand));
      });
    });
    this.OPTION5(() => this.CONSUME3(TOKENS.Newline));
    this.CONSUME(TOKENS.RParen);
    this.OPTION3(() => {
      this.CONSUME(TOKENS.Arrow);
      results.push(this.word(this.CONSUME1(TOKENS.Word)));
      this.MANY2(() => {
        this.CONSUME2(TOKENS.Comma);
        results.push(this.word(this.CONSUME2(TOKENS.Word)));
      });
    });
    return { kind: 'call', start: place.start, end: place.end, callee, values, results };
  });

  /**
   * A line of the kinds that most lines are, a word and plain operands, or a lone closing brace: taken without going through the rules.
   * @returns undefined, and nothing is taken, if the next line is another
   */
  #plain(first: IToken): Statement | undefined {
    if (first.tokenType === TOKENS.Word) return this.#plainInstruction(first);
    if (first.tokenType !== TOKENS.RBrace || !STATEMENT_END.has(this.LA(2).tokenType)) return undefined;
    this.SKIP_TOKEN();
    const start = this.base + first.startOffset;
    return { kind: 'end', start, end: start + 1, condition: undefined };
  }

  #plainInstruction(word: IToken): Statement | undefined {
    this.#operandCount = 0;
    let at = 2;
    let next = this.LA(at).tokenType;
    if (!STATEMENT_END.has(next)) {
      for (; ; at++) {
        const operand = this.plainOperand(at);
        if (operand === undefined) return undefined;
        this.#take(operand);
        at += this.plainTokens;
        next = this.LA(at).tokenType;
        if (STATEMENT_END.has(next)) break;
        if (next !== TOKENS.Comma) return undefined;
      }
    }
    for (let taken = 1; taken < at; taken++) this.SKIP_TOKEN();
    return this.#instructionOf(word);
  }

  #labelOf(word: IToken): Statement {
    const { start, end } = this.spanOf(word);
    return { kind: 'label', start, end, name: word.image };
  }

  #instructionOf(word: IToken): Statement {
    const start = this.base + word.startOffset;
    const operands = this.#operandCount === 0 ? NO_OPERANDS : this.#operands.slice(0, this.#operandCount);
    return { kind: 'instruction', start, end: start + word.image.length, word: word.image, operands };
  }

  /** A function's body up to its closing brace. */
  protected functionBody(open: Span, into: OpenFunction): void {
    const blocks: OpenBlock[] = [];
    const enter = (kind: BlockKind, start: number): void => void blocks.push({ kind, start });
    while (!this.report.full) {
      const first = this.LA(1);
      if (first.tokenType === EOF) {
        const { start } = blocks.at(-1) ?? open;
        const what = blocks.length === 0 ? 'the function' : 'this block';
        this.report.error('missing_brace', this.source, start, start + 1, `${what} is never closed`, 'close it by a `}`');
        into.incomplete = true;
        return;
      }
      if (first.tokenType === TOKENS.Newline || (first.tokenType === TOKENS.RBrace && blocks.length === 0)) {
        this.SKIP_TOKEN();
        if (first.tokenType === TOKENS.RBrace) return;
        continue;
      }
      let given = first;
      this.depth = 0;
      try {
        this.#inside = blocks.at(-1)?.kind;
        const statement = this.#plain(first) ?? this.SUBRULE(this.statement);
        if (!BLOCK_KINDS.has(statement.kind)) this.expect(STATEMENT_END, '`,` or the end of the line');
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
          default:
        }
      } catch (fault) {
        this.reportFault(fault);
        into.incomplete = true;
        if (this.#skipStatement(given, blocks, into)) return;
      }
    }
  }

  /**
   * Gives up what is left of a line from a token on, and counts its braces.
   * @returns whether one of them closed the function
   */
  #skipStatement(from: IToken, blocks: OpenBlock[], into: OpenFunction): boolean {
    // A fault may lie beyond a line break that a comma allowed: the line ends where the parser stands, or later.
    const reached = this.LA(1);
    const local = from.tokenType === TOKENS.Local;
    for (let at = this.#indexOf(from); ; at++) {
      const token = this.pieceTokens[at];
      const passed = token === undefined || token.tokenType === EOF || token.startOffset >= reached.startOffset || reached.tokenType === EOF;
      if (token === undefined || token.tokenType === EOF || (passed && token.tokenType === TOKENS.Newline)) return false;
      const place = this.spanOf(token);
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
    let high = this.pieceTokens.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      const found = this.pieceTokens[middle] as IToken;
      if (found.tokenType !== EOF && found.startOffset <= token.startOffset) low = middle;
      else high = middle;
    }
    return low;
  }
}
