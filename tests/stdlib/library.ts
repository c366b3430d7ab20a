/**
 * A small program that uses the standard library, as a test calls it: exported functions by name, memory by address.
 *
 * The library's text is read from `stdlib/*.pbs` itself, so that no generated copy can hide a change.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { assemble, formatDiagnostic } from '../../assembler/index.js';
import type { Value } from '../../isa-spec/index.js';
import { Machine, verify, type MachineOptions, type Outcome, type VerifiedProgram } from '../../vm/index.js';
import { Random } from '../campaigns/random.js';

const FOLDER = path.resolve('stdlib');
const library = new Map(
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.pbs'))
    .map((name) => [name.slice(0, -4), readFileSync(path.join(FOLDER, name), 'utf8')] as const),
);

/** The seed of this run: that of the environment variable SEED, or a new one. Tests print it. */
export const SEED = process.env.SEED === undefined ? Date.now() >>> 0 : Number(process.env.SEED);

/** Random numbers of this run; each test takes a stream of its own. */
export const random = (stream: number): Random => new Random(SEED, stream);

const programs = new Map<string, VerifiedProgram>();

/** @throws Error with the diagnostics if the text is wrong */
function programOf(text: string): VerifiedProgram {
  const known = programs.get(text);
  if (known !== undefined) return known;
  const { binary, diagnostics } = assemble('test.pbs', { read: (name) => (name === 'test.pbs' ? text : undefined), library });
  if (binary === undefined) throw new Error(diagnostics.map((one) => formatDiagnostic(one, library.get(one.path) ?? text)).join('\n'));
  const verified = verify(binary);
  if ('rejection' in verified) throw new Error(JSON.stringify(verified.rejection));
  programs.set(text, verified.program);
  return verified.program;
}

/** A machine with a program of the test. */
export class Guest {
  readonly machine: Machine;

  /** @throws Error with the diagnostics if the text is wrong */
  constructor(text: string, options: MachineOptions = {}) {
    this.machine = new Machine(programOf(text), options);
  }

  /** Runs an exported function to its end. @returns its results */
  call(name: string, ...values: readonly Value[]): readonly Value[] {
    const outcome = this.start(name, ...values);
    if (outcome.kind !== 'returned') throw new Error(`${name}: ${JSON.stringify(outcome)}`);
    return outcome.values;
  }

  /** Starts an exported function and runs it as far as it goes. */
  start(name: string, ...values: readonly Value[]): Outcome {
    this.machine.start(name, values);
    return this.machine.run();
  }

  /** The address of exported data. */
  address(name: string): number {
    const symbol = this.machine.program.program.symbols.find((one) => one.name === name);
    if (symbol === undefined) throw new Error(`no symbol ${name}`);
    return symbol.address;
  }

  write(address: number, bytes: Uint8Array): void {
    this.machine.memory.set(bytes, address);
  }
  /** A copy of bytes of memory. */
  read(address: number, bytes: number): Uint8Array {
    return this.machine.memory.slice(address, address + bytes);
  }
  /** Bytes of memory as text, byte by byte. */
  text(address: number, bytes: number): string {
    return Buffer.from(this.read(address, bytes)).toString('latin1');
  }
}
