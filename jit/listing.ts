/**
 * What the JIT makes of a program, for people: the WebAssembly module as text, each instruction of the guest as a comment in front of what it became.
 */
import type { VerifiedProgram } from '../vm/index.js';
import { decodedFunction, placeOf } from '../vm/internal/index.js';
import { COMPILED_WORDS_MAX, compile, wordsOf } from './compile.js';
import { placesOf } from './lower.js';
import { moduleText } from './text.js';

/**
 * The module that the engine `jit` makes of a program, without the ways into its loops, as WebAssembly text with comments.
 * @param lineOf a line of a source file, counted from 1, where it is at hand
 */
export function listing(program: VerifiedProgram, lineOf: (file: string, line: number) => string | undefined): string {
  const nameOf = (index: number): string => placeOf(program, index, 0).name;
  const describe = (index: number, pc: number): string => {
    const { position } = placeOf(program, index, pc);
    const mnemonic = decodedFunction(program, index).rowAt(pc).name;
    const text = position === undefined ? undefined : lineOf(position.file, position.line);
    return text === undefined || position === undefined ? `word ${pc}: ${mnemonic}` : `${position.line} | ${text.trim()}    (${mnemonic})`;
  };
  const functions = program.program.functions.flatMap((_, index) => (wordsOf(program, index) <= COMPILED_WORDS_MAX ? [index] : []));
  const { bytes, functions: written } = compile(program, functions, [], true);
  return moduleText(bytes, {
    heading(index) {
      const made = written.get(index);
      if (made === undefined) return 'from the driver to a function and back: values, fuel and room lie in the private memory';
      const mark = made.marks[0];
      const [outermost] = mark === undefined ? [] : placesOf(mark);
      return outermost === undefined ? 'nothing of the program' : `${nameOf(outermost[0])}${index < functions.length ? '' : ', entered from the driver'}`;
    },
    within(index) {
      const made = written.get(index);
      if (made === undefined) return [];
      // Of one instruction only the first place: a mark of its own stands where it may trap.
      const marks = made.marks.filter(({ scope, pc }, at) => scope !== made.marks[at - 1]?.scope || pc !== made.marks[at - 1]?.pc);
      return marks.map((mark) => {
        const places = placesOf(mark);
        const [inner, pc] = places.at(-1) as readonly [number, number];
        const inside = places.slice(1).map(([called]) => `${nameOf(called)}: `);
        return [made.start + mark.offset, `${inside.join('')}${describe(inner, pc)}`] as const;
      });
    },
  });
}
