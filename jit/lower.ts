/**
 * One function of the guest as one function of WebAssembly: the meaning of each instruction, as the book writes it, in WebAssembly's words.
 *
 * Registers are locals. Fuel and the room left for frames are two locals more, handed from caller to callee; the fuel comes back as the last result.
 * A negative one means that compiled code is being left: each function then writes its frame to the private memory and returns too. Every place where
 * that may happen sets the local `pc` first and leaves by a branch to code that stands once, behind the body; see docs/decisions/compiled-code.md.
 * No instruction is named here: effects, operands and types say everything.
 */
import {
  BYTES_PER_FUEL,
  type Access,
  type Effect,
  type Expression,
  type OperandValue,
  REGISTER_BYTES,
  type Signature,
  TRAPS,
  type ValueType,
} from '../isa-spec/index.js';
import { type DecodedFunction, hasRegister, type PlacedInstruction, type RegisterSet } from '../vm/internal/index.js';
import { WASM_ACCESSES } from './accesses.js';
import { type Block, blocksFrom } from './blocks.js';
import { ALLOWANCE, BIAS, CELL, FRAMES, WHY } from './layout.js';
import { OPERATOR_BYTES } from './operators.js';
import { type Structure, structureOf } from './structure.js';
import { WASM, type WasmBytes, type WasmFunction, type WasmModule, type WasmSignature } from './wasm.js';

/** What the lowering of one function needs to know of the others. */
export interface Surroundings {
  readonly module: WasmModule;
  /** The WebAssembly function of a guest's function, or undefined where it is not compiled. */
  functionOf(index: number): number | undefined;
  signatureOf(index: number): Signature;
  /** Functions of the table, in order. */
  readonly table: readonly number[];
  /** A signature by its index in the program. */
  signature(index: number): Signature;
}

/** The signature of a compiled function: the guest's, with fuel and room behind the parameters, and fuel behind the results. */
export function compiledSignature({ parameters, results }: Signature): WasmSignature {
  return { parameters: [...parameters, 'i32', 'i32'], results: [...results, 'i32'] };
}

const sameSignature = (left: Signature, right: Signature): boolean =>
  left.parameters.join() === right.parameters.join() && left.results.join() === right.results.join();

/** Whether an instruction ends compiled execution: what it does is not, or cannot be, compiled. */
export function leavesCompiled({ row, operands }: PlacedInstruction, around: Surroundings): boolean {
  return row.does.some((effect) => {
    switch (effect.kind) {
      case 'bell':
      case 'wait':
      case 'poll':
        return true;
      case 'call':
        return around.functionOf(operands[row.operands.findIndex(({ name }) => name === effect.callee)] as number) === undefined;
      case 'call_table':
        return around.table.length > TABLE_MAX || around.table.some((entry) => around.functionOf(entry) === undefined);
      default:
        return false;
    }
  });
}

/** Instructions of the largest function whose registers are written to frames only where they are live. */
const EXACT_INSTRUCTIONS_MAX = 2000;
/** Tables beyond this size are called by the interpreter. */
const TABLE_MAX = 1024;
const I32 = Object.freeze({ store: 0x36, load: 0x28, sub: 0x6b, add: 0x6a, or: 0x72, shl: 0x74, shr_u: 0x76, lt_s: 0x48, ge_u: 0x4f, eqz: 0x45 });
const I64 = Object.freeze({ extend_u: 0xad, add: 0x7c, sub: 0x7d, shl: 0x86, gt_u: 0x56 });
const STORES: Readonly<Record<ValueType, number>> = { i32: 0x36, i64: 0x37, f64: 0x39 };
const LOADS: Readonly<Record<ValueType, number>> = { i32: 0x28, i64: 0x29, f64: 0x2b };

type Label = { readonly kind: 'block' | 'loop' | 'if'; readonly node: number | 'fuel' | 'leave' | 'unwind' | undefined };

/** One place in a module's code and the instruction that stands there. */
export interface CodeMark {
  /** Bytes from the start of the function's code. */
  readonly offset: number;
  readonly pc: number;
}

/** The lowering of the code that is reached from one instruction of one function. */
export class Lowering {
  readonly #code: WasmBytes;
  readonly #locals = new Map<number, number>();
  readonly #labels: Label[] = [];
  /** What is still to be written, the next one last. */
  readonly #tasks: (() => void)[] = [];
  readonly #fuel: number;
  readonly #room: number;
  readonly #pc: number;
  readonly #why: number;
  readonly #base: number;
  readonly #blocks: ReadonlyMap<number, Block>;
  readonly #structure: Structure | undefined;
  readonly #spilled: RegisterSet;
  readonly #frameBytes: number;
  /** Where each instruction that may trap in the host, or call, begins. */
  readonly marks: CodeMark[] = [];

  /**
   * @param target the function that gets the code: of `compiledSignature`, or for an entry at a loop of no parameters and results
   * @param root where execution begins; 0 and not `isEntry` for the function itself
   */
  constructor(
    readonly around: Surroundings,
    readonly index: number,
    readonly types: readonly ValueType[],
    readonly body: DecodedFunction,
    readonly target: WasmFunction,
    readonly root: number,
    readonly isEntry: boolean,
  ) {
    this.#code = target.code;
    const { parameters } = around.signatureOf(index);
    if (isEntry) {
      this.#fuel = target.local('i32');
      this.#room = target.local('i32');
    } else {
      parameters.forEach((_, register) => this.#locals.set(register, register));
      this.#fuel = parameters.length;
      this.#room = parameters.length + 1;
    }
    this.#pc = target.local('i32');
    this.#why = target.local('i32');
    this.#base = target.local('i32');
    this.#frameBytes = types.length * REGISTER_BYTES + 8;
    this.#blocks = blocksFrom(body, root, (instruction) => leavesCompiled(instruction, around));
    const graph = new Map([...this.#blocks].map(([pc, { successors }]) => [pc, successors]));
    this.#structure = structureOf(graph, root, (pc) => this.#last(pc).row.does.at(-1)?.kind === 'jump_table');
    this.#spilled = this.#liveWhereLeft();
  }

  /** Whether the control flow has a structure; where not, the function is left to the interpreter. */
  get isReducible(): boolean {
    return this.#structure !== undefined;
  }

  #last(pc: number): PlacedInstruction {
    return this.#blocks.get(pc)?.instructions.at(-1) as PlacedInstruction;
  }

  /** Registers that are live at a place where compiled code may be left for another engine to go on. */
  #liveWhereLeft(): RegisterSet {
    const live = new Uint32Array((this.types.length + 31) >> 5);
    // The sets of all places of a large function would take time with the square of its size: all registers serve as well.
    if (this.body.pcs.length > EXACT_INSTRUCTIONS_MAX) return live.fill(0xffffffff);
    for (const { instructions } of this.#blocks.values()) {
      for (const instruction of instructions) {
        const may = instruction.row.does.some(
          ({ kind }) => kind === 'check' || kind === 'call' || kind === 'call_table' || kind === 'bell' || kind === 'wait' || kind === 'poll',
        );
        if (!may) continue;
        this.body.liveBefore(instruction.pc).forEach((bits, at) => {
          live[at] = ((live[at] as number) | bits) >>> 0;
        });
      }
    }
    return live;
  }

  #local(register: number): number {
    let local = this.#locals.get(register);
    if (local === undefined) {
      local = this.target.local(this.types[register] as ValueType);
      this.#locals.set(register, local);
    }
    return local;
  }

  /** Writes the function's code. */
  write(): void {
    const code = this.#code;
    this.#open('unwind');
    this.#open('leave');
    this.#open('fuel');
    const skipsCheck = this.#prologue();
    this.#next(() => this.#tree(this.root, skipsCheck));
    for (let task = this.#tasks.pop(); task !== undefined; task = this.#tasks.pop()) task();
    code.raw(WASM.unreachable);
    this.#close();
    code.raw(WASM.i32_const).s32(0).raw(WASM.local_set).u32(this.#fuel);
    code.raw(WASM.i32_const).s32(WHY.fuel).raw(WASM.local_set).u32(this.#why);
    this.#close();
    this.#storeCell(CELL.fuel, () => code.raw(WASM.local_get).u32(this.#fuel));
    this.#storeCell(CELL.room, () => code.raw(WASM.local_get).u32(this.#room));
    this.#storeCell(CELL.why, () => code.raw(WASM.local_get).u32(this.#why));
    this.#close();
    this.#spill();
    this.#giveNothing();
  }

  #open(node: Label['node'], kind: Label['kind'] = 'block'): void {
    this.#code.raw(kind === 'loop' ? WASM.loop : kind === 'if' ? WASM.if : WASM.block, WASM.empty);
    this.#labels.push({ kind, node });
  }
  #close(): void {
    this.#code.raw(WASM.end);
    this.#labels.pop();
  }
  #depth(node: Label['node'], kind: Label['kind'] = 'block'): number {
    for (let depth = 0; depth < this.#labels.length; depth++) {
      const label = this.#labels[this.#labels.length - 1 - depth] as Label;
      if (label.kind === kind && label.node === node) return depth;
    }
    throw new Error(`no ${kind} ${String(node)} is open: the structure is sound`);
  }
  #storeCell(at: number, value: () => void): void {
    this.#code.raw(WASM.i32_const).s32(0);
    value();
    this.#code.raw(I32.store, 2).u32(at);
  }
  #setConstant(local: number, value: number): void {
    this.#code.raw(WASM.i32_const).s32(value).raw(WASM.local_set).u32(local);
  }

  /** Takes room for the frame and, where it can be done with one test, executes the first `check`. @returns whether it did */
  #prologue(): boolean {
    const code = this.#code;
    if (this.isEntry) {
      code.raw(WASM.i32_const).s32(0).raw(I32.load, 2).u32(CELL.fuel).raw(WASM.local_set).u32(this.#fuel);
      code.raw(WASM.i32_const).s32(0).raw(I32.load, 2).u32(CELL.room).raw(WASM.i32_const).s32(this.#frameBytes).raw(I32.sub, WASM.local_set).u32(this.#room);
      const live = this.body.liveBefore(this.root);
      this.types.forEach((type, register) => {
        if (!hasRegister(live, register)) return;
        code
          .raw(WASM.i32_const)
          .s32(0)
          .raw(LOADS[type], 0)
          .u32(FRAMES + register * REGISTER_BYTES)
          .raw(WASM.local_set)
          .u32(this.#local(register));
      });
      return false;
    }
    const isLoop = this.#structure?.loops.has(this.root) === true;
    code.raw(WASM.local_get).u32(this.#room).raw(WASM.i32_const).s32(this.#frameBytes).raw(I32.sub, WASM.local_tee).u32(this.#room);
    if (!isLoop) code.raw(WASM.local_get).u32(this.#fuel).raw(WASM.i32_const).s32(1).raw(I32.sub, WASM.local_tee).u32(this.#fuel).raw(I32.or);
    code.raw(WASM.i32_const).s32(0).raw(I32.lt_s);
    this.#open(undefined, 'if');
    // Without room the caller is left at its call, whose frame there is not yet and whose check has not been executed.
    code.raw(WASM.local_get).u32(this.#room).raw(WASM.i32_const).s32(0).raw(I32.lt_s);
    this.#open(undefined, 'if');
    this.#storeCell(CELL.fuel, () =>
      code
        .raw(WASM.local_get)
        .u32(this.#fuel)
        .raw(WASM.i32_const)
        .s32(isLoop ? 0 : 1)
        .raw(I32.add),
    );
    this.#storeCell(CELL.room, () => code.raw(WASM.local_get).u32(this.#room).raw(WASM.i32_const).s32(this.#frameBytes).raw(I32.add));
    this.#storeCell(CELL.why, () => code.raw(WASM.i32_const).s32(WHY.call));
    this.#giveNothing();
    this.#close();
    code.raw(WASM.br).u32(this.#depth('fuel'));
    this.#close();
    return !isLoop;
  }

  /** Returns while compiled code is being left. */
  #giveNothing(): void {
    const code = this.#code;
    if (!this.isEntry) {
      for (const type of this.around.signatureOf(this.index).results) this.#constant(type, type === 'i64' ? 0n : 0);
      code.raw(WASM.i32_const).s32(-1);
    }
    code.raw(WASM.return);
  }

  /** Writes the function's frame where frames of this stretch lie. */
  #spill(): void {
    const code = this.#code;
    const end = FRAMES + ALLOWANCE;
    // The driver gives at most ALLOWANCE, and moves the end with what it gives: see `CELL.room`.
    code
      .raw(WASM.i32_const)
      .s32(end - this.#frameBytes)
      .raw(WASM.local_get)
      .u32(this.#room)
      .raw(I32.sub, WASM.local_set)
      .u32(this.#base);
    this.types.forEach((type, register) => {
      if (!hasRegister(this.#spilled, register)) return;
      code
        .raw(WASM.local_get)
        .u32(this.#base)
        .raw(WASM.local_get)
        .u32(this.#local(register))
        .raw(STORES[type], 0)
        .u32(register * REGISTER_BYTES);
    });
    const trailer = this.types.length * REGISTER_BYTES;
    code.raw(WASM.local_get).u32(this.#base).raw(WASM.i32_const).s32(this.index).raw(I32.store, 2).u32(trailer);
    code
      .raw(WASM.local_get)
      .u32(this.#base)
      .raw(WASM.local_get)
      .u32(this.#pc)
      .raw(I32.store, 2)
      .u32(trailer + 4);
  }

  /** What is written next, in this order, before what was to be written next. No recursion: a function may be a chain of thousands of blocks. */
  #next(...tasks: (() => void)[]): void {
    this.#tasks.push(...tasks.reverse());
  }
  readonly #closing = (): void => this.#close();

  #tree(node: number, skipsCheck = false): void {
    const { loops, inside } = this.#structure as Structure;
    if (loops.has(node)) {
      this.#open(node, 'loop');
      this.#next(this.#closing);
    }
    const behind = inside.get(node) as readonly number[];
    for (const other of behind) {
      this.#open(other);
      this.#next(this.#closing, () => this.#tree(other));
    }
    this.#block(this.#blocks.get(node) as Block, skipsCheck);
  }

  #isBackward(from: number, to: number): boolean {
    const { order } = this.#structure as Structure;
    return (order.get(to) as number) <= (order.get(from) as number);
  }
  /** The label by which an edge leaves, or undefined if the target stands right here. */
  #labelOf(from: number, to: number): number | undefined {
    if (this.#isBackward(from, to)) return this.#depth(to, 'loop');
    return (this.#structure as Structure).merges.has(to) ? this.#depth(to) : undefined;
  }
  #goTo(from: number, to: number): void {
    const label = this.#labelOf(from, to);
    if (label === undefined) this.#next(() => this.#tree(to));
    else this.#code.raw(WASM.br).u32(label);
  }

  #block({ pc, instructions, successors }: Block, skipsCheck: boolean): void {
    instructions.forEach((instruction, at) => {
      if (skipsCheck && at === 0) return;
      new InstructionLowering(this, instruction).write(pc, successors);
    });
    const last = instructions.at(-1) as PlacedInstruction;
    const kind = last.row.does.at(-1)?.kind;
    const isTerminator = kind === 'branch' || kind === 'jump' || kind === 'jump_table' || kind === 'return' || kind === 'trap';
    if (!isTerminator && successors.length === 1) this.#goTo(pc, successors[0] as number);
  }

  // What the lowering of an instruction needs.

  get code(): WasmBytes {
    return this.#code;
  }
  getRegister(register: number): void {
    this.#code.raw(WASM.local_get).u32(this.#local(register));
  }
  setRegister(register: number): void {
    this.#code.raw(WASM.local_set).u32(this.#local(register));
  }
  get fuelLocal(): number {
    return this.#fuel;
  }
  get roomLocal(): number {
    return this.#room;
  }
  constant(type: 'i32' | 'i64' | 'f64' | 'f32', value: number | bigint): void {
    this.#constant(type, value);
  }
  #constant(type: 'i32' | 'i64' | 'f64' | 'f32', value: number | bigint): void {
    if (type === 'i32') this.#code.raw(WASM.i32_const).s32(Number(value));
    else if (type === 'i64') this.#code.raw(WASM.i64_const).s64(BigInt(value));
    else if (type === 'f64') this.#code.raw(WASM.f64_const).f64(Number(value));
    else throw new Error('no meaning holds a constant of f32');
  }
  /** The instruction at which compiled code is left next, if it is. */
  setPc(pc: number): void {
    this.#setConstant(this.#pc, pc);
  }
  /** Leaves compiled code if the i32 on the stack is not zero. */
  leaveIf(): void {
    this.#code.raw(WASM.br_if).u32(this.#depth('leave'));
  }
  setWhy(why: number): void {
    this.#setConstant(this.#why, why);
  }
  leave(pc: number, why: number): void {
    this.setPc(pc);
    this.setWhy(why);
    this.#code.raw(WASM.br).u32(this.#depth('leave'));
  }
  leaveForFuelIf(): void {
    this.#code.raw(WASM.br_if).u32(this.#depth('fuel'));
  }
  unwindIf(): void {
    this.#code.raw(WASM.br_if).u32(this.#depth('unwind'));
  }
  open(): void {
    this.#open(undefined);
  }
  openIf(): void {
    this.#open(undefined, 'if');
  }
  close(): void {
    this.#close();
  }
  storeCell(at: number, value: () => void): void {
    this.#storeCell(at, value);
  }
  branch(from: number, [taken, next]: readonly number[], condition: () => void): void {
    const code = this.#code;
    const takenLabel = this.#labelOf(from, taken as number);
    if (takenLabel !== undefined) {
      condition();
      code.raw(WASM.br_if).u32(takenLabel);
      return this.#goTo(from, next as number);
    }
    const nextLabel = this.#labelOf(from, next as number);
    condition();
    if (nextLabel !== undefined) {
      code.raw(I32.eqz, WASM.br_if).u32(nextLabel);
      return this.#goTo(from, taken as number);
    }
    this.#open(undefined, 'if');
    this.#next(
      () => this.#tree(taken as number),
      () => code.raw(WASM.else),
      () => this.#tree(next as number),
      this.#closing,
    );
  }
  goTo(from: number, to: number): void {
    this.#goTo(from, to);
  }
  branchTable(from: number, successors: readonly number[]): void {
    const code = this.#code.raw(WASM.br_table).u32(successors.length - 1);
    for (const to of successors) code.u32(this.#labelOf(from, to) as number);
  }
  returnValues(registers: readonly number[]): void {
    const code = this.#code;
    if (this.isEntry) {
      registers.forEach((register, at) => {
        code.raw(WASM.i32_const).s32(0);
        this.getRegister(register);
        code.raw(STORES[this.types[register] as ValueType], 0).u32(FRAMES + at * REGISTER_BYTES);
      });
      this.#storeCell(CELL.fuel, () => code.raw(WASM.local_get).u32(this.#fuel));
      this.#storeCell(CELL.why, () => code.raw(WASM.i32_const).s32(WHY.returned));
    } else {
      for (const register of registers) this.getRegister(register);
      code.raw(WASM.local_get).u32(this.#fuel);
    }
    code.raw(WASM.return);
  }
  mark(pc: number): void {
    this.marks.push({ offset: this.#code.length, pc });
  }
}

/** One instruction. */
class InstructionLowering {
  readonly #code: WasmBytes;

  constructor(
    readonly body: Lowering,
    readonly instruction: PlacedInstruction,
  ) {
    this.#code = body.code;
  }

  /** @param block the pc of the block that holds it, whose successors are given */
  write(block: number, successors: readonly number[]): void {
    for (const effect of this.instruction.row.does) this.#effect(effect, block, successors);
  }

  #operand(name: string): { readonly value: OperandValue; readonly type: ValueType | undefined; readonly isRegister: boolean } {
    const { row, operands } = this.instruction;
    const position = row.operands.findIndex((operand) => operand.name === name);
    const { kind, type } = row.operands[position] as (typeof row.operands)[number];
    return { value: operands[position] as OperandValue, type, isRegister: kind === 'read' || kind === 'write' };
  }
  #list(name: string): readonly number[] {
    return this.#operand(name).value as readonly number[];
  }

  #value(expression: Expression): void {
    const { body } = this;
    switch (expression.kind) {
      case 'operand': {
        const { value, type, isRegister } = this.#operand(expression.name);
        if (isRegister) return body.getRegister(value as number);
        return body.constant(type ?? 'i32', value as number | bigint);
      }
      case 'constant':
        return body.constant(expression.type, expression.value);
      case 'apply':
        for (const value of expression.values) this.#value(value);
        this.#code.raw(...OPERATOR_BYTES[expression.operator]);
        return;
      case 'select':
        this.#value(expression.then);
        this.#value(expression.otherwise);
        this.#value(expression.condition);
        this.#code.raw(WASM.select);
        return;
      case 'load':
        this.#access(expression.access, expression, undefined);
        return;
      case 'memory_bytes':
        this.#code
          .raw(WASM.memory_size, 0, WASM.i32_const)
          .s32(BIAS >> 16)
          .raw(I32.sub, WASM.i32_const)
          .s32(16)
          .raw(I32.shl);
        return;
      default:
        return expression satisfies never;
    }
  }

  #access(access: Access, { base, offset }: { readonly base: Expression | undefined; readonly offset: Expression }, value: Expression | undefined): void {
    if (offset.kind !== 'operand') throw new Error('an offset is an operand: the book is checked');
    const at = (this.#operand(offset.name).value as number) + BIAS;
    if (base === undefined) this.#code.raw(WASM.i32_const).s32(0);
    else this.#value(base);
    if (value !== undefined) this.#value(value);
    this.body.mark(this.instruction.pc);
    // No memory reaches there, with its own offset or with this one.
    if (at > 0xffffffff) this.#code.raw(WASM.unreachable);
    this.#code.raw(WASM_ACCESSES[access], 0).u32(Math.min(at, 0xffffffff));
  }

  #trapIf(code: number, condition: () => void): void {
    this.body.setPc(this.instruction.pc);
    this.body.setWhy(WHY.trap + code);
    condition();
    this.body.leaveIf();
  }

  /** The bytes from an address on, as an i64, and whether they end beyond memory. */
  #rangeEndsBeyond(start: Expression, bytes: Expression): void {
    const code = this.#code;
    this.#value(start);
    code.raw(I64.extend_u);
    this.#value(bytes);
    code.raw(I64.extend_u, I64.add);
    code.raw(WASM.memory_size, 0, I64.extend_u, WASM.i64_const).s64(16n).raw(I64.shl, WASM.i64_const).s64(BigInt(BIAS)).raw(I64.sub, I64.gt_u);
  }
  #biased(address: Expression): void {
    this.#value(address);
    this.#code.raw(WASM.i32_const).s32(BIAS).raw(I32.add);
  }
  #chargeFor(bytes: Expression): void {
    const { body } = this;
    const code = this.#code;
    const shift = Math.log2(BYTES_PER_FUEL);
    code.raw(WASM.local_get).u32(body.fuelLocal);
    this.#value(bytes);
    code
      .raw(WASM.i32_const)
      .s32(BYTES_PER_FUEL - 1)
      .raw(I32.add, WASM.i32_const)
      .s32(shift)
      .raw(I32.shr_u, I32.sub, WASM.local_tee)
      .u32(body.fuelLocal);
    code.raw(WASM.i32_const).s32(0).raw(I32.lt_s);
    body.openIf();
    body.storeCell(CELL.debt, () => {
      code.raw(WASM.i32_const).s32(0).raw(I32.load, 2).u32(CELL.debt).raw(WASM.local_get).u32(body.fuelLocal).raw(I32.sub);
    });
    code.raw(WASM.i32_const).s32(0).raw(WASM.local_set).u32(body.fuelLocal);
    body.close();
  }

  #effect(effect: Effect, block: number, successors: readonly number[]): void {
    const { body } = this;
    const { pc } = this.instruction;
    const code = this.#code;
    switch (effect.kind) {
      case 'set':
        this.#value(effect.value);
        return body.setRegister(this.#operand(effect.to).value as number);
      case 'store':
        return this.#access(effect.access, effect, effect.value);
      case 'trap_if':
        return this.#trapIf(TRAPS[effect.trap].code, () => this.#value(effect.condition));
      case 'trap':
        return body.leave(pc, WHY.trap + (this.#operand(effect.code).value as number));
      case 'branch':
        return body.branch(block, successors, () => this.#value(effect.condition));
      case 'jump':
        return body.goTo(block, successors[0] as number);
      case 'jump_table':
        this.#value(effect.index);
        return body.branchTable(block, successors);
      case 'call': {
        const callee = this.#operand(effect.callee).value as number;
        const target = body.around.functionOf(callee);
        if (target === undefined) return body.leave(pc, WHY.call);
        return this.#call(effect.values, effect.results, () => code.raw(WASM.call).u32(target));
      }
      case 'call_table':
        return this.#callTable(effect);
      case 'return':
        return body.returnValues(this.#list(effect.values));
      case 'check':
        body.setPc(pc);
        code.raw(WASM.local_get).u32(body.fuelLocal).raw(WASM.i32_const).s32(1).raw(I32.sub, WASM.local_tee).u32(body.fuelLocal);
        code.raw(WASM.i32_const).s32(0).raw(I32.lt_s);
        return body.leaveForFuelIf();
      case 'copy':
        this.#trapIf(TRAPS.memory_access.code, () => {
          this.#rangeEndsBeyond(effect.to, effect.bytes);
          this.#rangeEndsBeyond(effect.from, effect.bytes);
          code.raw(I32.or);
        });
        this.#biased(effect.to);
        this.#biased(effect.from);
        this.#value(effect.bytes);
        code.raw(WASM.prefix, WASM.memory_copy, 0, 0);
        return this.#chargeFor(effect.bytes);
      case 'fill':
        this.#trapIf(TRAPS.memory_access.code, () => this.#rangeEndsBeyond(effect.to, effect.bytes));
        this.#biased(effect.to);
        this.#value(effect.value);
        this.#value(effect.bytes);
        code.raw(WASM.prefix, WASM.memory_fill, 0);
        return this.#chargeFor(effect.bytes);
      case 'bell':
      case 'wait':
      case 'poll':
        return body.leave(pc, WHY.port);
      default:
        return effect satisfies never;
    }
  }

  #call(values: string, results: string, call: () => void): void {
    const { body } = this;
    const code = this.#code;
    body.setPc(this.instruction.pc);
    for (const register of this.#list(values)) body.getRegister(register);
    code.raw(WASM.local_get).u32(body.fuelLocal).raw(WASM.local_get).u32(body.roomLocal);
    body.mark(this.instruction.pc);
    call();
    // While code is being left the results are not the callee's: registers keep what the call, made anew, needs.
    code.raw(WASM.local_tee).u32(body.fuelLocal).raw(WASM.i32_const).s32(0).raw(I32.lt_s);
    body.unwindIf();
    // Of a register that is named twice the last result stays.
    const set = new Set<number>();
    for (const register of [...this.#list(results)].reverse()) {
      if (set.has(register)) code.raw(WASM.drop);
      else body.setRegister(register);
      set.add(register);
    }
  }

  #callTable(effect: Extract<Effect, { kind: 'call_table' }>): void {
    const { body } = this;
    const code = this.#code;
    const { table } = body.around;
    if (leavesCompiled(this.instruction, body.around)) return body.leave(this.instruction.pc, WHY.call);
    const signature = body.around.signature(this.#operand(effect.signature).value as number);
    this.#trapIf(TRAPS.undefined_function.code, () => {
      this.#value(effect.index);
      code.raw(WASM.i32_const).s32(table.length).raw(I32.ge_u);
    });
    const fits = table.map((entry) => sameSignature(body.around.signatureOf(entry), signature));
    if (fits.includes(false)) {
      body.open();
      body.open();
      this.#value(effect.index);
      code.raw(WASM.br_table).u32(fits.length);
      for (const isFit of [...fits, false]) code.u32(isFit ? 1 : 0);
      body.close();
      body.leave(this.instruction.pc, WHY.trap + TRAPS.signature_mismatch.code);
      body.close();
    }
    this.#call(effect.values, effect.results, () => {
      this.#value(effect.index);
      code
        .raw(WASM.call_indirect)
        .u32(body.around.module.signature(compiledSignature(signature)))
        .raw(0);
    });
  }
}
