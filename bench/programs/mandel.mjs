// mandelbrot, double; 128x96 points, 200 iterations max; checksum = sum of iteration counts
export function run(reps) {
  let s = 0;
  for (let r = 0; r < reps; r++) {
    const shift = r * 0.001;
    for (let y = 0; y < 96; y++) {
      const ci = y * (2.5 / 96) - 1.25;
      for (let x = 0; x < 128; x++) {
        const cr = x * (3 / 128) - 2.25 + shift;
        let zr = 0;
        let zi = 0;
        let k = 0;
        while (k < 200) {
          const a = zr * zr;
          const b = zi * zi;
          if (a + b > 4) break;
          const t = zr * zi;
          zi = t + t + ci;
          zr = a - b + cr;
          k++;
        }
        s = (s + k) | 0;
      }
    }
    s = (Math.imul(s, 31) + 1) | 0;
  }
  return s;
}
