/** What the assembler's tests share: assembling texts, and reading the instructions that came out. */
import { assemble, formatDiagnostic, type AssembleOptions, type Assembly, type Diagnostic } from '../../assembler/index.js';
import { decode, functionStarts, wordCount, type Instruction, type Program } from '../../isa-spec/index.js';
import { verify } from '../../vm/verify.js';

/** Files by path; `main.pbs` is the first one. */
export type Files = Readonly<Record<string, string>>;

/** Assembles texts. */
export function assembleFiles(files: Files, options: Partial<AssembleOptions> = {}): Assembly {
  return assemble('main.pbs', { read: (path) => (Object.hasOwn(files, path) ? files[path] : undefined), ...options });
}

/** What is wrong with a text. */
export function diagnosticsOf(text: string, options: Partial<AssembleOptions> = {}): readonly Diagnostic[] {
  return assembleFiles({ 'main.pbs': text }, options).diagnostics;
}

/** The program of texts that must assemble and verify. */
export function programOf(files: Files | string, options: Partial<AssembleOptions> = {}): Program {
  const all = typeof files === 'string' ? { 'main.pbs': files } : files;
  const assembly = assembleFiles(all, options);
  const { program, binary, diagnostics } = assembly;
  if (program === undefined || binary === undefined)
    throw new Error(diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, all[diagnostic.path])).join('\n'));
  const verified = verify(binary);
  if ('rejection' in verified) throw new Error(`rejected: ${JSON.stringify(verified.rejection)}`);
  return program;
}

/** The instructions of a function. */
export function instructionsOf(program: Program, index = 0): Instruction[] {
  const starts = functionStarts(program);
  const found: Instruction[] = [];
  for (let at = starts[index] as number; at < (starts[index + 1] as number); ) {
    const instruction = decode(program.code, at) as Instruction;
    found.push(instruction);
    at += wordCount(instruction.row, program.code, at);
  }
  return found;
}

/** Instructions as text: the row's name and its operands as they are encoded. */
export function rowsOf(program: Program, index = 0): string[] {
  return instructionsOf(program, index).map(({ row, operands }) =>
    [row.name, ...operands.map((operand) => (Array.isArray(operand) ? `(${operand.join(' ')})` : String(operand)))].join(' '),
  );
}

/** The rows of a function with these lines as its body, checks and the final return left out. */
export function rowsOfBody(body: string, head = 'i, j, k: i32, x, y, z: i64, f, g, h: f64', more = ''): string[] {
  const program = programOf(`export func f(${head}) {\n${body}\n}\n${more}`);
  return rowsOf(program).slice(1, -1);
}
