// Generated from isa-spec; edit the book, or vm/interpreter/generate.ts, and run `npm run generate`.
/**
 * The interpreter's loop: one case for each instruction and fused pair. `generate.ts` tells how it is made and which rules it keeps.
 */
import { DOUBLES, LONGS, WORDS } from '../frames.js';
import * as arithmetic from './arithmetic.js';
import { CODE } from './code.js';

/** Results of a run: frame, descriptor, pc (a place in the code array), fuel, and a detail that depends on the status. */
export const OUT = new Int32Array(5);
/** What was thrown, where the status is 7. */
export const FAULT: { error: unknown } = { error: undefined };

/**
 * Runs from the instruction at `pc` until something happens.
 * @param view the guest's memory
 * @param D place of the program's descriptors
 * @param d the running function's descriptor
 * @param fp the running function's frame
 * @param end one past the last word that frames may take
 * @param halts 0 where the program has no place to stop at
 * @returns a status; the rest is in `OUT`
 */
type Run = (view: DataView, D: number, d: number, fp: number, pc: number, fuel: number, end: number, halts: number) => number;

/** Called once: only what a single closure holds does the host's compiler take for constants. */
function makeRun(r: Int32Array, f: Float64Array, q: BigInt64Array, c: Int32Array, OUT: Int32Array): Run {
  const {
    abs, asIntN, bitsOfF32, bitsOfF64, ceil, clz32, copyBytes, copysign, countOnes, countTrailingZeros, divide64, divideUnsigned64, f32OfBits, f64OfBits,
    fillBytes, floor, fround, HIGH, i64ToF32, imul, max, min, nearest, POWERS, remainder64, remainderUnsigned64, sqrt, toBig, trunc,
    truncateToI32, truncateToI64, truncateToU32, truncateToU64, u64ToF32,
  } = arithmetic;
  const PORT = -256;

  function copyMany(fp: number, list: number, next: number, n: number): void {
    for (let i = 4; i < n; i++) {
      const from = fp + 2 * (c[list + (i >> 2)]! >>> 8 * (i & 3) & 255);
      r[next + 2 * i] = r[from]!;
      r[next + 2 * i + 1] = r[from + 1]!;
    }
  }
  function clearMany(next: number, range: number): void {
    r.fill(0, next + 2 * (range & 0xffff), next + 2 * (range >>> 16));
  }
  function returnMany(from: number, values: number, fp: number, list: number, n: number): void {
    for (let i = 0; i < n; i++) {
      const shift = 8 * (i & 3);
      const to = fp + 2 * (c[list + (i >> 2)]! >>> shift & 255);
      const value = from + 2 * (c[values + (i >> 2)]! >>> shift & 255);
      r[to] = r[value]!;
      r[to + 1] = r[value + 1]!;
    }
  }
  /** Moves the values that the outermost function returns into its first registers. */
  function gather(fp: number, values: number, n: number): void {
    const found: number[] = [];
    for (let i = 0; i < n; i++) {
      const value = fp + 2 * (c[values + (i >> 2)]! >>> 8 * (i & 3) & 255);
      found.push(r[value]!, r[value + 1]!);
    }
    r.set(found, fp);
  }
  /** An instruction behind the escape byte. @returns its words, or less than 0: PORT, or a trap's code negated */
  function escaped(view: DataView, w: number, pc: number, fp: number): number {
    OUT[4] = 0;
    switch (w >>> 8 & 0xff) {
    case 0: { r[fp + (w >>> 15 & 510) | 0] = clz32(r[fp + (w >>> 23 & 510) | 0]!); return 1; } // clz_i32
    case 1: { r[fp + (w >>> 15 & 510) | 0] = countTrailingZeros(r[fp + (w >>> 23 & 510) | 0]!); return 1; } // ctz_i32
    case 2: { r[fp + (w >>> 15 & 510) | 0] = countOnes(r[fp + (w >>> 23 & 510) | 0]!); return 1; } // popcnt_i32
    case 3: { r[fp + (w >>> 15 & 510) | 0] = (r[fp + (w >>> 23 & 510) | 0]! << 24 >> 24); return 1; } // extend8_i32
    case 4: { r[fp + (w >>> 15 & 510) | 0] = (r[fp + (w >>> 23 & 510) | 0]! << 16 >> 16); return 1; } // extend16_i32
    case 5: { const x0 = fp + (w >>> 23 & 510) | 0; const x1 = r[x0 + 1 | 0]!; const x2 = r[x0]!; q[(fp >> 1) + (w >>> 16 & 255) | 0] = toBig((x1 !== 0 ? clz32(x1) : 32 + clz32(x2))); return 1; } // clz_i64
    case 6: { const x0 = fp + (w >>> 23 & 510) | 0; const x1 = r[x0]!; const x2 = r[x0 + 1 | 0]!; q[(fp >> 1) + (w >>> 16 & 255) | 0] = toBig((x1 !== 0 ? countTrailingZeros(x1) : 32 + countTrailingZeros(x2))); return 1; } // ctz_i64
    case 7: { const x0 = fp + (w >>> 23 & 510) | 0; const x1 = r[x0]!; const x2 = r[x0 + 1 | 0]!; q[(fp >> 1) + (w >>> 16 & 255) | 0] = toBig((countOnes(x1) + countOnes(x2))); return 1; } // popcnt_i64
    case 8: { const x0 = fp + (w >>> 23 & 510) | 0; const x1 = r[x0]!; const x2 = x1 << 24 >> 24; q[(fp >> 1) + (w >>> 16 & 255) | 0] = toBig(x2); return 1; } // extend8_i64
    case 9: { const x0 = fp + (w >>> 23 & 510) | 0; const x1 = r[x0]!; const x2 = x1 << 16 >> 16; q[(fp >> 1) + (w >>> 16 & 255) | 0] = toBig(x2); return 1; } // extend16_i64
    case 10: { const x0 = fp + (w >>> 23 & 510) | 0; const x1 = r[x0]!; q[(fp >> 1) + (w >>> 16 & 255) | 0] = toBig(x1); return 1; } // extend32_i64
    case 11: { r[fp + (w >>> 15 & 510) | 0] = ((0) - r[fp + (w >>> 23 & 510) | 0]! | 0); return 1; } // neg_i32
    case 12: { const x0 = q[(fp >> 1) + (w >>> 24) | 0]!; q[(fp >> 1) + (w >>> 16 & 255) | 0] = asIntN(64, 0n - x0); return 1; } // neg_i64
    case 13: { const x0 = q[(fp >> 1) + (c[pc + 1 | 0]! >>> 0 & 255) | 0]!; if ((x0 === 0n)) return -2; const x1 = q[(fp >> 1) + (w >>> 24) | 0]!; if ((((x1 === -9223372036854775808n) ? 1 : 0) & ((x0 === -1n) ? 1 : 0)) !== 0) return -3; const x2 = fp + (w >>> 23 & 510) | 0; const x3 = r[x2]!; const x4 = r[x2 + 1 | 0]!; const x5 = fp + (c[pc + 1 | 0]! << 1 & 510) | 0; const x6 = r[x5]!; const x7 = r[x5 + 1 | 0]!; const x8 = divide64(x3, x4, x6, x7); const x9 = HIGH[0]!; q[(fp >> 1) + (w >>> 16 & 255) | 0] = (asIntN(64, toBig(x9) << 32n) | toBig(x8 >>> 0)); return 2; } // div_i64
    case 14: { const x0 = q[(fp >> 1) + (c[pc + 1 | 0]! >>> 0 & 255) | 0]!; if ((x0 === 0n)) return -2; const x1 = fp + (w >>> 23 & 510) | 0; const x2 = r[x1]!; const x3 = r[x1 + 1 | 0]!; const x4 = fp + (c[pc + 1 | 0]! << 1 & 510) | 0; const x5 = r[x4]!; const x6 = r[x4 + 1 | 0]!; const x7 = divideUnsigned64(x2, x3, x5, x6); const x8 = HIGH[0]!; q[(fp >> 1) + (w >>> 16 & 255) | 0] = (asIntN(64, toBig(x8) << 32n) | toBig(x7 >>> 0)); return 2; } // divu_i64
    case 15: { const x0 = q[(fp >> 1) + (c[pc + 1 | 0]! >>> 0 & 255) | 0]!; if ((x0 === 0n)) return -2; const x1 = fp + (w >>> 23 & 510) | 0; const x2 = r[x1]!; const x3 = r[x1 + 1 | 0]!; const x4 = fp + (c[pc + 1 | 0]! << 1 & 510) | 0; const x5 = r[x4]!; const x6 = r[x4 + 1 | 0]!; const x7 = remainder64(x2, x3, x5, x6); const x8 = HIGH[0]!; q[(fp >> 1) + (w >>> 16 & 255) | 0] = (asIntN(64, toBig(x8) << 32n) | toBig(x7 >>> 0)); return 2; } // rem_i64
    case 16: { const x0 = q[(fp >> 1) + (c[pc + 1 | 0]! >>> 0 & 255) | 0]!; if ((x0 === 0n)) return -2; const x1 = fp + (w >>> 23 & 510) | 0; const x2 = r[x1]!; const x3 = r[x1 + 1 | 0]!; const x4 = fp + (c[pc + 1 | 0]! << 1 & 510) | 0; const x5 = r[x4]!; const x6 = r[x4 + 1 | 0]!; const x7 = remainderUnsigned64(x2, x3, x5, x6); const x8 = HIGH[0]!; q[(fp >> 1) + (w >>> 16 & 255) | 0] = (asIntN(64, toBig(x8) << 32n) | toBig(x7 >>> 0)); return 2; } // remu_i64
    case 17: { f[(fp >> 1) + (w >>> 16 & 255) | 0] = min(f[(fp >> 1) + (w >>> 24) | 0]!, f[(fp >> 1) + (c[pc + 1 | 0]! >>> 0 & 255) | 0]!); return 2; } // min_f64
    case 18: { f[(fp >> 1) + (w >>> 16 & 255) | 0] = max(f[(fp >> 1) + (w >>> 24) | 0]!, f[(fp >> 1) + (c[pc + 1 | 0]! >>> 0 & 255) | 0]!); return 2; } // max_f64
    case 19: { const x0 = f[(fp >> 1) + (c[pc + 1 | 0]! >>> 0 & 255) | 0]!; f[(fp >> 1) + (w >>> 16 & 255) | 0] = copysign(f[(fp >> 1) + (w >>> 24) | 0]!, x0); return 2; } // copysign_f64
    case 20: { f[(fp >> 1) + (w >>> 16 & 255) | 0] = floor(f[(fp >> 1) + (w >>> 24) | 0]!); return 1; } // flr_f64
    case 21: { f[(fp >> 1) + (w >>> 16 & 255) | 0] = ceil(f[(fp >> 1) + (w >>> 24) | 0]!); return 1; } // cil_f64
    case 22: { f[(fp >> 1) + (w >>> 16 & 255) | 0] = trunc(f[(fp >> 1) + (w >>> 24) | 0]!); return 1; } // tnc_f64
    case 23: { f[(fp >> 1) + (w >>> 16 & 255) | 0] = nearest(f[(fp >> 1) + (w >>> 24) | 0]!); return 1; } // nearest_f64
    case 24: { f[(fp >> 1) + (w >>> 16 & 255) | 0] = (r[fp + (w >>> 23 & 510) | 0]! >>> 0); return 1; } // convertu_f64_i32
    case 25: { const x0 = fp + (w >>> 23 & 510) | 0; const x1 = r[x0 + 1 | 0]!; const x2 = r[x0]!; f[(fp >> 1) + (w >>> 16 & 255) | 0] = (x1 * 4294967296 + (x2 >>> 0)); return 1; } // convert_f64_i64
    case 26: { const x0 = fp + (w >>> 23 & 510) | 0; const x1 = r[x0 + 1 | 0]!; const x2 = r[x0]!; f[(fp >> 1) + (w >>> 16 & 255) | 0] = ((x1 >>> 0) * 4294967296 + (x2 >>> 0)); return 1; } // convertu_f64_i64
    case 27: { r[fp + (w >>> 15 & 510) | 0] = truncateToU32(f[(fp >> 1) + (w >>> 24) | 0]!); return 1; } // convertu_i32_f64
    case 28: { const x0 = truncateToI64(f[(fp >> 1) + (w >>> 24) | 0]!); const x1 = HIGH[0]!; q[(fp >> 1) + (w >>> 16 & 255) | 0] = (asIntN(64, toBig(x1) << 32n) | toBig(x0 >>> 0)); return 1; } // convert_i64_f64
    case 29: { const x0 = truncateToU64(f[(fp >> 1) + (w >>> 24) | 0]!); const x1 = HIGH[0]!; q[(fp >> 1) + (w >>> 16 & 255) | 0] = (asIntN(64, toBig(x1) << 32n) | toBig(x0 >>> 0)); return 1; } // convertu_i64_f64
    case 30: { const x0 = f[(fp >> 1) + (w >>> 24) | 0]!; const x1 = bitsOfF64(x0); const x2 = HIGH[0]!; q[(fp >> 1) + (w >>> 16 & 255) | 0] = (asIntN(64, toBig(x2) << 32n) | toBig(x1 >>> 0)); return 1; } // bits_i64_f64
    case 31: { const x0 = fp + (w >>> 23 & 510) | 0; const x1 = r[x0]!; const x2 = r[x0 + 1 | 0]!; f[(fp >> 1) + (w >>> 16 & 255) | 0] = f64OfBits(x1, x2); return 1; } // bits_f64_i64
    case 32: { f[(fp >> 1) + (w >>> 16 & 255) | 0] = fround(f[(fp >> 1) + (w >>> 24) | 0]!); return 1; } // round32_f64
    case 33: { const x0 = fp + (w >>> 23 & 510) | 0; const x1 = r[x0]!; const x2 = r[x0 + 1 | 0]!; f[(fp >> 1) + (w >>> 16 & 255) | 0] = i64ToF32(x1, x2); return 1; } // convert32_f64_i64
    case 34: { const x0 = fp + (w >>> 23 & 510) | 0; const x1 = r[x0]!; const x2 = r[x0 + 1 | 0]!; f[(fp >> 1) + (w >>> 16 & 255) | 0] = u64ToF32(x1, x2); return 1; } // convert32u_f64_i64
    case 35: { const x0 = f[(fp >> 1) + (w >>> 24) | 0]!; r[fp + (w >>> 15 & 510) | 0] = bitsOfF32(fround(x0)); return 1; } // bits32_i32_f64
    case 36: { f[(fp >> 1) + (w >>> 16 & 255) | 0] = f32OfBits(r[fp + (w >>> 23 & 510) | 0]!); return 1; } // bits32_f64_i32
    case 48: { const x0 = view.getInt8((r[fp + (w >>> 23 & 510) | 0]! >>> 0) + (c[pc + 1 | 0]! >>> 0)); q[(fp >> 1) + (w >>> 16 & 255) | 0] = toBig(x0); return 2; } // load8_i64
    case 49: { const x0 = view.getInt8((c[pc + 1 | 0]! >>> 0)); q[(fp >> 1) + (w >>> 16 & 255) | 0] = toBig(x0); return 2; } // load8_i64_absolute
    case 50: { const x0 = view.getUint8((r[fp + (w >>> 23 & 510) | 0]! >>> 0) + (c[pc + 1 | 0]! >>> 0)); q[(fp >> 1) + (w >>> 16 & 255) | 0] = toBig(x0 >>> 0); return 2; } // load8u_i64
    case 51: { const x0 = view.getUint8((c[pc + 1 | 0]! >>> 0)); q[(fp >> 1) + (w >>> 16 & 255) | 0] = toBig(x0 >>> 0); return 2; } // load8u_i64_absolute
    case 52: { const x0 = view.getInt16((r[fp + (w >>> 23 & 510) | 0]! >>> 0) + (c[pc + 1 | 0]! >>> 0), true); q[(fp >> 1) + (w >>> 16 & 255) | 0] = toBig(x0); return 2; } // load16_i64
    case 53: { const x0 = view.getInt16((c[pc + 1 | 0]! >>> 0), true); q[(fp >> 1) + (w >>> 16 & 255) | 0] = toBig(x0); return 2; } // load16_i64_absolute
    case 54: { const x0 = view.getUint16((r[fp + (w >>> 23 & 510) | 0]! >>> 0) + (c[pc + 1 | 0]! >>> 0), true); q[(fp >> 1) + (w >>> 16 & 255) | 0] = toBig(x0 >>> 0); return 2; } // load16u_i64
    case 55: { const x0 = view.getUint16((c[pc + 1 | 0]! >>> 0), true); q[(fp >> 1) + (w >>> 16 & 255) | 0] = toBig(x0 >>> 0); return 2; } // load16u_i64_absolute
    case 56: { const x0 = view.getInt32((r[fp + (w >>> 23 & 510) | 0]! >>> 0) + (c[pc + 1 | 0]! >>> 0), true); q[(fp >> 1) + (w >>> 16 & 255) | 0] = toBig(x0); return 2; } // load32_i64
    case 57: { const x0 = view.getInt32((c[pc + 1 | 0]! >>> 0), true); q[(fp >> 1) + (w >>> 16 & 255) | 0] = toBig(x0); return 2; } // load32_i64_absolute
    case 58: { const x0 = view.getInt32((r[fp + (w >>> 23 & 510) | 0]! >>> 0) + (c[pc + 1 | 0]! >>> 0), true); q[(fp >> 1) + (w >>> 16 & 255) | 0] = toBig(x0 >>> 0); return 2; } // load32u_i64
    case 59: { const x0 = view.getInt32((c[pc + 1 | 0]! >>> 0), true); q[(fp >> 1) + (w >>> 16 & 255) | 0] = toBig(x0 >>> 0); return 2; } // load32u_i64_absolute
    case 60: { f[(fp >> 1) + (w >>> 16 & 255) | 0] = view.getFloat32((r[fp + (w >>> 23 & 510) | 0]! >>> 0) + (c[pc + 1 | 0]! >>> 0), true); return 2; } // load32_f64
    case 61: { f[(fp >> 1) + (w >>> 16 & 255) | 0] = view.getFloat32((c[pc + 1 | 0]! >>> 0), true); return 2; } // load32_f64_absolute
    case 62: { const x0 = fp + (w >>> 23 & 510) | 0; const x1 = r[x0]!; view.setInt8((r[fp + (w >>> 15 & 510) | 0]! >>> 0) + (c[pc + 1 | 0]! >>> 0), x1); return 2; } // store8_i64
    case 63: { const x0 = fp + (w >>> 15 & 510) | 0; const x1 = r[x0]!; view.setInt8((c[pc + 1 | 0]! >>> 0), x1); return 2; } // store8_i64_absolute
    case 64: { const x0 = fp + (w >>> 23 & 510) | 0; const x1 = r[x0]!; view.setInt16((r[fp + (w >>> 15 & 510) | 0]! >>> 0) + (c[pc + 1 | 0]! >>> 0), x1, true); return 2; } // store16_i64
    case 65: { const x0 = fp + (w >>> 15 & 510) | 0; const x1 = r[x0]!; view.setInt16((c[pc + 1 | 0]! >>> 0), x1, true); return 2; } // store16_i64_absolute
    case 66: { const x0 = fp + (w >>> 23 & 510) | 0; const x1 = r[x0]!; view.setInt32((r[fp + (w >>> 15 & 510) | 0]! >>> 0) + (c[pc + 1 | 0]! >>> 0), x1, true); return 2; } // store32_i64
    case 67: { const x0 = fp + (w >>> 15 & 510) | 0; const x1 = r[x0]!; view.setInt32((c[pc + 1 | 0]! >>> 0), x1, true); return 2; } // store32_i64_absolute
    case 68: { const x0 = f[(fp >> 1) + (w >>> 24) | 0]!; const x1 = (r[fp + (w >>> 15 & 510) | 0]! >>> 0) + (c[pc + 1 | 0]! >>> 0); const x2 = fround(x0); if (x2 === x2) view.setFloat32(x1, x2, true); else view.setInt32(x1, 0x7fc00000, true); return 2; } // store32_f64
    case 69: { const x0 = f[(fp >> 1) + (w >>> 16 & 255) | 0]!; const x1 = (c[pc + 1 | 0]! >>> 0); const x2 = fround(x0); if (x2 === x2) view.setFloat32(x1, x2, true); else view.setInt32(x1, 0x7fc00000, true); return 2; } // store32_f64_absolute
    case 80: { r[fp + (w >>> 15 & 510) | 0] = (view.byteLength | 0); return 1; } // memory_bytes
    case 81: { const x0 = r[fp + (c[pc + 1 | 0]! << 1 & 510) | 0]! >>> 0; if (!copyBytes(view, r[fp + (w >>> 15 & 510) | 0]! >>> 0, r[fp + (w >>> 23 & 510) | 0]! >>> 0, x0)) return -4; OUT[4] = ceil(x0 / 64); return 2; } // copy
    case 82: { const x0 = r[fp + (c[pc + 1 | 0]! << 1 & 510) | 0]! >>> 0; if (!fillBytes(view, r[fp + (w >>> 15 & 510) | 0]! >>> 0, r[fp + (w >>> 23 & 510) | 0]!, x0)) return -4; OUT[4] = ceil(x0 / 64); return 2; } // fill
    case 88: { return PORT; } // bell
    case 89: { return PORT; } // wait
    case 90: { return PORT; } // poll
    default: throw new Error('an opcode that the verifier refuses');
    }
  }

  return function interpretLoop(view, D, d, fp, pc, fuel, end, halts) {
    let status = 0;
    let w = 0;
    let to = 0;
    D |= 0; d |= 0; fp |= 0; pc |= 0; fuel |= 0; end |= 0; halts |= 0;
  try {
    loop: for (;;) {
      w = c[pc]!;
      switch (w & 0xff) {
      case 0: { OUT[4] = (w >>> 8 & 255); status = 2; break loop; } // trap
      case 1: { if (fuel < 1) { status = 0; break loop; } fuel = fuel - 1 | 0; pc = pc + 1 | 0; continue; } // check
      case 2: { to = (w >> 8); break; } // jump
      case 3: { const i = r[fp + (w >>> 7 & 510) | 0]! >>> 0, n = (w >>> 16); to = c[pc + 1 + (i < n ? i : n) | 0]!; break; } // jump_table
      case 4: { const to = D + (c[pc + 1 | 0]! << 3) | 0; const next = fp + c[d + 1 | 0]! | 0, clear = c[to + 2 | 0]!; if ((next + c[to + 1 | 0]! | 0) > end) { OUT[4] = c[to + 1 | 0]!; status = 5; break loop; } const n = (w >>> 8 & 255); if (n !== 0) { const list = c[pc + 2 | 0]!; { const from = fp + (list << 1 & 510) | 0; r[next + 0 | 0] = r[from]!; r[next + 1 | 0] = r[from + 1 | 0]!; if (n > 1) { const from = fp + (list >>> 7 & 510) | 0; r[next + 2 | 0] = r[from]!; r[next + 3 | 0] = r[from + 1 | 0]!; if (n > 2) { const from = fp + (list >>> 15 & 510) | 0; r[next + 4 | 0] = r[from]!; r[next + 5 | 0] = r[from + 1 | 0]!; if (n > 3) { const from = fp + (list >>> 23 & 510) | 0; r[next + 6 | 0] = r[from]!; r[next + 7 | 0] = r[from + 1 | 0]!; if (n > 4) copyMany(fp, pc + 2, next, n); } } } } } if (clear !== 0) { if (clear === -1) { OUT[4] = (to - D) >> 3; status = 6; break loop; } clearMany(next, clear); } r[next - 2 | 0] = (d - D | 0) >> 3; r[next - 1 | 0] = pc - c[d]! | 0; fp = next; d = to; pc = c[to]!; if (halts === 0 || (c[pc]! & 255) === 1) { if (fuel < 1) { status = 0; break loop; } fuel = fuel - 1 | 0; pc = pc + 1 | 0; } continue; } // call
      case 5: { const i = r[fp + (w >>> 7 & 510) | 0]! >>> 0; if (i >= c[D - 2 | 0]!) { OUT[4] = 6; status = 2; break loop; } const to = D + (c[c[D - 1 | 0]! + i | 0]! << 3) | 0; if (c[to + 3 | 0] !== c[pc + 1 | 0]!) { OUT[4] = 7; status = 2; break loop; } const next = fp + c[d + 1 | 0]! | 0, clear = c[to + 2 | 0]!; if ((next + c[to + 1 | 0]! | 0) > end) { OUT[4] = c[to + 1 | 0]!; status = 5; break loop; } const n = (w >>> 16 & 255); if (n !== 0) { const list = c[pc + 2 | 0]!; { const from = fp + (list << 1 & 510) | 0; r[next + 0 | 0] = r[from]!; r[next + 1 | 0] = r[from + 1 | 0]!; if (n > 1) { const from = fp + (list >>> 7 & 510) | 0; r[next + 2 | 0] = r[from]!; r[next + 3 | 0] = r[from + 1 | 0]!; if (n > 2) { const from = fp + (list >>> 15 & 510) | 0; r[next + 4 | 0] = r[from]!; r[next + 5 | 0] = r[from + 1 | 0]!; if (n > 3) { const from = fp + (list >>> 23 & 510) | 0; r[next + 6 | 0] = r[from]!; r[next + 7 | 0] = r[from + 1 | 0]!; if (n > 4) copyMany(fp, pc + 2, next, n); } } } } } if (clear !== 0) { if (clear === -1) { OUT[4] = (to - D) >> 3; status = 6; break loop; } clearMany(next, clear); } r[next - 2 | 0] = (d - D | 0) >> 3; r[next - 1 | 0] = pc - c[d]! | 0; fp = next; d = to; pc = c[to]!; if (halts === 0 || (c[pc]! & 255) === 1) { if (fuel < 1) { status = 0; break loop; } fuel = fuel - 1 | 0; pc = pc + 1 | 0; } continue; } // call_table
      case 6: { const n = (w >>> 8 & 255), caller = r[fp - 2 | 0]!, from = fp; if (caller < 0) { gather(fp, pc + 1 | 0, n); status = 1; break loop; } const skip = c[d + 4 | 0]!; d = D + (caller << 3) | 0; fp = fp - c[d + 1 | 0]! | 0; const list = c[d]! + r[from - 1 | 0]! + skip | 0; if (n === 1) { const to = fp + (c[list]! << 1 & 510) | 0, value = from + (c[pc + 1 | 0]! << 1 & 510) | 0; r[to] = r[value]!; r[to + 1 | 0] = r[value + 1 | 0]!; } else if (n !== 0) returnMany(from, pc + 1, fp, list, n); pc = list + (n + 3 >> 2) | 0; continue; } // ret
      case 7: { r[fp + (w >>> 7 & 510) | 0] = r[fp + (w >>> 15 & 510) | 0]!; pc = pc + 1 | 0; continue; } // mov_i32
      case 8: { const x0 = q[(fp >> 1) + (w >>> 16 & 255) | 0]!; q[(fp >> 1) + (w >>> 8 & 255) | 0] = x0; pc = pc + 1 | 0; continue; } // mov_i64
      case 9: { f[(fp >> 1) + (w >>> 8 & 255) | 0] = f[(fp >> 1) + (w >>> 16 & 255) | 0]!; pc = pc + 1 | 0; continue; } // mov_f64
      case 10: { r[fp + (w >>> 7 & 510) | 0] = c[pc + 1 | 0]!; pc = pc + 2 | 0; continue; } // const_i32
      case 11: { r[fp + (w >>> 7 & 510) | 0] = (w >> 16); pc = pc + 1 | 0; continue; } // const_i32_short
      case 12: { q[(fp >> 1) + (w >>> 8 & 255) | 0] = (asIntN(64, toBig(c[pc + 2 | 0]!) << 32n) | toBig(c[pc + 1 | 0]! >>> 0)); pc = pc + 3 | 0; continue; } // const_i64
      case 13: { q[(fp >> 1) + (w >>> 8 & 255) | 0] = toBig((w >> 16)); pc = pc + 1 | 0; continue; } // const_i64_short
      case 14: { f[(fp >> 1) + (w >>> 8 & 255) | 0] = f64OfBits(c[pc + 1 | 0]!, c[pc + 2 | 0]!); pc = pc + 3 | 0; continue; } // const_f64
      case 15: { r[fp + (w >>> 7 & 510) | 0] = (r[fp + (w >>> 15 & 510) | 0]! !== 0 ? r[fp + (w >>> 23 & 510) | 0]! : r[fp + (c[pc + 1 | 0]! << 1 & 510) | 0]!); pc = pc + 2 | 0; continue; } // select_i32
      case 16: { const x0 = q[(fp >> 1) + (w >>> 24) | 0]!; const x1 = q[(fp >> 1) + (c[pc + 1 | 0]! >>> 0 & 255) | 0]!; q[(fp >> 1) + (w >>> 8 & 255) | 0] = (r[fp + (w >>> 15 & 510) | 0]! !== 0 ? x0 : x1); pc = pc + 2 | 0; continue; } // select_i64
      case 17: { f[(fp >> 1) + (w >>> 8 & 255) | 0] = (r[fp + (w >>> 15 & 510) | 0]! !== 0 ? f[(fp >> 1) + (w >>> 24) | 0]! : f[(fp >> 1) + (c[pc + 1 | 0]! >>> 0 & 255) | 0]!); pc = pc + 2 | 0; continue; } // select_f64
      case 18: { r[fp + (w >>> 7 & 510) | 0] = (r[fp + (w >>> 15 & 510) | 0]! + r[fp + (w >>> 23 & 510) | 0]! | 0); pc = pc + 1 | 0; continue; } // add_i32
      case 19: { r[fp + (w >>> 7 & 510) | 0] = (r[fp + (w >>> 15 & 510) | 0]! - r[fp + (w >>> 23 & 510) | 0]! | 0); pc = pc + 1 | 0; continue; } // sub_i32
      case 20: { r[fp + (w >>> 7 & 510) | 0] = imul(r[fp + (w >>> 15 & 510) | 0]!, r[fp + (w >>> 23 & 510) | 0]!); pc = pc + 1 | 0; continue; } // mul_i32
      case 21: { const x0 = r[fp + (w >>> 23 & 510) | 0]!; if ((x0 === 0)) { OUT[4] = 2; status = 2; break loop; } const x1 = r[fp + (w >>> 15 & 510) | 0]!; if ((((x1 === (-2147483648)) ? 1 : 0) & ((x0 === (-1)) ? 1 : 0)) !== 0) { OUT[4] = 3; status = 2; break loop; } r[fp + (w >>> 7 & 510) | 0] = (x1 / x0 | 0); pc = pc + 1 | 0; continue; } // div_i32
      case 22: { const x0 = r[fp + (w >>> 23 & 510) | 0]!; if ((x0 === 0)) { OUT[4] = 2; status = 2; break loop; } r[fp + (w >>> 7 & 510) | 0] = ((r[fp + (w >>> 15 & 510) | 0]! >>> 0) / (x0 >>> 0) | 0); pc = pc + 1 | 0; continue; } // divu_i32
      case 23: { const x0 = r[fp + (w >>> 23 & 510) | 0]!; if ((x0 === 0)) { OUT[4] = 2; status = 2; break loop; } r[fp + (w >>> 7 & 510) | 0] = (r[fp + (w >>> 15 & 510) | 0]! % x0 | 0); pc = pc + 1 | 0; continue; } // rem_i32
      case 24: { const x0 = r[fp + (w >>> 23 & 510) | 0]!; if ((x0 === 0)) { OUT[4] = 2; status = 2; break loop; } r[fp + (w >>> 7 & 510) | 0] = ((r[fp + (w >>> 15 & 510) | 0]! >>> 0) % (x0 >>> 0) | 0); pc = pc + 1 | 0; continue; } // remu_i32
      case 25: { r[fp + (w >>> 7 & 510) | 0] = (r[fp + (w >>> 15 & 510) | 0]! & r[fp + (w >>> 23 & 510) | 0]!); pc = pc + 1 | 0; continue; } // and_i32
      case 26: { r[fp + (w >>> 7 & 510) | 0] = (r[fp + (w >>> 15 & 510) | 0]! | r[fp + (w >>> 23 & 510) | 0]!); pc = pc + 1 | 0; continue; } // or_i32
      case 27: { r[fp + (w >>> 7 & 510) | 0] = (r[fp + (w >>> 15 & 510) | 0]! ^ r[fp + (w >>> 23 & 510) | 0]!); pc = pc + 1 | 0; continue; } // xor_i32
      case 28: { r[fp + (w >>> 7 & 510) | 0] = (r[fp + (w >>> 15 & 510) | 0]! << r[fp + (w >>> 23 & 510) | 0]!); pc = pc + 1 | 0; continue; } // shl_i32
      case 29: { r[fp + (w >>> 7 & 510) | 0] = (r[fp + (w >>> 15 & 510) | 0]! >> r[fp + (w >>> 23 & 510) | 0]!); pc = pc + 1 | 0; continue; } // shr_i32
      case 30: { r[fp + (w >>> 7 & 510) | 0] = (r[fp + (w >>> 15 & 510) | 0]! >>> r[fp + (w >>> 23 & 510) | 0]! | 0); pc = pc + 1 | 0; continue; } // shru_i32
      case 31: { const x0 = r[fp + (w >>> 15 & 510) | 0]!; const x1 = r[fp + (w >>> 23 & 510) | 0]!; r[fp + (w >>> 7 & 510) | 0] = (x0 << x1 | x0 >>> -x1); pc = pc + 1 | 0; continue; } // rotl_i32
      case 32: { const x0 = r[fp + (w >>> 15 & 510) | 0]!; const x1 = r[fp + (w >>> 23 & 510) | 0]!; r[fp + (w >>> 7 & 510) | 0] = (x0 >>> x1 | x0 << -x1); pc = pc + 1 | 0; continue; } // rotr_i32
      case 33: { r[fp + (w >>> 7 & 510) | 0] = (r[fp + (w >>> 15 & 510) | 0]! + c[pc + 1 | 0]! | 0); pc = pc + 2 | 0; continue; } // add_i32_imm
      case 34: { r[fp + (w >>> 7 & 510) | 0] = (r[fp + (w >>> 15 & 510) | 0]! + (w >> 24) | 0); pc = pc + 1 | 0; continue; } // add_i32_imm8
      case 35: { r[fp + (w >>> 7 & 510) | 0] = imul(r[fp + (w >>> 15 & 510) | 0]!, c[pc + 1 | 0]!); pc = pc + 2 | 0; continue; } // mul_i32_imm
      case 36: { r[fp + (w >>> 7 & 510) | 0] = imul(r[fp + (w >>> 15 & 510) | 0]!, (w >> 24)); pc = pc + 1 | 0; continue; } // mul_i32_imm8
      case 37: { r[fp + (w >>> 7 & 510) | 0] = (r[fp + (w >>> 15 & 510) | 0]! & c[pc + 1 | 0]!); pc = pc + 2 | 0; continue; } // and_i32_imm
      case 38: { r[fp + (w >>> 7 & 510) | 0] = (r[fp + (w >>> 15 & 510) | 0]! & (w >> 24)); pc = pc + 1 | 0; continue; } // and_i32_imm8
      case 39: { r[fp + (w >>> 7 & 510) | 0] = (r[fp + (w >>> 15 & 510) | 0]! | c[pc + 1 | 0]!); pc = pc + 2 | 0; continue; } // or_i32_imm
      case 40: { r[fp + (w >>> 7 & 510) | 0] = (r[fp + (w >>> 15 & 510) | 0]! | (w >> 24)); pc = pc + 1 | 0; continue; } // or_i32_imm8
      case 41: { r[fp + (w >>> 7 & 510) | 0] = (r[fp + (w >>> 15 & 510) | 0]! ^ c[pc + 1 | 0]!); pc = pc + 2 | 0; continue; } // xor_i32_imm
      case 42: { r[fp + (w >>> 7 & 510) | 0] = (r[fp + (w >>> 15 & 510) | 0]! ^ (w >> 24)); pc = pc + 1 | 0; continue; } // xor_i32_imm8
      case 43: { r[fp + (w >>> 7 & 510) | 0] = (r[fp + (w >>> 15 & 510) | 0]! << (w >> 24)); pc = pc + 1 | 0; continue; } // shl_i32_imm
      case 44: { r[fp + (w >>> 7 & 510) | 0] = (r[fp + (w >>> 15 & 510) | 0]! >> (w >> 24)); pc = pc + 1 | 0; continue; } // shr_i32_imm
      case 45: { r[fp + (w >>> 7 & 510) | 0] = (r[fp + (w >>> 15 & 510) | 0]! >>> (w >> 24) | 0); pc = pc + 1 | 0; continue; } // shru_i32_imm
      case 46: { const x0 = r[fp + (w >>> 15 & 510) | 0]!; const x1 = (w >> 24); r[fp + (w >>> 7 & 510) | 0] = (x0 << x1 | x0 >>> -x1); pc = pc + 1 | 0; continue; } // rotl_i32_imm
      case 47: { r[fp + (w >>> 7 & 510) | 0] = ((r[fp + (w >>> 15 & 510) | 0]! === r[fp + (w >>> 23 & 510) | 0]!) ? 1 : 0); pc = pc + 1 | 0; continue; } // eq_i32
      case 48: { r[fp + (w >>> 7 & 510) | 0] = ((r[fp + (w >>> 15 & 510) | 0]! !== r[fp + (w >>> 23 & 510) | 0]!) ? 1 : 0); pc = pc + 1 | 0; continue; } // neq_i32
      case 49: { r[fp + (w >>> 7 & 510) | 0] = ((r[fp + (w >>> 15 & 510) | 0]! < r[fp + (w >>> 23 & 510) | 0]!) ? 1 : 0); pc = pc + 1 | 0; continue; } // lt_i32
      case 50: { r[fp + (w >>> 7 & 510) | 0] = ((r[fp + (w >>> 15 & 510) | 0]! <= r[fp + (w >>> 23 & 510) | 0]!) ? 1 : 0); pc = pc + 1 | 0; continue; } // lte_i32
      case 51: { r[fp + (w >>> 7 & 510) | 0] = ((r[fp + (w >>> 15 & 510) | 0]! >>> 0 < r[fp + (w >>> 23 & 510) | 0]! >>> 0) ? 1 : 0); pc = pc + 1 | 0; continue; } // ltu_i32
      case 52: { r[fp + (w >>> 7 & 510) | 0] = ((r[fp + (w >>> 15 & 510) | 0]! >>> 0 <= r[fp + (w >>> 23 & 510) | 0]! >>> 0) ? 1 : 0); pc = pc + 1 | 0; continue; } // lteu_i32
      case 53: { r[fp + (w >>> 7 & 510) | 0] = ((r[fp + (w >>> 15 & 510) | 0]! === (w >> 24)) ? 1 : 0); pc = pc + 1 | 0; continue; } // eq_i32_imm
      case 54: { r[fp + (w >>> 7 & 510) | 0] = ((r[fp + (w >>> 15 & 510) | 0]! !== (w >> 24)) ? 1 : 0); pc = pc + 1 | 0; continue; } // neq_i32_imm
      case 55: { r[fp + (w >>> 7 & 510) | 0] = ((r[fp + (w >>> 15 & 510) | 0]! < (w >> 24)) ? 1 : 0); pc = pc + 1 | 0; continue; } // lt_i32_imm
      case 56: { r[fp + (w >>> 7 & 510) | 0] = ((r[fp + (w >>> 15 & 510) | 0]! <= (w >> 24)) ? 1 : 0); pc = pc + 1 | 0; continue; } // lte_i32_imm
      case 57: { r[fp + (w >>> 7 & 510) | 0] = ((r[fp + (w >>> 15 & 510) | 0]! > (w >> 24)) ? 1 : 0); pc = pc + 1 | 0; continue; } // gt_i32_imm
      case 58: { r[fp + (w >>> 7 & 510) | 0] = ((r[fp + (w >>> 15 & 510) | 0]! >= (w >> 24)) ? 1 : 0); pc = pc + 1 | 0; continue; } // gte_i32_imm
      case 59: { r[fp + (w >>> 7 & 510) | 0] = ((r[fp + (w >>> 15 & 510) | 0]! >>> 0 < (w >> 24) >>> 0) ? 1 : 0); pc = pc + 1 | 0; continue; } // ltu_i32_imm
      case 60: { r[fp + (w >>> 7 & 510) | 0] = ((r[fp + (w >>> 15 & 510) | 0]! >>> 0 <= (w >> 24) >>> 0) ? 1 : 0); pc = pc + 1 | 0; continue; } // lteu_i32_imm
      case 61: { r[fp + (w >>> 7 & 510) | 0] = ((r[fp + (w >>> 15 & 510) | 0]! >>> 0 > (w >> 24) >>> 0) ? 1 : 0); pc = pc + 1 | 0; continue; } // gtu_i32_imm
      case 62: { r[fp + (w >>> 7 & 510) | 0] = ((r[fp + (w >>> 15 & 510) | 0]! >>> 0 >= (w >> 24) >>> 0) ? 1 : 0); pc = pc + 1 | 0; continue; } // gteu_i32_imm
      case 63: { if ((r[fp + (w >>> 7 & 510) | 0]! === r[fp + (w >>> 15 & 510) | 0]!)) { to = c[pc + 1]!; break; } pc = pc + 2 | 0; continue; } // br_eq_i32
      case 64: { if ((r[fp + (w >>> 7 & 510) | 0]! === r[fp + (w >>> 15 & 510) | 0]!)) { to = (w >> 24); break; } pc = pc + 1 | 0; continue; } // br_eq_i32_near
      case 65: { if ((r[fp + (w >>> 7 & 510) | 0]! !== r[fp + (w >>> 15 & 510) | 0]!)) { to = c[pc + 1]!; break; } pc = pc + 2 | 0; continue; } // br_neq_i32
      case 66: { if ((r[fp + (w >>> 7 & 510) | 0]! !== r[fp + (w >>> 15 & 510) | 0]!)) { to = (w >> 24); break; } pc = pc + 1 | 0; continue; } // br_neq_i32_near
      case 67: { if ((r[fp + (w >>> 7 & 510) | 0]! < r[fp + (w >>> 15 & 510) | 0]!)) { to = c[pc + 1]!; break; } pc = pc + 2 | 0; continue; } // br_lt_i32
      case 68: { if ((r[fp + (w >>> 7 & 510) | 0]! < r[fp + (w >>> 15 & 510) | 0]!)) { to = (w >> 24); break; } pc = pc + 1 | 0; continue; } // br_lt_i32_near
      case 69: { if ((r[fp + (w >>> 7 & 510) | 0]! <= r[fp + (w >>> 15 & 510) | 0]!)) { to = c[pc + 1]!; break; } pc = pc + 2 | 0; continue; } // br_lte_i32
      case 70: { if ((r[fp + (w >>> 7 & 510) | 0]! <= r[fp + (w >>> 15 & 510) | 0]!)) { to = (w >> 24); break; } pc = pc + 1 | 0; continue; } // br_lte_i32_near
      case 71: { if ((r[fp + (w >>> 7 & 510) | 0]! >>> 0 < r[fp + (w >>> 15 & 510) | 0]! >>> 0)) { to = c[pc + 1]!; break; } pc = pc + 2 | 0; continue; } // br_ltu_i32
      case 72: { if ((r[fp + (w >>> 7 & 510) | 0]! >>> 0 < r[fp + (w >>> 15 & 510) | 0]! >>> 0)) { to = (w >> 24); break; } pc = pc + 1 | 0; continue; } // br_ltu_i32_near
      case 73: { if ((r[fp + (w >>> 7 & 510) | 0]! >>> 0 <= r[fp + (w >>> 15 & 510) | 0]! >>> 0)) { to = c[pc + 1]!; break; } pc = pc + 2 | 0; continue; } // br_lteu_i32
      case 74: { if ((r[fp + (w >>> 7 & 510) | 0]! >>> 0 <= r[fp + (w >>> 15 & 510) | 0]! >>> 0)) { to = (w >> 24); break; } pc = pc + 1 | 0; continue; } // br_lteu_i32_near
      case 75: { if ((r[fp + (w >>> 7 & 510) | 0]! === c[pc + 1 | 0]!)) { to = c[pc + 2]!; break; } pc = pc + 3 | 0; continue; } // br_eq_i32_imm
      case 76: { if ((r[fp + (w >>> 7 & 510) | 0]! === (w << 8 >> 24))) { to = (w >> 24); break; } pc = pc + 1 | 0; continue; } // br_eq_i32_imm_near
      case 77: { if ((r[fp + (w >>> 7 & 510) | 0]! !== c[pc + 1 | 0]!)) { to = c[pc + 2]!; break; } pc = pc + 3 | 0; continue; } // br_neq_i32_imm
      case 78: { if ((r[fp + (w >>> 7 & 510) | 0]! !== (w << 8 >> 24))) { to = (w >> 24); break; } pc = pc + 1 | 0; continue; } // br_neq_i32_imm_near
      case 79: { if ((r[fp + (w >>> 7 & 510) | 0]! < c[pc + 1 | 0]!)) { to = c[pc + 2]!; break; } pc = pc + 3 | 0; continue; } // br_lt_i32_imm
      case 80: { if ((r[fp + (w >>> 7 & 510) | 0]! < (w << 8 >> 24))) { to = (w >> 24); break; } pc = pc + 1 | 0; continue; } // br_lt_i32_imm_near
      case 81: { if ((r[fp + (w >>> 7 & 510) | 0]! <= c[pc + 1 | 0]!)) { to = c[pc + 2]!; break; } pc = pc + 3 | 0; continue; } // br_lte_i32_imm
      case 82: { if ((r[fp + (w >>> 7 & 510) | 0]! <= (w << 8 >> 24))) { to = (w >> 24); break; } pc = pc + 1 | 0; continue; } // br_lte_i32_imm_near
      case 83: { if ((r[fp + (w >>> 7 & 510) | 0]! > c[pc + 1 | 0]!)) { to = c[pc + 2]!; break; } pc = pc + 3 | 0; continue; } // br_gt_i32_imm
      case 84: { if ((r[fp + (w >>> 7 & 510) | 0]! > (w << 8 >> 24))) { to = (w >> 24); break; } pc = pc + 1 | 0; continue; } // br_gt_i32_imm_near
      case 85: { if ((r[fp + (w >>> 7 & 510) | 0]! >= c[pc + 1 | 0]!)) { to = c[pc + 2]!; break; } pc = pc + 3 | 0; continue; } // br_gte_i32_imm
      case 86: { if ((r[fp + (w >>> 7 & 510) | 0]! >= (w << 8 >> 24))) { to = (w >> 24); break; } pc = pc + 1 | 0; continue; } // br_gte_i32_imm_near
      case 87: { if ((r[fp + (w >>> 7 & 510) | 0]! >>> 0 < c[pc + 1 | 0]! >>> 0)) { to = c[pc + 2]!; break; } pc = pc + 3 | 0; continue; } // br_ltu_i32_imm
      case 88: { if ((r[fp + (w >>> 7 & 510) | 0]! >>> 0 < (w << 8 >> 24) >>> 0)) { to = (w >> 24); break; } pc = pc + 1 | 0; continue; } // br_ltu_i32_imm_near
      case 89: { if ((r[fp + (w >>> 7 & 510) | 0]! >>> 0 <= c[pc + 1 | 0]! >>> 0)) { to = c[pc + 2]!; break; } pc = pc + 3 | 0; continue; } // br_lteu_i32_imm
      case 90: { if ((r[fp + (w >>> 7 & 510) | 0]! >>> 0 <= (w << 8 >> 24) >>> 0)) { to = (w >> 24); break; } pc = pc + 1 | 0; continue; } // br_lteu_i32_imm_near
      case 91: { if ((r[fp + (w >>> 7 & 510) | 0]! >>> 0 > c[pc + 1 | 0]! >>> 0)) { to = c[pc + 2]!; break; } pc = pc + 3 | 0; continue; } // br_gtu_i32_imm
      case 92: { if ((r[fp + (w >>> 7 & 510) | 0]! >>> 0 > (w << 8 >> 24) >>> 0)) { to = (w >> 24); break; } pc = pc + 1 | 0; continue; } // br_gtu_i32_imm_near
      case 93: { if ((r[fp + (w >>> 7 & 510) | 0]! >>> 0 >= c[pc + 1 | 0]! >>> 0)) { to = c[pc + 2]!; break; } pc = pc + 3 | 0; continue; } // br_gteu_i32_imm
      case 94: { if ((r[fp + (w >>> 7 & 510) | 0]! >>> 0 >= (w << 8 >> 24) >>> 0)) { to = (w >> 24); break; } pc = pc + 1 | 0; continue; } // br_gteu_i32_imm_near
      case 95: { const x0 = q[(fp >> 1) + (w >>> 16 & 255) | 0]!; const x1 = q[(fp >> 1) + (w >>> 24) | 0]!; q[(fp >> 1) + (w >>> 8 & 255) | 0] = asIntN(64, x0 + x1); pc = pc + 1 | 0; continue; } // add_i64
      case 96: { const x0 = q[(fp >> 1) + (w >>> 16 & 255) | 0]!; const x1 = q[(fp >> 1) + (w >>> 24) | 0]!; q[(fp >> 1) + (w >>> 8 & 255) | 0] = asIntN(64, x0 - x1); pc = pc + 1 | 0; continue; } // sub_i64
      case 97: { const x0 = q[(fp >> 1) + (w >>> 16 & 255) | 0]!; const x1 = q[(fp >> 1) + (w >>> 24) | 0]!; q[(fp >> 1) + (w >>> 8 & 255) | 0] = asIntN(64, x0 * x1); pc = pc + 1 | 0; continue; } // mul_i64
      case 98: { const x0 = q[(fp >> 1) + (w >>> 16 & 255) | 0]!; const x1 = q[(fp >> 1) + (w >>> 24) | 0]!; q[(fp >> 1) + (w >>> 8 & 255) | 0] = (x0 & x1); pc = pc + 1 | 0; continue; } // and_i64
      case 99: { const x0 = q[(fp >> 1) + (w >>> 16 & 255) | 0]!; const x1 = q[(fp >> 1) + (w >>> 24) | 0]!; q[(fp >> 1) + (w >>> 8 & 255) | 0] = (x0 | x1); pc = pc + 1 | 0; continue; } // or_i64
      case 100: { const x0 = q[(fp >> 1) + (w >>> 16 & 255) | 0]!; const x1 = q[(fp >> 1) + (w >>> 24) | 0]!; q[(fp >> 1) + (w >>> 8 & 255) | 0] = (x0 ^ x1); pc = pc + 1 | 0; continue; } // xor_i64
      case 101: { const x0 = q[(fp >> 1) + (w >>> 16 & 255) | 0]!; const x1 = fp + (w >>> 23 & 510) | 0; const x2 = r[x1]!; q[(fp >> 1) + (w >>> 8 & 255) | 0] = asIntN(64, x0 * POWERS[x2 & 63]!); pc = pc + 1 | 0; continue; } // shl_i64
      case 102: { const x0 = fp + (w >>> 23 & 510) | 0; const x1 = r[x0]!; const x2 = x1 & 63; const x3 = fp + (w >>> 15 & 510) | 0; const x4 = r[x3 + 1 | 0]!; const x5 = r[x3]!; let x6, x7; if (x2 < 32) { x6 = x5 >>> x2 | x4 << 1 << 31 - x2; x7 = x4 >> x2 | 0; } else { x6 = x4 >> x2 | 0; x7 = x4 >> 31; } q[(fp >> 1) + (w >>> 8 & 255) | 0] = (asIntN(64, toBig(x7) << 32n) | toBig(x6 >>> 0)); pc = pc + 1 | 0; continue; } // shr_i64
      case 103: { const x0 = fp + (w >>> 23 & 510) | 0; const x1 = r[x0]!; const x2 = x1 & 63; const x3 = fp + (w >>> 15 & 510) | 0; const x4 = r[x3 + 1 | 0]!; const x5 = r[x3]!; let x6, x7; if (x2 < 32) { x6 = x5 >>> x2 | x4 << 1 << 31 - x2; x7 = x4 >>> x2 | 0; } else { x6 = x4 >>> x2 | 0; x7 = 0; } q[(fp >> 1) + (w >>> 8 & 255) | 0] = (asIntN(64, toBig(x7) << 32n) | toBig(x6 >>> 0)); pc = pc + 1 | 0; continue; } // shru_i64
      case 104: { const x0 = fp + (w >>> 23 & 510) | 0; const x1 = r[x0]!; const x2 = x1 & 63; const x3 = (x2 & 32) !== 0; const x4 = fp + (w >>> 15 & 510) | 0; const x5 = r[x4 + 1 | 0]!; const x6 = r[x4]!; const x7 = x3 ? x5 : x6; const x8 = x3 ? x6 : x5; q[(fp >> 1) + (w >>> 8 & 255) | 0] = (asIntN(64, toBig((x8 << x2 | x7 >>> 1 >>> 31 - (x2 & 31))) << 32n) | toBig((x7 << x2 | x8 >>> 1 >>> 31 - (x2 & 31)) >>> 0)); pc = pc + 1 | 0; continue; } // rotl_i64
      case 105: { const x0 = fp + (w >>> 23 & 510) | 0; const x1 = r[x0]!; const x2 = -x1 & 63; const x3 = (x2 & 32) !== 0; const x4 = fp + (w >>> 15 & 510) | 0; const x5 = r[x4 + 1 | 0]!; const x6 = r[x4]!; const x7 = x3 ? x5 : x6; const x8 = x3 ? x6 : x5; q[(fp >> 1) + (w >>> 8 & 255) | 0] = (asIntN(64, toBig((x8 << x2 | x7 >>> 1 >>> 31 - (x2 & 31))) << 32n) | toBig((x7 << x2 | x8 >>> 1 >>> 31 - (x2 & 31)) >>> 0)); pc = pc + 1 | 0; continue; } // rotr_i64
      case 106: { const x0 = q[(fp >> 1) + (w >>> 16 & 255) | 0]!; q[(fp >> 1) + (w >>> 8 & 255) | 0] = asIntN(64, x0 + toBig((w >> 24))); pc = pc + 1 | 0; continue; } // add_i64_imm
      case 107: { const x0 = q[(fp >> 1) + (w >>> 16 & 255) | 0]!; q[(fp >> 1) + (w >>> 8 & 255) | 0] = (x0 & toBig((w >> 24))); pc = pc + 1 | 0; continue; } // and_i64_imm
      case 108: { const x0 = q[(fp >> 1) + (w >>> 16 & 255) | 0]!; q[(fp >> 1) + (w >>> 8 & 255) | 0] = asIntN(64, x0 * POWERS[(w >> 24) & 63]!); pc = pc + 1 | 0; continue; } // shl_i64_imm
      case 109: { const x0 = (w >> 24) & 63; const x1 = fp + (w >>> 15 & 510) | 0; const x2 = r[x1 + 1 | 0]!; const x3 = r[x1]!; let x4, x5; if (x0 < 32) { x4 = x3 >>> x0 | x2 << 1 << 31 - x0; x5 = x2 >> x0 | 0; } else { x4 = x2 >> x0 | 0; x5 = x2 >> 31; } q[(fp >> 1) + (w >>> 8 & 255) | 0] = (asIntN(64, toBig(x5) << 32n) | toBig(x4 >>> 0)); pc = pc + 1 | 0; continue; } // shr_i64_imm
      case 110: { const x0 = (w >> 24) & 63; const x1 = fp + (w >>> 15 & 510) | 0; const x2 = r[x1 + 1 | 0]!; const x3 = r[x1]!; let x4, x5; if (x0 < 32) { x4 = x3 >>> x0 | x2 << 1 << 31 - x0; x5 = x2 >>> x0 | 0; } else { x4 = x2 >>> x0 | 0; x5 = 0; } q[(fp >> 1) + (w >>> 8 & 255) | 0] = (asIntN(64, toBig(x5) << 32n) | toBig(x4 >>> 0)); pc = pc + 1 | 0; continue; } // shru_i64_imm
      case 111: { const x0 = (w >> 24) & 63; const x1 = (x0 & 32) !== 0; const x2 = fp + (w >>> 15 & 510) | 0; const x3 = r[x2 + 1 | 0]!; const x4 = r[x2]!; const x5 = x1 ? x3 : x4; const x6 = x1 ? x4 : x3; q[(fp >> 1) + (w >>> 8 & 255) | 0] = (asIntN(64, toBig((x6 << x0 | x5 >>> 1 >>> 31 - (x0 & 31))) << 32n) | toBig((x5 << x0 | x6 >>> 1 >>> 31 - (x0 & 31)) >>> 0)); pc = pc + 1 | 0; continue; } // rotl_i64_imm
      case 112: { const x0 = q[(fp >> 1) + (w >>> 16 & 255) | 0]!; const x1 = q[(fp >> 1) + (w >>> 24) | 0]!; r[fp + (w >>> 7 & 510) | 0] = ((x0 === x1) ? 1 : 0); pc = pc + 1 | 0; continue; } // eq_i64
      case 113: { const x0 = q[(fp >> 1) + (w >>> 16 & 255) | 0]!; const x1 = q[(fp >> 1) + (w >>> 24) | 0]!; r[fp + (w >>> 7 & 510) | 0] = ((x0 !== x1) ? 1 : 0); pc = pc + 1 | 0; continue; } // neq_i64
      case 114: { const x0 = q[(fp >> 1) + (w >>> 16 & 255) | 0]!; const x1 = q[(fp >> 1) + (w >>> 24) | 0]!; r[fp + (w >>> 7 & 510) | 0] = ((x0 < x1) ? 1 : 0); pc = pc + 1 | 0; continue; } // lt_i64
      case 115: { const x0 = q[(fp >> 1) + (w >>> 16 & 255) | 0]!; const x1 = q[(fp >> 1) + (w >>> 24) | 0]!; r[fp + (w >>> 7 & 510) | 0] = ((x0 <= x1) ? 1 : 0); pc = pc + 1 | 0; continue; } // lte_i64
      case 116: { const x0 = fp + (w >>> 15 & 510) | 0; const x1 = r[x0 + 1 | 0]!; const x2 = fp + (w >>> 23 & 510) | 0; const x3 = r[x2 + 1 | 0]!; const x4 = r[x0]!; const x5 = r[x2]!; r[fp + (w >>> 7 & 510) | 0] = ((x1 >>> 0 < x3 >>> 0 || x1 === x3 && x4 >>> 0 < x5 >>> 0) ? 1 : 0); pc = pc + 1 | 0; continue; } // ltu_i64
      case 117: { const x0 = fp + (w >>> 15 & 510) | 0; const x1 = r[x0 + 1 | 0]!; const x2 = fp + (w >>> 23 & 510) | 0; const x3 = r[x2 + 1 | 0]!; const x4 = r[x0]!; const x5 = r[x2]!; r[fp + (w >>> 7 & 510) | 0] = ((x1 >>> 0 < x3 >>> 0 || x1 === x3 && x4 >>> 0 <= x5 >>> 0) ? 1 : 0); pc = pc + 1 | 0; continue; } // lteu_i64
      case 118: { const x0 = q[(fp >> 1) + (w >>> 8 & 255) | 0]!; const x1 = q[(fp >> 1) + (w >>> 16 & 255) | 0]!; if ((x0 === x1)) { to = c[pc + 1]!; break; } pc = pc + 2 | 0; continue; } // br_eq_i64
      case 119: { const x0 = q[(fp >> 1) + (w >>> 8 & 255) | 0]!; const x1 = q[(fp >> 1) + (w >>> 16 & 255) | 0]!; if ((x0 !== x1)) { to = c[pc + 1]!; break; } pc = pc + 2 | 0; continue; } // br_neq_i64
      case 120: { const x0 = q[(fp >> 1) + (w >>> 8 & 255) | 0]!; const x1 = q[(fp >> 1) + (w >>> 16 & 255) | 0]!; if ((x0 < x1)) { to = c[pc + 1]!; break; } pc = pc + 2 | 0; continue; } // br_lt_i64
      case 121: { const x0 = q[(fp >> 1) + (w >>> 8 & 255) | 0]!; const x1 = q[(fp >> 1) + (w >>> 16 & 255) | 0]!; if ((x0 <= x1)) { to = c[pc + 1]!; break; } pc = pc + 2 | 0; continue; } // br_lte_i64
      case 122: { const x0 = fp + (w >>> 7 & 510) | 0; const x1 = r[x0 + 1 | 0]!; const x2 = fp + (w >>> 15 & 510) | 0; const x3 = r[x2 + 1 | 0]!; const x4 = r[x0]!; const x5 = r[x2]!; if ((x1 >>> 0 < x3 >>> 0 || x1 === x3 && x4 >>> 0 < x5 >>> 0)) { to = c[pc + 1]!; break; } pc = pc + 2 | 0; continue; } // br_ltu_i64
      case 123: { const x0 = fp + (w >>> 7 & 510) | 0; const x1 = r[x0 + 1 | 0]!; const x2 = fp + (w >>> 15 & 510) | 0; const x3 = r[x2 + 1 | 0]!; const x4 = r[x0]!; const x5 = r[x2]!; if ((x1 >>> 0 < x3 >>> 0 || x1 === x3 && x4 >>> 0 <= x5 >>> 0)) { to = c[pc + 1]!; break; } pc = pc + 2 | 0; continue; } // br_lteu_i64
      case 124: { const x0 = fp + (w >>> 15 & 510) | 0; const x1 = r[x0]!; r[fp + (w >>> 7 & 510) | 0] = x1; pc = pc + 1 | 0; continue; } // wrap_i32
      case 125: { const x0 = r[fp + (w >>> 15 & 510) | 0]!; q[(fp >> 1) + (w >>> 8 & 255) | 0] = toBig(x0); pc = pc + 1 | 0; continue; } // extend_i64
      case 126: { q[(fp >> 1) + (w >>> 8 & 255) | 0] = toBig(r[fp + (w >>> 15 & 510) | 0]! >>> 0); pc = pc + 1 | 0; continue; } // extendu_i64
      case 127: { f[(fp >> 1) + (w >>> 8 & 255) | 0] = (f[(fp >> 1) + (w >>> 16 & 255) | 0]! + f[(fp >> 1) + (w >>> 24) | 0]!); pc = pc + 1 | 0; continue; } // add_f64
      case 128: { f[(fp >> 1) + (w >>> 8 & 255) | 0] = (f[(fp >> 1) + (w >>> 16 & 255) | 0]! - f[(fp >> 1) + (w >>> 24) | 0]!); pc = pc + 1 | 0; continue; } // sub_f64
      case 129: { f[(fp >> 1) + (w >>> 8 & 255) | 0] = (f[(fp >> 1) + (w >>> 16 & 255) | 0]! * f[(fp >> 1) + (w >>> 24) | 0]!); pc = pc + 1 | 0; continue; } // mul_f64
      case 130: { f[(fp >> 1) + (w >>> 8 & 255) | 0] = (f[(fp >> 1) + (w >>> 16 & 255) | 0]! / f[(fp >> 1) + (w >>> 24) | 0]!); pc = pc + 1 | 0; continue; } // div_f64
      case 131: { f[(fp >> 1) + (w >>> 8 & 255) | 0] = sqrt(f[(fp >> 1) + (w >>> 16 & 255) | 0]!); pc = pc + 1 | 0; continue; } // sqrt_f64
      case 132: { f[(fp >> 1) + (w >>> 8 & 255) | 0] = (-f[(fp >> 1) + (w >>> 16 & 255) | 0]!); pc = pc + 1 | 0; continue; } // neg_f64
      case 133: { f[(fp >> 1) + (w >>> 8 & 255) | 0] = abs(f[(fp >> 1) + (w >>> 16 & 255) | 0]!); pc = pc + 1 | 0; continue; } // abs_f64
      case 134: { r[fp + (w >>> 7 & 510) | 0] = ((f[(fp >> 1) + (w >>> 16 & 255) | 0]! === f[(fp >> 1) + (w >>> 24) | 0]!) ? 1 : 0); pc = pc + 1 | 0; continue; } // eq_f64
      case 135: { r[fp + (w >>> 7 & 510) | 0] = ((f[(fp >> 1) + (w >>> 16 & 255) | 0]! !== f[(fp >> 1) + (w >>> 24) | 0]!) ? 1 : 0); pc = pc + 1 | 0; continue; } // neq_f64
      case 136: { r[fp + (w >>> 7 & 510) | 0] = ((f[(fp >> 1) + (w >>> 16 & 255) | 0]! < f[(fp >> 1) + (w >>> 24) | 0]!) ? 1 : 0); pc = pc + 1 | 0; continue; } // lt_f64
      case 137: { r[fp + (w >>> 7 & 510) | 0] = ((f[(fp >> 1) + (w >>> 16 & 255) | 0]! <= f[(fp >> 1) + (w >>> 24) | 0]!) ? 1 : 0); pc = pc + 1 | 0; continue; } // lte_f64
      case 138: { if ((f[(fp >> 1) + (w >>> 8 & 255) | 0]! === f[(fp >> 1) + (w >>> 16 & 255) | 0]!)) { to = c[pc + 1]!; break; } pc = pc + 2 | 0; continue; } // br_eq_f64
      case 139: { if ((f[(fp >> 1) + (w >>> 8 & 255) | 0]! !== f[(fp >> 1) + (w >>> 16 & 255) | 0]!)) { to = c[pc + 1]!; break; } pc = pc + 2 | 0; continue; } // br_neq_f64
      case 140: { if ((f[(fp >> 1) + (w >>> 8 & 255) | 0]! < f[(fp >> 1) + (w >>> 16 & 255) | 0]!)) { to = c[pc + 1]!; break; } pc = pc + 2 | 0; continue; } // br_lt_f64
      case 141: { if ((f[(fp >> 1) + (w >>> 8 & 255) | 0]! <= f[(fp >> 1) + (w >>> 16 & 255) | 0]!)) { to = c[pc + 1]!; break; } pc = pc + 2 | 0; continue; } // br_lte_f64
      case 142: { if (!(f[(fp >> 1) + (w >>> 8 & 255) | 0]! < f[(fp >> 1) + (w >>> 16 & 255) | 0]!)) { to = c[pc + 1]!; break; } pc = pc + 2 | 0; continue; } // br_nlt_f64
      case 143: { if (!(f[(fp >> 1) + (w >>> 8 & 255) | 0]! <= f[(fp >> 1) + (w >>> 16 & 255) | 0]!)) { to = c[pc + 1]!; break; } pc = pc + 2 | 0; continue; } // br_nlte_f64
      case 144: { f[(fp >> 1) + (w >>> 8 & 255) | 0] = r[fp + (w >>> 15 & 510) | 0]!; pc = pc + 1 | 0; continue; } // convert_f64_i32
      case 145: { r[fp + (w >>> 7 & 510) | 0] = truncateToI32(f[(fp >> 1) + (w >>> 16 & 255) | 0]!); pc = pc + 1 | 0; continue; } // convert_i32_f64
      case 146: { r[fp + (w >>> 7 & 510) | 0] = view.getInt32((r[fp + (w >>> 15 & 510) | 0]! >>> 0) + (c[pc + 1 | 0]! >>> 0), true); pc = pc + 2 | 0; continue; } // load_i32
      case 147: { r[fp + (w >>> 7 & 510) | 0] = view.getInt32((r[fp + (w >>> 15 & 510) | 0]! >>> 0) + (w >>> 24), true); pc = pc + 1 | 0; continue; } // load_i32_near
      case 148: { r[fp + (w >>> 7 & 510) | 0] = view.getInt32((c[pc + 1 | 0]! >>> 0), true); pc = pc + 2 | 0; continue; } // load_i32_absolute
      case 149: { r[fp + (w >>> 7 & 510) | 0] = view.getInt8((r[fp + (w >>> 15 & 510) | 0]! >>> 0) + (c[pc + 1 | 0]! >>> 0)); pc = pc + 2 | 0; continue; } // load8_i32
      case 150: { r[fp + (w >>> 7 & 510) | 0] = view.getInt8((r[fp + (w >>> 15 & 510) | 0]! >>> 0) + (w >>> 24)); pc = pc + 1 | 0; continue; } // load8_i32_near
      case 151: { r[fp + (w >>> 7 & 510) | 0] = view.getInt8((c[pc + 1 | 0]! >>> 0)); pc = pc + 2 | 0; continue; } // load8_i32_absolute
      case 152: { r[fp + (w >>> 7 & 510) | 0] = view.getUint8((r[fp + (w >>> 15 & 510) | 0]! >>> 0) + (c[pc + 1 | 0]! >>> 0)); pc = pc + 2 | 0; continue; } // load8u_i32
      case 153: { r[fp + (w >>> 7 & 510) | 0] = view.getUint8((r[fp + (w >>> 15 & 510) | 0]! >>> 0) + (w >>> 24)); pc = pc + 1 | 0; continue; } // load8u_i32_near
      case 154: { r[fp + (w >>> 7 & 510) | 0] = view.getUint8((c[pc + 1 | 0]! >>> 0)); pc = pc + 2 | 0; continue; } // load8u_i32_absolute
      case 155: { r[fp + (w >>> 7 & 510) | 0] = view.getInt16((r[fp + (w >>> 15 & 510) | 0]! >>> 0) + (c[pc + 1 | 0]! >>> 0), true); pc = pc + 2 | 0; continue; } // load16_i32
      case 156: { r[fp + (w >>> 7 & 510) | 0] = view.getInt16((r[fp + (w >>> 15 & 510) | 0]! >>> 0) + (w >>> 24), true); pc = pc + 1 | 0; continue; } // load16_i32_near
      case 157: { r[fp + (w >>> 7 & 510) | 0] = view.getInt16((c[pc + 1 | 0]! >>> 0), true); pc = pc + 2 | 0; continue; } // load16_i32_absolute
      case 158: { r[fp + (w >>> 7 & 510) | 0] = view.getUint16((r[fp + (w >>> 15 & 510) | 0]! >>> 0) + (c[pc + 1 | 0]! >>> 0), true); pc = pc + 2 | 0; continue; } // load16u_i32
      case 159: { r[fp + (w >>> 7 & 510) | 0] = view.getUint16((r[fp + (w >>> 15 & 510) | 0]! >>> 0) + (w >>> 24), true); pc = pc + 1 | 0; continue; } // load16u_i32_near
      case 160: { r[fp + (w >>> 7 & 510) | 0] = view.getUint16((c[pc + 1 | 0]! >>> 0), true); pc = pc + 2 | 0; continue; } // load16u_i32_absolute
      case 161: { const x0 = (r[fp + (w >>> 15 & 510) | 0]! >>> 0) + (c[pc + 1 | 0]! >>> 0); const x1 = view.getInt32(x0, true); const x2 = view.getInt32(x0 + 4, true); q[(fp >> 1) + (w >>> 8 & 255) | 0] = (asIntN(64, toBig(x2) << 32n) | toBig(x1 >>> 0)); pc = pc + 2 | 0; continue; } // load_i64
      case 162: { const x0 = (r[fp + (w >>> 15 & 510) | 0]! >>> 0) + (w >>> 24); const x1 = view.getInt32(x0, true); const x2 = view.getInt32(x0 + 4, true); q[(fp >> 1) + (w >>> 8 & 255) | 0] = (asIntN(64, toBig(x2) << 32n) | toBig(x1 >>> 0)); pc = pc + 1 | 0; continue; } // load_i64_near
      case 163: { const x0 = (c[pc + 1 | 0]! >>> 0); const x1 = view.getInt32(x0, true); const x2 = view.getInt32(x0 + 4, true); q[(fp >> 1) + (w >>> 8 & 255) | 0] = (asIntN(64, toBig(x2) << 32n) | toBig(x1 >>> 0)); pc = pc + 2 | 0; continue; } // load_i64_absolute
      case 164: { f[(fp >> 1) + (w >>> 8 & 255) | 0] = view.getFloat64((r[fp + (w >>> 15 & 510) | 0]! >>> 0) + (c[pc + 1 | 0]! >>> 0), true); pc = pc + 2 | 0; continue; } // load_f64
      case 165: { f[(fp >> 1) + (w >>> 8 & 255) | 0] = view.getFloat64((r[fp + (w >>> 15 & 510) | 0]! >>> 0) + (w >>> 24), true); pc = pc + 1 | 0; continue; } // load_f64_near
      case 166: { f[(fp >> 1) + (w >>> 8 & 255) | 0] = view.getFloat64((c[pc + 1 | 0]! >>> 0), true); pc = pc + 2 | 0; continue; } // load_f64_absolute
      case 167: { view.setInt32((r[fp + (w >>> 7 & 510) | 0]! >>> 0) + (c[pc + 1 | 0]! >>> 0), r[fp + (w >>> 15 & 510) | 0]!, true); pc = pc + 2 | 0; continue; } // store_i32
      case 168: { view.setInt32((r[fp + (w >>> 7 & 510) | 0]! >>> 0) + (w >>> 16 & 255), r[fp + (w >>> 23 & 510) | 0]!, true); pc = pc + 1 | 0; continue; } // store_i32_near
      case 169: { view.setInt32((c[pc + 1 | 0]! >>> 0), r[fp + (w >>> 7 & 510) | 0]!, true); pc = pc + 2 | 0; continue; } // store_i32_absolute
      case 170: { view.setInt8((r[fp + (w >>> 7 & 510) | 0]! >>> 0) + (c[pc + 1 | 0]! >>> 0), r[fp + (w >>> 15 & 510) | 0]!); pc = pc + 2 | 0; continue; } // store8_i32
      case 171: { view.setInt8((r[fp + (w >>> 7 & 510) | 0]! >>> 0) + (w >>> 16 & 255), r[fp + (w >>> 23 & 510) | 0]!); pc = pc + 1 | 0; continue; } // store8_i32_near
      case 172: { view.setInt8((c[pc + 1 | 0]! >>> 0), r[fp + (w >>> 7 & 510) | 0]!); pc = pc + 2 | 0; continue; } // store8_i32_absolute
      case 173: { view.setInt16((r[fp + (w >>> 7 & 510) | 0]! >>> 0) + (c[pc + 1 | 0]! >>> 0), r[fp + (w >>> 15 & 510) | 0]!, true); pc = pc + 2 | 0; continue; } // store16_i32
      case 174: { view.setInt16((r[fp + (w >>> 7 & 510) | 0]! >>> 0) + (w >>> 16 & 255), r[fp + (w >>> 23 & 510) | 0]!, true); pc = pc + 1 | 0; continue; } // store16_i32_near
      case 175: { view.setInt16((c[pc + 1 | 0]! >>> 0), r[fp + (w >>> 7 & 510) | 0]!, true); pc = pc + 2 | 0; continue; } // store16_i32_absolute
      case 176: { const x0 = (r[fp + (w >>> 7 & 510) | 0]! >>> 0) + (c[pc + 1 | 0]! >>> 0); const x1 = fp + (w >>> 15 & 510) | 0; const x2 = r[x1 + 1 | 0]!; const x3 = r[x1]!; view.setInt32(x0 + 4, x2, true); view.setInt32(x0, x3, true); pc = pc + 2 | 0; continue; } // store_i64
      case 177: { const x0 = (r[fp + (w >>> 7 & 510) | 0]! >>> 0) + (w >>> 16 & 255); const x1 = fp + (w >>> 23 & 510) | 0; const x2 = r[x1 + 1 | 0]!; const x3 = r[x1]!; view.setInt32(x0 + 4, x2, true); view.setInt32(x0, x3, true); pc = pc + 1 | 0; continue; } // store_i64_near
      case 178: { const x0 = (c[pc + 1 | 0]! >>> 0); const x1 = fp + (w >>> 7 & 510) | 0; const x2 = r[x1 + 1 | 0]!; const x3 = r[x1]!; view.setInt32(x0 + 4, x2, true); view.setInt32(x0, x3, true); pc = pc + 2 | 0; continue; } // store_i64_absolute
      case 179: { const x0 = f[(fp >> 1) + (w >>> 16 & 255) | 0]!; const x1 = (r[fp + (w >>> 7 & 510) | 0]! >>> 0) + (c[pc + 1 | 0]! >>> 0); if (x0 === x0) view.setFloat64(x1, x0, true); else { view.setInt32(x1 + 4, 0x7ff80000, true); view.setInt32(x1, 0, true); } pc = pc + 2 | 0; continue; } // store_f64
      case 180: { const x0 = f[(fp >> 1) + (w >>> 24) | 0]!; const x1 = (r[fp + (w >>> 7 & 510) | 0]! >>> 0) + (w >>> 16 & 255); if (x0 === x0) view.setFloat64(x1, x0, true); else { view.setInt32(x1 + 4, 0x7ff80000, true); view.setInt32(x1, 0, true); } pc = pc + 1 | 0; continue; } // store_f64_near
      case 181: { const x0 = f[(fp >> 1) + (w >>> 8 & 255) | 0]!; const x1 = (c[pc + 1 | 0]! >>> 0); if (x0 === x0) view.setFloat64(x1, x0, true); else { view.setInt32(x1 + 4, 0x7ff80000, true); view.setInt32(x1, 0, true); } pc = pc + 2 | 0; continue; } // store_f64_absolute
      case 182: { const x0 = (f[(fp >> 1) + (w >>> 16 & 255) | 0]! * f[(fp >> 1) + (w >>> 24) | 0]!); f[(fp >> 1) + (w >>> 8 & 255) | 0] = x0; pc = pc + 1 | 0; w = c[pc]!; f[(fp >> 1) + (w >>> 8 & 255) | 0] = (f[(fp >> 1) + (w >>> 16 & 255) | 0]! + x0); pc = pc + 1 | 0; continue; } // mul_f64 + add_f64, b at hand
      case 183: { const x0 = (r[fp + (w >>> 15 & 510) | 0]! ^ r[fp + (w >>> 23 & 510) | 0]!) | 0; r[fp + (w >>> 7 & 510) | 0] = x0; pc = pc + 1 | 0; w = c[pc]!; r[fp + (w >>> 7 & 510) | 0] = (r[fp + (w >>> 15 & 510) | 0]! + x0 | 0); pc = pc + 1 | 0; continue; } // xor_i32 + add_i32, b at hand
      case 184: { const x0 = (r[fp + (w >>> 15 & 510) | 0]! + (w >> 24) | 0) | 0; r[fp + (w >>> 7 & 510) | 0] = x0; pc = pc + 1 | 0; w = c[pc]!; if ((x0 < r[fp + (w >>> 15 & 510) | 0]!)) { to = (w >> 24); break; } pc = pc + 1 | 0; continue; } // add_i32_imm8 + br_lt_i32_near, a at hand
      case 185: { const x0 = r[fp + (w >>> 15 & 510) | 0]!; const x1 = (w >> 24); const x2 = (x0 << x1 | x0 >>> -x1) | 0; r[fp + (w >>> 7 & 510) | 0] = x2; pc = pc + 1 | 0; w = c[pc]!; r[fp + (w >>> 7 & 510) | 0] = (r[fp + (w >>> 15 & 510) | 0]! ^ x2); pc = pc + 1 | 0; continue; } // rotl_i32_imm + xor_i32, b at hand
      case 186: { const x0 = (r[fp + (w >>> 15 & 510) | 0]! + r[fp + (w >>> 23 & 510) | 0]! | 0) | 0; r[fp + (w >>> 7 & 510) | 0] = x0; pc = pc + 1 | 0; w = c[pc]!; if ((x0 >>> 0 < r[fp + (w >>> 15 & 510) | 0]! >>> 0)) { to = (w >> 24); break; } pc = pc + 1 | 0; continue; } // add_i32 + br_ltu_i32_near, a at hand
      case 187: { const x0 = (r[fp + (w >>> 15 & 510) | 0]! + (w >> 24) | 0) | 0; r[fp + (w >>> 7 & 510) | 0] = x0; pc = pc + 1 | 0; w = c[pc]!; if ((x0 >>> 0 < r[fp + (w >>> 15 & 510) | 0]! >>> 0)) { to = (w >> 24); break; } pc = pc + 1 | 0; continue; } // add_i32_imm8 + br_ltu_i32_near, a at hand
      case 188: { const x0 = (f[(fp >> 1) + (w >>> 16 & 255) | 0]! - f[(fp >> 1) + (w >>> 24) | 0]!); f[(fp >> 1) + (w >>> 8 & 255) | 0] = x0; pc = pc + 1 | 0; w = c[pc]!; f[(fp >> 1) + (w >>> 8 & 255) | 0] = (x0 + f[(fp >> 1) + (w >>> 24) | 0]!); pc = pc + 1 | 0; continue; } // sub_f64 + add_f64, a at hand
      case 189: { r[fp + (w >>> 7 & 510) | 0] = view.getUint8((r[fp + (w >>> 15 & 510) | 0]! >>> 0) + (w >>> 24)); pc = pc + 1 | 0; w = c[pc]!; r[fp + (w >>> 7 & 510) | 0] = (r[fp + (w >>> 15 & 510) | 0]! + (w >> 24) | 0); pc = pc + 1 | 0; continue; } // load8u_i32_near + add_i32_imm8
      case 190: { const x0 = (r[fp + (w >>> 15 & 510) | 0]! >>> (w >> 24) | 0) | 0; r[fp + (w >>> 7 & 510) | 0] = x0; pc = pc + 1 | 0; w = c[pc]!; if ((x0 !== (w << 8 >> 24))) { to = (w >> 24); break; } pc = pc + 1 | 0; continue; } // shru_i32_imm + br_neq_i32_imm_near, a at hand
      case 191: { const x0 = (r[fp + (w >>> 15 & 510) | 0]! & (w >> 24)) | 0; r[fp + (w >>> 7 & 510) | 0] = x0; pc = pc + 1 | 0; w = c[pc]!; r[fp + (w >>> 7 & 510) | 0] = (r[fp + (w >>> 15 & 510) | 0]! + x0 | 0); pc = pc + 1 | 0; continue; } // and_i32_imm8 + add_i32, b at hand
      case 192: { const x0 = (r[fp + (w >>> 15 & 510) | 0]! + (w >> 24) | 0) | 0; r[fp + (w >>> 7 & 510) | 0] = x0; pc = pc + 1 | 0; w = c[pc]!; if ((x0 !== (w << 8 >> 24))) { to = (w >> 24); break; } pc = pc + 1 | 0; continue; } // add_i32_imm8 + br_neq_i32_imm_near, a at hand
      case 193: { const x0 = view.getInt32((r[fp + (w >>> 15 & 510) | 0]! >>> 0) + (w >>> 24), true) | 0; r[fp + (w >>> 7 & 510) | 0] = x0; pc = pc + 1 | 0; w = c[pc]!; if ((x0 === r[fp + (w >>> 15 & 510) | 0]!)) { to = (w >> 24); break; } pc = pc + 1 | 0; continue; } // load_i32_near + br_eq_i32_near, a at hand
      case 194: { const x0 = view.getInt32((r[fp + (w >>> 15 & 510) | 0]! >>> 0) + (w >>> 24), true) | 0; r[fp + (w >>> 7 & 510) | 0] = x0; pc = pc + 1 | 0; w = c[pc]!; r[fp + (w >>> 7 & 510) | 0] = (x0 ^ r[fp + (w >>> 23 & 510) | 0]!); pc = pc + 1 | 0; continue; } // load_i32_near + xor_i32, a at hand
      case 195: { f[(fp >> 1) + (w >>> 8 & 255) | 0] = view.getFloat64((r[fp + (w >>> 15 & 510) | 0]! >>> 0) + (w >>> 24), true); pc = pc + 1 | 0; w = c[pc]!; f[(fp >> 1) + (w >>> 8 & 255) | 0] = view.getFloat64((r[fp + (w >>> 15 & 510) | 0]! >>> 0) + (w >>> 24), true); pc = pc + 1 | 0; continue; } // load_f64_near + load_f64_near
      case 196: { const x0 = q[(fp >> 1) + (w >>> 16 & 255) | 0]!; const x1 = q[(fp >> 1) + (w >>> 24) | 0]!; q[(fp >> 1) + (w >>> 8 & 255) | 0] = (x0 ^ x1); pc = pc + 1 | 0; w = c[pc]!; const y0 = (w >> 24) & 63; const y1 = fp + (w >>> 15 & 510) | 0; const y2 = r[y1 + 1 | 0]!; const y3 = r[y1]!; let y4, y5; if (y0 < 32) { y4 = y3 >>> y0 | y2 << 1 << 31 - y0; y5 = y2 >>> y0 | 0; } else { y4 = y2 >>> y0 | 0; y5 = 0; } q[(fp >> 1) + (w >>> 8 & 255) | 0] = (asIntN(64, toBig(y5) << 32n) | toBig(y4 >>> 0)); pc = pc + 1 | 0; continue; } // xor_i64 + shru_i64_imm
      case 197: { r[fp + (w >>> 7 & 510) | 0] = imul(r[fp + (w >>> 15 & 510) | 0]!, r[fp + (w >>> 23 & 510) | 0]!); pc = pc + 1 | 0; w = c[pc]!; r[fp + (w >>> 7 & 510) | 0] = (r[fp + (w >>> 15 & 510) | 0]! >>> (w >> 24) | 0); pc = pc + 1 | 0; continue; } // mul_i32 + shru_i32_imm
      case 198: { const x0 = (r[fp + (w >>> 15 & 510) | 0]! + (w >> 24) | 0) | 0; r[fp + (w >>> 7 & 510) | 0] = x0; pc = pc + 1 | 0; w = c[pc]!; if ((x0 !== r[fp + (w >>> 15 & 510) | 0]!)) { to = (w >> 24); break; } pc = pc + 1 | 0; continue; } // add_i32_imm8 + br_neq_i32_near, a at hand
      case 199: { const x0 = (r[fp + (w >>> 15 & 510) | 0]! - r[fp + (w >>> 23 & 510) | 0]! | 0) | 0; r[fp + (w >>> 7 & 510) | 0] = x0; pc = pc + 1 | 0; w = c[pc]!; r[fp + (w >>> 7 & 510) | 0] = (x0 & r[fp + (w >>> 23 & 510) | 0]!); pc = pc + 1 | 0; continue; } // sub_i32 + and_i32, a at hand
      case 200: { const x0 = r[fp + (w >>> 15 & 510) | 0]!; const x1 = (w >> 24); const x2 = (x0 << x1 | x0 >>> -x1) | 0; r[fp + (w >>> 7 & 510) | 0] = x2; pc = pc + 1 | 0; w = c[pc]!; r[fp + (w >>> 7 & 510) | 0] = (x2 & r[fp + (w >>> 23 & 510) | 0]!); pc = pc + 1 | 0; continue; } // rotl_i32_imm + and_i32, a at hand
      case 201: { r[fp + (w >>> 7 & 510) | 0] = (r[fp + (w >>> 15 & 510) | 0]! + (w >> 24) | 0); pc = pc + 1 | 0; w = c[pc]!; r[fp + (w >>> 7 & 510) | 0] = (r[fp + (w >>> 15 & 510) | 0]! + c[pc + 1 | 0]! | 0); pc = pc + 2 | 0; continue; } // add_i32_imm8 + add_i32_imm
      case 202: { const x0 = view.getInt32((r[fp + (w >>> 15 & 510) | 0]! >>> 0) + (w >>> 24), true) | 0; r[fp + (w >>> 7 & 510) | 0] = x0; pc = pc + 1 | 0; w = c[pc]!; if ((x0 === (w << 8 >> 24))) { to = (w >> 24); break; } pc = pc + 1 | 0; continue; } // load_i32_near + br_eq_i32_imm_near, a at hand
      case 203: { const x0 = (r[fp + (w >>> 15 & 510) | 0]! + (w >> 24) | 0) | 0; r[fp + (w >>> 7 & 510) | 0] = x0; pc = pc + 1 | 0; w = c[pc]!; if ((x0 === r[fp + (w >>> 15 & 510) | 0]!)) { to = (w >> 24); break; } pc = pc + 1 | 0; continue; } // add_i32_imm8 + br_eq_i32_near, a at hand
      case 204: { const x0 = q[(fp >> 1) + (w >>> 16 & 255) | 0]!; const x1 = q[(fp >> 1) + (w >>> 24) | 0]!; const x2 = asIntN(64, x0 * x1); q[(fp >> 1) + (w >>> 8 & 255) | 0] = x2; pc = pc + 1 | 0; w = c[pc]!; const y0 = q[(fp >> 1) + (w >>> 24) | 0]!; q[(fp >> 1) + (w >>> 8 & 255) | 0] = asIntN(64, x2 + y0); pc = pc + 1 | 0; continue; } // mul_i64 + add_i64, a at hand
      case 205: { const x0 = view.getInt32((r[fp + (w >>> 15 & 510) | 0]! >>> 0) + (w >>> 24), true) | 0; r[fp + (w >>> 7 & 510) | 0] = x0; pc = pc + 1 | 0; w = c[pc]!; if ((x0 <= r[fp + (w >>> 15 & 510) | 0]!)) { to = (w >> 24); break; } pc = pc + 1 | 0; continue; } // load_i32_near + br_lte_i32_near, a at hand
      case 206: { const x0 = view.getInt32((r[fp + (w >>> 15 & 510) | 0]! >>> 0) + (w >>> 24), true) | 0; r[fp + (w >>> 7 & 510) | 0] = x0; pc = pc + 1 | 0; w = c[pc]!; r[fp + (w >>> 7 & 510) | 0] = (r[fp + (w >>> 15 & 510) | 0]! + x0 | 0); pc = pc + 1 | 0; continue; } // load_i32_near + add_i32, b at hand
      case 207: { const x0 = view.getInt32((r[fp + (w >>> 15 & 510) | 0]! >>> 0) + (w >>> 24), true) | 0; r[fp + (w >>> 7 & 510) | 0] = x0; pc = pc + 1 | 0; w = c[pc]!; if ((r[fp + (w >>> 7 & 510) | 0]! !== x0)) { to = (w >> 24); break; } pc = pc + 1 | 0; continue; } // load_i32_near + br_neq_i32_near, b at hand
      case 208: { const x0 = (r[fp + (w >>> 15 & 510) | 0]! & r[fp + (w >>> 23 & 510) | 0]!) | 0; r[fp + (w >>> 7 & 510) | 0] = x0; pc = pc + 1 | 0; w = c[pc]!; r[fp + (w >>> 7 & 510) | 0] = (r[fp + (w >>> 15 & 510) | 0]! - x0 | 0); pc = pc + 1 | 0; continue; } // and_i32 + sub_i32, b at hand
      case 209: { const x0 = (r[fp + (w >>> 15 & 510) | 0]! | r[fp + (w >>> 23 & 510) | 0]!) | 0; r[fp + (w >>> 7 & 510) | 0] = x0; pc = pc + 1 | 0; w = c[pc]!; r[fp + (w >>> 7 & 510) | 0] = (x0 >>> (w >> 24) | 0); pc = pc + 1 | 0; continue; } // or_i32 + shru_i32_imm, a at hand
      case 210: { const x0 = (r[fp + (w >>> 15 & 510) | 0]! | r[fp + (w >>> 23 & 510) | 0]!) | 0; r[fp + (w >>> 7 & 510) | 0] = x0; pc = pc + 1 | 0; w = c[pc]!; r[fp + (w >>> 7 & 510) | 0] = (x0 | r[fp + (w >>> 23 & 510) | 0]!); pc = pc + 1 | 0; continue; } // or_i32 + or_i32, a at hand
      case 211: { const x0 = (r[fp + (w >>> 15 & 510) | 0]! + (w >> 24) | 0) | 0; r[fp + (w >>> 7 & 510) | 0] = x0; pc = pc + 1 | 0; w = c[pc]!; view.setInt8((r[fp + (w >>> 7 & 510) | 0]! >>> 0) + (w >>> 16 & 255), x0); pc = pc + 1 | 0; continue; } // add_i32_imm8 + store8_i32_near, value at hand
      case 212: { const x0 = (r[fp + (w >>> 15 & 510) | 0]! ^ (w >> 24)) | 0; r[fp + (w >>> 7 & 510) | 0] = x0; pc = pc + 1 | 0; w = c[pc]!; r[fp + (w >>> 7 & 510) | 0] = (x0 & r[fp + (w >>> 23 & 510) | 0]!); pc = pc + 1 | 0; continue; } // xor_i32_imm8 + and_i32, a at hand
      case 213: { const x0 = view.getUint8((r[fp + (w >>> 15 & 510) | 0]! >>> 0) + (w >>> 24)) | 0; r[fp + (w >>> 7 & 510) | 0] = x0; pc = pc + 1 | 0; w = c[pc]!; if ((x0 === (w << 8 >> 24))) { to = (w >> 24); break; } pc = pc + 1 | 0; continue; } // load8u_i32_near + br_eq_i32_imm_near, a at hand
      case 214: { const x0 = view.getFloat64((r[fp + (w >>> 15 & 510) | 0]! >>> 0) + (w >>> 24), true); f[(fp >> 1) + (w >>> 8 & 255) | 0] = x0; pc = pc + 1 | 0; w = c[pc]!; f[(fp >> 1) + (w >>> 8 & 255) | 0] = (x0 * f[(fp >> 1) + (w >>> 24) | 0]!); pc = pc + 1 | 0; continue; } // load_f64_near + mul_f64, a at hand
      case 215: { const x0 = q[(fp >> 1) + (w >>> 16 & 255) | 0]!; const x1 = asIntN(64, x0 * POWERS[(w >> 24) & 63]!); q[(fp >> 1) + (w >>> 8 & 255) | 0] = x1; pc = pc + 1 | 0; w = c[pc]!; const y0 = q[(fp >> 1) + (w >>> 24) | 0]!; q[(fp >> 1) + (w >>> 8 & 255) | 0] = (x1 ^ y0); pc = pc + 1 | 0; continue; } // shl_i64_imm + xor_i64, a at hand
      case 216: { const x0 = (w >> 24) & 63; const x1 = fp + (w >>> 15 & 510) | 0; const x2 = r[x1 + 1 | 0]!; const x3 = r[x1]!; let x4, x5; if (x0 < 32) { x4 = x3 >>> x0 | x2 << 1 << 31 - x0; x5 = x2 >>> x0 | 0; } else { x4 = x2 >>> x0 | 0; x5 = 0; } const x6 = (asIntN(64, toBig(x5) << 32n) | toBig(x4 >>> 0)); q[(fp >> 1) + (w >>> 8 & 255) | 0] = x6; pc = pc + 1 | 0; w = c[pc]!; const y0 = q[(fp >> 1) + (w >>> 16 & 255) | 0]!; q[(fp >> 1) + (w >>> 8 & 255) | 0] = (y0 ^ x6); pc = pc + 1 | 0; continue; } // shru_i64_imm + xor_i64, b at hand
      case 217: { const x0 = q[(fp >> 1) + (w >>> 16 & 255) | 0]!; const x1 = q[(fp >> 1) + (w >>> 24) | 0]!; const x2 = asIntN(64, x0 + x1); q[(fp >> 1) + (w >>> 8 & 255) | 0] = x2; pc = pc + 1 | 0; w = c[pc]!; const y0 = q[(fp >> 1) + (w >>> 16 & 255) | 0]!; q[(fp >> 1) + (w >>> 8 & 255) | 0] = (y0 ^ x2); pc = pc + 1 | 0; continue; } // add_i64 + xor_i64, b at hand
      case 218: { const x0 = (w >> 24) & 63; const x1 = fp + (w >>> 15 & 510) | 0; const x2 = r[x1 + 1 | 0]!; const x3 = r[x1]!; let x4, x5; if (x0 < 32) { x4 = x3 >>> x0 | x2 << 1 << 31 - x0; x5 = x2 >>> x0 | 0; } else { x4 = x2 >>> x0 | 0; x5 = 0; } const x6 = (asIntN(64, toBig(x5) << 32n) | toBig(x4 >>> 0)); q[(fp >> 1) + (w >>> 8 & 255) | 0] = x6; pc = pc + 1 | 0; w = c[pc]!; const y0 = q[(fp >> 1) + (w >>> 16 & 255) | 0]!; q[(fp >> 1) + (w >>> 8 & 255) | 0] = asIntN(64, y0 + x6); pc = pc + 1 | 0; continue; } // shru_i64_imm + add_i64, b at hand
      case 219: { const x0 = q[(fp >> 1) + (w >>> 16 & 255) | 0]!; q[(fp >> 1) + (w >>> 8 & 255) | 0] = x0; pc = pc + 1 | 0; w = c[pc]!; const y0 = q[(fp >> 1) + (w >>> 16 & 255) | 0]!; const y1 = q[(fp >> 1) + (w >>> 24) | 0]!; q[(fp >> 1) + (w >>> 8 & 255) | 0] = (y0 ^ y1); pc = pc + 1 | 0; continue; } // mov_i64 + xor_i64
      case 220: { r[fp + (w >>> 7 & 510) | 0] = (r[fp + (w >>> 15 & 510) | 0]! + (w >> 24) | 0); pc = pc + 1 | 0; w = c[pc]!; const to = D + (c[pc + 1 | 0]! << 3) | 0; const next = fp + c[d + 1 | 0]! | 0, clear = c[to + 2 | 0]!; if ((next + c[to + 1 | 0]! | 0) > end) { OUT[4] = c[to + 1 | 0]!; status = 5; break loop; } const n = (w >>> 8 & 255); if (n !== 0) { const list = c[pc + 2 | 0]!; { const from = fp + (list << 1 & 510) | 0; r[next + 0 | 0] = r[from]!; r[next + 1 | 0] = r[from + 1 | 0]!; if (n > 1) { const from = fp + (list >>> 7 & 510) | 0; r[next + 2 | 0] = r[from]!; r[next + 3 | 0] = r[from + 1 | 0]!; if (n > 2) { const from = fp + (list >>> 15 & 510) | 0; r[next + 4 | 0] = r[from]!; r[next + 5 | 0] = r[from + 1 | 0]!; if (n > 3) { const from = fp + (list >>> 23 & 510) | 0; r[next + 6 | 0] = r[from]!; r[next + 7 | 0] = r[from + 1 | 0]!; if (n > 4) copyMany(fp, pc + 2, next, n); } } } } } if (clear !== 0) { if (clear === -1) { OUT[4] = (to - D) >> 3; status = 6; break loop; } clearMany(next, clear); } r[next - 2 | 0] = (d - D | 0) >> 3; r[next - 1 | 0] = pc - c[d]! | 0; fp = next; d = to; pc = c[to]!; if (halts === 0 || (c[pc]! & 255) === 1) { if (fuel < 1) { status = 0; break loop; } fuel = fuel - 1 | 0; pc = pc + 1 | 0; } continue; } // add_i32_imm8 + call
      case 221: { r[fp + (w >>> 7 & 510) | 0] = (r[fp + (w >>> 15 & 510) | 0]! + r[fp + (w >>> 23 & 510) | 0]! | 0); pc = pc + 1 | 0; w = c[pc]!; const n = (w >>> 8 & 255), caller = r[fp - 2 | 0]!, from = fp; if (caller < 0) { gather(fp, pc + 1 | 0, n); status = 1; break loop; } const skip = c[d + 4 | 0]!; d = D + (caller << 3) | 0; fp = fp - c[d + 1 | 0]! | 0; const list = c[d]! + r[from - 1 | 0]! + skip | 0; if (n === 1) { const to = fp + (c[list]! << 1 & 510) | 0, value = from + (c[pc + 1 | 0]! << 1 & 510) | 0; r[to] = r[value]!; r[to + 1 | 0] = r[value + 1 | 0]!; } else if (n !== 0) returnMany(from, pc + 1, fp, list, n); pc = list + (n + 3 >> 2) | 0; continue; } // add_i32 + ret
      case 222: { r[fp + (w >>> 7 & 510) | 0] = view.getInt32((r[fp + (w >>> 15 & 510) | 0]! >>> 0) + (w >>> 24), true); pc = pc + 1 | 0; w = c[pc]!; r[fp + (w >>> 7 & 510) | 0] = view.getInt32((r[fp + (w >>> 15 & 510) | 0]! >>> 0) + (w >>> 24), true); pc = pc + 1 | 0; continue; } // load_i32_near + load_i32_near
      case 223: { const x0 = (r[fp + (w >>> 15 & 510) | 0]! ^ r[fp + (w >>> 23 & 510) | 0]!) | 0; r[fp + (w >>> 7 & 510) | 0] = x0; pc = pc + 1 | 0; w = c[pc]!; r[fp + (w >>> 7 & 510) | 0] = (x0 & r[fp + (w >>> 23 & 510) | 0]!); pc = pc + 1 | 0; continue; } // xor_i32 + and_i32, a at hand
      case 224: { const x0 = (r[fp + (w >>> 15 & 510) | 0]! + r[fp + (w >>> 23 & 510) | 0]! | 0) | 0; r[fp + (w >>> 7 & 510) | 0] = x0; pc = pc + 1 | 0; w = c[pc]!; const y0 = (w >> 24); r[fp + (w >>> 7 & 510) | 0] = (x0 << y0 | x0 >>> -y0); pc = pc + 1 | 0; continue; } // add_i32 + rotl_i32_imm, a at hand
      case 225: { const x0 = (r[fp + (w >>> 15 & 510) | 0]! << (w >> 24)) | 0; r[fp + (w >>> 7 & 510) | 0] = x0; pc = pc + 1 | 0; w = c[pc]!; r[fp + (w >>> 7 & 510) | 0] = (x0 | r[fp + (w >>> 23 & 510) | 0]!); pc = pc + 1 | 0; continue; } // shl_i32_imm + or_i32, a at hand
      case 226: { const x0 = (r[fp + (w >>> 15 & 510) | 0]! >>> (w >> 24) | 0) | 0; r[fp + (w >>> 7 & 510) | 0] = x0; pc = pc + 1 | 0; w = c[pc]!; r[fp + (w >>> 7 & 510) | 0] = (r[fp + (w >>> 15 & 510) | 0]! ^ x0); pc = pc + 1 | 0; continue; } // shru_i32_imm + xor_i32, b at hand
      case 227: { const x0 = (r[fp + (w >>> 15 & 510) | 0]! + (w >> 24) | 0) | 0; r[fp + (w >>> 7 & 510) | 0] = x0; pc = pc + 1 | 0; w = c[pc]!; if ((x0 === (w << 8 >> 24))) { to = (w >> 24); break; } pc = pc + 1 | 0; continue; } // add_i32_imm8 + br_eq_i32_imm_near, a at hand
      case 228: { r[fp + (w >>> 7 & 510) | 0] = r[fp + (w >>> 15 & 510) | 0]!; pc = pc + 1 | 0; w = c[pc]!; r[fp + (w >>> 7 & 510) | 0] = r[fp + (w >>> 15 & 510) | 0]!; pc = pc + 1 | 0; continue; } // mov_i32 + mov_i32
      case 254: { status = 4; break loop; }
      case 255: {
        const words = escaped(view, w, pc, fp);
        if (words > 0) { fuel = fuel - OUT[4]! | 0; pc = pc + words | 0; continue; }
        if (words === PORT) { status = 3; break loop; }
        OUT[4] = -words; status = 2; break loop;
      }
      default: throw new Error('an opcode that the verifier refuses');
      }
      pc = pc + to | 0;
      if (to < 0 && (halts === 0 || (c[pc]! & 255) === 1)) { if (fuel < 1) { status = 0; break loop; } fuel = fuel - 1 | 0; pc = pc + 1 | 0; }
    }
  } catch (error) {
    FAULT.error = error;
    status = 7;
  }
  OUT[0] = fp; OUT[1] = d; OUT[2] = pc; OUT[3] = fuel;
    return status;
  };
}

/** The one loop of this realm. */
export const run: Run = makeRun(WORDS, DOUBLES, LONGS, CODE, OUT);
