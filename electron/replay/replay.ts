// The door of replay: an opened recording as events, its screen at a moment, the rest of its text. The only room in which a
// recording's content meets a terminal.

export { EMULATOR } from '../../shared/terminal/rules.ts';
export type { EventSource, EventSpan } from './event-source.ts';
export { createKeyframeTaker } from './keyframes.ts';
export { isPiped, isRstream, keyframeAt, openRecording, showsNothing } from './recording.ts';
export type { OpenedRecording } from './recording.ts';
export { renderPng } from './picture.ts';
export {
  NO_KEYFRAMES,
  screenAt,
  standingAt,
  standingInSteps,
  terminalAt,
  writtenText,
  type KeyframeLookup,
  type Standing,
} from './screen.ts';
export { stillOf } from './still.ts';
export { createTerminal } from './terminal.ts';
export { textLog } from './text-log.ts';
// For rooms above that hand keys on and may not lean on the vault.
export { payloadOpener, type PayloadKey, type PayloadOpener } from '../vault/vault.ts';
