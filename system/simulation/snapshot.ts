/**
 * Snapshots of whole simulations: where a run is, and the state of each PU.
 *
 * A run follows from its deployment and seed. So a snapshot does not hold queues, requests in flight and what mocks know: it says how many
 * steps were made, and restoring makes them again, on any engine, and proves that it came to the same place: the time, the trace and every
 * PU to the last byte. What restoring costs grows with the time simulated so far; the file stays as small as its PUs. A PU's part is a snapshot of
 * isa-spec/snapshot.md: it can be restored alone, on another host, and finds its requests reset there.
 */
import { type FileRejection, Reader, refusalOf, Writer } from '../bytes.js';
import type { Deployment } from '../topology.js';
import { Simulation, type SimulationOptions } from './simulation.js';

/** The bytes `PBSW`. */
const MAGIC = 0x57534250;
const VERSION = 1;
const NOTHING = new Uint8Array(0);

/** A snapshot as data. */
export interface SimulationSnapshot {
  /** Name of the deployment. */
  readonly deployment: string;
  readonly seed: bigint;
  /** Faults that were not to strike. */
  readonly suppressed: ReadonlySet<string>;
  /** SHA-256 of each program, by its name. */
  readonly programs: ReadonlyMap<string, string>;
  /** Steps that were made. */
  readonly steps: number;
  /** Nanoseconds since the beginning. */
  readonly time: number;
  /** The trace so far. */
  readonly trace: string;
  /** Snapshots of the PUs by name; undefined for one that is off. */
  readonly pus: ReadonlyMap<string, Uint8Array | undefined>;
}

/** Writes the snapshot of a simulation, which does not change. */
export function takeSnapshot(simulation: Simulation): Uint8Array {
  const { deployment, seed, suppressed, steps, time, trace } = simulation;
  const { programs, pus } = deployment.topology;
  const out = new Writer();
  out.head(MAGIC, VERSION);
  out.text(deployment.name);
  out.long(seed);
  out.number(suppressed.size);
  for (const id of suppressed) out.text(id);
  out.number(programs.length);
  for (const { name, sha256 } of programs) {
    out.text(name);
    out.text(sha256);
  }
  out.number(steps);
  out.number(time);
  out.text(trace);
  out.number(pus.length);
  for (const { name } of pus) {
    out.text(name);
    out.bytes(simulation.player(name).machine?.snapshot() ?? NOTHING);
  }
  return out.finish();
}

/** Reads a snapshot, from bytes that nobody vouches for. */
export function readSnapshot(file: Uint8Array): { readonly snapshot: SimulationSnapshot } | { readonly rejection: FileRejection } {
  try {
    const from = new Reader('simulation', file);
    from.head(MAGIC, VERSION, 'not a snapshot of a simulation: it does not begin with "PBSW"');
    const deployment = from.text();
    const seed = from.long();
    const suppressed = new Set(Array.from({ length: from.count() }, () => from.text()));
    const programs = new Map(Array.from({ length: from.count() }, () => [from.text(), from.text()]));
    const [steps, time, trace] = [from.number(), from.number(), from.text()];
    const pus = new Map(
      Array.from({ length: from.count() }, () => {
        const [name, bytes] = [from.text(), from.bytes()];
        return [name, bytes.length === 0 ? undefined : bytes];
      }),
    );
    from.finish();
    return { snapshot: { deployment, seed, suppressed, programs, steps, time, trace, pus } };
  } catch (error) {
    return { rejection: refusalOf(error) };
  }
}

/**
 * A simulation that goes on where a snapshot was taken, on whatever engine.
 * @param options of the first run; seed and suppressed faults are the snapshot's
 * @throws RangeError if the deployment cannot be simulated
 */
export function restoreSimulation(
  deployment: Deployment,
  file: Uint8Array,
  options: Omit<SimulationOptions, 'seed' | 'suppressed'> = {},
): { readonly simulation: Simulation } | { readonly rejection: FileRejection } {
  const found = readSnapshot(file);
  if ('rejection' in found) return found;
  const { seed, suppressed, programs, steps, time, trace, pus } = found.snapshot;
  const refused = (rule: string, message: string) => ({ rejection: { rule: `simulation_${rule}`, message, offset: file.length } });
  for (const { name, sha256 } of deployment.topology.programs) {
    if (programs.get(name) !== sha256) return refused('program', `the snapshot was taken with another program ${name}`);
  }
  const simulation = new Simulation(deployment, { ...options, seed, suppressed });
  while (simulation.steps < steps) {
    if (!simulation.step()) return refused('steps', `the simulation ends after ${simulation.steps} steps; the snapshot was taken after ${steps}`);
  }
  if (simulation.time !== time || simulation.trace !== trace)
    return refused('trace', `after ${steps} steps the simulation is not where the snapshot was taken`);
  for (const { name } of deployment.topology.pus) {
    const [now, then] = [simulation.player(name).machine?.snapshot(), pus.get(name)];
    if (now?.length !== then?.length || now?.some((byte, index) => byte !== then?.[index])) return refused('pu', `the PU ${name} is in another state`);
  }
  return { simulation };
}
