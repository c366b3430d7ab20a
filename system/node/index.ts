/**
 * Hosts of systems in Node.
 *
 * @packageDocumentation
 */
export { type Ending, type EngineName, PU_STATES, type PuState } from './thread-data.js';
export { type ClientDevice, type PuEnd, type PuStatus, WorkersRun, type WorkersOptions } from './workers.js';
