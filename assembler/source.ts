/**
 * One source file: its text, its name, and where its lines begin.
 *
 * Stages speak of places as offsets into the text; lines and columns are computed here when somebody looks.
 */

/** A file that takes part in an assembly. */
export class Source {
  #lineStarts: Int32Array | undefined;

  constructor(
    /** The name under which it is shown and goes into debug information. */
    readonly path: string,
    readonly text: string,
    /** Position among the files: the first one is the one that was named to `assemble`. */
    readonly order: number,
  ) {}

  /** Line and column, both from 1, of an offset. */
  placeOf(offset: number): { readonly line: number; readonly column: number } {
    const line = this.lineOf(offset);
    return { line, column: offset - (this.lineStarts[line - 1] as number) + 1 };
  }

  /** The line, from 1, of an offset. */
  lineOf(offset: number): number {
    const starts = this.lineStarts;
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  /** Offset of a line's end, without its line break. */
  endOfLine(line: number): number {
    const next = this.lineStarts[line];
    if (next === undefined) return this.text.length;
    const end = next - 1;
    return this.text[end] === '\n' && this.text[end - 1] === '\r' ? end - 1 : end;
  }

  /** The text of a line, from 1, without its line break. */
  lineText(line: number): string {
    return this.text.slice(this.lineStarts[line - 1], this.endOfLine(line));
  }

  /** Offset of each line's first character. A line ends with LF, CR LF or CR. */
  get lineStarts(): Int32Array {
    this.#lineStarts ??= lineStartsOf(this.text);
    return this.#lineStarts;
  }
}

function lineStartsOf(text: string): Int32Array {
  let starts = new Int32Array(1024);
  let count = 1;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit !== 10 && unit !== 13) continue;
    if (unit === 13 && text.charCodeAt(at + 1) === 10) at++;
    if (count === starts.length) {
      const grown = new Int32Array(2 * count);
      grown.set(starts);
      starts = grown;
    }
    starts[count++] = at + 1;
  }
  return starts.slice(0, count);
}
