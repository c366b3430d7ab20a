/** Short runs of the campaigns, each in plain Node: what they look for is at the top of their files. And the tools that they stand on. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { BOOK } from '../../isa-spec/index.js';
import { verify } from '../../vm/index.js';
import { build, type Draft, show } from './draft.js';
import { generate } from './generate.js';
import { mutantsOf, mutate } from './mutations.js';
import { Random } from './random.js';
import { shrink } from './shrink.js';

const run = promisify(execFile);
const campaign = async (...args: readonly string[]): Promise<string> => (await run(process.execPath, ['tests/campaigns/run.mjs', ...args])).stdout;

describe('a few seconds of each campaign', () => {
  it('engines agree on random programs', async () => {
    expect(await campaign('differential', '--seed', '20261124', '--seconds', '2.5')).toMatch(/programs, 0 differences/);
  });

  it('malformed binaries and snapshots are refused by name or run within their limits', async () => {
    expect(await campaign('malformed-binaries', '--seed', '20261124', '--seconds', '1')).toMatch(/cases, 0 failures/);
    expect(await campaign('malformed-binaries', '--seed', '20261124', '--first', '100000', '--seconds', '1.5')).toMatch(/cases, 0 failures/);
  });

  it('malformed descriptions of systems and malformed images are refused by name', async () => {
    expect(await campaign('malformed-systems', '--seed', '20261125', '--count', '25')).toMatch(/25 cases, 0 failures/);
    expect(await campaign('malformed-images', '--seed', '20261125', '--seconds', '1')).toMatch(/cases, 0 failures/);
  });

  it('bombs stop at their limits', async () => {
    expect(await campaign('limits')).not.toMatch(/FAILED/);
  });

  it('systems run alike on every engine, and again from their recordings', async () => {
    expect(await campaign('simulations', '--seed', '20261125', '--count', '24')).toMatch(/24 seeds, 0 failures/);
  });

  it('malformed recordings are refused by name or replayed within their fuel', async () => {
    expect(await campaign('malformed-recordings', '--seed', '20261125', '--seconds', '1')).toMatch(/files, 0 failures/);
  });

  it('a wrong command is refused', async () => {
    await expect(campaign('nothing')).rejects.toMatchObject({ code: 2 });
    await expect(campaign('differential', '--count', 'many')).rejects.toMatchObject({ code: 2 });
  });
});

const drafts = Array.from({ length: 150 }, (_, index) => generate(new Random(5, index), { portShare: 0.2 }));

describe('generated programs', () => {
  it('are the same for the same seed, and others for another', () => {
    expect(generate(new Random(5, 7), { portShare: 0.2 })).toEqual(drafts[7]);
    expect(new Set(drafts.map(show)).size).toBe(drafts.length);
  });

  it('verify, and hold every row of the book', () => {
    const used = new Set<string>();
    for (const draft of [...drafts, ...Array.from({ length: 350 }, (_, index) => generate(new Random(6, index), { portShare: 0.2 }))]) {
      const { program, bodies } = build(draft);
      expect(verify(program)).toHaveProperty('program');
      for (const body of bodies) for (const { row } of body) used.add(row.name);
    }
    expect(BOOK.filter(({ name, shortens }) => shortens === undefined && !used.has(name)).map(({ name }) => name)).toEqual([]);
  });

  it('shrink to what fails and no more', () => {
    // "Fails": a program in which an i64 is multiplied.
    const fails = (draft: Draft): boolean => build(draft).bodies.some((body) => body.some(({ row }) => row.name === 'mul_i64'));
    const found = drafts.find(fails) as Draft;
    const small = shrink(found, (draft) => fails(draft) && 'program' in verify(build(draft).program));
    expect(small.functions.flatMap(({ body }) => body.map(({ row }) => row.name))).toEqual(['mul_i64']);
    expect(small).toMatchObject({ data: [], ports: [], table: [], fuel: 0 });
  });
});

describe('mutants', () => {
  const original = readFileSync('isa-spec/book.ts', 'utf8');
  const found = mutantsOf('isa-spec/book.ts', original);

  it('differ from the original in one line, or two that are exchanged, and from each other', () => {
    for (const mutant of found.filter((_, index) => index % 199 === 0)) {
      const [before, after] = [original.split('\n'), mutate(original, mutant).split('\n')];
      const different = before.flatMap((line, index) => (line === after[index] ? [] : [index + 1]));
      expect(different.sort()).toEqual([mutant.line, ...(mutant.also === undefined ? [] : [mutant.also.line])].sort());
      expect([before[mutant.line - 1], after[mutant.line - 1]]).toEqual([mutant.before, mutant.after]);
    }
    expect(found.length).toBeGreaterThan(3000);
    expect(new Set(found.map(({ line, after, also }) => `${line} ${after} ${also?.after}`)).size).toBe(found.length);
  });

  it('are of every kind that a row offers', () => {
    expect([...new Set(found.map(({ kind }) => kind))].sort()).toEqual([
      'access changed',
      'canonical NaN dropped',
      'constant changed',
      'group changed',
      'opcode changed',
      'opcodes exchanged',
      'operand places exchanged',
      'operands exchanged',
      'operator swapped',
      'short form dropped',
      'trap changed',
      'trap dropped',
      'width of immediate changed',
    ]);
  });
});
