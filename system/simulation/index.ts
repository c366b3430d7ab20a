/** The simulation's part of the door `infracore/system`. */
export type { Violation } from './expectations.js';
export type { StruckFault } from './faults.js';
export type { Mock } from './mocks.js';
export type { Player, PlayerState } from './player.js';
export { simulate, Simulation, type PuResult, type SimulationOptions, type SimulationResult, UNTIL_NS_DEFAULT } from './simulation.js';
export { MESSAGE_KINDS, type MessageKind, type TraceMessage } from './trace.js';
export { type ExplorationOptions, type ExplorationResult, explore, type Failure, shrink } from './explore.js';
export { readSnapshot, restoreSimulation, type SimulationSnapshot, takeSnapshot } from './snapshot.js';
