/** The binary format: bytes by hand, one encoding for each program, a named refusal for everything else. */
import { describe, expect, it } from '@jest/globals';
import { decodeProgram, encodeProgram, type Program, type Rejection } from '../../isa-spec/index.js';
import { REFUSED } from '../../isa-spec/vectors/sources/binaries.js';
import { CORPUS, EMPTY, EVERY_SECTION, SEVEN } from './samples.js';

const u16 = (value: number): number[] => [value & 255, value >> 8];
const u32 = (value: number): number[] => [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24];
const text = (value: string): number[] => [...u16(new TextEncoder().encode(value).length), ...new TextEncoder().encode(value)];
const HEADER = [0x50, 0x42, 0x58, 0x00, 1, 0, 0, 0];
const section = (id: number, ...body: number[]): number[] => [...u32(id), ...u32(body.length), ...body];
const MEMORY = section(6, ...u32(1), ...u32(1));
const file = (...parts: number[][]): Uint8Array => Uint8Array.from([...HEADER, ...parts.flat()]);

const programOf = (bytes: Uint8Array): Program => {
  const found = decodeProgram(bytes);
  if ('rejection' in found) throw new Error(found.rejection.message);
  return found.program;
};
const rejectionOf = (bytes: Uint8Array): Rejection | undefined => {
  const found = decodeProgram(bytes);
  return 'rejection' in found ? found.rejection : undefined;
};

describe('bytes written by hand from the specification', () => {
  it('the least program', () => {
    const bytes = file(
      section(1, ...u32(1), ...text('base'), ...u16(1)),
      section(2, ...u32(1), 0, 1, 0),
      section(3, ...u32(1), ...u32(0), ...u32(4), ...u16(1), 0),
      section(4, 1, 0, 0, 0, 0x0b, 0, 7, 0, 6, 1, 0, 0, 0, 0, 0, 0),
      MEMORY,
      section(9, ...u32(1), ...text('main'), ...u32(0)),
    );
    expect(encodeProgram(SEVEN)).toEqual(bytes);
    expect(programOf(bytes)).toEqual(SEVEN);
  });

  it('no function at all', () => expect(encodeProgram(EMPTY)).toEqual(file(MEMORY)));

  it('every section', () => {
    const bytes = file(
      section(1, ...u32(3), ...text('base'), ...u16(1), ...text('bulk'), ...u16(1), ...text('ports'), ...u16(1)),
      section(2, ...u32(2), 0, 0, 3, 2, 0, 1, 2, 2, 0),
      section(3, ...u32(2), ...u32(0), ...u32(2), ...u16(0), ...u32(1), ...u32(3), ...u16(4), 0, 1, 2, 0),
      section(4, 1, 0, 0, 0, 6, 0, 0, 0, 1, 0, 0, 0, 6, 2, 0, 0, 2, 0, 0, 0),
      section(5, ...u32(3), ...u32(0), ...u32(1), ...u32(1)),
      section(6, ...u32(1), ...u32(16)),
      section(7, ...u32(2), ...u32(8192), ...u32(3), 72, 105, 0, ...u32(9000), ...u32(70), ...new Array<number>(70).fill(255)),
      section(
        8,
        ...u32(2),
        ...text('terminal'),
        6,
        0,
        ...u16(1),
        ...u32(4096),
        ...u32(8),
        ...u32(65536),
        ...text('from[1]'),
        1,
        1,
        ...u16(1),
        ...u32(4800),
        ...u32(1),
        ...u32(0),
      ),
      section(9, ...u32(2), ...text('f'), ...u32(1), ...text('main'), ...u32(0)),
      section(10, ...u32(2), ...text('arguments'), ...u32(8192), ...u32(3), ...text('naïve ☃'), ...u32(9000), ...u32(70)),
      section(
        11,
        ...u32(2),
        ...text('main.pbs'),
        ...text('terminal'),
        ...u32(2),
        ...text('main'),
        ...text('f'),
        ...u32(2),
        ...u16(0),
        ...u16(4),
        ...text('a'),
        ...text('b'),
        ...text(''),
        ...text('d'),
        ...u32(2),
        ...u32(0),
        ...u32(0),
        ...u32(3),
        ...u32(1),
        ...u32(2),
        ...u32(0),
        ...u32(7),
        ...u32(5),
      ),
    );
    expect(encodeProgram(EVERY_SECTION)).toEqual(bytes);
    expect(programOf(bytes)).toEqual(EVERY_SECTION);
  });

  it('bytes that stand in the middle of a larger buffer', () => {
    const bytes = encodeProgram(EVERY_SECTION);
    const amid = new Uint8Array(bytes.length + 7).fill(0xee);
    amid.set(bytes, 3);
    expect(programOf(amid.subarray(3, 3 + bytes.length))).toEqual(EVERY_SECTION);
  });

  it('a name of 1024 bytes fits, one more does not', () => {
    const named = (name: string): Program => ({ ...EMPTY, symbols: [{ name, address: 0, bytes: 0 }] });
    const most = named('x'.repeat(1024));
    expect(programOf(encodeProgram(most))).toEqual(most);
    expect(() => encodeProgram(named('x'.repeat(1025)))).toThrow(RangeError);
  });
});

describe('refused by name', () => {
  const cases = Object.entries(REFUSED).flatMap(([what, [binary, rule, where, offset]]) =>
    binary instanceof Uint8Array ? [[what, binary, rule, where, offset] as const] : [],
  );
  it.each(cases)('%s', (_, bytes, rule, where, offset) => {
    const rejection = rejectionOf(bytes);
    expect(rejection).toMatchObject({ rule, section: where });
    expect(rejection?.message.length).toBeGreaterThan(10);
    expect(Math.abs((rejection?.offset as number) - offset)).toBeLessThanOrEqual(4);
  });
  it('by every rule of the format', () => expect(cases.length).toBeGreaterThan(30));
});

describe('a damaged binary is refused by name, or is the one encoding of a program', () => {
  const judge = (bytes: Uint8Array): void => {
    const found = decodeProgram(bytes);
    if ('program' in found) expect(encodeProgram(found.program)).toEqual(bytes);
    else expect(found.rejection.rule).toMatch(/^[a-z0-9_]+$/);
  };
  it.each(Object.entries(CORPUS))('%s: round trip', (_, program) => expect(programOf(encodeProgram(program))).toEqual(program));
  it.each(Object.entries(CORPUS))('%s: from a part of a Node Buffer, and independent of it', (_, program) => {
    const bytes = encodeProgram(program);
    const pool = Buffer.concat([Buffer.from([1, 2, 3]), bytes]);
    const found = programOf(pool.subarray(3));
    pool.fill(0xff);
    expect(found).toEqual(program);
  });
  it.each(Object.entries(CORPUS))('%s: every truncation', (_, program) => {
    const bytes = encodeProgram(program);
    for (let length = 0; length < bytes.length; length++) judge(bytes.slice(0, length));
  });
  it.each(Object.entries(CORPUS))('%s: every bit', (_, program) => {
    const bytes = encodeProgram(program);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = bytes.slice();
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      judge(changed);
    }
  });
  it.each(Object.entries(CORPUS))('%s: every u32 at its extremes', (_, program) => {
    const bytes = encodeProgram(program);
    for (let at = 0; at + 4 <= bytes.length; at++) {
      for (const value of [0, 1, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff]) {
        const changed = bytes.slice();
        changed.set(u32(value), at);
        judge(changed);
      }
    }
  });
});
