/**
 * `port`, `io`, `clock` and `disk` against devices that this test plays, request by request.
 */
import { describe, expect, it } from '@jest/globals';
import type { Client, Device, DeviceRequest } from '../../vm/index.js';
import { Guest, random, SEED } from './library.js';

/** A device that keeps each request with its client, and answers by a rule or not at all. */
class Player implements Device {
  readonly requests: DeviceRequest[] = [];
  readonly cancelled: number[] = [];
  client!: Client;

  constructor(readonly rule?: (request: DeviceRequest, client: Client) => void) {}

  open(client: Client) {
    this.client = client;
    return {
      send: (request: DeviceRequest) => {
        this.requests.push(request);
        this.rule?.(request, client);
      },
      cancel: (tag: number) => void this.cancelled.push(tag),
      close: () => {},
    };
  }
}

/** A stream that reads from `input`, at most `most` bytes a time, and keeps what is written. */
function stream(input: Uint8Array, most = Number.MAX_SAFE_INTEGER) {
  const written: Uint8Array[] = [];
  let at = 0;
  const device = new Player(({ tag, bytes, replyBytes }, client) => {
    if (bytes.length > 0) {
      written.push(bytes);
      return client.complete({ tag, status: 0 });
    }
    const chunk = input.slice(at, at + Math.min(most, replyBytes));
    at += chunk.length;
    return client.complete(chunk.length === 0 ? { tag, status: 1 } : { tag, status: 0, bytes: chunk });
  });
  return { device, written, output: () => Buffer.concat(written) };
}

const IO = `
use "io"
port terminal: pu client { depth 2, message 64 }
export data area: [4096]
export data input: [io.READER]
export data output: [io.WRITER]
data input_buffer: [48]
data output_buffer: [32]
export func put(address: i32, bytes: i32) -> i32 {
  call io.put(terminal, address, bytes) -> bytes
  ret bytes
}
export func get(address: i32, bytes: i32) -> i32, i32 {
  local status: i32
  call io.get(terminal, address, bytes) -> bytes, status
  ret bytes, status
}
export func known_bytes() -> i64 {
  local bytes: i64
  call io.known_bytes(terminal) -> bytes
  ret bytes
}
export func open() {
  call io.open_reader(input, terminal, input_buffer, len(input_buffer))
  call io.open_writer(output, terminal, output_buffer, len(output_buffer))
}
export func read_chunk() -> i32, i32 {
  local address, bytes: i32
  call io.read_chunk(input) -> address, bytes
  ret address, bytes
}
export func read_byte() -> i32 {
  local byte: i32
  call io.read_byte(input) -> byte
  ret byte
}
export func read(address: i32, bytes: i32) -> i32 {
  call io.read(input, address, bytes) -> bytes
  ret bytes
}
export func read_status() -> i32 {
  local status: i32
  load status, [input + io.READ_STATUS]
  ret status
}
export func write(address: i32, bytes: i32) {
  call io.write(output, address, bytes)
}
export func write_byte(byte: i32) {
  call io.write_byte(output, byte)
}
export func flush() -> i32 {
  local status: i32
  call io.flush(output) -> status
  ret status
}
`;

const limited = (device: Device, messageBytes?: number) => ({
  ports: { terminal: device },
  ...(messageBytes === undefined ? {} : { portLimits: { terminal: { messageBytes } } }),
});

describe(`io (seed ${SEED})`, () => {
  it('put cuts what is larger than a message, in order', () => {
    const { device, written, output } = stream(new Uint8Array(0));
    const guest = new Guest(IO, limited(device));
    const bytes = random(1).bytes(200);
    guest.write(guest.address('area'), bytes);
    expect(guest.call('put', guest.address('area'), 200)).toEqual([0]);
    expect(written.map(({ length }) => length)).toEqual([64, 64, 64, 8]);
    expect(output()).toEqual(Buffer.from(bytes));
    expect(guest.call('put', 0, 0)).toEqual([0]);
    expect(written.length).toBe(4);
  });

  it('put obeys the limit in force, not the declared one', () => {
    const { device, written } = stream(new Uint8Array(0));
    const guest = new Guest(IO, limited(device, 16));
    expect(guest.call('put', guest.address('area'), 40)).toEqual([0]);
    expect(written.map(({ length }) => length)).toEqual([16, 16, 8]);
    expect(new Guest(IO, limited(device, 0)).call('put', 0, 1)).toEqual([5]);
  });

  it('put stops at the first status that is not ok', () => {
    let count = 0;
    const device = new Player(({ tag }, client) => client.complete({ tag, status: ++count === 2 ? 6 : 0 }));
    expect(new Guest(IO, limited(device)).call('put', 0, 640)).toEqual([6]);
    expect(count).toBe(2);
  });

  it('get gives what there is, then the end', () => {
    const guest = new Guest(IO, limited(stream(Buffer.from('abcdef'), 4).device));
    const area = guest.address('area');
    expect(guest.call('get', area, 64)).toEqual([4, 0]);
    expect(guest.text(area, 4)).toBe('abcd');
    expect(guest.call('get', area, 1)).toEqual([1, 0]);
    expect(guest.call('get', area, 4000)).toEqual([1, 0]);
    expect(guest.call('get', area, 64)).toEqual([0, 1]);
  });

  it('known_bytes is one less than what the end of the stream tells', () => {
    const known = (status: number, argument?: bigint) => {
      const device = new Player(({ tag }, client) => client.complete({ tag, status, ...(argument === undefined ? {} : { argument }) }));
      return new Guest(IO, limited(device)).call('known_bytes')[0];
    };
    expect([known(1), known(1, 1n), known(1, 5_000_000_001n), known(6, 7n)]).toEqual([-1n, 0n, 5_000_000_000n, -1n]);
  });

  it('a program that reads sleeps until there are bytes', () => {
    const device = new Player();
    const guest = new Guest(IO, limited(device));
    const area = guest.address('area');
    expect(guest.start('get', area, 10)).toEqual({ kind: 'waiting', ports: [0] });
    expect(device.requests[0]).toMatchObject({ operation: 1, replyBytes: 10 });
    device.client.complete({ tag: (device.requests[0] as DeviceRequest).tag, status: 0, bytes: Buffer.from('late') });
    expect(guest.machine.run()).toEqual({ kind: 'returned', values: [4, 0] });
    expect(guest.text(area, 4)).toBe('late');
  });

  it('a reader mixes bytes, pieces and chunks without losing any', () => {
    const numbers = random(2);
    for (let turn = 0; turn < 20; turn++) {
      const bytes = numbers.bytes(numbers.below(300));
      const guest = new Guest(IO, limited(stream(bytes, numbers.between(1, 70)).device));
      const area = guest.address('area');
      guest.call('open');
      const found: Uint8Array[] = [];
      for (;;) {
        const kind = numbers.below(3);
        if (kind === 0) {
          const [byte] = guest.call('read_byte') as [number];
          if (byte < 0) break;
          found.push(Uint8Array.of(byte));
        } else if (kind === 1) {
          const wanted = numbers.between(1, 90);
          const [count] = guest.call('read', area, wanted) as [number];
          found.push(guest.read(area, count));
          if (count < wanted) break;
        } else {
          const [address, count] = guest.call('read_chunk') as [number, number];
          if (count === 0) break;
          found.push(guest.read(address, count));
        }
      }
      expect(Buffer.concat(found)).toEqual(Buffer.from(bytes));
      expect(guest.call('read_status')).toEqual([1]);
      expect(guest.call('read_byte')).toEqual([-1]);
      expect((guest.call('read_chunk') as [number, number])[1]).toBe(0);
      expect(guest.call('read', area, 5)).toEqual([0]);
    }
  });

  it('a reader keeps the status of what went wrong, and does not ask again', () => {
    const device = new Player(({ tag }, client) => client.complete({ tag, status: 6 }));
    const guest = new Guest(IO, limited(device));
    guest.call('open');
    expect(guest.call('read_byte')).toEqual([-1]);
    expect(guest.call('read_byte')).toEqual([-1]);
    expect(guest.call('read_status')).toEqual([6]);
    expect(device.requests.length).toBe(1);
  });

  it('a writer gathers small writes, sends large ones at once, and keeps the order', () => {
    const numbers = random(3);
    for (let turn = 0; turn < 20; turn++) {
      const { device, written, output } = stream(new Uint8Array(0));
      const guest = new Guest(IO, limited(device));
      const area = guest.address('area');
      guest.call('open');
      const given: Uint8Array[] = [];
      for (let step = 0; step < 40; step++) {
        const bytes = numbers.bytes(numbers.pick([0, 1, 2, 31, 32, 33, 200]));
        given.push(bytes);
        if (bytes.length === 1) guest.call('write_byte', bytes[0] as number);
        else {
          guest.write(area, bytes);
          guest.call('write', area, bytes.length);
        }
      }
      expect(guest.call('flush')).toEqual([0]);
      expect(output()).toEqual(Buffer.concat(given));
      expect(written.every(({ length }) => length > 0 && length <= 64)).toBe(true);
      const count = written.length;
      expect(guest.call('flush')).toEqual([0]);
      expect(written.length).toBe(count);
    }
    const { device, written } = stream(new Uint8Array(0));
    const guest = new Guest(IO, limited(device));
    guest.call('open');
    for (let step = 0; step < 32; step++) guest.call('write_byte', 65);
    expect(written.length).toBe(0);
    guest.call('write_byte', 66);
    expect(written.map(({ length }) => length)).toEqual([32]);
  });

  it('a writer writes nothing more after a failure, and flush tells it', () => {
    const device = new Player(({ tag }, client) => client.complete({ tag, status: 1 }));
    const guest = new Guest(IO, limited(device));
    guest.call('open');
    guest.call('write', guest.address('area'), 100);
    guest.call('write', guest.address('area'), 100);
    expect(guest.call('flush')).toEqual([1]);
    expect(device.requests.length).toBe(1);
  });
});

const CLIENT = `
use "port"
port peer: pu client { depth 2, message 64 }
export data area: [256]
export func ask(operation: i32, bytes: i32, argument: i64) -> i32, i32, i64 {
  local status: i32
  call port.ask(peer, operation, area, bytes, area + 128, 64, argument) -> status, bytes, argument
  ret status, bytes, argument
}
export func send(tag: i32, bytes: i32) -> i32 {
  call port.send(peer, port.MESSAGE, tag, area, bytes, area + 128, 64, 0) -> tag
  ret tag
}
export func receive() -> i32, i32, i32, i64 {
  local tag, status, bytes: i32, argument: i64
  call port.receive(peer) -> tag, status, bytes, argument
  ret tag, status, bytes, argument
}
export func cancel(tag: i32) {
  call port.cancel(peer, tag)
}
export func ready() -> i32 {
  local yes: i32
  call port.ready(peer) -> yes
  ret yes
}
export func room() -> i32 {
  local count: i32
  call port.room(peer) -> count
  ret count
}
export func break_the_ring() {
  local producer: i32
  load producer, [peer + port.OUT_PRODUCER]
  add producer, producer, 100
  store [peer + port.OUT_PRODUCER], producer
  bell peer.number
}
`;

describe('port, as a client', () => {
  it('ask carries everything there and back, more often than the ring is deep', () => {
    const device = new Player(({ tag, bytes, argument }, client) =>
      client.complete({ tag, status: 8, bytes: Uint8Array.from(bytes).reverse(), argument: argument + 1n }),
    );
    const guest = new Guest(CLIENT, { ports: { peer: device } });
    guest.write(guest.address('area'), Buffer.from('hello'));
    for (let turn = 0; turn < 7; turn++) {
      expect(guest.call('ask', 77, 5, -2n)).toEqual([8, 5, -1n]);
      expect(guest.text(guest.address('area') + 128, 5)).toBe('olleh');
    }
    expect(device.requests).toHaveLength(7);
    expect(device.requests[3]).toMatchObject({ operation: 77, replyBytes: 64, bytes: Uint8Array.from(Buffer.from('hello')), argument: 2n ** 64n - 2n });
  });

  it('send and receive keep several requests under way, told apart by tags', () => {
    const device = new Player();
    const guest = new Guest(CLIENT, { ports: { peer: device } });
    expect(guest.call('room')).toEqual([2]);
    expect(guest.call('send', 10, 1)).toEqual([1]);
    expect(guest.call('send', 20, 2)).toEqual([1]);
    expect(guest.call('send', 30, 3)).toEqual([0]);
    expect(guest.call('room')).toEqual([0]);
    expect(guest.call('ready')).toEqual([0]);
    device.client.complete({ tag: (device.requests[1] as DeviceRequest).tag, status: 0, bytes: Uint8Array.of(1, 2, 3), argument: 9n });
    expect(guest.call('ready')).toEqual([1]);
    expect(guest.call('receive')).toEqual([20, 0, 3, 9n]);
    expect(guest.call('send', 30, 3)).toEqual([1]);
    guest.call('cancel', 10);
    expect(guest.call('receive')).toEqual([10, 2, 0, 0n]);
    expect(device.cancelled).toEqual([(device.requests[0] as DeviceRequest).tag]);
    expect(guest.start('receive')).toEqual({ kind: 'waiting', ports: [0] });
    device.client.reset();
    expect(guest.machine.run()).toEqual({ kind: 'returned', values: [30, 3, 0, 0n] });
  });

  it('a faulted port answers at once with -1', () => {
    const guest = new Guest(CLIENT, { ports: { peer: new Player() } });
    guest.call('break_the_ring');
    expect(guest.call('room')).toEqual([0]);
    expect(guest.call('send', 1, 1)).toEqual([0]);
    expect(guest.call('receive')).toEqual([0, -1, 0, 0n]);
    expect(guest.call('ask', 1, 1, 0n)).toEqual([-1, 0, 0n]);
  });
});

const SERVER = `
use "port"
port client: pu server { depth 4, message 64 }
export data area: [256]
export func offer(bytes: i32) -> i32 {
  call port.offer(client, area, bytes) -> bytes
  ret bytes
}
export func take() -> i32, i32, i32, i32, i32, i32, i64 {
  local operation, tag, session, address, bytes, answer_bytes: i32, argument: i64
  call port.take(client) -> operation, tag, session, address, bytes, answer_bytes, argument
  ret operation, tag, session, address, bytes, answer_bytes, argument
}
export func reply(tag: i32, status: i32, bytes: i32, argument: i64) {
  call port.reply(client, tag, status, area, bytes, argument)
}
`;

describe('port, as a server', () => {
  it('offers, takes and replies', () => {
    const guest = new Guest(SERVER);
    const area = guest.address('area');
    const completions: unknown[] = [];
    const session = guest.machine.port('client').open({ complete: (completion) => void completions.push(completion), reset: () => {} });
    expect(guest.call('offer', 64)).toEqual([1]);
    const opened = guest.call('take') as number[];
    expect((opened[0] as number) >>> 0).toBe(0xffff0004);

    expect(guest.call('offer', 64)).toEqual([1]);
    expect(guest.start('take')).toEqual({ kind: 'waiting', ports: [0] });
    session.send({ operation: 5, tag: 1, bytes: Uint8Array.from(Buffer.from('ping')), replyBytes: 32, argument: 7n });
    const outcome = guest.machine.run();
    if (outcome.kind !== 'returned') throw new Error(outcome.kind);
    const [operation, tag, number, address, bytes, answerBytes, argument] = outcome.values;
    expect([operation, number, address, bytes, answerBytes, argument]).toEqual([5, opened[2], area, 4, 32, 7n]);
    expect(guest.text(area, 4)).toBe('ping');

    guest.write(area, Buffer.from('pong!'));
    guest.call('reply', tag as number, 0, 5, 8n);
    expect(completions).toEqual([{ tag: 1, status: 0, bytes: Uint8Array.from(Buffer.from('pong!')), argument: 8n }]);
    session.close();
    expect(guest.call('offer', 64)).toEqual([1]);
    expect(((guest.call('take') as number[])[0] as number) >>> 0).toBe(0xffff0005);
  });

  it('takes no more offers than the ring has room for', () => {
    const guest = new Guest(SERVER);
    expect([1, 2, 3, 4, 5].map(() => guest.call('offer', 8)[0])).toEqual([1, 1, 1, 1, 0]);
  });
});

describe('clock and disk', () => {
  it('clock asks for specs, time and sleep', () => {
    const device = new Player(({ tag, operation, argument }, client) => {
      if (operation === 1) return client.complete({ tag, status: 0, bytes: Uint8Array.of(0xfd, 0xff, 0xff, 0xff, 15, 0, 0, 0) });
      if (operation === 2) return client.complete({ tag, status: 0, argument: BigInt.asUintN(64, argument * 3n) });
      return client.complete({ tag, status: operation === 3 ? 0 : 8 });
    });
    const guest = new Guest(
      `
use "clock"
port watch: clock client
export func specs() -> i32, i32, i32 {
  local a, b, c: i32
  call clock.specs(watch) -> a, b, c
  ret a, b, c
}
export func time(exponent: i32) -> i64, i32 {
  local a: i64, b: i32
  call clock.time(watch, exponent) -> a, b
  ret a, b
}
export func sleep(nanoseconds: i64) -> i32 {
  local a: i32
  call clock.sleep(watch, nanoseconds) -> a
  ret a
}
`,
      { ports: { watch: device } },
    );
    expect(guest.call('specs')).toEqual([-3, 15, 0]);
    expect(guest.call('time', 4)).toEqual([12n, 0]);
    expect(guest.call('time', -9)).toEqual([-27n, 0]);
    expect(guest.call('sleep', 10n ** 12n)).toEqual([0]);
    expect(device.requests.map(({ argument }) => BigInt.asIntN(64, argument))).toEqual([0n, 4n, -9n, 10n ** 12n]);
  });

  it('disk asks for specs, reads, writes and flushes', () => {
    const contents = Buffer.from('AAAABBBBCCCC');
    const device = new Player(({ tag, operation, bytes, replyBytes, argument }, client) => {
      const at = Number(argument) * 4;
      if (operation === 1) return client.complete({ tag, status: 0, bytes: Uint8Array.of(3, 0, 0, 0, 4, 0, 0, 0) });
      if (operation === 4) return client.complete({ tag, status: 0 });
      if (at >= contents.length) return client.complete({ tag, status: 7 });
      if (operation === 2) return client.complete({ tag, status: 0, bytes: Uint8Array.from(contents.subarray(at, at + replyBytes)) });
      contents.set(bytes, at);
      return client.complete({ tag, status: 0 });
    });
    const guest = new Guest(
      `
use "disk"
port storage: disk client
export data area: [64]
export func specs() -> i32, i32, i32 {
  local a, b, c: i32
  call disk.specs(storage) -> a, b, c
  ret a, b, c
}
export func read(entry: i32, bytes: i32) -> i32 {
  call disk.read(storage, entry, area, bytes) -> bytes
  ret bytes
}
export func write(entry: i32, bytes: i32) -> i32 {
  call disk.write(storage, entry, area, bytes) -> bytes
  ret bytes
}
export func flush() -> i32 {
  local a: i32
  call disk.flush(storage) -> a
  ret a
}
`,
      { ports: { storage: device } },
    );
    const area = guest.address('area');
    expect(guest.call('specs')).toEqual([3, 4, 0]);
    expect(guest.call('read', 1, 8)).toEqual([0]);
    expect(guest.text(area, 8)).toBe('BBBBCCCC');
    guest.write(area, Buffer.from('zzzz'));
    expect(guest.call('write', 2, 4)).toEqual([0]);
    expect(guest.call('flush')).toEqual([0]);
    expect(contents.toString()).toBe('AAAABBBBzzzz');
    expect(guest.call('read', -1, 4)).toEqual([7]);
    expect(device.requests.at(-1)?.argument).toBe(0xffffffffn);
  });
});
