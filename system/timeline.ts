/**
 * The timeline of a simulation as a picture: a column for each PU and device, time downwards, an arrow for each message.
 *
 * Time is not to scale: each moment at which something is sent or arrives has a line of its own, so that what is close together can be read.
 */
import type { SimulationResult } from './simulation/index.js';
import type { LinkEnd, Topology } from './topology.js';

/** What may be chosen. */
export interface TimelineOptions {
  /** Most messages that are drawn, 500 by default: the last ones, since a failure is at the end. */
  readonly messagesMax?: number;
}

const MESSAGES_MAX = 500;
const COLUMN = 180;
const MARGIN = 110;
const HEAD = 56;
const LINE = 16;
const WORDS = { open: 'opens', send: '', cancel: 'cancels', close: 'closes', complete: 'answers', reset: 'restarted' } as const;

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
const nameOf = (end: LinkEnd): string => ('device' in end ? end.device : end.pu);

/** A time as people read it: nanoseconds with a unit, exact. */
export function timeText(nanoseconds: number): string {
  const units = [
    ['s', 1e9],
    ['ms', 1e6],
    ['us', 1e3],
  ] as const;
  const [unit, scale] = units.find(([, factor]) => nanoseconds >= factor) ?? (['ns', 1] as const);
  const digits = (nanoseconds / scale).toFixed(Math.log10(scale));
  return `${scale === 1 ? digits : digits.replace(/\.?0+$/, '')} ${unit}`;
}

/**
 * Draws the messages of a simulation that kept them.
 * @returns an SVG file
 */
export function timelineSvg(
  topology: Topology,
  { messages, violations, faults, deployment, seed }: SimulationResult,
  { messagesMax = MESSAGES_MAX }: TimelineOptions = {},
): string {
  const drawn = messages.slice(-messagesMax);
  const ends = new Map(
    topology.links.map(({ client, server }) => ['device' in client ? client.device : `${client.pu}.${client.port}`, [nameOf(client), nameOf(server)] as const]),
  );
  const used = new Set(drawn.flatMap(({ link }) => ends.get(link) ?? []));
  const columns = [...topology.pus, ...topology.devices].map(({ name }) => name).filter((name) => used.has(name));
  const from = drawn[0]?.sent ?? 0;
  const marks = [
    ...violations.map(({ time, target, message }) => ({ time, target, text: message })),
    ...faults.filter(({ kind }) => kind === 'crash').map(({ time, target }) => ({ time, target, text: 'crash' })),
  ].filter(({ time }) => time >= from);
  const times = [...new Set([...drawn.flatMap(({ sent, arrives }) => [sent, arrives ?? sent]), ...marks.map(({ time }) => time)])].sort(
    (left, right) => left - right,
  );
  const rows = new Map(times.map((time, row) => [time, HEAD + LINE * (row + 1)]));
  const x = (name: string): number => MARGIN + COLUMN * (columns.indexOf(name) + 0.5);
  const y = (time: number): number => rows.get(time) as number;
  const width = MARGIN + COLUMN * Math.max(columns.length, 1);
  const height = HEAD + LINE * (times.length + 2);

  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">`,
    `<title>${escaped(`${deployment}, seed ${seed}`)}</title>`,
    '<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#246"/></marker></defs>',
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...columns.flatMap((name) => [
      `<text x="${x(name)}" y="28" text-anchor="middle" font-size="13" font-weight="bold">${escaped(name)}</text>`,
      `<line x1="${x(name)}" y1="38" x2="${x(name)}" y2="${height - 8}" stroke="#ccc"/>`,
    ]),
    ...times.map((time) => `<text x="${MARGIN - 10}" y="${y(time) + 4}" text-anchor="end" fill="#888">${timeText(time)}</text>`),
    ...drawn.map(({ link, kind, sent, arrives, code, bytes }) => {
      const [client, server] = ends.get(link) ?? [link, link];
      const [start, end] = kind === 'complete' || kind === 'reset' ? [server, client] : [client, server];
      const isLost = arrives === undefined;
      // A message that is lost ends half-way.
      const x2 = isLost ? (x(start) + x(end)) / 2 : x(end);
      const y1 = y(sent);
      const y2 = isLost ? y1 : y(arrives);
      const label = [
        WORDS[kind],
        kind === 'send' || (kind === 'complete' && code !== 0) ? String(code) : '',
        bytes > 0 ? `${bytes} B` : '',
        isLost ? 'lost' : '',
      ]
        .filter((word) => word !== '')
        .join(' ');
      const middle = (x(start) + x2) / 2;
      const colour = isLost || kind === 'reset' ? '#b22' : '#246';
      return (
        `<line x1="${x(start)}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${colour}"${isLost ? ' stroke-dasharray="3 3"' : ' marker-end="url(#head)"'}/>` +
        `<text x="${middle}" y="${(y1 + y2) / 2 - 3}" text-anchor="middle" fill="${colour}">${escaped(label)}</text>`
      );
    }),
    ...marks.map(({ time, target, text }) => {
      const at = columns.includes(target) ? x(target) : MARGIN;
      return `<circle cx="${at}" cy="${y(time)}" r="5" fill="#b22"/><text x="${at + 9}" y="${y(time) + 4}" fill="#b22">${escaped(text)}</text>`;
    }),
    '</svg>',
  ];
  return `${parts.join('\n')}\n`;
}
