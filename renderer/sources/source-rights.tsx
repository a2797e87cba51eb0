// What a source lets its user do, as it was last told, and asked anew (docs/permissions.md).

import { useCallback, useEffect } from 'react';
import type { Right, SourceRights } from '../../shared/api/history-shapes.ts';
import { useApi } from '../api.ts';
import { useAnswer, useRequest } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { Facts } from '../ui/evidence.tsx';
import { FailureNotice } from '../ui/notice.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { Instant } from '../ui/zone.tsx';
import { SignText } from './sign.tsx';
import { ABILITIES } from './source-text.ts';

const RIGHTS: Readonly<Record<Right, string>> = {
  history: 'See its sessions',
  recording: 'See recordings',
  download: 'Hand out recordings',
};

type Told = SourceRights['rights'][number];

function Answer({ name, allowed, why }: Told): React.JSX.Element {
  return (
    <span className="joined">
      <SignText sign={ABILITIES[allowed]} />
      <span className="mono">
        <Recorded text={name} />
      </span>
      <span className="soft">
        <Recorded text={why} />
      </span>
    </span>
  );
}

export function SourceRightsSection({ source }: { readonly source: string }): React.JSX.Element {
  const api = useApi();
  const ask = useCallback(() => api.call('rights.list', null), [api]);
  const { value, failure, again } = useAnswer(ask);
  useEffect(() => api.on('history', again), [api, again]);
  const check = useRequest<SourceRights>(again);
  const rights = value?.find((one) => one.source.toLowerCase() === source.toLowerCase())?.rights ?? [];
  const at =
    rights
      .flatMap((told) => told.at ?? [])
      .toSorted()
      .at(-1) ?? null;
  return (
    <section aria-labelledby="source-rights">
      <header>
        <h3 id="source-rights">Permissions</h3>
        <Button disabled={check.busy} onClick={() => check.ask(() => api.call('rights.check', { source }))}>
          {check.busy ? 'Asking …' : 'Ask now'}
        </Button>
      </header>
      {check.failure === null ? null : <FailureNotice failure={check.failure} />}
      {failure !== null ? (
        <FailureNotice failure={failure} again={again} />
      ) : rights.length === 0 ? (
        <p className="soft">It was not asked yet. Each synchronisation asks what its token may do.</p>
      ) : (
        <Facts
          facts={[
            ...rights.map((told) => [RIGHTS[told.right], <Answer key={told.right} {...told} />] as const),
            ['Told', at === null ? null : <Instant key="at" at={at} />],
          ]}
        />
      )}
    </section>
  );
}
