/**
 * `pbs system build`: one image for each computer, with everything that it needs of a system.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { decodeImage, encodeImage, hexadecimal, imageFileName, imagesOf, sha256 } from '../system/index.js';
import { EXIT, Failure } from './failure.js';
import { nameOf, refuseOverwriting, writeOut } from './files.js';
import { reasonOf } from './reasons.js';
import { print } from './streams.js';
import { loadGoodSystem, printJson } from './system-load.js';
import { shown } from './text.js';

/** Options of `pbs system build`. */
export interface SystemBuildOptions {
  /** The folder for the images; by default that of the description. */
  readonly output?: string;
  readonly json?: boolean;
}

/** Builds the images of a system. @returns the exit status. @throws Failure where it cannot */
export async function buildSystem(file: string, { output, json = false }: SystemBuildOptions): Promise<number> {
  const { topology, system } = await loadGoodSystem(file, json);
  const folder = file === '-' ? '.' : path.dirname(file);
  const inputs = [...system.files];
  const contents = (name: string): Uint8Array => {
    const place = path.resolve(folder, name);
    inputs.push(place);
    try {
      return readFileSync(place);
    } catch (error) {
      throw new Failure(EXIT.file, `cannot read ${shown(name)}, the contents of a disk: ${reasonOf(error)}`);
    }
  };
  const base = file === '-' ? 'system' : path.basename(file, path.extname(file));
  const images = imagesOf(topology, contents).map((image) => {
    const bytes = encodeImage(image);
    const found = decodeImage(bytes);
    if ('rejection' in found) throw new Error(`the image that was made is refused: ${found.rejection.message}`);
    return { computer: image.computer.name, file: path.join(output ?? folder, imageFileName(base, image.computer)), bytes, sha256: hexadecimal(sha256(bytes)) };
  });
  refuseOverwriting(
    images.map((image) => ['-o', image.file] as const),
    inputs,
  );
  for (const image of images) writeOut(image.file, image.bytes);
  const told = images.map(({ bytes, ...image }) => ({ ...image, bytes: bytes.length }));
  if (json) printJson({ file: nameOf(file), ok: true, diagnostics: system.diagnostics, error: null, images: told });
  else for (const image of told) print(`${shown(image.file)}: ${shown(image.computer)}, ${image.bytes} bytes, sha256 ${image.sha256}\n`);
  return EXIT.ok;
}
