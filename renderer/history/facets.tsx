// The values that the history's fields have, with their counts: what narrows is chosen here. The counts of a field are those that its
// choices would bring: what is chosen of the field itself does not count, what is chosen of the others does.

import { useCallback, useEffect, useState } from 'react';
import type { Output } from '../../shared/api/contract.ts';
import type { HistoryFilter } from '../../shared/api/history-shapes.ts';
import { useApi } from '../api.ts';
import { useAnswer } from '../ui/answer.ts';
import { dateBound } from '../ui/filter-text.ts';
import { formatCount } from '../ui/format.ts';
import { FailureNotice, Skeleton } from '../ui/notice.tsx';
import { Recorded, plainRecorded } from '../ui/recorded.tsx';
import { SelectField } from '../ui/fields.tsx';
import { useZone } from '../ui/zone.tsx';
import { facetValue } from './history-text.ts';
import { FACET_NAMES, FACET_ORDER, toggled, withoutFacet, type Question } from './view.ts';

type Facet = Output<'history.facets'>[number];

/** Values of a field that are shown before somebody asks for more. */
const SHOWN = 6;

export interface FacetsProps {
  readonly question: Question;
  /** The question's filter, once typing has paused. */
  readonly filter: HistoryFilter;
  readonly onQuestion: (question: Question) => void;
}

export function Facets({ question, filter, onQuestion }: FacetsProps): React.JSX.Element {
  const api = useApi();
  const { value, failure, slow, again } = useAnswer(
    useCallback(async () => {
      const own = FACET_ORDER.filter((facet) => filter[facet] !== undefined);
      const rest = FACET_ORDER.filter((facet) => filter[facet] === undefined);
      const questions = [
        ...own.map((facet) => ({ filter: withoutFacet(filter, facet), fields: [facet] })),
        ...(rest.length === 0 ? [] : [{ filter, fields: [...rest] }]),
      ];
      const answers = await Promise.all(questions.map((one) => api.call('history.facets', one)));
      return new Map(answers.flat().map((facet) => [facet.name, facet]));
    }, [api, filter]),
  );
  useEffect(() => {
    const stops = [api.on('history', again), api.on('library', again)];
    return () => {
      for (const stop of stops) stop();
    };
  }, [api, again]);
  return (
    // It scrolls: the keyboard must reach it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="facets" role="region" aria-label="Narrow the history" tabIndex={0}>
      <Ranges question={question} onQuestion={onQuestion} />
      {failure === null ? null : <FailureNotice failure={failure} again={again} />}
      {value === null && slow ? <Skeleton lines={10} /> : null}
      {FACET_ORDER.map((name) => {
        const facet = value?.get(name);
        const chosen = question.chosen[name] ?? [];
        const none = facet === undefined || facet.values.every((one) => one.value === '');
        if (none && chosen.length === 0) return null;
        return (
          <Field
            key={name}
            facet={facet ?? { name, values: [], more: 0 }}
            chosen={chosen}
            onToggle={(one) => onQuestion(toggled(question, name, one))}
          />
        );
      })}
    </div>
  );
}

const TRI = [
  ['', 'Any'],
  ['yes', 'Yes'],
  ['no', 'No'],
] as const;

const triText = (value: boolean | null): string => (value === null ? '' : value ? 'yes' : 'no');
const triOf = (text: string): boolean | null => (text === '' ? null : text === 'yes');

function Ranges({ question, onQuestion }: Pick<FacetsProps, 'question' | 'onQuestion'>): React.JSX.Element {
  const api = useApi();
  const zone = useZone();
  const answer = useAnswer(useCallback(() => api.call('cases.list', null), [api]));
  const cases = answer.value ?? [];
  return (
    <div className="ranges">
      {(['from', 'to'] as const).map((name) => {
        const wrong = question[name] !== '' && dateBound(question[name], name === 'to', zone) === null;
        return (
          <label key={name} className="label">
            {`Started ${name} (${zone === 'utc' ? 'UTC' : 'local'})`}
            <span className={`field ${wrong ? 'wrong' : ''}`}>
              <input
                type="date"
                aria-invalid={wrong}
                value={question[name]}
                onChange={(event) => onQuestion({ ...question, [name]: event.target.value })}
              />
            </span>
          </label>
        );
      })}
      <SelectField
        label="Recording here"
        value={triText(question.here)}
        options={TRI}
        onValue={(text) => onQuestion({ ...question, here: triOf(text) })}
      />
      <SelectField
        label="Legal hold"
        value={triText(question.held)}
        options={TRI}
        onValue={(text) => onQuestion({ ...question, held: triOf(text) })}
      />
      {cases.length === 0 && question.case === '' ? null : (
        <SelectField
          label="Exhibits of the case"
          value={question.case}
          options={[
            ['', 'Any'],
            ...(cases.some(({ number }) => number === question.case) || question.case === ''
              ? []
              : [[question.case, question.case] as const]),
            ...cases.map(({ number, title }) => [number, plainRecorded(`${number} ${title}`)] as const),
          ]}
          onValue={(number) => onQuestion({ ...question, case: number })}
        />
      )}
    </div>
  );
}

interface FieldProps {
  readonly facet: Facet;
  readonly chosen: readonly string[];
  readonly onToggle: (value: string) => void;
}

function Field({ facet: { name, values, more }, chosen, onToggle }: FieldProps): React.JSX.Element {
  const [all, setAll] = useState(false);
  const absent = chosen.filter((one) => !values.some(({ value }) => value === one)).map((value) => ({ value, rows: 0 }));
  const known = [...values, ...absent];
  const shown = known.filter(({ value }, i) => all || i < SHOWN || chosen.includes(value));
  const most = values.reduce((sum, { rows }) => Math.max(sum, rows), 1);
  return (
    <fieldset>
      <legend>{FACET_NAMES[name]}</legend>
      {shown.map(({ value, rows }) => (
        <label key={value} className={`value ${chosen.includes(value) ? 'chosen' : ''}`}>
          <input type="checkbox" checked={chosen.includes(value)} onChange={() => onToggle(value)} />
          <span className={`cut ${value === '' ? 'faint' : ''}`} title={plainRecorded(facetValue(name, value))}>
            <Recorded text={facetValue(name, value)} />
          </span>
          <span className="faint count">{formatCount(rows)}</span>
          <span className="share" aria-hidden="true" style={{ width: `${String(Math.round((100 * rows) / most))}%` }} />
        </label>
      ))}
      {known.length <= SHOWN ? null : (
        <button type="button" className="link" onClick={() => setAll(!all)}>
          {all ? 'Fewer' : `${formatCount(known.length - shown.length)} more`}
        </button>
      )}
      {all && more > 0 ? <p className="faint">{`${formatCount(more)} rarer values are not listed.`}</p> : null}
    </fieldset>
  );
}
