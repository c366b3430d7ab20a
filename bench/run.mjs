/**
 * The seven programs on the interpreter, beside Lua 5.4 and gcc -O2, in one run: `npm run bench`.
 *
 * All three do the same repetitions and must print the same checksums. Rounds are interleaved: each program runs on each of them before
 * the next round begins, so that a slow minute of the computer hits all alike. The interpreter runs in this process, warmed
 * up; the others are processes, whose start (1 to 2 ms) is counted. Writes `results/interpreter.{json,md,svg}`.
 *
 *     npm run bench                         7 rounds
 *     npm run bench -- --rounds 3 --percent 20      fewer and shorter
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { barChart } from './chart.mjs';
import { assembleFile, build, door, firstLine, geometricMean, host, median, option, PROGRAMS, provide, RESULTS, SINK } from './library.mjs';

/** Repetitions that take the interpreter about half a second. */
const REPETITIONS = { loops: 60, sieve: 14, fib: 12, mandel: 60, sha: 300, rng64: 24, matmul: 50 };
const NAMES = Object.keys(REPETITIONS);
const WARM_UP = 6;
const TARGET = { mean: 0.65, each: 1.5 };

const rounds = option('rounds', 7);
const percent = option('percent', 100);
const repetitions = Object.fromEntries(NAMES.map((name) => [name, Math.max(1, Math.round((REPETITIONS[name] * percent) / 100))]));

build();
const { Machine, verify } = await door('vm');
const hasLua = provide('lua5.4', 'lua5.4');
const hasGcc = provide('gcc', 'gcc');

/** The line that the programs print: name and checksum, which a 64-bit result has in 16 digits. */
function lineOf(name, value) {
  const digits = typeof value === 'bigint' ? 16 : 8;
  return `${name} ${BigInt.asUintN(4 * digits, BigInt(value))
    .toString(16)
    .padStart(digits, '0')}`;
}

const machines = {};
for (const name of NAMES) {
  const verified = verify(await assembleFile(path.join(PROGRAMS, `${name}.pbs`)));
  if (verified.program === undefined) throw new Error(`${name}: ${JSON.stringify(verified.rejection)}`);
  machines[name] = new Machine(verified.program, { ports: { terminal: SINK } });
}

function interpret(name, reps) {
  const machine = machines[name];
  machine.reset();
  machine.start('run', [reps]);
  const outcome = machine.run();
  if (outcome.kind !== 'returned') throw new Error(`${name}: ${JSON.stringify(outcome)}`);
  return lineOf(name, outcome.values[0]);
}

const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const output = (command, ...values) => execFileSync(command, values, { encoding: 'utf8' }).trim();
if (hasGcc) for (const name of NAMES) execFileSync('gcc', ['-O2', '-o', path.join(folder, name), path.join(PROGRAMS, `${name}.c`)]);

/** Who takes part: each runs a program and gives the line that it prints. */
const sides = {
  infracore: interpret,
  ...(hasLua ? { lua: (name, reps) => output('lua5.4', path.join(PROGRAMS, `${name}.lua`), String(reps)) } : {}),
  ...(hasGcc ? { gcc: (name, reps) => output(path.join(folder, name), String(reps)) } : {}),
};

/** The checksums of one repetition, as the C programs gave them once. */
const expected = new Map(
  readFileSync(path.join(PROGRAMS, 'EXPECTED.txt'), 'utf8')
    .trim()
    .split('\n')
    .map((row) => {
      const [name, sum] = row.replace(/^.*1 rep: /, '').split(' ');
      return [name, `${name} ${sum}`];
    }),
);
for (const name of NAMES) {
  for (const [side, run] of Object.entries(sides)) {
    const line = run(name, 1);
    if (line !== expected.get(name)) throw new Error(`${side} prints "${line}", not "${expected.get(name)}"`);
  }
}
console.log(`all checksums of one repetition agree: ${Object.keys(sides).join(', ')}`);
// All programs in turn: what the host's compiler learns from one makes it compile the interpreter anew for all.
for (let turn = 0; turn < WARM_UP; turn++) for (const name of NAMES) interpret(name, Math.max(1, repetitions[name] >> 2));

const seconds = Object.fromEntries(NAMES.map((name) => [name, Object.fromEntries(Object.keys(sides).map((side) => [side, []]))]));
for (let round = 1; round <= rounds; round++) {
  for (const name of NAMES) {
    const lines = Object.entries(sides).map(([side, run]) => {
      const start = process.hrtime.bigint();
      const line = run(name, repetitions[name]);
      seconds[name][side].push(Number(process.hrtime.bigint() - start) / 1e9);
      return line;
    });
    if (new Set(lines).size !== 1) throw new Error(`checksums differ: ${lines.join(', ')}`);
  }
  console.log(`round ${round} of ${rounds}`);
}

/** The middle of the ratios of each round: what slowed a whole round is not in it. */
const ratioTo = (name, side) => (side in sides ? median(seconds[name].infracore.map((time, round) => time / seconds[name][side][round])) : undefined);
const rows = NAMES.map((name) => ({
  name,
  repetitions: repetitions[name],
  milliseconds: Object.fromEntries(Object.keys(sides).map((side) => [side, (1000 * median(seconds[name][side])) / repetitions[name]])),
  toLua: ratioTo(name, 'lua'),
  toGcc: ratioTo(name, 'gcc'),
}));
const means = {
  toLua: hasLua ? geometricMean(rows.map(({ toLua }) => toLua)) : undefined,
  toGcc: hasGcc ? geometricMean(rows.map(({ toGcc }) => toGcc)) : undefined,
};
const met = means.toLua !== undefined && means.toLua <= TARGET.mean && rows.every(({ toLua }) => toLua <= TARGET.each);

const at = {
  ...host(),
  rounds,
  lua: hasLua ? firstLine('lua5.4', '-v').replace(/ {2}Copyright.*/, '') : 'not available',
  gcc: hasGcc ? firstLine('gcc', '--version') : 'not available',
};
const shown = (number, digits) => (number === undefined ? '-' : number.toFixed(digits));
const table = [
  '| program | infracore, ms | Lua 5.4, ms | gcc -O2, ms | to Lua | to gcc |',
  '|---|--:|--:|--:|--:|--:|',
  ...rows.map(
    ({ name, milliseconds, toLua, toGcc }) =>
      `| ${name} | ${shown(milliseconds.infracore, 3)} | ${shown(milliseconds.lua, 3)} | ${shown(milliseconds.gcc, 3)} | ${shown(toLua, 2)} | ${shown(toGcc, 1)} |`,
  ),
  `| **geometric mean** | | | | **${shown(means.toLua, 2)}** | **${shown(means.toGcc, 1)}** |`,
].join('\n');
const verdict = hasLua
  ? `Aim: a geometric mean of at most ${TARGET.mean} of Lua's time, none above ${TARGET.each}: ${met ? 'reached' : 'missed'}.`
  : 'Without Lua there is nothing to compare with.';

mkdirSync(RESULTS, { recursive: true });
const write = (extension, text) => writeFileSync(path.join(RESULTS, `interpreter.${extension}`), text);
write('json', `${JSON.stringify({ ...at, target: TARGET, met, means, rows, seconds }, undefined, 1)}\n`);
write(
  'md',
  `# The interpreter beside Lua and C

Milliseconds for one repetition, the middle of ${rounds} interleaved rounds; ratios are the middle of each round's. Made by \`npm run bench\`.
${at.cpu}, ${at.cores} cores; Node ${at.node}; ${at.lua}; ${at.gcc}; ${at.date}.

${table}

${verdict}

![Time as a share of Lua's](interpreter.svg)
`,
);
if (hasLua) {
  write(
    'svg',
    barChart({
      title: 'Time of the interpreter, Lua 5.4 = 1',
      bars: [...rows.map(({ name, toLua }) => ({ label: name, value: toLua })), { label: 'mean', value: means.toLua, strong: true }],
      lines: [
        { value: 1, label: 'Lua 5.4' },
        { value: TARGET.mean, label: `aim ${TARGET.mean}` },
      ],
      note: `less is better; ${at.cpu}, Node ${at.node}, ${at.date}`,
    }),
  );
}
console.log(`\n${table}\n\n${verdict}`);
