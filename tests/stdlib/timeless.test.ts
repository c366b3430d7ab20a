/**
 * The chapter of the timeless instructions names routines that exist, as they are; and it names every routine that a device's file offers.
 *
 * That each does what the chapter says is tested in devices.test.ts.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { PROTOCOLS } from '../../isa-spec/index.js';

const CHAPTER = readFileSync('isa-spec/timeless.md', 'utf8');
const count = (list: string | undefined): number => (list === undefined || list.trim() === '' ? 0 : list.split(',').length);

/** What a file offers: a routine's name to how many values it takes and how many results it gives. */
function offered(library: string): Map<string, [number, number]> {
  const text = readFileSync(`stdlib/${library}.pbs`, 'utf8');
  return new Map(
    [...text.matchAll(/^;;.*\nfunc (\w+)\(([^)]*)\)(?: -> (.*?))? \{$/gm)].map(([, name, values, results]) => [
      name as string,
      [count(values), count(results)],
    ]),
  );
}

const named = [...CHAPTER.matchAll(/`call (\w+)\.(\w+)\(([^)]*)\)(?: -> ([^`]*))?`/g)].map(([, library, name, values, results]) => ({
  library: library as string,
  name: name as string,
  counts: [count(values), count(results)],
}));

describe.each(['port', ...PROTOCOLS])('%s', (library) => {
  const routines = offered(library);
  it('is named as it is', () => {
    const here = named.filter((each) => each.library === library);
    expect(here.length).toBeGreaterThan(4);
    for (const { name, counts } of here) expect([name, routines.get(name)]).toEqual([name, counts]);
  });
  if (library !== 'port') {
    it('is complete', () => {
      const names = new Set(named.filter((each) => each.library === library).map(({ name }) => name));
      expect([...routines.keys()].filter((name) => !names.has(name))).toEqual([]);
    });
  }
});

describe('every routine of a device', () => {
  it('is called by the tests', () => {
    const tests = readFileSync('tests/stdlib/devices.test.ts', 'utf8') + readFileSync('tests/stdlib/players.ts', 'utf8');
    const missing = PROTOCOLS.flatMap((library) =>
      [...offered(library).keys()].filter((name) => !new RegExp(`'${name}'|\\b${library}\\.${name}\\(`).test(tests)),
    );
    expect(missing).toEqual([]);
  });
});
