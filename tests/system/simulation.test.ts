/** The simulation: virtual times computed by hand, the same run on every engine in any slices, ends of all kinds. */
import { describe, expect, it } from '@jest/globals';
import { createJit } from '../../jit/index.js';
import { simulate, type SimulationOptions } from '../../system/index.js';
import { REFERENCE } from '../../vm/index.js';
import { deploymentOf, type SmallSystem } from './systems.js';

// Each function's entry is a check: 1 unit of fuel. 1 to 64 bytes of payload cost 1 unit at the instruction that copies them, after what it
// does. At 10^9 units a second a unit is a nanosecond. Everything else is free.
const ASK = `
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
const ANSWER = `
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

const ECHO: SmallSystem = {
  programs: { ask: ASK, answer: ANSWER },
  pus: { client: { program: 'ask' }, server: { program: 'answer' } },
  links: ['client.server -> server.client'],
  faults: [{ target: { kind: 'link', name: 'client.server' }, kind: 'delay', settings: { by: 1000 } }],
};

describe('two PUs and a link', () => {
  it('meet at the times that fuel and delay make', () => {
    const result = simulate(deploymentOf(ECHO), { keepsMessages: true });
    expect(result.messages).toEqual([
      { link: 'client.server', kind: 'open', sent: 0, arrives: 1000, tag: 0, code: 0, bytes: 0 },
      { link: 'client.server', kind: 'send', sent: 1, arrives: 1001, tag: 1, code: 1, bytes: 5 },
      { link: 'client.server', kind: 'complete', sent: 1002, arrives: 2002, tag: 1, code: 0, bytes: 5 },
      { link: 'client.server', kind: 'close', sent: 2003, arrives: 3003, tag: 0, code: 0, bytes: 0 },
    ]);
    expect(result).toMatchObject({ kind: 'idle', time: 3003, violations: [] });
    expect(result.pus).toEqual([
      { name: 'client', state: 'returned', outcome: { kind: 'returned', values: [0] }, waitsFor: [], fuelUsed: 3, boots: 1 },
      { name: 'server', state: 'waiting', outcome: undefined, waitsFor: ['client'], fuelUsed: 3, boots: 1 },
    ]);
  });
});

describe('determinism', () => {
  const SPREAD: SmallSystem = {
    ...ECHO,
    faults: [{ target: { kind: 'link', name: 'client.server' }, kind: 'delay', settings: { by: { least: 0, most: 5_000_000 } } }],
  };
  it('neither engine nor slices change a run', () => {
    const deployment = deploymentOf(SPREAD);
    const first = simulate(deployment, { keepsMessages: true });
    const engines = { reference: REFERENCE, jit: createJit({ compile: 'all' }), auto: createJit() };
    const variants: SimulationOptions[] = [
      ...Object.values(engines).map((engine) => ({ engine })),
      ...[1, 2, 3, 10, 1000, 65_535, 65_536, 65_537].map((sliceFuel) => ({ sliceFuel })),
      { engine: engines.jit, sliceFuel: 7 },
    ];
    for (const variant of variants) expect(simulate(deployment, { keepsMessages: true, ...variant })).toEqual(first);
  });

  it('another seed gives another run', () => {
    const deployment = deploymentOf(SPREAD);
    const traces = Array.from({ length: 20 }, (_, seed) => simulate(deployment, { seed }).trace);
    expect(new Set(traces).size).toBe(20);
  });
});
