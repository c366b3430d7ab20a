/**
 * Systems of several PUs: what they are made of, and their simulation in virtual time, repeatable from a seed.
 *
 * @packageDocumentation
 */
export {
  formatSystemDiagnostic,
  isSystemCode,
  type RelatedPlace,
  SYSTEM_DIAGNOSTICS,
  type SystemCode,
  type SystemDiagnostic,
} from './language/diagnostics.js';
export { type LoadedSystem, loadSystem, type LoadSystemOptions } from './load.js';
export * from './model.js';
export { mix, SplitMix64 } from './random.js';
export { MODEL_SCHEMA, type ModelRejection, readModel } from './schema.js';
export * from './simulation/index.js';
export * from './topology.js';
export * from './vocabulary.js';
