/** The part that is used of bigint-buffer's pure JavaScript entry. */
declare module 'bigint-buffer/dist/browser.js' {
  /** An unsigned integer as `width` bytes, the lowest first. */
  export function toBufferLE(value: bigint, width: number): Uint8Array;
}
