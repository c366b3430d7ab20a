/**
 * A program in virtual time: how far it may run, what time it is for it, when it sleeps and wakes.
 *
 * It computes ahead of the others, for nobody can see what it does in between: up to its next `wait` or `poll`, which is held until no
 * earlier event can arrive any more, or up to the next multiple of `STRIDE` units of fuel, where a stop, a restart and a trap take
 * effect. Neither the engine nor the size of slices has a part in this.
 */
import { type Engine, Machine, type Outcome, type PortLimits, type VerifiedProgram } from '../../vm/index.js';
import { argumentBytes } from '../arguments.js';
import { Gate } from '../gate.js';
import { type Link, ServerEnd } from './link.js';
import type { EventQueue } from './queue.js';

/** Fuel between two points at which a computing program can be stopped. */
export const STRIDE = 65_536;
const SECOND = 1e9;

/** What a player is made of. */
export interface PlayerSetting {
  readonly queue: EventQueue;
  /** Its number, for the order of equal times. */
  readonly actor: number;
  /** Full name. */
  readonly name: string;
  readonly program: VerifiedProgram;
  readonly memoryBytes: number;
  readonly frameBytesMax: number;
  /** Units of fuel in a second of virtual time. */
  readonly fuelPerSecond: number;
  readonly arguments: readonly string[];
  readonly portLimits: Readonly<Record<string, PortLimits>>;
  readonly engine: Engine;
  /** Most fuel of one run of the machine: of no consequence. */
  readonly sliceFuel: number;
  /** The program came to its end by itself. */
  readonly onEnd: (player: Player) => void;
  /** A new machine begins; what it is given may be watched. */
  readonly onBoot?: (player: Player, machine: Machine, gate: Gate) => void;
}

/** How a player is. `off`: there is no machine; `stopped`: it can go on. */
export type PlayerState = 'off' | 'stopped' | 'computing' | 'waiting' | 'returned' | 'trapped';

/** A program with its memory and its ports. */
export class Player {
  readonly name: string;
  /** @internal */
  readonly setting: PlayerSetting;
  /** Its client ports' links, by the port's name. @internal */
  readonly links = new Map<string, Link>();
  /** Its server ports. @internal */
  readonly ends = new Map<string, ServerEnd>();
  #machine: Machine | undefined;
  #gate = new Gate();
  #state: PlayerState = 'off';
  #outcome: Outcome | undefined;
  #waitsFor: readonly number[] = [];
  /** The time at which it last became runnable, and the fuel it had used then. */
  #baseTime = 0;
  #baseFuel = 0;
  #isRunning = false;
  /** Who wants to know that it has stopped. */
  readonly #pausing: (() => void)[] = [];
  readonly #traps: Outcome[] = [];
  /** The next turn begins with the `wait` or `poll` that was held. */
  #isDue = false;
  #heldAt = false;
  /** Turns of another number are no longer to be taken. */
  #turn = 0;
  /** Time of the last port instruction that did something. */
  #portTime = 0;
  /** Called when the state has changed. */
  onState: (() => void) | undefined;

  /** @internal */
  constructor(setting: PlayerSetting) {
    this.setting = setting;
    this.name = setting.name;
    for (const { name, side } of setting.program.program.ports) {
      if (side === 'server') this.ends.set(name, new ServerEnd(() => this.now));
    }
  }

  /** How it is now. */
  get state(): PlayerState {
    return this.#state;
  }
  /** How it ended, if it has. */
  get outcome(): Outcome | undefined {
    return this.#outcome;
  }
  /** Every trap of it, also those after which it began again. */
  get traps(): readonly Outcome[] {
    return this.#traps;
  }
  /** Names of the ports that it sleeps for. */
  get waitsFor(): readonly string[] {
    return this.#waitsFor.map((port) => this.setting.program.program.ports[port]?.name as string);
  }
  /** Whether it runs, or could go on. */
  get isUp(): boolean {
    return this.#state === 'computing' || this.#state === 'waiting' || this.#state === 'stopped';
  }
  /** The machine, unless it is off. */
  get machine(): Machine | undefined {
    return this.#machine;
  }
  /** The time that it is for the program. */
  get now(): number {
    if (!this.#isRunning) return this.setting.queue.now;
    this.#portTime = this.#timeOf(this.#machine?.fuelUsed ?? 0);
    return this.#portTime;
  }

  /** Begins, whatever was before: memory as the program lays it out, ports without a past. */
  boot(): void {
    this.halt();
    const { queue, program, memoryBytes, frameBytesMax, portLimits, engine } = this.setting;
    const gate = new Gate();
    this.#gate = gate;
    gate.onArrival = () => this.#wake();
    const { ports } = program.program;
    const wiring = Object.fromEntries(
      ports.flatMap(({ name }, port) => {
        const link = this.links.get(name);
        return link === undefined
          ? []
          : [
              [
                name,
                gate.client(
                  port,
                  link.device(() => gate.resets(port)),
                ),
              ],
            ];
      }),
    );
    const machine = new Machine(program, { engine, memoryBytes, frameBytesMax, ports: wiring, portLimits, hold: () => this.#hold(gate) });
    const placed = argumentBytes(program.program, this.setting.arguments);
    if (placed !== undefined) machine.memory.set(placed.bytes, placed.address);
    machine.start();
    this.#machine = machine;
    this.#outcome = undefined;
    this.#baseTime = this.#portTime = queue.now;
    this.#baseFuel = 0;
    this.#isDue = false;
    this.setting.onBoot?.(this, machine, gate);
    ports.forEach(({ name, side }, port) => {
      if (side === 'server') this.ends.get(name)?.up(gate.server(port, machine.port(name)));
    });
    this.#go(queue.now);
  }

  /** Is gone at once, and its sessions with it. What it did ahead of now it did not do. */
  halt(): void {
    if (this.isUp) this.#leave(this.setting.queue.now);
    this.#machine = undefined;
    this.#waitsFor = [];
    this.#outcome = undefined;
    this.#become('off');
    this.#paused();
  }

  /** Stops where it has got to. @param done called when it has, or has ended */
  pause(done: () => void): void {
    if (this.#state === 'waiting') {
      this.#turn++;
      this.#isDue = true;
      this.#become('stopped');
      return done();
    }
    this.#pausing.push(done);
  }
  /** Goes on from where it was stopped. */
  resume(): void {
    const { queue } = this.setting;
    this.#rebase(queue.now);
    this.#go(queue.now);
  }

  #leave(time: number): void {
    this.#turn++;
    this.#gate.onArrival = () => {};
    for (const link of this.links.values()) link.hangUp(time);
    for (const end of this.ends.values()) end.down(time);
  }
  #paused(): void {
    for (const done of this.#pausing.splice(0)) done();
  }
  #become(state: PlayerState): void {
    this.#state = state;
    this.onState?.();
  }

  #timeOf(fuel: number): number {
    const { fuelPerSecond } = this.setting;
    const used = fuel - this.#baseFuel;
    const product = used * SECOND;
    if (product <= Number.MAX_SAFE_INTEGER) return this.#baseTime + Math.floor(product / fuelPerSecond);
    return this.#baseTime + Number((BigInt(used) * BigInt(SECOND)) / BigInt(fuelPerSecond));
  }
  #rebase(time: number): void {
    this.#baseTime = time;
    this.#baseFuel = this.#machine?.fuelUsed ?? 0;
  }

  #go(time: number): void {
    const turn = ++this.#turn;
    this.#waitsFor = [];
    this.#become('computing');
    this.setting.queue.schedule(time, this.setting.actor, () => {
      if (turn !== this.#turn) return;
      if (this.#pausing.length === 0) return this.#play();
      this.#become('stopped');
      this.#paused();
    });
  }
  #wake(): void {
    if (this.#state !== 'waiting') return;
    const { queue } = this.setting;
    this.#rebase(queue.now);
    this.#isDue = true;
    this.#go(queue.now);
  }

  #hold(gate: Gate): boolean {
    if (this.#isDue) {
      this.#isDue = false;
      gate.admit();
      return false;
    }
    this.#heldAt = true;
    return true;
  }

  /** Runs as far as can be. */
  #play(): void {
    const machine = this.#machine as Machine;
    const { sliceFuel } = this.setting;
    const end = (Math.floor(machine.fuelUsed / STRIDE) + 1) * STRIDE;
    for (;;) {
      this.#heldAt = false;
      this.#isRunning = true;
      const outcome = machine.run(Math.min(sliceFuel, end - machine.fuelUsed));
      this.#isRunning = false;
      const { fuelUsed } = machine;
      switch (outcome.kind) {
        case 'out_of_fuel':
          if (fuelUsed < end) continue;
          return this.#go(this.#timeOf(fuelUsed));
        case 'waiting':
          if (this.#heldAt) {
            this.#isDue = true;
            return this.#go(this.#timeOf(fuelUsed));
          }
          this.#waitsFor = outcome.ports;
          this.#become('waiting');
          if (this.#gate.hasArrivals) this.#wake();
          return;
        case 'returned':
          return this.#finish(outcome, this.#timeOf(fuelUsed));
        case 'trapped':
          // The fuel at a trap is not observable: it shows at the end of the stride.
          return this.#finish(outcome, Math.max(this.#timeOf(end), this.#portTime));
        default:
          throw new Error(`nobody asked for a run to end as ${outcome.kind}`);
      }
    }
  }

  #finish(outcome: Outcome, time: number): void {
    const turn = ++this.#turn;
    this.setting.queue.schedule(time, this.setting.actor, () => {
      if (turn !== this.#turn) return;
      this.#outcome = outcome;
      this.#leave(time);
      if (outcome.kind === 'trapped') this.#traps.push(outcome);
      this.#become(outcome.kind === 'trapped' ? 'trapped' : 'returned');
      this.#paused();
      this.setting.onEnd(this);
    });
  }
}
