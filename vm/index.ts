/**
 * The virtual machine: the verifier, the engines, and the machine that runs one program on one PU.
 *
 * @packageDocumentation
 */
export { INTERPRETER } from './interpreter/interpreter.js';
export { FRAME_BYTES_DEFAULT, Machine, type MachineOptions } from './machine.js';
export { BACKTRACE_MAX, type CodePlace, type FrameView, type Outcome, type SourcePosition } from './outcome.js';
export type { Client, Device, DeviceCompletion, DeviceRequest, Service, Session } from './ports/device.js';
export type { PortLimits } from './ports/ports.js';
export { REFERENCE } from './reference.js';
export type { SnapshotRejection } from './snapshot.js';
export type { Engine, Exit, State, Stops } from './state.js';
export { FRAME_BYTES_LIMIT, type FrameStack } from './frames.js';
export { VerifiedProgram, verify } from './verify.js';
