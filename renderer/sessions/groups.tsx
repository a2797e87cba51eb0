// The session groups of the library: workflows whose sessions belong together, newest first.

import { useCallback, useEffect, useState } from 'react';
import type { Group } from '../../shared/api/shapes.ts';
import { useApi } from '../api.ts';
import { useAnswer } from '../ui/answer.ts';
import { epochOf, formatDuration, formatSome } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { Empty, FailureNotice, Skeleton } from '../ui/notice.tsx';
import { Recorded, RecordedLine } from '../ui/recorded.tsx';
import { VirtualList } from '../ui/virtual-list.tsx';
import { Instant } from '../ui/zone.tsx';

const ROW = 44;

export function Groups({ onOpen }: { readonly onOpen: (group: Group) => void }): React.JSX.Element {
  const api = useApi();
  const { value, failure, slow, again } = useAnswer(useCallback(() => api.call('groups.list', {}), [api]));
  useEffect(() => api.on('library', again), [api, again]);
  const [text, setText] = useState('');
  const words = text.toLowerCase().split(/\s+/);
  const shown = (value ?? [])
    .filter(({ id, title, source }) => words.every((word) => `${id} ${title ?? ''} ${source}`.toLowerCase().includes(word)))
    .toSorted((a, b) => (b.startedAt ?? '').localeCompare(a.startedAt ?? ''));
  return (
    <div className="groups-part">
      <header>
        <h1>Session groups</h1>
        <p className="soft">Sessions that their source calls one workflow. Each group opens on one clock.</p>
      </header>
      {failure !== null ? (
        <FailureNotice failure={failure} again={again} />
      ) : value === null ? (
        slow ? (
          <Skeleton lines={6} />
        ) : null
      ) : value.length === 0 ? (
        <Empty icon="group" title="No session belongs to a group">
          <p>
            Sources group the sessions of one workflow, such as those of an agent or a pipeline. None of these is in the library.
          </p>
        </Empty>
      ) : (
        <>
          <div className="bar" role="search" aria-label="Filter groups">
            <span className="field">
              <Icon name="filter" />
              <input
                type="search"
                aria-label="Filter groups"
                placeholder="Filter by name or source"
                autoComplete="off"
                spellCheck={false}
                value={text}
                onChange={(event) => setText(event.target.value)}
              />
            </span>
            <span className="faint" role="status">
              {formatSome(shown.length, 'group')}
            </span>
          </div>
          {shown.length === 0 ? (
            <Empty icon="filter" title="No group fits the filter" />
          ) : (
            <VirtualList
              label="Session groups"
              className="group-list"
              items={shown}
              height={() => ROW}
              takesFocus
              onChoose={onOpen}
              row={(group) => <Row group={group} />}
            />
          )}
        </>
      )}
    </div>
  );
}

/** How long a group took, or empty where it is not known. */
export function spanText({ startedAt, endedAt }: Pick<Group, 'startedAt' | 'endedAt'>): string {
  const from = startedAt === null ? null : epochOf(startedAt);
  const to = endedAt === null ? null : epochOf(endedAt);
  return from === null || to === null || to < from ? '' : formatDuration(to - from);
}

function Row({ group }: { readonly group: Group }): React.JSX.Element {
  return (
    <>
      <Icon name="group" />
      <span className="name">
        <strong className="cut">
          <Recorded text={group.title ?? group.id} />
        </strong>
        {group.title === null ? null : <RecordedLine className="mono faint" text={group.id} />}
      </span>
      <span>{formatSome(group.sessions, 'session')}</span>
      <span className="soft">{spanText(group)}</span>
      <span className="soft">
        <Instant at={group.startedAt} />
      </span>
      <RecordedLine className="faint" text={group.source} />
    </>
  );
}
