/**
 * Campaign: recordings and snapshots of simulations with 1 to 16 changes anywhere, or cut off. Each must be refused by name, or replayed within its fuel to
 * an end or a difference; nothing else may be thrown, and nothing may hang.
 *
 *     node tests/campaigns/run.mjs malformed-recordings --seed 1 --count 100000
 */
import { readFileSync } from 'node:fs';
import { readRecording, readSnapshot, Recorder, Replay, Simulation, takeSnapshot } from '../../system/index.js';
import { type VerifiedProgram, verify } from '../../vm/index.js';
import { deploymentOf } from '../system/systems.js';
import { readCommand, runCases } from './command.js';
import { Random } from './random.js';

const FUEL = 5000;
const MEMORY_BYTES_MAX = 2 ** 20;

const example = (name: string): string => readFileSync(`examples/${name}.pbs`, 'utf8');
const deployment = deploymentOf({
  programs: { server: example('echo-upper'), client: example('hello-client') },
  pus: { server: { program: 'server' }, client: { program: 'client' } },
  devices: { terminal: { protocol: 'pu' } },
  links: ['client.server -> server.client', 'client.terminal -> terminal'],
  faults: [{ target: { kind: 'pu', name: 'server' }, kind: 'crash', settings: { at: 20, for: 10 } }],
});
const recorder = new Recorder('campaign', deployment.topology);
const simulation = new Simulation(deployment, { onBoot: (pu, machine, gate) => recorder.watch(pu, machine, gate) });
simulation.run();
const recording = recorder.finish();
const snapshot = takeSnapshot(simulation);
// What is not binary of a program is where changes mean something: from the last program's end on.
const lives = recording.length - 700;

const programs = new Map<string, VerifiedProgram | undefined>();
function verified(binary: Uint8Array): VerifiedProgram | undefined {
  const key = Buffer.from(binary).toString('latin1');
  if (!programs.has(key)) {
    if (programs.size > 100) programs.clear();
    const found = verify(binary);
    programs.set(key, 'program' in found ? found.program : undefined);
  }
  return programs.get(key);
}

const counts = { refused: 0, replayed: 0, impossible: 0, snapshots: 0 };
function judge(file: Uint8Array): void {
  const found = readRecording(file);
  if ('rejection' in found) {
    if (!/^recording_[a-z]+$/.test(found.rejection.rule)) throw new Error(`no rule: ${found.rejection.rule}`);
    counts.refused++;
    return;
  }
  for (const life of found.recording.lives) {
    const program = verified(found.recording.programs.get(life.program) as Uint8Array);
    if (program === undefined || life.memoryBytes > MEMORY_BYTES_MAX) continue;
    let replay: Replay;
    try {
      replay = new Replay(life, program);
    } catch (error) {
      if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
      counts.impossible++;
      continue;
    }
    replay.run(FUEL);
    counts.replayed++;
  }
}

const campaign = readCommand('malformed-recordings', 20_000);
let failures = 0;
const done = runCases(campaign, (index) => {
  const random = new Random(campaign.seed, index);
  const isSnapshot = random.below(8) === 0;
  const file = (isSnapshot ? snapshot : recording).slice(0, random.below(6) === 0 ? random.below(recording.length) : undefined);
  for (let left = 1 + random.below(random.below(16) + 1); left > 0 && file.length > 0; left--) {
    const from = isSnapshot || random.below(4) === 0 ? 0 : Math.min(lives, file.length - 1);
    const at = from + random.below(Math.min(file.length - from, isSnapshot ? 400 : file.length));
    file[at] = random.below(3) === 0 ? random.below(256) : (file[at] as number) ^ (1 << random.below(8));
  }
  try {
    if (!isSnapshot) judge(file);
    else if ('snapshot' in readSnapshot(file)) counts.snapshots++;
  } catch (error) {
    failures++;
    process.stdout.write(
      `case ${index}: ${(error as Error).stack}\n  node tests/campaigns/run.mjs malformed-recordings --seed ${campaign.seed} --first ${index} --count 1\n`,
    );
  }
  return failures < 5;
});
process.stdout.write(
  `${done} files, ${failures} failures; ${counts.refused} refused, ${counts.replayed} lives replayed, ${counts.impossible} not possible, ${counts.snapshots} snapshots read\n`,
);
process.exit(failures === 0 ? 0 : 1);
