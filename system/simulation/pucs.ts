/**
 * The controllers of PUs: the host side of the puc protocol over the PUs of a simulation.
 *
 * A controller has slots, the PUs of the protocol, and programs, which are PUs of the system. Those that run from the beginning stand on the first
 * slots, in order; all other slots are empty.
 */
import type { PuCondition, PuDone, PuHost } from '../../devices/index.js';
import { TRAPS } from '../../isa-spec/index.js';
import type { Player } from './player.js';

/** The slots of one controller. */
export class SlotHost implements PuHost {
  readonly count: number;
  readonly programs: number;
  readonly #players: readonly Player[];
  readonly #placed: (number | undefined)[];
  #ended: (slot: number) => void = () => {};

  /**
   * @param players the programs
   * @param starting those of them that run from the beginning
   * @throws RangeError if another controller has one of them
   */
  constructor(players: readonly Player[], starting: readonly Player[], slots: number = players.length) {
    this.#players = players;
    this.count = slots;
    this.programs = players.length;
    this.#placed = Array.from({ length: slots }, (_, slot) => (starting[slot] === undefined ? undefined : players.indexOf(starting[slot])));
    players.forEach((player, program) => {
      if (player.onState !== undefined) throw new RangeError(`the PU ${player.name} has two controllers`);
      let ran = false;
      player.onState = () => {
        const runs = player.state === 'computing' || player.state === 'waiting';
        const slot = this.#placed.indexOf(program);
        if (ran && !runs && slot >= 0) this.#ended(slot);
        ran = runs;
      };
    });
  }

  set(slot: number, program: number | undefined, done: PuDone): void {
    this.#placed[slot] = program;
    done(true);
  }
  start(slot: number, done: PuDone): void {
    const player = this.#on(slot);
    if (player.state === 'stopped') player.resume();
    else player.boot();
    done(true);
  }
  stop(slot: number, done: PuDone): void {
    this.#on(slot).pause(() => done(true));
  }
  reset(slot: number, done: PuDone): void {
    this.#on(slot).halt();
    done(true);
  }
  programOn(slot: number): number | undefined {
    return this.#placed[slot];
  }
  state(slot: number): PuCondition {
    if (this.#placed[slot] === undefined) return { state: 'empty', detail: 0 };
    const { state, outcome } = this.#on(slot);
    if (outcome?.kind === 'trapped') return { state: 'exception', detail: TRAPS[outcome.trap].code };
    if (outcome?.kind === 'returned') {
      const [value] = outcome.values;
      return { state: 'returned', detail: typeof value === 'number' && Number.isInteger(value) ? value : 0 };
    }
    return { state: state === 'computing' || state === 'waiting' ? state : 'stopped', detail: 0 };
  }
  onEnded(callback: (slot: number) => void): void {
    this.#ended = callback;
  }

  #on(slot: number): Player {
    return this.#players[this.#placed[slot] as number] as Player;
  }
}
