/**
 * The machine: one PU as an embedder holds it. It loads a verified program, runs it within limits, and lets it be looked at, stopped, saved and restored.
 *
 * It drives an engine and is the one door between a program and its ports. A program's faults are outcomes; wrong use by the embedder
 * throws a TypeError or RangeError at once. No clock, no randomness, nothing of the host but what the embedder wired to a port.
 */
import { BYTES_PER_FUEL, PAGE_BYTES, type Effect, type TrapKind, type Value, type ValueType } from '../isa-spec/index.js';
import { check64, checkArray, checkBytes, checkFunction, checkMethods, checkOptions, checkString, checkWhole, isBytes, shown } from './arguments/index.js';
import { decodedFunction } from './decoded.js';
import { FRAME_BYTES_LIMIT, FrameStack, frameWords, WORDS } from './frames.js';
import { INTERPRETER } from './interpreter/interpreter.js';
import { BACKTRACE_MAX, placeOf, type CodePlace, type FrameView, type Outcome } from './outcome.js';
import type { Device } from './ports/device.js';
import { IN_FLIGHT_BYTES_DEFAULT, Ports, PortsRefusal, type PortLimits } from './ports/ports.js';
import { evaluate, readRegister, step, writeRegister } from './reference.js';
import { decodeSnapshot, encodeSnapshot, type Progress, type SnapshotRejection } from './snapshot.js';
import { charge, type Engine, type Exit, type State } from './state.js';
import { isVerified, type VerifiedProgram } from './verify.js';

/** What an embedder may choose. */
export interface MachineOptions {
  /** What executes the program; the interpreter by default. Every engine gives the same results. */
  readonly engine?: Engine;
  /** Bytes of memory: a multiple of 65,536 between the program's least, which is the default, and its most. */
  readonly memoryBytes?: number;
  /** Limit of all frames together, in bytes, 16 MiB by default. A call beyond it traps `frame_overflow`. */
  readonly frameBytesMax?: number;
  /** What each client port is wired to, by the port's name. Every client port must be wired. */
  readonly ports?: Readonly<Record<string, Device>>;
  /** Limits in force of ports, by name, where they are to be lower than the program's. */
  readonly portLimits?: Readonly<Record<string, PortLimits>>;
  /**
   * Most bytes that the requests and answers of all client ports together may hold outside of the program's memory; 256 MiB by default. It is compared
   * with the ports' depths times message sizes, the limits in force, when the machine is made.
   */
  readonly inFlightBytesMax?: number;
  /** Asked before each `wait` and `poll`: true suspends the program there, nothing done, and the run ends as waiting; the next one asks again. */
  readonly hold?: () => boolean;
}

type PortEffect = Extract<Effect, { kind: 'bell' | 'wait' | 'poll' }>;

const OPTION_NAMES = Object.keys({
  engine: true,
  memoryBytes: true,
  frameBytesMax: true,
  ports: true,
  portLimits: true,
  inFlightBytesMax: true,
  hold: true,
} satisfies Record<keyof MachineOptions, true>);

/** Frame limit where none is given. */
export const FRAME_BYTES_DEFAULT = 2 ** 24;
/** Bytes of memory from which a reset makes it anew. */
const REPLACED_BYTES_MIN = 2 ** 24;
/** The largest grant that is counted; more is without limit. */
const UNLIMITED = Number.MAX_SAFE_INTEGER;

/** A program on a PU. */
export class Machine {
  /** The program. */
  readonly program: VerifiedProgram;
  readonly #engine: Engine;
  readonly #state: State;
  readonly #ports: Ports;
  readonly #hold: (() => boolean) | undefined;
  #onNews: (() => void) | undefined;
  readonly #breakpoints = new Map<number, Set<number>>();
  #progress: Exclude<Progress, { kind: 'suspended' }> | { readonly kind: 'suspended'; readonly entry: number } = { kind: 'ready' };
  /** Fuel that finished runs took from their grants. */
  #spent = 0;
  /** The grant of the run in progress. */
  #grant = 0;
  /** The last run ended before the instruction in progress for a debugger's sake: its breakpoint has been seen. */
  #stopSeen = false;
  /** A run is in progress: a device that calls back must not find a machine that changes under it. */
  #isBusy = false;

  /**
   * Lays out memory and wires the ports.
   * @throws TypeError if the program is not verified, an option is unknown or not of its type, or a client port is not wired
   * @throws RangeError if a limit is not possible for the program, or the host has not enough memory
   * @throws what the `open` of a device threw
   */
  constructor(program: VerifiedProgram, options: MachineOptions = {}) {
    if (!isVerified(program)) throw new TypeError('program: a VerifiedProgram is needed; verify() makes one');
    checkOptions('options', options, OPTION_NAMES);
    const { pagesMin, pagesMax } = program.program.memory;
    const { engine = INTERPRETER, memoryBytes = pagesMin * PAGE_BYTES, frameBytesMax = FRAME_BYTES_DEFAULT, hold } = options;
    const { ports: wiring = {}, portLimits: limits = {}, inFlightBytesMax = IN_FLIGHT_BYTES_DEFAULT } = options;
    checkMethods('engine', engine, ['run'], 'an Engine');
    if (engine.memory !== undefined) checkFunction('engine.memory', engine.memory);
    checkWhole('memoryBytes', memoryBytes, pagesMin * PAGE_BYTES, pagesMax * PAGE_BYTES);
    if (memoryBytes % PAGE_BYTES !== 0) throw new RangeError(`memoryBytes: ${memoryBytes}; a multiple of ${PAGE_BYTES} is needed`);
    checkWhole('frameBytesMax', frameBytesMax, 0, FRAME_BYTES_LIMIT);
    if (hold !== undefined) checkFunction('hold', hold);
    this.program = program;
    this.#engine = engine;
    this.#hold = hold;
    const memory = this.#makeMemory(memoryBytes);
    this.#state = {
      program,
      frames: new FrameStack(frameBytesMax),
      memory,
      view: new DataView(memory.buffer, memory.byteOffset, memory.length),
      fuel: 0,
      debt: 0,
      trap: undefined,
      breakpoints: undefined,
    };
    this.#ports = new Ports({
      declarations: program.program.ports,
      memory,
      wiring,
      limits,
      inFlightBytesMax,
      onNews: () => this.#onNews?.(),
    });
    this.#layOut();
    try {
      this.#ports.rethrow();
    } catch (error) {
      this.#ports.detach();
      throw error;
    }
  }

  /**
   * Called when something arrived for a port, from inside whatever delivered it: a waiting machine may then go on. Do not run it from here. What it
   * throws is thrown by the next `run` or `step` instead.
   */
  get onNews(): (() => void) | undefined {
    return this.#onNews;
  }
  /** Sets who is called. @throws TypeError if it is no function */
  set onNews(call: (() => void) | undefined) {
    if (call !== undefined) checkFunction('onNews', call);
    this.#onNews = call;
  }

  /** The guest's memory, address 0 first. Take it anew after each run: it may have moved. */
  get memory(): Uint8Array {
    return this.#state.memory;
  }
  /**
   * Units of fuel charged since the machine was made or reset; exact for a device that is called by a run, too. After a trap it tells nothing: what is charged
   * in a run that traps is not observable, and a `memory_access` in compiled code may leave it as it was when that code was entered.
   */
  get fuelUsed(): number {
    const running = this.#isBusy ? this.#grant - this.#state.fuel : 0;
    return Math.min(this.#spent + running + this.#state.debt, UNLIMITED);
  }
  /** How far the program is. `suspended`: started, and another run goes on. */
  get progress(): 'ready' | 'suspended' | 'returned' | 'trapped' {
    return this.#progress.kind;
  }

  /** The host's end of a server port: a device to which a client port may be wired. @throws TypeError if there is no such server port */
  port(name: string): Device {
    checkString('name', name);
    return this.#ports.device(name);
  }

  /**
   * Takes the PU off its links: devices see their client go, clients of its servers complete with `peer_reset`, and what they send from now on
   * with `device_failed`. Memory and registers can still be looked at; `reset` and `restore` bring the links back.
   * @throws what devices threw, when all is done
   */
  detach(): void {
    this.#alone('detach', () => this.#ports.detach());
    this.#ports.rethrow();
  }

  /**
   * Back to the beginning: memory as the program lays it out, ports as after wiring, no fuel used. Peers see that the PU restarted.
   * @throws TypeError from a device or onNews that the machine has called
   * @throws what devices threw, when all is done
   */
  reset(): void {
    this.#alone('reset', () => {
      this.#ports.detach();
      // Large memory is made anew: filling it would touch pages that the program never did.
      if (this.#state.memory.length < REPLACED_BYTES_MIN) this.#state.memory.fill(0);
      else this.#setMemory(this.#makeMemory(this.#state.memory.length));
      this.#state.debt = this.#spent = 0;
      this.#progress = { kind: 'ready' };
      this.#stopSeen = false;
      this.#layOut();
    });
    this.#ports.rethrow();
  }

  #makeMemory(bytes: number): Uint8Array {
    const memory = this.#engine.memory?.(bytes) ?? new Uint8Array(bytes);
    if (!isBytes(memory) || memory.length !== bytes) throw new TypeError(`engine.memory: gave ${shown(memory)}; a Uint8Array of ${bytes} bytes is needed`);
    return memory;
  }
  /** Does something that devices are called by and during which they must not call the machine. */
  #alone<T>(method: string, work: () => T): T {
    this.#checkIdle(method);
    // No run is in progress, so none has used fuel.
    this.#grant = this.#state.fuel = 0;
    this.#isBusy = true;
    try {
      return work();
    } finally {
      this.#isBusy = false;
    }
  }
  #setMemory(memory: Uint8Array): void {
    this.#state.memory = this.#ports.memory = memory;
    this.#state.view = new DataView(memory.buffer, memory.byteOffset, memory.length);
  }

  #layOut(): void {
    for (const { address, bytes } of this.program.program.data) this.#state.memory.set(bytes, address);
    this.#ports.initialise();
  }

  /**
   * Makes a function ready to run.
   * @param name an export of the program
   * @param values its parameters: numbers for i32 and f64, bigints for i64
   * @throws RangeError if there is no such export or a value is out of range
   * @throws TypeError if the values are not those that the function takes, or a function is running or trapped (reset first)
   */
  start(name = 'main', values: readonly Value[] = []): void {
    this.#checkIdle('start');
    checkString('name', name);
    checkArray('values', values);
    const { exports } = this.program.program;
    const index = exports.find((entry) => entry.name === name)?.function;
    if (index === undefined)
      throw new RangeError(`name: no export ${JSON.stringify(name)}; there are ${exports.map((entry) => entry.name).join(', ') || 'none'}`);
    if (this.#progress.kind === 'suspended' || this.#progress.kind === 'trapped')
      throw new TypeError(`start: the program is ${this.#progress.kind}; reset() it first`);
    const { parameters } = this.program.signatureOf(index);
    if (values.length !== parameters.length) throw new TypeError(`values: ${name} takes ${parameters.length} values, not ${values.length}`);
    const checked = parameters.map((type, position) => checkValue(type, values[position] as Value, `values[${position}]`));
    const { frames } = this.#state;
    this.#stopSeen = false;
    if (!frames.enter(index, frameWords(this.program.registersOf(index).length))) {
      this.#progress = { kind: 'trapped', function: index, trap: 'frame_overflow' };
      return;
    }
    parameters.forEach((type, position) => writeRegister(frames.fp, position, type, checked[position] as Value));
    this.#progress = { kind: 'suspended', entry: index };
  }

  /**
   * Runs until the program returns, traps, waits, meets a breakpoint, or has used the grant.
   * @param fuel the grant in units, without limit by default; what it owes from before is paid first, what is left at the end is not kept
   * @throws RangeError if the grant is not a whole number from 0 on
   * @throws TypeError if no function was started, or from a device that is called by this run
   * @throws what a device threw (see `Device`); another run goes on
   */
  run(fuel: number = Infinity): Outcome {
    if (fuel !== Infinity) checkWhole('fuel', fuel, 0, UNLIMITED);
    const ended = this.#ended('run');
    if (ended !== undefined) return ended;
    return this.#granted(fuel, () => {
      if (this.#stopSeen && this.#isBreakpoint()) {
        const outcome = this.#execute();
        if (outcome !== undefined) return outcome;
      }
      for (;;) {
        const exit = this.#engine.run(this.#state);
        if (this.#ports.memory !== this.#state.memory) this.#ports.memory = this.#state.memory;
        const outcome = this.#after(exit);
        if (outcome !== undefined) return outcome;
      }
    });
  }

  /** Executes one instruction, breakpoint or not. @throws TypeError if no function was started, and what a device threw */
  step(): Outcome {
    const ended = this.#ended('step');
    if (ended !== undefined) return ended;
    return this.#granted(Infinity, () => this.#execute() ?? { kind: 'stepped', ...this.#place() });
  }

  /** The outcome of a program that has trapped. */
  #ended(method: string): Outcome | undefined {
    this.#checkIdle(method);
    const progress = this.#progress;
    if (progress.kind === 'trapped') return { kind: 'trapped', trap: progress.trap, backtrace: [], depth: 0, ...placeOf(this.program, progress.function, 0) };
    if (progress.kind !== 'suspended') throw new TypeError(`${method}: the program is ${progress.kind}; start() a function first`);
    return undefined;
  }

  #checkIdle(method: string): void {
    if (this.#isBusy) throw new TypeError(`${method}: the machine is running; a device or onNews must not call it from there`);
  }

  #granted(fuel: number, run: () => Outcome): Outcome {
    this.#ports.rethrow();
    const state = this.#state;
    const grant = Math.min(fuel, UNLIMITED);
    const paid = Math.min(state.debt, grant);
    state.debt -= paid;
    state.fuel = grant - paid;
    this.#grant = grant;
    state.frames.moveIn();
    let stopSeen = false;
    this.#isBusy = true;
    try {
      const outcome = run();
      stopSeen = outcome.kind === 'breakpoint' || outcome.kind === 'stepped';
      return outcome;
    } finally {
      this.#isBusy = false;
      this.#spent += grant - state.fuel;
      this.#stopSeen = stopSeen;
    }
  }

  /** One instruction by the reference evaluator. @returns an outcome, or undefined to go on */
  #execute(): Outcome | undefined {
    this.#state.frames.moveIn();
    const exit = step(this.#state);
    return exit === undefined ? undefined : this.#after(exit);
  }

  /** What an engine left to do. @returns an outcome, or undefined to go on */
  #after(exit: Exit): Outcome | undefined {
    switch (exit) {
      case 'fuel':
        return { kind: 'out_of_fuel' };
      case 'breakpoint':
        return { kind: 'breakpoint', ...this.#place() };
      case 'returned':
        return this.#returned();
      case 'trapped':
        return this.#trapped(this.#state.trap as TrapKind);
      case 'port':
        return this.#port();
      default:
        exit satisfies never;
        throw new TypeError(`engine.run: gave ${shown(exit)}; an Exit is needed`);
    }
  }

  #returned(): Outcome {
    const { entry } = this.#progress as { readonly entry: number };
    const { fp } = this.#state.frames;
    const { results } = this.program.signatureOf(entry);
    this.#progress = { kind: 'returned', function: entry, results: WORDS.slice(fp, fp + 2 * results.length) };
    return { kind: 'returned', values: results.map((type, index) => readRegister(fp, index, type)) };
  }

  #trapped(trap: TrapKind): Outcome {
    const place = this.#place();
    const { places, depth } = this.#backtrace();
    this.#progress = { kind: 'trapped', function: place.function, trap };
    return { kind: 'trapped', trap, backtrace: places, depth, ...place };
  }

  /** Executes the port instruction in progress. */
  #port(): Outcome | undefined {
    const { frames, program } = this.#state;
    const instruction = decodedFunction(program, frames.function).at(frames.pc);
    const effect = instruction.row.does[0] as PortEffect;
    let bytes: number;
    if (effect.kind === 'bell') {
      const number = (evaluate(this.#state, instruction, effect.port) as number) >>> 0;
      if (number >= program.program.ports.length) return this.#trapped('undeclared_port');
      bytes = this.#ports.bell(number).bytes;
    } else {
      const mask = BigInt.asUintN(64, evaluate(this.#state, instruction, effect.mask) as bigint);
      if ((mask & ~this.#ports.declared) !== 0n) return this.#trapped('undeclared_port');
      if (this.#hold?.() === true) return { kind: 'waiting', ports: portsOf(mask) };
      const found = this.#ports.poll(mask);
      // A device may have run another machine, whose frames took this one's place in the arena.
      frames.moveIn();
      if (effect.kind === 'wait' && found.ready === 0n) {
        this.#ports.rethrow();
        return { kind: 'waiting', ports: portsOf(mask) };
      }
      const to = instruction.row.operands.findIndex(({ name }) => name === effect.to);
      writeRegister(frames.fp, instruction.operands[to] as number, 'i64', BigInt.asIntN(64, found.ready));
      bytes = found.bytes;
    }
    charge(this.#state, Math.ceil(bytes / BYTES_PER_FUEL));
    frames.pc += instruction.words;
    this.#ports.rethrow();
    return undefined;
  }

  #place(): CodePlace {
    return placeOf(this.program, this.#state.frames.function, this.#state.frames.pc);
  }
  #isBreakpoint(): boolean {
    const { frames } = this.#state;
    return this.#breakpoints.get(frames.function)?.has(frames.pc) === true;
  }

  /** Calls `visit` for each frame, innermost first, until it returns false. */
  #walk(visit: (index: number, pc: number, words: Int32Array, start: number) => boolean): void {
    const words = this.#state.frames.copy();
    for (let end = words.length; end > 0; ) {
      const index = words[end - 2] as number;
      const start = end - frameWords(this.program.registersOf(index).length);
      if (!visit(index, words[end - 1] as number, words, start)) return;
      end = start;
    }
  }
  #backtrace(): { readonly places: CodePlace[]; readonly depth: number } {
    const places: CodePlace[] = [];
    let depth = 0;
    this.#walk((index, pc) => {
      if (depth++ < BACKTRACE_MAX) places.push(placeOf(this.program, index, pc));
      return true;
    });
    return { places, depth };
  }

  /** The functions in progress, innermost first; none unless the program is suspended. Values of registers that are dead are of no meaning. */
  frames(most: number = BACKTRACE_MAX): FrameView[] {
    if (most !== Infinity) checkWhole('most', most, 0, Number.MAX_SAFE_INTEGER);
    if (this.#progress.kind !== 'suspended') return [];
    const found: FrameView[] = [];
    const { debug } = this.program.program;
    this.#walk((index, pc, words, start) => {
      if (found.length >= most) return false;
      const view = new DataView(words.buffer, start * 4);
      const registers = this.program.registersOf(index).map((type, register) => ({
        name: debug?.registers[index]?.[register] ?? '',
        type,
        value: valueAt(view, register * 8, type),
      }));
      found.push({ ...placeOf(this.program, index, pc), registers });
      return true;
    });
    return found;
  }

  /** Stops runs before an instruction. @throws RangeError if no instruction begins there */
  addBreakpoint(index: number, pc: number): void {
    this.#checkPlace(index, pc);
    const places = this.#breakpoints.get(index) ?? new Set();
    this.#breakpoints.set(index, places.add(pc));
    this.#setBreakpoints();
  }
  /** Takes a breakpoint away; no harm if there is none. @throws RangeError if no instruction begins there */
  removeBreakpoint(index: number, pc: number): void {
    this.#checkPlace(index, pc);
    this.#breakpoints.get(index)?.delete(pc);
    if (this.#breakpoints.get(index)?.size === 0) this.#breakpoints.delete(index);
    this.#setBreakpoints();
  }
  #checkPlace(index: number, pc: number): void {
    checkWhole('index', index, 0, this.program.program.functions.length - 1);
    checkWhole('pc', pc, 0, Number.MAX_SAFE_INTEGER);
    decodedFunction(this.program, index).at(pc);
  }
  #setBreakpoints(): void {
    this.#state.breakpoints = this.#breakpoints.size === 0 ? undefined : { places: new Map(this.#breakpoints) };
  }

  /** The whole state as bytes, canonical: the same whatever engine ran. */
  snapshot(): Uint8Array {
    this.#checkIdle('snapshot');
    const progress = this.#progress;
    return encodeSnapshot(this.program, {
      memory: this.#state.memory,
      frameBytesMax: this.#state.frames.bytesMax,
      fuelUsed: this.fuelUsed,
      debt: this.#state.debt,
      progress: progress.kind === 'suspended' ? { kind: 'suspended', frames: this.#state.frames.copy() } : progress,
      ports: this.#ports.snapshot(),
    });
  }

  /**
   * Takes over the state that `snapshot` gave, from a machine of the same program, memory size and limits. The ports stay wired as they are:
   * what was outstanding completes with `peer_reset`.
   * @throws what devices threw, when all is done
   * @returns undefined, or why the bytes were refused; then nothing has changed
   */
  restore(bytes: Uint8Array): SnapshotRejection | undefined {
    checkBytes('bytes', bytes);
    const rejection = this.#alone('restore', () => this.#restore(bytes));
    this.#ports.rethrow();
    return rejection;
  }
  #restore(bytes: Uint8Array): SnapshotRejection | undefined {
    const { frames, memory } = this.#state;
    const found = decodeSnapshot(this.program, bytes, { memoryBytes: memory.length, frameBytesMax: frames.bytesMax });
    if ('rejection' in found) return found.rejection;
    const { contents } = found;
    try {
      this.#ports.restore(contents.ports);
    } catch (error) {
      if (error instanceof PortsRefusal) return { rule: 'snapshot_ports', message: error.message };
      throw error;
    }
    memory.set(contents.memory);
    this.#state.debt = contents.debt;
    this.#spent = contents.fuelUsed - contents.debt;
    this.#stopSeen = false;
    const { progress } = contents;
    if (progress.kind === 'suspended') {
      const { length } = progress.frames;
      const innermost = this.program.registersOf(progress.frames[length - 2] as number);
      frames.replace(progress.frames, frameWords(innermost.length));
      this.#progress = { kind: 'suspended', entry: this.#outermost() };
    } else {
      this.#progress = progress;
    }
    return undefined;
  }
  #outermost(): number {
    let found = 0;
    this.#walk((index) => {
      found = index;
      return true;
    });
    return found;
  }
}

function checkValue(type: ValueType, value: Value, what: string): Value {
  switch (type) {
    case 'i32':
      if (typeof value !== 'number') throw new TypeError(`${what}: a number is needed for i32`);
      if (!Number.isInteger(value) || value < -(2 ** 31) || value >= 2 ** 32) throw new RangeError(`${what}: ${value} is no 32-bit integer`);
      return value | 0;
    case 'i64':
      check64(what, value);
      return BigInt.asIntN(64, value);
    case 'f64':
      if (typeof value !== 'number') throw new TypeError(`${what}: a number is needed for f64`);
      return value;
    default:
      return type satisfies never;
  }
}

function valueAt(view: DataView, at: number, type: ValueType): Value {
  switch (type) {
    case 'i32':
      return view.getInt32(at, true);
    case 'i64':
      return view.getBigInt64(at, true);
    case 'f64':
      return view.getFloat64(at, true);
    default:
      return type satisfies never;
  }
}

function portsOf(mask: bigint): number[] {
  const found: number[] = [];
  // By halves, without a bigint for each bit: a simulation asks at every look of a program that polls.
  for (const from of [0, 32]) {
    let half = Number((mask >> BigInt(from)) & 0xffffffffn);
    for (let port = from; half !== 0; port++, half >>>= 1) if ((half & 1) === 1) found.push(port);
  }
  return found;
}
