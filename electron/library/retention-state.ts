// What retention remembers between two runs: its clock, its last sweep, what is still to be cleaned. No call of the contract writes here.

import type { Micros } from '../../shared/recording/time.ts';
import type { Database } from './database.ts';

/** `text`, `pages`: lists of the text index, and pages, that may still have something of what was purged. */
export type StateName = 'clock' | 'sweep' | 'text' | 'pages';

export interface RetentionState {
  /** The time that retention goes by, once its clock runs. */
  confirmed(): Micros | null;
  goBy(clock: () => Micros): void;
  get(name: StateName): string | null;
  /** Null forgets it. */
  set(name: StateName, value: string | null): void;
}

export function createRetentionState(database: Database): RetentionState {
  const get = database.prepare<[string], string>('SELECT value FROM retention_state WHERE name = ?').pluck();
  const set = database.prepare<[string, string]>(
    'INSERT INTO retention_state VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );
  const drop = database.prepare<[string]>('DELETE FROM retention_state WHERE name = ?');
  let clock: () => Micros | null = () => null;
  return {
    confirmed: () => clock(),
    goBy: (next) => {
      clock = next;
    },
    get: (name) => get.get(name) ?? null,
    set: (name, value) => {
      if (value === null) drop.run(name);
      else set.run(name, value);
    },
  };
}
