/**
 * Mutation campaign: do the tests notice when the book, its tables, the encoding or the interpreter's spellings are slightly wrong?
 *
 * Mutants are made mechanically (`mutations.ts`) and drawn from a seed, evenly over files and kinds of edit. Each is bundled in memory, the
 * tree is never touched; what is generated from the book is generated again, so that staleness is not what catches a
 * mutant; then `mutant-check.ts` runs in a process of its own, for 60 seconds of processor time at most. Survivors are listed with their edit.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, bundleFolder, ROOT } from './bundle.mjs';
import { readCommand } from './command.js';
import { mutantsOf, mutate, type Mutant } from './mutations.js';
import { Random } from './random.js';

/** Files that are mutated, with their share of the mutants. */
const FILES: readonly (readonly [share: number, file: string])[] = [
  [10, 'isa-spec/book.ts'],
  [3, 'isa-spec/operators.ts'],
  [2, 'isa-spec/encoding.ts'],
  [1, 'isa-spec/meaning.ts'],
  [0.5, 'isa-spec/traps.ts'],
  [3, 'vm/interpreter/spellings.ts'],
  [2, 'vm/interpreter/arithmetic.ts'],
];
/** Edits that change nothing that can be seen, with the reason. A survivor that is not among them is a gap in the tests. */
const EQUIVALENT: readonly { readonly file: string; readonly before: string; readonly after: string; readonly why: string }[] = [
  { file: 'book.ts', before: "store('f", after: ', value)', why: 'stores write every NaN as the canonical one by themselves' },
  { file: 'operators.ts', before: 'value < 0n ? -value : value', after: 'value', why: 'the negative of zero is zero' },
  { file: 'meaning.ts', before: 'expression.', after: 'expression.', why: '`isCanonical` only spares the interpreter a second canonicalisation' },
  { file: 'encoding.ts', before: '.length + 3) >> 2', after: '.length + 3) >>> 2', why: 'a length is not negative' },
  { file: 'arithmetic.ts', before: '(a >>> 1) & 0x55555555', after: '(a >> 1) & 0x55555555', why: 'the mask takes the sign away' },
  { file: 'arithmetic.ts', before: 'HIGH = new Int32Array(1)', after: 'HIGH = new Int32Array(2)', why: 'only the first element is used' },
  { file: 'spellings.ts', before: "a.kind === 'truth' ?", after: "a.kind !== 'truth' ?", why: 'both spellings of `eqz` hold for both kinds of text' },
];
const LOOP = 'vm/interpreter/run.generated.ts';
const SECONDS_MAX = 60;

const campaign = readCommand('mutants', 200);
const folder = bundleFolder();
let files = 0;

interface Ran {
  readonly status: number | null;
  readonly output: string;
}

/** Runs bundled text in a process of its own. The limit is one of processor time, so that a busy host catches no mutants. */
function runText(text: string): Ran {
  const file = join(folder, `mutant-${process.pid}-${files++}.mjs`);
  writeFileSync(file, text);
  try {
    const command = `ulimit -t ${SECONDS_MAX}; exec "$0" "$1"`;
    const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', command, process.execPath, file], { encoding: 'utf8', maxBuffer: 1 << 26 });
    return { status, output: stdout === '' ? (stderr.split('\n').find((line) => /Error/.test(line)) ?? '') : stdout };
  } finally {
    rmSync(file, { force: true });
  }
}

/** @returns what caught the mutant, undefined if it survived, or null if it is no program at all */
async function check(replaced: ReadonlyMap<string, string>): Promise<string | undefined | null> {
  let text: string;
  try {
    const generator = runText(await bundle('tests/campaigns/print-loop.ts', replaced));
    if (generator.status !== 0) return `generating the interpreter: ${generator.output.trim()}`;
    text = await bundle('tests/campaigns/mutant-check.ts', new Map([...replaced, [LOOP, generator.output]]));
  } catch {
    return null;
  }
  const { status, output } = runText(text);
  if (status === 0) return undefined;
  return status === null ? `no end within ${SECONDS_MAX} s of processor time` : (output.trim().split('\n')[0] ?? 'an exception');
}

/** Mutants drawn one at a time: a file by its share, then a kind of edit, then one of its edits. */
function draw(count: number, random: Random): Mutant[] {
  const pools = FILES.map(([share, file]) => {
    const kinds = new Map<string, Mutant[]>();
    for (const mutant of mutantsOf(file, readFileSync(join(ROOT, file), 'utf8'))) kinds.set(mutant.kind, [...(kinds.get(mutant.kind) ?? []), mutant]);
    return [share, kinds] as const;
  });
  const drawn: Mutant[] = [];
  while (drawn.length < count) {
    const kinds = random.weighted(pools);
    const kind = random.pick([...kinds.keys()]);
    const pool = kinds.get(kind) as Mutant[];
    if (pool.length > 0) drawn.push(pool.splice(random.below(pool.length), 1)[0] as Mutant);
  }
  return drawn;
}

/** The part of a line that an edit changed, with a little of what is around it. */
function changed(before: string, after: string): string {
  let start = 0;
  while (before[start] === after[start]) start++;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const part = (line: string): string => line.slice(Math.max(start - 30, 0), line.length - Math.max(end - 30, 0)).trim();
  return `- ${part(before)}\n      + ${part(after)}`;
}

const unchanged = await check(new Map());
if (unchanged !== undefined) throw new Error(`without any mutant the check fails: ${unchanged}`);

const survivors: Mutant[] = [];
const equivalent: (readonly [Mutant, string])[] = [];
const catchers = new Map<string, number>();
let judged = 0;
for (const [index, mutant] of draw(campaign.first + campaign.count, new Random(campaign.seed)).entries()) {
  if (index < campaign.first) continue;
  const caughtBy = await check(new Map([[mutant.file, mutate(readFileSync(join(ROOT, mutant.file), 'utf8'), mutant)]]));
  const why = EQUIVALENT.find(({ file, before, after }) => mutant.file.endsWith(file) && mutant.before.includes(before) && mutant.after.includes(after))?.why;
  const verdict =
    caughtBy === undefined && why !== undefined ? 'equivalent' : caughtBy === undefined ? 'SURVIVED' : caughtBy === null ? 'no program' : 'caught';
  process.stdout.write(
    `${verdict.padEnd(10)} ${index} ${mutant.file}:${mutant.line} ${mutant.kind}${typeof caughtBy === 'string' ? ` by ${caughtBy.slice(0, 100)}` : ''}\n`,
  );
  if (caughtBy === null) continue;
  if (caughtBy === undefined && why !== undefined) {
    equivalent.push([mutant, why]);
    continue;
  }
  judged++;
  if (caughtBy === undefined) survivors.push(mutant);
  else {
    const catcher = caughtBy.split(/[,:>]/)[0] as string;
    catchers.set(catcher, (catchers.get(catcher) ?? 0) + 1);
  }
}

const caught = judged - survivors.length;
process.stdout.write(
  `\n${caught} of ${judged} caught (${((100 * caught) / judged).toFixed(1)} %), seed ${campaign.seed}; ${equivalent.length} more change nothing\n`,
);
for (const [catcher, times] of [...catchers].sort((left, right) => right[1] - left[1])) process.stdout.write(`  ${times} by ${catcher}\n`);
for (const { file, line, kind, before, after } of survivors) process.stdout.write(`  survivor ${file}:${line} ${kind}\n      ${changed(before, after)}\n`);
for (const [{ file, line, before, after }, why] of equivalent) process.stdout.write(`  equivalent ${file}:${line}: ${why}\n      ${changed(before, after)}\n`);
