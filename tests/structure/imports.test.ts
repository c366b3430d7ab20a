/**
 * Who may import whom: the arrows between the parts, no cycle between files, no Node where browsers load, no text compiled
 * into code at run time.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** What each part may import of the others. Its own files it may import in any order that has no cycle. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  'isa-spec': [],
  assembler: ['isa-spec'],
  vm: ['isa-spec'],
  jit: ['isa-spec', 'vm'],
  stdlib: [],
  devices: ['isa-spec', 'vm'],
  'devices/node': ['isa-spec', 'vm', 'devices'],
  system: ['isa-spec', 'assembler', 'vm', 'devices'],
  'system/node': ['isa-spec', 'vm', 'jit', 'devices', 'devices/node', 'system'],
  'index.ts': ['isa-spec', 'assembler', 'vm', 'jit', 'stdlib', 'devices', 'system'],
  cli: ['isa-spec', 'assembler', 'vm', 'jit', 'stdlib', 'devices', 'devices/node', 'system', 'system/node'],
};
const PARTS = Object.keys(ARROWS);
/** Packages that a part may bundle; none is left at run time. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = { assembler: ['chevrotain', 'bigint-buffer'], cli: ['commander'] };
const NODE_PARTS = ['devices/node', 'system/node', 'cli'];

const partOf = (file: string): string => PARTS.filter((part) => file === part || file.startsWith(`${part}/`)).sort((a, b) => b.length - a.length)[0] as string;

function sources(entry: string): string[] {
  const full = path.join(ROOT, entry);
  if (!statSync(full).isDirectory()) return [entry];
  return readdirSync(full, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => path.posix.join(entry, name.replaceAll('\\', '/')));
}

const FILES = [...new Set(PARTS.flatMap(sources))];
const TEXT = new Map(FILES.map((file) => [file, readFileSync(path.join(ROOT, file), 'utf8')]));

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typesOnly: boolean;
}

const IMPORTS: readonly Import[] = FILES.flatMap((from) =>
  [...(TEXT.get(from) as string).matchAll(/^(?:import|export)\b([^'"`;]*?)\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm)].map((match) => ({
    from,
    to: (match[2] ?? match[3] ?? match[4]) as string,
    typesOnly: /^\s*type\b/.test(match[1] ?? ''),
  })),
);
const inside = IMPORTS.filter(({ to }) => to.startsWith('.')).map((found) => ({
  ...found,
  to: path.posix.join(path.posix.dirname(found.from), found.to).replace(/\.js$/, '.ts'),
}));
const outside = IMPORTS.filter(({ to }) => !to.startsWith('.'));
const arrow = ({ from, to }: { readonly from: string; readonly to: string }): string => `${from} -> ${to}`;

/** What the doors and the tool reach: the rest are scripts that make files. */
const SHIPPED = new Set<string>();
function reach(file: string): void {
  if (SHIPPED.has(file)) return;
  SHIPPED.add(file);
  for (const { from, to } of inside) if (from === file) reach(to);
}
for (const part of PARTS) {
  if (part === 'cli') ['cli/start.ts', 'cli/main.ts'].forEach(reach);
  else reach(part.endsWith('.ts') ? part : `${part}/index.ts`);
}

describe('the arrows between the parts', () => {
  it('are those of the architecture', () => {
    const wrong = inside.filter(({ from, to }) => {
      const [here, there] = [partOf(from), partOf(to)];
      return here !== there && ARROWS[here]?.includes(there) !== true;
    });
    expect(wrong.map(arrow)).toEqual([]);
  });

  it('between parts go through the door, but for what a part has for Node alone', () => {
    const isOwn = (here: string, there: string): boolean => here === there || here === `${there}/node`;
    const wrong = inside.filter(({ from, to }) => !isOwn(partOf(from), partOf(to)) && !to.endsWith('/index.ts'));
    expect(wrong.map(arrow)).toEqual([]);
  });

  it('name files that exist', () => expect(inside.filter(({ to }) => !TEXT.has(to)).map(arrow)).toEqual([]));

  it('have no cycle between files', () => {
    const next = new Map<string, string[]>(FILES.map((file) => [file, []]));
    for (const { from, to, typesOnly } of inside) if (!typesOnly) next.get(from)?.push(to);
    const done = new Set<string>();
    const cycles: string[] = [];
    const walk = (file: string, trail: readonly string[]): void => {
      if (trail.includes(file)) cycles.push([...trail.slice(trail.indexOf(file)), file].join(' -> '));
      if (done.has(file) || trail.includes(file)) return;
      for (const to of next.get(file) ?? []) walk(to, [...trail, file]);
      done.add(file);
    };
    for (const file of FILES) walk(file, []);
    expect(cycles).toEqual([]);
  });
});

describe('what comes from outside', () => {
  const shipped = outside.filter(({ from }) => SHIPPED.has(from));

  it('is Node only in the tool and in the Node drivers', () => {
    expect(shipped.filter(({ from, to }) => to.startsWith('node:') && !NODE_PARTS.includes(partOf(from))).map(arrow)).toEqual([]);
  });

  it('is a package only where one is bundled', () => {
    const bundled = ({ from, to }: Import): boolean => PACKAGES[partOf(from)]?.some((name) => to === name || to.startsWith(`${name}/`)) === true;
    const wrong = shipped.filter((found) => !found.to.startsWith('node:') && !bundled(found));
    expect(wrong.map(arrow)).toEqual([]);
  });
});

describe('every file that is shipped', () => {
  const files = [...SHIPPED];

  it('opens with a comment that says what it is', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(FILES.filter((file) => !/^\/[*/]/.test(TEXT.get(file) as string))).toEqual([]);
  });

  it('compiles no text into code', () => {
    const wrong = files.filter((file) => /\beval\(|\bnew Function\b|\bFunction\(|set(?:Timeout|Interval)\(\s*['"`]/.test(TEXT.get(file) as string));
    expect(wrong).toEqual([]);
  });

  it('outside the drivers and the tool knows no wall clock and no chance', () => {
    const wrong = files
      .filter((file) => /^(isa-spec|assembler|vm|jit|stdlib|devices(?!\/node)|system(?!\/node))\//.test(file))
      .filter((file) => /\bDate\b|\bperformance\.now\b|\bMath\.random\b|\bcrypto\./.test((TEXT.get(file) as string).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')));
    expect(wrong).toEqual([]);
  });
});
