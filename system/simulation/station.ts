/**
 * A device in virtual time: its end of links, its time, and whether it is there at all.
 */
import { VirtualTime } from '../../devices/index.js';
import type { Decisions } from './faults.js';
import { type Link, ServerEnd } from './link.js';
import type { Mock } from './mocks.js';
import type { EventQueue } from './queue.js';

/** Where a device of a simulation has its time from: the queue of everything that happens. */
export class StationTime extends VirtualTime {
  readonly #queue: EventQueue;
  readonly #actor: number;

  /** @param actor its number, for the order of equal times */
  constructor(queue: EventQueue, actor: number) {
    super();
    this.#queue = queue;
    this.#actor = actor;
  }
  override now(): bigint {
    return BigInt(this.#queue.now);
  }
  override after(nanoseconds: bigint, callback: () => void): () => void {
    let isWanted = true;
    this.#queue.schedule(this.#queue.now + Number(nanoseconds > 0n ? nanoseconds : 0n), this.#actor, () => {
      if (isWanted) callback();
    });
    return () => {
      isWanted = false;
    };
  }
}

/** A device with its end of links. */
export class Station {
  readonly #queue: EventQueue;
  /** Of servers that it uses itself. */
  readonly #links: Link[] = [];
  readonly end: ServerEnd;

  /** @param name full name */
  constructor(
    readonly name: string,
    readonly mock: Mock,
    queue: EventQueue,
  ) {
    this.#queue = queue;
    this.end = new ServerEnd(() => queue.now);
    this.restart();
  }

  /** Uses a server, by a session of its own. @throws RangeError if the mock can't */
  connect(link: Link): void {
    if (this.mock.connect === undefined) throw new RangeError(`the mock of the device ${this.name} opens no sessions: it can't be a client`);
    this.#links.push(link);
    this.#open(link);
  }
  #open(link: Link): void {
    let resets = 0;
    const device = link.device(() => resets);
    this.mock.connect?.({
      open: (client) =>
        device.open({
          complete: (completion) => client.complete(completion),
          reset: () => {
            resets++;
            client.reset();
          },
        }),
    });
  }

  /** Is gone: what it holds only for a while is lost. @param rule decides what */
  crash(rule: Decisions): void {
    this.end.down(this.#queue.now);
    for (const link of this.#links) link.hangUp(this.#queue.now);
    this.mock.crash?.((most) => rule.between({ least: 0, most }));
  }
  /** Is there again. */
  restart(): void {
    this.end.up(this.mock.device);
    for (const link of this.#links) this.#open(link);
  }
}
