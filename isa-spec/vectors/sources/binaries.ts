/**
 * Binaries that a reader must refuse, each for one rule, and binaries just inside the rules that it must accept. Written by hand.
 *
 * Of them `binaries.json` is made. The rule, the section and the offset that stand beside a binary are taken from the chapter on
 * verification, not from the verifier.
 */
import { encode, type OperandValue, type PortDeclaration, type Program, type Rejection, rowNamed, type ValueType } from '../../index.js';
import { parseProgram } from '../notation.js';

/** A binary, or the program that it holds; the rule that it breaks, where, and for rules of code the function. */
export type Refused = readonly [binary: Uint8Array | Program, rule: string, section: Rejection['section'], offset: number, inFunction?: number];

/** `main` that returns at once. */
export const LEAST: Program = parseProgram(['func main ()->()', '  check', '  ret []']);
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
const DEBUG = { files: ['a.pbs'], functions: ['main'], registers: [[]], lines: [{ word: 0, file: 0, line: 1, column: 1 }] };

function code(...rows: (readonly [string, ...OperandValue[]])[]): Int32Array {
  return Int32Array.from(rows.flatMap(([name, ...operands]) => [...encode({ row: rowNamed(name), operands })]));
}
function withBits(high: number, low: number): Program {
  const changed = withCode(['f64'], CHECK, ['const_f64', 0, Number.NaN], RET);
  changed.code[2] = low;
  changed.code[3] = high;
  return changed;
}

const u16 = (value: number): number[] => [value & 255, value >> 8];
const u32 = (value: number): number[] => [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24];
const name = (value: string): number[] => [...u16(value.length), ...new TextEncoder().encode(value)];
const section = (id: number, ...body: number[]): number[] => [...u32(id), ...u32(body.length), ...body];
const MEMORY = section(6, ...u32(1), ...u32(1));
const file = (...parts: number[][]): Uint8Array => Uint8Array.from([0x50, 0x42, 0x58, 0x00, 1, 0, 0, 0, ...parts.flat()]);

/** What is refused. Offsets of rules of the format are those of the number that is wrong, or of the bytes that are missing. */
export const REFUSED: Readonly<Record<string, Refused>> = {
  // the format
  nothing: [new Uint8Array(0), 'magic', 'header', 0],
  'three bytes': [Uint8Array.of(0x50, 0x42, 0x58), 'magic', 'header', 0],
  'another magic': [Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0), 'magic', 'header', 0],
  'no version': [Uint8Array.of(0x50, 0x42, 0x58, 0), 'truncated', 'header', 4],
  'another version': [Uint8Array.from([0x50, 0x42, 0x58, 0, 2, 0, 0, 0]), 'format_version', 'header', 4],
  'no section': [file(), 'no_memory', 'header', 8],
  'an unknown section': [file(section(12), MEMORY), 'section_id', 'header', 8],
  'section 0': [file(section(0), MEMORY), 'section_id', 'header', 8],
  'a repeated section': [file(MEMORY, MEMORY), 'section_order', 'header', 24],
  'sections that descend': [file(MEMORY, section(5, ...u32(1), ...u32(0))), 'section_order', 'header', 24],
  'a section longer than the file': [file([...u32(6), ...u32(9), ...u32(1), ...u32(1)]), 'truncated', 'header', 16],
  'a section length of 2^32 - 1': [file([...u32(6), ...u32(0xffffffff), ...u32(1), ...u32(1)]), 'truncated', 'header', 16],
  'a section too short': [file(section(6, ...u32(1))), 'truncated', 'memory', 20],
  'a section too long': [file(section(6, ...u32(1), ...u32(1), 0)), 'section_length', 'memory', 24],
  'a byte after the sections': [file(MEMORY, [0]), 'truncated', 'header', 24],
  'an empty table': [file(section(5, ...u32(0)), MEMORY), 'empty_section', 'table', 20],
  'an empty code section': [file(section(4), MEMORY), 'empty_section', 'code', 16],
  'code that is no whole words': [file(section(4, 1, 2, 3, 4, 5), MEMORY), 'code_length', 'code', 16],
  'more entries than bytes': [file(section(5, ...u32(3), ...u32(0), ...u32(0)), MEMORY), 'truncated', 'table', 20],
  'more entries than allowed': [file(section(5, ...u32(0x100001)), MEMORY), 'limit', 'table', 20],
  'more ports than allowed': [file(MEMORY, section(8, ...u32(65))), 'limit', 'ports', 36],
  'more groups than allowed': [file(section(1, ...u32(65)), MEMORY), 'limit', 'groups', 20],
  '33 parameters': [file(section(2, ...u32(1), 33, 0, ...new Array<number>(33).fill(0)), MEMORY), 'limit', 'signatures', 21],
  '17 results': [file(section(2, ...u32(1), 0, 17, ...new Array<number>(17).fill(0)), MEMORY), 'limit', 'signatures', 22],
  '257 registers': [file(section(3, ...u32(1), ...u32(0), ...u32(1), ...u16(257), ...new Array<number>(257).fill(0)), MEMORY), 'limit', 'functions', 30],
  'a type code of 3': [file(section(2, ...u32(1), 1, 0, 3), MEMORY), 'value_type', 'signatures', 22],
  'a protocol code of 0': [file(MEMORY, section(8, ...u32(1), ...name('p'), 0, 0, ...u16(1), ...u32(4096), ...u32(1), ...u32(0))), 'protocol', 'ports', 41],
  'a protocol code of 8': [file(MEMORY, section(8, ...u32(1), ...name('p'), 8, 0, ...u16(1), ...u32(4096), ...u32(1), ...u32(0))), 'protocol', 'ports', 41],
  'a side code of 2': [file(MEMORY, section(8, ...u32(1), ...name('p'), 1, 2, ...u16(1), ...u32(4096), ...u32(1), ...u32(0))), 'side', 'ports', 41],
  'a name that is no UTF-8': [file(MEMORY, section(10, ...u32(1), 1, 0, 0xff, ...u32(0), ...u32(0))), 'name_utf8', 'symbols', 36],
  'a name of 1025 bytes': [file(MEMORY, section(10, ...u32(1), ...name('x'.repeat(1025)), ...u32(0), ...u32(0))), 'name_length', 'symbols', 36],
  'data longer than the section': [file(MEMORY, section(7, ...u32(1), ...u32(0), ...u32(5), 1, 2, 3, 4)), 'truncated', 'data', 44],

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
  'a port name of 32 bytes': [withPorts({ name: 'x'.repeat(32) }), 'port_name', 'ports', 0],
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

const types = Array.from({ length: 256 }, (_, index): ValueType => (['i32', 'i64', 'f64'] as const)[index % 3]!);
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const most = code(CHECK, ['call', numbers(32), numbers(16), 0], ['mov_i32', 255, 252], ['ret', numbers(16)]);

/** What is accepted. */
export const ACCEPTED: Readonly<Record<string, Program>> = {
  'the least program that does something': LEAST,
  'no function at all': { ...LEAST, groups: [], signatures: [], functions: [], code: new Int32Array(0), exports: [] },
  '256 registers, 32 parameters, 16 results': {
    ...withCode([]),
    signatures: [{ parameters: types.slice(0, 32), results: types.slice(0, 16) }],
    functions: [{ signature: 0, registers: types, words: most.length }],
    code: most,
  },
  'the largest offsets and constants, absolute addresses beyond memory': withCode(
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
  'the largest memory': { ...LEAST, memory: { pagesMin: 65535, pagesMax: 65535 }, data: [{ address: 65535 * 65536 - 1, bytes: Uint8Array.of(1) }] },
  'data side by side, from the first address on': {
    ...LEAST,
    data: [
      { address: 4096, bytes: Uint8Array.of(1) },
      { address: 4097, bytes: Uint8Array.of(2) },
      { address: 65535, bytes: Uint8Array.of(3) },
    ],
  },
  'a window that ends at the least memory, data right before it': {
    ...withPorts({ window: 65536 - 192, depth: 1 }),
    data: [{ address: 65536 - 193, bytes: Uint8Array.of(1) }],
  },
  'symbols of all memory and of nothing at its end': {
    ...LEAST,
    symbols: [
      { name: 'all', address: 0, bytes: 65536 },
      { name: 'end', address: 65536, bytes: 0 },
    ],
  },
  '64 ports side by side': withPorts(...Array.from({ length: 64 }, (_, index) => ({ name: `p[${index}]`, depth: 1, window: 4096 + 192 * index }))),
  'the largest port': {
    ...withPorts({ name: 'x'.repeat(31), depth: 1024, messageBytes: 2 ** 24, version: 65535 }),
    memory: { pagesMin: 2, pagesMax: 2 },
  },
  'branches to the first and the last instruction': withCode(
    ['i32'],
    CHECK,
    ['br_eq_i32_near', 0, 0, -1],
    ['jump', 1],
    ['jump_table', 0, [-3, 3]],
    ['trap', 1],
  ),
  'branches out of code that nothing leads to': withCode([], CHECK, ['jump', 2], ['jump', -2], CHECK, ['jump', -1]),
  'a last instruction ret': withCode(['i32'], CHECK, RET),
  'a last instruction trap': withCode(['i32'], CHECK, ['trap', 22]),
  'a last instruction jump': withCode(['i32'], CHECK, ['jump', -1]),
  'a last instruction jump_table': withCode(['i32'], CHECK, ['jump_table', 0, [-1]]),
  'results written twice, values read twice': {
    ...withCode([]),
    signatures: [{ parameters: ['i32', 'i32'], results: ['i32', 'i32'] }],
    functions: [{ signature: 0, registers: ['i32', 'i32'], words: 7 }],
    code: code(CHECK, ['call', [0, 0], [1, 1], 0], ['ret', [1, 1]]),
  },
  'names in the order of their bytes': {
    ...LEAST,
    exports: ['', 'Z', 'a', 'aa', '\uffee', '\u{1f600}'].map((text) => ({ name: text, function: 0 })),
  },
  'groups that are named and not used': { ...withCode([]), functions: LEAST.functions, code: LEAST.code },
  'a debug section': { ...LEAST, debug: DEBUG },
  'a debug section that says nothing': { ...LEAST, debug: { files: [], functions: [''], registers: [[]], lines: [] } },
};
