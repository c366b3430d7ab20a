/**
 * A chart of curves over two logarithmic scales as SVG text: time against size, one curve for each side, and the points that were
 * measured. Colours follow the reader's light or dark scheme.
 */

const WIDTH = 720;
const HEIGHT = 460;
const LEFT = 70;
const RIGHT = 150;
const TOP = 56;
const BOTTOM = 64;

const STYLE = `
text { font: 13px system-ui, sans-serif; fill: #222 } .title { font-size: 16px; font-weight: 600 } .note { font-size: 11px; fill: #666 }
.back { fill: #fff } .grid { stroke: #8884 } .curve { fill: none; stroke-width: 2 }
.c0 { stroke: #1d4e89; fill: #1d4e89 } .c1 { stroke: #b35c00; fill: #b35c00 } .c2 { stroke: #777; fill: #777 } path.curve { fill: none }
@media (prefers-color-scheme: dark) { text { fill: #ddd } .note { fill: #999 } .back { fill: #181818 } .c0 { stroke: #8ab8ea; fill: #8ab8ea } .c1 { stroke: #f0a050; fill: #f0a050 } .c2 { stroke: #aaa; fill: #aaa } }`;

const escaped = (text) => String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const power = (exponent) =>
  exponent >= 0 && exponent < 4 ? String(10 ** exponent) : exponent < 0 && exponent > -4 ? (10 ** exponent).toFixed(-exponent) : `1e${exponent}`;

/**
 * @param {{ title: string, note: string, across: string, up: string, curves: { label: string, points: (readonly [number, number])[] }[] }} chart
 * @returns the text of an SVG file
 */
export function curveChart({ title, note, across, up, curves }) {
  const all = curves.flatMap(({ points }) => points);
  const range = (index) => {
    const values = all.map((point) => Math.log10(point[index]));
    return [Math.floor(Math.min(...values)), Math.ceil(Math.max(...values))];
  };
  const [[least, most], [low, high]] = [range(0), range(1)];
  const round = (value) => Math.round(value * 10) / 10;
  const x = (value) => round(LEFT + ((Math.log10(value) - least) / (most - least)) * (WIDTH - LEFT - RIGHT));
  const y = (value) => round(HEIGHT - BOTTOM - ((Math.log10(value) - low) / (high - low)) * (HEIGHT - TOP - BOTTOM));
  const parts = [];
  for (let exponent = least; exponent <= most; exponent++) {
    const at = x(10 ** exponent);
    parts.push(`<line class="grid" x1="${at}" y1="${TOP}" x2="${at}" y2="${HEIGHT - BOTTOM}"/>`);
    parts.push(`<text x="${at}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${(10 ** exponent).toLocaleString('en')}</text>`);
  }
  for (let exponent = low; exponent <= high; exponent++) {
    const at = y(10 ** exponent);
    parts.push(`<line class="grid" x1="${LEFT}" y1="${at}" x2="${WIDTH - RIGHT}" y2="${at}"/>`);
    parts.push(`<text x="${LEFT - 8}" y="${at + 4}" text-anchor="end">${power(exponent)}</text>`);
  }
  curves.forEach(({ label, points }, index) => {
    const path = points.map(([across, up], at) => `${at === 0 ? 'M' : 'L'}${x(across)} ${y(up)}`).join(' ');
    const last = points.at(-1);
    parts.push(`<path class="curve c${index}" d="${path}"/>`);
    for (const point of points) parts.push(`<circle class="c${index}" cx="${x(point[0])}" cy="${y(point[1])}" r="3"/>`);
    parts.push(`<text x="${x(last[0]) + 10}" y="${y(last[1]) + 4}">${escaped(label)}</text>`);
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">
<style>${STYLE}
</style>
<rect class="back" width="${WIDTH}" height="${HEIGHT}"/>
<text class="title" x="16" y="26">${escaped(title)}</text>
${parts.join('\n')}
<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 26}" text-anchor="middle">${escaped(across)}</text>
<text x="16" y="${TOP - 10}">${escaped(up)}</text>
<text class="note" x="16" y="${HEIGHT - 8}">${escaped(note)}</text>
</svg>
`;
}
