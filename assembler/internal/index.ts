/**
 * What another language of this project needs of the assembler's inside: the lexer with its literals, source files with their places, a report for
 * placing and suggesting, and where a program's text declares its ports. Embedders use `assembler/index.ts`, and no door of the package leads here.
 */
export type { PortItem } from '../ast.js';
export { Report } from '../diagnostics.js';
export { bytesOf, isFault, numberOf } from '../literals.js';
export { parseFile } from '../parse.js';
export { Source } from '../source.js';
export { RESERVED, Tokenizer, TOKENS } from '../tokens.js';
