/**
 * What befalls the requests of a disk, as the rules of a deployment say. The first rule that strikes a request counts.
 */
import { corruptedRead, DISK_FULL, type DiskMock, type Fault, type FaultRule, misdirected, torn, withFaults } from '../../devices/index.js';
import { OPERATIONS } from '../../isa-spec/index.js';
import type { Device, DeviceRequest } from '../../vm/index.js';
import { type Decisions, numberOf, rangeOf } from './faults.js';
import type { StationTime } from './station.js';

const SECTOR_BYTES = 512;
const { read, write } = OPERATIONS.disk;

interface Meant {
  /** The only operation that it befalls; all by default. */
  readonly operation?: number;
  readonly fault: (rule: Decisions, request: DeviceRequest, disk: DiskMock) => Fault;
}

const MEANT: Readonly<Record<string, Meant>> = {
  fail: { fault: () => ({ kind: 'failed' }) },
  full: { operation: write, fault: () => DISK_FULL },
  lost: { operation: write, fault: () => ({ kind: 'lost' }) },
  torn: {
    operation: write,
    fault: (rule, { bytes }, disk) => torn(disk, SECTOR_BYTES * rule.between({ least: 0, most: Math.max(Math.ceil(bytes.length / SECTOR_BYTES) - 1, 0) })),
  },
  misdirected: {
    operation: write,
    // Anywhere else on the disk, so that the disk does not refuse it.
    fault: (rule, { argument, bytes }, { entries, entryBytes }) => {
      const last = entries - Math.ceil(bytes.length / entryBytes);
      return misdirected(rule.between({ least: 0, most: Math.max(last, 0) }) - Number(argument));
    },
  },
  corrupted: { operation: read, fault: (rule, { replyBytes }) => corruptedRead(rule.between({ least: 0, most: Math.max(8 * replyBytes - 1, 0) })) },
};

/** A disk to which faults happen. */
export function faultyDisk(device: Device, disk: DiskMock, rules: readonly Decisions[], time: StationTime): Device {
  const faults = rules.flatMap((rule): FaultRule[] => {
    const meant = Object.hasOwn(MEANT, rule.kind) ? MEANT[rule.kind] : undefined;
    if (meant === undefined) return [];
    const rate = numberOf(rule.settings, 'rate', 1);
    // Drawn for each request, so that what one fault does has no part in where the next one strikes.
    let fault: Fault = { kind: 'reset' };
    return [
      {
        ...(meant.operation === undefined ? {} : { operation: meant.operation }),
        when: (request) => {
          const drawn = meant.fault(rule, request, disk);
          const strikes = rule.strikes(Number(time.now()), rate);
          if (strikes) fault = drawn;
          return strikes;
        },
        get fault() {
          return fault;
        },
      },
    ];
  });
  const slow = rules
    .filter(({ kind }) => kind === 'slow')
    .filter((rule) => rule.strikes(0))
    .map(
      (rule): FaultRule => ({
        get fault(): Fault {
          return { kind: 'slow', nanoseconds: BigInt(rule.between(rangeOf(rule.settings, 'by', { least: 0, most: 0 }))) };
        },
      }),
    );
  return [faults, ...slow.map((rule) => [rule])].reduce((found, layer) => (layer.length === 0 ? found : withFaults(found, layer, { time })), device);
}
