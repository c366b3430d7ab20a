/**
 * What is known of a function before any code of it is written: its flow graph, for itself and for the ways into its loops.
 */
import { decodedFunction } from '../vm/internal/index.js';
import { structureOfFlow } from './dispatch.js';
import { type Flow, flowOf } from './flow.js';
import { reroot } from './reroot.js';
import type { Scope } from './scope.js';
import type { Structure } from './structure.js';
import type { Surroundings } from './surroundings.js';

/** A function with its flow graph from its first instruction on, and the graph's structure, if it has one. */
export interface Shape {
  readonly scope: Scope;
  readonly flow: Flow;
  readonly structure: Structure | undefined;
}

/** The shape of a function. */
export function shapeOf(index: number, around: Surroundings): Shape {
  const { program } = around;
  const scope = { index, types: program.registersOf(index), body: decodedFunction(program, index), caller: undefined, bytesAbove: 0 };
  const flow = flowOf(scope, 0, around);
  const structure = structureOfFlow(flow);
  return { scope, flow, structure: 'loops' in structure ? structure : undefined };
}

/** The flow graph of a function from the loop head at `root` on. */
export function flowFrom({ scope, flow, structure }: Shape, root: number, around: Surroundings): Flow {
  const node = flow.findIndex((made) => made.kind === 'code' && made.scope === scope && made.instructions[0]?.pc === root);
  const isReached = structure !== undefined && node >= 0 && structure.order[node] !== -1;
  return isReached ? reroot(flow, structure, node) : flowOf(scope, root, around);
}
