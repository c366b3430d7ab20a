/**
 * A device that is slow or hangs: only the program that waits for it waits, a cancel frees it, and an answer that comes too late is dropped.
 */
import { describe, expect, it } from '@jest/globals';
import { AudioMock, ClockMock, DiskMock, KeyboardMock, PucMock, PuMock, ScreenMock, VirtualTime, withFaults } from '../../devices/index.js';
import { type Protocol, PROTOCOLS } from '../../isa-spec/index.js';
import type { Device } from '../../vm/index.js';
import { Guest } from '../stdlib/library.js';
import { routinesText } from '../stdlib/players.js';

const [OK, CANCELLED] = [0, 2];

const devices: Readonly<Record<Protocol, () => Device>> = {
  disk: () => new DiskMock({ entries: 1 }),
  screen: () => new ScreenMock({ width: 1, height: 1 }),
  keyboard: () => new KeyboardMock(),
  clock: () => new ClockMock(),
  audio: () => new AudioMock(),
  pu: () => new PuMock({ sessions: [[{}, {}]] }),
  puc: () => new PucMock({ programs: [] }),
};

/** Sends the operation that every device has with number 1: specs, or a message. */
const send = (guest: Guest, tag: number): readonly unknown[] => guest.call('port_send', 1, tag, 0, 0, guest.address('area'), 64, 0n);

describe.each(PROTOCOLS)('%s', (protocol) => {
  it('that hangs: a cancel frees its client', () => {
    const guest = new Guest(routinesText(protocol, 'client'), {
      ports: { device: withFaults(devices[protocol](), [{ fault: { kind: 'unanswered' }, at: 1 }]) },
    });
    expect([send(guest, 7), guest.call('port_ready')]).toEqual([[1], [0]]);
    guest.call('port_cancel', 7);
    expect(guest.call('port_receive')).toEqual([7, CANCELLED, 0, 0n]);
    expect(send(guest, 7)).toEqual([1]);
    expect(guest.call('port_receive').slice(0, 2)).toEqual([7, OK]);
  });

  it.each([10n, 1000n, 10n ** 12n])('that is %d ns slow answers then, and not to a later request of the same tag', (nanoseconds) => {
    const time = new VirtualTime();
    const slow = withFaults(devices[protocol](), [{ fault: { kind: 'slow', nanoseconds } }], { time });
    const guest = new Guest(routinesText(protocol, 'client'), { ports: { device: slow } });
    expect(send(guest, 7)).toEqual([1]);
    time.advance(nanoseconds - 1n);
    expect(guest.call('port_ready')).toEqual([0]);
    guest.call('port_cancel', 7);
    expect(guest.call('port_receive')).toEqual([7, CANCELLED, 0, 0n]);
    expect(send(guest, 7)).toEqual([1]);
    time.advance(1n);
    expect(guest.call('port_ready')).toEqual([0]);
    time.advance(nanoseconds - 1n);
    expect(guest.call('port_receive').slice(0, 2)).toEqual([7, OK]);
  });
});
