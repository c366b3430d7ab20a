/**
 * Properties of ports under random use: hostile programs break nothing but their own port, and well-behaved programs at both ends of
 * a link get every message exactly once, in order, within their credit. A failure is shrunk to its shortest list of steps.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CANCEL, CLOSE, type Fields, Guest, type GuestPort, OFFER, OPEN, portOf, REPLY } from './guest.js';
import { KINDS, runHostile, type Step } from './hostile.js';

const u32 = fc.nat({ max: 0xffffffff });
const steps = (kinds: number, maxLength: number) => fc.array(fc.tuple(fc.nat({ max: kinds - 1 }), u32, u32, u32), { maxLength });

describe('a hostile program', () => {
  it('among hostile peers faults only its own ports and moves nothing outside its buffers', () => {
    fc.assert(
      fc.property(steps(KINDS, 120), (list) => runHostile(list)),
      { numRuns: 300 },
    );
  });
});

const DEPTH = 4;
const [OK, CANCELLED, PEER_RESET, TOO_LARGE] = [0, 2, 3, 5];

/** What a client knows of a request of its own. */
interface Sent {
  readonly id: number;
  readonly bytes: number;
  readonly room: number;
  cancelled: boolean;
}

/** A client program: its requests carry a number, of which payload and answer follow. */
class ClientProgram {
  readonly guest: Guest;
  readonly port: GuestPort;
  /** In flight, by tag. */
  readonly inFlight = new Map<number, Sent>();
  completions = 0;
  #slot = 0;

  constructor(readonly world: World) {
    this.guest = new Guest([portOf('link', 'client', 4096, { depth: DEPTH })], { link: world.server.ports.device('serve') });
    this.port = this.guest.port('link');
  }
  send(bytes: number, room: number): void {
    if (this.port.creditLeft === 0) return;
    let tag = 0;
    while (this.inFlight.has(tag)) tag++;
    const id = ++this.world.lastId;
    const address = 16384 + 64 * (this.#slot++ % 64);
    this.guest.memory.fill(id, address, address + bytes);
    this.inFlight.set(tag, { id, bytes, room, cancelled: false });
    this.port.push({ operation: 1, tag, address, bytes, reply: 8192 + 64 * tag, replyBytes: room, argument: BigInt(id) });
  }
  cancel(which: number): void {
    const tags = [...this.inFlight.keys()];
    const tag = tags[which % Math.max(1, tags.length)];
    if (tag === undefined || (this.port.word(32) - this.port.outConsumer) >>> 0 >= DEPTH) return;
    (this.inFlight.get(tag) as Sent).cancelled = true;
    this.port.push({ operation: CANCEL, argument: BigInt(tag) });
  }
  receive(most: number): void {
    this.port.poll();
    for (let count = 0; count < most; count++) {
      const entry = this.port.pull();
      if (entry === undefined) break;
      this.judge(entry);
    }
  }
  judge({ tag, status, address, bytes, argument }: Fields): void {
    const sent = this.inFlight.get(tag);
    if (sent === undefined) throw new Error(`a completion of tag ${tag}, which is not in flight`);
    this.inFlight.delete(tag);
    this.completions++;
    const answer = this.world.answered.get(sent.id);
    if (status === OK) {
      expect([bytes, argument]).toEqual([answer, BigInt(sent.id)]);
      expect(this.guest.memory.slice(address, address + bytes)).toEqual(new Uint8Array(bytes).fill(sent.id + 1));
    } else if (status === TOO_LARGE) {
      expect([bytes, this.world.smallestOffer < sent.bytes || (answer ?? 0) > sent.room]).toEqual([0, true]);
    } else if (status === CANCELLED) {
      expect(sent.cancelled).toBe(true);
    } else {
      expect([status, this.world.resets > 0]).toEqual([PEER_RESET, true]);
    }
  }
}

/** A server program and its clients. */
class World {
  readonly server = new Guest([portOf('serve', 'server', 4096, { depth: DEPTH })], {});
  readonly serve = this.server.port('serve');
  readonly clients: ClientProgram[];
  /** Requests that the server has. */
  held: { tag: number; id: number }[] = [];
  /** Bytes of the answer to each request. */
  readonly answered = new Map<number, number>();
  /** The last request seen of each open session. */
  readonly sessions = new Map<number, number>();
  readonly seen = new Set<number>();
  smallestOffer = 64;
  lastId = 0;
  resets = 0;
  #slot = 0;

  constructor(clients: number) {
    this.clients = Array.from({ length: clients }, () => new ClientProgram(this));
  }
  offer(bytes: number): void {
    if (this.serve.creditLeft === 0) return;
    this.smallestOffer = Math.min(this.smallestOffer, bytes);
    this.serve.push({ operation: OFFER, address: 16384 + 64 * (this.#slot++ % 64), bytes });
  }
  take(most: number): void {
    this.serve.poll();
    for (let count = 0; count < most; count++) {
      const entry = this.serve.pull();
      if (entry === undefined) return;
      const { operation, tag, session, address, bytes, argument } = entry;
      if (operation === OPEN) {
        expect([this.sessions.has(session), bytes]).toEqual([false, 0]);
        this.sessions.set(session, 0);
      } else if (operation === CLOSE) {
        expect(this.sessions.delete(session)).toBe(true);
      } else {
        const id = Number(argument);
        expect(this.seen.has(id)).toBe(false);
        this.seen.add(id);
        expect(this.sessions.get(session)).toBeLessThan(id);
        this.sessions.set(session, id);
        expect(this.server.memory.slice(address, address + bytes)).toEqual(new Uint8Array(bytes).fill(id));
        this.held.push({ tag, id });
      }
    }
  }
  reply(which: number, bytes: number): void {
    if ((this.serve.word(32) - this.serve.outConsumer) >>> 0 >= DEPTH) return;
    const [request] = this.held.splice(which % Math.max(1, this.held.length), 1);
    if (request === undefined) return;
    const address = 32768 + 64 * (this.#slot++ % 64);
    this.server.memory.fill(request.id + 1, address, address + bytes);
    this.answered.set(request.id, bytes);
    this.serve.push({ operation: REPLY, tag: request.tag, address, bytes, argument: BigInt(request.id) });
  }
  restart(): void {
    this.server.memory.fill(0);
    this.server.ports.initialise();
    this.held = [];
    this.sessions.clear();
    this.resets++;
  }
  restartClient(client: ClientProgram): void {
    client.guest.memory.fill(0);
    client.inFlight.clear();
    client.guest.ports.initialise();
  }

  step([kind, a, b, c]: Step): void {
    const client = this.clients[a % this.clients.length] as ClientProgram;
    const size = [0, 1, 7, 63, 64][b % 5] as number;
    const acts = [
      () => client.send(size, [0, 1, 32, 64][c % 4] as number),
      () => client.cancel(b),
      () => void client.port.bell(),
      () => client.receive(b % 4),
      () => this.offer(c % 4 === 0 ? size : 64),
      () => void this.serve.bell(),
      () => this.take(b % 4),
      () => this.reply(c, size),
      () => (c % 16 === 0 ? this.restart() : undefined),
      () => (c % 16 === 0 ? this.restartClient(client) : undefined),
    ];
    acts[kind % acts.length]?.();
    for (const { port, guest, inFlight } of this.clients) {
      const { credit, unconsumed, fault } = guest.ports.state(0);
      expect(fault).toBe('none');
      // Pushed requests count for the program at once, for the port when it rings; a consumed entry the other way round.
      expect(credit + unconsumed).toBeLessThanOrEqual(DEPTH);
      expect(port.creditLeft + inFlight.size).toBeLessThanOrEqual(DEPTH);
    }
    expect(this.server.ports.state(0).fault).toBe('none');
  }

  /** Everybody does what is left to do, with room for all. */
  settle(): void {
    this.smallestOffer = Math.min(this.smallestOffer, 64);
    for (let round = 0; round < 200; round++) {
      for (const client of this.clients) {
        client.port.bell();
        client.receive(DEPTH);
      }
      this.take(DEPTH);
      this.serve.poll();
      this.offer(64);
      for (let count = 0; count < DEPTH - 1; count++) this.reply(0, 0);
      this.serve.bell();
    }
  }
}

describe('well-behaved programs at both ends', () => {
  it('get each message exactly once, in order per session, and never more than there is credit for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), steps(10, 150), (clients, list) => {
        const world = new World(clients);
        for (const step of list) world.step(step);
        world.settle();
        for (const { inFlight, port } of world.clients) expect([inFlight.size, port.creditLeft]).toEqual([0, DEPTH]);
        expect(world.held).toEqual([]);
        expect(world.serve.creditLeft + world.server.ports.state(0).unconsumed).toBeLessThanOrEqual(DEPTH);
      }),
      { numRuns: 200 },
    );
  });
});
