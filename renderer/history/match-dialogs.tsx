// Joining a recording to a record of the history by hand, and parting what was joined. Both ask for a reason, which is kept.

import { useState } from 'react';
import type { HistoryDetail } from '../../shared/api/history-shapes.ts';
import { useApi } from '../api.ts';
import { useRequest } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ReasonField, TextField } from '../ui/fields.tsx';
import { FailureNotice } from '../ui/notice.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { MATCH_WORDS, rowName } from './history-text.ts';

interface MatchDialogProps {
  readonly detail: HistoryDetail;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** The choice that is none of the candidates. */
const OTHER = '';

export function JoinDialog({ detail, onDone, onClose }: MatchDialogProps): React.JSX.Element {
  const api = useApi();
  const { id, candidates } = detail;
  const [choice, setChoice] = useState(candidates[0]?.sessionId ?? OTHER);
  const [typed, setTyped] = useState('');
  const [reason, setReason] = useState('');
  const { busy, failure, ask } = useRequest(onDone);
  const session = choice === OTHER ? typed.trim() : choice;
  const ready = session !== '' && reason.trim() !== '' && !busy;
  const run = (): void => {
    if (ready) ask(() => api.call('history.match', { id, session, reason: reason.trim() }));
  };
  return (
    <Dialog
      title="Join a recording"
      onClose={onClose}
      className="join"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={!ready} onClick={run}>
            Join
          </Button>
        </>
      }
    >
      <div className="form">
        <p className="what">
          {'The recording becomes that of the session on '}
          <strong>
            <Recorded text={rowName(detail)} />
          </strong>
          . Recording and record stay as they are; they can be parted again.
        </p>
        <fieldset className="candidates">
          <legend>Recording</legend>
          {candidates.map(({ sessionId, title, why }) => (
            <label key={sessionId} className="option">
              <input type="radio" name="candidate" checked={choice === sessionId} onChange={() => setChoice(sessionId)} />
              <span>
                <span className="name">
                  <Recorded text={title ?? sessionId} />
                </span>
                <span className="soft">
                  <Recorded text={why} />
                </span>
              </span>
            </label>
          ))}
          {candidates.length === 0 ? null : (
            <label className="option">
              <input type="radio" name="candidate" checked={choice === OTHER} onChange={() => setChoice(OTHER)} />
              <span className="name">Another one</span>
            </label>
          )}
          {choice === OTHER ? (
            <TextField
              label="ID of the session in this library"
              value={typed}
              onValue={setTyped}
              hint="The list of sessions has it in its column ID."
            />
          ) : null}
        </fieldset>
        <ReasonField value={reason} onValue={setReason} onSubmit={run} />
      </div>
      {failure === null ? null : <FailureNotice failure={failure} />}
    </Dialog>
  );
}

export function PartDialog({ detail, onDone, onClose }: MatchDialogProps): React.JSX.Element {
  const api = useApi();
  const { id, matchedBy } = detail;
  return (
    <ReasonDialog
      title="Part recording and record"
      act="Part"
      onAct={(reason) => api.call('history.match', { id, session: null, reason })}
      onDone={onDone}
      onClose={onClose}
    >
      <p>
        {matchedBy === null
          ? 'They become two rows again.'
          : `They were matched by ${MATCH_WORDS[matchedBy]}. They become two rows again, and are not matched anew without somebody’s hand.`}
      </p>
    </ReasonDialog>
  );
}
