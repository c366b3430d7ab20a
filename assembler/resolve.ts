/**
 * Resolving a function: statements become instructions of the book, chosen by the types of their operands.
 *
 * Every constant that no form of an instruction takes goes into a hidden register, set just before. Blocks become labels
 * and branches; checks are put at the entry and where branches lead back to. Each wrong statement is reported and left out.
 */
import {
  fits,
  JUMP_CASES_MAX,
  OPPOSITES,
  REGISTERS_MAX,
  shortest,
  TRAPS,
  type Group,
  type OperandValue,
  type Row,
  type TrapKind,
  type ValueType,
} from '../isa-spec/index.js';
import type { Condition, Expression, Operand, Span, Statement } from './ast.js';
import type { Code } from './code.js';
import { kindName, shortened, textOf, wrapped, type Constants, type Scope } from './constants.js';
import type { DiagnosticCode } from './diagnostics.js';
import type { Constant } from './literals.js';
import {
  branchOn,
  CALL,
  CALL_TABLE,
  CHECK,
  CONDITIONS,
  CONSTANTS,
  JUMP,
  mnemonicOfRow,
  NOT_ZERO,
  RETURN,
  WORDS,
  type Form,
  type Instructions,
  type Mnemonic,
  type Slot,
} from './mnemonics.js';
import type { FunctionDeclaration, TypeDeclaration } from './modules.js';
import type { Facts, Register } from './reach.js';
import { RESERVED } from './tokens.js';

/** What the program gathers from its functions. */
export interface Gathered {
  /** The index of a signature, which is added if it is new. */
  signature(parameters: readonly ValueType[], results: readonly ValueType[]): number;
  /** The index that a kept `type` line has. */
  typeIndex(declaration: TypeDeclaration): number;
  readonly groups: Set<Group>;
}

/** An operand of an instruction after its names have been looked up. */
type Value =
  | { readonly kind: 'register'; readonly register: Register; readonly place: Span }
  | { readonly kind: 'constant'; readonly value: Constant; readonly place: Span }
  | { readonly kind: 'memory'; readonly base: Register | undefined; readonly offset: number; readonly place: Span };

/** Numbers of what operands are, for remembering which mnemonic suits them. */
const SHAPE: Readonly<Record<ValueType, number>> = { i32: 1, i64: 2, f64: 3 };
const INTEGER_SHAPE = 4;
const FLOAT_SHAPE = 5;
const OTHER_SHAPE = 6;

type Block =
  | { readonly kind: 'if'; next: number; end: number; endUsed: boolean }
  | {
      readonly kind: 'loop';
      readonly top: number;
      readonly again: number;
      readonly end: number;
      againUsed: boolean;
      endUsed: boolean;
      readonly names: readonly string[];
      readonly condition: Condition | undefined;
      readonly endless: boolean;
    }
  | { readonly kind: 'broken' };

/** Thrown by `#fail` after it has reported: the statement is given up. */
const GIVEN_UP = Symbol('given up');

/** Resolves one function into `code`. */
export class Resolver {
  readonly #scope: Scope;
  readonly #types: ValueType[];
  /** Hidden registers by type, and how many the instruction at hand uses. */
  readonly #hidden: Record<ValueType, number[]> = { i32: [], i64: [], f64: [] };
  readonly #hiddenUsed: Record<ValueType, number> = { i32: 0, i64: 0, f64: 0 };
  readonly #labels = new Map<string, number>();
  readonly #blocks: Block[] = [];
  /** Whether a check must stand here. */
  #checkHere = true;
  /** Offset in the source of what asks for it. */
  #checkOffset: number;
  /** Whether the instruction before never goes on to here. */
  #dead = false;
  #tooMany = false;

  constructor(
    readonly declaration: FunctionDeclaration,
    readonly facts: Facts,
    readonly constants: Constants,
    readonly gathered: Gathered,
    readonly code: Code,
  ) {
    this.#scope = { module: declaration.module, unknown: new Set(), registers: facts.registers };
    this.#types = [...facts.types];
    this.#checkOffset = declaration.item.name.start;
    code.reset();
  }

  /** The labels of the function in its code. */
  get labels(): ReadonlyMap<string, number> {
    return this.#labels;
  }

  /**
   * Makes the function's code.
   * @returns the type of each register, the hidden ones last
   */
  resolve(): readonly ValueType[] {
    const { item } = this.declaration;
    const { facts, code } = this;
    for (const name of facts.labels.keys()) this.#labels.set(name, code.label());
    this.declaration.body.forEach((statement, at) => {
      if (this.constants.report.full || code.tooLong) return;
      code.offset = statement.start;
      try {
        this.#statement(statement, at);
      } catch (fault) {
        if (fault !== GIVEN_UP) throw fault;
      }
    });
    this.#end();
    if (this.#types.length > REGISTERS_MAX && !this.#tooMany) this.#tooManyRegisters();
    if (code.tooLong) this.#report('too_large', item.name, `\`${item.name.name}\` has more code than a function may have`, 'split it');
    return this.#types;
  }

  #end(): void {
    const { item } = this.declaration;
    if (item.results.length === 0) {
      if (!this.#dead) this.#emit(RETURN, [[]]);
    } else if (!this.#dead && !item.broken && !item.incomplete) {
      this.#report(
        'missing_return',
        item.name,
        `the end of \`${item.name.name}\` can be reached without a return`,
        `return ${item.results.join(', ')} there, or trap`,
      );
    }
  }

  // ---- faults

  #report(code: DiagnosticCode, { start, end }: Span, message: string, ...notes: readonly string[]): void {
    this.constants.report.error(code, this.#scope.module.source, start, end, message, ...notes);
  }
  #fail(code: DiagnosticCode, place: Span, message: string, ...notes: readonly string[]): never {
    this.#report(code, place, message, ...notes);
    throw GIVEN_UP;
  }
  #tooManyRegisters(): void {
    const { item } = this.declaration;
    this.#tooMany = true;
    const hidden = this.#types.length - this.facts.types.length;
    this.#report(
      'too_many_registers',
      item.name,
      `\`${item.name.name}\` needs ${this.#types.length} registers, ${hidden} of them for constants`,
      `a function has at most ${REGISTERS_MAX}; split it, or keep arrays in memory`,
    );
  }

  // ---- emitting

  /** Puts the check that must stand here. */
  #settle(row: Row): void {
    if (this.#checkHere && row !== CHECK) {
      const { offset } = this.code;
      this.code.offset = this.#checkOffset;
      this.code.emit(CHECK, []);
      this.code.offset = offset;
      this.gathered.groups.add(CHECK.group);
    }
    this.#checkHere = false;
    this.gathered.groups.add(row.group);
    const effect = row.does[row.does.length - 1]?.kind;
    this.#dead = effect === 'jump' || effect === 'jump_table' || effect === 'return' || effect === 'trap';
  }
  #emit(row: Row, operands: readonly OperandValue[]): void {
    this.#settle(row);
    this.code.emit(row, operands);
  }
  #jump(label: number): void {
    this.#settle(JUMP);
    this.code.branch(JUMP, undefined, [0], label);
  }
  /** Puts a label here; `reached` tells whether something goes to it. */
  #bind(label: number, reached: boolean): void {
    this.code.bind(label);
    if (reached) this.#dead = false;
  }
  /** Puts the top of a loop here. */
  #bindTop(label: number): void {
    this.#bind(label, true);
    this.#wantCheck();
  }
  #wantCheck(): void {
    if (!this.#checkHere) this.#checkOffset = this.code.offset;
    this.#checkHere = true;
  }

  // ---- registers and constants

  #register(operand: Operand): Register | undefined {
    if (operand.kind !== 'name') return undefined;
    const register = this.facts.registers.get(operand.name);
    if (register === undefined) return undefined;
    if (register.type === undefined) throw GIVEN_UP;
    if (register.start > operand.start) {
      this.#fail(
        'used_before_local',
        operand,
        `\`${operand.name}\` is used before its \`local\` line`,
        'registers are declared before they are used; put the line further up',
      );
    }
    return register;
  }

  #value(operand: Operand): Value {
    if (operand.kind === 'constant') return { kind: 'constant', value: operand.value, place: operand };
    if (operand.kind === 'memory') return this.#address(operand.address, operand);
    const register = this.#register(operand);
    if (register !== undefined) return { kind: 'register', register, place: operand };
    const value = this.constants.evaluate(this.#scope, operand);
    if (value === undefined) throw GIVEN_UP;
    return { kind: 'constant', value, place: operand };
  }

  /** An address: one register at most, and constants added to it and taken from it. */
  #address(address: Expression, place: Span): Value {
    let base: Register | undefined;
    let offset = 0n;
    const add = (part: Expression, negative: boolean): void => {
      if (part.kind === 'binary' && (part.operator === '+' || part.operator === '-')) {
        add(part.left, negative);
        add(part.right, part.operator === '-' ? !negative : negative);
        return;
      }
      const register = this.#register(part);
      if (register === undefined) {
        const value = this.constants.evaluate(this.#scope, part);
        if (value === undefined) throw GIVEN_UP;
        if (typeof value === 'number') this.#fail('bad_address', part, `${value} is a float; addresses are integers`);
        offset += negative ? -value : value;
        return;
      }
      if (negative) this.#fail('bad_address', part, 'a register cannot be taken from an address', 'compute the address first: sub');
      if (base !== undefined) this.#fail('bad_address', part, 'an address has one register at most', 'add the two first: add');
      if (register.type !== 'i32') this.#fail('type_mismatch', part, `\`${textOfRegister(part)}\` is ${register.type} where an address, i32, is needed`);
      base = register;
    };
    add(address, false);
    if (offset < 0n)
      this.#fail(
        'bad_address',
        place,
        `an offset of ${shortened(offset)}`,
        'a base and its offset are unsigned and do not wrap: compute the address first by sub',
      );
    if (offset > 0xffffffffn) this.#fail('bad_address', place, `an offset of ${shortened(offset)}`, 'addresses have 32 bits');
    return { kind: 'memory', base, offset: Number(offset), place };
  }

  /** A constant as the operand of a type. */
  #constantAs(value: Constant, type: ValueType, place: Span): number | bigint {
    if (type === 'f64') return Number(value);
    if (typeof value === 'number')
      return this.#fail('constant_type', place, `${value} is a float where ${type} is needed`, 'floats belong to f64; integers have no point and no exponent');
    const fitting = wrapped(value, type === 'i32' ? 32 : 64);
    if (fitting === undefined)
      return this.#fail(
        'out_of_range',
        place,
        `${shortened(value)} does not fit ${type}`,
        type === 'i32' ? 'i32 holds -2147483648 to 4294967295, signed or unsigned' : 'i64 holds 64 bits, signed or unsigned',
      );
    return type === 'i32' ? Number(fitting) : fitting;
  }

  /** A hidden register of a type, for the instruction at hand. */
  #hiddenRegister(type: ValueType): number {
    const position = this.#hiddenUsed[type]++;
    const known = this.#hidden[type][position];
    if (known !== undefined) return known;
    const index = this.#types.length;
    this.#types.push(type);
    this.#hidden[type].push(index);
    if (index >= REGISTERS_MAX) {
      if (!this.#tooMany) this.#tooManyRegisters();
      throw GIVEN_UP;
    }
    return index;
  }
  #releaseHidden(): void {
    this.#hiddenUsed.i32 = 0;
    this.#hiddenUsed.i64 = 0;
    this.#hiddenUsed.f64 = 0;
  }

  /** The register that holds a constant for the instruction at hand. */
  #held(value: number | bigint, type: ValueType): number {
    const register = this.#hiddenRegister(type);
    const { row, operands } = shortest({ row: CONSTANTS[type], operands: [register, value] });
    this.#emit(row, operands);
    return register;
  }

  /** The register of a value of a type: its own, or a hidden one that is set to the constant. */
  #inRegister(value: Value, type: ValueType, what: string): number {
    if (value.kind === 'memory') this.#fail('operand_kind', value.place, `memory cannot be ${what}`, 'load it into a register first');
    if (value.kind === 'constant') return this.#held(this.#constantAs(value.value, type, value.place), type);
    this.#sameType(value.register, type, value.place, what);
    return this.#indexOf(value.register);
  }
  #sameType({ type }: Register, wanted: ValueType, place: Span, what: string, ...notes: readonly string[]): void {
    if (type !== wanted) this.#fail('type_mismatch', place, `\`${this.#textAt(place)}\` is ${type} where ${what} is ${wanted}`, ...notes);
  }
  #indexOf({ index }: Register): number {
    if (index < REGISTERS_MAX) return index;
    if (!this.#tooMany) this.#tooManyRegisters();
    throw GIVEN_UP;
  }
  #textAt({ start, end }: Span): string {
    return this.#scope.module.source.text.slice(start, Math.min(end, start + 80));
  }

  // ---- statements

  #statement(statement: Statement, at: number): void {
    this.#releaseHidden();
    switch (statement.kind) {
      case 'instruction':
        return this.#instruction(statement);
      case 'call':
        return this.#call(statement);
      case 'label': {
        const label = this.facts.labels.get(statement.name);
        if (label?.at !== at) return;
        this.#bind(this.#labels.get(statement.name) as number, label.used);
        if (label.backward) this.#wantCheck();
        return;
      }
      case 'local':
        return;
      case 'if': {
        const block: Block = { kind: 'if', next: this.code.label(), end: this.code.label(), endUsed: false };
        this.#blocks.push(block);
        return this.#branchUnless(statement.condition, block.next);
      }
      case 'else_if':
      case 'else': {
        const block = this.#blocks.at(-1);
        if (block?.kind !== 'if') return;
        if (!this.#dead) {
          this.#jump(block.end);
          block.endUsed = true;
        }
        this.#bind(block.next, true);
        block.next = -1;
        if (statement.kind === 'else') return;
        block.next = this.code.label();
        return this.#branchUnless(statement.condition, block.next);
      }
      case 'loop': {
        const names: string[] = [];
        for (let before = at - 1; ; before--) {
          const label = this.declaration.body[before];
          if (label?.kind !== 'label') break;
          names.push(label.name);
        }
        const atEnd = this.facts.endConditions.get(at);
        const block: Block = {
          kind: 'loop',
          top: this.code.label(),
          again: this.code.label(),
          end: this.code.label(),
          againUsed: false,
          endUsed: false,
          names,
          condition: statement.condition,
          endless: statement.condition === undefined && atEnd === undefined,
        };
        this.#blocks.push(block);
        if (statement.condition !== undefined) {
          if (atEnd !== undefined) this.#report('syntax', atEnd, 'a loop with two conditions', 'test either before each turn or after it');
          block.endUsed = true;
          try {
            this.#branchUnless(statement.condition, block.end);
          } finally {
            this.#bindTop(block.top);
          }
        } else {
          this.#bindTop(block.top);
        }
        return;
      }
      case 'end':
        return this.#close(statement.condition);
      case 'broken':
        this.#blocks.push({ kind: 'broken' });
        return;
      case 'break':
      case 'continue':
        return this.#leave(statement);
      default:
        statement satisfies never;
    }
  }

  #close(condition: Condition | undefined): void {
    const block = this.#blocks.pop();
    if (block?.kind === 'if') {
      if (block.next >= 0) this.#bind(block.next, true);
      this.#bind(block.end, block.endUsed);
    } else if (block?.kind === 'loop') {
      const again = condition ?? block.condition;
      this.#bind(block.again, block.againUsed);
      try {
        if (again === undefined) this.#jump(block.top);
        else this.#branchIf(again, block.top);
      } finally {
        this.#bind(block.end, block.endUsed);
      }
    }
  }

  #leave({ kind, loop, condition, ...place }: Extract<Statement, { kind: 'break' | 'continue' }>): void {
    const blocks = this.#blocks.filter((block) => block.kind === 'loop');
    const block = loop === undefined ? blocks.at(-1) : blocks.findLast(({ names }) => names.includes(loop.name));
    if (block === undefined) {
      if (this.#blocks.some(({ kind }) => kind === 'broken')) return;
      if (loop === undefined) this.#fail('not_in_loop', place, `\`${kind}\` outside a loop`);
      const names = blocks.flatMap(({ names }) => names);
      this.#fail(
        'not_in_loop',
        loop,
        `no loop around is called \`${loop.name}\``,
        ...this.constants.report.suggest(loop.name, names),
        'a label right before `loop` names it',
      );
    }
    // Without a condition, the end of a turn is the jump to the top: `continue` goes there at once.
    const target = kind === 'break' ? block.end : block.endless ? block.top : block.again;
    if (kind === 'break') block.endUsed = true;
    else block.againUsed = true;
    if (condition === undefined) this.#jump(target);
    else this.#branchIf(condition, target);
  }

  // ---- conditions

  #branchIf(condition: Condition, label: number): void {
    this.#branchOn(condition, true, label);
  }
  #branchUnless(condition: Condition, label: number): void {
    this.#branchOn(condition, false, label);
  }

  /** Goes to a label when a condition is as wanted. */
  #branchOn({ negated, word, operands, ...place }: Condition, wanted: boolean, label: number): void {
    this.#releaseHidden();
    const holds = wanted !== negated;
    if (operands.length === 0) {
      const register = this.#register(word);
      if (register === undefined) this.#notACondition(word);
      this.#sameType(register, 'i32', word, 'a condition', `compare it: ${NOT_ZERO} ${word.name}, 0`);
      const zero: Operand = { kind: 'constant', start: word.start, end: word.end, value: 0n };
      const name = holds ? NOT_ZERO : (OPPOSITES.integer[NOT_ZERO] as string);
      return this.#choose(branchOn(name), [this.#value(word), this.#value(zero)], word, label);
    }
    if (!CONDITIONS.has(word.name)) {
      this.#fail(
        'bad_condition',
        word,
        `\`${word.name}\` is no comparison`,
        ...this.constants.report.suggest(word.name, CONDITIONS),
        `comparisons are ${[...CONDITIONS].join(', ')}`,
      );
    }
    const values = operands.map((operand) => this.#value(operand));
    const float = values.some((value) =>
      value.kind === 'register' ? value.register.type === 'f64' : value.kind === 'constant' && typeof value.value === 'number',
    );
    const opposites = float ? OPPOSITES.float : OPPOSITES.integer;
    const opposite = opposites[word.name];
    if (opposite === undefined) {
      this.#fail(
        'bad_condition',
        word,
        `\`${word.name}\` does not compare ${float ? 'f64' : 'integers'}`,
        `comparisons of ${float ? 'f64' : 'integers'} are ${Object.keys(opposites).join(', ')}`,
      );
    }
    this.#choose(branchOn(holds ? word.name : opposite), values, { start: word.start, end: Math.max(word.end, place.end) }, label);
  }

  #notACondition(word: Condition['word']): never {
    const found = this.#scope.module.names.get(word.name);
    if (found !== undefined) this.#fail('bad_condition', word, `\`${word.name}\` is ${kindName(found)}; a condition is a comparison or an i32 register`);
    if (CONDITIONS.has(word.name)) this.#fail('operand_count', word, `\`${word.name}\` compares two values`, `write them after it: ${word.name} a, b`);
    this.constants.unknown(this.#scope, word, this.facts.registers.keys(), word.name);
    throw GIVEN_UP;
  }

  // ---- instructions

  #instruction({ word, operands, start, end }: Extract<Statement, { kind: 'instruction' }>): void {
    const place = { start, end };
    const instructions = WORDS.get(word);
    if (instructions === undefined) this.#unknownInstruction(word, place);
    const slots = (instructions.mnemonics[0] as Mnemonic).slots;
    const last = slots[slots.length - 1]?.kind;
    if (last === 'values') return this.#return(operands, place);
    const enough = last === 'targets' ? operands.length >= slots.length : operands.length === slots.length;
    if (!enough) {
      const wanted = `${last === 'targets' ? 'at least ' : ''}${slots.length} operand${slots.length === 1 ? '' : 's'}`;
      const at = operands.length > slots.length ? (operands[slots.length] as Operand) : place;
      this.#fail('operand_count', at, `\`${word}\` takes ${slots.length === 0 ? 'no operands' : wanted}, found ${operands.length}`, usage(instructions));
    }
    let label = -1;
    let labels: readonly number[] | undefined;
    let trap = 0;
    const values: Value[] = [];
    for (let index = 0; index < slots.length; index++) {
      const slot = slots[index] as Slot;
      const operand = operands[index] as Operand;
      switch (slot.kind) {
        case 'write':
          values.push(this.#written(operand));
          break;
        case 'value': {
          const value = this.#value(operand);
          if (value.kind === 'memory') this.#fail('operand_kind', operand, 'memory cannot stand here', 'load it into a register first');
          values.push(value);
          break;
        }
        case 'memory':
          if (operand.kind !== 'memory') this.#fail('operand_kind', operand, 'an address in brackets is needed here', `write [${this.#textAt(operand)}]`);
          values.push(this.#value(operand));
          break;
        case 'target':
          label = this.#labelOf(operand);
          break;
        case 'targets':
          if (operands.length - index - 1 > JUMP_CASES_MAX)
            this.#fail('too_large', place, `a jump table of ${operands.length - index - 1} cases`, `at most ${JUMP_CASES_MAX} are allowed`);
          labels = operands.slice(index).map((target) => this.#labelOf(target));
          break;
        case 'trap':
          trap = this.#trapOf(operand);
          break;
        default:
          throw new Error(`a slot of values is the only one: ${slot.kind}`);
      }
    }
    if (labels !== undefined) this.#choose(instructions, values, place, labels);
    else this.#choose(instructions, values, place, label, trap);
  }

  #unknownInstruction(word: string, place: Span): never {
    const mnemonic = mnemonicOfRow(word);
    if (mnemonic !== undefined) this.#fail('unknown_instruction', place, `\`${word}\` is a form that the assembler picks itself`, `write ${mnemonic}`);
    if (this.#scope.unknown.has(`instruction ${word}`)) throw GIVEN_UP;
    this.#scope.unknown.add(`instruction ${word}`);
    const found = this.#scope.module.names.get(word);
    const notes =
      found?.kind === 'func' ? [`functions are called by: call ${word}(...)`] : this.constants.report.suggest(word, [...RESERVED.keys(), ...WORDS.keys()]);
    return this.#fail('unknown_instruction', place, `there is no instruction \`${word}\``, ...notes);
  }

  #written(operand: Operand): Value {
    const register = this.#register(operand);
    if (register !== undefined) return { kind: 'register', register, place: operand };
    if (operand.kind === 'name' && !this.#scope.module.names.has(operand.name)) {
      this.constants.unknown(this.#scope, operand, this.facts.registers.keys(), operand.name);
      throw GIVEN_UP;
    }
    return this.#fail(
      'operand_kind',
      operand,
      'a register that is written must stand here',
      operand.kind === 'memory' ? 'memory is written by store' : 'the destination comes first',
    );
  }

  #labelOf(operand: Operand): number {
    if (operand.kind !== 'name') return this.#fail('operand_kind', operand, 'a label must stand here');
    const label = this.#labels.get(operand.name);
    if (label !== undefined) return label;
    const { item } = this.declaration;
    return this.#fail(
      'unknown_label',
      operand,
      `\`${item.name.name}\` has no label \`${operand.name}\``,
      ...this.constants.report.suggest(operand.name, this.#labels.keys()),
      'labels belong to their function: name:',
    );
  }

  #trapOf(operand: Operand): number {
    if (operand.kind !== 'name') return this.#fail('operand_kind', operand, 'the name of a trap kind must stand here');
    const row = Object.hasOwn(TRAPS, operand.name) ? TRAPS[operand.name as TrapKind] : undefined;
    if (row !== undefined) return row.code;
    return this.#fail(
      'unknown_trap',
      operand,
      `there is no trap kind \`${operand.name}\``,
      ...this.constants.report.suggest(operand.name, Object.keys(TRAPS)),
      `trap kinds are ${Object.keys(TRAPS).join(', ')}`,
    );
  }

  /** Picks the mnemonic by the operands' types and its form by the constants, and emits it. */
  #choose(instructions: Instructions, values: readonly Value[], place: Span, target: number | readonly number[], trap = 0): void {
    const mnemonic = this.#mnemonic(instructions, values, place);
    const { slots } = mnemonic;
    const held: (number | bigint)[] = [];
    for (let index = 0; index < values.length; index++) {
      const value = values[index] as Value;
      held.push(value.kind === 'constant' ? this.#constantAs(value.value, (slots[index] as { type: ValueType }).type, value.place) : 0);
    }
    const form = bestForm(mnemonic, values, held);
    if (form === undefined) {
      const at = values.find(({ kind }, index) => kind === 'register' && slots[index]?.kind === 'value') ?? { place };
      this.#fail('operand_kind', at.place, `\`${mnemonic.name}\` takes a constant here`);
    }
    for (let index = 0; index < values.length; index++) {
      const value = values[index] as Value;
      if (value.kind === 'constant' && form.demands[index] === 'register')
        held[index] = this.#held(held[index] as number, (slots[index] as { type: ValueType }).type);
      else if (value.kind === 'register') held[index] = this.#indexOf(value.register);
    }
    const { row, feeds } = form;
    const operands: OperandValue[] = [];
    for (let index = 0; index < feeds.length; index++) {
      const feed = feeds[index] as number;
      const value = values[feed];
      const kind = row.operands[index]?.kind;
      if (kind === 'trap') operands.push(trap);
      else if (value === undefined) operands.push(typeof target === 'number' ? 0 : target);
      else if (value.kind === 'memory') operands.push(kind === 'read' ? this.#indexOf(value.base as Register) : value.offset);
      else if (kind === 'read' || kind === 'write') operands.push(held[feed] as number);
      else operands.push(immediate(form, held[feed] as number | bigint, kind === 'imm64'));
    }
    const short = form.short !== undefined && fitsShort(form.short, operands) ? form.short : undefined;
    if (instructions.targetAt >= 0) {
      this.#settle(row);
      this.code.branch(row, short, operands, target);
    } else {
      if (short !== undefined)
        for (let index = 0; index < operands.length; index++) if (typeof operands[index] === 'bigint') operands[index] = Number(operands[index]);
      this.#emit(short ?? row, operands);
    }
  }

  /** The mnemonic of a family whose types are those of the operands. */
  #mnemonic(instructions: Instructions, values: readonly Value[], place: Span): Mnemonic {
    let shape = 1;
    for (const value of values) {
      const part =
        value.kind === 'register'
          ? SHAPE[value.register.type as ValueType]
          : value.kind === 'memory'
            ? OTHER_SHAPE
            : typeof value.value === 'bigint'
              ? INTEGER_SHAPE
              : FLOAT_SHAPE;
      shape = shape * 8 + part;
    }
    const known = instructions.known.get(shape);
    if (known !== undefined) return known;
    let nearest = instructions.mnemonics[0] as Mnemonic;
    let nearestWrong = -1;
    for (const mnemonic of instructions.mnemonics) {
      const wrong = values.findIndex((value, index) => !suits(value, mnemonic.slots[index] as Slot));
      if (wrong < 0) {
        instructions.known.set(shape, mnemonic);
        return mnemonic;
      }
      if (wrong > nearestWrong) {
        nearest = mnemonic;
        nearestWrong = wrong;
      }
    }
    const value = values[nearestWrong] as Value;
    const { type } = nearest.slots[nearestWrong] as { type: ValueType };
    if (value.kind === 'constant') this.#constantAs(value.value, type, value.place);
    const before = values.slice(0, nearestWrong).find((other) => other.kind === 'register');
    const notes: string[] = [];
    if (instructions.mnemonics.length > 1) {
      if (before?.kind === 'register') notes.push(`\`${this.#textAt(before.place)}\` is ${before.register.type}, which makes it ${nearest.name}`);
      notes.push(`\`${instructions.word}\` stands for ${instructions.mnemonics.map(({ name }) => name).join(', ')}`);
    }
    const found = value.kind === 'register' ? value.register.type : value.kind;
    return this.#fail(
      'type_mismatch',
      value.kind === 'memory' ? place : value.place,
      `\`${this.#textAt(value.place)}\` is ${found} where ${nearest.name} takes ${type}`,
      ...notes,
    );
  }

  // ---- calls and returns

  #return(operands: readonly Operand[], place: Span): void {
    const { item } = this.declaration;
    if (item.broken) return;
    if (operands.length !== item.results.length) {
      this.#fail(
        'operand_count',
        operands[item.results.length] ?? place,
        `\`${item.name.name}\` returns ${counted(item.results.length, 'value')}, found ${operands.length}`,
        item.results.length === 0 ? 'its first line declares no results' : `its results are ${item.results.join(', ')}`,
      );
    }
    const registers = operands.map((operand, index) =>
      this.#inRegister(this.#value(operand), item.results[index] as ValueType, `result ${index + 1} of \`${item.name.name}\``),
    );
    this.#emit(RETURN, [registers]);
  }

  #call({ callee, values, results }: Extract<Statement, { kind: 'call' }>): void {
    const thing = this.constants.findDeclared(this.#scope, callee.kind === 'index' ? callee.of : callee);
    if (thing === undefined) throw GIVEN_UP;
    const shown = textOf(callee.kind === 'index' ? callee.of : callee);
    if (thing.kind !== (callee.kind === 'index' ? 'type' : 'func')) {
      const remedy =
        thing.kind === 'type'
          ? `a call through the function table names the entry: call ${shown}[i](...)`
          : callee.kind === 'index'
            ? 'before [ stands the name of a `type` line'
            : 'call takes the name of a function';
      this.#fail('wrong_kind', callee, `\`${shown}\` is ${kindName(thing)} and cannot be called`, remedy);
    }
    if (thing.item.broken) throw GIVEN_UP;
    const parameters = thing.kind === 'func' ? thing.item.parameters.map(({ type }) => type as ValueType) : (thing as TypeDeclaration).item.parameters;
    const { results: given } = (thing as FunctionDeclaration | TypeDeclaration).item;
    const form = `${shown}(${parameters.join(', ')})${given.length === 0 ? '' : ` -> ${given.join(', ')}`}`;
    if (values.length !== parameters.length) {
      this.#fail(
        'operand_count',
        values[parameters.length] ?? callee,
        `\`${shown}\` takes ${counted(parameters.length, 'value')}, found ${values.length}`,
        form,
      );
    }
    if (results.length !== given.length) {
      this.#fail(
        'operand_count',
        results[given.length] ?? callee,
        `\`${shown}\` gives ${counted(given.length, 'result')}, found ${results.length}`,
        form,
        '`_` stands for a result that is not wanted',
      );
    }
    const index = callee.kind === 'index' ? this.#inRegister(this.#value(callee.index), 'i32', 'an index of the function table') : -1;
    const taken = values.map((value, position) =>
      this.#inRegister(this.#value(value), parameters[position] as ValueType, `value ${position + 1} of \`${shown}\``),
    );
    const written = results.map((name, position) => {
      const type = given[position] as ValueType;
      if (name.name === '_') return this.#hiddenRegister(type);
      const value = this.#written(name);
      if (value.kind !== 'register') throw new Error('what is written is a register');
      this.#sameType(value.register, type, name, `result ${position + 1} of \`${shown}\``);
      return this.#indexOf(value.register);
    });
    if (thing.kind === 'func') this.#emit(CALL, [taken, written, Math.max(thing.index, 0)]);
    else this.#emit(CALL_TABLE, [index, taken, written, this.gathered.typeIndex(thing as TypeDeclaration)]);
  }
}

/** Whether a value may stand in a slot. An integer suits any type, a float only f64. */
function suits(value: Value, slot: Slot): boolean {
  if (slot.kind !== 'write' && slot.kind !== 'value') return true;
  if (value.kind === 'register') return value.register.type === slot.type;
  return value.kind === 'constant' && (typeof value.value === 'bigint' || slot.type === 'f64');
}

/** The constant as a form's instruction holds it. */
function immediate({ negates }: Form, value: number | bigint, wide: boolean): number | bigint {
  const signed = negates ? -value : value;
  if (wide) return BigInt.asIntN(64, BigInt(signed));
  if (typeof signed === 'bigint') return Number(BigInt.asIntN(64, signed));
  // Of i32, the least value is its own negative.
  return negates ? signed | 0 : signed;
}

/** The form that needs the fewest constants in registers; undefined if none can hold the operands. */
function bestForm({ forms }: Mnemonic, values: readonly Value[], held: readonly (number | bigint)[]): Form | undefined {
  let best: Form | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const form of forms) {
    let cost = 0;
    for (let index = 0; index < values.length; index++) {
      const value = values[index] as Value;
      const demand = form.demands[index];
      if (value.kind === 'memory') {
        if ((value.base === undefined) !== (demand === 'absolute')) cost = Number.POSITIVE_INFINITY;
      } else if (value.kind === 'register') {
        if (demand === 'constant') cost = Number.POSITIVE_INFINITY;
      } else if (demand === 'register') {
        cost++;
      } else {
        const { kind } = form.takers[index] as { kind: 'imm8' };
        if (!fits(kind, immediate(form, held[index] as number | bigint, (kind as string) === 'imm64'))) cost = Number.POSITIVE_INFINITY;
      }
    }
    if (cost < bestCost) {
      best = form;
      bestCost = cost;
      if (cost === 0) break;
    }
  }
  return best;
}

/** Whether all operands but the distance of a branch fit a short form. */
function fitsShort(short: Row, operands: readonly OperandValue[]): boolean {
  for (let index = 0; index < operands.length; index++) {
    const { kind } = short.operands[index] as Row['operands'][number];
    if (kind !== 'branch8' && !fits(kind, operands[index] as OperandValue)) return false;
  }
  return true;
}

const counted = (count: number, what: string): string => `${count === 0 ? 'no' : count} ${what}${count === 1 ? '' : 's'}`;

/** How a word's operands are written. */
function usage({ word, mnemonics }: Instructions): string {
  const names: Readonly<Record<Slot['kind'], string>> = {
    write: 'register',
    value: 'register or constant',
    memory: '[address]',
    target: 'label',
    targets: 'label, ...',
    trap: 'trap kind',
    values: 'values',
  };
  return `${word} ${(mnemonics[0] as Mnemonic).slots.map(({ kind }) => names[kind]).join(', ')}`;
}

/** The name of a register, which an expression is known to be. */
function textOfRegister(expression: Expression): string {
  return expression.kind === 'name' ? expression.name : '';
}
