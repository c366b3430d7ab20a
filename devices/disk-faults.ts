/**
 * What goes wrong with disks, in the terms of `withFaults` and of `DiskMock.crash`: writes that are torn or go elsewhere, bits that flip, and the
 * states in which a crash may leave a disk.
 */
import { OPERATIONS, STATUS } from '../isa-spec/index.js';
import { checkArray, checkWhole } from '../vm/arguments/index.js';
import type { DeviceRequest } from '../vm/index.js';
import type { CachedWrite, DiskMock } from './disk.js';
import type { Fault } from './faults.js';

/** The medium tears at these boundaries, never inside. */
const SECTOR_BYTES = 512;

/** A message has at most 2^24 bytes. */
const BIT_MOST = 2 ** 27 - 1;

const sectors = (bytes: number): number => bytes - (bytes % SECTOR_BYTES);

/** A disk without room. */
export const DISK_FULL: Fault = Object.freeze({ kind: 'failed', status: STATUS.no_space });

/** Only the first bytes of a write, whole sectors of 512, reach the disk; it completes with ok. */
export function torn(disk: DiskMock, bytes: number): Fault {
  checkWhole('bytes', bytes, 0, Number.MAX_SAFE_INTEGER);
  return {
    kind: 'changed',
    request: (request) => {
      if (request.operation !== OPERATIONS.disk.write || request.argument >= BigInt(disk.entries)) return request;
      const entry = Number(request.argument);
      const count = Math.min(Math.ceil(request.bytes.length / disk.entryBytes), disk.entries - entry);
      const old = disk.read(entry, count);
      const kept = sectors(bytes);
      return { ...request, bytes: Uint8Array.from(request.bytes, (byte, index) => (index < kept ? byte : (old[index] ?? 0))) };
    },
  };
}

/** A read or write goes to an entry that lies so many further on. */
export function misdirected(entries: number): Fault {
  checkWhole('entries', entries, -0xffffffff, 0xffffffff);
  return { kind: 'changed', request: (request): DeviceRequest => ({ ...request, argument: BigInt.asUintN(64, request.argument + BigInt(entries)) }) };
}

const flipped = (bytes: Uint8Array, bit: number): Uint8Array => bytes.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));

/** The bit with that number flips on the way to the disk. */
export function corruptedWrite(bit: number): Fault {
  checkWhole('bit', bit, 0, BIT_MOST);
  return { kind: 'changed', request: (request) => ({ ...request, bytes: flipped(request.bytes, bit) }) };
}

/** The bit with that number of what is answered flips. */
export function corruptedRead(bit: number): Fault {
  checkWhole('bit', bit, 0, BIT_MOST);
  return { kind: 'answered', answer: ({ bytes, ...completion }) => (bytes === undefined ? completion : { ...completion, bytes: flipped(bytes, bit) }) };
}

/** Decides of each write that was not flushed, by its place among them, how many bytes from its beginning survive a crash. */
export type CrashChoice = (write: CachedWrite, index: number) => number;

/** The first writes survive, the others are lost. */
export function keepFirst(count: number): CrashChoice {
  checkWhole('count', count, 0, Number.MAX_SAFE_INTEGER);
  return ({ bytes }, index) => (index < count ? bytes.length : 0);
}

/** These writes survive, by their places, and the others are lost: the disk did not keep to the order. */
export function keepOnly(places: Iterable<number>): CrashChoice {
  const kept = new Set(places);
  return ({ bytes }, index) => (kept.has(index) ? bytes.length : 0);
}

/** As another choice, but of one write only the first bytes survive, whole sectors of 512. */
export function tear(choice: CrashChoice, place: number, bytes: number): CrashChoice {
  checkWhole('place', place, 0, Number.MAX_SAFE_INTEGER);
  checkWhole('bytes', bytes, 0, Number.MAX_SAFE_INTEGER);
  return (write, index) => (index === place ? Math.min(sectors(bytes), write.bytes.length) : choice(write, index));
}

const SUBSETS_OF_AT_MOST = 4;
const SAMPLES = 16;

/**
 * The states worth a test in which a crash may leave a disk: every subset of at most four writes that were not flushed; of more, every first part of
 * them and sixteen subsets that are drawn. Where entries are larger than a sector also each first part whose last write is torn.
 * @param below draws a whole number from 0 to one less than what it is given; needed for more than four writes
 * @throws TypeError if it is needed and not given
 */
export function* crashChoices(cached: readonly CachedWrite[], below?: (count: number) => number): Generator<CrashChoice> {
  checkArray('cached', cached);
  const all = cached.map((_, index) => index);
  if (cached.length <= SUBSETS_OF_AT_MOST) {
    for (let set = 0; set < 1 << cached.length; set++) yield keepOnly(all.filter((index) => (set >> index) % 2 === 1));
  } else {
    if (below === undefined) throw new TypeError(`below: undefined; ${cached.length} writes have too many subsets to try each`);
    for (let count = 0; count <= cached.length; count++) yield keepFirst(count);
    for (let sample = 0; sample < SAMPLES; sample++) yield keepOnly(all.filter(() => below(2) === 1));
  }
  for (const [index, { bytes }] of cached.entries()) {
    for (let end = SECTOR_BYTES; end < bytes.length; end += SECTOR_BYTES) yield tear(keepFirst(index), index, end);
  }
}
