/**
 * Runs the built tool as users do, in a process and a folder of its own.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** The tool's file, as package.json names it. */
export const TOOL = path.join(ROOT, JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')).bin.pbs);

/** How a run of the tool ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with files, in which the tool runs. */
export class Folder {
  readonly path = mkdtempSync(path.join(tmpdir(), 'pbs-'));

  constructor(files: Readonly<Record<string, string | Uint8Array>> = {}) {
    for (const [name, contents] of Object.entries(files)) this.write(name, contents);
  }

  write(name: string, contents: string | Uint8Array): void {
    writeFileSync(path.join(this.path, name), contents);
  }
  read(name: string): Buffer {
    return readFileSync(path.join(this.path, name));
  }
  json(name: string): unknown {
    return JSON.parse(this.read(name).toString());
  }
  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  /** Runs the tool; standard input is empty unless it is given. Output bytes are shown as latin1. */
  pbs(values: readonly string[], input: string | Uint8Array = ''): Ended {
    const { status, stdout, stderr } = spawnSync(process.execPath, [TOOL, ...values], {
      cwd: this.path,
      input,
      encoding: 'latin1',
      maxBuffer: 2 ** 28,
      env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: undefined, FORCE_COLOR: undefined },
    });
    return { status, stdout, stderr };
  }
  /** Runs a line of shell in which `pbs` is the tool. */
  shell(line: string): Ended {
    const script = `pbs() { '${process.execPath}' '${TOOL}' "$@"; }\n${line}`;
    const { status, stdout, stderr } = spawnSync('bash', ['-c', script], { cwd: this.path, encoding: 'latin1', env: { ...process.env, NODE_OPTIONS: '' } });
    return { status, stdout, stderr };
  }
}
