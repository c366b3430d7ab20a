/**
 * Bundles TypeScript of the project for plain Node, with some files' text replaced and the test runner's interface put on `jest-in-node.ts`.
 * Packages stay outside, so a bundle must lie within the project to find them.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));

/** The project's folder. */
export const ROOT = join(here, '../..');

/** A folder within the project for bundles, ignored by everything else. */
export function bundleFolder() {
  const folder = join(ROOT, 'node_modules/.cache/campaigns');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/**
 * The text of a bundle.
 * @param {string} entry path from the project's top
 * @param {ReadonlyMap<string, string>} replaced texts that stand for files, by path from the project's top
 * @returns {Promise<string>}
 */
export async function bundle(entry, replaced = new Map()) {
  const replace = {
    name: 'replace',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^@jest\/globals$/ }, () => ({ path: join(here, 'jest-in-node.ts') }));
      onLoad({ filter: /\.m?[tj]s$/ }, ({ path }) => ({
        // A module that looks for files beside itself looks beside its source, not beside the bundle.
        contents: (replaced.get(path.slice(ROOT.length + 1)) ?? readFileSync(path, 'utf8')).replaceAll(
          /import\.meta\.url/g,
          JSON.stringify(pathToFileURL(path).href),
        ),
        loader: path.endsWith('.ts') ? 'ts' : 'js',
      }));
    },
  };
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, entry)],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    // Tests are imported for what they do, although the package says that its modules do nothing by themselves.
    ignoreAnnotations: true,
    sourcemap: 'inline',
    logLevel: 'silent',
    define: { CAMPAIGN_ROOT: JSON.stringify(ROOT) },
    plugins: [replace],
  });
  return outputFiles[0].text;
}
