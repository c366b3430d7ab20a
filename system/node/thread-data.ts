/**
 * What the host and the thread of a PU tell each other: the thread's setting, words in shared memory, commands and reports.
 */
import type { MessagePort } from 'node:worker_threads';
import type { Protocol } from '../../isa-spec/index.js';
import type { Outcome } from '../../vm/index.js';

/** An engine by the name that a person gives it. */
export type EngineName = 'auto' | 'jit' | 'interpreter' | 'reference';

/** What a PU is doing. The code in shared memory is the index. */
export const PU_STATES = Object.freeze(['empty', 'computing', 'waiting', 'stopped', 'returned', 'trapped'] as const);
/** What a PU is doing; `empty` when no program was set or started. */
export type PuState = (typeof PU_STATES)[number];

/**
 * Words that a thread shares with the host: its state, whether a command is there, how often it began to compute, and how many frames it sent and
 * received in messages.
 */
export const SHARED = Object.freeze({ state: 0, command: 1, turns: 2, sent: 3, received: 4, words: 5 });

/** How one end of a link is carried. */
export type Carrier =
  | {
      readonly kind: 'ring';
      readonly out: SharedArrayBuffer;
      readonly into: SharedArrayBuffer;
      readonly peerBell: SharedArrayBuffer;
      readonly peer: 'thread' | 'host';
    }
  | { readonly kind: 'message'; readonly port: MessagePort };

/** One end of a link, at a port of the program. */
export interface ThreadLink {
  /** The port's name in the program. */
  readonly port: string;
  readonly side: 'client' | 'server';
  readonly protocol: Protocol;
  readonly version: number;
  /** Limits in force, where the system lowers them. */
  readonly depth?: number;
  readonly messageBytes?: number;
  /** Bytes of the largest message that may arrive. */
  readonly messageBytesMax: number;
  readonly carrier: Carrier;
}

/** A program to put on a PU. */
export interface PuProgram {
  readonly binary: Uint8Array;
  readonly memoryBytes: number;
  readonly frameBytesMax: number;
  /** Bytes to lay into memory before the start: the program's arguments. */
  readonly patches: readonly { readonly address: number; readonly bytes: Uint8Array }[];
  readonly links: readonly ThreadLink[];
}

/** What the thread of a PU begins with. */
export interface ThreadData {
  readonly name: string;
  readonly engine: EngineName;
  /** Whether `wait` may block the thread; without shared memory it goes back to the event loop. */
  readonly bell: SharedArrayBuffer | undefined;
  readonly shared: Int32Array;
}

/** What the host asks of a thread. */
export type Command =
  | { readonly kind: 'set'; readonly program: PuProgram }
  | { readonly kind: 'start' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'end' }
  | { readonly kind: 'statistics'; readonly id: number };

/** What a thread tells the host. */
export type Report =
  /** News for the host in a ring. */
  | { readonly kind: 'ring' }
  /** The program has waited for a while. */
  | { readonly kind: 'idle' }
  /** A stop has taken effect. */
  | { readonly kind: 'stopped' }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'ended'; readonly outcome: Extract<Outcome, { kind: 'returned' | 'trapped' }>; readonly fuelUsed: number }
  | { readonly kind: 'statistics'; readonly id: number; readonly fuelUsed: number };
