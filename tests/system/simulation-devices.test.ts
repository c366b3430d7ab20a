/** Devices in simulations: streams, clocks, keyboards, screens, audio, controllers of PUs, and devices that are clients. */
import { describe, expect, it } from '@jest/globals';
import { type Expectation, simulate, Simulation } from '../../system/index.js';
import { readFileSync } from 'node:fs';
import { ECHO } from './echo.js';
import { deploymentOf, type SmallSystem } from './systems.js';

const example = (name: string): string => readFileSync(new URL(`../../examples/${name}.pbs`, import.meta.url), 'utf8');
const expected = (kind: string, target: Expectation['target'], settings: Expectation['settings'] = {}): Expectation => ({ target, kind, settings });
const output = (simulation: Simulation, device: string): string => new TextDecoder().decode(simulation.mock(device).output?.());

describe('streams', () => {
  it('give what comes in and keep what goes out', () => {
    const system: SmallSystem = {
      programs: { wc: example('wc') },
      pus: { pu: { program: 'wc' } },
      devices: { terminal: { protocol: 'pu', with: { input: ['one two\n', 'three\n'] } } },
      links: ['pu.terminal -> terminal'],
      expectations: [expected('returned', { kind: 'pu', name: 'pu' }, { value: 0 })],
    };
    const simulation = new Simulation(deploymentOf(system));
    expect(simulation.run().violations).toEqual([]);
    expect(output(simulation, 'terminal').trim().split(/\s+/)).toEqual(['2', '3', '14']);
  });

  it('that open sessions themselves: a network that listens', () => {
    const system: SmallSystem = {
      programs: { echo: example('echo-upper') },
      pus: { pu: { program: 'echo' } },
      devices: { net: { protocol: 'pu', with: { input: ['one', 'two', 'three'] } } },
      links: ['net -> pu.client'],
      expectations: [expected('output', { kind: 'device', name: 'net' }, { text: 'ONETWOTHREE' })],
    };
    expect(simulate(deploymentOf(system))).toMatchObject({ kind: 'idle', violations: [] });
    const wrong = { ...system, expectations: [expected('output', { kind: 'device', name: 'net' }, { text: 'ONETWOTREE' })] };
    expect(simulate(deploymentOf(wrong)).violations).toMatchObject([
      { kind: 'output', target: 'net', message: '"HREE" from byte 7 on, where "REE" is expected' },
    ]);
  });
});

describe('a network that crashes', () => {
  it('begins again with a session of its own', () => {
    const system: SmallSystem = {
      programs: { echo: example('echo-upper') },
      pus: { pu: { program: 'echo' } },
      devices: { net: { protocol: 'pu', with: { input: ['a', 'b', 'c'] } } },
      links: ['net -> pu.client'],
      faults: [
        { target: { kind: 'link', name: 'net' }, kind: 'delay', settings: { by: 1000 } },
        // The first answer is there soon after 2000, the second after 4000.
        { target: { kind: 'device', name: 'net' }, kind: 'crash', settings: { at: 3000, for: 100 } },
      ],
    };
    const simulation = new Simulation(deploymentOf(system));
    expect(simulation.run().kind).toBe('idle');
    expect(output(simulation, 'net')).toBe('AABC');
  });
});

describe('clocks', () => {
  const system: SmallSystem = {
    programs: { clock: example('clock') },
    pus: { pu: { program: 'clock' } },
    devices: { watch: { protocol: 'clock', mock: 'clock' }, terminal: { protocol: 'pu' } },
    links: [{ link: 'pu.watch -> watch', protocol: 'clock' }, 'pu.terminal -> terminal'],
  };
  const run = (faults: SmallSystem['faults'] = []): [string, number] => {
    const simulation = new Simulation(deploymentOf({ ...system, faults }));
    const { time } = simulation.run();
    return [output(simulation, 'terminal'), Math.floor(time / 1e9)];
  };
  // The example prints the time, sleeps until the next second begins, and prints it again.
  it('are as late as virtual time is', () => expect(run()).toEqual(['00:00:00\n00:00:01\n', 1]));
  it('begin when they are told to', () => {
    const began = (start: string): string => {
      const simulation = new Simulation(
        deploymentOf({ ...system, devices: { ...system.devices, watch: { protocol: 'clock', mock: 'clock', with: { start } } } }),
      );
      simulation.run();
      return output(simulation, 'terminal').slice(0, 8);
    };
    expect(['2026-11-25T17:22:34', '1970-01-01', '2024-02-29T23:59Z'].map(began)).toEqual(['17:22:34', '00:00:00', '23:59:00']);
    for (const start of ['today', '2026-13-01', '2026-11-25T24:00']) expect(() => began(start)).toThrow('a date is needed');
  });
  it('jump', () =>
    expect(run([{ target: { kind: 'device', name: 'watch' }, kind: 'jump', settings: { at: 500_000_000, by: 3_600_000_000_000 } }])).toEqual([
      '00:00:00\n01:00:01\n',
      1,
    ]));
});

describe('keyboard, screen, audio', () => {
  it('a program that paints what is typed and plays a sound', () => {
    const system: SmallSystem = {
      programs: {
        paint: `
          use "port"
          port keys: keyboard client { depth 2, message 64 }
          port screen: screen client { depth 2, message 64 }
          port sound: audio client { depth 2, message 64 }
          data event: [8]
          data image: i32 = 0, 0, 0, 0
          data samples: f32 = 0.25, -0.5
          func main() -> i32 {
            local status, at, code, pressed: i32
            loop {
              call port.ask(keys, 3, event, 0, event, 8, 0) -> status, _, _
              if status { ret status }
              load code, [event]
              load pressed, [event + 4]
              if pressed {
                store [at + image], code
                add at, at, 4
                if eq at, 16 { break }
              }
            }
            call port.ask(screen, 2, image, 16, event, 0, 0) -> status, _, _
            if status { ret status }
            call port.ask(screen, 3, image, 0, event, 0, 0) -> status, _, _
            if status { ret status }
            call port.ask(sound, 3, samples, 8, event, 0, 0) -> status, _, _
            ret status
          }`,
      },
      pus: { pu: { program: 'paint' } },
      devices: {
        keys: { protocol: 'keyboard', with: { input: ['ab', 'c!'] } },
        screen: { protocol: 'screen', settings: { width: 2, height: 2 }, mock: 'record' },
        sound: { protocol: 'audio', settings: { rate: 1000 }, mock: 'record' },
      },
      links: [
        { link: 'pu.keys -> keys', protocol: 'keyboard' },
        { link: 'pu.screen -> screen', protocol: 'screen' },
        { link: 'pu.sound -> sound', protocol: 'audio' },
      ],
      expectations: [expected('returned', { kind: 'pu', name: 'pu' }, { value: 0 })],
    };
    const simulation = new Simulation(deploymentOf(system));
    expect(simulation.run().violations).toEqual([]);
    // Keys come every 10 ms; the next of 60 frames a second begins at 50 ms.
    expect(Math.floor(simulation.time / 1e6)).toBe(50);
    expect([...(simulation.mock('screen').screen?.() ?? [])].filter((_, index) => index % 4 === 0)).toEqual([97, 98, 99, 33]);
    expect([...(simulation.mock('sound').samples?.() ?? [])]).toEqual([0.25, -0.5]);
  });
});

describe('controllers of PUs', () => {
  const BAD = `
    func main() -> i32 {
      trap divide_by_zero
    }`;
  const SUPERVISOR = `
    use "puc"
    port control: puc client
    ;; Starts the program of a slot again after each exception, three times at most; returns how often it began.
    func main() -> i32 {
      local status, began, found: i32
      call puc.set(control, 0, 0) -> status
      if status { ret 100 }
      loop {
        call puc.start(control, 0) -> status
        if status { ret 101 }
        add began, began, 1
        call puc.ended(control, 0) -> found, _, status
        if neq found, puc.TRAPPED { ret 102 }
        if eq began, 3 { ret began }
      }
    }`;
  const supervised: SmallSystem = {
    programs: { bad: BAD, supervisor: SUPERVISOR },
    pus: { supervisor: { program: 'supervisor' }, bad: { program: 'bad', starts: false } },
    devices: { control: { protocol: 'puc', settings: { programs: ['bad'] } } },
    links: [{ link: 'supervisor.control -> control', protocol: 'puc' }],
    expectations: [
      expected('returned', { kind: 'pu', name: 'supervisor' }, { value: 3 }),
      expected('trapped', { kind: 'pu', name: 'bad' }, { trap: 'divide_by_zero' }),
    ],
  };
  it('start again what had an exception', () => {
    const result = simulate(deploymentOf(supervised));
    expect(result.violations).toEqual([]);
    expect(result.pus[1]).toMatchObject({ name: 'bad', state: 'trapped', boots: 3 });
    // Each trap takes effect at the end of its stride of 65,536 units.
    expect(result.time).toBeGreaterThan(3 * 65_536);
    expect(result.time).toBeLessThan(3 * 65_536 + 1000);
  });

  it('let two programs take turns on one PU', () => {
    const system: SmallSystem = {
      programs: {
        count: 'export data count: i32 = 0\nfunc main() {\n local n: i32\n loop {\n add n, n, 1\n store [count], n\n }\n}',
        turns: `
          use "puc"
          use "clock"
          port control: puc client
          port watch: clock client
          func main() -> i32 {
            local status, turn, program: i32
            loop {
              and program, turn, 1
              call puc.set(control, 0, program) -> status
              if status { ret status }
              call puc.start(control, 0) -> status
              if status { ret status }
              call clock.sleep(watch, 1_000_000) -> status
              call puc.stop(control, 0) -> status
              if status { ret status }
              add turn, turn, 1
              if eq turn, 6 { ret 0 }
            }
          }`,
      },
      pus: { turns: { program: 'turns' }, a: { program: 'count', starts: false }, b: { program: 'count', starts: false } },
      devices: { control: { protocol: 'puc', settings: { slots: 1, programs: ['a', 'b'] } }, watch: { protocol: 'clock', mock: 'clock' } },
      links: [
        { link: 'turns.control -> control', protocol: 'puc' },
        { link: 'turns.watch -> watch', protocol: 'clock' },
      ],
      expectations: [expected('returned', { kind: 'pu', name: 'turns' }, { value: 0 })],
    };
    const simulation = new Simulation(deploymentOf(system));
    const { violations, pus } = simulation.run();
    expect(violations).toEqual([]);
    // Three turns of a millisecond each: three million units, up to the end of each stride.
    for (const { state, fuelUsed = 0 } of pus.slice(1)) {
      expect(state).toBe('stopped');
      expect(fuelUsed % 65_536).toBe(0);
      expect(fuelUsed).toBeGreaterThanOrEqual(3_000_000);
      expect(fuelUsed).toBeLessThan(3_000_000 + 4 * 65_536);
    }
  });
});

describe('traps', () => {
  const system: SmallSystem = { programs: { bad: 'func main() {\n  trap unreachable\n}' }, pus: { pu: { program: 'bad' } }, links: [] };
  it('are violations that say where', () => {
    expect(simulate(deploymentOf(system))).toMatchObject({
      kind: 'violated',
      time: 65_536,
      violations: [{ kind: 'trap', target: 'pu', time: 65_536, message: 'trapped unreachable at main.pbs:2' }],
    });
  });
  it('unless they are expected', () => {
    const right = { ...system, expectations: [expected('trapped', { kind: 'pu', name: 'pu' }, { trap: 'unreachable' })] };
    expect(simulate(deploymentOf(right)).violations).toEqual([]);
    const wrong = { ...system, expectations: [expected('trapped', { kind: 'pu', name: 'pu' }, { trap: 'overflow' })] };
    expect(simulate(deploymentOf(wrong)).violations).toMatchObject([{ kind: 'trapped', message: 'it trapped unreachable, and is expected to trap overflow' }]);
  });
  it('begin again where the host restarts, so many times within a time', () => {
    const often: SmallSystem = { ...system, pus: { pu: { program: 'bad', restart: { most: 3, withinNs: 1e9 } } } };
    expect(simulate(deploymentOf(often))).toMatchObject({ kind: 'violated', time: 4 * 65_536 });
    const rarely: SmallSystem = { ...system, pus: { pu: { program: 'bad', restart: { most: 3, withinNs: 2 * 65_536 } } }, untilNs: 10_000_000n };
    expect(simulate(deploymentOf(rarely)).kind).toBe('until');
  });
});

describe('traces', () => {
  it('of a link are a line for each message', () => {
    const echo = (text: string): SmallSystem => ({ ...ECHO, expectations: [expected('trace', { kind: 'link', name: 'client.server' }, { text })] });
    expect(simulate(deploymentOf(echo('open\nsend 1 5\ncomplete 0 5\nclose\n'))).violations).toEqual([]);
    expect(simulate(deploymentOf(echo('open\nsend 1 6\n'))).violations).toMatchObject([{ kind: 'trace', target: 'client.server' }]);
  });
});

describe('the end', () => {
  it('an invariant is asked after everything that happens', () => {
    const system: SmallSystem = { programs: { spin: 'func main() {\n loop { }\n}' }, pus: { pu: { program: 'spin' } }, links: [], untilNs: 1_000_000n };
    const asked: number[] = [];
    const result = simulate(deploymentOf(system), {
      invariant: ({ time }) => {
        asked.push(time);
        return time < 3 * 65_536 ? undefined : 'too late';
      },
    });
    expect(asked).toEqual([0, 65_536, 131_072, 196_608]);
    expect(result).toMatchObject({ kind: 'violated', violations: [{ kind: 'invariant', target: 'test', time: 196_608, message: 'too late' }] });
    expect(simulate(deploymentOf(system))).toMatchObject({ kind: 'until', time: 1_000_000 });
  });
  it('two that wait for each other are a deadlock with two names', () => {
    const wait = 'port to: pu client\nport from: pu server\nfunc main() {\n local mask: i64\n mov mask, 3\n wait mask, mask\n}';
    const system: SmallSystem = {
      programs: { wait },
      pus: { a: { program: 'wait' }, b: { program: 'wait' } },
      links: ['a.to -> b.from', 'b.to -> a.from'],
      expectations: ['a', 'b'].map((name) => expected('returned', { kind: 'pu', name })),
    };
    expect(simulate(deploymentOf(system)).violations).toMatchObject([
      { kind: 'deadlock', target: 'a', message: 'it waits for to, from for ever, and is expected to return' },
      { kind: 'deadlock', target: 'b', message: 'it waits for to, from for ever, and is expected to return' },
    ]);
  });
  it('what cannot be simulated is refused', () => {
    const base: SmallSystem = { programs: { p: 'func main() {}' }, pus: { p: { program: 'p' } }, links: [] };
    const refused =
      (system: SmallSystem): (() => unknown) =>
      () =>
        simulate(deploymentOf(system));
    expect(refused({ ...base, devices: { d: { protocol: 'disk', mock: 'script' } } })).toThrow('the disk d has no mock script; there are memory');
    expect(refused({ ...base, expectations: [expected('applause', { kind: 'pu', name: 'p' })] })).toThrow('p has the expectation applause');
    expect(refused({ ...base, devices: { d: { protocol: 'disk', mock: 'memory', with: { file: 'x.img' } } } })).toThrow(
      'names the file x.img, which is not there',
    );
    expect(() => simulate(deploymentOf(base), { sliceFuel: 0 })).toThrow('sliceFuel is 0');
    const controller = { protocol: 'puc' as const, settings: { programs: ['p'] } };
    expect(refused({ ...base, devices: { one: controller, two: controller } })).toThrow('the PU p has two controllers');
    expect(refused({ ...base, faults: [{ target: { kind: 'pu', name: 'p' }, kind: 'hiccup', settings: {} }] })).toThrow('p has the fault hiccup');
  });
});
