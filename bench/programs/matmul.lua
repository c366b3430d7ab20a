-- 96x96 double matrix multiply; 1 rep = fill A,B + multiply (884,736 multiply-adds) + trace
local reps = tonumber(arg[1]) or 400
local N <const> = 96
local A, B, C = {}, {}, {}
local s = 0
for r = 0, reps - 1 do
  for i = 0, N * N - 1 do
    A[i] = (i * 3 + r) % 17 + 0.0
    B[i] = (i * 5 + r) % 13 + 0.0
  end
  for i = 0, N - 1 do
    local row = i * N
    for j = 0, N - 1 do
      local t, q = 0.0, j
      for p = row, row + N - 1 do
        t = t + A[p] * B[q]
        q = q + N
      end
      C[row + j] = t
    end
  end
  local trace = 0.0
  for i = 0, N - 1 do trace = trace + (C[i * N + i] + C[i * N + (N - 1 - i)]) end
  s = (s * 31 + (trace // 1 | 0)) & 0xffffffff
end
print(string.format("matmul %08x", s))
