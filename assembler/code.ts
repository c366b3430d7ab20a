/**
 * The code of one function while it is made: words with all branches short, the branches, the labels, the source places.
 *
 * When it is complete, `finish` relaxes the branches and copies the words into the program's code, with the distances.
 * One object serves all functions, so that nothing is allocated for instructions that are no branches.
 */
import { encodedWords, encodeInto, FUNCTION_WORDS_MAX, type OperandValue, type Row } from '../isa-spec/index.js';
import type { Span } from './ast.js';
import { reaches, relax } from './relax.js';

/** Words of any instruction without lists, and of lists as long as operands may be, except jump tables. */
const ROOM = 128;

/** Words that grow as they are needed. */
export class Words {
  words = new Int32Array(4096);
  length = 0;

  /** Makes room for so many more. */
  room(count: number): void {
    if (this.length + count <= this.words.length) return;
    const grown = new Int32Array(Math.max(this.words.length * 2, this.length + count));
    grown.set(this.words.subarray(0, this.length));
    this.words = grown;
  }

  /** Adds some of other words; there must be room. */
  add(words: Int32Array, from: number, to: number): void {
    // By hand: most stretches between branches are shorter than a view of them costs.
    for (let at = from; at < to; at++) this.words[this.length++] = words[at] as number;
  }
}

/** Source places of a program's instructions: from a word of a function on, an offset in its file. */
export class Lines {
  readonly words = new Words();
  readonly offsets = new Words();
}

/** A function that is done. */
export interface Finished {
  readonly words: number;
  /** The function's places among those of the program. */
  readonly lines: { readonly start: number; readonly end: number };
  /** The word at which a label stands; good until the next function begins. */
  labelWord(label: number): number;
  /** Places of labels that were asked to be far and are not. */
  readonly notFar: readonly Span[];
}

/** One function's code. */
export class Code {
  readonly #made = new Words();
  #at: number[] = [];
  #growth: number[] = [];
  #rows: Row[] = [];
  #shorts: (Row | undefined)[] = [];
  #operands: OperandValue[][] = [];
  /** For each branch, the label or, for a jump table, its labels. */
  #targets: (number | readonly number[])[] = [];
  /** For each branch that is to be long although it need not, where that is asked for. */
  #far: (Span | undefined)[] = [];
  #labelWords: number[] = [];
  #labelBefore: number[] = [];
  /** Of use in `finish` alone, and kept for the next function. */
  readonly #single: number[] = [];
  readonly #before: number[] = [];
  readonly #grown: number[] = [];
  readonly #labels: number[] = [];
  readonly #lineWords: number[] = [];
  readonly #lineOffsets: number[] = [];
  #lineOffset = -1;
  /** Offset in the source of what is added. */
  offset = 0;

  /** Begins a function. */
  reset(): void {
    this.#made.length = 0;
    for (const list of [this.#at, this.#growth, this.#rows, this.#shorts, this.#operands, this.#targets, this.#far, this.#labelWords, this.#labelBefore])
      list.length = 0;
    this.#lineWords.length = 0;
    this.#lineOffsets.length = 0;
    this.#lineOffset = -1;
  }

  /** Words so far, all branches short. */
  get length(): number {
    return this.#made.length;
  }
  /** Whether the function is longer than any may be: it is given up, what follows is not kept. */
  get tooLong(): boolean {
    return this.#made.length > FUNCTION_WORDS_MAX;
  }

  /** A new label. */
  label(): number {
    this.#labelWords.push(-1);
    this.#labelBefore.push(0);
    return this.#labelWords.length - 1;
  }
  /** Puts a label here. */
  bind(label: number): void {
    this.#labelWords[label] = this.#made.length;
    this.#labelBefore[label] = this.#at.length;
  }

  /** Notes the source place of what is added next. */
  #line(): void {
    if (this.offset === this.#lineOffset) return;
    this.#lineOffset = this.offset;
    this.#lineWords.push(this.#made.length);
    this.#lineOffsets.push(this.offset);
  }

  /** Adds an instruction that is no branch. */
  emit(row: Row, operands: readonly OperandValue[]): void {
    if (this.tooLong) return;
    this.#line();
    this.#made.room(ROOM);
    this.#made.length = encodeInto(row, operands, this.#made.words, this.#made.length);
  }

  /**
   * Adds a branch. Its last operand, the distance or distances, is filled in later.
   * @param short its short form, if its other operands fit that
   * @param far where it is asked to be long although it need not, if it is
   */
  branch(row: Row, short: Row | undefined, operands: OperandValue[], targets: number | readonly number[], far?: Span): void {
    if (this.tooLong) return;
    this.#line();
    const words = encodedWords(short ?? row, operands);
    this.#at.push(this.#made.length);
    this.#growth.push(short === undefined ? 0 : encodedWords(row, operands) - words);
    this.#rows.push(row);
    this.#shorts.push(short);
    this.#operands.push(operands);
    this.#targets.push(targets);
    this.#far.push(far);
    this.#made.room(words);
    this.#made.length += words;
  }

  /** Relaxes the branches and adds the function's words and source places to a program's. */
  finish(into: Words, lines: Lines): Finished {
    const count = this.#at.length;
    const at = this.#at;
    const growth = this.#growth;
    const targets = this.#targets;
    const labelWords = this.#labelWords;
    const labelBefore = this.#labelBefore;
    // A jump table has no single target, and no choice of forms.
    const single = this.#single;
    const before = this.#before;
    let far: number[] | undefined;
    for (let branch = 0; branch < count; branch++) {
      const target = targets[branch] as number | readonly number[];
      const label = typeof target === 'number' ? target : -1;
      single[branch] = label < 0 ? 0 : (labelWords[label] as number);
      before[branch] = label < 0 ? 0 : (labelBefore[label] as number);
      if (this.#far[branch] !== undefined) {
        far ??= new Array<number>(count).fill(0);
        far[branch] = 1;
      }
    }
    const long = relax({ count, at, growth, target: single, before, ...(far === undefined ? {} : { far }) });
    // Words that the branches before each one have grown by.
    const grown = this.#grown;
    grown[0] = 0;
    for (let branch = 0; branch < count; branch++) grown[branch + 1] = (grown[branch] as number) + (long[branch] === 1 ? (growth[branch] as number) : 0);

    const start = into.length;
    const { words, length } = this.#made;
    into.room(length + (grown[count] as number));
    const labels = this.#labels;
    for (let label = 0; label < labelWords.length; label++) labels[label] = (labelWords[label] as number) + (grown[labelBefore[label] as number] as number);
    const notFar: Span[] = [];
    let copied = 0;
    for (let branch = 0; branch < count; branch++) {
      const from = at[branch] as number;
      into.add(words, copied, from);
      const here = into.length - start;
      const short = this.#shorts[branch];
      const row = short === undefined || long[branch] === 1 ? (this.#rows[branch] as Row) : short;
      const target = targets[branch] as number | readonly number[];
      const operands = this.#operands[branch] as OperandValue[];
      operands[operands.length - 1] = typeof target === 'number' ? (labels[target] as number) - here : target.map((label) => (labels[label] as number) - here);
      const place = this.#far[branch];
      if (place !== undefined && (short === undefined || reaches(operands[operands.length - 1] as number))) notFar.push(place);
      into.length = encodeInto(row, operands, into.words, into.length);
      copied = from + encodedWords(short ?? row, operands);
    }
    into.add(words, copied, length);

    const firstLine = lines.words.length;
    const lineCount = this.#lineWords.length;
    lines.words.room(lineCount);
    lines.offsets.room(lineCount);
    let branch = 0;
    for (let line = 0; line < lineCount; line++) {
      const word = this.#lineWords[line] as number;
      while (branch < count && (at[branch] as number) < word) branch++;
      lines.words.words[lines.words.length++] = word + (grown[branch] as number);
      lines.offsets.words[lines.offsets.length++] = this.#lineOffsets[line] as number;
    }
    return { words: into.length - start, lines: { start: firstLine, end: lines.words.length }, labelWord: (label) => labels[label] as number, notFar };
  }
}
