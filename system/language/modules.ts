/**
 * The files of a description: the first one and those that it uses, each read once, with the programs, constants and boxes that each declares.
 *
 * A file sees the names of those that it uses through a namespace, `raid.mirror`. What else a used file says, its own PUs and deployments, is
 * for those who start from it.
 */
import type { BoxStatement, ConstStatement, ProgramStatement, SystemModel, UseStatement } from '../model.js';
import { readModel } from '../schema.js';
import type { Place, SystemReport } from './diagnostics.js';
import { evaluate, type Expression, type NoValue, type Quantity } from './expression.js';
import { parseExpression, parseSystem, type Places } from './parser.js';
import { baseName, folderOf, joinPath } from './paths.js';
import type { Files, LoadedProgram } from './programs.js';

/** A program of a module. */
export interface ProgramEntry {
  /** Its name in the topology. */
  readonly name: string;
  readonly statement: ProgramStatement;
  readonly place: Place;
  /** Undefined if it could not be loaded, which has been reported. */
  readonly loaded: LoadedProgram | undefined;
}

interface ConstEntry {
  readonly statement: ConstStatement;
  state: 'new' | 'busy' | 'done';
  value: Quantity | NoValue | undefined;
}

/** A file with its names. */
export interface Module {
  readonly path: string;
  /** Its folder, from that of the first file. */
  readonly folder: string;
  readonly model: SystemModel;
  readonly places: Places;
  /** Stands for a place that is not known: the beginning of the file. */
  readonly start: Place;
  readonly programs: Map<string, ProgramEntry>;
  readonly boxes: Map<string, BoxStatement>;
  readonly constants: Map<string, ConstEntry>;
  readonly uses: Map<string, Module>;
  /** Constants in progress that wait for others. */
  waiting: number;
}

const NOTHING: ReadonlyMap<string, Quantity> = new Map();
/** Most constants that depend on one another in a row. */
const CONSTANT_DEPTH_MAX = 100;

/** The place of a part of a statement, of a setting, or of the whole. */
export function placeOf(module: Module, node: object, part?: string): Place {
  const places = module.places.get(node);
  return (part === undefined ? undefined : places?.[part]) ?? places?.whole ?? module.start;
}

/** The first file with all that it uses, or undefined if it cannot be read. Programs are loaded too. */
export function loadModule(path: string, files: Files, report: SystemReport): Module | undefined {
  const modules = new Map<string, Module>();
  const first = read(path, '', files, report, modules);
  if (first === undefined) {
    const source = files.source(path, '');
    return report.error('cannot_read', { source, start: 0, end: 0 }, `cannot read ${path}`, { notes: ['the file does not exist or is no text in UTF-8'] });
  }
  // The map grows while it is walked.
  for (const module of modules.values()) declare(module, module === first ? '' : `${baseName(module.path)}.`, files, report, modules);
  for (const module of modules.values()) for (const name of module.constants.keys()) quantityOf(module, NOTHING, name, report);
  return first;
}

function read(path: string, folder: string, files: Files, report: SystemReport, modules: Map<string, Module>): Module | undefined {
  const known = modules.get(path);
  if (known !== undefined) return known;
  const text = files.text(path);
  if (typeof text !== 'string') return undefined;
  const source = files.source(path, text);
  const start: Place = { source, start: 0, end: 0 };
  const isJson = /^\s*\{/.test(text);
  const parsed = isJson ? { model: modelOf(text, start, report), places: new WeakMap() as Places } : parseSystem(source, report);
  const module: Module = { path, folder, ...parsed, start, programs: new Map(), boxes: new Map(), constants: new Map(), uses: new Map(), waiting: 0 };
  modules.set(path, module);
  return module;
}

function modelOf(text: string, place: Place, report: SystemReport): SystemModel {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    report.error('bad_model', place, `no JSON: ${(error as Error).message}`);
    return { version: 1, statements: [] };
  }
  const found = readModel(value);
  if ('model' in found) return found.model;
  report.error('bad_model', place, `${found.rejection.path}: ${found.rejection.message}`, { notes: ['the schema is system/model.schema.json'] });
  return { version: 1, statements: [] };
}

function declare(module: Module, prefix: string, files: Files, report: SystemReport, modules: Map<string, Module>): void {
  const declared = new Map<string, Place>();
  const isNew = (name: string, place: Place): boolean => {
    const before = declared.get(name);
    if (before === undefined) declared.set(name, place);
    else report.error('duplicate_name', place, `\`${name}\` is declared twice`, { related: [{ place: before, message: 'the first declaration is here' }] });
    return before === undefined;
  };
  for (const statement of module.model.statements) {
    const place = placeOf(module, statement, 'name');
    switch (statement.kind) {
      case 'use': {
        const used = useOf(module, statement, files, report, modules);
        const name = statement.as ?? baseName(statement.path);
        const shown = statement.as === undefined ? placeOf(module, statement, 'path') : place;
        if (!/^[A-Za-z_]\w*$/.test(name)) {
          report.error('reserved_name', shown, `\`${name}\` cannot be a name`, { notes: [`give it one: use ${JSON.stringify(statement.path)} as name`] });
        } else if (isNew(name, shown) && used !== undefined) module.uses.set(name, used);
        break;
      }
      case 'program': {
        if (!isNew(statement.name, place)) break;
        const loaded = files.program(joinPath(folderOf(module.path), statement.path), placeOf(module, statement, 'path'), report);
        module.programs.set(statement.name, { name: prefix + statement.name, statement, place, loaded });
        break;
      }
      case 'const':
        if (isNew(statement.name, place)) module.constants.set(statement.name, { statement, state: 'new', value: undefined });
        break;
      case 'box':
        if (isNew(statement.name, place)) module.boxes.set(statement.name, statement);
        break;
      default:
    }
  }
}

function useOf(module: Module, statement: UseStatement, files: Files, report: SystemReport, modules: Map<string, Module>): Module | undefined {
  const path = joinPath(folderOf(module.path), statement.path);
  const used = read(path, folderOf(joinPath(module.folder, statement.path)), files, report, modules);
  if (used !== undefined) return used;
  const notes = ['paths start from the folder of this file; what is used is a text in UTF-8'];
  return report.error('cannot_read', placeOf(module, statement, 'path'), `cannot read ${path}`, { notes });
}

/** What a constant or variable is, seen from a module. */
export function quantityOf(module: Module, variables: ReadonlyMap<string, Quantity>, name: string, report: SystemReport): Quantity | undefined {
  const variable = variables.get(name);
  if (variable !== undefined) return variable;
  const constant = module.constants.get(name);
  if (constant === undefined) return undefined;
  if (constant.state === 'busy') {
    report.error('constant_cycle', placeOf(module, constant.statement), `\`${name}\` depends on itself`);
    constant.state = 'done';
    constant.value = { value: 1, dimension: 'none' };
    return constant.value;
  }
  if (constant.state === 'new') {
    constant.state = 'busy';
    const { value } = constant.statement;
    const tree: Expression | undefined = typeof value === 'number' ? { kind: 'number', value } : parseExpression(value.expression);
    module.waiting++;
    const found: Quantity | NoValue =
      tree === undefined || module.waiting > CONSTANT_DEPTH_MAX
        ? { code: 'bad_number', message: tree === undefined ? 'this is no expression' : `more than ${CONSTANT_DEPTH_MAX} constants depend on one another` }
        : evaluate(tree, (other) => quantityOf(module, NOTHING, other, report));
    module.waiting--;
    constant.state = 'done';
    if ('code' in found) {
      const near = found.name === undefined ? [] : report.suggest(found.name, module.constants.keys());
      report.error(found.code, placeOf(module, constant.statement), found.message, { notes: near });
      // Goes on as something, so that it is reported once.
      constant.value = { value: 1, dimension: 'none' };
    } else constant.value ??= found;
  }
  return constant.value as Quantity;
}
