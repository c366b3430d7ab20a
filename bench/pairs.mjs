/**
 * Which instructions follow each other, in what share of all that is executed: the source of the interpreter's fused pairs: `node bench/pairs.mjs`.
 *
 * Programs of many kinds are sampled: the seven benchmark programs, the examples on real input, and `workloads/`. Each counts alike, however long it runs. Then pairs are chosen one by one, each the one that saves most
 * dispatches beside those chosen before, with the interpreter's own rule: in each function from left to right, no instruction in two pairs.
 *
 *     node bench/pairs.mjs [--pairs 36] [--windows 100]
 *     node bench/pairs.mjs --hold-out bench         choose without the seven programs, then tell what they gain
 *     node bench/pairs.mjs --list                   the pairs as rows for isa-spec/pairs.ts
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { assembleFile, build, door, option, PROGRAMS, ROOT, terminal } from './library.mjs';

const WANTED = option('pairs', 36);
const WINDOWS = option('windows', 100);
const WINDOW_STEPS = 2000;
const at = process.argv.indexOf('--hold-out');
const heldOut = at < 0 ? undefined : process.argv[at + 1];

build();
const [{ Machine, verify }, { decode, functionStarts, PAIRS, wordCount }] = await Promise.all([door('vm'), door('isa')]);

const text = readFileSync(path.join(ROOT, 'examples', 'README.md'));
const source = readFileSync(path.join(ROOT, 'stdlib', 'sort.pbs'));
const example = (name, input, ...words) => ({
  kind: 'example',
  name: `${name} ${words.join(' ')}`.trim(),
  file: path.join(ROOT, 'examples', `${name}.pbs`),
  input,
  words,
});
const WORKLOADS = [
  ...['loops', 'sieve', 'fib', 'mandel', 'sha', 'rng64', 'matmul'].map((name) => ({
    kind: 'bench',
    name,
    file: path.join(PROGRAMS, `${name}.pbs`),
    words: ['1'],
    input: text,
  })),
  example('wc', text),
  example('sort', source),
  example('sort', Buffer.from(`${'the same line\n'.repeat(200)}`)),
  example('sha256', text),
  example('mandelbrot', text, '24', '16'),
  ...['words', 'tree', 'queens', 'crc', 'bodies', 'numbers'].map((name) => ({
    kind: 'program',
    name,
    file: path.join(ROOT, 'bench', 'workloads', `${name}.pbs`),
    words: [],
    input: text,
  })),
];

/** Whether an instruction may be the first of a pair: what follows it in the code follows it always. */
const goesOn = ({ does, operands }) =>
  does.every(({ kind }) => !['branch', 'jump', 'jump_table', 'call', 'call_table', 'return', 'trap', 'bell', 'wait', 'poll'].includes(kind)) &&
  operands.every(({ kind }) => !['targets', 'values', 'results'].includes(kind));
/** Whether an instruction may be the second of a pair: those with a long text of their own cost the loop more room than they save it time. */
const endsPair = ({ opcode, does }) =>
  opcode < 0x100 && does.every(({ kind }) => !['jump', 'jump_table', 'call', 'call_table', 'return', 'check'].includes(kind));

/** The words that a program is started with, laid out as its `arguments`. */
const wordsOf = (words) => Buffer.concat([Buffer.from([words.length, 0, 0, 0]), ...words.map((word) => Buffer.from(`${word}\0`))]);

/**
 * Samples a workload: the interpreter runs it from window to window, and in each window it is stepped through.
 * @returns for each function its rows in order with the number of times that each was dispatched
 */
async function profile({ file, input, words }) {
  const { program } = verify(await assembleFile(file));
  const { functions, code, symbols, ports } = program.program;
  const starts = functionStarts(program.program);
  const all = functions.map((_, index) => {
    const rows = [];
    const places = new Map();
    for (let pc = starts[index]; pc < starts[index + 1]; ) {
      const { row } = decode(code, pc);
      places.set(pc - starts[index], rows.length);
      rows.push({ row, count: 0 });
      pc += wordCount(row, code, pc);
    }
    return { rows, places };
  });
  const machineAtStart = () => {
    const machine = new Machine(program, { ports: ports.length > 0 ? { terminal: terminal(input) } : {} });
    const symbol = symbols.find(({ name }) => name === 'arguments');
    if (symbol !== undefined) machine.memory.set(wordsOf(words), symbol.address);
    machine.start();
    return machine;
  };
  const whole = machineAtStart();
  const end = whole.run();
  if (end.kind !== 'returned') throw new Error(`${file}: ${JSON.stringify(end)}`);

  const machine = machineAtStart();
  const between = Math.floor(whole.fuelUsed / WINDOWS);
  for (let window = 0; window < WINDOWS; window++) {
    let [current, before] = [undefined, undefined];
    for (let step = 0; step < WINDOW_STEPS; step++) {
      const outcome = machine.step();
      if (outcome.kind === 'returned') return { functions: all.map(({ rows }) => rows), fuel: whole.fuelUsed };
      const { rows, places } = all[outcome.function];
      const index = places.get(outcome.pc);
      current = rows[index];
      // A taken branch back and a call execute the check at their target themselves.
      if (before !== undefined && (current.row.name !== 'check' || before === rows[index - 1])) current.count++;
      before = current;
    }
    const next = (window + 1) * between - machine.fuelUsed;
    if (next > 0) machine.run(next);
  }
  return { functions: all.map(({ rows }) => rows), fuel: whole.fuelUsed };
}

const profiles = [];
for (const workload of WORKLOADS) profiles.push({ ...workload, ...(await profile(workload)) });

const total = ({ functions }) => functions.flat().reduce((sum, { count }) => sum + count, 0);
/** Dispatches that a set of pairs saves, as a share of all. */
function saved({ functions, dispatches }, chosen) {
  let count = 0;
  for (const rows of functions) {
    for (let index = 0; index + 1 < rows.length; index++) {
      if (!chosen.has(`${rows[index].row.name} ${rows[index + 1].row.name}`)) continue;
      count += rows[index].count;
      index++;
    }
  }
  return count / dispatches;
}

for (const one of profiles) one.dispatches = total(one);
const judges = profiles.filter(({ kind }) => kind !== heldOut);
const candidates = new Set();
for (const { functions } of judges) {
  for (const rows of functions) {
    for (let index = 0; index + 1 < rows.length; index++) {
      const [{ row: first, count }, { row: second }] = [rows[index], rows[index + 1]];
      if (count > 0 && goesOn(first) && endsPair(first) && endsPair(second)) candidates.add(`${first.name} ${second.name}`);
    }
  }
}
const score = (chosen) => judges.reduce((sum, one) => sum + saved(one, chosen), 0) / judges.length;
const chosen = new Set();
const steps = [];
for (let best = 0; chosen.size < WANTED; ) {
  let found;
  for (const pair of candidates) {
    if (chosen.has(pair)) continue;
    chosen.add(pair);
    const value = score(chosen);
    chosen.delete(pair);
    if (value > best) [best, found] = [value, pair];
  }
  if (found === undefined) break;
  chosen.add(found);
  steps.push({ pair: found, share: best });
}

console.log(`${candidates.size} pairs occur; ${chosen.size} chosen, each with the share of dispatches saved so far:`);
for (const { pair, share } of steps)
  console.log(process.argv.includes('--list') ? `  ['${pair.replace(' ', "', '")}'],` : `${(100 * share).toFixed(1).padStart(5)} %  ${pair}`);
const present = new Set(PAIRS.map(([first, second]) => `${first} ${second}`));
const asPercent = (share) => `${(100 * share).toFixed(1).padStart(5)} %`;
console.log(`\nsaved in each by these, and by the ${present.size} pairs of isa-spec/pairs.ts:`);
for (const one of profiles)
  console.log(`${asPercent(saved(one, chosen))} ${asPercent(saved(one, present))}  ${one.name}${one.kind === heldOut ? ' (held out)' : ''}`);
