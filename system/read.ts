/** `.sys` text as a model, without looking at anything that it names. */
import { Source } from '../assembler/internal/index.js';
import { type SystemDiagnostic, SystemReport } from './language/diagnostics.js';
import { parseSystem } from './language/parser.js';
import type { SystemModel } from './model.js';

/**
 * The model of a text: what could be read of it, and what is wrong with the rest.
 * @param path how the text is called in diagnostics
 * @throws TypeError if an argument is no string
 */
export function parseSystemText(text: string, path = 'text'): { readonly model: SystemModel; readonly diagnostics: readonly SystemDiagnostic[] } {
  if (typeof text !== 'string') throw new TypeError('text: a string is needed');
  if (typeof path !== 'string') throw new TypeError('path: a string is needed');
  const report = new SystemReport();
  const { model } = parseSystem(new Source(path, text, 0), report);
  return { model, diagnostics: report.take() };
}
