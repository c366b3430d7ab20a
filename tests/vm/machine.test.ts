/** The embedder's object: what it runs, how it is stopped, looked at, saved and restored, and what it refuses. */
import { describe, expect, it } from '@jest/globals';
import { createJit } from '../../jit/index.js';
import { type Device, type Engine, INTERPRETER, Machine, type Outcome, REFERENCE, VerifiedProgram, verify } from '../../vm/index.js';
import { DEEP, FIB, LOAD, programOf, SUM } from './programs.js';

const ENGINES: readonly Engine[] = [REFERENCE, INTERPRETER, createJit({ compile: 'all' }), createJit({ sampleFuel: 1, samples: 1 })];
const started = (program: VerifiedProgram, values: readonly (number | bigint)[], options = {}): Machine => {
  const machine = new Machine(program, options);
  machine.start('main', values);
  return machine;
};

describe.each(ENGINES)('on the $name', (engine) => {
  it('calls, returns, and counts one unit for each function entry and loop turn', () => {
    const machine = started(FIB, [15], { engine });
    expect(machine.run()).toEqual({ kind: 'returned', values: [610] });
    expect(machine.fuelUsed).toBe(1973);
    expect(machine.progress).toBe('returned');
  });

  it('finds 0 in registers that were not written, however often it ran before', () => {
    for (let turn = 0; turn < 3; turn++) expect(started(SUM, [10], { engine }).run()).toEqual({ kind: 'returned', values: [55] });
  });

  it('stops where the fuel ends and goes on there, with the same result and fuel for every size of grant', () => {
    for (const grant of [1, 2, 3, 7, 64]) {
      const machine = started(FIB, [10], { engine });
      let outcome: Outcome = { kind: 'out_of_fuel' };
      let runs = 0;
      for (; outcome.kind === 'out_of_fuel'; runs++) outcome = machine.run(grant);
      expect([outcome, machine.fuelUsed, runs]).toEqual([{ kind: 'returned', values: [55] }, 177, Math.ceil(177 / grant)]);
    }
  });

  it('does nothing with a grant of 0', () => {
    const machine = started(SUM, [3], { engine });
    expect(machine.run(0)).toEqual({ kind: 'out_of_fuel' });
    expect([machine.fuelUsed, machine.frames()[0]?.pc]).toEqual([0, 0]);
  });

  it('traps at the instruction, with the functions in progress, and stays trapped', () => {
    const machine = started(LOAD, [65533], { engine });
    // Compiled code learns the pc from the host's stack, which a test runner may hide: the campaign of limits sees it in plain Node.
    const pc = ENGINES.indexOf(engine) < 2 ? 1 : expect.any(Number);
    expect(machine.run()).toEqual({
      kind: 'trapped',
      trap: 'memory_access',
      function: 0,
      name: 'function 0',
      pc,
      depth: 1,
      backtrace: [{ function: 0, name: 'function 0', pc }],
    });
    expect(machine.run()).toMatchObject({ kind: 'trapped', trap: 'memory_access', function: 0 });
    expect(started(LOAD, [65532], { engine }).run()).toEqual({ kind: 'returned', values: [0] });
    expect(started(LOAD, [-1], { engine }).run()).toMatchObject({ trap: 'memory_access' });
  });

  it('recurses exactly as deep as the frame limit allows', () => {
    const frame = 2 * 8 + 8;
    expect(started(DEEP, [999], { engine, frameBytesMax: 1000 * frame }).run()).toEqual({ kind: 'returned', values: [999] });
    const outcome = started(DEEP, [1000], { engine, frameBytesMax: 1000 * frame }).run();
    expect(outcome).toMatchObject({ kind: 'trapped', trap: 'frame_overflow', function: 0, depth: 1000 });
    expect(outcome).toHaveProperty('backtrace.length', 64);
    expect(started(DEEP, [0], { engine, frameBytesMax: frame - 1 }).run()).toMatchObject({ kind: 'trapped', trap: 'frame_overflow', function: 0 });
  });

  it('stops at breakpoints, loop heads and function entries included, and goes on', () => {
    const machine = started(SUM, [3], { engine });
    machine.addBreakpoint(0, 1);
    const seen: unknown[] = [];
    for (;;) {
      const outcome = machine.run();
      if (outcome.kind !== 'breakpoint') {
        seen.push(outcome);
        break;
      }
      seen.push([outcome.pc, ...(machine.frames()[0]?.registers.map(({ value }) => value) ?? [])]);
    }
    expect(seen).toEqual([[1, 3, 0], [1, 2, 3], [1, 1, 5], { kind: 'returned', values: [6] }]);
    expect(machine.fuelUsed).toBe(4);

    const entered = started(FIB, [3], { engine });
    entered.addBreakpoint(0, 0);
    let stops = 0;
    while (entered.run().kind === 'breakpoint') stops++;
    expect([stops, entered.fuelUsed]).toEqual([5, 5]);
  });

  it('runs past a breakpoint that was taken away', () => {
    const machine = started(SUM, [3], { engine });
    machine.addBreakpoint(0, 2);
    expect(machine.run()).toMatchObject({ kind: 'breakpoint', pc: 2 });
    machine.removeBreakpoint(0, 2);
    expect(machine.run()).toEqual({ kind: 'returned', values: [6] });
  });

  it('steps one instruction at a time', () => {
    const machine = started(SUM, [1], { engine });
    const pcs: unknown[] = [];
    for (let outcome = machine.step(); ; outcome = machine.step()) {
      pcs.push(outcome.kind === 'stepped' ? outcome.pc : outcome);
      if (outcome.kind !== 'stepped') break;
    }
    expect(pcs).toEqual([1, 2, 3, 4, 5, { kind: 'returned', values: [1] }]);
    expect(machine.fuelUsed).toBe(2);
  });

  it('shows the functions in progress, innermost first', () => {
    const machine = started(DEEP, [3], { engine });
    machine.run(2);
    expect(machine.frames().map(({ pc, registers }) => [pc, registers[0]?.value])).toEqual([
      [0, 1],
      [5, 2],
      [5, 3],
    ]);
    expect(machine.frames(1)).toHaveLength(1);
  });

  it('owes what bulk operations cost beyond the grant', () => {
    const copying = programOf([
      {
        signature: { parameters: [], results: [] },
        registers: ['i32', 'i32', 'i32'],
        lines: [['check'], ['const_i32', 0, 8192], ['const_i32', 1, 4096], ['const_i32', 2, 200], ['copy', 0, 1, 2], ['jump', 1], ['check'], ['jump', -1]],
      },
    ]);
    const machine = started(copying, [], { engine });
    const seen = [2, 2, 1, 1].map((grant) => [machine.run(grant).kind, machine.fuelUsed]);
    expect(seen).toEqual([
      ['out_of_fuel', 5],
      ['out_of_fuel', 5],
      ['out_of_fuel', 5],
      ['out_of_fuel', 6],
    ]);
  });

  it('starts another function on the same memory after one returned', () => {
    const program = programOf([
      {
        signature: { parameters: ['i32'], results: [] },
        registers: ['i32', 'i32'],
        lines: [['check'], ['const_i32', 1, 5000], ['store_i32', 1, 0, 0], ['ret', []]],
      },
      { signature: { parameters: [], results: ['i32'] }, registers: ['i32'], lines: [['check'], ['load_i32_absolute', 0, 5000], ['ret', [0]]] },
    ]);
    const machine = started(program, [77], { engine });
    expect(machine.run()).toEqual({ kind: 'returned', values: [] });
    machine.start('f1');
    expect(machine.run()).toEqual({ kind: 'returned', values: [77] });
    machine.reset();
    machine.start('f1');
    expect(machine.run()).toEqual({ kind: 'returned', values: [0] });
    expect(machine.fuelUsed).toBe(1);
  });
});

describe('snapshots', () => {
  it('are the same bytes on every engine and go on on any other', () => {
    for (const fuel of [1, 2, 5, 50, 176]) {
      const [first, ...others] = ENGINES.map((engine) => {
        const machine = started(FIB, [10], { engine });
        machine.run(fuel);
        return machine.snapshot();
      }) as [Uint8Array, ...Uint8Array[]];
      for (const other of others) expect(Buffer.compare(first, other)).toBe(0);
      for (const engine of ENGINES) {
        const machine = new Machine(FIB, { engine });
        expect(machine.restore(first)).toBeUndefined();
        expect(machine.run()).toEqual({ kind: 'returned', values: [55] });
        expect(machine.fuelUsed).toBe(177);
      }
    }
  });

  it('hold memory, results and traps', () => {
    const machine = started(LOAD, [8]);
    machine.memory[8] = 5;
    machine.memory[65535] = 9;
    machine.run();
    const other = new Machine(LOAD);
    expect(other.restore(machine.snapshot())).toBeUndefined();
    expect([other.progress, other.memory[8], other.memory[65535]]).toEqual(['returned', 5, 9]);
    expect(Buffer.compare(other.snapshot(), machine.snapshot())).toBe(0);

    const trapped = started(LOAD, [-4]);
    trapped.run();
    expect(other.restore(trapped.snapshot())).toBeUndefined();
    expect(other.run()).toMatchObject({ kind: 'trapped', trap: 'memory_access', function: 0 });
  });

  it('are refused with the rule that they break, and nothing has changed', () => {
    const machine = started(FIB, [10]);
    machine.run(20);
    const bytes = machine.snapshot();
    const changed = (offset: number, value: number): Uint8Array => {
      const copy = bytes.slice();
      new DataView(copy.buffer).setUint32(offset, value, true);
      return copy;
    };
    const innermost = 64 + new DataView(bytes.buffer).getUint32(52, true);
    const cases: readonly (readonly [string, Uint8Array])[] = [
      ['snapshot_truncated', bytes.slice(0, 63)],
      ['snapshot_truncated', bytes.slice(0, -1)],
      ['snapshot_magic', changed(0, 0)],
      ['snapshot_version', changed(4, 2)],
      ['snapshot_program', changed(8, 1)],
      ['snapshot_program', changed(12, 1)],
      ['snapshot_memory', changed(16, 2)],
      ['snapshot_frame_limit', changed(20, 4096)],
      ['snapshot_state', changed(28, 2 ** 31)],
      ['snapshot_state', changed(36, 1)],
      ['snapshot_state', changed(40, 4)],
      ['snapshot_state', changed(44, 1)],
      ['snapshot_frames', changed(innermost - 8, 1)],
      ['snapshot_pc', changed(innermost - 4, 100)],
      ['snapshot_canonical', changed(innermost - 20, 1)],
    ];
    const other = started(FIB, [5]);
    const before = other.snapshot();
    for (const [rule, wrong] of cases) {
      expect(other.restore(wrong)?.rule).toBe(rule);
      expect(Buffer.compare(other.snapshot(), before)).toBe(0);
    }
  });
});

describe('misuse throws at once and names the argument', () => {
  it.each([
    ['a program that was not verified', () => new Machine(FIB.program as never), TypeError, /verify/],
    ['memory that is no multiple of a page', () => new Machine(FIB, { memoryBytes: 65537 }), RangeError, /memoryBytes/],
    ['more memory than the program takes', () => new Machine(FIB, { memoryBytes: 5 * 65536 }), RangeError, /65536 to 262144/],
    ['a frame limit beyond what is possible', () => new Machine(FIB, { frameBytesMax: 2 ** 31 }), RangeError, /frameBytesMax/],
    ['an export that does not exist', () => new Machine(FIB).start('mian'), RangeError, /no export "mian"; there are main/],
    ['too few values', () => new Machine(FIB).start('main'), TypeError, /takes 1 values, not 0/],
    ['a value of another type', () => new Machine(FIB).start('main', [1n]), TypeError, /values\[0\]: a number is needed for i32/],
    ['a value out of range', () => new Machine(FIB).start('main', [2 ** 32]), RangeError, /values\[0\]/],
    ['running what was not started', () => new Machine(FIB).run(), TypeError, /start\(\)/],
    ['starting twice', () => started(FIB, [1]).start('main', [1]), TypeError, /suspended; reset/],
    ['a negative grant', () => started(FIB, [1]).run(-1), RangeError, /fuel/],
    ['a grant that is not whole', () => started(FIB, [1]).run(1.5), RangeError, /fuel/],
    ['a breakpoint amid an instruction', () => new Machine(FIB).addBreakpoint(0, 6), RangeError, /no instruction begins at word 6/],
    ['a breakpoint in no function', () => new Machine(FIB).addBreakpoint(1, 0), RangeError, /index: 1; a whole number from 0 to 0/],
    ['a verified program made by hand', () => new VerifiedProgram(FIB.program, [], Symbol('verified')), TypeError, /verify\(\)/],
  ] as const)('%s', (_, misuse, kind, message) => {
    expect(misuse).toThrow(kind);
    expect(misuse).toThrow(message);
  });
});

describe('a call from inside its own device', () => {
  const ringing = programOf(
    [
      {
        signature: { parameters: [], results: [] },
        registers: ['i32', 'i32'],
        // One request of operation 1 in the ring of port 0, then the bell.
        lines: [['check'], ['const_i32', 0, 1], ['store_i32_absolute', 4096 + 64, 0], ['store_i32_absolute', 4096 + 32, 0], ['bell', 1], ['ret', []]],
      },
    ],
    { ports: [{ name: 'a', protocol: 'pu', side: 'client', version: 1, window: 4096, depth: 1, messageBytes: 0 }] },
  );
  it.each(['run', 'step', 'start', 'reset', 'detach', 'snapshot', 'restore'] as const)('%s is refused, and the run goes on', (method) => {
    const thrown: unknown[] = [];
    const call = (): void => {
      try {
        if (method === 'restore') machine.restore(new Uint8Array());
        else machine[method]();
      } catch (error) {
        thrown.push(error);
      }
    };
    const device = { open: () => ({ send: call, cancel: () => undefined, close: () => undefined }) };
    const machine: Machine = new Machine(ringing, { ports: { a: device } });
    machine.start();
    expect(machine.run()).toEqual({ kind: 'returned', values: [] });
    expect(thrown).toEqual([expect.objectContaining({ name: 'TypeError', message: expect.stringContaining(`${method}: the machine is running`) })]);
    expect(machine.fuelUsed).toBe(1);
  });
});

describe.each(ENGINES)('port instructions under a simulation, on the $name', (engine) => {
  // Two calls of a function of one unit, a request, a call, a poll of port 0.
  const program = programOf(
    [
      {
        signature: { parameters: [], results: ['i64'] },
        registers: ['i32', 'i32', 'i64'],
        lines: [
          ['check'],
          ['call', [], [], 1],
          ['call', [], [], 1],
          ['const_i32', 0, 1],
          ['store_i32_absolute', 4096 + 64, 0],
          ['store_i32_absolute', 4096 + 32, 0],
          ['bell', 1],
          ['call', [], [], 1],
          ['const_i64', 2, 1n],
          ['poll', 2, 2],
          ['ret', [2]],
        ],
      },
      { signature: { parameters: [], results: [] }, registers: [], lines: [['check'], ['ret', []]] },
    ],
    { ports: [{ name: 'a', protocol: 'pu', side: 'client', version: 1, window: 4096, depth: 1, messageBytes: 0 }] },
  );

  it('a device sees the fuel used at the bell, whatever the grants', () => {
    for (const grant of [1, 2, Number.POSITIVE_INFINITY]) {
      const seen: number[] = [];
      const device = { open: () => ({ send: () => seen.push(machine.fuelUsed), cancel: () => undefined, close: () => undefined }) };
      const machine: Machine = started(program, [], { engine, ports: { a: device } });
      while (machine.run(grant).kind === 'out_of_fuel');
      expect([seen, machine.fuelUsed]).toEqual([[3], 4]);
    }
  });

  it('a poll that is held does nothing, and what arrived meanwhile is seen by the run that is not', () => {
    let isHeld = true;
    let answer = (): void => undefined;
    const device: Device = {
      open: (client) => ({
        send: ({ tag }) => {
          answer = () => client.complete({ tag, status: 0 });
        },
        cancel: () => undefined,
        close: () => undefined,
      }),
    };
    const machine = started(program, [], { engine, ports: { a: device }, hold: () => isHeld });
    for (let turn = 0; turn < 2; turn++) expect([machine.run(), machine.fuelUsed]).toEqual([{ kind: 'waiting', ports: [0] }, 4]);
    isHeld = false;
    answer();
    expect([machine.run(), machine.fuelUsed]).toEqual([{ kind: 'returned', values: [1n] }, 4]);
  });
});

it('a machine that is detached closes its sessions, and a reset opens them anew', () => {
  const calls: string[] = [];
  const device: Device = {
    open: () => {
      calls.push('open');
      return { send: () => undefined, cancel: () => undefined, close: () => calls.push('close') };
    },
  };
  const port = { name: 'a', protocol: 'pu', side: 'client', version: 1, window: 4096, depth: 1, messageBytes: 0 } as const;
  const machine = new Machine(programOf([{ signature: { parameters: [], results: [] }, registers: [], lines: [['check'], ['ret', []]] }], { ports: [port] }), {
    ports: { a: device },
  });
  machine.detach();
  machine.detach();
  expect(calls).toEqual(['open', 'close']);
  machine.reset();
  expect(calls).toEqual(['open', 'close', 'open']);
});

describe('many machines in one process', () => {
  it('take turns without touching each other', () => {
    const machines = Array.from({ length: 300 }, (_, index) => started(FIB, [5 + (index % 6)], { engine: ENGINES[index % 4] as Engine }));
    const results = new Map<Machine, unknown>();
    while (results.size < machines.length) {
      for (const machine of machines) {
        if (results.has(machine)) continue;
        const outcome = machine.run(3);
        if (outcome.kind === 'returned') results.set(machine, outcome.values[0]);
      }
    }
    const fib = [5, 8, 13, 21, 34, 55];
    expect(machines.map((machine) => results.get(machine))).toEqual(machines.map((_, index) => fib[index % 6]));
  });

  it('keep their frames when those of others grow past the room for all', () => {
    const first = started(DEEP, [20], { frameBytesMax: 2 ** 20 });
    first.run(10);
    for (let turn = 0; turn < 3; turn++) {
      const outcome = started(DEEP, [4_000_000], { frameBytesMax: 100 * 2 ** 20 }).run();
      expect(outcome).toEqual({ kind: 'returned', values: [4_000_000] });
    }
    expect(first.run()).toEqual({ kind: 'returned', values: [20] });
  });
});

it('a program with names and lines tells them in traps', () => {
  const named = verify({
    ...LOAD.program,
    debug: {
      files: ['a.pbs'],
      functions: ['peek'],
      registers: [['at', 'x']],
      lines: [
        { word: 0, file: 0, line: 1, column: 1 },
        { word: 1, file: 0, line: 3, column: 5 },
      ],
    },
  }) as { program: VerifiedProgram };
  expect(started(named.program, [-1]).run()).toMatchObject({ kind: 'trapped', name: 'peek', pc: 1, position: { file: 'a.pbs', line: 3, column: 5 } });
});
