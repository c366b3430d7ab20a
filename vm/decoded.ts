/**
 * Functions as decoded instructions, and which registers are live where.
 *
 * Derived from a verified program when first asked for, and kept as long as the program is. A program may be as large as the limits allow, and hostile: what is
 * kept for each instruction is its pc, and instructions are objects only as long as somebody looks at them. Nothing here runs code.
 */
import { decode, rowOfWord, wordCount, type Instruction, type Row } from '../isa-spec/index.js';
import { Liveness, type RegisterSet } from './liveness.js';
import type { VerifiedProgram } from './verify.js';

export { hasRegister, type RegisterSet } from './liveness.js';

/** One instruction of a function in its place. */
export interface PlacedInstruction extends Instruction {
  /** Words from the function's first. */
  readonly pc: number;
  /** Words of the instruction. */
  readonly words: number;
}

/** Most instructions of one function that are kept as objects. */
const KEPT_MAX = 1 << 16;

/** One function, decoded. */
export class DecodedFunction {
  /** The pc of each instruction, ascending. */
  readonly pcs: Int32Array;
  readonly #kept = new Map<number, PlacedInstruction>();
  #liveness: Liveness | undefined;

  constructor(
    /** The function's words; verified. */
    readonly code: Int32Array,
    /** Count of the function's registers. */
    readonly registers: number,
  ) {
    const pcs = new Int32Array(code.length);
    let count = 0;
    for (let pc = 0; pc < code.length; pc += wordCount(this.rowAt(pc), code, pc)) pcs[count++] = pc;
    this.pcs = count === pcs.length ? pcs : pcs.slice(0, count);
  }

  /** The row of the instruction that begins at a pc. */
  rowAt(pc: number): Row {
    return rowOfWord(this.code[pc] as number) as Row;
  }

  /** The instruction that begins at a pc. @throws RangeError if none does */
  at(pc: number): PlacedInstruction {
    const kept = this.#kept.get(pc);
    if (kept !== undefined) return kept;
    if (!this.has(pc)) throw new RangeError(`no instruction begins at word ${pc}`);
    const instruction = decode(this.code, pc) as Instruction;
    const found = { ...instruction, pc, words: wordCount(instruction.row, this.code, pc) };
    if (this.#kept.size >= KEPT_MAX) this.#kept.clear();
    this.#kept.set(pc, found);
    return found;
  }

  /** Whether an instruction begins at a pc. */
  has(pc: number): boolean {
    let low = 0;
    let high = this.pcs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.pcs[middle] as number) <= pc) low = middle;
      else high = middle - 1;
    }
    return this.pcs[low] === pc;
  }

  /** All instructions in order. For functions whose size the caller has looked at: `pcs` tells how many there are. */
  get instructions(): readonly PlacedInstruction[] {
    return Array.from(this.pcs, (pc) => this.at(pc));
  }

  /** The registers whose values the instruction at `pc`, or one after it, may read. */
  liveBefore(pc: number): RegisterSet {
    return this.#flow().before(pc);
  }

  /** The registers whose values an instruction after that at `pc` may read. */
  liveAfter(pc: number): RegisterSet {
    return this.#flow().after(pc);
  }

  #flow(): Liveness {
    this.#liveness ??= new Liveness(this.code, this.pcs, this.registers);
    return this.#liveness;
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
    const code = program.program.code.subarray(program.starts[index], program.starts[index + 1]);
    found = new DecodedFunction(code, program.registersOf(index).length);
    functions.set(index, found);
  }
  return found;
}
