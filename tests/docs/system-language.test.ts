/** The listings of docs/system-language.md are good descriptions, and its program prints what stands behind it. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { describeSystem, of, parseSystemText, printSystem } from '../../system/index.js';
import { loadFiles, portsProgram } from '../system/files.js';

const TEXT = readFileSync('docs/system-language.md', 'utf8');
const blocks = (kind: string): string[] => [...TEXT.matchAll(new RegExp(`^\`\`\`${kind}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, text]) => text as string);
const [DECLARED, ...LISTINGS] = blocks('sys') as [string, ...string[]];

/** The programs, as the comments of the first listing say. */
const FILES = Object.fromEntries(
  [...DECLARED.matchAll(/"(\w+\.pbs)"\s*; ports: (.*)/g)].map(([, file, said]) => {
    const [ports = '', ...more] = (said as string).split('; ');
    const extra = more.map((line) => (line.startsWith('memory') ? `${line}\n` : 'export data arguments: [64]\n'));
    return [file as string, `${extra.join('')}${portsProgram(...ports.split(', '))}`];
  }),
);

describe('the listings', () => {
  it('are there, with seven programs', () => {
    expect(LISTINGS.length).toBeGreaterThan(5);
    expect(Object.keys(FILES)).toHaveLength(7);
  });

  it.each(LISTINGS.map((text, index) => [index + 1, text]))('number %i is good', (_, text) => {
    const { diagnostics, topology } = loadFiles({ ...FILES, 'main.sys': `${DECLARED}${text}` });
    expect(diagnostics.filter(({ severity, code }) => severity === 'error' || code !== 'unlinked_server')).toEqual([]);
    expect(topology).toBeDefined();
  });

  it.each(LISTINGS.map((text, index) => [index + 1, text]))('number %i is printed and read again', (_, text) => {
    const { model } = parseSystemText(text as string);
    expect(parseSystemText(printSystem(model))).toEqual({ model, diagnostics: [] });
  });
});

describe('the program', () => {
  it('prints what stands behind it', () => {
    const [js] = blocks('js');
    const [printed] = blocks('text');
    const body = (js as string).slice((js as string).indexOf('const { model }'));
    const lines: string[] = [];
    new Function('describeSystem', 'of', 'printSystem', 'console', body)(describeSystem, of, printSystem, { log: (text: string) => lines.push(text) });
    expect(lines.join('\n')).toBe(printed);
  });
});
