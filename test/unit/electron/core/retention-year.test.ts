// A year of hourly sweeps over recordings that come in all year, with policies that change, holds that come and go, a machine that is
// restarted and switched off, and a wall clock that somebody sets: against a slow model that knows the true time. Nothing is purged early,
// late by more than a sweep, or while it is held. EXHIBIT_YEAR=whole runs 10,000 recordings over 8,760 hours; else it is a short year.

import { expect, test } from 'vitest';
import { checkCertificate } from '../../../../electron/core/purge-certificate.ts';
import { createRetention, type Retention } from '../../../../electron/core/retention.ts';
import type { Micros } from '../../../../shared/recording/time.ts';
import { formatInstant } from '../../../../shared/recording/time.ts';
import { keepRecordings } from '../../../support/kept-recordings.ts';
import { temporaryLibrary } from '../../../support/library.ts';
import { createRandom } from '../../../support/random.ts';
import { testSigner } from '../../../support/retention-signer.ts';

const isWhole = process.env['EXHIBIT_YEAR'] === 'whole';
const RECORDINGS = isWhole ? 10_000 : 200;
const HOURS = isWhole ? 8760 : 300;
/** Days of policies, and hours between two holds, on average. */
const DAYS = isWhole ? 120 : 10;
const HOLD_EVERY = isWhole ? 80 : 20;
const SEED = Number(process.env['EXHIBIT_YEAR_SEED'] ?? 20261121);

const HOUR = 3_600_000;
const DAY_HOURS = 24;
const DAY_US = 86_400_000_000;
const BEGIN = Date.UTC(2026, 0, 1);

type Environment = 'production' | 'non-production';
type Keeper = 'source' | 'library';

const ENVIRONMENTS = [undefined, '', 'production', 'Prod', 'LIVE', 'prd', 'staging', 'dev', 'Production-like', 'test'];
const SOURCES = ['cloud', 'edge', 'files'];

interface Modelled {
  readonly id: string;
  readonly acquisition: number;
  readonly source: string;
  /** Source and environment. */
  readonly term: string;
  readonly group: string | undefined;
  readonly user: string;
  readonly end: number;
}

/** As the issue words it: no environment counts as production. */
function environmentOf(name: string | undefined): Environment {
  return name === undefined || name === '' || ['production', 'prod', 'prd', 'live'].includes(name.toLowerCase())
    ? 'production'
    : 'non-production';
}

test(
  `a year of sweeps purges nothing early, late or while it is held (seed ${String(SEED)})`,
  { timeout: 7_200_000 },
  async () => {
    const random = createRandom(SEED);
    const kept = temporaryLibrary();
    let { library } = kept;
    const signer = testSigner();

    // The world: the true time, a wall clock that is off by something, and a machine that runs or does not.
    let truth = BEGIN;
    let wallOff = 0;
    let bootedAt = BEGIN - 5 * HOUR;
    let boot = 0;
    const wallClock = (): number => truth + wallOff;
    const uptime = {
      seconds: () => (truth - bootedAt) / 1000,
      machine: () => 'm',
      boot: () => (boot % 3 === 2 ? null : String(boot)),
    };
    const gone: string[] = [];
    let failure: unknown = null;
    const start = (): Retention =>
      createRetention({
        library,
        wallClock,
        uptime,
        actor: 'tester',
        purpose: () => '',
        signer,
        purged: (sessions) => gone.push(...sessions),
        changed: () => undefined,
        failed: (error) => {
          failure ??= error;
        },
      });
    let retention = start();

    // The model.
    const recordings = new Map<string, Modelled>();
    const present = new Set<string>();
    const policies = new Map<string, number | null | undefined>();
    const holds: {
      readonly id: string;
      readonly kept: Set<string>;
      readonly fits: (one: Modelled) => boolean;
      released: boolean;
    }[] = [];
    /** Microseconds that the recordings of a source and an environment are kept, by its name. */
    const terms = new Map<string, number>();
    /** Days of undefined are none: what was said is taken back. */
    const setTerm = (source: string, environment: Environment, who: Keeper | 'told', days: number | null | undefined): void => {
      policies.set(`${source}/${environment}/${who}`, days);
      const of = (name: Keeper | 'told'): number | null | undefined => policies.get(`${source}/${environment}/${name}`);
      const ofSource = Math.min(of('told') ?? Infinity, of('source') ?? Infinity);
      const own = of('library');
      terms.set(`${source}/${environment}`, (own === undefined ? ofSource : (own ?? Infinity)) * DAY_US);
    };
    const until = ({ term, end }: Modelled): number => end + (terms.get(term) ?? Infinity);
    const held = (id: string): boolean => holds.some((hold) => !hold.released && hold.kept.has(id));
    const figures = {
      sweeps: 0,
      purged: 0,
      holds: 0,
      releases: 0,
      policies: 0,
      jumps: 0,
      restarts: 0,
      heldPast: 0,
      off: 0,
      lag: 0,
    };
    const together = new Map<number, Modelled[]>();

    let acquisitions = 0;
    const arrive = (): void => {
      const source = random.pick(SOURCES);
      const count = random.below(12) === 0 ? 3 : 1;
      acquisitions += 1;
      const sessions = Array.from({ length: count }, () => {
        const environment = random.pick(ENVIRONMENTS);
        const duration = random.below(5 * HOUR) * 1000;
        // They end when people go home: purges come in bursts too.
        const started = random.below(10) === 0 ? undefined : (truth - random.below(9) * DAY_HOURS * HOUR) * 1000 - duration;
        const group = random.below(3) === 0 ? `g${String(random.below(20))}` : undefined;
        return { environment, duration, started, group, user: `user${String(random.below(12))}` };
      });
      const acquired = new Date(wallClock()).toISOString();
      const confirmed = retention.clock.now();
      const ids = keepRecordings(
        library,
        source,
        acquired,
        sessions.map(({ environment, duration, started, group, user }) => ({
          duration: duration as Micros,
          user,
          ...(environment === undefined ? {} : { environment }),
          ...(started === undefined ? {} : { startedAt: started as Micros }),
          ...(group === undefined ? {} : { group }),
        })),
      );
      for (const [i, id] of ids.entries()) {
        const { environment, duration, started, group, user } = sessions[i]!;
        const end = started === undefined ? Math.max(Date.parse(acquired) * 1000, confirmed) : started + duration;
        const one = { id, acquisition: acquisitions, source, term: `${source}/${environmentOf(environment)}`, group, user, end };
        recordings.set(id, one);
        together.set(acquisitions, [...(together.get(acquisitions) ?? []), one]);
        present.add(id);
        for (const hold of holds) if (!hold.released && hold.fits(one)) hold.kept.add(id);
      }
    };

    const setPolicy = (): void => {
      const source = random.pick(SOURCES);
      const environment = random.pick(['production', 'non-production'] as const);
      const [keeper, basis] = random.pick([
        ['source', 'told'],
        ['source', 'plan'],
        ['source', 'cleared'],
        ['library', 'set'],
        ['library', 'cleared'],
      ] as const);
      const days = random.below(12) === 0 || basis === 'cleared' ? null : 1 + random.below(DAYS);
      retention.setPolicy({
        source,
        environment,
        keeper,
        days,
        basis,
        plan: basis === 'plan' ? 'Team' : null,
        by: 'tester',
        at: formatInstant(retention.clock.now()),
        reason: 'because',
      });
      setTerm(source, environment, basis === 'told' ? 'told' : keeper, basis === 'cleared' ? undefined : days);
      figures.policies += 1;
    };

    const addHold = (): void => {
      const act = { by: 'tester', at: '2026-01-01T00:00:00Z', reason: 'because' };
      const group = `g${String(random.below(20))}`;
      const user = `user${String(random.below(12))}`;
      const some = [...present];
      const id = some.length === 0 ? null : random.pick(some);
      const kind = random.below(3);
      const [target, fits] =
        kind === 0 || id === null
          ? ([{ kind: 'group', group, source: null }, (one: Modelled) => one.group === group] as const)
          : kind === 1
            ? ([{ kind: 'filter', filter: { user } }, (one: Modelled) => one.user === user] as const)
            : ([{ kind: 'session', session: id }, (one: Modelled) => one.id === id] as const);
      const row = library.retention.addHold(target, act);
      holds.push({ id: row.id, fits, released: false, kept: new Set([...present].filter((one) => fits(recordings.get(one)!))) });
      figures.holds += 1;
    };

    const release = (): void => {
      const hold = holds.filter(({ released }) => !released)[0];
      if (hold === undefined) return;
      library.retention.releaseHold(hold.id, { by: 'tester', at: '2026-01-01T00:00:00Z', reason: 'because' });
      hold.released = true;
      figures.releases += 1;
    };

    /** What must be gone after a sweep at the confirmed time, and nothing else. */
    const check = (): void => {
      const now = retention.clock.now();
      expect(now / 1000).toBeLessThanOrEqual(truth);
      figures.lag = Math.max(figures.lag, truth - now / 1000);
      for (const id of gone.splice(0)) {
        const one = recordings.get(id)!;
        const all = together.get(one.acquisition)!;
        // Never early, by the true time, and never held.
        expect(all.every((other) => until(other) <= truth * 1000)).toBe(true);
        expect(all.some((other) => held(other.id))).toBe(false);
        expect(present.delete(id)).toBe(true);
        figures.purged += 1;
      }
      for (const id of present) {
        const all = together.get(recordings.get(id)!.acquisition)!;
        const isDue = all.every((other) => until(other) <= now);
        if (!isDue) continue;
        figures.heldPast += 1;
        expect(
          all.some((other) => held(other.id)),
          `${id} is late`,
        ).toBe(true);
      }
    };

    const canary = Buffer.from('canary that nobody purged');
    keepRecordings(library, 'never', new Date(truth).toISOString(), [{ title: 'stays' }], canary);
    for (const environment of ['production', 'non-production'] as const) {
      const policy = {
        source: 'cloud',
        environment,
        keeper: 'source',
        days: environment === 'production' ? DAYS / 2 : DAYS / 5,
      } as const;
      const at = formatInstant(retention.clock.now());
      retention.setPolicy({ ...policy, basis: 'told', plan: null, by: 'cloud', at, reason: 'told' });
      setTerm('cloud', environment, 'told', policy.days);
    }

    for (let hour = 0; hour < HOURS; hour++) {
      truth += HOUR;
      // Recordings come in bursts, as people work.
      if (hour % DAY_HOURS === 0) {
        const by = Math.min(RECORDINGS, Math.floor(((hour + DAY_HOURS) / HOURS) * RECORDINGS));
        while (recordings.size < by) arrive();
      }
      if (random.below(60) === 0) setPolicy();
      if (random.below(HOLD_EVERY) === 0) addHold();
      if (random.below(HOLD_EVERY) === 0) release();
      if (random.below(100) === 0) {
        wallOff = random.below(3) === 0 ? 0 : (random.below(41) - 20) * 24 * HOUR;
        figures.jumps += 1;
      }
      if (random.below(150) === 0) {
        // Switched off for up to two days, then started again: nothing says how long it was.
        await retention.close();
        const off = random.below(3) * DAY_HOURS * HOUR;
        bootedAt = truth + random.below(off + 1);
        truth += off;
        figures.off += off / HOUR;
        boot += 1;
        library = kept.reopen();
        retention = start();
        figures.restarts += 1;
      }
      // A source answers on most days.
      if (random.below(24) === 0) retention.told('cloud', new Date(truth).toUTCString());
      // One that lies by years is not believed.
      if (random.below(500) === 0) retention.told('edge', new Date(truth + 4000 * 24 * HOUR).toUTCString());
      await retention.sweep(false);
      figures.sweeps += 1;
      check();
      if (failure !== null) throw failure as Error;
      if (isWhole && hour % 500 === 499) console.log(JSON.stringify({ hour: hour + 1, present: present.size, ...figures }));
    }
    retention.told('cloud', new Date(truth).toUTCString());
    await retention.sweep(false);
    check();
    await retention.close();

    expect(figures.purged).toBeGreaterThan(RECORDINGS / 10);
    expect(figures.heldPast).toBeGreaterThan(0);
    // Each that is gone has one certificate, which verifies, and its custody entry.
    let certified = 0;
    for (let cursor: string | null = null; ;) {
      const { purges, next } = library.purges.list(cursor, 500);
      for (const { session, certificate, signature } of purges) {
        expect(checkCertificate(certificate, signature, signer.publicKey())).toMatchObject({ valid: true, own: true });
        const { custody } = JSON.parse(certificate) as { custody: { seq: number; hash: string } };
        expect(library.custody.hashAt(custody.seq)).toBe(custody.hash);
        expect(present.has(session)).toBe(false);
        certified += 1;
      }
      if (next === null) break;
      cursor = next;
    }
    expect(certified).toBe(figures.purged);
    expect(library.custody.verify().kind).toBe('intact');
    expect(library.checkPages()).toEqual([]);
    if (isWhole) console.log(JSON.stringify({ seed: SEED, recordings: recordings.size, ...figures, left: present.size }));
  },
);
