/**
 * Hosts of systems in Node.
 *
 * @packageDocumentation
 */
export { DriverError, type Drivers, openDrivers } from './drivers.js';
export { type Ending, type EngineName, PU_STATES, type PuState } from './thread-data.js';
export { type ClientDevice, type PuEnd, type PuStatus, WorkersRun, type WorkersOptions } from './workers.js';
