/**
 * The words for a program: bytes in the data that it exports under the name `arguments`, a u32 count and then each word as UTF-8 with a zero byte behind it.
 */
import type { Program } from '../isa-spec/index.js';

const NAME = 'arguments';

/**
 * The bytes for a program's `arguments`, and where they go; undefined where there are no words and the program takes none.
 * @throws RangeError where the program takes no words, or has too little room for them
 */
export function argumentBytes({ symbols }: Program, words: readonly string[]): { readonly address: number; readonly bytes: Uint8Array } | undefined {
  const text = new TextEncoder().encode(words.map((word) => `${word}\0`).join(''));
  const symbol = symbols.find(({ name }) => name === NAME);
  const needed = 4 + text.length;
  if (symbol === undefined || symbol.bytes < needed) {
    if (words.length === 0) return undefined;
    throw new RangeError(
      symbol === undefined
        ? `arguments: the program takes none; export data ${NAME}: [${needed}] in it`
        : `arguments: ${needed} bytes; the program has ${symbol.bytes} for them`,
    );
  }
  const bytes = new Uint8Array(needed);
  new DataView(bytes.buffer).setUint32(0, words.length, true);
  bytes.set(text, 4);
  return { address: symbol.address, bytes };
}
