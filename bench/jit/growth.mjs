/**
 * What compiling costs: programs of more and more functions, and one of ten thousand that runs.
 *
 * The functions are made alike: a loop over memory, a branch, a call of the function before, arithmetic. The time of our compiler, warmed up, and that which the host takes until a
 * module can be used are told apart.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { door, median, PROGRAMS } from '../library.mjs';

const SIZES = [100, 200, 400, 800, 1600, 2400];
const ROUNDS = 5;

const functionText = (index) => `
func f${index}(a: i32, n: i32) -> i32 {
    local sum, i, t: i32
    mul sum, a, 31
    loop while lt i, n {
        and t, i, 63
        shl t, t, 2
        load t, [t + words]
        xor sum, sum, t
        add i, i, 1
    }
    if lt sum, 0 { sub sum, t, sum }
    shru t, sum, 7
    add sum, sum, t
    ${index === 0 ? 'mov t, 1' : `call f${index - 1}(t, 2) -> t`}
    xor sum, sum, t
    ret sum
}`;

const programText = (count) => `data words: i32[64]
${Array.from({ length: count }, (_, index) => functionText(index)).join('\n')}
export func run(reps: i32) -> i32 {
    call f${count - 1}(reps, 3) -> reps
    ret reps
}
`;

/** Compile times by size, microseconds an instruction, and whether ten thousand functions give what the interpreter gives. */
export async function growth() {
  const [{ assemble }, { verify, Machine, INTERPRETER }, { createJit }, { LIBRARY }] = await Promise.all(['assembler', 'vm', 'jit', 'stdlib'].map(door));
  const made = (count) => {
    const text = programText(count);
    const { binary, diagnostics } = assemble('made.pbs', {
      read: (name) => (name === 'made.pbs' ? text : readFileSync(path.join(PROGRAMS, name), 'utf8')),
      library: LIBRARY,
    });
    if (binary === undefined) throw new Error(diagnostics[0].message);
    return binary;
  };
  const clock = () => performance.now();
  const compileOnce = (binary) => {
    const { program } = verify(binary);
    return createJit({ compile: 'all', clock }).report(program);
  };
  const binaries = SIZES.map((count) => [count, made(count)]);
  // The host's compiler has to know ours before its time is that of a long-running host.
  for (let turn = 0; turn < 6; turn++) compileOnce(binaries[3][1]);
  const rows = binaries.map(([count]) => ({ functions: count, all: [] }));
  for (let round = 0; round < ROUNDS; round++) binaries.forEach(([, binary], at) => rows[at].all.push(compileOnce(binary)));
  const points = rows.map(({ functions, all }) => ({
    functions,
    instructions: all[0].instructions,
    milliseconds: median(all.map(({ milliseconds: { compiler } }) => compiler)),
    hostMilliseconds: median(all.map(({ milliseconds: { host } }) => host)),
    bytes: all[0].bytes,
  }));
  const many = verify(made(10_000)).program;
  const runMany = (engine) => {
    const machine = new Machine(many, { engine });
    machine.start('run', [7]);
    return JSON.stringify(machine.run());
  };
  const jit = createJit({ compile: 'all', clock });
  const tenThousand = { agrees: runMany(jit) === runMany(INTERPRETER), functions: jit.report(many).functions };
  return { points, tenThousand };
}
