/** Options of a made-up source. */
export interface SourceOptions {
  readonly seed?: number;
  readonly brokenPerMille?: number;
}
export function pbsSource(lines: number, options?: SourceOptions): { readonly text: string; readonly broken: readonly number[] };
export function gasSource(lines: number, options?: SourceOptions): string;
