/**
 * A hostile program, and a world around it that behaves as badly: both driven by numbers, so that a list of steps is a whole case.
 *
 * After every step this judges what must hold whatever the program does: nothing throws; nothing outside memory changes; a `bell` or
 * `poll` changes only the words of the ports that it names, and buffers that the program itself gave to them; only such a port faults.
 */
import { FAULT, type PortDeclaration, WINDOW } from '../../isa-spec/index.js';
import type { Client, Device, DeviceRequest, Session } from '../../vm/ports/device.js';
import { Ports, PortsRefusal } from '../../vm/ports/ports.js';
import { CANCEL, CLOSE, OFFER, portOf, REPLY } from './guest.js';

/** What to do and three numbers for it, u32 each. */
export type Step = readonly [kind: number, a: number, b: number, c: number];

const MEMORY = 65536;
const MARGIN = 256;
const PAGE = 1024;
/** Kinds of steps, some more likely than others. */
export const KINDS = 24;

const PORTS: readonly PortDeclaration[] = [
  portOf('c0', 'client', 4096, { depth: 4, messageBytes: 64 }),
  portOf('s0', 'server', 4608, { depth: 4, messageBytes: 64 }),
  portOf('c1', 'client', 5120, { depth: 1, messageBytes: 1000, protocol: 'disk' }),
  portOf('s1', 'server', 5312, { depth: 8, messageBytes: 16 }),
];
const WINDOW_ENDS = [4096 + 384, 4608 + 384, 5120 + 192, 5312 + 704];
/** The words that `bell` and `poll` may change in a window: fault, credit, outConsumer; and epoch, fault, credit, inProducer. */
const BELL_WORDS = [24, 28, 36];
const POLL_WORDS = [20, 24, 28, 40];

/** Numbers at which mistakes happen. */
const EXTREMES = [
  0,
  1,
  2,
  3,
  4,
  5,
  8,
  39,
  40,
  63,
  64,
  65,
  4095,
  4096,
  5120,
  65535,
  65536,
  65537,
  0x7fffffff,
  0x80000000,
  0xffff0000,
  CANCEL,
  OFFER,
  REPLY,
  CLOSE,
  0xfffffff0,
  0xfffffffe,
  0xffffffff,
];
const sharp = (value: number): number => (value % 3 === 0 ? value : (EXTREMES[value % EXTREMES.length] as number));

interface Late {
  readonly client: Client;
  readonly request: DeviceRequest;
}

/** What was promised and did not hold. */
export class Broken extends Error {}

function hold(condition: boolean, what: string): void {
  if (!condition) throw new Broken(what);
}

/** Carries out a case. @throws Broken when a promise does not hold, or whatever the code under test throws */
export function runHostile(steps: readonly Step[]): void {
  const buffer = new Uint8Array(MARGIN + MEMORY + MARGIN).fill(0xa5);
  const memory = buffer.subarray(MARGIN, MARGIN + MEMORY).fill(0);
  const view = new DataView(buffer.buffer, MARGIN, MEMORY);
  const late: Late[] = [];
  const peers: Client[] = [];

  /** Answers at once, later or never, also too much, twice, and what was cancelled. */
  const device: Device = {
    open(client) {
      peers.push(client);
      return {
        send(request) {
          const { tag, bytes, replyBytes, operation } = request;
          if (operation % 3 === 1) client.complete({ tag, status: 0, bytes: bytes.slice(0, replyBytes) });
          else if (operation % 3 === 2) client.complete({ tag, status: 7, bytes: new Uint8Array(replyBytes + 1), argument: -1n });
          if (operation % 5 > 0) late.push({ client, request });
        },
        cancel: (tag) => client.complete({ tag, status: 0 }),
        close: () => client.reset(),
      };
    },
  };
  const ports = new Ports({
    declarations: PORTS,
    memory,
    wiring: { c0: device, c1: device },
    limits: { c0: { depth: 3 }, s1: { messageBytes: 8 } },
    onNews: () => {},
  });
  ports.initialise();
  const sessions: Session[] = [];
  const visitors: Client = { complete: () => {}, reset: () => {} };
  let snapshot = ports.snapshot();
  let tag = 0;
  /** Buffers that the program gave to each port. */
  let given: [number, number][][] = PORTS.map(() => []);

  const windowOf = (port: number): number => (PORTS[port] as PortDeclaration).window;
  const depthOf = (port: number): number => (PORTS[port] as PortDeclaration).depth;
  const faults = (): string[] => PORTS.map((_, port) => ports.state(port).fault);

  /** Runs a port instruction and compares memory before and after. */
  const watched = (touched: readonly number[], words: readonly number[], delivers: boolean, act: () => void): void => {
    const before = memory.slice();
    const faultsBefore = faults();
    act();
    const allowed = new Uint8Array(MEMORY);
    for (const port of touched) {
      for (const word of words) allowed.fill(1, windowOf(port) + word, windowOf(port) + word + 4);
      if (!delivers) continue;
      allowed.fill(1, windowOf(port) + 64 + 40 * depthOf(port), windowOf(port) + 64 + 80 * depthOf(port));
      for (const [address, bytes] of given[port] as [number, number][]) allowed.fill(1, address, address + bytes);
    }
    for (let page = 0; page < MEMORY; page += PAGE) {
      if (Buffer.compare(memory.subarray(page, page + PAGE), before.subarray(page, page + PAGE)) === 0) continue;
      for (let at = page; at < page + PAGE; at++) {
        hold(memory[at] === before[at] || allowed[at] === 1, `byte ${at} changed by an instruction on ports ${touched}`);
      }
    }
    faults().forEach((fault, port) => {
      hold(
        fault === faultsBefore[port] || (touched.includes(port) && faultsBefore[port] === 'none'),
        `port ${port} faulted by an instruction on ports ${touched}`,
      );
      if (!touched.includes(port) || faultsBefore[port] === fault) return;
      // A port that came later in the same poll may have had a buffer there.
      const word = windowOf(port) + WINDOW.fault;
      const covered = touched.some((later) => later > port && given[later]?.some(([address, bytes]) => address < word + 4 && word < address + bytes));
      hold(covered || view.getUint32(word, true) === FAULT[fault as keyof typeof FAULT], `the fault of port ${port} is not in its window`);
    });
  };
  const bell = (port: number): void => {
    // What stands in the ring now may become the port's.
    for (let slot = 0; slot < depthOf(port); slot++) {
      const at = windowOf(port) + 64 + 40 * slot;
      for (const field of [16, 24]) {
        const [address, bytes] = [view.getUint32(at + field, true), view.getUint32(at + field + 4, true)];
        if (address + bytes <= MEMORY) (given[port] as [number, number][]).push([address, bytes]);
      }
    }
    watched([port], BELL_WORDS, false, () => {
      const { bytes } = ports.bell(port);
      hold(bytes >= 0 && bytes <= depthOf(port) * (PORTS[port] as PortDeclaration).messageBytes, `bell copied ${bytes} bytes`);
    });
  };
  const put = (port: number, field: number, value: number): void => {
    const slot = view.getUint32(windowOf(port) + 32, true) & (depthOf(port) - 1);
    view.setUint32(windowOf(port) + 64 + 40 * slot + field, value, true);
  };

  const acts: Record<number, (a: number, b: number, c: number) => void> = {
    // The program scribbles: anywhere, in headers, in rings.
    0: (a, b) => view.setUint32(a % (MEMORY - 3), sharp(b), true),
    1: (a, b) => view.setUint32(windowOf(a % 4) + 4 * (b % 16), sharp(b >>> 4), true),
    2: (a, b, c) => view.setUint32(windowOf(a % 4) + 64 + 4 * (b % (20 * depthOf(a % 4))), sharp(c), true),
    // It moves an index a little, or far.
    3: (a, b) => view.setUint32(windowOf(a % 4) + 32, view.getUint32(windowOf(a % 4) + 32, true) + (b % 4), true),
    4: (a, b) => view.setUint32(windowOf(a % 4) + 44, view.getUint32(windowOf(a % 4) + 44, true) + (b % 3), true),
    5: (a) => view.setUint32(windowOf(a % 4) + 44, view.getUint32(windowOf(a % 4) + 40, true), true),
    // It writes an entry that is right in most respects.
    6: (a, b, c) => {
      const port = a % 4;
      const client = port % 2 === 0;
      put(port, 0, client ? (b % 8 === 0 ? CANCEL : b % 7) : b % 2 === 0 ? OFFER : REPLY);
      put(port, 4, client ? b % 8 : (b >>> 3) % 12);
      put(port, 8, c % 9);
      put(port, 16, (b >>> 4) % 9 === 0 ? sharp(c) : 8192 + (c % 4096));
      put(port, 20, (b >>> 8) % 9 === 0 ? sharp(c >>> 3) : c % 70);
      put(port, 24, (b >>> 12) % 9 === 0 ? sharp(c >>> 5) : 16384 + (c % 4096));
      put(port, 28, (b >>> 16) % 9 === 0 ? sharp(c >>> 7) : (c >>> 4) % 70);
      put(port, 32, c % 8);
      view.setUint32(windowOf(port) + 32, view.getUint32(windowOf(port) + 32, true) + 1, true);
    },
    7: (a) => bell(a % 4),
    8: (a) => {
      const touched = [0, 1, 2, 3].filter((port) => ((a >>> port) & 1) === 1);
      watched(touched, POLL_WORDS, true, () => {
        const { ready, bytes } = ports.poll(BigInt(a % 16));
        hold((ready & ~BigInt(a % 16)) === 0n && bytes >= 0, `poll of ${a % 16} gave ${ready}`);
      });
    },
    // The world acts: answers of devices, clients of the servers.
    9: (a, b) => {
      const [found] = late.splice(a % Math.max(1, late.length), 1);
      found?.client.complete({ tag: found.request.tag, status: sharp(b), bytes: new Uint8Array(b % (found.request.replyBytes + 2)), argument: BigInt(b) });
    },
    10: (a) => (a % 4 === 0 ? peers[(a >>> 2) % peers.length]?.reset() : undefined),
    11: (a) => void sessions.push(ports.device(a % 2 === 0 ? 's0' : 's1').open(visitors)),
    12: (a, b, c) =>
      sessions[a % Math.max(1, sessions.length)]?.send({
        operation: b % 9,
        tag: ++tag,
        bytes: new Uint8Array(c % 40),
        replyBytes: sharp(c),
        argument: BigInt(c),
      }),
    13: (a, b) => sessions[a % Math.max(1, sessions.length)]?.cancel(b % (tag + 1)),
    14: (a) => (a % 3 === 0 ? sessions.splice((a >>> 2) % Math.max(1, sessions.length), 1)[0]?.close() : undefined),
    // The embedder acts.
    15: () => {
      snapshot = ports.snapshot();
    },
    16: (a, b) => {
      const changed = snapshot.slice();
      if (a % 2 === 0) changed[b % changed.length] = a >>> 8;
      const before = ports.snapshot();
      try {
        ports.restore(changed);
      } catch (error) {
        if (!(error instanceof PortsRefusal)) throw error;
        hold(Buffer.from(before).equals(ports.snapshot()), `a refused snapshot (${error.rule}) changed the ports`);
        return;
      }
      // A snapshot that was changed may name any buffers.
      given = PORTS.map(() => [[0, MEMORY]]);
    },
    17: (a) => (a % 8 === 0 ? ports.detach() : undefined),
    18: (a) => {
      if (a % 4 !== 0) return;
      ports.initialise();
      given = PORTS.map(() => []);
    },
    // What a program does most.
    19: (a, b, c) => {
      acts[6]?.(a, b, c);
      bell(a % 4);
    },
    20: (a, b, c) => acts[19]?.(a, b, c),
    21: (a) => {
      acts[8]?.(15, 0, 0);
      acts[5]?.(a, 0, 0);
    },
    22: (a, b, c) => acts[12]?.(a, b, c),
    23: (a, b, c) => acts[9]?.(a, b, c),
  };

  for (const [kind, a, b, c] of steps) {
    acts[kind % KINDS]?.(a, b, c);
    PORTS.forEach((_, port) => {
      const { credit, unconsumed, fault } = ports.state(port);
      hold(fault !== 'none' || (credit >= 0 && unconsumed + credit <= depthOf(port)), `port ${port} has credit ${credit} and ${unconsumed} unconsumed`);
    });
  }
  hold(
    WINDOW_ENDS.every((end, port) => end <= (PORTS[port + 1]?.window ?? MEMORY)),
    'windows lie apart',
  );
  for (let at = 0; at < MARGIN; at++) hold(buffer[at] === 0xa5 && buffer[MARGIN + MEMORY + at] === 0xa5, 'something outside memory changed');
}
