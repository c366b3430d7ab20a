/**
 * `sha256` against Node's own digest: every length around a block's end, and streams cut anywhere.
 */
import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Guest, random, SEED } from './library.js';

const guest = new Guest(`
use "sha256"
export data area: [4096]
export data state: [sha256.STATE]
export data digest: [sha256.DIGEST]
export func begin() {
  call sha256.begin(state)
}
export func update(address: i32, bytes: i32) {
  call sha256.update(state, address, bytes)
}
export func finish() {
  call sha256.finish(state, digest)
}
`);
const AREA = guest.address('area');

function digestOf(pieces: readonly Uint8Array[]): string {
  guest.call('begin');
  for (const piece of pieces) {
    guest.write(AREA, piece);
    guest.call('update', AREA, piece.length);
  }
  guest.call('finish');
  return Buffer.from(guest.read(guest.address('digest'), 32)).toString('hex');
}
const expected = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe(`sha256 (seed ${SEED})`, () => {
  it('digests the published examples', () => {
    expect(digestOf([])).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(digestOf([Buffer.from('abc')])).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('digests every length from 0 to 130 bytes', () => {
    const bytes = random(1).bytes(130);
    for (let length = 0; length <= bytes.length; length++) expect(digestOf([bytes.subarray(0, length)])).toBe(expected(bytes.subarray(0, length)));
  });

  it('does not care how a stream is cut', () => {
    const numbers = random(2);
    for (let turn = 0; turn < 30; turn++) {
      const bytes = numbers.bytes(numbers.below(600));
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += (pieces.at(-1) as Uint8Array).length) pieces.push(bytes.subarray(at, at + numbers.between(1, 150)));
      expect(digestOf(pieces)).toBe(expected(bytes));
    }
  });
});
