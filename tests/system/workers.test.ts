/** Systems on threads: the threads run the built package, so this needs `npm run build`, which `npm test` does. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { assemble } from '../../assembler/index.js';
import { TerminalMock } from '../../devices/index.js';
import { LIBRARY } from '../../stdlib/index.js';
import type { Topology, TopologyProgram, TopologyPu } from '../../system/index.js';
import { type PuEnd, WorkersRun, type WorkersOptions } from '../../system/node/index.js';
import { type Client, type Device, type VerifiedProgram, verify } from '../../vm/index.js';

function program(name: string, text: string): TopologyProgram {
  const { binary, diagnostics } = assemble('main.pbs', { read: (file) => (file === 'main.pbs' ? text : undefined), library: LIBRARY });
  if (binary === undefined) throw new Error(JSON.stringify(diagnostics, undefined, 1));
  return { name, binary, program: (verify(binary) as { program: VerifiedProgram }).program, sha256: '' };
}
const example = (name: string): TopologyProgram => program(name, readFileSync(new URL(`../../examples/${name}.pbs`, import.meta.url), 'utf8'));

const pu = (name: string, runs: string, more: Partial<TopologyPu> = {}): TopologyPu => ({
  name,
  computer: 'main',
  program: runs,
  memoryBytes: 65536,
  frameBytesMax: 2 ** 16,
  fuelPerSecond: 1e9,
  starts: true,
  arguments: [],
  ...more,
});
const link = (client: Topology['links'][number]['client'], server: Topology['links'][number]['server']): Topology['links'][number] => ({
  client,
  server,
  protocol: 'pu',
  isLossy: false,
});
const system = (programs: readonly TopologyProgram[], pus: readonly TopologyPu[], links: Topology['links']): Topology => ({
  programs,
  computers: [],
  pus,
  devices: [],
  links,
});

const [ECHO, HELLO] = [example('echo-upper'), example('hello-client')];
const SPIN = program('spin', 'func main() { loop { } }');
const TRAP = program('trap', 'func main() { trap overflow }');

/** Runs a system to its end. */
async function run(topology: Topology, options: WorkersOptions): Promise<readonly PuEnd[]> {
  const running = new WorkersRun(topology, options);
  try {
    return await running.ended;
  } finally {
    await running.close();
  }
}

describe.each([true, false])('with shared memory: %s', (sharedMemory) => {
  it('a client and a server do what they do in the simulation, and the end is found though the server waits for ever', async () => {
    const terminals = [new TerminalMock(), new TerminalMock()];
    const clients = terminals.map((_, index) => pu(`client${index}`, 'hello-client'));
    const links = clients.flatMap(({ name }, index) => [
      link({ pu: name, port: 'server' }, { pu: 'server', port: 'client' }),
      link({ pu: name, port: 'terminal' }, { device: `terminal${index}` }),
    ]);
    const topology = system([ECHO, HELLO], [pu('server', 'echo-upper'), ...clients], links);
    const ends = await run(topology, { sharedMemory, devices: Object.fromEntries(terminals.map((terminal, index) => [`terminal${index}`, terminal])) });
    expect(terminals.map(({ text }) => text)).toEqual(['HELLO, WORLD!\n', 'HELLO, WORLD!\n']);
    expect(ends.map(({ outcome }) => outcome)).toEqual([
      { kind: 'returned', values: [0] },
      { kind: 'returned', values: [0] },
    ]);
  });

  it('a program that computes for ever and one that traps harm nobody, and both can be ended', async () => {
    const terminal = new TerminalMock();
    const topology = system(
      [ECHO, HELLO, SPIN, TRAP],
      [pu('server', 'echo-upper'), pu('client', 'hello-client'), pu('spin', 'spin'), pu('trap', 'trap')],
      [link({ pu: 'client', port: 'server' }, { pu: 'server', port: 'client' }), link({ pu: 'client', port: 'terminal' }, { device: 'terminal' })],
    );
    const ends: PuEnd[] = [];
    let both: () => void = () => undefined;
    const seen = new Promise<void>((resolve) => {
      both = resolve;
    });
    const onEnd = (end: PuEnd): void => void (ends.push(end) === 2 && both());
    const running = new WorkersRun(topology, { sharedMemory, devices: { terminal }, onEnd });
    await seen;
    const status = await running.status();
    await running.close();
    expect(terminal.text).toBe('HELLO, WORLD!\n');
    expect(Object.fromEntries(ends.map((end) => [end.pu, end.outcome.kind]))).toEqual({ client: 'returned', trap: 'trapped' });
    expect(status.map(({ pu: name, state }) => [name, state])).toEqual([
      ['server', 'waiting'],
      ['client', 'returned'],
      ['spin', 'computing'],
      ['trap', 'trapped'],
    ]);
    expect(status[2]?.fuelUsed).toBeGreaterThan(0);
  });

  it('a device that is a client opens sessions at a program', async () => {
    const answers: string[] = [];
    const topology = system([ECHO], [pu('server', 'echo-upper')], [link({ device: 'net' }, { pu: 'server', port: 'client' })]);
    let done: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => {
      done = resolve;
    });
    const net = (server: Device): (() => void) => {
      const sessions = ['one', 'two'].map((text, index) => {
        const client: Client = {
          complete: ({ status, bytes }) => {
            answers[index] = `${status} ${new TextDecoder().decode(bytes)}`;
            if (answers.filter((answer) => answer !== undefined).length === 2) done();
          },
          reset: () => undefined,
        };
        const session = server.open(client);
        session.send({ operation: 1, tag: 1, bytes: new TextEncoder().encode(text), replyBytes: 100, argument: 0n });
        return session;
      });
      return () => {
        for (const session of sessions) session.close();
      };
    };
    const running = new WorkersRun(topology, { sharedMemory, clients: { net } });
    await finished;
    await running.close();
    expect(answers).toEqual(['0 ONE', '0 TWO']);
  });

  it('when the server ends, its client hears of it', async () => {
    const server = program(
      'quitter',
      'use "port"\nport client: pu server\ndata b: [64]\nfunc main() {\n call port.offer(client, b, 64) -> _\n call port.offer(client, b, 64) -> _\n call port.take(client) -> _, _, _, _, _, _, _\n call port.take(client) -> _, _, _, _, _, _, _\n}',
    );
    const client = program(
      'asker',
      'use "port"\nport server: pu client\nfunc main() -> i32 {\n local s: i32\n call port.ask(server, 1, 4096, 4, 0, 0, 0) -> s, _, _\n ret s\n}',
    );
    const topology = system(
      [server, client],
      [pu('server', 'quitter'), pu('client', 'asker')],
      [link({ pu: 'client', port: 'server' }, { pu: 'server', port: 'client' })],
    );
    const ends = await run(topology, { sharedMemory });
    expect(Object.fromEntries(ends.map((end) => [end.pu, end.outcome]))).toEqual({
      server: { kind: 'returned', values: [] },
      client: { kind: 'returned', values: [3] },
    });
  });
});

it('refuses a topology whose devices have no drivers, and starts no thread', () => {
  const topology = system([HELLO, ECHO], [pu('client', 'hello-client')], [link({ pu: 'client', port: 'terminal' }, { device: 'terminal' })]);
  expect(() => new WorkersRun(topology, {})).toThrow('devices: none for terminal');
});

it('a PU that cannot be given its memory ends as failed, by name', async () => {
  const ends = await run(system([TRAP], [pu('big', 'trap', { memoryBytes: 65537 })], []), {});
  expect(ends).toEqual([{ pu: 'big', outcome: { kind: 'failed', message: expect.stringContaining('memoryBytes: 65537') }, fuelUsed: 0 }]);
});
