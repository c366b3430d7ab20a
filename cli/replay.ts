/**
 * `pbs replay`: PUs of a recording again, each alone, to the state that they had; or one of them by steps, with place and registers.
 */
import { type LifeEnd, readRecording, type RecordedLife, type Recording, Replay, type ReplayState } from '../system/index.js';
import type { FrameView, VerifiedProgram } from '../vm/index.js';
import { EXIT, Failure } from './failure.js';
import { readBytes, readSource, shownName } from './files.js';
import { verifyBinary } from './load.js';
import { ENGINES } from './run.js';
import { complain, print } from './streams.js';
import { shown } from './text.js';

/** Options of `pbs replay`. */
export interface ReplayOptions {
  readonly engine: string;
  /** The PU; all by default. */
  readonly pu?: string;
  /** Which of its lives, from 1; the last by default. */
  readonly life?: number;
  /** Stops when so much fuel is used. */
  readonly untilFuel?: number;
  /** Then executes so many instructions, one by one. */
  readonly step?: number;
}

/** Replays a recording. @returns the exit status. @throws Failure where the file is no recording, or has no such PU or life */
export async function replay(file: string, options: ReplayOptions): Promise<number> {
  const bytes = await readBytes(file);
  const found = readRecording(bytes);
  if ('rejection' in found) {
    const { rule, message, offset } = found.rejection;
    throw new Failure(EXIT.data, `${shownName(file)}: ${shown(message)} (offset ${offset}: ${rule})`);
  }
  const { recording } = found;
  const programs = new Map([...recording.programs].map(([name, binary]) => [name, verifyBinary(file, binary)]));
  const lives = choose(recording, options);
  if (options.untilFuel === undefined && options.step === undefined) return whole(lives, programs, options.engine);
  if (options.pu === undefined) throw new Failure(EXIT.usage, '--until-fuel and --step are about one PU', 'name it with --pu');
  follow(lives.at(-1) as RecordedLife, programs, options);
  return EXIT.ok;
}

function choose({ lives }: Recording, { pu, life }: ReplayOptions): readonly RecordedLife[] {
  if (pu === undefined) return lives;
  const own = lives.filter((found) => found.pu === pu);
  if (own.length === 0) {
    const names = [...new Set(lives.map((found) => found.pu))].map(shown);
    throw new Failure(EXIT.usage, `the recording has no PU ${shown(pu)}`, `it has ${names.join(', ') || 'none'}`);
  }
  if (life === undefined) return own;
  const found = own[life - 1];
  if (found === undefined) throw new Failure(EXIT.usage, `the recording has ${own.length} lives of ${shown(pu)}, not ${life}`);
  return [found];
}

function replayOf(life: RecordedLife, programs: ReadonlyMap<string, VerifiedProgram>, engine: string): Replay {
  try {
    return new Replay(life, programs.get(life.program) as VerifiedProgram, (ENGINES[engine] as () => ReturnType<(typeof ENGINES)[string]>)());
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) throw new Failure(EXIT.data, `${shown(life.pu)} cannot be replayed: ${error.message}`);
    throw error;
  }
}

function whole(lives: readonly RecordedLife[], programs: ReadonlyMap<string, VerifiedProgram>, engine: string): number {
  let differences = 0;
  const numbers = new Map<string, number>();
  for (const life of lives) {
    const number = (numbers.get(life.pu) ?? 0) + 1;
    numbers.set(life.pu, number);
    const state = replayOf(life, programs, engine).run();
    if (state.kind === 'differs') differences++;
    const text = `${shown(life.pu)}, life ${number}: ${describe(state)}\n`;
    if (state.kind === 'differs') complain(text);
    else print(text);
  }
  return differences === 0 ? EXIT.ok : EXIT.data;
}

function describe(state: ReplayState): string {
  if (state.kind === 'differs') return `differs: ${shown(state.message)}`;
  return state.kind === 'running' ? 'goes on' : `${endText(state.end)}; state ${state.end.state}`;
}
const endText = ({ kind, looks, fuelUsed }: LifeEnd): string => `${kind} after ${looks} looks${kind === 'trapped' ? '' : ` and ${fuelUsed} units of fuel`}`;

function follow(life: RecordedLife, programs: ReadonlyMap<string, VerifiedProgram>, { engine, untilFuel = 0, step = 0 }: ReplayOptions): void {
  const found = replayOf(life, programs, engine);
  found.run(untilFuel);
  show(found);
  for (let left = step; left > 0 && found.state.kind === 'running'; left--) {
    found.step();
    show(found);
  }
}

function show(found: Replay): void {
  const { state, machine, looks } = found;
  print(`fuel ${machine.fuelUsed}, looks ${looks}: ${describe(state)}\n`);
  const [frame] = found.frames;
  if (frame !== undefined) print(`${frameText(frame)}\n`);
}

function frameText({ name, pc, position, registers }: FrameView): string {
  const line = position === undefined ? undefined : readSource(position.file)?.split('\n')[position.line - 1]?.trim();
  const place = position === undefined ? '' : ` ${shown(position.file)}:${position.line}:${position.column}`;
  const values = registers.map((register, index) => `${register.name === '' ? `r${index}` : shown(register.name)} ${register.value}`);
  return `  ${shown(name)} word ${pc}${place}${line === undefined ? '' : `  ${shown(line)}`}\n    ${values.join(', ')}`;
}
