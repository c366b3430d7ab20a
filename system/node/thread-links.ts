/**
 * The links of a topology between threads, and between threads and the devices of the host.
 */
import { MessageChannel } from 'node:worker_threads';
import type { PortDeclaration } from '../../isa-spec/index.js';
import type { Device } from '../../vm/index.js';
import type { Channel } from '../carrier/channel.js';
import { RemoteDevice, serve } from '../carrier/remote.js';
import { isRingEmpty, makeRing, ringBytes } from '../carrier/ring.js';
import type { LinkEnd, PortEnd, Topology, TopologyLink } from '../topology.js';
import { type FrameCount, MessageChannelEnd } from './message-channel.js';
import type { Carrier, ThreadLink } from './thread-data.js';
import type { Thread } from './thread-handle.js';

const isPort = (end: LinkEnd): end is PortEnd => 'pu' in end;

/** A link one of whose ends is a device of the host. */
interface DeviceLink {
  readonly device: string;
  readonly channel: Channel;
  readonly declaration: PortDeclaration;
}

/** All links of a system. */
export class ThreadLinks {
  readonly #topology: Topology;
  readonly #thread: (pu: string) => Thread;
  readonly #ends = new Map<string, ThreadLink[]>();
  readonly #servers: DeviceLink[] = [];
  readonly #clients: DeviceLink[] = [];
  readonly #rings: SharedArrayBuffer[] = [];
  /** Frames that the host sent in messages, less those that it received. */
  #balance = 0;

  /** @throws TypeError if the topology names what it has not */
  constructor(topology: Topology, thread: (pu: string) => Thread) {
    this.#topology = topology;
    this.#thread = thread;
    for (const link of topology.links) this.#connect(link);
  }

  /** The ends at the ports of a PU. */
  of(pu: string): readonly ThreadLink[] {
    return this.#ends.get(pu) ?? [];
  }

  /** Serves devices to the ports that lead to them. @returns what ends that */
  serve(devices: Readonly<Record<string, Device>>): readonly (() => void)[] {
    return this.#servers.map(({ device, channel }) => {
      const end = serve(devices[device] as Device, channel);
      return () => {
        end();
        closeChannel(channel);
      };
    });
  }
  /** Gives devices that are clients the server ports that they lead to. @returns what ends that */
  listen(clients: Readonly<Record<string, (server: Device) => () => void>>): readonly (() => void)[] {
    return this.#clients.map(({ device, channel, declaration: { protocol, version } }) => {
      const end = (clients[device] as (server: Device) => () => void)(new RemoteDevice(channel, { protocol, version }));
      return () => {
        end();
        closeChannel(channel);
      };
    });
  }

  /** Whether nothing is on its way. */
  areQuiet(threads: readonly Thread[]): boolean {
    return this.#rings.every(isRingEmpty) && threads.reduce((sum, { balance }) => sum + balance, this.#balance) === 0;
  }

  #declaration({ pu, port }: PortEnd): PortDeclaration {
    const program = this.#topology.pus.find(({ name }) => name === pu)?.program;
    const found = this.#topology.programs.find(({ name }) => name === program)?.program.program.ports.find(({ name }) => name === port);
    if (found === undefined) throw new TypeError(`topology: PU ${pu} has no port ${port}`);
    return found;
  }

  #connect({ client, server, depth, messageBytes }: TopologyLink): void {
    const declared = [client, server].filter(isPort).map((end) => this.#declaration(end));
    const declaration = declared[0] as PortDeclaration;
    const messageBytesMax = Math.max(...declared.map((one) => one.messageBytes));
    const limits = { ...(depth === undefined ? {} : { depth }), ...(messageBytes === undefined ? {} : { messageBytes }) };
    const [up, down] = this.#carriers(client, server, ringBytes(Math.max(...declared.map((one) => one.depth)), messageBytesMax));
    const near = (isPort(client) ? client : (server as PortEnd)).pu;
    const { protocol, version } = declaration;
    for (const [end, side, carrier] of [
      [client, 'client', up],
      [server, 'server', down],
    ] as const) {
      if (isPort(end)) {
        const own = { port: end.port, side, protocol, version, ...(side === 'client' ? limits : {}), messageBytesMax, carrier };
        this.#ends.set(end.pu, [...this.of(end.pu), own]);
      } else {
        const ends = side === 'client' ? this.#clients : this.#servers;
        ends.push({ device: end.device, channel: this.#hostEnd(near, carrier, messageBytesMax), declaration });
      }
    }
  }

  #hostEnd(near: string, carrier: Carrier, messageBytesMax: number): Channel {
    if (carrier.kind === 'ring') return this.#thread(near).ring(carrier.out, carrier.into, messageBytesMax);
    const count: FrameCount = {
      sent: () => {
        this.#balance++;
      },
      received: () => {
        this.#balance--;
      },
    };
    return new MessageChannelEnd(carrier.port, count);
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
}

function closeChannel(channel: Channel): void {
  if (channel instanceof MessageChannelEnd) channel.close();
}
