/**
 * Ports as memory: protocols, the discovery page, windows, ring entries, statuses.
 *
 * All words are little-endian. A window is plain memory: what is here says where each word lies, who
 * writes it and what it means; `bell`, `wait` and `poll` are the only moments at which bytes move.
 */
import { DISCOVERY_BYTES } from './limits.js';

/** A protocol's name. The code in a binary and in a window is the index here plus one. */
export const PROTOCOLS = Object.freeze(['disk', 'screen', 'keyboard', 'clock', 'audio', 'pu', 'puc'] as const);
/** The name of a protocol that a port speaks. */
export type Protocol = (typeof PROTOCOLS)[number];

/** Which end a port is: a client uses the device, a server plays it. The code is the index. */
export const SIDES = Object.freeze(['client', 'server'] as const);
/** One end of a link. */
export type Side = (typeof SIDES)[number];

/** A port that a program declares. */
export interface PortDeclaration {
  /** 1 to 31 bytes of ASCII: a letter, then letters, digits, `_`, and for arrays `[n]`. */
  readonly name: string;
  readonly protocol: Protocol;
  readonly side: Side;
  /** Version of the protocol, from 1. */
  readonly version: number;
  /** Address of the window, a multiple of 64, not below the discovery page's end. */
  readonly window: number;
  /** Entries of each ring: a power of two from 1 to 1024. */
  readonly depth: number;
  /** Bytes of the largest message either way, 0 to 2^24. */
  readonly messageBytes: number;
}

/** The magic word at address 0: "PBSD". */
export const DISCOVERY_MAGIC = 0x44534250;
/** Offsets in the discovery page: magic, version, bytes of memory, count of ports, then records. */
export const DISCOVERY = Object.freeze({ magic: 0, version: 4, memoryBytes: 8, portCount: 12, records: 64, recordBytes: 48 });
/**
 * Offsets in a port's record: window address, protocol, side, depth, largest message, all as declared; the name, zero-filled, in
 * 32 bytes. Protocol and side are one byte, the version is two, the rest are four.
 */
export const RECORD = Object.freeze({ window: 0, protocol: 4, side: 5, version: 6, depth: 8, messageBytes: 12, name: 16, nameBytes: 32 });

/**
 * Offsets in a window. The host writes all but `outProducer` and `inConsumer`, which are the program's.
 * An index counts entries since the beginning, modulo 2^32; its entry lies at index modulo depth.
 */
export const WINDOW = Object.freeze({
  protocol: 0, version: 4, side: 8,
  /** Entries that each ring has room for, as declared: what an index is taken modulo. */
  depth: 12,
  /** Bytes of the largest message, the limit in force: the system may have lowered it. */
  messageBytes: 16,
  /** Rises when the peer restarted: all that was outstanding completes with `peer_reset`. */
  epoch: 20,
  /** 0, or the code of the rule that the program broke; a faulted port moves nothing any more. */
  fault: 24,
  /** The greatest value that `outProducer` may take now. */
  credit: 28,
  outProducer: 32, outConsumer: 36, inProducer: 40, inConsumer: 44,
  /** The port's number: its bit in a mask, what `bell` takes. */
  number: 48,
  /** Address of the port's record in the discovery page. */
  record: 52,
  /** Messages in flight, the limit in force: at most `depth`, and not necessarily a power of two. */
  inFlight: 56,
  /** The outgoing ring; the incoming one follows it at once. */
  rings: 64,
});

/** Bytes of a ring entry. */
export const ENTRY_BYTES = 40;
/**
 * Offsets in a ring entry, the same both ways.
 *
 * Client, outgoing (request): operation, tag, `address`/`bytes` of the payload, `reply`/`replyBytes` where the answer may
 * go, argument. Client, incoming (completion): operation and tag of the request, status, `address`/`bytes` of what was
 * written to the reply buffer, argument. Server, outgoing: an offer (operation `OFFER`, `address`/`bytes` an empty buffer) or a
 * reply (operation `REPLY`, tag of the request, status, payload, argument). Server, incoming (request): operation, tag, session,
 * `address`/`bytes` in the offer that it filled, `replyBytes` that the client can take, argument.
 */
export const ENTRY = Object.freeze({
  operation: 0, tag: 4, status: 8, session: 12, address: 16, bytes: 20, reply: 24, replyBytes: 28, argument: 32,
});

/** The first operation that is not a protocol's own: above it only those of `OPERATION` exist. */
export const OPERATIONS_RESERVED = 0xffff0000;
/** Operations that every protocol has, above those of its own. */
export const OPERATION = Object.freeze({
  /** Client: give up the request whose tag is the argument. The cancel itself has no completion. */
  CANCEL: 0xffff0001,
  /** Server: an empty buffer for one request. */
  OFFER: 0xffff0002,
  /** Server: the answer to a request. */
  REPLY: 0xffff0003,
  /** Server, incoming: a session opened; expects no reply. */
  OPEN: 0xffff0004,
  /** Server, incoming: a session closed; expects no reply, and replies to its requests are dropped. */
  CLOSE: 0xffff0005,
} as const);

/** Operations of the protocols that have been specified, by protocol. */
export const OPERATIONS = Object.freeze({
  /** `message`: the payload goes out, the answer comes back; on a stream see the pu page. */
  pu: Object.freeze({ message: 1 }),
  /** `specs`: reply two u32: entries, bytes of an entry. `read`, `write`: argument = first entry, whole entries. `flush`. */
  disk: Object.freeze({ specs: 1, read: 2, write: 3, flush: 4 }),
  /** `specs`: reply two i32: resolution exponent, digits. `time`: argument = exponent n, answered in the argument. `sleep`: argument = nanoseconds. */
  clock: Object.freeze({ specs: 1, time: 2, sleep: 3 }),
  /** `specs`: reply u32 width, u32 height, f64 pixels per metre. `display`: one u32 0x00RRGGBB a pixel. `synchronize`: answers the number of the frame. */
  screen: Object.freeze({ specs: 1, display: 2, synchronize: 3 }),
  /** `specs`: reply u32 characters, u32 history, u64 control keys. `events`, `next`: reply i32 code, u32 pressed each; argument = events lost. */
  keyboard: Object.freeze({ specs: 1, events: 2, next: 3 }),
  /** `specs`: reply u32 rate, u32 minimum delay. `delay`: answers samples queued. `write`: f32 samples, answers how many were taken. `drain`: argument = samples. */
  audio: Object.freeze({ specs: 1, delay: 2, write: 3, drain: 4 }),
  /** `specs`: reply u32 PUs, u32 programs. Others: argument = PU; of `set` also program in the upper half. `state`, `ended` answer state and detail. */
  puc: Object.freeze({ specs: 1, start: 2, stop: 3, set: 4, exception: 5, state: 6, ended: 7, reset: 8 }),
});

/** What a keyboard's negative codes mean, by name; positive codes are Unicode code points. F*n* is `f1` - *n* + 1. */
export const KEY = Object.freeze({
  left: -1, right: -2, up: -3, down: -4,
  left_shift: -5, right_shift: -6, alt: -7, alt_gr: -8, left_ctrl: -9, right_ctrl: -10,
  line_feed: -11, tab: -12, carriage_return: -13, space: -14,
  f1: -15, f24: -38,
  home: -39, page_up: -40, page_down: -41, end: -42, escape: -43, delete: -44, insert: -45, print_screen: -46, backspace: -47,
} as const);

/** States of a PU under a controller: the lower half of what `state` and `ended` answer. */
export const PU_STATE = Object.freeze({ empty: 0, stopped: 1, computing: 2, waiting: 3, returned: 4, exception: 5 } as const);
/** The name of such a state. */
export type PuState = keyof typeof PU_STATE;

/** The program number that stands for none in the controller's `set`. */
export const NO_PROGRAM = 0xffffffff;

/** Statuses of a completion. */
export const STATUS = Object.freeze({
  ok: 0,
  /** A stream ended, nothing follows. */
  end: 1,
  cancelled: 2,
  peer_reset: 3,
  bad_request: 4,
  /** The message did not fit the offer, or the answer did not fit the reply buffer. */
  too_large: 5,
  device_failed: 6,
  /** The device is full or the entry does not exist. */
  no_space: 7,
  not_supported: 8,
} as const);
/** The name of a status. */
export type Status = keyof typeof STATUS;

/** Rules of a port whose breach faults it; the code stands in the window. */
export const FAULT = Object.freeze({
  none: 0,
  /** `outProducer` went back, beyond the credit, or further than the ring has entries. */
  bad_producer: 1,
  /** `inConsumer` went back or beyond `inProducer`. */
  bad_consumer: 2,
  /** A payload or buffer that is not wholly inside memory. */
  bad_buffer: 3,
  /** A message larger than the limit in force. */
  message_too_large: 4,
  /** A request's tag that is already outstanding, or a reply to a request that never came. */
  bad_tag: 5,
  /** An operation that this side may not send. */
  bad_operation: 6,
} as const);
/** The name of a fault. */
export type Fault = keyof typeof FAULT;

/** Bytes of the window of a port with that depth, a multiple of 64. */
export function windowBytes(depth: number): number {
  return (WINDOW.rings + 2 * depth * ENTRY_BYTES + 63) & ~63;
}

/** The first address at which a window or data may lie. */
export const WINDOWS_START = DISCOVERY_BYTES;
