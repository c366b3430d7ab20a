/**
 * What the generated loop and its driver tell each other: numbers, because the loop holds nothing else.
 */

/** Why the loop ended, as the number that it returns. */
export const STATUS = Object.freeze({
  /** At a `check` without fuel. */
  fuel: 0,
  /** The outermost function returned. */
  returned: 1,
  /** The detail is the trap's code. */
  trapped: 2,
  /** At a port instruction. */
  port: 3,
  breakpoint: 4,
  /** At a call whose frame does not fit; the detail is the frame's words. */
  frame: 5,
  /** At a call of a function that is not prepared; the detail is the function. */
  unprepared: 6,
  /** Something was thrown at an instruction. */
  fault: 7,
} as const);

/** Where the loop leaves what it knows, as indexes into its results. */
export const RESULT = Object.freeze({ fp: 0, descriptor: 1, pc: 2, fuel: 3, detail: 4 } as const);
