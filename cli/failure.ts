/**
 * What the tool says when a command cannot do its work, and the exit statuses that tell why.
 *
 * A `Failure` is the user's to mend: it is printed as one message with its remedy, never with a stack trace. Anything else that is
 * thrown is our own bug.
 */

/** Exit statuses of the tool; a program that returns gives its own. */
export const EXIT = Object.freeze({
  ok: 0,
  /** A bug of the tool itself. */
  internal: 1,
  /** Wrong usage of the command line. */
  usage: 2,
  /** Bad source or binary. */
  data: 65,
  /** A file that cannot be read or written. */
  file: 66,
  /** The program trapped, or waits for something that can never come. */
  trap: 70,
  /** The program used up its fuel. */
  fuel: 75,
  /** Whoever read our output went away: what a shell reports of a tool that a broken pipe ended. */
  pipe: 141,
});

/** A command that cannot go on, for a reason that the user can mend. */
export class Failure extends Error {
  constructor(
    /** The exit status. */
    readonly status: number,
    message: string,
    /** What to do about it, as a sentence without a capital or a full stop. */
    readonly remedy?: string,
  ) {
    super(message);
  }
}
