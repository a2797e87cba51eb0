// Cases, their exhibits and notes, as rows that are only ever added (schema/004-cases.ts). Who may do what is the rule of the
// cases room; here every row has the author and the time that the caller gives, so that what came in a bundle is kept as it was.

import type { CaseDetail, CaseFields, CaseSummary, CaseVersion, Exhibit } from '../../shared/api/case-shapes.ts';
import type { Database } from './database.ts';
import { MARKED } from './reviews.ts';

export interface NewCaseVersion extends CaseFields {
  readonly status: CaseVersion['status'];
  readonly author: string;
  readonly at: string;
  readonly reason: string;
}

/** A note as it is added. */
export type NewNote = CaseDetail['notes'][number];

/** An exhibit as it is added. Its number is the next one of the case. */
export type NewExhibit = Omit<Exhibit, 'number' | 'withdrawn' | 'case'>;

export interface Withdrawal {
  readonly by: string;
  readonly at: string;
  readonly reason: string;
}

export interface CaseStore {
  /** The newest first. */
  list(): readonly CaseSummary[];
  /** By id, else by number: a case of this library before those that were opened from bundles. */
  find(ref: string): CaseSummary | 'ambiguous' | null;
  show(id: string): CaseDetail;
  /** Throws where another case of this library has or had the number. */
  create(id: string, openedFrom: CaseSummary['openedFrom'], first: NewCaseVersion): void;
  addVersion(id: string, version: NewCaseVersion): void;
  addNote(id: string, note: NewNote): void;
  /** All or none. Returns them with their numbers. */
  addExhibits(id: string, exhibits: readonly NewExhibit[]): readonly Exhibit[];
  withdrawExhibit(exhibit: string, withdrawal: Withdrawal): void;
  /** By number. */
  exhibits(id: string): readonly Exhibit[];
  exhibit(exhibit: string): Exhibit | null;
  /** Whether a session, or a range of it, is an exhibit of a case that was not withdrawn. */
  stands(id: string, session: string): boolean;
  /** Numbers and ids of all cases, for the search language. */
  names(): readonly { readonly id: string; readonly number: string }[];
  /** Ids of the sessions that stand in one of these cases. */
  sessionsOf(ids: readonly string[]): ReadonlySet<string>;
}

/** `EX-001`, `R-0001`. */
export const numbered = (prefix: string, digits: number, n: number): string => `${prefix}-${String(n).padStart(digits, '0')}`;

const NEWEST = '(SELECT max(version) FROM case_version WHERE case_key = f.key)';

/** What stands in a case, by its key: whatever was not withdrawn. */
const STANDING = 'NOT EXISTS (SELECT 1 FROM exhibit_withdrawal WHERE exhibit = e.key)';

const SUMMARY = `SELECT f.id, f.opened_from openedFrom, v.number, v.title, v.authority, v.purpose, v.custodian, v.members, v.status,
    (SELECT at FROM case_version WHERE case_key = f.key AND version = 1) createdAt, v.at changedAt,
    (SELECT count(*) FROM exhibit e WHERE e.case_key = f.key AND ${STANDING}) exhibits,
    (SELECT count(*) FROM exhibit e WHERE e.case_key = f.key AND ${STANDING}
      AND EXISTS (SELECT 1 FROM review r WHERE r.session = e.session AND ${MARKED})) reviewed,
    (SELECT count(*) FROM annotation a WHERE a.case_key = f.key AND NOT (
      SELECT retracted FROM annotation_version WHERE annotation = a.key ORDER BY version DESC LIMIT 1)) annotations
  FROM case_file f JOIN case_version v ON v.case_key = f.key AND v.version = ${NEWEST}`;

interface SummaryRow extends Omit<CaseSummary, 'members' | 'openedFrom'> {
  readonly members: string;
  readonly openedFrom: string | null;
}

interface ExhibitRow extends Omit<Exhibit, 'number' | 'range' | 'withdrawn'> {
  readonly n: number;
  readonly fromUs: number | null;
  readonly toUs: number;
  readonly by: string | null;
  readonly withdrawnAt: string;
  readonly reason: string;
}

const EXHIBIT = `SELECT e.id, f.id "case", e.n, e.session, e.from_us fromUs, e.to_us toUs, e.title, e.added_by addedBy, e.added_at addedAt,
    w.by, w.at withdrawnAt, w.reason
  FROM exhibit e JOIN case_file f ON f.key = e.case_key LEFT JOIN exhibit_withdrawal w ON w.exhibit = e.key`;

const membersOf = (json: string): string[] => JSON.parse(json) as string[];

function summaryShape({ members, openedFrom, ...row }: SummaryRow): CaseSummary {
  return {
    ...row,
    members: membersOf(members),
    openedFrom: openedFrom === null ? null : (JSON.parse(openedFrom) as CaseSummary['openedFrom']),
  };
}

function exhibitShape({ n, fromUs, toUs, by, withdrawnAt, reason, ...row }: ExhibitRow): Exhibit {
  return {
    id: row.id,
    case: row.case,
    number: numbered('EX', 3, n),
    session: row.session,
    range: fromUs === null ? null : { fromUs, toUs },
    title: row.title,
    addedBy: row.addedBy,
    addedAt: row.addedAt,
    withdrawn: by === null ? null : { by, at: withdrawnAt, reason },
  };
}

/** Sessions of a case as SQL, for a filter. Withdrawn exhibits do not count. */
export const SESSIONS_OF_CASE = `SELECT e.session FROM exhibit e WHERE ${STANDING} AND e.case_key = (SELECT key FROM case_file WHERE id = ?)`;

export function createCaseStore(database: Database): CaseStore {
  const sql = {
    all: database.prepare<[], SummaryRow>(`${SUMMARY} ORDER BY f.key DESC`),
    byId: database.prepare<[string], SummaryRow>(`${SUMMARY} WHERE f.id = ?`),
    byNumber: database.prepare<[string], SummaryRow>(
      `${SUMMARY} WHERE f.key IN (SELECT case_key FROM case_version WHERE number = ?) ORDER BY f.opened_from IS NOT NULL, f.key`,
    ),
    versions: database.prepare<[string], Omit<CaseVersion, 'members'> & { readonly members: string }>(
      `SELECT number, title, authority, purpose, custodian, members, version, status, author, at, reason
       FROM case_version WHERE case_key = (SELECT key FROM case_file WHERE id = ?) ORDER BY version`,
    ),
    notes: database.prepare<[string], NewNote>(
      'SELECT id, text, author, at FROM case_note WHERE case_key = (SELECT key FROM case_file WHERE id = ?) ORDER BY key',
    ),
    exhibits: database.prepare<[string], ExhibitRow>(`${EXHIBIT} WHERE f.id = ? ORDER BY e.n`),
    exhibit: database.prepare<[string], ExhibitRow>(`${EXHIBIT} WHERE e.id = ?`),
    insert: database.prepare<[string, string | null]>('INSERT INTO case_file (id, opened_from) VALUES (?, ?)'),
    insertVersion: database.prepare<Record<string, string>>(
      `INSERT INTO case_version SELECT key, (SELECT coalesce(max(version), 0) + 1 FROM case_version WHERE case_key = key),
         @number, @title, @authority, @purpose, @custodian, @members, @status, @author, @at, @reason FROM case_file WHERE id = @id`,
    ),
    insertNote: database.prepare<[string, string, string, string, string]>(
      'INSERT INTO case_note (id, case_key, text, author, at) SELECT ?, key, ?, ?, ? FROM case_file WHERE id = ?',
    ),
    insertExhibit: database.prepare<[string, string, number | null, number | null, string, string, string, string]>(
      `INSERT INTO exhibit (id, case_key, n, session, from_us, to_us, title, added_by, added_at)
       SELECT ?, key, (SELECT coalesce(max(n), 0) + 1 FROM exhibit WHERE case_key = case_file.key), ?, ?, ?, ?, ?, ? FROM case_file WHERE id = ?`,
    ),
    withdraw: database.prepare<[string, string, string, string]>(
      'INSERT INTO exhibit_withdrawal SELECT key, ?, ?, ? FROM exhibit WHERE id = ?',
    ),
    stands: database.prepare<[string, string]>(
      `SELECT 1 FROM exhibit e JOIN case_file f ON f.key = e.case_key WHERE e.session = ? AND f.id = ? AND ${STANDING} LIMIT 1`,
    ),
    names: database.prepare<[], { id: string; number: string }>(
      `SELECT f.id, v.number FROM case_file f JOIN case_version v ON v.case_key = f.key AND v.version = ${NEWEST}`,
    ),
    sessions: database
      .prepare<[string], string>(
        `SELECT DISTINCT e.session FROM exhibit e JOIN case_file f ON f.key = e.case_key
         WHERE ${STANDING} AND f.id IN (SELECT value FROM json_each(?))`,
      )
      .pluck(),
  };

  const addVersion = (id: string, { number, title, authority, purpose, custodian, members, ...act }: NewCaseVersion): void => {
    const fields = { number, title, authority, purpose, custodian, members: JSON.stringify(members) };
    const { status, author, at, reason } = act;
    sql.insertVersion.run({ id, ...fields, status, author, at, reason });
  };
  const exhibit = (id: string): Exhibit | null => {
    const row = sql.exhibit.get(id);
    return row === undefined ? null : exhibitShape(row);
  };
  const exhibits = (id: string): Exhibit[] => sql.exhibits.all(id).map(exhibitShape);

  return {
    list: () => sql.all.all().map(summaryShape),
    find: (ref) => {
      const exact = sql.byId.get(ref);
      if (exact !== undefined) return summaryShape(exact);
      const [first, second] = sql.byNumber.all(ref).map(summaryShape);
      if (first === undefined) return null;
      return first.openedFrom !== null && second !== undefined ? 'ambiguous' : first;
    },
    show: (id) => ({
      ...summaryShape(sql.byId.get(id)!),
      versions: sql.versions.all(id).map((version) => ({ ...version, members: membersOf(version.members) })),
      exhibitList: exhibits(id),
      notes: sql.notes.all(id),
    }),
    create: database.transaction((id: string, openedFrom: CaseSummary['openedFrom'], first: NewCaseVersion) => {
      sql.insert.run(id, openedFrom === null ? null : JSON.stringify(openedFrom));
      addVersion(id, first);
    }).immediate,
    addVersion,
    addNote: (id, note) => {
      sql.insertNote.run(note.id, note.text, note.author, note.at, id);
    },
    addExhibits: database.transaction((id: string, added: readonly NewExhibit[]) =>
      added.map(({ id: own, session, range, title, addedBy, addedAt }) => {
        sql.insertExhibit.run(own, session, range?.fromUs ?? null, range?.toUs ?? null, title, addedBy, addedAt, id);
        return exhibit(own)!;
      }),
    ).immediate,
    withdrawExhibit: (own, { by, at, reason }) => {
      sql.withdraw.run(by, at, reason, own);
    },
    exhibits,
    exhibit,
    stands: (id, session) => sql.stands.get(session, id) !== undefined,
    names: () => sql.names.all(),
    sessionsOf: (ids) => new Set(sql.sessions.all(JSON.stringify(ids))),
  };
}
