/** The conformance vectors as data: of the published form, of one piece with their listings, and about every instruction, trap and type. */
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { BOOK, decodeProgram, encodeProgram, GROUPS, type Program, rowOfWord, TRAPS, wordCount } from '../../isa-spec/index.js';
import { functionOfRow, parseProgram, parseVectors, type Run, type VectorValue } from '../../isa-spec/vectors/notation.js';
import { ACCEPTED, REFUSED } from '../../isa-spec/vectors/sources/binaries.js';
import { BINARIES, SCHEMAS, sourceText, VECTOR_FILES } from './vector-files.js';

const files = [...VECTOR_FILES];
const schemas = new Ajv({ allErrors: true });
const validate = schemas.compile(SCHEMAS.vectors);
const programOf = (pbx: string): Program => {
  const found = decodeProgram(Buffer.from(pbx, 'base64'));
  if ('rejection' in found) throw new Error(found.rejection.message);
  return found.program;
};
const isOfType = (value: VectorValue, type: string): boolean =>
  typeof value === 'number' ? type === 'i32' : value.startsWith('0x') ? type === 'f64' : type === 'i64';

describe.each(files)('%s', (_, file) => {
  it('satisfies the schema', () => {
    validate(file);
    expect(validate.errors).toBeNull();
  });

  it('holds the binaries of its listings', () => {
    for (const [name, { listing, pbx }] of Object.entries(file.programs)) {
      const encoded = Buffer.from(encodeProgram(parseProgram(listing))).toString('base64');
      expect([name, encoded === pbx]).toEqual([name, true]);
    }
  });

  it('starts functions that exist with values of their types, and expects values of their types', () => {
    const programs = new Map(Object.entries(file.programs).map(([name, { pbx }]) => [name, programOf(pbx)]));
    for (const { name, program, entry, runs } of file.cases) {
      const { exports, functions, signatures } = programs.get(program) as Program;
      const index = exports.find((found) => found.name === entry)?.function as number;
      const signature = signatures[functions[index]?.signature as number];
      const right = runs.filter(({ in: given, out, trap, function: trapped }) => {
        const fits = (values: readonly VectorValue[], types: readonly string[] = []): boolean =>
          values.length === types.length && values.every((value, at) => isOfType(value, types[at] as string));
        return (
          fits(given, signature?.parameters) &&
          (out === undefined || fits(out, signature?.results)) &&
          (trapped === undefined || (trap !== undefined && exports.some((found) => found.name === trapped)))
        );
      });
      expect([name, right.length]).toEqual([name, runs.length]);
    }
  });
});

describe('what is written by hand', () => {
  it.each(['control', 'nan', 'ports', 'snapshots'])('%s.json is made of the text', (name) => {
    const { programs, cases } = parseVectors(sourceText(`${name}.txt`));
    const file = VECTOR_FILES.get(name);
    expect(cases).toEqual(file?.cases);
    expect([...programs].map(([program, listing]) => [program, listing])).toEqual(
      Object.entries(file?.programs ?? {}).map(([program, { listing }]) => [program, listing]),
    );
  });
});

describe('binaries', () => {
  const base64 = (binary: Uint8Array | Program): string => Buffer.from(binary instanceof Uint8Array ? binary : encodeProgram(binary)).toString('base64');
  it('satisfy the schema', () => {
    const check = schemas.compile(SCHEMAS.binaries);
    check(BINARIES);
    expect(check.errors).toBeNull();
  });
  it('are those of the source', () => {
    expect(BINARIES.refused.map(({ name, pbx, rule, section, offset, function: index }) => [name, pbx, rule, section, offset, index])).toEqual(
      Object.entries(REFUSED).map(([name, [binary, rule, section, offset, index]]) => [name, base64(binary), rule, section, offset, index]),
    );
    expect(BINARIES.accepted.map(({ name, pbx }) => [name, pbx])).toEqual(Object.entries(ACCEPTED).map(([name, program]) => [name, base64(program)]));
  });
});

describe('coverage', () => {
  const runsOfRow = new Map<string, Run[]>();
  for (const [, file] of files) {
    const rowsOfEntry = new Map<string, Set<string>>();
    for (const [name, { pbx }] of Object.entries(file.programs)) {
      const { code, functions, exports } = programOf(pbx);
      let start = 0;
      const rows = functions.map(({ words }) => {
        const found = new Set<string>();
        for (let at = start; at < start + words; ) {
          const row = rowOfWord(code[at] as number)!;
          found.add(row.name);
          at += wordCount(row, code, at);
        }
        start += words;
        return found;
      });
      for (const { name: entry, function: index } of exports) rowsOfEntry.set(`${name}/${entry}`, rows[index] as Set<string>);
    }
    for (const { program, entry, runs } of file.cases) {
      for (const row of rowsOfEntry.get(`${program}/${entry}`) as Set<string>) runsOfRow.set(row, [...(runsOfRow.get(row) ?? []), ...runs]);
    }
  }

  it.each(BOOK.map((row) => [row.name, row] as const))('%s is run', (name, { does }) => {
    const runs = runsOfRow.get(name) ?? [];
    expect(runs.length).toBeGreaterThan(0);
    for (const effect of does) if (effect.kind === 'trap_if') expect(runs.some(({ trap }) => trap === effect.trap)).toBe(true);
    if (does.some(({ kind }) => kind === 'branch')) {
      expect(new Set(runs.map(({ out }) => out?.[0])).size).toBeGreaterThan(1);
    }
  });

  it('every trap kind, every group, every way to end', () => {
    const runs = files.flatMap(([, { cases }]) => cases.flatMap((found) => found.runs));
    expect(Object.keys(TRAPS).filter((kind) => !runs.some(({ trap }) => trap === kind))).toEqual([]);
    expect(new Set(runs.map(({ suspended }) => suspended))).toEqual(new Set([undefined, 'fuel', 'waiting']));
    const groups = new Set(files.flatMap(([, { programs }]) => Object.values(programs).flatMap(({ pbx }) => programOf(pbx).groups.map(({ name }) => name))));
    expect([...groups].sort()).toEqual(Object.keys(GROUPS).sort());
    expect(runs.length).toBeGreaterThan(20000);
  });
});

describe('the notation', () => {
  it.each([
    ['an instruction outside a function', ['check'], /outside a function/],
    ['an unknown type', ['func f (i8)->()'], /i8 is no type/],
    ['no signature', ['func f i32'], /no signature/],
    ['an unknown label', ['func f ()->()', 'jump x'], /no label x/],
    ['an unknown function', ['func f ()->()', 'call [] [] g'], /no function g/],
    ['too few operands', ['func f ()->()', 'jump'], /1 operands are needed/],
    ['no register', ['func f ()->()', 'mov_i32 r0 5'], /5 is no register/],
    ['an unknown row', ['func f ()->()', 'add'], /no row add/],
    ['an unknown protocol', ['port p tape client 4096 8 64'], /no such protocol/],
  ])('refuses %s', (_, listing, message) => expect(() => parseProgram(listing)).toThrow(message));

  it.each([
    ['no end', '1 2', /needs =, ! or ~/],
    ['too few values', '= 1', /1 values are needed/],
    ['a value of another type', '0x0000000000000000 = 1', /is no i32/],
    ['an unknown property', '1 = 1 | speed 3', /no such property speed/],
  ])('refuses a run with %s', (_, run, message) => {
    expect(() => parseVectors(`program p\nfunc f (i32)->(i32)\n  check\n  ret [r0]\ncase f\n${run}`)).toThrow(message);
  });

  it('makes a function of a row', () => {
    const row = (name: string) => BOOK.find((found) => found.name === name)!;
    expect(functionOfRow(row('add_i32_imm8'), ['-3'])).toEqual(['func add_i32_imm8:-3 (i32)->(i32) i32', '  check', '  add_i32_imm8 r1 r0 -3', '  ret [r1]']);
    expect(functionOfRow(row('store_i64_near'), ['8'])).toEqual(['func store_i64_near:8 (i32,i64)->()', '  check', '  store_i64_near r0 8 r1', '  ret []']);
    expect(functionOfRow(row('br_lt_f64'), [])).toEqual([
      'func br_lt_f64 (f64,f64)->(i32) i32',
      '  check',
      '  br_lt_f64 r0 r1 t',
      '  const_i32_short r2 0',
      '  ret [r2]',
      't:',
      '  const_i32_short r2 1',
      '  ret [r2]',
    ]);
  });

  it('repeats an instruction', () => {
    expect(parseProgram(['func f ()->(i32) i32', '  check', '  repeat 3 const_i32_short r0 3', '  ret [r0]']).functions[0]?.words).toBe(6);
  });
});
