/**
 * A WebAssembly module as bytes: the writer of LEB128 numbers and the builder of the sections.
 *
 * Derived from the WebAssembly core specification, chapter 5, and from nothing else: it knows no instruction of ours and no
 * machine. It checks the few rules that a caller can break without noticing (imports come first, indexes exist, a body is
 * closed once); whether the code is valid is the host's business, which validates every module anyway.
 */

/** A number type of WebAssembly. */
export type WasmType = 'i32' | 'i64' | 'f32' | 'f64';

/** What a WebAssembly function takes and gives. */
export interface WasmSignature {
  readonly parameters: readonly WasmType[];
  readonly results: readonly WasmType[];
}

/** The byte of each number type. */
export const WASM_TYPES: Readonly<Record<WasmType, number>> = Object.freeze({ i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c });

/** Opcodes that belong to no operator: control, calls, variables, constants. Loads, stores and operators are the lowering's. */
export const WASM = Object.freeze({
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  br_if: 0x0d,
  br_table: 0x0e,
  return: 0x0f,
  call: 0x10,
  call_indirect: 0x11,
  drop: 0x1a,
  select: 0x1b,
  local_get: 0x20,
  local_set: 0x21,
  local_tee: 0x22,
  memory_size: 0x3f,
  i32_const: 0x41,
  i64_const: 0x42,
  f64_const: 0x44,
  /** First byte of the two-byte opcodes. */
  prefix: 0xfc,
  /** Behind the prefix. */
  memory_copy: 10,
  memory_fill: 11,
  /** The type of a block that takes and gives nothing. */
  empty: 0x40,
});

const utf8 = new TextEncoder();
const doubles = new DataView(new ArrayBuffer(8));

/** Bytes of the longest LEB128 number of 32 bits. */
const LEB_BYTES_MAX = 5;

/** Bytes that grow; every method appends and gives the same object back, so that a line of calls reads like the binary. */
export class WasmBytes {
  #bytes: Uint8Array;
  #length = 0;

  /** An empty buffer. @param capacity bytes for which there is room at first */
  constructor(capacity = 64) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** Appends single bytes: opcodes, type bytes, flags. */
  raw(...values: readonly number[]): this {
    if (this.#length + values.length > this.#bytes.length) this.#room(values.length);
    for (let at = 0; at < values.length; at++) this.#bytes[this.#length++] = values[at] as number;
    return this;
  }

  /** Appends bytes as they are. */
  append(bytes: Uint8Array): this {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  /** Appends an unsigned number below 2^32 as LEB128: indexes, counts, lengths, offsets. */
  u32(value: number): this {
    let rest = value >>> 0;
    this.#room(LEB_BYTES_MAX);
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
    return this;
  }

  /** Appends a signed 32-bit number as LEB128: the operand of `i32.const`. */
  s32(value: number): this {
    let rest = value | 0;
    this.#room(LEB_BYTES_MAX);
    while (rest < -0x40 || rest > 0x3f) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>= 7;
    }
    this.#bytes[this.#length++] = rest & 0x7f;
    return this;
  }

  /** Appends a signed 64-bit number as LEB128: the operand of `i64.const`. */
  s64(value: bigint): this {
    let rest = BigInt.asIntN(64, value);
    while (rest < -0x40n || rest > 0x3fn) {
      this.raw(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    return this.raw(Number(rest & 0x7fn));
  }

  /** Appends a binary64 number, little-endian, any NaN as the canonical one: the operand of `f64.const`. */
  f64(value: number): this {
    doubles.setFloat64(0, Number.isNaN(value) ? Number.NaN : value, true);
    return this.append(new Uint8Array(doubles.buffer));
  }

  /** Appends what was written elsewhere. */
  appendFrom(other: WasmBytes): this {
    return this.append(other.#bytes.subarray(0, other.#length));
  }

  /** Appends a byte count and the bytes: a body or a section. */
  sized(bytes: Uint8Array): this {
    return this.u32(bytes.length).append(bytes);
  }

  /** Appends a name: a byte count and UTF-8. */
  name(text: string): this {
    return this.sized(utf8.encode(text));
  }

  /** The bytes written so far; a copy. */
  toBytes(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #room(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + count));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/** One function of a module: its locals and its code, which the caller writes without the closing `end`. */
export class WasmFunction {
  /** The body's instructions. */
  readonly code = new WasmBytes(1024);
  readonly #locals: WasmType[] = [];
  readonly #parameterCount: number;

  /** Made by `WasmModule.function`. */
  constructor(
    /** The index by which calls and exports name the function. */
    readonly index: number,
    /** Index of its signature. */
    readonly signature: number,
    parameterCount: number,
  ) {
    this.#parameterCount = parameterCount;
  }

  /** Adds a local variable; it starts as zero. @returns its index, counted after the parameters */
  local(type: WasmType): number {
    return this.#parameterCount + this.#locals.push(type) - 1;
  }

  /** Appends the body as the code section holds it: its size, runs of locals of one type, instructions, `end`. */
  appendTo(section: WasmBytes): void {
    const runs: { type: WasmType; count: number }[] = [];
    for (const type of this.#locals) {
      const last = runs.at(-1);
      if (last?.type === type) last.count++;
      else runs.push({ type, count: 1 });
    }
    const locals = new WasmBytes().u32(runs.length);
    for (const { type, count } of runs) locals.u32(count).raw(WASM_TYPES[type]);
    section
      .u32(locals.length + this.code.length + 1)
      .appendFrom(locals)
      .appendFrom(this.code)
      .raw(WASM.end);
  }
}

const SECTION = Object.freeze({ type: 1, import: 2, function: 3, table: 4, memory: 5, export: 7, element: 9, code: 10 });
const FUNCTION_REFERENCE = 0x70;
const KIND = Object.freeze({ function: 0, memory: 2 });

/** A module under construction. It has at most one memory: imported or its own. */
export class WasmModule {
  readonly #signatures: WasmBytes[] = [];
  readonly #signatureIndexes = new Map<string, number>();
  readonly #imports: WasmBytes[] = [];
  readonly #functions: WasmFunction[] = [];
  readonly #exports: WasmBytes[] = [];
  #importedFunctions = 0;
  #ownMemory: WasmBytes | undefined;
  #table: readonly number[] | undefined;
  #hasMemory = false;

  /** Index of a signature, the same for equal ones; blocks that take or give several values name theirs by it. */
  signature({ parameters, results }: WasmSignature): number {
    const key = `${parameters}>${results}`;
    const known = this.#signatureIndexes.get(key);
    if (known !== undefined) return known;
    const types = (list: readonly WasmType[]): Uint8Array => Uint8Array.from(list, (type) => WASM_TYPES[type]);
    this.#signatureIndexes.set(key, this.#signatures.length);
    return this.#signatures.push(new WasmBytes().raw(0x60).sized(types(parameters)).sized(types(results))) - 1;
  }

  /**
   * Imports a function.
   * @returns its index
   * @throws TypeError after the first `function`, whose indexes it would move
   */
  importFunction(module: string, name: string, signature: WasmSignature): number {
    if (this.#functions.length > 0) throw new TypeError(`import ${module}.${name} must come before the module's own functions`);
    this.#imports.push(new WasmBytes().name(module).name(name).raw(KIND.function).u32(this.signature(signature)));
    return this.#importedFunctions++;
  }

  /** Imports the memory. @throws TypeError if there is a memory already */
  importMemory(module: string, name: string, pagesMin: number, pagesMax?: number): void {
    this.#imports.push(new WasmBytes().name(module).name(name).raw(KIND.memory).append(this.#limits(pagesMin, pagesMax)));
  }

  /** Gives the module a memory of its own. @throws TypeError if there is a memory already */
  memory(pagesMin: number, pagesMax?: number): void {
    this.#ownMemory = new WasmBytes().append(this.#limits(pagesMin, pagesMax));
  }

  #limits(pagesMin: number, pagesMax: number | undefined): Uint8Array {
    if (this.#hasMemory) throw new TypeError('a module has one memory');
    this.#hasMemory = true;
    const limits = new WasmBytes().raw(pagesMax === undefined ? 0 : 1).u32(pagesMin);
    return (pagesMax === undefined ? limits : limits.u32(pagesMax)).toBytes();
  }

  /** Gives the module its one table, filled with functions by index. @throws TypeError if there is one already */
  table(functions: readonly number[]): void {
    if (this.#table !== undefined) throw new TypeError('a module has one table');
    this.#table = functions;
  }

  /** Adds a function. Its index is valid at once, so bodies may call each other in any order. */
  function(signature: WasmSignature): WasmFunction {
    const made = new WasmFunction(this.#importedFunctions + this.#functions.length, this.signature(signature), signature.parameters.length);
    this.#functions.push(made);
    return made;
  }

  /** Exports a function under a name. @throws RangeError if there is no such function */
  exportFunction(name: string, index: number): void {
    const count = this.#importedFunctions + this.#functions.length;
    if (!Number.isInteger(index) || index < 0 || index >= count) throw new RangeError(`export ${name}: index ${index} of ${count} functions`);
    this.#exports.push(new WasmBytes().name(name).raw(KIND.function).u32(index));
  }

  /** Exports the memory under a name. @throws TypeError if there is none */
  exportMemory(name: string): void {
    if (!this.#hasMemory) throw new TypeError(`export ${name}: the module has no memory`);
    this.#exports.push(new WasmBytes().name(name).raw(KIND.memory).u32(0));
  }

  /** The module's bytes: magic, version, then each section that holds something. */
  toBytes(): Uint8Array {
    return this.build().bytes;
  }

  /** The module's bytes, and for each function of its own, by index, where in them its instructions begin. */
  build(): { readonly bytes: Uint8Array; readonly codeStarts: ReadonlyMap<number, number> } {
    const out = new WasmBytes().raw(0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
    const section = (id: number, entries: readonly Uint8Array[]): void => {
      if (entries.length === 0) return;
      const content = new WasmBytes().u32(entries.length);
      for (const entry of entries) content.append(entry);
      out.raw(id).sized(content.toBytes());
    };
    const bytes = (entry: WasmBytes): Uint8Array => entry.toBytes();
    section(SECTION.type, this.#signatures.map(bytes));
    section(SECTION.import, this.#imports.map(bytes));
    section(
      SECTION.function,
      this.#functions.map(({ signature }) => new WasmBytes().u32(signature).toBytes()),
    );
    const table = this.#table;
    const size = table?.length ?? 0;
    section(SECTION.table, table === undefined ? [] : [new WasmBytes().raw(FUNCTION_REFERENCE, 1).u32(size).u32(size).toBytes()]);
    section(SECTION.memory, this.#ownMemory === undefined ? [] : [this.#ownMemory.toBytes()]);
    section(SECTION.export, this.#exports.map(bytes));
    if (table !== undefined) {
      const element = new WasmBytes().u32(0).raw(WASM.i32_const).s32(0).raw(WASM.end).u32(size);
      for (const index of table) element.u32(index);
      section(SECTION.element, [element.toBytes()]);
    }
    const codeStarts = new Map<number, number>();
    if (this.#functions.length > 0) {
      const content = new WasmBytes().u32(this.#functions.length);
      for (const made of this.#functions) {
        made.appendTo(content);
        codeStarts.set(made.index, content.length - made.code.length - 1);
      }
      out.raw(SECTION.code).sized(content.toBytes());
      for (const [index, start] of codeStarts) codeStarts.set(index, out.length - content.length + start);
    }
    return { bytes: out.toBytes(), codeStarts };
  }
}
