/**
 * Makes a failing draft small: takes away and simplifies as long as it still fails.
 *
 * Greedy and deterministic: each pass proposes smaller drafts in order, the first that still fails replaces the draft, until no
 * pass finds anything. What "fails" means is the caller's; a draft that no longer verifies must not count as failing.
 */
import { rowNamed, type OperandValue, type Value } from '../../isa-spec/index.js';
import { isBranch, retarget, type Draft, type DraftFunction, type DraftInstruction } from './draft.js';

/** The draft without some instructions of a function; targets follow. */
function without(draft: Draft, index: number, from: number, count: number): Draft {
  const moved = (target: number): number => (target >= from + count ? target - count : Math.min(target, from));
  return withBody(draft, index, (body) =>
    body.flatMap((instruction, at) => (at >= from && at < from + count ? [] : [{ row: instruction.row, operands: retarget(instruction, moved) }])),
  );
}

function withFunction(draft: Draft, index: number, change: (body: DraftFunction) => DraftFunction): Draft {
  return { ...draft, functions: draft.functions.map((found, at) => (at === index ? change(found) : found)) };
}

function withBody(draft: Draft, index: number, change: (body: readonly DraftInstruction[]) => readonly DraftInstruction[]): Draft {
  return withFunction(draft, index, (found) => ({ ...found, body: change(found.body) }));
}

/** Calls follow the functions that stay; a call of one that goes becomes a trap. */
function withoutFunction(draft: Draft, gone: number): Draft {
  const trap: DraftInstruction = { row: rowNamed('trap'), operands: [1] };
  const functions = draft.functions
    .filter((_, index) => index !== gone)
    .map((found) => ({
      ...found,
      body: found.body.map((instruction): DraftInstruction => {
        const place = instruction.row.operands.findIndex(({ kind }) => kind === 'function');
        if (place < 0) return instruction;
        const callee = instruction.operands[place] as number;
        if (callee === gone) return trap;
        return { row: instruction.row, operands: instruction.operands.map((value, at) => (at === place && callee > gone ? callee - 1 : value)) };
      }),
    }));
  return { ...draft, functions, table: draft.table.filter((entry) => entry !== gone).map((entry) => (entry > gone ? entry - 1 : entry)) };
}

function* simplerValues(value: OperandValue): Generator<OperandValue> {
  if (typeof value === 'bigint') {
    if (value !== 0n) yield 0n;
    if (value !== 1n && value !== 0n) yield 1n;
    if (value > 1n || value < -1n) yield value / 2n;
  } else if (typeof value === 'number') {
    if (!Object.is(value, 0)) yield 0;
    if (value !== 1 && value !== 0) yield 1;
    if (Number.isInteger(value) && Math.abs(value) > 1) yield Math.trunc(value / 2);
  }
}

function* simplerOperands({ row, operands }: DraftInstruction, registers: DraftFunction['registers']): Generator<DraftInstruction> {
  for (let place = 0; place < operands.length; place++) {
    const put = (value: OperandValue): DraftInstruction => ({ row, operands: operands.map((old, at) => (at === place ? value : old)) });
    const value = operands[place] as OperandValue;
    const kind = row.operands[place]?.kind;
    if (kind === undefined || kind === 'values' || kind === 'results' || kind === 'function' || kind === 'signature' || kind === 'trap' || isBranch(kind))
      continue;
    if (kind === 'targets') {
      const list = value as readonly number[];
      if (list.length > 1) for (let at = 0; at < list.length; at++) yield put(list.filter((_, index) => index !== at));
    } else if (kind === 'read' || kind === 'write') {
      const lowest = registers.indexOf(registers[value as number] as never);
      if (lowest < (value as number)) yield put(lowest);
    } else for (const simpler of simplerValues(value)) yield put(simpler);
  }
}

/** Drafts that are simpler than the given one, the boldest first. */
function* proposals(draft: Draft): Generator<Draft> {
  for (let index = draft.functions.length - 1; index > 0; index--) yield withoutFunction(draft, index);
  for (let index = draft.functions.length - 1; index >= 0; index--) {
    const length = draft.functions[index]?.body.length as number;
    for (let count = length; count >= 1; count = count >> 1) {
      for (let from = length - count; from >= 0; from -= count) yield without(draft, index, from, count);
    }
  }
  for (let at = 0; at < draft.data.length; at++) yield { ...draft, data: draft.data.filter((_, index) => index !== at) };
  for (let at = draft.ports.length - 1; at >= 0; at--) yield { ...draft, ports: draft.ports.filter((_, index) => index !== at) };
  for (let at = draft.table.length - 1; at >= 0; at--) yield { ...draft, table: draft.table.filter((_, index) => index !== at) };
  if (draft.memoryBytes !== undefined) yield { ...draft, memoryBytes: undefined };
  if (draft.frameBytesMax !== undefined) yield { ...draft, frameBytesMax: undefined };
  if (draft.pagesMax > 1) yield { ...draft, pagesMin: 1, pagesMax: 1, memoryBytes: undefined };
  for (const fuel of [0, 1, draft.fuel >> 1, draft.fuel - 1]) if (fuel < draft.fuel && fuel >= 0) yield { ...draft, fuel };
  for (let at = 0; at < draft.values.length; at++) {
    for (const simpler of simplerValues(draft.values[at] as Value))
      yield { ...draft, values: draft.values.map((old, index) => (index === at ? (simpler as Value) : old)) };
  }
  for (let index = 0; index < draft.functions.length; index++) {
    const { body, registers } = draft.functions[index] as DraftFunction;
    for (let at = 0; at < body.length; at++) {
      for (const simpler of simplerOperands(body[at] as DraftInstruction, registers)) {
        yield withBody(draft, index, (old) => old.map((instruction, place) => (place === at ? simpler : instruction)));
      }
    }
    // Only the last register can go without renaming the others: operands were moved to low numbers above.
    if (registers.length > 1) yield withFunction(draft, index, (old) => ({ ...old, registers: old.registers.slice(0, -1) }));
  }
}

/**
 * The smallest draft found that still fails.
 * @param fails whether a draft verifies and shows the failure
 * @param tries how many drafts may be tried
 */
export function shrink(draft: Draft, fails: (draft: Draft) => boolean, tries = 20_000): Draft {
  let smallest = draft;
  let left = tries;
  for (let found = true; found; ) {
    found = false;
    for (const proposal of proposals(smallest)) {
      if (left-- <= 0) return smallest;
      if (!fails(proposal)) continue;
      smallest = proposal;
      found = true;
      break;
    }
  }
  return smallest;
}
