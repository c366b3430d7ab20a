/**
 * A program's view of its ports, by hand: memory, and code that reads and writes windows as a program would.
 *
 * Offsets are written as numbers from isa-spec/ports.md, not taken from the tables that the host side uses.
 */
import type { PortDeclaration } from '../../isa-spec/index.js';
import { type Client, type Device, type DeviceCompletion, type DeviceRequest, Ports, type PortsOptions } from '../../vm/ports/ports.js';

export const CANCEL = 0xffff0001;
export const OFFER = 0xffff0002;
export const REPLY = 0xffff0003;
export const OPEN = 0xffff0004;
export const CLOSE = 0xffff0005;

/** A `pu` port; what is not said is depth 4 and messages of 64 bytes. */
export function portOf(name: string, side: 'client' | 'server', window: number, more: Partial<PortDeclaration> = {}): PortDeclaration {
  return { name, side, window, protocol: 'pu', version: 1, depth: 4, messageBytes: 64, ...more };
}

/** Fields of a ring entry. */
export interface Fields {
  operation: number;
  tag: number;
  status: number;
  session: number;
  address: number;
  bytes: number;
  reply: number;
  replyBytes: number;
  argument: bigint;
}

const OFFSETS = { operation: 0, tag: 4, status: 8, session: 12, address: 16, bytes: 20, reply: 24, replyBytes: 28 } as const;

/** What a device was asked, in order. */
export type Call = ['open'] | ['send', DeviceRequest] | ['cancel', number] | ['close'];

/** A device that does nothing by itself: it writes down its calls, and the test answers. */
export class Scribe implements Device {
  readonly calls: Call[] = [];
  readonly clients: Client[] = [];

  open(client: Client): { send(request: DeviceRequest): void; cancel(tag: number): void; close(): void } {
    this.calls.push(['open']);
    this.clients.push(client);
    return {
      send: (request) => void this.calls.push(['send', request]),
      cancel: (tag) => void this.calls.push(['cancel', tag]),
      close: () => void this.calls.push(['close']),
    };
  }
  /** The requests of all sessions, in order. */
  get requests(): DeviceRequest[] {
    return this.calls.flatMap((call) => (call[0] === 'send' ? [call[1]] : []));
  }
  /** Answers the request sent as number `index`, of the newest session. */
  answer(index: number, completion: Omit<DeviceCompletion, 'tag'>): void {
    (this.clients[this.clients.length - 1] as Client).complete({ tag: (this.requests[index] as DeviceRequest).tag, ...completion });
  }
}

/** One port as the program sees it. */
export class GuestPort {
  constructor(
    readonly guest: Guest,
    readonly declaration: PortDeclaration,
    readonly number: number,
  ) {}

  word(offset: number): number {
    return this.guest.view.getUint32(this.declaration.window + offset, true);
  }
  setWord(offset: number, value: number): void {
    this.guest.view.setUint32(this.declaration.window + offset, value, true);
  }
  get epoch(): number {
    return this.word(20);
  }
  get fault(): number {
    return this.word(24);
  }
  /** Counted entries that may still be sent. */
  get creditLeft(): number {
    return (this.word(28) - this.word(32)) >>> 0;
  }
  get outConsumer(): number {
    return this.word(36);
  }
  get inProducer(): number {
    return this.word(40);
  }
  outgoing(index: number): number {
    return this.declaration.window + 64 + (index & (this.declaration.depth - 1)) * 40;
  }
  incoming(index: number): number {
    return this.outgoing(index) + this.declaration.depth * 40;
  }

  /** Writes an outgoing entry and raises the producer, without ringing. */
  push(fields: Partial<Fields>): void {
    const index = this.word(32);
    const at = this.outgoing(index);
    for (const name of Object.keys(OFFSETS) as (keyof typeof OFFSETS)[]) this.guest.view.setUint32(at + OFFSETS[name], fields[name] ?? 0, true);
    this.guest.view.setBigUint64(at + 32, BigInt.asUintN(64, fields.argument ?? 0n), true);
    this.setWord(32, index + 1);
  }
  /** Rings. @returns payload bytes copied */
  bell(): number {
    return this.guest.ports.bell(this.number).bytes;
  }
  /** Writes entries and rings. */
  send(...entries: Partial<Fields>[]): number {
    for (const entry of entries) this.push(entry);
    return this.bell();
  }
  /** Whether `poll` of this port alone reports it. */
  poll(): boolean {
    return this.guest.poll(1n << BigInt(this.number)) !== 0n;
  }
  /** Consumes one entry of those that were delivered, or none. */
  pull(): Fields | undefined {
    const index = this.word(44);
    if (index === this.inProducer) return undefined;
    const at = this.incoming(index);
    const read = (offset: number): number => this.guest.view.getUint32(at + offset, true);
    this.setWord(44, index + 1);
    return {
      operation: read(0),
      tag: read(4),
      status: read(8),
      session: read(12),
      address: read(16),
      bytes: read(20),
      reply: read(24),
      replyBytes: read(28),
      argument: this.guest.view.getBigUint64(at + 32, true),
    };
  }
  /** Polls, then consumes everything, then polls again so that credit is back. */
  drain(): Fields[] {
    this.poll();
    const found: Fields[] = [];
    for (let entry = this.pull(); entry !== undefined; entry = this.pull()) found.push(entry);
    this.poll();
    return found;
  }
}

/** A PU without an engine. */
export class Guest {
  readonly memory: Uint8Array;
  readonly view: DataView;
  readonly ports: Ports;
  readonly declarations: readonly PortDeclaration[];
  /** How often the ports said that there is news. */
  newsCount = 0;

  constructor(declarations: readonly PortDeclaration[], wiring: PortsOptions['wiring'], more: Partial<PortsOptions> = {}) {
    this.declarations = declarations;
    this.memory = more.memory ?? new Uint8Array(65536);
    this.view = new DataView(this.memory.buffer, this.memory.byteOffset, this.memory.length);
    this.ports = new Ports({ declarations, memory: this.memory, wiring, onNews: () => void this.newsCount++, ...more });
    this.ports.initialise();
  }
  port(name: string): GuestPort {
    const number = this.declarations.findIndex((declaration) => declaration.name === name);
    return new GuestPort(this, this.declarations[number] as PortDeclaration, number);
  }
  poll(mask: bigint): bigint {
    return this.ports.poll(mask).ready;
  }
  /** Puts text at an address. @returns its length */
  write(address: number, text: string): number {
    const bytes = new TextEncoder().encode(text);
    this.memory.set(bytes, address);
    return bytes.length;
  }
  text(address: number, bytes: number): string {
    return new TextDecoder().decode(this.memory.slice(address, address + bytes));
  }
}

/** Bytes of a text. */
export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
