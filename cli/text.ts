/**
 * Text that somebody else chose, as messages show it: names of files and functions, arguments, source lines.
 *
 * Characters that would do something to a terminal, or turn the direction of text, are shown as `\u{...}`, and what is very long is
 * shortened, so that a message stays one that a person can read.
 */

const UNSAFE = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
const LENGTH_MAX = 512;
/** Characters of a source line that are shown, and how many of them may stand before the place in question. */
const LINE_MAX = 160;
const LINE_BEFORE_MAX = 80;

const escaped = (character: string): string => `\\u{${(character.codePointAt(0) as number).toString(16)}}`;

/** A name on one line; of a very long one the beginning and the end. An empty one is seen too. */
export function shown(text: string): string {
  if (text === '') return '""';
  const half = LENGTH_MAX / 2;
  const [head, tail] = text.length <= LENGTH_MAX ? [text, ''] : [text.slice(0, half), text.slice(-half)];
  const left = text.length - head.length - tail.length;
  const between = left === 0 ? '' : `...(${left} more)...`;
  return `${head.replace(UNSAFE, escaped)}${between}${tail.replace(UNSAFE, escaped)}`;
}

/** Text of several lines that quotes names. */
export const shownLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => (line === '' ? '' : shown(line)))
    .join('\n');

/** A source line split at a column that counts from 1; of a long line the part around it. Tabs stay, so that a caret stands right. */
export function shownAround(line: string, column: number): readonly [before: string, after: string] {
  const start = Math.max(0, column - 1 - LINE_BEFORE_MAX);
  const clean = (text: string): string => text.replace(UNSAFE, (character) => (character === '\t' ? character : escaped(character)));
  const [before, after] = [clean(line.slice(start, column - 1)), clean(line.slice(column - 1, start + LINE_MAX))];
  return [`${start > 0 ? '...' : ''}${before}`, `${after}${line.length > start + LINE_MAX ? '...' : ''}`];
}
