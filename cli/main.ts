/**
 * `pbs`: the command line. Commands, options and help are declared here; what they do is in the files beside.
 *
 * Every way out ends here: a status, a `Failure` with its message, a pipe that nobody reads any more, or a bug of ours with its
 * stack trace and exit status 1.
 */
import { readFileSync } from 'node:fs';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { asm, check, dis, type AsmOptions } from './asm.js';
import { colours } from './colours.js';
import { EXIT, Failure } from './failure.js';
import { reasonOf } from './files.js';
import { ENGINES, run, type RunOptions } from './run.js';
import { parseCount, parseSize } from './sizes.js';
import { parseDisk, type DiskOption } from './wiring.js';

const STATUSES = `
Exit status:
  of \`run\`, what main returns, modulo 256; else
  0 done   2 wrong usage   65 bad source or binary   66 a file cannot be read or written
  70 the program trapped, or waits for what can never come   75 it used up its fuel`;

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

function makeCommands(end: (status: number) => void): Command {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  const pbs = new Command('pbs')
    .description('Assembles, verifies and runs programs for infracore processing units.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print the help of a command')
    .enablePositionalOptions()
    .exitOverride()
    .addHelpText(
      'after',
      `
FILE is source (.pbs) or a binary (.pbx), told by its contents; - is standard input.

Examples:
  pbs run hello.pbs               run a program
  pbs run wc.pbs < README.md      with input
  pbs check wc.pbs                only look for mistakes
  pbs asm wc.pbs                  make wc.pbx
  pbs COMMAND --help              options and more examples
${STATUSES}`,
    );

  pbs
    .command('run')
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
    .action(async (file: string, values: readonly string[], options: RunOptions) => end(await run(file, values, options)));

  pbs
    .command('asm')
    .description('Assembles a source file into a binary.')
    .argument('<FILE>', 'source; - is standard input')
    .option('-o, --output <file>', 'the binary; by default FILE with .pbx, or standard output for -')
    .option('--listing <file>', 'write addresses, bytes and instructions beside the source lines')
    .option('--symbols <file>', 'write names and addresses as JSON')
    .option('--strip', 'leave names and source places out of the binary')
    .option('--json', 'print diagnostics and a summary as JSON')
    .addHelpText(
      'after',
      `
Examples:
  pbs asm hello.pbs
  pbs asm hello.pbs -o build/hello.pbx --listing -
  pbs asm --strip --symbols hello.json hello.pbs
  cat hello.pbs | pbs asm - > hello.pbx`,
    )
    .action(async (file: string, options: AsmOptions) => end(await asm(file, options)));

  pbs
    .command('dis')
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
    .action(async (file: string) => end(await dis(file)));

  pbs
    .command('check')
    .description('Assembles and verifies a program without running it.')
    .argument('<FILE>', 'source or binary; - is standard input')
    .option('--json', 'print diagnostics and a summary as JSON')
    .addHelpText(
      'after',
      `
Examples:
  pbs check hello.pbs
  pbs check --json hello.pbs | jq '.diagnostics[].line'
  pbs check hello.pbx`,
    )
    .action(async (file: string, options: { readonly json?: boolean }) => end(await check(file, options)));

  for (const command of pbs.commands) command.exitOverride().helpOption('-h, --help', 'print help');
  return pbs;
}

/** Ends the process once everything that was printed has gone out; if it cannot, `error` below ends it. */
function exitWhenWritten(status: number): void {
  process.stdout.write('', (failed) => {
    if (!failed) process.stderr.write('', () => process.exit(status));
  });
}

function fail(error: unknown): void {
  if (error instanceof CommanderError) {
    if (error.code === 'commander.unknownCommand') process.stderr.write('To run a program: pbs run FILE. All commands: pbs --help\n');
    return exitWhenWritten(error.exitCode === 0 ? EXIT.ok : EXIT.usage);
  }
  if (error instanceof Failure) {
    const help = error.remedy === undefined ? '' : `\n${colours.bold('help')}: ${error.remedy}`;
    process.stderr.write(`${colours.bold(colours.red('pbs'))}: ${error.message}${help}\n`);
    return exitWhenWritten(error.status);
  }
  const { stack } = error as Error;
  process.stderr.write(`pbs: internal error; please report it with the command and the file\n${stack ?? String(error)}\n`);
  exitWhenWritten(EXIT.internal);
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.pipe);
  process.stderr.write(`pbs: cannot write standard output: ${reasonOf(error)}\n`, () => process.exit(EXIT.file));
});
process.stderr.on('error', () => process.exit(EXIT.pipe));
process.on('uncaughtException', fail);
makeCommands(exitWhenWritten).parseAsync().catch(fail);
