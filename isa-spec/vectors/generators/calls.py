"""Expectations for calls, jumps and whole small algorithms, with the fuel that they use, in the notation of the vectors (../README.md).

Each algorithm stands here twice: as instructions, and as the Python that says what it gives and counts a unit of fuel
where the instructions have a check. Nothing here comes from the engines or the book. Run: python3 calls.py
"""
import math
import struct
import sys

sys.setrecursionlimit(100000)
TYPES = ("i32", "i64", "f64")


def f64_text(value):
    bits = 0x7FF8000000000000 if math.isnan(value) else struct.unpack("<Q", struct.pack("<d", value))[0]
    return f"0x{bits:016x}"


def text(value, kind):
    return f64_text(value) if kind == "f64" else str(value)


def wrap(value, bits):
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


class Fuel:
    used = 0

    @classmethod
    def check(cls):
        cls.used += 1

    @classmethod
    def of(cls, function, *values):
        cls.used = 0
        result = function(*values)
        return result, cls.used


def registers(numbers):
    return "[" + " ".join(f"r{number}" for number in numbers) + "]"


def calls():
    """Values arrive in their order, results too, and registers that nothing wrote are 0."""
    print("program calls")
    pairs = sorted({(n, n % 17) for n in range(33)} | {(32, m) for m in range(17)} | {(0, m) for m in range(17)} | {(5, 7), (1, 16), (3, 3)})
    kinds = [TYPES[index % 3] for index in range(32)]
    for n, m in pairs:
        parameters, results = ",".join(kinds[:n]), ",".join(kinds[:m])
        # The callee gives for its result j the last but j/3 of its parameters of that type, or a register that nothing wrote.
        print(f"func callee_{n}_{m} ({parameters})->({results}) i32,i64,f64")
        print("  check")
        print("  ret", registers(chosen(n, j) if chosen(n, j) is not None else n + j % 3 for j in range(m)))
        print(f"func caller_{n}_{m} ({parameters})->({results}) {results}" if m else f"func caller_{n}_{m} ({parameters})->()")
        print("  check")
        print("  call", registers(reversed_within(n)), registers(range(n, n + m)), f"callee_{n}_{m}")
        print("  ret", registers(n + j for j in reversed_within(m)))
    for n, m in pairs:
        print(f"case caller_{n}_{m}")
        for seed in (1, 2):
            values = [value_of(kinds[index], index * seed + seed) for index in range(n)]
            passed = [values[index] for index in reversed_within(n)]
            given = [passed[chosen(n, j)] if chosen(n, j) is not None else 0 for j in range(m)]
            out = [given[index] for index in reversed_within(m)]
            print(*(text(value, kinds[index]) for index, value in enumerate(values)), "=",
                  *(text(float(value) if kinds[index] == "f64" else value, kinds[index]) for index, value in enumerate(out)), "| fuel 2")


def chosen(n, j):
    same = [index for index in range(n) if index % 3 == j % 3]
    return same[-1 - (j // 3) % len(same)] if same else None


def reversed_within(n):
    """0 to n - 1 with each residue modulo 3 reversed, so that types stay in place."""
    order = [0] * n
    for residue in range(3):
        same = list(range(residue, n, 3))
        for to, index in zip(same, reversed(same)):
            order[to] = index
    return order


def value_of(kind, seed):
    mixed = (seed * 0x9E3779B97F4A7C15 + 0x123456789) % 2**64
    return wrap(mixed, 32) if kind == "i32" else wrap(mixed, 64) if kind == "i64" else (mixed % 2**50 - 2**49) / 1024.0


def distances():
    """Branches of every length at which a form ends, forward and backward."""
    print("program distances")
    cases = []
    for words in (1, 2, 126, 127, 128, 129, 300):  # the branch goes from its own first word to this many words on
        near = words <= 127
        own = 1 if near else 2
        if words < own:
            continue
        name = f"forward_{words}"
        print(f"func {name} (i32,i32)->(i32) i32")
        print("  check")
        print(f"  br_lt_i32{'_near' if near else ''} r0 r1 t")
        for index in range(words - own):
            print("  add_i32_imm8 r2 r2 1")
        print("t:")
        print("  ret [r2]")
        cases.append((name, [((1, 2), 0, 1), ((2, 1), words - own, 1), ((1, 1), words - own, 1)]))
    for words in (2, 3, 127, 128, 129, 130, 300):  # and backward, to a check
        near = words <= 128
        name = f"backward_{words}"
        print(f"func {name} (i32)->(i32) i32")
        print("  check")
        print("loop:")
        print("  check")
        for index in range(words - 2):
            print("  add_i32_imm8 r1 r1 1")
        print("  add_i32_imm8 r0 r0 -1")
        print(f"  br_gt_i32_imm{'_near' if near else ''} r0 0 loop" if near else "  br_gt_i32_imm r0 0 loop")
        print("  ret [r1]")
        cases.append((name, [((turns,), max(turns, 1) * (words - 2), 1 + max(turns, 1)) for turns in (-1, 0, 1, 2, 10)]))
    for words in (1, 2, 128, 300):
        name = f"jump_{words}"
        print(f"func {name} ()->(i32) i32")
        print("  check")
        print("  jump t")
        for index in range(words - 1):
            print("  add_i32_imm8 r0 r0 1")
        print("t:")
        print("  ret [r0]")
        cases.append((name, [((), 0, 1)]))
    for name, runs in cases:
        print(f"case {name}")
        for values, result, fuel in runs:
            print(*values, "=", result, "| fuel", fuel)

    # further than 16 bits of words reach, both ways
    print(FAR)
    print("case far")
    for count in (0, 1, 2, 3, 10):
        result, used = Fuel.of(far, count)
        print(count, "=", result, "| fuel", used)


def far(n):
    Fuel.check()
    if n == 0:
        Fuel.check()
        return 1
    while True:
        Fuel.check()
        if n == 1:
            return 2
        n -= 1
        if n == 1:
            Fuel.check()
            return 1


FAR = """
program far
func far (i32)->(i32) i32
  check
  br_eq_i32_imm_near r0 0 t
  jump u
t:
  check
  const_i32_short r1 1
  ret [r1]
  repeat 33000 const_i32_short r1 3
u:
  check
  br_eq_i32_imm_near r0 1 v
  add_i32_imm8 r0 r0 -1
  br_eq_i32_imm r0 1 t
  jump u
v:
  const_i32_short r1 2
  ret [r1]
"""


def jump_tables():
    print("program jump_tables")
    sizes = (0, 1, 2, 5, 300)
    for size in sizes:
        print(f"func cases_{size} (i32)->(i32) i32")
        print("  check")
        # cases share three places in turn
        print("  jump_table r0 [" + " ".join(f"t{index % 3}" for index in range(size)) + " other]")
        for place in range(3):
            print(f"t{place}:")
            print(f"  const_i32_short r1 {place + 10}")
            print("  ret [r1]")
        print("other:")
        print("  const_i32_short r1 -1")
        print("  ret [r1]")
    # a state machine whose table also goes backward
    print("func machine (i32,i32)->(i32) i32")
    print("  check")
    print("again:")
    print("  check")
    print("  add_i32_imm8 r2 r2 1")
    print("  jump_table r0 [zero one again_down stop]")
    print("zero:")
    print("  const_i32_short r0 1")
    print("  jump again")
    print("one:")
    print("  add_i32_imm8 r1 r1 -1")
    print("  const_i32_short r0 2")
    print("again_down:")
    print("  br_lte_i32_imm_near r1 0 stop")
    print("  const_i32_short r0 0")
    print("  jump again")
    print("stop:")
    print("  ret [r2]")
    for size in sizes:
        print(f"case cases_{size}")
        for index in sorted({0, 1, 2, size - 1, size, size + 1, 2**31 - 1, -2**31, -1}):
            inside = 0 <= index < size
            print(index, "=", index % 3 + 10 if inside else -1, "| fuel 1")

    def machine(state, count):
        Fuel.check()
        turns = 0
        while True:
            Fuel.check()
            turns = wrap(turns + 1, 32)
            if state % 2**32 == 0:
                state = 1
                continue
            if state % 2**32 == 1:
                count = wrap(count - 1, 32)
                state = 2
            elif state % 2**32 != 2:
                return turns
            if count <= 0:
                return turns
            state = 0
    print("case machine")
    for values in ((0, 5), (1, 1), (1, 0), (2, 0), (2, 7), (3, 9), (-1, 9), (0, -3), (0, 100)):
        result, used = Fuel.of(machine, *values)
        print(*values, "=", result, "| fuel", used)


def fib(n):
    Fuel.check()
    return n if n < 2 else wrap(fib(n - 1) + fib(n - 2), 32)


def ackermann(m, n):
    Fuel.check()
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


def even(n):
    Fuel.check()
    return 1 if n == 0 else odd(n - 1)


def odd(n):
    Fuel.check()
    return 0 if n == 0 else even(n - 1)


RECURSION = """
program recursion
table odd even
func fib (i32)->(i32) i32,i32
  check
  br_lt_i32_imm_near r0 2 small
  add_i32_imm8 r1 r0 -1
  call [r1] [r1] fib
  add_i32_imm8 r2 r0 -2
  call [r2] [r2] fib
  add_i32 r0 r1 r2
small:
  ret [r0]
func ackermann (i32,i32)->(i32) i32
  check
  br_neq_i32_imm_near r0 0 deep
  add_i32_imm8 r1 r1 1
  ret [r1]
deep:
  add_i32_imm8 r2 r0 -1
  br_neq_i32_imm_near r1 0 deeper
  const_i32_short r1 1
  call [r2 r1] [r1] ackermann
  ret [r1]
deeper:
  add_i32_imm8 r1 r1 -1
  call [r0 r1] [r1] ackermann
  call [r2 r1] [r1] ackermann
  ret [r1]
func even (i32)->(i32) i32
  check
  br_neq_i32_imm_near r0 0 go
  const_i32_short r0 1
  ret [r0]
go:
  add_i32_imm8 r0 r0 -1
  call_table r1 [r0] [r0] (i32)->(i32)
  ret [r0]
func odd (i32)->(i32) i32
  check
  br_eq_i32_imm_near r0 0 zero
  add_i32_imm8 r0 r0 -1
  const_i32_short r1 1
  call_table r1 [r0] [r0] (i32)->(i32)
zero:
  ret [r0]
"""


def recursion():
    print(RECURSION)
    print("case fib")
    for n in (-5, 0, 1, 2, 3, 10, 15):
        result, used = Fuel.of(fib, n)
        print(n, "=", result, "| fuel", used)
    # fib(n) is n frames deep; a frame of 3 registers is charged 32 bytes
    for n in (1, 2, 5, 10):
        result, used = Fuel.of(fib, n)
        print(n, "=", result, f"| fuel {used} | frameLimit {32 * n}")
        print(n, f"! frame_overflow | frameLimit {32 * n - 1} | function fib")
    print("case ackermann")
    for values in ((0, 0), (0, 9), (1, 0), (1, 5), (2, 3), (2, 10)):
        result, used = Fuel.of(ackermann, *values)
        print(*values, "=", result, "| fuel", used)
    for first, other in ((even, odd), (odd, even)):
        print(f"case {first.__name__}")
        for n in (0, 1, 2, 7, 100):
            result, used = Fuel.of(first, n)
            caller = (first, other)[max(n - 1, 0) % 2].__name__
            print(n, "=", result, f"| fuel {used}")
            print(n, "=", result, f"| fuel {used} | frameLimit {24 * (n + 1)}")
            print(n, f"! frame_overflow | frameLimit {24 * (n + 1) - 1} | function {caller}")
        result, used = Fuel.of(first, 5000)
        print(5000, "=", result, f"| fuel {used} | frameLimit {24 * 5001}")


def gcd(a, b):
    Fuel.check()
    Fuel.check()
    while b != 0:
        Fuel.check()
        a, b = b, a % b
        Fuel.check()
    return a


def collatz(n):
    Fuel.check()
    steps = 0
    while True:
        Fuel.check()
        if n == 1:
            return steps
        n = (3 * n + 1) % 2**64 if n & 1 else n >> 1
        steps += 1


def fnv(count):
    Fuel.check()
    value = 0xCBF29CE484222325
    for byte in bytes(range(200, 200 + 50))[:count]:
        Fuel.check()
        value = (value ^ byte) * 0x100000001B3 % 2**64
    Fuel.check()
    return wrap(value, 64)


INTEGERS = f"""
program integers
data 8192 {bytes(range(200, 200 + 50)).hex()}
func gcd (i64,i64)->(i64) i64,i64
  check
  jump test
turn:
  check
  remu_i64 r2 r0 r1
  mov_i64 r0 r1
  mov_i64 r1 r2
test:
  check
  br_neq_i64 r1 r3 turn
  ret [r0]
func collatz (i64)->(i32) i32,i64,i64,i64
  check
  const_i64_short r2 1
  const_i64_short r4 3
turn:
  check
  br_eq_i64 r0 r2 done
  add_i32_imm8 r1 r1 1
  and_i64 r3 r0 r2
  br_eq_i64 r3 r2 odd
  shru_i64_imm r0 r0 1
  jump turn
odd:
  mul_i64 r0 r0 r4
  add_i64_imm r0 r0 1
  jump turn
done:
  ret [r1]
func fnv (i32)->(i64) i64,i64,i64,i32
  check
  const_i64 r1 {wrap(0xCBF29CE484222325, 64)}
  const_i64 r2 {0x100000001B3}
turn:
  check
  br_lte_i32_near r0 r4 done
  load8u_i64 r3 r4 8192
  xor_i64 r1 r1 r3
  mul_i64 r1 r1 r2
  add_i32_imm8 r4 r4 1
  jump turn
done:
  ret [r1]
"""


def integers():
    print(INTEGERS)
    for function, inputs in (
        (gcd, ((0, 0), (7, 0), (0, 7), (12, 18), (270, 192), (2**62, 2**40), (6765, 4181), (2**63 - 1, 49))),
        (collatz, ((1,), (2,), (3,), (27,), (97,), (2**40,))),
        (fnv, ((0,), (1,), (2,), (50,))),
    ):
        print(f"case {function.__name__}")
        for values in inputs:
            result, used = Fuel.of(function, *values)
            print(*values, "=", result, "| fuel", used)


def sieve(n):
    Fuel.check()
    Fuel.used += -(-n // 64)  # fill
    flags = bytearray(n)
    count = 0
    for i in range(2, n):
        Fuel.check()
        if flags[i] == 0:
            count += 1
            for j in range(i + i, n, i):
                Fuel.check()
                flags[j] = 1
            Fuel.check()
    Fuel.check()
    return count, flags


def insertion_sort(numbers):
    Fuel.check()
    for i in range(1, len(numbers)):
        Fuel.check()
        value = numbers[i]
        while True:
            Fuel.check()
            if i == 0 or numbers[i - 1] <= value:
                break
            numbers[i] = numbers[i - 1]
            i -= 1
        numbers[i] = value
    Fuel.check()
    return numbers


ARRAYS = """
program arrays
func sieve (i32)->(i32) i32,i32,i32,i32
  check
  const_i32_short r3 8192
  fill r3 r4 r0
  const_i32_short r1 2
turn:
  check
  br_lt_i32_near r1 r0 more
  ret [r2]
more:
  add_i32 r3 r1 r1
  load8u_i32 r4 r1 8192
  br_neq_i32_imm_near r4 0 next
  add_i32_imm8 r2 r2 1
mark:
  check
  br_lte_i32_near r0 r3 next
  const_i32_short r4 1
  store8_i32 r3 8192 r4
  add_i32 r3 r3 r1
  jump mark
next:
  add_i32_imm8 r1 r1 1
  jump turn
func sort (i32)->() i32,i32,i32,i32
  check
  const_i32_short r1 1
outer:
  check
  br_lte_i32_near r0 r1 done
  shl_i32_imm r2 r1 2
  load_i32 r3 r2 8192
inner:
  check
  br_eq_i32_imm_near r2 0 place
  load_i32 r4 r2 8188
  br_lte_i32_near r4 r3 place
  store_i32 r2 8192 r4
  add_i32_imm8 r2 r2 -4
  jump inner
place:
  store_i32 r2 8192 r3
  add_i32_imm8 r1 r1 1
  jump outer
done:
  ret []
"""


def arrays():
    print(ARRAYS)
    print("case sieve")
    for n in (0, 1, 2, 3, 10, 64, 65, 100):
        (count, flags), used = Fuel.of(sieve, n)
        print(n, "=", count, f"| fuel {used} | before 8192 {'ff' * (n + 4)} | after 8192 {bytes(flags).hex()}ffffffff")
    print("case sort")
    for numbers in ([], [5], [2, 1], [1, 2, 3], [3, -1, 2**31 - 1, 0, -2**31, 7, 7, -1], list(range(12, 0, -1))):
        before = b"".join(struct.pack("<i", number) for number in numbers)
        ordered, used = Fuel.of(insertion_sort, list(numbers))
        data = b"".join(struct.pack("<i", number) for number in ordered)
        extra = f" | before 8192 {before.hex()} | after 8192 {data.hex()}" if numbers else ""
        print(len(numbers), "=", f"| fuel {used}{extra}")


def escape(cr, ci):
    Fuel.check()
    x = y = 0.0
    n = 0
    while True:
        Fuel.check()
        xx, yy = x * x, y * y
        if not xx + yy <= 4.0 or n >= 50:
            return n
        y = 2.0 * x * y + ci
        x = xx - yy + cr
        n += 1


def mean(count):
    Fuel.check()
    total = 0.0
    for index in range(count):
        Fuel.check()
        total = total + 1.0 / float(index + 1)
    Fuel.check()
    return total / count if count else math.nan


FLOATS = """
program floats
func escape (f64,f64)->(i32) f64,f64,f64,f64,f64,f64,f64,i32
  check
  const_f64 r6 0x4010000000000000
  const_f64 r7 0x4000000000000000
turn:
  check
  mul_f64 r4 r2 r2
  mul_f64 r5 r3 r3
  add_f64 r8 r4 r5
  br_nlte_f64 r8 r6 done
  br_gte_i32_imm_near r9 50 done
  mul_f64 r8 r7 r2
  mul_f64 r8 r8 r3
  add_f64 r3 r8 r1
  sub_f64 r8 r4 r5
  add_f64 r2 r8 r0
  add_i32_imm8 r9 r9 1
  jump turn
done:
  ret [r9]
func mean (i32)->(f64) f64,f64,f64,i32
  check
  const_f64 r2 0x3ff0000000000000
turn:
  check
  br_lte_i32_near r0 r4 done
  add_i32_imm8 r4 r4 1
  convert_f64_i32 r3 r4
  div_f64 r3 r2 r3
  add_f64 r1 r1 r3
  jump turn
done:
  convert_f64_i32 r3 r0
  div_f64 r1 r1 r3
  ret [r1]
"""


def floats():
    print(FLOATS)
    print("case escape")
    for cr, ci in ((0.0, 0.0), (-2.0, 0.0), (1.0, 1.0), (-0.75, 0.1), (0.3, 0.5), (-1.25, 0.05), (math.nan, 0.0), (math.inf, 0.0), (1e300, -1e300)):
        result, used = Fuel.of(escape, cr, ci)
        print(f64_text(cr), f64_text(ci), "=", result, "| fuel", used)
    print("case mean")
    for count in (0, 1, 2, 3, 10, 100):
        result, used = Fuel.of(mean, count)
        print(count, "=", f64_text(result), "| fuel", used)


calls()
distances()
jump_tables()
recursion()
integers()
arrays()
floats()
