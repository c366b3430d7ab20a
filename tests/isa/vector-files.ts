/** The committed conformance vectors, as data. */
import { readdirSync, readFileSync } from 'node:fs';
import type { VectorFile } from '../../isa-spec/vectors/notation.js';

const FOLDER = new URL('../../isa-spec/vectors/', import.meta.url);

/** The schema that every file of vectors must satisfy. */
export const SCHEMA: object = JSON.parse(readFileSync(new URL('vectors.schema.json', FOLDER), 'utf8'));

/** Every file of vectors by name. */
export const VECTOR_FILES: ReadonlyMap<string, VectorFile> = new Map(
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json') && name !== 'vectors.schema.json')
    .sort()
    .map((name) => [name.slice(0, -5), JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'))]),
);

/** A text that vectors are made of by hand. */
export const sourceText = (name: string): string => readFileSync(new URL(`sources/${name}`, FOLDER), 'utf8');
