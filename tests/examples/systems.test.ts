/**
 * The example systems: each is good without a warning, keeps its expectations under twenty seeds, has images that load, and does on threads what it
 * does in the simulation.
 *
 * What a run on threads prints is written here by hand. Threads run the built package, as those of users do.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { decodeImage, encodeImage, explore, imagesOf, type LoadedSystem, type Topology } from '../../system/index.js';
import { loadPath } from '../system/files.js';
import { TOOL } from '../cli/pbs.js';

const FOLDER = 'examples/systems';
const NAMES = readdirSync(FOLDER).sort();
const systems = new Map<string, LoadedSystem>();

function load(name: string): LoadedSystem & { readonly topology: Topology } {
  const loaded = systems.get(name) ?? loadPath(`${FOLDER}/${name}/${name}.sys`);
  systems.set(name, loaded);
  if (loaded.topology === undefined) throw new Error(JSON.stringify(loaded.diagnostics, undefined, 1));
  return { ...loaded, topology: loaded.topology };
}

const read = (file: string): Uint8Array => new Uint8Array(readFileSync(file));
const SEEDS = 20;

describe.each(NAMES)('%s', (name) => {
  it('is good, and explains itself', () => {
    expect(load(name).diagnostics).toEqual([]);
    for (const file of readdirSync(`${FOLDER}/${name}`)) {
      if (!/\.(sys|pbs)$/.test(file)) continue;
      expect([file, readFileSync(`${FOLDER}/${name}/${file}`, 'utf8').split('\n', 1)[0]]).toEqual([file, expect.stringMatching(new RegExp(`^; ${file} - `))]);
    }
  });

  it(`keeps what it promises under ${SEEDS} seeds`, () => {
    const simulated = load(name).deployments.filter(({ host }) => host === 'simulation');
    expect(simulated.map((deployment) => deployment.name)).toContain('test');
    for (const deployment of simulated) {
      expect(deployment.expectations).not.toEqual([]);
      const { seedCount, failure } = explore(deployment, { seeds: [1, SEEDS], read });
      expect([deployment.name, seedCount, failure?.result.violations]).toEqual([deployment.name, SEEDS, undefined]);
    }
  });

  it('has an image for each computer, and each loads', () => {
    const { topology } = load(name);
    const images = imagesOf(topology, read);
    expect(images.map(({ computer }) => computer)).toEqual(topology.computers);
    for (const image of images) expect('rejection' in decodeImage(encodeImage(image))).toBe(false);
  });
});

/** What is typed, and what comes out: of those that end by themselves with what every computer has. */
const RUNS: Readonly<Record<string, { readonly input: string; readonly output: string; readonly status?: number }>> = {
  echo: { input: 'hello\nthere\n', output: 'HELLO\nTHERE\n' },
  'fan-out': { input: '', output: '1229 primes below 10000\n' },
  pipeline: { input: 'a\n\nlast', output: '     1  A\n     2  \n     3  LAST\n' },
};

describe('on threads', () => {
  it.each(Object.entries(RUNS))('%s', (name, { input, output, status: expected = 0 }) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [path.resolve(TOOL), 'system', 'run', `${FOLDER}/${name}/${name}.sys`], {
      input,
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    expect({ status, stdout, stderr }).toEqual({ status: expected, stdout: output, stderr: '' });
  });
});
