/**
 * The command line that all campaigns share: `--seed`, `--first`, `--count`, `--seconds`, `--engine`; and their progress on standard error.
 */
import { parseArgs } from 'node:util';

/** What a campaign was asked for. */
export interface Campaign {
  /** Everything random follows from it. */
  readonly seed: number;
  /** Number of the first case; cases are independent of each other. */
  readonly first: number;
  /** How many cases, at most. */
  readonly count: number;
  /** Stop after so many seconds; infinite when only the count ends the campaign. */
  readonly seconds: number;
  /** The one engine that is meant, if one was named. */
  readonly engine: string | undefined;
}

/** Reads the arguments of a campaign, and says on standard output which seed it has. */
export function readCommand(name: string, defaultCount: number): Campaign {
  const { values } = parseArgs({
    options: { seed: { type: 'string' }, first: { type: 'string' }, count: { type: 'string' }, seconds: { type: 'string' }, engine: { type: 'string' } },
    strict: true,
  });
  const number = (option: 'seed' | 'first' | 'count' | 'seconds', otherwise: number): number => {
    const text = values[option];
    const value = text === undefined ? otherwise : Number(text);
    if (!(value >= 0)) {
      process.stderr.write(`--${option} ${text} is not a number from 0\n`);
      process.exit(2);
    }
    return value;
  };
  const campaign = {
    seed: number('seed', Date.now() % 0x7fffffff),
    first: number('first', 0),
    count: number('count', values.seconds === undefined ? defaultCount : Number.MAX_SAFE_INTEGER),
    seconds: number('seconds', Infinity),
    engine: values.engine,
  };
  process.stdout.write(
    `${name}: seed ${campaign.seed}, ${values.count === undefined && values.seconds !== undefined ? `${campaign.seconds} s` : `${campaign.count} cases`} from case ${campaign.first}\n`,
  );
  return campaign;
}

/** Runs cases until count or seconds are used up, or one returns false. @returns how many were run */
export function runCases({ first, count, seconds }: Campaign, runCase: (index: number) => boolean): number {
  const start = performance.now();
  let shown = start;
  for (let done = 0; done < count; done++) {
    const now = performance.now();
    if (now - start > seconds * 1000) return done;
    if (now - shown > 10_000) {
      shown = now;
      process.stderr.write(`  ${done} cases, ${Math.round((done * 1000) / (now - start))} a second\n`);
    }
    if (!runCase(first + done)) return done + 1;
  }
  return count;
}
