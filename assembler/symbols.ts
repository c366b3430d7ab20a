/**
 * The symbol map: where everything with a name came to lie, as a value that can be written as JSON.
 */
import { windowBytes, type Protocol, type Side, type ValueType } from '../isa-spec/index.js';
import type { Emitted } from './emit.js';
import type { ConstDeclaration, Module } from './modules.js';

/** A place in a source file, line and column from 1. */
export interface SymbolPlace {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** Where everything with a name came to lie. */
export interface SymbolMap {
  /** In the order of their indexes. */
  readonly functions: readonly {
    readonly name: string;
    readonly place: SymbolPlace;
    /** First word in the code section, and how many there are. */
    readonly start: number;
    readonly words: number;
    /** Hidden registers, which hold constants, have no name. */
    readonly registers: readonly { readonly name: string; readonly type: ValueType }[];
    /** Word within the function of each label. */
    readonly labels: Readonly<Record<string, number>>;
  }[];
  /** In order of address. */
  readonly data: readonly { readonly name: string; readonly place: SymbolPlace; readonly address: number; readonly bytes: number }[];
  /** In the order of their numbers. */
  readonly ports: readonly {
    readonly name: string;
    readonly protocol: Protocol;
    readonly side: Side;
    readonly window: number;
    readonly windowBytes: number;
    readonly depth: number;
    readonly messageBytes: number;
  }[];
  /** Values in full, as text: they may have more digits than JSON numbers. */
  readonly constants: readonly { readonly name: string; readonly place: SymbolPlace; readonly value: string }[];
  /** Names of the functions in the function table. */
  readonly table: readonly string[];
}

/** The symbol map of a program. */
export function symbolMapOf({ program, functions, placed }: Emitted, modules: readonly Module[]): SymbolMap {
  const placeOf = ({ source }: Module, offset: number): SymbolPlace => ({ path: source.path, ...source.placeOf(offset) });
  const constants = modules.flatMap(({ declared }) => declared.filter((declaration): declaration is ConstDeclaration => declaration.kind === 'const'));
  return {
    functions: functions.map(({ declaration: { module, item }, name, start, words, types, registers, labels }) => {
      return {
        name,
        place: placeOf(module, item.name.start),
        start,
        words,
        registers: types.map((type, index) => ({ name: registers[index] ?? '', type })),
        labels: Object.fromEntries(labels),
      };
    }),
    data: placed.data.map(({ module, item, address, bytes }) => ({
      name: item.name.name,
      place: placeOf(module, item.name.start),
      address: address as number,
      bytes,
    })),
    ports: program.ports.map(({ name, protocol, side, window, depth, messageBytes }) => ({
      name,
      protocol,
      side,
      window,
      windowBytes: windowBytes(depth),
      depth,
      messageBytes,
    })),
    constants: constants.map(({ module, item, value }) => ({ name: item.name.name, place: placeOf(module, item.name.start), value: String(value) })),
    table: program.table.map((index) => functions[index]?.name ?? ''),
  };
}
