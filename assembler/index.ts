/**
 * The assembler: `.pbs` text to programs, and programs back to text.
 *
 * Stages, in reading order: tokens, grammar, ast; modules; constants; reach, layout; resolve, code, relax; emit. Beside
 * them diagnostics, listing, symbols and disassemble. Nothing here runs a program.
 *
 * @packageDocumentation
 */
import { encodeProgram, type Program } from '../isa-spec/index.js';
import { Report, type Diagnostic } from './diagnostics.js';
import { emit, type Emitted } from './emit.js';
import { listingOf } from './listing.js';
import { loadModules } from './modules.js';
import { symbolMapOf, type SymbolMap } from './symbols.js';

export { disassemble } from './disassemble.js';
export type { SymbolMap, SymbolPlace } from './symbols.js';
export { DIAGNOSTICS, formatDiagnostic, type Diagnostic, type DiagnosticCode } from './diagnostics.js';

/** Where sources come from, and what goes into the binary. */
export interface AssembleOptions {
  /**
   * The text of a file, or undefined if there is none. Paths are those that `assemble` was given, and those of `use`, joined to them.
   * What it throws comes out of `assemble` as it is.
   */
  read(path: string): string | undefined;
  /** The sources that `use "name"` finds, by name. */
  readonly library?: ReadonlyMap<string, string> | Readonly<Record<string, string>>;
  /** Whether names and source places go into the binary; true if left out. */
  readonly debug?: boolean;
}

/** What came out of an assembly. */
export interface Assembly {
  /** There only if there was no error. */
  readonly program?: Program;
  /** The program as `.pbx` bytes; there only if there was no error. */
  readonly binary?: Uint8Array;
  /** All that is wrong, by file and place. */
  readonly diagnostics: readonly Diagnostic[];
  /** The text of a file that took part, by the path that a diagnostic names. */
  sourceText(path: string): string | undefined;
  /** Addresses, words, instructions and source lines, as text; empty if there is no program. */
  listing(): string;
  /** Where everything with a name came to lie; empty if there is no program. */
  symbolMap(): SymbolMap;
}

/**
 * Assembles a program from its first file and all files that it uses.
 * @param path the first file, as `options.read` knows it
 * @throws TypeError if an argument is not of its type, or `options.read` gives what is none; wrong source text never throws
 */
export function assemble(path: string, options: AssembleOptions): Assembly {
  if (typeof path !== 'string') throw new TypeError('path: a string is needed');
  if (typeof options !== 'object' || options === null) throw new TypeError('options: an object is needed');
  if (typeof options.read !== 'function') throw new TypeError('options.read: a function is needed that gives the text of a path');
  if (options.debug !== undefined && typeof options.debug !== 'boolean') throw new TypeError('options.debug: true or false is needed');
  const library = libraryOf(options.library);
  const report = new Report();
  const modules = loadModules(path, { read: (file) => textOf(options, file), library }, report);
  const emitted: Emitted | undefined = modules.length === 0 ? undefined : emit(modules, report, options.debug ?? true);
  const texts = new Map(modules.map(({ source }) => [source.path, source.text]));
  const sourceText = (file: string): string | undefined => texts.get(file);
  if (emitted === undefined || report.count > 0) {
    return { diagnostics: report.take(), sourceText, listing: () => '', symbolMap: () => ({ functions: [], data: [], ports: [], constants: [], table: [] }) };
  }
  return {
    program: emitted.program,
    binary: encodeProgram(emitted.program),
    diagnostics: [],
    sourceText,
    listing: () => listingOf(emitted),
    symbolMap: () => symbolMapOf(emitted, modules),
  };
}

/** What the reader gives for a path, which must be text or nothing. */
function textOf(options: AssembleOptions, path: string): string | undefined {
  const text: unknown = options.read(path);
  if (text === undefined || typeof text === 'string') return text;
  const remedy = text instanceof Uint8Array ? 'decode bytes by TextDecoder' : 'undefined stands for a file that is not there';
  throw new TypeError(`options.read: a string is needed for ${JSON.stringify(path)}; ${remedy}`);
}

function libraryOf(library: unknown = new Map()): ReadonlyMap<string, string> {
  if (typeof library !== 'object' || library === null || Array.isArray(library))
    throw new TypeError('options.library: a Map or an object of texts by name is needed');
  const texts = new Map<unknown, unknown>(library instanceof Map ? library : Object.entries(library));
  for (const [name, text] of texts) if (typeof text !== 'string') throw new TypeError(`options.library: the text of ${JSON.stringify(name)} is no string`);
  return texts as ReadonlyMap<string, string>;
}
