/** Generated from stdlib/*.pbs; edit those, then `npm run generate`. */

/** Name to source text. */
export const SOURCES: Readonly<Record<string, string>> = {
};
