// The fake core's session groups: what the sessions' own group names say.

import type { Input, Output } from '../../shared/api/contract.ts';
import { ExhibitError } from '../../shared/api/errors.ts';
import type { Group, Session } from '../../shared/api/shapes.ts';
import { formatInstant, micros, parseInstant } from '../../shared/recording/time.ts';

const startOf = ({ startedAt }: Session): number => (startedAt === null ? 0 : (parseInstant(startedAt) ?? 0));

function groupOf(id: string, source: string, members: readonly Session[]): Group {
  const dated = members.filter(({ startedAt }) => startedAt !== null);
  const first = dated.toSorted((a, b) => startOf(a) - startOf(b))[0];
  const end = Math.max(...dated.map((one) => startOf(one) + one.durationUs));
  return {
    id,
    source,
    title: source === 'sample' ? null : 'Release 2026.10.2 to production',
    sessions: members.length,
    startedAt: first?.startedAt ?? null,
    endedAt: dated.length === 0 ? null : formatInstant(micros(end)),
  };
}

function membersByGroup(sessions: readonly Session[]): Map<string, Session[]> {
  return Map.groupBy(
    sessions.filter(({ group }) => group !== null),
    ({ source, group }) => JSON.stringify([source, group]),
  );
}

export function fakeGroups(
  sessions: () => readonly Session[],
  openTicket: (text: string) => string,
): { readonly [K in 'groups.list' | 'groups.show' | 'export.openGroup']: (input: Input<K>) => Output<K> } {
  const all = (): { readonly group: Group; readonly members: readonly Session[] }[] =>
    [...membersByGroup(sessions())].map(([key, members]) => {
      const [source, id] = JSON.parse(key) as [string, string];
      return { group: groupOf(id, source, members), members: members.toSorted((a, b) => startOf(a) - startOf(b)) };
    });
  const find = (id: string, source: string | undefined): ReturnType<typeof all>[number] => {
    const found = all().find(({ group }) => group.id === id && (source === undefined || group.source === source));
    if (found === undefined) throw new ExhibitError('not-found', `group ${id}`, 'there is none of that name');
    return found;
  };
  return {
    'groups.list': ({ source }) => all().flatMap(({ group }) => (source === undefined || group.source === source ? [group] : [])),
    'groups.show': ({ id, source }) => {
      const { group, members } = find(id, source);
      const context = {
        origin: 'automation',
        origin_id: 'pipeline-8812',
        purpose: 'release',
        agent_name: 'deployer',
        agent_version: '4.2.0',
      };
      const metadata =
        group.source === 'sample'
          ? {}
          : { id, workspace_id: 'ws_2f81c0d4', context, created_at: group.startedAt, updated_at: group.endedAt };
      return { ...group, metadata: JSON.stringify(metadata), members: [...members] };
    },
    'export.openGroup': ({ group: id, source, format }) => {
      const { group, members } = find(id, source);
      const locked = members.filter(({ lock }) => lock.state === 'locked').length;
      const text = members.map(({ title, startedAt }) => `[${startedAt ?? ''}] ${title ?? ''}\n`).join('');
      return {
        ticket: openTicket(text),
        fileName: `${group.id.replaceAll(/\W+/g, '-')}.${format === 'text' ? 'txt' : 'json'}`,
        mediaType: 'text/plain',
        warnings: locked === 0 ? [] : [`${String(locked)} of its sessions are locked: their payloads are not in it`],
      };
    },
  };
}
