/**
 * Images as PNG (ISO/IEC 15948): 8 bits a channel, red, green, blue, with the density in pixels per metre. The compression is the host's.
 */
import type { ScreenSize } from '../index.js';
import { PIXEL_BYTES } from '../index.js';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = (rest & 1) === 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

function crc(bytes: Uint8Array): number {
  let rest = 0xffffffff;
  for (const byte of bytes) rest = (CRC_TABLE[(rest ^ byte) & 0xff] as number) ^ (rest >>> 8);
  return ~rest >>> 0;
}

/** A chunk: length, type, data, check. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let index = 0; index < 4; index++) bytes[4 + index] = type.charCodeAt(index);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

/** What is to be compressed of an image, 0x00RRGGBB little-endian a pixel: the rows, each behind a byte that says that nothing was done to it. */
export function pngRows({ width, height }: ScreenSize, image: Uint8Array): Uint8Array {
  const rowBytes = 1 + 3 * width;
  const rows = new Uint8Array(rowBytes * height);
  for (let y = 0, from = 0; y < height; y++) {
    for (let x = 0, to = y * rowBytes + 1; x < width; x++, from += PIXEL_BYTES) {
      rows[to++] = image[from + 2] as number;
      rows[to++] = image[from + 1] as number;
      rows[to++] = image[from] as number;
    }
  }
  return rows;
}

/** A PNG file of rows that were compressed by zlib. */
export function pngFile({ width, height, density }: Required<ScreenSize>, compressed: Uint8Array): Uint8Array {
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  // 8 bits a channel, three channels; the only compression and filter there are, no interlace.
  header.setUint8(8, 8);
  header.setUint8(9, 2);
  const physical = new DataView(new ArrayBuffer(9));
  const perMetre = Math.min(Math.max(Math.round(density), 1), 2 ** 31 - 1);
  physical.setUint32(0, perMetre);
  physical.setUint32(4, perMetre);
  physical.setUint8(8, 1);
  const parts = [
    SIGNATURE,
    chunk('IHDR', new Uint8Array(header.buffer)),
    chunk('pHYs', new Uint8Array(physical.buffer)),
    chunk('IDAT', compressed),
    chunk('IEND', new Uint8Array(0)),
  ];
  const file = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}
