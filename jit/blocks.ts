/**
 * Basic blocks of a function, and how control flows among those that can be reached from a given instruction.
 *
 * Derived from decoded instructions; only kinds of effects and operands are looked at. An instruction that leaves compiled code (a port
 * instruction, a call of what is not compiled) ends its block without a successor: the interpreter goes on behind it.
 */
import type { DecodedFunction, PlacedInstruction } from '../vm/internal/index.js';
import { factsOf } from './facts.js';

/** A run of instructions that is entered only at its first. */
export interface Block {
  readonly pc: number;
  readonly instructions: readonly PlacedInstruction[];
  /** The blocks that may follow, by pc. For a conditional branch: taken, then not taken. For a jump table: cases, then default. */
  readonly successors: readonly number[];
}

const NONE: readonly number[] = [];

/** Where an instruction may go by itself, as pcs, its own next one excepted. */
export function targetsOf({ pc, row, operands }: PlacedInstruction): readonly number[] {
  if (!factsOf(row).hasTargets) return NONE;
  return row.operands.flatMap(({ kind }, position) => {
    if (kind === 'targets') return (operands[position] as readonly number[]).map((target) => pc + target);
    return kind.startsWith('branch') ? [pc + (operands[position] as number)] : [];
  });
}

/** What is asked of a function more than once. */
interface Places {
  /** The pcs that some instruction goes to. */
  readonly targets: readonly number[];
  /** Those that one goes back to. */
  readonly heads: readonly number[];
}

const places = new WeakMap<DecodedFunction, Places>();

function placesOf(body: DecodedFunction): Places {
  let found = places.get(body);
  if (found === undefined) {
    const targets = new Set<number>();
    const heads = new Set<number>();
    for (const pc of body.pcs) {
      if (!factsOf(body.rowAt(pc)).hasTargets) continue;
      for (const target of targetsOf(body.at(pc))) {
        targets.add(target);
        if (target <= pc) heads.add(target);
      }
    }
    found = { targets: [...targets], heads: [...heads].sort((left, right) => left - right) };
    places.set(body, found);
  }
  return found;
}

/** The pcs of the checks at which loops begin. */
export function loopHeads(body: DecodedFunction): readonly number[] {
  return placesOf(body).heads;
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
  const leaders = new Set([root, ...placesOf(body).targets]);
  const blocks = new Map<number, Block>();
  const work = [root];
  for (let start = work.pop(); start !== undefined; start = work.pop()) {
    if (blocks.has(start)) continue;
    const instructions: PlacedInstruction[] = [];
    let successors: readonly number[] | undefined;
    for (let pc = start; successors === undefined; ) {
      const instruction = body.at(pc);
      instructions.push(instruction);
      const kind = factsOf(instruction.row).end;
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
