/**
 * What all rules of the grammar stand on: the piece of text at hand, places, and what happens to a fault.
 *
 * A rule that cannot go on throws; where a line is given up, the fault is caught and reported. For a token that is
 * none of the language, the report says that rather than what was expected in its place.
 */
import { EmbeddedActionsParser, EOF, isRecognitionException, tokenLabel, type IParserConfig, type IToken, type TokenType } from 'chevrotain';
import type { Name, Span } from './ast.js';
import type { DiagnosticCode, Report } from './diagnostics.js';
import { isFault, type Constant, type LiteralFault } from './literals.js';
import type { Source } from './source.js';
import { FirstTokens } from './lookahead.js';
import { RESERVED, TOKENS } from './tokens.js';

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

/** The parser without its rules. */
export class GrammarBase extends EmbeddedActionsParser {
  /** Offset of the tokens' text in the file. */
  protected base = 0;
  protected source!: Source;
  protected report!: Report;
  /** The tokens of the piece at hand. */
  protected pieceTokens: readonly IToken[] = [];

  constructor(options: Partial<IParserConfig> = {}) {
    super(Object.values(TOKENS), {
      maxLookahead: 1,
      lookaheadStrategy: new FirstTokens(),
      recoveryEnabled: false,
      skipValidations: true,
      errorMessageProvider: {
        buildMismatchTokenMessage: ({ expected }) => `expected ${tokenLabel(expected)}`,
        buildNotAllInputParsedMessage: () => '',
        buildNoViableAltMessage: () => 'expected something else',
        buildEarlyExitMessage: () => 'expected something else',
      },
      ...options,
    });
  }

  protected fail(code: DiagnosticCode, at: Span, message: string, ...notes: string[]): never {
    throw new SyntaxFault(code, at.start, at.end, message, notes);
  }

  /** Fails at the next token unless it may stand here. */
  protected expect(allowed: ReadonlySet<TokenType>, what: string): void {
    if (this.RECORDING_PHASE || allowed.has(this.LA(1).tokenType)) return;
    this.fail('syntax', this.spanOf(this.LA(1)), `expected ${what}`);
  }

  protected spanOf(token: IToken): Span {
    const start = this.base + token.startOffset;
    if (token.tokenType !== EOF) return { start, end: start + token.image.length };
    const last = this.pieceTokens.findLast(({ tokenType }) => tokenType !== EOF);
    const end = last === undefined ? this.base : this.base + last.startOffset + last.image.length;
    return { start: end, end };
  }

  /** Reports what stopped a rule. */
  protected reportFault(fault: unknown): void {
    if (fault instanceof SyntaxFault) {
      const token = this.LA(1);
      const span = this.spanOf(token);
      if (fault.code === 'syntax' && span.start === fault.start && span.end === fault.end) this.#reportToken(token, fault.message, fault.notes);
      else this.report.error(fault.code, this.source, fault.start, fault.end, fault.message, ...fault.notes);
    } else if (fault instanceof Error && isRecognitionException(fault)) {
      this.#reportToken(this.LA(1), fault.message, []);
    } else {
      throw fault;
    }
  }

  /** Reports a token that cannot stand where it does; for what is no token of the language, that. */
  #reportToken(token: IToken, expected: string, notes: readonly string[]): void {
    const { start, end } = this.spanOf(token);
    const error = (code: DiagnosticCode, message: string, ...more: string[]): void => this.report.error(code, this.source, start, end, message, ...more);
    switch (token.tokenType) {
      case TOKENS.Stray:
        if (token.image === "'")
          return error('unterminated_text', 'a character constant without its closing quote', "write one character between quotes, as 'a' or '\\n'");
        return error(
          'unexpected_character',
          `unexpected \`${token.image}\``,
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
        return error('syntax', `${expected}, found \`${token.image}\``, ...notes, ...more);
      }
    }
  }

  protected word(token: IToken): Name {
    const start = this.base + token.startOffset;
    return { kind: 'name', start, end: start + token.image.length, name: token.image };
  }

  protected literal<T extends Constant | Uint8Array>(token: IToken, value: T | LiteralFault): T {
    if (!isFault(value)) return value;
    const start = this.base + token.startOffset + value.at;
    return this.fail(value.code, { start, end: start + value.length }, value.message, value.note);
  }
}
