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

/** What the host asks of a thread. Each is answered when it has taken effect. */
export type Command =
  /** Takes a program, once. */
  | { readonly kind: 'set'; readonly program: PuProgram }
  /** Lets the program begin, go on where it was stopped, or begin anew where it has ended. */
  | { readonly kind: 'start' }
  | { readonly kind: 'stop' }
  /** Sets the program back to its beginning. */
  | { readonly kind: 'reset' }
  /** Only asks for the fuel used. */
  | { readonly kind: 'look' }
  /** Ends the thread. */
  | { readonly kind: 'end' };

/** What a thread tells the host. */
export type Report =
  /** News for the host in a ring. */
  | { readonly kind: 'ring' }
  /** Nothing has happened for a while, and the program does not compute. */
  | { readonly kind: 'idle' }
  /** A command has taken effect, or could not. */
  | { readonly kind: 'done'; readonly id: number; readonly refusal: string | undefined; readonly fuelUsed: number }
  | { readonly kind: 'ended'; readonly outcome: Ending; readonly fuelUsed: number };

/** How a program comes to its end. `failed`: the host cannot run it. */
export type Ending = Extract<Outcome, { kind: 'returned' | 'trapped' }> | { readonly kind: 'failed'; readonly message: string };
