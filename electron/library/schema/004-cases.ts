// Schema 4: what people write about evidence. Cases, exhibits, notes, annotations, redaction rules and review marks are rows that
// are only ever added: a change is one more version, a withdrawal is a row of its own, and triggers refuse everything else, also
// an INSERT OR REPLACE. Sessions are named by their ids, so that a case outlives a purge of what it speaks of.
// Offsets (`*_us`) are microseconds from the start of the recording; `at` is RFC 3339 in UTC. docs/evidence.md

/** The triggers of a table that only grows. `taken`: when a new row would take the place of another one, or leave a gap. */
function grows(table: string, taken: string): string {
  const refuse = (name: string, act: string, when = ''): string =>
    `CREATE TRIGGER ${table}_${name} BEFORE ${act} ON ${table}${when} BEGIN SELECT raise(ABORT, 'what was written about evidence is not changed'); END;\n`;
  return refuse('kept', 'UPDATE') + refuse('stays', 'DELETE') + refuse('adds', 'INSERT', ` WHEN ${taken}`);
}

/** A row of this key or id is there already. */
const known = (table: string): string => `EXISTS (SELECT 1 FROM ${table} WHERE key = NEW.key OR id = NEW.id)`;
/** The number is not the next one of its owner. */
const notNext = (table: string, number: string, owner: string): string =>
  `NEW.${number} <> (SELECT coalesce(max(${number}), 0) + 1 FROM ${table} WHERE ${owner} = NEW.${owner})`;

export const CASES = `
CREATE TABLE case_file (
  key         INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  -- For a case that was opened from a bundle: which one, as JSON. NULL for one of this library.
  opened_from TEXT
) STRICT;
${grows('case_file', known('case_file'))}
CREATE TABLE case_version (
  case_key  INTEGER NOT NULL REFERENCES case_file (key),
  version   INTEGER NOT NULL,
  number    TEXT NOT NULL COLLATE NOCASE,
  title     TEXT NOT NULL,
  authority TEXT NOT NULL,
  purpose   TEXT NOT NULL,
  custodian TEXT NOT NULL,
  -- JSON array of names.
  members   TEXT NOT NULL,
  status    TEXT NOT NULL CHECK (status IN ('open', 'closed')),
  author    TEXT NOT NULL,
  at        TEXT NOT NULL,
  reason    TEXT NOT NULL,
  PRIMARY KEY (case_key, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX case_number ON case_version (number);
${grows('case_version', notNext('case_version', 'version', 'case_key'))}
-- A number that a case of this library ever had belongs to it.
CREATE TRIGGER case_number_once BEFORE INSERT ON case_version
  WHEN (SELECT opened_from FROM case_file WHERE key = NEW.case_key) IS NULL AND EXISTS (
    SELECT 1 FROM case_version JOIN case_file ON case_file.key = case_key
    WHERE number = NEW.number AND case_key <> NEW.case_key AND opened_from IS NULL
  )
  BEGIN SELECT raise(ABORT, 'the number of a case is given once'); END;

CREATE TABLE exhibit (
  key      INTEGER PRIMARY KEY,
  id       TEXT NOT NULL UNIQUE,
  case_key INTEGER NOT NULL REFERENCES case_file (key),
  -- 1 is EX-001: counted up in the case.
  n        INTEGER NOT NULL,
  session  TEXT NOT NULL,
  -- Both NULL: the whole recording.
  from_us  INTEGER,
  to_us    INTEGER,
  title    TEXT NOT NULL,
  added_by TEXT NOT NULL,
  added_at TEXT NOT NULL,
  UNIQUE (case_key, n)
) STRICT;
CREATE INDEX exhibit_session ON exhibit (session, case_key);
${grows('exhibit', `${known('exhibit')} OR ${notNext('exhibit', 'n', 'case_key')}`)}
CREATE TABLE exhibit_withdrawal (
  exhibit INTEGER PRIMARY KEY REFERENCES exhibit (key),
  by      TEXT NOT NULL,
  at      TEXT NOT NULL,
  reason  TEXT NOT NULL
) STRICT;
${grows('exhibit_withdrawal', 'EXISTS (SELECT 1 FROM exhibit_withdrawal WHERE exhibit = NEW.exhibit)')}
CREATE TABLE case_note (
  key      INTEGER PRIMARY KEY,
  id       TEXT NOT NULL UNIQUE,
  case_key INTEGER NOT NULL REFERENCES case_file (key),
  text     TEXT NOT NULL,
  author   TEXT NOT NULL,
  at       TEXT NOT NULL
) STRICT;
CREATE INDEX case_note_case ON case_note (case_key, key);
${grows('case_note', known('case_note'))}
CREATE TABLE annotation (
  key         INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  case_key    INTEGER REFERENCES case_file (key),
  session     TEXT NOT NULL,
  from_us     INTEGER NOT NULL,
  -- What it points at and how that is found in another copy, as JSON.
  anchor      TEXT NOT NULL,
  -- Fingerprint of the key that signed the file it came with; NULL for one made here.
  merged_from TEXT
) STRICT;
CREATE INDEX annotation_place ON annotation (session, from_us, key);
CREATE INDEX annotation_case ON annotation (case_key, session, from_us, key);
${grows('annotation', known('annotation'))}
CREATE TABLE annotation_version (
  annotation INTEGER NOT NULL REFERENCES annotation (key),
  version    INTEGER NOT NULL,
  title      TEXT NOT NULL,
  note       TEXT NOT NULL,
  severity   TEXT NOT NULL,
  -- JSON arrays: folded tags, ids of annotations.
  tags       TEXT NOT NULL,
  links      TEXT NOT NULL,
  author     TEXT NOT NULL,
  at         TEXT NOT NULL,
  reason     TEXT NOT NULL,
  retracted  INTEGER NOT NULL,
  -- Folded text of all that can be looked for.
  haystack   TEXT NOT NULL,
  PRIMARY KEY (annotation, version)
) STRICT, WITHOUT ROWID;
${grows('annotation_version', notNext('annotation_version', 'version', 'annotation'))}
-- The tags of each version once more, so that a tag finds its annotations.
CREATE TABLE annotation_tag (
  tag        TEXT NOT NULL,
  annotation INTEGER NOT NULL REFERENCES annotation (key),
  version    INTEGER NOT NULL,
  PRIMARY KEY (tag, annotation, version)
) STRICT, WITHOUT ROWID;
${grows('annotation_tag', 'EXISTS (SELECT 1 FROM annotation_tag WHERE tag = NEW.tag AND annotation = NEW.annotation AND version = NEW.version)')}
CREATE TABLE redaction (
  key      INTEGER PRIMARY KEY,
  id       TEXT NOT NULL UNIQUE,
  case_key INTEGER NOT NULL REFERENCES case_file (key),
  -- 1 is R-0001: counted up in the case.
  n        INTEGER NOT NULL,
  -- NULL: every exhibit of the case.
  session  TEXT,
  rule     TEXT NOT NULL,
  reason   TEXT NOT NULL,
  author   TEXT NOT NULL,
  at       TEXT NOT NULL,
  UNIQUE (case_key, n)
) STRICT;
${grows('redaction', `${known('redaction')} OR ${notNext('redaction', 'n', 'case_key')}`)}
CREATE TABLE redaction_withdrawal (
  redaction INTEGER PRIMARY KEY REFERENCES redaction (key),
  by        TEXT NOT NULL,
  at        TEXT NOT NULL,
  reason    TEXT NOT NULL
) STRICT;
${grows('redaction_withdrawal', 'EXISTS (SELECT 1 FROM redaction_withdrawal WHERE redaction = NEW.redaction)')}
-- A reviewer says that a recording was reviewed, or takes that back; the newest row holds.
CREATE TABLE review (
  key         INTEGER PRIMARY KEY,
  session     TEXT NOT NULL,
  reviewer    TEXT NOT NULL,
  at          TEXT NOT NULL,
  reviewed    INTEGER NOT NULL,
  note        TEXT NOT NULL,
  -- How long the recording was then, and how much of it the reviewer had not seen.
  duration_us INTEGER NOT NULL,
  unseen_us   INTEGER NOT NULL
) STRICT;
CREATE INDEX review_session ON review (session, key);
${grows('review', 'EXISTS (SELECT 1 FROM review WHERE key = NEW.key)')}
-- What was watched, for coverage.
CREATE INDEX custody_view ON custody (subject, seq) WHERE action = 'view';
`;
