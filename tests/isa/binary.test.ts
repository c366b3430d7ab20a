/** The binary format: bytes by hand, one encoding for each program, a named refusal for everything else. */
import { describe, expect, it } from '@jest/globals';
import { decodeProgram, encodeProgram, type Program, type Rejection } from '../../isa-spec/index.js';
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
  const cases: Record<string, readonly [Uint8Array, string, string, number]> = {
    nothing: [new Uint8Array(0), 'magic', 'header', 0],
    'three bytes': [Uint8Array.of(0x50, 0x42, 0x58), 'magic', 'header', 0],
    'another magic': [Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0), 'magic', 'header', 0],
    'no version': [Uint8Array.of(0x50, 0x42, 0x58, 0), 'truncated', 'header', 4],
    'another version': [Uint8Array.from([0x50, 0x42, 0x58, 0, 2, 0, 0, 0]), 'format_version', 'header', 4],
    'no section': [file(), 'no_memory', 'header', 8],
    'an unknown section': [file(section(12), MEMORY), 'section_id', 'header', 8],
    'section 0': [file(section(0), MEMORY), 'section_id', 'header', 8],
    'a repeated section': [file(MEMORY, MEMORY), 'section_order', 'header', 24],
    'sections that descend': [file(MEMORY, section(5, ...u32(1), ...u32(0))), 'section_order', 'header', 24],
    'a section longer than the file': [file([...u32(6), ...u32(9), ...u32(1), ...u32(1)]), 'truncated', 'header', 16],
    'a section length of 2^32 - 1': [file([...u32(6), ...u32(0xffffffff), ...u32(1), ...u32(1)]), 'truncated', 'header', 16],
    'a section too short': [file(section(6, ...u32(1))), 'truncated', 'memory', 20],
    'a section too long': [file(section(6, ...u32(1), ...u32(1), 0)), 'section_length', 'memory', 24],
    'a byte after the sections': [file(MEMORY, [0]), 'truncated', 'header', 24],
    'an empty table': [file(section(5, ...u32(0)), MEMORY), 'empty_section', 'table', 20],
    'an empty code section': [file(section(4), MEMORY), 'empty_section', 'code', 16],
    'code that is no whole words': [file(section(4, 1, 2, 3, 4, 5), MEMORY), 'code_length', 'code', 16],
    'more entries than bytes': [file(section(5, ...u32(3), ...u32(0), ...u32(0)), MEMORY), 'truncated', 'table', 20],
    'more entries than allowed': [file(section(5, ...u32(0x100001)), MEMORY), 'limit', 'table', 20],
    'more ports than allowed': [file(MEMORY, section(8, ...u32(65))), 'limit', 'ports', 36],
    'more groups than allowed': [file(section(1, ...u32(65)), MEMORY), 'limit', 'groups', 20],
    '33 parameters': [file(section(2, ...u32(1), 33, 0, ...new Array<number>(33).fill(0)), MEMORY), 'limit', 'signatures', 21],
    '17 results': [file(section(2, ...u32(1), 0, 17, ...new Array<number>(17).fill(0)), MEMORY), 'limit', 'signatures', 22],
    '257 registers': [file(section(3, ...u32(1), ...u32(0), ...u32(1), ...u16(257), ...new Array<number>(257).fill(0)), MEMORY), 'limit', 'functions', 30],
    'a type code of 3': [file(section(2, ...u32(1), 1, 0, 3), MEMORY), 'value_type', 'signatures', 22],
    'a protocol code of 0': [file(MEMORY, section(8, ...u32(1), ...text('p'), 0, 0, ...u16(1), ...u32(4096), ...u32(1), ...u32(0))), 'protocol', 'ports', 41],
    'a protocol code of 8': [file(MEMORY, section(8, ...u32(1), ...text('p'), 8, 0, ...u16(1), ...u32(4096), ...u32(1), ...u32(0))), 'protocol', 'ports', 41],
    'a side code of 2': [file(MEMORY, section(8, ...u32(1), ...text('p'), 1, 2, ...u16(1), ...u32(4096), ...u32(1), ...u32(0))), 'side', 'ports', 41],
    'a name that is no UTF-8': [file(MEMORY, section(10, ...u32(1), 1, 0, 0xff, ...u32(0), ...u32(0))), 'name_utf8', 'symbols', 36],
    'a name of 1025 bytes': [file(MEMORY, section(10, ...u32(1), ...text('x'.repeat(1025)), ...u32(0), ...u32(0))), 'name_length', 'symbols', 36],
    'data longer than the section': [file(MEMORY, section(7, ...u32(1), ...u32(0), ...u32(5), 1, 2, 3, 4)), 'truncated', 'data', 44],
  };
  for (const [what, [bytes, rule, where, offset]] of Object.entries(cases)) {
    it(what, () => {
      const rejection = rejectionOf(bytes);
      expect(rejection).toMatchObject({ rule, section: where });
      expect(rejection?.message.length).toBeGreaterThan(10);
      expect(Math.abs((rejection?.offset as number) - offset)).toBeLessThanOrEqual(4);
    });
  }
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
