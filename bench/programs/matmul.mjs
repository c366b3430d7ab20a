// 96x96 double matrix multiply; 1 rep = fill A,B + multiply (884,736 multiply-adds) + trace
const N = 96;
const A = new Float64Array(N * N);
const B = new Float64Array(N * N);
const C = new Float64Array(N * N);

export function run(reps) {
  let s = 0;
  for (let r = 0; r < reps; r++) {
    for (let i = 0; i < N * N; i++) {
      A[i] = (i * 3 + r) % 17;
      B[i] = (i * 5 + r) % 13;
    }
    for (let i = 0; i < N; i++) {
      for (let j = 0; j < N; j++) {
        let t = 0;
        for (let k = 0; k < N; k++) t += A[i * N + k] * B[k * N + j];
        C[i * N + j] = t;
      }
    }
    let trace = 0;
    for (let i = 0; i < N; i++) trace += C[i * N + i] + C[i * N + (N - 1 - i)];
    s = (Math.imul(s, 31) + (trace | 0)) | 0;
  }
  return s;
}
