/**
 * Campaign: small systems under many seeds. Each case is one seed of one system: it must hold its expectations, be the same run on another
 * engine and in slices of another size, and every life of every PU must be lived again from the recording of it.
 *
 *     node tests/campaigns/run.mjs simulations --seed 1 --count 1000
 *     node tests/campaigns/run.mjs simulations --seed 1 --first 17 --count 1 --engine reference
 *
 * The last line has one hash of all traces: the same for the same seeds on every version of Node.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createJit } from '../../jit/index.js';
import { type Deployment, readRecording, Recorder, Replay, simulate, Simulation, type SimulationResult } from '../../system/index.js';
import { type Engine, INTERPRETER, REFERENCE } from '../../vm/index.js';
import { deploymentOf, type SmallSystem } from '../system/systems.js';
import { readCommand, runCases } from './command.js';

const example = (name: string): string => readFileSync(`examples/${name}.pbs`, 'utf8');
const delay = (link: string): NonNullable<SmallSystem['faults']>[number] => ({
  target: { kind: 'link', name: link },
  kind: 'delay',
  settings: { by: { least: 0, most: 2_000_000 } },
});

/** Clients that try again until they have an answer from a server that crashes. */
const RETRY = `
  use "port"
  port server: pu client { depth 4, message 64 }
  data text = "again"
  data answer: [64]
  func main() -> i32 {
    local status, tries, turns: i32
    loop {
      call port.ask(server, port.MESSAGE, text, len(text), answer, len(answer), 0) -> status, _, _
      add tries, tries, 1
      if eq status, port.OK {
        add turns, turns, 1
        load8u status, [answer]
        if neq status, 'A' { trap assertion_failed }
        if eq turns, 5 { ret 0 }
      } else if neq status, port.PEER_RESET {
        if neq status, port.DEVICE_FAILED { trap assertion_failed }
      }
      if eq tries, 1000 { ret 1 }
    }
  }`;
/** Looks without sleeping, so that its turns depend on virtual time alone. */
const POLLER = `
  use "port"
  port server: pu client { depth 4, message 64 }
  data text = "poll"
  data answer: [64]
  func main() -> i32 {
    local sent, turns, found, status: i32
    loop {
      call port.send(server, port.MESSAGE, 1, text, len(text), answer, len(answer), 0) -> sent
      loop {
        call port.ready(server) -> found
        if found { break }
        add turns, turns, 1
      }
      call port.receive(server) -> _, status, _, _
      if eq status, port.OK { ret turns }
      if eq turns, 1_000_000 { ret -1 }
    }
  }`;
/**
 * Numbers its entries, writes and flushes them; after a crash of the disk it must find every number that was flushed. A disk that restarts between
 * write and flush has lost the write, and tells it by nothing but the epoch.
 */
const JOURNAL = `
  use "disk"
  use "port"
  port medium: disk client { depth 2, message 4 KiB }
  data entry: [512]
  data found: [512]
  func main() -> i32 {
    local number, status, at, seen, epoch, now: i32
    loop {
      add number, number, 1
      store [entry], number
      load epoch, [medium + port.EPOCH]
      call disk.write_through(medium, number, entry, 512) -> status
      load now, [medium + port.EPOCH]
      if neq epoch, now {
        sub number, number, 1
      } else if eq status, port.OK {
        mov at, 1
        loop {
          if gt at, number { break }
          call disk.read(medium, at, found, 512) -> status
          if status { break }
          load seen, [found]
          if neq seen, at { trap assertion_failed }
          add at, at, 1
        }
      } else {
        if neq status, port.PEER_RESET { if neq status, port.DEVICE_FAILED { trap assertion_failed } }
        sub number, number, 1
      }
      if eq number, 12 { ret 0 }
    }
  }`;

const clients = ['one', 'two', 'three', 'four'];
const SYSTEMS: readonly SmallSystem[] = [
  {
    programs: { server: example('echo-upper'), retry: RETRY, poller: POLLER },
    pus: {
      server: { program: 'server' },
      ...Object.fromEntries(clients.map((name) => [name, { program: 'retry' }])),
      poller: { program: 'poller', fuelPerSecond: 1e7 },
    },
    links: [...clients, 'poller'].map((name) => `${name}.server -> server.client`),
    faults: [
      ...clients.map((name) => delay(`${name}.server`)),
      {
        target: { kind: 'pu', name: 'server' },
        kind: 'crash',
        settings: { every: { least: 1_000_000, most: 20_000_000 }, for: { least: 0, most: 1_000_000 } },
      },
    ],
    expectations: [
      ...clients.map((name) => ({ target: { kind: 'pu' as const, name }, kind: 'returned', settings: { value: 0 } })),
      { target: { kind: 'pu', name: 'poller' }, kind: 'returned', settings: {} },
    ],
    untilNs: 200_000_000n,
  },
  {
    programs: { journal: JOURNAL },
    pus: { writer: { program: 'journal' } },
    devices: { medium: { protocol: 'disk', settings: { entries: 64, size: 512 }, mock: 'memory' } },
    links: [{ link: 'writer.medium -> medium', protocol: 'disk' }],
    faults: [
      delay('writer.medium'),
      {
        target: { kind: 'device', name: 'medium' },
        kind: 'crash',
        settings: { every: { least: 5_000_000, most: 60_000_000 }, for: { least: 0, most: 1_000_000 } },
      },
    ],
    expectations: [{ target: { kind: 'pu', name: 'writer' }, kind: 'returned', settings: { value: 0 } }],
    untilNs: 10_000_000_000n,
  },
];
const DEPLOYMENTS: readonly Deployment[] = SYSTEMS.map(deploymentOf);

const campaign = readCommand('simulations', 1000);
const jit = createJit({ compile: 'all' });
const others: Engine[] = campaign.engine === 'reference' ? [REFERENCE] : campaign.engine === 'jit' ? [jit] : [jit, INTERPRETER];
const seen = ({ trace, kind, time, violations, faults, pus, messageCount }: SimulationResult): string =>
  JSON.stringify({ trace, kind, time, violations, faults, pus, messageCount }, (_, value) => (typeof value === 'bigint' ? `${value}` : value));

let failures = 0;
let milliseconds = 0;
let lives = 0;
const traces = new Set<string>();
const done = runCases(campaign, (index) => {
  const deployment = DEPLOYMENTS[index % DEPLOYMENTS.length] as Deployment;
  const seed = BigInt(campaign.seed) * 1_000_003n + BigInt(index);
  const began = performance.now();
  const first = simulate(deployment, { seed });
  milliseconds += performance.now() - began;
  traces.add(first.trace);
  const wrong = first.violations.map(({ kind, target, message }) => `${kind} ${target}: ${message}`);
  for (const engine of others) {
    const sliceFuel = 1 + ((Number(seed % 65_536n) * 7919) % 65_536);
    if (seen(simulate(deployment, { seed, engine, sliceFuel })) !== seen(first)) wrong.push(`another run on ${engine.name} in slices of ${sliceFuel}`);
  }
  const recorder = new Recorder('campaign', deployment.topology);
  const recorded = new Simulation(deployment, { seed, onBoot: (pu, machine, gate) => recorder.watch(pu, machine, gate) }).run();
  if (recorded.trace !== first.trace) wrong.push('recording changed the run');
  const read = readRecording(recorder.finish());
  if ('rejection' in read) wrong.push(read.rejection.message);
  else {
    for (const life of read.recording.lives) {
      lives++;
      const program = deployment.topology.programs.find(({ name }) => name === life.program)?.program;
      const state = new Replay(life, program as never, others[0]).run();
      if (state.kind !== 'ended') wrong.push(`a life of ${life.pu} went another way: ${state.kind === 'differs' ? state.message : ''}`);
    }
  }
  if (wrong.length > 0) {
    failures++;
    process.stdout.write(
      `case ${index}, seed ${seed}:\n  ${wrong.join('\n  ')}\n  node tests/campaigns/run.mjs simulations --seed ${campaign.seed} --first ${index} --count 1\n`,
    );
  }
  return failures < 10;
});
process.stdout.write(
  `${done} seeds, ${failures} failures; ${traces.size} different traces, all together ${createHash('sha256')
    .update([...traces].join())
    .digest('hex')
    .slice(0, 16)}, ${lives} lives replayed, ${(milliseconds / done).toFixed(2)} ms a simulation\n`,
);
process.exit(failures === 0 ? 0 : 1);
