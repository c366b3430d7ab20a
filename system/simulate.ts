/**
 * The first small system: several machines in one thread, their turns drawn from a seed.
 *
 * A turn chooses one of the machines that can go on, and how much fuel it gets; nothing else is left to chance, so a seed repeats
 * a run to the last step. Machines meet only at ports: `new Machine(client, { ports: { server: server.port('client') } })`. Devices that
 * act by themselves (drivers) have no place here; mocks have.
 */
import type { Machine, Outcome } from '../vm/index.js';
import { mix, SplitMix64 } from './random.js';

/** What a simulation needs of a machine. */
export type SimulatedMachine = Pick<Machine, 'run' | 'fuelUsed' | 'onNews' | 'program'>;

/** What to simulate. */
export interface Simulation {
  /** By name; each with a function started. */
  readonly machines: Readonly<Record<string, SimulatedMachine>>;
  /** Decides about turns: the same seed, the same run. 64 bits. */
  readonly seed: number | bigint;
  /** Most fuel of one turn, 4096 by default. */
  readonly sliceMax?: number;
  /** Most fuel of all machines together, without limit by default. */
  readonly fuelMax?: number;
  /** Called when every machine waits: lets something happen outside, such as time passing. @returns whether anything did */
  readonly idle?: () => boolean;
}

/** A machine that waits, and for what. */
export interface Waiting {
  readonly machine: string;
  /** Names of the ports. */
  readonly ports: readonly string[];
}

/** How a simulation ended. */
export interface SimulationResult {
  /**
   * - `ended`: every machine returned or trapped.
   * - `waiting`: those that did not wait for news that nobody is left to bring: a deadlock, or servers without anything to do.
   * - `out_of_fuel`: `fuelMax` is used up.
   */
  readonly kind: 'ended' | 'waiting' | 'out_of_fuel';
  /** The last outcome of each machine that had a turn. */
  readonly outcomes: Readonly<Record<string, Outcome>>;
  /** Who waits for which ports, in the order of the machines. */
  readonly waiting: readonly Waiting[];
  /** How many turns there were. */
  readonly turns: number;
  /** A hash of all turns: who, how much fuel, how it ended and what it used. Equal for equal runs. */
  readonly trace: bigint;
}

const SLICE_MAX = 4096;

const KINDS = ['returned', 'trapped', 'out_of_fuel', 'waiting', 'breakpoint', 'stepped'] as const satisfies readonly Outcome['kind'][];

interface Player {
  readonly name: string;
  readonly machine: SimulatedMachine;
  ready: boolean;
  ended: boolean;
  outcome: Outcome | undefined;
}

function portNames({ program }: SimulatedMachine, ports: readonly number[]): string[] {
  return ports.map((port) => program.program.ports[port]?.name as string);
}

/**
 * Runs machines until all have ended, or nobody can go on.
 * @throws RangeError if a limit is not a whole number from 1 on, or the seed is no integer
 * @throws TypeError if a machine has no function started
 */
export function simulate({ machines, seed, sliceMax = SLICE_MAX, fuelMax = Number.POSITIVE_INFINITY, idle }: Simulation): SimulationResult {
  if (!Number.isSafeInteger(sliceMax) || sliceMax < 1) throw new RangeError(`sliceMax is ${sliceMax}; a whole number from 1 on is needed`);
  if (fuelMax !== Number.POSITIVE_INFINITY && (!Number.isSafeInteger(fuelMax) || fuelMax < 1)) {
    throw new RangeError(`fuelMax is ${fuelMax}; a whole number from 1 on is needed, or Infinity`);
  }
  const random = new SplitMix64(BigInt(seed));
  const players = Object.entries(machines).map(([name, machine]): Player => ({ name, machine, ready: true, ended: false, outcome: undefined }));
  const before = players.map(({ machine }) => machine.onNews);
  for (const player of players) {
    player.machine.onNews = () => {
      player.ready = true;
    };
  }

  let turns = 0;
  let fuelLeft = fuelMax;
  let trace = 0n;
  const note = (...values: readonly number[]): void => {
    for (const value of values) trace = mix(trace ^ BigInt(value));
  };
  const turn = (player: Player): void => {
    const { machine } = player;
    const slice = Math.min(1 + random.below(sliceMax), fuelLeft);
    const used = machine.fuelUsed;
    player.ready = false;
    const outcome = machine.run(slice);
    player.outcome = outcome;
    player.ended = outcome.kind === 'returned' || outcome.kind === 'trapped';
    player.ready = !player.ended && (player.ready || outcome.kind !== 'waiting');
    fuelLeft -= machine.fuelUsed - used;
    turns++;
    // The fuel at a trap is not observable: engines may differ in it.
    note(players.indexOf(player), slice, KINDS.indexOf(outcome.kind), outcome.kind === 'trapped' ? 0 : machine.fuelUsed);
  };

  const result = (kind: SimulationResult['kind']): SimulationResult => ({
    kind,
    outcomes: Object.fromEntries(players.flatMap(({ name, outcome }) => (outcome === undefined ? [] : [[name, outcome]]))),
    waiting: players.flatMap(({ name, machine, outcome }) =>
      outcome?.kind === 'waiting' ? [{ machine: name, ports: portNames(machine, outcome.ports) }] : [],
    ),
    turns,
    trace,
  });
  try {
    for (;;) {
      const able = players.filter(({ ready, ended }) => ready && !ended);
      if (able.length > 0) {
        if (fuelLeft < 1) return result('out_of_fuel');
        turn(able[random.below(able.length)] as Player);
      } else if (players.every(({ ended }) => ended)) {
        return result('ended');
      } else if (idle?.() !== true) {
        return result('waiting');
      }
    }
  } finally {
    players.forEach(({ machine }, index) => {
      machine.onNews = before[index];
    });
  }
}
