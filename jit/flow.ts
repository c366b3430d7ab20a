/**
 * The flow graph of what is compiled as one: blocks of a function from one of its instructions on, with the blocks of small functions in the place of calls.
 *
 * Nodes are numbers, in the order in which they were made; the root is 0. Later steps add nodes that only move fuel or choose a way. Nothing here
 * knows WebAssembly.
 */
import type { Effect } from '../isa-spec/index.js';
import { decodedFunction, type PlacedInstruction } from '../vm/internal/index.js';
import { blocksFrom, loopHeads } from './blocks.js';
import { factsOf } from './facts.js';
import { frameBytes, type Scope } from './scope.js';
import { leavesCompiled, type Surroundings } from './surroundings.js';

/** Instructions of a block. */
export interface CodeNode {
  readonly kind: 'code';
  readonly scope: Scope;
  readonly instructions: readonly PlacedInstruction[];
  readonly successors: readonly number[];
  /** The function whose code stands in the place of the call that ends the block. */
  readonly enters: Scope | undefined;
  /** Units of fuel that a `check` at the beginning charges: 1, or those of several turns, or 0 where an earlier one paid. */
  readonly charge: number;
  /** Units that were paid for turns not yet begun; given back where code is left within the block. */
  readonly prepaid: number;
}

/** Gives back units of fuel that were paid for turns of a loop that is left. */
export interface RefundNode {
  readonly kind: 'refund';
  readonly units: number;
  readonly successors: readonly [number];
}

/** Sets the number by which the next `dispatch` goes on. */
export interface ChooseNode {
  readonly kind: 'choose';
  readonly choice: number;
  readonly successors: readonly [number];
}

/** Goes on at the successor that was chosen. */
export interface DispatchNode {
  readonly kind: 'dispatch';
  readonly successors: readonly number[];
}

export type FlowNode = CodeNode | RefundNode | ChooseNode | DispatchNode;

/** A flow graph; node 0 is the root. */
export type Flow = readonly FlowNode[];

/** Instructions of the largest function that may stand in the place of its call. */
const INLINED_INSTRUCTIONS_MAX = 24;
/** Instructions that all functions in the places of calls have together, at most. */
const INLINED_TOTAL_MAX = 120;
/** Calls within calls that are replaced, at most. */
const INLINED_DEPTH_MAX = 3;

/** How a block ends: the kind of its last effect. */
export function endOf({ instructions }: CodeNode): Effect['kind'] {
  return factsOf((instructions.at(-1) as PlacedInstruction).row).end;
}

/** Whether a node goes on by a jump table, whose edges can only leave blocks. */
export function isTable(node: FlowNode): boolean {
  return node.kind === 'dispatch' || (node.kind === 'code' && endOf(node) === 'jump_table');
}

/** What may still be put in the place of calls. */
class Allowance {
  #instructions = INLINED_TOTAL_MAX;
  #registers: number;

  constructor(
    readonly around: Surroundings,
    outermost: Scope,
  ) {
    // The host's stack has to hold the registers of all, and the room for frames is what bounds the depth of calls on it.
    this.#registers = 2 * frameBytes(outermost);
  }

  /** The scope of the function that an instruction calls, if its code is to stand in the call's place. */
  enter(scope: Scope, call: PlacedInstruction): Scope | undefined {
    const { call: effect, places } = factsOf(call.row);
    if (effect === undefined) return undefined;
    const index = call.operands[places.get(effect.callee) as number] as number;
    if (this.around.functionOf(index) === undefined) return undefined;
    let depth = 1;
    for (let at = scope.caller; at !== undefined; at = at.scope.caller) depth++;
    const types = this.around.program.registersOf(index);
    const body = decodedFunction(this.around.program, index);
    const instructions = body.pcs.length;
    if (depth > INLINED_DEPTH_MAX || instructions > INLINED_INSTRUCTIONS_MAX || instructions > this.#instructions || types.length > this.#registers) {
      return undefined;
    }
    if (loopHeads(body).length > 0) return undefined;
    this.#instructions -= instructions;
    this.#registers -= types.length;
    const entered = { index, types, body, caller: { scope, call }, bytesAbove: 0 };
    return { ...entered, bytesAbove: scope.bytesAbove + frameBytes(entered) };
  }
}

/** The flow graph of a function from one of its instructions on. */
export function flowOf(outermost: Scope, root: number, around: Surroundings): Flow {
  const allowance = new Allowance(around, outermost);
  const nodes: { -readonly [Key in keyof CodeNode]: CodeNode[Key] }[] = [];
  const work: { readonly scope: Scope; readonly root: number; readonly from: number | undefined; readonly behind: number | undefined }[] = [
    { scope: outermost, root, from: undefined, behind: undefined },
  ];
  for (let at = 0; at < work.length; at++) {
    const { scope, root: first, from, behind } = work[at] as (typeof work)[number];
    const entered = new Map<number, Scope | undefined>();
    const enters = (instruction: PlacedInstruction): Scope | undefined => {
      if (factsOf(instruction.row).call === undefined) return undefined;
      if (!entered.has(instruction.pc)) entered.set(instruction.pc, allowance.enter(scope, instruction));
      return entered.get(instruction.pc);
    };
    const leaves = (instruction: PlacedInstruction): boolean => leavesCompiled(instruction, around);
    const blocks = blocksFrom(scope.body, first, leaves, (instruction) => enters(instruction) !== undefined);
    const numbers = new Map([...blocks.keys()].map((pc, place) => [pc, nodes.length + place]));
    const number = (pc: number): number => numbers.get(pc) as number;
    for (const { instructions, successors } of blocks.values()) {
      const last = instructions.at(-1) as PlacedInstruction;
      const callee = entered.get(last.pc);
      const node = {
        kind: 'code' as const,
        scope,
        instructions,
        successors: successors.map(number),
        enters: callee,
        charge: 1,
        prepaid: 0,
      };
      if (behind !== undefined && endOf(node) === 'return') node.successors = [behind];
      if (callee !== undefined) work.push({ scope: callee, root: 0, from: nodes.length, behind: node.successors[0] });
      nodes.push(node);
    }
    if (from !== undefined) (nodes[from] as (typeof nodes)[number]).successors = [number(first)];
  }
  return nodes;
}
