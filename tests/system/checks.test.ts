/** What is wrong with a description is told where it is, all of it, with both ends and the remedy. One case for each code. */
import { describe, expect, it } from '@jest/globals';
import { formatSystemDiagnostic, SYSTEM_DIAGNOSTICS } from '../../system/index.js';
import { loadFiles, portsProgram } from './files.js';

const PROGRAMS: Readonly<Record<string, string>> = {
  'client.pbs': portsProgram('out: pu client'),
  'server.pbs': portsProgram('serve: pu server'),
  'small.pbs': portsProgram('serve: pu server { depth 2, message 1 KiB }'),
  'both.pbs': portsProgram('serve: pu server', 'out: pu client'),
  'disk.pbs': portsProgram('disk: disk client { message 1 KiB }'),
  'new.pbs': portsProgram('out: pu client { version 2 }'),
  'array.pbs': portsProgram('from[1..3]: pu server'),
  'boss.pbs': portsProgram('control: puc client'),
};
const NAMES = Object.keys(PROGRAMS).map((file) => file.slice(0, -4));
/** On one line, so that the text of a case begins on the second. */
const DECLARED = `${NAMES.map((name) => `program ${name} "${name}.pbs"`).join('  ')}\n`;

const load = (text: string, more: Readonly<Record<string, string | Uint8Array>> = {}) => loadFiles({ ...PROGRAMS, ...more, 'main.sys': DECLARED + text });

/** `code line:column` of each. */
function codes(text: string, more?: Readonly<Record<string, string | Uint8Array>>): string[] {
  return load(text, more).diagnostics.map(({ code, line, column }) => `${code} ${line}:${column}`);
}
const PAIR = 'pu a runs client\npu b runs server\n';
const GOOD = `${PAIR}a.out -> b.serve\n`;
const TERMINAL = 'pu a runs client\ndevice t: pu\na.out -> t\n';

/** The text after the declarations, and what is found there. */
const CASES: readonly (readonly [code: string, text: string, found: readonly string[], more?: Readonly<Record<string, string | Uint8Array>>])[] = [
  ['syntax', `${GOOD}pu\n}\n`, ['syntax 5:3', 'syntax 6:1']],
  ['bad_text', `${GOOD}program x "\\xff"\n`, ['bad_text 5:11']],
  ['nesting_too_deep', `${GOOD}const n = ${'('.repeat(65)}1${')'.repeat(65)}\n`, ['nesting_too_deep 5:75']],
  ['not_here', `${GOOD}deploy d { program x "y.pbs" }\n`, ['unplaced_pu 5:8', 'not_here 5:12']],
  ['cannot_read', `${GOOD}program x "nothing.pbs"\nuse "nothing.sys"\n`, ['cannot_read 5:11', 'cannot_read 6:5']],
  [
    'bad_program',
    `${GOOD}program x "x.pbx"\nprogram y "y.pbs"\n`,
    ['bad_program 5:11', 'bad_program 6:11'],
    { 'x.pbx': 'no binary', 'y.pbs': Uint8Array.of(0xff) },
  ],
  ['constant_cycle', `${GOOD}const A = B\nconst B = A + 1\n`, ['constant_cycle 5:1']],
  ['too_large', 'for i in 0..65535 { for j in 0..65535 { for k in 0..65535 { } } }\n', ['too_large 2:41']],
  ['duplicate_name', `${GOOD}device a: pu\nprogram client "client.pbs"\n`, ['duplicate_name 5:8', 'duplicate_name 6:9']],
  ['reserved_name', 'pu main runs server\n', ['reserved_name 2:4']],
  ['unknown_name', `${GOOD}c.out -> b.serve\n`, ['unknown_name 5:1']],
  ['unknown_port', `${GOOD}a.uot -> b.serve\n`, ['unknown_port 5:1']],
  ['unknown_program', `${GOOD}pu c runs clinet\n`, ['unknown_program 5:11']],
  ['unknown_box', `${GOOD}box c: shelf\n`, ['unknown_box 5:8']],
  ['unknown_protocol', `${GOOD}device d: dsik\n`, ['unlinked_server 5:8', 'unknown_protocol 5:11']],
  ['unknown_index', `${GOOD}pu c[1..2] runs client\nfor i in 1..3 { c[i].out -> b.serve }\n`, ['unknown_index 6:17']],
  ['wrong_kind', `${PAIR}a.out -> b\n`, ['missing_link 2:4', 'unlinked_server 3:4', 'wrong_kind 4:10']],
  ['bad_number', `${GOOD}const A = 1 / 0\npu c[1..A] runs server\n`, ['bad_number 5:1', 'unlinked_server 6:4']],
  ['bad_unit', `${PAIR}a.out -> b.serve { message 1 ms }\npu c runs server { memory 4 MB }\n`, ['bad_unit 4:20', 'bad_unit 5:29']],
  ['bad_range', `${GOOD}pu c[3..1] runs client\n`, ['bad_range 5:4']],
  ['unknown_setting', `${PAIR}a.out -> b.serve { dept 4 }\n`, ['unknown_setting 4:20']],
  ['duplicate_setting', `${PAIR}a.out -> b.serve { depth 4, depth 5 }\n`, ['duplicate_setting 4:29']],
  ['missing_setting', `${GOOD}device p: puc\npu boss runs boss\nboss.control -> p\n`, ['missing_setting 5:8']],
  ['bad_setting', `${PAIR}a.out -> b.serve { depth "4" }\n`, ['bad_setting 4:20']],
  ['recursive_box', `${GOOD}box x { box y: x }\nbox z: x\n`, ['recursive_box 5:16']],
  ['wrong_protocol', `pu d runs disk\npu b runs server\nd.disk -> b.serve\n`, ['missing_link 2:4', 'unlinked_server 3:4', 'wrong_protocol 4:1']],
  ['wrong_side', `${PAIR}b.serve -> a.out\n`, ['missing_link 2:4', 'unlinked_server 3:4', 'wrong_side 4:1']],
  ['wrong_version', `pu a runs new\npu b runs server\na.out -> b.serve\n`, ['missing_link 2:4', 'unlinked_server 3:4', 'wrong_version 4:1']],
  ['missing_link', 'pu a runs client\n', ['missing_link 2:4']],
  ['unlinked_server', 'pu b runs server\ndevice t: pu\n', ['unlinked_server 2:4', 'unlinked_server 3:8']],
  ['two_links', `${GOOD}pu c runs server\na.out -> c.serve\n`, ['two_links 6:1']],
  ['call_cycle', 'pu a runs both\npu b runs both\na.out -> b.serve\nb.out -> a.serve\n', ['call_cycle 5:1']],
  ['small_ring', 'pu a runs client\npu b runs small\na.out -> b.serve\n', ['small_ring 4:1']],
  ['bad_memory', `${GOOD}pu c runs server { memory 1000 }\n`, ['bad_memory 5:4', 'unlinked_server 5:4']],
  ['over_budget', 'computer one { memory 1 MiB  pus 0  pu s runs server }\n', ['over_budget 2:10', 'unlinked_server 2:40']],
  ['unplaced_pu', `${TERMINAL}computer one { }\n`, ['unplaced_pu 2:4', 'unplaced_pu 3:8']],
  [
    'two_controllers',
    'pu s runs server\npu boss[1..2] runs boss\ndevice p[1..2]: puc { programs s }\nfor i in 1..2 { boss[i].control -> p[i] }\n',
    ['unlinked_server 2:4', 'two_controllers 4:8'],
  ],
  ['no_arguments', `${GOOD}pu c runs server { arguments "x" }\n`, ['no_arguments 5:4', 'unlinked_server 5:4']],
  ['two_hosts', `${GOOD}deploy d { all on workers  all on simulation }\n`, ['two_hosts 5:35']],
  ['unknown_host', `${GOOD}deploy d { all on worker }\n`, ['unplaced_pu 5:8', 'unknown_host 5:19']],
  ['undriven_device', `${TERMINAL}deploy d { all on workers }\n`, ['undriven_device 5:8']],
  ['two_backings', `${TERMINAL}deploy d { all on workers  drive t terminal  drive t tcp 80 }\n`, ['two_backings 5:46']],
  ['unknown_kind', `${TERMINAL}deploy d { all on workers  drive t terminl }\n`, ['unknown_kind 5:36']],
  ['wrong_target', `${TERMINAL}deploy d { all on simulation  mock t memory  expect t returned 0 }\n`, ['wrong_target 5:31', 'wrong_target 5:53']],
];

describe('each kind of fault is found where it is', () => {
  for (const [code, text, found, more] of CASES) {
    it(code, () => expect(codes(text, more)).toEqual(found));
  }

  it('and every code of text has a case, but that of JSON', () => {
    const had = new Set(CASES.flatMap(([, text, , more]) => load(text, more).diagnostics.map(({ code }) => code as string)));
    expect(Object.keys(SYSTEM_DIAGNOSTICS).filter((code) => !had.has(code))).toEqual(['bad_model']);
  });
});

describe('a message', () => {
  const shown = (text: string): string => {
    const { diagnostics, sourceText } = load(text);
    return diagnostics.map((diagnostic) => formatSystemDiagnostic(diagnostic, sourceText)).join('\n\n');
  };

  it('names both ends, shows them in both files, and says what to do', () => {
    expect(
      shown('pu d runs disk\npu b runs server\ndevice real: disk\nd.disk -> real\nd.disk -> b.serve\n'),
    ).toBe(`warning[unlinked_server]: nobody uses the server port \`b.serve\`
 --> main.sys:3:4
  |
3 | pu b runs server
  |    ^
  server.pbs declares \`serve\`, a pu server of depth 8 for messages of 65536 bytes:
 --> server.pbs:1:6
  |
1 | port serve: pu server
  |      ^^^^^
  = link a client to it: CLIENT -> b.serve

error[wrong_protocol]: the ends speak different protocols: \`d.disk\`, a disk client, and \`b.serve\`, a pu server
 --> main.sys:6:1
  |
6 | d.disk -> b.serve
  | ^^^^^^^^^^^^^^^^^
  disk.pbs declares \`disk\`, a disk client of depth 8 for messages of 1024 bytes:
 --> disk.pbs:1:6
  |
1 | port disk: disk client { message 1 KiB }
  |      ^^^^
  server.pbs declares \`serve\`, a pu server of depth 8 for messages of 65536 bytes:
 --> server.pbs:1:6
  |
1 | port serve: pu server
  |      ^^^^^
  = both must speak disk, or both pu`);
  });

  it('offers a name that is near', () => {
    const { diagnostics } = load(`${PAIR}a.out -> b.serv\n`);
    expect(diagnostics.find(({ code }) => code === 'unknown_port')?.notes).toContain('did you mean `serve`?');
  });

  it('of a replicator is told once', () => {
    const { diagnostics } = load('pu a[1..50] runs client\npu b runs server\nfor i in 1..50 { a[i].out -> c.serve }\n');
    expect(diagnostics.map(({ code }) => code)).toEqual(['missing_link', 'unlinked_server', 'unknown_name']);
    expect(diagnostics[2]?.notes.at(-1)).toBe('the same holds 49 more times for this statement');
  });
});

describe('very many PUs', () => {
  it('without links are told of in a time that does not grow with their square', () => {
    const { diagnostics } = load('pu a[1..30000] runs both\n');
    expect(diagnostics.map(({ code }) => code)).toEqual(['missing_link', 'unlinked_server']);
    expect(diagnostics[0]?.notes.at(-1)).toBe('the same holds 29999 more times for this statement');
  });
});

describe('faults in programs', () => {
  it('are told with those of the description', () => {
    const { diagnostics, topology } = load(`${GOOD}program x "x.pbs"\nd.out -> b.serve\n`, { 'x.pbs': 'func main() {\n    frobnicate\n}\n' });
    expect(topology).toBeUndefined();
    expect(diagnostics.map(({ path, code }) => `${path} ${code}`).sort()).toEqual(['main.sys unknown_name', 'x.pbs unknown_instruction']);
  });
});

describe('circles', () => {
  const ring = (flag: string): string => `pu n[0..2] runs both\nfor i in 0..2 { n[i].out -> n[(i + 1) % 3].serve${flag} }\n`;

  it('of calls are warned of', () => {
    const { diagnostics, topology } = load(ring(''));
    expect(topology).toBeDefined();
    expect(diagnostics.map(({ severity, message }) => `${severity} ${message}`)).toEqual([
      'warning 3 programs may wait for one another in a circle: n[0].out -> n[1].serve, n[1].out -> n[2].serve, n[2].out -> n[0].serve',
    ]);
  });
  it('of clients that do not wait are none', () => expect(load(ring(' { asynchronous }')).diagnostics).toEqual([]));
});
