/**
 * Tokens: the words, numbers, texts and signs of the language, and the lexer that finds them.
 *
 * All words are one token type; the few reserved ones are told apart by a map afterwards, mnemonics not at all: the book
 * knows them. What is no token of the language is a token too (`Stray`, `OpenText`), so that the parser reports it where it
 * stands. The lexer is made when it is first needed: importing this module costs nothing.
 */
import { createToken, Lexer, type CustomPatternMatcherReturn, type IToken, type TokenType } from 'chevrotain';

const QUOTE = 34;
const BACKSLASH = 92;

/** Where a text that begins with a quote at `offset` ends, and whether it is closed. By hand: a long text overflows a regular expression's stack. */
function textEnd(text: string, offset: number): { readonly end: number; readonly closed: boolean } {
  for (let at = offset + 1; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) return { end: at + 1, closed: true };
    if (unit === 10 || unit === 13) return { end: at, closed: false };
    if (unit === BACKSLASH && at + 1 < text.length && text.charCodeAt(at + 1) !== 10 && text.charCodeAt(at + 1) !== 13) at++;
  }
  return { end: text.length, closed: false };
}

function matchText(wanted: boolean): (text: string, offset: number) => CustomPatternMatcherReturn | null {
  return (text, offset) => {
    if (text.charCodeAt(offset) !== QUOTE) return null;
    const { end, closed } = textEnd(text, offset);
    return closed === wanted ? [text.slice(offset, end)] : null;
  };
}

const sign = (name: string, pattern: string, label = `\`${pattern}\``): TokenType => createToken({ name, pattern, label });

/** Units of UTF-16 for the lexer's table of first characters, which beyond 255 has one entry for each 255 of them. */
const ANY_UNIT = [...Array.from({ length: 256 + 0xff00 / 64 }, (_, index) => (index < 256 ? index : 256 + (index - 256) * 64)), 0xffff];

/** Every token type by name. */
export const TOKENS = {
  Blank: createToken({ name: 'Blank', pattern: /[ \t\f\v\u00a0\ufeff]+/, group: Lexer.SKIPPED }),
  Comment: createToken({ name: 'Comment', pattern: /;[^\n\r]*/, group: Lexer.SKIPPED }),
  Newline: createToken({ name: 'Newline', pattern: /\r\n|[\n\r]/, label: 'the end of the line', line_breaks: true }),
  Word: createToken({ name: 'Word', pattern: /[A-Za-z_][A-Za-z0-9_]*/, label: 'a name' }),
  Number: createToken({ name: 'Number', pattern: /0[xXbBoO]\w*|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d[\d_]*)?\w*/, label: 'a number' }),
  Comma: sign('Comma', ','),
  LBracket: sign('LBracket', '['),
  RBracket: sign('RBracket', ']'),
  LParen: sign('LParen', '('),
  RParen: sign('RParen', ')'),
  LBrace: sign('LBrace', '{'),
  RBrace: sign('RBrace', '}'),
  Colon: sign('Colon', ':'),
  Arrow: createToken({ name: 'Arrow', pattern: /->/, label: '`->`' }),
  Range: createToken({ name: 'Range', pattern: /\.\./, label: '`..`' }),
  Dot: sign('Dot', '.'),
  Equals: sign('Equals', '='),
  Sign: createToken({ name: 'Sign', pattern: /[+-]/, label: '`+` or `-`' }),
  Tilde: sign('Tilde', '~'),
  Operator: createToken({ name: 'Operator', pattern: /<<|>>|[*/%&|^]/, label: 'an operator' }),
  Text: createToken({ name: 'Text', pattern: matchText(true), label: 'a string', start_chars_hint: ['"'], line_breaks: false }),
  OpenText: createToken({ name: 'OpenText', pattern: matchText(false), start_chars_hint: ['"'], line_breaks: false }),
  Character: createToken({ name: 'Character', pattern: /'(?:[^'\\\n\r]|\\[^\n\r]){0,16}'/, label: 'a character' }),
  Stray: createToken({ name: 'Stray', pattern: /[^\s\w"'.,:;=+\-~*/%&|^()[\]{}<>]+|[\s\S]/, start_chars_hint: ANY_UNIT, line_breaks: false }),
  If: createToken({ name: 'If', pattern: Lexer.NA, label: '`if`' }),
  Else: createToken({ name: 'Else', pattern: Lexer.NA, label: '`else`' }),
  Loop: createToken({ name: 'Loop', pattern: Lexer.NA, label: '`loop`' }),
  While: createToken({ name: 'While', pattern: Lexer.NA, label: '`while`' }),
  Break: createToken({ name: 'Break', pattern: Lexer.NA, label: '`break`' }),
  Continue: createToken({ name: 'Continue', pattern: Lexer.NA, label: '`continue`' }),
  Local: createToken({ name: 'Local', pattern: Lexer.NA, label: '`local`' }),
  Call: createToken({ name: 'Call', pattern: Lexer.NA, label: '`call`' }),
  Not: createToken({ name: 'Not', pattern: Lexer.NA, label: '`not`' }),
} as const satisfies Record<string, TokenType>;

/** Words that cannot be names. */
export const RESERVED: ReadonlyMap<string, TokenType> = new Map([
  ['if', TOKENS.If],
  ['else', TOKENS.Else],
  ['loop', TOKENS.Loop],
  ['while', TOKENS.While],
  ['break', TOKENS.Break],
  ['continue', TOKENS.Continue],
  ['local', TOKENS.Local],
  ['call', TOKENS.Call],
  ['not', TOKENS.Not],
]);

let lexer: Lexer | undefined;

/**
 * Lexes the pieces of one assembly. Equal words of all pieces are one string, which is found faster by the maps of later
 * stages and takes memory once.
 */
export class Tokenizer {
  readonly #words = new Map<string, string | TokenType>(RESERVED);

  /** The tokens of a text. Offsets are relative to it; line ends that follow one another are one token. */
  tokenize(text: string): IToken[] {
    lexer ??= new Lexer(Object.values(TOKENS), { positionTracking: 'onlyOffset', ensureOptimizations: true, skipValidations: true });
    const { tokens } = lexer.tokenize(text);
    const words = this.#words;
    let kept = 0;
    let lastType: TokenType = TOKENS.Newline;
    for (let index = 0; index < tokens.length; index++) {
      const token = tokens[index] as IToken;
      if (token.tokenType === TOKENS.Newline && lastType === TOKENS.Newline) continue;
      if (token.tokenType === TOKENS.Word) {
        const known = words.get(token.image);
        if (known === undefined) {
          words.set(token.image, token.image);
        } else if (typeof known === 'string') {
          token.image = known;
        } else {
          token.tokenType = known;
          token.tokenTypeIdx = known.tokenTypeIdx as number;
        }
      }
      lastType = token.tokenType;
      tokens[kept++] = token;
    }
    tokens.length = kept;
    return tokens;
  }
}
