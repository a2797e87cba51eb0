// Small choices of the user, kept in the encrypted file so that the window stores nothing by itself.

import type { Database } from './database.ts';

export interface Settings {
  all(): Readonly<Record<string, string>>;
  set(key: string, value: string): void;
}

export function createSettings(database: Database): Settings {
  const all = database.prepare<[], { key: string; value: string }>('SELECT key, value FROM setting');
  const set = database.prepare<[string, string]>(
    'INSERT INTO setting VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  return {
    all: () => Object.fromEntries(all.all().map(({ key, value }) => [key, value])),
    set: (key, value) => {
      set.run(key, value);
    },
  };
}
