/**
 * Faults for any device: a wrapper that carries requests to the device, except those that a rule is made for.
 *
 * The wrapper knows no protocol. What a fault does is said in terms of requests and completions, so the same rules serve a mock, a driver and a program
 * that plays a device. Nothing is left to chance: a rule that is to fire at random is a function that asks the test's own random numbers.
 */
import { STATUS } from '../isa-spec/index.js';
import { checkArray, checkMethods, checkObject, checkOptions, checkWhole } from '../vm/arguments/index.js';
import type { Client, Device, DeviceCompletion, DeviceRequest, Session } from '../vm/index.js';
import { checkTime, type TimeSource } from './virtual-time.js';

/**
 * What happens to a request.
 *
 * - `failed`: it is not carried out and completes with `status`, `device_failed` by default; `no_space` is a full device.
 * - `unanswered`: it is not carried out and never completes: a device that hangs.
 * - `lost`: it is not carried out, and completes with ok all the same, without bytes and with argument 0: a write that is lost.
 * - `changed`: another one is carried out in its place, such as one with another argument (misdirected), or with other bytes (torn).
 * - `answered`: it is carried out, and completes with what `answer` makes of the completion: bytes that are corrupted, or a failure after the effect.
 * - `slow`: it is carried out, and completes so many nanoseconds later.
 * - `reset`: it is not carried out, and the device seems to restart.
 */
export type Fault =
  | { readonly kind: 'failed'; readonly status?: number }
  | { readonly kind: 'unanswered' }
  | { readonly kind: 'lost' }
  | ChangedRequest
  | ChangedAnswer
  | { readonly kind: 'slow'; readonly nanoseconds: bigint }
  | { readonly kind: 'reset' };

/** A fault by which another request is carried out. */
export interface ChangedRequest {
  readonly kind: 'changed';
  /** What is carried out instead; its tag does not count. */
  readonly request: (request: DeviceRequest) => DeviceRequest;
}

/** A fault by which the answer is another. */
export interface ChangedAnswer {
  readonly kind: 'answered';
  /** What comes instead; its tag does not count. */
  readonly answer: (completion: DeviceCompletion) => DeviceCompletion;
}

/** Which requests a fault happens to. All conditions that are given must hold. */
export interface FaultRule {
  readonly fault: Fault;
  /** Only this operation; requests are then counted for it alone. */
  readonly operation?: number;
  /** Only the request with this number, from 1. */
  readonly at?: number;
  /** Only from the request with this number on, from 1. */
  readonly from?: number;
  /** Only where this says so. It is asked last, once for a request. */
  readonly when?: (request: DeviceRequest, number: number) => boolean;
}

/** What more `withFaults` may need. */
export interface FaultOptions {
  /** Needed for `slow`. */
  readonly time?: TimeSource;
}

/**
 * A device with faults. The first rule that fits a request counts. Requests of all sessions are counted together.
 * @throws TypeError or RangeError if a number of a rule is none, or `slow` has no time
 */
export function withFaults(device: Device, rules: readonly FaultRule[], options: FaultOptions = {}): Device {
  checkOptions('options', options, ['time']);
  const { time } = options;
  checkMethods('device', device, ['open'], 'a device');
  checkArray('rules', rules);
  if (time !== undefined) checkTime('time', time);
  for (const rule of rules) {
    checkOptions('rules', rule, ['fault', 'operation', 'at', 'from', 'when']);
    const { at = 1, from = 1, fault } = rule;
    checkObject('fault', fault);
    checkWhole('at', at, 1, Number.MAX_SAFE_INTEGER);
    checkWhole('from', from, 1, Number.MAX_SAFE_INTEGER);
    if (fault.kind === 'slow' && time === undefined) throw new TypeError('time: undefined; a slow fault needs a source of time');
  }
  const counts = new Map<number | undefined, number>();
  const faultFor = (request: DeviceRequest): Fault | undefined => {
    const seen = (key: number | undefined): number => {
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      return count;
    };
    const [all, same] = [seen(undefined), seen(request.operation)];
    const fits = ({ operation, at, from, when }: FaultRule): boolean => {
      const number = operation === undefined ? all : same;
      if (operation !== undefined && operation !== request.operation) return false;
      if ((at ?? number) !== number || number < (from ?? 1)) return false;
      return when?.(request, number) ?? true;
    };
    return rules.find(fits)?.fault;
  };
  return {
    ...(device.serves === undefined ? {} : { serves: device.serves }),
    open: (client) => openWithFaults(device, client, faultFor, time),
  };
}

function openWithFaults(device: Device, client: Client, faultFor: (request: DeviceRequest) => Fault | undefined, time: TimeSource | undefined): Session {
  /** What is to be made of completions, by tag. */
  const answers = new Map<number, (completion: DeviceCompletion) => void>();
  /** What takes delayed completions back, by tag. */
  const delayed = new Map<number, () => void>();
  const session = device.open({
    complete(completion) {
      const answer = answers.get(completion.tag);
      answers.delete(completion.tag);
      if (answer === undefined) client.complete(completion);
      else answer(completion);
    },
    reset() {
      answers.clear();
      for (const stop of delayed.values()) stop();
      delayed.clear();
      client.reset();
    },
  });
  const forget = (tag: number): void => {
    answers.delete(tag);
    delayed.get(tag)?.();
    delayed.delete(tag);
  };
  return {
    send(request) {
      const { tag } = request;
      const fault = faultFor(request);
      switch (fault?.kind) {
        case undefined:
          return session.send(request);
        case 'failed':
          return client.complete({ tag, status: fault.status ?? STATUS.device_failed });
        case 'unanswered':
          return;
        case 'lost':
          return client.complete({ tag, status: STATUS.ok });
        case 'changed':
          return session.send({ ...fault.request(request), tag });
        case 'answered':
          answers.set(tag, (completion) => client.complete({ ...fault.answer(completion), tag }));
          return session.send(request);
        case 'slow':
          answers.set(tag, (completion) => {
            const ring = (): void => {
              delayed.delete(tag);
              client.complete(completion);
            };
            delayed.set(tag, (time as TimeSource).after(fault.nanoseconds, ring));
          });
          return session.send(request);
        case 'reset':
          return client.reset();
      }
    },
    cancel(tag) {
      forget(tag);
      session.cancel(tag);
    },
    close() {
      for (const tag of [...answers.keys(), ...delayed.keys()]) forget(tag);
      session.close();
    },
  };
}
