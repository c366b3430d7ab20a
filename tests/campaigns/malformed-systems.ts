/**
 * Malformed descriptions: texts and JSON models that are no system, or nearly one. Whatever they hold, `loadSystem` gives a topology that an
 * image can be made of, or diagnostics that each have a known code and a place inside their file, and it does so quickly: no exception, no hang.
 *
 * Cases are mutations of the example and of a description that uses every statement: tokens changed, left out, doubled and exchanged; giant numbers, names and
 * nestings; replicators without bounds; values of JSON put elsewhere; and plain noise.
 */
import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { LIBRARY } from '../../stdlib/index.js';
import {
  explain,
  formatSystemDiagnostic,
  graphMermaid,
  graphSvg,
  imagesOf,
  isSystemCode,
  encodeImage,
  decodeImage,
  loadSystem,
  namesOf,
  parseSystemText,
  printSystem,
} from '../../system/index.js';
import { DIAGNOSTICS } from '../../assembler/index.js';
import { readCommand, runCases } from './command.js';
import { EVERYTHING, PROGRAMS } from './malformed-systems-corpus.js';
import { Random } from './random.js';

declare const CAMPAIGN_ROOT: string;

/** A case must be done with in this time, on a machine that is busy with other things too. */
const SLOW_SECONDS = 10;

const campaign = readCommand('malformed-systems', 20_000);
const texts = [EVERYTHING, readFileSync(join(CAMPAIGN_ROOT, 'examples/systems/echo/echo.sys'), 'utf8')];
const TOKEN = /[A-Za-z_]\w*|\d[\w.]*|"[^"\n]*"|->|\.\.|\s+|./gsu;
const lists = texts.map((text) => text.match(TOKEN) ?? []);
const words = [...new Set(lists.flat())];
const NASTY = [
  '\0',
  '\ud800',
  '\ufeff',
  '\u2028',
  '\r',
  '\u001b[31m',
  '"',
  "'",
  '\\',
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  ';',
  '€',
  '😀',
  '\n',
  '->',
  '..',
  '*',
  'if',
  '__proto__',
  'constructor',
];

const giant = (random: Random): string =>
  random.pick([
    () => '9'.repeat(random.between(10, 3000)),
    () => `1e${random.between(300, 9999)}`,
    () => `a${'b'.repeat(random.between(100, 20_000))}`,
    () => '('.repeat(random.between(50, 5000)),
    () => 'for i in 0..9 { '.repeat(random.between(2, 300)),
    () => 'for i in 0..65535 { pu x runs pair } ',
    () => 'pu x[0..65535] runs pair\n',
    () => 'computer y[0..65535] { pu x[0..65535] runs pair }\n',
    () => ' + 1'.repeat(random.between(100, 5000)),
    () => 'x.'.repeat(random.between(50, 3000)),
    () => 'a, '.repeat(random.between(50, 3000)),
    () => Array.from({ length: random.between(50, 3000) }, (_, index) => `const c${index} = c${index + 1}\n`).join(''),
    () => Array.from({ length: random.between(10, 100) }, (_, index) => `box b${index} { box x: b${index + 1}\n box y: b${index + 1} }\n`).join(''),
  ])();

function change(tokens: string[], random: Random): void {
  const at = random.below(tokens.length + 1);
  const other = random.below(tokens.length + 1);
  random.pick([
    () => tokens.splice(at, random.between(1, 3)),
    () => tokens.splice(at, 0, ...tokens.slice(at, at + random.between(1, 30))),
    () => tokens.splice(at, 1, random.pick(words)),
    () => tokens.splice(at, 0, random.pick(words)),
    () => tokens.splice(at, 0, random.pick(NASTY)),
    () => tokens.splice(at, 1, giant(random)),
    () => ([tokens[at], tokens[other]] = [tokens[other] ?? '', tokens[at] ?? '']),
  ])();
}

function makeText(random: Random): string {
  const kind = random.below(20);
  if (kind === 0) return new TextDecoder().decode(random.bytes(random.below(1000)));
  if (kind === 1) return Array.from({ length: random.below(200) }, () => random.pick(words)).join(random.pick(['', ' ', '\n']));
  if (kind <= 4) return brokenModel(random);
  const tokens = [...random.pick(lists)];
  for (let left = random.between(1, random.pick([1, 1, 1, 2, 5, 30])); left > 0; left--) change(tokens, random);
  return tokens.join('');
}

/** A JSON model with values put elsewhere. */
function brokenModel(random: Random): string {
  const model = structuredClone(parseSystemText(random.pick(texts)).model) as unknown as Record<string, unknown>;
  const places: [Record<string, unknown>, string][] = [];
  const collect = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const key of Object.keys(node)) {
      places.push([node as Record<string, unknown>, key]);
      collect((node as Record<string, unknown>)[key]);
    }
  };
  collect(model);
  for (let left = random.pick([1, 1, 2, 5]); left > 0; left--) {
    const [node, key] = random.pick(places);
    const [from, other] = random.pick(places);
    node[key] = random.pick<unknown>([
      from[other],
      null,
      0,
      -1,
      1e300,
      'x',
      '',
      [],
      {},
      true,
      { expression: giant(random) },
      'a[*].b',
      { names: ['a', 'b[*]'] },
    ]);
  }
  try {
    const text = JSON.stringify(model);
    return random.chance(0.1) ? text.slice(0, random.below(text.length)) : text;
  } catch {
    // A value was put inside itself.
    return '{}';
  }
}

class Failure extends Error {}

function judge(text: string): string {
  const start = performance.now();
  const system = loadSystem('main.sys', { read: (path) => (path === 'main.sys' ? text : PROGRAMS[path]), library: LIBRARY });
  const { topology, deployments, diagnostics, model } = system;
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if ((topology === undefined) !== errors.length > 0) throw new Failure('neither a topology nor an error');
  for (const diagnostic of diagnostics) {
    const length = (system.sourceText(diagnostic.path) ?? '').length;
    const { start: from, end, line, column, message, notes, code } = diagnostic;
    const isKnown = isSystemCode(code) || Object.hasOwn(DIAGNOSTICS, code);
    if (!isKnown || from < 0 || end < from || end > length || line < 1 || column < 1 || message === '' || notes.includes('')) {
      throw new Failure(`a diagnostic without a proper place or name: ${JSON.stringify(diagnostic)}`);
    }
  }
  for (const diagnostic of diagnostics.slice(0, 5)) formatSystemDiagnostic(diagnostic, (path) => system.sourceText(path), { color: true });
  if (topology !== undefined) {
    if (topology.pus.length < 2000) {
      graphSvg(topology);
      graphMermaid(topology);
      for (const name of namesOf(topology).slice(0, 20))
        if (explain(topology, deployments, name) === undefined) throw new Failure(`${name} has no explanation`);
      for (const image of imagesOf(topology, () => new Uint8Array(8)).slice(0, 4)) {
        const found = decodeImage(encodeImage(image));
        if ('rejection' in found) throw new Failure(`an image that was made is refused: ${found.rejection.message}`);
      }
    }
    if (model === undefined) throw new Failure('a topology without a model');
    const printed = printSystem(model);
    const again = parseSystemText(printed);
    if (again.diagnostics.length > 0 || printSystem(again.model) !== printed) throw new Failure('what is printed does not read as the same model');
  }
  const seconds = (performance.now() - start) / 1000;
  if (seconds > SLOW_SECONDS) throw new Failure(`${seconds.toFixed(1)} s for ${text.length} characters`);
  return topology === undefined ? (errors[0]?.code ?? '') : 'good';
}

const counts = new Map<string, number>();
let failures = 0;
let longest = 0;
const done = runCases(campaign, (index) => {
  const text = makeText(new Random(campaign.seed, index));
  const start = performance.now();
  try {
    const what = judge(text);
    counts.set(what, (counts.get(what) ?? 0) + 1);
  } catch (error) {
    failures++;
    writeSync(1, `\nFAILURE in case ${index}: ${error instanceof Failure ? error.message : (error as Error).stack}\n`);
    writeSync(
      1,
      `text ${JSON.stringify(text.slice(0, 2000))}\nagain: node tests/campaigns/run.mjs malformed-systems --seed ${campaign.seed} --first ${index} --count 1\n`,
    );
  }
  longest = Math.max(longest, performance.now() - start);
  return failures < 5;
});
for (const [what, times] of [...counts].sort()) process.stdout.write(`  ${String(times).padStart(7)} ${what}\n`);
process.stdout.write(`${done} cases, ${failures} failures, ${(longest / 1000).toFixed(1)} s the longest; seed ${campaign.seed}\n`);
process.exitCode = failures === 0 ? 0 : 1;
