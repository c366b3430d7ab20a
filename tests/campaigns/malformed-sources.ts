/**
 * Malformed sources: texts that are no program, or nearly one. Whatever the text, the assembler gives a program that the verifier
 * accepts, or diagnostics that each have a known code and a place inside the text, and it does so quickly: no exception, no hang.
 *
 * Cases are mutations of the examples, the standard library, the benchmarks and made-up programs: bytes and tokens
 * changed, left out, doubled and exchanged; lines mixed from several files; giant numbers, names and strings; deep nesting;
 * lone surrogates, NUL, text without line ends; and plain noise.
 */
import { readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { assemble, DIAGNOSTICS, disassemble, formatDiagnostic } from '../../assembler/index.js';
import { LIBRARY } from '../../stdlib/index.js';
import { verify } from '../../vm/index.js';
import { readCommand, runCases } from './command.js';
import { Random } from './random.js';

declare const CAMPAIGN_ROOT: string;

const CASE_SECONDS_MAX = 20;
/** A text of this size or less must be done with in this time, on a machine that is busy with other things too. */
const SLOW_SECONDS = 5;

const campaign = readCommand('malformed-sources', 50_000);

function corpus(): string[] {
  const folders = ['examples', 'stdlib', 'bench/programs', 'bench/workloads'];
  return folders.flatMap((folder) =>
    readdirSync(join(CAMPAIGN_ROOT, folder))
      .filter((name) => name.endsWith('.pbs'))
      .map((name) => readFileSync(join(CAMPAIGN_ROOT, folder, name), 'utf8')),
  );
}

const EVERYTHING = `use "text" as t
memory 1 MiB .. 64 MiB
const LIMIT = (1 << 20) / 3 % 7 | ~5 & 0xff ^ -1
const REAL = 1.5e-3 * nan - infinity
port terminal: pu client at 4096 { depth 4, message 64 KiB, version 1 }
port from[1..16]: disk server
data table align 64: i32 = 1, 2, LIMIT,
  greeting, from[3].number, len(greeting), index(add2)
data greeting = "Hello \\x41\\u{20ac}\\n", 0, 'a'
keep data buffer at 65536: f64[96 * 96]
export "a", "b" data c: i64 = -1
type binary(i32, i32) -> i32
keep table add2, add2
export func start(a, b: i32, x: f64) -> i32, f64 {
    local i, n: i32, y: i64
    add i, n, LIMIT
    sub_i32 i, n, 5
    load i, [a + 8]
    store8 [table + 4 * 2], 10
    call add2(i, 3) -> n
    call binary[index(add2)](a, b) -> _
again:
    check
    jump_table i, again, done,
        again
    br_lt i, n, far(again)
done:
    if lt i, 10 { add i, i, 1 } else if not n { ret 1, 2.5 } else { trap overflow }
    outer: loop while ltu i, n {
        loop { continue outer if eq i, 5
            break if i } while gt n, 3
    }
    ret i, x
}
func add2(a, b: i32) -> i32 { add a, a, b
    ret a }
`;

const texts = [EVERYTHING, ...corpus()];
const TOKEN = /[A-Za-z_]\w*|\d[\w.]*|"[^"\n]*"|'[^'\n]*'|->|\.\.|<<|>>|\s+|./gsu;
const lists = texts.map((text) => text.match(TOKEN) ?? []);
const words = [...new Set(lists.flat())];
const NASTY = ['\0', '\ud800', '\udc00', '\ufeff', '\u2028', '\r', '\u001b[31m', '"', "'", '\\', '{', '}', '(', ')', '[', ']', ';', '€', '😀', '\n'];

const giant = (random: Random): string =>
  random.pick([
    () => '9'.repeat(random.between(300, 20_000)),
    () => `0x${'f'.repeat(random.between(200, 5000))}`,
    () => `1e${random.between(300, 99_999)}`,
    () => `a${'b'.repeat(random.between(100, 20_000))}`,
    () => `"${'\\n'.repeat(random.between(100, 20_000))}"`,
    () => '('.repeat(random.between(50, 5000)),
    () => '-'.repeat(random.between(50, 5000)),
    () => 'loop {\n'.repeat(random.between(50, 3000)),
    () => 'if a { '.repeat(random.between(50, 3000)),
    () => 'x['.repeat(random.between(50, 3000)),
    () => 'x.'.repeat(random.between(50, 3000)),
    () => ' + 1'.repeat(random.between(100, 5000)),
    () => `${'r, '.repeat(random.between(100, 3000))}r: i32`,
    () => ', a'.repeat(random.between(100, 70_000)),
    () => '1 << 1000 << 1000',
    () => `[${2 ** 32}]`,
  ])();

/** One change of a list of tokens. */
function change(tokens: string[], random: Random): void {
  const at = random.below(tokens.length + 1);
  switch (random.below(9)) {
    case 0:
      tokens.splice(at, random.between(1, 3));
      return;
    case 1:
      tokens.splice(at, 0, ...tokens.slice(at, at + random.between(1, 30)));
      return;
    case 2:
      tokens.splice(at, 1, random.pick(words));
      return;
    case 3:
      tokens.splice(at, 0, random.pick(words));
      return;
    case 4:
      tokens.splice(at, 0, random.pick(NASTY));
      return;
    case 5:
      tokens.splice(at, 1, giant(random));
      return;
    case 6: {
      const other = random.below(tokens.length + 1);
      [tokens[at], tokens[other]] = [tokens[other] ?? '', tokens[at] ?? ''];
      return;
    }
    case 7: {
      const token = tokens[at] ?? '';
      const cut = random.below(token.length + 1);
      tokens[at] = token.slice(0, cut) + random.pick(NASTY) + token.slice(cut + random.below(2));
      return;
    }
    default: {
      const from = random.pick(lists);
      const start = random.below(from.length);
      tokens.splice(at, random.below(20), ...from.slice(start, start + random.between(1, 60)));
    }
  }
}

function makeText(random: Random): string {
  const kind = random.below(20);
  if (kind === 0) return new TextDecoder().decode(random.bytes(random.below(2000)));
  if (kind === 1) return Array.from({ length: random.below(300) }, () => random.pick(words)).join(random.pick(['', ' ', '\n']));
  if (kind === 2) return giant(random) + random.pick(texts);
  if (kind === 3) {
    const lines = texts.flatMap((text) => text.split('\n'));
    return Array.from({ length: random.below(200) }, () => random.pick(lines)).join(random.pick(['\n', '\r\n', '\r']));
  }
  const tokens = [...random.pick(lists)];
  for (let count = random.between(1, random.pick([1, 1, 1, 2, 5, 40])); count > 0; count--) change(tokens, random);
  const text = tokens.join('');
  return kind === 4 ? text.slice(0, random.below(text.length)) : kind === 5 ? text.replaceAll('\n', '\r\n') : text;
}

/** What the code under test did wrong, in words. */
class Failure extends Error {}

function judge(text: string, others: Random): string {
  const start = performance.now();
  const assembly = assemble('main.pbs', {
    read: (path) => (path === 'main.pbs' ? text : others.chance(0.5) ? others.pick(texts) : undefined),
    library: LIBRARY,
    debug: others.chance(0.5),
  });
  const seconds = (performance.now() - start) / 1000;
  if (seconds > SLOW_SECONDS) throw new Failure(`${seconds.toFixed(1)} s for ${text.length} characters`);
  const { program, binary, diagnostics } = assembly;
  if ((program === undefined) !== diagnostics.length > 0 || (binary === undefined) !== (program === undefined))
    throw new Failure('neither a program nor a diagnostic');
  for (const diagnostic of diagnostics) {
    const { code, start: from, end, line, column, length, message, notes, path } = diagnostic;
    const source = assembly.sourceText(path) ?? '';
    const placed = from >= 0 && from <= end && end <= source.length && line >= 1 && column >= 1 && length >= 1;
    if (!placed || !Object.hasOwn(DIAGNOSTICS, code) || message === '' || notes.includes(''))
      throw new Failure(`a diagnostic without a proper place or name: ${JSON.stringify(diagnostic)}`);
  }
  for (const diagnostic of diagnostics.slice(0, 3)) formatDiagnostic(diagnostic, assembly.sourceText(diagnostic.path), { color: true });
  if (program === undefined || binary === undefined) return diagnostics[0]?.code ?? '';
  const verified = verify(binary);
  if ('rejection' in verified) throw new Failure(`the verifier refuses what was assembled: ${JSON.stringify(verified.rejection)}`);
  assembly.listing();
  JSON.stringify(assembly.symbolMap());
  const again = assemble('again.pbs', { read: () => disassemble(program) }).program;
  if (again === undefined || again.code.join() !== program.code.join()) throw new Failure('what was assembled does not come back from its disassembly');
  return 'assembled';
}

/** The number of the case in progress, where the thread that looks on can see it. */
const progress = new Int32Array(new SharedArrayBuffer(4));
const watcher = new Worker(
  `const { workerData } = require('node:worker_threads');
  const { writeSync } = require('node:fs');
  let last = -1, since = Date.now();
  setInterval(() => {
    const now = Atomics.load(workerData.progress, 0);
    if (now !== last) { last = now; since = Date.now(); return; }
    if (Date.now() - since < workerData.seconds * 1000) return;
    writeSync(1, 'HANG in case ' + now + ' of seed ' + workerData.seed + '\\n');
    process.kill(process.pid, 'SIGKILL');
  }, 500);`,
  { eval: true, workerData: { progress, seconds: CASE_SECONDS_MAX, seed: campaign.seed } },
);

const counts = new Map<string, number>();
let failures = 0;
const done = runCases(campaign, (index) => {
  Atomics.store(progress, 0, index);
  const random = new Random(campaign.seed, index);
  const text = makeText(random);
  try {
    const what = judge(text, random);
    counts.set(what, (counts.get(what) ?? 0) + 1);
  } catch (error) {
    failures++;
    const shown = error instanceof Failure ? error.message : ((error as Error).stack ?? String(error));
    writeSync(1, `FAILURE in case ${index} of seed ${campaign.seed}: ${shown}\n${JSON.stringify(text.slice(0, 500))}\n`);
  }
  return failures < 10;
});
await watcher.terminate();
for (const [what, count] of [...counts].sort(([, left], [, right]) => right - left)) writeSync(1, `  ${String(count).padStart(8)}  ${what}\n`);
writeSync(1, `${done} cases, ${failures} failures\n`);
process.exitCode = failures > 0 ? 1 : 0;
