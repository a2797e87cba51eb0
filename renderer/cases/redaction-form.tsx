// Withholding something: what, in which exhibits, and why. What is typed is turned into one rule, or into words on what is wrong with it.

import { useState } from 'react';
import type { CaseDetail, RedactionRule } from '../../shared/api/case-shapes.ts';
import { parseOffset } from '../../shared/recording/time.ts';
import { useApi } from '../api.ts';
import { useRequest } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { SelectField, TextArea, TextField } from '../ui/fields.tsx';
import { Form } from '../ui/form.tsx';
import { formatOffset } from '../ui/format.ts';
import { FailureNotice } from '../ui/notice.tsx';
import type { Row } from './case-data.ts';

export type Kind = RedactionRule['kind'];

const KINDS: readonly (readonly [Kind, string, string])[] = [
  ['text', 'Text', 'wherever it stands, however it was drawn or encoded'],
  ['pattern', 'Pattern', 'a regular expression'],
  ['secrets', 'Secrets', 'passwords, tokens and keys that the built-in list finds'],
  ['range', 'Time', 'everything between two moments of one recording'],
  ['stream', 'Stream', 'all input, or all output, of one recording'],
  ['region', 'Part of the screen', 'a rectangle of cells between two moments'],
];

export interface Draft {
  readonly kind: Kind;
  /** Empty: every exhibit. */
  readonly session: string;
  readonly text: string;
  readonly matchCase: boolean;
  readonly from: string;
  readonly to: string;
  readonly stream: 'stdin' | 'stdout' | 'stderr';
  /** Row, column, rows and columns; rows and columns count from 1, as people do. */
  readonly region: readonly [string, string, string, string];
  readonly reason: string;
}

export const FRESH: Draft = {
  kind: 'text',
  session: '',
  text: '',
  matchCase: false,
  from: '',
  to: '',
  stream: 'stdin',
  region: ['1', '1', '1', '80'],
  reason: '',
};

/** These are about one recording. */
export const needsSession = (kind: Kind): boolean => kind === 'range' || kind === 'stream' || kind === 'region';

/** The rule that was typed, or what is still wrong with it; an empty text where only something is missing. */
export function ruleOf(draft: Draft): { readonly rule: RedactionRule } | { readonly problem: string } {
  const { kind, text } = draft;
  if (needsSession(kind) && draft.session === '') return { problem: 'Choose the exhibit that it is about.' };
  const [from, to] = [parseOffset(draft.from.trim()), parseOffset(draft.to.trim())];
  const times = (): { readonly fromUs: number; readonly toUs: number } | string => {
    if (draft.from.trim() === '' || draft.to.trim() === '') return '';
    if (from === null || to === null) return 'Times are seconds from the start (12.5) or a clock (1:23.4).';
    return to <= from ? 'The second moment must be later than the first.' : { fromUs: from, toUs: to };
  };
  switch (kind) {
    case 'text':
      return text === '' ? { problem: '' } : { rule: { kind, text, matchCase: draft.matchCase } };
    case 'pattern':
      return text === '' ? { problem: '' } : { rule: { kind, pattern: text, flags: draft.matchCase ? '' : 'i' } };
    case 'secrets':
      return { rule: { kind } };
    case 'stream':
      return { rule: { kind, stream: draft.stream } };
    case 'range': {
      const range = times();
      return typeof range === 'string' ? { problem: range } : { rule: { kind, ...range } };
    }
    case 'region': {
      const range = times();
      if (typeof range === 'string') return { problem: range };
      const [row, col, rows, cols] = draft.region.map(Number) as [number, number, number, number];
      if (![row, col, rows, cols].every((one) => Number.isSafeInteger(one) && one >= 1))
        return { problem: 'Rows and columns are whole numbers, counted from 1.' };
      return { rule: { kind, ...range, region: { row: row - 1, col: col - 1, rows, cols } } };
    }
  }
}

export interface RedactionFormProps {
  readonly detail: CaseDetail;
  readonly rows: readonly Row[];
  readonly onClose: () => void;
}

export function RedactionForm({ detail, rows, onClose }: RedactionFormProps): React.JSX.Element {
  const api = useApi();
  const [draft, setDraft] = useState(FRESH);
  const { busy, failure, ask } = useRequest(onClose);
  const set = (some: Partial<Draft>): void => setDraft({ ...draft, ...some });
  const made = ruleOf(draft);
  const ready = 'rule' in made && draft.reason.trim() !== '' && !busy;
  const { kind } = draft;
  const recordings = rows.filter(
    ({ exhibit }, i) => exhibit.withdrawn === null && rows.findIndex((other) => other.exhibit.session === exhibit.session) === i,
  );
  const length = rows.find(({ exhibit }) => exhibit.session === draft.session)?.session?.durationUs;
  const save = (): void => {
    if (!ready) return;
    ask(() =>
      api.call('redactions.add', {
        case: detail.id,
        ...(draft.session === '' ? {} : { session: draft.session }),
        rule: made.rule,
        reason: draft.reason.trim(),
      }),
    );
  };
  return (
    <Dialog
      title="Redact in bundles"
      onClose={onClose}
      className="redaction-form"
      footer={
        <>
          <span className="note">{'problem' in made ? made.problem : 'The recording itself stays as it is.'}</span>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" icon="redact" disabled={!ready} onClick={save}>
            Redact
          </Button>
        </>
      }
    >
      <Form ready={ready} onSubmit={save}>
        <fieldset className="rules">
          <legend>What</legend>
          {KINDS.map(([name, label, note]) => (
            <label key={name} className="check">
              <input type="radio" name="kind" checked={kind === name} onChange={() => set({ kind: name })} />
              <span>
                {label}
                <span className="soft">{note}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <SelectField
          label="Where"
          value={draft.session}
          onValue={(session) => set({ session })}
          options={[
            ['', needsSession(kind) ? 'Choose an exhibit' : 'Every exhibit of the case'],
            ...recordings.map(({ exhibit, name }) => [exhibit.session, `${exhibit.number} ${name}`] as const),
          ]}
        />
        {kind === 'text' || kind === 'pattern' ? (
          <>
            <TextField
              label={kind === 'text' ? 'The text' : 'The expression'}
              value={draft.text}
              onValue={(text) => set({ text })}
            />
            <label className="check">
              <input type="checkbox" checked={draft.matchCase} onChange={(event) => set({ matchCase: event.target.checked })} />
              Only in these letters, large and small
            </label>
          </>
        ) : null}
        {kind === 'range' || kind === 'region' ? (
          <div className="pair">
            <TextField label="From" value={draft.from} onValue={(from) => set({ from })} placeholder="1:23.4" />
            <TextField
              label="To"
              value={draft.to}
              onValue={(to) => set({ to })}
              placeholder={length === undefined ? '1:45' : formatOffset(length)}
            />
          </div>
        ) : null}
        {kind === 'region' ? (
          <div className="quad">
            {(['Row', 'Column', 'Rows', 'Columns'] as const).map((label, i) => (
              <TextField
                key={label}
                label={label}
                value={draft.region[i]!}
                onValue={(value) => set({ region: draft.region.with(i, value) as unknown as Draft['region'] })}
              />
            ))}
          </div>
        ) : null}
        {kind === 'stream' ? (
          <SelectField
            label="Stream"
            value={draft.stream}
            onValue={(stream) => set({ stream: stream as Draft['stream'] })}
            options={[
              ['stdin', 'Input: what was typed'],
              ['stdout', 'Output'],
              ['stderr', 'Error output'],
            ]}
          />
        ) : null}
        <TextArea
          label="Reason"
          rows={2}
          value={draft.reason}
          onValue={(reason) => set({ reason })}
          hint="It stands in the bundle in the place of what is withheld."
        />
      </Form>
      {failure === null ? null : <FailureNotice failure={failure} />}
    </Dialog>
  );
}
