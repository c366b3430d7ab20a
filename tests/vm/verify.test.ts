/**
 * The verifier: each rule refused with its place by a program that breaks nothing else, and what lies just inside the rules accepted.
 * Programs are written in the notation of the conformance vectors where that can say it, and changed by hand where it can't.
 */
import { describe, expect, it } from '@jest/globals';
import {
  encode,
  encodeProgram,
  type OperandValue,
  type PortDeclaration,
  type Program,
  type Rejection,
  rowNamed,
  type ValueType,
} from '../../isa-spec/index.js';
import { parseProgram } from '../../isa-spec/vectors/notation.js';
import { VerifiedProgram, verify } from '../../vm/verify.js';

const program = (text: string): Program =>
  parseProgram(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  );
const rejectionOf = (source: Program | Uint8Array): Rejection | undefined => {
  const found = verify(source);
  return 'rejection' in found ? found.rejection : undefined;
};
const verified = (source: Program): VerifiedProgram => {
  const found = verify(source);
  if ('rejection' in found) throw new Error(`${found.rejection.rule}: ${found.rejection.message}`);
  return found.program;
};

const LEAST = program(`
  func main ()->()
  check
  ret []`);
/** `main` with other instructions, given as rows with operands; labels can't be had, so branches are numbers of words. */
const withCode = (registers: readonly ValueType[], ...rows: (readonly [string, ...OperandValue[]])[]): Program => {
  const code = rows.flatMap(([name, ...operands]) => [...encode({ row: rowNamed(name), operands })]);
  const groups = ['base', 'bulk', 'float32', 'float64', 'int64', 'ports'].map((name) => ({ name, version: 1 }));
  return { ...LEAST, groups, functions: [{ signature: 0, registers, words: code.length }], code: Int32Array.from(code) };
};
const words = (...code: number[]): Program => ({
  ...LEAST,
  functions: [{ signature: 0, registers: ['i32'], words: code.length }],
  code: Int32Array.from(code),
});
const CHECK = ['check'] as const;
const RET: readonly [string, ...OperandValue[]] = ['ret', []];
const PORT: PortDeclaration = { name: 'p', protocol: 'pu', side: 'client', version: 1, window: 4096, depth: 8, messageBytes: 64 };
const withPorts = (...changes: Partial<PortDeclaration>[]): Program => ({ ...LEAST, ports: changes.map((change) => ({ ...PORT, ...change })) });
const text = (length: number): string => 'x'.repeat(length);
const DEBUG = { files: ['a.pbs'], functions: ['main'], registers: [[]], lines: [{ word: 0, file: 0, line: 1, column: 1 }] };

type Refused = readonly [Program, string, Rejection['section'], offset: number, inFunction?: number];
const refused: Readonly<Record<string, Refused>> = {
  // groups
  'groups that descend': [
    {
      ...LEAST,
      groups: [
        { name: 'int64', version: 1 },
        { name: 'base', version: 1 },
      ],
    },
    'group_order',
    'groups',
    1,
  ],
  'a group named twice': [
    {
      ...LEAST,
      groups: [
        { name: 'base', version: 1 },
        { name: 'base', version: 1 },
      ],
    },
    'group_order',
    'groups',
    1,
  ],
  'an unknown group': [
    {
      ...LEAST,
      groups: [
        { name: 'base', version: 1 },
        { name: 'vector', version: 1 },
      ],
    },
    'group_unknown',
    'groups',
    1,
  ],
  'a group called like a property of every object': [{ ...LEAST, groups: [{ name: 'toString', version: 1 }] }, 'group_unknown', 'groups', 0],
  'another version of a group': [{ ...LEAST, groups: [{ name: 'base', version: 2 }] }, 'group_version', 'groups', 0],
  'version 0 of a group': [{ ...LEAST, groups: [{ name: 'base', version: 0 }] }, 'group_version', 'groups', 0],

  // signatures, functions, table
  'a signature twice': [
    { ...LEAST, signatures: [...LEAST.signatures, { parameters: ['i32'], results: [] }, { parameters: ['i32'], results: [] }] },
    'signature_repeated',
    'signatures',
    2,
  ],
  'a function without its signature': [{ ...LEAST, functions: [{ signature: 1, registers: [], words: 2 }] }, 'signature_index', 'functions', 0],
  'parameters without registers': [{ ...LEAST, signatures: [{ parameters: ['i32'], results: [] }] }, 'parameter_registers', 'functions', 0],
  'parameters in registers of another type': [
    { ...LEAST, signatures: [{ parameters: ['i32'], results: [] }], functions: [{ signature: 0, registers: ['i64'], words: 2 }] },
    'parameter_registers',
    'functions',
    0,
  ],
  'a function without code': [
    {
      ...LEAST,
      functions: [
        { signature: 0, registers: [], words: 0 },
        { signature: 0, registers: [], words: 2 },
      ],
    },
    'function_words',
    'functions',
    0,
  ],
  'a function of too many words': [{ ...LEAST, functions: [{ signature: 0, registers: [], words: 0x800000 }] }, 'function_words', 'functions', 0],
  'code that no function has': [{ ...LEAST, functions: [{ signature: 0, registers: [], words: 1 }] }, 'code_length', 'code', 0],
  'functions longer than the code': [{ ...LEAST, functions: [{ signature: 0, registers: [], words: 3 }] }, 'code_length', 'code', 0],
  'code without functions': [{ ...LEAST, functions: [], exports: [] }, 'code_length', 'code', 0],
  'a table entry without its function': [{ ...LEAST, table: [0, 1] }, 'table_index', 'table', 1],

  // memory and data
  'no memory': [{ ...LEAST, memory: { pagesMin: 0, pagesMax: 1 } }, 'memory_limits', 'memory', 0],
  'more least memory than most': [{ ...LEAST, memory: { pagesMin: 2, pagesMax: 1 } }, 'memory_limits', 'memory', 0],
  'memory of 4 GiB': [{ ...LEAST, memory: { pagesMin: 1, pagesMax: 65536 } }, 'memory_limits', 'memory', 0],
  'data in the discovery page': [{ ...LEAST, data: [{ address: 4095, bytes: Uint8Array.of(1) }] }, 'data_order', 'data', 0],
  'data that overlap': [
    {
      ...LEAST,
      data: [
        { address: 4096, bytes: Uint8Array.of(1, 2) },
        { address: 4097, bytes: Uint8Array.of(1) },
      ],
    },
    'data_order',
    'data',
    1,
  ],
  'data that descend': [
    {
      ...LEAST,
      data: [
        { address: 5000, bytes: Uint8Array.of(1) },
        { address: 4096, bytes: Uint8Array.of(1) },
      ],
    },
    'data_order',
    'data',
    1,
  ],
  'empty data': [{ ...LEAST, data: [{ address: 4096, bytes: new Uint8Array(0) }] }, 'data_empty', 'data', 0],
  'data beyond the least memory': [
    { ...LEAST, memory: { pagesMin: 1, pagesMax: 2 }, data: [{ address: 65535, bytes: Uint8Array.of(1, 2) }] },
    'data_range',
    'data',
    0,
  ],
  'data at the end of the address space': [{ ...LEAST, data: [{ address: 0xffffffff, bytes: Uint8Array.of(1) }] }, 'data_range', 'data', 0],

  // ports
  'a port without a name': [withPorts({ name: '' }), 'port_name', 'ports', 0],
  'a port name that begins with a digit': [withPorts({ name: '1p' }), 'port_name', 'ports', 0],
  'a port name with a blank': [withPorts({ name: 'a b' }), 'port_name', 'ports', 0],
  'a port name that is not ASCII': [withPorts({ name: 'é' }), 'port_name', 'ports', 0],
  'a port name with text behind its index': [withPorts({ name: 'p[1]x' }), 'port_name', 'ports', 0],
  'a port name with an empty index': [withPorts({ name: 'p[]' }), 'port_name', 'ports', 0],
  'a port name with a line end': [withPorts({ name: 'p\n' }), 'port_name', 'ports', 0],
  'a port name of 32 bytes': [withPorts({ name: text(32) }), 'port_name', 'ports', 0],
  'two ports of one name': [withPorts({}, { window: 8192 }), 'port_name', 'ports', 1],
  'protocol version 0': [withPorts({ version: 0 }), 'port_version', 'ports', 0],
  'a ring of no entries': [withPorts({ depth: 0 }), 'port_depth', 'ports', 0],
  'a ring of 3 entries': [withPorts({ depth: 3 }), 'port_depth', 'ports', 0],
  'a ring of 2048 entries': [withPorts({ depth: 2048 }), 'port_depth', 'ports', 0],
  'a ring of 2^31 entries': [withPorts({ depth: 2 ** 31 }), 'port_depth', 'ports', 0],
  'messages above 16 MiB': [withPorts({ messageBytes: 2 ** 24 + 1 }), 'port_message', 'ports', 0],
  'a window that is not aligned': [withPorts({ window: 4096 + 32 }), 'port_window', 'ports', 0],
  'a window in the discovery page': [withPorts({ window: 4032 }), 'port_window', 'ports', 0],
  'a window beyond the least memory': [withPorts({ window: 65536 - 64, depth: 1 }), 'port_window', 'ports', 0],
  'windows that overlap': [withPorts({}, { name: 'q', window: 4096 + 640 }), 'port_overlap', 'ports', 1],
  'windows that overlap, declared the other way round': [withPorts({ name: 'q', window: 4096 + 640 }, {}), 'port_overlap', 'ports', 0],
  'a window over data': [{ ...withPorts({}), data: [{ address: 4096 + 703, bytes: Uint8Array.of(1) }] }, 'port_overlap', 'ports', 0],
  'data over a window': [{ ...withPorts({ window: 8192 }), data: [{ address: 8191, bytes: Uint8Array.of(1, 2) }] }, 'port_overlap', 'ports', 0],

  // names
  'exports that descend': [
    {
      ...LEAST,
      exports: [
        { name: 'b', function: 0 },
        { name: 'a', function: 0 },
      ],
    },
    'export_order',
    'exports',
    1,
  ],
  'an export twice': [
    {
      ...LEAST,
      exports: [
        { name: 'a', function: 0 },
        { name: 'a', function: 0 },
      ],
    },
    'export_order',
    'exports',
    1,
  ],
  'names in the order of UTF-16': [
    {
      ...LEAST,
      exports: [
        { name: '\u{1f600}', function: 0 },
        { name: '\uffee', function: 0 },
      ],
    },
    'export_order',
    'exports',
    1,
  ],
  'an export without its function': [{ ...LEAST, exports: [{ name: 'main', function: 1 }] }, 'export_index', 'exports', 0],
  'symbols that descend': [
    {
      ...LEAST,
      symbols: [
        { name: 'b', address: 0, bytes: 0 },
        { name: 'a', address: 0, bytes: 0 },
      ],
    },
    'symbol_order',
    'symbols',
    1,
  ],
  'a symbol beyond the least memory': [
    {
      ...LEAST,
      symbols: [
        { name: 'a', address: 65536, bytes: 0 },
        { name: 'b', address: 65530, bytes: 7 },
      ],
    },
    'symbol_range',
    'symbols',
    1,
  ],

  // debug
  'names for other functions than there are': [{ ...LEAST, debug: { ...DEBUG, functions: ['main', 'f'] } }, 'debug_functions', 'debug', 0],
  'register lists for other functions than there are': [{ ...LEAST, debug: { ...DEBUG, registers: [] } }, 'debug_registers', 'debug', 0],
  'names for other registers than there are': [{ ...LEAST, debug: { ...DEBUG, registers: [['a']] } }, 'debug_registers', 'debug', 0],
  'lines that do not ascend': [{ ...LEAST, debug: { ...DEBUG, lines: [DEBUG.lines[0]!, DEBUG.lines[0]!] } }, 'debug_lines', 'debug', 1],
  'a line beyond the code': [{ ...LEAST, debug: { ...DEBUG, lines: [{ ...DEBUG.lines[0]!, word: 2 }] } }, 'debug_lines', 'debug', 0],
  'a line of no file': [{ ...LEAST, debug: { ...DEBUG, lines: [{ ...DEBUG.lines[0]!, file: 1 }] } }, 'debug_lines', 'debug', 0],
  'line 0': [{ ...LEAST, debug: { ...DEBUG, lines: [{ ...DEBUG.lines[0]!, line: 0 }] } }, 'debug_lines', 'debug', 0],
  'column 0': [{ ...LEAST, debug: { ...DEBUG, lines: [{ ...DEBUG.lines[0]!, column: 0 }] } }, 'debug_lines', 'debug', 0],

  // code: words
  'a reserved opcode': [words(0x01, 0xb6, 0x06), 'opcode', 'code', 1, 0],
  'a reserved opcode behind the escape byte': [words(0x01, 0x80ff, 0x06), 'opcode', 'code', 1, 0],
  'an instruction cut off': [words(0x01, 0x0000000a), 'truncated_instruction', 'code', 1, 0],
  'a list cut off': [words(0x01, 0x00000106), 'truncated_instruction', 'code', 1, 0],
  'a jump table cut off': [words(0x01, 0xffff0003, 1), 'truncated_instruction', 'code', 1, 0],
  filling: [words(0x01, 0x00000106, 0x00000100), 'filling', 'code', 1, 0],
  'a NaN that is not canonical': [withBits(0x7ff80000, 1), 'filling', 'code', 1, 0],

  // code: form and operands
  'a constant longer than needed': [withCode(['i32'], CHECK, ['const_i32', 0, 5], RET), 'short_form', 'code', 1, 0],
  'an immediate longer than needed': [withCode(['i32'], CHECK, ['add_i32_imm', 0, 0, 127], RET), 'short_form', 'code', 1, 0],
  'a branch longer than needed': [withCode(['i32'], CHECK, ['br_eq_i32', 0, 0, 2], RET), 'short_form', 'code', 1, 0],
  'an offset longer than needed': [withCode(['i32'], CHECK, ['load_i32', 0, 0, 255], RET), 'short_form', 'code', 1, 0],
  'a 64-bit constant longer than needed': [withCode(['i64'], CHECK, ['const_i64', 0, -32768n], RET), 'short_form', 'code', 1, 0],
  'an instruction of a group that is not named': [{ ...withCode(['i64'], CHECK, ['mov_i64', 0, 0], RET), groups: LEAST.groups }, 'group_missing', 'code', 1, 0],
  'an instruction when no group is named': [{ ...LEAST, groups: [] }, 'group_missing', 'code', 0, 0],
  'a register that does not exist': [withCode(['i32'], CHECK, ['mov_i32', 0, 1], RET), 'register_index', 'code', 1, 0],
  'a destination that does not exist': [withCode(['i32'], CHECK, ['mov_i32', 255, 0], RET), 'register_index', 'code', 1, 0],
  'a register of another type': [withCode(['i32', 'i64'], CHECK, ['mov_i32', 0, 1], RET), 'register_type', 'code', 1, 0],
  'a destination of another type': [withCode(['i32', 'f64'], CHECK, ['mov_i32', 1, 0], RET), 'register_type', 'code', 1, 0],
  'an unknown trap code': [withCode([], CHECK, ['trap', 0]), 'trap_code', 'code', 1, 0],
  'a trap code in the gap': [withCode([], CHECK, ['trap', 9]), 'trap_code', 'code', 1, 0],

  // code: calls
  'a call of no function': [withCode([], CHECK, ['call', [], [], 1], RET), 'callee_index', 'code', 1, 0],
  'a call with too many values': [withCode(['i32'], CHECK, ['call', [0], [], 0], RET), 'call_values', 'code', 1, 0],
  'a call with too many results': [withCode(['i32'], CHECK, ['call', [], [0], 0], RET), 'call_results', 'code', 1, 0],
  'a table call of no signature': [withCode(['i32'], CHECK, ['call_table', 0, [], [], 1], RET), 'signature_index', 'code', 1, 0],
  'a table call with too many values': [withCode(['i32'], CHECK, ['call_table', 0, [0], [], 0], RET), 'call_values', 'code', 1, 0],
  'a table call with too many results': [withCode(['i32'], CHECK, ['call_table', 0, [], [0], 0], RET), 'call_results', 'code', 1, 0],
  'a return of too many values': [withCode(['i32'], CHECK, ['ret', [0]]), 'return_values', 'code', 1, 0],
  'a return of too few values': [{ ...LEAST, signatures: [{ parameters: [], results: ['i32'] }] }, 'return_values', 'code', 1, 0],
  'a return of another type': [
    { ...withCode(['i64'], CHECK, ['ret', [0]]), signatures: [{ parameters: [], results: ['i32'] }] },
    'register_type',
    'code',
    1,
    0,
  ],
  'a value of another type': [
    {
      ...withCode(['i64'], CHECK, ['call', [0], [], 0], RET),
      signatures: [{ parameters: ['i32'], results: [] }],
      functions: [{ signature: 0, registers: ['i32', 'i64'], words: 5 }],
      code: code(CHECK, ['call', [1], [], 0], RET),
    },
    'register_type',
    'code',
    1,
    0,
  ],
  'a result of another type': [
    {
      ...LEAST,
      signatures: [{ parameters: [], results: ['i32'] }],
      functions: [{ signature: 0, registers: ['i32', 'i64'], words: 6 }],
      code: code(CHECK, ['call', [], [1], 0], ['ret', [0]]),
    },
    'register_type',
    'code',
    1,
    0,
  ],

  // code: where it goes
  'a function that does not begin with check': [withCode([], RET), 'check_entry', 'code', 0, 0],
  'code that goes on beyond its function': [withCode([], CHECK), 'falls_off', 'code', 0, 0],
  'a conditional branch at the end': [withCode(['i32'], CHECK, ['br_eq_i32_near', 0, 0, -1]), 'falls_off', 'code', 1, 0],
  'a call at the end': [withCode([], CHECK, ['call', [], [], 0]), 'falls_off', 'code', 2, 0],
  'a branch before the function': [withCode([], CHECK, ['jump', -2]), 'branch_target', 'code', 1, 0],
  'a branch to the end of the function': [withCode([], CHECK, ['jump', 1]), 'branch_target', 'code', 1, 0],
  'a branch far beyond the function': [withCode([], CHECK, ['jump', 0x7fffff]), 'branch_target', 'code', 1, 0],
  'a branch into an instruction': [withCode(['i32'], CHECK, ['jump', 2], ['const_i32', 0, 70000], RET), 'branch_target', 'code', 1, 0],
  'a branch into itself': [withCode(['i32'], CHECK, ['br_eq_i32_imm', 0, 1000, 1], RET), 'branch_target', 'code', 1, 0],
  'a case into nothing': [withCode(['i32'], CHECK, ['jump_table', 0, [3, 99]], RET), 'branch_target', 'code', 1, 0],
  'a branch backward to no check': [withCode(['i32'], CHECK, ['mov_i32', 0, 0], ['jump', -1]), 'check_target', 'code', 2, 0],
  'a branch to itself': [withCode([], CHECK, ['jump', 0]), 'check_target', 'code', 1, 0],
  'a case backward to no check': [withCode(['i32'], CHECK, ['mov_i32', 0, 0], ['jump_table', 0, [-2, -1]]), 'check_target', 'code', 2, 0],
};

function code(...rows: (readonly [string, ...OperandValue[]])[]): Int32Array {
  return Int32Array.from(rows.flatMap(([name, ...operands]) => [...encode({ row: rowNamed(name), operands })]));
}
function withBits(high: number, low: number): Program {
  const changed = withCode(['f64'], CHECK, ['const_f64', 0, Number.NaN], RET);
  changed.code[2] = low;
  changed.code[3] = high;
  return changed;
}

describe('refused', () => {
  for (const [what, [source, rule, section, offset, inFunction]] of Object.entries(refused)) {
    it(what, () => {
      const rejection = rejectionOf(source);
      expect(rejection).toMatchObject({ rule, section, offset });
      expect(rejection?.function).toBe(inFunction);
      expect(rejection?.message.length).toBeGreaterThan(20);
    });
  }

  it('in the function that breaks a rule, at a word of that function', () => {
    const three = program(`
      func a ()->()
      check
      ret []
      func b ()->(i32) i32
      check
      const_i32_short r0 7
      ret [r0]
      func main ()->()
      check
      jump x
      x:
      jump x`);
    expect(rejectionOf(three)).toMatchObject({ rule: 'check_target', section: 'code', function: 2, offset: 2 });
  });

  it('what the format refuses, by the format', () => {
    expect(rejectionOf(new Uint8Array(3))).toMatchObject({ rule: 'magic', section: 'header', offset: 0 });
    expect(rejectionOf({ ...LEAST, functions: [{ signature: 0, registers: new Array(257).fill('i32'), words: 2 }] })).toMatchObject({
      rule: 'limit',
      section: 'functions',
    });
    expect(rejectionOf({ ...LEAST, signatures: [{ parameters: new Array(33).fill('i32'), results: [] }] })).toMatchObject({
      rule: 'limit',
      section: 'signatures',
    });
    expect(rejectionOf({ ...LEAST, signatures: [{ parameters: [], results: new Array(17).fill('i32') }] })).toMatchObject({
      rule: 'limit',
      section: 'signatures',
    });
    expect(rejectionOf(withPorts(...Array.from({ length: 65 }, (_, index) => ({ name: `p${index}`, depth: 1, window: 4096 + 192 * index }))))).toMatchObject({
      rule: 'limit',
      section: 'ports',
    });
  });

  it('objects that no binary can hold, as misuse', () => {
    expect(() => verify({ ...LEAST, table: [-1] })).toThrow(RangeError);
    expect(() => verify({ ...LEAST, table: [0.5] })).toThrow(RangeError);
    expect(() => verify({ ...LEAST, memory: { pagesMin: Number.NaN, pagesMax: 1 } })).toThrow(RangeError);
    expect(() => verify({ ...LEAST, functions: [{ signature: 0, registers: ['i8' as ValueType], words: 2 }] })).toThrow(RangeError);
  });
});

describe('accepted', () => {
  it('the least programs', () => {
    verified(LEAST);
    verified({ ...LEAST, groups: [], signatures: [], functions: [], code: new Int32Array(0), exports: [] });
  });

  it('256 registers, 32 parameters, 16 results', () => {
    const types = Array.from({ length: 256 }, (_, index): ValueType => (['i32', 'i64', 'f64'] as const)[index % 3]!);
    const most: Program = {
      ...LEAST,
      signatures: [{ parameters: types.slice(0, 32), results: types.slice(0, 16) }],
      functions: [{ signature: 0, registers: types, words: 0 }],
    };
    const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
    const body = code(CHECK, ['call', numbers(32), numbers(16), 0], ['mov_i32', 255, 252], ['ret', numbers(16)]);
    const found = verified({ ...most, functions: [{ ...most.functions[0]!, words: body.length }], code: body });
    expect(found.signatureOf(0).parameters.length).toBe(32);
    expect(found.starts).toEqual([0, body.length]);
  });

  it('the largest offsets and constants, absolute addresses beyond memory', () => {
    verified(
      withCode(
        ['i32', 'i64'],
        CHECK,
        ['load_i32', 0, 0, 0xffffffff],
        ['load_i32', 0, 0, 256],
        ['load_i32_near', 0, 0, 255],
        ['load_i32_absolute', 0, 0xffffffff],
        ['store_i32_absolute', 0, 0],
        ['const_i32', 0, 32768],
        ['const_i32_short', 0, -32768],
        ['const_i64', 1, 2n ** 63n - 1n],
        ['const_i64_short', 1, 32767],
        ['add_i32_imm', 0, 0, 128],
        ['add_i32_imm8', 0, 0, -128],
        RET,
      ),
    );
  });

  it('memory, data and windows that end exactly at the least memory', () => {
    verified({ ...LEAST, memory: { pagesMin: 65535, pagesMax: 65535 }, data: [{ address: 65535 * 65536 - 1, bytes: Uint8Array.of(1) }] });
    verified({
      ...LEAST,
      data: [
        { address: 4096, bytes: Uint8Array.of(1) },
        { address: 4097, bytes: new Uint8Array(65536 - 4097) },
      ],
    });
    verified({ ...withPorts({ window: 65536 - 192, depth: 1 }), data: [{ address: 65536 - 193, bytes: Uint8Array.of(1) }] });
    verified({
      ...LEAST,
      symbols: [
        { name: 'all', address: 0, bytes: 65536 },
        { name: 'end', address: 65536, bytes: 0 },
      ],
    });
  });

  it('64 ports side by side, of the greatest depth and message', () => {
    verified({ ...withPorts(...Array.from({ length: 64 }, (_, index) => ({ name: `p[${index}]`, depth: 1, window: 4096 + 192 * index }))) });
    verified({ ...withPorts({ name: text(31), depth: 1024, messageBytes: 2 ** 24, version: 65535 }), memory: { pagesMin: 2, pagesMax: 2 } });
  });

  it('branches to the first and last instruction, both ways, and out of unreachable code', () => {
    verified(withCode(['i32'], CHECK, ['br_eq_i32_near', 0, 0, -1], ['jump', 1], ['jump_table', 0, [-3, 3]], ['trap', 1]));
    verified(withCode([], CHECK, ['jump', 2], ['jump', -2], CHECK, ['jump', -1]));
  });

  it('every kind of last instruction', () => {
    for (const last of [RET, ['trap', 22], ['jump', -1], ['jump_table', 0, [-1]]] as const) verified(withCode(['i32'], CHECK, last));
  });

  it('names in the order of their bytes', () => {
    verified({
      ...LEAST,
      exports: [
        { name: '', function: 0 },
        { name: 'Z', function: 0 },
        { name: 'a', function: 0 },
        { name: 'aa', function: 0 },
        { name: '\uffee', function: 0 },
        { name: '\u{1f600}', function: 0 },
      ],
    });
  });

  it('groups that are named and not used', () => {
    verified({
      ...LEAST,
      groups: [
        { name: 'base', version: 1 },
        { name: 'ports', version: 1 },
      ],
    });
  });

  it('a debug section, or an empty one', () => {
    verified({ ...LEAST, debug: DEBUG });
    verified({ ...LEAST, debug: { files: [], functions: [''], registers: [[]], lines: [] } });
  });

  it('bytes and objects alike, and keeps nothing of what was handed in', () => {
    const given = { ...LEAST, code: LEAST.code.slice() };
    const found = verified(given);
    expect(verify(encodeProgram(LEAST))).toEqual({ program: found });
    given.code[0] = 0;
    expect(found.program.code).toEqual(LEAST.code);
  });
});

describe('VerifiedProgram', () => {
  it('is made by verify alone', () => {
    expect(() => new VerifiedProgram(LEAST, [true], Symbol('verified'))).toThrow(TypeError);
  });

  it('tells which functions are computational', () => {
    const of = (source: string): Record<string, boolean> => {
      const { program: found, computational } = verified(program(source));
      return Object.fromEntries(found.exports.map(({ name, function: index }) => [name, computational[index] as boolean]));
    };
    const rings = `
      func rings ()->() i32
      check
      bell r0
      ret []
      func pure ()->()
      check
      call [] [] pure
      ret []
      func calls ()->()
      check
      call [] [] through
      ret []
      func through ()->()
      check
      call [] [] rings
      call [] [] calls
      ret []
      func by_table ()->() i32
      check
      call_table r0 [] [] ()->()
      ret []
      func calls_by_table ()->()
      check
      call [] [] by_table
      ret []`;
    const none = { pure: true, rings: false, calls: false, through: false };
    expect(of(rings)).toEqual({ ...none, by_table: true, calls_by_table: true });
    expect(of(`table pure\n${rings}`)).toEqual({ ...none, by_table: true, calls_by_table: true });
    expect(of(`table pure calls\n${rings}`)).toEqual({ ...none, by_table: false, calls_by_table: false });
    expect(of(`table by_table\n${rings}`)).toEqual({ ...none, by_table: true, calls_by_table: true });
  });
});

describe('time', () => {
  it('grows with the program and not faster', () => {
    const build = (functions: number): Uint8Array => {
      const lines = Array.from({ length: functions }, (_, index) => [
        `func f${index} ()->() i32`,
        'check',
        `call [] [] f${(index * 7) % functions}`,
        'call_table r0 [] [] ()->()',
        ...(index === functions - 1 ? ['bell r0'] : []),
        'repeat 40 add_i32 r0 r0 r0',
        'ret []',
      ]).flat();
      const found = parseProgram(lines);
      return encodeProgram({ ...found, table: Array.from({ length: functions }, (_, index) => index), exports: [] });
    };
    const timeOf = (bytes: Uint8Array): number => {
      const times = Array.from({ length: 5 }, () => {
        const start = performance.now();
        expect('program' in verify(bytes)).toBe(true);
        return performance.now() - start;
      });
      return Math.min(...times);
    };
    const [small, large] = [build(500), build(5000)];
    timeOf(small);
    expect(timeOf(large) / timeOf(small)).toBeLessThan(30);
  });
});
