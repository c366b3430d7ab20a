/**
 * One token of lookahead for the grammar, from first sets computed directly: the general computation that chevrotain does
 * for any number of tokens takes most of the time in which a small program is assembled.
 *
 * An alternative that may be empty is taken when no other begins with the next token. That no two alternatives begin alike is
 * what chevrotain's own validation shows, which a test runs.
 */
import {
  Alternation,
  Alternative,
  NonTerminal,
  Option,
  Repetition,
  RepetitionMandatory,
  Terminal,
  type ILookaheadStrategy,
  type IOrAlt,
  type IProduction,
  type IToken,
  type Rule,
} from 'chevrotain';

/** What a production may begin with. */
interface First {
  /** Indexes of token types. */
  readonly tokens: ReadonlySet<number>;
  /** Whether it may be empty. */
  readonly empty: boolean;
}

/** The parser as chevrotain calls a lookahead function. */
interface Looking {
  LA(distance: number): IToken;
}

type OptionalProduction = Option | Repetition | RepetitionMandatory;
const OPTIONAL = { Option, Repetition, RepetitionMandatory } as const;

/** Lookahead functions of one token. */
export class FirstTokens implements ILookaheadStrategy {
  readonly #rules = new Map<Rule, First>();

  validate(): [] {
    return [];
  }

  buildLookaheadForAlternation(options: {
    prodOccurrence: number;
    rule: Rule;
    hasPredicates: boolean;
  }): (alternatives?: IOrAlt<unknown>[]) => number | undefined {
    const found = find(options.rule.definition, (production) => production instanceof Alternation && production.idx === options.prodOccurrence) as Alternation;
    const firsts = found.definition.map((alternative) => this.#first(alternative));
    const empty = firsts.findIndex((first) => first.empty);
    const otherwise = empty < 0 ? undefined : empty;
    if (options.hasPredicates) {
      return function (this: Looking, alternatives) {
        const { tokenTypeIdx } = this.LA(1);
        const taken = firsts.findIndex(({ tokens }, index) => tokens.has(tokenTypeIdx) && alternatives?.[index]?.GATE?.() !== false);
        return taken < 0 ? otherwise : taken;
      };
    }
    const choices: (number | undefined)[] = [];
    firsts.forEach(({ tokens }, index) => {
      for (const token of tokens) choices[token] ??= index;
    });
    return function (this: Looking) {
      return choices[this.LA(1).tokenTypeIdx] ?? otherwise;
    };
  }

  buildLookaheadForOptional(options: { prodOccurrence: number; prodType: string; rule: Rule }): () => boolean {
    const type = OPTIONAL[options.prodType as keyof typeof OPTIONAL];
    if (type === undefined) throw new Error(`the grammar has no ${options.prodType}`);
    const found = find(options.rule.definition, (production) => production instanceof type && production.idx === options.prodOccurrence) as OptionalProduction;
    const inside: boolean[] = [];
    for (const token of this.#sequence(found.definition).tokens) inside[token] = true;
    return function (this: Looking) {
      return inside[this.LA(1).tokenTypeIdx] === true;
    };
  }

  #first(production: IProduction): First {
    if (production instanceof Terminal) return { tokens: new Set([production.terminalType.tokenTypeIdx as number]), empty: false };
    if (production instanceof NonTerminal) {
      const known = this.#rules.get(production.referencedRule);
      if (known !== undefined) return known;
      const first = this.#sequence(production.referencedRule.definition);
      this.#rules.set(production.referencedRule, first);
      return first;
    }
    if (production instanceof Alternation) {
      const firsts = production.definition.map((alternative) => this.#first(alternative));
      return { tokens: new Set(firsts.flatMap(({ tokens }) => [...tokens])), empty: firsts.some(({ empty }) => empty) };
    }
    const { tokens, empty } = this.#sequence(definitionOf(production));
    return { tokens, empty: empty || production instanceof Option || production instanceof Repetition };
  }

  #sequence(definition: readonly IProduction[]): First {
    const tokens = new Set<number>();
    for (const production of definition) {
      const first = this.#first(production);
      for (const token of first.tokens) tokens.add(token);
      if (!first.empty) return { tokens, empty: false };
    }
    return { tokens, empty: true };
  }
}

function definitionOf(production: IProduction): readonly IProduction[] {
  const inner = production instanceof Alternation || production instanceof Alternative || Object.values(OPTIONAL).some((type) => production instanceof type);
  return inner ? (production as Alternative).definition : [];
}

/** The first production within others that is wanted. */
function find(definition: readonly IProduction[], wanted: (production: IProduction) => boolean): IProduction | undefined {
  for (const production of definition) {
    const found = wanted(production) ? production : find(definitionOf(production), wanted);
    if (found !== undefined) return found;
  }
  return undefined;
}
