/**
 * Systems of several PUs: what they are made of, and their simulation in virtual time, repeatable from a seed.
 *
 * @packageDocumentation
 */
export { type Bounds, BoxBlock, ComputerBlock, DeployBlock, describeSystem, of, range, SystemBuilder } from './builder.js';
export {
  formatSystemDiagnostic,
  isSystemCode,
  type RelatedPlace,
  SYSTEM_DIAGNOSTICS,
  type SystemCode,
  type SystemDiagnostic,
} from './language/diagnostics.js';
export { type ExplainedLink, explain, type Explanation, explanationText, namesOf } from './explain.js';
export { graphMermaid, graphSvg } from './graph.js';
export {
  decodeImage,
  encodeImage,
  type Image,
  IMAGE_MAGIC,
  IMAGE_VERSION,
  type ImageContents,
  imageFileName,
  type ImageRejection,
  type ImageSection,
  imagesOf,
} from './image.js';
export { type Box, type DrawnComputer, type Drawing, type DrawnLink, type DrawnNode, type DrawnPort, layoutSystem } from './layout.js';
export { type LoadedSystem, loadSystem, type LoadSystemOptions } from './load.js';
export type { Reading } from './language/programs.js';
export * from './model.js';
export { parseSystemText } from './read.js';
export { printSystem } from './print.js';
export { mix, SplitMix64 } from './random.js';
export { MODEL_SCHEMA, type ModelRejection, readModel, type Schema } from './schema.js';
export { hexadecimal, sha256 } from './sha256.js';
export * from './simulation/index.js';
export * from './topology.js';
export * from './vocabulary.js';
export type { FileRejection } from './bytes.js';
export { type Arrival, Gate } from './gate.js';
export {
  type Batch,
  LIFE_ENDS,
  type LifeEnd,
  readRecording,
  type RecordedLife,
  type RecordedLimits,
  Recorder,
  type Recording,
  stateOf,
} from './recording.js';
export { Replay, type ReplayState } from './replay.js';
export { type TimelineOptions, timelineSvg, timeText } from './timeline.js';
