/**
 * What an engine outside of this folder needs of its inside: decoded functions and liveness, the frames, the interpreter that stops at
 * given places, and what `ret` does. For engines alone; embedders use `vm/index.ts`, and no door of the package leads here.
 */
export { DecodedFunction, decodedFunction, hasRegister, type PlacedInstruction, type RegisterSet } from '../decoded.js';
export { frameWords, WORDS } from '../frames.js';
export { interpret } from '../interpreter/interpreter.js';
export { placeOf } from '../outcome.js';
export { giveResults } from '../reference.js';
export { charge } from '../state.js';
