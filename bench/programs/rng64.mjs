// true 64-bit integer arithmetic: xorshift128+ and a 64-bit LCG; 1 rep = 500,000 steps
const wrap = (value) => BigInt.asUintN(64, value);

export function run(reps) {
  let s0 = 0x0123456789abcdefn;
  let s1 = 0xfedcba9876543210n;
  let x = 42n;
  let sum = 0n;
  for (let r = 0; r < reps; r++) {
    for (let i = 0; i < 500000; i++) {
      let a = s0;
      const b = s1;
      s0 = b;
      a ^= wrap(a << 23n);
      a ^= a >> 17n;
      a ^= b ^ (b >> 26n);
      s1 = a;
      x = wrap(x * 6364136223846793005n + 1442695040888963407n);
      sum = wrap((sum ^ wrap(a + b)) + (x >> 33n));
    }
  }
  return sum;
}
