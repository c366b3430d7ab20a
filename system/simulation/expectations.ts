/**
 * What has to hold: the expectations of a deployment, and what nobody may break: no PU traps unless that is expected, and none that
 * is expected to end waits for ever.
 */
import type { Expectation } from '../topology.js';
import type { Mock } from './mocks.js';
import type { Player } from './player.js';
import type { TraceMessage } from './trace.js';

/** Something that was not as expected. */
export interface Violation {
  /** The kind of the expectation, or `trap`, `deadlock`, `invariant`. */
  readonly kind: string;
  /** Full name of the PU or device that it is about; the deployment's for an invariant. */
  readonly target: string;
  /** Nanoseconds since the beginning. */
  readonly time: number;
  /** What was found and what was expected, in words. */
  readonly message: string;
}

/** What expectations look at. */
export interface Observed {
  readonly player: (name: string) => Player;
  readonly mock: (name: string) => Mock;
  readonly read: (path: string) => Uint8Array;
  /** All messages of a link, in the order in which they were sent. */
  readonly messages: (link: string) => readonly TraceMessage[];
  /** Nothing can happen any more. */
  readonly isIdle: boolean;
}

const SHOWN = 60;

function shown(bytes: Uint8Array): string {
  const text = JSON.stringify(new TextDecoder().decode(bytes));
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}... (${bytes.length} bytes)`;
}

/** What is expected as bytes: a text, or a file's contents. */
function bytesOf({ settings }: Expectation, read: (path: string) => Uint8Array): Uint8Array {
  return typeof settings.text === 'string' ? new TextEncoder().encode(settings.text) : read(String(settings.file));
}

function compare(found: Uint8Array, expected: Uint8Array): string | undefined {
  const at = expected.findIndex((byte, index) => byte !== found[index]);
  if (at < 0 && found.length === expected.length) return undefined;
  const place = at < 0 ? Math.min(found.length, expected.length) : at;
  return `${shown(found.subarray(place))} from byte ${place} on, where ${shown(expected.subarray(place))} is expected`;
}

type Judge = (expectation: Expectation, observed: Observed) => string | undefined;

/** @returns what is wrong at the end, or undefined */
const JUDGES: Readonly<Record<string, Judge>> = {
  output: (expectation, { mock, read }) => {
    const found = mock(expectation.target.name).output?.();
    return found === undefined ? 'it has no output' : compare(found, bytesOf(expectation, read));
  },
  contents: (expectation, { mock, read }) => {
    const found = mock(expectation.target.name).contents?.();
    const expected = bytesOf(expectation, read);
    return found === undefined ? 'it has no contents' : compare(found.subarray(0, expected.length), expected);
  },
  trace: (expectation, { messages, read }) => {
    const lines = messages(expectation.target.name).map(({ kind, code, bytes }) =>
      kind === 'send' || kind === 'complete' ? `${kind} ${code} ${bytes}\n` : `${kind}\n`,
    );
    return compare(new TextEncoder().encode(lines.join('')), bytesOf(expectation, read));
  },
  returned: ({ target, settings }, { player, isIdle }) => {
    const { state, outcome, waitsFor } = player(target.name);
    if (outcome?.kind !== 'returned') {
      const what = state === 'waiting' ? `waits for ${waitsFor.join(', ') || 'nothing'}` : `is ${state}`;
      return `it ${what}${isIdle ? ' for ever' : ''}, and is expected to return`;
    }
    const [value] = outcome.values;
    return settings.value === undefined || Number(value) === settings.value ? undefined : `it returned ${value}, and is expected to return ${settings.value}`;
  },
  trapped: ({ target, settings }, { player }) => {
    const { state, traps } = player(target.name);
    const kinds: string[] = traps.map((outcome) => (outcome.kind === 'trapped' ? outcome.trap : ''));
    if (kinds.length === 0) return `it is ${state}, and is expected to trap`;
    return settings.trap === undefined || kinds.includes(String(settings.trap))
      ? undefined
      : `it trapped ${kinds.join(', ')}, and is expected to trap ${settings.trap}`;
  },
  screen: (expectation, { mock, read }) => {
    const found = mock(expectation.target.name).screen?.();
    return found === undefined ? 'it is no screen' : compare(found, bytesOf(expectation, read));
  },
};

/** The expectations of a deployment. */
export class Expectations {
  readonly #expectations: readonly Expectation[];

  /** @throws RangeError if a kind is unknown */
  constructor(expectations: readonly Expectation[]) {
    for (const { kind, target } of expectations) {
      if (!Object.hasOwn(JUDGES, kind)) throw new RangeError(`${target.name} has the expectation ${kind}; there are ${Object.keys(JUDGES).join(', ')}`);
    }
    this.#expectations = expectations;
  }

  /** Whether they look at messages. */
  get needMessages(): boolean {
    return this.#expectations.some(({ kind }) => kind === 'trace');
  }

  /** A PU trapped. @returns what is wrong with it, if anything is */
  trapped(player: Player, time: number): Violation | undefined {
    const { outcome, name } = player;
    if (outcome?.kind !== 'trapped' || this.#expectations.some(({ kind, target }) => kind === 'trapped' && target.name === name)) return undefined;
    const { position } = outcome;
    const where = position === undefined ? `${outcome.name}, word ${outcome.pc}` : `${position.file}:${position.line}`;
    return { kind: 'trap', target: name, time, message: `trapped ${outcome.trap} at ${where}` };
  }

  /** The simulation is over. @returns all that is wrong */
  judge(observed: Observed, time: number): Violation[] {
    return this.#expectations.flatMap((expectation) => {
      const message = (JUDGES[expectation.kind] as Judge)(expectation, observed);
      if (message === undefined) return [];
      const isDeadlock = expectation.kind === 'returned' && observed.isIdle && observed.player(expectation.target.name).state === 'waiting';
      return [{ kind: isDeadlock ? 'deadlock' : expectation.kind, target: expectation.target.name, time, message }];
    });
  }
}
