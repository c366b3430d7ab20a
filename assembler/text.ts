/**
 * Instructions and values as source text: what the listing shows and the disassembler writes.
 *
 * The text of an instruction is its mnemonic with its operands in order; the assembler picks the same form again.
 */
import { trapOfCode, type Instruction } from '../isa-spec/index.js';

/** How numbers in an instruction are named. */
export interface Naming {
  register(index: number): string;
  function(index: number): string;
  signature(index: number): string;
  /** The label at a distance, in words, from the instruction. */
  target(distance: number): string;
}

/** A float as a constant that reads back as the same one. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-infinity' : 'infinity';
  const text = Object.is(value, -0) ? '-0' : String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\0', '\\0'],
]);

/** A text as a string literal. */
export function quoted(text: string): string {
  const inner = text.replace(/["\\\p{Cc}]/gu, (found) => ESCAPES.get(found) ?? `\\u{${(found.codePointAt(0) as number).toString(16)}}`);
  return `"${inner}"`;
}

/** An instruction as a line of source text. */
export function instructionText({ row, operands }: Instruction, names: Naming): string {
  const registers = (list: unknown): string => (list as readonly number[]).map((index) => names.register(index)).join(', ');
  const effect = row.does.at(-1)?.kind;
  const at = (kind: string): number => row.operands.findIndex((operand) => operand.kind === kind);
  if (effect === 'call' || effect === 'call_table') {
    const callee =
      effect === 'call'
        ? names.function(operands[at('function')] as number)
        : `${names.signature(operands[at('signature')] as number)}[${names.register(operands[at('read')] as number)}]`;
    const results = registers(operands[at('results')]);
    return `call ${callee}(${registers(operands[at('values')])})${results === '' ? '' : ` -> ${results}`}`;
  }
  const written: string[] = [];
  let base: string | undefined;
  row.operands.forEach(({ kind }, index) => {
    const value = operands[index];
    switch (kind) {
      case 'write':
        written.push(names.register(value as number));
        return;
      case 'read': {
        const next = row.operands[index + 1]?.kind;
        if (next === 'offset8' || next === 'offset32') base = names.register(value as number);
        else written.push(names.register(value as number));
        return;
      }
      case 'offset8':
      case 'offset32':
        written.push(base === undefined ? `[${value}]` : value === 0 ? `[${base}]` : `[${base} + ${value}]`);
        base = undefined;
        return;
      case 'imm8':
      case 'imm16':
      case 'imm32':
      case 'imm64':
        written.push(String(value));
        return;
      case 'float64':
        written.push(floatText(value as number));
        return;
      case 'branch8':
      case 'branch24':
      case 'branch32':
        written.push(names.target(value as number));
        return;
      case 'targets':
        written.push(...(value as readonly number[]).map((distance) => names.target(distance)));
        return;
      case 'trap':
        written.push(trapOfCode(value as number) ?? String(value));
        return;
      case 'values':
        if ((value as readonly number[]).length > 0) written.push(registers(value));
        return;
      case 'function':
      case 'signature':
      case 'results':
        throw new Error(`${kind} stands in calls only`);
      default:
        kind satisfies never;
    }
  });
  return written.length === 0 ? row.mnemonic : `${row.mnemonic} ${written.join(', ')}`;
}
