/**
 * A link in virtual time: each message takes its delay, none overtakes another of its direction, none is lost unless the link is lossy.
 *
 * A client's session is a conversation. It outlasts restarts of the server, whose end of the link says when it goes and comes; each
 * message knows for which incarnation of its peers it was meant, so that one of a dead incarnation finds nothing.
 */
import { STATUS } from '../../isa-spec/index.js';
import type { Client, Device, DeviceCompletion, DeviceRequest, Session } from '../../vm/index.js';
import type { EventQueue } from './queue.js';
import type { MessageKind, Trace } from './trace.js';

/** What befalls the messages of a link. */
export interface LinkFaults {
  /** When a message arrives that is sent at that time. */
  arrival(sent: number): number;
  /** How many times a request or an answer arrives that is sent then: 1 on a link that is not lossy. */
  copies(sent: number): number;
}

/** A link on which nothing befalls messages: they arrive when they are sent. */
export const CALM: LinkFaults = Object.freeze({ arrival: (sent: number) => sent, copies: () => 1 });

const NOTHING = new Uint8Array(0);
/** Tags of copies begin here, above all that a client gives. */
const COPY_TAGS = 2 ** 52;

/** A server's end of links: a device, or a server port of a PU, that is there or not. */
export class ServerEnd {
  readonly #talks = new Set<Talk>();
  #device: Device | undefined;

  /** @param now the time at which the server does what it does */
  constructor(readonly now: () => number) {}

  /** The server is there: sessions open at it. */
  up(device: Device): void {
    this.#device = device;
    for (const talk of this.#talks) talk.connect(device);
  }
  /** The server is gone. What it sent after that time was never sent. */
  down(time: number): void {
    this.#device = undefined;
    for (const talk of this.#talks) talk.disconnect(time);
  }
  /** A client's session arrives. */
  add(talk: Talk): void {
    this.#talks.add(talk);
    if (this.#device !== undefined) talk.connect(this.#device);
  }
  /** A client's session is over. */
  remove(talk: Talk): void {
    this.#talks.delete(talk);
  }
}

/** What a link is made of. */
export interface LinkSetting {
  readonly queue: EventQueue;
  readonly trace: Trace;
  /** Its number among the links. */
  readonly number: number;
  /** A number for each direction, to the server and to the client, for the order of equal times. */
  readonly actors: readonly [number, number];
  /** Full name of the client's port. */
  readonly name: string;
  readonly faults: LinkFaults;
  /** The time at which the client does what it does. */
  readonly clientNow: () => number;
  readonly server: ServerEnd;
}

interface Message {
  readonly kind: MessageKind;
  readonly tag: number;
  readonly code: number;
  readonly bytes: Uint8Array;
  readonly argument: bigint;
}

/** What happens when a message arrives. @returns false if there is nobody for it any more */
type Arrive = (copy: number) => boolean;

/** A link from one client. */
export class Link {
  #talk: Talk | undefined;
  readonly #last: [number, number] = [0, 0];

  constructor(readonly setting: LinkSetting) {}

  /** What the client's port is wired to. @param resets how many restarts of the server the client knows of */
  device(resets: () => number): Device {
    return {
      open: (client) => {
        const talk = new Talk(this, client, resets);
        this.#talk = talk;
        return talk;
      },
    };
  }
  /** The client is gone. What it sent after that time was never sent. */
  hangUp(time: number): void {
    this.#talk?.cut(time);
    this.#talk = undefined;
  }

  /** Sends a message. */
  carry(toServer: boolean, sent: number, message: Message, mayFail: boolean, arrive: Arrive): void {
    const { queue, trace, number, actors, name, faults } = this.setting;
    const direction = toServer ? 0 : 1;
    const copies = mayFail ? faults.copies(sent) : 1;
    const arrives = Math.max(this.#last[direction], faults.arrival(sent));
    const { kind, tag, code, bytes, argument } = message;
    const traced = { link: name, kind, sent, arrives: copies === 0 ? undefined : arrives, tag, code, bytes: bytes.length };
    trace.message(number, traced, bytes, argument);
    if (copies === 0) return;
    this.#last[direction] = arrives;
    for (let copy = 0; copy < copies; copy++) {
      queue.schedule(arrives, actors[direction], () => {
        if (!arrive(copy)) traced.arrives = undefined;
      });
    }
  }
}

/** A client's session. */
class Talk implements Session {
  readonly #link: Link;
  readonly #client: Client;
  readonly #resets: () => number;
  /** The client's end is closed. */
  #isClosed = false;
  /** What the client sent after it was never sent. */
  #cut = Number.POSITIVE_INFINITY;
  #far: Session | undefined;
  /** Restarts of the server that the client is being told of. */
  #restarts = 0;
  /** When each of the server's incarnations ended. */
  readonly #ends: number[] = [];
  #copies = 0;

  constructor(link: Link, client: Client, resets: () => number) {
    this.#link = link;
    this.#client = client;
    this.#resets = resets;
    this.#toServer(aboutSession('open'), false, () => {
      link.setting.server.add(this);
      return true;
    });
  }

  send(request: DeviceRequest): void {
    const { operation: code, tag, bytes, argument } = request;
    const known = this.#resets();
    this.#toServer({ kind: 'send', tag, code, bytes, argument }, true, (copy) => {
      // The client is told of a restart since: it holds the request for lost.
      if (known < this.#restarts) return false;
      if (this.#far === undefined) this.#toClient({ ...aboutSession('complete'), tag, code: STATUS.device_failed });
      else this.#far.send(copy === 0 ? request : { ...request, bytes: bytes.slice(), tag: COPY_TAGS + this.#copies++ });
      return true;
    });
  }
  cancel(tag: number): void {
    this.#toServer({ ...aboutSession('cancel'), tag }, false, () => {
      this.#far?.cancel(tag);
      return this.#far !== undefined;
    });
  }
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#toServer(aboutSession('close'), false, () => this.#end());
  }
  /** The client's PU is gone. */
  cut(time: number): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cut = time;
    this.#link.carry(true, time, aboutSession('close'), false, () => this.#end());
  }
  #end(): boolean {
    this.#link.setting.server.remove(this);
    this.#far?.close();
    this.#far = undefined;
    return true;
  }

  #toServer(message: Message, mayFail: boolean, arrive: Arrive): void {
    const sent = this.#link.setting.clientNow();
    this.#link.carry(true, sent, message, mayFail, (copy) => sent <= this.#cut && arrive(copy));
  }

  /** The server's incarnation is there. */
  connect(device: Device): void {
    const incarnation = this.#ends.length;
    const isThere = (): boolean => incarnation === this.#ends.length;
    this.#far = device.open({
      complete: ({ tag, status, bytes = NOTHING, argument = 0n }: DeviceCompletion) => {
        if (isThere() && tag < COPY_TAGS) this.#toClient({ kind: 'complete', tag, code: status, bytes, argument });
      },
      reset: () => {
        if (isThere()) this.#restarted(this.#link.setting.server.now());
      },
    });
  }
  /** The server's incarnation is gone. */
  disconnect(time: number): void {
    this.#ends.push(time);
    this.#far?.close();
    this.#far = undefined;
    this.#restarted(time);
  }

  #restarted(time: number): void {
    this.#restarts++;
    this.#toClient(aboutSession('reset'), time);
  }

  #toClient(message: Message, sent: number = this.#link.setting.server.now()): void {
    const incarnation = this.#ends.length;
    const isReset = message.kind === 'reset';
    this.#link.carry(false, sent, message, !isReset, () => {
      const end = this.#ends[incarnation];
      if (this.#isClosed || (end !== undefined && sent > end)) return false;
      const { tag, code, bytes, argument } = message;
      if (isReset) this.#client.reset();
      else this.#client.complete({ tag, status: code, bytes, argument });
      return true;
    });
  }
}

function aboutSession(kind: MessageKind): Message {
  return { kind, tag: 0, code: 0, bytes: NOTHING, argument: 0n };
}
