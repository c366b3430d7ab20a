/**
 * Liveness: which registers of a function still matter before and after an instruction, as isa-spec/snapshot.md defines it.
 *
 * The least fixpoint of the usual backward data flow over the operands that the book declares. A program may be hostile, so time and memory are bounded by
 * its size: facts move along edges between blocks, each register along each edge once at most, and nothing is kept for an instruction.
 * Nothing here runs code.
 */
import { decode, type Instruction } from '../isa-spec/index.js';

/** A set of registers: bit n of word n / 32. */
export type RegisterSet = Uint32Array;

/** Whether a register is in a set. */
export function hasRegister(set: RegisterSet, register: number): boolean {
  return ((set[register >> 5] as number) & (1 << (register & 31))) !== 0;
}

const LEAVES = new Set(['jump', 'jump_table', 'return', 'trap']);
const ENDS_BLOCK = new Set([...LEAVES, 'branch', 'call', 'call_table']);

const lastEffect = ({ row }: Instruction): string => row.does[row.does.length - 1]?.kind as string;

function forEachTarget({ row, operands }: Instruction, pc: number, visit: (target: number) => void): void {
  row.operands.forEach(({ kind }, position) => {
    if (kind === 'targets') for (const target of operands[position] as readonly number[]) visit(pc + target);
    else if (kind === 'branch8' || kind === 'branch24' || kind === 'branch32') visit(pc + (operands[position] as number));
  });
}

function forEachRegister({ row, operands }: Instruction, single: 'read' | 'write', list: 'values' | 'results', visit: (register: number) => void): void {
  row.operands.forEach(({ kind }, position) => {
    if (kind === single) visit(operands[position] as number);
    else if (kind === list) for (const register of operands[position] as readonly number[]) visit(register);
  });
}

/** The live registers of one function. */
export class Liveness {
  readonly #code: Int32Array;
  /** The pc of each instruction, ascending. */
  readonly #pcs: Int32Array;
  /** The index in `#pcs` of each block's first instruction, and one past the last. */
  readonly #blocks: Int32Array;
  /** Words of a set, and for each block the registers that are live before it. */
  readonly #width: number;
  readonly #live: Uint32Array;

  /**
   * @param code the function's words
   * @param pcs the pc of each instruction, ascending
   * @param registers count of the function's registers
   */
  constructor(code: Int32Array, pcs: Int32Array, registers: number) {
    this.#code = code;
    this.#pcs = pcs;
    this.#width = (registers + 31) >> 5;
    this.#blocks = this.#findBlocks();
    const edges = this.#findEdges();
    this.#live = new Uint32Array((this.#blocks.length - 1) * this.#width);
    for (let slice = 0; slice < this.#width; slice++) this.#solve(edges, slice);
  }

  /** The registers whose values the instruction at `pc`, or one after it, may read. */
  before(pc: number): RegisterSet {
    return this.#walk(pc, true);
  }

  /** The registers whose values an instruction after that at `pc` may read. */
  after(pc: number): RegisterSet {
    return this.#walk(pc, false);
  }

  #instruction(index: number): Instruction {
    return decode(this.#code, this.#pcs[index] as number) as Instruction;
  }

  /** A block begins at the entry, at every target, and behind whatever branches, leaves or calls. */
  #findBlocks(): Int32Array {
    const begins = new Uint8Array(this.#code.length + 1);
    begins[0] = 1;
    let count = 0;
    this.#pcs.forEach((pc, index) => {
      const instruction = this.#instruction(index);
      forEachTarget(instruction, pc, (target) => {
        begins[target] = 1;
      });
      if (ENDS_BLOCK.has(lastEffect(instruction))) begins[this.#pcs[index + 1] ?? this.#code.length] = 1;
    });
    for (const pc of this.#pcs) count += begins[pc] as number;
    const blocks = new Int32Array(count + 1);
    let block = 0;
    this.#pcs.forEach((pc, index) => {
      if (begins[pc] === 1) blocks[block++] = index;
    });
    blocks[count] = this.#pcs.length;
    return blocks;
  }

  /** Calls `visit` for the pc of each block that may follow a block. */
  #forEachNext(block: number, visit: (pc: number) => void): void {
    const last = (this.#blocks[block + 1] as number) - 1;
    const instruction = this.#instruction(last);
    forEachTarget(instruction, this.#pcs[last] as number, visit);
    if (!LEAVES.has(lastEffect(instruction))) visit(this.#pcs[last + 1] as number);
  }

  /** The block that begins at a pc, or in which it lies. */
  #blockOf(pc: number): number {
    let low = 0;
    let high = this.#blocks.length - 2;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#pcs[this.#blocks[middle] as number] as number) <= pc) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** For each block the blocks before it: those of block b are `before[starts[b]]` to `before[starts[b + 1] - 1]`. */
  #findEdges(): { readonly starts: Int32Array; readonly before: Int32Array } {
    const count = this.#blocks.length - 1;
    const starts = new Int32Array(count + 2);
    for (let block = 0; block < count; block++) {
      this.#forEachNext(block, (pc) => {
        const place = this.#blockOf(pc) + 2;
        starts[place] = (starts[place] as number) + 1;
      });
    }
    for (let block = 1; block < starts.length; block++) starts[block] = (starts[block] as number) + (starts[block - 1] as number);
    const before = new Int32Array(starts[count + 1] as number);
    for (let block = 0; block < count; block++) {
      this.#forEachNext(block, (pc) => {
        // While a list fills, its start is kept one place further on.
        const place = this.#blockOf(pc) + 1;
        before[starts[place] as number] = block;
        starts[place] = (starts[place] as number) + 1;
      });
    }
    return { starts, before };
  }

  /** Solves for 32 registers: whatever becomes live before a block becomes so before its predecessors, unless they write it. */
  #solve({ starts, before }: { readonly starts: Int32Array; readonly before: Int32Array }, slice: number): void {
    const count = this.#blocks.length - 1;
    const written = new Uint32Array(count);
    const news = new Uint32Array(count);
    const work = new Int32Array(count);
    let waiting = 0;
    for (let block = 0; block < count; block++) {
      let reads = 0;
      let writes = 0;
      const bitOf = (register: number): number => (register >> 5 === slice ? 1 << (register & 31) : 0);
      for (let index = (this.#blocks[block + 1] as number) - 1; index >= (this.#blocks[block] as number); index--) {
        const instruction = this.#instruction(index);
        let touched = 0;
        forEachRegister(instruction, 'write', 'results', (register) => {
          touched |= bitOf(register);
        });
        reads &= ~touched;
        writes |= touched;
        forEachRegister(instruction, 'read', 'values', (register) => {
          reads |= bitOf(register);
        });
      }
      written[block] = writes;
      this.#live[block * this.#width + slice] = reads;
      news[block] = reads;
      if (reads !== 0) work[waiting++] = block;
    }
    while (waiting > 0) {
      const block = work[--waiting] as number;
      const found = news[block] as number;
      news[block] = 0;
      for (let edge = starts[block] as number; edge < (starts[block + 1] as number); edge++) {
        const earlier = before[edge] as number;
        const place = earlier * this.#width + slice;
        const added = found & ~(written[earlier] as number) & ~(this.#live[place] as number);
        if (added === 0) continue;
        this.#live[place] = (this.#live[place] as number) | added;
        if (news[earlier] === 0) work[waiting++] = earlier;
        news[earlier] = (news[earlier] as number) | added;
      }
    }
  }

  #walk(pc: number, isBefore: boolean): RegisterSet {
    const block = this.#blockOf(pc);
    const first = this.#blocks[block] as number;
    if (isBefore && this.#pcs[first] === pc) return this.#live.slice(block * this.#width, (block + 1) * this.#width);
    const live: RegisterSet = new Uint32Array(this.#width);
    this.#forEachNext(block, (next) => {
      const at = this.#blockOf(next) * this.#width;
      for (let word = 0; word < live.length; word++) live[word] = (live[word] as number) | (this.#live[at + word] as number);
    });
    for (let index = (this.#blocks[block + 1] as number) - 1; ; index--) {
      const isLast = this.#pcs[index] === pc;
      if (isLast && !isBefore) return live;
      const instruction = this.#instruction(index);
      forEachRegister(instruction, 'write', 'results', (register) => {
        live[register >> 5] = (live[register >> 5] as number) & ~(1 << (register & 31));
      });
      forEachRegister(instruction, 'read', 'values', (register) => {
        live[register >> 5] = (live[register >> 5] as number) | (1 << (register & 31));
      });
      if (isLast) return live;
    }
  }
}
