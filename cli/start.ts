/**
 * Starts the tool: compiles its files with what V8 kept of an earlier compilation, where the build left that beside them.
 *
 * A third of the time of a short run would be the compilation of the same text again. V8 takes such a code cache only if its own
 * version and flags and all lengths are the same, and compiles as ever otherwise. The text's hash is part of the file's name, so that the
 * cache of another text can't be met. What a cache contains V8 does not check: it is as trusted as the code, and no part of the package.
 * This file is a CommonJS module, because Node loads those faster.
 */
import { readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { Script } from 'node:vm';

/** The tool's first file, seen from this one; the build knows its name. */
declare const TOOL_FILE: string;

type Wrapper = (exports: object, require: (name: string) => unknown, module: { exports: object }, file: string, folder: string) => void;

const modules = new Map<string, { exports: object }>();
/** What was compiled, by file: the build asks it for the caches. */
export const scripts = new Map<string, Script>();

function cacheOf(file: string): Buffer | undefined {
  try {
    return readFileSync(`${file}.cache`);
  } catch {
    return undefined;
  }
}

/** The exports of one of the tool's files. */
function load(file: string): object {
  const known = modules.get(file);
  if (known !== undefined) return known.exports;
  const module = { exports: {} };
  modules.set(file, module);
  const cachedData = cacheOf(file);
  const text = `(function (exports, require, module, __filename, __dirname) { ${readFileSync(file, 'utf8')}\n})`;
  const script = new Script(text, { filename: file, ...(cachedData === undefined ? {} : { cachedData }) });
  scripts.set(file, script);
  const folder = path.dirname(file);
  const requireFrom = (name: string): unknown => (name.startsWith('.') ? load(path.join(folder, name)) : require(name));
  (script.runInThisContext() as Wrapper)(module.exports, requireFrom, module, file, folder);
  return module.exports;
}

/** Runs the tool in this process. What keeps it from being loaded is told in a line: there is nobody yet who could. */
export function start(): void {
  try {
    load(path.join(__dirname, TOOL_FILE));
  } catch (error) {
    writeSync(2, `pbs: cannot start: ${(error as Error).message}\n`);
    process.exit(1);
  }
}

if (require.main === module) start();
