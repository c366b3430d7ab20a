/**
 * A function in the place where it is executed: the one that is compiled, or one whose code stands in the place of a call.
 *
 * Each scope has registers of its own and, whenever compiled code is left within it, a frame of its own, so that nobody can tell whether a call was
 * made or its function was put in its place.
 */
import { FRAME_TRAILER_BYTES, REGISTER_BYTES, type ValueType } from '../isa-spec/index.js';
import type { DecodedFunction, PlacedInstruction } from '../vm/internal/index.js';

/** One function in one place. */
export interface Scope {
  /** The guest's function. */
  readonly index: number;
  /** The types of its registers. */
  readonly types: readonly ValueType[];
  readonly body: DecodedFunction;
  /** The scope that called it, and the call; none for the function that is compiled. */
  readonly caller: { readonly scope: Scope; readonly call: PlacedInstruction } | undefined;
  /** Bytes that its frame and those of its callers take above the frame of the function that is compiled. */
  readonly bytesAbove: number;
}

/** Bytes of a scope's frame. */
export function frameBytes({ types }: Scope): number {
  return types.length * REGISTER_BYTES + FRAME_TRAILER_BYTES;
}

/** The scope and its callers, the outermost first. */
export function chainOf(scope: Scope): readonly Scope[] {
  const chain: Scope[] = [];
  for (let at: Scope | undefined = scope; at !== undefined; at = at.caller?.scope) chain.push(at);
  return chain.reverse();
}
