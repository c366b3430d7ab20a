/**
 * The verifier: each rule refused with its place by a program that breaks nothing else, and what lies just inside the rules accepted.
 * Programs are written in the notation of the conformance vectors where that can say it, and changed by hand where it can't.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { encodeProgram, type Program, type Rejection, type ValueType } from '../../isa-spec/index.js';
import { parseProgram } from '../../isa-spec/vectors/notation.js';
import { ACCEPTED, LEAST, REFUSED } from '../../isa-spec/vectors/sources/binaries.js';
import { VerifiedProgram, verify } from '../../vm/verify.js';

const program = (text: string): Program =>
  parseProgram(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  );
const rejectionOf = (source: Program | Uint8Array): Rejection | undefined => {
  const found = verify(source);
  return 'rejection' in found ? found.rejection : undefined;
};
const verified = (source: Program): VerifiedProgram => {
  const found = verify(source);
  if ('rejection' in found) throw new Error(`${found.rejection.rule}: ${found.rejection.message}`);
  return found.program;
};

describe('refused', () => {
  for (const [what, [source, rule, section, offset, inFunction]] of Object.entries(REFUSED)) {
    it(what, () => {
      const rejection = rejectionOf(source);
      expect(rejection).toMatchObject({ rule, section });
      // A rule of the format is broken near a byte.
      expect(Math.abs((rejection?.offset as number) - offset)).toBeLessThanOrEqual(source instanceof Uint8Array ? 4 : 0);
      expect(rejection?.function).toBe(inFunction);
      expect(rejection?.message.length).toBeGreaterThan(10);
    });
  }

  it('by every rule', () => {
    const rules = new Set(Object.values(REFUSED).map(([, rule]) => rule));
    const listed = [...readFileSync(new URL('../../isa-spec/verification.md', import.meta.url), 'utf8').matchAll(/^\| `(\w+)` \|/gm)].map(
      ([, rule = '']) => rule,
    );
    expect([...rules].sort()).toEqual([...new Set(listed)].sort());
  });

  it('in the function that breaks a rule, at a word of that function', () => {
    const three = program(`
      func a ()->()
      check
      ret []
      func b ()->(i32) i32
      check
      const_i32_short r0 7
      ret [r0]
      func main ()->()
      check
      jump x
      x:
      jump x`);
    expect(rejectionOf(three)).toMatchObject({ rule: 'check_target', section: 'code', function: 2, offset: 2 });
  });

  it('objects beyond the limits of the format, by the format', () => {
    expect(rejectionOf({ ...LEAST, functions: [{ signature: 0, registers: new Array(257).fill('i32'), words: 2 }] })).toMatchObject({
      rule: 'limit',
      section: 'functions',
    });
    expect(rejectionOf({ ...LEAST, signatures: [{ parameters: new Array(33).fill('i32'), results: [] }] })).toMatchObject({
      rule: 'limit',
      section: 'signatures',
    });
    expect(rejectionOf({ ...LEAST, signatures: [{ parameters: [], results: new Array(17).fill('i32') }] })).toMatchObject({
      rule: 'limit',
      section: 'signatures',
    });
  });

  it('objects that no binary can hold, as misuse', () => {
    expect(() => verify({ ...LEAST, table: [-1] })).toThrow(RangeError);
    expect(() => verify({ ...LEAST, table: [0.5] })).toThrow(RangeError);
    expect(() => verify({ ...LEAST, memory: { pagesMin: Number.NaN, pagesMax: 1 } })).toThrow(RangeError);
    expect(() => verify({ ...LEAST, functions: [{ signature: 0, registers: ['i8' as ValueType], words: 2 }] })).toThrow(RangeError);
  });
});

describe('accepted', () => {
  it.each(Object.entries(ACCEPTED))('%s', (_, source) => {
    const { starts, program: found } = verified(source);
    expect(starts.at(-1)).toBe(found.code.length);
  });

  it('bytes and objects alike, and keeps nothing of what was handed in', () => {
    const given = { ...LEAST, code: LEAST.code.slice() };
    const found = verified(given);
    expect(verify(encodeProgram(LEAST))).toEqual({ program: found });
    given.code[0] = 0;
    expect(found.program.code).toEqual(LEAST.code);
  });
});

describe('VerifiedProgram', () => {
  it('is made by verify alone', () => {
    expect(() => new VerifiedProgram(LEAST, [true], Symbol('verified'))).toThrow(TypeError);
  });

  it('tells which functions are computational', () => {
    const of = (source: string): Record<string, boolean> => {
      const { program: found, computational } = verified(program(source));
      return Object.fromEntries(found.exports.map(({ name, function: index }) => [name, computational[index] as boolean]));
    };
    const rings = `
      func rings ()->() i32
      check
      bell r0
      ret []
      func pure ()->()
      check
      call [] [] pure
      ret []
      func calls ()->()
      check
      call [] [] through
      ret []
      func through ()->()
      check
      call [] [] rings
      call [] [] calls
      ret []
      func by_table ()->() i32
      check
      call_table r0 [] [] ()->()
      ret []
      func calls_by_table ()->()
      check
      call [] [] by_table
      ret []`;
    const none = { pure: true, rings: false, calls: false, through: false };
    expect(of(rings)).toEqual({ ...none, by_table: true, calls_by_table: true });
    expect(of(`table pure\n${rings}`)).toEqual({ ...none, by_table: true, calls_by_table: true });
    expect(of(`table pure calls\n${rings}`)).toEqual({ ...none, by_table: false, calls_by_table: false });
    expect(of(`table by_table\n${rings}`)).toEqual({ ...none, by_table: true, calls_by_table: true });
  });
});

describe('time', () => {
  it('grows with the program and not faster', () => {
    const build = (functions: number): Uint8Array => {
      const lines = Array.from({ length: functions }, (_, index) => [
        `func f${index} ()->() i32`,
        'check',
        `call [] [] f${(index * 7) % functions}`,
        'call_table r0 [] [] ()->()',
        ...(index === functions - 1 ? ['bell r0'] : []),
        'repeat 40 add_i32 r0 r0 r0',
        'ret []',
      ]).flat();
      const found = parseProgram(lines);
      return encodeProgram({ ...found, table: Array.from({ length: functions }, (_, index) => index), exports: [] });
    };
    const timeOf = (bytes: Uint8Array): number => {
      const times = Array.from({ length: 5 }, () => {
        const start = performance.now();
        expect('program' in verify(bytes)).toBe(true);
        return performance.now() - start;
      });
      return Math.min(...times);
    };
    const [small, large] = [build(500), build(5000)];
    timeOf(small);
    expect(timeOf(large) / timeOf(small)).toBeLessThan(30);
  });
});
