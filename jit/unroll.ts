/**
 * Small innermost loops several times in a row, so that fuel is tested and taken once for several turns.
 *
 * What a turn charges is known: one unit, at the `check` where it begins. The first of the copies takes the units of all of them, if they are there; where
 * they are not, code is left with nothing taken, and the turns that are left to do are the interpreter's. A turn that leaves the loop gives back what was paid for
 * those behind it. So whoever looks at a place where code can be left sees the fuel that he would see without.
 */
import { factsOf } from './facts.js';
import type { CodeNode, Flow, FlowNode } from './flow.js';
import { loopAt } from './loops.js';
import type { Structure } from './structure.js';

/** Instructions of a loop with all its copies, at most, and copies. */
const UNROLLED_INSTRUCTIONS_MAX = 96;
const COPIES_MAX = 8;
/** Instructions that all copies of a function's loops have together, beyond the first copies: so many, or as many as the function, if it has more. */
const ADDED_INSTRUCTIONS_MAX = 512;

const sizeOf = (node: FlowNode | undefined): number => (node?.kind === 'code' ? node.instructions.length : 0);

/** Times that the loop is written, or 1 if it stays as it is, and instructions of each. */
function copiesOf(flow: Flow, body: readonly number[], addedMax: number): readonly [copies: number, instructions: number] {
  const asItIs = [1, 0] as const;
  let instructions = 0;
  let checks = 0;
  for (const at of body) {
    const node = flow[at] as FlowNode;
    if (node.kind !== 'code' || node.enters !== undefined) return asItIs;
    instructions += node.instructions.length;
    for (const { row } of node.instructions) {
      const { isPlain, isCheck } = factsOf(row);
      if (!isPlain) return asItIs;
      if (isCheck) checks++;
    }
  }
  const first = (flow[body[0] as number] as CodeNode).instructions[0];
  if (checks !== 1 || first === undefined || !factsOf(first.row).isCheck) return asItIs;
  const copies = Math.min(COPIES_MAX, Math.floor(UNROLLED_INSTRUCTIONS_MAX / instructions), 1 + Math.floor(addedMax / instructions));
  return [Math.max(1, copies), instructions];
}

/** The flow graph with its small innermost loops several times in a row. */
export function unroll(flow: Flow, structure: Structure): Flow {
  if (structure.loops.size === 0) return flow;
  const nodes = [...flow];
  let addedMax = Math.max(
    ADDED_INSTRUCTIONS_MAX,
    structure.nodes.reduce((sum, node) => sum + sizeOf(flow[node]), 0),
  );
  for (const head of structure.loops) {
    const body = [...loopAt(head, structure)];
    if (body.some((node) => node !== head && structure.loops.has(node))) continue;
    const [copies, instructions] = copiesOf(flow, body, addedMax);
    if (copies === 1) continue;
    addedMax -= (copies - 1) * instructions;
    repeat(nodes, body, copies);
  }
  return nodes.length === flow.length ? flow : nodes;
}

/** Writes a loop `copies` times; a turn that ends goes on in the next copy. */
function repeat(nodes: FlowNode[], body: readonly number[], copies: number): void {
  const [head] = body as readonly [number];
  const first = nodes.length;
  const originals = body.map((at) => nodes[at] as CodeNode);
  const places = new Map(body.map((at, place) => [at, place]));
  /** Where a node of the loop is in a copy: the first copy stands in the loop's own place. */
  const numberIn = (copy: number, place: number): number => (copy === 0 ? (body[place] as number) : first + (copy - 1) * body.length + place);
  const exits: FlowNode[] = [];
  const firstExit = first + (copies - 1) * body.length;
  for (let copy = 0; copy < copies; copy++) {
    const prepaid = copies - 1 - copy;
    originals.forEach((node, place) => {
      const successors = node.successors.map((to) => {
        if (to === head) return numberIn((copy + 1) % copies, 0);
        const inside = places.get(to);
        if (inside !== undefined) return numberIn(copy, inside);
        if (prepaid === 0) return to;
        exits.push({ kind: 'refund', units: prepaid, successors: [to] });
        return firstExit + exits.length - 1;
      });
      const charge = place > 0 ? 1 : copy > 0 ? 0 : copies;
      nodes[numberIn(copy, place)] = { ...node, successors, charge, prepaid };
    });
  }
  nodes.push(...exits);
}
