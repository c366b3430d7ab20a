/**
 * `pbs system`: the commands about whole systems, declared here; what each does is in a file of its own, loaded when it is called.
 */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { SystemBuildOptions } from './system-build.js';
import type { SystemExplainOptions } from './system-explain.js';
import type { SystemGraphOptions } from './system-graph.js';
import type { SystemRunOptions } from './system-run.js';
import type { SystemSimulateOptions } from './system-simulate.js';
import { parseSeed, parseSeeds, parseTime } from './times.js';

const STATUSES = `
Exit status: 0 done, 2 wrong usage, 65 a description with errors, 66 a file cannot be read or written.`;
const FILE = 'description: .sys text, or the canonical JSON; - is standard input';
const JSON_HELP = `
With --json standard output is one JSON document, whatever happens: file, ok, diagnostics (each with its
place, and related places in other files), error (why there was nothing to judge), and what was asked for.
`;

/** A command of the group. */
type Declare = (command: Command, end: End) => Command;
/** Gives the promise of a status to the process. */
type End = (status: Promise<number>) => Promise<never>;
interface Deploy {
  readonly deploy?: string;
}
interface Json {
  readonly json?: boolean;
}

function parsed<T>(parse: (text: string) => T | undefined, wanted: string): (text: string) => T {
  return (text) => {
    const value = parse(text);
    if (value === undefined) throw new InvalidArgumentError(`It must be ${wanted}.`);
    return value;
  };
}

/** Does the work of a command whose failures `--json` tells too. */
async function judged(file: string, { json = false }: Json, work: () => Promise<number>): Promise<number> {
  const load = await import('./system-load.js');
  return load.judged(file, json, work);
}

const COMMANDS: Readonly<Record<string, Declare>> = {
  check: (command, end) =>
    command
      .description('Checks a description with all programs that it names.')
      .argument('<FILE>', FILE)
      .option('--json', 'print diagnostics and a summary as JSON')
      .addHelpText(
        'after',
        `${JSON_HELP}
Examples:
  pbs system check echo.sys
  pbs system check --json echo.sys | jq '.diagnostics[].message'
${STATUSES}`,
      )
      .action((file: string, options: Json) => end(judged(file, options, async () => (await import('./system-check.js')).checkSystem(file, options)))),

  graph: (command, end) =>
    command
      .description('Draws a system: computers, PUs, devices, ports, links and their protocols.')
      .argument('<FILE>', FILE)
      .option('-o, --output <file>', 'the picture; standard output by default, with --json a file beside FILE')
      .addOption(new Option('--format <name>', 'how it is drawn').choices(['svg', 'mermaid']).default('svg'))
      .option('--deploy <name>', 'draw the system with what this deployment adds')
      .option('--json', 'print as JSON what was drawn')
      .addHelpText(
        'after',
        `
A white box is a PU, a rounded yellow one a device. Servers are at the left side of a box, clients at
the right; an arrow leads from a client to its server, a dashed one may lose messages.
${JSON_HELP}
Examples:
  pbs system graph echo.sys -o echo.svg
  pbs system graph --format mermaid echo.sys
${STATUSES}`,
      )
      .action((file: string, options: SystemGraphOptions) =>
        end(judged(file, options, async () => (await import('./system-graph.js')).graphSystem(file, options))),
      ),

  build: (command, end) =>
    command
      .description('Builds one image (.pbi) for each computer: programs, topology, first contents of disks.')
      .argument('<FILE>', FILE)
      .option('-o, --output <folder>', 'where the images go; by default beside FILE')
      .option('--json', 'print names, sizes and hashes of the images as JSON')
      .addHelpText(
        'after',
        `
The images of FILE.sys are FILE.pbi for the computer main, and FILE.NAME.pbi for the others. Equal
input gives equal bytes.
${JSON_HELP}
Examples:
  pbs system build echo.sys
  pbs system build -o images cluster.sys
  pbs system build --json echo.sys | jq -r '.images[].sha256'
${STATUSES}`,
      )
      .action((file: string, options: SystemBuildOptions) =>
        end(judged(file, options, async () => (await import('./system-build.js')).buildSystem(file, options))),
      ),

  explain: (command, end) =>
    command
      .description('Tells what a name stands for, what is at the other end, and what carries it.')
      .argument('<FILE>', FILE)
      .argument('[NAME]', 'a computer, PU, device, port or program; without it all names are listed')
      .option('--deploy <name>', 'the system with what this deployment adds')
      .option('--json', 'print the explanation as JSON')
      .addHelpText(
        'after',
        `${JSON_HELP}
Examples:
  pbs system explain echo.sys
  pbs system explain echo.sys asker.server
  pbs system explain cluster.sys 'node[2].cache.below'
${STATUSES}`,
      )
      .action((file: string, name: string | undefined, options: SystemExplainOptions) =>
        end(judged(file, options, async () => (await import('./system-explain.js')).explainSystem(file, name, options))),
      ),

  simulate: (command, end) =>
    command
      .description('Runs a deployment in virtual time, under one seed or many, and tells what was not as expected.')
      .argument('<FILE>', FILE)
      .option('--deploy <name>', 'the deployment; the first on simulation by default')
      .addOption(new Option('--engine <name>', 'what executes the programs').choices(['auto', 'interpreter', 'jit', 'reference']).default('auto'))
      .option('--seed <number>', "the seed, in place of the deployment's", parsed(parseSeed, 'a whole number from 0 below 2^64'))
      .option('--seeds <range>', 'all seeds from the first to the last, until one fails', parsed(parseSeeds, 'a range of seeds such as 1..1000'))
      .option('--until <time>', 'virtual time at which it ends', parsed(parseTime, 'a time such as 10s or 500ms'))
      .option('--timeline <file>', 'draw the messages as SVG')
      .option('--record <file>', 'write what went into each PU')
      .option('--json', 'print what happened as JSON')
      .addHelpText(
        'after',
        `
Examples:
  pbs system simulate echo.sys
  pbs system simulate echo.sys --seeds 1..1000
  pbs system simulate echo.sys --deploy test --seed 7 --timeline echo.svg
${STATUSES}, 70 something was not as expected.`,
      )
      .action((file: string, options: SystemSimulateOptions & Deploy) =>
        end(
          judged(file, options, async () => {
            const [{ chooseDeployment, loadGoodSystem }, { simulateDeployment }] = await Promise.all([
              import('./system-load.js'),
              import('./system-simulate.js'),
            ]);
            const { deployments } = await loadGoodSystem(file, options.json);
            return simulateDeployment(file, chooseDeployment(file, deployments, options.deploy, 'simulation'), options);
          }),
        ),
      ),

  run: (command, end) =>
    command
      .description('Runs a deployment on threads, with its drivers, until nothing can happen any more or a signal ends it.')
      .argument('<FILE>', FILE)
      .option('--deploy <name>', 'the deployment; the first on workers by default')
      .addOption(new Option('--engine <name>', 'what executes the programs').choices(['auto', 'interpreter', 'jit', 'reference']).default('auto'))
      .option('--stats <file>', 'write how every PU stood at the end, as JSON')
      .addHelpText(
        'after',
        `
Examples:
  echo hello | pbs system run echo.sys
  pbs system run cluster.sys --deploy here --stats stats.json
${STATUSES}
Otherwise it is that of the first PU that did not return 0; 70 if one trapped; 130 and 143 after Ctrl-C and SIGTERM.`,
      )
      .action((file: string, options: SystemRunOptions & Deploy) =>
        end(
          (async () => {
            const [{ chooseDeployment, loadGoodSystem }, { runDeployment }] = await Promise.all([import('./system-load.js'), import('./system-run.js')]);
            const { deployments } = await loadGoodSystem(file);
            return runDeployment(file, chooseDeployment(file, deployments, options.deploy, 'workers'), options);
          })(),
        ),
      ),
};

/** Declares the group. */
export function declareSystem(system: Command, end: End): Command {
  system.description('Systems of several PUs: checks, draws, builds, explains, simulates and runs them.');
  for (const [name, declare] of Object.entries(COMMANDS)) declare(system.command(name), end).exitOverride().helpOption('-h, --help', 'print help');
  return system.helpCommand('help [command]', 'print the help of a command');
}
