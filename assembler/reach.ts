/**
 * Reachability: which functions and data go into the program, and what each function's body declares.
 *
 * Roots are exports, `main`, what is marked `keep`, and data at a fixed place. From there: calls, the constants and
 * addresses that bodies and data name, and the function table once anything uses it. Nothing is reported here.
 */
import type { ValueType } from '../isa-spec/index.js';
import type { Condition, Expression, Name, Operand, Path, Span, Statement } from './ast.js';
import type { Report } from './diagnostics.js';
import { WORDS } from './mnemonics.js';
import {
  declarationOf,
  firstDeclared,
  type ConstDeclaration,
  type DataDeclaration,
  type Declaration,
  type FunctionDeclaration,
  type Module,
} from './modules.js';

/** A register by name. */
export interface Register extends Span {
  /** Its number in the frame. */
  readonly index: number;
  /** Undefined where its declaration was wrong. */
  readonly type: ValueType | undefined;
}

/** A label by name. */
export interface Label {
  /** Position of the statement that declares it. */
  readonly at: number;
  used: boolean;
  /** Whether a branch leads back to it. */
  backward: boolean;
}

/** What a function's body declares. */
export interface Facts {
  /** By name; the first ones are the parameters. */
  readonly registers: ReadonlyMap<string, Register>;
  /** The type of each register. */
  readonly types: readonly ValueType[];
  readonly labels: ReadonlyMap<string, Label>;
  /** For the position of a loop, the condition at its end. */
  readonly endConditions: ReadonlyMap<number, Condition | undefined>;
}

/** Finds what a function's body declares; names that are declared twice are reported. */
export function factsOf({ module, item, body }: FunctionDeclaration, report: Report): Facts {
  const registers = new Map<string, Register>();
  const types: ValueType[] = [];
  const labels = new Map<string, Label>();
  const endConditions = new Map<number, Condition | undefined>();
  const open: number[] = [];
  const twice = ({ start, end }: Span, name: string, first: Span): void =>
    report.error('duplicate_name', module.source, start, end, `\`${name}\` is declared twice in \`${item.name.name}\``, firstDeclared(module.source, first));
  const declare = (names: readonly (Span & { readonly name: string; readonly type: ValueType | undefined })[]): void => {
    for (const { name, type, start, end } of names) {
      const known = registers.get(name);
      if (name === '_') report.error('wrong_kind', module.source, start, end, '`_` cannot be a register', '`_` stands for a result that is not wanted');
      else if (known !== undefined) twice({ start, end }, name, known);
      else registers.set(name, { index: types.length, type, start, end });
      if (known === undefined) types.push(type ?? 'i32');
    }
  };
  declare(item.parameters);
  for (const name of item.lost) if (!registers.has(name)) registers.set(name, { index: 0, type: undefined, start: 0, end: 0 });
  body.forEach((statement, at) => {
    switch (statement.kind) {
      case 'local':
        declare(statement.names);
        break;
      case 'label': {
        const known = labels.get(statement.name);
        if (known !== undefined) twice(statement, statement.name, body[known.at] as Statement);
        else labels.set(statement.name, { at, used: false, backward: false });
        break;
      }
      case 'loop':
        open.push(at);
        break;
      case 'if':
      case 'broken':
        open.push(-1);
        break;
      case 'end': {
        const opened = open.pop() ?? -1;
        if (opened >= 0) endConditions.set(opened, statement.condition);
        break;
      }
      default:
    }
  });
  if (labels.size > 0) findBranches(body, labels);
  return { registers, types, labels, endConditions };
}

function findBranches(body: readonly Statement[], labels: ReadonlyMap<string, Label>): void {
  body.forEach((statement, at) => {
    if (statement.kind !== 'instruction') return;
    const targetAt = WORDS.get(statement.word)?.targetAt ?? -1;
    if (targetAt < 0) return;
    for (let index = targetAt; index < statement.operands.length; index++) {
      const operand = statement.operands[index] as Operand;
      const label = operand.kind === 'name' ? labels.get(operand.name) : undefined;
      if (label === undefined) continue;
      label.used = true;
      if (label.at <= at) label.backward = true;
    }
  });
}

/** What goes into the program. */
export interface Reached {
  /** In the order of their indexes. */
  readonly functions: readonly FunctionDeclaration[];
  /** Entries of the function table; none if nothing uses it. */
  readonly table: readonly FunctionDeclaration[];
}

/** Marks what is reached from the roots: functions get their indexes in order of declaration, data is kept. */
export function reach(modules: readonly Module[], factsOfFunction: (declaration: FunctionDeclaration) => Facts): Reached {
  const work: FunctionDeclaration[] = [];
  const reached = new Set<Declaration>();
  const entries = tableEntries(modules);
  let tableUsed = false;

  const useTable = (): void => {
    if (tableUsed) return;
    tableUsed = true;
    for (const entry of entries) mark(entry);
  };
  const pending: (ConstDeclaration | DataDeclaration)[] = [];
  const mark = (declaration: Declaration | undefined): void => {
    if (declaration === undefined || reached.has(declaration)) return;
    switch (declaration.kind) {
      case 'func':
        work.push(declaration);
        break;
      case 'data':
        declaration.kept = true;
        pending.push(declaration);
        break;
      case 'const':
        pending.push(declaration);
        break;
      case 'port':
      case 'type':
      case 'namespace':
        return;
      default:
        declaration satisfies never;
    }
    reached.add(declaration);
  };
  const walk = (module: Module, operand: Operand, registers: ReadonlyMap<string, unknown> | undefined): void => {
    switch (operand.kind) {
      case 'constant':
        return;
      case 'name':
      case 'member':
      case 'index': {
        if (registers?.has(rootOf(operand).name) === true) return;
        const declaration = declarationOf(module, operand);
        // A function named alone is no constant; the table is the way to it.
        if (declaration?.kind !== 'func') mark(declaration);
        return;
      }
      case 'apply':
        if (operand.name.name === 'index') useTable();
        else if (operand.name.name === 'end') mark(declarationOf(module, operand.of));
        return;
      case 'unary':
        walk(module, operand.value, registers);
        return;
      case 'binary':
        walk(module, operand.left, registers);
        walk(module, operand.right, registers);
        return;
      case 'memory':
        walk(module, operand.address, registers);
        return;
      default:
        operand satisfies never;
    }
  };
  const walkCondition = (module: Module, condition: Condition | undefined, registers: ReadonlyMap<string, unknown>): void => {
    for (const operand of condition?.operands ?? []) walk(module, operand, registers);
  };
  const walkStatement = (module: Module, statement: Statement, registers: ReadonlyMap<string, unknown>): void => {
    switch (statement.kind) {
      case 'instruction': {
        const { operands } = statement;
        const targetAt = WORDS.get(statement.word)?.targetAt ?? -1;
        const count = targetAt < 0 ? operands.length : Math.min(targetAt, operands.length);
        for (let index = 0; index < count; index++) walk(module, operands[index] as Operand, registers);
        return;
      }
      case 'call':
        for (const value of statement.values) walk(module, value, registers);
        if (statement.callee.kind === 'index') {
          useTable();
          walk(module, statement.callee.index, registers);
        } else {
          mark(declarationOf(module, statement.callee));
        }
        return;
      case 'if':
      case 'else_if':
      case 'loop':
      case 'end':
      case 'break':
      case 'continue':
        walkCondition(module, statement.condition, registers);
        return;
      case 'label':
      case 'local':
      case 'else':
      case 'broken':
        return;
      default:
        statement satisfies never;
    }
  };

  for (const module of modules) {
    for (const item of module.items) if (item.kind === 'table' && item.keep) useTable();
    for (const declaration of module.declared) {
      if (declaration.kind === 'func') {
        const { item } = declaration;
        if (item.keep || item.exports !== undefined || isMain(declaration)) mark(declaration);
      } else if (declaration.kind === 'data') {
        const { item } = declaration;
        if (item.keep || item.exports !== undefined || item.at !== undefined) mark(declaration);
      }
    }
  }
  for (;;) {
    const declaration = pending.pop() ?? work.pop();
    if (declaration === undefined) break;
    const { module } = declaration;
    if (declaration.kind === 'func') {
      const { registers } = factsOfFunction(declaration);
      for (const statement of declaration.body) walkStatement(module, statement, registers);
    } else if (declaration.kind === 'const') {
      if (declaration.item.value !== undefined) walk(module, declaration.item.value, undefined);
    } else {
      for (const value of declaration.item.values) if (value.kind !== 'text') walk(module, value, undefined);
    }
  }

  const functions: FunctionDeclaration[] = [];
  for (const module of modules) {
    for (const declaration of module.declared) {
      if (declaration.kind !== 'func' || !reached.has(declaration)) continue;
      declaration.index = functions.length;
      functions.push(declaration);
    }
  }
  return { functions, table: tableUsed ? entries : [] };
}

/** The functions that the `table` lines name, in order; what is no function is left out, which is reported elsewhere. */
export function tableEntries(modules: readonly Module[]): FunctionDeclaration[] {
  const entries: FunctionDeclaration[] = [];
  for (const module of modules) {
    for (const item of module.items) {
      if (item.kind !== 'table') continue;
      for (const entry of item.entries) {
        const found = declarationOf(module, entry);
        if (found?.kind === 'func') entries.push(found);
      }
    }
  }
  return entries;
}

/** Whether a function is the one that is exported of itself. */
export function isMain({ module, item }: FunctionDeclaration): boolean {
  return module.source.order === 0 && item.name.name === 'main';
}

/** Whether that function may have such parameters and results: what starts it has no values for it, and takes one integer at most. */
export function isMainSignature({ parameters, results }: { readonly parameters: readonly unknown[]; readonly results: readonly ValueType[] }): boolean {
  return parameters.length === 0 && results.length <= 1 && results[0] !== 'f64';
}

function rootOf(path: Path): Name {
  let at: Expression = path;
  while (at.kind === 'member' || at.kind === 'index') at = at.of;
  return at as Name;
}
