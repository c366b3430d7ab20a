/**
 * The flow graph of a function that is entered in the middle of it, at the head of a loop that is running.
 *
 * To begin at an inner loop and keep the graph as it is would enter the outer loops behind their heads. So what is left of the turn of each loop around the entrance
 * is written once more, in front of that loop: the inner loop, then the rest of the outer one's turn, then the outer loop, entered at its head and with its inner one as before.
 * In exchange for that code the loops are as good as those of the function itself, which matters: a program that runs for long runs in such code.
 */
import type { Flow, FlowNode } from './flow.js';
import { loopsAround } from './loops.js';
import type { Structure } from './structure.js';

/** The flow graph from a node on. */
export function reroot(flow: Flow, structure: Structure, root: number): Flow {
  const around = loopsAround(root, structure);
  const heads = new Map(around.map((loop, level) => [[...loop][0] as number, level]));
  const levels = new Map<number, number>();
  const levelOf = (node: number): number => {
    let level = levels.get(node);
    if (level === undefined) {
      const found = around.findIndex((loop) => loop.has(node));
      level = found < 0 ? around.length : found;
      levels.set(node, level);
    }
    return level;
  };
  const nodes: FlowNode[] = [];
  const numbers = new Map<number, number>();
  const work: (readonly [node: number, entered: number])[] = [];
  /** The number of a node where `entered` is the outermost of the loops that was entered at its head since execution began. */
  const numberOf = (node: number, entered: number): number => {
    // Behind a loop it makes no difference which of the loops inside it was entered.
    const state = Math.max(entered, levelOf(node) - 1, heads.get(node) ?? -1);
    const key = node * (around.length + 1) + state + 1;
    let number = numbers.get(key);
    if (number === undefined) {
      number = nodes.length;
      numbers.set(key, number);
      nodes.push(flow[node] as FlowNode);
      work.push([node, state]);
    }
    return number;
  };
  numberOf(root, -1);
  for (let at = 0; at < work.length; at++) {
    const [node, state] = work[at] as readonly [number, number];
    const made = flow[node] as FlowNode;
    if (made.kind === 'code') nodes[at] = { ...made, successors: made.successors.map((to) => numberOf(to, state)) };
  }
  return nodes;
}
