/**
 * The JSON Schema of the canonical model, and the check of a value by it. `model.schema.json` is the same schema as a file; a JSON
 * model from anywhere is read here and nowhere else.
 *
 * The check knows just the words that the schema uses. What a model means is not checked here.
 */
import { MODEL_VERSION, type SystemModel } from './model.js';

/** The words of JSON Schema that are used here. */
export interface Schema {
  readonly $schema?: string;
  readonly $comment?: string;
  readonly title?: string;
  readonly description?: string;
  readonly $ref?: string;
  readonly const?: string | number;
  readonly type?: 'object' | 'array' | 'string' | 'number' | 'boolean';
  readonly pattern?: string;
  readonly minimum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false | Schema;
  readonly propertyNames?: Schema;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

const ref = (name: string): Schema => ({ $ref: `#/definitions/${name}` });
const list = (items: Schema, minItems = 0): Schema => ({ type: 'array', items, ...(minItems === 0 ? {} : { minItems }) });

function object(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = [], description?: string): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { ...(description === undefined ? {} : { description }), type: 'object', properties, required, additionalProperties: false };
}

function statement(kind: string, properties: Readonly<Record<string, Schema>>, optional: readonly string[], description: string): Schema {
  return object({ kind: { const: kind }, ...properties }, optional, description);
}

const name = ref('name');
const path = ref('path');
const text = ref('text');
const range = ref('range');
const settings = ref('settings');
const statements = list(ref('statement'));

const NAME = '[A-Za-z_][A-Za-z0-9_]*';

/** The schema, of JSON Schema draft 7. */
export const MODEL_SCHEMA: Schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $comment: 'generated from system/schema.ts; edit that',
  title: 'infracore system model',
  description: 'A description of a system: what a .sys file says. docs/system-language.md tells what it means.',
  ...object({ version: { const: MODEL_VERSION }, statements }),
  definitions: {
    name: { type: 'string', pattern: `^${NAME}$`, description: 'a name' },
    path: {
      type: 'string',
      pattern: `^${NAME}(\\[[^\\]\\r\\n]+\\])?(\\.${NAME}(\\[[^\\]\\r\\n]+\\])?)*$`,
      description: 'names joined by dots, each with an index in brackets if it is an element: node[i].cache.below',
    },
    dotted: { type: 'string', pattern: `^${NAME}(\\.${NAME})?$`, description: 'a name, or one of a file that is used: raid.mirror' },
    text: { type: 'string', description: 'any text without half surrogate pairs' },
    scalar: {
      description: 'a number, or an expression of numbers with units, constants and variables',
      anyOf: [{ type: 'number' }, object({ expression: { type: 'string', pattern: '^[^\\r\\n;]+$' } })],
    },
    range: { type: 'array', items: ref('scalar'), minItems: 2, maxItems: 2, description: 'from the first to the last, both included' },
    plain: { anyOf: [ref('scalar'), { type: 'boolean' }, text, list(text, 2), object({ range })] },
    value: { anyOf: [ref('plain'), object({ names: list(path, 1) })] },
    settings: { type: 'object', propertyNames: name, additionalProperties: ref('value') },
    fault: object({ kind: name, value: ref('plain'), settings }, ['value', 'settings']),
    statement: {
      anyOf: [
        statement('use', { path: text, as: name }, ['as'], 'use "raid.sys" as raid'),
        statement('program', { name, path: text }, [], 'program echo "echo.pbs"'),
        statement('const', { name, value: ref('scalar') }, [], 'const WORKERS = 4'),
        statement('computer', { name, range, settings, statements }, ['range', 'settings'], 'computer node[1..4] { ... }'),
        statement('box', { name, parameters: list(name, 1), statements }, ['parameters'], 'box raid1(entries) { ... }'),
        statement('place', { name, range, box: ref('dotted'), settings }, ['range', 'settings'], 'box array: raid1 { entries 1024 }'),
        statement('pu', { name, range, program: ref('dotted'), settings }, ['range', 'settings'], 'pu cache runs cache { memory 64 MiB }'),
        statement('device', { name, range, protocol: name, settings }, ['range', 'settings'], 'device disk1: disk { entries 1024 }'),
        statement('link', { from: path, to: path, settings }, ['settings'], 'cache.below -> seq.from[3] { depth 64 }'),
        statement('export', { name: path, of: path }, [], 'export left = mirror.left'),
        statement('for', { variable: name, range, statements }, [], 'for i in 1..4 { ... }'),
        statement('deploy', { name, statements }, [], 'deploy test { ... }'),
        statement('all', { host: name, settings }, ['settings'], 'all on simulation { seed 1 }'),
        statement('mock', { target: path, how: name, value: ref('plain'), settings }, ['value', 'settings'], 'mock disk1 memory "disk.img"'),
        statement('drive', { target: path, how: name, value: ref('plain'), settings }, ['value', 'settings'], 'drive net tcp { port 8080 }'),
        statement('play', { target: path, by: path }, [], 'play disk1 by flaky.serve'),
        statement('fault', { target: path, faults: list(ref('fault')) }, [], 'fault cache.below { delay 0..5 ms }'),
        statement('expect', { target: path, what: name, value: ref('plain'), settings }, ['value', 'settings'], 'expect ping returned 0'),
      ],
    },
  },
};

/** Why a value is no model. */
export interface ModelRejection {
  /** Where in the value: `statements[3].settings.depth`. */
  readonly path: string;
  readonly message: string;
}

const DEPTH_MAX = 200;
const patterns = new Map<string, RegExp>();
function matches(pattern: string, value: string): boolean {
  const known = patterns.get(pattern) ?? new RegExp(pattern, 'u');
  patterns.set(pattern, known);
  return known.test(value);
}

const typeOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);
const within = (path: string, key: string | number): string => (typeof key === 'number' ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`);

/** What is wrong with a value, the deepest first found, or undefined. */
function judge(value: unknown, schema: Schema, path: string, depth: number): ModelRejection | undefined {
  const wrong = (message: string): ModelRejection => ({ path: path === '' ? 'the model' : path, message });
  if (depth > DEPTH_MAX) return wrong('nested too deep');
  if (schema.$ref !== undefined) return judge(value, MODEL_SCHEMA.definitions?.[schema.$ref.slice('#/definitions/'.length)] as Schema, path, depth + 1);
  if (schema.anyOf !== undefined) return judgeAny(value, schema.anyOf, path, depth);
  if (schema.const !== undefined && value !== schema.const) return wrong(`${JSON.stringify(schema.const)} is needed`);
  if (schema.type !== undefined && typeOf(value) !== schema.type)
    return wrong(`${/^[ao]/.test(schema.type) ? 'an' : 'a'} ${schema.type} is needed, and this is ${typeOf(value)}`);
  if (typeof value === 'number' && !Number.isFinite(value)) return wrong('a finite number is needed');
  if (typeof value === 'string') {
    if (schema.pattern !== undefined && !matches(schema.pattern, value)) return wrong(`${JSON.stringify(value.slice(0, 60))} does not match ${schema.pattern}`);
    if (/\p{Cs}/u.test(value)) return wrong('half a surrogate pair is no character');
  }
  if (Array.isArray(value)) {
    if (value.length < (schema.minItems ?? 0) || value.length > (schema.maxItems ?? value.length))
      return wrong(`${value.length} items are too ${value.length < (schema.minItems ?? 0) ? 'few' : 'many'}`);
    for (let index = 0; index < value.length; index++) {
      const found = schema.items === undefined ? undefined : judge(value[index], schema.items, within(path, index), depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return typeOf(value) === 'object' && schema.type === 'object' ? judgeObject(value as Record<string, unknown>, schema, path, depth) : undefined;
}

function judgeObject(
  value: Readonly<Record<string, unknown>>,
  { properties = {}, required = [], additionalProperties, propertyNames }: Schema,
  path: string,
  depth: number,
): ModelRejection | undefined {
  for (const key of required) if (!Object.hasOwn(value, key)) return { path: path === '' ? 'the model' : path, message: `\`${key}\` is missing` };
  for (const [key, item] of Object.entries(value)) {
    const badName = propertyNames === undefined ? undefined : judge(key, propertyNames, within(path, key), depth + 1);
    if (badName !== undefined) return badName;
    const schema = Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
    if (schema === false) return { path: within(path, key), message: 'nothing of this name belongs here' };
    const found = schema === undefined ? undefined : judge(item, schema, within(path, key), depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Of several shapes the one that the value's `kind`, or its keys, speak for; what is wrong with that is told. */
function judgeAny(value: unknown, shapes: readonly Schema[], path: string, depth: number): ModelRejection | undefined {
  const kind = typeOf(value) === 'object' ? (value as { readonly kind?: unknown }).kind : undefined;
  const meant = kind === undefined ? undefined : shapes.find(({ properties }) => properties?.kind?.const === kind);
  if (meant !== undefined) return judge(value, meant, path, depth + 1);
  const kinds = shapes.flatMap(({ properties }) => properties?.kind?.const ?? []);
  if (kinds.length > 0) return { path: within(path, 'kind'), message: `one of ${kinds.join(', ')} is needed` };
  let deepest: ModelRejection | undefined;
  for (const shape of shapes) {
    const found = judge(value, shape, path, depth + 1);
    if (found === undefined) return undefined;
    if (deepest === undefined || found.path.length > deepest.path.length) deepest = found;
  }
  return deepest !== undefined && deepest.path !== path && deepest.path !== 'the model'
    ? deepest
    : { path: path === '' ? 'the model' : path, message: 'this has none of the shapes that are allowed here' };
}

/** A value as a model, or where it is none. */
export function readModel(value: unknown): { readonly model: SystemModel } | { readonly rejection: ModelRejection } {
  const rejection = judge(value, MODEL_SCHEMA, '', 0);
  return rejection === undefined ? { model: value as SystemModel } : { rejection };
}
