/**
 * Host two: a thread for each PU, links in shared memory, devices in the thread that called.
 *
 * Programs meet here exactly what they met in the simulation: the same ports, the same rules. A PU that traps, computes for ever or
 * reaches a limit harms nobody else. Where there is no shared memory, links travel as messages between threads.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import type { PortDeclaration } from '../../isa-spec/index.js';
import type { Device, Outcome } from '../../vm/index.js';
import { argumentBytes } from '../arguments.js';
import { Bell, makeBell, waker } from '../carrier/bell.js';
import type { Channel } from '../carrier/channel.js';
import { RemoteDevice, serve } from '../carrier/remote.js';
import { isRingEmpty, makeRing, ringBytes, RingChannel } from '../carrier/ring.js';
import type { LinkEnd, PortEnd, Topology, TopologyLink, TopologyPu } from '../topology.js';
import { MessageChannelEnd, type FrameCount } from './message-channel.js';
import {
  PU_STATES,
  SHARED,
  type Carrier,
  type Command,
  type EngineName,
  type PuProgram,
  type PuState,
  type Report,
  type ThreadData,
  type ThreadLink,
} from './thread-data.js';

/** A device that is a client of a program: a network that listens. It gets the program's server port and opens sessions there. @returns ends it */
export type ClientDevice = (server: Device) => () => void;

/** How to run a system on threads. */
export interface WorkersOptions {
  /** What executes the programs; `auto` by default. */
  readonly engine?: EngineName;
  /** Drivers or mocks for the devices that are servers, by name. */
  readonly devices?: Readonly<Record<string, Device>>;
  /** And for those that are clients. */
  readonly clients?: Readonly<Record<string, ClientDevice>>;
  /** False to carry links in messages though there is shared memory. */
  readonly sharedMemory?: boolean;
  /** Called when a program has come to its end. */
  readonly onEnd?: (end: PuEnd) => void;
}

/** How a program ended. */
export interface PuEnd {
  readonly pu: string;
  /** `failed`: the host could not run it. */
  readonly outcome: Extract<Outcome, { kind: 'returned' | 'trapped' }> | { readonly kind: 'failed'; readonly message: string };
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

/** The file that a thread starts with. */
function threadFile(): string {
  return path.join(path.dirname(createRequire(import.meta.url).resolve('infracore/package.json')), 'dist', 'thread.js');
}

const isPort = (end: LinkEnd): end is PortEnd => 'pu' in end;

/** One PU's thread, seen from the host. */
class Thread {
  readonly name: string;
  readonly bell: SharedArrayBuffer | undefined;
  readonly hostBell: SharedArrayBuffer | undefined;
  readonly exited: Promise<void>;
  onReport: (report: Report) => void = () => undefined;
  readonly #worker: Worker;
  readonly #shared = new Int32Array(new SharedArrayBuffer(SHARED.words * 4));
  readonly #wake: () => void;
  readonly #rest: Bell | undefined;
  readonly #rings: RingChannel[] = [];
  #questions = 0;
  readonly #answers = new Map<number, (fuelUsed: number) => void>();

  constructor(name: string, engine: EngineName, sharesMemory: boolean, onError: (error: Error) => void) {
    this.name = name;
    this.bell = sharesMemory ? makeBell() : undefined;
    this.hostBell = sharesMemory ? makeBell() : undefined;
    this.#rest = this.hostBell === undefined ? undefined : new Bell(this.hostBell);
    this.#wake = this.bell === undefined ? () => undefined : waker(this.bell);
    const workerData: ThreadData = { name, engine, bell: this.bell, shared: this.#shared };
    this.#worker = new Worker(threadFile(), { workerData, name });
    this.#worker.on('message', (report: Report) => this.#hear(report));
    this.#worker.on('error', onError);
    this.exited = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        for (const answer of this.#answers.values()) answer(0);
        this.#answers.clear();
        resolve();
      });
    });
    this.#rest?.rest(() => false);
  }

  get state(): PuState {
    return PU_STATES[Atomics.load(this.#shared, SHARED.state)] as PuState;
  }
  /** Rises whenever the PU stops waiting. */
  get turns(): number {
    return Atomics.load(this.#shared, SHARED.turns);
  }
  /** Frames that it sent in messages, less those that it received. */
  get balance(): number {
    return Atomics.load(this.#shared, SHARED.sent) - Atomics.load(this.#shared, SHARED.received);
  }

  command(command: Command, transfer: readonly MessagePort[] = []): void {
    this.#worker.postMessage(command, [...transfer]);
    Atomics.store(this.#shared, SHARED.command, 1);
    this.#wake();
  }
  fuelUsed(): Promise<number> {
    const id = ++this.#questions;
    return new Promise((resolve) => {
      this.#answers.set(id, resolve);
      this.command({ kind: 'statistics', id });
    });
  }
  terminate(): Promise<unknown> {
    return this.#worker.terminate();
  }

  /** The host's end of a ring. */
  ring(out: SharedArrayBuffer, into: SharedArrayBuffer, messageBytesMax: number): RingChannel {
    const channel = new RingChannel({ out, into, wake: this.#wake, messageBytesMax });
    this.#rings.push(channel);
    return channel;
  }
  #hear(report: Report): void {
    if (report.kind === 'ring') {
      do for (const ring of this.#rings) ring.pump();
      while (this.#rest?.rest(() => this.#rings.some(({ isIdle }) => !isIdle)) === false);
    } else if (report.kind === 'statistics') {
      this.#answers.get(report.id)?.(report.fuelUsed);
      this.#answers.delete(report.id);
    } else {
      this.onReport(report);
    }
  }
}

/** A system that runs on threads. */
export class WorkersRun {
  /** When nothing can happen any more: every program has ended, or all that are left wait for each other. */
  readonly ended: Promise<readonly PuEnd[]>;
  readonly #topology: Topology;
  readonly #threads: ReadonlyMap<string, Thread>;
  readonly #ends = new Map<string, PuEnd>();
  readonly #endDevices: (() => void)[] = [];
  readonly #onEnd: ((end: PuEnd) => void) | undefined;
  readonly #rings: SharedArrayBuffer[] = [];
  /** Frames that the host sent in messages, less those that it received. */
  #balance = 0;
  #outstanding = 0;
  #listeners = 0;
  #isOver = false;
  #finish: () => void = () => undefined;

  /**
   * Starts the threads and, on them, the programs.
   * @throws TypeError if a device of the topology has no driver, or words for a program have no room
   */
  constructor(topology: Topology, { engine = 'auto', devices = {}, clients = {}, sharedMemory = true, onEnd }: WorkersOptions = {}) {
    this.#topology = topology;
    this.#onEnd = onEnd;
    for (const { client, server } of topology.links) {
      if (!isPort(server) && !Object.hasOwn(devices, server.device)) throw new TypeError(`devices: none for ${server.device}`);
      if (!isPort(client) && !Object.hasOwn(clients, client.device)) throw new TypeError(`clients: none for ${client.device}`);
    }
    this.ended = new Promise((resolve) => {
      this.#finish = () => resolve([...this.#ends.values()]);
    });
    this.#threads = new Map(
      topology.pus.map(({ name }) => [
        name,
        new Thread(name, engine, sharedMemory, (error) => this.#end({ pu: name, outcome: { kind: 'failed', message: error.message }, fuelUsed: 0 })),
      ]),
    );
    const links = new Map(topology.pus.map(({ name }) => [name, [] as ThreadLink[]]));
    for (const link of topology.links) this.#connect(link, links, devices, clients);
    for (const pu of topology.pus) {
      const thread = this.#thread(pu.name);
      thread.onReport = (report) => this.#hear(pu, report);
      const own = links.get(pu.name) as ThreadLink[];
      const transfer = own.flatMap(({ carrier }) => (carrier.kind === 'message' ? [carrier.port] : []));
      thread.command({ kind: 'set', program: this.#programOf(pu, own) }, transfer);
      if (pu.starts) thread.command({ kind: 'start' });
    }
  }

  readonly #count: FrameCount = {
    sent: () => {
      this.#balance++;
    },
    received: () => {
      this.#balance--;
    },
  };

  #thread(name: string): Thread {
    return this.#threads.get(name) as Thread;
  }
  #programOf({ name, program, memoryBytes, frameBytesMax, arguments: words }: TopologyPu, links: readonly ThreadLink[]): PuProgram {
    const found = this.#topology.programs.find((entry) => entry.name === program);
    if (found === undefined) throw new TypeError(`topology: PU ${name} runs ${program}, which is no program of it`);
    const patch = argumentBytes(found.program.program, words);
    return { binary: found.binary, memoryBytes, frameBytesMax, patches: patch === undefined ? [] : [patch], links };
  }
  #declaration({ pu, port }: PortEnd): PortDeclaration {
    const { program } = this.#topology.pus.find(({ name }) => name === pu) as TopologyPu;
    const found = this.#topology.programs.find(({ name }) => name === program)?.program.program.ports.find(({ name }) => name === port);
    if (found === undefined) throw new TypeError(`topology: PU ${pu} has no port ${port}`);
    return found;
  }

  #connect(
    { client, server, depth, messageBytes }: TopologyLink,
    links: ReadonlyMap<string, ThreadLink[]>,
    devices: Readonly<Record<string, Device>>,
    clients: Readonly<Record<string, ClientDevice>>,
  ): void {
    const declared = [client, server].filter(isPort).map((end) => this.#declaration(end));
    const { protocol, version } = declared[0] as PortDeclaration;
    const messageBytesMax = Math.max(...declared.map((declaration) => declaration.messageBytes));
    const limits = { ...(depth === undefined ? {} : { depth }), ...(messageBytes === undefined ? {} : { messageBytes }) };
    const [up, down] = this.#carriers(client, server, ringBytes(Math.max(...declared.map((declaration) => declaration.depth)), messageBytesMax));
    const join = (end: LinkEnd, side: 'client' | 'server', carrier: Carrier): Channel | undefined => {
      if (isPort(end)) {
        links.get(end.pu)?.push({ port: end.port, side, protocol, version, ...(side === 'client' ? limits : {}), messageBytesMax, carrier });
        return undefined;
      }
      const peer = (isPort(client) ? client : (server as PortEnd)).pu;
      return carrier.kind === 'ring' ? this.#thread(peer).ring(carrier.out, carrier.into, messageBytesMax) : new MessageChannelEnd(carrier.port, this.#count);
    };
    const toClient = join(client, 'client', up);
    const toServer = join(server, 'server', down);
    if (toServer !== undefined && !isPort(server)) {
      this.#endDevices.push(serve(this.#counted(devices[server.device] as Device), toServer), () => closeChannel(toServer));
    }
    if (toClient !== undefined && !isPort(client)) {
      this.#listeners++;
      this.#endDevices.push((clients[client.device] as ClientDevice)(new RemoteDevice(toClient, { protocol, version })), () => closeChannel(toClient));
    }
  }

  /** The client's end of what carries a link, and the server's. */
  #carriers(client: LinkEnd, server: LinkEnd, bytes: number): readonly [Carrier, Carrier] {
    const bellOf = (end: LinkEnd, other: LinkEnd): SharedArrayBuffer | undefined =>
      isPort(end) ? this.#thread(end.pu).bell : this.#thread((other as PortEnd).pu).hostBell;
    const [clientBell, serverBell] = [bellOf(client, server), bellOf(server, client)];
    if (clientBell === undefined || serverBell === undefined) {
      const { port1, port2 } = new MessageChannel();
      return [
        { kind: 'message', port: port1 },
        { kind: 'message', port: port2 },
      ];
    }
    const [requests, answers] = [makeRing(bytes), makeRing(bytes)];
    this.#rings.push(requests, answers);
    const peer = (end: LinkEnd): 'thread' | 'host' => (isPort(end) ? 'thread' : 'host');
    return [
      { kind: 'ring', out: requests, into: answers, peerBell: serverBell, peer: peer(server) },
      { kind: 'ring', out: answers, into: requests, peerBell: clientBell, peer: peer(client) },
    ];
  }

  /** A device whose unanswered requests are counted: while there are any, something may still happen. */
  #counted(device: Device): Device {
    return {
      ...(device.serves === undefined ? {} : { serves: device.serves }),
      open: (client) => {
        const tags = new Set<number>();
        const forget = (tag: number): void => {
          if (tags.delete(tag)) this.#outstanding--;
        };
        const session = device.open({
          complete: (completion) => {
            forget(completion.tag);
            client.complete(completion);
          },
          reset: () => {
            for (const tag of tags) forget(tag);
            client.reset();
          },
        });
        return {
          send: (request) => {
            tags.add(request.tag);
            this.#outstanding++;
            session.send(request);
          },
          cancel: (tag) => {
            forget(tag);
            session.cancel(tag);
          },
          close: () => {
            for (const tag of tags) forget(tag);
            session.close();
          },
        };
      },
    };
  }

  #hear({ name }: TopologyPu, report: Report): void {
    if (report.kind === 'ended') this.#end({ pu: name, outcome: report.outcome, fuelUsed: report.fuelUsed });
    else if (report.kind === 'refused') this.#end({ pu: name, outcome: { kind: 'failed', message: report.message }, fuelUsed: 0 });
    else if (report.kind === 'idle') this.#look();
  }
  #end(end: PuEnd): void {
    this.#ends.set(end.pu, end);
    this.#onEnd?.(end);
    this.#look();
  }

  /**
   * Is it over? Only if nobody computes or is about to begin, nothing is on its way, and no device has anything to bring. Who takes something from
   * a link has said before that it computes: if nobody did meanwhile, all that was looked at was true at once.
   */
  #look(): void {
    if (this.#isOver || this.#outstanding > 0 || this.#listeners > 0) return;
    const threads = [...this.#threads.values()];
    const turns = threads.map((thread) => thread.turns);
    const isBusy = ({ name, starts }: TopologyPu): boolean => {
      const { state } = this.#thread(name);
      return state === 'computing' || (state === 'empty' && starts && !this.#ends.has(name));
    };
    const isQuiet =
      !this.#topology.pus.some(isBusy) && this.#rings.every(isRingEmpty) && threads.reduce((sum, { balance }) => sum + balance, this.#balance) === 0;
    if (!isQuiet || threads.some((thread, index) => thread.turns !== turns[index])) return;
    this.#isOver = true;
    this.#finish();
  }

  /** How every PU stands. */
  async status(): Promise<readonly PuStatus[]> {
    return Promise.all(
      this.#topology.pus.map(async ({ name, program, memoryBytes }) => {
        const thread = this.#thread(name);
        return { pu: name, program, state: thread.state, fuelUsed: await thread.fuelUsed(), memoryBytes };
      }),
    );
  }

  /** Ends every program and its sessions, in order if it can be, and the threads. */
  async close(): Promise<void> {
    const threads = [...this.#threads.values()];
    for (const thread of threads) thread.command({ kind: 'end' });
    const timer = setTimeout(() => {
      for (const thread of threads) void thread.terminate();
    }, GRACE_MILLISECONDS);
    await Promise.all(threads.map(({ exited }) => exited));
    clearTimeout(timer);
    for (const end of this.#endDevices) end();
    this.#isOver = true;
    this.#finish();
  }
}

function closeChannel(channel: Channel): void {
  if (channel instanceof MessageChannelEnd) channel.close();
}
