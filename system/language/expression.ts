/**
 * Numbers with units, expressions and paths of names: their trees, their one spelling, and their value.
 *
 * A quantity has a dimension; sums need equal ones, and a product has at most one. Times come out in nanoseconds, sizes in bytes, rates in hertz,
 * chances as parts of one.
 */

/** What a number measures. */
export type Dimension = 'none' | 'bytes' | 'time' | 'rate' | 'chance';

/** Units by name: what they measure, and how many of the smallest one they are. */
export const UNITS: ReadonlyMap<string, { readonly dimension: Dimension; readonly factor: number }> = new Map([
  ['B', { dimension: 'bytes', factor: 1 }],
  ['KiB', { dimension: 'bytes', factor: 2 ** 10 }],
  ['MiB', { dimension: 'bytes', factor: 2 ** 20 }],
  ['GiB', { dimension: 'bytes', factor: 2 ** 30 }],
  ['pages', { dimension: 'bytes', factor: 2 ** 16 }],
  ['ns', { dimension: 'time', factor: 1 }],
  ['us', { dimension: 'time', factor: 1e3 }],
  ['ms', { dimension: 'time', factor: 1e6 }],
  ['s', { dimension: 'time', factor: 1e9 }],
  ['min', { dimension: 'time', factor: 60e9 }],
  ['Hz', { dimension: 'rate', factor: 1 }],
  ['kHz', { dimension: 'rate', factor: 1e3 }],
  ['MHz', { dimension: 'rate', factor: 1e6 }],
  ['GHz', { dimension: 'rate', factor: 1e9 }],
  ['percent', { dimension: 'chance', factor: 0.01 }],
]);

/** The operators. */
export const OPERATORS = ['+', '-', '*', '/', '%'] as const;
/** One of them. */
export type Operator = (typeof OPERATORS)[number];

/** An expression as a tree. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number; readonly unit?: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'operation'; readonly operator: Operator; readonly left: Expression; readonly right: Expression };

/** One step of a path: a name, with the index of an element, or `*` for all of them. */
export interface Segment {
  readonly name: string;
  readonly index?: Expression | '*';
}
/** A path of names: `node[i].cache.below`. */
export type Reference = readonly Segment[];

const binds = (operator: Operator): number => (operator === '+' || operator === '-' ? 1 : 2);

/** A number as it is written. */
export const numberText = (value: number): string => String(value);

/** The one spelling of an expression. @param outer how tightly what stands around it binds */
export function expressionText(expression: Expression, outer = 0): string {
  switch (expression.kind) {
    case 'number':
      return expression.unit === undefined ? numberText(expression.value) : `${numberText(expression.value)} ${expression.unit}`;
    case 'name':
      return expression.name;
    case 'operation': {
      const { operator, left, right } = expression;
      const strength = binds(operator);
      const text = `${expressionText(left, strength)} ${operator} ${expressionText(right, strength + 1)}`;
      return strength < outer ? `(${text})` : text;
    }
    default:
      return expression satisfies never;
  }
}

/** The one spelling of a path. */
export function referenceText(reference: Reference): string {
  return reference.map(({ name, index }) => (index === undefined ? name : `${name}[${index === '*' ? '*' : expressionText(index)}]`)).join('.');
}

/** A value with what it measures. */
export interface Quantity {
  readonly value: number;
  readonly dimension: Dimension;
}
/** Why an expression has no value. */
export interface NoValue {
  readonly code: 'unknown_name' | 'bad_unit' | 'bad_number';
  readonly message: string;
  /** The name that nothing has. */
  readonly name?: string;
}

const DIMENSION_NAMES: Readonly<Record<Dimension, string>> = { none: 'a plain number', bytes: 'a size', time: 'a time', rate: 'a rate', chance: 'a chance' };
/** What a dimension is called in messages. */
export const dimensionName = (dimension: Dimension): string => DIMENSION_NAMES[dimension];

/** The value of an expression, or why it has none. */
export function evaluate(expression: Expression, names: (name: string) => Quantity | undefined): Quantity | NoValue {
  switch (expression.kind) {
    case 'number': {
      const unit = expression.unit === undefined ? undefined : UNITS.get(expression.unit);
      if (unit === undefined) return { value: expression.value, dimension: 'none' };
      const { dimension, factor } = unit;
      if (dimension === 'chance') return { value: expression.value / 100, dimension };
      const value = expression.value * factor;
      const whole = Math.round(value);
      // A decimal fraction of a unit is meant exactly although its binary is not.
      return { value: Math.abs(value - whole) <= 1e-9 * Math.abs(value) ? whole : value, dimension };
    }
    case 'name':
      return names(expression.name) ?? { code: 'unknown_name', message: `nothing is called \`${expression.name}\``, name: expression.name };
    case 'operation': {
      const left = evaluate(expression.left, names);
      const right = evaluate(expression.right, names);
      if ('code' in left) return left;
      return 'code' in right ? right : apply(expression.operator, left, right);
    }
    default:
      return expression satisfies never;
  }
}

function apply(operator: Operator, left: Quantity, right: Quantity): Quantity | NoValue {
  const wrong = (): NoValue => ({
    code: 'bad_unit',
    message: `${DIMENSION_NAMES[left.dimension]} ${operator} ${DIMENSION_NAMES[right.dimension]} means nothing`,
  });
  const found = (value: number, dimension: Dimension): Quantity | NoValue =>
    Number.isFinite(value)
      ? { value, dimension }
      : { code: 'bad_number', message: `${operator === '/' || operator === '%' ? 'a division by zero' : 'a number beyond all bounds'}` };
  switch (operator) {
    case '+':
      return left.dimension === right.dimension ? found(left.value + right.value, left.dimension) : wrong();
    case '-':
      return left.dimension === right.dimension ? found(left.value - right.value, left.dimension) : wrong();
    case '*':
      if (left.dimension !== 'none' && right.dimension !== 'none') return wrong();
      return found(left.value * right.value, left.dimension === 'none' ? right.dimension : left.dimension);
    case '/':
      if (right.dimension !== 'none' && right.dimension !== left.dimension) return wrong();
      return found(left.value / right.value, right.dimension === 'none' ? left.dimension : 'none');
    case '%':
      return left.dimension === right.dimension ? found(left.value - right.value * Math.floor(left.value / right.value), left.dimension) : wrong();
    default:
      return operator satisfies never;
  }
}
