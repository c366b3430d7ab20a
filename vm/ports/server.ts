/**
 * A server port: the program plays the device. Clients are numbered sessions; what they send fills the buffers that the program offers.
 *
 * Sessions take turns, one entry a turn. The host holds what a session sent until an offer is there for it; how much that is, the
 * client's own credit bounds. Sessions outlast a restart of the program: its next incarnation sees them open.
 */
import { FAULT, OPERATION, STATUS } from '../../isa-spec/index.js';
import { checkMethods, checkWhole } from '../arguments/index.js';
import { checkedRequest, type Client, type Device, type DeviceCompletion, type DeviceRequest, type Session } from './device.js';
import { type OutgoingEntry, Port, type PortSetting } from './port.js';
import type { PortReader, PortWriter } from './snapshot.js';

interface Offer {
  readonly address: number;
  readonly bytes: number;
}

/** A client's session, or what is left of one that a restored program still has to see closed. */
interface ServedSession {
  readonly client: Client | undefined;
  number: number;
  /** Whether the program was told that it opened. */
  told: boolean;
  closed: boolean;
  /** Requests that no offer was there for yet. */
  waiting: DeviceRequest[];
  /** The tags of requests that the program has and did not answer: the client's, then the program's. */
  readonly delivered: Map<number, number>;
}

interface DeliveredRequest {
  readonly session: ServedSession;
  readonly tag: number;
}

/** Tags are given in turn from 1 to 2^32 - 1 and then from 1 again. */
const TAGS = 0xffffffff;
/** A reply to one of so many last tags that is no longer open is late; to another it is a reply to nothing. */
const TAGS_REMEMBERED = 2 ** 31;

/** The host side of a server port. */
export class ServerPort extends Port {
  /** What client ports are wired to. */
  readonly device: Device;
  #live = false;
  #offers: Offer[] = [];
  /** In the order of their numbers. */
  readonly #sessions = new Set<ServedSession>();
  /** Sessions that have something to tell, the next one first. */
  readonly #turns = new Set<ServedSession>();
  /** Requests that the program has, by the tag that it knows. */
  readonly #unanswered = new Map<number, DeliveredRequest>();
  #tagsGiven = 0;
  #numbersGiven = 0;

  constructor(setting: PortSetting) {
    super(setting);
    const { protocol, version } = setting.declaration;
    this.device = { serves: { protocol, version }, open: (client) => this.#open(client) };
  }

  protected get engaged(): number {
    return this.#offers.length;
  }

  protected take({ operation, tag, status, address, bytes, argument }: OutgoingEntry): number {
    const { memory, messageBytesMax } = this.setting;
    if (operation !== OPERATION.OFFER && operation !== OPERATION.REPLY) return FAULT.bad_operation;
    if (operation === OPERATION.OFFER && this.creditLeft <= 0) return FAULT.bad_producer;
    if (operation === OPERATION.REPLY && !this.#wasGiven(tag)) return FAULT.bad_tag;
    if (!memory.holds(address, bytes)) return FAULT.bad_buffer;
    if (operation === OPERATION.OFFER) {
      this.#offers.push({ address, bytes });
      return FAULT.none;
    }
    if (bytes > messageBytesMax) return FAULT.message_too_large;
    const payload = this.copyOut(address, bytes);
    const request = this.#unanswered.get(tag);
    if (request === undefined) return FAULT.none;
    this.#unanswered.delete(tag);
    request.session.delivered.delete(request.tag);
    this.#complete(request.session, { tag: request.tag, status, bytes: payload, argument });
    return FAULT.none;
  }

  #complete({ client }: ServedSession, completion: DeviceCompletion): void {
    if (client !== undefined) this.guarded(() => client.complete(completion));
  }

  #giveTag(): number {
    let tag: number;
    do tag = (this.#tagsGiven++ % TAGS) + 1;
    while (this.#unanswered.has(tag));
    return tag;
  }
  #wasGiven(tag: number): boolean {
    const last = (this.#tagsGiven - 1) % TAGS;
    const age = (last - (tag - 1) + TAGS) % TAGS;
    return tag !== 0 && age < Math.min(this.#tagsGiven, TAGS_REMEMBERED);
  }

  protected deliver(): void {
    for (const session of this.#turns) {
      const offer = this.#offers[0];
      if (offer === undefined) return;
      this.#turns.delete(session);
      this.#tell(session, offer);
      // Added again while the loop goes on, it comes behind the others: its next turn.
      if (this.#hasNews(session)) this.#turns.add(session);
    }
  }

  #hasNews({ told, closed, waiting }: ServedSession): boolean {
    return !told || closed || waiting.length > 0;
  }

  #tell(session: ServedSession, { address, bytes }: Offer): void {
    const { number, delivered } = session;
    if (!session.told) {
      session.told = true;
      this.#offers.shift();
      this.put({ operation: OPERATION.OPEN, session: number, address });
      return;
    }
    const request = session.waiting.shift();
    if (request === undefined) {
      this.#sessions.delete(session);
      session.closed = false;
      this.#offers.shift();
      this.put({ operation: OPERATION.CLOSE, session: number, address });
    } else if (request.bytes.length > bytes) {
      this.#complete(session, { tag: request.tag, status: STATUS.too_large });
    } else {
      const tag = this.#giveTag();
      this.#unanswered.set(tag, { session, tag: request.tag });
      delivered.set(request.tag, tag);
      this.#offers.shift();
      const replyBytes = Math.min(request.replyBytes, this.setting.messageBytesMax);
      this.put({ operation: request.operation, tag, session: number, address, replyBytes, argument: request.argument }, request.bytes);
    }
  }

  #open(client: Client): Session {
    checkMethods('client', client, ['complete', 'reset'], 'a Client');
    const session: ServedSession = { client, number: 0, told: false, closed: false, waiting: [], delivered: new Map() };
    this.#sessions.add(session);
    if (this.#live) this.#welcome(session);
    return {
      send: (request) => this.#send(session, request),
      cancel: (tag) => {
        checkWhole('tag', tag, 0, Number.MAX_SAFE_INTEGER);
        this.#cancel(session, tag);
      },
      close: () => this.#close(session),
    };
  }

  #welcome(session: ServedSession): void {
    session.number = ++this.#numbersGiven;
    session.told = false;
    this.#turns.add(session);
    this.news();
  }

  #send(session: ServedSession, sent: DeviceRequest): void {
    const request = checkedRequest(sent);
    if (session.closed || !this.#sessions.has(session)) return;
    if (!this.#live) this.#complete(session, { tag: request.tag, status: STATUS.device_failed });
    else if (request.bytes.length > this.setting.messageBytesMax) this.#complete(session, { tag: request.tag, status: STATUS.too_large });
    else {
      session.waiting.push(request);
      this.#turns.add(session);
      this.news();
    }
  }

  #cancel(session: ServedSession, tag: number): void {
    session.waiting = session.waiting.filter((request) => request.tag !== tag);
    if (!this.#hasNews(session)) this.#turns.delete(session);
    const given = session.delivered.get(tag);
    if (given === undefined) return;
    session.delivered.delete(tag);
    this.#unanswered.delete(given);
  }

  #close(session: ServedSession): void {
    if (!this.#sessions.has(session)) return;
    session.waiting = [];
    for (const given of session.delivered.values()) this.#unanswered.delete(given);
    session.delivered.clear();
    if (this.#live && session.told) {
      session.closed = true;
      this.#turns.add(session);
      this.news();
    } else {
      this.#sessions.delete(session);
      this.#turns.delete(session);
    }
  }

  protected begin(): void {
    this.#live = true;
    for (const session of this.#sessions) if (session.client !== undefined) this.#welcome(session);
  }

  end(): void {
    const wasLive = this.#live;
    this.#live = false;
    this.#offers = [];
    this.#turns.clear();
    this.#unanswered.clear();
    this.#tagsGiven = this.#numbersGiven = 0;
    for (const session of [...this.#sessions]) {
      const { client } = session;
      session.waiting = [];
      session.delivered.clear();
      if (session.closed || client === undefined) this.#sessions.delete(session);
      else if (wasLive) this.guarded(() => client.reset());
    }
  }

  protected writeSide(out: PortWriter): void {
    const known = [...this.#sessions].filter(({ told }) => told);
    out.u64(BigInt(this.#tagsGiven));
    out.u32(this.#numbersGiven);
    out.u32(this.#offers.length);
    for (const { address, bytes } of this.#offers) {
      out.u32(address);
      out.u32(bytes);
    }
    out.u32(known.length);
    for (const { number } of known) out.u32(number);
  }

  protected readSide(from: PortReader, unconsumed: number): () => void {
    const { declaration, memory, inFlightMax } = this.setting;
    const tagsGiven = from.u64();
    from.check(tagsGiven <= BigInt(Number.MAX_SAFE_INTEGER), 'tags', `port ${declaration.name} gave ${tagsGiven} tags`);
    const numbersGiven = from.u32();
    const offerCount = from.u32();
    from.check(unconsumed + offerCount <= inFlightMax, 'in_flight', `port ${declaration.name} has more than ${inFlightMax} messages in flight`);
    const offers = Array.from({ length: offerCount }, (): Offer => {
      const offer = { address: from.u32(), bytes: from.u32() };
      from.check(memory.holds(offer.address, offer.bytes), 'offer', `port ${declaration.name} has an offer outside memory`);
      return offer;
    });
    const sessionCount = from.count(4);
    let last = 0;
    const numbers = Array.from({ length: sessionCount }, () => {
      const number = from.u32();
      from.check(number > last && number <= numbersGiven, 'sessions', `port ${declaration.name} has session ${number} behind ${last} of ${numbersGiven}`);
      last = number;
      return number;
    });
    return () => {
      this.#offers = offers;
      this.#tagsGiven = Number(tagsGiven);
      this.#numbersGiven = numbersGiven;
      for (const number of numbers) {
        const session: ServedSession = { client: undefined, number, told: true, closed: true, waiting: [], delivered: new Map() };
        this.#sessions.add(session);
        this.#turns.add(session);
      }
    };
  }
}
