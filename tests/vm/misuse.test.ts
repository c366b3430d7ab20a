/**
 * Wrong use of the machine's door: every argument of every export gets values that it can't be, and each throws at once a TypeError or RangeError
 * that begins with the name of the argument.
 */
import { describe, expect, it } from '@jest/globals';
import { createJit } from '../../jit/index.js';
import { type Client, type Engine, INTERPRETER, Machine, VerifiedProgram, verify } from '../../vm/index.js';
import { Scribe } from './guest.js';
import { FIB, programOf } from './programs.js';

const port = (name: string, side: 'client' | 'server', window: number) => ({
  name,
  protocol: 'pu' as const,
  side,
  version: 1,
  window,
  depth: 4,
  messageBytes: 64,
});
const WIRED = programOf(
  [{ signature: { parameters: ['i32', 'i64', 'f64'], results: [] }, registers: ['i32', 'i64', 'f64'], lines: [['check'], ['ret', []]] }],
  {
    ports: [port('link', 'client', 4096), port('serve', 'server', 8192)],
  },
);

/** Values that no argument here can be. */
const NONE: readonly (readonly [what: string, value: unknown])[] = [
  ['null', null],
  ['a symbol', Symbol('x')],
  ['an object that shows nothing', Object.create(null)],
];
const NUMBERS = [
  ...NONE,
  ['a text', '1'],
  ['a bigint', 1n],
  ['an array', [65536]],
  ['NaN', Number.NaN],
  ['a fraction', 0.5],
  ['less than nothing', -1],
] as const;
const OBJECTS = [NONE[0], NONE[1], ['a text', 'x'], ['a number', 5], ['an array', []], ['bytes', new Uint8Array(1)], ['a function', () => 0]] as const;
const FUNCTIONS = [...NONE, ['a text', 'x'], ['true', true]] as const;
const TEXTS = [...NONE, ['a number', 5], ['an array', ['main']]] as const;
const BYTES = [...NONE, ['a text', 'x'], ['a number', 5], ['an array', [1]], ['a buffer', new ArrayBuffer(8)], ['words', new Int32Array(2)]] as const;

type Values = readonly (readonly [what: string, value: unknown] | undefined)[];

const wired = (options: object = {}): Machine => new Machine(WIRED, { ports: { link: new Scribe() }, ...options });
const engine = (more: object): Engine => ({ ...INTERPRETER, ...more }) as Engine;
const client: Client = { complete: () => undefined, reset: () => undefined };
const served = (machine = wired()) => machine.port('serve').open(client);
const completing = (fields: object): void => {
  const scribe = new Scribe();
  wired({ ports: { link: scribe } });
  (scribe.clients[0] as Client).complete({ tag: 1, status: 0, ...fields });
};
const sending = (fields: object): void => served().send({ operation: 1, tag: 1, bytes: new Uint8Array(0), replyBytes: 0, argument: 0n, ...fields });

const ARGUMENTS: readonly (readonly [call: string, argument: string, values: Values, use: (value: never) => unknown])[] = [
  ['verify', 'source', [...OBJECTS.filter((each) => each?.[0] !== 'bytes'), ['a buffer', new ArrayBuffer(8)]], verify],
  ['verify', 'source.groups', [...FUNCTIONS, ['nothing', undefined]], (value) => verify({ ...(FIB.program as object), groups: value } as never)],
  ['verify', 'source.code', [...BYTES.slice(0, 6), ['nothing', undefined]], (value) => verify({ ...FIB.program, code: value })],
  ['verify', 'source.memory', OBJECTS, (value) => verify({ ...FIB.program, memory: value })],
  ['verify', 'source', [['functions without words', [1, 2]]], (value) => verify({ ...FIB.program, functions: value })],
  ['new Machine', 'program', [...OBJECTS, ['a forgery', Object.create(VerifiedProgram.prototype)], ['a program', FIB.program]], (value) => new Machine(value)],
  ['new Machine', 'options', OBJECTS, (value) => new Machine(FIB, value)],
  ['new Machine', 'engine', [...FUNCTIONS, ['an empty one', {}], ['a constructor', createJit]], (value) => new Machine(FIB, { engine: value })],
  ['new Machine', 'engine.memory', FUNCTIONS, (value) => new Machine(FIB, { engine: engine({ memory: value }) })],
  ['new Machine', 'engine.memory', BYTES.slice(3), (value) => new Machine(FIB, { engine: engine({ memory: () => value }) })],
  [
    'new Machine',
    'memoryBytes',
    [...NUMBERS, ['no page', 65537], ['too little', 0], ['too much', 2 ** 40]],
    (value) => new Machine(FIB, { memoryBytes: value }),
  ],
  ['new Machine', 'frameBytesMax', [...NUMBERS, ['too much', 2 ** 40]], (value) => new Machine(FIB, { frameBytesMax: value })],
  ['new Machine', 'inFlightBytesMax', NUMBERS, (value) => wired({ inFlightBytesMax: value })],
  ['new Machine', 'hold', FUNCTIONS, (value) => new Machine(FIB, { hold: value })],
  ['new Machine', 'ports', OBJECTS, (value) => new Machine(WIRED, { ports: value })],
  ['new Machine', 'ports.link', [...FUNCTIONS, ['nothing', undefined], ['an empty one', {}]], (value) => new Machine(WIRED, { ports: { link: value } })],
  ['new Machine', 'ports.link.serves', OBJECTS, (value) => wired({ ports: { link: { serves: value, open: () => 0 } } })],
  ['new Machine', 'ports.link.serves.protocol', TEXTS, (value) => wired({ ports: { link: { serves: { protocol: value, version: 1 }, open: () => 0 } } })],
  ['new Machine', 'ports.link.serves.version', NUMBERS, (value) => wired({ ports: { link: { serves: { protocol: 'pu', version: value }, open: () => 0 } } })],
  ['new Machine', 'portLimits', OBJECTS, (value) => wired({ portLimits: value })],
  ['new Machine', 'portLimits.link', OBJECTS, (value) => wired({ portLimits: { link: value } })],
  ['new Machine', 'portLimits.link.depth', [...NUMBERS, ['none', 0], ['more than declared', 5]], (value) => wired({ portLimits: { link: { depth: value } } })],
  ['new Machine', 'portLimits.serve.messageBytes', [...NUMBERS, ['more', 65]], (value) => wired({ portLimits: { serve: { messageBytes: value } } })],
  ['open of a device', 'open of the device at port link', [...FUNCTIONS, ['an empty one', {}]], (value) => wired({ ports: { link: { open: () => value } } })],
  ['port', 'name', TEXTS, (value) => wired().port(value)],
  ['onNews', 'onNews', FUNCTIONS, (value) => (wired().onNews = value)],
  ['start', 'name', TEXTS, (value) => wired().start(value)],
  ['start', 'values', [...NONE, ['a text', '123'], ['an object', { length: 3 }]], (value) => wired().start('main', value)],
  ['start', 'values[0]', NUMBERS.slice(0, 8), (value) => wired().start('main', [value, 0n, 0])],
  [
    'start',
    'values[1]',
    [...NONE, ['a number', 1], ['too large', 2n ** 64n], ['too small', -(2n ** 63n) - 1n]],
    (value) => wired().start('main', [0, value, 0]),
  ],
  ['start', 'values[2]', NUMBERS.slice(0, 6), (value) => wired().start('main', [0, 0n, value])],
  ['run', 'fuel', NUMBERS, (value) => wired().run(value)],
  ['frames', 'most', NUMBERS, (value) => wired().frames(value)],
  [
    'addBreakpoint',
    'index',
    [...NUMBERS, ['a name of arrays', 'length'], ['a name of objects', 'constructor'], ['no function', 1]],
    (value) => wired().addBreakpoint(value, 0),
  ],
  ['addBreakpoint', 'pc', NUMBERS, (value) => wired().addBreakpoint(0, value)],
  ['removeBreakpoint', 'index', [...NUMBERS, ['a name of arrays', 'length']], (value) => wired().removeBreakpoint(value, 0)],
  ['removeBreakpoint', 'pc', NUMBERS, (value) => wired().removeBreakpoint(0, value)],
  ['restore', 'bytes', BYTES, (value) => wired().restore(value)],
  ['registersOf', 'index', [...NUMBERS, ['a name of arrays', 'length'], ['no function', 1]], (value) => FIB.registersOf(value)],
  ['signatureOf', 'index', [...NUMBERS, ['a name of arrays', 'length'], ['no function', 1]], (value) => FIB.signatureOf(value)],
  ['open of a server port', 'client', [...FUNCTIONS, ['an empty one', {}], ['half', { complete: () => 0 }]], (value) => wired().port('serve').open(value)],
  ['send to a server port', 'request', OBJECTS, (value) => served().send(value)],
  ['send to a server port', 'request.operation', [...NUMBERS, ['a reserved one', 2 ** 32 - 1]], (value) => sending({ operation: value })],
  ['send to a server port', 'request.tag', NUMBERS, (value) => sending({ tag: value })],
  ['send to a server port', 'request.bytes', [...BYTES, ['nothing', undefined]], (value) => sending({ bytes: value })],
  ['send to a server port', 'request.replyBytes', [...NUMBERS, ['too much', 2 ** 32]], (value) => sending({ replyBytes: value })],
  ['send to a server port', 'request.argument', [...NONE, ['a number', 1], ['too large', 2n ** 64n]], (value) => sending({ argument: value })],
  ['cancel at a server port', 'tag', NUMBERS, (value) => served().cancel(value)],
  ['complete', 'completion', OBJECTS, (value) => completingAll(value)],
  ['complete', 'completion.tag', [...NUMBERS, ['nothing', undefined]], (value) => completing({ tag: value })],
  ['complete', 'completion.status', [...NUMBERS, ['nothing', undefined], ['a name', 'ok'], ['too large', 2 ** 32]], (value) => completing({ status: value })],
  ['complete', 'completion.bytes', BYTES, (value) => completing({ bytes: value })],
  [
    'complete',
    'completion.argument',
    [...NONE, ['a number', 1], ['too large', 2n ** 64n], ['too small', -(2n ** 63n) - 1n]],
    (value) => completing({ argument: value }),
  ],
];

function completingAll(completion: never): void {
  const scribe = new Scribe();
  wired({ ports: { link: scribe } });
  (scribe.clients[0] as Client).complete(completion);
}

/** What a call throws. */
function thrown(use: () => unknown): Error {
  try {
    use();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

describe.each(ARGUMENTS)('%s: %s', (_, argument, values, use) => {
  it.each(values.filter((each) => each !== undefined))('is not %s', (_what, value) => {
    const error = thrown(() => use(value as never));
    expect(error.message).toMatch(new RegExp(`^${argument.replace(/[[\].]/g, '\\$&')}: `));
    expect([TypeError, RangeError]).toContain(error.constructor);
    expect(error.message).not.toMatch(/undefined \(reading|is not a function|is not iterable|Cannot (?:convert|mix|destructure)/);
  });
});

describe('an unknown name', () => {
  it.each([
    [{ memorybytes: 65536 }, 'options: there is no "memorybytes"; did you mean memoryBytes?'],
    [{ fuel: 5 }, 'options: there is no "fuel"; there are engine, memoryBytes, frameBytesMax, ports, portLimits, inFlightBytesMax, hold'],
    [{ ports: { lnk: new Scribe() } }, 'ports: there is no port lnk; did you mean link?'],
    [{ ports: { constructor: new Scribe() } }, 'ports: there is no port constructor; the program declares link, serve'],
    [{ portLimits: { links: {} } }, 'portLimits: there is no port links; did you mean link?'],
    [{ portLimits: { link: { dept: 1 } } }, 'portLimits.link: there is no "dept"; did you mean depth?'],
  ])('%j', (options, message) => {
    expect(thrown(() => new Machine(WIRED, { ports: { link: new Scribe() }, ...options } as object))).toEqual(new TypeError(message));
  });
  it('of a server port', () => expect(thrown(() => wired().port('link'))).toEqual(new TypeError('the program declares no server port link; it has serve')));
});

describe('limits of what is in flight', () => {
  it('are the depths times the message sizes of the client ports', () => {
    expect(() => wired({ inFlightBytesMax: 256 })).not.toThrow();
    expect(thrown(() => wired({ inFlightBytesMax: 255 }))).toEqual(
      new RangeError('messages in flight may hold 256 bytes, more than inFlightBytesMax = 255: lower depth or messageBytes of ports, or raise it'),
    );
    expect(() => wired({ inFlightBytesMax: 64, portLimits: { link: { depth: 1 } } })).not.toThrow();
  });
});

describe('an engine of somebody else', () => {
  it('that ends in no known way is named, instead of running for ever', () => {
    const machine = new Machine(FIB, { engine: engine({ run: () => 'done' }) });
    machine.start('main', [1]);
    expect(() => machine.run()).toThrow(new TypeError('engine.run: gave "done"; an Exit is needed'));
  });
});
