/**
 * Host two: a thread for each PU, links in shared memory, devices in the thread that called.
 *
 * Programs meet here exactly what they met in the simulation: the same ports, the same rules. A PU that traps, computes for ever or
 * reaches a limit harms nobody else. Where there is no shared memory, links travel as messages between threads.
 */
import { PucDriver, type PuDone } from '../../devices/index.js';
import type { Device } from '../../vm/index.js';
import { argumentBytes } from '../arguments.js';
import type { Topology, TopologyDevice, TopologyPu } from '../topology.js';
import { countRequests } from './request-count.js';
import type { Ending, EngineName, PuProgram, PuState, ThreadLink } from './thread-data.js';
import { Thread } from './thread-handle.js';
import { ThreadLinks } from './thread-links.js';
import { type SlotProgram, ThreadSlots } from './thread-slots.js';

/** A device that is a client of a program: a network that listens. It gets the program's server port and opens sessions there. @returns ends it */
export type ClientDevice = (server: Device) => () => void;

/** How to run a system on threads. */
export interface WorkersOptions {
  /** What executes the programs; `auto` by default. */
  readonly engine?: EngineName;
  /** Drivers or mocks for the devices that are servers, by name; controllers of PUs have none. */
  readonly devices?: Readonly<Record<string, Device>>;
  /** And for those that are clients. */
  readonly clients?: Readonly<Record<string, ClientDevice>>;
  /** False to carry links in messages though there is shared memory. */
  readonly sharedMemory?: boolean;
  /** Called whenever a program has come to its end, each time if it is restarted. */
  readonly onEnd?: (end: PuEnd) => void;
}

/** How a program ended. */
export interface PuEnd {
  readonly pu: string;
  readonly outcome: Ending;
  readonly fuelUsed: number;
}

/** How a PU stands. */
export interface PuStatus {
  readonly pu: string;
  readonly program: string;
  readonly state: PuState;
  readonly fuelUsed: number;
  readonly memoryBytes: number;
}

/** How long threads may take to end in order before they are ended by force. */
const GRACE_MILLISECONDS = 2000;

/** A PU, its thread, and how it ended last. */
interface Seat {
  readonly pu: TopologyPu;
  readonly thread: Thread;
  end: PuEnd | undefined;
  /** It is about to compute: the thread does not say so yet. */
  isStarting: boolean;
  /** When it was restarted, in milliseconds. */
  restarts: number[];
  onEnd: () => void;
}

/** A system that runs on threads. */
export class WorkersRun {
  /** How the programs ended that did, when nothing can happen any more: all others wait for each other. */
  readonly ended: Promise<readonly PuEnd[]>;
  readonly #onEnd: ((end: PuEnd) => void) | undefined;
  readonly #seats: ReadonlyMap<string, Seat>;
  readonly #links: ThreadLinks;
  readonly #endDevices: (() => void)[] = [];
  /** What may still bring something: commands that were not answered, and requests that a device has. */
  #outstanding = 0;
  #listeners = 0;
  #isOver = false;
  #finish: () => void = () => undefined;

  /**
   * Starts the threads and, on them, the programs.
   * @throws TypeError if a device of the topology has no driver, or the topology contradicts itself
   * @throws RangeError if words for a program have no room
   */
  constructor(topology: Topology, { engine = 'auto', devices = {}, clients = {}, sharedMemory = true, onEnd }: WorkersOptions = {}) {
    this.#onEnd = onEnd;
    checkDrivers(topology, devices, clients);
    const programs = topology.pus.map((pu) => programOf(topology, pu));
    this.ended = new Promise((resolve) => {
      this.#finish = () => resolve(this.ends);
    });
    this.#seats = new Map(topology.pus.map((pu) => [pu.name, this.#seat(pu, engine, sharedMemory)]));
    try {
      this.#links = new ThreadLinks(topology, (name) => this.#at(name).thread);
    } catch (error) {
      for (const { thread } of this.#seats.values()) thread.terminate();
      throw error;
    }
    const pucs = topology.devices.filter(({ protocol }) => protocol === 'puc');
    const controllers = Object.fromEntries(pucs.map((puc) => [puc.name, new PucDriver(this.#slots(puc))]));
    const counted = Object.fromEntries(Object.entries(devices).map(([name, device]) => [name, countRequests(device, this.#count)]));
    this.#endDevices.push(...this.#links.serve({ ...counted, ...controllers }), ...this.#links.listen(clients));
    this.#listeners = topology.links.filter(({ client }) => 'device' in client).length;
    for (const [index, seat] of [...this.#seats.values()].entries()) {
      void this.#begin(seat, { ...(programs[index] as Omit<PuProgram, 'links'>), links: this.#links.of(seat.pu.name) });
    }
  }

  /** How the programs ended that have, each the last time. */
  get ends(): readonly PuEnd[] {
    return [...this.#seats.values()].flatMap(({ end }) => (end === undefined ? [] : [end]));
  }

  #at(name: string): Seat {
    const seat = this.#seats.get(name);
    if (seat === undefined) throw new TypeError(`topology: there is no PU ${name}`);
    return seat;
  }

  #seat(pu: TopologyPu, engine: EngineName, sharedMemory: boolean): Seat {
    const failed = ({ message }: Error): void => this.#ended(seat, { kind: 'failed', message }, 0);
    const seat: Seat = {
      pu,
      thread: new Thread(pu.name, engine, sharedMemory, failed),
      end: undefined,
      isStarting: pu.starts,
      restarts: [],
      onEnd: () => undefined,
    };
    seat.thread.onReport = (report) => {
      if (report.kind === 'ended') this.#ended(seat, report.outcome, report.fuelUsed);
      else this.#look();
    };
    return seat;
  }

  async #begin(seat: Seat, program: PuProgram): Promise<void> {
    const transfer = program.links.flatMap(({ carrier }: ThreadLink) => (carrier.kind === 'message' ? [carrier.port] : []));
    this.#outstanding++;
    const { refusal } = await seat.thread.command({ kind: 'set', program }, transfer);
    if (refusal !== undefined && !this.#isOver) this.#ended(seat, { kind: 'failed', message: refusal }, 0);
    else if (seat.pu.starts) await this.#command(seat, 'start');
    this.#count(-1);
  }

  /** @param done called while the command still counts as outstanding, so that what follows from it does too */
  async #command(seat: Seat, kind: 'start' | 'stop' | 'reset', done: PuDone = () => undefined): Promise<void> {
    if (kind !== 'stop') seat.end = undefined;
    seat.isStarting = kind === 'start';
    this.#outstanding++;
    const { refusal } = await seat.thread.command({ kind });
    seat.isStarting = false;
    done(refusal === undefined);
    this.#count(-1);
  }

  readonly #count = (change: 1 | -1): void => {
    this.#outstanding += change;
    if (change < 0) this.#look();
  };

  #ended(seat: Seat, outcome: Ending, fuelUsed: number): void {
    seat.end = { pu: seat.pu.name, outcome, fuelUsed };
    this.#onEnd?.(seat.end);
    if (outcome.kind === 'trapped' && this.#mayRestart(seat)) void this.#command(seat, 'start');
    seat.onEnd();
    this.#look();
  }
  #mayRestart(seat: Seat): boolean {
    const { restart } = seat.pu;
    if (restart === undefined || this.#isOver) return false;
    const now = performance.now();
    seat.restarts = seat.restarts.filter((time) => now - time < restart.withinNs / 1e6);
    if (seat.restarts.length >= restart.most) return false;
    seat.restarts.push(now);
    return true;
  }

  /** The slots of a controller. */
  #slots({ settings }: TopologyDevice): ThreadSlots {
    const names = settings.programs as readonly string[];
    const programs = names.map((name): SlotProgram => {
      const seat = this.#at(name);
      return {
        get state() {
          const { state } = seat.thread;
          if (state === 'computing' || state === 'waiting') return state;
          // Its end, or its beginning, is news that is on its way.
          const isOnItsWay = seat.isStarting || (state !== 'stopped' && seat.end === undefined);
          return isOnItsWay ? 'computing' : 'other';
        },
        get ending() {
          return seat.end?.outcome;
        },
        command: (kind, done) => void this.#command(seat, kind, done),
        onEnd: (callback) => {
          seat.onEnd = callback;
        },
      };
    });
    const starting = names.flatMap((name, number) => (this.#at(name).pu.starts ? [number] : []));
    return new ThreadSlots(programs, starting, typeof settings.slots === 'number' ? settings.slots : names.length);
  }

  /**
   * Is it over? Only if nobody computes, nothing is on its way, and no device has anything to bring. Who takes something from a link has said
   * before that it computes: if nobody did meanwhile, all that was looked at was true at once.
   */
  #look(): void {
    if (this.#isOver || this.#outstanding > 0 || this.#listeners > 0) return;
    const seats = [...this.#seats.values()];
    const threads = seats.map(({ thread }) => thread);
    const turns = threads.map((thread) => thread.turns);
    // One that has ended without the host knowing has told so, and the news is on its way.
    const isSettled = ({ thread: { state }, end }: Seat): boolean => state === 'waiting' || state === 'stopped' || (state !== 'computing' && end !== undefined);
    if (!seats.every(isSettled) || !this.#links.areQuiet(threads)) return;
    if (threads.some((thread, index) => thread.turns !== turns[index])) return;
    this.#isOver = true;
    this.#finish();
  }

  /** How every PU stands. */
  async status(): Promise<readonly PuStatus[]> {
    return Promise.all(
      [...this.#seats.values()].map(async ({ pu: { name, program, memoryBytes }, thread, end }) => {
        const { refusal, fuelUsed } = await thread.command({ kind: 'look' });
        return { pu: name, program, state: thread.state, fuelUsed: refusal === undefined ? fuelUsed : (end?.fuelUsed ?? 0), memoryBytes };
      }),
    );
  }

  /** Ends every program and its sessions, in order if it can be, then the threads and what the devices have open for them. */
  async close(): Promise<void> {
    this.#isOver = true;
    const threads = [...this.#seats.values()].map(({ thread }) => thread);
    for (const thread of threads) void thread.command({ kind: 'end' });
    const timer = setTimeout(() => {
      for (const thread of threads) thread.terminate();
    }, GRACE_MILLISECONDS);
    await Promise.all(threads.map(({ exited }) => exited));
    clearTimeout(timer);
    for (const end of this.#endDevices.splice(0)) end();
    this.#finish();
  }
}

function checkDrivers({ links, devices: all }: Topology, devices: Readonly<Record<string, Device>>, clients: Readonly<Record<string, ClientDevice>>): void {
  const isPuc = (name: string): boolean => all.some((device) => device.name === name && device.protocol === 'puc');
  for (const { client, server } of links) {
    if ('device' in server && !isPuc(server.device) && !Object.hasOwn(devices, server.device)) throw new TypeError(`devices: none for ${server.device}`);
    if ('device' in client && !Object.hasOwn(clients, client.device)) throw new TypeError(`clients: none for ${client.device}`);
  }
}

function programOf({ programs }: Topology, { name, program, memoryBytes, frameBytesMax, arguments: words }: TopologyPu): Omit<PuProgram, 'links'> {
  const found = programs.find((entry) => entry.name === program);
  if (found === undefined) throw new TypeError(`topology: PU ${name} runs ${program}, which is no program of it`);
  const patch = argumentBytes(found.program.program, words);
  return { binary: found.binary, memoryBytes, frameBytesMax, patches: patch === undefined ? [] : [patch] };
}
