// The text index as lists of text groups by term, in place of FTS5 (docs/decisions/text-index-of-our-own.md). What stands in the old
// tables is derived: it is dropped, and made again by the next pass.

export const TEXT_INDEX = `
DROP TABLE text_index;
DROP TABLE text_block;

-- A few hundred lines of all fields from one stretch of a recording, in one sealed blob (text-store.ts).
CREATE TABLE text_group (
  key     INTEGER PRIMARY KEY AUTOINCREMENT,
  session INTEGER NOT NULL REFERENCES session (key),
  -- Fields that it has lines of, a bit each.
  fields  INTEGER NOT NULL,
  -- Null until the segment under way is written: then nothing narrows the group yet.
  segment INTEGER REFERENCES text_segment (key),
  sealed  BLOB NOT NULL
) STRICT;
CREATE INDEX text_group_session ON text_group (session, segment, fields);
CREATE INDEX text_group_segment ON text_group (segment);

-- Part of the index: for each term that its groups have, which of them.
CREATE TABLE text_segment (
  key    INTEGER PRIMARY KEY AUTOINCREMENT,
  -- Entries in its lists, and groups that it was written for.
  pairs  INTEGER NOT NULL,
  groups INTEGER NOT NULL
) STRICT;

-- The lists of neighbouring terms: text-postings.ts.
CREATE TABLE text_posting (
  segment INTEGER NOT NULL REFERENCES text_segment (key),
  term    INTEGER NOT NULL,
  lists   BLOB NOT NULL,
  PRIMARY KEY (segment, term)
) STRICT, WITHOUT ROWID;

UPDATE session SET index_state = 'waiting', index_version = 0 WHERE index_state IN ('running', 'done');
`;
