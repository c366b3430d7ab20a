/**
 * Devices that throw: the embedder hears of it, the program sees `device_failed`, and the machine goes on. Each call that the machine makes of its
 * surroundings throws here in turn, once and always.
 */
import { describe, expect, it } from '@jest/globals';
import { createJit } from '../../jit/index.js';
import { type Client, type Device, type DeviceRequest, type Engine, INTERPRETER, Machine, type MachineOptions, REFERENCE } from '../../vm/index.js';
import { bytesOf, Guest, OFFER, portOf, REPLY, Scribe } from './guest.js';
import { type Line, programOf } from './programs.js';

const [OK, CANCELLED, PEER_RESET, DEVICE_FAILED] = [0, 2, 3, 6];
const BAD_PRODUCER = 1;
const CANCEL = 0xffff0001;
const ENGINES: readonly Engine[] = [REFERENCE, INTERPRETER, createJit({ compile: 'all' })];

const store = (address: number, value: number): Line[] => [
  ['const_i32', 0, value | 0],
  ['store_i32_absolute', address, 0],
];
/** Puts an entry into the outgoing ring of the port at 4096. */
const entry = (index: number, operation: number, tag: number, argument = 0): Line[] => [
  ...store(4160 + 40 * index, operation),
  ...store(4164 + 40 * index, tag),
  ...store(4192 + 40 * index, argument),
  ...store(4128, index + 1),
];
const bell: Line[] = [
  ['const_i32', 0, 0],
  ['bell', 0],
];
const NOTHING = { parameters: [], results: [] };
const body = (lines: readonly Line[]) => ({
  signature: NOTHING,
  registers: ['i32', 'i64'] as const,
  lines: [['check'] as Line, ...lines, ['ret', []] as Line],
});

/** main: requests 1 and 2, a bell, a cancel of 2, a bell, a poll. f1: breaks a rule, a bell. f2: a poll. */
const PROGRAM = programOf(
  [
    body([...entry(0, 1, 1), ...entry(1, 1, 2), ...bell, ...entry(2, CANCEL, 0, 2), ...bell, ['const_i64', 1, 1n], ['poll', 1, 1]]),
    body([...store(4128, 100), ...bell]),
    body([
      ['const_i64', 1, 1n],
      ['poll', 1, 1],
    ]),
  ],
  { ports: [portOf('link', 'client', 4096)] },
);

class Mischief extends Error {}

/** A device that answers nothing, and throws at calls of one kind while it has throws left. */
class Thrower implements Device {
  readonly calls: string[] = [];
  readonly clients: Client[] = [];
  constructor(
    readonly at: string,
    public throwsLeft: number,
  ) {}
  #call(name: string): void {
    this.calls.push(name);
    if (name === this.at && this.throwsLeft-- > 0) throw new Mischief(name);
  }
  open(client: Client) {
    this.clients.push(client);
    this.#call('open');
    return {
      send: (_: DeviceRequest) => this.#call('send'),
      cancel: (_: number) => this.#call('cancel'),
      close: () => this.#call('close'),
    };
  }
}

function machineOf(device: Device, options: MachineOptions = {}): Machine {
  return new Machine(PROGRAM, { ...options, ports: { link: device } });
}
function view(machine: Machine): DataView {
  const { memory } = machine;
  return new DataView(memory.buffer, memory.byteOffset, memory.length);
}
/** Tag and status of each completion that was delivered. */
function completions(machine: Machine): [number, number][] {
  const words = view(machine);
  const count = words.getUint32(4096 + 40, true);
  return Array.from({ length: count }, (_, index) => [words.getUint32(4324 + 40 * index, true), words.getUint32(4328 + 40 * index, true)]);
}
const fault = (machine: Machine): number => view(machine).getUint32(4096 + 24, true);

/** Runs to the end, whatever is thrown. @returns what was thrown, several errors together as a list */
function throughErrors(machine: Machine, name = 'main', call: 'run' | 'step' = 'run'): unknown[] {
  const thrown: unknown[] = [];
  machine.start(name);
  for (let turn = 0; turn < 500; turn++) {
    try {
      if (machine[call]().kind === 'returned') return thrown;
    } catch (error) {
      thrown.push(error instanceof AggregateError ? error.errors.map(({ message }: Error) => message) : (error as Error).message);
      expect(machine.progress).toBe('suspended');
    }
  }
  throw new Error('it did not come to an end');
}

describe.each(ENGINES)('a device that throws, on the $name', (engine) => {
  it.each([
    [
      'in send, once',
      'send',
      1,
      ['send'],
      [
        [1, DEVICE_FAILED],
        [2, CANCELLED],
      ],
    ],
    [
      'in send, always',
      'send',
      Infinity,
      [['send', 'send']],
      [
        [1, DEVICE_FAILED],
        [2, DEVICE_FAILED],
      ],
    ],
    ['in cancel, once', 'cancel', 1, ['cancel'], [[2, CANCELLED]]],
    ['in cancel, always', 'cancel', Infinity, ['cancel'], [[2, CANCELLED]]],
  ] as const)('%s', (_, at, times, errors, wanted) => {
    for (const call of ['run', 'step'] as const) {
      const machine = machineOf(new Thrower(at, times), { engine });
      expect(throughErrors(machine, 'main', call)).toEqual(errors);
      expect(completions(machine)).toEqual(wanted);
      expect([machine.fuelUsed, machine.progress, fault(machine)]).toEqual([1, 'returned', 0]);
    }
  });

  it.each([1, Infinity])('in close, when a rule is broken, %d times', (times) => {
    const device = new Thrower('close', times);
    const machine = machineOf(device, { engine });
    expect(throughErrors(machine, 'f1')).toEqual(['close']);
    expect([fault(machine), machine.fuelUsed, device.calls]).toEqual([BAD_PRODUCER, 1, ['open', 'close']]);
    expect(throughErrors(machine, 'f2')).toEqual([]);
  });

  it('in send, and was answered before: the answer counts', () => {
    const clients: Client[] = [];
    const device: Device = {
      open: (client) => {
        clients.push(client);
        const send = ({ tag }: DeviceRequest): void => {
          client.complete({ tag, status: OK });
          throw new Mischief('late');
        };
        return { send, cancel: () => undefined, close: () => undefined };
      },
    };
    const machine = machineOf(device, { engine });
    expect(throughErrors(machine)).toEqual([['late', 'late']]);
    expect(completions(machine)).toEqual([
      [1, OK],
      [2, OK],
    ]);
  });

  it.each([
    ['no tag', { status: OK }],
    ['a tag that is a text', { tag: '1', status: OK }],
    ['no status', { tag: 1 }],
    ['bytes that are a text', { tag: 1, status: OK, bytes: 'x' }],
    ['an argument that is a number', { tag: 1, status: OK, argument: 1 }],
    ['an argument of 65 bits', { tag: 1, status: OK, argument: 2n ** 64n }],
  ] as const)('in send, at a completion with %s', (_, completion) => {
    let client: Client | undefined;
    const device: Device = {
      open: (opened) => {
        client = opened;
        return {
          send: ({ tag }: DeviceRequest) => tag === 1 && opened.complete(completion as never),
          cancel: () => undefined,
          close: () => undefined,
        } as never;
      },
    };
    const machine = machineOf(device, { engine });
    expect(throughErrors(machine)).toEqual([expect.stringMatching(/^completion\.(tag|status|bytes|argument): .* is needed$/)]);
    expect(completions(machine)).toEqual([
      [1, DEVICE_FAILED],
      [2, CANCELLED],
    ]);
    expect(() => client?.complete({ tag: 1, status: OK })).not.toThrow();
  });

  it('does not keep a breakpoint behind it from stopping', () => {
    const machine = machineOf(new Thrower('send', Infinity), { engine });
    machine.start();
    const places: number[] = [];
    while (machine.step().kind === 'stepped') {
      const { pc } = machine.frames(1)[0] as { readonly pc: number };
      places.push(pc);
      machine.addBreakpoint(0, pc);
      if (places.length === 3) break;
    }
    const stops = [];
    for (let turn = 0; turn < 2; turn++) {
      try {
        stops.push(machine.run().kind);
      } catch (error) {
        stops.push((error as AggregateError).errors.length);
      }
    }
    expect(stops).toEqual([2, 'returned']);
  });
});

describe('a device that throws when sessions begin and end', () => {
  it('leaves no machine, and the sessions that were opened are closed', () => {
    const first = new Thrower('', 0);
    const two = programOf([body([])], { ports: [portOf('first', 'client', 4096), portOf('second', 'client', 8192)] });
    expect(() => new Machine(two, { ports: { first, second: new Thrower('open', 1) } })).toThrow(new Mischief('open'));
    expect(first.calls).toEqual(['open', 'close']);
  });

  it('in open, at a reset: the port answers device_failed until the next reset', () => {
    const device = new Thrower('open', 0);
    const machine = machineOf(device);
    throughErrors(machine);
    device.throwsLeft = 1;
    expect(() => machine.reset()).toThrow(new Mischief('open'));
    expect([machine.progress, machine.fuelUsed]).toEqual(['ready', 0]);
    expect(throughErrors(machine)).toEqual([]);
    expect(completions(machine)).toEqual([
      [1, DEVICE_FAILED],
      [2, DEVICE_FAILED],
    ]);
    // The client of the session that never was has no say.
    device.clients[1]?.reset();
    expect(throughErrors(machine, 'f2')).toEqual([]);
    expect(view(machine).getUint32(4096 + 20, true)).toBe(0);
    machine.reset();
    throughErrors(machine);
    expect(completions(machine)).toEqual([[2, CANCELLED]]);
  });

  it('in close, at a reset: all else of the reset is done', () => {
    const device = new Thrower('close', 1);
    const machine = machineOf(device);
    throughErrors(machine);
    expect(() => machine.reset()).toThrow(new Mischief('close'));
    expect([machine.progress, machine.fuelUsed, completions(machine), device.calls.at(-1)]).toEqual(['ready', 0, [], 'open']);
    expect(throughErrors(machine)).toEqual([]);
  });

  it.each(['open', 'close'])('in %s, at a restore: the snapshot is in force', (at) => {
    const device = new Thrower(at, 0);
    const machine = machineOf(device);
    machine.start();
    machine.step();
    const snapshot = machine.snapshot();
    while (machine.run().kind !== 'returned');
    device.throwsLeft = 1;
    expect(() => machine.restore(snapshot)).toThrow(new Mischief(at));
    expect(machine.progress).toBe('suspended');
    expect(machine.run()).toEqual({ kind: 'returned', values: [] });
    expect(completions(machine)).toEqual(
      at === 'open'
        ? [
            [1, DEVICE_FAILED],
            [2, DEVICE_FAILED],
          ]
        : [[2, CANCELLED]],
    );
  });

  it('in close, when it is detached', () => {
    const machine = machineOf(new Thrower('close', 1));
    expect(() => machine.detach()).toThrow(new Mischief('close'));
    expect(() => machine.detach()).not.toThrow();
  });

  it('finds the machine at work there too', () => {
    const refusals: unknown[] = [];
    let machine: Machine | undefined;
    const tryAll = (): void => {
      for (const call of [() => machine?.reset(), () => machine?.start(), () => machine?.snapshot()]) {
        try {
          call();
        } catch (error) {
          refusals.push((error as Error).message.split(':')[0]);
        }
      }
    };
    const device: Device = {
      open: () => {
        tryAll();
        return { send: () => undefined, cancel: () => undefined, close: tryAll };
      },
    };
    machine = machineOf(device);
    expect(refusals).toEqual([]);
    machine.reset();
    expect(refusals).toEqual(['reset', 'start', 'snapshot', 'reset', 'start', 'snapshot']);
  });
});

describe('what came with a completion', () => {
  const clientOf = (machineBytes = 8) => {
    const device = new Scribe();
    const guest = new Guest([portOf('link', 'client', 4096)], { link: device });
    const port = guest.port('link');
    port.send({ operation: 1, tag: 1, reply: 9000, replyBytes: machineBytes });
    return { client: device.clients[0] as Client, guest, port };
  };

  it('is what it was then, whatever the device does with it later', () => {
    const { client, guest, port } = clientOf();
    const bytes = bytesOf('before');
    client.complete({ tag: 1, status: OK, bytes });
    bytes.fill(33);
    port.poll();
    expect(guest.text(9000, 6)).toBe('before');
  });

  it('survives a buffer that shrinks or is transferred away', () => {
    for (const spoil of [
      (buffer: ArrayBuffer) => structuredClone(buffer, { transfer: [buffer] }),
      (buffer: ArrayBuffer) => Reflect.get(buffer, 'resize')?.call(buffer, 0),
    ]) {
      const { client, guest, port } = clientOf();
      const Resizable = ArrayBuffer as unknown as new (bytes: number, options: { maxByteLength: number }) => ArrayBuffer;
      const bytes = new Uint8Array(new Resizable(4, { maxByteLength: 8 }));
      bytes.set(bytesOf('kept'));
      client.complete({ tag: 1, status: OK, bytes });
      spoil(bytes.buffer);
      port.poll();
      expect([guest.text(9000, 4), port.fault]).toEqual(['kept', 0]);
    }
  });

  it('is refused if its buffer is gone already, and the request is still outstanding', () => {
    const { client, guest, port } = clientOf();
    const bytes = bytesOf('gone');
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
    expect(() => client.complete({ tag: 1, status: OK, bytes })).toThrow(/^completion\.bytes: its buffer was transferred away$/);
    client.complete({ tag: 1, status: OK, bytes: bytesOf('here') });
    port.poll();
    expect(guest.text(9000, 4)).toBe('here');
  });

  it('may be a Buffer, whose slices share its bytes', () => {
    const { client, guest, port } = clientOf();
    const bytes = Buffer.from('buffer');
    client.complete({ tag: 1, status: OK, bytes });
    bytes.fill(33);
    port.poll();
    expect(guest.text(9000, 6)).toBe('buffer');
  });
});

describe('a client of a server port that throws', () => {
  const served = () => {
    const guest = new Guest([portOf('serve', 'server', 4096)], {});
    const port = guest.port('serve');
    return { guest, port, device: guest.ports.device('serve') };
  };
  const throwing = (at: 'complete' | 'reset'): Client & { readonly calls: string[] } => {
    const calls: string[] = [];
    const call = (name: string) => () => {
      calls.push(name);
      if (name === at) throw new Mischief(name);
    };
    return { calls, complete: call('complete'), reset: call('reset') };
  };

  it('at an answer: the server goes on, and its embedder hears of it', () => {
    const { guest, port, device } = served();
    const [bad, good] = [throwing('complete'), throwing('reset')];
    for (const client of [bad, good]) device.open(client).send({ operation: 1, tag: 1, bytes: new Uint8Array(0), replyBytes: 0, argument: 0n });
    port.send(...[0, 1, 2, 3].map((index) => ({ operation: OFFER, address: 8192 + 64 * index, bytes: 64 })));
    const tags = port.drain().flatMap(({ operation, tag }) => (operation === 1 ? [tag] : []));
    expect(tags).toEqual([1, 2]);
    port.send(...tags.map((tag) => ({ operation: REPLY, tag })));
    expect([bad.calls, good.calls, port.fault]).toEqual([['complete'], ['complete'], 0]);
    expect(() => guest.ports.rethrow()).toThrow(new Mischief('complete'));
    expect(() => guest.ports.rethrow()).not.toThrow();
  });

  it('at a restart: the other clients are told too', () => {
    const machine = new Machine(programOf([body([])], { ports: [portOf('serve', 'server', 4096)] }));
    const clients = [throwing('reset'), throwing('complete'), throwing('reset')];
    for (const client of clients) machine.port('serve').open(client);
    expect(() => machine.reset()).toThrow(new AggregateError([], 'devices threw 2 errors'));
    expect(clients.map(({ calls }) => calls)).toEqual([['reset'], ['reset'], ['reset']]);
    expect(machine.progress).toBe('ready');
  });
});

describe('onNews that throws', () => {
  it('is heard of at the next run, and not by the device', () => {
    const device = new Scribe();
    const machine = machineOf(device);
    throughErrors(machine);
    machine.onNews = () => {
      throw new Mischief('news');
    };
    expect(() => device.answer(0, { status: OK })).not.toThrow();
    machine.start('f2');
    expect(() => machine.run()).toThrow(new Mischief('news'));
    expect(machine.run()).toEqual({ kind: 'returned', values: [] });
    expect(completions(machine)).toEqual([
      [2, CANCELLED],
      [1, OK],
    ]);
  });

  it('does not keep a device that restarts from telling all requests', () => {
    const device = new Scribe();
    const machine = machineOf(device);
    machine.start();
    machine.onNews = () => {
      throw new Mischief('news');
    };
    while (device.requests.length < 2) machine.step();
    device.clients[0]?.reset();
    expect(() => machine.run()).toThrow(new AggregateError([], 'devices threw 3 errors'));
    expect(machine.run()).toEqual({ kind: 'returned', values: [] });
    expect(completions(machine)).toEqual([
      [1, PEER_RESET],
      [2, PEER_RESET],
    ]);
  });
});
