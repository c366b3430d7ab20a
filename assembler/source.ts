/**
 * One source file: its text, its name, and where its lines begin.
 *
 * Stages speak of places as offsets into the text; lines and columns are computed here when somebody looks.
 */

const NEAR_LINES = 16;

/** A file that takes part in an assembly. */
export class Source {
  #lineStarts: Int32Array | undefined;
  #lastLine = 1;

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
    // Places are mostly asked for in order: the next line is tried first.
    let low = this.#lastLine - 1;
    if ((starts[low] as number) <= offset) {
      for (const end = low + NEAR_LINES; low < end; low++) {
        if (low + 1 >= starts.length || (starts[low + 1] as number) > offset) {
          this.#lastLine = low + 1;
          return low + 1;
        }
      }
    } else {
      low = 0;
    }
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle;
    }
    this.#lastLine = low + 1;
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
  const add = (start: number): void => {
    if (count === starts.length) {
      const grown = new Int32Array(2 * count);
      grown.set(starts);
      starts = grown;
    }
    starts[count++] = start;
  };
  let cr = text.indexOf('\r');
  let lf = text.indexOf('\n');
  while (cr >= 0 || lf >= 0) {
    if (cr >= 0 && (lf < 0 || cr < lf)) {
      if (lf === cr + 1) lf = text.indexOf('\n', lf + 1);
      add(text[cr + 1] === '\n' ? cr + 2 : cr + 1);
      cr = text.indexOf('\r', cr + 1);
    } else {
      add(lf + 1);
      lf = text.indexOf('\n', lf + 1);
    }
  }
  return starts.slice(0, count);
}
