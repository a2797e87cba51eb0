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
    const reading = Promise.all([
      api.call('sessions.list', { filter: {}, limit: LOOKED_AT }),
      api.call('cases.list', null),
      api.call('annotations.list', { limit: LOOKED_AT }),
    ]);
    reading.then(([{ sessions, total }, cases, { annotations }]) => {
      const distinct = (values: readonly string[]): readonly string[] => [...new Set(values)].sort();
      const values = Object.fromEntries(
        FILTER_NAMES.map((name) => {
          if (name === 'case') return [name, distinct(cases.map(({ number }) => number))];
          if (name === 'tag') return [name, distinct(annotations.flatMap(({ tags }) => tags))];
          return [name, distinct(sessions.map((one) => one[name]).filter((value) => value !== null))];
        }),
      );
      setKnown({
        values,
        note: total > LOOKED_AT ? `Offers the values of ${formatCount(LOOKED_AT)} sessions; any other can be typed.` : '',
      });
    }, onFailure);
  }, [api, onFailure]);
  return { ...known, learn };
}
