/**
 * Files and standard streams: `-` is standard input where something is read and standard output where something is written.
 *
 * Every way in which the host can refuse becomes a `Failure` with the file's name and the reason in words.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { EXIT, Failure } from './failure.js';
import { reasonOf } from './reasons.js';
import { print } from './streams.js';

/** How a file is called in messages. */
export const nameOf = (path: string): string => (path === '-' ? 'standard input' : path);

/** The bytes of a file or of standard input. @throws Failure where it cannot be read */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    if (path !== '-') return readFileSync(path);
    const chunks: Uint8Array[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
    return Buffer.concat(chunks);
  } catch (error) {
    throw new Failure(EXIT.file, `cannot read ${nameOf(path)}: ${reasonOf(error)}`);
  }
}

/** The text of a source file that another one uses, or undefined where there is none that can be read. */
export function readSource(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Writes a file or standard output, whole. @throws Failure where it cannot be written */
export function writeOut(path: string, contents: string | Uint8Array): void {
  if (path === '-') return print(contents);
  try {
    writeFileSync(path, contents);
  } catch (error) {
    throw new Failure(EXIT.file, `cannot write ${path}: ${reasonOf(error)}`);
  }
}
