// The sweep: when the library is opened and hourly, everything whose retention has ended and that nothing holds is purged, with its custody
// entry and a signed certificate. It waits for nobody: who is reading a recording at that moment is told that it is gone. Cut short at any
// point, the next one goes on. docs/retention.md

import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import type { DueRecording, Policy, Purge, RetentionClock, SweepReport } from '../../shared/api/retention-shapes.ts';
import { formatInstant, type Micros } from '../../shared/recording/time.ts';
import type { DueRow, Library } from '../library/library.ts';
import { purgeAct, type PurgeSigner } from './purge-certificate.ts';
import { createClock, type Clock, type Uptime } from './retention-clock.ts';

const HOUR_MS = 3_600_000;

/** Recordings that a report names one by one. */
const REPORTED = 10_000;

/** Pages of a library up to this size are written anew with each purge, which takes seconds; those of a larger one once a day. */
const SMALL_BYTES = 256 * 1024 * 1024;
const LARGE_EVERY_US = 86_400_000_000;

/** How often, and how long apart, it is tried to clean up while others are at work. */
const TRIES = 20;
const TRY_MS = 100;

export interface RetentionDeps {
  readonly library: Library;
  readonly wallClock: () => number;
  readonly uptime: Uptime;
  readonly actor: string;
  readonly purpose: () => string;
  readonly signer: PurgeSigner;
  /** These sessions were purged: whatever of them is in memory goes. */
  readonly purged: (sessions: readonly string[]) => void;
  /** Policies, holds, purges or the clock are others now. */
  readonly changed: () => void;
  /** It ended by a fault. */
  readonly failed: (error: unknown) => void;
}

export interface Retention {
  readonly clock: Clock;
  /** A source answered with this Date header. */
  told(source: string, date: string): void;
  /** Sets a policy, with its custody entry. */
  setPolicy(policy: Policy): void;
  /** Sweeps now; one at a time. */
  sweep(dryRun: boolean): Promise<SweepReport>;
  /** Resolves when nothing is being purged any more. */
  close(): Promise<void>;
}

export function dueRecording({ session, title, source, until, heldBy }: DueRow): DueRecording {
  return { session, title, source, until: formatInstant(until), heldBy: [...heldBy] };
}

export function createRetention(deps: RetentionDeps): Retention {
  const { library, actor, purpose } = deps;
  const { retention, purges, retentionState } = library;
  const clock = createClock({ state: retentionState, wallClock: deps.wallClock, uptime: deps.uptime });
  const closing = new AbortController();

  /** Past by this machine's clock, and not by the confirmed one. */
  const unconfirmed = (now: Micros): number => {
    const wall = (deps.wallClock() * 1000) as Micros;
    return wall <= now ? 0 : retention.past(wall).total - retention.past(now).total;
  };

  const report = (now: Micros, shown: RetentionClock, dryRun: boolean, purged: readonly DueRecording[]): SweepReport => ({
    at: formatInstant(now),
    dryRun,
    purged: purged.slice(0, REPORTED),
    held: retention
      .due(now, REPORTED)
      .filter(({ heldBy }) => heldBy.length > 0)
      .map(dueRecording),
    unconfirmed: unconfirmed(now),
    clock: shown,
  });

  const purgeAll = async (
    now: Micros,
    shown: RetentionClock,
  ): Promise<{ readonly gone: readonly Purge[]; readonly failure: unknown }> => {
    const gone: Purge[] = [];
    const act = purgeAct({ at: formatInstant(now), clock: shown, actor, purpose: purpose(), library, signer: deps.signer });
    let failure: unknown = null;
    for (const acquisition of purges.purgeable(now)) {
      try {
        const purged = purges.purge(acquisition, now, act) ?? [];
        gone.push(...purged);
        if (purged.length > 0) deps.purged(purged.map(({ session }) => session));
      } catch (error) {
        // The others do not wait for one that fails: it is told when they are done, and tried again at the next sweep.
        failure ??= error;
      }
      await turn();
    }
    return { gone, failure };
  };

  const clean = async (now: Micros): Promise<void> => {
    const since = purges.uncleanSince();
    if (since === null) return;
    const pages = library.fileBytes() <= SMALL_BYTES || now - since >= LARGE_EVERY_US;
    for (let tries = TRIES; !purges.clean({ pages }) && tries > 0 && !closing.signal.aborted; tries--) {
      await pause(TRY_MS);
    }
  };

  const run = async (dryRun: boolean): Promise<SweepReport> => {
    const now = clock.now();
    const shown = clock.shown();
    if (dryRun) {
      const past = retention.due(now, REPORTED).filter(({ heldBy }) => heldBy.length === 0);
      return report(now, shown, true, past.map(dueRecording));
    }
    const looked = retention.past(now);
    const { gone, failure } = await purgeAll(now, shown);
    await clean(now);
    // The titles of those that are gone went with them.
    const purged = gone.map(({ session, source, until }) => ({ session, title: null, source, until, heldBy: [] }));
    const swept = report(now, shown, false, purged);
    const last = { at: swept.at, looked: looked.total, purged: purged.length, held: retention.past(now).held };
    library.atomically(() => {
      retentionState.set('sweep', JSON.stringify(last));
      clock.keep();
    });
    deps.changed();
    if (failure !== null) throw failure;
    return swept;
  };

  let work: Promise<unknown> = Promise.resolve();
  const sweep = (dryRun: boolean): Promise<SweepReport> => {
    const next = work.then(() => run(dryRun));
    work = next.catch(() => undefined);
    return next;
  };

  const hourly = setInterval(() => void sweep(false).catch(deps.failed), HOUR_MS);
  // It keeps no program from ending.
  hourly.unref();
  // The first recordings are gone before anybody can ask for them.
  const first = run(false);
  work = first.catch(deps.failed);

  return {
    clock,
    told: clock.told,
    setPolicy: (policy) => {
      const { source, environment, keeper, days, basis, plan, reason } = policy;
      library.atomically(() => {
        retention.setPolicy(policy);
        const details = {
          environment,
          keeper,
          ...(basis === 'cleared' ? {} : { days }),
          basis,
          ...(plan === null ? {} : { plan }),
          reason,
        };
        library.custody.append({ actor, action: 'policy', subject: source, purpose: purpose(), details });
      });
      deps.changed();
    },
    sweep,
    close: async () => {
      clearInterval(hourly);
      closing.abort();
      await work;
      clock.keep();
    },
  };
}
