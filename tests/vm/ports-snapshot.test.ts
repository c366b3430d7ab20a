/**
 * The ports' part of a snapshot: its bytes, what a restored PU finds, and that damaged bytes are refused by name and change nothing.
 *
 * Indexes near 2^32 are reached here too: a snapshot written by hand is the only quick way there.
 */
import { describe, expect, it } from '@jest/globals';
import { PortsRefusal } from '../../vm/ports/ports.js';
import type { Client } from '../../vm/ports/device.js';
import { bytesOf, CANCEL, CLOSE, Guest, type GuestPort, OFFER, OPEN, portOf, REPLY, Scribe } from './guest.js';

const u32 = (...values: number[]): number[] => values.flatMap((value) => [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24]);
const u64 = (value: number): number[] => u32(value % 2 ** 32, Math.floor(value / 2 ** 32));
const file = (...parts: number[][]): Uint8Array => Uint8Array.from(parts.flat());

const CLIENT = portOf('link', 'client', 4096);
const SERVER = portOf('serve', 'server', 5120);

/** A PU with a client port and a server port, the client's device, and a client of the server. */
function world() {
  const device = new Scribe();
  const guest = new Guest([CLIENT, SERVER], { link: device });
  const got: unknown[] = [];
  const peer: Client = { complete: (completion) => void got.push(completion), reset: () => void got.push('reset') };
  return { device, guest, link: guest.port('link'), serve: guest.port('serve'), visit: () => guest.ports.device('serve').open(peer), got };
}
const ask = (tag: number) => ({ operation: 1, tag, bytes: Uint8Array.of(tag), replyBytes: 64, argument: 0n });
const entry = (tag: number) => ({ operation: 1, tag, reply: 9000 + 100 * tag, replyBytes: 64 });

/** Two requests unanswered, one answered and undelivered, one unconsumed; a session with one request delivered, and two offers. */
function busy() {
  const found = world();
  const { device, link, serve, visit } = found;
  link.send(entry(1), entry(2), entry(3), entry(4));
  device.answer(3, { status: 1, argument: 9n });
  link.poll();
  device.answer(1, { status: 0, bytes: bytesOf('ok'), argument: 7n });
  const session = visit();
  session.send(ask(5));
  const offer = { operation: OFFER, address: 8192, bytes: 64 };
  serve.send(offer, offer, offer, offer);
  serve.drain();
  return { ...found, session };
}

//                    in flight, message, taken, delivered, consumed, epoch, reported, fault, reported
const BUSY_LINK = file(
  u32(4, 64, 4, 1, 0, 0, 0, 0, 0),
  u32(1),
  u32(1, 2, 9200, 64),
  u32(0),
  u64(7),
  u32(2),
  [...bytesOf('ok')],
  u32(2),
  u32(1, 1, 9100, 64, 1, 3, 9300, 64),
);
const BUSY_SERVE = file(u32(4, 64, 4, 2, 2, 0, 0, 0, 0), u64(1), u32(1), u32(2, 8192, 64, 8192, 64), u32(1, 1));
const BUSY = file(u32(1, 2), [...BUSY_LINK], [...BUSY_SERVE]);

describe('a snapshot', () => {
  it('has the bytes of the specification', () => expect(busy().guest.ports.snapshot()).toEqual(BUSY));

  it('of ports at rest', () => {
    const idle = world().guest.ports.snapshot();
    expect(idle).toEqual(file(u32(1, 2), u32(4, 64, 0, 0, 0, 0, 0, 0, 0), u32(0, 0), u32(4, 64, 0, 0, 0, 0, 0, 0, 0), u64(0), u32(0, 0, 0)));
  });

  it('changes nothing', () => {
    const { guest, device, link } = busy();
    const before = guest.memory.slice();
    guest.ports.snapshot();
    expect(guest.memory).toEqual(before);
    device.answer(0, { status: 0 });
    expect(link.drain()).toMatchObject([{ tag: 4 }, { tag: 2 }, { tag: 1 }]);
  });
});

describe('restored on other drivers', () => {
  const restored = (bytes: Uint8Array) => {
    const from = busy();
    const to = world();
    to.guest.memory.set(from.guest.memory);
    to.guest.ports.restore(bytes);
    return to;
  };

  it('answers that were not delivered are kept, requests in flight are reset, the epoch rises', () => {
    const { guest, link, device } = restored(BUSY);
    expect(device.calls).toEqual([['open'], ['close'], ['open']]);
    expect(link.epoch).toBe(0);
    expect(link.poll()).toBe(true);
    expect(link.epoch).toBe(1);
    expect(link.drain()).toMatchObject([
      { tag: 4, status: 1, argument: 9n },
      { tag: 2, status: 0, address: 9200, bytes: 2, argument: 7n },
      { tag: 1, status: 3, address: 9100, bytes: 0, argument: 0n },
      { tag: 3, status: 3, address: 9300, bytes: 0, argument: 0n },
    ]);
    expect([guest.text(9200, 2), link.creditLeft]).toEqual(['ok', 4]);
    link.send(entry(1));
    device.answer(0, { status: 0 });
    expect(link.drain()).toMatchObject([{ tag: 1, status: 0 }]);
  });

  it('sessions that the program knew close, offers are kept, replies to the old are dropped', () => {
    const { serve } = restored(BUSY);
    expect(serve.poll()).toBe(true);
    expect(serve.epoch).toBe(1);
    expect(serve.drain()).toMatchObject([{ operation: CLOSE, session: 1, address: 8192 }]);
    serve.send({ operation: REPLY, tag: 1 });
    expect([serve.fault, serve.creditLeft]).toEqual([0, 3]);
    serve.send({ operation: REPLY, tag: 2 });
    expect(serve.fault).toBe(5);
  });

  it('sessions that are there now open behind them, with new numbers; their clients see a restart', () => {
    const to = world();
    const session = to.visit();
    session.send(ask(1));
    to.guest.ports.restore(BUSY);
    expect(to.got).toEqual(['reset']);
    session.send(ask(2));
    const { serve } = to;
    serve.setWord(32, 4);
    serve.setWord(44, 2);
    serve.send({ operation: OFFER, address: 9000, bytes: 64 });
    expect(serve.drain()).toMatchObject([
      { operation: CLOSE, session: 1 },
      { operation: OPEN, session: 2 },
      { operation: 1, session: 2, tag: 2 },
    ]);
    serve.send({ operation: REPLY, tag: 2 });
    expect(to.got).toMatchObject(['reset', { tag: 2, status: 0 }]);
  });

  it('gives the same bytes again, but for the epochs and what they bring', () => {
    const first = restored(BUSY).guest.ports.snapshot();
    const second = world().guest;
    second.ports.restore(first);
    const third = world().guest;
    third.ports.restore(second.ports.snapshot());
    const view = new DataView(third.ports.snapshot().buffer);
    expect([view.getUint32(8 + 20, true), view.getUint32(8 + 24, true)]).toEqual([3, 0]);
  });

  it('a session that waits to be closed is closed after two restores, once', () => {
    const middle = restored(BUSY).guest.ports.snapshot();
    const to = restored(middle);
    expect(to.serve.drain()).toMatchObject([{ operation: CLOSE, session: 1 }]);
  });

  it('a faulted port stays faulted, until the program begins anew', () => {
    const from = world();
    (from.device.clients[0] as Client).reset();
    from.link.send({ operation: OFFER });
    from.visit();
    from.serve.send({ operation: CANCEL });
    const to = world();
    const session = to.visit();
    to.guest.memory.set(from.guest.memory);
    to.guest.ports.restore(from.guest.ports.snapshot());
    expect(to.device.calls.slice(-1)).toEqual([['close']]);
    expect(to.guest.ports.state(0)).toMatchObject({ fault: 'bad_operation', epoch: 1 });
    expect([to.guest.poll(3n), to.guest.poll(3n)]).toEqual([3n, 0n]);
    session.send(ask(9));
    expect(to.got).toEqual(['reset', { tag: 9, status: 6 }]);
    const reported = to.guest.ports.snapshot();
    const again = world();
    again.guest.ports.restore(reported);
    expect(again.guest.poll(3n)).toBe(0n);
    to.guest.ports.initialise();
    expect([to.link.fault, to.device.calls.slice(-1)]).toEqual([0, [['open']]]);
  });
});

describe('indexes pass 2^32', () => {
  it('of a client', () => {
    const { guest, device, link } = world();
    guest.ports.restore(
      file(
        u32(1, 2),
        u32(4, 64, 0xfffffffe, 0xfffffffd, 0xfffffffd, 0xffffffff, 0xffffffff, 0, 0),
        u32(0, 0),
        u32(4, 64, 0, 0, 0, 0, 0, 0, 0),
        u64(0),
        u32(0, 0, 0),
      ),
    );
    link.setWord(32, 0xfffffffe);
    link.setWord(44, 0xfffffffd);
    expect([link.poll(), link.epoch, link.creditLeft]).toEqual([true, 0, 4]);
    link.send(entry(1), entry(2), entry(3), entry(4));
    expect([link.fault, link.outConsumer, link.word(28), link.creditLeft]).toEqual([0, 2, 2, 0]);
    for (const index of [3, 1, 0, 2]) device.answer(index, { status: 0, bytes: Uint8Array.of(index) });
    link.poll();
    expect(link.inProducer).toBe(1);
    expect(link.drain().map(({ tag }) => tag)).toEqual([4, 2, 1, 3]);
    expect([link.word(44), link.creditLeft, link.poll()]).toEqual([1, 4, false]);
    link.setWord(32, 0xffffffff);
    link.bell();
    expect(link.fault).toBe(1);
  });

  it('of a server, with tags that begin again at 1', () => {
    const { guest, serve, visit, got } = world();
    const given = 2 ** 33 - 3;
    guest.ports.restore(
      file(u32(1, 2), u32(4, 64, 0, 0, 0, 0, 0, 0, 0), u32(0, 0), u32(4, 64, 0xffffffff, 0xffffffff, 0xffffffff, 0, 0, 0, 0), u64(given), u32(0, 0, 0)),
    );
    serve.setWord(32, 0xffffffff);
    serve.setWord(44, 0xffffffff);
    serve.poll();
    const session = visit();
    for (const tag of [1, 2, 3]) session.send(ask(tag));
    serve.send(...[0, 1, 2, 3].map((at) => ({ operation: OFFER, address: 8192 + 64 * at, bytes: 64 })));
    const tags = serve.drain().map(({ tag }) => tag);
    expect(tags).toEqual([0, 0xffffffff, 1, 2]);
    serve.send(...tags.slice(1).map((tag) => ({ operation: REPLY, tag, status: 0 })));
    expect(got).toMatchObject([{ tag: 1 }, { tag: 2 }, { tag: 3 }]);
    // Given long ago, and not given for long.
    serve.send({ operation: REPLY, tag: 0x80000003 });
    expect(serve.fault).toBe(0);
    serve.send({ operation: REPLY, tag: 3 });
    expect(serve.fault).toBe(5);
  });
});

describe('refused by name, with nothing changed', () => {
  const LINK = 8;
  const SERVE = 8 + BUSY_LINK.length;
  const put = (at: number, ...values: number[]): Uint8Array => {
    const changed = BUSY.slice();
    changed.set(u32(...values), at);
    return changed;
  };
  const cases: Record<string, readonly [Uint8Array, string]> = {
    nothing: [new Uint8Array(0), 'truncated'],
    'another version': [put(0, 2), 'version'],
    'another number of ports': [put(4, 1), 'port_count'],
    'other messages in flight': [put(LINK, 3), 'limits'],
    'another message limit': [put(LINK + 4, 65), 'limits'],
    'more unconsumed than the ring': [put(LINK + 12, 5), 'indexes'],
    'a consumer ahead': [put(LINK + 16, 2), 'indexes'],
    'an unknown fault': [put(LINK + 28, 7), 'fault'],
    'a reported fault where there is none': [put(LINK + 32, 1), 'fault'],
    'a fault reported twice': [put(LINK + 28, 1, 2), 'fault'],
    'a faulted port with requests': [put(LINK + 28, 1), 'limits'],
    'too many answered': [put(LINK + 36, 4), 'in_flight'],
    'a great many answered': [put(LINK + 36, 0xffffffff), 'in_flight'],
    'a reserved operation': [put(LINK + 40, 0xffff0000), 'request'],
    'a reply buffer outside': [put(LINK + 48, 65530), 'request'],
    'an answer longer than its buffer': [put(LINK + 52, 1), 'answer'],
    'an answer longer than the file': [put(LINK + 68, 0xffffffff), 'truncated'],
    'two requests of one tag': [put(LINK + 82, 2), 'request'],
    'too many unanswered': [put(LINK + 74, 3), 'in_flight'],
    'tags beyond exact numbers': [put(SERVE + 40, 0x200000), 'tags'],
    'too many offers': [put(SERVE + 48, 5), 'in_flight'],
    'an offer outside': [put(SERVE + 52, 65500), 'offer'],
    'more sessions than bytes': [put(SERVE + 68, 0x40000000), 'truncated'],
    'session 0': [put(SERVE + 72, 0), 'sessions'],
    'a session not given': [put(SERVE + 72, 2), 'sessions'],
    'a faulted server with offers': [put(SERVE + 28, 6), 'length'],
    'a byte too many': [file([...BUSY], [0]), 'length'],
  };
  for (const [what, [bytes, rule]] of Object.entries(cases)) {
    it(what, () => {
      const { guest, device } = busy();
      const before = guest.ports.snapshot();
      const refusal = ((): unknown => {
        try {
          guest.ports.restore(bytes);
        } catch (error) {
          return error;
        }
        return undefined;
      })();
      expect(refusal).toBeInstanceOf(PortsRefusal);
      expect(refusal).toMatchObject({ rule, name: 'PortsRefusal' });
      expect((refusal as PortsRefusal).message.length).toBeGreaterThan(10);
      expect(guest.ports.snapshot()).toEqual(before);
      expect(device.calls.map(([call]) => call)).toEqual(['open', 'send', 'send', 'send', 'send']);
    });
  }

  it('sessions that do not ascend', () => {
    const two = file([...BUSY.slice(0, SERVE)], [...BUSY_SERVE.slice(0, 44)], u32(5, 0, 2, 3, 3));
    expect(() => busy().guest.ports.restore(two)).toThrow(/session 3 behind 3 of 5/);
  });

  it('bytes for a program without ports', () => expect(() => new Guest([], {}).ports.restore(Uint8Array.of(0))).toThrow(PortsRefusal));

  it('every truncation, and every bit: refused, or the port still keeps its rules', () => {
    for (let length = 0; length < BUSY.length; length++) expect(() => world().guest.ports.restore(BUSY.slice(0, length))).toThrow(PortsRefusal);
    for (let bit = 0; bit < 8 * BUSY.length; bit++) {
      const changed = BUSY.slice();
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      const { guest, link, serve } = world();
      try {
        guest.ports.restore(changed);
      } catch (error) {
        expect(error).toBeInstanceOf(PortsRefusal);
        continue;
      }
      const consumed = (port: GuestPort, snapshotAt: number): void => port.setWord(44, new DataView(changed.buffer).getUint32(snapshotAt + 16, true));
      consumed(link, LINK);
      consumed(serve, SERVE);
      link.drain();
      serve.drain();
      const [linkState, serveState] = [guest.ports.state(0), guest.ports.state(1)];
      if (linkState.fault === 'none') expect(linkState).toMatchObject({ unconsumed: 0, credit: 4 });
      expect([0, 1, 2, 3, 4]).toContain(serveState.credit);
    }
  });
});
