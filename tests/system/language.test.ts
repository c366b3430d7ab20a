/** What a description says comes out as a topology and deployments: by hand, from the text. */
import { describe, expect, it } from '@jest/globals';
import { loadFiles, loadPath, portsProgram } from './files.js';

const PROGRAMS = {
  'client.pbs': portsProgram('out: pu client'),
  'server.pbs': portsProgram('serve: pu server'),
};
const DECLARED = 'program client "client.pbs"\nprogram server "server.pbs"\n';
const load = (text: string, more: Readonly<Record<string, string>> = {}) => loadFiles({ ...PROGRAMS, ...more, 'main.sys': DECLARED + text });

describe('the smallest example', () => {
  const { topology, deployments, diagnostics } = loadPath('examples/systems/echo/echo.sys');

  it('is good', () => expect(diagnostics).toEqual([]));

  it('has two PUs, a device and two links', () => {
    expect(topology?.pus.map(({ name, computer, program, starts }) => ({ name, computer, program, starts }))).toEqual([
      { name: 'asker', computer: 'main', program: 'client', starts: true },
      { name: 'echo', computer: 'main', program: 'server', starts: true },
    ]);
    expect(topology?.devices).toEqual([{ name: 'terminal', computer: 'main', protocol: 'pu', settings: {} }]);
    expect(topology?.links).toEqual([
      { client: { pu: 'asker', port: 'terminal' }, server: { device: 'terminal' }, protocol: 'pu', isLossy: false },
      { client: { pu: 'asker', port: 'server' }, server: { pu: 'echo', port: 'serve' }, protocol: 'pu', isLossy: false },
    ]);
  });

  it('has two deployments', () => {
    expect(deployments.map(({ topology: _, ...rest }) => rest)).toEqual([
      {
        name: 'test',
        host: 'simulation',
        seed: 1,
        untilNs: 10_000_000_000n,
        backings: [{ device: 'terminal', how: 'mock', kind: 'script', settings: { input: ['hello\n', 'processing unit\n'] } }],
        faults: [{ target: { kind: 'link', name: 'asker.server' }, kind: 'delay', settings: { by: { least: 0, most: 5_000_000 } } }],
        expectations: [
          { target: { kind: 'device', name: 'terminal' }, kind: 'output', settings: { text: 'HELLO\nPROCESSING UNIT\n' } },
          { target: { kind: 'pu', name: 'asker' }, kind: 'returned', settings: { value: 0 } },
        ],
      },
      {
        name: 'here',
        host: 'workers',
        seed: 0,
        backings: [{ device: 'terminal', how: 'drive', kind: 'terminal', settings: {} }],
        faults: [],
        expectations: [],
      },
    ]);
  });
});

describe('replicators', () => {
  const { topology, diagnostics } = load(`
const N = 3
computer node[1..N] { memory 64 MiB  pus 2
    pu a runs client { memory 1 MiB, frames 1 MiB, speed 100 MHz }
}
computer store {
    pu many[0..1] runs server
}
for i in 1..N { node[i].a.out -> store.many[i % 2].serve { depth 4, message 1 KiB } }
`);

  it('make names with indexes, in order', () => {
    expect(diagnostics).toEqual([]);
    expect(topology?.computers).toEqual([
      { name: 'node[1]', memoryBytesMax: 64 * 2 ** 20, pusMax: 2 },
      { name: 'node[2]', memoryBytesMax: 64 * 2 ** 20, pusMax: 2 },
      { name: 'node[3]', memoryBytesMax: 64 * 2 ** 20, pusMax: 2 },
      { name: 'store' },
    ]);
    expect(topology?.pus.map(({ name }) => name)).toEqual(['node[1].a', 'node[2].a', 'node[3].a', 'store.many[0]', 'store.many[1]']);
    expect(topology?.pus[0]).toMatchObject({ memoryBytes: 2 ** 20, frameBytesMax: 2 ** 20, fuelPerSecond: 100_000_000, computer: 'node[1]' });
  });

  it('work out indexes', () => {
    expect(topology?.links.map(({ client, server }) => [client, server])).toEqual([
      [
        { pu: 'node[1].a', port: 'out' },
        { pu: 'store.many[1]', port: 'serve' },
      ],
      [
        { pu: 'node[2].a', port: 'out' },
        { pu: 'store.many[0]', port: 'serve' },
      ],
      [
        { pu: 'node[3].a', port: 'out' },
        { pu: 'store.many[1]', port: 'serve' },
      ],
    ]);
    expect(topology?.links[0]).toMatchObject({ depth: 4, messageBytes: 1024 });
  });
});

describe('boxes', () => {
  it('show what they export, nested and used twice, with parameters', () => {
    const { topology, diagnostics } = load(
      `
use "stage.sys"
box pair(size) {
    box one: stage.stage { size size }
    box two: stage.stage { size 2 * size }
    one.next -> two.serve
    export serve = one.serve
    export next = two.next
}
pu first runs client
pu last runs server
box left: pair { size 1 MiB }
box right: pair { size 4 MiB }
first.out -> left.serve
left.next -> right.serve
right.next -> last.serve
`,
      {
        'stage.pbs': portsProgram('serve: pu server', 'next: pu client').replace('func', 'memory 64 KiB .. 16 MiB\nfunc'),
        'stage.sys':
          'program work "stage.pbs"\nbox stage(size) {\n    pu it runs work { memory size }\n    export serve = it.serve\n    export next = it.next\n}\n',
      },
    );
    expect(diagnostics).toEqual([]);
    expect(topology?.pus.map(({ name, memoryBytes }) => [name, memoryBytes / 65536])).toEqual([
      ['first', 1],
      ['last', 1],
      ['left.one.it', 16],
      ['left.two.it', 32],
      ['right.one.it', 64],
      ['right.two.it', 128],
    ]);
    expect(topology?.links.map(({ client, server }) => [client, server])).toEqual([
      [
        { pu: 'first', port: 'out' },
        { pu: 'left.one.it', port: 'serve' },
      ],
      [
        { pu: 'left.one.it', port: 'next' },
        { pu: 'left.two.it', port: 'serve' },
      ],
      [
        { pu: 'left.two.it', port: 'next' },
        { pu: 'right.one.it', port: 'serve' },
      ],
      [
        { pu: 'right.one.it', port: 'next' },
        { pu: 'right.two.it', port: 'serve' },
      ],
      [
        { pu: 'right.two.it', port: 'next' },
        { pu: 'last', port: 'serve' },
      ],
    ]);
    expect(topology?.programs.map(({ name }) => name)).toEqual(['client', 'server', 'stage.work']);
  });
});

describe('deployments', () => {
  it('back many devices at once, look into boxes, and add PUs that play devices', () => {
    const { topology, deployments, diagnostics } = load(
      `
program user "user.pbs"
program flaky "flaky.pbs"
box shelf {
    pu it runs user
    device disk: disk { entries 16 }
    it.disk -> disk
}
computer node[1..2] { box shelf: shelf  device net: pu  pu web runs server  net -> web.serve }
deploy test {
    all on simulation
    mock node[*].shelf.disk memory
    for i in 1..2 { mock node[i].net script "x" }
    fault node[*] { crash { every 1..2 s, for 10 ms } }
    fault node[1].net { delay 1 ms }
    fault node[2].shelf.disk { fail 1 percent }
    expect node[2].shelf.it trapped overflow
}
deploy played {
    all on simulation
    pu liar[1..2] runs flaky
    for i in 1..2 { play node[i].shelf.disk by liar[i].serve }
    mock node[*].net script "x"
}
`,
      { 'user.pbs': portsProgram('disk: disk client'), 'flaky.pbs': portsProgram('serve: disk server') },
    );
    expect(diagnostics).toEqual([]);
    expect(topology?.links.slice(-1)).toEqual([
      { client: { device: 'node[2].net' }, server: { pu: 'node[2].web', port: 'serve' }, protocol: 'pu', isLossy: false },
    ]);
    const [test, played] = deployments;
    expect(test?.backings.map(({ device, kind }) => [device, kind])).toEqual([
      ['node[1].shelf.disk', 'memory'],
      ['node[1].net', 'script'],
      ['node[2].shelf.disk', 'memory'],
      ['node[2].net', 'script'],
    ]);
    expect(test?.faults).toEqual([
      { target: { kind: 'computer', name: 'node[1]' }, kind: 'crash', settings: { every: { least: 1e9, most: 2e9 }, for: 1e7 } },
      { target: { kind: 'computer', name: 'node[2]' }, kind: 'crash', settings: { every: { least: 1e9, most: 2e9 }, for: 1e7 } },
      { target: { kind: 'link', name: 'node[1].net' }, kind: 'delay', settings: { by: 1e6 } },
      { target: { kind: 'device', name: 'node[2].shelf.disk' }, kind: 'fail', settings: { rate: 0.01 } },
    ]);
    expect(test?.expectations).toEqual([{ target: { kind: 'pu', name: 'node[2].shelf.it' }, kind: 'trapped', settings: { trap: 'overflow' } }]);
    expect(played?.topology.devices.map(({ name }) => name)).toEqual(['node[1].net', 'node[2].net']);
    expect(played?.topology.links.filter(({ protocol }) => protocol === 'disk').map(({ server }) => server)).toEqual([
      { pu: 'liar[1]', port: 'serve' },
      { pu: 'liar[2]', port: 'serve' },
    ]);
    expect(played?.topology.pus.map(({ name }) => name)).toEqual(['node[1].shelf.it', 'node[1].web', 'node[2].shelf.it', 'node[2].web', 'liar[1]', 'liar[2]']);
  });
});

describe('controllers', () => {
  it('have PUs that do not start unless they say so', () => {
    const { topology, diagnostics } = load(
      `
program boss "boss.pbs"
pu a runs client { starts }
pu b[1..2] runs client
pu s runs server
pu boss runs boss
device control: puc { slots 2  programs b[2], a, b[1] }
boss.control -> control
a.out -> s.serve
b[*].out -> s.serve
`,
      { 'boss.pbs': portsProgram('control: puc client') },
    );
    expect(diagnostics).toEqual([]);
    expect(topology?.devices).toEqual([{ name: 'control', computer: 'main', protocol: 'puc', settings: { programs: ['b[2]', 'a', 'b[1]'], slots: 2 } }]);
    expect(topology?.pus.filter(({ starts }) => starts).map(({ name }) => name)).toEqual(['a', 's', 'boss']);
  });
});

describe('programs', () => {
  it('that are the same binary are one', () => {
    const { topology } = load('program again "./client.pbs"\npu a runs client\npu b runs again\npu s runs server\na.out -> s.serve\nb.out -> s.serve\n');
    expect(topology?.programs.map(({ name }) => name)).toEqual(['client', 'server']);
    expect(topology?.pus.map(({ program }) => program)).toEqual(['client', 'client', 'server']);
  });
});
