/**
 * Frames: the registers of every function in progress, of every PU in this realm.
 *
 * A frame is `[registers, 8 bytes each][function: u32][pc: u32]`, frames lie outermost first without gaps. Two words of -1 stand
 * below the outermost. All stacks live in one array of fixed size, so that compiled code may hold it as a constant; it is a cache: when it is full, the
 * stacks are moved out to arrays of their own and come back when their PU runs. A `pc` counts words from the function's first.
 * Nothing here knows an instruction.
 */
import { FRAME_TRAILER_BYTES, REGISTER_BYTES, RESULTS_MAX } from '../isa-spec/index.js';

const ARENA_WORDS = 2 ** 26;
/** Words below the outermost frame: where a caller's function and pc would stand, -1 and 0. */
const SENTINEL_WORDS = 2;
/** Words above the last frame: the outermost function's results may be more than its frame holds. */
const RESULT_WORDS = (RESULTS_MAX * REGISTER_BYTES) / 4;
const FIRST_WORDS = 478;

/** Most bytes that the frames of one PU may have. */
export const FRAME_BYTES_LIMIT = (ARENA_WORDS - SENTINEL_WORDS - RESULT_WORDS) * 4;

/** The arena as words: register `n` of a frame at `fp` is words `fp + 2n` (low half) and `fp + 2n + 1` (high half). */
export const WORDS = new Int32Array(ARENA_WORDS);
/** The same bytes as numbers: an f64 register `n` is number `fp / 2 + n`. */
export const DOUBLES = new Float64Array(WORDS.buffer);
/** The same bytes as integers of 64 bits: an i64 register `n` is integer `fp / 2 + n`. */
export const LONGS = new BigInt64Array(WORDS.buffer);

WORDS[0] = 1;
if (new Uint8Array(WORDS.buffer, 0, 1)[0] !== 1) throw new Error('infracore needs a little-endian host');

/** Words of a frame with that many registers. */
export function frameWords(registers: number): number {
  return (registers * REGISTER_BYTES + FRAME_TRAILER_BYTES) / 4;
}

let next = 0;
let residents: WeakRef<FrameStack>[] = [];

function allocate(words: number): number {
  if (next + words > ARENA_WORDS) {
    for (const resident of residents) resident.deref()?.moveOut();
    residents = [];
    next = 0;
  }
  const at = next;
  next += words;
  return at;
}

/** The frames of one PU, and where its innermost function stands. */
export class FrameStack {
  /** The innermost frame: its first word in the arena. Valid while resident. */
  fp = 0;
  /** Words of the innermost frame. */
  size = 0;
  /** The innermost function. */
  function = 0;
  /** The instruction in progress of the innermost function, nothing of it done. */
  pc = 0;
  /** One past the last word that frames may take without growing. */
  end = 0;

  #base = -1;
  #capacity = 0;
  #saved: Int32Array | undefined;
  readonly #self = new WeakRef(this);
  readonly #wordsMax: number;

  constructor(
    /** Limit of all frames together, in bytes. */
    readonly bytesMax: number,
  ) {
    this.#wordsMax = bytesMax >>> 2;
  }

  /** Makes the frame of a function the only one; parameters are the caller's to write. @returns whether the limit allows it */
  enter(index: number, words: number): boolean {
    this.#saved = undefined;
    this.#base = -1;
    this.fp = this.size = 0;
    this.function = index;
    this.pc = 0;
    if (words > this.#wordsMax) return false;
    this.#settle(Math.max(FIRST_WORDS, words));
    WORDS.fill(0, this.fp, this.fp + words);
    this.size = words;
    return true;
  }

  /** Brings the frames into the arena, where they stay until another stack needs the room. */
  moveIn(): void {
    if (this.#base < 0) this.#settle(this.#capacity);
  }

  /** Copies the frames out of the arena. Only the arena itself calls this. */
  moveOut(): void {
    if (this.#base < 0) return;
    this.#saved = WORDS.slice(this.#base + SENTINEL_WORDS, this.fp + this.size);
    this.fp -= this.#base;
    this.#base = -1;
  }

  /** Bytes that the innermost frame and those that it calls may have together. */
  get bytesLeft(): number {
    return this.bytesMax - (this.fp - this.#base - SENTINEL_WORDS) * 4;
  }

  /** Puts a frame of zeros on top, for a call by the instruction in progress. @returns whether the limit allows it; if not, nothing has changed */
  push(index: number, words: number): boolean {
    if (!this.reserve(words)) return false;
    WORDS[this.fp + this.size - 2] = this.function;
    WORDS[this.fp + this.size - 1] = this.pc;
    this.fp += this.size;
    this.size = words;
    this.function = index;
    this.pc = 0;
    WORDS.fill(0, this.fp, this.fp + words);
    return true;
  }

  /** Puts frames in place of the innermost one. `size` is the words of the last of them; the limit must allow them. */
  replaceInnermost(frames: Int32Array, size: number): void {
    const more = frames.length - this.size;
    if (more > 0 && !this.reserve(more)) throw new Error('frames were counted against the limit when they were made');
    WORDS.set(frames, this.fp);
    this.fp += frames.length - size;
    this.size = size;
    this.function = frames[frames.length - 2] as number;
    this.pc = frames[frames.length - 1] as number;
  }

  /** Makes room for a frame beside those there are. @returns whether the limit allows it; the frames may have moved */
  reserve(words: number): boolean {
    const needed = this.fp + this.size - this.#base - SENTINEL_WORDS + words;
    if (needed > this.#wordsMax) return false;
    if (needed > this.#capacity) {
      this.moveOut();
      this.#settle(Math.max(needed, this.#capacity * 2));
    }
    return true;
  }

  #settle(words: number): void {
    const saved = this.#saved;
    const offset = this.#base < 0 && saved !== undefined ? this.fp : SENTINEL_WORDS;
    this.#capacity = Math.min(words + (words & 1), this.#wordsMax & ~1);
    this.#base = allocate(SENTINEL_WORDS + this.#capacity + RESULT_WORDS);
    residents.push(this.#self);
    this.fp = this.#base + offset;
    this.end = this.#base + SENTINEL_WORDS + this.#capacity;
    WORDS[this.#base] = -1;
    WORDS[this.#base + 1] = 0;
    if (saved !== undefined) WORDS.set(saved, this.#base + SENTINEL_WORDS);
    this.#saved = undefined;
  }

  /** All frames, outermost first, the innermost's trailer filled in: the bytes of a snapshot before they are made canonical. */
  copy(): Int32Array {
    this.moveIn();
    WORDS[this.fp + this.size - 2] = this.function;
    WORDS[this.fp + this.size - 1] = this.pc;
    return WORDS.slice(this.#base + SENTINEL_WORDS, this.fp + this.size);
  }

  /** Takes frames as `copy` gave them; `size` is the innermost's. The caller has checked them. @returns whether the limit allows them */
  replace(frames: Int32Array, size: number): boolean {
    if (frames.length > this.#wordsMax) return false;
    this.#base = -1;
    this.#saved = frames;
    this.fp = SENTINEL_WORDS + frames.length - size;
    this.size = size;
    this.function = frames[frames.length - 2] as number;
    this.pc = frames[frames.length - 1] as number;
    this.#settle(Math.max(FIRST_WORDS, frames.length));
    return true;
  }
}
