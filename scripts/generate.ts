/**
 * Writes every generated file of the repository; with `--check` writes nothing and names those that are stale.
 *
 * A row is a file and what makes its text. Add a row here, and the check and its test know the file.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { MANUAL } from '../isa-spec/manual.js';
import { MODEL_SCHEMA } from '../system/schema.js';
import { systemWords } from './system-words.js';
import { generate as interpreterLoop } from '../vm/interpreter/generate.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** A generated file, its path from the top of the repository, and the text it must hold. */
export interface Generated {
  readonly file: string;
  readonly make: () => string;
}

function librarySources(): string {
  const names = readdirSync(path.join(ROOT, 'stdlib'))
    .filter((name) => name.endsWith('.pbs'))
    .sort();
  const rows = names.map((name) => {
    const text = readFileSync(path.join(ROOT, 'stdlib', name), 'utf8');
    return `  ${JSON.stringify(name.slice(0, -4))}: \`${text.replace(/[\\`]|\$\{/g, '\\$&')}\`,\n`;
  });
  return `/** Generated from stdlib/*.pbs; edit those, then \`npm run generate\`. */\n\n/** Name to source text. */\nexport const SOURCES: Readonly<Record<string, string>> = {\n${rows.join('')}};\n`;
}

/** Every generated file. */
export const GENERATED: readonly Generated[] = [
  { file: 'stdlib/sources.generated.ts', make: librarySources },
  { file: 'vm/interpreter/run.generated.ts', make: interpreterLoop },
  { file: 'docs/system-words.md', make: systemWords },
  { file: 'system/model.schema.json', make: () => `${JSON.stringify(MODEL_SCHEMA, null, 2)}\n` },
  ...MANUAL,
];

/** Paths of the files that do not hold what they should. */
export function staleFiles(): string[] {
  return GENERATED.filter(({ file, make }) => {
    try {
      return readFileSync(path.join(ROOT, file), 'utf8') !== make();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
      throw error;
    }
  }).map(({ file }) => file);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const stale = staleFiles();
  if (process.argv.includes('--check')) {
    for (const file of stale) console.error(`${file} is stale: npm run generate`);
    process.exitCode = stale.length === 0 ? 0 : 1;
  } else {
    for (const { file, make } of GENERATED.filter((row) => stale.includes(row.file))) {
      writeFileSync(path.join(ROOT, file), make());
      console.log(`wrote ${file}`);
    }
  }
}
