/** The part that is used of bigint-buffer's pure JavaScript entry. */
declare module 'bigint-buffer/dist/browser.js' {
  /** An unsigned integer as `width` bytes, the lowest first. */
  export function toBufferLE(value: bigint, width: number): Uint8Array;
  /** The unsigned integer whose bytes these are, the lowest first. */
  export function toBigIntLE(bytes: Uint8Array): bigint;
}
