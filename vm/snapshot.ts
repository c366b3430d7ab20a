/**
 * Snapshots: the whole state of a PU as bytes and back, in the format of isa-spec/snapshot.md.
 *
 * Writing makes the frames canonical, so that every engine gives the same bytes. Reading checks everything before it changes anything;
 * a snapshot comes from outside and is believed in nothing.
 */
import {
  CANONICAL_NAN_BITS,
  encodeProgram,
  FRAME_TRAILER_BYTES,
  PAGE_BYTES,
  trapOfCode,
  TRAPS,
  type Program,
  type TrapKind,
  type ValueType,
} from '../isa-spec/index.js';
import { decodedFunction, hasRegister, type RegisterSet } from './decoded.js';
import { frameWords } from './frames.js';
import type { VerifiedProgram } from './verify.js';

/** Why a snapshot was refused. */
export interface SnapshotRejection {
  /** A stable name of the rule that was broken, from isa-spec/snapshot.md. */
  readonly rule: string;
  /** What is wrong and what would be right. */
  readonly message: string;
}

/** How far a PU is. Trapped and returned keep what can be seen afterwards. */
export type Progress =
  | { readonly kind: 'ready' }
  | { readonly kind: 'suspended' /** Outermost first, as `FrameStack.copy` gives them. */; readonly frames: Int32Array }
  | { readonly kind: 'returned'; readonly function: number /** Two words each. */; readonly results: Int32Array }
  | { readonly kind: 'trapped'; readonly function: number; readonly trap: TrapKind };

/** What a snapshot holds, apart from the program. */
export interface SnapshotContents {
  readonly memory: Uint8Array;
  readonly frameBytesMax: number;
  readonly fuelUsed: number;
  readonly debt: number;
  readonly progress: Progress;
  readonly ports: Uint8Array;
}

const MAGIC = 0x53534250;
const VERSION = 1;
const HEADER_BYTES = 64;
const STATES = ['ready', 'suspended', 'returned', 'trapped'] as const;
const NAN_HIGH = Number(CANONICAL_NAN_BITS >> 32n);

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (-(value & 1) & 0xedb88320);
  return value;
});

function crc32(bytes: Uint8Array): number {
  let value = -1;
  for (const byte of bytes) value = (value >>> 8) ^ (CRC_TABLE[(value ^ byte) & 255] as number);
  return ~value >>> 0;
}

const identities = new WeakMap<VerifiedProgram, { readonly checksum: number; readonly bytes: number }>();

function identityOf(program: VerifiedProgram): { readonly checksum: number; readonly bytes: number } {
  let identity = identities.get(program);
  if (identity === undefined) {
    const { debug: _, ...rest } = program.program;
    const bytes = encodeProgram(rest satisfies Program);
    identity = { checksum: crc32(bytes), bytes: bytes.length };
    identities.set(program, identity);
  }
  return identity;
}

function canonicalise(words: Int32Array, at: number, type: ValueType): void {
  if (type === 'i32') words[at + 1] = 0;
  if (type !== 'f64') return;
  const high = words[at + 1] as number;
  const holdsNaN = (high & 0x7ff00000) === 0x7ff00000 && ((high & 0xfffff) !== 0 || words[at] !== 0);
  if (!holdsNaN) return;
  words[at] = 0;
  words[at + 1] = NAN_HIGH;
}

/** The registers that matter in a frame: before the instruction in progress, or after it for a call that will write its results. */
function liveIn(program: VerifiedProgram, index: number, pc: number, isInnermost: boolean): RegisterSet {
  const decoded = decodedFunction(program, index);
  if (isInnermost) return decoded.liveBefore(pc);
  const live = decoded.liveAfter(pc);
  const { row, operands } = decoded.at(pc);
  row.operands.forEach(({ kind }, position) => {
    if (kind !== 'results') return;
    for (const register of operands[position] as readonly number[]) live[register >> 5] = (live[register >> 5] as number) & ~(1 << (register & 31));
  });
  return live;
}

function canonicalFrames(program: VerifiedProgram, frames: Int32Array): Int32Array {
  const words = frames.slice();
  const liveSets = new Map<string, RegisterSet>();
  for (let end = words.length; end > 0; ) {
    const [index, pc] = [words[end - 2] as number, words[end - 1] as number];
    const types = program.registersOf(index);
    const start = end - frameWords(types.length);
    const isInnermost = end === words.length;
    const key = `${index} ${pc} ${isInnermost}`;
    const live = liveSets.get(key) ?? liveIn(program, index, pc, isInnermost);
    liveSets.set(key, live);
    types.forEach((type, register) => {
      const at = start + 2 * register;
      if (hasRegister(live, register)) canonicalise(words, at, type);
      else words[at] = words[at + 1] = 0;
    });
    end = start;
  }
  return words;
}

const bytesOf = (words: Int32Array): Uint8Array => new Uint8Array(words.buffer, words.byteOffset, words.byteLength);

/** Whether a page is all zero: most of a large memory is, so it is looked at by words. */
function isZero(page: Uint8Array): boolean {
  const { buffer, byteOffset, length } = page.byteOffset % 4 === 0 ? page : new Uint8Array(page);
  const words = new Int32Array(buffer, byteOffset, length / 4);
  for (let at = 0; at < words.length; at++) if (words[at] !== 0) return false;
  return true;
}

/** Writes a snapshot. */
export function encodeSnapshot(program: VerifiedProgram, contents: SnapshotContents): Uint8Array {
  const { memory, progress, ports } = contents;
  const pages: number[] = [];
  for (let page = 0; page * PAGE_BYTES < memory.length; page++) {
    if (!isZero(memory.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES))) pages.push(page);
  }
  const frames = bytesOf(framesPart(program, progress));
  const out = new Uint8Array(HEADER_BYTES + frames.length + pages.length * (4 + PAGE_BYTES) + ports.length);
  const view = new DataView(out.buffer);
  const identity = identityOf(program);
  const header = [
    MAGIC,
    VERSION,
    identity.checksum,
    identity.bytes,
    memory.length / PAGE_BYTES,
    contents.frameBytesMax,
    ...halves(progress.kind === 'ready' || progress.kind === 'trapped' ? 0 : contents.fuelUsed),
    ...halves(progress.kind === 'suspended' ? contents.debt : 0),
    STATES.indexOf(progress.kind),
    progress.kind === 'trapped' ? TRAPS[progress.trap].code : 0,
    progress.kind === 'trapped' || progress.kind === 'returned' ? progress.function : 0,
    frames.length,
    pages.length,
    ports.length,
  ];
  header.forEach((word, index) => view.setUint32(index * 4, word, true));
  let at = HEADER_BYTES;
  out.set(frames, at);
  at += frames.length;
  for (const page of pages) {
    view.setUint32(at, page, true);
    out.set(memory.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES), at + 4);
    at += 4 + PAGE_BYTES;
  }
  out.set(ports, at);
  return out;
}

const halves = (value: number): [number, number] => [value % 2 ** 32, Math.floor(value / 2 ** 32)];

function framesPart(program: VerifiedProgram, progress: Progress): Int32Array {
  switch (progress.kind) {
    case 'suspended':
      return canonicalFrames(program, progress.frames);
    case 'returned': {
      const results = progress.results.slice();
      program.signatureOf(progress.function).results.forEach((type, index) => canonicalise(results, 2 * index, type));
      return results;
    }
    case 'ready':
    case 'trapped':
      return new Int32Array(0);
    default:
      return progress satisfies never;
  }
}

class Refusal extends Error {
  constructor(readonly rejection: SnapshotRejection) {
    super(rejection.message);
  }
}
function refuse(rule: string, message: string): never {
  throw new Refusal({ rule: `snapshot_${rule}`, message });
}

/**
 * Reads a snapshot of a program.
 * @param expected what the PU has that restores it: bytes of memory, and limit of its frames
 * @returns the contents, proved to be what `encodeSnapshot` gives; the ports part is for the ports to judge
 */
export function decodeSnapshot(
  program: VerifiedProgram,
  bytes: Uint8Array,
  expected: { readonly memoryBytes: number; readonly frameBytesMax: number },
): { readonly contents: SnapshotContents } | { readonly rejection: SnapshotRejection } {
  try {
    return { contents: read(program, bytes, expected) };
  } catch (error) {
    if (error instanceof Refusal) return { rejection: error.rejection };
    throw error;
  }
}

function read(program: VerifiedProgram, bytes: Uint8Array, expected: { readonly memoryBytes: number; readonly frameBytesMax: number }): SnapshotContents {
  if (bytes.length < HEADER_BYTES) refuse('truncated', `${bytes.length} bytes; a snapshot has at least ${HEADER_BYTES}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (index: number): number => view.getUint32(index * 4, true);
  const long = (index: number): number => word(index) + word(index + 1) * 2 ** 32;
  if (word(0) !== MAGIC) refuse('magic', 'not a snapshot: it does not begin with "PBSS"');
  if (word(1) !== VERSION) refuse('version', `snapshot version ${word(1)}; this reader knows version ${VERSION}`);
  const identity = identityOf(program);
  if (word(2) !== identity.checksum || word(3) !== identity.bytes) refuse('program', 'the snapshot is of another program');
  if (word(4) * PAGE_BYTES !== expected.memoryBytes)
    refuse('memory', `the snapshot has ${word(4) * PAGE_BYTES} bytes of memory, the machine ${expected.memoryBytes}`);
  if (word(5) !== expected.frameBytesMax) refuse('frame_limit', `the snapshot has a frame limit of ${word(5)} bytes, the machine of ${expected.frameBytesMax}`);
  const [fuelUsed, debt] = [long(6), long(8)];
  const kind = STATES[word(10)] ?? refuse('state', `state ${word(10)}; states are 0 to 3`);
  const mayHave = { ready: [], suspended: ['fuel', 'debt'], returned: ['fuel', 'function'], trapped: ['trap', 'function'] }[kind] as string[];
  const fields: readonly (readonly [string, number])[] = [
    ['fuel', fuelUsed],
    ['debt', debt],
    ['trap', word(11)],
    ['function', word(12)],
  ];
  for (const [name, value] of fields) {
    if (value !== 0 && !mayHave.includes(name)) refuse('state', `field ${name} is ${value} in state ${kind}, where it must be 0`);
    if (!Number.isSafeInteger(value)) refuse('state', `field ${name} is ${value}; at most 2^53 - 1 is allowed`);
  }
  if (debt > fuelUsed) refuse('state', `debt is ${debt}, more than the fuel used, ${fuelUsed}`);
  const index = word(12);
  const trap = trapOfCode(word(11));
  if (kind === 'trapped' && trap === undefined) refuse('trap', `trap code ${word(11)} is unknown`);
  if ((kind === 'trapped' || kind === 'returned') && index >= program.program.functions.length)
    refuse('function', `function ${index} of ${program.program.functions.length}`);
  const [frameBytes, pageCount, portBytes] = [word(13), word(14), word(15)];
  const length = HEADER_BYTES + frameBytes + pageCount * (4 + PAGE_BYTES) + portBytes;
  if (bytes.length !== length) refuse('truncated', `${bytes.length} bytes where the header says ${length}`);

  // Copies, and not by `slice`, which gives a view where the embedder handed over a Node Buffer.
  const frames = new Uint8Array(bytes.subarray(HEADER_BYTES, HEADER_BYTES + frameBytes));
  const progress = readProgress(program, kind, frames, index, trap, expected.frameBytesMax);
  const memory = new Uint8Array(expected.memoryBytes);
  let last = -1;
  for (let at = HEADER_BYTES + frameBytes, end = length - portBytes; at < end; at += 4 + PAGE_BYTES) {
    const page = view.getUint32(at, true);
    const contents = bytes.subarray(at + 4, at + 4 + PAGE_BYTES);
    if (page <= last || page * PAGE_BYTES >= memory.length)
      refuse('pages', `page ${page} comes after page ${last} of ${memory.length / PAGE_BYTES}: pages ascend and lie in memory`);
    if (isZero(contents)) refuse('pages', `page ${page} is all zero and must be left out`);
    memory.set(contents, page * PAGE_BYTES);
    last = page;
  }
  return { memory, frameBytesMax: expected.frameBytesMax, fuelUsed, debt, progress, ports: new Uint8Array(bytes.subarray(length - portBytes)) };
}

function readProgress(
  program: VerifiedProgram,
  kind: (typeof STATES)[number],
  bytes: Uint8Array,
  index: number,
  trap: TrapKind | undefined,
  frameBytesMax: number,
): Progress {
  if (bytes.length % 4 !== 0) refuse('frames', `${bytes.length} bytes of frames; they are whole words`);
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  if (kind === 'suspended') {
    proveFrames(program, words, frameBytesMax);
    if (!same(words, canonicalFrames(program, words)))
      refuse('canonical', 'a register that does not matter, or half of one, is not zero, or a NaN is not the canonical one');
    return { kind, frames: words };
  }
  if (kind === 'returned') {
    const { results } = program.signatureOf(index);
    if (words.length !== 2 * results.length) refuse('frames', `${bytes.length} bytes for ${results.length} results`);
    const progress: Progress = { kind, function: index, results: words };
    if (!same(words, framesPart(program, progress))) refuse('canonical', 'half of a result is not zero, or a NaN is not the canonical one');
    return progress;
  }
  if (words.length > 0) refuse('frames', `${bytes.length} bytes of frames in state ${kind}, which has none`);
  return kind === 'trapped' ? { kind, function: index, trap: trap as TrapKind } : { kind: 'ready' };
}

function same(left: Int32Array, right: Int32Array): boolean {
  return left.length === right.length && left.every((word, index) => word === right[index]);
}

function proveFrames(program: VerifiedProgram, words: Int32Array, frameBytesMax: number): void {
  if (words.length === 0) refuse('frames', 'a suspended program has at least one frame');
  if (words.length * 4 > frameBytesMax) refuse('frames', `${words.length * 4} bytes of frames; the limit is ${frameBytesMax}`);
  const places: [index: number, pc: number][] = [];
  for (let end = words.length; end > 0; ) {
    if (end < FRAME_TRAILER_BYTES / 4) refuse('frames', 'the outermost frame is not whole');
    const [index, pc] = [words[end - 2] as number, words[end - 1] as number];
    const body = program.program.functions[index];
    if (body === undefined) return refuse('frames', `a frame of function ${index} of ${program.program.functions.length}`);
    end -= frameWords(body.registers.length);
    if (end < 0) refuse('frames', 'the outermost frame is not whole');
    places.push([index, pc]);
  }
  const inTable = new Set(program.program.table);
  places.forEach(([index, pc], depth) => {
    const decoded = decodedFunction(program, index);
    if (!decoded.has(pc)) refuse('pc', `no instruction of function ${index} begins at word ${pc}`);
    if (depth > 0) proveCall(program, index, pc, places[depth - 1]?.[0] as number, inTable);
  });
}

/** The instruction at `pc` is a call that may have made a frame of `callee`. */
function proveCall(program: VerifiedProgram, index: number, pc: number, callee: number, inTable: ReadonlySet<number>): void {
  const { row, operands } = decodedFunction(program, index).at(pc);
  const operandOf = (kind: string): number | undefined => {
    const position = row.operands.findIndex((operand) => operand.kind === kind);
    return position < 0 ? undefined : (operands[position] as number);
  };
  const called = operandOf('function');
  const signature = operandOf('signature');
  if (called === callee) return;
  if (signature !== undefined && inTable.has(callee)) {
    const [wanted, found] = [program.program.signatures[signature], program.signatureOf(callee)];
    if (wanted?.parameters.join() === found.parameters.join() && wanted.results.join() === found.results.join()) return;
  }
  refuse('pc', `the instruction at word ${pc} of function ${index} does not call function ${callee}`);
}
