/**
 * Devices for tests: each is one class with one config, and runs wherever JavaScript does. Drivers are behind the door `node`.
 *
 * Each mock has a real device's behaviour, scripted input and recorded output; `withFaults` makes any of them fail. Time passes when `VirtualTime`
 * says so, for all devices that share one.
 *
 * What they share with drivers is here too, for whoever writes another device: the arithmetic of clocks, the checks of disks, the
 * queue of a stream, frames, histories of keys, queues of samples, and the controller of PUs over any host.
 *
 * @packageDocumentation
 */
export { AudioMock, type AudioMockConfig, type AudioSpecs, clampSample, SampleQueue, type SampleQueueConfig } from './audio.js';
export { checkDiskSize, type DiskRequest, type DiskSize, diskRequest, diskSpecs } from './blocks.js';
export { ClockMock, type ClockMockConfig } from './clock.js';
export { type CachedWrite, type DiskFault, DiskMock, type DiskMockConfig } from './disk.js';
export { type CrashChoice, corruptedRead, corruptedWrite, crashChoices, DISK_FULL, keepFirst, keepOnly, misdirected, tear, torn } from './disk-faults.js';
export { type ChangedAnswer, type ChangedRequest, type Fault, type FaultOptions, type FaultRule, withFaults } from './faults.js';
export {
  controlSet,
  KeyboardMock,
  type KeyboardMockConfig,
  type KeyEvent,
  KeyHistories,
  type KeyHistoriesConfig,
  keyOf,
  type ScriptedKey,
} from './keyboard.js';
export { type PuCondition, PucDriver, PucMock, type PucMockConfig, type PuDone, type PuHost, type ScriptedLife } from './puc.js';
export {
  checkScreenSize,
  FrameScreen,
  type FrameScreenConfig,
  PIXEL_BYTES,
  pixelsOf,
  ScreenMock,
  type ScreenMockConfig,
  type ScreenSize,
  type ShownImage,
  screenRequest,
  screenSpecs,
} from './screen.js';
export { type ExpectedRequest, type Message, PuCallerMock, PuMock, type PuMockConfig, type ScriptedRequest } from './script.js';
export { ReadQueue, streamRequest } from './stream.js';
export { TerminalMock, type TerminalMockConfig } from './terminal.js';
export { answerClock, type ClockSource, clockTime } from './time.js';
export { checkTime, type TimeSource, VirtualTime } from './virtual-time.js';
