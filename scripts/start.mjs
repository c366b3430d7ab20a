/**
 * The main job on real input, for somebody who has just cloned the repository: assembles and runs examples on the repository's
 * own files, shows each command as one would type it, and compares what comes out with what Node computes.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const { bin } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
const INPUT = 'LICENSE';
const input = readFileSync(path.join(ROOT, INPUT));

/** Runs one command, prints it with what it printed, and gives that back. */
function pbs(args, stdin, shown = args) {
  console.log(`\n$ node ${bin.pbs} ${shown.join(' ')}${stdin === undefined ? '' : ` < ${INPUT}`}`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin.pbs, ...args], { cwd: ROOT, input: stdin ?? '', encoding: 'utf8' });
  process.stdout.write(stdout + stderr);
  if (status !== 0) throw new Error(`pbs ${args.join(' ')} ended with status ${status}`);
  return stdout;
}

function compare(what, found, wanted) {
  if (found !== wanted) throw new Error(`${what}: ${found} where ${wanted} was expected`);
  console.log(`  (as Node computes it: ${what})`);
}

const folder = mkdtempSync(path.join(tmpdir(), 'infracore-start-'));
try {
  pbs(['run', 'examples/hello.pbs']);

  const text = input.toString();
  const words = text.split(/\s+/).filter((word) => word !== '').length;
  const counted = pbs(['run', 'examples/wc.pbs'], input);
  compare('lines, words, bytes', counted.trim().replace(/\s+/g, ' '), `${text.split('\n').length - 1} ${words} ${input.length}`);

  const binary = path.join(folder, 'sha256.pbx');
  pbs(['asm', 'examples/sha256.pbs', '-o', binary], undefined, ['asm', 'examples/sha256.pbs', '-o', 'sha256.pbx']);
  const report = path.join(folder, 'report.json');
  const digest = pbs(['run', '--report', report, binary], input, ['run', '--report', 'report.json', 'sha256.pbx']);
  compare('SHA-256', digest.trim(), createHash('sha256').update(input).digest('hex'));

  const { engine, fuel, seconds } = JSON.parse(readFileSync(report, 'utf8'));
  console.log(
    `\nreport.json says: ${fuel} units of fuel in ${(seconds * 1000).toFixed(1)} ms, executed by ${engine.ran.join(' and ')} (--engine ${engine.asked}).`,
  );
  console.log(`Your own program: node ${bin.pbs} run FILE. All commands: node ${bin.pbs} --help`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
