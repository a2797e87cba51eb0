// Annotations and their versions, as rows that are only ever added. The newest version holds; the anchor never changes.

import type { Annotation, AnnotationAnchor, AnnotationBody, AnnotationVersion, Severity } from '../../shared/api/case-shapes.ts';
import { fold } from '../../shared/query/fold.ts';
import type { Database } from './database.ts';

/** What holds of an annotation from a moment on. Tags are folded already (`foldTag`). */
export interface NewAnnotationVersion extends AnnotationBody {
  readonly author: string;
  readonly at: string;
  readonly reason: string;
  readonly retracted: boolean;
}

export interface NewAnnotation {
  readonly id: string;
  readonly case: string | null;
  readonly anchor: AnnotationAnchor;
  /** Fingerprint of the key that signed the file it came with; null for one made here. */
  readonly from: string | null;
  /** At least one. */
  readonly versions: readonly NewAnnotationVersion[];
}

export interface AnnotationFilter {
  /** Id of a case. */
  readonly case?: string | undefined;
  readonly session?: string | undefined;
  readonly tag?: string | undefined;
  readonly severity?: Severity | undefined;
  readonly text?: string | undefined;
  readonly retracted?: boolean | undefined;
  /** Keys of sessions whose annotations are left out. */
  readonly without?: readonly number[] | undefined;
}

export interface AnnotationPage {
  readonly total: number;
  readonly annotations: readonly Annotation[];
  readonly next: string | null;
}

/** Text of an annotation, for search. */
export interface AnnotationText {
  readonly title: string;
  readonly note: string;
  readonly anchor: AnnotationAnchor;
}

export interface AnnotationStore {
  find(id: string): Annotation | null;
  /** By session and time. `cursor` is `next` of the page before. */
  list(filter: AnnotationFilter, cursor: string | null, limit: number): AnnotationPage;
  add(annotation: NewAnnotation): Annotation;
  addVersion(id: string, version: NewAnnotationVersion): Annotation;
  /** Tags in use, the most frequent first. */
  tags(): readonly string[];
  /** Ids of the sessions with an annotation that has one of these tags; of all that have an annotation, where none are given. */
  sessionsWith(tags: readonly string[] | null): ReadonlySet<string>;
  /** Of one session, by time, without those that were retracted. */
  textsOf(session: string): readonly AnnotationText[];
}

/**
 * A tag as it is kept and shown: composed, in small letters, its blanks single. Not in the form in which text is compared: nobody writes
 * ß as ss to be shown.
 */
export const foldTag = (tag: string): string =>
  tag.normalize('NFKC').replaceAll('Σ', 'σ').toLowerCase().trim().replaceAll(/\s+/g, ' ');

/** `v` is the newest version of annotation `a`. */
const NEWEST = 'v.annotation = a.key AND v.version = (SELECT max(version) FROM annotation_version WHERE annotation = a.key)';

/** Annotations `a` with a tag, in their newest version `v`. */
const TAGGED = `FROM annotation_tag t JOIN annotation a ON a.key = t.annotation JOIN annotation_version v ON ${NEWEST}
  WHERE NOT v.retracted AND t.version = v.version`;

/** Sessions with a tag as SQL, for a filter. */
export const SESSIONS_WITH_TAG = `SELECT a.session ${TAGGED} AND t.tag = ?`;

interface Row {
  readonly key: number;
  readonly id: string;
  readonly case: string | null;
  readonly session: string;
  readonly fromUs: number;
  readonly anchor: string;
  readonly from: string | null;
}

interface VersionRow extends Omit<AnnotationVersion, 'tags' | 'links' | 'retracted'> {
  readonly tags: string;
  readonly links: string;
  readonly retracted: number;
}

const ROW = `a.key, a.id, (SELECT id FROM case_file WHERE key = a.case_key) "case", a.session, a.from_us fromUs, a.anchor,
  a.merged_from "from"`;

/** Whether all words stand in an annotation: its title, its note, its tags as JSON, and the text that it points at. */
function hasWords(words: string, title: string, note: string, tags: string, text: string | null): 0 | 1 {
  const all = fold([title, note, ...(JSON.parse(tags) as string[]), text ?? ''].join('\n'));
  return fold(words)
    .split(/\s+/)
    .every((word) => all.includes(word))
    ? 1
    : 0;
}

/** A page of annotations as SQL. `after`: behind the place (session, from_us, key). */
export function annotationQuery(
  filter: AnnotationFilter,
  after: boolean,
): { readonly rows: string; readonly count: string; readonly values: readonly string[] } {
  const conditions: string[] = [];
  const values: string[] = [];
  const add = (condition: string, value: string | undefined): void => {
    if (value === undefined) return;
    conditions.push(condition);
    values.push(value);
  };
  add('a.case_key = (SELECT key FROM case_file WHERE id = ?)', filter.case);
  add('a.session = ?', filter.session);
  add(
    '(v.annotation, v.version) IN (SELECT annotation, version FROM annotation_tag WHERE tag = ?)',
    filter.tag === undefined ? undefined : foldTag(filter.tag),
  );
  add('v.severity = ?', filter.severity);
  add(
    "has_words(?, v.title, v.note, v.tags, json_extract(a.anchor, '$.text'))",
    (filter.text ?? '').trim() === '' ? undefined : filter.text,
  );
  if (filter.retracted !== true) conditions.push('NOT v.retracted');
  add(
    'a.session NOT IN (SELECT id FROM session WHERE key IN (SELECT value FROM json_each(?)))',
    filter.without === undefined || filter.without.length === 0 ? undefined : JSON.stringify(filter.without),
  );
  const where = conditions.length === 0 ? 'TRUE' : conditions.join(' AND ');
  const from = `FROM annotation a JOIN annotation_version v ON ${NEWEST} WHERE ${where}`;
  const place = after ? ' AND (a.session, a.from_us, a.key) > (?, ?, ?)' : '';
  return {
    rows: `SELECT ${ROW} ${from}${place} ORDER BY a.session, a.from_us, a.key LIMIT ?`,
    count: `SELECT count(*) ${from}`,
    values,
  };
}

export function createAnnotationStore(database: Database): AnnotationStore {
  // As many arguments as a function has by its length.
  database.function('has_words', { deterministic: true }, hasWords as (...values: unknown[]) => unknown);
  const one = database.prepare<[string], Row>(`SELECT ${ROW} FROM annotation a WHERE a.id = ?`);
  const versionsOf = database.prepare<[number], VersionRow>(
    `SELECT title, note, tags, severity, links, version, author, at, reason, retracted FROM annotation_version WHERE annotation = ? ORDER BY version`,
  );
  const insert = database.prepare<[string, string | null, string, number, string, string | null]>(
    `INSERT INTO annotation (id, case_key, session, from_us, anchor, merged_from)
     VALUES (?, (SELECT key FROM case_file WHERE id = ?), ?, ?, ?, ?)`,
  );
  const insertVersion = database.prepare<Record<string, string | number>>(
    `INSERT INTO annotation_version VALUES (@key, @version, @title, @note, @severity, @tags, @links, @author, @at, @reason, @retracted)`,
  );
  const insertTag = database.prepare<[string, number, number]>('INSERT INTO annotation_tag VALUES (?, ?, ?)');
  const tags = database.prepare<[], string>(`SELECT t.tag ${TAGGED} GROUP BY t.tag ORDER BY count(*) DESC, t.tag`).pluck();
  const sessionsWith = database
    .prepare<[string], string>(`SELECT DISTINCT a.session ${TAGGED} AND t.tag IN (SELECT value FROM json_each(?))`)
    .pluck();
  const sessions = database
    .prepare<[], string>(
      `SELECT DISTINCT a.session FROM annotation a JOIN annotation_version v ON ${NEWEST} WHERE NOT v.retracted`,
    )
    .pluck();
  const texts = database.prepare<[string], { title: string; note: string; anchor: string }>(
    `SELECT v.title, v.note, a.anchor FROM annotation a JOIN annotation_version v ON ${NEWEST}
     WHERE a.session = ? AND NOT v.retracted ORDER BY a.from_us, a.key`,
  );

  const shape = (row: Row): Annotation => {
    const versions = versionsOf.all(row.key).map((version) => ({
      ...version,
      tags: JSON.parse(version.tags) as string[],
      links: JSON.parse(version.links) as string[],
      retracted: version.retracted === 1,
    }));
    const [first, newest] = [versions[0]!, versions.at(-1)!];
    return {
      title: newest.title,
      note: newest.note,
      tags: newest.tags,
      severity: newest.severity,
      links: newest.links,
      id: row.id,
      case: row.case,
      anchor: JSON.parse(row.anchor) as AnnotationAnchor,
      author: first.author,
      createdAt: first.at,
      changedAt: newest.at,
      retracted: newest.retracted,
      from: row.from,
      versions,
    };
  };
  const find = (id: string): Annotation | null => {
    const row = one.get(id);
    return row === undefined ? null : shape(row);
  };

  const addTo = ({ key }: Row, version: NewAnnotationVersion): void => {
    const { title, note, severity, author, at, reason, retracted } = version;
    const number = versionsOf.all(key).length + 1;
    insertVersion.run({
      key,
      version: number,
      title,
      note,
      severity,
      tags: JSON.stringify(version.tags),
      links: JSON.stringify(version.links),
      author,
      at,
      reason,
      retracted: retracted ? 1 : 0,
    });
    for (const tag of version.tags) insertTag.run(tag, key, number);
  };

  return {
    find,
    list: (filter, cursor, limit) => {
      const { rows, count, values } = annotationQuery(filter, cursor !== null);
      const place = cursor === null ? [] : (JSON.parse(cursor) as [string, number, number]);
      const total = database
        .prepare<unknown[], number>(count)
        .pluck()
        .get(...values)!;
      const found = database.prepare<unknown[], Row>(rows).all(...values, ...place, limit + 1);
      const page = found.slice(0, limit);
      const last = page.at(-1);
      return {
        total,
        annotations: page.map(shape),
        next: found.length > limit && last !== undefined ? JSON.stringify([last.session, last.fromUs, last.key]) : null,
      };
    },
    add: database.transaction(({ id, case: caseId, anchor, from, versions }: NewAnnotation) => {
      insert.run(id, caseId, anchor.session, anchor.fromUs, JSON.stringify(anchor), from);
      const row = one.get(id)!;
      for (const version of versions) addTo(row, version);
      return shape(row);
    }).immediate,
    addVersion: database.transaction((id: string, version: NewAnnotationVersion) => {
      const row = one.get(id)!;
      addTo(row, version);
      return shape(row);
    }).immediate,
    tags: () => tags.all(),
    sessionsWith: (wanted) => new Set(wanted === null ? sessions.all() : sessionsWith.all(JSON.stringify(wanted))),
    textsOf: (session) =>
      texts.all(session).map(({ title, note, anchor }) => ({ title, note, anchor: JSON.parse(anchor) as AnnotationAnchor })),
  };
}
