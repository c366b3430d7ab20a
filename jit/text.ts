/**
 * A WebAssembly module as text, in the text format of the WebAssembly specification, with notes between its instructions.
 *
 * Knows the instructions and sections that this folder writes, by the same tables, and no others. What it prints, an assembler of WebAssembly accepts.
 */
import { WASM_ACCESSES } from './accesses.js';
import { I64 } from './numbers.js';
import { OPERATOR_BYTES } from './operators.js';
import { WASM, WASM_TYPES, type WasmType } from './wasm.js';

/** Levels by which lines are indented at most: code of many blocks would leave the page. */
const INDENT_MAX = 16;
const SECTION = Object.freeze({ type: 1, import: 2, function: 3, table: 4, export: 7, element: 9, code: 10 });
const NAMES = new Map<number, string>([
  [I64.gt_u, 'i64.gt_u'],
  ...Object.entries(WASM_ACCESSES).map(([name, opcode]) => [opcode, name] as const),
  ...Object.entries(OPERATOR_BYTES).flatMap(([name, bytes]) => (bytes.length === 1 ? [[bytes[0] as number, name] as const] : [])),
]);
const PREFIXED = new Map<number, string>(
  Object.entries(OPERATOR_BYTES).flatMap(([name, bytes]) => (bytes.length === 2 ? [[bytes[1] as number, name] as const] : [])),
);
const ACCESSES = new Set<number>(Object.values(WASM_ACCESSES));
const TYPES = new Map<number, WasmType>(Object.entries(WASM_TYPES).map(([name, byte]) => [byte, name as WasmType]));

/** Reads a module's bytes in order. */
class Reader {
  readonly #view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    public at = 0,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset);
  }

  byte(): number {
    return this.bytes[this.at++] as number;
  }
  number(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }
  signed(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(Number(shift) + 7, value);
    }
  }
  double(): number {
    this.at += 8;
    return this.#view.getFloat64(this.at - 8, true);
  }
  name(): string {
    const length = this.number();
    this.at += length;
    return new TextDecoder().decode(this.bytes.subarray(this.at - length, this.at));
  }
  list<Item>(read: () => Item): Item[] {
    return Array.from({ length: this.number() }, read);
  }
  types(): WasmType[] {
    return this.list(() => TYPES.get(this.byte()) as WasmType);
  }
}

const doubleText = (value: number): string =>
  Number.isNaN(value) ? 'nan' : Number.isFinite(value) ? (Object.is(value, -0) ? '-0' : String(value)) : value < 0 ? '-inf' : 'inf';

/** One instruction. @returns its text and by how much it and what follows it are nested differently */
function instruction(reader: Reader): readonly [text: string, before: number, after: number] {
  const opcode = reader.byte();
  const plain = (text: string): readonly [string, number, number] => [text, 0, 0];
  switch (opcode) {
    case WASM.block:
    case WASM.loop:
    case WASM.if:
      reader.byte();
      return [opcode === WASM.block ? 'block' : opcode === WASM.loop ? 'loop' : 'if', 0, 1];
    case WASM.else:
      return ['else', -1, 1];
    case WASM.end:
      return ['end', -1, 0];
    case WASM.br:
      return plain(`br ${reader.number()}`);
    case WASM.br_if:
      return plain(`br_if ${reader.number()}`);
    case WASM.br_table: {
      const labels = reader.list(() => reader.number());
      return plain(`br_table ${[...labels, reader.number()].join(' ')}`);
    }
    case WASM.call:
      return plain(`call ${reader.number()}`);
    case WASM.call_indirect: {
      const type = reader.number();
      reader.byte();
      return plain(`call_indirect (type ${type})`);
    }
    case WASM.local_get:
      return plain(`local.get ${reader.number()}`);
    case WASM.local_set:
      return plain(`local.set ${reader.number()}`);
    case WASM.local_tee:
      return plain(`local.tee ${reader.number()}`);
    case WASM.i32_const:
      return plain(`i32.const ${reader.signed()}`);
    case WASM.i64_const:
      return plain(`i64.const ${reader.signed()}`);
    case WASM.f64_const:
      return plain(`f64.const ${doubleText(reader.double())}`);
    case WASM.memory_size:
      reader.byte();
      return plain('memory.size');
    case WASM.unreachable:
      return plain('unreachable');
    case WASM.return:
      return plain('return');
    case WASM.drop:
      return plain('drop');
    case WASM.select:
      return plain('select');
    case WASM.prefix: {
      const second = reader.number();
      if (second === WASM.memory_copy) reader.at += 2;
      if (second === WASM.memory_fill) reader.at += 1;
      return plain(second === WASM.memory_copy ? 'memory.copy' : second === WASM.memory_fill ? 'memory.fill' : (PREFIXED.get(second) as string));
    }
    default: {
      const name = NAMES.get(opcode);
      if (name === undefined) throw new Error(`no instruction of ours begins with byte ${opcode}`);
      if (!ACCESSES.has(opcode)) return plain(name);
      const align = 2 ** reader.number();
      return plain(`${name} offset=${reader.number()} align=${align}`);
    }
  }
}

const signatureText = (parameters: readonly WasmType[], results: readonly WasmType[]): string =>
  [...(parameters.length > 0 ? [`(param ${parameters.join(' ')})`] : []), ...(results.length > 0 ? [`(result ${results.join(' ')})`] : [])].join(' ');

/** Text that somebody else chose, on one line. */
const comment = (text: string): string => text.replace(/[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, ' ');

/** What is said of a module beside its instructions. */
export interface Notes {
  /** A line in front of a function, by its index. */
  heading(index: number): string;
  /** The notes within a function: where in the module each stands, ascending, and what it says. */
  within(index: number): readonly (readonly [offset: number, text: string])[];
}

/**
 * A module of this folder as text.
 * @param bytes the module
 * @param notes comments for its functions and the places in them
 */
export function moduleText(bytes: Uint8Array, notes: Notes): string {
  const lines: string[] = ['(module'];
  const reader = new Reader(bytes, 8);
  const signatures: string[] = [];
  let ofFunctions: number[] = [];
  while (reader.at < bytes.length) {
    const id = reader.byte();
    const end = reader.number() + reader.at;
    switch (id) {
      case SECTION.type:
        reader.list(() => {
          reader.byte();
          const [parameters, results] = [reader.types(), reader.types()];
          lines.push(`  (type (func ${signatureText(parameters, results)}))`);
          signatures.push(signatureText(parameters, results));
        });
        break;
      case SECTION.import:
        reader.list(() => {
          const [from, name] = [reader.name(), reader.name()];
          reader.at += 2;
          lines.push(`  (import "${from}" "${name}" (memory ${reader.number()}))`);
        });
        break;
      case SECTION.function:
        ofFunctions = reader.list(() => reader.number());
        break;
      case SECTION.table:
        reader.list(() => {
          reader.at += 2;
          lines.push(`  (table ${reader.number()} ${reader.number()} funcref)`);
        });
        break;
      case SECTION.export:
        reader.list(() => {
          const name = reader.name();
          reader.byte();
          lines.push(`  (export "${name}" (func ${reader.number()}))`);
        });
        break;
      case SECTION.element:
        reader.list(() => {
          reader.byte();
          instruction(reader);
          reader.byte();
          lines.push(`  (elem (i32.const 0) ${reader.list(() => reader.number()).join(' ')})`);
        });
        break;
      case SECTION.code: {
        let index = 0;
        reader.list(() => {
          const bodyEnd = reader.number() + reader.at;
          const signature = signatures[ofFunctions[index] as number] as string;
          lines.push('', `  ;; ${comment(notes.heading(index))}`, `  (func (;${index};) (type ${ofFunctions[index]}) ${signature}`.trimEnd());
          const locals = reader.list(() => {
            const count = reader.number();
            return Array<WasmType>(count).fill(TYPES.get(reader.byte()) as WasmType);
          });
          if (locals.length > 0) lines.push(`    (local ${locals.flat().join(' ')})`);
          writeBody(reader, bodyEnd, notes.within(index), lines);
          index++;
        });
        break;
      }
      default:
        throw new Error(`no module of ours has a section ${id}`);
    }
    reader.at = end;
  }
  return `${lines.join('\n')})\n`;
}

function writeBody(reader: Reader, end: number, within: readonly (readonly [number, string])[], lines: string[]): void {
  let depth = 2;
  let next = 0;
  while (reader.at < end - 1) {
    for (; next < within.length && (within[next] as readonly [number, string])[0] <= reader.at; next++) {
      lines.push(`${'  '.repeat(Math.min(depth, INDENT_MAX))};; ${comment((within[next] as readonly [number, string])[1])}`);
    }
    const [text, before, after] = instruction(reader);
    depth += before;
    lines.push('  '.repeat(Math.min(depth, INDENT_MAX)) + text);
    depth += after;
  }
  reader.at = end;
  lines.push('  )');
}
