/** Small systems for tests: topologies and deployments written by hand, without the language of systems. */
import { createHash } from 'node:crypto';
import { assemble } from '../../assembler/index.js';
import { LIBRARY } from '../../stdlib/index.js';
import type { Backing, Deployment, Expectation, FaultRule, Topology, TopologyDevice, TopologyLink, TopologyPu } from '../../system/index.js';
import { verify } from '../../vm/index.js';

const assembled = new Map<string, Topology['programs'][number]>();

/** A program from source text. */
export function programOf(name: string, text: string): Topology['programs'][number] {
  const key = `${name}\n${text}`;
  const known = assembled.get(key);
  if (known !== undefined) return known;
  const { binary, diagnostics } = assemble('main.pbs', { read: (file) => (file === 'main.pbs' ? text : undefined), library: LIBRARY });
  if (binary === undefined) throw new Error(JSON.stringify(diagnostics, undefined, 1));
  const verified = verify(binary);
  if ('rejection' in verified) throw new Error(JSON.stringify(verified.rejection));
  const program = { name, binary, program: verified.program, sha256: createHash('sha256').update(binary).digest('hex') };
  assembled.set(key, program);
  return program;
}

/** What a small system is made of; what is left out has a default. */
export interface SmallSystem {
  /** Source text by name. */
  readonly programs: Readonly<Record<string, string>>;
  readonly pus: Readonly<Record<string, Partial<TopologyPu> & { readonly program: string }>>;
  readonly devices?: Readonly<
    Record<string, Pick<TopologyDevice, 'protocol'> & Partial<TopologyDevice> & { readonly mock?: string; readonly with?: Backing['settings'] }>
  >;
  /** `client.port -> server.port` or `client.port -> device`. */
  readonly links: readonly (string | (Partial<TopologyLink> & { readonly link: string }))[];
  readonly faults?: readonly FaultRule[];
  readonly expectations?: readonly Expectation[];
  readonly untilNs?: bigint;
}

/** A deployment of a small system on the simulation. */
export function deploymentOf(system: SmallSystem): Deployment {
  const programs = Object.entries(system.programs).map(([name, text]) => programOf(name, text));
  const pus = Object.entries(system.pus).map(([name, pu]): TopologyPu => {
    const program = programs.find((found) => found.name === pu.program);
    if (program === undefined) throw new Error(`no program ${pu.program}`);
    const memoryBytes = program.program.program.memory.pagesMin * 65536;
    return { name, computer: 'main', memoryBytes, frameBytesMax: 65536, fuelPerSecond: 1e9, starts: true, arguments: [], ...pu };
  });
  const devices = Object.entries(system.devices ?? {});
  const portOf = (end: string): { readonly pu: string; readonly port: string } | undefined => {
    const pu = pus.find(({ name }) => end.startsWith(`${name}.`));
    return pu === undefined ? undefined : { pu: pu.name, port: end.slice(pu.name.length + 1) };
  };
  const links = system.links.map((given): TopologyLink => {
    const { link, ...more } = typeof given === 'string' ? { link: given } : given;
    const [from, to] = link.split(' -> ') as [string, string];
    return { client: portOf(from) ?? { device: from }, server: portOf(to) ?? { device: to }, protocol: 'pu', isLossy: false, ...more };
  });
  const topology: Topology = {
    programs,
    computers: [...new Set([...pus, ...devices.map(([, device]) => ({ computer: 'main', ...device }))].map(({ computer }) => computer))].map((name) => ({
      name,
    })),
    pus,
    devices: devices.map(([name, { mock: _, with: __, ...device }]) => ({ name, computer: 'main', settings: {}, ...device })),
    links,
  };
  return {
    name: 'test',
    topology,
    host: 'simulation',
    seed: 1,
    ...(system.untilNs === undefined ? {} : { untilNs: system.untilNs }),
    backings: devices
      .filter(([, { protocol }]) => protocol !== 'puc')
      .map(([device, { mock = 'script', with: settings = {} }]) => ({ device, how: 'mock', kind: mock, settings })),
    faults: system.faults ?? [],
    expectations: system.expectations ?? [],
  };
}
