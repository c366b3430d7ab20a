/**
 * Functions as lists of decoded instructions, and which registers are live where.
 *
 * Derived from a verified program when first asked for, and kept as long as the program is. Liveness is the least fixpoint of the usual
 * backward data flow over the operands that the book declares; the loader and snapshots use it. Nothing here runs code.
 */
import { decode, wordCount, type Instruction } from '../isa-spec/index.js';
import type { VerifiedProgram } from './verify.js';

/** One instruction of a function in its place. */
export interface PlacedInstruction extends Instruction {
  /** Words from the function's first. */
  readonly pc: number;
  /** Words of the instruction. */
  readonly words: number;
}

/** A set of registers: bit n of word n / 32. */
export type RegisterSet = Uint32Array;

/** Whether a register is in a set. */
export function hasRegister(set: RegisterSet, register: number): boolean {
  return ((set[register >> 5] as number) & (1 << (register & 31))) !== 0;
}

function add(set: RegisterSet, register: number): void {
  set[register >> 5] = (set[register >> 5] as number) | (1 << (register & 31));
}

function remove(set: RegisterSet, register: number): void {
  set[register >> 5] = (set[register >> 5] as number) & ~(1 << (register & 31));
}

/** @returns whether that added anything */
function unite(set: RegisterSet, more: RegisterSet): boolean {
  let changed = false;
  for (let at = 0; at < set.length; at++) {
    const before = set[at] as number;
    const after = (before | (more[at] as number)) >>> 0;
    set[at] = after;
    changed ||= after !== before;
  }
  return changed;
}

const LEAVES = new Set(['jump', 'jump_table', 'return', 'trap']);

/** One function, decoded. */
export class DecodedFunction {
  readonly #at = new Map<number, number>();
  #liveAt: Map<number, RegisterSet> | undefined;

  constructor(
    /** In order of pc. */
    readonly instructions: readonly PlacedInstruction[],
    /** Count of the function's registers. */
    readonly registers: number,
  ) {
    instructions.forEach(({ pc }, index) => this.#at.set(pc, index));
  }

  /** The instruction that begins at a pc. @throws RangeError if none does */
  at(pc: number): PlacedInstruction {
    const index = this.#at.get(pc);
    if (index === undefined) throw new RangeError(`no instruction begins at word ${pc}`);
    return this.instructions[index] as PlacedInstruction;
  }

  /** Whether an instruction begins at a pc. */
  has(pc: number): boolean {
    return this.#at.has(pc);
  }

  /** The registers whose values the instruction at `pc`, or one after it, may read. */
  liveBefore(pc: number): RegisterSet {
    return this.#walk(this.#flow(), pc, true);
  }

  /** The registers whose values an instruction after that at `pc` may read. */
  liveAfter(pc: number): RegisterSet {
    return this.#walk(this.#flow(), pc, false);
  }

  /** Live sets before each instruction that is a branch's target: from them the rest follows by walking back. */
  #flow(): Map<number, RegisterSet> {
    if (this.#liveAt !== undefined) return this.#liveAt;
    const liveAt = new Map<number, RegisterSet>();
    for (const { pc, row, operands } of this.instructions) {
      row.operands.forEach(({ kind }, position) => {
        if (kind.startsWith('branch')) liveAt.set(pc + (operands[position] as number), this.#none());
        if (kind === 'targets') for (const target of operands[position] as readonly number[]) liveAt.set(pc + target, this.#none());
      });
    }
    for (let changed = true; changed; ) {
      changed = false;
      let live = this.#none();
      for (let index = this.instructions.length - 1; index >= 0; index--) {
        const instruction = this.instructions[index] as PlacedInstruction;
        live = this.#before(instruction, this.#out(instruction, live, liveAt));
        const target = liveAt.get(instruction.pc);
        if (target !== undefined && unite(target, live)) changed = true;
      }
    }
    this.#liveAt = liveAt;
    return liveAt;
  }

  #walk(liveAt: ReadonlyMap<number, RegisterSet>, pc: number, before: boolean): RegisterSet {
    const first = this.#at.get(pc) as number;
    let last = first;
    while (!LEAVES.has(this.instructions[last]?.row.does.at(-1)?.kind as string) && !liveAt.has(this.instructions[last + 1]?.pc as number)) last++;
    let live = liveAt.get(this.instructions[last + 1]?.pc as number)?.slice() ?? this.#none();
    for (let index = last; index >= first; index--) {
      const instruction = this.instructions[index] as PlacedInstruction;
      live = this.#out(instruction, live, liveAt);
      if (index > first || before) live = this.#before(instruction, live);
    }
    return live;
  }

  /** Live after an instruction, given what is live before the next one. */
  #out({ pc, row, operands }: PlacedInstruction, next: RegisterSet, liveAt: ReadonlyMap<number, RegisterSet>): RegisterSet {
    const live = LEAVES.has(row.does.at(-1)?.kind as string) ? this.#none() : next.slice();
    row.operands.forEach(({ kind }, position) => {
      const targets = kind === 'targets' ? (operands[position] as readonly number[]) : kind.startsWith('branch') ? [operands[position] as number] : [];
      for (const target of targets) unite(live, liveAt.get(pc + target) as RegisterSet);
    });
    return live;
  }

  #before({ row, operands }: PlacedInstruction, after: RegisterSet): RegisterSet {
    row.operands.forEach(({ kind }, position) => {
      if (kind === 'write') remove(after, operands[position] as number);
      if (kind === 'results') for (const register of operands[position] as readonly number[]) remove(after, register);
    });
    row.operands.forEach(({ kind }, position) => {
      if (kind === 'read') add(after, operands[position] as number);
      if (kind === 'values') for (const register of operands[position] as readonly number[]) add(after, register);
    });
    return after;
  }

  #none(): RegisterSet {
    return new Uint32Array((this.registers + 31) >> 5);
  }
}

const decoded = new WeakMap<VerifiedProgram, Map<number, DecodedFunction>>();

/** A function of a verified program, decoded. */
export function decodedFunction(program: VerifiedProgram, index: number): DecodedFunction {
  let functions = decoded.get(program);
  if (functions === undefined) {
    functions = new Map();
    decoded.set(program, functions);
  }
  let found = functions.get(index);
  if (found === undefined) {
    const start = program.starts[index] as number;
    const end = program.starts[index + 1] as number;
    const instructions: PlacedInstruction[] = [];
    for (let at = start; at < end; ) {
      const instruction = decode(program.program.code, at, end) as Instruction;
      const words = wordCount(instruction.row, program.program.code, at);
      instructions.push({ ...instruction, pc: at - start, words });
      at += words;
    }
    found = new DecodedFunction(instructions, program.registersOf(index).length);
    functions.set(index, found);
  }
  return found;
}
