// What can be done to a session at its source while it is live: revoke it, reconnect to it, follow it. The source is asked first; where it
// does not answer, there is nothing to press, and one line says why. Each act goes through the source and into the custody log.

import { useCallback, useState } from 'react';
import type { Output } from '../../shared/api/contract.ts';
import type { LiveActions as Live } from '../../shared/api/retention-shapes.ts';
import { useApi } from '../api.ts';
import { useAnswer, useRequest } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextArea, TextField } from '../ui/fields.tsx';
import { Form } from '../ui/form.tsx';
import { Icon, type IconName } from '../ui/icon.tsx';
import { FailureNotice, Notice, sentence } from '../ui/notice.tsx';
import { Recorded, plainRecorded } from '../ui/recorded.tsx';
import { useAnnouncer } from '../ui/toasts.tsx';
import { Instant } from '../ui/zone.tsx';

export interface LiveActionsProps {
  /** Of the session in the library, or of its row in the history. */
  readonly id: string;
  /** What its source calls it: typed to confirm. */
  readonly nativeId: string;
  readonly name: string;
}

type Action = Live['actions'][number];

const LOOKS: Readonly<Record<Action['action'], { readonly icon: IconName; readonly word: string }>> = {
  follow: { icon: 'live', word: 'Follow' },
  reconnect: { icon: 'sync', word: 'Reconnect …' },
  revoke: { icon: 'revoked', word: 'Revoke …' },
};

/** Those first that change nothing. */
const ORDER: readonly Action['action'][] = ['follow', 'reconnect', 'revoke'];

type Refused = Pick<Action, 'action' | 'why' | 'permission'>;

/** Why actions are not to be had, a line each; one line where all have the same reason. */
export function refusedTexts(refused: readonly Refused[]): readonly string[] {
  const lines = refused.map(({ action, why, permission }) => {
    const named = permission === '' || why.includes(permission) ? '' : ` (${permission})`;
    return { word: LOOKS[action].word.replace(' …', ''), why: `${why === '' ? 'the source does not allow it' : why}${named}` };
  });
  const [first] = lines;
  if (first !== undefined && lines.length > 1 && refused.every(({ why }) => why === refused[0]!.why))
    return [sentence(refused[0]!.why === '' ? first.why : refused[0]!.why)];
  return lines.map(({ word, why }) => sentence(`${word}: ${why}`));
}

/** Characters of the reason for which a session is ended, as StackShift has it. */
const SHORTEST = 10;
const LONGEST = 500;

export function LiveActions({ id, nativeId, name }: LiveActionsProps): React.JSX.Element {
  const api = useApi();
  const announcer = useAnnouncer();
  const { value, failure, waiting, again } = useAnswer(useCallback(() => api.call('live.actions', { id }), [api, id]));
  const [revoking, setRevoking] = useState(false);
  const [reconnecting, setReconnecting] = useState(false);
  /** It was asked for here, and goes on by itself. */
  const [following, setFollowing] = useState(false);
  const act = (action: Action['action']): void => {
    if (action === 'revoke') setRevoking(true);
    else if (action === 'reconnect') setReconnecting(true);
    else
      api.call('live.follow', { id }).then(() => {
        setFollowing(true);
      }, announcer.fail);
  };
  const actions = ORDER.flatMap((action) => value?.actions.filter((one) => one.action === action) ?? []);
  const refused = actions.filter(({ allowed }) => !allowed);
  const waits = actions.find(({ allowed, until }) => allowed && until !== null)?.until;
  return (
    <section className="live-actions">
      <h3>
        <Icon name="live" />
        Live at its source
      </h3>
      {failure !== null ? (
        <FailureNotice failure={failure} again={again} />
      ) : value === null ? (
        <p className="faint">Asking the source …</p>
      ) : (
        <>
          <div className="buttons">
            {actions
              .filter(({ action, allowed }) => allowed && !(following && action === 'follow'))
              .map(({ action, why }) => (
                <Button
                  key={action}
                  title={plainRecorded(sentence(why))}
                  icon={LOOKS[action].icon}
                  look={action === 'revoke' ? 'danger' : 'plain'}
                  onClick={() => act(action)}
                >
                  {LOOKS[action].word}
                </Button>
              ))}
          </div>
          {following ? <p role="status">It is followed until it ends: Jobs shows how far it is.</p> : null}
          {value.online ? null : (
            <p className="offline">
              <Icon name="offline" />
              <span>
                <Recorded text={`Nothing can be done to it now: ${value.why}.`} />{' '}
                <button type="button" className="link" disabled={waiting} onClick={again}>
                  Ask again
                </button>
              </span>
            </p>
          )}
          {value.online && value.why !== '' && refused.length === actions.length ? (
            <p className="soft">
              <Recorded text={sentence(value.why)} />
            </p>
          ) : null}
          {waits === undefined ? null : (
            <p className="soft">
              It was dropped, and can be taken up until <Instant at={waits} />.
            </p>
          )}
          {refusedTexts(refused).map((line) => (
            <p key={line} className="faint">
              <Recorded text={line} />
            </p>
          ))}
        </>
      )}
      {revoking ? <Revoke id={id} nativeId={nativeId} name={name} onDone={again} onClose={() => setRevoking(false)} /> : null}
      {reconnecting ? <Reconnect id={id} onClose={() => setReconnecting(false)} /> : null}
    </section>
  );
}

interface RevokeProps extends LiveActionsProps {
  readonly onDone: () => void;
  readonly onClose: () => void;
}

function Revoke({ id, nativeId, name, onDone, onClose }: RevokeProps): React.JSX.Element {
  const api = useApi();
  const announcer = useAnnouncer();
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const { busy, failure, ask } = useRequest<Live>(() => {
    onClose();
    onDone();
    announcer.toast({ tone: 'good', text: `${plainRecorded(name)} was revoked at its source.` });
  });
  const same = typed.trim() === nativeId;
  const length = Array.from(reason.trim()).length;
  const ready = same && length >= SHORTEST && length <= LONGEST && !busy;
  const revoke = (): void => {
    if (ready) ask(() => api.call('live.revoke', { id, reason: reason.trim(), confirm: typed.trim() }));
  };
  return (
    <Dialog
      title="Revoke a live session"
      onClose={onClose}
      className="revoke"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" icon="revoked" disabled={!ready} onClick={revoke}>
            {busy ? 'Revoking …' : 'Revoke the session'}
          </Button>
        </>
      }
    >
      <Form ready={ready} onSubmit={revoke}>
        <Notice tone="caution">
          <p>
            The source ends{' '}
            <strong>
              <Recorded text={name} />
            </strong>{' '}
            at once, for everybody who is in it. What they were doing may be left half done. It cannot be taken back.
          </p>
        </Notice>
        <TextArea
          label="Reason"
          value={reason}
          onValue={setReason}
          wrong={length > LONGEST}
          hint={`Sent to the source, and entered in the custody log. ${String(SHORTEST)} to ${String(LONGEST)} characters${length === 0 ? '' : `; ${String(length)} now`}.`}
        />
        <TextField
          label="Type the session’s ID at its source"
          value={typed}
          onValue={setTyped}
          wrong={typed.trim() !== '' && !nativeId.startsWith(typed.trim())}
          hint={nativeId}
        />
        {failure === null ? null : <FailureNotice failure={failure} />}
      </Form>
    </Dialog>
  );
}

/** Asks for the address, shows it, and copies it: the source's own client takes the session up again. */
function Reconnect({ id, onClose }: { readonly id: string; readonly onClose: () => void }): React.JSX.Element {
  const api = useApi();
  const [copied, setCopied] = useState<boolean | null>(null);
  const [made, setMade] = useState<Output<'live.reconnect'> | null>(null);
  const { busy, failure, ask } = useRequest((answer: Output<'live.reconnect'>) => {
    setMade(answer);
    navigator.clipboard.writeText(answer.address).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  });
  return (
    <Dialog
      title="Reconnect"
      onClose={onClose}
      className="reconnect"
      footer={
        made === null ? (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button look="primary" icon="sync" disabled={busy} onClick={() => ask(() => api.call('live.reconnect', { id }))}>
              {busy ? 'Asking …' : 'Ask for the address'}
            </Button>
          </>
        ) : (
          <Button look="primary" onClick={onClose}>
            Close
          </Button>
        )
      }
    >
      <div className="said">
        {made === null ? (
          <p>
            The source hands out an address under which its own client takes the session up again. It is for you alone, and good
            for one time. That it was asked for enters the custody log.
          </p>
        ) : (
          <>
            <p className="address">
              <code>
                <Recorded text={made.address} />
              </code>
              <CopyButton text={made.address} what="the address" />
            </p>
            <p role="status">
              {copied === null ? '' : copied ? 'It is copied. ' : 'The clipboard did not take it: mark it and copy it. '}
              Give it to the source’s own client.
            </p>
            {made.until === null ? null : (
              <p className="soft">
                Good until <Instant at={made.until} />.
              </p>
            )}
          </>
        )}
        {failure === null ? null : <FailureNotice failure={failure} />}
      </div>
    </Dialog>
  );
}
