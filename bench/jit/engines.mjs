/**
 * The engines, each with the benchmark programs as machines, and the JIT once more without fuel, to know what fuel costs.
 *
 * Each run begins anew on a machine that is kept, so that code is compiled once, before anything is timed.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle } from '../../tests/campaigns/bundle.mjs';
import { assembleFile, door, PROGRAMS, SINK } from '../library.mjs';
import { lineOf } from './peers.mjs';

/** A verified program of `bench/programs`, for the doors of one build. */
async function programOf(name, { verify }) {
  const verified = verify(await assembleFile(path.join(PROGRAMS, `${name}.pbs`)));
  if (verified.program === undefined) throw new Error(`${name}: ${JSON.stringify(verified.rejection)}`);
  return verified.program;
}

/** Runs `run(reps)` of a program on a machine. */
export function runOn(machine, name, reps) {
  machine.reset();
  machine.start('run', [reps]);
  let outcome = machine.run();
  while (outcome.kind === 'out_of_fuel') outcome = machine.run();
  if (outcome.kind !== 'returned') throw new Error(`${name}: ${JSON.stringify(outcome)}`);
  return lineOf(name, outcome.values[0]);
}

/** A machine with a benchmark program. */
export async function machineOf(name, engine, doors) {
  return new doors.Machine(await programOf(name, doors), { engine, ports: { terminal: SINK } });
}

/** The doors that make machines, of the built package. */
export async function builtDoors() {
  const [{ Machine, verify, INTERPRETER }, { createJit }] = await Promise.all([door('vm'), door('jit')]);
  return { Machine, verify, INTERPRETER, createJit };
}

/** An engine by its name on the command line. */
export function engineOf(name, { INTERPRETER, createJit }) {
  if (name === 'interpreter') return INTERPRETER;
  return createJit({ compile: name === 'jit' ? 'all' : 'hot' });
}

/**
 * The same compiler with nothing counted.
 * @param folder where the bundle goes
 */
async function doorsWithoutFuel(folder) {
  // It stands where `fuel.ts` stands, among the files that it imports.
  const uncounted = readFileSync(new URL('uncounted.ts', import.meta.url), 'utf8').replaceAll('../../jit/', './');
  const file = path.join(folder, 'without-fuel.mjs');
  writeFileSync(file, await bundle('bench/jit/without-fuel.ts', new Map([['jit/fuel.ts', uncounted]])));
  return import(pathToFileURL(file).href);
}

/** The engines as sides of a benchmark: name, how a program is run, the share of the usual repetitions. */
export async function engines(names, folder) {
  const doors = await builtDoors();
  const free = await doorsWithoutFuel(folder);
  const side = async (name, title, from, share) => {
    const machines = {};
    for (const program of names) machines[program] = await machineOf(program, engineOf(title, from), from);
    return { name, title, share, run: (program, reps) => runOn(machines[program], program, reps) };
  };
  return [
    await side('jit', 'jit', doors),
    await side('auto', 'auto', doors),
    { ...(await side('free', 'jit', free)), title: 'jit without fuel' },
    await side('interpreter', 'interpreter', doors, 1 / 20),
  ];
}
