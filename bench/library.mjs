/**
 * What the benchmarks share: the built package, the benchmark programs as machines, statistics, and what this computer is.
 *
 * Everything measured is what users get: the bundled modules of `dist`, which `npm run build:code` makes.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The top of the repository. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Where the benchmark programs are. */
export const PROGRAMS = path.join(ROOT, 'bench', 'programs');
/** Where results go. */
export const RESULTS = path.join(ROOT, 'bench', 'results');

/** Builds the package. */
export function build() {
  execFileSync('npm', ['run', '--silent', 'build:code'], { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
}

/** A door of the built package: `vm`, `assembler`, `stdlib`. */
export const door = (name) => import(pathToFileURL(path.join(ROOT, 'dist', `${name}.js`)).href);

/**
 * Assembles a file, resolving `use` against the standard library and the file's folder.
 * @returns the binary's bytes
 */
export async function assembleFile(file) {
  const [{ assemble, formatDiagnostic }, { LIBRARY }] = await Promise.all([door('assembler'), door('stdlib')]);
  const read = (name) => {
    try {
      return readFileSync(name, 'utf8');
    } catch {
      return undefined;
    }
  };
  const { binary, diagnostics } = assemble(file, { read, library: LIBRARY });
  if (binary === undefined) throw new Error(diagnostics.map((one) => formatDiagnostic(one, read(one.path) ?? '')).join('\n'));
  return binary;
}

/** A device that accepts what is written and has nothing to read. */
export const SINK = {
  open: (client) => ({
    send: ({ tag, bytes }) => client.complete({ tag, status: bytes.length > 0 ? 0 : 1 }),
    cancel: () => {},
    close: () => {},
  }),
};

/** A terminal that reads from the input and forgets what is written. */
export function terminal(input) {
  let next = 0;
  return {
    open: (client) => ({
      send: ({ tag, bytes, replyBytes }) => {
        if (bytes.length > 0) return client.complete({ tag, status: 0 });
        const chunk = Uint8Array.from(input.subarray(next, next + replyBytes));
        next += chunk.length;
        return client.complete(chunk.length === 0 ? { tag, status: 1 } : { tag, status: 0, bytes: chunk });
      },
      cancel: () => {},
      close: () => {},
    }),
  };
}

/** The middle of some numbers. */
export function median(numbers) {
  const sorted = [...numbers].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The geometric mean of some positive numbers. */
export const geometricMean = (numbers) => Math.exp(numbers.reduce((sum, number) => sum + Math.log(number), 0) / numbers.length);

/** Whether a command can be run. */
export const isInstalled = (command) => spawnSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore' }).status === 0;

/**
 * Makes sure that a command is there, installing its Debian packages if it is not.
 * @returns whether it is there
 */
export function provide(command, ...debianPackages) {
  if (isInstalled(command)) return true;
  console.log(`${command} is missing: apt-get install ${debianPackages.join(' ')}`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const run = (...values) => spawnSync('apt-get', values, { env: environment, stdio: 'ignore' }).status === 0;
  if (!run('install', '-y', '--no-install-recommends', ...debianPackages)) {
    run('update');
    run('install', '-y', '--no-install-recommends', ...debianPackages);
  }
  const there = isInstalled(command);
  if (!there) console.log(`${command} could not be installed and is left out`);
  return there;
}

/** The first line that a command prints. */
export function firstLine(command, ...values) {
  const { stdout, stderr } = spawnSync(command, values, { encoding: 'utf8' });
  return `${stdout}${stderr}`.split('\n')[0].trim();
}

/** What the figures were measured on. */
export function host() {
  return { node: process.version, cpu: cpus()[0]?.model.trim() ?? 'unknown', cores: cpus().length, date: new Date().toISOString().slice(0, 10) };
}

/** An option `--name value` of the command line as a whole number. */
export function option(name, usual) {
  const at = process.argv.indexOf(`--${name}`);
  if (at < 0) return usual;
  const value = Number(process.argv[at + 1]);
  if (!Number.isInteger(value) || value < 1) {
    console.error(`--${name} wants a whole number of at least 1`);
    process.exit(2);
  }
  return value;
}
