// Discrepancies on the timeline: each at the time of the first event behind its place.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openTestCore } from '../../../support/core.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

test('stand where the recording is when they are met', async () => {
  const folder = temporaryFolder();
  const core = await openTestCore(join(folder, 'library'));
  onTestFinished(() => core.close());
  // Enough events for several chunks of the library.
  const lines = Array.from({ length: 12_000 }, (_, i) => `[${String(i)}, "o", "${String(i)}\\r\\n"]`);
  for (const at of [10_000, 7000, 0]) lines.splice(at, 0, '[not an event');
  lines.push('[12000, "o", "cut');
  const path = join(folder, 'broken.cast');
  writeFileSync(path, ['{"version": 2, "width": 80, "height": 24}', ...lines].join('\n'));
  const [result] = await core.import([path]);
  const { discrepancies, durationUs } = await core.api.call('replay.timeline', { id: result!.sessionIds[0]! });
  expect(discrepancies.map(({ atUs }) => atUs)).toEqual([0, 7_000_000_000, 10_000_000_000, durationUs]);
});

test('the timeline says how many it does not hold', async () => {
  const folder = temporaryFolder();
  const core = await openTestCore(join(folder, 'library'));
  onTestFinished(() => core.close());
  const path = join(folder, 'broken.cast');
  const lines = Array.from({ length: 1234 }, () => '[not an event');
  writeFileSync(path, ['{"version": 2, "width": 80, "height": 24}', '[0, "o", "a"]', ...lines, ''].join('\n'));
  const [result] = await core.import([path]);
  const { discrepancies, cut } = await core.api.call('replay.timeline', { id: result!.sessionIds[0]! });
  expect([discrepancies.length, cut]).toEqual([1000, { discrepancy: 234 }]);
});
