// Exports a session group: all its sessions as one file, on one clock.

import { useState } from 'react';
import type { Output } from '../../shared/api/contract.ts';
import { TEXT_LOG_DEFAULTS, type Group, type GroupExportRequest, type TextLogOptions } from '../../shared/api/shapes.ts';
import { saveExport, useApi } from '../api.ts';
import { useRequest } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { HandedFile } from '../ui/export-parts.tsx';
import { formatSome } from '../ui/format.ts';
import { FailureNotice, Notice } from '../ui/notice.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { FormatFields } from './export-fields.tsx';
import { FIRST_CHOICE, choiceProblem } from './export-options.ts';

const FORMATS = [
  { format: 'text', label: 'Text', note: 'What was printed, session after session in the order of time.' },
  { format: 'json', label: 'JSON', note: 'The group, its sessions, and every event with its times and streams.' },
] as const;

export interface GroupExportDialogProps {
  readonly group: Group;
  /** Sessions of it that are locked. */
  readonly locked: number;
  readonly onClose: () => void;
}

type Outcome = { readonly fileName: string; readonly warnings: readonly string[] };

export function GroupExportDialog({ group, locked, onClose }: GroupExportDialogProps): React.JSX.Element {
  const api = useApi();
  const [format, setFormat] = useState<GroupExportRequest['format']>('text');
  const [text, setText] = useState<TextLogOptions>(TEXT_LOG_DEFAULTS);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const { busy, failure, ask } = useRequest<Output<'export.openGroup'>>(({ ticket, fileName, warnings }) => {
    saveExport(ticket, fileName);
    setOutcome({ fileName, warnings });
  });
  const problem = choiceProblem({ ...FIRST_CHOICE, format, text });
  const run = (): void =>
    ask(() =>
      api.call('export.openGroup', { group: group.id, source: group.source, format, ...(format === 'text' ? { text } : {}) }),
    );
  return (
    <Dialog
      title="Export session group"
      onClose={onClose}
      className="export"
      footer={
        <>
          <span className="note">{problem}</span>
          <Button onClick={onClose}>{outcome === null ? 'Cancel' : 'Close'}</Button>
          {outcome !== null ? null : (
            <Button look="primary" icon="export" disabled={busy || problem !== ''} onClick={run}>
              Export
            </Button>
          )}
        </>
      }
    >
      {outcome === null ? (
        <>
          <p className="what">
            <Recorded text={group.title ?? group.id} />
            <span className="soft">{`, ${formatSome(group.sessions, 'session')}`}</span>
          </p>
          {locked === 0 ? null : (
            <Notice tone="caution">{`${formatSome(locked, 'session')} of it ${locked === 1 ? 'is' : 'are'} locked: without ${locked === 1 ? 'its' : 'their'} content.`}</Notice>
          )}
          <FormatFields formats={FORMATS} format={format} text={text} onFormat={setFormat} onText={setText} />
          <p className="faint">The export is written in clear and is entered in the custody log.</p>
        </>
      ) : (
        <HandedFile text="1 file handed to your downloads." fileName={outcome.fileName} warnings={outcome.warnings} />
      )}
      {failure === null ? null : <FailureNotice failure={failure} />}
    </Dialog>
  );
}
