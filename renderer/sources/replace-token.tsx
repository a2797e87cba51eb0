// Gives a source another token. The page forgets it when the dialog closes; what the core keeps never comes back.

import { useState } from 'react';
import type { Source } from '../../shared/api/source-shapes.ts';
import { useApi } from '../api.ts';
import { useRequest } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { FailureNotice } from '../ui/notice.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { TokenField } from './add-source.tsx';
import { Form } from '../ui/form.tsx';

export interface ReplaceTokenProps {
  readonly source: Pick<Source, 'name' | 'kind'>;
  readonly onReplaced: () => void;
  readonly onClose: () => void;
}

export function ReplaceToken({ source: { name, kind }, onReplaced, onClose }: ReplaceTokenProps): React.JSX.Element {
  const api = useApi();
  const [token, setToken] = useState('');
  const { busy, failure, ask } = useRequest(onReplaced);
  const ready = token.trim() !== '' && !busy;
  const replace = (): void => {
    if (ready) ask(() => api.call('sources.setToken', { name, token: token.trim() }));
  };
  return (
    <Dialog
      title="Replace the token"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={!ready} onClick={replace}>
            {busy ? 'Replacing …' : 'Replace the token'}
          </Button>
        </>
      }
    >
      <Form ready={ready} onSubmit={replace}>
        <p>
          {'From now on, '}
          <strong>
            <Recorded text={name} />
          </strong>
          {' is read with this token. What was acquired stays.'}
        </p>
        <TokenField kind={kind} value={token} onValue={setToken} />
      </Form>
      {failure === null ? null : <FailureNotice failure={failure} />}
    </Dialog>
  );
}
