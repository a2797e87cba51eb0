// What was purged: a row for each, and its signed certificate, to be read, saved and checked.

import { useCallback, useEffect, useRef, useState } from 'react';
import type { Api, Output } from '../../shared/api/contract.ts';
import type { Purge } from '../../shared/api/retention-shapes.ts';
import { useApi } from '../api.ts';
import { useActions } from '../ui/actions.tsx';
import { Button } from '../ui/button.tsx';
import { formatCount } from '../ui/format.ts';
import { Empty, FailureNotice, Skeleton } from '../ui/notice.tsx';
import { RecordedLine } from '../ui/recorded.tsx';
import { VirtualList } from '../ui/virtual-list.tsx';
import { Instant } from '../ui/zone.tsx';
import { CertificateDialog, CheckCertificate } from './certificates.tsx';
import { useRetained } from './use-retention.ts';

const ROW = 32;

/** Purges that are listed; the command line has all. */
const MOST = 5000;

/** Looked through at a time for one certificate. */
const PAGE = 1000;

/** The purge of one recording, wherever in the list it is. */
async function purgeOf(api: Api, session: string): Promise<Purge | null> {
  let cursor: string | null = null;
  do {
    const page: Output<'purges.list'> = await api.call('purges.list', { cursor, limit: PAGE });
    const found = page.purges.find((one) => one.session === session);
    if (found !== undefined) return found;
    cursor = page.next;
  } while (cursor !== null);
  return null;
}

export function Purges({ asked }: { readonly asked: string | null }): React.JSX.Element {
  const api = useApi();
  const { value, failure, slow, again } = useRetained(
    api,
    useCallback(
      async () => ({
        list: await api.call('purges.list', { limit: MOST }),
        asked: asked === null ? null : await purgeOf(api, asked),
      }),
      [api, asked],
    ),
  );
  const [shown, setShown] = useState<Purge | null>(null);
  const [checking, setChecking] = useState(false);
  const answered = useRef<string | null>(null);
  const found = value?.asked ?? null;
  useEffect(() => {
    if (found === null || answered.current === found.session) return;
    answered.current = found.session;
    setShown(found);
  }, [found]);
  useActions([
    {
      id: 'retention.check',
      group: 'Retention',
      label: 'Check a purge certificate …',
      keys: ['v'],
      run: () => setChecking(true),
    },
  ]);
  const check = (
    <Button icon="certificate" title="Check a purge certificate (V)" onClick={() => setChecking(true)}>
      Check a certificate …
    </Button>
  );
  return (
    <div className="purges">
      {failure !== null ? (
        <FailureNotice failure={failure} again={again} />
      ) : value === null ? (
        slow ? (
          <Skeleton lines={6} />
        ) : null
      ) : value.list.total === 0 ? (
        <Empty icon="certificate" title="Nothing was purged here" actions={check}>
          <p>
            When a recording’s time is over, its content key is destroyed and a certificate is signed: which recording it was,
            under which policy, and when. It is listed here.
          </p>
        </Empty>
      ) : (
        <>
          <div className="lead">
            <p className="soft">
              The content is gone, with its key. The record of the session, its custody log and a signed certificate stay.
              {value.list.next === null ? '' : ` The newest ${formatCount(MOST)} are listed; the command line has all.`}
            </p>
            {check}
          </div>
          <div className="purge-head" aria-hidden="true">
            <span>Purged</span>
            <span>Session</span>
            <span>Source</span>
            <span>Its retention ended</span>
          </div>
          <VirtualList
            label="Purged recordings"
            className="purge-list"
            items={value.list.purges}
            height={() => ROW}
            onChoose={setShown}
            row={(purge) => <Row purge={purge} />}
          />
        </>
      )}
      {shown === null ? null : <CertificateDialog purge={shown} onClose={() => setShown(null)} />}
      {checking ? <CheckCertificate onClose={() => setChecking(false)} /> : null}
    </div>
  );
}

function Row({ purge }: { readonly purge: Purge }): React.JSX.Element {
  const { session, nativeId, source, at, until } = purge;
  return (
    <>
      <span>
        <Instant at={at} />
      </span>
      <RecordedLine className="mono" text={nativeId ?? session} />
      <RecordedLine className="soft" text={source} />
      <span className="soft">
        <Instant at={until} />
      </span>
    </>
  );
}
