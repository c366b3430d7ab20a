/**
 * Basic blocks of a function, and how control flows among those that can be reached from a given instruction.
 *
 * Derived from decoded instructions; only kinds of effects and operands are looked at. An instruction that leaves compiled code (a port
 * instruction, a call of what is not compiled) ends its block without a successor: the interpreter goes on behind it.
 */
import type { DecodedFunction, PlacedInstruction } from '../vm/internal/index.js';

/** A run of instructions that is entered only at its first. */
export interface Block {
  readonly pc: number;
  readonly instructions: readonly PlacedInstruction[];
  /** The blocks that may follow, by pc. For a conditional branch: taken, then not taken. For a jump table: cases, then default. */
  readonly successors: readonly number[];
}

/** Where an instruction may go by itself, as pcs, its own next one excepted. */
export function targetsOf({ pc, row, operands }: PlacedInstruction): number[] {
  return row.operands.flatMap(({ kind }, position) => {
    if (kind === 'targets') return (operands[position] as readonly number[]).map((target) => pc + target);
    return kind.startsWith('branch') ? [pc + (operands[position] as number)] : [];
  });
}

/** The pcs of the checks at which loops begin. */
export function loopHeads({ instructions }: DecodedFunction): number[] {
  const heads = new Set<number>();
  for (const instruction of instructions) for (const target of targetsOf(instruction)) if (target <= instruction.pc) heads.add(target);
  return [...heads].sort((left, right) => left - right);
}

const ENDS = new Set(['jump', 'jump_table', 'return', 'trap']);

/**
 * The blocks that can be reached from the instruction at `root`, by pc; `root` begins one.
 * @param leaves whether an instruction leaves compiled code
 * @param ends whether an instruction ends its block and goes on behind itself
 */
export function blocksFrom(
  body: DecodedFunction,
  root: number,
  leaves: (instruction: PlacedInstruction) => boolean,
  ends: (instruction: PlacedInstruction) => boolean,
): ReadonlyMap<number, Block> {
  const leaders = new Set([root, ...body.instructions.flatMap(targetsOf)]);
  const blocks = new Map<number, Block>();
  const work = [root];
  for (let start = work.pop(); start !== undefined; start = work.pop()) {
    if (blocks.has(start)) continue;
    const instructions: PlacedInstruction[] = [];
    let successors: number[] | undefined;
    for (let pc = start; successors === undefined; ) {
      const instruction = body.at(pc);
      instructions.push(instruction);
      const kind = instruction.row.does.at(-1)?.kind as string;
      pc += instruction.words;
      if (leaves(instruction)) successors = [];
      else if (kind === 'branch') successors = [...targetsOf(instruction), pc];
      else if (ENDS.has(kind)) successors = targetsOf(instruction);
      else if (leaders.has(pc) || ends(instruction)) successors = [pc];
    }
    blocks.set(start, { pc: start, instructions, successors });
    work.push(...successors);
  }
  return blocks;
}
