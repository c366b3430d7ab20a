/**
 * One instruction of the guest: its meaning, as the book writes it, in WebAssembly's words.
 *
 * No instruction is named here: effects, operands and types say everything. Locals, labels and the ways out are the lowering's.
 */
import { BYTES_PER_FUEL, type Access, type Effect, type Expression, type OperandValue, type Signature, TRAPS, type ValueType } from '../isa-spec/index.js';
import { hasRegister, type PlacedInstruction } from '../vm/internal/index.js';
import { WASM_ACCESSES } from './accesses.js';
import { factsOf } from './facts.js';
import type { CodeNode } from './flow.js';
import { chargeOrLeave, refund } from './fuel.js';
import { BIAS, CELL, WHY } from './layout.js';
import type { Lowering } from './lower.js';
import { I32, I64 } from './numbers.js';
import { OPERATOR_BYTES } from './operators.js';
import type { Scope } from './scope.js';
import { compiledSignature, leavesCompiled } from './surroundings.js';
import { WASM, type WasmBytes } from './wasm.js';

const sameSignature = (left: Signature, right: Signature): boolean =>
  left.parameters.join() === right.parameters.join() && left.results.join() === right.results.join();

/** One instruction. */
export class InstructionLowering {
  readonly #code: WasmBytes;
  readonly #scope: Scope;

  /** @param at the number of the node that holds it */
  constructor(
    readonly body: Lowering,
    readonly at: number,
    readonly node: CodeNode,
    readonly instruction: PlacedInstruction,
  ) {
    this.#code = body.code;
    this.#scope = node.scope;
  }

  /** @param charge the units of fuel that it takes if it is a `check` */
  write(charge: number): void {
    for (const effect of this.instruction.row.does) this.#effect(effect, charge);
  }

  #operand(name: string): { readonly value: OperandValue; readonly type: ValueType | undefined; readonly isRegister: boolean } {
    const { row, operands } = this.instruction;
    const position = factsOf(row).places.get(name) as number;
    const { kind, type } = row.operands[position] as (typeof row.operands)[number];
    return { value: operands[position] as OperandValue, type, isRegister: kind === 'read' || kind === 'write' };
  }
  #list(name: string): readonly number[] {
    return this.#operand(name).value as readonly number[];
  }

  #value(expression: Expression): void {
    const { body } = this;
    switch (expression.kind) {
      case 'operand': {
        const { value, type, isRegister } = this.#operand(expression.name);
        if (isRegister) return body.getRegister(this.#scope, value as number);
        return body.constant(type ?? 'i32', value as number | bigint);
      }
      case 'constant':
        return body.constant(expression.type, expression.value);
      case 'apply':
        for (const value of expression.values) this.#value(value);
        this.#code.raw(...OPERATOR_BYTES[expression.operator]);
        return;
      case 'select':
        this.#value(expression.then);
        this.#value(expression.otherwise);
        this.#value(expression.condition);
        this.#code.raw(WASM.select);
        return;
      case 'load':
        this.#access(expression.access, expression, undefined);
        return;
      case 'memory_bytes':
        this.#code
          .raw(WASM.memory_size, 0, WASM.i32_const)
          .s32(BIAS >> 16)
          .raw(I32.sub, WASM.i32_const)
          .s32(16)
          .raw(I32.shl);
        return;
      default:
        return expression satisfies never;
    }
  }

  #access(access: Access, { base, offset }: { readonly base: Expression | undefined; readonly offset: Expression }, value: Expression | undefined): void {
    if (offset.kind !== 'operand') throw new Error('an offset is an operand: the book is checked');
    const register = base === undefined ? undefined : this.#registerOf(base);
    let deferred = 0;
    if (base === undefined) this.#code.raw(WASM.i32_const).s32(0);
    else if (register === undefined) this.#value(base);
    else deferred = this.body.getBase(this.#scope, register);
    const at = (this.#operand(offset.name).value as number) + BIAS + deferred;
    if (value !== undefined) this.#value(value);
    this.body.mark(this.#scope, this.instruction.pc);
    // No memory reaches there, with its own offset or with this one.
    if (at > 0xffffffff) this.#code.raw(WASM.unreachable);
    this.#code.raw(WASM_ACCESSES[access], 0).u32(Math.min(at, 0xffffffff));
    if (register !== undefined) this.body.accessedAt(this.#scope, register);
  }

  /** The register that an expression is, if it is one and nothing else. */
  #registerOf(expression: Expression): number | undefined {
    if (expression.kind !== 'operand') return undefined;
    const { value, isRegister } = this.#operand(expression.name);
    return isRegister ? (value as number) : undefined;
  }

  /** Whether an effect adds a constant to a register that was used as an address, and the addition could be put off. */
  #isDeferred({ to, value }: Extract<Effect, { kind: 'set' }>): boolean {
    if (value.kind !== 'apply' || value.operator !== 'i32.add') return false;
    const [sum, by] = value.values as readonly [Expression, Expression];
    const register = this.#operand(to).value as number;
    if (this.#registerOf(sum) !== register || by.kind !== 'operand' || this.#registerOf(by) !== undefined) return false;
    return this.body.deferAddition(this.#scope, register, this.#operand(by.name).value as number);
  }

  /** Leaves compiled code at this instruction. */
  #leave(why: number): void {
    const { body, node, instruction } = this;
    body.addDeferred();
    refund(this.#code, body.fuel, node.prepaid);
    body.setExit(instruction.pc, why);
    body.leave(this.#scope);
  }

  /** Leaves compiled code at this instruction if a condition holds. */
  #leaveIf(why: number, condition: () => void): void {
    const { body, node, instruction } = this;
    if (node.prepaid === 0 && !body.hasDeferred) {
      body.setExit(instruction.pc, why);
      condition();
      return body.leaveIf(this.#scope);
    }
    condition();
    body.openIf();
    this.#leave(why);
    body.close();
  }

  /** The bytes from an address on, as an i64, and whether they end beyond memory. */
  #rangeEndsBeyond(start: Expression, bytes: Expression): void {
    const code = this.#code;
    this.#value(start);
    code.raw(I64.extend_u);
    this.#value(bytes);
    code.raw(I64.extend_u, I64.add);
    code.raw(WASM.memory_size, 0, I64.extend_u, WASM.i64_const).s64(16n).raw(I64.shl, WASM.i64_const).s64(BigInt(BIAS)).raw(I64.sub, I64.gt_u);
  }
  #biased(address: Expression): void {
    this.#value(address);
    this.#code.raw(WASM.i32_const).s32(BIAS).raw(I32.add);
  }
  #chargeFor(bytes: Expression): void {
    const { body } = this;
    const code = this.#code;
    const shift = Math.log2(BYTES_PER_FUEL);
    code.raw(WASM.local_get).u32(body.fuel);
    this.#value(bytes);
    code
      .raw(WASM.i32_const)
      .s32(BYTES_PER_FUEL - 1)
      .raw(I32.add, WASM.i32_const)
      .s32(shift)
      .raw(I32.shr_u, I32.sub, WASM.local_tee)
      .u32(body.fuel);
    code.raw(WASM.i32_const).s32(0).raw(I32.lt_s);
    body.openIf();
    body.storeCell(CELL.debt, () => {
      code.raw(WASM.i32_const).s32(0).raw(I32.load, 2).u32(CELL.debt).raw(WASM.local_get).u32(body.fuel).raw(I32.sub);
    });
    code.raw(WASM.i32_const).s32(0).raw(WASM.local_set).u32(body.fuel);
    body.close();
  }

  #effect(effect: Effect, charge: number): void {
    const { body, at, node } = this;
    const { successors } = node;
    switch (effect.kind) {
      case 'set':
        if (this.#isDeferred(effect)) return;
        this.#value(effect.value);
        return body.setRegister(this.#scope, this.#operand(effect.to).value as number);
      case 'store':
        return this.#access(effect.access, effect, effect.value);
      case 'trap_if':
        return this.#leaveIf(WHY.trap + TRAPS[effect.trap].code, () => this.#value(effect.condition));
      case 'trap':
        return this.#leave(WHY.trap + (this.#operand(effect.code).value as number));
      case 'branch':
        return body.branch(at, successors, () => this.#value(effect.condition));
      case 'jump':
        return body.goTo(at, successors[0] as number);
      case 'jump_table':
        body.settle();
        this.#value(effect.index);
        return body.branchTable(at, successors);
      case 'call': {
        if (node.enters !== undefined && this.instruction === node.instructions.at(-1)) return this.#enter(node.enters, effect);
        const target = body.around.functionOf(this.#operand(effect.callee).value as number);
        if (target === undefined) return this.#leave(WHY.call);
        return this.#call(effect.values, effect.results, () => this.#code.raw(WASM.call).u32(target));
      }
      case 'call_table':
        return this.#callTable(effect);
      case 'return':
        return this.#return(this.#list(effect.values));
      case 'check':
        if (charge === 0) return;
        body.settle();
        body.setExit(this.instruction.pc, WHY.fuel);
        return chargeOrLeave(this.#code, body.fuel, charge, () => body.leaveIf(this.#scope));
      case 'copy':
        this.#leaveIf(WHY.trap + TRAPS.memory_access.code, () => {
          this.#rangeEndsBeyond(effect.to, effect.bytes);
          this.#rangeEndsBeyond(effect.from, effect.bytes);
          this.#code.raw(I32.or);
        });
        this.#biased(effect.to);
        this.#biased(effect.from);
        this.#value(effect.bytes);
        this.#code.raw(WASM.prefix, WASM.memory_copy, 0, 0);
        return this.#chargeFor(effect.bytes);
      case 'fill':
        this.#leaveIf(WHY.trap + TRAPS.memory_access.code, () => this.#rangeEndsBeyond(effect.to, effect.bytes));
        this.#biased(effect.to);
        this.#value(effect.value);
        this.#value(effect.bytes);
        this.#code.raw(WASM.prefix, WASM.memory_fill, 0);
        return this.#chargeFor(effect.bytes);
      case 'bell':
      case 'wait':
      case 'poll':
        return this.#leave(WHY.port);
      default:
        return effect satisfies never;
    }
  }

  #call(values: string, results: string, call: () => void): void {
    const { body } = this;
    const code = this.#code;
    body.settle();
    body.setExit(this.instruction.pc);
    for (const register of this.#list(values)) body.getRegister(this.#scope, register);
    body.handOver(this.#scope);
    body.mark(this.#scope, this.instruction.pc);
    call();
    // While code is being left the results are not the callee's: registers keep what the call, made anew, needs.
    code.raw(WASM.local_tee).u32(body.fuel).raw(WASM.i32_const).s32(0).raw(I32.lt_s);
    body.unwindIf(this.#scope);
    // Of a register that is named twice the last result stays.
    const set = new Set<number>();
    for (const register of [...this.#list(results)].reverse()) {
      if (set.has(register)) code.raw(WASM.drop);
      else body.setRegister(this.#scope, register);
      set.add(register);
    }
  }

  /** Goes on in the function whose code stands in the place of this call: what a call does to its frame, without a call. */
  #enter(entered: Scope, effect: Extract<Effect, { kind: 'call' }>): void {
    const { body } = this;
    const code = this.#code;
    this.#leaveIf(WHY.call, () => code.raw(WASM.local_get).u32(body.room).raw(WASM.i32_const).s32(entered.bytesAbove).raw(I32.lt_s));
    const values = this.#list(effect.values);
    values.forEach((register, parameter) => {
      body.getRegister(this.#scope, register);
      body.setRegister(entered, parameter);
    });
    const live = entered.body.liveBefore(0);
    entered.types.forEach((type, register) => {
      if (register < values.length || !hasRegister(live, register)) return;
      body.constant(type, 0);
      body.setRegister(entered, register);
    });
  }

  #return(registers: readonly number[]): void {
    const { body, at, node } = this;
    const { caller } = this.#scope;
    if (caller === undefined) {
      refund(this.#code, body.fuel, node.prepaid);
      return body.returnValues(registers);
    }
    const { row, operands } = caller.call;
    const { call, places } = factsOf(row);
    const results = operands[places.get((call as Extract<Effect, { kind: 'call' }>).results) as number] as readonly number[];
    registers.forEach((register, place) => {
      body.getRegister(this.#scope, register);
      body.setRegister(caller.scope, results[place] as number);
    });
    body.goTo(at, node.successors[0] as number);
  }

  #callTable(effect: Extract<Effect, { kind: 'call_table' }>): void {
    const { body } = this;
    const { program, module } = body.around;
    const code = this.#code;
    if (leavesCompiled(this.instruction, body.around)) return this.#leave(WHY.call);
    const { table, signatures } = program.program;
    const signature = signatures[this.#operand(effect.signature).value as number] as Signature;
    this.#leaveIf(WHY.trap + TRAPS.undefined_function.code, () => {
      this.#value(effect.index);
      code.raw(WASM.i32_const).s32(table.length).raw(I32.ge_u);
    });
    const fits = table.map((entry) => sameSignature(program.signatureOf(entry), signature));
    if (fits.includes(false)) {
      body.open();
      body.open();
      this.#value(effect.index);
      code.raw(WASM.br_table).u32(fits.length);
      for (const isFit of [...fits, false]) code.u32(isFit ? 1 : 0);
      body.close();
      this.#leave(WHY.trap + TRAPS.signature_mismatch.code);
      body.close();
    }
    this.#call(effect.values, effect.results, () => {
      this.#value(effect.index);
      code
        .raw(WASM.call_indirect)
        .u32(module.signature(compiledSignature(signature)))
        .raw(0);
    });
  }
}
