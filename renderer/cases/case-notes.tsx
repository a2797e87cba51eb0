// Notes of a case, oldest first, and what the case has been: its versions with who changed what, and why.

import { useState } from 'react';
import type { CaseDetail } from '../../shared/api/case-shapes.ts';
import { parseMarkdown } from '../../shared/evidence/markdown.ts';
import { useApi } from '../api.ts';
import { useRequest } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { Facts } from '../ui/evidence.tsx';
import { TextArea } from '../ui/fields.tsx';
import { FailureNotice } from '../ui/notice.tsx';
import { NoteText } from '../ui/note-text.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { Instant } from '../ui/zone.tsx';

export function CaseNotes({ detail, closed }: { readonly detail: CaseDetail; readonly closed: boolean }): React.JSX.Element {
  const api = useApi();
  const [text, setText] = useState('');
  const { busy, failure, ask } = useRequest(() => setText(''));
  const save = (): void => {
    if (text.trim() !== '') ask(() => api.call('cases.note', { case: detail.id, text: text.trim() }));
  };
  return (
    <div className="case-notes">
      {detail.notes.length === 0 ? <p className="faint">No note yet.</p> : null}
      <ol>
        {detail.notes.map(({ id, text: note, author, at }) => (
          <li key={id}>
            <p className="soft">
              <Recorded text={author} />
              {', '}
              <Instant at={at} />
            </p>
            <NoteText blocks={parseMarkdown(note)} />
          </li>
        ))}
      </ol>
      {closed ? null : (
        <form
          className="form"
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
        >
          <TextArea
            label="New note"
            rows={4}
            value={text}
            onValue={setText}
            hint="Markdown. A note is never changed: write another one."
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save();
            }}
          />
          {failure === null ? null : <FailureNotice failure={failure} />}
          <div className="row-end">
            <Button look="primary" disabled={busy || text.trim() === ''} title="Ctrl+Enter" onClick={save}>
              Add the note
            </Button>
          </div>
        </form>
      )}
    </div>
  );
}

/** What is said of the case now, and every version of it. */
export function CaseAbout({ detail }: { readonly detail: CaseDetail }): React.JSX.Element {
  const { authority, purpose, custodian, members, createdAt, openedFrom, versions, id } = detail;
  const recorded = (text: string): React.ReactNode => (text === '' ? null : <Recorded text={text} />);
  return (
    <div className="case-about">
      <section>
        <h2>What is said of it</h2>
        <Facts
          facts={[
            ['Authority', recorded(authority)],
            ['Purpose', recorded(purpose)],
            ['Custodian', recorded(custodian)],
            ['Members', recorded(members.join(', '))],
            ['Created', <Instant key="created" at={createdAt} />],
            ['Opened from', openedFrom === null ? null : recorded(`${openedFrom.bundle}, signed by ${openedFrom.signer}`)],
            ['Verdict', openedFrom === null ? null : recorded(openedFrom.verdict)],
            [
              'ID',
              <span key="id" className="mono">
                {id}
              </span>,
            ],
          ]}
        />
      </section>
      <section>
        <h2>How it came about</h2>
        <ol className="course" reversed>
          {versions.toReversed().map((one) => {
            const before = versions.find(({ version }) => version === one.version - 1);
            return (
              <li key={one.version}>
                <p>
                  <strong>{before === undefined ? 'Made' : changeText(before, one)}</strong>
                  {one.reason === '' || (before === undefined && one.reason === 'made') ? null : (
                    <>
                      {': '}
                      <Recorded text={one.reason} />
                    </>
                  )}
                </p>
                <p className="soft">
                  <Recorded text={one.author} />
                  {', '}
                  <Instant at={one.at} />
                </p>
              </li>
            );
          })}
        </ol>
      </section>
    </div>
  );
}

type Version = CaseDetail['versions'][number];

/** What differs between a version and the one before, in words: `Closed`, `Changed title and members`. */
export function changeText(before: Version, now: Version): string {
  if (before.status !== now.status) return now.status === 'closed' ? 'Closed' : 'Reopened';
  const names = (['number', 'title', 'authority', 'purpose', 'custodian', 'members'] as const).filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(now[name]),
  );
  if (names.length === 0) return 'Changed';
  const last = names.at(-1)!;
  return `Changed ${names.length === 1 ? last : `${names.slice(0, -1).join(', ')} and ${last}`}`;
}
