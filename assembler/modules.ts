/**
 * Modules: the files that take part, read once each however often they are used, and the names that each declares.
 *
 * A file sees its own names and, through a namespace, those of the files that it uses. Use before declaration and files that
 * use one another are allowed. Names that are declared twice are reported here.
 */
import { PARAMETERS_MAX, RESULTS_MAX, type PortDeclaration, type ValueType } from '../isa-spec/index.js';
import type { ConstItem, DataItem, FunctionItem, Item, Name, Path, PortItem, Span, Statement, TypeItem, UseItem } from './ast.js';
import type { Report } from './diagnostics.js';
import type { Constant } from './literals.js';
import { parseFile } from './parse.js';
import { Source } from './source.js';
import { RESERVED, Tokenizer } from './tokens.js';

/** A named constant. */
export interface ConstDeclaration {
  readonly kind: 'const';
  readonly module: Module;
  readonly item: ConstItem;
  state: 'new' | 'busy' | 'done';
  /** Undefined where it has none, which has been reported. */
  value: Constant | undefined;
}
/** Bytes in memory. */
export interface DataDeclaration {
  readonly kind: 'data';
  readonly module: Module;
  readonly item: DataItem;
  /** Whether it goes into the program. */
  kept: boolean;
  bytes: number;
  alignment: number;
  /** Undefined until layout has placed it. */
  address: number | undefined;
}
/** A function. */
export interface FunctionDeclaration {
  readonly kind: 'func';
  readonly module: Module;
  readonly item: Omit<FunctionItem, 'body'>;
  /** Its statements; empty once its code has been made. */
  body: readonly Statement[];
  /** Its index in the program, or -1 while nothing reaches it. */
  index: number;
}
/** A signature for table calls. */
export interface TypeDeclaration {
  readonly kind: 'type';
  readonly module: Module;
  readonly item: TypeItem;
}
/** One port. */
export type Port = { -readonly [Key in keyof PortDeclaration]: PortDeclaration[Key] } & {
  /** Its number; -1 until it is known. */
  number: number;
  /** Whether its window has been placed. */
  placed: boolean;
};
/** A port, or an array of them by index. */
export interface PortDeclarations {
  readonly kind: 'port';
  readonly module: Module;
  readonly item: PortItem;
  /** A port that is no array. */
  single: Port | undefined;
  readonly elements: Map<bigint, Port>;
}
/** The names of a file that is used. */
export interface Namespace {
  readonly kind: 'namespace';
  readonly item: UseItem;
  /** Undefined where it could not be read, which has been reported. */
  readonly module: Module | undefined;
}
/** What a name stands for. */
export type Declaration = ConstDeclaration | DataDeclaration | FunctionDeclaration | TypeDeclaration | PortDeclarations | Namespace;

/** A file with its names. */
export interface Module {
  readonly source: Source;
  /** What it declares, but for functions: their statements are in `declared` alone, and are not kept longer than needed. */
  items: readonly Item[];
  readonly names: Map<string, Declaration>;
  /** All declarations in order, those of names that were taken already too. */
  readonly declared: Declaration[];
  /** Names that were reported as unknown: once is enough. */
  readonly unknown: Set<string>;
  /** Its name in debug information: the path from the first file's folder. */
  readonly debugPath: string;
}

/** Where sources come from. */
export interface Sources {
  /** The text of a file, or undefined where there is none. */
  read(path: string): string | undefined;
  readonly library: ReadonlyMap<string, string>;
}

/** Reads the first file and all that are used, in the order in which they are met. */
export function loadModules(path: string, sources: Sources, report: Report): Module[] {
  const modules = new Map<string, Module>();
  const tokenizer = new Tokenizer();
  const { folder } = splitPath(path);
  const add = (key: string, shown: string, text: string, debugPath: string): Module => {
    const source = new Source(shown, text, modules.size);
    const module: Module = { source, items: parseFile(source, tokenizer, report), names: new Map(), declared: [], unknown: new Set(), debugPath };
    modules.set(key, module);
    return module;
  };
  const main = sources.read(path);
  if (main === undefined) {
    report.error('cannot_read', new Source(path, '', 0), 0, 0, `cannot read ${path}`, 'the file does not exist or may not be read');
    return [];
  }
  add(joinPath('', path), path, main, splitPath(path).file);

  const find = (from: Module, { target, targetSpan: { start, end } }: UseItem): Module | undefined => {
    const fail = (code: 'unknown_library' | 'cannot_read', message: string, ...notes: string[]): undefined =>
      void report.error(code, from.source, start, end, message, ...notes);
    if (!target.includes('/') && !target.endsWith('.pbs')) {
      const key = `<${target}>`;
      const known = modules.get(key);
      if (known !== undefined) return known;
      const { library } = sources;
      const text = library.get(target);
      if (text !== undefined) return add(key, key, text, key);
      return fail(
        'unknown_library',
        `the library has no \`${target}\``,
        ...report.suggest(target, library.keys()),
        'a file beside this one is used as "./name.pbs"',
      );
    }
    const fromLibrary = from.source.path.startsWith('<');
    const base = splitPath(from.source.path).folder;
    const key = joinPath(base, target);
    const known = modules.get(key);
    if (known !== undefined) return known;
    const text = fromLibrary ? undefined : sources.read(key);
    if (text === undefined) return fail('cannot_read', `cannot read ${fromLibrary ? target : key}`, `paths in \`use\` start from the folder of this file`);
    return add(key, key, text, relativePath(joinPath('', folder), key));
  };
  // The list grows while it is walked.
  for (const module of modules.values()) {
    for (const item of module.items) if (item.kind === 'use') declareNamespace(module, item, find(module, item), report);
  }
  for (const module of modules.values()) declareItems(module, report);
  return [...modules.values()];
}

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Whether a text may be a name in the language. */
export function isIdentifier(text: string): boolean {
  return IDENTIFIER.test(text) && !RESERVED.has(text) && text !== '_';
}

function declareNamespace(module: Module, item: UseItem, used: Module | undefined, report: Report): void {
  const base = splitPath(item.target).file.replace(/\.pbs$/, '');
  const name: Name = item.alias ?? { kind: 'name', ...item.targetSpan, name: base };
  if (!isIdentifier(name.name)) {
    report.error(
      'bad_namespace',
      module.source,
      name.start,
      name.end,
      `\`${name.name}\` cannot be a namespace`,
      `give it a name: use ${JSON.stringify(item.target)} as name`,
    );
    return;
  }
  declare(module, name, { kind: 'namespace', item, module: used }, report);
}

function declare(module: Module, name: Name, declaration: Declaration, report: Report): void {
  const known = module.names.get(name.name);
  module.declared.push(declaration);
  if (name.name === '_') {
    report.error('wrong_kind', module.source, name.start, name.end, '`_` cannot be declared', '`_` stands for a result that is not wanted');
  } else if (known === undefined) {
    module.names.set(name.name, declaration);
  } else {
    report.error('duplicate_name', module.source, name.start, name.end, `\`${name.name}\` is declared twice`, firstDeclared(module.source, placeOf(known)));
  }
}

function placeOf(declaration: Declaration): Span {
  return declaration.kind === 'namespace' ? (declaration.item.alias ?? declaration.item.targetSpan) : declaration.item.name;
}

/** A note that says where something was first declared. */
export function firstDeclared(source: Source, { start }: Span): string {
  const { line, column } = source.placeOf(start);
  return `first declared at ${source.path}:${line}:${column}`;
}

function declareItems(module: Module, report: Report): void {
  const { items } = module;
  module.items = items.filter(({ kind }) => kind !== 'func');
  for (const item of items) {
    switch (item.kind) {
      case 'const':
        declare(module, item.name, { kind: 'const', module, item, state: 'new', value: undefined }, report);
        break;
      case 'data':
        declare(module, item.name, { kind: 'data', module, item, kept: false, bytes: 0, alignment: 1, address: undefined }, report);
        break;
      case 'func':
        declareFunction(module, item, report);
        break;
      case 'type':
        limitTypes(module, item.name, item.parameters, item.results, report);
        declare(module, item.name, { kind: 'type', module, item }, report);
        break;
      case 'port': {
        // An array may be declared in several pieces.
        const known = module.names.get(item.name.name);
        if (known?.kind === 'port' && known.item.first !== undefined && item.first !== undefined) break;
        declare(module, item.name, { kind: 'port', module, item, single: undefined, elements: new Map() }, report);
        break;
      }
      case 'use':
      case 'memory':
      case 'table':
        break;
      default:
        item satisfies never;
    }
  }
}

function declareFunction(module: Module, { body, ...item }: FunctionItem, report: Report): void {
  limitTypes(module, item.name, item.parameters, item.results, report);
  declare(module, item.name, { kind: 'func', module, item, body, index: -1 }, report);
}

function limitTypes(module: Module, name: Name, parameters: readonly unknown[], results: readonly ValueType[], report: Report): void {
  if (parameters.length <= PARAMETERS_MAX && results.length <= RESULTS_MAX) return;
  const message = `\`${name.name}\` has ${parameters.length} parameters and ${results.length} results`;
  report.error(
    'too_many_parameters',
    module.source,
    name.start,
    name.end,
    message,
    `at most ${PARAMETERS_MAX} parameters and ${RESULTS_MAX} results are allowed; pass the address of a record in memory`,
  );
}

/** What a path of names stands for, without a word when it stands for nothing: a declaration of this file or of a namespace. */
export function declarationOf(module: Module, path: Path): Declaration | undefined {
  switch (path.kind) {
    case 'name':
      return module.names.get(path.name);
    case 'member': {
      const of = declarationOf(module, path.of);
      return of?.kind === 'namespace' ? of.module?.names.get(path.name.name) : of;
    }
    case 'index':
      return declarationOf(module, path.of);
    default:
      return path satisfies never;
  }
}

function splitPath(path: string): { readonly folder: string; readonly file: string } {
  const at = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  return { folder: path.slice(0, at + 1), file: path.slice(at + 1) };
}

/** A path from a folder, without `.` and without `..` where that can be. */
function joinPath(folder: string, path: string): string {
  const rooted = path.startsWith('/');
  const whole = rooted ? path : folder + path;
  const parts: string[] = [];
  for (const part of whole.split(/[/\\]/)) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '..' || !whole.startsWith('/')) parts.push(part);
  }
  return (whole.startsWith('/') ? '/' : '') + parts.join('/');
}

/** The path that leads from a folder to a file, where both are given from the same place. */
function relativePath(folder: string, path: string): string {
  if (folder.startsWith('/') !== path.startsWith('/')) return path;
  const from = folder.split('/').filter((part) => part !== '');
  const to = path.split('/').filter((part) => part !== '');
  let shared = 0;
  while (shared < from.length && shared < to.length - 1 && from[shared] === to[shared]) shared++;
  return [...from.slice(shared).map(() => '..'), ...to.slice(shared)].join('/');
}
