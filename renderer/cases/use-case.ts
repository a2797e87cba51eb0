// A case with all that its view shows, asked anew when the core says that something of it has changed.

import { useCallback, useEffect } from 'react';
import type { Api, Output } from '../../shared/api/contract.ts';
import type { Annotation, CaseDetail, Coverage, Redaction } from '../../shared/api/case-shapes.ts';
import type { Session } from '../../shared/api/shapes.ts';
import { useAnswer, type Answer } from '../ui/answer.ts';

export interface CaseFile {
  readonly detail: CaseDetail;
  readonly sessions: ReadonlyMap<string, Session>;
  /** Retracted ones too. */
  readonly annotations: readonly Annotation[];
  readonly coverage: readonly Coverage[];
  readonly redactions: readonly Redaction[];
  readonly me: string;
}

/** Asked for at a time. */
const PAGE = 1000;

async function allAnnotations(api: Api, id: string): Promise<Annotation[]> {
  const found: Annotation[] = [];
  let cursor: string | null = null;
  do {
    const page: Output<'annotations.list'> = await api.call('annotations.list', {
      case: id,
      retracted: true,
      cursor,
      limit: PAGE,
    });
    found.push(...page.annotations);
    cursor = page.next;
  } while (cursor !== null);
  return found;
}

async function sessionsOf(api: Api, id: string): Promise<Map<string, Session>> {
  const found = new Map<string, Session>();
  let cursor: string | null = null;
  do {
    const page: Output<'sessions.list'> = await api.call('sessions.list', { filter: { case: id }, cursor, limit: PAGE });
    for (const session of page.sessions) found.set(session.id, session);
    cursor = page.next;
  } while (cursor !== null);
  return found;
}

export function useCase(api: Api, id: string): Answer<CaseFile> {
  const answer = useAnswer(
    useCallback(async (): Promise<CaseFile> => {
      const [detail, sessions, annotations, coverage, redactions, { actor }] = await Promise.all([
        api.call('cases.show', { case: id }),
        sessionsOf(api, id),
        allAnnotations(api, id),
        api.call('coverage.show', { case: id }),
        api.call('redactions.list', { case: id }),
        api.call('app.info', null),
      ]);
      return { detail, sessions, annotations, coverage, redactions, me: actor };
    }, [api, id]),
  );
  const { again } = answer;
  useEffect(() => {
    const stops = [api.on('cases', again), api.on('library', again)];
    return () => {
      for (const stop of stops) stop();
    };
  }, [api, again]);
  return answer;
}
