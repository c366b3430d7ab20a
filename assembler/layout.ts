/**
 * Layout: ports get numbers and windows, data gets addresses, memory its size.
 *
 * Windows come first, from the end of the discovery page on; then data, in order of declaration, each at the next place
 * that suits its alignment. What has a place of its own by `at` keeps it, and the others go around it.
 */
import { PAGE_BYTES, PAGES_MAX, PORTS_MAX, windowBytes, WINDOWS_START, type DataSegment, type Program, type Protocol, type Side } from '../isa-spec/index.js';
import type { DataType, Expression, PortItem, Span } from './ast.js';
import { integerBytes } from './bigint-bytes.js';
import { scopeOf, shortened, wrapped, type Constants } from './constants.js';
import type { Constant } from './literals.js';
import { firstDeclared, type DataDeclaration, type Module, type Port, type PortDeclarations } from './modules.js';

/** Bytes of one element. */
export const ELEMENT_BYTES: Readonly<Record<DataType, number>> = { i8: 1, i16: 2, i32: 4, i64: 8, f32: 4, f64: 8 };
const BUFFER_ALIGNMENT = 16;
const WINDOW_ALIGNMENT = 64;
const MEMORY_BYTES_MAX = PAGES_MAX * PAGE_BYTES;
const DEFAULT_DEPTH = 8;
const DEFAULT_MESSAGE_BYTES = 65536;
const MESSAGE_BYTES_MAX = 2 ** 24;
const PORT_NAME_MAX = 31;
const PORT_NAME = /^[A-Za-z_][A-Za-z0-9_]*(?:\[\d+\])?$/;

/** Where things lie. */
export interface Placed {
  readonly ports: readonly Port[];
  /** In order of address. */
  readonly data: readonly DataDeclaration[];
  readonly memory: Program['memory'];
}

/** Evaluates a constant that must be an integer in a range. */
function integer(constants: Constants, module: Module, expression: Expression, least: number, most: number, what: string): number | undefined {
  const value = constants.evaluate(scopeOf(module), expression);
  if (value === undefined) return undefined;
  if (typeof value === 'bigint' && value >= BigInt(least) && value <= BigInt(most)) return Number(value);
  const { start, end } = expression;
  const shown = typeof value === 'bigint' ? shortened(value) : String(value);
  constants.report.error('out_of_range', module.source, start, end, `${what} of ${shown}`, `an integer from ${least} to ${most} is needed`);
  return undefined;
}

/** Makes the ports of all `port` lines, with their numbers and options. */
export function declarePorts(modules: readonly Module[], constants: Constants): Port[] {
  const { report } = constants;
  const ports: Port[] = [];
  const names = new Map<string, { readonly module: Module; readonly item: PortItem }>();
  for (const module of modules) {
    for (const item of module.items) {
      const declaration = item.kind === 'port' ? module.names.get(item.name.name) : undefined;
      if (item.kind !== 'port' || declaration?.kind !== 'port' || item.protocol === undefined || item.side === undefined) continue;
      const fail = (code: 'too_many_ports' | 'bad_port', place: Span, message: string, ...notes: string[]): void =>
        report.error(code, module.source, place.start, place.end, message, ...notes);
      // A second port of one name has been reported; pieces of an array share it.
      if (declaration.item !== item && (item.first === undefined || declaration.item.first === undefined)) continue;
      const options = portOptions(constants, module, item);
      const indexes = portIndexes(constants, module, item);
      if (options === undefined || indexes === undefined) continue;
      if (ports.length + indexes.length > PORTS_MAX) {
        fail('too_many_ports', item.name, `more than ${PORTS_MAX} ports`, `a program has at most ${PORTS_MAX}, since a set of ports is an i64`);
        continue;
      }
      for (const index of indexes) {
        const name = item.visible?.name ?? (index === undefined ? item.name.name : `${item.name.name}[${index}]`);
        if (!PORT_NAME.test(name) || name.length > PORT_NAME_MAX) {
          fail(
            'bad_port',
            item.visible ?? item.name,
            `a port cannot be called ${JSON.stringify(name)}`,
            `1 to ${PORT_NAME_MAX} ASCII letters, digits and _ are allowed, with [n] after them`,
          );
          break;
        }
        const known = names.get(name);
        if (known !== undefined) {
          report.error(
            'duplicate_name',
            module.source,
            item.name.start,
            item.name.end,
            `two ports are called ${name}`,
            firstDeclared(known.module.source, known.item.name),
          );
          break;
        }
        names.set(name, { module, item });
        const port: Port = {
          name,
          protocol: item.protocol.name as Protocol,
          side: item.side.name as Side,
          version: options.version,
          window: 0,
          depth: options.depth,
          messageBytes: options.message,
          number: ports.length,
          placed: false,
        };
        ports.push(port);
        if (index === undefined) declaration.single = port;
        else declaration.elements.set(index, port);
      }
    }
  }
  return ports;
}

function portOptions(constants: Constants, module: Module, item: PortItem): { depth: number; message: number; version: number } | undefined {
  const options = { depth: DEFAULT_DEPTH, message: DEFAULT_MESSAGE_BYTES, version: 1 };
  let whole = true;
  for (const { name, value } of item.options) {
    const most = name.name === 'depth' ? 1024 : name.name === 'message' ? MESSAGE_BYTES_MAX : 65535;
    const found = integer(constants, module, value, name.name === 'message' ? 0 : 1, most, `a ${name.name}`);
    if (found === undefined) whole = false;
    else options[name.name as keyof typeof options] = found;
    if (name.name === 'depth' && found !== undefined && (found & (found - 1)) !== 0) {
      constants.report.error('bad_port', module.source, value.start, value.end, `a depth of ${found}`, 'the depth of a ring is a power of two from 1 to 1024');
      whole = false;
    }
  }
  return whole ? options : undefined;
}

/** The indexes that a `port` line declares: undefined stands for a port that is no array. */
function portIndexes(constants: Constants, module: Module, { name, first, last }: PortItem): (bigint | undefined)[] | undefined {
  if (first === undefined) return [undefined];
  const most = 10 ** 9;
  const from = integer(constants, module, first, 0, most, 'an index');
  const to = last === undefined ? from : integer(constants, module, last, 0, most, 'an index');
  if (from === undefined || to === undefined) return undefined;
  if (to < from) {
    constants.report.error(
      'bad_port',
      module.source,
      name.start,
      name.end,
      `an array from ${from} to ${to}`,
      'the first index comes before the last: port p[1..4]',
    );
    return undefined;
  }
  return Array.from({ length: Math.min(to - from + 1, PORTS_MAX + 1) }, (_, offset) => BigInt(from + offset));
}

/** A stretch of memory that is taken. */
interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly what: string;
}

/** Stretches apart from each other, and the search for the next free one. */
class Room {
  #taken: Stretch[] = [];
  #at = WINDOWS_START;
  /** Position among the stretches before which all end at or before `#at`. */
  #next = 0;
  /** End of the last stretch. */
  end = WINDOWS_START;

  /** Takes stretches at fixed places; a clash is told. */
  takeFixed(stretches: readonly (Stretch & { readonly clash: (other: string) => void })[]): void {
    const sorted = [...stretches].sort((left, right) => left.start - right.start || left.end - right.end);
    let last: Stretch | undefined;
    for (const stretch of sorted) {
      if (last !== undefined && stretch.start < last.end) {
        stretch.clash(last.what);
        continue;
      }
      if (stretch.end > stretch.start) last = stretch;
      this.#taken.push(stretch);
      this.end = Math.max(this.end, stretch.end);
    }
  }

  /** The next free place for so many bytes. */
  take(bytes: number, alignment: number): number {
    let start = this.#at;
    for (;;) {
      start = Math.ceil(start / alignment) * alignment;
      const taken = this.#taken[this.#next];
      if (taken === undefined || start + bytes <= taken.start) break;
      start = Math.max(start, taken.end);
      this.#next++;
    }
    this.#at = start + bytes;
    this.end = Math.max(this.end, this.#at);
    return start;
  }
}

/** Computes sizes and alignments of all data. */
function sizeData(data: readonly DataDeclaration[], constants: Constants): void {
  const { report } = constants;
  for (const declaration of data) {
    const { item, module } = declaration;
    if (item.broken) continue;
    const element = item.type === undefined ? 1 : ELEMENT_BYTES[item.type];
    const buffer = item.count !== undefined;
    declaration.alignment = buffer && item.type === undefined ? BUFFER_ALIGNMENT : element;
    if (item.count !== undefined) {
      if (item.values.length > 0)
        report.error(
          'syntax',
          module.source,
          item.count.start,
          item.count.end,
          'a count and values together',
          'write [count] for zeroed elements, or = and the values',
        );
      const count = integer(constants, module, item.count, 0, Math.floor(MEMORY_BYTES_MAX / element), 'a count');
      declaration.bytes = count === undefined ? -1 : count * element;
      // It would share its address with the data behind it, and need not lie where the data before it ends.
      if (count === 0 && item.at === undefined) {
        report.error(
          'empty_data',
          module.source,
          item.count.start,
          item.count.end,
          `\`${item.name.name}\` has no bytes`,
          'the address behind data d is end(d); a count of 0 goes with `at`, which gives an address a name',
        );
      }
    } else {
      for (const value of item.values) declaration.bytes += value.kind === 'text' ? value.bytes.length : element;
      if (item.values.length === 0)
        report.error(
          'empty_data',
          module.source,
          item.start,
          item.end,
          `\`${item.name.name}\` has no value`,
          'write = and values, or : [bytes] for zeroed memory',
        );
    }
    if (item.align !== undefined) {
      const alignment = integer(constants, module, item.align, 1, PAGE_BYTES, 'an alignment');
      if (alignment !== undefined && (alignment & (alignment - 1)) !== 0) {
        report.error(
          'bad_alignment',
          module.source,
          item.align.start,
          item.align.end,
          `an alignment of ${alignment}`,
          'alignments are powers of two from 1 to 65536',
        );
      } else if (alignment !== undefined) {
        declaration.alignment = alignment;
      }
    }
  }
}

/** Gives ports and data their addresses. */
export function layOut(modules: readonly Module[], ports: readonly Port[], constants: Constants): Placed {
  const { report } = constants;
  const data: DataDeclaration[] = [];
  for (const module of modules) for (const declaration of module.declared) if (declaration.kind === 'data') data.push(declaration);
  sizeData(data, constants);

  const room = new Room();
  const fixed: (Stretch & { readonly clash: (other: string) => void })[] = [];
  const windows = fixedWindows(modules, constants);
  for (const { port, module, place, start } of windows) {
    port.window = start;
    const clash = (other: string): void => report.error('bad_placement', module.source, place.start, place.end, `the window of ${port.name} overlaps ${other}`);
    fixed.push({ start, end: start + windowBytes(port.depth), what: `the window of ${port.name}`, clash });
  }
  for (const declaration of data) {
    const { item, module, bytes } = declaration;
    if (item.at === undefined || bytes < 0) continue;
    const place = item.at;
    const address = integer(constants, module, place, WINDOWS_START, MEMORY_BYTES_MAX, 'an address');
    if (address === undefined) continue;
    if (address + bytes > MEMORY_BYTES_MAX) {
      report.error(
        'bad_placement',
        module.source,
        place.start,
        place.end,
        `\`${item.name.name}\` ends at ${address + bytes}, beyond the largest memory of ${MEMORY_BYTES_MAX} bytes`,
      );
      continue;
    }
    if (item.align !== undefined && address % declaration.alignment !== 0) {
      report.error('bad_placement', module.source, place.start, place.end, `${address} is not a multiple of ${declaration.alignment}`);
    }
    declaration.address = address;
    const name = `\`${item.name.name}\``;
    const clash = (other: string): void => report.error('bad_placement', module.source, place.start, place.end, `${name} at ${address} overlaps ${other}`);
    fixed.push({ start: address, end: address + bytes, what: name, clash });
  }
  room.takeFixed(fixed);
  for (const port of ports) {
    if (!windows.some((window) => window.port === port)) port.window = room.take(windowBytes(port.depth), WINDOW_ALIGNMENT);
    port.placed = true;
  }
  for (const declaration of data) {
    if (declaration.kept && declaration.address === undefined) declaration.address = room.take(Math.max(declaration.bytes, 0), declaration.alignment);
  }
  constants.addressesKnown = true;
  const memory = memoryOf(modules, room.end, constants);
  const kept = data.filter(({ kept }) => kept);
  kept.sort((left, right) => (left.address as number) - (right.address as number));
  return { ports, data: kept, memory };
}

/** The windows that have a place of their own. */
function fixedWindows(modules: readonly Module[], constants: Constants): { port: Port; module: Module; place: Expression; start: number }[] {
  const found: { port: Port; module: Module; place: Expression; start: number }[] = [];
  for (const module of modules) {
    for (const item of module.items) {
      if (item.kind !== 'port' || item.at === undefined) continue;
      const declaration = module.names.get(item.name.name) as PortDeclarations;
      const start = integer(constants, module, item.at, WINDOWS_START, MEMORY_BYTES_MAX, 'an address');
      if (start === undefined || declaration.kind !== 'port') continue;
      if (start % WINDOW_ALIGNMENT !== 0) {
        constants.report.error(
          'bad_placement',
          module.source,
          item.at.start,
          item.at.end,
          `a window at ${start}`,
          `windows lie at multiples of ${WINDOW_ALIGNMENT}`,
        );
        continue;
      }
      let at = start;
      for (const port of portsOf(item, declaration, constants, module)) {
        found.push({ port, module, place: item.at, start: at });
        at += windowBytes(port.depth);
      }
    }
  }
  return found;
}

/** The ports that one `port` line declared, in order. */
function portsOf(item: PortItem, { single, elements }: PortDeclarations, constants: Constants, module: Module): Port[] {
  if (item.first === undefined) return single === undefined ? [] : [single];
  return (portIndexes(constants, module, item) ?? []).flatMap((index) => elements.get(index as bigint) ?? []);
}

function memoryOf(modules: readonly Module[], needed: number, constants: Constants): Program['memory'] {
  const { report } = constants;
  const neededPages = Math.max(1, Math.ceil(needed / PAGE_BYTES));
  let memory = { pagesMin: neededPages, pagesMax: PAGES_MAX };
  let first: { readonly module: Module; readonly item: Span } | undefined;
  for (const module of modules) {
    for (const item of module.items) {
      if (item.kind !== 'memory') continue;
      const fail = (code: 'duplicate_memory' | 'memory_size', place: Span, message: string, ...notes: string[]): void =>
        report.error(code, module.source, place.start, place.end, message, ...notes);
      if (first !== undefined) {
        fail('duplicate_memory', item, 'memory is declared twice', firstDeclared(first.module.source, first.item));
        continue;
      }
      first = { module, item };
      const pages = (place: Expression): number | undefined => {
        const bytes = integer(constants, module, place, 0, 2 ** 40, 'a memory size');
        if (bytes === undefined) return undefined;
        const whole = Math.ceil(bytes / PAGE_BYTES);
        if (bytes % PAGE_BYTES !== 0)
          fail(
            'memory_size',
            place,
            `${bytes} bytes are not a whole number of pages`,
            `a page has ${PAGE_BYTES} bytes; ${whole} pages would be ${whole * 64} KiB`,
          );
        else if (whole < 1 || whole > PAGES_MAX) fail('memory_size', place, `a memory of ${whole} pages`, `a memory has 1 to ${PAGES_MAX} pages of 64 KiB`);
        else return whole;
        return undefined;
      };
      const least = pages(item.least);
      const most = item.most === undefined ? least : pages(item.most);
      if (least === undefined || most === undefined) continue;
      if (least > most) fail('memory_size', item, `a least memory of ${least} pages and a most of ${most}`, 'the least comes first: memory 1 MiB .. 4 MiB');
      else if (least < neededPages)
        fail('memory_size', item.least, `${least * 64} KiB do not hold the program's data`, `it needs ${needed} bytes: write at least ${neededPages * 64} KiB`);
      else memory = { pagesMin: least, pagesMax: most };
    }
  }
  if (first === undefined && neededPages > PAGES_MAX) {
    const main = modules[0] as Module;
    report.error('memory_size', main.source, 0, 0, `the data of the program takes ${needed} bytes`, `the largest memory has ${MEMORY_BYTES_MAX} bytes`);
  }
  return memory;
}

/** The bytes of data that is stored in the program. Checks the values of all data, also of what is left out. */
export function segmentsOf(modules: readonly Module[], { data }: Placed, constants: Constants): DataSegment[] {
  for (const module of modules) {
    for (const declaration of module.declared) if (declaration.kind === 'data' && !declaration.kept) valuesOf(declaration, constants);
  }
  return data.flatMap((declaration) => {
    const bytes = valuesOf(declaration, constants);
    return bytes.length === 0 ? [] : [{ address: declaration.address as number, bytes }];
  });
}

/** The bytes of data with values. */
function valuesOf({ item, module, bytes }: DataDeclaration, constants: Constants): Uint8Array {
  const { report } = constants;
  if (item.values.length === 0 || item.broken || bytes < 0) return new Uint8Array(0);
  const scope = scopeOf(module);
  const found = new Uint8Array(bytes);
  const view = new DataView(found.buffer);
  let at = 0;
  for (const value of item.values) {
    if (value.kind === 'text') {
      if (item.type === undefined || item.type === 'i8') found.set(value.bytes, at);
      else
        report.error(
          'operand_kind',
          module.source,
          value.start,
          value.end,
          `a string among ${item.type} values`,
          'strings are bytes: leave the type out, or write i8',
        );
      at += item.type === undefined || item.type === 'i8' ? value.bytes.length : ELEMENT_BYTES[item.type];
      continue;
    }
    const constant = constants.evaluate(scope, value);
    if (constant !== undefined) {
      const fault = storeValue(view, at, item.type ?? 'i8', constant);
      if (fault !== undefined) report.error(fault.code, module.source, value.start, value.end, fault.message, fault.note);
    }
    at += item.type === undefined ? 1 : ELEMENT_BYTES[item.type];
  }
  return found;
}

function storeValue(
  view: DataView,
  at: number,
  type: DataType,
  value: Constant,
): { code: 'constant_type' | 'out_of_range'; message: string; note: string } | undefined {
  if (type === 'f32' || type === 'f64') {
    // Any NaN as the canonical one, which this is when written out.
    const number = Number.isNaN(Number(value)) ? Number.NaN : Number(value);
    if (type === 'f32') view.setFloat32(at, number, true);
    else view.setFloat64(at, number, true);
    return undefined;
  }
  if (typeof value === 'number')
    return { code: 'constant_type', message: `${value} is a float`, note: `${type} values are integers; floats go into f32 or f64 data` };
  const bits = (ELEMENT_BYTES[type] * 8) as 8 | 16 | 32 | 64;
  const fitting = wrapped(value, bits);
  if (fitting === undefined) {
    return {
      code: 'out_of_range',
      message: `${shortened(value)} does not fit ${bits} bits`,
      note: `from ${-(2n ** BigInt(bits - 1))} to ${2n ** BigInt(bits) - 1n}, signed or unsigned`,
    };
  }
  if (type === 'i64') new Uint8Array(view.buffer).set(integerBytes(fitting, 8), at);
  else if (type === 'i32') view.setInt32(at, Number(fitting), true);
  else if (type === 'i16') view.setInt16(at, Number(fitting), true);
  else view.setInt8(at, Number(fitting));
  return undefined;
}
