/**
 * From a graph of blocks to nested `block`s and `loop`s: the translation of reducible control flow by dominator trees.
 *
 * After N. Ramsey, "Beyond Relooper" (ICFP 2022). A node that several forward edges meet in stands behind a `block` that those edges
 * leave; a node that a backward edge meets in is a `loop`; every other node stands where its one edge comes from. It knows nothing of what a node holds.
 */

/** A graph: for each node, which are numbers from 0, the nodes that may follow, in no special order. Execution begins at node 0. */
export type Graph = readonly { readonly successors: readonly number[] }[];

/** A graph's order and tree. */
export interface Structure {
  /** Nodes that can be reached, in reverse postorder. */
  readonly nodes: readonly number[];
  /** For each node its place among them, or -1: an edge to a place that is not greater goes backward. */
  readonly order: Int32Array;
  /** For each place, the nodes from which edges lead there. */
  readonly into: readonly (readonly number[])[];
  /** For each place the place of its immediate dominator; the first one's is its own. */
  readonly dominators: Int32Array;
  /** Nodes with a `block` in front: several forward edges meet there, or an edge of a jump table. */
  readonly merges: ReadonlySet<number>;
  /** Nodes that begin a `loop`. */
  readonly loops: ReadonlySet<number>;
  /** For each place, the nodes that stand behind `block`s around the node there, the last one first. */
  readonly inside: readonly (readonly number[])[];
}

/** What is told of a graph without structure: nodes that a backward edge leads to although there is another way into their loop. */
export interface Irreducible {
  readonly enteredInside: readonly number[];
}

function reversePostorder(graph: Graph): number[] {
  const seen = new Uint8Array(graph.length);
  const next = new Uint32Array(graph.length);
  const postorder: number[] = [];
  const stack = [0];
  seen[0] = 1;
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const successor = graph[top]?.successors[(next[top] as number)++];
    if (successor === undefined) {
      postorder.push(top);
      stack.pop();
    } else if (seen[successor] === 0) {
      seen[successor] = 1;
      stack.push(successor);
    }
  }
  return postorder.reverse();
}

/** For each place the place of its immediate dominator: Cooper, Harvey and Kennedy's iteration over places in reverse postorder. */
function dominatorsOf(into: readonly (readonly number[])[], order: Int32Array): Int32Array {
  const dominators = new Int32Array(into.length).fill(-1);
  dominators[0] = 0;
  const common = (one: number, other: number): number => {
    let [left, right] = [one, other];
    while (left !== right) {
      if (left > right) left = dominators[left] as number;
      else right = dominators[right] as number;
    }
    return left;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (let at = 1; at < into.length; at++) {
      let found = -1;
      for (const before of into[at] as readonly number[]) {
        const from = order[before] as number;
        if (dominators[from] === -1) continue;
        found = found === -1 ? from : common(found, from);
      }
      if (dominators[at] !== found) {
        dominators[at] = found;
        changed = true;
      }
    }
  }
  return dominators;
}

/**
 * The structure of a graph, or the nodes that keep it from having one: a backward edge then leads into the middle of a loop.
 * @param isTable whether a node's edges are those of a jump table, which can only leave blocks
 */
export function structureOf(graph: Graph, isTable: (node: number) => boolean): Structure | Irreducible {
  const nodes = reversePostorder(graph);
  const order = new Int32Array(graph.length).fill(-1);
  nodes.forEach((node, place) => {
    order[node] = place;
  });
  const into: number[][] = nodes.map(() => []);
  for (const node of nodes) for (const successor of (graph[node] as Graph[number]).successors) (into[order[successor] as number] as number[]).push(node);
  const dominators = dominatorsOf(into, order);

  const loops = new Set<number>();
  const merges = new Set<number>();
  const enteredInside = new Set<number>();
  nodes.forEach((node, place) => {
    let forward = 0;
    for (const before of into[place] as readonly number[]) {
      if ((order[before] as number) < place) {
        forward += isTable(before) ? 2 : 1;
        continue;
      }
      let at = order[before] as number;
      while (at > place) at = dominators[at] as number;
      if (at === place) loops.add(node);
      else enteredInside.add(node);
    }
    if (forward > 1) merges.add(node);
  });
  if (enteredInside.size > 0) return { enteredInside: [...enteredInside] };
  const inside: number[][] = nodes.map(() => []);
  for (let at = nodes.length - 1; at > 0; at--) {
    if (merges.has(nodes[at] as number)) (inside[dominators[at] as number] as number[]).push(nodes[at] as number);
  }
  return { nodes, order, into, dominators, merges, loops, inside };
}
