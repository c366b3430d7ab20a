/**
 * What befalls the messages of a link, as the rules of a deployment say: delays, losses, copies, and times at which nothing gets through.
 *
 * On a link that is not lossy nothing is lost: what meets a partition arrives when it is over.
 */
import { type Decisions, numberOf, rangeOf } from './faults.js';
import type { LinkFaults } from './link.js';
import { Occasions } from './occasions.js';

const NONE = { least: 0, most: 0 };

/** The faults of a link. */
export function linkFaults(rules: readonly Decisions[], isLossy: boolean): LinkFaults {
  const delays = rules
    .filter(({ kind }) => kind === 'delay')
    .map((rule) => {
      const range = rangeOf(rule.settings, 'by', NONE);
      const varies = range.most > range.least && rule.strikes(0);
      return (): number => {
        const drawn = rule.between(range);
        return varies ? drawn : range.least;
      };
    });
  const losses = rules.filter(({ kind }) => kind === 'loss');
  const duplicates = rules.filter(({ kind }) => kind === 'duplicate');
  const partitions = rules.filter(({ kind }) => kind === 'partition').map((rule) => new Occasions(rule));
  /** When the partition ends in which a time lies. */
  const parted = (time: number): number | undefined => {
    const met = partitions.map((partition) => partition.at(time)).filter((occasion) => occasion?.strikes());
    return met.length === 0 ? undefined : Math.max(...met.map((occasion) => occasion?.end ?? 0));
  };
  return {
    arrival: (sent) => {
      const delay = delays.reduce((sum, draw) => sum + draw(), 0);
      return (parted(sent) ?? sent) + delay;
    },
    copies: (sent) => {
      if (!isLossy) return 1;
      const lost = losses.filter((rule) => rule.strikes(sent, numberOf(rule.settings, 'rate', 0))).length > 0;
      const doubled = duplicates.filter((rule) => rule.strikes(sent, numberOf(rule.settings, 'rate', 0))).length > 0;
      if (lost || parted(sent) !== undefined) return 0;
      return doubled ? 2 : 1;
    },
  };
}
