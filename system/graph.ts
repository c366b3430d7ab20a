/**
 * Pictures of a system: SVG with a layout of its own, and Mermaid for where that is drawn.
 */
import { type Box, type DrawnLink, type DrawnNode, layoutSystem } from './layout.js';
import type { LinkEnd, Topology } from './topology.js';

const COLOURS: Readonly<Record<string, string>> = {
  disk: '#9a5b00',
  screen: '#7a3fa0',
  keyboard: '#0a7a70',
  clock: '#56606b',
  audio: '#b0306a',
  pu: '#1f5fbf',
  puc: '#b3261e',
};
const colourOf = (protocol: string): string => COLOURS[protocol] ?? '#333333';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => ESCAPES[character] as string);
const rounded = (value: number): string => String(Math.round(value * 10) / 10);

function rectangle({ x, y, width, height }: Box, style: string): string {
  return `<rect x="${rounded(x)}" y="${rounded(y)}" width="${rounded(width)}" height="${rounded(height)}" ${style}/>`;
}
const label = (x: number, y: number, text: string, style = ''): string =>
  `<text x="${rounded(x)}" y="${rounded(y)}"${style === '' ? '' : ` ${style}`}>${escaped(text)}</text>`;

function drawnLink({ from, to, protocol, isLossy }: DrawnLink): string {
  const reach = Math.max(40, Math.abs(to.x - from.x) / 2);
  const colour = colourOf(protocol);
  const path = `M${rounded(from.x + 4)} ${rounded(from.y)} C${rounded(from.x + reach)} ${rounded(from.y)} ${rounded(to.x - reach)} ${rounded(to.y)} ${rounded(to.x - 9)} ${rounded(to.y)}`;
  const tip = `M${rounded(to.x - 4)} ${rounded(to.y)} l-7 -4 v8 z`;
  return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="1.5"${isLossy ? ' stroke-dasharray="5 4"' : ''}/><path d="${tip}" fill="${colour}"/>${label(from.x + 8, from.y - 4, protocol, `fill="${colour}" font-size="10"`)}`;
}

function drawnNode({ kind, title, subtitle, ports, ...box }: DrawnNode): string {
  const isPu = kind === 'pu';
  const lines = [
    rectangle(box, `rx="${isPu ? 4 : 14}" fill="${isPu ? '#ffffff' : '#fff6e0'}" stroke="#333333"`),
    label(box.x + 12, box.y + 17, title, 'font-weight="bold"'),
    label(box.x + 12, box.y + 33, subtitle, 'fill="#666666"'),
  ];
  for (const { text, side, x, y } of ports) {
    lines.push(rectangle({ x: x - 4, y: y - 4, width: 8, height: 8 }, `fill="${side === 'left' ? '#333333' : '#ffffff'}" stroke="#333333"`));
    lines.push(side === 'left' ? label(x + 12, y + 4, text) : label(x - 12, y + 4, text, 'text-anchor="end"'));
  }
  return lines.join('');
}

/** The picture of a system as SVG: computers, PUs (white) and devices (yellow) with their ports, servers at the left and clients at the right, links with protocols. */
export function graphSvg(topology: Topology): string {
  const { width, height, computers, nodes, links } = layoutSystem(topology);
  const size = `${Math.ceil(width)} ${Math.ceil(height)}`;
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size}" width="${Math.ceil(width)}" height="${Math.ceil(height)}" font-family="ui-monospace, 'DejaVu Sans Mono', monospace" font-size="12">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    ...computers.map(
      ({ name, ...box }) =>
        `${rectangle(box, 'rx="8" fill="#eef2f6" stroke="#8899aa"')}${label(box.x + 20, box.y + 22, name, 'font-weight="bold" fill="#445566"')}`,
    ),
    ...nodes.map(drawnNode),
    ...links.map(drawnLink),
    '</svg>',
  ];
  return `${lines.join('\n')}\n`;
}

/** The picture of a system as a Mermaid flow chart. */
export function graphMermaid({ computers, pus, devices, links }: Topology): string {
  const ids = new Map([...pus, ...devices].map(({ name }, index) => [name, `n${index}`]));
  const quoted = (text: string): string => `"${text.replaceAll('"', '#quot;')}"`;
  const node = (end: LinkEnd): string => ids.get('device' in end ? end.device : end.pu) as string;
  const port = (end: LinkEnd): string => ('device' in end ? '' : end.port);
  const lines = ['flowchart LR'];
  computers.forEach(({ name }, index) => {
    lines.push(`    subgraph c${index}[${quoted(name)}]`);
    for (const pu of pus) if (pu.computer === name) lines.push(`        ${ids.get(pu.name)}[${quoted(`${pu.name}<br/>runs ${pu.program}`)}]`);
    for (const device of devices)
      if (device.computer === name) lines.push(`        ${ids.get(device.name)}([${quoted(`${device.name}<br/>${device.protocol}`)}])`);
    lines.push('    end');
  });
  for (const { client, server, protocol, isLossy } of links) {
    const ends = [port(client), protocol, port(server)].filter((text) => text !== '').join(' · ');
    lines.push(`    ${node(client)} ${isLossy ? '-.' : '--'} ${quoted(ends)} ${isLossy ? '.->' : '-->'} ${node(server)}`);
  }
  return `${lines.join('\n')}\n`;
}
