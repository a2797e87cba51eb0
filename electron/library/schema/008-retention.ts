// Schema 8: how long recordings are kept, what holds them, and what was purged. Policies, holds and purges are rows that are only ever
// added. When a recording's time ends and which holds keep it is worked out by triggers, whichever way a row, a policy or an exhibit
// came: no program has to remember it. docs/retention.md

import { HISTORY_ORDERS } from './007-history.ts';

/** What recordings are sorted by of what their rows in the history say: the same text in a query, or SQLite does not use the index. */
export const RECORDING_ORDERS = {
  sourceUntil: HISTORY_ORDERS.sourceUntil,
  libraryUntil: HISTORY_ORDERS.libraryUntil,
} as const;

function refuse(table: string, act: string): string {
  return `CREATE TRIGGER ${table}_no_${act.toLowerCase()} BEFORE ${act} ON ${table} BEGIN SELECT raise(ABORT, 'what was decided about retention is not changed'); END;\n`;
}

const grows = (table: string): string => refuse(table, 'UPDATE') + refuse(table, 'DELETE');

// Keys -----------------------------------------------------------------------------------------------------------------------

// SQLite overwrites what is deleted, and still leaves copies where it moved cells between pages. Keys must leave none when they are
// destroyed: they are rows of one length, only ever added at the end, never deleted, and overwritten where they stand.
const KEYS = `
-- What Exhibit remembers for itself, and no call sets: the clock that retention goes by, the last sweep, what is still to be cleaned.
CREATE TABLE retention_state (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE acquisition_key (
  acquisition INTEGER PRIMARY KEY,
  content_key BLOB NOT NULL CHECK (length(content_key) = 32),
  -- Seed of the salts of the acquisition tree.
  salt_seed   BLOB NOT NULL CHECK (length(salt_seed) = 32)
) STRICT;
INSERT INTO acquisition_key SELECT key, coalesce(content_key, zeroblob(32)), coalesce(salt_seed, zeroblob(32)) FROM acquisition ORDER BY key;
ALTER TABLE acquisition DROP COLUMN content_key;
ALTER TABLE acquisition DROP COLUMN salt_seed;
CREATE TRIGGER acquisition_key_kept BEFORE UPDATE ON acquisition_key
  WHEN (SELECT state FROM acquisition WHERE key = OLD.acquisition) = 'complete'
  BEGIN SELECT raise(ABORT, 'what was acquired is not changed'); END;
CREATE TRIGGER acquisition_key_stays BEFORE DELETE ON acquisition_key
  BEGIN SELECT raise(ABORT, 'a key is overwritten, not deleted'); END;
`;

// Policies, holds, purges ----------------------------------------------------------------------------------------------------

const DECIDED = `
CREATE TABLE retention_policy (
  key         INTEGER PRIMARY KEY,
  source      TEXT NOT NULL COLLATE NOCASE,
  environment TEXT NOT NULL CHECK (environment IN ('production', 'non-production')),
  keeper      TEXT NOT NULL CHECK (keeper IN ('source', 'library')),
  -- NULL: without end.
  days        INTEGER CHECK (days BETWEEN 1 AND 36500),
  -- 'cleared': what people said before is taken back.
  basis       TEXT NOT NULL CHECK (basis IN ('told', 'plan', 'set', 'cleared')),
  -- What the source calls the plan.
  plan        TEXT CHECK ((plan IS NOT NULL) = (basis = 'plan')),
  author      TEXT NOT NULL,
  at          TEXT NOT NULL,
  reason      TEXT NOT NULL,
  CHECK (keeper = 'source' OR basis IN ('set', 'cleared')),
  CHECK (days IS NULL OR basis <> 'cleared')
) STRICT;
CREATE INDEX retention_policy_newest ON retention_policy (source, environment, keeper, basis = 'told', key);
${grows('retention_policy')}
CREATE TABLE hold (
  key    INTEGER PRIMARY KEY,
  -- 1 is H-0001.
  n      INTEGER NOT NULL UNIQUE,
  kind   TEXT NOT NULL CHECK (kind IN ('session', 'group', 'case', 'filter')),
  -- Id of the session or the case, the group, or the filter as JSON: its words folded, its times in microseconds, its case by id.
  target TEXT NOT NULL,
  -- Of a group: its source, where one was named.
  source TEXT,
  reason TEXT NOT NULL,
  author TEXT NOT NULL,
  at     TEXT NOT NULL
) STRICT;
${grows('hold')}
CREATE TABLE hold_release (
  hold   INTEGER PRIMARY KEY REFERENCES hold (key),
  reason TEXT NOT NULL,
  author TEXT NOT NULL,
  at     TEXT NOT NULL
) STRICT;
${grows('hold_release')}
-- Sessions that fitted a hold at any moment since it was placed. One that fits no more, because its status changed or its exhibit was
-- withdrawn, stays held: only a release with a reason ends a hold.
CREATE TABLE held (
  session INTEGER NOT NULL REFERENCES session (key),
  hold    INTEGER NOT NULL REFERENCES hold (key),
  PRIMARY KEY (session, hold)
) STRICT, WITHOUT ROWID;
CREATE INDEX held_hold ON held (hold);
${grows('held')}
-- What was purged, with its signed certificate.
CREATE TABLE purge (
  session     TEXT NOT NULL PRIMARY KEY,
  source      TEXT NOT NULL,
  native_id   TEXT,
  at          TEXT NOT NULL,
  until       TEXT NOT NULL,
  certificate TEXT NOT NULL,
  signature   TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX purge_newest ON purge (at, session);
CREATE INDEX purge_native ON purge (source, native_id);
${grows('purge')}`;

// What a hold is of ----------------------------------------------------------------------------------------------------------

/** Whether session `s` fits the member of a filter hold `h`. */
const member = (name: string, fits: (value: string) => string): string => {
  const value = `json_extract(h.target, '$.${name}')`;
  return `(${value} IS NULL OR ${fits(value)})`;
};

const standsIn = (caseId: string): string =>
  `s.id IN (SELECT e.session FROM exhibit e JOIN case_file f ON f.key = e.case_key
     WHERE f.id = ${caseId} AND NOT EXISTS (SELECT 1 FROM exhibit_withdrawal w WHERE w.exhibit = e.key))`;

/** The same as `filterCondition` in sessions.ts: what is listed under a filter is what it holds. */
const FITS_FILTER = [
  ...['source', 'user', 'server', 'origin', 'status', 'environment', 'format'].map((name) =>
    member(name, (value) => `s.${name} = ${value}`),
  ),
  member('group', (value) => `s.session_group = ${value}`),
  member('startedFrom', (value) => `s.started_us >= ${value}`),
  member('startedTo', (value) => `s.started_us <= ${value}`),
  member('case', standsIn),
  member(
    'tag',
    (value) => `s.id IN (SELECT a.session FROM annotation_tag t JOIN annotation a ON a.key = t.annotation
     JOIN annotation_version v ON v.annotation = a.key AND v.version = t.version
     WHERE t.tag = ${value} AND NOT v.retracted AND t.version = (SELECT max(version) FROM annotation_version n WHERE n.annotation = a.key))`,
  ),
  `NOT EXISTS (SELECT 1 FROM json_each(h.target, '$.words') WHERE instr(s.haystack, value) = 0)`,
].join('\n    AND ');

const FITS = `CASE h.kind
    WHEN 'session' THEN s.id = h.target
    WHEN 'group' THEN s.session_group = h.target AND (h.source IS NULL OR s.source = h.source COLLATE NOCASE)
    WHEN 'case' THEN ${standsIn('h.target')}
    ELSE ${FITS_FILTER} END`;

/** Notes which holds in force keep which sessions, of those that `which` names. */
const noteHeld = (which: string): string =>
  `INSERT OR IGNORE INTO held (session, hold)
   SELECT s.key, h.key FROM hold h JOIN session s ON ${which}
   WHERE s.id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM hold_release r WHERE r.hold = h.key)
     AND (SELECT state FROM acquisition WHERE key = s.acquisition) <> 'purged' AND ${FITS};`;

const HELD = `
CREATE TRIGGER held_from_hold AFTER INSERT ON hold BEGIN ${noteHeld('h.key = NEW.key')} END;
CREATE TRIGGER held_from_session AFTER UPDATE OF id, source, user, server, origin, status, environment, format, session_group, started_us, haystack
  ON session WHEN NEW.id IS NOT NULL BEGIN ${noteHeld('s.key = NEW.key')} END;
CREATE TRIGGER held_from_exhibit AFTER INSERT ON exhibit BEGIN ${noteHeld('s.id = NEW.session')} END;
CREATE TRIGGER held_from_tag AFTER INSERT ON annotation_tag BEGIN
  ${noteHeld('s.id = (SELECT session FROM annotation WHERE key = NEW.annotation)')} END;
`;

// When retention ends --------------------------------------------------------------------------------------------------------

const DAY_US = 86_400_000_000;

/** A session without an environment counts as production. */
const environmentOf = (environment: string): string =>
  `CASE WHEN trim(coalesce(${environment}, '')) = '' OR lower(trim(${environment})) IN ('production', 'prod', 'prd', 'live')
     THEN 'production' ELSE 'non-production' END`;

/** Order of policies that stand beside each other: the first one holds. */
export const FEWEST_DAYS = "days IS NULL, days, basis <> 'told'";

/** Key of the policy that holds: of what the source tells and of what people say, the newest of each, that with fewer days. */
const policyOf = (source: string, environment: string, keeper: 'source' | 'library'): string => {
  const newest = (told: 0 | 1): string =>
    `(SELECT n.key FROM retention_policy n WHERE n.source = ${source} AND n.environment = ${environment} AND n.keeper = '${keeper}'
       AND (n.basis = 'told') = ${String(told)} ORDER BY n.key DESC LIMIT 1)`;
  const both = keeper === 'source' ? `${newest(1)}, ${newest(0)}` : newest(0);
  return `(SELECT p.key FROM retention_policy p WHERE p.key IN (${both}) AND p.basis <> 'cleared' ORDER BY ${FEWEST_DAYS} LIMIT 1)`;
};

const daysAfter = (end: string, policy: string): string =>
  `${end} + (SELECT p.days FROM retention_policy p WHERE p.key = ${policy}) * ${String(DAY_US)}`;

/** The later of two ends, of which NULL is none: without end. */
const later = (a: string, b: string): string => `CASE WHEN ${a} IS NULL OR ${b} IS NULL THEN NULL ELSE max(${a}, ${b}) END`;

/** Names of a status that says that a session goes on. What its source has no more does not go on, whatever was told before. */
const LIVE = "('live', 'active', 'running', 'open', 'connected', 'started', 'in_progress', 'in progress', 'recording')";

// `retention_fact`: what retention goes by, of each row of the history. `own_*` is what the recording alone says: it counts beside the
// record where the two were joined by target, user and time, which may be wrong; the later end of both is taken then.
// `retention_own`: when each row's retention ends by itself. Recordings of one acquisition end with the last of them, because its parts are
// all of theirs: that is worked out once for all of them, since a file may have thousands.
const ENDS = `
-- The confirmed time when it was acquired: where a recording does not say when it began, it counts beside the wall clock, which may be wrong.
ALTER TABLE session ADD COLUMN confirmed_us INTEGER;
CREATE VIEW retention_fact AS
SELECT h.key AS history, h.told_until_us AS told, h.matched_by IS 'target-user-time' AS guessed, s.key AS session, s.acquisition,
  h.source, ${environmentOf('coalesce(h.environment, s.environment)')} AS environment,
  s.source AS own_source, ${environmentOf('s.environment')} AS own_environment,
  (s.key IS NOT NULL AND a.state <> 'complete')
    OR (h.at_source <> 'purged' AND (a.growing IS 1 OR lower(coalesce(h.status, s.status, '')) IN ${LIVE})) AS live,
  coalesce(h.ended_us, h.started_us + coalesce(h.duration_us, s.duration_us), s.started_us + s.duration_us, acquired_us) AS ended,
  coalesce(s.started_us + s.duration_us, acquired_us) AS own_ended
FROM history h
  LEFT JOIN (SELECT *, max(CAST(round(unixepoch(acquired_at, 'subsec') * 1000) AS INTEGER) * 1000, coalesce(confirmed_us, 0)) AS acquired_us FROM session) s ON s.key = h.session
  LEFT JOIN acquisition a ON a.key = s.acquisition;

CREATE VIEW retention_policies AS
SELECT f.*,
  ${policyOf('f.source', 'f.environment', 'source')} AS source_policy,
  ${policyOf('f.source', 'f.environment', 'library')} AS library_policy,
  CASE WHEN f.guessed THEN ${policyOf('f.own_source', 'f.own_environment', 'source')} END AS own_source_policy,
  CASE WHEN f.guessed THEN ${policyOf('f.own_source', 'f.own_environment', 'library')} END AS own_library_policy
FROM retention_fact f;

CREATE VIEW retention_by AS
SELECT p.*,
  CASE WHEN p.live THEN NULL ELSE ${daysAfter('p.ended', 'p.source_policy')} END AS by_source,
  CASE WHEN p.live THEN NULL ELSE ${daysAfter('p.own_ended', 'p.own_source_policy')} END AS by_own_source,
  CASE WHEN p.live THEN NULL ELSE ${daysAfter('p.ended', 'p.library_policy')} END AS by_library,
  CASE WHEN p.live THEN NULL ELSE ${daysAfter('p.own_ended', 'p.own_library_policy')} END AS by_own_library
FROM retention_policies p;

CREATE VIEW retention_own AS
SELECT b.history, b.session, b.acquisition,
  CASE WHEN b.guessed THEN ${later('coalesce(b.told, b.by_source)', 'b.by_own_source')} ELSE coalesce(b.told, b.by_source) END AS source_until,
  CASE
    WHEN b.session IS NULL OR b.live THEN NULL
    WHEN b.guessed THEN ${later(
      '(CASE WHEN b.library_policy IS NULL THEN coalesce(b.told, b.by_source) ELSE b.by_library END)',
      '(CASE WHEN b.own_library_policy IS NULL THEN b.by_own_source ELSE b.by_own_library END)',
    )}
    WHEN b.library_policy IS NULL THEN coalesce(b.told, b.by_source)
    ELSE b.by_library
  END AS library_until
FROM retention_by b;

`;

/** Works out anew when rows end by themselves. A trigger's own changes of these columns set off none of them. */
const ownEnds = (which: string): string =>
  `UPDATE history SET (source_until_us, own_until_us) = (SELECT source_until, library_until FROM retention_own WHERE history = history.key)
   WHERE ${which};`;

/** Rows of the recordings that came in an acquisition. */
const ofAcquisition = (acquisition: string): string => `session IN (SELECT key FROM session WHERE acquisition = ${acquisition})`;

/** When all recordings of an acquisition have ended; NULL where one has no end. */
const lastEnd = (acquisition: string): string =>
  `(SELECT CASE WHEN count(*) = count(h.own_until_us) THEN max(h.own_until_us) END
    FROM session s LEFT JOIN history h ON h.session = s.key WHERE s.acquisition = ${acquisition})`;

/** Lets all recordings of an acquisition end with the last of them. */
const endTogether = (acquisition: string): string =>
  `UPDATE history SET library_until_us = ${lastEnd(acquisition)}
   WHERE ${ofAcquisition(acquisition)} AND library_until_us IS NOT ${lastEnd(acquisition)};`;

/** The acquisition of a session that is whole; one that is being taken in has no end yet. */
const wholeOf = (session: string): string =>
  `(SELECT a.key FROM session s JOIN acquisition a ON a.key = s.acquisition WHERE s.key = ${session} AND a.state = 'complete')`;

const FACTS = 'source, session, matched_by, environment, status, started_us, ended_us, duration_us, at_source, told_until_us';

/** The same for all acquisitions that are not so yet. */
const ALL_TOGETHER = `UPDATE history SET library_until_us = last.until
  FROM session of_row, (
    SELECT s.acquisition, CASE WHEN count(*) = count(h.own_until_us) THEN max(h.own_until_us) END AS until
    FROM session s LEFT JOIN history h ON h.session = s.key GROUP BY s.acquisition
  ) last
  WHERE of_row.key = history.session AND last.acquisition = of_row.acquisition AND history.library_until_us IS NOT last.until;`;

const UNTIL = `
-- When its retention ends by itself.
ALTER TABLE history ADD COLUMN own_until_us INTEGER;
CREATE INDEX history_due ON history (library_until_us) WHERE library_until_us IS NOT NULL;
CREATE INDEX history_source ON history (source);
-- Recordings by the time that is left: lists of sessions go along these.
${Object.entries(RECORDING_ORDERS)
  .map(
    ([name, expression]) =>
      `CREATE INDEX history_of_${name.toLowerCase()} ON history (${expression}, session) WHERE session IS NOT NULL;`,
  )
  .join('\n')}
CREATE TRIGGER history_until_new AFTER INSERT ON history BEGIN
  ${ownEnds('key = NEW.key')}
  ${endTogether(wholeOf('NEW.session'))}
END;
CREATE TRIGGER history_until_changed AFTER UPDATE OF ${FACTS} ON history BEGIN
  ${ownEnds('key = NEW.key')}
  UPDATE history SET library_until_us = NULL WHERE key = NEW.key AND NEW.session IS NULL;
  ${endTogether(wholeOf('NEW.session'))}
  ${endTogether(wholeOf('nullif(OLD.session, NEW.session)'))}
END;
CREATE TRIGGER session_until_changed AFTER UPDATE OF source, environment, status, started_us, duration_us, acquired_at, confirmed_us ON session
  WHEN (SELECT state FROM acquisition WHERE key = NEW.acquisition) = 'complete' BEGIN
  ${ownEnds('session = NEW.key')}
  ${endTogether('NEW.acquisition')}
END;
CREATE TRIGGER acquisition_until_changed AFTER UPDATE OF state, growing ON acquisition BEGIN
  ${ownEnds(ofAcquisition('NEW.key'))}
  ${endTogether('NEW.key')}
END;
CREATE TRIGGER policy_until_changed AFTER INSERT ON retention_policy BEGIN
  ${ownEnds('source = NEW.source OR session IN (SELECT key FROM session WHERE source = NEW.source COLLATE NOCASE)')}
  ${ALL_TOGETHER}
END;
${ownEnds('TRUE')}
${ALL_TOGETHER}
`;

// What a purge may change, and what may not come after it --------------------------------------------------------------------

const isPurged = (session: string): string =>
  `EXISTS (SELECT 1 FROM session s JOIN acquisition a ON a.key = s.acquisition WHERE s.${session} AND a.state = 'purged')`;

/** Lets a trigger that refuses changes pass those that a purge makes: this change alone, to what is about a purged recording. */
const except = (table: string, change: string, session: string): string =>
  `DROP TRIGGER ${table}_kept;
CREATE TRIGGER ${table}_kept BEFORE UPDATE ON ${table} WHEN NOT (${change} AND ${isPurged(session)})
  BEGIN SELECT raise(ABORT, 'what was written about evidence is not changed'); END;\n`;

const same = (...columns: readonly string[]): string => columns.map((column) => `NEW.${column} IS OLD.${column}`).join(' AND ');

// Chunks of parts, records and events are written with a `sync_state`, or by an import that is no recording yet: a trigger of their own
// would cost a tenth of every synchronisation.
const OF_SESSION = [
  'session_metadata',
  'discrepancy',
  'participant',
  'keyframe',
  'fact',
  'activity',
  'text_group',
  'watch_pass',
  'watch_hit',
];

const PURGED = `
${except('annotation', `${same('key', 'id', 'case_key', 'session', 'from_us', 'merged_from')} AND NEW.anchor = json_set(OLD.anchor, '$.text', NULL, '$.screen', NULL)`, 'id = OLD.session')}
${except(
  'annotation_version',
  same('annotation', 'version', 'title', 'note', 'severity', 'tags', 'links', 'author', 'at', 'reason', 'retracted'),
  'id = (SELECT session FROM annotation WHERE key = OLD.annotation)',
)}
${except('exhibit', `${same('key', 'id', 'case_key', 'n', 'session', 'from_us', 'to_us', 'added_by', 'added_at')} AND NEW.title = ''`, 'id = OLD.session')}
CREATE TRIGGER acquisition_purged BEFORE UPDATE ON acquisition WHEN OLD.state = 'purged'
  BEGIN SELECT raise(ABORT, 'it was purged'); END;
-- Work that was under way ends in silence: there is nothing left that it could be about.
CREATE TRIGGER session_purged BEFORE UPDATE ON session
  WHEN OLD.id IS NOT NULL AND (SELECT state FROM acquisition WHERE key = OLD.acquisition) = 'purged'
  BEGIN SELECT raise(IGNORE); END;
${OF_SESSION.map(
  (table) =>
    `CREATE TRIGGER ${table}_purged BEFORE INSERT ON ${table} WHEN ${isPurged('key = NEW.session')} BEGIN SELECT raise(ABORT, 'the recording was purged'); END;`,
).join('\n')}
${['part', 'sync_state']
  .map(
    (table) =>
      `CREATE TRIGGER ${table}_purged BEFORE INSERT ON ${table} WHEN (SELECT state FROM acquisition WHERE key = NEW.acquisition) = 'purged' BEGIN SELECT raise(ABORT, 'the recording was purged'); END;`,
  )
  .join('\n')}
`;

export const RETENTION = KEYS + DECIDED + HELD + ENDS + UNTIL + PURGED;
