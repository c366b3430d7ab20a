/**
 * How many instructions a program executes, in all and in each function, for each byte of its input: `node bench/count.mjs FILE INPUT`.
 *
 * Exact, since every instruction is stepped over: about a million a second, so a short input is enough.
 *
 *     node bench/count.mjs examples/wc.pbs LICENSE
 */
import { readFileSync } from 'node:fs';
import { assembleFile, build, door, terminal } from './library.mjs';

const [file, inputFile] = process.argv.slice(2);
if (file === undefined || inputFile === undefined) {
  console.error('usage: node bench/count.mjs FILE INPUT');
  process.exit(2);
}
build();
const { Machine, verify } = await door('vm');
const input = readFileSync(inputFile);
const { program } = verify(await assembleFile(file));
const machine = new Machine(program, { ports: { terminal: terminal(input) } });
machine.start();

const counts = new Map();
let all = 0;
let outcome;
do {
  outcome = machine.step();
  all++;
  if (outcome.kind === 'stepped') counts.set(outcome.function, (counts.get(outcome.function) ?? 0) + 1);
} while (outcome.kind === 'stepped');

const perByte = (count) => (count / input.length).toFixed(2).padStart(8);
console.log(`${all} instructions, ${machine.fuelUsed} units of fuel, ${input.length} bytes: for each byte\n${perByte(all)}  in all`);
for (const [index, count] of [...counts].sort(([, left], [, right]) => right - left)) {
  console.log(`${perByte(count)}  ${program.program.debug?.functions[index] ?? index}`);
}
if (outcome.kind !== 'returned') console.log(JSON.stringify(outcome));
