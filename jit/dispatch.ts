/**
 * Flow graphs that no nesting of loops describes, made such that one does.
 *
 * Where a loop is entered at several places, all edges to these places are led through one node that goes on by a number: the edge sets the number, and
 * the node is a jump table. That costs a jump a turn, so only the edges that need it take this way.
 */
import { type Flow, type FlowNode, isTable } from './flow.js';
import { type Irreducible, structureOf, type Structure } from './structure.js';
import { unroll } from './unroll.js';

/** A flow graph with its structure, which every graph that is returned has. */
export interface Structured {
  readonly flow: Flow;
  readonly structure: Structure;
}

/** The structure of a flow graph, if it has one. */
export const structureOfFlow = (flow: Flow): Structure | Irreducible => structureOf(flow, (node) => isTable(flow[node] as FlowNode));

/** Leads the edges to some nodes through a `dispatch`. */
function through(flow: Flow, targets: readonly number[]): Flow {
  const nodes: FlowNode[] = [...flow];
  const choices = new Map(targets.map((target, choice) => [target, choice]));
  const dispatch = nodes.length;
  nodes.push({ kind: 'dispatch', successors: targets });
  const led = (to: number): number => {
    const choice = choices.get(to);
    if (choice === undefined) return to;
    nodes.push({ kind: 'choose', choice, successors: [dispatch] });
    return nodes.length - 1;
  };
  flow.forEach((node, at) => {
    if (node.kind === 'code') nodes[at] = { ...node, successors: node.successors.map(led) };
  });
  return nodes;
}

/** Nodes at which edges meet. The root is none of them: whatever leads there, it is in front of everything. */
function meetings(flow: Flow): readonly number[] {
  const edges = new Uint32Array(flow.length);
  for (const { successors } of flow) for (const to of successors) edges[to] = (edges[to] as number) + 1;
  return flow.flatMap((_, node) => (node > 0 && (edges[node] as number) > 1 ? [node] : []));
}

/** The flow graph of code as `flowOf` gives it, with small loops unrolled; changed in another way only if it has no structure. */
export function structured(flow: Flow): Structured {
  const first = structureOfFlow(flow);
  if ('loops' in first) {
    const unrolled = unroll(flow, first);
    return unrolled === flow ? { flow, structure: first } : { flow: unrolled, structure: sound(unrolled) };
  }
  const few = through(flow, first.enteredInside);
  const second = structureOfFlow(few);
  if ('loops' in second) return { flow: few, structure: second };
  // Where all nodes at which edges meet stand behind the dispatch, every loop has it in front.
  const all = through(flow, meetings(flow));
  return { flow: all, structure: sound(all) };
}

function sound(flow: Flow): Structure {
  const found = structureOfFlow(flow);
  if (!('loops' in found)) throw new Error('no loop is entered inside after unrolling, or where all edges meet in one node');
  return found;
}
