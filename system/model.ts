/**
 * The description of a system as data: what a `.sys` file says, statement by statement, with its replicators and boxes as written. This is the
 * canonical JSON; `model.schema.json` is its schema, `print.ts` gives back the text, `builder.ts` makes one in TypeScript.
 *
 * Names and expressions are text, in the one spelling that the printer has for them. What a model means, `expand.ts` says; nothing
 * here is checked beyond its type.
 */

/** The version of the model that is written and read here. */
export const MODEL_VERSION = 1;

/** A number, or a sum of numbers with units, constants and variables: `{ "expression": "4 MiB" }`, `{ "expression": "8080 + i" }`. */
export type Scalar = number | { readonly expression: string };
/** From one value to another, both included. */
export type Range = readonly [Scalar, Scalar];
/** What may stand behind the name of a setting. A lone word, such as a name of a trap, is an expression. */
export type Value = Scalar | boolean | string | readonly string[] | { readonly names: readonly string[] } | { readonly range: Range };
/** What may stand right behind a kind: no names of PUs. */
export type PlainValue = Exclude<Value, { readonly names: readonly string[] }>;
/** Settings by name, in the order in which they are written. */
export type ModelSettings = Readonly<Record<string, Value>>;

/** `use "raid.sys" as raid` */
export interface UseStatement {
  readonly kind: 'use';
  readonly path: string;
  readonly as?: string;
}
/** `program echo "echo.pbs"` */
export interface ProgramStatement {
  readonly kind: 'program';
  readonly name: string;
  readonly path: string;
}
/** `const WORKERS = 4` */
export interface ConstStatement {
  readonly kind: 'const';
  readonly name: string;
  readonly value: Scalar;
}
/** `computer node[1..4] { memory 1 GiB ... }` */
export interface ComputerStatement {
  readonly kind: 'computer';
  readonly name: string;
  readonly range?: Range;
  readonly settings?: ModelSettings;
  readonly statements: readonly Statement[];
}
/** `box raid1(entries) { ... }` */
export interface BoxStatement {
  readonly kind: 'box';
  readonly name: string;
  readonly parameters?: readonly string[];
  readonly statements: readonly Statement[];
}
/** `box array: raid1 { entries 1024 }` */
export interface PlaceStatement {
  readonly kind: 'place';
  readonly name: string;
  readonly range?: Range;
  /** Name of the box. */
  readonly box: string;
  readonly settings?: ModelSettings;
}
/** `pu cache runs cache { memory 64 MiB }` */
export interface PuStatement {
  readonly kind: 'pu';
  readonly name: string;
  readonly range?: Range;
  readonly program: string;
  readonly settings?: ModelSettings;
}
/** `device disk1: disk { entries 1048576, size 512 }` */
export interface DeviceStatement {
  readonly kind: 'device';
  readonly name: string;
  readonly range?: Range;
  readonly protocol: string;
  readonly settings?: ModelSettings;
}
/** `cache.below -> seq.from[3] { depth 64 }` */
export interface LinkStatement {
  readonly kind: 'link';
  readonly from: string;
  readonly to: string;
  readonly settings?: ModelSettings;
}
/** `export left = mirror.left` */
export interface ExportStatement {
  readonly kind: 'export';
  /** A name, with an index for an element of an array. */
  readonly name: string;
  readonly of: string;
}
/** `for i in 1..4 { ... }` */
export interface ForStatement {
  readonly kind: 'for';
  readonly variable: string;
  readonly range: Range;
  readonly statements: readonly Statement[];
}
/** `deploy test { ... }` */
export interface DeployStatement {
  readonly kind: 'deploy';
  readonly name: string;
  readonly statements: readonly Statement[];
}
/** `all on simulation { seed 1 }` */
export interface AllStatement {
  readonly kind: 'all';
  readonly host: string;
  readonly settings?: ModelSettings;
}
/** `mock disk1 memory "disk.img"`, `drive net tcp { port 8080 }` */
export interface BackingStatement {
  readonly kind: 'mock' | 'drive';
  readonly target: string;
  readonly how: string;
  readonly value?: PlainValue;
  readonly settings?: ModelSettings;
}
/** `play disk1 by flaky.serve` */
export interface PlayStatement {
  readonly kind: 'play';
  readonly target: string;
  readonly by: string;
}
/** One entry of `fault cache.below { delay 0..5 ms, loss 1 percent }` */
export interface FaultEntry {
  readonly kind: string;
  readonly value?: PlainValue;
  readonly settings?: ModelSettings;
}
/** `fault cache.below { delay 0..5 ms }` */
export interface FaultStatement {
  readonly kind: 'fault';
  readonly target: string;
  readonly faults: readonly FaultEntry[];
}
/** `expect ping returned 0` */
export interface ExpectStatement {
  readonly kind: 'expect';
  readonly target: string;
  readonly what: string;
  readonly value?: PlainValue;
  readonly settings?: ModelSettings;
}

/** One statement of a description. */
export type Statement =
  | UseStatement
  | ProgramStatement
  | ConstStatement
  | ComputerStatement
  | BoxStatement
  | PlaceStatement
  | PuStatement
  | DeviceStatement
  | LinkStatement
  | ExportStatement
  | ForStatement
  | DeployStatement
  | AllStatement
  | BackingStatement
  | PlayStatement
  | FaultStatement
  | ExpectStatement;

/** A description of a system. */
export interface SystemModel {
  readonly version: typeof MODEL_VERSION;
  readonly statements: readonly Statement[];
}

/** Where statements may stand. */
export const ALLOWED: Readonly<Record<'file' | 'computer' | 'box' | 'deploy', ReadonlySet<Statement['kind']>>> = {
  file: new Set(['use', 'program', 'const', 'computer', 'box', 'place', 'pu', 'device', 'link', 'for', 'deploy']),
  computer: new Set(['place', 'pu', 'device', 'link', 'for']),
  box: new Set(['place', 'pu', 'device', 'link', 'for', 'export']),
  deploy: new Set(['pu', 'device', 'link', 'for', 'all', 'mock', 'drive', 'play', 'fault', 'expect']),
};
/** What a block is called in messages. */
export const PLACE_NAMES = Object.freeze({ file: 'outside of blocks', computer: 'in a computer', box: 'in a box', deploy: 'in a deployment' } as const);
