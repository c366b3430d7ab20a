/**
 * Programs that a description names: source text is assembled, binaries are taken, both are verified, each file once. Of source text it is
 * remembered where each port is declared, so that a message can show both ends of a link.
 */
import { assemble } from '../../assembler/index.js';
import { parseFile, type PortItem, Report, Source, Tokenizer } from '../../assembler/internal/index.js';
import { MAGIC, type PortDeclaration } from '../../isa-spec/index.js';
import { verify, type VerifiedProgram } from '../../vm/index.js';
import { hexadecimal, sha256 } from '../sha256.js';
import type { Place, SystemReport } from './diagnostics.js';

/** Where files come from. */
export interface Reading {
  /**
   * The bytes of a file, or its text if it is known to be text; undefined if there is no such file. Paths are that of the description and those that it names, joined to
   * its folder. What it throws comes out as it is.
   */
  read(path: string): Uint8Array | string | undefined;
  /** The sources that `use "name"` in a program finds. */
  readonly library?: ReadonlyMap<string, string> | Readonly<Record<string, string>>;
}

/** A program that is good. */
export interface LoadedProgram {
  readonly path: string;
  readonly binary: Uint8Array;
  readonly program: VerifiedProgram;
  readonly sha256: string;
  /** Where a port is declared, if there is source text. */
  portPlace(name: string): Place | undefined;
}

/** All files that were read, each once. */
export class Files {
  readonly #reading: Reading;
  readonly #bytes = new Map<string, Uint8Array | undefined>();
  readonly #sources = new Map<string, Source>();
  readonly #programs = new Map<string, LoadedProgram | undefined>();

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  /** Those that were there. */
  get paths(): string[] {
    return [...this.#bytes].flatMap(([path, bytes]) => (bytes === undefined ? [] : [path]));
  }

  bytes(path: string): Uint8Array | undefined {
    if (this.#bytes.has(path)) return this.#bytes.get(path);
    const found: unknown = this.#reading.read(path);
    if (found !== undefined && typeof found !== 'string' && !(found instanceof Uint8Array)) {
      throw new TypeError(`options.read gives ${typeof found} for ${path}; bytes, text or undefined are needed`);
    }
    const bytes = typeof found === 'string' ? new TextEncoder().encode(found) : found;
    this.#bytes.set(path, bytes);
    return bytes;
  }

  /** The text of a file; undefined if it is not there, and null if it is none. */
  text(path: string): string | null | undefined {
    const bytes = this.bytes(path);
    if (bytes === undefined) return undefined;
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return null;
    }
  }

  /** The source of a text; the same each time, so that places can be told apart by it. */
  source(path: string, text: string): Source {
    let source = this.#sources.get(path);
    if (source === undefined) {
      source = new Source(path, text, this.#sources.size);
      this.#sources.set(path, source);
    }
    return source;
  }
  sourceText(path: string): string | undefined {
    return this.#sources.get(path)?.text;
  }

  /** The program of a file; undefined if it is none, which is reported, at the place that asks for it if the file is not there. */
  program(path: string, place: Place, report: SystemReport): LoadedProgram | undefined {
    if (!this.#programs.has(path)) this.#programs.set(path, this.#load(path, place, report));
    return this.#programs.get(path);
  }

  #load(path: string, place: Place, report: SystemReport): LoadedProgram | undefined {
    const bytes = this.bytes(path);
    if (bytes === undefined) {
      return report.error('cannot_read', place, `cannot read ${path}`, { notes: ['paths start from the folder of this file'] });
    }
    const isBinary = bytes.length >= 4 && new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) === MAGIC;
    if (isBinary || path.endsWith('.pbx')) return this.#verified(path, bytes, place, report, () => undefined);
    const text = this.text(path);
    if (typeof text !== 'string')
      return report.error('bad_program', place, `${path} is neither a binary, which begins with "PBX" and a zero byte, nor text in UTF-8`);
    return this.#assembled(path, text, place, report);
  }

  #assembled(path: string, text: string, place: Place, report: SystemReport): LoadedProgram | undefined {
    const main = this.source(path, text);
    const texts = [main];
    const { library } = this.#reading;
    const assembly = assemble(path, {
      read: (used) => {
        if (used === path) return text;
        const found = this.text(used);
        if (typeof found !== 'string') return undefined;
        texts.push(this.source(used, found));
        return found;
      },
      ...(library === undefined ? {} : { library }),
    });
    for (const { path: shown } of assembly.diagnostics) {
      const other = assembly.sourceText(shown);
      if (other !== undefined) this.source(shown, other);
    }
    report.assembled(assembly.diagnostics, main.order);
    if (assembly.binary === undefined) return undefined;
    let declared: ReadonlyMap<string, Place> | undefined;
    return this.#verified(path, assembly.binary, place, report, (name) => {
      declared ??= portPlaces(texts);
      return declared.get(name.replace(/\[.*$/, ''));
    });
  }

  #verified(path: string, binary: Uint8Array, place: Place, report: SystemReport, portPlace: LoadedProgram['portPlace']): LoadedProgram | undefined {
    const verified = verify(binary);
    if ('rejection' in verified) {
      const { rule, section, message } = verified.rejection;
      return report.error('bad_program', place, `${path} is no valid binary: ${message} (section ${section}: ${rule})`);
    }
    return { path, binary, program: verified.program, sha256: hexadecimal(sha256(binary)), portPlace };
  }
}

/** Where each port is declared, by its name without an index. */
function portPlaces(sources: readonly Source[]): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const source of sources) {
    const ports = parseFile(source, new Tokenizer(), new Report()).filter((item): item is PortItem => item.kind === 'port');
    for (const { name, visible } of ports) {
      const key = visible?.name ?? name.name;
      if (!places.has(key)) places.set(key, { source, start: name.start, end: name.end });
    }
  }
  return places;
}

/** A port in words. */
export const describePort = ({ protocol, side, version }: PortDeclaration): string => `a ${protocol} ${side}${version === 1 ? '' : ` of version ${version}`}`;
