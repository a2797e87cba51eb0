// Schema 2: sources, and sessions that are synchronised from them. Such a session is acquired answer by answer and may go on
// growing after it is shown: its root and its number of records are then replaced, records only upward, its id never.

export const SOURCES = `
CREATE TABLE source (
  name      TEXT NOT NULL COLLATE NOCASE PRIMARY KEY,
  kind      TEXT NOT NULL CHECK (kind IN ('rstream')),
  -- Addresses; what opens them is in the vault.
  engine    TEXT NOT NULL,
  api_url   TEXT,
  added_at  TEXT NOT NULL,
  -- How the last synchronisation ended, as JSON.
  last_sync TEXT
) STRICT, WITHOUT ROWID;

-- 1 while the source may have more of what is shown already.
ALTER TABLE acquisition ADD COLUMN growing INTEGER NOT NULL DEFAULT 0;

-- How an answer of a source came, as JSON: request, its Date header, our clock. NULL for files.
ALTER TABLE part ADD COLUMN received TEXT;

-- Where the reading of a session stands.
CREATE TABLE sync_state (
  acquisition INTEGER PRIMARY KEY REFERENCES acquisition (key),
  native_id   TEXT NOT NULL,
  -- SHA-256 of the session object in canonical form: as it was listed when the session was last read to its end, and as it was
  -- last kept. A session that is listed as one of the two has not changed.
  listed      BLOB,
  kept        BLOB,
  -- The checkpoint: JSON under the recording's content key.
  sealed      BLOB NOT NULL
) STRICT;

-- Whether the payloads of a session open on this machine. NULL before the first look and where nothing is sealed, 'open' where a
-- key opens it, else the reason by name, with its words as JSON.
ALTER TABLE session ADD COLUMN lock_code TEXT;
ALTER TABLE session ADD COLUMN lock_detail TEXT;

CREATE INDEX acquisition_unfinished ON acquisition (source) WHERE state = 'partial' OR growing = 1;
-- Runs of records end where a page ended, so the run of a record is found by its first one.
CREATE INDEX record_chunk_first ON record_chunk (session, first_index);

DROP TRIGGER session_root_kept;
CREATE TRIGGER session_root_kept BEFORE UPDATE OF root, records, id ON session
  WHEN OLD.id IS NOT NULL AND (SELECT state FROM acquisition WHERE key = OLD.acquisition) = 'complete' AND (
    NEW.id IS NOT OLD.id
    OR NEW.records < OLD.records
    OR (NEW.records = OLD.records AND NEW.root IS NOT OLD.root)
    OR (NEW.records > OLD.records AND (SELECT growing FROM acquisition WHERE key = OLD.acquisition) = 0)
  )
  BEGIN SELECT raise(ABORT, 'what was acquired is not changed'); END;
`;
