/** What the JIT compiles and when; where it cannot, programs run all the same. That it computes what the other engines do is for the vectors and the campaign. */
import { describe, expect, it } from '@jest/globals';
import wabtOf from 'wabt';
import { compile } from '../../jit/compile.js';
import { createJit } from '../../jit/index.js';
import { type Engine, Machine, type VerifiedProgram } from '../../vm/index.js';
import { DEEP, FIB, type Line, programOf, SUM } from '../vm/programs.js';

const run = (program: VerifiedProgram, engine: ReturnType<typeof createJit>, value: number): unknown => {
  const machine = new Machine(program, { engine });
  machine.start('main', [value]);
  return machine.run();
};

/** A loop that is entered at two places: no nesting of loops describes it. */
const IRREDUCIBLE = programOf([
  {
    signature: { parameters: ['i32'], results: ['i32'] },
    registers: ['i32', 'i32'],
    lines: [
      ['check'],
      ['br_eq_i32_imm', 0, 5, 3],
      ['check'],
      ['add_i32_imm', 1, 1, 1],
      ['check'],
      ['add_i32_imm', 0, 0, -1],
      ['br_gt_i32_imm', 0, 4, -4],
      ['br_gt_i32_imm', 0, 0, -3],
      ['ret', [1]],
    ],
  },
]);

describe('a JIT that compiles everything', () => {
  it('compiles each function and a way into each loop', () => {
    const jit = createJit({ compile: 'all' });
    expect(jit.name).toBe('jit');
    expect(run(SUM, jit, 10)).toEqual({ kind: 'returned', values: [55] });
    expect(jit.report(SUM)).toMatchObject({ functions: 1, entries: 2, compilations: 1, refusal: undefined });
  });

  it('compiles loops that are entered at several places', () => {
    const jit = createJit({ compile: 'all' });
    const plain = new Machine(IRREDUCIBLE);
    plain.start('main', [9]);
    expect(run(IRREDUCIBLE, jit, 9)).toEqual(plain.run());
    expect(jit.report(IRREDUCIBLE)).toMatchObject({ functions: 1, entries: 3 });
  });

  it("recurses deeper than the host's stack would allow", () => {
    const jit = createJit({ compile: 'all' });
    const machine = new Machine(DEEP, { engine: jit, frameBytesMax: 2 ** 26 });
    machine.start('main', [1_000_000]);
    expect(machine.run()).toEqual({ kind: 'returned', values: [1_000_000] });
    expect(machine.fuelUsed).toBe(1_000_001);
  });
});

describe('a JIT that compiles what is hot', () => {
  it('does not compile what ran little', () => {
    const jit = createJit();
    expect(jit.name).toBe('auto');
    expect(run(FIB, jit, 10)).toEqual({ kind: 'returned', values: [55] });
    expect(jit.report(FIB)).toMatchObject({ functions: 0, compilations: 0 });
  });

  it('compiles a function that takes long, and enters a loop that is running', () => {
    const jit = createJit({ sampleFuel: 1000, samples: 2 });
    expect(run(FIB, jit, 20)).toEqual({ kind: 'returned', values: [6765] });
    expect(jit.report(FIB)).toMatchObject({ functions: 1, compilations: 1 });
    expect(run(SUM, jit, 100_000)).toEqual({ kind: 'returned', values: [705_082_704] });
    expect(jit.report(SUM)).toMatchObject({ functions: 1, entries: 2 });
  });
});

it('interprets where the host forbids compiling, and says why', () => {
  const { Module } = WebAssembly;
  const forbidden = class {
    constructor() {
      throw new WebAssembly.CompileError('blocked by a policy');
    }
  };
  try {
    Object.assign(WebAssembly, { Module: forbidden });
    const reasons: string[] = [];
    const jit = createJit({ compile: 'all', onRefusal: (reason) => reasons.push(reason) });
    expect(run(FIB, jit, 10)).toEqual({ kind: 'returned', values: [55] });
    expect(jit.report(FIB).refusal).toBe('blocked by a policy');
    run(SUM, jit, 10);
    expect(reasons).toEqual(['blocked by a policy']);
  } finally {
    Object.assign(WebAssembly, { Module });
  }
});

describe('a JIT that does not keep its host waiting', () => {
  it.each(['all', 'hot'] as const)('interprets until code is there, then enters it while the program runs: %s', async (mode) => {
    const jit = createJit({ compile: mode, asynchronous: true, sampleFuel: 100, samples: 1 });
    const machine = new Machine(SUM, { engine: jit });
    machine.start('main', [1_000_000_000]);
    expect(machine.run(10_000)).toMatchObject({ kind: 'out_of_fuel' });
    expect(jit.report(SUM)).toMatchObject({ compilations: 0, entered: 0, fuel: { compiled: 0, interpreted: 10_000 } });
    for (let turn = 0; turn < 1000 && jit.report(SUM).entered === 0; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      machine.run(10_000);
    }
    const { fuel, entered } = jit.report(SUM);
    expect(entered).toBeGreaterThan(0);
    expect(fuel.compiled).toBeGreaterThan(0);
    expect(fuel.compiled + fuel.interpreted).toBe(machine.fuelUsed);
  });

  it('says that the host forbids compiling', async () => {
    const { compile: allowed } = WebAssembly;
    Object.assign(WebAssembly, { compile: async () => Promise.reject(new WebAssembly.CompileError('blocked by a policy')) });
    try {
      const reason = await new Promise<string>((resolve) => {
        const jit = createJit({ compile: 'all', asynchronous: true, onRefusal: resolve });
        expect(run(FIB, jit, 10)).toEqual({ kind: 'returned', values: [55] });
      });
      expect(reason).toBe('blocked by a policy');
    } finally {
      Object.assign(WebAssembly, { compile: allowed });
    }
  });
});

it('reports what was compiled, how often it was entered and why it was left', () => {
  let now = 0;
  const jit = createJit({ compile: 'all', clock: () => now++ });
  const machine = new Machine(SUM, { engine: jit });
  machine.start('main', [1000]);
  // Where less is left than the loop takes at once, the interpreter does the rest.
  expect(machine.run(500)).toMatchObject({ kind: 'out_of_fuel' });
  expect(machine.run()).toMatchObject({ kind: 'returned' });
  const { fuel, left, entered, milliseconds, instructions } = jit.report(SUM);
  expect(fuel.compiled + fuel.interpreted).toBe(machine.fuelUsed);
  expect([left.returned, left.port, left.call, left.trap, entered]).toEqual([1, 0, 0, 0, 1 + left.fuel]);
  expect(milliseconds).toEqual({ compiler: 1, host: 1 });
  // Once for the function and once for the way into its loop.
  expect(instructions).toBe(2 * 6);
});

it('steps and breakpoints work in a program that was compiled', () => {
  const machine = new Machine(SUM, { engine: createJit({ compile: 'all' }) });
  machine.start('main', [3]);
  machine.run(2);
  machine.addBreakpoint(0, 3);
  expect(machine.run()).toMatchObject({ kind: 'breakpoint', pc: 3 });
  expect(machine.step()).toMatchObject({ kind: 'stepped', pc: 4 });
  machine.removeBreakpoint(0, 3);
  expect(machine.run()).toEqual({ kind: 'returned', values: [6] });
});

it('writes modules that a validator of another maker accepts', async () => {
  const wabt = await wabtOf();
  for (const program of [SUM, FIB, DEEP]) {
    const { bytes } = compile(program, [0], [{ function: 0, pc: 1 }]);
    wabt.readWasm(bytes, { readDebugNames: false }).validate();
  }
});

it('is handed to a machine like any engine, and one serves many programs', () => {
  const jit = createJit({ compile: 'all' });
  expect([run(FIB, jit, 15), run(SUM, jit, 4), run(DEEP, jit, 7)]).toEqual([610, 10, 7].map((value) => ({ kind: 'returned', values: [value] })));
});

/** main(n): a loop at the very first instruction, over a parameter and a register that is 0 at first. */
const LOOP_AT_ENTRY = programOf([
  {
    signature: { parameters: ['i32'], results: ['i32'] },
    registers: ['i32', 'i32'],
    lines: [['check'], ['add_i32', 1, 1, 0], ['add_i32_imm', 0, 0, -1], ['br_neq_i32_imm', 0, 0, -3], ['ret', [1]]],
  },
]);

describe('a loop at the very first instruction', () => {
  it.each([{ compile: 'all' }, { sampleFuel: 1, samples: 1 }] as const)('keeps its registers when it is left and entered again: %j', (options) => {
    for (const grant of [1, 7, 17, 50, 1000]) {
      const machine = new Machine(LOOP_AT_ENTRY, { engine: createJit(options) });
      machine.start('main', [100]);
      let outcome = machine.run(grant);
      while (outcome.kind === 'out_of_fuel') outcome = machine.run(grant);
      expect([outcome, machine.fuelUsed]).toEqual([{ kind: 'returned', values: [5050] }, 100]);
    }
  });
});

/** main(n): adds up words of memory by address, a small loop that is written several times in a row. */
const WORDS_SUM = programOf([
  {
    signature: { parameters: ['i32'], results: ['i32'] },
    registers: ['i32', 'i32', 'i32', 'i32'],
    lines: [
      ['check'],
      ['const_i32', 1, 4096],
      ['check'],
      ['load_i32', 3, 1, 0],
      ['add_i32', 2, 2, 3],
      ['add_i32_imm', 1, 1, 4],
      ['add_i32_imm', 0, 0, -1],
      ['br_neq_i32_imm', 0, 0, -5],
      ['ret', [2]],
    ],
  },
]);

/** main(n): calls leaf(n) from middle(n), both small enough to stand in the place of the call. */
const NESTED_CALLS = programOf([
  {
    signature: { parameters: ['i32'], results: ['i32'] },
    registers: ['i32', 'i32'],
    lines: [['check'], ['call', [0], [1], 1], ['add_i32', 0, 0, 1], ['ret', [0]]],
  },
  {
    signature: { parameters: ['i32'], results: ['i32'] },
    registers: ['i32', 'i32', 'i32'],
    lines: [['check'], ['add_i32_imm', 1, 0, 1], ['call', [1], [2], 2], ['mul_i32', 0, 0, 2], ['ret', [0]]],
  },
  {
    signature: { parameters: ['i32'], results: ['i32'] },
    registers: ['i32', 'i32'],
    lines: [['check'], ['add_i32', 1, 1, 0], ['div_i32', 1, 1, 0], ['add_i32', 0, 0, 1], ['ret', [0]]],
  },
]);

describe('what is written in another form can be left anywhere', () => {
  const outcomes = (program: VerifiedProgram, value: number, grant: number, engines: readonly (Engine | undefined)[]): unknown[] => {
    const machine = (engine: Engine | undefined): Machine => new Machine(program, engine === undefined ? {} : { engine });
    let current = machine(engines[0]);
    current.memory.set(
      Uint8Array.from({ length: 400 }, (_, index) => index),
      4096,
    );
    current.start('main', [value]);
    const seen: unknown[] = [];
    for (let turn = 1; turn < 1000; turn++) {
      const outcome = current.run(grant);
      seen.push([outcome, Buffer.from(current.snapshot()).toString('base64')]);
      if (outcome.kind !== 'out_of_fuel') break;
      const next = machine(engines[turn % engines.length]);
      next.restore(current.snapshot());
      current = next;
    }
    return seen;
  };

  it.each([1, 2, 3, 5, 8, 9, 16, 61, 100])('a loop over memory in grants of %d', (grant) => {
    const wanted = outcomes(WORDS_SUM, 100, grant, [undefined]);
    // The bytes 0 to 255 and 0 to 143 as words of four bytes, from hand: sums modulo 2^32.
    expect((wanted.at(-1) as readonly unknown[])[0]).toEqual({ kind: 'returned', values: [-1370888872] });
    const jit = createJit({ compile: 'all' });
    expect(outcomes(WORDS_SUM, 100, grant, [jit])).toEqual(wanted);
    expect(outcomes(WORDS_SUM, 100, grant, [jit, undefined])).toEqual(wanted);
  });

  it.each([1, 2, 3])('functions in the place of calls in grants of %d', (grant) => {
    // leaf(6) = 6 + 6 / 6 = 7; middle(5) = 5 * 7; main(5) = 5 + 35
    const wanted = outcomes(NESTED_CALLS, 5, grant, [undefined]);
    expect((wanted.at(-1) as readonly unknown[])[0]).toEqual({ kind: 'returned', values: [40] });
    const jit = createJit({ compile: 'all' });
    expect(outcomes(NESTED_CALLS, 5, grant, [jit])).toEqual(wanted);
    expect(outcomes(NESTED_CALLS, 5, grant, [jit, undefined])).toEqual(wanted);
  });

  it('a trap in a function in the place of a call has the frames of all three', () => {
    const machine = new Machine(NESTED_CALLS, { engine: createJit({ compile: 'all' }) });
    machine.start('main', [-1]);
    expect(machine.run()).toMatchObject({
      kind: 'trapped',
      trap: 'divide_by_zero',
      backtrace: [{ function: 2 }, { function: 1 }, { function: 0 }],
    });
    expect(machine.fuelUsed).toBe(3);
  });
});

describe('hostile sizes', () => {
  const nothing = { parameters: ['i32'], results: ['i32'] } as const;
  const chain = (count: number): VerifiedProgram =>
    programOf([{ signature: nothing, registers: ['i32'], lines: [['check'], ...Array.from({ length: count }, (): Line => ['jump', 1]), ['ret', [0]]] }]);

  it('compiles a chain of thousands of blocks without recursion', () => {
    const jit = createJit({ compile: 'all' });
    const program = chain(7000);
    expect(run(program, jit, 9)).toEqual({ kind: 'returned', values: [9] });
    expect(jit.report(program)).toMatchObject({ functions: 1 });
  });

  it('leaves a function that is too large to the interpreter', () => {
    const jit = createJit({ compile: 'all' });
    const program = chain(9000);
    expect(run(program, jit, 9)).toEqual({ kind: 'returned', values: [9] });
    expect(jit.report(program)).toMatchObject({ functions: 0 });
  });

  it('compiles ways into loops only as long as their code stays bounded', () => {
    const loops = Array.from({ length: 500 }, (): Line[] => [['check'], ['add_i32_imm', 0, 0, -1], ['br_gt_i32_imm', 0, 100, -2]]).flat();
    const program = programOf([{ signature: nothing, registers: ['i32'], lines: [['check'], ...loops, ['ret', [0]]] }]);
    const jit = createJit({ compile: 'all' });
    expect(run(program, jit, 1000)).toEqual({ kind: 'returned', values: [-399] });
    expect(jit.report(program).bytes).toBeLessThan(8_000_000);
    expect(jit.report(program).entries).toBeLessThan(101);
  });
});
