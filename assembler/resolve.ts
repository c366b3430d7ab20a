/**
 * Resolving a function: statements become instructions of the book.
 *
 * Blocks become labels and branches; checks are put at the entry and where branches lead back to. Each wrong statement is
 * reported and left out.
 */
import { FUNCTION_WORDS_MAX, JUMP_CASES_MAX, OPPOSITES, TRAPS, type TrapKind, type ValueType } from '../isa-spec/index.js';
import type { Condition, Name, Operand, Path, Span, Statement } from './ast.js';
import { kindName, textOf } from './constants.js';
import { branchOn, CALL, CALL_TABLE, CONDITIONS, mnemonicOfRow, NOT_ZERO, RETURN, WORDS, type Instructions, type Mnemonic, type Slot } from './mnemonics.js';
import type { FunctionDeclaration, TypeDeclaration } from './modules.js';
import { GIVEN_UP, type Value } from './operands.js';
import { Selection } from './select.js';
import { RESERVED } from './tokens.js';

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

/** What is written here for words that other assemblers have. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ['return', 'functions return by: ret a'],
  ['inc', 'write add a, a, 1'],
  ['dec', 'write sub a, a, 1'],
  ['push', "there is no stack to write to: registers are a function's own, and `local` declares more of them"],
  ['pop', "there is no stack to read from: registers are a function's own, and `local` declares more of them"],
  ['lea', 'the name of data is its address: mov a, name'],
  ['cmp', 'a comparison stands where it decides: if lt a, b { }, or br_lt a, b, label'],
  ['jmp', 'write jump label'],
  ['goto', 'write jump label'],
  ['nop', 'an empty block or a blank line does nothing'],
]);

/** `far(label)` is a label that is reached by a branch's long form although its short one could do. */
const FAR = 'far';

/** Resolves one function into its code. */
export class Resolver extends Selection {
  readonly #labels = new Map<string, number>();
  readonly #blocks: Block[] = [];

  /** The labels of the function in its code. */
  get labels(): ReadonlyMap<string, number> {
    return this.#labels;
  }

  /**
   * Makes the function's code.
   * @returns the type of each register, the hidden ones last
   */
  resolve(): readonly ValueType[] {
    const { facts, code, constants, declaration } = this;
    for (const name of facts.labels.keys()) this.#labels.set(name, code.label());
    const { body } = declaration;
    for (let at = 0; at < body.length && !constants.report.full && !code.tooLong; at++) {
      const statement = body[at] as Statement;
      code.offset = statement.start;
      try {
        this.#statement(statement, at);
      } catch (fault) {
        if (fault !== GIVEN_UP) throw fault;
        if (leaves(statement)) this.dead = true;
      }
    }
    this.#end();
    this.limitRegisters();
    const { name } = declaration.item;
    if (code.tooLong) this.report('too_large', name, `\`${name.name}\` has more than ${FUNCTION_WORDS_MAX} words of code`, 'split it');
    return this.types;
  }

  #end(): void {
    const { item } = this.declaration;
    if (item.results.length === 0) {
      if (!this.dead) this.emit(RETURN, [[]]);
    } else if (!this.dead && !item.broken && !item.incomplete) {
      this.report(
        'missing_return',
        item.name,
        `the end of \`${item.name.name}\` can be reached without a return`,
        `return ${item.results.join(', ')} there, or trap`,
      );
    }
  }

  // ---- statements

  #statement(statement: Statement, at: number): void {
    this.releaseHidden();
    switch (statement.kind) {
      case 'instruction':
        return this.#instruction(statement);
      case 'call':
        return this.#call(statement);
      case 'label': {
        const label = this.facts.labels.get(statement.name);
        if (label?.at !== at) return;
        this.bind(this.#labels.get(statement.name) as number, label.used);
        if (label.backward) this.wantCheck();
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
        if (!this.dead) {
          this.jump(block.end);
          block.endUsed = true;
        }
        this.bind(block.next, true);
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
          if (atEnd !== undefined) this.report('syntax', atEnd, 'a loop with two conditions', 'test either before each turn or after it');
          block.endUsed = true;
          try {
            this.#branchUnless(statement.condition, block.end);
          } finally {
            this.#top(block.top);
          }
        } else {
          this.#top(block.top);
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

  /** Puts the top of a loop here. */
  #top(label: number): void {
    this.bind(label, true);
    this.wantCheck();
  }

  #close(condition: Condition | undefined): void {
    const block = this.#blocks.pop();
    if (block?.kind === 'if') {
      if (block.next >= 0) this.bind(block.next, true);
      this.bind(block.end, block.endUsed);
    } else if (block?.kind === 'loop') {
      const again = condition ?? block.condition;
      this.bind(block.again, block.againUsed);
      try {
        if (again === undefined) this.jump(block.top);
        else this.#branchIf(again, block.top);
      } finally {
        this.bind(block.end, block.endUsed);
      }
    }
  }

  #leave(statement: Extract<Statement, { kind: 'break' | 'continue' }>): void {
    const { kind, loop, condition } = statement;
    const blocks = this.#blocks.filter((block) => block.kind === 'loop');
    const block = loop === undefined ? blocks.at(-1) : blocks.findLast(({ names }) => names.includes(loop.name));
    if (block === undefined) {
      if (this.#blocks.some(({ kind }) => kind === 'broken')) return;
      if (loop === undefined) this.fail('not_in_loop', statement, `\`${kind}\` outside a loop`);
      const names = blocks.flatMap(({ names }) => names);
      this.fail(
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
    if (condition === undefined) this.jump(target);
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
  #branchOn(condition: Condition, wanted: boolean, label: number): void {
    const { negated, word, operands } = condition;
    this.releaseHidden();
    const holds = wanted !== negated;
    if (operands.length === 0) {
      const register = this.register(word);
      if (register === undefined) this.#notACondition(word);
      this.sameType(register, 'i32', word, 'a condition', `compare it: ${NOT_ZERO} ${word.name}, 0`);
      const zero: Operand = { kind: 'constant', start: word.start, end: word.end, value: 0n };
      const name = holds ? NOT_ZERO : (OPPOSITES.integer[NOT_ZERO] as string);
      return this.select(branchOn(name), [this.value(word), this.value(zero)], word, { label, far: undefined, labels: undefined, trap: 0 });
    }
    if (!CONDITIONS.has(word.name)) {
      this.fail(
        'bad_condition',
        word,
        `\`${word.name}\` is no comparison`,
        ...this.constants.report.suggest(word.name, CONDITIONS),
        `comparisons are ${[...CONDITIONS].join(', ')}`,
      );
    }
    const values = this.each(operands, (operand) => this.#plain(operand));
    const float = values.some(({ register, constant }) => (register === undefined ? typeof constant === 'number' : register.type === 'f64'));
    const opposites = float ? OPPOSITES.float : OPPOSITES.integer;
    const opposite = opposites[word.name];
    if (opposite === undefined) {
      this.fail(
        'bad_condition',
        word,
        `\`${word.name}\` does not compare ${float ? 'f64' : 'integers'}`,
        `comparisons of ${float ? 'f64' : 'integers'} are ${Object.keys(opposites).join(', ')}`,
      );
    }
    this.select(branchOn(holds ? word.name : opposite), values, condition, { label, far: undefined, labels: undefined, trap: 0 });
  }

  #notACondition(word: Condition['word']): never {
    const found = this.scope.module.names.get(word.name);
    if (found !== undefined) this.fail('bad_condition', word, `\`${word.name}\` is ${kindName(found)}; a condition is a comparison or an i32 register`);
    if (CONDITIONS.has(word.name)) this.fail('operand_count', word, `\`${word.name}\` compares two values`, `write them after it: ${word.name} a, b`);
    this.constants.unknown(this.scope, word, this.facts.registers.keys(), word.name);
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
      this.fail('operand_count', at, `\`${word}\` takes ${slots.length === 0 ? 'no operands' : wanted}, found ${operands.length}`, usage(instructions));
    }
    let label = -1;
    let far: Span | undefined;
    let labels: readonly number[] | undefined;
    let trap = 0;
    const count = instructions.targetAt >= 0 ? instructions.targetAt : last === 'trap' ? 0 : slots.length;
    const values: Value[] = new Array(count);
    let whole = true;
    for (let index = 0; index < slots.length; index++) {
      const slot = slots[index] as Slot;
      const operand = operands[index] as Operand;
      try {
        switch (slot.kind) {
          case 'write':
            values[index] = this.#written(operand);
            break;
          case 'value':
            values[index] = this.#plain(operand);
            break;
          case 'memory':
            if (operand.kind !== 'memory') this.fail('operand_kind', operand, 'an address in brackets is needed here', `write [${this.textAt(operand)}]`);
            values[index] = this.value(operand);
            break;
          case 'target':
            if (operand.kind === 'apply' && operand.name.name === FAR) {
              far = operand;
              label = this.#labelOf(operand.of);
            } else {
              label = this.#labelOf(operand);
            }
            break;
          case 'targets':
            if (operands.length - index - 1 > JUMP_CASES_MAX)
              this.fail('too_large', place, `a jump table of ${operands.length - index - 1} cases`, `at most ${JUMP_CASES_MAX} are allowed`);
            labels = this.each(operands.slice(index), (target) => this.#labelOf(target));
            break;
          case 'trap':
            trap = this.#trapOf(operand);
            break;
          default:
            throw new Error(`a slot of values is the only one: ${slot.kind}`);
        }
      } catch (fault) {
        // The other operands tell what is wrong with them too.
        if (fault !== GIVEN_UP) throw fault;
        whole = false;
      }
    }
    if (!whole) throw GIVEN_UP;
    this.select(instructions, values, place, { label, far, labels, trap });
  }

  #unknownInstruction(word: string, place: Span): never {
    const mnemonic = mnemonicOfRow(word);
    if (mnemonic !== undefined) this.fail('unknown_instruction', place, `\`${word}\` is a form that the assembler picks itself`, `write ${mnemonic}`);
    if (this.scope.unknown.has(`instruction ${word}`)) throw GIVEN_UP;
    this.scope.unknown.add(`instruction ${word}`);
    const found = this.scope.module.names.get(word);
    const elsewhere = ELSEWHERE.get(word);
    const notes =
      found?.kind === 'func'
        ? [`functions are called by: call ${word}(...)`]
        : elsewhere === undefined
          ? this.constants.report.suggest(word, [...RESERVED.keys(), ...WORDS.keys()])
          : [elsewhere];
    return this.fail('unknown_instruction', place, `there is no instruction \`${word}\``, ...notes);
  }

  /** A register or a constant. */
  #plain(operand: Operand): Value {
    if (operand.kind === 'memory') this.fail('operand_kind', operand, 'memory cannot stand here', 'load it into a register first');
    return this.value(operand);
  }

  #written(operand: Operand): Value {
    const register = this.register(operand);
    if (register !== undefined) return { kind: 'register', place: operand, register, constant: 0 };
    if (operand.kind === 'name' && !this.scope.module.names.has(operand.name)) {
      this.constants.unknown(this.scope, operand, this.facts.registers.keys(), operand.name);
      throw GIVEN_UP;
    }
    return this.fail(
      'operand_kind',
      operand,
      'a register that is written must stand here',
      operand.kind === 'memory' ? 'memory is written by store' : 'the destination comes first',
    );
  }

  #labelOf(operand: Operand): number {
    if (operand.kind !== 'name') return this.fail('operand_kind', operand, 'a label must stand here');
    const label = this.#labels.get(operand.name);
    if (label !== undefined) return label;
    const { item } = this.declaration;
    return this.fail(
      'unknown_label',
      operand,
      `\`${item.name.name}\` has no label \`${operand.name}\``,
      ...this.constants.report.suggest(operand.name, this.#labels.keys()),
      'labels belong to their function: name:',
    );
  }

  #trapOf(operand: Operand): number {
    if (operand.kind !== 'name') return this.fail('operand_kind', operand, 'the name of a trap kind must stand here');
    const row = Object.hasOwn(TRAPS, operand.name) ? TRAPS[operand.name as TrapKind] : undefined;
    if (row !== undefined) return row.code;
    return this.fail(
      'unknown_trap',
      operand,
      `there is no trap kind \`${operand.name}\``,
      ...this.constants.report.suggest(operand.name, Object.keys(TRAPS)),
      `trap kinds are ${Object.keys(TRAPS).join(', ')}`,
    );
  }

  // ---- calls and returns

  #return(operands: readonly Operand[], place: Span): void {
    const { item } = this.declaration;
    if (item.broken) return;
    const [values] = this.all(
      () => this.each(operands, (operand) => this.value(operand)),
      () => {
        if (operands.length === item.results.length) return;
        this.fail(
          'operand_count',
          operands[item.results.length] ?? place,
          `\`${item.name.name}\` returns ${counted(item.results.length, 'value')}, found ${operands.length}`,
          item.results.length === 0 ? 'its first line declares no results' : `its results are ${item.results.join(', ')}`,
        );
      },
    );
    const registers = this.each(values, (value, index) =>
      this.inRegister(value, item.results[index] as ValueType, `result ${index + 1} of \`${item.name.name}\``),
    );
    this.emit(RETURN, [registers]);
  }

  #call({ callee, values, results }: Extract<Statement, { kind: 'call' }>): void {
    const [{ thing, shown, parameters, types }, entry, given, taking] = this.all(
      () => this.#called(callee, values, results),
      () => (callee.kind === 'index' ? this.value(callee.index) : undefined),
      () => this.each(values, (value) => this.value(value)),
      () => this.each(results, (name) => (name.name === '_' ? undefined : this.#written(name).register)),
    );
    const [index, taken, written] = this.all(
      () => (entry === undefined ? -1 : this.inRegister(entry, 'i32', 'an index of the function table')),
      () => this.each(given, (value, position) => this.inRegister(value, parameters[position] as ValueType, `value ${position + 1} of \`${shown}\``)),
      () =>
        this.each(taking, (register, position) => {
          const type = types[position] as ValueType;
          if (register === undefined) return this.hiddenRegister(type);
          this.sameType(register, type, results[position] as Span, `result ${position + 1} of \`${shown}\``);
          return this.numberOf(register);
        }),
    );
    if (thing.kind === 'func') this.emit(CALL, [taken, written, Math.max(thing.index, 0)]);
    else this.emit(CALL_TABLE, [index, taken, written, this.gathered.typeIndex(thing)]);
  }

  /** The function that a call names, or the signature of the table's entry, which takes and gives as many values as there are. */
  #called(callee: Path, values: readonly Operand[], results: readonly Name[]): Called {
    const of = callee.kind === 'index' ? callee.of : callee;
    const thing = this.constants.find(this.outside, of);
    if (thing === undefined) throw GIVEN_UP;
    const shown = textOf(of);
    if (callee.kind === 'index' ? thing.kind !== 'type' : thing.kind !== 'func') {
      const remedy =
        thing.kind === 'type'
          ? `a call through the function table names the entry: call ${shown}[i](...)`
          : callee.kind === 'index'
            ? 'before [ stands the name of a `type` line'
            : 'call takes the name of a function';
      this.fail('wrong_kind', callee, `\`${shown}\` is ${kindName(thing)} and cannot be called`, remedy);
    }
    const called = thing as FunctionDeclaration | TypeDeclaration;
    if (called.item.broken) throw GIVEN_UP;
    const parameters = called.kind === 'func' ? called.item.parameters.map(({ type }) => type as ValueType) : called.item.parameters;
    const types = called.item.results;
    const form = `${shown}(${parameters.join(', ')})${types.length === 0 ? '' : ` -> ${types.join(', ')}`}`;
    if (values.length !== parameters.length) {
      this.fail(
        'operand_count',
        values[parameters.length] ?? callee,
        `\`${shown}\` takes ${counted(parameters.length, 'value')}, found ${values.length}`,
        form,
      );
    }
    if (results.length !== types.length) {
      this.fail(
        'operand_count',
        results[types.length] ?? callee,
        `\`${shown}\` gives ${counted(types.length, 'result')}, found ${results.length}`,
        form,
        '`_` stands for a result that is not wanted',
      );
    }
    return { thing: called, shown, parameters, types };
  }
}

/** What a call goes to. */
interface Called {
  readonly thing: FunctionDeclaration | TypeDeclaration;
  /** Its name as it is written. */
  readonly shown: string;
  readonly parameters: readonly ValueType[];
  readonly types: readonly ValueType[];
}

/** Whether a statement, whatever is wrong with it, was meant never to go on to the next one. */
function leaves(statement: Statement): boolean {
  if (statement.kind === 'break' || statement.kind === 'continue') return statement.condition === undefined;
  if (statement.kind !== 'instruction') return false;
  const effect = WORDS.get(statement.word)?.mnemonics[0]?.forms[0]?.row.does.at(-1)?.kind;
  return effect === undefined || effect === 'jump' || effect === 'jump_table' || effect === 'return' || effect === 'trap';
}

const counted = (count: number, what: string): string => `${count === 0 ? 'no' : count} ${what}${count === 1 ? '' : 's'}`;

const SLOT_NAMES: Readonly<Record<Slot['kind'], string>> = {
  write: 'register',
  value: 'register or constant',
  memory: '[address]',
  target: 'label',
  targets: 'label, ...',
  trap: 'trap kind',
  values: 'values',
};

/** How a word's operands are written. */
function usage({ word, mnemonics }: Instructions): string {
  return `${word} ${(mnemonics[0] as Mnemonic).slots.map(({ kind }) => SLOT_NAMES[kind]).join(', ')}`;
}
