/**
 * The private memory of compiled code: 64 KiB below the guest's address 0.
 *
 * At its start a cell through which compiled code and its driver tell each other where they stand, then room for the frames of one
 * stretch of compiled execution. A guest's address is unsigned and gets `BIAS` added without wrap, so no guest reaches below its own 0.
 */
import { REGISTER_BYTES, RESULTS_MAX } from '../isa-spec/index.js';

/** Bytes below the guest's address 0: one page, so that the largest guest memory still fits. */
export const BIAS = 65536;

/** Addresses of the cell's words. */
export const CELL = Object.freeze({
  /** Units of fuel: granted on entry, left on exit. */
  fuel: 0,
  /** Bytes that frames may still take: for all frames on entry, without those that were left on exit. */
  room: 4,
  /** Units owed beyond the grant. */
  debt: 8,
  /** Why compiled code was left: one of `WHY`. */
  why: 12,
});

/** Where the frames of one stretch begin, outermost first. */
export const FRAMES = 64;
/**
 * Most bytes of frames in one stretch. The least frame has 8 bytes and takes at most about 250 bytes of the host's stack, so that
 * a stretch stays below 800 KiB of it; more calls than that unwind to frames on the heap and begin a new stretch.
 */
export const ALLOWANCE = 24 * 1024;

if (FRAMES + ALLOWANCE + RESULTS_MAX * REGISTER_BYTES > BIAS) throw new Error('the frames of one stretch fit below the guest');

/** Bits of a local that says where and why compiled code is left: the pc below, one of `WHY` above. */
export const EXIT_PC_BITS = 16;

/** Why compiled code was left. */
export const WHY = Object.freeze({
  /** At a `check` with less fuel than it takes, for its own turn and the next ones. */
  fuel: 0,
  /** The function that was entered returned; its results stand where its frame began. */
  returned: 1,
  /** At a port instruction. */
  port: 2,
  /** At a call that the interpreter has to make. */
  call: 3,
  /** At a trap; the trap's code is added. */
  trap: 0x100,
} as const);
