/**
 * From a file to a verified program: source is assembled, a binary is decoded, both are verified.
 *
 * What a file is, its first bytes tell, not its name. The assembler is loaded only when there is source, because a program that is
 * assembled already should start at once.
 */
import { isUtf8 } from 'node:buffer';
import path from 'node:path';
import type { Assembly } from '../assembler/index.js';
import { MAGIC, type Rejection } from '../isa-spec/index.js';
import { verify, type VerifiedProgram } from '../vm/index.js';
import { EXIT, Failure } from './failure.js';
import { mayTakeLong, nameOf, readBytes, readSource, shownName } from './files.js';
import { complain, hasColour } from './streams.js';
import { shown } from './text.js';

/** Most bytes of one source file: a text of more no host can hold as a string. */
const SOURCE_BYTES_MAX = 256 * 1024 * 1024;

/** What a file turned out to be. */
export type Input = { readonly kind: 'source'; readonly text: string } | { readonly kind: 'binary'; readonly bytes: Uint8Array };

const loadAssembler = () => Promise.all([import('../assembler/index.js'), import('../stdlib/index.js')]);

/** Reads a file and tells what it is. @throws Failure where it cannot be read, or is neither a binary nor text */
export async function readInput(file: string): Promise<Input> {
  // What the tool still has to load it loads first: a build may replace its files while it waits.
  if (mayTakeLong(file)) await loadAssembler();
  const bytes = await readBytes(file);
  const isBinary = bytes.length >= 4 && new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) === MAGIC;
  if (isBinary || path.extname(file) === '.pbx') return { kind: 'binary', bytes };
  if (bytes.length > SOURCE_BYTES_MAX)
    throw new Failure(EXIT.data, `${shownName(file)} is too large for source text: ${bytes.length} bytes of at most ${SOURCE_BYTES_MAX}`);
  if (isUtf8(bytes)) return { kind: 'source', text: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString() };
  throw new Failure(EXIT.data, `${shownName(file)} is neither a .pbx binary, which begins with "PBX" and a zero byte, nor source text in UTF-8`);
}

/** Source text that was assembled, and the files that were read for it. */
export interface Assembled {
  readonly assembly: Assembly;
  readonly sources: readonly string[];
}

/** Assembles source text that was read from a file; the files that it uses are read as they are met. */
export async function assembleText(file: string, text: string, options: { readonly debug?: boolean } = {}): Promise<Assembled> {
  const [{ assemble }, { LIBRARY }] = await loadAssembler();
  const name = nameOf(file);
  const sources = [file];
  const read = (used: string): string | undefined => {
    if (used === name) return text;
    const found = readSource(used);
    if (found !== undefined) sources.push(used);
    return found;
  };
  return { assembly: assemble(name, { read, library: LIBRARY, ...options }), sources };
}

/** Prints an assembly's diagnostics on standard error. @throws Failure where one of them is an error */
export async function report({ diagnostics, sourceText }: Assembly): Promise<void> {
  if (diagnostics.length === 0) return;
  const { formatDiagnostic } = await import('../assembler/index.js');
  const color = hasColour();
  for (const diagnostic of diagnostics) complain(`${formatDiagnostic(diagnostic, sourceText(diagnostic.path), { color })}\n`);
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  if (errors > 0) throw new Failure(EXIT.data, errors === 1 ? '1 error' : `${errors} errors`);
}

/** A program that was loaded, and the source texts that its lines may be shown from. */
export interface Loaded {
  readonly program: VerifiedProgram;
  /** The text of a source file by the name that the program's debug information gives it, where there is one. */
  readonly textOf: (file: string) => string | undefined;
  /** The files that were read. */
  readonly sources: readonly string[];
}

/** Why a binary was refused, in one line. */
export function describeRejection({ section, function: index, offset, rule, message }: Rejection): string {
  const place = index === undefined ? `section ${section}, offset ${offset}` : `section ${section}, function ${index}, word ${offset}`;
  return `${shown(message)} (${place}: ${rule})`;
}

/** Verifies a binary. @throws Failure naming the rule that it breaks */
export function verifyBinary(file: string, bytes: Uint8Array): VerifiedProgram {
  const verified = verify(bytes);
  if ('rejection' in verified) throw new Failure(EXIT.data, `${shownName(file)}: ${describeRejection(verified.rejection)}`);
  return verified.program;
}

/** Verifies what the assembler made: it must pass, or assembler and verifier disagree about the specification. */
export function verifyAssembly(assembly: Assembly): VerifiedProgram {
  if (assembly.program === undefined) throw new Error('an assembly without errors has a program');
  const verified = verify(assembly.program);
  if ('rejection' in verified) throw new Error(`the assembler made a program that the verifier rejects: ${describeRejection(verified.rejection)}`);
  return verified.program;
}

/** Loads a program from source or binary; warnings go to standard error. @throws Failure naming everything that is wrong with it */
export async function loadProgram(file: string): Promise<Loaded> {
  const input = await readInput(file);
  if (input.kind === 'binary') return { program: verifyBinary(file, input.bytes), textOf: readSource, sources: [file] };
  const { assembly, sources } = await assembleText(file, input.text);
  await report(assembly);
  return { program: verifyAssembly(assembly), textOf: (name) => assembly.sourceText(name), sources };
}
