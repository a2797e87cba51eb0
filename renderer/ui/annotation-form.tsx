// Writing an annotation, or a new version of one: title, note, tags, severity, links. What is written is kept as a version with its author;
// a change needs a reason.

import { useState } from 'react';
import { SEVERITIES, SEVERITY_WORDS, tagsOf, type Severity } from './annotation-text.ts';
import { SeveritySign } from './annotation.tsx';
import { useRequest } from './answer.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { SelectField, TextArea, TextField } from './fields.tsx';
import { Form } from './form.tsx';
import { Icon } from './icon.tsx';
import { FailureNotice, Notice } from './notice.tsx';
import { RecordedLine } from './recorded.tsx';

export interface AnnotationBody {
  readonly title: string;
  readonly note: string;
  readonly tags: readonly string[];
  readonly severity: Severity;
  readonly links: readonly string[];
}

export interface AnnotationFormProps {
  readonly title: string;
  readonly first: AnnotationBody;
  /** What it points at, in words. */
  readonly where: React.ReactNode;
  /** Where it is kept, in words: `case 2026-014`. */
  readonly kept: string;
  /** A change of one that exists: it needs a reason. */
  readonly change: boolean;
  /** Tags that are in use already. */
  readonly knownTags: readonly string[];
  /** Others that it can be linked to. */
  readonly others: readonly { readonly id: string; readonly title: string }[];
  /** A note as it will be read. */
  readonly rendered: (note: string) => React.ReactNode;
  readonly onSave: (body: AnnotationBody, reason: string) => Promise<unknown>;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function AnnotationForm(props: AnnotationFormProps): React.JSX.Element {
  const { first, change, knownTags, others, rendered, onSave, onDone, onClose } = props;
  const [body, setBody] = useState(first);
  const [tags, setTags] = useState(first.tags.join(', '));
  const [reason, setReason] = useState('');
  const [preview, setPreview] = useState(false);
  const [tried, setTried] = useState(false);
  const { busy, failure, ask } = useRequest(onDone);
  const set = (some: Partial<AnnotationBody>): void => setBody({ ...body, ...some });
  const untitled = body.title.trim() === '';
  const unreasoned = change && reason.trim() === '';
  const ready = !busy && !untitled && !unreasoned;
  const save = (): void => {
    if (ready) ask(() => onSave({ ...body, title: body.title.trim(), tags: tagsOf(tags) }, reason.trim()));
  };
  const typed = tags.slice(0, tags.lastIndexOf(',') + 1);
  return (
    <Dialog
      title={props.title}
      onClose={onClose}
      className="annotation-form"
      footer={
        <>
          <span className="note">{`Kept in ${props.kept}, under your name.`}</span>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={!ready} title="Ctrl+Enter" onClick={save}>
            {busy ? 'Saving …' : 'Save'}
          </Button>
        </>
      }
    >
      <Form
        ready={ready}
        onSubmit={save}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          setTried(true);
          save();
        }}
      >
        <p className="line soft">{props.where}</p>
        <TextField label="Title" value={body.title} onValue={(title) => set({ title })} wrong={untitled} />
        <fieldset className="severities">
          <legend>Severity</legend>
          {SEVERITIES.map((severity) => (
            <label key={severity} className="check">
              <input type="radio" name="severity" checked={body.severity === severity} onChange={() => set({ severity })} />
              <SeveritySign severity={severity} />
              {SEVERITY_WORDS[severity]}
            </label>
          ))}
        </fieldset>
        {preview ? (
          <div className="label">
            Note
            <div className="preview">{body.note.trim() === '' ? <p className="faint">No note.</p> : rendered(body.note)}</div>
          </div>
        ) : (
          <TextArea
            label="Note"
            rows={7}
            value={body.note}
            onValue={(note) => set({ note })}
            hint="Markdown: **strong**, *emphasis*, `code`, lists, quotes, headings."
          />
        )}
        <button type="button" className="link preview-switch" onClick={() => setPreview(!preview)}>
          {preview ? 'Go on writing' : 'Show how it reads'}
        </button>
        <TextField
          label="Tags"
          value={tags}
          onValue={setTags}
          placeholder="exfiltration, cleanup"
          hint="Separated by commas."
          offered={knownTags
            .filter((tag) => !tagsOf(tags).includes(tag))
            .map((tag) => `${typed}${typed === '' ? '' : ' '}${tag}`)}
        />
        {others.length === 0 ? null : <Links links={body.links} others={others} onLinks={(links) => set({ links })} />}
        {change ? (
          <TextField
            label="Reason of the change"
            value={reason}
            onValue={setReason}
            wrong={tried && unreasoned}
            hint="The version before stays readable beside this one."
          />
        ) : null}
      </Form>
      {tried && (untitled || unreasoned) ? (
        <div role="alert">
          <Notice tone="caution">{untitled ? 'An annotation needs a title.' : 'A change needs a reason.'}</Notice>
        </div>
      ) : null}
      {failure === null ? null : <FailureNotice failure={failure} />}
    </Dialog>
  );
}

function Links({
  links,
  others,
  onLinks,
}: {
  readonly links: readonly string[];
  readonly others: AnnotationFormProps['others'];
  readonly onLinks: (links: readonly string[]) => void;
}): React.JSX.Element {
  return (
    <>
      <SelectField
        label="Linked to"
        value=""
        onValue={(id) => onLinks([...links, id])}
        options={[
          ['', links.length === 0 ? 'No other annotation' : 'Add another …'],
          ...others.filter(({ id }) => !links.includes(id)).map(({ id, title }) => [id, title] as const),
        ]}
      />
      {links.length === 0 ? null : (
        <ul className="chips" aria-label="Links">
          {links.map((id) => {
            const name = others.find((one) => one.id === id)?.title ?? id;
            return (
              <li key={id} className="chip">
                <RecordedLine text={name} />
                <button
                  type="button"
                  aria-label={`Remove the link to ${name}`}
                  onClick={() => onLinks(links.filter((one) => one !== id))}
                >
                  <Icon name="close" />
                </button>
              </li>
            );
          })}
        </ul>
      )}
    </>
  );
}
