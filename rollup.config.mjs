/**
 * The build: one door per part as ES module and CommonJS with types for both, and the command line tool.
 *
 * In the package every source file is a file of its own: doors share module instances, so that what one door verified another
 * accepts, and a bundler takes only what is used. The tool is one file, and the assembler a second one that it loads when it
 * meets source text. Dependencies are bundled into both: the package has none at run time.
 */
import { rmSync } from 'node:fs';
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
};

const ROOT = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const external = /^node:/;

/** lodash looks for its host with `Function('return this')` and `require('util')`: neither may be in what browsers load. */
const lodash = {
  name: 'lodash-without-its-host',
  load: (id) =>
    /lodash-es\/_root\.js$/.test(id) ? 'export default globalThis;' : /lodash-es\/_nodeUtil\.js$/.test(id) ? 'export default undefined;' : undefined,
};
const plugins = (minify) => [lodash, resolve({ preferBuiltins: true }), commonjs(), esbuild({ target: 'es2022', minify })];

/** Own files keep their names; each dependency becomes one file. */
function placeOf(id) {
  const dependency = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id)?.[1] ?? (id.startsWith('\0') ? 'commonjs' : undefined);
  return dependency === undefined ? path.relative(ROOT, id).replace(/\.ts$/, '') : `vendor/${dependency.replace('/', '-')}`;
}

const code = {
  input: DOORS,
  external,
  plugins: plugins(false),
  output: ['js', 'cjs'].map((extension) => ({
    dir: 'dist',
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
    dir: 'dist',
    format: 'es',
    entryFileNames: `[name].d.${extension}`,
    chunkFileNames: `parts/[name].d.${extension}`,
  })),
};

const tool = {
  input: { cli: 'cli/main.ts' },
  external,
  plugins: plugins(true),
  output: {
    dir: 'dist',
    format: 'es',
    sourcemap: true,
    banner: (chunk) => (chunk.isEntry ? '#!/usr/bin/env node' : ''),
    chunkFileNames: 'cli/[name].js',
  },
};

if (!process.env.CODE_ONLY) rmSync('dist', { recursive: true, force: true });
export default process.env.CODE_ONLY ? [code, tool] : [code, tool, types];
