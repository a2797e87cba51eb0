// Sets the days of a source in one environment. How many recordings the next sweep would then purge is told before anything is saved, and
// nothing can be saved before it is known.

import { useCallback, useEffect, useState } from 'react';
import type { Policy } from '../../shared/api/retention-shapes.ts';
import { useApi } from '../api.ts';
import { useAnswer, useRequest } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ReasonField } from '../ui/fields.tsx';
import { formatCount } from '../ui/format.ts';
import { FailureNotice, Notice } from '../ui/notice.tsx';
import { plainRecorded } from '../ui/recorded.tsx';
import { useAnnouncer } from '../ui/toasts.tsx';
import { daysText, previewText, readDays, type PolicyRow } from './retention-text.ts';

export interface PolicyFormProps {
  readonly row: PolicyRow;
  readonly keeper: Policy['keeper'];
  readonly onClose: () => void;
}

/** While a number is typed, nothing is asked. Milliseconds. */
const PAUSE = 200;

export function PolicyForm({ row, keeper, onClose }: PolicyFormProps): React.JSX.Element {
  const { source, environment } = row;
  const api = useApi();
  const announcer = useAnnouncer();
  const policy = keeper === 'source' ? row.there : row.here;
  const [endless, setEndless] = useState(policy !== null && policy.days === null);
  const [text, setText] = useState(String(policy?.days ?? row.there?.days ?? 90));
  const [reason, setReason] = useState('');
  const days = endless ? null : readDays(text);
  const wrong = !endless && days === null;
  const [settled, setSettled] = useState(days);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(days), PAUSE);
    return () => clearTimeout(timer);
  }, [days]);
  const preview = useAnswer(
    useCallback(async () => {
      const [after, { past, pastHeld }] = await Promise.all([
        api.call('retention.preview', { source, environment, keeper, days: settled }),
        api.call('retention.show', null),
      ]);
      return { days: settled, after, now: { past, held: pastHeld } };
    }, [api, source, environment, keeper, settled]),
  );
  const told = !wrong && preview.value !== null && !preview.waiting && preview.value.days === days ? preview.value : null;
  const { busy, failure, ask } = useRequest((set: Policy) => {
    onClose();
    announcer.toast({
      tone: 'good',
      text: `${environment === 'production' ? 'Production' : 'Non-production'} sessions of ${plainRecorded(source)}: ${daysText(set.days).toLowerCase()} ${keeper === 'source' ? 'at the source' : 'in this library'}.`,
    });
  });
  const unchanged = policy !== null && policy.basis === 'set' && policy.days === days;
  const ready = told !== null && reason.trim() !== '' && !busy && !unchanged;
  const save = (): void => {
    if (ready)
      ask(async () => (await api.call('retention.set', { source, environment, keeper, days, reason: reason.trim() })).policy);
  };
  /** Recordings that go because of these days. */
  const purges = told === null ? 0 : Math.max(0, told.after.past - told.now.past);
  return (
    <Dialog
      title={`${environment === 'production' ? 'Production' : 'Non-production'} sessions of ${plainRecorded(source)}`}
      onClose={onClose}
      className="policy"
      footer={
        <>
          <span className="note">{unchanged ? 'These are the days that hold.' : ''}</span>
          <Button onClick={onClose}>Cancel</Button>
          <Button look={purges > 0 ? 'danger' : 'primary'} disabled={!ready} onClick={save}>
            {purges > 0 ? `Set, and have ${formatCount(purges)} purged` : 'Set'}
          </Button>
        </>
      }
    >
      <div className="form">
        <fieldset className="ways">
          <legend>{keeper === 'source' ? 'Kept at the source' : 'Kept in this library'}</legend>
          <label className="check days">
            <input type="radio" name="days" checked={!endless} onChange={() => setEndless(false)} />
            <span className={`field ${wrong ? 'wrong' : ''}`}>
              <input
                inputMode="numeric"
                aria-label="Days"
                aria-invalid={wrong}
                value={text}
                onFocus={() => setEndless(false)}
                onChange={(event) => setText(event.target.value)}
              />
            </span>
            days from the end of a session on
          </label>
          <label className="check">
            <input type="radio" name="days" checked={endless} onChange={() => setEndless(true)} />
            Without end
          </label>
        </fieldset>
        {keeper === 'source' ? (
          <p className="faint">
            {row.here === null
              ? 'The source purges by its own rule, whatever is set here. This library goes with it, as it has no days of its own.'
              : 'The source purges by its own rule, whatever is set here: this tells Exhibit what to fetch first.'}
          </p>
        ) : null}
        <div role="status">
          {wrong ? (
            <Notice tone="caution">Give whole days, 1 to 36,500.</Notice>
          ) : preview.failure !== null ? (
            <FailureNotice failure={preview.failure} again={preview.again} />
          ) : told === null ? (
            <Notice tone="plain">Counting what the next sweep would then purge …</Notice>
          ) : (
            <Notice tone={purges > 0 ? 'bad' : 'good'}>{previewText(told.after, told.now)}</Notice>
          )}
        </div>
        <ReasonField value={reason} onValue={setReason} onSubmit={save} />
        {failure === null ? null : <FailureNotice failure={failure} />}
      </div>
    </Dialog>
  );
}
