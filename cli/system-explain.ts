/**
 * `pbs system explain`: what a name stands for, what is at the other end, and what carries it.
 */
import { Report } from '../assembler/internal/index.js';
import { explain, explanationText, namesOf } from '../system/index.js';
import { EXIT, Failure } from './failure.js';
import { nameOf, shownName } from './files.js';
import { print } from './streams.js';
import { chooseTopology, loadGoodSystem, printJson } from './system-load.js';
import { shown, shownLines } from './text.js';

/** Options of `pbs system explain`. */
export interface SystemExplainOptions {
  readonly deploy?: string;
  readonly json?: boolean;
}

/** Explains a name, or lists all. @returns the exit status. @throws Failure where nothing has the name */
export async function explainSystem(file: string, name: string | undefined, { deploy, json = false }: SystemExplainOptions): Promise<number> {
  const good = await loadGoodSystem(file, json);
  const topology = chooseTopology(file, good, deploy);
  const names = namesOf(topology);
  const head = { file: nameOf(file), ok: true, diagnostics: good.system.diagnostics, error: null };
  if (name === undefined) {
    if (json) printJson({ ...head, names });
    else print(`${names.join('\n')}\n`);
    return EXIT.ok;
  }
  const deployments = deploy === undefined ? good.deployments : good.deployments.filter((known) => known.name === deploy);
  const found = explain(topology, deployments, name);
  if (found === undefined) {
    const [near] = new Report().suggest(name, names);
    throw new Failure(EXIT.usage, `${shownName(file)} has nothing that is called ${shown(name)}`, near ?? 'without a name all names are listed');
  }
  if (json) printJson({ ...head, explanation: found });
  else print(shownLines(explanationText(found)));
  return EXIT.ok;
}
