// What stands in the rows of recordings is compared with what the custody log says was acquired, by verification and by the sweep.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '../../../../electron/library/database.ts';
import { databaseFile } from '../../../../electron/library/library.ts';
import { openVault } from '../../../../electron/vault/vault.ts';
import { openTestCore, PASSPHRASE } from '../../../support/core.ts';
import { cast } from '../../../support/recordings.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

test(
  'recordings that were exchanged in the database, each whole in itself, are not what was acquired',
  { timeout: 60_000 },
  async () => {
    const folder = join(temporaryFolder(), 'library');
    const first = await openTestCore(folder);
    const paths = ['one', 'two'].map((name) => join(temporaryFolder(), `${name}.cast`));
    for (const [i, path] of paths.entries()) writeFileSync(path, cast([[1, 'o', `recording ${String(i)}\r\n`]]));
    const ids = (await first.import(paths)).flatMap(({ sessionIds }) => sessionIds);
    const verified = async ({
      api,
    }: Pick<typeof first, 'api'>): Promise<{ subject: string; place: string; reason: string }[]> => {
      const { job } = await api.call('library.verify', {});
      await api.call('jobs.wait', { job });
      return (await api.call('jobs.report', { job })).failures;
    };
    expect(await verified(first)).toEqual([]);
    await first.close();

    const vault = openVault(folder);
    await vault.unlock(PASSPHRASE);
    const database = openDatabase(databaseFile(folder), vault.libraryKeys()[0]!, { create: false });
    const triggers = database.prepare<[], { name: string }>(
      "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'session'",
    );
    for (const trigger of triggers.all()) database.exec(`DROP TRIGGER ${trigger.name}`);
    const name = database.prepare('UPDATE session SET id = ? WHERE id = ?');
    for (const [to, from] of [
      ['aside', ids[0]],
      [ids[0], ids[1]],
      [ids[1], 'aside'],
    ])
      expect(name.run(to, from).changes).toBe(1);
    database.close();

    const second = await openTestCore(folder, { create: false });
    await second.api.call('vault.unlock', { passphrase: PASSPHRASE });
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
