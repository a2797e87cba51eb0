// Retention, holds, purges, live actions and readiness of the fake core: policies of three sources, holds on a case, a group, a session and a
// filter, recordings past their time, and certificates. A sweep purges as the real one does: what is past by the confirmed clock and not held.

import type { CallName, EventName, EventValue, Input, Output } from '../../shared/api/contract.ts';
import { ExhibitError } from '../../shared/api/errors.ts';
import type {
  DueRecording,
  Hold,
  LiveActions,
  Policy,
  Purge,
  Readiness,
  RetentionClock,
  StandingPolicy,
  SweepReport,
} from '../../shared/api/retention-shapes.ts';
import type { Job, RetentionMark, Session, SessionFilter } from '../../shared/api/shapes.ts';
import { ME } from './fake-case-data.ts';

type Calls = Extract<CallName, `${'retention' | 'holds' | 'purges' | 'live' | 'ready'}.${string}`>;
type Handlers = { readonly [K in Calls]: (input: Input<K>) => Output<K> | Promise<Output<K>> };

export interface FakeRetentionDeps {
  readonly emit: <E extends EventName>(name: E, value: EventValue<E>) => void;
  readonly sessions: () => readonly Session[];
  readonly matches: (session: Session, filter: SessionFilter) => boolean;
  /** The sessions of a case, in the order of its exhibits, and its number. */
  readonly caseOf: (ref: string) => { readonly number: string; readonly sessions: readonly string[] };
  readonly startJob: (kind: Job['kind'], title: string) => string;
  readonly setJob: (job: Job) => Job;
  readonly findJob: (id: string) => Job;
  readonly openTicket: (text: string) => string;
  /** Takes the content of a recording away. */
  readonly purge: (id: string) => void;
  readonly some: boolean;
  /** A case that is under a hold. */
  readonly heldCase: string | null;
  /** This machine's clock is days ahead of what can be confirmed. */
  readonly clockAhead: boolean;
  readonly network: boolean;
  /** Work stays in its middle. */
  readonly heldWork: boolean;
}

export interface FakeRetention {
  readonly handlers: Handlers;
  readonly mark: (session: Session) => RetentionMark;
  /** Ends a job of this room at once, for who waits for it. */
  readonly finish: (id: string) => void;
  /** Steered to be live still. */
  readonly isLive: (id: string) => boolean;
  /** `fake.network`: `on` or `off`. `fake.clock`: `right` or `ahead`. `fake.live`: a session. `fake.purge`: one whose retention ended. */
  readonly steer: (key: string, value: string) => void;
}

const NOW = '2026-11-21T10:00:00Z';
const AHEAD = '2026-12-02T10:04:11Z';
const LAST_SWEEP = '2026-11-21T09:12:40Z';
const DAY = 86_400_000;
const FINGERPRINT = 'SHA256:Jq2kS0xV4b9H1uYcW7TzR3nLmD8aPfE6iGoQvXwB5sk';
const PACE = 90;

type Key = Pick<Policy, 'source' | 'environment' | 'keeper'>;

const policy = (
  [source, environment, keeper]: readonly [string, Policy['environment'], Policy['keeper']],
  days: number | null,
  basis: Policy['basis'],
  reason: string,
  plan: string | null = null,
): Policy => ({
  source,
  environment,
  keeper,
  days,
  basis,
  plan,
  by: basis === 'told' ? source : ME,
  at: '2026-11-02T07:30:00Z',
  reason,
});

const POLICIES: readonly Policy[] = [
  policy(['production', 'production', 'source'], 90, 'told', 'its engine said so'),
  policy(['production', 'production', 'library'], 365, 'set', 'Rule 7.2 of the audit handbook: one year'),
  policy(['production', 'production', 'source'], 120, 'plan', 'Its price list of October', 'Business'),
  policy(['production', 'non-production', 'source'], 30, 'plan', 'Its price list of October', 'Business'),
  policy(['staging', 'production', 'source'], 30, 'plan', 'The contract of 2 March', 'Team'),
  policy(['staging', 'non-production', 'source'], 30, 'plan', 'The contract of 2 March', 'Team'),
  policy(['sample', 'production', 'library'], null, 'set', 'The sample case stays'),
  policy(['files', 'production', 'source'], 45, 'set', 'As the recorder of the machine room is set'),
  policy(['files', 'production', 'library'], 60, 'set', 'Kept until the quarter is audited'),
  policy(['files', 'non-production', 'source'], 30, 'set', 'As the recorder of the machine room is set'),
  policy(['files', 'non-production', 'library'], 50, 'set', 'Long enough for a second look'),
];

const environmentOf = ({ environment }: Session): Policy['environment'] =>
  environment === null || environment === 'production' ? 'production' : 'non-production';

const same = (a: Key, b: Key): boolean => a.source === b.source && a.environment === b.environment && a.keeper === b.keeper;

/** What a source tells and what people say of it stand apart. */
const replaces = (a: Policy, b: Policy): boolean => same(a, b) && (a.basis === 'told') === (b.basis === 'told');

const missing = (what: string): ExhibitError => new ExhibitError('not-found', what, 'there is none of that name');

/** RFC 3339 to the second. */
const iso = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');

export function fakeRetention({
  emit,
  sessions,
  matches,
  caseOf,
  startJob,
  setJob,
  findJob,
  openTicket,
  purge,
  some,
  heldCase,
  clockAhead,
  network,
  heldWork,
}: FakeRetentionDeps): FakeRetention {
  const policies: Policy[] = some ? [...POLICIES] : [];
  const holds: Hold[] = [];
  const purges: Purge[] = [];
  const reports = new Map<string, SweepReport>();
  const made = new Set<string>();
  const live = new Set<string>();
  const ended = new Set<string>();
  const growing = new Set<string>();
  let online = network;
  let ahead = clockAhead;
  let confirmed = !clockAhead;

  const clock = (): RetentionClock => ({
    wall: ahead ? AHEAD : NOW,
    confirmed: confirmed && ahead ? AHEAD : NOW,
    by: confirmed && ahead ? ME : 'the answers of “production”',
    warning: confirmed
      ? ''
      : 'this computer’s clock is 11 days ahead of the time that its sources and its uptime confirm; nothing is purged by the part that is not confirmed',
  });
  const find = (id: string): Session => {
    const found = sessions().find((one) => one.id === id);
    if (found === undefined) throw missing(`session ${id}`);
    return found;
  };
  /** Those that stand of a source, an environment and a keeper; the first one holds. */
  const standingOf = (key: Key, changed: Policy | null = null): readonly Policy[] =>
    [...policies.filter((one) => changed === null || !replaces(one, changed)), ...(changed === null ? [] : [changed])]
      .filter((one) => same(one, key) && one.basis !== 'cleared')
      .toSorted((a, b) => (a.days ?? Infinity) - (b.days ?? Infinity) || Number(b.basis === 'told') - Number(a.basis === 'told'));
  const standing = (): StandingPolicy[] =>
    policies
      .filter((one, i) => policies.findIndex((other) => same(other, one)) === i)
      .flatMap((key) => standingOf(key).map((one, i) => ({ ...one, holds: i === 0 })));
  const daysOf = (session: Session, keeper: Policy['keeper'], changed: Policy | null): number | null | undefined =>
    standingOf({ source: session.source, environment: environmentOf(session), keeper }, changed)[0]?.days;
  const until = (session: Session, days: number | null | undefined): string | null =>
    days === null || days === undefined || session.startedAt === null
      ? null
      : iso(Date.parse(session.startedAt) + Math.ceil(session.durationUs / 1000) + days * DAY);
  const fits = (scope: Hold['scope']): ((session: Session) => boolean) => {
    switch (scope.kind) {
      case 'session':
        return ({ id }) => scope.session === id;
      case 'group':
        return ({ group, source }) => scope.group === group && (scope.source === undefined || scope.source === source);
      case 'case': {
        const ids = new Set(caseOf(scope.case).sessions);
        return ({ id }) => ids.has(id);
      }
      case 'filter':
        return (session) => matches(session, scope.filter);
    }
  };
  const inForce = (): { readonly id: string; readonly holds: (session: Session) => boolean }[] =>
    holds.filter(({ released }) => released === null).map(({ id, scope }) => ({ id, holds: fits(scope) }));
  const heldBy = (session: Session, all = inForce()): string[] => all.filter((hold) => hold.holds(session)).map(({ id }) => id);
  const libraryUntil = (session: Session, changed: Policy | null): string | null => {
    const own = daysOf(session, 'library', changed);
    return until(session, own === undefined ? daysOf(session, 'source', changed) : own);
  };
  const mark = (session: Session): RetentionMark => {
    const sourceUntil = until(session, daysOf(session, 'source', null));
    const purgedAt = purges.find((one) => one.session === session.id)?.at ?? null;
    return {
      sourceUntil,
      libraryUntil: libraryUntil(session, null),
      held: purgedAt === null && heldBy(session).length > 0,
      goneAtSource: purgedAt === null && sourceUntil !== null && sourceUntil <= clock().confirmed,
      purgedAt,
    };
  };
  const due = (before: string, changed: Policy | null = null): DueRecording[] => {
    const all = inForce();
    const gone = new Set(purges.map(({ session }) => session));
    return sessions()
      .flatMap((session) => {
        const end = gone.has(session.id) ? null : libraryUntil(session, changed);
        if (end === null || end > before) return [];
        const { id, title, source } = session;
        return [{ session: id, title, source, until: end, heldBy: heldBy(session, all) }];
      })
      .toSorted((a, b) => a.until.localeCompare(b.until));
  };
  const textOf = (scope: Hold['scope']): string => {
    switch (scope.kind) {
      case 'session':
        return `the session ${find(scope.session).title ?? scope.session}`;
      case 'group':
        return `the group ${scope.group}${scope.source === undefined ? '' : ` of ${scope.source}`}`;
      case 'case':
        return `every exhibit of case ${caseOf(scope.case).number}`;
      case 'filter':
        return `every session that fits ${Object.entries(scope.filter)
          .map(([name, value]) => (name === 'text' ? value : `${name}:${value}`))
          .join(' ')}, now and later`;
    }
  };
  const counted = (hold: Hold): Hold => ({
    ...hold,
    sessions: hold.released === null ? sessions().filter(fits(hold.scope)).length : 0,
  });
  const addHold = (scope: Hold['scope'], reason: string, at = NOW): Hold => {
    const id = `H-${String(holds.length + 1).padStart(4, '0')}`;
    const hold = { id, scope, text: textOf(scope), reason, by: ME, at, sessions: 0, released: null };
    holds.push(hold);
    return counted(hold);
  };
  const addPurge = (id: string, at: string): void => {
    const session = find(id);
    const ended = mark(session).libraryUntil ?? at;
    const end = ended < at ? ended : '2026-11-19T03:40:51Z';
    const statement = { schema: 'exhibit-purge/1', session: id, source: session.source, purgedAt: at, retentionEnded: end };
    purge(id);
    purges.unshift({
      session: id,
      source: session.source,
      nativeId: session.nativeId,
      at,
      until: end,
      certificate: `${JSON.stringify({ ...statement, rule: '60 days, set by ana@laptop', records: session.events + 1 }, null, 2)}\n`,
      signature: '-----BEGIN SSH SIGNATURE-----\nU1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAg\n-----END SSH SIGNATURE-----\n',
    });
  };
  const changed = (ids: readonly string[] = []): void => {
    emit('retention', {});
    emit('library', { sessions: [...ids] });
  };

  if (some && sessions().length > 40) {
    if (heldCase !== null)
      addHold({ kind: 'case', case: heldCase }, 'The works council asked for it on 20 November', '2026-11-20T15:02:00Z');
    addHold(
      { kind: 'filter', filter: { user: 'ben', server: 'web2' } },
      'Matter 2026/311, letter of counsel',
      '2026-11-12T08:30:00Z',
    );
    addHold({ kind: 'group', group: 'release-2026.10.2' }, 'The release is under review', '2026-10-19T16:20:00Z');
    holds[2] = { ...holds[2]!, released: { by: ME, at: '2026-11-03T09:00:00Z', reason: 'The review is closed' } };
  }

  const decide = (act: Policy): Policy => {
    const next = { ...act, at: NOW };
    const at = policies.findIndex((one) => replaces(one, next));
    policies.splice(at < 0 ? policies.length : at, at < 0 ? 0 : 1, next);
    changed();
    return next;
  };
  /** Recordings that the next sweep purges. */
  const doomed = (): number => due(clock().confirmed).filter(({ heldBy }) => heldBy.length === 0).length;

  /** How a job goes on: a step at a time, or at once for who waits. */
  const ends = new Map<string, () => void>();
  const work = (kind: Job['kind'], title: string, steps: readonly string[], end: () => void): string => {
    const id = startJob(kind, title);
    ends.set(id, () => {
      if (!ends.delete(id) || findJob(id).state !== 'running') return;
      end();
      setJob({ ...findJob(id), state: 'done', done: steps.length, total: steps.length, detail: '' });
    });
    const step = (n: number): void => {
      if (!ends.has(id) || findJob(id).state !== 'running') return;
      if (n === steps.length) return ends.get(id)!();
      setJob({ ...findJob(id), done: n, total: steps.length, detail: steps[n]! });
      if (heldWork && n === Math.floor(steps.length / 2)) return;
      setTimeout(() => step(n + 1), PACE);
    };
    step(0);
    return id;
  };

  const scoped = (scope: Input<'ready.show'>): { readonly number: string | null; readonly found: readonly Session[] } => {
    if ('sessions' in scope) return { number: null, found: scope.sessions.map(find) };
    const { number, sessions: ids } = caseOf(scope.case);
    return { number, found: sessions().filter(({ id }) => ids.includes(id)) };
  };
  const fine = (why: string): { ready: boolean; why: string } => ({ ready: true, why });
  const readinessOf = (session: Session, i: number): Readiness => {
    const { id, title, source, lock } = session;
    const { sourceUntil, libraryUntil, held, purgedAt } = mark(session);
    const done = made.has(id);
    const open = lock.state === 'open';
    const cached =
      purgedAt !== null
        ? { ready: false, why: 'it was purged, as its retention had ended' }
        : done || i % 4 !== 1
          ? fine('all of it is here')
          : { ready: false, why: 'it was live when it was last read: 214 events are here' };
    const row = {
      session: id,
      title,
      source,
      cached,
      grant: open ? fine('it is not encrypted') : { ready: false, why: lock.reason },
      decrypts: open ? fine('3 of 3 payloads opened') : { ready: false, why: 'no key opens it' },
      indexed: done || i % 4 !== 2 ? fine('its text can be searched') : { ready: false, why: 'it waits for its index' },
      permission:
        done || i % 4 !== 3
          ? fine('its source lets you see it')
          : { ready: false, why: 'the source was not asked since it was added' },
      sourceUntil,
      libraryUntil,
      held,
      lock,
    };
    const { grant, decrypts, indexed, permission } = row;
    return { ...row, ready: [cached, grant, decrypts, indexed, permission].every(({ ready }) => ready) };
  };
  const report = (scope: Input<'ready.show'>): Output<'ready.show'> => {
    const { number, found } = scoped(scope);
    const rows = found.map(readinessOf);
    return { case: number, at: NOW, ready: rows.every(({ ready }) => ready), sessions: rows };
  };

  /** A session here, or one that the history alone knows. */
  const liveOne = (id: string): Pick<Session, 'id' | 'nativeId' | 'source'> =>
    sessions().find((one) => one.id === id.replace(/^h-/, '')) ?? { id, nativeId: null, source: 'stackshift' };
  const actions = (id: string): LiveActions => {
    const session = liveOne(id);
    if (!online) return { online: false, why: `${session.source} does not answer: there is no network`, actions: [] };
    if (ended.has(session.id)) {
      const over = { permission: '', allowed: false, why: `it is over, since ${NOW}: revoked`, until: null } as const;
      const all = (['revoke', 'reconnect', 'follow'] as const).map((action) => ({ action, ...over }));
      return { online: true, why: 'the session is over', actions: all };
    }
    return {
      online: true,
      why: '',
      actions: [
        { action: 'revoke', permission: 'terminal.manage_policy', allowed: true, why: '', until: null },
        {
          action: 'reconnect',
          permission: '',
          allowed: true,
          why: 'it was dropped and waits until 10:04:30 UTC for who began it',
          until: '2026-11-21T10:04:30Z',
        },
        live.has(session.id)
          ? { action: 'follow', permission: '', allowed: false, why: 'it is followed already', until: null }
          : { action: 'follow', permission: 'terminal.view_recording', allowed: true, why: '', until: null },
      ],
    };
  };

  const handlers: Handlers = {
    'retention.show': () => {
      const past = due(clock().confirmed);
      return {
        clock: clock(),
        policies: standing(),
        holds: holds.filter(({ released }) => released === null).length,
        pastHeld: past.filter(({ heldBy }) => heldBy.length > 0).length,
        past: past.filter(({ heldBy }) => heldBy.length === 0).length,
        purged: purges.length,
        lastSweep: some ? { at: LAST_SWEEP, looked: sessions().length, purged: 0, held: 2 } : null,
      };
    },
    'retention.policies': ({ source }) => policies.filter((one) => source === undefined || one.source === source),
    'retention.preview': ({ source, environment, keeper, days }) => {
      const act = policy([source, environment, keeper], days ?? null, days === undefined ? 'cleared' : 'set', '');
      const then = due(clock().confirmed, act);
      return {
        past: then.filter(({ heldBy }) => heldBy.length === 0).length,
        held: then.filter(({ heldBy }) => heldBy.length > 0).length,
      };
    },
    'retention.set': ({ source, environment, keeper, days, plan, reason }) => {
      if (plan !== undefined && keeper === 'library')
        throw new ExhibitError('usage', `set retention of ${source}`, 'a plan is one of the source');
      const basis = plan === undefined ? 'set' : 'plan';
      const next = decide(policy([source, environment, keeper], days, basis, reason, plan ?? null));
      return { policy: { ...next, holds: standingOf(next)[0] === next }, past: doomed() };
    },
    'retention.clear': ({ source, environment, keeper, reason }) => {
      const next = policy([source, environment, keeper], null, 'cleared', reason);
      if (!policies.some((one) => replaces(one, next) && one.basis !== 'cleared'))
        throw new ExhibitError('refused', `clear retention of ${source}`, 'no days are set for it');
      return { policy: decide(next), past: doomed() };
    },
    'retention.due': ({ before = '9999-12-31T00:00:00Z', limit = 100 }) => {
      const recordings = due(before);
      return { total: recordings.length, recordings: recordings.slice(0, limit) };
    },
    'retention.sweep': ({ dryRun = false }) => {
      const past = due(clock().confirmed);
      const result: SweepReport = {
        at: NOW,
        dryRun,
        purged: past.filter(({ heldBy }) => heldBy.length === 0),
        held: past.filter(({ heldBy }) => heldBy.length > 0),
        unconfirmed: confirmed ? 0 : due(AHEAD).length - past.length,
        clock: clock(),
      };
      const job = work('sweep', 'retention sweep', ['looking for what is past its retention', 'writing certificates'], () => {
        if (dryRun) return;
        for (const { session } of result.purged) addPurge(session, NOW);
        changed(result.purged.map(({ session }) => session));
      });
      reports.set(job, result);
      return { job };
    },
    'retention.sweepReport': ({ job }) => {
      const found = reports.get(job);
      if (found === undefined) throw missing(`sweep ${job}`);
      return found;
    },
    'retention.confirmTime': () => {
      confirmed = true;
      changed();
      return clock();
    },
    'holds.list': ({ released = false, session }) => {
      const held = session === undefined ? null : heldBy(find(session));
      return holds.filter((hold) => (released || hold.released === null) && (held?.includes(hold.id) ?? true)).map(counted);
    },
    'holds.add': ({ scope, reason }) => {
      const hold = addHold(scope, reason);
      changed();
      return hold;
    },
    'holds.release': ({ id, reason }) => {
      const at = holds.findIndex((hold) => hold.id === id && hold.released === null);
      if (at < 0) throw missing(`hold ${id}`);
      holds[at] = { ...holds[at]!, released: { by: ME, at: NOW, reason } };
      changed();
      return counted(holds[at]);
    },
    'purges.list': ({ cursor, limit = 100 }) => {
      const from = Number(cursor ?? 0);
      const next = from + limit < purges.length ? String(from + limit) : null;
      return { total: purges.length, purges: purges.slice(from, from + limit), next };
    },
    'purges.verify': ({ certificate, signature }) => {
      const whole = signature.includes('BEGIN SSH SIGNATURE') && certificate.includes('exhibit-purge/1');
      const own = purges.some((one) => one.certificate === certificate && one.signature === signature);
      return own
        ? { valid: true, fingerprint: FINGERPRINT, own, why: 'the signature is one of these bytes, by this library’s own key' }
        : {
            valid: false,
            fingerprint: whole ? FINGERPRINT : null,
            own: false,
            why: whole ? 'the signature is not one of these bytes: the certificate was changed' : 'it is no SSH signature',
          };
    },
    'live.actions': ({ id }) => actions(id),
    'live.revoke': ({ id, confirm }) => {
      const session = liveOne(id);
      if (session.nativeId !== null && confirm !== session.nativeId)
        throw new ExhibitError('usage', `revoke ${id}`, 'what was typed is not the session’s id at its source');
      ended.add(session.id);
      return actions(id);
    },
    'live.reconnect': ({ id }) => {
      if (!online)
        throw new ExhibitError(
          'network',
          `reconnect to ${id}`,
          'the source does not answer',
          'try again when there is a network',
        );
      return { address: `wss://api.stackshift.example/terminal/${id}?ticket=tk_5f2a91c0`, until: '2026-11-21T10:04:30Z' };
    },
    'live.follow': ({ id }) => {
      live.add(liveOne(id).id);
      return { job: startJob('sync', `follow ${id}`) };
    },
    'ready.show': (scope) => report(scope),
    'ready.make': (scope) => {
      const { found } = scoped(scope);
      return {
        job: work(
          'ready',
          'make ready to be read offline',
          found.map(({ title, id }) => title ?? id),
          () => {
            for (const { id } of found) made.add(id);
            changed(found.map(({ id }) => id));
          },
        ),
      };
    },
    'ready.receipt': (scope) => {
      const text = `${JSON.stringify({ schema: 'exhibit-ready/1', ...report(scope) }, null, 2)}\n`;
      return {
        ticket: openTicket(text),
        fileName: `ready-${report(scope).case ?? 'sessions'}.json`,
        text,
        signature: '-----BEGIN SSH SIGNATURE-----\nU1NIU0lHAAAAAQ\n-----END SSH SIGNATURE-----\n',
      };
    },
  };
  return {
    handlers,
    mark,
    finish: (id) => ends.get(id)?.(),
    isLive: (id) => growing.has(id),
    steer: (key, value) => {
      if (key === 'fake.network') online = value === 'on';
      else if (key === 'fake.live') growing.add(value);
      else if (key === 'fake.clock') [ahead, confirmed] = [value === 'ahead', value !== 'ahead'];
      else if (key === 'fake.purge') addPurge(value, '2026-11-19T04:12:08Z');
      else return;
      changed([value]);
    },
  };
}
