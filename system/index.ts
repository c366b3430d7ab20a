/**
 * Systems of several PUs: what they are made of, and their simulation in virtual time, repeatable from a seed.
 *
 * @packageDocumentation
 */
export { mix, SplitMix64 } from './random.js';
export * from './simulation/index.js';
export * from './topology.js';
