/**
 * The binary format `.pbx`: a program as bytes and back.
 *
 * A header, then sections in ascending order of id, each at most once, empty ones left out. All numbers are little-endian
 * and of fixed width, so a program has exactly one encoding. Reading checks only that the bytes have the
 * format's shape and lie within its limits; what the program means is the verifier's to judge. Every count is
 * checked against the bytes that are left before anything is allocated.
 */
import { CODE_WORDS_MAX, ENTRIES_MAX, PARAMETERS_MAX, PORTS_MAX, REGISTERS_MAX, RESULTS_MAX } from './limits.js';
import { PROTOCOLS, SIDES, type PortDeclaration } from './ports.js';
import type { DataSegment, DataSymbol, DebugInformation, FunctionExport, GroupUse, LineEntry, Program, ProgramFunction, Signature } from './program.js';
import { VALUE_TYPES, type ValueType } from './types.js';

/** The first four bytes: "PBX" and a zero. */
export const MAGIC = 0x00584250;
/** The version of the format that this module writes and reads. */
export const FORMAT_VERSION = 1;

/** Section ids. */
export const SECTIONS = Object.freeze({
  groups: 1,
  signatures: 2,
  functions: 3,
  code: 4,
  table: 5,
  memory: 6,
  data: 7,
  ports: 8,
  exports: 9,
  symbols: 10,
  debug: 11,
} as const);
/** The name of a section. */
export type SectionName = keyof typeof SECTIONS;

/** Why bytes were refused. */
export interface Rejection {
  /** A stable name of the rule that was broken. */
  readonly rule: string;
  /** The section, `header`, or `program` for what concerns several. */
  readonly section: SectionName | 'header' | 'program';
  /**
   * Where: the byte in the file for what breaks the format; the word in the function for what is wrong with code; for all else
   * that verification refuses, the index of the entry in its section.
   */
  readonly offset: number;
  /** Index of the function, where one is concerned. */
  readonly function?: number;
  /** What is wrong and what would be right. */
  readonly message: string;
}

class Refusal extends Error {
  constructor(readonly rejection: Rejection) {
    super(rejection.message);
  }
}

const NAME_BYTES_MAX = 1024;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const toUtf8 = new TextEncoder();

function fitting(value: number, most: number): number {
  if (!Number.isInteger(value) || value < 0 || value > most) throw new RangeError(`${value} stands where a binary holds a whole number from 0 to ${most}`);
  return value;
}

class Writer {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  length = 0;

  /** Makes room first: growing replaces both the bytes and the view. */
  #room(count: number): number {
    const at = this.length;
    this.length += count;
    if (this.length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.length));
      grown.set(this.#bytes);
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    return at;
  }
  u8(value: number): void {
    const at = this.#room(1);
    this.#view.setUint8(at, fitting(value, 0xff));
  }
  u16(value: number): void {
    const at = this.#room(2);
    this.#view.setUint16(at, fitting(value, 0xffff), true);
  }
  u32(value: number): void {
    const at = this.#room(4);
    this.#view.setUint32(at, fitting(value, 0xffffffff), true);
  }
  raw(bytes: Uint8Array): void {
    const at = this.#room(bytes.length);
    this.#bytes.set(bytes, at);
  }
  text(text: string): void {
    const bytes = toUtf8.encode(text);
    if (bytes.length > NAME_BYTES_MAX) throw new RangeError(`a name of ${bytes.length} bytes; at most ${NAME_BYTES_MAX} fit: ${text.slice(0, 40)}...`);
    this.u16(bytes.length);
    this.raw(bytes);
  }
  types(types: readonly ValueType[]): void {
    for (const type of types) this.u8(VALUE_TYPES.indexOf(type));
  }
  list<T>(items: readonly T[], write: (item: T) => void): void {
    this.u32(items.length);
    for (const item of items) write(item);
  }
  take(): Uint8Array {
    return this.#bytes.slice(0, this.length);
  }
}

/**
 * The one encoding of a program.
 * @throws RangeError if a name is too long, or a number out of the range that the format has for it.
 */
export function encodeProgram(program: Program): Uint8Array {
  const out = new Writer();
  out.u32(MAGIC);
  out.u32(FORMAT_VERSION);
  const section = (name: SectionName, present: boolean, write: (body: Writer) => void): void => {
    if (!present) return;
    const body = new Writer();
    write(body);
    out.u32(SECTIONS[name]);
    out.u32(body.length);
    out.raw(body.take());
  };

  section('groups', program.groups.length > 0, (body) =>
    body.list(program.groups, ({ name, version }) => {
      body.text(name);
      body.u16(version);
    }),
  );
  section('signatures', program.signatures.length > 0, (body) =>
    body.list(program.signatures, ({ parameters, results }) => {
      body.u8(parameters.length);
      body.u8(results.length);
      body.types(parameters);
      body.types(results);
    }),
  );
  section('functions', program.functions.length > 0, (body) =>
    body.list(program.functions, ({ signature, registers, words }) => {
      body.u32(signature);
      body.u32(words);
      body.u16(registers.length);
      body.types(registers);
    }),
  );
  section('code', program.code.length > 0, (body) => {
    const bytes = new DataView(new ArrayBuffer(program.code.length * 4));
    program.code.forEach((word, index) => bytes.setInt32(index * 4, word, true));
    body.raw(new Uint8Array(bytes.buffer));
  });
  section('table', program.table.length > 0, (body) => body.list(program.table, (entry) => body.u32(entry)));
  section('memory', true, (body) => {
    body.u32(program.memory.pagesMin);
    body.u32(program.memory.pagesMax);
  });
  section('data', program.data.length > 0, (body) =>
    body.list(program.data, ({ address, bytes }) => {
      body.u32(address);
      body.u32(bytes.length);
      body.raw(bytes);
    }),
  );
  section('ports', program.ports.length > 0, (body) =>
    body.list(program.ports, (port) => {
      body.text(port.name);
      body.u8(PROTOCOLS.indexOf(port.protocol) + 1);
      body.u8(SIDES.indexOf(port.side));
      body.u16(port.version);
      body.u32(port.window);
      body.u32(port.depth);
      body.u32(port.messageBytes);
    }),
  );
  section('exports', program.exports.length > 0, (body) =>
    body.list(program.exports, (entry) => {
      body.text(entry.name);
      body.u32(entry.function);
    }),
  );
  section('symbols', program.symbols.length > 0, (body) =>
    body.list(program.symbols, ({ name, address, bytes }) => {
      body.text(name);
      body.u32(address);
      body.u32(bytes);
    }),
  );
  const { debug } = program;
  section('debug', debug !== undefined, (body) => {
    if (debug === undefined) return;
    body.list(debug.files, (file) => body.text(file));
    body.list(debug.functions, (name) => body.text(name));
    body.list(debug.registers, (names) => {
      body.u16(names.length);
      for (const name of names) body.text(name);
    });
    body.list(debug.lines, ({ word, file, line, column }) => {
      body.u32(word);
      body.u32(file);
      body.u32(line);
      body.u32(column);
    });
  });
  return out.take();
}

class Reader {
  readonly #view: DataView;
  #at: number;
  constructor(
    readonly bytes: Uint8Array,
    start: number,
    readonly end: number,
    readonly section: Rejection['section'],
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = start;
  }
  get at(): number {
    return this.#at;
  }

  refuse(rule: string, message: string, offset = this.#at): never {
    throw new Refusal({ rule, section: this.section, offset, message });
  }
  #take(count: number): number {
    const at = this.#at;
    if (count > this.end - at) this.refuse('truncated', `${count} bytes are needed, ${this.end - at} are left`);
    this.#at = at + count;
    return at;
  }
  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }
  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }
  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }
  raw(count: number): Uint8Array {
    const at = this.#take(count);
    // Not `slice`, which gives a view where the embedder handed over a Node Buffer.
    return new Uint8Array(this.bytes.subarray(at, at + count));
  }
  skip(count: number): void {
    this.#take(count);
  }
  text(): string {
    const at = this.#at;
    const count = this.u16();
    if (count > NAME_BYTES_MAX) this.refuse('name_length', `a name of ${count} bytes; at most ${NAME_BYTES_MAX} are allowed`, at);
    try {
      return utf8.decode(this.raw(count));
    } catch (error) {
      if (error instanceof Refusal) throw error;
      return this.refuse('name_utf8', 'a name is not valid UTF-8', at);
    }
  }
  types(count: number): ValueType[] {
    const types: ValueType[] = [];
    for (let index = 0; index < count; index++) {
      const code = this.u8();
      types.push(VALUE_TYPES[code] ?? this.refuse('value_type', `type code ${code}; types are 0 (i32), 1 (i64), 2 (f64)`, this.#at - 1));
    }
    return types;
  }
  atMost(count: number, most: number, what: string): number {
    return count <= most ? count : this.refuse('limit', `${count} ${what}; at most ${most} are allowed`);
  }
  list<T>(itemBytesMin: number, what: string, read: () => T, most = ENTRIES_MAX): T[] {
    const count = this.atMost(this.u32(), most, what);
    if (count === 0 && this.section !== 'debug') this.refuse('empty_section', 'an empty section must be left out');
    if (count * itemBytesMin > this.end - this.#at) this.refuse('truncated', `${count} ${what} need more bytes than are left`);
    const items: T[] = [];
    for (let index = 0; index < count; index++) items.push(read());
    return items;
  }
  done(): void {
    if (this.#at !== this.end) this.refuse('section_length', `the section has ${this.end - this.#at} bytes too many`);
  }
}

const readers = {
  groups: (from: Reader): GroupUse[] => from.list(4, 'groups', () => ({ name: from.text(), version: from.u16() }), 64),
  signatures: (from: Reader): Signature[] =>
    from.list(2, 'signatures', () => {
      const parameters = from.atMost(from.u8(), PARAMETERS_MAX, 'parameters');
      const results = from.atMost(from.u8(), RESULTS_MAX, 'results');
      return { parameters: from.types(parameters), results: from.types(results) };
    }),
  functions: (from: Reader): ProgramFunction[] =>
    from.list(10, 'functions', () => {
      const signature = from.u32();
      const words = from.u32();
      const registers = from.types(from.atMost(from.u16(), REGISTERS_MAX, 'registers'));
      return { signature, registers, words };
    }),
  code: (from: Reader): Int32Array => {
    const bytes = from.end - from.at;
    if (bytes === 0) from.refuse('empty_section', 'an empty section must be left out');
    if (bytes % 4 !== 0) from.refuse('code_length', `${bytes} bytes of code; instructions are whole words of 4 bytes`);
    from.atMost(bytes / 4, CODE_WORDS_MAX, 'words of code');
    const raw = from.raw(bytes);
    const view = new DataView(raw.buffer);
    const words = new Int32Array(bytes / 4);
    for (let index = 0; index < words.length; index++) words[index] = view.getInt32(index * 4, true);
    return words;
  },
  table: (from: Reader): number[] => from.list(4, 'table entries', () => from.u32()),
  memory: (from: Reader): Program['memory'] => ({ pagesMin: from.u32(), pagesMax: from.u32() }),
  data: (from: Reader): DataSegment[] =>
    from.list(8, 'data segments', () => {
      const address = from.u32();
      const bytes = from.raw(from.u32());
      return { address, bytes };
    }),
  ports: (from: Reader): PortDeclaration[] =>
    from.list(
      18,
      'ports',
      () => {
        const name = from.text();
        const protocol = from.u8();
        const side = from.u8();
        return {
          name,
          protocol: PROTOCOLS[protocol - 1] ?? from.refuse('protocol', `protocol code ${protocol} of port ${name} is unknown`),
          side: SIDES[side] ?? from.refuse('side', `side code ${side} of port ${name}; sides are 0 (client) and 1 (server)`),
          version: from.u16(),
          window: from.u32(),
          depth: from.u32(),
          messageBytes: from.u32(),
        };
      },
      PORTS_MAX,
    ),
  exports: (from: Reader): FunctionExport[] => from.list(6, 'exports', () => ({ name: from.text(), function: from.u32() })),
  symbols: (from: Reader): DataSymbol[] => from.list(10, 'symbols', () => ({ name: from.text(), address: from.u32(), bytes: from.u32() })),
  debug: (from: Reader): DebugInformation => ({
    files: from.list(2, 'files', () => from.text()),
    functions: from.list(2, 'function names', () => from.text()),
    registers: from.list(2, 'register lists', () => {
      const count = from.atMost(from.u16(), REGISTERS_MAX, 'register names');
      return Array.from({ length: count }, () => from.text());
    }),
    lines: from.list(16, 'line entries', (): LineEntry => ({ word: from.u32(), file: from.u32(), line: from.u32(), column: from.u32() }), CODE_WORDS_MAX),
  }),
} as const satisfies Record<SectionName, (from: Reader) => unknown>;

const sectionOfId: ReadonlyMap<number, SectionName> = new Map((Object.keys(SECTIONS) as SectionName[]).map((name) => [SECTIONS[name], name]));

/**
 * Reads a `.pbx` binary. Accepted bytes are exactly what `encodeProgram` gives for the program.
 * @returns the program, not yet verified, or why the bytes were refused; never throws for bad bytes.
 */
export function decodeProgram(bytes: Uint8Array): { readonly program: Program } | { readonly rejection: Rejection } {
  try {
    return { program: readProgram(bytes) };
  } catch (error) {
    if (error instanceof Refusal) return { rejection: error.rejection };
    throw error;
  }
}

function readProgram(bytes: Uint8Array): Program {
  const header = new Reader(bytes, 0, bytes.length, 'header');
  if (bytes.length < 4 || header.u32() !== MAGIC) header.refuse('magic', 'not a .pbx binary: it does not begin with "PBX" and a zero byte', 0);
  const version = header.u32();
  if (version !== FORMAT_VERSION) header.refuse('format_version', `format version ${version}; this reader knows version ${FORMAT_VERSION}`, 4);

  const found: { -readonly [Name in SectionName]?: ReturnType<(typeof readers)[Name]> } = {};
  const keep = <Name extends SectionName>(name: Name, value: unknown): void => {
    found[name] = value as (typeof found)[Name];
  };
  let last = 0;
  while (header.at < bytes.length) {
    const at = header.at;
    const id = header.u32();
    const length = header.u32();
    const name = sectionOfId.get(id) ?? header.refuse('section_id', `section id ${id} is unknown`, at);
    if (id <= last) header.refuse('section_order', `section ${name} comes after or repeats section ${last}; ids must ascend`, at);
    last = id;
    const start = header.at;
    header.skip(length);
    const body = new Reader(bytes, start, start + length, name);
    keep(name, readers[name](body));
    body.done();
  }
  const memory = found.memory ?? header.refuse('no_memory', 'the memory section is missing');
  return {
    groups: found.groups ?? [],
    signatures: found.signatures ?? [],
    functions: found.functions ?? [],
    code: found.code ?? new Int32Array(0),
    table: found.table ?? [],
    memory,
    data: found.data ?? [],
    ports: found.ports ?? [],
    exports: found.exports ?? [],
    symbols: found.symbols ?? [],
    ...(found.debug === undefined ? {} : { debug: found.debug }),
  };
}
