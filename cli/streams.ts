/**
 * What the tool prints: whole and at once, so that the process may end at any moment after.
 *
 * Not through `process.stdout` and `process.stderr`: merely to make these two takes a tenth of the time in which a small program is
 * assembled and run.
 */
import { writeSync } from 'node:fs';
import { EXIT, Failure } from './failure.js';
import { reasonOf } from './reasons.js';

const STDOUT = 1;
const STDERR = 2;

/** Writes all of it. Where nobody reads any more the process ends, quietly. @throws the host's error */
function writeAll(descriptor: number, contents: string | Uint8Array): void {
  const bytes = typeof contents === 'string' ? Buffer.from(contents) : contents;
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') process.exit(EXIT.pipe);
      if (code !== 'EAGAIN') throw error;
      // A pipe that does not block is full: somebody else made it so. Wait a millisecond.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

/** Prints on standard output. @throws Failure where it cannot be written */
export function print(contents: string | Uint8Array): void {
  try {
    writeAll(STDOUT, contents);
  } catch (error) {
    throw new Failure(EXIT.file, `cannot write standard output: ${reasonOf(error)}`);
  }
}

/** Prints on standard error; where that fails there is nobody left to tell. */
export function complain(text: string): void {
  try {
    writeAll(STDERR, text);
  } catch {
    process.exit(EXIT.file);
  }
}

const STYLES = Object.freeze({ bold: 1, red: 31, blue: 34 });
let colourful: boolean | undefined;

/** Whether messages are coloured: standard error is a terminal, and `NO_COLOR` is not set. */
export function hasColour(): boolean {
  colourful ??= process.stderr.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
  return colourful;
}

/** Tells what went wrong, with what helps. */
export function complainOf(message: string, remedy?: string): void {
  const help = remedy === undefined ? '' : `\n${paint('bold', 'help')}: ${remedy}`;
  complain(`${paint('bold', paint('red', 'pbs'))}: ${message}${help}\n`);
}

/** Text in a style, where messages are coloured. */
export function paint(style: keyof typeof STYLES, text: string): string {
  return hasColour() ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text;
}
