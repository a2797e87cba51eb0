// The history in words: what a session is called, where its recording is, how it was joined, what events are.

import type { HistoryEventKind, HistoryFacet, HistoryRow, RecordingState } from '../../shared/api/history-shapes.ts';
import type { IconName } from '../ui/icon.tsx';

export interface StateLook {
  readonly icon: IconName;
  /** A word or two for lists. */
  readonly label: string;
  /** One sentence for the pane. */
  readonly note: string;
}

export const RECORDING_LOOKS: Readonly<Record<RecordingState, StateLook>> = {
  here: { icon: 'sessions', label: 'Here', note: 'The recording is in this library.' },
  'at-source': {
    icon: 'sources',
    label: 'At source',
    note: 'The recording is at its source: synchronise it to have it here.',
  },
  none: { icon: 'minus', label: 'Not recorded', note: 'The session was not recorded.' },
  'purged-at-source': {
    icon: 'purged',
    label: 'Purged at source',
    note: 'The source has purged the recording, and it was never brought here.',
  },
  'purged-here': {
    icon: 'purged',
    label: 'Purged here',
    note: 'The recording was here until its retention ended. The purge certificate proves it.',
  },
  forbidden: { icon: 'revoked', label: 'Not permitted', note: 'The source does not let its user see the recording.' },
  unknown: { icon: 'unknown', label: 'Not said', note: 'The source does not say whether there is a recording.' },
};

export const MATCH_WORDS: Readonly<Record<NonNullable<HistoryRow['matchedBy']>, string>> = {
  'session-id': 'the session’s id',
  'target-user-time': 'target, user and time',
  hand: 'hand',
};

export const EVENT_LOOKS: Readonly<
  Record<HistoryEventKind, { readonly icon: IconName; readonly label: string; readonly many: string }>
> = {
  command: { icon: 'commands', label: 'Command', many: 'Commands' },
  runbook: { icon: 'note', label: 'Runbook', many: 'Runbooks' },
  'terminal-audit': { icon: 'device', label: 'Terminal audit', many: 'Terminal audit' },
  'database-audit': { icon: 'sources', label: 'Database audit', many: 'Database audit' },
};

/** What a person would call it: what it led to, what its recording is called, its ids. */
export const rowName = ({
  target,
  title,
  nativeId,
  sessionId,
  id,
}: Pick<HistoryRow, 'target' | 'title' | 'nativeId' | 'sessionId' | 'id'>): string =>
  [target, title, nativeId, sessionId].find((text) => text !== null && text.trim() !== '') ?? id;

/** A value of a facet as it is shown: states in their words, the empty one as none. */
export function facetValue(facet: HistoryFacet, value: string): string {
  if (value === '') return 'none';
  return facet === 'recording' && Object.hasOwn(RECORDING_LOOKS, value) ? RECORDING_LOOKS[value as RecordingState].label : value;
}
