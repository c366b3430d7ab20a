/**
 * The example of isa-spec/ports.md, step by step: the bytes that the chapter prints are those in memory, and all others are zero or as before.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Client } from '../../vm/ports/device.js';
import { bytesOf, Guest, portOf, Scribe } from './guest.js';

const CHAPTER = readFileSync(new URL('../../isa-spec/ports.md', import.meta.url), 'utf8');
const EXAMPLE = CHAPTER.slice(CHAPTER.indexOf('## 10.'), CHAPTER.indexOf('## 11.'));

/** The lines of bytes of the step that begins with this word in bold. */
function linesOf(step: string): [address: number, bytes: number[]][] {
  const start = EXAMPLE.indexOf(`**${step}.**`);
  const end = EXAMPLE.indexOf('\n**', start + 1);
  const lines = EXAMPLE.slice(start, end < 0 ? undefined : end).matchAll(/^ {4}([0-9a-f]{4}) ((?: [0-9a-f]{2}){16})$/gm);
  return [...lines].map(([, address, bytes]) => [
    Number.parseInt(address as string, 16),
    (bytes as string)
      .trim()
      .split(' ')
      .map((byte) => Number.parseInt(byte, 16)),
  ]);
}

describe('the example of the chapter', () => {
  const device = new Scribe();
  const declaration = portOf('terminal', 'client', 0x1000, { depth: 2, messageBytes: 16 });
  const memory = new Uint8Array(65536).fill(0xee, 0, 0x1100);
  const guest = new Guest([declaration], { terminal: device }, { memory });
  const port = guest.port('terminal');
  const expected = new Uint8Array(65536);
  const shows = (step: string): void => {
    const lines = linesOf(step);
    expect(lines.length).toBeGreaterThan(1);
    for (const [address, bytes] of lines) expected.set(bytes, address);
    expect([...memory.entries()].filter(([at, byte]) => byte !== expected[at])).toEqual([]);
  };
  const answer = (index: number, text: string): void =>
    (device.clients[0] as Client).complete({ tag: device.requests[index]?.tag as number, status: 0, bytes: bytesOf(text) });

  it('ready, put, bell, wait, read, answer', () => {
    shows('Ready');
    guest.write(0x2000, 'Hi!');
    port.push({ operation: 1, tag: 7, address: 0x2000, bytes: 3 });
    shows('Put');
    expect(guest.ports.bell(0)).toEqual({ bytes: 3 });
    shows('Bell');
    expect(guest.ports.poll(1n)).toEqual({ ready: 0n, bytes: 0 });
    answer(0, '');
    expect(guest.ports.poll(1n)).toEqual({ ready: 1n, bytes: 0 });
    shows('Wait');
    port.pull();
    port.push({ operation: 1, tag: 8, reply: 0x2100, replyBytes: 16 });
    expect(guest.ports.bell(0)).toEqual({ bytes: 0 });
    shows('Read');
    answer(1, 'ok\n');
    expect(guest.ports.poll(1n)).toEqual({ ready: 1n, bytes: 3 });
    shows('Answer');
  });
});

describe('the chapter', () => {
  it('names no rule of a snapshot that is not tested, and leaves none out', () => {
    const tests = readFileSync(new URL('ports-snapshot.test.ts', import.meta.url), 'utf8');
    const rules = CHAPTER.slice(CHAPTER.indexOf('A reader refuses'), CHAPTER.indexOf('## 12.')).matchAll(/^\| `(\w+)` \|/gm);
    const named = [...rules].map(([, rule]) => rule as string);
    expect(named.length).toBe(11);
    for (const rule of named) expect(tests).toContain(`, '${rule}'],`);
  });
});
