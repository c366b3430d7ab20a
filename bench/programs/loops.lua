-- nested-loop integer sum, 32-bit wraparound; 1 rep = 1,000,000 inner steps
local reps = tonumber(arg[1]) or 150
local s = 0
for r = 0, reps - 1 do
  for i = 0, 999 do
    for j = 0, 999 do
      s = (s + ((i * j) ~ (s >> 7))) & 0xffffffff
    end
  end
  s = (s + r) & 0xffffffff
end
print(string.format("loops %08x", s))
