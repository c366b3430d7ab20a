/** Files that use one another: namespaces, paths, what is read, what goes into the program. */
import { describe, expect, it } from '@jest/globals';
import { assemble } from '../../assembler/index.js';
import { assembleFiles, programOf, rowsOf, type Files } from './helpers.js';

const library = new Map([
  ['text', 'use "deep"\nfunc upper(p, n: i32) -> i32 {\ncall deep.twice(p) -> p\nret p\n}\nfunc unused() { }\nconst SPACE = 32\ndata letters = "abc"'],
  ['deep', 'func twice(a: i32) -> i32 {\nadd a, a, a\nret a\n}'],
]);
const codes = (files: Files): (readonly [string, string, number])[] =>
  assembleFiles(files, { library }).diagnostics.map(({ code, path, line }) => [code, path, line] as const);

describe('use', () => {
  it('gives a namespace of functions, constants and data', () => {
    const program = programOf(
      {
        'main.pbs':
          'use "text"\nuse "./lib/more.pbs" as m\nfunc main() -> i32 {\nlocal a: i32\nmov a, text.SPACE + m.ONE\ncall text.upper(text.letters, len(text.letters)) -> a\nret a\n}',
        'lib/more.pbs': 'const ONE = 1',
      },
      { library },
    );
    expect(rowsOf(program)).toEqual(['check', 'const_i32_short 0 33', 'const_i32_short 1 4096', 'const_i32_short 2 3', 'call (1 2) (0) 1', 'ret (0)']);
    expect(program.functions).toHaveLength(3);
    expect(program.debug?.files).toEqual(['main.pbs', '<text>', '<deep>']);
    expect(program.debug?.functions).toEqual(['main', 'text.upper', 'deep.twice']);
  });

  it('takes the library as a record too', () => {
    expect(assembleFiles({ 'main.pbs': 'use "text"\nfunc main() { }' }, { library: Object.fromEntries(library) }).diagnostics).toEqual([]);
    expect(assembleFiles({ 'main.pbs': 'use "constructor"\nfunc main() { }' }, { library: {} }).diagnostics.map(({ code }) => code)).toEqual([
      'unknown_library',
    ]);
  });

  it('reads a file once, however often and under whatever path it is used', () => {
    const read: string[] = [];
    const files: Files = {
      'a/main.pbs': 'use "./x.pbs"\nuse "./b/../x.pbs" as y\nuse "./b/z.pbs"\nfunc main() { call x.f()\ncall y.f()\ncall z.g() }',
      'a/x.pbs': 'use "./main.pbs" as m\nfunc f() { call m.main() }',
      'a/b/z.pbs': 'use "../x.pbs"\nfunc g() { call x.f() }',
    };
    const { program, diagnostics } = assemble('a/main.pbs', {
      read: (path) => {
        read.push(path);
        return files[path];
      },
    });
    expect(diagnostics).toEqual([]);
    expect(read).toEqual(['a/main.pbs', 'a/x.pbs', 'a/b/z.pbs']);
    expect(program?.functions).toHaveLength(3);
    expect(program?.debug?.files).toEqual(['main.pbs', 'x.pbs', 'b/z.pbs']);
  });

  it("names files from the first one's folder, wherever that is", () => {
    const files = (folder: string): Files => ({
      [`${folder}main.pbs`]: 'use "../up.pbs"\nfunc main() { call up.f() }',
      [folder === '' ? '../up.pbs' : folder.replace(/[^/]+\/$/, 'up.pbs')]: 'func f() { }',
    });
    const binaries = ['', 'one/', '/absolute/two/'].map((folder) => assemble(`${folder}main.pbs`, { read: (path) => files(folder)[path] }).binary);
    expect(binaries[0]).toBeDefined();
    expect(binaries[1]).toEqual(binaries[0]);
    expect(binaries[2]).toEqual(binaries[0]);
  });

  it.each<[Files, readonly (readonly [string, string, number])[]]>([
    [{ 'main.pbs': '\nuse "txet"' }, [['unknown_library', 'main.pbs', 2]]],
    [{ 'main.pbs': 'use "./no.pbs"' }, [['cannot_read', 'main.pbs', 1]]],
    [{ 'main.pbs': 'use "./no-name.pbs"', 'no-name.pbs': '' }, [['bad_namespace', 'main.pbs', 1]]],
    [{ 'main.pbs': 'use "./loop.pbs"', 'loop.pbs': '' }, [['bad_namespace', 'main.pbs', 1]]],
    [{ 'main.pbs': 'use "text"\nuse "text"' }, [['duplicate_name', 'main.pbs', 2]]],
    [{ 'main.pbs': 'use "text"\ndata text = 1' }, [['duplicate_name', 'main.pbs', 2]]],
    [{ 'main.pbs': 'use "text" at t' }, [['syntax', 'main.pbs', 1]]],
    [{ 'main.pbs': 'use text' }, [['syntax', 'main.pbs', 1]]],
    [{ 'main.pbs': 'use "text"\nfunc main() { call text.lower() }' }, [['unknown_name', 'main.pbs', 2]]],
    [{ 'main.pbs': 'use "text"\nfunc main() { call text() }' }, [['wrong_kind', 'main.pbs', 2]]],
    [{ 'main.pbs': 'use "text"\nconst A = text' }, [['wrong_kind', 'main.pbs', 2]]],
    [{ 'main.pbs': 'use "./x.pbs"\nfunc main() { call x.f() }', 'x.pbs': 'func f() {\nadd a, 1\n}' }, [['operand_count', 'x.pbs', 2]]],
    [
      { 'main.pbs': 'use "./x.pbs"\nfunc main() { mov }', 'x.pbs': 'func f() {\nmov\n}' },
      [
        ['operand_count', 'main.pbs', 2],
        ['operand_count', 'x.pbs', 2],
      ],
    ],
    [{}, [['cannot_read', 'main.pbs', 1]]],
  ])('%j', (files, expected) => expect(codes(files)).toEqual(expected));

  it('does not stumble over a file that could not be read: its names are not unknown too', () => {
    expect(codes({ 'main.pbs': 'use "./no.pbs"\nfunc main() { call no.f()\ncall no.g() }' })).toEqual([['cannot_read', 'main.pbs', 1]]);
  });
});

describe('exports', () => {
  it('are main and what is marked, under their names or others', () => {
    const program = programOf({
      'main.pbs':
        'use "./x.pbs"\nfunc main() { }\nexport func f() { }\nexport "g", "naïve ☃" func h() { }\nexport "run" func main2() { }\nexport data d = 1\nexport "a b" data e = 2',
      'x.pbs': 'func main() { }\nexport func y() { }',
    });
    expect(program.exports).toEqual([
      { name: 'f', function: 1 },
      { name: 'g', function: 2 },
      { name: 'main', function: 0 },
      { name: 'naïve ☃', function: 2 },
      { name: 'run', function: 3 },
      { name: 'y', function: 4 },
    ]);
    expect(program.symbols.map(({ name }) => name)).toEqual(['a b', 'd']);
  });

  it('are taken once', () => {
    expect(codes({ 'main.pbs': 'use "./x.pbs"\nexport func f() { }', 'x.pbs': 'export func f() { }' })).toEqual([['duplicate_name', 'x.pbs', 1]]);
  });
});

describe('reachability', () => {
  it('leaves out functions that nothing reaches, but tells what is wrong in them', () => {
    const text = 'func main() { call a() }\nfunc a() { call b() }\nfunc b() { call a() }\nfunc c() { call d() }\nfunc d() { }\nkeep func e() { }';
    expect(programOf(text).debug?.functions).toEqual(['main', 'a', 'b', 'e']);
    expect(codes({ 'main.pbs': `${text}\nfunc wrong() { mov }` })).toEqual([['operand_count', 'main.pbs', 7]]);
  });

  it('keeps the function table when it is used or marked', () => {
    const text = 'type t()\nfunc a() { }\nfunc b() { }\ntable a, b, a\n';
    expect(programOf(`${text}func main() { }`)).toMatchObject({ table: [], functions: [{}] });
    expect(programOf(`${text}func main() {\nlocal i: i32\ncall t[i]()\n}`)).toMatchObject({ table: [0, 1, 0], functions: [{}, {}, {}] });
    expect(programOf(`${text}func main() {\nlocal i: i32\nmov i, index(b)\n}`)).toMatchObject({ table: [0, 1, 0] });
    expect(programOf(`keep table c\nfunc c() { }\n${text}`)).toMatchObject({ table: [0, 1, 2, 1].map((entry) => entry) });
    expect(codes({ 'main.pbs': 'const A = 1\ntable A\nfunc main() { }' })).toEqual([['wrong_kind', 'main.pbs', 2]]);
    expect(codes({ 'main.pbs': 'table nothing\nfunc main() { }' })).toEqual([['unknown_name', 'main.pbs', 1]]);
    expect(codes({ 'main.pbs': 'func a() { }\nfunc main() {\nlocal i: i32\nmov i, index(a)\n}' })).toEqual([['wrong_kind', 'main.pbs', 4]]);
  });

  it('numbers signatures in order of first use, kept ones first', () => {
    const text = 'type u(i64)\ntype t(f64) -> f64\nfunc main() {\nlocal i: i32\ncall t[i](1.0) -> _\ncall f(i)\n}\nfunc f(a: i32) { }';
    expect(programOf(text).signatures).toEqual([
      { parameters: [], results: [] },
      { parameters: ['f64'], results: ['f64'] },
      { parameters: ['i32'], results: [] },
    ]);
    expect(programOf(`keep ${text}`).signatures[0]).toEqual({ parameters: ['i64'], results: [] });
  });

  it('needs something to start with', () => {
    expect(codes({ 'main.pbs': 'func f() { }' })).toEqual([['nothing_to_run', 'main.pbs', 1]]);
    expect(codes({ 'main.pbs': '' })).toEqual([['nothing_to_run', 'main.pbs', 1]]);
  });
});

describe('the binary', () => {
  it('is the same for the same sources, and smaller without debug information', () => {
    const files = { 'main.pbs': 'use "text"\nfunc main() -> i32 {\nlocal a: i32\ncall text.upper(1, 2) -> a\nret a\n}' };
    const one = assembleFiles(files, { library });
    const two = assembleFiles(files, { library });
    const bare = assembleFiles(files, { library, debug: false });
    expect(two.binary).toEqual(one.binary);
    expect(bare.program?.debug).toBeUndefined();
    expect(bare.program?.code).toEqual(one.program?.code);
    expect((bare.binary?.length ?? 0) < (one.binary?.length ?? 0)).toBe(true);
  });

  it('names the groups that it uses', () => {
    const groups = (body: string): string[] => programOf(`export func f(i: i32, x: i64, f: f64) {\n${body}\n}`).groups.map(({ name }) => name);
    expect(groups('')).toEqual(['base']);
    expect(groups('add x, x, 1\nmul f, f, f')).toEqual(['base', 'float64', 'int64']);
    expect(groups('round32 f, f\ncopy i, i, i')).toEqual(['base', 'bulk', 'float32']);
    expect(groups('bell i')).toEqual(['base', 'ports']);
  });

  it('says where each instruction comes from', () => {
    const { debug } = programOf('func main() {\n  local i: i32\n  loop while lt i, 10 {\n    add i, i, 1\n  }\n}');
    expect(debug?.lines).toEqual([
      { word: 0, file: 0, line: 1, column: 6 },
      { word: 1, file: 0, line: 3, column: 3 },
      { word: 3, file: 0, line: 4, column: 5 },
      { word: 4, file: 0, line: 5, column: 3 },
    ]);
    expect(debug?.registers).toEqual([['i']]);
  });
});

describe("the embedder's mistakes", () => {
  it('throw at once and name the argument', () => {
    expect(() => assemble(1 as never, { read: () => '' })).toThrow(/^path:/);
    expect(() => assemble('x', {} as never)).toThrow(/^options\.read:/);
    expect(() => assemble('x', undefined as never)).toThrow(TypeError);
  });
});
