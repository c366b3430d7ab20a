/**
 * Binaries for campaigns to break: the format's samples, generated programs, and the examples in `.pbs`, assembled.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { assemble } from '../../assembler/index.js';
import { encodeProgram } from '../../isa-spec/index.js';
import { LIBRARY } from '../../stdlib/index.js';
import { CORPUS } from '../isa/samples.js';
import { build } from './draft.js';
import { generate } from './generate.js';
import { Random } from './random.js';

/** One valid binary. */
export interface Sample {
  readonly name: string;
  readonly bytes: Uint8Array;
}

function examples(root: string): Sample[] {
  return ['examples', 'bench/programs'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.pbs') && readFileSync(join(root, folder, name), 'utf8').includes('func main('))
      .map((name): Sample => {
        const path = join(root, folder, name);
        const read = (other: string): string | undefined => {
          try {
            return readFileSync(resolve(other), 'utf8');
          } catch {
            return undefined;
          }
        };
        const { binary, diagnostics } = assemble(path, { read, library: LIBRARY });
        if (binary === undefined) throw new Error(`${path} does not assemble: ${diagnostics[0]?.message}`);
        return { name, bytes: binary };
      }),
  );
}

/** The corpus: everything small first. `root` is the project's folder. */
export function corpus(root: string, seed: number): Sample[] {
  const samples = Object.entries(CORPUS).map(([name, program]): Sample => ({ name, bytes: encodeProgram(program) }));
  const generated = Array.from({ length: 60 }, (_, index): Sample => {
    const draft = generate(new Random(seed, index), { portShare: 0.3 });
    return { name: `generated ${index}`, bytes: encodeProgram(build(draft).program) };
  });
  return [...samples, ...generated, ...examples(root)].sort((left, right) => left.bytes.length - right.bytes.length);
}
