/**
 * What goes wrong: the rules of a deployment as decisions, each drawn from the seed by a name of its own and noted when it strikes.
 *
 * A decision that is suppressed is drawn and not carried out: so exploration finds out which ones a failure needs.
 */
import type { FaultRule, Settings, SettingRange } from '../topology.js';
import type { Chance, Stream } from './chance.js';

/** A fault that struck. */
export interface StruckFault {
  /** Names the decision: the same in each run of the seed. */
  readonly id: string;
  /** Nanoseconds since the beginning. */
  readonly time: number;
  readonly kind: string;
  /** Full name of what it struck. */
  readonly target: string;
}

/** The range that a setting is, or the one value. */
export function rangeOf(settings: Settings, name: string, otherwise: SettingRange): SettingRange {
  const value = settings[name];
  if (typeof value === 'number') return { least: value, most: value };
  return typeof value === 'object' && 'least' in value ? value : otherwise;
}
/** The number that a setting is. */
export function numberOf(settings: Settings, name: string, otherwise: number): number {
  const value = settings[name];
  return typeof value === 'number' ? value : otherwise;
}

/** What may happen to what. */
const KINDS: Readonly<Record<FaultRule['target']['kind'], readonly string[]>> = {
  link: ['delay', 'loss', 'duplicate', 'partition'],
  device: ['crash', 'fail', 'full', 'lost', 'torn', 'misdirected', 'corrupted', 'slow', 'jump'],
  pu: ['crash'],
  computer: ['crash'],
};

/** Decides about faults. */
export class Faults {
  readonly #rules: readonly FaultRule[];
  readonly #chance: Chance;
  readonly #suppressed: ReadonlySet<string>;
  readonly #struck: StruckFault[] = [];

  /** @throws RangeError if a rule is of a kind that is unknown */
  constructor(rules: readonly FaultRule[], chance: Chance, suppressed: ReadonlySet<string>) {
    for (const { kind, target } of rules) {
      if (!KINDS[target.kind].includes(kind))
        throw new RangeError(`${target.name} has the fault ${kind}; for a ${target.kind} there are ${KINDS[target.kind].join(', ')}`);
    }
    this.#rules = rules;
    this.#chance = chance;
    this.#suppressed = suppressed;
  }
  /** Those that struck so far. */
  get struck(): readonly StruckFault[] {
    return this.#struck;
  }

  /** The decisions of each rule about a target. */
  of(kind: FaultRule['target']['kind'], name: string): Decisions[] {
    return this.#rules.flatMap((rule, index) =>
      rule.target.kind === kind && rule.target.name === name
        ? [new Decisions(rule, `${index + 1}:${rule.kind}:${name}`, this.#chance, (fault) => this.#strike(fault))]
        : [],
    );
  }

  #strike(fault: StruckFault): boolean {
    if (this.#suppressed.has(fault.id)) return false;
    this.#struck.push(fault);
    return true;
  }
}

/** The decisions of one rule about one target. */
export class Decisions {
  readonly rule: FaultRule;
  readonly #id: string;
  readonly #stream: Stream;
  readonly #strike: (fault: StruckFault) => boolean;
  #count = 0;

  constructor(rule: FaultRule, id: string, chance: Chance, strike: (fault: StruckFault) => boolean) {
    this.rule = rule;
    this.#id = id;
    this.#stream = chance.stream(id);
    this.#strike = strike;
  }
  get kind(): string {
    return this.rule.kind;
  }
  get settings(): Settings {
    return this.rule.settings;
  }
  /** A number from the rule's stream. */
  between({ least, most }: SettingRange): number {
    return this.#stream.between(least, most);
  }
  /** Whether it strikes now, with a probability from 0 to 1. */
  strikes(time: number, rate = 1): boolean {
    const strike = this.decision(time);
    return this.#stream.happens(rate) && strike();
  }
  /** A decision that is made now for a time to come. @returns whether it strikes, to be asked when it would */
  decision(time: number): () => boolean {
    const fault = { id: `${this.#id}#${++this.#count}`, time, kind: this.rule.kind, target: this.rule.target.name };
    let strikes: boolean | undefined;
    return () => {
      strikes ??= this.#strike(fault);
      return strikes;
    };
  }
}
