/**
 * The book: one row per instruction. Encoder, decoder, disassembler, verifier, assembler, manual,
 * reference evaluator and interpreter are all functions of this table; nothing else names an
 * instruction. `check.ts` proves it well-formed.
 *
 * A name is family, types, form: `br_lt_i32_imm_near` is the near form, with an immediate, of `br_lt` on
 * i32. Forms: none (registers), `imm` (a constant), `imm8`, `short` and `near` (short encodings that must be used
 * whenever the operands fit), `absolute` (memory at a constant address).
 *
 * Numbers 0xb6 to 0xfe and 0x180 to 0x1a7 are reserved, the latter for a native f32 group.
 */
import { apply, canonical, constant, load, operand, select, set, store, trapIf, type Effect, type Expression } from './meaning.js';
import type { Operand, Row, RowText } from './row.js';
import type { ValueType } from './types.js';

const write = (name: string, type: ValueType): Operand => ({ name, kind: 'write', type });
const read = (name: string, type: ValueType): Operand => ({ name, kind: 'read', type });
const d_a = (type: ValueType): Operand[] => [write('d', type), read('a', type)];
const d_a_b = (type: ValueType): Operand[] => [write('d', type), read('a', type), read('b', type)];
const a_i32 = read('a', 'i32');
const b_i32 = read('b', 'i32');
const base = a_i32;
const imm8 = (type: ValueType): Operand => ({ name: 'k', kind: 'imm8', type });
const imm16 = (type: ValueType): Operand => ({ name: 'k', kind: 'imm16', type });
const imm32 = (type: ValueType): Operand => ({ name: 'k', kind: 'imm32', type });
const imm64: Operand = { name: 'k', kind: 'imm64', type: 'i64' };
const float64: Operand = { name: 'k', kind: 'float64', type: 'f64' };
const offset8: Operand = { name: 'offset', kind: 'offset8' };
const offset32: Operand = { name: 'offset', kind: 'offset32' };
const branch8: Operand = { name: 'target', kind: 'branch8' };
const branch24: Operand = { name: 'target', kind: 'branch24' };
const branch32: Operand = { name: 'target', kind: 'branch32' };
const targets: Operand = { name: 'targets', kind: 'targets' };
const callee: Operand = { name: 'callee', kind: 'function' };
const signature: Operand = { name: 'signature', kind: 'signature' };
const trapCode: Operand = { name: 'k', kind: 'trap' };
const values: Operand = { name: 'values', kind: 'values' };
const results: Operand = { name: 'results', kind: 'results' };

const a = operand('a');
const b = operand('b');
const c = operand('c');
const k = operand('k');
const offset = operand('offset');
const value = operand('value');
const branch = (condition: Expression): Effect => ({ kind: 'branch', condition, target: 'target' });
const jump: Effect = { kind: 'jump', target: 'target' };

const rows = {
  // control: where a program goes on, and the points at which it may stop
  trap:                 { opcode: 0x00,  group: 'base',    operands: [trapCode],                                         doc: 'stop with trap kind k', does: [{ kind: 'trap', code: 'k' }] },
  check:                { opcode: 0x01,  group: 'base',    operands: [],                                                 doc: 'suspend when out of fuel, else charge one unit', does: [{ kind: 'check' }] },
  jump:                 { opcode: 0x02,  group: 'base',    operands: [branch24],                                         doc: 'go to target', does: [jump] },
  jump_table:           { opcode: 0x03,  group: 'base',    operands: [read('a', 'i32'), targets],                        doc: 'go to case a, unsigned, or to the default past the last case', does: [{ kind: 'jump_table', index: a, targets: 'targets' }] },
  call:                 { opcode: 0x04,  group: 'base',    operands: [values, results, callee],                          doc: 'call a function with values; its results arrive on return', does: [{ kind: 'call', callee: 'callee', values: 'values', results: 'results' }] },
  call_table:           { opcode: 0x05,  group: 'base',    operands: [read('a', 'i32'), values, results, signature],     doc: 'call entry a of the function table, whose signature must match', does: [{ kind: 'call_table', index: a, signature: 'signature', values: 'values', results: 'results' }] },
  ret:                  { opcode: 0x06,  group: 'base',    operands: [values],                                           doc: 'return values to the caller', does: [{ kind: 'return', values: 'values' }] },

  // copies and constants
  mov_i32:              { opcode: 0x07,  group: 'base',    operands: d_a('i32'),                                         doc: 'd := a', does: [set('d', a)] },
  mov_i64:              { opcode: 0x08,  group: 'int64',   operands: d_a('i64'),                                         doc: 'd := a', does: [set('d', a)] },
  mov_f64:              { opcode: 0x09,  group: 'float64', operands: d_a('f64'),                                         doc: 'd := a', does: [set('d', a)] },
  const_i32:            { opcode: 0x0a,  group: 'base',    operands: [write('d', 'i32'), imm32('i32')],                  doc: 'd := k', does: [set('d', k)] },
  const_i32_short:      { opcode: 0x0b,  group: 'base',    operands: [write('d', 'i32'), imm16('i32')],                  doc: 'd := k, signed 16 bits', does: [set('d', k)], shortens: 'const_i32' },
  const_i64:            { opcode: 0x0c,  group: 'int64',   operands: [write('d', 'i64'), imm64],                         doc: 'd := k', does: [set('d', k)] },
  const_i64_short:      { opcode: 0x0d,  group: 'int64',   operands: [write('d', 'i64'), imm16('i64')],                  doc: 'd := k, signed 16 bits', does: [set('d', k)], shortens: 'const_i64' },
  const_f64:            { opcode: 0x0e,  group: 'float64', operands: [write('d', 'f64'), float64],                       doc: 'd := k, any NaN being the canonical one', does: [set('d', k)] },
  select_i32:           { opcode: 0x0f,  group: 'base',    operands: [write('d', 'i32'), read('c', 'i32'), read('a', 'i32'), read('b', 'i32')], doc: 'd := a if c is not zero, else b', does: [set('d', select(c, a, b))] },
  select_i64:           { opcode: 0x10,  group: 'int64',   operands: [write('d', 'i64'), read('c', 'i32'), read('a', 'i64'), read('b', 'i64')], doc: 'd := a if c is not zero, else b', does: [set('d', select(c, a, b))] },
  select_f64:           { opcode: 0x11,  group: 'float64', operands: [write('d', 'f64'), read('c', 'i32'), read('a', 'f64'), read('b', 'f64')], doc: 'd := a if c is not zero, else b', does: [set('d', select(c, a, b))] },

  // i32 arithmetic and logic: results wrap, shift counts are masked to 5 bits
  add_i32:              { opcode: 0x12,  group: 'base',    operands: d_a_b('i32'),                                       doc: 'd := a + b', does: [set('d', apply('i32.add', a, b))] },
  sub_i32:              { opcode: 0x13,  group: 'base',    operands: d_a_b('i32'),                                       doc: 'd := a - b', does: [set('d', apply('i32.sub', a, b))] },
  mul_i32:              { opcode: 0x14,  group: 'base',    operands: d_a_b('i32'),                                       doc: 'd := a * b', does: [set('d', apply('i32.mul', a, b))] },
  div_i32:              { opcode: 0x15,  group: 'base',    operands: d_a_b('i32'),                                       doc: 'd := a / b, signed, toward zero', does: [trapIf(apply('i32.eqz', b), 'divide_by_zero'), trapIf(apply('i32.and', apply('i32.eq', a, constant('i32', -2147483648)), apply('i32.eq', b, constant('i32', -1))), 'overflow'), set('d', apply('i32.div_s', a, b))] },
  divu_i32:             { opcode: 0x16,  group: 'base',    operands: d_a_b('i32'),                                       doc: 'd := a / b, unsigned', does: [trapIf(apply('i32.eqz', b), 'divide_by_zero'), set('d', apply('i32.div_u', a, b))] },
  rem_i32:              { opcode: 0x17,  group: 'base',    operands: d_a_b('i32'),                                       doc: 'd := remainder of a / b with the sign of a', does: [trapIf(apply('i32.eqz', b), 'divide_by_zero'), set('d', apply('i32.rem_s', a, b))] },
  remu_i32:             { opcode: 0x18,  group: 'base',    operands: d_a_b('i32'),                                       doc: 'd := remainder of a / b, unsigned', does: [trapIf(apply('i32.eqz', b), 'divide_by_zero'), set('d', apply('i32.rem_u', a, b))] },
  and_i32:              { opcode: 0x19,  group: 'base',    operands: d_a_b('i32'),                                       doc: 'd := a & b', does: [set('d', apply('i32.and', a, b))] },
  or_i32:               { opcode: 0x1a,  group: 'base',    operands: d_a_b('i32'),                                       doc: 'd := a | b', does: [set('d', apply('i32.or', a, b))] },
  xor_i32:              { opcode: 0x1b,  group: 'base',    operands: d_a_b('i32'),                                       doc: 'd := a ^ b', does: [set('d', apply('i32.xor', a, b))] },
  shl_i32:              { opcode: 0x1c,  group: 'base',    operands: d_a_b('i32'),                                       doc: 'd := a << b', does: [set('d', apply('i32.shl', a, b))] },
  shr_i32:              { opcode: 0x1d,  group: 'base',    operands: d_a_b('i32'),                                       doc: 'd := a >> b, signed', does: [set('d', apply('i32.shr_s', a, b))] },
  shru_i32:             { opcode: 0x1e,  group: 'base',    operands: d_a_b('i32'),                                       doc: 'd := a >> b, unsigned', does: [set('d', apply('i32.shr_u', a, b))] },
  rotl_i32:             { opcode: 0x1f,  group: 'base',    operands: d_a_b('i32'),                                       doc: 'd := a rotated left by b', does: [set('d', apply('i32.rotl', a, b))] },
  rotr_i32:             { opcode: 0x20,  group: 'base',    operands: d_a_b('i32'),                                       doc: 'd := a rotated right by b', does: [set('d', apply('i32.rotr', a, b))] },
  add_i32_imm:          { opcode: 0x21,  group: 'base',    operands: [write('d', 'i32'), a_i32, imm32('i32')],           doc: 'd := a + k', does: [set('d', apply('i32.add', a, k))] },
  add_i32_imm8:         { opcode: 0x22,  group: 'base',    operands: [write('d', 'i32'), a_i32, imm8('i32')],            doc: 'd := a + k, signed 8 bits', does: [set('d', apply('i32.add', a, k))], shortens: 'add_i32_imm' },
  mul_i32_imm:          { opcode: 0x23,  group: 'base',    operands: [write('d', 'i32'), a_i32, imm32('i32')],           doc: 'd := a * k', does: [set('d', apply('i32.mul', a, k))] },
  mul_i32_imm8:         { opcode: 0x24,  group: 'base',    operands: [write('d', 'i32'), a_i32, imm8('i32')],            doc: 'd := a * k, signed 8 bits', does: [set('d', apply('i32.mul', a, k))], shortens: 'mul_i32_imm' },
  and_i32_imm:          { opcode: 0x25,  group: 'base',    operands: [write('d', 'i32'), a_i32, imm32('i32')],           doc: 'd := a & k', does: [set('d', apply('i32.and', a, k))] },
  and_i32_imm8:         { opcode: 0x26,  group: 'base',    operands: [write('d', 'i32'), a_i32, imm8('i32')],            doc: 'd := a & k, signed 8 bits', does: [set('d', apply('i32.and', a, k))], shortens: 'and_i32_imm' },
  or_i32_imm:           { opcode: 0x27,  group: 'base',    operands: [write('d', 'i32'), a_i32, imm32('i32')],           doc: 'd := a | k', does: [set('d', apply('i32.or', a, k))] },
  or_i32_imm8:          { opcode: 0x28,  group: 'base',    operands: [write('d', 'i32'), a_i32, imm8('i32')],            doc: 'd := a | k, signed 8 bits', does: [set('d', apply('i32.or', a, k))], shortens: 'or_i32_imm' },
  xor_i32_imm:          { opcode: 0x29,  group: 'base',    operands: [write('d', 'i32'), a_i32, imm32('i32')],           doc: 'd := a ^ k', does: [set('d', apply('i32.xor', a, k))] },
  xor_i32_imm8:         { opcode: 0x2a,  group: 'base',    operands: [write('d', 'i32'), a_i32, imm8('i32')],            doc: 'd := a ^ k, signed 8 bits', does: [set('d', apply('i32.xor', a, k))], shortens: 'xor_i32_imm' },
  shl_i32_imm:          { opcode: 0x2b,  group: 'base',    operands: [write('d', 'i32'), a_i32, imm8('i32')],            doc: 'd := a << k', does: [set('d', apply('i32.shl', a, k))] },
  shr_i32_imm:          { opcode: 0x2c,  group: 'base',    operands: [write('d', 'i32'), a_i32, imm8('i32')],            doc: 'd := a >> k, signed', does: [set('d', apply('i32.shr_s', a, k))] },
  shru_i32_imm:         { opcode: 0x2d,  group: 'base',    operands: [write('d', 'i32'), a_i32, imm8('i32')],            doc: 'd := a >> k, unsigned', does: [set('d', apply('i32.shr_u', a, k))] },
  rotl_i32_imm:         { opcode: 0x2e,  group: 'base',    operands: [write('d', 'i32'), a_i32, imm8('i32')],            doc: 'd := a rotated left by k', does: [set('d', apply('i32.rotl', a, k))] },

  // i32 comparisons: d is 1 or 0
  eq_i32:               { opcode: 0x2f,  group: 'base',    operands: d_a_b('i32'),                                       doc: 'd := a = b', does: [set('d', apply('i32.eq', a, b))] },
  neq_i32:              { opcode: 0x30,  group: 'base',    operands: d_a_b('i32'),                                       doc: 'd := a <> b', does: [set('d', apply('i32.ne', a, b))] },
  lt_i32:               { opcode: 0x31,  group: 'base',    operands: d_a_b('i32'),                                       doc: 'd := a < b, signed', does: [set('d', apply('i32.lt_s', a, b))] },
  lte_i32:              { opcode: 0x32,  group: 'base',    operands: d_a_b('i32'),                                       doc: 'd := a <= b, signed', does: [set('d', apply('i32.le_s', a, b))] },
  ltu_i32:              { opcode: 0x33,  group: 'base',    operands: d_a_b('i32'),                                       doc: 'd := a < b, unsigned', does: [set('d', apply('i32.lt_u', a, b))] },
  lteu_i32:             { opcode: 0x34,  group: 'base',    operands: d_a_b('i32'),                                       doc: 'd := a <= b, unsigned', does: [set('d', apply('i32.le_u', a, b))] },
  eq_i32_imm:           { opcode: 0x35,  group: 'base',    operands: [write('d', 'i32'), a_i32, imm8('i32')],            doc: 'd := a = k, k signed 8 bits', does: [set('d', apply('i32.eq', a, k))] },
  neq_i32_imm:          { opcode: 0x36,  group: 'base',    operands: [write('d', 'i32'), a_i32, imm8('i32')],            doc: 'd := a <> k, k signed 8 bits', does: [set('d', apply('i32.ne', a, k))] },
  lt_i32_imm:           { opcode: 0x37,  group: 'base',    operands: [write('d', 'i32'), a_i32, imm8('i32')],            doc: 'd := a < k, signed, k signed 8 bits', does: [set('d', apply('i32.lt_s', a, k))] },
  lte_i32_imm:          { opcode: 0x38,  group: 'base',    operands: [write('d', 'i32'), a_i32, imm8('i32')],            doc: 'd := a <= k, signed, k signed 8 bits', does: [set('d', apply('i32.le_s', a, k))] },
  gt_i32_imm:           { opcode: 0x39,  group: 'base',    operands: [write('d', 'i32'), a_i32, imm8('i32')],            doc: 'd := a > k, signed, k signed 8 bits', does: [set('d', apply('i32.gt_s', a, k))] },
  gte_i32_imm:          { opcode: 0x3a,  group: 'base',    operands: [write('d', 'i32'), a_i32, imm8('i32')],            doc: 'd := a >= k, signed, k signed 8 bits', does: [set('d', apply('i32.ge_s', a, k))] },
  ltu_i32_imm:          { opcode: 0x3b,  group: 'base',    operands: [write('d', 'i32'), a_i32, imm8('i32')],            doc: 'd := a < k, unsigned, k signed 8 bits', does: [set('d', apply('i32.lt_u', a, k))] },
  lteu_i32_imm:         { opcode: 0x3c,  group: 'base',    operands: [write('d', 'i32'), a_i32, imm8('i32')],            doc: 'd := a <= k, unsigned, k signed 8 bits', does: [set('d', apply('i32.le_u', a, k))] },
  gtu_i32_imm:          { opcode: 0x3d,  group: 'base',    operands: [write('d', 'i32'), a_i32, imm8('i32')],            doc: 'd := a > k, unsigned, k signed 8 bits', does: [set('d', apply('i32.gt_u', a, k))] },
  gteu_i32_imm:         { opcode: 0x3e,  group: 'base',    operands: [write('d', 'i32'), a_i32, imm8('i32')],            doc: 'd := a >= k, unsigned, k signed 8 bits', does: [set('d', apply('i32.ge_u', a, k))] },

  // i32 branches: compare and go
  br_eq_i32:            { opcode: 0x3f,  group: 'base',    operands: [a_i32, b_i32, branch32],                           doc: 'go to target if a = b', does: [branch(apply('i32.eq', a, b))] },
  br_eq_i32_near:       { opcode: 0x40,  group: 'base',    operands: [a_i32, b_i32, branch8],                            doc: 'go to target if a = b', does: [branch(apply('i32.eq', a, b))], shortens: 'br_eq_i32' },
  br_neq_i32:           { opcode: 0x41,  group: 'base',    operands: [a_i32, b_i32, branch32],                           doc: 'go to target if a <> b', does: [branch(apply('i32.ne', a, b))] },
  br_neq_i32_near:      { opcode: 0x42,  group: 'base',    operands: [a_i32, b_i32, branch8],                            doc: 'go to target if a <> b', does: [branch(apply('i32.ne', a, b))], shortens: 'br_neq_i32' },
  br_lt_i32:            { opcode: 0x43,  group: 'base',    operands: [a_i32, b_i32, branch32],                           doc: 'go to target if a < b, signed', does: [branch(apply('i32.lt_s', a, b))] },
  br_lt_i32_near:       { opcode: 0x44,  group: 'base',    operands: [a_i32, b_i32, branch8],                            doc: 'go to target if a < b, signed', does: [branch(apply('i32.lt_s', a, b))], shortens: 'br_lt_i32' },
  br_lte_i32:           { opcode: 0x45,  group: 'base',    operands: [a_i32, b_i32, branch32],                           doc: 'go to target if a <= b, signed', does: [branch(apply('i32.le_s', a, b))] },
  br_lte_i32_near:      { opcode: 0x46,  group: 'base',    operands: [a_i32, b_i32, branch8],                            doc: 'go to target if a <= b, signed', does: [branch(apply('i32.le_s', a, b))], shortens: 'br_lte_i32' },
  br_ltu_i32:           { opcode: 0x47,  group: 'base',    operands: [a_i32, b_i32, branch32],                           doc: 'go to target if a < b, unsigned', does: [branch(apply('i32.lt_u', a, b))] },
  br_ltu_i32_near:      { opcode: 0x48,  group: 'base',    operands: [a_i32, b_i32, branch8],                            doc: 'go to target if a < b, unsigned', does: [branch(apply('i32.lt_u', a, b))], shortens: 'br_ltu_i32' },
  br_lteu_i32:          { opcode: 0x49,  group: 'base',    operands: [a_i32, b_i32, branch32],                           doc: 'go to target if a <= b, unsigned', does: [branch(apply('i32.le_u', a, b))] },
  br_lteu_i32_near:     { opcode: 0x4a,  group: 'base',    operands: [a_i32, b_i32, branch8],                            doc: 'go to target if a <= b, unsigned', does: [branch(apply('i32.le_u', a, b))], shortens: 'br_lteu_i32' },
  br_eq_i32_imm:        { opcode: 0x4b,  group: 'base',    operands: [a_i32, imm32('i32'), branch32],                    doc: 'go to target if a = k', does: [branch(apply('i32.eq', a, k))] },
  br_eq_i32_imm_near:   { opcode: 0x4c,  group: 'base',    operands: [a_i32, imm8('i32'), branch8],                      doc: 'go to target if a = k', does: [branch(apply('i32.eq', a, k))], shortens: 'br_eq_i32_imm' },
  br_neq_i32_imm:       { opcode: 0x4d,  group: 'base',    operands: [a_i32, imm32('i32'), branch32],                    doc: 'go to target if a <> k', does: [branch(apply('i32.ne', a, k))] },
  br_neq_i32_imm_near:  { opcode: 0x4e,  group: 'base',    operands: [a_i32, imm8('i32'), branch8],                      doc: 'go to target if a <> k', does: [branch(apply('i32.ne', a, k))], shortens: 'br_neq_i32_imm' },
  br_lt_i32_imm:        { opcode: 0x4f,  group: 'base',    operands: [a_i32, imm32('i32'), branch32],                    doc: 'go to target if a < k, signed', does: [branch(apply('i32.lt_s', a, k))] },
  br_lt_i32_imm_near:   { opcode: 0x50,  group: 'base',    operands: [a_i32, imm8('i32'), branch8],                      doc: 'go to target if a < k, signed', does: [branch(apply('i32.lt_s', a, k))], shortens: 'br_lt_i32_imm' },
  br_lte_i32_imm:       { opcode: 0x51,  group: 'base',    operands: [a_i32, imm32('i32'), branch32],                    doc: 'go to target if a <= k, signed', does: [branch(apply('i32.le_s', a, k))] },
  br_lte_i32_imm_near:  { opcode: 0x52,  group: 'base',    operands: [a_i32, imm8('i32'), branch8],                      doc: 'go to target if a <= k, signed', does: [branch(apply('i32.le_s', a, k))], shortens: 'br_lte_i32_imm' },
  br_gt_i32_imm:        { opcode: 0x53,  group: 'base',    operands: [a_i32, imm32('i32'), branch32],                    doc: 'go to target if a > k, signed', does: [branch(apply('i32.gt_s', a, k))] },
  br_gt_i32_imm_near:   { opcode: 0x54,  group: 'base',    operands: [a_i32, imm8('i32'), branch8],                      doc: 'go to target if a > k, signed', does: [branch(apply('i32.gt_s', a, k))], shortens: 'br_gt_i32_imm' },
  br_gte_i32_imm:       { opcode: 0x55,  group: 'base',    operands: [a_i32, imm32('i32'), branch32],                    doc: 'go to target if a >= k, signed', does: [branch(apply('i32.ge_s', a, k))] },
  br_gte_i32_imm_near:  { opcode: 0x56,  group: 'base',    operands: [a_i32, imm8('i32'), branch8],                      doc: 'go to target if a >= k, signed', does: [branch(apply('i32.ge_s', a, k))], shortens: 'br_gte_i32_imm' },
  br_ltu_i32_imm:       { opcode: 0x57,  group: 'base',    operands: [a_i32, imm32('i32'), branch32],                    doc: 'go to target if a < k, unsigned', does: [branch(apply('i32.lt_u', a, k))] },
  br_ltu_i32_imm_near:  { opcode: 0x58,  group: 'base',    operands: [a_i32, imm8('i32'), branch8],                      doc: 'go to target if a < k, unsigned', does: [branch(apply('i32.lt_u', a, k))], shortens: 'br_ltu_i32_imm' },
  br_lteu_i32_imm:      { opcode: 0x59,  group: 'base',    operands: [a_i32, imm32('i32'), branch32],                    doc: 'go to target if a <= k, unsigned', does: [branch(apply('i32.le_u', a, k))] },
  br_lteu_i32_imm_near: { opcode: 0x5a,  group: 'base',    operands: [a_i32, imm8('i32'), branch8],                      doc: 'go to target if a <= k, unsigned', does: [branch(apply('i32.le_u', a, k))], shortens: 'br_lteu_i32_imm' },
  br_gtu_i32_imm:       { opcode: 0x5b,  group: 'base',    operands: [a_i32, imm32('i32'), branch32],                    doc: 'go to target if a > k, unsigned', does: [branch(apply('i32.gt_u', a, k))] },
  br_gtu_i32_imm_near:  { opcode: 0x5c,  group: 'base',    operands: [a_i32, imm8('i32'), branch8],                      doc: 'go to target if a > k, unsigned', does: [branch(apply('i32.gt_u', a, k))], shortens: 'br_gtu_i32_imm' },
  br_gteu_i32_imm:      { opcode: 0x5d,  group: 'base',    operands: [a_i32, imm32('i32'), branch32],                    doc: 'go to target if a >= k, unsigned', does: [branch(apply('i32.ge_u', a, k))] },
  br_gteu_i32_imm_near: { opcode: 0x5e,  group: 'base',    operands: [a_i32, imm8('i32'), branch8],                      doc: 'go to target if a >= k, unsigned', does: [branch(apply('i32.ge_u', a, k))], shortens: 'br_gteu_i32_imm' },

  // i64: results wrap, shift counts are masked to 6 bits
  add_i64:              { opcode: 0x5f,  group: 'int64',   operands: d_a_b('i64'),                                       doc: 'd := a + b', does: [set('d', apply('i64.add', a, b))] },
  sub_i64:              { opcode: 0x60,  group: 'int64',   operands: d_a_b('i64'),                                       doc: 'd := a - b', does: [set('d', apply('i64.sub', a, b))] },
  mul_i64:              { opcode: 0x61,  group: 'int64',   operands: d_a_b('i64'),                                       doc: 'd := a * b', does: [set('d', apply('i64.mul', a, b))] },
  and_i64:              { opcode: 0x62,  group: 'int64',   operands: d_a_b('i64'),                                       doc: 'd := a & b', does: [set('d', apply('i64.and', a, b))] },
  or_i64:               { opcode: 0x63,  group: 'int64',   operands: d_a_b('i64'),                                       doc: 'd := a | b', does: [set('d', apply('i64.or', a, b))] },
  xor_i64:              { opcode: 0x64,  group: 'int64',   operands: d_a_b('i64'),                                       doc: 'd := a ^ b', does: [set('d', apply('i64.xor', a, b))] },
  shl_i64:              { opcode: 0x65,  group: 'int64',   operands: d_a_b('i64'),                                       doc: 'd := a << b', does: [set('d', apply('i64.shl', a, b))] },
  shr_i64:              { opcode: 0x66,  group: 'int64',   operands: d_a_b('i64'),                                       doc: 'd := a >> b, signed', does: [set('d', apply('i64.shr_s', a, b))] },
  shru_i64:             { opcode: 0x67,  group: 'int64',   operands: d_a_b('i64'),                                       doc: 'd := a >> b, unsigned', does: [set('d', apply('i64.shr_u', a, b))] },
  rotl_i64:             { opcode: 0x68,  group: 'int64',   operands: d_a_b('i64'),                                       doc: 'd := a rotated left by b', does: [set('d', apply('i64.rotl', a, b))] },
  rotr_i64:             { opcode: 0x69,  group: 'int64',   operands: d_a_b('i64'),                                       doc: 'd := a rotated right by b', does: [set('d', apply('i64.rotr', a, b))] },
  add_i64_imm:          { opcode: 0x6a,  group: 'int64',   operands: [write('d', 'i64'), read('a', 'i64'), imm8('i64')], doc: 'd := a + k, k signed 8 bits', does: [set('d', apply('i64.add', a, k))] },
  and_i64_imm:          { opcode: 0x6b,  group: 'int64',   operands: [write('d', 'i64'), read('a', 'i64'), imm8('i64')], doc: 'd := a & k, k signed 8 bits', does: [set('d', apply('i64.and', a, k))] },
  shl_i64_imm:          { opcode: 0x6c,  group: 'int64',   operands: [write('d', 'i64'), read('a', 'i64'), imm8('i64')], doc: 'd := a << k, k signed 8 bits', does: [set('d', apply('i64.shl', a, k))] },
  shr_i64_imm:          { opcode: 0x6d,  group: 'int64',   operands: [write('d', 'i64'), read('a', 'i64'), imm8('i64')], doc: 'd := a >> k, signed, k signed 8 bits', does: [set('d', apply('i64.shr_s', a, k))] },
  shru_i64_imm:         { opcode: 0x6e,  group: 'int64',   operands: [write('d', 'i64'), read('a', 'i64'), imm8('i64')], doc: 'd := a >> k, unsigned, k signed 8 bits', does: [set('d', apply('i64.shr_u', a, k))] },
  rotl_i64_imm:         { opcode: 0x6f,  group: 'int64',   operands: [write('d', 'i64'), read('a', 'i64'), imm8('i64')], doc: 'd := a rotated left by k, k signed 8 bits', does: [set('d', apply('i64.rotl', a, k))] },
  eq_i64:               { opcode: 0x70,  group: 'int64',   operands: [write('d', 'i32'), read('a', 'i64'), read('b', 'i64')], doc: 'd := a = b', does: [set('d', apply('i64.eq', a, b))] },
  neq_i64:              { opcode: 0x71,  group: 'int64',   operands: [write('d', 'i32'), read('a', 'i64'), read('b', 'i64')], doc: 'd := a <> b', does: [set('d', apply('i64.ne', a, b))] },
  lt_i64:               { opcode: 0x72,  group: 'int64',   operands: [write('d', 'i32'), read('a', 'i64'), read('b', 'i64')], doc: 'd := a < b, signed', does: [set('d', apply('i64.lt_s', a, b))] },
  lte_i64:              { opcode: 0x73,  group: 'int64',   operands: [write('d', 'i32'), read('a', 'i64'), read('b', 'i64')], doc: 'd := a <= b, signed', does: [set('d', apply('i64.le_s', a, b))] },
  ltu_i64:              { opcode: 0x74,  group: 'int64',   operands: [write('d', 'i32'), read('a', 'i64'), read('b', 'i64')], doc: 'd := a < b, unsigned', does: [set('d', apply('i64.lt_u', a, b))] },
  lteu_i64:             { opcode: 0x75,  group: 'int64',   operands: [write('d', 'i32'), read('a', 'i64'), read('b', 'i64')], doc: 'd := a <= b, unsigned', does: [set('d', apply('i64.le_u', a, b))] },
  br_eq_i64:            { opcode: 0x76,  group: 'int64',   operands: [read('a', 'i64'), read('b', 'i64'), branch32],     doc: 'go to target if a = b', does: [branch(apply('i64.eq', a, b))] },
  br_neq_i64:           { opcode: 0x77,  group: 'int64',   operands: [read('a', 'i64'), read('b', 'i64'), branch32],     doc: 'go to target if a <> b', does: [branch(apply('i64.ne', a, b))] },
  br_lt_i64:            { opcode: 0x78,  group: 'int64',   operands: [read('a', 'i64'), read('b', 'i64'), branch32],     doc: 'go to target if a < b, signed', does: [branch(apply('i64.lt_s', a, b))] },
  br_lte_i64:           { opcode: 0x79,  group: 'int64',   operands: [read('a', 'i64'), read('b', 'i64'), branch32],     doc: 'go to target if a <= b, signed', does: [branch(apply('i64.le_s', a, b))] },
  br_ltu_i64:           { opcode: 0x7a,  group: 'int64',   operands: [read('a', 'i64'), read('b', 'i64'), branch32],     doc: 'go to target if a < b, unsigned', does: [branch(apply('i64.lt_u', a, b))] },
  br_lteu_i64:          { opcode: 0x7b,  group: 'int64',   operands: [read('a', 'i64'), read('b', 'i64'), branch32],     doc: 'go to target if a <= b, unsigned', does: [branch(apply('i64.le_u', a, b))] },
  wrap_i32:             { opcode: 0x7c,  group: 'int64',   operands: [write('d', 'i32'), read('a', 'i64')],              doc: 'd := the low 32 bits of a', does: [set('d', apply('i32.wrap_i64', a))] },
  extend_i64:           { opcode: 0x7d,  group: 'int64',   operands: [write('d', 'i64'), a_i32],                         doc: 'd := a, sign-extended', does: [set('d', apply('i64.extend_i32_s', a))] },
  extendu_i64:          { opcode: 0x7e,  group: 'int64',   operands: [write('d', 'i64'), a_i32],                         doc: 'd := a, zero-extended', does: [set('d', apply('i64.extend_i32_u', a))] },

  // f64: IEEE 754 binary64, round to nearest even, no fused operations
  add_f64:              { opcode: 0x7f,  group: 'float64', operands: d_a_b('f64'),                                       doc: 'd := a + b', does: [set('d', apply('f64.add', a, b))] },
  sub_f64:              { opcode: 0x80,  group: 'float64', operands: d_a_b('f64'),                                       doc: 'd := a - b', does: [set('d', apply('f64.sub', a, b))] },
  mul_f64:              { opcode: 0x81,  group: 'float64', operands: d_a_b('f64'),                                       doc: 'd := a * b', does: [set('d', apply('f64.mul', a, b))] },
  div_f64:              { opcode: 0x82,  group: 'float64', operands: d_a_b('f64'),                                       doc: 'd := a / b', does: [set('d', apply('f64.div', a, b))] },
  sqrt_f64:             { opcode: 0x83,  group: 'float64', operands: d_a('f64'),                                         doc: 'd := square root of a', does: [set('d', apply('f64.sqrt', a))] },
  neg_f64:              { opcode: 0x84,  group: 'float64', operands: d_a('f64'),                                         doc: 'd := -a', does: [set('d', apply('f64.neg', a))] },
  abs_f64:              { opcode: 0x85,  group: 'float64', operands: d_a('f64'),                                         doc: 'd := a without its sign', does: [set('d', apply('f64.abs', a))] },
  eq_f64:               { opcode: 0x86,  group: 'float64', operands: [write('d', 'i32'), read('a', 'f64'), read('b', 'f64')], doc: 'd := a = b', does: [set('d', apply('f64.eq', a, b))] },
  neq_f64:              { opcode: 0x87,  group: 'float64', operands: [write('d', 'i32'), read('a', 'f64'), read('b', 'f64')], doc: 'd := a <> b or either is NaN', does: [set('d', apply('f64.ne', a, b))] },
  lt_f64:               { opcode: 0x88,  group: 'float64', operands: [write('d', 'i32'), read('a', 'f64'), read('b', 'f64')], doc: 'd := a < b', does: [set('d', apply('f64.lt', a, b))] },
  lte_f64:              { opcode: 0x89,  group: 'float64', operands: [write('d', 'i32'), read('a', 'f64'), read('b', 'f64')], doc: 'd := a <= b', does: [set('d', apply('f64.le', a, b))] },
  br_eq_f64:            { opcode: 0x8a,  group: 'float64', operands: [read('a', 'f64'), read('b', 'f64'), branch32],     doc: 'go to target if a = b', does: [branch(apply('f64.eq', a, b))] },
  br_neq_f64:           { opcode: 0x8b,  group: 'float64', operands: [read('a', 'f64'), read('b', 'f64'), branch32],     doc: 'go to target if a <> b or either is NaN', does: [branch(apply('f64.ne', a, b))] },
  br_lt_f64:            { opcode: 0x8c,  group: 'float64', operands: [read('a', 'f64'), read('b', 'f64'), branch32],     doc: 'go to target if a < b', does: [branch(apply('f64.lt', a, b))] },
  br_lte_f64:           { opcode: 0x8d,  group: 'float64', operands: [read('a', 'f64'), read('b', 'f64'), branch32],     doc: 'go to target if a <= b', does: [branch(apply('f64.le', a, b))] },
  br_nlt_f64:           { opcode: 0x8e,  group: 'float64', operands: [read('a', 'f64'), read('b', 'f64'), branch32],     doc: 'go to target if not a < b', does: [branch(apply('i32.eqz', apply('f64.lt', a, b)))] },
  br_nlte_f64:          { opcode: 0x8f,  group: 'float64', operands: [read('a', 'f64'), read('b', 'f64'), branch32],     doc: 'go to target if not a <= b', does: [branch(apply('i32.eqz', apply('f64.le', a, b)))] },
  convert_f64_i32:      { opcode: 0x90,  group: 'float64', operands: [write('d', 'f64'), a_i32],                         doc: 'd := a, signed', does: [set('d', apply('f64.convert_i32_s', a))] },
  convert_i32_f64:      { opcode: 0x91,  group: 'float64', operands: [write('d', 'i32'), read('a', 'f64')],              doc: 'd := a toward zero, signed; saturates, NaN gives 0', does: [set('d', apply('i32.trunc_sat_f64_s', a))] },

  // memory: effective address = unsigned base + unsigned offset, never wrapped; any alignment
  load_i32:             { opcode: 0x92,  group: 'base',    operands: [write('d', 'i32'), base, offset32],                doc: 'd := memory[base + offset], 4 bytes', does: [set('d', load('i32.load', a, offset))] },
  load_i32_near:        { opcode: 0x93,  group: 'base',    operands: [write('d', 'i32'), base, offset8],                 doc: 'd := memory[base + offset], 4 bytes', does: [set('d', load('i32.load', a, offset))], shortens: 'load_i32' },
  load_i32_absolute:    { opcode: 0x94,  group: 'base',    operands: [write('d', 'i32'), offset32],                      doc: 'd := memory[offset], 4 bytes', does: [set('d', load('i32.load', undefined, offset))] },
  load8_i32:            { opcode: 0x95,  group: 'base',    operands: [write('d', 'i32'), base, offset32],                doc: 'd := memory[base + offset], 1 byte, sign-extended', does: [set('d', load('i32.load8_s', a, offset))] },
  load8_i32_near:       { opcode: 0x96,  group: 'base',    operands: [write('d', 'i32'), base, offset8],                 doc: 'd := memory[base + offset], 1 byte, sign-extended', does: [set('d', load('i32.load8_s', a, offset))], shortens: 'load8_i32' },
  load8_i32_absolute:   { opcode: 0x97,  group: 'base',    operands: [write('d', 'i32'), offset32],                      doc: 'd := memory[offset], 1 byte, sign-extended', does: [set('d', load('i32.load8_s', undefined, offset))] },
  load8u_i32:           { opcode: 0x98,  group: 'base',    operands: [write('d', 'i32'), base, offset32],                doc: 'd := memory[base + offset], 1 byte, zero-extended', does: [set('d', load('i32.load8_u', a, offset))] },
  load8u_i32_near:      { opcode: 0x99,  group: 'base',    operands: [write('d', 'i32'), base, offset8],                 doc: 'd := memory[base + offset], 1 byte, zero-extended', does: [set('d', load('i32.load8_u', a, offset))], shortens: 'load8u_i32' },
  load8u_i32_absolute:  { opcode: 0x9a,  group: 'base',    operands: [write('d', 'i32'), offset32],                      doc: 'd := memory[offset], 1 byte, zero-extended', does: [set('d', load('i32.load8_u', undefined, offset))] },
  load16_i32:           { opcode: 0x9b,  group: 'base',    operands: [write('d', 'i32'), base, offset32],                doc: 'd := memory[base + offset], 2 bytes, sign-extended', does: [set('d', load('i32.load16_s', a, offset))] },
  load16_i32_near:      { opcode: 0x9c,  group: 'base',    operands: [write('d', 'i32'), base, offset8],                 doc: 'd := memory[base + offset], 2 bytes, sign-extended', does: [set('d', load('i32.load16_s', a, offset))], shortens: 'load16_i32' },
  load16_i32_absolute:  { opcode: 0x9d,  group: 'base',    operands: [write('d', 'i32'), offset32],                      doc: 'd := memory[offset], 2 bytes, sign-extended', does: [set('d', load('i32.load16_s', undefined, offset))] },
  load16u_i32:          { opcode: 0x9e,  group: 'base',    operands: [write('d', 'i32'), base, offset32],                doc: 'd := memory[base + offset], 2 bytes, zero-extended', does: [set('d', load('i32.load16_u', a, offset))] },
  load16u_i32_near:     { opcode: 0x9f,  group: 'base',    operands: [write('d', 'i32'), base, offset8],                 doc: 'd := memory[base + offset], 2 bytes, zero-extended', does: [set('d', load('i32.load16_u', a, offset))], shortens: 'load16u_i32' },
  load16u_i32_absolute: { opcode: 0xa0,  group: 'base',    operands: [write('d', 'i32'), offset32],                      doc: 'd := memory[offset], 2 bytes, zero-extended', does: [set('d', load('i32.load16_u', undefined, offset))] },
  load_i64:             { opcode: 0xa1,  group: 'int64',   operands: [write('d', 'i64'), base, offset32],                doc: 'd := memory[base + offset], 8 bytes', does: [set('d', load('i64.load', a, offset))] },
  load_i64_near:        { opcode: 0xa2,  group: 'int64',   operands: [write('d', 'i64'), base, offset8],                 doc: 'd := memory[base + offset], 8 bytes', does: [set('d', load('i64.load', a, offset))], shortens: 'load_i64' },
  load_i64_absolute:    { opcode: 0xa3,  group: 'int64',   operands: [write('d', 'i64'), offset32],                      doc: 'd := memory[offset], 8 bytes', does: [set('d', load('i64.load', undefined, offset))] },
  load_f64:             { opcode: 0xa4,  group: 'float64', operands: [write('d', 'f64'), base, offset32],                doc: 'd := memory[base + offset], 8 bytes', does: [set('d', load('f64.load', a, offset))] },
  load_f64_near:        { opcode: 0xa5,  group: 'float64', operands: [write('d', 'f64'), base, offset8],                 doc: 'd := memory[base + offset], 8 bytes', does: [set('d', load('f64.load', a, offset))], shortens: 'load_f64' },
  load_f64_absolute:    { opcode: 0xa6,  group: 'float64', operands: [write('d', 'f64'), offset32],                      doc: 'd := memory[offset], 8 bytes', does: [set('d', load('f64.load', undefined, offset))] },
  store_i32:            { opcode: 0xa7,  group: 'base',    operands: [base, offset32, read('value', 'i32')],             doc: 'memory[base + offset] := value, 4 bytes', does: [store('i32.store', a, offset, value)] },
  store_i32_near:       { opcode: 0xa8,  group: 'base',    operands: [base, offset8, read('value', 'i32')],              doc: 'memory[base + offset] := value, 4 bytes', does: [store('i32.store', a, offset, value)], shortens: 'store_i32' },
  store_i32_absolute:   { opcode: 0xa9,  group: 'base',    operands: [offset32, read('value', 'i32')],                   doc: 'memory[offset] := value, 4 bytes', does: [store('i32.store', undefined, offset, value)] },
  store8_i32:           { opcode: 0xaa,  group: 'base',    operands: [base, offset32, read('value', 'i32')],             doc: 'memory[base + offset] := value, the low byte', does: [store('i32.store8', a, offset, value)] },
  store8_i32_near:      { opcode: 0xab,  group: 'base',    operands: [base, offset8, read('value', 'i32')],              doc: 'memory[base + offset] := value, the low byte', does: [store('i32.store8', a, offset, value)], shortens: 'store8_i32' },
  store8_i32_absolute:  { opcode: 0xac,  group: 'base',    operands: [offset32, read('value', 'i32')],                   doc: 'memory[offset] := value, the low byte', does: [store('i32.store8', undefined, offset, value)] },
  store16_i32:          { opcode: 0xad,  group: 'base',    operands: [base, offset32, read('value', 'i32')],             doc: 'memory[base + offset] := value, the low 2 bytes', does: [store('i32.store16', a, offset, value)] },
  store16_i32_near:     { opcode: 0xae,  group: 'base',    operands: [base, offset8, read('value', 'i32')],              doc: 'memory[base + offset] := value, the low 2 bytes', does: [store('i32.store16', a, offset, value)], shortens: 'store16_i32' },
  store16_i32_absolute: { opcode: 0xaf,  group: 'base',    operands: [offset32, read('value', 'i32')],                   doc: 'memory[offset] := value, the low 2 bytes', does: [store('i32.store16', undefined, offset, value)] },
  store_i64:            { opcode: 0xb0,  group: 'int64',   operands: [base, offset32, read('value', 'i64')],             doc: 'memory[base + offset] := value, 8 bytes', does: [store('i64.store', a, offset, value)] },
  store_i64_near:       { opcode: 0xb1,  group: 'int64',   operands: [base, offset8, read('value', 'i64')],              doc: 'memory[base + offset] := value, 8 bytes', does: [store('i64.store', a, offset, value)], shortens: 'store_i64' },
  store_i64_absolute:   { opcode: 0xb2,  group: 'int64',   operands: [offset32, read('value', 'i64')],                   doc: 'memory[offset] := value, 8 bytes', does: [store('i64.store', undefined, offset, value)] },
  store_f64:            { opcode: 0xb3,  group: 'float64', operands: [base, offset32, read('value', 'f64')],             doc: 'memory[base + offset] := value, 8 bytes, any NaN as the canonical one', does: [store('f64.store', a, offset, canonical(value))] },
  store_f64_near:       { opcode: 0xb4,  group: 'float64', operands: [base, offset8, read('value', 'f64')],              doc: 'memory[base + offset] := value, 8 bytes, any NaN as the canonical one', does: [store('f64.store', a, offset, canonical(value))], shortens: 'store_f64' },
  store_f64_absolute:   { opcode: 0xb5,  group: 'float64', operands: [offset32, read('value', 'f64')],                   doc: 'memory[offset] := value, 8 bytes, any NaN as the canonical one', does: [store('f64.store', undefined, offset, canonical(value))] },

  // behind the escape byte: bits of integers
  clz_i32:              { opcode: 0x100, group: 'base',    operands: d_a('i32'),                                         doc: 'd := count of leading zero bits of a', does: [set('d', apply('i32.clz', a))] },
  ctz_i32:              { opcode: 0x101, group: 'base',    operands: d_a('i32'),                                         doc: 'd := count of trailing zero bits of a', does: [set('d', apply('i32.ctz', a))] },
  popcnt_i32:           { opcode: 0x102, group: 'base',    operands: d_a('i32'),                                         doc: 'd := count of one bits of a', does: [set('d', apply('i32.popcnt', a))] },
  extend8_i32:          { opcode: 0x103, group: 'base',    operands: d_a('i32'),                                         doc: 'd := the low 8 bits of a, sign-extended', does: [set('d', apply('i32.extend8_s', a))] },
  extend16_i32:         { opcode: 0x104, group: 'base',    operands: d_a('i32'),                                         doc: 'd := the low 16 bits of a, sign-extended', does: [set('d', apply('i32.extend16_s', a))] },
  clz_i64:              { opcode: 0x105, group: 'int64',   operands: d_a('i64'),                                         doc: 'd := count of leading zero bits of a', does: [set('d', apply('i64.clz', a))] },
  ctz_i64:              { opcode: 0x106, group: 'int64',   operands: d_a('i64'),                                         doc: 'd := count of trailing zero bits of a', does: [set('d', apply('i64.ctz', a))] },
  popcnt_i64:           { opcode: 0x107, group: 'int64',   operands: d_a('i64'),                                         doc: 'd := count of one bits of a', does: [set('d', apply('i64.popcnt', a))] },
  extend8_i64:          { opcode: 0x108, group: 'int64',   operands: d_a('i64'),                                         doc: 'd := the low 8 bits of a, sign-extended', does: [set('d', apply('i64.extend8_s', a))] },
  extend16_i64:         { opcode: 0x109, group: 'int64',   operands: d_a('i64'),                                         doc: 'd := the low 16 bits of a, sign-extended', does: [set('d', apply('i64.extend16_s', a))] },
  extend32_i64:         { opcode: 0x10a, group: 'int64',   operands: d_a('i64'),                                         doc: 'd := the low 32 bits of a, sign-extended', does: [set('d', apply('i64.extend32_s', a))] },
  neg_i32:              { opcode: 0x10b, group: 'base',    operands: d_a('i32'),                                         doc: 'd := -a', does: [set('d', apply('i32.sub', constant('i32', 0), a))] },
  neg_i64:              { opcode: 0x10c, group: 'int64',   operands: d_a('i64'),                                         doc: 'd := -a', does: [set('d', apply('i64.sub', constant('i64', 0n), a))] },

  // behind the escape byte: i64 division
  div_i64:              { opcode: 0x10d, group: 'int64',   operands: d_a_b('i64'),                                       doc: 'd := a / b, signed, toward zero', does: [trapIf(apply('i64.eq', b, constant('i64', 0n)), 'divide_by_zero'), trapIf(apply('i32.and', apply('i64.eq', a, constant('i64', -9223372036854775808n)), apply('i64.eq', b, constant('i64', -1n))), 'overflow'), set('d', apply('i64.div_s', a, b))] },
  divu_i64:             { opcode: 0x10e, group: 'int64',   operands: d_a_b('i64'),                                       doc: 'd := a / b, unsigned', does: [trapIf(apply('i64.eq', b, constant('i64', 0n)), 'divide_by_zero'), set('d', apply('i64.div_u', a, b))] },
  rem_i64:              { opcode: 0x10f, group: 'int64',   operands: d_a_b('i64'),                                       doc: 'd := remainder of a / b with the sign of a', does: [trapIf(apply('i64.eq', b, constant('i64', 0n)), 'divide_by_zero'), set('d', apply('i64.rem_s', a, b))] },
  remu_i64:             { opcode: 0x110, group: 'int64',   operands: d_a_b('i64'),                                       doc: 'd := remainder of a / b, unsigned', does: [trapIf(apply('i64.eq', b, constant('i64', 0n)), 'divide_by_zero'), set('d', apply('i64.rem_u', a, b))] },

  // behind the escape byte: f64
  min_f64:              { opcode: 0x111, group: 'float64', operands: d_a_b('f64'),                                       doc: 'd := the lesser; NaN if either is; -0 < +0', does: [set('d', apply('f64.min', a, b))] },
  max_f64:              { opcode: 0x112, group: 'float64', operands: d_a_b('f64'),                                       doc: 'd := the greater; NaN if either is; -0 < +0', does: [set('d', apply('f64.max', a, b))] },
  copysign_f64:         { opcode: 0x113, group: 'float64', operands: d_a_b('f64'),                                       doc: 'd := a with the sign of b, NaN in b counting as positive', does: [set('d', apply('f64.copysign', a, canonical(b)))] },
  flr_f64:              { opcode: 0x114, group: 'float64', operands: d_a('f64'),                                         doc: 'd := greatest integer <= a', does: [set('d', apply('f64.floor', a))] },
  cil_f64:              { opcode: 0x115, group: 'float64', operands: d_a('f64'),                                         doc: 'd := least integer >= a', does: [set('d', apply('f64.ceil', a))] },
  tnc_f64:              { opcode: 0x116, group: 'float64', operands: d_a('f64'),                                         doc: 'd := a toward zero to an integer', does: [set('d', apply('f64.trunc', a))] },
  nearest_f64:          { opcode: 0x117, group: 'float64', operands: d_a('f64'),                                         doc: 'd := nearest integer to a, ties to even', does: [set('d', apply('f64.nearest', a))] },

  // behind the escape byte: conversions
  convertu_f64_i32:     { opcode: 0x118, group: 'float64', operands: [write('d', 'f64'), read('a', 'i32')],              doc: 'd := a, unsigned', does: [set('d', apply('f64.convert_i32_u', a))] },
  convert_f64_i64:      { opcode: 0x119, group: 'float64', operands: [write('d', 'f64'), read('a', 'i64')],              doc: 'd := a, signed, rounded once', does: [set('d', apply('f64.convert_i64_s', a))] },
  convertu_f64_i64:     { opcode: 0x11a, group: 'float64', operands: [write('d', 'f64'), read('a', 'i64')],              doc: 'd := a, unsigned, rounded once', does: [set('d', apply('f64.convert_i64_u', a))] },
  convertu_i32_f64:     { opcode: 0x11b, group: 'float64', operands: [write('d', 'i32'), read('a', 'f64')],              doc: 'd := a toward zero, unsigned; saturates, NaN gives 0', does: [set('d', apply('i32.trunc_sat_f64_u', a))] },
  convert_i64_f64:      { opcode: 0x11c, group: 'float64', operands: [write('d', 'i64'), read('a', 'f64')],              doc: 'd := a toward zero, signed; saturates, NaN gives 0', does: [set('d', apply('i64.trunc_sat_f64_s', a))] },
  convertu_i64_f64:     { opcode: 0x11d, group: 'float64', operands: [write('d', 'i64'), read('a', 'f64')],              doc: 'd := a toward zero, unsigned; saturates, NaN gives 0', does: [set('d', apply('i64.trunc_sat_f64_u', a))] },
  bits_i64_f64:         { opcode: 0x11e, group: 'float64', operands: [write('d', 'i64'), read('a', 'f64')],              doc: 'd := the bits of a, any NaN as the canonical one', does: [set('d', apply('i64.reinterpret_f64', canonical(a)))] },
  bits_f64_i64:         { opcode: 0x11f, group: 'float64', operands: [write('d', 'f64'), read('a', 'i64')],              doc: 'd := the number whose bits a holds', does: [set('d', apply('f64.reinterpret_i64', a))] },
  round32_f64:          { opcode: 0x120, group: 'float32', operands: [write('d', 'f64'), read('a', 'f64')],              doc: 'd := a rounded to binary32', does: [set('d', apply('f64.promote_f32', apply('f32.demote_f64', a)))] },
  convert32_f64_i64:    { opcode: 0x121, group: 'float32', operands: [write('d', 'f64'), read('a', 'i64')],              doc: 'd := a, signed, rounded once to binary32', does: [set('d', apply('f64.promote_f32', apply('f32.convert_i64_s', a)))] },
  convert32u_f64_i64:   { opcode: 0x122, group: 'float32', operands: [write('d', 'f64'), read('a', 'i64')],              doc: 'd := a, unsigned, rounded once to binary32', does: [set('d', apply('f64.promote_f32', apply('f32.convert_i64_u', a)))] },
  bits32_i32_f64:       { opcode: 0x123, group: 'float32', operands: [write('d', 'i32'), read('a', 'f64')],              doc: 'd := the bits of a as binary32, any NaN as the canonical one', does: [set('d', apply('i32.reinterpret_f32', apply('f32.demote_f64', canonical(a))))] },
  bits32_f64_i32:       { opcode: 0x124, group: 'float32', operands: [write('d', 'f64'), read('a', 'i32')],              doc: 'd := the binary32 number whose bits a holds', does: [set('d', apply('f64.promote_f32', apply('f32.reinterpret_i32', a)))] },

  // behind the escape byte: memory accesses that are narrower than their register
  load8_i64:            { opcode: 0x130, group: 'int64',   operands: [write('d', 'i64'), base, offset32],                doc: 'd := memory[base + offset], 1 byte, sign-extended', does: [set('d', load('i64.load8_s', a, offset))] },
  load8_i64_absolute:   { opcode: 0x131, group: 'int64',   operands: [write('d', 'i64'), offset32],                      doc: 'd := memory[offset], 1 byte, sign-extended', does: [set('d', load('i64.load8_s', undefined, offset))] },
  load8u_i64:           { opcode: 0x132, group: 'int64',   operands: [write('d', 'i64'), base, offset32],                doc: 'd := memory[base + offset], 1 byte, zero-extended', does: [set('d', load('i64.load8_u', a, offset))] },
  load8u_i64_absolute:  { opcode: 0x133, group: 'int64',   operands: [write('d', 'i64'), offset32],                      doc: 'd := memory[offset], 1 byte, zero-extended', does: [set('d', load('i64.load8_u', undefined, offset))] },
  load16_i64:           { opcode: 0x134, group: 'int64',   operands: [write('d', 'i64'), base, offset32],                doc: 'd := memory[base + offset], 2 bytes, sign-extended', does: [set('d', load('i64.load16_s', a, offset))] },
  load16_i64_absolute:  { opcode: 0x135, group: 'int64',   operands: [write('d', 'i64'), offset32],                      doc: 'd := memory[offset], 2 bytes, sign-extended', does: [set('d', load('i64.load16_s', undefined, offset))] },
  load16u_i64:          { opcode: 0x136, group: 'int64',   operands: [write('d', 'i64'), base, offset32],                doc: 'd := memory[base + offset], 2 bytes, zero-extended', does: [set('d', load('i64.load16_u', a, offset))] },
  load16u_i64_absolute: { opcode: 0x137, group: 'int64',   operands: [write('d', 'i64'), offset32],                      doc: 'd := memory[offset], 2 bytes, zero-extended', does: [set('d', load('i64.load16_u', undefined, offset))] },
  load32_i64:           { opcode: 0x138, group: 'int64',   operands: [write('d', 'i64'), base, offset32],                doc: 'd := memory[base + offset], 4 bytes, sign-extended', does: [set('d', load('i64.load32_s', a, offset))] },
  load32_i64_absolute:  { opcode: 0x139, group: 'int64',   operands: [write('d', 'i64'), offset32],                      doc: 'd := memory[offset], 4 bytes, sign-extended', does: [set('d', load('i64.load32_s', undefined, offset))] },
  load32u_i64:          { opcode: 0x13a, group: 'int64',   operands: [write('d', 'i64'), base, offset32],                doc: 'd := memory[base + offset], 4 bytes, zero-extended', does: [set('d', load('i64.load32_u', a, offset))] },
  load32u_i64_absolute: { opcode: 0x13b, group: 'int64',   operands: [write('d', 'i64'), offset32],                      doc: 'd := memory[offset], 4 bytes, zero-extended', does: [set('d', load('i64.load32_u', undefined, offset))] },
  load32_f64:           { opcode: 0x13c, group: 'float32', operands: [write('d', 'f64'), base, offset32],                doc: 'd := memory[base + offset], a binary32 number', does: [set('d', apply('f64.promote_f32', load('f32.load', a, offset)))] },
  load32_f64_absolute:  { opcode: 0x13d, group: 'float32', operands: [write('d', 'f64'), offset32],                      doc: 'd := memory[offset], a binary32 number', does: [set('d', apply('f64.promote_f32', load('f32.load', undefined, offset)))] },
  store8_i64:           { opcode: 0x13e, group: 'int64',   operands: [base, offset32, read('value', 'i64')],             doc: 'memory[base + offset] := value, the low byte', does: [store('i64.store8', a, offset, value)] },
  store8_i64_absolute:  { opcode: 0x13f, group: 'int64',   operands: [offset32, read('value', 'i64')],                   doc: 'memory[offset] := value, the low byte', does: [store('i64.store8', undefined, offset, value)] },
  store16_i64:          { opcode: 0x140, group: 'int64',   operands: [base, offset32, read('value', 'i64')],             doc: 'memory[base + offset] := value, the low 2 bytes', does: [store('i64.store16', a, offset, value)] },
  store16_i64_absolute: { opcode: 0x141, group: 'int64',   operands: [offset32, read('value', 'i64')],                   doc: 'memory[offset] := value, the low 2 bytes', does: [store('i64.store16', undefined, offset, value)] },
  store32_i64:          { opcode: 0x142, group: 'int64',   operands: [base, offset32, read('value', 'i64')],             doc: 'memory[base + offset] := value, the low 4 bytes', does: [store('i64.store32', a, offset, value)] },
  store32_i64_absolute: { opcode: 0x143, group: 'int64',   operands: [offset32, read('value', 'i64')],                   doc: 'memory[offset] := value, the low 4 bytes', does: [store('i64.store32', undefined, offset, value)] },
  store32_f64:          { opcode: 0x144, group: 'float32', operands: [base, offset32, read('value', 'f64')],             doc: 'memory[base + offset] := value, rounded to binary32, any NaN as the canonical one', does: [store('f32.store', a, offset, apply('f32.demote_f64', canonical(value)))] },
  store32_f64_absolute: { opcode: 0x145, group: 'float32', operands: [offset32, read('value', 'f64')],                   doc: 'memory[offset] := value, rounded to binary32, any NaN as the canonical one', does: [store('f32.store', undefined, offset, apply('f32.demote_f64', canonical(value)))] },

  // behind the escape byte: bulk memory and its size
  memory_bytes:         { opcode: 0x150, group: 'base',    operands: [write('d', 'i32')],                                doc: 'd := bytes of memory, unsigned', does: [set('d', { kind: 'memory_bytes' })] },
  copy:                 { opcode: 0x151, group: 'bulk',    operands: [read('to', 'i32'), read('from', 'i32'), read('bytes', 'i32')], doc: 'copy bytes bytes from from to to, as if through a buffer', does: [{ kind: 'copy', to: operand('to'), from: operand('from'), bytes: operand('bytes') }] },
  fill:                 { opcode: 0x152, group: 'bulk',    operands: [read('to', 'i32'), read('value', 'i32'), read('bytes', 'i32')], doc: 'set bytes bytes at to to the low byte of value', does: [{ kind: 'fill', to: operand('to'), value: operand('value'), bytes: operand('bytes') }] },

  // behind the escape byte: ports
  bell:                 { opcode: 0x158, group: 'ports',   operands: [read('a', 'i32')],                                 doc: 'publish the rings of port a', does: [{ kind: 'bell', port: a }] },
  wait:                 { opcode: 0x159, group: 'ports',   operands: [write('d', 'i64'), read('a', 'i64')],              doc: 'sleep until a port of the set a has news; d := those that have', does: [{ kind: 'wait', to: 'd', mask: a }] },
  poll:                 { opcode: 0x15a, group: 'ports',   operands: [write('d', 'i64'), read('a', 'i64')],              doc: 'd := the ports of the set a that have news', does: [{ kind: 'poll', to: 'd', mask: a }] },
} as const satisfies Record<string, RowText>;

/** The name of an instruction row. */
export type RowName = keyof typeof rows;

const NAME = /^(.+?)((?:_(?:i32|i64|f64))*)((?:_(?:imm8|imm|short|near|absolute))*)$/;

function complete(name: string, text: RowText): Row {
  const [, family = name, types = ''] = NAME.exec(name) ?? [];
  return Object.freeze({ ...text, name, family, mnemonic: family + types });
}

/** Every instruction, in the order of the book. */
export const BOOK: readonly Row[] = Object.freeze(Object.entries(rows).map(([name, text]) => complete(name, text)));

/** The instruction of a name. */
export const ROWS: ReadonlyMap<string, Row> = new Map(BOOK.map((row) => [row.name, row]));

/** Another spelling of a mnemonic: the same instruction with two operands exchanged. */
export interface Alias {
  /** The mnemonic that is meant. */
  readonly mnemonic: string;
  /** The positions of the operands that change places. */
  readonly exchange: readonly [number, number];
}

const ORDERS = [['gt', 'lt'], ['gte', 'lte'], ['gtu', 'ltu'], ['gteu', 'lteu'], ['ngt', 'nlt'], ['ngte', 'nlte']] as const;
const TYPES = ['i32', 'i64', 'f64'] as const;

/**
 * Comparisons that are written but not encoded, by mnemonic: `gt_i32 d, a, b` is `lt_i32 d, b, a`. They stand
 * for register operands; forms with a constant have rows of their own.
 */
export const ALIASES: ReadonlyMap<string, Alias> = new Map(
  TYPES.flatMap((type) =>
    ORDERS.flatMap(([written, meant]) => [
      [`${written}_${type}`, { mnemonic: `${meant}_${type}`, exchange: [1, 2] }] as [string, Alias],
      [`br_${written}_${type}`, { mnemonic: `br_${meant}_${type}`, exchange: [0, 1] }] as [string, Alias],
    ]),
  ).filter(([, alias]) => BOOK.some((row) => row.mnemonic === alias.mnemonic)),
);

/** Mnemonics whose constant operand is encoded negated under another: `sub_i32 d, a, 3` is `add_i32 d, a, -3`. */
export const NEGATED: ReadonlyMap<string, string> = new Map([['sub_i32', 'add_i32'], ['sub_i64', 'add_i64']]);

/**
 * Conditions by name, each with its opposite, for structured code: `br_` + name is the branch.
 * On f64, "not less" is not "greater or equal", because of NaN.
 */
export const OPPOSITES: Readonly<Record<'integer' | 'float', Readonly<Record<string, string>>>> = Object.freeze({
  integer: {
    eq: 'neq', neq: 'eq', lt: 'gte', lte: 'gt', gt: 'lte', gte: 'lt',
    ltu: 'gteu', lteu: 'gtu', gtu: 'lteu', gteu: 'ltu',
  },
  float: {
    eq: 'neq', neq: 'eq', lt: 'nlt', lte: 'nlte', gt: 'ngt', gte: 'ngte',
    nlt: 'lt', nlte: 'lte', ngt: 'gt', ngte: 'gte',
  },
});
