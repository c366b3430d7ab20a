/** Wrong use of the assembler by a host: an error at once, which names the argument. */
import { describe, expect, it } from '@jest/globals';
import { assemble, disassemble, formatDiagnostic, type Diagnostic } from '../../assembler/index.js';
import { assembleFiles, programOf } from './helpers.js';

const call = (used: (...values: never[]) => unknown, ...values: unknown[]): unknown => (used as (...values: unknown[]) => unknown)(...values);
const read = (): string => 'func main() { }';
const TEXT = 'func main() {\n  mov a, 1\n}';
const [diagnostic] = assembleFiles({ 'main.pbs': TEXT }).diagnostics as [Diagnostic];
const program = programOf(read());

describe('a TypeError names the argument', () => {
  it.each<[string, () => unknown, RegExp]>([
    ['assemble()', () => call(assemble), /^path: /],
    ['assemble(null)', () => call(assemble, null), /^path: /],
    ['assemble(path)', () => call(assemble, 'x'), /^options: /],
    ['assemble(path, null)', () => call(assemble, 'x', null), /^options: /],
    ['assemble(path, {})', () => call(assemble, 'x', {}), /^options\.read: /],
    ['a text for options.read', () => call(assemble, 'x', { read: 'func main() { }' }), /^options\.read: /],
    ['read gives a number', () => call(assemble, 'x', { read: () => 5 }), /^options\.read: .*"x"/],
    ['read gives null', () => call(assemble, 'x', { read: () => null }), /^options\.read: .*"x".*undefined/],
    ['read gives bytes', () => call(assemble, 'x', { read: () => new Uint8Array(3) }), /^options\.read: .*"x".*TextDecoder/],
    ['read gives a promise', () => call(assemble, 'x', { read: async () => '' }), /^options\.read: .*"x"/],
    [
      'read gives bytes for a used file',
      () => call(assemble, 'x', { read: (path: string) => (path === 'x' ? 'use "./y.pbs"' : new Uint8Array(3)) }),
      /"y\.pbs"/,
    ],
    ['options.library is null', () => call(assemble, 'x', { read, library: null }), /^options\.library: /],
    ['options.library is a list', () => call(assemble, 'x', { read, library: ['io'] }), /^options\.library: /],
    ['a library of bytes', () => call(assemble, 'x', { read, library: { io: new Uint8Array(3) } }), /^options\.library: .*"io"/],
    ['a library Map of numbers', () => call(assemble, 'x', { read, library: new Map([['io', 5]]) }), /^options\.library: .*"io"/],
    ['options.debug is a word', () => call(assemble, 'x', { read, debug: 'no' }), /^options\.debug: /],
    ['disassemble()', () => call(disassemble), /^program: /],
    ['disassemble(null)', () => call(disassemble, null), /^program: /],
    ['disassemble({})', () => call(disassemble, {}), /^program: /],
    ['disassemble(bytes)', () => call(disassemble, new Uint8Array(8)), /^program: .*decodeProgram/],
    ['disassemble of half a program', () => call(disassemble, { ...program, exports: undefined }), /^program: /],
    ['formatDiagnostic(null)', () => call(formatDiagnostic, null), /^diagnostic: /],
    ['formatDiagnostic of a list', () => call(formatDiagnostic, [diagnostic]), /^diagnostic: /],
    ['formatDiagnostic with bytes', () => call(formatDiagnostic, diagnostic, new Uint8Array(3)), /^sourceText: /],
    ['formatDiagnostic with null', () => call(formatDiagnostic, diagnostic, null), /^sourceText: /],
    ['formatDiagnostic with a shorter text', () => formatDiagnostic(diagnostic, 'func'), /^sourceText: .*main\.pbs.*line 2/],
    ['formatDiagnostic with another text', () => formatDiagnostic(diagnostic, TEXT.replace('\n', ' ')), /^sourceText: .*main\.pbs.*line 2/],
    ['formatDiagnostic with a line break before the place', () => formatDiagnostic(diagnostic, TEXT.replace('mov ', 'mo\n ')), /^sourceText: /],
    ['formatDiagnostic with a word for options', () => call(formatDiagnostic, diagnostic, TEXT, null), /^options: /],
  ])('%s', (_, work, message) => {
    expect(work).toThrow(TypeError);
    expect(work).toThrow(message);
  });
});

describe('what is right', () => {
  it('an error of the reader comes out as it is', () => {
    const fault = new Error('the disk is on fire');
    const broken = (): never => {
      throw fault;
    };
    expect(() => assemble('x', { read: broken })).toThrow(fault);
  });

  it('the reader may be a method', () => {
    const reader = {
      text: 'func main() { }',
      read(): string {
        return this.text;
      },
    };
    expect(assemble('x', reader).diagnostics).toEqual([]);
  });

  it('a library is a Map or an object, whose prototype does not count', () => {
    const uses = (name: string): string => `use "${name}" as n\nfunc main() { }`;
    expect(assemble('x', { read: () => uses('io'), library: { io: '' } }).diagnostics).toEqual([]);
    expect(assemble('x', { read: () => uses('io'), library: new Map([['io', '']]) }).diagnostics).toEqual([]);
    expect(assemble('x', { read: () => uses('toString'), library: {} }).diagnostics).toMatchObject([{ code: 'unknown_library' }]);
  });

  it('a text that is not there is left out', () => expect(formatDiagnostic(diagnostic, undefined)).toMatch(/^error\[unknown_name\].*\n --> main\.pbs:2:7$/));
});
