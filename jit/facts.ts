/**
 * What the compiler asks of a row of the book again and again, found once: where its operands are, and what kinds of effects it has.
 */
import type { Effect, Row } from '../isa-spec/index.js';

/** Facts about a row. */
export interface Facts {
  /** The place of each operand, by name. */
  readonly places: ReadonlyMap<string, number>;
  /** Whether an operand names another instruction of the function. */
  readonly hasTargets: boolean;
  readonly isCheck: boolean;
  /** Whether another engine may have to go on at the instruction, so that what is live there must be in the frame. */
  readonly isLeavable: boolean;
  /** Whether it may stand in a loop whose fuel is taken for several turns: it neither moves fuel nor leaves code for another function. */
  readonly isPlain: boolean;
  /** The effect that is a direct call, if there is one. */
  readonly call: Extract<Effect, { kind: 'call' }> | undefined;
  /** The kind of the last effect: how control goes on. */
  readonly end: Effect['kind'];
}

const LEAVABLE = new Set<Effect['kind']>(['check', 'call', 'call_table', 'bell', 'wait', 'poll']);
const PLAIN = new Set<Effect['kind']>(['set', 'store', 'trap_if', 'trap', 'branch', 'jump', 'jump_table', 'check', 'return']);

const known = new Map<Row, Facts>();

/** The facts about a row. */
export function factsOf(row: Row): Facts {
  let facts = known.get(row);
  if (facts === undefined) {
    const kinds = row.does.map(({ kind }) => kind);
    facts = {
      places: new Map(row.operands.map(({ name }, place) => [name, place])),
      hasTargets: row.operands.some(({ kind }) => kind === 'targets' || kind.startsWith('branch')),
      isCheck: kinds.includes('check'),
      isLeavable: kinds.some((kind) => LEAVABLE.has(kind)),
      isPlain: kinds.every((kind) => PLAIN.has(kind)),
      call: row.does.find((effect): effect is Extract<Effect, { kind: 'call' }> => effect.kind === 'call'),
      end: kinds.at(-1) as Effect['kind'],
    };
    known.set(row, facts);
  }
  return facts;
}
