-- 96x96 double matrix multiply; 1 rep = fill A,B + multiply (884,736 multiply-adds) + trace
local bit = require("bit")
local ffi = require("ffi")
local reps = tonumber(arg[1]) or 400
local N = 96
local A, B, C = ffi.new("double[?]", N * N), ffi.new("double[?]", N * N), ffi.new("double[?]", N * N)
local s = 0
for r = 0, reps - 1 do
  for i = 0, N * N - 1 do
    A[i] = (i * 3 + r) % 17
    B[i] = (i * 5 + r) % 13
  end
  for i = 0, N - 1 do
    for j = 0, N - 1 do
      local t = 0.0
      for k = 0, N - 1 do t = t + A[i * N + k] * B[k * N + j] end
      C[i * N + j] = t
    end
  end
  local trace = 0.0
  for i = 0, N - 1 do trace = trace + (C[i * N + i] + C[i * N + (N - 1 - i)]) end
  s = bit.tobit(s * 31 + trace)
end
print("matmul " .. bit.tohex(s))
