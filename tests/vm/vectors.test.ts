/** Every conformance vector on every engine, through the public machine. */
import { crc32 } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { Value, ValueType } from '../../isa-spec/index.js';
import type { Case, Run, VectorValue } from '../../isa-spec/vectors/notation.js';
import { createJit } from '../../jit/index.js';
import { type Device, INTERPRETER, Machine, REFERENCE, type Engine, type VerifiedProgram, verify } from '../../vm/index.js';
import { VECTOR_FILES } from '../isa/vector-files.js';

/** The language does not say which bits a NaN has that leaves it: it stands for the canonical one. */
const CANONICAL_NAN = '0x7ff8000000000000';
const doubles = new DataView(new ArrayBuffer(8));
function parseValue(value: VectorValue): Value {
  if (typeof value === 'number') return value;
  if (!value.startsWith('0x')) return BigInt(value);
  doubles.setBigUint64(0, BigInt(value));
  return doubles.getFloat64(0);
}
function textOf(value: Value, type: ValueType): VectorValue {
  if (type === 'i32') return value as number;
  if (type === 'i64') return String(value);
  if (Number.isNaN(value)) return CANONICAL_NAN;
  doubles.setFloat64(0, value as number);
  return `0x${doubles.getBigUint64(0).toString(16).padStart(16, '0')}`;
}
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The devices that the vectors name. */
const ECHO: Device = {
  open: (client) => ({
    send: ({ tag, bytes, argument }) => client.complete({ tag, status: 0, bytes, argument: BigInt.asUintN(64, argument + 1n) }),
    cancel: () => {},
    close: () => {},
  }),
};
const SILENT: Device = { open: () => ({ send: () => {}, cancel: () => {}, close: () => {} }) };
const wiring = ({ program: { ports } }: VerifiedProgram): Record<string, Device> =>
  Object.fromEntries(ports.filter(({ side }) => side === 'client').map(({ name }) => [name, name.startsWith('echo') ? ECHO : SILENT]));

const machines = new WeakMap<VerifiedProgram, Map<string, Machine>>();
/** Machines are used again: a run must not depend on those before. */
function machineFor(program: VerifiedProgram, engine: Engine, { pages, frameLimit }: Run): Machine {
  const made = machines.get(program) ?? new Map<string, Machine>();
  machines.set(program, made);
  const key = `${engine.name} ${pages} ${frameLimit}`;
  const machine =
    made.get(key) ??
    new Machine(program, {
      engine,
      ports: wiring(program),
      ...(pages === undefined ? {} : { memoryBytes: pages * 65536 }),
      ...(frameLimit === undefined ? {} : { frameBytesMax: frameLimit }),
    });
  made.set(key, machine);
  machine.reset();
  return machine;
}

/** What came of a run, with the properties that the run states. */
function perform({ program, binary }: Tested, { entry }: Case, run: Run, engine: Engine): Run {
  const machine = machineFor(program, engine, run);
  for (const { address, bytes } of run.before ?? []) machine.memory.set(Buffer.from(bytes, 'hex'), address);
  machine.start(entry, run.in.map(parseValue));
  const grants = run.grants ?? [Infinity];
  let outcome = machine.run(grants[0]);
  for (const grant of grants.slice(1)) {
    if (outcome.kind !== 'out_of_fuel') throw new Error(`${outcome.kind} before the last grant`);
    outcome = machine.run(grant);
  }
  const { exports } = program.program;
  const index = exports.find(({ name }) => name === entry)?.function as number;
  const { results } = program.signatureOf(index);
  const snapshot = run.debt === undefined && run.frames === undefined ? undefined : machine.snapshot();
  const view = snapshot && new DataView(snapshot.buffer, snapshot.byteOffset);
  if (view) expect([view.getUint32(8, true), view.getUint32(12, true)]).toEqual([crc32(binary), binary.length]);
  return {
    in: run.in,
    ...(run.grants && { grants: run.grants }),
    ...(run.pages !== undefined && { pages: run.pages }),
    ...(run.frameLimit !== undefined && { frameLimit: run.frameLimit }),
    ...(run.before && { before: run.before }),
    ...(outcome.kind === 'returned' && { out: outcome.values.map((value, at) => textOf(value, results[at] as ValueType)) }),
    ...(outcome.kind === 'trapped' && { trap: outcome.trap }),
    ...(outcome.kind === 'trapped' && run.function !== undefined && { function: exports.find((found) => found.function === outcome.function)?.name ?? '' }),
    ...(outcome.kind === 'out_of_fuel' && { suspended: 'fuel' as const }),
    ...(outcome.kind === 'waiting' && { suspended: 'waiting' as const }),
    ...(run.fuel !== undefined && { fuel: machine.fuelUsed }),
    ...(run.debt !== undefined && view && { debt: Number(view.getBigUint64(32, true)) }),
    ...(run.frames !== undefined && snapshot && view && { frames: hex(snapshot.subarray(64, 64 + view.getUint32(52, true))) }),
    ...(run.after && { after: run.after.map(({ address, bytes }) => ({ address, bytes: hex(machine.memory.subarray(address, address + bytes.length / 2)) })) }),
  };
}

interface Tested {
  readonly program: VerifiedProgram;
  readonly binary: Uint8Array;
}

function verified(name: string, pbx: string): Tested {
  const binary = Buffer.from(pbx, 'base64');
  const found = verify(binary);
  if ('rejection' in found) throw new Error(`${name}: ${found.rejection.rule}: ${found.rejection.message}`);
  return { program: found.program, binary };
}

describe.each([...VECTOR_FILES])('%s', (_, file) => {
  const programs = new Map<string, Tested>();
  it('holds programs that verify', () => {
    for (const [name, { pbx }] of Object.entries(file.programs)) programs.set(name, verified(name, pbx));
    expect(programs.size).toBeGreaterThan(0);
  });

  it.each([REFERENCE, INTERPRETER, createJit({ compile: 'all' }), createJit({ sampleFuel: 1, samples: 1 })].map((engine) => [engine.name, engine] as const))(
    'on the %s',
    (_, engine) => {
      const wrong: unknown[] = [];
      for (const found of file.cases) {
        const tested = programs.get(found.program) as Tested;
        for (const run of found.runs) {
          const got = perform(tested, found, run, engine);
          if (!equal(got, run)) wrong.push({ case: found.name, wanted: run, got });
        }
      }
      expect(wrong.slice(0, 20)).toEqual([]);
    },
  );
});

/** Whether two runs say the same, whatever the order of their properties. */
function equal(left: Run, right: Run): boolean {
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]) as Set<keyof Run>;
  return [...keys].every((key) => JSON.stringify(left[key]) === JSON.stringify(right[key]));
}
