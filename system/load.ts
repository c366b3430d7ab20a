/**
 * From a file to a system: reads a description, `.sys` text or the canonical JSON, with all that it names, and judges it. The one door through which
 * tools and hosts come by a topology and its deployments.
 */
import { checkCycles, checkPlacement, checkUnused, makeTopology, type Parts } from './check.js';
import { judgeDeployment } from './deployments.js';
import { Expander, fullName } from './expand.js';
import { type SystemDiagnostic, SystemReport } from './language/diagnostics.js';
import { loadModule, placeOf } from './language/modules.js';
import { Files, type Reading } from './language/programs.js';
import { judgeLink } from './links.js';
import type { SystemModel } from './model.js';
import type { Deployment, Topology } from './topology.js';

/** Where files come from. */
export type LoadSystemOptions = Reading;

/** A system that was read. */
export interface LoadedSystem {
  /** What the file says; there if it could be read. */
  readonly model?: SystemModel;
  /** There only if there was no error. */
  readonly topology?: Topology;
  /** In the order of the file; empty if there was an error. */
  readonly deployments: readonly Deployment[];
  /** All that is wrong, by file and place; warnings too. */
  readonly diagnostics: readonly SystemDiagnostic[];
  /** Paths of all files that were read. */
  readonly files: readonly string[];
  /** The text of a file that took part, by the path that a diagnostic names. */
  sourceText(path: string): string | undefined;
}

/**
 * Reads and judges a system.
 * @param path the description, as `options.read` knows it
 * @throws TypeError if an argument is not of its type, or `options.read` gives what is none; a wrong description never throws
 */
export function loadSystem(path: string, options: LoadSystemOptions): LoadedSystem {
  if (typeof path !== 'string') throw new TypeError('path: a string is needed');
  if (typeof options !== 'object' || options === null) throw new TypeError('options: an object is needed');
  if (typeof options.read !== 'function') throw new TypeError('options.read: a function is needed that gives the bytes of a path');
  const files = new Files(options);
  const report = new SystemReport();
  const module = loadModule(path, files, report);
  const result = (more: Partial<LoadedSystem>): LoadedSystem => ({
    deployments: [],
    ...more,
    diagnostics: report.take(),
    files: files.paths,
    sourceText: (name) => files.sourceText(name),
  });
  if (module === undefined) return result({});

  const expander = new Expander(report);
  const { root, computers, pus, devices, links: statements, deployments } = expander.file(module);
  const links = statements.flatMap(({ statement, context, scope }) => judgeLink(statement, context, scope));
  const parts: Parts = { computers, pus, devices, links };
  const topology = makeTopology(parts, report);
  checkPlacement(parts, report);
  checkCycles(links, report);
  const used = new Set(links.flatMap(({ client, server }) => [fullName(client), fullName(server)]));
  const names = new Map<string, (typeof deployments)[number]>();
  const judged = deployments.flatMap((later) => {
    const { statement, context } = later;
    const place = placeOf(context.module, statement, 'name');
    const before = names.get(statement.name);
    if (before !== undefined) {
      const related = [{ place: placeOf(module, before.statement, 'name'), message: 'the first one is here' }];
      report.error('duplicate_name', place, `the deployment \`${statement.name}\` is declared twice`, { related });
      return [];
    }
    names.set(statement.name, later);
    return judgeDeployment(statement, context, expander.deployment(later, root), parts, used, report) ?? [];
  });
  checkUnused(parts, used, report);
  return report.errors > 0 ? result({ model: module.model }) : result({ model: module.model, topology, deployments: judged });
}
