// The lines of a text group in a row of their own: a group is noted in a segment after its lines were written, and a row that changes is
// written whole. What stands in the old tables is derived: it is dropped, and made again by the next pass.

export const TEXT_LINES = `
DROP TABLE text_posting;
DROP TABLE text_group;
DROP TABLE text_segment;

-- Part of the index: for each term that its groups have, which of them.
CREATE TABLE text_segment (
  key    INTEGER PRIMARY KEY AUTOINCREMENT,
  -- Entries in its lists.
  pairs  INTEGER NOT NULL,
  -- Groups that it was written for; 0 while it is being written, and when others have taken its place: nobody reads it then.
  groups INTEGER NOT NULL
) STRICT;

-- A few hundred lines of all fields from one stretch of a recording.
CREATE TABLE text_group (
  key     INTEGER PRIMARY KEY AUTOINCREMENT,
  session INTEGER NOT NULL REFERENCES session (key),
  -- Fields that it has lines of, a bit each.
  fields  INTEGER NOT NULL,
  -- Null until the segment under way is written: then nothing narrows the group yet.
  segment INTEGER REFERENCES text_segment (key)
) STRICT;
CREATE INDEX text_group_session ON text_group (session, segment, fields);
CREATE INDEX text_group_segment ON text_group (segment);

-- Its lines, in one sealed blob (text-store.ts).
CREATE TABLE text_lines (
  text_group INTEGER PRIMARY KEY REFERENCES text_group (key),
  sealed     BLOB NOT NULL
) STRICT;

-- The lists of neighbouring terms: text-postings.ts.
CREATE TABLE text_posting (
  -- Its segment, times 2^20, plus its first term: by far the quickest key to look up.
  key   INTEGER PRIMARY KEY,
  lists BLOB NOT NULL
) STRICT;

UPDATE session SET index_state = 'waiting', index_version = 0 WHERE index_state IN ('running', 'done');
`;
