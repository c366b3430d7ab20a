/**
 * The calls to the operating system that a disk in a file makes, each one function, so that a test can let any of them fail.
 *
 * Functions throw, or call back with, the host's error; its `code` says which. Nothing here decides anything.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Tells how an asynchronous call ended, and how many bytes it moved. */
export type Done = (error: NodeJS.ErrnoException | null, count: number) => void;

/** What kind of thing a path leads to. */
export type FileKind = 'file' | 'block_device' | 'other';

/** How a file is opened: for reading and writing, for reading, or made anew where there is none. */
export type OpenMode = 'write' | 'read' | 'create';

/** The calls. */
export interface FileHost {
  /** The path without symbolic links. */
  resolve(file: string): string;
  /** What is there. Throws ENOENT where nothing is. */
  kind(file: string): FileKind;
  /** A file descriptor. A block device is opened for this process alone. */
  open(file: string, mode: OpenMode, kind: FileKind): number;
  /** Bytes of an open file. */
  size(fd: number): number;
  /** Makes an open file that long; what is new reads as zeros and takes no room. */
  truncate(fd: number, bytes: number): void;
  /** Makes names of files in the folder of this one durable. */
  syncFolder(file: string): void;
  /** Fills some of `bytes` from that place of the file; none at its end. */
  read(fd: number, bytes: Uint8Array, position: number, done: Done): void;
  /** Writes some of `bytes` to that place of the file. */
  write(fd: number, bytes: Uint8Array, position: number, done: Done): void;
  /** Makes what was written durable. */
  sync(fd: number, done: Done): void;
  /** Gives a descriptor back. */
  close(fd: number): void;
  /** Writes a file that must not exist: EEXIST where it does. */
  createText(file: string, text: string): void;
  /** The text of a file. Throws ENOENT where it does not exist. */
  readText(file: string): string;
  /** Removes a file. */
  remove(file: string): void;
  /** This process, in a form that tells it from later ones with its number: see `isAlive`. */
  self(): ProcessName;
  /** Whether a process of this computer still runs. */
  isAlive(process: ProcessName): boolean;
  /** Calls back when the process ends by itself, unless what this gives was called before. */
  onExit(callback: () => void): () => void;
}

/** A process of a computer. */
export interface ProcessName {
  readonly computer: string;
  readonly number: number;
  /** When it started, as its system counts; empty where the system does not tell. */
  readonly started: string;
}

/** The start time of a process in the system's own count, where there is `/proc`. */
function startOf(number: number): string {
  try {
    const text = fs.readFileSync(`/proc/${number}/stat`, 'latin1');
    // The second field is a name in parentheses that may hold anything; the start is the twentieth after it.
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

const callbacks = new Set<() => void>();

function callAll(): void {
  for (const callback of callbacks) {
    try {
      callback();
    } catch {
      // The process is ending and nobody is left to tell; what stays behind is recognised as left by the dead.
    }
  }
}

/** The host that Node runs on. */
export const NODE_FILE_HOST: FileHost = {
  resolve(file) {
    try {
      return fs.realpathSync(file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return path.join(fs.realpathSync(path.dirname(file)), path.basename(file));
    }
  },
  kind(file) {
    const found = fs.statSync(file);
    if (found.isDirectory()) throw Object.assign(new Error('it is a directory'), { code: 'EISDIR' });
    if (found.isFile()) return 'file';
    return found.isBlockDevice() ? 'block_device' : 'other';
  },
  open(file, mode, kind) {
    const { O_RDONLY, O_RDWR, O_CREAT, O_EXCL } = fs.constants;
    const alone = kind === 'block_device' ? O_EXCL : 0;
    const flags = { write: O_RDWR | alone, read: O_RDONLY, create: O_RDWR | O_CREAT | O_EXCL }[mode];
    return fs.openSync(file, flags, 0o666);
  },
  size: (fd) => fs.fstatSync(fd).size,
  truncate: (fd, bytes) => fs.ftruncateSync(fd, bytes),
  syncFolder(file) {
    // Windows opens no folders; there a name is durable with its file.
    if (process.platform === 'win32') return;
    const fd = fs.openSync(path.dirname(file), 'r');
    try {
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
  },
  read: (fd, bytes, position, done) => fs.read(fd, bytes, 0, bytes.length, position, done),
  write: (fd, bytes, position, done) => fs.write(fd, bytes, 0, bytes.length, position, done),
  sync: (fd, done) => fs.fsync(fd, (error) => done(error, 0)),
  close: (fd) => fs.closeSync(fd),
  createText: (file, text) => fs.writeFileSync(file, text, { flag: 'wx' }),
  readText: (file) => fs.readFileSync(file, 'utf8'),
  remove: (file) => fs.unlinkSync(file),
  self: () => ({ computer: os.hostname(), number: process.pid, started: startOf(process.pid) }),
  isAlive({ number, started }) {
    try {
      process.kill(number, 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    }
    const now = startOf(number);
    return started === '' || now === '' || started === now;
  },
  onExit(callback) {
    if (callbacks.size === 0) process.once('exit', callAll);
    callbacks.add(callback);
    return () => {
      callbacks.delete(callback);
      if (callbacks.size === 0) process.off('exit', callAll);
    };
  },
};
