// What people watched of a recording, as the custody log tells it, and what they said of having reviewed it.

import type { CustodyEntry } from '../../shared/evidence/custody.ts';
import type { Micros } from '../../shared/recording/time.ts';
import type { Database } from './database.ts';

export interface View {
  readonly reviewer: string;
  readonly from: Micros;
  readonly to: Micros;
  readonly speed: number;
}

export interface Review {
  readonly reviewer: string;
  readonly at: string;
  /** False: an earlier mark was taken back. */
  readonly reviewed: boolean;
  readonly note: string;
  /** Length of the recording then, and how much of it the reviewer had not seen. */
  readonly duration: Micros;
  readonly unseen: Micros;
}

export interface ReviewStore {
  /** Who marked each of these sessions as reviewed, in the order of the marks; a session that nobody marked is not in it. */
  reviewers(sessions: readonly string[]): ReadonlyMap<string, readonly string[]>;
  /** In the order in which they were entered. */
  views(session: string): readonly View[];
  /** In the order in which they were made: the newest of a reviewer holds. */
  reviews(session: string): readonly Review[];
  add(session: string, review: Review): void;
}

/** Ranges as `replay.viewed` enters them. */
interface Ranges {
  readonly ranges: readonly { readonly from_us: number; readonly to_us: number; readonly speed: string }[];
}

/** What makes row `r` a mark in force: its reviewer said nothing of the recording since. */
export const MARKED = `r.reviewed = 1
  AND NOT EXISTS (SELECT 1 FROM review n WHERE n.session = r.session AND n.reviewer = r.reviewer AND n.key > r.key)`;

export const REVIEWERS = `SELECT r.session, r.reviewer FROM json_each(?) j CROSS JOIN review r ON r.session = j.value AND ${MARKED} ORDER BY r.key`;

export const VIEWS = "SELECT text FROM custody WHERE subject = ? AND action = 'view' ORDER BY seq";

export function createReviewStore(database: Database): ReviewStore {
  const views = database.prepare<[string], string>(VIEWS).pluck();
  const reviews = database.prepare<[string], Omit<Review, 'reviewed'> & { readonly reviewed: number }>(
    `SELECT reviewer, at, reviewed, note, duration_us duration, unseen_us unseen FROM review WHERE session = ? ORDER BY key`,
  );
  const reviewers = database.prepare<[string], { readonly session: string; readonly reviewer: string }>(REVIEWERS);
  const insert = database.prepare<[string, string, string, number, string, number, number]>(
    'INSERT INTO review (session, reviewer, at, reviewed, note, duration_us, unseen_us) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  return {
    reviewers: (sessions) =>
      new Map(
        [...Map.groupBy(reviewers.all(JSON.stringify(sessions)), ({ session }) => session)].map(([session, rows]) => [
          session,
          rows.map(({ reviewer }) => reviewer),
        ]),
      ),
    views: (session) =>
      views.all(session).flatMap((text) => {
        const { actor, details } = JSON.parse(text) as CustodyEntry & { readonly details: Ranges };
        return details.ranges.map(({ from_us: from, to_us: to, speed }) => ({
          reviewer: actor,
          from: from as Micros,
          to: to as Micros,
          speed: Number(speed),
        }));
      }),
    reviews: (session) => reviews.all(session).map((row) => ({ ...row, reviewed: row.reviewed === 1 })),
    add: (session, { reviewer, at, reviewed, note, duration, unseen }) => {
      insert.run(session, reviewer, at, reviewed ? 1 : 0, note, duration, unseen);
    },
  };
}
