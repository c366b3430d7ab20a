/** Types of `bundle.mjs`, which must run before anything is compiled. */

/** The project's folder. */
export declare const ROOT: string;
/** A folder within the project for bundles, ignored by everything else. */
export declare function bundleFolder(): string;
/** The text of a bundle; paths are from the project's top. */
export declare function bundle(entry: string, replaced?: ReadonlyMap<string, string>): Promise<string>;
