// Policies, holds and purges in words. Pure.

import type { HistoryRow, HoldScope } from '../../shared/api/history-shapes.ts';
import type { Policy, StandingPolicy } from '../../shared/api/retention-shapes.ts';
import type { Session, SessionFilter } from '../../shared/api/shapes.ts';
import { formatCount, formatSome } from '../ui/format.ts';
import { plainRecorded } from '../ui/recorded.tsx';

export const ENVIRONMENTS: Readonly<Record<Policy['environment'], string>> = {
  production: 'Production',
  'non-production': 'Non-production',
};

export const daysText = (days: number | null): string => (days === null ? 'Without end' : formatSome(days, 'day'));

/** The policies of one source and environment. */
export interface PolicyRow {
  readonly source: string;
  readonly environment: Policy['environment'];
  /** When the source purges; null where nothing is known of it. */
  readonly there: StandingPolicy | null;
  /** What the source tells of that, and what people say of it: the one of both that holds is `there`. */
  readonly told: StandingPolicy | null;
  readonly said: StandingPolicy | null;
  /** When this library does; null: it goes with the source. */
  readonly here: StandingPolicy | null;
}

/** A row for each environment of each source, sources in the order of their names. */
export function policyRows(sources: readonly string[], policies: readonly StandingPolicy[]): readonly PolicyRow[] {
  const names = [...new Set([...sources, ...policies.map(({ source }) => source)])].toSorted((a, b) => a.localeCompare(b));
  return names.flatMap((source) =>
    (['production', 'non-production'] as const).map((environment) => {
      const all = policies.filter((one) => one.source === source && one.environment === environment);
      const ofSource = all.filter(({ keeper }) => keeper === 'source');
      return {
        source,
        environment,
        there: ofSource.find(({ holds }) => holds) ?? null,
        told: ofSource.find(({ basis }) => basis === 'told') ?? null,
        said: ofSource.find(({ basis }) => basis !== 'told') ?? null,
        here: all.find(({ keeper }) => keeper === 'library') ?? null,
      };
    }),
  );
}

/** What has no policy of its own: what holds instead. */
export function withoutPolicy({ there }: PolicyRow, keeper: Policy['keeper']): string {
  if (keeper === 'source') return 'Not known';
  return there === null ? 'Without end' : `Goes with the source: ${daysText(there.days).toLowerCase()}`;
}

/** What holds when what people set is taken back. */
export function withoutOwn(row: PolicyRow, keeper: Policy['keeper']): string {
  if (keeper === 'library') return `None of its own. ${withoutPolicy(row, keeper)}`;
  return row.told === null ? 'None: not known' : `None but what the source tells: ${daysText(row.told.days).toLowerCase()}`;
}

/** Whole days as they are typed, or null where the text says none that can be set. */
export function readDays(text: string): number | null {
  const days = /^\d{1,5}$/.test(text.trim()) ? Number(text.trim()) : 0;
  return days >= 1 && days <= 36_500 ? days : null;
}

interface Past {
  readonly past: number;
  readonly held: number;
}

/** What a person who sets days must know before, in sentences: what the next sweep purges then, and how much of it because of them. */
export function previewText(then: Past, now: Past): string {
  const { past, held } = then;
  const more = past - now.past;
  const some = formatSome(past, 'recording');
  const stay =
    held === 0
      ? ''
      : ` ${formatSome(held, 'recording')} past ${held === 1 ? 'its time is' : 'their time are'} held, and ${held === 1 ? 'stays' : 'stay'}.`;
  if (past === 0) return `The next sweep would then purge nothing.${stay}`;
  if (more > 0)
    return `The next sweep would then purge ${some}, for good${more === past ? '' : `: ${formatCount(more)} of them because of this`}.${stay}`;
  if (more === 0) return `For the next sweep it changes nothing: it purges ${some} either way.${stay}`;
  return `The next sweep would then purge ${some}, ${formatCount(-more)} fewer than now.${stay}`;
}

/** Words for the end of a session, in the sources' own. */
const OVER = ['closed', 'errored', 'ended', 'completed', 'failed', 'terminated', 'expired', 'revoked'];

/** A session that was dropped waits for who began it, whatever else its record says. */
const DROPPED = ['disconnected', 'dropped'];

/** Whether a source may have more to say of a session: its record names no end. */
export const mayBeLive = ({
  nativeId,
  endedAt,
  closeReason,
  exitStatus,
  status,
}: Pick<HistoryRow, 'nativeId' | 'endedAt' | 'closeReason' | 'exitStatus' | 'status'>): boolean =>
  nativeId !== null &&
  (DROPPED.includes((status ?? '').toLowerCase()) ||
    (endedAt === null && closeReason === null && exitStatus === null && !OVER.includes((status ?? '').toLowerCase())));

/** Something that a hold may be placed on. Several scopes become several holds. */
export interface HoldChoice {
  readonly label: string;
  readonly note: string;
  readonly scopes: readonly HoldScope[];
}

const named = (session: Pick<Session, 'title' | 'nativeId' | 'id'>): string =>
  plainRecorded(session.title ?? session.nativeId ?? session.id);

const sessionScope = ({ id }: Pick<Session, 'id'>): HoldScope => ({ kind: 'session', session: id });

/** What can be held from a list of sessions: those that are chosen, their group, whatever fits the filter. */
export function holdChoices(
  sessions: readonly Session[],
  filter: SessionFilter | null,
  filterText: string,
): readonly HoldChoice[] {
  const [first] = sessions;
  const groups = new Set(sessions.map(({ group, source }) => (group === null ? '' : `${source} ${group}`)));
  const choices: HoldChoice[] = [];
  if (first !== undefined)
    choices.push(
      sessions.length === 1
        ? { label: 'This session', note: named(first), scopes: [sessionScope(first)] }
        : {
            label: `The ${formatCount(sessions.length)} selected sessions`,
            note: 'Each gets a hold of its own.',
            scopes: sessions.map(sessionScope),
          },
    );
  if (first?.group != null && groups.size === 1) choices.push(groupChoice({ id: first.group, source: first.source }));
  if (filter !== null)
    choices.push({
      label: 'Whatever fits the filter, now and later',
      note: plainRecorded(filterText),
      scopes: [{ kind: 'filter', filter }],
    });
  return choices;
}

export const groupChoice = ({ id, source }: { readonly id: string; readonly source: string }): HoldChoice => ({
  label: 'The session group',
  note: `${plainRecorded(id)}: its sessions here, and those that are still to come`,
  scopes: [{ kind: 'group', group: id, source }],
});

export const caseChoice = ({
  id,
  number,
  title,
}: {
  readonly id: string;
  readonly number: string;
  readonly title: string;
}): HoldChoice => ({
  label: `Case ${plainRecorded(number)}`,
  note: `${plainRecorded(title)}: every exhibit of it, those too that are added later`,
  scopes: [{ kind: 'case', case: id }],
});
