/**
 * The JIT beside clang's WebAssembly, JavaScript, gcc, LuaJIT, Lua and qemu-user, in one run: `npm run bench:jit`.
 *
 * The seven programs warmed up, in interleaved rounds (`jit/steady.mjs`); then in processes of their own, compiling included (`jit/cold.mjs`); then what
 * compiling costs as programs grow (`jit/growth.mjs`). Writes `results/jit.{json,md,svg}` and `results/jit-compile.svg`.
 *
 *     npm run bench:jit                    5 rounds
 *     npm run bench:jit -- --rounds 3      fewer
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import { bundleFolder } from '../tests/campaigns/bundle.mjs';
import { barChart } from './chart.mjs';
import { curveChart } from './curves.mjs';
import { autoToJit, startDifference } from './jit/cold.mjs';
import { engines } from './jit/engines.mjs';
import { growth } from './jit/growth.mjs';
import { peers } from './jit/peers.mjs';
import { NAMES, ratios, timeAll } from './jit/steady.mjs';
import { build, host, median, option, RESULTS } from './library.mjs';

const rounds = option('rounds', 5);
build();
// A bundle finds the project's packages only within the project.
const folder = mkdtempSync(path.join(bundleFolder(), 'bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const others = (await peers(NAMES, folder)).map((peer) => ({ isProcess: !['clang', 'js'].includes(peer.name), ...peer }));
const sides = [...(await engines(NAMES, folder)), ...others];
const times = timeAll(sides, rounds);
const cold = autoToJit(Math.min(rounds, 3));
const start = startDifference(21);
const grown = await growth();

const to = Object.fromEntries([...sides.map(({ name }) => name)].map((other) => [other, ratios(times, 'jit', other)]));
const worstCold = Math.max(...cold.map(({ ratio }) => ratio));
const slope = (1000 * grown.points.at(-1).milliseconds) / grown.points.at(-1).instructions;

/** What was aimed at: a name, what was measured, the most that it may be. */
const goals = [
  ['to clang -O2 wasm, geometric mean without `fib`', to.clang?.withoutFib, 1.1],
  ['to clang -O2 wasm, `fib`', to.clang?.each.fib, 1.25],
  ['to clang -O2 wasm, the worst', to.clang?.most, 1.35],
  ['to gcc -O2, geometric mean without `fib`', to.gcc?.withoutFib, 1.3],
  ['to LuaJIT, the worst', to.luajit?.most, 1.05],
  ['to JavaScript, the worst', to.js?.most, 1.05],
  ['fuel: to the same code without, geometric mean', to.free?.mean, 1.08],
  ['`auto` to `jit` on programs of a second, the worst', worstCold, 1.1],
  ['our compile time, microseconds an instruction', slope, 7],
  ['start of `hello.pbs` under `auto` to `interpreter`', 1 + start.difference / start.interpreter, 1.03],
];

const shown = (number, digits) => (number === undefined ? '-' : number.toFixed(digits));
const table = [
  `| program | ${sides.map(({ title }) => `${title}, ms`).join(' | ')} |`,
  `|---|${sides.map(() => '--:').join('|')}|`,
  ...NAMES.map((name) => `| ${name} | ${sides.map((side) => shown(median(times[name][side.name]), 3)).join(' | ')} |`),
].join('\n');
const compared = sides.filter(({ name }) => name !== 'jit');
const ratioTable = [
  `| program | ${compared.map(({ title }) => `to ${title}`).join(' | ')} |`,
  `|---|${compared.map(() => '--:').join('|')}|`,
  ...NAMES.map((name) => `| ${name} | ${compared.map((side) => shown(to[side.name]?.each[name], 2)).join(' | ')} |`),
  `| **geometric mean** | ${compared.map((side) => `**${shown(to[side.name]?.mean, 2)}**`).join(' | ')} |`,
  `| without fib | ${compared.map((side) => shown(to[side.name]?.withoutFib, 2)).join(' | ')} |`,
].join('\n');
const goalTable = [
  '| aim | measured | at most | |',
  '|---|--:|--:|---|',
  ...goals.map(
    ([name, value, most]) => `| ${name} | ${shown(value, 2)} | ${most} | ${value === undefined ? 'not measured' : value <= most ? 'reached' : 'missed'} |`,
  ),
].join('\n');
const coldTable = [
  '| program | repetitions | jit, ms | auto, ms | auto to jit |',
  '|---|--:|--:|--:|--:|',
  ...cold.map(({ name, reps, jit, auto, ratio }) => `| ${name} | ${reps} | ${shown(jit, 0)} | ${shown(auto, 0)} | ${shown(ratio, 2)} |`),
].join('\n');
const growthTable = [
  '| functions | instructions written | our compiler, ms | the host until usable, ms | us an instruction | bytes an instruction |',
  '|--:|--:|--:|--:|--:|--:|',
  ...grown.points.map(
    ({ functions, instructions, milliseconds, hostMilliseconds, bytes }) =>
      `| ${functions} | ${instructions} | ${shown(milliseconds, 1)} | ${shown(hostMilliseconds, 1)} | ${shown((1000 * milliseconds) / instructions, 1)} | ${shown(bytes / instructions, 1)} |`,
  ),
].join('\n');

// Others at work on the same computer spoil what is measured here more than anything: whoever reads the figures has to know.
const at = { ...host(), rounds, load: loadavg()[1] };
const note = `${at.cpu}, Node ${at.node}, ${at.date}`;
mkdirSync(RESULTS, { recursive: true });
const write = (file, text) => writeFileSync(path.join(RESULTS, file), text);
const versions = others.map(({ title, version }) => `${title}: ${version}`).join('; ');
write('jit.json', `${JSON.stringify({ ...at, versions, goals, to, cold, start, grown, times }, undefined, 1)}\n`);
write(
  'jit.md',
  `# The JIT beside its peers

Milliseconds for one repetition, the middle of ${rounds} interleaved rounds; ratios are the middle of each round's. Less is better. Made by \`npm run bench:jit\`.
${at.cpu}, ${at.cores} cores with ${at.load.toFixed(1)} processes at work on the average; Node ${at.node}; ${at.date}. ${versions}.

${table}

What the JIT takes as a part of what others take:

${ratioTable}

${goalTable}

![Time as a share of that of clang's WebAssembly](jit.svg)

## Programs of a second, compiling included

Each run is a process of its own.

${coldTable}

\`pbs run hello.pbs\` takes ${shown(start.auto, 1)} ms under \`auto\` and ${shown(start.interpreter, 1)} ms under \`interpreter\`; the middle of the differences of pairs is ${shown(start.difference, 1)} ms.

## What compiling costs

${growthTable}

A program of 10,000 functions ${grown.tenThousand.agrees ? 'gives what the interpreter gives' : 'DIFFERS from the interpreter'}; ${grown.tenThousand.functions} of them are compiled, the rest is beyond what one program may have compiled.

![Compile time against program size](jit-compile.svg)
`,
);
if (to.clang !== undefined) {
  const bars = [...NAMES.map((name) => ({ label: name, value: to.clang.each[name] })), { label: 'mean', value: to.clang.mean, strong: true }];
  write(
    'jit.svg',
    barChart({ title: "Time of the JIT, clang's WebAssembly = 1", bars, lines: [{ value: 1, label: 'clang -O2 wasm' }], note: `less is better; ${note}` }),
  );
}
write(
  'jit-compile.svg',
  curveChart({
    title: 'Compile time against program size',
    across: 'instructions',
    up: 'milliseconds',
    curves: [
      { label: 'our compiler', points: grown.points.map(({ instructions, milliseconds }) => [instructions, milliseconds]) },
      { label: 'host until usable', points: grown.points.map(({ instructions, hostMilliseconds }) => [instructions, hostMilliseconds]) },
    ],
    note,
  }),
);
console.log(`\n${table}\n\n${ratioTable}\n\n${goalTable}\n\n${coldTable}\n\n${growthTable}`);
