/** Generated from stdlib/*.pbs; edit those, then `npm run generate`. */

/** Name to source text. */
export const SOURCES: Readonly<Record<string, string>> = {
  "arguments": `; The words that a program is started with. The host lays them into the exported data \`arguments\` before the
; program starts: a u32 count, then each word with a NUL behind it.
use "text"

export data arguments: [64 KiB]

;; How many there are.
func count() -> i32 {
    local n: i32
    load n, [arguments]
    ret n
}

;; The address and bytes of one of them, from 0; address 0 if there are not so many. O(bytes before it).
func get(index: i32) -> i32, i32 {
    local n, at, bytes: i32
    load n, [arguments]
    if gteu index, n { ret 0, 0 }
    mov at, arguments + 4
    loop {
        call text.length(at) -> bytes
        break if eq index, 0
        sub index, index, 1
        add at, at, bytes
        add at, at, 1
    }
    ret at, bytes
}
`,
  "ascii": `; ASCII: letters, digits and blanks. Bytes above 127 belong to no class and are left as they are.

;; Turns \`bytes\` bytes at \`address\` to upper case, in place. O(bytes), four a turn.
func upper(address: i32, bytes: i32) {
    call change_case(address, bytes, 'a')
}

;; Turns \`bytes\` bytes at \`address\` to lower case, in place. O(bytes), four a turn.
func lower(address: i32, bytes: i32) {
    call change_case(address, bytes, 'A')
}

; Exchanges the case of the 26 letters from \`first\` on.
func change_case(address: i32, bytes: i32, first: i32) {
    local end, from, past, x, t, u, one: i32
    add end, address, bytes
    mov one, 0x01010101
    sub from, 128, first
    mul from, from, one
    sub past, 128 - 26, first
    mul past, past, one
    loop while gteu bytes, 4 {
        ; In each byte: adding sets bit 7 where the low seven bits reach \`first\`, and once more where they pass the last letter.
        load x, [address]
        and t, x, 0x7f7f7f7f
        add u, t, past
        add t, t, from
        xor t, t, u
        xor u, x, -1
        and t, t, u
        and t, t, 0x80808080
        shru t, t, 2
        xor x, x, t
        store [address], x
        add address, address, 4
        sub bytes, bytes, 4
    }
    loop while neq address, end {
        load8u x, [address]
        sub t, x, first
        if ltu t, 26 {
            xor x, x, 0x20
            store8 [address], x
        }
        add address, address, 1
    }
}

;; 1 if a byte is white space in the C locale (blank, tab, line feed, vertical tab, form feed, carriage return), else 0.
func is_space(byte: i32) -> i32 {
    local blank: i32
    eq blank, byte, ' '
    sub byte, byte, '\\t'
    ltu byte, byte, 5
    or byte, byte, blank
    ret byte
}

;; 1 if a byte is a decimal digit, else 0.
func is_digit(byte: i32) -> i32 {
    sub byte, byte, '0'
    ltu byte, byte, 10
    ret byte
}

;; 1 if a byte is printable in the C locale, the blank included, else 0.
func is_print(byte: i32) -> i32 {
    sub byte, byte, ' '
    ltu byte, byte, 95
    ret byte
}
`,
  "audio": `; An audio device: a queue of samples that is played at a fixed rate. A sample is an f32 from -1 to 1. Statuses are those of \`port\`: 0 is good.
;
; To play without gaps, write whenever the delay falls below one and a half times the minimum: \`play\` does.
;
; Client: an operation by its name asks and sleeps; \`send_...\` only sends (1, or 0 if the port takes no more now); \`receive_...\`
; or, for a drain, \`port.receive\` collects. Server: \`port.offer\` buffers, \`take\` a request, answer it with \`reply_specs\`, \`reply_delay\`,
; \`reply_write\` or \`port.answer\`, and offer the buffer again.
use "port"

const SPECS = 1
const DELAY = 2
const WRITE = 3
const DRAIN = 4

;; Bytes of the answer to \`SPECS\`.
const SPECS_BYTES = 8
;; Bytes of a sample.
const SAMPLE_BYTES = 4

data answer: i32[2]

; The two words of specs.
func specs_at(address: i32) -> i32, i32 {
    local rate, minimum: i32
    load rate, [address]
    load minimum, [address + 4]
    ret rate, minimum
}

;; Samples per second, the minimum delay in samples, and a status.
func specs(window: i32) -> i32, i32, i32 {
    local status, rate, minimum: i32
    call port.ask(window, SPECS, 0, 0, answer, len(answer), 0) -> status, _, _
    if status { ret 0, 0, status }
    call specs_at(answer) -> rate, minimum
    ret rate, minimum, port.OK
}

;; The current delay, samples that are queued and not yet played, and a status.
func delay(window: i32) -> i64, i32 {
    local status: i32, samples: i64
    call port.ask(window, DELAY, 0, 0, 0, 0, 0) -> status, _, samples
    ret samples, status
}

;; Writes \`samples\` samples at \`address\`, at least one and at most one message. Gives how many were taken, perhaps none, and a status.
func write(window: i32, address: i32, samples: i32) -> i32, i32 {
    local status: i32, taken: i64
    mul samples, samples, SAMPLE_BYTES
    call port.ask(window, WRITE, address, samples, 0, 0, 0) -> status, _, taken
    wrap samples, taken
    ret samples, status
}

;; Sleeps until at most \`samples\` samples are queued; 0: until everything has been played. Gives a status.
func drain(window: i32, samples: i32) -> i32 {
    local status: i32, argument: i64
    extendu argument, samples
    call port.ask(window, DRAIN, 0, 0, 0, 0, argument) -> status, _, _
    ret status
}

;; Writes \`samples\` samples at \`address\`, all of them, each part when no more than \`low\` samples are queued, and sleeps until then. Gives a
;; status.
func play(window: i32, address: i32, samples: i32, low: i32) -> i32 {
    local limit, count, status: i32
    load limit, [window + port.MESSAGE_BYTES]
    divu limit, limit, SAMPLE_BYTES
    if eq limit, 0 { ret port.TOO_LARGE }
    loop while samples {
        call drain(window, low) -> status
        if status { ret status }
        mov count, samples
        if gtu count, limit { mov count, limit }
        call write(window, address, count) -> count, status
        if status { ret status }
        sub samples, samples, count
        mul count, count, SAMPLE_BYTES
        add address, address, count
    }
    ret port.OK
}

;; Asks for the specs, \`SPECS_BYTES\` bytes that will come to \`answer\`.
func send_specs(window: i32, tag: i32, answer: i32) -> i32 {
    call port.send(window, SPECS, tag, 0, 0, answer, SPECS_BYTES, 0) -> tag
    ret tag
}

;; Sleeps until the answer to \`send_specs\` is there: tag, rate, minimum delay, status.
func receive_specs(window: i32) -> i32, i32, i32, i32 {
    local tag, status, address, rate, minimum: i32
    call port.receive_bytes(window) -> tag, status, address, _, _
    if status { ret tag, 0, 0, status }
    call specs_at(address) -> rate, minimum
    ret tag, rate, minimum, port.OK
}

;; Sends what \`delay\` does.
func send_delay(window: i32, tag: i32) -> i32 {
    call port.send(window, DELAY, tag, 0, 0, 0, 0, 0) -> tag
    ret tag
}

;; Sleeps until the answer to \`send_delay\` is there: tag, samples queued, status.
func receive_delay(window: i32) -> i32, i64, i32 {
    local tag, status: i32, samples: i64
    call port.receive(window) -> tag, status, _, samples
    ret tag, samples, status
}

;; Sends what \`write\` does. The samples may be overwritten at once.
func send_write(window: i32, tag: i32, address: i32, samples: i32) -> i32 {
    mul samples, samples, SAMPLE_BYTES
    call port.send(window, WRITE, tag, address, samples, 0, 0, 0) -> tag
    ret tag
}

;; Sleeps until the answer to \`send_write\` is there: tag, samples taken, status.
func receive_write(window: i32) -> i32, i32, i32 {
    local tag, status, samples: i32, taken: i64
    call port.receive(window) -> tag, status, _, taken
    wrap samples, taken
    ret tag, samples, status
}

;; Sends what \`drain\` does: the answer comes when so much has been played, and the program may do other things meanwhile.
func send_drain(window: i32, tag: i32, samples: i32) -> i32 {
    local argument: i64
    extendu argument, samples
    call port.send(window, DRAIN, tag, 0, 0, 0, 0, argument) -> tag
    ret tag
}

; The status to refuse a request with, or \`OK\`.
func judge(operation: i32, bytes: i32) -> i32 {
    if eq operation, 0 { ret port.NOT_SUPPORTED }
    if gtu operation, DRAIN { ret port.NOT_SUPPORTED }
    if neq operation, WRITE {
        if bytes { ret port.BAD_REQUEST }
        ret port.OK
    }
    if eq bytes, 0 { ret port.BAD_REQUEST }
    remu bytes, bytes, SAMPLE_BYTES
    if bytes { ret port.BAD_REQUEST }
    ret port.OK
}

;; Server: sleeps until a request is there that makes sense, and takes it: operation, tag for the reply, address, samples (\`WRITE\`: of the
;; payload), argument (\`DRAIN\`: samples). Operation 0: the port is faulted. All offers have \`buffer_bytes\` bytes; what makes no
;; sense is refused here.
func take(window: i32, buffer_bytes: i32) -> i32, i32, i32, i32, i64 {
    local operation, tag, address, bytes, status: i32, argument: i64
    loop {
        call port.take_request(window, buffer_bytes) -> operation, tag, _, address, bytes, _, argument
        if eq tag, 0 { ret 0, 0, 0, 0, 0 }
        call judge(operation, bytes) -> status
        break if eq status, port.OK
        call port.refuse(window, tag, status, address, buffer_bytes)
    }
    divu bytes, bytes, SAMPLE_BYTES
    ret operation, tag, address, bytes, argument
}

;; Server: answers \`SPECS\`.
func reply_specs(window: i32, tag: i32, rate: i32, minimum: i32) {
    store [answer], rate
    store [answer + 4], minimum
    call port.reply(window, tag, port.OK, answer, SPECS_BYTES, 0)
}

;; Server: answers \`DELAY\`.
func reply_delay(window: i32, tag: i32, samples: i64) {
    call port.reply(window, tag, port.OK, 0, 0, samples)
}

;; Server: answers \`WRITE\` with how many samples were taken.
func reply_write(window: i32, tag: i32, taken: i32) {
    local argument: i64
    extendu argument, taken
    call port.reply(window, tag, port.OK, 0, 0, argument)
}
`,
  "clock": `; The clock: time of day, and sleeping. Statuses are those of \`port\`: 0 is good.
;
; Client: an operation by its name asks and sleeps; \`send_...\` only sends (1, or 0 if the port takes no more now); \`receive_...\`
; or, for a sleep, \`port.receive\` collects. Server: \`port.offer\` buffers, \`take\` a request, answer it with \`reply_specs\`,
; \`reply_time\` or \`port.answer\`, and offer the buffer again.
use "port"

const SPECS = 1
const TIME = 2
const SLEEP = 3

;; Bytes of the answer to \`SPECS\`.
const SPECS_BYTES = 8

data answer: i32[2]

; The two words of specs.
func specs_at(address: i32) -> i32, i32 {
    local resolution, digits: i32
    load resolution, [address]
    load digits, [address + 4]
    ret resolution, digits
}

;; The clock's resolution as a power of ten seconds (-3: milliseconds), the decimal digits of a time, and a status.
func specs(window: i32) -> i32, i32, i32 {
    local status, resolution, digits: i32
    call port.ask(window, SPECS, 0, 0, answer, len(answer), 0) -> status, _, _
    if status { ret 0, 0, status }
    call specs_at(answer) -> resolution, digits
    ret resolution, digits, port.OK
}

;; The time since 1970-01-01 00:00 UTC, and a status. Exponent n from 0 to 15: seconds, rounded down to a multiple of 10^n; from -9
;; to -1: units of 10^n seconds, rounded down, modulo 10^15.
func time(window: i32, exponent: i32) -> i64, i32 {
    local status: i32, argument: i64
    extend argument, exponent
    call port.ask(window, TIME, 0, 0, 0, 0, argument) -> status, _, argument
    ret argument, status
}

;; Sleeps for some nanoseconds; at once awake if there are none. Gives a status.
func sleep(window: i32, nanoseconds: i64) -> i32 {
    local status: i32
    call port.ask(window, SLEEP, 0, 0, 0, 0, nanoseconds) -> status, _, _
    ret status
}

;; Asks for the specs, \`SPECS_BYTES\` bytes that will come to \`answer\`.
func send_specs(window: i32, tag: i32, answer: i32) -> i32 {
    call port.send(window, SPECS, tag, 0, 0, answer, SPECS_BYTES, 0) -> tag
    ret tag
}

;; Sleeps until the answer to \`send_specs\` is there: tag, resolution, digits, status.
func receive_specs(window: i32) -> i32, i32, i32, i32 {
    local tag, status, address, resolution, digits: i32
    call port.receive_bytes(window) -> tag, status, address, _, _
    if status { ret tag, 0, 0, status }
    call specs_at(address) -> resolution, digits
    ret tag, resolution, digits, port.OK
}

;; Sends what \`time\` does.
func send_time(window: i32, tag: i32, exponent: i32) -> i32 {
    local argument: i64
    extend argument, exponent
    call port.send(window, TIME, tag, 0, 0, 0, 0, argument) -> tag
    ret tag
}

;; Sleeps until the answer to \`send_time\` is there: tag, time, status.
func receive_time(window: i32) -> i32, i64, i32 {
    local tag, status: i32, argument: i64
    call port.receive(window) -> tag, status, _, argument
    ret tag, argument, status
}

;; Sends what \`sleep\` does: the answer comes when the time has passed, and the program may do other things meanwhile.
func send_sleep(window: i32, tag: i32, nanoseconds: i64) -> i32 {
    call port.send(window, SLEEP, tag, 0, 0, 0, 0, nanoseconds) -> tag
    ret tag
}

; The status to refuse a request with, or \`OK\`.
func judge(operation: i32, bytes: i32, argument: i64) -> i32 {
    local least, most: i64
    if eq operation, 0 { ret port.NOT_SUPPORTED }
    if gtu operation, SLEEP { ret port.NOT_SUPPORTED }
    if bytes { ret port.BAD_REQUEST }
    if neq operation, TIME { ret port.OK }
    mov least, -9
    mov most, 15
    if lt argument, least { ret port.BAD_REQUEST }
    if gt argument, most { ret port.BAD_REQUEST }
    ret port.OK
}

;; Server: sleeps until a request is there that makes sense, and takes it: operation, tag for the reply, argument (\`TIME\`: the exponent;
;; \`SLEEP\`: nanoseconds), address of its buffer. Operation 0: the port is faulted. All offers have \`buffer_bytes\` bytes; a
;; clock's need none. What makes no sense is refused here.
func take(window: i32, buffer_bytes: i32) -> i32, i32, i64, i32 {
    local operation, tag, address, bytes, status: i32, argument: i64
    loop {
        call port.take_request(window, buffer_bytes) -> operation, tag, _, address, bytes, _, argument
        if eq tag, 0 { ret 0, 0, 0, 0 }
        call judge(operation, bytes, argument) -> status
        break if eq status, port.OK
        call port.refuse(window, tag, status, address, buffer_bytes)
    }
    ret operation, tag, argument, address
}

;; Server: answers \`SPECS\`.
func reply_specs(window: i32, tag: i32, resolution: i32, digits: i32) {
    store [answer], resolution
    store [answer + 4], digits
    call port.reply(window, tag, port.OK, answer, SPECS_BYTES, 0)
}

;; Server: answers \`TIME\`.
func reply_time(window: i32, tag: i32, time: i64) {
    call port.reply(window, tag, port.OK, 0, 0, time)
}
`,
  "disk": `; A disk: an array of entries of equal size, read and written whole. Statuses are those of \`port\`: 0 is good, \`NO_SPACE\` means an entry
; that does not exist, or a full medium.
;
; Client: an operation by its name asks and sleeps; \`send_...\` only sends (1, or 0 if the port takes no more now); \`port.receive\`
; collects tag and status, \`receive_specs\` more. Server: \`port.offer\` buffers, \`take\` a request, answer it with \`reply_specs\`,
; \`reply_read\` or \`port.answer\`, and offer the buffer again.
use "port"

const SPECS = 1
const READ = 2
const WRITE = 3
const FLUSH = 4

;; Bytes of the answer to \`SPECS\`.
const SPECS_BYTES = 8

data answer: i32[2]

; The two words of specs.
func specs_at(address: i32) -> i32, i32 {
    local entries, bytes: i32
    load entries, [address]
    load bytes, [address + 4]
    ret entries, bytes
}

;; How many entries the disk has, the bytes of one, and a status.
func specs(window: i32) -> i32, i32, i32 {
    local status, entries, bytes: i32
    call port.ask(window, SPECS, 0, 0, answer, len(answer), 0) -> status, _, _
    if status { ret 0, 0, status }
    call specs_at(answer) -> entries, bytes
    ret entries, bytes, port.OK
}

;; Reads entries from number \`entry\` on to \`address\`; \`bytes\` says how many: a multiple of an entry's bytes, at most one
;; message. Gives a status.
func read(window: i32, entry: i32, address: i32, bytes: i32) -> i32 {
    local status: i32, argument: i64
    extendu argument, entry
    call port.ask(window, READ, 0, 0, address, bytes, argument) -> status, _, _
    ret status
}

;; Writes entries from number \`entry\` on: \`bytes\` bytes at \`address\`, a multiple of an entry's bytes, at most one message. They
;; are sure to last only after a \`flush\`. Gives a status.
func write(window: i32, entry: i32, address: i32, bytes: i32) -> i32 {
    local status: i32, argument: i64
    extendu argument, entry
    call port.ask(window, WRITE, address, bytes, 0, 0, argument) -> status, _, _
    ret status
}

;; Makes everything written so far last. Gives a status.
func flush(window: i32) -> i32 {
    local status: i32
    call port.ask(window, FLUSH, 0, 0, 0, 0, 0) -> status, _, _
    ret status
}

;; Writes as \`write\` does, then flushes: what is written when this gives 0 lasts.
func write_through(window: i32, entry: i32, address: i32, bytes: i32) -> i32 {
    local status: i32
    call write(window, entry, address, bytes) -> status
    if status { ret status }
    call flush(window) -> status
    ret status
}

;; Asks for the specs, \`SPECS_BYTES\` bytes that will come to \`answer\`.
func send_specs(window: i32, tag: i32, answer: i32) -> i32 {
    call port.send(window, SPECS, tag, 0, 0, answer, SPECS_BYTES, 0) -> tag
    ret tag
}

;; Sleeps until the answer to \`send_specs\` is there: tag, entries, bytes of one, status.
func receive_specs(window: i32) -> i32, i32, i32, i32 {
    local tag, status, address, entries, bytes: i32
    call port.receive_bytes(window) -> tag, status, address, _, _
    if status { ret tag, 0, 0, status }
    call specs_at(address) -> entries, bytes
    ret tag, entries, bytes, port.OK
}

;; Sends what \`read\` does.
func send_read(window: i32, tag: i32, entry: i32, address: i32, bytes: i32) -> i32 {
    local argument: i64
    extendu argument, entry
    call port.send(window, READ, tag, 0, 0, address, bytes, argument) -> tag
    ret tag
}

;; Sends what \`write\` does.
func send_write(window: i32, tag: i32, entry: i32, address: i32, bytes: i32) -> i32 {
    local argument: i64
    extendu argument, entry
    call port.send(window, WRITE, tag, address, bytes, 0, 0, argument) -> tag
    ret tag
}

;; Sends what \`flush\` does. It makes only those writes last whose answers have been received.
func send_flush(window: i32, tag: i32) -> i32 {
    call port.send(window, FLUSH, tag, 0, 0, 0, 0, 0) -> tag
    ret tag
}

; The status to refuse a request with, or \`OK\`.
func judge(operation: i32, bytes: i32, answer_bytes: i32, argument: i64, entries: i32, entry_bytes: i32) -> i32 {
    local rest: i32, end, limit: i64
    if eq operation, 0 { ret port.NOT_SUPPORTED }
    if gtu operation, FLUSH { ret port.NOT_SUPPORTED }
    if neq operation, WRITE {
        if bytes { ret port.BAD_REQUEST }
        if neq operation, READ { ret port.OK }
        mov bytes, answer_bytes
    }
    if eq bytes, 0 { ret port.BAD_REQUEST }
    remu rest, bytes, entry_bytes
    if rest { ret port.BAD_REQUEST }
    extendu limit, entries
    if gtu argument, limit { ret port.NO_SPACE }
    divu bytes, bytes, entry_bytes
    extendu end, bytes
    add end, end, argument
    if gtu end, limit { ret port.NO_SPACE }
    ret port.OK
}

;; Server: sleeps until a request is there that the disk of that size can carry out, and takes it: operation, tag for the reply, first
;; entry, address, bytes. \`WRITE\`: the payload. \`READ\`: how many bytes to answer with; the address is the offer's. Operation 0: the port
;; is faulted. All offers have \`buffer_bytes\` bytes; what the disk can't do is refused here.
func take(window: i32, buffer_bytes: i32, entries: i32, entry_bytes: i32) -> i32, i32, i32, i32, i32 {
    local operation, tag, address, bytes, answer_bytes, status: i32, argument: i64
    loop {
        call port.take_request(window, buffer_bytes) -> operation, tag, _, address, bytes, answer_bytes, argument
        if eq tag, 0 { ret 0, 0, 0, 0, 0 }
        call judge(operation, bytes, answer_bytes, argument, entries, entry_bytes) -> status
        break if eq status, port.OK
        call port.refuse(window, tag, status, address, buffer_bytes)
    }
    if eq operation, READ { mov bytes, answer_bytes }
    wrap answer_bytes, argument
    ret operation, tag, answer_bytes, address, bytes
}

;; Server: answers \`SPECS\`.
func reply_specs(window: i32, tag: i32, entries: i32, entry_bytes: i32) {
    store [answer], entries
    store [answer + 4], entry_bytes
    call port.reply(window, tag, port.OK, answer, SPECS_BYTES, 0)
}

;; Server: answers \`READ\` with \`bytes\` bytes at \`address\`.
func reply_read(window: i32, tag: i32, address: i32, bytes: i32) {
    call port.reply(window, tag, port.OK, address, bytes, 0)
}
`,
  "format": `; Numbers as text. Each routine writes ASCII at \`address\`, without NUL, and gives the count of bytes: in decimal
; at most 11 for 32 bits and 20 for 64, in hexadecimal as many as were asked for. Nothing can go wrong. O(digits).

data scratch: [24]

;; Writes an unsigned 32-bit number in decimal.
func unsigned(address: i32, value: i32) -> i32 {
    local at, ten, quotient, digit: i32
    mov at, scratch + 10
    mov ten, 10
    loop {
        sub at, at, 1
        divu quotient, value, ten
        mul digit, quotient, 10
        sub digit, value, digit
        add digit, digit, '0'
        store8 [at], digit
        mov value, quotient
    } while value
    sub digit, scratch + 10, at
    copy address, at, digit
    ret digit
}

;; Writes a signed 32-bit number in decimal.
func signed(address: i32, value: i32) -> i32 {
    local bytes, minus: i32
    if lt value, 0 {
        store8 [address], '-'
        add address, address, 1
        neg value, value
        mov minus, 1
    }
    call unsigned(address, value) -> bytes
    add bytes, bytes, minus
    ret bytes
}

; Writes the last \`digits\` decimal digits of an unsigned number, leading zeros included.
func last_digits(address: i32, value: i32, digits: i32) {
    local at, ten, quotient, digit: i32
    mov ten, 10
    add at, address, digits
    loop while neq at, address {
        sub at, at, 1
        divu quotient, value, ten
        mul digit, quotient, 10
        sub digit, value, digit
        add digit, digit, '0'
        store8 [at], digit
        mov value, quotient
    }
}

;; Writes an unsigned number with at least \`digits\` decimal digits, zeros in front.
func padded(address: i32, value: i32, digits: i32) -> i32 {
    local bytes: i32
    call unsigned(address, value) -> bytes
    if ltu bytes, digits {
        call last_digits(address, value, digits)
        mov bytes, digits
    }
    ret bytes
}

;; Writes an unsigned 64-bit number in decimal.
func unsigned64(address: i32, value: i64) -> i32 {
    local bytes, low: i32, quotient, part: i64
    mov part, 1_000_000_000
    if ltu value, part {
        wrap low, value
        call unsigned(address, low) -> bytes
        ret bytes
    }
    ; Nine digits at a time, so that the slow 64-bit division is rare.
    divu quotient, value, part
    mul part, part, quotient
    sub part, value, part
    call unsigned64(address, quotient) -> bytes
    add address, address, bytes
    wrap low, part
    call last_digits(address, low, 9)
    add bytes, bytes, 9
    ret bytes
}

;; Writes a signed 64-bit number in decimal.
func signed64(address: i32, value: i64) -> i32 {
    local bytes, minus: i32
    if lt value, 0 {
        store8 [address], '-'
        add address, address, 1
        neg value, value
        mov minus, 1
    }
    call unsigned64(address, value) -> bytes
    add bytes, bytes, minus
    ret bytes
}

;; Writes an unsigned 64-bit number in decimal, blanks in front, in a column at least \`width\` bytes wide.
func column(address: i32, value: i64, width: i32) -> i32 {
    local bytes, blanks, at: i32
    call unsigned64(address, value) -> bytes
    if ltu bytes, width {
        sub blanks, width, bytes
        add at, address, blanks
        copy at, address, bytes
        fill address, ' ', blanks
        mov bytes, width
    }
    ret bytes
}

;; Writes the low \`digits\` hexadecimal digits, 0 to 8, of a number, in lower case.
func hex(address: i32, value: i32, digits: i32) -> i32 {
    local at, digit: i32
    add at, address, digits
    loop while neq at, address {
        sub at, at, 1
        and digit, value, 15
        if gtu digit, 9 { add digit, digit, 'a' - 10 - '0' }
        add digit, digit, '0'
        store8 [at], digit
        shru value, value, 4
    }
    ret digits
}

;; Writes the low \`digits\` hexadecimal digits, 0 to 16, of a 64-bit number, in lower case.
func hex64(address: i32, value: i64, digits: i32) -> i32 {
    local low, high: i32
    wrap low, value
    if lteu digits, 8 {
        call hex(address, low, digits) -> _
        ret digits
    }
    shru value, value, 32
    wrap high, value
    sub digits, digits, 8
    call hex(address, high, digits) -> _
    add address, address, digits
    call hex(address, low, 8) -> _
    add digits, digits, 8
    ret digits
}

;; Writes \`bytes\` bytes at \`from\` as two hexadecimal digits each, in lower case.
func hex_bytes(address: i32, from: i32, bytes: i32) -> i32 {
    local end, byte: i32
    add end, from, bytes
    loop while neq from, end {
        load8u byte, [from]
        call hex(address, byte, 2) -> _
        add address, address, 2
        add from, from, 1
    }
    shl bytes, bytes, 1
    ret bytes
}
`,
  "io": `; Streams of bytes over a \`pu\` port, such as the terminal: a message with bytes writes them, an empty one reads the next.
;
; \`put\` and \`get\` move bytes at once. A reader or a writer moves them through a buffer, so that small steps are cheap; its
; state is a piece of data of \`READER\` or \`WRITER\` bytes. A buffer of the port's largest message is best:
;
;     port terminal: pu client { message 256 KiB }
;     data output: [io.WRITER]
;     data output_buffer: [terminal.message]
;         call io.open_writer(output, terminal, output_buffer, len(output_buffer))
;
; No other request may be under way on the port. Statuses are those of \`port\`: 0 is good.
use "port"

; Room for an answer that has no bytes.
data spare: [1]

; A reader's state: window, buffer, its bytes, the next byte not yet read, the end of those received, status.
const READER = 24
const READ_WINDOW = 0
const READ_BUFFER = 4
const READ_BYTES = 8
const READ_NEXT = 12
const READ_END = 16
;; Word of a reader's state: 0, \`port.END\` after the last byte, or what went wrong.
const READ_STATUS = 20

; A writer's state: window, buffer, its end, where the next byte goes, status.
const WRITER = 20
const WRITE_WINDOW = 0
const WRITE_BUFFER = 4
const WRITE_END = 8
const WRITE_NEXT = 12
;; Word of a writer's state: 0, or what went wrong; nothing more is written then.
const WRITE_STATUS = 16

;; Writes \`bytes\` bytes at \`address\`, in as many messages as the port's limit asks for. Gives a status.
func put(window: i32, address: i32, bytes: i32) -> i32 {
    local limit, count, status: i32
    load limit, [window + port.MESSAGE_BYTES]
    loop while bytes {
        if eq limit, 0 { ret port.TOO_LARGE }
        mov count, bytes
        if gtu count, limit { mov count, limit }
        call port.ask(window, port.MESSAGE, address, count, 0, 0, 0) -> status, _, _
        if status { ret status }
        add address, address, count
        sub bytes, bytes, count
    }
    ret port.OK
}

;; Reads the next bytes, at least one and at most \`bytes\`, to \`address\`; sleeps until there are some. Gives their
;; count and a status: \`port.END\` when the stream has ended.
func get(window: i32, address: i32, bytes: i32) -> i32, i32 {
    local limit, status: i32
    load limit, [window + port.MESSAGE_BYTES]
    if gtu bytes, limit { mov bytes, limit }
    call port.ask(window, port.MESSAGE, 0, 0, address, bytes, 0) -> status, bytes, _
    ret bytes, status
}

;; For a stream that has ended: how many bytes it had from beginning to end, where that was known beforehand because it was a
;; file; else -1.
func known_bytes(window: i32) -> i64 {
    local status: i32, argument: i64
    call port.ask(window, port.MESSAGE, 0, 0, spare, len(spare), 0) -> status, _, argument
    if neq status, port.END { ret -1 }
    ; The answer is one more than the size, and 0 for none.
    add argument, argument, -1
    ret argument
}

;; Makes a reader at \`state\` that reads from a port through the buffer of \`bytes\` bytes at \`address\`.
func open_reader(state: i32, window: i32, address: i32, bytes: i32) {
    store [state + READ_WINDOW], window
    store [state + READ_BUFFER], address
    store [state + READ_BYTES], bytes
    store [state + READ_NEXT], address
    store [state + READ_END], address
    store [state + READ_STATUS], port.OK
}

; Fills an empty buffer. The buffer stays empty when the stream has ended or failed.
func refill(state: i32) {
    local window, address, bytes, status: i32
    load status, [state + READ_STATUS]
    if status { ret }
    load window, [state + READ_WINDOW]
    load address, [state + READ_BUFFER]
    load bytes, [state + READ_BYTES]
    call get(window, address, bytes) -> bytes, status
    store [state + READ_NEXT], address
    add address, address, bytes
    store [state + READ_END], address
    store [state + READ_STATUS], status
}

;; The next bytes, all that the buffer has, without copying: address and count. They stay until the next read. Count 0: the
;; stream has ended or failed, see \`READ_STATUS\`.
func read_chunk(state: i32) -> i32, i32 {
    local next, end: i32
    load next, [state + READ_NEXT]
    load end, [state + READ_END]
    if eq next, end {
        call refill(state)
        load next, [state + READ_NEXT]
        load end, [state + READ_END]
    }
    store [state + READ_NEXT], end
    sub end, end, next
    ret next, end
}

;; The next byte, or -1 when the stream has ended or failed, see \`READ_STATUS\`.
func read_byte(state: i32) -> i32 {
    local next, end: i32
    load next, [state + READ_NEXT]
    load end, [state + READ_END]
    if eq next, end {
        call refill(state)
        load next, [state + READ_NEXT]
        load end, [state + READ_END]
        if eq next, end { ret -1 }
    }
    load8u end, [next]
    add next, next, 1
    store [state + READ_NEXT], next
    ret end
}

;; Reads to \`address\` until \`bytes\` bytes are there, or the stream has ended or failed. Gives their count.
func read(state: i32, address: i32, bytes: i32) -> i32 {
    local next, end, count, left: i32
    mov left, bytes
    loop while left {
        load next, [state + READ_NEXT]
        load end, [state + READ_END]
        if eq next, end {
            call refill(state)
            load next, [state + READ_NEXT]
            load end, [state + READ_END]
            break if eq next, end
        }
        sub count, end, next
        if gtu count, left { mov count, left }
        copy address, next, count
        add next, next, count
        store [state + READ_NEXT], next
        add address, address, count
        sub left, left, count
    }
    sub left, bytes, left
    ret left
}

;; Makes a writer at \`state\` that writes to a port through the buffer of \`bytes\` bytes (at least one) at \`address\`.
func open_writer(state: i32, window: i32, address: i32, bytes: i32) {
    store [state + WRITE_WINDOW], window
    store [state + WRITE_BUFFER], address
    store [state + WRITE_NEXT], address
    add address, address, bytes
    store [state + WRITE_END], address
    store [state + WRITE_STATUS], port.OK
}

; Hands bytes to the port, unless a write failed before, and keeps the status.
func emit(state: i32, address: i32, bytes: i32) {
    local window, status: i32
    load status, [state + WRITE_STATUS]
    if status { ret }
    load window, [state + WRITE_WINDOW]
    call put(window, address, bytes) -> status
    store [state + WRITE_STATUS], status
}

;; Writes all that the buffer holds. Gives a status: 0 if every byte since \`open_writer\` was written.
func flush(state: i32) -> i32 {
    local buffer, next, status: i32
    load buffer, [state + WRITE_BUFFER]
    load next, [state + WRITE_NEXT]
    store [state + WRITE_NEXT], buffer
    sub next, next, buffer
    call emit(state, buffer, next)
    load status, [state + WRITE_STATUS]
    ret status
}

;; Writes \`bytes\` bytes at \`address\`. What goes wrong shows at the next \`flush\`.
func write(state: i32, address: i32, bytes: i32) {
    local next, end, room: i32
    load next, [state + WRITE_NEXT]
    load end, [state + WRITE_END]
    sub room, end, next
    if gtu bytes, room {
        call flush(state) -> _
        load next, [state + WRITE_NEXT]
        sub room, end, next
        if gtu bytes, room {
            call emit(state, address, bytes)
            ret
        }
    }
    copy next, address, bytes
    add next, next, bytes
    store [state + WRITE_NEXT], next
}

;; Writes the low byte of a value. What goes wrong shows at the next \`flush\`.
func write_byte(state: i32, value: i32) {
    local next, end: i32
    load next, [state + WRITE_NEXT]
    load end, [state + WRITE_END]
    if eq next, end {
        call flush(state) -> _
        load next, [state + WRITE_NEXT]
    }
    store8 [next], value
    add next, next, 1
    store [state + WRITE_NEXT], next
}
`,
  "keyboard": `; A keyboard: events of keys, in order. An event is an i32 code at \`EVENT_CODE\`, a Unicode code point or one of the constants below, and an i32
; at \`EVENT_PRESSED\`, 1 for pressed and 0 for released. Statuses are those of \`port\`: 0 is good.
;
; Client: an operation by its name asks and sleeps; \`send_...\` only sends (1, or 0 if the port takes no more now); \`receive_...\`
; collects. Server: \`port.offer\` buffers, \`take\` a request, answer it with \`reply_specs\` or \`reply_events\`, and offer the buffer again.
use "port"

const SPECS = 1
const EVENTS = 2
const NEXT = 3

;; Bytes of the answer to \`SPECS\`.
const SPECS_BYTES = 16
;; Bytes of an event, and where in it its words are.
const EVENT_BYTES = 8
const EVENT_CODE = 0
const EVENT_PRESSED = 4

; Codes of control keys. F1 is \`F1\`, F2 is \`F1 - 1\`, and so on.
const LEFT = -1
const RIGHT = -2
const UP = -3
const DOWN = -4
const LEFT_SHIFT = -5
const RIGHT_SHIFT = -6
const ALT = -7
const ALT_GR = -8
const LEFT_CTRL = -9
const RIGHT_CTRL = -10
const LINE_FEED = -11
const TAB = -12
const CARRIAGE_RETURN = -13
const SPACE = -14
const F1 = -15
const HOME = -39
const PAGE_UP = -40
const PAGE_DOWN = -41
const END = -42
const ESCAPE = -43
const DELETE = -44
const INSERT = -45
const PRINT_SCREEN = -46
const BACKSPACE = -47

data answer align 8: [SPECS_BYTES]

; The words of specs.
func specs_at(address: i32) -> i32, i64, i32 {
    local characters, history: i32, controls: i64
    load characters, [address]
    load history, [address + 4]
    load controls, [address + 8]
    ret characters, controls, history
}

;; How many different characters there are, the control keys as a set (bit n - 1: key -n), how many events are kept, and a status.
func specs(window: i32) -> i32, i64, i32, i32 {
    local status, characters, history: i32, controls: i64
    call port.ask(window, SPECS, 0, 0, answer, len(answer), 0) -> status, _, _
    if status { ret 0, 0, 0, status }
    call specs_at(answer) -> characters, controls, history
    ret characters, controls, history, port.OK
}

;; The events since the last call, oldest first, to \`address\`, where \`bytes\` bytes are free: a multiple of \`EVENT_BYTES\`. Does not sleep for a
;; key. Gives how many events came, how many were lost because nobody took them, and a status.
func events(window: i32, address: i32, bytes: i32) -> i32, i64, i32 {
    local status: i32, lost: i64
    call port.ask(window, EVENTS, 0, 0, address, bytes, 0) -> status, bytes, lost
    divu bytes, bytes, EVENT_BYTES
    ret bytes, lost, status
}

;; As \`events\`, but sleeps until there is at least one.
func next(window: i32, address: i32, bytes: i32) -> i32, i64, i32 {
    local status: i32, lost: i64
    call port.ask(window, NEXT, 0, 0, address, bytes, 0) -> status, bytes, lost
    divu bytes, bytes, EVENT_BYTES
    ret bytes, lost, status
}

;; Asks for the specs, \`SPECS_BYTES\` bytes that will come to \`answer\`.
func send_specs(window: i32, tag: i32, answer: i32) -> i32 {
    call port.send(window, SPECS, tag, 0, 0, answer, SPECS_BYTES, 0) -> tag
    ret tag
}

;; Sleeps until the answer to \`send_specs\` is there: tag, characters, control keys, history, status.
func receive_specs(window: i32) -> i32, i32, i64, i32, i32 {
    local tag, status, address, characters, history: i32, controls: i64
    call port.receive_bytes(window) -> tag, status, address, _, _
    if status { ret tag, 0, 0, 0, status }
    call specs_at(address) -> characters, controls, history
    ret tag, characters, controls, history, port.OK
}

;; Sends what \`events\` does.
func send_events(window: i32, tag: i32, address: i32, bytes: i32) -> i32 {
    call port.send(window, EVENTS, tag, 0, 0, address, bytes, 0) -> tag
    ret tag
}

;; Sends what \`next\` does: the answer comes when a key is pressed or released, and the program may do other things meanwhile.
func send_next(window: i32, tag: i32, address: i32, bytes: i32) -> i32 {
    call port.send(window, NEXT, tag, 0, 0, address, bytes, 0) -> tag
    ret tag
}

;; Sleeps until the answer to \`send_events\` or \`send_next\` is there: tag, count of events, how many were lost, status.
func receive_events(window: i32) -> i32, i32, i64, i32 {
    local tag, status, bytes: i32, lost: i64
    call port.receive(window) -> tag, status, bytes, lost
    divu bytes, bytes, EVENT_BYTES
    ret tag, bytes, lost, status
}

; The status to refuse a request with, or \`OK\`.
func judge(operation: i32, bytes: i32, answer_bytes: i32) -> i32 {
    if eq operation, 0 { ret port.NOT_SUPPORTED }
    if gtu operation, NEXT { ret port.NOT_SUPPORTED }
    if bytes { ret port.BAD_REQUEST }
    if eq operation, SPECS { ret port.OK }
    if eq answer_bytes, 0 { ret port.BAD_REQUEST }
    remu answer_bytes, answer_bytes, EVENT_BYTES
    if answer_bytes { ret port.BAD_REQUEST }
    ret port.OK
}

;; Server: sleeps until a request is there that makes sense, and takes it: operation, tag for the reply, address of its buffer, bytes that
;; the client has room for. Operation 0: the port is faulted. All offers have \`buffer_bytes\` bytes; a keyboard's need none. What makes
;; no sense is refused here.
func take(window: i32, buffer_bytes: i32) -> i32, i32, i32, i32 {
    local operation, tag, address, bytes, answer_bytes, status: i32
    loop {
        call port.take_request(window, buffer_bytes) -> operation, tag, _, address, bytes, answer_bytes, _
        if eq tag, 0 { ret 0, 0, 0, 0 }
        call judge(operation, bytes, answer_bytes) -> status
        break if eq status, port.OK
        call port.refuse(window, tag, status, address, buffer_bytes)
    }
    ret operation, tag, address, answer_bytes
}

;; Server: answers \`SPECS\`.
func reply_specs(window: i32, tag: i32, characters: i32, controls: i64, history: i32) {
    store [answer], characters
    store [answer + 4], history
    store [answer + 8], controls
    call port.reply(window, tag, port.OK, answer, SPECS_BYTES, 0)
}

;; Server: answers \`EVENTS\` or \`NEXT\` with \`count\` events at \`address\`; \`lost\` events are missing before them.
func reply_events(window: i32, tag: i32, address: i32, count: i32, lost: i64) {
    mul count, count, EVENT_BYTES
    call port.reply(window, tag, port.OK, address, count, lost)
}
`,
  "memory": `; Bytes in memory: comparing and searching. Copying and filling are the instructions \`copy\` and \`fill\`.

;; Compares \`bytes\` bytes at two addresses as unsigned numbers: -1, 0 or 1. O(bytes), four a turn.
func compare(a: i32, b: i32, bytes: i32) -> i32 {
    local x, y: i32
    loop while gteu bytes, 4 {
        load x, [a]
        load y, [b]
        break if neq x, y
        add a, a, 4
        add b, b, 4
        sub bytes, bytes, 4
    }
    loop while bytes {
        load8u x, [a]
        load8u y, [b]
        if neq x, y {
            ltu x, y, x
            shl x, x, 1
            sub x, x, 1
            ret x
        }
        add a, a, 1
        add b, b, 1
        sub bytes, bytes, 1
    }
    ret 0
}

;; The index of the first of \`bytes\` bytes at \`address\` that equals the low byte of \`value\`, or -1. O(bytes), four a turn.
func find(address: i32, bytes: i32, value: i32) -> i32 {
    local start, end, last, pattern, x, t: i32
    mov start, address
    add end, address, bytes
    and value, value, 255
    if gteu bytes, 4 {
        mul pattern, value, 0x01010101
        sub last, end, 4
        loop {
            ; A byte that equals becomes 0, and only a word with a 0 among its bytes passes the test.
            load x, [address]
            xor x, x, pattern
            sub t, x, 0x01010101
            xor x, x, -1
            and t, t, x
            and t, t, 0x80808080
            if t {
                ctz t, t
                shru t, t, 3
                add address, address, t
                sub address, address, start
                ret address
            }
            add address, address, 4
        } while lteu address, last
    }
    loop while neq address, end {
        load8u x, [address]
        if eq x, value {
            sub address, address, start
            ret address
        }
        add address, address, 1
    }
    ret -1
}
`,
  "parse": `; Numbers from text: \`bytes\` bytes at \`address\`, all of them. A decimal number is an optional \`+\` or \`-\` and then
; one digit or more. Each routine gives the value and a status; the value is 0 unless the status is \`OK\`. O(bytes).

const OK = 0
;; The text is not a decimal number.
const NOT_A_NUMBER = 1
;; The number does not fit.
const OUT_OF_RANGE = 2

;; A signed 64-bit number.
func decimal64(address: i32, bytes: i32) -> i64, i32 {
    local end, byte, minus: i32, value, digit, ten, tenth, most: i64
    add end, address, bytes
    mov most, 0x7fffffffffffffff
    if neq address, end {
        load8u byte, [address]
        eq minus, byte, '-'
        eq byte, byte, '+'
        or byte, byte, minus
        add address, address, byte
        extendu digit, minus
        add most, most, digit
    }
    if eq address, end { ret 0, NOT_A_NUMBER }
    mov ten, 10
    mov tenth, 922337203685477580
    loop {
        load8u byte, [address]
        sub byte, byte, '0'
        if gtu byte, 9 { ret 0, NOT_A_NUMBER }
        ; A number that is too large goes on, in case that a letter follows: it stays too large.
        if gtu value, tenth {
            mov value, -1
        } else {
            mul value, value, ten
            extendu digit, byte
            add value, value, digit
        }
        add address, address, 1
    } while neq address, end
    if gtu value, most { ret 0, OUT_OF_RANGE }
    if minus { neg value, value }
    ret value, OK
}

;; A signed 32-bit number.
func decimal(address: i32, bytes: i32) -> i32, i32 {
    local value, status: i32, wide, back: i64
    call decimal64(address, bytes) -> wide, status
    if status { ret 0, status }
    wrap value, wide
    extend back, value
    if neq back, wide { ret 0, OUT_OF_RANGE }
    ret value, OK
}
`,
  "port": `; Ports from a program's side: windows, rings, and the three instructions \`bell\`, \`wait\` and \`poll\`.
;
; A port is named by the address of its window: \`call port.ask(terminal, ...)\`. A routine that sends rings the bell itself;
; a routine that receives sleeps until there is something. Client: \`send\`, \`receive\`, or both as \`ask\`. Server: \`offer\` an
; empty buffer, \`take\` a request, \`reply\` to it. On both sides \`ready\` and \`sent\` look without sleeping. Nothing here
; allocates, and every routine takes constant time beside the bytes that the machine copies.
;
; Devices have files of their own with routines for each operation, all made alike: \`disk.read\` asks and sleeps,
; \`disk.send_read\` only sends, \`disk.receive_...\` or \`port.receive\` collects; a program that plays the device uses
; \`disk.take\` and \`disk.reply_...\`, or \`port.answer\` where only a status goes back.

; Words of a window.
const DEPTH = 12
const MESSAGE_BYTES = 16
const EPOCH = 20
const FAULT = 24
const CREDIT = 28
const OUT_PRODUCER = 32
const OUT_CONSUMER = 36
const IN_PRODUCER = 40
const IN_CONSUMER = 44
const NUMBER = 48
const RINGS = 64

; Words of a ring's entry.
const ENTRY_BYTES = 40
const OPERATION = 0
const TAG = 4
const STATUS = 8
const SESSION = 12
const ADDRESS = 16
const BYTES = 20
const REPLY_ADDRESS = 24
const REPLY_BYTES = 28
const ARGUMENT = 32

; Operations that every protocol has.
const CANCEL = 0xffff0001
const OFFER = 0xffff0002
const REPLY = 0xffff0003
const OPEN = 0xffff0004
const CLOSE = 0xffff0005

;; The operation of the \`pu\` protocol: bytes go out, an answer comes back.
const MESSAGE = 1

; Statuses. \`FAULTED\` is not a device's word: the port's own window reports a fault, and nothing moves there any more.
const OK = 0
const END = 1
const CANCELLED = 2
const PEER_RESET = 3
const BAD_REQUEST = 4
const TOO_LARGE = 5
const DEVICE_FAILED = 6
const NO_SPACE = 7
const NOT_SUPPORTED = 8
const FAULTED = -1

; Writes one outgoing entry and rings the bell. Whoever calls has made sure that the ring has room.
func put(window: i32, operation: i32, tag: i32, status: i32, address: i32, bytes: i32, answer: i32, answer_bytes: i32, argument: i64) {
    local producer, entry, number: i32
    load producer, [window + OUT_PRODUCER]
    load entry, [window + DEPTH]
    sub entry, entry, 1
    and entry, entry, producer
    mul entry, entry, ENTRY_BYTES
    add entry, entry, window
    store [entry + RINGS + OPERATION], operation
    store [entry + RINGS + TAG], tag
    store [entry + RINGS + STATUS], status
    store [entry + RINGS + ADDRESS], address
    store [entry + RINGS + BYTES], bytes
    store [entry + RINGS + REPLY_ADDRESS], answer
    store [entry + RINGS + REPLY_BYTES], answer_bytes
    store [entry + RINGS + ARGUMENT], argument
    add producer, producer, 1
    store [window + OUT_PRODUCER], producer
    load number, [window + NUMBER]
    bell number
}

; The address of the oldest incoming entry, for which it sleeps; 0 if the port is faulted. The entry stays in the ring.
func oldest(window: i32) -> i32 {
    local consumer, producer, entry, depth: i32, mask, news: i64
    loop {
        load consumer, [window + IN_CONSUMER]
        load producer, [window + IN_PRODUCER]
        break if neq consumer, producer
        load depth, [window + FAULT]
        if depth { ret 0 }
        load depth, [window + NUMBER]
        extendu news, depth
        mov mask, 1
        shl mask, mask, news
        wait news, mask
    }
    load depth, [window + DEPTH]
    sub entry, depth, 1
    and entry, entry, consumer
    add entry, entry, depth
    mul entry, entry, ENTRY_BYTES
    add entry, entry, window
    add entry, entry, RINGS
    ret entry
}

; Gives the oldest incoming entry back to the ring.
func drop(window: i32) {
    local consumer: i32
    load consumer, [window + IN_CONSUMER]
    add consumer, consumer, 1
    store [window + IN_CONSUMER], consumer
}

;; Looks without sleeping: 1 if an incoming entry waits, else 0.
func ready(window: i32) -> i32 {
    local consumer, producer: i32, mask, news: i64
    load consumer, [window + NUMBER]
    extendu news, consumer
    mov mask, 1
    shl mask, mask, news
    poll news, mask
    load consumer, [window + IN_CONSUMER]
    load producer, [window + IN_PRODUCER]
    neq consumer, consumer, producer
    ret consumer
}

;; Looks without sleeping: how many requests (of a server: offers) the port takes now. A faulted port takes none.
func room(window: i32) -> i32 {
    local credit, producer: i32
    load credit, [window + FAULT]
    if credit { ret 0 }
    load credit, [window + CREDIT]
    load producer, [window + OUT_PRODUCER]
    if eq credit, producer {
        ; Entries that were consumed count as credit only after the next \`poll\`.
        call ready(window) -> _
        load credit, [window + CREDIT]
    }
    sub credit, credit, producer
    ret credit
}

;; Looks without sleeping: 1 if everything that was put into the ring has been taken out of it, so that its payloads may be
;; overwritten; else 0. Behind the routines here, which ring at once, it is 0 only on a faulted port.
func sent(window: i32) -> i32 {
    local producer, consumer: i32
    load producer, [window + OUT_PRODUCER]
    load consumer, [window + OUT_CONSUMER]
    eq producer, producer, consumer
    ret producer
}

;; Client: sends a request with \`bytes\` bytes at \`address\`; its answer may take \`answer_bytes\` bytes at \`answer\`, which belong
;; to the port until the answer is received. \`tag\` tells answers apart: unique among requests that are not answered.
;; Gives 1, or 0 if the port takes no more now, or never so many bytes.
func send(window: i32, operation: i32, tag: i32, address: i32, bytes: i32, answer: i32, answer_bytes: i32, argument: i64) -> i32 {
    local free: i32
    load free, [window + MESSAGE_BYTES]
    if gtu bytes, free { ret 0 }
    call room(window) -> free
    if eq free, 0 { ret 0 }
    call put(window, operation, tag, OK, address, bytes, answer, answer_bytes, argument)
    ret 1
}

;; Client: gives up the request of a tag. That request then completes with the status \`CANCELLED\`, unless its answer was on the way.
func cancel(window: i32, tag: i32) {
    local argument: i64
    extendu argument, tag
    call put(window, CANCEL, 0, OK, 0, 0, 0, 0, argument)
}

;; Client: sleeps until an answer is there and takes it: tag, status, bytes written to the reply buffer, argument.
;; Status \`FAULTED\` if the port is faulted.
func receive(window: i32) -> i32, i32, i32, i64 {
    local entry, tag, status, bytes: i32, argument: i64
    call oldest(window) -> entry
    if eq entry, 0 { ret 0, FAULTED, 0, 0 }
    load tag, [entry + TAG]
    load status, [entry + STATUS]
    load bytes, [entry + BYTES]
    load argument, [entry + ARGUMENT]
    call drop(window)
    ret tag, status, bytes, argument
}

;; Client: as \`receive\`, and also where the answer's bytes lie: tag, status, address, bytes, argument.
func receive_bytes(window: i32) -> i32, i32, i32, i32, i64 {
    local entry, address, tag, status, bytes: i32, argument: i64
    call oldest(window) -> entry
    if eq entry, 0 { ret 0, FAULTED, 0, 0, 0 }
    load address, [entry + ADDRESS]
    call receive(window) -> tag, status, bytes, argument
    ret tag, status, address, bytes, argument
}

;; Client: sends a request and sleeps until its answer is there: status, bytes written to the reply buffer, argument.
;; For ports on which the program has no other request under way. Status \`TOO_LARGE\` if the port never takes so many
;; bytes, \`FAULTED\` if it is faulted.
func ask(window: i32, operation: i32, address: i32, bytes: i32, answer: i32, answer_bytes: i32, argument: i64) -> i32, i32, i64 {
    local gone, status, count: i32
    load count, [window + MESSAGE_BYTES]
    if gtu bytes, count { ret TOO_LARGE, 0, 0 }
    call send(window, operation, 0, address, bytes, answer, answer_bytes, argument) -> gone
    if eq gone, 0 { ret FAULTED, 0, 0 }
    call receive(window) -> _, status, count, argument
    ret status, count, argument
}

;; Server: offers an empty buffer of \`bytes\` bytes at \`address\` for one request (or the news that a session opened or closed).
;; Gives 1, or 0 if the port takes no more now.
func offer(window: i32, address: i32, bytes: i32) -> i32 {
    local free: i32
    call room(window) -> free
    if eq free, 0 { ret 0 }
    call put(window, OFFER, 0, OK, address, bytes, 0, 0, 0)
    ret 1
}

;; Server: sleeps until a request is there and takes it: operation, tag for the reply, session, address and bytes
;; in the offer that it filled, bytes that the client can take, argument. Operation \`OPEN\` or \`CLOSE\` is news of the session
;; and gets no reply. Operation 0: the port is faulted.
func take(window: i32) -> i32, i32, i32, i32, i32, i32, i64 {
    local entry, operation, tag, session, address, bytes, answer_bytes: i32, argument: i64
    call oldest(window) -> entry
    if eq entry, 0 { ret 0, 0, 0, 0, 0, 0, 0 }
    load operation, [entry + OPERATION]
    load tag, [entry + TAG]
    load session, [entry + SESSION]
    load address, [entry + ADDRESS]
    load bytes, [entry + BYTES]
    load answer_bytes, [entry + REPLY_BYTES]
    load argument, [entry + ARGUMENT]
    call drop(window)
    ret operation, tag, session, address, bytes, answer_bytes, argument
}

;; Server: answers the request of a tag with a status, \`bytes\` bytes at \`address\`, and an argument.
func reply(window: i32, tag: i32, status: i32, address: i32, bytes: i32, argument: i64) {
    call put(window, REPLY, tag, status, address, bytes, 0, 0, argument)
}
;; Server: answers the request of a tag with nothing but a status.
func answer(window: i32, tag: i32, status: i32) {
    call reply(window, tag, status, 0, 0, 0)
}

;; Server: as \`take\`, for whom sessions mean nothing: what opens or closes one is passed over. All offers have \`buffer_bytes\` bytes;
;; the buffer of what is passed over is offered again.
func take_request(window: i32, buffer_bytes: i32) -> i32, i32, i32, i32, i32, i32, i64 {
    local operation, tag, session, address, bytes, answer_bytes: i32, argument: i64
    loop {
        call take(window) -> operation, tag, session, address, bytes, answer_bytes, argument
        break if ltu operation, CANCEL
        call offer(window, address, buffer_bytes) -> _
    }
    ret operation, tag, session, address, bytes, answer_bytes, argument
}

;; Server: answers a request that makes no sense with a status, and offers its buffer again.
func refuse(window: i32, tag: i32, status: i32, address: i32, buffer_bytes: i32) {
    call answer(window, tag, status)
    call offer(window, address, buffer_bytes) -> _
}
`,
  "pu": `; Messages over a link of the protocol \`pu\`: a request of bytes, and the answer to it. Streams of bytes, such as the terminal, are in \`io\`.
; Statuses are those of \`port\`: 0 is good.
;
; Client: \`ask\`, or \`send\` and \`receive\`. Server: \`port.offer\` a buffer, \`take\` a message, \`reply\` to it, offer the buffer again. On both
; sides \`port.ready\` tells whether there is something to receive, \`port.sent\` whether what was sent has gone.
use "port"

;; Client: sends \`bytes\` bytes at \`address\` and sleeps until the answer is there, of at most \`answer_bytes\` bytes, at \`answer\`. Gives the
;; bytes of the answer and a status.
func ask(window: i32, address: i32, bytes: i32, answer: i32, answer_bytes: i32) -> i32, i32 {
    local status: i32
    call port.ask(window, port.MESSAGE, address, bytes, answer, answer_bytes, 0) -> status, bytes, _
    ret bytes, status
}

;; Client: sends \`bytes\` bytes at \`address\`; the answer of at most \`answer_bytes\` bytes will come to \`answer\`. Gives 1, or 0 if the port
;; takes no more now, or never so many bytes.
func send(window: i32, tag: i32, address: i32, bytes: i32, answer: i32, answer_bytes: i32) -> i32 {
    local gone: i32
    call port.send(window, port.MESSAGE, tag, address, bytes, answer, answer_bytes, 0) -> gone
    ret gone
}

;; Client: sleeps until an answer is there and takes it: tag, address, bytes, status.
func receive(window: i32) -> i32, i32, i32, i32 {
    local tag, address, bytes, status: i32
    call port.receive_bytes(window) -> tag, status, address, bytes, _
    ret tag, address, bytes, status
}

;; Server: sleeps until a message is there and takes it: tag for the reply, session, address, bytes, most bytes that the answer may
;; have. Tag 0: the port is faulted. All offers have \`buffer_bytes\` bytes; what is no message is refused here.
func take(window: i32, buffer_bytes: i32) -> i32, i32, i32, i32, i32 {
    local operation, tag, session, address, bytes, answer_bytes: i32
    loop {
        call port.take_request(window, buffer_bytes) -> operation, tag, session, address, bytes, answer_bytes, _
        if eq operation, port.MESSAGE { ret tag, session, address, bytes, answer_bytes }
        if eq tag, 0 { ret 0, 0, 0, 0, 0 }
        call port.refuse(window, tag, port.NOT_SUPPORTED, address, buffer_bytes)
    }
}

;; Server: answers the message of a tag with \`bytes\` bytes at \`address\` and a status.
func reply(window: i32, tag: i32, address: i32, bytes: i32, status: i32) {
    call port.reply(window, tag, status, address, bytes, 0)
}
`,
  "puc": `; A controller of Processing Units: it puts programs on PUs, starts and stops them, and tells how they are. PUs and programs are numbered from
; 0. Statuses are those of \`port\`: 0 is good, \`NO_SPACE\` means a PU or program that does not exist, or a PU without a program.
;
; Client: an operation by its name asks and sleeps; \`send_...\` only sends (1, or 0 if the port takes no more now); \`receive_...\` or, where only
; a status comes back, \`port.receive\` collects. Server: \`port.offer\` buffers, \`take\` a request, answer it with \`reply_specs\`,
; \`reply_exception\`, \`reply_state\` or \`port.answer\`, and offer the buffer again.
use "port"

const SPECS = 1
const START = 2
const STOP = 3
const SET = 4
const EXCEPTION = 5
const STATE = 6
const ENDED = 7
const RESET = 8

;; Bytes of the answer to \`SPECS\`.
const SPECS_BYTES = 8
;; The program number that stands for none.
const NONE = 0xffffffff

; States of a PU. It runs while it is computing or waiting.
const EMPTY = 0
const STOPPED = 1
const COMPUTING = 2
const WAITING = 3
;; The detail is the program's first result.
const RETURNED = 4
;; The detail is the code of the trap. (\`EXCEPTION\` is the operation.)
const TRAPPED = 5

data answer: i32[2]

; The two words of specs.
func specs_at(address: i32) -> i32, i32 {
    local pus, programs: i32
    load pus, [address]
    load programs, [address + 4]
    ret pus, programs
}

; State and detail in one argument.
func halves(argument: i64) -> i32, i32 {
    local low, high: i32
    wrap low, argument
    shru argument, argument, 32
    wrap high, argument
    ret low, high
}

; An argument of two halves.
func both(low: i32, high: i32) -> i64 {
    local argument, upper: i64
    extendu argument, low
    extendu upper, high
    shl upper, upper, 32
    or argument, argument, upper
    ret argument
}

; Asks for an operation on a PU.
func on(window: i32, operation: i32, pu: i32) -> i32, i64 {
    local status: i32, argument: i64
    extendu argument, pu
    call port.ask(window, operation, 0, 0, 0, 0, argument) -> status, _, argument
    ret status, argument
}

; Sends an operation on a PU.
func send_on(window: i32, operation: i32, tag: i32, pu: i32) -> i32 {
    local argument: i64
    extendu argument, pu
    call port.send(window, operation, tag, 0, 0, 0, 0, argument) -> tag
    ret tag
}

;; How many PUs and how many programs there are, and a status.
func specs(window: i32) -> i32, i32, i32 {
    local status, pus, programs: i32
    call port.ask(window, SPECS, 0, 0, answer, len(answer), 0) -> status, _, _
    if status { ret 0, 0, status }
    call specs_at(answer) -> pus, programs
    ret pus, programs, port.OK
}

;; Lets the program of a PU run: on from where it stopped, or from its beginning if it has ended. Gives a status.
func start(window: i32, pu: i32) -> i32 {
    local status: i32
    call on(window, START, pu) -> status, _
    ret status
}

;; Stops the program of a PU, which keeps its state. Gives a status.
func stop(window: i32, pu: i32) -> i32 {
    local status: i32
    call on(window, STOP, pu) -> status, _
    ret status
}

;; Puts a program on a PU, or none: \`NONE\`. Whichever was there is stopped and keeps its state. Gives a status.
func set(window: i32, pu: i32, program: i32) -> i32 {
    local status: i32, argument: i64
    call both(pu, program) -> argument
    call port.ask(window, SET, 0, 0, 0, 0, argument) -> status, _, _
    ret status
}

;; Whether an exception stopped the program of a PU: the code of the trap, 0 if there was none; and a status.
func exception(window: i32, pu: i32) -> i32, i32 {
    local status, trap_code: i32, argument: i64
    call on(window, EXCEPTION, pu) -> status, argument
    wrap trap_code, argument
    ret trap_code, status
}

;; The state of a PU, its detail, and a status.
func state(window: i32, pu: i32) -> i32, i32, i32 {
    local status, found, detail: i32, argument: i64
    call on(window, STATE, pu) -> status, argument
    call halves(argument) -> found, detail
    ret found, detail, status
}

;; Sleeps until a PU does not run, or no longer. Gives its state, the detail, and a status.
func ended(window: i32, pu: i32) -> i32, i32, i32 {
    local status, found, detail: i32, argument: i64
    call on(window, ENDED, pu) -> status, argument
    call halves(argument) -> found, detail
    ret found, detail, status
}

;; Stops the program of a PU and sets it back to its beginning. Gives a status.
func reset(window: i32, pu: i32) -> i32 {
    local status: i32
    call on(window, RESET, pu) -> status, _
    ret status
}

;; Asks for the specs, \`SPECS_BYTES\` bytes that will come to \`answer\`.
func send_specs(window: i32, tag: i32, answer: i32) -> i32 {
    call port.send(window, SPECS, tag, 0, 0, answer, SPECS_BYTES, 0) -> tag
    ret tag
}

;; Sleeps until the answer to \`send_specs\` is there: tag, PUs, programs, status.
func receive_specs(window: i32) -> i32, i32, i32, i32 {
    local tag, status, address, pus, programs: i32
    call port.receive_bytes(window) -> tag, status, address, _, _
    if status { ret tag, 0, 0, status }
    call specs_at(address) -> pus, programs
    ret tag, pus, programs, port.OK
}

;; Sends what \`start\` does.
func send_start(window: i32, tag: i32, pu: i32) -> i32 {
    call send_on(window, START, tag, pu) -> tag
    ret tag
}

;; Sends what \`stop\` does.
func send_stop(window: i32, tag: i32, pu: i32) -> i32 {
    call send_on(window, STOP, tag, pu) -> tag
    ret tag
}

;; Sends what \`set\` does.
func send_set(window: i32, tag: i32, pu: i32, program: i32) -> i32 {
    local argument: i64
    call both(pu, program) -> argument
    call port.send(window, SET, tag, 0, 0, 0, 0, argument) -> tag
    ret tag
}

;; Sends what \`exception\` does.
func send_exception(window: i32, tag: i32, pu: i32) -> i32 {
    call send_on(window, EXCEPTION, tag, pu) -> tag
    ret tag
}

;; Sleeps until the answer to \`send_exception\` is there: tag, code of the trap or 0, status.
func receive_exception(window: i32) -> i32, i32, i32 {
    local tag, status, trap_code: i32, argument: i64
    call port.receive(window) -> tag, status, _, argument
    wrap trap_code, argument
    ret tag, trap_code, status
}

;; Sends what \`state\` does.
func send_state(window: i32, tag: i32, pu: i32) -> i32 {
    call send_on(window, STATE, tag, pu) -> tag
    ret tag
}

;; Sends what \`ended\` does: the answer comes when the PU does not run, and the program may do other things meanwhile.
func send_ended(window: i32, tag: i32, pu: i32) -> i32 {
    call send_on(window, ENDED, tag, pu) -> tag
    ret tag
}

;; Sleeps until the answer to \`send_state\` or \`send_ended\` is there: tag, state, detail, status.
func receive_state(window: i32) -> i32, i32, i32, i32 {
    local tag, status, found, detail: i32, argument: i64
    call port.receive(window) -> tag, status, _, argument
    call halves(argument) -> found, detail
    ret tag, found, detail, status
}

;; Sends what \`reset\` does.
func send_reset(window: i32, tag: i32, pu: i32) -> i32 {
    call send_on(window, RESET, tag, pu) -> tag
    ret tag
}

; The status to refuse a request with, or \`OK\`. Whether a PU is empty, or a program elsewhere, is for the controller to know.
func judge(operation: i32, bytes: i32, argument: i64, pus: i32, programs: i32) -> i32 {
    local pu, program: i32, most: i64
    if eq operation, 0 { ret port.NOT_SUPPORTED }
    if gtu operation, RESET { ret port.NOT_SUPPORTED }
    if bytes { ret port.BAD_REQUEST }
    if eq operation, SPECS { ret port.OK }
    call halves(argument) -> pu, program
    if gteu pu, pus { ret port.NO_SPACE }
    if neq operation, SET {
        if program { ret port.NO_SPACE }
        ret port.OK
    }
    if eq program, NONE { ret port.OK }
    if gteu program, programs { ret port.NO_SPACE }
    ret port.OK
}

;; Server: sleeps until a request is there that makes sense for so many PUs and programs, and takes it: operation, tag for the reply,
;; PU, program (\`SET\` only), address of its buffer. Operation 0: the port is faulted. All offers have \`buffer_bytes\` bytes; a controller's
;; need none. What makes no sense is refused here.
func take(window: i32, buffer_bytes: i32, pus: i32, programs: i32) -> i32, i32, i32, i32, i32 {
    local operation, tag, address, bytes, status, pu, program: i32, argument: i64
    loop {
        call port.take_request(window, buffer_bytes) -> operation, tag, _, address, bytes, _, argument
        if eq tag, 0 { ret 0, 0, 0, 0, 0 }
        call judge(operation, bytes, argument, pus, programs) -> status
        break if eq status, port.OK
        call port.refuse(window, tag, status, address, buffer_bytes)
    }
    call halves(argument) -> pu, program
    ret operation, tag, pu, program, address
}

;; Server: answers \`SPECS\`.
func reply_specs(window: i32, tag: i32, pus: i32, programs: i32) {
    store [answer], pus
    store [answer + 4], programs
    call port.reply(window, tag, port.OK, answer, SPECS_BYTES, 0)
}

;; Server: answers \`EXCEPTION\` with the code of the trap, 0 for none.
func reply_exception(window: i32, tag: i32, trap_code: i32) {
    local argument: i64
    extendu argument, trap_code
    call port.reply(window, tag, port.OK, 0, 0, argument)
}

;; Server: answers \`STATE\` or \`ENDED\`.
func reply_state(window: i32, tag: i32, found: i32, detail: i32) {
    local argument: i64
    call both(found, detail) -> argument
    call port.reply(window, tag, port.OK, 0, 0, argument)
}
`,
  "screen": `; A screen: whole images, shown from frame to frame. An image has one i32 \`0x00RRGGBB\` a pixel, row by row from the top, each row from
; the left. Statuses are those of \`port\`: 0 is good.
;
; Client: an operation by its name asks and sleeps; \`send_...\` only sends (1, or 0 if the port takes no more now); \`receive_...\`
; or, for a display, \`port.receive\` collects. Server: \`port.offer\` buffers, \`take\` a request, answer it with \`reply_specs\`,
; \`reply_synchronize\` or \`port.answer\`, and offer the buffer again.
;
; A port needs messages as large as an image: \`port screen1: screen client { depth 2, message 8 MiB }\`.
use "port"

const SPECS = 1
const DISPLAY = 2
const SYNCHRONIZE = 3

;; Bytes of the answer to \`SPECS\`.
const SPECS_BYTES = 16
;; Bytes of a pixel.
const PIXEL_BYTES = 4

data answer align 8: [SPECS_BYTES]

; The words of specs.
func specs_at(address: i32) -> i32, i32, f64 {
    local width, height: i32, density: f64
    load width, [address]
    load height, [address + 4]
    load density, [address + 8]
    ret width, height, density
}

;; Width and height in pixels, density in pixels per metre, and a status.
func specs(window: i32) -> i32, i32, f64, i32 {
    local status, width, height: i32, density: f64
    call port.ask(window, SPECS, 0, 0, answer, len(answer), 0) -> status, _, _
    if status { ret 0, 0, 0, status }
    call specs_at(answer) -> width, height, density
    ret width, height, density, port.OK
}

;; Hands an image of \`bytes\` bytes at \`address\` over: the next frame shows it. Gives a status; \`TOO_LARGE\` if the port's messages are
;; smaller.
func display(window: i32, address: i32, bytes: i32) -> i32 {
    local status: i32
    call port.ask(window, DISPLAY, address, bytes, 0, 0, 0) -> status, _, _
    ret status
}

;; Sleeps until the next frame begins. Gives its number, which rises from frame to frame, and a status.
func synchronize(window: i32) -> i64, i32 {
    local status: i32, frame: i64
    call port.ask(window, SYNCHRONIZE, 0, 0, 0, 0, 0) -> status, _, frame
    ret frame, status
}

;; Asks for the specs, \`SPECS_BYTES\` bytes that will come to \`answer\`.
func send_specs(window: i32, tag: i32, answer: i32) -> i32 {
    call port.send(window, SPECS, tag, 0, 0, answer, SPECS_BYTES, 0) -> tag
    ret tag
}

;; Sleeps until the answer to \`send_specs\` is there: tag, width, height, density, status.
func receive_specs(window: i32) -> i32, i32, i32, f64, i32 {
    local tag, status, address, width, height: i32, density: f64
    call port.receive_bytes(window) -> tag, status, address, _, _
    if status { ret tag, 0, 0, 0, status }
    call specs_at(address) -> width, height, density
    ret tag, width, height, density, port.OK
}

;; Sends what \`display\` does. The image may be overwritten at once.
func send_display(window: i32, tag: i32, address: i32, bytes: i32) -> i32 {
    call port.send(window, DISPLAY, tag, address, bytes, 0, 0, 0) -> tag
    ret tag
}

;; Sends what \`synchronize\` does.
func send_synchronize(window: i32, tag: i32) -> i32 {
    call port.send(window, SYNCHRONIZE, tag, 0, 0, 0, 0, 0) -> tag
    ret tag
}

;; Sleeps until the answer to \`send_synchronize\` is there: tag, number of the frame, status.
func receive_synchronize(window: i32) -> i32, i64, i32 {
    local tag, status: i32, frame: i64
    call port.receive(window) -> tag, status, _, frame
    ret tag, frame, status
}

; The status to refuse a request with, or \`OK\`.
func judge(operation: i32, bytes: i32, image_bytes: i32) -> i32 {
    if eq operation, 0 { ret port.NOT_SUPPORTED }
    if gtu operation, SYNCHRONIZE { ret port.NOT_SUPPORTED }
    if neq operation, DISPLAY { mov image_bytes, 0 }
    if neq bytes, image_bytes { ret port.BAD_REQUEST }
    ret port.OK
}

;; Server: sleeps until a request is there that makes sense for images of \`image_bytes\` bytes, and takes it: operation, tag for the
;; reply, address (\`DISPLAY\`: of the image; else of its buffer). Operation 0: the port is faulted. All offers have \`buffer_bytes\` bytes,
;; room for an image; what makes no sense is refused here.
func take(window: i32, buffer_bytes: i32, image_bytes: i32) -> i32, i32, i32 {
    local operation, tag, address, bytes, status: i32
    loop {
        call port.take_request(window, buffer_bytes) -> operation, tag, _, address, bytes, _, _
        if eq tag, 0 { ret 0, 0, 0 }
        call judge(operation, bytes, image_bytes) -> status
        break if eq status, port.OK
        call port.refuse(window, tag, status, address, buffer_bytes)
    }
    ret operation, tag, address
}

;; Server: answers \`SPECS\`.
func reply_specs(window: i32, tag: i32, width: i32, height: i32, density: f64) {
    store [answer], width
    store [answer + 4], height
    store [answer + 8], density
    call port.reply(window, tag, port.OK, answer, SPECS_BYTES, 0)
}

;; Server: answers \`SYNCHRONIZE\` with the number of the frame that begins.
func reply_synchronize(window: i32, tag: i32, frame: i64) {
    call port.reply(window, tag, port.OK, 0, 0, frame)
}
`,
  "sha256": `; SHA-256 of a stream of bytes: \`begin\`, \`update\` as often as there are bytes, \`finish\`.
;
; A state is a piece of data of \`STATE\` bytes. About 36 instructions a byte: the 16 words of a block and the eight working
; words live in registers. So that none of them has to move, sixteen rounds stand one after another that differ only in which register
; plays which part; the sixteen words that the next rounds need follow, each made in place from its four ancestors.

;; Bytes of a state: eight words of the digest so far, the count of bytes so far, the block not yet full.
const STATE = 104
const COUNT = 32
const BLOCK = 40
const BLOCK_BYTES = 64
;; Bytes of a digest.
const DIGEST = 32

data k: i32 = 0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
data initial: i32 = 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19

;; Makes the state of an empty stream.
func begin(state: i32) {
    copy state, initial, DIGEST
    store [state + COUNT], 0
    store [state + COUNT + 4], 0
}

;; Adds \`bytes\` bytes at \`address\` to the stream. O(bytes).
func update(state: i32, address: i32, bytes: i32) {
    local used, room, blocks, to: i32, count, more: i64
    load count, [state + COUNT]
    wrap used, count
    and used, used, BLOCK_BYTES - 1
    extendu more, bytes
    add count, count, more
    store [state + COUNT], count
    if used {
        sub room, BLOCK_BYTES, used
        if gtu room, bytes { mov room, bytes }
        add to, state, used
        add to, to, BLOCK
        copy to, address, room
        add address, address, room
        sub bytes, bytes, room
        add used, used, room
        if ltu used, BLOCK_BYTES { ret }
        add to, state, BLOCK
        call compress(state, to, 1)
    }
    shru blocks, bytes, 6
    if blocks {
        call compress(state, address, blocks)
        shl blocks, blocks, 6
        add address, address, blocks
        sub bytes, bytes, blocks
    }
    add to, state, BLOCK
    copy to, address, bytes
}

;; Ends the stream and writes its digest of \`DIGEST\` bytes to \`digest\`. The state is used up.
func finish(state: i32, digest: i32) {
    local used, room, to, end, x: i32, count: i64
    load count, [state + COUNT]
    wrap used, count
    and used, used, BLOCK_BYTES - 1
    add to, state, BLOCK
    add to, to, used
    store8 [to], 0x80
    add to, to, 1
    sub room, BLOCK_BYTES - 1, used
    if ltu room, 8 {
        fill to, 0, room
        add to, state, BLOCK
        call compress(state, to, 1)
        mov room, BLOCK_BYTES
    }
    sub room, room, 8
    fill to, 0, room
    shl count, count, 3
    wrap x, count
    call swapped(x) -> x
    store [state + BLOCK + BLOCK_BYTES - 4], x
    shru count, count, 32
    wrap x, count
    call swapped(x) -> x
    store [state + BLOCK + BLOCK_BYTES - 8], x
    add to, state, BLOCK
    call compress(state, to, 1)
    add end, state, DIGEST
    loop {
        load x, [state]
        call swapped(x) -> x
        store [digest], x
        add state, state, 4
        add digest, digest, 4
    } while neq state, end
}

; A word with its four bytes in the other order.
func swapped(x: i32) -> i32 {
    local t: i32
    rotl t, x, 8
    and t, t, 0x00ff00ff
    rotl x, x, 24
    and x, x, 0xff00ff00
    or x, x, t
    ret x
}

; Mixes \`blocks\` blocks (at least one) at \`address\` into the digest.
func compress(state: i32, address: i32, blocks: i32) {
    local a, b, c, d, e, f, g, h, t, u, x, y: i32
    local w0, w1, w2, w3, w4, w5, w6, w7, w8, w9, w10, w11, w12, w13, w14, w15: i32
    local at, end, even, odd: i32
    mov end, k + 4 * 64
    mov even, 0x00ff00ff
    mov odd, 0xff00ff00
    load a, [state]
    load b, [state + 4]
    load c, [state + 8]
    load d, [state + 12]
    load e, [state + 16]
    load f, [state + 20]
    load g, [state + 24]
    load h, [state + 28]
    loop {
        load w0, [address]
        rotl t, w0, 8
        and t, t, even
        rotl w0, w0, 24
        and w0, w0, odd
        or w0, w0, t
        load w1, [address + 4]
        rotl t, w1, 8
        and t, t, even
        rotl w1, w1, 24
        and w1, w1, odd
        or w1, w1, t
        load w2, [address + 8]
        rotl t, w2, 8
        and t, t, even
        rotl w2, w2, 24
        and w2, w2, odd
        or w2, w2, t
        load w3, [address + 12]
        rotl t, w3, 8
        and t, t, even
        rotl w3, w3, 24
        and w3, w3, odd
        or w3, w3, t
        load w4, [address + 16]
        rotl t, w4, 8
        and t, t, even
        rotl w4, w4, 24
        and w4, w4, odd
        or w4, w4, t
        load w5, [address + 20]
        rotl t, w5, 8
        and t, t, even
        rotl w5, w5, 24
        and w5, w5, odd
        or w5, w5, t
        load w6, [address + 24]
        rotl t, w6, 8
        and t, t, even
        rotl w6, w6, 24
        and w6, w6, odd
        or w6, w6, t
        load w7, [address + 28]
        rotl t, w7, 8
        and t, t, even
        rotl w7, w7, 24
        and w7, w7, odd
        or w7, w7, t
        load w8, [address + 32]
        rotl t, w8, 8
        and t, t, even
        rotl w8, w8, 24
        and w8, w8, odd
        or w8, w8, t
        load w9, [address + 36]
        rotl t, w9, 8
        and t, t, even
        rotl w9, w9, 24
        and w9, w9, odd
        or w9, w9, t
        load w10, [address + 40]
        rotl t, w10, 8
        and t, t, even
        rotl w10, w10, 24
        and w10, w10, odd
        or w10, w10, t
        load w11, [address + 44]
        rotl t, w11, 8
        and t, t, even
        rotl w11, w11, 24
        and w11, w11, odd
        or w11, w11, t
        load w12, [address + 48]
        rotl t, w12, 8
        and t, t, even
        rotl w12, w12, 24
        and w12, w12, odd
        or w12, w12, t
        load w13, [address + 52]
        rotl t, w13, 8
        and t, t, even
        rotl w13, w13, 24
        and w13, w13, odd
        or w13, w13, t
        load w14, [address + 56]
        rotl t, w14, 8
        and t, t, even
        rotl w14, w14, 24
        and w14, w14, odd
        or w14, w14, t
        load w15, [address + 60]
        rotl t, w15, 8
        and t, t, even
        rotl w15, w15, 24
        and w15, w15, odd
        or w15, w15, t
        xor x, b, c
        mov at, k
        loop {
            ; round 0: h gets the new word, d grows; x is b ^ c, y becomes a ^ b
            rotl t, e, 32 - 6
            rotl u, e, 32 - 11
            xor t, t, u
            rotl u, e, 32 - 25
            xor t, t, u
            add h, h, t
            xor u, f, g
            and u, u, e
            xor u, u, g
            add h, h, u
            load u, [at]
            add h, h, u
            add h, h, w0
            add d, d, h
            rotl t, a, 32 - 2
            rotl u, a, 32 - 13
            xor t, t, u
            rotl u, a, 32 - 22
            xor t, t, u
            add h, h, t
            xor y, a, b
            and x, x, y
            xor x, x, b
            add h, h, x
            ; round 1: g gets the new word, c grows; y is a ^ b, x becomes h ^ a
            rotl t, d, 32 - 6
            rotl u, d, 32 - 11
            xor t, t, u
            rotl u, d, 32 - 25
            xor t, t, u
            add g, g, t
            xor u, e, f
            and u, u, d
            xor u, u, f
            add g, g, u
            load u, [at + 4]
            add g, g, u
            add g, g, w1
            add c, c, g
            rotl t, h, 32 - 2
            rotl u, h, 32 - 13
            xor t, t, u
            rotl u, h, 32 - 22
            xor t, t, u
            add g, g, t
            xor x, h, a
            and y, y, x
            xor y, y, a
            add g, g, y
            ; round 2: f gets the new word, b grows; x is h ^ a, y becomes g ^ h
            rotl t, c, 32 - 6
            rotl u, c, 32 - 11
            xor t, t, u
            rotl u, c, 32 - 25
            xor t, t, u
            add f, f, t
            xor u, d, e
            and u, u, c
            xor u, u, e
            add f, f, u
            load u, [at + 8]
            add f, f, u
            add f, f, w2
            add b, b, f
            rotl t, g, 32 - 2
            rotl u, g, 32 - 13
            xor t, t, u
            rotl u, g, 32 - 22
            xor t, t, u
            add f, f, t
            xor y, g, h
            and x, x, y
            xor x, x, h
            add f, f, x
            ; round 3: e gets the new word, a grows; y is g ^ h, x becomes f ^ g
            rotl t, b, 32 - 6
            rotl u, b, 32 - 11
            xor t, t, u
            rotl u, b, 32 - 25
            xor t, t, u
            add e, e, t
            xor u, c, d
            and u, u, b
            xor u, u, d
            add e, e, u
            load u, [at + 12]
            add e, e, u
            add e, e, w3
            add a, a, e
            rotl t, f, 32 - 2
            rotl u, f, 32 - 13
            xor t, t, u
            rotl u, f, 32 - 22
            xor t, t, u
            add e, e, t
            xor x, f, g
            and y, y, x
            xor y, y, g
            add e, e, y
            ; round 4: d gets the new word, h grows; x is f ^ g, y becomes e ^ f
            rotl t, a, 32 - 6
            rotl u, a, 32 - 11
            xor t, t, u
            rotl u, a, 32 - 25
            xor t, t, u
            add d, d, t
            xor u, b, c
            and u, u, a
            xor u, u, c
            add d, d, u
            load u, [at + 16]
            add d, d, u
            add d, d, w4
            add h, h, d
            rotl t, e, 32 - 2
            rotl u, e, 32 - 13
            xor t, t, u
            rotl u, e, 32 - 22
            xor t, t, u
            add d, d, t
            xor y, e, f
            and x, x, y
            xor x, x, f
            add d, d, x
            ; round 5: c gets the new word, g grows; y is e ^ f, x becomes d ^ e
            rotl t, h, 32 - 6
            rotl u, h, 32 - 11
            xor t, t, u
            rotl u, h, 32 - 25
            xor t, t, u
            add c, c, t
            xor u, a, b
            and u, u, h
            xor u, u, b
            add c, c, u
            load u, [at + 20]
            add c, c, u
            add c, c, w5
            add g, g, c
            rotl t, d, 32 - 2
            rotl u, d, 32 - 13
            xor t, t, u
            rotl u, d, 32 - 22
            xor t, t, u
            add c, c, t
            xor x, d, e
            and y, y, x
            xor y, y, e
            add c, c, y
            ; round 6: b gets the new word, f grows; x is d ^ e, y becomes c ^ d
            rotl t, g, 32 - 6
            rotl u, g, 32 - 11
            xor t, t, u
            rotl u, g, 32 - 25
            xor t, t, u
            add b, b, t
            xor u, h, a
            and u, u, g
            xor u, u, a
            add b, b, u
            load u, [at + 24]
            add b, b, u
            add b, b, w6
            add f, f, b
            rotl t, c, 32 - 2
            rotl u, c, 32 - 13
            xor t, t, u
            rotl u, c, 32 - 22
            xor t, t, u
            add b, b, t
            xor y, c, d
            and x, x, y
            xor x, x, d
            add b, b, x
            ; round 7: a gets the new word, e grows; y is c ^ d, x becomes b ^ c
            rotl t, f, 32 - 6
            rotl u, f, 32 - 11
            xor t, t, u
            rotl u, f, 32 - 25
            xor t, t, u
            add a, a, t
            xor u, g, h
            and u, u, f
            xor u, u, h
            add a, a, u
            load u, [at + 28]
            add a, a, u
            add a, a, w7
            add e, e, a
            rotl t, b, 32 - 2
            rotl u, b, 32 - 13
            xor t, t, u
            rotl u, b, 32 - 22
            xor t, t, u
            add a, a, t
            xor x, b, c
            and y, y, x
            xor y, y, c
            add a, a, y
            ; round 8: h gets the new word, d grows; x is b ^ c, y becomes a ^ b
            rotl t, e, 32 - 6
            rotl u, e, 32 - 11
            xor t, t, u
            rotl u, e, 32 - 25
            xor t, t, u
            add h, h, t
            xor u, f, g
            and u, u, e
            xor u, u, g
            add h, h, u
            load u, [at + 32]
            add h, h, u
            add h, h, w8
            add d, d, h
            rotl t, a, 32 - 2
            rotl u, a, 32 - 13
            xor t, t, u
            rotl u, a, 32 - 22
            xor t, t, u
            add h, h, t
            xor y, a, b
            and x, x, y
            xor x, x, b
            add h, h, x
            ; round 9: g gets the new word, c grows; y is a ^ b, x becomes h ^ a
            rotl t, d, 32 - 6
            rotl u, d, 32 - 11
            xor t, t, u
            rotl u, d, 32 - 25
            xor t, t, u
            add g, g, t
            xor u, e, f
            and u, u, d
            xor u, u, f
            add g, g, u
            load u, [at + 36]
            add g, g, u
            add g, g, w9
            add c, c, g
            rotl t, h, 32 - 2
            rotl u, h, 32 - 13
            xor t, t, u
            rotl u, h, 32 - 22
            xor t, t, u
            add g, g, t
            xor x, h, a
            and y, y, x
            xor y, y, a
            add g, g, y
            ; round 10: f gets the new word, b grows; x is h ^ a, y becomes g ^ h
            rotl t, c, 32 - 6
            rotl u, c, 32 - 11
            xor t, t, u
            rotl u, c, 32 - 25
            xor t, t, u
            add f, f, t
            xor u, d, e
            and u, u, c
            xor u, u, e
            add f, f, u
            load u, [at + 40]
            add f, f, u
            add f, f, w10
            add b, b, f
            rotl t, g, 32 - 2
            rotl u, g, 32 - 13
            xor t, t, u
            rotl u, g, 32 - 22
            xor t, t, u
            add f, f, t
            xor y, g, h
            and x, x, y
            xor x, x, h
            add f, f, x
            ; round 11: e gets the new word, a grows; y is g ^ h, x becomes f ^ g
            rotl t, b, 32 - 6
            rotl u, b, 32 - 11
            xor t, t, u
            rotl u, b, 32 - 25
            xor t, t, u
            add e, e, t
            xor u, c, d
            and u, u, b
            xor u, u, d
            add e, e, u
            load u, [at + 44]
            add e, e, u
            add e, e, w11
            add a, a, e
            rotl t, f, 32 - 2
            rotl u, f, 32 - 13
            xor t, t, u
            rotl u, f, 32 - 22
            xor t, t, u
            add e, e, t
            xor x, f, g
            and y, y, x
            xor y, y, g
            add e, e, y
            ; round 12: d gets the new word, h grows; x is f ^ g, y becomes e ^ f
            rotl t, a, 32 - 6
            rotl u, a, 32 - 11
            xor t, t, u
            rotl u, a, 32 - 25
            xor t, t, u
            add d, d, t
            xor u, b, c
            and u, u, a
            xor u, u, c
            add d, d, u
            load u, [at + 48]
            add d, d, u
            add d, d, w12
            add h, h, d
            rotl t, e, 32 - 2
            rotl u, e, 32 - 13
            xor t, t, u
            rotl u, e, 32 - 22
            xor t, t, u
            add d, d, t
            xor y, e, f
            and x, x, y
            xor x, x, f
            add d, d, x
            ; round 13: c gets the new word, g grows; y is e ^ f, x becomes d ^ e
            rotl t, h, 32 - 6
            rotl u, h, 32 - 11
            xor t, t, u
            rotl u, h, 32 - 25
            xor t, t, u
            add c, c, t
            xor u, a, b
            and u, u, h
            xor u, u, b
            add c, c, u
            load u, [at + 52]
            add c, c, u
            add c, c, w13
            add g, g, c
            rotl t, d, 32 - 2
            rotl u, d, 32 - 13
            xor t, t, u
            rotl u, d, 32 - 22
            xor t, t, u
            add c, c, t
            xor x, d, e
            and y, y, x
            xor y, y, e
            add c, c, y
            ; round 14: b gets the new word, f grows; x is d ^ e, y becomes c ^ d
            rotl t, g, 32 - 6
            rotl u, g, 32 - 11
            xor t, t, u
            rotl u, g, 32 - 25
            xor t, t, u
            add b, b, t
            xor u, h, a
            and u, u, g
            xor u, u, a
            add b, b, u
            load u, [at + 56]
            add b, b, u
            add b, b, w14
            add f, f, b
            rotl t, c, 32 - 2
            rotl u, c, 32 - 13
            xor t, t, u
            rotl u, c, 32 - 22
            xor t, t, u
            add b, b, t
            xor y, c, d
            and x, x, y
            xor x, x, d
            add b, b, x
            ; round 15: a gets the new word, e grows; y is c ^ d, x becomes b ^ c
            rotl t, f, 32 - 6
            rotl u, f, 32 - 11
            xor t, t, u
            rotl u, f, 32 - 25
            xor t, t, u
            add a, a, t
            xor u, g, h
            and u, u, f
            xor u, u, h
            add a, a, u
            load u, [at + 60]
            add a, a, u
            add a, a, w15
            add e, e, a
            rotl t, b, 32 - 2
            rotl u, b, 32 - 13
            xor t, t, u
            rotl u, b, 32 - 22
            xor t, t, u
            add a, a, t
            xor x, b, c
            and y, y, x
            xor y, y, c
            add a, a, y
            add at, at, 4 * 16
            break if eq at, end
            ; word 0
            rotl t, w1, 32 - 7
            rotl u, w1, 32 - 18
            xor t, t, u
            shru u, w1, 3
            xor t, t, u
            add w0, w0, t
            rotl t, w14, 32 - 17
            rotl u, w14, 32 - 19
            xor t, t, u
            shru u, w14, 10
            xor t, t, u
            add w0, w0, t
            add w0, w0, w9
            ; word 1
            rotl t, w2, 32 - 7
            rotl u, w2, 32 - 18
            xor t, t, u
            shru u, w2, 3
            xor t, t, u
            add w1, w1, t
            rotl t, w15, 32 - 17
            rotl u, w15, 32 - 19
            xor t, t, u
            shru u, w15, 10
            xor t, t, u
            add w1, w1, t
            add w1, w1, w10
            ; word 2
            rotl t, w3, 32 - 7
            rotl u, w3, 32 - 18
            xor t, t, u
            shru u, w3, 3
            xor t, t, u
            add w2, w2, t
            rotl t, w0, 32 - 17
            rotl u, w0, 32 - 19
            xor t, t, u
            shru u, w0, 10
            xor t, t, u
            add w2, w2, t
            add w2, w2, w11
            ; word 3
            rotl t, w4, 32 - 7
            rotl u, w4, 32 - 18
            xor t, t, u
            shru u, w4, 3
            xor t, t, u
            add w3, w3, t
            rotl t, w1, 32 - 17
            rotl u, w1, 32 - 19
            xor t, t, u
            shru u, w1, 10
            xor t, t, u
            add w3, w3, t
            add w3, w3, w12
            ; word 4
            rotl t, w5, 32 - 7
            rotl u, w5, 32 - 18
            xor t, t, u
            shru u, w5, 3
            xor t, t, u
            add w4, w4, t
            rotl t, w2, 32 - 17
            rotl u, w2, 32 - 19
            xor t, t, u
            shru u, w2, 10
            xor t, t, u
            add w4, w4, t
            add w4, w4, w13
            ; word 5
            rotl t, w6, 32 - 7
            rotl u, w6, 32 - 18
            xor t, t, u
            shru u, w6, 3
            xor t, t, u
            add w5, w5, t
            rotl t, w3, 32 - 17
            rotl u, w3, 32 - 19
            xor t, t, u
            shru u, w3, 10
            xor t, t, u
            add w5, w5, t
            add w5, w5, w14
            ; word 6
            rotl t, w7, 32 - 7
            rotl u, w7, 32 - 18
            xor t, t, u
            shru u, w7, 3
            xor t, t, u
            add w6, w6, t
            rotl t, w4, 32 - 17
            rotl u, w4, 32 - 19
            xor t, t, u
            shru u, w4, 10
            xor t, t, u
            add w6, w6, t
            add w6, w6, w15
            ; word 7
            rotl t, w8, 32 - 7
            rotl u, w8, 32 - 18
            xor t, t, u
            shru u, w8, 3
            xor t, t, u
            add w7, w7, t
            rotl t, w5, 32 - 17
            rotl u, w5, 32 - 19
            xor t, t, u
            shru u, w5, 10
            xor t, t, u
            add w7, w7, t
            add w7, w7, w0
            ; word 8
            rotl t, w9, 32 - 7
            rotl u, w9, 32 - 18
            xor t, t, u
            shru u, w9, 3
            xor t, t, u
            add w8, w8, t
            rotl t, w6, 32 - 17
            rotl u, w6, 32 - 19
            xor t, t, u
            shru u, w6, 10
            xor t, t, u
            add w8, w8, t
            add w8, w8, w1
            ; word 9
            rotl t, w10, 32 - 7
            rotl u, w10, 32 - 18
            xor t, t, u
            shru u, w10, 3
            xor t, t, u
            add w9, w9, t
            rotl t, w7, 32 - 17
            rotl u, w7, 32 - 19
            xor t, t, u
            shru u, w7, 10
            xor t, t, u
            add w9, w9, t
            add w9, w9, w2
            ; word 10
            rotl t, w11, 32 - 7
            rotl u, w11, 32 - 18
            xor t, t, u
            shru u, w11, 3
            xor t, t, u
            add w10, w10, t
            rotl t, w8, 32 - 17
            rotl u, w8, 32 - 19
            xor t, t, u
            shru u, w8, 10
            xor t, t, u
            add w10, w10, t
            add w10, w10, w3
            ; word 11
            rotl t, w12, 32 - 7
            rotl u, w12, 32 - 18
            xor t, t, u
            shru u, w12, 3
            xor t, t, u
            add w11, w11, t
            rotl t, w9, 32 - 17
            rotl u, w9, 32 - 19
            xor t, t, u
            shru u, w9, 10
            xor t, t, u
            add w11, w11, t
            add w11, w11, w4
            ; word 12
            rotl t, w13, 32 - 7
            rotl u, w13, 32 - 18
            xor t, t, u
            shru u, w13, 3
            xor t, t, u
            add w12, w12, t
            rotl t, w10, 32 - 17
            rotl u, w10, 32 - 19
            xor t, t, u
            shru u, w10, 10
            xor t, t, u
            add w12, w12, t
            add w12, w12, w5
            ; word 13
            rotl t, w14, 32 - 7
            rotl u, w14, 32 - 18
            xor t, t, u
            shru u, w14, 3
            xor t, t, u
            add w13, w13, t
            rotl t, w11, 32 - 17
            rotl u, w11, 32 - 19
            xor t, t, u
            shru u, w11, 10
            xor t, t, u
            add w13, w13, t
            add w13, w13, w6
            ; word 14
            rotl t, w15, 32 - 7
            rotl u, w15, 32 - 18
            xor t, t, u
            shru u, w15, 3
            xor t, t, u
            add w14, w14, t
            rotl t, w12, 32 - 17
            rotl u, w12, 32 - 19
            xor t, t, u
            shru u, w12, 10
            xor t, t, u
            add w14, w14, t
            add w14, w14, w7
            ; word 15
            rotl t, w0, 32 - 7
            rotl u, w0, 32 - 18
            xor t, t, u
            shru u, w0, 3
            xor t, t, u
            add w15, w15, t
            rotl t, w13, 32 - 17
            rotl u, w13, 32 - 19
            xor t, t, u
            shru u, w13, 10
            xor t, t, u
            add w15, w15, t
            add w15, w15, w8
        }
        load t, [state]
        add a, a, t
        store [state], a
        load t, [state + 4]
        add b, b, t
        store [state + 4], b
        load t, [state + 8]
        add c, c, t
        store [state + 8], c
        load t, [state + 12]
        add d, d, t
        store [state + 12], d
        load t, [state + 16]
        add e, e, t
        store [state + 16], e
        load t, [state + 20]
        add f, f, t
        store [state + 20], f
        load t, [state + 24]
        add g, g, t
        store [state + 24], g
        load t, [state + 28]
        add h, h, t
        store [state + 28], h
        add address, address, BLOCK_BYTES
        sub blocks, blocks, 1
    } while blocks
}
`,
  "sort": `; Sorting lines by their bytes, as \`LC_ALL=C sort\` does.
;
; A text is sorted through an array with one entry of 8 bytes a line: its address, and a key, the next four bytes of the line
; as one number that compares as the bytes do. Entries are ordered by key, lines that end inside the key are set aside, and each
; run of equal keys is ordered in the same way by the four bytes that follow. No byte of a line is looked at before all lines that
; agree with it so far are known, and few are looked at twice: O(bytes + lines * log(lines)) even in the worst case.
;
; Every line ends with a line feed, the last one too; four bytes after the text must be inside memory.

;; Bytes of an entry: the line's address and, above it in the same 64-bit number, its key.
const ENTRY = 8
const KEY = 4

; From this count of entries on they are dealt by the digits of their keys; fewer are merged.
const MANY = 512
; Runs of this length are made by insertion before they are merged.
const FEW = 8

; Of each of the four digits: how many entries have which value, and then where the next of them goes.
data places: i32[4 * 256]
const DIGITS = 4 * 256

;; Lists the lines of a text that begins at \`text\`, ends before \`end\` and is not empty: entries go to \`entries\`, in order.
;; Gives the count of lines; -1 if there are more than \`most\` (below 2^29), for which there was no room. O(bytes).
func split(text: i32, end: i32, entries: i32, most: i32) -> i32 {
    local first, last: i32
    mov first, entries
    shl last, most, 3
    add last, last, entries
    loop {
        if eq entries, last { ret -1 }
        store [entries], text
        add entries, entries, ENTRY
        call line_end(text) -> text
        add text, text, 1
    } while neq text, end
    sub entries, entries, first
    shru entries, entries, 3
    ret entries
}

;; The address of the line feed that ends a line. O(bytes), four a turn.
func line_end(line: i32) -> i32 {
    local x, t, feeds, one, high: i32
    mov feeds, 0x0a0a0a0a
    mov one, 0x01010101
    mov high, 0x80808080
    loop {
        ; Bytes that are a line feed become 0. The quick test stops at what may be one, a byte 0 or above 128; then the sure one decides.
        loop {
            load x, [line]
            xor x, x, feeds
            sub t, x, one
            and t, t, high
            add line, line, 4
        } while eq t, 0
        xor x, x, -1
        and t, t, x
    } while eq t, 0
    ctz t, t
    shru t, t, 3
    add line, line, t
    sub line, line, 4
    ret line
}

;; Orders \`count\` entries by the bytes of their lines. \`scratch\` is room for as many again. The lines do not move.
func order(entries: i32, scratch: i32, count: i32) {
    if gtu count, 1 { call order_from(entries, scratch, count, 0) }
}

; Orders entries, two or more, whose lines are equal before byte \`depth\` and reach as far.
func order_from(entries: i32, scratch: i32, count: i32, depth: i32) {
    local at, end, run, key, next, n, ended: i32
    again: loop {
        call make_keys(entries, count, depth) -> n
        if n { call order_keys(entries, scratch, count) }
        shl end, count, 3
        add end, end, entries
        add depth, depth, 4
        mov at, entries
        load next, [at + KEY]
        loop {
            mov key, next
            mov run, at
            loop {
                add at, at, ENTRY
                break if eq at, end
                load next, [at + KEY]
            } while eq next, key
            sub n, at, run
            if neq n, ENTRY {
                shru n, n, 3
                ; Only a key whose last byte is 0 can belong to a line that ends inside it.
                and key, key, 255
                if eq key, 0 {
                    call set_aside(run, scratch, n, depth) -> ended
                    sub n, n, ended
                    shl ended, ended, 3
                    add run, run, ended
                }
                if gtu n, 1 {
                    ; All that there was agrees so far: go on here, however long they agree. Else the run is shorter, and
                    ; its lines share four bytes more, so that calls are nested no deeper than the square root of the bytes.
                    if eq n, count { continue again }
                    call order_from(run, scratch, n, depth)
                }
            }
        } while neq at, end
        ret
    }
}

; Puts the next four bytes of each line into its entry's key, the first byte highest, zeros from the line's end on. Gives 1 if
; the keys are out of order, else 0.
func make_keys(entries: i32, count: i32, depth: i32) -> i32 {
    local end, at, x, t, u, before, mixed, even, odd, one, high, feeds: i32
    shl end, count, 3
    add end, end, entries
    mov even, 0x00ff00ff
    mov odd, 0xff00ff00
    mov one, 0x01010101
    mov high, 0x80808080
    mov feeds, 0x0a0a0a0a
    loop {
        load at, [entries]
        add at, at, depth
        load x, [at]
        ; The lowest bit of \`t\` marks the first line feed.
        xor t, x, feeds
        sub u, t, one
        xor t, t, -1
        and t, t, u
        and t, t, high
        if t {
            sub u, t, 1
            xor t, t, u
            shru t, t, 8
            and x, x, t
        }
        rotl t, x, 8
        and t, t, even
        rotl x, x, 24
        and x, x, odd
        or x, x, t
        store [entries + KEY], x
        if ltu x, before { mov mixed, 1 }
        mov before, x
        add entries, entries, ENTRY
    } while neq entries, end
    ret mixed
}

; Moves the entries of lines that end within the four bytes before \`depth\` to the front, shorter lines first, and gives their
; count. The keys are used up.
func set_aside(entries: i32, scratch: i32, count: i32, depth: i32) -> i32 {
    local end, at, entry, x, t, key, before, mixed, ended: i32
    shl end, count, 3
    add end, end, entries
    mov entry, entries
    loop {
        load at, [entry]
        add at, at, depth
        sub at, at, 4
        load x, [at]
        ; The key becomes the line feed's place, 0 to 3, or 4 without one.
        xor x, x, 0x0a0a0a0a
        sub t, x, 0x01010101
        xor x, x, -1
        and t, t, x
        and t, t, 0x80808080
        ctz key, t
        shru key, key, 3
        store [entry + KEY], key
        ltu t, key, 4
        add ended, ended, t
        if ltu key, before { mov mixed, 1 }
        mov before, key
        add entry, entry, ENTRY
    } while neq entry, end
    if mixed { call order_keys(entries, scratch, count) }
    ret ended
}

; Orders entries by key; equal keys keep their order.
func order_keys(entries: i32, scratch: i32, count: i32) {
    if gteu count, MANY {
        call deal(entries, scratch, count)
    } else {
        call merge(entries, scratch, count)
    }
}

; Orders few entries: runs made by insertion are merged, two by two. An entry is one 64-bit number whose high half is the key.
func merge(entries: i32, scratch: i32, count: i32) {
    local end, first, last, at, to: i32, left, right, middle, bytes, run: i32, x, y: i64, key, other: i32
    shl bytes, count, 3
    add end, entries, bytes
    mov first, entries
    loop {
        add last, first, FEW * ENTRY
        if gtu last, end { mov last, end }
        add at, first, ENTRY
        loop while ltu at, last {
            load x, [at]
            load key, [at + KEY]
            sub to, at, ENTRY
            loop {
                load other, [to + KEY]
                break if lteu other, key
                load y, [to]
                store [to + ENTRY], y
                sub to, to, ENTRY
            } while gteu to, first
            store [to + ENTRY], x
            add at, at, ENTRY
        }
        mov first, last
    } while neq first, end

    mov run, FEW * ENTRY
    loop while ltu run, bytes {
        mov left, entries
        mov to, scratch
        loop {
            add middle, left, run
            if gtu middle, end { mov middle, end }
            mov right, middle
            add last, right, run
            if gtu last, end { mov last, end }
            if neq right, last {
                load x, [left]
                load key, [left + KEY]
                load y, [right]
                load other, [right + KEY]
                loop {
                    if ltu other, key {
                        store [to], y
                        add to, to, ENTRY
                        add right, right, ENTRY
                        break if eq right, last
                        load y, [right]
                        load other, [right + KEY]
                    } else {
                        store [to], x
                        add to, to, ENTRY
                        add left, left, ENTRY
                        break if eq left, middle
                        load x, [left]
                        load key, [left + KEY]
                    }
                }
            }
            sub at, middle, left
            copy to, left, at
            add to, to, at
            sub at, last, right
            copy to, right, at
            add to, to, at
            mov left, last
        } while neq left, end
        copy entries, scratch, bytes
        shl run, run, 1
    }
}

; Orders many entries: deals them by each of the four digits of the key, the lowest first.
func deal(entries: i32, scratch: i32, count: i32) {
    local end, at, bytes, digit, place, n, sum, from, to, pile, last: i32, x: i64
    shl bytes, count, 3
    add end, entries, bytes
    fill places, 0, len(places)
    mov at, entries
    loop {
        load8u digit, [at + KEY]
        shl digit, digit, 2
        load n, [digit + places]
        add n, n, 1
        store [digit + places], n
        load8u digit, [at + KEY + 1]
        shl digit, digit, 2
        load n, [digit + places + DIGITS]
        add n, n, 1
        store [digit + places + DIGITS], n
        load8u digit, [at + KEY + 2]
        shl digit, digit, 2
        load n, [digit + places + 2 * DIGITS]
        add n, n, 1
        store [digit + places + 2 * DIGITS], n
        load8u digit, [at + KEY + 3]
        shl digit, digit, 2
        load n, [digit + places + 3 * DIGITS]
        add n, n, 1
        store [digit + places + 3 * DIGITS], n
        add at, at, ENTRY
    } while neq at, end

    mov from, entries
    mov to, scratch
    mov pile, places
    mov place, KEY
    loop {
        ; A digit that all have in common deals nothing.
        add at, from, place
        load8u digit, [at]
        shl digit, digit, 2
        add digit, digit, pile
        load n, [digit]
        if neq n, count {
            mov sum, to
            mov at, pile
            add last, pile, DIGITS
            loop {
                load n, [at]
                store [at], sum
                shl n, n, 3
                add sum, sum, n
                add at, at, 4
            } while neq at, last
            mov at, from
            add end, from, bytes
            loop {
                add digit, at, place
                load8u digit, [digit]
                load x, [at]
                shl digit, digit, 2
                add digit, digit, pile
                load sum, [digit]
                store [sum], x
                add sum, sum, ENTRY
                store [digit], sum
                add at, at, ENTRY
            } while neq at, end
            mov at, from
            mov from, to
            mov to, at
        }
        add pile, pile, DIGITS
        add place, place, 1
    } while neq place, ENTRY
    if neq from, entries { copy entries, from, bytes }
}
`,
  "text": `; Text as bytes: a text is an address and a count of bytes; only \`length\` knows of NUL at the end.
use "memory"

;; Bytes before the first NUL at or after \`address\`. O(bytes).
func length(address: i32) -> i32 {
    local at, byte: i32
    mov at, address
    loop {
        load8u byte, [at]
        add at, at, 1
    } while byte
    sub at, at, address
    sub at, at, 1
    ret at
}

;; Compares two texts byte by byte, as dictionaries do: a text comes after its own beginning. -1, 0 or 1. O(bytes).
func compare(a: i32, a_bytes: i32, b: i32, b_bytes: i32) -> i32 {
    local bytes, order: i32
    mov bytes, a_bytes
    if gtu bytes, b_bytes { mov bytes, b_bytes }
    call memory.compare(a, b, bytes) -> order
    if eq order, 0 {
        gtu order, a_bytes, b_bytes
        ltu bytes, a_bytes, b_bytes
        sub order, order, bytes
    }
    ret order
}
`,
};
