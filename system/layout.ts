/**
 * Where the parts of a system are drawn: computers as boxes, in them PUs and devices as boxes in layers, clients to the left of their servers, each
 * port a row of its box. Computers stand in layers of their own. Nothing overlaps, and every text has its room.
 */
import type { LinkEnd, Topology } from './topology.js';

/** A box, in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
/** A row of a box: servers at the left side, clients at the right. */
export interface DrawnPort {
  readonly text: string;
  readonly side: 'left' | 'right';
  /** Where its link ends. */
  readonly x: number;
  readonly y: number;
}
/** A PU or a device. */
export interface DrawnNode extends Box {
  readonly name: string;
  readonly kind: 'pu' | 'device';
  /** Its name without the computer's, and below it the program or the protocol. */
  readonly title: string;
  readonly subtitle: string;
  readonly ports: readonly DrawnPort[];
}
/** A computer. */
export interface DrawnComputer extends Box {
  readonly name: string;
}
/** A link, from where to where. */
export interface DrawnLink {
  readonly from: DrawnPort;
  readonly to: DrawnPort;
  readonly protocol: string;
  readonly isLossy: boolean;
}
/** A whole picture. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly computers: readonly DrawnComputer[];
  readonly nodes: readonly DrawnNode[];
  readonly links: readonly DrawnLink[];
}

/** Pixels that a character takes, of the fixed width that is drawn with, rounded up. */
export const CHARACTER_WIDTH = 7.3;
const ROW = 20;
const HEADER = 42;
const PADDING = 12;
const NODE_GAP = 22;
const LAYER_GAP = 96;
const COMPUTER_GAP = 40;
const COMPUTER_LAYER_GAP = 120;
const COMPUTER_TITLE = 30;
const MARGIN = 20;
const SWEEPS = 4;

const textWidth = (text: string): number => Math.ceil(text.length * CHARACTER_WIDTH);
const keyOf = (end: LinkEnd): string => ('device' in end ? `${end.device}.` : `${end.pu}.${end.port}`);
const nodeOf = (end: LinkEnd): string => ('device' in end ? end.device : end.pu);

interface Node {
  readonly name: string;
  readonly kind: 'pu' | 'device';
  readonly computer: string;
  readonly title: string;
  readonly subtitle: string;
  readonly left: readonly (readonly [key: string, text: string])[];
  readonly right: readonly (readonly [key: string, text: string])[];
  readonly width: number;
  readonly height: number;
}

function makeNode(name: string, kind: Node['kind'], computer: string, subtitle: string, left: Node['left'], right: Node['right']): Node {
  const title = name.startsWith(`${computer}.`) ? name.slice(computer.length + 1) : name;
  const width = (list: Node['left']): number => Math.max(0, ...list.map(([, text]) => textWidth(text)));
  const ports = width(left) + width(right) + (left.length > 0 && right.length > 0 ? PADDING : 0);
  return {
    name,
    kind,
    computer,
    title,
    subtitle,
    left,
    right,
    width: 2 * PADDING + Math.max(textWidth(title), textWidth(subtitle), ports, 60),
    height: HEADER + ROW * Math.max(left.length, right.length) + PADDING / 2,
  };
}

/** Edges between things that are numbered, none twice, none to itself. */
function edgesOf(count: number, pairs: Iterable<readonly [number, number]>): readonly (readonly number[])[] {
  const next = Array.from({ length: count }, () => new Set<number>());
  for (const [from, to] of pairs) if (from !== to) next[from]?.add(to);
  return next.map((set) => [...set]);
}

/** A layer for each thing: that of a server lies behind those of its clients, as far as there is no circle. */
function layersOf(next: readonly (readonly number[])[]): number[] {
  const state = new Uint8Array(next.length);
  const order: number[] = [];
  const isBack = next.map((list) => new Uint8Array(list.length));
  for (let start = 0; start < next.length; start++) {
    if (state[start] !== 0) continue;
    const trail = [{ node: start, at: 0 }];
    state[start] = 1;
    for (let top = trail.at(-1); top !== undefined; top = trail.at(-1)) {
      const to = next[top.node]?.[top.at];
      if (to === undefined) {
        state[top.node] = 2;
        order.push(top.node);
        trail.pop();
        continue;
      }
      if (state[to] === 1) (isBack[top.node] as Uint8Array)[top.at] = 1;
      top.at++;
      if (state[to] === 0) {
        state[to] = 1;
        trail.push({ node: to, at: 0 });
      }
    }
  }
  const layer = new Array<number>(next.length).fill(0);
  for (const node of order.reverse()) {
    (next[node] as readonly number[]).forEach((to, index) => {
      if (isBack[node]?.[index] === 0) layer[to] = Math.max(layer[to] as number, (layer[node] as number) + 1);
    });
  }
  return layer;
}

/** Columns of things by layer, in an order in which few links cross: each thing near the middle of those that it is linked with. */
function columnsOf(next: readonly (readonly number[])[]): number[][] {
  const columns: number[][] = [];
  layersOf(next).forEach((at, node) => {
    columns[at] ??= [];
    columns[at].push(node);
  });
  const all = columns.map((column) => column ?? []);
  const before = edgesOf(
    next.length,
    next.flatMap((list, from) => list.map((to) => [to, from] as const)),
  );
  const place = new Array<number>(next.length).fill(0);
  const number = (): void => {
    for (const column of all) column.forEach((node, index) => (place[node] = index / Math.max(1, column.length - 1) || index));
  };
  number();
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const near = sweep % 2 === 0 ? before : next;
    for (const column of sweep % 2 === 0 ? all : [...all].reverse()) {
      const middle = new Map(
        column.map((node, index) => {
          const others = near[node] as readonly number[];
          return [node, others.length === 0 ? index : others.reduce((sum, other) => sum + (place[other] as number), 0) / others.length] as const;
        }),
      );
      column.sort((left, right) => (middle.get(left) as number) - (middle.get(right) as number) || left - right);
      column.forEach((node, index) => (place[node] = index));
    }
  }
  return all;
}

interface Placed {
  readonly boxes: readonly Box[];
  readonly width: number;
  readonly height: number;
}

/** Puts things of known sizes into columns, each column in the middle of the height. */
function place(
  sizes: readonly { readonly width: number; readonly height: number }[],
  next: readonly (readonly number[])[],
  gap: number,
  layerGap: number,
): Placed {
  const columns = columnsOf(next);
  const heights = columns.map((column) => column.reduce((sum, index) => sum + (sizes[index]?.height ?? 0) + gap, -gap));
  const height = Math.max(0, ...heights);
  const boxes = new Array<Box>(sizes.length);
  let x = 0;
  columns.forEach((column, at) => {
    const width = Math.max(...column.map((index) => sizes[index]?.width ?? 0));
    let y = Math.floor((height - (heights[at] as number)) / 2);
    for (const index of column) {
      const size = sizes[index] as { readonly width: number; readonly height: number };
      boxes[index] = { x: x + Math.floor((width - size.width) / 2), y, width: size.width, height: size.height };
      y += size.height + gap;
    }
    x += width + layerGap;
  });
  return { boxes, width: Math.max(0, x - layerGap), height };
}

function nodesOf({ programs, pus, devices, links }: Topology): Node[] {
  const clients = new Set(links.map(({ client }) => nodeOf(client)));
  const servers = new Set(links.map(({ server }) => nodeOf(server)));
  const byName = new Map(programs.map((program) => [program.name, program.program.program]));
  return [
    ...pus.map(({ name, computer, program }) => {
      const ports = byName.get(program)?.ports ?? [];
      const rows = (side: string): Node['left'] => ports.filter((port) => port.side === side).map((port) => [`${name}.${port.name}`, port.name]);
      return makeNode(name, 'pu', computer, `runs ${program}`, rows('server'), rows('client'));
    }),
    ...devices.map(({ name, computer, protocol }) => {
      const row: Node['left'] = [[`${name}.`, '']];
      return makeNode(name, 'device', computer, protocol, servers.has(name) ? row : [], clients.has(name) ? row : []);
    }),
  ];
}

/** Where everything is drawn. */
export function layoutSystem(topology: Topology): Drawing {
  const nodes = nodesOf(topology);
  const numbers = new Map(nodes.map(({ name, kind }, index) => [`${kind} ${name}`, index]));
  const numberOf = (end: LinkEnd): number => numbers.get('device' in end ? `device ${end.device}` : `pu ${end.pu}`) as number;
  const pairs = topology.links.map(({ client, server }) => [numberOf(client), numberOf(server)] as const);
  const computers = topology.computers.map(({ name }) => name);
  const home = nodes.map(({ computer }) => computers.indexOf(computer));

  const inside = computers.map((name, number) => {
    const own = home.flatMap((at, index) => (at === number ? [index] : []));
    const local = new Map(own.map((index, at) => [index, at]));
    const next = edgesOf(
      own.length,
      pairs.flatMap(([from, to]) => (local.has(from) && local.has(to) ? [[local.get(from) as number, local.get(to) as number] as const] : [])),
    );
    const placed = place(
      own.map((index) => nodes[index] as Node),
      next,
      NODE_GAP,
      LAYER_GAP,
    );
    const width = Math.max(placed.width, textWidth(name)) + 2 * MARGIN;
    return { own, placed, width, height: placed.height + COMPUTER_TITLE + MARGIN };
  });
  const between = edgesOf(
    computers.length,
    pairs.map(([from, to]) => [home[from] as number, home[to] as number] as const),
  );
  const outer = place(inside, between, COMPUTER_GAP, COMPUTER_LAYER_GAP);

  const ends = new Map<string, DrawnPort>();
  const drawn = new Array<DrawnNode>(nodes.length);
  inside.forEach(({ own, placed }, number) => {
    const { x, y } = outer.boxes[number] as Box;
    own.forEach((index, at) => {
      const box = placed.boxes[at] as Box;
      drawn[index] = drawNode(nodes[index] as Node, { ...box, x: box.x + x + 2 * MARGIN, y: box.y + y + COMPUTER_TITLE + MARGIN }, ends);
    });
  });
  const links = topology.links.map(({ client, server, protocol, isLossy }): DrawnLink => {
    return { from: ends.get(`right ${keyOf(client)}`) as DrawnPort, to: ends.get(`left ${keyOf(server)}`) as DrawnPort, protocol, isLossy };
  });
  const boxes = computers.map((name, number): DrawnComputer => {
    const box = outer.boxes[number] as Box;
    return { ...box, name, x: box.x + MARGIN, y: box.y + MARGIN };
  });
  return { width: outer.width + 2 * MARGIN, height: outer.height + 2 * MARGIN, computers: boxes, nodes: drawn, links };
}

function drawNode({ name, kind, title, subtitle, left, right }: Node, box: Box, ends: Map<string, DrawnPort>): DrawnNode {
  const ports = (list: Node['left'], side: DrawnPort['side']): DrawnPort[] =>
    list.map(([key, text], row) => {
      const port: DrawnPort = { text, side, x: side === 'left' ? box.x : box.x + box.width, y: box.y + HEADER + ROW * row + ROW / 2 };
      ends.set(`${side} ${key}`, port);
      return port;
    });
  return { ...box, name, kind, title, subtitle, ports: [...ports(left, 'left'), ...ports(right, 'right')] };
}
