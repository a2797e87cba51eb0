// What sources allowed their user, as rows that are only ever added: the newest yes or no about a right holds, and an answer that knows neither
// changes nothing. A row with a session is about that one alone. What governs a recording is where it came from: an acquisition with
// `rights` came from a source; one without came as a file and has no limits. docs/permissions.md

import { RIGHTS, type Right } from '../../shared/api/history-shapes.ts';
import type { Database } from './database.ts';

export interface ToldRight {
  readonly right: Right;
  /** The source's own id of a session that this is about alone: of `recording` and `download` only. Null: about all of them. */
  readonly session: string | null;
  /** What the source calls it: `terminal.view_recording`. */
  readonly name: string;
  /** `unknown`: it was asked and did not say. */
  readonly allowed: 'yes' | 'no' | 'unknown';
  /** How that is known, in words. */
  readonly why: string;
}

export interface StoredRight extends ToldRight {
  readonly source: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  /** Address that said it; null where the source was not known here. */
  readonly engine: string | null;
}

/** What a right is asked about. `governed` 0: it came as a file. */
export interface Governed {
  readonly source: string;
  readonly nativeId: string | null;
  readonly governed: 0 | 1;
}

export interface RightsStore {
  /**
   * Keeps what a source said at a moment, and lets the listeners know where it allows or refuses something anew. Of single sessions only
   * refusals and what lifts them are kept: `yes` may be said of every session that was read. Returns whether anything is new.
   */
  tell(source: string, at: string, told: readonly ToldRight[]): boolean;
  /** Names of all sources that were ever asked. */
  sources(): readonly string[];
  /** The answers that hold for all sessions of a source, by right. */
  ofSource(source: string): readonly StoredRight[];
  /** Sessions of a source that are refused alone. */
  refusedAlone(source: string): readonly StoredRight[];
  /** The answer by which a right is refused, or null. */
  refusal(of: Governed, right: Right): StoredRight | null;
  /** Sources of which nothing is listed. */
  withheld(): readonly StoredRight[];
  /** Their names as a JSON array, for {@link IS_WITHHELD}. */
  withheldNames(): string;
  /** Keys of the sessions here of which a right is refused. */
  refusedKeys(right: Right): readonly number[];
  /** For the `rights` of an acquisition from this source: what it allows now, as JSON by right. */
  inForce(source: string): string;
  /** Hears the name of a source that allows or refuses something anew. */
  listen(listener: (source: string) => void): void;
}

/** What is known of one source. */
interface Known {
  readonly source: string;
  readonly newest: Map<Right, StoredRight>;
  readonly alone: Map<string, StoredRight>;
}

/** A recording that cannot be had cannot be handed out, and nothing is had of a session that is not to be seen. */
const NEEDS: Readonly<Record<Right, readonly Right[]>> = {
  history: ['history'],
  recording: ['history', 'recording'],
  download: ['history', 'recording', 'download'],
};

/** Why something is refused, for people. */
export function refusalReason({ source, name, session, why }: StoredRight): string {
  return `source ${source} does not allow it${session === null ? '' : ' for this session'}: ${name} is missing (${why})`;
}

const COLUMNS = 'source, "right", session, name, allowed, why, at, engine';

const aloneName = (right: Right, session: string): string => `${right} ${session}`;

/** SQL over `session`: its source is one of a JSON array of withheld names, and it came from there. */
export const IS_WITHHELD = `(source COLLATE NOCASE IN (SELECT value FROM json_each(?))
  AND (SELECT rights IS NOT NULL FROM acquisition WHERE acquisition.key = session.acquisition))`;

export function createRightsStore(database: Database): RightsStore {
  const sql = {
    rows: database.prepare<[], StoredRight>(`SELECT ${COLUMNS} FROM source_right ORDER BY key`),
    add: database.prepare<[string, string, string | null, string, string, string, string, string], StoredRight>(
      `INSERT INTO source_right (source, "right", session, name, allowed, why, at, engine)
       VALUES (?, ?, ?, ?, ?, ?, ?, (SELECT engine FROM source WHERE name = ?)) RETURNING ${COLUMNS}`,
    ),
    withheldKeys: database.prepare<[string], number>(`SELECT key FROM session WHERE ${IS_WITHHELD}`).pluck(),
    aloneKeys: database
      .prepare<[string, string], number>(
        `SELECT key FROM session WHERE source = ? COLLATE NOCASE AND native_id IN (SELECT value FROM json_each(?))
           AND (SELECT rights IS NOT NULL FROM acquisition WHERE acquisition.key = session.acquisition)`,
      )
      .pluck(),
  };
  const listeners: ((source: string) => void)[] = [];
  const known = new Map<string, Known>();

  const of = (source: string): Known | undefined => known.get(source.toLowerCase());

  const learn = (row: StoredRight): void => {
    const name = row.source.toLowerCase();
    const entry = known.get(name) ?? { source: row.source, newest: new Map(), alone: new Map() };
    known.set(name, entry);
    if (row.session === null) {
      if (row.allowed !== 'unknown' || (entry.newest.get(row.right)?.allowed ?? 'unknown') === 'unknown')
        entry.newest.set(row.right, row);
    } else if (row.allowed === 'no') entry.alone.set(aloneName(row.right, row.session), row);
    else if (row.allowed === 'yes') entry.alone.delete(aloneName(row.right, row.session));
  };
  for (const row of sql.rows.all()) learn(row);

  const refusedOf = (entry: Known, right: Right): StoredRight | null => {
    const rows = NEEDS[right].map((needed) => entry.newest.get(needed));
    return rows.find((row) => row?.allowed === 'no') ?? null;
  };

  const isNews = (entry: Known | undefined, { right, session, allowed }: ToldRight): boolean => {
    if (allowed === 'unknown') return false;
    const before = session === null ? entry?.newest.get(right) : entry?.alone.get(aloneName(right, session));
    return (before?.allowed === 'no') !== (allowed === 'no');
  };

  const keep = database.transaction((source: string, at: string, told: readonly ToldRight[]): StoredRight[] =>
    told.map(({ right, session, name, allowed, why }) => sql.add.get(source, right, session, name, allowed, why, at, source)!),
  ).immediate;

  const withheld = (): StoredRight[] => [...known.values()].flatMap((entry) => refusedOf(entry, 'history') ?? []);

  return {
    tell: (source, at, told) => {
      const news = told.filter((one) => isNews(of(source), one));
      const kept = told.filter((one) => one.session === null || news.includes(one));
      if (kept.length > 0) for (const row of keep(source, at, kept)) learn(row);
      if (news.length > 0) for (const listener of listeners) listener(source);
      return news.length > 0;
    },
    sources: () => [...known.values()].map(({ source }) => source).toSorted(),
    ofSource: (source) => RIGHTS.flatMap((right) => of(source)?.newest.get(right) ?? []),
    refusedAlone: (source) => [...(of(source)?.alone.values() ?? [])],
    refusal: ({ source, nativeId, governed }, right) => {
      const entry = governed === 0 ? undefined : of(source);
      if (entry === undefined) return null;
      const refused = refusedOf(entry, right);
      if (refused !== null || nativeId === null) return refused;
      const alone = NEEDS[right].map((needed) => entry.alone.get(aloneName(needed, nativeId)));
      return alone.find((row) => row !== undefined) ?? null;
    },
    withheld,
    withheldNames: () => JSON.stringify(withheld().map(({ source }) => source)),
    refusedKeys: (right) => {
      const entries = [...known.values()];
      const whole = entries.flatMap((entry) => refusedOf(entry, right)?.source ?? []);
      const keys = whole.length === 0 ? [] : sql.withheldKeys.all(JSON.stringify(whole));
      const alone = entries.flatMap(({ source, alone: rows }) => {
        const ids = [...rows.values()].flatMap((row) => (NEEDS[right].includes(row.right) ? row.session! : []));
        return ids.length === 0 ? [] : sql.aloneKeys.all(source, JSON.stringify(ids));
      });
      return [...new Set([...keys, ...alone])];
    },
    inForce: (source) =>
      JSON.stringify(Object.fromEntries([...(of(source)?.newest ?? [])].map(([right, { allowed }]) => [right, allowed]))),
    listen: (listener) => {
      listeners.push(listener);
    },
  };
}
