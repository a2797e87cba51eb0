// What stands in the rows of recordings and annotations against what the custody log says of them: whoever edits the database, and has its
// key, would have to write the log anew as well, whose signed head is kept elsewhere (docs/evidence.md).

import type { Annotation } from '../../shared/api/case-shapes.ts';
import { annotationDigest } from '../../shared/evidence/annotation-digest.ts';
import { toHex } from '../../shared/evidence/custody.ts';
import type { AnnotationStore } from './annotations.ts';
import { sha256, type CustodyLog } from './custody.ts';
import type { SessionRow, SessionStore } from './sessions.ts';

export interface EnteredFault {
  readonly place: string;
  readonly reason: string;
}

/** Where the row of a recording is not what the log says was acquired. */
export function sessionFaults(
  { custody, sessions }: { readonly custody: CustodyLog; readonly sessions: SessionStore },
  session: SessionRow,
): EnteredFault[] {
  const entered = custody.acquired(session);
  if (entered === null) return [{ place: 'acquisition', reason: 'no entry of the custody log says that it was acquired' }];
  const entry = `entry ${String(entered.seq)}`;
  const faults: EnteredFault[] = [];
  if (entered.root !== toHex(session.root) || entered.records !== session.records) {
    const reason = `the custody log says in ${entry} that ${String(entered.records)} records with the root ${entered.root} were acquired`;
    faults.push({ place: 'acquisition', reason });
  }
  if (entered.described !== null && entered.described !== sessions.described(session)?.described)
    faults.push({
      place: 'session',
      reason: `what is said of it is not what ${entry} of the custody log says was acquired`,
    });
  return faults;
}

/** Annotations to be looked at: those of a case, those of a session, or all (null). */
export type AnnotationScope = { readonly case: string } | { readonly session: string } | null;

const PAGE = 1000;

/** All annotations of a scope, those that were retracted among them. */
export function* annotationsIn(annotations: AnnotationStore, scope: AnnotationScope): Generator<Annotation> {
  for (let cursor: string | null = null, more = true; more; more = cursor !== null) {
    const page = annotations.list({ ...scope, retracted: true }, cursor, PAGE);
    yield* page.annotations;
    cursor = page.next;
  }
}

/** Where annotations are not what the log says was written. */
export function* annotationFaults(
  { custody, annotations }: { readonly custody: CustodyLog; readonly annotations: AnnotationStore },
  scope: AnnotationScope,
): Generator<EnteredFault & { readonly annotation: string }> {
  const entered = new Map<string, { readonly digest: string | null; readonly seq: number }[]>();
  const missing = new Map<string, { readonly annotation: string; readonly version: number; readonly seq: number }>();
  const keyOf = (annotation: string, version: number): string => `${annotation} ${String(version)}`;
  for (const { annotation, version, digest, seq, case: of, session } of custody.annotated()) {
    const key = keyOf(annotation, version);
    entered.set(key, [...(entered.get(key) ?? []), { digest, seq }]);
    const isAsked = scope === null || ('case' in scope ? of === scope.case : session === scope.session);
    if (isAsked) missing.set(key, { annotation, version, seq });
  }
  for (const found of annotationsIn(annotations, scope)) {
    for (const version of found.versions) {
      const key = keyOf(found.id, version.version);
      missing.delete(key);
      const said = entered.get(key) ?? [];
      const digest = annotationDigest(sha256, found, version);
      const other = said.find((one) => one.digest !== digest);
      const place = `version ${String(version.version)}`;
      if (said.length === 0) yield { annotation: found.id, place, reason: 'no entry of the custody log says that it was made' };
      else if (other !== undefined)
        yield { annotation: found.id, place, reason: `it is not what was said by entry ${String(other.seq)} of the custody log` };
    }
  }
  for (const { annotation, version, seq } of missing.values()) {
    const reason = `it is not there, which was made by entry ${String(seq)} of the custody log`;
    yield { annotation, place: `version ${String(version)}`, reason };
  }
}
