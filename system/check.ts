/**
 * From judged parts to a topology, with the checks that concern the whole: clients without a link or with two, servers that nobody uses, memory and
 * budgets, controllers, and programs that wait for one another in a circle.
 */
import { compareNames, PAGE_BYTES } from '../isa-spec/index.js';
import { FRAME_BYTES_DEFAULT, FRAME_BYTES_LIMIT } from '../vm/index.js';
import { argumentBytes } from './arguments.js';
import { type DeviceEntry, follow, fullName, type PuEntry, type ScopeEntry, shortList } from './expand.js';
import type { Place, SystemReport } from './language/diagnostics.js';
import type { LoadedProgram } from './language/programs.js';
import { declaredAt, type JudgedLink } from './links.js';
import {
  FUEL_PER_SECOND_DEFAULT,
  MAIN_COMPUTER,
  type Topology,
  type TopologyComputer,
  type TopologyDevice,
  type TopologyProgram,
  type TopologyPu,
} from './topology.js';

/** What a topology is made of. */
export interface Parts {
  readonly computers: readonly ScopeEntry[];
  readonly pus: readonly PuEntry[];
  readonly devices: readonly DeviceEntry[];
  readonly links: readonly JudgedLink[];
}

const RESTART_WITHIN_NS = 60e9;

/** The topology of parts. What is wrong with them goes to the report; the topology is of use only if that has no errors. */
export function makeTopology(parts: Parts, report: SystemReport): Topology {
  const links = singleLinks(parts.links, report);
  missingLinks(parts, links, report);
  const controlled = controllers(parts, report);
  const programs = new Programs();
  const pus = parts.pus.flatMap((entry) => {
    const loaded = entry.program?.loaded;
    return loaded === undefined ? [] : [puOf(entry, loaded, programs.nameOf(entry.program?.name as string, loaded), controlled)];
  });
  const computers = computersOf(parts, pus, report);
  const numbers = new Map(pus.map(({ name }, index) => [name, index]));
  const order = ({ client }: JudgedLink): readonly [number, number] =>
    client.kind === 'port' ? [numbers.get(client.pu.name) ?? 0, client.number] : [Number.POSITIVE_INFINITY, 0];
  const sorted = links
    .map((judged, index) => ({ judged, key: order(judged), index }))
    .sort((left, right) => (left.key[0] === right.key[0] ? left.key[1] - right.key[1] || left.index - right.index : left.key[0] - right.key[0]))
    .map(({ judged }) => judged.link);
  return { programs: programs.all(), computers, pus, devices: parts.devices.flatMap((entry) => deviceOf(entry, parts, controlled)), links: sorted };
}

/** Each client's one link. */
function singleLinks(links: readonly JudgedLink[], report: SystemReport): JudgedLink[] {
  const first = new Map<string, JudgedLink>();
  return links.filter((judged) => {
    const { client, server, place } = judged;
    const key = client.kind === 'port' ? fullName(client) : `${client.name} -> ${fullName(server)}`;
    const before = first.get(key);
    if (before === undefined) {
      first.set(key, judged);
      return true;
    }
    report.error('two_links', place, `\`${fullName(client)}\` is linked twice: to \`${fullName(before.server)}\` and to \`${fullName(server)}\``, {
      notes: ['a client has one server; a server may have many clients'],
      related: [{ place: before.place, message: 'the first link is here' }, ...declaredAt(client)],
    });
    return false;
  });
}

/** Most servers that a message offers. */
const OFFERED_MAX = 12;

/** Servers of a protocol for messages to offer. Looked for once for each: a replicator may leave very many clients without a link. */
function serverFinder({ pus, devices }: Parts): (protocol: string) => readonly string[] {
  const found = new Map<string, readonly string[]>();
  return (protocol) => {
    const before = found.get(protocol);
    if (before !== undefined) return before;
    const names = devices.filter((device) => device.protocol === protocol).map(({ name }) => name);
    for (const pu of pus) {
      if (names.length > OFFERED_MAX) break;
      for (const port of pu.program?.loaded?.program.program.ports ?? [])
        if (port.side === 'server' && port.protocol === protocol) names.push(`${pu.name}.${port.name}`);
    }
    const offered = names.slice(0, OFFERED_MAX);
    found.set(protocol, offered);
    return offered;
  };
}

function missingLinks(parts: Parts, links: readonly JudgedLink[], report: SystemReport): void {
  const { pus } = parts;
  const serversOf = serverFinder(parts);
  const linked = new Set(links.flatMap(({ client, server }) => [fullName(client), fullName(server)]));
  for (const pu of pus) {
    const loaded = pu.program?.loaded;
    for (const port of loaded?.program.program.ports ?? []) {
      const name = `${pu.name}.${port.name}`;
      if (linked.has(name)) continue;
      const related = declaredAt({ kind: 'port', pu, port, number: 0 });
      if (port.side === 'client') {
        const known = serversOf(port.protocol).filter((server) => !server.startsWith(`${pu.name}.`));
        const remedy =
          known.length === 0
            ? `declare one: device NAME: ${port.protocol}, and link it: ${name} -> NAME`
            : `link it: ${name} -> ${known[0]}${known.length > 1 ? ` (${port.protocol} servers are ${shortList(known)})` : ''}`;
        report.error('missing_link', pu.place, `the client port \`${name}\` leads nowhere`, { related, notes: [remedy] });
      }
    }
  }
}

/** Warns of servers and devices that nobody uses. @param used full names of the ends of all links, those of deployments too */
export function checkUnused({ pus, devices }: Parts, used: ReadonlySet<string>, report: SystemReport): void {
  for (const pu of pus) {
    for (const port of pu.program?.loaded?.program.program.ports ?? []) {
      const name = `${pu.name}.${port.name}`;
      if (port.side !== 'server' || used.has(name)) continue;
      report.warning('unlinked_server', pu.place, `nobody uses the server port \`${name}\``, {
        related: declaredAt({ kind: 'port', pu, port, number: 0 }),
        notes: [`link a client to it: CLIENT -> ${name}`],
      });
    }
  }
  for (const { name, place } of devices) {
    if (!used.has(name)) report.warning('unlinked_server', place, `nobody uses the device \`${name}\``, { notes: [`link a client to it: PU.PORT -> ${name}`] });
  }
}

/** Names of PUs by the controller that has them. */
type Controlled = ReadonlyMap<string, { readonly device: DeviceEntry; readonly isFirst: boolean }>;
const slotsOf = ({ settings }: DeviceEntry, programs: number): number => (typeof settings.slots === 'number' ? settings.slots : programs);

/** The PUs that a controller names. */
function programsOf(device: DeviceEntry): PuEntry[] {
  const { settings, context, scope, place } = device;
  const names = Array.isArray(settings.programs) ? (settings.programs as readonly string[]) : [];
  return names.flatMap((name) =>
    follow(name, { context, scope, place }).flatMap((found) => {
      if (found.kind === 'pu') return [found];
      context.report.error('wrong_kind', place, `\`${name}\` is no PU, and a controller has PUs`);
      return [];
    }),
  );
}

function controllers({ devices, pus }: Parts, report: SystemReport): Controlled {
  const controlled = new Map<string, { readonly device: DeviceEntry; readonly isFirst: boolean }>();
  for (const device of devices.filter(({ protocol }) => protocol === 'puc')) {
    const programs = programsOf(device);
    const starting: PuEntry[] = [];
    for (const pu of programs) {
      const before = controlled.get(pu.name);
      const related = [{ place: pu.place, message: `\`${pu.name}\` is declared here` }];
      if (before !== undefined) {
        const twice =
          before.device === device
            ? `\`${device.name}\` has \`${pu.name}\` twice`
            : `\`${pu.name}\` has two controllers: \`${before.device.name}\` and \`${device.name}\``;
        report.error('two_controllers', device.place, twice, { related });
        continue;
      }
      if (pu.computer !== device.computer) {
        report.error('wrong_target', device.place, `\`${device.name}\` is on ${device.computer}, and \`${pu.name}\` on ${pu.computer}`, {
          related,
          notes: ['a controller has PUs of its own computer'],
        });
      }
      if (pu.settings.restart !== undefined) {
        report.error('two_controllers', pu.place, `\`${pu.name}\` is restarted by its host, and \`${device.name}\` controls it`, {
          notes: ['leave `restart` out: its controller restarts it'],
        });
      }
      if (pu.settings.starts === true) starting.push(pu);
      controlled.set(pu.name, { device, isFirst: pu.settings.starts === true });
    }
    const slots = slotsOf(device, programs.length);
    if (starting.length > slots) {
      report.error('bad_setting', device.place, `${starting.length} of its PUs start, and \`${device.name}\` has ${slots} slots`, {
        notes: [`give it { slots ${starting.length} }, or let fewer start`],
      });
    }
  }
  for (const pu of pus) {
    if (pu.settings.starts === false && !controlled.has(pu.name)) {
      report.error('bad_setting', pu.place, `\`${pu.name}\` does not start, and no controller can start it`, {
        notes: ['give it to one: device NAME: puc { programs ... }'],
      });
    }
  }
  return controlled;
}

function deviceOf(entry: DeviceEntry, parts: Parts, controlled: Controlled): TopologyDevice[] {
  const { name, computer, protocol, settings } = entry;
  if (protocol === undefined) return [];
  if (protocol !== 'puc') return [{ name, computer, protocol, settings }];
  const programs = parts.pus.filter((pu) => controlled.get(pu.name)?.device === entry);
  const named = programsOrder(entry).filter((pu) => programs.some((known) => known.name === pu));
  return [{ name, computer, protocol, settings: { programs: named, slots: slotsOf(entry, named.length) } }];
}
const programsOrder = (entry: DeviceEntry): string[] => [...new Set(programsOf(entry).map(({ name }) => name))];

function puOf({ name, computer, settings, place, context: { report } }: PuEntry, loaded: LoadedProgram, program: string, controlled: Controlled): TopologyPu {
  const { memory, symbols } = loaded.program.program;
  const [least, most] = [memory.pagesMin * PAGE_BYTES, memory.pagesMax * PAGE_BYTES];
  const number = (key: string, otherwise: number): number => (typeof settings[key] === 'number' ? (settings[key] as number) : otherwise);
  const memoryBytes = number('memory', least);
  const range = least === most ? `exactly ${sizeText(least)}` : `from ${sizeText(least)} to ${sizeText(most)}`;
  if (memoryBytes < least || memoryBytes > most) {
    report.error('bad_memory', place, `\`${name}\` gets ${sizeText(memoryBytes)}, and ${loaded.path} takes ${range}`, {
      notes: [`give it { memory ${sizeText(Math.min(Math.max(memoryBytes, least), most))} }, or declare other \`memory\` in the program`],
    });
  } else if (memoryBytes % PAGE_BYTES !== 0) {
    report.error('bad_memory', place, `\`${name}\` gets ${memoryBytes} bytes, which is no multiple of 64 KiB`, {
      notes: [`give it { memory ${sizeText(Math.ceil(memoryBytes / PAGE_BYTES) * PAGE_BYTES)} }`],
    });
  }
  const frameBytesMax = number('frames', FRAME_BYTES_DEFAULT);
  if (frameBytesMax > FRAME_BYTES_LIMIT)
    report.error('bad_number', place, `\`${name}\` gets ${frameBytesMax} bytes of frames; at most ${FRAME_BYTES_LIMIT} are possible`);
  const words = Array.isArray(settings.arguments) ? (settings.arguments as readonly string[]) : [];
  try {
    argumentBytes(loaded.program.program, words);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const declared = symbols.some((symbol) => symbol.name === 'arguments');
    report.error('no_arguments', place, `\`${name}\`: ${error.message.replace(/^arguments: /, '')}`, {
      notes: [declared ? 'make the data `arguments` larger' : 'leave the arguments out, or let the program take some'],
    });
  }
  const { restart, within } = settings;
  if (within !== undefined && restart === undefined)
    report.error('missing_setting', place, `\`${name}\` has \`within\` without \`restart\``, { notes: ['write { restart 3, within 10 s }'] });
  return {
    name,
    computer,
    program,
    memoryBytes,
    frameBytesMax,
    fuelPerSecond: number('speed', FUEL_PER_SECOND_DEFAULT),
    starts: controlled.get(name)?.isFirst ?? true,
    arguments: words,
    ...(typeof restart === 'number' ? { restart: { most: restart, withinNs: number('within', RESTART_WITHIN_NS) } } : {}),
  };
}

/** Programs, each distinct binary once. */
class Programs {
  readonly #byHash = new Map<string, TopologyProgram>();
  readonly #names = new Set<string>();

  nameOf(name: string, { binary, program, sha256 }: LoadedProgram): string {
    const known = this.#byHash.get(sha256);
    if (known !== undefined) return known.name;
    let free = name;
    for (let number = 2; this.#names.has(free); number++) free = `${name}_${number}`;
    this.#names.add(free);
    this.#byHash.set(sha256, { name: free, binary, program, sha256 });
    return free;
  }
  all(): TopologyProgram[] {
    return [...this.#byHash.values()].sort((left, right) => compareNames(left.name, right.name));
  }
}

function computersOf({ computers, pus: entries, devices }: Parts, pus: readonly TopologyPu[], report: SystemReport): TopologyComputer[] {
  const isMainDeclared = computers.some(({ name }) => name === MAIN_COMPUTER);
  const outside = [...entries, ...devices].filter(({ computer }) => computer === MAIN_COMPUTER);
  const all: { readonly name: string; readonly entry?: ScopeEntry }[] = computers.map((entry) => ({ name: entry.name, entry }));
  if (!isMainDeclared && (outside.length > 0 || all.length === 0)) all.unshift({ name: MAIN_COMPUTER });
  const on = new Map<string, TopologyPu[]>();
  for (const pu of pus) {
    const known = on.get(pu.computer);
    if (known === undefined) on.set(pu.computer, [pu]);
    else known.push(pu);
  }
  return all.map(({ name, entry }) => {
    const { memory, pus: most } = entry?.settings ?? {};
    const there = on.get(name) ?? [];
    if (entry !== undefined) budgets(entry, there, report);
    return { name, ...(typeof memory === 'number' ? { memoryBytesMax: memory } : {}), ...(typeof most === 'number' ? { pusMax: most } : {}) };
  });
}

function budgets({ name, settings, place }: ScopeEntry, pus: readonly TopologyPu[], report: SystemReport): void {
  const { memory, pus: most } = settings;
  if (typeof most === 'number' && pus.length > most) {
    report.error('over_budget', place, `\`${name}\` has ${pus.length} PUs, and at most ${most} are allowed`, {
      notes: [`raise { pus ${pus.length} }, or move PUs to another computer`],
    });
  }
  if (typeof memory !== 'number') return;
  const needed = pus.reduce((sum, { memoryBytes, frameBytesMax }) => sum + memoryBytes + frameBytesMax, 0);
  if (needed <= memory) return;
  const largest = [...pus].sort((left, right) => right.memoryBytes + right.frameBytesMax - left.memoryBytes - left.frameBytesMax).slice(0, 3);
  const shown = largest.map((pu) => `${pu.name}: ${sizeText(pu.memoryBytes)} of memory and ${sizeText(pu.frameBytesMax)} of frames`);
  report.error('over_budget', place, `the PUs of \`${name}\` need ${sizeText(needed)}, and it has ${sizeText(memory)}`, {
    notes: [...shown, 'lower `memory` or `frames` of PUs, or raise that of the computer'],
  });
}

/** A size as a person writes it. */
export function sizeText(bytes: number): string {
  for (const [unit, factor] of [
    ['GiB', 2 ** 30],
    ['MiB', 2 ** 20],
    ['KiB', 2 ** 10],
  ] as const)
    if (bytes >= factor && bytes % factor === 0) return `${bytes / factor} ${unit}`;
  return `${bytes} bytes`;
}

/** Warns of PUs outside of any computer, where there are computers. */
export function checkPlacement({ computers, pus, devices }: Parts, report: SystemReport): void {
  if (computers.length === 0 || computers.some(({ name }) => name === MAIN_COMPUTER)) return;
  for (const { kind, name, computer, place } of [...pus, ...devices]) {
    if (computer !== MAIN_COMPUTER) continue;
    report.warning('unplaced_pu', place, `the ${kind === 'pu' ? 'PU' : 'device'} \`${name}\` is on none of the computers`, {
      notes: ['move it into one, or declare computer main { } and it is on that'],
    });
  }
}

/** Warns of PUs whose calls may wait for one another in a circle: along links on which the client may wait for the answer. */
export function checkCycles(links: readonly JudgedLink[], report: SystemReport): void {
  const next = new Map<string, JudgedLink[]>();
  for (const judged of links) {
    const { client, server, isAsynchronous } = judged;
    if (isAsynchronous || client.kind !== 'port' || server.kind !== 'port') continue;
    const known = next.get(client.pu.name);
    if (known === undefined) next.set(client.pu.name, [judged]);
    else known.push(judged);
  }
  const state = new Map<string, 'open' | 'done'>();
  for (const start of next.keys()) {
    if (state.has(start)) continue;
    // By hand: a chain of PUs may be longer than the host's stack.
    const trail: { readonly name: string; at: number; readonly by: JudgedLink | undefined }[] = [{ name: start, at: 0, by: undefined }];
    state.set(start, 'open');
    while (trail.length > 0) {
      const top = trail[trail.length - 1] as (typeof trail)[number];
      const judged = next.get(top.name)?.[top.at++];
      if (judged === undefined) {
        state.set(top.name, 'done');
        trail.pop();
        continue;
      }
      const to = judged.server.kind === 'port' ? judged.server.pu.name : '';
      const known = state.get(to);
      if (known === undefined) {
        state.set(to, 'open');
        trail.push({ name: to, at: 0, by: judged });
      } else if (known === 'open') {
        const from = trail.findIndex(({ name }) => name === to);
        tellCycle([...trail.slice(from + 1).flatMap(({ by }) => (by === undefined ? [] : [by])), judged], report);
      }
    }
  }
}

function tellCycle(circle: readonly JudgedLink[], report: SystemReport): void {
  const text = circle.map(({ client, server }) => `${fullName(client)} -> ${fullName(server)}`);
  const last = circle[circle.length - 1] as JudgedLink;
  const others = circle
    .slice(0, -1)
    .slice(0, 4)
    .map(({ place, client, server }): { readonly place: Place; readonly message: string } => ({
      place,
      message: `${fullName(client)} -> ${fullName(server)}`,
    }));
  const message =
    circle.length === 1
      ? `\`${fullName(last.client)}\` calls its own PU: it waits for itself`
      : `${circle.length} programs may wait for one another in a circle: ${shortList(text)}`;
  report.warning('call_cycle', last.place, message, {
    notes: ['if the client of one of the links goes on without waiting for the answer, say so there: { asynchronous }'],
    related: others,
  });
}
