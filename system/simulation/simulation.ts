/**
 * One run of a system in virtual time: PUs, devices and links made from a deployment, and the loop that lets happen what is next.
 *
 * Everything follows from the deployment, the files that it names and the seed. Engines and slices have no part in the result.
 */
import { PucDriver } from '../../devices/index.js';
import { type Device, type Engine, INTERPRETER, type Machine, type PortLimits } from '../../vm/index.js';
import type { Gate } from '../gate.js';
import type { Deployment, TopologyDevice, TopologyLink, TopologyPu } from '../topology.js';
import { Chance } from './chance.js';
import { Expectations, type Violation } from './expectations.js';
import { faultyDisk } from './disk-faults.js';
import { Faults, numberOf, type StruckFault } from './faults.js';
import { Link } from './link.js';
import { linkFaults } from './link-faults.js';
import { makeMock, type Mock } from './mocks.js';
import { scheduleOutages } from './outages.js';
import { Player, type PlayerState } from './player.js';
import { SlotHost } from './pucs.js';
import { EventQueue } from './queue.js';
import { Station, StationTime } from './station.js';
import { Trace, type TraceMessage } from './trace.js';

/** Virtual time after which a simulation ends if nothing else says so: ten seconds. */
export const UNTIL_NS_DEFAULT = 10_000_000_000n;

/** What may be chosen for one run. */
export interface SimulationOptions {
  /** In place of the deployment's; 64 bits. */
  readonly seed?: number | bigint;
  /** In place of the deployment's end, in nanoseconds of virtual time. */
  readonly untilNs?: bigint;
  /** What executes the programs; the interpreter by default. The result is the same. */
  readonly engine?: Engine;
  /** Most fuel of one run of a machine, without limit by default. The result is the same. */
  readonly sliceFuel?: number;
  /** Gives the files that the deployment names. */
  readonly read?: (path: string) => Uint8Array | undefined;
  /** Faults that are not to strike, by their ids. */
  readonly suppressed?: ReadonlySet<string>;
  /** Keeps every message of the trace, for timelines. */
  readonly keepsMessages?: boolean;
  /** Asked after everything that happens: says what is wrong, if anything is. */
  readonly invariant?: (simulation: Simulation) => string | undefined;
  /** Told of every machine that begins, before it runs. */
  readonly onBoot?: (pu: TopologyPu, machine: Machine, gate: Gate) => void;
}

/** How a PU was at the end. */
export interface PuResult {
  readonly name: string;
  readonly state: PlayerState;
  /** Values, if it returned; the trap, if it trapped. */
  readonly outcome: Player['outcome'];
  /** Ports that it waited for. */
  readonly waitsFor: readonly string[];
  /** Of its last incarnation; not told of one that trapped, where engines may differ. */
  readonly fuelUsed: number | undefined;
  /** How often it began. */
  readonly boots: number;
}

/** How a simulation ended. */
export interface SimulationResult {
  readonly deployment: string;
  readonly seed: bigint;
  /**
   * - `idle`: nothing could happen any more.
   * - `until`: the time was over.
   * - `violated`: something was not as expected; the simulation stopped there.
   */
  readonly kind: 'idle' | 'until' | 'violated';
  /** Nanoseconds since the beginning. */
  readonly time: number;
  /** What was not as expected, when, and by whom. */
  readonly violations: readonly Violation[];
  readonly pus: readonly PuResult[];
  /** Faults that struck, in order. */
  readonly faults: readonly StruckFault[];
  /** Messages that were sent. */
  readonly messageCount: number;
  /** A hash of all that crossed the links, who, when and what: 16 hexadecimal digits. */
  readonly trace: string;
  /** All messages, if they were to be kept. */
  readonly messages: readonly TraceMessage[];
}

/** A simulation that can be looked at while it runs. */
export class Simulation {
  readonly deployment: Deployment;
  readonly seed: bigint;
  readonly #options: SimulationOptions;
  readonly #queue: EventQueue;
  readonly #trace: Trace;
  readonly #faults: Faults;
  readonly #expectations: Expectations;
  readonly #players = new Map<string, Player>();
  readonly #boots = new Map<string, number>();
  readonly #stations = new Map<string, Station>();
  readonly #violations: Violation[] = [];
  #actors = 0;
  #steps = 0;

  /**
   * Builds the system; its PUs begin at time 0.
   * @throws RangeError if an option is out of range, or the deployment cannot be simulated: a backing, fault or expectation that is unknown, a file that is not there
   */
  constructor(deployment: Deployment, options: SimulationOptions = {}) {
    const { topology } = deployment;
    const { sliceFuel = 1 } = options;
    if (!(sliceFuel >= 1)) throw new RangeError(`sliceFuel is ${sliceFuel}; a whole number from 1 on is needed`);
    this.deployment = deployment;
    this.seed = BigInt.asUintN(64, BigInt(options.seed ?? deployment.seed));
    this.#options = options;
    this.#queue = new EventQueue(this.seed);
    this.#faults = new Faults(deployment.faults, new Chance(this.seed), options.suppressed ?? new Set());
    this.#expectations = new Expectations(deployment.expectations);
    this.#trace = new Trace(options.keepsMessages === true || this.#expectations.needMessages);

    topology.pus.forEach((pu, number) => this.#players.set(pu.name, this.#makePlayer(pu, number)));
    for (const device of topology.devices) this.#stations.set(device.name, this.#makeStation(device));
    topology.links.forEach((link, number) => this.#connect(link, number));
    scheduleOutages(deployment, {
      queue: this.#queue,
      faults: this.#faults,
      players: this.#players,
      stations: this.#stations,
      until: this.#until,
      actor: () => this.#actors++,
    });
    for (const { name, starts } of topology.pus) if (starts) this.player(name).boot();
  }

  get #until(): number {
    return Number(this.#options.untilNs ?? this.deployment.untilNs ?? UNTIL_NS_DEFAULT);
  }
  readonly #read = (path: string): Uint8Array => {
    const bytes = this.#options.read?.(path);
    if (bytes === undefined) throw new RangeError(`the deployment ${this.deployment.name} names the file ${path}, which is not there`);
    return bytes;
  };

  /** Nanoseconds since the beginning. */
  get time(): number {
    return this.#queue.now;
  }
  /** How much has happened: steps that were made. */
  get steps(): number {
    return this.#steps;
  }
  /** The trace so far: 16 hexadecimal digits. */
  get trace(): string {
    return this.#trace.digits;
  }
  /** Faults that are not to strike. */
  get suppressed(): ReadonlySet<string> {
    return this.#options.suppressed ?? new Set();
  }
  /** How a PU is. @throws RangeError if there is none of this name */
  player(name: string): Player {
    const found = this.#players.get(name);
    if (found === undefined) throw new RangeError(`no PU ${name}; there are ${[...this.#players.keys()].join(', ') || 'none'}`);
    return found;
  }
  /** A device's mock. @throws RangeError if there is none of this name */
  mock(name: string): Mock {
    const found = this.#stations.get(name);
    if (found === undefined) throw new RangeError(`no device ${name}; there are ${[...this.#stations.keys()].join(', ') || 'none'}`);
    return found.mock;
  }

  #makePlayer(pu: TopologyPu, number: number): Player {
    const { topology } = this.deployment;
    const program = topology.programs.find(({ name }) => name === pu.program);
    if (program === undefined) throw new RangeError(`the PU ${pu.name} runs ${pu.program}, which is no program of the topology`);
    const restarts: number[] = [];
    return new Player({
      queue: this.#queue,
      actor: this.#actors++,
      name: pu.name,
      program: program.program,
      memoryBytes: pu.memoryBytes,
      frameBytesMax: pu.frameBytesMax,
      fuelPerSecond: pu.fuelPerSecond,
      arguments: pu.arguments,
      portLimits: Object.fromEntries(topology.links.flatMap((link) => limitsOf(link, pu.name))),
      engine: this.#options.engine ?? INTERPRETER,
      sliceFuel: this.#options.sliceFuel ?? Number.POSITIVE_INFINITY,
      onBoot: (_, machine, gate) => {
        this.#boots.set(pu.name, (this.#boots.get(pu.name) ?? 0) + 1);
        this.#trace.note(number, 0, this.time);
        this.#options.onBoot?.(pu, machine, gate);
      },
      onEnd: (player) => {
        this.#trace.note(number, player.state === 'trapped' ? 1 : 2, this.time);
        if (player.state !== 'trapped') return;
        const { restart } = pu;
        while (restarts.length > 0 && restart !== undefined && (restarts[0] as number) <= this.time - restart.withinNs) restarts.shift();
        if (restart !== undefined && restarts.length < restart.most) {
          restarts.push(this.time);
          player.boot();
          return;
        }
        const violation = this.#expectations.trapped(player, this.time);
        if (violation !== undefined) this.#violations.push(violation);
      },
    });
  }

  #makeStation(device: TopologyDevice): Station {
    if (device.protocol === 'puc') return new Station(device.name, { device: this.#makeController(device) }, this.#queue);
    const backing = this.deployment.backings.find((found) => found.device === device.name);
    if (backing === undefined || backing.how !== 'mock') {
      throw new RangeError(`the device ${device.name} has no mock in the deployment ${this.deployment.name}`);
    }
    const time = new StationTime(this.#queue, this.#actors++);
    const mock = makeMock({ device, backing, time, read: this.#read });
    const faulty = mock.disk === undefined ? mock.device : faultyDisk(mock.device, mock.disk, this.#faults.of('device', device.name), time);
    return new Station(device.name, { ...mock, device: faulty }, this.#queue);
  }

  #makeController({ name, settings }: TopologyDevice): Device {
    const names = Array.isArray(settings.programs) ? (settings.programs as readonly string[]) : [];
    const players = names.map((program) => this.player(program));
    const starting = this.deployment.topology.pus.filter((pu) => pu.starts && names.includes(pu.name)).map((pu) => this.player(pu.name));
    if (new Set(players).size < players.length) throw new RangeError(`the controller ${name} has a program twice`);
    return new PucDriver(new SlotHost(players, starting, numberOf(settings, 'slots', players.length)));
  }

  #connect({ client, server, isLossy }: TopologyLink, number: number): void {
    const serverEnd = 'device' in server ? this.#stations.get(server.device)?.end : this.player(server.pu).ends.get(server.port);
    if (serverEnd === undefined) throw new RangeError(`link ${number} of the topology leads to nothing`);
    const player = 'device' in client ? undefined : this.player(client.pu);
    const name = 'device' in client ? client.device : `${client.pu}.${client.port}`;
    const link = new Link({
      queue: this.#queue,
      trace: this.#trace,
      number,
      actors: [this.#actors++, this.#actors++],
      name,
      faults: linkFaults(this.#faults.of('link', name), isLossy),
      clientNow: () => (player ?? this.#queue).now,
      server: serverEnd,
    });
    if ('device' in client) this.#stations.get(client.device)?.connect(link);
    else player?.links.set(client.port, link);
  }

  /** Lets happen what is next. @returns false if the simulation is over */
  step(): boolean {
    if (this.#violations.length > 0 || !this.#queue.step(this.#until)) return false;
    this.#steps++;
    const broken = this.#options.invariant?.(this);
    if (broken !== undefined) this.#violations.push({ kind: 'invariant', target: this.deployment.name, time: this.time, message: broken });
    return this.#violations.length === 0;
  }

  /** Runs to the end. */
  run(): SimulationResult {
    while (this.step());
    const isIdle = this.#queue.nextTime === undefined;
    if (this.#violations.length === 0) {
      if (!isIdle) this.#queue.advance(this.#until);
      const observed = {
        player: (name: string) => this.player(name),
        mock: (name: string) => this.mock(name),
        read: this.#read,
        messages: (link: string) => this.#trace.messages.filter((message) => message.link === link),
        isIdle,
      };
      this.#violations.push(...this.#expectations.judge(observed, this.time));
    }
    return {
      deployment: this.deployment.name,
      seed: this.seed,
      kind: this.#violations.length > 0 ? 'violated' : isIdle ? 'idle' : 'until',
      time: this.time,
      violations: this.#violations,
      pus: [...this.#players.values()].map((player): PuResult => {
        const { name, state, outcome, waitsFor, machine } = player;
        const fuelUsed = state === 'trapped' ? undefined : machine?.fuelUsed;
        return { name, state, outcome, waitsFor, fuelUsed, boots: this.#boots.get(name) ?? 0 };
      }),
      faults: this.#faults.struck,
      messageCount: this.#trace.count,
      trace: this.#trace.digits,
      messages: this.#options.keepsMessages === true ? this.#trace.messages : [],
    };
  }
}

function limitsOf({ client, depth, messageBytes }: TopologyLink, pu: string): [string, PortLimits][] {
  if ('device' in client || client.pu !== pu || (depth === undefined && messageBytes === undefined)) return [];
  return [[client.port, { ...(depth === undefined ? {} : { depth }), ...(messageBytes === undefined ? {} : { messageBytes }) }]];
}

/**
 * Runs a system once.
 * @throws RangeError if the deployment cannot be simulated
 */
export function simulate(deployment: Deployment, options: SimulationOptions = {}): SimulationResult {
  return new Simulation(deployment, options).run();
}
