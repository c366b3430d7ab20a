/** The keyboard: histories, what is lost, who waits, scripts. */
import { describe, expect, it } from '@jest/globals';
import { controlSet, KeyboardMock, keyOf } from '../../devices/index.js';
import { Caller, type Got } from './client.js';

const [OK, BAD_REQUEST, DEVICE_FAILED, NOT_SUPPORTED] = [0, 4, 6, 8];
const [SPECS, EVENTS, NEXT] = [1, 2, 3];

/** Codes of an answer's events; what was released is told by a second number. */
const events = ({ bytes }: Got): number[] => [...new Int32Array(bytes.slice().buffer)];

describe('KeyboardMock', () => {
  it('tells what was pressed and released since the last call, oldest first', () => {
    const keyboard = new KeyboardMock();
    const caller = new Caller(keyboard);
    keyboard.type('A b\n\u{1F600}');
    caller.send({ operation: EVENTS, replyBytes: 8 * 3 });
    caller.send({ operation: EVENTS, replyBytes: 8 * 100 });
    caller.send({ operation: EVENTS, replyBytes: 8 });
    expect(caller.got.map(events)).toEqual([[65, 1, 65, 0, -14, 1], [-14, 0, 98, 1, 98, 0, -11, 1, -11, 0, 0x1f600, 1, 0x1f600, 0], []]);
    expect(caller.statuses).toEqual([OK, OK, OK]);
  });

  it('loses the oldest when the history is full, and says how many, once', () => {
    const keyboard = new KeyboardMock({ history: 2 });
    const caller = new Caller(keyboard);
    for (const code of [1, 2, 3, 4, 5]) keyboard.press(code);
    caller.send({ operation: EVENTS, replyBytes: 8 });
    caller.send({ operation: EVENTS, replyBytes: 80 });
    expect(caller.got.map((one) => [events(one), one.argument])).toEqual([
      [[4, 1], 3n],
      [[5, 1], 0n],
    ]);
  });

  it('keeps 20 events unless told otherwise', () => {
    const keyboard = new KeyboardMock();
    const caller = new Caller(keyboard);
    for (let count = 0; count < 21; count++) keyboard.press(97);
    caller.send({ operation: EVENTS, replyBytes: 800 });
    expect([events(caller.got[0] as Got).length / 2, caller.got[0]?.argument]).toEqual([20, 1n]);
  });

  it('gives each session a history of its own, from its opening on', () => {
    const keyboard = new KeyboardMock();
    const early = new Caller(keyboard);
    keyboard.press(97);
    const late = new Caller(keyboard);
    keyboard.release(97);
    for (const caller of [early, late]) caller.send({ operation: EVENTS, replyBytes: 80 });
    expect([early, late].map(({ got }) => events(got[0] as Got))).toEqual([
      [97, 1, 97, 0],
      [97, 0],
    ]);
  });

  it('next waits for an event; events does not wait behind it; a cancelled one takes nothing', () => {
    const keyboard = new KeyboardMock();
    const [caller, gone] = [new Caller(keyboard), new Caller(keyboard)];
    caller.send({ operation: NEXT, replyBytes: 80 });
    caller.send({ operation: NEXT, replyBytes: 80 });
    caller.send({ operation: NEXT, replyBytes: 80 });
    gone.send({ operation: NEXT, replyBytes: 80 });
    caller.send({ operation: EVENTS, replyBytes: 80 });
    expect(caller.got.map(({ tag, bytes }) => [tag, bytes.length])).toEqual([[4, 0]]);
    caller.session.cancel(1);
    gone.session.close();
    keyboard.stroke(-43);
    expect(caller.got.slice(1).map((one) => [one.tag, events(one)])).toEqual([
      [2, [-43, 1]],
      [3, [-43, 0]],
    ]);
    expect(gone.got).toEqual([]);
  });

  it('goes by a script as time passes', () => {
    const keyboard = new KeyboardMock({
      script: [
        { code: 97, pressed: true, after: 5n },
        { code: 97, pressed: false },
        { code: -43, pressed: true, after: 10n },
      ],
    });
    const caller = new Caller(keyboard);
    caller.send({ operation: NEXT, replyBytes: 80 });
    caller.send({ operation: NEXT, replyBytes: 80 });
    caller.send({ operation: NEXT, replyBytes: 80 });
    keyboard.time.advance(4n);
    expect(caller.got.length).toBe(0);
    keyboard.time.advance(1n);
    expect(caller.got.map(events)).toEqual([
      [97, 1],
      [97, 0],
    ]);
    keyboard.time.advanceToNext();
    expect([keyboard.time.now(), events(caller.got[2] as Got)]).toEqual([15n, [-43, 1]]);
  });

  it('that is gone still tells what came before', () => {
    const keyboard = new KeyboardMock();
    const [caller, waiting] = [new Caller(keyboard), new Caller(keyboard)];
    keyboard.press(97);
    waiting.send({ operation: EVENTS, replyBytes: 8 });
    waiting.send({ operation: NEXT, replyBytes: 8 });
    keyboard.unplug();
    caller.send({ operation: NEXT, replyBytes: 8 });
    caller.send({ operation: NEXT, replyBytes: 8 });
    caller.send({ operation: EVENTS, replyBytes: 8 });
    expect([caller.statuses, waiting.statuses]).toEqual([
      [OK, DEVICE_FAILED, DEVICE_FAILED],
      [OK, DEVICE_FAILED],
    ]);
  });

  it('refuses what is no request, and codes that are none', () => {
    const keyboard = new KeyboardMock({ controls: controlSet([-43, -1]), characters: 128, history: 5 });
    const caller = new Caller(keyboard);
    caller.send({ operation: 0, bytes: 'x' });
    caller.send({ operation: SPECS, bytes: 'x' });
    for (const operation of [EVENTS, NEXT]) for (const replyBytes of [0, 4, 9]) caller.send({ operation, replyBytes });
    expect(caller.statuses).toEqual([NOT_SUPPORTED, ...Array(7).fill(BAD_REQUEST)]);
    caller.send({ operation: SPECS, replyBytes: 16 });
    expect(caller.got.at(-1)?.bytes).toEqual(Uint8Array.of(128, 0, 0, 0, 5, 0, 0, 0, 1, 0, 0, 0, 0, 4, 0, 0));
    for (const code of [0, -48, 0x110000, 1.5]) expect(() => keyboard.press(code)).toThrow(RangeError);
    for (const history of [0, 2 ** 20 + 1]) expect(() => new KeyboardMock({ history })).toThrow(RangeError);
  });

  it('space, tab and line ends have keys of their own', () => {
    expect([' ', '\t', '\n', '\r', 'a'].map((text) => keyOf(text.charCodeAt(0)))).toEqual([-14, -12, -11, -13, 97]);
  });
});
