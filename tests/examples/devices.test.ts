/**
 * The examples of screen, keyboard, audio and controller, on mocks that share one time.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { assemble } from '../../assembler/index.js';
import { AudioMock, ClockMock, KeyboardMock, PucMock, ScreenMock, TerminalMock, VirtualTime, withFaults } from '../../devices/index.js';
import { LIBRARY } from '../../stdlib/index.js';
import { type Device, Machine, type Outcome, verify } from '../../vm/index.js';

/** Runs an example to its end; whenever it waits, time passes until something happens. */
function run(name: string, ports: Readonly<Record<string, Device>>, time: VirtualTime): Outcome {
  const file = `${name}.pbs`;
  const read = (asked: string): string | undefined => (asked === file ? readFileSync(`examples/${file}`, 'utf8') : undefined);
  const { binary, diagnostics } = assemble(file, { read, library: LIBRARY });
  if (binary === undefined) throw new Error(JSON.stringify(diagnostics));
  const verified = verify(binary);
  if ('rejection' in verified) throw new Error(JSON.stringify(verified.rejection));
  const machine = new Machine(verified.program, { ports });
  machine.start();
  for (;;) {
    const outcome = machine.run();
    if (outcome.kind !== 'waiting' || !time.advanceToNext()) return outcome;
  }
}

const returned = (value: number): Outcome => ({ kind: 'returned', values: [value] });
const SECOND = 1_000_000_000n;

describe('pixels', () => {
  it('draws one image a frame for three seconds', () => {
    const time = new VirtualTime();
    const screen1 = new ScreenMock({ width: 4, height: 3, framesPerSecond: 10, time });
    const watch = new ClockMock({ time: 1_795_540_954n * SECOND, source: time });
    expect(run('pixels', { screen1, watch }, time)).toEqual(returned(0));
    expect([screen1.shown.length, time.now(), screen1.shown.map(({ frame }) => Number(frame))]).toEqual([
      30,
      3n * SECOND,
      Array.from({ length: 30 }, (_, index) => index + 1),
    ]);
    for (const { frame, pixels } of screen1.shown) {
      const drawn = Number(frame) - 1;
      expect([...pixels]).toEqual(
        Array.from({ length: 12 }, (_, index) => {
          const [x, y] = [index % 4, Math.floor(index / 4)];
          return (x + drawn) * 65536 + (y + drawn) * 256 + (x ^ y);
        }),
      );
    }
  });

  it('ends with the status of what failed, and refuses a screen that is too large for its memory', () => {
    const time = new VirtualTime();
    const watch = new ClockMock({ source: time });
    const screen = new ScreenMock({ width: 2, height: 2, time });
    for (const operation of [1, 2, 3]) {
      expect(run('pixels', { screen1: withFaults(screen, [{ operation, fault: { kind: 'failed' } }]), watch }, time)).toEqual(returned(6));
    }
    expect(run('pixels', { screen1: new ScreenMock({ width: 2048, height: 1025, time }), watch }, time)).toEqual(returned(5));
  });
});

describe('escape', () => {
  it('ends when the escape key is pressed, and not before', () => {
    const time = new VirtualTime();
    const keyboard1 = new KeyboardMock({
      time,
      script: [
        { code: 97, pressed: true, after: SECOND },
        { code: 97, pressed: false },
        { code: -43, pressed: false, after: SECOND },
        { code: -42, pressed: true },
        { code: -43, pressed: true, after: 3n * SECOND },
        { code: -43, pressed: false, after: SECOND },
      ],
    });
    expect([run('escape', { keyboard1 }, time), time.now()]).toEqual([returned(0), 5n * SECOND]);
  });

  it('ends with the status of a keyboard that is gone', () => {
    const keyboard1 = new KeyboardMock();
    keyboard1.unplug();
    expect(run('escape', { keyboard1 }, keyboard1.time)).toEqual(returned(6));
  });
});

describe('tone', () => {
  it.each([48000, 8000])('plays two seconds of a pure C without a gap at %i samples a second', (rate) => {
    const audio1 = new AudioMock({ rate });
    expect(run('tone', { audio1 }, audio1.time)).toEqual(returned(0));
    const { samples } = audio1;
    expect(samples.length).toBe(2 * rate);
    const middleC = 440 * 2 ** (-9 / 12);
    let furthest = 0;
    for (const [index, sample] of samples.entries()) {
      furthest = Math.max(furthest, Math.abs(sample - 0.5 * Math.sin((2 * Math.PI * middleC * index) / rate)));
    }
    expect(furthest).toBeLessThan(1e-6);
    // A gap anywhere would make it last longer.
    expect(audio1.time.now()).toBe(2n * SECOND);
  });

  it('queues no more than it needs', () => {
    const audio1 = new AudioMock({ rate: 8000, minimum: 800, capacity: 8000 });
    run('tone', { audio1 }, audio1.time);
    let [written, most] = [0, 0];
    for (const { time, samples } of audio1.writes) {
      written += samples.length;
      most = Math.max(most, written - Number((time * 8000n) / SECOND));
    }
    // Never more than one and a half times the minimum, and what it writes at once.
    expect([written, most]).toEqual([16000, 1200 + 1024]);
  });
});

describe('two-programs', () => {
  it('runs both at once and ends with the later one', () => {
    const controller = new PucMock({ count: 2, programs: [[{ runs: 3n * SECOND }], [{ runs: 5n * SECOND, trap: 1 }]] });
    expect([run('two-programs', { controller }, controller.time), controller.time.now()]).toEqual([returned(0), 5n * SECOND]);
    expect(controller.commands).toEqual(['set 0 0', 'start 0', 'set 1 1', 'start 1']);
  });

  it('ends with a status where there is only one unit', () => {
    const controller = new PucMock({ count: 1, programs: [[], []] });
    expect(run('two-programs', { controller }, controller.time)).toEqual(returned(7));
  });
});

describe('restart', () => {
  it('starts again after each exception, and ends when the program returns', () => {
    const controller = new PucMock({ programs: [[{ runs: SECOND, trap: 2 }, { runs: SECOND, trap: 17 }, { runs: SECOND }]] });
    const terminal = new TerminalMock();
    expect([run('restart', { controller, terminal }, controller.time), controller.time.now()]).toEqual([returned(0), 3n * SECOND]);
    expect([terminal.text, controller.begun(0)]).toEqual(['trap 2: started again\ntrap 17: started again\n', 3]);
  });
});

describe('time-sharing', () => {
  it('gives two programs turns of five seconds on one unit, and each goes on where it was', () => {
    const controller = new PucMock({ programs: [[{ runs: 7n * SECOND }], [{ runs: 12n * SECOND }]] });
    const { time } = controller;
    const watch = new ClockMock({ source: time });
    expect([run('time-sharing', { controller, watch }, time), time.now()]).toEqual([returned(0), 25n * SECOND]);
    const turn = (program: number): string[] => [`set 0 ${program}`, 'start 0', 'stop 0'];
    expect(controller.commands).toEqual([...turn(0), ...turn(1), 'set 0 0', 'start 0', ...turn(1), 'start 0']);
    expect([controller.begun(0), controller.begun(1)]).toEqual([1, 1]);
  });
});
