"""Expectations for every instruction that touches memory, in the notation of the vectors (../README.md).

Memory is a Python bytearray, numbers are made of its bytes by struct and int.from_bytes. Nothing here comes from the
engines or the book. Run: python3 memory.py
"""
import math
import struct

PAGE = 65536
DATA = 8192
PATTERN = bytes((i * 73 + 0x85) % 256 for i in range(64))
# Numbers that are worth loading as floats: NaNs with payloads, subnormals, infinities.
FLOATS = b"".join(struct.pack("<Q", bits) for bits in (
    0x3FF0000000000000, 0x8000000000000000, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000, 0xFFF8000000000001, 0x7FF0000000000001, 0x0000000000000001))
FLOATS32 = b"".join(struct.pack("<I", bits) for bits in (
    0x3F800000, 0x80000000, 0x7F800000, 0xFF800000, 0x7FC00000, 0xFFC00001, 0x7F800001, 0x00000001, 0x007FFFFF, 0x00800000, 0x7F7FFFFF, 0x3DCCCCCD))
AT_FLOATS = DATA + 128
AT_FLOATS32 = DATA + 256
END = PAGE - 32
TAIL = bytes((i * 11 + 0xC1) % 256 for i in range(32))


def fresh():
    memory = bytearray(PAGE)
    for address, data in SEGMENTS:
        memory[address:address + len(data)] = data
    return memory


SEGMENTS = ((DATA, PATTERN), (AT_FLOATS, FLOATS), (AT_FLOATS32, FLOATS32), (END, TAIL))


def f64_text(value):
    bits = 0x7FF8000000000000 if math.isnan(value) else struct.unpack("<Q", struct.pack("<d", value))[0]
    return f"0x{bits:016x}"


def f32_bytes(value):
    if math.isnan(value):
        return struct.pack("<I", 0x7FC00000)
    try:
        return struct.pack("<f", value)
    except OverflowError:
        return struct.pack("<f", math.copysign(math.inf, value))


def signed(value, bits):
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


def integer(signed_load, width):
    return lambda data: str(int.from_bytes(data, "little", signed=signed_load) if signed_load or width > len(data)
                            else signed(int.from_bytes(data, "little"), width * 8))


LOADS = {
    "load_i32": (4, integer(True, 4)), "load8_i32": (1, integer(True, 4)), "load8u_i32": (1, integer(False, 4)),
    "load16_i32": (2, integer(True, 4)), "load16u_i32": (2, integer(False, 4)),
    "load_i64": (8, integer(True, 8)), "load8_i64": (1, integer(True, 8)), "load8u_i64": (1, integer(False, 8)),
    "load16_i64": (2, integer(True, 8)), "load16u_i64": (2, integer(False, 8)),
    "load32_i64": (4, integer(True, 8)), "load32u_i64": (4, integer(False, 8)),
    "load_f64": (8, lambda data: f64_text(struct.unpack("<d", data)[0])),
    "load32_f64": (4, lambda data: f64_text(struct.unpack("<f", data)[0])),
}
I32 = (0x01020304, -1, -2**31, 0x80FF7F81 - 2**32, 0)
I64 = (0x0102030405060708, -1, -2**63, 0x80FF7F8182838485 - 2**64, 0)
F64 = (1.5, -0.0, math.inf, -math.inf, math.nan, 5e-324, 0.1)
F32 = (1.5, -0.0, math.inf, math.nan, 0.1, 1e39, -1e39, 2.0**-149, 2.0**-150, 1.0000001 * 2.0**-150, 16777217.0, 16777219.0,
       3.4028234663852886e38, 3.4028235677973362e38, 3.4028235677973366e38, 2.0**-126 - 2.0**-151)
STORES = {
    "store_i32": (4, I32, str, lambda value: (value % 2**32).to_bytes(4, "little")),
    "store8_i32": (1, I32, str, lambda value: (value % 2**8).to_bytes(1, "little")),
    "store16_i32": (2, I32, str, lambda value: (value % 2**16).to_bytes(2, "little")),
    "store_i64": (8, I64, str, lambda value: (value % 2**64).to_bytes(8, "little")),
    "store8_i64": (1, I64, str, lambda value: (value % 2**8).to_bytes(1, "little")),
    "store16_i64": (2, I64, str, lambda value: (value % 2**16).to_bytes(2, "little")),
    "store32_i64": (4, I64, str, lambda value: (value % 2**32).to_bytes(4, "little")),
    "store_f64": (8, F64, f64_text, lambda value: bytes.fromhex("000000000000f87f") if math.isnan(value) else struct.pack("<d", value)),
    "store32_f64": (4, F32, f64_text, f32_bytes),
}
NEAR = {"load_i32", "load8_i32", "load8u_i32", "load16_i32", "load16u_i32", "load_i64", "load_f64", "store_i32", "store8_i32", "store16_i32", "store_i64", "store_f64"}
GROUPS = ("base", "int64", "float64", "float32")


def forms(name):
    """Each form with its offsets."""
    if name in NEAR:
        yield name + "_near", (0, 8, 255)
        yield name, (256, 65535, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
    else:
        yield name, (0, 8, 256, 65535, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


def bases(offset, width, targets):
    """Bases for a form with an offset: those that reach the targets, the last place that is inside, and what must trap."""
    wanted = [target - offset for target in (*targets, PAGE - width, PAGE - width + 1, PAGE - 1, PAGE, PAGE + 1)]
    wanted += [2**32 - 1, 2**31, 2**32 - offset + DATA]  # the last would be DATA if the sum wrapped
    return sorted({base for base in wanted if 0 <= base < 2**32})


def after(memory, address, count=24):
    start = max(4096, min(address - 8, PAGE - count))
    return f" | after {start} {memory[start:start + count].hex()}"


def loads():
    for name, (width, text) in LOADS.items():
        targets = [DATA + i for i in range(9)]
        if name == "load_f64":
            targets = range(AT_FLOATS, AT_FLOATS + len(FLOATS), 8)
        if name == "load32_f64":
            targets = range(AT_FLOATS32, AT_FLOATS32 + len(FLOATS32), 4)
        memory = fresh()

        def result(address):
            return f"= {text(bytes(memory[address:address + width]))}" if address + width <= PAGE else "! memory_access"
        for form, offsets in forms(name):
            for offset in offsets:
                print(f"op {form} {offset}")
                for base in bases(offset, width, targets):
                    print(signed(base, 32), result(base + offset))
        for address in (*targets, PAGE - width, PAGE - width + 1, PAGE, 2**31, 2**32 - width, 2**32 - 1):
            print(f"op {name}_absolute {address}")
            print(result(address))


def stores():
    for name, (width, values, text, data) in STORES.items():
        def run(address, value):
            memory = fresh()
            end = "="
            if address + width <= PAGE:
                memory[address:address + width] = data(value)
            else:
                end = "! memory_access"
            return end + after(memory, address)
        for form, offsets in forms(name):
            for offset in offsets:
                print(f"op {form} {offset}")
                targets = (DATA + 16, DATA + 17, DATA + 19, DATA + 23)
                for index, base in enumerate(bases(offset, width, targets)):
                    value = values[index % len(values)]
                    print(signed(base, 32), text(value), run(base + offset, value))
                if offset <= 65535:
                    for value in values:
                        address = max(offset, DATA + 40)
                        print(address - offset, text(value), run(address, value))
        for address in (DATA + 16, DATA + 17, PAGE - width, PAGE - width + 1, PAGE, 2**31, 2**32 - width, 2**32 - 1):
            print(f"op {name}_absolute {address}")
            for value in values[:2]:
                print(text(value), run(address, value))


def bulk():
    def inside(address, count):
        return address + count <= PAGE

    def fuel(count):
        return f" | fuel {1 + -(-count // 64)}"

    print("op copy")
    moves = [(DATA + to, DATA + start, count) for to, start in ((0, 0), (1, 0), (0, 1), (7, 0), (0, 7), (64, 0), (0, 32), (300, 0), (16, 48)) for count in (0, 1, 8, 40, 63, 64)]
    moves += [(DATA + 1024, DATA, count) for count in (65, 127, 128, 129, 1000)]
    moves += [(PAGE - 64, DATA, 64), (PAGE - 63, DATA, 64), (DATA + 512, PAGE - 32, 32), (DATA + 512, PAGE - 31, 32), (PAGE - 40, PAGE - 32, 32), (PAGE - 32, PAGE - 40, 32)]
    moves += [(PAGE, DATA, 0), (PAGE + 1, DATA, 0), (DATA, PAGE, 0), (DATA, PAGE + 1, 0), (PAGE, PAGE, 0), (2**32 - 1, DATA, 1), (DATA, 2**32 - 1, 1), (DATA, DATA, 2**32 - 1), (2**32 - 1, 0, 0),
              (DATA, DATA, 2**32 - DATA), (2**32 - 64, DATA, 64 + DATA), (DATA, DATA + 64, PAGE - DATA - 64), (DATA + 64, DATA, PAGE - DATA - 64), (DATA + 64, DATA, PAGE - DATA - 63)]
    for to, start, count in moves:
        memory = fresh()
        numbers = " ".join(str(signed(value, 32)) for value in (to, start, count))
        if inside(to, count) and inside(start, count):
            memory[to:to + count] = bytes(memory[start:start + count])
            end = "=" + fuel(count)
        else:
            end = "! memory_access"
        extra = after(memory, DATA + 8, 96) + after(memory, to if to < PAGE else PAGE, 80) + after(memory, min(to + count, PAGE), 80)
        print(numbers, end + extra)

    print("op fill")
    fills = [(DATA + 3, value, 5) for value in (0, 1, -1, 255, 256, 0x1FF, -256, 0x12345678, -2**31)]
    fills += [(DATA + 1, 0xEE, count) for count in (0, 1, 63, 64, 65, 128, 129, 1000)]
    fills += [(PAGE - 32, 7, 32), (PAGE - 31, 7, 32), (PAGE - 1, 7, 1), (PAGE, 7, 0), (PAGE + 1, 7, 0), (PAGE, 7, 1), (2**32 - 1, 7, 1), (2**32 - 1, 7, 0), (DATA, 7, 2**32 - 1), (DATA, 7, 2**32 - DATA), (4096, 0, PAGE - 4096)]
    for to, value, count in fills:
        memory = fresh()
        numbers = " ".join(str(signed(number, 32)) for number in (to, value, count))
        if inside(to, count):
            memory[to:to + count] = bytes([value % 256]) * count
            end = "=" + fuel(count)
        else:
            end = "! memory_access"
        print(numbers, end + after(memory, DATA + 8, 96) + after(memory, min(to + count, PAGE), 80))


for group in (*GROUPS, "bulk"):
    print(f"program {group}")
    for address, data in SEGMENTS:
        print(f"data {address} {data.hex()}")
loads()
stores()
bulk()
