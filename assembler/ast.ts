/**
 * The syntax tree: small, flat, with offsets instead of lines. The grammar makes it, the later stages read it.
 *
 * A function's body is one flat list in which blocks are opened and closed by entries of their own: no stage recurses
 * over statements, so nesting has no limit. Expressions are trees; the grammar limits their depth.
 */
import type { Constant } from './literals.js';
import type { ValueType } from '../isa-spec/index.js';

/** A place: offsets in the file's text, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A word with its place. */
export interface Name extends Span {
  readonly kind: 'name';
  readonly name: string;
}

/** A constant expression, or one that names registers, labels, functions. */
export type Expression =
  | Name
  | (Span & { readonly kind: 'constant'; readonly value: Constant })
  | (Span & { readonly kind: 'member'; readonly of: Path; readonly name: Name })
  | (Span & { readonly kind: 'index'; readonly of: Path; readonly index: Expression })
  | (Span & { readonly kind: 'apply'; readonly name: Name; readonly of: Path })
  | (Span & { readonly kind: 'unary'; readonly operator: '+' | '-' | '~'; readonly value: Expression })
  | (Span & { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression });

/** The operators between two values. */
export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '<<' | '>>' | '&' | '^' | '|';

/** A name, a member of a path, or an element of one: `a`, `text.upper`, `from[3].number`. */
export type Path = Name | Extract<Expression, { kind: 'member' | 'index' }>;

/** What an instruction works on: a value, or memory at an address. */
export type Operand = Expression | (Span & { readonly kind: 'memory'; readonly address: Expression });

/** What `if`, `while`, `break if` and `continue if` test. */
export interface Condition extends Span {
  readonly negated: boolean;
  /** The comparison, or the register when there are no operands. */
  readonly word: Name;
  /** Two, or none. */
  readonly operands: readonly Operand[];
}

/** One entry of a function's body. */
export type Statement =
  | (Span & { readonly kind: 'instruction'; readonly word: string; readonly operands: readonly Operand[] })
  | (Span & { readonly kind: 'call'; readonly callee: Path; readonly values: readonly Operand[]; readonly results: readonly Name[] })
  | (Span & { readonly kind: 'label'; readonly name: string })
  | (Span & { readonly kind: 'local'; readonly names: readonly TypedName[] })
  | (Span & { readonly kind: 'if' | 'else_if'; readonly condition: Condition })
  | (Span & { readonly kind: 'else' })
  | (Span & { readonly kind: 'loop'; readonly condition: Condition | undefined })
  /** Closes a block; with a condition, a loop that goes on while it holds. */
  | (Span & { readonly kind: 'end'; readonly condition: Condition | undefined })
  /** Opens a block whose own line is wrong. */
  | (Span & { readonly kind: 'broken' })
  | (Span & { readonly kind: 'break' | 'continue'; readonly loop: Name | undefined; readonly condition: Condition | undefined });

/** The types that data may be made of. */
export type DataType = 'i8' | 'i16' | 'i32' | 'i64' | 'f32' | 'f64';

/** A parameter or local with its type; `undefined` where the type was wrong, which has been reported. */
export interface TypedName extends Span {
  readonly name: string;
  readonly type: ValueType | undefined;
}

/** How a declaration is seen: names for hosts, or kept although nothing refers to it. */
export interface Modifiers {
  /** The names under which hosts see it; undefined when they do not. */
  readonly exports: readonly Name[] | undefined;
  readonly keep: boolean;
}

/** `use "text"`, `use "./lib/x.pbs" as y` */
export interface UseItem extends Span {
  readonly kind: 'use';
  readonly target: string;
  readonly targetSpan: Span;
  readonly alias: Name | undefined;
}
/** `memory 1 MiB .. 64 MiB` */
export interface MemoryItem extends Span {
  readonly kind: 'memory';
  readonly least: Expression;
  readonly most: Expression | undefined;
}
/** `const LIMIT = 1 << 20` */
export interface ConstItem extends Span {
  readonly kind: 'const';
  readonly name: Name;
  readonly value: Expression | undefined;
}
/** `port from[1..16]: pu server { depth 4 }` */
export interface PortItem extends Span {
  readonly kind: 'port';
  readonly name: Name;
  /** The name that hosts see, if it is another. */
  readonly visible: Name | undefined;
  readonly first: Expression | undefined;
  readonly last: Expression | undefined;
  readonly protocol: Name | undefined;
  readonly side: Name | undefined;
  readonly at: Expression | undefined;
  readonly options: readonly { readonly name: Name; readonly value: Expression }[];
}
/** `data table at 8192: i32 = 1, 2, 3`, `data buffer align 64: [4096]` */
export interface DataItem extends Span, Modifiers {
  readonly kind: 'data';
  readonly name: Name;
  readonly at: Expression | undefined;
  readonly align: Expression | undefined;
  readonly type: DataType | undefined;
  /** Count of zeroed elements. */
  readonly count: Expression | undefined;
  readonly values: readonly (Expression | TextValue)[];
  /** Whether its line was wrong, which has been reported. */
  readonly broken: boolean;
}
/** The bytes of a string. */
export interface TextValue extends Span {
  readonly kind: 'text';
  readonly bytes: Uint8Array;
}
/** `type binary(i32, i32) -> i32` */
export interface TypeItem extends Span, Modifiers {
  readonly kind: 'type';
  readonly name: Name;
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
  readonly broken: boolean;
}
/** `table add2, text.upper` */
export interface TableItem extends Span, Modifiers {
  readonly kind: 'table';
  readonly entries: readonly Path[];
}
/** A function. */
export interface FunctionItem extends Span, Modifiers {
  readonly kind: 'func';
  readonly name: Name;
  readonly parameters: readonly TypedName[];
  readonly results: readonly ValueType[];
  readonly body: readonly Statement[];
  /** Whether its first line was wrong, so that calls of it cannot be judged; reported. */
  readonly broken: boolean;
  /** Whether a line of its body was wrong; reported. */
  readonly incomplete: boolean;
  /** Names in wrong `local` lines: they are not unknown. */
  readonly lost: readonly string[];
}

/** A declaration at the top level. */
export type Item = UseItem | MemoryItem | ConstItem | PortItem | DataItem | TypeItem | TableItem | FunctionItem;
