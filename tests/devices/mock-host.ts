/**
 * An operating system for disks, in memory: it counts its calls and lets any of them fail.
 *
 * Files have bytes that are written and bytes that are durable. Asynchronous calls end in a later turn of the event loop.
 */
import type { Done, FileHost, FileKind, OpenMode, ProcessName } from '../../devices/node/index.js';

export interface MockFile {
  bytes: Uint8Array;
  durable: Uint8Array;
  kind: FileKind;
  /** Refusal of opening for writing, if any. */
  refuse?: string;
}

const failure = (code: string): NodeJS.ErrnoException => Object.assign(new Error(`mock: ${code}`), { code });

export class MockHost implements FileHost {
  readonly files = new Map<string, MockFile>();
  readonly texts = new Map<string, string>();
  readonly descriptors = new Map<number, string>();
  readonly exits = new Set<() => void>();
  readonly dead = new Set<number>();
  /** The calls made, in order. */
  readonly log: string[] = [];
  /** Whether the call with this number, from 1, is to fail, and how. */
  fails: (call: number, name: string) => string | undefined = () => undefined;
  /** Most bytes that a read or write moves at once. */
  chunk = Number.POSITIVE_INFINITY;
  process: ProcessName = { computer: 'here', number: 100, started: '5' };
  #fd = 2;

  file(path: string, bytes: Uint8Array | string, more: Partial<MockFile> = {}): MockFile {
    const contents = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes;
    const made = { bytes: contents, durable: contents.slice(), kind: 'file' as const, ...more };
    this.files.set(path, made);
    return made;
  }
  text(path: string): string {
    return new TextDecoder().decode(this.files.get(path)?.bytes).replaceAll('\0', '.');
  }

  #call(name: string): void {
    this.log.push(name);
    const code = this.fails(this.log.length, name);
    if (code !== undefined) throw failure(code);
  }
  #later(name: string, done: Done, act: () => number): void {
    this.log.push(name);
    const code = this.fails(this.log.length, name);
    setImmediate(() => (code === undefined ? done(null, act()) : done(failure(code), 0)));
  }
  #fileOf(fd: number): MockFile {
    const path = this.descriptors.get(fd);
    if (path === undefined) throw failure('EBADF');
    return this.files.get(path) as MockFile;
  }

  resolve(path: string): string {
    this.#call('resolve');
    return path;
  }
  kind(path: string): FileKind {
    this.#call('kind');
    const found = this.files.get(path);
    if (found === undefined) throw failure('ENOENT');
    return found.kind;
  }
  open(path: string, mode: OpenMode): number {
    this.#call(`open ${mode}`);
    const found = this.files.get(path);
    if (mode === 'create' && found !== undefined) throw failure('EEXIST');
    if (mode === 'create') this.file(path, '');
    else if (found === undefined) throw failure('ENOENT');
    if (mode === 'write' && found?.refuse !== undefined) throw failure(found.refuse);
    this.descriptors.set(++this.#fd, path);
    return this.#fd;
  }
  size(fd: number): number {
    this.#call('size');
    return this.#fileOf(fd).bytes.length;
  }
  truncate(fd: number, bytes: number): void {
    this.#call('truncate');
    this.#fileOf(fd).bytes = new Uint8Array(bytes);
  }
  syncFolder(): void {
    this.#call('syncFolder');
  }
  read(fd: number, bytes: Uint8Array, position: number, done: Done): void {
    this.#later('read', done, () => {
      const part = this.#fileOf(fd).bytes.subarray(position, position + Math.min(bytes.length, this.chunk));
      bytes.set(part);
      return part.length;
    });
  }
  write(fd: number, bytes: Uint8Array, position: number, done: Done): void {
    const part = bytes.slice(0, this.chunk);
    this.#later('write', done, () => {
      const file = this.#fileOf(fd);
      const grown = new Uint8Array(Math.max(file.bytes.length, position + part.length));
      grown.set(file.bytes);
      grown.set(part, position);
      file.bytes = grown;
      return part.length;
    });
  }
  sync(fd: number, done: Done): void {
    this.#later('sync', done, () => {
      const file = this.#fileOf(fd);
      file.durable = file.bytes.slice();
      return 0;
    });
  }
  close(fd: number): void {
    this.descriptors.delete(fd);
    this.#call('close');
  }
  createText(path: string, text: string): void {
    this.#call('createText');
    if (this.texts.has(path)) throw failure('EEXIST');
    this.texts.set(path, text);
  }
  readText(path: string): string {
    this.#call('readText');
    const found = this.texts.get(path);
    if (found === undefined) throw failure('ENOENT');
    return found;
  }
  remove(path: string): void {
    this.#call('remove');
    if (!this.texts.delete(path) && !this.files.delete(path)) throw failure('ENOENT');
  }
  self(): ProcessName {
    return this.process;
  }
  isAlive({ number }: ProcessName): boolean {
    return !this.dead.has(number);
  }
  onExit(callback: () => void): () => void {
    this.exits.add(callback);
    return () => void this.exits.delete(callback);
  }
}
