/** `pbs run`: what a program gets, how it ends, and what is said about it. */
import { spawn } from 'node:child_process';
import { closeSync, ftruncateSync, openSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Folder, TOOL } from './pbs.js';

const folder = new Folder({
  'seven.pbs': 'func main() -> i32 {\n  ret 7\n}\n',
  'nothing.pbs': 'func main() {\n}\n',
  'negative.pbs': 'func main() -> i32 {\n  ret -2\n}\n',
  'large.pbs': 'func main() -> i64 {\n  ret 0x1_0000_0000_0103\n}\n',
  'divide.pbs':
    'func main() -> i32 {\n  local a: i32\n  call divide(7, 0) -> a\n  ret a\n}\n\nfunc divide(a: i32, b: i32) -> i32 {\n  div a, a, b\n  ret a\n}\n',
  'hoard.pbs': 'port terminal: pu client { depth 1024, message 1 MiB }\nfunc main() {\n}\n',
  'endless.pbs': 'func main() {\n  loop {\n  }\n}\n',
  'deep.pbs': 'func main() {\n  call down()\n}\nfunc down() {\n  call down()\n}\n',
  'far.pbs': 'memory 1 MiB .. 4 MiB\nfunc main() -> i32 {\n  local a: i32\n  load8u a, [0x1fffff]\n  ret a\n}\n',
  'echo.pbs': [
    'use "io"',
    'port terminal: pu client',
    'export data arguments: [64]',
    'func main() -> i32 {',
    '  local status: i32',
    '  call io.put(terminal, arguments, len(arguments)) -> status',
    '  ret status',
    '}',
  ].join('\n'),
  'copy.pbs': [
    'use "io"',
    'port terminal: pu client',
    'data buffer: [64 KiB]',
    'func main() -> i32 {',
    '  local n, status: i32',
    '  loop {',
    '    call io.get(terminal, buffer, len(buffer)) -> n, status',
    '    if eq n, 0 { ret 0 }',
    '    call io.put(terminal, buffer, n) -> status',
    '  }',
    '}',
  ].join('\n'),
  'yes.pbs': 'use "io"\nport terminal: pu client\ndata y = "y\\n"\nfunc main() {\n  loop {\n    call io.put(terminal, y, 2) -> _\n  }\n}\n',
  'deadlock.pbs': 'port terminal: pu client\nfunc main() {\n  local mask: i64\n  mov mask, 1\n  wait mask, mask\n}\n',
});
afterAll(() => folder.remove());

const STACK = /\n\s+at |node:internal/;

describe('what main returns is the exit status', () => {
  it.each([
    ['seven.pbs', 7],
    ['nothing.pbs', 0],
    ['negative.pbs', 254],
    ['large.pbs', 3],
  ])('%s: %d', (file, status) => expect(folder.pbs(['run', file])).toEqual({ status, stdout: '', stderr: '' }));
});

describe('arguments', () => {
  const bytes = (...parts: readonly (string | number)[]): string =>
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part]))))
      .toString('latin1')
      .padEnd(64, '\0');

  it('lie in the buffer: a count, then UTF-8 with a zero byte each', () => {
    expect(folder.pbs(['run', 'echo.pbs', 'one', '', 'zwölf ☃', '--fuel'])).toEqual({
      status: 0,
      stdout: bytes(4, 0, 0, 0, 'one', 0, 0, 'zwölf ☃', 0, '--fuel', 0),
      stderr: '',
    });
    expect(folder.pbs(['run', 'echo.pbs']).stdout).toBe(bytes(0));
  });

  it('that do not fit: how large the buffer must be', () => {
    expect(folder.pbs(['run', 'echo.pbs', 'x'.repeat(60)])).toEqual({
      status: 2,
      stdout: '',
      stderr: 'pbs: the program has 64 bytes for its arguments, and these need 65\nhelp: declare `export data arguments: [65]` or more\n',
    });
    expect(folder.pbs(['run', 'echo.pbs', 'x'.repeat(59)]).status).toBe(0);
  });

  it('for a program that takes none', () => {
    expect(folder.pbs(['run', 'seven.pbs', '--fuel', '9'])).toEqual({
      status: 2,
      stdout: '',
      stderr:
        'pbs: the program takes no arguments, but 2 arguments were given: --fuel 9\nhelp: declare `export data arguments: [4096]` in the program, or leave them out; options of pbs come before FILE\n',
    });
  });
});

const STATUS_OF_READ = [
  'use "io"',
  'port terminal: pu client',
  'data buffer: [64]',
  'func main() -> i32 {',
  '  local status: i32',
  '  call io.get(terminal, buffer, len(buffer)) -> _, status',
  '  ret status',
  '}',
].join('\n');
const CARELESS = 'use "io"\nport terminal: pu client\ndata y = "y"\nfunc main() {\n  call io.put(terminal, y, 1) -> _\n  call io.put(terminal, y, 1) -> _\n}\n';
/** Returns before its write has ended. */
const SENDS =
  'use "port"\nport terminal: pu client\ndata y = "y"\nfunc main() {\n  call port.send(terminal, port.MESSAGE, 1, y, 1, 0, 0, 0) -> _\n  bell terminal.number\n}\n';

describe('standard streams', () => {
  it('go through a program unchanged', () => {
    const input = Buffer.from(Uint8Array.from({ length: 3_000_000 }, (_, index) => (index * 131) ^ (index >> 8)));
    const { status, stdout, stderr } = folder.pbs(['run', 'copy.pbs'], input);
    expect([status, stderr, Buffer.from(stdout, 'latin1').equals(input)]).toEqual([0, '', true]);
    expect(folder.pbs(['run', 'copy.pbs'], '')).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('the program itself on standard input', () => {
    expect(folder.pbs(['run', '-'], 'func main() -> i32 {\n  ret 5\n}\n').status).toBe(5);
    expect(folder.shell('pbs asm seven.pbs -o - | pbs run -').status).toBe(7);
  });

  it('a reader that goes away ends the run quietly', () => {
    expect(folder.shell('pbs run yes.pbs | head -n 1; echo $PIPESTATUS')).toEqual({ status: 0, stdout: 'y\n141\n', stderr: '' });
    expect(folder.shell('pbs --help | head -n 0; pbs check seven.pbs | head -n 0')).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('a directory is an error for the program, and of the file', () => {
    const message = 'pbs: cannot read standard input: it is a directory\n';
    // `io.get` gives the status of the port, device_failed = 6; copy.pbs looks at the count only.
    folder.write('status.pbs', STATUS_OF_READ);
    expect(folder.shell('pbs run status.pbs < .')).toEqual({ status: 6, stdout: '', stderr: message });
    expect(folder.shell('pbs run copy.pbs < .')).toEqual({ status: 66, stdout: '', stderr: message });
    expect(folder.shell('pbs check - < .')).toEqual({ status: 66, stdout: '', stderr: message });
    expect(folder.shell('pbs run status.pbs < seven.pbs').status).toBe(0);
    expect(folder.shell('pbs run status.pbs < /dev/null').status).toBe(1);
    expect(folder.shell('pbs run status.pbs <&-').status).toBe(1);
  });
  it('a full device is an error for the program; if it does not say so, the tool does', () => {
    const message = 'pbs: cannot write standard output: no space left on the device\n';
    expect(folder.shell('pbs run echo.pbs > /dev/full')).toEqual({ status: 6, stdout: '', stderr: message });
    folder.write('careless.pbs', CARELESS);
    expect(folder.shell('pbs run --report careless.json careless.pbs > /dev/full')).toEqual({ status: 66, stdout: '', stderr: message });
    expect(folder.json('careless.json')).toMatchObject({ outcome: 'returned', exitStatus: 66 });
    folder.write('sends.pbs', SENDS);
    expect(folder.shell('pbs run sends.pbs > /dev/full')).toEqual({ status: 66, stdout: '', stderr: message });
    expect(folder.pbs(['run', 'sends.pbs'])).toEqual({ status: 0, stdout: 'y', stderr: '' });
  });
  it('a full device is an error of that file', () => {
    expect(folder.shell('pbs dis seven.pbs > /dev/full')).toEqual({
      status: 66,
      stdout: '',
      stderr: 'pbs: cannot write standard output: no space left on the device\n',
    });
  });

  it('Ctrl-C ends a program that never would', async () => {
    const child = spawn(process.execPath, [TOOL, 'run', 'endless.pbs'], { cwd: folder.path });
    setTimeout(() => child.kill('SIGINT'), 1500);
    expect(await new Promise((resolve) => child.on('exit', (status, signal) => resolve(status ?? signal)))).toBe('SIGINT');
  });
});

describe('a trap', () => {
  it('tells kind, place, line and callers', () => {
    expect(folder.pbs(['run', 'divide.pbs'])).toEqual({
      status: 70,
      stdout: '',
      stderr: [
        'trap divide_by_zero: integer division or remainder by zero',
        '  in divide at divide.pbs:8:3',
        '  8 |   div a, a, b',
        '    |   ^',
        '  called by main at divide.pbs:3:3',
        '',
      ].join('\n'),
    });
  });

  it('has no line where the binary or the source has none', () => {
    folder.pbs(['asm', '--strip', 'divide.pbs', '-o', 'stripped.pbx']);
    expect(folder.pbs(['run', 'stripped.pbx']).stderr).toMatch(
      /^trap divide_by_zero: .*\n {2}in function \d+, word \d+\n {2}called by function \d+, word \d+\n$/,
    );
    folder.shell('mkdir -p moved && cd moved && cp ../divide.pbs . && pbs asm divide.pbs && rm divide.pbs');
    expect(
      folder.shell('cd moved && mv divide.pbx .. && cd .. && mv divide.pbs kept && pbs run divide.pbx; status=$?; mv kept divide.pbs; exit $status'),
    ).toEqual({
      status: 70,
      stdout: '',
      stderr: 'trap divide_by_zero: integer division or remainder by zero\n  in divide at divide.pbs:8:3\n  called by main at divide.pbs:3:3\n',
    });
  });

  it('of frames names the option, which helps', () => {
    const { status, stderr } = folder.pbs(['run', '--frames', '64KiB', 'deep.pbs']);
    expect([status, stderr.split('\n').filter((line) => !line.startsWith('  called by'))]).toEqual([
      70,
      [
        'trap frame_overflow: a call whose frame would exceed the frame limit',
        '  in down at deep.pbs:5:3',
        '  5 |   call down()',
        '    |   ^',
        expect.stringMatching(/^ {2}and \d+ more$/),
        'help: frames may take 64 KiB; --frames SIZE allows more, if the recursion ends at all',
        '',
      ],
    ]);
  });

  it('of memory names the option where the program allows more, and it helps', () => {
    expect(folder.pbs(['run', 'far.pbs'])).toMatchObject({
      status: 70,
      stderr: expect.stringContaining('help: the memory has 1 MiB; --memory SIZE gives it more, up to 4 MiB\n'),
    });
    expect(folder.pbs(['run', '--memory', '2MiB', 'far.pbs'])).toEqual({ status: 0, stdout: '', stderr: '' });
  });
});

describe('limits', () => {
  it('out of fuel', () => {
    expect(folder.pbs(['run', '--fuel', '1000', 'endless.pbs'])).toEqual({
      status: 75,
      stdout: '',
      stderr: 'out of fuel after 1000 units\nhelp: --fuel COUNT allows more\n',
    });
    expect(folder.pbs(['run', '--fuel', '1', 'endless.pbs']).stderr).toMatch(/^out of fuel after 1 unit\n/);
    expect(folder.pbs(['run', '--fuel', '3_000_000', 'endless.pbs'])).toMatchObject({
      status: 75,
      stderr: expect.stringMatching(/^out of fuel after 3000000 units\n/),
    });
    expect(folder.pbs(['run', '--fuel', '1', 'seven.pbs']).status).toBe(7);
    expect(folder.pbs(['run', '--fuel', '0', 'seven.pbs']).status).toBe(75);
  });

  it.each([
    ['64KiB', 'far.pbs', '--memory 64 KiB is outside what the program allows\nhelp: it takes 1 MiB to 4 MiB'],
    ['5MiB', 'far.pbs', '--memory 5 MiB is outside what the program allows\nhelp: it takes 1 MiB to 4 MiB'],
  ])('--memory %s for %s', (size, file, message) => {
    expect(folder.pbs(['run', '--memory', size, file])).toEqual({ status: 2, stdout: '', stderr: `pbs: ${message}\n` });
  });

  it('--frames beyond what there can be', () => {
    expect(folder.pbs(['run', '--frames', '1GiB', 'seven.pbs'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--frames 1 GiB is more than a processing unit can have'),
    });
  });

  it.each([
    ['--fuel', '-1', 'a whole number from 0'],
    ['--fuel', '1.5', 'a whole number from 0'],
    ['--fuel', '99999999999999999999', 'a whole number from 0'],
    ['--memory', '64 quarts', 'a size such as 65536, 64KiB or 16MiB'],
    ['--frames', '', 'a size such as 65536, 64KiB or 16MiB'],
    ['--disk', 'no-path', 'NAME=PATH or NAME=PATH:ENTRIES:SIZE'],
    ['--disk', 'a=b:0:512', 'NAME=PATH or NAME=PATH:ENTRIES:SIZE'],
  ])('%s %s', (option, value, wanted) => {
    const { status, stderr } = folder.pbs(['run', option, value, 'seven.pbs']);
    expect([status, stderr]).toEqual([2, expect.stringContaining(`argument '${value}' is invalid. It must be ${wanted}.`)]);
    expect(stderr).not.toMatch(STACK);
  });
});

describe('a program that could make its host hold more than is safe', () => {
  it('is refused with what would help', () => {
    const { status, stdout, stderr } = folder.pbs(['run', 'hoard.pbs']);
    expect([status, stdout]).toEqual([65, '']);
    expect(stderr).toMatch(/^pbs: .*the program cannot be run: messages in flight may hold 1073741824 bytes.*lower depth or messageBytes/);
    expect(stderr).toMatch(/\nhelp: declare a smaller depth or message of its client ports\n$/);
    expect(stderr).not.toMatch(/\n {4}at /);
  });
  it('is told what this computer cannot give', () => {
    folder.write('huge.pbs', 'memory 4 GiB - 64 KiB\nfunc main() {\n}\n');
    folder.write('wide.pbs', 'memory 1 MiB .. 65535 pages\nfunc main() {\n}\n');
    const message = 'pbs: this computer cannot give the program 4194240 KiB of memory\n';
    expect(folder.shell('ulimit -v 4000000 && pbs run huge.pbs')).toEqual({ status: 2, stdout: '', stderr: message });
    expect(folder.shell('ulimit -v 4000000 && pbs run --memory 65535pages wide.pbs')).toEqual({
      status: 2,
      stdout: '',
      stderr: `${message}help: a smaller --memory may do\n`,
    });
  });
});

describe('a program that waits for what can never come', () => {
  it('is told that it broke a rule of a port', () => {
    // Two reads with one tag, and then a wait for an answer.
    folder.write(
      'faulty.pbs',
      [
        'use "port"',
        'port terminal: pu client',
        'data buffer: [64]',
        'func main() {',
        '  local mask: i64',
        '  call port.send(terminal, port.MESSAGE, 7, 0, 0, buffer, 64, 0) -> _',
        '  call port.send(terminal, port.MESSAGE, 7, 0, 0, buffer, 64, 0) -> _',
        '  bell terminal.number',
        '  loop {',
        '    mov mask, 1',
        '    wait mask, mask',
        '  }',
        '}',
      ].join('\n'),
    );
    const { status, stderr } = folder.pbs(['run', '--report', 'report.json', 'faulty.pbs']);
    expect([status, stderr.split('\n').at(-2)]).toEqual([
      70,
      'help: terminal broke a rule and moves nothing any more: bad_tag, a tag of a request that is still under way',
    ]);
    expect(folder.json('report.json')).toMatchObject({ waitingFor: ['terminal'], faults: [{ port: 'terminal', rule: 'bad_tag' }] });
  });
  it('is told so', () => {
    expect(folder.pbs(['run', 'deadlock.pbs'])).toEqual({
      status: 70,
      stdout: '',
      stderr: [
        'deadlock: the program waits for terminal, where nothing is under way and nothing can come',
        '  in main at deadlock.pbs:5:3',
        '  5 |   wait mask, mask',
        '    |   ^',
        'help: send a request before waiting for its answer',
        '',
      ].join('\n'),
    });
  });
});

describe('ports', () => {
  const program = (declaration: string): string => {
    folder.write('port.pbs', `${declaration}\nfunc main() {\n  local mask: i64\n  mov mask, 0\n  poll mask, mask\n}\n`);
    return 'port.pbs';
  };
  it.each([
    ['port screen1: screen client', 'port screen1 (screen client) is connected to nothing', 'new Machine(program, { ports: { screen1: device } })'],
    ['port server: pu client', 'port server (pu client) is connected to nothing', 'call the port `terminal`'],
    ['port clients: pu server', 'port clients (pu server) is connected to nothing', 'a server needs clients'],
    ['port disk1: disk client', 'port disk1 (disk client) is connected to nothing', '--disk disk1=PATH'],
  ])('%s', (declaration, message, remedy) => {
    const { status, stdout, stderr } = folder.pbs(['run', program(declaration)]);
    expect([status, stdout, stderr]).toEqual([2, '', expect.stringContaining(`pbs: ${message}\nhelp: `)]);
    expect(stderr).toContain(remedy);
  });

  it('terminal and clock need no option', () => {
    expect(folder.pbs(['run', program('port terminal: pu client\nport time: clock client')])).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('a disk that the program does not have', () => {
    expect(folder.pbs(['run', '--disk', 'disk2=x.img', program('port disk1: disk client')])).toEqual({
      status: 2,
      stdout: '',
      stderr: 'pbs: --disk names disk2, which is no disk client of the program\nhelp: its disk clients: disk1\n',
    });
  });

  it('one disk for each port', () => {
    const file = program('port disk1: disk client');
    expect(folder.pbs(['run', '--disk', 'disk1=one.img:8:512', '--disk', 'disk1=two.img:8:512', file])).toEqual({
      status: 2,
      stdout: '',
      stderr: 'pbs: --disk names disk1 twice: one.img and two.img\nhelp: a port has one disk\n',
    });
    expect(() => folder.read('one.img')).toThrow('ENOENT');
  });

  it('a disk file that is not there, with and without a size', () => {
    const { status, stderr } = folder.pbs(['run', '--disk', 'disk1=new.img', program('port disk1: disk client')]);
    expect([status, stderr]).toEqual([66, expect.stringMatching(/^pbs: cannot use new\.img as a disk: there is no such file/)]);
    expect(folder.pbs(['run', '--disk', 'disk1=new.img:8:512', 'port.pbs'])).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(folder.read('new.img')).toHaveLength(4096);
    expect(folder.pbs(['run', '--disk', `disk1=${folder.path}`, 'port.pbs']).status).toBe(66);
  });
});

describe('--report', () => {
  const report = (...values: readonly string[]): unknown => {
    folder.pbs(['run', '--report', 'report.json', ...values]);
    return folder.json('report.json');
  };
  it('of a program that returned', () => {
    expect(report('seven.pbs')).toEqual({
      file: 'seven.pbs',
      engine: { asked: 'auto', ran: ['interpreter'], refusal: null },
      outcome: 'returned',
      exitValue: 7,
      exitStatus: 7,
      trap: null,
      waitingFor: null,
      faults: null,
      fuel: 1,
      seconds: expect.any(Number),
      memoryBytes: 65536,
    });
    expect(report('large.pbs')).toMatchObject({ exitValue: '281474976710915', exitStatus: 3 });
    expect(report('nothing.pbs')).toMatchObject({ exitValue: null, exitStatus: 0 });
  });
  it('of one that trapped', () => {
    const place = { function: 'divide', pc: expect.any(Number), file: 'divide.pbs', line: 8, column: 3 };
    expect(report('divide.pbs')).toMatchObject({
      outcome: 'trapped',
      exitValue: null,
      exitStatus: 70,
      fuel: 2,
      trap: {
        kind: 'divide_by_zero',
        ...place,
        depth: 2,
        backtrace: [place, { function: 'main', pc: expect.any(Number), file: 'divide.pbs', line: 3, column: 3 }],
      },
    });
  });
  it('of one that ran out of fuel, and of one that waits for ever', () => {
    expect(report('--fuel', '10', '--engine', 'reference', 'endless.pbs')).toMatchObject({
      outcome: 'out_of_fuel',
      exitStatus: 75,
      fuel: 10,
      engine: { asked: 'reference', ran: ['reference'], refusal: null },
    });
    expect(report('deadlock.pbs')).toMatchObject({ outcome: 'deadlock', exitStatus: 70, waitingFor: ['terminal'], faults: [] });
  });
  it('names what executed the program', () => {
    const engine = (...values: readonly string[]): unknown => (report(...values) as { engine: unknown }).engine;
    expect(engine('--fuel', '3_000_000', 'endless.pbs')).toEqual({ asked: 'auto', ran: ['interpreter', 'jit'], refusal: null });
    expect(engine('--engine', 'jit', 'seven.pbs')).toEqual({ asked: 'jit', ran: ['jit'], refusal: null });
    expect(engine('--engine', 'interpreter', 'seven.pbs')).toEqual({ asked: 'interpreter', ran: ['interpreter'], refusal: null });
  });
  it('on standard output, or where nothing can be written', () => {
    expect(JSON.parse(folder.pbs(['run', '--report', '-', 'seven.pbs']).stdout)).toMatchObject({ exitValue: 7 });
    expect(folder.pbs(['run', '--report', 'no/such/folder', 'seven.pbs'])).toEqual({
      status: 66,
      stdout: '',
      stderr: 'pbs: cannot write no/such/folder: there is no such file\n',
    });
  });
});

describe('engines', () => {
  it('agree on output, status and fuel', () => {
    const input = 'one two\nthree\n'.repeat(50);
    const found = ['reference', 'interpreter', 'jit', 'auto'].map((engine) => {
      const { status, stdout } = folder.pbs(['run', '--engine', engine, '--report', 'report.json', 'copy.pbs'], input);
      return { status, stdout, fuel: (folder.json('report.json') as { fuel: number }).fuel };
    });
    expect(found[0]).toMatchObject({ status: 0, stdout: input });
    expect(found).toEqual([found[0], found[0], found[0], found[0]]);
  });
  it('have names', () => {
    const { status, stderr } = folder.pbs(['run', '--engine', 'fast', 'seven.pbs']);
    expect([status, stderr]).toEqual([2, expect.stringContaining('Allowed choices are auto, jit, interpreter, reference.')]);
  });
});

describe('files', () => {
  it('are told by what is in them', () => {
    folder.pbs(['asm', 'seven.pbs', '-o', 'seven.txt']);
    expect(folder.pbs(['run', 'seven.txt']).status).toBe(7);
    folder.write('text.pbx', 'func main() {\n}\n');
    expect(folder.pbs(['run', 'text.pbx'])).toEqual({
      status: 65,
      stdout: '',
      stderr: 'pbs: text.pbx: not a .pbx binary: it does not begin with "PBX" and a zero byte (section header, offset 0: magic)\n',
    });
  });

  it.each([
    ['missing.pbs', 66, 'pbs: cannot read missing.pbs: there is no such file\n'],
    ['.', 66, 'pbs: cannot read .: it is a directory\n'],
    ['', 66, 'pbs: cannot read "": there is no such file\n'],
    ['seven.pbs/x', 66, 'pbs: cannot read seven.pbs/x: a part of its path is not a directory\n'],
    ['x'.repeat(300), 66, `pbs: cannot read ${'x'.repeat(300)}: the name is too long\n`],
  ])('%s cannot be read', (file, status, stderr) => expect(folder.pbs(['run', file])).toEqual({ status, stdout: '', stderr }));

  it('empty, garbage, without a main, with one that takes values', () => {
    folder.write('empty.pbs', '');
    folder.write(
      'garbage.bin',
      Uint8Array.from({ length: 5000 }, (_, index) => (index * 197 + 131) & 255),
    );
    folder.write('truncated.pbx', folder.read('seven.txt').subarray(0, 40));
    folder.write('library.pbs', 'export func f() {\n}\n');
    const found = ['empty.pbs', 'garbage.bin', 'truncated.pbx', 'library.pbs'].map((file) => folder.pbs(['run', file]));
    expect(found.map(({ status, stdout }) => [status, stdout])).toEqual(found.map(() => [65, '']));
    for (const { stderr } of found) expect(stderr).not.toMatch(STACK);
    expect(found[1]?.stderr).toBe('pbs: garbage.bin is neither a .pbx binary, which begins with "PBX" and a zero byte, nor source text in UTF-8\n');
    expect(found[2]?.stderr).toMatch(/^pbs: truncated\.pbx: .* \(section \w+, offset \d+: \w+\)\n$/);
    expect(found[3]?.stderr).toBe('pbs: library.pbs has no function main\nhelp: pbs run starts main: declare `func main() { ... }`\n');
  });

  it('too large for source, or for anything', () => {
    for (const [name, bytes] of [
      ['large.bin', 300 * 2 ** 20],
      ['huge.bin', 3 * 2 ** 30],
    ] as const) {
      const file = openSync(path.join(folder.path, name), 'w');
      ftruncateSync(file, bytes);
      closeSync(file);
    }
    expect(folder.pbs(['run', 'large.bin'])).toMatchObject({
      status: 65,
      stderr: expect.stringContaining('large.bin is too large for source text: 314572800 bytes of at most 268435456'),
    });
    expect(folder.pbs(['run', 'huge.bin'])).toEqual({ status: 66, stdout: '', stderr: 'pbs: cannot read huge.bin: it has more than 512 MiB\n' });
  });

  it('with names that would do something to a terminal, or are very long', () => {
    const name = 'a\u001b[31m\nb\u202e';
    expect(Buffer.from(folder.pbs(['run', name]).stderr, 'latin1').toString()).toBe('pbs: cannot read a\\u{1b}[31m\\u{a}b\\u{202e}: there is no such file\n');
    const long = `${'x'.repeat(50_000)}y`;
    expect(folder.pbs(['run', long]).stderr).toBe(`pbs: cannot read ${'x'.repeat(256)}...(49489 more)...${'x'.repeat(255)}y: the name is too long\n`);
    for (const values of [
      ['run', '--fuel', name, 'seven.pbs'],
      [name],
      ['run', `--${name}`],
      ['run', 'seven.pbs', name],
      ['asm', 'seven.pbs', '-o', `no/${name}`],
    ]) {
      const { status, stderr } = folder.pbs(values);
      expect([status === 2 || status === 66, stderr.includes('\\u{1b}[31m'), stderr.includes('\u001b')]).toEqual([true, true, false]);
    }
    for (const values of [['run', '--fuel', long, 'seven.pbs'], [long], ['run', 'seven.pbs', long], ['run', '--disk', `${long}=x`, 'seven.pbs']]) {
      expect(folder.pbs(values).stderr.length).toBeLessThan(1500);
    }
    folder.write(name, folder.read('divide.pbs'));
    expect(Buffer.from(folder.pbs(['run', name]).stderr, 'latin1').toString()).toContain('in divide at a\\u{1b}[31m\\u{a}b\\u{202e}:8:3\n');
  });

  it('with a line that would, or is: the part around the place', () => {
    const before = `  ; \u001b[31m`;
    folder.write('line.pbs', `func main() {\n\tlocal a: i32\n\ttrap overflow ${before}${'x'.repeat(9999)}\n}\n`);
    expect(folder.pbs(['run', 'line.pbs']).stderr.split('\n').slice(0, 4)).toEqual([
      'trap overflow: a result that the type cannot hold',
      '  in main at line.pbs:3:2',
      `  3 | \ttrap overflow   ; \\u{1b}[31m${'x'.repeat(160 - 24)}...`,
      '    | \t^',
    ]);
  });

  it('with a mistake: the line, a caret, a count', () => {
    folder.write('wrong.pbs', 'func main() {\n  local n: i32\n  mov m, 1\n  mov n, q\n}\n');
    const { status, stdout, stderr } = folder.pbs(['run', 'wrong.pbs']);
    expect([status, stdout]).toEqual([65, '']);
    expect(stderr).toContain('wrong.pbs:3:7');
    expect(stderr).toContain('3 |   mov m, 1\n  |       ^');
    expect(stderr).toMatch(/\npbs: 2 errors\n$/);
    expect(stderr).not.toContain('\u001b');
  });
});
