/**
 * Settings as values: each by its row of the vocabulary, with unit and bounds. What does not fit is reported at its place and left out.
 */
import { compareNames } from '../../isa-spec/index.js';
import type { ModelSettings, Range, Scalar, Value } from '../model.js';
import type { SettingRange, Settings, SettingValue } from '../topology.js';
import type { SettingRow, SettingRows } from '../vocabulary.js';
import type { Place, SystemReport } from './diagnostics.js';
import { type Dimension, dimensionName, evaluate, type Expression, type Quantity, UNITS } from './expression.js';
import { type Module, quantityOf } from './modules.js';
import { parseExpression } from './parser.js';
import { joinPath } from './paths.js';

/** Where a value is looked at. */
export interface Context {
  readonly module: Module;
  readonly variables: ReadonlyMap<string, Quantity>;
  readonly report: SystemReport;
}

/** The tree of a number or expression, undefined where a model has none there. */
export const treeOf = (scalar: Scalar): Expression | undefined => (typeof scalar === 'number' ? { kind: 'number', value: scalar } : parsed(scalar.expression));

const trees = new Map<string, Expression | undefined>();
const TREES_MAX = 4096;
/** Replicators ask for the same expression again and again. */
function parsed(text: string): Expression | undefined {
  if (trees.has(text)) return trees.get(text);
  if (trees.size >= TREES_MAX) trees.clear();
  const tree = parseExpression(text);
  trees.set(text, tree);
  return tree;
}

/** The value of an expression; undefined if it has none, which is reported. */
export function quantity({ module, variables, report }: Context, tree: Expression | undefined, place: Place): Quantity | undefined {
  if (tree === undefined) return report.error('bad_number', place, 'this is no expression');
  const found = evaluate(tree, (name) => quantityOf(module, variables, name, report));
  if (!('code' in found)) return found;
  const near = found.name === undefined ? [] : report.suggest(found.name, [...variables.keys(), ...module.constants.keys()]);
  return report.error(found.code, place, found.message, { notes: near });
}

/** A whole number without a unit, from 0 on: an index or a bound of a replicator. */
export function wholeNumber(context: Context, tree: Expression | undefined, place: Place): number | undefined {
  const found = quantity(context, tree, place);
  if (found === undefined) return undefined;
  if (found.dimension !== 'none') return context.report.error('bad_unit', place, `${dimensionName(found.dimension)} where a plain number is needed`);
  if (Number.isInteger(found.value) && found.value >= 0 && found.value < 2 ** 31) return found.value;
  return context.report.error('bad_number', place, `${found.value} where a whole number from 0 to ${2 ** 31 - 1} is needed`);
}

/** Most elements of one range. */
export const ELEMENTS_MAX = 65536;

/** Both ends of a range of elements; undefined if it is none, which is reported. */
export function bounds(context: Context, [first, last]: Range, place: Place): readonly [number, number] | undefined {
  const least = wholeNumber(context, treeOf(first), place);
  const most = wholeNumber(context, treeOf(last), place);
  if (least === undefined || most === undefined) return undefined;
  if (most < least)
    return context.report.error('bad_range', place, `the range ${least}..${most} ends before it begins`, {
      notes: ['both ends belong to it: 1..1 has one element'],
    });
  if (most - least < ELEMENTS_MAX) return [least, most];
  return context.report.error('bad_range', place, `the range ${least}..${most} has more than ${ELEMENTS_MAX} elements`);
}

const DIMENSIONS: Readonly<Record<string, Dimension>> = { count: 'none', number: 'none', bytes: 'bytes', time: 'time', rate: 'rate', chance: 'chance' };
const unitsOf = (dimension: Dimension): string => [...UNITS].flatMap(([name, unit]) => (unit.dimension === dimension ? [name] : [])).join(', ');

const TYPE_NAMES: Readonly<Record<string, string>> = {
  count: 'a whole number',
  number: 'a number',
  bytes: 'a size',
  time: 'a time',
  rate: 'a rate',
  chance: 'a chance',
  flag: 'nothing, true or false',
  text: 'a string',
  texts: 'strings',
  path: 'a path in quotes',
  names: 'names of PUs',
};
const typeName = ({ type }: SettingRow): string => (typeof type === 'string' ? (TYPE_NAMES[type] as string) : `one of ${type.join(', ')}`);

/** The value of a setting by its row; undefined if it does not fit, which is reported. */
export function settingValue(context: Context, name: string, row: SettingRow, value: Value, place: Place): SettingValue | undefined {
  const { report, module } = context;
  const wrong = (): undefined => report.error('bad_setting', place, `\`${name}\` takes ${typeName(row)}`, { notes: [`${name}: ${row.doc}`] });
  const { type } = row;
  if (typeof type !== 'string') {
    const word = typeof value === 'object' && 'expression' in value ? value.expression : undefined;
    if (word === undefined) return wrong();
    if (type.includes(word)) return word;
    return report.error('bad_setting', place, `\`${name}\` cannot be \`${word}\``, {
      notes: [...report.suggest(word, type), `it is one of ${type.join(', ')}`],
    });
  }
  switch (type) {
    case 'flag':
      return typeof value === 'boolean' ? value : wrong();
    case 'text':
      return typeof value === 'string' ? value : wrong();
    case 'path':
      return typeof value === 'string' && value !== '' ? joinPath(module.folder, value) : wrong();
    case 'texts':
      return typeof value === 'string' ? [value] : isTexts(value) ? value : wrong();
    case 'names':
      if (typeof value === 'object' && 'names' in value) return value.names;
      return typeof value === 'object' && 'expression' in value ? [value.expression] : wrong();
    default: {
      const isRange = typeof value === 'object' && 'range' in value;
      if (isRange && row.range === true) return rangeValue(context, name, row, value.range, place);
      if (typeof value === 'number' || (typeof value === 'object' && 'expression' in value)) return numberValue(context, name, row, treeOf(value), place);
      return wrong();
    }
  }
}

const isTexts = (value: Value): value is readonly string[] => Array.isArray(value);

function numberValue(context: Context, name: string, row: SettingRow, tree: Expression | undefined, place: Place): number | undefined {
  const { report } = context;
  const { type, least = -Number.MAX_VALUE, most = Number.MAX_VALUE } = row;
  const dimension = DIMENSIONS[type as string] as Dimension;
  const found = quantity(context, tree, place);
  if (found === undefined) return undefined;
  // A size in bytes and a chance are plain numbers too; a time is none.
  const isPlain = found.dimension === 'none' && (dimension !== 'time' || found.value === 0);
  if (found.dimension !== dimension && !isPlain) {
    const what = found.dimension === 'none' ? 'a number without a unit' : dimensionName(found.dimension);
    const remedy = dimension === 'none' ? 'leave the unit out' : `units are ${unitsOf(dimension)}`;
    return report.error('bad_unit', place, `\`${name}\` takes ${typeName(row)}, and this is ${what}`, { notes: [remedy] });
  }
  const { value } = found;
  const isWhole = type === 'number' || type === 'chance' || Number.isSafeInteger(value);
  if (isWhole && value >= least && value <= most) return value;
  const needed = `from ${least} to ${most}`;
  const unit = { bytes: ' bytes', time: ' ns' }[type as string] ?? '';
  return report.error(
    'bad_number',
    place,
    `\`${name}\` is ${value}${unit}; it must be ${isWhole ? needed : `a whole number${type === 'time' ? ' of nanoseconds' : type === 'bytes' ? ' of bytes' : ''}`}`,
  );
}

/** In `0..5 ms` the unit of the end is that of both. */
function rangeValue(context: Context, name: string, row: SettingRow, [first, last]: Range, place: Place): SettingRange | undefined {
  const [start, end] = [treeOf(first), treeOf(last)];
  const unit = end?.kind === 'number' ? end.unit : undefined;
  const shared: Expression | undefined = start?.kind === 'number' && start.unit === undefined && unit !== undefined ? { ...start, unit } : start;
  const least = numberValue(context, name, row, shared, place);
  const most = numberValue(context, name, row, end, place);
  if (least === undefined || most === undefined) return undefined;
  if (least <= most) return { least, most };
  return context.report.error('bad_range', place, `\`${name}\` goes from ${least} to ${most}; the lesser comes first`);
}

/** What settings belong to, for messages. */
export interface Owner {
  /** In words: "a disk", "the mock `memory`". */
  readonly what: string;
  readonly place: Place;
  readonly rows: SettingRows;
}

/** Settings in the order of their names, with a value right behind the word as one of them. */
export function readSettings(
  context: Context,
  owner: Owner,
  settings: ModelSettings | undefined,
  main?: { readonly name: string | undefined; readonly value: Value | undefined },
): Settings {
  const { report, module } = context;
  const { what, rows } = owner;
  const found: [string, SettingValue][] = [];
  const given = new Set<string>();
  const take = (name: string, value: Value, place: Place): void => {
    const row = Object.hasOwn(rows, name) ? rows[name] : undefined;
    if (row === undefined) {
      const known = Object.keys(rows);
      const list = known.length === 0 ? `${what} has no settings` : `settings of ${what} are ${known.join(', ')}`;
      report.error('unknown_setting', place, `${what} has no setting \`${name}\``, { notes: [...report.suggest(name, known), list] });
      return;
    }
    given.add(name);
    const known = settingValue(context, name, row, value, place);
    if (known !== undefined) found.push([name, known]);
  };
  if (main?.value !== undefined) {
    if (main.name === undefined)
      report.error('bad_setting', owner.place, `${what} takes no value`, {
        notes: [`its settings stand in braces: ${Object.keys(rows).join(', ') || 'it has none'}`],
      });
    else take(main.name, main.value, owner.place);
  }
  for (const [name, value] of Object.entries(settings ?? {})) {
    const place = settings === undefined ? owner.place : (module.places.get(settings)?.[name] ?? owner.place);
    if (given.has(name)) report.error('duplicate_setting', place, `\`${name}\` is given twice`);
    else take(name, value, place);
  }
  for (const [name, row] of Object.entries(rows)) {
    if (row.needed === true && !given.has(name))
      report.error('missing_setting', owner.place, `${what} needs the setting \`${name}\``, { notes: [`${name}: ${row.doc}`] });
  }
  return Object.fromEntries(found.sort(([left], [right]) => compareNames(left, right)));
}
