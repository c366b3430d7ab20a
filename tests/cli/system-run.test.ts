/** `pbs system run`: a deployment on threads, with its drivers. */
import { spawn } from 'node:child_process';
import { cpSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Folder, TOOL } from './pbs.js';

const EXAMPLE = path.resolve(import.meta.dirname, '../../examples/systems/echo');
let folder: Folder;
beforeAll(() => {
  folder = new Folder();
  cpSync(EXAMPLE, folder.path, { recursive: true });
});
afterAll(() => folder.remove());

describe('the echo system', () => {
  it('answers what is typed, and ends when the input does', () => {
    expect(folder.pbs(['system', 'run', 'echo.sys'], 'one\ntwo\n')).toEqual({ status: 0, stdout: 'ONE\nTWO\n', stderr: '' });
  });

  it('--stats tells how every PU stood', () => {
    expect(folder.pbs(['system', 'run', '--stats', 'stats.json', 'echo.sys'], 'x\n').status).toBe(0);
    expect(folder.json('stats.json')).toMatchObject({
      deployment: 'here',
      pus: [
        { pu: 'asker', program: 'client', state: 'returned', outcome: { kind: 'returned', values: ['0'] } },
        { pu: 'echo', program: 'server', state: 'waiting', outcome: null },
      ],
    });
  });

  it('a deployment for the simulation is refused with the command that runs it', () => {
    const { status, stderr } = folder.pbs(['system', 'run', '--deploy', 'test', 'echo.sys']);
    expect([status, stderr]).toEqual([
      2,
      'pbs: deployment test is for the host simulation, and pbs system run has threads\nhelp: pbs system simulate echo.sys runs it\n',
    ]);
  });
});

describe('what goes wrong', () => {
  it('a trap is told with its place, and gives 70', () => {
    folder.write('bad.pbs', 'func main() {\n    trap overflow\n}');
    folder.write('bad.sys', 'program bad "bad.pbs"\npu one runs bad\ndeploy here {\n    all on workers\n}\n');
    expect(folder.pbs(['system', 'run', 'bad.sys'])).toEqual({
      status: 70,
      stdout: '',
      stderr: expect.stringMatching(/^pbs: one: trap overflow in main at .*bad\.pbs:2:5\n$/),
    });
  });

  it('a driver that cannot open its file is named, and gives 66', () => {
    folder.write('disk.pbs', 'port disk: disk client\nfunc main() {\n    bell disk.number\n}');
    folder.write(
      'disk.sys',
      'program reader "disk.pbs"\npu one runs reader\ndevice store: disk\none.disk -> store\ndeploy here {\n    all on workers\n    drive store file "no/such/folder/disk.img"\n}\n',
    );
    const { status, stderr } = folder.pbs(['system', 'run', 'disk.sys']);
    expect([status, stderr]).toEqual([66, expect.stringMatching(/^pbs: store: /)]);
  });
});

describe('a system that listens', () => {
  /** The server of the example behind a TCP port, and a process that runs it until it is told to end. */
  it('serves connections until SIGTERM ends it in order', async () => {
    const port = await freePort();
    folder.write(
      'net.sys',
      `program server "server.pbs"\npu echo runs server\ndevice net: pu\nnet -> echo.serve\ndeploy here {\n    all on workers\n    drive net tcp ${port}\n}\n`,
    );
    const child = spawn(process.execPath, [TOOL, 'system', 'run', 'net.sys'], { cwd: folder.path, stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    expect(await say(port, 'hello')).toBe('HELLO');
    child.kill('SIGTERM');
    expect([await ended, stderr]).toEqual([143, '']);
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Connects as soon as somebody listens, sends a text, and gives the first answer. */
function say(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    const attempt = (): void => {
      const socket = net.connect(port, '127.0.0.1', () => socket.write(text));
      socket.once('data', (data) => {
        resolve(data.toString());
        socket.destroy();
      });
      socket.once('error', () => setTimeout(attempt, 50));
    };
    attempt();
  });
}
