// A moment means every event up to and at it: asking for an event's own time shows that event and all others of that time.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openTestCore } from '../../../support/core.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const CAST = [
  '{"version":2,"width":20,"height":4}',
  '[1.0,"o","a"]',
  '[1.0,"o","b"]',
  '[1.000001,"o","c"]',
  '[2.0,"o","d"]',
].join('\n');

test('a moment applies every event up to and at it, and none after it', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'moments.cast');
  writeFileSync(file, `${CAST}\n`);
  const core = await openTestCore(join(folder, 'library'));
  try {
    const [result] = await core.import([file]);
    const id = result!.sessionIds[0]!;
    const shown = async (atUs: number): Promise<unknown[]> => {
      const { events, screen } = await core.api.call('sessions.screen', { id, at: { kind: 'offset', atUs } });
      return [events, screen[0]];
    };
    expect(await shown(999_999)).toEqual([0, '']);
    expect(await shown(1_000_000)).toEqual([2, 'ab']);
    expect(await shown(1_000_001)).toEqual([3, 'abc']);
    expect(await shown(1_999_999)).toEqual([3, 'abc']);
    expect(await shown(2_000_000)).toEqual([4, 'abcd']);
  } finally {
    await core.close();
  }
});
