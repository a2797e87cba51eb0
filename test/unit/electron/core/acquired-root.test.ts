// What stands in the rows of recordings and annotations is compared with what the custody log says was acquired and written: by
// verification, by the sweep, and before a bundle is signed.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '../../../../electron/library/database.ts';
import { databaseFile } from '../../../../electron/library/library.ts';
import { openVault } from '../../../../electron/vault/vault.ts';
import { annotate, finish, scene } from '../../../support/bundle-scene.ts';
import { openTestCore, PASSPHRASE, type TestCore } from '../../../support/core.ts';
import { cast } from '../../../support/recordings.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

interface Failure {
  readonly subject: string;
  readonly place: string;
  readonly reason: string;
}

async function verified({ api }: Pick<TestCore, 'api'>, id?: string): Promise<readonly Failure[]> {
  const { job } = await api.call('library.verify', id === undefined ? {} : { id });
  await api.call('jobs.wait', { job });
  return (await api.call('jobs.report', { job })).failures;
}

/** Changes the database of a closed library, as somebody with its key can. */
async function edited(folder: string, change: (database: ReturnType<typeof openDatabase>) => void): Promise<void> {
  const vault = openVault(folder);
  await vault.unlock(PASSPHRASE);
  const database = openDatabase(databaseFile(folder), vault.libraryKeys()[0]!, { create: false });
  const triggers = database.prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'trigger'");
  for (const { name } of triggers.all()) database.exec(`DROP TRIGGER ${name}`);
  change(database);
  database.close();
}

async function reopened(folder: string): Promise<TestCore> {
  const core = await openTestCore(folder, { create: false });
  await core.api.call('vault.unlock', { passphrase: PASSPHRASE });
  return core;
}

test(
  'recordings that were exchanged in the database, each whole in itself, are not what was acquired',
  { timeout: 180_000 },
  async () => {
    const folder = join(temporaryFolder(), 'library');
    const first = await openTestCore(folder);
    const paths = ['one', 'two'].map((name) => join(temporaryFolder(), `${name}.cast`));
    for (const [i, path] of paths.entries()) writeFileSync(path, cast([[1, 'o', `recording ${String(i)}\r\n`]]));
    const ids = (await first.import(paths)).flatMap(({ sessionIds }) => sessionIds);
    expect(await verified(first)).toEqual([]);
    await first.close();

    await edited(folder, (database) => {
      const name = database.prepare('UPDATE session SET id = ? WHERE id = ?');
      for (const [to, from] of [
        ['aside', ids[0]],
        [ids[0], ids[1]],
        [ids[1], 'aside'],
      ])
        expect(name.run(to, from).changes).toBe(1);
    });

    const second = await reopened(folder);
    const failures = await verified(second);
    expect(failures.map(({ subject, place }) => [subject, place])).toEqual(
      expect.arrayContaining(ids.map((id) => [id, 'acquisition'])),
    );
    expect(failures[0]!.reason).toMatch(
      /custody log says in entry \d+ that \d+ records with the root [0-9a-f]{64} were acquired/,
    );
    const shown = await second.api.call('sessions.show', { id: ids[0]! });
    expect(shown.proof.find(({ property }) => property === 'custody')).toMatchObject({ verdict: 'failed' });
    await second.close();
  },
);

test(
  'what the row of a recording or of an annotation says is what the custody log says, or no bundle is signed',
  { timeout: 180_000 },
  async () => {
    const { folder, core, api, case: id, sessions } = await scene();
    const library = join(folder, 'library');
    const [first, second] = sessions;
    const note = await annotate(api, first!, id, 'root shell');
    await api.call('annotations.change', { id: note, change: { title: 'a root shell' }, reason: 'exact' });
    const other = await annotate(api, first!, id, 'elsewhere', 2_000_000);
    expect(await verified(core)).toEqual([]);
    expect(await verified(core, first)).toEqual([]);
    await core.close();

    for (const change of [
      'started_us = 1',
      "title = 'another'",
      "user = 'another'",
      "acquired_at = '2020-01-01T00:00:00.000Z'",
      'stdout_bytes = stdout_bytes - 1',
      'exit_status = 7',
    ]) {
      const kept: { row?: unknown } = {};
      const column = change.slice(0, change.indexOf(' '));
      await edited(library, (database) => {
        kept.row = database.prepare(`SELECT ${column} FROM session WHERE id = ?`).pluck().get(first);
        expect(database.prepare(`UPDATE session SET ${change} WHERE id = ?`).run(first).changes).toBe(1);
      });
      const again = await reopened(library);
      const failures = await verified(again);
      expect(failures.map(({ subject, place }) => [change, subject, place])).toEqual([[change, first, 'session']]);
      expect(failures[0]!.reason).toMatch(/^what is said of it is not what entry \d+ of the custody log says was acquired$/);
      const shown = await again.api.call('sessions.show', { id: first! });
      expect(shown.proof.find(({ property }) => property === 'custody')).toMatchObject({ verdict: 'failed' });
      await expect(made(again, id, join(folder, 'never.zip'))).rejects.toThrow('what is said of it is not');
      await again.close();
      await edited(library, (database) => {
        database.prepare(`UPDATE session SET ${column} = ? WHERE id = ?`).run(kept.row, first);
      });
    }

    await edited(library, (database) => {
      database.exec("UPDATE annotation_version SET title = 'no shell' WHERE title = 'root shell'");
      database.prepare('UPDATE annotation SET from_us = 3, anchor = json_set(anchor, ?, 3) WHERE id = ?').run('$.fromUs', other);
    });
    const again = await reopened(library);
    const failures = await verified(again);
    const changed = new Set([`annotation ${note}: version 1`, `annotation ${other}: version 1`]);
    expect(new Set(failures.map(({ subject, place }) => `${subject}: ${place}`))).toEqual(changed);
    expect(failures[0]!.reason).toMatch(/^it is not what was said by entry \d+ of the custody log$/);
    expect(await verified(again, first)).toHaveLength(2);
    expect(await verified(again, second)).toEqual([]);
    await expect(made(again, id, join(folder, 'never.zip'))).rejects.toThrow('it is not what was said by entry');
    await expect(
      again.api.call('annotations.export', { case: id, signer: 'Ana', signedAt: '2026-11-21T10:00:00Z' }),
    ).rejects.toThrow('it is not what was said by entry');
    await again.close();

    await edited(library, (database) => {
      database.exec('DELETE FROM annotation_tag; DELETE FROM annotation_version; DELETE FROM annotation');
      database
        .prepare(
          'INSERT INTO annotation (id, case_key, session, from_us, anchor) VALUES (\'forged\', 1, ?, 0, \'{"session":"x"}\')',
        )
        .run(second);
      database.exec(
        "INSERT INTO annotation_version VALUES (last_insert_rowid(), 1, 't', '', 'info', '[]', '[]', 'Ana', '', '', 0)",
      );
    });
    const last = await reopened(library);
    expect(new Set((await verified(last)).map(({ subject, reason }) => `${subject}: ${reason.replaceAll(/\d+/g, 'n')}`))).toEqual(
      new Set([
        `annotation ${note}: it is not there, which was made by entry n of the custody log`,
        `annotation ${other}: it is not there, which was made by entry n of the custody log`,
        'annotation forged: no entry of the custody log says that it was made',
      ]),
    );
    await last.close();
  },
);

async function made({ api }: Pick<TestCore, 'api'>, id: string, path: string): Promise<void> {
  const request = { case: id, path, plaintext: true, redacted: false, intent: '', signer: 'Ana', supersedes: null };
  const { job } = await api.call('bundle.create', { ...request, signedAt: '2026-11-21T10:00:00Z' });
  await finish(api, job);
}
