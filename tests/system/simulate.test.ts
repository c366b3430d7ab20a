/**
 * Machines at both ends of a link: the examples of an upper-case server and its client, under many seeds, and systems that cannot go on.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { assemble } from '../../assembler/index.js';
import { ClockMock, TerminalMock } from '../../devices/index.js';
import { LIBRARY } from '../../stdlib/index.js';
import { simulate, SplitMix64 } from '../../system/index.js';
import { type Engine, INTERPRETER, Machine, REFERENCE, type VerifiedProgram, verify } from '../../vm/index.js';

function program(text: string): VerifiedProgram {
  const { binary, diagnostics } = assemble('main.pbs', { read: (file) => (file === 'main.pbs' ? text : undefined), library: LIBRARY });
  if (binary === undefined) throw new Error(JSON.stringify(diagnostics, undefined, 1));
  const verified = verify(binary);
  if ('rejection' in verified) throw new Error(JSON.stringify(verified.rejection));
  return verified.program;
}
const example = (name: string): VerifiedProgram => program(readFileSync(new URL(`../../examples/${name}.pbs`, import.meta.url), 'utf8'));
const [ECHO, HELLO] = [example('echo-upper'), example('hello-client')];

/** The echo system with some clients. */
function echo(seed: number | bigint, clients = 1, engine: Engine = INTERPRETER, sliceMax = 64) {
  const server = new Machine(ECHO, { engine });
  server.start();
  const terminals = Array.from({ length: clients }, () => new TerminalMock());
  const machines: Record<string, Machine> = { server };
  terminals.forEach((terminal, index) => {
    const client = new Machine(HELLO, { engine, ports: { server: server.port('client'), terminal } });
    client.start();
    machines[`client${index}`] = client;
  });
  return { ...simulate({ machines, seed, sliceMax }), text: terminals.map(({ text }) => text) };
}

describe('the echo system', () => {
  it('answers in upper case, and the server waits for more', () => {
    const { kind, text, outcomes, waiting } = echo(1);
    expect([kind, text]).toEqual(['waiting', ['HELLO, WORLD!\n']]);
    expect(outcomes.client0).toEqual({ kind: 'returned', values: [0] });
    expect(waiting).toEqual([{ machine: 'server', ports: ['client'] }]);
  });

  it('one seed gives one run, on every engine', () => {
    for (const seed of [0, 7, -1, 2n ** 64n - 1n]) {
      const first = echo(seed, 3);
      expect(echo(seed, 3)).toEqual(first);
      expect(echo(seed, 3, REFERENCE)).toEqual(first);
    }
  });

  it('other seeds give other interleavings and the same results', () => {
    const runs = Array.from({ length: 40 }, (_, seed) => echo(seed, 3));
    for (const { text, kind } of runs) expect([kind, text]).toEqual(['waiting', new Array(3).fill('HELLO, WORLD!\n')]);
    expect(new Set(runs.map(({ trace }) => trace)).size).toBe(40);
    expect(new Set(runs.map(({ turns }) => turns)).size).toBeGreaterThan(1);
  });

  it('goes on from where it ended when a client comes later', () => {
    const server = new Machine(ECHO);
    server.start();
    expect(simulate({ machines: { server }, seed: 1 })).toMatchObject({ kind: 'waiting', turns: 1 });
    const terminal = new TerminalMock();
    const client = new Machine(HELLO, { ports: { server: server.port('client'), terminal } });
    client.start();
    simulate({ machines: { server, client }, seed: 1 });
    expect(terminal.text).toBe('HELLO, WORLD!\n');
  });

  it('a server that is reset lets its clients go on', () => {
    const server = new Machine(ECHO);
    server.start();
    const terminal = new TerminalMock();
    const client = new Machine(HELLO, { ports: { server: server.port('client'), terminal } });
    client.start();
    while (client.run(1).kind !== 'waiting');
    server.reset();
    server.start();
    const { outcomes } = simulate({ machines: { server, client }, seed: 5 });
    // The client returns the status that it got: peer_reset.
    expect(outcomes.client).toEqual({ kind: 'returned', values: [3] });
  });
});

describe('systems that do not get to the end', () => {
  const waiter = (name: string): VerifiedProgram =>
    program(`
      port ${name}: pu client
      port never: pu server
      func main() {
        local mask: i64
        mov mask, 3
        wait mask, mask
      }`);

  it('a deadlock names who waits for which ports', () => {
    const machines = Object.fromEntries(
      ['a', 'b'].map((name) => {
        const machine = new Machine(waiter(`to_${name}`), { ports: { [`to_${name}`]: new TerminalMock() } });
        machine.start();
        return [name, machine];
      }),
    );
    expect(simulate({ machines, seed: 3 })).toMatchObject({
      kind: 'waiting',
      waiting: [
        { machine: 'a', ports: ['to_a', 'never'] },
        { machine: 'b', ports: ['to_b', 'never'] },
      ],
      turns: 2,
    });
  });

  it('a trap ends one machine and no other', () => {
    const bad = new Machine(program('func main() { trap divide_by_zero }'));
    const good = new Machine(program('func main() -> i32 { ret 7 }'));
    bad.start();
    good.start();
    const { kind, outcomes, waiting } = simulate({ machines: { bad, good }, seed: 3 });
    expect([kind, outcomes.bad?.kind, outcomes.good, waiting]).toEqual(['ended', 'trapped', { kind: 'returned', values: [7] }, []]);
  });

  it('fuel for all together is a limit', () => {
    const spin = program('func main() { loop { } }');
    const machines = Object.fromEntries(['a', 'b'].map((name) => [name, new Machine(spin)]));
    for (const machine of Object.values(machines)) machine.start();
    expect(simulate({ machines, seed: 3, fuelMax: 10_000, sliceMax: 100 }).kind).toBe('out_of_fuel');
    const used = (machines.a as Machine).fuelUsed + (machines.b as Machine).fuelUsed;
    expect(used).toBe(10_000);
    expect(simulate({ machines, seed: 3, fuelMax: 7, sliceMax: 1 })).toMatchObject({ kind: 'out_of_fuel', turns: 7 });
    expect(simulate({ machines, seed: 3, fuelMax: 1 })).toMatchObject({ kind: 'out_of_fuel', turns: 1 });
  });

  it('nothing to simulate has ended', () =>
    expect(simulate({ machines: {}, seed: 0 })).toEqual({ kind: 'ended', outcomes: {}, waiting: [], turns: 0, trace: 0n }));

  it('misuse', () => {
    for (const sliceMax of [0, 1.5, Number.NaN]) expect(() => simulate({ machines: {}, seed: 0, sliceMax })).toThrow(RangeError);
    for (const fuelMax of [0, 1.5, Number.NaN]) expect(() => simulate({ machines: {}, seed: 0, fuelMax })).toThrow(RangeError);
    expect(() => simulate({ machines: {}, seed: 0.5 })).toThrow(RangeError);
    expect(() => simulate({ machines: { server: new Machine(ECHO) }, seed: 0 })).toThrow(TypeError);
  });
});

describe('time', () => {
  it('passes when every machine waits', () => {
    const clock = new ClockMock({ time: 1_795_540_954_000_000_000n });
    const terminal = new TerminalMock();
    const machine = new Machine(example('clock'), { ports: { watch: clock, terminal } });
    machine.start();
    const { kind } = simulate({ machines: { machine }, seed: 1, idle: () => clock.advanceToNext() });
    expect([kind, terminal.text]).toEqual(['ended', '17:22:34\n17:22:35\n']);
  });

  it('a handler of news that the machine had is there again afterwards', () => {
    const machine = new Machine(ECHO);
    const handler = (): void => {};
    machine.onNews = handler;
    machine.start();
    simulate({ machines: { machine }, seed: 1 });
    expect(machine.onNews).toBe(handler);
  });
});

describe('SplitMix64', () => {
  // From the reference implementation by Sebastiano Vigna (2015) with seed 1234567.
  it('gives the published numbers', () => {
    const random = new SplitMix64(1234567n);
    expect(Array.from({ length: 5 }, () => random.next())).toEqual([
      6457827717110365317n,
      3203168211198807973n,
      9817491932198370423n,
      4593380528125082431n,
      16408922859458223821n,
    ]);
  });
  it('stays below', () => {
    const random = new SplitMix64(1n);
    const counts = [0, 0, 0];
    for (let turn = 0; turn < 3000; turn++) (counts[random.below(3)] as number)++;
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(3000);
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
    expect(random.below(1)).toBe(0);
    expect(random.below(2 ** 53)).toBeLessThan(2 ** 53);
  });
});
