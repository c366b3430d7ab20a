/**
 * The thread of one PU: runs its program, moves what its links carry, does what the host commands.
 *
 * With shared memory the thread belongs to the program: a `wait` blocks it until a bell rings, and commands are looked for after each slice
 * of fuel. Without, it goes back to the event loop between slices. What the program does can end only the program.
 */
import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';
import { createJit } from '../../jit/index.js';
import { type Device, type Engine, INTERPRETER, Machine, type PortLimits, REFERENCE, verify } from '../../vm/index.js';
import { Bell, waker } from '../carrier/bell.js';
import type { Channel } from '../carrier/channel.js';
import { RemoteDevice, serve } from '../carrier/remote.js';
import { RingChannel, RingFault } from '../carrier/ring.js';
import { MessageChannelEnd, type FrameCount } from './message-channel.js';
import { PU_STATES, SHARED, type Command, type EngineName, type PuProgram, type PuState, type Report, type ThreadData } from './thread-data.js';

/** Fuel between two looks for commands. */
const SLICE = 2 ** 18;
/** After how long a PU to which nothing happens is reported: perhaps nothing can happen any more. */
const IDLE_MILLISECONDS = 20;

const ENGINES: Readonly<Record<EngineName, () => Engine>> = {
  auto: () => createJit(),
  jit: () => createJit({ compile: 'all' }),
  interpreter: () => INTERPRETER,
  reference: () => REFERENCE,
};

interface Numbered {
  readonly id: number;
  readonly command: Command;
}

/** A program on the PU, and its ends of links. */
class Seat {
  readonly machine: Machine;
  readonly #rings: RingChannel[] = [];
  readonly #messages: MessageChannelEnd[] = [];
  readonly #served: (() => void)[] = [];
  readonly #program: PuProgram;

  constructor(program: PuProgram, engine: Engine, tellHost: () => void, count: FrameCount) {
    this.#program = program;
    const verified = verify(program.binary);
    if ('rejection' in verified) throw new RangeError(verified.rejection.message);
    const channels = program.links.map(({ carrier, messageBytesMax }) => {
      if (carrier.kind === 'message') {
        const channel = new MessageChannelEnd(carrier.port, count);
        this.#messages.push(channel);
        return channel;
      }
      const { out, into, peerBell, peer } = carrier;
      const channel = new RingChannel({ out, into, wake: waker(peerBell, peer === 'host' ? tellHost : undefined), messageBytesMax });
      this.#rings.push(channel);
      return channel;
    });
    const ports: Record<string, Device> = {};
    const portLimits: Record<string, PortLimits> = {};
    program.links.forEach(({ port, side, protocol, version, depth, messageBytes }, index) => {
      if (side === 'client') ports[port] = new RemoteDevice(channels[index] as Channel, { protocol, version });
      portLimits[port] = { ...(depth === undefined ? {} : { depth }), ...(messageBytes === undefined ? {} : { messageBytes }) };
    });
    const { memoryBytes, frameBytesMax } = program;
    this.machine = new Machine(verified.program, { engine, memoryBytes, frameBytesMax, ports, portLimits, hold: () => this.#holdNever() });
    program.links.forEach(({ port, side }, index) => {
      if (side === 'server') this.#served.push(serve(this.machine.port(port), channels[index] as Channel));
    });
    this.layArguments();
  }

  /** What has arrived by the time that a program waits or polls is there for it. */
  #holdNever(): boolean {
    this.pump();
    return false;
  }

  layArguments(): void {
    for (const { address, bytes } of this.#program.patches) this.machine.memory.set(bytes, address);
  }

  get hasNews(): boolean {
    return this.#rings.some(({ isIdle }) => !isIdle);
  }
  /** Whether something that the program sent waits for room. */
  get isFull(): boolean {
    return this.#rings.some(({ isFull }) => isFull);
  }
  pump(): void {
    for (const ring of this.#rings) ring.pump();
  }

  leave(): void {
    for (const end of this.#served) end();
    this.machine.detach();
    for (const channel of this.#messages) channel.close();
  }
}

/** The PU. */
class PuThread {
  readonly #port: MessagePort;
  readonly #shared: Int32Array;
  readonly #bell: Bell | undefined;
  readonly #engine: Engine;
  #seat: Seat | undefined;
  #state: PuState = 'empty';
  #isEnding = false;
  #isScheduled = false;
  #idle: NodeJS.Timeout | undefined;

  constructor({ engine, bell, shared }: ThreadData, port: MessagePort) {
    this.#port = port;
    this.#shared = shared;
    this.#bell = bell === undefined ? undefined : new Bell(bell);
    this.#engine = ENGINES[engine]();
  }

  run(): void {
    if (this.#bell === undefined) {
      this.#port.on('message', (numbered: Numbered) => {
        this.#obey(numbered);
        this.#schedule();
      });
    } else {
      while (!this.#isEnding) this.#turn(this.#bell);
    }
  }

  /** With a bell: obeys, computes, or sleeps. */
  #turn(bell: Bell): void {
    this.#takeCommands();
    if (this.#isEnding) return;
    const seat = this.#seat;
    if (this.#state === 'waiting' && seat?.hasNews === true) this.#set('computing');
    seat?.pump();
    if (this.#state === 'computing') return this.#slice();
    if (this.#state === 'waiting') this.#set('waiting');
    const hasNews = (): boolean => Atomics.load(this.#shared, SHARED.command) !== 0 || this.#seat?.hasNews === true;
    if (bell.sleep(hasNews, IDLE_MILLISECONDS)) return;
    this.#tell({ kind: 'idle' });
    bell.sleep(hasNews);
  }

  /** Without a bell: a slice when the event loop comes round. */
  #schedule(): void {
    if (this.#isScheduled || this.#isEnding || this.#state !== 'computing') return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      if (this.#state === 'computing') this.#slice();
      this.#schedule();
    });
  }

  #takeCommands(): void {
    if (Atomics.exchange(this.#shared, SHARED.command, 0) === 0) return;
    for (let found = receiveMessageOnPort(this.#port); found !== undefined; found = receiveMessageOnPort(this.#port)) this.#obey(found.message as Numbered);
  }

  /** The host learns of a program that waits only when nothing waits for room on its way out: then nothing is under way. */
  #set(state: PuState): void {
    this.#state = state;
    if (state === 'waiting' && this.#seat?.isFull === true) return;
    if (state === 'computing') Atomics.add(this.#shared, SHARED.turns, 1);
    Atomics.store(this.#shared, SHARED.state, PU_STATES.indexOf(state));
    if (this.#bell === undefined) this.#rest();
  }
  /** Without a bell: tells the host when nothing has happened for a while. */
  #rest(): void {
    clearTimeout(this.#idle);
    if (this.#state !== 'computing' && !this.#isEnding) this.#idle = setTimeout(() => this.#tell({ kind: 'idle' }), IDLE_MILLISECONDS);
  }
  #tell(report: Report): void {
    this.#port.postMessage(report);
  }

  #obey({ id, command }: Numbered): void {
    const refusal = this.#carryOut(command);
    this.#tell({ kind: 'done', id, refusal, fuelUsed: this.#seat?.machine.fuelUsed ?? 0 });
    if (this.#isEnding) this.#port.close();
  }

  /** @returns why not */
  #carryOut(command: Command): string | undefined {
    switch (command.kind) {
      case 'set':
        return this.#sit(command.program);
      case 'start':
        return this.#start();
      case 'stop':
        if (this.#state === 'computing' || this.#state === 'waiting') this.#set('stopped');
        return undefined;
      case 'reset':
        this.#reset();
        return undefined;
      case 'look':
        return undefined;
      case 'end':
        this.#isEnding = true;
        clearTimeout(this.#idle);
        this.#seat?.leave();
        return undefined;
      default:
        return command satisfies never;
    }
  }

  #sit(program: PuProgram): string | undefined {
    const count: FrameCount = {
      sent: () => void Atomics.add(this.#shared, SHARED.sent, 1),
      received: () => {
        if (this.#state === 'waiting') this.#set('computing');
        Atomics.add(this.#shared, SHARED.received, 1);
        this.#rest();
        this.#schedule();
      },
    };
    try {
      this.#seat = new Seat(program, this.#engine, () => this.#tell({ kind: 'ring' }), count);
    } catch (error) {
      if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
      return error.message;
    }
    this.#set('stopped');
    return undefined;
  }

  #reset(): void {
    const seat = this.#seat;
    if (seat === undefined) return;
    seat.machine.reset();
    seat.layArguments();
    this.#set('stopped');
  }

  #start(): string | undefined {
    if (this.#seat === undefined) return 'there is no program';
    if (this.#state === 'computing' || this.#state === 'waiting') return undefined;
    if (this.#state !== 'stopped') this.#reset();
    if (this.#seat.machine.progress === 'ready') this.#seat.machine.start();
    this.#set('computing');
    return undefined;
  }

  #slice(): void {
    const seat = this.#seat as Seat;
    try {
      const outcome = seat.machine.run(SLICE);
      if (outcome.kind === 'waiting') this.#set('waiting');
      else if (outcome.kind === 'returned' || outcome.kind === 'trapped') {
        seat.machine.detach();
        this.#set(outcome.kind);
        this.#tell({ kind: 'ended', outcome, fuelUsed: seat.machine.fuelUsed });
      }
    } catch (error) {
      if (!(error instanceof RingFault)) throw error;
      seat.leave();
      this.#seat = undefined;
      this.#set('empty');
      this.#tell({ kind: 'ended', outcome: { kind: 'failed', message: error.message }, fuelUsed: seat.machine.fuelUsed });
    }
  }
}

if (parentPort !== null) new PuThread(workerData as ThreadData, parentPort).run();
