// The custody log as a bundle has it (docs/bundle.md): every entry up to the head, in full where it is about the case, one of its
// recordings, or the library was unlocked, verified or signed for; else by its hash.

import { FIRST_PREV, type CustodyEntry, type StoredCustodyEntry } from '../../../shared/evidence/custody.ts';
import type { JsonValue } from '../../../shared/evidence/canonical-json.ts';
import type { CustodyHead, CustodyLog } from '../../library/library.ts';
import { cleaned } from './recording-files.ts';

/** Entries that are read at a time. */
const RUN = 1000;

/** Acts on the library as a whole that say nothing of another matter: a search over all of it tells what was looked for. */
const LIBRARY_SUBJECTS: readonly string[] = ['library', 'custody log'];
const LIBRARY_ACTS: readonly string[] = ['unlock', 'verify', 'sign'];

/** Member of the details of what making, countersigning and opening bundles write into the log. */
export const BUNDLE_DETAIL = 'bundle';

export interface CustodyScope {
  /** Ids of the case and of its recordings, as the library has them. */
  readonly subjects: ReadonlySet<string>;
  /** Ids of recordings of whose bytes the log must not show a digest. */
  readonly guessable: ReadonlySet<string>;
  /** Ids of annotations that the bundle shows as they are, quotations apart: of another one a digest would prove a guess at what it says. */
  readonly annotations: ReadonlySet<string>;
  /** A text without anything that is withheld. */
  readonly clean: (text: string) => string;
}

export interface CustodyExtract {
  readonly head: CustodyHead;
  readonly lines: Iterable<string>;
  /** Counted while `lines` are read. */
  readonly shown: readonly (CustodyEntry & { readonly hash: string })[];
  hidden(): number;
}

/** Recordings that an acquisition brought beside its subject. */
function sessionsOf({ action, details }: CustodyEntry): readonly string[] {
  const sessions = action === 'acquire' ? details['sessions'] : undefined;
  if (!Array.isArray(sessions)) return [];
  return (sessions as readonly { readonly id?: unknown }[]).map(({ id }) => String(id));
}

/** Annotations of which an entry has a digest. */
function annotationsOf({ details }: CustodyEntry): readonly string[] {
  const versions: readonly JsonValue[] = Array.isArray(details['versions']) ? details['versions'] : [details];
  return (versions as readonly { readonly annotation?: unknown; readonly digest?: unknown }[]).flatMap(
    ({ annotation, digest }) => (typeof digest === 'string' ? [String(annotation)] : []),
  );
}

const isAbout = (entry: CustodyEntry, { subjects }: CustodyScope): boolean =>
  subjects.has(entry.subject) || sessionsOf(entry).some((id) => subjects.has(id));

/**
 * The entry that a bundle of these subjects goes up to: the newest one about the case or its recordings, other than those that
 * making bundles writes. So the same case gives the same bundle, however often it is made and whatever else happens in the library.
 */
export function custodyHead(log: CustodyLog, scope: CustodyScope): CustodyHead {
  for (let before: number | null = null; before === null || before > 1;) {
    const { entries } = log.list({}, before, RUN);
    for (const { seq, hash, text } of entries) {
      const entry = JSON.parse(text) as CustodyEntry;
      if (isAbout(entry, scope) && !(BUNDLE_DETAIL in entry.details)) return { seq, hash };
    }
    before = entries.at(-1)?.seq ?? 1;
  }
  return { seq: 0, hash: FIRST_PREV };
}

/** Why an entry is not shown, or null. */
function whyHidden(entry: CustodyEntry, scope: CustodyScope): string | null {
  const own = LIBRARY_SUBJECTS.includes(entry.subject) && LIBRARY_ACTS.includes(entry.action);
  if (!own && !isAbout(entry, scope)) return 'another matter';
  if (entry.action === 'acquire' && [entry.subject, ...sessionsOf(entry)].some((id) => scope.guessable.has(id)))
    return 'it has digests of what is withheld';
  if (entry.action === 'annotate' && annotationsOf(entry).some((id) => !scope.annotations.has(id)))
    return 'it has the digest of an annotation that is not shown as it is';
  return JSON.stringify(cleaned(entry, scope.clean, scope.clean)) === JSON.stringify(entry) ? null : 'it names what is withheld';
}

function* entriesUpTo(log: CustodyLog, head: CustodyHead): Generator<StoredCustodyEntry> {
  for (let at = 0; at < head.seq;) {
    const run = log.after(at, RUN);
    for (const entry of run) if (entry.seq <= head.seq) yield entry;
    at = run.at(-1)?.seq ?? head.seq;
  }
}

export function custodyExtract(log: CustodyLog, scope: CustodyScope): CustodyExtract {
  const head = custodyHead(log, scope);
  const shown: (CustodyEntry & { hash: string })[] = [];
  let hidden = 0;
  function* lines(): Generator<string> {
    for (const { seq, hash, text } of entriesUpTo(log, head)) {
      const entry = JSON.parse(text) as CustodyEntry;
      const why = whyHidden(entry, scope);
      if (why === null) shown.push({ ...entry, hash });
      else hidden += 1;
      yield `${JSON.stringify(why === null ? { seq, hash, text } : { seq, hash, why })}\n`;
    }
  }
  return { head, lines: lines(), shown, hidden: () => hidden };
}
