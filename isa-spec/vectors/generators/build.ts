/**
 * Makes the vector files from their sources: `npx tsx isa-spec/vectors/generators/build.ts`.
 *
 * C and Python programs print expectations, text files hold those written by hand; all are in the notation of
 * `../notation.ts`, which encodes the programs. Needs gcc and Python 3; nobody who runs the vectors does.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeProgram, type Program } from '../../index.js';
import { type BinariesFile, parseProgram, parseVectors, type VectorFile } from '../notation.js';
import { ACCEPTED, REFUSED } from '../sources/binaries.js';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const VECTORS = path.join(HERE, '..');
const MOST = 64 * 1024 * 1024;

function fromC(name: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'vectors-'));
  try {
    const program = path.join(folder, 'generator');
    execFileSync('gcc', ['-O1', '-ffp-contract=off', '-std=c11', '-Wall', '-Wextra', '-Werror', '-o', program, path.join(HERE, name), '-lm']);
    return execFileSync(program, { encoding: 'utf8', maxBuffer: MOST });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
const fromPython = (name: string): string => execFileSync('python3', [path.join(HERE, name)], { encoding: 'utf8', maxBuffer: MOST });
const byHand = (name: string): string => readFileSync(path.join(VECTORS, 'sources', name), 'utf8');

const C = 'C11 (gcc -O1 -ffp-contract=off), generators/arithmetic.c';

/** One file for each program of a text, or one for all. */
interface Source {
  readonly text: string;
  readonly source: string;
  /** File name to what it holds; a name of a program between `<>` takes only the cases of that program. */
  readonly files: Readonly<Record<string, string>>;
}

const sources = (): Source[] => [
  {
    text: fromC('arithmetic.c'),
    source: C,
    files: {
      'arithmetic-<base>': 'Every instruction of group base that computes a value or branches on one, at boundary values of its operands.',
      'arithmetic-<int64>': 'The same for group int64.',
      'arithmetic-<float64>': 'The same for group float64. NaN operands and results are compared as canonical.',
      'arithmetic-<float32>': 'The same for group float32: each result is rounded to binary32 once.',
    },
  },
  {
    text: fromPython('memory.py'),
    source: 'Python 3 (bytearray, struct, integers), generators/memory.py',
    files: {
      memory:
        'Every load and store at every width: sign, alignment, the end of memory, addresses that must not wrap; copy and fill, overlapping and at the end of memory.',
    },
  },
  {
    text: fromPython('calls.py'),
    source: 'Python 3, generators/calls.py',
    files: { calls: 'Calls with 0 to 32 values and 0 to 16 results, recursion, jump tables, loops with many branches, and the fuel that they use.' },
  },
  {
    text: byHand('control.txt'),
    source: 'written by hand, sources/control.txt',
    files: { control: 'Branches near and far, table calls and their traps, frame and fuel limits to the unit, every trap kind.' },
  },
  {
    text: byHand('nan.txt'),
    source: 'written by hand, sources/nan.txt',
    files: { nan: 'Canonical NaNs wherever bits can be seen.' },
  },
  {
    text: byHand('ports.txt'),
    source: 'written by hand, sources/ports.txt',
    files: { ports: 'Ports: windows as they begin, requests and completions, credit, cancel, faults, undeclared ports, and what they charge.' },
  },
  {
    text: byHand('snapshots.txt'),
    source: 'written by hand, sources/snapshots.txt',
    files: { snapshots: 'Suspension in grants, with the frames that a canonical snapshot must hold.' },
  },
];

function textOf(file: VectorFile): string {
  const json = JSON.stringify;
  const lines = (items: readonly unknown[], indent: string): string =>
    items.length === 0 ? '[]' : `[\n${items.map((item) => `${indent}  ${json(item)}`).join(',\n')}\n${indent}]`;
  const programs = Object.entries(file.programs).map(
    ([name, { listing, pbx }]) => `    ${json(name)}: {\n      "listing": ${lines(listing, '      ')},\n      "pbx": ${json(pbx)}\n    }`,
  );
  const cases = file.cases.map(
    ({ name, program, entry, runs }) =>
      `    {\n      "name": ${json(name)}, "program": ${json(program)}, "entry": ${json(entry)},\n      "runs": ${lines(runs, '      ')}\n    }`,
  );
  return `{\n  "$schema": ${json(file.$schema)},\n  "version": 1,\n  "about": ${json(file.about)},\n  "source": ${json(file.source)},\n  "programs": {\n${programs.join(',\n')}\n  },\n  "cases": [\n${cases.join(',\n')}\n  ]\n}\n`;
}

for (const { text, source, files } of sources()) {
  const { programs, cases } = parseVectors(text);
  for (const [name, about] of Object.entries(files)) {
    const only = /<(.*)>/.exec(name)?.[1];
    const file: VectorFile = {
      $schema: './vectors.schema.json',
      version: 1,
      about,
      source,
      programs: Object.fromEntries(
        [...programs]
          .filter(([program]) => only === undefined || program === only)
          .map(([program, listing]) => [program, { listing, pbx: Buffer.from(encodeProgram(parseProgram(listing))).toString('base64') }]),
      ),
      cases: cases.filter(({ program }) => only === undefined || program === only),
    };
    const json = textOf(file);
    writeFileSync(path.join(VECTORS, `${name.replace(/[<>]/g, '')}.json`), json);
    console.log(
      `${name.replace(/[<>]/g, '')}.json: ${file.cases.length} cases, ${file.cases.reduce((sum, { runs }) => sum + runs.length, 0)} runs, ${json.length} bytes`,
    );
  }
}

const base64 = (binary: Uint8Array | Program): string => Buffer.from(binary instanceof Uint8Array ? binary : encodeProgram(binary)).toString('base64');
const binaries: BinariesFile = {
  $schema: './binaries.schema.json',
  version: 1,
  about: 'Binaries that must be refused, each for one rule, and binaries just inside the rules that must be accepted.',
  source: 'written by hand, sources/binaries.ts',
  refused: Object.entries(REFUSED).map(([name, [binary, rule, section, offset, inFunction]]) => ({
    name,
    pbx: base64(binary),
    rule,
    section,
    offset,
    ...(inFunction === undefined ? {} : { function: inFunction }),
  })),
  accepted: Object.entries(ACCEPTED).map(([name, program]) => ({ name, pbx: base64(program) })),
};
const { refused, accepted, ...head } = binaries;
const listed = (items: readonly unknown[]): string => items.map((item) => `    ${JSON.stringify(item)}`).join(',\n');
writeFileSync(
  path.join(VECTORS, 'binaries.json'),
  `${JSON.stringify(head, undefined, 2).slice(0, -2)},\n  "refused": [\n${listed(refused)}\n  ],\n  "accepted": [\n${listed(accepted)}\n  ]\n}\n`,
);
console.log(`binaries.json: ${refused.length} refused, ${accepted.length} accepted`);
