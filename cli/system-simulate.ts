/**
 * `pbs system simulate`: a deployment in virtual time, under one seed or many; what was violated, when and by whom, and what led to it.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Deployment, ExplorationResult, SimulationOptions, SimulationResult, StruckFault, Violation } from '../system/index.js';
import { explore, Recorder, simulate, timelineSvg, timeText } from '../system/index.js';
import { EXIT, Failure } from './failure.js';
import { refuseMixing, refuseOverwriting, writeOut } from './files.js';
import { reasonOf } from './reasons.js';
import { ENGINES } from './run.js';
import { complain, paint, print } from './streams.js';
import { shown } from './text.js';

/** Options of `pbs system simulate`. */
export interface SystemSimulateOptions {
  readonly engine: string;
  /** In place of the deployment's. */
  readonly seed?: bigint;
  /** The first and the last. */
  readonly seeds?: readonly [bigint, bigint];
  /** Nanoseconds of virtual time. */
  readonly until?: bigint;
  readonly json?: boolean;
  /** Where to draw the messages. */
  readonly timeline?: string;
  /** Where to write what went into each PU. */
  readonly record?: string;
}

/**
 * Simulates a deployment.
 * @param file the description: paths start at its folder
 * @returns the exit status
 * @throws Failure where it cannot be simulated
 */
export function simulateDeployment(file: string, deployment: Deployment, options: SystemSimulateOptions): number {
  const outputs = [
    ['--timeline', options.timeline],
    ['--record', options.record],
  ] as const;
  refuseOverwriting(outputs, [file]);
  refuseMixing([...outputs, ['--json', options.json === true ? '-' : undefined]]);
  const folder = path.dirname(file);
  const read = (name: string): Uint8Array => {
    try {
      return readFileSync(path.join(folder, name));
    } catch (error) {
      throw new Failure(EXIT.file, `cannot read ${shown(path.join(folder, name))}: ${reasonOf(error)}`);
    }
  };
  const engine = (ENGINES[options.engine] as () => ReturnType<(typeof ENGINES)[string]>)();
  const chosen: SimulationOptions = { engine, read, ...(options.until === undefined ? {} : { untilNs: options.until }) };
  try {
    return options.seeds === undefined ? one(deployment, chosen, options) : many(file, deployment, chosen, options.seeds, options);
  } catch (error) {
    if (error instanceof RangeError) throw new Failure(EXIT.data, `the deployment ${shown(deployment.name)} cannot be simulated: ${error.message}`);
    throw error;
  }
}

function one(deployment: Deployment, chosen: SimulationOptions, { seed = BigInt(deployment.seed), json, timeline, record }: SystemSimulateOptions): number {
  const recorder = record === undefined ? undefined : new Recorder(`deployment ${deployment.name}, seed ${seed}`, deployment.topology);
  const watch: SimulationOptions = recorder === undefined ? {} : { onBoot: (pu, machine, gate) => recorder.watch(pu, machine, gate) };
  const result = simulate(deployment, { ...chosen, ...watch, seed, keepsMessages: timeline !== undefined });
  if (recorder !== undefined && record !== undefined) writeOut(record, recorder.finish());
  draw(deployment, result, timeline);
  if (json === true) print(`${JSON.stringify(reportOf(deployment, result), undefined, 2)}\n`);
  else tell(deployment, result);
  return statusOf(result.violations);
}

function many(
  file: string,
  deployment: Deployment,
  chosen: SimulationOptions,
  seeds: readonly [bigint, bigint],
  { json, timeline, record }: SystemSimulateOptions,
): number {
  if (record !== undefined) throw new Failure(EXIT.usage, '--record takes one seed', 'give it with --seed');
  const found = explore(deployment, { ...chosen, seeds, keepsMessages: timeline !== undefined });
  const { failure } = found;
  if (failure !== undefined) draw(deployment, failure.smallest, timeline);
  if (json === true) print(`${JSON.stringify(explorationOf(deployment, found), undefined, 2)}\n`);
  else tellMany(file, deployment, found);
  return statusOf(failure?.result.violations ?? []);
}

const statusOf = (violations: readonly Violation[]): number => (violations.length === 0 ? EXIT.ok : EXIT.trap);

function draw({ topology }: Deployment, result: SimulationResult, timeline: string | undefined): void {
  if (timeline !== undefined) writeOut(timeline, timelineSvg(topology, result));
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const ENDS = { idle: 'nothing can happen any more', until: 'its time was over', violated: 'not as expected' } as const;

function tell(deployment: Deployment, result: SimulationResult): void {
  const { seed, kind, time, messageCount, trace, violations, faults } = result;
  print(
    `${shown(deployment.name)}, seed ${seed}: ${ENDS[kind]} at ${timeText(time)}; ${counted(messageCount, 'message')}, ${counted(faults.length, 'fault')}, trace ${trace}\n`,
  );
  for (const { name, sha256 } of deployment.topology.programs) print(`  program ${shown(name)} ${sha256}\n`);
  tellViolations(violations);
}

function tellViolations(violations: readonly Violation[]): void {
  for (const { kind, target, time, message } of violations) {
    complain(`${paint('bold', paint('red', kind))}: ${shown(target)} at ${timeText(time)}: ${shown(message)}\n`);
  }
}

function tellMany(file: string, { name }: Deployment, { seedCount, failure, faults }: ExplorationResult): void {
  const struck = Object.entries(faults).map(([kind, count]) => `${count} ${kind}`);
  print(
    `${shown(name)}: ${counted(seedCount, 'seed')}, ${failure === undefined ? 'nothing violated' : `seed ${failure.seed} fails`}; faults: ${struck.join(', ') || 'none'}\n`,
  );
  if (failure === undefined) return;
  const { seed, smallest } = failure;
  tellViolations(smallest.violations);
  complain(`${smallest.faults.length === 0 ? 'It needs no faults.' : `Of ${counted(failure.result.faults.length, 'fault')} these are needed:`}\n`);
  for (const fault of smallest.faults) complain(`  ${faultText(fault)}\n`);
  complain(`Again: pbs system simulate ${shown(file)} --deploy ${shown(name)} --seed ${seed}\n`);
}

const faultText = ({ time, kind, target, id }: StruckFault): string => `${kind} of ${shown(target)} at ${timeText(time)} (${shown(id)})`;

function reportOf({ topology }: Deployment, { seed, messages: _, pus, ...result }: SimulationResult): object {
  return {
    ...result,
    seed: String(seed),
    programs: topology.programs.map(({ name, sha256 }) => ({ name, sha256 })),
    pus: pus.map(({ outcome, ...pu }) => {
      if (outcome?.kind === 'returned') return { ...pu, values: outcome.values.map(String) };
      return outcome?.kind === 'trapped' ? { ...pu, trap: outcome.trap } : pu;
    }),
  };
}

function explorationOf(deployment: Deployment, { seedCount, failure, faults }: ExplorationResult): object {
  const failed =
    failure === undefined
      ? null
      : {
          seed: String(failure.seed),
          suppressed: [...failure.suppressed],
          smallest: reportOf(deployment, failure.smallest),
          result: reportOf(deployment, failure.result),
        };
  return { deployment: deployment.name, seedCount, faults, failure: failed };
}
