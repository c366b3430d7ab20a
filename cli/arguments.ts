/**
 * A program's arguments: bytes in the data that it exports under the name `arguments`.
 *
 * The layout: a u32 count, then each argument as UTF-8 followed by a zero byte.
 */
import type { Program } from '../isa-spec/index.js';
import { EXIT, Failure } from './failure.js';
import { shown } from './text.js';

const NAME = 'arguments';

/**
 * The bytes for the program's `arguments`, and where they go.
 * @throws Failure where the program takes none, or has too little room for them
 */
export function placeArguments({ symbols }: Program, values: readonly string[]): { readonly address: number; readonly bytes: Uint8Array } | undefined {
  const parts = values.map((value) => Buffer.from(`${value}\0`));
  const bytes = Buffer.concat([Buffer.alloc(4), ...parts]);
  bytes.writeUInt32LE(values.length);
  const symbol = symbols.find(({ name }) => name === NAME);
  if (symbol === undefined) {
    if (values.length === 0) return undefined;
    const given = values.length === 1 ? '1 argument was' : `${values.length} arguments were`;
    throw new Failure(
      EXIT.usage,
      `the program takes no arguments, but ${given} given: ${shown(values.join(' '))}`,
      `declare \`export data ${NAME}: [${Math.max(4096, bytes.length)}]\` in the program, or leave them out; options of pbs come before FILE`,
    );
  }
  if (symbol.bytes < bytes.length) {
    if (values.length === 0) return undefined;
    throw new Failure(
      EXIT.usage,
      `the program has ${symbol.bytes} bytes for its arguments, and these need ${bytes.length}`,
      `declare \`export data ${NAME}: [${bytes.length}]\` or more`,
    );
  }
  return { address: symbol.address, bytes };
}
