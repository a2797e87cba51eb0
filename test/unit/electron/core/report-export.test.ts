// The report of one recording, as `exhibit sessions export --format html` and the window's export give it.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestCore, type TestCore } from '../../../support/core.ts';
import { cast } from '../../../support/recordings.ts';

const folder = mkdtempSync(join(tmpdir(), 'exhibit-test-'));
let core: TestCore;
let id: string;

beforeAll(async () => {
  core = await openTestCore(join(folder, 'library'));
  const file = join(folder, 'session.cast');
  const lines = cast(
    [
      [0.5, 'o', '$ '],
      [0.6, 'i', 'mossy-secret\r'],
      [1, 'o', '$ '],
      [1.5, 'o', 'echo <b>bold</b>\r\n<b>bold</b>\r\n'],
      [2, 'm', 'a marker'],
    ],
    { title: 'A <title>', timestamp: 1_790_000_000 },
  );
  writeFileSync(file, lines);
  const [result] = await core.import([file]);
  id = result!.sessionIds[0]!;
}, 120_000);

afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

async function exported(): Promise<{ readonly html: string; readonly name: string; readonly type: string }> {
  const { ticket, fileName, mediaType } = await core.api.call('export.open', { id, format: 'html' });
  const pieces: Uint8Array[] = [];
  for (;;) {
    const { bytes } = await core.api.call('export.read', { ticket });
    if (bytes === null) return { html: Buffer.concat(pieces).toString('utf8'), name: fileName, type: mediaType };
    pieces.push(bytes);
  }
}

describe('the report of one recording', () => {
  it('has its facts, its proof, its transcript and its playback', async () => {
    const { html, name, type } = await exported();
    expect([name, type]).toEqual([`${id}.html`, 'text/html; charset=utf-8']);
    const { proof, root } = await core.api.call('sessions.show', { id });
    expect(html).toContain('<title>A &lt;title&gt; – report</title>');
    expect(html).toContain(root);
    for (const { reason } of proof) expect(html).toContain(reason.replaceAll("'", '&#39;'));
    expect(html).toContain('echo &lt;b&gt;bold&lt;/b&gt;');
    expect(html).toContain(String.raw`[1.5, "o", "echo \u003cb>bold\u003c/b>\r\n\u003cb>bold\u003c/b>\r\n"]`);
    expect(html).toContain('"m", "a marker"');
  });

  it('leaves out what was typed and not echoed, and where its file lay', async () => {
    const { html } = await exported();
    expect(html).not.toContain('mossy-secret');
    expect(html).not.toContain(folder);
    expect(html).toContain('session.cast');
  });

  it('is entered in the custody log', async () => {
    const before = (await core.api.call('custody.list', { action: 'export' })).total;
    await exported();
    expect((await core.api.call('custody.list', { action: 'export' })).total).toBe(before + 1);
  });

  it('is refused for a part of a recording', async () => {
    const part = core.api.call('export.open', { id, format: 'html', maxEvents: 2 });
    await expect(part).rejects.toMatchObject({ kind: 'usage', why: 'a report is of a whole recording' });
  });
});
