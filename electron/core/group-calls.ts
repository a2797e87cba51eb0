// Calls about groups: sessions that belong to one workflow, as their source says.

import { ExhibitError } from '../../shared/api/errors.ts';
import type { Group, GroupExportRequest } from '../../shared/api/shapes.ts';
import { isObject, parseJson, textOf, type JsonObject } from '../../shared/recording/json-text.ts';
import { formatInstant } from '../../shared/recording/time.ts';
import { createGroupExport, type GroupExport } from '../export/export.ts';
import { PURGED, purgedError, type GroupRow, type SessionRow } from '../library/library.ts';
import type { Desk, Handlers } from './desk.ts';
import { lockOf, sessionShapes } from './session-shapes.ts';

type Calls = 'groups.list' | 'groups.show';

const PAGE = 1000;

/** The group object as its source gave it last, or null where it was not received. */
function groupObject(desk: Desk, { id, newest }: GroupRow): { readonly text: string; readonly value: JsonObject } | null {
  const { sessions, documents } = desk.library();
  const session = sessions.byKey(newest);
  const bytes = session === null ? undefined : documents.latest(session, 'group')?.bytes();
  if (bytes === undefined) return null;
  const parsed = parseJson(bytes);
  if (parsed.kind === 'fault' || !isObject(parsed.value) || parsed.value['id'] !== id) return null;
  return { text: parsed.text, value: parsed.value };
}

/** The one group that an id means. Throws kinds `not-found`, `usage`. */
function find(desk: Desk, id: string, source: string | undefined): GroupRow {
  const found = desk.library().groups.list({ id, source });
  if (found.length === 0)
    throw new ExhibitError(
      'not-found',
      `group ${id}`,
      'no session in the library belongs to such a group',
      '`exhibit groups list` shows them',
    );
  if (found.length > 1) {
    const names = found.map((row) => row.source).join(', ');
    throw new ExhibitError('usage', `group ${id}`, `more than one source has it: ${names}`, 'name one with --source');
  }
  return found[0]!;
}

/** Its sessions by start. */
function members(desk: Desk, { id, source }: GroupRow): SessionRow[] {
  const found: SessionRow[] = [];
  let cursor: string | null = null;
  do {
    const page = desk
      .library()
      .sessions.list({ filter: { group: id, source }, sort: 'started', descending: false, cursor, limit: PAGE });
    found.push(...page.sessions);
    cursor = page.next;
  } while (cursor !== null);
  return found;
}

function groupShape(desk: Desk, row: GroupRow): Group {
  const { id, source, sessions, startedAt, endedAt } = row;
  const context = groupObject(desk, row)?.value['context'];
  return {
    id,
    source,
    title: (isObject(context) ? textOf(context, 'purpose') : undefined) ?? null,
    sessions,
    startedAt: startedAt === null ? null : formatInstant(startedAt),
    endedAt: endedAt === null ? null : formatInstant(endedAt),
  };
}

export function groupCalls(desk: Desk): Handlers<Calls> {
  return {
    'groups.list': ({ source }) =>
      desk
        .library()
        .groups.list({ source })
        .map((row) => groupShape(desk, row)),
    'groups.show': ({ id, source }) => {
      const row = find(desk, id, source);
      return {
        ...groupShape(desk, row),
        metadata: groupObject(desk, row)?.text ?? '{}',
        members: sessionShapes(desk.library(), members(desk, row)),
      };
    },
  };
}

export interface BegunGroupExport extends GroupExport {
  readonly group: GroupRow;
  readonly sessions: readonly string[];
  readonly warnings: readonly string[];
  /** Throws kind `permission` where a source refuses one of its sessions by now. */
  readonly allowed: () => void;
}

/** Begins the export of a group; its sessions are opened one after the other, when their turn comes. */
export async function beginGroupExport(desk: Desk, request: GroupExportRequest): Promise<BegunGroupExport> {
  const row = find(desk, request.group, request.source);
  const allowed = (): void => {
    for (const session of members(desk, row))
      desk.rights().need(session, 'download', `export group ${row.id}, session ${session.id}`);
  };
  allowed();
  // How they stood when keys were last tried is not what the export will find.
  await desk.keys().evaluateLocks(members(desk, row).map(({ key }) => key));
  const all = members(desk, row);
  const sessions = all.filter(({ lockCode }) => lockCode !== PURGED);
  if (sessions.length === 0) throw purgedError(`export of group ${row.id}`);
  const gone = all.length - sessions.length;
  const locked = sessions.filter((session) => lockOf(session, desk.library().rights).state === 'locked').length;
  const exported = {
    id: row.id,
    object: groupObject(desk, row)?.text ?? null,
    members: sessions.map((session) => ({
      session,
      open: async () => {
        const opening = await desk.keys().look(session);
        const recording = await desk.recordings().open(session);
        return { recording, lock: opening.kind === 'locked' ? opening.error.why : null };
      },
    })),
  };
  return {
    ...createGroupExport(desk.library(), exported, request, desk.now()),
    group: row,
    allowed,
    sessions: sessions.map(({ id }) => id),
    warnings: [
      ...(locked === 0 ? [] : [`${String(locked)} of ${String(sessions.length)} sessions are locked: their content is missing`]),
      ...(gone === 0 ? [] : [`${String(gone)} of ${String(all.length)} sessions were purged: they are left out`]),
    ],
  };
}
