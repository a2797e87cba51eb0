// Recordings are verified again by themselves: those due, oldest first, and one that is opened after a day; what was changed is found.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createSweep, type Sweep } from '../../../../electron/core/sweep.ts';
import { openDatabase } from '../../../../electron/library/database.ts';
import { databaseFile, openLibrary, type Library, type SessionRow } from '../../../../electron/library/library.ts';
import { openVault } from '../../../../electron/vault/vault.ts';
import { openTestCore, PASSPHRASE } from '../../../support/core.ts';
import { cast } from '../../../support/recordings.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const DAY_MS = 86_400_000;

test(
  'what was not verified for a week is verified again, what is opened after a day at once, and a change is found',
  { timeout: 60_000 },
  async () => {
    const folder = join(temporaryFolder(), 'library');
    const core = await openTestCore(folder);
    const sources = ['one', 'two'].map((name) => join(temporaryFolder(), `${name}.cast`));
    for (const [i, path] of sources.entries()) writeFileSync(path, cast([[1, 'o', `recording ${String(i)}\r\n`]]));
    const ids = (await core.import(sources)).flatMap(({ sessionIds }) => sessionIds);
    await core.close();

    const vault = openVault(folder);
    await vault.unlock(PASSPHRASE);
    const key = vault.libraryKeys()[0]!;
    let clock = Date.UTC(2026, 10, 21, 12);
    const now = (): { wall: string; monotonic_ms: number } => ({ wall: new Date(clock).toISOString(), monotonic_ms: 0 });
    const opened = { library: null as Library | null, sweep: null as Sweep | null };
    const open = (): { readonly library: Library; readonly sweep: Sweep } => {
      const library = openLibrary({ folder, key, now, program: 'test' });
      const failed = (error: unknown): void => {
        throw error;
      };
      const verified = (): void => undefined;
      const sweep = createSweep({
        library,
        isBusy: () => false,
        wallClock: () => clock,
        actor: 'tester',
        purpose: () => '',
        failed,
        verified,
      });
      Object.assign(opened, { library, sweep });
      return { library, sweep };
    };
    const close = async (): Promise<void> => {
      await opened.sweep?.close();
      opened.library?.close();
      Object.assign(opened, { library: null, sweep: null });
    };
    onTestFinished(close);
    const verifications = (library: Library): readonly string[] =>
      library.custody
        .list({ action: 'verify' }, null, 100)
        .entries.map(({ text }) => (JSON.parse(text) as { subject: string }).subject);

    const { library, sweep } = open();
    sweep.opened(rowOf(library, ids[0]!));
    await sweep.run();
    expect(verifications(library), 'nothing is due yet').toEqual([]);

    await close();
    clock = Date.UTC(2027, 0);
    const later = open();
    later.sweep.opened(rowOf(later.library, ids[1]!));
    later.sweep.opened(rowOf(later.library, ids[1]!));
    await later.sweep.run();
    expect(verifications(later.library).toSorted()).toEqual([...ids].toSorted());
    expect(later.library.verified.last(ids[1]!)).toMatchObject({ failures: 0 });

    await close();
    const database = openDatabase(databaseFile(folder), key, { create: false });
    for (const { name } of database
      .prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'part'")
      .all())
      database.exec(`DROP TRIGGER ${name}`);
    expect(
      database.prepare('UPDATE part SET size = size + 1 WHERE acquisition = (SELECT min(acquisition) FROM part)').run().changes,
    ).toBeGreaterThan(0);
    database.close();
    clock += 8 * DAY_MS;
    const last = open();
    await last.sweep.run();
    const changed = ids.filter((id) => last.library.verified.last(id)!.failures > 0);
    expect(changed).toHaveLength(1);
  },
);

function rowOf({ sessions }: Library, id: string): SessionRow {
  const found = sessions.find(id);
  if (found === null || found === 'ambiguous') throw new Error(id);
  return found;
}
