/**
 * What instructions look like in source text, all of it derived from the book: words, operands as written, and for each
 * mnemonic the rows that it may become. Where the language itself needs an instruction (a move, a constant, a check, a jump,
 * a return, a call), it is found here by what it does.
 */
import { ALIASES, BOOK, NEGATED, OPPOSITES, rowNamed, shortFormOf, type Effect, type Operand, type Row, type ValueType } from '../isa-spec/index.js';

/** One operand as it is written. */
export type Slot =
  /** A register that is written. */
  | { readonly kind: 'write'; readonly type: ValueType }
  /** A register that is read, or a constant. */
  | { readonly kind: 'value'; readonly type: ValueType }
  /** `[register + constant]` or `[constant]`. */
  | { readonly kind: 'memory' }
  /** A label; as the last operand, any number of them. */
  | { readonly kind: 'target' | 'targets' }
  /** The name of a trap kind. */
  | { readonly kind: 'trap' }
  /** Any number of values. */
  | { readonly kind: 'values' };

/** What a form asks of an operand as written. */
export type Demand = 'register' | 'constant' | 'based' | 'absolute' | 'any';

/** One row that a mnemonic may become. */
export interface Form {
  readonly row: Row;
  /** The row's short form. */
  readonly short: Row | undefined;
  /** For each operand of the row, the position as written that feeds it. An address feeds a base and an offset. */
  readonly feeds: readonly number[];
  /** For each operand as written, what it must be. */
  readonly demands: readonly Demand[];
  /** For each operand as written, the position in the row of what takes its constant. */
  readonly takers: readonly (number | undefined)[];
  /** Whether the constant goes in negated. */
  readonly negates: boolean;
}

/** One mnemonic: operands of fixed types. */
export interface Mnemonic {
  readonly name: string;
  readonly slots: readonly Slot[];
  /** In order of preference. */
  readonly forms: readonly Form[];
}

/** What a word may mean: the mnemonics of a family, or one. */
export interface Instructions {
  readonly word: string;
  readonly mnemonics: readonly Mnemonic[];
  /** Position of the first operand that is a label, or -1. */
  readonly targetAt: number;
  /** Mnemonics by the kinds of their operands, filled as they are met. */
  readonly known: Map<number, Mnemonic>;
}

/** Reads a row's operands as they are written. */
function written(row: Row): { readonly slots: Slot[]; readonly form: Form } | undefined {
  const slots: Slot[] = [];
  const feeds: number[] = [];
  const demands: Demand[] = [];
  const takers: (number | undefined)[] = [];
  const slot = (kind: Slot, demand: Demand, taker?: number): void => {
    feeds.push(slots.length);
    slots.push(kind);
    demands.push(demand);
    takers.push(taker);
  };
  for (const [index, operand] of row.operands.entries()) {
    const type = operand.type as ValueType;
    const next = row.operands[index + 1]?.kind;
    switch (operand.kind) {
      case 'write':
        slot({ kind: 'write', type }, 'register');
        break;
      case 'read':
        if (next === 'offset8' || next === 'offset32') feeds.push(slots.length);
        else slot({ kind: 'value', type }, 'register');
        break;
      case 'imm8':
      case 'imm16':
      case 'imm32':
      case 'imm64':
      case 'float64':
        slot({ kind: 'value', type }, 'constant', index);
        break;
      case 'offset8':
      case 'offset32':
        slot({ kind: 'memory' }, feeds.length > slots.length ? 'based' : 'absolute');
        break;
      case 'branch8':
      case 'branch24':
      case 'branch32':
        slot({ kind: 'target' }, 'any');
        break;
      case 'targets':
        slot({ kind: 'targets' }, 'any');
        break;
      case 'trap':
        slot({ kind: 'trap' }, 'any');
        break;
      case 'values':
        slot({ kind: 'values' }, 'any');
        break;
      case 'function':
      case 'signature':
      case 'results':
        return undefined;
      default:
        operand.kind satisfies never;
    }
  }
  return { slots, form: { row, short: shortFormOf(row), feeds, demands, takers, negates: false } };
}

const exchanged = (form: Form, [left, right]: readonly [number, number]): Form => {
  const place = (index: number): number => (index === left ? right : index === right ? left : index);
  const swap = <T>(items: readonly T[]): T[] => items.map((_, index) => items[place(index)] as T);
  return { ...form, feeds: form.feeds.map(place), demands: swap(form.demands), takers: swap(form.takers) };
};

/** What a row sets its destination to, when that is all that it does. */
function onlySet(row: Row): Operand | undefined {
  const [effect] = row.does;
  if (row.does.length !== 1 || effect?.kind !== 'set' || effect.value.kind !== 'operand') return undefined;
  const { name } = effect.value;
  return row.operands.find((operand) => operand.name === name);
}

const longRows = BOOK.filter((row) => row.shortens === undefined);
const doing = (kind: Effect['kind']): Row => {
  const row = longRows.find(({ does }) => does.at(-1)?.kind === kind);
  if (row === undefined) throw new Error(`the book has an instruction whose last effect is ${kind}`);
  return row;
};

/** The instruction that lets a program be suspended. */
export const CHECK = doing('check');
/** The instruction that goes to a label. */
export const JUMP = doing('jump');
/** The instruction that returns to the caller. */
export const RETURN = doing('return');
/** The instruction that calls a function. */
export const CALL = doing('call');
/** The instruction that calls an entry of the function table. */
export const CALL_TABLE = doing('call_table');

const constants = new Map(
  longRows.filter((row) => onlySet(row)?.kind.startsWith('imm') || onlySet(row)?.kind === 'float64').map((row) => [row.operands[0]?.type, row]),
);
/** The instruction that sets a register of a type to a constant. */
export const CONSTANTS = Object.freeze({
  i32: constants.get('i32') as Row,
  i64: constants.get('i64') as Row,
  f64: constants.get('f64') as Row,
});

function mnemonicsOfBook(): Map<string, Mnemonic> {
  const found = new Map<string, { slots: Slot[]; forms: Form[] }>();
  const of = (name: string, slots: readonly Slot[]): { slots: Slot[]; forms: Form[] } => {
    const known = found.get(name);
    if (known !== undefined) return known;
    const made = { slots: [...slots], forms: [] };
    found.set(name, made);
    return made;
  };
  for (const row of longRows) {
    const read = written(row);
    if (read !== undefined) of(row.mnemonic, read.slots).forms.push(read.form);
  }
  // A move of a constant is a constant instruction.
  for (const row of longRows) {
    const source = onlySet(row);
    if (source?.kind !== 'read') continue;
    const form = written(CONSTANTS[source.type as ValueType])?.form;
    if (form !== undefined) found.get(row.mnemonic)?.forms.push(form);
  }
  // Both spellings of an ordering may become either's rows.
  const own = new Map([...found].map(([name, { forms }]) => [name, [...forms]]));
  for (const [name, { mnemonic, exchange }] of ALIASES) {
    const meant = found.get(mnemonic) as { slots: Slot[]; forms: Form[] };
    const slots = [...meant.slots];
    [slots[exchange[0]], slots[exchange[1]]] = [slots[exchange[1]] as Slot, slots[exchange[0]] as Slot];
    const alias = of(name, slots);
    alias.forms.push(...(own.get(mnemonic) ?? []).map((form) => exchanged(form, exchange)));
    meant.forms.push(...(own.get(name) ?? []).map((form) => exchanged(form, exchange)));
  }
  for (const [name, mnemonic] of NEGATED) {
    const forms = (own.get(mnemonic) ?? []).filter(({ takers }) => takers.some((taker) => taker !== undefined));
    found.get(name)?.forms.push(...forms.map((form) => ({ ...form, negates: true })));
  }
  return new Map([...found].map(([name, { slots, forms }]) => [name, { name, slots, forms }]));
}

/** Every mnemonic, aliases included. */
export const MNEMONICS: ReadonlyMap<string, Mnemonic> = mnemonicsOfBook();

const TYPE_SUFFIXES = /(?:_(?:i32|i64|f64))+$/;

function wordsOfBook(): Map<string, Instructions> {
  const families = new Map<string, Mnemonic[]>();
  for (const mnemonic of MNEMONICS.values()) {
    const family = mnemonic.name.replace(TYPE_SUFFIXES, '');
    const members = families.get(family);
    if (members === undefined) families.set(family, [mnemonic]);
    else members.push(mnemonic);
  }
  const words = new Map<string, Instructions>();
  const add = (word: string, mnemonics: Mnemonic[]): void => {
    const targetAt = mnemonics[0]?.slots.findIndex(({ kind }) => kind === 'target' || kind === 'targets') ?? -1;
    words.set(word, { word, mnemonics, targetAt, known: new Map() });
  };
  for (const mnemonic of MNEMONICS.values()) add(mnemonic.name, [mnemonic]);
  for (const [family, mnemonics] of families) add(family, mnemonics);
  return words;
}

/** Every word that an instruction may begin with: families and exact mnemonics. */
export const WORDS: ReadonlyMap<string, Instructions> = wordsOfBook();

/** The words that make a value of one type of a value of another. */
export function conversions(from: ValueType, to: ValueType): string[] {
  const between = longRows.filter(({ operands }) => {
    const [made, of] = operands;
    return operands.length === 2 && made?.kind === 'write' && made.type === to && of?.kind === 'read' && of.type === from;
  });
  return [...new Set(between.map(({ mnemonic }) => mnemonic.replace(TYPE_SUFFIXES, '')))];
}

/** Words whose operands may go on in the next line after a comma. */
export const TAKES_LIST: ReadonlySet<string> = new Set(
  [...WORDS.values()].filter(({ mnemonics }) => mnemonics[0]?.slots.at(-1)?.kind === 'targets').map(({ word }) => word),
);

/** What the book puts before a condition's name to make the branch. */
const BRANCH = 'br_';
/** The condition that a register without a comparison stands for, against zero. */
export const NOT_ZERO = 'neq';

/** The branch that is taken when a condition holds. */
export function branchOn(condition: string): Instructions {
  const found = WORDS.get(BRANCH + condition);
  if (found === undefined) throw new Error(`the book has a branch for every condition, and none for ${condition}`);
  return found;
}

/** Every comparison that a condition may be. */
export const CONDITIONS: ReadonlySet<string> = new Set([...Object.keys(OPPOSITES.integer), ...Object.keys(OPPOSITES.float)]);

/** The row whose name is written where the assembler picks the form itself; undefined if there is none. */
export function mnemonicOfRow(name: string): string | undefined {
  return BOOK.some((row) => row.name === name) ? rowNamed(name).mnemonic : undefined;
}
