/**
 * Port traffic for generated programs: what a careful driver writes into rings, and what a careless one does.
 *
 * Everything goes through the windows, which are plain memory, and the three port instructions. Ring indexes are read back from memory, so
 * that the same code may stand in a loop. Nothing here knows what a device answers.
 */
import { ENTRY, ENTRY_BYTES, OPERATION, OPERATIONS, WINDOW, type PortDeclaration } from '../../isa-spec/index.js';
import type { BodyWriter } from './generate.js';

/** Emits one act on one of the ports: send, consume, poll, wait, look, or break a rule. */
export function emitPortTraffic(writer: BodyWriter, ports: readonly PortDeclaration[]): void {
  const { random } = writer;
  const number = random.below(ports.length);
  const port = ports[number] as PortDeclaration;
  const registers = writer.distinct('i32', 3);
  if (registers === undefined) return;
  const [first, second, third] = registers as [number, number, number];
  random.weighted<() => void>([
    [5, () => send(writer, port, number, first, second, third)],
    [3, () => consume(writer, port, first, second, third)],
    [3, () => listen(writer, ports.length, 'poll')],
    [1.5, () => listen(writer, ports.length, 'wait')],
    [
      1,
      () =>
        writer.emit('load_i32_absolute', first, port.window + random.pick([WINDOW.epoch, WINDOW.fault, WINDOW.credit, WINDOW.inProducer, WINDOW.outConsumer])),
    ],
    [writer.hostility * 5, () => writer.emit('store_i32_absolute', port.window + 4 * random.below(16 + 20 * port.depth), first)],
    [writer.hostility * 2, () => writer.emit('bell', first)],
  ])();
}

/** Writes the next outgoing entry, raises the producer and rings. */
function send(writer: BodyWriter, port: PortDeclaration, number: number, producer: number, slot: number, value: number): void {
  const { random, hostility } = writer;
  const put = (offset: number, field: number): void => {
    writer.constant(value, field | 0);
    writer.emit('store_i32', slot, port.window + WINDOW.rings + offset, value);
  };
  const buffer = (): number => (random.chance(hostility) ? writer.address(16) : 16384 + 16 * random.below(64));
  const length = random.chance(hostility)
    ? random.pick([-1, port.messageBytes + 1, 0x7fffffff])
    : Math.min(port.messageBytes, random.pick([0, 1, 5, 16, 64, 65, 256]));
  const operation = random.chance(hostility)
    ? random.pick([OPERATION.OFFER, OPERATION.REPLY, OPERATION.CANCEL, 0, -1])
    : port.side === 'client'
      ? random.pick([OPERATIONS.pu.message, OPERATIONS.pu.message, OPERATIONS.pu.message, 2, OPERATION.CANCEL])
      : random.pick([OPERATION.OFFER, OPERATION.OFFER, OPERATION.REPLY]);
  const ringOfIncoming = port.window + WINDOW.rings + ENTRY_BYTES * port.depth;

  writer.emit('load_i32_absolute', producer, port.window + WINDOW.outProducer);
  writer.emit('and_i32_imm', slot, producer, port.depth - 1);
  writer.emit('mul_i32_imm', slot, slot, ENTRY_BYTES);
  put(ENTRY.operation, operation);
  // A client numbers its requests; a server answers the tag of an entry that came in.
  if (port.side === 'client') writer.emit('store_i32', slot, port.window + WINDOW.rings + ENTRY.tag, producer);
  else {
    writer.emit('load_i32_absolute', value, ringOfIncoming + ENTRY_BYTES * random.below(port.depth) + ENTRY.tag);
    writer.emit('store_i32', slot, port.window + WINDOW.rings + ENTRY.tag, value);
  }
  put(ENTRY.status, random.pick([0, 0, 0, 1, 4]));
  put(ENTRY.address, buffer());
  put(ENTRY.bytes, length);
  put(ENTRY.reply, buffer());
  put(ENTRY.replyBytes, random.chance(hostility) ? -1 : random.pick([0, 4, 64, 300]));
  if (random.chance(0.3)) put(ENTRY.argument, random.below(8));
  writer.emit('add_i32_imm', producer, producer, random.chance(hostility) ? random.pick([2, -1, 0x7fffffff]) : 1);
  writer.emit('store_i32_absolute', port.window + WINDOW.outProducer, producer);
  writer.constant(value, number);
  if (random.chance(0.9)) writer.emit('bell', value);
}

/** Reads a field of the oldest incoming entry and raises the consumer by it, or to the producer. */
function consume(writer: BodyWriter, port: PortDeclaration, consumer: number, slot: number, field: number): void {
  const { random } = writer;
  const incoming = port.window + WINDOW.rings + ENTRY_BYTES * port.depth;
  const producer = writer.label();
  writer.emit('load_i32_absolute', consumer, port.window + WINDOW.inConsumer);
  writer.emit('load_i32_absolute', field, port.window + WINDOW.inProducer);
  writer.emit('br_eq_i32', consumer, field, producer);
  writer.emit('and_i32_imm', slot, consumer, port.depth - 1);
  writer.emit('mul_i32_imm', slot, slot, ENTRY_BYTES);
  writer.emit('load_i32', field, slot, incoming + random.pick([ENTRY.operation, ENTRY.tag, ENTRY.status, ENTRY.bytes, ENTRY.session, ENTRY.argument]));
  writer.emit('store_i32_absolute', 12288 + 4 * random.below(16), field);
  writer.emit('add_i32_imm', consumer, consumer, random.chance(writer.hostility) ? random.pick([2, -1]) : 1);
  writer.emit('store_i32_absolute', port.window + WINDOW.inConsumer, consumer);
  writer.place(producer);
}

function listen(writer: BodyWriter, ports: number, name: 'poll' | 'wait'): void {
  const { random } = writer;
  const [mask, found] = [writer.target('i64'), writer.target('i64')];
  if (mask === undefined || found === undefined) return;
  const all = (1n << BigInt(ports)) - 1n;
  writer.constant(
    mask,
    random.chance(writer.hostility) ? random.pick([1n << BigInt(ports), -1n, -(2n ** 63n)]) : random.pick([all, all, 1n << BigInt(random.below(ports)), 0n]),
  );
  writer.emit(name, found, mask);
  if (random.chance(0.3)) writer.emit('store_i64_absolute', 12288 + 8 * random.below(8), found);
}
