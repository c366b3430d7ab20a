/**
 * A bar chart as SVG text: horizontal bars with their values, and dashed lines to compare them with. Nothing else.
 *
 * Colours follow the reader's light or dark scheme; the text is real text, so that it can be searched and read aloud.
 */

const WIDTH = 720;
const LEFT = 92;
const RIGHT = 56;
const TOP = 64;
const BAR = 22;
const GAP = 10;

const STYLE = `
text { font: 13px system-ui, sans-serif; fill: #222 } .title { font-size: 16px; font-weight: 600 } .note { font-size: 11px; fill: #666 }
.bar { fill: #3b78b8 } .strong { fill: #1d4e89 } .line { stroke: #b33; stroke-dasharray: 4 3 } .mark { fill: #b33; font-size: 11px } .back { fill: #fff }
@media (prefers-color-scheme: dark) { text { fill: #ddd } .note { fill: #999 } .back { fill: #181818 } .line { stroke: #e77 } .mark { fill: #e77 } .bar { fill: #5b98d8 } .strong { fill: #8ab8ea } }`;

const escaped = (text) => String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/**
 * @param {{ title: string, note: string, bars: { label: string, value: number, strong?: boolean }[], lines: { label: string, value: number }[] }} chart
 * @returns the text of an SVG file
 */
export function barChart({ title, note, bars, lines }) {
  const most = 1.05 * Math.max(...bars.map(({ value }) => value), ...lines.map(({ value }) => value));
  const scale = (value) => Math.round((10 * value * (WIDTH - LEFT - RIGHT)) / most) / 10;
  const bottom = TOP + bars.length * (BAR + GAP);
  const height = bottom + 28;
  const parts = bars.map(({ label, value, strong }, index) => {
    const y = TOP + index * (BAR + GAP);
    const middle = y + BAR / 2 + 5;
    return `<text x="${LEFT - 8}" y="${middle}" text-anchor="end">${escaped(label)}</text>
<rect class="${strong ? 'bar strong' : 'bar'}" x="${LEFT}" y="${y}" width="${scale(value)}" height="${BAR}" rx="2"/>
<text x="${LEFT + scale(value) + 6}" y="${middle}">${value.toFixed(2)}</text>`;
  });
  const marks = lines.map(({ label, value }) => {
    const x = LEFT + scale(value);
    return `<line class="line" x1="${x}" y1="${TOP - 8}" x2="${x}" y2="${bottom}"/>
<text class="mark" x="${x}" y="${TOP - 12}" text-anchor="middle">${escaped(label)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(title)}">
<style>${STYLE}
</style>
<rect class="back" width="${WIDTH}" height="${height}"/>
<text class="title" x="16" y="26">${escaped(title)}</text>
${[...parts, ...marks].join('\n')}
<text class="note" x="16" y="${height - 10}">${escaped(note)}</text>
</svg>
`;
}
