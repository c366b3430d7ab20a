/**
 * Programs that play a device, one for each protocol; and a program that offers every routine of a device's file of the library to a test.
 *
 * A player does by hand what the mock beside it in the test is set up to do, so that a client must get the same from both.
 */
import { readFileSync } from 'node:fs';
import type { Protocol, Side, Value } from '../../isa-spec/index.js';
import type { Device } from '../../vm/index.js';
import { Guest } from './library.js';

/** The routines of a file that its users may call: name, types of what follows the window, types of the results. */
function routinesOf(library: string): { name: string; values: string[]; results: string[] }[] {
  const text = readFileSync(`stdlib/${library}.pbs`, 'utf8');
  return [...text.matchAll(/^;;.*\nfunc (\w+)\(window: i32(?:, )?([^)]*)\)(?: -> (.*?))? \{$/gm)].map(([, name, values, results]) => ({
    name: name as string,
    values: (values as string).split(', ').filter(Boolean),
    results: results?.split(', ') ?? [],
  }));
}

/** A program with one port, which exports each routine of `port` as `port_NAME` and each of the device's file by its name. */
export function routinesText(library: Protocol, side: Side): string {
  const wrapper = (space: string, prefix: string): string =>
    routinesOf(space)
      .map(({ name, values, results }) => {
        const places = results.map((_, index) => `result${index}`);
        const locals = results.map((type, index) => `    local result${index}: ${type}\n`).join('');
        const call = `call ${space}.${name}(${['device', ...values.map((each) => each.split(':')[0])].join(', ')})`;
        return `export func ${prefix}${name}(${values.join(', ')})${results.length > 0 ? ` -> ${results.join(', ')}` : ''} {
${locals}    ${call}${places.length > 0 ? ` -> ${places.join(', ')}` : ''}
    ret ${places.join(', ')}
}
`;
      })
      .join('');
  return `use "${library}"\nuse "port"\nport device: ${library} ${side} { depth 4, message 64 }\nexport data area: [256]\n${wrapper(library, '')}${wrapper('port', 'port_')}`;
}

/** The beginning of a player: its port, a buffer, which is offered, and the loop of `main`. */
const player = (library: Protocol, locals: string, body: string, more = ''): string => `
use "ascii"
use "${library}"
use "port"
port client: ${library} server { depth 4, message 64 }
data buffer: [64]
export data area: [64]
${more}
func main() {
    local operation, tag, address: i32
    ${locals}
    call port.offer(client, buffer, len(buffer)) -> _
    loop {
${body}
        call port.offer(client, address, len(buffer)) -> _
    }
}
`;

/** The players, by protocol. */
export const PLAYERS: Readonly<Record<Protocol, string>> = {
  pu: player(
    'pu',
    'local bytes: i32',
    `        call pu.take(client, len(buffer)) -> tag, _, address, bytes, _
        if eq tag, 0 { ret }
        call ascii.upper(address, bytes)
        call pu.reply(client, tag, address, bytes, port.OK)`,
  ),
  clock: player(
    'clock',
    'local n: i32, unit, time, argument: i64',
    `        call clock.take(client, len(buffer)) -> operation, tag, argument, address
        if eq operation, 0 { ret }
        if eq operation, clock.SPECS { call clock.reply_specs(client, tag, -9, 15) }
        if eq operation, clock.SLEEP { call port.answer(client, tag, port.OK) }
        if eq operation, clock.TIME {
            mov time, 12_345_678_901
            wrap n, argument
            mov unit, 1_000_000_000
            loop while lt n, 0 {
                mov argument, 10
                div unit, unit, argument
                add n, n, 1
            }
            div time, time, unit
            call clock.reply_time(client, tag, time)
        }`,
  ),
  disk: player(
    'disk',
    'local entry, bytes: i32',
    `        call disk.take(client, len(buffer), 3, 4) -> operation, tag, entry, address, bytes
        if eq operation, 0 { ret }
        mul entry, entry, 4
        add entry, entry, contents
        if eq operation, disk.SPECS { call disk.reply_specs(client, tag, 3, 4) }
        if eq operation, disk.READ { call disk.reply_read(client, tag, entry, bytes) }
        if eq operation, disk.WRITE {
            copy entry, address, bytes
            call port.answer(client, tag, port.OK)
        }
        if eq operation, disk.FLUSH {
            copy flushed, contents, 12
            call port.answer(client, tag, port.OK)
        }`,
    'export data contents = "AAAABBBBCCCC"\nexport data flushed: [12]',
  ),
  screen: player(
    'screen',
    'local density: f64, frame: i64',
    `        call screen.take(client, len(buffer), 16) -> operation, tag, address
        if eq operation, 0 { ret }
        mov density, 4000.0
        if eq operation, screen.SPECS { call screen.reply_specs(client, tag, 2, 2, density) }
        if eq operation, screen.DISPLAY {
            copy area, address, 16
            call port.answer(client, tag, port.OK)
        }
        if eq operation, screen.SYNCHRONIZE {
            add frame, frame, 1
            call screen.reply_synchronize(client, tag, frame)
        }`,
  ),
  keyboard: player(
    'keyboard',
    'local bytes, count, place, left: i32, controls, lost: i64',
    `        call keyboard.take(client, len(buffer)) -> operation, tag, address, bytes
        if eq operation, 0 { ret }
        mov controls, 0x7fff_ffff_ffff
        if eq operation, keyboard.SPECS {
            call keyboard.reply_specs(client, tag, 1_112_064, controls, 3)
        } else {
            divu count, bytes, keyboard.EVENT_BYTES
            sub left, 3, place
            if gtu count, left { mov count, left }
            mul left, place, keyboard.EVENT_BYTES
            add left, left, keys
            mov lost, 0
            if eq place, 0 { mov lost, 1 }
            call keyboard.reply_events(client, tag, left, count, lost)
            add place, place, count
        }`,
    'data keys: i32 = 97, 0, 128512, 1, keyboard.ESCAPE, 1',
  ),
  audio: player(
    'audio',
    'local samples, queued, free: i32, argument: i64',
    `        call audio.take(client, len(buffer)) -> operation, tag, address, samples, argument
        if eq operation, 0 { ret }
        if eq operation, audio.SPECS { call audio.reply_specs(client, tag, 8, 4) }
        if eq operation, audio.DELAY {
            extendu argument, queued
            call audio.reply_delay(client, tag, argument)
        }
        if eq operation, audio.WRITE {
            sub free, 8, queued
            if gtu samples, free { mov samples, free }
            mul free, samples, audio.SAMPLE_BYTES
            copy area, address, free
            add queued, queued, samples
            call audio.reply_write(client, tag, samples)
        }
        if eq operation, audio.DRAIN {
            wrap free, argument
            if gtu queued, free { mov queued, free }
            call port.answer(client, tag, port.OK)
        }`,
  ),
  puc: player(
    'puc',
    'local unit, program, other, status: i32',
    `        call puc.take(client, len(buffer), 2, 2) -> operation, tag, unit, program, address
        if eq operation, 0 { ret }
        shl unit, unit, 2
        load other, [unit + placed]
        mov status, port.OK
        if eq operation, puc.SPECS {
            call puc.reply_specs(client, tag, 2, 2)
        } else if eq operation, puc.SET {
            add program, program, 1
            xor other, unit, 4
            load other, [other + placed]
            if eq other, program { if program { mov status, port.BAD_REQUEST } }
            if eq status, port.OK {
                store [unit + placed], program
                store [unit + states], puc.STOPPED
                if eq program, 0 { store [unit + states], puc.EMPTY }
            }
            call port.answer(client, tag, status)
        } else if eq operation, puc.START {
            if eq other, 0 { mov status, port.NO_SPACE } else { store [unit + states], puc.COMPUTING }
            call port.answer(client, tag, status)
        } else if eq operation, puc.EXCEPTION {
            load other, [unit + states]
            eq other, other, puc.TRAPPED
            shl other, other, 1
            call puc.reply_exception(client, tag, other)
        } else if eq operation, puc.STATE {
            load other, [unit + states]
            call puc.reply_state(client, tag, other, 0)
        } else if eq operation, puc.ENDED {
            load other, [unit + states]
            if eq other, puc.COMPUTING { store [unit + states], puc.TRAPPED }
            call puc.reply_state(client, tag, puc.TRAPPED, 2)
        } else {
            if eq other, 0 { if eq operation, puc.RESET { mov status, port.NO_SPACE } }
            if other { store [unit + states], puc.STOPPED }
            call port.answer(client, tag, status)
        }`,
    'data placed: i32[2]\ndata states: i32[2]',
  ),
};

/** A client of a device, and what lets the device go on when the client waits. */
export class Bench {
  readonly guest: Guest;
  readonly area: number;

  /** @param goOn lets the other end do something. @returns whether it may have */
  constructor(
    library: Protocol,
    device: Device,
    readonly goOn: () => boolean,
  ) {
    this.guest = new Guest(routinesText(library, 'client'), { ports: { device } });
    this.area = this.guest.address('area');
  }

  /** A client of a program that plays the device. */
  static withPlayer(library: Protocol): Bench & { readonly player: Guest } {
    const playing = new Guest(PLAYERS[library]);
    const device = playing.machine.port('client');
    const bench = new Bench(library, device, () => {
      const outcome = playing.machine.run();
      if (outcome.kind !== 'waiting') throw new Error(`the player ended: ${JSON.stringify(outcome)}`);
      return true;
    });
    playing.machine.start();
    bench.goOn();
    return Object.assign(bench, { player: playing });
  }

  /** Runs an exported function to its end. @returns its results */
  call(name: string, ...values: readonly Value[]): readonly Value[] {
    let outcome = this.guest.start(name, ...values);
    for (let turn = 0; outcome.kind === 'waiting'; turn++) {
      if (turn > 100 || !this.goOn()) throw new Error(`${name} waits for ever`);
      outcome = this.guest.machine.run();
    }
    if (outcome.kind !== 'returned') throw new Error(`${name}: ${JSON.stringify(outcome)}`);
    return outcome.values;
  }

  /** Writes text to the area. */
  write(text: string): void {
    this.guest.write(this.area, Buffer.from(text, 'latin1'));
  }
  /** The first bytes of the area as text. */
  text(bytes: number): string {
    return this.guest.text(this.area, bytes);
  }
}
