// Exports sessions: one download each. The bytes never pass through the page: it opens the export and follows its address.

import { useRef, useState } from 'react';
import type { Session } from '../../shared/api/shapes.ts';
import { saveExport, useApi } from '../api.ts';
import { FormatFields } from './export-fields.tsx';
import { failureOf, type FailureText } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { formatCount, formatSome } from '../ui/format.ts';
import { NamedFile } from '../ui/export-parts.tsx';
import { FailureNotice, Notice, Progress } from '../ui/notice.tsx';
import { RecordedLine } from '../ui/recorded.tsx';
import { FORMATS, choiceProblem, exportRequest, firstChoiceFor, takesRange, type ExportChoice } from './export-options.ts';
import { sessionName } from '../ui/session-name.ts';

export interface ExportDialogProps {
  readonly sessions: readonly Session[];
  readonly onClose: () => void;
}

interface Outcome {
  readonly session: Session;
  readonly fileName: string;
  readonly warnings: readonly string[];
  readonly failure: FailureText | null;
}

/** Between two downloads: a browser that gets them all at once drops some. Milliseconds. */
const BETWEEN = 300;

export function ExportDialog({ sessions, onClose }: ExportDialogProps): React.JSX.Element {
  const api = useApi();
  const [choice, setChoice] = useState<ExportChoice>(() => firstChoiceFor(sessions));
  const [outcomes, setOutcomes] = useState<readonly Outcome[]>([]);
  const [running, setRunning] = useState(false);
  const cancelled = useRef(false);
  const problem = choiceProblem(choice);
  // What was stored can be handed out without a key; the other formats show content.
  const usable = choice.format === 'json' ? sessions : sessions.filter(({ lock }) => lock.state === 'open');
  const locked = sessions.filter(({ lock }) => lock.state === 'locked').length;
  const finished = !running && outcomes.length > 0;

  const run = async (): Promise<void> => {
    setRunning(true);
    setOutcomes([]);
    cancelled.current = false;
    for (const session of usable) {
      if (cancelled.current) break;
      let outcome: Outcome;
      try {
        const { ticket, fileName, warnings } = await api.call('export.open', exportRequest(session.id, choice));
        saveExport(ticket, fileName);
        outcome = { session, fileName, warnings, failure: null };
      } catch (error) {
        outcome = { session, fileName: '', warnings: [], failure: failureOf(error) };
      }
      setOutcomes((done) => [...done, outcome]);
      if (usable.length > 1) await new Promise((resolve) => setTimeout(resolve, BETWEEN));
    }
    setRunning(false);
  };
  const close = (): void => {
    cancelled.current = true;
    onClose();
  };

  const title = sessions.length === 1 ? 'Export session' : `Export ${formatSome(sessions.length, 'session')}`;
  return (
    <Dialog
      title={title}
      onClose={close}
      className="export"
      footer={
        <>
          <span className="note">{problem}</span>
          <Button onClick={close}>{finished ? 'Close' : 'Cancel'}</Button>
          {finished ? null : (
            <Button
              look="primary"
              icon="export"
              disabled={running || problem !== '' || usable.length === 0}
              onClick={() => void run()}
            >
              {usable.length === 1 ? 'Export' : `Export ${formatCount(usable.length)} files`}
            </Button>
          )}
        </>
      }
    >
      {running || finished ? (
        <Outcomes outcomes={outcomes} total={usable.length} running={running} />
      ) : (
        <>
          {sessions.length === 1 ? (
            <p className="what">
              <RecordedLine text={sessionName(sessions[0]!)} />
            </p>
          ) : (
            <div className="what">
              <p>
                {`${formatSome(usable.length, 'file')} will be saved, one for each session, one after the other. Your browser may ask whether it may download several.`}
              </p>
              <p className="soft">
                {'Into a folder without questions, one command for each: '}
                <code>exhibit sessions export ID --file FOLDER/NAME</code>
              </p>
            </div>
          )}
          {locked === 0 ? null : <LockedNote locked={locked} total={sessions.length} sealed={choice.format === 'json'} />}
          <Choice choice={choice} onChoice={setChoice} />
          <p className="faint">
            {locked === sessions.length
              ? 'The export is entered in the custody log.'
              : 'The export is written in clear and is entered in the custody log.'}
          </p>
        </>
      )}
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

interface OutcomesProps {
  readonly outcomes: readonly Outcome[];
  readonly total: number;
  readonly running: boolean;
}

function Outcomes({ outcomes, total, running }: OutcomesProps): React.JSX.Element {
  const failed = outcomes.filter(({ failure }) => failure !== null).length;
  return (
    <div className="outcomes">
      <p role="status">
        {running
          ? `Exporting ${formatCount(outcomes.length + 1)} of ${formatCount(total)} …`
          : failed === 0
            ? `${formatSome(outcomes.length, 'file')} handed to your downloads.`
            : `${formatSome(outcomes.length - failed, 'file')} handed to your downloads; ${formatCount(failed)} failed.`}
      </p>
      {running ? <Progress label="Export" share={outcomes.length / total} /> : null}
      <ul>
        {outcomes.map(({ session, fileName, warnings, failure }) => (
          <li key={session.id}>
            {failure === null ? <NamedFile fileName={fileName} warnings={warnings} /> : <FailureNotice failure={failure} />}
          </li>
        ))}
      </ul>
    </div>
  );
}
