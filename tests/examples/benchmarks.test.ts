/**
 * The benchmark programs compute what their C originals compute, and the workloads from which pairs are counted run to their end.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { barChart } from '../../bench/chart.mjs';
import { program, withPipe } from './tool.js';

const text = readFileSync('examples/README.md');

describe('benchmark programs', () => {
  const lines = readFileSync('bench/programs/EXPECTED.txt', 'utf8').trim().split('\n');

  it.each(lines.map((line) => line.replace(/^.*1 rep: /, '')))('%s', (line) => {
    const [name] = line.split(' ') as [string];
    const { status, stdout } = withPipe(text, ...program(`bench/programs/${name}.pbs`, '1'));
    expect([status, stdout.toString()]).toEqual([0, `${line}\n`]);
  });

  it('are there in all three languages', () => {
    const names = (extension: string) =>
      readdirSync('bench/programs')
        .filter((name) => name.endsWith(extension) && name !== 'report.pbs')
        .map((name) => path.basename(name, extension));
    expect(names('.pbs')).toEqual(names('.c'));
    expect(names('.lua')).toEqual(names('.c'));
    expect(names('.c')).toHaveLength(7);
  });
});

describe('workloads', () => {
  // Each traps when a result of its own is wrong, and returns less than 128.
  it.each(readdirSync('bench/workloads').filter((name) => name.endsWith('.pbs')))('%s', (name) => {
    const { status, stderr } = withPipe(text, ...program(`bench/workloads/${name}`));
    expect(stderr.toString()).toBe('');
    expect(status).toBeLessThan(128);
  });

  it('words counts the most frequent word', () => {
    const { status } = withPipe(Buffer.from('to be or not to be, that is to say: to be '), ...program('bench/workloads/words.pbs'));
    expect(status).toBe(4);
  });
});

describe('chart', () => {
  it('draws bars in proportion, with their values and escaped labels', () => {
    const svg = barChart({
      title: 'a < b',
      note: 'less is better',
      bars: [
        { label: 'one', value: 1 },
        { label: 'two', value: 2 },
      ],
      lines: [{ value: 1.5, label: 'aim' }],
    });
    const widths = [...svg.matchAll(/<rect class="bar" [^>]*width="([\d.]+)"/g)].map(([, width]) => Number(width));
    expect((widths[1] as number) / (widths[0] as number)).toBeCloseTo(2, 2);
    expect(svg).toContain('>2.00<');
    expect(svg).toContain('a &lt; b');
    expect(svg.match(/<text/g)?.length).toBe(svg.match(/<\/text>/g)?.length);
  });
});
