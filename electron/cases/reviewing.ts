// Who watched what of a recording, and who says that it was reviewed. Watching is what the custody log has; the mark is the
// reviewer's own word, refused where not all was seen unless the reviewer says so.

import type { Coverage } from '../../shared/api/case-shapes.ts';
import { ExhibitError } from '../../shared/api/errors.ts';
import { tellClock } from '../../shared/recording/time.ts';
import type { Library, Review, SessionRow, View } from '../library/library.ts';
import { mergeWatched, type Interval, type Seen } from './coverage.ts';

type Reviews = Pick<Library, 'reviews'>;

const pair = ({ from, to }: Interval): { fromUs: number; toUs: number } => ({ fromUs: from, toUs: to });

/** The newest word of a reviewer, unless it takes the mark back. */
function markOf(reviews: readonly Review[], reviewer: string): Coverage['reviewers'][number]['reviewed'] {
  const newest = reviews.findLast((review) => review.reviewer === reviewer);
  if (newest?.reviewed !== true) return null;
  return { at: newest.at, note: newest.note, durationUs: newest.duration, unseenUs: newest.unseen };
}

/** Coverage of a recording, reviewer by reviewer, by name. */
export function coverageOf({ reviews: store }: Reviews, session: SessionRow): Coverage {
  const views = Map.groupBy(store.views(session.id), ({ reviewer }) => reviewer);
  const reviews = store.reviews(session.id);
  const names = [...new Set([...views.keys(), ...reviews.map(({ reviewer }) => reviewer)])].toSorted();
  return {
    session: session.id,
    durationUs: session.duration,
    reviewers: names.map((reviewer) => {
      const { seen, unseen, seenTotal } = mergeWatched(views.get(reviewer) ?? [], session.duration);
      return {
        reviewer,
        seen: seen.map((range) => ({ ...pair(range), speed: range.speed })),
        unseen: unseen.map(pair),
        seenUs: seenTotal,
        reviewed: markOf(reviews, reviewer),
      };
    }),
  };
}

export interface ReviewMark {
  readonly reviewer: string;
  readonly at: string;
  readonly note: string;
  /** False takes an earlier mark back. */
  readonly reviewed: boolean;
  /** Marks it although not all of it was seen. */
  readonly partly: boolean;
}

/** Ranges that a refusal names. */
const NAMED = 3;

function refusal(session: SessionRow, { unseen, unseenTotal }: Seen): ExhibitError {
  const named = unseen.slice(0, NAMED).map(({ from, to }) => `${tellClock(from)} to ${tellClock(to)}`);
  const more = unseen.length > NAMED ? ` and ${String(unseen.length - NAMED)} more` : '';
  return new ExhibitError(
    'refused',
    `mark session ${session.id} as reviewed`,
    `${tellClock(unseenTotal)} of ${tellClock(session.duration)} was not seen: ${named.join(', ')}${more}`,
    'watch the rest, or say that it was seen in part (--partly)',
  );
}

/** Throws kind `refused` where part of the recording was not seen and the mark does not say so, or where there is no mark to take back. */
export function markReviewed(library: Reviews, session: SessionRow, mark: ReviewMark): Coverage {
  const { reviewer, at, note, reviewed, partly } = mark;
  const { reviews } = library;
  const views: readonly View[] = reviews.views(session.id).filter((view) => view.reviewer === reviewer);
  const seen = mergeWatched(views, session.duration);
  if (reviewed && !partly && seen.unseenTotal > 0) throw refusal(session, seen);
  if (!reviewed && markOf(reviews.reviews(session.id), reviewer) === null)
    throw new ExhibitError('refused', `take back the mark of session ${session.id}`, `${reviewer} has not marked it as reviewed`);
  reviews.add(session.id, { reviewer, at, reviewed, note, duration: session.duration, unseen: seen.unseenTotal });
  return coverageOf(library, session);
}
