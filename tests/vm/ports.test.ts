/**
 * The rules of isa-spec/ports.md, chapter by chapter: pages and windows, client ports, server ports, epochs. Expected values are
 * the specification's numbers.
 */
import { describe, expect, it } from '@jest/globals';
import type { PortDeclaration } from '../../isa-spec/index.js';
import type { Client, Device, Session } from '../../vm/ports/device.js';
import { Ports, type PortsOptions } from '../../vm/ports/ports.js';
import { bytesOf, CANCEL, CLOSE, type Fields, Guest, type GuestPort, OFFER, OPEN, portOf, REPLY, Scribe } from './guest.js';

const [OK, CANCELLED, PEER_RESET, TOO_LARGE, DEVICE_FAILED] = [0, 2, 3, 5, 6];
const [BAD_PRODUCER, BAD_CONSUMER, BAD_BUFFER, MESSAGE_TOO_LARGE, BAD_TAG, BAD_OPERATION] = [1, 2, 3, 4, 5, 6];

const CLIENT = portOf('link', 'client', 4096);
const SERVER = portOf('serve', 'server', 4096);

function client(more: Partial<PortsOptions> = {}, declaration: PortDeclaration = CLIENT) {
  const device = new Scribe();
  const guest = new Guest([declaration], { [declaration.name]: device }, more);
  return { device, guest, port: guest.port(declaration.name) };
}

/** A server PU with offers of 64 bytes at 8192, 8256, ..., and as many client PUs as wanted. */
function pair(clients = 1, declaration: PortDeclaration = SERVER, more: Partial<PortsOptions> = {}) {
  const server = new Guest([declaration], {}, more);
  const serve = server.port('serve');
  const callers = Array.from({ length: clients }, () => new Guest([CLIENT], { link: server.ports.device('serve') }));
  return { server, serve, callers, links: callers.map((caller) => caller.port('link')) };
}
const offers = (count: number, bytes = 64): Partial<Fields>[] =>
  Array.from({ length: count }, (_, at) => ({ operation: OFFER, address: 8192 + 64 * at, bytes }));
const request = (tag: number, more: Partial<Fields> = {}): Partial<Fields> => ({ operation: 1, tag, ...more });
const seen = (port: GuestPort): [number, number, number][] => port.drain().map(({ operation, tag, status }) => [operation, tag, status]);

describe('the discovery page and the windows', () => {
  const ports = [
    portOf('terminal', 'client', 4096, { depth: 8, messageBytes: 65536 }),
    portOf('from[1]', 'server', 4864, { protocol: 'disk', version: 3, depth: 1, messageBytes: 0 }),
  ];

  it('are as the specification lays them out, byte by byte', () => {
    const memory = new Uint8Array(65536).fill(0xee);
    const { view } = new Guest(ports, { terminal: new Scribe() }, { memory, limits: { terminal: { depth: 5, messageBytes: 100 } } });
    const words = (at: number, count: number): number[] => Array.from({ length: count }, (_, index) => view.getUint32(at + 4 * index, true));
    const text = (at: number, count: number): string => String.fromCharCode(...memory.subarray(at, at + count));

    expect(text(0, 4)).toBe('PBSD');
    expect(words(4, 15)).toEqual([1, 65536, 2, ...new Array<number>(12).fill(0)]);
    expect(words(64, 4)).toEqual([4096, 0x00010006, 8, 65536]);
    expect(text(80, 32)).toBe(`terminal${'\0'.repeat(24)}`);
    expect(words(112, 4)).toEqual([4864, 0x00030101, 1, 0]);
    expect(text(128, 32)).toBe(`from[1]${'\0'.repeat(25)}`);
    expect(memory.subarray(160, 4096).every((byte) => byte === 0)).toBe(true);

    //                            protocol version side depth message epoch fault credit 4 indexes    number record in flight
    expect(words(4096, 16)).toEqual([6, 1, 0, 8, 100, 0, 0, 5, 0, 0, 0, 0, 0, 64, 5, 0]);
    expect(memory.subarray(4160, 4096 + 704).every((byte) => byte === 0)).toBe(true);
    expect(words(4864, 16)).toEqual([1, 3, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 112, 1, 0]);
    expect(memory.subarray(4928, 4928 + 80).every((byte) => byte === 0)).toBe(true);
    expect(memory[4864 + 192]).toBe(0xee);
  });

  it('exist for a program without ports too', () => {
    const { view, ports: none } = new Guest([], {});
    expect(view.getUint32(0, true)).toBe(0x44534250);
    expect(view.getUint32(12, true)).toBe(0);
    expect(none.declared).toBe(0n);
    expect(none.poll(0n)).toEqual({ ready: 0n, bytes: 0 });
    expect(none.snapshot()).toEqual(new Uint8Array(0));
    none.restore(new Uint8Array(0));
  });

  it('the 64th port has bit 63 and the last record', () => {
    const many = Array.from({ length: 64 }, (_, index) => portOf(`p${index}`, 'server', 4096 + 192 * index, { depth: 1 }));
    const { ports: all, view } = new Guest(many, {});
    expect(all.declared).toBe(2n ** 64n - 1n);
    expect(view.getUint32(64 + 63 * 48, true)).toBe(4096 + 192 * 63);
    const caller = new Guest([CLIENT], { link: all.device('p63') });
    const last = new Guest(many, {}).port('p63');
    expect(last.number).toBe(63);
    expect(caller.poll(1n)).toBe(0n);
  });

  it('a name that is a word of JavaScript is a name like others', () => {
    for (const name of ['__proto__', 'constructor', 'toString']) {
      const declaration = portOf(name, 'client', 4096);
      expect(() => new Ports({ declarations: [declaration], memory: new Uint8Array(65536), wiring: {}, onNews: () => {} })).toThrow(/is wired to nothing/);
      const wiring = Object.fromEntries([[name, new Scribe()]]);
      const ports = new Ports({
        declarations: [declaration],
        memory: new Uint8Array(65536),
        wiring,
        limits: Object.fromEntries([[name, { depth: 2 }]]),
        onNews: () => {},
      });
      expect(ports.state(0).credit).toBe(2);
    }
  });
});

describe('misuse by the embedder', () => {
  const make = (declarations: readonly PortDeclaration[], more: Partial<PortsOptions>) => () =>
    new Ports({ declarations, memory: new Uint8Array(65536), wiring: {}, onNews: () => {}, ...more });

  it('a client port that is wired to nothing', () =>
    expect(make([CLIENT], {})).toThrow(new TypeError('port link is a client of protocol pu and is wired to nothing')));
  it('a server port may stand alone', () => expect(make([SERVER], {})).not.toThrow());
  it('wiring of a port that does not exist', () =>
    expect(make([CLIENT], { wiring: { link: new Scribe(), lynx: new Scribe() } })).toThrow(/^ports: there is no port lynx; the program declares link$/));
  it('wiring of a server port', () => expect(make([SERVER], { wiring: { serve: new Scribe() } })).toThrow(/^ports\.serve: a server port/));
  it('wiring to something that is no device', () => {
    expect(make([CLIENT], { wiring: { link: {} as Device } })).toThrow(TypeError);
    expect(make([CLIENT], { wiring: { link: undefined as unknown as Device } })).toThrow(TypeError);
  });
  it('wiring to a device of another protocol or version', () => {
    const serving = (protocol: 'pu' | 'disk', version: number) => ({ wiring: { link: { serves: { protocol, version }, open: new Scribe().open } } });
    expect(make([CLIENT], serving('pu', 1))).not.toThrow();
    expect(make([CLIENT], serving('disk', 1))).toThrow(new TypeError('port link speaks pu 1; it is wired to a device of disk 1'));
    expect(make([CLIENT], serving('pu', 2))).toThrow(TypeError);
    const disk = new Guest([portOf('serve', 'server', 4096, { protocol: 'disk', version: 3 })], {});
    expect(make([CLIENT], { wiring: { link: disk.ports.device('serve') } })).toThrow(/device of disk 3/);
  });
  it('limits of a port that does not exist', () =>
    expect(make([], { limits: { lynx: {} } })).toThrow(/^portLimits: there is no port lynx; the program declares none/));
  it.each([
    ['depth', 0],
    ['depth', 5],
    ['depth', 1.5],
    ['depth', Number.NaN],
    ['messageBytes', -1],
    ['messageBytes', 65],
    ['messageBytes', 0.5],
  ])('a limit %s of %d', (name, value) => {
    expect(make([CLIENT], { wiring: { link: new Scribe() }, limits: { link: { [name]: value } } })).toThrow(RangeError);
  });
  it('limits at their ends', () => {
    expect(make([CLIENT], { wiring: { link: new Scribe() }, limits: { link: { depth: 1, messageBytes: 0 } } })).not.toThrow();
    expect(make([CLIENT], { wiring: { link: new Scribe() }, limits: { link: { depth: 4, messageBytes: 64 } } })).not.toThrow();
  });
  it('more bytes in flight than the embedder allows', () => {
    const wiring = { link: new Scribe() };
    expect(make([CLIENT], { wiring, inFlightBytesMax: 256 })).not.toThrow();
    expect(make([CLIENT], { wiring, inFlightBytesMax: 255 })).toThrow(/hold 256 bytes, more than inFlightBytesMax = 255/);
    const large = portOf('link', 'client', 4096, { depth: 32, messageBytes: 2 ** 24 });
    expect(make([large], { wiring })).toThrow(RangeError);
    expect(make([large], { wiring, limits: { link: { depth: 16 } } })).not.toThrow();
    // What a server holds is its clients' to answer for.
    expect(make([portOf('serve', 'server', 4096, { depth: 32, messageBytes: 2 ** 24 })], {})).not.toThrow();
  });
  it('ports that are not declared', () => {
    const { guest } = client();
    expect(() => guest.ports.bell(1)).toThrow(RangeError);
    expect(() => guest.ports.bell(-1)).toThrow(RangeError);
    expect(() => guest.ports.poll(2n)).toThrow(RangeError);
    expect(() => guest.ports.state(1)).toThrow(RangeError);
    expect(() => guest.ports.device('link')).toThrow(/no server port link/);
  });
});

describe('client: requests and completions', () => {
  it('moves bytes only at bell and poll', () => {
    const { device, guest, port } = client();
    const bytes = guest.write(8192, 'hello');
    port.push(request(7, { address: 8192, bytes, reply: 9000, replyBytes: 16, argument: 5n }));
    expect(device.requests).toEqual([]);
    expect(port.bell()).toBe(5);
    guest.write(8192, 'XXXXX');
    expect(device.calls).toEqual([['open'], ['send', { operation: 1, tag: 1, bytes: bytesOf('hello'), replyBytes: 16, argument: 5n }]]);
    expect([port.outConsumer, port.creditLeft]).toEqual([1, 3]);
    expect(port.poll()).toBe(false);

    device.answer(0, { status: OK, bytes: bytesOf('HELLO!'), argument: 9n });
    expect(guest.newsCount).toBe(1);
    expect([guest.text(9000, 6), port.inProducer]).toEqual(['\0\0\0\0\0\0', 0]);
    expect(guest.ports.poll(1n)).toEqual({ ready: 1n, bytes: 6 });
    expect([guest.text(9000, 6), port.inProducer]).toEqual(['HELLO!', 1]);
    expect(port.pull()).toEqual({ operation: 1, tag: 7, status: OK, session: 0, address: 9000, bytes: 6, reply: 0, replyBytes: 0, argument: 9n });
    expect(port.poll()).toBe(false);
    expect(port.creditLeft).toBe(4);
  });

  it('delivers in the order of completion, and overlapping buffers get the bytes in that order', () => {
    const { device, guest, port } = client();
    port.send(...[1, 2, 3].map((tag) => request(tag, { reply: 9000 + tag, replyBytes: 4 })));
    device.answer(2, { status: OK, bytes: bytesOf('3333') });
    device.answer(0, { status: OK, bytes: bytesOf('1111') });
    device.answer(1, { status: OK, bytes: bytesOf('22') });
    expect(seen(port)).toEqual([
      [1, 3, OK],
      [1, 1, OK],
      [1, 2, OK],
    ]);
    expect(guest.text(9000, 8)).toBe('\x00122133\x00');
  });

  it('a completion inside send is delivered by the next poll, and is no news for the host', () => {
    const echo: Device = {
      open: (peer) => ({ send: ({ tag, bytes }) => peer.complete({ tag, status: OK, bytes }), cancel: () => {}, close: () => {} }),
    };
    const guest = new Guest([CLIENT], { link: echo });
    const port = guest.port('link');
    port.send(request(1, { address: 8192, bytes: guest.write(8192, 'hi'), reply: 9000, replyBytes: 2 }));
    expect([port.inProducer, guest.newsCount]).toEqual([0, 0]);
    expect(port.poll()).toBe(true);
    expect(guest.text(9000, 2)).toBe('hi');
  });

  it('reports an unconsumed entry again and again, and several by one bit', () => {
    const { device, port } = client();
    port.send(request(1), request(2));
    device.answer(0, { status: OK });
    expect([port.poll(), port.poll()]).toEqual([true, true]);
    device.answer(1, { status: OK });
    port.pull();
    expect(port.poll()).toBe(true);
    port.pull();
    expect(port.poll()).toBe(false);
  });

  it('a poll of other ports delivers nothing here', () => {
    const device = new Scribe();
    const guest = new Guest([CLIENT, portOf('other', 'client', 8192)], { link: device, other: new Scribe() });
    const link = guest.port('link');
    link.send(request(1));
    device.answer(0, { status: OK });
    expect(guest.poll(2n)).toBe(0n);
    expect(guest.poll(0n)).toBe(0n);
    expect(link.inProducer).toBe(0);
    expect(guest.poll(3n)).toBe(1n);
    expect(link.inProducer).toBe(1);
  });

  it('unknown, repeated and foreign answers are ignored', () => {
    const { device, port } = client();
    port.send(request(1));
    const peer = device.clients[0] as Client;
    for (const tag of [0, 2, 2 ** 32 - 1, 2 ** 40]) peer.complete({ tag, status: OK });
    expect(port.poll()).toBe(false);
    peer.complete({ tag: 1, status: OK });
    peer.complete({ tag: 1, status: DEVICE_FAILED });
    expect(seen(port)).toEqual([[1, 1, OK]]);
    peer.complete({ tag: 1, status: DEVICE_FAILED });
    expect(seen(port)).toEqual([]);
  });

  it('an answer that does not fit completes too_large and writes nothing', () => {
    const { device, guest, port } = client();
    port.send(request(1, { reply: 9000, replyBytes: 3 }), request(2), request(3, { reply: 9100, replyBytes: 1000 }));
    device.answer(0, { status: OK, bytes: bytesOf('four'), argument: 7n });
    device.answer(1, { status: OK, bytes: bytesOf('x') });
    device.answer(2, { status: OK, bytes: new Uint8Array(65).fill(1) });
    expect(port.drain()).toMatchObject([1, 2, 3].map((tag) => ({ tag, status: TOO_LARGE, bytes: 0, argument: 0n })));
    expect(guest.memory.subarray(9000, 9200).every((byte) => byte === 0)).toBe(true);
  });

  it('tells the device the lesser of reply buffer and limit in force', () => {
    const { device, port } = client({ limits: { link: { messageBytes: 10 } } });
    port.send(request(1, { replyBytes: 9 }), request(2, { replyBytes: 10 }), request(3, { replyBytes: 60000 }));
    expect(device.requests.map(({ replyBytes }) => replyBytes)).toEqual([9, 10, 10]);
  });

  it('statuses and arguments pass as 32 and 64 bits', () => {
    const { device, port } = client();
    port.send(request(1, { argument: 2n ** 64n - 1n }), request(2));
    expect(device.requests[0]?.argument).toBe(2n ** 64n - 1n);
    device.answer(0, { status: 0xffffffff, argument: -1n });
    device.answer(1, { status: 1000, argument: 2n ** 63n });
    expect(port.drain()).toMatchObject([
      { status: 0xffffffff, argument: 2n ** 64n - 1n },
      { status: 1000, argument: 2n ** 63n },
    ]);
  });

  it('empty payloads and buffers may end at the end of memory, and full ones too', () => {
    const { device, guest, port } = client();
    guest.write(65532, 'last');
    expect(port.send(request(1, { address: 65536, reply: 65536 }), request(2, { address: 65532, bytes: 4, reply: 65530, replyBytes: 6 }))).toBe(4);
    expect(device.requests[1]?.bytes).toEqual(bytesOf('last'));
    device.answer(0, { status: OK });
    device.answer(1, { status: OK, bytes: bytesOf('theend') });
    expect(port.drain()).toMatchObject([
      { address: 65536, bytes: 0 },
      { address: 65530, bytes: 6 },
    ]);
    expect(guest.text(65530, 6)).toBe('theend');
  });

  it('counts the bytes of all ports of a poll', () => {
    const [one, two] = [new Scribe(), new Scribe()];
    const guest = new Guest([CLIENT, portOf('other', 'client', 8192)], { link: one, other: two });
    guest.port('link').send(request(1, { replyBytes: 8 }));
    guest.port('other').send(request(1, { replyBytes: 8 }));
    one.answer(0, { status: OK, bytes: new Uint8Array(3) });
    two.answer(0, { status: OK, bytes: new Uint8Array(5) });
    expect(guest.ports.poll(3n)).toEqual({ ready: 3n, bytes: 8 });
    expect(guest.ports.poll(3n)).toEqual({ ready: 3n, bytes: 0 });
  });
});

describe('client: credit', () => {
  it('bounds requests that are outstanding, undelivered or unconsumed together', () => {
    const { device, port } = client();
    port.send(request(1), request(2), request(3), request(4));
    expect(port.creditLeft).toBe(0);
    device.answer(0, { status: OK });
    device.answer(1, { status: OK });
    port.poll();
    expect(port.creditLeft).toBe(0);
    port.pull();
    expect(port.creditLeft).toBe(0);
    port.poll();
    expect(port.creditLeft).toBe(1);
    port.send(request(1));
    expect([port.fault, port.creditLeft]).toEqual([0, 0]);
    port.send(request(5));
    expect(port.fault).toBe(BAD_PRODUCER);
  });

  it('is not lowered by cancels', () => {
    const { port } = client();
    port.send(request(1), request(2), request(3), request(4));
    for (let count = 0; count < 9; count++) {
      port.send({ operation: CANCEL, argument: 77n });
      expect([port.fault, port.creditLeft]).toEqual([0, 0]);
    }
    expect(port.outConsumer).toBe(13);
  });

  it('a lowered depth is what credit counts, while the rings stay as declared', () => {
    const { device, port } = client({ limits: { link: { depth: 3 } } });
    for (let round = 0; round < 5; round++) {
      port.send(request(1), request(2), request(3));
      expect([port.fault, port.creditLeft]).toEqual([0, 0]);
      for (let index = 0; index < 3; index++) device.answer(3 * round + index, { status: OK });
      expect(seen(port)).toEqual([
        [1, 1, OK],
        [1, 2, OK],
        [1, 3, OK],
      ]);
      expect(port.creditLeft).toBe(3);
    }
    port.send(request(1), request(2), request(3), request(4));
    expect([port.fault, device.requests.length]).toEqual([BAD_PRODUCER, 18]);
  });

  it('a depth of one is enough for a dialogue', () => {
    const { device, port } = client({}, portOf('link', 'client', 4096, { depth: 1 }));
    for (let round = 0; round < 3; round++) {
      port.send(request(9));
      device.answer(round, { status: OK });
      expect(seen(port)).toEqual([[1, 9, OK]]);
      expect(port.creditLeft).toBe(1);
    }
  });
});

describe('client: cancel', () => {
  it('an unanswered request completes cancelled, and what the device says later is dropped', () => {
    const { device, guest, port } = client();
    port.send(request(5, { reply: 9000, replyBytes: 8 }), request(6));
    port.send({ operation: CANCEL, argument: 5n });
    expect(device.calls.slice(-1)).toEqual([['cancel', 1]]);
    device.answer(0, { status: OK, bytes: bytesOf('late') });
    expect(port.drain()).toMatchObject([{ operation: 1, tag: 5, status: CANCELLED, address: 9000, bytes: 0 }]);
    expect(guest.text(9000, 4)).toBe('\0\0\0\0');
  });

  it('the late answer does not reach the next request of the same tag', () => {
    const { device, port } = client();
    port.send(request(5));
    port.send({ operation: CANCEL, argument: 5n });
    port.drain();
    port.send(request(5));
    device.answer(0, { status: OK });
    expect(seen(port)).toEqual([]);
    device.answer(1, { status: OK });
    expect(seen(port)).toEqual([[1, 5, OK]]);
  });

  it('an answer that was there first stands', () => {
    const { device, guest, port } = client();
    port.send(request(5, { reply: 9000, replyBytes: 8 }));
    device.answer(0, { status: OK, bytes: bytesOf('first') });
    port.send({ operation: CANCEL, argument: 5n });
    expect(device.calls.filter(([what]) => what === 'cancel')).toEqual([]);
    expect(seen(port)).toEqual([[1, 5, OK]]);
    expect(guest.text(9000, 5)).toBe('first');
  });

  it('of nothing, of what is delivered, or twice has no effect; only the low half of the argument counts', () => {
    const { device, port } = client();
    port.send({ operation: CANCEL, argument: 1n });
    port.send(request(1), request(2));
    device.answer(0, { status: OK });
    port.drain();
    port.send({ operation: CANCEL, argument: 1n }, { operation: CANCEL, argument: (99n << 32n) | 2n }, { operation: CANCEL, argument: 2n });
    expect(device.calls.filter(([what]) => what === 'cancel')).toEqual([['cancel', 2]]);
    expect(seen(port)).toEqual([[1, 2, CANCELLED]]);
    expect([port.fault, port.creditLeft]).toEqual([0, 4]);
  });

  it('may follow its request in one bell, and its tag is taken until the completion is delivered', () => {
    const { port } = client();
    port.send(request(1), { operation: CANCEL, argument: 1n });
    port.send(request(1));
    expect(port.fault).toBe(BAD_TAG);
  });

  it('a device that completes inside cancel changes nothing', () => {
    const device: Device = { open: (peer) => ({ send: () => {}, cancel: (tag) => peer.complete({ tag, status: OK }), close: () => {} }) };
    const port = new Guest([CLIENT], { link: device }).port('link');
    port.send(request(1), { operation: CANCEL, argument: 1n });
    expect(seen(port)).toEqual([[1, 1, CANCELLED]]);
  });
});

describe('faults', () => {
  const cases: Record<string, readonly [(port: GuestPort) => void, number, number]> = {
    //                                 what the program does                                                                 rule, entries taken
    'a producer that goes back': [
      (port) => {
        port.send(request(1));
        port.setWord(32, 0);
        port.bell();
      },
      BAD_PRODUCER,
      1,
    ],
    'a producer beyond the ring': [
      (port) => {
        port.setWord(32, 5);
        port.bell();
      },
      BAD_PRODUCER,
      0,
    ],
    'a producer far away': [
      (port) => {
        port.setWord(32, 0x80000000);
        port.bell();
      },
      BAD_PRODUCER,
      0,
    ],
    'requests beyond the credit': [
      (port) => {
        port.send(request(1), request(2), request(3));
        port.send(request(4), request(5));
      },
      BAD_PRODUCER,
      4,
    ],
    'a tag in flight': [(port) => port.send(request(1), request(1)), BAD_TAG, 1],
    'an offer': [(port) => port.send({ operation: OFFER }), BAD_OPERATION, 0],
    'a reply': [(port) => port.send({ operation: REPLY }), BAD_OPERATION, 0],
    'an opening': [(port) => port.send({ operation: OPEN }), BAD_OPERATION, 0],
    'the first reserved operation': [(port) => port.send({ operation: 0xffff0000 }), BAD_OPERATION, 0],
    'the last reserved operation': [(port) => port.send({ operation: 0xffffffff }), BAD_OPERATION, 0],
    'a payload past the end': [(port) => port.send(request(1), request(2, { address: 65535, bytes: 2 })), BAD_BUFFER, 1],
    'an empty payload past the end': [(port) => port.send(request(1, { address: 65537 })), BAD_BUFFER, 0],
    'a payload that wraps': [(port) => port.send(request(1, { address: 0xffffffff, bytes: 2 })), BAD_BUFFER, 0],
    'a payload of 4 GiB': [(port) => port.send(request(1, { address: 1, bytes: 0xffffffff })), BAD_BUFFER, 0],
    'a reply buffer past the end': [(port) => port.send(request(1, { reply: 65535, replyBytes: 2 })), BAD_BUFFER, 0],
    'a reply buffer that wraps': [(port) => port.send(request(1, { reply: 0xfffffff0, replyBytes: 0x20 })), BAD_BUFFER, 0],
    'a message above the limit': [(port) => port.send(request(1, { bytes: 65 })), MESSAGE_TOO_LARGE, 0],
  };
  for (const [what, [act, rule, taken]] of Object.entries(cases)) {
    it(`${what} faults the port: what came before counts, nothing moves any more`, () => {
      const { device, guest, port } = client();
      act(port);
      expect([port.fault, port.outConsumer, device.requests.length]).toEqual([rule, taken, taken]);
      expect(device.calls.slice(-1)).toEqual([['close']]);
      expect(guest.ports.state(0).fault).not.toBe('none');

      const before = guest.memory.slice();
      for (let index = 0; index < taken; index++) device.answer(index, { status: OK });
      (device.clients[0] as Client).reset();
      expect(guest.newsCount).toBe(0);
      expect([port.poll(), port.poll()]).toEqual([true, false]);
      port.setWord(32, taken + 1);
      expect(port.bell()).toBe(0);
      port.setWord(32, new DataView(before.buffer).getUint32(4096 + 32, true));
      expect(guest.memory).toEqual(before);
      expect(device.calls.slice(-1)).toEqual([['close']]);
    });
  }

  it("operations below the reserved ones are the device's to judge", () => {
    const { device, port } = client();
    port.send(request(1, { operation: 0 }), request(2, { operation: 0xfffeffff }));
    expect([port.fault, ...device.requests.map(({ operation }) => operation)]).toEqual([0, 0, 0xfffeffff]);
  });

  it.each([
    [1, 0],
    [0xffffffff, 0],
    [3, 2],
    [0, 1],
  ])('a consumer of %d with %d delivered', (consumer, delivered) => {
    const { device, port } = client();
    port.send(request(1), request(2));
    for (let index = 0; index < delivered; index++) device.answer(index, { status: OK });
    port.poll();
    if (consumer < delivered) {
      port.pull();
      port.poll();
    }
    port.setWord(44, consumer);
    expect([port.poll(), port.fault, port.poll()]).toEqual([true, BAD_CONSUMER, false]);
    expect(device.calls.slice(-1)).toEqual([['close']]);
  });

  it('the rules are judged in order: operation, credit, tag, buffers, size', () => {
    const full = (entry: Partial<Fields>): number => {
      const { port } = client();
      port.send(request(1), request(2), request(3), request(4));
      port.send(entry);
      return port.fault;
    };
    const room = (entry: Partial<Fields>): number => {
      const { port } = client();
      port.send(request(1));
      port.send(entry);
      return port.fault;
    };
    const { guest: copying, port: faulting } = client();
    expect(faulting.send(request(1, { address: 8192, bytes: copying.write(8192, 'counted') }), { operation: OFFER })).toBe(7);
    expect(faulting.bell()).toBe(0);
    expect(full({ operation: OFFER, tag: 1, bytes: 0xffffffff })).toBe(BAD_OPERATION);
    expect(full({ operation: 1, tag: 1, bytes: 0xffffffff })).toBe(BAD_PRODUCER);
    expect(room({ operation: 1, tag: 1, bytes: 0xffffffff })).toBe(BAD_TAG);
    expect(room({ operation: 1, tag: 2, bytes: 65, address: 65530 })).toBe(BAD_BUFFER);
    expect(room({ operation: 1, tag: 2, bytes: 65, reply: 65530, replyBytes: 7 })).toBe(BAD_BUFFER);
    expect(room({ operation: 1, tag: 2, bytes: 65 })).toBe(MESSAGE_TOO_LARGE);
  });

  it('what the host writes may be scribbled over: it is never read back', () => {
    const { device, guest, port } = client();
    for (const offset of [0, 4, 8, 12, 16, 20, 24, 28, 36, 40, 48, 52, 56, 60]) port.setWord(offset, 0xdeadbeef);
    port.send(request(1, { replyBytes: 64, reply: 9000 }));
    device.answer(0, { status: OK, bytes: new Uint8Array(64) });
    expect(port.poll()).toBe(true);
    expect([port.outConsumer, port.inProducer, port.epoch, port.creditLeft]).toEqual([1, 1, 0, 3]);
    expect(guest.ports.state(0)).toEqual({ name: 'link', side: 'client', fault: 'none', epoch: 0, credit: 3, unconsumed: 1 });
  });

  it('an answer may overwrite its own window, in the stated order', () => {
    const { device, port } = client();
    port.send(request(1, { reply: 4096 + 28, replyBytes: 16 }), request(2));
    device.answer(0, { status: OK, bytes: new Uint8Array(16).fill(0xff) });
    expect(port.poll()).toBe(true);
    // credit and inProducer are written behind the bytes, the program's own outProducer stays scribbled on.
    expect([port.word(28), port.word(32), port.inProducer]).toEqual([4, 0xffffffff, 1]);
    port.bell();
    expect(port.fault).toBe(BAD_PRODUCER);
  });

  it('are forgotten when the program begins anew, and a new one is reported again', () => {
    const { port, guest } = client();
    for (let round = 0; round < 2; round++) {
      port.send({ operation: OFFER });
      expect([port.fault, port.poll(), port.poll()]).toEqual([BAD_OPERATION, true, false]);
      guest.memory.fill(0);
      guest.ports.initialise();
      expect([port.fault, port.poll(), port.creditLeft]).toEqual([0, false, 4]);
    }
  });

  it('of one port leave the others alone', () => {
    const device = new Scribe();
    const guest = new Guest([CLIENT, portOf('other', 'client', 8192)], { link: new Scribe(), other: device });
    guest.port('link').send({ operation: OFFER });
    const other = guest.port('other');
    other.send(request(1));
    device.answer(0, { status: OK });
    expect(guest.poll(3n)).toBe(3n);
    expect(guest.poll(3n)).toBe(2n);
  });
});

describe('client: a device that restarts', () => {
  it('completes what is outstanding with peer_reset, in the order of sending, and raises the epoch', () => {
    const { device, guest, port } = client();
    port.send(request(3), request(1), request(2));
    device.answer(1, { status: OK });
    (device.clients[0] as Client).reset();
    expect([guest.newsCount > 0, port.epoch]).toEqual([true, 0]);
    expect(seen(port)).toEqual([
      [1, 1, OK],
      [1, 3, PEER_RESET],
      [1, 2, PEER_RESET],
    ]);
    expect(port.epoch).toBe(1);
    device.answer(0, { status: OK });
    expect(port.poll()).toBe(false);
    port.send(request(4));
    device.answer(3, { status: OK });
    expect(seen(port)).toEqual([[1, 4, OK]]);
  });

  it('has nothing to do with requests of before the program began anew', () => {
    const { device, guest, port } = client();
    port.send(request(1), request(2));
    guest.memory.fill(0);
    guest.ports.initialise();
    (device.clients[1] as Client).reset();
    expect([seen(port), port.epoch, port.creditLeft]).toEqual([[], 1, 4]);
    port.send(request(1));
    expect(guest.ports.snapshot().length).toBe(8 + 36 + 4 + 4 + 16);
  });

  it('a risen epoch alone is news, once', () => {
    const { device, port } = client();
    (device.clients[0] as Client).reset();
    (device.clients[0] as Client).reset();
    expect([port.poll(), port.epoch, port.poll()]).toEqual([true, 2, false]);
  });
});

describe('server: sessions, requests, replies', () => {
  it('a session, a request, a reply', () => {
    const { server, serve, callers, links } = pair();
    const [caller, link] = [callers[0] as Guest, links[0] as GuestPort];
    expect(serve.poll()).toBe(false);
    expect(serve.send(...offers(2))).toBe(0);
    expect([serve.outConsumer, serve.creditLeft]).toEqual([2, 2]);
    expect(link.send(request(3, { address: 8192, bytes: caller.write(8192, 'abc'), reply: 9000, replyBytes: 8, argument: 11n }))).toBe(3);
    expect(server.ports.poll(1n)).toEqual({ ready: 1n, bytes: 3 });
    expect(serve.creditLeft).toBe(2);
    expect(serve.pull()).toEqual({ operation: OPEN, tag: 0, status: 0, session: 1, address: 8192, bytes: 0, reply: 0, replyBytes: 0, argument: 0n });
    expect(serve.pull()).toEqual({ operation: 1, tag: 1, status: 0, session: 1, address: 8256, bytes: 3, reply: 0, replyBytes: 8, argument: 11n });
    expect(server.text(8256, 3)).toBe('abc');
    expect(serve.poll()).toBe(false);
    expect(serve.creditLeft).toBe(4);
    const news = caller.newsCount;
    expect(serve.send({ operation: REPLY, tag: 1, status: 1, address: 9000, bytes: server.write(9000, 'ABCD'), argument: 12n })).toBe(4);
    expect([serve.creditLeft, caller.newsCount]).toEqual([4, news + 1]);
    expect(link.drain()).toMatchObject([{ operation: 1, tag: 3, status: 1, bytes: 4, argument: 12n }]);
    expect(caller.text(9000, 4)).toBe('ABCD');
  });

  it('without offers nothing arrives and nothing is news; arrivals wait', () => {
    const { server, serve, links } = pair();
    const news = server.newsCount;
    (links[0] as GuestPort).send(request(1));
    expect(server.newsCount).toBe(news + 1);
    expect(serve.poll()).toBe(false);
    serve.send(...offers(1));
    expect(seen(serve)).toEqual([[OPEN, 0, 0]]);
    serve.send(...offers(1));
    expect(seen(serve)).toEqual([[1, 1, 0]]);
  });

  it('sessions take turns, one entry a turn', () => {
    const { serve, links } = pair(3);
    serve.send(...offers(4));
    const opened = serve.drain().map(({ operation, session }) => [operation, session]);
    expect(opened).toEqual([
      [OPEN, 1],
      [OPEN, 2],
      [OPEN, 3],
    ]);
    const [one, two, three] = links as [GuestPort, GuestPort, GuestPort];
    one.send(request(1), request(2), request(3), request(4));
    three.send(request(1), request(2));
    two.send(request(1));
    const order: number[] = [];
    while (order.length < 7) {
      serve.send(...offers(1));
      for (const { session } of serve.drain()) order.push(session);
    }
    expect(order).toEqual([1, 3, 2, 1, 3, 1, 1]);
  });

  it('credit bounds offers and unconsumed entries; replies are free', () => {
    const { serve, links } = pair();
    serve.send(...offers(4));
    expect(serve.creditLeft).toBe(0);
    (links[0] as GuestPort).send(request(1), request(2), request(3));
    serve.poll();
    expect(serve.creditLeft).toBe(0);
    for (let count = 0; count < 4; count++) serve.pull();
    serve.poll();
    expect(serve.creditLeft).toBe(4);
    serve.send(...offers(4));
    expect(serve.creditLeft).toBe(0);
    serve.send({ operation: REPLY, tag: 1 }, { operation: REPLY, tag: 2 }, { operation: REPLY, tag: 3 });
    expect([serve.fault, serve.creditLeft]).toEqual([0, 0]);
    serve.send(...offers(1));
    expect(serve.fault).toBe(BAD_PRODUCER);
  });

  it("replies may come in any order, and status and argument are the server's word", () => {
    const { serve, links } = pair();
    serve.send(...offers(4));
    (links[0] as GuestPort).send(request(10), request(20), request(30));
    serve.drain();
    serve.send({ operation: REPLY, tag: 3, status: 999, argument: 3n }, { operation: REPLY, tag: 1, status: OK }, { operation: REPLY, tag: 2, status: OK });
    expect((links[0] as GuestPort).drain()).toMatchObject([{ tag: 30, status: 999, argument: 3n }, { tag: 10 }, { tag: 20 }]);
  });

  it('a request larger than the oldest offer is too_large for the client, and the offer stays', () => {
    const { serve, callers, links } = pair();
    const link = links[0] as GuestPort;
    serve.send(...offers(1), ...offers(2, 3));
    link.send(request(1, { bytes: 4 }), request(2, { bytes: 3 }));
    expect(serve.drain().map(({ operation, address, bytes }) => [operation, address, bytes])).toEqual([
      [OPEN, 8192, 0],
      [1, 8192, 3],
    ]);
    expect(seen(link)).toEqual([[1, 1, TOO_LARGE]]);
    expect((callers[0] as Guest).newsCount).toBe(1);
  });

  it("a request above the server's limit in force is too_large at once, and replyBytes is lowered to it", () => {
    const { serve, links } = pair(1, SERVER, { limits: { serve: { messageBytes: 8 } } });
    const link = links[0] as GuestPort;
    serve.send(...offers(3));
    link.send(request(1, { bytes: 9 }), request(2, { bytes: 8, replyBytes: 64 }), request(3, { replyBytes: 7 }));
    expect(seen(link)).toEqual([[1, 1, TOO_LARGE]]);
    expect(serve.drain().map(({ replyBytes }) => replyBytes)).toEqual([0, 8, 7]);
  });

  it('a reply larger than the client can take is too_large for the client', () => {
    const { serve, links } = pair();
    const link = links[0] as GuestPort;
    serve.send(...offers(2));
    link.send(request(1, { replyBytes: 3 }));
    serve.drain();
    expect(serve.send({ operation: REPLY, tag: 1, bytes: 64 })).toBe(64);
    expect([serve.fault, link.drain()]).toMatchObject([0, [{ tag: 1, status: TOO_LARGE, bytes: 0 }]]);
  });

  it('cancelled while it waits: the server never sees it; while the server has it: the reply is dropped', () => {
    const { serve, links } = pair();
    const link = links[0] as GuestPort;
    link.send(request(1), request(2));
    link.send({ operation: CANCEL, argument: 1n });
    serve.send(...offers(3));
    expect(seen(serve)).toEqual([
      [OPEN, 0, 0],
      [1, 1, 0],
    ]);
    link.send({ operation: CANCEL, argument: 2n });
    expect(seen(link)).toEqual([
      [1, 1, CANCELLED],
      [1, 2, CANCELLED],
    ]);
    link.send(request(2));
    serve.send({ operation: REPLY, tag: 1, status: OK, bytes: 1 });
    expect([serve.fault, seen(link)]).toEqual([0, []]);
    expect(seen(serve)).toEqual([[1, 2, 0]]);
    serve.send({ operation: REPLY, tag: 2 });
    expect(seen(link)).toEqual([[1, 2, OK]]);
  });

  it('a turn is kept when one of two waiting requests is cancelled, and given up with the last', () => {
    const { serve, links } = pair(2);
    const [one, two] = links as [GuestPort, GuestPort];
    serve.send(...offers(2));
    serve.drain();
    one.send(request(1), request(2));
    two.send(request(1));
    one.send({ operation: CANCEL, argument: 1n });
    two.send({ operation: CANCEL, argument: 1n });
    serve.send(...offers(2));
    expect(serve.drain().map(({ session, tag }) => [session, tag])).toEqual([[1, 1]]);
  });

  it('a second reply is dropped, a reply to a tag that was never given faults', () => {
    const { serve, links } = pair();
    serve.send(...offers(2));
    (links[0] as GuestPort).send(request(1));
    serve.drain();
    serve.send({ operation: REPLY, tag: 1, status: OK }, { operation: REPLY, tag: 1, status: DEVICE_FAILED });
    expect([serve.fault, seen(links[0] as GuestPort)]).toEqual([0, [[1, 1, OK]]]);
    serve.send({ operation: REPLY, tag: 2 });
    expect([serve.fault, serve.outConsumer]).toEqual([BAD_TAG, 4]);
  });

  it.each<[string, Partial<Fields>, number]>([
    ['tag 0', { operation: REPLY, tag: 0 }, BAD_TAG],
    ['a reply before any request', { operation: REPLY, tag: 1 }, BAD_TAG],
    ['a request', { operation: 1 }, BAD_OPERATION],
    ['a cancel', { operation: CANCEL }, BAD_OPERATION],
    ['a closing', { operation: CLOSE }, BAD_OPERATION],
    ['an offer past the end', { operation: OFFER, address: 65530, bytes: 7 }, BAD_BUFFER],
    ['an offer that wraps', { operation: OFFER, address: 0xffffffff, bytes: 0xffffffff }, BAD_BUFFER],
  ])('%s faults the port', (_, entry, rule) => {
    const { serve } = pair();
    serve.send(entry);
    expect([serve.fault, serve.outConsumer]).toEqual([rule, 0]);
  });

  it.each<[Partial<Fields>, number]>([
    [{ bytes: 65 }, MESSAGE_TOO_LARGE],
    [{ address: 65530, bytes: 7 }, BAD_BUFFER],
    [{ address: 65530, bytes: 65 }, BAD_BUFFER],
  ])('a reply with %j faults the port', (entry, rule) => {
    const { serve, links } = pair();
    const link = links[0] as GuestPort;
    serve.send(...offers(2));
    link.send(request(1));
    serve.drain();
    serve.send({ operation: REPLY, tag: 1, ...entry });
    expect(serve.fault).toBe(rule);
    expect(seen(link)).toEqual([[1, 1, PEER_RESET]]);
  });

  it('an offer may be larger than a message', () => {
    const { serve } = pair();
    serve.send({ operation: OFFER, address: 0, bytes: 65536 });
    expect([serve.fault, serve.outConsumer]).toEqual([0, 1]);
  });
});

describe('server: sessions that open and close', () => {
  /** A client of a server port that is no PU. */
  const visitor = (device: Device): { session: Session; seen: unknown[] } => {
    const found: unknown[] = [];
    const session = device.open({ complete: (completion) => void found.push(completion), reset: () => void found.push('reset') });
    return { session, seen: found };
  };
  const ask = (tag: number, bytes = 0) => ({ operation: 1, tag, bytes: new Uint8Array(bytes), replyBytes: 64, argument: 0n });

  it('closing drops what waits, comes as an entry, and late replies are dropped', () => {
    const { server, serve } = pair(0);
    const { session, seen: got } = visitor(server.ports.device('serve'));
    session.send(ask(1));
    session.send(ask(2));
    serve.send(...offers(2));
    expect(seen(serve)).toEqual([
      [OPEN, 0, 0],
      [1, 1, 0],
    ]);
    session.close();
    session.close();
    session.send(ask(3));
    session.cancel(1);
    serve.send({ operation: REPLY, tag: 1 }, ...offers(3));
    expect(serve.drain()).toMatchObject([{ operation: CLOSE, tag: 0, session: 1, bytes: 0, address: 8192 }]);
    expect([got, serve.fault, serve.creditLeft]).toEqual([[], 0, 2]);
  });

  it('a closing is news and comes once; a cancelled request is answered by nobody', () => {
    const { server, serve } = pair(0);
    const { session, seen: got } = visitor(server.ports.device('serve'));
    session.send(ask(1));
    serve.send(...offers(4));
    serve.drain();
    session.cancel(1);
    serve.send({ operation: REPLY, tag: 1 });
    expect(got).toEqual([]);
    const news = server.newsCount;
    session.close();
    expect(server.newsCount).toBe(news + 1);
    expect(serve.drain()).toMatchObject([{ operation: CLOSE }]);
    session.close();
    expect([serve.drain(), server.newsCount]).toEqual([[], news + 1]);
  });

  it('one that closes before the server knows of it leaves no entry', () => {
    const { server, serve } = pair(0);
    const { session } = visitor(server.ports.device('serve'));
    session.send(ask(1));
    session.close();
    visitor(server.ports.device('serve'));
    serve.send(...offers(4));
    expect(serve.drain()).toMatchObject([{ operation: OPEN, session: 2 }]);
  });

  it('each arrival uses up the oldest offer, openings and closings too', () => {
    const { server, serve } = pair(0);
    const gone = visitor(server.ports.device('serve'));
    serve.send(...offers(1));
    serve.drain();
    gone.session.close();
    const { session } = visitor(server.ports.device('serve'));
    session.send(ask(1));
    session.send(ask(2));
    serve.send(...offers(4));
    expect(serve.drain().map(({ operation, address }) => [operation, address])).toEqual([
      [CLOSE, 8192],
      [OPEN, 8256],
      [1, 8320],
      [1, 8384],
    ]);
  });

  it('a restart forgets offers, and sessions that were closing', () => {
    const { server, serve } = pair(0);
    const { session } = visitor(server.ports.device('serve'));
    serve.send(...offers(1));
    serve.drain();
    session.close();
    server.ports.detach();
    server.memory.fill(0);
    server.ports.initialise();
    expect(serve.creditLeft).toBe(4);
    serve.send(...offers(4));
    expect([serve.drain(), serve.creditLeft]).toEqual([[], 0]);
    server.memory.fill(0);
    server.ports.initialise();
    serve.send(...offers(4));
    expect([serve.fault, serve.creditLeft]).toEqual([0, 0]);
  });

  it('a cancel of a request of the last incarnation touches none of this one', () => {
    const { server, serve } = pair(0);
    const { session, seen: got } = visitor(server.ports.device('serve'));
    session.send(ask(1));
    serve.send(...offers(2));
    serve.drain();
    server.memory.fill(0);
    server.ports.initialise();
    session.send(ask(2));
    serve.send(...offers(2));
    expect(serve.drain()).toMatchObject([{ operation: OPEN }, { tag: 1 }]);
    session.cancel(1);
    serve.send({ operation: REPLY, tag: 1 });
    expect(got).toMatchObject(['reset', { tag: 2, status: OK }]);
  });

  it('a fault of the server resets its clients; what they send then fails, and a restart sees them open again', () => {
    const { server, serve } = pair(0);
    const { session, seen: got } = visitor(server.ports.device('serve'));
    session.send(ask(1));
    serve.send(...offers(2));
    serve.drain();
    serve.send({ operation: 1 });
    expect([serve.fault, got]).toEqual([BAD_OPERATION, ['reset']]);
    session.send(ask(2));
    expect(got).toEqual(['reset', { tag: 2, status: DEVICE_FAILED }]);
    const late = visitor(server.ports.device('serve'));
    late.session.send(ask(1));
    expect(late.seen).toEqual([{ tag: 1, status: DEVICE_FAILED }]);
    late.session.close();

    server.memory.fill(0);
    server.ports.initialise();
    expect([serve.fault, serve.word(28), got.length]).toEqual([0, 4, 2]);
    session.send(ask(3));
    serve.send(...offers(4));
    expect(serve.drain()).toMatchObject([
      { operation: OPEN, session: 1 },
      { operation: 1, session: 1, tag: 1 },
    ]);
    serve.send({ operation: REPLY, tag: 1 });
    expect(got.slice(2)).toMatchObject([{ tag: 3, status: OK }]);
  });

  it('a fault of the client closes its session', () => {
    const { serve, links } = pair();
    const link = links[0] as GuestPort;
    serve.send(...offers(4));
    link.send(request(1));
    serve.drain();
    link.send({ operation: OFFER });
    expect(serve.drain()).toMatchObject([{ operation: CLOSE, session: 1 }]);
  });

  it('a reset of the client is a closing and an opening', () => {
    const { serve, callers, links } = pair();
    serve.send(...offers(4));
    (links[0] as GuestPort).send(request(1));
    serve.drain();
    (callers[0] as Guest).ports.initialise();
    (links[0] as GuestPort).send(request(1));
    serve.send(...offers(2));
    expect(serve.drain()).toMatchObject([
      { operation: CLOSE, session: 1 },
      { operation: OPEN, session: 2 },
      { operation: 1, session: 2, tag: 2 },
    ]);
  });

  it('a reset of the server completes what clients wait for with peer_reset', () => {
    const { server, serve, links } = pair();
    const link = links[0] as GuestPort;
    serve.send(...offers(2));
    link.send(request(1), request(2));
    serve.drain();
    server.ports.initialise();
    expect(seen(link)).toEqual([
      [1, 1, PEER_RESET],
      [1, 2, PEER_RESET],
    ]);
    expect(link.epoch).toBe(1);
    link.send(request(3));
    serve.send(...offers(2));
    expect(serve.drain()).toMatchObject([
      { operation: OPEN, session: 1 },
      { operation: 1, tag: 1 },
    ]);
  });

  it('detach ends all sessions: servers see closings, clients see failures', () => {
    const { server, serve, callers, links } = pair(2);
    serve.send(...offers(4));
    serve.drain();
    (callers[0] as Guest).ports.detach();
    (callers[0] as Guest).ports.detach();
    expect(serve.drain()).toMatchObject([{ operation: CLOSE, session: 1 }]);
    expect((links[0] as GuestPort).send(request(1))).toBe(0);
    expect(seen(links[0] as GuestPort)).toEqual([[1, 1, DEVICE_FAILED]]);
    server.ports.detach();
    const link = links[1] as GuestPort;
    link.send(request(1));
    expect([seen(link), link.epoch]).toEqual([[[1, 1, DEVICE_FAILED]], 1]);
  });
});

describe('memory', () => {
  it('may be replaced by another array, also one inside a larger buffer', () => {
    const { device, guest, port } = client();
    const buffer = new Uint8Array(70000);
    const moved = buffer.subarray(100, 100 + 65536);
    moved.set(guest.memory);
    guest.ports.memory = moved;
    expect(guest.ports.memory).toBe(moved);
    const view = new DataView(buffer.buffer, 100, 65536);
    const at = 4096 + 64;
    view.setUint32(at, 1, true);
    view.setUint32(at + 16, 65535, true);
    view.setUint32(at + 20, 1, true);
    moved[65535] = 42;
    view.setUint32(4096 + 32, 1, true);
    guest.ports.bell(0);
    expect(device.requests[0]?.bytes).toEqual(Uint8Array.of(42));
    expect(port.outConsumer).toBe(0);
    expect(view.getUint32(4096 + 36, true)).toBe(1);
  });
});
