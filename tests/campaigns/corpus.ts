/**
 * Binaries for campaigns to break: the format's samples and generated programs.
 */
import { encodeProgram } from '../../isa-spec/index.js';
import { CORPUS } from '../isa/samples.js';
import { build } from './draft.js';
import { generate } from './generate.js';
import { Random } from './random.js';

/** One valid binary. */
export interface Sample {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The corpus, the smallest first. */
export function corpus(seed: number): Sample[] {
  const samples = Object.entries(CORPUS).map(([name, program]): Sample => ({ name, bytes: encodeProgram(program) }));
  const generated = Array.from({ length: 60 }, (_, index): Sample => {
    const draft = generate(new Random(seed, index), { portShare: 0.3 });
    return { name: `generated ${index}`, bytes: encodeProgram(build(draft).program) };
  });
  return [...samples, ...generated].sort((left, right) => left.bytes.length - right.bytes.length);
}
