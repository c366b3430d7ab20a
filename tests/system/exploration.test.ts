/** Exploration: the first seed that fails, made smaller; and the picture of it. */
import { describe, expect, it } from '@jest/globals';
import { explore, type FaultRule, simulate, timelineSvg, timeText } from '../../system/index.js';
import { ECHO } from './echo.js';
import { deploymentOf, type SmallSystem } from './systems.js';

const rule = (kind: 'link' | 'pu', name: string, what: string, settings: FaultRule['settings']): FaultRule => ({
  target: { kind, name },
  kind: what,
  settings,
});
/** The client is to be answered, whatever happens; it is not if the server crashes before it has replied. */
const FRAGILE: SmallSystem = {
  ...ECHO,
  pus: { client: { program: 'ask' }, server: { program: 'answer', fuelPerSecond: 1e6 }, other: { program: 'answer' } },
  faults: [
    rule('link', 'client.server', 'delay', { by: { least: 1000, most: 3000 } }),
    rule('pu', 'server', 'crash', { at: { least: 0, most: 100_000 }, for: 0 }),
    rule('pu', 'other', 'crash', { every: { least: 500, most: 5000 }, for: 0 }),
  ],
  expectations: [{ target: { kind: 'pu', name: 'client' }, kind: 'returned', settings: { value: 0 } }],
  untilNs: 200_000n,
};

describe('exploration', () => {
  const deployment = deploymentOf(FRAGILE);
  const seen: bigint[] = [];
  const { seedCount, failure, faults } = explore(deployment, { seeds: [0, 999], onSeed: ({ seed }) => seen.push(seed) });

  it('stops at the first seed that fails', () => {
    expect(failure).toBeDefined();
    expect(seen.at(-1)).toBe(failure?.seed);
    expect(seedCount).toBe(seen.length);
    expect(seedCount).toBe(Number(failure?.seed) + 1);
    expect(faults.crash).toBeGreaterThan(seedCount);
    expect(failure?.result.violations).toMatchObject([{ kind: 'returned', target: 'client' }]);
  });
  it('leaves out the faults that have no part in it', () => {
    expect(failure?.result.faults.length).toBeGreaterThan(10);
    const ids = failure?.smallest.faults.map(({ id }) => id) ?? [];
    expect(ids).toContain('2:crash:server#1');
    // Whether the delay must be a long one depends on when the server crashes.
    expect(ids.filter((id) => !['2:crash:server#1', '1:delay:client.server#1'].includes(id))).toEqual([]);
    expect(failure?.smallest.violations).toMatchObject([{ kind: 'returned', target: 'client' }]);
  });
  it('what it found comes again from the seed and what is suppressed', () => {
    const again = simulate(deployment, { seed: failure?.seed as bigint, suppressed: failure?.suppressed as ReadonlySet<string> });
    expect(again).toEqual(failure?.smallest);
  });
  it('tries all seeds where none fails', () => {
    const sound = deploymentOf({ ...FRAGILE, faults: (FRAGILE.faults ?? []).slice(0, 1) });
    expect(explore(sound, { seeds: [5, 24] })).toMatchObject({ seedCount: 20, failure: undefined, faults: { delay: 20 } });
    expect(() => explore(sound, { seeds: [5, 4] })).toThrow('seeds: 5 to 4; the last is before the first');
  });
});

describe('the timeline', () => {
  it('has a column for each end and an arrow for each message', () => {
    const deployment = deploymentOf({ ...FRAGILE, faults: [rule('pu', 'server', 'crash', { at: 500, for: 0 })] });
    const result = simulate(deployment, { keepsMessages: true });
    const svg = timelineSvg(deployment.topology, result);
    const count = (pattern: RegExp): number => svg.match(pattern)?.length ?? 0;
    expect(svg.startsWith('<svg xmlns="http://www.w3.org/2000/svg"')).toBe(true);
    expect(count(/font-weight="bold"/g)).toBe(2);
    expect(count(/marker-end/g)).toBe(result.messages.filter(({ arrives }) => arrives !== undefined).length);
    expect(count(/>crash</g)).toBe(1);
    expect(count(/<text/g)).toBe(count(/<\/text>/g));
  });
  it('tells times exactly', () => {
    expect([0, 999, 1000, 1001, 65_536, 3_000_000, 1_500_000_000, 10_000_000_000].map(timeText)).toEqual([
      '0 ns',
      '999 ns',
      '1 us',
      '1.001 us',
      '65.536 us',
      '3 ms',
      '1.5 s',
      '10 s',
    ]);
  });
});
