// nested-loop integer sum, 32-bit wraparound; 1 rep = 1,000,000 inner steps
export function run(reps) {
  let s = 0;
  for (let r = 0; r < reps; r++) {
    for (let i = 0; i < 1000; i++) {
      for (let j = 0; j < 1000; j++) s = (s + (Math.imul(i, j) ^ (s >>> 7))) | 0;
    }
    s = (s + r) | 0;
  }
  return s;
}
