/**
 * Every operation of every device in all its forms: a client of the library against the mock, and against a program of the library that plays the
 * device. What must come is written down by hand from isa-spec/devices, once for both.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { AudioMock, ClockMock, DiskMock, KeyboardMock, PucMock, PuMock, ScreenMock } from '../../devices/index.js';
import type { Protocol } from '../../isa-spec/index.js';
import { Guest } from './library.js';
import { Bench, routinesText } from './players.js';

const [OK, BAD_REQUEST, TOO_LARGE, NO_SPACE, NOT_SUPPORTED] = [0, 4, 5, 7, 8];
const [EMPTY, STOPPED, COMPUTING, TRAPPED] = [0, 1, 2, 5];

/** The same for the mock and for the program that plays the device. */
function onBoth(library: Protocol, name: string, mock: () => Bench, check: (bench: Bench) => void): void {
  it(`${name}: the mock`, () => check(mock()));
  it(`${name}: a program that plays it`, () => check(Bench.withPlayer(library)));
}

/** Checks that looking does not sleep: nothing to receive, everything sent; then there is something. */
function looks(bench: Bench, send: () => readonly unknown[]): void {
  expect([bench.call('port_ready'), bench.call('port_sent')]).toEqual([[0], [1]]);
  expect(send()).toEqual([1]);
  expect(bench.call('port_sent')).toEqual([1]);
  bench.goOn();
  expect(bench.call('port_ready')).toEqual([1]);
}

/** Operations that no device has, and payloads where there must be none. */
function refusals(bench: Bench, withoutPayload: readonly number[]): void {
  for (const operation of [0, 99]) expect(bench.call('port_ask', operation, 0, 0, 0, 0, 0n)).toEqual([NOT_SUPPORTED, 0, 0n]);
  for (const operation of withoutPayload) expect(bench.call('port_ask', operation, bench.area, 1, bench.area, 64, 0n)).toEqual([BAD_REQUEST, 0, 0n]);
  expect(bench.call('port_ask', 1, 0, 0, bench.area, 7, 0n)).toEqual([TOO_LARGE, 0, 0n]);
}

describe('pu', () => {
  const mock = (): Bench =>
    new Bench('pu', new PuMock({ sessions: [[{ expect: 'ping', answer: 'PING' }, { expect: '' }, { expect: 'a1!', answer: 'A1!' }]] }), () => false);
  onBoth('pu', 'ask, send, receive', mock, (bench) => {
    bench.write('ping');
    expect(bench.call('ask', bench.area, 4, bench.area + 64, 64)).toEqual([4, OK]);
    expect(bench.text(68).slice(64)).toBe('PING');
    expect(bench.call('ask', 0, 0, 0, 0)).toEqual([0, OK]);
    bench.write('a1!');
    looks(bench, () => bench.call('send', 7, bench.area, 3, bench.area + 128, 8));
    expect(bench.call('receive')).toEqual([7, bench.area + 128, 3, OK]);
    expect(bench.text(131).slice(128)).toBe('A1!');
    expect(bench.call('ask', bench.area, 65, 0, 0)).toEqual([0, TOO_LARGE]);
    expect(bench.call('send', 8, bench.area, 65, 0, 0)).toEqual([0]);
    expect(bench.call('port_ask', 2, 0, 0, 0, 0, 0n)).toEqual([NOT_SUPPORTED, 0, 0n]);
  });
});

describe('clock', () => {
  const mock = (): Bench => {
    const clock = new ClockMock({ time: 12_345_678_901n });
    return new Bench('clock', clock, () => clock.advanceToNext());
  };
  onBoth('clock', 'specs, time, sleep', mock, (bench) => {
    expect(bench.call('specs')).toEqual([-9, 15, OK]);
    expect([0, -3, -9].map((n) => bench.call('time', n))).toEqual([
      [12n, OK],
      [12_345n, OK],
      [12_345_678_901n, OK],
    ]);
    expect(bench.call('sleep', 0n)).toEqual([OK]);
    expect(bench.call('sleep', 5n)).toEqual([OK]);
    expect([16, -10].map((n) => bench.call('time', n))).toEqual([
      [0n, BAD_REQUEST],
      [0n, BAD_REQUEST],
    ]);
    refusals(bench, [1, 2, 3]);
  });
  onBoth('clock', 'the same sent and received', mock, (bench) => {
    looks(bench, () => bench.call('send_specs', 1, bench.area));
    expect(bench.call('receive_specs')).toEqual([1, -9, 15, OK]);
    expect(bench.call('send_time', 2, -3)).toEqual([1]);
    expect(bench.call('receive_time')).toEqual([2, 12_345n, OK]);
    looks(bench, () => bench.call('send_sleep', 3, 5n));
    expect(bench.call('port_receive')).toEqual([3, OK, 0, 0n]);
    expect(bench.call('send_time', 4, 16)).toEqual([1]);
    expect(bench.call('receive_time')).toEqual([4, 0n, BAD_REQUEST]);
  });
});

describe('disk', () => {
  const mock = (): Bench => new Bench('disk', new DiskMock({ entries: 3, entryBytes: 4, contents: Buffer.from('AAAABBBBCCCC') }), () => false);
  onBoth('disk', 'specs, read, write, flush', mock, (bench) => {
    const { area } = bench;
    expect(bench.call('specs')).toEqual([3, 4, OK]);
    expect(bench.call('read', 1, area, 8)).toEqual([OK]);
    expect(bench.text(8)).toBe('BBBBCCCC');
    bench.write('zzzzyyyy');
    expect(bench.call('write', 0, area, 8)).toEqual([OK]);
    expect(bench.call('flush')).toEqual([OK]);
    bench.write('xxxx');
    expect(bench.call('write_through', 2, area, 4)).toEqual([OK]);
    expect(bench.call('read', 0, area, 12)).toEqual([OK]);
    expect(bench.text(12)).toBe('zzzzyyyyxxxx');
    for (const name of ['read', 'write', 'write_through']) {
      expect(bench.call(name, 3, area, 4)).toEqual([NO_SPACE]);
      expect(bench.call(name, 2, area, 8)).toEqual([NO_SPACE]);
      expect(bench.call(name, -1, area, 4)).toEqual([NO_SPACE]);
      expect(bench.call(name, 0, area, 5)).toEqual([BAD_REQUEST]);
      expect(bench.call(name, 0, area, 0)).toEqual([BAD_REQUEST]);
    }
    expect(bench.call('port_ask', 2, 0, 0, area, 4, 2n ** 32n)).toEqual([NO_SPACE, 0, 0n]);
    expect(bench.call('write', 0, area, 68)).toEqual([TOO_LARGE]);
    refusals(bench, [1, 2, 4]);
  });
  onBoth('disk', 'the same sent and received', mock, (bench) => {
    const { area } = bench;
    looks(bench, () => bench.call('send_specs', 1, area));
    expect(bench.call('receive_specs')).toEqual([1, 3, 4, OK]);
    bench.write('wwww');
    expect(bench.call('send_write', 2, 1, area, 4)).toEqual([1]);
    bench.write('....');
    expect(bench.call('port_receive')).toEqual([2, OK, 0, 0n]);
    expect(bench.call('send_flush', 3)).toEqual([1]);
    expect(bench.call('port_receive')).toEqual([3, OK, 0, 0n]);
    looks(bench, () => bench.call('send_read', 4, 0, area, 8));
    expect(bench.call('port_receive')).toEqual([4, OK, 8, 0n]);
    expect(bench.text(8)).toBe('AAAAwwww');
  });
  it('a player sees what is flushed, and when', () => {
    const bench = Bench.withPlayer('disk');
    const flushed = (): string => bench.player.text(bench.player.address('flushed'), 4);
    bench.write('1234');
    bench.call('write', 0, bench.area, 4);
    expect(flushed()).toBe('\0\0\0\0');
    bench.call('flush');
    expect(flushed()).toBe('1234');
  });
});

describe('screen', () => {
  const image = (...pixels: number[]): string => Buffer.from(Uint32Array.from(pixels).buffer).toString('latin1');
  const mock = (): Bench & { screen: ScreenMock } => {
    const screen = new ScreenMock({ width: 2, height: 2, density: 4000 });
    return Object.assign(new Bench('screen', screen, () => screen.time.advanceToNext()), { screen });
  };
  onBoth('screen', 'specs, display, synchronize', mock, (bench) => {
    const { area } = bench;
    expect(bench.call('specs')).toEqual([2, 2, 4000, OK]);
    bench.write(image(0xff0000, 0x00ff00, 0x0000ff, 0xffffff));
    expect(bench.call('display', area, 16)).toEqual([OK]);
    expect(bench.call('synchronize')).toEqual([1n, OK]);
    expect(bench.call('synchronize')).toEqual([2n, OK]);
    expect([0, 12, 20].map((bytes) => bench.call('display', area, bytes))).toEqual([[BAD_REQUEST], [BAD_REQUEST], [BAD_REQUEST]]);
    expect(bench.call('display', area, 68)).toEqual([TOO_LARGE]);
    refusals(bench, [1, 3]);
    expect(bench.call('port_ask', 1, 0, 0, area, 15, 0n)).toEqual([TOO_LARGE, 0, 0n]);
  });
  onBoth('screen', 'the same sent and received', mock, (bench) => {
    const { area } = bench;
    looks(bench, () => bench.call('send_specs', 1, area));
    expect(bench.call('receive_specs')).toEqual([1, 2, 2, 4000, OK]);
    expect(bench.call('send_display', 2, area, 16)).toEqual([1]);
    expect(bench.call('port_receive')).toEqual([2, OK, 0, 0n]);
    looks(bench, () => bench.call('send_synchronize', 3));
    expect(bench.call('receive_synchronize')).toEqual([3, 1n, OK]);
  });
  it('both get the pixels', () => {
    const [onMock, onPlayer] = [mock(), Bench.withPlayer('screen')];
    for (const bench of [onMock, onPlayer]) {
      bench.write(image(0x112233, 2, 3, 0x44556677));
      bench.call('display', bench.area, 16);
      bench.call('synchronize');
    }
    expect([...onMock.screen.pixels]).toEqual([0x112233, 2, 3, 0x556677]);
    expect(onPlayer.player.text(onPlayer.player.address('area'), 16)).toBe(image(0x112233, 2, 3, 0x44556677));
  });
});

describe('keyboard', () => {
  const mock = (): Bench => {
    const keyboard = new KeyboardMock({ history: 3 });
    const bench = new Bench('keyboard', keyboard, () => false);
    keyboard.stroke(97);
    keyboard.press(0x1f600);
    keyboard.press(-43);
    return bench;
  };
  const events = (bench: Bench, count: number): number[] => [...new Int32Array(bench.guest.read(bench.area, 8 * count).buffer)];
  onBoth('keyboard', 'specs, events, next', mock, (bench) => {
    const { area } = bench;
    expect(bench.call('specs')).toEqual([1_112_064, 2n ** 47n - 1n, 3, OK]);
    expect(bench.call('events', area, 16)).toEqual([2, 1n, OK]);
    expect(events(bench, 2)).toEqual([97, 0, 0x1f600, 1]);
    expect(bench.call('next', area, 64)).toEqual([1, 0n, OK]);
    expect(events(bench, 1)).toEqual([-43, 1]);
    expect(bench.call('events', area, 64)).toEqual([0, 0n, OK]);
    expect(['events', 'next'].flatMap((name) => [0, 7, 12].map((bytes) => bench.call(name, area, bytes)[2]))).toEqual(Array(6).fill(BAD_REQUEST));
    refusals(bench, [1, 2, 3]);
  });
  onBoth('keyboard', 'the same sent and received', mock, (bench) => {
    const { area } = bench;
    looks(bench, () => bench.call('send_specs', 1, area));
    expect(bench.call('receive_specs')).toEqual([1, 1_112_064, 2n ** 47n - 1n, 3, OK]);
    looks(bench, () => bench.call('send_next', 2, area, 8));
    expect(bench.call('receive_events')).toEqual([2, 1, 1n, OK]);
    expect(events(bench, 1)).toEqual([97, 0]);
    looks(bench, () => bench.call('send_events', 3, area, 64));
    expect(bench.call('receive_events')).toEqual([3, 2, 0n, OK]);
    expect(events(bench, 2)).toEqual([0x1f600, 1, -43, 1]);
  });
});

describe('audio', () => {
  const mock = (): Bench & { audio: AudioMock } => {
    const audio = new AudioMock({ rate: 8, minimum: 4 });
    return Object.assign(new Bench('audio', audio, () => audio.time.advanceToNext()), { audio });
  };
  const wave = [0.5, -0.5, 1, -1, 0.25];
  const samples = Buffer.from(Float32Array.from(wave).buffer).toString('latin1');
  onBoth('audio', 'specs, delay, write, drain', mock, (bench) => {
    const { area } = bench;
    expect(bench.call('specs')).toEqual([8, 4, OK]);
    bench.write(samples);
    expect([bench.call('write', area, 5), bench.call('delay')]).toEqual([
      [5, OK],
      [5n, OK],
    ]);
    expect([bench.call('write', area, 5), bench.call('delay')]).toEqual([
      [3, OK],
      [8n, OK],
    ]);
    expect(bench.call('write', area, 1)).toEqual([0, OK]);
    expect([bench.call('drain', 8), bench.call('delay')]).toEqual([[OK], [8n, OK]]);
    expect([bench.call('drain', 2), bench.call('delay')]).toEqual([[OK], [2n, OK]]);
    expect([bench.call('drain', 0), bench.call('delay')]).toEqual([[OK], [0n, OK]]);
    expect([bench.call('write', area, 0), bench.call('write', area, 17)]).toEqual([
      [0, BAD_REQUEST],
      [0, TOO_LARGE],
    ]);
    expect(bench.call('port_ask', 3, area, 6, 0, 0, 0n)).toEqual([BAD_REQUEST, 0, 0n]);
    refusals(bench, [1, 2, 4]);
  });
  onBoth('audio', 'the same sent and received', mock, (bench) => {
    const { area } = bench;
    looks(bench, () => bench.call('send_specs', 1, area));
    expect(bench.call('receive_specs')).toEqual([1, 8, 4, OK]);
    expect(bench.call('send_write', 2, area, 10)).toEqual([1]);
    expect(bench.call('receive_write')).toEqual([2, 8, OK]);
    looks(bench, () => bench.call('send_drain', 3, 7));
    expect(bench.call('port_receive')).toEqual([3, OK, 0, 0n]);
    expect(bench.call('send_delay', 4)).toEqual([1]);
    expect(bench.call('receive_delay')).toEqual([4, 7n, OK]);
  });
  onBoth('audio', 'play writes all of it', mock, (bench) => {
    expect(bench.call('play', bench.area, 40, 4)).toEqual([OK]);
    expect(bench.call('drain', 0)).toEqual([OK]);
  });
  it('both get the samples', () => {
    const [onMock, onPlayer] = [mock(), Bench.withPlayer('audio')];
    for (const bench of [onMock, onPlayer]) {
      bench.write(samples);
      bench.call('write', bench.area, 5);
    }
    expect([...onMock.audio.samples]).toEqual(wave);
    expect(onPlayer.player.text(onPlayer.player.address('area'), 20)).toBe(samples);
    onMock.call('drain', 0);
    onMock.call('play', onMock.area, 40, 4);
    expect(onMock.audio.samples.length).toBe(45);
  });
});

describe('puc', () => {
  const mock = (): Bench => {
    const controller = new PucMock({ count: 2, programs: [[{ runs: 10n, trap: 2 }], []] });
    return new Bench('puc', controller, () => controller.time.advanceToNext());
  };
  onBoth('puc', 'specs, set, start, stop, exception, state, ended, reset', mock, (bench) => {
    expect(bench.call('specs')).toEqual([2, 2, OK]);
    expect(bench.call('state', 0)).toEqual([EMPTY, 0, OK]);
    expect([bench.call('start', 0), bench.call('reset', 0), bench.call('stop', 0)]).toEqual([[NO_SPACE], [NO_SPACE], [OK]]);
    expect([bench.call('set', 0, 0), bench.call('state', 0)]).toEqual([[OK], [STOPPED, 0, OK]]);
    expect([bench.call('start', 0), bench.call('state', 0), bench.call('exception', 0)]).toEqual([[OK], [COMPUTING, 0, OK], [0, OK]]);
    expect([bench.call('ended', 0), bench.call('exception', 0)]).toEqual([
      [TRAPPED, 2, OK],
      [2, OK],
    ]);
    expect([bench.call('start', 0), bench.call('exception', 0), bench.call('stop', 0)]).toEqual([[OK], [0, OK], [OK]]);
    expect([bench.call('set', 1, 0), bench.call('set', 1, 2), bench.call('set', 2, 0), bench.call('set', 1, 1)]).toEqual([
      [BAD_REQUEST],
      [NO_SPACE],
      [NO_SPACE],
      [OK],
    ]);
    expect([bench.call('start', 1), bench.call('stop', 1), bench.call('state', 1), bench.call('reset', 1)]).toEqual([[OK], [OK], [STOPPED, 0, OK], [OK]]);
    expect([bench.call('set', 1, 0xffffffff), bench.call('state', 1)]).toEqual([[OK], [EMPTY, 0, OK]]);
    for (const name of ['start', 'stop', 'reset']) expect(bench.call(name, 2)).toEqual([NO_SPACE]);
    for (const name of ['state', 'ended']) expect(bench.call(name, -1)).toEqual([0, 0, NO_SPACE]);
    expect(bench.call('port_ask', 2, 0, 0, 0, 0, 2n ** 32n)).toEqual([NO_SPACE, 0, 0n]);
    refusals(bench, [1, 2, 3, 4, 5, 6, 7, 8]);
  });
  onBoth('puc', 'the same sent and received', mock, (bench) => {
    const sent = (name: string, ...values: number[]): void => {
      expect(bench.call(name, ...values)).toEqual([1]);
    };
    const done = (tag: number): void => {
      expect(bench.call('port_receive')).toEqual([tag, OK, 0, 0n]);
    };
    looks(bench, () => bench.call('send_specs', 1, bench.area));
    expect(bench.call('receive_specs')).toEqual([1, 2, 2, OK]);
    sent('send_set', 2, 0, 0);
    done(2);
    sent('send_start', 3, 0);
    done(3);
    sent('send_state', 4, 0);
    expect(bench.call('receive_state')).toEqual([4, COMPUTING, 0, OK]);
    looks(bench, () => bench.call('send_ended', 5, 0));
    expect(bench.call('receive_state')).toEqual([5, TRAPPED, 2, OK]);
    sent('send_exception', 6, 0);
    expect(bench.call('receive_exception')).toEqual([6, 2, OK]);
    sent('send_stop', 7, 0);
    done(7);
    sent('send_reset', 8, 0);
    done(8);
  });
});

describe('a server', () => {
  it('looks without sleeping, as a client does', () => {
    const server = new Guest(routinesText('clock', 'server'));
    const area = server.address('area');
    const bench = new Bench('clock', server.machine.port('device'), () => false);
    expect([server.call('port_ready'), server.call('port_sent'), server.call('port_room')]).toEqual([[0], [1], [4]]);
    expect([server.call('port_offer', area, 8), server.call('port_offer', area + 8, 8), server.call('port_sent')]).toEqual([[1], [1], [1]]);
    bench.call('send_time', 1, -3);
    expect(server.call('port_ready')).toEqual([1]);
    const [operation, tag, exponent] = server.call('take', 8) as [number, number, bigint];
    expect([operation, exponent, server.call('port_ready')]).toEqual([2, -3n, [0]]);
    server.call('reply_time', tag, 77n);
    expect([server.call('port_sent'), bench.call('receive_time')]).toEqual([[1], [1, 77n, OK]]);
  });
});

describe("the program in the library's README", () => {
  it('plays a clock that stands still', () => {
    const [, text] = /```pbs\n([\s\S]*?)```/.exec(readFileSync('stdlib/README.md', 'utf8')) as unknown as [string, string];
    const playing = new Guest(text);
    const bench = new Bench('clock', playing.machine.port('client'), () => playing.machine.run().kind === 'waiting');
    playing.machine.start();
    expect([bench.call('time', 0), bench.call('sleep', 5n), bench.call('specs'), bench.call('time', 16)]).toEqual([
      [43200n, OK],
      [OK],
      [0, 15, OK],
      [0n, BAD_REQUEST],
    ]);
  });
});
