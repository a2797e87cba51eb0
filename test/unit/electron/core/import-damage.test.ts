// What is damaged beside recordings does not vanish among the files that are none.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { openTestCore } from '../../../support/core.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

test('a packed file in a folder that is damaged at its start counts as refused, another file that is no recording does not', async () => {
  const folder = temporaryFolder();
  const packed = gzipSync('no header of a recording');
  packed[packed.length - 8]! ^= 1;
  writeFileSync(join(folder, 'a.cast.gz'), packed);
  writeFileSync(join(folder, 'notes.txt'), 'notes');
  const core = await openTestCore(join(temporaryFolder(), 'library'));
  try {
    const { job } = await core.api.call('import.paths', { paths: [folder] });
    await core.api.call('jobs.wait', { job });
    const results = await core.api.call('import.results', { job });
    expect(results.flatMap(({ path, asked }) => (asked && path !== folder ? [path] : []))).toEqual([join(folder, 'a.cast.gz')]);
  } finally {
    await core.close();
  }
});
