/**
 * What a name of a system stands for: who is there, what is at the other end of its links, which protocol is spoken, which sizes are in force, and what
 * carries it in each deployment.
 */
import { PAGE_BYTES, type PortDeclaration, windowBytes } from '../isa-spec/index.js';
import { sizeText } from './check.js';
import { shortList } from './expand.js';
import type { Backing, Deployment, LinkEnd, Topology, TopologyLink } from './topology.js';

/** One link of a thing. */
export interface ExplainedLink {
  readonly client: string;
  readonly server: string;
  readonly protocol: string;
  /** Messages in flight, and bytes of the largest, in force at the client; undefined where a device is the client. */
  readonly depth?: number;
  readonly messageBytes?: number;
  readonly isLossy: boolean;
}
/** What a name stands for. */
export interface Explanation {
  readonly name: string;
  readonly kind: 'computer' | 'pu' | 'port' | 'device' | 'program';
  /** In words, one fact a line. */
  readonly facts: readonly string[];
  readonly links: readonly ExplainedLink[];
  /** What stands behind it in each deployment. */
  readonly carriers: readonly { readonly deployment: string; readonly host: string; readonly what: string }[];
}

const endName = (end: LinkEnd): string => ('device' in end ? end.device : `${end.pu}.${end.port}`);
const ownerOf = (end: LinkEnd): string => ('device' in end ? end.device : end.pu);

/** All names that can be explained, in the order of the topology. */
export function namesOf({ computers, pus, devices, programs }: Topology): string[] {
  const ports = pus.flatMap((pu) => portsOf(pu.program, programs).map(({ name }) => `${pu.name}.${name}`));
  return [...computers, ...pus, ...devices]
    .map(({ name }) => name)
    .concat(
      ports,
      programs.map(({ name }) => name),
    );
}

function portsOf(program: string, programs: Topology['programs']): readonly PortDeclaration[] {
  return programs.find(({ name }) => name === program)?.program.program.ports ?? [];
}

/** What a name stands for, or undefined if nothing has it. A PU goes before a program of the same name. */
export function explain(topology: Topology, deployments: readonly Deployment[], name: string): Explanation | undefined {
  const { computers, pus, devices, links, programs } = topology;
  const pu = pus.find((known) => known.name === name);
  if (pu !== undefined) return explainPu(topology, deployments, pu);
  const device = devices.find((known) => known.name === name);
  if (device !== undefined) {
    const { protocol, settings, computer } = device;
    const given = Object.entries(settings).map(([setting, value]) => `${setting}: ${valueText(value)}`);
    const own = linksOf(
      topology,
      links.filter(({ client, server }) => ownerOf(client) === name || ownerOf(server) === name),
    );
    return {
      name,
      kind: 'device',
      facts: [`a device of the protocol ${protocol} on ${computer}`, ...given],
      links: own,
      carriers: backingsOf(name, protocol, deployments),
    };
  }
  const computer = computers.find((known) => known.name === name);
  if (computer !== undefined) return explainComputer(topology, deployments, computer);
  const owner = pus.find(
    (known) => name.startsWith(`${known.name}.`) && portsOf(known.program, programs).some((port) => `${known.name}.${port.name}` === name),
  );
  if (owner !== undefined) {
    const port = portsOf(owner.program, programs).find((known) => `${owner.name}.${known.name}` === name) as PortDeclaration;
    return explainPort(topology, deployments, name, owner.program, port);
  }
  const program = programs.find((known) => known.name === name);
  if (program === undefined) return undefined;
  const runs = pus.flatMap((known) => (known.program === name ? [known.name] : []));
  const { memory, ports, functions, code } = program.program.program;
  const facts = [
    `a program of ${program.binary.length} bytes: ${functions.length} functions, ${code.byteLength} bytes of code`,
    `sha256: ${program.sha256}`,
    `memory: ${sizeText(memory.pagesMin * PAGE_BYTES)} to ${sizeText(memory.pagesMax * PAGE_BYTES)}`,
    `ports: ${ports.map((port) => `${port.name} (${port.protocol} ${port.side})`).join(', ') || 'none'}`,
    `run by ${shortList(runs)}`,
  ];
  return { name, kind: 'program', facts, links: [], carriers: [] };
}

function explainPu(topology: Topology, deployments: readonly Deployment[], pu: Topology['pus'][number]): Explanation {
  const { name, computer, program, memoryBytes, frameBytesMax, fuelPerSecond, starts, restart } = pu;
  const controller = topology.devices.find(({ settings }) => Array.isArray(settings.programs) && settings.programs.includes(name));
  const facts = [
    `a PU on ${computer} that runs ${program}`,
    `memory: ${sizeText(memoryBytes)}, frames: at most ${sizeText(frameBytesMax)}`,
    `speed: ${fuelPerSecond} units of fuel in a second of virtual time`,
    controller === undefined
      ? 'it runs from the beginning'
      : `${controller.name} controls it${starts ? ', and it runs from the beginning' : ', and starts it'}`,
    ...(restart === undefined ? [] : [`after a trap its host restarts it, at most ${restart.most} times within ${timeText(restart.withinNs)}`]),
    ...(pu.arguments.length === 0 ? [] : [`arguments: ${pu.arguments.map((word) => JSON.stringify(word)).join(' ')}`]),
  ];
  const links = linksOf(
    topology,
    topology.links.filter(({ client, server }) => ownerOf(client) === name || ownerOf(server) === name),
  );
  return { name, kind: 'pu', facts, links, carriers: hostsOf(deployments) };
}

function explainComputer(
  { pus, devices, links, ...topology }: Topology,
  deployments: readonly Deployment[],
  { name, memoryBytesMax, pusMax }: Topology['computers'][number],
): Explanation {
  const own = pus.filter(({ computer }) => computer === name);
  const ownDevices = devices.filter(({ computer }) => computer === name);
  const here = new Set([...own, ...ownDevices].map((part) => part.name));
  const used = own.reduce((sum, { memoryBytes, frameBytesMax }) => sum + memoryBytes + frameBytesMax, 0);
  const facts = [
    `a computer with ${own.length} PUs${pusMax === undefined ? '' : ` of at most ${pusMax}`}: ${shortList(own.map((pu) => pu.name)) || 'none'}`,
    `devices: ${shortList(ownDevices.map((device) => `${device.name} (${device.protocol})`)) || 'none'}`,
    `memory and frames: ${sizeText(used)}${memoryBytesMax === undefined ? '' : ` of at most ${sizeText(memoryBytesMax)}`}`,
  ];
  const outside = links.filter(({ client, server }) => here.has(ownerOf(client)) !== here.has(ownerOf(server)));
  return { name, kind: 'computer', facts, links: linksOf({ ...topology, pus, devices, links }, outside), carriers: hostsOf(deployments) };
}

function explainPort(topology: Topology, deployments: readonly Deployment[], name: string, program: string, port: PortDeclaration): Explanation {
  const { side, protocol, version, depth, messageBytes, window } = port;
  const own = topology.links.filter(({ client, server }) => endName(client) === name || endName(server) === name);
  const facts = [
    `a ${protocol} ${side} of version ${version}, declared by ${program} as ${port.name}`,
    `declared limits: ${depth} messages in flight, ${sizeText(messageBytes)} the largest`,
    `its window: address 0x${window.toString(16)}, ${windowBytes(depth)} bytes`,
    ...(own.length === 0 ? ['nobody is at the other end'] : []),
  ];
  const ends = own.map(({ client, server }) => (endName(client) === name ? server : client));
  const carriers =
    ends.some((end) => 'pu' in end) || ends.length === 0 ? hostsOf(deployments) : ends.flatMap((end) => backingsOf(ownerOf(end), protocol, deployments));
  return { name, kind: 'port', facts, links: linksOf(topology, own), carriers };
}

function linksOf({ pus, programs }: Topology, links: readonly TopologyLink[]): ExplainedLink[] {
  return links.map(({ client, server, protocol, depth, messageBytes, isLossy }) => {
    const names = { client: endName(client), server: endName(server), protocol, isLossy };
    if ('device' in client) return names;
    const program = pus.find((pu) => pu.name === client.pu)?.program ?? '';
    const port = portsOf(program, programs).find((known) => known.name === client.port) as PortDeclaration;
    return { ...names, depth: depth ?? port.depth, messageBytes: messageBytes ?? port.messageBytes };
  });
}

const HOSTS = {
  simulation: 'one thread in virtual time',
  workers: 'a thread of its own, links in shared memory',
  processes: 'a process of its own, links in sockets',
} as const;
const hostsOf = (deployments: readonly Deployment[]): Explanation['carriers'] =>
  deployments.map(({ name, host }) => ({ deployment: name, host, what: HOSTS[host] }));

function backingsOf(device: string, protocol: string, deployments: readonly Deployment[]): Explanation['carriers'] {
  return deployments.map(({ name, host, backings, topology }) => {
    const backing = backings.find((known) => known.device === device);
    if (backing !== undefined) return { deployment: name, host, what: backingText(backing) };
    const isThere = topology.devices.some((known) => known.name === device);
    return { deployment: name, host, what: isThere || protocol === 'puc' ? 'the host itself' : 'a program that plays it' };
  });
}

function backingText({ how, kind, settings }: Backing): string {
  const given = Object.entries(settings).map(([name, value]) => `${name} ${valueText(value)}`);
  return `the ${how === 'mock' ? 'mock' : 'driver'} ${kind}${given.length === 0 ? '' : `: ${given.join(', ')}`}`;
}

function valueText(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'least' in value && 'most' in value) return `${value.least}..${value.most}`;
  return Array.isArray(value) ? value.map((item) => JSON.stringify(item)).join(', ') : JSON.stringify(value);
}

function timeText(ns: number): string {
  for (const [unit, factor] of [
    ['min', 60e9],
    ['s', 1e9],
    ['ms', 1e6],
    ['us', 1e3],
  ] as const)
    if (ns >= factor && ns % factor === 0) return `${ns / factor} ${unit}`;
  return `${ns} ns`;
}

/** An explanation as text. */
export function explanationText({ name, kind, facts, links, carriers }: Explanation): string {
  const lines = [`${name}: ${facts[0] ?? kind}`, ...facts.slice(1).map((fact) => `  ${fact}`)];
  for (const { client, server, protocol, depth, messageBytes, isLossy } of links) {
    const limits = depth === undefined || messageBytes === undefined ? '' : `, ${depth} messages in flight, ${sizeText(messageBytes)} the largest`;
    lines.push(`  ${client} -> ${server}: ${protocol}${limits}${isLossy ? ', lossy' : ''}`);
  }
  for (const { deployment, host, what } of carriers) lines.push(`  in ${deployment} (${host}): ${what}`);
  return `${lines.join('\n')}\n`;
}
