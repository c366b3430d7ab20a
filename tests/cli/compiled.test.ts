/** `pbs wasm` and `pbs bench`: what the JIT makes of a program, and how fast it is beside the interpreter. */
import { afterAll, describe, expect, it } from '@jest/globals';
import wabtOf from 'wabt';
import { Folder } from './pbs.js';

const PROGRAM = `func double(a: i32) -> i32 {
    shl a, a, 1
    ret a
}
func main() -> i32 {
    local n: i32
    mov n, 3
    call double(n) -> n
    ret n
}
`;

const folder = new Folder({ 'double.pbs': PROGRAM });
afterAll(() => folder.remove());

describe('pbs wasm', () => {
  it('prints WebAssembly beside the lines of the program', async () => {
    const { status, stdout, stderr } = folder.pbs(['wasm', 'double.pbs']);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/;; 2 \| shl a, a, 1 {4}\(\w+\)\n\s+local\.get 0\n\s+i32\.const 1\n\s+i32\.shl/);
    (await wabtOf()).parseWat('double.wat', stdout).validate();
  });

  it('writes it to a file, from a binary too', () => {
    expect(folder.pbs(['asm', 'double.pbs']).status).toBe(0);
    expect(folder.pbs(['wasm', '-o', 'double.wat', 'double.pbx']).status).toBe(0);
    expect(folder.read('double.wat').toString()).toContain(';; 2 | shl a, a, 1');
  });
});

describe('pbs bench', () => {
  it('runs a program on every engine', () => {
    const { status, stdout } = folder.pbs(['bench', '--rounds', '1', 'double.pbs']);
    expect(status).toBe(0);
    // A unit for each of the two functions.
    expect(stdout).toMatch(/^double\.pbs: 2 units of fuel, exit status 6; the middle of 1 rounds, compiling included\ninterpreter .*\njit .*\nauto .*\n$/);
  });

  it('does not take its program from standard input', () => {
    expect(folder.pbs(['bench', '-']).status).toBe(2);
  });
});
