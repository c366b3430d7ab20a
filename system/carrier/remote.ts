/**
 * A device at the other end of a channel: `RemoteDevice` is what clients open sessions at, `serve` opens them at the device itself.
 *
 * Sessions are numbered from 1 and no number is used twice, so that what is late finds nothing. Neither end trusts the other
 * further than the device interface goes: what comes out of turn is ignored.
 */
import type { Client, Device, DeviceRequest, Service, Session } from '../../vm/index.js';
import { FRAME, type Channel, type Frame } from './channel.js';

const BARE: Omit<Frame, 'kind' | 'session'> = { tag: 0, code: 0, replyBytes: 0, argument: 0n, bytes: new Uint8Array(0) };

/** What a client is wired to when its server is elsewhere. */
export class RemoteDevice implements Device {
  readonly serves: Service;
  readonly #channel: Channel;
  readonly #clients = new Map<number, Client>();
  #last = 0;

  /** A device that is reached over a channel, which is then its own. */
  constructor(channel: Channel, serves: Service) {
    this.#channel = channel;
    this.serves = serves;
    channel.onFrame = ({ kind, session, tag, code, argument, bytes }) => {
      if (kind === FRAME.complete) this.#clients.get(session)?.complete({ tag, status: code, bytes, argument });
      else if (kind === FRAME.reset) this.#clients.get(session)?.reset();
    };
  }

  open(client: Client): Session {
    const channel = this.#channel;
    const session = ++this.#last;
    this.#clients.set(session, client);
    channel.send({ ...BARE, kind: FRAME.open, session });
    return {
      send: ({ operation, tag, bytes, replyBytes, argument }: DeviceRequest) =>
        channel.send({ kind: FRAME.request, session, tag, code: operation, replyBytes, argument, bytes }),
      cancel: (tag) => channel.send({ ...BARE, kind: FRAME.cancel, session, tag }),
      close: () => {
        this.#clients.delete(session);
        channel.send({ ...BARE, kind: FRAME.close, session });
      },
    };
  }

  /** The other end is gone and comes back empty: sessions are opened there anew, and what was outstanding completes with `peer_reset`. */
  reopen(): void {
    for (const [session, client] of this.#clients) {
      this.#channel.send({ ...BARE, kind: FRAME.open, session });
      client.reset();
    }
  }
}

/**
 * Serves a device to the clients at the other end of a channel.
 * @returns ends all sessions, as if the clients had gone
 */
export function serve(device: Device, channel: Channel): () => void {
  const sessions = new Map<number, Session>();
  const begin = (session: number): void => {
    if (sessions.has(session)) return;
    const isOpen = (): boolean => sessions.has(session);
    // Until `open` has returned, what the device says at once is for this session too.
    sessions.set(session, { send: () => undefined, cancel: () => undefined, close: () => undefined });
    const opened = device.open({
      complete: ({ tag, status, bytes = BARE.bytes, argument = 0n }) => {
        if (isOpen()) channel.send({ kind: FRAME.complete, session, tag, code: status, replyBytes: 0, argument: BigInt.asUintN(64, argument), bytes });
      },
      reset: () => {
        if (isOpen()) channel.send({ ...BARE, kind: FRAME.reset, session });
      },
    });
    sessions.set(session, opened);
  };
  const end = (session: number): void => {
    const ended = sessions.get(session);
    sessions.delete(session);
    ended?.close();
  };
  channel.onFrame = ({ kind, session, tag, code, replyBytes, argument, bytes }) => {
    if (kind === FRAME.open) begin(session);
    else if (kind === FRAME.request) sessions.get(session)?.send({ operation: code, tag, bytes, replyBytes, argument });
    else if (kind === FRAME.cancel) sessions.get(session)?.cancel(tag);
    else if (kind === FRAME.close) end(session);
  };
  return () => {
    for (const session of [...sessions.keys()]) end(session);
  };
}
