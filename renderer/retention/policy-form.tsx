// Sets the days of a source in one environment, or takes back those that were set. How many recordings the next sweep would then purge is
// told before anything is saved, and nothing can be saved before it is known.

import { useCallback, useState } from 'react';
import type { Policy, StandingPolicy } from '../../shared/api/retention-shapes.ts';
import { useApi } from '../api.ts';
import { useAnswer, useRequest } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ReasonField, TextField } from '../ui/fields.tsx';
import { formatCount } from '../ui/format.ts';
import { FailureNotice, Notice } from '../ui/notice.tsx';
import { plainRecorded } from '../ui/recorded.tsx';
import { useAnnouncer } from '../ui/toasts.tsx';
import { useSettled } from '../ui/use-settled.ts';
import { daysText, previewText, readDays, withoutOwn, type PolicyRow } from './retention-text.ts';

export interface PolicyFormProps {
  readonly row: PolicyRow;
  readonly keeper: Policy['keeper'];
  readonly onClose: () => void;
}

/** While a number is typed, nothing is asked. Milliseconds. */
const PAUSE = 200;

/** So many days, without end, or what was set taken back. */
type Way = 'days' | 'endless' | 'none';

/** What holds now, in one line. */
function outcomeText(keeper: Policy['keeper'], set: Policy | StandingPolicy): string {
  if (set.basis === 'cleared') return keeper === 'source' ? 'what was set of the source is taken back' : 'with the source again';
  const days = daysText(set.days).toLowerCase();
  if (keeper === 'library') return `${days} in this library`;
  return 'holds' in set && !set.holds
    ? `${days} at the source; it tells no more itself, and that holds`
    : `${days} at the source`;
}

export function PolicyForm({ row, keeper, onClose }: PolicyFormProps): React.JSX.Element {
  const { source, environment } = row;
  const api = useApi();
  const announcer = useAnnouncer();
  const own = keeper === 'source' ? row.said : row.here;
  const [way, setWay] = useState<Way>(own !== null && own.days === null ? 'endless' : 'days');
  const [text, setText] = useState(String(own?.days ?? row.there?.days ?? 90));
  const [plan, setPlan] = useState(own?.plan ?? '');
  const [reason, setReason] = useState('');
  /** Undefined: none of its own. */
  const days = way === 'none' ? undefined : way === 'endless' ? null : readDays(text);
  const wrong = way === 'days' && days === null;
  const [settled] = useSettled(days, PAUSE);
  const preview = useAnswer(
    useCallback(async () => {
      const wanted = { source, environment, keeper, ...(settled === undefined ? {} : { days: settled }) };
      const [after, { past, pastHeld }] = await Promise.all([
        api.call('retention.preview', wanted),
        api.call('retention.show', null),
      ]);
      return { days: settled, after, now: { past, held: pastHeld } };
    }, [api, source, environment, keeper, settled]),
  );
  const told = !wrong && preview.value !== null && !preview.waiting && preview.value.days === days ? preview.value : null;
  const { busy, failure, ask } = useRequest((set: Policy | StandingPolicy) => {
    onClose();
    announcer.toast({
      tone: 'good',
      text: `${environment === 'production' ? 'Production' : 'Non-production'} sessions of ${plainRecorded(source)}: ${outcomeText(keeper, set)}.`,
    });
  });
  const unchanged = own !== null && own.days === days && (own.plan ?? '') === plan.trim();
  const ready = told !== null && reason.trim() !== '' && !busy && !unchanged;
  const save = (): void => {
    if (!ready) return;
    const given = { source, environment, keeper, reason: reason.trim() };
    const named = plan.trim() === '' ? {} : { plan: plan.trim() };
    ask(
      async () =>
        (days === undefined
          ? await api.call('retention.clear', given)
          : await api.call('retention.set', { ...given, days, ...named })
        ).policy,
    );
  };
  /** Recordings that go because of these days. */
  const purges = told === null ? 0 : Math.max(0, told.after.past - told.now.past);
  const act = days === undefined ? 'Take back' : 'Set';
  return (
    <Dialog
      title={`${environment === 'production' ? 'Production' : 'Non-production'} sessions of ${plainRecorded(source)}`}
      onClose={onClose}
      className="policy"
      footer={
        <>
          <span className="note">{unchanged ? 'These are the days that are set.' : ''}</span>
          <Button onClick={onClose}>Cancel</Button>
          <Button look={purges > 0 ? 'danger' : 'primary'} disabled={!ready} onClick={save}>
            {purges > 0 ? `${act}, and have ${formatCount(purges)} purged` : act}
          </Button>
        </>
      }
    >
      <div className="form">
        <fieldset className="ways">
          <legend>{keeper === 'source' ? 'Kept at the source' : 'Kept in this library'}</legend>
          <label className="check days">
            <input type="radio" name="days" checked={way === 'days'} onChange={() => setWay('days')} />
            <span className={`field ${wrong ? 'wrong' : ''}`}>
              <input
                inputMode="numeric"
                aria-label="Days"
                aria-invalid={wrong}
                value={text}
                onFocus={() => setWay('days')}
                onChange={(event) => setText(event.target.value)}
              />
            </span>
            days from the end of a session on
          </label>
          <label className="check">
            <input type="radio" name="days" checked={way === 'endless'} onChange={() => setWay('endless')} />
            Without end
          </label>
          {own === null ? null : (
            <label className="check">
              <input type="radio" name="days" checked={way === 'none'} onChange={() => setWay('none')} />
              {withoutOwn(row, keeper)}
            </label>
          )}
        </fieldset>
        {keeper === 'source' && way !== 'none' ? (
          <TextField
            label="Plan"
            hint="What the source calls the plan whose days these are; empty where they are of none."
            value={plan}
            onValue={setPlan}
          />
        ) : null}
        {keeper === 'source' ? <p className="faint">{aboutSource(row)}</p> : null}
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

/** What days of the source mean here. */
function aboutSource({ told, here }: PolicyRow): string {
  const means =
    here === null
      ? 'This library goes with it, as it has no days of its own.'
      : 'What is set here tells Exhibit what to fetch first.';
  const both = told === null ? '' : ` It tells ${daysText(told.days).toLowerCase()} itself: the fewer of both count.`;
  return `The source purges by its own rule, whatever is set here.${both} ${means}`;
}
