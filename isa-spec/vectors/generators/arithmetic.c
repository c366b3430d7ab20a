/*
 * Expectations for every instruction that computes a value or branches on one: boundary values of every operand, all
 * pairs for two operands. Prints the notation of the vectors (../README.md).
 *
 * Nothing here comes from the engines or the book: integers are C's unsigned types with explicit tests for what C leaves
 * undefined, floating point is the C library's on a machine with IEEE 754 binary64 and no excess precision.
 * Build: gcc -O1 -ffp-contract=off -std=c11 -o arithmetic arithmetic.c -lm
 * Relied on beside C11 (gcc documents both): >> of a negative signed value is arithmetic; conversion to a signed type wraps.
 */
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#if FLT_EVAL_METHOD != 0
#error "excess precision: use SSE2 arithmetic"
#endif

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define EACH(type, name, list) for (size_t name##_at = 0; name##_at < COUNT(list); name##_at++) for (int name##_once = 1; name##_once;) for (type name = (list)[name##_at]; name##_once; name##_once = 0)

static const int32_t I32[] = { 0, 1, -1, 2, -2, 7, 31, 32, 33, 127, -128, 65535, 65536, INT32_MAX, INT32_MIN, INT32_MIN + 1 };
static const int32_t I32_FEW[] = { 0, 1, -1, 2, 127, -128, INT32_MAX, INT32_MIN, INT32_MIN + 1 };
static const int32_t I32_MANY[] = {
  0, 1, -1, 2, -2, 3, 7, 8, 15, 16, 31, 32, 127, 128, 129, -127, -128, -129, 255, 256, 32767, 32768, -32768, -32769, 65535, 65536,
  0x00ff00ff, 0x12345678, 0x55555555, -0x55555556, 0x40000000, 0x7ffffffe, INT32_MAX, INT32_MIN, INT32_MIN + 1,
};
static const int64_t I64[] = {
  0, 1, -1, 2, -2, 63, 64, 65, INT32_MAX, INT32_MIN, 0xffffffff, 0x100000000, 0x20000000000001, INT64_MAX, INT64_MIN, INT64_MIN + 1,
};
static const int64_t I64_FEW[] = { 0, 1, -1, 0xffffffff, 0x100000000, -0x100000000, INT64_MAX, INT64_MIN, INT64_MIN + 1 };
static const int64_t I64_MANY[] = {
  0, 1, -1, 2, -2, 3, 127, 128, -128, -129, 255, 256, 32767, 32768, -32768, -32769, 65535, 65536, INT32_MAX, 0x80000000, INT32_MIN, -0x80000001LL,
  0xffffffff, 0x100000000, 0x123456789abcdef0, 0x5555555555555555, 0x00ff00ff00ff00ff, 0x4000000000000000, INT64_MAX - 1, INT64_MAX, INT64_MIN, INT64_MIN + 1,
  /* about 2^24 and 2^53: exactly half way, and a little beside it, for one and for two roundings */
  16777216, 16777217, 16777218, 16777219, -16777217, -16777219, 9007199254740992, 9007199254740993, 9007199254740994, 9007199254740995, -9007199254740993, -9007199254740995,
  0x4000004000000000, 0x4000004000000001, 0x400000bfffffffff, 0x400000c000000000, 0x4000003fffffffff, -0x4000004000000001, -0x4000004000000000,
  0x7fffffffffffff00, 0x7ffffffffffffdff, 0x7ffffffffffffe00, 0x7fffffbfffffffff, 0x7fffffc000000000, 0x0020000020000001, 0x0020000020000000, 0x0020000060000000,
  (int64_t)0xffffffffffffff7f, (int64_t)0x8000008000000001, (int64_t)0x8000008000000000, (int64_t)0xfffffffffffffbff, (int64_t)0xfffffffffffffc00, (int64_t)0xffffff7fffffffff, (int64_t)0xffffff8000000000,
};
static const double F64[] = {
  0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, -2.5, 0.1, 0x1p-1074, -0x1p-1074, 0x1p-1022, 1.0 + DBL_EPSILON, 9007199254740992.0, DBL_MAX, -DBL_MAX, INFINITY, -INFINITY, NAN,
};
static const double F64_FEW[] = { 0.0, -0.0, 1.0, -1.0, 0x1p-1074, DBL_MAX, INFINITY, -INFINITY, NAN };
static const double F64_MANY[] = {
  0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, -1.5, 2.5, -2.5, 3.5, 0.9999999999999999, -0.9999999999999999, 0.49999999999999994, -0.49999999999999994, 0.1, -0.1, 1.0 / 3, 2.0, 4.0, 1e10, -1e10,
  127.5, 128.0, -128.5, 32767.5, 65535.5, 2147483646.5, 2147483647.0, 2147483647.5, 2147483648.0, -2147483647.5, -2147483648.0, -2147483648.5, -2147483649.0, 4294967294.5, 4294967295.0, 4294967295.5, 4294967296.0,
  4503599627370495.5, -4503599627370495.5, 4503599627370496.0, 4503599627370497.0, 9007199254740991.0, 9007199254740992.0, 9223372036854774784.0, 9223372036854775808.0, -9223372036854775808.0, -9223372036854777856.0,
  18446744073709549568.0, 18446744073709551616.0, 1e19, -1e19, 1e308, -1e308, 0x1p-1074, -0x1p-1074, 0x1p-1022, -0x1p-1022, 0x0.fffffffffffffp-1022, DBL_MAX, -DBL_MAX, INFINITY, -INFINITY, NAN,
  /* binary32: its least, greatest, half way to the next, half way to nothing */
  0x1p-149, 0x1p-150, -0x1p-150, 0x1.0000000000001p-150, 0x1.8p-149, 0x1p-126, 0x1.fffffcp-127, 0x1.fffffep127, 0x1.fffffefffffffp127, 0x1.ffffffp127, -0x1.ffffffp127, 0x1p128,
  16777217.0, 16777218.0, 16777219.0, 0x1.000001p0, 0x1.0000010000001p0, 0x1.000003p0, 0x1.000002fffffffp0,
};

static uint64_t bits_of(double value) {
  uint64_t bits;
  if (isnan(value)) return 0x7ff8000000000000;
  memcpy(&bits, &value, 8);
  return bits;
}
static uint32_t bits32_of(float value) {
  uint32_t bits;
  if (isnan(value)) return 0x7fc00000;
  memcpy(&bits, &value, 4);
  return bits;
}
static double f64_of(uint64_t bits) { double value; memcpy(&value, &bits, 8); return value; }
static float f32_of(uint32_t bits) { float value; memcpy(&value, &bits, 4); return value; }

static void put_i32(int32_t value) { printf("%" PRId32 " ", value); }
static void put_i64(int64_t value) { printf("%" PRId64 " ", value); }
static void put_f64(double value) { printf("0x%016" PRIx64 " ", bits_of(value)); }
static void give_i32(uint32_t value) { printf("= %" PRId32 "\n", (int32_t)value); }
static void give_i64(uint64_t value) { printf("= %" PRId64 "\n", (int64_t)value); }
static void give_f64(double value) { printf("= 0x%016" PRIx64 "\n", bits_of(value)); }
static void trap(const char *kind) { printf("! %s\n", kind); }

static uint32_t rotl32(uint32_t a, uint32_t n) { n &= 31; return n == 0 ? a : (a << n) | (a >> (32 - n)); }
static uint64_t rotl64(uint64_t a, uint64_t n) { n &= 63; return n == 0 ? a : (a << n) | (a >> (64 - n)); }
static int leading_zeros(uint64_t value, int width) { int n = 0; while (n < width && !(value >> (width - 1 - n) & 1)) n++; return n; }
static int trailing_zeros(uint64_t value, int width) { int n = 0; while (n < width && !(value >> n & 1)) n++; return n; }
static int set_bits(uint64_t value) { int n = 0; for (; value != 0; value >>= 1) n += (int)(value & 1); return n; }

static int32_t to_i32(double a) { return isnan(a) ? 0 : a >= 2147483648.0 ? INT32_MAX : a <= -2147483649.0 ? INT32_MIN : (int32_t)a; }
static uint32_t to_u32(double a) { return isnan(a) || a <= -1.0 ? 0 : a >= 4294967296.0 ? UINT32_MAX : (uint32_t)a; }
static int64_t to_i64(double a) { return isnan(a) ? 0 : a >= 9223372036854775808.0 ? INT64_MAX : a < -9223372036854775808.0 ? INT64_MIN : (int64_t)a; }
static uint64_t to_u64(double a) { return isnan(a) || a <= -1.0 ? 0 : a >= 18446744073709551616.0 ? UINT64_MAX : (uint64_t)a; }

static double lesser(double a, double b) { return isnan(a) || isnan(b) ? NAN : a == 0 && b == 0 ? (signbit(a) ? a : b) : a < b ? a : b; }
static double greater(double a, double b) { return isnan(a) || isnan(b) ? NAN : a == 0 && b == 0 ? (signbit(a) ? b : a) : a > b ? a : b; }
static double with_sign(double a, double b) { int negative = !isnan(b) && signbit(b); return negative ? -fabs(a) : fabs(a); }

#define OP(...) do { printf("op "); printf(__VA_ARGS__); printf("\n"); } while (0)

#define BINARY_I32(row, effect) do { OP(row); EACH(int32_t, a, I32) EACH(int32_t, b, I32) { uint32_t ua = a, ub = b; (void)ua; (void)ub; put_i32(a); put_i32(b); effect; } } while (0)
#define BINARY_I64(row, effect) do { OP(row); EACH(int64_t, a, I64) EACH(int64_t, b, I64) { uint64_t ua = a, ub = b; (void)ua; (void)ub; put_i64(a); put_i64(b); effect; } } while (0)
#define BINARY_F64(row, effect) do { OP(row); EACH(double, a, F64) EACH(double, b, F64) { put_f64(a); put_f64(b); effect; } } while (0)
#define UNARY(type, put, list, row, effect) do { OP(row); EACH(type, a, list) { put(a); effect; } } while (0)
#define UNARY_I32(row, effect) UNARY(int32_t, put_i32, I32_MANY, row, effect)
#define UNARY_I64(row, effect) UNARY(int64_t, put_i64, I64_MANY, row, effect)
#define UNARY_F64(row, effect) UNARY(double, put_f64, F64_MANY, row, effect)

#define IMMEDIATE_I32(row, constants, effect) do { EACH(int32_t, k, constants) { OP(row " %" PRId32, k); EACH(int32_t, a, I32) { uint32_t ua = a, uk = k; (void)ua; (void)uk; put_i32(a); effect; } } } while (0)
#define IMMEDIATE_I64(row, constants, effect) do { EACH(int32_t, k, constants) { OP(row " %" PRId32, k); EACH(int64_t, a, I64) { uint64_t ua = a, uk = (int64_t)k; (void)ua; (void)uk; put_i64(a); effect; } } } while (0)

static const int32_t IMM8[] = { -128, -1, 0, 1, 127 };
static const int32_t IMM32[] = { INT32_MIN, -129, 128, 65536, INT32_MAX };
static const int32_t COUNTS[] = { -128, -1, 0, 1, 31, 32, 33, 63, 64, 127 };

#define BOTH_I32(row, effect) do { IMMEDIATE_I32(row "_imm8", IMM8, effect); IMMEDIATE_I32(row "_imm", IMM32, effect); } while (0)

static void integers32(void) {
  BINARY_I32("add_i32", give_i32(ua + ub));
  BINARY_I32("sub_i32", give_i32(ua - ub));
  BINARY_I32("mul_i32", give_i32(ua * ub));
  BINARY_I32("div_i32", if (b == 0) trap("divide_by_zero"); else if (a == INT32_MIN && b == -1) trap("overflow"); else give_i32(a / b));
  BINARY_I32("divu_i32", if (b == 0) trap("divide_by_zero"); else give_i32(ua / ub));
  BINARY_I32("rem_i32", if (b == 0) trap("divide_by_zero"); else give_i32(b == -1 ? 0 : a % b));
  BINARY_I32("remu_i32", if (b == 0) trap("divide_by_zero"); else give_i32(ua % ub));
  BINARY_I32("and_i32", give_i32(ua & ub));
  BINARY_I32("or_i32", give_i32(ua | ub));
  BINARY_I32("xor_i32", give_i32(ua ^ ub));
  BINARY_I32("shl_i32", give_i32(ua << (ub & 31)));
  BINARY_I32("shr_i32", give_i32(a >> (ub & 31)));
  BINARY_I32("shru_i32", give_i32(ua >> (ub & 31)));
  BINARY_I32("rotl_i32", give_i32(rotl32(ua, ub)));
  BINARY_I32("rotr_i32", give_i32(rotl32(ua, -ub)));
  BINARY_I32("eq_i32", give_i32(a == b));
  BINARY_I32("neq_i32", give_i32(a != b));
  BINARY_I32("lt_i32", give_i32(a < b));
  BINARY_I32("lte_i32", give_i32(a <= b));
  BINARY_I32("ltu_i32", give_i32(ua < ub));
  BINARY_I32("lteu_i32", give_i32(ua <= ub));

  BOTH_I32("add_i32", give_i32(ua + uk));
  BOTH_I32("mul_i32", give_i32(ua * uk));
  BOTH_I32("and_i32", give_i32(ua & uk));
  BOTH_I32("or_i32", give_i32(ua | uk));
  BOTH_I32("xor_i32", give_i32(ua ^ uk));
  IMMEDIATE_I32("shl_i32_imm", COUNTS, give_i32(ua << (uk & 31)));
  IMMEDIATE_I32("shr_i32_imm", COUNTS, give_i32(a >> (uk & 31)));
  IMMEDIATE_I32("shru_i32_imm", COUNTS, give_i32(ua >> (uk & 31)));
  IMMEDIATE_I32("rotl_i32_imm", COUNTS, give_i32(rotl32(ua, uk)));
  IMMEDIATE_I32("eq_i32_imm", IMM8, give_i32(a == k));
  IMMEDIATE_I32("neq_i32_imm", IMM8, give_i32(a != k));
  IMMEDIATE_I32("lt_i32_imm", IMM8, give_i32(a < k));
  IMMEDIATE_I32("lte_i32_imm", IMM8, give_i32(a <= k));
  IMMEDIATE_I32("gt_i32_imm", IMM8, give_i32(a > k));
  IMMEDIATE_I32("gte_i32_imm", IMM8, give_i32(a >= k));
  IMMEDIATE_I32("ltu_i32_imm", IMM8, give_i32(ua < uk));
  IMMEDIATE_I32("lteu_i32_imm", IMM8, give_i32(ua <= uk));
  IMMEDIATE_I32("gtu_i32_imm", IMM8, give_i32(ua > uk));
  IMMEDIATE_I32("gteu_i32_imm", IMM8, give_i32(ua >= uk));

  UNARY_I32("mov_i32", give_i32(a));
  UNARY_I32("neg_i32", give_i32(0 - (uint32_t)a));
  UNARY_I32("clz_i32", give_i32(leading_zeros((uint32_t)a, 32)));
  UNARY_I32("ctz_i32", give_i32(trailing_zeros((uint32_t)a, 32)));
  UNARY_I32("popcnt_i32", give_i32(set_bits((uint32_t)a)));
  UNARY_I32("extend8_i32", give_i32((int8_t)(uint8_t)a));
  UNARY_I32("extend16_i32", give_i32((int16_t)(uint16_t)a));

  EACH(int32_t, k, ((int32_t[]){ INT32_MIN, -32769, 32768, INT32_MAX })) { OP("const_i32 %" PRId32, k); give_i32(k); }
  EACH(int32_t, k, ((int32_t[]){ -32768, -32767, -1, 0, 1, 32767 })) { OP("const_i32_short %" PRId32, k); give_i32(k); }
  OP("select_i32");
  EACH(int32_t, c, I32_FEW) EACH(int32_t, a, ((int32_t[]){ INT32_MIN, 7 })) EACH(int32_t, b, ((int32_t[]){ INT32_MAX, -7 })) { put_i32(c); put_i32(a); put_i32(b); give_i32(c != 0 ? a : b); }
}

#define BRANCH_I32(row, condition) do { \
  OP(row "_near"); EACH(int32_t, a, I32_FEW) EACH(int32_t, b, I32_FEW) { uint32_t ua = a, ub = b; (void)ua; (void)ub; put_i32(a); put_i32(b); give_i32(condition); } \
  OP(row); EACH(int32_t, a, I32_FEW) EACH(int32_t, b, I32_FEW) { uint32_t ua = a, ub = b; (void)ua; (void)ub; put_i32(a); put_i32(b); give_i32(condition); } \
} while (0)
#define BRANCH_I32_IMM(row, condition) do { \
  EACH(int32_t, b, IMM8) { OP(row "_near %" PRId32, b); EACH(int32_t, a, I32_FEW) { uint32_t ua = a, ub = b; (void)ua; (void)ub; put_i32(a); give_i32(condition); } } \
  EACH(int32_t, b, ((int32_t[]){ INT32_MIN, -129, -1, 128, INT32_MAX })) { OP(row " %" PRId32, b); EACH(int32_t, a, I32_FEW) { uint32_t ua = a, ub = b; (void)ua; (void)ub; put_i32(a); give_i32(condition); } } \
} while (0)
#define BRANCH_I64(row, condition) do { OP(row); EACH(int64_t, a, I64_FEW) EACH(int64_t, b, I64_FEW) { uint64_t ua = a, ub = b; (void)ua; (void)ub; put_i64(a); put_i64(b); give_i32(condition); } } while (0)
#define BRANCH_F64(row, condition) do { OP(row); EACH(double, a, F64_FEW) EACH(double, b, F64_FEW) { put_f64(a); put_f64(b); give_i32(condition); } } while (0)

static void branches(void) {
  BRANCH_I32("br_eq_i32", a == b);
  BRANCH_I32("br_neq_i32", a != b);
  BRANCH_I32("br_lt_i32", a < b);
  BRANCH_I32("br_lte_i32", a <= b);
  BRANCH_I32("br_ltu_i32", ua < ub);
  BRANCH_I32("br_lteu_i32", ua <= ub);
  BRANCH_I32_IMM("br_eq_i32_imm", a == b);
  BRANCH_I32_IMM("br_neq_i32_imm", a != b);
  BRANCH_I32_IMM("br_lt_i32_imm", a < b);
  BRANCH_I32_IMM("br_lte_i32_imm", a <= b);
  BRANCH_I32_IMM("br_gt_i32_imm", a > b);
  BRANCH_I32_IMM("br_gte_i32_imm", a >= b);
  BRANCH_I32_IMM("br_ltu_i32_imm", ua < ub);
  BRANCH_I32_IMM("br_lteu_i32_imm", ua <= ub);
  BRANCH_I32_IMM("br_gtu_i32_imm", ua > ub);
  BRANCH_I32_IMM("br_gteu_i32_imm", ua >= ub);
  BRANCH_I64("br_eq_i64", a == b);
  BRANCH_I64("br_neq_i64", a != b);
  BRANCH_I64("br_lt_i64", a < b);
  BRANCH_I64("br_lte_i64", a <= b);
  BRANCH_I64("br_ltu_i64", ua < ub);
  BRANCH_I64("br_lteu_i64", ua <= ub);
  BRANCH_F64("br_eq_f64", a == b);
  BRANCH_F64("br_neq_f64", a != b);
  BRANCH_F64("br_lt_f64", a < b);
  BRANCH_F64("br_lte_f64", a <= b);
  BRANCH_F64("br_nlt_f64", !(a < b));
  BRANCH_F64("br_nlte_f64", !(a <= b));
}

static void integers64(void) {
  BINARY_I64("add_i64", give_i64(ua + ub));
  BINARY_I64("sub_i64", give_i64(ua - ub));
  BINARY_I64("mul_i64", give_i64(ua * ub));
  BINARY_I64("div_i64", if (b == 0) trap("divide_by_zero"); else if (a == INT64_MIN && b == -1) trap("overflow"); else give_i64(a / b));
  BINARY_I64("divu_i64", if (b == 0) trap("divide_by_zero"); else give_i64(ua / ub));
  BINARY_I64("rem_i64", if (b == 0) trap("divide_by_zero"); else give_i64(b == -1 ? 0 : a % b));
  BINARY_I64("remu_i64", if (b == 0) trap("divide_by_zero"); else give_i64(ua % ub));
  BINARY_I64("and_i64", give_i64(ua & ub));
  BINARY_I64("or_i64", give_i64(ua | ub));
  BINARY_I64("xor_i64", give_i64(ua ^ ub));
  BINARY_I64("shl_i64", give_i64(ua << (ub & 63)));
  BINARY_I64("shr_i64", give_i64(a >> (ub & 63)));
  BINARY_I64("shru_i64", give_i64(ua >> (ub & 63)));
  BINARY_I64("rotl_i64", give_i64(rotl64(ua, ub)));
  BINARY_I64("rotr_i64", give_i64(rotl64(ua, -ub)));
  BINARY_I64("eq_i64", give_i32(a == b));
  BINARY_I64("neq_i64", give_i32(a != b));
  BINARY_I64("lt_i64", give_i32(a < b));
  BINARY_I64("lte_i64", give_i32(a <= b));
  BINARY_I64("ltu_i64", give_i32(ua < ub));
  BINARY_I64("lteu_i64", give_i32(ua <= ub));

  IMMEDIATE_I64("add_i64_imm", IMM8, give_i64(ua + uk));
  IMMEDIATE_I64("and_i64_imm", IMM8, give_i64(ua & uk));
  IMMEDIATE_I64("shl_i64_imm", COUNTS, give_i64(ua << (uk & 63)));
  IMMEDIATE_I64("shr_i64_imm", COUNTS, give_i64(a >> (uk & 63)));
  IMMEDIATE_I64("shru_i64_imm", COUNTS, give_i64(ua >> (uk & 63)));
  IMMEDIATE_I64("rotl_i64_imm", COUNTS, give_i64(rotl64(ua, uk)));

  UNARY_I64("mov_i64", give_i64(a));
  UNARY_I64("neg_i64", give_i64(0 - (uint64_t)a));
  UNARY_I64("clz_i64", give_i64(leading_zeros(a, 64)));
  UNARY_I64("ctz_i64", give_i64(trailing_zeros(a, 64)));
  UNARY_I64("popcnt_i64", give_i64(set_bits(a)));
  UNARY_I64("extend8_i64", give_i64((int64_t)(int8_t)(uint8_t)a));
  UNARY_I64("extend16_i64", give_i64((int64_t)(int16_t)(uint16_t)a));
  UNARY_I64("extend32_i64", give_i64((int64_t)(int32_t)(uint32_t)a));
  UNARY_I64("wrap_i32", give_i32((uint32_t)a));
  UNARY_I32("extend_i64", give_i64((int64_t)a));
  UNARY_I32("extendu_i64", give_i64((uint32_t)a));

  EACH(int64_t, k, ((int64_t[]){ INT64_MIN, -4294967297, -32769, 32768, 2147483648, 4294967295, 4294967296, INT64_MAX })) { OP("const_i64 %" PRId64, k); give_i64(k); }
  EACH(int64_t, k, ((int64_t[]){ -32768, -32767, -1, 0, 1, 32767 })) { OP("const_i64_short %" PRId64, k); give_i64(k); }
  OP("select_i64");
  EACH(int32_t, c, I32_FEW) EACH(int64_t, a, ((int64_t[]){ INT64_MIN, 7 })) EACH(int64_t, b, ((int64_t[]){ INT64_MAX, -7 })) { put_i32(c); put_i64(a); put_i64(b); give_i64(c != 0 ? a : b); }
}

static void floats(void) {
  BINARY_F64("add_f64", give_f64(a + b));
  BINARY_F64("sub_f64", give_f64(a - b));
  BINARY_F64("mul_f64", give_f64(a * b));
  BINARY_F64("div_f64", give_f64(a / b));
  BINARY_F64("min_f64", give_f64(lesser(a, b)));
  BINARY_F64("max_f64", give_f64(greater(a, b)));
  BINARY_F64("copysign_f64", give_f64(with_sign(a, b)));
  BINARY_F64("eq_f64", give_i32(a == b));
  BINARY_F64("neq_f64", give_i32(a != b));
  BINARY_F64("lt_f64", give_i32(a < b));
  BINARY_F64("lte_f64", give_i32(a <= b));

  UNARY_F64("mov_f64", give_f64(a));
  UNARY_F64("neg_f64", give_f64(-a));
  UNARY_F64("abs_f64", give_f64(fabs(a)));
  UNARY_F64("sqrt_f64", give_f64(sqrt(a)));
  UNARY_F64("flr_f64", give_f64(floor(a)));
  UNARY_F64("cil_f64", give_f64(ceil(a)));
  UNARY_F64("tnc_f64", give_f64(trunc(a)));
  UNARY_F64("nearest_f64", give_f64(nearbyint(a)));

  EACH(double, k, F64_MANY) { OP("const_f64 0x%016" PRIx64, bits_of(k)); give_f64(k); }
  OP("select_f64");
  EACH(int32_t, c, I32_FEW) EACH(double, a, ((double[]){ -0.0, 1.5 })) EACH(double, b, ((double[]){ INFINITY, NAN })) { put_i32(c); put_f64(a); put_f64(b); give_f64(c != 0 ? a : b); }
}

static void conversions(void) {
  UNARY_I32("convert_f64_i32", give_f64((double)a));
  UNARY_I32("convertu_f64_i32", give_f64((double)(uint32_t)a));
  UNARY_I64("convert_f64_i64", give_f64((double)a));
  UNARY_I64("convertu_f64_i64", give_f64((double)(uint64_t)a));
  UNARY_F64("convert_i32_f64", give_i32(to_i32(a)));
  UNARY_F64("convertu_i32_f64", give_i32(to_u32(a)));
  UNARY_F64("convert_i64_f64", give_i64(to_i64(a)));
  UNARY_F64("convertu_i64_f64", give_i64(to_u64(a)));
  UNARY_F64("bits_i64_f64", give_i64(bits_of(a)));
  UNARY_F64("round32_f64", give_f64((double)(float)a));
  UNARY_F64("bits32_i32_f64", give_i32(bits32_of((float)a)));
  UNARY_I64("convert32_f64_i64", give_f64((double)(float)a));
  UNARY_I64("convert32u_f64_i64", give_f64((double)(float)(uint64_t)a));
  OP("bits_f64_i64");
  EACH(double, a, F64_MANY) { put_i64((int64_t)bits_of(a)); give_f64(a); }
  EACH(uint64_t, a, ((uint64_t[]){ 0x7ff0000000000001, 0x7ff7ffffffffffff, 0x7ff8000000000001, 0x7fffffffffffffff, 0xfff0000000000001, 0xfff8000000000000, 0xffffffffffffffff })) { put_i64((int64_t)a); give_f64(f64_of(a)); }
  OP("bits32_f64_i32");
  EACH(uint32_t, a, ((uint32_t[]){
    0, 0x80000000, 1, 0x80000001, 0x007fffff, 0x00800000, 0x3f800000, 0xbf800000, 0x3f800001, 0x3dcccccd, 0x7f7fffff, 0xff7fffff, 0x7f800000, 0xff800000,
    0x7f800001, 0x7fbfffff, 0x7fc00000, 0x7fc00001, 0x7fffffff, 0xff800001, 0xffc00000, 0xffffffff,
  })) { put_i32((int32_t)a); give_f64((double)f32_of(a)); }
}

int main(void) {
  integers32();
  branches();
  integers64();
  floats();
  conversions();
  return 0;
}
