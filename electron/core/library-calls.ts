// Calls about the library as a whole and its long work: numbers, verification, backup, restore, a new key, the custody log, settings.

import { ExhibitError } from '../../shared/api/errors.ts';
import type { VerifyReport } from '../../shared/api/shapes.ts';
import type { CustodyEntry } from '../../shared/evidence/custody.ts';
import { annotationFaults, PURGED, purgedError, verifyParts, verifySteps, type SessionRow } from '../library/library.ts';
import { findSession, type Desk, type Handlers } from './desk.ts';
import { enterVerified } from './sweep.ts';

type Calls =
  | 'library.stats'
  | 'library.verify'
  | 'library.rekey'
  | 'library.backup'
  | 'library.restore'
  | 'jobs.list'
  | 'jobs.wait'
  | 'jobs.cancel'
  | 'jobs.report'
  | 'custody.list'
  | 'custody.verify'
  | 'custody.accept'
  | 'settings.get'
  | 'settings.set';

const PAGE = 200;

/** Goes through the steps of a check, with room for other work between them. */
async function inTurns<T>(steps: Generator<undefined, T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    if (signal.aborted) throw new ExhibitError('cancelled', 'verify', 'it was cancelled');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export function libraryCalls(desk: Desk): Handlers<Calls> {
  const { custodian, jobs, library } = desk;

  const verifyAll = async (
    sessions: readonly SessionRow[],
    whole: boolean,
    report: (done: number, detail: string) => void,
    signal: AbortSignal,
  ): Promise<VerifyReport> => {
    const { annotations, content, custody } = library();
    const failures: { subject: string; place: string; reason: string }[] = [];
    let records = 0;
    let bytes = 0;
    if (whole) for (const reason of library().checkPages()) failures.push({ subject: 'library', place: 'database', reason });
    for (const [i, listed] of sessions.entries()) {
      // A session that is being followed may have grown since the work began.
      const session = library().sessions.byKey(listed.key) ?? listed;
      if (signal.aborted) throw new ExhibitError('cancelled', 'verify', 'it was cancelled');
      report(i, session.id);
      // Nothing is left of it that could be compared; the custody log says when it went.
      if (session.lockCode === PURGED) continue;
      const check = await inTurns(verifySteps(library(), session), signal);
      records += check.records;
      bytes += check.bytes;
      for (const { place, reason } of check.failures) failures.push({ subject: session.id, place, reason });
      enterVerified({ library: library(), actor: desk.actor, purpose: desk.purpose }, session, check, 'asked');
    }
    for (const { acquisition, source } of whole ? library().history.kept() : []) {
      const check = await inTurns(verifyParts(content, acquisition), signal);
      bytes += check.bytes;
      for (const { place, reason } of check.failures) failures.push({ subject: `history of ${source}`, place, reason });
    }
    const scope = whole ? null : { session: sessions[0]!.id };
    for (const { annotation, place, reason } of annotationFaults({ annotations, custody }, scope))
      failures.push({ subject: `annotation ${annotation}`, place, reason });
    const verdict = custody.verify();
    if (verdict.kind === 'broken')
      failures.push({ subject: 'custody log', place: `entry ${String(verdict.seq)}`, reason: verdict.reason });
    if ((await custodian.pinned()) === 'differs') {
      failures.push({
        subject: 'custody log',
        place: 'its end',
        reason: 'it lacks the newest entry that this device pinned: an older database was put back',
      });
    }
    const head = custody.head();
    return { sessions: sessions.length, records, bytes, failures, custodyEntries: head.seq, custodyHead: head.hash };
  };

  return {
    'library.stats': () => {
      const opened = library();
      return {
        ...opened.sessions.stats(),
        folder: opened.folder,
        fileBytes: opened.fileBytes(),
        schema: opened.schema(),
        custodyEntries: opened.custody.head().seq,
      };
    },

    'library.verify': ({ id }) => {
      const { sessions } = library();
      const rows = id === undefined ? sessions.keys({}).map((key) => sessions.byKey(key)!) : [findSession(library(), id)];
      if (id !== undefined && rows[0]!.lockCode === PURGED) throw purgedError(`verify ${id}`);
      const job = jobs.start({
        kind: 'verify',
        title: id === undefined ? 'verify library' : `verify ${id}`,
        unit: 'sessions',
        run: ({ signal, progress }) =>
          verifyAll(rows, id === undefined, (done, detail) => progress({ done, total: rows.length, detail }), signal),
      });
      return { output: { job: job.id }, subject: null, details: {} };
    },

    'jobs.list': () => [...jobs.list()],
    'jobs.wait': ({ job }) => jobs.wait(job),
    'jobs.cancel': ({ job }) => jobs.cancel(job),
    'jobs.report': ({ job }) => jobs.result<VerifyReport>(job),

    'library.rekey': async () => {
      await custodian.rekey(async () => {
        await desk.searchThreads()?.close();
        await desk.indexer().retire();
      });
      return { output: null, subject: 'library', details: {} };
    },

    'library.backup': ({ path, passphrase }) => {
      library();
      const job = jobs.start({
        kind: 'backup',
        title: 'backup',
        unit: 'steps',
        run: async () => {
          await custodian.backup(path, passphrase);
        },
      });
      return { output: { job: job.id }, subject: 'library', details: { path } };
    },

    'library.restore': ({ path }) => {
      custodian.restore(path);
      return null;
    },

    'custody.list': ({ subject, action, actor, cursor, limit }) => {
      const before = cursor === null || cursor === undefined ? null : Number(cursor);
      const page = library().custody.list({ subject, action, actor }, before, limit ?? PAGE);
      const last = page.entries.at(-1);
      return {
        total: page.total,
        next: page.entries.length === (limit ?? PAGE) && last !== undefined && last.seq > 1 ? String(last.seq) : null,
        entries: page.entries.map(({ text, hash }) => {
          const entry = JSON.parse(text) as CustodyEntry;
          return { ...entry, at: entry.at.wall, details: JSON.stringify(entry.details), hash };
        }),
      };
    },

    'custody.verify': async () => {
      const verdict = library().custody.verify();
      const head = library().custody.head();
      const pinned = await custodian.pinned();
      const intact = verdict.kind === 'intact';
      return {
        output: {
          intact,
          entries: intact ? verdict.count : head.seq,
          head: head.hash,
          brokenAt: intact ? null : verdict.seq,
          reason: intact ? '' : verdict.reason,
          pinned,
        },
        subject: 'custody log',
        details: { intact, pinned },
      };
    },

    'custody.accept': async ({ reason }) => {
      library();
      const before = custodian.status().custody;
      if (before?.state === 'broken')
        throw new ExhibitError('refused', 'accept custody log', before.why, 'keep a copy of the folder and restore a backup');
      if (before?.state !== 'rolled-back')
        throw new ExhibitError(
          'refused',
          'accept custody log',
          'it is the one that this device signed: there is nothing to accept',
        );
      const details = { accepted: before.why, reason };
      library().custody.append({ actor: desk.actor, action: 'verify', subject: 'custody log', purpose: desk.purpose(), details });
      await custodian.acceptHead();
      desk.emit('vault', custodian.status());
      return { output: custodian.status(), subject: null, details: {} };
    },

    'settings.get': () => ({ ...library().settings.all() }),
    'settings.set': ({ key, value }) => {
      library().settings.set(key, value);
      return null;
    },
  };
}
