/**
 * What is wrong with a text, on which line, under which code. In the texts here, `;! code` stands on the line that is wrong, with all its codes, and
 * `;^ code` below one in which no comment can stand. Nothing else may be reported.
 */
import { describe, expect, it } from '@jest/globals';
import { DIAGNOSTICS, formatDiagnostic, type Diagnostic, type DiagnosticCode } from '../../assembler/index.js';
import { ERRORS_MAX } from '../../assembler/diagnostics.js';
import { assembleFiles, diagnosticsOf } from './helpers.js';

const TEXTS: Readonly<Record<string, string>> = {
  'declarations that are wrong hide nothing after them': `
const A =                    ;! syntax
const = 5                    ;! syntax
const B 5                    ;! syntax
const C = 1 +                ;! syntax
const D = (1                 ;! syntax
const E = 1)                 ;! syntax
const F = 5 $                ;! unexpected_character
const G = "text"             ;! syntax
const H = 'ab'               ;! bad_character
const I = 12abc              ;! bad_number
const J = 1 / 0              ;! division_by_zero
data K: i32 = A + B + C + D
data 5 = 1                   ;! syntax
data L i32 = 5               ;! syntax
data M: i32[                 ;! syntax
port N pu client             ;! syntax
type O(i31)                  ;! unknown_type
table 5                      ;! syntax
export                       ;! unknown_declaration
export const P = 1           ;! syntax
keep "x" func Q() { }        ;! syntax
memory                       ;! syntax
use                          ;! syntax
fun R() { }                  ;! unknown_declaration
}                            ;! unexpected_brace
func main() { }
`,
  'one wrong line costs one diagnostic, in its place': `
func main() -> i32 {
  local i, j: i32
  add i, j                   ;! operand_count
  add i j, 1                 ;! syntax
  add i, j, 1 2              ;! syntax
  add i, j, 1 KB             ;! unknown_unit
  add i, j, k                ;! unknown_name
  add i, j, k
  add i, j, (1 + 2           ;! syntax
  add i, j, 1)               ;! syntax
  add i, , j                 ;! syntax
  add i, j,                  ;! syntax
  add i, j, @                ;! unexpected_character
  adds i, j, 1               ;! unknown_instruction
  adds i, j, 1
  i = 5                      ;! syntax
  mov i, 5 else              ;! syntax
  5                          ;! syntax
  else { }                   ;! syntax
  while lt i, j              ;! syntax
  ret j
}
`,
  'wrong blocks keep their braces': `
func main() -> i32 {
  local i: i32
  if lt i { add i, i, 1 }    ;! syntax
  if lt i 3 {                ;! syntax
    add i, i, wrong          ;! unknown_name
    break
  } else {
    add i, i, 1
  }
  loop whle lt i, 3 {        ;! syntax
    continue
  }
  loop { break if } add i, 1 ;! syntax
  loop {
    } whle i                 ;! unknown_instruction
  if i { ret 1 } els { }     ;! syntax
  ret i
}
func other() { mov }         ;! operand_count
`,
  'a brace that is missing is told where it was opened': `
func one() {
  loop {                     ;! missing_brace
    check
func two() {                 ;! missing_brace
  check
data d = 1
func main() { }
`,
  'wrong first lines do not make calls wrong': `
func one(a: i33) { }         ;! unknown_type
func two(a, b) { }           ;! syntax
func three(a: i32 -> i32 { } ;! syntax
func four() -> { }           ;! syntax
func five
;^ syntax
func main() {
  call one(1, 2)
  call two() -> _, _
  call three()
  call four(5)
  call five()
}
`,
  'wrong locals are not unknown': `
func main() {
  local a: i32, b            ;! syntax
  local c: i31               ;! unknown_type
  local d i64                ;! syntax
  add a, b, c
  mov d, 5
  add e, e, 1                ;! unknown_name
}
`,
  'every operand tells what is wrong with it': `
func main() -> i32 {
  local i: i32, x: i64
  mov q, r                   ;! unknown_name unknown_name
  load s, [t + u]            ;! unknown_name unknown_name unknown_name
  mov q, t
  call f(v, w) -> y, z       ;! unknown_name unknown_name unknown_name unknown_name
  call g(k, 1) -> i          ;! unknown_name unknown_name
  call f(j) -> i             ;! operand_count unknown_name
  call f(x, 1.5) -> x, i     ;! type_mismatch constant_type type_mismatch
  call sign[l](m, 1) -> x, i ;! unknown_name unknown_name
  if lt n, o { ret p }       ;! unknown_name unknown_name unknown_name
  br_lt a, b, c              ;! unknown_name unknown_name unknown_label
  jump_table i, d, e         ;! unknown_label unknown_label
  ret 1, h                   ;! unknown_name operand_count
}
func f(a, b: i32) -> i32, i32 { ret a, b }
type sign(i32, i32) -> i64, i32
`,
  'what was to leave a function does, even wrong': `
func one() -> i32 { ret nowhere }     ;! unknown_name
func two() -> i32 { jump nowhere }    ;! unknown_label
func three() -> i32 { retn 5 }        ;! unknown_instruction
func four() -> i32 { trap nothing }   ;! unknown_trap
func five() -> i32 { add nowhere, nowhere, 1 } ;! missing_return unknown_name
func main() { }
`,
  'values of data in other languages': `
data a: i32 [1, 2, 3]        ;! syntax
data b: i32 = [1, 2, 3]      ;! syntax
data c = {1, 2, 3}           ;! syntax
data d: i32 1, 2, 3          ;! syntax
data e i32 = 1               ;! syntax
data f: i32 = , 1            ;! syntax
func main() { }
`,
  'strings and characters': `
data a = "no end
;^ unterminated_text
data b = "bad \\q escape"     ;! bad_escape
data c = 'x
;^ unterminated_text
data d = "half \\u{d800}"     ;! bad_escape
export "\\xff" data e = 1     ;! bad_escape
func main() {
  mov a, "text"              ;! operand_kind
}
`,
};

/** What the comments of a text expect. */
function expectedOf(text: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const here = /;!\s*(.*)$/.exec(line)?.[1];
    const above = /^;\^\s*(\w+)/.exec(line)?.[1];
    if (here !== undefined) return here.split(' ').map((code) => `${index + 1} ${code}`);
    return above === undefined ? [] : [`${index} ${above}`];
  });
}

describe('wrong texts', () => {
  it.each(Object.entries(TEXTS))('%s', (_, text) => {
    const found = diagnosticsOf(text);
    expect(found.map(({ line, code }) => `${line} ${code}`)).toEqual(expectedOf(text));
    for (const diagnostic of found) check(diagnostic, text);
  });
});

/** What holds for every diagnostic. */
function check(diagnostic: Diagnostic, text: string): void {
  const { code, message, start, end, line, column, length, notes, severity } = diagnostic;
  expect(DIAGNOSTICS).toHaveProperty(code);
  expect(severity).toBe('error');
  expect(message).toMatch(/^\S.*[^.\s]$/s);
  for (const note of notes) expect(note).toMatch(/^\S.*\S$/s);
  expect(start >= 0 && end >= start && end <= text.length && length >= 1).toBe(true);
  const lines = text.split('\n');
  expect(text.slice(0, start)).toBe(
    lines
      .slice(0, line - 1)
      .map((before) => `${before}\n`)
      .join('') + (lines[line - 1] as string).slice(0, column - 1),
  );
}

describe('every code', () => {
  /** The least text for each; nothing else may be reported. */
  const main = 'func main() { }';
  const inMain = (body: string): string => `func main() {\nlocal i, j: i32, x: i64\n${body}\n}`;
  const cases: Readonly<Record<Exclude<DiagnosticCode, 'too_many_errors'>, string>> = {
    cannot_read: `use "./nothing.pbs"\n${main}`,
    unexpected_character: inMain('mov i, #5'),
    unterminated_text: `data d = "abc\n${main}`,
    bad_escape: `data d = "\\q"\n${main}`,
    bad_character: inMain("mov i, 'ab'"),
    bad_number: inMain('mov i, 0x'),
    number_too_large: inMain('mov i, 1e999'),
    syntax: inMain('mov i j'),
    unknown_declaration: `dota d = 1\n${main}`,
    missing_brace: 'func main() {',
    unexpected_brace: `${main}\n}`,
    nesting_too_deep: inMain(`mov i, ${'('.repeat(100)}1${')'.repeat(100)}`),
    duplicate_name: `const A = 1\nconst A = 2\n${main}`,
    unknown_name: inMain('mov i, k'),
    unknown_instruction: inMain('move i, j'),
    unknown_type: 'func main() {\nlocal i: int\n}',
    unknown_unit: inMain('mov i, 1 KB'),
    unknown_trap: inMain('trap nothing'),
    unknown_library: `use "nothing"\n${main}`,
    bad_namespace: `use "./main.pbs" as _\n${main}`,
    used_before_local: 'func main() {\nmov k, 1\nlocal k: i32\n}',
    wrong_kind: `const A = main\n${main}`,
    constant_cycle: `const A = A\n${main}`,
    constant_depth: `${Array.from({ length: 2000 }, (_, index) => `const C${index} = C${index + 1}`).join('\n')}\nconst C2000 = 0\n${main}`,
    constant_type: inMain('mov i, 1.5'),
    division_by_zero: inMain('mov i, 1 / 0'),
    out_of_range: inMain('mov i, 5000000000'),
    address_not_known: `data d: [d]\n${main}`,
    duplicate_memory: `memory 1 MiB\nmemory 1 MiB\n${main}`,
    memory_size: `memory 5 B\n${main}`,
    bad_alignment: `data d align 3 = 1\n${main}`,
    bad_placement: `data d at 8192 = 1\ndata e at 8192 = 1\n${main}`,
    empty_data: `data d\n${main}`,
    bad_port: `port p: pu client { depth 3 }\n${main}`,
    too_many_ports: `port p[1..65]: pu client\n${main}`,
    too_many_registers: `func main() {\nlocal ${Array.from({ length: 257 }, (_, index) => `r${index}`).join(', ')}: i32\n}`,
    too_many_parameters: `${main}\nfunc f(${Array.from({ length: 33 }, (_, index) => `p${index}`).join(', ')}: i32) { }`,
    too_large: inMain(`jump_table 5${', a'.repeat(65_537)}\na:`),
    nothing_to_run: 'func f() { }',
    main_signature: 'func main() -> f64 { ret 1.5 }',
    operand_count: inMain('mov i'),
    operand_kind: inMain('mov i, [j]'),
    type_mismatch: inMain('mov i, x'),
    bad_address: inMain('load i, [i + j]\nload i, [i - 4]\nload i, [4 - i]\nload i, [i + 4294967296]\nload i, [i + 1.5]'),
    not_far: inMain('br_lt i, j, far(a)\na:'),
    unknown_label: inMain('jump nowhere'),
    bad_condition: inMain('if less i, j { }'),
    not_in_loop: inMain('break'),
    not_a_loop: inMain('if i { } while j'),
    missing_return: 'func main() -> i32 { }',
  };
  it.each(Object.entries(cases))('%s', (code, text) => {
    const found = diagnosticsOf(text);
    expect(new Set(found.map((diagnostic) => diagnostic.code))).toEqual(new Set([code]));
    for (const diagnostic of found) check(diagnostic, text);
  });

  it('has a text here', () => expect([...Object.keys(cases), 'too_many_errors'].sort()).toEqual(Object.keys(DIAGNOSTICS).sort()));

  it('is spelt as codes are', () => {
    for (const [code, meaning] of Object.entries(DIAGNOSTICS)) {
      expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect(meaning).toMatch(/^[a-z`].*[^.]$/);
    }
  });
});

describe('names that are near are offered', () => {
  const notes = (text: string): readonly string[] => diagnosticsOf(text)[0]?.notes ?? [];
  it.each([
    ['const LENGTH = 1\nconst A = LENGHT\nfunc main() { }', 'LENGTH'],
    ['func main() {\nlocal total: i32\nadd total, toatl, 1\n}', 'total'],
    ['func main() { call hepler() }\nfunc helper() { }', 'helper'],
    ['func main() { retn }', 'ret'],
    ['func main() {\nlocal i: i32\nmul_i23 i, i, i\n}', 'mul_i32'],
    ['func main() { trap divide_by_zro }', 'divide_by_zero'],
    ['func main() { jump dnoe\ndone: }', 'done'],
    ['func main() {\nouter: loop { break outr }\n}', 'outer'],
    ['fnuc main() { }', 'func'],
    ['memory 1 Mib', 'MiB'],
    ['port p: pu servr', 'server'],
    ['data d: i23 = 1\nfunc main() { }', 'i32'],
    ['func main() {\nlocal i: i32\nif lte_ i, 3 { }\n}', 'lte'],
  ])('%j', (text, name) => expect(notes(text)).toContain(`did you mean \`${name}\`?`));

  it('but not names of which nothing is left', () => expect(notes('func main() {\nlocal i: i32\nmov q, 1\n}')).toEqual([]));

  it('but not names that are not', () => expect(notes('const ALPHA = 1\nconst B = OMEGA\nfunc main() { }')).toEqual([]));

  it('and functions are not instructions', () =>
    expect(notes('func main() { helper 1 }\nfunc helper() { }')).toEqual(['functions are called by: call helper(...)']));

  it('nor are forms', () => expect(notes('func main() {\nlocal i: i32\nadd_i32_imm8 i, i, 1\n}')).toEqual(['write add_i32']));
});

describe('values of data in brackets', () => {
  it.each([
    ['data t: i32 [1,2,3]', 'data t: i32 = 1, 2, 3'],
    ['data t: i32 = [1,2,3]', 'data t: i32 = 1, 2, 3'],
    ['data t: i32 1', 'data t: i32 = 1, 2, 3'],
    ['data t = {1}', 'data t = 1, 2, 3'],
  ])('%s', (text, right) => expect(diagnosticsOf(`${text}\nfunc main() { }`)[0]?.notes).toEqual([`values stand after = without brackets: ${right}`]));

  it('are right as the note writes them', () => expect(diagnosticsOf('data t: i32 = 1, 2, 3\nfunc main() { }')).toEqual([]));
});

describe('what is written otherwise elsewhere', () => {
  const inMain = (body: string): string => `func main() {\nlocal i, n: i32, x: i64, f: f64\n${body}\n}`;
  it.each([
    ['return i', 'functions return by: ret a'],
    ['inc i', 'write add a, a, 1'],
    ['push i', "there is no stack to write to: registers are a function's own, and `local` declares more of them"],
    ['mov i, x', 'i32 is made of i64 by wrap'],
    ['mov x, i', 'i64 is made of i32 by extend, extendu'],
    ['tnc i, f', 'i32 is made of f64 by convert, convertu, bits32'],
    ['if i == n { }', 'a condition is one comparison, eq a, b, or one register; more of them are blocks inside one another'],
    ['if eq i, n or eq i, 2 { }', 'a condition is one comparison, eq a, b, or one register; more of them are blocks inside one another'],
    ['while lt i, n { }', '`while` stands on the line of the `}` before it, or after `loop`: loop while lt a, b { }'],
  ])('%s', (body, note) => expect(diagnosticsOf(inMain(body))[0]?.notes).toContain(note));

  it('a function table with a name', () =>
    expect(diagnosticsOf('table t: main\nfunc main() { }')).toMatchObject([
      { code: 'syntax', notes: ['there is one function table, without a name: table f, g'] },
    ]));

  it('a name that a file does not have, when none is near', () => {
    const names = (count: number): string => Array.from({ length: count }, (_, index) => `const LONG_NAME_${index} = 0\n`).join('');
    const notes = (other: string): readonly string[] | undefined =>
      assembleFiles({ 'main.pbs': 'use "./o.pbs"\nfunc main() { call o.f() }', 'o.pbs': other }).diagnostics[0]?.notes;
    expect(notes(names(2))).toEqual(['it has LONG_NAME_0, LONG_NAME_1']);
    expect(notes(names(13))?.[0]).toMatch(/^it has LONG_NAME_0, .*, LONG_NAME_11 and 1 more$/);
    expect(notes('')).toEqual([]);
  });
});

describe('what is used twice', () => {
  it('is told once: the condition of a loop', () => {
    expect(diagnosticsOf('func main() {\nlocal i, n: i32\nloop while lt i, n - 4 { }\n}')).toMatchObject([{ code: 'operand_kind', line: 3 }]);
  });
});

describe('main', () => {
  it.each([
    ['func main() -> f64 { ret 1.5 }', '`main` gives f64'],
    ['func main() -> i32, i32 { ret 1, 2 }', '`main` gives i32, i32'],
    ['func main(a: i32) { }', '`main` takes 1 parameter'],
    ['export func main(a, b: i32) -> i32 { ret a }', '`main` takes 2 parameters'],
  ])('%s is not what can be run', (text, message) => expect(diagnosticsOf(text)).toMatchObject([{ code: 'main_signature', message, line: 1 }]));

  it.each(['func main() { }', 'func main() -> i32 { ret 1 }', 'func main() -> i64 { ret 1 }', 'export "main" func f(a: f64) -> f64 { ret a }'])(
    '%s is',
    (text) => expect(diagnosticsOf(text)).toEqual([]),
  );

  it('of a file that is used is a function like others', () => {
    const files = { 'main.pbs': 'use "./other.pbs"\nfunc main() { }', 'other.pbs': 'keep func main(a: f64) -> f64 { ret a }' };
    expect(assembleFiles(files).diagnostics).toEqual([]);
  });
});

describe('constants that depend on one another', () => {
  const chain = (links: number, link: (next: string) => string): string =>
    `${Array.from({ length: links }, (_, index) => `const C${index} = ${link(`C${index + 1}`)}\n`).join('')}const C${links} = 0\nfunc main() { }`;
  it.each<[string, number, (next: string) => string]>([
    ['1000 names', 1000, (next) => next],
    ['500 names and 500 operators', 500, (next) => `${next} + 1`],
  ])('may be %s long, and no longer', (_, links, link) => {
    expect(diagnosticsOf(chain(links, link))).toEqual([]);
    expect(diagnosticsOf(chain(links + 1, link))).toMatchObject([{ code: 'constant_depth', message: expect.stringContaining('1000') }]);
    expect(DIAGNOSTICS.constant_depth).toContain('1000');
  });
});

describe('a name that is declared twice', () => {
  it('is told with its first place', () => {
    expect(diagnosticsOf('const A = 1\nfunc A() { }\nfunc main() { }')).toMatchObject([
      { code: 'duplicate_name', line: 2, column: 6, notes: ['first declared at main.pbs:1:7'] },
    ]);
    expect(diagnosticsOf('keep func f(a: i32) {\nlocal a: i32\n}')).toMatchObject([{ notes: ['first declared at main.pbs:1:13'] }]);
  });
});

describe('many errors', () => {
  it('are all reported, up to a limit, in order', () => {
    const lines = (count: number): string => `func main() {\n${'mov\n'.repeat(count)}}`;
    const found = diagnosticsOf(lines(1000));
    expect(found.map(({ line }) => line)).toEqual(Array.from({ length: 1000 }, (_, index) => index + 2));
    const most = diagnosticsOf(lines(ERRORS_MAX + 5));
    expect(most).toHaveLength(ERRORS_MAX + 1);
    expect(most.at(-1)).toMatchObject({ code: 'too_many_errors' });
  });
});

describe('formatDiagnostic', () => {
  const text = 'func main() {\n\tlocal size: i32\n\tadd size, szie, 1\n}';
  const [diagnostic] = diagnosticsOf(text) as [Diagnostic];

  it('shows the line, a caret under the span, and the notes', () => {
    expect(formatDiagnostic(diagnostic, text)).toBe(
      [
        'error[unknown_name]: nothing is called `szie`',
        ' --> main.pbs:3:12',
        '  |',
        '3 | \tadd size, szie, 1',
        '  | \t          ^^^^',
        '  = did you mean `size`?',
      ].join('\n'),
    );
  });

  it('goes without the text', () => {
    expect(formatDiagnostic(diagnostic)).toBe('error[unknown_name]: nothing is called `szie`\n --> main.pbs:3:12\n  = did you mean `size`?');
  });

  it('has colour only where it is asked for', () => {
    const esc = String.fromCharCode(27);
    expect(formatDiagnostic(diagnostic, text, { color: true })).toContain(`${esc}[31merror[unknown_name]${esc}[0m`);
    expect(formatDiagnostic(diagnostic, text)).not.toContain(esc);
  });

  it('lets nothing from the text reach the terminal but text', () => {
    const wild = `func main() {\n  mov \u001b[31m\u0000\u202e\ud800 x, 1 ${'x'.repeat(1000)}\r}`;
    for (const found of diagnosticsOf(wild)) {
      const shown = formatDiagnostic(found, wild);
      expect(Array.from(shown).filter((unit) => unit !== '\n' && /[\p{Cc}\p{Cf}\p{Cs}]/u.test(unit))).toEqual([]);
      for (const line of shown.split('\n')) expect(line.length).toBeLessThan(300);
    }
  });

  it('shows the part of a long line that matters', () => {
    const long = `func main() {\n${' '.repeat(100_000)}mov${' '.repeat(100_000)}; end\n}`;
    const lines = formatDiagnostic(diagnosticsOf(long)[0] as Diagnostic, long).split('\n');
    const at = (lines[4] as string).indexOf('^');
    expect((lines[3] as string).slice(at, at + 3)).toBe('mov');
    expect(lines[3]).toMatch(/^2 \| \.\.\. .* \.\.\.$/);
    expect((lines[3] as string).length).toBeLessThan(180);
  });

  it('shows a line whole that just fits', () => {
    const line = `  mov ; ${'x'.repeat(152)}`;
    expect(line).toHaveLength(160);
    const shown = (text: string): string => formatDiagnostic(diagnosticsOf(text)[0] as Diagnostic, text).split('\n')[3] as string;
    expect(shown(`func main() {\n${line}\n}`)).toBe(`2 | ${line}`);
    expect(shown(`func main() {\n${line}y\n}`)).toBe(`2 | ${line}...`);
  });

  it('shortens what is long in a message in its middle', () => {
    const x = 'x'.repeat(50_000);
    const middle = `${'x'.repeat(37)}...${'x'.repeat(37)}`;
    const messages = (text: string): string[] => diagnosticsOf(text).map(({ message }) => message);
    expect(messages(`func main() { mov a${x}b, 1 }`)).toEqual([`nothing is called \`a${middle.slice(1, -1)}b\``]);
    expect(messages(`func a${x}b() -> i32 { }\nfunc main() { }`)).toEqual([`the end of \`a${middle.slice(1, -1)}b\` can be reached without a return`]);
    expect(messages(`use "./${x}.pbs"\nfunc main() { }`)[0]?.length).toBeLessThan(100);
    const spaced = 'x '.repeat(50_000);
    expect(messages(`export "${spaced}" data a = 1\nexport "${spaced}" data b = 2\nfunc main() { }`)[0]?.length).toBeLessThan(150);
    for (const text of [`func main() { mov ${x}, 1 }`, `${x} = 5`, `func main() { ${x} }`, `const A = ${'9'.repeat(50_000)}`, `port "${x}" p: pu client`]) {
      for (const found of diagnosticsOf(text)) expect(formatDiagnostic(found, text).length).toBeLessThan(1000);
    }
  });

  /** The line and its caret, as a terminal shows them: tabs to the next multiple of 8, wide characters on two columns. */
  const columns = (line: string): string[] => {
    const found: string[] = [];
    for (const character of line.slice('2 | '.length)) {
      if (character === '\t')
        do found.push(' ');
        while (found.length % 8 !== 0);
      else if (character === '\u0301') continue;
      else found.push(character, ...(/[漢字😀ｗ]/u.test(character) ? ['_'] : []));
    }
    return found;
  };
  it.each([
    ['plain', '  mov i, nothing'],
    ['behind tabs', '\tmov\ti,\tnothing'],
    ['behind a string of wide characters', '  mov 漢字, 😀, ｗ, nothing'],
    ['behind a character that stands on another', '  mov e\u0301, nothing'],
    ['behind what is escaped', '  mov \u202e\u0000\u2066, nothing'],
    ['behind a half of a character', '  mov \ud800, nothing'],
  ])('has its caret below what is wrong: %s', (_, line) => {
    const source = `${line};`;
    const start = source.indexOf('nothing');
    const wrong: Diagnostic = { ...diagnostic, start, end: start + 7, line: 1, column: start + 1, length: 7 };
    const lines = formatDiagnostic(wrong, source).split('\n');
    const carets = columns(lines[4] as string);
    const shown = columns(lines[3] as string);
    expect(shown.filter((__, column) => carets[column] === '^').join('')).toBe('nothing');
  });

  it('has carets as wide as what is wrong', () => {
    const source = '漢字\u202e';
    const wrong: Diagnostic = { ...diagnostic, start: 0, end: 3, line: 1, column: 1, length: 3 };
    expect(formatDiagnostic(wrong, source).split('\n').slice(3, 5)).toEqual(['1 | 漢字\\u{202e}', `  | ${'^'.repeat(12)}`]);
  });

  it('writes out what would do something to a terminal, in lines, messages and paths', () => {
    const wild = 'use "./\\u{202e}\\u{1b}[2J.pbs"\nfunc main() { mov i, \u0007 }';
    const [first, , second] = diagnosticsOf(wild) as [Diagnostic, Diagnostic, Diagnostic];
    expect(first.message).toBe('cannot read \\u{202e}\\u{1b}[2J.pbs');
    expect(second.message).toBe('unexpected `\\u{7}`');
    expect(formatDiagnostic({ ...second, path: 'a\u001bb' }, wild)).toContain('--> a\\u{1b}b:2:22');
    expect(formatDiagnostic(second, wild)).toContain('2 | func main() { mov i, \\u{7} }');
  });
});
