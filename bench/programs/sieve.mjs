// sieve of Eratosthenes over 1 MiB of byte flags; 1 rep = 1 full sieve
const N = 1048576;
const flags = new Uint8Array(N);

export function run(reps) {
  let s = 0;
  for (let r = 0; r < reps; r++) {
    for (let i = 0; i < N; i++) flags[i] = 1;
    let count = 0;
    let last = 0;
    for (let i = 2; i < N; i++) {
      if (flags[i] !== 0) {
        count++;
        last = i;
        for (let j = i + i; j < N; j += i) flags[j] = 0;
      }
    }
    s = (Math.imul(s, 31) + count + last) | 0;
  }
  return s;
}
