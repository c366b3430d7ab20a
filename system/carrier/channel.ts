/**
 * What carries a link between two places: frames one way and frames the other, in order, none lost.
 *
 * A frame is one call of the device interface. How it travels (shared memory, message ports, sockets) is the affair of what implements
 * `Channel`; `remote.ts` makes a device of one end and serves a device at the other.
 */

/** What a frame says. From client to server `open` to `close`; the other way `complete` and `reset`. The numbers are those that travel. */
export const FRAME = Object.freeze({ open: 1, request: 2, cancel: 3, close: 4, complete: 5, reset: 6 } as const);

/** One call of the device interface. */
export interface Frame {
  /** One of `FRAME`. */
  readonly kind: number;
  /** Which of the link's sessions: a program's port has one at a time, a device that listens as many as it has connections. */
  readonly session: number;
  /** The request's, by the number that the client gave. */
  readonly tag: number;
  /** A request's operation, a completion's status. */
  readonly code: number;
  /** Most bytes of the answer, in a request. */
  readonly replyBytes: number;
  /** 64 bits, unsigned. */
  readonly argument: bigint;
  /** Payload or answer. It belongs to the receiver. */
  readonly bytes: Uint8Array;
}

/** One end of what carries a link. */
export interface Channel {
  /** Sends a frame; returns at once, whether or not there is room on the way. */
  send(frame: Frame): void;
  /** Where frames from the other end go, set before the first arrives. */
  onFrame: (frame: Frame) => void;
}
