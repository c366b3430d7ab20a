/** A description with every statement, and the files that it names: what the campaigns about systems start from. */

const program = (...ports: readonly string[]): string =>
  `${ports.map((port) => `port ${port}\n`).join('')}memory 64 KiB .. 16 MiB\nexport data arguments: [64]\nfunc main() -> i32 {\n    ret 0\n}\n`;

/** Files by path. */
export const PROGRAMS: Readonly<Record<string, string>> = {
  'pair.pbs': program('serve: pu server', 'out: pu client { depth 4, message 4 KiB }'),
  'user.pbs': program('disk: disk client', 'time: clock client'),
  'disk.pbs': program('serve: disk server'),
  'boss.pbs': program('control: puc client'),
  'array.pbs': program('from[1..4]: pu server'),
  'client.pbs': program('terminal: pu client', 'server: pu client'),
  'server.pbs': program('serve: pu server'),
  'shelf.sys':
    'program user "user.pbs"\nbox shelf(entries) {\n    pu it runs user { memory 1 MiB }\n    device disk: disk { entries entries }\n    device time: clock\n    it.disk -> disk\n    it.time -> time\n}\n',
};

/** Uses every statement, and is good. */
export const EVERYTHING = `use "shelf.sys" as more
program pair "pair.pbs"  program array "array.pbs"  program boss "boss.pbs"  program flaky "disk.pbs"
const N = 2 * 2
const SIZE = 1 MiB + 64 KiB
computer node[1..N] {
    memory 1 GiB
    pus 8
    pu first runs pair { memory SIZE, frames 1 MiB, speed 100 MHz, arguments "a", "b", restart 3, within 10 s }
    pu second runs pair
    box shelf: more.shelf { entries 16 }
    first.out -> second.serve { depth 2, message 1 KiB, lossy, asynchronous }
    device net: pu
    net -> first.serve
}
box stage {
    pu it runs pair
    export serve = it.serve
    export next = it.out
}
computer store {
    pu end runs array
    pu boss runs boss
    pu worker[1..2] runs pair { starts true }
    box one[1..2]: stage
    one[1].next -> one[2].serve
    one[2].next -> worker[1].serve
    worker[*].out -> one[1].serve { asynchronous }
    device control: puc { slots 2, programs worker[2], worker[1] }
    boss.control -> control
    for i in 3..4 { net[i] -> worker[2].serve }
    device net[3..4]: pu
}
for i in 1..N { node[i].second.out -> store.end.from[i] }
deploy test {
    all on simulation { seed 1, until 10 s }
    mock node[*].net script "a", "b" { open }
    for i in 1..4 {
        mock node[i].shelf.disk memory
        mock node[i].shelf.time clock "2026-11-25"
        fault node[i].shelf.disk { fail 1 percent, slow 1..5 ms }
    }
    mock store.net[*] script { file "x.txt" }
    fault node[*].second.out { delay 0..5 ms, partition { at 1 s, for 1..2 s } }
    fault store { crash { every 1..2 s, for 10 ms } }
    expect node[1].first returned
    expect store.worker[*] trapped overflow
    expect node[2].net output "x"
}
deploy played {
    all on workers
    pu liar[1..4] runs flaky
    for i in 1..4 { play node[i].shelf.disk by liar[i].serve }
    drive node[*].net tcp 80 { host "localhost" }
    drive node[*].shelf.time clock
    drive store.net[*] terminal
}
`;
