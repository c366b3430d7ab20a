/** The controller of PUs: order, states, what a host that fails comes to. */
import { describe, expect, it } from '@jest/globals';
import { type PuCondition, PucDriver, PucMock, type PuDone, type PuHost } from '../../devices/index.js';
import { Caller } from './client.js';

const [OK, BAD_REQUEST, DEVICE_FAILED, NO_SPACE, NOT_SUPPORTED] = [0, 4, 6, 7, 8];
const [SPECS, START, STOP, SET, EXCEPTION, STATE, ENDED, RESET] = [1, 2, 3, 4, 5, 6, 7, 8];
const HIGH = 2n ** 32n;
const NONE = 0xffffffffn * HIGH;

describe('PucMock', () => {
  it('lets programs run for as long as their script says, again and again', () => {
    const controller = new PucMock({ programs: [[{ runs: 10n, trap: 17 }, { runs: 5n, result: -1 }, { waits: true }]] });
    const caller = new Caller(controller);
    caller.send({ operation: SET });
    caller.send({ operation: START });
    expect(controller.state(0)).toEqual({ state: 'computing', detail: 0 });
    caller.send({ operation: ENDED });
    controller.time.advance(9n);
    expect(caller.got.length).toBe(2);
    controller.time.advance(1n);
    expect(caller.got[2]?.argument).toBe(5n + 17n * HIGH);
    caller.send({ operation: EXCEPTION });
    expect(caller.got[3]?.argument).toBe(17n);
    caller.send({ operation: START });
    controller.time.advance(5n);
    caller.send({ operation: STATE });
    expect(caller.got[5]?.argument).toBe(4n + 0xffffffffn * HIGH);
    caller.send({ operation: EXCEPTION });
    caller.send({ operation: START });
    caller.send({ operation: STATE });
    expect(caller.got.slice(6).map(({ argument }) => argument)).toEqual([0n, 0n, 3n]);
    expect([controller.begun(0), controller.time.next, controller.commands]).toEqual([3, undefined, ['set 0 0', 'start 0', 'start 0', 'start 0']]);
  });

  it('a stopped program goes on where it stopped, also after another had its PU', () => {
    const controller = new PucMock({ programs: [[{ runs: 10n }], [{ runs: 10n }]] });
    const caller = new Caller(controller);
    const { time } = controller;
    const put = (program: bigint): void => {
      caller.send({ operation: SET, argument: program * HIGH });
      caller.send({ operation: START });
    };
    put(0n);
    time.advance(6n);
    put(1n);
    time.advance(7n);
    caller.send({ operation: STOP });
    time.advance(100n);
    expect(controller.state(0).state).toBe('stopped');
    put(0n);
    time.advance(3n);
    expect(controller.state(0).state).toBe('computing');
    time.advance(1n);
    expect(controller.state(0).state).toBe('returned');
    put(1n);
    time.advance(3n);
    expect([controller.state(0).state, controller.begun(0), controller.begun(1)]).toEqual(['returned', 1, 1]);
    expect(controller.commands).toEqual(['set 0 0', 'start 0', 'stop 0', 'set 0 1', 'start 0', 'stop 0', 'set 0 0', 'start 0', 'set 0 1', 'start 0']);
    expect(new Set(caller.statuses)).toEqual(new Set([OK]));
  });

  it('ended completes when a PU is stopped, emptied or reset; not when it is cancelled or its session closes', () => {
    const controller = new PucMock({ count: 3, programs: [[], [], []] });
    const [caller, gone] = [new Caller(controller), new Caller(controller)];
    for (const n of [0n, 1n, 2n]) {
      caller.send({ operation: SET, argument: n + n * HIGH });
      caller.send({ operation: START, argument: n });
      caller.send({ operation: ENDED, argument: n });
    }
    gone.send({ operation: ENDED });
    gone.session.close();
    caller.send({ operation: ENDED });
    caller.session.cancel(10);
    caller.send({ operation: STOP });
    caller.send({ operation: SET, argument: 1n + NONE });
    caller.send({ operation: RESET, argument: 2n });
    const ended = caller.got.filter(({ tag }) => [3, 6, 9, 10].includes(tag)).map(({ tag, argument }) => [tag, argument]);
    expect([ended, gone.got]).toEqual([
      [
        [3, 1n],
        [6, 1n],
        [9, 1n],
      ],
      [],
    ]);
    expect([0, 1, 2].map((pu) => controller.state(pu).state)).toEqual(['stopped', 'empty', 'stopped']);
    caller.send({ operation: ENDED, argument: 1n });
    expect(caller.got.at(-1)?.argument).toBe(0n);
  });

  it('reset begins anew with a program that hangs', () => {
    const controller = new PucMock({ programs: [[{}, { runs: 1n, result: 9 }]] });
    const caller = new Caller(controller);
    for (const operation of [SET, START, RESET, START]) caller.send({ operation });
    controller.time.advance(1n);
    expect([controller.begun(0), controller.state(0)]).toEqual([2, { state: 'returned', detail: 9 }]);
  });

  it('refuses what is no request, in order', () => {
    const caller = new Caller(new PucMock({ count: 2, programs: [[]] }));
    caller.send({ operation: SET });
    const refused: [number, bigint, string, number][] = [
      [0, 0n, '', NOT_SUPPORTED],
      [9, 99n, 'x', NOT_SUPPORTED],
      [SPECS, 0n, 'x', BAD_REQUEST],
      [START, 99n, 'x', BAD_REQUEST],
      [START, 2n, '', NO_SPACE],
      [STATE, HIGH, '', NO_SPACE],
      [START, 1n, '', NO_SPACE],
      [RESET, 1n, '', NO_SPACE],
      [SET, 2n, '', NO_SPACE],
      [SET, HIGH, '', NO_SPACE],
      [SET, 1n, '', BAD_REQUEST],
      [STOP, 1n, '', OK],
      [SET, 0n, '', OK],
      [SET, 1n + NONE, '', OK],
      [SET, NONE, '', OK],
    ];
    for (const [operation, argument, bytes] of refused) caller.send({ operation, argument, bytes });
    expect(caller.statuses.slice(1)).toEqual(refused.map(([, , , status]) => status));
    caller.send({ operation: SPECS, replyBytes: 8 });
    expect(caller.got.at(-1)?.bytes).toEqual(Uint8Array.of(2, 0, 0, 0, 1, 0, 0, 0));
  });
});

/** A host of one PU and two programs that does what it is asked later, and can be made to fail. */
class LaterHost implements PuHost {
  readonly count = 1;
  readonly programs = 2;
  readonly calls: string[] = [];
  readonly waiting: (() => void)[] = [];
  /** Whether the call with this number, from 1, is to throw. */
  fails: (call: number) => boolean = () => false;
  /** Whether what is done later has worked. */
  works = true;
  #placed: number | undefined;
  #running = false;

  #call(name: string): void {
    this.calls.push(name);
    if (this.fails(this.calls.length)) throw new Error(`mock: ${name}`);
  }
  #later(name: string, done: PuDone, act: () => void): void {
    this.#call(name);
    this.waiting.push(() => {
      if (this.works) act();
      done(this.works);
    });
  }
  set(_: number, program: number | undefined, done: PuDone): void {
    this.#later(`set ${program}`, done, () => {
      this.#placed = program;
    });
  }
  start(_: number, done: PuDone): void {
    this.#later('start', done, () => {
      this.#running = true;
    });
  }
  stop(_: number, done: PuDone): void {
    this.#later('stop', done, () => {
      this.#running = false;
    });
  }
  reset(_: number, done: PuDone): void {
    this.#later('reset', done, () => {});
  }
  programOn(): number | undefined {
    this.#call('programOn');
    return this.#placed;
  }
  state(): PuCondition {
    this.#call('state');
    return { state: this.#placed === undefined ? 'empty' : this.#running ? 'computing' : 'stopped', detail: 0 };
  }
  onEnded(): void {}
  /** Does everything that waits to be done, also what follows from it. */
  settle(): void {
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) next();
  }
}

describe('PucDriver', () => {
  const commands = (host: LaterHost): string[] => host.calls.filter((name) => name !== 'state' && name !== 'programOn');

  it('asks its host for one thing at a time, in order, whatever session it is for', () => {
    const host = new LaterHost();
    const driver = new PucDriver(host);
    const [one, two] = [new Caller(driver), new Caller(driver)];
    one.send({ operation: SET });
    two.send({ operation: START });
    one.send({ operation: SET, argument: HIGH });
    two.send({ operation: STATE });
    const cancelled = one.send({ operation: RESET });
    one.session.cancel(cancelled);
    expect([commands(host), one.got, two.got]).toEqual([['set 0'], [], []]);
    host.settle();
    expect(commands(host)).toEqual(['set 0', 'start', 'stop', 'set 1']);
    expect([one.statuses, two.got.map(({ argument }) => argument)]).toEqual([
      [OK, OK],
      [0n, 1n],
    ]);
  });

  it('tells that a host could not do what it was asked to', () => {
    const host = new LaterHost();
    const caller = new Caller(new PucDriver(host));
    for (const operation of [SET, START]) caller.send({ operation });
    host.settle();
    host.works = false;
    for (const operation of [STOP, RESET]) caller.send({ operation });
    caller.send({ operation: SET, argument: HIGH });
    host.settle();
    expect(caller.statuses).toEqual([OK, OK, DEVICE_FAILED, DEVICE_FAILED, DEVICE_FAILED]);
  });

  it('every call of its host throwing once, then from there on: a status for each request, and it goes on', () => {
    const session = (fails: LaterHost['fails']): { host: LaterHost; caller: Caller } => {
      const host = new LaterHost();
      host.fails = fails;
      const caller = new Caller(new PucDriver(host));
      const script = [SET, START, STATE, ENDED, STOP, START, EXCEPTION, RESET, START, SPECS] as const;
      for (const operation of script) {
        caller.send({ operation, replyBytes: operation === SPECS ? 8 : 0 });
        host.settle();
      }
      caller.send({ operation: SET, argument: HIGH });
      host.settle();
      return { host, caller };
    };
    const good = session(() => false);
    expect(good.caller.statuses).toEqual(Array(11).fill(OK));
    for (let call = 1; call <= good.host.calls.length; call++) {
      for (const fails of [(number: number) => number === call, (number: number) => number >= call]) {
        const { caller } = session(fails);
        // `ended` may still wait if it was the stop that failed.
        expect(caller.got.length).toBeGreaterThanOrEqual(10);
        expect(new Set(caller.got.map(({ tag }) => tag)).size).toBe(caller.got.length);
        expect(caller.statuses.filter((status) => ![OK, DEVICE_FAILED, NO_SPACE].includes(status))).toEqual([]);
        expect(caller.statuses.includes(DEVICE_FAILED)).toBe(true);
      }
    }
  });
});
