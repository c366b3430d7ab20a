/** Recordings: every PU of a system again, alone, on another engine; and files that are none. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { createJit } from '../../jit/index.js';
import { readRecording, Recorder, type Recording, Replay, Simulation } from '../../system/index.js';
import { type Engine, INTERPRETER, REFERENCE } from '../../vm/index.js';
import { ECHO } from './echo.js';
import { deploymentOf, type SmallSystem } from './systems.js';

const example = (name: string): string => readFileSync(new URL(`../../examples/${name}.pbs`, import.meta.url), 'utf8');

/** Three clients in upper case, one server that crashes now and then, a PU that computes until it is stopped by the end, and one that traps. */
const BUSY: SmallSystem = {
  programs: {
    server: example('echo-upper'),
    client: example('hello-client'),
    spin: 'export data count: i64 = 0\nfunc main() {\n local n: i64\n loop {\n add n, n, 1\n store [count], n\n }\n}',
    bad: 'func main() {\n trap divide_by_zero\n}',
  },
  pus: {
    server: { program: 'server' },
    one: { program: 'client' },
    two: { program: 'client' },
    three: { program: 'client' },
    // One stride of 65,536 units is more than all of the time.
    spin: { program: 'spin', fuelPerSecond: 1e6 },
    bad: { program: 'bad' },
  },
  devices: { terminal: { protocol: 'pu' } },
  links: ['one', 'two', 'three'].flatMap((name) => [`${name}.server -> server.client`, `${name}.terminal -> terminal`]),
  faults: [
    ...['one', 'two', 'three'].map((name) => ({
      target: { kind: 'link' as const, name: `${name}.server` },
      kind: 'delay',
      settings: { by: { least: 0, most: 1_000_000 } },
    })),
    { target: { kind: 'pu', name: 'server' }, kind: 'crash', settings: { every: { least: 300_000, most: 600_000 }, for: 1000 } },
  ],
  expectations: [{ target: { kind: 'pu', name: 'bad' }, kind: 'trapped', settings: {} }],
  untilNs: 3_000_000n,
};

function record(system: SmallSystem, engine: Engine = INTERPRETER, seed = 1): { readonly file: Uint8Array; readonly simulation: Simulation } {
  const deployment = deploymentOf(system);
  const recorder = new Recorder('a test', deployment.topology);
  const simulation = new Simulation(deployment, { seed, engine, onBoot: (pu, machine, gate) => recorder.watch(pu, machine, gate) });
  expect(simulation.run().violations).toEqual([]);
  return { file: recorder.finish(), simulation };
}
function recordingOf(file: Uint8Array): Recording {
  const found = readRecording(file);
  if ('rejection' in found) throw new Error(JSON.stringify(found.rejection));
  return found.recording;
}
const programs = new Map(deploymentOf(BUSY).topology.programs.map(({ name, program }) => [name, program]));
const replayOf = (life: Recording['lives'][number], engine?: Engine): Replay => new Replay(life, programs.get(life.program) as never, engine);

describe('a recording', () => {
  const { file, simulation } = record(BUSY);
  const { title, lives } = recordingOf(file);

  it('has each life of each PU', () => {
    expect(title).toBe('a test');
    const count = (pu: string): number => lives.filter((life) => life.pu === pu).length;
    expect(['one', 'two', 'three', 'spin', 'bad'].map(count)).toEqual([1, 1, 1, 1, 1]);
    expect(count('server')).toBe(simulation.player('server') === undefined ? 0 : lives.length - 5);
    expect(count('server')).toBeGreaterThan(3);
    expect(lives.find(({ pu }) => pu === 'spin')?.end.kind).toBe('suspended');
    expect(lives.find(({ pu }) => pu === 'bad')?.end).toMatchObject({ kind: 'trapped', fuelUsed: 0, looks: 0 });
    // A client looks for an answer twice (it is told that the server has it, or that it restarted), and for its line to be written.
    expect(lives.find(({ pu }) => pu === 'one')?.end.kind).toBe('returned');
  });

  it('is lived again to the same state, on every engine', () => {
    for (const engine of [INTERPRETER, REFERENCE, createJit({ compile: 'all' })]) {
      for (const life of lives) expect([life.pu, replayOf(life, engine).run()]).toEqual([life.pu, { kind: 'ended', end: life.end }]);
    }
  });

  it('is the same whatever engine was recorded', () => {
    expect(record(BUSY, createJit({ compile: 'all' })).file).toEqual(file);
  });

  it('ends in the state that the PU had, to the last byte of its memory', () => {
    const life = lives.find(({ pu }) => pu === 'spin') as Recording['lives'][number];
    const replay = replayOf(life);
    replay.run();
    expect(replay.machine.snapshot()).toEqual(simulation.player('spin').machine?.snapshot());
  });

  it('can be followed by fuel and by single instructions', () => {
    const life = lives.find(({ pu }) => pu === 'one') as Recording['lives'][number];
    const replay = replayOf(life);
    expect(replay.run(2)).toEqual({ kind: 'running' });
    expect(replay.machine.fuelUsed).toBe(2);
    expect(replay.place?.position?.line).toBeGreaterThan(0);
    const before = replay.place;
    replay.step();
    expect(replay.place).not.toEqual(before);
    let steps = 0;
    while (replay.step().kind === 'running') steps++;
    expect(replay.state).toEqual({ kind: 'ended', end: life.end });
    expect(steps).toBeGreaterThan(20);
  });

  it('of another program is found out', () => {
    const life = lives.find(({ pu }) => pu === 'one') as Recording['lives'][number];
    expect(new Replay(life, programs.get('server') as never).run()).toMatchObject({ kind: 'differs' });
    const late = { ...life, batches: life.batches.map((batch) => ({ ...batch, fuelUsed: batch.fuelUsed + 1 })) };
    expect(replayOf(late).run()).toMatchObject({ kind: 'differs', message: expect.stringMatching(/^look \d+ came with \d+ units/) });
    expect(replayOf({ ...life, batches: [] }).run()).toMatchObject({ kind: 'differs' });
    const stranger = life.batches.map((batch) => ({ ...batch, arrivals: [{ kind: 'close' as const, port: 0, session: 9 }] }));
    expect(replayOf({ ...life, batches: stranger }).run()).toMatchObject({ kind: 'differs', message: 'port 0 is no server port' });
  });
});

describe('the file', () => {
  const { file } = record(ECHO);
  const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

  it('begins as documented', () => {
    // "PBSR", version 1, a title of 6 bytes, 2 programs.
    expect([...file.subarray(0, 16)]).toEqual([0x50, 0x42, 0x53, 0x52, 1, 0, 0, 0, 6, ...new TextEncoder().encode('a test'), 2]);
  });
  it('that is none is refused with a reason', () => {
    const refused = (found: Uint8Array): string => {
      const read = readRecording(found);
      return 'rejection' in read ? read.rejection.rule : 'accepted';
    };
    expect(refused(bytes())).toBe('recording_truncated');
    expect(refused(bytes(1, 2, 3, 4, 1, 0, 0, 0))).toBe('recording_magic');
    expect(refused(bytes(0x50, 0x42, 0x53, 0x52, 2, 0, 0, 0))).toBe('recording_version');
    expect(refused(bytes(...file, 0))).toBe('recording_length');
    expect(refused(bytes(0x50, 0x42, 0x53, 0x52, 1, 0, 0, 0, 1, 0xff, 0, 0))).toBe('recording_text');
    expect(refused(bytes(0x50, 0x42, 0x53, 0x52, 1, 0, 0, 0, 0x81, 0))).toBe('recording_number');
    for (let length = 0; length < file.length; length++) expect(refused(file.subarray(0, length))).not.toBe('accepted');
  });
  it('with any bit changed is refused, differs, or says the same of another name', () => {
    const names = new Map(deploymentOf(ECHO).topology.programs.map(({ name, program }) => [name, program]));
    // A third of the bits of the last life, fewer of the rest, which is binaries for the most part.
    for (let bit = 0; bit < 8 * file.length; bit += bit < 8 * (file.length - 60) ? 499 : 3) {
      const changed = file.slice();
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      const found = readRecording(changed);
      if ('rejection' in found) continue;
      for (const life of found.recording.lives) {
        const program = names.get(life.program);
        if (program === undefined || life.memoryBytes > 2 ** 20) continue;
        try {
          new Replay(life, program).run(10_000);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }
    }
  });
});
