/**
 * The gate of a PU: what comes to its ports waits here until the program looks, at its next `wait` or `poll`, and goes in all at once.
 *
 * So a program's whole input is a list of arrivals for each of these moments: what a recording holds, and what a simulation in virtual time
 * needs, where a PU may have computed ahead of its peers. A host may always deliver later; that is why a program cannot tell.
 */
import type { Client, Device, DeviceCompletion, DeviceRequest, Session } from '../vm/index.js';

/** Something that comes to a port from the other end. Sessions of a server port are numbered from 1 as they open. */
export type Arrival =
  | { readonly kind: 'complete'; readonly port: number; readonly completion: DeviceCompletion }
  | { readonly kind: 'reset'; readonly port: number }
  | { readonly kind: 'open'; readonly port: number; readonly session: number }
  | { readonly kind: 'send'; readonly port: number; readonly session: number; readonly request: DeviceRequest }
  | { readonly kind: 'cancel'; readonly port: number; readonly session: number; readonly tag: number }
  | { readonly kind: 'close'; readonly port: number; readonly session: number };

interface Served {
  readonly device: Device;
  /** Who opened each session outside. */
  readonly clients: Map<number, Client>;
  /** Sessions that went in. */
  readonly sessions: Map<number, Session>;
}

/** Stands between the ports of one machine and the world. */
export class Gate {
  /** Called when something came for a program that had looked at everything before. */
  onArrival: () => void = () => {};
  /** Called each time before the program looks, with what is about to go in. */
  onAdmit: ((arrivals: readonly Arrival[]) => void) | undefined;
  #waiting: Arrival[] = [];
  readonly #clients = new Map<number, Client>();
  readonly #servers = new Map<number, Served>();
  readonly #resets = new Map<number, number>();
  #sessions = 0;

  /** Whether something waits to go in. */
  get hasArrivals(): boolean {
    return this.#waiting.length > 0;
  }
  /** How many restarts of the other end the program has been told of at a client port. */
  resets(port: number): number {
    return this.#resets.get(port) ?? 0;
  }

  /** What to wire a client port to, in a device's place. */
  client(port: number, device: Device): Device {
    const { serves } = device;
    return {
      ...(serves === undefined ? {} : { serves }),
      open: (client) => {
        this.#clients.set(port, client);
        const isOpen = (): boolean => this.#clients.get(port) === client;
        const session = device.open({
          complete: (completion) => {
            if (isOpen()) this.#add({ kind: 'complete', port, completion });
          },
          reset: () => {
            if (isOpen()) this.#add({ kind: 'reset', port });
          },
        });
        return session;
      },
    };
  }

  /** What clients are wired to in a server port's place. */
  server(port: number, device: Device): Device {
    const served: Served = { device, clients: new Map(), sessions: new Map() };
    this.#servers.set(port, served);
    const { serves } = device;
    return {
      ...(serves === undefined ? {} : { serves }),
      open: (client) => {
        const session = ++this.#sessions;
        served.clients.set(session, client);
        this.#add({ kind: 'open', port, session });
        return {
          send: (request) => this.#add({ kind: 'send', port, session, request }),
          cancel: (tag) => this.#add({ kind: 'cancel', port, session, tag }),
          close: () => this.#add({ kind: 'close', port, session }),
        };
      },
    };
  }

  #add(arrival: Arrival): void {
    this.#waiting.push(arrival);
    if (this.#waiting.length === 1) this.onArrival();
  }

  /** Lets in what waits, in order: to be called before each `wait` and `poll`. */
  admit(): void {
    const arrivals = this.#waiting;
    this.onAdmit?.(arrivals);
    if (arrivals.length === 0) return;
    this.#waiting = [];
    for (const arrival of arrivals) this.put(arrival);
  }

  /** Puts one arrival into its port at once. @throws RangeError if it names a port or session that does not exist */
  put(arrival: Arrival): void {
    const { port } = arrival;
    if (arrival.kind === 'complete' || arrival.kind === 'reset') {
      const client = this.#clients.get(port);
      if (client === undefined) throw new RangeError(`port ${port} is no client port with a session`);
      if (arrival.kind === 'complete') return client.complete(arrival.completion);
      this.#resets.set(port, this.resets(port) + 1);
      return client.reset();
    }
    const served = this.#servers.get(port);
    if (served === undefined) throw new RangeError(`port ${port} is no server port`);
    if (arrival.kind === 'open') {
      const client = served.clients.get(arrival.session) ?? NOBODY;
      served.sessions.set(arrival.session, served.device.open(client));
      return;
    }
    const session = served.sessions.get(arrival.session);
    if (session === undefined) throw new RangeError(`session ${arrival.session} of port ${port} is not open`);
    if (arrival.kind === 'send') return session.send(arrival.request);
    if (arrival.kind === 'cancel') return session.cancel(arrival.tag);
    session.close();
    served.sessions.delete(arrival.session);
    served.clients.delete(arrival.session);
  }
}

/** The client of a session that is only replayed. */
const NOBODY: Client = { complete: () => {}, reset: () => {} };
