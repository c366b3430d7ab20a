/**
 * Images `.pbi`: all that one computer needs of a system, as bytes and back. docs/image-format.md is the format.
 *
 * Equal systems give equal bytes. What is read is checked wholly: shape, hashes, every program by the verifier, every reference, and that the bytes are
 * the one encoding of what they say. Nothing is run here.
 */
import { compareNames, PAGE_BYTES, type PortDeclaration, PROTOCOLS, type Protocol } from '../isa-spec/index.js';
import { verify } from '../vm/index.js';
import { hexadecimal, sha256 } from './sha256.js';
import {
  MAIN_COMPUTER,
  type LinkEnd,
  type Settings,
  type SettingValue,
  type Topology,
  type TopologyComputer,
  type TopologyDevice,
  type TopologyLink,
  type TopologyProgram,
  type TopologyPu,
} from './topology.js';

/** The first four bytes: "PBI" and a zero. */
export const IMAGE_MAGIC = 0x00494250;
/** The version of the format that is written and read here. */
export const IMAGE_VERSION = 1;

const SECTIONS: readonly ImageSection[] = ['computer', 'programs', 'pus', 'devices', 'links', 'contents', 'hash'];
/** The name of a section; its id is the place in this list, from 1. */
export type ImageSection = 'computer' | 'programs' | 'pus' | 'devices' | 'links' | 'contents' | 'hash';

/** What a disk holds at first. */
export interface ImageContents {
  /** Name of the device. */
  readonly device: string;
  readonly bytes: Uint8Array;
}
/** What one computer has of a system. Of `links`, one end at least is here; the other may be on another computer. */
export interface Image {
  readonly computer: TopologyComputer;
  readonly programs: readonly TopologyProgram[];
  readonly pus: readonly TopologyPu[];
  readonly devices: readonly TopologyDevice[];
  readonly links: readonly TopologyLink[];
  readonly contents: readonly ImageContents[];
}

/** Why bytes are no image. */
export interface ImageRejection {
  /** A stable name of the rule that was broken. */
  readonly rule: string;
  /** The section, `header`, or `image` for what concerns several. */
  readonly section: ImageSection | 'header' | 'image';
  /** The byte in the file where it was found. */
  readonly offset: number;
  /** What is wrong and what would be right. */
  readonly message: string;
}

class Refusal extends Error {
  constructor(readonly rejection: ImageRejection) {
    super(rejection.message);
  }
}

const TEXT_BYTES_MAX = 65535;
const ENTRIES_MAX = 1_000_000;
const NONE = 0xffffffff;
const HASH_BYTES = 32;
const HEADER_BYTES = 8;
/** Codes of settings' values. */
const VALUES = ['number', 'text', 'flag', 'range', 'texts'] as const;
/** Bits of a link's flags. */
const LOSSY = 1;

/** Cuts a system into images, one for each computer, in the order of the topology. @param contentsOf the first contents of a disk that names a file, as bytes. @throws RangeError if a file is not there, or something does not fit */
export function imagesOf(topology: Topology, contentsOf: (path: string) => Uint8Array | undefined): Image[] {
  const { computers, programs, pus, devices, links } = topology;
  const home = new Map([...pus, ...devices].map(({ name, computer }) => [name, computer]));
  const nameOf = (end: LinkEnd): string => ('device' in end ? end.device : end.pu);
  return computers.map((computer) => {
    const ownPus = pus.filter((pu) => pu.computer === computer.name);
    const used = new Set(ownPus.map(({ program }) => program));
    const ownDevices = devices.filter((device) => device.computer === computer.name);
    const contents = ownDevices.flatMap(({ name, settings }): ImageContents[] => {
      const path = settings.contents;
      if (typeof path !== 'string') return [];
      const bytes = contentsOf(path);
      if (bytes === undefined) throw new RangeError(`cannot read ${path}, the contents of ${name}`);
      return [{ device: name, bytes }];
    });
    return {
      computer,
      programs: programs.filter(({ name }) => used.has(name)),
      pus: ownPus,
      devices: ownDevices.map(({ settings: { contents: _, ...settings }, ...device }) => ({ ...device, settings })),
      links: links.filter(({ client, server }) => home.get(nameOf(client)) === computer.name || home.get(nameOf(server)) === computer.name),
      contents,
    };
  });
}

class Writer {
  readonly #parts: Uint8Array[] = [];
  length = 0;

  raw(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.length += bytes.length;
  }
  #number(bytes: number, set: (view: DataView) => void): void {
    const view = new DataView(new ArrayBuffer(bytes));
    set(view);
    this.raw(new Uint8Array(view.buffer));
  }
  u8(value: number): void {
    this.#number(1, (view) => view.setUint8(0, value));
  }
  u16(value: number): void {
    this.#number(2, (view) => view.setUint16(0, value, true));
  }
  u32(value: number): void {
    if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) throw new RangeError(`${value} stands where an image holds a whole number of 32 bits`);
    this.#number(4, (view) => view.setUint32(0, value, true));
  }
  f64(value: number): void {
    this.#number(8, (view) => view.setFloat64(0, value, true));
  }
  text(text: string): void {
    const bytes = new TextEncoder().encode(text);
    if (bytes.length > TEXT_BYTES_MAX) throw new RangeError(`a text of ${bytes.length} bytes; at most ${TEXT_BYTES_MAX} fit`);
    this.u16(bytes.length);
    this.raw(bytes);
  }
  list<T>(items: readonly T[], write: (item: T) => void): void {
    this.u32(items.length);
    for (const item of items) write(item);
  }
  take(): Uint8Array {
    const all = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.#parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }
}

function writeValue(out: Writer, value: SettingValue): void {
  if (typeof value === 'number') {
    out.u8(VALUES.indexOf('number'));
    out.f64(value);
  } else if (typeof value === 'string') {
    out.u8(VALUES.indexOf('text'));
    out.text(value);
  } else if (typeof value === 'boolean') {
    out.u8(VALUES.indexOf('flag'));
    out.u8(value ? 1 : 0);
  } else if ('least' in value) {
    out.u8(VALUES.indexOf('range'));
    out.f64(value.least);
    out.f64(value.most);
  } else {
    out.u8(VALUES.indexOf('texts'));
    out.list(value, (text) => out.text(text));
  }
}

/** The one encoding of an image. @throws RangeError if something does not fit */
export function encodeImage({ computer, programs, pus, devices, links, contents }: Image): Uint8Array {
  const out = new Writer();
  out.u32(IMAGE_MAGIC);
  out.u32(IMAGE_VERSION);
  const section = (name: ImageSection, write: (body: Writer) => void): void => {
    const body = new Writer();
    write(body);
    out.u32(SECTIONS.indexOf(name) + 1);
    out.u32(body.length);
    out.raw(body.take());
  };
  const programNumbers = new Map(programs.map(({ name }, index) => [name, index]));
  const puNumbers = new Map(pus.map(({ name }, index) => [name, index]));
  const deviceNumbers = new Map(devices.map(({ name }, index) => [name, index]));
  const end = (body: Writer, link: LinkEnd): void => {
    if ('device' in link) {
      const number = deviceNumbers.get(link.device);
      body.u8(number === undefined ? 3 : 1);
      if (number === undefined) body.text(link.device);
      else body.u32(number);
      return;
    }
    const number = puNumbers.get(link.pu);
    body.u8(number === undefined ? 2 : 0);
    if (number === undefined) body.text(link.pu);
    else body.u32(number);
    body.text(link.port);
  };

  section('computer', (body) => {
    body.text(computer.name);
    body.f64(computer.memoryBytesMax ?? -1);
    body.f64(computer.pusMax ?? -1);
  });
  section('programs', (body) =>
    body.list(programs, ({ name, binary }) => {
      body.text(name);
      body.raw(sha256(binary));
      body.u32(binary.length);
      body.raw(binary);
    }),
  );
  section('pus', (body) =>
    body.list(pus, (pu) => {
      body.text(pu.name);
      body.u32(programNumbers.get(pu.program) ?? NONE);
      body.f64(pu.memoryBytes);
      body.f64(pu.frameBytesMax);
      body.f64(pu.fuelPerSecond);
      body.u8(pu.starts ? 1 : 0);
      body.list(pu.arguments, (word) => body.text(word));
      body.f64(pu.restart?.most ?? -1);
      body.f64(pu.restart?.withinNs ?? -1);
    }),
  );
  section('devices', (body) =>
    body.list(devices, ({ name, protocol, settings }) => {
      body.text(name);
      body.u8(PROTOCOLS.indexOf(protocol) + 1);
      body.list(
        Object.entries(settings).sort(([left], [right]) => compareNames(left, right)),
        ([setting, value]) => {
          body.text(setting);
          writeValue(body, value);
        },
      );
    }),
  );
  section('links', (body) =>
    body.list(links, ({ client, server, protocol, depth, messageBytes, isLossy }) => {
      end(body, client);
      end(body, server);
      body.u8(PROTOCOLS.indexOf(protocol) + 1);
      body.u8(isLossy ? LOSSY : 0);
      body.u32(depth ?? NONE);
      body.u32(messageBytes ?? NONE);
    }),
  );
  section('contents', (body) =>
    body.list(contents, ({ device, bytes }) => {
      body.u32(deviceNumbers.get(device) ?? NONE);
      body.raw(sha256(bytes));
      body.u32(bytes.length);
      body.raw(bytes);
    }),
  );
  const before = out.take();
  section('hash', (body) => body.raw(sha256(before)));
  return out.take();
}

class Reader {
  readonly #view: DataView;
  constructor(
    readonly bytes: Uint8Array,
    public at: number,
    readonly end: number,
    readonly section: ImageRejection['section'],
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  refuse(rule: string, message: string, offset = this.at): never {
    throw new Refusal({ rule, section: this.section, offset, message });
  }
  #take(count: number): number {
    const { at } = this;
    if (count > this.end - at) this.refuse('truncated', `${count} bytes are needed, ${this.end - at} are left`);
    this.at = at + count;
    return at;
  }
  raw(count: number): Uint8Array {
    const at = this.#take(count);
    return new Uint8Array(this.bytes.subarray(at, at + count));
  }
  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }
  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }
  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }
  /** A number that JSON could hold. */
  f64(): number {
    const { at } = this;
    const value = this.#view.getFloat64(this.#take(8), true);
    return Number.isFinite(value) ? value : this.refuse('number', `${value} is no number that an image holds`, at);
  }
  /** A whole number from 0 on. */
  whole(): number {
    const { at } = this;
    const value = this.f64();
    return Number.isSafeInteger(value) && value >= 0 ? value : this.refuse('number', `${value} where a whole number from 0 on is needed`, at);
  }
  /** The same, or -1 for none. */
  wholeOrNone(): number | undefined {
    const { at } = this;
    if (this.f64() === -1) return undefined;
    this.at = at;
    return this.whole();
  }
  flag(): boolean {
    const { at } = this;
    const value = this.u8();
    return value <= 1 ? value === 1 : this.refuse('flag', `${value} where 0 or 1 is needed`, at);
  }
  text(): string {
    const { at } = this;
    const bytes = this.raw(this.u16());
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return this.refuse('text', 'a text is not valid UTF-8', at);
    }
  }
  name(known: Set<string>, what: string): string {
    const { at } = this;
    const name = this.text();
    if (name === '' || known.has(name)) this.refuse('name', name === '' ? `a ${what} without a name` : `two things are called ${name}`, at);
    known.add(name);
    return name;
  }
  list<T>(itemBytesMin: number, what: string, read: () => T): T[] {
    const { at } = this;
    const count = this.u32();
    if (count > ENTRIES_MAX) this.refuse('limit', `${count} ${what}; at most ${ENTRIES_MAX} are allowed`, at);
    if (count * itemBytesMin > this.end - this.at) this.refuse('truncated', `${count} ${what} need more bytes than are left`, at);
    return Array.from({ length: count }, read);
  }
  index(count: number, what: string): number {
    const { at } = this;
    const value = this.u32();
    return value < count ? value : this.refuse('reference', `${what} ${value} of ${count}`, at);
  }
  protocol(): Protocol {
    const { at } = this;
    const code = this.u8();
    return PROTOCOLS[code - 1] ?? this.refuse('protocol', `protocol code ${code} is unknown`, at);
  }
  hashed(): Uint8Array {
    const { at } = this;
    const hash = this.raw(HASH_BYTES);
    const bytes = this.raw(this.u32());
    if (hexadecimal(hash) !== hexadecimal(sha256(bytes))) this.refuse('hash', 'the bytes do not have the hash that stands before them', at);
    return bytes;
  }
}

function readValue(from: Reader): SettingValue {
  const { at } = from;
  const code = from.u8();
  const kind = VALUES[code];
  switch (kind) {
    case 'number':
      return from.f64();
    case 'text':
      return from.text();
    case 'flag':
      return from.flag();
    case 'range':
      return { least: from.f64(), most: from.f64() };
    case 'texts':
      return from.list(2, 'texts', () => from.text());
    case undefined:
      return from.refuse('value', `value code ${code} is unknown`, at);
    default:
      return kind satisfies never;
  }
}

/**
 * Reads an image. Accepted bytes are exactly what `encodeImage` gives for it.
 * @returns the image, its programs verified, or why the bytes were refused; never throws for bad bytes
 */
export function decodeImage(bytes: Uint8Array): { readonly image: Image } | { readonly rejection: ImageRejection } {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('bytes: a Uint8Array is needed');
  try {
    const image = readImage(bytes);
    const again = encodeImage(image);
    const differs = again.length === bytes.length ? again.findIndex((byte, index) => byte !== bytes[index]) : Math.min(again.length, bytes.length);
    if (differs >= 0)
      throw new Refusal({ rule: 'not_canonical', section: 'image', offset: differs, message: 'the bytes are not the one encoding of what they say' });
    return { image };
  } catch (error) {
    if (error instanceof Refusal) return { rejection: error.rejection };
    throw error;
  }
}

function readImage(bytes: Uint8Array): Image {
  const header = new Reader(bytes, 0, bytes.length, 'header');
  if (bytes.length < HEADER_BYTES || header.u32() !== IMAGE_MAGIC) header.refuse('magic', 'no image: it does not begin with "PBI" and a zero byte', 0);
  const version = header.u32();
  if (version !== IMAGE_VERSION) header.refuse('format_version', `format version ${version}; this reader knows version ${IMAGE_VERSION}`, 4);
  let end = HEADER_BYTES;
  const section = <T>(name: ImageSection, read: (from: Reader) => T): T => {
    const head = new Reader(bytes, end, bytes.length, name);
    const id = head.u32();
    if (id !== SECTIONS.indexOf(name) + 1) head.refuse('section', `section ${id} where ${name} is needed`, end);
    const length = head.u32();
    if (length > bytes.length - head.at) head.refuse('truncated', `the section has ${length} bytes, ${bytes.length - head.at} are left`);
    const from = new Reader(bytes, head.at, head.at + length, name);
    end = head.at + length;
    const value = read(from);
    if (from.at !== from.end) from.refuse('section_length', `the section has ${from.end - from.at} bytes too many`);
    return value;
  };

  const computer = section('computer', (from): TopologyComputer => {
    const name = from.name(new Set(), 'computer');
    const [memoryBytesMax, pusMax] = [from.wholeOrNone(), from.wholeOrNone()];
    return { name, ...(memoryBytesMax === undefined ? {} : { memoryBytesMax }), ...(pusMax === undefined ? {} : { pusMax }) };
  });
  const programs = section('programs', readPrograms);
  const names = new Set<string>();
  const pus = section('pus', (from) => readPus(from, computer.name, programs, names));
  const devices = section('devices', (from) =>
    from.list(7, 'devices', (): TopologyDevice => {
      const name = from.name(names, 'device');
      const protocol = from.protocol();
      const known = new Set<string>();
      const settings: Settings = Object.fromEntries(from.list(4, 'settings', () => [from.name(known, 'setting'), readValue(from)] as const));
      return { name, computer: computer.name, protocol, settings };
    }),
  );
  const links = section('links', (from) => readLinks(from, pus, devices, programs));
  const contents = section('contents', (from) => {
    const known = new Set<number>();
    return from.list(4 + HASH_BYTES + 4, 'contents', (): ImageContents => {
      const { at } = from;
      const number = from.index(devices.length, 'device');
      const { name, protocol } = devices[number] as TopologyDevice;
      if (protocol !== 'disk' || known.has(number)) from.refuse('contents', protocol === 'disk' ? `two contents of ${name}` : `${name} is no disk`, at);
      known.add(number);
      return { device: name, bytes: from.hashed() };
    });
  });
  const before = end;
  section('hash', (from) => {
    if (hexadecimal(from.raw(HASH_BYTES)) !== hexadecimal(sha256(bytes.subarray(0, before))))
      from.refuse('hash', 'the image does not have the hash that stands at its end', before);
  });
  if (end !== bytes.length) header.refuse('section', `${bytes.length - end} bytes follow the last section`, end);
  return { computer, programs, pus, devices, links, contents };
}

function readPrograms(from: Reader): TopologyProgram[] {
  const known = new Set<string>();
  const hashes = new Set<string>();
  let last: string | undefined;
  return from.list(2 + HASH_BYTES + 4, 'programs', () => {
    const { at } = from;
    const name = from.name(known, 'program');
    if (last !== undefined && compareNames(last, name) > 0) from.refuse('order', `the program ${name} stands behind ${last}; names must ascend`, at);
    last = name;
    const binary = from.hashed();
    const hash = hexadecimal(sha256(binary));
    if (hashes.has(hash)) from.refuse('program', `the program ${name} is there already under another name`, at);
    hashes.add(hash);
    const verified = verify(binary);
    if ('rejection' in verified)
      return from.refuse('program', `the program ${name} is refused: ${verified.rejection.message} (${verified.rejection.rule})`, at);
    return { name, binary, program: verified.program, sha256: hash };
  });
}

function readPus(from: Reader, computer: string, programs: readonly TopologyProgram[], names: Set<string>): TopologyPu[] {
  const used = new Set<number>();
  const pus = from.list(2 + 4 + 3 * 8 + 1 + 4 + 16, 'PUs', (): TopologyPu => {
    const { at } = from;
    const name = from.name(names, 'PU');
    const number = from.index(programs.length, 'program');
    used.add(number);
    const { name: program, program: verified } = programs[number] as TopologyProgram;
    const [memoryBytes, frameBytesMax, fuelPerSecond] = [from.whole(), from.whole(), from.whole()];
    const { pagesMin, pagesMax } = verified.program.memory;
    const pages = memoryBytes / PAGE_BYTES;
    if (!Number.isInteger(pages) || pages < pagesMin || pages > pagesMax)
      from.refuse('memory', `${name} has ${memoryBytes} bytes; its program takes ${pagesMin} to ${pagesMax} pages of ${PAGE_BYTES}`, at);
    if (fuelPerSecond === 0) from.refuse('number', `${name} uses no fuel in a second`, at);
    const starts = from.flag();
    const words = from.list(2, 'arguments', () => from.text());
    const [most, withinNs] = [from.wholeOrNone(), from.wholeOrNone()];
    if ((most === undefined) !== (withinNs === undefined)) from.refuse('restart', `${name} has half a rule for restarts`, at);
    const restart = most === undefined || withinNs === undefined ? {} : { restart: { most, withinNs } };
    return { name, computer, program, memoryBytes, frameBytesMax, fuelPerSecond, starts, arguments: words, ...restart };
  });
  if (used.size < programs.length) from.refuse('program', 'a program that no PU runs');
  return pus;
}

interface ReadEnd {
  readonly end: LinkEnd;
  /** Of an end that is here. */
  readonly protocol: Protocol | undefined;
  readonly declared?: PortDeclaration;
  readonly isHere: boolean;
}

function readLinks(from: Reader, pus: readonly TopologyPu[], devices: readonly TopologyDevice[], programs: readonly TopologyProgram[]): TopologyLink[] {
  const byName = new Map(programs.map(({ name, program }) => [name, program.program]));
  const clients = new Set<string>();
  const readEnd = (side: 'client' | 'server'): ReadEnd => {
    const { at } = from;
    const code = from.u8();
    if (code === 1) {
      const { name, protocol } = devices[from.index(devices.length, 'device')] as TopologyDevice;
      return { end: { device: name }, protocol, isHere: true };
    }
    if (code === 3) return { end: { device: outside(at, from.text()) }, protocol: undefined, isHere: false };
    if (code === 2) return { end: { pu: outside(at, from.text()), port: from.text() }, protocol: undefined, isHere: false };
    if (code !== 0) return from.refuse('end', `end code ${code} is unknown`, at);
    const pu = pus[from.index(pus.length, 'PU')] as TopologyPu;
    const port = from.text();
    const declared = byName.get(pu.program)?.ports.find(({ name }) => name === port);
    if (declared === undefined || declared.side !== side) return from.refuse('port', `${pu.name} has no ${side} port ${port}`, at);
    return { end: { pu: pu.name, port }, protocol: declared.protocol, declared, isHere: true };
  };
  const own = new Set([...pus, ...devices].map(({ name }) => name));
  const outside = (at: number, name: string): string =>
    name === '' || own.has(name) ? from.refuse('end', `${name} is no name of something outside`, at) : name;
  const links = from.list(2 * 3 + 2 + 8, 'links', (): TopologyLink => {
    const { at } = from;
    const [client, server] = [readEnd('client'), readEnd('server')];
    const protocol = from.protocol();
    if (!client.isHere && !server.isHere) from.refuse('end', 'neither end of a link is here', at);
    if (!('pu' in client.end) && !('pu' in server.end)) from.refuse('end', 'both ends of a link are devices', at);
    if ([client, server].some((end) => end.protocol !== undefined && end.protocol !== protocol))
      from.refuse('protocol', `the ends of a link do not both speak ${protocol}`, at);
    const key = 'pu' in client.end ? `${client.end.pu}.${client.end.port}` : `${client.end.device} ${JSON.stringify(server.end)}`;
    if (clients.has(key)) from.refuse('two_links', `${key} is linked twice`, at);
    clients.add(key);
    const flags = from.u8();
    if ((flags & ~LOSSY) !== 0) from.refuse('flag', `flags ${flags} of a link are unknown`, at);
    const [depth, messageBytes] = [from.u32(), from.u32()];
    if (depth === 0 || (depth > 1024 && depth !== NONE)) from.refuse('number', `a depth of ${depth}`, at);
    if (messageBytes > 2 ** 24 && messageBytes !== NONE) from.refuse('number', `messages of ${messageBytes} bytes`, at);
    for (const { declared } of [client, server]) {
      const isRaised =
        declared !== undefined && ((depth !== NONE && depth > declared.depth) || (messageBytes !== NONE && messageBytes > declared.messageBytes));
      if (isRaised) from.refuse('limit', `the limits of a link are above those of the port ${declared.name}`, at);
    }
    return {
      client: client.end,
      server: server.end,
      protocol,
      ...(depth === NONE ? {} : { depth }),
      ...(messageBytes === NONE ? {} : { messageBytes }),
      isLossy: flags === LOSSY,
    };
  });
  for (const { name, program } of pus) {
    for (const { name: port, side } of byName.get(program)?.ports ?? []) {
      if (side === 'client' && !clients.has(`${name}.${port}`)) from.refuse('missing_link', `the client port ${name}.${port} leads nowhere`);
    }
  }
  return links;
}

/** The file name of a computer's image. */
export const imageFileName = (base: string, { name }: TopologyComputer): string =>
  name === MAIN_COMPUTER ? `${base}.pbi` : `${base}.${name.replaceAll(/[[\]]/g, '-').replace(/-$/, '')}.pbi`;
