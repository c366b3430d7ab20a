/**
 * Parsing a file: its text is cut where top-level declarations begin, and each piece is lexed and parsed by itself.
 *
 * So the tokens of one piece are all that is alive beside the tree, and a fault, a missing brace even, stays in its piece.
 * The cuts only help: a piece may hold several declarations, and the grammar finds them.
 */
import type { Item } from './ast.js';
import type { Report } from './diagnostics.js';
import { parseTokens } from './grammar.js';
import type { Source } from './source.js';
import type { Tokenizer } from './tokens.js';

/** The beginnings of lines that can only be declarations: in a function, no statement looks like this. */
const CUT =
  /^[ \t]*(?:(?:export|keep)[ \t]+(?:"[^"\\\n\r]*"[ \t]+)?)*(?:(?:func|data|table|type|port)[ \t]+[A-Za-z_]|port[ \t]+"|const[ \t]+[A-Za-z_]\w*[ \t]*=|use[ \t]*"|memory[ \t]+[A-Za-z0-9_(])/gm;

/** The declarations of a file. Faults go to the report. */
export function parseFile(source: Source, tokenizer: Tokenizer, report: Report): Item[] {
  const items: Item[] = [];
  const { text } = source;
  let start = 0;
  const piece = (end: number): void => {
    parseTokens(source, tokenizer.tokenize(text.slice(start, end)), start, items, report);
    start = end;
  };
  CUT.lastIndex = 0;
  for (let found = CUT.exec(text); found !== null; found = CUT.exec(text)) {
    if (report.full) return items;
    if (found.index > start) piece(found.index);
  }
  piece(text.length);
  return items;
}
