/**
 * One run of one program in a process of its own, compiling included: `node bench/jit/once.mjs ENGINE PROGRAM REPETITIONS` prints milliseconds.
 * Called by the benchmark, which has built the package.
 */
import { SINK } from '../library.mjs';
import { builtDoors, engineOf, machineOf, runOn } from './engines.mjs';

const [name, program, reps] = process.argv.slice(2);
const doors = await builtDoors();
// The first machine is made by the interpreter: assembling and verifying are none of what is measured.
const machine = await machineOf(program, doors.INTERPRETER, doors);
const { program: verified } = machine;
const start = performance.now();
const line = runOn(new doors.Machine(verified, { engine: engineOf(name, doors), ports: { terminal: SINK } }), program, Number(reps));
console.log(JSON.stringify({ milliseconds: performance.now() - start, line }));
