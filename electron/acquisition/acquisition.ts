// The door of acquisition: what comes into the library, from files and from sources.

export { DECODER_VERSION, importRecording, type ImportDeps, type ImportOutcome, type SourceOrigin } from './import-recording.ts';
export { importHistory, keepHistoryAnswer, resumeHistories, type HistoryOutcome, type HistoryPageKind } from './history-keep.ts';
export { goesOn, type Acquirer, type FileAcquirer } from './input-slices.ts';
export { hasEnded } from './sync-keeper.ts';
export { syncSource, type SyncDeps } from './sync-source.ts';
export type { RunDeps, SyncChange, SyncResult } from './sync-run.ts';
export { isOver, type RetentionDays } from './stackshift-record.ts';
export { syncStackShift, type StackShiftSyncDeps } from './sync-stackshift.ts';
