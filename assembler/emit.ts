/**
 * Emitting: from modules to a program. The last stage: it puts together what the others found, in one fixed order, so
 * that the same sources always give the same bytes.
 */
import {
  CODE_WORDS_MAX,
  compareNames,
  ENTRIES_MAX,
  GROUPS,
  type DataSymbol,
  type FunctionExport,
  type Group,
  type LineEntry,
  type Program,
  type ProgramFunction,
  type Signature,
  type ValueType,
} from '../isa-spec/index.js';
import type { Name } from './ast.js';
import { Code, Lines, Words, type Finished } from './code.js';
import { Constants, kindName, scopeOf, textOf } from './constants.js';
import type { Report } from './diagnostics.js';
import { declarePorts, layOut, segmentsOf, type Placed } from './layout.js';
import { firstDeclared, type Declaration, type FunctionDeclaration, type Module, type TypeDeclaration } from './modules.js';
import { factsOf, isMain, isMainSignature, reach, type Facts } from './reach.js';
import type { Gathered } from './operands.js';
import { Resolver } from './resolve.js';

/** A function as it came out: for listing and symbol map. */
export interface EmittedFunction {
  readonly declaration: FunctionDeclaration;
  /** Its name, outside the first file with the namespace before it. */
  readonly name: string;
  /** First word in the program's code. */
  readonly start: number;
  readonly words: number;
  readonly types: readonly ValueType[];
  /** The names of its registers; the hidden ones after them have none. */
  readonly registers: readonly string[];
  /** The source places of its instructions among all. */
  readonly lines: Finished['lines'];
  /** Words relative to the function, by name. */
  readonly labels: ReadonlyMap<string, number>;
}

/** A program and where everything in it came from. */
export interface Emitted {
  readonly program: Program;
  readonly functions: readonly EmittedFunction[];
  readonly lines: Lines;
  readonly placed: Placed;
}

/** The signatures of a program, each once, in order of first use. */
class Signatures implements Gathered {
  readonly groups = new Set<Group>();
  readonly list: Signature[] = [];
  readonly #indexes = new Map<string, number>();

  signature(parameters: readonly ValueType[], results: readonly ValueType[]): number {
    const key = `${parameters.join()}>${results.join()}`;
    const known = this.#indexes.get(key);
    if (known !== undefined) return known;
    const index = this.list.length;
    this.#indexes.set(key, index);
    this.list.push({ parameters: [...parameters], results: [...results] });
    return index;
  }

  typeIndex({ item }: TypeDeclaration): number {
    return this.signature(item.parameters, item.results);
  }
}

/** What unreachable functions gather: nothing that counts. */
const NOTHING: Gathered = { groups: new Set<Group>(), typeIndex: () => 0 };

/** Makes the program, or reports what is wrong. The result is only good if nothing was reported. */
export function emit(modules: readonly Module[], report: Report, debug: boolean): Emitted {
  const constants = new Constants(report);
  const facts = new Map<FunctionDeclaration, Facts>();
  const factsOfFunction = (declaration: FunctionDeclaration): Facts => {
    const known = facts.get(declaration);
    if (known !== undefined) return known;
    const found = factsOf(declaration, report);
    facts.set(declaration, found);
    return found;
  };

  const ports = declarePorts(modules, constants);
  const reached = reach(modules, factsOfFunction);
  const tableIndexes = new Map<Declaration, number>();
  reached.table.forEach((entry, index) => {
    if (!tableIndexes.has(entry)) tableIndexes.set(entry, index);
  });
  constants.tableIndexes = tableIndexes;
  checkTables(modules, constants);
  for (const declaration of reached.functions) if (isMain(declaration)) checkMain(declaration, report);
  const placed = layOut(modules, ports, constants);
  for (const module of modules) {
    for (const declaration of module.declared) if (declaration.kind === 'const') constants.constant(declaration);
  }
  const data = segmentsOf(modules, placed, constants);

  const signatures = new Signatures();
  for (const module of modules) {
    for (const declaration of module.declared)
      if (declaration.kind === 'type' && declaration.item.keep && !declaration.item.broken) signatures.typeIndex(declaration);
  }
  const code = new Code();
  const words = new Words();
  const lines = new Lines();
  const functions: EmittedFunction[] = [];
  const programFunctions: ProgramFunction[] = [];
  for (const module of modules) {
    for (const declaration of module.declared) {
      if (declaration.kind !== 'func' || report.full) continue;
      const { item, index } = declaration;
      const signature =
        index < 0
          ? 0
          : signatures.signature(
              item.parameters.map(({ type }) => type ?? 'i32'),
              item.results,
            );
      const factsOfThis = factsOfFunction(declaration);
      const resolver = new Resolver(declaration, factsOfThis, constants, index < 0 ? NOTHING : signatures, code);
      const types = resolver.resolve();
      // The trees of bodies are most of the memory.
      facts.delete(declaration);
      declaration.body = [];
      if (index < 0 || report.count > 0) continue;
      const start = words.length;
      const finished = code.finish(words, lines);
      for (const { start, end } of finished.notFar) {
        report.error('not_far', module.source, start, end, 'a label that the short form reaches', 'leave far(...) out: the assembler picks the form');
      }
      const labels = new Map([...resolver.labels].map(([name, label]) => [name, finished.labelWord(label)]));
      functions.push({
        declaration,
        name: module === modules[0] ? item.name.name : `${namespaceOf(module)}.${item.name.name}`,
        start,
        words: finished.words,
        types,
        registers: [...factsOfThis.registers.keys()],
        lines: finished.lines,
        labels,
      });
      programFunctions.push({ signature, registers: types, words: finished.words });
    }
  }
  if (modules.length > 0 && reached.functions.length === 0 && report.count === 0) {
    const main = modules[0] as Module;
    report.error(
      'nothing_to_run',
      main.source,
      0,
      0,
      'the program has no function that can be started',
      'write func main(), or export func for a host to start',
    );
  }
  checkLimits(modules, reached.functions.length, reached.table.length, words.length, report);

  const program: Program = {
    groups: [...signatures.groups].sort(compareNames).map((name) => ({ name, version: GROUPS[name] })),
    signatures: signatures.list,
    functions: programFunctions,
    code: words.words.slice(0, words.length),
    table: reached.table.map(({ index }) => index),
    memory: placed.memory,
    data,
    ports: placed.ports.map(({ name, protocol, side, version, window, depth, messageBytes }) => ({
      name,
      protocol,
      side,
      version,
      window,
      depth,
      messageBytes,
    })),
    exports: exportsOf(reached.functions, report),
    symbols: symbolsOf(placed, report),
    ...(debug ? { debug: debugOf(functions, lines) } : {}),
  };
  return { program, functions, lines, placed };
}

function checkMain({ module, item }: FunctionDeclaration, report: Report): void {
  const { name, parameters, results } = item;
  if (item.broken || isMainSignature(item)) return;
  const what = parameters.length > 0 ? `takes ${parameters.length} parameter${parameters.length === 1 ? '' : 's'}` : `gives ${results.join(', ')}`;
  report.error(
    'main_signature',
    module.source,
    name.start,
    name.end,
    `\`main\` ${what}`,
    'write func main(), or func main() -> i32 for an exit status',
    'a function that a host starts with values of its own is an export func of another name',
  );
}

function checkTables(modules: readonly Module[], constants: Constants): void {
  for (const module of modules) {
    for (const item of module.items) {
      if (item.kind !== 'table') continue;
      for (const entry of item.entries) {
        const thing = constants.find(scopeOf(module), entry);
        if (thing === undefined || thing.kind === 'func') continue;
        constants.report.error('wrong_kind', module.source, entry.start, entry.end, `\`${textOf(entry)}\` is ${kindName(thing)}; the table holds functions`);
      }
    }
  }
}

function checkLimits(modules: readonly Module[], functions: number, entries: number, words: number, report: Report): void {
  const main = modules[0];
  if (main === undefined) return;
  const fail = (message: string): void => report.error('too_large', main.source, 0, 0, message);
  if (functions > ENTRIES_MAX) fail(`${functions} functions; at most ${ENTRIES_MAX} are allowed`);
  if (entries > ENTRIES_MAX) fail(`${entries} entries of the function table; at most ${ENTRIES_MAX} are allowed`);
  if (words > CODE_WORDS_MAX) fail(`${words} words of code; at most ${CODE_WORDS_MAX} are allowed`);
}

/** Collects names for hosts, each of which may be taken once. */
function named<T extends { readonly name: string }>(report: Report, what: string): { readonly list: T[]; add(module: Module, name: Name, entry: T): void } {
  const taken = new Map<string, { readonly module: Module; readonly name: Name }>();
  const list: T[] = [];
  return {
    list,
    add: (module, name, entry) => {
      const known = taken.get(entry.name);
      if (known === undefined) {
        taken.set(entry.name, { module, name });
        list.push(entry);
      } else {
        report.error(
          'duplicate_name',
          module.source,
          name.start,
          name.end,
          `two ${what} are exported as ${JSON.stringify(entry.name)}`,
          firstDeclared(known.module.source, known.name),
        );
      }
    },
  };
}

const namesOf = (name: Name, exports: readonly Name[] | undefined): readonly Name[] => (exports === undefined ? [] : exports.length > 0 ? exports : [name]);

function exportsOf(functions: readonly FunctionDeclaration[], report: Report): FunctionExport[] {
  const { list, add } = named<FunctionExport>(report, 'functions');
  for (const declaration of functions) {
    const { module, item, index } = declaration;
    const names = namesOf(item.name, item.exports);
    const all = isMain(declaration) && !names.some(({ name }) => name === item.name.name) ? [item.name, ...names] : names;
    for (const name of all) add(module, name, { name: name.name, function: index });
  }
  return list.sort((left, right) => compareNames(left.name, right.name));
}

function symbolsOf({ data }: Placed, report: Report): DataSymbol[] {
  const { list, add } = named<DataSymbol>(report, 'data');
  for (const { module, item, address, bytes } of data) {
    for (const name of namesOf(item.name, item.exports)) add(module, name, { name: name.name, address: address as number, bytes });
  }
  return list.sort((left, right) => compareNames(left.name, right.name));
}

function debugOf(functions: readonly EmittedFunction[], places: Lines): NonNullable<Program['debug']> {
  const files = new Map<Module, number>();
  const lines: LineEntry[] = [];
  for (const { declaration, start, lines: own } of functions) {
    const { module } = declaration;
    let file = files.get(module);
    if (file === undefined) {
      file = files.size;
      files.set(module, file);
    }
    for (let at = own.start; at < own.end; at++) {
      const { line, column } = module.source.placeOf(places.offsets.words[at] as number);
      lines.push({ word: start + (places.words.words[at] as number), file, line, column });
    }
  }
  return {
    files: [...files.keys()].map(({ debugPath }) => debugPath),
    functions: functions.map(({ name }) => name),
    registers: functions.map(({ registers, types }) => types.map((_, index) => registers[index] ?? '')),
    lines,
  };
}

/** The name by which a file's functions are shown. */
function namespaceOf({ debugPath }: Module): string {
  return debugPath
    .slice(debugPath.lastIndexOf('/') + 1)
    .replace(/\.pbs$/, '')
    .replace(/^<(.*)>$/, '$1');
}
