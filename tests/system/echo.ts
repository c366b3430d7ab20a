/** A client and a server whose every unit of fuel can be counted by hand. */
import type { SmallSystem } from './systems.js';

// Each function's entry is a check: 1 unit of fuel. 1 to 64 bytes of payload cost 1 unit at the instruction that copies them, after what it
// does. At 10^9 units a second a unit is a nanosecond. Everything else is free.
/** Asks once and returns the status of the answer. */
export const ASK = `
  port server: pu client { depth 2, message 64 }
  data text = "hello"
  data answer: [64]
  func main() -> i32 {
    local mask: i64
    local status: i32
    store [server + 64], 1               ; operation: message
    store [server + 68], 7               ; tag
    store [server + 80], text
    store [server + 84], len(text)
    store [server + 88], answer
    store [server + 92], len(answer)
    store [server + 32], 1               ; out producer
    bell server.number
    mov mask, 1
    wait mask, mask
    load status, [server + 64 + 80 + 8]
    ret status
  }`;
/** Answers one request with the five bytes that came. */
export const ANSWER = `
  port client: pu server { depth 2, message 64 }
  data one: [64]
  data other: [64]
  func main() {
    local mask: i64
    store [client + 64], 0xffff0002       ; two offers
    store [client + 80], one
    store [client + 84], 64
    store [client + 104], 0xffff0002
    store [client + 120], other
    store [client + 124], 64
    store [client + 32], 2
    bell client.number
    mov mask, 1
    wait mask, mask                      ; the session opens, into one
    store [client + 44], 1
    mov mask, 1
    wait mask, mask                      ; the request, into other
    store [client + 64], 0xffff0003       ; the reply, third entry: slot 0 again
    store [client + 68], 1
    store [client + 72], 0
    store [client + 80], other
    store [client + 84], 5
    store [client + 32], 3
    bell client.number
    store [client + 44], 2
    mov mask, 1
    wait mask, mask                      ; the session closes: no offer is left
  }`;

/** A client, a server and a link of a microsecond. */
export const ECHO: SmallSystem = {
  programs: { ask: ASK, answer: ANSWER },
  pus: { client: { program: 'ask' }, server: { program: 'answer' } },
  links: ['client.server -> server.client'],
  faults: [{ target: { kind: 'link', name: 'client.server' }, kind: 'delay', settings: { by: 1000 } }],
};
