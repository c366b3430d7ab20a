/**
 * Systems of several machines. Here so far: the simulation of some machines in one thread, repeatable from a seed.
 *
 * @packageDocumentation
 */
export { mix, SplitMix64 } from './random.js';
export { simulate, type SimulatedMachine, type Simulation, type SimulationResult, type Waiting } from './simulate.js';
