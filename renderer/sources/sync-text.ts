// Synchronisations in words and numbers: how far one is, how it ended, what it may be narrowed to.

import type { Job, SyncProgress } from '../../shared/api/shapes.ts';
import type { Source, SyncFilter, SyncReport, SyncedSession } from '../../shared/api/source-shapes.ts';
import { dateBound } from '../ui/filter-text.ts';
import { formatBytes, formatCount, formatDuration, formatSome, type Zone } from '../ui/format.ts';
import type { IconName } from '../ui/icon.tsx';

export type Outcome = NonNullable<Source['lastSync']>['outcome'];

export interface Sign {
  readonly icon: IconName;
  readonly className: '' | 'good' | 'caution' | 'bad' | 'faint';
  readonly word: string;
}

export const OUTCOMES: Readonly<Record<Outcome, Sign>> = {
  done: { icon: 'proven', className: 'good', word: 'Complete' },
  partial: { icon: 'warning', className: 'caution', word: 'In part' },
  failed: { icon: 'failed', className: 'bad', word: 'Failed' },
  cancelled: { icon: 'unproven', className: 'faint', word: 'Cancelled' },
};

export const SESSION_OUTCOMES: Readonly<Record<SyncedSession['outcome'], Sign>> = {
  failed: { icon: 'failed', className: 'bad', word: 'Failed' },
  new: { icon: 'plus', className: 'good', word: 'New' },
  grown: { icon: 'up', className: 'good', word: 'Grown' },
  cancelled: { icon: 'unproven', className: 'faint', word: 'Cancelled' },
  history: { icon: 'proven', className: 'faint', word: 'History alone' },
  unchanged: { icon: 'check', className: 'faint', word: 'Unchanged' },
};

/** The order in which a report is read: what went wrong first. */
const ORDER = Object.keys(SESSION_OUTCOMES) as readonly SyncedSession['outcome'][];

export function sortedReport({ sessions }: SyncReport): readonly SyncedSession[] {
  return sessions.toSorted(
    (a, b) =>
      ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome) ||
      b.discrepancies - a.discrepancies ||
      b.events - a.events ||
      a.nativeId.localeCompare(b.nativeId),
  );
}

/** Sessions by outcome, in the order of reading; outcomes that did not occur are left out. */
export function outcomeCounts({ sessions }: SyncReport): readonly (readonly [SyncedSession['outcome'], number])[] {
  const counts = Map.groupBy(sessions, ({ outcome }) => outcome);
  return ORDER.filter((outcome) => counts.has(outcome)).map((outcome) => [outcome, counts.get(outcome)!.length]);
}

/** `2 sessions new, 1 failed, 40 unchanged; 18,211 events received`. */
export function reportSummary(report: SyncReport): string {
  const events = report.sessions.reduce((sum, one) => sum + one.events, 0);
  const counts = outcomeCounts(report).map(([outcome, n], i) => {
    const word = SESSION_OUTCOMES[outcome].word.toLowerCase();
    return i === 0 ? `${formatSome(n, 'session')} ${word}` : `${formatCount(n)} ${word}`;
  });
  return counts.length === 0
    ? 'The source lists no session'
    : `${counts.join(', ')}; ${events === 0 ? 'no events' : formatSome(events, 'event')} received`;
}

/** `about 40 s`; seconds below ten are not told: nobody waits by them. */
export const remainingText = (ms: number): string => (ms < 10_000 ? 'a few seconds' : `about ${formatDuration(ms * 1000)}`);

/** What a running synchronisation is at, as names and values; only what says something. */
export function progressFacts(sync: SyncProgress): readonly (readonly [string, string])[] {
  const { sessions, sessionsTotal, events, bytes, bytesPerSecond, remainingMs, following, failed } = sync;
  const facts: (readonly [string, string] | null)[] = [
    ['Sessions', sessionsTotal === null ? formatCount(sessions) : `${formatCount(sessions)} of ${formatCount(sessionsTotal)}`],
    ['Events', formatCount(events)],
    ['Received', formatBytes(bytes)],
    bytesPerSecond === 0 ? null : ['Rate', `${formatBytes(bytesPerSecond)}/s`],
    remainingMs === null ? null : ['Remaining', remainingText(remainingMs)],
    following === 0 ? null : ['Following', formatSome(following, 'live session')],
    failed === 0 ? null : ['Failed', formatSome(failed, 'session')],
  ];
  return facts.filter((fact) => fact !== null);
}

/** The same as one line, for the list of jobs. */
export function progressLine(sync: SyncProgress): string {
  const { sessions, sessionsTotal, events, bytes, following, failed } = sync;
  const parts = [
    sessionsTotal === null
      ? formatSome(sessions, 'session')
      : `${formatCount(sessions)} of ${formatSome(sessionsTotal, 'session')}`,
    formatSome(events, 'event'),
    formatBytes(bytes),
    following === 0 ? '' : `${formatCount(following)} followed`,
    failed === 0 ? '' : `${formatCount(failed)} failed`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** Share of the sessions done, 0 to 1; null before the source has listed them. */
export const syncShare = ({ sync }: Job): number | null =>
  sync === undefined || sync.sessionsTotal === null
    ? null
    : sync.sessionsTotal === 0
      ? 1
      : Math.min(1, sync.sessions / sync.sessionsTotal);

/** Options as the dialog holds them: texts as typed. */
export interface SyncChoice {
  readonly source: string | null;
  readonly follow: boolean;
  readonly recheck: boolean;
  readonly serverId: string;
  readonly status: string;
  readonly origin: string;
  readonly groupId: string;
  readonly userId: string;
  /** Days, `2026-11-21`. */
  readonly from: string;
  readonly to: string;
  readonly limit: string;
}

export const firstChoice = (source: string | null): SyncChoice => ({
  source,
  follow: true,
  recheck: false,
  serverId: '',
  status: '',
  origin: '',
  groupId: '',
  userId: '',
  from: '',
  to: '',
  limit: '',
});

/** What keeps a synchronisation from being begun, in words; empty when nothing does. */
export function choiceProblem({ from, to, limit }: SyncChoice): string {
  if (from !== '' && to !== '' && from > to) return 'The first day is after the last one.';
  if (!/^\d{0,9}$/.test(limit) || Number(limit || 1) < 1) return 'The most sessions is a number from 1.';
  return '';
}

/** The request that follows. A day is taken whole, in the zone that the window shows. */
export function syncRequest(
  choice: SyncChoice,
  zone: Zone,
): { source?: string; filter?: SyncFilter; follow: boolean; recheck: boolean } {
  const { source, follow, recheck, from, to, limit } = choice;
  const given = (['serverId', 'status', 'origin', 'groupId', 'userId'] as const)
    .map((name) => [name, choice[name].trim()] as const)
    .filter(([, value]) => value !== '');
  const startedFrom = from === '' ? null : dateBound(from, false, zone);
  const startedTo = to === '' ? null : dateBound(to, true, zone);
  const filter: SyncFilter = {
    ...Object.fromEntries(given),
    ...(startedFrom === null ? {} : { startedFrom }),
    ...(startedTo === null ? {} : { startedTo }),
    ...(limit === '' ? {} : { limit: Number(limit) }),
  };
  return {
    ...(source === null ? {} : { source }),
    ...(Object.keys(filter).length === 0 ? {} : { filter }),
    follow,
    recheck,
  };
}
