/**
 * Sources of any length for measuring assemblers: the same made-up program as `.pbs` and, for comparison, as x86-64 for
 * GNU `as`. Functions of about 30 lines with locals, arithmetic, memory, branches, blocks and calls, some data and constants,
 * comments and blank lines. The same seed gives the same text.
 */

/** Numbers from 0 to 2^32 - 1 that depend on the seed alone (xorshift). */
export function randomFrom(seed) {
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  return { below: (count) => next() % count, pick: (items) => items[next() % items.length] };
}

const OPERATIONS = ['add', 'sub', 'mul', 'and', 'or', 'xor', 'shl'];
const CONDITIONS = ['eq', 'neq', 'lt', 'lte', 'gt', 'gte', 'ltu'];
const REGISTERS = ['count', 'index', 'sum', 'left', 'right', 'address', 'value', 'limit'];
const GAS_REGISTERS = ['%eax', '%ecx', '%edx', '%esi', '%edi', '%r8d', '%r9d', '%r10d'];
const GAS_OPERATIONS = { add: 'addl', sub: 'subl', mul: 'imull', and: 'andl', or: 'orl', xor: 'xorl', shl: 'shll' };
const GAS_JUMPS = { eq: 'je', neq: 'jne', lt: 'jl', lte: 'jle', gt: 'jg', gte: 'jge', ltu: 'jb' };

const BREAKS = [
  (line) => line.replace(/[a-z]+/, (word) => `${word}z`),
  (line) => line.replace(/,[^,]*$/, ''),
  (line) => `${line} @`,
  (line) => line.replace(/(\w+)$/, 'nowhere_$1'),
  (line) => `${line}, 7`,
  (line) => line.replace(/,/, ''),
];

/**
 * Source text in the language, of at least so many lines; `brokenPerMille` of a thousand instructions are wrong.
 * @returns the text, and the lines (from 1) that are wrong
 */
export function pbsSource(lines, { seed = 1, brokenPerMille = 0 } = {}) {
  const random = randomFrom(seed);
  const text = [];
  let functions = 0;
  const broken = [];
  const put = (line) => {
    if (random.below(1000) < brokenPerMille && /^ +[a-z]+ [a-z].*, /.test(line) && !line.includes('local')) {
      text.push(random.pick(BREAKS)(line));
      broken.push(text.length);
    } else {
      text.push(line);
    }
  };
  text.push('; made by bench/assembler-source.mjs', 'const LIMIT = 1 << 20', 'const STEP = LIMIT / 4096 + 3', '');
  while (text.length < lines) {
    const number = functions++;
    const name = `f${number}`;
    if (number % 4 === 0)
      text.push(
        `const SIZE_${number} = ${random.below(4000)} * 4 + 8`,
        `data table_${number}: i32 = ${Array.from({ length: 8 }, () => random.below(100000)).join(', ')}`,
      );
    if (number % 8 === 1) text.push(`data text_${number} = "a string of some length, number ${number}\\n", 0`);
    const table = `table_${number - (number % 4)}`;
    text.push('', `;; Function number ${number}.`, `export func ${name}(count: i32, limit: i32) -> i32 {`);
    text.push('    local index, sum, left, right, address, value: i32', '    local wide, other: i64');
    const size = 16 + random.below(16);
    for (let at = 0; at < size; at++) {
      const [a, b, c] = [random.pick(REGISTERS), random.pick(REGISTERS), random.pick(REGISTERS)];
      switch (random.below(12)) {
        case 0:
          put(`    load ${a}, [${table} + ${4 * random.below(8)}]`);
          break;
        case 1:
          put(`    load ${a}, [address + ${4 * random.below(100)}]`);
          break;
        case 2:
          put(`    store [address + ${4 * random.below(100)}], ${b}          ; keep it`);
          break;
        case 3:
          put(`    ${random.pick(OPERATIONS)} wide, other, ${random.below(200)}`);
          break;
        case 4:
          text.push(`    if ${random.pick(CONDITIONS)} ${a}, ${random.below(300)} {`);
          put(`        ${random.pick(OPERATIONS)} ${a}, ${b}, ${c}`);
          put(`        mov ${b}, ${random.below(100000)}`);
          text.push('    } else {');
          put(`        ${random.pick(OPERATIONS)} ${c}, ${a}, STEP`);
          text.push('    }');
          break;
        case 5:
          text.push(`    loop while lt index, ${a} {`);
          put(`        add index, index, ${1 + random.below(4)}`);
          put(`        ${random.pick(OPERATIONS)} sum, sum, ${b}`);
          text.push(`        break if gt sum, LIMIT`, '    }', '');
          break;
        case 6:
          if (number > 0) put(`    call f${random.below(number)}(${a}, ${random.below(50)}) -> value`);
          break;
        default:
          put(`    ${random.pick(OPERATIONS)} ${a}, ${b}, ${random.below(2) ? c : random.below(500)}`);
      }
    }
    text.push('    ret sum', '}');
  }
  return { text: `${text.join('\n')}\nfunc main() -> i32 {\n    local x: i32\n    call f0(1, 2) -> x\n    ret x\n}\n`, broken };
}

/** A program of the same make for GNU `as`, of at least so many lines. */
export function gasSource(lines, { seed = 1 } = {}) {
  const random = randomFrom(seed);
  const text = ['# made by bench/assembler-source.mjs', '.set LIMIT, 1 << 20', '.set STEP, LIMIT / 4096 + 3', '.text'];
  let functions = 0;
  let label = 0;
  while (text.length < lines) {
    const number = functions++;
    if (number % 4 === 0) {
      text.push('.data', `table_${number}:`, `    .long ${Array.from({ length: 8 }, () => random.below(100000)).join(', ')}`, '.text');
    }
    const table = `table_${number - (number % 4)}`;
    text.push('', `# Function number ${number}.`, `.globl f${number}`, `f${number}:`, '    xorl %edx, %edx');
    const size = 20 + random.below(20);
    for (let at = 0; at < size; at++) {
      const [a, b] = [random.pick(GAS_REGISTERS), random.pick(GAS_REGISTERS)];
      const operation = random.pick(OPERATIONS);
      switch (random.below(12)) {
        case 0:
          text.push(`    movl ${table} + ${4 * random.below(8)}(%rip), ${a}`);
          break;
        case 1:
          text.push(`    movl ${4 * random.below(100)}(%rbx), ${a}`);
          break;
        case 2:
          text.push(`    movl ${b}, ${4 * random.below(100)}(%rbx)          # keep it`);
          break;
        case 3:
          text.push(`    addq $${random.below(200)}, %r11`);
          break;
        case 4:
        case 5: {
          const over = `.L${label++}`;
          text.push(
            `    cmpl $${random.below(300)}, ${a}`,
            `    ${GAS_JUMPS[random.pick(CONDITIONS)]} ${over}`,
            `    ${GAS_OPERATIONS[operation === 'shl' ? 'add' : operation]} ${b}, ${a}`,
            `    movl $${random.below(100000)}, ${b}`,
            `${over}:`,
          );
          break;
        }
        case 6:
          if (number > 0) text.push(`    call f${random.below(number)}`);
          break;
        default:
          text.push(`    ${GAS_OPERATIONS[operation]} $${random.below(operation === 'shl' ? 31 : 500)}, ${a}`);
      }
    }
    text.push('    ret');
  }
  return `${text.join('\n')}\n`;
}
