-- SHA-256 compression function chained over its own state; 1 rep = 250 blocks of 64 bytes
local bit = require("bit")
local ffi = require("ffi")
local band, bnot, bxor, ror, rshift, tobit = bit.band, bit.bnot, bit.bxor, bit.ror, bit.rshift, bit.tobit
local reps = tonumber(arg[1]) or 1500
local K = ffi.new("int32_t[64]", {
  tobit(0x428a2f98), tobit(0x71374491), tobit(0xb5c0fbcf), tobit(0xe9b5dba5), tobit(0x3956c25b), tobit(0x59f111f1), tobit(0x923f82a4),
  tobit(0xab1c5ed5), tobit(0xd807aa98), tobit(0x12835b01), tobit(0x243185be), tobit(0x550c7dc3), tobit(0x72be5d74), tobit(0x80deb1fe),
  tobit(0x9bdc06a7), tobit(0xc19bf174), tobit(0xe49b69c1), tobit(0xefbe4786), tobit(0x0fc19dc6), tobit(0x240ca1cc), tobit(0x2de92c6f),
  tobit(0x4a7484aa), tobit(0x5cb0a9dc), tobit(0x76f988da), tobit(0x983e5152), tobit(0xa831c66d), tobit(0xb00327c8), tobit(0xbf597fc7),
  tobit(0xc6e00bf3), tobit(0xd5a79147), tobit(0x06ca6351), tobit(0x14292967), tobit(0x27b70a85), tobit(0x2e1b2138), tobit(0x4d2c6dfc),
  tobit(0x53380d13), tobit(0x650a7354), tobit(0x766a0abb), tobit(0x81c2c92e), tobit(0x92722c85), tobit(0xa2bfe8a1), tobit(0xa81a664b),
  tobit(0xc24b8b70), tobit(0xc76c51a3), tobit(0xd192e819), tobit(0xd6990624), tobit(0xf40e3585), tobit(0x106aa070), tobit(0x19a4c116),
  tobit(0x1e376c08), tobit(0x2748774c), tobit(0x34b0bcb5), tobit(0x391c0cb3), tobit(0x4ed8aa4a), tobit(0x5b9cca4f), tobit(0x682e6ff3),
  tobit(0x748f82ee), tobit(0x78a5636f), tobit(0x84c87814), tobit(0x8cc70208), tobit(0x90befffa), tobit(0xa4506ceb), tobit(0xbef9a3f7),
  tobit(0xc67178f2)
})
local H = ffi.new("int32_t[8]", {
  tobit(0x6a09e667), tobit(0xbb67ae85), tobit(0x3c6ef372), tobit(0xa54ff53a), tobit(0x510e527f), tobit(0x9b05688c), tobit(0x1f83d9ab), tobit(0x5be0cd19)
})
local W = ffi.new("int32_t[64]")
for q = 1, reps * 250 do
  for i = 0, 15 do W[i] = tobit(H[band(i, 7)] + i) end
  for i = 16, 63 do
    local x, y = W[i - 15], W[i - 2]
    W[i] = tobit(W[i - 16] + bxor(ror(x, 7), ror(x, 18), rshift(x, 3)) + W[i - 7] + bxor(ror(y, 17), ror(y, 19), rshift(y, 10)))
  end
  local a, b, c, d, e, f, g, h = H[0], H[1], H[2], H[3], H[4], H[5], H[6], H[7]
  for i = 0, 63 do
    local t1 = tobit(h + bxor(ror(e, 6), ror(e, 11), ror(e, 25)) + bxor(band(e, f), band(bnot(e), g)) + K[i] + W[i])
    local t2 = tobit(bxor(ror(a, 2), ror(a, 13), ror(a, 22)) + bxor(band(a, b), band(a, c), band(b, c)))
    h, g, f, e, d, c, b, a = g, f, e, tobit(d + t1), c, b, a, tobit(t1 + t2)
  end
  H[0], H[1], H[2], H[3] = tobit(H[0] + a), tobit(H[1] + b), tobit(H[2] + c), tobit(H[3] + d)
  H[4], H[5], H[6], H[7] = tobit(H[4] + e), tobit(H[5] + f), tobit(H[6] + g), tobit(H[7] + h)
end
print("sha " .. bit.tohex(bxor(H[0], H[1], H[2], H[3], H[4], H[5], H[6], H[7])))
