/**
 * `pbs system check`: reads a description with all that it names, and tells what is wrong with it, or what it consists of.
 */
import type { Deployment, Topology } from '../system/index.js';
import { EXIT } from './failure.js';
import { nameOf, shownName } from './files.js';
import { formatSize } from './sizes.js';
import { print } from './streams.js';
import { countText, loadGoodSystem, printJson } from './system-load.js';

/** What a system consists of, in numbers. */
function summaryOf({ computers, programs, pus, devices, links }: Topology, deployments: readonly Deployment[]): object {
  return {
    computers: computers.map(({ name }) => {
      const there = pus.filter(({ computer }) => computer === name);
      const bytes = (key: 'memoryBytes' | 'frameBytesMax'): number => there.reduce((sum, pu) => sum + pu[key], 0);
      return { name, pus: there.length, memoryBytes: bytes('memoryBytes'), frameBytesMax: bytes('frameBytesMax') };
    }),
    programs: programs.map(({ name, sha256, binary }) => ({ name, bytes: binary.length, sha256 })),
    pus: pus.length,
    devices: devices.map(({ name, protocol }) => ({ name, protocol })),
    links: links.length,
    deployments: deployments.map(({ name, host }) => ({ name, host })),
  };
}

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

function summaryText({ computers, programs, pus, devices, links }: Topology, deployments: readonly Deployment[]): string {
  const memory = pus.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
  const names = deployments.map(({ name, host }) => `${name} (${host})`).join(', ') || 'none';
  const parts = [
    plural(computers.length, 'computer'),
    `${plural(pus.length, 'PU')} with ${formatSize(memory)} of memory`,
    plural(programs.length, 'program'),
    plural(devices.length, 'device'),
    plural(links.length, 'link'),
    `deployments ${names}`,
  ];
  return parts.join(', ');
}

/** Checks a description. @returns the exit status. @throws Failure telling what is wrong with it */
export async function checkSystem(file: string, { json = false }: { readonly json?: boolean }): Promise<number> {
  const { topology, deployments, system } = await loadGoodSystem(file, json);
  if (json) {
    printJson({ file: nameOf(file), ok: true, diagnostics: system.diagnostics, error: null, system: summaryOf(topology, deployments) });
  } else {
    const warnings = system.diagnostics.length === 0 ? '' : `, ${countText(system.diagnostics)}`;
    print(`${shownName(file)} is good: ${summaryText(topology, deployments)}${warnings}\n`);
  }
  return EXIT.ok;
}
