/**
 * `memory`, `text` and `ascii`: comparing, searching, lengths and case, against what Node's own buffers say.
 */
import { describe, expect, it } from '@jest/globals';
import { Guest, random, SEED } from './library.js';

const guest = new Guest(`
use "memory"
use "text"
use "ascii"
export data area: [8192]
export func memory_compare(a: i32, b: i32, bytes: i32) -> i32 {
  local order: i32
  call memory.compare(a, b, bytes) -> order
  ret order
}
export func memory_find(address: i32, bytes: i32, value: i32) -> i32 {
  call memory.find(address, bytes, value) -> value
  ret value
}
export func text_length(address: i32) -> i32 {
  call text.length(address) -> address
  ret address
}
export func text_compare(a: i32, a_bytes: i32, b: i32, b_bytes: i32) -> i32 {
  call text.compare(a, a_bytes, b, b_bytes) -> a
  ret a
}
export func upper(address: i32, bytes: i32) {
  call ascii.upper(address, bytes)
}
export func lower(address: i32, bytes: i32) {
  call ascii.lower(address, bytes)
}
export func is_space(byte: i32) -> i32 {
  call ascii.is_space(byte) -> byte
  ret byte
}
export func is_digit(byte: i32) -> i32 {
  call ascii.is_digit(byte) -> byte
  ret byte
}
export func is_print(byte: i32) -> i32 {
  call ascii.is_print(byte) -> byte
  ret byte
}
`);
const A = guest.address('area');
const B = A + 4096;
const ALL = Array.from({ length: 256 }, (_, byte) => byte);

describe(`bytes (seed ${SEED})`, () => {
  it('memory.compare orders as Buffer.compare does, wherever the first difference lies', () => {
    const numbers = random(1);
    for (let turn = 0; turn < 300; turn++) {
      const bytes = numbers.below(40);
      const left = numbers.bytes(bytes);
      const right = left.slice();
      if (bytes > 0 && numbers.chance(0.8)) right[numbers.below(bytes)] = numbers.below(256);
      const [a, b] = [A + numbers.below(4), B + numbers.below(4)];
      guest.write(a, left);
      guest.write(b, right);
      expect(guest.call('memory_compare', a, b, bytes)).toEqual([Buffer.compare(left, right)]);
    }
  });

  it('memory.compare takes bytes as unsigned and looks at no more than it is told', () => {
    guest.write(A, Uint8Array.of(1, 0x80, 9));
    guest.write(B, Uint8Array.of(1, 0x7f, 8));
    expect(guest.call('memory_compare', A, B, 2)).toEqual([1]);
    expect(guest.call('memory_compare', B, A, 2)).toEqual([-1]);
    expect(guest.call('memory_compare', A, B, 1)).toEqual([0]);
    expect(guest.call('memory_compare', A, B, 0)).toEqual([0]);
  });

  it('memory.find finds the first equal byte, or none', () => {
    const numbers = random(2);
    for (let turn = 0; turn < 400; turn++) {
      const bytes = numbers.below(40);
      // Few values, next to each other: what a test of four bytes at once could take for one another.
      const content = Uint8Array.from({ length: bytes }, () => numbers.pick([0, 1, 9, 10, 11, 127, 128, 129, 255]));
      const value = numbers.pick([0, 1, 9, 10, 11, 127, 128, 129, 255]);
      const at = A + numbers.below(4);
      guest.write(at, content);
      guest.write(at + bytes, Uint8Array.of(value, value, value, value));
      expect(guest.call('memory_find', at, bytes, value)).toEqual([content.indexOf(value)]);
    }
  });

  it('memory.find looks for the low byte of the value', () => {
    guest.write(A, Uint8Array.of(1, 2, 3, 4, 5, 0x41));
    expect(guest.call('memory_find', A, 6, 0x12345641)).toEqual([5]);
  });

  it('text.length counts the bytes before the first NUL', () => {
    for (const text of ['', 'a', 'four', 'Grüße']) {
      const bytes = Buffer.from(`${text}\0more`);
      guest.write(A, bytes);
      expect(guest.call('text_length', A)).toEqual([bytes.indexOf(0)]);
    }
  });

  it('text.compare puts a text behind its own beginning', () => {
    const numbers = random(3);
    for (let turn = 0; turn < 300; turn++) {
      const [left, right] = [0, 1].map(() => Uint8Array.from({ length: numbers.below(9) }, () => numbers.pick([0, 97, 255]))) as [Uint8Array, Uint8Array];
      guest.write(A, left);
      guest.write(B, right);
      expect(guest.call('text_compare', A, left.length, B, right.length)).toEqual([Buffer.compare(left, right)]);
    }
  });

  it('ascii.upper and lower change the 26 letters and nothing else, at every place and length', () => {
    const changed = (bytes: Uint8Array, from: number, to: number): Uint8Array =>
      bytes.map((byte) => (byte >= from && byte < from + 26 ? byte - from + to : byte));
    const numbers = random(4);
    const contents = [Uint8Array.from(ALL), ...Array.from({ length: 100 }, () => numbers.bytes(numbers.below(30)))];
    for (const content of contents) {
      const at = A + numbers.below(4);
      for (const [name, from, to] of [
        ['upper', 97, 65],
        ['lower', 65, 97],
      ] as const) {
        guest.write(at, content);
        guest.write(at + content.length, Buffer.from('zZzZ'));
        guest.call(name, at, content.length);
        expect(guest.read(at, content.length)).toEqual(changed(content, from, to));
        expect(guest.text(at + content.length, 4)).toBe('zZzZ');
      }
    }
  });

  it('classes are those of the C locale', () => {
    const members = (name: string): string => Buffer.from(ALL.filter((byte) => guest.call(name, byte)[0] === 1)).toString('latin1');
    expect(members('is_space')).toBe('\t\n\v\f\r ');
    expect(members('is_digit')).toBe('0123456789');
    expect(members('is_print')).toBe(Buffer.from(Array.from({ length: 95 }, (_, index) => 32 + index)).toString('latin1'));
    expect(ALL.every((byte) => ['is_space', 'is_digit', 'is_print'].every((name) => [0, 1].includes(guest.call(name, byte)[0] as number)))).toBe(true);
  });
});
