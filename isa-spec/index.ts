/**
 * The instruction set as data: types, operators, traps, limits, one row per instruction, the encoding, the program
 * format and the ports' layout. Everything else in infracore is derived from what is here.
 *
 * @packageDocumentation
 */
export * from './binary.js';
export * from './book.js';
export * from './check.js';
export * from './encoding.js';
export * from './limits.js';
export * from './meaning.js';
export * from './operators.js';
export * from './pairs.js';
export * from './ports.js';
export * from './program.js';
export * from './row.js';
export * from './traps.js';
export * from './types.js';
