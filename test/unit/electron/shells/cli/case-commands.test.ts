// exhibit cases, annotate, redact, coverage and sessions review, over the real core.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ANNOTATE_COMMANDS } from '../../../../../electron/shells/cli/annotate-commands.ts';
import { CASE_COMMANDS } from '../../../../../electron/shells/cli/case-commands.ts';
import { SESSION_COMMANDS } from '../../../../../electron/shells/cli/session-commands.ts';
import { runCommand, type Ran } from '../../../../support/commands.ts';
import { openTestCore } from '../../../../support/core.ts';
import { cast } from '../../../../support/recordings.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const COMMANDS = [...CASE_COMMANDS, ...ANNOTATE_COMMANDS, ...SESSION_COMMANDS];

it('a case is made, filled, annotated, redacted, reviewed and closed', async () => {
  const folder = temporaryFolder();
  const core = await openTestCore(join(folder, 'library'));
  onTestFinished(() => core.close());
  const file = join(folder, 'server.cast');
  writeFileSync(
    file,
    cast(
      [
        [1, 'o', 'one\r\n'],
        [4, 'o', 'two\r\n'],
      ],
      { width: 40, height: 5 },
    ),
  );
  const id = (await core.import([file]))[0]!.sessionIds[0]!;

  const run = (...words: string[]): Promise<Ran> => runCommand(core, COMMANDS, words);
  const done = async <T>(...words: string[]): Promise<T> => {
    const { out, failure } = await run(...words, '-o', 'json');
    expect(failure, words.join(' ')).toBeNull();
    return JSON.parse(out) as T;
  };
  const failed = async (kind: string, ...words: string[]): Promise<void> => {
    expect((await run(...words)).failure, words.join(' ')).toMatchObject({ kind });
  };
  type Shown = Record<string, unknown>;

  const made = await done<Shown>('cases', 'create', '--number', '2026-014', '--title', 'T', '--member', 'ana', '--member', 'ben');
  expect(made).toMatchObject({ number: '2026-014', status: 'open', members: ['ana', 'ben'], exhibits: [] });
  expect(made['id']).toMatch(/^[0-9a-f]{20}$/);
  await failed('refused', 'cases', 'create', '--number', '2026-014', '--title', 'again');
  await failed('usage', 'cases', 'create', '--number', '2026-015');

  expect(await done('cases', 'add', '2026-014', id)).toMatchObject([{ number: 'EX-001', session: id, range: null }]);
  const part = await done('cases', 'add', '2026-014', id, '--from', '1', '--to', '00:00:03.5', '--title', 'the middle');
  expect(part).toMatchObject([{ number: 'EX-002', range: { from: 1, to: 3.5 }, title: 'the middle' }]);
  await failed('usage', 'cases', 'add', '2026-014', id, '--from', '1');
  await failed('usage', 'cases', 'withdraw', '2026-014', 'EX-002');
  const gone = await done('cases', 'withdraw', '2026-014', 'EX-002', '--reason', 'too much');
  expect(gone).toMatchObject({ withdrawn: { reason: 'too much' } });
  const noteFile = join(folder, 'note.md');
  writeFileSync(noteFile, '# Ask\n<script>alert(1)</script>\n');
  const note = await done('cases', 'note', '2026-014', '--file', noteFile);
  expect(note).toMatchObject({ text: '# Ask\n<script>alert(1)</script>' });
  const authority = await done('cases', 'change', '2026-014', '--authority', 'order 7', '--reason', 'it came');
  expect(authority).toMatchObject({ authority: 'order 7' });

  const words = ['annotate', 'add', id, '--at', '2', '--region', '0,0,1x3', '--title', 'Here', '--tag', 'Drop', '--tag', 'x'];
  const said = await done<{ id: string }>(...words, '--severity', 'high', '--case', '2026-014');
  expect(said).toMatchObject({
    anchor: { kind: 'region', from: 2, to: 2, region: { row: 0, col: 0, rows: 1, cols: 3 }, from_event: 0 },
    tags: ['drop', 'x'],
    severity: 'high',
  });
  await failed('usage', 'annotate', 'add', id, '--at', '2', '--region', '0,0,0x3', '--title', 'T');
  await failed('usage', 'annotate', 'add', id, '--title', 'T');
  await done('annotate', 'change', said.id, '--note', 'more', '--reason', 'asked');
  expect(await done('annotate', 'list', '--tag', 'DROP', '--case', '2026-014')).toMatchObject([{ id: said.id, note: 'more' }]);
  expect(await done('annotate', 'check', '--case', '2026-014')).toMatchObject([{ verdict: 'match', place: { from: 2 } }]);
  expect(await done('sessions', 'list', '--case', '2026-014', '--tag', 'drop')).toMatchObject([{ id }]);

  await done('redact', 'add', '2026-014', '--text-file', noteFile, '--ignore-case', '--reason', 'private');
  const span = ['--from', '1', '--to', '2', '--reason', 'private'];
  await done('redact', 'add', '2026-014', '--session', id, ...span);
  await failed('usage', 'redact', 'add', '2026-014', ...span);
  await failed('usage', 'redact', 'add', '2026-014', '--text', 'a', '--secrets', '--reason', 'r');
  await failed('usage', 'redact', 'add', '2026-014', '--reason', 'r');
  await done('redact', 'withdraw', '2026-014', 'R-0001', '--reason', 'published');
  expect(await done('redact', 'list', '2026-014')).toMatchObject([
    { number: 'R-0001', rule: { kind: 'text', match_case: false }, withdrawn: { reason: 'published' } },
    { number: 'R-0002', session: id, rule: { kind: 'range', from: 1, to: 2 }, withdrawn: null },
  ]);

  await core.api.call('replay.viewed', { id, ranges: [{ fromUs: 0, toUs: 2_000_000, speed: 4 }] });
  expect(await done('coverage', '2026-014')).toMatchObject([
    {
      session: id,
      duration: 4,
      reviewers: [{ seen: [{ from: 0, to: 2, speed: 4 }], seen_total: 2, unseen: [{ from: 2, to: 4 }] }],
    },
  ]);
  expect((await run('coverage', id)).out).toMatch(/tester@bench +50 % +2 +2-4 +4 +-/);
  await failed('refused', 'sessions', 'review', id);
  const marked = await done('sessions', 'review', id, '--partly', '--note', 'idle');
  expect(marked).toMatchObject([{ reviewers: [{ reviewed: { note: 'idle', unseen: 2 } }] }]);

  await failed('usage', 'cases', 'close', '2026-014', '--reason', ' ');
  await done('cases', 'close', '2026-014', '--reason', 'signed off');
  await failed('refused', 'annotate', 'retract', said.id, '--reason', 'late');
  expect((await run('cases', 'show', '2026-014')).out).toContain('3, closed: signed off');
  await done('cases', 'reopen', '2026-014', '--reason', 'more came');
  expect(await done('annotate', 'retract', said.id, '--reason', 'twice')).toMatchObject({ retracted: true });
  expect(await done('cases', 'list')).toMatchObject([{ number: '2026-014', status: 'open', exhibits: 1, annotations: 0 }]);
});
