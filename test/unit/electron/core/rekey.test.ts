import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openTestCore, settled } from '../../../support/core.ts';
import { cast } from '../../../support/recordings.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

it('a library that gets another key while it is open goes on: what comes afterwards is indexed and found', async () => {
  const folder = temporaryFolder();
  const core = await openTestCore(join(folder, 'library'));
  onTestFinished(() => core.close());
  const { api } = core;
  const imported = async (word: string): Promise<string | undefined> => {
    const file = join(folder, `${word}.cast`);
    writeFileSync(file, cast([[1, 'o', `${word}\r\n`]]));
    const [result] = await core.import([file]);
    return result?.sessionIds[0];
  };
  const found = async (word: string): Promise<number> => (await api.call('search.run', { query: word, in: ['visible'] })).total;
  await imported('mallow');
  for (const word of ['sorrel', 'yarrow']) {
    await api.call('library.rekey', null);
    const id = (await imported(word))!;
    await settled(api);
    expect((await api.call('sessions.show', { id })).index).toBe('done');
    expect([await found('mallow'), await found(word)]).toEqual([1, 1]);
  }
});
