/**
 * Numbers and sizes on the command line: `1_000`, `64MiB`, `4 KiB`. The units are those of the assembler's language.
 */
import { PAGE_BYTES } from '../isa-spec/index.js';

const UNITS: Readonly<Record<string, number>> = Object.freeze({ '': 1, b: 1, kib: 1024, mib: 1024 ** 2, gib: 1024 ** 3, pages: PAGE_BYTES });

/** A whole number of bytes, or undefined where the text is none. */
export function parseSize(text: string): number | undefined {
  const [, digits, unit] = /^([\d_]+)\s*([a-z]*)$/i.exec(text.trim()) ?? [];
  const factor = UNITS[unit?.toLowerCase() ?? ''];
  const count = digits === undefined ? undefined : parseCount(digits);
  if (count === undefined || factor === undefined) return undefined;
  const bytes = count * factor;
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** A whole number from 0, underscores allowed between digits, or undefined where the text is none. */
export function parseCount(text: string): number | undefined {
  if (!/^\d+(_\d+)*$/.test(text)) return undefined;
  const count = Number(text.replaceAll('_', ''));
  return Number.isSafeInteger(count) ? count : undefined;
}

/** A number of bytes as a person writes it. */
export function formatSize(bytes: number): string {
  for (const [unit, factor] of [
    ['GiB', 1024 ** 3],
    ['MiB', 1024 ** 2],
    ['KiB', 1024],
  ] as const) {
    if (bytes >= factor && bytes % factor === 0) return `${bytes / factor} ${unit}`;
  }
  return `${bytes} bytes`;
}
