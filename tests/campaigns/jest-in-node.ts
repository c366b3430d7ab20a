/**
 * As much of the test runner's interface as the fast tests use, for plain Node: mutants need thousands of test runs, each in a process
 * of its own. Bundlers put this module in the runner's place. `expect` is the runner's own.
 */
import { expect } from 'expect';

export { expect };

type Body = () => unknown;
interface Test {
  readonly name: string;
  readonly body: Body;
}

const tests: Test[] = [];
const before: Body[] = [];
let path: readonly string[] = [];

/** A name with the first of a row's values in its place. */
function fill(name: string, row: unknown): string {
  const first: unknown = Array.isArray(row) ? row[0] : row;
  return name.replace(/%[sj]|\$name/, String((first as { readonly name?: unknown } | null)?.name ?? first));
}
const spread = (row: unknown): never[] => (Array.isArray(row) ? row : [row]) as never[];

/** Groups tests by name. */
export function describe(name: string, body: () => void): void {
  const outer = path;
  path = [...path, name];
  body();
  path = outer;
}
describe.each =
  (rows: readonly unknown[]) =>
  (name: string, body: (...values: never[]) => void): void => {
    for (const row of rows) describe(fill(name, row), () => body(...spread(row)));
  };

/** Notes a test. */
export function it(name: string, body: Body): void {
  tests.push({ name: [...path, name].join(' > '), body });
}
it.each =
  (rows: readonly unknown[]) =>
  (name: string, body: (...values: never[]) => unknown): void => {
    for (const row of rows) it(fill(name, row), () => body(...spread(row)));
  };

/** Runs something before all tests. */
export function beforeAll(body: Body): void {
  before.push(body);
}

/** Runs every test that was noted. @returns the first that failed, with its error */
export async function runTests(): Promise<{ readonly name: string; readonly error: unknown } | undefined> {
  let name = 'before all tests';
  try {
    for (const body of before) await body();
    for (const found of tests) {
      ({ name } = found);
      await found.body();
    }
  } catch (error) {
    return { name, error };
  }
  return undefined;
}
