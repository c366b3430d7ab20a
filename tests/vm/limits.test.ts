/**
 * Limits to the unit, and walls: endless loops of every kind, bulk work beyond the fuel, frames beyond the limit, and what one
 * program can't do to another. Expectations are counted by hand. What takes millions of instructions is in `tests/campaigns/limits.ts`.
 */
import { describe, expect, it } from '@jest/globals';
import type { Signature, ValueType } from '../../isa-spec/index.js';
import { INTERPRETER, Machine, type MachineOptions, REFERENCE, type VerifiedProgram } from '../../vm/index.js';
import { type Line, programOf } from './programs.js';

const VOID: Signature = { parameters: [], results: [] };
const program = (lines: readonly Line[], registers: readonly ValueType[] = ['i32', 'i64', 'f64']): VerifiedProgram =>
  programOf([{ signature: VOID, registers, lines }]);

const ENTRY: Line = ['check'];
const HEAD: Line = ['check'];
const COUNT: Line = ['add_i32_imm', 0, 0, 1];

/** Endless loops, and how often register 0 was counted up when so many units are used. One unit is the entry's. */
const LOOPS: readonly (readonly [name: string, loop: VerifiedProgram, counted: (fuel: number) => number])[] = [
  ['a jump', program([ENTRY, HEAD, COUNT, ['jump', -2]]), (fuel) => fuel - 1],
  ['a jump to itself, but for its check', program([ENTRY, COUNT, HEAD, ['jump', -1]]), () => 1],
  ['a near branch', program([ENTRY, HEAD, COUNT, ['br_eq_i32', 0, 0, -2], ['ret', []]]), (fuel) => fuel - 1],
  ['a branch on i64', program([ENTRY, HEAD, COUNT, ['br_lteu_i64', 1, 1, -2], ['ret', []]]), (fuel) => fuel - 1],
  ['a branch on f64', program([ENTRY, HEAD, COUNT, ['br_nlt_f64', 2, 2, -2], ['ret', []]]), (fuel) => fuel - 1],
  ['a jump table', program([ENTRY, HEAD, COUNT, ['jump_table', 0, [-2, -2, -2]]]), (fuel) => fuel - 1],
  // Entered at both of its heads, of which the second comes first.
  ['an irreducible loop', program([ENTRY, ['br_eq_i32', 0, 0, 3], HEAD, COUNT, HEAD, ['jump', -3]]), (fuel) => Math.floor((fuel - 1) / 2)],
];

function started(found: VerifiedProgram, options: MachineOptions, values: readonly (number | bigint)[] = []): Machine {
  const machine = new Machine(found, options);
  machine.start('main', values);
  return machine;
}

describe.each([REFERENCE, INTERPRETER])('on the $name', (engine) => {
  it.each(LOOPS)('%s ends exactly when the fuel is used up', (_, loop, counted) => {
    for (const fuel of [1, 2, 7, 500]) {
      const machine = started(loop, { engine });
      for (const [grant, used] of [
        [fuel, fuel],
        [0, fuel],
        [3, fuel + 3],
      ] as const) {
        expect(machine.run(grant)).toEqual({ kind: 'out_of_fuel' });
        expect([machine.fuelUsed, machine.frames()[0]?.registers[0]?.value]).toEqual([used, counted(used)]);
      }
    }
  });

  it('a loop of calls ends at the check of the loop or of the function, whichever is next', () => {
    const calls = programOf([
      { signature: VOID, registers: ['i32'], lines: [ENTRY, HEAD, COUNT, ['call', [0], [], 1], ['jump', -5]] },
      { signature: { parameters: ['i32'], results: [] }, registers: ['i32'], lines: [['check'], ['ret', []]] },
    ]);
    const machine = started(calls, { engine });
    expect(machine.run(101)).toEqual({ kind: 'out_of_fuel' });
    expect([machine.fuelUsed, machine.frames().map((frame) => [frame.function, frame.pc])]).toEqual([101, [[0, 1]]]);
    expect(machine.run(1)).toEqual({ kind: 'out_of_fuel' });
    expect([machine.fuelUsed, machine.frames().map((frame) => [frame.function, frame.pc])]).toEqual([
      102,
      [
        [1, 0],
        [0, 3],
      ],
    ]);
  });

  it.each<readonly [string, Line]>([
    ['fill', ['fill', 0, 0, 1]],
    ['copy', ['copy', 0, 0, 1]],
  ])('endless %s of all memory pays for each before the next', (_, bulk) => {
    const bomb = program([ENTRY, ['const_i32', 1, 65536], HEAD, bulk, ['jump', -3]], ['i32', 'i32']);
    const machine = started(bomb, { engine });
    const spend = (grant: number): readonly unknown[] => [machine.run(grant).kind, machine.fuelUsed];
    // 65,536 bytes cost 1,024 units, all of them owed when the second unit was the last.
    expect(spend(2)).toEqual(['out_of_fuel', 2 + 1024]);
    expect(spend(1000)).toEqual(['out_of_fuel', 2 + 1024]);
    expect(spend(24)).toEqual(['out_of_fuel', 2 + 1024]);
    expect(spend(1)).toEqual(['out_of_fuel', 2 + 1024 + 1 + 1024]);
    expect(spend(10 * 1025)).toEqual(['out_of_fuel', 1 + 12 * 1025]);
  });

  it('a frame limit is met by the entry function too', () => {
    const frame = 3 * 8 + 8;
    expect(started(program([ENTRY, ['ret', []]]), { engine, frameBytesMax: frame }).run()).toEqual({ kind: 'returned', values: [] });
    for (const frameBytesMax of [0, 1, frame - 1]) {
      const machine = started(program([ENTRY, ['ret', []]]), { engine, frameBytesMax });
      expect(machine.run()).toMatchObject({ kind: 'trapped', trap: 'frame_overflow', function: 0 });
      expect(machine.fuelUsed).toBe(0);
    }
  });

  it('mutual recursion traps at the call that has no room, with what it did before', () => {
    // Frames of 16 and 24 bytes; each call stores how deep it is.
    const parameters = (results: readonly ValueType[]): Signature => ({ parameters: ['i32'], results });
    const pair = programOf([
      {
        signature: parameters([]),
        registers: ['i32'],
        lines: [ENTRY, ['store_i32_absolute', 8192, 0], ['add_i32_imm', 0, 0, 1], ['call', [0], [0], 1], ['ret', []]],
      },
      {
        signature: parameters(['i32']),
        registers: ['i32', 'i32'],
        lines: [ENTRY, ['store_i32_absolute', 8192, 0], ['add_i32_imm', 0, 0, 1], ['call', [0], [], 0], ['ret', [0]]],
      },
    ]);
    const machine = started(pair, { engine, frameBytesMax: 16 + 24 + 16 + 23 }, [1]);
    expect(machine.run()).toMatchObject({ kind: 'trapped', trap: 'frame_overflow', function: 0, depth: 3 });
    expect(new DataView(machine.memory.buffer).getInt32(8192, true)).toBe(3);
  });

  it('ports that a program does not declare are no way out', () => {
    const out: readonly Line[] = [
      ['bell', 0],
      ['poll', 1, 1],
      ['wait', 1, 1],
    ];
    for (const line of out) {
      const machine = started(program([ENTRY, ['const_i64', 1, 1n], line, ['ret', []]]), { engine });
      expect(machine.run()).toMatchObject({ kind: 'trapped', trap: 'undeclared_port' });
    }
  });

  it('memory is an array of its own, and a store outside it changes nothing anywhere', () => {
    const store = programOf([
      { signature: { parameters: ['i32', 'i64'], results: [] }, registers: ['i32', 'i64'], lines: [ENTRY, ['store_i64', 0, 0xffffffff, 1], ['ret', []]] },
    ]);
    const near = programOf([
      { signature: { parameters: ['i32', 'i64'], results: [] }, registers: ['i32', 'i64'], lines: [ENTRY, ['store_i64', 0, 0, 1], ['ret', []]] },
    ]);
    const neighbours = [0, 1].map(() => new Machine(near, { engine }));
    const before = neighbours.map(({ memory }) => Buffer.from(memory));
    for (const [found, addresses] of [
      [store, [0, 1, 8, 65536, -1, -65536, 0x7fffffff]],
      [near, [65529, 65536, 65536 * 2, -1, -8, -0x80000000, 0x7fffffff]],
    ] as const) {
      for (const address of addresses) {
        const machine = new Machine(found, { engine });
        const own = Buffer.from(machine.memory);
        machine.start('main', [address, -1n]);
        expect(machine.run()).toMatchObject({ kind: 'trapped', trap: 'memory_access' });
        expect(own.equals(machine.memory)).toBe(true);
        expect(machine.memory.buffer.byteLength).toBe(65536);
      }
    }
    neighbours.forEach(({ memory }, index) => expect(before[index]?.equals(memory)).toBe(true));
  });

  it('more results than its frame has room for do not reach the frames of another', () => {
    const victim = programOf([{ signature: { parameters: ['i64'], results: ['i64'] }, registers: ['i64'], lines: [ENTRY, HEAD, ['ret', [0]]] }]);
    const attacker = programOf([
      {
        signature: { parameters: ['i64'], results: new Array<ValueType>(16).fill('i64') },
        registers: ['i64'],
        lines: [ENTRY, ['ret', new Array<number>(16).fill(0)]],
      },
    ]);
    const first = started(attacker, { engine, frameBytesMax: 16 }, [-1n]);
    const second = started(victim, { engine, frameBytesMax: 16 }, [7n]);
    expect(second.run(1)).toEqual({ kind: 'out_of_fuel' });
    expect(first.run()).toEqual({ kind: 'returned', values: new Array<bigint>(16).fill(-1n) });
    expect(second.run()).toEqual({ kind: 'returned', values: [7n] });
  });
});
