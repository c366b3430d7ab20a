-- nested-loop integer sum, 32-bit wraparound; 1 rep = 1,000,000 inner steps
local bit = require("bit")
local tobit, bxor, rshift = bit.tobit, bit.bxor, bit.rshift
local reps = tonumber(arg[1]) or 150
local s = 0
for r = 0, reps - 1 do
  for i = 0, 999 do
    for j = 0, 999 do s = tobit(s + bxor(i * j, rshift(s, 7))) end
  end
  s = tobit(s + r)
end
print("loops " .. bit.tohex(s))
