// Exports the history: sessions and their events in one file. The bytes never pass through the page: it follows the export's address.

import { useState } from 'react';
import type { Output } from '../../shared/api/contract.ts';
import type { HistoryFilter } from '../../shared/api/history-shapes.ts';
import { saveExport, useApi } from '../api.ts';
import { useRequest } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { FormatChoice, HandedFile } from '../ui/export-parts.tsx';
import { formatSome } from '../ui/format.ts';
import { FailureNotice, Notice } from '../ui/notice.tsx';

const FORMATS = [
  {
    format: 'csv',
    label: 'CSV',
    note: 'For a spreadsheet: a line for each session and each event. No cell is read as a formula.',
  },
  { format: 'json', label: 'JSON', note: 'Sessions with their events, and every field of their records.' },
] as const;

export interface HistoryExportDialogProps {
  readonly filter: HistoryFilter;
  readonly rows: number;
  readonly withheld: Output<'history.list'>['withheld'];
  readonly onClose: () => void;
}

export function HistoryExportDialog({ filter, rows, withheld, onClose }: HistoryExportDialogProps): React.JSX.Element {
  const api = useApi();
  const [format, setFormat] = useState<(typeof FORMATS)[number]['format']>('csv');
  const [outcome, setOutcome] = useState<Output<'history.export'> | null>(null);
  const { busy, failure, ask } = useRequest<Output<'history.export'>>((answer) => {
    saveExport(answer.ticket, answer.fileName);
    setOutcome(answer);
  });
  const filtered = Object.keys(filter).length > 0;
  return (
    <Dialog
      title="Export the history"
      onClose={onClose}
      className="export"
      footer={
        <>
          <span className="note" />
          <Button onClick={onClose}>{outcome === null ? 'Cancel' : 'Close'}</Button>
          {outcome !== null ? null : (
            <Button
              look="primary"
              icon="export"
              disabled={busy}
              onClick={() => ask(() => api.call('history.export', { format, filter }))}
            >
              Export
            </Button>
          )}
        </>
      }
    >
      {outcome === null ? (
        <>
          <p className="what">
            {filtered ? `The ${formatSome(rows, 'session')} that the view leaves` : `All ${formatSome(rows, 'session')}`}
            {', with their commands, runbooks and audit events. No recording is in it.'}
          </p>
          {withheld.length === 0 ? null : (
            <Notice tone="caution">{`Without ${formatSome(withheld.length, 'source')} that may not be seen.`}</Notice>
          )}
          <FormatChoice formats={FORMATS} format={format} onFormat={setFormat} />
          <p className="faint">The export is written in clear and is entered in the custody log.</p>
        </>
      ) : (
        <HandedFile
          text={`${formatSome(outcome.rows, 'session')} and ${formatSome(outcome.events, 'event')} handed to your downloads.`}
          fileName={outcome.fileName}
          warnings={outcome.warnings}
        />
      )}
      {failure === null ? null : <FailureNotice failure={failure} />}
    </Dialog>
  );
}
