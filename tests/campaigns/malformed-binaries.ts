/**
 * Malformed binaries: bytes that are no program, or nearly one, or one that nobody meant; and the same for snapshots.
 *
 * Reading and verifying must end in a named rejection or in a program; what is accepted is encoded to the same bytes again and
 * runs on every engine inside its limits, with the same outcome. A broken snapshot is refused by name and leaves the machine as it
 * was, or is accepted, and then both engines go on alike. No exception, no hang (a thread looks on), no memory beyond bounds.
 */
import { writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { decodeProgram, encodeProgram, SECTIONS, type Rejection, type ValueType } from '../../isa-spec/index.js';
import { INTERPRETER, Machine, REFERENCE, verify, type Engine, type VerifiedProgram } from '../../vm/index.js';
import { readCommand, runCases } from './command.js';
import { corpus } from './corpus.js';
import { build } from './draft.js';
import { generate } from './generate.js';
import { wire } from './mock-ports.js';
import { bitFlips, extremeFields, mixSections, scatter, sectionRange, truncations, type Cases } from './mutate-bytes.js';
import { Random } from './random.js';

declare const CAMPAIGN_ROOT: string;

const FUEL = 200;
const FRAME_BYTES = 1 << 16;
/** A program that asks for more memory than this is verified but not run. */
const RUN_PAGES_MAX = 16;
/** Messages in flight beyond this are the embedder's to refuse. */
const IN_FLIGHT_BYTES_MAX = 2 ** 28;
const CASE_SECONDS_MAX = 10;
/** The arenas that all machines of a process share, and room for what a collector has not yet taken. */
const RESIDENT_BYTES_MAX = 1.2e9;
/** Samples that are taken apart bit by bit, and samples of which every truncation is tried. */
const WHOLE_SAMPLES = 9;
const TRUNCATED_BYTES_MAX = 3000;

const campaign = readCommand('malformed-binaries', 200_000);
const samples = corpus(CAMPAIGN_ROOT, campaign.seed).map(({ bytes }) => bytes);
const systematic: readonly Cases[] = [
  ...samples.slice(0, WHOLE_SAMPLES).flatMap((bytes) => [bitFlips(bytes), extremeFields(bytes)]),
  ...samples.filter(({ length }) => length <= TRUNCATED_BYTES_MAX).map(truncations),
];
const counts = new Map<string, number>();
const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);

/** What the code under test did wrong, in words. */
class Failure extends Error {}

/** The number of the case in progress, where the thread that looks on can see it. */
const progress = new Int32Array(new SharedArrayBuffer(4));

function lookOn(): Worker {
  const source = `
    const { workerData } = require('node:worker_threads');
    const { writeSync } = require('node:fs');
    let last = -1, since = Date.now();
    setInterval(() => {
      const now = Atomics.load(workerData.progress, 0);
      if (now !== last) { last = now; since = Date.now(); return; }
      if (Date.now() - since < workerData.seconds * 1000) return;
      writeSync(1, 'HANG in case ' + now + ' of seed ' + workerData.seed + '\\n');
      process.kill(process.pid, 'SIGKILL');
    }, 500);`;
  return new Worker(source, { eval: true, workerData: { progress, seconds: CASE_SECONDS_MAX, seed: campaign.seed } });
}

function noteRejection({ rule, section, offset, message }: Rejection): void {
  if (!/^[a-z0-9_]+$/.test(rule) || section === undefined || !(offset >= 0) || message.length < 8) {
    throw new Failure(`a rejection without a proper name: ${JSON.stringify({ rule, section, offset, message })}`);
  }
  count(`refused ${section} ${rule}`);
}

function machineFor(program: VerifiedProgram, engine: Engine, seed: number): Machine {
  const wiring = wire(program.program.ports, seed);
  const machine = new Machine(program, { engine, frameBytesMax: FRAME_BYTES, ports: wiring.devices });
  wiring.attach(machine);
  return machine;
}

/** A state as text: what two machines in the same state have in common. */
function show(machine: Machine, outcome: unknown): string {
  const sum = new Int32Array(machine.memory.buffer).reduce((hash, word) => (Math.imul(hash, 31) + word) | 0, 0);
  const plain = (_: string, value: unknown): unknown => {
    if (typeof value === 'bigint') return `${value}n`;
    return typeof value === 'number' && (Object.is(value, -0) || !Number.isFinite(value)) ? `${Object.is(value, -0) ? '-' : ''}${value}` : value;
  };
  return JSON.stringify([outcome, machine.fuelUsed, sum], plain);
}

function runOn(program: VerifiedProgram, engine: Engine, name: string, parameters: readonly ValueType[], seed: number): string {
  const machine = machineFor(program, engine, seed);
  machine.start(
    name,
    parameters.map((type) => (type === 'i64' ? 1n : 1)),
  );
  return show(machine, machine.run(FUEL));
}

function judgeBinary(bytes: Uint8Array, seed: number): void {
  const before = Buffer.from(bytes);
  const decoded = decodeProgram(bytes);
  const verified = verify(bytes);
  if (!before.equals(bytes)) throw new Failure('reading changed the bytes');
  if ('rejection' in decoded) {
    if (!('rejection' in verified)) throw new Failure('verify accepted what decodeProgram refused');
    return noteRejection(decoded.rejection);
  }
  if (!before.equals(encodeProgram(decoded.program))) throw new Failure('accepted bytes are not those to which the program is encoded');
  if ('rejection' in verified) return noteRejection(verified.rejection);
  count('accepted');
  const { program } = verified;
  const { memory, ports, exports } = program.program;
  const inFlight = ports.reduce((sum, { side, depth, messageBytes }) => sum + (side === 'client' ? depth * messageBytes : 0), 0);
  if (memory.pagesMin > RUN_PAGES_MAX || inFlight > IN_FLIGHT_BYTES_MAX) return count('accepted, larger than the campaign runs');
  for (const { name, function: index } of exports.slice(0, 2)) {
    const { parameters } = program.signatureOf(index);
    const [wanted, found] = [runOn(program, REFERENCE, name, parameters, seed), runOn(program, INTERPRETER, name, parameters, seed)];
    if (wanted !== found) throw new Failure(`engines differ on ${name}: reference ${wanted}, interpreter ${found}`);
    count('accepted and run');
  }
}

/** A program with one thing wrong that its shape does not show: words, counts and indexes of the code and its tables. */
function breakMeaning(random: Random, bytes: Uint8Array): Uint8Array {
  const id = random.weighted([
    [6, SECTIONS.code],
    [1, SECTIONS.functions],
    [1, SECTIONS.ports],
    [1, SECTIONS.memory],
    [1, SECTIONS.data],
    [1, SECTIONS.table],
    [1, SECTIONS.exports],
  ] as const);
  const range = sectionRange(bytes, id);
  return range === undefined ? scatter(random, bytes) : scatter(random, bytes, ...range, false);
}

function judgeSnapshot(random: Random, index: number): void {
  const draft = generate(random, { portShare: 0.2 });
  const verified = verify(build(draft).program);
  if ('rejection' in verified) throw new Failure('a generated program was refused');
  const { program } = verified;
  const running = machineFor(program, REFERENCE, index);
  running.start('main', draft.values);
  running.run(random.below(draft.fuel + 1));
  const snapshot = running.snapshot();
  const view = new DataView(snapshot.buffer);
  const [frameBytes, portBytes] = [view.getUint32(52, true), view.getUint32(60, true)];
  const broken = random.weighted([
    [2, () => scatter(random, snapshot, 0, 64, false)],
    [5, () => scatter(random, snapshot, 64, 64 + frameBytes, false)],
    [2, () => (portBytes < 4 ? scatter(random, snapshot, 0, 64 + frameBytes) : scatter(random, snapshot, snapshot.length - portBytes))],
    [1, () => snapshot.slice(0, random.below(snapshot.length))],
    [1, () => snapshot],
  ])();
  const after = [REFERENCE, INTERPRETER].map((engine) => {
    const machine = machineFor(program, engine, index);
    const before = Buffer.from(machine.snapshot());
    const rejection = machine.restore(broken);
    if (rejection !== undefined) {
      if (!/^snapshot_[a-z_]+$/.test(rejection.rule) || rejection.message.length < 8)
        throw new Failure(`a rejection without a proper name: ${JSON.stringify(rejection)}`);
      if (!before.equals(machine.snapshot())) throw new Failure(`a refused snapshot (${rejection.rule}) changed the machine`);
      count(`refused ${rejection.rule}`);
      return rejection.rule;
    }
    count('accepted snapshot');
    if (draft.ports.length === 0 && !Buffer.from(broken).equals(machine.snapshot())) throw new Failure('an accepted snapshot is not what the machine writes');
    return machine.progress === 'suspended' ? show(machine, machine.run(FUEL)) : machine.progress;
  });
  if (after[0] !== after[1]) throw new Failure(`engines differ after a restore: reference ${after[0]}, interpreter ${after[1]}`);
}

function makeCase(index: number): Uint8Array | undefined {
  let at = index;
  for (const cases of systematic) {
    if (at < cases.count) return cases.make(at);
    at -= cases.count;
  }
  const random = new Random(campaign.seed, index);
  const bytes = random.pick(samples);
  return random.weighted<() => Uint8Array | undefined>([
    [2, () => mixSections(random, bytes, random.pick(samples))],
    [3, () => scatter(random, bytes)],
    [4, () => breakMeaning(random, bytes)],
    [0.2, () => random.bytes(random.below(200))],
    [1, () => undefined],
  ])();
}

const watcher = lookOn();
let failures = 0;
let residentMax = 0;
const start = performance.now();
const done = runCases(campaign, (index) => {
  Atomics.store(progress, 0, index);
  const bytes = makeCase(index);
  try {
    if (bytes === undefined) judgeSnapshot(new Random(campaign.seed ^ 0x2545f491, index), index);
    else judgeBinary(bytes, index);
    if (index % 64 === 0) residentMax = Math.max(residentMax, process.memoryUsage.rss());
    if (residentMax > RESIDENT_BYTES_MAX) throw new Failure(`${residentMax} bytes of memory are resident`);
  } catch (error) {
    failures++;
    writeSync(1, `\nFAILURE in case ${index}: ${error instanceof Failure ? error.message : (error as Error).stack}\n`);
    writeSync(
      1,
      `${bytes === undefined ? '' : `bytes ${Buffer.from(bytes).toString('hex').slice(0, 4000)}\n`}again: node tests/campaigns/run.mjs malformed-binaries --seed ${campaign.seed} --first ${index} --count 1\n`,
    );
  }
  return failures < 5;
});
await watcher.terminate();
for (const [what, times] of [...counts].sort()) process.stdout.write(`  ${String(times).padStart(7)} ${what}\n`);
const seconds = (performance.now() - start) / 1000;
process.stdout.write(
  `${done} cases, ${failures} failures, ${seconds.toFixed(1)} s, ${Math.round(residentMax / 1e6)} MB resident at most; seed ${campaign.seed}\n`,
);
process.exitCode = failures === 0 ? 0 : 1;
