// Schema 7: sources of two kinds, what they allow, and the history of sessions. Every session has a row in `history`: one that a source or a
// history file tells of, joined to its recording where that is here, and one for each recording that nothing else tells of. Answers and
// files are kept byte for byte as parts of an acquisition without sessions; rows are read from them, and the newest record of a session
// counts. Nothing in a history row is content of a recording. docs/history.md

/** What rows are sorted by: the same text in a query, or SQLite does not use the index. */
export const HISTORY_ORDERS = {
  started: 'coalesce(started_us, -9007199254740991)',
  ended: 'coalesce(ended_us, -9007199254740991)',
  duration: 'coalesce(duration_us, -1)',
  target: "coalesce(target, '') COLLATE NOCASE",
  environment: "coalesce(environment, '') COLLATE NOCASE",
  mode: "coalesce(mode, '') COLLATE NOCASE",
  initiator: "coalesce(initiator, '') COLLATE NOCASE",
  origin: "coalesce(origin, '') COLLATE NOCASE",
  status: "coalesce(status, '') COLLATE NOCASE",
  closeReason: "coalesce(close_reason, '') COLLATE NOCASE",
  exit: 'coalesce(exit_status, -9007199254740991)',
  source: 'source',
  sourceUntil: 'coalesce(source_until_us, 9007199254740991)',
  libraryUntil: 'coalesce(library_until_us, 9007199254740991)',
} as const;

export const HISTORY = `
CREATE TABLE source_7 (
  name      TEXT NOT NULL COLLATE NOCASE PRIMARY KEY,
  kind      TEXT NOT NULL CHECK (kind IN ('rstream', 'stackshift')),
  -- Addresses; what opens them is in the vault.
  engine    TEXT NOT NULL,
  api_url   TEXT,
  -- Paths of its interface that differ from the usual ones, as JSON.
  paths     TEXT,
  added_at  TEXT NOT NULL,
  -- How the last synchronisation ended, as JSON.
  last_sync TEXT
) STRICT, WITHOUT ROWID;
INSERT INTO source_7 SELECT name, kind, engine, api_url, NULL, added_at, last_sync FROM source;
DROP TABLE source;
ALTER TABLE source_7 RENAME TO source;

-- What a source allowed its user when it was asked: the newest row of a right holds. A row with a session is about that one alone.
CREATE TABLE source_right (
  key     INTEGER PRIMARY KEY,
  source  TEXT NOT NULL COLLATE NOCASE,
  "right" TEXT NOT NULL CHECK ("right" IN ('history', 'recording', 'download')),
  -- The source's own id of a session, where it refused that one.
  session TEXT,
  -- The source's name of the right.
  name    TEXT NOT NULL,
  allowed TEXT NOT NULL CHECK (allowed IN ('yes', 'no', 'unknown')),
  why     TEXT NOT NULL,
  at      TEXT NOT NULL,
  -- The address that said it.
  engine  TEXT
) STRICT;
CREATE INDEX source_right_newest ON source_right (source, "right", session, key);
CREATE TRIGGER source_right_kept BEFORE UPDATE ON source_right BEGIN SELECT raise(ABORT, 'what a source allowed is not changed'); END;
CREATE TRIGGER source_right_stays BEFORE DELETE ON source_right BEGIN SELECT raise(ABORT, 'what a source allowed is not changed'); END;

-- The rights in force when a recording was acquired, as JSON by right; NULL for what came as a file. Sources were not asked before this schema.
ALTER TABLE acquisition ADD COLUMN rights TEXT;
UPDATE acquisition SET rights = '{}' WHERE format = 'rstream';

CREATE TABLE history (
  key          INTEGER PRIMARY KEY,
  id           TEXT NOT NULL UNIQUE,
  source       TEXT NOT NULL COLLATE NOCASE,
  -- The session's id at its source.
  native_id    TEXT,
  -- Its recording here, and how the two were joined; NULL where a row was made for its recording, or has none.
  session      INTEGER REFERENCES session (key),
  matched_by   TEXT CHECK (matched_by IN ('session-id', 'target-user-time', 'hand')),
  -- 1: a person joined or parted it, and nothing else does so again.
  by_hand      INTEGER NOT NULL DEFAULT 0,
  -- 1: it came from a source, whose rights govern it; 0: a file told of it.
  governed     INTEGER NOT NULL DEFAULT 0,
  target       TEXT,
  environment  TEXT,
  mode         TEXT,
  reason       TEXT,
  approval     TEXT,
  initiator    TEXT,
  origin       TEXT,
  status       TEXT,
  -- Microseconds since 1970-01-01 UTC.
  started_us   INTEGER,
  ended_us     INTEGER,
  duration_us  INTEGER,
  close_reason TEXT,
  exit_status  INTEGER,
  -- What the source says of its recording.
  at_source    TEXT NOT NULL DEFAULT 'unknown' CHECK (at_source IN ('kept', 'none', 'purged', 'forbidden', 'unknown')),
  -- 1: its recording was purged here.
  purged_here  INTEGER NOT NULL DEFAULT 0,
  -- When the source says that it purges the recording.
  told_until_us    INTEGER,
  -- When the source purges it and when this library does: what was told, else by policy (schema 8).
  source_until_us  INTEGER,
  library_until_us INTEGER
) STRICT;
CREATE UNIQUE INDEX history_native ON history (source, native_id) WHERE native_id IS NOT NULL;
CREATE INDEX history_named ON history (native_id) WHERE native_id IS NOT NULL;
CREATE UNIQUE INDEX history_session ON history (session) WHERE session IS NOT NULL;
-- Rows that may still find a recording, by time.
CREATE INDEX history_alone ON history (started_us) WHERE session IS NULL AND started_us IS NOT NULL;
${Object.entries(HISTORY_ORDERS)
  .map(([name, expression]) => `CREATE INDEX history_by_${name.toLowerCase()} ON history (${expression}, key);`)
  .join('\n')}
-- All that facets count and filters ask for, so that neither reads a row.
CREATE INDEX history_facets ON history (source, environment, target, mode, initiator, origin, status, close_reason, at_source, session,
  purged_here, governed, started_us);
CREATE TRIGGER history_purged AFTER UPDATE OF state ON acquisition WHEN NEW.state = 'purged' BEGIN
  UPDATE history SET purged_here = 1 WHERE session IN (SELECT key FROM session WHERE acquisition = NEW.key);
END;

-- Lower-case text of all that the free filter looks at: rows are narrow, so that all of them are gone through in a moment.
CREATE TABLE history_text (
  history  INTEGER PRIMARY KEY REFERENCES history (key),
  haystack TEXT NOT NULL
) STRICT;

-- The newest record of a row as JSON, and its SHA-256 in canonical form. Rows that only a recording tells of have none.
CREATE TABLE history_told (
  history     INTEGER PRIMARY KEY REFERENCES history (key),
  acquisition INTEGER NOT NULL REFERENCES acquisition (key),
  digest      BLOB NOT NULL,
  record      TEXT NOT NULL
) STRICT;

-- What a recording says of its session, as JSON: it fills in what no record tells.
CREATE TABLE history_recorded (
  session INTEGER PRIMARY KEY REFERENCES session (key),
  facts   TEXT NOT NULL
) STRICT;

-- Texts in the header and the file name of a recording, by which a record may know it.
CREATE TABLE history_clue (
  text    TEXT NOT NULL,
  session INTEGER NOT NULL REFERENCES session (key),
  PRIMARY KEY (text, session)
) STRICT, WITHOUT ROWID;
CREATE INDEX history_clue_of ON history_clue (session);

-- The acquisitions that a row's record came with, oldest first.
CREATE TABLE history_record (
  history     INTEGER NOT NULL REFERENCES history (key),
  acquisition INTEGER NOT NULL REFERENCES acquisition (key),
  digest      BLOB NOT NULL,
  PRIMARY KEY (history, acquisition)
) STRICT, WITHOUT ROWID;
CREATE INDEX history_record_of ON history_record (acquisition, history);

-- History files that are kept and not read to their end: so many of their items are rows.
CREATE TABLE history_reading (
  acquisition INTEGER PRIMARY KEY REFERENCES acquisition (key),
  items       INTEGER NOT NULL
) STRICT;

-- What happened around sessions: explicit commands, runbooks, audit events.
CREATE TABLE history_event (
  key         INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  source      TEXT NOT NULL COLLATE NOCASE,
  acquisition INTEGER NOT NULL REFERENCES acquisition (key),
  kind        TEXT NOT NULL CHECK (kind IN ('command', 'runbook', 'terminal-audit', 'database-audit')),
  history     INTEGER REFERENCES history (key),
  -- The session that it names, known or not.
  native_id   TEXT,
  at_us       INTEGER,
  actor       TEXT,
  action      TEXT,
  target      TEXT,
  text        TEXT NOT NULL,
  outcome     TEXT,
  record      TEXT NOT NULL
) STRICT;
CREATE INDEX history_event_time ON history_event (coalesce(at_us, -9007199254740991), key);
CREATE INDEX history_event_of ON history_event (history, coalesce(at_us, -9007199254740991), key) WHERE history IS NOT NULL;
CREATE INDEX history_event_waiting ON history_event (source, native_id) WHERE history IS NULL AND native_id IS NOT NULL;
`;
