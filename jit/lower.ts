/**
 * What is compiled as one, as one function of WebAssembly: where registers are, how it is entered and left, and its blocks in their structure.
 *
 * Registers are locals. Fuel and the room left for frames are two locals more, handed from caller to callee; the fuel comes back as the last result.
 * A negative one means that compiled code is being left: each function then writes its frame to the private memory and returns too. Every place where
 * that may happen sets the local `exit` first and leaves by a branch to code that stands once, behind the body; see docs/decisions/compiled-code.md.
 */
import { REGISTER_BYTES, type ValueType } from '../isa-spec/index.js';
import { hasRegister, type RegisterSet } from '../vm/internal/index.js';
import { type Structured, structured } from './dispatch.js';
import { factsOf } from './facts.js';
import { type CodeNode, endOf, type FlowNode } from './flow.js';
import { chargeOnto, refund } from './fuel.js';
import { Increments } from './increments.js';
import { InstructionLowering } from './instruction.js';
import { ALLOWANCE, CELL, EXIT_PC_BITS, FRAMES, WHY } from './layout.js';
import { I32, LOADS, STORES } from './numbers.js';
import { chainOf, frameBytes, type Scope } from './scope.js';
import { flowFrom, type Shape } from './shape.js';
import type { Surroundings } from './surroundings.js';
import { WASM, type WasmBytes, type WasmFunction } from './wasm.js';

/** Parts of a function that are written in one step. */
const TASKS_AT_ONCE = 128;
/** Instructions of the largest function whose registers are written to frames only where they are live. */
const EXACT_INSTRUCTIONS_MAX = 2000;

/** A place that can be branched to: what follows a node's `block`, or a node's `loop`, or what leaves a scope. */
type Label = { readonly kind: 'block' | 'loop' | 'if'; readonly node: number | Scope | undefined; readonly part?: 'leave' | 'unwind' };

/** One place in a module's code and the instruction that stands there. */
export interface CodeMark {
  /** Bytes from the start of the function's code. */
  readonly offset: number;
  readonly scope: Scope;
  readonly pc: number;
}

/** The lowering of the code that is reached from one instruction of one function. */
export class Lowering {
  readonly code: WasmBytes;
  /** Where each instruction that may trap in the host, or call, begins. */
  readonly marks: CodeMark[] = [];
  /** The function that is compiled. */
  readonly scope: Scope;
  readonly fuel: number;
  readonly room: number;
  readonly #exit: number;
  readonly #base: number;
  #choice: number | undefined;
  /** What is put off where code is being written. */
  #increments = new Increments();
  readonly #locals = new Map<Scope, number[]>();
  readonly #labels: Label[] = [];
  /** What is still to be written, the next one last. */
  readonly #tasks: (() => void)[] = [];
  readonly #structured: Structured;
  /** The scopes that have blocks, callers first, with the registers that have to be in their frames. */
  readonly #scopes: ReadonlyMap<Scope, RegisterSet>;

  /**
   * @param target the function that gets the code: of `compiledSignature`, or for an entry at a `check` of no parameters and results
   * @param root where execution begins; 0 and not `isEntry` for the function itself
   */
  constructor(
    readonly around: Surroundings,
    shape: Shape,
    readonly target: WasmFunction,
    readonly root: number,
    readonly isEntry: boolean,
  ) {
    const { program } = around;
    this.code = target.code;
    this.scope = shape.scope;
    const { parameters } = program.signatureOf(this.scope.index);
    if (isEntry) {
      this.fuel = target.local('i32');
      this.room = target.local('i32');
    } else {
      this.#locals.set(this.scope, [...parameters.keys()]);
      this.fuel = parameters.length;
      this.room = parameters.length + 1;
    }
    this.#exit = target.local('i32');
    this.#base = target.local('i32');
    this.#structured = structured(root === 0 ? shape.flow : flowFrom(shape, root, around));
    this.#scopes = this.#scopesIn(this.#structured.flow);
  }

  /** What the registers of each scope are live in where compiled code may be left for another engine to go on. */
  #scopesIn(flow: readonly FlowNode[]): ReadonlyMap<Scope, RegisterSet> {
    const scopes = new Map<Scope, Uint32Array>();
    for (const node of flow) {
      if (node.kind !== 'code') continue;
      const { scope, instructions } = node;
      let live = scopes.get(scope);
      if (live === undefined) {
        live = new Uint32Array((scope.types.length + 31) >> 5);
        // The sets of all places of a large function would take time with the square of its size: all registers serve as well.
        if (scope.body.pcs.length > EXACT_INSTRUCTIONS_MAX) live.fill(0xffffffff);
        scopes.set(scope, live);
      }
      if (scope.body.pcs.length > EXACT_INSTRUCTIONS_MAX) continue;
      for (const { row, pc } of instructions) {
        if (!factsOf(row).isLeavable) continue;
        const bits = scope.body.liveBefore(pc);
        for (let at = 0; at < live.length; at++) live[at] = ((live[at] as number) | (bits[at] as number)) >>> 0;
      }
    }
    return scopes;
  }

  #local(scope: Scope, register: number): number {
    let locals = this.#locals.get(scope);
    if (locals === undefined) {
      locals = [];
      this.#locals.set(scope, locals);
    }
    locals[register] ??= this.target.local(scope.types[register] as ValueType);
    return locals[register] as number;
  }

  /** Writes the function's code, in steps. */
  *write(): Generator<undefined, void> {
    const { code } = this;
    // A scope leaves through its callers, so theirs is behind its own.
    const scopes = [...this.#scopes.keys()];
    for (const scope of scopes) {
      this.#open('block', scope, 'unwind');
      this.#open('block', scope, 'leave');
    }
    const skipsCheck = this.#prologue();
    this.#next(() => this.#tree(0, skipsCheck));
    for (let done = 1; this.#tasks.length > 0; done++) {
      this.#tasks.pop()?.();
      if (done % TASKS_AT_ONCE === 0) yield;
    }
    yield;
    code.raw(WASM.unreachable);
    for (const scope of scopes.reverse()) {
      this.close();
      this.storeCell(CELL.fuel, () => code.raw(WASM.local_get).u32(this.fuel));
      this.storeCell(CELL.room, () => this.#roomOf(scope));
      this.storeCell(CELL.why, () => code.raw(WASM.local_get).u32(this.#exit).raw(WASM.i32_const).s32(EXIT_PC_BITS).raw(I32.shr_u));
      this.close();
      this.#spill(scope);
      if (scope.caller === undefined) {
        this.#giveNothing();
      } else {
        this.setExit(scope.caller.call.pc);
        code.raw(WASM.br).u32(this.#depth('block', scope.caller.scope, 'unwind'));
      }
    }
  }

  #open(kind: Label['kind'], node?: Label['node'], part?: 'leave' | 'unwind'): void {
    this.code.raw(kind === 'loop' ? WASM.loop : kind === 'if' ? WASM.if : WASM.block, WASM.empty);
    this.#labels.push(part === undefined ? { kind, node } : { kind, node, part });
  }
  #depth(kind: Label['kind'], node: Label['node'], part?: 'leave' | 'unwind'): number {
    for (let depth = 0; depth < this.#labels.length; depth++) {
      const label = this.#labels[this.#labels.length - 1 - depth] as Label;
      if (label.kind === kind && label.node === node && label.part === part) return depth;
    }
    throw new Error(`no ${kind} of ${typeof node === 'object' ? part : node} is open: the structure is sound`);
  }

  /** Puts the room above a scope's frame on the stack. */
  #roomOf({ bytesAbove }: Scope): void {
    this.code.raw(WASM.local_get).u32(this.room);
    if (bytesAbove > 0) this.code.raw(WASM.i32_const).s32(bytesAbove).raw(I32.sub);
  }

  /** Takes room for the frame and, where it can be done with one test, executes the first `check`. @returns whether it did */
  #prologue(): boolean {
    const { code, scope } = this;
    const bytes = frameBytes(scope);
    if (this.isEntry) {
      code.raw(WASM.i32_const).s32(0).raw(I32.load, 2).u32(CELL.fuel).raw(WASM.local_set).u32(this.fuel);
      code.raw(WASM.i32_const).s32(0).raw(I32.load, 2).u32(CELL.room).raw(WASM.i32_const).s32(bytes).raw(I32.sub, WASM.local_set).u32(this.room);
      const live = scope.body.liveBefore(this.root);
      scope.types.forEach((type, register) => {
        if (!hasRegister(live, register)) return;
        code
          .raw(WASM.i32_const)
          .s32(0)
          .raw(LOADS[type], 0)
          .u32(FRAMES + register * REGISTER_BYTES)
          .raw(WASM.local_set)
          .u32(this.#local(scope, register));
      });
      return false;
    }
    const isLoop = this.#structured.structure.loops.has(0);
    code.raw(WASM.local_get).u32(this.room).raw(WASM.i32_const).s32(bytes).raw(I32.sub, WASM.local_tee).u32(this.room);
    if (!isLoop) chargeOnto(code, this.fuel);
    code.raw(WASM.i32_const).s32(0).raw(I32.lt_s);
    this.#open('if');
    // Whatever is missing, the check has not been executed.
    if (!isLoop) refund(code, this.fuel, 1);
    // Without room the caller is left at its call, whose frame there is not yet.
    code.raw(WASM.local_get).u32(this.room).raw(WASM.i32_const).s32(0).raw(I32.lt_s);
    this.#open('if');
    this.storeCell(CELL.fuel, () => code.raw(WASM.local_get).u32(this.fuel));
    this.storeCell(CELL.room, () => code.raw(WASM.local_get).u32(this.room).raw(WASM.i32_const).s32(bytes).raw(I32.add));
    this.storeCell(CELL.why, () => code.raw(WASM.i32_const).s32(WHY.call));
    this.#giveNothing();
    this.close();
    this.setExit(0, WHY.fuel);
    code.raw(WASM.br).u32(this.#depth('block', scope, 'leave'));
    this.close();
    return !isLoop;
  }

  /** Returns while compiled code is being left. */
  #giveNothing(): void {
    const { code } = this;
    if (!this.isEntry) {
      for (const type of this.around.program.signatureOf(this.scope.index).results) this.constant(type, 0);
      code.raw(WASM.i32_const).s32(-1);
    }
    code.raw(WASM.return);
  }

  /** Writes a scope's frame where frames of this stretch lie. */
  #spill(scope: Scope): void {
    const { code } = this;
    // The driver gives at most ALLOWANCE, and moves the end with what it gives: see `CELL.room`.
    code
      .raw(WASM.i32_const)
      .s32(FRAMES + ALLOWANCE + scope.bytesAbove - frameBytes(scope))
      .raw(WASM.local_get)
      .u32(this.room)
      .raw(I32.sub, WASM.local_set)
      .u32(this.#base);
    const spilled = this.#scopes.get(scope) as RegisterSet;
    scope.types.forEach((type, register) => {
      if (!hasRegister(spilled, register)) return;
      code
        .raw(WASM.local_get)
        .u32(this.#base)
        .raw(WASM.local_get)
        .u32(this.#local(scope, register))
        .raw(STORES[type], 0)
        .u32(register * REGISTER_BYTES);
    });
    const trailer = scope.types.length * REGISTER_BYTES;
    code.raw(WASM.local_get).u32(this.#base).raw(WASM.i32_const).s32(scope.index).raw(I32.store, 2).u32(trailer);
    code
      .raw(WASM.local_get)
      .u32(this.#base)
      .raw(WASM.local_get)
      .u32(this.#exit)
      .raw(WASM.i32_const)
      .s32(2 ** EXIT_PC_BITS - 1)
      .raw(I32.and, I32.store, 2)
      .u32(trailer + 4);
  }

  /** What is written next, in this order, before what was to be written next. No recursion: a function may be a chain of thousands of blocks. */
  #next(...tasks: (() => void)[]): void {
    this.#tasks.push(...tasks.reverse());
  }
  readonly #closing = (): void => this.close();

  #tree(at: number, skipsCheck = false): void {
    const { loops, inside, order } = this.#structured.structure;
    if (loops.has(at)) {
      this.settle();
      this.#open('loop', at);
      this.#next(this.#closing);
    }
    for (const other of inside[order[at] as number] as readonly number[]) {
      this.#open('block', other);
      this.#next(this.#closing, () => {
        this.#increments = new Increments();
        this.#tree(other);
      });
    }
    this.#node(at, skipsCheck);
  }

  #node(at: number, skipsCheck: boolean): void {
    const node = this.#structured.flow[at] as FlowNode;
    const { code } = this;
    switch (node.kind) {
      case 'code':
        return this.#block(at, node, skipsCheck);
      case 'refund':
        refund(code, this.fuel, node.units);
        return this.goTo(at, node.successors[0]);
      case 'choose':
        this.#choice ??= this.target.local('i32');
        code.raw(WASM.i32_const).s32(node.choice).raw(WASM.local_set).u32(this.#choice);
        return this.goTo(at, node.successors[0]);
      case 'dispatch':
        this.#choice ??= this.target.local('i32');
        code.raw(WASM.local_get).u32(this.#choice);
        return this.branchTable(at, node.successors);
      default:
        return node satisfies never;
    }
  }

  #block(at: number, node: CodeNode, skipsCheck: boolean): void {
    node.instructions.forEach((instruction, place) => {
      if (skipsCheck && place === 0) return;
      if (this.around.marksAll) this.mark(node.scope, instruction.pc);
      new InstructionLowering(this, at, node, instruction).write(place === 0 ? node.charge : 1);
    });
    const end = endOf(node);
    const isTerminator = end === 'branch' || end === 'jump' || end === 'jump_table' || end === 'return' || end === 'trap';
    if (!isTerminator && node.successors.length === 1) this.goTo(at, node.successors[0] as number);
  }

  // What the lowering of an instruction needs.

  getRegister(scope: Scope, register: number): void {
    const by = this.getBase(scope, register);
    if (by > 0) this.code.raw(WASM.i32_const).s32(by).raw(I32.add);
  }
  /** Puts what a register was on the stack. @returns what has to be added to have its value */
  getBase(scope: Scope, register: number): number {
    const local = this.#local(scope, register);
    this.code.raw(WASM.local_get).u32(local);
    return this.#increments.of(local);
  }
  setRegister(scope: Scope, register: number): void {
    const local = this.#local(scope, register);
    this.code.raw(WASM.local_set).u32(local);
    this.#increments.forget(local);
  }
  /** Memory was accessed at the value of a register. */
  accessedAt(scope: Scope, register: number): void {
    this.#increments.access(this.#local(scope, register));
  }
  /** Puts an addition to a register off, if that is possible. */
  deferAddition(scope: Scope, register: number, by: number): boolean {
    return this.#increments.defer(this.#local(scope, register), by);
  }
  get hasDeferred(): boolean {
    return this.#increments.all.length > 0;
  }
  /** Writes the additions that were put off, for a way that ends here. */
  addDeferred(): void {
    for (const [local, by] of this.#increments.all)
      this.code.raw(WASM.local_get).u32(local).raw(WASM.i32_const).s32(by).raw(I32.add, WASM.local_set).u32(local);
  }
  /** Writes the additions that were put off; from here on registers are what their locals hold. */
  settle(): void {
    this.addDeferred();
    this.#increments = new Increments();
  }
  constant(type: 'i32' | 'i64' | 'f64' | 'f32', value: number | bigint): void {
    if (type === 'i32') this.code.raw(WASM.i32_const).s32(Number(value));
    else if (type === 'i64') this.code.raw(WASM.i64_const).s64(BigInt(value));
    else if (type === 'f64') this.code.raw(WASM.f64_const).f64(Number(value));
    else throw new Error('no meaning holds a constant of f32');
  }
  storeCell(at: number, value: () => void): void {
    this.code.raw(WASM.i32_const).s32(0);
    value();
    this.code.raw(I32.store, 2).u32(at);
  }
  open(): void {
    this.#open('block');
  }
  openIf(): void {
    this.#open('if');
  }
  close(): void {
    this.code.raw(WASM.end);
    this.#labels.pop();
  }
  /** Sets at which instruction of a scope compiled code is left next, if it is, and why. */
  setExit(pc: number, why = 0): void {
    this.code
      .raw(WASM.i32_const)
      .s32((why << EXIT_PC_BITS) | pc)
      .raw(WASM.local_set)
      .u32(this.#exit);
  }
  leave(scope: Scope): void {
    this.code.raw(WASM.br).u32(this.#depth('block', scope, 'leave'));
  }
  /** Leaves compiled code if the i32 on the stack is not zero. */
  leaveIf(scope: Scope): void {
    this.code.raw(WASM.br_if).u32(this.#depth('block', scope, 'leave'));
  }
  unwindIf(scope: Scope): void {
    this.code.raw(WASM.br_if).u32(this.#depth('block', scope, 'unwind'));
  }
  /** Puts fuel and the room that a callee of a scope has on the stack. */
  handOver(scope: Scope): void {
    this.code.raw(WASM.local_get).u32(this.fuel);
    this.#roomOf(scope);
  }
  mark(scope: Scope, pc: number): void {
    this.marks.push({ offset: this.code.length, scope, pc });
  }

  /** The label by which an edge leaves, or undefined if the target stands right here. */
  #labelOf(from: number, to: number): number | undefined {
    const { order, merges } = this.#structured.structure;
    if ((order[to] as number) <= (order[from] as number)) return this.#depth('loop', to);
    return merges.has(to) ? this.#depth('block', to) : undefined;
  }
  goTo(from: number, to: number): void {
    const label = this.#labelOf(from, to);
    if (label === undefined) return this.#next(() => this.#tree(to));
    this.settle();
    this.code.raw(WASM.br).u32(label);
  }
  branch(from: number, [taken, next]: readonly number[], condition: () => void): void {
    const { code } = this;
    const takenLabel = this.#labelOf(from, taken as number);
    const nextLabel = this.#labelOf(from, next as number);
    if (takenLabel !== undefined || nextLabel !== undefined) this.settle();
    condition();
    if (takenLabel !== undefined) {
      code.raw(WASM.br_if).u32(takenLabel);
      return this.goTo(from, next as number);
    }
    if (nextLabel !== undefined) {
      code.raw(I32.eqz, WASM.br_if).u32(nextLabel);
      return this.goTo(from, taken as number);
    }
    this.#open('if');
    const both = this.#increments;
    this.#next(
      () => {
        this.#increments = new Increments(both);
        this.#tree(taken as number);
      },
      () => {
        code.raw(WASM.else);
        this.#increments = both;
        this.#tree(next as number);
      },
      this.#closing,
    );
  }
  branchTable(from: number, successors: readonly number[]): void {
    this.code.raw(WASM.br_table).u32(successors.length - 1);
    for (const to of successors) this.code.u32(this.#labelOf(from, to) as number);
  }
  /** Leaves the compiled function with its results. */
  returnValues(registers: readonly number[]): void {
    const { code, scope } = this;
    if (this.isEntry) {
      registers.forEach((register, at) => {
        code.raw(WASM.i32_const).s32(0);
        this.getRegister(scope, register);
        code.raw(STORES[scope.types[register] as ValueType], 0).u32(FRAMES + at * REGISTER_BYTES);
      });
      this.storeCell(CELL.fuel, () => code.raw(WASM.local_get).u32(this.fuel));
      this.storeCell(CELL.why, () => code.raw(WASM.i32_const).s32(WHY.returned));
    } else {
      for (const register of registers) this.getRegister(scope, register);
      code.raw(WASM.local_get).u32(this.fuel);
    }
    code.raw(WASM.return);
  }
}

/** The guest's functions in progress at a mark, the outermost first, each with its pc. */
export function placesOf({ scope, pc }: CodeMark): readonly (readonly [index: number, pc: number])[] {
  const chain = chainOf(scope);
  return chain.map(({ index }, depth) => [index, chain[depth + 1]?.caller?.call.pc ?? pc] as const);
}
