// An import that is cancelled names what it did not come to: nothing is dropped in silence.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openTestCore, type TestCore } from '../../../support/core.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const cast = (title: string): string => `${JSON.stringify({ version: 2, width: 80, height: 24, title })}\n[0.5, "o", "x"]\n`;

/** What became of the inputs of an import that is cancelled as its first session comes. */
async function cancelled(core: TestCore, paths: readonly string[]): Promise<[path: string, why: string | null][]> {
  const { job } = await core.api.call('import.paths', { paths: [...paths] });
  onTestFinished(core.api.on('library', () => void core.api.call('jobs.cancel', { job })));
  expect(await core.api.call('jobs.wait', { job })).toMatchObject({ state: 'cancelled' });
  const results = await core.api.call('import.results', { job });
  return results.map(({ path, failure }) => [path, failure === null ? null : failure.why]);
}

test('files that were named and not come to are named with the reason', async () => {
  const folder = temporaryFolder();
  const files = ['a', 'b', 'c'].map((name) => join(folder, `${name}.cast`));
  for (const file of files) writeFileSync(file, cast(file));
  const core = await openTestCore(join(folder, 'library'));
  onTestFinished(() => core.close());
  expect(await cancelled(core, files)).toEqual([
    [files[0], null],
    [files[1], 'the import was cancelled before it'],
    [files[2], 'the import was cancelled before it'],
  ]);
});

test('a folder that was left in the middle is named', async () => {
  const folder = temporaryFolder();
  const [inside, other] = [temporaryFolder(), temporaryFolder()];
  for (const name of ['a', 'b']) writeFileSync(join(inside, `${name}.cast`), cast(name));
  const core = await openTestCore(join(folder, 'library'));
  onTestFinished(() => core.close());
  const results = await cancelled(core, [inside, other]);
  expect(results.slice(1)).toEqual([
    [inside, 'the import was cancelled before all in it was looked at'],
    [other, 'the import was cancelled before it'],
  ]);
});
