/**
 * The clock protocol's arithmetic, exact in bigint: what `time` answers, and the specs that a clock tells. Mock and drivers share it.
 */
import { OPERATIONS, STATUS } from '../isa-spec/index.js';
import { checkBigint, checkMethods, checkObject, checkWhole } from '../vm/arguments/index.js';
import type { Client, DeviceRequest } from '../vm/index.js';

const SECOND = 10n ** 9n;
/** Digits of a time: what a decimal number of the language holds exactly. */
const DIGITS = 15;

const floorTo = (value: bigint, unit: bigint): bigint => value - (((value % unit) + unit) % unit);

/**
 * What `time` answers for exponent n.
 * @param nanoseconds since 1970-01-01 00:00 UTC
 * @param n 0 to 15: seconds, rounded down to a multiple of 10^n; -9 to -1: units of 10^n seconds, rounded down, modulo 10^15
 * @returns undefined for another n
 * @throws TypeError for what is no bigint
 */
export function clockTime(nanoseconds: bigint, n: bigint): bigint | undefined {
  checkBigint('nanoseconds', nanoseconds);
  checkBigint('n', n);
  if (n < -9n || n > 15n) return undefined;
  if (n >= 0n) return floorTo(nanoseconds, SECOND * 10n ** n) / SECOND;
  const unit = 10n ** (9n + n);
  const wrap = 10n ** BigInt(DIGITS);
  return (((floorTo(nanoseconds, unit) / unit) % wrap) + wrap) % wrap;
}

/** The eight bytes that `specs` answers: resolution as a power of ten seconds, digits. */
function clockSpecs(resolution: number): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setInt32(0, resolution, true);
  bytes.setInt32(4, DIGITS, true);
  return new Uint8Array(bytes.buffer);
}

/** The clock whose requests are to be answered. */
export interface ClockSource {
  /** Power of ten seconds: -3 for milliseconds. */
  readonly resolution: number;
  /** Nanoseconds since 1970-01-01 00:00 UTC. */
  now(): bigint;
  /** Completes the request after that many nanoseconds, which are more than 0. */
  sleep(tag: number, nanoseconds: bigint): void;
}

/** Answers a request of the clock protocol; what takes time is left to the clock. @throws TypeError for what is no client, clock or request */
export function answerClock(client: Client, source: ClockSource, request: DeviceRequest): void {
  checkMethods('client', client, ['complete'], 'a Client');
  checkMethods('source', source, ['now', 'sleep'], 'a ClockSource');
  checkWhole('source.resolution', source.resolution, -128, 127);
  checkObject('request', request);
  const { resolution, now, sleep } = source;
  const { operation, tag, bytes, argument } = request;
  const signed = BigInt.asIntN(64, argument);
  if (!Object.values<number>(OPERATIONS.clock).includes(operation)) return client.complete({ tag, status: STATUS.not_supported });
  if (bytes.length > 0) return client.complete({ tag, status: STATUS.bad_request });
  if (operation === OPERATIONS.clock.specs) return client.complete({ tag, status: STATUS.ok, bytes: clockSpecs(resolution) });
  if (operation === OPERATIONS.clock.sleep) return signed > 0n ? sleep(tag, signed) : client.complete({ tag, status: STATUS.ok });
  const time = clockTime(now(), signed);
  return client.complete(time === undefined ? { tag, status: STATUS.bad_request } : { tag, status: STATUS.ok, argument: time });
}
