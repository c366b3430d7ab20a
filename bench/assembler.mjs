/**
 * How long assembling takes, from the start of the process to its end, for sources of a thousand to a million lines, right ones
 * and ones in which a line of a hundred is wrong, beside GNU `as` on a program of the same make. Each time is that of
 * a cold process that reads the file, assembles it and writes the binary. Writes `results/assembler.{json,md,svg}`.
 *
 *     node bench/assembler.mjs                                 5 rounds
 *     node bench/assembler.mjs --rounds 1 --most 100000        fewer, smaller
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gasSource, pbsSource } from './assembler-source.mjs';
import { curveChart } from './curves.mjs';
import { build, firstLine, host, median, option, provide, RESULTS } from './library.mjs';

/** What is asked for: seconds and megabytes by lines, and how the time may grow. */
const TARGETS = { 100000: { seconds: 2, megabytes: 300 }, 1000000: { seconds: 15 } };
const GROWTH = 12;

const rounds = option('rounds', 5);
const sizes = [1000, 10_000, 100_000, 1_000_000].filter((lines) => lines <= option('most', 1_000_000));
const CHILD = fileURLToPath(new URL('./assembler-process.mjs', import.meta.url));

build();
const hasAs = provide('as', 'binutils');
const folder = mkdtempSync(path.join(tmpdir(), 'bench-assembler-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** Runs a command and gives its seconds. */
function timed(command, ...values) {
  const start = process.hrtime.bigint();
  const { status, stdout, stderr } = spawnSync(command, values, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (status !== 0) throw new Error(`${command} ${values.join(' ')} ended with status ${status}: ${stderr}`);
  return { seconds, stdout };
}

function assemblePbs(file, diagnostics) {
  const { seconds, stdout } = timed(process.execPath, CHILD, file, path.join(folder, 'out.pbx'));
  const found = JSON.parse(stdout);
  if (found.diagnostics > 0 !== diagnostics) throw new Error(`${file}: ${found.diagnostics} diagnostics`);
  return { seconds, megabytes: found.megabytes };
}

const sides = { infracore: (base) => assemblePbs(`${base}.pbs`, false), '1 % broken': (base) => assemblePbs(`${base}-broken.pbs`, true) };
if (hasAs) sides['GNU as'] = (base) => timed('as', `${base}.s`, '-o', path.join(folder, 'out.o'));

for (const lines of sizes) {
  const base = path.join(folder, String(lines));
  writeFileSync(`${base}.pbs`, pbsSource(lines).text);
  // About seven lines of ten are instructions that may be broken.
  writeFileSync(`${base}-broken.pbs`, pbsSource(lines, { brokenPerMille: 17 }).text);
  writeFileSync(`${base}.s`, gasSource(lines));
}

const results = sizes.map((lines) => ({ lines, sides: Object.fromEntries(Object.keys(sides).map((side) => [side, { seconds: [], megabytes: [] }])) }));
for (let round = 1; round <= rounds; round++) {
  for (const { lines, sides: measured } of results) {
    for (const [side, run] of Object.entries(sides)) {
      const { seconds, megabytes } = run(path.join(folder, String(lines)));
      measured[side].seconds.push(seconds);
      if (megabytes !== undefined) measured[side].megabytes.push(megabytes);
      process.stderr.write(`round ${round}: ${lines} lines, ${side}: ${seconds.toFixed(2)} s\n`);
    }
  }
}

const secondsOf = (entry, side) => median(entry.sides[side].seconds);
const number = (value) => value.toLocaleString('en');
const rows = results.flatMap((entry, index) =>
  Object.keys(sides).map((side) => {
    const seconds = secondsOf(entry, side);
    const before = index === 0 ? undefined : seconds / secondsOf(results[index - 1], side);
    const megabytes = entry.sides[side].megabytes.length === 0 ? '' : Math.round(median(entry.sides[side].megabytes));
    return { lines: entry.lines, side, seconds, growth: before, megabytes };
  }),
);
const failed = rows.filter(({ lines, side, seconds, growth, megabytes }) => {
  if (side === 'GNU as') return false;
  const target = TARGETS[lines];
  return (target !== undefined && (seconds > target.seconds || megabytes > (target.megabytes ?? Infinity))) || (growth ?? 0) > GROWTH;
});

const at = host();
const about = `${at.cpu}, ${at.cores} cores, Node ${at.node}, ${at.date}; middle of ${rounds} cold processes each`;
const table = rows.map(
  ({ lines, side, seconds, growth, megabytes }) =>
    `| ${number(lines)} | ${side} | ${seconds.toFixed(2)} | ${growth === undefined ? '' : growth.toFixed(1)} | ${megabytes} |`,
);
const text = `# Assembling

${about}. ${hasAs ? firstLine('as', '--version') : 'GNU as was not there'}. Reproduce with \`node bench/assembler.mjs\`.

Seconds of whole cold processes; how many times as long as for a tenth of the lines; most memory resident. Aims: 100,000 lines in 2 s and
300 MB, 1,000,000 lines in 15 s, ten times the lines in at most ${GROWTH} times the time, with a line of a hundred wrong too.

| lines | | seconds | growth | MB |
|---:|---|---:|---:|---:|
${table.join('\n')}

![Time against lines](assembler.svg)
`;
mkdirSync(RESULTS, { recursive: true });
writeFileSync(path.join(RESULTS, 'assembler.md'), text);
writeFileSync(path.join(RESULTS, 'assembler.json'), `${JSON.stringify({ host: at, rounds, results }, null, 2)}\n`);
const curves = Object.keys(sides).map((side) => ({ label: side, points: results.map((entry) => [entry.lines, secondsOf(entry, side)]) }));
writeFileSync(
  path.join(RESULTS, 'assembler.svg'),
  curveChart({ title: 'Assembling: time against lines', note: about, across: 'lines of source', up: 'seconds', curves }),
);
process.stdout.write(text);
for (const { lines, side } of failed) process.stdout.write(`beyond the aim: ${number(lines)} lines, ${side}\n`);
process.exitCode = failed.length > 0 ? 1 : 0;
