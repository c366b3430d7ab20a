/**
 * Crashes and restarts of PUs, devices and whole computers, and jumps of clocks: faults that have a time of their own.
 */
import type { Deployment } from '../topology.js';
import { type Decisions, type Faults, rangeOf } from './faults.js';
import { Occasions } from './occasions.js';
import type { Player } from './player.js';
import type { EventQueue } from './queue.js';
import type { Station } from './station.js';

/** What outages befall. */
export interface OutageSetting {
  readonly queue: EventQueue;
  readonly faults: Faults;
  readonly players: ReadonlyMap<string, Player>;
  readonly stations: ReadonlyMap<string, Station>;
  /** Nanoseconds at which the simulation ends. */
  readonly until: number;
  /** A number for the order of equal times. */
  readonly actor: () => number;
}

/** Lets the crashes and jumps of a deployment come. */
export function scheduleOutages({ topology }: Deployment, { queue, faults, players, stations, until, actor }: OutageSetting): void {
  const starts = new Set(topology.pus.filter((pu) => pu.starts).map(({ name }) => name));
  /** Lets the occasions of a rule come, those that befall something. */
  const repeat = (rule: Decisions, isMet: () => boolean, begin: () => void, end: () => void): void => {
    const occasions = new Occasions(rule);
    const number = actor();
    const next = (time: number): void => {
      const occasion = occasions.from(time, until);
      if (occasion === undefined || occasion.begin > until) return;
      queue.schedule(occasion.begin, number, () => {
        if (isMet() && occasion.strikes()) {
          begin();
          queue.schedule(occasion.end, number, end);
        }
        next(occasion.begin + 1);
      });
    };
    next(0);
  };
  const crashes = (rules: readonly Decisions[], names: readonly string[], isMet: () => boolean): void => {
    for (const rule of rules.filter(({ kind }) => kind === 'crash')) {
      const begin = (): void => {
        for (const name of names) {
          players.get(name)?.halt();
          stations.get(name)?.crash(rule);
        }
      };
      const end = (): void => {
        for (const name of names) {
          stations.get(name)?.restart();
          if (starts.has(name)) players.get(name)?.boot();
        }
      };
      repeat(rule, isMet, begin, end);
    }
  };

  for (const { name } of topology.pus) crashes(faults.of('pu', name), [name], () => players.get(name)?.isUp === true);
  for (const { name } of topology.devices) {
    const rules = faults.of('device', name);
    crashes(rules, [name], () => true);
    for (const rule of rules.filter(({ kind }) => kind === 'jump')) {
      const jump = (): void => stations.get(name)?.mock.jump?.(BigInt(rule.between(rangeOf(rule.settings, 'by', { least: 0, most: 0 }))));
      repeat(
        rule,
        () => true,
        jump,
        () => {},
      );
    }
  }
  for (const { name } of topology.computers) {
    const on = [...topology.pus, ...topology.devices].filter(({ computer }) => computer === name).map((part) => part.name);
    crashes(faults.of('computer', name), on, () => true);
  }
}
