/**
 * From the bytes that a terminal sends in raw mode to keys: UTF-8, control characters, and the escape sequences of xterm, VT220 and the Linux console.
 *
 * A terminal tells that a key was pressed and not that it was released, so each key is released at once. Keys that are held with another, as the terminal
 * tells of shift, alt and ctrl, are pressed before it and released after it; which of the two such keys it was is not known, and the left one is taken.
 */
import { KEY } from '../../isa-spec/index.js';
import { type KeyEvent, keyOf } from '../index.js';

const ESCAPE = 0x1b;
const INTERRUPT = 0x03;
/** No key sends more bytes; what is longer is dropped. */
const SEQUENCE_MAX = 32;

/** Final letters of sequences `ESC [ ... letter` and `ESC O letter`. */
const BY_LETTER: Readonly<Record<string, number>> = {
  A: KEY.up,
  B: KEY.down,
  C: KEY.right,
  D: KEY.left,
  F: KEY.end,
  H: KEY.home,
  P: KEY.f1,
  Q: KEY.f1 - 1,
  R: KEY.f1 - 2,
  S: KEY.f1 - 3,
};

/** Numbers of sequences `ESC [ number ~`. */
const BY_NUMBER: ReadonlyMap<number, number> = new Map([
  [1, KEY.home],
  [2, KEY.insert],
  [3, KEY.delete],
  [4, KEY.end],
  [5, KEY.page_up],
  [6, KEY.page_down],
  [7, KEY.home],
  [8, KEY.end],
  ...[11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24, 25, 26, 28, 29, 31, 32, 33, 34].map((number, index) => [number, KEY.f1 - index] as const),
]);

/** The keys that such a terminal has beside characters. */
export const TERMINAL_CONTROLS: readonly number[] = [
  ...new Set([...Object.values(BY_LETTER), ...BY_NUMBER.values()]),
  KEY.left_shift,
  KEY.alt,
  KEY.left_ctrl,
  KEY.line_feed,
  KEY.tab,
  KEY.space,
  KEY.escape,
  KEY.backspace,
];

/** Keys that are held, by the bits of a sequence's second number less one. */
const HELD = [KEY.left_shift, KEY.alt, KEY.left_ctrl] as const;

/** What a byte sequence means: the keys, and how many bytes it has; undefined while more bytes must come. */
interface Meaning {
  readonly bytes: number;
  readonly code?: number;
  readonly held?: readonly number[];
  readonly interrupt?: boolean;
}

/** Cuts bytes into keys. */
export class KeyParser {
  #bytes: number[] = [];

  /** Whether bytes wait that may be an escape key, or the beginning of more. */
  get isPending(): boolean {
    return this.#bytes.length > 0;
  }

  /**
   * Takes bytes.
   * @param isLast whether nothing belongs to them that is still to come: then an escape alone is the escape key
   * @returns what happened to keys, and whether Ctrl-C was among them, which sends no keys
   */
  take(bytes: Uint8Array, isLast = false): { readonly events: readonly KeyEvent[]; readonly interrupted: boolean } {
    const all = [...this.#bytes, ...bytes];
    const events: KeyEvent[] = [];
    let interrupted = false;
    let at = 0;
    while (at < all.length) {
      const next = all.slice(at, at + SEQUENCE_MAX);
      const meaning = meaningOf(next) ?? (isLast ? alone(next) : undefined);
      if (meaning === undefined) break;
      at += meaning.bytes;
      const { code, held = [], interrupt = false } = meaning;
      interrupted ||= interrupt;
      if (code === undefined) continue;
      const keys = [...held, code];
      events.push(...keys.map((key) => ({ code: key, pressed: true })), ...keys.reverse().map((key) => ({ code: key, pressed: false })));
    }
    this.#bytes = all.slice(at);
    return { events, interrupted };
  }
}

/** What bytes mean that begin more but stay alone: the escape key, or a broken character. */
function alone(bytes: readonly number[]): Meaning {
  return bytes[0] === ESCAPE ? { bytes: 1, code: KEY.escape } : { bytes: 1, code: 0xfffd };
}

function meaningOf(bytes: readonly number[]): Meaning | undefined {
  const first = bytes[0] as number;
  if (first === ESCAPE) return escapeMeaning(bytes);
  if (first >= 0x80) return characterMeaning(bytes);
  return { bytes: 1, ...controlMeaning(first) };
}

function controlMeaning(byte: number): Omit<Meaning, 'bytes'> {
  if (byte === INTERRUPT) return { interrupt: true };
  if (byte === 0x7f || byte === 0x08) return { code: KEY.backspace };
  // Enter sends a carriage return in raw mode.
  if (byte === 0x0d) return { code: KEY.line_feed };
  const code = keyOf(byte);
  if (code < 0 || byte > 0x20) return { code };
  // Ctrl with a letter sends its place in the alphabet; with the signs behind Z the five codes behind it.
  const letter = byte === 0 ? KEY.space : byte <= 26 ? byte + 0x60 : byte + 0x40;
  return { code: letter, held: [KEY.left_ctrl] };
}

/** UTF-8: well-formed, or U+FFFD for the first byte. */
function characterMeaning(bytes: readonly number[]): Meaning | undefined {
  const first = bytes[0] as number;
  const length = first >= 0xf0 && first <= 0xf4 ? 4 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xc2 && first < 0xe0 ? 2 : 1;
  const text = new TextDecoder().decode(Uint8Array.from(bytes.slice(0, length)));
  if (length > 1 && bytes.slice(1, length).every((byte) => (byte & 0xc0) === 0x80)) {
    if (bytes.length < length) return undefined;
    return { bytes: text.length > 2 ? 1 : length, code: text.codePointAt(0) as number };
  }
  return { bytes: 1, code: 0xfffd };
}

function escapeMeaning(bytes: readonly number[]): Meaning | undefined {
  const second = bytes[1];
  if (second === undefined) return undefined;
  const text = String.fromCharCode(...bytes.slice(1));
  if (second === 0x5b) {
    // The Linux console sends `ESC [ [ A` to `ESC [ [ E` for F1 to F5.
    const console = /^\[\[([A-E])?/.exec(text);
    if (console !== null) return console[1] === undefined ? undefined : { bytes: 4, code: KEY.f1 - (console[1].charCodeAt(0) - 65) };
    const sequence = /^\[([0-?]*)[ -/]*([@-~])?/.exec(text) as RegExpExecArray;
    const isBroken = sequence[0].length < text.length || bytes.length === SEQUENCE_MAX;
    if (sequence[2] === undefined) return isBroken ? { bytes: sequence[0].length + 1 } : undefined;
    return { bytes: sequence[0].length + 1, ...sequenceMeaning(sequence[1] as string, sequence[2]) };
  }
  if (second === 0x4f) {
    const letter = text[1];
    return letter === undefined ? undefined : { bytes: 3, ...codeOf(BY_LETTER[letter]) };
  }
  // Escape twice is the key and then what follows.
  if (second === ESCAPE) return { bytes: 1, code: KEY.escape };
  const behind = meaningOf(bytes.slice(1));
  if (behind === undefined) return undefined;
  return { ...behind, bytes: behind.bytes + 1, held: [KEY.alt, ...(behind.held ?? [])] };
}

const codeOf = (code: number | undefined): Omit<Meaning, 'bytes'> => (code === undefined ? {} : { code });

function sequenceMeaning(parameters: string, final: string): Omit<Meaning, 'bytes'> {
  const [first = 0, second = 1] = parameters.split(';').map((text) => Number.parseInt(text, 10) || undefined);
  if (final === 'Z') return { code: KEY.tab, held: [KEY.left_shift] };
  const held = HELD.filter((_, bit) => (((second - 1) >> bit) & 1) === 1);
  if (final === '~') return { ...codeOf(BY_NUMBER.get(first)), held };
  // Another first number is no key but an answer of the terminal, such as where its cursor is.
  return first > 1 ? {} : { ...codeOf(BY_LETTER[final]), held };
}
