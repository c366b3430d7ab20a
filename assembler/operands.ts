/**
 * Operands: what the values of a statement are, and the registers, constants and addresses that they become.
 *
 * The lowest layer of resolving a function. It also emits, because a constant that an instruction cannot hold is set into
 * a hidden register just before it, and because every instruction may have to be preceded by a check.
 */
import { REGISTERS_MAX, shortest, type Group, type OperandValue, type Row, type ValueType } from '../isa-spec/index.js';
import type { Expression, Operand, Span } from './ast.js';
import type { Code } from './code.js';
import { shortened, wrapped, type Constants, type Scope } from './constants.js';
import type { DiagnosticCode } from './diagnostics.js';
import type { Constant } from './literals.js';
import { CHECK, CONSTANTS, JUMP } from './mnemonics.js';
import type { FunctionDeclaration, TypeDeclaration } from './modules.js';
import type { Facts, Register } from './reach.js';

/** What the program gathers from its functions. */
export interface Gathered {
  /** The index of the signature that a `type` line names. */
  typeIndex(declaration: TypeDeclaration): number;
  readonly groups: Set<Group>;
}

/** An operand after its names have been looked up. One shape for all kinds, which is faster to work with. */
export interface Value {
  readonly kind: 'register' | 'constant' | 'memory';
  readonly place: Span;
  /** The register, or the base of an address, if it has one. */
  readonly register: Register | undefined;
  /** The constant, or the offset of an address. */
  readonly constant: Constant;
}

/** Thrown by `fail` after it has reported: the statement is given up. */
export const GIVEN_UP = Symbol('given up');

const NO_OPERANDS: readonly OperandValue[] = [];

/** Reads operands of one function and emits into its code. */
export class Operands {
  protected readonly scope: Scope;
  /** The names around the function, which its registers do not hide where a register cannot stand. */
  protected readonly outside: Scope;
  /** The type of each register, the hidden ones last. */
  protected readonly types: ValueType[];
  /** Whether the instruction before never goes on to here. */
  protected dead = false;
  /** Whether a check must stand here, and the offset in the source of what asks for it. */
  #checkHere = true;
  #checkOffset: number;
  /** Hidden registers by type, and how many the instruction at hand uses. */
  readonly #hidden: Record<ValueType, number[]> = { i32: [], i64: [], f64: [] };
  readonly #hiddenUsed: Record<ValueType, number> = { i32: 0, i64: 0, f64: 0 };
  #tooMany = false;

  constructor(
    protected readonly declaration: FunctionDeclaration,
    protected readonly facts: Facts,
    protected readonly constants: Constants,
    protected readonly gathered: Gathered,
    protected readonly code: Code,
  ) {
    this.scope = { module: declaration.module, unknown: new Set(), registers: facts.registers };
    this.outside = { module: declaration.module, unknown: this.scope.unknown, registers: undefined };
    this.types = facts.types.slice();
    this.#checkOffset = declaration.item.name.start;
    code.reset();
  }

  // ---- faults

  protected report(code: DiagnosticCode, { start, end }: Span, message: string, ...notes: readonly string[]): void {
    this.constants.report.error(code, this.scope.module.source, start, end, message, ...notes);
  }
  protected fail(code: DiagnosticCode, place: Span, message: string, ...notes: readonly string[]): never {
    this.report(code, place, message, ...notes);
    throw GIVEN_UP;
  }
  /** Works on all parts of a statement, so that each tells what is wrong with it; gives the statement up if one did. */
  protected each<Part, Made>(parts: readonly Part[], work: (part: Part, index: number) => Made): Made[] {
    let whole = true;
    const made: Made[] = [];
    parts.forEach((part, index) => {
      try {
        made.push(work(part, index));
      } catch (fault) {
        if (fault !== GIVEN_UP) throw fault;
        whole = false;
      }
    });
    if (!whole) throw GIVEN_UP;
    return made;
  }
  /** Does all of these likewise. */
  protected all<Parts extends readonly (() => unknown)[]>(...parts: Parts): { [Index in keyof Parts]: ReturnType<Parts[Index]> } {
    return this.each(parts, (part) => part()) as { [Index in keyof Parts]: ReturnType<Parts[Index]> };
  }
  protected textAt({ start, end }: Span): string {
    return this.scope.module.source.text.slice(start, end);
  }
  /** Reports, once, if the function has more registers than a frame may have. */
  protected limitRegisters(): void {
    if (this.types.length <= REGISTERS_MAX || this.#tooMany) return;
    this.#tooMany = true;
    const { name } = this.declaration.item;
    const hidden = this.types.length - this.facts.types.length;
    const message = `\`${name.name}\` needs ${this.types.length} registers, ${hidden} of them for constants`;
    this.report('too_many_registers', name, message, `a function has at most ${REGISTERS_MAX}; split it, or keep arrays in memory`);
  }

  // ---- emitting

  /** Notes that an instruction of this row comes now, and puts the check before it that must stand here. */
  protected settle(row: Row): void {
    if (this.#checkHere) {
      this.#checkHere = false;
      if (row !== CHECK) {
        const { offset } = this.code;
        this.code.offset = this.#checkOffset;
        this.code.emit(CHECK, NO_OPERANDS);
        this.code.offset = offset;
        this.gathered.groups.add(CHECK.group);
      }
    }
    this.gathered.groups.add(row.group);
    const effect = row.does[row.does.length - 1]?.kind;
    this.dead = effect === 'jump' || effect === 'jump_table' || effect === 'return' || effect === 'trap';
  }
  protected emit(row: Row, operands: readonly OperandValue[]): void {
    this.settle(row);
    this.code.emit(row, operands);
  }
  protected jump(label: number): void {
    this.settle(JUMP);
    this.code.branch(JUMP, undefined, [0], label);
  }
  /** Puts a label here; `reached` tells whether something goes to it. */
  protected bind(label: number, reached: boolean): void {
    this.code.bind(label);
    if (reached) this.dead = false;
  }
  /** A branch leads back to here: a check must stand here. */
  protected wantCheck(): void {
    if (!this.#checkHere) this.#checkOffset = this.code.offset;
    this.#checkHere = true;
  }

  // ---- values

  /** The register that an operand names, if it names one. */
  protected register(operand: Operand): Register | undefined {
    if (operand.kind !== 'name') return undefined;
    const register = this.facts.registers.get(operand.name);
    if (register === undefined) return undefined;
    if (register.type === undefined) throw GIVEN_UP;
    if (register.start > operand.start) {
      const remedy = 'registers are declared before they are used; put the line further up';
      this.fail('used_before_local', operand, `\`${operand.name}\` is used before its \`local\` line`, remedy);
    }
    return register;
  }

  /** What an operand is. */
  protected value(operand: Operand): Value {
    if (operand.kind === 'memory') return this.#address(operand.address, operand);
    const register = this.register(operand);
    if (register !== undefined) return { kind: 'register', place: operand, register, constant: 0 };
    return { kind: 'constant', place: operand, register: undefined, constant: this.#evaluate(operand) };
  }

  #evaluate(expression: Expression): Constant {
    const value = this.constants.evaluate(this.scope, expression);
    if (value === undefined) throw GIVEN_UP;
    return value;
  }

  /** An address: one register at most, and constants added to it and taken from it. */
  #address(address: Expression, place: Span): Value {
    let base: Register | undefined;
    let offset = 0n;
    const add = (part: Expression, negative: boolean): void => {
      if (part.kind === 'binary' && (part.operator === '+' || part.operator === '-')) {
        const { operator } = part;
        this.each([part.left, part.right], (side, index) => add(side, index === 1 && operator === '-' ? !negative : negative));
        return;
      }
      const register = this.register(part);
      if (register === undefined) {
        const value = this.#evaluate(part);
        if (typeof value === 'number') return this.fail('bad_address', part, `${value} is a float; addresses are integers`);
        offset += negative ? -value : value;
        return;
      }
      if (negative) this.fail('bad_address', part, 'a register cannot be taken from an address', 'compute the address first: sub');
      if (base !== undefined) this.fail('bad_address', part, 'an address has one register at most', 'add the two first: add');
      this.sameType(register, 'i32', part, 'an address');
      base = register;
    };
    add(address, false);
    const bad = (remedy: string): never => this.fail('bad_address', place, `an offset of ${shortened(offset)}`, remedy);
    if (offset < 0n) bad('a base and its offset are unsigned and do not wrap: compute the address first by sub');
    if (offset > 0xffffffffn) bad('addresses have 32 bits');
    return { kind: 'memory', place, register: base, constant: Number(offset) };
  }

  /** A constant as the operand of a type: of i64 a bigint, else a number. */
  protected constantAs(value: Constant, type: ValueType, place: Span): number | bigint {
    if (type === 'f64') return Number(value);
    if (typeof value === 'number') {
      const remedy = 'floats belong to f64; integers have no point and no exponent';
      return this.fail('constant_type', place, `${value} is a float where ${type} is needed`, remedy);
    }
    const fitting = wrapped(value, type === 'i32' ? 32 : 64);
    if (fitting !== undefined) return type === 'i32' ? Number(fitting) : fitting;
    const range = type === 'i32' ? 'i32 holds -2147483648 to 4294967295, signed or unsigned' : 'i64 holds 64 bits, signed or unsigned';
    return this.fail('out_of_range', place, `${shortened(value)} does not fit ${type}`, range);
  }

  /** A register's number in the frame. */
  protected numberOf({ index }: Register): number {
    if (index < REGISTERS_MAX) return index;
    this.limitRegisters();
    throw GIVEN_UP;
  }
  /** Fails unless a register has a type. */
  protected sameType({ type }: Register, wanted: ValueType, place: Span, what: string, ...notes: readonly string[]): void {
    if (type !== wanted) this.fail('type_mismatch', place, `\`${this.textAt(place)}\` is ${type} where ${what} is ${wanted}`, ...notes);
  }

  // ---- constants in registers

  /** A hidden register of a type, for the instruction at hand. */
  protected hiddenRegister(type: ValueType): number {
    const position = this.#hiddenUsed[type]++;
    const known = this.#hidden[type][position];
    if (known !== undefined) return known;
    const index = this.types.length;
    this.types.push(type);
    this.#hidden[type].push(index);
    if (index < REGISTERS_MAX) return index;
    this.limitRegisters();
    throw GIVEN_UP;
  }
  /** The instruction at hand is done: its hidden registers are free. */
  protected releaseHidden(): void {
    this.#hiddenUsed.i32 = 0;
    this.#hiddenUsed.i64 = 0;
    this.#hiddenUsed.f64 = 0;
  }

  /** A register that holds a constant for the instruction at hand. */
  protected held(value: number | bigint, type: ValueType): number {
    const register = this.hiddenRegister(type);
    const { row, operands } = shortest({ row: CONSTANTS[type], operands: [register, value] });
    this.emit(row, operands);
    return register;
  }

  /** The register of a value of a type: its own, or a hidden one that is set to the constant. */
  protected inRegister(value: Value, type: ValueType, what: string): number {
    if (value.kind === 'memory') this.fail('operand_kind', value.place, `memory cannot be ${what}`, 'load it into a register first');
    if (value.register === undefined) return this.held(this.constantAs(value.constant, type, value.place), type);
    this.sameType(value.register, type, value.place, what);
    return this.numberOf(value.register);
  }
}
