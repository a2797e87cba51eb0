// Calls about readiness for work without a network: how each session of a case stands, what is missing got, and a signed receipt.

import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { ExhibitError, asExhibitError } from '../../shared/api/errors.ts';
import type { Input } from '../../shared/api/contract.ts';
import type { Readiness, ReadyReport } from '../../shared/api/retention-shapes.ts';
import { toHex } from '../../shared/evidence/custody.ts';
import { fingerprint, publicKeyLine, signSsh } from '../../shared/evidence/sshsig.ts';
import { findCase } from '../cases/cases.ts';
import { sha256 } from '../library/library.ts';
import type { Desk, Handlers } from './desk.ts';
import type { JobContext } from './jobs.ts';
import { OPENS } from './keys.ts';
import { readinessOf } from './readiness.ts';
import { findTarget, type SessionTarget } from './session-target.ts';

type Calls = 'ready.show' | 'ready.make' | 'ready.receipt';
type Scope = Input<'ready.show'>;
type Ask = Pick<Handlers<'sync.start' | 'sync.report' | 'rights.check'>, 'sync.start' | 'sync.report' | 'rights.check'>;

/** Namespace of the signature, for `ssh-keygen -Y verify -n`. */
const NAMESPACE = 'exhibit-ready';

/** Bytes of the receipt that are handed out at once. */
const PIECE = 256 * 1024;

function* piecesOf(text: string): Generator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}

const ended = (): ExhibitError =>
  new ExhibitError('cancelled', 'make ready', 'it was ended', 'make it ready again: it goes on where it stood');

/** Throws kind `cancelled` where the work was ended. */
function goesOn({ signal }: Pick<JobContext, 'signal'>): void {
  if (signal.aborted) throw ended();
}

/** Waits for something that cannot be ended, unless the work is. */
function orCancelled<T>(work: Promise<T>, { signal }: JobContext): Promise<T> {
  const cancelled = new Promise<never>((_resolve, reject) => {
    if (signal.aborted) reject(ended());
    signal.addEventListener('abort', () => reject(ended()), { once: true });
  });
  return Promise.race([work, cancelled]);
}

/** What a session lacks that its source may give. */
const lacks = ({ cached, grant, decrypts }: Readiness): boolean => !(cached.ready && grant.ready && decrypts.ready);

/** `ask`: what reads sources. */
export function readyCalls(desk: Desk, ask: Ask): Handlers<Calls> {
  const { library, jobs, now } = desk;
  /** Why the last attempt to get a session failed, by its id. */
  const attempts = new Map<string, string>();

  const unknown = (id: string): SessionTarget => ({
    id,
    subject: id,
    source: '',
    nativeId: null,
    governed: 0,
    title: null,
    session: null,
    history: null,
  });

  /** Sessions of a scope, each once. What a case names and this library never had is among them. */
  const targets = (
    scope: Scope,
  ): { readonly number: string | null; readonly subject: string; readonly sessions: SessionTarget[] } => {
    const found = new Map<string, SessionTarget>();
    if ('sessions' in scope) {
      for (const id of scope.sessions) {
        const target = findTarget(library(), id);
        if (target === null)
          throw new ExhibitError('not-found', `session ${id}`, 'there is no such session', '`exhibit sessions list` shows them');
        found.set(target.subject, target);
      }
      return { number: null, subject: found.size === 1 ? found.keys().next().value! : 'library', sessions: [...found.values()] };
    }
    const { id, number } = findCase(library().cases, scope.case);
    for (const { session, withdrawn } of library().cases.exhibits(id)) {
      if (withdrawn === null) found.set(session, findTarget(library(), session) ?? unknown(session));
    }
    return { number, subject: id, sessions: [...found.values()] };
  };

  const assess = async (
    sessions: readonly SessionTarget[],
    context: Pick<JobContext, 'signal'> | null = null,
  ): Promise<Readiness[]> => {
    const found: Readiness[] = [];
    for (const target of sessions) {
      // Opening payloads takes the processor: others get their turn in between.
      await setImmediate();
      if (context !== null) goesOn(context);
      found.push(await readinessOf(desk, target, attempts.get(target.subject) ?? null));
    }
    return found;
  };

  const report = async (scope: Scope): Promise<ReadyReport & { readonly subject: string }> => {
    const { number, subject, sessions } = targets(scope);
    const found = await assess(sessions);
    return { case: number, at: now(), ready: found.every(({ ready }) => ready), sessions: found, subject };
  };

  /** Why an attempt failed that was not ended by somebody. */
  const whyOf = (error: unknown, what: string, context: JobContext): string => {
    goesOn(context);
    return asExhibitError(error, what).why;
  };

  /** Asks a source what it allows now. Returns why it could not be asked, or null. */
  const askRights = async (source: string, context: JobContext): Promise<string | null> => {
    try {
      await orCancelled(Promise.resolve(ask['rights.check']({ source })), context);
      return null;
    } catch (error) {
      return whyOf(error, `ask ${source}`, context);
    }
  };

  /** Reads sessions of one source anew. Returns why some of them could not be had. */
  const read = async (
    source: string,
    wanted: readonly SessionTarget[],
    context: JobContext,
  ): Promise<ReadonlyMap<SessionTarget, string>> => {
    try {
      const only = wanted.flatMap(({ nativeId }) => nativeId ?? []);
      const { job } = (await ask['sync.start']({ source, only, follow: false })).output;
      const cancel = (): void => void jobs.cancel(job);
      context.signal.addEventListener('abort', cancel, { once: true });
      await jobs.wait(job);
      context.signal.removeEventListener('abort', cancel);
      goesOn(context);
      const { sources, sessions } = await ask['sync.report']({ job });
      const lack = sources[0]?.failure?.why ?? 'its source gave no recording of it';
      return new Map(
        wanted.flatMap((target): [SessionTarget, string][] => {
          const one = sessions.find(({ nativeId }) => nativeId === target.nativeId);
          const why = one === undefined || one.outcome === 'history' ? lack : one.failure?.why;
          return why === undefined ? [] : [[target, why]];
        }),
      );
    } catch (error) {
      const why = whyOf(error, `read ${source}`, context);
      return new Map(wanted.map((target) => [target, why]));
    }
  };

  /** Gets what is missing from one source. What fails is kept for the report, and ends nothing else. */
  const fetch = async (source: string, targets: readonly SessionTarget[], context: JobContext): Promise<void> => {
    for (const { subject } of targets) attempts.delete(subject);
    const unasked = await askRights(source, context);
    const found = await assess(targets, context);
    const wanted = targets.filter(({ nativeId }, i) => nativeId !== null && lacks(found[i]!));
    const failures = wanted.length === 0 ? new Map<SessionTarget, string>() : await read(source, wanted, context);
    for (const [i, target] of targets.entries()) {
      const why = failures.get(target) ?? (found[i]!.permission.ready ? null : unasked);
      if (why !== null) attempts.set(target.subject, `the attempt of ${now()} failed: ${why}`);
    }
  };

  /** Waits until nothing is indexed any more, or until the work is cancelled. */
  const index = async (sessions: readonly SessionTarget[], context: JobContext): Promise<void> => {
    const keys = sessions.flatMap(({ session }) => session?.key ?? []);
    await desk.keys().evaluateLocks(keys);
    const waiting = keys.filter((key) => {
      const row = library().sessions.byKey(key);
      // What opens by now, and did not when it was indexed, is indexed anew.
      const isShut = row?.indexState === 'locked' && row.lockCode !== OPENS;
      return row !== null && row.indexState !== 'done' && !isShut;
    });
    desk.indexer().enqueue(waiting);
    // What is indexed by now may be queued once more: it is not searched until that is over.
    await orCancelled(desk.indexer().idle(), context);
  };

  const make = async (scope: Scope, context: JobContext): Promise<void> => {
    const { sessions } = targets(scope);
    const total = sessions.length;
    let done = 0;
    const bySource = Map.groupBy(
      sessions.filter(({ governed }) => governed === 1),
      ({ source }) => source,
    );
    for (const [source, own] of bySource) {
      context.progress({ done, total, detail: `what ${source} has` });
      await fetch(source, own, context);
      done += own.length;
    }
    context.progress({ done, total, detail: 'keys and index' });
    await index(targets(scope).sessions, context);
    const ready = (await assess(targets(scope).sessions, context)).filter((one) => one.ready).length;
    const detail = ready === total ? 'all are ready' : `${String(total - ready)} of ${String(total)} are not ready`;
    context.progress({ done: ready, total, detail });
  };

  return {
    'ready.show': async (scope) => {
      const { subject: _subject, ...shown } = await report(scope);
      return shown;
    },

    'ready.make': (scope) => {
      const { number } = targets(scope);
      const title = number === null ? 'make sessions ready' : `make case ${number} ready`;
      const job = jobs.start({ kind: 'ready', title, unit: 'sessions', run: (context) => make(scope, context) });
      // Each session that is read has its own entry.
      return { output: { job: job.id }, subject: null, details: {} };
    },

    'ready.receipt': async (scope) => {
      const { subject, ...shown } = await report(scope);
      const { vault } = desk.custodian;
      const publicKey = vault.publicKey().subarray(-32);
      const head = library().custody.head();
      const sessions = shown.sessions.map((one) => {
        const row = one.permission.ready ? library().sessions.find(one.session) : null;
        const here = row === null || row === 'ambiguous' ? null : row;
        return { ...one, events: here?.events ?? null, root: here === null ? null : toHex(here.root) };
      });
      const text = `${JSON.stringify(
        {
          type: 'exhibit-ready/1',
          ...shown,
          sessions,
          by: desk.actor,
          custody: { seq: head.seq, hash: head.hash },
          signer: { publicKey: publicKeyLine(publicKey), fingerprint: fingerprint(publicKey, sha256) },
          tool: { name: 'Exhibit', version: desk.version },
        },
        null,
        2,
      )}\n`;
      const sha512 = (bytes: Uint8Array): Uint8Array => createHash('sha512').update(bytes).digest();
      const signature = signSsh(NAMESPACE, Buffer.from(text), publicKey, { sha512, sign: (bytes) => vault.sign(bytes) });
      const fileName = `ready-${(shown.case ?? 'sessions').replace(/[^A-Za-z0-9._-]/g, '_')}.json`;
      return {
        output: { ticket: desk.tickets.begin(piecesOf(text)), fileName, text, signature },
        subject,
        details: {
          what: 'readiness receipt',
          ready: shown.ready,
          sessions: sessions.length,
          sha256: createHash('sha256').update(text).digest('hex'),
        },
      };
    },
  };
}
