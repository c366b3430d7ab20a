/**
 * The doors that make machines, in one bundle: the benchmark replaces `jit/fuel.ts` in it by `uncounted.ts`.
 */
export { createJit } from '../../jit/index.js';
export { INTERPRETER, Machine, verify } from '../../vm/index.js';
