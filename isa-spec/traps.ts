/**
 * Trap kinds: the closed list of reasons for which a program stops. A `trap` instruction may name
 * any of them; the machine itself raises those marked so. Codes are stable.
 */

/** One trap kind. */
export interface TrapRow {
  /** The code in a `trap` instruction and in a snapshot, 1 to 255. */
  readonly code: number;
  /** One line: when it is raised. */
  readonly doc: string;
}

const rows = {
  unreachable:          { code: 1,  doc: 'a `trap` instruction that nothing was meant to reach' },
  divide_by_zero:       { code: 2,  doc: 'integer division or remainder by zero' },
  overflow:             { code: 3,  doc: 'a result that the type cannot hold (published: overflow)' },
  memory_access:        { code: 4,  doc: 'a load, store, copy or fill that is not wholly inside memory' },
  frame_overflow:       { code: 5,  doc: 'a call whose frame would exceed the frame limit' },
  undefined_function:   { code: 6,  doc: 'a table call with an index outside the function table' },
  signature_mismatch:   { code: 7,  doc: 'a table call of a function with another signature' },
  undeclared_port:      { code: 8,  doc: 'a port instruction that names a port the program does not declare' },
  invalid_operand:      { code: 16, doc: 'an operand that the operation rejects (published: invalid operand)' },
  out_of_bounds:        { code: 17, doc: 'an array index outside the array (published: out of bounds)' },
  unassigned:           { code: 18, doc: 'a use of a variable that was never assigned (published: unassigned)' },
  unable_to_allocate:   { code: 19, doc: 'no memory for an allocation (published: unable to allocate)' },
  unable_to_deallocate: { code: 20, doc: 'a release of what is not allocated (published: unable to deallocate)' },
  assertion_failed:     { code: 21, doc: 'an expectation of the program that does not hold' },
  device_failed:        { code: 22, doc: 'a device answered with a status that the program does not handle' },
} as const satisfies Record<string, TrapRow>;

/** The name of a trap kind. */
export type TrapKind = keyof typeof rows;

/** Every trap kind with its code and meaning. */
export const TRAPS: Readonly<Record<TrapKind, TrapRow>> = Object.freeze(rows);

const byCode = new Map<number, TrapKind>(
  (Object.keys(TRAPS) as TrapKind[]).map((kind) => [TRAPS[kind].code, kind]),
);

/** The kind that a code names, or undefined. */
export function trapOfCode(code: number): TrapKind | undefined {
  return byCode.get(code);
}
