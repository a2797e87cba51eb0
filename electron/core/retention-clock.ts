// The clock that retention goes by: never later than the true time. The wall clock of a machine may be set to anything, so it is believed
// once, when a library begins. From there on time only goes by as the machine has verifiably been running; a source that answers, or a
// person who answers for it, says how late it is now. docs/retention.md

import { existsSync, readFileSync } from 'node:fs';
import { hostname, uptime } from 'node:os';
import type { RetentionClock } from '../../shared/api/retention-shapes.ts';
import type { Micros } from '../../shared/recording/time.ts';
import type { RetentionState } from '../library/library.ts';

/** How this machine tells that time went by. */
export interface Uptime {
  /** Seconds since the machine was started; they never go back, and go on while it sleeps. */
  readonly seconds: () => number;
  /** Which machine it is. */
  readonly machine: () => string;
  /** Which start of it; null where it does not say. */
  readonly boot: () => string | null;
}

/** Of the machine that this runs on. */
export function machineUptime(): Uptime {
  // Only Linux has these files; an image of a container may have an empty one.
  const read = (file: string): string | null => (existsSync(file) ? readFileSync(file, 'utf8').trim() || null : null);
  return {
    seconds: uptime,
    machine: () => read('/etc/machine-id') ?? hostname(),
    boot: () => read('/proc/sys/kernel/random/boot_id'),
  };
}

export interface ClockDeps {
  readonly state: RetentionState;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly wallClock: () => number;
  readonly uptime: Uptime;
}

export interface Clock {
  /** No later than the true time. */
  now(): Micros;
  shown(): RetentionClock;
  /** A source answered with this Date header. What is no date, or one that cannot be, says nothing. */
  told(source: string, date: string): void;
  /** A person says that the wall clock is right. */
  confirm(actor: string): RetentionClock;
  /** Keeps how far it is, so that a restart of the machine costs no time that went by before. */
  keep(): void;
}

interface Anchor {
  /** Milliseconds since 1970-01-01 UTC, at `uptime` of that machine and start. */
  readonly confirmed: number;
  readonly uptime: number;
  readonly machine: string;
  readonly boot: string | null;
  /** Who or what confirmed it last. */
  readonly by: string;
}

/** Wall and confirmed time may differ by this much without a word: answers take time, and headers have whole seconds. */
const TOLERATED_MS = 5 * 60_000;

/** A source that says it is this much later than the wall clock is not believed by its word alone: a purge cannot be taken back. */
const BELIEVED_MS = 31 * 86_400_000;

/** An anchor that moved by less is not written for each answer of a source. */
const MOVED_MS = 60_000;

const ROUGH = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

function span(ms: number): string {
  const hours = Math.abs(ms) / 3_600_000;
  if (hours >= 48) return `${ROUGH.format(hours / 24)} days`;
  return hours >= 2 ? `${ROUGH.format(hours)} hours` : `${ROUGH.format(hours * 60)} minutes`;
}

/**
 * Time that has verifiably gone by since an anchor: within one start of the machine, what its uptime says; after another one, at least the
 * uptime since; on another machine, nothing that could be known.
 */
function elapsed(anchor: Anchor, { seconds, machine, boot }: Uptime): number {
  const uptime = seconds();
  if (machine() !== anchor.machine) return 0;
  const since = uptime - anchor.uptime;
  const start = boot();
  if (anchor.boot !== null && start !== null) return (start === anchor.boot ? Math.max(0, since) : uptime) * 1000;
  return (since >= 0 ? since : uptime) * 1000;
}

export function createClock({ state, wallClock, uptime: machine }: ClockDeps): Clock {
  const anchored = (confirmed: number, by: string): Anchor => {
    const anchor = { confirmed, uptime: machine.seconds(), machine: machine.machine(), boot: machine.boot(), by };
    state.set('clock', JSON.stringify(anchor));
    return anchor;
  };
  const stored = state.get('clock');
  let anchor =
    stored === null ? anchored(wallClock(), 'the clock of this machine, when the library began') : (JSON.parse(stored) as Anchor);

  const now = (): number => Math.floor(anchor.confirmed + elapsed(anchor, machine));
  state.goBy(() => (now() * 1000) as Micros);
  const keep = (): void => {
    anchor = anchored(now(), anchor.by);
  };
  // What went by on another machine, or before this start of it, cannot be known: from here on it is.
  if (stored !== null) keep();

  const shown = (): RetentionClock => {
    const wall = wallClock();
    const confirmed = now();
    const ahead = wall - confirmed;
    return {
      wall: new Date(wall).toISOString(),
      confirmed: new Date(confirmed).toISOString(),
      by: anchor.by,
      warning:
        Math.abs(ahead) <= TOLERATED_MS
          ? ''
          : `the clock of this machine is ${span(ahead)} ${ahead > 0 ? 'ahead of' : 'behind'} the time that is confirmed, and retention goes by the latter: synchronise a source, or check the clock and say so with \`exhibit retention confirm-time --reason TEXT\``,
    };
  };

  return {
    now: () => (now() * 1000) as Micros,
    shown,
    told: (source, date) => {
      const at = Date.parse(date);
      if (!Number.isFinite(at) || at - wallClock() > BELIEVED_MS) return;
      const by = `the source ${source}`;
      if (anchor.by === by && Math.abs(at - now()) < MOVED_MS) return;
      anchor = anchored(at, by);
    },
    confirm: (actor) => {
      anchor = anchored(wallClock(), actor);
      return shown();
    },
    keep,
  };
}
