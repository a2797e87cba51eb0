// Schema 5: watchlists and what they found. Lists are versions that are only ever added. What they found is derived: it is dropped with the
// index of its session, or when its list has a newer version, and found again.

const refuse = (name: string, act: string): string =>
  `CREATE TRIGGER watchlist_${name} BEFORE ${act} ON watchlist BEGIN SELECT raise(ABORT, 'a watchlist has versions and is not changed'); END;\n`;

export const WATCHLISTS = `
CREATE TABLE watchlist (
  key     INTEGER PRIMARY KEY,
  name    TEXT NOT NULL COLLATE NOCASE,
  version INTEGER NOT NULL,
  kind    TEXT NOT NULL CHECK (kind IN ('indicators', 'query', 'built-in')),
  text    TEXT NOT NULL,
  -- SHA-256 of kind and text: what a custody entry names.
  digest  TEXT NOT NULL,
  author  TEXT NOT NULL,
  at      TEXT NOT NULL,
  -- With this version the list ended: it is run no more.
  ended   INTEGER NOT NULL CHECK (ended IN (0, 1)),
  UNIQUE (name, version)
) STRICT;
${refuse('kept', 'UPDATE')}${refuse('stays', 'DELETE')}
-- A session that a version of a list was run over. What has no row here, and an index, is still to be searched.
CREATE TABLE watch_pass (
  watchlist INTEGER NOT NULL REFERENCES watchlist (key),
  session   INTEGER NOT NULL REFERENCES session (key),
  at        TEXT NOT NULL,
  PRIMARY KEY (watchlist, session)
) STRICT, WITHOUT ROWID;
CREATE INDEX watch_pass_session ON watch_pass (session);

-- The hits of one indicator in one session: how many there are, and the first of them under the recording's key.
CREATE TABLE watch_hit (
  watchlist INTEGER NOT NULL REFERENCES watchlist (key),
  -- Counted from 0, in the order of the list.
  indicator INTEGER NOT NULL,
  session   INTEGER NOT NULL REFERENCES session (key),
  hits      INTEGER NOT NULL,
  sealed    BLOB NOT NULL,
  PRIMARY KEY (watchlist, indicator, session)
) STRICT, WITHOUT ROWID;
CREATE INDEX watch_hit_session ON watch_hit (session);
`;
