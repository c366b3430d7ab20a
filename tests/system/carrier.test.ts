/** What carries links: frames in shared memory, in order and whole, whatever their size; a ring that a hostile peer writes; devices over a channel. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FRAME, type Channel, type Frame } from '../../system/carrier/channel.js';
import { RemoteDevice, serve } from '../../system/carrier/remote.js';
import { makeRing, RingChannel, RingFault, RingReader, ringBytes, RingWriter } from '../../system/carrier/ring.js';
import type { Client, Device, DeviceCompletion, DeviceRequest } from '../../vm/index.js';

const frame = (more: Partial<Frame> = {}): Frame => ({ kind: 2, session: 1, tag: 3, code: 4, replyBytes: 5, argument: 6n, bytes: new Uint8Array(0), ...more });
const silent = (): void => undefined;

const u32 = fc.nat(0xffffffff);
const frames = fc.array(
  fc.record({
    kind: fc.constantFrom(...Object.values(FRAME)),
    session: u32,
    tag: u32,
    code: u32,
    replyBytes: u32,
    argument: fc.bigInt(0n, 2n ** 64n - 1n),
    bytes: fc.oneof(fc.uint8Array({ maxLength: 80 }), fc.uint8Array({ minLength: 900, maxLength: 9000 })),
  }),
  { maxLength: 40 },
);

describe('a ring', () => {
  it('has room for what a link may have in flight, within limits', () => {
    expect([ringBytes(1, 0), ringBytes(8, 512), ringBytes(64, 65536)]).toEqual([4096, 8192, 262144]);
  });

  it('delivers every frame whole and in order, whenever the ends get their turn', () => {
    fc.assert(
      fc.property(frames, fc.array(fc.boolean(), { maxLength: 60 }), (sent, turns) => {
        const buffer = makeRing(4096);
        const writer = new RingWriter(buffer, silent);
        const reader = new RingReader(buffer, silent, 2 ** 24);
        const arrived: Frame[] = [];
        const todo = [...sent];
        const turn = (write: boolean): void => {
          if (write) {
            writer.flush();
            const next = todo.shift();
            if (next !== undefined) writer.write(next);
          } else {
            reader.read((found) => arrived.push(found));
          }
        };
        turns.forEach(turn);
        while (todo.length > 0 || writer.isFull || !reader.isEmpty) [true, false].forEach(turn);
        expect(arrived).toEqual(sent);
      }),
      { numRuns: 50 },
    );
  });

  it('wakes the reader for a frame, and the writer when there is room again', () => {
    const buffer = makeRing(4096);
    let [forReader, forWriter] = [0, 0];
    const writer = new RingWriter(buffer, () => forReader++);
    const reader = new RingReader(buffer, () => forWriter++, 2 ** 24);
    writer.write(frame());
    expect([forReader, forWriter]).toEqual([1, 0]);
    writer.write(frame({ bytes: new Uint8Array(10_000) }));
    expect(writer.isFull).toBe(true);
    reader.read(silent);
    expect(forWriter).toBe(1);
    const before = forReader;
    writer.flush();
    expect(forReader).toBe(before + 1);
    writer.flush();
    expect(forReader).toBe(before + 1);
  });

  it('survives what a hostile writer puts there: a named fault, or frames, and never more than the message limit', () => {
    let faults = 0;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(47 + 64), fc.oneof(u32, fc.nat(4096), fc.constantFrom(-1, 0x7fffffff, 32, 64, 0x100))), { minLength: 1, maxLength: 12 }),
        (writes) => {
          const buffer = makeRing(4096);
          const reader = new RingReader(buffer, silent, 1000);
          new RingWriter(buffer, silent).write(frame({ bytes: new Uint8Array(100) }));
          const words = new Int32Array(buffer);
          for (const [at, value] of writes) words[at] = value;
          let most = 0;
          try {
            for (let turn = 0; turn < 3; turn++) reader.read(({ bytes }) => (most = Math.max(most, bytes.length)));
          } catch (error) {
            if (!(error instanceof RingFault)) throw error;
            faults++;
          }
          expect(most).toBeLessThanOrEqual(1000);
        },
      ),
      { numRuns: 1500 },
    );
    expect(faults).toBeGreaterThan(50);
  });

  it('refuses a reader whose index goes back or beyond the writer', () => {
    for (const consumed of [-32, 4096, 2 ** 30]) {
      const buffer = makeRing(4096);
      const writer = new RingWriter(buffer, silent);
      writer.write(frame());
      new Int32Array(buffer)[16] = consumed;
      expect(() => writer.write(frame({ bytes: new Uint8Array(20_000) }))).toThrow(RingFault);
    }
  });

  it('two of them make a channel', () => {
    const [one, two] = [makeRing(4096), makeRing(4096)];
    const left = new RingChannel({ out: one, into: two, wake: silent, messageBytesMax: 100 });
    const right = new RingChannel({ out: two, into: one, wake: silent, messageBytesMax: 100 });
    const arrived: Frame[] = [];
    right.onFrame = (found) => right.send({ ...found, tag: found.tag + 1 });
    left.onFrame = (found) => arrived.push(found);
    left.send(frame());
    expect([right.isIdle, right.pump(), right.pump(), left.pump()]).toEqual([false, true, false, true]);
    expect(arrived).toEqual([frame({ tag: 4 })]);
  });
});

/** Two ends that hand frames over at once. */
function pair(): [Channel, Channel] {
  const make = (): Channel & { peer?: Channel } => ({ send: () => undefined, onFrame: silent });
  const [left, right] = [make(), make()];
  left.send = (found) => right.onFrame(found);
  right.send = (found) => left.onFrame(found);
  return [left, right];
}

describe('a device over a channel', () => {
  /** A device that writes down what it is called with. */
  function scribe() {
    const calls: string[] = [];
    const clients: Client[] = [];
    const device: Device = {
      open: (client) => {
        const number = clients.push(client);
        calls.push(`open ${number}`);
        return {
          send: ({ operation, tag, bytes, replyBytes, argument }: DeviceRequest) =>
            calls.push(`send ${number} ${operation} ${tag} [${[...bytes]}] ${replyBytes} ${argument}`),
          cancel: (tag) => calls.push(`cancel ${number} ${tag}`),
          close: () => calls.push(`close ${number}`),
        };
      },
    };
    return { calls, clients, device };
  }
  function client() {
    const heard: (DeviceCompletion | 'reset')[] = [];
    return { heard, complete: (completion: DeviceCompletion) => void heard.push(completion), reset: () => void heard.push('reset') };
  }
  const request: DeviceRequest = { operation: 9, tag: 5, bytes: Uint8Array.of(1, 2), replyBytes: 10, argument: 2n ** 63n };

  it('is called as if it were near, and answers', () => {
    const [near, far] = pair();
    const { calls, clients, device } = scribe();
    serve(device, far);
    const me = client();
    const session = new RemoteDevice(near, { protocol: 'pu', version: 1 }).open(me);
    session.send(request);
    session.cancel(4);
    clients[0]?.complete({ tag: 5, status: 2, bytes: Uint8Array.of(7), argument: -1n });
    clients[0]?.reset();
    session.close();
    expect(calls).toEqual(['open 1', `send 1 9 5 [1,2] 10 ${2n ** 63n}`, 'cancel 1 4', 'close 1']);
    expect(me.heard).toEqual([{ tag: 5, status: 2, bytes: Uint8Array.of(7), argument: 2n ** 64n - 1n }, 'reset']);
  });

  it('keeps sessions apart, and nothing of a closed one arrives', () => {
    const [near, far] = pair();
    const { calls, clients, device } = scribe();
    const end = serve(device, far);
    const remote = new RemoteDevice(near, { protocol: 'pu', version: 1 });
    const [first, second] = [client(), client()];
    const one = remote.open(first);
    const two = remote.open(second);
    one.close();
    clients[0]?.complete({ tag: 1, status: 0 });
    clients[1]?.complete({ tag: 1, status: 0 });
    two.send(request);
    end();
    two.send(request);
    expect(calls).toEqual(['open 1', 'open 2', 'close 1', `send 2 9 5 [1,2] 10 ${2n ** 63n}`, 'close 2']);
    expect([first.heard, second.heard]).toEqual([[], [{ tag: 1, status: 0, bytes: new Uint8Array(0), argument: 0n }]]);
  });

  it('that comes back empty gets its sessions anew, and clients hear of it', () => {
    const [near, far] = pair();
    const remote = new RemoteDevice(near, { protocol: 'pu', version: 1 });
    const me = client();
    remote.open(me);
    const { calls, device } = scribe();
    serve(device, far);
    remote.reopen();
    expect([calls, me.heard]).toEqual([['open 1'], ['reset']]);
  });

  it('ignores frames that are out of turn', () => {
    const [near, far] = pair();
    const { calls, device } = scribe();
    serve(device, far);
    new RemoteDevice(near, { protocol: 'pu', version: 1 });
    for (const kind of [0, 2, 3, 4, 5, 6, 99]) {
      far.onFrame(frame({ kind, session: 8 }));
      near.onFrame(frame({ kind, session: 8 }));
    }
    far.onFrame(frame({ kind: FRAME.open, session: 8 }));
    far.onFrame(frame({ kind: FRAME.open, session: 8 }));
    expect(calls).toEqual(['open 1']);
  });
});
