/**
 * What a request of the disk protocol asks for, checked: the same for every device that is an array of entries.
 */
import { OPERATIONS, STATUS } from '../isa-spec/index.js';
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

/** What is asked for, or the status to refuse it with. */
export function diskRequest({ entries, entryBytes }: DiskSize, { operation, bytes, replyBytes, argument }: DeviceRequest): DiskRequest | number {
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

/** The eight bytes that `specs` answers. */
export function diskSpecs({ entries, entryBytes }: DiskSize): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setUint32(0, entries, true);
  bytes.setUint32(4, entryBytes, true);
  return new Uint8Array(bytes.buffer);
}

/**
 * Checks a size that an embedder gives.
 * @throws RangeError naming the argument
 */
export function checkDiskSize({ entries, entryBytes }: DiskSize): void {
  if (!Number.isInteger(entries) || entries < 0 || entries > 0xffffffff)
    throw new RangeError(`entries is ${entries}; an integer from 0 to ${0xffffffff} is needed`);
  if (!Number.isInteger(entryBytes) || entryBytes < 1 || entryBytes > 2 ** 24) {
    throw new RangeError(`entryBytes is ${entryBytes}; an integer from 1 to ${2 ** 24} is needed`);
  }
}
