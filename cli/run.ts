/**
 * `pbs run`: loads a program, connects its ports, runs it to its end, and tells how it ended.
 *
 * The machine runs in slices, so that the host's events (input, timers) get their turn even if the program never waits. It waits
 * for ever when it sleeps and the host has nothing left that could wake it: that ends the run as a deadlock.
 */
import { FAULT, PAGE_BYTES, WINDOW, type Program } from '../isa-spec/index.js';
import { createJit, type JitEngine } from '../jit/index.js';
import {
  FRAME_BYTES_DEFAULT,
  FRAME_BYTES_LIMIT,
  INTERPRETER,
  Machine,
  REFERENCE,
  type CodePlace,
  type Engine,
  type MachineOptions,
  type VerifiedProgram,
} from '../vm/index.js';
import { placeArguments } from './arguments.js';
import { EXIT, Failure } from './failure.js';
import { nameOf, refuseOverwriting, shownName, writeOut } from './files.js';
import { loadProgram } from './load.js';
import { describeEnd, reportJson, statusOf, type End, type EngineUse, type PortFault } from './outcome.js';
import { formatSize } from './sizes.js';
import { complain, complainOf } from './streams.js';
import { wire, type DiskOption, type Wiring } from './wiring.js';

/** What makes the engines, by the names of `--engine`. */
export const ENGINES: Readonly<Record<string, () => Engine | JitEngine>> = Object.freeze({
  auto: () => createJit(),
  jit: () => createJit({ compile: 'all' }),
  interpreter: () => INTERPRETER,
  reference: () => REFERENCE,
});

/** Options of `pbs run`. */
export interface RunOptions {
  readonly engine: string;
  readonly fuel?: number;
  readonly memory?: number;
  readonly frames?: number;
  readonly disk: readonly DiskOption[];
  readonly report?: string;
}

/** Fuel between two looks at the host's events, at first; more while the program takes less than some milliseconds for it, as compiled code does. */
const SLICE = 2 ** 18;
const SLICE_MAX = 2 ** 28;
const SLICE_MILLISECONDS = 4;

/** Runs a program. @returns the exit status. @throws Failure where it cannot start, or what it was to leave behind cannot be written */
export async function run(file: string, values: readonly string[], options: RunOptions): Promise<number> {
  const disks = options.disk.map(({ path }) => path);
  refuseOverwriting([['--report', options.report]], [file, ...disks]);
  const { program, textOf, sources } = await loadProgram(file);
  refuseOverwriting([['--report', options.report]], sources);
  checkMain(file, program);
  const { memory, ports } = program.program;
  const placed = placeArguments(program.program, values);
  const memoryBytes = memoryBytesOf(options.memory, memory);
  const frameBytesMax = frameBytesOf(options.frames);
  const engine = (ENGINES[options.engine] as () => Engine | JitEngine)();
  const wiring = await wire(ports, options.disk);
  try {
    const machine = makeMachine(program, { engine, memoryBytes, frameBytesMax, ports: wiring.devices });
    if (placed !== undefined) machine.memory.set(placed.bytes, placed.address);
    machine.start('main', []);

    const started = performance.now();
    const end = await runToEnd(machine, options.fuel ?? Infinity, wiring);
    if (end === undefined) return EXIT.pipe;
    const seconds = (performance.now() - started) / 1000;
    await wiring.finishOutput();
    const troubled = tellTroubles(wiring);
    const status = troubled && statusOf(end) === EXIT.ok ? EXIT.file : statusOf(end);
    const usage = {
      file: nameOf(file),
      engine: useOf(options.engine, engine, program),
      fuel: machine.fuelUsed,
      seconds,
      memoryBytes,
      memoryBytesMax: memory.pagesMax * PAGE_BYTES,
      frameBytesMax,
    };
    if (options.report !== undefined) writeOut(options.report, reportJson(end, status, usage));
    const text = describeEnd(end, usage, textOf);
    if (text !== '') complain(`${text}\n`);
    return status;
  } finally {
    await wiring.close();
  }
}

/**
 * Tells of standard streams that failed, as soon as they do: a program may not look at the status that it got, and go on for ever.
 * @returns whether any ever did
 */
function tellTroubles(wiring: Wiring): boolean {
  for (const trouble of wiring.takeTroubles()) complainOf(trouble);
  return wiring.hadTrouble();
}

/** What executed a program. Where all its functions are compiled, the interpreter has work only behind a port instruction. */
function useOf(asked: string, engine: Engine | JitEngine, program: VerifiedProgram): EngineUse {
  if (!('report' in engine)) return { asked, ran: [engine.name], refusal: null };
  const { compilations, functions, refusal = null } = engine.report(program);
  if (compilations === 0) return { asked, ran: ['interpreter'], refusal };
  const isWhole = asked === 'jit' && functions === program.program.functions.length && program.program.ports.length === 0;
  return { asked, ran: isWhole ? ['jit'] : ['interpreter', 'jit'], refusal };
}

function checkMain(file: string, program: VerifiedProgram): void {
  const main = program.program.exports.find(({ name }) => name === 'main');
  if (main === undefined) throw new Failure(EXIT.data, `${shownName(file)} has no function main`, 'pbs run starts main: declare `func main() { ... }`');
  const { parameters } = program.signatureOf(main.function);
  if (parameters.length === 0) return;
  throw new Failure(
    EXIT.data,
    `main of ${shownName(file)} takes ${parameters.join(', ')}, and pbs run has nothing to give it`,
    'a program finds its words in its data `arguments`',
  );
}

/** Bytes of memory: what was asked for in whole pages, by default the program's least. */
function memoryBytesOf(wanted: number | undefined, { pagesMin, pagesMax }: Program['memory']): number {
  if (wanted === undefined) return pagesMin * PAGE_BYTES;
  const pages = Math.ceil(wanted / PAGE_BYTES);
  if (pages >= pagesMin && pages <= pagesMax) return pages * PAGE_BYTES;
  const [least, most] = [formatSize(pagesMin * PAGE_BYTES), formatSize(pagesMax * PAGE_BYTES)];
  throw new Failure(
    EXIT.usage,
    `--memory ${formatSize(wanted)} is outside what the program allows`,
    least === most ? `it takes exactly ${least}` : `it takes ${least} to ${most}`,
  );
}

function frameBytesOf(wanted = FRAME_BYTES_DEFAULT): number {
  if (wanted <= FRAME_BYTES_LIMIT) return wanted;
  throw new Failure(EXIT.usage, `--frames ${formatSize(wanted)} is more than a processing unit can have`, `at most ${FRAME_BYTES_LIMIT} bytes`);
}

function makeMachine(program: VerifiedProgram, options: MachineOptions & { readonly memoryBytes: number }): Machine {
  try {
    return new Machine(program, options);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    if (/allocat|typed array length/i.test(error.message)) {
      const { memoryBytes } = options;
      const remedy = memoryBytes > program.program.memory.pagesMin * PAGE_BYTES ? 'a smaller --memory may do' : undefined;
      throw new Failure(EXIT.usage, `this computer cannot give the program ${formatSize(memoryBytes)} of memory`, remedy);
    }
    throw new Failure(EXIT.data, `the program cannot be run: ${error.message}`, 'declare a smaller depth or message of its client ports');
  }
}

/** @returns undefined if nobody reads the output any more */
async function runToEnd(machine: Machine, fuelMax: number, wiring: Wiring): Promise<End | undefined> {
  const news = newsOf(machine);
  let slice = SLICE;
  for (;;) {
    const started = performance.now();
    const outcome = machine.run(Math.min(Math.max(fuelMax - machine.fuelUsed, 0), slice));
    if (performance.now() - started < SLICE_MILLISECONDS && slice < SLICE_MAX) slice *= 2;
    switch (outcome.kind) {
      case 'returned':
      case 'trapped':
        return outcome;
      case 'out_of_fuel':
        if (machine.fuelUsed >= fuelMax) return outcome;
        await new Promise((resolve) => setImmediate(resolve));
        break;
      case 'waiting': {
        if (await news()) break;
        const { ports } = machine.program.program;
        const names = outcome.ports.map((port) => ports[port]?.name as string);
        return { kind: 'deadlock', ports: names, faults: faultsOf(machine), ...(machine.frames(1)[0] as CodePlace) };
      }
      case 'breakpoint':
      case 'stepped':
        throw new Error('nobody set a breakpoint or asked for a step');
      default:
        outcome satisfies never;
    }
    // A program that does not look at the statuses of its writes would go on for ever.
    if (wiring.outputClosed()) return undefined;
    tellTroubles(wiring);
  }
}

/** The ports of a program that are faulted, as their windows tell. */
function faultsOf(machine: Machine): PortFault[] {
  const { buffer, byteOffset } = machine.memory;
  const view = new DataView(buffer, byteOffset);
  const rules = Object.keys(FAULT) as (keyof typeof FAULT)[];
  return machine.program.program.ports.flatMap(({ name, window }) => {
    const rule = rules.find((known) => FAULT[known] === view.getUint32(window + WINDOW.fault, true));
    return rule === undefined || rule === 'none' ? [] : [{ port: name, rule }];
  });
}

/** How to wait for the machine's news: resolves to false if the host has nothing left that could bring any. */
function newsOf(machine: Machine): () => Promise<boolean> {
  let news = false;
  let settle: ((more: boolean) => void) | undefined;
  machine.onNews = () => {
    news = true;
    settle?.(true);
  };
  // Node emits this when its loop is empty: no read, timer or other request is under way.
  process.on('beforeExit', () => settle?.(false));
  return async () => {
    const more = news || (await new Promise<boolean>((resolve) => (settle = resolve)));
    news = false;
    settle = undefined;
    return more;
  };
}
