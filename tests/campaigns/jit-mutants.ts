/**
 * Mutation campaign of the JIT: do the tests notice when its tables, its lowering or its structure are slightly wrong?
 *
 * Made and drawn like the mutants of the book (`mutants.ts`), evenly over files and kinds of edit; each is bundled in memory and `jit-mutant-check.ts` runs in a process of
 * its own. Survivors are listed with their edit: some only cost speed or code, which no test of results can see.
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
  [4, 'jit/operators.ts'],
  [1, 'jit/accesses.ts'],
  [2, 'jit/numbers.ts'],
  [3, 'jit/lower.ts'],
  [3, 'jit/instruction.ts'],
  [2, 'jit/structure.ts'],
  [1, 'jit/dispatch.ts'],
  [2, 'jit/unroll.ts'],
  [2, 'jit/reroot.ts'],
  [1, 'jit/increments.ts'],
  [1, 'jit/fuel.ts'],
  [1, 'jit/loops.ts'],
  [2, 'jit/flow.ts'],
  [1, 'jit/blocks.ts'],
  [2, 'jit/instance.ts'],
  [1, 'jit/compile.ts'],
  [1, 'jit/wasm.ts'],
];
/** Lines whose edits change nothing that a program or its snapshot shows, with the reason. A survivor that is on none of them is a gap in the tests. */
const EQUIVALENT: readonly { readonly file: string; readonly line: string; readonly why: string }[] = [
  { file: 'unroll.ts', line: '_MAX = ', why: 'how often a loop is written, and how many' },
  { file: 'unroll.ts', line: 'const copies = Math.min(', why: 'how often a loop is written' },
  { file: 'unroll.ts', line: 'const charge = place > 0', why: 'of the nodes of a loop that is unrolled only the head begins with a check' },
  {
    file: 'reroot.ts',
    line: '',
    why: 'a graph that is duplicated in another way begins at the same place and has the same ways; where it has no structure it is given one',
  },
  { file: 'loops.ts', line: '', why: 'which loops are duplicated or unrolled is a matter of speed, as long as fuel is right' },
  { file: 'lower.ts', line: 'TASKS_AT_ONCE', why: 'when compiling pauses' },
  { file: 'lower.ts', line: 'EXACT_INSTRUCTIONS_MAX', why: 'whether registers that are dead are written to frames' },
  { file: 'flow.ts', line: '_MAX', why: 'which functions stand in the place of calls' },
  { file: 'structure.ts', line: 'seen[successor] = ', why: 'any number but 0 marks a node' },
  { file: 'compile.ts', line: 'TABLE_MAX', why: 'from which size on tables are called by the interpreter' },
  { file: 'compile.ts', line: '_WORDS_MAX', why: 'from which size on functions stay interpreted' },
  { file: 'instance.ts', line: 'SLICE', why: 'how often compiled code is left for the host to put better code in force' },
  { file: 'wasm.ts', line: 'capacity', why: 'bytes for which there is room at first' },
];
const SECONDS_MAX = 60;

const campaign = readCommand('jit-mutants', 200);
const folder = bundleFolder();
let files = 0;

/** @returns what caught the mutant, undefined if it survived, or null if it is no program at all */
async function check(replaced: ReadonlyMap<string, string>): Promise<string | undefined | null> {
  const file = join(folder, `jit-mutant-${process.pid}-${files++}.mjs`);
  try {
    writeFileSync(file, await bundle('tests/campaigns/jit-mutant-check.ts', replaced));
  } catch {
    return null;
  }
  try {
    const command = `ulimit -t ${SECONDS_MAX}; exec "$0" "$1"`;
    const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', command, process.execPath, file], { encoding: 'utf8', maxBuffer: 1 << 26 });
    if (status === 0) return undefined;
    if (status === null) return `no end within ${SECONDS_MAX} s of processor time`;
    return (stdout === '' ? stderr.split('\n').find((line) => /Error/.test(line)) : stdout.trim().split('\n')[0]) ?? 'an exception';
  } finally {
    rmSync(file, { force: true });
  }
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
    const pool = kinds.get(random.pick([...kinds.keys()])) as Mutant[];
    if (pool.length > 0) drawn.push(pool.splice(random.below(pool.length), 1)[0] as Mutant);
  }
  return drawn;
}

const unchanged = await check(new Map());
if (unchanged !== undefined) throw new Error(`without any mutant the check fails: ${unchanged}`);

const survivors: Mutant[] = [];
const equivalent: (readonly [Mutant, string])[] = [];
let judged = 0;
for (const [index, mutant] of draw(campaign.first + campaign.count, new Random(campaign.seed)).entries()) {
  if (index < campaign.first) continue;
  const caughtBy = await check(new Map([[mutant.file, mutate(readFileSync(join(ROOT, mutant.file), 'utf8'), mutant)]]));
  const why = EQUIVALENT.find(({ file, line }) => mutant.file.endsWith(file) && mutant.before.includes(line))?.why;
  const changesNothing = caughtBy === undefined && why !== undefined;
  const verdict = changesNothing ? 'equivalent' : caughtBy === undefined ? 'SURVIVED' : caughtBy === null ? 'no program' : 'caught';
  const by = typeof caughtBy === 'string' ? ` by ${caughtBy.slice(0, 100)}` : '';
  process.stdout.write(`${verdict.padEnd(10)} ${index} ${mutant.file}:${mutant.line} ${mutant.kind}${by}\n`);
  if (caughtBy === null) continue;
  if (changesNothing) {
    equivalent.push([mutant, why]);
    continue;
  }
  judged++;
  if (caughtBy === undefined) survivors.push(mutant);
}
process.stdout.write(
  `\n${judged - survivors.length} of ${judged} caught (${((100 * (judged - survivors.length)) / judged).toFixed(1)} %), seed ${campaign.seed}; ${equivalent.length} more change nothing\n`,
);
for (const { file, line, kind, before, after } of survivors) {
  process.stdout.write(`  survivor ${file}:${line} ${kind}\n      - ${before.trim()}\n      + ${after.trim()}\n`);
}
for (const [{ file, line, before, after }, why] of equivalent) {
  process.stdout.write(`  equivalent ${file}:${line}: ${why}\n      - ${before.trim()}\n      + ${after.trim()}\n`);
}
