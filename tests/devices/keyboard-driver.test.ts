/**
 * The keyboard of a terminal: what its bytes mean, when it is read and in which mode, and every call of its input failing in turn.
 */
import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { VirtualTime } from '../../devices/index.js';
import { KeyboardDriver, KeyParser, type KeyInput } from '../../devices/node/index.js';
import { Caller, type Got } from './client.js';
import { settle } from './mock-streams.js';

const [OK, DEVICE_FAILED] = [0, 6];
const [SPECS, EVENTS, NEXT] = [1, 2, 3];
const [SHIFT, ALT, CTRL] = [-5, -7, -9];

/** What bytes mean: codes of keys that are pressed, and in brackets of those that are released. */
const told = (bytes: string): string => {
  const { events, interrupted } = new KeyParser().take(Buffer.from(bytes, 'latin1'), true);
  return events.map(({ code, pressed }) => (pressed ? `${code}` : `(${code})`)).join(' ') + (interrupted ? ' interrupt' : '');
};
const stroke = (code: number): string => `${code} (${code})`;
const held = (holder: number, code: number): string => `${holder} ${code} (${code}) (${holder})`;

describe('bytes of a terminal', () => {
  it.each<[string, string, string]>([
    ['characters', 'aZ~', `${stroke(97)} ${stroke(90)} ${stroke(126)}`],
    ['UTF-8', '\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80', `${stroke(0xe9)} ${stroke(0x20ac)} ${stroke(0x1f600)}`],
    ['broken UTF-8', '\x80a\xe0\x80\x80\xff\xc3', [0xfffd, 97, 0xfffd, 0xfffd, 0xfffd, 0xfffd, 0xfffd].map(stroke).join(' ')],
    ['Enter, line feed, tab, space', '\r\n\t ', [-11, -11, -12, -14].map(stroke).join(' ')],
    ['backspace, both ways', '\x7f\x08', [-47, -47].map(stroke).join(' ')],
    ['arrows', '\x1b[A\x1b[B\x1b[C\x1b[D\x1bOA', [-3, -4, -2, -1, -3].map(stroke).join(' ')],
    ['home, end', '\x1b[H\x1b[F\x1bOH\x1bOF\x1b[1~\x1b[4~\x1b[7~\x1b[8~', [-39, -42, -39, -42, -39, -42, -39, -42].map(stroke).join(' ')],
    ['insert, delete, page up, page down', '\x1b[2~\x1b[3~\x1b[5~\x1b[6~', [-45, -44, -40, -41].map(stroke).join(' ')],
    ['F1 to F4', '\x1bOP\x1bOQ\x1bOR\x1bOS', [-15, -16, -17, -18].map(stroke).join(' ')],
    ['F1 to F5 of VT220', '\x1b[11~\x1b[12~\x1b[13~\x1b[14~\x1b[15~', [-15, -16, -17, -18, -19].map(stroke).join(' ')],
    ['F6 to F12', '\x1b[17~\x1b[18~\x1b[19~\x1b[20~\x1b[21~\x1b[23~\x1b[24~', [-20, -21, -22, -23, -24, -25, -26].map(stroke).join(' ')],
    ['F13 to F20', '\x1b[25~\x1b[26~\x1b[28~\x1b[29~\x1b[31~\x1b[32~\x1b[33~\x1b[34~', [-27, -28, -29, -30, -31, -32, -33, -34].map(stroke).join(' ')],
    ['F1 to F5 of the Linux console', '\x1b[[A\x1b[[E', [-15, -19].map(stroke).join(' ')],
    ['escape', '\x1b', stroke(-43)],
    ['escape twice, then an arrow', '\x1b\x1b[A', `${stroke(-43)} ${stroke(-3)}`],
    ['ctrl', '\x01\x1a\x00\x1c', [held(CTRL, 97), held(CTRL, 122), held(CTRL, -14), held(CTRL, 92)].join(' ')],
    ['alt', '\x1bx\x1b\x01', `${held(ALT, 120)} ${ALT} ${CTRL} 97 (97) (${CTRL}) (${ALT})`],
    ['shift, alt and ctrl with an arrow', '\x1b[1;2A\x1b[1;3B\x1b[1;5C', [held(SHIFT, -3), held(ALT, -4), held(CTRL, -2)].join(' ')],
    ['shift and ctrl with delete', '\x1b[3;6~', `${SHIFT} ${CTRL} -44 (-44) (${CTRL}) (${SHIFT})`],
    ['shift with F1', '\x1b[1;2P', held(SHIFT, -15)],
    ['shift with tab', '\x1b[Z', held(SHIFT, -12)],
    ['sequences that are no key', '\x1b[200~\x1b[?1;2c\x1b[12;34R x\x1bOz', `${stroke(-14)} ${stroke(120)}`],
    ['Ctrl-C', 'a\x03b', `${stroke(97)} ${stroke(98)} interrupt`],
  ])('%s', (_, bytes, expected) => expect(told(bytes)).toBe(expected));

  it('a sequence that is cut anywhere is the same', () => {
    const bytes = Buffer.from('\x1b[1;5A\x1bOP\xf0\x9f\x98\x80a', 'latin1');
    const whole = new KeyParser().take(bytes, true).events;
    for (let cut = 1; cut < bytes.length; cut++) {
      const parser = new KeyParser();
      const events = [...parser.take(bytes.subarray(0, cut)).events, ...parser.take(bytes.subarray(cut), true).events];
      expect(events).toEqual(whole);
      expect(parser.isPending).toBe(false);
    }
  });

  it('what never ends is dropped, and much at once takes little time', () => {
    expect(told(`\x1b[${'1;'.repeat(100)}A`).endsWith(stroke(65))).toBe(true);
    expect(new KeyParser().take(Buffer.from('a'.repeat(2 ** 16))).events.length).toBe(2 ** 17);
  });

  it('whatever comes, it ends and keeps little', () => {
    let state = 1;
    const parser = new KeyParser();
    for (let turn = 0; turn < 2000; turn++) {
      const bytes = Uint8Array.from({ length: 1 + (turn % 7) }, () => {
        state = (Math.imul(state, 1103515245) + 12345) >>> 0;
        return [0x1b, 0x5b, 0x4f, 0x3b, 0x31, state >>> 24, 0x7e, 0xf0][(state >>> 16) % 8] as number;
      });
      for (const { code } of parser.take(bytes).events) expect(code !== 0 && code >= -47 && code <= 0x10ffff).toBe(true);
    }
    parser.take(new Uint8Array(0), true);
    expect(parser.isPending).toBe(false);
  });
});

/** A terminal's input that counts its calls and lets any fail. */
class MockInput extends PassThrough {
  readonly isTTY: boolean;
  readonly log: string[] = [];
  fails: (call: number) => boolean = () => false;
  raw = false;

  constructor(isTTY = true) {
    super();
    this.isTTY = isTTY;
  }
  #call(name: string): void {
    this.log.push(name);
    if (this.fails(this.log.length)) throw new Error(`mock: ${name}`);
  }
  setRawMode(raw: boolean): this {
    this.#call(`raw ${raw}`);
    this.raw = raw;
    return this;
  }
  override pause(): this {
    this.#call('pause');
    return super.pause();
  }
  override resume(): this {
    this.#call('resume');
    return super.resume();
  }
}

function driver(input: KeyInput = new MockInput()) {
  const time = new VirtualTime();
  const exits = new Set<() => void>();
  let interrupts = 0;
  const keyboard = new KeyboardDriver({
    input: () => input,
    time,
    onInterrupt: () => {
      interrupts++;
    },
    onExit: (callback) => {
      exits.add(callback);
      return () => void exits.delete(callback);
    },
  });
  return { keyboard, time, exits, interrupts: () => interrupts };
}

const events = ({ bytes }: Got): number[] => [...new Int32Array(bytes.slice().buffer)];

describe('KeyboardDriver', () => {
  it('reads in raw mode while a session is open, and gives the mode back', async () => {
    const input = new MockInput();
    const { keyboard, exits } = driver(input);
    expect(input.log).toEqual([]);
    const [one, two] = [new Caller(keyboard), new Caller(keyboard)];
    expect([input.raw, exits.size]).toEqual([true, 1]);
    const next = one.send({ operation: NEXT, replyBytes: 80 });
    input.write('a');
    expect(events(await one.completion(next))).toEqual([97, 1]);
    one.session.close();
    expect(input.raw).toBe(true);
    two.send({ operation: EVENTS, replyBytes: 80 });
    expect(events(two.got[0] as Got)).toEqual([97, 1, 97, 0]);
    two.session.close();
    expect([input.raw, exits.size]).toEqual([false, 0]);
    const three = new Caller(keyboard);
    expect(input.raw).toBe(true);
    for (const callback of exits) callback();
    expect(input.raw).toBe(false);
    keyboard.close();
    expect((await three.ask({ operation: NEXT, replyBytes: 8 })).status).toBe(DEVICE_FAILED);
  });

  it('an escape that stays alone is the escape key after a twentieth of a second', async () => {
    const input = new MockInput();
    const { keyboard, time } = driver(input);
    const caller = new Caller(keyboard);
    const next = caller.send({ operation: NEXT, replyBytes: 80 });
    input.write('\x1b');
    await settle();
    time.advance(49_999_999n);
    expect(caller.got).toEqual([]);
    time.advance(1n);
    expect(events(await caller.completion(next))).toEqual([-43, 1]);
    input.write('\x1b');
    await settle();
    input.write('[A');
    await settle();
    expect(time.next).toBeUndefined();
    expect(events(await caller.ask({ operation: EVENTS, replyBytes: 80 }))).toEqual([-43, 0, -3, 1, -3, 0]);
  });

  it('Ctrl-C interrupts and is no key', async () => {
    const input = new MockInput();
    const { keyboard, interrupts } = driver(input);
    const caller = new Caller(keyboard);
    input.write('\x03x');
    await settle();
    expect([interrupts(), events(await caller.ask({ operation: EVENTS, replyBytes: 80 }))]).toEqual([1, [120, 1, 120, 0]]);
  });

  it('tells which keys a terminal has', async () => {
    const { keyboard } = driver();
    const { bytes } = await new Caller(keyboard).ask({ operation: SPECS, replyBytes: 16 });
    const controls = new DataView(bytes.slice().buffer).getBigUint64(8, true);
    const has = (code: number): boolean => ((controls >> BigInt(-code - 1)) & 1n) === 1n;
    expect([-1, -5, -7, -9, -11, -12, -14, -15, -34, -43, -47].every(has)).toBe(true);
    expect([-6, -8, -10, -13, -35, -38, -46].some(has)).toBe(false);
  });

  it('input that is no terminal is read as it is; at its end the keyboard is gone', async () => {
    const input = new MockInput(false);
    const { keyboard } = driver(input);
    const caller = new Caller(keyboard);
    input.end('q\x1b');
    await settle();
    expect([input.raw, events(await caller.ask({ operation: NEXT, replyBytes: 80 }))]).toEqual([false, [113, 1, 113, 0, -43, 1, -43, 0]]);
    expect((await caller.ask({ operation: EVENTS, replyBytes: 8 })).status).toBe(DEVICE_FAILED);
  });

  it('every call of the input failing once, then from there on: a status, and nothing uncaught', async () => {
    const run = async (fails: MockInput['fails']): Promise<MockInput> => {
      const input = new MockInput();
      input.fails = fails;
      const { keyboard, exits } = driver(input);
      const caller = new Caller(keyboard);
      input.write('a');
      await settle();
      caller.send({ operation: EVENTS, replyBytes: 80 });
      caller.session.close();
      const second = new Caller(keyboard);
      second.send({ operation: NEXT, replyBytes: 80 });
      keyboard.close();
      await settle();
      expect([caller.got.length, second.got.length, exits.size]).toEqual([1, 1, 0]);
      expect([OK, DEVICE_FAILED]).toContain(caller.statuses[0]);
      return input;
    };
    const calls = (await run(() => false)).log.length;
    expect(calls).toBeGreaterThan(5);
    for (let call = 1; call <= calls; call++) {
      await run((number) => number === call);
      await run((number) => number >= call);
    }
  });

  it('an input that can not be had', async () => {
    const keyboard = new KeyboardDriver({
      input: () => {
        throw new Error('none');
      },
    });
    expect((await new Caller(keyboard).ask({ operation: NEXT, replyBytes: 8 })).status).toBe(DEVICE_FAILED);
    keyboard.close();
  });
});
