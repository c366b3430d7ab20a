/**
 * The host side of all ports of one PU. It works on the PU's memory and on the devices that the ports are wired to, and knows
 * nothing of engines: a machine calls `bell` and `poll` when the program executes these instructions.
 *
 * The rules are those of isa-spec/ports.md. Whatever a program does can fault only its own port; nothing here throws for it.
 */
import { DISCOVERY, DISCOVERY_BYTES, DISCOVERY_MAGIC, type PortDeclaration } from '../../isa-spec/index.js';
import { checkMethods, checkObject, checkOptions, checkString, checkWhole, nearest } from '../arguments/index.js';
import { ClientPort } from './client.js';
import type { Device } from './device.js';
import { GuestMemory, type Port, type PortSetting, type PortState } from './port.js';
import { ServerPort } from './server.js';
import { PORTS_SNAPSHOT_VERSION, PortReader, PortWriter } from './snapshot.js';

export type { Client, Device, DeviceCompletion, DeviceRequest, Service, Session } from './device.js';
export type { PortState } from './port.js';
export { PortsRefusal } from './snapshot.js';

/** The version of the discovery page. */
const DISCOVERY_VERSION = 1;
/** Bytes that all client ports of a PU may have in flight unless the embedder says otherwise: 256 MiB. */
export const IN_FLIGHT_BYTES_DEFAULT = 2 ** 28;

/** Limits of one port that a system lowers. */
export interface PortLimits {
  /** Messages in flight, from 1 to the declared depth. */
  readonly depth?: number;
  /** Bytes of the largest message, from 0 to the declared one. */
  readonly messageBytes?: number;
}

/** What the ports of a PU are made of. */
export interface PortsOptions {
  /** As the program declares them; verified. */
  readonly declarations: readonly PortDeclaration[];
  /** The PU's memory, its address 0 first. */
  readonly memory: Uint8Array;
  /** For each client port the device that it leads to. */
  readonly wiring: Readonly<Record<string, Device>>;
  /** Limits in force, by port; the declared ones by default. */
  readonly limits?: Readonly<Record<string, PortLimits>>;
  /** Most bytes that the requests of all client ports together may hold outside the PU's memory; 256 MiB by default. */
  readonly inFlightBytesMax?: number;
  /** Called, perhaps from a device's callback, when a `wait` that found nothing may find something now. */
  readonly onNews: () => void;
}

const LIMIT_NAMES = Object.keys({ depth: true, messageBytes: true } satisfies Record<keyof PortLimits, true>);

function limit(port: string, name: keyof PortLimits, found: number | undefined, least: number, declared: number): number {
  if (found === undefined) return declared;
  checkWhole(`portLimits.${port}.${name}`, found, least, declared);
  return found;
}

function checkPortName(what: string, name: string, names: readonly string[]): void {
  if (names.includes(name)) return;
  const near = nearest(name, names);
  throw new TypeError(
    `${what}: there is no port ${name}; ${near === undefined ? `the program declares ${names.join(', ') || 'none'}` : `did you mean ${near}?`}`,
  );
}

function checkDevice(what: string, device: unknown): void {
  checkMethods(what, device, ['open'], 'a Device');
  const { serves } = device as Device;
  if (serves === undefined) return;
  checkObject(`${what}.serves`, serves);
  checkString(`${what}.serves.protocol`, serves.protocol);
  checkWhole(`${what}.serves.version`, serves.version, 0, 0xffff);
}

/** The ports of one PU. */
export class Ports {
  /** The ports that the program declares, bit n for port n. */
  readonly declared: bigint;
  readonly #ports: readonly Port[];
  readonly #bits: readonly bigint[];
  readonly #memory: GuestMemory;
  readonly #servers = new Map<string, Device>();
  /** What devices threw and nobody was told yet. */
  readonly #errors: unknown[] = [];

  /**
   * Nothing is written and no session opened before `initialise`.
   * @throws TypeError if a client port is not wired, or to a device of another protocol; or wiring or limits name a port that does not exist or can't be wired
   * @throws RangeError if a limit is above the declared one, or messages in flight may hold more than `inFlightBytesMax`
   */
  constructor({ declarations, memory, wiring, limits = {}, inFlightBytesMax = IN_FLIGHT_BYTES_DEFAULT, onNews }: PortsOptions) {
    const names = declarations.map(({ name }) => name);
    checkObject('ports', wiring);
    for (const name of Object.keys(wiring)) {
      checkPortName('ports', name, names);
      if (declarations[names.indexOf(name)]?.side === 'server') throw new TypeError(`ports.${name}: a server port; wire clients to it, not it to a device`);
      checkDevice(`ports.${name}`, wiring[name]);
    }
    checkObject('portLimits', limits);
    for (const name of Object.keys(limits)) {
      checkPortName('portLimits', name, names);
      checkOptions(`portLimits.${name}`, limits[name], LIMIT_NAMES);
    }
    checkWhole('inFlightBytesMax', inFlightBytesMax, 0, Number.MAX_SAFE_INTEGER);

    this.#memory = new GuestMemory(memory);
    let inFlightBytes = 0;
    this.#ports = declarations.map((declaration, number) => {
      const { name, side, protocol, version, depth, messageBytes } = declaration;
      const found = Object.hasOwn(limits, name) ? limits[name] : undefined;
      const inFlightMax = limit(name, 'depth', found?.depth, 1, depth);
      const messageBytesMax = limit(name, 'messageBytes', found?.messageBytes, 0, messageBytes);
      const setting: PortSetting = {
        declaration,
        number,
        memory: this.#memory,
        inFlightMax,
        messageBytesMax,
        onNews,
        onError: (error) => this.#errors.push(error),
      };
      if (side === 'server') {
        const port = new ServerPort(setting);
        this.#servers.set(name, port.device);
        return port;
      }
      inFlightBytes += inFlightMax * messageBytesMax;
      const device = Object.hasOwn(wiring, name) ? wiring[name] : undefined;
      if (device === undefined) throw new TypeError(`port ${name} is a client of protocol ${protocol} and is wired to nothing`);
      const { serves } = device;
      if (serves !== undefined && (serves.protocol !== protocol || serves.version !== version)) {
        throw new TypeError(`port ${name} speaks ${protocol} ${version}; it is wired to a device of ${serves.protocol} ${serves.version}`);
      }
      return new ClientPort(setting, device);
    });
    if (inFlightBytes > inFlightBytesMax) {
      throw new RangeError(
        `messages in flight may hold ${inFlightBytes} bytes, more than inFlightBytesMax = ${inFlightBytesMax}: lower depth or messageBytes of ports, or raise it`,
      );
    }
    this.#bits = declarations.map((_, number) => 1n << BigInt(number));
    this.declared = this.#bits.reduce((mask, bit) => mask | bit, 0n);
  }

  /** The PU's memory. It may be replaced by another array of the same contents. */
  get memory(): Uint8Array {
    return this.#memory.bytes;
  }
  set memory(memory: Uint8Array) {
    this.#memory.bytes = memory;
  }

  /** Throws what devices threw since the last time: one error as it is, several as an AggregateError. */
  rethrow(): void {
    if (this.#errors.length === 0) return;
    const errors = this.#errors.splice(0);
    throw errors.length === 1 ? errors[0] : new AggregateError(errors, `devices threw ${errors.length} errors`);
  }

  /** Makes the discovery page, the windows and the sessions as they are before a program starts: at the beginning and at a reset. */
  initialise(): void {
    const { bytes, view } = this.#memory;
    bytes.fill(0, 0, DISCOVERY_BYTES);
    view.setUint32(DISCOVERY.magic, DISCOVERY_MAGIC, true);
    view.setUint32(DISCOVERY.version, DISCOVERY_VERSION, true);
    view.setUint32(DISCOVERY.memoryBytes, bytes.length, true);
    view.setUint32(DISCOVERY.portCount, this.#ports.length, true);
    for (const port of this.#ports) port.initialise();
  }

  /**
   * What `bell` does.
   * @returns bytes of payload copied
   * @throws RangeError if there is no such port; the machine traps before
   */
  bell(port: number): { bytes: number } {
    const found = this.#port(port);
    found.bell();
    return { bytes: found.copiedBytes };
  }

  /**
   * What `poll` does; `wait` is the same, and sleeps while nothing is ready.
   * @param mask bit n for port n
   * @returns the ports of the mask that have news, and bytes of payload copied
   * @throws RangeError if the mask holds an undeclared port; the machine traps before
   */
  poll(mask: bigint): { ready: bigint; bytes: number } {
    if ((mask & ~this.declared) !== 0n) throw new RangeError(`mask ${mask} holds ports that are not declared`);
    let ready = 0n;
    let bytes = 0;
    for (let number = 0; number < this.#ports.length; number++) {
      const bit = this.#bits[number] as bigint;
      if ((mask & bit) === 0n) continue;
      const port = this.#ports[number] as Port;
      if (port.poll()) ready |= bit;
      bytes += port.copiedBytes;
    }
    return { ready, bytes };
  }

  /**
   * The device that the program plays at a server port.
   * @throws TypeError if the program declares no server port of this name
   */
  device(name: string): Device {
    const device = this.#servers.get(name);
    if (device === undefined) throw new TypeError(`the program declares no server port ${name}; it has ${[...this.#servers.keys()].join(', ') || 'none'}`);
    return device;
  }

  /** How a port stands, for debuggers and reports. @throws RangeError if there is no such port */
  state(port: number): PortState {
    return this.#port(port).state;
  }

  /** Ends all sessions, until the next `initialise` or `restore`: devices see their clients go, clients see their servers fail. */
  detach(): void {
    for (const port of this.#ports) port.end();
  }

  /** What a snapshot must hold beside the memory. Nothing changes. Empty for a program without ports. */
  snapshot(): Uint8Array {
    const out = new PortWriter();
    if (this.#ports.length === 0) return out.finish();
    out.u32(PORTS_SNAPSHOT_VERSION);
    out.u32(this.#ports.length);
    for (const port of this.#ports) port.write(out);
    return out.finish();
  }

  /**
   * Puts a snapshot in force, on whatever the ports are wired to now: requests in flight complete with `peer_reset`, answers that were not
   * delivered are kept, a server sees its sessions close, every epoch rises. Memory is not touched.
   * @throws PortsRefusal if the bytes are not a snapshot of these ports; then nothing has changed
   */
  restore(bytes: Uint8Array): void {
    const from = new PortReader(bytes);
    let putInForce: readonly (() => void)[] = [];
    if (this.#ports.length > 0) {
      const version = from.u32();
      from.check(version === PORTS_SNAPSHOT_VERSION, 'version', `version ${version} of the ports' part; this reader has version ${PORTS_SNAPSHOT_VERSION}`);
      const count = from.u32();
      from.check(count === this.#ports.length, 'port_count', `${count} ports; the program declares ${this.#ports.length}`);
      putInForce = this.#ports.map((port) => port.read(from));
    }
    from.finish();
    for (const put of putInForce) put();
  }

  #port(number: number): Port {
    const port = this.#ports[number];
    if (port === undefined) throw new RangeError(`port ${number} is not declared; there are ${this.#ports.length}`);
    return port;
  }
}
