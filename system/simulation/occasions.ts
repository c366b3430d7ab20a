/**
 * When a fault that has a time strikes: at a time, or again and again, for a while each.
 *
 * Settings: `at`, the first time; `every`, the time from the end of one to the beginning of the next (without `at` also that before the
 * first); `for`, how long. Each may be a range, from which the seed draws.
 */
import { type Decisions, rangeOf } from './faults.js';
import { TIME_MAX } from './queue.js';

/** One of them: from `begin` to before `end`. */
export interface Occasion {
  readonly begin: number;
  readonly end: number;
  /** Whether it strikes; to be asked when something would meet it. */
  readonly strikes: () => boolean;
}

const ZERO = { least: 0, most: 0 };

/** The occasions of a rule. */
export class Occasions {
  readonly #rule: Decisions;
  readonly #found: Occasion[] = [];
  /** Up to here all are found. */
  #time = 0;
  #isFirst = true;

  constructor(rule: Decisions) {
    this.#rule = rule;
  }

  #next(): void {
    const { settings } = this.#rule;
    const isAt = this.#isFirst && settings.at !== undefined;
    this.#isFirst = false;
    if (!isAt && settings.every === undefined) {
      this.#time = TIME_MAX;
      return;
    }
    // At least a nanosecond, so that time goes on.
    const begin = isAt ? this.#rule.between(rangeOf(settings, 'at', ZERO)) : this.#time + Math.max(this.#rule.between(rangeOf(settings, 'every', ZERO)), 1);
    const end = begin + this.#rule.between(rangeOf(settings, 'for', ZERO));
    this.#time = Math.min(Math.max(end, begin), TIME_MAX);
    this.#found.push({ begin, end, strikes: this.#rule.decision(begin) });
  }

  /** The one in which a time lies. Times may be asked for in any order. */
  at(time: number): Occasion | undefined {
    while (this.#time <= time && this.#time < TIME_MAX) this.#next();
    return this.#found.findLast(({ begin, end }) => time >= begin && time < end);
  }
  /** The first that begins at a time or later. */
  from(time: number, until: number): Occasion | undefined {
    while (this.#time <= until && this.#time < TIME_MAX && !this.#found.some(({ begin }) => begin >= time)) this.#next();
    return this.#found.find(({ begin }) => begin >= time);
  }
}
