/**
 * Files and standard streams: `-` is standard input where something is read and standard output where something is written.
 *
 * Every way in which the host can refuse becomes a `Failure` with the file's name and the reason in words.
 */
import { closeSync, fstatSync, openSync, readSync, realpathSync, statSync, writeFileSync, type Stats } from 'node:fs';
import { resolve } from 'node:path';
import { EXIT, Failure } from './failure.js';
import { reasonOf } from './reasons.js';
import { print } from './streams.js';
import { shown } from './text.js';

/** How a file is called. */
export const nameOf = (path: string): string => (path === '-' ? 'standard input' : path);
/** The same in a message. */
export const shownName = (path: string): string => shown(nameOf(path));

/** Bytes of the largest source or binary that is read: a device that never ends must not fill memory. */
const BYTES_MAX = 2 ** 29;
const CHUNK_BYTES = 2 ** 16;
const STDIN = 0;

const tooLarge = (path: string): Failure => new Failure(EXIT.file, `cannot read ${shownName(path)}: it has more than ${BYTES_MAX / 2 ** 20} MiB`);

/** The bytes of a file or of standard input. @throws Failure where it cannot be read */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    if (path !== '-') return readWhole(path);
    if (!isStream(fstatSync(STDIN))) return readDescriptor(STDIN, path);
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of process.stdin) {
      chunks.push(chunk as Uint8Array);
      length += (chunk as Uint8Array).length;
      if (length > BYTES_MAX) throw tooLarge(path);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(EXIT.file, `cannot read ${shownName(path)}: ${reasonOf(error)}`);
  }
}

function readWhole(path: string): Uint8Array {
  const descriptor = openSync(path, 'r');
  try {
    return readDescriptor(descriptor, path);
  } finally {
    closeSync(descriptor);
  }
}

/** A pipe or a device tells no size: it is read until it ends or is too large. */
function readDescriptor(descriptor: number, path: string): Uint8Array {
  const chunks: Uint8Array[] = [];
  for (let length = 0; ; ) {
    const chunk = new Uint8Array(CHUNK_BYTES);
    const count = readSync(descriptor, chunk);
    if (count === 0) return Buffer.concat(chunks);
    chunks.push(chunk.subarray(0, count));
    length += count;
    if (length > BYTES_MAX) throw tooLarge(path);
  }
}

/** Whether reading may have to wait for somebody. Of standard input Node's stream is for these; it takes a directory for an empty file. */
const isStream = (kind: Stats): boolean => kind.isFIFO() || kind.isSocket() || kind.isCharacterDevice();

/** Whether a file, or standard input, may come only after a while. */
export function mayTakeLong(path: string): boolean {
  try {
    return isStream(path === '-' ? fstatSync(STDIN) : statSync(path));
  } catch {
    return false;
  }
}

/** The text of a source file that another one uses, or undefined where there is no regular file that can be read. */
export function readSource(path: string): string | undefined {
  try {
    return statSync(path).isFile() ? Buffer.from(readWhole(path)).toString('utf8') : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Refuses what would lose something: an output onto an input, or two outputs onto one file.
 * @param outputs options and their paths, as far as they are given
 * @throws Failure that names the option
 */
export function refuseOverwriting(outputs: readonly (readonly [option: string, path: string | undefined])[], inputs: readonly string[]): void {
  const taken = inputs.filter((path) => path !== '-').map((path): [path: string, what: string] => [path, `${shown(path)}, which is read`]);
  for (const [option, path] of outputs) {
    if (path === undefined) continue;
    const other = taken.find(([before]) => isSameFile(before, path));
    if (other !== undefined) throw new Failure(EXIT.usage, `${option} ${shown(path)} would overwrite ${other[1]}`);
    taken.push([path, `what ${option} writes`]);
  }
}

/**
 * Refuses two outputs that would mix.
 * @throws Failure that names two options
 */
export function refuseMixing(outputs: readonly (readonly [option: string, path: string | undefined])[]): void {
  const [one, other] = outputs.filter(([, path]) => path === '-');
  if (one === undefined || other === undefined) return;
  throw new Failure(EXIT.usage, `${one[0]} and ${other[0]} cannot both go to standard output`, `send one of them to a file: ${one[0]} FILE`);
}

/** Whether two paths lead to one file, through links too. Streams are no files. */
function isSameFile(left: string, right: string): boolean {
  if (left === '-' || right === '-') return false;
  try {
    const [one, other] = [statSync(left), statSync(right)];
    return one.dev === other.dev && one.ino === other.ino && one.isFile();
  } catch {
    return resolved(left) === resolved(right);
  }
}

function resolved(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

/** Writes a file or standard output, whole. @throws Failure where it cannot be written */
export function writeOut(path: string, contents: string | Uint8Array): void {
  if (path === '-') return print(contents);
  try {
    writeFileSync(path, contents);
  } catch (error) {
    throw new Failure(EXIT.file, `cannot write ${shown(path)}: ${reasonOf(error)}`);
  }
}
