/**
 * Replay: one life of a PU again, alone, from a recording; to its end or by steps.
 *
 * Nothing is at its ports: what it sends goes nowhere, and what came then comes again at the same looks. A replay that comes to a look with
 * other fuel than the recording says, or to another state in the end, was not of this program.
 */
import {
  type CodePlace,
  type Device,
  type Engine,
  type FrameView,
  INTERPRETER,
  Machine,
  type Outcome,
  type Session,
  type VerifiedProgram,
} from '../vm/index.js';
import { argumentBytes } from './arguments.js';
import { Gate } from './gate.js';
import { type LifeEnd, type RecordedLife, stateOf } from './recording.js';

const NOWHERE: Session = { send: () => {}, cancel: () => {}, close: () => {} };
const NOTHING: Device = { open: () => NOWHERE };

/** How a replay stands. */
export type ReplayState =
  /** It can go on. */
  | { readonly kind: 'running' }
  /** It has come to where the recording ends, in the state that was recorded. */
  | { readonly kind: 'ended'; readonly end: LifeEnd }
  /** It went another way than the recording. */
  | { readonly kind: 'differs'; readonly message: string };

class Difference extends Error {}

/** A life of a PU that is lived again. */
export class Replay {
  readonly life: RecordedLife;
  readonly machine: Machine;
  readonly #gate = new Gate();
  #looks = 0;
  #batch = 0;
  #state: ReplayState = { kind: 'running' };
  #last: Outcome | undefined;

  /**
   * Back at the beginning.
   * @throws RangeError if the life is not possible for the program: memory, limits or words for it
   */
  constructor(life: RecordedLife, program: VerifiedProgram, engine: Engine = INTERPRETER) {
    this.life = life;
    const { memoryBytes, frameBytesMax } = life;
    const { ports } = program.program;
    const clients = ports.flatMap(({ name, side }, port) => (side === 'client' ? [[name, this.#gate.client(port, NOTHING)] as const] : []));
    const portLimits = Object.fromEntries(life.limits.map(({ port, ...limits }) => [port, limits]));
    this.machine = new Machine(program, { engine, memoryBytes, frameBytesMax, ports: Object.fromEntries(clients), portLimits, hold: () => this.#look() });
    const placed = argumentBytes(program.program, life.arguments);
    if (placed !== undefined) this.machine.memory.set(placed.bytes, placed.address);
    this.machine.start();
    ports.forEach(({ name, side }, port) => {
      if (side === 'server') this.#gate.server(port, this.machine.port(name));
    });
  }

  /** How it stands. */
  get state(): ReplayState {
    return this.#state;
  }
  /** How often the program has looked at its ports. */
  get looks(): number {
    return this.#looks;
  }
  /** Where it is, if it has not ended. */
  get place(): CodePlace | undefined {
    return this.machine.frames(1)[0];
  }
  /** The functions in progress, innermost first, with their registers. */
  get frames(): readonly FrameView[] {
    return this.machine.frames();
  }
  /** What the last run or step ended with. */
  get outcome(): Outcome | undefined {
    return this.#last;
  }

  /** @returns whether the program is to look later: the recording has ended */
  #look(): boolean {
    const { batches, end } = this.life;
    if (this.#looks === end.looks) return true;
    this.#looks++;
    const batch = batches[this.#batch];
    if (batch === undefined || batch.look !== this.#looks) return false;
    const { fuelUsed } = this.machine;
    if (batch.fuelUsed !== fuelUsed)
      throw new Difference(`look ${this.#looks} came with ${fuelUsed} units of fuel used; in the recording it was ${batch.fuelUsed}`);
    this.#batch++;
    try {
      for (const arrival of batch.arrivals) this.#gate.put(arrival);
    } catch (error) {
      if (error instanceof RangeError) throw new Difference(error.message);
      throw error;
    }
    return false;
  }

  /** Goes on to the end, or until so much fuel is used. */
  run(untilFuel: number = Number.POSITIVE_INFINITY): ReplayState {
    while (this.#state.kind === 'running') {
      const { fuelUsed } = this.machine;
      if (fuelUsed >= untilFuel) break;
      this.#advance(() => this.machine.run(Math.min(untilFuel, this.#fuelEnd()) - fuelUsed));
    }
    return this.#state;
  }
  /** Executes one instruction. */
  step(): ReplayState {
    if (this.#state.kind === 'running') {
      const isLast = this.#looks === this.life.end.looks && this.machine.fuelUsed >= this.#fuelEnd();
      this.#advance(() => (isLast ? this.machine.run(0) : this.machine.step()));
    }
    return this.#state;
  }

  /** Fuel at which the life ended; of a trap it is not known. */
  #fuelEnd(): number {
    const { kind, fuelUsed } = this.life.end;
    return kind === 'trapped' ? Number.POSITIVE_INFINITY : Math.max(fuelUsed, this.machine.fuelUsed);
  }

  #advance(go: () => Outcome): void {
    const { end } = this.life;
    try {
      const outcome = go();
      this.#last = outcome;
      // To look in vain once or a thousand times is the same.
      if (outcome.kind === 'waiting') this.#looks = (this.life.batches[this.#batch]?.look ?? end.looks + 1) - 1;
      const isEnd =
        outcome.kind === 'returned' ||
        outcome.kind === 'trapped' ||
        (outcome.kind === 'waiting' && this.#looks === end.looks) ||
        (outcome.kind === 'out_of_fuel' && end.kind !== 'trapped' && this.machine.fuelUsed >= end.fuelUsed);
      if (isEnd) this.#state = this.#compare(outcome);
    } catch (error) {
      if (!(error instanceof Difference)) throw error;
      this.#state = { kind: 'differs', message: error.message };
    }
  }

  #compare(outcome: Outcome): ReplayState {
    const { end } = this.life;
    const kind = outcome.kind === 'returned' || outcome.kind === 'trapped' ? outcome.kind : 'suspended';
    const differs = (message: string): ReplayState => ({ kind: 'differs', message });
    if (kind !== end.kind) return differs(`it ended ${kind}; in the recording it was ${end.kind}`);
    if (this.#looks !== end.looks) return differs(`it looked ${this.#looks} times; in the recording it was ${end.looks}`);
    const { fuelUsed } = this.machine;
    if (kind !== 'trapped' && fuelUsed !== end.fuelUsed) return differs(`it used ${fuelUsed} units of fuel; in the recording it was ${end.fuelUsed}`);
    if (stateOf(this.machine) !== end.state) return differs('it ended in another state than the recording says');
    return { kind: 'ended', end };
  }
}
