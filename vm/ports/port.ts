/**
 * What client and server ports have in common: the window, the indexes, credit, faults, epochs.
 *
 * The specification is isa-spec/ports.md; the order of reads and writes here is the one that it states. The host
 * keeps its own copy of every index and never reads back what it wrote: all memory is the guest's to scribble on. A word
 * that the guest writes is read once, then checked, then used.
 */
import { DISCOVERY, ENTRY, ENTRY_BYTES, FAULT, type Fault, PROTOCOLS, type PortDeclaration, RECORD, SIDES, WINDOW, windowBytes } from '../../isa-spec/index.js';
import type { PortReader, PortWriter } from './snapshot.js';

/** The memory of one PU, which may be replaced by another array with the same contents. */
export class GuestMemory {
  #bytes!: Uint8Array;
  #view!: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
  get bytes(): Uint8Array {
    return this.#bytes;
  }
  set bytes(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  /** The same bytes, for numbers. */
  get view(): DataView {
    return this.#view;
  }
  /** Whether a range lies wholly in memory. Both are u32, so their sum is exact. */
  holds(address: number, bytes: number): boolean {
    return address + bytes <= this.#bytes.length;
  }
}

/** One outgoing entry, copied out of the ring. */
export interface OutgoingEntry {
  readonly operation: number;
  readonly tag: number;
  readonly status: number;
  readonly address: number;
  readonly bytes: number;
  readonly reply: number;
  readonly replyBytes: number;
  readonly argument: bigint;
}

/** One incoming entry; what is left out is 0. */
export interface IncomingEntry {
  readonly operation: number;
  readonly tag?: number;
  readonly status?: number;
  readonly session?: number;
  readonly address: number;
  readonly bytes?: number;
  readonly replyBytes?: number;
  readonly argument?: bigint;
}

/** What a port needs to know of its PU. */
export interface PortSetting {
  readonly declaration: PortDeclaration;
  /** The port's number, which is its bit in a mask. */
  readonly number: number;
  readonly memory: GuestMemory;
  /** Messages in flight, the limit in force. */
  readonly inFlightMax: number;
  /** Bytes of the largest message, the limit in force. */
  readonly messageBytesMax: number;
  /** Called when something arrived that a `wait` may be waiting for. */
  readonly onNews: () => void;
  /** Takes what a device, a client or `onNews` threw. */
  readonly onError: (error: unknown) => void;
}

/** A port as debuggers and reports see it. */
export interface PortState {
  readonly name: string;
  readonly side: PortDeclaration['side'];
  /** The rule that the program broke, `none` for a port that works. */
  readonly fault: Fault;
  readonly epoch: number;
  /** Counted entries that the program may still send. */
  readonly credit: number;
  /** Entries that were delivered and not yet consumed. */
  readonly unconsumed: number;
}

const ok = FAULT.none;

/** The host side of one port. */
export abstract class Port {
  /** Outgoing entries taken, modulo 2^32: what `outConsumer` shows. */
  protected taken = 0;
  /** Incoming entries delivered, modulo 2^32: what `inProducer` shows. */
  protected delivered = 0;
  /** Incoming entries that the program is known to have consumed, modulo 2^32. */
  protected consumed = 0;
  protected fault: number = ok;
  protected epoch = 0;
  /** Payload bytes copied by the instruction in progress. */
  protected copied = 0;
  readonly #window: number;
  readonly #incoming: number;
  readonly #slots: number;
  #faultReported = false;
  #epochReported = 0;
  #ringing = false;

  constructor(protected readonly setting: PortSetting) {
    const { window, depth } = setting.declaration;
    this.#window = window;
    this.#incoming = window + WINDOW.rings + depth * ENTRY_BYTES;
    this.#slots = depth - 1;
  }

  /** What counts against the credit beside entries that were delivered and not consumed. */
  protected abstract get engaged(): number;
  /** Does what an entry asks. @returns the rule that it breaks; then nothing of it is done */
  protected abstract take(entry: OutgoingEntry): number;
  /** Delivers what has arrived, as far as there is room for it. */
  protected abstract deliver(): void;
  /** Ends everything with the other side, for good or until `begin`. */
  abstract end(): void;
  /** Begins anew with the other side. */
  protected abstract begin(): void;
  /** Writes what a snapshot holds of this side. */
  protected abstract writeSide(out: PortWriter): void;
  /** Reads and checks it. @returns what puts it in force, to be called after `end` */
  protected abstract readSide(from: PortReader, unconsumed: number): () => void;

  get state(): PortState {
    const { name, side } = this.setting.declaration;
    const fault = (Object.keys(FAULT) as Fault[]).find((rule) => FAULT[rule] === this.fault) as Fault;
    return { name, side, fault, epoch: this.epoch, credit: this.creditLeft, unconsumed: this.unconsumed };
  }

  protected get unconsumed(): number {
    return (this.delivered - this.consumed) >>> 0;
  }
  /** Counted entries that may still be sent. */
  protected get creditLeft(): number {
    return this.setting.inFlightMax - this.engaged - this.unconsumed;
  }

  /** Writes window and record as they are before a program starts, and begins anew with the other side. */
  initialise(): void {
    this.end();
    this.taken = this.delivered = this.consumed = 0;
    this.fault = ok;
    this.epoch = this.#epochReported = 0;
    this.#faultReported = false;

    const { declaration, number, memory, inFlightMax, messageBytesMax } = this.setting;
    const { name, protocol, side, version, window, depth, messageBytes } = declaration;
    const protocolCode = PROTOCOLS.indexOf(protocol) + 1;
    const sideCode = SIDES.indexOf(side);
    const record = DISCOVERY.records + number * DISCOVERY.recordBytes;
    memory.bytes.fill(0, window, window + windowBytes(depth));
    this.#write(WINDOW.protocol, protocolCode);
    this.#write(WINDOW.version, version);
    this.#write(WINDOW.side, sideCode);
    this.#write(WINDOW.depth, depth);
    this.#write(WINDOW.messageBytes, messageBytesMax);
    this.#write(WINDOW.credit, inFlightMax);
    this.#write(WINDOW.number, number);
    this.#write(WINDOW.record, record);
    this.#write(WINDOW.inFlight, inFlightMax);

    const { view } = memory;
    view.setUint32(record + RECORD.window, window, true);
    view.setUint8(record + RECORD.protocol, protocolCode);
    view.setUint8(record + RECORD.side, sideCode);
    view.setUint16(record + RECORD.version, version, true);
    view.setUint32(record + RECORD.depth, depth, true);
    view.setUint32(record + RECORD.messageBytes, messageBytes, true);
    for (let at = 0; at < name.length; at++) view.setUint8(record + RECORD.name + at, name.charCodeAt(at));
    this.begin();
  }

  /** Payload bytes that the last `bell` or `poll` copied. */
  get copiedBytes(): number {
    return this.copied;
  }

  /** Takes the entries that the program published. */
  bell(): void {
    this.copied = 0;
    if (this.fault !== ok) return;
    const producer = this.#read(WINDOW.outProducer);
    const count = (producer - this.taken) >>> 0;
    if (count > this.setting.declaration.depth) this.#fail(FAULT.bad_producer);
    this.#ringing = true;
    for (let left = count; left > 0 && this.fault === ok; left--) {
      const broken = this.take(this.#entry(this.taken));
      if (broken === ok) this.taken = (this.taken + 1) >>> 0;
      else this.#fail(broken);
    }
    this.#ringing = false;
    this.#write(WINDOW.outConsumer, this.taken);
    if (this.fault === ok) this.#writeCredit();
  }

  /** Reads what the program consumed and delivers what has arrived. @returns whether there is news */
  poll(): boolean {
    this.copied = 0;
    if (this.fault === ok) {
      const consumer = this.#read(WINDOW.inConsumer);
      if ((consumer - this.consumed) >>> 0 > this.unconsumed) this.#fail(FAULT.bad_consumer);
      else this.consumed = consumer;
    }
    if (this.fault !== ok) {
      const news = !this.#faultReported;
      this.#faultReported = true;
      return news;
    }
    this.deliver();
    this.#write(WINDOW.inProducer, this.delivered);
    this.#writeCredit();
    this.#write(WINDOW.epoch, this.epoch);
    const news = this.unconsumed > 0 || this.epoch !== this.#epochReported;
    this.#epochReported = this.epoch;
    return news;
  }

  /** Something arrived. What comes while the program rings is no news: the program is awake. */
  protected news(): void {
    if (!this.#ringing) this.guarded(this.setting.onNews);
  }

  /** Calls out of the vm: whatever the other side throws, the port's own work goes on. @returns whether it threw nothing */
  protected guarded(call: () => void): boolean {
    try {
      call();
      return true;
    } catch (error) {
      this.setting.onError(error);
      return false;
    }
  }

  /** A range of memory, copied. */
  protected copyOut(address: number, bytes: number): Uint8Array {
    this.copied += bytes;
    return this.setting.memory.bytes.slice(address, address + bytes);
  }

  /** Writes a payload and then the entry that tells of it. */
  protected put(entry: IncomingEntry, payload?: Uint8Array): void {
    const { memory } = this.setting;
    if (payload !== undefined) {
      memory.bytes.set(payload, entry.address);
      this.copied += payload.length;
    }
    const { view } = memory;
    const at = this.#incoming + (this.delivered & this.#slots) * ENTRY_BYTES;
    view.setUint32(at + ENTRY.operation, entry.operation, true);
    view.setUint32(at + ENTRY.tag, entry.tag ?? 0, true);
    view.setUint32(at + ENTRY.status, entry.status ?? 0, true);
    view.setUint32(at + ENTRY.session, entry.session ?? 0, true);
    view.setUint32(at + ENTRY.address, entry.address, true);
    view.setUint32(at + ENTRY.bytes, payload?.length ?? 0, true);
    view.setUint32(at + ENTRY.reply, 0, true);
    view.setUint32(at + ENTRY.replyBytes, entry.replyBytes ?? 0, true);
    view.setBigUint64(at + ENTRY.argument, BigInt.asUintN(64, entry.argument ?? 0n), true);
    this.delivered = (this.delivered + 1) >>> 0;
    if (this.unconsumed > this.setting.declaration.depth) throw new Error('credit keeps the incoming ring from overflowing');
  }

  /** Writes what a snapshot holds of the port. */
  write(out: PortWriter): void {
    const { inFlightMax, messageBytesMax } = this.setting;
    out.u32(inFlightMax);
    out.u32(messageBytesMax);
    out.u32(this.taken);
    out.u32(this.delivered);
    out.u32(this.consumed);
    out.u32(this.epoch);
    out.u32(this.#epochReported);
    out.u32(this.fault);
    out.u32(this.#faultReported ? 1 : 0);
    // A faulted port holds nothing more.
    if (this.fault === ok) this.writeSide(out);
  }

  /** Reads and checks what a snapshot holds of the port. @returns what puts it in force */
  read(from: PortReader): () => void {
    const { declaration, inFlightMax, messageBytesMax } = this.setting;
    const sameInFlight = from.u32() === inFlightMax;
    const sameMessage = from.u32() === messageBytesMax;
    from.check(sameInFlight && sameMessage, 'limits', `port ${declaration.name} had other limits in force`);
    const taken = from.u32();
    const delivered = from.u32();
    const consumed = from.u32();
    const epoch = from.u32();
    const epochReported = from.u32();
    const fault = from.u32();
    const faultReported = from.u32();
    const unconsumed = (delivered - consumed) >>> 0;
    from.check(unconsumed <= inFlightMax, 'indexes', `port ${declaration.name} has ${unconsumed} unconsumed entries; at most ${inFlightMax} are possible`);
    from.check(Object.values<number>(FAULT).includes(fault), 'fault', `port ${declaration.name} has the unknown fault ${fault}`);
    from.check(faultReported <= (fault === ok ? 0 : 1), 'fault', `port ${declaration.name} has ${faultReported} where 0 or 1 tells a reported fault`);
    const sideInForce = fault === ok ? this.readSide(from, unconsumed) : undefined;
    return () => {
      this.end();
      this.taken = taken;
      this.delivered = delivered;
      this.consumed = consumed;
      this.epoch = epoch;
      this.#epochReported = epochReported;
      this.fault = fault;
      this.#faultReported = faultReported === 1;
      if (sideInForce === undefined) return;
      this.epoch = (epoch + 1) >>> 0;
      sideInForce();
      this.begin();
    };
  }

  #fail(rule: number): void {
    this.fault = rule;
    this.#write(WINDOW.fault, rule);
    this.end();
  }
  #read(word: number): number {
    return this.setting.memory.view.getUint32(this.#window + word, true);
  }
  #write(word: number, value: number): void {
    this.setting.memory.view.setUint32(this.#window + word, value, true);
  }
  #writeCredit(): void {
    this.#write(WINDOW.credit, (this.taken + this.creditLeft) >>> 0);
  }
  #entry(index: number): OutgoingEntry {
    const { view } = this.setting.memory;
    const at = this.#window + WINDOW.rings + (index & this.#slots) * ENTRY_BYTES;
    return {
      operation: view.getUint32(at + ENTRY.operation, true),
      tag: view.getUint32(at + ENTRY.tag, true),
      status: view.getUint32(at + ENTRY.status, true),
      address: view.getUint32(at + ENTRY.address, true),
      bytes: view.getUint32(at + ENTRY.bytes, true),
      reply: view.getUint32(at + ENTRY.reply, true),
      replyBytes: view.getUint32(at + ENTRY.replyBytes, true),
      argument: view.getBigUint64(at + ENTRY.argument, true),
    };
  }
}
