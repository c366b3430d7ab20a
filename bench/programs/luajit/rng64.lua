-- true 64-bit integer arithmetic: xorshift128+ and a 64-bit LCG; 1 rep = 500,000 steps
local bit = require("bit")
local ffi = require("ffi")
local bxor, lshift, rshift = bit.bxor, bit.lshift, bit.rshift
local reps = tonumber(arg[1]) or 150
-- 64-bit integers are boxed where they live from one turn to the next, unless they lie in an array.
local state = ffi.new("uint64_t[4]", 0x0123456789abcdefULL, 0xfedcba9876543210ULL, 42, 0)
for r = 1, reps do
  for i = 1, 500000 do
    local a, b = state[0], state[1]
    state[0] = b
    a = bxor(a, lshift(a, 23))
    a = bxor(a, rshift(a, 17))
    a = bxor(a, b, rshift(b, 26))
    state[1] = a
    local x = state[2] * 6364136223846793005ULL + 1442695040888963407ULL
    state[2] = x
    state[3] = bxor(state[3], a + b) + rshift(x, 33)
  end
end
print("rng64 " .. bit.tohex(state[3]))
