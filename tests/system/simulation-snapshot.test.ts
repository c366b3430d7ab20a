/** Snapshots of whole simulations, and of PUs in them: continued on other engines to the same end. */
import { describe, expect, it } from '@jest/globals';
import { createJit } from '../../jit/index.js';
import { readSnapshot, restoreSimulation, simulate, Simulation, takeSnapshot } from '../../system/index.js';
import { Machine, REFERENCE } from '../../vm/index.js';
import { ECHO } from './echo.js';
import { deploymentOf } from './systems.js';

const deployment = deploymentOf({
  ...ECHO,
  faults: [
    { target: { kind: 'link', name: 'client.server' }, kind: 'delay', settings: { by: { least: 1000, most: 9000 } } },
    { target: { kind: 'pu', name: 'server' }, kind: 'crash', settings: { at: 3000, for: 500 } },
  ],
});

describe('a snapshot of a simulation', () => {
  const whole = simulate(deployment, { seed: 7, keepsMessages: true });
  it('taken after any step goes on to the same end on another engine', () => {
    const simulation = new Simulation(deployment, { seed: 7 });
    let taken = 0;
    do {
      const file = takeSnapshot(simulation);
      for (const engine of [REFERENCE, createJit({ compile: 'all' })]) {
        const restored = restoreSimulation(deployment, file, { engine, keepsMessages: true });
        if ('rejection' in restored) throw new Error(restored.rejection.message);
        expect(Buffer.compare(takeSnapshot(restored.simulation), file)).toBe(0);
        expect(restored.simulation.run()).toEqual(whole);
      }
      taken++;
    } while (simulation.step());
    expect(taken).toBeGreaterThan(8);
  });

  it('has each PU as a snapshot of its own, whose requests are reset elsewhere', () => {
    const simulation = new Simulation(deployment, { seed: 7 });
    // The client has asked and sleeps.
    while (simulation.player('client').state !== 'waiting') simulation.step();
    const found = readSnapshot(takeSnapshot(simulation));
    if ('rejection' in found) throw new Error(found.rejection.message);
    const { program } = deployment.topology.programs[0] as (typeof deployment.topology.programs)[number];
    const alone = new Machine(program, { frameBytesMax: 65536, ports: { server: { open: () => ({ send: () => {}, cancel: () => {}, close: () => {} }) } } });
    expect(alone.restore(found.snapshot.pus.get('client') as Uint8Array)).toBeUndefined();
    // 3 is the status peer_reset.
    expect(alone.run()).toEqual({ kind: 'returned', values: [3] });
  });

  it('of something else is refused with a reason', () => {
    const simulation = new Simulation(deployment, { seed: 7 });
    for (let step = 0; step < 5; step++) simulation.step();
    const file = takeSnapshot(simulation);
    const rule = (found: ReturnType<typeof restoreSimulation>): string => ('rejection' in found ? found.rejection.rule : 'accepted');
    expect(rule(restoreSimulation(deployment, file))).toBe('accepted');
    expect(rule(restoreSimulation(deployment, new Uint8Array(0)))).toBe('simulation_truncated');
    expect(rule(restoreSimulation(deployment, new Uint8Array(8)))).toBe('simulation_magic');
    expect(rule(restoreSimulation(deployment, Uint8Array.from([...file, 0])))).toBe('simulation_length');
    expect(rule(restoreSimulation({ ...deployment, faults: [] }, file))).toBe('simulation_trace');
    expect(rule(restoreSimulation(deploymentOf({ ...ECHO, programs: { ...ECHO.programs, ask: 'port server: pu client\nfunc main() {}' } }), file))).toBe(
      'simulation_program',
    );
    for (let length = 0; length < file.length; length += 1 + (length >> 6))
      expect(rule(restoreSimulation(deployment, file.subarray(0, length)))).not.toBe('accepted');
    const changed = file.slice();
    // Half-way is the middle of a PU's memory.
    const middle = changed.length >> 1;
    changed[middle] = (changed[middle] as number) ^ 1;
    expect(rule(restoreSimulation(deployment, changed))).toBe('simulation_pu');
  });
});
