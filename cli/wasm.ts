/**
 * `pbs wasm`: what the JIT makes of a program, as WebAssembly text beside the program's own lines.
 */
import path from 'node:path';
import { listing } from '../jit/index.js';
import { EXIT } from './failure.js';
import { writeOut } from './files.js';
import { loadProgram } from './load.js';

/** Options of `pbs wasm`. */
export interface WasmOptions {
  readonly output: string;
}

/** Prints the module that the engine `jit` makes. @returns the exit status. @throws Failure where the program cannot be loaded */
export async function wasm(file: string, { output }: WasmOptions): Promise<number> {
  const { program, textOf } = await loadProgram(file);
  const lines = new Map<string, readonly string[]>();
  // A binary names its files from the folder of the first one.
  const lineOf = (name: string, line: number): string | undefined => {
    const text = lines.get(name) ?? (textOf(name) ?? textOf(path.join(path.dirname(file), name)))?.split('\n') ?? [];
    lines.set(name, text);
    return text[line - 1];
  };
  const text = listing(program, lineOf);
  writeOut(output, text);
  return EXIT.ok;
}
