/**
 * From the canonical JSON back to `.sys`: the one spelling of each statement, one a line. What is printed reads as the same model.
 */
import { keywordOf } from './language/parser.js';
import type { FaultEntry, ModelSettings, Range, Scalar, Statement, SystemModel, Value } from './model.js';

const INDENT = '    ';
/** Most characters of a line with its settings; longer ones get a line for each setting. */
const LINE_MAX = 120;

/** The text of a model. It ends with a line end. */
export function printSystem({ statements }: SystemModel): string {
  return statements.map((statement, index) => `${isApart(statement, statements[index - 1]) ? '\n' : ''}${lines(statement, '')}`).join('');
}

/** Whether a blank line stands before a statement: between different kinds, and around blocks. */
const isApart = (statement: Statement, before: Statement | undefined): boolean =>
  before !== undefined && (before.kind !== statement.kind || 'statements' in statement) && !(isThing(before) && isThing(statement));
const isThing = ({ kind }: Statement): boolean => kind === 'pu' || kind === 'device' || kind === 'place';

function lines(statement: Statement, indent: string): string {
  const { head, settings, statements } = partsOf(statement, indent);
  if (statements === undefined) return `${indent}${head}${block(settings, indent, head.length)}\n`;
  const own = settingTexts(settings).map((text) => `${indent}${INDENT}${text}\n`);
  if (own.length === 0 && statements.length === 0) return `${indent}${head} {\n${indent}}\n`;
  return `${indent}${head} {\n${own.join('')}${statements.map((inner) => lines(inner, indent + INDENT)).join('')}${indent}}\n`;
}

interface Parts {
  readonly head: string;
  readonly settings?: ModelSettings | undefined;
  readonly statements?: readonly Statement[];
}

function partsOf(statement: Statement, indent: string): Parts {
  const keyword = keywordOf(statement);
  switch (statement.kind) {
    case 'use':
      return { head: `use ${textOf(statement.path)}${statement.as === undefined ? '' : ` as ${statement.as}`}` };
    case 'program':
      return { head: `program ${statement.name} ${textOf(statement.path)}` };
    case 'const':
      return { head: `const ${statement.name} = ${scalarText(statement.value)}` };
    case 'computer':
      return { head: `computer ${named(statement)}`, settings: statement.settings, statements: statement.statements };
    case 'box':
      return {
        head: `box ${statement.name}${statement.parameters === undefined ? '' : `(${statement.parameters.join(', ')})`}`,
        statements: statement.statements,
      };
    case 'place':
      return { head: `box ${named(statement)}: ${statement.box}`, settings: statement.settings };
    case 'pu':
      return { head: `pu ${named(statement)} runs ${statement.program}`, settings: statement.settings };
    case 'device':
      return { head: `device ${named(statement)}: ${statement.protocol}`, settings: statement.settings };
    case 'link':
      return { head: `${statement.from} -> ${statement.to}`, settings: statement.settings };
    case 'export':
      return { head: `export ${statement.name} = ${statement.of}` };
    case 'for':
      return { head: `for ${statement.variable} in ${rangeText(statement.range)}`, statements: statement.statements };
    case 'deploy':
      return { head: `deploy ${statement.name}`, statements: statement.statements };
    case 'all':
      return { head: `all on ${statement.host}`, settings: statement.settings };
    case 'mock':
    case 'drive':
      return { head: `${keyword} ${statement.target} ${statement.how}${behind(statement.value)}`, settings: statement.settings };
    case 'play':
      return { head: `play ${statement.target} by ${statement.by}` };
    case 'fault':
      return { head: `fault ${statement.target} ${faultsText(statement.faults, indent)}` };
    case 'expect':
      return { head: `expect ${statement.target} ${statement.what}${behind(statement.value)}`, settings: statement.settings };
    default:
      return statement satisfies never;
  }
}

const named = ({ name, range }: { readonly name: string; readonly range?: Range }): string => (range === undefined ? name : `${name}[${rangeText(range)}]`);
const scalarText = (scalar: Scalar): string => (typeof scalar === 'number' ? String(scalar) : scalar.expression);
const rangeText = ([least, most]: Range): string => `${scalarText(least)}..${scalarText(most)}`;
const behind = (value: Value | undefined): string => (value === undefined ? '' : ` ${valueText(value)}`);

/** Settings; a flag that is set is its name alone, unless it would be taken for another name of the list before it. */
function settingTexts(settings: ModelSettings | undefined): string[] {
  let isBehindNames = false;
  return Object.entries(settings ?? {}).map(([name, value]) => {
    const text = value === true && !isBehindNames ? name : `${name} ${valueText(value)}`;
    isBehindNames = typeof value === 'object' && ('names' in value || ('expression' in value && /^\w+$/.test(value.expression)));
    return text;
  });
}

function valueText(value: Value): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return textOf(value);
  if ('expression' in value) return value.expression;
  if ('names' in value) return value.names.join(', ');
  return 'range' in value ? rangeText(value.range) : value.map(textOf).join(', ');
}

function block(settings: ModelSettings | undefined, indent: string, before: number): string {
  const all = settingTexts(settings);
  if (all.length === 0) return '';
  const line = ` { ${all.join(', ')} }`;
  if (indent.length + before + line.length <= LINE_MAX) return line;
  return ` {\n${all.map((text) => `${indent}${INDENT}${text}\n`).join('')}${indent}}`;
}

function faultsText(faults: readonly FaultEntry[], indent: string): string {
  if (faults.length === 0) return '{ }';
  const all = faults.map(({ kind, value, settings }) => `${kind}${behind(value)}${block(settings, indent + INDENT, kind.length)}`);
  const line = `{ ${all.join(', ')} }`;
  return !line.includes('\n') && line.length + indent.length <= LINE_MAX ? line : `{\n${all.map((text) => `${indent}${INDENT}${text}\n`).join('')}${indent}}`;
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\0': '\\0', '\\': '\\\\', '"': '\\"' };

/** A string as it is written. */
function textOf(text: string): string {
  const escaped = text.replace(
    /[\\"]|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => ESCAPES[character] ?? `\\u{${(character.codePointAt(0) as number).toString(16)}}`,
  );
  return `"${escaped}"`;
}
