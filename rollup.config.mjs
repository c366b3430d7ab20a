/**
 * The build: one door per part as ES module and CommonJS with types for both, and the command line tool.
 *
 * In the package every source file is a file of its own: doors share module instances, so that what one door verified another
 * accepts, and a bundler takes only what is used. Dependencies are bundled: the package has none
 * at run time. `scripts/build.mjs` calls this with the folder for what is made.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import commonjs from '@rollup/plugin-commonjs';
import resolve from '@rollup/plugin-node-resolve';
import dts from 'rollup-plugin-dts';
import esbuild from 'rollup-plugin-esbuild';

/** The doors: name in `dist`, source. */
const DOORS = {
  index: 'index.ts',
  isa: 'isa-spec/index.ts',
  assembler: 'assembler/index.ts',
  vm: 'vm/index.ts',
  jit: 'jit/index.ts',
  stdlib: 'stdlib/index.ts',
  devices: 'devices/index.ts',
  system: 'system/index.ts',
  node: 'devices/node/index.ts',
  hosts: 'system/node/index.ts',
};
/** What the thread of a PU starts with: no door, but beside them. */
const THREAD = { thread: 'system/node/thread.ts' };

const ROOT = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const { version: VERSION } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
const external = /^node:/;
const FOLDER = process.env.BUILD_FOLDER ?? path.join(ROOT, 'dist');

/**
 * What is changed in the dependencies. lodash looks for its host with `Function('return this')` and `require('util')`: neither may be in what
 * browsers load. chevrotain fills a table of 65,536 numbers before it reads the first character; each entry is an expression.
 */
const PATCHES = [
  [/lodash-es\/_root\.js$/, /[\s\S]*/, 'export default globalThis;'],
  [/lodash-es\/_nodeUtil\.js$/, /[\s\S]*/, 'export default undefined;'],
  [/chevrotain\/.*\/scan\/lexer\.js$/, ': charCodeToOptimizedIdxMap[charCode]', ': 255 + ~~(charCode / 255)'],
  [/chevrotain\/.*\/scan\/lexer\.js$/, 'if (isEmpty(charCodeToOptimizedIdxMap))', 'if (false)'],
];
const patches = {
  name: 'patches',
  transform(text, id) {
    let changed = text;
    for (const [file, from, to] of PATCHES.filter(([file]) => file.test(id))) {
      const next = changed.replace(from, to);
      if (next === changed) this.error(`nothing to change for ${file}`);
      changed = next;
    }
    return changed === text ? undefined : { code: changed, map: null };
  },
};
const plugins = (minify) => [
  patches,
  resolve({ preferBuiltins: true }),
  commonjs(),
  esbuild({ target: 'es2022', minify, define: { VERSION: JSON.stringify(VERSION) } }),
];

/** Own files keep their names; each dependency becomes one file. */
function placeOf(id) {
  const dependency = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id)?.[1] ?? (id.startsWith('\0') ? 'commonjs' : undefined);
  return dependency === undefined ? path.relative(ROOT, id).replace(/\.ts$/, '') : `vendor/${dependency.replace('/', '-')}`;
}

const code = {
  input: { ...DOORS, ...THREAD },
  external,
  plugins: plugins(false),
  output: ['js', 'cjs'].map((extension) => ({
    dir: FOLDER,
    format: extension === 'js' ? 'es' : 'cjs',
    sourcemap: true,
    entryFileNames: `[name].${extension}`,
    chunkFileNames: `parts/[name].${extension}`,
    manualChunks: placeOf,
    hoistTransitiveImports: false,
    minifyInternalExports: false,
  })),
};

const types = {
  input: DOORS,
  external,
  plugins: [dts()],
  output: ['ts', 'cts'].map((extension) => ({
    dir: FOLDER,
    format: 'es',
    entryFileNames: `[name].d.${extension}`,
    chunkFileNames: `parts/[name].d.${extension}`,
  })),
};

/** commander would load this for commands that are programs of their own, which `pbs` has none of. */
const wantsChildProcess = (id, importer) => id === 'node:child_process' && /[\\/]commander[\\/]/.test(importer ?? '');
const childProcess = {
  name: 'no-child-process',
  resolveId: (id, importer) => (wantsChildProcess(id, importer) ? '\0child-process' : undefined),
  load: (id) => (id === '\0child-process' ? 'export default {};' : undefined),
};

let toolFile = '';

/** The tool proper: what every command needs, and the assembler apart. CommonJS, for `cli/start.ts` to compile. */
const tool = {
  input: { main: 'cli/main.ts' },
  // Modules of Node that only unused drivers import are not loaded.
  treeshake: { moduleSideEffects: 'no-external' },
  external: (id, importer) => external.test(id) && !wantsChildProcess(id, importer),
  plugins: [
    childProcess,
    ...plugins(true),
    { name: 'tool-file', writeBundle: (_, bundle) => (toolFile = Object.values(bundle).find(({ isEntry }) => isEntry).fileName) },
  ],
  output: { dir: path.join(FOLDER, 'cli'), format: 'cjs', sourcemap: true, entryFileNames: '[name]-[hash].cjs', chunkFileNames: '[name]-[hash].cjs' },
};

/** What `bin` names. Once it is there the tool runs, and leaves its code cache. */
const start = {
  input: { cli: 'cli/start.ts' },
  external,
  plugins: [
    esbuild({ target: 'es2022' }),
    { name: 'tool-file', renderChunk: (text) => text.replace('TOOL_FILE', () => JSON.stringify(`cli/${toolFile}`)) },
    {
      name: 'code-cache',
      writeBundle: () =>
        void execFileSync(process.execPath, ['scripts/code-cache.mjs', path.join(FOLDER, 'cli.cjs')], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] }),
    },
  ],
  output: { dir: FOLDER, format: 'cjs', sourcemap: true, banner: '#!/usr/bin/env node', entryFileNames: '[name].cjs' },
};

export default process.env.CODE_ONLY ? [code, tool, start] : [code, tool, start, types];
