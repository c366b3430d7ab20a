/** The listing and the symbol map of a small program, whole, as they follow by hand from the specification's encoding and layout. */
import { describe, expect, it } from '@jest/globals';
import { assembleFiles } from './helpers.js';

const FILES = {
  'main.pbs': `use "./lib.pbs"
const TURNS = 10
port terminal: pu client { depth 1 }
data text = "abc"
data room: [100]
type pair(i32) -> i32
table lib.twice
func main() -> i32 {
    local i, s: i32
    loop while lt i, TURNS {     ; counts
        add s, s, 1000000
        add i, i, 1
    }
again:
    mov i, text
    call lib.twice(i) -> s
    br_eq s, 0, again
    call pair[0](s) -> s
    ret s
}
keep data spare at 8192 = 1
export data seen: i32 = room
`,
  'lib.pbs': 'const WIDE = 1 << 100\nfunc twice(a: i32) -> i32 {\n    add a, a, a\n    ret a\n}\n',
};

const assembly = assembleFiles(FILES);

describe('the listing', () => {
  it('shows addresses, words, instructions and source lines, then data and ports', () => {
    expect(assembly.listing()).toBe(`; function 0: main (main.pbs:8), 21 words, 3 registers
000000  00000001                            check                             ;    8  func main() -> i32 {
000001  060a0056                            br_gte_i32 i, 10, again           ;   10  loop while lt i, TURNS {     ; counts
000002  00000001                            check
000003  00010121 000f4240                   add_i32 s, s, 1000000             ;   11  add s, s, 1000000
000005  01000022                            add_i32 i, i, 1                   ;   12  add i, i, 1
000006  fc0a0050                            br_lt_i32 i, 10, 000002           ;   13  }
000007  00000001                            check                             ;   14  again:
000008  10c0000b                            const_i32 i, 4288                 ;   15  mov i, text
000009  00010104 00000001 00000000 00000001 call lib.twice(i) -> s            ;   16  call lib.twice(i) -> s
00000d  fa00014c                            br_eq_i32 s, 0, again             ;   17  br_eq s, 0, again
00000e  0000020b                            const_i32 i32#2, 0                ;   18  call pair[0](s) -> s
00000f  01010205 00000001 00000001 00000001 call (i32 -> i32)[i32#2](s) -> s
000013  00000106 00000001                   ret s                             ;   19  ret s

; function 1: lib.twice (lib.pbs:2), 4 words, 1 registers
000015  00000001                            check                             ;    2  func twice(a: i32) -> i32 {
000016  00000012                            add_i32 a, a, a                   ;    3  add a, a, a
000017  00000106 00000000                   ret a                             ;    4  ret a

; data: address, bytes, name
000010c0           3  text
000010d0         100  room
00001134           4  seen
00002000           1  spare

; ports: window, bytes, number, name
00001000         192   0  terminal
`);
  });

  it('goes over several lines where an instruction does', () => {
    const { listing } = assembleFiles({ 'main.pbs': 'func main() {\njump_table 1, a, a, a, a, a\na:\n}' });
    expect(listing()).toContain('000002  00040003 00000006 00000006 00000006 jump_table i32#0, a, a, a, a, a\n000006  00000006 00000006\n');
  });
});

describe('the symbol map', () => {
  it('says where everything lies', () => {
    expect(JSON.parse(JSON.stringify(assembly.symbolMap()))).toEqual({
      functions: [
        {
          name: 'main',
          place: { path: 'main.pbs', line: 8, column: 6 },
          start: 0,
          words: 21,
          registers: [
            { name: 'i', type: 'i32' },
            { name: 's', type: 'i32' },
            { name: '', type: 'i32' },
          ],
          labels: { again: 7 },
        },
        { name: 'lib.twice', place: { path: 'lib.pbs', line: 2, column: 6 }, start: 21, words: 4, registers: [{ name: 'a', type: 'i32' }], labels: {} },
      ],
      data: [
        { name: 'text', place: { path: 'main.pbs', line: 4, column: 6 }, address: 4288, bytes: 3 },
        { name: 'room', place: { path: 'main.pbs', line: 5, column: 6 }, address: 4304, bytes: 100 },
        { name: 'seen', place: { path: 'main.pbs', line: 22, column: 13 }, address: 4404, bytes: 4 },
        { name: 'spare', place: { path: 'main.pbs', line: 21, column: 11 }, address: 8192, bytes: 1 },
      ],
      ports: [{ name: 'terminal', protocol: 'pu', side: 'client', window: 4096, windowBytes: 192, depth: 1, messageBytes: 65536 }],
      constants: [
        { name: 'TURNS', place: { path: 'main.pbs', line: 2, column: 7 }, value: '10' },
        { name: 'WIDE', place: { path: 'lib.pbs', line: 1, column: 7 }, value: '1267650600228229401496703205376' },
      ],
      table: ['lib.twice'],
    });
  });

  it('has labels of any name', () => {
    const { symbolMap } = assembleFiles({ 'main.pbs': 'func main() {\n__proto__:\nconstructor:\njump __proto__\n}' });
    expect(Object.keys(symbolMap().functions[0]?.labels ?? {})).toEqual(['__proto__', 'constructor']);
  });
});

describe('without a program', () => {
  it('both are empty', () => {
    const wrong = assembleFiles({ 'main.pbs': 'wrong' });
    expect([wrong.listing(), wrong.symbolMap()]).toEqual(['', { functions: [], data: [], ports: [], constants: [], table: [] }]);
    expect([wrong.program, wrong.binary]).toEqual([undefined, undefined]);
  });
});
