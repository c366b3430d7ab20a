/** Pictures and images of systems. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  type Box,
  decodeImage,
  encodeImage,
  explain,
  graphMermaid,
  graphSvg,
  hexadecimal,
  imageFileName,
  imagesOf,
  layoutSystem,
  sha256,
  type Topology,
} from '../../system/index.js';
import { loadFiles, loadPath, portsProgram } from './files.js';

const FILES = {
  'web.pbs': portsProgram('http: pu server', 'lookup: disk client', 'time: clock client'),
  'cache.pbs': portsProgram('serve: disk server', 'below: disk client'),
  'seq.pbs': portsProgram('from[1..3]: disk server', 'next: disk client'),
  'unused.pbs': portsProgram(),
  'main.sys': `
program web "web.pbs"  program cache "cache.pbs"  program seq "seq.pbs"  program unused "unused.pbs"
computer node[1..3] {
    pu web runs web { restart 3, within 1 s }
    pu cache_with_a_rather_long_name runs cache
    device net: pu  device time: clock
    net -> web.http
    web.lookup -> cache_with_a_rather_long_name.serve
    web.time -> time
}
computer store {
    memory 1 GiB
    pu seq runs seq
    device disk: disk { entries 4, size 512, contents "disk.img" }
    seq.next -> disk
}
for i in 1..3 { node[i].cache_with_a_rather_long_name.below -> store.seq.from[i] { depth 4, lossy } }
deploy here { all on workers  drive node[*].net tcp 80  drive node[*].time clock  drive store.disk file "disk.img" }
`,
};
const { topology, deployments, diagnostics } = loadFiles(FILES);
const system = topology as Topology;

const overlaps = (one: Box, other: Box): boolean =>
  one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height;
const holds = (outer: Box, inner: Box): boolean =>
  inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.width <= outer.x + outer.width && inner.y + inner.height <= outer.y + outer.height;
/** A font of fixed width takes 0.602 of its size a character. */
const textWidth = (text: string): number => text.length * 12 * 0.602;

describe.each([
  ['four computers', system],
  ['the smallest system', loadPath('examples/systems/echo/echo.sys').topology as Topology],
])('the layout of %s', (_, drawn) => {
  const { width, height, computers, nodes, links } = layoutSystem(drawn);

  it('lets no two boxes overlap, and keeps all inside', () => {
    for (const boxes of [computers, nodes]) {
      boxes.forEach((box, index) => expect(boxes.slice(index + 1).filter((other) => overlaps(box, other))).toEqual([]));
    }
    for (const box of computers) expect(holds({ x: 0, y: 0, width, height }, box)).toBe(true);
    for (const node of nodes) {
      const home = [...drawn.pus, ...drawn.devices].find(({ name }) => name === node.name)?.computer;
      const computer = computers.find(({ name }) => name === home) as Box;
      expect(holds(computer, node)).toBe(true);
      // The title of the computer stands above all nodes.
      expect(node.y - computer.y).toBeGreaterThanOrEqual(30);
    }
  });

  it('has room for every text', () => {
    for (const { width: room, title, subtitle, ports } of nodes) {
      expect(textWidth(title)).toBeLessThanOrEqual(room - 20);
      expect(textWidth(subtitle)).toBeLessThanOrEqual(room - 20);
      const widest = (side: string): number => Math.max(0, ...ports.filter((port) => port.side === side).map(({ text }) => textWidth(text)));
      expect(widest('left') + widest('right')).toBeLessThanOrEqual(room - 24);
    }
    for (const { width: room, name } of computers) expect(textWidth(name)).toBeLessThanOrEqual(room - 20);
  });

  it('ends each link at the side of a box, with clients left of their servers where there is no circle', () => {
    expect(links).toHaveLength(drawn.links.length);
    for (const { from, to } of links) {
      expect([from.side, to.side]).toEqual(['right', 'left']);
      expect(to.x - from.x).toBeGreaterThanOrEqual(80);
    }
  });
});

describe('a picture', () => {
  it('is SVG with every name, and what came from a description is no markup in it', () => {
    const svg = graphSvg(system);
    for (const text of ['node[1]', 'store', 'runs web', 'cache_with_a_rather_long_name', 'from[3]', 'clock']) expect(svg).toContain(`>${text}</text>`);
    expect(svg.match(/stroke-dasharray/g)).toHaveLength(3);
    const odd = { ...system, computers: [{ name: '<a & "b">' }], pus: [], devices: [], links: [] };
    expect(graphSvg(odd)).toContain('&lt;a &amp; &quot;b&quot;&gt;');
  });

  it('is Mermaid too', () => {
    expect(graphMermaid(loadPath('examples/systems/echo/echo.sys').topology as Topology)).toBe(`flowchart LR
    subgraph c0["main"]
        n0["asker<br/>runs client"]
        n1["echo<br/>runs server"]
        n2(["terminal<br/>pu"])
    end
    n0 -- "terminal · pu" --> n2
    n0 -- "server · pu · serve" --> n1
`);
  });
});

describe('SHA-256', () => {
  it('is that of others', () => {
    // FIPS 180-4, example B.1.
    expect(hexadecimal(sha256(new TextEncoder().encode('abc')))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000]) {
      const bytes = Uint8Array.from({ length }, (_, index) => index * 7);
      expect(hexadecimal(sha256(bytes))).toBe(createHash('sha256').update(bytes).digest('hex'));
    }
  });
});

describe('images', () => {
  const disk = Uint8Array.from({ length: 2048 }, (_, index) => index);
  const images = imagesOf(system, (path) => (path === 'disk.img' ? disk : undefined));

  it('are one for each computer, with the programs that run there and no others', () => {
    expect(diagnostics).toEqual([]);
    expect(images.map(({ computer, programs, pus }) => [computer.name, programs.map(({ name }) => name), pus.length])).toEqual([
      ['node[1]', ['cache', 'web'], 2],
      ['node[2]', ['cache', 'web'], 2],
      ['node[3]', ['cache', 'web'], 2],
      ['store', ['seq'], 1],
    ]);
    expect(images.map(({ computer }) => imageFileName('main', computer))).toEqual(['main.node-1.pbi', 'main.node-2.pbi', 'main.node-3.pbi', 'main.store.pbi']);
    expect(images[3]).toMatchObject({
      contents: [{ device: 'store.disk', bytes: disk }],
      devices: [{ name: 'store.disk', settings: { entries: 4, size: 512 } }],
    });
    expect(images[3]?.links).toHaveLength(4);
  });

  it('come back from their bytes, which are the same each time', () => {
    for (const image of images) {
      const bytes = encodeImage(image);
      const found = decodeImage(bytes);
      if ('rejection' in found) throw new Error(found.rejection.message);
      const plain = ({ programs, ...rest }: typeof image) => ({ ...rest, programs: programs.map(({ name, sha256: hash }) => ({ name, hash })) });
      expect(plain(found.image)).toEqual(plain(image));
      expect(
        encodeImage(imagesOf(loadFiles(FILES).topology as Topology, () => disk).find(({ computer }) => computer.name === image.computer.name) as typeof image),
      ).toEqual(bytes);
    }
  });

  it('lie in bytes as docs/image-format.md says', () => {
    const bytes = encodeImage({
      computer: { name: 'c' },
      programs: [],
      pus: [],
      devices: [{ name: 'd', computer: 'c', protocol: 'clock', settings: { digits: 9 } }],
      links: [],
      contents: [],
    });
    const body =
      '504249000100000001000000130000000100' +
      '63000000000000f0bf000000000000f0bf' +
      '02000000040000000000000003000000040000000000000004000000' +
      '1d00000001000000010064040100000006006469676974730000000000000022400500000004000000000000000600000004000000000000000700000020000000';
    const text = Buffer.from(bytes).toString('hex');
    expect(text.slice(0, -64)).toBe(body);
    expect(text.slice(-64)).toBe(
      createHash('sha256')
        .update(bytes.subarray(0, bytes.length - 40))
        .digest('hex'),
    );
  });

  it('that are damaged anywhere are refused by name', () => {
    const bytes = encodeImage(images[3] as (typeof images)[number]);
    const rules = new Set<string>();
    for (let at = 0; at < bytes.length; at += 7) {
      const damaged = bytes.slice();
      damaged[at] = (damaged[at] as number) ^ (1 << (at % 8));
      const found = decodeImage(damaged);
      expect('rejection' in found).toBe(true);
      if ('rejection' in found) rules.add(found.rejection.rule);
    }
    for (const length of [0, 3, 8, 20, bytes.length - 1]) expect(decodeImage(bytes.subarray(0, length))).toHaveProperty('rejection');
    expect(decodeImage(new Uint8Array([...bytes, 0]))).toMatchObject({ rejection: { rule: 'section' } });
    expect([...rules]).toEqual(expect.arrayContaining(['hash', 'section', 'truncated']));
  });

  it('whose parts do not fit are refused although their hashes are right', () => {
    const [node, , , store] = images as [(typeof images)[number], unknown, unknown, (typeof images)[number]];
    const rule = (image: (typeof images)[number]): unknown => {
      const found = decodeImage(encodeImage(image));
      return 'rejection' in found ? found.rejection.rule : 'accepted';
    };
    expect(rule({ ...node, links: node.links.slice(1) })).toBe('missing_link');
    expect(rule({ ...node, links: [...node.links, ...node.links.slice(0, 1)] })).toBe('two_links');
    expect(rule({ ...node, programs: [...node.programs].reverse() })).toBe('order');
    expect(rule({ ...node, programs: [...node.programs.slice(0, 1), ...store.programs, ...node.programs.slice(1)] })).toBe('program');
    expect(rule({ ...node, pus: node.pus.map((pu) => ({ ...pu, memoryBytes: 5 })) })).toBe('memory');
    expect(rule({ ...node, pus: [...node.pus, ...node.pus.slice(0, 1)] })).toBe('name');
    expect(rule({ ...node, links: node.links.map((link) => ({ ...link, depth: 1024 })) })).toBe('limit');
    expect(rule({ ...node, links: node.links.map((link) => ({ ...link, protocol: 'audio' as const })) })).toBe('protocol');
    expect(rule({ ...store, contents: [...store.contents, ...store.contents] })).toBe('contents');
    expect(rule({ ...store, links: [{ client: { device: 'x' }, server: { device: 'y' }, protocol: 'pu', isLossy: false }, ...store.links] })).toBe('end');
  });
});

describe('an explanation', () => {
  it('tells who, what protocol, what sizes, what carries it', () => {
    expect(explain(system, deployments, 'node[2].cache_with_a_rather_long_name.below')).toEqual({
      name: 'node[2].cache_with_a_rather_long_name.below',
      kind: 'port',
      facts: expect.arrayContaining(['a disk client of version 1, declared by cache as below', 'declared limits: 8 messages in flight, 64 KiB the largest']),
      links: [
        { client: 'node[2].cache_with_a_rather_long_name.below', server: 'store.seq.from[2]', protocol: 'disk', isLossy: true, depth: 4, messageBytes: 65536 },
      ],
      carriers: [{ deployment: 'here', host: 'workers', what: 'a thread of its own, links in shared memory' }],
    });
    expect(explain(system, deployments, 'store.disk')?.carriers).toEqual([{ deployment: 'here', host: 'workers', what: 'the driver file: file "disk.img"' }]);
    expect(explain(system, deployments, 'nothing')).toBeUndefined();
  });
});
