/**
 * The one small interface between a port and what is at its other end: a driver, a mock, another PU's server port.
 *
 * A client port opens a session at its device, sends requests and gets completions; the same objects serve all protocols.
 * Nothing here knows windows, rings or memory.
 */
import { OPERATIONS_RESERVED, type Protocol } from '../../isa-spec/index.js';
import { check64, checkBytes, checkObject, checkWhole, copied } from '../arguments/index.js';

/** One request, as a device gets it. */
export interface DeviceRequest {
  /** The protocol's operation, below `OPERATIONS_RESERVED`. */
  readonly operation: number;
  /** Names the request within its session; never used twice in one session. */
  readonly tag: number;
  /** The payload. It belongs to the receiver: nobody else changes or keeps it. */
  readonly bytes: Uint8Array;
  /** Most bytes that the answer may have; a longer one reaches the client as `too_large`. */
  readonly replyBytes: number;
  /** 64 bits, unsigned. */
  readonly argument: bigint;
}

/** The answer to one request. */
export interface DeviceCompletion {
  /** The request's. A tag that is not outstanding, because it was cancelled or already answered, is ignored. */
  readonly tag: number;
  /** One of `STATUS`. Another 32-bit number is passed on as it is, since a program that plays a device may give it. */
  readonly status: number;
  /** The answer, none by default. It is copied at once. */
  readonly bytes?: Uint8Array;
  /** 64 bits, from -2^63 to 2^64 - 1, of which sign is not looked at; 0 by default. */
  readonly argument?: bigint;
}

/** What a device sees of a client: where its completions go. */
export interface Client {
  /**
   * Answers a request, at once inside `send` or at any time later, in any order.
   * @throws TypeError or RangeError for a completion that is none, naming the field; the request is still outstanding
   */
  complete(completion: DeviceCompletion): void;
  /** Tells that the device restarted: what is outstanding completes with `peer_reset`, and the session goes on. */
  reset(): void;
}

/** What a client port sees of a device: where its requests go. `Device` says what comes of a call that throws. */
export interface Session {
  /** Takes a request; exactly one completion answers it, unless it is cancelled or the session closes first. */
  send(request: DeviceRequest): void;
  /** The client no longer wants an answer. The device may stop the work or finish it. */
  cancel(tag: number): void;
  /** The client is gone: no call follows, and completions are ignored. */
  close(): void;
}

/** What a device understands. */
export interface Service {
  readonly protocol: Protocol;
  readonly version: number;
}

/**
 * Something that client ports can be wired to.
 *
 * No call of a device or of its sessions should throw. If one does, it is the embedder who hears of it and not the program: a request whose `send` threw
 * completes with `device_failed` unless it is answered already, requests of a session whose `open` threw all do, and what `cancel` and `close` throw changes nothing
 * for the program. The instruction in progress is finished, then the error is thrown from the `run`, `step`, `reset`, `restore` or `detach` of the
 * machine that made the call (several together as an `AggregateError`); another run goes on behind it. A machine that is being made is not made: its sessions are closed.
 */
export interface Device {
  /** What it understands, if it says so: then only a port of this protocol and version can be wired to it. */
  readonly serves?: Service;
  /** Begins a session. One device may have several at a time. */
  open(client: Client): Session;
}

/**
 * Checks what a device answers with.
 * @throws TypeError or RangeError naming the field
 */
export function checkCompletion(completion: DeviceCompletion): void {
  checkObject('completion', completion);
  const { tag, status, bytes, argument } = completion;
  checkWhole('completion.tag', tag, 0, Number.MAX_SAFE_INTEGER);
  checkWhole('completion.status', status, 0, 0xffffffff);
  if (bytes !== undefined) checkBytes('completion.bytes', bytes);
  if (argument !== undefined) check64('completion.argument', argument);
}

/**
 * Checks a request that a server port is sent.
 * @returns a copy of it
 * @throws TypeError or RangeError naming the field
 */
export function checkedRequest(request: DeviceRequest): DeviceRequest {
  checkObject('request', request);
  const { operation, tag, bytes, replyBytes, argument } = request;
  checkWhole('request.operation', operation, 0, OPERATIONS_RESERVED - 1);
  checkWhole('request.tag', tag, 0, Number.MAX_SAFE_INTEGER);
  checkBytes('request.bytes', bytes);
  checkWhole('request.replyBytes', replyBytes, 0, 0xffffffff);
  check64('request.argument', argument);
  return { operation, tag, bytes: copied('request.bytes', bytes), replyBytes, argument: BigInt.asUintN(64, argument) };
}
