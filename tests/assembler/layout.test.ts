/** Data, ports and memory: where things lie and what their bytes are, computed by hand from the specification's layout. */
import { describe, expect, it } from '@jest/globals';
import { diagnosticsOf, programOf, rowsOf } from './helpers.js';

const KEEP = '\nkeep func kept() {}';
const segments = (text: string): [number, number[]][] => programOf(text + KEEP).data.map(({ address, bytes }) => [address, [...bytes]]);
const codes = (text: string): string[] => diagnosticsOf(text + KEEP).map(({ code }) => code);

describe('data', () => {
  it.each<[string, readonly number[]]>([
    ['d = "Hi\\n", 0', [72, 105, 10, 0]],
    ['d = 1, 255, -1, -128', [1, 255, 255, 128]],
    ['d: i8 = -1, "ab"', [255, 97, 98]],
    ['d: i16 = 1, -2, 65535', [1, 0, 254, 255, 255, 255]],
    ['d: i32 = 1, 0x80000000,\n  -1', [1, 0, 0, 0, 0, 0, 0, 128, 255, 255, 255, 255]],
    ['d: i64 = 0x0102030405060708, -2', [8, 7, 6, 5, 4, 3, 2, 1, 254, 255, 255, 255, 255, 255, 255, 255]],
    ['d: f32 = 1, -0.5, nan', [0, 0, 128, 63, 0, 0, 0, 191, 0, 0, 192, 127]],
    ['d: f64 = 1.0', [0, 0, 0, 0, 0, 0, 240, 63]],
    ["d = 'a', '\\n'", [97, 10]],
    ['d = "é"', [0xc3, 0xa9]],
  ])('%s', (text, bytes) => expect(segments(`export data ${text}`)).toEqual([[4096, bytes]]));

  it('is aligned to its elements, buffers to 16, or as told', () => {
    const text = `
export data a = 1
export data b: i64 = 2
export data c = 3
export data d: [5]
export data e: i16 = 4
export data f align 64 = 5
export data g: f64[3]
export data h = 6`;
    expect(segments(text).map(([address]) => address)).toEqual([4096, 4104, 4112, 4134, 4160, 4192]);
    expect(programOf(text + KEEP).symbols).toEqual([
      { name: 'a', address: 4096, bytes: 1 },
      { name: 'b', address: 4104, bytes: 8 },
      { name: 'c', address: 4112, bytes: 1 },
      { name: 'd', address: 4128, bytes: 5 },
      { name: 'e', address: 4134, bytes: 2 },
      { name: 'f', address: 4160, bytes: 1 },
      { name: 'g', address: 4168, bytes: 24 },
      { name: 'h', address: 4192, bytes: 1 },
    ]);
  });

  it('goes around what has a place of its own', () => {
    const text =
      'export data fixed at 4100 = 1, 2\ndata other at 4112: [8]\nexport data a: i32 = 7\nexport data b: i32 = 8\nexport data c: i64 = 9\nexport data d: i64 = 10';
    expect(segments(text).map(([address, [first]]) => [address, first])).toEqual([
      [4096, 7],
      [4100, 1],
      [4104, 8],
      [4120, 9],
      [4128, 10],
    ]);
  });

  it('mixes values with the addresses of data', () => {
    expect(segments('export data list: i32 = a, b, 7\ndata a = "x"\ndata b = "y"')).toEqual([
      [4096, [12, 16, 0, 0, 13, 16, 0, 0, 7, 0, 0, 0]],
      [4108, [120]],
      [4109, [121]],
    ]);
  });

  it('may be empty strings, and nothing of zeroed data is stored', () => {
    expect(segments('export data a = ""\nexport data b: [1000]')).toEqual([]);
  });

  it('of a count of 0 is refused unless it has a place of its own', () => {
    expect(codes('data d: [0]')).toEqual(['empty_data']);
    expect(codes('const NONE = 3 - 3\nexport data d: i64[NONE]')).toEqual(['empty_data']);
    expect(programOf(`export data d at 5000: [0]\nexport data e at 5000 = 7${KEEP}`).symbols).toEqual([
      { name: 'd', address: 5000, bytes: 0 },
      { name: 'e', address: 5000, bytes: 1 },
    ]);
  });

  it('has an end, whatever lies behind it', () => {
    // At 4096, 4104 and 4112: three bytes, eight and, found by its end alone, sixteen.
    const text =
      'export data list: i32 = end(a), end(b), end(list)\ndata a = "abc"\ndata b: i64 = 1\nexport func f() -> i32 {\nlocal end: i32\nmov end, end(c)\nret end }\ndata c: [16]';
    expect(segments(text)).toEqual([
      [4096, [15, 16, 0, 0, 24, 16, 0, 0, 12, 16, 0, 0]],
      [4108, [97, 98, 99]],
      [4112, [1, 0, 0, 0, 0, 0, 0, 0]],
    ]);
    expect(rowsOf(programOf(text)).filter((row) => row.startsWith('const'))).toEqual(['const_i32_short 0 4144']);
    expect(codes('data a: [end(b)]\ndata b = 1')).toEqual(['address_not_known']);
    expect(codes('const A = end(kept)')).toEqual(['wrong_kind']);
    expect(programOf('export func f() -> i32 {\nlocal n: i32\nmov n, len(d)\nret n }\ndata d: [100000]').memory.pagesMin).toBe(1);
    expect(programOf('export func f() -> i32 {\nlocal n: i32\nmov n, end(d)\nret n }\ndata d: [100000]').memory.pagesMin).toBe(2);
  });

  it('is kept when it is exported, named, marked, or placed', () => {
    const text =
      'export data a = 1\ndata b = 2\ndata c = 3\nkeep data d = 4\ndata e at 8192 = 5\ndata g: i32 = h\ndata h = 7\nconst C = i\ndata i = 8\nexport func f() -> i32 { local x: i32\nmov x, g\nadd x, x, C\nret x }';
    const firsts = programOf(text).data.map(({ bytes }) => bytes[0]);
    expect(firsts.filter((first) => first === 2 || first === 3)).toEqual([]);
    expect(firsts).toEqual(expect.arrayContaining([1, 4, 5, 7, 8]));
    expect(programOf(text).data).toHaveLength(6);
  });

  it.each([
    ['data d: i32', 'empty_data'],
    ['data d', 'empty_data'],
    ['data d: i32[4] = 1', 'syntax'],
    ['data d: i8 = 256', 'out_of_range'],
    ['data d: i8 = -129', 'out_of_range'],
    ['data d = 1.5', 'constant_type'],
    ['data d: i32 = "abc"', 'operand_kind'],
    ['data d: u8 = 1', 'unknown_type'],
    ['data d: [-1]', 'out_of_range'],
    ['data d: [1.5]', 'out_of_range'],
    ['data d align 3 = 1', 'bad_alignment'],
    ['data d align 0 = 1', 'out_of_range'],
    ['data d align 131072 = 1', 'out_of_range'],
    ['data d at 4095 = 1', 'out_of_range'],
    ['data d at 4294901760 = 1', 'bad_placement'],
    ['data d at 5000 align 16 = 1', 'bad_placement'],
    ['data d at 5000 = 1, 2\ndata e at 5001 = 1', 'bad_placement'],
    ['data d aligned 8 = 1', 'syntax'],
    ['data d = 1 2', 'syntax'],
    ['data d = 1,', 'syntax'],
    ['data d = 1\ndata d = 2', 'duplicate_name'],
    ['data d = 1\nfunc d() {}', 'duplicate_name'],
    ['data _ = 1', 'wrong_kind'],
    ['export "x" data d = 1\nexport "x" data e = 2', 'duplicate_name'],
    ['data d: [4294967296]', 'out_of_range'],
    ['export data d: [4294901760]', 'memory_size'],
    ['export const D = 1', 'syntax'],
    ['keep const D = 1', 'syntax'],
  ])('%s is refused: %s', (text, code) => expect(codes(text)).toEqual([code]));
});

describe('memory', () => {
  const memory = (text: string): { pagesMin: number; pagesMax: number } => programOf(text + KEEP).memory;
  it('is what is needed unless it is told', () => {
    expect(memory('')).toEqual({ pagesMin: 1, pagesMax: 65535 });
    expect(memory('export data d: [61440]')).toEqual({ pagesMin: 1, pagesMax: 65535 });
    expect(memory('export data d: [61441]')).toEqual({ pagesMin: 2, pagesMax: 65535 });
    expect(memory('memory 1 MiB .. 64 MiB')).toEqual({ pagesMin: 16, pagesMax: 1024 });
    expect(memory('memory 3 pages')).toEqual({ pagesMin: 3, pagesMax: 3 });
    expect(memory('memory 1 pages .. 65535 pages')).toEqual({ pagesMin: 1, pagesMax: 65535 });
    expect(memory('const SIZE = 128 KiB\nmemory SIZE')).toEqual({ pagesMin: 2, pagesMax: 2 });
  });

  it.each([
    ['memory 100 KiB', 'memory_size'],
    ['memory 0', 'memory_size'],
    ['memory 4 GiB', 'memory_size'],
    ['memory 2 MiB .. 1 MiB', 'memory_size'],
    ['memory 64 KiB\nexport data d: [64 KiB]', 'memory_size'],
    ['memory 1 MiB\nmemory 2 MiB', 'duplicate_memory'],
    ['memory 1.5', 'out_of_range'],
    ['memory 1 KB', 'unknown_unit'],
  ])('%s is refused: %s', (text, code) => expect(codes(text)).toEqual([code]));
});

describe('ports', () => {
  it('have windows from the end of the discovery page, one after another', () => {
    const { ports, data } = programOf(`
port terminal: pu client
port time: clock client { depth 1, message 64 B }
port from[1..2]: pu server {
  depth 4
  version 2
}
export data d = 1${KEEP}`);
    expect(ports).toEqual([
      { name: 'terminal', protocol: 'pu', side: 'client', version: 1, window: 4096, depth: 8, messageBytes: 65536 },
      { name: 'time', protocol: 'clock', side: 'client', version: 1, window: 4800, depth: 1, messageBytes: 64 },
      { name: 'from[1]', protocol: 'pu', side: 'server', version: 2, window: 4992, depth: 4, messageBytes: 65536 },
      { name: 'from[2]', protocol: 'pu', side: 'server', version: 2, window: 5376, depth: 4, messageBytes: 65536 },
    ]);
    expect(data.map(({ address }) => address)).toEqual([5760]);
  });

  it('may be placed, and be called otherwise outside', () => {
    const { ports } = programOf(
      `port a: pu client at 8192\nport b: disk server\nport "loop" c: pu client\nport d[7]: pu client\nport d[9..9]: pu client at 16384${KEEP}`,
    );
    expect(ports.map(({ name, window }) => [name, window])).toEqual([
      ['a', 8192],
      ['b', 4096],
      ['loop', 4800],
      ['d[7]', 5504],
      ['d[9]', 16384],
    ]);
  });

  it.each([
    ['port a: pu', 'syntax'],
    ['port a: usb client', 'syntax'],
    ['port a: pu cleint', 'syntax'],
    ['port a: pu client { size 3 }', 'syntax'],
    ['port a: pu client { depth 3 }', 'bad_port'],
    ['port a: pu client { depth 2048 }', 'out_of_range'],
    ['port a: pu client { message 17 MiB }', 'out_of_range'],
    ['port a: pu client { version 0 }', 'out_of_range'],
    ['port a: pu client at 5000', 'bad_placement'],
    ['port a: pu client at 8192\nport b: pu client at 8256', 'bad_placement'],
    ['port a: pu client at 8192\ndata d at 8200 = 1', 'bad_placement'],
    ['port a: pu client\nport a: pu client', 'duplicate_name'],
    ['port a[1..2]: pu client\nport a[2..3]: pu client', 'duplicate_name'],
    ['port a[1..2]: pu client\nport a: pu client', 'duplicate_name'],
    ['port a[2..1]: pu client', 'bad_port'],
    ['port a[1..65]: pu client', 'too_many_ports'],
    ['port a[0..1000000000]: pu client', 'too_many_ports'],
    ['port a_name_that_has_thirty_two_chars: pu client', 'bad_port'],
    ['port "a-b" a: pu client', 'bad_port'],
  ])('%s is refused: %s', (text, code) => expect(codes(text)).toEqual([code]));
});
