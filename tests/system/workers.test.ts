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
    // What the client's end brings to the server takes its time, and so does the first slice of the one that spins.
    let status = await running.status();
    while (status[0]?.state === 'computing' || status[2]?.fuelUsed === 0) status = await running.status();
    await running.close();
    expect(terminal.text).toBe('HELLO, WORLD!\n');
    expect(Object.fromEntries(ends.map((end) => [end.pu, end.outcome.kind]))).toEqual({ client: 'returned', trap: 'trapped' });
    expect(status.map(({ pu: name, state }) => [name, state])).toEqual([
      ['server', 'waiting'],
      ['client', 'returned'],
      ['spin', 'computing'],
      ['trap', 'trapped'],
    ]);
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

const PUC = { name: 'control', computer: 'main', protocol: 'puc', settings: { slots: 1, programs: ['once', 'spin'] } } as const;
// Each line tells a condition: 0 empty, 1 stopped, 2 computing, 4 returned, 5 exception, and the detail behind the state.
const SUPERVISOR = `use "puc"
use "port"
port control: puc client
port terminal: pu client
data out: [64]
func report(at: i32, state: i32) {
    add state, state, '0'
    store8 [at], state
}
func main() {
    local state, detail, status: i32
    call puc.state(control, 0) -> state, detail, _
    call report(out, state)
    call puc.ended(control, 0) -> state, detail, _
    call report(out + 1, state)
    call report(out + 2, detail)
    call puc.set(control, 0, 1) -> status
    call report(out + 3, status)
    call puc.state(control, 0) -> state, detail, _
    call report(out + 4, state)
    call puc.start(control, 0) -> status
    call puc.state(control, 0) -> state, detail, _
    call report(out + 5, state)
    call puc.stop(control, 0) -> status
    call puc.state(control, 0) -> state, detail, _
    call report(out + 6, state)
    call port.ask(terminal, 1, out, 7, 0, 0, 0) -> _, _, _
}`;

describe('controllers of PUs', () => {
  it('a supervisor sees its programs end, puts others on, starts and stops them', async () => {
    const terminal = new TerminalMock();
    const once = program('once', 'func main() -> i32 {\n ret 7\n}');
    const topology: Topology = {
      ...system(
        [program('supervisor', SUPERVISOR), once, SPIN],
        [pu('supervisor', 'supervisor'), pu('once', 'once'), pu('spin', 'spin', { starts: false })],
        [
          { ...link({ pu: 'supervisor', port: 'control' }, { device: 'control' }), protocol: 'puc' },
          link({ pu: 'supervisor', port: 'terminal' }, { device: 'terminal' }),
        ],
      ),
      devices: [PUC],
    };
    const ends = await run(topology, { devices: { terminal } });
    // What it sees first depends on how far the other thread is; it returns 7, then the other program is put on: stopped, computing, stopped.
    expect(terminal.text).toMatch(/^[24]470121$/);
    expect(Object.fromEntries(ends.map((end) => [end.pu, end.outcome.kind]))).toEqual({ once: 'returned', supervisor: 'returned' });
  });

  it('a PU with a rule for it is restarted as often as the rule says', async () => {
    const ends: PuEnd[] = [];
    const topology = system([TRAP], [pu('trap', 'trap', { restart: { most: 2, withinNs: 60e9 } })], []);
    await run(topology, { onEnd: (end) => void ends.push(end) });
    expect(ends.map(({ outcome }) => outcome.kind)).toEqual(['trapped', 'trapped', 'trapped']);
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
