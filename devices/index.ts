/**
 * Devices for tests: each is one class with one config, and runs wherever JavaScript does. Drivers are behind the door `node`.
 *
 * What they share with drivers is here too, for whoever writes another device: the arithmetic of clocks, the checks of disks, the
 * queue of a stream.
 *
 * @packageDocumentation
 */
export { checkDiskSize, type DiskRequest, type DiskSize, diskRequest, diskSpecs } from './blocks.js';
export { ClockMock, type ClockMockConfig } from './clock.js';
export { type CachedWrite, type DiskFault, DiskMock, type DiskMockConfig } from './disk.js';
export { ReadQueue, streamRequest } from './stream.js';
export { TerminalMock, type TerminalMockConfig } from './terminal.js';
export { answerClock, type ClockSource, clockTime } from './time.js';
