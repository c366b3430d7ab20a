/**
 * Each value operator as JavaScript text: the interpreter's column beside the book's meaning and WebAssembly's opcode.
 *
 * An i32, f32 or f64 value is one text; a comparison is a text that is true or false; an i64 value is two i32 texts, or one that is a bigint of
 * 64 bits, which the host's compiler keeps in a machine register. Texts are used once each unless they are names, so operands that an operator
 * needs twice are named first. Signs: i32 texts are signed, bigints too.
 */
import type { Operator } from '../../isa-spec/index.js';

/** A value as text. */
export type Text =
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'truth'; readonly text: string }
  | ({ readonly kind: 'wide' } & Wide);

/** An i64: its halves, and the same in one. */
interface Wide {
  readonly low: string;
  readonly high: string;
  readonly whole: string;
}

/** Where an operator may put statements before its result. */
export interface Lines {
  /** Adds a statement. */
  add(statement: string): void;
  /** A name that is not in use. */
  fresh(): string;
  /** Names a text, so that it may be used more than once. */
  name(text: string): string;
}

type Spelling = (lines: Lines, a: Text, b: Text) => Text;

const number = (text: string): Text => ({ kind: 'number', text });
const truth = (text: string): Text => ({ kind: 'truth', text });

/** An i64 of its halves. */
export function pair(low: string, high: string): Text {
  return { kind: 'wide', low, high, whole: `(asIntN(64, toBig(${high}) << 32n) | toBig(${low} >>> 0))` };
}
/** An i64 of its low half and of what the sign makes of it. */
export function extended(low: string, sign: 'signed' | 'unsigned'): Text {
  return sign === 'signed' ? { kind: 'wide', low, high: `(${low} >> 31)`, whole: `toBig(${low})` } : { kind: 'wide', low, high: '0', whole: `toBig(${low} >>> 0)` };
}
/** An i64 that only arithmetic made whole: none of the book's meanings asks for its halves. */
export function whole(text: string): Text {
  const halved = (): never => {
    throw new Error(`the halves of ${text} have no text`);
  };
  return {
    kind: 'wide',
    get low() {
      return halved();
    },
    get high() {
      return halved();
    },
    whole: text,
  };
}

/** A value's text as a number. */
export function numberOf(value: Text): string {
  if (value.kind === 'wide') throw new Error('an i64 is not one number: the book is checked');
  return value.kind === 'truth' ? `(${value.text} ? 1 : 0)` : value.text;
}
/** A value's text as a condition. */
export function truthOf(value: Text): string {
  return value.kind === 'truth' ? value.text : `${numberOf(value)} !== 0`;
}
/** An i64. */
export function wideOf(value: Text): Wide {
  if (value.kind !== 'wide') throw new Error('a number is not an i64: the book is checked');
  return value;
}

const one = (spell: (a: string) => string): Spelling => (_, a) => number(`(${spell(numberOf(a))})`);
const two = (spell: (a: string, b: string) => string): Spelling => (_, a, b) => number(`(${spell(numberOf(a), numberOf(b))})`);
const call1 = (name: string): Spelling => (_, a) => number(`${name}(${numberOf(a)})`);
const call2 = (name: string): Spelling => (_, a, b) => number(`${name}(${numberOf(a)}, ${numberOf(b)})`);
const test = (spell: (a: string, b: string) => string): Spelling => (_, a, b) => truth(`(${spell(numberOf(a), numberOf(b))})`);
const rotate32 = (right: boolean): Spelling => (lines, a, b) => {
  const value = lines.name(numberOf(a));
  const by = lines.name(numberOf(b));
  return number(right ? `(${value} >>> ${by} | ${value} << -${by})` : `(${value} << ${by} | ${value} >>> -${by})`);
};

const wide1 = (spell: (a: Wide, lines: Lines) => Text): Spelling => (lines, a) => spell(wideOf(a), lines);
const wide2 = (spell: (a: Wide, b: Wide, lines: Lines) => Text): Spelling => (lines, a, b) => spell(wideOf(a), wideOf(b), lines);
const bitwise = (sign: string): Spelling => wide2((a, b) => whole(`(${a.whole} ${sign} ${b.whole})`));
const wrapped = (sign: string): Spelling => wide2((a, b) => whole(`asIntN(64, ${a.whole} ${sign} ${b.whole})`));
const compareWhole = (sign: string): Spelling => wide2((a, b) => truth(`(${a.whole} ${sign} ${b.whole})`));
const called = (name: string): Spelling => wide2((a, b, lines) => withHigh(lines, `${name}(${a.low}, ${a.high}, ${b.low}, ${b.high})`));
const compareUnsigned64 = (sign: '<' | '<='): Spelling => wide2((a, b) => {
  return truth(`(${a.high} >>> 0 < ${b.high} >>> 0 || ${a.high} === ${b.high} && ${a.low} >>> 0 ${sign} ${b.low} >>> 0)`);
});

function withHigh(lines: Lines, text: string): Text {
  const low = lines.name(text);
  return pair(low, lines.name('HIGH[0]!'));
}

/** Both halves assigned in one of two branches. A bigint shifted by a count that is no constant would be a call. */
function branches(lines: Lines, condition: string, then: readonly [string, string], otherwise: readonly [string, string]): Text {
  const [low, high] = [lines.fresh(), lines.fresh()];
  lines.add(`let ${low}, ${high};`);
  lines.add(`if (${condition}) { ${low} = ${then[0]}; ${high} = ${then[1]}; } else { ${low} = ${otherwise[0]}; ${high} = ${otherwise[1]}; }`);
  return pair(low, high);
}

const shiftLeft64 = wide2((a, b) => whole(`asIntN(64, ${a.whole} * POWERS[${b.low} & 63]!)`));
// `x << 1 << 31 - by` is `x << 32 - by` that also holds for by = 0, where JavaScript would shift by 0.
const shiftRight64 = (shift: '>>' | '>>>', fill: (a: Wide) => string): Spelling => wide2((a, b, lines) => {
  const by = lines.name(`${b.low} & 63`);
  const high = `${a.high} ${shift} ${by} | 0`;
  return branches(lines, `${by} < 32`, [`${a.low} >>> ${by} | ${a.high} << 1 << 31 - ${by}`, high], [high, fill(a)]);
});
const rotate64 = (right: boolean): Spelling => wide2((a, b, lines) => {
  const by = lines.name(right ? `-${b.low} & 63` : `${b.low} & 63`);
  const swapped = lines.name(`(${by} & 32) !== 0`);
  const x = lines.name(`${swapped} ? ${a.high} : ${a.low}`);
  const y = lines.name(`${swapped} ? ${a.low} : ${a.high}`);
  return pair(`(${x} << ${by} | ${y} >>> 1 >>> 31 - (${by} & 31))`, `(${y} << ${by} | ${x} >>> 1 >>> 31 - (${by} & 31))`);
});
const signExtended = (low: (a: Wide) => string): Spelling => wide1((a, lines) => {
  const named = lines.name(low(a));
  return extended(named, 'signed');
});

/** Every operator's text. */
export const SPELLINGS = {
  'i32.add':          two((a, b) => `${a} + ${b} | 0`),
  'i32.sub':          two((a, b) => `${a} - ${b} | 0`),
  'i32.mul':          call2('imul'),
  'i32.div_s':        two((a, b) => `${a} / ${b} | 0`),
  'i32.div_u':        two((a, b) => `(${a} >>> 0) / (${b} >>> 0) | 0`),
  'i32.rem_s':        two((a, b) => `${a} % ${b} | 0`),
  'i32.rem_u':        two((a, b) => `(${a} >>> 0) % (${b} >>> 0) | 0`),
  'i32.and':          two((a, b) => `${a} & ${b}`),
  'i32.or':           two((a, b) => `${a} | ${b}`),
  'i32.xor':          two((a, b) => `${a} ^ ${b}`),
  'i32.shl':          two((a, b) => `${a} << ${b}`),
  'i32.shr_s':        two((a, b) => `${a} >> ${b}`),
  'i32.shr_u':        two((a, b) => `${a} >>> ${b} | 0`),
  'i32.rotl':         rotate32(false),
  'i32.rotr':         rotate32(true),
  'i32.clz':          call1('clz32'),
  'i32.ctz':          call1('countTrailingZeros'),
  'i32.popcnt':       call1('countOnes'),
  'i32.extend8_s':    one((a) => `${a} << 24 >> 24`),
  'i32.extend16_s':   one((a) => `${a} << 16 >> 16`),
  'i32.eqz':          (_, a) => truth(a.kind === 'truth' ? `!${a.text}` : `(${numberOf(a)} === 0)`),
  'i32.eq':           test((a, b) => `${a} === ${b}`),
  'i32.ne':           test((a, b) => `${a} !== ${b}`),
  'i32.lt_s':         test((a, b) => `${a} < ${b}`),
  'i32.le_s':         test((a, b) => `${a} <= ${b}`),
  'i32.gt_s':         test((a, b) => `${a} > ${b}`),
  'i32.ge_s':         test((a, b) => `${a} >= ${b}`),
  'i32.lt_u':         test((a, b) => `${a} >>> 0 < ${b} >>> 0`),
  'i32.le_u':         test((a, b) => `${a} >>> 0 <= ${b} >>> 0`),
  'i32.gt_u':         test((a, b) => `${a} >>> 0 > ${b} >>> 0`),
  'i32.ge_u':         test((a, b) => `${a} >>> 0 >= ${b} >>> 0`),

  'i64.add':          wrapped('+'),
  'i64.sub':          wrapped('-'),
  'i64.mul':          wrapped('*'),
  'i64.div_s':        called('divide64'),
  'i64.div_u':        called('divideUnsigned64'),
  'i64.rem_s':        called('remainder64'),
  'i64.rem_u':        called('remainderUnsigned64'),
  'i64.and':          bitwise('&'),
  'i64.or':           bitwise('|'),
  'i64.xor':          bitwise('^'),
  'i64.shl':          shiftLeft64,
  'i64.shr_s':        shiftRight64('>>', (a) => `${a.high} >> 31`),
  'i64.shr_u':        shiftRight64('>>>', () => '0'),
  'i64.rotl':         rotate64(false),
  'i64.rotr':         rotate64(true),
  'i64.clz':          wide1((a) => extended(`(${a.high} !== 0 ? clz32(${a.high}) : 32 + clz32(${a.low}))`, 'signed')),
  'i64.ctz':          wide1((a) => extended(`(${a.low} !== 0 ? countTrailingZeros(${a.low}) : 32 + countTrailingZeros(${a.high}))`, 'signed')),
  'i64.popcnt':       wide1((a) => extended(`(countOnes(${a.low}) + countOnes(${a.high}))`, 'signed')),
  'i64.extend8_s':    signExtended((a) => `${a.low} << 24 >> 24`),
  'i64.extend16_s':   signExtended((a) => `${a.low} << 16 >> 16`),
  'i64.extend32_s':   signExtended((a) => a.low),
  'i64.eq':           compareWhole('==='),
  'i64.ne':           compareWhole('!=='),
  'i64.lt_s':         compareWhole('<'),
  'i64.le_s':         compareWhole('<='),
  'i64.lt_u':         compareUnsigned64('<'),
  'i64.le_u':         compareUnsigned64('<='),

  'f64.add':          two((a, b) => `${a} + ${b}`),
  'f64.sub':          two((a, b) => `${a} - ${b}`),
  'f64.mul':          two((a, b) => `${a} * ${b}`),
  'f64.div':          two((a, b) => `${a} / ${b}`),
  'f64.min':          call2('min'),
  'f64.max':          call2('max'),
  'f64.copysign':     call2('copysign'),
  'f64.neg':          one((a) => `-${a}`),
  'f64.abs':          call1('abs'),
  'f64.sqrt':         call1('sqrt'),
  'f64.floor':        call1('floor'),
  'f64.ceil':         call1('ceil'),
  'f64.trunc':        call1('trunc'),
  'f64.nearest':      call1('nearest'),
  'f64.eq':           test((a, b) => `${a} === ${b}`),
  'f64.ne':           test((a, b) => `${a} !== ${b}`),
  'f64.lt':           test((a, b) => `${a} < ${b}`),
  'f64.le':           test((a, b) => `${a} <= ${b}`),

  'i32.wrap_i64':         wide1((a) => number(a.low)),
  'i64.extend_i32_s':     (lines, a) => { const low = lines.name(numberOf(a)); return extended(low, 'signed'); },
  'i64.extend_i32_u':     (_, a) => extended(numberOf(a), 'unsigned'),
  'f64.convert_i32_s':    (_, a) => number(numberOf(a)),
  'f64.convert_i32_u':    one((a) => `${a} >>> 0`),
  'f64.convert_i64_s':    wide1((a) => number(`(${a.high} * 4294967296 + (${a.low} >>> 0))`)),
  'f64.convert_i64_u':    wide1((a) => number(`((${a.high} >>> 0) * 4294967296 + (${a.low} >>> 0))`)),
  'i32.trunc_sat_f64_s':  call1('truncateToI32'),
  'i32.trunc_sat_f64_u':  call1('truncateToU32'),
  'i64.trunc_sat_f64_s':  (lines, a) => withHigh(lines, `truncateToI64(${numberOf(a)})`),
  'i64.trunc_sat_f64_u':  (lines, a) => withHigh(lines, `truncateToU64(${numberOf(a)})`),
  'i64.reinterpret_f64':  (lines, a) => withHigh(lines, `bitsOfF64(${numberOf(a)})`),
  'f64.reinterpret_i64':  wide1((a) => number(`f64OfBits(${a.low}, ${a.high})`)),
  'i32.reinterpret_f32':  call1('bitsOfF32'),
  'f32.reinterpret_i32':  call1('f32OfBits'),
  'f32.demote_f64':       call1('fround'),
  'f64.promote_f32':      (_, a) => number(numberOf(a)),
  'f32.convert_i64_s':    wide1((a) => number(`i64ToF32(${a.low}, ${a.high})`)),
  'f32.convert_i64_u':    wide1((a) => number(`u64ToF32(${a.low}, ${a.high})`)),
} as const satisfies Record<Operator, Spelling>;
