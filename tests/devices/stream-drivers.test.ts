/**
 * Sockets and child processes: on streams in memory with every call failing in turn, and on the real system.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { assemble } from '../../assembler/index.js';
import { PuMock } from '../../devices/index.js';
import { ChildProcessDriver, SocketClientDriver, SocketServerDriver } from '../../devices/node/index.js';
import { LIBRARY } from '../../stdlib/index.js';
import { type Client, type Device, type DeviceRequest, Machine, verify } from '../../vm/index.js';
import { Caller } from './client.js';
import { MockStreamHost, settle } from './mock-streams.js';

const [OK, END, BAD_REQUEST, DEVICE_FAILED, NOT_SUPPORTED] = [0, 1, 4, 6, 8];

/** A device that answers in upper case, and refuses empty messages or keeps them. */
class Upper implements Device {
  readonly requests: DeviceRequest[] = [];
  readonly clients: Client[] = [];
  /** Tags of empty requests that are kept, with their clients. */
  readonly kept: { client: Client; tag: number }[] = [];
  closed = 0;

  constructor(readonly keeps = true) {}
  open(client: Client) {
    this.clients.push(client);
    return {
      send: (request: DeviceRequest) => {
        const { tag, bytes } = request;
        this.requests.push(request);
        const text = Buffer.from(bytes).toString('latin1');
        if (bytes.length === 0 && this.keeps) this.kept.push({ client, tag });
        else if (text === 'hold') return;
        else if (text === 'fail') client.complete({ tag, status: BAD_REQUEST });
        else if (text === 'bye') client.complete({ tag, status: END, bytes: Buffer.from('BYE') });
        else client.complete({ tag, status: OK, bytes: Buffer.from(text.toUpperCase(), 'latin1') });
      },
      cancel: () => {},
      close: () => {
        this.closed++;
      },
    };
  }
  /** Sends what nobody asked for. */
  push(text: string, status = OK): void {
    const { client, tag } = this.kept.shift() as { client: Client; tag: number };
    client.complete({ tag, status, bytes: Buffer.from(text) });
  }
}

describe('SocketClientDriver and ChildProcessDriver', () => {
  it('a session is a stream: reads and writes, in order, until the end', async () => {
    const host = new MockStreamHost();
    const caller = new Caller(new SocketClientDriver({ address: { port: 9 }, host }));
    expect(host.log[0]).toBe('connect');
    const [end] = host.ends;
    expect(await caller.ask({ bytes: 'one' })).toMatchObject({ status: OK, text: '' });
    const read = caller.send({ replyBytes: 3 });
    caller.send();
    caller.send({ operation: 2 });
    end?.send('abcde');
    expect(await caller.completion(read)).toMatchObject({ status: OK, text: 'abc' });
    expect([(await caller.ask({ replyBytes: 9 })).text, caller.statuses, end?.received()]).toEqual(['de', [OK, OK, NOT_SUPPORTED, OK, OK], 'one']);
    end?.end();
    expect([(await caller.ask({ replyBytes: 1 })).status, (await caller.ask({ replyBytes: 1 })).status]).toEqual([END, END]);
    expect((await caller.ask({ bytes: 'two' })).status).toBe(OK);
    caller.session.close();
    await settle();
    expect([end?.received(), end?.ended()]).toEqual(['onetwo', true]);
  });

  it('reads nothing before it is asked to, and bytes of a cancelled read go to the next', async () => {
    const host = new MockStreamHost();
    const caller = new Caller(new SocketClientDriver({ address: { path: '/x' }, host }));
    host.ends[0]?.send('early');
    await settle();
    expect(host.log.at(-1)).toBe('input.pause');
    const gone = caller.send({ replyBytes: 9 });
    caller.session.cancel(gone);
    expect((await caller.ask({ replyBytes: 9 })).text).toBe('early');
    expect(caller.got.map(({ tag }) => tag)).toEqual([2]);
  });

  it('a connection that breaks fails what waits and what follows', async () => {
    const host = new MockStreamHost();
    const caller = new Caller(new SocketClientDriver({ address: { port: 9 }, host }));
    const read = caller.send({ replyBytes: 1 });
    host.ends[0]?.break(new Error('reset'));
    expect((await caller.completion(read)).status).toBe(DEVICE_FAILED);
    expect([(await caller.ask({ replyBytes: 1 })).status, (await caller.ask({ bytes: 'x' })).status]).toEqual([DEVICE_FAILED, DEVICE_FAILED]);
    expect(host.ends[0]?.destroyed()).toBe(true);
  });

  it('every call of the system failing once, then from there on: a status for each request, and nothing uncaught', async () => {
    const run = async (kind: 'socket' | 'process', fails: MockStreamHost['fails']): Promise<MockStreamHost> => {
      const host = new MockStreamHost();
      host.fails = fails;
      const driver = kind === 'socket' ? new SocketClientDriver({ address: { port: 9 }, host }) : new ChildProcessDriver({ command: 'x', host });
      const caller = new Caller(driver);
      const tags = [caller.send({ bytes: 'one' }), caller.send({ replyBytes: 9 })];
      host.ends[0]?.send('in');
      host.ends[0]?.end();
      await settle();
      tags.push(caller.send({ replyBytes: 9 }), caller.send({ operation: 7 }));
      await settle();
      expect(caller.got.map(({ tag }) => tag).sort()).toEqual(tags);
      expect(caller.statuses.every((status) => [OK, END, DEVICE_FAILED, NOT_SUPPORTED].includes(status))).toBe(true);
      caller.session.close();
      await settle();
      return host;
    };
    for (const kind of ['socket', 'process'] as const) {
      const calls = (await run(kind, () => false)).log.length;
      expect(calls).toBeGreaterThan(4);
      for (let call = 1; call <= calls; call++) {
        await run(kind, (number) => number === call);
        await run(kind, (number) => number >= call);
      }
    }
  });

  it('a process of the system: its input, its output, its end', async () => {
    const driver = new ChildProcessDriver({
      command: process.execPath,
      values: ['-e', 'process.stdin.on("data", (d) => process.stdout.write(String(d).toUpperCase())).on("end", () => process.exit(3))'],
    });
    const caller = new Caller(driver);
    caller.send({ bytes: 'hello' });
    expect((await caller.ask({ replyBytes: 99 })).text).toBe('HELLO');
    expect(driver.endings).toEqual([]);
    caller.session.close();
    while (driver.endings.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(driver.endings).toEqual([3]);
  });

  it('a process that does not exist', async () => {
    const caller = new Caller(new ChildProcessDriver({ command: '/none/such' }));
    expect((await caller.ask({ replyBytes: 1 })).status).toBe(DEVICE_FAILED);
    expect((await caller.ask({ bytes: 'x' })).status).toBe(DEVICE_FAILED);
    caller.session.close();
  });
});

describe('SocketServerDriver', () => {
  const listen = (device: Device, more: { messageBytes?: number; connectionsMax?: number } = {}) => {
    const host = new MockStreamHost();
    const server = new SocketServerDriver({ address: { port: 0 }, device, host, ...more });
    const connect = () => {
      host.listener?.connection(host.pair());
      return host.ends.at(-1) as NonNullable<(typeof host.ends)[number]>;
    };
    return { host, server, connect };
  };

  it('a connection is a session: an empty request, then its bytes as messages, one at a time; answers go out', async () => {
    const device = new Upper();
    const { server, connect } = listen(device, { messageBytes: 4 });
    await server.started;
    const end = connect();
    end.send('abcdefghij');
    await settle();
    expect(device.requests.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['', 'abcd', 'efgh', 'ij']);
    expect([end.received(), server.connectionCount]).toEqual(['ABCDEFGHIJ', 1]);
    end.send('hold');
    await settle();
    end.send('next');
    await settle();
    expect([device.requests.length, end.received()]).toEqual([5, 'ABCDEFGHIJ']);
    device.clients[0]?.complete({ tag: 5, status: OK, bytes: Buffer.from('-') });
    await settle();
    expect(end.received()).toBe('ABCDEFGHIJ-NEXT');
    end.end();
    await settle();
    expect([device.closed, server.connectionCount, end.ended()]).toEqual([1, 0, true]);
  });

  it('a program sends what nobody asked for, and ends the connection', async () => {
    const device = new Upper();
    const { connect } = listen(device);
    const end = connect();
    device.push('tick');
    await settle();
    device.push('tock');
    await settle();
    expect([end.received(), device.kept.length]).toEqual(['ticktock', 1]);
    device.push('last', END);
    await settle();
    expect([end.received(), end.ended(), device.closed]).toEqual(['ticktocklast', true, 1]);
  });

  it('a program that keeps no empty request is asked once; one that says end to a message ends the connection behind the answer', async () => {
    const device = new Upper(false);
    const { connect } = listen(device);
    const end = connect();
    end.send('bye');
    await settle();
    expect([device.requests.length, end.received(), end.ended(), device.closed]).toEqual([2, 'BYE', true, 1]);
  });

  it('messages that fail, connections that break, and a program that starts anew end the connection', async () => {
    const device = new Upper();
    const { server, connect } = listen(device);
    const [failing, breaking, other] = [connect(), connect(), connect()];
    failing.send('fail');
    breaking.break(new Error('reset'));
    await settle();
    expect([failing.destroyed(), device.closed, server.connectionCount]).toEqual([true, 2, 1]);
    device.clients[2]?.reset();
    device.clients[2]?.complete({ tag: 1, status: OK });
    expect([other.destroyed(), device.closed, server.connectionCount]).toEqual([true, 3, 0]);
  });

  it('takes no more connections than it may, and none when it is closed', async () => {
    const device = new Upper();
    const { host, server, connect } = listen(device, { connectionsMax: 1 });
    const [first, second] = [connect(), connect()];
    expect([first.destroyed(), second.destroyed(), device.clients.length]).toEqual([false, true, 1]);
    server.close();
    server.close();
    expect([first.destroyed(), host.isListening, connect().destroyed()]).toEqual([true, false, true]);
  });

  it('every call of the system failing once, then from there on: the session closes, and nothing is uncaught', async () => {
    const run = async (fails: MockStreamHost['fails']): Promise<MockStreamHost> => {
      const device = new Upper();
      const host = new MockStreamHost();
      host.fails = fails;
      const server = new SocketServerDriver({ address: { port: 0 }, device, host });
      const started = await server.started.then(
        () => true,
        () => false,
      );
      expect([started, server.error === undefined]).toEqual([host.isListening, host.isListening]);
      if (!started) return host;
      host.listener?.connection(host.pair());
      host.ends[0]?.send('abc');
      await settle();
      device.kept.length > 0 && device.push('x');
      await settle();
      host.ends[0]?.end();
      await settle();
      expect([server.connectionCount, device.closed]).toEqual([0, device.clients.length]);
      server.close();
      return host;
    };
    const calls = (await run(() => false)).log.length;
    expect(calls).toBeGreaterThan(6);
    for (let call = 1; call <= calls; call++) {
      await run((number) => number === call);
      await run((number) => number >= call);
    }
  });

  it.each([{ messageBytes: 0 }, { replyBytes: -1 }, { connectionsMax: 0 }])('refuses %p', (more) =>
    expect(() => new SocketServerDriver({ address: { port: 0 }, device: new Upper(), ...more })).toThrow(RangeError),
  );
});

/** An example that runs whenever there is news for it. */
function machineOf(name: string, ports: Readonly<Record<string, Device>>): Machine {
  const file = `examples/${name}.pbs`;
  const { binary } = assemble(file, { read: (asked) => (asked === file ? readFileSync(file, 'utf8') : undefined), library: LIBRARY });
  const verified = verify(binary as Uint8Array);
  if ('rejection' in verified) throw new Error(JSON.stringify(verified.rejection));
  const machine = new Machine(verified.program, { ports });
  let isDue = false;
  const go = (): void => {
    isDue = false;
    machine.run();
  };
  machine.onNews = () => {
    if (!isDue) setImmediate(go);
    isDue = true;
  };
  machine.start();
  machine.run();
  return machine;
}

describe('on the real system', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sockets-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(['TCP', 'a Unix socket'])('both ends over %s', async (kind) => {
    const device = new Upper();
    const address = kind === 'TCP' ? { port: 0 } : { path: path.join(folder, 'upper') };
    const server = new SocketServerDriver({ address, device });
    await server.started;
    const caller = new Caller(new SocketClientDriver({ address: server.address as { port: number } }));
    await caller.ask({ bytes: 'hello' });
    expect((await caller.ask({ replyBytes: 99 })).text).toBe('HELLO');
    device.push('news');
    expect((await caller.ask({ replyBytes: 99 })).text).toBe('news');
    caller.session.close();
    while (server.connectionCount > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(device.closed).toBe(1);
    server.close();
    if (kind !== 'TCP') expect(existsSync(path.join(folder, 'upper'))).toBe(false);
  });

  it('a client that sends everything and half-closes gets all the answers', async () => {
    const server = new SocketServerDriver({ address: { port: 0 }, device: new Upper(), messageBytes: 1000 });
    await server.started;
    const text = 'abcdefgh'.repeat(20_000);
    const received = await new Promise<string>((resolve, reject) => {
      const socket = net.connect({ ...(server.address as { port: number }), allowHalfOpen: true });
      let all = '';
      socket.setEncoding('latin1');
      socket.on('data', (chunk) => {
        all += chunk;
      });
      socket.on('end', () => resolve(all));
      socket.on('error', reject);
      socket.end(text);
    });
    expect(received === text.toUpperCase()).toBe(true);
    server.close();
  });

  it('a program behind a socket', async () => {
    const server = machineOf('echo-upper', {});
    const listening = new SocketServerDriver({ address: { port: 0 }, device: server.port('client') });
    await listening.started;
    const caller = new Caller(new SocketClientDriver({ address: listening.address as { port: number } }));
    for (const text of ['hello', 'again']) {
      caller.send({ bytes: text });
      expect((await caller.ask({ replyBytes: 99 })).text).toBe(text.toUpperCase());
    }
    caller.session.close();
    while (listening.connectionCount > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    listening.close();
  });

  it('nobody listens there, and a place that is taken', async () => {
    const device = new PuMock({ sessions: [] });
    const server = new SocketServerDriver({ address: { port: 0 }, device });
    await server.started;
    const second = new SocketServerDriver({ address: server.address as { port: number }, device });
    await expect(second.started).rejects.toMatchObject({ code: 'EADDRINUSE' });
    second.close();
    const address = server.address as { port: number };
    server.close();
    const caller = new Caller(new SocketClientDriver({ address }));
    expect((await caller.ask({ replyBytes: 1 })).status).toBe(DEVICE_FAILED);
    expect((await caller.ask({ bytes: 'x' })).status).toBe(DEVICE_FAILED);
  });
});
