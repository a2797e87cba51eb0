// exhibit history …, over the real core.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { HISTORY_COMMANDS } from '../../../../../electron/shells/cli/history-commands.ts';
import { runCommand, type Ran } from '../../../../support/commands.ts';
import { openTestCore } from '../../../../support/core.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const CSV = `record_type,session_id,target,environment,mode,reason,initiator,started_at,ended_at,close_reason,exit_code,widget,command,timestamp,actor
session,s-1,web,production,running,\u001b[31mwhy,ana,2026-11-21T10:00:00Z,2026-11-21T10:05:00Z,user_exit,0,odd,,,
session,s-2,db,staging,ephemeral,,eve,2026-11-21T11:00:00Z,,,,,,,
command,s-1,web,,,,,,,,,,ls -la,2026-11-21T10:01:00Z,ana
`;

it('history is listed, shown, joined and exported', async () => {
  const folder = temporaryFolder();
  const core = await openTestCore(join(folder, 'library'));
  onTestFinished(() => core.close());
  const exhibit = (...words: readonly string[]): Promise<Ran> => runCommand(core, HISTORY_COMMANDS, words);
  const path = (name: string): string => join(folder, name);
  writeFileSync(path('h.csv'), CSV);
  writeFileSync(path('a.cast'), '{"version":2,"width":80,"height":24,"timestamp":1795258800,"title":"db"}\n[1,"o","hello"]\n');
  await core.import([path('h.csv'), path('a.cast')]);

  const list = async (...words: readonly string[]): Promise<{ native_id: string | null; session_id: string | null }[]> =>
    JSON.parse((await exhibit('history', 'list', '-o', 'json', ...words)).out) as never;
  expect(await list('--sort', 'target', '--descending=false')).toMatchObject([
    { native_id: null, recording: 'here', duration: 1 },
    { native_id: 's-2', target: 'db', environment: 'staging', recording: 'unknown' },
    { native_id: 's-1', reason: '\u001b[31mwhy', duration: 300, close_reason: 'user_exit', exit_status: 0, activities: 1 },
  ]);
  expect(await list('--env', 'production', '--text', 'WHY')).toHaveLength(1);
  expect(await list('--here')).toHaveLength(1);
  expect(await list('--here=false', '--limit', '1')).toHaveLength(1);
  const table = (await exhibit('history', 'list')).out;
  expect(table).toContain('\\u{1b}[31mwhy');
  expect(table).not.toContain('\u001b');
  expect((await exhibit('history', 'list', '--format', 'csv')).out.split('\r\n')[0]).toContain('close reason');

  const shown = await exhibit('history', 'show', 's-1');
  expect(shown.out).toMatch(/^target +web$/m);
  expect(shown.out).toMatch(/^widget +odd$/m);
  expect(shown.out).toContain('ls -la');
  expect(JSON.parse((await exhibit('history', 'show', 's-1', '-o', 'json')).out)).toMatchObject({
    record: { widget: 'odd' },
    events: [{ text: 'ls -la' }],
  });
  expect((await exhibit('history', 'show', 'none')).failure).toMatchObject({ kind: 'not-found' });
  expect(JSON.parse((await exhibit('history', 'events', '--kind', 'command', '-o', 'json')).out)).toMatchObject([
    { actor: 'ana', at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string, offset: null },
  ]);

  const session = (await list('--here'))[0]!.session_id!;
  expect((await exhibit('history', 'match', 's-2', '--session', session)).failure).toMatchObject({ kind: 'usage' });
  expect((await exhibit('history', 'match', 's-2', '--session', session, '--reason', 'it is')).out).toMatch(
    /^matched by +hand$/m,
  );
  expect(await list()).toHaveLength(2);
  expect((await exhibit('history', 'match', 's-2', '--part', '--reason', 'it is not')).failure).toBeNull();
  expect(await list()).toHaveLength(3);

  const made = await exhibit('history', 'export', '--format', 'json', '--file', path('out.json'), '--env', 'production');
  expect(made).toMatchObject({ out: '', failure: null });
  expect(made.err).toContain('1 session, 1 event');
  expect(JSON.parse(readFileSync(path('out.json'), 'utf8'))).toMatchObject({
    sessions: [{ session_id: 's-1' }],
    events: [{ text: 'ls -la' }],
  });
  expect((await exhibit('history', 'export')).out.split('\r\n')).toHaveLength(6);
});
