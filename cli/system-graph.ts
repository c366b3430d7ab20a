/**
 * `pbs system graph`: a picture of a system, as SVG or for Mermaid.
 */
import { graphMermaid, graphSvg } from '../system/index.js';
import { EXIT } from './failure.js';
import { nameOf, refuseOverwriting, writeOut } from './files.js';
import { besides, chooseTopology, loadGoodSystem, printJson } from './system-load.js';

/** Options of `pbs system graph`. */
export interface SystemGraphOptions {
  readonly output?: string;
  readonly format: 'svg' | 'mermaid';
  readonly deploy?: string;
  readonly json?: boolean;
}

/** Draws a system. @returns the exit status. @throws Failure where it cannot */
export async function graphSystem(file: string, { output, format, deploy, json = false }: SystemGraphOptions): Promise<number> {
  const good = await loadGoodSystem(file, json);
  const topology = chooseTopology(file, good, deploy);
  const text = format === 'svg' ? graphSvg(topology) : graphMermaid(topology);
  const target = output ?? (json ? besides(file, format === 'svg' ? '.svg' : '.mmd') : '-');
  refuseOverwriting([['-o', target]], good.system.files);
  if (json && target === '-') {
    printJson({ file: nameOf(file), ok: true, diagnostics: good.system.diagnostics, error: null, format, text });
    return EXIT.ok;
  }
  writeOut(target, text);
  if (json) printJson({ file: nameOf(file), ok: true, diagnostics: good.system.diagnostics, error: null, format, output: target });
  return EXIT.ok;
}
