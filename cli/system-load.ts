/**
 * From a description to a system, for every command of `pbs system`: reads it with all that it names, prints what is wrong, chooses a deployment.
 */
import { isUtf8 } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Deployment, LoadedSystem, SystemDiagnostic, Topology } from '../system/index.js';
import { EXIT, Failure } from './failure.js';
import { nameOf, readBytes, shownName } from './files.js';
import { complain, hasColour, print } from './streams.js';
import { shown } from './text.js';

/** A system without errors. */
export interface GoodSystem {
  readonly system: LoadedSystem;
  readonly topology: Topology;
  readonly deployments: readonly Deployment[];
}

const UNTITLED = 'standard input';

/** Reads a description, good or not. @throws Failure where the file cannot be read, or is no text */
async function readSystem(file: string): Promise<LoadedSystem> {
  const bytes = await readBytes(file);
  if (!isUtf8(bytes)) throw new Failure(EXIT.data, `${shownName(file)} is no description of a system: neither .sys text nor JSON in UTF-8`);
  const [{ loadSystem }, { LIBRARY }] = await Promise.all([import('../system/index.js'), import('../stdlib/index.js')]);
  const name = nameOf(file);
  return loadSystem(name, { read: (used) => (used === name ? bytes : regularFile(used)), library: LIBRARY });
}

function regularFile(used: string): Uint8Array | undefined {
  try {
    return statSync(used).isFile() ? new Uint8Array(readFileSync(used)) : undefined;
  } catch {
    return undefined;
  }
}

/** A description with errors. */
class BadSystem extends Failure {
  constructor(readonly system: LoadedSystem) {
    super(EXIT.data, countText(system.diagnostics));
  }
}

/** Reads a description; what is wrong with it goes to standard error, unless `json` will tell. @throws Failure where it has errors */
export async function loadGoodSystem(file: string, json = false): Promise<GoodSystem> {
  const system = await readSystem(file);
  if (!json) await tell(system);
  const { topology, deployments } = system;
  if (topology === undefined) throw new BadSystem(system);
  return { system, topology, deployments };
}

/** Does the work of a command; with `json` what it cannot do is told as JSON instead of text. @returns the exit status. @throws Failure without `json` */
export async function judged(file: string, json: boolean, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!json || !(error instanceof Failure)) throw error;
    const isBad = error instanceof BadSystem;
    const told = isBad ? null : { message: error.message, help: error.remedy ?? null };
    printJson({ file: nameOf(file), ok: false, diagnostics: isBad ? error.system.diagnostics : [], error: told });
    return error.status;
  }
}

/** Prints diagnostics on standard error. */
async function tell({ diagnostics, sourceText }: LoadedSystem): Promise<void> {
  if (diagnostics.length === 0) return;
  const { formatSystemDiagnostic } = await import('../system/index.js');
  const color = hasColour();
  complain(`${diagnostics.map((diagnostic) => formatSystemDiagnostic(diagnostic, sourceText, { color })).join('\n\n')}\n`);
}

/** How many errors and warnings there are, in words. */
export function countText(diagnostics: readonly SystemDiagnostic[]): string {
  const count = (severity: SystemDiagnostic['severity']): number => diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
  const words = (number: number, what: string): string[] => (number === 0 ? [] : [`${number} ${what}${number === 1 ? '' : 's'}`]);
  return [...words(count('error'), 'error'), ...words(count('warning'), 'warning')].join(', ') || 'no errors';
}

/** The deployment of a name, or the first on a host. @throws Failure where there is none */
export function chooseDeployment(file: string, deployments: readonly Deployment[], name: string | undefined, host: Deployment['host']): Deployment {
  const names = deployments.map((deployment) => `${deployment.name} (${deployment.host})`).join(', ') || 'none';
  const found = deployments.find((deployment) => (name === undefined ? deployment.host === host : deployment.name === name));
  if (found !== undefined) return found;
  const message = name === undefined ? `${shownName(file)} has no deployment on ${host}` : `${shownName(file)} has no deployment ${shown(name)}`;
  throw new Failure(EXIT.usage, message, `its deployments are ${names}`);
}

/** The topology of a deployment if one is named, otherwise that of the system alone. @throws Failure where there is no such deployment */
export function chooseTopology(file: string, { topology, deployments }: GoodSystem, name: string | undefined): Topology {
  return name === undefined ? topology : chooseDeployment(file, deployments, name, 'simulation').topology;
}

/** Prints one JSON document. */
export const printJson = (value: object): void => print(`${JSON.stringify(value, null, 2)}\n`);

/** A path beside a description: its base name with another extension. */
export const besides = (file: string, extension: string): string =>
  file === '-' ? `${UNTITLED.replace(' ', '-')}${extension}` : path.join(path.dirname(file), `${path.basename(file, path.extname(file))}${extension}`);
