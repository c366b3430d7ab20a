/**
 * Drivers on Node: the process's standard streams, the computer's clock, disks in files, screens as PNG files and in a terminal, the terminal's keyboard,
 * sound as a WAV file, sockets and child processes.
 *
 * Each takes the calls of the operating system that it makes as an argument, so that a test can let any of them fail.
 *
 * @packageDocumentation
 */
export { AudioFileDriver, type AudioFileDriverConfig } from './audio-file.js';
export { ChildProcessDriver, type ChildProcessDriverConfig } from './child-process.js';
export { ClockDriver, type ClockDriverConfig } from './clock.js';
export { DiskDriver, type DiskDriverConfig } from './disk.js';
export { type Done, type FileHost, type FileKind, NODE_FILE_HOST, type OpenMode, type ProcessName } from './file-host.js';
export { KeyboardDriver, type KeyboardDriverConfig, type KeyInput } from './keyboard.js';
export { KeyParser } from './keys.js';
export { DiskError } from './lock.js';
export type { WriteSome } from './output.js';
export { ScreenFilesDriver, type ScreenFilesDriverConfig } from './screen-files.js';
export { ScreenTerminalDriver, type ScreenTerminalDriverConfig, terminalText } from './screen-terminal.js';
export { SocketClientDriver, type SocketClientDriverConfig } from './socket-client.js';
export { SocketServerDriver, type SocketServerDriverConfig } from './socket-server.js';
export { type Listening, type ListeningEvents, NODE_STREAM_HOST, type SocketAddress, type StreamHost, type StreamPair } from './stream-host.js';
export { TerminalDriver, type TerminalDriverConfig } from './terminal.js';
export { NODE_TIME } from './time.js';
