/**
 * Devices for tests: each is one class with one config, and runs wherever JavaScript does. Drivers are behind the door `node`.
 */
export { ClockMock, type ClockMockConfig } from './clock.js';
export { type CachedWrite, DiskMock, type DiskMockConfig, type DiskFault } from './disk.js';
export { TerminalMock, type TerminalMockConfig } from './terminal.js';
