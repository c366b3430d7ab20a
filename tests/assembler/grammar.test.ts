/**
 * The grammar as chevrotain sees it: its own validation finds nothing ambiguous, the direct lookahead agrees with chevrotain's,
 * every unit of text lexes, and the shortcuts for plain lines give what the rules give.
 */
import { describe, expect, it } from '@jest/globals';
import { LLkLookaheadStrategy, type ILookaheadStrategy, type TokenType } from 'chevrotain';
import { checkGrammar } from '../../assembler/grammar.js';
import { FirstTokens } from '../../assembler/lookahead.js';
import { Tokenizer, TOKENS } from '../../assembler/tokens.js';
import { Random } from '../campaigns/random.js';
import { pbsSource } from '../../bench/assembler-source.mjs';
import { assembleFiles } from './helpers.js';

describe('the grammar', () => {
  it('has no fault that chevrotain finds', () => expect(() => checkGrammar(new LLkLookaheadStrategy({ maxLookahead: 1 }))).not.toThrow());

  it('has the same lookahead as chevrotain computes', () => {
    const ours = new FirstTokens();
    const theirs: ILookaheadStrategy = new LLkLookaheadStrategy({ maxLookahead: 1 });
    const differences: string[] = [];
    const compare = (what: string, left: (...values: never[]) => unknown, right: (...values: never[]) => unknown, alternatives?: unknown[]): void => {
      for (const { tokenTypeIdx, name } of Object.values(TOKENS) as TokenType[]) {
        const token = { tokenTypeIdx, tokenType: {}, image: '' };
        const parser = { LA: () => token, LA_FAST: () => token };
        const found = [left, right].map((look) => look.call(parser as never, alternatives as never));
        if (found[0] !== found[1]) differences.push(`${what} before ${name}: ${found[0]} and ${found[1]}`);
      }
    };
    checkGrammar({
      validate: () => [],
      initialize: () => {},
      buildLookaheadForAlternation: (options) => {
        const [left, right] = [ours.buildLookaheadForAlternation(options), theirs.buildLookaheadForAlternation(options)];
        // With predicates, all hold.
        compare(`OR${options.prodOccurrence} in ${options.rule.name}`, left, right, options.hasPredicates ? new Array(20).fill({}) : undefined);
        return left;
      },
      buildLookaheadForOptional: (options) => {
        const [left, right] = [ours.buildLookaheadForOptional(options), theirs.buildLookaheadForOptional(options)];
        compare(`${options.prodType}${options.prodOccurrence} in ${options.rule.name}`, left, right);
        return left;
      },
    });
    expect(differences).toEqual([]);
  });
});

describe('the lexer', () => {
  it('has a token for every unit of UTF-16', () => {
    const tokenizer = new Tokenizer();
    const blank = new Set([9, 11, 12, 32, 0xa0, 0xfeff, 59]);
    for (let unit = 0; unit < 0x10000; unit++) {
      const tokens = tokenizer.tokenize(`a ${String.fromCharCode(unit)}`);
      if (tokens.length !== (blank.has(unit) ? 1 : 2)) throw new Error(`unit ${unit}: ${tokens.length} tokens`);
    }
  });

  it('covers every text without gaps', () => {
    const random = new Random(9);
    const pieces = [
      '"',
      "'",
      '\\',
      '.',
      '..',
      '->',
      '-',
      '1',
      '1.5',
      'x',
      '\n',
      '\r',
      ' ',
      ';',
      '{',
      '[',
      '<',
      '<<',
      '€',
      '\ud800',
      '\0',
      '_',
      'if',
      '0x',
      '1e',
      ',',
    ];
    for (let turn = 0; turn < 2000; turn++) {
      const text = Array.from({ length: random.between(1, 30) }, () => random.pick(pieces)).join('');
      let at = 0;
      for (const { startOffset, image } of new Tokenizer().tokenize(text)) {
        expect(text.slice(at, startOffset)).toMatch(/^(?:[\s\ufeff]|;[^\n\r]*)*$/);
        expect(text.startsWith(image, startOffset)).toBe(true);
        at = startOffset + image.length;
      }
      expect(text.slice(at)).toMatch(/^(?:[\s\ufeff]|;[^\n\r]*)*$/);
    }
  });
});

describe('shortcuts', () => {
  it('give what the rules give', () => {
    const { text } = pbsSource(3000, { seed: 3 });
    // Parentheses around a number make a value that is not plain.
    const slow = text.replace(/(?<=[ ,+[])(\d+)(?=[\],\n ])/g, '($1)').replace(/\[(\w+) /g, '[+0 + $1 ');
    expect(slow).not.toBe(text);
    const [plain, other] = [text, slow].map((source) => assembleFiles({ 'main.pbs': source }, { debug: false }));
    expect(other?.diagnostics).toEqual([]);
    expect(other?.binary).toEqual(plain?.binary);
  });
});
