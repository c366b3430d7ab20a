/** `pbs asm`, `dis`, `check`, the help texts, and wrong usage. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Folder, TOOL } from './pbs.js';

const WRONG = 'func main() {\n  mov m, 1\n}\n';
const folder = new Folder({
  'seven.pbs': 'func main() -> i32 {\n  ret 7\n}\n',
  'wrong.pbs': WRONG,
  'ports.pbs': 'port terminal: pu client\nexport data greeting = "hi"\nfunc main() {\n  local mask: i64\n  mov mask, 0\n  poll mask, mask\n}\n',
});
afterAll(() => folder.remove());
const MAGIC = 'PBX\0';

describe('pbs asm', () => {
  it('writes FILE with .pbx beside FILE', () => {
    expect(folder.shell('mkdir -p sub && cp seven.pbs sub/ && pbs asm sub/seven.pbs && ls sub')).toEqual({
      status: 0,
      stdout: 'seven.pbs\nseven.pbx\n',
      stderr: '',
    });
    expect(folder.pbs(['run', 'sub/seven.pbx']).status).toBe(7);
  });
  it('writes where it is told, the same bytes every time', () => {
    folder.pbs(['asm', 'seven.pbs', '-o', 'one.pbx']);
    const { stdout } = folder.pbs(['asm', 'seven.pbs', '-o', '-']);
    expect(stdout.startsWith(MAGIC)).toBe(true);
    expect(folder.read('one.pbx').toString('latin1')).toBe(stdout);
  });
  it('reads standard input and writes standard output', () => {
    expect(folder.pbs(['asm', '-'], 'func main() {\n}\n').stdout.startsWith(MAGIC)).toBe(true);
  });
  it('writes a listing, a symbol map, and a binary without names', () => {
    expect(folder.pbs(['asm', 'ports.pbs', '--listing', 'list.txt', '--symbols', 'symbols.json', '-o', 'whole.pbx'])).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    });
    expect(folder.read('list.txt').toString()).toMatch(/poll mask, mask/);
    expect(JSON.stringify(folder.json('symbols.json'))).toMatch(/greeting/);
    folder.pbs(['asm', '--strip', 'ports.pbs', '-o', 'small.pbx']);
    expect(folder.read('small.pbx').length).toBeLessThan(folder.read('whole.pbx').length);
    expect(folder.read('small.pbx').includes('ports.pbs')).toBe(false);
    expect(folder.pbs(['asm', 'ports.pbs', '--listing', '-', '-o', 'whole.pbx']).stdout).toBe(folder.read('list.txt').toString('latin1'));
  });
  it('tells a mistake and writes nothing', () => {
    expect(folder.pbs(['asm', 'wrong.pbs'])).toMatchObject({ status: 65, stdout: '', stderr: expect.stringContaining('wrong.pbs:2:7') });
    expect(() => folder.read('wrong.pbx')).toThrow('ENOENT');
  });
  it('speaks JSON', () => {
    const good = JSON.parse(folder.pbs(['asm', '--json', 'ports.pbs']).stdout);
    expect(good).toMatchObject({
      file: 'ports.pbs',
      ok: true,
      output: 'ports.pbx',
      diagnostics: [],
      program: { functions: 1, ports: [{ name: 'terminal', protocol: 'pu', side: 'client' }] },
    });
    const { status, stdout, stderr } = folder.pbs(['asm', '--json', 'wrong.pbs']);
    expect([status, stderr]).toEqual([65, '']);
    expect(JSON.parse(stdout)).toMatchObject({
      file: 'wrong.pbs',
      ok: false,
      diagnostics: [{ code: 'unknown_name', severity: 'error', path: 'wrong.pbs', line: 2, column: 7 }],
      program: null,
    });
  });
  it('spares the source, and refuses what is assembled already', () => {
    const refused = (...values: string[]): void =>
      expect(folder.pbs(values)).toMatchObject({
        status: 2,
        stderr: expect.stringMatching(/^pbs: \S+ \S+ would overwrite (seven\.pbs, which is read|what -o writes)\n$/),
      });
    refused('asm', 'seven.pbs', '-o', './seven.pbs');
    refused('asm', 'seven.pbs', '--listing', 'seven.pbs');
    refused('asm', 'seven.pbs', '-o', 'x', '--symbols', 'x');
    refused('run', '--report', 'seven.pbs', 'seven.pbs');
    expect(folder.pbs(['asm', 'one.pbx'])).toMatchObject({ status: 2, stderr: expect.stringContaining('one.pbx is assembled already') });
  });
  it('spares the files that the source uses', () => {
    folder.write('used.pbs', 'func seven() -> i32 {\n  ret 7\n}\n');
    folder.write('uses.pbs', 'use "./used.pbs"\nfunc main() -> i32 {\n  local a: i32\n  call used.seven() -> a\n  ret a\n}\n');
    const text = folder.read('used.pbs').toString();
    for (const values of [
      ['asm', 'uses.pbs', '-o', 'used.pbs'],
      ['asm', 'uses.pbs', '--listing', './used.pbs'],
      ['asm', 'uses.pbs', '--symbols', `${folder.path}/used.pbs`],
      ['run', '--report', 'used.pbs', 'uses.pbs'],
    ]) {
      const { status, stderr } = folder.pbs(values);
      expect([status, stderr]).toEqual([2, expect.stringMatching(/^pbs: \S+ \S+ would overwrite used\.pbs, which is read\n$/)]);
    }
    expect(folder.read('used.pbs').toString()).toBe(text);
    expect(() => folder.read('uses.pbx')).toThrow('ENOENT');
  });
  it('writes one thing to standard output', () => {
    for (const [one, other, ...values] of [
      ['-o', '--listing', '-o', '-', '--listing', '-'],
      ['--listing', '--symbols', '--listing', '-', '--symbols', '-'],
    ]) {
      expect(folder.pbs(['asm', 'seven.pbs', ...values])).toEqual({
        status: 2,
        stdout: '',
        stderr: `pbs: ${one} and ${other} cannot both go to standard output\nhelp: send one of them to a file: ${one} FILE\n`,
      });
    }
  });
  it('cannot write into a folder that is not there', () => {
    expect(folder.pbs(['asm', 'seven.pbs', '-o', 'no/seven.pbx'])).toEqual({
      status: 66,
      stdout: '',
      stderr: 'pbs: cannot write no/seven.pbx: there is no such file\n',
    });
  });
});

describe('pbs dis', () => {
  it('prints source that assembles to the same code', () => {
    folder.pbs(['asm', '--strip', 'ports.pbs', '-o', 'first.pbx']);
    expect(folder.shell('pbs dis first.pbx > again.pbs && pbs asm --strip again.pbs -o second.pbx')).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(folder.read('second.pbx').equals(folder.read('first.pbx'))).toBe(true);
  });
  it('takes source too, and standard input', () => {
    const text = folder.pbs(['dis', 'seven.pbs']).stdout;
    expect(text).toMatch(/ret/);
    expect(folder.shell('pbs asm seven.pbs -o - | pbs dis -').stdout).toBe(text);
  });
  it('refuses what is damaged', () => {
    folder.write('damaged.pbx', `${MAGIC}\u0001\0\0\0\u0063`);
    expect(folder.pbs(['dis', 'damaged.pbx'])).toMatchObject({ status: 65, stdout: '', stderr: expect.stringMatching(/^pbs: damaged\.pbx: /) });
  });
});

describe('pbs check', () => {
  it('says what a good program consists of', () => {
    expect(folder.pbs(['check', 'ports.pbs'])).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^ports\.pbs is good: 1 function, \d+ bytes of code, 2 bytes of data, 64 KiB of memory, ports terminal \(pu client\)\n$/),
      stderr: '',
    });
    expect(folder.pbs(['check', 'first.pbx'])).toMatchObject({ status: 0, stdout: expect.stringMatching(/^first\.pbx is good: /) });
    expect(folder.pbs(['check', '-'], 'func main() {\n}\n')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^standard input is good: .*, no ports\n$/),
    });
  });
  it('tells mistakes', () => {
    expect(folder.pbs(['check', 'wrong.pbs'])).toMatchObject({
      status: 65,
      stdout: '',
      stderr: expect.stringMatching(/wrong\.pbs:2:7[\s\S]*\npbs: 1 error\n$/),
    });
  });
  it('speaks JSON', () => {
    expect(JSON.parse(folder.pbs(['check', '--json', 'ports.pbs']).stdout)).toMatchObject({
      file: 'ports.pbs',
      ok: true,
      rejection: null,
      program: { dataBytes: 2 },
    });
    const wrong = folder.pbs(['check', '--json', 'wrong.pbs']);
    expect([wrong.status, JSON.parse(wrong.stdout)]).toEqual([65, expect.objectContaining({ ok: false, diagnostics: [expect.objectContaining({ line: 2 })] })]);
    const damaged = folder.pbs(['check', '--json', 'damaged.pbx']);
    expect([damaged.status, JSON.parse(damaged.stdout)]).toEqual([
      65,
      expect.objectContaining({ ok: false, rejection: expect.objectContaining({ rule: expect.any(String) }) }),
    ]);
  });
});

describe('--json', () => {
  it('prints one document whatever happens, with the same status', () => {
    folder.write('garbage.bin', Uint8Array.of(255, 254, 253));
    const cases: [status: number, values: string[], message: string][] = [
      [66, ['check', 'missing.pbs'], 'cannot read missing.pbs: there is no such file'],
      [66, ['check', '.'], 'cannot read .: it is a directory'],
      [65, ['check', 'garbage.bin'], 'garbage.bin is neither a .pbx binary, which begins with "PBX" and a zero byte, nor source text in UTF-8'],
      [66, ['asm', 'missing.pbs'], 'cannot read missing.pbs: there is no such file'],
      [66, ['asm', 'seven.pbs', '-o', 'no/seven.pbx'], 'cannot write no/seven.pbx: there is no such file'],
      [2, ['asm', 'seven.pbs', '-o', '-'], '-o and --json cannot both go to standard output'],
      [2, ['asm', 'seven.pbs', '--listing', '-'], '--listing and --json cannot both go to standard output'],
      [2, ['asm', 'one.pbx'], 'one.pbx is assembled already'],
      [2, ['check', 'seven.pbs', 'more.pbs'], "too many arguments for 'check'. Expected 1 argument but got 2."],
      [2, ['check', '--jsn', 'seven.pbs'], "unknown option '--jsn'\n(Did you mean --json?)"],
    ];
    for (const [status, [command, ...values], message] of cases) {
      const found = folder.pbs([command as string, '--json', ...values]);
      expect([values, found.status, JSON.parse(found.stdout)]).toEqual([
        values,
        status,
        {
          file: status === 2 && command === 'check' ? null : values[0],
          ok: false,
          diagnostics: [],
          rejection: null,
          error: expect.objectContaining({ message }),
          program: null,
        },
      ]);
    }
  });
});

describe('help and usage', () => {
  const { version } = JSON.parse(readFileSync(path.resolve(TOOL, '../../package.json'), 'utf8')) as { version: string };
  it('prints the version', () => expect(folder.pbs(['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' }));

  it.each([[[]], [['run']], [['asm']], [['dis']], [['check']]])('%j has help with examples', (command) => {
    const { status, stdout, stderr } = folder.pbs([...command, '--help']);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(new RegExp(`^Usage: pbs ${command.join(' ')}`));
    expect(stdout).toMatch(/\nExamples:\n {2}pbs /);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    if (command.length > 0) expect(folder.pbs(['help', ...command]).stdout).toBe(stdout);
  });

  it.each([
    [[], /^Usage: pbs/],
    [['rum', 'x'], /^error: unknown command 'rum'\n\(Did you mean run\?\)/],
    [['run', '--feul', '7', 'seven.pbs'], /^error: unknown option '--feul'\n\(Did you mean --fuel\?\)/],
    [['run'], /^error: missing required argument 'FILE'/],
    [['run', '--fuel'], /^error: option '--fuel <count>' argument missing/],
    [['check', 'a', 'b'], /^error: too many arguments/],
    [['seven.pbs'], /^error: unknown command 'seven.pbs'/],
  ])('%j is wrong usage', (values, message) => {
    const { status, stdout, stderr } = folder.pbs(values);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});

describe('colour', () => {
  const onTerminal = (line: string): string =>
    spawnSync('script', ['-qec', `'${process.execPath}' '${TOOL}' ${line}`, '/dev/null'], {
      cwd: folder.path,
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: undefined, TERM: 'xterm' },
    }).stdout;
  it('is there on a terminal only, and not with NO_COLOR', () => {
    expect(onTerminal('check wrong.pbs')).toContain('\u001b[31m');
    expect(onTerminal('check wrong.pbs 2>&1 | cat')).not.toContain('\u001b');
    expect(folder.shell('NO_COLOR=1 script -qec "pbs check wrong.pbs" /dev/null').stdout).not.toContain('\u001b');
  });
});
