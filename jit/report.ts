/**
 * What the JIT tells about a program: how much of it is compiled, what that took, and which engine executed it. Counted while it runs, for reports alone.
 */

/** Why compiled code was left. */
export type Leaving = 'returned' | 'fuel' | 'port' | 'call' | 'trap';

/** What the JIT did for a program so far. */
export interface JitReport {
  /** Functions that are compiled. */
  readonly functions: number;
  /** Ways into them: their beginnings, and loops that are entered while they run. */
  readonly entries: number;
  /** Instructions of the program that were compiled, in all compilations; once for each way into the function that holds them. */
  readonly instructions: number;
  /** Bytes of the module in force. */
  readonly bytes: number;
  /** How often the program was compiled, more of it each time. */
  readonly compilations: number;
  /** Milliseconds that compiling took, by the `clock` of the options; 0 without one. */
  readonly milliseconds: {
    /** From instructions to WebAssembly. */
    readonly compiler: number;
    /** What the host took for the module before it could be used; it goes on compiling while code runs. */
    readonly host: number;
  };
  /** How often compiled code was entered, and why it was left: the sum of these is the same. */
  readonly entered: number;
  readonly left: Readonly<Record<Leaving, number>>;
  /** Units of fuel that were used up in each. */
  readonly fuel: { readonly compiled: number; readonly interpreted: number };
  /** Why nothing is compiled, where the host forbids it. */
  readonly refusal: string | undefined;
}

/** The figures of a report while they change. */
export class Figures {
  instructions = 0;
  compilations = 0;
  compilerMilliseconds = 0;
  hostMilliseconds = 0;
  readonly left: Record<Leaving, number> = { returned: 0, fuel: 0, port: 0, call: 0, trap: 0 };
  compiledFuel = 0;
  interpretedFuel = 0;
}
