-- recursive fib(30); 1 rep = 2,692,537 calls
local bit = require("bit")
local reps = tonumber(arg[1]) or 80
local function fib(n)
  if n < 2 then return n end
  return fib(n - 1) + fib(n - 2)
end
local s = 0
for r = 0, reps - 1 do s = bit.tobit(s * 31 + fib(30) + r) end
print("fib " .. bit.tohex(s))
