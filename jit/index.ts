/**
 * The compiler's lowest layers: a WebAssembly module builder that knows nothing else, and the spelling of every value
 * operator in WebAssembly. Both run wherever JavaScript runs; neither needs the other.
 *
 * @packageDocumentation
 */
export { createJit, type JitEngine, type JitOptions, type JitReport } from './engine.js';
export * from './operators.js';
export * from './wasm.js';
