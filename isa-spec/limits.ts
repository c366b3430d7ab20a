/**
 * Limits that are part of the specification: a binary beyond one of them is refused by every
 * implementation. Limits that an embedder chooses (memory, fuel, frames) are not here.
 */

/** Bytes of one memory page; memory is sized in pages. */
export const PAGE_BYTES = 65536;
/** Most pages of a program's memory (4 GiB less one page, so that a size fits in a u32). */
export const PAGES_MAX = 65535;
/** Most registers of one function, its parameters included. */
export const REGISTERS_MAX = 256;
/** Most parameters of one function. */
export const PARAMETERS_MAX = 32;
/** Most results of one function. */
export const RESULTS_MAX = 16;
/** Most words of one function's code (a 24-bit branch reaches all of it). */
export const FUNCTION_WORDS_MAX = 0x7fffff;
/** Most words of a program's code. */
export const CODE_WORDS_MAX = 0x1000000;
/** Most functions, signatures, exports and function-table entries of a program, each. */
export const ENTRIES_MAX = 0x100000;
/** Most ports of a program: a port set is an i64 mask. */
export const PORTS_MAX = 64;
/** Most cases of one jump table, the default not counted. */
export const JUMP_CASES_MAX = 65535;
/** Bytes of the discovery page at address 0: data and windows lie above it. */
export const DISCOVERY_BYTES = 4096;
/** Bytes moved by a bulk or port instruction for one unit of fuel, a part counting as a whole. */
export const BYTES_PER_FUEL = 64;
/** Bytes of a frame beside its registers: function index and pc. */
export const FRAME_TRAILER_BYTES = 8;
/** Bytes of one register in a frame. */
export const REGISTER_BYTES = 8;
