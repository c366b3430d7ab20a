/**
 * The JIT: compiles functions of a verified program to WebAssembly. `createJit` makes an engine for a `Machine`; below it lie a WebAssembly module
 * builder that knows nothing else, and the spelling of every value
 * operator in WebAssembly. It runs wherever JavaScript runs; where the host forbids compiling, programs are interpreted.
 *
 * @packageDocumentation
 */
export { createJit, type JitEngine, type JitOptions } from './engine.js';
export type { JitReport, Leaving } from './report.js';
export { listing } from './listing.js';
export * from './operators.js';
export * from './wasm.js';
