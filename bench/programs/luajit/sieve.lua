-- sieve of Eratosthenes over 1 MiB of byte flags; 1 rep = 1 full sieve
local bit = require("bit")
local ffi = require("ffi")
local reps = tonumber(arg[1]) or 100
local N = 1048576
local flags = ffi.new("uint8_t[?]", N)
local s = 0
for r = 1, reps do
  for i = 0, N - 1 do flags[i] = 1 end
  local count, last = 0, 0
  for i = 2, N - 1 do
    if flags[i] ~= 0 then
      count = count + 1
      last = i
      for j = i + i, N - 1, i do flags[j] = 0 end
    end
  end
  s = bit.tobit(s * 31 + count + last)
end
print("sieve " .. bit.tohex(s))
