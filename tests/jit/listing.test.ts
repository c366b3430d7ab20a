/** The JIT's output as text: an assembler of WebAssembly by another maker makes the same module of it, and the program's lines stand in it. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import wabtOf from 'wabt';
import { assemble } from '../../assembler/index.js';
import { compile } from '../../jit/compile.js';
import { listing } from '../../jit/index.js';
import { LIBRARY } from '../../stdlib/index.js';
import { verify, type VerifiedProgram } from '../../vm/index.js';

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

type LineOf = (file: string, line: number) => string | undefined;

function programOf(path: string): { readonly program: VerifiedProgram; readonly lineOf: LineOf } {
  const assembly = assemble(path, { read, library: LIBRARY });
  const verified = verify(assembly.binary as Uint8Array);
  if ('rejection' in verified) throw new Error(verified.rejection.message);
  return { program: verified.program, lineOf: (file, line) => assembly.sourceText(`${dirname(path)}/${file}`)?.split('\n')[line - 1] };
}

describe('listing', () => {
  const folder = 'bench/programs';
  it.each(readdirSync(folder).filter((name) => name.endsWith('.pbs') && name !== 'report.pbs'))('%s comes back from its text', async (name) => {
    const wabt = await wabtOf();
    const { program, lineOf } = programOf(`${folder}/${name}`);
    const text = listing(program, lineOf);
    const parsed = wabt.parseWat(name, text);
    parsed.validate();
    const functions = program.program.functions.map((_, index) => index);
    expect(Buffer.from(parsed.toBinary({ canonicalize_lebs: true }).buffer).equals(Buffer.from(compile(program, functions, []).bytes))).toBe(true);
  });

  it('has the lines of the program in front of what they became', () => {
    const { program, lineOf } = programOf(`${folder}/fib.pbs`);
    const text = listing(program, lineOf);
    expect(text).toMatch(/;; \d+ \| if lt n, 2 \{ ret n \} {4}\(br_\w+\)\n\s+local\.get 0\n\s+i32\.const 2/);
    // The function stands in the place of its own call.
    expect(text).toMatch(/;; fib: \d+ \| if lt n, 2 \{ ret n \}/);
  });

  it('names words and mnemonics where there is no text', () => {
    expect(listing(programOf(`${folder}/fib.pbs`).program, () => undefined)).toMatch(/;; word 0: check/);
  });
});
