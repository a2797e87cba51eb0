// Values that the sessions' fields have, to be offered where one is asked for. Learned once, when somebody looks; from the first sessions
// of the list only, and said so: any other value can be typed.

import { useCallback, useRef, useState } from 'react';
import type { Api } from '../../shared/api/contract.ts';
import { FILTER_NAMES, type FieldName } from '../ui/filter-text.ts';
import { formatCount } from '../ui/format.ts';

/** Sessions that are looked at. */
const LOOKED_AT = 1000;

export interface KnownValues {
  readonly values: Readonly<Partial<Record<FieldName, readonly string[]>>>;
  readonly note: string;
  readonly learn: () => void;
}

export function useKnownValues(api: Api, onFailure: (error: unknown) => void): KnownValues {
  const [known, setKnown] = useState<Omit<KnownValues, 'learn'>>({ values: {}, note: '' });
  const asked = useRef(false);
  const learn = useCallback(() => {
    if (asked.current) return;
    asked.current = true;
    api.call('sessions.list', { filter: {}, limit: LOOKED_AT }).then(({ sessions, total }) => {
      const values = Object.fromEntries(
        FILTER_NAMES.map((name) => [
          name,
          [...new Set(sessions.map((one) => one[name]).filter((value) => value !== null))].sort(),
        ]),
      );
      setKnown({
        values,
        note: total > LOOKED_AT ? `Offers the values of ${formatCount(LOOKED_AT)} sessions; any other can be typed.` : '',
      });
    }, onFailure);
  }, [api, onFailure]);
  return { ...known, learn };
}
