// Exports sessions: one as a file, several as one archive. The bytes never pass through the page: it opens the export and follows its address.

import { useState } from 'react';
import type { Output } from '../../shared/api/contract.ts';
import type { Session } from '../../shared/api/shapes.ts';
import { saveExport, useApi } from '../api.ts';
import { FormatFields } from './export-fields.tsx';
import { useRequest } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { formatCount, formatSome } from '../ui/format.ts';
import { HandedFile } from '../ui/export-parts.tsx';
import { FailureNotice, Notice } from '../ui/notice.tsx';
import { RecordedLine } from '../ui/recorded.tsx';
import { FORMATS, choiceProblem, chosenExport, firstChoiceFor, takesRange, type ExportChoice } from './export-options.ts';
import { sessionName } from '../ui/session-name.ts';

export interface ExportDialogProps {
  readonly sessions: readonly Session[];
  readonly onClose: () => void;
}

interface Handed {
  readonly fileName: string;
  readonly warnings: readonly string[];
}

export function ExportDialog({ sessions, onClose }: ExportDialogProps): React.JSX.Element {
  const api = useApi();
  const [choice, setChoice] = useState<ExportChoice>(() => firstChoiceFor(sessions));
  const [handed, setHanded] = useState<Handed | null>(null);
  const { busy, failure, ask } = useRequest<Output<'export.openSessions'>>(({ ticket, fileName, warnings }) => {
    saveExport(ticket, fileName);
    setHanded({ fileName, warnings });
  });
  const problem = choiceProblem(choice);
  // What was stored can be handed out without a key; the other formats show content.
  const usable = choice.format === 'json' ? sessions : sessions.filter(({ lock }) => lock.state === 'open');
  const locked = sessions.filter(({ lock }) => lock.state === 'locked').length;
  const [only] = sessions;
  const run = (): void =>
    ask(() =>
      sessions.length === 1
        ? api.call('export.open', { id: only!.id, ...chosenExport(choice) })
        : api.call('export.openSessions', { ids: sessions.map(({ id }) => id), ...chosenExport(choice) }),
    );
  return (
    <Dialog
      title={sessions.length === 1 ? 'Export session' : `Export ${formatSome(sessions.length, 'session')}`}
      onClose={onClose}
      className="export"
      footer={
        <>
          <span className="note">{problem}</span>
          <Button onClick={onClose}>{handed === null ? 'Cancel' : 'Close'}</Button>
          {handed !== null ? null : (
            <Button look="primary" icon="export" disabled={busy || problem !== '' || usable.length === 0} onClick={run}>
              Export
            </Button>
          )}
        </>
      }
    >
      {handed === null ? (
        <>
          {sessions.length === 1 ? (
            <p className="what">
              <RecordedLine text={sessionName(only!)} />
            </p>
          ) : (
            <p className="what">
              One ZIP archive with a file for each session, and <code>index.csv</code>, which says which file is which session and
              has its SHA-256.
            </p>
          )}
          {locked === 0 ? null : <LockedNote locked={locked} total={sessions.length} sealed={choice.format === 'json'} />}
          <Choice choice={choice} onChoice={setChoice} />
          <p className="faint">
            {locked === sessions.length
              ? 'The export is entered in the custody log.'
              : 'The export is written in clear and is entered in the custody log.'}
          </p>
        </>
      ) : (
        <HandedFile text="1 file handed to your downloads." fileName={handed.fileName} warnings={handed.warnings} />
      )}
      {failure === null ? null : <FailureNotice failure={failure} />}
    </Dialog>
  );
}

function LockedNote({
  locked,
  total,
  sealed,
}: {
  readonly locked: number;
  readonly total: number;
  readonly sealed: boolean;
}): React.JSX.Element {
  const which =
    total === 1 ? 'This session is' : `${formatSome(locked, 'session')} of ${formatCount(total)} ${locked === 1 ? 'is' : 'are'}`;
  return (
    <Notice tone="caution">
      {sealed
        ? `${which} locked: the payloads are exported as they are stored, encrypted.`
        : `${which} locked and cannot be exported in this format. JSON has what is stored, with the payloads encrypted.`}
    </Notice>
  );
}

function Choice({
  choice,
  onChoice,
}: {
  readonly choice: ExportChoice;
  readonly onChoice: (choice: ExportChoice) => void;
}): React.JSX.Element {
  return (
    <>
      <FormatFields
        formats={FORMATS}
        format={choice.format}
        text={choice.text}
        onFormat={(format) => onChoice({ ...choice, format })}
        onText={(text) => onChoice({ ...choice, text })}
      />
      {takesRange(choice) ? (
        <fieldset className="range">
          <legend>Range</legend>
          <label className="label">
            From sequence number
            <span className="field">
              <input
                inputMode="numeric"
                value={choice.fromSeq}
                placeholder="first"
                onChange={(event) => onChoice({ ...choice, fromSeq: event.target.value.trim() })}
              />
            </span>
          </label>
          <label className="label">
            Most events
            <span className="field">
              <input
                inputMode="numeric"
                value={choice.maxEvents}
                placeholder="all"
                onChange={(event) => onChoice({ ...choice, maxEvents: event.target.value.trim() })}
              />
            </span>
          </label>
        </fieldset>
      ) : null}
    </>
  );
}
