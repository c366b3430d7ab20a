/** The simulation: virtual times computed by hand, the same run on every engine in any slices, ends of all kinds. */
import { describe, expect, it } from '@jest/globals';
import { createJit } from '../../jit/index.js';
import { simulate, type SimulationOptions } from '../../system/index.js';
import { REFERENCE } from '../../vm/index.js';
import { ECHO } from './echo.js';
import { deploymentOf, type SmallSystem } from './systems.js';

describe('two PUs and a link', () => {
  it('meet at the times that fuel and delay make', () => {
    const result = simulate(deploymentOf(ECHO), { keepsMessages: true });
    expect(result.messages).toEqual([
      { link: 'client.server', kind: 'open', sent: 0, arrives: 1000, tag: 0, code: 0, bytes: 0 },
      { link: 'client.server', kind: 'send', sent: 1, arrives: 1001, tag: 1, code: 1, bytes: 5 },
      { link: 'client.server', kind: 'complete', sent: 1002, arrives: 2002, tag: 1, code: 0, bytes: 5 },
      { link: 'client.server', kind: 'close', sent: 2003, arrives: 3003, tag: 0, code: 0, bytes: 0 },
    ]);
    expect(result).toMatchObject({ kind: 'idle', time: 3003, violations: [] });
    expect(result.pus).toEqual([
      { name: 'client', state: 'returned', outcome: { kind: 'returned', values: [0] }, waitsFor: [], fuelUsed: 3, boots: 1 },
      { name: 'server', state: 'waiting', outcome: undefined, waitsFor: ['client'], fuelUsed: 3, boots: 1 },
    ]);
  });
});

describe('determinism', () => {
  const SPREAD: SmallSystem = {
    ...ECHO,
    faults: [{ target: { kind: 'link', name: 'client.server' }, kind: 'delay', settings: { by: { least: 0, most: 5_000_000 } } }],
  };
  it('neither engine nor slices change a run', () => {
    const deployment = deploymentOf(SPREAD);
    const first = simulate(deployment, { keepsMessages: true });
    const engines = { reference: REFERENCE, jit: createJit({ compile: 'all' }), auto: createJit() };
    const variants: SimulationOptions[] = [
      ...Object.values(engines).map((engine) => ({ engine })),
      ...[1, 2, 3, 10, 1000, 65_535, 65_536, 65_537].map((sliceFuel) => ({ sliceFuel })),
      { engine: engines.jit, sliceFuel: 7 },
    ];
    for (const variant of variants) expect(simulate(deployment, { keepsMessages: true, ...variant })).toEqual(first);
  });

  it('another seed gives another run', () => {
    const deployment = deploymentOf(SPREAD);
    const traces = Array.from({ length: 20 }, (_, seed) => simulate(deployment, { seed }).trace);
    expect(new Set(traces).size).toBe(20);
  });
});
