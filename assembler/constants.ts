/**
 * Constant expressions: exact integers of any size, floats, addresses, sizes, properties of ports.
 *
 * Two integers give an integer, an integer and a float a float. Every fault is reported where it stands and gives undefined;
 * what depends on a faulty constant is silent. Addresses are known after layout: what layout itself depends on may not use them.
 */
import type { ValueType } from '../isa-spec/index.js';
import type { BinaryOperator, Expression, Name, Path, Span } from './ast.js';
import type { DiagnosticCode, Report } from './diagnostics.js';
import { INTEGER_BITS_MAX, type Constant } from './literals.js';
import type { ConstDeclaration, Declaration, Module, Port, PortDeclarations } from './modules.js';

/** Constants that every file knows; a declaration of the same name hides them. */
export const BUILT_IN: ReadonlyMap<string, Constant> = new Map([
  ['infinity', Infinity],
  ['nan', Number.NaN],
]);

/** Most names and operators from one constant to the last that it depends on. */
const DEPTH_MAX = 1000;

/** What may stand before the parentheses of `len(data)`. */
const APPLICABLE: readonly string[] = ['len', 'end', 'index'];

/** Where an expression stands: whose names it may use. */
export interface Scope {
  readonly module: Module;
  /** Names that were reported as unknown here. */
  readonly unknown: Set<string>;
  /** The registers of the function around it. */
  readonly registers: ReadonlyMap<string, { readonly type: ValueType | undefined }> | undefined;
}

/** What a path stands for, beside a constant. */
export type Thing = Declaration | { readonly kind: 'element'; readonly port: Port };

/** Evaluates constant expressions. */
export class Constants {
  /** Whether addresses are known. */
  addressesKnown = false;
  /** For each function of the table, the index of its first entry. */
  tableIndexes: ReadonlyMap<Declaration, number> = new Map();
  #depth = 0;

  constructor(readonly report: Report) {}

  #fail(scope: Scope, code: DiagnosticCode, { start, end }: Span, message: string, ...notes: readonly string[]): undefined {
    this.report.error(code, scope.module.source, start, end, message, ...notes);
    return undefined;
  }

  /** The value of an expression, or undefined after reporting why it has none. */
  evaluate(scope: Scope, expression: Expression): Constant | undefined {
    if (expression.kind === 'constant') return expression.value;
    if (this.#depth >= DEPTH_MAX) {
      return this.#fail(
        scope,
        'constant_depth',
        expression,
        `more than ${DEPTH_MAX} names and operators lead from one constant to another`,
        'declare constants in the order in which they depend on one another',
      );
    }
    this.#depth++;
    try {
      return this.#value(scope, expression);
    } finally {
      this.#depth--;
    }
  }

  #value(scope: Scope, expression: Exclude<Expression, { kind: 'constant' }>): Constant | undefined {
    switch (expression.kind) {
      case 'unary': {
        const value = this.evaluate(scope, expression.value);
        if (value === undefined) return undefined;
        if (expression.operator === '+') return value;
        if (expression.operator === '-') return -value;
        return typeof value === 'bigint' ? ~value : this.#fail(scope, 'constant_type', expression, '`~` of a float', 'it is for integers');
      }
      case 'binary': {
        const left = this.evaluate(scope, expression.left);
        const right = this.evaluate(scope, expression.right);
        if (left === undefined || right === undefined) return undefined;
        if (typeof left === 'bigint' && typeof right === 'bigint') return this.#integers(scope, expression, left, right);
        return this.#floats(scope, expression, Number(left), Number(right));
      }
      case 'apply':
        return this.#apply(scope, expression);
      case 'name': {
        const builtIn = scope.module.names.has(expression.name) ? undefined : BUILT_IN.get(expression.name);
        if (builtIn !== undefined && scope.registers?.has(expression.name) !== true) return builtIn;
        return this.#constantOf(scope, expression);
      }
      case 'member': {
        const of = this.find(scope, expression.of);
        if (of === undefined) return undefined;
        if (of.kind === 'namespace') return this.#constantOf(scope, expression);
        return this.#property(scope, expression.of, of, expression.name);
      }
      case 'index':
        return this.#constantOf(scope, expression);
      default:
        return expression satisfies never;
    }
  }

  #integers(scope: Scope, place: Span & { readonly operator: BinaryOperator }, left: bigint, right: bigint): bigint | undefined {
    let value: bigint;
    switch (place.operator) {
      case '+':
        value = left + right;
        break;
      case '-':
        value = left - right;
        break;
      case '*':
        value = left * right;
        break;
      case '&':
        return left & right;
      case '|':
        return left | right;
      case '^':
        return left ^ right;
      case '/':
      case '%':
        if (right === 0n) return this.#fail(scope, 'division_by_zero', place, 'division by zero');
        return place.operator === '/' ? left / right : left % right;
      case '<<':
      case '>>':
        if (right < 0n || right > INTEGER_BITS_MAX)
          return this.#fail(scope, 'out_of_range', place, `a shift by ${shortened(right)}`, `shifts go from 0 to ${INTEGER_BITS_MAX}`);
        if (place.operator === '>>') return left >> right;
        value = left << right;
        break;
      default:
        return place.operator satisfies never;
    }
    const rest = value >> BigInt(INTEGER_BITS_MAX);
    return rest === 0n || rest === -1n ? value : this.#fail(scope, 'number_too_large', place, `a result of more than ${INTEGER_BITS_MAX} bits`);
  }

  #floats(scope: Scope, place: Span & { readonly operator: BinaryOperator }, left: number, right: number): number | undefined {
    switch (place.operator) {
      case '+':
        return left + right;
      case '-':
        return left - right;
      case '*':
        return left * right;
      case '/':
        return left / right;
      default:
        return this.#fail(scope, 'constant_type', place, `\`${place.operator}\` of a float`, 'floats have + - * and /');
    }
  }

  /** `len(data)`: its bytes. `end(data)`: the address behind it. `index(function)`: its first entry in the function table. */
  #apply(scope: Scope, { name, of, start, end }: Extract<Expression, { kind: 'apply' }>): Constant | undefined {
    if (!APPLICABLE.includes(name.name)) {
      return this.#fail(
        scope,
        'unknown_name',
        name,
        `there is no \`${name.name}(...)\` in constants`,
        ...this.report.suggest(name.name, APPLICABLE),
        'functions are called by `call f(...)`, on a line of its own',
      );
    }
    const thing = this.findDeclared(scope, of);
    if (thing === undefined) return undefined;
    if (name.name !== 'index') {
      if (thing.kind !== 'data') return this.#wrongKind(scope, of, thing, 'data');
      if (thing.item.broken || thing.bytes < 0) return undefined;
      if (name.name === 'len') return BigInt(thing.bytes);
      return this.addressesKnown ? BigInt((thing.address ?? 0) + thing.bytes) : this.#notKnown(scope, of);
    }
    if (thing.kind !== 'func') return this.#wrongKind(scope, of, thing, 'a function');
    const index = this.tableIndexes.get(thing);
    if (index === undefined)
      return this.#fail(scope, 'wrong_kind', { start, end }, `\`${textOf(of)}\` is not in the function table`, `put it there by a line: table ${textOf(of)}`);
    return BigInt(index);
  }

  #wrongKind(scope: Scope, place: Span & Path, thing: Thing, wanted: string, ...notes: readonly string[]): undefined {
    return this.#fail(scope, 'wrong_kind', place, `\`${textOf(place)}\` is ${kindName(thing)}; ${wanted} is needed here`, ...notes);
  }

  /** The constant that a path stands for. */
  #constantOf(scope: Scope, path: Path): Constant | undefined {
    const thing = this.find(scope, path);
    switch (thing?.kind) {
      case undefined:
        return undefined;
      case 'const':
        return this.constant(thing, scope, path);
      case 'data':
        if (!this.addressesKnown) return this.#notKnown(scope, path);
        return thing.item.broken ? undefined : BigInt(thing.address ?? 0);
      case 'element':
        return this.#window(scope, path, thing.port);
      case 'port':
        if (thing.single !== undefined) return this.#window(scope, path, thing.single);
        if (thing.item.protocol === undefined) return undefined;
        return this.#fail(
          scope,
          'wrong_kind',
          path,
          `\`${textOf(path)}\` is an array of ports`,
          `name one of them: ${textOf(path)}[${thing.elements.keys().next().value ?? 1}]`,
        );
      case 'func':
        return this.#wrongKind(scope, path, thing, 'a constant', 'index(f) is the index of a function in the function table');
      case 'type':
      case 'namespace':
        return this.#wrongKind(scope, path, thing, 'a constant');
      default:
        return thing satisfies never;
    }
  }

  #window(scope: Scope, place: Path, port: Port): bigint | undefined {
    return port.placed ? BigInt(port.window) : this.#notKnown(scope, place);
  }

  #notKnown(scope: Scope, place: Path): undefined {
    return this.#fail(
      scope,
      'address_not_known',
      place,
      `the address of \`${textOf(place)}\` is not known yet`,
      'addresses are computed from sizes, placements, alignments and port options',
    );
  }

  #property(scope: Scope, path: Path, thing: Thing, name: Name): bigint | undefined {
    const port = thing.kind === 'element' ? thing.port : thing.kind === 'port' ? thing.single : undefined;
    if (port === undefined) {
      if (thing.kind === 'port' && thing.item.protocol === undefined) return undefined;
      const notes = thing.kind === 'port' ? [`name one of them: ${textOf(path)}[${thing.elements.keys().next().value ?? 1}].${name.name}`] : [];
      return this.#fail(scope, 'wrong_kind', name, `\`${textOf(path)}\` is ${kindName(thing)} and has no \`${name.name}\``, ...notes);
    }
    switch (name.name) {
      case 'number':
        return BigInt(port.number);
      case 'depth':
        return BigInt(port.depth);
      case 'message':
        return BigInt(port.messageBytes);
      default:
        return this.#fail(
          scope,
          'unknown_name',
          name,
          `a port has no \`${name.name}\``,
          ...this.report.suggest(name.name, ['number', 'depth', 'message']),
          'ports have number, depth and message; their name alone is the address of their window',
        );
    }
  }

  /** The value of a named constant; `scope` and `place` are where it is used. */
  constant(declaration: ConstDeclaration, scope: Scope = scopeOf(declaration.module), place: Span = declaration.item.name): Constant | undefined {
    if (declaration.state === 'done') return declaration.value;
    if (declaration.state === 'busy') return this.#fail(scope, 'constant_cycle', place, `\`${declaration.item.name.name}\` depends on itself`);
    const { value } = declaration.item;
    if (value === undefined) return undefined;
    declaration.state = 'busy';
    declaration.value = this.evaluate(scopeOf(declaration.module), value);
    declaration.state = 'done';
    return declaration.value;
  }

  /** What a path stands for where a register cannot: registers do not hide it. */
  findDeclared(scope: Scope, path: Path): Thing | undefined {
    return this.find({ ...scope, registers: undefined }, path);
  }

  /** What a path stands for, or undefined after reporting that it stands for nothing. */
  find(scope: Scope, path: Path): Thing | undefined {
    switch (path.kind) {
      case 'name': {
        const register = scope.registers?.get(path.name);
        if (register !== undefined) {
          if (register.type === undefined) return undefined;
          return this.#fail(
            scope,
            'operand_kind',
            path,
            `\`${path.name}\` is a register; a constant is needed here`,
            'what depends on registers is computed by instructions',
          );
        }
        const found = scope.module.names.get(path.name);
        return found ?? this.unknown(scope, path, names(scope), path.name);
      }
      case 'member': {
        const of = this.find(scope, path.of);
        if (of === undefined) return undefined;
        if (of.kind !== 'namespace')
          return this.#fail(scope, 'wrong_kind', path.name, `\`${textOf(path.of)}\` is ${kindName(of)} and has no \`${path.name.name}\``);
        if (of.module === undefined) return undefined;
        return of.module.names.get(path.name.name) ?? this.unknown(scope, path.name, of.module.names.keys(), textOf(path), of.module);
      }
      case 'index': {
        const of = this.find(scope, path.of);
        if (of === undefined) return undefined;
        if (of.kind !== 'port' || of.single !== undefined)
          return this.#wrongKind(scope, path.of, of, 'an array of ports', 'memory is read by load: load x, [address + offset]');
        return this.#element(scope, path.index, of, textOf(path.of));
      }
      default:
        return path satisfies never;
    }
  }

  #element(scope: Scope, place: Expression, { elements, item }: PortDeclarations, name: string): Thing | undefined {
    const index = this.evaluate(scope, place);
    if (index === undefined || item.protocol === undefined) return undefined;
    const port = typeof index === 'bigint' ? elements.get(index) : undefined;
    if (port !== undefined) return { kind: 'element', port };
    const all = [...elements.keys()];
    return this.#fail(
      scope,
      'out_of_range',
      place,
      `there is no \`${name}[${typeof index === 'bigint' ? shortened(index) : index}]\``,
      `its elements go from ${all[0]} to ${all.at(-1)}`,
    );
  }

  /** Reports a name that nothing has, once in its scope; `where` is the file that was to have it, if it was told. */
  unknown(scope: Scope, place: Span, known: Iterable<string>, shown: string, where?: Module): undefined {
    if (scope.unknown.has(shown)) return undefined;
    scope.unknown.add(shown);
    const wrong = shown.slice(shown.lastIndexOf('.') + 1);
    const message = where === undefined ? `nothing is called \`${shown}\`` : `${where.source.path} has no \`${wrong}\``;
    const near = this.report.suggest(wrong, known);
    // Of another file the reader may not know the names.
    const notes = near.length === 0 && where !== undefined && where.names.size > 0 ? [`it has ${listed(where.names)}`] : near;
    return this.#fail(scope, 'unknown_name', place, message, ...notes);
  }
}

const LISTED_MAX = 12;

/** The names of a file, the first ones if they are many. */
function listed(names: ReadonlyMap<string, unknown>): string {
  const first: string[] = [];
  for (const name of names.keys()) {
    if (first.length === LISTED_MAX) return `${first.join(', ')} and ${names.size - LISTED_MAX} more`;
    first.push(name);
  }
  return first.join(', ');
}

/** The scope of declarations. */
export function scopeOf(module: Module): Scope {
  return { module, unknown: module.unknown, registers: undefined };
}

function* names({ module, registers }: Scope): Iterable<string> {
  if (registers !== undefined) yield* registers.keys();
  yield* module.names.keys();
}

/** A path as it is written. */
export function textOf(path: Path): string {
  switch (path.kind) {
    case 'name':
      return path.name;
    case 'member':
      return `${textOf(path.of)}.${path.name.name}`;
    case 'index':
      return `${textOf(path.of)}[${path.index.kind === 'constant' ? path.index.value : '...'}]`;
    default:
      return path satisfies never;
  }
}

const KINDS: Readonly<Record<Thing['kind'], string>> = {
  const: 'a constant',
  data: 'data',
  func: 'a function',
  type: 'a signature',
  port: 'a port',
  element: 'a port',
  namespace: 'a namespace',
};

/** What a thing is, in words. */
export function kindName(thing: Thing): string {
  return thing.kind === 'port' && thing.single === undefined ? 'an array of ports' : KINDS[thing.kind];
}

/** An integer for a message. */
export function shortened(value: bigint): string {
  const text = value.toString();
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}

/** Range of integers of so many bits, signed or unsigned. */
function rangeOf(bits: number): readonly [bigint, bigint] {
  return [-(1n << BigInt(bits - 1)), (1n << BigInt(bits)) - 1n];
}
const RANGES = { 8: rangeOf(8), 16: rangeOf(16), 32: rangeOf(32), 64: rangeOf(64) } as const;

/** An integer as the signed one with the same bits, or undefined if it fits neither signed nor unsigned. */
export function wrapped(value: bigint, bits: keyof typeof RANGES): bigint | undefined {
  const [least, most] = RANGES[bits];
  return value < least || value > most ? undefined : BigInt.asIntN(bits, value);
}
