// Schema 1. Three kinds of tables: what was acquired (never changed: triggers refuse), what is derived from it (may be dropped
// and made again), and the custody log. Blobs named `sealed` are under the recording's content key (seal.ts).
// Times are microseconds; `*_us` in a session row counts from 1970-01-01 UTC, elsewhere from the start of the recording.

export const FOUNDATION = `
-- Acquired ---------------------------------------------------------------------------------------------------------------

CREATE TABLE acquisition (
  key          INTEGER PRIMARY KEY,
  source       TEXT NOT NULL,
  format       TEXT NOT NULL,
  state        TEXT NOT NULL CHECK (state IN ('partial', 'complete', 'purged')),
  -- SHA-256 over the format and the digests of all parts: the same input is recognised by it.
  fingerprint  TEXT NOT NULL,
  -- Version of the decoder that split the input into records; a partial acquisition of another version is not resumed.
  decoder      INTEGER NOT NULL,
  started_at   TEXT NOT NULL,
  completed_at TEXT,
  -- How the input was found, as JSON: paths, archive, modification times.
  provenance   TEXT NOT NULL,
  -- NULL once purged.
  content_key  BLOB,
  -- Seed of the salts of the acquisition tree.
  salt_seed    BLOB
) STRICT;
CREATE UNIQUE INDEX acquisition_fingerprint ON acquisition (source, fingerprint);

CREATE TABLE part (
  acquisition INTEGER NOT NULL REFERENCES acquisition (key),
  part        INTEGER NOT NULL,
  name        TEXT NOT NULL,
  role        TEXT NOT NULL CHECK (role IN ('original', 'unpacked')),
  -- For an unpacked part: the original it comes from.
  of          INTEGER,
  size        INTEGER NOT NULL,
  sha256      BLOB NOT NULL,
  PRIMARY KEY (acquisition, part)
) STRICT, WITHOUT ROWID;

CREATE TABLE part_chunk (
  key         INTEGER PRIMARY KEY,
  acquisition INTEGER NOT NULL REFERENCES acquisition (key),
  part        INTEGER NOT NULL,
  chunk       INTEGER NOT NULL,
  sealed      BLOB NOT NULL,
  UNIQUE (acquisition, part, chunk)
) STRICT;

CREATE TABLE session (
  key            INTEGER PRIMARY KEY,
  acquisition    INTEGER NOT NULL REFERENCES acquisition (key),
  ordinal        INTEGER NOT NULL,
  -- NULL while the acquisition is partial: such a session is listed nowhere.
  id             TEXT UNIQUE,
  native_id      TEXT,
  source         TEXT NOT NULL,
  format         TEXT NOT NULL,
  title          TEXT,
  command        TEXT,
  user           TEXT,
  server         TEXT,
  origin         TEXT,
  environment    TEXT,
  session_group  TEXT,
  status         TEXT,
  started_us     INTEGER,
  duration_us    INTEGER NOT NULL DEFAULT 0,
  cols           INTEGER NOT NULL,
  rows           INTEGER NOT NULL,
  size_assumed   INTEGER NOT NULL,
  term           TEXT,
  events         INTEGER NOT NULL DEFAULT 0,
  stdin_bytes    INTEGER NOT NULL DEFAULT 0,
  stdout_bytes   INTEGER NOT NULL DEFAULT 0,
  stderr_bytes   INTEGER NOT NULL DEFAULT 0,
  exit_status    INTEGER,
  discrepancies  INTEGER NOT NULL DEFAULT 0,
  sealed_events  INTEGER NOT NULL DEFAULT 0,
  records        INTEGER NOT NULL DEFAULT 0,
  root           BLOB,
  acquired_at    TEXT,
  -- Lower-case text of all that the free filter looks at.
  haystack       TEXT NOT NULL DEFAULT '',
  index_state    TEXT NOT NULL DEFAULT 'waiting' CHECK (index_state IN ('waiting', 'running', 'done', 'failed', 'locked')),
  index_version  INTEGER NOT NULL DEFAULT 0,
  index_failure  TEXT,
  UNIQUE (acquisition, ordinal)
) STRICT;
CREATE INDEX session_started ON session (coalesce(started_us, -9007199254740991), key) WHERE id IS NOT NULL;
CREATE INDEX session_acquired ON session (coalesce(acquired_at, ''), key) WHERE id IS NOT NULL;
CREATE INDEX session_duration ON session (duration_us, key) WHERE id IS NOT NULL;
CREATE INDEX session_events ON session (events, key) WHERE id IS NOT NULL;
CREATE INDEX session_discrepancies ON session (discrepancies, key) WHERE id IS NOT NULL;
CREATE INDEX session_title ON session (coalesce(title, '') COLLATE NOCASE, key) WHERE id IS NOT NULL;
CREATE INDEX session_user ON session (coalesce(user, '') COLLATE NOCASE, key) WHERE id IS NOT NULL;
CREATE INDEX session_server ON session (coalesce(server, '') COLLATE NOCASE, key) WHERE id IS NOT NULL;
CREATE INDEX session_source ON session (source COLLATE NOCASE, key) WHERE id IS NOT NULL;
CREATE INDEX session_group ON session (session_group) WHERE session_group IS NOT NULL;
CREATE INDEX session_native ON session (native_id) WHERE native_id IS NOT NULL;
CREATE INDEX session_index ON session (index_state) WHERE index_state <> 'done';

CREATE TABLE session_metadata (
  session INTEGER PRIMARY KEY REFERENCES session (key),
  sealed  BLOB NOT NULL
) STRICT;

CREATE TABLE record_chunk (
  key         INTEGER PRIMARY KEY,
  session     INTEGER NOT NULL REFERENCES session (key),
  chunk       INTEGER NOT NULL,
  first_index INTEGER NOT NULL,
  count       INTEGER NOT NULL,
  sealed      BLOB NOT NULL,
  UNIQUE (session, chunk)
) STRICT;

CREATE TABLE event_chunk (
  key           INTEGER PRIMARY KEY,
  session       INTEGER NOT NULL REFERENCES session (key),
  chunk         INTEGER NOT NULL,
  first_index   INTEGER NOT NULL,
  count         INTEGER NOT NULL,
  from_us       INTEGER NOT NULL,
  to_us         INTEGER NOT NULL,
  -- Output bytes of all events before this chunk, and in it.
  output_before INTEGER NOT NULL,
  output_bytes  INTEGER NOT NULL,
  -- First sequence number, where the source has its own.
  first_seq     TEXT,
  sealed        BLOB NOT NULL,
  UNIQUE (session, chunk)
) STRICT;
CREATE INDEX event_chunk_time ON event_chunk (session, to_us);

CREATE TABLE discrepancy (
  session INTEGER NOT NULL REFERENCES session (key),
  n       INTEGER NOT NULL,
  kind    TEXT NOT NULL,
  message TEXT NOT NULL,
  place   TEXT NOT NULL,
  PRIMARY KEY (session, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE participant (
  session INTEGER NOT NULL REFERENCES session (key),
  n       INTEGER NOT NULL,
  data    TEXT NOT NULL,
  PRIMARY KEY (session, n)
) STRICT, WITHOUT ROWID;

-- What was acquired is not changed. Rows go only with a partial acquisition that is given up, or with a purge.
CREATE TRIGGER part_chunk_kept BEFORE UPDATE ON part_chunk BEGIN SELECT raise(ABORT, 'what was acquired is not changed'); END;
CREATE TRIGGER record_chunk_kept BEFORE UPDATE ON record_chunk BEGIN SELECT raise(ABORT, 'what was acquired is not changed'); END;
CREATE TRIGGER event_chunk_kept BEFORE UPDATE ON event_chunk BEGIN SELECT raise(ABORT, 'what was acquired is not changed'); END;
CREATE TRIGGER part_kept BEFORE UPDATE ON part BEGIN SELECT raise(ABORT, 'what was acquired is not changed'); END;
CREATE TRIGGER part_chunk_stays BEFORE DELETE ON part_chunk
  WHEN (SELECT state FROM acquisition WHERE key = OLD.acquisition) = 'complete'
  BEGIN SELECT raise(ABORT, 'what was acquired is not removed'); END;
CREATE TRIGGER part_stays BEFORE DELETE ON part
  WHEN (SELECT state FROM acquisition WHERE key = OLD.acquisition) = 'complete'
  BEGIN SELECT raise(ABORT, 'what was acquired is not removed'); END;
CREATE TRIGGER record_chunk_stays BEFORE DELETE ON record_chunk
  WHEN (SELECT state FROM acquisition JOIN session ON acquisition.key = session.acquisition WHERE session.key = OLD.session) = 'complete'
  BEGIN SELECT raise(ABORT, 'what was acquired is not removed'); END;
CREATE TRIGGER event_chunk_stays BEFORE DELETE ON event_chunk
  WHEN (SELECT state FROM acquisition JOIN session ON acquisition.key = session.acquisition WHERE session.key = OLD.session) = 'complete'
  BEGIN SELECT raise(ABORT, 'what was acquired is not removed'); END;
CREATE TRIGGER session_root_kept BEFORE UPDATE OF root, records, id ON session
  WHEN OLD.id IS NOT NULL AND (SELECT state FROM acquisition WHERE key = OLD.acquisition) = 'complete'
  BEGIN SELECT raise(ABORT, 'what was acquired is not changed'); END;

-- Derived ----------------------------------------------------------------------------------------------------------------

CREATE TABLE keyframe (
  key          INTEGER PRIMARY KEY,
  session      INTEGER NOT NULL REFERENCES session (key),
  -- Events applied in this state.
  event_index  INTEGER NOT NULL,
  at_us        INTEGER NOT NULL,
  output_bytes INTEGER NOT NULL,
  sealed       BLOB NOT NULL,
  UNIQUE (session, event_index)
) STRICT;

CREATE TABLE fact (
  key         INTEGER PRIMARY KEY,
  session     INTEGER NOT NULL REFERENCES session (key),
  lane        TEXT NOT NULL,
  from_us     INTEGER NOT NULL,
  to_us       INTEGER NOT NULL,
  event_index INTEGER NOT NULL,
  data        TEXT NOT NULL
) STRICT;
CREATE INDEX fact_lane ON fact (session, lane, from_us);

CREATE TABLE activity (
  session INTEGER PRIMARY KEY REFERENCES session (key),
  sealed  BLOB NOT NULL
) STRICT;

CREATE TABLE text_block (
  key     INTEGER PRIMARY KEY,
  session INTEGER NOT NULL REFERENCES session (key),
  field   TEXT NOT NULL,
  from_us INTEGER NOT NULL,
  to_us   INTEGER NOT NULL,
  lines   INTEGER NOT NULL,
  sealed  BLOB NOT NULL
) STRICT;
CREATE INDEX text_block_session ON text_block (session, field);

-- Rows have the key of their text block. Contentless: the text itself is in the sealed block, and a candidate is verified there.
CREATE VIRTUAL TABLE text_index USING fts5 (text, content = '', columnsize = 0, detail = none, tokenize = 'trigram');

-- Custody ----------------------------------------------------------------------------------------------------------------

CREATE TABLE custody (
  seq     INTEGER PRIMARY KEY,
  text    TEXT NOT NULL,
  hash    TEXT NOT NULL,
  actor   TEXT GENERATED ALWAYS AS (json_extract(text, '$.actor')) VIRTUAL,
  action  TEXT GENERATED ALWAYS AS (json_extract(text, '$.action')) VIRTUAL,
  subject TEXT GENERATED ALWAYS AS (json_extract(text, '$.subject')) VIRTUAL
) STRICT;
CREATE INDEX custody_subject ON custody (subject, seq);
CREATE TRIGGER custody_kept BEFORE UPDATE ON custody BEGIN SELECT raise(ABORT, 'the custody log is append-only'); END;
CREATE TRIGGER custody_stays BEFORE DELETE ON custody BEGIN SELECT raise(ABORT, 'the custody log is append-only'); END;
CREATE TRIGGER custody_order BEFORE INSERT ON custody
  WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM custody)
  BEGIN SELECT raise(ABORT, 'the custody log has no gaps'); END;

CREATE TABLE setting (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;
