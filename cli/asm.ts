/**
 * `pbs asm`, `pbs dis` and `pbs check`: everything that ends without running the program.
 */
import path from 'node:path';
import type { Diagnostic } from '../assembler/index.js';
import { PAGE_BYTES, type Program, type Rejection } from '../isa-spec/index.js';
import { verify } from '../vm/index.js';
import { EXIT, Failure } from './failure.js';
import { nameOf, refuseMixing, refuseOverwriting, shownName, writeOut } from './files.js';
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

/** What `--json` prints: always one of these, whatever happens. */
interface Judgement {
  /** Null where the command line names none. */
  readonly file: string | null;
  readonly ok: boolean;
  /** The binary that was written. */
  readonly output?: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly rejection: Rejection | null;
  /** Why there is nothing to judge, or nothing was written. */
  readonly error: { readonly message: string; readonly help: string | null } | null;
  readonly program: Summary | null;
}

/** Prints a judgement as JSON. @returns the exit status */
function printJson({ file, ok, output, diagnostics = [], rejection = null, error = null, program = null }: Partial<Judgement>): number {
  const judgement: Judgement = { file: file ?? null, ok: ok === true, ...(output === undefined ? {} : { output }), diagnostics, rejection, error, program };
  writeOut('-', `${JSON.stringify(judgement, null, 2)}\n`);
  return judgement.ok ? EXIT.ok : EXIT.data;
}

/** Tells as JSON why a command cannot do its work. */
export function printFailure(file: string | undefined, { message, remedy }: { readonly message: string; readonly remedy?: string | undefined }): void {
  printJson({ ...(file === undefined ? {} : { file: nameOf(file) }), error: { message, help: remedy ?? null } });
}

/** Does the work of a command; with `json` a failure is told as JSON instead of text. @returns the exit status. @throws Failure without `json` */
async function judged(file: string, json: boolean, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!json || !(error instanceof Failure)) throw error;
    printFailure(file, error);
    return error.status;
  }
}

/** Assembles a source file into a binary. @returns the exit status. @throws Failure where it cannot */
export function asm(file: string, options: AsmOptions): Promise<number> {
  return judged(file, options.json === true, () => assembleFile(file, options));
}

async function assembleFile(file: string, { output, listing, symbols, strip = false, json = false }: AsmOptions): Promise<number> {
  const target = output ?? (file === '-' ? '-' : path.join(path.dirname(file), `${path.basename(file, path.extname(file))}.pbx`));
  const outputs = [
    ['-o', target],
    ['--listing', listing],
    ['--symbols', symbols],
  ] as const;
  refuseMixing([...outputs, ['--json', json ? '-' : undefined]]);
  const input = await readInput(file);
  if (input.kind === 'binary') throw new Failure(EXIT.usage, `${shownName(file)} is assembled already`, 'pbs dis shows its source, pbs check verifies it');
  refuseOverwriting(outputs, [file]);
  if (target === '-' && process.stdout.isTTY) throw new Failure(EXIT.usage, 'a binary does not belong on a terminal', 'send it to a file: -o FILE');

  const { assembly, sources } = await assembleText(file, input.text, { debug: !strip });
  const { program, binary, diagnostics } = assembly;
  if (json && (program === undefined || binary === undefined)) return printJson({ file: nameOf(file), diagnostics });
  if (!json) await report(assembly);
  verifyAssembly(assembly);
  refuseOverwriting(outputs, sources);
  if (program === undefined || binary === undefined) throw new Error('an assembly without errors has a program');
  writeOut(target, binary);
  if (listing !== undefined) writeOut(listing, assembly.listing());
  if (symbols !== undefined) writeOut(symbols, `${JSON.stringify(assembly.symbolMap(), null, 2)}\n`);
  return json ? printJson({ file: nameOf(file), ok: true, output: target, diagnostics, program: summaryOf(program) }) : EXIT.ok;
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
  if (json) return judged(file, json, async () => printJson({ file: nameOf(file), ...(await judge(file)) }));
  const { program } = await loadProgram(file);
  writeOut('-', `${shownName(file)} is good: ${summaryText(summaryOf(program.program))}\n`);
  return EXIT.ok;
}

async function judge(file: string): Promise<Partial<Judgement>> {
  const input = await readInput(file);
  if (input.kind === 'binary') {
    const verified = verify(input.bytes);
    return 'rejection' in verified ? { rejection: verified.rejection } : { ok: true, program: summaryOf(verified.program.program) };
  }
  const { assembly } = await assembleText(file, input.text);
  const { program, diagnostics } = assembly;
  if (program === undefined) return { diagnostics };
  verifyAssembly(assembly);
  return { ok: true, diagnostics, program: summaryOf(program) };
}
