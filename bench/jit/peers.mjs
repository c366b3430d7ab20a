/**
 * Who runs beside the engines: clang's WebAssembly in the same Node, plain JavaScript, gcc, LuaJIT, Lua and qemu-user.
 *
 * Each peer is made of the same programs in `bench/programs`: the C sources as they are, or their ports. What is missing is installed from Debian.
 * Every peer gives the line that a program prints: its name and checksum.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { firstLine, PROGRAMS, provide, ROOT } from '../library.mjs';

/** The line of a checksum, which a 64-bit result has in 16 digits. */
export function lineOf(name, value) {
  const digits = typeof value === 'bigint' ? 16 : 8;
  const sum = BigInt.asUintN(4 * digits, BigInt(value)).toString(16);
  return `${name} ${sum.padStart(digits, '0')}`;
}

const source = (name, extension) => path.join(PROGRAMS, `${name}.${extension}`);
const output = (command, ...values) => execFileSync(command, values, { encoding: 'utf8' }).trim();

/** clang's WebAssembly has no C library: `printf` and `atoi` are what the host makes of them, the rest is the program's. */
function clangModule(name, folder) {
  const file = path.join(folder, `${name}.wasm`);
  execFileSync('clang', [
    ...['--target=wasm32', '-O2', '-ffreestanding', '-nostdlib', '-Dmain=program'],
    ...['-I', path.join(ROOT, 'bench', 'jit', 'include')],
    ...['-Wl,--no-entry', '-Wl,--export=program', '-Wl,--allow-undefined'],
    ...['-o', file, source(name, 'c')],
  ]);
  return new WebAssembly.Module(readFileSync(file));
}

/** Runs a module as a fresh instance: static variables begin anew, compiled code stays. */
function runClang(name, module, reps) {
  let value;
  const { exports } = new WebAssembly.Instance(module, {
    env: {
      atoi: () => reps,
      printf: (format, values) => {
        const view = new DataView(exports.memory.buffer);
        const text = Buffer.from(exports.memory.buffer, format, 40).toString('latin1');
        value = text.includes('%016llx') ? view.getBigUint64(values, true) : view.getUint32(values, true);
      },
    },
  });
  exports.program(2, 0);
  return lineOf(name, value);
}

function natively(names, folder, compiler, suffix, ...flags) {
  for (const name of names) execFileSync(compiler, ['-O2', ...flags, '-o', path.join(folder, `${name}${suffix}`), source(name, 'c')]);
}

/**
 * The peers that this computer has or can get: name, version, how a program is run.
 * `share` is the part of the usual repetitions that a slow peer makes.
 */
export async function peers(names, folder) {
  const found = [];
  if (provide('clang', 'clang') && provide('wasm-ld', 'lld')) {
    const modules = Object.fromEntries(names.map((name) => [name, clangModule(name, folder)]));
    found.push({ name: 'clang', title: 'clang -O2 wasm', version: firstLine('clang', '--version'), run: (name, reps) => runClang(name, modules[name], reps) });
  }
  const ports = {};
  for (const name of names) ports[name] = (await import(pathToFileURL(source(name, 'mjs')).href)).run;
  // 64-bit integers are BigInt there, forty times slower.
  found.push({
    name: 'js',
    title: 'JavaScript',
    version: `V8 ${process.versions.v8}`,
    share: { rng64: 1 / 40 },
    run: (name, reps) => lineOf(name, ports[name](reps)),
  });
  if (provide('gcc', 'gcc')) {
    natively(names, folder, 'gcc', '');
    found.push({ name: 'gcc', title: 'gcc -O2', version: firstLine('gcc', '--version'), run: (name, reps) => output(path.join(folder, name), String(reps)) });
  }
  if (provide('luajit', 'luajit')) {
    found.push({
      name: 'luajit',
      title: 'LuaJIT',
      version: firstLine('luajit', '-v'),
      run: (name, reps) => output('luajit', path.join(PROGRAMS, 'luajit', `${name}.lua`), String(reps)),
    });
  }
  if (provide('lua5.4', 'lua5.4')) {
    const run = (name, reps) => output('lua5.4', source(name, 'lua'), String(reps));
    found.push({ name: 'lua', title: 'Lua 5.4', version: firstLine('lua5.4', '-v'), share: 1 / 20, run });
  }
  if (provide('qemu-riscv64', 'qemu-user') && provide('riscv64-linux-gnu-gcc', 'gcc-riscv64-linux-gnu', 'libc6-dev-riscv64-cross')) {
    natively(names, folder, 'riscv64-linux-gnu-gcc', '.riscv64', '-static', '-ffp-contract=off');
    const run = (name, reps) => output('qemu-riscv64', path.join(folder, `${name}.riscv64`), String(reps));
    found.push({ name: 'qemu', title: 'qemu riscv64', version: firstLine('qemu-riscv64', '--version'), share: 1 / 5, run });
  }
  return found;
}
