/**
 * A client port: requests go out, each is answered by exactly one completion.
 *
 * A request is in flight from the `bell` that sent it until its completion is delivered; so long its tag is taken and it counts
 * against the credit. The device knows it by a number that is never used again, so that a late answer finds nothing.
 */
import { FAULT, OPERATION, OPERATIONS_RESERVED, STATUS } from '../../isa-spec/index.js';
import { checkMethods, copied } from '../arguments/index.js';
import { checkCompletion, type Client, type Device, type DeviceCompletion, type Session } from './device.js';
import { Port, type OutgoingEntry, type PortSetting } from './port.js';
import type { PortReader, PortWriter } from './snapshot.js';

interface Request {
  readonly operation: number;
  readonly tag: number;
  readonly reply: number;
  readonly replyBytes: number;
}

interface Answer {
  readonly status: number;
  readonly bytes: Uint8Array;
  readonly argument: bigint;
}

const NOTHING = new Uint8Array(0);

/** The host side of a client port. */
export class ClientPort extends Port {
  readonly #device: Device;
  #session: Session | undefined;
  /** Whose calls count: that of the session in progress. */
  #client: Client | undefined;
  /** The tags of all requests in flight, answered ones too. */
  readonly #tags = new Set<number>();
  /** Unanswered requests by the number that the device knows, in the order of sending. */
  readonly #unanswered = new Map<number, Request>();
  /** The same numbers by the program's tag. */
  readonly #numbers = new Map<number, number>();
  /** Answered requests in the order of completion. */
  #answered: (readonly [Request, Answer])[] = [];
  #lastNumber = 0;

  constructor(setting: PortSetting, device: Device) {
    super(setting);
    this.#device = device;
  }

  protected get engaged(): number {
    return this.#tags.size;
  }

  protected take({ operation, tag, address, bytes, reply, replyBytes, argument }: OutgoingEntry): number {
    const { memory, messageBytesMax } = this.setting;
    if (operation === OPERATION.CANCEL) {
      this.#cancel(Number(BigInt.asUintN(32, argument)));
      return FAULT.none;
    }
    if (operation >= OPERATIONS_RESERVED) return FAULT.bad_operation;
    if (this.creditLeft <= 0) return FAULT.bad_producer;
    if (this.#tags.has(tag)) return FAULT.bad_tag;
    if (!memory.holds(address, bytes) || !memory.holds(reply, replyBytes)) return FAULT.bad_buffer;
    if (bytes > messageBytesMax) return FAULT.message_too_large;

    const payload = this.copyOut(address, bytes);
    const number = ++this.#lastNumber;
    this.#tags.add(tag);
    this.#numbers.set(tag, number);
    this.#unanswered.set(number, { operation, tag, reply, replyBytes });
    const session = this.#session;
    const request = { operation, tag: number, bytes: payload, replyBytes: Math.min(replyBytes, messageBytesMax), argument };
    if (session === undefined || !this.guarded(() => session.send(request))) this.#answer(number, STATUS.device_failed);
    return FAULT.none;
  }

  #cancel(tag: number): void {
    const number = this.#numbers.get(tag);
    if (number === undefined) return;
    this.#answer(number, STATUS.cancelled);
    const session = this.#session;
    if (session !== undefined) this.guarded(() => session.cancel(number));
  }

  #answer(number: number, status: number, bytes: Uint8Array = NOTHING, argument = 0n): void {
    const request = this.#unanswered.get(number);
    if (request === undefined) return;
    const fits = bytes.length <= Math.min(request.replyBytes, this.setting.messageBytesMax);
    const answer = fits ? { status, bytes: copied('completion.bytes', bytes), argument } : { status: STATUS.too_large, bytes: NOTHING, argument: 0n };
    this.#unanswered.delete(number);
    this.#numbers.delete(request.tag);
    this.#answered.push([request, answer]);
    this.news();
  }

  #peerReset(): void {
    for (const number of [...this.#unanswered.keys()]) this.#answer(number, STATUS.peer_reset);
    this.epoch = (this.epoch + 1) >>> 0;
    this.news();
  }

  protected deliver(): void {
    for (const [{ operation, tag, reply }, { status, bytes, argument }] of this.#answered.splice(0)) {
      this.#tags.delete(tag);
      this.put({ operation, tag, status, address: reply, argument }, bytes);
    }
  }

  protected begin(): void {
    const client: Client = {
      complete: (completion: DeviceCompletion): void => {
        checkCompletion(completion);
        const { tag, status, bytes, argument } = completion;
        if (this.#client === client) this.#answer(tag, status, bytes, argument);
      },
      reset: (): void => {
        if (this.#client === client) this.#peerReset();
      },
    };
    this.#client = client;
    const isOpen = this.guarded(() => {
      const session = this.#device.open(client);
      checkMethods(`open of the device at port ${this.setting.declaration.name}`, session, ['send', 'cancel', 'close'], 'a Session');
      this.#session = session;
    });
    if (!isOpen) this.#client = undefined;
  }

  end(): void {
    const session = this.#session;
    this.#client = this.#session = undefined;
    this.#tags.clear();
    this.#numbers.clear();
    this.#unanswered.clear();
    this.#answered = [];
    if (session !== undefined) this.guarded(() => session.close());
  }

  protected writeSide(out: PortWriter): void {
    const writeRequest = ({ operation, tag, reply, replyBytes }: Request): void => {
      out.u32(operation);
      out.u32(tag);
      out.u32(reply);
      out.u32(replyBytes);
    };
    out.u32(this.#answered.length);
    for (const [request, { status, bytes, argument }] of this.#answered) {
      writeRequest(request);
      out.u32(status);
      out.u64(argument);
      out.bytes(bytes);
    }
    out.u32(this.#unanswered.size);
    for (const request of this.#unanswered.values()) writeRequest(request);
  }

  protected readSide(from: PortReader, unconsumed: number): () => void {
    const { declaration, memory, inFlightMax, messageBytesMax } = this.setting;
    const tags = new Set<number>();
    const readRequest = (): Request => {
      const request = { operation: from.u32(), tag: from.u32(), reply: from.u32(), replyBytes: from.u32() };
      from.check(request.operation < OPERATIONS_RESERVED, 'request', `port ${declaration.name} has a request with operation ${request.operation}`);
      from.check(!tags.has(request.tag), 'request', `port ${declaration.name} has two requests with tag ${request.tag}`);
      from.check(memory.holds(request.reply, request.replyBytes), 'request', `port ${declaration.name} has a reply buffer outside memory`);
      tags.add(request.tag);
      return request;
    };
    const count = (before: number): number => {
      const found = from.u32();
      from.check(unconsumed + before + found <= inFlightMax, 'in_flight', `port ${declaration.name} has more than ${inFlightMax} messages in flight`);
      return found;
    };
    const answered = Array.from({ length: count(0) }, (): readonly [Request, Answer] => {
      const request = readRequest();
      const status = from.u32();
      const argument = from.u64();
      const bytes = from.bytes();
      from.check(bytes.length <= Math.min(request.replyBytes, messageBytesMax), 'answer', `port ${declaration.name} has an answer of ${bytes.length} bytes`);
      return [request, { status, bytes, argument }];
    });
    const unanswered = Array.from({ length: count(answered.length) }, readRequest);
    return () => {
      const lost: Answer = { status: STATUS.peer_reset, bytes: NOTHING, argument: 0n };
      this.#answered = [...answered, ...unanswered.map((request) => [request, lost] as const)];
      for (const [{ tag }] of this.#answered) this.#tags.add(tag);
    };
  }
}
