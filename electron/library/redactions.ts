// Rules of redaction as rows that are only ever added; a rule is taken back by a withdrawal. Applying them is the export room's.

import type { Redaction, RedactionRule } from '../../shared/api/case-shapes.ts';
import { numbered, type Withdrawal } from './cases.ts';
import type { Database } from './database.ts';

/** A rule as it is added. Its number is the next one of the case. */
export type NewRedaction = Omit<Redaction, 'number' | 'withdrawn'>;

export interface RedactionStore {
  /** By number. */
  list(caseId: string): readonly Redaction[];
  find(id: string): Redaction | null;
  add(redaction: NewRedaction): Redaction;
  withdraw(id: string, withdrawal: Withdrawal): void;
}

interface Row extends Omit<Redaction, 'number' | 'rule' | 'withdrawn'> {
  readonly n: number;
  readonly rule: string;
  readonly by: string | null;
  readonly withdrawnAt: string;
  readonly why: string;
}

const REDACTION = `SELECT r.id, f.id "case", r.n, r.session, r.rule, r.reason, r.author, r.at, w.by, w.at withdrawnAt, w.reason why
  FROM redaction r JOIN case_file f ON f.key = r.case_key LEFT JOIN redaction_withdrawal w ON w.redaction = r.key`;

function shape({ n, rule, by, withdrawnAt, why, ...row }: Row): Redaction {
  return {
    id: row.id,
    case: row.case,
    number: numbered('R', 4, n),
    session: row.session,
    rule: JSON.parse(rule) as RedactionRule,
    reason: row.reason,
    author: row.author,
    at: row.at,
    withdrawn: by === null ? null : { by, at: withdrawnAt, reason: why },
  };
}

export function createRedactionStore(database: Database): RedactionStore {
  const ofCase = database.prepare<[string], Row>(`${REDACTION} WHERE f.id = ? ORDER BY r.n`);
  const one = database.prepare<[string], Row>(`${REDACTION} WHERE r.id = ?`);
  const insert = database.prepare<[string, string | null, string, string, string, string, string]>(
    `INSERT INTO redaction (id, case_key, n, session, rule, reason, author, at)
     SELECT ?, key, (SELECT coalesce(max(n), 0) + 1 FROM redaction WHERE case_key = case_file.key), ?, ?, ?, ?, ? FROM case_file WHERE id = ?`,
  );
  const withdraw = database.prepare<[string, string, string, string]>(
    'INSERT INTO redaction_withdrawal SELECT key, ?, ?, ? FROM redaction WHERE id = ?',
  );
  const find = (id: string): Redaction | null => {
    const row = one.get(id);
    return row === undefined ? null : shape(row);
  };
  return {
    list: (caseId) => ofCase.all(caseId).map(shape),
    find,
    add: ({ id, case: caseId, session, rule, reason, author, at }) => {
      insert.run(id, session, JSON.stringify(rule), reason, author, at, caseId);
      return find(id)!;
    },
    withdraw: (id, { by, at, reason }) => {
      withdraw.run(by, at, reason, id);
    },
  };
}
