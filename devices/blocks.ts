/**
 * What a request of the disk protocol asks for, checked: the same for every device that is an array of entries.
 */
import { OPERATIONS, STATUS } from '../isa-spec/index.js';
import { checkObject, checkWhole } from '../vm/arguments/index.js';
import type { DeviceRequest } from '../vm/index.js';

/** How large a disk is. */
export interface DiskSize {
  /** From 0 to 2^32 - 1. */
  readonly entries: number;
  /** Bytes of one entry, at least 1. */
  readonly entryBytes: number;
}

/** A request that a disk can carry out; what it reads and writes lies within the disk. */
export type DiskRequest =
  | { readonly kind: 'specs' }
  | { readonly kind: 'read' | 'write'; readonly entry: number; readonly count: number }
  | { readonly kind: 'flush' };

/** What is asked for, or the status to refuse it with. @throws TypeError if size or request is no object */
export function diskRequest(size: DiskSize, request: DeviceRequest): DiskRequest | number {
  checkObject('size', size);
  checkObject('request', request);
  const { entries, entryBytes } = size;
  const { operation, bytes, replyBytes, argument } = request;
  const range = (kind: 'read' | 'write', length: number): DiskRequest | number => {
    if (length === 0 || length % entryBytes !== 0) return STATUS.bad_request;
    const count = length / entryBytes;
    if (argument + BigInt(count) > BigInt(entries)) return STATUS.no_space;
    return { kind, entry: Number(argument), count };
  };
  const { specs, read, write, flush } = OPERATIONS.disk;
  if (operation === write) return range('write', bytes.length);
  if (operation !== specs && operation !== read && operation !== flush) return STATUS.not_supported;
  if (bytes.length > 0) return STATUS.bad_request;
  if (operation === read) return range('read', replyBytes);
  return { kind: operation === specs ? 'specs' : 'flush' };
}

/** The eight bytes that `specs` answers. @throws TypeError if the size is no object */
export function diskSpecs(size: DiskSize): Uint8Array {
  checkObject('size', size);
  const { entries, entryBytes } = size;
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setUint32(0, entries, true);
  bytes.setUint32(4, entryBytes, true);
  return new Uint8Array(bytes.buffer);
}

/**
 * Checks a size that an embedder gives.
 * @throws TypeError or RangeError naming the argument
 */
export function checkDiskSize(size: DiskSize): void {
  checkObject('size', size);
  checkWhole('entries', size.entries, 0, 0xffffffff);
  checkWhole('entryBytes', size.entryBytes, 1, 2 ** 24);
}
