/**
 * The package as a stranger gets it: packed, installed without a network into an empty folder, used from ES modules, CommonJS and
 * TypeScript, bundled for a browser. Needs the build, which `npm test` makes.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import vm from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';

const ROOT = path.resolve(import.meta.dirname, '../..');
const MANIFEST = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
const DOORS = Object.keys(MANIFEST.exports)
  .filter((door) => door !== './package.json')
  .map((door) => door.replace(/^\./, 'infracore'));
const BROWSER_DOORS = DOORS.filter((door) => door !== 'infracore/node' && door !== 'infracore/hosts');

let folder: string;
let installed: string;
const node = (...args: string[]): string => execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
const write = (name: string, text: string): string => {
  writeFileSync(path.join(folder, name), text);
  return name;
};

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'infracore-package-'));
  const npm = (...args: string[]): string => execFileSync('npm', args, { cwd: folder, encoding: 'utf8', env: { ...process.env, npm_config_offline: 'true' } });
  const [{ filename }] = JSON.parse(npm('pack', ROOT, '--json', '--ignore-scripts'));
  write('package.json', '{ "name": "stranger", "private": true }');
  npm('install', '--no-audit', '--no-fund', `./${filename}`);
  installed = path.join(folder, 'node_modules/infracore');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The same work for every kind of module: each door gives its part, and what one door verified another runs. */
const WORK = `
const source = 'func main() -> i32 {\\n  local a: i32\\n  mov a, 6\\n  mul a, a, 7\\n  ret a\\n}\\n';
const { binary, diagnostics } = assembler.assemble('answer.pbs', { read: () => source, library: stdlib.LIBRARY });
if (diagnostics.length > 0) throw new Error(diagnostics[0].message);
const machine = new front.Machine(vm.verify(binary).program);
machine.start();
const outcome = machine.run();
`;

describe('the packed package', () => {
  it('brings no dependency and nothing but what it needs', () => {
    expect(readdirSync(path.join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['infracore']);
    expect(readdirSync(installed).sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md', 'dist', 'package.json']);
  });

  it('works as ES modules, and the doors share what they verified', () => {
    const imports = ['assembler', 'stdlib', 'vm'].map((door) => `import * as ${door} from 'infracore/${door}';\n`).join('');
    const file = write('use.mjs', `${imports}import * as front from 'infracore';\n${WORK}console.log(outcome.kind, outcome.values[0]);`);
    expect(node(file)).toBe('returned 42\n');
  });

  it('works as CommonJS, and the doors share what they verified', () => {
    const requires = ['assembler', 'stdlib', 'vm'].map((door) => `const ${door} = require('infracore/${door}');\n`).join('');
    const file = write('use.cjs', `${requires}const front = require('infracore');\n${WORK}console.log(outcome.kind, outcome.values[0]);`);
    expect(node(file)).toBe('returned 42\n');
  });

  it('opens every door both ways', () => {
    const esm = write('doors.mjs', `for (const door of ${JSON.stringify(DOORS)}) console.log(door, Object.keys(await import(door)).sort().join());`);
    const cjs = write('doors.cjs', `for (const door of ${JSON.stringify(DOORS)}) console.log(door, Object.keys(require(door)).sort().join());`);
    const found = node(esm);
    expect(node(cjs)).toBe(found);
    expect(found.split('\n').filter((line) => line !== '' && line.split(' ')[1] === '')).toEqual([]);
  });

  it('has types for TypeScript in both kinds of module, all strict checks on', () => {
    const text = `
      ${DOORS.map((door, index) => `import * as door${index} from '${door}';`).join('\n')}
      import { Machine, verify, type Outcome } from 'infracore';
      import type { Program } from 'infracore/isa';
      export const doors: readonly object[] = [${DOORS.map((_, index) => `door${index}`).join(', ')}];
      export function run(program: Program): Outcome {
        const verified = verify(program);
        if ('rejection' in verified) throw new Error(verified.rejection.message);
        const machine = new Machine(verified.program);
        machine.start('main', []);
        return machine.run(1000);
      }
      // @ts-expect-error: an engine is not a name
      new Machine({} as never, { engine: 'fast' });
    `;
    write('use.mts', text);
    write('use.cts', text);
    const compilerOptions = {
      target: 'ES2022',
      module: 'NodeNext',
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
      noEmit: true,
      types: ['node'],
      typeRoots: [path.join(ROOT, 'node_modules/@types')],
    };
    write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['use.mts', 'use.cts'] }));
    const { stdout, status } = spawnSync(process.execPath, [path.join(ROOT, 'node_modules/typescript/bin/tsc')], { cwd: folder, encoding: 'utf8' });
    expect([stdout, status]).toEqual(['', 0]);
  });

  it('brings the command line tool', () => {
    const tool = path.join(folder, 'node_modules/.bin/pbs');
    expect(execFileSync(tool, ['--version'], { encoding: 'utf8' })).toBe(`${MANIFEST.version}\n`);
    write('seven.pbs', 'func main() -> i32 {\n  ret 7\n}\n');
    expect(spawnSync(tool, ['run', 'seven.pbs'], { cwd: folder, encoding: 'utf8' })).toMatchObject({ status: 7, stdout: '', stderr: '' });
  });
});

describe('what browsers load', () => {
  const bundle = async (text: string): Promise<string> => {
    const { outputFiles } = await build({
      stdin: { contents: text, resolveDir: folder },
      bundle: true,
      write: false,
      platform: 'browser',
      format: 'iife',
      minify: true,
      logLevel: 'silent',
    });
    return outputFiles[0]?.text ?? '';
  };

  it('imports nothing of Node', async () => {
    for (const door of BROWSER_DOORS) expect([door, (await bundle(`import * as door from '${door}'; console.log(door);`)).length > 0]).toEqual([door, true]);
  });

  it('runs a program where there is nothing but the language and text encoding', async () => {
    const imports = ['assembler', 'stdlib', 'vm'].map((door) => `import * as ${door} from 'infracore/${door}';\n`).join('');
    const script = await bundle(`${imports}import * as front from 'infracore';\n${WORK}globalThis.outcome = outcome;`);
    const context = vm.createContext({ TextEncoder, TextDecoder });
    vm.runInContext(script, context);
    expect(JSON.stringify(context.outcome)).toBe('{"kind":"returned","values":[42]}');
  });

  it('is only what is used', async () => {
    const page = await bundle(`import { PAGE_BYTES } from 'infracore/isa'; console.log(PAGE_BYTES);`);
    expect(page.length).toBeLessThan(200);
    const machine = await bundle(`import { Machine } from 'infracore'; console.log(Machine);`);
    const all = await bundle(`import * as all from 'infracore'; console.log(all);`);
    expect(machine).not.toContain('lookahead');
    expect(machine.length).toBeLessThan(all.length / 2);
  });
});

describe('every shipped file', () => {
  const files = (): string[] => readdirSync(path.join(installed, 'dist'), { recursive: true, encoding: 'utf8' });
  const text = (file: string): string => readFileSync(path.join(installed, 'dist', file), 'utf8');

  it('compiles no text into code', () => {
    const scripts = files().filter((file) => /\.c?js$/.test(file));
    expect(scripts.length).toBeGreaterThan(20);
    expect(scripts.filter((file) => /\beval\(|\bnew Function\b|[^.\w]Function\(/.test(text(file)))).toEqual([]);
  });

  it('has a source map with its sources in it', () => {
    const scripts = files().filter((file) => /\.c?js$/.test(file));
    expect(scripts.filter((file) => !files().includes(`${file}.map`))).toEqual([]);
    for (const file of files().filter((name) => name.endsWith('.map'))) {
      const { sources, sourcesContent } = JSON.parse(text(file));
      expect([file, sourcesContent?.length]).toEqual([file, sources.length]);
    }
  });

  it.each(['.js', '.cjs'])('%s: imports nothing that would have to be installed', async (extension) => {
    const entryPoints = files()
      .filter((file) => path.extname(file) === extension)
      .map((file) => path.join(installed, 'dist', file));
    const { metafile } = await build({
      entryPoints,
      bundle: true,
      write: false,
      outdir: folder,
      metafile: true,
      packages: 'external',
      platform: 'node',
      logLevel: 'silent',
    });
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.filter(({ external }) => external).map((found) => found.path));
    expect([...new Set(imports)].filter((name) => !isBuiltin(name))).toEqual([]);
  });
});
