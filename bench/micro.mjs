/**
 * Small things, measured by benchmark.js: what one instruction of a kind costs, and what assembling, verifying and loading cost: `node bench/micro.mjs`.
 *
 * A kind of instruction is measured as a loop of 64 of them; what the loop itself costs is in the figure, about 2 %. Each
 * figure carries benchmark.js's own margin of error.
 */
import Benchmark from 'benchmark';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build, door, host, PROGRAMS, SINK } from './library.mjs';

const COPIES = 64;
const TURNS = 2000;

/** What is repeated, by name; registers a, b, c: i32, x, y, z: i64, u, v, w: f64, `at` an address. */
const KINDS = {
  add_i32: 'add a, b, c',
  add_i32_imm8: 'add a, a, 1',
  mul_i32: 'mul a, b, c',
  div_i32: 'div a, b, c',
  load_i32_near: 'load a, [at]',
  store_i32_near: 'store [at], a',
  add_i64: 'add x, y, z',
  mul_i64: 'mul x, y, z',
  div_i64: 'div x, y, z',
  load_i64_near: 'load x, [at]',
  add_f64: 'add u, v, w',
  mul_f64: 'mul u, v, w',
  load_f64_near: 'load u, [at]',
  'call and ret': 'call leaf(a) -> a',
};

build();
const [{ assemble }, { LIBRARY }, { Machine, verify }] = await Promise.all([door('assembler'), door('stdlib'), door('vm')]);

function binaryOf(text) {
  const { binary, diagnostics } = assemble('main.pbs', {
    read: (name) => (name === 'main.pbs' ? text : readFileSync(path.join(PROGRAMS, name), 'utf8')),
    library: LIBRARY,
  });
  if (binary === undefined) throw new Error(diagnostics.map(({ message, line }) => `${line}: ${message}`).join('\n'));
  return binary;
}

const wiringOf = ({ program }) => Object.fromEntries(program.ports.map(({ name }) => [name, SINK]));

function machineOf(binary) {
  const { program, rejection } = verify(binary);
  if (program === undefined) throw new Error(JSON.stringify(rejection));
  return new Machine(program, { ports: wiringOf(program) });
}

const loopOf = (line) => `
data word: i64[2]
func leaf(n: i32) -> i32 { ret n }
export func run(turns: i32) -> i32 {
  local a, b, c, at: i32, x, y, z: i64, u, v, w: f64
  mov at, word
  mov b, 100
  mov c, 7
  mov y, 100000000000
  mov z, 7
  mov v, 1.5
  mov w, 0.5
  loop {
${`    ${line}\n`.repeat(COPIES)}    sub turns, turns, 1
  } while turns
  ret a
}
`;

const at = host();
console.log(`${at.cpu}, Node ${at.node}`);
const rows = [];
const suite = new Benchmark.Suite();
const add = (name, perRun, unit, run) => suite.add(name, run, { onComplete: ({ target }) => rows.push({ name, target, perRun, unit }) });

for (const [name, line] of Object.entries(KINDS)) {
  const machine = machineOf(binaryOf(loopOf(line)));
  add(name, COPIES * TURNS, 'ns', () => {
    machine.start('run', [TURNS]);
    machine.run();
  });
}
const source = readFileSync(path.join(PROGRAMS, 'sha.pbs'), 'utf8');
const binary = binaryOf(source);
const { program } = verify(binary);
const large = `${Array.from({ length: 1000 }, (_, index) => `keep func f${index}(a: i32, b: i32) -> i32 {\n  local c: i32\n  add c, a, b\n  mul c, c, ${index}\n  xor c, c, a\n  if lt c, b {\n    add c, c, 1\n  }\n  ret c\n}`).join('\n')}\nfunc main() {\n}\n`;
const largeBinary = binaryOf(large);
add('assemble bench/programs/sha.pbs', 1, 'us', () => binaryOf(source));
add('assemble 10,000 lines', 1, 'us', () => binaryOf(large));
add('verify sha (its binary)', 1, 'us', () => verify(binary));
add('verify 10,000 lines', 1, 'us', () => verify(largeBinary));
add('new Machine(sha)', 1, 'us', () => new Machine(program, { ports: { terminal: SINK } }));
suite.run();

const UNITS = { ns: 1e9, us: 1e6 };
for (const { name, target, perRun, unit } of rows) {
  const { mean, rme } = target.stats;
  console.log(`${name.padEnd(34)} ${((mean / perRun) * UNITS[unit]).toFixed(unit === 'ns' ? 2 : 1).padStart(10)} ${unit}  ±${rme.toFixed(1)} %`);
}
