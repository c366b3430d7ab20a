/** `pbs system simulate` and `pbs replay`: what they print, write and end with. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Folder } from './pbs.js';

const CLIENT = `
use "port"
port server: pu client { depth 4, message 64 }
data text = "hello"
data answer: [64]
func main() -> i32 {
  local status: i32
  call port.ask(server, port.MESSAGE, text, len(text), answer, len(answer), 0) -> status, _, _
  ret status
}
`;
const SYSTEM = `
program client "client.pbs"
program server "server.pbs"
pu asker runs client
; A unit of fuel takes a millisecond: an answer takes the server some.
pu echo runs server { speed 1 kHz }
asker.server -> echo.client
deploy good {
    all on simulation { seed 1 }
    fault asker.server { delay 1 ms .. 2 ms }
    expect asker returned 0
}
; The server crashes again and again: an answer does not always come.
deploy fragile {
    all on simulation { seed 1, until 1 s }
    fault asker.server { delay 1 ms }
    fault echo { crash { every 1 ms .. 20 ms } }
    expect asker returned 0
}
`;

describe('systems in virtual time', () => {
  const folder = new Folder({
    'client.pbs': CLIENT,
    'server.pbs': readFileSync('examples/echo-upper.pbs', 'utf8'),
    'echo.sys': SYSTEM,
  });
  afterAll(() => folder.remove());

  it('one seed', () => {
    const { status, stdout, stderr } = folder.pbs(['system', 'simulate', 'echo.sys']);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^good, seed 1: nothing can happen any more at \d+(?:\.\d+)? ms; 4 messages, 1 fault, trace [0-9a-f]{16}\n {2}program client [0-9a-f]{64}\n/,
    );
    expect(folder.pbs(['system', 'simulate', 'echo.sys'])).toEqual({ status, stdout, stderr });
    expect(folder.pbs(['system', 'simulate', '--engine', 'reference', 'echo.sys']).stdout).toBe(stdout);
  });

  it('many seeds, up to the first that fails', () => {
    expect(folder.pbs(['system', 'simulate', '--seeds', '1..50', 'echo.sys'])).toEqual({
      status: 0,
      stdout: 'good: 50 seeds, nothing violated; faults: 50 delay\n',
      stderr: '',
    });
    const { status, stdout, stderr } = folder.pbs(['system', 'simulate', '--seeds', '1..100', '--deploy', 'fragile', 'echo.sys']);
    const seed = /seed (\d+) fails/.exec(stdout)?.[1];
    expect(status).toBe(70);
    expect(stderr).toMatch(
      /^returned: asker at .*: it returned 3, and is expected to return 0\n.*these are needed:\n( {2}crash of echo at .* \(2:crash:echo#\d+\)\n)+Again: pbs system simulate echo.sys --deploy fragile --seed \d+\n$/,
    );
    const again = folder.pbs(['system', 'simulate', '--deploy', 'fragile', '--seed', seed as string, '--json', 'echo.sys']);
    expect([again.status, JSON.parse(again.stdout).violations[0]]).toMatchObject([70, { kind: 'returned', target: 'asker' }]);
  });

  it('a recording, replayed whole and by steps; a timeline', () => {
    expect(folder.pbs(['system', 'simulate', 'echo.sys', '--record', 'echo.pbr', '--timeline', 'echo.svg']).status).toBe(0);
    expect(readFileSync(join(folder.path, 'echo.svg'), 'utf8')).toMatch(/^<svg /);
    const whole = folder.pbs(['replay', 'echo.pbr']);
    expect([whole.status, whole.stderr]).toEqual([0, '']);
    expect(whole.stdout).toMatch(/^asker, life 1: returned after \d+ looks and \d+ units of fuel; state [0-9a-f]{16}\necho, life 1: suspended after /);
    const steps = folder.pbs(['replay', 'echo.pbr', '--pu', 'asker', '--until-fuel', '2', '--step', '3']);
    expect(steps.status).toBe(0);
    expect(steps.stdout.match(/^fuel \d+, looks 0: goes on\n {2}\S+ word \d+ .*\n {4}.* \d+/gm)?.length).toBe(4);
  });

  it('wrong use', () => {
    const refused = (...words: string[]): unknown[] => {
      const { status, stderr } = folder.pbs(words);
      return [status, stderr.split('\n')[0]];
    };
    expect(refused('replay', 'echo.sys')).toEqual([65, 'pbs: echo.sys: not a recording: it does not begin with "PBSR" (offset 0: recording_magic)']);
    expect(refused('replay', 'echo.pbr', '--pu', 'nobody')).toEqual([2, 'pbs: the recording has no PU nobody']);
    expect(refused('replay', 'echo.pbr', '--step', '1')).toEqual([2, 'pbs: --until-fuel and --step are about one PU']);
    expect(refused('system', 'simulate', '--seeds', '1..2', '--record', 'x', 'echo.sys')).toEqual([2, 'pbs: --record takes one seed']);
    expect(refused('system', 'simulate', '--record', 'echo.sys', 'echo.sys')).toEqual([2, 'pbs: --record echo.sys would overwrite echo.sys, which is read']);
    expect(refused('system', 'simulate', '--seeds', '2..1', 'echo.sys')[0]).toBe(2);
  });
});
