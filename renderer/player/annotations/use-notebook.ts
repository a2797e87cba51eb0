// What the core has of a recording's annotations, coverage and redactions, and the cases that they may belong to. Asked again when the core
// says that something of them has changed.

import { useCallback, useEffect, useMemo, useState } from 'react';
import type { Api } from '../../../shared/api/contract.ts';
import type { Annotation, CaseSummary, Coverage, Redaction } from '../../../shared/api/case-shapes.ts';
import { failureOf, type FailureText } from '../../ui/answer.ts';
import { redactionsOf, type Reviewer } from './notebook-data.ts';

export interface Notebook {
  /** False before the first answer. */
  readonly loaded: boolean;
  readonly failure: FailureText | null;
  readonly cases: readonly CaseSummary[];
  /** The case that annotations go to; null for none. */
  readonly current: CaseSummary | null;
  /** Of this recording in the current case, or in any where none is chosen; retracted ones too, by time. */
  readonly annotations: readonly Annotation[];
  readonly redactions: readonly Redaction[];
  readonly reviewers: readonly Reviewer[];
  /** What whoever sits here has seen; null before anything was. */
  readonly mine: Reviewer | null;
  readonly again: () => void;
}

interface Known {
  readonly cases: readonly CaseSummary[];
  readonly annotations: readonly Annotation[];
  readonly redactions: readonly Redaction[];
  readonly coverage: Coverage | null;
  readonly me: string;
}

const NOTHING: Known = { cases: [], annotations: [], redactions: [], coverage: null, me: '' };

/** Annotations of one recording that are listed. */
const MOST = 5000;

async function read(api: Api, session: string, wanted: string): Promise<Known> {
  const cases = await api.call('cases.list', null);
  const current = cases.find(({ id }) => id === wanted);
  const [{ annotations }, redactions, [coverage], { actor }] = await Promise.all([
    api.call('annotations.list', {
      session,
      retracted: true,
      limit: MOST,
      ...(current === undefined ? {} : { case: current.id }),
    }),
    current === undefined ? [] : api.call('redactions.list', { case: current.id }),
    api.call('coverage.show', { session }),
    api.call('app.info', null),
  ]);
  return {
    cases,
    annotations: annotations.toSorted((a, b) => a.anchor.fromUs - b.anchor.fromUs),
    redactions: redactionsOf(redactions, session),
    coverage: coverage ?? null,
    me: actor,
  };
}

export function useNotebook(api: Api, session: string, wanted: string): Notebook {
  const [known, setKnown] = useState<Known | null>(null);
  const [failure, setFailure] = useState<FailureText | null>(null);
  const [version, setVersion] = useState(0);
  const again = useCallback(() => setVersion((n) => n + 1), []);
  useEffect(() => {
    let current = true;
    read(api, session, wanted).then(
      (now) => {
        if (!current) return;
        setKnown(now);
        setFailure(null);
      },
      (error: unknown) => {
        if (current) setFailure(failureOf(error));
      },
    );
    return () => {
      current = false;
    };
  }, [api, session, wanted, version]);
  useEffect(() => api.on('cases', again), [api, again]);
  return useMemo(() => {
    const { cases, annotations, redactions, coverage, me } = known ?? NOTHING;
    const reviewers = coverage?.reviewers ?? [];
    return {
      loaded: known !== null,
      failure,
      cases,
      current: cases.find(({ id }) => id === wanted) ?? null,
      annotations,
      redactions,
      reviewers,
      mine: reviewers.find(({ reviewer }) => reviewer === me) ?? null,
      again,
    };
  }, [known, failure, wanted, again]);
}
