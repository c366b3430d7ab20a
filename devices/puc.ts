/**
 * The controller of PUs over whatever has PUs: `PucDriver` speaks the protocol, a `PuHost` does the work; and the controller for tests, whose
 * programs do what a script says.
 *
 * Requests take effect one after another, in the order in which they came, whatever session they are of.
 */
import { NO_PROGRAM, OPERATIONS, PU_STATE, type PuState, STATUS } from '../isa-spec/index.js';
import { checkArray, checkBigint, checkBoolean, checkMethods, checkOptions, checkWhole } from '../vm/arguments/index.js';
import type { Client, Device, DeviceRequest, Session } from '../vm/index.js';
import { checkVirtualTime, VirtualTime } from './virtual-time.js';

/** How a PU is. */
export interface PuCondition {
  readonly state: PuState;
  /** `returned`: the program's first result if that is an i32, else 0. `exception`: the code of the trap. Else 0. */
  readonly detail: number;
}

/** Tells that a host has done what it was asked to, or could not. */
export type PuDone = (worked: boolean) => void;

/**
 * Something that has PUs and programs, each numbered from 0. It is asked for one thing at a time, and only for PUs and programs that exist; what is said
 * of each operation on the protocol's page holds. A call that throws counts as one that did not work.
 */
export interface PuHost {
  /** How many PUs there are. */
  readonly count: number;
  /** How many programs there are. */
  readonly programs: number;
  /** Takes the program off the PU, which does not run, and puts another on, which is on no PU; or none. */
  set(pu: number, program: number | undefined, done: PuDone): void;
  /** Lets the program of the PU go on, or begin where it has ended. */
  start(pu: number, done: PuDone): void;
  /** Stops the program of the PU, which runs. */
  stop(pu: number, done: PuDone): void;
  /** Sets the program of the PU, which does not run, back to its beginning. */
  reset(pu: number, done: PuDone): void;
  /** The program that is on a PU. */
  programOn(pu: number): number | undefined;
  /** How the PU is now. */
  state(pu: number): PuCondition;
  /** Calls back whenever a PU ceases to run. There is one such callback. */
  onEnded(callback: (pu: number) => void): void;
}

interface Work {
  readonly client: Client;
  readonly request: DeviceRequest;
}

interface Waiter {
  readonly client: Client;
  readonly tag: number;
  readonly pu: number;
}

const runs = ({ state }: PuCondition): boolean => state === 'computing' || state === 'waiting';

/** A device of protocol `puc`. */
export class PucDriver implements Device {
  readonly serves = { protocol: 'puc', version: 1 } as const;
  readonly #host: PuHost;
  #queue: Work[] = [];
  #busy = false;
  #waiters: Waiter[] = [];

  /** A controller of a host's PUs. @throws TypeError for what is no host */
  constructor(host: PuHost) {
    checkMethods('host', host, ['set', 'start', 'stop', 'reset', 'programOn', 'state', 'onEnded'], 'a host of PUs');
    this.#host = host;
    host.onEnded((pu) => this.#tell(pu));
  }

  open(client: Client): Session {
    return {
      send: (request) => {
        this.#queue.push({ client, request });
        this.#next();
      },
      cancel: (tag) => {
        this.#queue = this.#queue.filter((work) => work.client !== client || work.request.tag !== tag);
        this.#waiters = this.#waiters.filter((waiter) => waiter.client !== client || waiter.tag !== tag);
      },
      close: () => {
        this.#waiters = this.#waiters.filter((waiter) => waiter.client !== client);
      },
    };
  }

  /** Begins what is next. A request that ends at once makes no call deeper. */
  #next(): void {
    while (!this.#busy) {
      const work = this.#queue.shift();
      if (work === undefined) return;
      this.#busy = true;
      let [atOnce, ended] = [true, false];
      const end = (status: number, more: { readonly argument?: bigint; readonly bytes?: Uint8Array } = {}): void => {
        if (ended) return;
        ended = true;
        this.#busy = false;
        work.client.complete({ tag: work.request.tag, status, ...more });
        if (!atOnce) this.#next();
      };
      const later = (): void => {
        ended = true;
        this.#busy = false;
      };
      try {
        this.#carryOut(work, end, later);
      } catch {
        // What a host throws is its own affair: to the program the device has failed.
        end(STATUS.device_failed);
      }
      atOnce = false;
    }
  }

  #carryOut(
    { client, request }: Work,
    end: (status: number, more?: { readonly argument?: bigint; readonly bytes?: Uint8Array }) => void,
    later: () => void,
  ): void {
    const host = this.#host;
    const { operation, tag, bytes, argument } = request;
    const { specs, start, stop, set, exception, state, ended, reset } = OPERATIONS.puc;
    if (!Object.values<number>(OPERATIONS.puc).includes(operation)) return end(STATUS.not_supported);
    if (bytes.length > 0) return end(STATUS.bad_request);
    if (operation === specs) return end(STATUS.ok, { bytes: specsOf(host) });

    const whole = operation === set ? argument & 0xffffffffn : argument;
    if (whole >= BigInt(host.count)) return end(STATUS.no_space);
    const pu = Number(whole);
    const finish: PuDone = (worked) => end(worked ? STATUS.ok : STATUS.device_failed);
    /** Stops the PU if it runs, then does what follows. */
    const stopped = (then: () => void): void => {
      if (!runs(host.state(pu))) return then();
      host.stop(pu, (worked) => {
        if (!worked) return end(STATUS.device_failed);
        this.#tell(pu);
        try {
          then();
        } catch {
          end(STATUS.device_failed);
        }
      });
    };
    const condition = host.state(pu);
    switch (operation) {
      case set: {
        const number = Number(argument >> 32n);
        const program = number === NO_PROGRAM ? undefined : number;
        if (program !== undefined && program >= host.programs) return end(STATUS.no_space);
        if (program !== undefined && program !== host.programOn(pu) && isOnAny(host, program)) return end(STATUS.bad_request);
        return stopped(() => (host.programOn(pu) === program ? end(STATUS.ok) : host.set(pu, program, finish)));
      }
      case start:
        if (condition.state === 'empty') return end(STATUS.no_space);
        return runs(condition) ? end(STATUS.ok) : host.start(pu, finish);
      case stop:
        return stopped(() => end(STATUS.ok));
      case reset:
        if (condition.state === 'empty') return end(STATUS.no_space);
        return stopped(() => host.reset(pu, finish));
      case exception:
        return end(STATUS.ok, { argument: condition.state === 'exception' ? BigInt(condition.detail) : 0n });
      case state:
        return end(STATUS.ok, { argument: argumentOf(condition) });
      case ended:
        if (!runs(condition)) return end(STATUS.ok, { argument: argumentOf(condition) });
        this.#waiters.push({ client, tag, pu });
        return later();
    }
  }

  /** Answers those who wait for a PU that runs no longer. */
  #tell(pu: number): void {
    const through = this.#waiters.filter((waiter) => waiter.pu === pu);
    this.#waiters = this.#waiters.filter((waiter) => waiter.pu !== pu);
    for (const { client, tag } of through) client.complete({ tag, ...this.#answerOf(pu) });
  }

  #answerOf(pu: number): { readonly status: number; readonly argument?: bigint } {
    try {
      return { status: STATUS.ok, argument: argumentOf(this.#host.state(pu)) };
    } catch {
      return { status: STATUS.device_failed };
    }
  }
}

function specsOf({ count, programs }: PuHost): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setUint32(0, count, true);
  bytes.setUint32(4, programs, true);
  return new Uint8Array(bytes.buffer);
}

function isOnAny(host: PuHost, program: number): boolean {
  for (let pu = 0; pu < host.count; pu++) if (host.programOn(pu) === program) return true;
  return false;
}

/** What `state` answers. */
function argumentOf({ state, detail }: PuCondition): bigint {
  return BigInt(PU_STATE[state]) | (BigInt.asUintN(32, BigInt(detail)) << 32n);
}

/** What a program of a mock does after it starts from its beginning. */
export interface ScriptedLife {
  /** Nanoseconds that it runs until it ends; for ever by default. */
  readonly runs?: bigint;
  /** Whether it waits while it runs; by default it computes. */
  readonly waits?: boolean;
  /** How it ends: by an exception with that trap code; by default it returns. */
  readonly trap?: number;
  /** What it returns; 0 by default. */
  readonly result?: number;
}

/** What a `PucMock` is made of. */
export interface PucMockConfig {
  /** Number of PUs, 1 by default. */
  readonly count?: number;
  /** For each program what it does the first time, the second time, and so on; the last entry counts for all later times. */
  readonly programs: readonly (readonly ScriptedLife[])[];
  /** What lets programs run, where other devices share it; by default one of its own. */
  readonly time?: VirtualTime;
}

interface ScriptedProgram {
  readonly lives: readonly ScriptedLife[];
  /** How often it began. */
  begun: number;
  /** Nanoseconds left of the life that is stopped; undefined at the beginning. */
  left: bigint | undefined;
  condition: PuCondition;
}

function checkLives(lives: readonly ScriptedLife[]): void {
  checkArray('programs', lives);
  for (const life of lives) {
    checkOptions('programs', life, ['runs', 'waits', 'trap', 'result']);
    const { runs: nanoseconds = 0n, waits = false, trap = 1, result = 0 } = life;
    checkBigint('runs', nanoseconds, 0n);
    checkBoolean('waits', waits);
    checkWhole('trap', trap, 1, 255);
    checkWhole('result', result, -(2 ** 31), 2 ** 31 - 1);
  }
}

const STOPPED: PuCondition = { state: 'stopped', detail: 0 };

/** A controller for tests: its programs run for as long as a script says. */
export class PucMock implements Device {
  readonly serves = { protocol: 'puc', version: 1 } as const;
  readonly time: VirtualTime;
  /** What the PUs were told to do, in order: `set 0 1` (or `set 0 none`), `start 0`, `stop 0`, `reset 0`. */
  readonly commands: string[] = [];
  readonly #programs: readonly ScriptedProgram[];
  readonly #placed: (number | undefined)[];
  /** For each PU that runs: when it began to, and what takes its end back. */
  readonly #running = new Map<number, { readonly since: bigint; readonly stop: () => void }>();
  readonly #driver: PucDriver;
  #ended: (pu: number) => void = () => {};

  /**
   * PUs without programs.
   * @throws TypeError or RangeError naming what is out of range
   */
  constructor(config: PucMockConfig) {
    checkOptions('config', config, ['count', 'programs', 'time']);
    const { count = 1, programs, time = new VirtualTime() } = config;
    checkWhole('count', count, 0, 2 ** 20);
    checkVirtualTime('time', time);
    checkArray('programs', programs);
    for (const lives of programs) checkLives(lives);
    this.time = time;
    this.#placed = Array.from({ length: count }, () => undefined);
    this.#programs = programs.map((lives) => ({ lives, begun: 0, left: undefined, condition: STOPPED }));
    this.#driver = new PucDriver(this.#host());
  }

  /** How a PU is. */
  state(pu: number): PuCondition {
    checkWhole('pu', pu, 0, this.#placed.length - 1);
    const placed = this.#placed[pu];
    return placed === undefined ? { state: 'empty', detail: 0 } : (this.#programs[placed] as ScriptedProgram).condition;
  }
  /** How many times a program was started from its beginning. */
  begun(program: number): number {
    checkWhole('program', program, 0, this.#programs.length - 1);
    return (this.#programs[program] as ScriptedProgram).begun;
  }

  open(client: Client): Session {
    return this.#driver.open(client);
  }

  #host(): PuHost {
    const on = (pu: number): ScriptedProgram => this.#programs[this.#placed[pu] as number] as ScriptedProgram;
    const command = (text: string, done: PuDone, act: () => void): void => {
      this.commands.push(text);
      act();
      done(true);
    };
    return {
      count: this.#placed.length,
      programs: this.#programs.length,
      set: (pu, program, done) =>
        command(`set ${pu} ${program ?? 'none'}`, done, () => {
          this.#placed[pu] = program;
        }),
      start: (pu, done) => command(`start ${pu}`, done, () => this.#start(pu, on(pu))),
      stop: (pu, done) => command(`stop ${pu}`, done, () => this.#stop(pu, on(pu))),
      reset: (pu, done) =>
        command(`reset ${pu}`, done, () => {
          on(pu).left = undefined;
          on(pu).condition = STOPPED;
        }),
      programOn: (pu) => this.#placed[pu],
      state: (pu) => this.state(pu),
      onEnded: (callback) => {
        this.#ended = callback;
      },
    };
  }

  #start(pu: number, program: ScriptedProgram): void {
    if (program.left === undefined) program.begun++;
    const life: ScriptedLife = program.lives[Math.min(program.begun, program.lives.length) - 1] ?? {};
    program.condition = { state: life.waits === true ? 'waiting' : 'computing', detail: 0 };
    const left = program.left ?? life.runs;
    program.left = left ?? 0n;
    const end = (): void => {
      this.#running.delete(pu);
      program.left = undefined;
      program.condition = life.trap === undefined ? { state: 'returned', detail: life.result ?? 0 } : { state: 'exception', detail: life.trap };
      this.#ended(pu);
    };
    this.#running.set(pu, { since: this.time.now(), stop: left === undefined || life.runs === undefined ? () => {} : this.time.after(left, end) });
  }

  #stop(pu: number, program: ScriptedProgram): void {
    const { since, stop } = this.#running.get(pu) as { readonly since: bigint; readonly stop: () => void };
    this.#running.delete(pu);
    stop();
    program.left = (program.left as bigint) - (this.time.now() - since);
    program.condition = STOPPED;
  }
}
