// recursive fib(30); 1 rep = 2,692,537 calls
const fib = (n) => (n < 2 ? n : (fib(n - 1) + fib(n - 2)) | 0);

export function run(reps) {
  let s = 0;
  for (let r = 0; r < reps; r++) s = (Math.imul(s, 31) + fib(30) + r) | 0;
  return s;
}
