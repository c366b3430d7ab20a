/**
 * Ways to break bytes: what a damaged file, a careless writer and an attacker would hand to a reader.
 *
 * Systematic ones list every truncation, bit flip and extreme field; random ones draw from a seed. Nothing here knows what the bytes mean,
 * except that `.pbx` files have sections.
 */
import type { Random } from './random.js';

/** Values at which 32-bit fields break. */
export const EXTREMES: readonly number[] = [0, 1, 2, 0x7f, 0xff, 0x100, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

/** The bytes with a 32-bit field replaced. */
function withField(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const changed = bytes.slice();
  new DataView(changed.buffer).setUint32(at, value >>> 0, true);
  return changed;
}

/** Cases by number: how many there are, and each. */
export interface Cases {
  readonly count: number;
  readonly make: (index: number) => Uint8Array;
}

/** Every truncation. */
export const truncations = (bytes: Uint8Array): Cases => ({ count: bytes.length, make: (index) => bytes.slice(0, index) });

/** Every flip of one bit. */
export const bitFlips = (bytes: Uint8Array): Cases => ({
  count: bytes.length * 8,
  make: (index) => {
    const changed = bytes.slice();
    changed[index >> 3] = (changed[index >> 3] as number) ^ (1 << (index & 7));
    return changed;
  },
});

/** Every 32 bits at every extreme. */
export const extremeFields = (bytes: Uint8Array): Cases => ({
  count: (bytes.length - 3) * EXTREMES.length,
  make: (index) => withField(bytes, Math.floor(index / EXTREMES.length), EXTREMES[index % EXTREMES.length] as number),
});

const concat = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

/** The header and sections of a valid `.pbx` file, each with its id and length. */
function split(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts: Uint8Array[] = [bytes.slice(0, 8)];
  for (let at = 8; at < bytes.length; ) {
    const end = at + 8 + view.getUint32(at + 4, true);
    parts.push(bytes.slice(at, end));
    at = end;
  }
  return parts;
}

/** A valid `.pbx` file with a section moved, repeated, left out, overlapping, empty, of another id, or another file's. */
export function mixSections(random: Random, bytes: Uint8Array, other: Uint8Array): Uint8Array {
  const [header, ...sections] = split(bytes);
  const at = random.below(sections.length);
  const section = sections[at] as Uint8Array;
  random.pick([
    () => sections.splice(random.below(sections.length), 0, ...sections.splice(at, 1)),
    () => sections.splice(at, 0, section),
    () => sections.splice(at, 1),
    // The length says more or less than there is, so that this section and the next share bytes.
    () => sections.splice(at, 1, withField(section, 4, new DataView(section.buffer).getUint32(4, true) + random.between(-9, 9))),
    () => sections.splice(at, 1, withField(section, 0, random.pick([12, 255, ...EXTREMES, random.between(1, 11)]))),
    () => sections.splice(at, 1, random.pick(split(other).slice(1))),
    () => sections.splice(at, 1, concat([section.slice(0, 4), new Uint8Array(4)])),
  ])();
  return concat([header as Uint8Array, ...sections]);
}

/** The place of a section's contents in a valid `.pbx` file, or undefined. */
export function sectionRange(bytes: Uint8Array, id: number): readonly [start: number, end: number] | undefined {
  let at = 8;
  for (const section of split(bytes).slice(1)) {
    if (new DataView(section.buffer).getUint32(0, true) === id) return [at + 8, at + section.length];
    at += section.length;
  }
  return undefined;
}

/** 1 to 64 changes within a range: bytes set, moved a little; fields at extremes or moved a little; bytes put in and taken out. */
export function scatter(random: Random, bytes: Uint8Array, start = 0, end = bytes.length, mayResize = true): Uint8Array {
  let changed: Uint8Array = bytes.slice();
  let last = end;
  for (let left = random.pick([1, 1, 1, 2, 3, 8, 64]); left > 0 && last - start >= 4; left--) {
    const at = random.between(start, last - 1);
    const way = random.below(mayResize ? 10 : 8);
    if (way < 4) changed[at] = random.pick([0, 1, 0xff, 0x80, random.below(256)]);
    else if (way < 6) changed[at] = (changed[at] as number) + random.pick([1, -1]);
    else if (way < 8) {
      const field = random.between(start, last - 4);
      const old = new DataView(changed.buffer).getUint32(field, true);
      changed = withField(changed, field, random.pick([...EXTREMES, old + 1, old - 1, old + random.between(-16, 16)]));
    } else if (way < 9) {
      const more = random.bytes(random.between(1, 8));
      changed = concat([changed.subarray(0, at), more, changed.subarray(at)]);
      last += more.length;
    } else {
      const count = Math.min(random.between(1, 8), last - at);
      changed = concat([changed.subarray(0, at), changed.subarray(at + count)]);
      last -= count;
    }
  }
  return changed;
}
