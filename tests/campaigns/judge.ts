/**
 * Runs one draft on every engine, which must agree on everything that the specification makes observable.
 *
 * A draft runs on the reference in one grant; that is what all others are held to: each other engine in one grant, one of them in
 * slices, and now and then both up to a cut, where their snapshots must be the same bytes and each goes on from the other's, or both
 * step by step. Compared are outcome, values bit by bit, trap, pc, backtrace, memory, fuel and port traffic. An exception of the host is a
 * difference like any other: no program may cause one.
 */
import type { Value } from '../../isa-spec/index.js';
import { createJit } from '../../jit/index.js';
import { INTERPRETER, Machine, REFERENCE, verify, type Engine, type Outcome, type VerifiedProgram } from '../../vm/index.js';
import { build, type Built, type Draft } from './draft.js';
import { wire, type Wiring } from './mock-ports.js';
import type { Random } from './random.js';

/** The engines that are held to the reference, by name. */
export const ENGINES: Readonly<Record<string, Engine>> = {
  interpreter: INTERPRETER,
  /** Compiles everything before it runs. */
  jit: createJit({ compile: 'all' }),
  /** Runs in the interpreter until anything looks hot, which is at once. */
  'jit-hot': createJit({ compile: 'hot', sampleFuel: 1, samples: 1 }),
};
/** Compiling takes most of the time of a short program: the share of programs that each compiling engine runs. */
const COMPILED_SHARE = 0.02;

/** The engines for one program where none is asked for: the interpreter, now and then another. */
export function someEngines(random: Random): readonly Engine[] {
  return Object.values(ENGINES).filter((engine) => engine === INTERPRETER || random.chance(COMPILED_SHARE));
}

const STEPS_MAX = 60;

const showValue = (value: Value): string => (typeof value === 'bigint' ? `${value}n` : Object.is(value, -0) ? '-0' : String(value));

function showOutcome(outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'never ran';
  switch (outcome.kind) {
    case 'returned':
      return `returned ${outcome.values.map(showValue).join(', ')}`;
    case 'trapped':
      return `trapped ${outcome.trap} in function ${outcome.function} at word ${outcome.pc}; frames ${outcome.backtrace.map((frame) => `${frame.function}:${frame.pc}`).join(' ')}`;
    case 'waiting':
      return `waiting for ${outcome.ports.join(', ')}`;
    default:
      return outcome.kind;
  }
}

const showObservable = (outcome: Outcome | undefined): string =>
  outcome?.kind === 'trapped' ? `trapped ${outcome.trap} in function ${outcome.function}` : showOutcome(outcome);

/** One program in one machine, run until it is over or its fuel is used up. */
class Subject {
  readonly machine: Machine;
  readonly isCompiled: boolean;
  outcome: Outcome | undefined;
  readonly #draft: Draft;
  readonly #wiring: Wiring;
  /** Fuel of the whole run that was not granted yet, and what was charged beyond the grants so far. */
  #left: number;
  #debt = 0;

  constructor(program: VerifiedProgram, draft: Draft, engine: Engine) {
    this.isCompiled = engine !== REFERENCE && engine !== INTERPRETER;
    this.#draft = draft;
    this.#wiring = wire(draft.ports, draft.deviceSeed);
    this.machine = new Machine(program, {
      engine,
      ports: this.#wiring.devices,
      ...(draft.memoryBytes === undefined ? {} : { memoryBytes: draft.memoryBytes }),
      ...(draft.frameBytesMax === undefined ? {} : { frameBytesMax: draft.frameBytesMax }),
    });
    this.#wiring.attach(this.machine);
    this.machine.start('main', draft.values);
    this.#left = draft.fuel;
  }

  /** From the beginning on the same machine. Not with ports: their far ends can't begin anew. */
  again(): this {
    this.machine.reset();
    this.machine.start('main', this.#draft.values);
    this.outcome = undefined;
    this.#left = this.#draft.fuel;
    this.#debt = 0;
    return this;
  }

  /** Grants `slice` units at a time, at most `grants` times. */
  go(slice = Infinity, grants = Infinity): this {
    for (let turn = 0; turn < grants; turn++) {
      const grant = Math.min(slice, this.#left);
      const before = this.machine.fuelUsed;
      this.outcome = this.machine.run(grant);
      const balance = grant - this.#debt - (this.machine.fuelUsed - before);
      this.#debt = Math.max(-balance, 0);
      this.#left -= grant - Math.max(balance, 0);
      if (this.outcome.kind === 'waiting') {
        if (!this.#wiring.pump()) break;
      } else if (this.outcome.kind !== 'out_of_fuel' || this.#left === 0) break;
    }
    return this;
  }

  /** Takes over where another machine was snapshotted. */
  continueFrom(other: Subject, snapshot: Uint8Array): this {
    const rejection = this.machine.restore(snapshot);
    if (rejection !== undefined) throw new Error(`a snapshot was refused: ${rejection.rule}: ${rejection.message}`);
    this.#left = other.#left;
    this.#debt = other.#debt;
    this.outcome = other.outcome;
    return this.isOver ? this : this.go();
  }

  get isOver(): boolean {
    return this.outcome?.kind === 'returned' || this.outcome?.kind === 'trapped';
  }

  get traffic(): readonly string[] {
    return this.#wiring.log;
  }
}

/** Two engines, or two ways of running, that do not agree. */
export interface Difference {
  readonly what: string;
  readonly wanted: string;
  readonly found: string;
}

const buffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);

function compareBytes(what: string, wanted: Uint8Array, found: Uint8Array): Difference | undefined {
  if (buffer(wanted).equals(buffer(found))) return undefined;
  let at = 0;
  while (wanted[at] === found[at]) at++;
  const show = (bytes: Uint8Array): string => `${buffer(bytes.subarray(at & ~7, (at & ~7) + 24)).toString('hex')} (${bytes.length} bytes)`;
  return { what: `${what} at ${at & ~7}`, wanted: show(wanted), found: show(found) };
}

function compare(what: string, wanted: Subject, found: Subject): Difference | undefined {
  // After a trap in the host's own code, only what the specification makes observable is sure to be there.
  const inHost = [wanted, found].some(({ isCompiled, outcome }) => isCompiled && outcome?.kind === 'trapped' && outcome.trap === 'memory_access');
  const show = inHost ? showObservable : showOutcome;
  const pairs: (readonly [string, string | number | boolean, string | number | boolean])[] = [
    ['outcome', show(wanted.outcome), show(found.outcome)],
    ['fuel', inHost || wanted.machine.fuelUsed, inHost || found.machine.fuelUsed],
    ['traffic', wanted.traffic.join('\n'), found.traffic.join('\n')],
  ];
  for (const [part, left, right] of pairs) if (left !== right) return { what: `${what}: ${part}`, wanted: String(left), found: String(right) };
  return compareBytes(`${what}: memory`, wanted.machine.memory, found.machine.memory);
}

/** Both engines up to the same cut, then each goes on from the other's snapshot. */
function compareCrossing(program: VerifiedProgram, draft: Draft, engine: Engine, whole: Subject, random: Random): Difference | undefined {
  const cut = random.below(draft.fuel + 1);
  const [left, right] = [new Subject(program, draft, REFERENCE).go(cut, 1), new Subject(program, draft, engine).go(cut, 1)];
  const what = `${engine.name} and reference cut after ${cut}`;
  const [leftSnapshot, rightSnapshot] = [left.machine.snapshot(), right.machine.snapshot()];
  const different = compare(what, left, right) ?? compareBytes(`${what}: snapshot`, leftSnapshot, rightSnapshot);
  if (different !== undefined) return different;
  const wanted = new Subject(program, draft, REFERENCE).continueFrom(right, rightSnapshot);
  const found = new Subject(program, draft, engine).continueFrom(left, leftSnapshot);
  // A snapshot of a trapped program holds no fuel.
  if (left.isOver) return compareBytes(`${what}: memory restored`, left.machine.memory, found.machine.memory);
  // Requests in flight do not survive alone: with ports only the two restored runs are alike.
  return compare(`${what}, restored in each other`, draft.ports.length === 0 ? whole : wanted, found) ?? compare(`${what}, restored`, wanted, found);
}

/** One instruction at a time: the reference by steps, the other engine by a breakpoint before every instruction. */
function compareSteps(program: VerifiedProgram, { starts }: Built, draft: Draft, engine: Engine): Difference | undefined {
  const [left, right] = [new Subject(program, draft, REFERENCE), new Subject(program, draft, engine)];
  starts.forEach((places, index) => {
    for (const pc of places) right.machine.addBreakpoint(index, pc);
  });
  right.outcome = right.machine.run();
  for (let step = 1; step <= STEPS_MAX; step++) {
    left.outcome = left.machine.step();
    right.outcome = right.machine.run();
    const what = `${engine.name} after ${step} single steps`;
    if (left.outcome.kind === 'stepped' && right.outcome.kind === 'breakpoint') {
      // Registers that no longer matter may differ: snapshots tell those that do.
      const different = compareBytes(`${what}: snapshot`, left.machine.snapshot(), right.machine.snapshot());
      if (different !== undefined) return different;
      continue;
    }
    const different = compare(what, left, right);
    // A program that waits stands at its breakpoint again, so there is no next step to compare.
    return different;
  }
  return undefined;
}

function judgeWays(draft: Draft, random: Random, engines: readonly Engine[]): Difference | undefined {
  const built = build(draft);
  const verified = verify(built.program);
  if ('rejection' in verified) return { what: 'verify', wanted: 'accepted', found: `${verified.rejection.rule}: ${verified.rejection.message}` };
  const { program } = verified;
  const wanted = new Subject(program, draft, REFERENCE).go();
  for (const engine of engines) {
    const found = new Subject(program, draft, engine).go();
    const slice = random.pick([1, 2, 3, 7, 20]);
    const sliced = (): Subject => {
      if (draft.ports.length > 0 || random.chance(0.1)) return new Subject(program, draft, random.pick([engine, REFERENCE]));
      return found.again();
    };
    const different =
      compare(engine.name, wanted, found) ??
      (random.chance(0.5) ? compare(`${engine.name}, slices of ${slice}`, wanted, sliced().go(slice)) : undefined) ??
      (random.chance(0.1) ? compareCrossing(program, draft, engine, wanted, random) : undefined) ??
      (random.chance(0.02) ? compareSteps(program, built, draft, engine) : undefined);
    if (different !== undefined) return different;
  }
  return undefined;
}

/** Runs a draft in every way; `random` picks the ways. @returns the first difference from the reference */
export function judge(draft: Draft, random: Random, engines: readonly Engine[] = [INTERPRETER]): Difference | undefined {
  try {
    return judgeWays(draft, random, engines);
  } catch (error) {
    return { what: 'exception', wanted: 'none', found: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
