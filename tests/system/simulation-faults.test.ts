/** What goes wrong in simulations: each fault alone, with what must come of it by hand. */
import { describe, expect, it } from '@jest/globals';
import { simulate, Simulation } from '../../system/index.js';
import type { FaultRule, Settings } from '../../system/index.js';
import { ASK, ECHO } from './echo.js';
import { deploymentOf, type SmallSystem } from './systems.js';

const fault = (kind: FaultRule['target']['kind'], name: string, what: string, settings: Settings = {}): FaultRule => ({
  target: { kind, name },
  kind: what,
  settings,
});
const delayed = (...faults: FaultRule[]): SmallSystem => ({ ...ECHO, faults: [fault('link', 'client.server', 'delay', { by: 1000 }), ...faults] });
const shown = (system: SmallSystem) =>
  simulate(deploymentOf(system), { keepsMessages: true }).messages.map(({ kind, sent, arrives, code }) => [kind, sent, arrives, code]);

describe('links', () => {
  it('a partition holds up what is sent meanwhile, and loses nothing', () => {
    expect(shown(delayed(fault('link', 'client.server', 'partition', { at: 1, for: 4000 })))).toEqual([
      ['open', 0, 1000, 0],
      ['send', 1, 5001, 1],
      ['complete', 5002, 6002, 0],
      ['close', 6003, 7003, 0],
    ]);
  });

  it('lose requests and answers where they are lossy, and nowhere else', () => {
    const loses = delayed(fault('link', 'client.server', 'loss', { rate: 1 }));
    expect(shown(loses).length).toBe(4);
    const lossy = {
      ...loses,
      links: [{ link: 'client.server -> server.client', isLossy: true }],
      expectations: [{ target: { kind: 'pu' as const, name: 'client' }, kind: 'returned', settings: {} }],
    };
    expect(shown(lossy)).toEqual([
      ['open', 0, 1000, 0],
      ['send', 1, undefined, 1],
    ]);
    expect(simulate(deploymentOf(lossy))).toMatchObject({
      kind: 'violated',
      violations: [{ kind: 'deadlock', target: 'client', time: 1000, message: 'it waits for server for ever, and is expected to return' }],
      faults: [{ id: '2:loss:client.server#1', time: 1, kind: 'loss', target: 'client.server' }],
    });
  });

  it('bring requests twice where they are lossy; the client gets one answer', () => {
    const twice: SmallSystem = {
      programs: {
        ask: ASK,
        count: `
          use "pu"
          port client: pu server { depth 4, message 64 }
          data buffer: [64]
          func main() -> i32 {
            local tag, got: i32
            loop {
              call port.offer(client, buffer, 64) -> _
              call pu.take(client, 64) -> tag, _, _, _, _
              add got, got, 1
              call pu.reply(client, tag, buffer, 0, 0)
              if eq got, 2 { ret got }
            }
          }
          use "port"`,
      },
      pus: { client: { program: 'ask' }, server: { program: 'count' } },
      links: [{ link: 'client.server -> server.client', isLossy: true }],
      // The delay keeps the client's session open until both have come.
      faults: [fault('link', 'client.server', 'delay', { by: 1000 }), fault('link', 'client.server', 'duplicate', { rate: 1 })],
      expectations: [
        { target: { kind: 'pu', name: 'client' }, kind: 'returned', settings: { value: 0 } },
        { target: { kind: 'pu', name: 'server' }, kind: 'returned', settings: { value: 2 } },
      ],
    };
    expect(simulate(deploymentOf(twice)).violations).toEqual([]);
  });
});

describe('crashes', () => {
  const slow: SmallSystem = {
    ...ECHO,
    // The server's unit of fuel is a microsecond: it replies at 3001.
    pus: { client: { program: 'ask' }, server: { program: 'answer', fuelPerSecond: 1e6 } },
    faults: [fault('link', 'client.server', 'delay', { by: 2000 })],
  };
  const crash = (name: string, settings: Settings, kind: 'pu' | 'computer' = 'pu'): SmallSystem => ({
    ...slow,
    faults: [...(slow.faults ?? []), fault(kind, name, 'crash', settings)],
  });

  it('without one, for comparison', () => {
    expect(shown(slow)).toEqual([
      ['open', 0, 2000, 0],
      ['send', 1, 2001, 1],
      ['complete', 3001, 5001, 0],
      ['close', 5002, 7002, 0],
    ]);
  });

  it('of a server: what it did ahead of the crash it did not do, and its client is told', () => {
    const system = crash('server', { at: 2500, for: 100 });
    expect(shown(system)).toEqual([
      ['open', 0, 2000, 0],
      ['send', 1, 2001, 1],
      ['complete', 3001, undefined, 0],
      ['reset', 2500, 5001, 0],
      ['close', 5001, 7001, 0],
    ]);
    // 3 is the status peer_reset.
    expect(simulate(deploymentOf(system)).pus).toMatchObject([
      { name: 'client', outcome: { kind: 'returned', values: [3] } },
      { name: 'server', boots: 2 },
    ]);
  });

  it('of a server that is down when the request comes: the device has failed', () => {
    const system = crash('server', { at: 500, for: 5000 });
    expect(shown(system)).toEqual([
      ['open', 0, 2000, 0],
      ['send', 1, 2001, 1],
      ['complete', 2001, 4001, 6],
      ['close', 4001, 6001, 0],
    ]);
  });

  it('of a client: its session closes, and its next incarnation opens another', () => {
    const system = crash('client', { at: 2500, for: 100 });
    expect(shown(system)).toEqual([
      ['open', 0, 2000, 0],
      ['send', 1, 2001, 1],
      ['complete', 3001, undefined, 0],
      ['close', 2500, 4500, 0],
      ['open', 2600, 4600, 0],
      ['send', 2601, 4601, 1],
    ]);
  });

  it('again and again, until the end', () => {
    const system = { ...crash('server', { every: 1_000_000, for: 0 }), untilNs: 10_500_000n };
    const result = simulate(deploymentOf(system));
    // The last incarnation computes for one unit, a microsecond, and sleeps.
    expect(result).toMatchObject({ kind: 'idle', time: 10_001_000 });
    expect(result.pus[1]).toMatchObject({ name: 'server', boots: 11 });
    expect(result.faults.map(({ time }) => time)).toEqual(Array.from({ length: 10 }, (_, index) => (index + 1) * 1_000_000));
  });

  it('of a computer: everything on it', () => {
    const system: SmallSystem = {
      ...crash('far', { at: 2500, for: 100 }, 'computer'),
      pus: { client: { program: 'ask' }, server: { program: 'answer', computer: 'far', fuelPerSecond: 1e6 }, idle: { program: 'answer', computer: 'far' } },
    };
    expect(simulate(deploymentOf(system)).pus.map(({ boots }) => boots)).toEqual([1, 2, 2]);
  });

  it('are not to be when they are suppressed', () => {
    const system = crash('server', { at: 2500, for: 100 });
    expect(simulate(deploymentOf(system)).faults.map(({ id }) => id)).toEqual(['2:crash:server#1']);
    const result = simulate(deploymentOf(system), { suppressed: new Set(['2:crash:server#1']) });
    expect([result.faults, result.trace]).toEqual([[], simulate(deploymentOf(slow)).trace]);
  });
});

describe('disks', () => {
  const WRITER = `
    use "disk"
    port medium: disk client { depth 4, message 4 KiB }
    data page: [1024]
    data found: [1024]
    func main() -> i32 {
      local status: i32
      fill page, 'x', 1024
      call disk.write_through(medium, 2, page, 1024) -> status
      if status { ret status }
      call disk.read(medium, 2, found, 1024) -> status
      if status { ret status }
      load8u status, [found]
      ret status
    }`;
  const disk = (...faults: FaultRule[]): SmallSystem => ({
    programs: { writer: WRITER },
    pus: { pu: { program: 'writer' } },
    devices: { store: { protocol: 'disk', settings: { entries: 8, size: 512 }, mock: 'memory' } },
    links: [{ link: 'pu.medium -> store', protocol: 'disk' }],
    faults,
  });
  const run = (system: SmallSystem) => {
    const simulation = new Simulation(deploymentOf(system));
    const { pus, time, faults } = simulation.run();
    return {
      value: pus[0]?.outcome?.kind === 'returned' ? pus[0].outcome.values[0] : undefined,
      contents: simulation.mock('store').contents?.() as Uint8Array,
      time,
      faults,
    };
  };
  const written = (contents: Uint8Array): string[] => Array.from({ length: 8 }, (_, entry) => `${contents[entry * 512]}`);

  it('without one, for comparison', () => {
    const { value, contents } = run(disk());
    expect([value, written(contents)]).toEqual([120, ['0', '0', '120', '120', '0', '0', '0', '0']]);
  });
  it('fail', () => expect(run(disk(fault('device', 'store', 'fail', { rate: 1 }))).value).toBe(6));
  it('are full', () => expect(run(disk(fault('device', 'store', 'full', { rate: 1 }))).value).toBe(7));
  it('lose a write', () => {
    const { value, contents } = run(disk(fault('device', 'store', 'lost', { rate: 1 })));
    expect([value, written(contents).join('')]).toEqual([0, '00000000']);
  });
  it('tear a write of two sectors: none or the first is written', () => {
    const deployment = deploymentOf(disk(fault('device', 'store', 'torn', { rate: 1 })));
    const seen = new Set(
      Array.from({ length: 20 }, (_, seed) => {
        const simulation = new Simulation(deployment, { seed });
        simulation.run();
        return written(simulation.mock('store').contents?.() as Uint8Array).join('');
      }),
    );
    expect([...seen].sort()).toEqual(['00000000', '0012000000']);
  });
  it('write elsewhere', () => {
    const deployment = deploymentOf(disk(fault('device', 'store', 'misdirected', { rate: 1 })));
    const places = new Set<string>();
    for (let seed = 0; seed < 100; seed++) {
      const simulation = new Simulation(deployment, { seed });
      simulation.run();
      places.add(
        written(simulation.mock('store').contents?.() as Uint8Array)
          .map((byte) => (byte === '0' ? '.' : 'x'))
          .join(''),
      );
    }
    expect([...places].sort()).toEqual(['......xx', '.....xx.', '....xx..', '...xx...', '..xx....', '.xx.....', 'xx......']);
  });
  it('read a bit wrong', () => {
    const { contents } = run(disk(fault('device', 'store', 'corrupted', { rate: 1 })));
    expect(written(contents)).toEqual(['0', '0', '120', '120', '0', '0', '0', '0']);
  });
  it('are slow: three requests of a millisecond each', () => {
    const [fast, slow] = [run(disk()), run(disk(fault('device', 'store', 'slow', { by: 1_000_000 })))];
    // What the program computes it computes meanwhile.
    expect([slow.value, Math.floor(slow.time / 1000), fast.time < 1000]).toEqual([120, 3000, true]);
  });
  it('crash: what was not flushed may be lost, in whole sectors', () => {
    const unflushed: SmallSystem = {
      ...disk(fault('device', 'store', 'crash', { at: 1_000_000, for: 10 })),
      programs: { writer: WRITER.replace('write_through', 'write') },
    };
    const seen = new Set<string>();
    for (let seed = 0; seed < 60; seed++) {
      const simulation = new Simulation(deploymentOf(unflushed), { seed });
      simulation.run();
      seen.add(written(simulation.mock('store').contents?.() as Uint8Array).join(''));
    }
    expect([...seen].sort()).toEqual(['00000000', '0001200000', '0012000000', '001201200000']);
    const flushed = new Simulation(deploymentOf(disk(fault('device', 'store', 'crash', { at: 1_000_000, for: 10 }))));
    flushed.run();
    expect(written(flushed.mock('store').contents?.() as Uint8Array).join('')).toBe('001201200000');
  });
});
