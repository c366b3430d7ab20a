/**
 * Selection: from a word and its operands to a row of the book. The types of the operands tell the mnemonic of a family,
 * the constants among them the form, and what fits its short form becomes that: exactly what the verifier demands.
 */
import { fits, type OperandValue, type Row, type ValueType } from '../isa-spec/index.js';
import type { Span } from './ast.js';
import { conversions, type Form, type Instructions, type Mnemonic, type Slot } from './mnemonics.js';
import { Operands, type Value } from './operands.js';

/** Numbers of what operands are, for remembering which mnemonic suits them. */
const SHAPES: Readonly<Record<ValueType, number>> = { i32: 1, i64: 2, f64: 3 };
const INTEGER_SHAPE = 4;
const FLOAT_SHAPE = 5;
const MEMORY_SHAPE = 6;

/** What the operands that are no values are. */
export interface Rest {
  /** The label of a branch, or -1. */
  readonly label: number;
  /** Where the label is asked to be far, if it is. */
  readonly far: Span | undefined;
  /** The labels of a jump table. */
  readonly labels: readonly number[] | undefined;
  /** The code of a trap kind. */
  readonly trap: number;
}

/** Picks instructions and emits them. */
export class Selection extends Operands {
  /** Picks the mnemonic by the operands' types and its form by the constants, and emits it. */
  protected select(instructions: Instructions, values: readonly Value[], place: Span, { label, far, labels, trap }: Rest): void {
    const mnemonic = this.#mnemonic(instructions, values, place);
    const { slots } = mnemonic;
    const held: (number | bigint)[] = new Array(values.length);
    for (let index = 0; index < values.length; index++) {
      const { kind, register, constant, place: at } = values[index] as Value;
      // A form that takes this constant holds it; one that does not gets it in a register, further down.
      held[index] = register !== undefined || kind === 'memory' ? 0 : this.constantAs(constant, typeOf(slots[index] as Slot), at);
    }
    const form = bestForm(mnemonic, values, held);
    if (form === undefined) {
      const at = values.find(({ kind }, index) => kind === 'register' && slots[index]?.kind === 'value')?.place ?? place;
      return this.fail('operand_kind', at, `\`${mnemonic.name}\` takes a constant here`);
    }
    for (let index = 0; index < values.length; index++) {
      const { kind, register } = values[index] as Value;
      if (register !== undefined) held[index] = this.numberOf(register);
      else if (kind === 'constant' && form.demands[index] === 'register') held[index] = this.held(held[index] as number, typeOf(slots[index] as Slot));
    }
    const { row, feeds } = form;
    const operands: OperandValue[] = new Array(feeds.length);
    for (let index = 0; index < feeds.length; index++) {
      const feed = feeds[index] as number;
      const value = held[feed] as number | bigint;
      switch (row.operands[index]?.kind) {
        case 'read':
        case 'write':
          operands[index] = value;
          break;
        case 'offset8':
        case 'offset32':
          operands[index] = (values[feed] as Value).constant;
          break;
        case 'trap':
          operands[index] = trap;
          break;
        case 'targets':
          operands[index] = labels ?? [];
          break;
        case 'branch8':
        case 'branch24':
        case 'branch32':
          operands[index] = 0;
          break;
        default:
          operands[index] = immediate(form, index, value);
      }
    }
    const short = form.short !== undefined && fitsShort(form.short, operands) ? form.short : undefined;
    if (instructions.targetAt >= 0) {
      this.settle(row);
      this.code.branch(row, short, operands, labels ?? label, far);
      return;
    }
    // Only the long form of a 64-bit constant is a bigint.
    if (short !== undefined && typeof operands[1] === 'bigint') operands[1] = Number(operands[1]);
    this.emit(short ?? row, operands);
  }

  /** The mnemonic of a family whose types are those of the operands. */
  #mnemonic(instructions: Instructions, values: readonly Value[], place: Span): Mnemonic {
    let shape = 1;
    for (let index = 0; index < values.length; index++) {
      const { kind, register, constant } = values[index] as Value;
      let part = MEMORY_SHAPE;
      if (kind === 'register') part = SHAPES[register?.type as ValueType];
      else if (kind === 'constant') part = typeof constant === 'bigint' ? INTEGER_SHAPE : FLOAT_SHAPE;
      shape = shape * 8 + part;
    }
    const known = instructions.known.get(shape);
    if (known !== undefined) return known;
    const found = instructions.mnemonics.find(({ slots }) => values.every((value, index) => suits(value, slots[index] as Slot)));
    if (found === undefined) return this.#noMnemonic(instructions, values, place);
    instructions.known.set(shape, found);
    return found;
  }

  /** Tells what is wrong with operands that no mnemonic of a family has: the first wrong one for the mnemonic that comes nearest. */
  #noMnemonic({ word, mnemonics }: Instructions, values: readonly Value[], place: Span): never {
    const wrongAt = mnemonics.map(({ slots }) => values.findIndex((value, index) => !suits(value, slots[index] as Slot)));
    const at = Math.max(...wrongAt);
    const nearest = mnemonics[wrongAt.indexOf(at)] as Mnemonic;
    const value = values[at] as Value;
    const type = typeOf(nearest.slots[at] as Slot);
    if (value.kind === 'constant') this.constantAs(value.constant, type, value.place);
    const before = values.slice(0, at).find(({ kind }) => kind === 'register');
    const notes: string[] = [];
    if (mnemonics.length > 1) {
      if (before !== undefined) notes.push(`\`${this.textAt(before.place)}\` is ${before.register?.type}, which makes it ${nearest.name}`);
      notes.push(`\`${word}\` stands for ${mnemonics.map(({ name }) => name).join(', ')}`);
    }
    const found = value.kind === 'register' ? value.register?.type : value.kind;
    if (value.register?.type !== undefined && value.kind === 'register') {
      const written = nearest.slots[at]?.kind === 'write';
      notes.push(...conversionNote(written ? type : value.register.type, written ? value.register.type : type));
    }
    const message = `\`${this.textAt(value.place)}\` is ${found} where ${nearest.name} takes ${type}`;
    return this.fail('type_mismatch', value.kind === 'memory' ? place : value.place, message, ...notes);
  }
}

/** How a value of one type becomes one of another. */
function conversionNote(from: ValueType, to: ValueType): string[] {
  const words = conversions(from, to);
  return words.length === 0 ? [] : [`${to} is made of ${from} by ${words.join(', ')}`];
}

const typeOf = (slot: Slot): ValueType => (slot.kind === 'write' || slot.kind === 'value' ? slot.type : 'i32');

/** Whether a value may stand in a slot. An integer suits any type, a float only f64. */
function suits({ kind, register, constant }: Value, slot: Slot): boolean {
  if (slot.kind !== 'write' && slot.kind !== 'value') return true;
  if (kind === 'register') return register?.type === slot.type;
  return kind === 'constant' && (typeof constant === 'bigint' || slot.type === 'f64');
}

/** A constant as the operand at a position of a form's row holds it. */
function immediate({ row, negates }: Form, position: number, value: number | bigint): number | bigint {
  const { kind, type } = row.operands[position] as Row['operands'][number];
  const signed = negates ? -value : value;
  if (kind === 'imm64') return BigInt.asIntN(64, signed as bigint);
  if (type === 'f64') return signed;
  // The least value is its own negative.
  return typeof signed === 'bigint' ? Number(BigInt.asIntN(64, signed)) : signed | 0;
}

/** The form that needs the fewest constants in registers, the first of those; undefined if none can hold the operands. */
function bestForm({ forms }: Mnemonic, values: readonly Value[], held: readonly (number | bigint)[]): Form | undefined {
  let best: Form | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  for (let at = 0; at < forms.length && bestCost > 0; at++) {
    const form = forms[at] as Form;
    const cost = costOf(form, values, held);
    if (cost < bestCost) {
      best = form;
      bestCost = cost;
    }
  }
  return best;
}

/** How many constants a form needs in registers; infinite if it cannot hold the operands. */
function costOf(form: Form, values: readonly Value[], held: readonly (number | bigint)[]): number {
  let cost = 0;
  for (let index = 0; index < values.length; index++) {
    const { kind, register } = values[index] as Value;
    const demand = form.demands[index];
    if (kind === 'memory') {
      if ((register === undefined) !== (demand === 'absolute')) return Number.POSITIVE_INFINITY;
    } else if (register !== undefined) {
      if (demand === 'constant') return Number.POSITIVE_INFINITY;
    } else if (demand === 'register') {
      cost++;
    } else {
      const position = form.takers[index] as number;
      const taken = immediate(form, position, held[index] as number | bigint);
      if (!fits((form.row.operands[position] as Row['operands'][number]).kind, taken)) return Number.POSITIVE_INFINITY;
    }
  }
  return cost;
}

/** Whether all operands but the distance of a branch fit a short form. */
function fitsShort(short: Row, operands: readonly OperandValue[]): boolean {
  for (let index = 0; index < operands.length; index++) {
    const { kind } = short.operands[index] as Row['operands'][number];
    if (kind !== 'branch8' && !fits(kind, operands[index] as OperandValue)) return false;
  }
  return true;
}
