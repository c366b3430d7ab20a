/**
 * `pbs`: the command line. Commands, options and help are declared here; what they do is in the files beside.
 *
 * Every way out ends here: a status, a `Failure` with its message, a pipe that nobody reads any more, or a bug of ours with its
 * stack trace and exit status 1.
 */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { asm, check, dis, printFailure, type AsmOptions } from './asm.js';
import type { BenchOptions } from './bench.js';
import { EXIT, Failure } from './failure.js';
import type { ReplayOptions } from './replay.js';
import { ENGINES, run, type RunOptions } from './run.js';
import { parseCount, parseSize } from './sizes.js';
import { complain, complainOf, print } from './streams.js';
import { declareSystem } from './system.js';
import { shownLines } from './text.js';
import { parseDisk, type DiskOption } from './wiring.js';
import type { WasmOptions } from './wasm.js';

/** The package's version; the build knows it. */
declare const VERSION: string;

/** Columns of help texts. */
const HELP_WIDTH = 100;
const STATUSES = `
Exit status:
  of \`run\`, what main returns, modulo 256; else
  0 done   2 wrong usage   65 bad source or binary   66 a file cannot be read or written
  70 the program trapped, or waits for what can never come   75 it used up its fuel`;

const JSON_HELP = `
With --json standard output is one JSON document, whatever happens: file, ok, output, diagnostics,
rejection (the rule that a binary breaks), error (why there was nothing to judge), program. The exit
status is the same as without.
`;
const LISTING = `
A listing's columns: address, the instruction's words, the instruction, source line and its text.
Code is words of 32 bits: there, addresses and words are hexadecimal and count words. Of data and
ports the address is hexadecimal and the length decimal, both in bytes.
`;

function parsed<T>(parse: (text: string) => T | undefined, wanted: string): (text: string) => T {
  return (text) => {
    const value = parse(text);
    if (value === undefined) throw new InvalidArgumentError(`It must be ${wanted}.`);
    return value;
  };
}

const size = parsed(parseSize, 'a size such as 65536, 64KiB or 16MiB');
const count = parsed(parseCount, 'a whole number from 0');
const disk = parsed(parseDisk, 'NAME=PATH or NAME=PATH:ENTRIES:SIZE');

/** Gives the promise of a status to the process. */
const end = async (status: Promise<number>): Promise<never> => process.exit(await status);

/** What each command is called, takes and does. */
const COMMANDS: Readonly<Record<string, (command: Command) => Command>> = {
  run: (command) =>
    command
      .description('Runs a program and ends with the value that its main returns.')
      .argument('<FILE>', 'source or binary; - is standard input')
      .argument('[ARGS...]', 'words for the program, which finds them in its data `arguments`')
      .addOption(new Option('--engine <name>', 'what executes the program').choices(Object.keys(ENGINES)).default('auto'))
      .option('--fuel <count>', 'stop after so many units: loop turns and calls', count)
      .option('--memory <size>', "bytes of memory; the program's least by default", size)
      .option('--frames <size>', 'bytes that calls in progress may take', size)
      .option(
        '--disk <name=path>',
        'connect a disk port to a file, NAME=PATH[:ENTRIES:SIZE]; repeatable',
        (text, before: readonly DiskOption[]) => [...before, disk(text)],
        [],
      )
      .option('--report <file>', 'write what happened as JSON')
      .passThroughOptions()
      .addHelpText(
        'after',
        `
Options come before FILE; what follows FILE is the program's.
The pu client port \`terminal\` is standard input and output, clock clients are the clock.

Examples:
  pbs run hello.pbs
  pbs run mandelbrot.pbs 640 480 > mandelbrot.pgm
  pbs run --fuel 1000000 --memory 16MiB sort.pbs < names.txt
  pbs run --disk disk1=disk.img:2048:512 files.pbs
  pbs run --report report.json wc.pbx < input.txt
  cat hello.pbs | pbs run -
${STATUSES}`,
      )
      .action((file: string, values: readonly string[], options: RunOptions) => end(run(file, values, options))),

  asm: (command) =>
    command
      .description('Assembles a source file into a binary.')
      .argument('<FILE>', 'source; - is standard input')
      .option('-o, --output <file>', 'the binary; by default FILE with .pbx, or standard output for -')
      .option('--listing <file>', 'write addresses, bytes and instructions beside the source lines')
      .option('--symbols <file>', 'write names and addresses as JSON')
      .option('--strip', 'leave names and source places out of the binary')
      .option('--json', 'print diagnostics and a summary as JSON')
      .addHelpText(
        'after',
        `${LISTING}${JSON_HELP}
Examples:
  pbs asm hello.pbs
  pbs asm hello.pbs -o build/hello.pbx --listing -
  pbs asm --strip --symbols hello.json hello.pbs
  cat hello.pbs | pbs asm - > hello.pbx`,
      )
      .action((file: string, options: AsmOptions) => end(asm(file, options))),

  dis: (command) =>
    command
      .description('Prints a binary as source that assembles back to the same code.')
      .argument('<FILE>', 'binary, or source to see what becomes of it; - is standard input')
      .addHelpText(
        'after',
        `
Examples:
  pbs dis hello.pbx
  pbs dis hello.pbx | pbs asm - > again.pbx
  pbs asm hello.pbs -o - | pbs dis -`,
      )
      .action((file: string) => end(dis(file))),

  wasm: (command) =>
    command
      .description('Prints what the JIT makes of a program: WebAssembly text beside its lines.')
      .argument('<FILE>', 'source or binary; - is standard input')
      .option('-o, --output <file>', 'where to write it; standard output by default', '-')
      .addHelpText(
        'after',
        `
Small functions stand in the place of their calls, small loops several times in a row.

Examples:
  pbs wasm hello.pbs | less
  pbs wasm hello.pbs -o hello.wat`,
      )
      .action((file: string, options: WasmOptions) => end(import('./wasm.js').then(({ wasm }) => wasm(file, options)))),

  bench: (command) =>
    command
      .description('Runs a program on each engine and tells how long it takes.')
      .argument('<FILE>', 'source or binary')
      .argument('[ARGS...]', 'words for the program')
      .option(
        '--rounds <count>',
        'runs on each engine',
        parsed((text) => parseCount(text) || undefined, 'a whole number from 1'),
        5,
      )
      .passThroughOptions()
      .addHelpText(
        'after',
        `
Standard input is read once and given to every run. Compiling is included in the times, the start of the tool is not.

Examples:
  pbs bench mandelbrot.pbs 640 480
  pbs bench --rounds 11 sort.pbs < names.txt`,
      )
      .action((file: string, values: readonly string[], options: BenchOptions) => end(import('./bench.js').then(({ bench }) => bench(file, values, options)))),

  check: (command) =>
    command
      .description('Assembles and verifies a program without running it.')
      .argument('<FILE>', 'source or binary; - is standard input')
      .option('--json', 'print diagnostics and a summary as JSON')
      .addHelpText(
        'after',
        `${JSON_HELP}
Examples:
  pbs check hello.pbs
  pbs check --json hello.pbs | jq '.diagnostics[].line'
  pbs check hello.pbx`,
      )
      .action((file: string, options: { readonly json?: boolean }) => end(check(file, options))),

  system: (command) => declareSystem(command, end),

  replay: (command) =>
    command
      .description('Runs PUs of a recording again, each alone, to the same state; or one of them by steps.')
      .argument('<FILE>', 'a recording, from pbs system simulate --record')
      .option('--pu <name>', 'this PU only')
      .option('--life <number>', 'of a PU that began more than once, this beginning, from 1; all by default, the last for steps', count)
      .addOption(new Option('--engine <name>', 'what executes the program').choices(Object.keys(ENGINES)).default('interpreter'))
      .option('--until-fuel <count>', 'stop when so much fuel is used, and show place and registers', count)
      .option('--step <count>', 'then execute so many instructions, and show place and registers after each', count)
      .addHelpText(
        'after',
        `
Examples:
  pbs system simulate echo.sys --record echo.pbr
  pbs replay echo.pbr
  pbs replay echo.pbr --pu asker --until-fuel 20 --step 5

Exit status: 0 as it was recorded, 2 wrong usage, 65 no recording, or it went another way, 66 the file
cannot be read.`,
      )
      .action((file: string, options: ReplayOptions) => end(import('./replay.js').then(({ replay }) => replay(file, options)))),
};

/** The command line. Of a command that is named only that one is declared: to declare all takes milliseconds. */
function makeTool(wanted: string | undefined): Command {
  const pbs = new Command('pbs')
    .description('Assembles, verifies and runs programs for infracore processing units.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print the help of a command')
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: print,
      writeErr: (text) => complain(shownLines(text)),
      getOutHelpWidth: () => HELP_WIDTH,
      getErrHelpWidth: () => HELP_WIDTH,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText(
      'after',
      `
FILE is source (.pbs) or a binary (.pbx), told by its contents; - is standard input.

Examples:
  pbs run hello.pbs               run a program
  pbs run wc.pbs < README.md      with input
  pbs check wc.pbs                only look for mistakes
  pbs asm wc.pbs                  make wc.pbx
  pbs bench wc.pbs < README.md    how fast each engine is
  pbs COMMAND --help              options and more examples
${STATUSES}`,
    );

  const names = Object.keys(COMMANDS);
  for (const name of names.filter((known) => known === wanted || !names.includes(wanted ?? ''))) {
    (COMMANDS[name] as (command: Command) => Command)(pbs.command(name)).exitOverride().helpOption('-h, --help', 'print help');
  }
  return pbs;
}

/** Whether the command line asks for JSON; it may be one that could not be parsed. */
function wantsJson([command, ...words]: readonly string[]): boolean {
  const end = words.indexOf('--');
  return (command === 'asm' || command === 'check' || command === 'system') && words.slice(0, end < 0 ? undefined : end).includes('--json');
}

/** Tells what went wrong, and ends the process. */
function fail(error: unknown): never {
  if (error instanceof CommanderError) {
    if (error.code === 'commander.unknownCommand') complain('To run a program: pbs run FILE. All commands: pbs --help\n');
    if (error.exitCode === 0) process.exit(EXIT.ok);
    if (wantsJson(process.argv.slice(2))) printFailure(undefined, { message: error.message.replace(/^error: /, '') });
    process.exit(EXIT.usage);
  }
  if (error instanceof Failure) {
    complainOf(error.message, error.remedy);
    process.exit(error.status);
  }
  if (wantsJson(process.argv.slice(2))) printFailure(undefined, { message: `internal error: ${(error as Error).message}` });
  complain(`pbs: internal error; please report it with the command and the file\n${(error as Error).stack ?? String(error)}\n`);
  process.exit(EXIT.internal);
}

process.on('uncaughtException', fail);
makeTool(process.argv[2]).parseAsync().catch(fail);
