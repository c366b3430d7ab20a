/**
 * The interpreter as an engine: drives the generated loop in slices and does what the loop leaves to others.
 *
 * There is one loop in a realm, shared by all PUs: the host's compiler then holds its arrays as constants. It leaves after a slice of fuel
 * and is entered anew, since code that was entered normally runs faster than code that was replaced while running. It is never re-entered from a host's callback.
 */
import { trapOfCode, type TrapKind } from '../../isa-spec/index.js';
import { step } from '../reference.js';
import { charge, type Engine, type Exit, type State, type Stops } from '../state.js';
import { CODE, DESCRIPTOR_WORDS, load, prepare } from './code.js';
import { FAULT, OUT, run as runLoop } from './run.generated.js';
import { RESULT, STATUS } from './status.js';

const SLICE = 2 ** 18;

/** The interpreter. */
export const INTERPRETER: Engine = Object.freeze({ name: 'interpreter', run: (state: State) => interpret(state, state.breakpoints) });

/**
 * Runs until something happens, or before an instruction at which to stop.
 * @param stops where to stop; the exit is then `breakpoint`
 */
export function interpret(state: State, stops: Stops | undefined): Exit {
  const { frames, program } = state;
  frames.moveIn();
  const D = load(program, stops);
  prepare(program, stops, frames.function);
  for (;;) {
    const granted = Math.min(state.fuel, SLICE);
    const descriptor = D + frames.function * DESCRIPTOR_WORDS;
    const status = runLoop(state.view, D, descriptor, frames.fp, (CODE[descriptor] as number) + frames.pc, granted, frames.end, stops === undefined ? 0 : 1);
    const ran = OUT[RESULT.descriptor] as number;
    frames.fp = OUT[RESULT.fp] as number;
    frames.function = (ran - D) / DESCRIPTOR_WORDS;
    frames.size = CODE[ran + 1] as number;
    frames.pc = (OUT[RESULT.pc] as number) - (CODE[ran] as number);
    charge(state, granted - (OUT[RESULT.fuel] as number));
    const detail = OUT[RESULT.detail] as number;

    switch (status) {
      case STATUS.fuel:
        if (state.fuel < 1) return 'fuel';
        break;
      case STATUS.returned:
        return 'returned';
      case STATUS.trapped:
        state.trap = trapOfCode(detail) as TrapKind;
        return 'trapped';
      case STATUS.port:
        return 'port';
      case STATUS.breakpoint:
        return 'breakpoint';
      case STATUS.frame:
        if (!frames.reserve(detail)) {
          state.trap = 'frame_overflow';
          return 'trapped';
        }
        break;
      case STATUS.unprepared:
        prepare(program, stops, detail);
        break;
      case STATUS.fault: {
        // Only an access outside memory may throw. The reference tells, since a host's full stack looks the same.
        const { error } = FAULT;
        FAULT.error = undefined;
        if (error instanceof RangeError && step(state) === 'trapped') return 'trapped';
        throw error;
      }
      default:
        throw new Error(`the loop ended with status ${status}`);
    }
  }
}
