// Says that one has reviewed a recording, with what is still unseen named before it is said; or takes that back.

import { useState } from 'react';
import { useApi } from '../../api.ts';
import { useRequest } from '../../ui/answer.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextArea } from '../../ui/fields.tsx';
import { formatDuration, formatOffset, formatSome } from '../../ui/format.ts';
import { FailureNotice, Notice } from '../../ui/notice.tsx';
import { Recorded } from '../../ui/recorded.tsx';
import { Instant } from '../../ui/zone.tsx';
import { seenPercent, unseenOf } from './notebook-data.ts';
import type { Notebook } from './use-notebook.ts';

export interface ReviewDialogProps {
  readonly session: string;
  readonly durationUs: number;
  readonly notebook: Notebook;
  readonly onSeek: (us: number) => void;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Stretches that are listed. */
const LISTED = 8;

export function ReviewDialog({ session, durationUs, notebook, onSeek, onDone, onClose }: ReviewDialogProps): React.JSX.Element {
  const api = useApi();
  const { mine } = notebook;
  const reviewed = mine?.reviewed ?? null;
  const unseen = unseenOf(mine, durationUs);
  const [note, setNote] = useState(reviewed?.note ?? '');
  const [partly, setPartly] = useState(false);
  const { busy, failure, ask } = useRequest(onDone);
  const mark = (yes: boolean): void =>
    ask(() => api.call('coverage.mark', { session, note: note.trim(), reviewed: yes, ...(partly ? { partly } : {}) }));
  const leftUs = unseen.reduce((sum, { fromUs, toUs }) => sum + toUs - fromUs, 0);
  return (
    <Dialog
      title="Mark as reviewed"
      onClose={onClose}
      className="review"
      footer={
        <>
          <span className="note">Your mark is entered in the custody log.</span>
          <Button onClick={onClose}>Cancel</Button>
          {reviewed === null ? null : (
            <Button look="danger" disabled={busy} onClick={() => mark(false)}>
              Take the mark back
            </Button>
          )}
          <Button look="primary" icon="check" disabled={busy || (unseen.length > 0 && !partly)} onClick={() => mark(true)}>
            Mark as reviewed
          </Button>
        </>
      }
    >
      <div className="form">
        {unseen.length === 0 ? (
          <Notice tone="good">You have seen all of it.</Notice>
        ) : (
          <Notice tone="caution">
            <p>
              <strong>{`You have seen ${String(seenPercent(unseen, durationUs))} %: ${formatDuration(leftUs)} in ${formatSome(unseen.length, 'stretch', 'stretches')} are unseen.`}</strong>
            </p>
            <ul className="stretches">
              {unseen.slice(0, LISTED).map(({ fromUs, toUs }) => (
                <li key={fromUs}>
                  <button
                    type="button"
                    className="link"
                    onClick={() => {
                      onSeek(fromUs);
                      onClose();
                    }}
                  >
                    {`${formatOffset(fromUs)} to ${formatOffset(toUs)}`}
                  </button>
                  <span className="soft">{formatDuration(toUs - fromUs)}</span>
                </li>
              ))}
            </ul>
            {unseen.length > LISTED ? <p className="soft">{`and ${String(unseen.length - LISTED)} more`}</p> : null}
          </Notice>
        )}
        <Others notebook={notebook} />
        <TextArea
          label="What you say of it"
          value={note}
          onValue={setNote}
          hint="Optional. It stands in the report beside your mark."
        />
        {unseen.length === 0 ? null : (
          <label className="check">
            <input type="checkbox" checked={partly} onChange={(event) => setPartly(event.target.checked)} />
            Mark it although not all of it was seen: the unseen time is named beside the mark.
          </label>
        )}
      </div>
      {failure === null ? null : <FailureNotice failure={failure} />}
    </Dialog>
  );
}

function Others({ notebook }: { readonly notebook: Notebook }): React.JSX.Element | null {
  const marked = notebook.reviewers.filter(({ reviewed }) => reviewed !== null);
  if (marked.length === 0) return null;
  return (
    <ul className="marks" aria-label="Marks on this recording">
      {marked.map(({ reviewer, reviewed }) => (
        <li key={reviewer} className="soft">
          <Recorded text={reviewer} />
          {', '}
          <Instant at={reviewed!.at} />
          {reviewed!.unseenUs === 0 ? '' : `, ${formatDuration(reviewed!.unseenUs)} unseen then`}
          {reviewed!.note === '' ? null : (
            <>
              {': '}
              <Recorded text={reviewed!.note} />
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
