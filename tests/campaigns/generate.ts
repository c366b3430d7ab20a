/**
 * Random programs that are worth running: verified, mostly terminating, and at the edges of what the book says.
 *
 * Weights matter more than counts: a program of uniformly random operands traps at its first load. So addresses are made before
 * they are used, divisors are mostly not zero, loops mostly end; and each of these is broken now and then, more often in a program that
 * is drawn hostile. Values come from edge lists, addresses from the ends of memory and of 32 bits, rows evenly from the whole book. What a
 * program must give is not known here: engines are compared with each other.
 */
import {
  BOOK,
  DISCOVERY_BYTES,
  PAIRS,
  PAGE_BYTES,
  rowNamed,
  TRAPS,
  VALUE_TYPES,
  windowBytes,
  type DataSegment,
  type OperandValue,
  type PortDeclaration,
  type Row,
  type Signature,
  type Value,
  type ValueType,
} from '../../isa-spec/index.js';
import type { Draft, DraftFunction, DraftInstruction } from './draft.js';
import { emitPortTraffic } from './generate-ports.js';
import type { Random } from './random.js';

/** Integers beside the ends of every width, of shift counts, and with the bits of a binary32 NaN. */
export const EDGES_I32: readonly number[] = [
  0, 1, 2, 3, -1, -2, 7, 8, 31, 32, 33, 63, 64, 127, 128, 129, 255, 256, -127, -128, -129, -256, 32767, 32768, -32768, -32769, 65535, 65536, 65537, 0x7fffffff,
  -0x80000000, -0x7fffffff, 0x7ffffffe, 0x55555555, -0x55555556, 0x00800000, 0x7f800000, 0x7fc00000, 0x7f800001, -0x00400000, -0x007fffff, 0x12345678,
];
/** The same for 64 bits, with the bits of binary64 NaNs, quiet and signalling. */
export const EDGES_I64: readonly bigint[] = [
  ...EDGES_I32.map(BigInt),
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 32n,
  2n ** 32n + 1n,
  -(2n ** 31n) - 1n,
  -(2n ** 32n),
  2n ** 53n,
  2n ** 53n + 1n,
  -(2n ** 53n) - 1n,
  2n ** 63n - 1n,
  -(2n ** 63n),
  1n - 2n ** 63n,
  0x5555555555555555n,
  0x7ff0000000000000n,
  0x7ff8000000000000n,
  0x7ff0000000000001n,
  0x7ff8000000000123n,
  -0x0008000000000000n,
  -0x000fffffffffffffn,
  -0x0010000000000000n,
  0x123456789abcdefn,
  2n ** 40n + 2n ** 16n + 1n,
  2n ** 62n + 2n ** 38n + 1n,
  -(2n ** 62n) - 2n ** 38n - 1n,
  0x00000000ffffffffn,
  -0x0000000100000000n,
];
/** Zeros, ties, ends of every integer width, ends of binary32 and binary64, infinities and NaN. */
export const EDGES_F64: readonly number[] = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  -1.5,
  2.5,
  -2.5,
  0.49999999999999994,
  -0.49999999999999994,
  0.9999999999999999,
  -0.9999999999999999,
  0.1,
  1 / 3,
  1e16,
  -1e16,
  Number.MIN_VALUE,
  -Number.MIN_VALUE,
  2 ** -1022,
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
  Infinity,
  -Infinity,
  Number.NaN,
  Number.NaN,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31),
  -(2 ** 31) - 1,
  2 ** 31 - 0.5,
  -(2 ** 31) - 0.5,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 32 - 0.5,
  2 ** 52,
  2 ** 52 - 0.5,
  4503599627370497.5,
  2 ** 53,
  2 ** 63,
  -(2 ** 63),
  9223372036854774784,
  -9223372036854777856,
  2 ** 64,
  18446744073709549568,
  16777217,
  16777219,
  3.4028234663852886e38,
  3.4028235677973366e38,
  3.5e38,
  2 ** -149,
  2 ** -150,
  1.1754942807573643e-38,
  -1e-46,
  1e308,
];
const EDGES_IMM8 = [-128, -127, -64, -33, -32, -1, 0, 1, 2, 3, 7, 8, 15, 16, 24, 31, 32, 33, 63, 64, 65, 126, 127];

/** A random value of a type, mostly an edge or beside one. */
export function randomValue(random: Random, type: ValueType): Value {
  const kind = random.below(10);
  switch (type) {
    case 'i32':
      return kind < 6
        ? random.pick(EDGES_I32)
        : kind < 8
          ? random.between(-20, 20)
          : kind < 9
            ? random.i32()
            : (random.pick(EDGES_I32) + random.between(-2, 2)) | 0;
    case 'i64':
      return kind < 6
        ? random.pick(EDGES_I64)
        : kind < 8
          ? BigInt(random.between(-20, 20))
          : kind < 9
            ? random.i64()
            : BigInt.asIntN(64, random.pick(EDGES_I64) + BigInt(random.between(-2, 2)));
    case 'f64':
      return kind < 7
        ? random.pick(EDGES_F64)
        : kind < 8
          ? random.between(-20, 20)
          : kind < 9
            ? random.i32() / 1000
            : random.pick(EDGES_F64) * random.pick(EDGES_F64);
    default:
      return type satisfies never;
  }
}

/** A place in a body that branches may name before it is placed. */
interface Label {
  index: number;
}

function longForm(name: string): Row {
  const row = rowNamed(name);
  return row.shortens === undefined ? row : rowNamed(row.shortens);
}

/** Rows that the generic emitter can make: they compute, or touch memory. Control, calls, bulk and ports have emitters of their own. */
const PLAIN: readonly Row[] = BOOK.filter(
  (row) => row.shortens === undefined && row.does.every(({ kind }) => kind === 'set' || kind === 'store' || kind === 'trap_if'),
);
const BRANCHES: readonly Row[] = BOOK.filter((row) => row.shortens === undefined && row.does.some(({ kind }) => kind === 'branch'));
const isAddressed = (row: Row): boolean => row.operands.some(({ kind }) => kind === 'offset32');
const accessBytes = (row: Row): number =>
  /8u?_/.test(row.name) ? 1 : /16u?_/.test(row.name) ? 2 : /32u?_/.test(row.name) || row.name.includes('_i32') ? 4 : 8;
/** The pairs that interpreters like to fuse, in long forms; small operands bring the short ones back. */
const PAIR_ROWS: readonly (readonly [Row, Row])[] = PAIRS.map(([first, second]): readonly [Row, Row] => [longForm(first), longForm(second)]).filter(
  ([first, second]) => (first.name === 'check' || PLAIN.includes(first)) && (PLAIN.includes(second) || BRANCHES.includes(second) || second.name === 'jump'),
);
/** None is zero in its low half, so that they serve both widths. */
const DIVISORS: readonly bigint[] = [1n, 2n, 3n, -1n, -3n, 7n, 10n, 2n ** 31n - 1n, -(2n ** 31n), 2n ** 32n - 1n, 2n ** 63n - 1n, 1n - 2n ** 63n];
const TRAP_CODES = Object.values(TRAPS).map(({ code }) => code);

/** Makes the body of one function. Other emitters, such as that of port traffic, write through it. */
export class BodyWriter {
  readonly body: { readonly row: Row; readonly operands: (OperandValue | Label | readonly Label[])[] }[] = [];
  readonly #byType: Readonly<Record<ValueType, readonly number[]>>;
  /** Registers that count loops: left alone by most writes. */
  readonly #reserved: number[] = [];
  readonly #labels: Label[] = [];

  constructor(
    readonly random: Random,
    readonly registers: readonly ValueType[],
    /** Bytes of memory that the program may expect. */
    readonly memoryBytes: number,
    /** The chance that an address, divisor or index is a bad one. */
    readonly hostility: number,
  ) {
    const of = (wanted: ValueType): number[] => registers.flatMap((type, index) => (type === wanted ? [index] : []));
    this.#byType = { i32: of('i32'), i64: of('i64'), f64: of('f64') };
  }

  emit(name: string | Row, ...operands: (OperandValue | Label | readonly Label[])[]): void {
    this.body.push({ row: typeof name === 'string' ? rowNamed(name) : name, operands });
  }

  label(): Label {
    const label = { index: -1 };
    this.#labels.push(label);
    return label;
  }

  place(label: Label): void {
    label.index = this.body.length;
  }

  /** A register to read, or undefined if there is none of the type. */
  source(type: ValueType): number | undefined {
    const registers = this.#byType[type];
    return registers.length === 0 ? undefined : this.random.pick(registers);
  }

  /** Different registers to write, or undefined if there are not so many. */
  distinct(type: ValueType, count: number): number[] | undefined {
    const free = this.#byType[type].filter((register) => !this.#reserved.includes(register));
    if (free.length < count) return undefined;
    return Array.from({ length: count }, () => free.splice(this.random.below(free.length), 1)[0] as number);
  }

  /** A register to write: hardly ever a loop's counter. */
  target(type: ValueType): number | undefined {
    const register = this.source(type);
    if (register !== undefined && this.#reserved.includes(register) && !this.random.chance(0.02)) {
      return this.#byType[type].find((other) => !this.#reserved.includes(other));
    }
    return register;
  }

  /** Runs an emitter during which a register is left alone. */
  reserving(register: number, emit: () => void): void {
    this.#reserved.push(register);
    emit();
    this.#reserved.pop();
  }

  constant(register: number, value?: Value): void {
    const type = this.registers[register] as ValueType;
    const chosen = value ?? randomValue(this.random, type);
    if (type === 'f64' && Number.isNaN(chosen) && this.random.chance(0.7)) this.#makeNaN(register);
    else this.emit(`const_${type}`, register, chosen);
  }

  /** A NaN whose bits, in an engine that does not canonicalise, are others than the canonical ones. */
  #makeNaN(register: number): void {
    const integer = this.target('i64');
    const way = this.random.below(integer === undefined ? 3 : 5);
    if (way === 0) {
      this.emit('const_f64', register, this.random.pick([Infinity, -Infinity]));
      this.emit('sub_f64', register, register, register);
    } else if (way === 1) {
      this.emit('const_f64', register, 0);
      this.emit('div_f64', register, register, register);
    } else if (way === 2) {
      this.emit('const_f64', register, -1);
      this.emit('sqrt_f64', register, register);
    } else {
      this.emit('const_i64', integer as number, this.random.pick([0x7ff8000000000123n, 0x7ff0000000000001n, -1n, -0x0008000000000000n, 0x7ff4000000000000n]));
      this.emit('bits_f64_i64', register, integer as number);
    }
    if (this.random.chance(0.3)) this.emit('neg_f64', register, register);
  }

  /** An address for so many bytes, mostly inside memory. */
  address(bytes: number): number {
    const { random, memoryBytes } = this;
    const end = memoryBytes - bytes;
    if (random.chance(this.hostility)) {
      return random.pick([
        end + 1,
        end + random.between(1, bytes + 8),
        memoryBytes,
        memoryBytes + 1,
        0xffffffff,
        0xffffffff - bytes,
        0x100000000 - bytes,
        0x80000000,
        0x7fffffff,
        random.i32() >>> 0,
      ]);
    }
    return random.weighted([
      [10, 8192 + random.below(64)],
      [4, 8192 + 8 * random.below(8)],
      [2, end],
      [1, end - random.below(70)],
      [1, random.below(end)],
      [0.5, random.below(4200)],
    ]);
  }

  /** Splits an address into base and offset whose sum it is; hostile splits leave 32 bits. */
  #split(address: number): readonly [number, number] {
    const { random } = this;
    if (random.chance(this.hostility)) {
      const offset = random.pick([16, 255, 256, 0x80000000, 0xffffffff]);
      // The sum wraps to the address, so an engine that adds modulo 2^32 finds memory where there is none.
      return [(address - offset) >>> 0, offset];
    }
    const offset = Math.min(
      address,
      random.weighted([
        [3, 0],
        [4, random.below(256)],
        [1, 255],
        [1, 256],
        [1, address],
        [1, random.below(address + 1)],
      ]),
    );
    return [address - offset, offset];
  }

  /** One plain row with operands made for it. @returns whether the function has registers of its types */
  plain(row: Row): boolean {
    const { random } = this;
    if (row.operands.some(({ type }) => type !== undefined && this.#byType[type].length === 0)) return false;
    const hasBase = isAddressed(row) && row.operands.some(({ name }) => name === 'a');
    const address = isAddressed(row) ? this.address(accessBytes(row)) : 0;
    const [base, offset] = hasBase ? this.#split(address) : [0, address];
    const operands: OperandValue[] = [];
    let kept = -1;
    let destination = -1;
    for (const { name, kind, type } of row.operands) {
      switch (kind) {
        case 'write': {
          const register = this.target(type as ValueType);
          if (register === undefined) return false;
          operands.push(register);
          destination = register;
          break;
        }
        case 'read':
          if (hasBase && name === 'a') {
            kept = this.#base(base);
            operands.push(kept);
          } else operands.push(this.#operand(type as ValueType, destination, kept));
          break;
        case 'imm8':
          operands.push(random.chance(0.8) ? random.pick(EDGES_IMM8) : random.between(-128, 127));
          break;
        case 'imm32':
          operands.push(randomValue(random, 'i32') as number);
          break;
        case 'imm64':
          operands.push(randomValue(random, 'i64'));
          break;
        case 'float64':
          operands.push(randomValue(random, 'f64'));
          break;
        case 'offset32':
          operands.push(offset);
          break;
        default:
          throw new Error(`${row.name} has an operand of kind ${kind}, which a plain row has not`);
      }
    }
    if (row.does[0]?.kind === 'trap_if' && !random.chance(this.hostility + 0.02)) this.#divisor(operands[2] as number);
    this.emit(row, ...operands);
    return true;
  }

  /** A register that holds a base address. */
  #base(address: number): number {
    const register = this.target('i32');
    if (register === undefined || this.random.chance(this.hostility)) return this.source('i32') as number;
    if (this.random.chance(0.25)) {
      // An address that depends on data but stays in the part of memory that is used most.
      this.emit('and_i32_imm', register, this.source('i32') as number, this.random.pick([63, 127, 255, 4095]));
      this.emit('add_i32_imm', register, register, 8192);
    } else this.constant(register, address | 0);
    return register;
  }

  /** A register to read, sometimes the destination itself, sometimes set to an edge just before. */
  #operand(type: ValueType, destination: number, kept: number): number {
    const register = this.registers[destination] === type && this.random.chance(0.15) ? destination : (this.source(type) as number);
    if (this.random.chance(0.3) && register !== kept && !this.#reserved.includes(register)) this.constant(register);
    return register;
  }

  /** Makes a divisor that does not trap by itself. */
  #divisor(register: number): void {
    if (this.#reserved.includes(register)) return;
    const divisor = this.random.pick(DIVISORS);
    this.constant(register, this.registers[register] === 'i32' ? Number(BigInt.asIntN(32, divisor)) : divisor);
  }

  /** Two rows without anything between them, now and then the first feeding the second. */
  pair(first: Row, second: Row): void {
    const start = this.body.length;
    const made = PLAIN.includes(second) ? this.plain(second) : this.branch(this.label(), second);
    const last = this.body.splice(start);
    if (!made) return;
    const instruction = last[last.length - 1] as (typeof last)[number];
    const base = isAddressed(second) ? (instruction.operands[second.operands.findIndex(({ name }) => name === 'a')] as number) : -1;
    this.reserving(base, () => {
      if (first.name === 'check') this.emit(first);
      else if (!this.plain(first)) this.emit('check');
    });
    const destination = first.operands[0]?.kind === 'write' ? (this.body[this.body.length - 1]?.operands[0] as number) : -1;
    second.operands.forEach(({ kind, type, name }, place) => {
      const feeds = kind === 'read' && type === this.registers[destination] && !(isAddressed(second) && name === 'a');
      if (feeds && this.random.chance(0.3)) instruction.operands[place] = destination;
    });
    this.body.splice(start, 0, ...last.slice(0, -1));
    this.body.push(instruction);
  }

  /** A branch row of any kind to a label. @returns whether the function has registers of its types */
  branch(label: Label, row: Row = this.random.pick(BRANCHES)): boolean {
    const operands: (OperandValue | Label)[] = [];
    for (const { kind, type } of row.operands) {
      if (kind === 'read') {
        const register = this.source(type as ValueType);
        if (register === undefined) return false;
        operands.push(register);
      } else if (kind === 'imm32') operands.push(this.random.chance(0.5) ? this.random.pick(EDGES_IMM8) : (randomValue(this.random, 'i32') as number));
      else operands.push(label);
    }
    this.emit(row, ...operands);
    return true;
  }

  /** The body with every label an index; labels that were never placed are drawn among all instructions. */
  take(): DraftInstruction[] {
    for (const label of this.#labels) if (label.index < 0) label.index = this.random.below(this.body.length);
    const resolve = (value: OperandValue | Label | readonly Label[]): OperandValue => {
      if (Array.isArray(value) && typeof value[0] === 'object') return (value as readonly Label[]).map(({ index }) => index);
      return typeof value === 'object' && 'index' in value ? (value.index as number) : (value as OperandValue);
    };
    return this.body.map(({ row, operands }) => ({ row, operands: operands.map(resolve) }));
  }
}

/** What the functions of one program share. */
interface Setting {
  readonly random: Random;
  readonly signatures: readonly Signature[];
  /** The results of the function that is being made. */
  readonly results: readonly ValueType[];
  /** The signature of each function. */
  readonly functions: readonly number[];
  readonly table: readonly number[];
  readonly memoryBytes: number;
  readonly hostility: number;
  readonly ports: readonly PortDeclaration[];
  /** The rows that this program prefers: short palettes make the same pairs of instructions meet again and again. */
  readonly palette: readonly Row[];
  /** Whether flow is free: branches to anywhere, into and out of loops. */
  readonly wild: number;
}

function randomSignature(random: Random): Signature {
  const types = (counts: readonly (readonly [number, number])[]): ValueType[] =>
    Array.from({ length: random.weighted(counts) }, () => random.pick(VALUE_TYPES));
  return {
    parameters: types([
      [2, 0],
      [4, 1],
      [4, 2],
      [2, 3],
      [1, 5],
      [0.2, 32],
    ]),
    results: types([
      [2, 0],
      [5, 1],
      [2, 2],
      [1, 4],
      [0.2, 16],
    ]),
  };
}

function randomRegisters(random: Random, { parameters, results }: Signature): ValueType[] {
  const only = random.chance(0.06) ? random.pick(VALUE_TYPES) : undefined;
  const count = random.weighted([
    [6, random.between(3, 8)],
    [3, random.between(8, 20)],
    [0.3, 254],
  ]);
  const registers: ValueType[] = [...parameters];
  if (!registers.includes('i32') || random.chance(0.9)) registers.push('i32');
  for (const type of results) if (!registers.includes(type)) registers.push(type);
  while (registers.length < count)
    registers.push(
      only ??
        random.weighted([
          [4, 'i32'],
          [3, 'i64'],
          [3, 'f64'],
        ]),
    );
  return registers.slice(0, 256);
}

/** Emits about `budget` instructions. */
function emitBlock(writer: BodyWriter, setting: Setting, budget: number, depth: number): void {
  const { random } = setting;
  const end = writer.body.length + budget;
  while (writer.body.length < end) {
    const left = end - writer.body.length;
    const inside = Math.max(1, Math.min(left, random.between(1, 8)));
    random.weighted<() => void>([
      [14, () => void writer.plain(random.pick(setting.palette))],
      [6, () => void writer.plain(random.pick(PLAIN))],
      [3, () => emitIdiom(writer)],
      [3, () => writer.pair(...random.pick(PAIR_ROWS))],
      [depth > 3 ? 0 : 1.2, () => emitIf(writer, setting, inside, depth)],
      [depth > 3 ? 0 : 1, () => emitLoop(writer, setting, inside, depth)],
      [setting.wild, () => void (random.chance(0.2) ? writer.emit('jump', writer.label()) : writer.branch(writer.label()))],
      [depth > 3 ? 0 : 0.4, () => emitJumpTable(writer, setting, inside, depth)],
      [1.2, () => emitCall(writer, setting)],
      [setting.table.length === 0 ? 0 : 0.6, () => emitTableCall(writer, setting)],
      [0.5, () => emitBulk(writer)],
      [0.3, () => writer.emit('check')],
      [0.1, () => emitFar(writer)],
      [setting.hostility * 2, () => writer.emit('trap', random.pick(TRAP_CODES))],
      [0.1, () => emitReturn(writer, setting)],
      [setting.ports.length === 0 ? 0 : 4, () => emitPortTraffic(writer, setting.ports)],
    ])();
  }
}

/** Branches across so many words that they need their far forms, forward and sometimes back. */
function emitFar(writer: BodyWriter): void {
  const { random } = writer;
  const register = writer.distinct('i64', 1)?.[0];
  if (register === undefined) return;
  const [top, behind] = [writer.label(), writer.label()];
  writer.place(top);
  if (!writer.branch(behind)) behind.index = writer.body.length;
  for (let count = random.between(42, 46); count > 0; count--) writer.constant(register, random.i64() | (1n << 40n));
  writer.place(behind);
  if (random.chance(0.3)) writer.branch(top);
}

/** What compilers write, and loaders like to fuse. */
function emitIdiom(writer: BodyWriter): void {
  const { random } = writer;
  const [d, a, b] = [writer.target('i32'), writer.source('i32'), writer.source('i32')];
  if (d === undefined || a === undefined || b === undefined) return;
  random.pick<() => void>([
    () => {
      // an element of an array: index, scale, add, load
      writer.emit('and_i32_imm', d, a, 31);
      writer.emit('shl_i32_imm', d, d, random.pick([0, 1, 2, 3]));
      writer.emit('add_i32_imm', d, d, 8192);
      writer.emit('load_i32', d, d, random.pick([0, 4, 252, 256]));
    },
    () => {
      writer.emit('and_i32_imm', d, a, 63);
      writer.emit('load8u_i32', d, d, 8192);
      writer.emit('xor_i32', d, d, b);
    },
    () => {
      writer.emit('add_i32_imm', d, d, random.pick([1, -1, 4]));
      writer.branch(writer.label(), rowNamed(random.pick(['br_lt_i32', 'br_neq_i32', 'br_ltu_i32'])));
    },
    () => {
      writer.emit('mul_i32', d, a, b);
      writer.emit('add_i32', d, d, random.pick([a, b, d]));
    },
    () => {
      writer.emit('mov_i32', d, a);
      writer.emit('add_i32', d, d, d);
    },
    () => {
      const [x, y] = [writer.target('f64'), writer.source('f64')];
      if (x === undefined || y === undefined) return;
      writer.emit('mul_f64', x, x, y);
      writer.emit('add_f64', x, x, random.pick([x, y]));
    },
    () => {
      writer.emit('lt_i32', d, a, b);
      writer.emit('select_i32', d, d, a, b);
    },
    () => {
      writer.emit('store_i32_absolute', 8192 + 4 * random.below(16), a);
      writer.emit('load_i32_absolute', d, 8192 + random.below(64));
    },
  ])();
}

function emitIf(writer: BodyWriter, setting: Setting, inside: number, depth: number): void {
  const otherwise = writer.label();
  if (!writer.branch(otherwise)) otherwise.index = writer.body.length;
  emitBlock(writer, setting, inside, depth + 1);
  if (setting.random.chance(0.5)) {
    const end = writer.label();
    writer.emit('jump', end);
    writer.place(otherwise);
    emitBlock(writer, setting, inside, depth + 1);
    writer.place(end);
  } else writer.place(otherwise);
}

function emitLoop(writer: BodyWriter, setting: Setting, inside: number, depth: number): void {
  const { random } = setting;
  const top = writer.label();
  const counter = writer.target('i32');
  if (counter === undefined || random.chance(0.04)) {
    // Endless: only fuel ends it, unless something inside leaves.
    writer.place(top);
    emitBlock(writer, setting, inside, depth + 1);
    writer.emit('jump', top);
    return;
  }
  const turns = random.weighted([
    [3, 1],
    [4, random.between(2, 5)],
    [1, random.between(6, 20)],
  ]);
  writer.reserving(counter, () => {
    const leave = writer.label();
    writer.constant(counter, turns);
    if (random.chance(0.8)) {
      writer.place(top);
      emitBlock(writer, setting, inside, depth + 1);
    } else {
      // Entered in the middle: the first turn skips a part.
      const middle = writer.label();
      writer.emit('jump', middle);
      writer.place(top);
      emitBlock(writer, setting, inside, depth + 1);
      writer.place(middle);
      emitBlock(writer, setting, 2, depth + 1);
    }
    if (random.chance(0.2)) writer.branch(leave);
    writer.emit('add_i32_imm', counter, counter, -1);
    writer.emit(random.pick(['br_gt_i32_imm', 'br_neq_i32_imm', 'br_gtu_i32_imm']), counter, 0, top);
    writer.place(leave);
  });
}

/** A loop whose head is the function's first instruction: engines enter it there both by a call and by its branch. */
function emitEntryLoop(writer: BodyWriter, setting: Setting, inside: number): void {
  const top = writer.label();
  writer.place(top);
  const counter = writer.target('i32');
  if (counter === undefined) {
    emitBlock(writer, setting, inside, 1);
    if (!writer.branch(top)) top.index = writer.body.length;
    return;
  }
  // The counter begins where the register does: at 0, or at a parameter's value.
  writer.reserving(counter, () => {
    emitBlock(writer, setting, inside, 1);
    writer.emit('add_i32_imm', counter, counter, 1);
    writer.emit('br_lt_i32_imm', counter, setting.random.between(2, 6), top);
  });
}

function emitJumpTable(writer: BodyWriter, setting: Setting, inside: number, depth: number): void {
  const { random } = setting;
  const index = writer.source('i32');
  if (index === undefined) return;
  const labels = Array.from({ length: random.between(1, 5) }, () => writer.label());
  if (random.chance(0.6)) writer.constant(index, random.pick([...labels.keys(), labels.length, -1, 0x7fffffff]));
  const more = random.weighted([
    [6, 0],
    [3, 1],
    [0.5, 300],
  ]);
  writer.emit('jump_table', index, [...labels, ...Array.from({ length: more }, () => random.pick(labels))]);
  const end = writer.label();
  labels.forEach((label) => {
    if (random.chance(setting.wild * 0.1)) return;
    writer.place(label);
    emitBlock(writer, setting, Math.ceil(inside / labels.length), depth + 1);
    if (random.chance(0.7)) writer.emit('jump', end);
  });
  writer.place(end);
}

function sources(writer: BodyWriter, types: readonly ValueType[]): number[] | undefined {
  const found = types.map((type) => writer.source(type));
  return found.includes(undefined) ? undefined : (found as number[]);
}

function targets(writer: BodyWriter, types: readonly ValueType[]): number[] | undefined {
  const found = types.map((type) => writer.target(type));
  return found.includes(undefined) ? undefined : (found as number[]);
}

function emitCall(writer: BodyWriter, setting: Setting): void {
  const callee = setting.random.below(setting.functions.length);
  const { parameters, results } = setting.signatures[setting.functions[callee] as number] as Signature;
  const [values, into] = [sources(writer, parameters), targets(writer, results)];
  if (values !== undefined && into !== undefined) writer.emit('call', values, into, callee);
}

function emitTableCall(writer: BodyWriter, setting: Setting): void {
  const { random, table } = setting;
  const index = writer.target('i32');
  if (index === undefined) return;
  const hostile = random.chance(setting.hostility + 0.05);
  const entry = random.below(table.length);
  const signature = hostile ? random.below(setting.signatures.length) : (setting.functions[table[entry] as number] as number);
  const { parameters, results } = setting.signatures[signature] as Signature;
  const [values, into] = [sources(writer, parameters), targets(writer, results)];
  if (values === undefined || into === undefined) return;
  writer.constant(index, hostile ? random.pick([entry, entry, table.length, -1, 0x7fffffff, -0x80000000, table.length + 1]) : entry);
  writer.emit('call_table', index, values, into, signature);
}

const COUNTS = [0, 1, 2, 7, 8, 63, 64, 65, 127, 128, 129, 200, 1000];

function emitBulk(writer: BodyWriter): void {
  const { random } = writer;
  const registers = writer.distinct('i32', 3);
  if (registers === undefined) return;
  const [to, other, bytes] = registers as [number, number, number];
  const count = random.chance(writer.hostility)
    ? random.pick([-1, writer.memoryBytes, -0x80000000, writer.memoryBytes + 1])
    : random.chance(0.03)
      ? writer.memoryBytes - 8192
      : random.pick(COUNTS);
  const room = Math.max(count, 0);
  const at = count === 0 && random.chance(0.3) ? writer.memoryBytes + random.below(2) : writer.address(room);
  writer.constant(to, at | 0);
  if (random.chance(0.6)) {
    const from = random.chance(0.5) ? at + random.between(-9, 9) : writer.address(room);
    writer.constant(other, from | 0);
    writer.constant(bytes, count);
    writer.emit('copy', to, other, bytes);
  } else {
    writer.constant(other);
    writer.constant(bytes, count);
    writer.emit('fill', to, other, bytes);
  }
}

function emitReturn(writer: BodyWriter, { results }: Setting): void {
  const values = sources(writer, results);
  if (values !== undefined) writer.emit('ret', values);
}

function generateFunction(setting: Setting, index: number, budget: number): DraftFunction {
  const signature = setting.functions[index] as number;
  const { results, parameters } = setting.signatures[signature] as Signature;
  const registers = randomRegisters(setting.random, { parameters, results });
  const writer = new BodyWriter(setting.random, registers, setting.memoryBytes, setting.hostility);
  const own: Setting = { ...setting, results };
  // Some registers begin at an edge, the others read 0 until something writes them.
  if (setting.random.chance(0.25)) emitEntryLoop(writer, own, Math.ceil(budget / 2));
  for (let register = parameters.length; register < Math.min(registers.length, 12); register++) if (setting.random.chance(0.4)) writer.constant(register);
  emitBlock(writer, own, budget, 0);
  emitReturn(writer, own);
  return { signature, registers, body: writer.take() };
}

function randomData(random: Random, memoryBytes: number, from: number): DataSegment[] {
  const data: DataSegment[] = [];
  let at = Math.max(from, 8192);
  if (random.chance(0.7)) {
    const bytes = random.bytes(random.pick([1, 8, 64, 128]));
    // Bits of NaNs among the data, so that loads bring in what no arithmetic makes.
    if (bytes.length >= 64) bytes.set([1, 0, 0, 0, 0, 0, 0xf0, 0x7f, 0x23, 1, 0, 0, 0, 0, 0xf8, 0xff, 1, 0, 0x80, 0x7f, 0xff, 0xff, 0xff, 0xff], 8);
    data.push({ address: at, bytes });
    at += bytes.length;
  }
  if (random.chance(0.2)) data.push({ address: memoryBytes - 5, bytes: random.bytes(5) });
  return data;
}

function randomPorts(random: Random): PortDeclaration[] {
  let window = DISCOVERY_BYTES;
  return Array.from(
    {
      length: random.weighted([
        [5, 1],
        [3, 2],
        [1, 3],
      ]),
    },
    (_, index) => {
      const depth = random.pick([1, 2, 4, 8]);
      const port: PortDeclaration = {
        name: random.chance(0.2) ? `many[${index}]` : `p${index}`,
        protocol: 'pu',
        side: random.chance(0.6) ? 'client' : 'server',
        version: 1,
        window,
        depth,
        messageBytes: random.pick([0, 16, 64, 256, 65536]),
      };
      window += windowBytes(depth);
      return port;
    },
  );
}

/** What a campaign may ask of the generator. */
export interface GenerateOptions {
  /** The share of programs that declare ports; 0 makes all of them computational. */
  readonly portShare?: number;
}

/** A random program of so many functions and instructions as one stream gives. */
export function generate(random: Random, { portShare = 0 }: GenerateOptions = {}): Draft {
  const ports = random.chance(portShare) ? randomPorts(random) : [];
  const pagesMin = random.weighted([
    [9, 1],
    [1, 2],
  ]);
  const pagesMax = pagesMin + random.below(2);
  const memoryBytes = PAGE_BYTES * random.pick([pagesMin, pagesMin, pagesMax]);
  const signatures: Signature[] = [];
  for (let turn = random.between(1, 4); turn > 0; turn--) {
    const signature = randomSignature(random);
    // A program's signatures differ.
    if (!signatures.some((other) => JSON.stringify(other) === JSON.stringify(signature))) signatures.push(signature);
  }
  const count = random.weighted([
    [4, 1],
    [4, 2],
    [2, 3],
    [1, 5],
  ]);
  const functions = Array.from({ length: count }, () => random.below(signatures.length));
  const hostility = random.weighted([
    [5, 0],
    [4, 0.01],
    [3, 0.05],
    [1, 0.2],
  ]);
  const setting: Setting = {
    random,
    signatures,
    functions,
    hostility,
    memoryBytes,
    ports,
    results: [],
    table: random.chance(0.4) ? Array.from({ length: random.between(1, 4) }, () => random.below(count)) : [],
    palette: Array.from({ length: random.pick([3, 6, 12, 40]) }, () => random.pick(PLAIN)),
    wild: random.weighted([
      [6, 0],
      [3, 0.3],
      [1, 2],
    ]),
  };
  const size = random.weighted([
    [4, random.between(3, 12)],
    [5, random.between(10, 30)],
    [1, random.between(30, 90)],
  ]);
  const main = signatures[functions[0] as number] as Signature;
  return {
    signatures,
    functions: functions.map((_, index) => generateFunction(setting, index, index === 0 ? size : random.between(2, 14))),
    table: setting.table,
    pagesMin,
    pagesMax,
    data: randomData(
      random,
      pagesMin * PAGE_BYTES,
      ports.reduce((end, { window, depth }) => Math.max(end, window + windowBytes(depth)), 0),
    ),
    ports,
    values: main.parameters.map((type) => randomValue(random, type)),
    fuel: random.weighted([
      [2, random.between(0, 5)],
      [4, random.between(5, 50)],
      [8, 100],
      [0.5, 1000],
    ]),
    frameBytesMax: random.chance(0.25)
      ? random.weighted([
          [1, 2048],
          [2, 4096 + 8 * random.below(512)],
          [1, 16384],
        ])
      : undefined,
    memoryBytes: memoryBytes === pagesMin * PAGE_BYTES ? undefined : memoryBytes,
    deviceSeed: random.i32(),
  };
}
