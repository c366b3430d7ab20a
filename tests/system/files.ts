/** Descriptions in tests: files by name, and the standard library. */
import { readFileSync } from 'node:fs';
import { LIBRARY } from '../../stdlib/index.js';
import { type LoadedSystem, loadSystem } from '../../system/index.js';

/** Loads `main.sys` from files that stand in the test. */
export function loadFiles(files: Readonly<Record<string, string | Uint8Array>>, main = 'main.sys'): LoadedSystem {
  return loadSystem(main, { read: (path) => (Object.hasOwn(files, path) ? files[path] : undefined), library: LIBRARY });
}

/** Loads a description of the repository. */
export function loadPath(path: string): LoadedSystem {
  const read = (file: string): Uint8Array | undefined => {
    try {
      return new Uint8Array(readFileSync(file));
    } catch {
      return undefined;
    }
  };
  return loadSystem(path, { read, library: LIBRARY });
}

/** A program with ports and nothing else: `name: protocol side { options }`. */
export function portsProgram(...ports: readonly string[]): string {
  return `${ports.map((port) => `port ${port}\n`).join('')}func main() -> i32 {\n    ret 0\n}\n`;
}
