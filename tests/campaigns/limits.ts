/**
 * Limits and bombs: what a hostile program tries on its host's time and memory, on every engine, in plain Node.
 *
 * Each row is one attack with what must come of it, by the specification: exact fuel, exact depth, an exact trap. Where time is judged it is
 * against the same attack at a quarter of the size, so that a slow host does not matter; memory is what the process has resident.
 */
import { PAGE_BYTES, type OperandValue, type Program, type ValueType } from '../../isa-spec/index.js';
import { createJit } from '../../jit/index.js';
import { INTERPRETER, Machine, REFERENCE, verify, type Engine, type Outcome, type VerifiedProgram } from '../../vm/index.js';
import { wordsOf, programOf, type Line } from '../vm/programs.js';
import { generate } from './generate.js';
import { build } from './draft.js';
import { Random } from './random.js';

const ENGINES: readonly Engine[] = [INTERPRETER, REFERENCE];
/** Compiles everything before it runs. */
const JIT = createJit({ compile: 'all' });
const MB = 1e6;

function expect(what: string, found: unknown, wanted: unknown): void {
  const [left, right] = [found, wanted].map((value) => JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part)));
  if (left !== right) throw new Error(`${what}: found ${left}, wanted ${right}`);
}

function started(program: VerifiedProgram, engine: Engine, values: readonly (number | bigint)[] = [], frameBytesMax?: number): Machine {
  const machine = new Machine(program, { engine, ...(frameBytesMax === undefined ? {} : { frameBytesMax }) });
  machine.start('main', values);
  return machine;
}

/** One function `main` without parameters that returns an i32, from words. */
function programOfWords(code: Int32Array, registers: readonly ValueType[], more: Partial<Program> = {}): VerifiedProgram {
  const verified = verify({
    groups: [{ name: 'base', version: 1 }],
    signatures: [{ parameters: [], results: ['i32'] }],
    functions: [{ signature: 0, registers, words: code.length }],
    code,
    table: [],
    memory: { pagesMin: 1, pagesMax: 1 },
    data: [],
    ports: [],
    exports: [{ name: 'main', function: 0 }],
    symbols: [],
    ...more,
  });
  if ('rejection' in verified) throw new Error(JSON.stringify(verified.rejection));
  return verified.program;
}

const one = (name: string, ...operands: OperandValue[]): number[] => wordsOf([[name, ...operands] as Line]);

/** main(n) calls itself n deep; its frame has 2 registers, so 24 bytes. */
const DEEP = programOf([
  {
    signature: { parameters: ['i32'], results: ['i32'] },
    registers: ['i32', 'i32'],
    lines: [['check'], ['br_neq_i32_imm', 0, 0, 3], ['ret', [0]], ['add_i32_imm', 1, 0, -1], ['call', [1], [1], 0], ['add_i32_imm', 1, 1, 1], ['ret', [1]]],
  },
]);
const FRAME = 24;

/** A program whose blocks each jump to the one before: facts about the first must travel through all of them. */
function ladder(blocks: number): VerifiedProgram {
  const code = [...one('check'), ...one('jump', 0), ...one('check'), ...one('ret', [1])];
  let before = 2;
  for (let block = 0; block < blocks; block++) {
    const at = code.length;
    code.push(...one('check'), ...one('jump', before - at - 1));
    before = at;
  }
  code[1] = one('jump', before - 1)[0] as number;
  return programOfWords(Int32Array.from(code), ['i32', 'i32']);
}

/** A function of so many instructions, each of which is a branch's target. */
function targets(count: number): VerifiedProgram {
  const branch = one('br_eq_i32', 0, 0, 1)[0] as number;
  const code = new Int32Array(count + 3).fill(branch);
  code[0] = one('check')[0] as number;
  code.set(one('ret', [0]), count + 1);
  return programOfWords(code, new Array<ValueType>(256).fill('i32'));
}

function checks(count: number): VerifiedProgram {
  const code = new Int32Array(count + 2).fill(one('check')[0] as number);
  code.set(one('ret', [0]), count);
  return programOfWords(code, ['i32']);
}

/** Seconds of processor time that a verified program needs to its first suspension and a snapshot. */
function secondsToLoad(make: (size: number) => VerifiedProgram, size: number): number {
  const program = make(size);
  const start = process.cpuUsage();
  for (const engine of ENGINES) {
    const machine = started(program, engine);
    machine.run(2);
    machine.snapshot();
  }
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

function loadsInLinearTime(make: (size: number) => VerifiedProgram, size: number): void {
  secondsToLoad(make, 1000);
  const [small, large] = [secondsToLoad(make, size / 4), secondsToLoad(make, size)];
  // Four times the size in four times the time, with a factor for noise; quadratic growth would be sixteen.
  if (large > 10 * small + 0.5) throw new Error(`size ${size / 4} took ${small.toFixed(2)} s, size ${size} ${large.toFixed(2)} s`);
  const resident = process.memoryUsage.rss();
  if (resident > 900 * MB) throw new Error(`${Math.round(resident / MB)} MB are resident`);
}

function millionDeep(engine: Engine, depth: number): void {
  expect('deep enough', started(DEEP, engine, [depth], (depth + 1) * FRAME).run(), { kind: 'returned', values: [depth] });
  const short = started(DEEP, engine, [depth], (depth + 1) * FRAME - 1);
  const outcome = short.run();
  expect(
    'one byte too little',
    [outcome.kind, (outcome as { trap?: string }).trap, (outcome as { depth?: number }).depth],
    ['trapped', 'frame_overflow', depth],
  );
  expect('fuel of the calls that were made', short.fuelUsed, depth);
}

/** Every slice of a thousand machines in turn, each with its own answer: the sum of 1 to n. */
function thousandMachines(engine: Engine): void {
  const sum = programOf([
    {
      signature: { parameters: ['i32'], results: ['i32'] },
      registers: ['i32', 'i32'],
      lines: [
        ['check'],
        ['check'],
        ['add_i32', 1, 1, 0],
        ['store_i32_absolute', 8192, 1],
        ['add_i32_imm', 0, 0, -1],
        ['br_neq_i32_imm', 0, 0, -5],
        ['ret', [1]],
      ],
    },
  ]);
  const machines = Array.from({ length: 1000 }, (_, index) => started(sum, engine, [index + 1]));
  const outcomes = new Array<Outcome | undefined>(1000).fill(undefined);
  for (let left = 1000; left > 0; ) {
    machines.forEach((machine, index) => {
      if (outcomes[index] !== undefined) return;
      const outcome = machine.run(100);
      if (outcome.kind === 'out_of_fuel') return;
      outcomes[index] = outcome;
      left--;
    });
  }
  outcomes.forEach((outcome, index) => {
    const { memory } = machines[index] as Machine;
    const wanted = ((index + 1) * (index + 2)) / 2;
    expect(
      `machine ${index}`,
      [outcome, machines[index]?.fuelUsed, new DataView(memory.buffer, memory.byteOffset).getInt32(8192, true)],
      [{ kind: 'returned', values: [wanted] }, index + 2, wanted],
    );
  });
}

/** The most memory that a program may declare is not there before it is used; where the host can't give it, the machine says so. */
function hugeMemory(): void {
  const before = process.memoryUsage.rss();
  const small = programOfWords(Int32Array.from([...one('check'), ...one('memory_bytes', 0), ...one('ret', [0])]), ['i32'], {
    memory: { pagesMin: 1, pagesMax: 65535 },
  });
  expect('the least by default', started(small, INTERPRETER).run(), { kind: 'returned', values: [PAGE_BYTES] });
  const huge = programOfWords(
    Int32Array.from([...one('check'), ...one('const_i32', 0, -65540), ...one('store_i32', 0, 0, 0), ...one('load_i32', 0, 0, 0), ...one('ret', [0])]),
    ['i32'],
    { memory: { pagesMin: 65535, pagesMax: 65535 } },
  );
  for (const engine of ENGINES) {
    try {
      expect('the last word of 65,535 pages', started(huge, engine).run(), { kind: 'returned', values: [-65540] });
    } catch (error) {
      if (!(error instanceof RangeError && /memory/i.test(error.message))) throw error;
    }
  }
  const resident = process.memoryUsage.rss() - before;
  if (resident > 100 * MB) throw new Error(`${Math.round(resident / MB)} MB are resident for memory that nobody touched`);
}

/** Generated programs, three times on each engine: the same snapshot at the end. */
function repeatable(): void {
  for (let index = 0; index < 120; index++) {
    const draft = generate(new Random(99, index));
    const verified = verify(build(draft).program);
    if ('rejection' in verified) throw new Error(`case ${index}: ${verified.rejection.message}`);
    const ends = ENGINES.flatMap((engine) =>
      [1, 2, 3].map(() => {
        const machine = started(verified.program, engine, draft.values, draft.frameBytesMax);
        const { kind } = machine.run(draft.fuel);
        return `${kind} ${Buffer.from(machine.snapshot()).toString('base64')}`;
      }),
    );
    expect(`case ${index}: different ends`, new Set(ends).size, 1);
  }
}

/**
 * A load outside of memory, some calls deep: trap, function and instruction are the same compiled. The calls in progress are too where they are few; of many, compiled
 * code knows those that the host tells.
 */
function placeOfTrap(): void {
  const last: Line[] = [
    ['call', [0], [1], 1],
    ['ret', [1]],
  ];
  const branchWords = one('br_neq_i32_imm', 0, 0, 8).length;
  const program = programOf([
    {
      signature: { parameters: ['i32'], results: ['i32'] },
      registers: ['i32', 'i32'],
      lines: [['check'], ['add_i32_imm', 0, 0, -1], ['br_neq_i32_imm', 0, 0, branchWords + wordsOf(last).length], ...last, ['call', [0], [1], 0], ['ret', [1]]],
    },
    { signature: { parameters: ['i32'], results: ['i32'] }, registers: ['i32', 'i32'], lines: [['check'], ['load_i32', 1, 0, 65536], ['ret', [1]]] },
  ]);
  for (const engine of [REFERENCE, INTERPRETER, JIT]) {
    for (const calls of [5, 1000]) {
      const outcome = started(program, engine, [calls]).run() as Extract<Outcome, { kind: 'trapped' }>;
      expect(`${calls} calls on the ${engine.name}`, [outcome.kind, outcome.trap, outcome.function, outcome.pc], ['trapped', 'memory_access', 1, 1]);
      if (engine !== JIT || calls === 5) expect(`depth on the ${engine.name}`, outcome.depth, calls + 1);
    }
  }
}

const attacks: Readonly<Record<string, () => void>> = {
  'recursion, a million deep': () => millionDeep(INTERPRETER, 1_000_000),
  'recursion, a million deep, compiled': () => millionDeep(JIT, 1_000_000),
  'recursion, 100,000 deep on the reference': () => millionDeep(REFERENCE, 100_000),
  'a thousand machines in turn, interpreter': () => thousandMachines(INTERPRETER),
  'a thousand machines in turn, reference': () => thousandMachines(REFERENCE),
  'a thousand machines in turn, compiled': () => thousandMachines(JIT),
  'the place of a trap, compiled too': placeOfTrap,
  'memory of 65,535 pages': hugeMemory,
  'the same end three times on each engine': repeatable,
  'a ladder of 40,000 blocks': () => loadsInLinearTime(ladder, 40_000),
  'a function of 400,000 checks': () => loadsInLinearTime(checks, 400_000),
  'a function of 200,000 targets': () => loadsInLinearTime(targets, 200_000),
};

let failures = 0;
for (const [name, attack] of Object.entries(attacks)) {
  const start = performance.now();
  let failed = '';
  try {
    attack();
  } catch (error) {
    failed = ` FAILED: ${(error as Error).message}`;
    failures++;
  }
  process.stdout.write(`${name}: ${((performance.now() - start) / 1000).toFixed(1)} s, ${Math.round(process.memoryUsage.rss() / MB)} MB${failed}\n`);
}
process.exitCode = failures === 0 ? 0 : 1;
