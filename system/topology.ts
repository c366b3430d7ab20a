/**
 * A system as all parts agree on it: flat, every name written out, every check done. Descriptions are expanded to this; hosts, images,
 * pictures and explanations read nothing else.
 *
 * Names are paths: a computer `node[2]`, a PU or device on it `node[2].cache`, inside a box `node[2].raid.left`, a port
 * `node[2].cache.below`, an element of an array of ports `store.seq.from[3]`. What stands outside of any computer is on the
 * computer `main`, and its name has no prefix. Times are in nanoseconds of virtual or real time, sizes in bytes, chances from 0 to 1.
 */
import type { Protocol } from '../isa-spec/index.js';
import type { VerifiedProgram } from '../vm/index.js';

/** The computer of what stands outside of any. */
export const MAIN_COMPUTER = 'main';
/** Units of fuel that a PU uses in a second of virtual time, unless its description says otherwise. */
export const FUEL_PER_SECOND_DEFAULT = 1_000_000_000;

/** From one value to another, both included. */
export interface SettingRange {
  readonly least: number;
  readonly most: number;
}
/** What a setting may be. Times are nanoseconds, sizes bytes, chances 0 to 1; paths start in the folder of the description. */
export type SettingValue = number | string | boolean | SettingRange | readonly string[];
/** Settings by name, in the order of names. */
export type Settings = Readonly<Record<string, SettingValue>>;

/** A program of the system. */
export interface TopologyProgram {
  /** Unique. */
  readonly name: string;
  /** The `.pbx`. */
  readonly binary: Uint8Array;
  readonly program: VerifiedProgram;
  /** Of `binary`, 64 hexadecimal digits. */
  readonly sha256: string;
}

/** A computer: where PUs and devices are. */
export interface TopologyComputer {
  readonly name: string;
  /** Most bytes of memory and frames of all its PUs together; checked. */
  readonly memoryBytesMax?: number;
  /** Most PUs; checked. */
  readonly pusMax?: number;
}

/** When a PU that has trapped is started again by its host. */
export interface RestartRule {
  /** Most restarts within the time. */
  readonly most: number;
  /** In nanoseconds. */
  readonly withinNs: number;
}

/** A Processing Unit: one instance of a program, with one memory. */
export interface TopologyPu {
  readonly name: string;
  readonly computer: string;
  /** Name of a `TopologyProgram`. */
  readonly program: string;
  readonly memoryBytes: number;
  readonly frameBytesMax: number;
  /** Units of fuel that take a second of virtual time. */
  readonly fuelPerSecond: number;
  /** Whether it runs from the beginning; false if a puc starts it. */
  readonly starts: boolean;
  /** Words for the program's data `arguments`, as `pbs run` fills it. */
  readonly arguments: readonly string[];
  /** Without one, a trap is for a supervisor, which is a program at a puc. */
  readonly restart?: RestartRule;
}

/** A device: what stands at the end of links and is no PU. */
export interface TopologyDevice {
  readonly name: string;
  readonly computer: string;
  readonly protocol: Protocol;
  /**
   * By protocol. disk: `entries`, `size` (bytes of an entry), `contents` (path of its first contents). screen: `width`, `height`, `density` (pixels per metre).
   * keyboard: `characters`, `history`. audio: `rate`, `delay` (samples). clock: `resolution` (exponent), `digits`.
   * puc: `slots` (PUs of the protocol, from 0; as many as programs by default), `programs` (names of PUs of its computer, in the order of their numbers).
   */
  readonly settings: Settings;
}

/** A port of a PU. */
export interface PortEnd {
  /** Name of the PU. */
  readonly pu: string;
  /** Name of the port in its program, `below` or `from[3]`. */
  readonly port: string;
}
/** An end of a link: a port, or a device that is used, or that uses a program. */
export type LinkEnd = PortEnd | { readonly device: string };

/** A link: a client and what it leads to. */
export interface TopologyLink {
  /** A client port; or a device that opens sessions at a server port as it likes: a network that listens, whose connections are sessions. */
  readonly client: LinkEnd;
  /** A server port or a device. One end of a link at least is a port. */
  readonly server: LinkEnd;
  readonly protocol: Protocol;
  /** Messages in flight, the limit in force, if it is below what the client's program declares. */
  readonly depth?: number;
  /** Bytes of the largest message, the limit in force, if it is below what the client's program declares. */
  readonly messageBytes?: number;
  /** Whether messages may be lost and come twice, so that the simulation tries it. */
  readonly isLossy: boolean;
}

/** A system without what it runs on. */
export interface Topology {
  /** Each distinct program once, by name. Only those that a PU runs. */
  readonly programs: readonly TopologyProgram[];
  /** In the order of the description; `main` is first if there is anything on it. */
  readonly computers: readonly TopologyComputer[];
  /** In the order of the description: the index is the PU's number. */
  readonly pus: readonly TopologyPu[];
  readonly devices: readonly TopologyDevice[];
  /** By PU number, then by the client port's number; those of devices as clients last. A server port or device may have several clients; they are its sessions. */
  readonly links: readonly TopologyLink[];
}

/** What carries a deployment. */
export type HostKind = 'simulation' | 'workers' | 'processes';

/** What stands behind a device. */
export interface Backing {
  /** Name of the device. */
  readonly device: string;
  readonly how: 'mock' | 'drive';
  /** Of a mock, such as `memory` or `script`; of a driver, such as `file` or `tcp`. `system/vocabulary.ts` lists them with their settings. */
  readonly kind: string;
  readonly settings: Settings;
}

/** What a fault or an expectation is about. A link is named by its client: the port, or the device. */
export interface Target {
  readonly kind: 'link' | 'device' | 'pu' | 'computer';
  readonly name: string;
}

/** Something that may go wrong, for the simulation to try. `system/vocabulary.ts` lists the kinds with their settings. */
export interface FaultRule {
  readonly target: Target;
  readonly kind: string;
  readonly settings: Settings;
}

/** Something that has to hold. `system/vocabulary.ts` lists the kinds with their settings. */
export interface Expectation {
  readonly target: Target;
  readonly kind: string;
  readonly settings: Settings;
}

/** A topology on a host. */
export interface Deployment {
  readonly name: string;
  /** The system with what exists in this deployment only: PUs that watch it, programs that play its devices. */
  readonly topology: Topology;
  readonly host: HostKind;
  /** Of the simulation, 0 by default. */
  readonly seed: number;
  /** Virtual time at which the simulation ends, in nanoseconds. */
  readonly untilNs?: bigint;
  /** One for every device of the topology, in its order, but for pucs, which are the host's own. */
  readonly backings: readonly Backing[];
  readonly faults: readonly FaultRule[];
  readonly expectations: readonly Expectation[];
}
