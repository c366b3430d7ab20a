-- mandelbrot, double; 128x96 points, 200 iterations max; checksum = sum of iteration counts
local bit = require("bit")
local reps = tonumber(arg[1]) or 100
local s = 0
for r = 0, reps - 1 do
  local shift = r * 0.001
  for y = 0, 95 do
    local ci = y * (2.5 / 96.0) - 1.25
    for x = 0, 127 do
      local cr = x * (3.0 / 128.0) - 2.25 + shift
      local zr, zi, k = 0.0, 0.0, 0
      while k < 200 do
        local a, b = zr * zr, zi * zi
        if a + b > 4.0 then break end
        local t = zr * zi
        zi = t + t + ci
        zr = a - b + cr
        k = k + 1
      end
      s = s + k
    end
  end
  s = bit.tobit(s * 31 + 1)
end
print("mandel " .. bit.tohex(s))
