/**
 * Seeds and times on the command line: `7`, `1..1000`, `10s`, `500 ms`.
 */

/** A seed: a whole number from 0 below 2^64, or undefined where the text is none. */
export function parseSeed(text: string): bigint | undefined {
  if (!/^\d+(_\d+)*$/.test(text)) return undefined;
  const seed = BigInt(text.replaceAll('_', ''));
  return seed < 2n ** 64n ? seed : undefined;
}
/** The first and the last seed of `A..B`, or undefined where the text is no range. */
export function parseSeeds(text: string): readonly [bigint, bigint] | undefined {
  const [first, last, ...more] = text.split('..').map(parseSeed);
  return first === undefined || last === undefined || last < first || more.length > 0 ? undefined : [first, last];
}

const UNITS: Readonly<Record<string, bigint>> = { ns: 1n, us: 1000n, ms: 1_000_000n, s: 1_000_000_000n, min: 60_000_000_000n };

/** Nanoseconds of a time such as `10s` or `5 ms`, or undefined where the text is none. */
export function parseTime(text: string): bigint | undefined {
  const [, digits, unit] = /^(\d+(?:_\d+)*)\s*(ns|us|ms|s|min)$/.exec(text.trim()) ?? [];
  if (digits === undefined || unit === undefined) return undefined;
  const time = BigInt(digits.replaceAll('_', '')) * (UNITS[unit] as bigint);
  return time <= BigInt(Number.MAX_SAFE_INTEGER) ? time : undefined;
}
