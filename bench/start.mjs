/**
 * How long the tool needs to start: `pbs run examples/hello.pbs` beside an empty Node, in pairs: `node bench/start.mjs`.
 *
 * Each pair runs both, one right after the other, in changing order; the figure is the middle of the pairs' differences.
 *
 *     node bench/start.mjs [--pairs 41]
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { build, host, median, option, ROOT } from './library.mjs';

const TARGET_MILLISECONDS = 80;

build();
const tool = path.join(ROOT, 'dist', 'cli.cjs');
const hello = path.join(ROOT, 'examples', 'hello.pbs');

function milliseconds(...values) {
  const start = process.hrtime.bigint();
  const { status, stdout } = spawnSync(process.execPath, values, { encoding: 'utf8' });
  const time = Number(process.hrtime.bigint() - start) / 1e6;
  if (status !== 0) throw new Error(`node ${values.join(' ')} ended with status ${status}`);
  return { time, stdout };
}
const empty = () => milliseconds('-e', '0').time;
const full = () => {
  const { time, stdout } = milliseconds(tool, 'run', hello);
  if (stdout !== 'Hello, world!\n') throw new Error(`hello.pbs printed ${JSON.stringify(stdout)}`);
  return time;
};

empty();
full();
const pairs = Array.from({ length: option('pairs', 41) }, (_, index) => {
  if (index % 2 === 0) {
    const without = empty();
    return { without, with: full() };
  }
  const time = full();
  return { without: empty(), with: time };
});
const above = median(pairs.map((pair) => pair.with - pair.without));
const at = host();
console.log(`${at.cpu}, Node ${at.node}, ${pairs.length} pairs`);
console.log(
  `node -e 0: ${median(pairs.map(({ without }) => without)).toFixed(1)} ms; pbs run hello.pbs: ${median(pairs.map((pair) => pair.with)).toFixed(1)} ms`,
);
console.log(`above an empty Node: ${above.toFixed(1)} ms (aim: at most ${TARGET_MILLISECONDS})`);
