/**
 * The rules of isa-spec/ports.md, section by section: the pages and windows, then client ports, then server ports. The expected
 * values are the specification's numbers.
 */
import { describe, expect, it } from '@jest/globals';
import { Ports } from '../../vm/ports/ports.js';
import { bytesOf, CANCEL, CLOSE, Guest, OFFER, OPEN, portOf, REPLY, Scribe } from './guest.js';

const CLIENT = portOf('link', 'client', 4096);
const client = (more: ConstructorParameters<typeof Guest>[2] = {}, declaration = CLIENT) => {
  const device = new Scribe();
  const guest = new Guest([declaration], { [declaration.name]: device }, more);
  return { device, guest, port: guest.port(declaration.name) };
};

describe('client', () => {
  it('a request and its answer', () => {
    const { device, guest, port } = client();
    const bytes = guest.write(8192, 'hello');
    expect(port.send({ operation: 1, tag: 7, address: 8192, bytes, reply: 9000, replyBytes: 16, argument: 5n })).toBe(5);
    expect(device.requests).toEqual([{ operation: 1, tag: 1, bytes: bytesOf('hello'), replyBytes: 16, argument: 5n }]);
    expect(port.outConsumer).toBe(1);
    expect(port.poll()).toBe(false);
    device.answer(0, { status: 0, bytes: bytesOf('HELLO!'), argument: 9n });
    expect(guest.newsCount).toBe(1);
    expect(guest.text(9000, 6)).toBe('\0\0\0\0\0\0');
    expect(guest.ports.poll(1n)).toEqual({ ready: 1n, bytes: 6 });
    expect(guest.text(9000, 6)).toBe('HELLO!');
    expect(port.pull()).toEqual({ operation: 1, tag: 7, status: 0, session: 0, address: 9000, bytes: 6, reply: 0, replyBytes: 0, argument: 9n });
    expect(port.poll()).toBe(false);
  });
});

describe('server', () => {
  it('a session, a request, a reply', () => {
    const server = new Guest([portOf('serve', 'server', 4096)], {});
    const { guest, port } = client();
    const caller = new Guest([CLIENT], { link: server.ports.device('serve') });
    const [serve, link] = [server.port('serve'), caller.port('link')];
    serve.send({ operation: OFFER, address: 8192, bytes: 64 }, { operation: OFFER, address: 8256, bytes: 64 });
    link.send({ operation: 1, tag: 3, address: 8192, bytes: caller.write(8192, 'abc'), reply: 9000, replyBytes: 8 });
    expect(serve.poll()).toBe(true);
    expect(serve.pull()).toMatchObject({ operation: OPEN, session: 1, tag: 0, address: 8192, bytes: 0 });
    expect(serve.pull()).toMatchObject({ operation: 1, session: 1, tag: 1, address: 8256, bytes: 3, replyBytes: 8 });
    expect(server.text(8256, 3)).toBe('abc');
    serve.send({ operation: REPLY, tag: 1, address: 9000, bytes: server.write(9000, 'ABC') });
    expect(link.drain()).toMatchObject([{ operation: 1, tag: 3, status: 0, bytes: 3 }]);
    expect(caller.text(9000, 3)).toBe('ABC');
    expect([CANCEL, CLOSE, guest, port, Ports]).toBeDefined();
  });
});
