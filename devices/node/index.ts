/**
 * Drivers on Node: the process's standard streams, the computer's clock, disks in files.
 *
 * @packageDocumentation
 */
export { ClockDriver, type ClockDriverConfig } from './clock.js';
export { DiskDriver, type DiskDriverConfig } from './disk.js';
export type { Done, FileHost, FileKind, OpenMode, ProcessName } from './file-host.js';
export { DiskError } from './lock.js';
export { TerminalDriver, type TerminalDriverConfig } from './terminal.js';
