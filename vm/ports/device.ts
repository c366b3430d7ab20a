/**
 * The one small interface between a port and what is at its other end: a driver, a mock, another PU's server port.
 *
 * A client port opens a session at its device, sends requests and gets completions; the same objects serve all protocols.
 * Nothing here knows windows, rings or memory.
 */
import type { Protocol } from '../../isa-spec/index.js';

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
  /** One of `STATUS`. */
  readonly status: number;
  /** The answer, none by default. It belongs to the receiver. */
  readonly bytes?: Uint8Array;
  /** 64 bits, of which sign is not looked at; 0 by default. */
  readonly argument?: bigint;
}

/** What a device sees of a client: where its completions go. */
export interface Client {
  /** Answers a request, at once inside `send` or at any time later, in any order. */
  complete(completion: DeviceCompletion): void;
  /** Tells that the device restarted: what is outstanding completes with `peer_reset`, and the session goes on. */
  reset(): void;
}

/** What a client port sees of a device: where its requests go. No call of it may throw. */
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

/** Something that client ports can be wired to. */
export interface Device {
  /** What it understands, if it says so: then only a port of this protocol and version can be wired to it. */
  readonly serves?: Service;
  /** Begins a session. One device may have several at a time. */
  open(client: Client): Session;
}
