/**
 * Checks of what an embedder hands in: each throws a TypeError for a value of the wrong kind and a RangeError for one out of range, and names
 * the argument, what was found and what is needed. Nothing of the value is called, so a hostile one can do no harm here.
 *
 * A door of its own, since devices check their arguments in the same way and need nothing else of the machine; no door of the package leads here.
 */

const LONGEST_TEXT = 40;

/** A value as a message shows it. */
export function shown(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value.length > LONGEST_TEXT ? `a string of ${value.length} characters` : JSON.stringify(value);
    case 'bigint':
      return `${value}n`;
    case 'function':
      return 'a function';
    case 'object':
      return value === null ? 'null' : classOf(value);
    default:
      return String(value);
  }
}

function classOf(value: object): string {
  const name = Object.prototype.toString.call(value).slice('[object '.length, -1);
  return name === 'Object' ? 'an object' : `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`;
}

function kind(what: string, value: unknown, needed: string): TypeError {
  return new TypeError(`${what}: ${shown(value)}; ${needed} is needed`);
}

/** A whole number. */
export function checkWhole(what: string, value: unknown, least: number, most: number): asserts value is number {
  const needed = `a whole number from ${least} to ${most}`;
  if (typeof value !== 'number') throw kind(what, value, needed);
  if (!Number.isInteger(value) || value < least || value > most) throw new RangeError(`${what}: ${value}; ${needed} is needed`);
}

/** A whole number of 64 bits, of either sign. */
export function check64(what: string, value: unknown): asserts value is bigint {
  if (typeof value !== 'bigint') throw kind(what, value, 'a bigint');
  if (value < -(2n ** 63n) || value >= 2n ** 64n) throw new RangeError(`${what}: ${value}; a bigint of 64 bits is needed`);
}

/** A bigint, from a least one on if there is one. */
export function checkBigint(what: string, value: unknown, least?: bigint): asserts value is bigint {
  if (typeof value !== 'bigint') throw kind(what, value, 'a bigint');
  if (least !== undefined && value < least) throw new RangeError(`${what}: ${value}; a bigint from ${least} on is needed`);
}

/** A text. */
export function checkString(what: string, value: unknown): asserts value is string {
  if (typeof value !== 'string') throw kind(what, value, 'a string');
}

/** True or false. */
export function checkBoolean(what: string, value: unknown): asserts value is boolean {
  if (typeof value !== 'boolean') throw kind(what, value, 'true or false');
}

/** Something that can be called. */
export function checkFunction(what: string, value: unknown): void {
  if (typeof value !== 'function') throw kind(what, value, 'a function');
}

/** An array. */
export function checkArray(what: string, value: unknown): asserts value is readonly unknown[] {
  if (!Array.isArray(value)) throw kind(what, value, 'an array');
}

/** Whether a value is a Uint8Array, of whatever realm. */
export function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]';
}

/** A Uint8Array. */
export function checkBytes(what: string, value: unknown): asserts value is Uint8Array {
  if (!isBytes(value)) throw kind(what, value, 'a Uint8Array');
}

/** A copy of a Uint8Array's bytes. @throws TypeError if its buffer was transferred away */
export function copied(what: string, bytes: Uint8Array): Uint8Array {
  try {
    return new Uint8Array(bytes);
  } catch (cause) {
    throw new TypeError(`${what}: its buffer was transferred away`, { cause });
  }
}

/** An object that is no array and no bytes. */
export function checkObject(what: string, value: unknown, needed = 'an object'): asserts value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) throw kind(what, value, needed);
}

/** An object or function that has these methods. */
export function checkMethods(what: string, value: unknown, methods: readonly string[], needed: string): void {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) throw kind(what, value, needed);
  for (const method of methods) {
    const found = (value as Readonly<Record<string, unknown>>)[method];
    if (typeof found !== 'function') throw new TypeError(`${what}: its ${method} is ${shown(found)}; ${needed} is needed, which has a method ${method}`);
  }
}

/** An object whose names are all among the known ones. */
export function checkOptions(what: string, value: unknown, known: readonly string[]): asserts value is object {
  checkObject(what, value);
  for (const name of Object.keys(value)) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    throw new TypeError(`${what}: there is no ${shown(name)}; ${near === undefined ? `there are ${known.join(', ')}` : `did you mean ${near}?`}`);
  }
}

/** The known name that is the fewest changes of a letter away, if they are few; letters' case does not count. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  let found: string | undefined;
  let fewest = name.length < 5 ? 2 : 3;
  if (name.length > LONGEST_TEXT) return undefined;
  for (const candidate of known) {
    const changes = changesBetween(name.toLowerCase(), candidate.toLowerCase());
    if (changes < fewest) [found, fewest] = [candidate, changes];
  }
  return found;
}

function changesBetween(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let at = 1; at <= left.length; at++) {
    const next = [at];
    for (let to = 1; to <= right.length; to++) {
      const same = left[at - 1] === right[to - 1] ? 0 : 1;
      next.push(Math.min((row[to - 1] as number) + same, (row[to] as number) + 1, (next[to - 1] as number) + 1));
    }
    row = next;
  }
  return row[right.length] as number;
}
