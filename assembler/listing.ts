/**
 * The listing: for each instruction its address, its words, its text, and the source line that it comes from; then data
 * and ports. For people; the symbol map is for programs.
 */
import { decode, layoutOf, windowBytes, wordCount, type Instruction, type Signature } from '../isa-spec/index.js';
import type { Emitted, EmittedFunction } from './emit.js';
import { instructionText } from './text.js';

const WORDS_PER_LINE = 4;
const hex = (value: number, digits: number): string => (value >>> 0).toString(16).padStart(digits, '0');

/** The listing of a program. */
export function listingOf(emitted: Emitted): string {
  const { program, functions, placed } = emitted;
  const lines: string[] = [];
  for (const [index, entry] of functions.entries()) {
    const { module, item } = entry.declaration;
    const { line } = module.source.placeOf(item.name.start);
    lines.push(`; function ${index}: ${entry.name} (${module.source.path}:${line}), ${entry.words} words, ${entry.types.length} registers`);
    functionLines(entry, emitted, lines);
    lines.push('');
  }
  if (program.data.length > 0 || placed.data.length > 0) lines.push('; data: address, bytes, name');
  for (const { address, bytes, item } of placed.data) lines.push(`${hex(address as number, 8)}  ${String(bytes).padStart(10)}  ${item.name.name}`);
  if (program.ports.length > 0) lines.push('', '; ports: window, bytes, number, name');
  program.ports.forEach(({ window, depth, name }, number) => {
    lines.push(`${hex(window, 8)}  ${String(windowBytes(depth)).padStart(10)}  ${String(number).padStart(2)}  ${name}`);
  });
  return `${lines.join('\n')}\n`;
}

function functionLines(entry: EmittedFunction, { program, functions, lines: places }: Emitted, lines: string[]): void {
  const { declaration, start, words, types, registers: named, labels } = entry;
  const { code, signatures } = program;
  const { source } = declaration.module;
  const registers = types.map((type, index) => named[index] ?? `${type}#${index}`);
  const labelNames = new Map([...labels].map(([name, word]) => [word, name]));
  let place = entry.lines.start;
  let shownLine = 0;
  for (let at = start; at < start + words; ) {
    const instruction = decode(code, at) as Instruction;
    const count = layoutOf(instruction.row).hasLists ? wordCount(instruction.row, code, at) : layoutOf(instruction.row).words;
    const here = at - start;
    while (place + 1 < entry.lines.end && (places.words.words[place + 1] as number) <= here) place++;
    const line = source.lineOf(places.offsets.words[place] as number);
    const text = instructionText(instruction, {
      register: (index) => registers[index] ?? `#${index}`,
      function: (index) => functions[index]?.name ?? '',
      signature: (index) => signatureText(signatures[index] as Signature),
      target: (distance) => labelNames.get(here + distance) ?? hex(at + distance, 6),
    });
    const shown = line === shownLine ? '' : `  ; ${String(line).padStart(4)}  ${source.lineText(line).trim().slice(0, 160)}`;
    shownLine = line;
    for (let first = 0; first < count; first += WORDS_PER_LINE) {
      const row = Array.from(code.subarray(at + first, at + Math.min(count, first + WORDS_PER_LINE)), (word) => hex(word, 8)).join(' ');
      lines.push(`${hex(at + first, 6)}  ${row.padEnd(9 * WORDS_PER_LINE)}${first === 0 ? `${text.padEnd(32)}${shown}` : ''}`.trimEnd());
    }
    at += count;
  }
}

/** A signature that stands where a `type` line's name would. */
function signatureText({ parameters, results }: Signature): string {
  return `(${parameters.join(', ')} -> ${results.join(', ')})`;
}
