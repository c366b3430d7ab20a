/**
 * The loops of a flow graph that has a structure: which nodes belong to one, and which of them are around a node.
 */
import type { Structure } from './structure.js';

/** The nodes of the loop that begins at a node, that one first. */
export function loopAt(head: number, { order, into }: Structure): ReadonlySet<number> {
  const before = (node: number): readonly number[] => into[order[node] as number] as readonly number[];
  const found = new Set([head]);
  const work = before(head).filter((node) => (order[node] as number) >= (order[head] as number));
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    if (found.has(node)) continue;
    found.add(node);
    work.push(...before(node));
  }
  return found;
}

/** The loops that a node belongs to, the innermost first: each as its nodes, its head first. */
export function loopsAround(node: number, structure: Structure): readonly ReadonlySet<number>[] {
  const { nodes, order, dominators, loops } = structure;
  const around: ReadonlySet<number>[] = [];
  for (let place = order[node] as number; ; place = dominators[place] as number) {
    const head = nodes[place] as number;
    if (loops.has(head)) {
      const loop = loopAt(head, structure);
      if (loop.has(node)) around.push(loop);
    }
    if (place === 0) return around;
  }
}
