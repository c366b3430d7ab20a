/**
 * Descriptions in TypeScript: calls that make the canonical model, statement by statement, in the order in which they are written.
 *
 * Numbers with units and expressions are written as in `.sys`: `of("4 MiB")`. What is wrong with a description, `loadSystem` tells, as of any other:
 * here only names and expressions are looked at, as soon as they are given.
 */
import { referenceText } from './language/expression.js';
import { parseExpression, parseReference, scalarOf } from './language/parser.js';
import { type FaultEntry, MODEL_VERSION, type ModelSettings, type PlainValue, type Range, type Scalar, type Statement, type SystemModel } from './model.js';

/** A number with a unit, a constant or a sum of such: `of('4 MiB')`, `of('8080 + i')`. A word, such as the name of a trap, is one too. @throws RangeError if it is none */
export function of(expression: string): Scalar {
  const tree = parseExpression(expression);
  if (tree === undefined) throw new RangeError(`expression: ${JSON.stringify(expression)} is none; write a number with a unit, such as "4 MiB", or a sum`);
  return scalarOf(tree);
}
/** From one value to another: `range(0, '5 ms')`. @throws RangeError if one of them is no number and no expression */
export const range = (least: number | string, most: number | string): { readonly range: Range } => ({ range: boundsOf([least, most]) });

/** Both ends of a range of elements: `[1, 4]`, `[1, 'N']`. */
export type Bounds = readonly [number | string, number | string];

const scalar = (value: number | string): Scalar => (typeof value === 'number' ? value : of(value));
const boundsOf = ([least, most]: Bounds): Range => [scalar(least), scalar(most)];
const ranged = (bounds: Bounds | undefined): { readonly range?: Range } => (bounds === undefined ? {} : { range: boundsOf(bounds) });
const settled = (settings: ModelSettings): { readonly settings?: ModelSettings } => (Object.keys(settings).length === 0 ? {} : { settings });

function path(text: string): string {
  const reference = parseReference(text);
  if (reference === undefined) throw new RangeError(`path: ${JSON.stringify(text)} is no path of names; write it as node[1].cache.below`);
  return referenceText(reference);
}
function name(text: string): string {
  if (!/^[A-Za-z_]\w*$/.test(text)) throw new RangeError(`name: ${JSON.stringify(text)} is no name; names are made of letters, digits and _`);
  return text;
}

class Builder {
  /** What was said so far. */
  protected readonly statements: Statement[] = [];
  /** @internal */
  protected add(statement: Statement): this {
    this.statements.push(statement);
    return this;
  }
  /** @internal */
  protected inside<B extends Builder>(builder: B, describe: (block: B) => void): readonly Statement[] {
    describe(builder);
    return builder.statements;
  }
}

/** What may stand in a computer, a box, a deployment and outside of them. */
class Block extends Builder {
  /** `pu NAME runs PROGRAM { settings }` */
  pu(puName: string, program: string, settings: ModelSettings = {}, bounds?: Bounds): this {
    return this.add({ kind: 'pu', name: name(puName), ...ranged(bounds), program, ...settled(settings) });
  }
  /** `device NAME: PROTOCOL { settings }` */
  device(deviceName: string, protocol: string, settings: ModelSettings = {}, bounds?: Bounds): this {
    return this.add({ kind: 'device', name: name(deviceName), ...ranged(bounds), protocol, ...settled(settings) });
  }
  /** `CLIENT -> SERVER { settings }` */
  link(client: string, server: string, settings: ModelSettings = {}): this {
    return this.add({ kind: 'link', from: path(client), to: path(server), ...settled(settings) });
  }
}

/** A computer's block. */
export class ComputerBlock extends Block {
  /** `box NAME: BOX { parameters }` */
  place(placeName: string, box: string, parameters: ModelSettings = {}, bounds?: Bounds): this {
    return this.add({ kind: 'place', name: name(placeName), ...ranged(bounds), box, ...settled(parameters) });
  }
  /** `for VARIABLE in A..B { ... }` */
  for(variable: string, bounds: Bounds, describe: (block: ComputerBlock) => void): this {
    return this.add({ kind: 'for', variable: name(variable), range: boundsOf(bounds), statements: this.inside(new ComputerBlock(), describe) });
  }
}

/** A box's block. */
export class BoxBlock extends ComputerBlock {
  /** `export NAME = PORT` */
  export(exportName: string, port: string): this {
    return this.add({ kind: 'export', name: path(exportName), of: path(port) });
  }
  override for(variable: string, bounds: Bounds, describe: (block: BoxBlock) => void): this {
    return this.add({ kind: 'for', variable: name(variable), range: boundsOf(bounds), statements: this.inside(new BoxBlock(), describe) });
  }
}

/** A deployment's block. */
export class DeployBlock extends Block {
  /** `all on HOST { settings }` */
  all(host: string, settings: ModelSettings = {}): this {
    return this.add({ kind: 'all', host, ...settled(settings) });
  }
  /** `mock DEVICE KIND VALUE { settings }` */
  mock(device: string, kind: string, value?: PlainValue, settings: ModelSettings = {}): this {
    return this.add({ kind: 'mock', target: path(device), how: kind, ...(value === undefined ? {} : { value }), ...settled(settings) });
  }
  /** `drive DEVICE KIND VALUE { settings }` */
  drive(device: string, kind: string, value?: PlainValue, settings: ModelSettings = {}): this {
    return this.add({ kind: 'drive', target: path(device), how: kind, ...(value === undefined ? {} : { value }), ...settled(settings) });
  }
  /** `play DEVICE by PORT` */
  play(device: string, port: string): this {
    return this.add({ kind: 'play', target: path(device), by: path(port) });
  }
  /** `fault TARGET { KIND VALUE { settings }, ... }` */
  fault(target: string, ...faults: readonly FaultEntry[]): this {
    return this.add({ kind: 'fault', target: path(target), faults });
  }
  /** `expect TARGET WHAT VALUE { settings }` */
  expect(target: string, what: string, value?: PlainValue, settings: ModelSettings = {}): this {
    return this.add({ kind: 'expect', target: path(target), what, ...(value === undefined ? {} : { value }), ...settled(settings) });
  }
  /** `for VARIABLE in A..B { ... }` */
  for(variable: string, bounds: Bounds, describe: (block: DeployBlock) => void): this {
    return this.add({ kind: 'for', variable: name(variable), range: boundsOf(bounds), statements: this.inside(new DeployBlock(), describe) });
  }
}

/** A whole description. `describeSystem().program('echo', 'echo.pbs').pu('echo', 'echo').model` */
export class SystemBuilder extends ComputerBlock {
  /** The model of what was said so far. */
  get model(): SystemModel {
    return { version: MODEL_VERSION, statements: [...this.statements] };
  }
  /** `use "PATH" as NAME` */
  use(file: string, as?: string): this {
    return this.add({ kind: 'use', path: file, ...(as === undefined ? {} : { as: name(as) }) });
  }
  /** `program NAME "PATH"` */
  program(programName: string, file: string): this {
    return this.add({ kind: 'program', name: name(programName), path: file });
  }
  /** `const NAME = VALUE` */
  const(constName: string, value: number | string): this {
    return this.add({ kind: 'const', name: name(constName), value: scalar(value) });
  }
  /** `computer NAME { ... }` */
  computer(computerName: string, describe: (block: ComputerBlock) => void, settings: ModelSettings = {}, bounds?: Bounds): this {
    return this.add({
      kind: 'computer',
      name: name(computerName),
      ...ranged(bounds),
      ...settled(settings),
      statements: this.inside(new ComputerBlock(), describe),
    });
  }
  /** `box NAME(PARAMETERS) { ... }` */
  box(boxName: string, describe: (block: BoxBlock) => void, ...parameters: readonly string[]): this {
    return this.add({
      kind: 'box',
      name: name(boxName),
      ...(parameters.length === 0 ? {} : { parameters: parameters.map(name) }),
      statements: this.inside(new BoxBlock(), describe),
    });
  }
  /** `deploy NAME { ... }` */
  deploy(deployName: string, describe: (block: DeployBlock) => void): this {
    return this.add({ kind: 'deploy', name: name(deployName), statements: this.inside(new DeployBlock(), describe) });
  }
}

/** Begins a description. */
export const describeSystem = (): SystemBuilder => new SystemBuilder();
