// Calls about retention, legal hold and purges.

import type { CallName, Input } from '../../shared/api/contract.ts';
import { ExhibitError } from '../../shared/api/errors.ts';
import type { HoldScope } from '../../shared/api/history-shapes.ts';
import type { Hold, Policy, RetentionState, StandingPolicy, SweepReport } from '../../shared/api/retention-shapes.ts';
import { nearest } from '../../shared/query/nearest.ts';
import { formatInstant, parseInstant, type Micros } from '../../shared/recording/time.ts';
import { findCase } from '../cases/cases.ts';
import { PURGED, type HoldRow, type HoldTarget, type PastCount } from '../library/library.ts';
import { findSession, type Acted, type Desk, type Handlers } from './desk.ts';
import { checkCertificate } from './purge-certificate.ts';
import { dueRecording } from './retention.ts';
import { filterOf } from './session-calls.ts';

type Calls = Extract<CallName, `${'retention' | 'holds' | 'purges'}.${string}`>;

/** What is due within this time is listed where no moment is named. */
const SOON_US = 30 * 86_400_000_000;
const LISTED = 200;

const scopeOf = (target: HoldTarget): HoldScope => {
  switch (target.kind) {
    case 'session':
      return target;
    case 'group':
      return { kind: 'group', group: target.group, ...(target.source === null ? {} : { source: target.source }) };
    case 'case':
      return target;
    case 'filter': {
      const { startedFrom, startedTo, ...rest } = target.filter;
      return {
        kind: 'filter',
        filter: {
          ...rest,
          ...(startedFrom === undefined ? {} : { startedFrom: formatInstant(startedFrom) }),
          ...(startedTo === undefined ? {} : { startedTo: formatInstant(startedTo) }),
        },
      };
    }
  }
};

export function retentionCalls(desk: Desk): Handlers<Calls> {
  const { library } = desk;
  const clock = (): ReturnType<Desk['retention']>['clock'] => desk.retention().clock;
  const at = (): string => formatInstant(clock().now());

  const inWords = (target: HoldTarget): string => {
    switch (target.kind) {
      case 'session':
        return `session ${target.session}`;
      case 'group':
        return `group ${target.group}${target.source === null ? '' : ` of ${target.source}`}`;
      case 'case':
        return `exhibits of case ${
          library()
            .cases.names()
            .find(({ id }) => id === target.case)?.number ?? target.case
        }`;
      case 'filter': {
        const scope = scopeOf(target);
        const members = scope.kind === 'filter' ? Object.entries(scope.filter) : [];
        return members.length === 0
          ? 'every session'
          : `sessions with ${members.map(([name, value]) => `${name} ${String(value)}`).join(', ')}`;
      }
    }
  };
  const holdShape = ({ target, released, ...row }: HoldRow): Hold => ({
    ...row,
    scope: scopeOf(target),
    text: inWords(target),
    released,
  });

  const targetOf = (scope: HoldScope): HoldTarget => {
    switch (scope.kind) {
      case 'session': {
        const session = findSession(library(), scope.session);
        if (session.lockCode === PURGED)
          throw new ExhibitError('refused', `hold session ${session.id}`, 'it was purged: there is nothing left to be held');
        return { kind: 'session', session: session.id };
      }
      case 'group':
        return { kind: 'group', group: scope.group, source: scope.source ?? null };
      case 'case':
        return { kind: 'case', case: findCase(library().cases, scope.case).id };
      case 'filter':
        return { kind: 'filter', filter: filterOf(library(), scope.filter) };
    }
  };

  const findHold = (id: string, what: string): HoldRow => {
    const found = library().retention.hold(id);
    if (found === null)
      throw new ExhibitError('not-found', what, 'there is no such hold', '`exhibit retention holds` shows them');
    return found;
  };

  /** Recordings that may be listed: those of withheld sources are counted and not named. */
  const named = <T extends { readonly session: string }>(rows: readonly T[]): T[] =>
    rows.filter(({ session: id }) => {
      const session = library().sessions.find(id);
      return session === null || session === 'ambiguous' || desk.rights().refused(session, 'history') === null;
    });

  type Key = Pick<Policy, 'source' | 'environment' | 'keeper'>;

  /** As a source is called, whatever case was typed. Throws kind `not-found` where there is none, and was none. */
  const sourceNamed = (typed: string): string => {
    const names = library().sources.names();
    const found = names.find((name) => name.toLowerCase() === typed.toLowerCase());
    if (found !== undefined) return found;
    const meant = nearest(typed.toLowerCase(), names);
    const some =
      names.length === 0
        ? 'add it with `exhibit sources add`, or import recordings of it'
        : `write one of ${names.slice(0, 10).join(', ')}`;
    throw new ExhibitError(
      'not-found',
      `retention of ${typed}`,
      'there is no source of this name, and there was none',
      meant === null ? some : `write ${meant}`,
    );
  };

  /** An act of a person. `days` undefined takes back what people said before. */
  const policyOf = (
    { source, environment, keeper }: Key,
    days: number | null | undefined,
    plan: string | undefined,
    reason: string,
  ): Policy => ({
    source: sourceNamed(source),
    environment,
    keeper,
    days: days ?? null,
    basis: days === undefined ? 'cleared' : plan === undefined ? 'set' : 'plan',
    plan: plan ?? null,
    by: desk.actor,
    at: at(),
    reason,
  });

  /** What people said of a source and did not take back. */
  const said = ({ source, environment, keeper }: Key): StandingPolicy | undefined =>
    library()
      .retention.current(source)
      .find((one) => one.environment === environment && one.keeper === keeper && one.basis !== 'told');

  /** Recordings that the next sweep purges. */
  const doomed = ({ total, held }: PastCount = library().retention.past(clock().now())): number => total - held;

  /** Writes its own custody entries, with what they are of. */
  const entered = <T>(output: T): Acted<T> => ({ output, subject: null, details: {} });

  const show = (): RetentionState => {
    const { retention, purges, retentionState } = library();
    const past = retention.past(clock().now());
    const swept = retentionState.get('sweep');
    return {
      clock: clock().shown(),
      policies: [...retention.current()],
      holds: retention.holds({ released: false }).length,
      pastHeld: past.held,
      past: doomed(past),
      purged: purges.count(),
      lastSweep: swept === null ? null : (JSON.parse(swept) as RetentionState['lastSweep']),
    };
  };

  return {
    'retention.show': show,
    'retention.policies': ({ source }) => [...library().retention.policies(source)],
    'retention.set': ({ days, plan, reason, ...key }) => {
      if (plan !== undefined && key.keeper === 'library')
        throw new ExhibitError(
          'usage',
          `set retention of ${key.source}`,
          'a plan is one of the source: this library has none',
          'name the source as the keeper, or leave the plan out',
        );
      desk.retention().setPolicy(policyOf(key, days, plan, reason));
      return entered({ policy: said(key)!, past: doomed() });
    },
    'retention.clear': ({ reason, ...key }) => {
      if (said(key) === undefined)
        throw new ExhibitError(
          'refused',
          `clear retention of ${key.source}`,
          key.keeper === 'library'
            ? 'no days of this library are set for it'
            : 'nobody set its days, and what it tells itself stays',
          '`exhibit retention show` has the policies that stand',
        );
      const policy = policyOf(key, undefined, undefined, reason);
      desk.retention().setPolicy(policy);
      return entered({ policy, past: doomed() });
    },
    'retention.preview': ({ days, ...key }) => {
      const then = library().retention.preview(policyOf(key, days, undefined, 'preview'), clock().now());
      return { past: doomed(then), held: then.held };
    },
    'retention.due': ({ before, limit }) => {
      const until = (before === undefined ? clock().now() + SOON_US : parseInstant(before)!) as Micros;
      const { retention } = library();
      return { total: retention.past(until).total, recordings: named(retention.due(until, limit ?? LISTED)).map(dueRecording) };
    },
    'retention.sweep': ({ dryRun }) => {
      const retention = desk.retention();
      const { id } = desk.jobs.start({
        kind: 'sweep',
        title: 'retention sweep',
        unit: 'sessions',
        run: () => retention.sweep(dryRun ?? false),
      });
      return { job: id };
    },
    'retention.sweepReport': ({ job }) => {
      const report = desk.jobs.result<SweepReport>(job);
      return { ...report, purged: named(report.purged), held: named(report.held) };
    },
    'retention.confirmTime': ({ reason }) => {
      const before = clock().shown();
      const after = clock().confirm(desk.actor);
      desk.emit('retention', {});
      const details = { wall: after.wall, confirmed_before: before.confirmed, reason };
      return { output: after, subject: 'clock', details };
    },
    'holds.list': ({ released, session }) => {
      const id = session === undefined ? undefined : findSession(library(), session).id;
      return library()
        .retention.holds({ released: released ?? false, session: id })
        .map(holdShape);
    },
    'holds.add': ({ scope, reason }) => {
      const { retention, atomically, custody } = library();
      const target = targetOf(scope);
      const hold = atomically(() => {
        const added = holdShape(retention.addHold(target, { by: desk.actor, at: at(), reason }));
        const details = { hold: added.id, what: added.text, sessions: added.sessions, reason };
        const subject = target.kind === 'session' ? target.session : target.kind === 'case' ? target.case : `hold ${added.id}`;
        custody.append({ actor: desk.actor, action: 'hold', subject, purpose: desk.purpose(), details });
        return added;
      });
      desk.emit('retention', {});
      return entered(hold);
    },
    'holds.release': ({ id, reason }) => {
      const { retention, atomically, custody } = library();
      const what = `release hold ${id}`;
      const hold = atomically(() => {
        const found = findHold(id, what);
        if (found.released !== null)
          throw new ExhibitError('refused', what, `${found.released.by} released it at ${found.released.at}`);
        const released = holdShape(retention.releaseHold(found.id, { by: desk.actor, at: at(), reason }));
        const details = { hold: released.id, what: released.text, sessions: released.sessions, reason };
        const { target } = found;
        const subject = target.kind === 'session' ? target.session : target.kind === 'case' ? target.case : `hold ${found.id}`;
        custody.append({ actor: desk.actor, action: 'release', subject, purpose: desk.purpose(), details });
        return released;
      });
      desk.emit('retention', {});
      return entered(hold);
    },
    'purges.list': ({ cursor, limit }: Input<'purges.list'>) => {
      const { total, purges, next } = library().purges.list(cursor ?? null, limit ?? LISTED);
      return { total, purges: [...purges], next };
    },
    'purges.verify': ({ certificate, signature }) => {
      const check = checkCertificate(certificate, signature, desk.custodian.vault.publicKey().subarray(-32));
      return { output: check, subject: 'certificate', details: { valid: check.valid, fingerprint: check.fingerprint } };
    },
  };
}
