/**
 * `pbs asm`, `pbs dis` and `pbs check`: everything that ends without running the program.
 */
import path from 'node:path';
import type { Diagnostic } from '../assembler/index.js';
import { PAGE_BYTES, type Program, type Rejection } from '../isa-spec/index.js';
import { verify } from '../vm/index.js';
import { EXIT, Failure } from './failure.js';
import { nameOf, refuseOverwriting, writeOut } from './files.js';
import { assembleText, loadProgram, readInput, report, verifyAssembly } from './load.js';
import { formatSize } from './sizes.js';

/** Options of `pbs asm`. */
export interface AsmOptions {
  readonly output?: string;
  readonly listing?: string;
  readonly symbols?: string;
  readonly strip?: boolean;
  readonly json?: boolean;
}

/** What a program consists of, in numbers. */
interface Summary {
  readonly functions: number;
  readonly codeBytes: number;
  readonly dataBytes: number;
  readonly memoryBytes: { readonly least: number; readonly most: number };
  readonly ports: readonly { readonly name: string; readonly protocol: string; readonly side: string }[];
}

function summaryOf({ functions, code, data, memory, ports }: Program): Summary {
  return {
    functions: functions.length,
    codeBytes: code.byteLength,
    dataBytes: data.reduce((sum, { bytes }) => sum + bytes.length, 0),
    memoryBytes: { least: memory.pagesMin * PAGE_BYTES, most: memory.pagesMax * PAGE_BYTES },
    ports: ports.map(({ name, protocol, side }) => ({ name, protocol, side })),
  };
}

function summaryText({ functions, codeBytes, dataBytes, memoryBytes, ports }: Summary): string {
  const parts = [
    functions === 1 ? '1 function' : `${functions} functions`,
    `${codeBytes} bytes of code`,
    `${dataBytes} bytes of data`,
    `${formatSize(memoryBytes.least)} of memory`,
    ports.length === 0 ? 'no ports' : `ports ${ports.map(({ name, protocol, side }) => `${name} (${protocol} ${side})`).join(', ')}`,
  ];
  return parts.join(', ');
}

interface Judgement {
  readonly file: string;
  readonly ok: boolean;
  readonly diagnostics: readonly Diagnostic[];
  readonly rejection: Rejection | null;
  readonly program: Summary | null;
}

/** Prints a judgement as JSON. @returns the exit status */
function printJson(judgement: Judgement & { readonly output?: string }): number {
  writeOut('-', `${JSON.stringify(judgement, null, 2)}\n`);
  return judgement.ok ? EXIT.ok : EXIT.data;
}

/** Assembles a source file into a binary. @returns the exit status. @throws Failure where it cannot */
export async function asm(file: string, { output, listing, symbols, strip = false, json = false }: AsmOptions): Promise<number> {
  const input = await readInput(file);
  if (input.kind === 'binary') throw new Failure(EXIT.usage, `${nameOf(file)} is assembled already`, 'pbs dis shows its source, pbs check verifies it');
  const target = output ?? (file === '-' ? '-' : path.join(path.dirname(file), `${path.basename(file, path.extname(file))}.pbx`));
  refuseOverwriting(
    [
      ['-o', target],
      ['--listing', listing],
      ['--symbols', symbols],
    ],
    [file],
  );
  if (target === '-' && process.stdout.isTTY) throw new Failure(EXIT.usage, 'a binary does not belong on a terminal', 'send it to a file: -o FILE');
  if (target === '-' && json) throw new Failure(EXIT.usage, '--json and the binary cannot both go to standard output', 'send the binary to a file: -o FILE');

  const assembly = await assembleText(file, input.text, { debug: !strip });
  const { program, binary, diagnostics } = assembly;
  if (json && (program === undefined || binary === undefined)) return printJson({ file: nameOf(file), ok: false, diagnostics, rejection: null, program: null });
  await report(assembly);
  verifyAssembly(assembly);
  if (program === undefined || binary === undefined) throw new Error('an assembly without errors has a program');
  writeOut(target, binary);
  if (listing !== undefined) writeOut(listing, assembly.listing());
  if (symbols !== undefined) writeOut(symbols, `${JSON.stringify(assembly.symbolMap(), null, 2)}\n`);
  return json ? printJson({ file: nameOf(file), ok: true, output: target, diagnostics, rejection: null, program: summaryOf(program) }) : EXIT.ok;
}

/** Prints a program as source text that assembles back to the same code. @returns the exit status. @throws Failure where it cannot */
export async function dis(file: string): Promise<number> {
  const { program } = await loadProgram(file);
  const { disassemble } = await import('../assembler/index.js');
  writeOut('-', disassemble(program.program));
  return EXIT.ok;
}

/** Assembles a source, or reads a binary, and verifies it. @returns the exit status. @throws Failure telling what is wrong with it */
export async function check(file: string, { json = false }: { readonly json?: boolean }): Promise<number> {
  if (json) return printJson(await judge(file));
  const { program } = await loadProgram(file);
  writeOut('-', `${nameOf(file)} is good: ${summaryText(summaryOf(program.program))}\n`);
  return EXIT.ok;
}

async function judge(file: string): Promise<Judgement> {
  const input = await readInput(file);
  const base = { file: nameOf(file), diagnostics: [], rejection: null, program: null };
  if (input.kind === 'binary') {
    const verified = verify(input.bytes);
    return 'rejection' in verified
      ? { ...base, ok: false, rejection: verified.rejection }
      : { ...base, ok: true, program: summaryOf(verified.program.program) };
  }
  const assembly = await assembleText(file, input.text);
  const { program, diagnostics } = assembly;
  if (program === undefined) return { ...base, ok: false, diagnostics };
  verifyAssembly(assembly);
  return { ...base, ok: true, diagnostics, program: summaryOf(program) };
}
