/**
 * From a model to names: replicators are unrolled, boxes are put where they are used, and every path of names leads to one thing.
 *
 * First all things are declared, then paths are followed, so use before declaration is allowed. A computer sees the names around it; a box sees
 * its own alone, and shows only what it exports. Links and deployments are collected here and judged in `links.ts` and `deployments.ts`.
 */
import { PROTOCOLS, type PortDeclaration, type Protocol } from '../isa-spec/index.js';
import type { Place, SystemReport } from './language/diagnostics.js';
import type { Quantity, Reference } from './language/expression.js';
import { type Module, placeOf, type ProgramEntry } from './language/modules.js';
import { parseReference } from './language/parser.js';
import { bounds, type Context, quantity, readSettings, treeOf, wholeNumber } from './language/settings.js';
import type {
  ComputerStatement,
  DeployStatement,
  DeviceStatement,
  ExportStatement,
  ForStatement,
  LinkStatement,
  PlaceStatement,
  PuStatement,
  Statement,
} from './model.js';
import { MAIN_COMPUTER, type Settings } from './topology.js';
import { COMPUTER_SETTINGS, DEVICE_SETTINGS, PU_SETTINGS } from './vocabulary.js';

/** Most PUs and devices, and most links, of a system. */
export const THINGS_MAX = 100_000;
export const LINKS_MAX = 1_000_000;
/** Most statements that are carried out, each turn of a replicator counting. */
const STEPS_MAX = 1_000_000;
/** Most boxes inside one another. */
const BOXES_MAX = 64;

/** A PU, before it is judged. */
export interface PuEntry {
  readonly kind: 'pu';
  readonly name: string;
  readonly computer: string;
  /** Undefined if it is not known, which has been reported. */
  readonly program: ProgramEntry | undefined;
  readonly settings: Settings;
  readonly place: Place;
  readonly context: Context;
  /** Where the names in its settings, and of its controller, are looked up. */
  readonly scope: Scope;
}
/** A device, before it is judged. */
export interface DeviceEntry {
  readonly kind: 'device';
  readonly name: string;
  readonly computer: string;
  /** Undefined if it is not known, which has been reported. */
  readonly protocol: Protocol | undefined;
  readonly settings: Settings;
  readonly place: Place;
  readonly context: Context;
  readonly scope: Scope;
}
/** A computer or a box that was put somewhere. */
export interface ScopeEntry {
  readonly kind: 'computer' | 'box';
  readonly name: string;
  readonly scope: Scope;
  readonly place: Place;
  /** Of a computer. */
  readonly settings: Settings;
}
/** What a name stands for. */
export type Entry = PuEntry | DeviceEntry | ScopeEntry;

/** Statements that are looked at later, with the variables that were known there. */
interface Later<T> {
  readonly statement: T;
  readonly context: Context;
  readonly scope: Scope;
}
type ExportEntry = Later<ExportStatement>;

/** A block with names. */
export interface Scope {
  readonly kind: 'file' | 'computer' | 'box' | 'deploy';
  /** What stands before its names, with the dot. */
  readonly prefix: string;
  readonly computer: string;
  readonly parent: Scope | undefined;
  readonly names: Map<string, Entry>;
  /** First places of names, those of arrays without index. */
  readonly declared: Map<string, { readonly place: Place; readonly least?: number; readonly most?: number }>;
  readonly exports: Map<string, ExportEntry>;
  /** Names of the boxes around it. */
  readonly boxes: readonly string[];
}

/** What a path leads to. */
export type Resolved = { readonly kind: 'port'; readonly pu: PuEntry; readonly port: PortDeclaration; readonly number: number } | Entry;

/** A model, unrolled. */
export interface Unrolled {
  readonly root: Scope;
  readonly computers: readonly ScopeEntry[];
  readonly pus: readonly PuEntry[];
  readonly devices: readonly DeviceEntry[];
  readonly links: readonly Later<LinkStatement>[];
  readonly deployments: readonly Later<DeployStatement>[];
}

/** What a deployment declares beside the system. */
export interface DeployedParts {
  readonly scope: Scope;
  readonly pus: readonly PuEntry[];
  readonly devices: readonly DeviceEntry[];
  readonly links: readonly Later<LinkStatement>[];
  /** Its other statements, those of replicators too, in order. */
  readonly statements: readonly Later<Statement>[];
}

/** Unrolls a module, and later its deployments. */
export class Expander {
  readonly #report: SystemReport;
  #steps = 0;
  #isTooLarge = false;
  #computers: ScopeEntry[] = [];
  #pus: PuEntry[] = [];
  #devices: DeviceEntry[] = [];
  #links: Later<LinkStatement>[] = [];
  #deployments: Later<DeployStatement>[] = [];
  #others: Later<Statement>[] = [];
  #things = 0;

  constructor(report: SystemReport) {
    this.#report = report;
  }

  /** All of a file but its deployments. */
  file(module: Module): Unrolled {
    const root = makeScope('file', '', MAIN_COMPUTER, undefined, []);
    const context: Context = { module, variables: new Map(), report: this.#report };
    this.#declare(module.model.statements, root, context);
    const links = this.#links;
    return { root, computers: this.#computers, pus: this.#pus, devices: this.#devices, links, deployments: this.#deployments };
  }

  /** What a deployment says. */
  deployment({ statement, context }: Later<DeployStatement>, root: Scope): DeployedParts {
    this.#pus = [];
    this.#devices = [];
    this.#links = [];
    this.#others = [];
    const scope = makeScope('deploy', '', MAIN_COMPUTER, root, []);
    this.#declare(statement.statements, scope, context);
    return { scope, pus: this.#pus, devices: this.#devices, links: this.#links, statements: this.#others };
  }

  #declare(statements: readonly Statement[], scope: Scope, context: Context): void {
    for (const statement of statements) {
      if (this.#isTooLarge || (++this.#steps > STEPS_MAX && this.#tooLarge(statement, context, `more than ${STEPS_MAX} statements are carried out`))) return;
      switch (statement.kind) {
        case 'use':
        case 'program':
        case 'const':
        case 'box':
          break;
        case 'computer':
          this.#each(statement, scope, context, (name) => this.#computer(statement, name, scope, context));
          break;
        case 'place':
          this.#each(statement, scope, context, (name) => this.#box(statement, name, scope, context));
          break;
        case 'pu':
          this.#each(statement, scope, context, (name) => this.#pu(statement, name, scope, context));
          break;
        case 'device':
          this.#each(statement, scope, context, (name) => this.#device(statement, name, scope, context));
          break;
        case 'link':
          if (this.#links.length >= LINKS_MAX) this.#tooLarge(statement, context, `more than ${LINKS_MAX} links`);
          else this.#links.push({ statement, context, scope });
          break;
        case 'export':
          this.#export(statement, scope, context);
          break;
        case 'for':
          this.#replicate(statement, scope, context);
          break;
        case 'deploy':
          this.#deployments.push({ statement, context, scope });
          break;
        default:
          this.#others.push({ statement, context, scope });
      }
    }
  }

  #tooLarge(statement: Statement, { module, report }: Context, message: string): true {
    if (!this.#isTooLarge) report.error('too_large', placeOf(module, statement), message, { notes: ['replicators multiply: look at their bounds'] });
    this.#isTooLarge = true;
    return true;
  }

  #replicate(statement: ForStatement, scope: Scope, context: Context): void {
    const { variable, range, statements } = statement;
    const found = bounds(context, range, placeOf(context.module, statement, 'range'));
    if (found === undefined) return;
    for (let value = found[0]; value <= found[1] && !this.#isTooLarge; value++) {
      if (++this.#steps > STEPS_MAX && this.#tooLarge(statement, context, `more than ${STEPS_MAX} statements are carried out`)) return;
      const variables = new Map(context.variables).set(variable, { value, dimension: 'none' });
      this.#declare(statements, scope, { ...context, variables });
    }
  }

  /** Declares a name, or one for each element of its array, and says so for each that is new. */
  #each(statement: PlaceStatement | PuStatement | DeviceStatement | ComputerStatement, scope: Scope, context: Context, make: (name: string) => void): void {
    const { name, range } = statement;
    const place = placeOf(context.module, statement, 'name');
    const found = range === undefined ? undefined : bounds(context, range, place);
    if (range !== undefined && found === undefined) return;
    const before = scope.declared.get(name) ?? (scope.kind === 'deploy' ? scope.parent?.declared.get(name) : undefined);
    if (before !== undefined) {
      this.#report.error('duplicate_name', place, `\`${scope.prefix}${name}\` is declared twice`, {
        notes: context.variables.size > 0 ? ['inside `for` declare an array before it, or use boxes: a name is one thing'] : [],
        related: [{ place: before.place, message: 'the first declaration is here' }],
      });
      return;
    }
    if (scope.parent === undefined && name === MAIN_COMPUTER && statement.kind !== 'computer') {
      this.#report.error('reserved_name', place, `\`${name}\` is the computer of what stands outside of any`, { notes: ['choose another name'] });
      return;
    }
    if (found === undefined) {
      scope.declared.set(name, { place });
      make(name);
      return;
    }
    const [least, most] = found;
    scope.declared.set(name, { place, least, most });
    for (let index = least; index <= most && !this.#isTooLarge; index++) {
      this.#steps++;
      make(`${name}[${index}]`);
    }
  }

  #computer(statement: ComputerStatement, name: string, scope: Scope, context: Context): void {
    const place = placeOf(context.module, statement, 'name');
    const inner = makeScope('computer', `${name}.`, name, scope, []);
    const settings = readSettings(context, { what: 'a computer', place, rows: COMPUTER_SETTINGS }, statement.settings);
    const entry: ScopeEntry = { kind: 'computer', name, scope: inner, place, settings };
    scope.names.set(name, entry);
    this.#computers.push(entry);
    this.#declare(statement.statements, inner, context);
  }

  #box(statement: PlaceStatement, name: string, scope: Scope, context: Context): void {
    const { module, report } = context;
    const [first, second] = statement.box.split('.') as [string, string | undefined];
    const home = second === undefined ? module : module.uses.get(first);
    const box = home?.boxes.get(second ?? first);
    const place = placeOf(module, statement, 'box');
    if (home === undefined || box === undefined) {
      const names = home === undefined ? module.uses.keys() : home.boxes.keys();
      report.error('unknown_box', place, `no box is called \`${statement.box}\``, {
        notes: [...report.suggest(home === undefined ? first : (second ?? first), names), 'a box is declared by: box NAME { ... }'],
      });
      return;
    }
    const id = `${home.path} ${box.name}`;
    if (scope.boxes.includes(id) || scope.boxes.length >= BOXES_MAX) {
      const how = scope.boxes.includes(id) ? `the box \`${box.name}\` contains itself` : `more than ${BOXES_MAX} boxes are inside one another`;
      report.error('recursive_box', place, how, { related: [{ place: placeOf(home, box, 'name'), message: 'the box is declared here' }] });
      return;
    }
    const variables = this.#parameters(statement, box.parameters ?? [], context);
    const inner = makeScope('box', `${scope.prefix}${name}.`, scope.computer, undefined, [...scope.boxes, id]);
    scope.names.set(name, { kind: 'box', name: scope.prefix + name, scope: inner, place: placeOf(module, statement, 'name'), settings: {} });
    this.#declare(box.statements, inner, { module: home, variables, report });
  }

  #parameters(statement: PlaceStatement, parameters: readonly string[], context: Context): Map<string, Quantity> {
    const { module, report } = context;
    const { settings = {}, box } = statement;
    const variables = new Map<string, Quantity>();
    const place = placeOf(module, statement, 'box');
    for (const [name, value] of Object.entries(settings)) {
      const at = placeOf(module, settings, name);
      if (!parameters.includes(name)) {
        report.error('unknown_setting', at, `the box \`${box}\` has no parameter \`${name}\``, {
          notes: [...report.suggest(name, parameters), `its parameters are ${parameters.join(', ') || 'none'}`],
        });
      } else if (typeof value === 'number' || (typeof value === 'object' && 'expression' in value)) {
        const found = quantity(context, treeOf(value), at);
        if (found !== undefined) variables.set(name, found);
      } else report.error('bad_setting', at, `the parameter \`${name}\` takes a number`);
    }
    for (const name of parameters) {
      if (Object.hasOwn(settings, name)) {
        if (!variables.has(name)) variables.set(name, { value: 1, dimension: 'none' });
        continue;
      }
      report.error('missing_setting', place, `the box \`${box}\` needs its parameter \`${name}\``, { notes: [`write { ${name} VALUE } behind it`] });
      variables.set(name, { value: 1, dimension: 'none' });
    }
    return variables;
  }

  #count(statement: Statement, context: Context): boolean {
    return ++this.#things > THINGS_MAX && this.#tooLarge(statement, context, `more than ${THINGS_MAX} PUs and devices`);
  }

  #pu(statement: PuStatement, name: string, scope: Scope, context: Context): void {
    if (this.#count(statement, context)) return;
    const { module } = context;
    const place = placeOf(module, statement, 'name');
    const program = this.#program(statement, context);
    const settings = readSettings(context, { what: 'a PU', place, rows: PU_SETTINGS }, statement.settings);
    const entry: PuEntry = { kind: 'pu', name: scope.prefix + name, computer: scope.computer, program, settings, place, context, scope };
    scope.names.set(name, entry);
    this.#pus.push(entry);
  }

  #program(statement: PuStatement, { module, report }: Context): ProgramEntry | undefined {
    const [first, second] = statement.program.split('.') as [string, string | undefined];
    const home = second === undefined ? module : module.uses.get(first);
    const found = home?.programs.get(second ?? first);
    if (found !== undefined) return found;
    const names = home === undefined ? module.uses.keys() : home.programs.keys();
    return report.error('unknown_program', placeOf(module, statement, 'program'), `no program is called \`${statement.program}\``, {
      notes: [...report.suggest(home === undefined ? first : (second ?? first), names), `declare it: program ${second ?? first} "${second ?? first}.pbs"`],
    });
  }

  #device(statement: DeviceStatement, name: string, scope: Scope, context: Context): void {
    if (this.#count(statement, context)) return;
    const { module, report } = context;
    const place = placeOf(module, statement, 'name');
    const protocol = PROTOCOLS.find((known) => known === statement.protocol);
    if (protocol === undefined) {
      report.error('unknown_protocol', placeOf(module, statement, 'protocol'), `no protocol is called \`${statement.protocol}\``, {
        notes: [...report.suggest(statement.protocol, PROTOCOLS), `protocols are ${PROTOCOLS.join(', ')}`],
      });
    }
    const rows = protocol === undefined ? undefined : DEVICE_SETTINGS[protocol];
    const what = protocol === 'audio' ? 'an audio device' : protocol === 'pu' ? 'a stream' : protocol === 'puc' ? 'a controller' : `a ${protocol}`;
    const settings = rows === undefined ? {} : readSettings(context, { what, place, rows }, statement.settings);
    const entry: DeviceEntry = { kind: 'device', name: scope.prefix + name, computer: scope.computer, protocol, settings, place, context, scope };
    scope.names.set(name, entry);
    this.#devices.push(entry);
  }

  #export(statement: ExportStatement, scope: Scope, context: Context): void {
    const { module, report } = context;
    const place = placeOf(module, statement, 'name');
    const name = this.#key(statement.name, context, place);
    if (name === undefined) return;
    const before = scope.exports.get(name);
    if (before === undefined) scope.exports.set(name, { statement, context, scope });
    else {
      const first = placeOf(before.context.module, before.statement, 'name');
      report.error('duplicate_name', place, `\`${name}\` is exported twice`, { related: [{ place: first, message: 'the first one is here' }] });
    }
  }

  /** A name with its index worked out. */
  #key(text: string, context: Context, place: Place): string | undefined {
    const reference = parseReference(text);
    const [segment] = reference ?? [];
    if (segment === undefined || reference?.length !== 1 || segment.index === '*') {
      return context.report.error('syntax', place, `\`${text}\` where one name is needed`, {
        notes: ['write export NAME = PU.PORT, or export NAME[1] = PU.PORT'],
      });
    }
    if (segment.index === undefined) return segment.name;
    const index = wholeNumber(context, segment.index, place);
    return index === undefined ? undefined : `${segment.name}[${index}]`;
  }
}

function makeScope(kind: Scope['kind'], prefix: string, computer: string, parent: Scope | undefined, boxes: readonly string[]): Scope {
  return { kind, prefix, computer, parent, names: new Map(), declared: new Map(), exports: new Map(), boxes };
}

/** How a path is followed. */
export interface Following {
  readonly context: Context;
  readonly scope: Scope;
  readonly place: Place;
  /** Whether it may lead into boxes, past what they export: a deployment looks inside. */
  readonly isInside?: boolean;
}

const references = new Map<string, Reference | undefined>();
const REFERENCES_MAX = 4096;
function referenceOf(text: string): Reference | undefined {
  if (references.has(text)) return references.get(text);
  if (references.size >= REFERENCES_MAX) references.clear();
  const reference = parseReference(text);
  references.set(text, reference);
  return reference;
}

/** Follows a path: all that it leads to, several with `[*]`; empty if it leads nowhere, which is reported. */
export function follow(text: string, following: Following): readonly Resolved[] {
  const { context, place } = following;
  const reference = referenceOf(text);
  if (reference === undefined) {
    context.report.error('syntax', place, `\`${text}\` is no path of names`);
    return [];
  }
  const keys: (string | readonly [string, '*'])[] = [];
  for (const { name, index } of reference) {
    if (index === undefined) keys.push(name);
    else if (index === '*') keys.push([name, '*']);
    else {
      const found = wholeNumber(context, index, place);
      if (found === undefined) return [];
      keys.push(`${name}[${found}]`);
    }
  }
  return walk(keys, following);
}

type Key = string | readonly [string, '*'];
const keyText = (key: Key): string => (typeof key === 'string' ? key : `${key[0]}[*]`);
const bare = (key: Key): string => (typeof key === 'string' ? key.replace(/\[.*$/, '') : key[0]);

function walk(keys: readonly Key[], following: Following): readonly Resolved[] {
  let scope: Scope | undefined = following.scope;
  const first = keys[0] as Key;
  // Names are looked for from the inside to the outside.
  while (scope !== undefined && !scope.declared.has(bare(first))) scope = scope.parent;
  if (scope === undefined) {
    const { context, place } = following;
    if (keys.length === 1 && first === MAIN_COMPUTER && following.isInside === true) return [];
    const known = new Set<string>();
    for (let around: Scope | undefined = following.scope; around !== undefined; around = around.parent)
      for (const name of around.declared.keys()) known.add(name);
    const inBox = following.scope.kind === 'box' ? ['a box sees its own names alone'] : [];
    context.report.error('unknown_name', place, `nothing is called \`${bare(first)}\``, { notes: [...context.report.suggest(bare(first), known), ...inBox] });
    return [];
  }
  return entriesOf(scope, first, following).flatMap((entry) => into(entry, keys, 1, following));
}

/** The entries of a scope that a name with its index stands for. */
function entriesOf(scope: Scope, key: Key, { context: { report }, place }: Following): readonly Entry[] {
  const name = bare(key);
  const { least, most } = scope.declared.get(name) ?? {};
  const full = `${scope.prefix}${name}`;
  if (least === undefined || most === undefined) {
    const entry = typeof key === 'string' ? scope.names.get(key) : undefined;
    if (entry !== undefined) return [entry];
    if (key !== name) report.error('unknown_index', place, `\`${full}\` is no array`, { notes: [`write ${full}`] });
    return [];
  }
  if (typeof key !== 'string')
    return Array.from({ length: most - least + 1 }, (_, index) => scope.names.get(`${name}[${least + index}]`)).filter((entry) => entry !== undefined);
  const entry = scope.names.get(key);
  if (entry !== undefined) return [entry];
  if (key === name)
    report.error('unknown_index', place, `\`${full}\` is an array`, { notes: [`write ${full}[${least}], whose index goes from ${least} to ${most}`] });
  // An element that was given up has been reported.
  else if (!isWithin(key, least, most))
    report.error('unknown_index', place, `there is no \`${scope.prefix}${key}\``, { notes: [`the index goes from ${least} to ${most}`] });
  return [];
}
const isWithin = (key: string, least: number, most: number): boolean => {
  const index = Number(/\[(\d+)\]$/.exec(key)?.[1]);
  return index >= least && index <= most;
};

function into(entry: Entry, keys: readonly Key[], at: number, following: Following): readonly Resolved[] {
  const {
    context: { report },
    place,
  } = following;
  const key = keys[at];
  if (key === undefined) return [entry];
  switch (entry.kind) {
    case 'pu':
      if (keys.length === at + 1) return portsOf(entry, key, following);
      report.error('unknown_name', place, `\`${keys.slice(at).map(keyText).join('.')}\` is no port of \`${entry.name}\``);
      return [];
    case 'device':
      report.error('unknown_port', place, `\`${entry.name}\` is a device, which has no ports`, { notes: [`write ${entry.name}`] });
      return [];
    case 'computer':
    case 'box':
      return intoScope(entry, keys, at, following);
    default:
      return entry satisfies never;
  }
}

function intoScope({ kind, name, scope, place: declared }: ScopeEntry, keys: readonly Key[], at: number, following: Following): readonly Resolved[] {
  const {
    context: { report },
    place,
    isInside = false,
  } = following;
  const key = keys[at] as Key;
  const exported = exportsOf(scope, key);
  if (exported.length > 0) {
    if (keys.length > at + 1) {
      report.error('unknown_port', place, `\`${name}.${keyText(key)}\` is an exported port, which has no parts`);
      return [];
    }
    return exported.flatMap((entry) => throughExport(entry, following));
  }
  const isOpen = kind === 'computer' || isInside;
  if (isOpen && scope.declared.has(bare(key))) return entriesOf(scope, key, following).flatMap((entry) => into(entry, keys, at + 1, following));
  const known = [...scope.exports.keys(), ...(isOpen ? scope.declared.keys() : [])];
  const inside = !isOpen && scope.declared.has(bare(key)) ? [`it is inside: the box shows it if it says export ${bare(key)} = ...`] : [];
  report.error(kind === 'box' ? 'unknown_port' : 'unknown_name', place, `\`${name}\` has no \`${keyText(key)}\``, {
    notes: [...report.suggest(keyText(key), known), ...inside, known.length === 0 ? 'it has nothing that can be named' : `it has ${shortList(known)}`],
    related: [{ place: declared, message: `\`${name}\` is declared here` }],
  });
  return [];
}

const LISTED = 12;
/** Names for a message. */
export const shortList = (names: readonly string[]): string =>
  names.length <= LISTED ? names.join(', ') : `${names.slice(0, LISTED).join(', ')} and ${names.length - LISTED} more`;

function exportsOf(scope: Scope, key: Key): readonly ExportEntry[] {
  if (typeof key === 'string') {
    const entry = scope.exports.get(key);
    return entry === undefined ? [] : [entry];
  }
  return [...scope.exports].flatMap(([name, entry]) => (bare(name) === key[0] && name !== key[0] ? [entry] : []));
}

function throughExport(entry: ExportEntry, following: Following): readonly Resolved[] {
  const { statement, context, scope } = entry;
  const place = placeOf(context.module, statement, 'of');
  // A box exports what is inside, so this comes to an end.
  const found = follow(statement.of, { context, scope, place });
  return found.filter((resolved) => {
    if (resolved.kind === 'port' || resolved.kind === 'device') return true;
    following.context.report.error('wrong_kind', place, `\`${statement.of}\` is ${kindName(resolved)}, and only ports and devices can be exported`);
    return false;
  });
}

/** The ports of a PU that a name with its index stands for. */
function portsOf(pu: PuEntry, key: Key, { context: { report }, place }: Following): readonly Resolved[] {
  const { loaded } = pu.program ?? {};
  if (loaded === undefined) return [];
  const { ports } = loaded.program.program;
  const found = ports.flatMap((port, number) =>
    (typeof key === 'string' ? port.name === key : bare(port.name) === key[0]) ? [{ kind: 'port' as const, pu, port, number }] : [],
  );
  if (found.length > 0) return found;
  const names = ports.map(({ name }) => name);
  const sameName = names.filter((name) => bare(name) === bare(key));
  const isArray = sameName.length > 0 && sameName[0] !== bare(key);
  report.error('unknown_port', place, `\`${pu.name}\` has no port \`${keyText(key)}\``, {
    notes: [
      ...report.suggest(keyText(key), names),
      isArray
        ? `\`${bare(key)}\` is an array of ports: ${sameName[0]} to ${sameName.at(-1)}`
        : `the program ${loaded.path} declares ${names.length === 0 ? 'no ports' : shortList(names)}`,
    ],
    related: isArray ? [{ place: loaded.portPlace(bare(key)), message: `${loaded.path} declares it here` }] : [],
  });
  return [];
}

/** What a thing is, in words. */
export function kindName(resolved: Resolved): string {
  return { port: 'a port', pu: 'a PU', device: 'a device', computer: 'a computer', box: 'a box' }[resolved.kind];
}
/** Its full name. */
export const fullName = (resolved: Resolved): string => (resolved.kind === 'port' ? `${resolved.pu.name}.${resolved.port.name}` : resolved.name);
