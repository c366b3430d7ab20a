/**
 * Writes `run.generated.ts`: one `switch` over every instruction and fused pair of the book.
 *
 * A row's text is its meaning with operators spelt by `spellings.ts` and operands placed by the encoding; no instruction is named here. Rules that the
 * text keeps: numbers as case labels; arrays and helpers as constants of the module, memory as a local; traps before writes; of two stores the
 * higher address first, so that the one that may fail comes first; `pc` always that of the instruction in progress, since a memory access may throw.
 * Instructions behind the escape byte live in a function of their own, so that the loop stays small enough to be optimised.
 */
import {
  ACCESSES,
  BOOK,
  BYTES_PER_FUEL,
  ESCAPE,
  isCanonical,
  layoutOf,
  TRAPS,
  type Access,
  type Effect,
  type Expression,
  type Operand,
  type Row,
  type TrapKind,
  type ValueType,
} from '../../isa-spec/index.js';
import { BREAKPOINT_OPCODE, FUSED, UNPREPARED, type FusedPair } from './code.js';
import { extended, numberOf, pair, SPELLINGS, truthOf, whole, wideOf, type Lines, type Text } from './spellings.js';
import { RESULT, STATUS } from './status.js';

const CHECK = BOOK.find(({ does }) => does[0]?.kind === 'check') as Row;

/** The text of one instruction. */
class Writer implements Lines {
  readonly #statements: string[] = [];
  readonly #named = new Map<string, Text>();
  #count = 0;

  constructor(
    readonly row: Row,
    /** Prefix of the names, so that two instructions may share a block. */
    readonly prefix: string,
    readonly isEscaped = false,
    /** Values of operands that are at hand already, by name. */
    readonly given: ReadonlyMap<string, Text> = new Map(),
  ) {}

  /** What the instruction wrote to its register; asked for before its text is made. */
  result: Text | undefined;
  keepsResult = false;

  get text(): string {
    return this.#statements.join(' ');
  }
  add(statement: string): void {
    this.#statements.push(statement);
  }
  fresh(): string {
    return `${this.prefix}${this.#count++}`;
  }
  name(text: string): string {
    if (/^\w+$/.test(text)) return text;
    const name = this.fresh();
    this.add(`const ${name} = ${text};`);
    return name;
  }
  numeric(text: string): Text {
    return { kind: 'number', text };
  }

  #place(name: string): { readonly operand: Operand; readonly byte: number; readonly word: number } {
    const found = layoutOf(this.row).places.find(({ operand }) => operand.name === name);
    if (found === undefined) throw new Error(`${this.row.name} has no operand ${name}: the book is checked`);
    return found;
  }
  /** Unsigned bits of the instruction's bytes, at a multiple of 1 or 2. */
  #bytes(byte: number, count: number, times: 1 | 2 = 1): string {
    const word = byte >> 2 === 0 ? 'w' : `c[pc + ${byte >> 2} | 0]!`;
    const mask = ((1 << (8 * count)) - 1) * times;
    const shift = 8 * (byte & 3) - (times - 1);
    if (shift < 0) return `(${word} << ${-shift} & ${mask})`;
    if (times === 1 && (byte & 3) + count === 4) return `(${word} >>> ${shift})`;
    return `(${word} >>> ${shift} & ${mask})`;
  }
  #signedBytes(byte: number, count: number): string {
    const end = 8 * ((byte & 3) + count);
    const word = byte >> 2 === 0 ? 'w' : `c[pc + ${byte >> 2} | 0]!`;
    return end === 32 ? `(${word} >> ${32 - 8 * count})` : `(${word} << ${32 - end} >> ${32 - 8 * count})`;
  }
  /** The first word of a register in the arena. */
  #register(byte: number): string {
    return `fp + ${this.#bytes(byte, 1, 2)} | 0`;
  }
  /** The word that holds a 32-bit operand. */
  word(name: string): string {
    return `c[pc + ${this.#place(name).word} | 0]!`;
  }
  /** The count of a list, or an unsigned byte operand. */
  count(name: string): string {
    const { operand, byte } = this.#place(name);
    return this.#bytes(byte, operand.kind === 'targets' ? 2 : 1);
  }

  operand(name: string): Text {
    const known = this.given.get(name) ?? this.#named.get(name);
    if (known !== undefined) return known;
    const text = this.#operand(name);
    const uses = JSON.stringify(this.row.does, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part)).split(`"name":"${name}"`).length - 1;
    if (uses < 2 || text.kind === 'wide') {
      if (text.kind === 'wide') this.#named.set(name, text);
      return text;
    }
    const named = this.numeric(this.name(numberOf(text)));
    this.#named.set(name, named);
    return named;
  }
  #operand(name: string): Text {
    const { operand, byte, word } = this.#place(name);
    switch (operand.kind) {
      case 'read':
        if (operand.type === 'f64') return this.numeric(`f[(fp >> 1) + ${this.#bytes(byte, 1)} | 0]!`);
        if (operand.type === 'i32') return this.numeric(`r[${this.#register(byte)}]!`);
        return this.#wideRegister(byte);
      case 'imm8':
      case 'imm16': {
        const text = this.#signedBytes(byte, operand.kind === 'imm8' ? 1 : 2);
        if (operand.type !== 'i64') return this.numeric(text);
        return extended(text, 'signed');
      }
      case 'imm32':
        return this.numeric(`c[pc + ${word} | 0]!`);
      case 'imm64':
        return pair(`c[pc + ${word} | 0]!`, `c[pc + ${word + 1} | 0]!`);
      case 'float64':
        return this.numeric(`f64OfBits(c[pc + ${word} | 0]!, c[pc + ${word + 1} | 0]!)`);
      case 'offset8':
        return this.numeric(this.#bytes(byte, 1));
      case 'offset32':
        return this.numeric(`(c[pc + ${word} | 0]! >>> 0)`);
      default:
        throw new Error(`operand ${name} of ${this.row.name} has no value: the book is checked`);
    }
  }
  /** Names each part when it is first asked for. */
  #wideRegister(byte: number): Text {
    const whole = `q[(fp >> 1) + ${this.#bytes(byte, 1)} | 0]!`;
    const named = new Map<string, string>();
    const once = (part: string, spell: () => string): string => {
      const name = named.get(part) ?? this.name(spell());
      named.set(part, name);
      return name;
    };
    const at = (): string => once('at', () => this.#register(byte));
    return {
      kind: 'wide',
      get low() {
        return once('low', () => `r[${at()}]!`);
      },
      get high() {
        return once('high', () => `r[${at()} + 1 | 0]!`);
      },
      get whole() {
        return once('whole', () => whole);
      },
    };
  }

  value(expression: Expression): Text {
    switch (expression.kind) {
      case 'operand':
        return this.operand(expression.name);
      case 'constant':
        if (expression.type !== 'i64') return this.numeric(Object.is(expression.value, -0) ? '-0' : `(${String(expression.value)})`);
        return {
          kind: 'wide',
          low: `(${BigInt.asIntN(32, expression.value as bigint)})`,
          high: `(${BigInt.asIntN(32, (expression.value as bigint) >> 32n)})`,
          whole: `${expression.value}n`,
        };
      case 'apply': {
        const [a, b] = expression.values.map((value) => this.value(value));
        const spelling: (lines: Lines, a: Text, b: Text) => Text = SPELLINGS[expression.operator];
        return spelling(this, a as Text, b as Text);
      }
      case 'select':
        return this.#select(expression);
      case 'load':
        return this.#load(expression.access, this.#address(expression));
      case 'memory_bytes':
        return this.numeric('(view.byteLength | 0)');
      default:
        return expression satisfies never;
    }
  }
  #select(expression: Extract<Expression, { kind: 'select' }>): Text {
    // A JavaScript number does not tell NaNs apart: wherever its bits become visible the canonical ones are written.
    if (isCanonical(expression)) return this.value(expression.then);
    const condition = this.value(expression.condition);
    const [then, otherwise] = [this.value(expression.then), this.value(expression.otherwise)];
    if (then.kind !== 'wide' || otherwise.kind !== 'wide') return this.numeric(`(${truthOf(condition)} ? ${numberOf(then)} : ${numberOf(otherwise)})`);
    return whole(`(${truthOf(condition)} ? ${then.whole} : ${otherwise.whole})`);
  }
  #address({ base, offset }: { readonly base: Expression | undefined; readonly offset: Expression }): string {
    const start = numberOf(this.value(offset));
    return base === undefined ? start : `(${numberOf(this.value(base))} >>> 0) + ${start}`;
  }
  #load(access: Access, at: string): Text {
    const narrow: Partial<Record<Access, string>> = {
      'i32.load': `getInt32(${at}, true)`,
      'i32.load8_s': `getInt8(${at})`,
      'i32.load8_u': `getUint8(${at})`,
      'i32.load16_s': `getInt16(${at}, true)`,
      'i32.load16_u': `getUint16(${at}, true)`,
      'f64.load': `getFloat64(${at}, true)`,
      'f32.load': `getFloat32(${at}, true)`,
      'i64.load8_s': `getInt8(${at})`,
      'i64.load8_u': `getUint8(${at})`,
      'i64.load16_s': `getInt16(${at}, true)`,
      'i64.load16_u': `getUint16(${at}, true)`,
      'i64.load32_s': `getInt32(${at}, true)`,
      'i64.load32_u': `getInt32(${at}, true)`,
    };
    const text = narrow[access];
    if (ACCESSES[access].type !== 'i64') return this.numeric(`view.${text}`);
    if (text !== undefined) {
      const low = this.name(`view.${text}`);
      return extended(low, access.endsWith('_u') ? 'unsigned' : 'signed');
    }
    const address = this.name(at);
    return pair(this.name(`view.getInt32(${address}, true)`), this.name(`view.getInt32(${address} + 4, true)`));
  }
  #store(access: Access, at: string, value: Text): void {
    switch (access) {
      case 'i32.store':
        return this.add(`view.setInt32(${at}, ${numberOf(value)}, true);`);
      case 'i32.store8':
        return this.add(`view.setInt8(${at}, ${numberOf(value)});`);
      case 'i32.store16':
        return this.add(`view.setInt16(${at}, ${numberOf(value)}, true);`);
      case 'i64.store8':
        return this.add(`view.setInt8(${at}, ${wideOf(value).low});`);
      case 'i64.store16':
        return this.add(`view.setInt16(${at}, ${wideOf(value).low}, true);`);
      case 'i64.store32':
        return this.add(`view.setInt32(${at}, ${wideOf(value).low}, true);`);
      case 'i64.store': {
        const address = this.name(at);
        return this.add(`view.setInt32(${address} + 4, ${wideOf(value).high}, true); view.setInt32(${address}, ${wideOf(value).low}, true);`);
      }
      case 'f64.store': {
        const [address, number] = [this.name(at), this.name(numberOf(value))];
        return this.add(
          `if (${number} === ${number}) view.setFloat64(${address}, ${number}, true); else { view.setInt32(${address} + 4, 0x7ff80000, true); view.setInt32(${address}, 0, true); }`,
        );
      }
      case 'f32.store': {
        const [address, number] = [this.name(at), this.name(numberOf(value))];
        return this.add(`if (${number} === ${number}) view.setFloat32(${address}, ${number}, true); else view.setInt32(${address}, 0x7fc00000, true);`);
      }
      default:
        throw new Error(`${access} is not a store: the book is checked`);
    }
  }

  /** @returns whether the text says itself where to go on */
  effect(effect: Effect): boolean {
    switch (effect.kind) {
      case 'set':
        this.#set(effect.to, this.value(effect.value));
        return false;
      case 'store':
        this.#store(effect.access, this.#address(effect), this.value(effect.value));
        return false;
      case 'trap_if':
        this.add(`if (${truthOf(this.value(effect.condition))}) ${this.trap(effect.trap)}`);
        return false;
      case 'trap':
        this.add(`OUT[${RESULT.detail}] = ${this.count(effect.code)}; status = ${STATUS.trapped}; break loop;`);
        return true;
      case 'branch': {
        const next = `pc = pc + ${layoutOf(this.row).words} | 0;`;
        this.add(`if (${truthOf(this.value(effect.condition))}) { ${this.#jump(effect.target)} } ${next} continue;`);
        return true;
      }
      case 'jump':
        this.add(this.#jump(effect.target));
        return true;
      case 'jump_table': {
        const words = layoutOf(this.row).words;
        this.add(`const i = ${numberOf(this.value(effect.index))} >>> 0, n = ${this.count(effect.targets)};`);
        this.add(`to = c[pc + ${words} + (i < n ? i : n) | 0]!; break;`);
        return true;
      }
      case 'call':
        this.add(`const to = D + (${this.word(effect.callee)} << 3) | 0;`);
        this.#call(effect.values);
        return true;
      case 'call_table':
        this.add(`const i = ${numberOf(this.value(effect.index))} >>> 0;`);
        this.add(`if (i >= c[D - 2 | 0]!) ${this.trap('undefined_function')}`);
        this.add(`const to = D + (c[c[D - 1 | 0]! + i | 0]! << 3) | 0;`);
        this.add(`if (c[to + 3 | 0] !== ${this.word(effect.signature)}) ${this.trap('signature_mismatch')}`);
        this.#call(effect.values);
        return true;
      case 'return':
        this.#return(effect.values);
        return true;
      case 'check':
        this.add(`if (fuel < 1) { status = ${STATUS.fuel}; break loop; } fuel = fuel - 1 | 0;`);
        return false;
      case 'copy': {
        const bytes = this.name(`${numberOf(this.value(effect.bytes))} >>> 0`);
        const [to, from] = [effect.to, effect.from].map((value) => `${numberOf(this.value(value))} >>> 0`);
        this.add(`if (!copyBytes(view, ${to}, ${from}, ${bytes})) ${this.trap('memory_access')}`);
        this.add(`OUT[${RESULT.detail}] = ceil(${bytes} / ${BYTES_PER_FUEL});`);
        return false;
      }
      case 'fill': {
        const bytes = this.name(`${numberOf(this.value(effect.bytes))} >>> 0`);
        this.add(
          `if (!fillBytes(view, ${numberOf(this.value(effect.to))} >>> 0, ${numberOf(this.value(effect.value))}, ${bytes})) ${this.trap('memory_access')}`,
        );
        this.add(`OUT[${RESULT.detail}] = ceil(${bytes} / ${BYTES_PER_FUEL});`);
        return false;
      }
      case 'bell':
      case 'wait':
      case 'poll':
        this.add('return PORT;');
        return true;
      default:
        return effect satisfies never;
    }
  }
  trap(kind: TrapKind): string {
    const { code } = TRAPS[kind];
    return this.isEscaped ? `return ${-code};` : `{ OUT[${RESULT.detail}] = ${code}; status = ${STATUS.trapped}; break loop; }`;
  }
  #set(name: string, value: Text): void {
    if (this.keepsResult) value = this.result = this.#kept(value, this.#place(name).operand.type);
    const { operand, byte } = this.#place(name);
    if (operand.type === 'i32') return this.add(`r[${this.#register(byte)}] = ${numberOf(value)};`);
    if (operand.type === 'f64') return this.add(`f[(fp >> 1) + ${this.#bytes(byte, 1)} | 0] = ${numberOf(value)};`);
    this.add(`q[(fp >> 1) + ${this.#bytes(byte, 1)} | 0] = ${wideOf(value).whole};`);
  }
  /** A value as its register would give it back. */
  #kept(value: Text, type: ValueType | undefined): Text {
    if (value.kind === 'wide') return whole(this.name(value.whole));
    const number = numberOf(value);
    return this.numeric(this.name(type === 'i32' ? `${number} | 0` : number));
  }
  /** Leaves the switch: behind it stands, once, what all branches do. */
  #jump(name: string): string {
    const { operand, byte, word } = this.#place(name);
    const by = operand.kind === 'branch32' ? `c[pc + ${word}]!` : this.#signedBytes(byte, operand.kind === 'branch8' ? 1 : 3);
    return `to = ${by}; break;`;
  }
  #call(values: string): void {
    const lists = layoutOf(this.row).words;
    this.add('const next = fp + c[d + 1 | 0]! | 0, clear = c[to + 2 | 0]!;');
    this.add(`if ((next + c[to + 1 | 0]! | 0) > end) { OUT[${RESULT.detail}] = c[to + 1 | 0]!; status = ${STATUS.frame}; break loop; }`);
    this.add(`const n = ${this.count(values)};`);
    this.add(`if (n !== 0) { const list = c[pc + ${lists} | 0]!;`);
    for (let index = 0; index < 4; index++) {
      const from = index === 0 ? 'list << 1 & 510' : `list >>> ${8 * index - 1} & 510`;
      this.add(
        `${index === 0 ? '' : `if (n > ${index}) `}{ const from = fp + (${from}) | 0; r[next + ${2 * index} | 0] = r[from]!; r[next + ${2 * index + 1} | 0] = r[from + 1 | 0]!;`,
      );
    }
    this.add(`if (n > 4) copyMany(fp, pc + ${lists}, next, n);`);
    this.add('} } } } }');
    this.add(
      `if (clear !== 0) { if (clear === ${UNPREPARED}) { OUT[${RESULT.detail}] = (to - D) >> 3; status = ${STATUS.unprepared}; break loop; } clearMany(next, clear); }`,
    );
    this.add('r[next - 2 | 0] = (d - D | 0) >> 3; r[next - 1 | 0] = pc - c[d]! | 0;');
    this.add(`fp = next; d = to; pc = c[to]!;`);
    this.add(`if (${AT_CHECK}) { if (fuel < 1) { status = ${STATUS.fuel}; break loop; } fuel = fuel - 1 | 0; pc = pc + 1 | 0; } continue;`);
  }
  #return(values: string): void {
    const lists = layoutOf(this.row).words;
    this.add(`const n = ${this.count(values)}, caller = r[fp - 2 | 0]!, from = fp;`);
    this.add(`if (caller < 0) { gather(fp, pc + ${lists} | 0, n); status = ${STATUS.returned}; break loop; }`);
    this.add('const skip = c[d + 4 | 0]!; d = D + (caller << 3) | 0; fp = fp - c[d + 1 | 0]! | 0;');
    this.add('const list = c[d]! + r[from - 1 | 0]! + skip | 0;');
    this.add(
      `if (n === 1) { const to = fp + (c[list]! << 1 & 510) | 0, value = from + (c[pc + ${lists} | 0]! << 1 & 510) | 0; r[to] = r[value]!; r[to + 1 | 0] = r[value + 1 | 0]!; }`,
    );
    this.add(`else if (n !== 0) returnMany(from, pc + ${lists}, fp, list, n);`);
    this.add('pc = list + (n + 3 >> 2) | 0; continue;');
  }
}

/** At a place that the verifier proved to hold a `check`: whether it does, since where there is something to stop at another opcode may stand. */
const AT_CHECK = `halts === 0 || (c[pc]! & 255) === ${CHECK.opcode}`;
/** Behind a branch: the `check` at a backward target is executed at once. */
const CHECKED = `if (to < 0 && (${AT_CHECK})) { if (fuel < 1) { status = ${STATUS.fuel}; break loop; } fuel = fuel - 1 | 0; pc = pc + 1 | 0; }`;

/** The text of a row: its effects, and the step to the next instruction unless it goes elsewhere. */
function textOf(writer: Writer, step: (words: number) => string): string {
  let goesOn = true;
  for (const effect of writer.row.does) if (writer.effect(effect)) goesOn = false;
  if (goesOn) writer.add(step(layoutOf(writer.row).words));
  return writer.text;
}

function caseOf(row: Row): string {
  return `      case ${row.opcode}: { ${textOf(new Writer(row, 'x'), (words) => `pc = pc + ${words} | 0; continue;`)} } // ${row.name}`;
}

/** Both texts, one behind the other. Where they are linked the second takes from a variable what the first wrote, not from its register. */
function pairOf({ opcode, first, second, linked }: FusedPair): string {
  const writer = new Writer(first, 'x');
  writer.keepsResult = linked !== undefined;
  const start = textOf(writer, (words) => `pc = pc + ${words} | 0;`);
  const given = new Map(linked === undefined ? [] : [[linked, writer.result as Text]]);
  const end = textOf(new Writer(second, 'y', false, given), (words) => `pc = pc + ${words} | 0; continue;`);
  return `      case ${opcode}: { ${start} w = c[pc]!; ${end} } // ${first.name} + ${second.name}${linked === undefined ? '' : `, ${linked} at hand`}`;
}

/** In an instruction behind the escape byte: fuel charged by it stands in `OUT`. */
function escapedCaseOf(row: Row): string {
  return `    case ${row.opcode & 0xff}: { ${textOf(new Writer(row, 'x', true), (words) => `return ${words};`)} } // ${row.name}`;
}

/** The text of `run.generated.ts`. */
export function generate(): string {
  const primary = BOOK.filter(({ opcode }) => opcode < 0x100);
  const escaped = BOOK.filter(({ opcode }) => opcode >= 0x100);
  return `// Generated from isa-spec; edit the book, or vm/interpreter/generate.ts, and run \`npm run generate\`.
/**
 * The interpreter's loop: one case for each instruction and fused pair. \`generate.ts\` tells how it is made and which rules it keeps.
 */
import { DOUBLES, LONGS, WORDS } from '../frames.js';
import * as arithmetic from './arithmetic.js';
import { CODE } from './code.js';

/** Results of a run: frame, descriptor, pc (a place in the code array), fuel, and a detail that depends on the status. */
export const OUT = new Int32Array(5);
/** What was thrown, where the status is ${STATUS.fault}. */
export const FAULT: { error: unknown } = { error: undefined };

/**
 * Runs from the instruction at \`pc\` until something happens.
 * @param view the guest's memory
 * @param D place of the program's descriptors
 * @param d the running function's descriptor
 * @param fp the running function's frame
 * @param end one past the last word that frames may take
 * @param halts 0 where the program has no place to stop at
 * @returns a status; the rest is in \`OUT\`
 */
type Run = (view: DataView, D: number, d: number, fp: number, pc: number, fuel: number, end: number, halts: number) => number;

/** Called once: only what a single closure holds does the host's compiler take for constants. */
function makeRun(r: Int32Array, f: Float64Array, q: BigInt64Array, c: Int32Array, OUT: Int32Array): Run {
  const {
    abs, asIntN, bitsOfF32, bitsOfF64, ceil, clz32, copyBytes, copysign, countOnes, countTrailingZeros, divide64, divideUnsigned64, f32OfBits, f64OfBits,
    fillBytes, floor, fround, HIGH, i64ToF32, imul, max, min, nearest, POWERS, remainder64, remainderUnsigned64, sqrt, toBig, trunc,
    truncateToI32, truncateToI64, truncateToU32, truncateToU64, u64ToF32,
  } = arithmetic;
  const PORT = -256;

  function copyMany(fp: number, list: number, next: number, n: number): void {
    for (let i = 4; i < n; i++) {
      const from = fp + 2 * (c[list + (i >> 2)]! >>> 8 * (i & 3) & 255);
      r[next + 2 * i] = r[from]!;
      r[next + 2 * i + 1] = r[from + 1]!;
    }
  }
  function clearMany(next: number, range: number): void {
    r.fill(0, next + 2 * (range & 0xffff), next + 2 * (range >>> 16));
  }
  function returnMany(from: number, values: number, fp: number, list: number, n: number): void {
    for (let i = 0; i < n; i++) {
      const shift = 8 * (i & 3);
      const to = fp + 2 * (c[list + (i >> 2)]! >>> shift & 255);
      const value = from + 2 * (c[values + (i >> 2)]! >>> shift & 255);
      r[to] = r[value]!;
      r[to + 1] = r[value + 1]!;
    }
  }
  /** Moves the values that the outermost function returns into its first registers. */
  function gather(fp: number, values: number, n: number): void {
    const found: number[] = [];
    for (let i = 0; i < n; i++) {
      const value = fp + 2 * (c[values + (i >> 2)]! >>> 8 * (i & 3) & 255);
      found.push(r[value]!, r[value + 1]!);
    }
    r.set(found, fp);
  }
  /** An instruction behind the escape byte. @returns its words, or less than 0: PORT, or a trap's code negated */
  function escaped(view: DataView, w: number, pc: number, fp: number): number {
    OUT[${RESULT.detail}] = 0;
    switch (w >>> 8 & 0xff) {
${escaped.map(escapedCaseOf).join('\n')}
    default: throw new Error('an opcode that the verifier refuses');
    }
  }

  return function interpretLoop(view, D, d, fp, pc, fuel, end, halts) {
    let status = 0;
    let w = 0;
    let to = 0;
    D |= 0; d |= 0; fp |= 0; pc |= 0; fuel |= 0; end |= 0; halts |= 0;
  try {
    loop: for (;;) {
      w = c[pc]!;
      switch (w & 0xff) {
${primary.map(caseOf).join('\n')}
${FUSED.map(pairOf).join('\n')}
      case ${BREAKPOINT_OPCODE}: { status = ${STATUS.breakpoint}; break loop; }
      case ${ESCAPE}: {
        const words = escaped(view, w, pc, fp);
        if (words > 0) { fuel = fuel - OUT[${RESULT.detail}]! | 0; pc = pc + words | 0; continue; }
        if (words === PORT) { status = ${STATUS.port}; break loop; }
        OUT[${RESULT.detail}] = -words; status = ${STATUS.trapped}; break loop;
      }
      default: throw new Error('an opcode that the verifier refuses');
      }
      pc = pc + to | 0;
      ${CHECKED}
    }
  } catch (error) {
    FAULT.error = error;
    status = ${STATUS.fault};
  }
  OUT[${RESULT.fp}] = fp; OUT[${RESULT.descriptor}] = d; OUT[${RESULT.pc}] = pc; OUT[${RESULT.fuel}] = fuel;
    return status;
  };
}

/** The one loop of this realm. */
export const run: Run = makeRun(WORDS, DOUBLES, LONGS, CODE, OUT);
`;
}
