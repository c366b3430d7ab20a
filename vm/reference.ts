/**
 * The reference evaluator: walks the meaning of each instruction as the book writes it.
 *
 * Slow and obvious, so that it can be compared with the specification by eye. Values are bigints and numbers, computed by the
 * operators' own reference meanings; it shares no arithmetic with the interpreter. It also executes single steps for the debugger.
 */
import {
  ACCESSES,
  BYTES_PER_FUEL,
  CANONICAL_NAN_BITS,
  OPERATORS,
  trapOfCode,
  type Access,
  type Effect,
  type Expression,
  type Instruction,
  type OperandValue,
  type Signature,
  type TrapKind,
  type Value,
  type ValueType,
} from '../isa-spec/index.js';
import { decodedFunction } from './decoded.js';
import { DOUBLES, frameWords, WORDS } from './frames.js';
import { charge, type Engine, type Exit, type State } from './state.js';

/** Reads a register of the frame at `fp`. */
export function readRegister(fp: number, register: number, type: ValueType): Value {
  const at = fp + 2 * register;
  switch (type) {
    case 'i32':
      return WORDS[at] as number;
    case 'i64':
      return (BigInt(WORDS[at + 1] as number) << 32n) | BigInt((WORDS[at] as number) >>> 0);
    case 'f64':
      return DOUBLES[at >> 1] as number;
    default:
      return type satisfies never;
  }
}

/** Writes a register of the frame at `fp`. */
export function writeRegister(fp: number, register: number, type: ValueType, value: Value): void {
  const at = fp + 2 * register;
  switch (type) {
    case 'i32':
      WORDS[at] = value as number;
      return;
    case 'i64':
      WORDS[at] = Number(BigInt.asIntN(32, value as bigint));
      WORDS[at + 1] = Number(BigInt.asIntN(32, (value as bigint) >> 32n));
      return;
    case 'f64':
      DOUBLES[at >> 1] = value as number;
      return;
    default:
      return type satisfies never;
  }
}

/** Thrown through an evaluation and caught where the instruction began: never seen outside. */
class Trap {
  constructor(readonly kind: TrapKind) {}
}

/** One instruction in one frame. */
class Evaluation {
  constructor(
    readonly state: State,
    readonly instruction: Instruction,
  ) {}

  operand(name: string): { readonly value: OperandValue; readonly type: ValueType | undefined; readonly isRegister: boolean } {
    const position = this.instruction.row.operands.findIndex((operand) => operand.name === name);
    const { kind, type } = this.instruction.row.operands[position] as Instruction['row']['operands'][number];
    return { value: this.instruction.operands[position] as OperandValue, type, isRegister: kind === 'read' || kind === 'write' };
  }

  value(expression: Expression): Value {
    switch (expression.kind) {
      case 'operand': {
        const { value, type, isRegister } = this.operand(expression.name);
        if (isRegister) return readRegister(this.state.frames.fp, value as number, type as ValueType);
        return type === 'i64' ? BigInt(value as number | bigint) : (value as number);
      }
      case 'constant':
        return expression.value;
      case 'apply': {
        const evaluate = OPERATORS[expression.operator].evaluate as (...values: readonly Value[]) => Value;
        return evaluate(...expression.values.map((value) => this.value(value)));
      }
      case 'select': {
        const [condition, then, otherwise] = [expression.condition, expression.then, expression.otherwise].map((part) => this.value(part));
        return (condition !== 0 ? then : otherwise) as Value;
      }
      case 'load':
        return this.load(expression.access, this.address(expression));
      case 'memory_bytes':
        return this.state.memory.length | 0;
      default:
        return expression satisfies never;
    }
  }

  /** The effective address, proved to lie inside memory with all bytes of the access. */
  address({ access, base, offset }: { readonly access: Access; readonly base: Expression | undefined; readonly offset: Expression }): number {
    const address = (base === undefined ? 0 : (this.value(base) as number) >>> 0) + ((this.value(offset) as number) >>> 0);
    return this.range(address, ACCESSES[access].bytes);
  }

  range(address: number, bytes: number): number {
    if (address + bytes > this.state.memory.length) throw new Trap('memory_access');
    return address;
  }

  load(access: Access, address: number): Value {
    const { view } = this.state;
    switch (access) {
      case 'i32.load':
        return view.getInt32(address, true);
      case 'i32.load8_s':
        return view.getInt8(address);
      case 'i32.load8_u':
        return view.getUint8(address);
      case 'i32.load16_s':
        return view.getInt16(address, true);
      case 'i32.load16_u':
        return view.getUint16(address, true);
      case 'i64.load':
        return view.getBigInt64(address, true);
      case 'i64.load8_s':
        return BigInt(view.getInt8(address));
      case 'i64.load8_u':
        return BigInt(view.getUint8(address));
      case 'i64.load16_s':
        return BigInt(view.getInt16(address, true));
      case 'i64.load16_u':
        return BigInt(view.getUint16(address, true));
      case 'i64.load32_s':
        return BigInt(view.getInt32(address, true));
      case 'i64.load32_u':
        return BigInt(view.getUint32(address, true));
      case 'f64.load':
        return view.getFloat64(address, true);
      case 'f32.load':
        return view.getFloat32(address, true);
      default:
        throw new Error(`${access} is not a load: the book is checked`);
    }
  }

  store(access: Access, address: number, value: Value): void {
    const { view } = this.state;
    switch (access) {
      case 'i32.store':
        return view.setInt32(address, value as number, true);
      case 'i32.store8':
        return view.setInt8(address, value as number);
      case 'i32.store16':
        return view.setInt16(address, value as number, true);
      case 'i64.store':
        return view.setBigInt64(address, value as bigint, true);
      case 'i64.store8':
        return view.setInt8(address, Number(BigInt.asIntN(8, value as bigint)));
      case 'i64.store16':
        return view.setInt16(address, Number(BigInt.asIntN(16, value as bigint)), true);
      case 'i64.store32':
        return view.setInt32(address, Number(BigInt.asIntN(32, value as bigint)), true);
      case 'f64.store':
        // A host may write any NaN: the bits of the canonical one are written as bits.
        if (Number.isNaN(value)) return view.setBigInt64(address, CANONICAL_NAN_BITS, true);
        return view.setFloat64(address, value as number, true);
      case 'f32.store':
        if (Number.isNaN(value)) return view.setInt32(address, 0x7fc00000, true);
        return view.setFloat32(address, value as number, true);
      default:
        throw new Error(`${access} is not a store: the book is checked`);
    }
  }
}

/** An expression of an instruction's meaning, in the innermost frame. It must hold no load. */
export function evaluate(state: State, instruction: Instruction, expression: Expression): Value {
  return new Evaluation(state, instruction).value(expression);
}

/** Executes the one instruction in progress. @returns why to stop, or undefined to go on */
export function step(state: State): Exit | undefined {
  const { frames } = state;
  const instruction = decodedFunction(state.program, frames.function).at(frames.pc);
  const evaluation = new Evaluation(state, instruction);
  let next = frames.pc + instruction.words;
  try {
    for (const effect of instruction.row.does) {
      const to = perform(evaluation, effect);
      if (typeof to === 'string') return to;
      if (to !== undefined) next = to;
    }
  } catch (error) {
    if (!(error instanceof Trap)) throw error;
    state.trap = error.kind;
    return 'trapped';
  }
  frames.pc = next;
  return undefined;
}

/** @returns why to stop, the pc to go on at, or undefined for the next instruction */
function perform(evaluation: Evaluation, effect: Effect): Exit | number | undefined {
  const { state } = evaluation;
  const { frames } = state;
  const target = (name: string): number => frames.pc + (evaluation.operand(name).value as number);
  switch (effect.kind) {
    case 'set': {
      const { value, type } = evaluation.operand(effect.to);
      writeRegister(frames.fp, value as number, type as ValueType, evaluation.value(effect.value));
      return undefined;
    }
    case 'store': {
      const address = evaluation.address(effect);
      evaluation.store(effect.access, address, evaluation.value(effect.value));
      return undefined;
    }
    case 'trap_if':
      if (evaluation.value(effect.condition) !== 0) throw new Trap(effect.trap);
      return undefined;
    case 'trap':
      throw new Trap(trapOfCode(evaluation.operand(effect.code).value as number) as TrapKind);
    case 'branch':
      return evaluation.value(effect.condition) !== 0 ? target(effect.target) : undefined;
    case 'jump':
      return target(effect.target);
    case 'jump_table': {
      const targets = evaluation.operand(effect.targets).value as readonly number[];
      const index = Math.min((evaluation.value(effect.index) as number) >>> 0, targets.length - 1);
      return frames.pc + (targets[index] as number);
    }
    case 'call':
      return call(evaluation, evaluation.operand(effect.callee).value as number, effect.values);
    case 'call_table': {
      const { table, signatures } = state.program.program;
      const index = (evaluation.value(effect.index) as number) >>> 0;
      const callee = table[index];
      if (callee === undefined) throw new Trap('undefined_function');
      const wanted = signatures[evaluation.operand(effect.signature).value as number] as Signature;
      if (!sameSignature(state.program.signatureOf(callee), wanted)) throw new Trap('signature_mismatch');
      return call(evaluation, callee, effect.values);
    }
    case 'return':
      return leave(evaluation, effect.values);
    case 'check':
      if (state.fuel < 1) return 'fuel';
      state.fuel -= 1;
      return undefined;
    case 'copy': {
      const bytes = (evaluation.value(effect.bytes) as number) >>> 0;
      const from = evaluation.range((evaluation.value(effect.from) as number) >>> 0, bytes);
      const to = evaluation.range((evaluation.value(effect.to) as number) >>> 0, bytes);
      state.memory.copyWithin(to, from, from + bytes);
      charge(state, Math.ceil(bytes / BYTES_PER_FUEL));
      return undefined;
    }
    case 'fill': {
      const bytes = (evaluation.value(effect.bytes) as number) >>> 0;
      const to = evaluation.range((evaluation.value(effect.to) as number) >>> 0, bytes);
      state.memory.fill((evaluation.value(effect.value) as number) & 0xff, to, to + bytes);
      charge(state, Math.ceil(bytes / BYTES_PER_FUEL));
      return undefined;
    }
    case 'bell':
    case 'wait':
    case 'poll':
      return 'port';
    default:
      return effect satisfies never;
  }
}

function sameSignature(left: Signature, right: Signature): boolean {
  return left.parameters.join() === right.parameters.join() && left.results.join() === right.results.join();
}

function call(evaluation: Evaluation, callee: number, values: string): number {
  const { frames, program } = evaluation.state;
  const passed = gather(frames.fp, evaluation.operand(values).value as readonly number[]);
  if (!frames.push(callee, frameWords(program.registersOf(callee).length))) throw new Trap('frame_overflow');
  WORDS.set(passed, frames.fp);
  return 0;
}

function leave(evaluation: Evaluation, values: string): Exit | number {
  const { frames } = evaluation.state;
  return giveResults(evaluation.state, gather(frames.fp, evaluation.operand(values).value as readonly number[])) ? 'returned' : frames.pc;
}

/** The words of registers, two each. */
function gather(fp: number, registers: readonly number[]): Int32Array {
  const words = new Int32Array(2 * registers.length);
  registers.forEach((register, index) => words.set(WORDS.subarray(fp + 2 * register, fp + 2 * register + 2), 2 * index));
  return words;
}

/**
 * What `ret` does: takes the innermost frame away, writes its results where the call wants them, and goes on behind the call.
 * @param results two words each
 * @returns whether it was the outermost frame; then the results stand in its first registers instead
 */
export function giveResults({ frames, program }: State, results: Int32Array): boolean {
  const caller = WORDS[frames.fp - 2] as number;
  if (caller < 0) {
    WORDS.set(results, frames.fp);
    return true;
  }
  frames.pc = WORDS[frames.fp - 1] as number;
  frames.size = frameWords(program.registersOf(caller).length);
  frames.fp -= frames.size;
  frames.function = caller;
  const instruction = decodedFunction(program, caller).at(frames.pc);
  const position = instruction.row.operands.findIndex(({ kind }) => kind === 'results');
  (instruction.operands[position] as readonly number[]).forEach((register, index) => {
    WORDS.set(results.subarray(2 * index, 2 * index + 2), frames.fp + 2 * register);
  });
  frames.pc += instruction.words;
  return false;
}

/** The reference evaluator as an engine. */
export const REFERENCE: Engine = Object.freeze({
  name: 'reference',
  run(state: State): Exit {
    state.frames.moveIn();
    const { breakpoints, frames } = state;
    for (;;) {
      if (breakpoints?.places.get(frames.function)?.has(frames.pc) === true) return 'breakpoint';
      const exit = step(state);
      if (exit !== undefined) return exit;
    }
  },
});
