/**
 * Literals: numbers, characters and strings as written, turned into exact values.
 *
 * An integer is a bigint of any size up to 1024 bits, a float is the nearest binary64. A fault names its code, message and remedy.
 */
import type { DiagnosticCode } from './diagnostics.js';

/** An exact integer, or a float. */
export type Constant = bigint | number;

/** Most bits of an integer constant's magnitude. */
export const INTEGER_BITS_MAX = 1024;
/** More digits than an integer of that many bits can have. */
const DIGITS_MAX = 2 * INTEGER_BITS_MAX;

/** What is wrong with a literal. */
export interface LiteralFault {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly note: string;
  /** Where in the literal, in UTF-16 units. */
  readonly at: number;
  readonly length: number;
}

const DECIMAL = /^\d[\d_]*$/;
const RADIX = /^0(?:[xX][0-9a-fA-F_]*[0-9a-fA-F][0-9a-fA-F_]*|[bB][01_]*[01][01_]*|[oO][0-7_]*[0-7][0-7_]*)$/;
const FLOAT = /^\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d[\d_]*)?$/;
const LONG_NAME = 40;

/** The value of a number literal. */
export function numberOf(image: string): Constant | LiteralFault {
  const fault = (code: DiagnosticCode, message: string, note: string): LiteralFault => ({ code, message, note, at: 0, length: image.length });
  const shown = image.length > LONG_NAME ? `${image.slice(0, LONG_NAME)}...` : image;
  const whole = DECIMAL.test(image);
  if (whole || RADIX.test(image)) {
    const digits = image.includes('_') ? image.replaceAll('_', '') : image;
    const value = digits.length > DIGITS_MAX + 2 ? undefined : BigInt(digits);
    if (value === undefined || value >> BigInt(INTEGER_BITS_MAX) !== 0n) {
      return fault('number_too_large', `${shown} has more than ${INTEGER_BITS_MAX} bits`, `integers are exact up to ${INTEGER_BITS_MAX} bits`);
    }
    return value;
  }
  if (FLOAT.test(image)) {
    const value = Number(image.replaceAll('_', ''));
    if (Number.isFinite(value)) return value;
    return fault('number_too_large', `${shown} is beyond binary64`, `the largest float is ${Number.MAX_VALUE}; write infinity for the infinite one`);
  }
  return fault('bad_number', `\`${shown}\` is not a number`, 'numbers are written 42, 1_000, 0xff, 0b101, 0o17, 1.5 or 2e-3');
}

const ESCAPES: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, '0': 0, '\\': 92, '"': 34, "'": 39 };

/**
 * The characters of a quoted literal as code points. `\xNN` stands for a byte: it is given as its value less 256, so that
 * it cannot be mistaken for the character U+00NN.
 */
function codePointsOf(image: string, found: (codePoint: number) => void): LiteralFault | undefined {
  const end = image.length - 1;
  for (let at = 1; at < end; ) {
    const codePoint = image.codePointAt(at) as number;
    if (codePoint !== 92) {
      if (codePoint >= 0xd800 && codePoint <= 0xdfff) {
        return { code: 'bad_escape', message: 'half a surrogate pair is no character', note: 'write \\xNN for bytes that are not UTF-8', at, length: 1 };
      }
      found(codePoint);
      at += codePoint > 0xffff ? 2 : 1;
      continue;
    }
    const name = image[at + 1] as string;
    const simple = Object.hasOwn(ESCAPES, name) ? ESCAPES[name] : undefined;
    if (simple !== undefined) {
      found(simple);
      at += 2;
      continue;
    }
    const rest = image.slice(at, Math.min(at + 12, end));
    const byte = /^\\x([0-9a-fA-F]{2})/.exec(rest);
    const point = /^\\u\{([0-9a-fA-F]{1,6})\}/.exec(rest);
    const value = Number.parseInt((byte ?? point)?.[1] ?? '', 16);
    if (Number.isNaN(value) || value > 0x10ffff || (point !== null && value >= 0xd800 && value <= 0xdfff)) {
      const shown = String.fromCodePoint(image.codePointAt(at + 1) as number);
      return { code: 'bad_escape', message: `\`\\${shown}\` is no escape`, note: 'escapes are \\n \\r \\t \\0 \\\\ \\" \\\' \\xNN and \\u{N}', at, length: 2 };
    }
    found(byte === null ? value : value - 256);
    at += ((byte ?? point) as RegExpExecArray)[0].length;
  }
  return undefined;
}

/** The value of a character literal: its code point, or its byte when written `\xNN`. */
export function characterOf(image: string): bigint | LiteralFault {
  let value = 0;
  let count = 0;
  const fault = codePointsOf(image, (codePoint) => {
    value = codePoint < 0 ? codePoint + 256 : codePoint;
    count++;
  });
  if (fault !== undefined) return fault;
  if (count === 1) return BigInt(value);
  const message = count === 0 ? 'a character constant without a character' : `a character constant of ${count} characters`;
  return { code: 'bad_character', message, note: "write one character between quotes, as 'a' or '\\n'", at: 0, length: image.length };
}

const toUtf8 = new TextEncoder();
const SURROGATE = /\p{Cs}/u;

/** The bytes of a string literal: its characters as UTF-8, `\xNN` as they are. */
export function bytesOf(image: string): Uint8Array | LiteralFault {
  if (!image.includes('\\')) {
    const plain = image.slice(1, -1);
    if (!SURROGATE.test(plain)) return toUtf8.encode(plain);
  }
  const bytes: number[] = [];
  const fault = codePointsOf(image, (codePoint) => {
    if (codePoint < 0) bytes.push(codePoint + 256);
    else if (codePoint < 0x80) bytes.push(codePoint);
    else bytes.push(...toUtf8.encode(String.fromCodePoint(codePoint)));
  });
  return fault ?? Uint8Array.from(bytes);
}

/** Whether a literal's value is a fault. */
export function isFault(value: Constant | Uint8Array | LiteralFault): value is LiteralFault {
  return typeof value === 'object' && 'code' in value;
}
