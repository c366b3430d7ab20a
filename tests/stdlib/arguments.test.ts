/**
 * `arguments`: the words that a host laid into the exported data of that name.
 */
import { describe, expect, it } from '@jest/globals';
import { Guest } from './library.js';

const guest = new Guest(`
use "arguments"
export func count() -> i32 {
  local n: i32
  call arguments.count() -> n
  ret n
}
export func get(index: i32) -> i32, i32 {
  local address, bytes: i32
  call arguments.get(index) -> address, bytes
  ret address, bytes
}
`);

/** Lays words where a host would. */
function give(...words: string[]): void {
  const count = Buffer.alloc(4);
  count.writeUInt32LE(words.length);
  guest.write(guest.address('arguments'), Buffer.concat([count, ...words.map((word) => Buffer.from(`${word}\0`))]));
}

describe('arguments', () => {
  it('gives each word with its length', () => {
    const words = ['first', '', 'Grüße', 'last one'];
    give(...words);
    expect(guest.call('count')).toEqual([4]);
    words.forEach((word, index) => {
      const [address, bytes] = guest.call('get', index) as [number, number];
      expect(Buffer.from(guest.read(address, bytes)).toString()).toBe(word);
    });
  });

  it('gives address 0 for a word that is not there', () => {
    give('only');
    expect(guest.call('get', 1)).toEqual([0, 0]);
    expect(guest.call('get', -1)).toEqual([0, 0]);
    give();
    expect(guest.call('count')).toEqual([0]);
    expect(guest.call('get', 0)).toEqual([0, 0]);
  });
});
