/**
 * Recordings: what went into PUs and nothing else, so that each can be run again alone, on any engine, to the same state.
 *
 * A program's input is what its gate let in before each `wait` and `poll` (`gate.ts`); all else follows from the program. A recording holds
 * the programs, and of each life of a PU how it began, these arrivals, and how far it got. The file is described in docs/systems/recordings.md.
 */
import type { DeviceRequest, Machine } from '../vm/index.js';
import { Reader, Writer, type FileRejection, refusalOf } from './bytes.js';
import { Hash } from './hash.js';
import type { Arrival, Gate } from './gate.js';
import type { Topology, TopologyPu } from './topology.js';

/** The bytes `PBSR`. */
const MAGIC = 0x52534250;
const VERSION = 1;
const KINDS = ['complete', 'reset', 'open', 'send', 'cancel', 'close'] as const satisfies readonly Arrival['kind'][];
/** How far a life got; the code is the index. */
export const LIFE_ENDS = Object.freeze(['suspended', 'returned', 'trapped'] as const);

/** Limits in force of a port. */
export interface RecordedLimits {
  readonly port: string;
  readonly depth?: number;
  readonly messageBytes?: number;
}

/** What a PU was at the end of a life. */
export interface LifeEnd {
  readonly kind: (typeof LIFE_ENDS)[number];
  /** How often the program had looked at its ports: each `wait` and `poll` that was carried out, in vain or not. */
  readonly looks: number;
  /** Fuel used; 0 for a trap. */
  readonly fuelUsed: number;
  /** A hash of its snapshot, 16 hexadecimal digits. */
  readonly state: string;
}

/** Arrivals that went in at one moment. */
export interface Batch {
  /** The number of the look that they went in before, from 1. */
  readonly look: number;
  /** Fuel used until then. */
  readonly fuelUsed: number;
  readonly arrivals: readonly Arrival[];
}

/** One life of a PU: from a beginning to a restart, a crash or the end of the recording. */
export interface RecordedLife {
  readonly pu: string;
  /** Name of its program. */
  readonly program: string;
  readonly memoryBytes: number;
  readonly frameBytesMax: number;
  readonly arguments: readonly string[];
  readonly limits: readonly RecordedLimits[];
  readonly batches: readonly Batch[];
  readonly end: LifeEnd;
}

/** A recording as data. */
export interface Recording {
  /** What was recorded, in words. */
  readonly title: string;
  /** Binaries by name. */
  readonly programs: ReadonlyMap<string, Uint8Array>;
  /** In the order in which they began. */
  readonly lives: readonly RecordedLife[];
}

/** A hash of everything that a machine is. */
export function stateOf(machine: Machine): string {
  const hash = new Hash();
  hash.bytes(machine.snapshot());
  return hash.digits;
}

function writeArrival(out: Writer, arrival: Arrival): void {
  out.number(KINDS.indexOf(arrival.kind));
  out.number(arrival.port);
  switch (arrival.kind) {
    case 'complete': {
      const { tag, status, bytes = NOTHING, argument = 0n } = arrival.completion;
      out.number(tag);
      out.number(status >>> 0);
      out.long(argument);
      return out.bytes(bytes);
    }
    case 'reset':
      return;
    case 'open':
    case 'close':
      return out.number(arrival.session);
    case 'cancel':
      out.number(arrival.session);
      return out.number(arrival.tag);
    case 'send': {
      const { operation, tag, bytes, replyBytes, argument } = arrival.request;
      out.number(arrival.session);
      out.number(operation);
      out.number(tag);
      out.number(replyBytes);
      out.long(argument);
      return out.bytes(bytes);
    }
  }
}
const NOTHING = new Uint8Array(0);

/** A life that is being recorded. */
class Life {
  readonly pu: string;
  readonly #machine: Machine;
  readonly #gate: Gate;
  readonly #head = new Writer();
  readonly #body = new Writer();
  #batches = 0;
  #looks = 0;
  #lastLook = 0;
  #lastFuel = 0;

  constructor(pu: TopologyPu, limits: readonly RecordedLimits[], machine: Machine, gate: Gate) {
    this.pu = pu.name;
    this.#machine = machine;
    this.#gate = gate;
    const head = this.#head;
    head.text(pu.name);
    head.text(pu.program);
    head.number(pu.memoryBytes);
    head.number(pu.frameBytesMax);
    head.number(pu.arguments.length);
    for (const word of pu.arguments) head.text(word);
    head.number(limits.length);
    for (const { port, depth, messageBytes } of limits) {
      head.text(port);
      // One more than the limit; 0 for none.
      head.number(depth === undefined ? 0 : depth + 1);
      head.number(messageBytes === undefined ? 0 : messageBytes + 1);
    }
    gate.onAdmit = (arrivals) => this.#admit(arrivals);
  }

  #admit(arrivals: readonly Arrival[]): void {
    this.#looks++;
    if (arrivals.length === 0) return;
    const { fuelUsed } = this.#machine;
    const body = this.#body;
    body.number(this.#looks - this.#lastLook);
    body.number(fuelUsed - this.#lastFuel);
    body.number(arrivals.length);
    for (const arrival of arrivals) writeArrival(body, arrival);
    this.#lastLook = this.#looks;
    this.#lastFuel = fuelUsed;
    this.#batches++;
  }

  /** The life is over. @returns its part of the file */
  finish(): Uint8Array {
    this.#gate.onAdmit = undefined;
    const machine = this.#machine;
    const kind = machine.progress === 'returned' || machine.progress === 'trapped' ? machine.progress : 'suspended';
    const out = this.#head;
    out.number(this.#batches);
    out.bytes(this.#body.finish());
    out.number(LIFE_ENDS.indexOf(kind));
    out.number(this.#looks);
    out.number(kind === 'trapped' ? 0 : machine.fuelUsed);
    out.text(stateOf(machine));
    return out.finish();
  }
}

/** Records PUs of any host: each machine that begins is to be shown to it before it runs. */
export class Recorder {
  readonly #title: string;
  readonly #programs = new Map<string, Uint8Array>();
  readonly #limits: (pu: string) => RecordedLimits[];
  /** Lives in the order in which they began: those that are over as bytes. */
  readonly #lives: (Life | Uint8Array)[] = [];

  /** A recording without lives. @param title what is recorded, in words */
  constructor(title: string, { programs, links }: Topology) {
    this.#title = title;
    for (const { name, binary } of programs) this.#programs.set(name, binary);
    this.#limits = (pu) =>
      links.flatMap(({ client, depth, messageBytes }): RecordedLimits[] => {
        if ('device' in client || client.pu !== pu || (depth === undefined && messageBytes === undefined)) return [];
        return [{ port: client.port, ...(depth === undefined ? {} : { depth }), ...(messageBytes === undefined ? {} : { messageBytes }) }];
      });
  }

  /** A machine begins: started, and its ports wired through the gate. */
  watch(pu: TopologyPu, machine: Machine, gate: Gate): void {
    const before = this.#lives.findIndex((life) => life instanceof Life && life.pu === pu.name);
    if (before >= 0) this.#lives[before] = (this.#lives[before] as Life).finish();
    this.#lives.push(new Life(pu, this.#limits(pu.name), machine, gate));
  }

  /** Ends the recording. @returns the file */
  finish(): Uint8Array {
    const out = new Writer();
    out.head(MAGIC, VERSION);
    out.text(this.#title);
    out.number(this.#programs.size);
    for (const [name, binary] of this.#programs) {
      out.text(name);
      out.bytes(binary);
    }
    out.number(this.#lives.length);
    for (const life of this.#lives) out.bytes(life instanceof Life ? life.finish() : life);
    return out.finish();
  }
}

function readArrival(from: Reader): Arrival {
  const kind = KINDS[from.number(KINDS.length - 1)] as Arrival['kind'];
  const port = from.number(63);
  switch (kind) {
    case 'complete': {
      const [tag, status] = [from.number(), from.number(0xffffffff)];
      const argument = from.long();
      return { kind, port, completion: { tag, status, argument, bytes: from.bytes() } };
    }
    case 'reset':
      return { kind, port };
    case 'open':
    case 'close':
      return { kind, port, session: from.number() };
    case 'cancel':
      return { kind, port, session: from.number(), tag: from.number() };
    case 'send': {
      const session = from.number();
      const [operation, tag, replyBytes] = [from.number(0xffffffff), from.number(), from.number(0xffffffff)];
      const argument = from.long();
      const request: DeviceRequest = { operation, tag, replyBytes, argument, bytes: from.bytes() };
      return { kind, port, session, request };
    }
  }
}

function readLife(from: Reader): RecordedLife {
  const [pu, program, memoryBytes, frameBytesMax] = [from.text(), from.text(), from.number(), from.number()];
  const words = Array.from({ length: from.count() }, () => from.text());
  const limits = Array.from({ length: from.count() }, (): RecordedLimits => {
    const [port, depth, messageBytes] = [from.text(), from.number(), from.number()];
    return { port, ...(depth === 0 ? {} : { depth: depth - 1 }), ...(messageBytes === 0 ? {} : { messageBytes: messageBytes - 1 }) };
  });
  const batchCount = from.count();
  const body = from.part();
  let [look, fuelUsed] = [0, 0];
  const batches = Array.from({ length: batchCount }, (): Batch => {
    const [looks, fuel] = [body.number(), body.number()];
    body.check(looks > 0, 'looks', 'two batches of arrivals went in before one look');
    look += looks;
    fuelUsed += fuel;
    body.check(Number.isSafeInteger(look) && Number.isSafeInteger(fuelUsed), 'number', 'a sum is too large');
    const arrivals = Array.from({ length: body.count() }, () => readArrival(body));
    body.check(arrivals.length > 0, 'arrivals', 'a batch of no arrivals');
    return { look, fuelUsed, arrivals };
  });
  body.finish();
  const kind = LIFE_ENDS[from.number(LIFE_ENDS.length - 1)] as LifeEnd['kind'];
  const end: LifeEnd = { kind, looks: from.number(), fuelUsed: from.number(), state: from.text() };
  from.check(end.looks >= look, 'looks', `${end.looks} looks in all, but arrivals before number ${look}`);
  from.check(kind !== 'trapped' || end.fuelUsed === 0, 'fuel', 'fuel at a trap is not observable');
  from.finish();
  return { pu, program, memoryBytes, frameBytesMax, arguments: words, limits, batches, end };
}

/** Reads a recording, from bytes that nobody vouches for. */
export function readRecording(file: Uint8Array): { readonly recording: Recording } | { readonly rejection: FileRejection } {
  try {
    return { recording: read(file) };
  } catch (error) {
    return { rejection: refusalOf(error) };
  }
}

function read(file: Uint8Array): Recording {
  const from = new Reader('recording', file);
  from.head(MAGIC, VERSION, 'not a recording: it does not begin with "PBSR"');
  const title = from.text();
  const programs = new Map<string, Uint8Array>();
  for (let left = from.count(); left > 0; left--) {
    const name = from.text();
    from.check(!programs.has(name), 'program', `program ${name} is there twice`);
    programs.set(name, from.bytes());
  }
  const lives = Array.from({ length: from.count() }, () => {
    const life = readLife(from.part());
    from.check(programs.has(life.program), 'program', `${life.pu} runs ${life.program}, which is not there`);
    return life;
  });
  from.finish();
  return { title, programs, lives };
}
