/**
 * What the ports of a program are connected to when the tool runs it: the terminal, the clock, disks that are files.
 *
 * A port for which there is no driver here is an error that names the remedy; nothing is guessed.
 */
import type { PortDeclaration } from '../isa-spec/index.js';
import { ClockDriver, DiskDriver, TerminalDriver } from '../devices/node/index.js';
import type { Device } from '../vm/index.js';
import { EXIT, Failure } from './failure.js';
import { reasonOf } from './reasons.js';
import { parseCount, parseSize } from './sizes.js';
import { shown } from './text.js';

/** A disk as `--disk` names it. */
export interface DiskOption {
  readonly port: string;
  readonly path: string;
  /** Entries and bytes of an entry, where they are given. */
  readonly geometry?: { readonly entries: number; readonly entryBytes: number };
}

/** Reads `name=path` or `name=path:entries:size`; undefined where the text is neither. */
export function parseDisk(text: string): DiskOption | undefined {
  const [, port, path, entriesText, sizeText] = /^([^=]+)=(.+?)(?::(\d[\d_]*):(\d\w*))?$/.exec(text) ?? [];
  if (port === undefined || path === undefined) return undefined;
  if (entriesText === undefined || sizeText === undefined) return { port, path };
  const [entries, entryBytes] = [parseCount(entriesText), parseSize(sizeText)];
  return entries && entryBytes ? { port, path, geometry: { entries, entryBytes } } : undefined;
}

const WIRED = 'pbs run connects the pu client `terminal`, clock clients, and disk clients that --disk names';

function remedyOf({ name, protocol, side }: PortDeclaration): string {
  if (side === 'server') return `${WIRED}; a server needs clients: build a system in JavaScript and wire them to it`;
  if (protocol === 'disk') return `give it a file: --disk ${name}=PATH, or --disk ${name}=PATH:ENTRIES:SIZE to make one`;
  if (protocol === 'pu') return `${WIRED}; call the port \`terminal\`, or wire it in JavaScript: new Machine(program, { ports: { ${name}: device } })`;
  return `${WIRED}; wire it in JavaScript: new Machine(program, { ports: { ${name}: device } })`;
}

/** What the ports of one program are wired to. */
export interface Wiring {
  readonly devices: Readonly<Record<string, Device>>;
  /** Whether nobody reads standard output any more. */
  readonly outputClosed: () => boolean;
  /** How the standard streams failed, in words: what was not told before. */
  readonly takeTroubles: () => readonly string[];
  /** Whether a standard stream failed. A broken pipe is no failure. */
  readonly hadTrouble: () => boolean;
  /** Resolves once all output is written, or can't be. */
  readonly finishOutput: () => Promise<void>;
  /** Ends all devices once what they accepted is done. @throws Failure where a disk cannot do it */
  readonly close: () => Promise<void>;
}

/**
 * A device for every client port of the program.
 * @throws Failure for a port that nothing here can be, or a disk that no port wants or that cannot be opened
 */
export async function wire(ports: readonly PortDeclaration[], options: readonly DiskOption[]): Promise<Wiring> {
  const diskPorts = ports.filter(({ protocol, side }) => protocol === 'disk' && side === 'client').map(({ name }) => name);
  for (const [index, { port, path }] of options.entries()) {
    if (!diskPorts.includes(port)) {
      const known = `its disk clients: ${diskPorts.join(', ') || 'none'}`;
      throw new Failure(EXIT.usage, `--disk names ${shown(port)}, which is no disk client of the program`, known);
    }
    const before = options.slice(0, index).find((other) => other.port === port);
    if (before !== undefined) throw new Failure(EXIT.usage, `--disk names ${port} twice: ${shown(before.path)} and ${shown(path)}`, 'a port has one disk');
  }
  const terminal = new TerminalDriver();
  const disks: DiskDriver[] = [];
  const close = async (): Promise<void> => {
    await terminal.close();
    for (const disk of disks) await closeDisk(disk);
  };
  const devices: Record<string, Device> = {};
  try {
    for (const port of ports) {
      const { name, protocol, side } = port;
      const option = options.find((disk) => disk.port === name);
      if (side === 'client' && protocol === 'clock') devices[name] = new ClockDriver();
      else if (side === 'client' && protocol === 'pu' && name === 'terminal') devices[name] = terminal;
      else if (option !== undefined) {
        const disk = openDisk(option);
        disks.push(disk);
        devices[name] = disk;
      } else throw new Failure(EXIT.usage, `port ${name} (${protocol} ${side}) is connected to nothing`, remedyOf(port));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    devices,
    outputClosed: () => terminal.outputClosed,
    takeTroubles: troublesOf(terminal),
    hadTrouble: () => (terminal.inputError ?? terminal.outputError) !== undefined,
    finishOutput: () => terminal.close(),
    close,
  };
}

/** Each stream is told of once: one that fails goes on failing. */
function troublesOf(terminal: TerminalDriver): () => string[] {
  const told = new Set<string>();
  return () => {
    const found = [
      ['cannot read standard input', terminal.inputError],
      ['cannot write standard output', terminal.outputError],
    ] as const;
    const fresh = found.filter(([what, error]) => error !== undefined && !told.has(what));
    for (const [what] of fresh) told.add(what);
    return fresh.map(([what, error]) => `${what}: ${reasonOf(error)}`);
  };
}

function openDisk({ path, geometry }: DiskOption): DiskDriver {
  try {
    return new DiskDriver({ path, ...geometry });
  } catch (error) {
    if (error instanceof RangeError) throw new Failure(EXIT.usage, `--disk ${shown(path)}: ${error.message}`);
    throw new Failure(EXIT.file, `cannot use ${shown(path)} as a disk: ${reasonOf(error)}`);
  }
}

async function closeDisk(disk: DiskDriver): Promise<void> {
  try {
    await disk.close();
  } catch (error) {
    throw new Failure(EXIT.file, `cannot close a disk: ${reasonOf(error)}`);
  }
}
