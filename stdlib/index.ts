/**
 * The standard library: sources in the assembly language, by the name that `use "name"` takes. The `.pbs` files of this folder
 * are the truth; the text here is generated from them, so that it is there without a file system.
 *
 * @packageDocumentation
 */
import { SOURCES } from './sources.generated.js';

/** Name to source text of every file of the standard library; hand it to `assemble` as `library`. */
export const LIBRARY: ReadonlyMap<string, string> = new Map(Object.entries(SOURCES));
