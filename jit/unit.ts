/**
 * One program and what of it is compiled: which functions and loops are worth it, when, and the modules at work, one for each PU that runs the program.
 *
 * All that is chosen is in one module, which is made anew when something is added, so that compiled functions call each other directly. Where the host
 * must not be kept waiting, everything is done in steps of some milliseconds between which it has its turn, and the interpreter runs until a module is there.
 */
import type { Exit, State, Stops, VerifiedProgram } from '../vm/index.js';
import { decodedFunction } from '../vm/internal/index.js';
import { loopHeads } from './blocks.js';
import { compileInSteps, COMPILED_WORDS_MAX, type EntryPlace, entryName, wordsOf } from './compile.js';
import { type Built, type Instance, instantiate, instantiateLater } from './instance.js';
import { Figures, type JitReport } from './report.js';

/** Words that are compiled, at most, for each sample's fuel that was interpreted before. */
const WORDS_PER_SAMPLE = 2048;
/** Words of the largest function that is compiled where the host must not be kept waiting: what is not done in steps takes time with its size. */
const STEP_WORDS_MAX = 2000;
/** Words of one program that are compiled at most; the rest stays interpreted. */
const MODULE_WORDS_MAX = 100_000;

/** The options, with what stands for those that are not given. */
export interface Settings {
  /** Samples of a function, or of one of its loops, before it is compiled. */
  readonly samples: number;
  readonly asynchronous: boolean;
  readonly clock: () => number;
  readonly refused: (reason: string) => void;
}

type Steps = ReturnType<typeof compileInSteps>;

/** One program: what of it is compiled, and its instances, one for each PU that runs it. */
export class Unit {
  readonly #functions = new Set<number>();
  readonly #loops = new Map<string, EntryPlace>();
  readonly #heat = new Map<string, number>();
  readonly #instances = new WeakMap<State, Instance>();
  /** Instances that the host is making. */
  readonly #awaited = new WeakMap<State, Built>();
  readonly #figures = new Figures();
  #words = 0;
  #loopWords = 0;
  /** Samples since the last compilation. */
  #sampled = 0;
  /** Whether there is something to compile that is not in the module. */
  #isStale = false;
  #isCompiling = false;
  #refusal: string | undefined;
  #built: Built | undefined;
  #entries = new Map<number, Map<number, string>>();
  /** The places at which the interpreter stops. */
  stops: Stops | undefined;

  constructor(
    readonly program: VerifiedProgram,
    readonly settings: Settings,
  ) {}

  get report(): JitReport {
    const figures = this.#figures;
    const entries = this.#built?.entries ?? [];
    return {
      functions: entries.filter(({ pc }) => pc === 0).length,
      entries: entries.length,
      instructions: figures.instructions,
      bytes: this.#built?.bytes.length ?? 0,
      compilations: figures.compilations,
      milliseconds: { compiler: figures.compilerMilliseconds, host: figures.hostMilliseconds },
      entered: Object.values(figures.left).reduce((sum, count) => sum + count, 0),
      left: { ...figures.left },
      fuel: { compiled: figures.compiledFuel, interpreted: figures.interpretedFuel },
      refusal: this.#refusal,
    };
  }

  /** The export by which compiled code is entered at a `check`, if there is one. */
  entryAt(index: number, pc: number): string | undefined {
    return this.#entries.get(index)?.get(pc);
  }

  /** Units that the interpreter used up. */
  interpreted(units: number): void {
    this.#figures.interpretedFuel += units;
  }

  /** Runs compiled code from the `check` in progress: see `Instance.enter`. */
  enter(state: State, instance: Instance, name: string): Exit | 'scarce' | undefined {
    return instance.enter(state, name, this.#figures);
  }

  compileAll(): void {
    this.program.program.functions.forEach((_, index) => {
      this.#add(index);
    });
    for (const index of this.#functions) for (const pc of loopHeads(decodedFunction(this.program, index))) this.#addLoop({ function: index, pc });
    this.#compile();
  }

  /** A sample of where the interpreter is, at a `check`. Often enough in one place, that place is compiled. */
  sample(index: number, pc: number): void {
    this.#sampled++;
    const isCompiled = this.#functions.has(index);
    const place = isCompiled ? entryName({ function: index, pc }) : String(index);
    const heat = (this.#heat.get(place) ?? 0) + 1;
    this.#heat.set(place, heat);
    if (heat === this.settings.samples && (isCompiled || this.#addReachable(index))) {
      if (pc !== 0) this.#addLoop({ function: index, pc });
      this.#isStale = true;
    }
    // All is compiled anew each time: what that costs must have been earned, or a program could make its host compile for ever.
    if (this.#isStale && this.#sampled * WORDS_PER_SAMPLE >= this.#words + this.#loopWords) this.#compile();
  }

  /** Adds a way into a loop, which costs its function's size once more. */
  #addLoop(place: EntryPlace): void {
    const words = wordsOf(this.program, place.function);
    if (place.pc === 0 || this.#loopWords + words > MODULE_WORDS_MAX) return;
    this.#loopWords += words;
    this.#loops.set(entryName(place), place);
  }

  /** @returns whether the function is among those to compile */
  #add(index: number): boolean {
    if (this.#functions.has(index)) return true;
    const words = wordsOf(this.program, index);
    if (words > (this.settings.asynchronous ? STEP_WORDS_MAX : COMPILED_WORDS_MAX) || this.#words + words > MODULE_WORDS_MAX) return false;
    this.#words += words;
    this.#functions.add(index);
    return true;
  }

  /** Adds a function and all that it may call. @returns whether the function itself could be added */
  #addReachable(index: number): boolean {
    if (!this.#add(index)) return false;
    const work = [index];
    for (let at = 0; at < work.length; at++) {
      for (const { row, operands } of decodedFunction(this.program, work[at] as number).instructions) {
        row.operands.forEach(({ kind }, position) => {
          const callees = kind === 'function' ? [operands[position] as number] : kind === 'signature' ? this.program.program.table : [];
          for (const callee of callees) if (!this.#functions.has(callee) && this.#add(callee)) work.push(callee);
        });
      }
    }
    return true;
  }

  /** Compiles what is chosen, at once or while the host does other work in between. */
  #compile(): void {
    if (this.#isCompiling) return;
    this.#isStale = false;
    this.#sampled = 0;
    if (this.#functions.size === 0 || this.#refusal !== undefined) return;
    const steps = compileInSteps(this.program, [...this.#functions], [...this.#loops.values()]);
    if (this.settings.asynchronous) void this.#compileLater(steps);
    else this.#compileNow(steps);
  }

  #compileNow(steps: Steps): void {
    const { clock } = this.settings;
    const start = clock();
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    const compiled = step.value;
    const middle = clock();
    this.#figures.compilerMilliseconds += middle - start;
    try {
      const module = new WebAssembly.Module(compiled.bytes as Uint8Array<ArrayBuffer>);
      this.#figures.hostMilliseconds += clock() - middle;
      this.#put({ ...compiled, module });
    } catch (error) {
      this.#refuse(error, compiled.bytes);
    }
  }

  async #compileLater(steps: Steps): Promise<void> {
    const { clock } = this.settings;
    this.#isCompiling = true;
    let step: ReturnType<Steps['next']>;
    do {
      await new Promise<void>((resolve) => setTimeout(resolve));
      const start = clock();
      step = steps.next();
      this.#figures.compilerMilliseconds += clock() - start;
    } while (step.done !== true);
    const start = clock();
    try {
      const module = await WebAssembly.compile(step.value.bytes as Uint8Array<ArrayBuffer>);
      this.#figures.hostMilliseconds += clock() - start;
      this.#put({ ...step.value, module });
    } catch (error) {
      this.#refuse(error, step.value.bytes);
    }
    this.#isCompiling = false;
  }

  /** A policy of the host: what it says is passed on, and the program runs as before. */
  #refuse(error: unknown, bytes?: Uint8Array): void {
    if (bytes !== undefined && typeof WebAssembly !== 'undefined' && !WebAssembly.validate(bytes as Uint8Array<ArrayBuffer>)) {
      throw new Error('what the JIT writes is a valid module', { cause: error });
    }
    this.#refusal = error instanceof Error ? error.message : String(error);
    this.settings.refused(this.#refusal);
  }

  /** Puts a module in force. */
  #put(built: Built): void {
    this.#figures.compilations++;
    this.#figures.instructions += built.instructions;
    this.#built = built;
    this.#entries = new Map();
    for (const place of built.entries) {
      const entries = this.#entries.get(place.function) ?? new Map<number, string>();
      this.#entries.set(place.function, entries.set(place.pc, entryName(place)));
    }
    this.stops = { places: new Map([...this.#entries].map(([index, entries]) => [index, new Set(entries.keys())])) };
  }

  /** The module at work for a PU, or undefined as long as there is none. */
  instanceFor(state: State): Instance | undefined {
    const built = this.#built;
    if (built === undefined) return undefined;
    const known = this.#instances.get(state);
    if (known?.serves(built, state)) return known;
    if (this.settings.asynchronous) {
      this.#instantiateLater(built, state);
      return undefined;
    }
    const made = instantiate(built, state);
    this.#instances.set(state, made);
    return made;
  }

  #instantiateLater(built: Built, state: State): void {
    if (this.#awaited.get(state) === built) return;
    this.#awaited.set(state, built);
    instantiateLater(built, state).then(
      (made) => {
        this.#instances.set(state, made);
        this.#awaited.delete(state);
      },
      (error) => this.#refuse(error),
    );
  }
}
