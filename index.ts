/**
 * infracore: what most users need, from one door. Assemble a program, verify it, run it on a machine whose ports lead to devices.
 *
 * Each part has a door of its own with everything in it: `infracore/isa`, `/assembler`, `/vm`, `/jit`, `/stdlib`, `/devices`,
 * `/system`, and `/node` for the drivers that need Node.
 *
 * @packageDocumentation
 */
export { assemble, disassemble, formatDiagnostic, type Assembly, type Diagnostic } from './assembler/index.js';
export { ClockMock, DiskMock, TerminalMock } from './devices/index.js';
export { decodeProgram, encodeProgram, type Program, type Rejection } from './isa-spec/index.js';
export { LIBRARY } from './stdlib/index.js';
export { simulate } from './system/index.js';
export {
  INTERPRETER,
  Machine,
  REFERENCE,
  VerifiedProgram,
  verify,
  type Client,
  type Device,
  type DeviceCompletion,
  type DeviceRequest,
  type Engine,
  type MachineOptions,
  type Outcome,
  type Session,
} from './vm/index.js';
