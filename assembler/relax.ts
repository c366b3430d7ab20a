/**
 * Branch relaxation: which branches take their long form. A branch must be short whenever its distance fits, so the
 * answer is the least fixpoint: all start short, one that does not reach its target grows, until all reach.
 *
 * That this gives exactly the encoding that the verifier demands: growing only lengthens instructions, so a distance never
 * gets smaller. A branch that grew did not fit at a moment when every distance was at most its final one, so it does not
 * fit in the end; one that stayed short fits in the end, or it would have grown.
 *
 * There may be greater fixpoints: a branch that is long only because it is long itself, or because another one is that is long
 * because of it. The verifier takes them too; `far` makes them, and `farBranches` finds the marks that bring one back.
 *
 * The time is linear: a short branch spans at most 127 words, so at most 127 other branches; when one grows, only its
 * near neighbours can be concerned, and each grows once.
 */

/** Most words between a short branch and its target, either way. */
const REACH = 128;
const SHORT_LEAST = -128;
const SHORT_MOST = 127;

/** The branches of one function, in order. */
export interface Branches {
  readonly count: number;
  /** Word at which each stands while all are short. */
  readonly at: ArrayLike<number>;
  /** Words that the long form has more than the short one; 0 where there is no choice. */
  readonly growth: ArrayLike<number>;
  /** Word of its target while all are short. */
  readonly target: ArrayLike<number>;
  /** How many branches stand before its target. */
  readonly before: ArrayLike<number>;
  /** Those that are long from the start (1), whatever their distance; none if left out. */
  readonly far?: ArrayLike<number>;
}

/** Whether a short branch reaches over so many words. */
export function reaches(words: number): boolean {
  return words >= SHORT_LEAST && words <= SHORT_MOST;
}

/** Marks the branches that need their long form: 1 for those, 0 for the others. */
export function relax({ count, at, growth, target, before, far }: Branches): Uint8Array {
  const long = new Uint8Array(count);
  const distance = new Int32Array(count);
  const work: number[] = [];
  for (let branch = 0; branch < count; branch++) {
    const forced = far?.[branch] === 1;
    const words = (target[branch] as number) - (at[branch] as number);
    distance[branch] = words;
    long[branch] = growth[branch] !== 0 && (forced || !reaches(words)) ? 1 : 0;
    if (long[branch] === 1) work.push(branch);
  }
  for (let grown = work.pop(); grown !== undefined; grown = work.pop()) {
    const words = growth[grown] as number;
    const last = Math.min(count - 1, grown + REACH);
    for (let near = Math.max(0, grown - REACH); near <= last; near++) {
      if (long[near] === 1 || growth[near] === 0) continue;
      const over = before[near] as number;
      if (near < grown && grown < over) distance[near] = (distance[near] as number) + words;
      else if (near > grown && over <= grown) distance[near] = (distance[near] as number) - words;
      else continue;
      if (reaches(distance[near] as number)) continue;
      long[near] = 1;
      work.push(near);
    }
  }
  return long;
}

/**
 * The branches that must be marked `far` for relaxation to give just these long ones, which are a fixpoint: those that
 * are long without need.
 */
export function farBranches(branches: Branches, long: ArrayLike<number>): Uint8Array {
  return relax(branches).map((needed, branch) => (needed === 0 && long[branch] === 1 ? 1 : 0));
}
