-- sieve of Eratosthenes over a table of 1,048,576 flags; 1 rep = 1 full sieve
local reps = tonumber(arg[1]) or 100
local N <const> = 1048576
local flags = {}
local s = 0
for r = 1, reps do
  for i = 0, N - 1 do flags[i] = true end
  local count, last = 0, 0
  for i = 2, N - 1 do
    if flags[i] then
      count = count + 1
      last = i
      for j = i + i, N - 1, i do flags[j] = false end
    end
  end
  s = (s * 31 + count + last) & 0xffffffff
end
print(string.format("sieve %08x", s))
