/** The committed conformance vectors, as data. */
import { readdirSync, readFileSync } from 'node:fs';
import type { BinariesFile, VectorFile } from '../../isa-spec/vectors/notation.js';

const FOLDER = new URL('../../isa-spec/vectors/', import.meta.url);

const json = (name: string) => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'));

/** The schemas that the files must satisfy. */
export const SCHEMAS: Readonly<Record<'vectors' | 'binaries', object>> = { vectors: json('vectors.schema.json'), binaries: json('binaries.schema.json') };

/** Every file of vectors by name. */
export const VECTOR_FILES: ReadonlyMap<string, VectorFile> = new Map(
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json') && !name.endsWith('.schema.json') && name !== 'binaries.json')
    .sort()
    .map((name) => [name.slice(0, -5), json(name)]),
);

/** The binaries that must be refused or accepted. */
export const BINARIES: BinariesFile = json('binaries.json');

/** A text that vectors are made of by hand. */
export const sourceText = (name: string): string => readFileSync(new URL(`sources/${name}`, FOLDER), 'utf8');
