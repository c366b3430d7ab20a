/**
 * Bytes that go out whole: to a place of a file that is made anew, and through a descriptor that takes some at a time.
 */
import type { Done, FileHost } from './file-host.js';

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** What a call threw, as callbacks tell it. */
export function thrownBy(error: unknown): NodeJS.ErrnoException {
  return error instanceof Error ? error : new Error(String(error));
}

/**
 * Opens a file for writing: a new one, or one that is there, emptied.
 * @returns its descriptor
 * @throws the host's error, with its `code`
 */
export function openAnew(host: FileHost, file: string): number {
  try {
    return host.open(file, 'create', 'file');
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  const fd = host.open(file, 'write', 'file');
  try {
    host.truncate(fd, 0);
    return fd;
  } catch (error) {
    host.close(fd);
    throw error;
  }
}

/** Writes all bytes to a place of a file. A write that moves nothing counts as failed. */
export function writeAll(host: FileHost, fd: number, bytes: Uint8Array, position: number, done: (error: Error | null) => void): void {
  const written: Done = (error, count) => {
    if (error !== null) done(error);
    else if (count === 0) done(new Error('the file takes no bytes'));
    else if (count < bytes.length) writeAll(host, fd, bytes.subarray(count), position + count, done);
    else done(null);
  };
  try {
    host.write(fd, bytes, position, written);
  } catch (error) {
    done(thrownBy(error));
  }
}

/** Writes some of the bytes, and tells how many. */
export type WriteSome = (bytes: Uint8Array, done: (error: NodeJS.ErrnoException | null, count: number) => void) => void;

/** Milliseconds until a write is tried again where the output took nothing: first, most. */
const RETRY = [1, 32] as const;

/** Writes all bytes through a descriptor, however slowly it takes them. */
export function writeFully(writeSome: WriteSome, bytes: Uint8Array, done: (error: NodeJS.ErrnoException | null) => void, retry: number = RETRY[0]): void {
  if (bytes.length === 0) return done(null);
  const written = (error: NodeJS.ErrnoException | null, count: number): void => {
    if (error?.code === 'EAGAIN') setTimeout(() => writeFully(writeSome, bytes, done, Math.min(2 * retry, RETRY[1])), retry);
    else if (error !== null) done(error);
    else if (count === 0) done(new Error('the output takes no bytes'));
    else writeFully(writeSome, bytes.subarray(count), done);
  };
  try {
    writeSome(bytes, written);
  } catch (error) {
    done(thrownBy(error));
  }
}
