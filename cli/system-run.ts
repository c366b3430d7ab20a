/**
 * `pbs system run`: a deployment on threads, with its drivers, until nothing can happen any more or somebody ends it.
 */
import path from 'node:path';
import type { Deployment } from '../system/index.js';
import { type Drivers, DriverError, type EngineName, openDrivers, type PuEnd, type PuStatus, WorkersRun } from '../system/node/index.js';
import { EXIT, Failure } from './failure.js';
import { writeOut } from './files.js';
import { statusOf } from './outcome.js';
import { complain } from './streams.js';
import { shown } from './text.js';

/** Options of `pbs system run`. */
export interface SystemRunOptions {
  readonly engine: EngineName;
  /** Where to write how every PU stood at the end, as JSON. */
  readonly stats?: string;
}

/** Signals that end a system in order, and the status that a shell gives to what they ended. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Runs a deployment.
 * @param file the description: paths start at its folder
 * @returns the exit status: that of the first PU, in the order of the description, that did not return 0
 * @throws Failure where it cannot start, or its devices can't do what they accepted
 */
export async function runDeployment(file: string, deployment: Deployment, { engine, stats }: SystemRunOptions): Promise<number> {
  if (deployment.host !== 'workers') {
    const remedy = deployment.host === 'simulation' ? `pbs system simulate ${shown(file)} runs it` : 'write `all on workers`';
    throw new Failure(EXIT.usage, `deployment ${shown(deployment.name)} is for the host ${deployment.host}, and pbs system run has threads`, remedy);
  }
  const drivers = await open(deployment, path.dirname(file));
  const run = start(deployment, drivers, engine);
  let signal: keyof typeof SIGNALS | undefined;
  const interrupted = new Promise<void>((resolve) => {
    for (const name of Object.keys(SIGNALS) as (keyof typeof SIGNALS)[]) {
      process.once(name, () => {
        signal = name;
        resolve();
      });
    }
  });
  try {
    await listening(drivers);
    const ends = await Promise.race([run.ended, interrupted.then(() => run.ends)]);
    const status = await run.status();
    if (stats !== undefined) writeOut(stats, `${JSON.stringify(statistics(deployment, status, ends), undefined, 2)}\n`);
    return signal === undefined ? exitStatus(deployment, ends) : SIGNALS[signal];
  } finally {
    await run.close();
    await closed(drivers);
  }
}

async function open(deployment: Deployment, folder: string): Promise<Drivers> {
  try {
    return await openDrivers(deployment, folder);
  } catch (error) {
    if (error instanceof DriverError) throw new Failure(EXIT.file, error.message);
    throw error;
  }
}

function start({ topology }: Deployment, { devices, clients }: Drivers, engine: EngineName): WorkersRun {
  return new WorkersRun(topology, { engine, devices, clients, onEnd: tell });
}

async function listening(drivers: Drivers): Promise<void> {
  try {
    await drivers.started();
  } catch (error) {
    throw new Failure(EXIT.file, `cannot listen: ${(error as Error).message}`);
  }
}

async function closed(drivers: Drivers): Promise<void> {
  try {
    await drivers.close();
  } catch (error) {
    if (error instanceof DriverError) throw new Failure(EXIT.file, error.message);
    throw error;
  }
}

/** A PU that could not go on is told at once, one that returned is not. */
function tell({ pu, outcome }: PuEnd): void {
  if (outcome.kind === 'failed') complain(`pbs: ${shown(pu)} could not run: ${outcome.message}\n`);
  if (outcome.kind !== 'trapped') return;
  const { trap, name, position } = outcome;
  const place = position === undefined ? '' : ` at ${shown(position.file)}:${position.line}:${position.column}`;
  complain(`pbs: ${shown(pu)}: trap ${trap} in ${shown(name)}${place}\n`);
}

function exitStatus({ topology }: Deployment, ends: readonly PuEnd[]): number {
  const statuses = topology.pus.map(({ name }) => {
    const outcome = ends.find(({ pu }) => pu === name)?.outcome;
    if (outcome === undefined) return EXIT.ok;
    return outcome.kind === 'failed' ? EXIT.data : statusOf(outcome);
  });
  return statuses.find((status) => status !== EXIT.ok) ?? EXIT.ok;
}

function statistics({ name, topology }: Deployment, pus: readonly PuStatus[], ends: readonly PuEnd[]): object {
  const endOf = (pu: string): object | undefined => {
    const outcome = ends.find((end) => end.pu === pu)?.outcome;
    if (outcome?.kind === 'returned') return { kind: outcome.kind, values: outcome.values.map(String) };
    return outcome?.kind === 'trapped' ? { kind: outcome.kind, trap: outcome.trap } : outcome;
  };
  return {
    deployment: name,
    programs: topology.programs.map(({ name: program, sha256 }) => ({ name: program, sha256 })),
    pus: pus.map((status) => ({ ...status, outcome: endOf(status.pu) ?? null })),
  };
}
