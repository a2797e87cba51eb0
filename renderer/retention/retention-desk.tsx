// What other parts of the window show of retention and live sessions: in a session's pane, in the history, in a case and in a group. The window
// hands these pieces to them, so that no part leans on another.

import { useState } from 'react';
import type { CaseDetail } from '../../shared/api/case-shapes.ts';
import type { HistoryRow } from '../../shared/api/history-shapes.ts';
import type { Group, Job, Session, SessionFilter } from '../../shared/api/shapes.ts';
import { HoldDialog } from './hold-dialog.tsx';
import { LiveActions } from './live-actions.tsx';
import { Readiness } from './readiness.tsx';
import { caseChoice, groupChoice, holdChoices, mayBeLive, type HoldChoice } from './retention-text.ts';
import { SessionRetention } from './session-retention.tsx';

export interface RetentionDeskDeps {
  readonly jobs: readonly Job[];
  /** Leads to the list of holds. */
  readonly onHolds: () => void;
  /** Leads to the certificate of a recording that was purged. */
  readonly onCertificate: (session: string) => void;
  /** Opens a recording of a case. */
  readonly onExhibit: (session: string) => void;
}

export interface RetentionDesk {
  readonly sessions: {
    readonly onHold: (sessions: readonly Session[], filter: SessionFilter | null, text: string) => void;
    readonly retention: (session: Session, settled: boolean) => React.ReactNode;
    readonly live: (session: Session) => React.ReactNode;
  };
  readonly history: { readonly live: (row: HistoryRow) => React.ReactNode };
  readonly cases: {
    readonly onHold: (detail: CaseDetail) => void;
    readonly readiness: (id: string) => React.ReactNode;
  };
  readonly group: { readonly onHold: (group: Group) => void };
  /** What it asks at the moment. */
  readonly dialog: React.ReactNode;
}

export function useRetentionDesk({ jobs, onHolds, onCertificate, onExhibit }: RetentionDeskDeps): RetentionDesk {
  const [holding, setHolding] = useState<readonly HoldChoice[] | null>(null);
  return {
    sessions: {
      onHold: (sessions, filter, text) => setHolding(holdChoices(sessions, filter, text)),
      retention: (session, settled) => (
        <SessionRetention
          session={session}
          settled={settled}
          onHold={() => setHolding(holdChoices([session], null, ''))}
          onHolds={onHolds}
          onCertificate={() => onCertificate(session.id)}
        />
      ),
      live: ({ id, nativeId, title }) => <LiveActions id={id} nativeId={nativeId ?? id} name={title ?? nativeId ?? id} />,
    },
    history: {
      live: (row) =>
        mayBeLive(row) ? (
          <LiveActions key={`live ${row.id}`} id={row.id} nativeId={row.nativeId ?? ''} name={row.target ?? row.nativeId ?? ''} />
        ) : null,
    },
    cases: {
      onHold: (detail) => setHolding([caseChoice(detail)]),
      readiness: (id) => <Readiness caseId={id} jobs={jobs} onOpen={onExhibit} />,
    },
    group: { onHold: (group) => setHolding([groupChoice(group)]) },
    dialog: holding === null ? null : <HoldDialog choices={holding} onClose={() => setHolding(null)} />,
  };
}
