/**
 * The far ends of generated programs' ports: devices that answer client ports, clients that use server ports.
 *
 * What they do follows from a seed and from the messages that they get, never from when: so two engines see the same world as
 * long as they send the same. Everything that reaches them is written to a log, which is what campaigns compare.
 */
import { OPERATIONS, STATUS, type PortDeclaration } from '../../isa-spec/index.js';
import type { Client, Device, Machine, Session } from '../../vm/index.js';
import { Random } from './random.js';

/** The world around one machine. */
export interface Wiring {
  /** Devices for the machine's client ports. */
  readonly devices: Readonly<Record<string, Device>>;
  /** Every message that came out of the machine, in order. */
  readonly log: readonly string[];
  /** Plays the clients of the machine's server ports; called once, before the machine runs. */
  attach(machine: Machine): void;
  /** Something happens outside while the machine sleeps. @returns whether there was anything left to happen */
  pump(): boolean;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** What all far ends of one machine share. */
interface World {
  readonly log: string[];
  /** What still can happen, one thing at a time. */
  readonly pending: (() => void)[];
}

/** Answers requests at once, later, out of order, too long, or by starting again. */
function device(world: World, name: string, random: Random): Device {
  return {
    open(client: Client): Session {
      world.log.push(`${name} opened`);
      return {
        send({ operation, tag, bytes, replyBytes, argument }) {
          world.log.push(`${name} request ${operation} tag ${tag} [${hex(bytes)}] reply ${replyBytes} argument ${argument}`);
          const answer = (): void =>
            client.complete({
              tag,
              status: random.weighted([
                [8, STATUS.ok],
                [1, STATUS.end],
                [1, STATUS.device_failed],
              ]),
              bytes: random.bytes(random.pick([0, 1, Math.min(replyBytes, 300), Math.min(replyBytes, 300) + (random.chance(0.1) ? 1 : 0)])),
              argument: BigInt(random.i32()),
            });
          if (random.chance(0.5)) answer();
          else world.pending.splice(random.below(world.pending.length + 1), 0, answer);
          if (random.chance(0.05)) world.pending.push(() => client.reset());
        },
        cancel(tag) {
          world.log.push(`${name} cancel ${tag}`);
        },
        close() {
          world.log.push(`${name} closed`);
        },
      };
    },
  };
}

/** Opens sessions, sends requests, closes; every answer brings at most one request more. */
function playClients(world: World, name: string, port: Device, random: Random): void {
  const sessions = random.between(1, 2);
  let requests = random.between(0, 6);
  for (let number = 0; number < sessions; number++) {
    let tag = 0;
    const outstanding: number[] = [];
    let session: Session | undefined;
    const send = (): void => {
      if (session === undefined || requests-- <= 0) return;
      outstanding.push(++tag);
      session.send({
        operation: OPERATIONS.pu.message,
        tag,
        bytes: random.bytes(random.pick([0, 3, 16, 64, 65])),
        replyBytes: random.pick([0, 16, 256]),
        argument: BigInt(tag),
      });
    };
    session = port.open({
      complete({ tag: answered, status, bytes, argument }) {
        world.log.push(`${name} client ${number} got tag ${answered} status ${status} [${bytes === undefined ? '' : hex(bytes)}] argument ${argument ?? 0n}`);
        if (random.chance(0.5)) world.pending.push(send);
      },
      reset() {
        world.log.push(`${name} client ${number} reset`);
      },
    });
    send();
    world.pending.push(send, send);
    if (random.chance(0.3)) world.pending.push(() => session?.cancel(outstanding[0] ?? 1));
    if (random.chance(0.4)) {
      world.pending.push(() => {
        session?.close();
        session = undefined;
      });
    }
  }
}

/** The far ends of those ports, drawn from a seed. */
export function wire(ports: readonly PortDeclaration[], seed: number): Wiring {
  const world: World = { log: [], pending: [] };
  const clients = ports.filter(({ side }) => side === 'client');
  return {
    devices: Object.fromEntries(clients.map(({ name }, index) => [name, device(world, name, new Random(seed, index))])),
    log: world.log,
    attach(machine) {
      ports.forEach(({ name, side }, index) => {
        if (side === 'server') playClients(world, name, machine.port(name) as Device, new Random(seed, 1000 + index));
      });
    },
    pump() {
      const next = world.pending.shift();
      next?.();
      return next !== undefined;
    },
  };
}
