/** The canonical model: its schema, its printer, its builder, and the grammar that reads what is printed. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describeSystem, of, parseSystemText, printSystem, range, readModel, type Statement, type SystemModel } from '../../system/index.js';
import { loadFiles, portsProgram } from './files.js';

const schema = JSON.parse(readFileSync('system/model.schema.json', 'utf8')) as object;
const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);

const RESERVED = ['if', 'else', 'loop', 'while', 'break', 'continue', 'local', 'call', 'not'];
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'pages', 'ns', 'us', 'ms', 's', 'min', 'Hz', 'kHz', 'MHz', 'GHz', 'percent'];
/** Names that are no words of the language: what those mean depends on where they stand. */
const WORDS = [
  'use',
  'program',
  'const',
  'computer',
  'box',
  'pu',
  'device',
  'export',
  'for',
  'deploy',
  'all',
  'mock',
  'drive',
  'play',
  'fault',
  'expect',
  'true',
  'false',
];
const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/).filter((text) => ![...RESERVED, ...UNITS, ...WORDS].includes(text));
const number = fc.oneof(
  fc.nat(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) || Number.isInteger(value) ? 0.5 : value)),
);
const quantity = fc.tuple(number, fc.constantFrom(...UNITS)).map(([value, unit]) => `${value} ${unit}`);
const factor = fc.oneof(name, quantity, fc.nat().map(String));
const product = fc.tuple(factor, fc.constantFrom('*', '/', '%'), factor).map(([left, operator, right]) => `${left} ${operator} ${right}`);
const sum = fc
  .tuple(
    fc.oneof(factor, product),
    fc.constantFrom('+', '-'),
    fc.oneof(
      factor,
      product,
      fc.tuple(name, name).map(([left, right]) => `(${left} - ${right})`),
    ),
  )
  .map(([left, operator, right]) => `${left} ${operator} ${right}`);
const scalar = fc.oneof(
  number,
  fc.oneof(name, quantity, product, sum).map((expression) => ({ expression })),
);
const bounds = fc.tuple(scalar, scalar);
const segment = fc.oneof(
  name,
  fc.tuple(name, fc.oneof(name, fc.nat().map(String), sum, fc.constant('*'))).map(([word, index]) => `${word}[${index}]`),
);
const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => segments.join('.'));
const text = fc.string({ unit: 'binary', maxLength: 12 });
const plain = fc.oneof(
  scalar,
  fc.boolean(),
  text,
  fc.array(text, { minLength: 2, maxLength: 3 }),
  bounds.map((both) => ({ range: both })),
);
const value = fc.oneof(
  plain,
  fc.array(path, { minLength: 2, maxLength: 3 }).map((names) => ({ names })),
);
const settings = fc.dictionary(name, value, { minKeys: 1, maxKeys: 4, noNullPrototype: true });
const optional = <T>(key: string, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<object> =>
  fc.option(arbitrary, { nil: undefined }).map((found) => (found === undefined ? {} : { [key]: found }));
const record = (kind: string, ...parts: readonly fc.Arbitrary<object>[]): fc.Arbitrary<Statement> =>
  fc.tuple(...parts).map((all) => Object.assign({ kind }, ...all) as Statement);
const one = <T>(key: string, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<object> => arbitrary.map((found) => ({ [key]: found }));
const dotted = fc.oneof(
  name,
  fc.tuple(name, name).map((both) => both.join('.')),
);

const thing = fc.oneof(
  record('pu', one('name', name), optional('range', bounds), one('program', dotted), optional('settings', settings)),
  record('device', one('name', name), optional('range', bounds), one('protocol', name), optional('settings', settings)),
  record('link', one('from', path), one('to', path), optional('settings', settings)),
);
const placed = fc.oneof(thing, record('place', one('name', name), optional('range', bounds), one('box', dotted), optional('settings', settings)));
const turns = record('for', one('variable', name), one('range', bounds), one('statements', fc.array(placed, { maxLength: 2 })));
const inComputer = fc.array(fc.oneof(placed, turns), { maxLength: 3 });
const inBox = fc.array(
  fc.oneof(
    placed,
    record(
      'export',
      one(
        'name',
        segment.filter((found) => !found.includes('*')),
      ),
      one('of', path),
    ),
  ),
  { maxLength: 3 },
);
const backing = (kind: 'mock' | 'drive') => record(kind, one('target', path), one('how', name), optional('value', plain), optional('settings', settings));
const entry = fc.tuple(one('kind', name), optional('value', plain), optional('settings', settings)).map((all) => Object.assign({}, ...all) as object);
const inDeploy = fc.array(
  fc.oneof(
    thing,
    record('all', one('host', name), optional('settings', settings)),
    backing('mock'),
    backing('drive'),
    record('play', one('target', path), one('by', path)),
    record('fault', one('target', path), one('faults', fc.array(entry, { maxLength: 3 }))),
    record('expect', one('target', path), one('what', name), optional('value', plain), optional('settings', settings)),
  ),
  { maxLength: 4 },
);
const statement = fc.oneof(
  record('use', one('path', text), optional('as', name)),
  record('program', one('name', name), one('path', text)),
  record('const', one('name', name), one('value', scalar)),
  record('computer', one('name', name), optional('range', bounds), one('statements', inComputer)),
  record('box', one('name', name), optional('parameters', fc.array(name, { minLength: 1, maxLength: 3 })), one('statements', inBox)),
  placed,
  turns,
  record('deploy', one('name', name), one('statements', inDeploy)),
);
const model: fc.Arbitrary<SystemModel> = fc.array(statement, { maxLength: 6 }).map((statements) => ({ version: 1, statements }));

describe('what is printed', () => {
  it('reads as the same model', () => {
    fc.assert(
      fc.property(model, (made) => {
        const { model: read, diagnostics } = parseSystemText(printSystem(made));
        expect(diagnostics).toEqual([]);
        expect(read).toEqual(made);
      }),
      { numRuns: 300, seed: 20261125 },
    );
  });

  it('has one spelling', () => {
    fc.assert(
      fc.property(model, (made) => {
        const once = printSystem(made);
        expect(printSystem(parseSystemText(once).model)).toBe(once);
      }),
      { numRuns: 100, seed: 20261125 },
    );
  });

  it('is what a person would write', () => {
    const made: SystemModel = {
      version: 1,
      statements: [
        { kind: 'program', name: 'web', path: 'web.pbs' },
        {
          kind: 'computer',
          name: 'node',
          range: [1, 4],
          settings: { memory: { expression: '1 GiB' } },
          statements: [
            { kind: 'pu', name: 'web', program: 'web', settings: { memory: { expression: '4 MiB' }, starts: true } },
            { kind: 'link', from: 'net', to: 'web.http' },
          ],
        },
        {
          kind: 'deploy',
          name: 'test',
          statements: [{ kind: 'fault', target: 'node[*].web', faults: [{ kind: 'crash', settings: { at: { range: [0, { expression: '5 s' }] } } }] }],
        },
      ],
    };
    expect(printSystem(made)).toBe(`program web "web.pbs"

computer node[1..4] {
    memory 1 GiB
    pu web runs web { memory 4 MiB, starts }
    net -> web.http
}

deploy test {
    fault node[*].web { crash { at 0..5 s } }
}
`);
  });
});

describe('the schema', () => {
  it('takes every model that is made, and so does the reader', () => {
    fc.assert(
      fc.property(model, (made) => {
        expect(validate(made)).toBe(true);
        expect(readModel(made)).toEqual({ model: made });
      }),
      { numRuns: 100, seed: 7 },
    );
  });

  it('and the reader agree on models that something was done to', () => {
    const junk = fc.oneof(
      fc.constant(null),
      fc.integer(),
      fc.string(),
      fc.constant([]),
      fc.constant({}),
      fc.constant({ expression: '' }),
      fc.constant({ range: [1] }),
      fc.boolean(),
    );
    let refused = 0;
    fc.assert(
      fc.property(model, fc.nat(), junk, (made, where, put) => {
        const broken = structuredClone(made) as unknown as Record<string, unknown>;
        const places: [Record<string, unknown>, string][] = [];
        const collect = (node: unknown): void => {
          if (typeof node !== 'object' || node === null) return;
          for (const key of Object.keys(node)) {
            places.push([node as Record<string, unknown>, key]);
            collect((node as Record<string, unknown>)[key]);
          }
        };
        collect(broken);
        const [node, key] = places[where % places.length] as [Record<string, unknown>, string];
        if (where % 3 === 0 && !Array.isArray(node)) delete node[key];
        else node[key] = put;
        const isGood = validate(broken);
        if (!isGood) refused++;
        expect('model' in readModel(broken)).toBe(isGood);
      }),
      { numRuns: 400, seed: 11 },
    );
    expect(refused).toBeGreaterThan(100);
  });

  it('says where a value is no model', () => {
    const refusal = (value: unknown) => (readModel(value) as { readonly rejection: object }).rejection;
    expect(refusal(null)).toEqual({ path: 'the model', message: 'an object is needed, and this is null' });
    expect(refusal({ version: 2, statements: [] })).toEqual({ path: 'version', message: '1 is needed' });
    expect(refusal({ version: 1, statements: [{ kind: 'pu', name: 'a' }] })).toEqual({ path: 'statements[0]', message: '`program` is missing' });
    expect(refusal({ version: 1, statements: [{ kind: 'pu', name: 'a b', program: 'c' }] })).toMatchObject({ path: 'statements[0].name' });
    expect(refusal({ version: 1, statements: [{ kind: 'nothing' }] })).toMatchObject({ path: 'statements[0].kind' });
  });
});

const TEXT = `use "raid.sys" as raid
program user "user.pbs"
const N = 2
box shelf(entries) {
    pu it runs user { memory 1 MiB }
    device disk: disk { entries entries }
    it.disk -> disk { depth 4 }
    export out = it.out
}
computer node[1..N] {
    box shelf: shelf { entries 16 }
}
for i in 1..N { node[i].shelf.out -> store.serve[i] }
deploy test {
    all on simulation { seed 1 }
    mock node[*].shelf.disk memory "disk.img"
    drive net tcp { port 8080 + N }
    play other by liar.serve
    fault node[1].shelf.it { crash { at 0..5 s } }
    expect node[1].shelf.it trapped overflow
}
`;

describe('the builder', () => {
  it('makes the model of the text', () => {
    const made = describeSystem()
      .use('raid.sys', 'raid')
      .program('user', 'user.pbs')
      .const('N', 2)
      .box(
        'shelf',
        (box) =>
          box
            .pu('it', 'user', { memory: of('1 MiB') })
            .device('disk', 'disk', { entries: of('entries') })
            .link('it.disk', 'disk', { depth: 4 })
            .export('out', 'it.out'),
        'entries',
      )
      .computer('node', (computer) => computer.place('shelf', 'shelf', { entries: 16 }), {}, [1, 'N'])
      .for('i', [1, 'N'], (block) => block.link('node[i].shelf.out', 'store.serve[i]'))
      .deploy('test', (deploy) =>
        deploy
          .all('simulation', { seed: 1 })
          .mock('node[*].shelf.disk', 'memory', 'disk.img')
          .drive('net', 'tcp', undefined, { port: of('8080 + N') })
          .play('other', 'liar.serve')
          .fault('node[1].shelf.it', { kind: 'crash', settings: { at: range(0, '5 s') } })
          .expect('node[1].shelf.it', 'trapped', of('overflow')),
      ).model;
    const { model: read, diagnostics } = parseSystemText(TEXT);
    expect(diagnostics).toEqual([]);
    expect(made).toEqual(read);
  });

  it('refuses what is no name and no expression at once', () => {
    expect(() => describeSystem().pu('a b', 'c')).toThrow(RangeError);
    expect(() => describeSystem().link('a..b', 'c')).toThrow('path: "a..b" is no path of names');
    expect(() => of('4 MB')).toThrow('expression: "4 MB" is none');
  });
});

describe('a JSON model', () => {
  const files = { 'c.pbs': portsProgram('out: pu client'), 's.pbs': portsProgram('serve: pu server') };
  const text = 'program c "c.pbs"\nprogram s "s.pbs"\npu a[1..2] runs c\npu b runs s\nfor i in 1..2 { a[i].out -> b.serve }\n';

  it('is loaded as its text is', () => {
    const fromText = loadFiles({ ...files, 'main.sys': text });
    const fromJson = loadFiles({ ...files, 'main.json': JSON.stringify(fromText.model) }, 'main.json');
    expect(fromText.diagnostics).toEqual([]);
    expect(fromJson.topology?.links).toEqual(fromText.topology?.links);
    expect(fromJson.model).toEqual(fromText.model);
  });

  it('that is none is refused', () => {
    const { diagnostics, topology } = loadFiles({ 'main.json': '{ "version": 1, "statements": [ { "kind": "pu" } ] }' }, 'main.json');
    expect(topology).toBeUndefined();
    expect(diagnostics.map(({ code, message }) => [code, message])).toEqual([['bad_model', 'statements[0]: `name` is missing']]);
    expect(loadFiles({ 'main.json': '{' }, 'main.json').diagnostics[0]?.code).toBe('bad_model');
  });
});
