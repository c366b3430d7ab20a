/**
 * From a graph of blocks to nested `block`s and `loop`s: the translation of reducible control flow by dominator trees.
 *
 * After N. Ramsey, "Beyond Relooper" (ICFP 2022). A node that several forward edges meet in stands behind a `block` that those edges
 * leave; a node that a backward edge meets in is a `loop`; every other node stands where its one edge comes from. It knows nothing of what a node holds.
 */

/** A graph: for each node, in no special order, the nodes that may follow it. */
export type Graph = ReadonlyMap<number, readonly number[]>;

/** A graph's order and tree. */
export interface Structure {
  readonly root: number;
  /** Place in reverse postorder: an edge to a place that is not greater goes backward. */
  readonly order: ReadonlyMap<number, number>;
  /** Nodes with a `block` in front: several forward edges meet there, or an edge of a jump table. */
  readonly merges: ReadonlySet<number>;
  /** Nodes that begin a `loop`. */
  readonly loops: ReadonlySet<number>;
  /** Nodes that stand behind `block`s around a node, the last one first. */
  readonly inside: ReadonlyMap<number, readonly number[]>;
}

function reversePostorder(graph: Graph, root: number): number[] {
  const seen = new Set([root]);
  const postorder: number[] = [];
  const stack: [node: number, next: number][] = [[root, 0]];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const successor = (graph.get(top[0]) as readonly number[])[top[1]++];
    if (successor === undefined) {
      postorder.push(top[0]);
      stack.pop();
    } else if (!seen.has(successor)) {
      seen.add(successor);
      stack.push([successor, 0]);
    }
  }
  return postorder.reverse();
}

/**
 * The structure of a graph, or undefined if it is irreducible: a backward edge then leads into the middle of a loop.
 * @param isTable whether a node's edges are those of a jump table, which can only leave blocks
 */
export function structureOf(graph: Graph, root: number, isTable: (node: number) => boolean): Structure | undefined {
  const nodes = reversePostorder(graph, root);
  const order = new Map(nodes.map((node, place) => [node, place]));
  const place = (node: number): number => order.get(node) as number;
  const into = new Map<number, number[]>(nodes.map((node) => [node, []]));
  for (const node of nodes) for (const successor of graph.get(node) as readonly number[]) (into.get(successor) as number[]).push(node);

  // Immediate dominators: Cooper, Harvey and Kennedy's iteration over places in reverse postorder.
  const dominators = new Int32Array(nodes.length).fill(-1);
  dominators[0] = 0;
  const common = (left: number, right: number): number => {
    while (left !== right) {
      if (left > right) left = dominators[left] as number;
      else right = dominators[right] as number;
    }
    return left;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (let at = 1; at < nodes.length; at++) {
      let found = -1;
      for (const before of into.get(nodes[at] as number) as number[]) {
        const from = place(before);
        if (dominators[from] === -1) continue;
        found = found === -1 ? from : common(found, from);
      }
      if (dominators[at] !== found) {
        dominators[at] = found;
        changed = true;
      }
    }
  }

  const loops = new Set<number>();
  const merges = new Set<number>();
  for (const node of nodes) {
    let forward = 0;
    for (const before of into.get(node) as number[]) {
      if (place(before) < place(node)) {
        forward += isTable(before) ? 2 : 1;
        continue;
      }
      let at = place(before);
      while (at > place(node)) at = dominators[at] as number;
      if (at !== place(node)) return undefined;
      loops.add(node);
    }
    if (forward > 1) merges.add(node);
  }
  const inside = new Map<number, number[]>(nodes.map((node) => [node, []]));
  for (let at = nodes.length - 1; at > 0; at--) {
    const node = nodes[at] as number;
    if (merges.has(node)) (inside.get(nodes[dominators[at] as number] as number) as number[]).push(node);
  }
  return { root, order, merges, loops, inside };
}
