-- true 64-bit integer arithmetic: xorshift128+ and a 64-bit LCG; 1 rep = 500,000 steps
local reps = tonumber(arg[1]) or 150
local s0, s1, x, sum = 0x0123456789abcdef, 0xfedcba9876543210, 42, 0
for r = 1, reps do
  for i = 1, 500000 do
    local a, b = s0, s1
    s0 = b
    a = a ~ (a << 23)
    a = a ~ (a >> 17)
    a = a ~ b ~ (b >> 26)
    s1 = a
    x = x * 6364136223846793005 + 1442695040888963407
    sum = (sum ~ (a + b)) + (x >> 33)
  end
end
print(string.format("rng64 %016x", sum))
