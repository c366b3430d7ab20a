/** A bar chart as the text of an SVG file: horizontal bars with their values, dashed lines to compare them with. */
export function barChart(chart: {
  readonly title: string;
  readonly note: string;
  readonly bars: readonly { readonly label: string; readonly value: number; readonly strong?: boolean }[];
  readonly lines: readonly { readonly value: number; readonly label: string }[];
}): string;
